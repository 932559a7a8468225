// SPDX-License-Identifier: GPL-2.0
/* Emission: counts a packet, gives it its link layer header and sends it, or
 * drops it and counts that. What every packet goes through is inlined by force
 * and the rest kept out: a call costs more than most of the bodies.
 */

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <net/dsfield.h>
#include <net/gso.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/neighbour.h>
#include <net/route.h>

#include "../table/counters.h"
#include "emit.h"
#include "fragment.h"
#include "icmp.h"
#include "pool.h"
#include "rewrite.h"
#include "simulate.h"
#include "tag.h"
#include "watch.h"

/**
 * svcseq_emit_drop - drop a packet
 * @pkt: the packet
 * @skb: its buffer, or that of a copy
 * @reason: why
 *
 * Context: softirq, RCU.
 */
void svcseq_emit_drop(const struct svcseq_pkt *pkt, struct sk_buff *skb,
		      enum svcseq_drop_reason reason)
{
	if (svcseq_watch_drop(pkt, skb, reason)) {
		consume_skb(skb);
		return;
	}
	svcseq_stats_add(pkt->port->sn->drops, reason, skb->len);
	if (pkt->svc && reason != SVCSEQ_DROP_COPY_FAILED)
		svcseq_stats_add(pkt->svc->stats, SVCSEQ_SERVICE_DROPPED,
				 skb->len);
	kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
}

/* The net device that a packet leaves by, with what is needed on the way. */
struct way {
	struct net_device *dev;
	struct dst_entry *dst;	/* a reference, or NULL */
	union svcseq_addr nh;
};

static bool way_by_route4(struct way *way, const struct svcseq_pkt *pkt,
			  int oif)
{
	const struct iphdr *iph = (struct iphdr *)pkt->skb->data;
	struct flowi4 fl4 = {
		.daddr = iph->daddr,
		.flowi4_oif = oif,
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
	};
	struct rtable *rt;

	rt = ip_route_output_key(pkt->port->sn->net, &fl4);
	if (IS_ERR(rt))
		return false;
	way->dst = &rt->dst;
	way->dev = rt->dst.dev;
	way->nh.v4 = rt_nexthop(rt, iph->daddr);
	return rt->rt_type == RTN_UNICAST && rt->rt_gw_family != AF_INET6;
}

static bool way_by_route6(struct way *way, const struct svcseq_pkt *pkt,
			  int oif)
{
	struct ipv6hdr *ip6h = (struct ipv6hdr *)pkt->skb->data;
	struct flowi6 fl6 = {
		.daddr = ip6h->daddr,
		.flowi6_oif = oif,
		.flowi6_flags = FLOWI_FLAG_ANYSRC,
	};

	way->dst = ip6_route_output(pkt->port->sn->net, NULL, &fl6);
	if (way->dst->error)
		return false;
	way->dev = way->dst->dev;
	way->nh.v6 = *rt6_nexthop(dst_rt6_info(way->dst), &ip6h->daddr);
	return !(way->dev->flags & IFF_LOOPBACK);
}

static bool way_by_route(struct way *way, const struct svcseq_pkt *pkt,
			 const struct svcseq_out *out)
{
	int oif = out->dev ? out->dev->ifindex : 0;

	if (pkt->fam == SVCSEQ_V4)
		return way_by_route4(way, pkt, oif);
	return way_by_route6(way, pkt, oif);
}

/* Nothing is sent or counted yet; @more bytes will be put before the packet.
 * Returns SVCSEQ_NDROPS if it can be sent.
 */
static __always_inline enum svcseq_drop_reason
dev_check(const struct svcseq_pkt *pkt, const struct net_device *dev,
	  unsigned int more)
{
	const struct sk_buff *skb = pkt->skb;
	unsigned int mtu;

	if (unlikely(!dev || !netif_running(dev) || !netif_carrier_ok(dev)))
		return SVCSEQ_DROP_PORT_DOWN;
	mtu = READ_ONCE(dev->mtu);
	mtu -= min(mtu, more);
	if (likely(skb->len <= mtu) || pkt->frag_max)
		return SVCSEQ_NDROPS;
	if (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu))
		return SVCSEQ_NDROPS;
	return SVCSEQ_DROP_TOO_BIG;
}

