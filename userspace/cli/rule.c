// SPDX-License-Identifier: GPL-2.0
/* The rules of access lists in words. */
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"

enum { FAMILY4, FAMILY6, FROM, TO, PORT, LENGTH, COUNT };

/* Protocols stand behind, with this added. */
#define PROTO	1000

static const struct word words[] = {
	{ "ipv4", FAMILY4 },
	{ "ipv6", FAMILY6 },
	{ "from", FROM },
	{ "to", TO },
	{ "port", PORT },
	{ "length", LENGTH },
	{ "count", COUNT },
	{ "tcp", PROTO + IPPROTO_TCP },
	{ "udp", PROTO + IPPROTO_UDP },
	{ "icmp", PROTO + IPPROTO_ICMP },
	{ "icmpv6", PROTO + IPPROTO_ICMPV6 },
	{ "sctp", PROTO + IPPROTO_SCTP },
	{ "dccp", PROTO + IPPROTO_DCCP },
	{ "udplite", PROTO + IPPROTO_UDPLITE },
	{ "esp", PROTO + IPPROTO_ESP },
	{ "ah", PROTO + IPPROTO_AH },
	{ "gre", PROTO + IPPROTO_GRE },
	{ NULL, 0 }
};

const struct word word_rule_verdict[] = {
	{ "allow", SVCSEQ_RULE_VERDICT_ALLOW },
	{ "deny", SVCSEQ_RULE_VERDICT_DENY },
	{ NULL, 0 }
};

/* A number; moves on behind it. */
static bool digits(const char **text, uint32_t *to)
{
	unsigned long long value;
	const char *s = *text;
	char *end;

	if (!isdigit((unsigned char)*s))
		return false;
	value = strtoull(s, &end, 10);
	*to = (uint32_t)value;
	*text = end;
	return end - s <= 10 && value <= UINT32_MAX;
}

static bool is_number(const char *text)
{
	uint32_t value;

	return digits(&text, &value) && !*text;
}

/* N, N-M, or N- for no limit. */
static int take_range(struct args *args, const char *what, uint32_t most,
		      struct svcseq_range *to)
{
	const char *text, *s;
	bool good;

	if (to->min.set || to->max.set)
		return args_twice(args, what);
	text = take_text(args, what);
	if (!text)
		return EXIT_USAGE;
	s = text;
	good = digits(&s, &to->min.value);
	to->max = to->min;
	to->min.set = true;
	to->max.set = true;
	if (good && *s == '-') {
		s++;
		if (!*s)
			to->max.set = false;
		else
			good = digits(&s, &to->max.value);
	}
	if (!good || *s || to->min.value > most || to->max.value > most)
		return complain("\"%s\" is not %s: a number up to %u or a range like 1-99 is needed",
				quote(text), what, most);
	return 0;
}

static int take_end(struct args *args, const char *what,
		    struct svcseq_prefix *to)
{
	if (!args_end(args) && !strcmp(args->word[args->pos], "any")) {
		args->pos++;
		return 0;
	}
	/* One that takes all is no address, but it says of which family. */
	return take_prefix(args, what, &to->addr, &to->len);
}

/* What has been read of a rule besides the rule itself. */
struct progress {
	bool from;
	bool to;
	bool source;	/* "port" is the client's */
};

static int take_side(struct args *args, struct svcseq_rule *rule, int word,
		     struct progress *seen)
{
	if (word == FROM ? seen->from : seen->to)
		return args_twice(args, word == FROM ? "\"from\" of one rule" :
						       "\"to\" of one rule");
	seen->source = word == FROM;
	if (word == FROM) {
		seen->from = true;
		return take_end(args, "a client's address", &rule->src);
	}
	seen->to = true;
	return take_end(args, "a service's address", &rule->dst);
}

static int take_family(struct args *args, struct svcseq_rule *rule, int word)
{
	if (rule->family.set)
		return args_twice(args, "a family of one rule");
	rule->family.set = true;
	rule->family.value = word == FAMILY4 ? SVCSEQ_RULE_FAMILY_IPV4 :
					       SVCSEQ_RULE_FAMILY_IPV6;
	return 0;
}

static int take_rule_proto(struct args *args, struct svcseq_rule *rule,
			   uint32_t proto)
{
	if (rule->proto)
		return args_twice(args, "a protocol of one rule");
	if (!proto || proto > 255)
		return complain("%u is not a protocol: a number from 1 to 255 is needed",
				proto);
	rule->proto = (uint8_t)proto;
	return 0;
}

