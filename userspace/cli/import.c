// SPDX-License-Identifier: GPL-2.0
/* What the readers of foreign rules have in common. */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "import.h"

#define DEPTH	16
/* Rules that are looked at: chains may call each other again and again. */
#define STEPS	1000000

/**
 * import_need - Insist on memory.
 * @memory: what was allocated
 *
 * Return: @memory; without it the program ends.
 */
void *import_need(void *memory)
{
	if (memory)
		return memory;
	complain("no memory for the rules");
	_exit(EXIT_KERNEL);
}

/**
 * import_text - Write an allocated text.
 * @fmt: format
 *
 * Return: the text.
 */
char *import_text(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	return import_need(text);
}

/**
 * import_note - Tell what is left out and is no loss.
 * @where: what it is about
 * @what: what about it
 */
void import_note(const char *where, const char *what)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s.\n", quote(where), what);
}

/**
 * import_loss - Tell what cannot be expressed.
 * @im: the import
 * @where: the rule
 * @what: what of it
 */
void import_loss(struct import *im, const char *where, const char *what)
{
	im->losses++;
	import_note(where, what);
}

/* --- ranges ----------------------------------------------------------------- */

/**
 * span_number - Fill in a range of numbers.
 * @span: the range
 * @lo: the least
 * @hi: the greatest
 */
void span_number(struct span *span, uint32_t lo, uint32_t hi)
{
	uint32_t net;

	memset(span, 0, sizeof(*span));
	net = htonl(lo);
	memcpy(span->lo + 12, &net, 4);
	net = htonl(hi);
	memcpy(span->hi + 12, &net, 4);
}

static uint32_t low_word(const uint8_t *b)
{
	uint32_t net;

	memcpy(&net, b + 12, sizeof(net));
	return ntohl(net);
}

/* An address, at the end of 16 bytes; returns its bits, 0 if it is none. */
static unsigned int read_addr(const char *text, uint8_t *to)
{
	memset(to, 0, 16);
	if (inet_pton(AF_INET, text, to + 12) == 1)
		return 32;
	return inet_pton(AF_INET6, text, to) == 1 ? 128 : 0;
}

/**
 * span_prefix - Fill in a prefix.
 * @span: the range
 * @text: address
 * @len: its length in bits; -1 for all
 * @family: HAS_4 or HAS_6
 *
 * Return: false if it is none.
 */
bool span_prefix(struct span *span, const char *text, long len,
		 unsigned int *family)
{
	unsigned int bits = read_addr(text, span->lo);
	unsigned int i;

	if (len < 0)
		len = bits;
	if (!bits || len > (long)bits)
		return false;
	*family = bits == 32 ? HAS_4 : HAS_6;
	memcpy(span->hi, span->lo, sizeof(span->hi));
	for (i = 0; i < bits - (unsigned int)len; i++) {
		span->lo[15 - i / 8] &= (uint8_t)~(1u << i % 8);
		span->hi[15 - i / 8] |= (uint8_t)(1u << i % 8);
	}
	return true;
}

/**
 * span_addrs - Fill in a range of addresses.
 * @span: the range
 * @lo: the first
 * @hi: the last
 * @family: HAS_4 or HAS_6
 *
 * Return: false if it is none.
 */
bool span_addrs(struct span *span, const char *lo, const char *hi,
		unsigned int *family)
{
	unsigned int bits = read_addr(lo, span->lo);

	if (!bits || read_addr(hi, span->hi) != bits ||
	    memcmp(span->lo, span->hi, 16) > 0)
		return false;
	*family = bits == 32 ? HAS_4 : HAS_6;
	return true;
}

/* Adds or takes one; false if that leads around. */
static bool step(uint8_t *b, int by)
{
	uint8_t around = by > 0 ? 0xff : 0;
	int i;

	for (i = 15; i >= 0; i--) {
		b[i] = (uint8_t)(b[i] + by);
		if (b[i] != (uint8_t)(around + by))
			return true;
	}
	return false;
}

/**
 * spans_add - Allow one more range.
 * @spans: the ranges
 * @span: the range
 */