/* The upper three bits of the DSCP, which are what IP precedence was. */
static __always_inline u8 pkt_class(const struct sk_buff *skb, u8 fam)
{
	return fam == SVCSEQ_V4 ? skb->data[1] >> 5 :
				  (skb->data[0] & 0x0f) >> 1;
}

/* For the queues on the way out (RFC 4594). */
static const u8 class_priority[8] = {
	TC_PRIO_BESTEFFORT, TC_PRIO_BULK, TC_PRIO_BESTEFFORT,
	TC_PRIO_INTERACTIVE_BULK, TC_PRIO_INTERACTIVE, TC_PRIO_INTERACTIVE,
	TC_PRIO_CONTROL, TC_PRIO_CONTROL,
};

static __always_inline void skb_prepare(struct sk_buff *skb,
					const struct svcseq_pkt *pkt,
					struct net_device *dev)
{
	u8 class = pkt_class(skb, pkt->fam);

	skb->dev = dev;
	/* what an operator's filter has set is left, where this says nothing */
	if (unlikely(class))
		skb->priority = class_priority[class];
	/* a sum over the whole packet does not survive a change of it */
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	skb_set_transport_header(skb, pkt->view.l4_off);
}

static __always_inline void xmit_l2(struct sk_buff *skb, const u8 *l2)
{
	memcpy(skb_push(skb, ETH_HLEN), l2, ETH_HLEN);
	dev_queue_xmit(skb);
}

static void xmit_neigh(struct sk_buff *skb, u8 fam, const union svcseq_addr *nh)
{
	if (!nh) {
		dev_queue_xmit(skb);
		return;
	}
	neigh_xmit(fam == SVCSEQ_V4 ? NEIGH_ARP_TABLE : NEIGH_ND_TABLE,
		   skb->dev, nh, skb);
}

/* How the last few bytes of the way are gone. */
struct leave {
	struct net_device *dev;
	const u8 *l2;		/* or NULL */
	const union svcseq_addr *nh;	/* without @l2; NULL: no header */
	u8 fam;
	/* only where a header is put before the packet */
	const struct svcseq_hop_tag *tag;
	const struct svcseq_pkt *pkt;
};

static void leave_piece(struct sk_buff *skb, const void *arg)
{
	const struct leave *leave = arg;

	skb->dev = leave->dev;
	if (leave->tag && svcseq_tag_push(skb, leave->tag, leave->pkt->fam)) {
		svcseq_emit_drop(leave->pkt, skb, SVCSEQ_DROP_NO_MEMORY);
		return;
	}
	if (leave->l2)
		xmit_l2(skb, leave->l2);
	else
		xmit_neigh(skb, leave->fam, leave->nh);
}

static void leave_cut(const struct svcseq_pkt *pkt, struct sk_buff *skb,
		      const struct leave *leave)
{
	unsigned int mtu = READ_ONCE(leave->dev->mtu);

	if (leave->tag)
		mtu -= min_t(unsigned int, mtu, leave->tag->len);
	if (svcseq_fragment(pkt, skb, leave->dev, mtu, leave_piece, leave))
		svcseq_emit_drop(pkt, skb, SVCSEQ_DROP_NO_MEMORY);
	else
		consume_skb(skb);
}

static void leave_single(const struct svcseq_pkt *pkt, struct sk_buff *skb,
			 const struct leave *leave)
{
	if (pkt->frag_max)
		leave_cut(pkt, skb, leave);
	else
		leave_piece(skb, leave);
}

/* The segments of a super-packet, which nobody could cut apart later. */
static noinline void leave_one_by_one(const struct svcseq_pkt *pkt,
				      struct sk_buff *skb,
				      const struct leave *leave)
{
	struct sk_buff *segs, *next;

	if (!skb_is_gso(skb)) {
		leave_single(pkt, skb, leave);
		return;
	}
	segs = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segs)) {
		svcseq_emit_drop(pkt, skb, SVCSEQ_DROP_NO_MEMORY);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		leave_single(pkt, skb, leave);
	}
}

/* Enough headroom is there, and nothing can go wrong any more. */
static __always_inline void leave_now(const struct svcseq_pkt *pkt,
				      struct sk_buff *skb,
				      const struct leave *leave)
{
	skb_prepare(skb, pkt, leave->dev);
	if (unlikely(pkt->frag_max))
		leave_one_by_one(pkt, skb, leave);
	else if (leave->l2)
		xmit_l2(skb, leave->l2);
	else
		xmit_neigh(skb, pkt->fam, leave->nh);
}