static int take_rule_word(struct args *args, struct svcseq_rule *rule,
			  struct progress *seen)
{
	const char *text = args->word[args->pos];
	int word = -1;

	if (is_number(text)) {
		args->pos++;
		return take_rule_proto(args, rule,
				       (uint32_t)strtoul(text, NULL, 10));
	}
	if (take_word(args, words, &word))
		return EXIT_USAGE;
	switch (word) {
	case FAMILY4:
	case FAMILY6:
		return take_family(args, rule, word);
	case FROM:
	case TO:
		return take_side(args, rule, word, seen);
	case PORT:
		return seen->source ?
			take_range(args, "a port of the client", 65535,
				   &rule->sport) :
			take_range(args, "a port of the service", 65535,
				   &rule->dport);
	case LENGTH:
		return take_range(args, "a length of packets", UINT32_MAX,
				  &rule->length);
	case COUNT:
		if (*rule->count)
			return args_twice(args, "\"count\" of one rule");
		return take_name(args, "what the packets of a rule are counted as",
				 rule->count);
	default:
		return take_rule_proto(args, rule, (uint32_t)(word - PROTO));
	}
}

/**
 * rule_begins - Does another rule begin with the next word?
 * @args: words
 *
 * Return: true if so.
 */
bool rule_begins(const struct args *args)
{
	return !args_end(args) && !strcmp(args->word[args->pos], "rule");
}

/**
 * take_rule - Read a rule, up to the next or the end.
 * @args: words, behind "rule" and the number
 * @rule: the rule
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_rule(struct args *args, struct svcseq_rule *rule)
{
	struct progress seen = { 0 };

	memset(rule, 0, sizeof(*rule));
	rule->set = true;
	if (take_enum(args, word_rule_verdict, "a verdict", &rule->verdict))
		return EXIT_USAGE;
	while (!args_end(args) && !rule_begins(args))
		if (take_rule_word(args, rule, &seen))
			return EXIT_USAGE;
	return 0;
}

static void print_end(struct printer *pr, const char *key,
		      const struct svcseq_prefix *prefix)
{
	struct svcseq_u8 len = prefix->len;

	if (!prefix->addr.len) {
		pr_word(pr, "any");
		return;
	}
	if (len.value == 8 * prefix->addr.len)
		len.set = false;
	pr_prefix(pr, key, BARE, &prefix->addr, &len);
}

static void print_range(struct printer *pr, const char *key, const char *word,
			const struct svcseq_range *range)
{
	uint32_t min = range->min.set ? range->min.value : 0;

	if (!range->min.set && !range->max.set)
		return;
	pr_object(pr, key);
	pr_number(pr, "min", NO_WORD, min);
	if (range->max.set)
		pr_number(pr, "max", NO_WORD, range->max.value);
	pr_object_end(pr);
	pr_word(pr, word);
	if (!range->max.set)
		pr_text(pr, "%u-", min);
	else if (range->max.value != min)
		pr_text(pr, "%u-%u", min, range->max.value);
	else
		pr_text(pr, "%u", min);
}

static void print_side(struct printer *pr, const char *key,
		       const char *port_key, const struct svcseq_prefix *prefix,
		       const struct svcseq_range *port)
{
	if (!prefix->addr.len && !port->min.set && !port->max.set)
		return;
	pr_word(pr, key);
	print_end(pr, key, prefix);
	print_range(pr, port_key, "port", port);
}

/**
 * rule_print - Print a rule in the words that take_rule() reads.
 * @pr: printer
 * @rule: the rule
 */
void rule_print(struct printer *pr, const struct svcseq_rule *rule)
{
	bool says = rule->src.addr.len || rule->dst.addr.len;
	char name[ADDR_TEXT];
	const char *proto;

	pr_enum(pr, "verdict", BARE, word_rule_verdict, &rule->verdict);
	if (rule->family.set && rule->family.value != SVCSEQ_RULE_FAMILY_ANY)
		pr_string(pr, "family", says ? NO_WORD : BARE,
			  rule->family.value == SVCSEQ_RULE_FAMILY_IPV4 ?
			  "ipv4" : "ipv6");
	if (rule->proto) {
		proto = word_name(words, PROTO + rule->proto);
		snprintf(name, sizeof(name), "%u", rule->proto);
		pr_string(pr, "proto", BARE, proto ? proto : name);
	}
	print_side(pr, "from", "from-port", &rule->src, &rule->sport);
	print_side(pr, "to", "to-port", &rule->dst, &rule->dport);
	print_range(pr, "length", "length", &rule->length);
	if (*rule->count)
		pr_string(pr, "count", "count", rule->count);
}