void spans_add(struct spans *spans, const struct span *span)
{
	spans->bound = true;
	if (spans->n == spans->room) {
		spans->room = spans->room * 2 + 4;
		spans->span = import_need(realloc(spans->span, spans->room *
						  sizeof(*span)));
	}
	spans->span[spans->n++] = *span;
}

static void spans_free(struct spans *spans)
{
	free(spans->span);
	memset(spans, 0, sizeof(*spans));
}

static int compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return memcmp(x->lo, y->lo, sizeof(x->lo));
}

/* In order, and none touches another. */
static void spans_merge(struct spans *spans)
{
	struct span *to = spans->span;
	const struct span *from;
	uint8_t next[16];
	size_t i;

	if (spans->n < 2)
		return;
	qsort(spans->span, spans->n, sizeof(*to), compare_spans);
	for (i = 1; i < spans->n; i++) {
		from = &spans->span[i];
		memcpy(next, to->hi, sizeof(next));
		if (step(next, 1) && memcmp(from->lo, next, 16) > 0)
			*++to = *from;
		else if (memcmp(from->hi, to->hi, 16) > 0)
			memcpy(to->hi, from->hi, sizeof(to->hi));
	}
	spans->n = (size_t)(to - spans->span) + 1;
}

/**
 * spans_not - Allow what was not allowed.
 * @spans: the ranges
 * @bits: of all numbers that there are
 */
void spans_not(struct spans *spans, unsigned int bits)
{
	struct spans out = { .bound = true };
	const struct span *span;
	struct span gap;
	bool more = true;
	size_t i;

	memset(&gap, 0, sizeof(gap));
	spans_merge(spans);
	for (i = 0; i < spans->n && more; i++) {
		span = &spans->span[i];
		if (memcmp(gap.lo, span->lo, 16) < 0) {
			memcpy(gap.hi, span->lo, 16);
			step(gap.hi, -1);
			spans_add(&out, &gap);
		}
		if (memcmp(gap.lo, span->hi, 16) <= 0) {
			memcpy(gap.lo, span->hi, 16);
			more = step(gap.lo, 1);
		}
	}
	memset(gap.hi, 0, sizeof(gap.hi));
	memset(gap.hi + 16 - bits / 8, 0xff, bits / 8);
	if (more && memcmp(gap.lo, gap.hi, 16) <= 0)
		spans_add(&out, &gap);
	spans_free(spans);
	*spans = out;
}

/**
 * dim_bits - How large may a number be?
 * @dim: dimension
 * @family: HAS_4 or HAS_6, for addresses
 *
 * Return: its bits.
 */
unsigned int dim_bits(unsigned int dim, unsigned int family)
{
	switch (dim) {
	case DIM_SRC:
	case DIM_DST:
		return family == HAS_4 ? 32 : 128;
	case DIM_PROTO:
		return 8;
	case DIM_LENGTH:
		return 32;
	default:
		return 16;
	}
}

static void spans_and(struct spans *spans, const struct spans *other)
{
	struct spans out = { .bound = true };
	struct span both;
	size_t i, k;

	if (!other->bound)
		return;
	for (k = 0; k < other->n; k++) {
		if (!spans->bound)
			spans_add(&out, &other->span[k]);
		for (i = 0; i < spans->n; i++) {
			both = spans->span[i];
			if (memcmp(other->span[k].lo, both.lo, 16) > 0)
				memcpy(both.lo, other->span[k].lo, 16);
			if (memcmp(other->span[k].hi, both.hi, 16) < 0)
				memcpy(both.hi, other->span[k].hi, 16);
			if (memcmp(both.lo, both.hi, 16) <= 0)
				spans_add(&out, &both);
		}
	}
	spans_merge(&out);
	spans_free(spans);
	*spans = out;
}

/* --- boxes ------------------------------------------------------------------ */

/**
 * box_free - Free what a box holds.
 * @box: the box
 */
void box_free(struct box *box)
{
	unsigned int d;

	for (d = 0; d < DIMS; d++)
		spans_free(&box->dim[d]);
}

/**
 * box_and - Only what is in another box, too.
 * @box: the box
 * @other: the other one
 */
void box_and(struct box *box, const struct box *other)
{
	unsigned int d;

	box->families &= other->families;
	for (d = 0; d < DIMS; d++)
		spans_and(&box->dim[d], &other->dim[d]);
}

