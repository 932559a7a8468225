// SPDX-License-Identifier: GPL-2.0
/* Rules as "nft -j list ruleset" prints them: libnftables-json(5). */
#include <stdlib.h>
#include <string.h>

#include "import.h"
#include "json.h"

/**
 * struct rule_state - A rule that is being read.
 * @root: the array of everything, for sets
 * @json: the rule as it stands there
 * @rule: the rule
 * @done: a verdict was read
 */
struct rule_state {
	const struct json *root;
	const struct json *json;
	struct import_rule *rule;
	bool done;
};

/**
 * struct field - What is compared.
 * @dim: dimension, DIMS for the family itself
 * @families: packets that have it at all
 * @proto: only packets of this protocol have it; 0 for any
 */
struct field {
	unsigned int dim;
	unsigned int families;
	uint32_t proto;
};

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

static unsigned int family_of(const struct json *object)
{
	const char *family = json_text(object, "family");

	if (is(family, "ip"))
		return HAS_4;
	if (is(family, "ip6"))
		return HAS_6;
	return is(family, "inet") ? HAS_4 | HAS_6 : 0;
}

/* "inet fw": the table that a thing belongs to. */
static char *space_of(const struct json *object)
{
	return import_text("%s %s", json_text(object, "family"),
			   json_text(object, "table"));
}

static bool same_table(const struct json *a, const struct json *b)
{
	return is(json_text(a, "family"), json_text(b, "family")) &&
	       is(json_text(a, "table"), json_text(b, "table"));
}

static const struct json *find_set(const struct rule_state *rs,
				   const char *name)
{
	const struct json *value, *set;

	for (value = rs->root->child; value; value = value->next) {
		set = json_get(value, "set");
		if (set && is(json_text(set, "name"), name) &&
		    same_table(set, rs->json))
			return set;
	}
	return NULL;
}

/* --- the left side ---------------------------------------------------------- */

static bool payload_field(const char *protocol, const char *name,
			  struct field *to)
{
	static const struct {
		const char *protocol;
		const char *name;
		struct field field;
	} fields[] = {
		{ "ip", "saddr", { DIM_SRC, HAS_4, 0 } },
		{ "ip", "daddr", { DIM_DST, HAS_4, 0 } },
		{ "ip", "protocol", { DIM_PROTO, HAS_4, 0 } },
		{ "ip", "length", { DIM_LENGTH, HAS_4, 0 } },
		{ "ip6", "saddr", { DIM_SRC, HAS_6, 0 } },
		{ "ip6", "daddr", { DIM_DST, HAS_6, 0 } },
		{ "th", "sport", { DIM_SPORT, HAS_4 | HAS_6, 0 } },
		{ "th", "dport", { DIM_DPORT, HAS_4 | HAS_6, 0 } },
	};
	static const char * const with_ports[] = {
		"tcp", "udp", "sctp", "dccp", "udplite",
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!is(protocol, fields[i].protocol) ||
		    !is(name, fields[i].name))
			continue;
		*to = fields[i].field;
		return true;
	}
	for (i = 0; i < sizeof(with_ports) / sizeof(with_ports[0]); i++) {
		if (!is(protocol, with_ports[i]) ||
		    (!is(name, "sport") && !is(name, "dport")))
			continue;
		to->dim = is(name, "sport") ? DIM_SPORT : DIM_DPORT;
		to->families = HAS_4 | HAS_6;
		return import_proto(protocol, &to->proto);
	}
	return false;
}

static bool meta_field(const char *key, struct field *to)
{
	to->families = HAS_4 | HAS_6;
	to->proto = 0;
	if (is(key, "l4proto"))
		to->dim = DIM_PROTO;
	else if (is(key, "length"))
		to->dim = DIM_LENGTH;
	else if (is(key, "nfproto") || is(key, "protocol"))
		to->dim = DIMS;
	else
		return false;
	return true;
}

/* What a match looks at; with a loss if that is nothing of ours. */
static bool left_field(struct import_rule *rule, const struct json *left,
		       struct field *to)
{
	const struct json *payload = json_get(left, "payload");
	const struct json *meta = json_get(left, "meta");
	const char *key = json_text(meta, "key");

