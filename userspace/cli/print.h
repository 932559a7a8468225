/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One walk over an object gives text or JSON.  Each function takes the key of
 * JSON and the word of the text; a value without word is left out of the
 * text, a value without key is an element of the array around it.
 */
#ifndef SVCSEQ_PRINT_H
#define SVCSEQ_PRINT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <svcseq/svcseq.h>

/* Words of text that belong to no JSON value, or the other way round. */
#define NO_WORD		NULL
/* The value itself is the word. */
#define BARE		""

/* Longest text of an address or MAC, with the final zero. */
#define ADDR_TEXT	64

/**
 * struct printer - Where output goes and in which form.
 * @out: stream
 * @json: JSON, else text
 * @pretty: JSON with line breaks
 * @stats: counters, too
 * @depth: open JSON objects and arrays
 * @filled: the innermost one has an element
 * @inside: the line of text has a word
 * @waiting: a list is to begin with the next object
 */
struct printer {
	FILE *out;
	bool json;
	bool pretty;
	bool stats;
	unsigned int depth;
	bool filled;
	bool inside;
	bool waiting;
};

void pr_list(struct printer *pr);
void pr_list_end(struct printer *pr, int failed);
void pr_object(struct printer *pr, const char *key);
void pr_object_end(struct printer *pr);
void pr_array(struct printer *pr, const char *key);
void pr_array_end(struct printer *pr);
void pr_end(struct printer *pr);

void pr_word(struct printer *pr, const char *word);
void pr_string(struct printer *pr, const char *key, const char *word,
	       const char *value);
void pr_number(struct printer *pr, const char *key, const char *word,
	       uint64_t value);
void pr_bool(struct printer *pr, const char *key, const char *word, bool value);
void pr_text(struct printer *pr, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void pr_line(struct printer *pr);

struct word;

void pr_enum(struct printer *pr, const char *key, const char *word,
	     const struct word *table, const struct svcseq_u8 *value);
void pr_addr(struct printer *pr, const char *key, const char *word,
	     const struct svcseq_addr *addr);
void pr_addrs(struct printer *pr, const char *key, const char *word,
	      const struct svcseq_addr *v4, const struct svcseq_addr *v6);
void pr_macs(struct printer *pr, const char *key, const char *word,
	     const struct svcseq_mac *mac, unsigned int n);
void pr_dev(struct printer *pr, const char *key, const char *index_key,
	    const char *word, const struct svcseq_if *dev);
void pr_proto(struct printer *pr, const char *key, const char *word,
	      uint8_t proto);
void pr_prefix(struct printer *pr, const char *key, const char *word,
	       const struct svcseq_addr *addr, const struct svcseq_u8 *len);
void pr_ports(struct printer *pr, const char *key, const char *word,
	      uint16_t first, uint16_t last);
void pr_service(struct printer *pr, const struct svcseq_service *svc);
void pr_owner(struct printer *pr, const struct svcseq_u8 *owner);
void pr_counters(struct printer *pr, const char *key,
		 const struct svcseq_counters *counters);

const char *prefix_text(const struct svcseq_addr *addr,
			const struct svcseq_u8 *len, char *to);
const char *ports_text(uint16_t first, uint16_t last, char *to);
const char *service_text(const struct svcseq_service *svc, char *to,
			 size_t size);
const char *addr_text(const struct svcseq_addr *addr, char *to);
const char *mac_text(const struct svcseq_mac *mac, char *to);
const char *dev_text(const struct svcseq_if *dev, char *to);
const char *enum_text(const struct word *table, unsigned int value, char *to);

#endif