/**
 * boxes_add - What is in one more box.
 * @boxes: the boxes
 * @box: it is copied
 */
void boxes_add(struct boxes *boxes, const struct box *box)
{
	struct box copy = { .families = HAS_4 | HAS_6 };

	box_and(&copy, box);
	if (boxes->n == boxes->room) {
		boxes->room = boxes->room * 2 + 1;
		boxes->box = import_need(realloc(boxes->box, boxes->room *
						 sizeof(*boxes->box)));
	}
	boxes->box[boxes->n++] = copy;
}

/* May there be a packet in it? */
static bool box_holds(const struct box *box)
{
	unsigned int d;

	for (d = 0; d < DIMS; d++)
		if (box->dim[d].bound && !box->dim[d].n)
			return false;
	return box->families;
}

/**
 * boxes_and - Only what is in one of some other boxes, too.
 * @boxes: the boxes
 * @other: the other ones
 */
void boxes_and(struct boxes *boxes, const struct boxes *other)
{
	struct boxes out = { .many = boxes->many || other->many };
	struct box *box;
	size_t i, k;

	for (i = 0; i < boxes->n && !out.many; i++) {
		for (k = 0; k < other->n && !out.many; k++) {
			boxes_add(&out, &boxes->box[i]);
			box = &out.box[out.n - 1];
			box_and(box, &other->box[k]);
			if (!box_holds(box)) {
				box_free(box);
				out.n--;
			}
			out.many = out.n > SVCSEQ_MAX_RULES;
		}
	}
	boxes_free(boxes);
	*boxes = out;
}

static void boxes_copy(struct boxes *to, const struct boxes *from)
{
	size_t i;

	memset(to, 0, sizeof(*to));
	to->many = from->many;
	for (i = 0; i < from->n; i++)
		boxes_add(to, &from->box[i]);
}

/**
 * boxes_free - Free boxes.
 * @boxes: the boxes
 */
void boxes_free(struct boxes *boxes)
{
	size_t i;

	for (i = 0; i < boxes->n; i++)
		box_free(&boxes->box[i]);
	free(boxes->box);
	memset(boxes, 0, sizeof(*boxes));
}

/* --- chains ----------------------------------------------------------------- */

/**
 * chain_find - Find a chain.
 * @im: the import
 * @space: table or family
 * @name: name
 *
 * Return: the chain, NULL if there is none.
 */
struct import_chain *chain_find(const struct import *im, const char *space,
				const char *name)
{
	struct import_chain *chain;

	for (chain = im->chains; chain; chain = chain->next)
		if (!strcmp(chain->name, name) && !strcmp(chain->space, space))
			return chain;
	return NULL;
}

/**
 * chain_get - Find a chain or make it.
 * @im: the import
 * @space: table or family
 * @name: name
 * @families: HAS_4 and HAS_6
 *
 * Return: the chain.
 */
struct import_chain *chain_get(struct import *im, const char *space,
			       const char *name, unsigned int families)
{
	struct import_chain *chain = chain_find(im, space, name);
	struct import_chain **link = &im->chains;

	if (chain)
		return chain;
	while (*link)
		link = &(*link)->next;
	chain = import_need(calloc(1, sizeof(*chain)));
	chain->space = import_text("%s", space);
	chain->name = import_text("%s", name);
	chain->families = families;
	chain->policy = IMPORT_ALLOW;
	chain->last = &chain->first;
	*link = chain;
	return chain;
}

/**
 * chain_rule - Add a rule that matches everything and does nothing.
 * @chain: the chain
 * @where: what messages call the rule
 *
 * Return: the rule.
 */
struct import_rule *chain_rule(struct import_chain *chain, const char *where)
{
	struct import_rule *rule = import_need(calloc(1, sizeof(*rule)));
	struct box all = { .families = chain->families };

	rule->where = import_text("%s", where);
	boxes_add(&rule->boxes, &all);
	*chain->last = rule;
	chain->last = &rule->next;
	chain->rules++;
	return rule;
}

/**
 * rule_jump - Let a rule go on in another chain.
 * @rule: the rule; of several jumps the last one counts
 * @target: name of the chain
 */
void rule_jump(struct import_rule *rule, const char *target)
{
	free(rule->target);
	rule->target = import_text("%s", target);
	rule->verdict = IMPORT_JUMP;
}