	if (payload && payload_field(json_text(payload, "protocol"),
				     json_text(payload, "field"), to))
		return true;
	if (meta && meta_field(key, to))
		return true;
	if (json_get(left, "ct"))
		rule_loss(rule, true, "it asks for the state of a connection, which the engine does not keep");
	else if (meta && (strstr(key, "iif") || strstr(key, "oif")))
		rule_loss(rule, true, "it is for an interface; tie the list to a port instead");
	else if (payload)
		rule_loss(rule, true, "a list has nothing like %s %s",
			  quote(json_text(payload, "protocol")),
			  quote(json_text(payload, "field")));
	else
		rule_loss(rule, true, "a list has nothing like %s %s",
			  left && left->child ? quote(left->child->key) : "this",
			  quote(key));
	return false;
}

/* --- the right side --------------------------------------------------------- */

static bool plain_span(const struct field *field, const char *lo,
		       const char *hi, struct span *span)
{
	unsigned int family = 0;
	uint32_t from, to, most;

	switch (field->dim) {
	case DIM_SRC:
	case DIM_DST:
		return span_addrs(span, lo, hi, &family) &&
		       family == field->families;
	case DIM_PROTO:
		if (!import_proto(lo, &from) || !import_proto(hi, &to))
			return false;
		break;
	default:
		most = field->dim == DIM_LENGTH ? UINT32_MAX : 65535;
		if (!import_number(lo, most, &from) ||
		    !import_number(hi, most, &to))
			return false;
		break;
	}
	span_number(span, from, to);
	return from <= to;
}

static bool prefix_span(const struct field *field, const struct json *prefix,
			struct span *span)
{
	unsigned int family = 0;
	uint32_t len;

	return field->dim <= DIM_DST &&
	       import_number(json_text(prefix, "len"), 128, &len) &&
	       span_prefix(span, json_text(prefix, "addr"), (long)len,
			   &family) && family == field->families;
}

/* One value: a number or address, a prefix or a range. */
static bool value_span(const struct field *field, const struct json *value,
		       struct span *span)
{
	const struct json *range = json_get(value, "range");
	const struct json *prefix = json_get(value, "prefix");
	const struct json *elem = json_get(value, "elem");

	if (elem)
		return value_span(field, json_get(elem, "val"), span);
	if (prefix)
		return prefix_span(field, prefix, span);
	if (range && range->child && range->child->text &&
	    range->child->next && range->child->next->text)
		return plain_span(field, range->child->text,
				  range->child->next->text, span);
	return value && value->text &&
	       plain_span(field, value->text, value->text, span);
}

static bool family_value(const struct json *value, unsigned int *families)
{
	const char *text = value && value->text ? value->text : "";

	if (is(text, "ipv4") || is(text, "ip"))
		*families |= HAS_4;
	else if (is(text, "ipv6") || is(text, "ip6"))
		*families |= HAS_6;
	else
		return false;
	return true;
}

/* The elements of a set that is named or stands there; NULL with a loss. */
static const struct json *elements(struct rule_state *rs,
				   const struct json *right)
{
	static const struct json empty = { .type = JSON_ARRAY };
	const struct json *set = json_get(right, "set"), *elem;

	if (set)
		return set;
	set = find_set(rs, right->text + 1);
	if (!set) {
		rule_loss(rs->rule, true, "there is no set %s",
			  quote(right->text));
		return NULL;
	}
	elem = json_get(set, "elem");
	if (json_get(set, "timeout"))
		rule_loss(rs->rule, false, "the set %s as it is now: its elements expire",
			  quote(right->text));
	return elem ? elem : &empty;
}

static bool is_set(const struct json *right)
{
	return json_get(right, "set") ||
	       (right && right->type == JSON_STRING && right->text[0] == '@');
}

/* Only packets that have the field, and in it what is allowed. */
static void box_bind(struct box *box, const struct field *field,
		     struct spans *spans)
{
	struct box cond = { .families = field->families };
	struct span proto;

	if (field->proto) {
		span_number(&proto, field->proto, field->proto);
		spans_add(&cond.dim[DIM_PROTO], &proto);
	}
	cond.dim[field->dim] = *spans;
	box_and(box, &cond);
	box_free(&cond);
}

static void rule_bind(struct rule_state *rs, const struct field *field,
		      struct spans *spans)
{
	struct boxes cond = { .n = 0 };
	struct box box = { .families = HAS_4 | HAS_6 };

	box_bind(&box, field, spans);
	boxes_add(&cond, &box);
	boxes_and(&rs->rule->boxes, &cond);
	boxes_free(&cond);
	box_free(&box);
}

static bool wrong_value(struct rule_state *rs)
{
	rule_loss(rs->rule, true, "a value of it is not understood");
	return false;
}