/* The same with a header that nobody could put before each segment later. */
static void leave_tagged(const struct svcseq_pkt *pkt, struct sk_buff *skb,
			 const struct leave *leave)
{
	skb_prepare(skb, pkt, leave->dev);
	skb_reset_network_header(skb);
	leave_one_by_one(pkt, skb, leave);
}

/* The header is writable by now. ECN stays. A mark that tells the place of the
 * packet stays as well.
 */
static noinline void mark(const struct svcseq_pkt *pkt,
			  const struct svcseq_hop *hop, u8 dscp)
{
	u8 *l3 = pkt->skb->data;

	if (hop->flags & SVCSEQ_HOP_ENTER && hop->flags & SVCSEQ_HOP_MARK)
		return;
	if (pkt->fam == SVCSEQ_V4)
		ipv4_change_dsfield((struct iphdr *)l3, INET_ECN_MASK,
				    dscp << 2);
	else
		ipv6_change_dsfield((struct ipv6hdr *)l3, INET_ECN_MASK,
				    dscp << 2);
}

/* Counts a packet, and marks it if its service says so. */
static __always_inline void count(const struct svcseq_pkt *pkt,
				  const struct svcseq_hop *hop)
{
	unsigned int len = pkt->skb->len;
	u8 dscp;

	svcseq_stats_add(pkt->prog->stats, hop->index, len);
	if (hop->flags & SVCSEQ_HOP_ENTER)
		svcseq_stats_add(pkt->svc->stats, SVCSEQ_SERVICE_REQUEST, len);
	else if (hop->flags & SVCSEQ_HOP_LEAVE)
		svcseq_stats_add(pkt->svc->stats, SVCSEQ_SERVICE_REPLY, len);
	else
		return;
	dscp = READ_ONCE(pkt->svc->dscp);
	if (unlikely(dscp != SVCSEQ_DSCP_KEEP))
		mark(pkt, hop, dscp);
}

/* No copy could be made. */
static void copy_lost(const struct svcseq_pkt *pkt)
{
	if (!svcseq_watch_drop(pkt, pkt->skb, SVCSEQ_DROP_COPY_FAILED))
		svcseq_stats_add(pkt->port->sn->drops, SVCSEQ_DROP_COPY_FAILED,
				 pkt->skb->len);
}

/* Of a pool of taps, @tap is the one that gets it. */
static void emit_copy_to(const struct svcseq_pkt *pkt,
			 const struct svcseq_hop *hop, int i,
			 const struct svcseq_out *out, u8 tap)
{
	const struct svcseq_copy *copy = &hop->copies[i];
	struct leave leave = {
		.dev = out->dev,
		.l2 = out->l2_ok[pkt->fam] ? out->l2[pkt->fam] : NULL,
		.nh = out->bare ? NULL : &out->nh[pkt->fam],
		.fam = pkt->fam,
	};
	struct sk_buff *skb;

	/* its own head, for the headers of original and copy will differ */
	skb = pskb_copy(pkt->skb, GFP_ATOMIC);
	if (unlikely(!skb)) {
		copy_lost(pkt);
		return;
	}
	if (unlikely(dev_check(pkt, out->dev, 0) != SVCSEQ_NDROPS ||
		     (!leave.l2 && !out->nh_ok[pkt->fam] && !out->bare) ||
		     svcseq_rewrite_copy(pkt, hop, copy, skb) ||
		     skb_cow_head(skb, LL_RESERVED_SPACE(out->dev)))) {
		svcseq_emit_drop(pkt, skb, SVCSEQ_DROP_COPY_FAILED);
		return;
	}
	if (svcseq_watch_copy(pkt, hop, i, tap, skb)) {
		consume_skb(skb);
		return;
	}
	if (copy->fork)
		svcseq_stats_add(pkt->prog->stats, copy->fork->index + tap,
				 skb->len);
	leave_now(pkt, skb, &leave);
}

