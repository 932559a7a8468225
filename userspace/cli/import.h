/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Import of foreign rules.  What a rule matches is a number of boxes: in each
 * of six dimensions any of some ranges.  Readers of the formats build these;
 * what they have in common (negation, chains within chains, ranges of
 * addresses as prefixes) is done here.
 */
#ifndef SVCSEQ_IMPORT_H
#define SVCSEQ_IMPORT_H

#include "acl.h"

enum {
	DIM_SRC,
	DIM_DST,
	DIM_SPORT,
	DIM_DPORT,
	DIM_PROTO,
	DIM_LENGTH,
	DIMS,
};

enum import_format {
	IMPORT_NFT,
	IMPORT_IPTABLES,
};

#define HAS_4	1u
#define HAS_6	2u

/**
 * struct span - A range of numbers or addresses, both ends included.
 * @lo: the least, in network order; what is shorter stands at the end
 * @hi: the greatest
 */
struct span {
	uint8_t lo[16];
	uint8_t hi[16];
};

/**
 * struct spans - Any of some ranges.
 * @n: entries of @span
 * @room: how many have place
 * @bound: there is a condition at all; else @n is 0
 * @span: the ranges
 */
struct spans {
	size_t n;
	size_t room;
	bool bound;
	struct span *span;
};

/**
 * struct box - Packets that fulfil a condition in each dimension.
 * @families: HAS_4 and HAS_6
 * @dim: the conditions
 */
struct box {
	unsigned int families;
	struct spans dim[DIMS];
};

/**
 * struct boxes - Packets that are in one of some boxes.
 * @n: entries of @box
 * @room: how many have place
 * @many: there would be more than a list has place for
 * @box: the boxes
 */
struct boxes {
	size_t n;
	size_t room;
	bool many;
	struct box *box;
};

/* What a rule does with a packet that it matches. */
enum import_verdict {
	IMPORT_NOTHING,		/* the next rule goes on */
	IMPORT_ALLOW,
	IMPORT_DENY,
	IMPORT_JUMP,
};

/**
 * struct import_rule - A foreign rule.
 * @next: the next one of the chain
 * @where: what messages call it
 * @boxes: what it matches
 * @verdict: enum import_verdict
 * @target: chain to jump to
 * @count: label, or empty
 * @loss: what of it cannot be expressed, with line breaks between; or NULL
 * @skip: it cannot be imported at all
 * @told: @loss has been told
 */
struct import_rule {
	struct import_rule *next;
	char *where;
	struct boxes boxes;
	enum import_verdict verdict;
	char *target;
	char count[SVCSEQ_NAME_LEN];
	char *loss;
	bool skip;
	bool told;
};

/**
 * struct import_chain - A foreign chain.
 * @next: the next one
 * @space: the table or family that its name belongs to
 * @name: its name
 * @families: HAS_4 and HAS_6
 * @entry: packets that are forwarded come in here
 * @policy: enum import_verdict, of an entry
 * @rules: number of rules
 * @first: the rules
 * @last: where the next one goes
 * @seen: it was imported
 */
struct import_chain {
	struct import_chain *next;
	char *space;
	char *name;
	unsigned int families;
	bool entry;
	enum import_verdict policy;
	unsigned int rules;
	struct import_rule *first;
	struct import_rule **last;
	bool seen;
};

/**
 * struct import - What is read, and what becomes of it.
 * @acl: the list under construction
 * @file: name of the file
 * @chain: chain to begin with; NULL for that of forwarded packets
 * @chains: all that there are
 * @losses: how much cannot be expressed
 * @steps: rules that were looked at, chains within chains
 */
struct import {
	struct acl_request *acl;
	const char *file;
	const char *chain;
	struct import_chain *chains;
	unsigned int losses;
	unsigned int steps;
};

void *import_need(void *memory);
char *import_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void import_loss(struct import *im, const char *where, const char *what);
void import_note(const char *where, const char *what);

void span_number(struct span *span, uint32_t lo, uint32_t hi);
bool span_prefix(struct span *span, const char *text, long len,
		 unsigned int *family);
bool span_addrs(struct span *span, const char *lo, const char *hi,
		unsigned int *family);
void spans_add(struct spans *spans, const struct span *span);
void spans_not(struct spans *spans, unsigned int bits);
unsigned int dim_bits(unsigned int dim, unsigned int family);

void box_free(struct box *box);
void box_and(struct box *box, const struct box *other);
void boxes_add(struct boxes *boxes, const struct box *box);
void boxes_and(struct boxes *boxes, const struct boxes *other);
void boxes_free(struct boxes *boxes);

struct import_chain *chain_find(const struct import *im, const char *space,
				const char *name);
struct import_chain *chain_get(struct import *im, const char *space,
			       const char *name, unsigned int families);
struct import_rule *chain_rule(struct import_chain *chain, const char *where);
void rule_jump(struct import_rule *rule, const char *target);
void rule_loss(struct import_rule *rule, bool skip, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

bool import_proto(const char *text, uint32_t *proto);
bool import_number(const char *text, uint32_t most, uint32_t *to);

int import_iptables(struct import *im, FILE *in);
int import_nft(struct import *im, FILE *in);
int import_stream(struct acl_request *acl, FILE *in, int format,
		  const char *chain, bool partial);
int import_file(struct acl_request *acl, int format, const char *chain,
		bool partial);

#endif