/* What a comparison other than that for equality makes of its value. */
static bool turn(struct spans *spans, const char *op, unsigned int bits)
{
	struct span *span = &spans->span[0];

	if (is(op, "==") || !*op)
		return true;
	if (is(op, "!=")) {
		spans_not(spans, bits);
		return true;
	}
	if (spans->n != 1 || memcmp(span->lo, span->hi, 16))
		return false;
	/* less than: not from there on */
	if (is(op, "<") || is(op, ">=")) {
		memset(span->hi, 0, 16);
		memset(span->hi + 16 - bits / 8, 0xff, bits / 8);
	} else if (is(op, ">") || is(op, "<=")) {
		memset(span->lo, 0, 16);
	} else {
		return false;
	}
	if (op[1] != '=')
		spans_not(spans, bits);
	return true;
}

static void match_family(struct rule_state *rs, const struct json *right,
			 const char *op)
{
	struct boxes cond = { .n = 0 };
	struct box box = { .families = 0 };
	const struct json *set = json_get(right, "set"), *value;
	bool good = true;

	for (value = set ? set->child : right; value && good;
	     value = set ? value->next : NULL)
		good = family_value(value, &box.families);
	if (is(op, "!="))
		box.families ^= HAS_4 | HAS_6;
	if (!good) {
		wrong_value(rs);
		return;
	}
	boxes_add(&cond, &box);
	boxes_and(&rs->rule->boxes, &cond);
	boxes_free(&cond);
}

static void match_field(struct rule_state *rs, const struct field *field,
			const struct json *right, const char *op)
{
	const struct json *all, *value;
	struct spans spans = { .bound = true };
	struct span span;
	bool good = true;

	if (field->dim == DIMS) {
		match_family(rs, right, op);
		return;
	}
	if (is_set(right)) {
		all = elements(rs, right);
		if (!all)
			return;
		for (value = all->child; value && good; value = value->next) {
			good = value_span(field, value, &span);
			if (good)
				spans_add(&spans, &span);
		}
	} else {
		good = value_span(field, right, &span);
		if (good)
			spans_add(&spans, &span);
	}
	if (good && turn(&spans, op, dim_bits(field->dim, field->families))) {
		rule_bind(rs, field, &spans);
		return;
	}
	free(spans.span);
	wrong_value(rs);
}

/* One element of a concatenation: a box of its own. */
static bool concat_box(struct rule_state *rs, const struct json *left,
		       const struct json *value, struct box *box)
{
	const struct json *elem = json_get(value, "elem");
	const struct json *parts;
	struct field field = { 0 };
	struct spans spans;
	struct span span;

	parts = json_get(elem ? json_get(elem, "val") : value, "concat");
	if (!parts)
		return wrong_value(rs);
	value = parts->child;
	for (left = left->child; left && value; left = left->next) {
		if (!left_field(rs->rule, left, &field))
			return false;
		if (field.dim == DIMS || !value_span(&field, value, &span))
			return wrong_value(rs);
		memset(&spans, 0, sizeof(spans));
		spans_add(&spans, &span);
		box_bind(box, &field, &spans);
		value = value->next;
	}
	return !left && !value ? true : wrong_value(rs);
}

static void match_concat(struct rule_state *rs, const struct json *left,
			 const struct json *right, const char *op)
{
	const struct json *all, *value;
	struct boxes cond = { .n = 0 };
	struct box box;
	bool good = true;

	if (!is(op, "==") || !is_set(right)) {
		wrong_value(rs);
		return;
	}
	all = elements(rs, right);
	for (value = all ? all->child : NULL; value && good;
	     value = value->next) {
		memset(&box, 0, sizeof(box));
		box.families = HAS_4 | HAS_6;
		good = concat_box(rs, left, value, &box);
		if (good)
			boxes_add(&cond, &box);
		box_free(&box);
	}
	if (all && good)
		boxes_and(&rs->rule->boxes, &cond);
	boxes_free(&cond);
}

static void read_match(struct rule_state *rs, const struct json *match)
{
	const struct json *left = json_get(match, "left");
	const struct json *right = json_get(match, "right");
	const struct json *concat = json_get(left, "concat");
	const char *op = json_text(match, "op");
	struct field field = { 0 };

	if (concat && right)
		match_concat(rs, concat, right, op);
	else if (left_field(rs->rule, left, &field))
		match_field(rs, &field, right, op);
}

