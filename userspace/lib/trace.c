// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include <linux/genetlink.h>

#include "nl.h"

struct svcseq_tracer {
	struct svcseq *sq;
	svcseq_trace_cb *cb;
	void *data;
	struct svcseq_trace trace;
};

static const struct sq_field fields[] = {
	SQ_ONE(struct svcseq_trace, client, SVCSEQ_A_TRACE_CLIENT4,
	       SQ_ADDR4, SQ_KEY, "client4"),
	SQ_ONE(struct svcseq_trace, client, SVCSEQ_A_TRACE_CLIENT6,
	       SQ_ADDR6, SQ_KEY, "client6"),
	SQ_ONE(struct svcseq_trace, client_len, SVCSEQ_A_TRACE_CLIENT_LEN,
	       SQ_U8, SQ_KEY, "client-len"),
	SQ_ONE(struct svcseq_trace, addr, SVCSEQ_A_TRACE_ADDR4,
	       SQ_ADDR4, SQ_KEY, "addr4"),
	SQ_ONE(struct svcseq_trace, addr, SVCSEQ_A_TRACE_ADDR6,
	       SQ_ADDR6, SQ_KEY, "addr6"),
	SQ_ONE(struct svcseq_trace, proto, SVCSEQ_A_TRACE_PROTO,
	       SQ_PROTO, SQ_KEY, "proto"),
	SQ_ONE(struct svcseq_trace, port, SVCSEQ_A_TRACE_PORT,
	       SQ_BE16, SQ_KEY, "port"),
	SQ_ONE(struct svcseq_trace, rate, SVCSEQ_A_TRACE_RATE,
	       SQ_U32, SQ_KEY, "rate"),
	SQ_ONE(struct svcseq_trace, client_port, SVCSEQ_A_TRACE_CLIENT_PORT,
	       SQ_BE16, SQ_CONFIG, "client-port"),
	SQ_ONE(struct svcseq_trace, direction, SVCSEQ_A_TRACE_DIRECTION,
	       SQ_U8, SQ_CONFIG, "direction"),
	SQ_ONE(struct svcseq_trace, length, SVCSEQ_A_TRACE_LENGTH,
	       SQ_U32, SQ_CONFIG, "length"),
	SQ_ONE(struct svcseq_trace, time, SVCSEQ_A_TRACE_TIME,
	       SQ_U64, SQ_OUT, "time"),
	SQ_ONE(struct svcseq_trace, verdict, SVCSEQ_A_TRACE_VERDICT,
	       SQ_U8, SQ_OUT, "verdict"),
	SQ_ONE(struct svcseq_trace, reason, SVCSEQ_A_TRACE_REASON,
	       SQ_STRING, SQ_OUT, "reason"),
	SQ_ONE(struct svcseq_trace, sequence, SVCSEQ_A_TRACE_SEQUENCE,
	       SQ_STRING, SQ_OUT, "sequence"),
	SQ_ONE(struct svcseq_trace, from, SVCSEQ_A_TRACE_FROM,
	       SQ_STRING, SQ_OUT, "from"),
	SQ_ONE(struct svcseq_trace, from_step, SVCSEQ_A_TRACE_FROM_STEP,
	       SQ_U8, SQ_OUT, "from-step"),
	SQ_ONE(struct svcseq_trace, to, SVCSEQ_A_TRACE_TO,
	       SQ_STRING, SQ_OUT, "to"),
	SQ_ONE(struct svcseq_trace, to_step, SVCSEQ_A_TRACE_TO_STEP,
	       SQ_U8, SQ_OUT, "to-step"),
	SQ_ONE(struct svcseq_trace, in, SVCSEQ_A_TRACE_IN_IFINDEX,
	       SQ_IFINDEX, SQ_OUT, "in-ifindex"),
	SQ_ONE(struct svcseq_trace, out, SVCSEQ_A_TRACE_OUT_IFINDEX,
	       SQ_IFINDEX, SQ_OUT, "out-ifindex"),
	SQ_ONE(struct svcseq_trace, src, SVCSEQ_A_TRACE_SRC4,
	       SQ_ADDR4, SQ_OUT, "src4"),
	SQ_ONE(struct svcseq_trace, src, SVCSEQ_A_TRACE_SRC6,
	       SQ_ADDR6, SQ_OUT, "src6"),
	SQ_ONE(struct svcseq_trace, dst, SVCSEQ_A_TRACE_DST4,
	       SQ_ADDR4, SQ_OUT, "dst4"),
	SQ_ONE(struct svcseq_trace, dst, SVCSEQ_A_TRACE_DST6,
	       SQ_ADDR6, SQ_OUT, "dst6"),
	SQ_ONE(struct svcseq_trace, wire_proto, SVCSEQ_A_TRACE_WIRE_PROTO,
	       SQ_PROTO, SQ_OUT, "wire-proto"),
	SQ_ONE(struct svcseq_trace, sport, SVCSEQ_A_TRACE_SPORT,
	       SQ_BE16, SQ_OUT, "sport"),
	SQ_ONE(struct svcseq_trace, dport, SVCSEQ_A_TRACE_DPORT,
	       SQ_BE16, SQ_OUT, "dport"),
	SQ_ONE(struct svcseq_trace, lost, SVCSEQ_A_TRACE_LOST,
	       SQ_U32, SQ_OUT, "lost"),
};