/**
 * rule_loss - Note what of a rule cannot be expressed.
 * @rule: the rule
 * @skip: without that the rule would be another one
 * @fmt: what it is
 */
void rule_loss(struct import_rule *rule, bool skip, const char *fmt, ...)
{
	char what[256], *all;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	all = import_text("%s%s%s%s", rule->loss ? rule->loss : "",
			  rule->loss ? "; " : "",
			  skip ? "not imported: " : "imported, but ", what);
	free(rule->loss);
	rule->loss = all;
	rule->skip |= skip;
}

static void chains_free(struct import *im)
{
	struct import_chain *chain;
	struct import_rule *rule;

	while ((chain = im->chains)) {
		im->chains = chain->next;
		while ((rule = chain->first)) {
			chain->first = rule->next;
			boxes_free(&rule->boxes);
			free(rule->where);
			free(rule->target);
			free(rule->loss);
			free(rule);
		}
		free(chain->space);
		free(chain->name);
		free(chain);
	}
}

/* --- rules of the list ------------------------------------------------------ */

static void set_range(struct svcseq_range *range, const struct span *span,
		      uint32_t most)
{
	uint32_t lo, hi;

	if (!span)
		return;
	lo = low_word(span->lo);
	hi = low_word(span->hi);
	range->min.set = true;
	range->min.value = lo;
	range->max.set = hi != most || most == 65535;
	range->max.value = hi;
}

/* The largest prefix that begins with the range; false at its end. */
static bool take_block(struct span *span, unsigned int bits,
		       struct svcseq_prefix *to)
{
	uint8_t end[16], grown[16];
	unsigned int k;

	memcpy(end, span->lo, sizeof(end));
	for (k = 0; k < bits; k++) {
		if (span->lo[15 - k / 8] & 1u << k % 8)
			break;
		memcpy(grown, end, sizeof(grown));
		grown[15 - k / 8] |= (uint8_t)(1u << k % 8);
		if (memcmp(grown, span->hi, 16) > 0)
			break;
		memcpy(end, grown, sizeof(end));
	}
	to->addr.len = (uint8_t)(bits / 8);
	memcpy(to->addr.b, span->lo + 16 - bits / 8, bits / 8);
	to->len.set = true;
	to->len.value = (uint8_t)(bits - k);
	memcpy(span->lo, end, sizeof(end));
	return step(span->lo, 1) && memcmp(span->lo, span->hi, 16) <= 0;
}

struct emission {
	struct import *im;
	const struct box *box;
	struct svcseq_rule rule;
};

static int emit_dim(struct emission *em, unsigned int dim);

static int emit_prefixes(struct emission *em, unsigned int dim,
			 struct span span)
{
	struct svcseq_prefix *to = dim == DIM_SRC ? &em->rule.src :
						    &em->rule.dst;
	unsigned int bits = dim_bits(dim, em->box->families);
	bool more;

	do {
		memset(to, 0, sizeof(*to));
		more = take_block(&span, bits, to);
		if (emit_dim(em, dim + 1))
			return EXIT_USAGE;
	} while (more);
	return 0;
}

static int emit_protos(struct emission *em, const struct span *span)
{
	uint32_t proto, hi = low_word(span->hi);

	for (proto = low_word(span->lo); proto <= hi; proto++) {
		em->rule.proto = (uint8_t)proto;
		if (proto && emit_dim(em, DIM_PROTO + 1))
			return EXIT_USAGE;
	}
	return 0;
}

static int emit_span(struct emission *em, unsigned int dim,
		     const struct span *span)
{
	switch (dim) {
	case DIM_SRC:
	case DIM_DST:
		return emit_prefixes(em, dim, *span);
	case DIM_SPORT:
		set_range(&em->rule.sport, span, 65535);
		break;
	case DIM_DPORT:
		set_range(&em->rule.dport, span, 65535);
		break;
	case DIM_PROTO:
		return emit_protos(em, span);
	default:
		set_range(&em->rule.length, span, UINT32_MAX);
		break;
	}
	return emit_dim(em, dim + 1);
}