static noinline void emit_copy(const struct svcseq_pkt *pkt,
			       const struct svcseq_hop *hop, int i)
{
	const struct svcseq_copy *copy = &hop->copies[i];
	u8 tap;

	if (likely(!copy->fork)) {
		emit_copy_to(pkt, hop, i, &copy->out, 0);
		return;
	}
	tap = svcseq_pool_tap(pkt, copy->fork);
	if (tap == SVCSEQ_MAGLEV_NONE)
		copy_lost(pkt);
	else
		emit_copy_to(pkt, hop, i, &copy->fork->out[tap], tap);
}

static noinline enum svcseq_drop_reason rewrite_reason(int err)
{
	switch (err) {
	case -EINVAL:
		return SVCSEQ_DROP_TRUNCATED;
	case -ELOOP:
		return SVCSEQ_DROP_LOOP;
	default:
		return SVCSEQ_DROP_NO_MEMORY;
	}
}

/* Copies, rewriting: what is left once the way is known. */
static __always_inline enum svcseq_drop_reason
emit_ready(const struct svcseq_pkt *pkt, const struct svcseq_hop *hop,
	   const struct net_device *dev, unsigned int headroom,
	   unsigned int more)
{
	enum svcseq_drop_reason reason = dev_check(pkt, dev, more);
	int i, err;

	if (unlikely(reason != SVCSEQ_NDROPS))
		return reason;
	for (i = 0; i < hop->ncopies; i++)
		emit_copy(pkt, hop, i);
	if (hop->flags & SVCSEQ_HOP_REWRITE) {
		err = svcseq_rewrite_hop(pkt, hop);
		if (unlikely(err))
			return rewrite_reason(err);
	}
	if (unlikely(skb_cow_head(pkt->skb, headroom)))
		return SVCSEQ_DROP_NO_MEMORY;
	return SVCSEQ_NDROPS;
}

static bool may_be_cut(const struct svcseq_pkt *pkt)
{
	const struct iphdr *iph = (struct iphdr *)pkt->skb->data;

	return pkt->fam == SVCSEQ_V4 && !(iph->frag_off & htons(IP_DF));
}

/* Nothing is sent or counted yet. What is too big, with @more bytes before it,
 * goes in pieces, if its sender did not forbid it; else the sender is told.
 */
static noinline void emit_refused(const struct svcseq_pkt *pkt,
				  const struct svcseq_hop *hop,
				  const struct net_device *dev,
				  enum svcseq_drop_reason reason,
				  unsigned int more)
{
	unsigned int mtu;

	if (reason == SVCSEQ_DROP_TOO_BIG) {
		mtu = READ_ONCE(dev->mtu);
		mtu -= min(mtu, more);
		if (may_be_cut(pkt)) {
			struct svcseq_pkt cut = *pkt;

			cut.frag_max = min_t(unsigned int, mtu, U16_MAX);
			svcseq_emit(&cut, hop);
			return;
		}
		if (!svcseq_simulated(pkt->skb))
			svcseq_icmp_too_big(pkt, hop, mtu);
	}
	svcseq_emit_drop(pkt, pkt->skb, reason);
}

static noinline void emit_by_route(const struct svcseq_pkt *pkt,
				   const struct svcseq_hop *hop)
{
	enum svcseq_drop_reason reason = SVCSEQ_DROP_NO_ROUTE;
	struct leave leave = { .fam = pkt->fam };
	struct way way = {};

	if (way_by_route(&way, pkt, &hop->out))
		reason = emit_ready(pkt, hop, way.dev,
				    LL_RESERVED_SPACE(way.dev), 0);
	if (likely(reason == SVCSEQ_NDROPS)) {
		leave.dev = way.dev;
		leave.nh = &way.nh;
		if (!svcseq_watch_hop(pkt, hop, way.dev)) {
			count(pkt, hop);
			leave_now(pkt, pkt->skb, &leave);
		}
	} else {
		emit_refused(pkt, hop, way.dev, reason, 0);
	}
	dst_release(way.dst);
}

/* By a way that is known only in part, or with @tag before the packet; then it
 * goes by the header's family.
 */
