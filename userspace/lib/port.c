// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nl.h"

static const struct sq_field counters[] = {
	SQ_ONE(struct svcseq_counters, packets, SVCSEQ_A_COUNTERS_PACKETS,
	       SQ_U64, SQ_OUT, "packets"),
	SQ_ONE(struct svcseq_counters, bytes, SVCSEQ_A_COUNTERS_BYTES,
	       SQ_U64, SQ_OUT, "bytes"),
};

const struct sq_shape sq_counters_shape =
	SQ_SHAPE(struct svcseq_counters, counters);

static const struct sq_field fields[] = {
	SQ_ONE(struct svcseq_port, dev, SVCSEQ_A_PORT_IFINDEX,
	       SQ_IFINDEX, SQ_KEY, "ifindex"),
	SQ_ONE(struct svcseq_port, dev, SVCSEQ_A_PORT_IFNAME,
	       SQ_IFNAME, SQ_KEY, "ifname"),
	SQ_ONE(struct svcseq_port, role, SVCSEQ_A_PORT_ROLE,
	       SQ_U8, SQ_CONFIG, "role"),
	SQ_ONE(struct svcseq_port, gateway4, SVCSEQ_A_PORT_GATEWAY4,
	       SQ_ADDR4, SQ_CONFIG, "gateway4"),
	SQ_ONE(struct svcseq_port, gateway6, SVCSEQ_A_PORT_GATEWAY6,
	       SQ_ADDR6, SQ_CONFIG, "gateway6"),
	SQ_ONE(struct svcseq_port, owner, SVCSEQ_A_PORT_OWNER,
	       SQ_U8, SQ_CONFIG, "owner"),
	SQ_IN(struct svcseq_port, received, SVCSEQ_A_PORT_RECEIVED,
	      SQ_OUT, "received", &sq_counters_shape),
	SQ_IN(struct svcseq_port, passed, SVCSEQ_A_PORT_PASSED,
	      SQ_OUT, "passed", &sq_counters_shape),
	SQ_ONE(struct svcseq_port, answer, SVCSEQ_A_PORT_ANSWER,
	       SQ_U8, SQ_CONFIG, "answer"),
};

const struct sq_shape sq_port_shape = SQ_SHAPE(struct svcseq_port, fields);

/**
 * svcseq_port_add - Hand a net device to the engine.
 * @sq: handle
 * @port: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_port_add(struct svcseq *sq, const struct svcseq_port *port,
		    struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_PORT_ADD, &sq_port_shape, SQ_CONFIG, port,
		     NULL, err);
}

/**
 * svcseq_port_set - Change what is set in a definition; the rest stays.
 * @sq: handle
 * @port: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_port_set(struct svcseq *sq, const struct svcseq_port *port,
		    struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_PORT_SET, &sq_port_shape, SQ_CONFIG, port,
		     NULL, err);
}

/**
 * svcseq_port_del - Take a port back.
 * @sq: handle
 * @key: which; only the net device counts
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_port_del(struct svcseq *sq, const struct svcseq_port *key,
		    struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_PORT_DEL, &sq_port_shape, SQ_KEY, key,
		     NULL, err);
}

/**
 * svcseq_port_get - Read one port.
 * @sq: handle
 * @key: which; only the net device counts
 * @port: what is read
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_port_get(struct svcseq *sq, const struct svcseq_port *key,
		    struct svcseq_port *port, struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_PORT_GET, &sq_port_shape, SQ_KEY, key,
		     port, err);
}

struct each {
	svcseq_port_cb *cb;
	void *data;
};

static int deliver(const void *obj, void *data)
{
	const struct each *each = data;

	return each->cb(obj, each->data);
}

/**
 * svcseq_port_each - List all ports.
 * @sq: handle
 * @cb: called for each
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, or a negative errno value.
 */
int svcseq_port_each(struct svcseq *sq, svcseq_port_cb *cb, void *data,
		     struct svcseq_error *err)
{
	struct each each = { .cb = cb, .data = data };
	struct svcseq_port port;

	return sq_dump(sq, SVCSEQ_CMD_PORT_GET, &sq_port_shape, NULL, &port,
		       deliver, &each, err);
}