/* Every combination of what the dimensions from this one on allow. */
static int emit_dim(struct emission *em, unsigned int dim)
{
	const struct spans *spans;
	size_t i;

	if (dim == DIMS) {
		if (em->im->acl->def.n_rules == SVCSEQ_MAX_RULES)
			return complain("these are more than the %d rules that a list can have",
					SVCSEQ_MAX_RULES);
		return acl_append(em->im->acl, &em->rule);
	}
	spans = &em->box->dim[dim];
	if (!spans->bound)
		return emit_dim(em, dim + 1);
	for (i = 0; i < spans->n; i++)
		if (emit_span(em, dim, &spans->span[i]))
			return EXIT_USAGE;
	return 0;
}

static int emit(struct import *im, const struct boxes *boxes,
		enum import_verdict verdict, const char *count)
{
	struct emission em = { .im = im };
	size_t i;

	if (boxes->many)
		return complain("one rule of %s stands for more than the %d that a list can have",
				quote(im->file), SVCSEQ_MAX_RULES);
	for (i = 0; i < boxes->n; i++) {
		em.box = &boxes->box[i];
		memset(&em.rule, 0, sizeof(em.rule));
		em.rule.set = true;
		em.rule.verdict.set = true;
		em.rule.verdict.value = verdict == IMPORT_ALLOW ?
					SVCSEQ_RULE_VERDICT_ALLOW :
					SVCSEQ_RULE_VERDICT_DENY;
		if (em.box->families != (HAS_4 | HAS_6)) {
			em.rule.family.set = true;
			em.rule.family.value = em.box->families == HAS_4 ?
					       SVCSEQ_RULE_FAMILY_IPV4 :
					       SVCSEQ_RULE_FAMILY_IPV6;
		}
		memcpy(em.rule.count, count, sizeof(em.rule.count));
		if (emit_dim(&em, 0))
			return EXIT_USAGE;
	}
	return 0;
}

static void tell_loss(struct import *im, struct import_rule *rule)
{
	if (rule->loss && !rule->told)
		import_loss(im, rule->where, rule->loss);
	rule->told = true;
}

/* The rules of a chain for packets in @in only. */
static int walk(struct import *im, struct import_chain *chain,
		const struct boxes *in, unsigned int depth)
{
	struct import_chain *target;
	struct import_rule *rule;
	struct boxes boxes;
	int ret = 0;

	chain->seen = true;
	for (rule = chain->first; rule && !ret; rule = rule->next) {
		if (im->steps++ == STEPS)
			return complain("the chains of %s call each other too often",
					quote(im->file));
		target = NULL;
		if (rule->verdict == IMPORT_JUMP) {
			target = chain_find(im, chain->space, rule->target);
			if (!target && !rule->told)
				rule_loss(rule, true, "there is no chain %s",
					  rule->target);
			if (depth == DEPTH)
				return complain("chains call each other more than %d deep",
						DEPTH);
		}
		tell_loss(im, rule);
		if (rule->skip || rule->verdict == IMPORT_NOTHING)
			continue;
		boxes_copy(&boxes, in);
		boxes_and(&boxes, &rule->boxes);
		ret = target ? walk(im, target, &boxes, depth + 1) :
			       emit(im, &boxes, rule->verdict, rule->count);
		boxes_free(&boxes);
	}
	return ret;
}

/* An entry's rules, and what it does with other packets of its families. */
static int walk_entry(struct import *im, struct import_chain *entry,
		      bool first)
{
	uint8_t verdict = entry->policy == IMPORT_ALLOW ?
			  SVCSEQ_RULE_VERDICT_ALLOW : SVCSEQ_RULE_VERDICT_DENY;
	struct box all = { .families = entry->families };
	struct boxes in = { .n = 0 };
	static const char none[SVCSEQ_NAME_LEN] = "";
	int ret;

	boxes_add(&in, &all);
	ret = walk(im, entry, &in, 0);
	if (first) {
		im->acl->def.deflt.set = true;
		im->acl->def.deflt.value = verdict;
	} else if (!ret && im->acl->def.deflt.value != verdict) {
		ret = emit(im, &in, entry->policy, none);
	}
	boxes_free(&in);
	return ret;
}

