// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nl.h"

static const struct sq_field tie[] = {
	SQ_ONE(struct svcseq_tie, acl, SVCSEQ_A_TIE_ACL,
	       SQ_STRING, SQ_CONFIG, "acl"),
	SQ_ONE(struct svcseq_tie, dev, SVCSEQ_A_TIE_IFINDEX,
	       SQ_IFINDEX, SQ_CONFIG, "ifindex"),
	SQ_ONE(struct svcseq_tie, dev, SVCSEQ_A_TIE_IFNAME,
	       SQ_IFNAME, SQ_CONFIG, "ifname"),
};

static const struct sq_shape tie_shape = SQ_SHAPE(struct svcseq_tie, tie);

static const struct sq_field fields[] = {
	SQ_ONE(struct svcseq_service, addr, SVCSEQ_A_SERVICE_ADDR4,
	       SQ_ADDR4, SQ_KEY, "addr4"),
	SQ_ONE(struct svcseq_service, addr, SVCSEQ_A_SERVICE_ADDR6,
	       SQ_ADDR6, SQ_KEY, "addr6"),
	SQ_ONE(struct svcseq_service, proto, SVCSEQ_A_SERVICE_PROTO,
	       SQ_PROTO, SQ_KEY, "proto"),
	SQ_ONE(struct svcseq_service, port, SVCSEQ_A_SERVICE_PORT,
	       SQ_BE16, SQ_KEY, "port"),
	SQ_ONE(struct svcseq_service, prefix_len, SVCSEQ_A_SERVICE_PREFIX_LEN,
	       SQ_U8, SQ_KEY, "prefix-len"),
	SQ_ONE(struct svcseq_service, port_last, SVCSEQ_A_SERVICE_PORT_LAST,
	       SQ_BE16, SQ_KEY, "port-last"),
	SQ_ONE(struct svcseq_service, by, SVCSEQ_A_SERVICE_BY,
	       SQ_U8, SQ_KEY, "by"),
	SQ_ONE(struct svcseq_service, dynamic_first,
	       SVCSEQ_A_SERVICE_DYNAMIC_FIRST, SQ_BE16, SQ_CONFIG,
	       "dynamic-first"),
	SQ_ONE(struct svcseq_service, dynamic_last,
	       SVCSEQ_A_SERVICE_DYNAMIC_LAST, SQ_BE16, SQ_CONFIG,
	       "dynamic-last"),
	SQ_ONE(struct svcseq_service, sequence, SVCSEQ_A_SERVICE_SEQUENCE,
	       SQ_STRING, SQ_CONFIG, "sequence"),
	SQ_ONE(struct svcseq_service, owner, SVCSEQ_A_SERVICE_OWNER,
	       SQ_U8, SQ_CONFIG, "owner"),
	SQ_IN(struct svcseq_service, request, SVCSEQ_A_SERVICE_REQUEST,
	      SQ_OUT, "request", &sq_counters_shape),
	SQ_IN(struct svcseq_service, reply, SVCSEQ_A_SERVICE_REPLY,
	      SQ_OUT, "reply", &sq_counters_shape),
	SQ_IN(struct svcseq_service, dropped, SVCSEQ_A_SERVICE_DROPPED,
	      SQ_OUT, "dropped", &sq_counters_shape),
	SQ_ONE(struct svcseq_service, dscp, SVCSEQ_A_SERVICE_DSCP,
	       SQ_U8, SQ_CONFIG, "dscp"),
	SQ_ONE(struct svcseq_service, limit_pps, SVCSEQ_A_SERVICE_LIMIT_PPS,
	       SQ_U32_OPT, SQ_CONFIG, "limit-pps"),
	SQ_ONE(struct svcseq_service, limit_kbps, SVCSEQ_A_SERVICE_LIMIT_KBPS,
	       SQ_U32_OPT, SQ_CONFIG, "limit-kbps"),
	SQ_ONE(struct svcseq_service, limit_burst, SVCSEQ_A_SERVICE_LIMIT_BURST,
	       SQ_U32_OPT, SQ_CONFIG, "limit-burst"),
	SQ_MANY(struct svcseq_service, tie, n_ties, SVCSEQ_A_SERVICE_ACL,
		SQ_NEST, SQ_CONFIG, "acl", &tie_shape),
	SQ_ONE(struct svcseq_service, no_acl, SVCSEQ_A_SERVICE_NO_ACL,
	       SQ_FLAG, SQ_CONFIG, "no-acl"),
};

const struct sq_shape sq_service_shape =
	SQ_SHAPE(struct svcseq_service, fields);

/**
 * svcseq_service_add - Tie addresses, protocols and ports to a sequence.
 * @sq: handle
 * @svc: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_service_add(struct svcseq *sq, const struct svcseq_service *svc,
		       struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_SERVICE_ADD, &sq_service_shape, SQ_CONFIG,
		     svc, NULL, err);
}

/**
 * svcseq_service_set - Give a service another sequence or access lists.
 * @sq: handle
 * @svc: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_service_set(struct svcseq *sq, const struct svcseq_service *svc,
		       struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_SERVICE_SET, &sq_service_shape, SQ_CONFIG,
		     svc, NULL, err);
}

/**
 * svcseq_service_del - Forget a service.
 * @sq: handle
 * @key: which; all that comes before its sequence counts
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_service_del(struct svcseq *sq, const struct svcseq_service *key,
		       struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_SERVICE_DEL, &sq_service_shape, SQ_KEY, key,
		     NULL, err);
}

/**
 * svcseq_service_get - Read one service.
 * @sq: handle
 * @key: which; all that comes before its sequence counts
 * @svc: what is read
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_service_get(struct svcseq *sq, const struct svcseq_service *key,
		       struct svcseq_service *svc, struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_SERVICE_GET, &sq_service_shape, SQ_KEY, key,
		     svc, err);
}

struct each {
	svcseq_service_cb *cb;
	void *data;
};

static int deliver(const void *obj, void *data)
{
	const struct each *each = data;

	return each->cb(obj, each->data);
}

/**
 * svcseq_service_each - List all services.
 * @sq: handle
 * @cb: called for each
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, or a negative errno value.
 */
int svcseq_service_each(struct svcseq *sq, svcseq_service_cb *cb, void *data,
			struct svcseq_error *err)
{
	struct each each = { .cb = cb, .data = data };
	struct svcseq_service svc;

	return sq_dump(sq, SVCSEQ_CMD_SERVICE_GET, &sq_service_shape, NULL,
		       &svc, deliver, &each, err);
}
