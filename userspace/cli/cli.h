/* SPDX-License-Identifier: GPL-2.0 */
/*
 * svcseq, the command line tool.  A command is parsed whole into a request
 * before anything is opened or sent; then it is run.
 */
#ifndef SVCSEQ_CLI_H
#define SVCSEQ_CLI_H

#include <stdio.h>

#include <svcseq/svcseq.h>

#include "args.h"
#include "print.h"

/* The command line is wrong; nothing was sent. */
#define EXIT_USAGE	1
/* The kernel refused, or cannot be reached. */
#define EXIT_KERNEL	2

enum verb {
	VERB_ADD,
	VERB_SET,
	VERB_DEL,
	VERB_SHOW,
	VERB_HELP,
	VERB_LOAD,
	VERB_IMPORT,
};

struct command;

/**
 * struct acl_request - An access list under construction.
 * @def: the list; its rules are those of @rule
 * @rule: the rules, allocated
 * @room: how many have place
 * @file: where they come from, if from a file
 */
struct acl_request {
	struct svcseq_acl def;
	struct svcseq_rule *rule;
	size_t room;
	const char *file;
};

/**
 * struct request - A parsed command.
 * @cmd: which command
 * @keyed: one object is named
 * @port: for port commands
 * @device: for device commands
 * @pool: for pool commands
 * @sequence: for sequence commands
 * @service: for service commands
 * @acl: for acl commands
 * @row: for table commands
 * @reason: for stats
 * @engine: for engine commands
 * @trace: for trace
 * @count: for trace: end after so many packets, or 0
 */
struct request {
	const struct command *cmd;
	bool keyed;
	union {
		struct svcseq_port port;
		struct svcseq_device device;
		struct svcseq_pool pool;
		struct svcseq_sequence sequence;
		struct svcseq_service service;
		struct acl_request acl;
		struct svcseq_row row;
		char reason[SVCSEQ_NAME_LEN];
		struct svcseq_engine engine;
		struct {
			struct svcseq_trace trace;
			uint32_t count;
		};
	};
};

/**
 * struct cli - What all commands of one call share.
 * @netns: namespace to act on, NULL for the own one
 * @sq: connection, opened by the first command that needs it
 * @pr: where output goes
 */
struct cli {
	const char *netns;
	struct svcseq *sq;
	struct printer pr;
};

/**
 * struct command - One line of the command table.
 * @noun: first word
 * @verb_name: second word, NULL if there is none
 * @syntax: what follows
 * @parse: reads the words behind noun and verb
 * @run: does it; returns 0 or a negative errno value with the error described
 * @verb: what @verb_name means
 * @own_socket: @run does not use the shared connection
 */
struct command {
	const char *noun;
	const char *verb_name;
	const char *syntax;
	int (*parse)(struct args *args, struct request *rq);
	int (*run)(struct cli *cli, const struct request *rq,
		   struct svcseq_error *err);
	enum verb verb;
	bool own_socket;
};

int cli_parse(unsigned int n, char **words, struct request *rq);
void cli_forget(struct request *rq);
int cli_command(struct cli *cli, unsigned int n, char **words);
int cli_batch(struct cli *cli, const char *file, bool force);

int port_parse(struct args *args, struct request *rq);
int port_run(struct cli *cli, const struct request *rq,
	     struct svcseq_error *err);
void port_print(struct printer *pr, const struct svcseq_port *port);

int device_parse(struct args *args, struct request *rq);
int device_run(struct cli *cli, const struct request *rq,
	       struct svcseq_error *err);
void device_print(struct printer *pr, const struct svcseq_device *device);

int pool_parse(struct args *args, struct request *rq);
int pool_run(struct cli *cli, const struct request *rq,
	     struct svcseq_error *err);
void pool_print(struct printer *pr, const struct svcseq_pool *pool);

int sequence_parse(struct args *args, struct request *rq);
int sequence_run(struct cli *cli, const struct request *rq,
		 struct svcseq_error *err);
void sequence_print(struct printer *pr, const struct svcseq_sequence *seq);

int service_parse(struct args *args, struct request *rq);
int service_run(struct cli *cli, const struct request *rq,
		struct svcseq_error *err);
void service_print(struct printer *pr, const struct svcseq_service *svc);

int acl_parse(struct args *args, struct request *rq);
int acl_run(struct cli *cli, const struct request *rq,
	    struct svcseq_error *err);
void acl_print(struct printer *pr, const struct svcseq_acl *acl);

int table_parse(struct args *args, struct request *rq);
int table_run(struct cli *cli, const struct request *rq,
	      struct svcseq_error *err);
void table_print(struct printer *pr, const struct svcseq_row *row);
void row_service(const struct svcseq_row *row, struct svcseq_service *svc);

int stats_parse(struct args *args, struct request *rq);
int stats_run(struct cli *cli, const struct request *rq,
	      struct svcseq_error *err);
void stats_print(struct printer *pr, const struct svcseq_stats *stats);

int engine_parse(struct args *args, struct request *rq);
int engine_run(struct cli *cli, const struct request *rq,
	       struct svcseq_error *err);

int monitor_parse(struct args *args, struct request *rq);
int monitor_run(struct cli *cli, const struct request *rq,
		struct svcseq_error *err);

int trace_parse(struct args *args, struct request *rq);
int trace_run(struct cli *cli, const struct request *rq,
	      struct svcseq_error *err);
void trace_print(struct printer *pr, const struct svcseq_trace *trace);
int simulate_parse(struct args *args, struct request *rq);
int simulate_run(struct cli *cli, const struct request *rq,
		 struct svcseq_error *err);

#endif
