// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "nl.h"

/* A rule with all its attributes takes less. */
#define RULE_SIZE	256

static const struct sq_field rule[] = {
	SQ_ONE(struct svcseq_rule, verdict, SVCSEQ_A_RULE_VERDICT,
	       SQ_U8, SQ_CONFIG, "verdict"),
	SQ_ONE(struct svcseq_rule, family, SVCSEQ_A_RULE_FAMILY,
	       SQ_U8, SQ_CONFIG, "family"),
	SQ_ONE(struct svcseq_rule, proto, SVCSEQ_A_RULE_PROTO,
	       SQ_PROTO, SQ_CONFIG, "proto"),
	SQ_ONE(struct svcseq_rule, src.addr, SVCSEQ_A_RULE_SRC4,
	       SQ_ADDR4, SQ_CONFIG, "src4"),
	SQ_ONE(struct svcseq_rule, src.addr, SVCSEQ_A_RULE_SRC6,
	       SQ_ADDR6, SQ_CONFIG, "src6"),
	SQ_ONE(struct svcseq_rule, src.len, SVCSEQ_A_RULE_SRC_LEN,
	       SQ_U8, SQ_CONFIG, "src-len"),
	SQ_ONE(struct svcseq_rule, dst.addr, SVCSEQ_A_RULE_DST4,
	       SQ_ADDR4, SQ_CONFIG, "dst4"),
	SQ_ONE(struct svcseq_rule, dst.addr, SVCSEQ_A_RULE_DST6,
	       SQ_ADDR6, SQ_CONFIG, "dst6"),
	SQ_ONE(struct svcseq_rule, dst.len, SVCSEQ_A_RULE_DST_LEN,
	       SQ_U8, SQ_CONFIG, "dst-len"),
	SQ_ONE(struct svcseq_rule, sport.min, SVCSEQ_A_RULE_SPORT_MIN,
	       SQ_BE16_OPT, SQ_CONFIG, "sport-min"),
	SQ_ONE(struct svcseq_rule, sport.max, SVCSEQ_A_RULE_SPORT_MAX,
	       SQ_BE16_OPT, SQ_CONFIG, "sport-max"),
	SQ_ONE(struct svcseq_rule, dport.min, SVCSEQ_A_RULE_DPORT_MIN,
	       SQ_BE16_OPT, SQ_CONFIG, "dport-min"),
	SQ_ONE(struct svcseq_rule, dport.max, SVCSEQ_A_RULE_DPORT_MAX,
	       SQ_BE16_OPT, SQ_CONFIG, "dport-max"),
	SQ_ONE(struct svcseq_rule, length.min, SVCSEQ_A_RULE_LENGTH_MIN,
	       SQ_U32_OPT, SQ_CONFIG, "length-min"),
	SQ_ONE(struct svcseq_rule, length.max, SVCSEQ_A_RULE_LENGTH_MAX,
	       SQ_U32_OPT, SQ_CONFIG, "length-max"),
	SQ_ONE(struct svcseq_rule, count, SVCSEQ_A_RULE_COUNT,
	       SQ_STRING, SQ_CONFIG, "count"),
	SQ_IN(struct svcseq_rule, matched, SVCSEQ_A_RULE_MATCHED,
	      SQ_OUT, "matched", &sq_counters_shape),
};

static const struct sq_shape rule_shape = SQ_SHAPE(struct svcseq_rule, rule);

static const struct sq_field place[] = {
	SQ_ONE(struct svcseq_acl_rule, acl, SVCSEQ_A_ACL_RULE_ACL,
	       SQ_STRING, SQ_KEY, "acl"),
	SQ_ONE(struct svcseq_acl_rule, number, SVCSEQ_A_ACL_RULE_NUMBER,
	       SQ_U32, SQ_KEY, "number"),
	SQ_IN(struct svcseq_acl_rule, rule, SVCSEQ_A_ACL_RULE_RULE,
	      SQ_OUT, "rule", &rule_shape),
};

static const struct sq_shape place_shape =
	SQ_SHAPE(struct svcseq_acl_rule, place);

/* The rules are no field: there may be any number of them. */
static const struct sq_field fields[] = {
	SQ_ONE(struct svcseq_acl, name, SVCSEQ_A_ACL_NAME,
	       SQ_STRING, SQ_KEY, "name"),
	SQ_ONE(struct svcseq_acl, deflt, SVCSEQ_A_ACL_DEFAULT,
	       SQ_U8, SQ_CONFIG, "default"),
	SQ_ONE(struct svcseq_acl, owner, SVCSEQ_A_ACL_OWNER,
	       SQ_U8, SQ_CONFIG, "owner"),
	SQ_ONE(struct svcseq_acl, n_rules, SVCSEQ_A_ACL_RULES,
	       SQ_U32, SQ_OUT, "rules"),
	SQ_ONE(struct svcseq_acl, services, SVCSEQ_A_ACL_SERVICES,
	       SQ_U32, SQ_OUT, "services"),
	SQ_ONE(struct svcseq_acl, generation, SVCSEQ_A_ACL_GENERATION,
	       SQ_U32, SQ_OUT, "generation"),
	SQ_IN(struct svcseq_acl, unmatched, SVCSEQ_A_ACL_UNMATCHED,
	      SQ_OUT, "unmatched", &sq_counters_shape),
};

