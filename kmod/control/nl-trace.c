// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of traces: a socket that has asked is told of packets until
 * it closes.
 */

#include <linux/notifier.h>

#include "../table/engine.h"
#include "../table/key.h"
#include "../table/refuse.h"
#include "../table/trace.h"
#include "netlink.h"

/* enough for an event with all its attributes */
#define TRACE_MSG_SIZE	512

static int put_service(struct sk_buff *skb, const struct svcseq_trace *t)
{
	const struct svcseq_service *svc = t->svc;

	if (!svc)
		return 0;
	if (svcseq_nl_put_addr(skb, SVCSEQ_A_TRACE_ADDR4,
			       SVCSEQ_A_TRACE_ADDR6, svc->fam,
			       svcseq_service_addr(svc)) ||
	    nla_put_u8(skb, SVCSEQ_A_TRACE_PROTO, svc->proto) ||
	    (svc->port &&
	     nla_put_be16(skb, SVCSEQ_A_TRACE_PORT, cpu_to_be16(svc->port))) ||
	    nla_put_u8(skb, SVCSEQ_A_TRACE_DIRECTION, t->dir) ||
	    (t->sequence &&
	     nla_put_string(skb, SVCSEQ_A_TRACE_SEQUENCE, t->sequence)))
		return -EMSGSIZE;
	return 0;
}

/* Who handed it in, and who gets it. */
static int put_place(struct sk_buff *skb, const struct svcseq_trace *t)
{
	if ((t->from && nla_put_string(skb, SVCSEQ_A_TRACE_FROM, t->from)) ||
	    (t->from_step != SVCSEQ_AT_EDGE &&
	     nla_put_u8(skb, SVCSEQ_A_TRACE_FROM_STEP, t->from_step)) ||
	    (t->to && nla_put_string(skb, SVCSEQ_A_TRACE_TO, t->to)) ||
	    (t->to_step != SVCSEQ_AT_EDGE &&
	     nla_put_u8(skb, SVCSEQ_A_TRACE_TO_STEP, t->to_step)) ||
	    nla_put_u32(skb, SVCSEQ_A_TRACE_IN_IFINDEX, t->in->ifindex) ||
	    (t->out && nla_put_u32(skb, SVCSEQ_A_TRACE_OUT_IFINDEX,
				   t->out->ifindex)))
		return -EMSGSIZE;
	return 0;
}

static int put_wire(struct sk_buff *skb, const struct svcseq_trace *t)
{
	if (nla_put_u32(skb, SVCSEQ_A_TRACE_LENGTH, t->len) ||
	    (t->has_addr &&
	     (svcseq_nl_put_addr(skb, SVCSEQ_A_TRACE_SRC4, SVCSEQ_A_TRACE_SRC6,
				 t->fam, &t->src) ||
	      svcseq_nl_put_addr(skb, SVCSEQ_A_TRACE_DST4, SVCSEQ_A_TRACE_DST6,
				 t->fam, &t->dst) ||
	      nla_put_u8(skb, SVCSEQ_A_TRACE_WIRE_PROTO, t->proto))) ||
	    (t->has_ports &&
	     (nla_put_be16(skb, SVCSEQ_A_TRACE_SPORT, t->sport) ||
	      nla_put_be16(skb, SVCSEQ_A_TRACE_DPORT, t->dport))))
		return -EMSGSIZE;
	return 0;
}

static int event_fill(struct sk_buff *skb, const struct svcseq_trace *t,
		      u64 time, u32 lost)
{
	if ((time && nla_put_u64_64bit(skb, SVCSEQ_A_TRACE_TIME, time,
				       SVCSEQ_A_TRACE_PAD)) ||
	    nla_put_u8(skb, SVCSEQ_A_TRACE_VERDICT, t->verdict) ||
	    (t->reason &&
	     nla_put_string(skb, SVCSEQ_A_TRACE_REASON, t->reason)) ||
	    (lost && nla_put_u32(skb, SVCSEQ_A_TRACE_LOST, lost)) ||
	    put_service(skb, t) || put_place(skb, t) || put_wire(skb, t))
		return -EMSGSIZE;
	return 0;
}

