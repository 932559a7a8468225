// SPDX-License-Identifier: GPL-2.0
/* Rules as iptables-save(8) and ip6tables-save(8) print them. */
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "import.h"

/**
 * struct state - Where in the file we are.
 * @im: the import
 * @space: "IPv4" or "IPv6"
 * @families: HAS_4 or HAS_6; 0 if nothing told yet
 * @table: table of the rules that follow
 * @filter: that is the filter table
 * @line: number of the line
 * @text: the line
 */
struct state {
	struct import *im;
	const char *space;
	unsigned int families;
	char table[32];
	bool filter;
	unsigned long line;
	char *text;
};

/**
 * struct words - The words of a rule that are not read yet.
 * @word: all
 * @n: how many
 * @pos: the next one
 * @rule: the rule
 * @box: what it matches, as far as it is read
 * @not: a "!" stands before this option
 */
struct words {
	char **word;
	unsigned int n;
	unsigned int pos;
	struct import_rule *rule;
	struct box *box;
	bool not;
};

/* The next word, empty at the end. */
static char *next(struct words *w)
{
	static char none[1];

	return w->pos < w->n ? w->word[w->pos++] : none;
}

static void bind(struct words *w, unsigned int dim, struct spans *spans)
{
	struct box box = { .families = HAS_4 | HAS_6 };

	if (w->not)
		spans_not(spans, dim_bits(dim, w->box->families));
	box.dim[dim] = *spans;
	box_and(w->box, &box);
	box_free(&box);
}

/* A mask as a number or as an address; -1 if it is no prefix. */
static long mask_len(const char *text)
{
	struct span mask;
	unsigned int family, i;
	uint32_t len = 0;

	if (import_number(text, 128, &len))
		return len;
	if (!span_prefix(&mask, text, -1, &family) || family != HAS_4)
		return -1;
	for (i = 0; i < 32 && mask.lo[12 + i / 8] & 0x80u >> i % 8; i++)
		;
	len = i;
	for (; i < 32; i++)
		if (mask.lo[12 + i / 8] & 0x80u >> i % 8)
			return -1;
	return len;
}

static void read_addr(struct words *w, unsigned int dim)
{
	struct spans spans = { .n = 0 };
	char *text = next(w), *slash = strchr(text, '/');
	unsigned int family = 0;
	struct span span;
	long len = -1;
	bool good = true;

	if (slash) {
		*slash = '\0';
		len = mask_len(slash + 1);
		good = len >= 0;
	}
	good = good && span_prefix(&span, text, len, &family) &&
	       family == w->box->families;
	if (slash)
		*slash = '/';
	if (!good) {
		rule_loss(w->rule, true, "%s is no prefix", quote(text));
		return;
	}
	spans_add(&spans, &span);
	bind(w, dim, &spans);
}

static void read_addr_range(struct words *w, unsigned int dim)
{
	struct spans spans = { .n = 0 };
	char *text = next(w), *dash = strchr(text, '-');
	unsigned int family = 0;
	struct span span;

	if (dash)
		*dash = '\0';
	if (!span_addrs(&span, text, dash ? dash + 1 : text, &family) ||
	    family != w->box->families) {
		rule_loss(w->rule, true, "%s is no range of addresses",
			  quote(text));
		return;
	}
	spans_add(&spans, &span);
	bind(w, dim, &spans);
}

/* N or N:M, with commas between several. */
static void read_numbers(struct words *w, unsigned int dim, uint32_t most)
{
	struct spans spans = { .n = 0 };
	char *text = next(w), *save = NULL, *one, *colon;
	struct span span;
	uint32_t lo, hi;

	for (one = strtok_r(text, ",", &save); one;
	     one = strtok_r(NULL, ",", &save)) {
		lo = 0;
		hi = most;
		colon = strchr(one, ':');
		if (colon)
			*colon++ = '\0';
		if ((*one || !colon) && !import_number(one, most, &lo))
			break;
		if (!colon)
			hi = lo;
		else if (*colon && !import_number(colon, most, &hi))
			break;
		span_number(&span, lo, hi);
		spans_add(&spans, &span);
	}
	if (one || !spans.n) {
		rule_loss(w->rule, true, "%s is no number or range",
			  quote(one ? one : text));
		spans_not(&spans, 8);
	}
	bind(w, dim, &spans);
}

