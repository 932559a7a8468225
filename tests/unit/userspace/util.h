/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of the library and of the command line tool share. */
#ifndef TESTS_UNIT_USERSPACE_UTIL_H
#define TESTS_UNIT_USERSPACE_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/cli.h"
#include "tap.h"

/* Parses a line as a batch would; what it complains about is in said(). */
int parse_line(const char *line, struct request *rq);
const char *said(void);
/* While this lasts, complaints are kept instead of printed. */
void listen_begin(void);
void listen_end(void);

/* The object of a request as "show" prints it; to be freed. */
char *print_request(const struct request *rq, bool json, bool pretty,
		    bool stats);

/* The text is JSON and nothing else; names what is wrong if not. */
const char *fault_of_json(const char *text);

enum { ANY_BYTES = 1, WITH_OUTPUT = 2 };

void random_port(struct svcseq_port *port, int how);
void random_device(struct svcseq_device *device, int how);
void random_pool(struct svcseq_pool *pool, int how);
void random_sequence(struct svcseq_sequence *seq, int how);
void random_service(struct svcseq_service *svc, int how);
void random_row(struct svcseq_row *row, int how);
void random_stats(struct svcseq_stats *stats, int how);

#endif
