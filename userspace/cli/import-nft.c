// SPDX-License-Identifier: GPL-2.0
/* Rules as "nft -j list ruleset" prints them: libnftables-json(5). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "import.h"

/**
 * struct rule_state - A rule that is being read.
 * @root: the array of everything, for sets
 * @json: the rule as it stands there
 * @rule: the rule
 * @done: a verdict was read
 */
struct rule_state {
	const json_t *root;
	const json_t *json;
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

/* A string; empty if it is something else or nothing. */
static const char *text_of(const json_t *value)
{
	return json_is_string(value) ? json_string_value(value) : "";
}

static const char *text_in(const json_t *object, const char *key)
{
	return text_of(json_object_get(object, key));
}

static bool number_of(const json_t *value, uint32_t most, uint32_t *to)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value))
		return import_number(text_of(value), most, to);
	*to = (uint32_t)number;
	return number >= 0 && number <= most;
}

static bool proto_of(const json_t *value, uint32_t *to)
{
	return json_is_string(value) ? import_proto(text_of(value), to) :
				       number_of(value, 255, to);
}

static unsigned int family_of(const json_t *object)
{
	const char *family = text_in(object, "family");

	if (is(family, "ip"))
		return HAS_4;
	if (is(family, "ip6"))
		return HAS_6;
	return is(family, "inet") ? HAS_4 | HAS_6 : 0;
}

/* "inet fw": the table that a thing belongs to. */
static char *space_of(const json_t *object)
{
	return import_text("%s %s", text_in(object, "family"),
			   text_in(object, "table"));
}

static bool same_table(const json_t *a, const json_t *b)
{
	return is(text_in(a, "family"), text_in(b, "family")) &&
	       is(text_in(a, "table"), text_in(b, "table"));
}