static void read_proto(struct words *w)
{
	struct spans spans = { .n = 0 };
	const char *text = next(w);
	struct span span;
	uint32_t proto;

	if (!strcmp(text, "all"))
		return;
	if (!import_proto(text, &proto) || !proto) {
		rule_loss(w->rule, true, "the protocol %s is unknown",
			  quote(text));
		return;
	}
	span_number(&span, proto, proto);
	spans_add(&spans, &span);
	bind(w, DIM_PROTO, &spans);
}

static void read_target(struct words *w)
{
	struct import_rule *rule = w->rule;
	const char *text = next(w);

	rule->verdict = IMPORT_DENY;
	if (!strcmp(text, "ACCEPT")) {
		rule->verdict = IMPORT_ALLOW;
	} else if (!strcmp(text, "REJECT")) {
		rule_loss(rule, false, "without an answer: deny drops what REJECT answers");
		if (w->pos < w->n && !strcmp(w->word[w->pos], "--reject-with"))
			w->pos += 2;
	} else if (!strcmp(text, "LOG") || !strcmp(text, "NFLOG") ||
		   !strcmp(text, "ULOG")) {
		rule->verdict = IMPORT_NOTHING;
		rule_loss(rule, true, "it writes a log");
		w->pos = w->n;
	} else if (!strcmp(text, "RETURN")) {
		rule->verdict = IMPORT_NOTHING;
		rule_loss(rule, true, "it returns from its chain; a list has none");
	} else if (strcmp(text, "DROP")) {
		rule_jump(rule, text);
	}
}

static void read_match(struct words *w)
{
	static const char * const known[] = {
		"tcp", "udp", "sctp", "dccp", "udplite", "multiport",
		"comment", "iprange", "length",
	};
	const char *text = next(w);
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(text, known[i]))
			return;
	if (!strcmp(text, "conntrack") || !strcmp(text, "state"))
		rule_loss(w->rule, true, "it asks for the state of a connection, which the engine does not keep");
	else
		rule_loss(w->rule, true, "there is nothing like the match %s",
			  quote(text));
	/* What follows belongs to it. */
	while (w->pos < w->n && strcmp(w->word[w->pos], "-j") &&
	       strcmp(w->word[w->pos], "-g"))
		w->pos++;
}

enum option {
	SOURCE, DESTINATION, PROTOCOL, MATCH, JUMP, GOTO, IN, OUT,
	SPORT, DPORT, SRC_RANGE, DST_RANGE, LENGTH, COMMENT,
};

/* What iptables-save prints, and the same in other words. */
static const struct word options[] = {
	{ "-s", SOURCE }, { "-d", DESTINATION }, { "-p", PROTOCOL },
	{ "-m", MATCH }, { "-j", JUMP }, { "-g", GOTO }, { "-i", IN },
	{ "-o", OUT }, { "--sport", SPORT }, { "--sports", SPORT },
	{ "--dport", DPORT }, { "--dports", DPORT },
	{ "--src-range", SRC_RANGE }, { "--dst-range", DST_RANGE },
	{ "--length", LENGTH }, { "--comment", COMMENT }, { NULL, 0 }
};

static int find_option(const char *text)
{
	const struct word *o;

	for (o = options; o->name; o++)
		if (!strcmp(o->name, text))
			return o->value;
	return -1;
}

static void read_option(struct words *w)
{
	const char *text = next(w);

	w->not = !strcmp(text, "!");
	if (w->not)
		text = next(w);
	switch (find_option(text)) {
	case SOURCE:
		read_addr(w, DIM_SRC);
		break;
	case DESTINATION:
		read_addr(w, DIM_DST);
		break;
	case PROTOCOL:
		read_proto(w);
		break;
	case MATCH:
		read_match(w);
		break;
	case JUMP:
		read_target(w);
		break;
	case IN:
	case OUT:
		next(w);
		rule_loss(w->rule, true, "it is for an interface; tie the list to a port instead");
		break;
	case SPORT:
		read_numbers(w, DIM_SPORT, 65535);
		break;
	case DPORT:
		read_numbers(w, DIM_DPORT, 65535);
		break;
	case SRC_RANGE:
		read_addr_range(w, DIM_SRC);
		break;
	case DST_RANGE:
		read_addr_range(w, DIM_DST);
		break;
	case LENGTH:
		read_numbers(w, DIM_LENGTH, 65535);
		break;
	case COMMENT:
		next(w);
		break;
	default:
		rule_loss(w->rule, true, "there is nothing like %s",
			  quote(text));
		w->pos = w->n;
		break;
	}
}