static void tell_unseen(const struct import *im)
{
	const struct import_chain *chain;
	char where[256], what[96];

	for (chain = im->chains; chain; chain = chain->next) {
		if (chain->seen || !chain->rules)
			continue;
		snprintf(where, sizeof(where), "chain %s %s", chain->space,
			 chain->name);
		snprintf(what, sizeof(what),
			 "%u rules that forwarded packets do not meet are left out",
			 chain->rules);
		import_note(where, what);
	}
}

static int walk_all(struct import *im)
{
	struct import_chain *chain, *before;
	unsigned int families = 0;
	bool first = true;

	for (chain = im->chains; chain; chain = chain->next) {
		if (!chain->entry)
			continue;
		for (before = im->chains; before != chain; before = before->next)
			if (before->entry && before->families & chain->families)
				return complain("chains %s %s and %s %s have both to allow a packet, which one list cannot say: name one with \"chain\"",
						quote(before->space),
						quote(before->name),
						quote(chain->space),
						quote(chain->name));
		families |= chain->families;
		if (walk_entry(im, chain, first))
			return EXIT_USAGE;
		first = false;
	}
	if (!families)
		return complain("%s has no chain of %s", quote(im->file),
				im->chain ? "that name, with a policy" :
				"forwarded packets");
	tell_unseen(im);
	return 0;
}

/**
 * import_stream - Make rules of those of a firewall.
 * @acl: gets the rules
 * @in: the foreign rules; @acl has the name of the file
 * @format: enum import_format
 * @chain: chain to begin with; NULL for that of forwarded packets
 * @partial: take what can be expressed
 *
 * Return: 0 or EXIT_USAGE.
 */
int import_stream(struct acl_request *acl, FILE *in, int format,
		  const char *chain, bool partial)
{
	struct import im = { .acl = acl, .file = acl->file, .chain = chain };
	int ret;

	ret = format == IMPORT_NFT ? import_nft(&im, in) :
				     import_iptables(&im, in);
	if (!ret)
		ret = walk_all(&im);
	chains_free(&im);
	if (!ret && im.losses && !partial)
		ret = complain("%u rule%s of %s cannot be expressed in full, see above; --partial imports the rest",
			       im.losses, im.losses == 1 ? "" : "s",
			       quote(acl->file));
	return ret;
}

/**
 * import_file - Make rules of those in a file.
 * @acl: gets the rules; has the name of the file
 * @format: enum import_format
 * @chain: chain to begin with; NULL for that of forwarded packets
 * @partial: take what can be expressed
 *
 * Return: 0 or EXIT_USAGE.
 */
int import_file(struct acl_request *acl, int format, const char *chain,
		bool partial)
{
	FILE *in;
	int ret;

	in = strcmp(acl->file, "-") ? fopen(acl->file, "re") : stdin;
	if (!in)
		return complain("cannot open %s", quote(acl->file));
	ret = import_stream(acl, in, format, chain, partial);
	if (in != stdin)
		fclose(in);
	return ret;
}

/* --- words ------------------------------------------------------------------ */

/**
 * import_number - Read a number.
 * @text: the text
 * @most: the greatest that may be
 * @to: the number
 *
 * Return: false if it is none.
 */
bool import_number(const char *text, uint32_t most, uint32_t *to)
{
	unsigned long long value;
	char *end;

	if (*text < '0' || *text > '9' || strlen(text) > 10)
		return false;
	value = strtoull(text, &end, 10);
	*to = (uint32_t)value;
	return !*end && value <= most;
}

/**
 * import_proto - Read a protocol.
 * @text: its name or number
 * @proto: the number
 *
 * Return: false if it is unknown.
 */
bool import_proto(const char *text, uint32_t *proto)
{
	static const struct word names[] = {
		{ "icmp", 1 }, { "igmp", 2 }, { "tcp", 6 }, { "udp", 17 },
		{ "dccp", 33 }, { "gre", 47 }, { "esp", 50 }, { "ah", 51 },
		{ "icmpv6", 58 }, { "ipv6-icmp", 58 }, { "sctp", 132 },
		{ "udplite", 136 }, { NULL, 0 }
	};
	const struct word *w;

	for (w = names; w->name; w++) {
		if (strcmp(w->name, text))
			continue;
		*proto = (uint32_t)w->value;
		return true;
	}
	return import_number(text, 255, proto);
}
