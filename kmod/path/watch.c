// SPDX-License-Identifier: GPL-2.0
/* Watching: writes down what is known of a packet where the engine lets go of
 * it, and shows that to tracepoints and traces.
 */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>

#include "../table/counters.h"
#include "../table/health.h"
#include "simulate.h"
#include "watch.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/**
 * svcseq_watch_reg - somebody listens to a tracepoint
 *
 * Context: process.
 * Return: 0.
 */
int svcseq_watch_reg(void)
{
	svcseq_trace_more(1);
	return 0;
}

/**
 * svcseq_watch_unreg - nobody listens to a tracepoint any more
 *
 * Context: process.
 */
void svcseq_watch_unreg(void)
{
	svcseq_trace_more(-1);
}

static bool tell_addrs(struct svcseq_trace *t, const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP) &&
	    skb_headlen(skb) >= sizeof(struct iphdr)) {
		const struct iphdr *iph = (struct iphdr *)skb->data;

		t->fam = SVCSEQ_V4;
		t->src.v4 = iph->saddr;
		t->dst.v4 = iph->daddr;
		t->proto = iph->protocol;
		return true;
	}
	if (skb->protocol == htons(ETH_P_IPV6) &&
	    skb_headlen(skb) >= sizeof(struct ipv6hdr)) {
		const struct ipv6hdr *ip6h = (struct ipv6hdr *)skb->data;

		t->fam = SVCSEQ_V6;
		t->src.v6 = ip6h->saddr;
		t->dst.v6 = ip6h->daddr;
		t->proto = ip6h->nexthdr;
		return true;
	}
	return false;
}

/* The ports as they are now: the view was taken before rewriting. */
static void tell_ports(struct svcseq_trace *t, const struct svcseq_view *view,
		       const struct sk_buff *skb)
{
	__be16 port[2] = { view->sport, view->dport };

	if (skb_headlen(skb) >= view->l4_off + sizeof(port))
		memcpy(port, skb->data + view->l4_off, sizeof(port));
	t->has_ports = true;
	t->proto = view->proto;
	t->sport = port[0];
	t->dport = port[1];
}

static void tell_packet(struct svcseq_trace *t, const struct svcseq_pkt *pkt,
			const struct sk_buff *skb, bool ports, u8 verdict)
{
	memset(t, 0, sizeof(*t));
	t->verdict = verdict;
	t->in = pkt->port->dev;
	t->from_step = SVCSEQ_AT_EDGE;
	t->to_step = SVCSEQ_AT_EDGE;
	if (skb) {
		t->len = skb->len;
		t->has_addr = tell_addrs(t, skb);
		if (ports)
			tell_ports(t, &pkt->view, skb);
	}
	if (pkt->svc) {
		const struct svcseq_sequence *seq =
			rcu_dereference(pkt->svc->seq);

		t->svc = pkt->svc;
		t->dir = pkt->dir;
		t->sequence = seq ? seq->name : NULL;
	}
}

static const char *name_of(const struct svcseq_device *dev)
{
	return dev ? dev->name : NULL;
}

/* What a ledger and a plan know stays as long as the program does. */
static void tell_place(struct svcseq_trace *t, const struct svcseq_prog *prog,
		       u16 index)
{
	t->placed = true;
	t->from_step = prog->info->hop[index].from_step;
	t->from = name_of(prog->info->ledger->hop[index].from);
}

/* What a packet says: a bare ACK of TCP wants no answer. */
static u8 health_says(const struct svcseq_pkt *pkt)
{
	const struct svcseq_view *view = &pkt->view;
	const struct tcphdr *th;
	struct tcphdr buf;
	u8 says = 0;

	if (view->proto != IPPROTO_TCP)
		return SVCSEQ_HEALTH_ASKS;
	th = skb_header_pointer(pkt->skb, view->l4_off, sizeof(buf), &buf);
	if (!th)
		return 0;
	if (th->syn && !th->ack)
		says |= SVCSEQ_HEALTH_CONNECTS;
	if (th->rst)
		says |= SVCSEQ_HEALTH_REFUSES;
	if (th->syn || th->fin ||
	    pkt->skb->len > view->l4_off + th->doff * 4)
		says |= SVCSEQ_HEALTH_ASKS;
	return says;
}

static void watch_health(const struct svcseq_pkt *pkt, u16 index)
{
	const struct svcseq_prog_info *info = pkt->prog->info;
	const struct svcseq_ledger_hop *whom = &info->ledger->hop[index];
	const struct svcseq_plan_hop *plan = &info->hop[index];
	struct svcseq_health *health;
	unsigned int len = pkt->skb->len;
	u8 says = health_says(pkt);

	health = whom->from && plan->from_copy < 0 ? whom->from->health : NULL;
	if (health && READ_ONCE(health->alarm.watch))
		svcseq_health_back(health,
				   plan->dir == SVCSEQ_DIRECTION_REQUEST ?
				   SVCSEQ_ARM_SIDE_INNER :
				   SVCSEQ_ARM_SIDE_OUTER, len, says);
	health = whom->to ? whom->to->health : NULL;
	if (health && READ_ONCE(health->alarm.watch))
		svcseq_health_sent(health, plan->to_side, len, says);
}