static struct sk_buff *event_new(const struct svcseq_trace *t, u32 portid,
				 u32 seq, u64 time, u32 lost)
{
	struct sk_buff *msg = genlmsg_new(TRACE_MSG_SIZE, GFP_ATOMIC);
	void *hdr;

	if (!msg)
		return NULL;
	hdr = genlmsg_put(msg, portid, seq, &svcseq_nl_family, 0,
			  SVCSEQ_CMD_TRACE_EVENT);
	if (!hdr || event_fill(msg, t, time, lost)) {
		nlmsg_free(msg);
		return NULL;
	}
	genlmsg_end(msg, hdr);
	return msg;
}

static bool event_send(const struct svcseq_tracer *tracer,
		       const struct svcseq_trace *t)
{
	struct sk_buff *msg = event_new(t, tracer->portid, 0,
					ktime_get_real_ns(), tracer->lost);

	return msg && !genlmsg_unicast(tracer->sn->net, msg, tracer->portid);
}

/* @arg: the request */
static int event_answer(const struct svcseq_trace *t, void *arg)
{
	struct genl_info *info = arg;
	struct sk_buff *msg = event_new(t, info->snd_portid, info->snd_seq, 0,
					0);

	return msg ? genlmsg_reply(msg, info) : -ENOMEM;
}

static int filter_client(struct svcseq_trace_filter *f, struct genl_info *info)
{
	const struct nlattr *v4 = info->attrs[SVCSEQ_A_TRACE_CLIENT4];
	const struct nlattr *v6 = info->attrs[SVCSEQ_A_TRACE_CLIENT6];
	const struct nlattr *len = info->attrs[SVCSEQ_A_TRACE_CLIENT_LEN];
	u8 most = v4 ? 32 : 128;

	if (!v4 && !v6 && !len)
		return 0;
	if (!v4 == !v6)
		return svcseq_refuse(info->extack, -EINVAL,
				     "trace: give one client address, client4 or client6");
	f->has_client = true;
	f->client_fam = v4 ? SVCSEQ_V4 : SVCSEQ_V6;
	svcseq_nl_get_addr(&f->client, f->client_fam, v4 ?: v6);
	f->client_len = len ? nla_get_u8(len) : most;
	if (f->client_len > most)
		return svcseq_refuse(info->extack, -EINVAL,
				     "trace: 'client-len' is %u, but an IPv%d address has %u bits",
				     f->client_len, v4 ? 4 : 6, most);
	return 0;
}

static int filter_service(struct svcseq_trace_filter *f, struct genl_info *info)
{
	const struct nlattr *v4 = info->attrs[SVCSEQ_A_TRACE_ADDR4];
	const struct nlattr *v6 = info->attrs[SVCSEQ_A_TRACE_ADDR6];
	const struct nlattr *proto = info->attrs[SVCSEQ_A_TRACE_PROTO];
	const struct nlattr *port = info->attrs[SVCSEQ_A_TRACE_PORT];

	if (!v4 && !v6 && !proto && !port)
		return 0;
	if (!v4 == !v6)
		return svcseq_refuse(info->extack, -EINVAL,
				     "trace: give one address of the service, addr4 or addr6");
	if (!proto != !port)
		return svcseq_refuse(info->extack, -EINVAL,
				     "trace: '%s' of the service is missing; give both, or neither",
				     proto ? "port" : "proto");
	f->has_service = true;
	f->service_fam = v4 ? SVCSEQ_V4 : SVCSEQ_V6;
	svcseq_nl_get_addr(&f->service, f->service_fam, v4 ?: v6);
	if (proto) {
		f->proto = nla_get_u8(proto);
		f->port = be16_to_cpu(nla_get_be16(port));
	}
	return 0;
}