const struct sq_shape sq_trace_shape = SQ_SHAPE(struct svcseq_trace, fields);

/**
 * svcseq_trace_open - Ask to be told of packets.
 * @netns: as for svcseq_open()
 * @filter: of which
 * @err: error
 *
 * Return: a handle for svcseq_trace_close(), or NULL.
 */
struct svcseq_tracer *svcseq_trace_open(const char *netns,
					const struct svcseq_trace *filter,
					struct svcseq_error *err)
{
	struct svcseq *sq = svcseq_open(netns, err);
	struct svcseq_tracer *tracer;

	if (!sq)
		return NULL;
	tracer = calloc(1, sizeof(*tracer));
	if (!tracer) {
		sq_fail(err, ENOMEM, "no memory");
		goto close;
	}
	tracer->sq = sq;
	if (sq_listen(sq, err) ||
	    sq_do(sq, SVCSEQ_CMD_TRACE_START, &sq_trace_shape, SQ_KEY, filter,
		  NULL, err))
		goto free;
	return tracer;
free:
	free(tracer);
close:
	svcseq_close(sq);
	return NULL;
}

/**
 * svcseq_trace_close - Be told no more.
 * @tracer: handle, may be NULL
 */
void svcseq_trace_close(struct svcseq_tracer *tracer)
{
	if (!tracer)
		return;
	svcseq_close(tracer->sq);
	free(tracer);
}

/**
 * svcseq_trace_fd - Descriptor to poll for reading.
 * @tracer: handle
 *
 * Return: the descriptor.
 */
int svcseq_trace_fd(const struct svcseq_tracer *tracer)
{
	return sq_fd(tracer->sq);
}

static int event(struct svcseq *sq, const struct nlmsghdr *nlh, void *data,
		 struct svcseq_error *err)
{
	const struct genlmsghdr *gh = mnl_nlmsg_get_payload(nlh);
	struct svcseq_tracer *tracer = data;
	int ret;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*gh) ||
	    gh->cmd != SVCSEQ_CMD_TRACE_EVENT)
		return 0;
	ret = sq_read(sq, &sq_trace_shape, nlh, &tracer->trace, err);
	return ret ? ret : tracer->cb(&tracer->trace, tracer->data);
}

/**
 * svcseq_trace_read - Wait for packets and report them.
 * @tracer: handle
 * @cb: called for each; a value other than 0 ends the reading
 * @data: for @cb
 * @err: error
 *
 * Return: 0 after one or more packets, what @cb returned, or a negative errno
 * value.
 */
int svcseq_trace_read(struct svcseq_tracer *tracer, svcseq_trace_cb *cb,
		      void *data, struct svcseq_error *err)
{
	tracer->cb = cb;
	tracer->data = data;
	return sq_events(tracer->sq, event, tracer, err);
}

struct walk {
	struct svcseq *sq;
	svcseq_trace_cb *cb;
	void *data;
	int ret;
};

/* The rest of the answer is read, too, when the caller wants no more. */
static int step(const struct nlmsghdr *nlh, void *data,
		struct svcseq_error *err)
{
	struct svcseq_trace trace;
	struct walk *walk = data;
	int ret;

	if (walk->ret)
		return 0;
	ret = sq_read(walk->sq, &sq_trace_shape, nlh, &trace, err);
	if (ret)
		return ret;
	walk->ret = walk->cb(&trace, walk->data);
	return 0;
}

/**
 * svcseq_trace_simulate - Lead a packet through its chain without sending it.
 * @sq: handle
 * @what: client, service, and direction and length if they matter
 * @cb: called for each place where the engine would let go of the packet; a
 *   value other than 0 ends that
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, or a negative errno value.
 */
int svcseq_trace_simulate(struct svcseq *sq, const struct svcseq_trace *what,
			  svcseq_trace_cb *cb, void *data,
			  struct svcseq_error *err)
{
	struct walk walk = { .sq = sq, .cb = cb, .data = data };
	int ret;

	ret = sq_ask(sq, SVCSEQ_CMD_TRACE_SIMULATE, &sq_trace_shape, SQ_CONFIG,
		     what, step, &walk, err);
	return ret ? ret : walk.ret;
}