/**
 * svcseq_watch_hop_slow - svcseq_watch_hop() while somebody looks on
 * @pkt: the packet, rewritten
 * @hop: the hop
 * @dev: the net device that it leaves by
 *
 * Context: softirq, RCU.
 * Return: as svcseq_watch_hop().
 */
bool svcseq_watch_hop_slow(const struct svcseq_pkt *pkt,
			   const struct svcseq_hop *hop,
			   const struct net_device *dev)
{
	const struct svcseq_prog_info *info = pkt->prog->info;
	struct svcseq_trace t;

	if (hop->flags & SVCSEQ_HOP_WATCH && !svcseq_simulated(pkt->skb))
		watch_health(pkt, hop->index);
	if (!atomic_read(&svcseq_traced))
		return false;
	tell_packet(&t, pkt, pkt->skb, true, SVCSEQ_TRACE_VERDICT_HOP);
	tell_place(&t, pkt->prog, hop->index);
	t.to_step = info->hop[hop->index].to_step;
	t.to = name_of(info->ledger->hop[hop->index].to);
	t.out = dev;
	if (svcseq_simulated(pkt->skb)) {
		svcseq_simulate_hop(pkt, hop->index, &t);
		return true;
	}
	trace_svcseq_hop(&t);
	svcseq_trace_tell(pkt->port->sn, &t);
	return false;
}

/**
 * svcseq_watch_copy_slow - svcseq_watch_copy() while somebody looks on
 * @pkt: the packet that was copied
 * @hop: its hop
 * @i: number of the copy
 * @tap: which member of a pool of taps
 * @skb: the copy, rewritten
 *
 * Context: softirq, RCU.
 * Return: as svcseq_watch_copy().
 */
bool svcseq_watch_copy_slow(const struct svcseq_pkt *pkt,
			    const struct svcseq_hop *hop, int i, u8 tap,
			    const struct sk_buff *skb)
{
	const struct svcseq_prog_info *info = pkt->prog->info;
	const struct svcseq_tap_fork *fork = hop->copies[i].fork;
	struct svcseq_trace t;

	tell_packet(&t, pkt, skb, true, SVCSEQ_TRACE_VERDICT_COPY);
	tell_place(&t, pkt->prog, hop->index);
	t.to_step = info->hop[hop->index].copy[i].step;
	if (fork) {
		t.to = name_of(info->ledger->hop[fork->index + tap].tap[0]);
		t.out = fork->out[tap].dev;
	} else {
		t.to = name_of(info->ledger->hop[hop->index].tap[i]);
		t.out = hop->copies[i].out.dev;
	}
	if (svcseq_simulated(pkt->skb)) {
		svcseq_simulate_tell(pkt->skb, &t);
		return true;
	}
	trace_svcseq_copy(&t);
	svcseq_trace_tell(pkt->port->sn, &t);
	return false;
}

/* Who handed in a packet that may have no hop. */
static void tell_origin(struct svcseq_trace *t, const struct svcseq_pkt *pkt)
{
	const struct svcseq_sequence *seq = rcu_dereference(pkt->svc->seq);
	const struct svcseq_prog *prog = seq ? rcu_dereference(seq->prog) :
					       NULL;
	u64 origin;
	u16 i;

	if (READ_ONCE(pkt->port->role) == SVCSEQ_PORT_ROLE_UPLINK) {
		t->placed = true;
		return;
	}
	origin = svcseq_pkt_source(pkt);
	for (i = 0; prog && i < prog->nrows[0] + prog->nrows[1]; i++) {
		if (prog->row[i].origin != origin)
			continue;
		tell_place(t, prog, prog->row[i].hop);
		return;
	}
}

/**
 * svcseq_watch_drop_slow - svcseq_watch_drop() while somebody looks on
 * @pkt: the packet
 * @skb: what is dropped, or NULL if it is gone already
 * @reason: why
 *
 * Context: softirq, RCU.
 * Return: as svcseq_watch_drop().
 */
bool svcseq_watch_drop_slow(const struct svcseq_pkt *pkt,
			    const struct sk_buff *skb,
			    enum svcseq_drop_reason reason)
{
	struct svcseq_trace t;

	tell_packet(&t, pkt, skb, pkt->svc, SVCSEQ_TRACE_VERDICT_DROP);
	if (skb && pkt->svc)
		tell_origin(&t, pkt);
	t.reason = svcseq_drop_name(reason);
	if (skb && svcseq_simulated(pkt->skb)) {
		svcseq_simulate_tell(pkt->skb, &t);
		return true;
	}
	trace_svcseq_drop(&t);
	svcseq_trace_tell(pkt->port->sn, &t);
	return false;
}

/**
 * svcseq_watch_pass_slow - svcseq_watch_pass() while somebody looks on
 * @pkt: the packet
 * @ports: its ports are known
 *
 * What is not IP is nothing that the engine could have an opinion of.
 *
 * Context: softirq, RCU.
 */
void svcseq_watch_pass_slow(const struct svcseq_pkt *pkt, bool ports)
{
	struct svcseq_trace t;

	tell_packet(&t, pkt, pkt->skb, ports, SVCSEQ_TRACE_VERDICT_PASS);
	if (!t.has_addr)
		return;
	if (svcseq_simulated(pkt->skb)) {
		svcseq_simulate_tell(pkt->skb, &t);
		return;
	}
	trace_svcseq_pass(&t);
	svcseq_trace_tell(pkt->port->sn, &t);
}
