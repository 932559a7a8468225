// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nl.h"

static const struct sq_field member[] = {
	SQ_ONE(struct svcseq_member, device, SVCSEQ_A_MEMBER_DEVICE,
	       SQ_STRING, SQ_CONFIG, "device"),
	SQ_ONE(struct svcseq_member, weight, SVCSEQ_A_MEMBER_WEIGHT,
	       SQ_U8, SQ_CONFIG, "weight"),
	SQ_ONE(struct svcseq_member, state, SVCSEQ_A_MEMBER_STATE,
	       SQ_U8, SQ_CONFIG, "state"),
	SQ_ONE(struct svcseq_member, active, SVCSEQ_A_MEMBER_ACTIVE,
	       SQ_FLAG, SQ_OUT, "active"),
};

static const struct sq_shape member_shape =
	SQ_SHAPE(struct svcseq_member, member);

static const struct sq_field fields[] = {
	SQ_ONE(struct svcseq_pool, name, SVCSEQ_A_POOL_NAME,
	       SQ_STRING, SQ_KEY, "name"),
	SQ_ONE(struct svcseq_pool, policy, SVCSEQ_A_POOL_POLICY,
	       SQ_U8, SQ_CONFIG, "policy"),
	SQ_ONE(struct svcseq_pool, by, SVCSEQ_A_POOL_BY,
	       SQ_U8, SQ_CONFIG, "by"),
	SQ_MANY(struct svcseq_pool, member, n_members, SVCSEQ_A_POOL_MEMBER,
		SQ_NEST, SQ_CONFIG, "member", &member_shape),
	SQ_ONE(struct svcseq_pool, owner, SVCSEQ_A_POOL_OWNER,
	       SQ_U8, SQ_CONFIG, "owner"),
	SQ_ONE(struct svcseq_pool, sequences, SVCSEQ_A_POOL_SEQUENCES,
	       SQ_U32, SQ_OUT, "sequences"),
	SQ_ONE(struct svcseq_pool, generation, SVCSEQ_A_POOL_GENERATION,
	       SQ_U32, SQ_OUT, "generation"),
};

const struct sq_shape sq_pool_shape = SQ_SHAPE(struct svcseq_pool, fields);

/**
 * svcseq_pool_add - Describe a pool.
 * @sq: handle
 * @pool: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_pool_add(struct svcseq *sq, const struct svcseq_pool *pool,
		    struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_POOL_ADD, &sq_pool_shape, SQ_CONFIG, pool,
		     NULL, err);
}

/**
 * svcseq_pool_set - Replace a pool as a whole, or change some of its members.
 * @sq: handle
 * @pool: definition; without a policy, the members to change
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_pool_set(struct svcseq *sq, const struct svcseq_pool *pool,
		    struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_POOL_SET, &sq_pool_shape, SQ_CONFIG, pool,
		     NULL, err);
}

/**
 * svcseq_pool_del - Forget a pool.
 * @sq: handle
 * @key: which; only the name counts
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_pool_del(struct svcseq *sq, const struct svcseq_pool *key,
		    struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_POOL_DEL, &sq_pool_shape, SQ_KEY, key,
		     NULL, err);
}

/**
 * svcseq_pool_get - Read one pool.
 * @sq: handle
 * @key: which; only the name counts
 * @pool: what is read
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_pool_get(struct svcseq *sq, const struct svcseq_pool *key,
		    struct svcseq_pool *pool, struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_POOL_GET, &sq_pool_shape, SQ_KEY, key,
		     pool, err);
}

struct each {
	svcseq_pool_cb *cb;
	void *data;
};

static int deliver(const void *obj, void *data)
{
	const struct each *each = data;

	return each->cb(obj, each->data);
}

/**
 * svcseq_pool_each - List all pools.
 * @sq: handle
 * @cb: called for each
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, or a negative errno value.
 */
int svcseq_pool_each(struct svcseq *sq, svcseq_pool_cb *cb, void *data,
		     struct svcseq_error *err)
{
	struct each each = { .cb = cb, .data = data };
	struct svcseq_pool pool;

	return sq_dump(sq, SVCSEQ_CMD_POOL_GET, &sq_pool_shape, NULL, &pool,
		       deliver, &each, err);
}