const struct sq_shape sq_acl_shape = SQ_SHAPE(struct svcseq_acl, fields);

static bool put_rules(struct nlmsghdr *nlh, size_t room, const void *data)
{
	const struct svcseq_acl *acl = data;
	struct nlattr *nest;
	uint32_t i;

	for (i = 0; i < acl->n_rules; i++) {
		nest = mnl_attr_nest_start_check(nlh, room, SVCSEQ_A_ACL_RULE);
		if (!nest || !sq_put(nlh, room, &rule_shape, SQ_CONFIG,
				     &acl->rule[i]))
			return false;
		mnl_attr_nest_end(nlh, nest);
	}
	return true;
}

static int write_acl(struct svcseq *sq, uint8_t cmd,
		     const struct svcseq_acl *acl, struct svcseq_error *err)
{
	/* Far beyond what the module takes; it says how many that are. */
	if (acl->n_rules > INT_MAX / 4 / RULE_SIZE)
		return sq_fail(err, EMSGSIZE, "too many rules for a message");
	return sq_do_long(sq, cmd, &sq_acl_shape, acl,
			  (size_t)acl->n_rules * RULE_SIZE, put_rules, acl,
			  err);
}

/**
 * svcseq_acl_add - Define an access list.
 * @sq: handle
 * @acl: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_acl_add(struct svcseq *sq, const struct svcseq_acl *acl,
		   struct svcseq_error *err)
{
	return write_acl(sq, SVCSEQ_CMD_ACL_ADD, acl, err);
}

/**
 * svcseq_acl_set - Replace an access list as a whole.
 * @sq: handle
 * @acl: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_acl_set(struct svcseq *sq, const struct svcseq_acl *acl,
		   struct svcseq_error *err)
{
	return write_acl(sq, SVCSEQ_CMD_ACL_SET, acl, err);
}

/**
 * svcseq_acl_del - Forget an access list.
 * @sq: handle
 * @key: which; only the name counts
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_acl_del(struct svcseq *sq, const struct svcseq_acl *key,
		   struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_ACL_DEL, &sq_acl_shape, SQ_KEY, key, NULL,
		     err);
}

/**
 * svcseq_acl_get - Read one access list, without its rules.
 * @sq: handle
 * @key: which; only the name counts
 * @acl: what is read
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_acl_get(struct svcseq *sq, const struct svcseq_acl *key,
		   struct svcseq_acl *acl, struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_ACL_GET, &sq_acl_shape, SQ_KEY, key, acl,
		     err);
}

struct each {
	svcseq_acl_cb *cb;
	void *data;
};

static int deliver(const void *obj, void *data)
{
	const struct each *each = data;

	return each->cb(obj, each->data);
}

/**
 * svcseq_acl_each - List all access lists, without their rules.
 * @sq: handle
 * @cb: called for each
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, or a negative errno value.
 */
int svcseq_acl_each(struct svcseq *sq, svcseq_acl_cb *cb, void *data,
		    struct svcseq_error *err)
{
	struct each each = { .cb = cb, .data = data };
	struct svcseq_acl acl;

	return sq_dump(sq, SVCSEQ_CMD_ACL_GET, &sq_acl_shape, NULL, &acl,
		       deliver, &each, err);
}

struct each_rule {
	svcseq_acl_rule_cb *cb;
	void *data;
};

static int deliver_rule(const void *obj, void *data)
{
	const struct each_rule *each = data;

	return each->cb(obj, each->data);
}

/**
 * svcseq_acl_rules - List the rules of an access list, with their counters.
 * @sq: handle
 * @key: which; only the name counts
 * @cb: called for each rule, in order
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, or a negative errno value.
 */
int svcseq_acl_rules(struct svcseq *sq, const struct svcseq_acl *key,
		     svcseq_acl_rule_cb *cb, void *data,
		     struct svcseq_error *err)
{
	struct each_rule each = { .cb = cb, .data = data };
	struct svcseq_acl_rule filter = { .acl = "" }, scratch;

	memcpy(filter.acl, key->name, sizeof(filter.acl));
	return sq_dump(sq, SVCSEQ_CMD_ACL_RULE_GET, &place_shape, &filter,
		       &scratch, deliver_rule, &each, err);
}