/* --- statements ------------------------------------------------------------- */

static void read_counter(struct import_rule *rule, const struct json *value)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len;

	if (value->type != JSON_STRING)
		return;
	/* The label of a counter that nft(8) shows by name. */
	len = strspn(value->text, plain);
	if (!value->text[len] && len < sizeof(rule->count))
		memcpy(rule->count, value->text, len + 1);
	else
		rule_loss(rule, false, "its counter %s has a name that no label can have",
			  quote(value->text));
}

static void read_statement(struct rule_state *rs, const struct json *statement)
{
	struct import_rule *rule = rs->rule;
	const struct json *value = statement->child;
	const char *key = value ? value->key : "";

	if (is(key, "match")) {
		read_match(rs, value);
	} else if (is(key, "counter")) {
		read_counter(rule, value);
	} else if (is(key, "accept")) {
		rule->verdict = IMPORT_ALLOW;
	} else if (is(key, "drop")) {
		rule->verdict = IMPORT_DENY;
	} else if (is(key, "reject")) {
		rule->verdict = IMPORT_DENY;
		rule_loss(rule, false, "without an answer: deny drops what reject answers");
	} else if (is(key, "jump")) {
		rule_jump(rule, json_text(value, "target"));
	} else if (is(key, "log")) {
		rule_loss(rule, false, "without its log");
	} else {
		rule_loss(rule, true, "a list has nothing like \"%s\"",
			  quote(key));
	}
	rs->done = rule->verdict != IMPORT_NOTHING;
}

static void read_rule(struct import *im, const struct json *root,
		      const struct json *json)
{
	char *space = space_of(json), *where;
	struct rule_state rs = { .root = root, .json = json };
	const struct json *expr = json_get(json, "expr"), *statement;
	struct import_chain *chain;

	chain = chain_find(im, space, json_text(json, "chain"));
	where = import_text("%s: table %s chain %s handle %s",
			    quote(im->file), space, json_text(json, "chain"),
			    json_text(json, "handle"));
	if (!chain) {
		import_loss(im, where, "not imported: its table is not of family ip, ip6 or inet");
	} else {
		rs.rule = chain_rule(chain, where);
		for (statement = expr ? expr->child : NULL;
		     statement && !rs.done; statement = statement->next)
			read_statement(&rs, statement);
	}
	free(space);
	free(where);
}

static void read_chain(struct import *im, const struct json *json)
{
	const char *hook = json_text(json, "hook");
	unsigned int families = family_of(json);
	struct import_chain *chain;
	char *space;

	if (!families)
		return;
	space = space_of(json);
	chain = chain_get(im, space, json_text(json, "name"), families);
	chain->entry = im->chain ? *hook && is(chain->name, im->chain) :
				   is(hook, "forward") &&
				   is(json_text(json, "type"), "filter");
	if (is(json_text(json, "policy"), "drop"))
		chain->policy = IMPORT_DENY;
	free(space);
}

static char *read_all(FILE *in)
{
	size_t size = 0, len = 0, got;
	char *text = NULL;

	do {
		size = size * 2 + 65536;
		text = import_need(realloc(text, size + 1));
		got = fread(text + len, 1, size - len, in);
		len += got;
	} while (got);
	text[len] = '\0';
	return text;
}

static void read_ruleset(struct import *im, const struct json *root)
{
	const struct json *value, *json;

	for (value = root->child; value; value = value->next) {
		json = json_get(value, "chain");
		if (json)
			read_chain(im, json);
	}
	for (value = root->child; value; value = value->next) {
		json = json_get(value, "rule");
		if (json)
			read_rule(im, root, json);
	}
}

/**
 * import_nft - Read what "nft -j list ruleset" has printed.
 * @im: the import
 * @in: the text
 *
 * Return: 0 or EXIT_USAGE.
 */
int import_nft(struct import *im, FILE *in)
{
	char *text = read_all(in);
	const struct json *root;
	const char *what = "";
	unsigned long line = 0;
	struct json *json;
	int ret = 0;

	json = json_parse(text, &what, &line);
	root = json_get(json, "nftables");
	if (!json)
		ret = complain("%s:%lu: this is no JSON: %s", quote(im->file),
			       line, what);
	else if (!root || root->type != JSON_ARRAY)
		ret = complain("%s is not what \"nft -j list ruleset\" prints",
			       quote(im->file));
	else
		read_ruleset(im, root);
	json_free(json);
	free(text);
	return ret;
}