/**
 * svcseq_nl_trace_start_doit - SVCSEQ_CMD_TRACE_START
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_trace_start_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	struct nlattr *rate = info->attrs[SVCSEQ_A_TRACE_RATE];
	struct svcseq_trace_filter filter = {};
	int err;

	err = filter_client(&filter, info);
	if (!err)
		err = filter_service(&filter, info);
	if (err)
		return err;
	mutex_lock(&sn->cfg_lock);
	err = svcseq_trace_start(sn, info->snd_portid,
				 rate ? nla_get_u32(rate) : SVCSEQ_TRACE_RATE,
				 &filter);
	mutex_unlock(&sn->cfg_lock);
	return err;
}

/* one address, protocol and port: what a packet carries */
static const struct svcseq_nl_service_attrs service_attrs = {
	.addr4 = SVCSEQ_A_TRACE_ADDR4,
	.addr6 = SVCSEQ_A_TRACE_ADDR6,
	.proto = SVCSEQ_A_TRACE_PROTO,
	.port = SVCSEQ_A_TRACE_PORT,
};

static int simulation_parse(struct svcseq_simulation *sim,
			    struct svcseq_service_id *id,
			    struct genl_info *info)
{
	struct svcseq_trace_filter filter = {};
	struct nlattr **attrs = info->attrs;
	int err;

	err = filter_client(&filter, info);
	if (!err)
		err = svcseq_nl_service_id(info->extack, attrs,
					   &service_attrs, id);
	if (err)
		return err;
	if (!filter.has_client || filter.client_fam != id->fam)
		return svcseq_refuse(info->extack, -EINVAL,
				     "trace: a simulation needs a client address of the service's family; give it one");
	sim->addr = id->addr;
	sim->proto = id->proto;
	sim->port = id->first;
	sim->client = filter.client;
	sim->client_port = cpu_to_be16(SVCSEQ_TRACE_CLIENT_PORT);
	if (attrs[SVCSEQ_A_TRACE_CLIENT_PORT])
		sim->client_port =
			nla_get_be16(attrs[SVCSEQ_A_TRACE_CLIENT_PORT]);
	sim->dir = SVCSEQ_DIRECTION_REQUEST;
	if (attrs[SVCSEQ_A_TRACE_DIRECTION])
		sim->dir = nla_get_u8(attrs[SVCSEQ_A_TRACE_DIRECTION]);
	if (sim->dir != SVCSEQ_DIRECTION_REQUEST &&
	    sim->dir != SVCSEQ_DIRECTION_REPLY)
		return svcseq_refuse(info->extack, -EINVAL,
				     "trace: a simulated packet has one direction; say request or reply");
	if (attrs[SVCSEQ_A_TRACE_LENGTH])
		sim->len = nla_get_u32(attrs[SVCSEQ_A_TRACE_LENGTH]);
	return 0;
}

/**
 * svcseq_nl_trace_simulate_doit - SVCSEQ_CMD_TRACE_SIMULATE
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_trace_simulate_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	struct svcseq_simulation sim = {};
	struct svcseq_service_id id;
	int err;

	err = simulation_parse(&sim, &id, info);
	if (err)
		return err;
	mutex_lock(&sn->cfg_lock);
	sim.svc = svcseq_service_at(sn, &id);
	if (sim.svc)
		err = svcseq_trace_simulate(sn, &sim, event_answer, info,
					    info->extack);
	else
		err = svcseq_service_missing(&id, info->extack);
	mutex_unlock(&sn->cfg_lock);
	return err;
}

/* A socket is closed: whatever it was good for, it reads no more. */
static int trace_released(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	const struct netlink_notify *n = ptr;
	struct svcseq_net *sn;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	sn = svcseq_engine(n->net);
	mutex_lock(&sn->cfg_lock);
	svcseq_trace_stop(sn, n->portid);
	mutex_unlock(&sn->cfg_lock);
	return NOTIFY_DONE;
}

static struct notifier_block trace_nb = {
	.notifier_call = trace_released,
};

/**
 * svcseq_nl_trace_init - be ready for readers
 *
 * Context: module init, before requests are taken.
 * Return: 0 or a negative errno.
 */
int __init svcseq_nl_trace_init(void)
{
	svcseq_trace_set_send(event_send);
	return netlink_register_notifier(&trace_nb);
}

/**
 * svcseq_nl_trace_exit - have no more readers
 *
 * Context: module exit, when no requests are taken any more.
 */
void svcseq_nl_trace_exit(void)
{
	netlink_unregister_notifier(&trace_nb);
}
