/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words of the command line.  Every function that reads one returns 0, or
 * EXIT_USAGE after it has said what is wrong and what would be right.
 */
#ifndef SVCSEQ_ARGS_H
#define SVCSEQ_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include <svcseq/svcseq.h>

/**
 * struct args - The words that are not read yet.
 * @word: all words
 * @n: how many
 * @pos: the next one
 * @cmd: the words before, for messages, like "port add"
 */
struct args {
	char **word;
	unsigned int n;
	unsigned int pos;
	char cmd[48];
};

/**
 * struct word - A word of the language and its value.
 * @name: the word; NULL ends a table
 * @value: its value; two words with one value are synonyms
 */
struct word {
	const char *name;
	int value;
};

extern const struct word word_role[];
extern const struct word word_kind[];
extern const struct word word_mode[];
extern const struct word word_side[];
extern const struct word word_proto[];
extern const struct word word_ip_proto[];
extern const struct word word_by[];
extern const struct word word_copy_port[];
extern const struct word word_target[];
extern const struct word word_direction[];
extern const struct word word_verdict[];
extern const struct word word_alarm[];
extern const struct word word_track[];
extern const struct word word_owner[];
extern const struct word word_switch[];
extern const struct word word_dscp[];
extern const struct word word_policy[];
extern const struct word word_spread_by[];
extern const struct word word_state[];
extern const struct word word_on_fail[];

const char *word_name(const struct word *table, int value);
int word_find(const struct word *table, const char *text, const char *what,
	      int *value);

bool args_end(const struct args *args);
int args_done(const struct args *args);
int args_missing(const struct args *args, const char *what);
int args_twice(const struct args *args, const char *what);
int args_many(const struct args *args, const char *what, unsigned int most);
const char *take_text(struct args *args, const char *what);
int take_word(struct args *args, const struct word *table, int *value);
int take_enum(struct args *args, const struct word *table, const char *what,
	      struct svcseq_u8 *to);
int take_name(struct args *args, const char *what, char *to);
int take_dev(struct args *args, const char *what, struct svcseq_if *to);
int take_addr(struct args *args, const char *what, struct svcseq_addr *to);
int take_addr_of(struct args *args, const char *what, struct svcseq_addr *v4,
		 struct svcseq_addr *v6);
int take_macs(struct args *args, struct svcseq_arm *arm);
int take_port(struct args *args, const char *what, uint16_t *to);
int take_number(struct args *args, const char *what, uint32_t least,
		uint32_t most, uint32_t *to);
int take_proto(struct args *args, uint8_t *to);
int take_endpoint(struct args *args, const char *what, struct svcseq_addr *addr,
		  uint16_t *port);
int take_prefix(struct args *args, const char *what, struct svcseq_addr *addr,
		struct svcseq_u8 *len);
int take_becomes(struct args *args, struct svcseq_becomes *to);
int take_owner(struct args *args, struct svcseq_u8 *to);
int take_dscp(struct args *args, struct svcseq_u8 *to);
int take_ports(struct args *args, const char *what, uint16_t *first,
	       uint16_t *last);
int take_by(struct args *args, struct svcseq_u8 *to);
int take_service(struct args *args, struct svcseq_service *svc);

/* Where in a batch the command stands; file NULL outside a batch. */
void complain_at(const char *file, unsigned long line);
int complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
const char *quote(const char *text);

#endif
