// SPDX-License-Identifier: GPL-2.0
/* Traces: keeps who reads, and hands on what each of them wants. */

#include <linux/inetdevice.h>
#include <linux/jiffies.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "key.h"
#include "trace.h"

DEFINE_STATIC_KEY_FALSE(svcseq_watched);
atomic_t svcseq_traced;

static svcseq_trace_send *trace_send;
static svcseq_trace_walk *trace_walk;

/**
 * svcseq_watch_more - somebody begins to look at packets, or does so no more
 * @by: 1 or -1
 *
 * Context: process.
 */
void svcseq_watch_more(int by)
{
	if (by > 0)
		static_branch_inc(&svcseq_watched);
	else
		static_branch_dec(&svcseq_watched);
}

/**
 * svcseq_trace_more - the same of somebody who looks at all packets
 * @by: 1 or -1
 *
 * Context: process.
 */
void svcseq_trace_more(int by)
{
	atomic_add(by, &svcseq_traced);
	svcseq_watch_more(by);
}

/**
 * svcseq_trace_set_send - name who sends events
 * @send: the sender
 *
 * Context: module init, before anybody can read.
 */
void svcseq_trace_set_send(svcseq_trace_send *send)
{
	trace_send = send;
}

/**
 * svcseq_trace_set_walk - name who leads packets through chains
 * @walk: who does
 *
 * Context: module init, before anybody can ask.
 */
void svcseq_trace_set_walk(svcseq_trace_walk *walk)
{
	trace_walk = walk;
}

/**
 * svcseq_trace_simulate - lead a packet through its chain without sending it
 * @sn: the engine
 * @sim: the packet
 * @told: called wherever the engine would let go of it
 * @arg: passed to @told
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_trace_simulate(struct svcseq_net *sn,
			  const struct svcseq_simulation *sim,
			  svcseq_trace_told *told, void *arg,
			  struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	/* the packet ends where it is looked at */
	svcseq_trace_more(1);
	err = trace_walk(sn, sim, told, arg, extack);
	svcseq_trace_more(-1);
	return err;
}

static struct svcseq_tracer *tracer_find(struct svcseq_net *sn, u32 portid)
{
	struct svcseq_tracer *tracer;

	lockdep_assert_held(&sn->cfg_lock);

	list_for_each_entry(tracer, &sn->tracers, node)
		if (tracer->portid == portid)
			return tracer;
	return NULL;
}

static void tracer_end(struct svcseq_tracer *tracer)
{
	list_del_rcu(&tracer->node);
	kfree_rcu(tracer, rcu);
	svcseq_trace_more(-1);
}

/**
 * svcseq_trace_start - begin to tell a reader
 * @sn: the engine
 * @portid: address of its socket
 * @rate: most events of one second
 * @filter: what it wants to hear of
 *
 * A reader that is there already gets the new filter.
 *
 * Context: process, cfg_lock.
 * Return: 0 or -ENOMEM.
 */
int svcseq_trace_start(struct svcseq_net *sn, u32 portid, u32 rate,
		       const struct svcseq_trace_filter *filter)
{
	struct svcseq_tracer *tracer;

	lockdep_assert_held(&sn->cfg_lock);

	tracer = kzalloc(sizeof(*tracer), GFP_KERNEL_ACCOUNT);
	if (!tracer)
		return -ENOMEM;
	spin_lock_init(&tracer->lock);
	tracer->sn = sn;
	tracer->portid = portid;
	tracer->rate = rate;
	tracer->filter = *filter;
	tracer->second = jiffies;
	svcseq_trace_stop(sn, portid);
	list_add_tail_rcu(&tracer->node, &sn->tracers);
	svcseq_trace_more(1);
	return 0;
}

/**
 * svcseq_trace_stop - a reader went away
 * @sn: the engine
 * @portid: address of its socket, which may never have read a trace
 *
 * Context: process, cfg_lock.
 */