static noinline void emit_by_out(const struct svcseq_pkt *pkt,
				 const struct svcseq_hop *hop,
				 const struct svcseq_out *out, u8 fam,
				 const struct svcseq_hop_tag *tag)
{
	unsigned int more = tag ? tag->len : 0;
	enum svcseq_drop_reason reason;
	struct leave leave = {
		.dev = out->dev,
		.l2 = out->l2_ok[fam] ? out->l2[fam] : NULL,
		.nh = out->bare ? NULL : &out->nh[fam],
		.fam = fam,
		.tag = tag,
		.pkt = pkt,
	};

	reason = SVCSEQ_DROP_PORT_DOWN;
	if (out->dev)
		reason = SVCSEQ_DROP_NO_NEIGHBOUR;
	if (out->l2_ok[fam] || out->nh_ok[fam] || out->bare)
		reason = emit_ready(pkt, hop, out->dev,
				    LL_RESERVED_SPACE(out->dev) + more, more);
	if (unlikely(reason != SVCSEQ_NDROPS)) {
		emit_refused(pkt, hop, out->dev, reason, more);
		return;
	}
	if (svcseq_watch_hop(pkt, hop, out->dev))
		return;
	count(pkt, hop);
	if (tag)
		leave_tagged(pkt, pkt->skb, &leave);
	else
		leave_now(pkt, pkt->skb, &leave);
}

static noinline void emit_tagged(const struct svcseq_pkt *pkt,
				 const struct svcseq_hop *hop)
{
	const struct svcseq_hop_tag *tag = hop->tag;
	u8 fam = tag->out.method < SVCSEQ_TRACK_GRE ? pkt->fam : tag->out.fam;

	emit_by_out(pkt, hop, &tag->way, fam, tag);
}

/* What was put together goes as it came. */
static noinline void emit_pieces(const struct svcseq_pkt *pkt,
				 const struct svcseq_out *out)
{
	struct leave leave = {
		.dev = out->dev,
		.l2 = out->l2[pkt->fam],
		.fam = pkt->fam,
	};

	leave_one_by_one(pkt, pkt->skb, &leave);
}

/* To a member of a pool, or, if nobody is up, past it with all copies that it
 * would have made on its way there.
 */
static noinline void emit_by_pool(const struct svcseq_pkt *pkt,
				  const struct svcseq_hop *hop)
{
	const struct svcseq_hop *to = svcseq_pool_branch(pkt, hop->fork);
	int i;

	if (!to && !hop->fork->open) {
		svcseq_emit_drop(pkt, pkt->skb, SVCSEQ_DROP_POOL_DOWN);
		return;
	}
	if (!to) {
		to = hop->fork->open;
		for (i = 0; i < hop->ncopies; i++)
			emit_copy(pkt, hop, i);
		if (!svcseq_simulated(pkt->skb))
			svcseq_stats_add(pkt->prog->stats, hop->index,
					 pkt->skb->len);
	}
	svcseq_emit(pkt, to);
}

/**
 * svcseq_emit - let a packet take its hop
 * @pkt: the packet; consumed
 * @hop: the hop
 *
 * Context: softirq, RCU.
 */
void svcseq_emit(const struct svcseq_pkt *pkt, const struct svcseq_hop *hop)
{
	const struct svcseq_out *out = &hop->out;
	enum svcseq_drop_reason reason;

	if (unlikely(!out->l2_ok[pkt->fam])) {
		if (hop->flags & SVCSEQ_HOP_TAG)
			emit_tagged(pkt, hop);
		else if (hop->flags & SVCSEQ_HOP_POOL)
			emit_by_pool(pkt, hop);
		else if (hop->flags & SVCSEQ_HOP_ROUTE &&
			 !out->nh_ok[pkt->fam] && !out->bare)
			emit_by_route(pkt, hop);
		else
			emit_by_out(pkt, hop, out, pkt->fam, NULL);
		return;
	}

	reason = emit_ready(pkt, hop, out->dev, ETH_HLEN, 0);
	if (unlikely(reason != SVCSEQ_NDROPS)) {
		emit_refused(pkt, hop, out->dev, reason, 0);
		return;
	}
	if (svcseq_watch_hop(pkt, hop, out->dev))
		return;
	count(pkt, hop);
	skb_prepare(pkt->skb, pkt, out->dev);
	/* no &struct leave here: to fill one costs more than to send */
	if (unlikely(pkt->frag_max))
		emit_pieces(pkt, out);
	else
		xmit_l2(pkt->skb, out->l2[pkt->fam]);
}
