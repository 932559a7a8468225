// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nl.h"

static const struct sq_field copy[] = {
	SQ_ONE(struct svcseq_copy, device, SVCSEQ_A_COPY_DEVICE,
	       SQ_STRING, SQ_CONFIG, "device"),
	SQ_ONE(struct svcseq_copy, direction, SVCSEQ_A_COPY_DIRECTION,
	       SQ_U8, SQ_CONFIG, "direction"),
	SQ_ONE(struct svcseq_copy, alert_to, SVCSEQ_A_COPY_ALERT_TO,
	       SQ_STRING, SQ_CONFIG, "alert-to"),
	SQ_ONE(struct svcseq_copy, port, SVCSEQ_A_COPY_PORT,
	       SQ_U8, SQ_CONFIG, "port"),
};

static const struct sq_shape copy_shape = SQ_SHAPE(struct svcseq_copy, copy);

static const struct sq_field becomes[] = {
	SQ_ONE(struct svcseq_becomes, proto, SVCSEQ_A_BECOMES_PROTO,
	       SQ_PROTO, SQ_CONFIG, "proto"),
	SQ_ONE(struct svcseq_becomes, port, SVCSEQ_A_BECOMES_PORT,
	       SQ_BE16, SQ_CONFIG, "port"),
};

static const struct sq_shape becomes_shape =
	SQ_SHAPE(struct svcseq_becomes, becomes);

static const struct sq_field step[] = {
	SQ_ONE(struct svcseq_step, device, SVCSEQ_A_STEP_DEVICE,
	       SQ_STRING, SQ_CONFIG, "device"),
	SQ_MANY(struct svcseq_step, copy, n_copies, SVCSEQ_A_STEP_COPY,
		SQ_NEST, SQ_CONFIG, "copy", &copy_shape),
	SQ_ONE(struct svcseq_step, port, SVCSEQ_A_STEP_PORT,
	       SQ_BE16, SQ_CONFIG, "port"),
	SQ_IN(struct svcseq_step, becomes, SVCSEQ_A_STEP_BECOMES,
	      SQ_CONFIG, "becomes", &becomes_shape),
	SQ_ONE(struct svcseq_step, track, SVCSEQ_A_STEP_TRACK,
	       SQ_U8, SQ_CONFIG, "track"),
	SQ_ONE(struct svcseq_step, local, SVCSEQ_A_STEP_LOCAL4,
	       SQ_ADDR4, SQ_CONFIG, "local4"),
	SQ_ONE(struct svcseq_step, local, SVCSEQ_A_STEP_LOCAL6,
	       SQ_ADDR6, SQ_CONFIG, "local6"),
	SQ_ONE(struct svcseq_step, remote, SVCSEQ_A_STEP_REMOTE4,
	       SQ_ADDR4, SQ_CONFIG, "remote4"),
	SQ_ONE(struct svcseq_step, remote, SVCSEQ_A_STEP_REMOTE6,
	       SQ_ADDR6, SQ_CONFIG, "remote6"),
	SQ_ONE(struct svcseq_step, on_fail, SVCSEQ_A_STEP_ON_FAIL,
	       SQ_U8, SQ_CONFIG, "on-fail"),
	SQ_ONE(struct svcseq_step, alternate, SVCSEQ_A_STEP_ALTERNATE,
	       SQ_STRING, SQ_CONFIG, "alternate"),
};

static const struct sq_shape step_shape = SQ_SHAPE(struct svcseq_step, step);

static const struct sq_field fields[] = {
	SQ_ONE(struct svcseq_sequence, name, SVCSEQ_A_SEQUENCE_NAME,
	       SQ_STRING, SQ_KEY, "name"),
	SQ_MANY(struct svcseq_sequence, step, n_steps, SVCSEQ_A_SEQUENCE_STEP,
		SQ_NEST, SQ_CONFIG, "step", &step_shape),
	SQ_ONE(struct svcseq_sequence, uplink, SVCSEQ_A_SEQUENCE_UPLINK_IFINDEX,
	       SQ_IFINDEX, SQ_CONFIG, "uplink-ifindex"),
	SQ_ONE(struct svcseq_sequence, uplink, SVCSEQ_A_SEQUENCE_UPLINK_IFNAME,
	       SQ_IFNAME, SQ_CONFIG, "uplink-ifname"),
	SQ_ONE(struct svcseq_sequence, from, SVCSEQ_A_SEQUENCE_FROM,
	       SQ_STRING, SQ_CONFIG, "from"),
	SQ_ONE(struct svcseq_sequence, owner, SVCSEQ_A_SEQUENCE_OWNER,
	       SQ_U8, SQ_CONFIG, "owner"),
	SQ_ONE(struct svcseq_sequence, services, SVCSEQ_A_SEQUENCE_SERVICES,
	       SQ_U32, SQ_OUT, "services"),
	SQ_ONE(struct svcseq_sequence, generation, SVCSEQ_A_SEQUENCE_GENERATION,
	       SQ_U32, SQ_OUT, "generation"),
	SQ_ONE(struct svcseq_sequence, path_id, SVCSEQ_A_SEQUENCE_PATH_ID,
	       SQ_U32, SQ_CONFIG, "path-id"),
	SQ_ONE(struct svcseq_sequence, dscp, SVCSEQ_A_SEQUENCE_DSCP,
	       SQ_U8, SQ_CONFIG, "dscp"),
};

const struct sq_shape sq_sequence_shape =
	SQ_SHAPE(struct svcseq_sequence, fields);

/**
 * svcseq_sequence_add - Define a sequence.
 * @sq: handle
 * @seq: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_sequence_add(struct svcseq *sq, const struct svcseq_sequence *seq,
			struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_SEQUENCE_ADD, &sq_sequence_shape, SQ_CONFIG,
		     seq, NULL, err);
}

/**
 * svcseq_sequence_set - Replace a sequence as a whole.
 * @sq: handle
 * @seq: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_sequence_set(struct svcseq *sq, const struct svcseq_sequence *seq,
			struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_SEQUENCE_SET, &sq_sequence_shape, SQ_CONFIG,
		     seq, NULL, err);
}

/**
 * svcseq_sequence_del - Forget a sequence.
 * @sq: handle
 * @key: which; only the name counts
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_sequence_del(struct svcseq *sq, const struct svcseq_sequence *key,
			struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_SEQUENCE_DEL, &sq_sequence_shape, SQ_KEY,
		     key, NULL, err);
}

/**
 * svcseq_sequence_get - Read one sequence.
 * @sq: handle
 * @key: which; only the name counts
 * @seq: what is read
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_sequence_get(struct svcseq *sq, const struct svcseq_sequence *key,
			struct svcseq_sequence *seq, struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_SEQUENCE_GET, &sq_sequence_shape, SQ_KEY,
		     key, seq, err);
}

struct each {
	svcseq_sequence_cb *cb;
	void *data;
};

static int deliver(const void *obj, void *data)
{
	const struct each *each = data;

	return each->cb(obj, each->data);
}

/**
 * svcseq_sequence_each - List all sequences.
 * @sq: handle
 * @cb: called for each
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, or a negative errno value.
 */
int svcseq_sequence_each(struct svcseq *sq, svcseq_sequence_cb *cb, void *data,
			 struct svcseq_error *err)
{
	struct each each = { .cb = cb, .data = data };
	struct svcseq_sequence seq;

	return sq_dump(sq, SVCSEQ_CMD_SEQUENCE_GET, &sq_sequence_shape, NULL,
		       &seq, deliver, &each, err);
}