/* The line as a human would look for it. */
static char *where_is(const struct state *st, unsigned int n, char **word)
{
	char *all = import_text("%s:%lu:", quote(st->im->file), st->line);
	char *longer;
	unsigned int i;

	for (i = 0; i < n; i++) {
		longer = import_text("%s %s", all, word[i]);
		free(all);
		all = longer;
	}
	return all;
}

static void read_rule(struct state *st, unsigned int n, char **word)
{
	char *where = where_is(st, n, word);
	struct words w = { .word = word, .n = n, .pos = 2 };

	if (!st->filter) {
		import_loss(st->im, where, "not imported: its table filters nothing");
	} else {
		w.rule = chain_rule(chain_get(st->im, st->space, word[1],
					      st->families), where);
		w.box = &w.rule->boxes.box[0];
		while (w.pos < w.n)
			read_option(&w);
	}
	free(where);
}

static void read_chain(struct state *st, char **word)
{
	const char *entry = st->im->chain ? st->im->chain : "FORWARD";
	struct import_chain *chain;

	if (!st->filter)
		return;
	chain = chain_get(st->im, st->space, word[0] + 1, st->families);
	if (strcmp(chain->name, entry) || !strcmp(word[1], "-"))
		return;
	chain->entry = true;
	chain->policy = strcmp(word[1], "ACCEPT") ? IMPORT_DENY : IMPORT_ALLOW;
}

static int read_words(struct state *st, unsigned int n, char **word)
{
	if (n && word[0][0] == '[') {
		/* counters, as -c prints them */
		word++;
		n--;
	}
	if (!n)
		return 0;
	if (word[0][0] == '*') {
		snprintf(st->table, sizeof(st->table), "%s", word[0] + 1);
		st->filter = !strcmp(st->table, "filter");
	} else if (word[0][0] == ':' && n > 1) {
		read_chain(st, word);
	} else if (!strcmp(word[0], "-A") && n > 1) {
		if (!st->families)
			return complain("%s does not say in its first line whether iptables-save or ip6tables-save wrote it",
					quote(st->im->file));
		read_rule(st, n, word);
	} else if (strcmp(word[0], "COMMIT")) {
		return complain("%s:%lu: this is not what iptables-save prints",
				quote(st->im->file), st->line);
	}
	return 0;
}

/* # Generated by ip6tables-save v1.8.9 on Sun Nov 22 12:00:00 2026 */
static void read_comment(struct state *st)
{
	if (strstr(st->text, "Generated by ip6tables")) {
		st->families = HAS_6;
		st->space = "IPv6";
	} else if (strstr(st->text, "Generated by iptables")) {
		st->families = HAS_4;
		st->space = "IPv4";
	}
}

/**
 * import_iptables - Read what iptables-save or ip6tables-save has printed.
 * @im: the import
 * @in: the text
 *
 * Return: 0 or EXIT_USAGE.
 */
int import_iptables(struct import *im, FILE *in)
{
	struct state st = { .im = im, .space = "" };
	char *word[BATCH_WORDS];
	unsigned int n;
	size_t size = 0;
	int ret = 0;

	while (!ret && getline(&st.text, &size, in) >= 0) {
		st.line++;
		if (st.text[0] == '#') {
			read_comment(&st);
			continue;
		}
		ret = split_line(st.text, word, &n);
		if (!ret)
			ret = read_words(&st, n, word);
	}
	if (!ret && ferror(in))
		ret = complain("cannot read %s", quote(im->file));
	free(st.text);
	return ret;
}