void svcseq_trace_stop(struct svcseq_net *sn, u32 portid)
{
	struct svcseq_tracer *tracer = tracer_find(sn, portid);

	if (tracer)
		tracer_end(tracer);
}

/**
 * svcseq_trace_flush - end all traces
 * @sn: the engine
 *
 * Context: process, cfg_lock.
 */
void svcseq_trace_flush(struct svcseq_net *sn)
{
	struct svcseq_tracer *tracer, *next;

	lockdep_assert_held(&sn->cfg_lock);

	list_for_each_entry_safe(tracer, next, &sn->tracers, node)
		tracer_end(tracer);
}

static bool addr_in(u8 fam, const union svcseq_addr *addr,
		    const union svcseq_addr *prefix, u8 len)
{
	if (fam == SVCSEQ_V4)
		return !((addr->v4 ^ prefix->v4) & inet_make_mask(len));
	return ipv6_prefix_equal(&addr->v6, &prefix->v6, len);
}

/* Does what a reader wants belong to this service? */
static bool owns(const struct svcseq_service *svc,
		 const struct svcseq_trace_filter *f)
{
	if (svc->fam != f->service_fam ||
	    !addr_in(svc->fam, &f->service, svcseq_service_addr(svc),
		     svc->len))
		return false;
	if (f->proto && svc->proto != f->proto &&
	    svc->proto != SVCSEQ_PROTO_ANY)
		return false;
	return !f->port || (f->port >= svc->first && f->port <= svc->last) ||
	       (f->port >= svc->dynamic_first && f->port <= svc->dynamic_last);
}

/* Inside the chain a packet may carry other addresses than the service's. */
static bool wants_service(const struct svcseq_trace_filter *f,
			  const struct svcseq_trace *t)
{
	u8 len = f->service_fam == SVCSEQ_V4 ? 32 : 128;

	if (t->svc)
		return owns(t->svc, f) &&
		       (t->svc->len == len ||
			addr_in(t->fam, &t->dst, &f->service, len) ||
			addr_in(t->fam, &t->src, &f->service, len));
	if (!t->has_addr || t->fam != f->service_fam)
		return false;
	if ((f->proto || f->port) &&
	    (!t->has_ports || t->proto != f->proto))
		return false;
	return (addr_in(t->fam, &t->dst, &f->service, len) &&
		(!f->port || be16_to_cpu(t->dport) == f->port)) ||
	       (addr_in(t->fam, &t->src, &f->service, len) &&
		(!f->port || be16_to_cpu(t->sport) == f->port));
}

static bool wants(const struct svcseq_trace_filter *f,
		  const struct svcseq_trace *t)
{
	if (f->has_service && !wants_service(f, t))
		return false;
	if (!f->has_client)
		return true;
	return t->has_addr && t->fam == f->client_fam &&
	       (addr_in(t->fam, &t->src, &f->client, f->client_len) ||
		addr_in(t->fam, &t->dst, &f->client, f->client_len));
}

static void tracer_tell(struct svcseq_tracer *tracer,
			const struct svcseq_trace *t)
{
	spin_lock(&tracer->lock);
	if (time_after_eq(jiffies, tracer->second + HZ)) {
		tracer->second = jiffies;
		tracer->told = 0;
	}
	if (tracer->told >= tracer->rate) {
		tracer->lost++;
	} else if (trace_send(tracer, t)) {
		tracer->told++;
		tracer->lost = 0;
	} else {
		tracer->lost++;
	}
	spin_unlock(&tracer->lock);
}

/**
 * svcseq_trace_tell - tell all readers that want to hear of it
 * @sn: the engine
 * @t: what is told
 *
 * Context: bottom halves off, RCU.
 */
void svcseq_trace_tell(struct svcseq_net *sn, const struct svcseq_trace *t)
{
	struct svcseq_tracer *tracer;

	list_for_each_entry_rcu(tracer, &sn->tracers, node)
		if (wants(&tracer->filter, t))
			tracer_tell(tracer, t);
}