static const json_t *find_set(const struct rule_state *rs, const char *name)
{
	const json_t *value, *set;
	size_t i;

	json_array_foreach(rs->root, i, value) {
		set = json_object_get(value, "set");
		if (set && is(text_in(set, "name"), name) &&
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
static bool left_field(struct import_rule *rule, json_t *left,
		       struct field *to)
{
	const json_t *payload = json_object_get(left, "payload");
	const json_t *meta = json_object_get(left, "meta");
	const char *key = text_in(meta, "key");
	void *first = json_object_iter(left);

	if (payload && payload_field(text_in(payload, "protocol"),
				     text_in(payload, "field"), to))
		return true;
	if (meta && meta_field(key, to))
		return true;
	if (json_object_get(left, "ct"))
		rule_loss(rule, true, "it asks for the state of a connection, which the engine does not keep");
	else if (meta && (strstr(key, "iif") || strstr(key, "oif")))
		rule_loss(rule, true, "it is for an interface; tie the list to a port instead");
	else if (payload)
		rule_loss(rule, true, "a list has nothing like %s %s",
			  quote(text_in(payload, "protocol")),
			  quote(text_in(payload, "field")));
	else
		rule_loss(rule, true, "a list has nothing like %s %s",
			  first ? quote(json_object_iter_key(first)) : "this",
			  quote(key));
	return false;
}

/* --- the right side --------------------------------------------------------- */

static bool plain_span(const struct field *field, const json_t *lo,
		       const json_t *hi, struct span *span)
{
	unsigned int family = 0;
	uint32_t from, to, most;

	switch (field->dim) {
	case DIM_SRC:
	case DIM_DST:
		return span_addrs(span, text_of(lo), text_of(hi), &family) &&
		       family == field->families;
	case DIM_PROTO:
		if (!proto_of(lo, &from) || !proto_of(hi, &to))
			return false;
		break;
	default:
		most = field->dim == DIM_LENGTH ? UINT32_MAX : 65535;
		if (!number_of(lo, most, &from) || !number_of(hi, most, &to))
			return false;
		break;
	}
	span_number(span, from, to);
	return from <= to;
}

static bool prefix_span(const struct field *field, const json_t *prefix,
			struct span *span)
{
	unsigned int family = 0;
	uint32_t len;

	return field->dim <= DIM_DST &&
	       number_of(json_object_get(prefix, "len"), 128, &len) &&
	       span_prefix(span, text_in(prefix, "addr"), (long)len,
			   &family) && family == field->families;
}

/* One value: a number or address, a prefix or a range. */
static bool value_span(const struct field *field, const json_t *value,
		       struct span *span)
{
	const json_t *range = json_object_get(value, "range");
	const json_t *prefix = json_object_get(value, "prefix");
	const json_t *elem = json_object_get(value, "elem");

	if (elem)
		return value_span(field, json_object_get(elem, "val"), span);
	if (prefix)
		return prefix_span(field, prefix, span);
	if (range)
		return plain_span(field, json_array_get(range, 0),
				  json_array_get(range, 1), span);
	return plain_span(field, value, value, span);
}

static bool family_value(const json_t *value, unsigned int *families)
{
	const char *text = text_of(value);

	if (is(text, "ipv4") || is(text, "ip"))
		*families |= HAS_4;
	else if (is(text, "ipv6") || is(text, "ip6"))
		*families |= HAS_6;
	else
		return false;
	return true;
}

static bool wrong_value(struct rule_state *rs)
{
	rule_loss(rs->rule, true, "a value of it is not understood");
	return false;
}

/*
 * The elements of a set that is named or stands there, NULL if there are none;
 * false with a loss.
 */
static bool elements(struct rule_state *rs, const json_t *right,
		     const json_t **all)
{
	const char *name = text_of(right);
	const json_t *set;

	*all = json_object_get(right, "set");
	if (!*all) {
		set = find_set(rs, name + 1);
		if (!set) {
			rule_loss(rs->rule, true, "there is no set %s",
				  quote(name));
			return false;
		}
		*all = json_object_get(set, "elem");
		if (json_object_get(set, "timeout"))
			rule_loss(rs->rule, false, "the set %s as it is now: its elements expire",
				  quote(name));
	}
	return !*all || json_is_array(*all) || wrong_value(rs);
}

static bool is_set(const json_t *right)
{
	return json_object_get(right, "set") || text_of(right)[0] == '@';
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

static void match_family(struct rule_state *rs, const json_t *right,
			 const char *op)
{
	struct boxes cond = { .n = 0 };
	struct box box = { .families = 0 };
	const json_t *set = json_object_get(right, "set"), *value;
	bool good = json_is_array(set) || family_value(right, &box.families);
	size_t i;

	json_array_foreach(set, i, value)
		good = good && family_value(value, &box.families);
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
			const json_t *right, const char *op)
{
	const json_t *all, *value;
	struct spans spans = { .bound = true };
	struct span span;
	bool good = true;
	size_t i;

	if (field->dim == DIMS) {
		match_family(rs, right, op);
		return;
	}
	if (is_set(right)) {
		if (!elements(rs, right, &all))
			return;
		json_array_foreach(all, i, value) {
			good = value_span(field, value, &span);
			if (!good)
				break;
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
static bool concat_box(struct rule_state *rs, const json_t *left,
		       const json_t *value, struct box *box)
{
	const json_t *elem = json_object_get(value, "elem");
	size_t n = json_array_size(left), i;
	struct field field = { 0 };
	struct spans spans;
	const json_t *parts;
	struct span span;

	parts = json_object_get(elem ? json_object_get(elem, "val") : value,
				"concat");
	if (!n || json_array_size(parts) != n)
		return wrong_value(rs);
	for (i = 0; i < n; i++) {
		if (!left_field(rs->rule, json_array_get(left, i), &field))
			return false;
		if (field.dim == DIMS ||
		    !value_span(&field, json_array_get(parts, i), &span))
			return wrong_value(rs);
		memset(&spans, 0, sizeof(spans));
		spans_add(&spans, &span);
		box_bind(box, &field, &spans);
	}
	return true;
}

static void match_concat(struct rule_state *rs, const json_t *left,
			 const json_t *right, const char *op)
{
	const json_t *all;
	struct boxes cond = { .n = 0 };
	struct box box;
	bool good = true;
	size_t i;

	if (!is(op, "==") || !is_set(right)) {
		wrong_value(rs);
		return;
	}
	if (!elements(rs, right, &all))
		return;
	for (i = 0; good && i < json_array_size(all); i++) {
		memset(&box, 0, sizeof(box));
		box.families = HAS_4 | HAS_6;
		good = concat_box(rs, left, json_array_get(all, i), &box);
		if (good)
			boxes_add(&cond, &box);
		box_free(&box);
	}
	if (good)
		boxes_and(&rs->rule->boxes, &cond);
	boxes_free(&cond);
}

static void read_match(struct rule_state *rs, const json_t *match)
{
	json_t *left = json_object_get(match, "left");
	const json_t *right = json_object_get(match, "right");
	const json_t *concat = json_object_get(left, "concat");
	const json_t *op = json_object_get(match, "op");
	struct field field = { 0 };

	if (op && !json_is_string(op))
		wrong_value(rs);
	else if (concat && right)
		match_concat(rs, concat, right, text_of(op));
	else if (left_field(rs->rule, left, &field))
		match_field(rs, &field, right, text_of(op));
}

/* --- statements ------------------------------------------------------------- */

static void read_counter(struct import_rule *rule, const json_t *value)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const char *name = text_of(value);
	size_t len;

	if (!json_is_string(value))
		return;
	/* The label of a counter that nft(8) shows by name. */
	len = strspn(name, plain);
	if (!name[len] && len < sizeof(rule->count))
		memcpy(rule->count, name, len + 1);
	else
		rule_loss(rule, false, "its counter %s has a name that no label can have",
			  quote(name));
}

static void read_statement(struct rule_state *rs, json_t *statement)
{
	struct import_rule *rule = rs->rule;
	void *first = json_object_iter(statement);
	const char *key = first ? json_object_iter_key(first) : "";
	const json_t *value = json_object_iter_value(first);

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
		rule_jump(rule, text_in(value, "target"));
	} else if (is(key, "log")) {
		rule_loss(rule, false, "without its log");
	} else {
		rule_loss(rule, true, "a list has nothing like \"%s\"",
			  quote(key));
	}
	rs->done = rule->verdict != IMPORT_NOTHING;
}

static void read_statements(struct rule_state *rs)
{
	const json_t *expr = json_object_get(rs->json, "expr");
	json_t *statement;
	size_t i;

	if (expr && !json_is_array(expr))
		wrong_value(rs);
	json_array_foreach(expr, i, statement) {
		read_statement(rs, statement);
		if (rs->done)
			break;
	}
}

static void read_rule(struct import *im, const json_t *root,
		      const json_t *json)
{
	const json_t *handle = json_object_get(json, "handle");
	struct rule_state rs = { .root = root, .json = json };
	char *space = space_of(json), *where;
	struct import_chain *chain;

	chain = chain_find(im, space, text_in(json, "chain"));
	where = import_text("%s: table %s chain %s handle %lld",
			    quote(im->file), space, text_in(json, "chain"),
			    (long long)json_integer_value(handle));
	if (!chain) {
		import_loss(im, where, "not imported: its table is not of family ip, ip6 or inet");
	} else {
		rs.rule = chain_rule(chain, where);
		read_statements(&rs);
	}
	free(space);
	free(where);
}

static void read_chain(struct import *im, const json_t *json)
{
	const char *hook = text_in(json, "hook");
	unsigned int families = family_of(json);
	struct import_chain *chain;
	char *space;

	if (!families)
		return;
	space = space_of(json);
	chain = chain_get(im, space, text_in(json, "name"), families);
	chain->entry = im->chain ? *hook && is(chain->name, im->chain) :
				   is(hook, "forward") &&
				   is(text_in(json, "type"), "filter");
	if (is(text_in(json, "policy"), "drop"))
		chain->policy = IMPORT_DENY;
	free(space);
}

static void read_ruleset(struct import *im, const json_t *root)
{
	const json_t *value, *json;
	size_t i;

	json_array_foreach(root, i, value) {
		json = json_object_get(value, "chain");
		if (json)
			read_chain(im, json);
	}
	json_array_foreach(root, i, value) {
		json = json_object_get(value, "rule");
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
	json_error_t error;
	json_t *json = json_loadf(in, JSON_REJECT_DUPLICATES, &error);
	const json_t *root = json_object_get(json, "nftables");
	int ret = 0;

	/* The reason cites the text, which may hold anything. */
	if (!json)
		ret = complain("%s:%d: this is no JSON: %s", quote(im->file),
			       error.line, quote(error.text));
	else if (!json_is_array(root))
		ret = complain("%s is not what \"nft -j list ruleset\" prints",
			       quote(im->file));
	else
		read_ruleset(im, root);
	json_decref(json);
	return ret;
}
