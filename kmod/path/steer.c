// SPDX-License-Identifier: GPL-2.0
/* Steering: the one way through the engine. Look at the packet, find its hop,
 * let it take it.
 */

#include <linux/if_ether.h>

#include "../core/bare.h"
#include "../table/counters.h"
#include "../table/limit.h"
#include "acl.h"
#include "answer.h"
#include "emit.h"
#include "fragment.h"
#include "icmp.h"
#include "origin.h"
#include "simulate.h"
#include "steer.h"
#include "tag.h"
#include "watch.h"

/* extension headers of IPv6 that a packet without ports is searched for */
#define PKT_BARE_PULL	1024

static enum svcseq_view_result view_parse(struct svcseq_pkt *pkt)
{
	const struct sk_buff *skb = pkt->skb;

	if (pkt->fam == SVCSEQ_V4)
		return svcseq_view_parse4(&pkt->view, skb->data,
					  skb_headlen(skb));
	return svcseq_view_parse6(&pkt->view, skb->data, skb_headlen(skb));
}

static enum svcseq_view_result pkt_look(struct svcseq_pkt *pkt)
{
	enum svcseq_view_result result;

	if (pkt->skb->protocol == htons(ETH_P_IP))
		pkt->fam = SVCSEQ_V4;
	else if (pkt->skb->protocol == htons(ETH_P_IPV6))
		pkt->fam = SVCSEQ_V6;
	else
		return SVCSEQ_VIEW_OTHER;

	/* a look that wants more bytes wants more than it had: this ends */
	while ((result = view_parse(pkt)) == SVCSEQ_VIEW_SHORT)
		if (!pskb_may_pull(pkt->skb, pkt->view.need))
			return SVCSEQ_VIEW_OTHER;
	return result;
}

/* Limits are for requests that enter the chain: what has come so far is not
 * thrown away halfway. Returns SVCSEQ_NDROPS if the packet may pass.
 */
static noinline enum svcseq_drop_reason
pkt_limit(const struct svcseq_pkt *pkt, const struct svcseq_hop *hop)
{
	struct svcseq_limit *limit;

	if (!(hop->flags & SVCSEQ_HOP_ENTER) || svcseq_simulated(pkt->skb))
		return SVCSEQ_NDROPS;
	limit = rcu_dereference(pkt->svc->limit);
	if (limit && !svcseq_limit_pass(limit, pkt->skb))
		return SVCSEQ_DROP_RATE_LIMIT;
	limit = rcu_dereference(pkt->port->sn->limit);
	if (limit && !svcseq_limit_pass(limit, pkt->skb))
		return SVCSEQ_DROP_OVERLOAD;
	return SVCSEQ_NDROPS;
}

/* Access lists come first: what is denied takes nothing of a limit. Returns
 * SVCSEQ_NDROPS if the packet may pass.
 */
static __always_inline enum svcseq_drop_reason
pkt_judge(const struct svcseq_pkt *pkt, const struct svcseq_hop *hop)
{
	const struct svcseq_ties *ties = rcu_dereference(pkt->svc->ties);

	if (unlikely(ties) && svcseq_acl_denies(pkt, hop, ties))
		return SVCSEQ_DROP_ACL_DENIED;
	if (static_branch_unlikely(&svcseq_limited))
		return pkt_limit(pkt, hop);
	return SVCSEQ_NDROPS;
}

/* A packet without ports, which only services of any protocol can be for. */
static noinline enum svcseq_view_result pkt_look_bare(struct svcseq_pkt *pkt)
{
	struct sk_buff *skb = pkt->skb;

	if (skb->protocol == htons(ETH_P_IP))
		return svcseq_bare_parse4(&pkt->view, skb->data,
					  skb_headlen(skb));
	/* as much of its headers as there may be */
	pskb_may_pull(skb, min_t(unsigned int, skb->len, PKT_BARE_PULL));
	return svcseq_bare_parse6(&pkt->view, skb->data, skb_headlen(skb));
}

static __always_inline bool pkt_wants_bare(const struct svcseq_pkt *pkt)
{
	__be16 protocol = pkt->skb->protocol;

	if (protocol != htons(ETH_P_IP) && protocol != htons(ETH_P_IPV6))
		return false;
	return READ_ONCE(pkt->port->sn->wide[pkt->fam]) & SVCSEQ_WIDE_BARE;
}

/* What is no whole packet with ports: an ICMP error about one, or a packet of a
 * service of other protocols.
 */
static noinline bool pkt_look_further(struct svcseq_pkt *pkt,
				      struct svcseq_icmp *icmp,
				      enum svcseq_view_result result)
{
	if (svcseq_icmp_look(pkt, icmp))
		return true;
	if (result != SVCSEQ_VIEW_OTHER || !pkt_wants_bare(pkt) ||
	    pkt_look_bare(pkt) != SVCSEQ_VIEW_OK)
		return false;
	pkt->bare = true;
	pkt->l3 = pkt->skb->data;
	return true;
}

static void pass_on(const struct svcseq_pkt *pkt, bool seen)
{
	svcseq_watch_pass(pkt, seen);
	svcseq_stats_add(pkt->port->stats, SVCSEQ_PORT_PASSED, pkt->skb->len);
}

/* What to do with a packet whose header with a position is off. */
static enum svcseq_verdict steer_taken(struct svcseq_pkt *pkt,
				       const struct svcseq_taken *tag)
{
	u32 place = tag->mark.path << 8 | tag->mark.position;
	enum svcseq_drop_reason reason = SVCSEQ_DROP_BAD_TAG;
	const struct svcseq_hop *hop = NULL;
	enum svcseq_view_result result;
	struct svcseq_icmp icmp;

	pkt->quote = NULL;
	pkt->frag_max = 0;
	pkt->bare = false;
	result = pkt_look(pkt);
	if (result == SVCSEQ_VIEW_FRAGMENT) {
		if (svcseq_fragment_gather(pkt, place) == SVCSEQ_STOLEN)
			return SVCSEQ_STOLEN;
		result = pkt_look(pkt);
	}
	pkt->l3 = pkt->skb->data;
	if (result == SVCSEQ_VIEW_OK || pkt_look_further(pkt, &icmp, result))
		hop = svcseq_origin_hop_tagged(pkt, tag);
	if (!pkt->svc && !pkt->frag_max) {
		svcseq_tag_back(pkt, tag);
		pass_on(pkt, false);
		return SVCSEQ_PASS;
	}

	svcseq_stats_add(pkt->port->stats, SVCSEQ_PORT_RECEIVED, pkt->skb->len);
	if (hop)
		reason = pkt_judge(pkt, hop);
	else if (pkt->svc)
		reason = svcseq_origin_reason_tagged(pkt, tag);
	/* else it was put together and cannot be taken apart again */
	if (reason == SVCSEQ_NDROPS && svcseq_tag_keep(pkt, tag))
		reason = SVCSEQ_DROP_BAD_TAG;
	if (reason == SVCSEQ_NDROPS)
		svcseq_emit(pkt, hop);
	else
		svcseq_emit_drop(pkt, pkt->skb, reason);
	return SVCSEQ_STOLEN;
}

/* A packet of no service, where some come with a header before them. */
static noinline enum svcseq_verdict steer_tagged(struct svcseq_pkt *pkt,
						 bool seen)
{
	struct svcseq_taken tag;

	/* somebody else looks at it as well: it cannot be taken apart */
	if (skb_shared(pkt->skb))
		goto pass;
	switch (svcseq_tag_take(pkt, &tag)) {
	case SVCSEQ_TAG_TAKEN:
		return steer_taken(pkt, &tag);
	case SVCSEQ_TAG_BAD:
		svcseq_emit_drop(pkt, pkt->skb, SVCSEQ_DROP_BAD_TAG);
		return SVCSEQ_STOLEN;
	default:
		break;
	}
pass:
	pass_on(pkt, seen);
	return SVCSEQ_PASS;
}

/* A packet of no service, unless a header before it says otherwise. */
static enum svcseq_verdict steer_none(struct svcseq_pkt *pkt, bool seen)
{
	if (unlikely(READ_ONCE(pkt->port->tags)))
		return steer_tagged(pkt, seen);
	pass_on(pkt, seen);
	return SVCSEQ_PASS;
}

/* A packet that was looked at; @seen if it has ports of its own. */
static __always_inline enum svcseq_verdict steer_looked(struct svcseq_pkt *pkt,
							bool seen)
{
	const struct svcseq_hop *hop = svcseq_origin_hop(pkt);
	struct svcseq_port *port = pkt->port;
	struct sk_buff *skb = pkt->skb;
	enum svcseq_drop_reason reason;

	if (!pkt->svc)
		return steer_none(pkt, seen);

	svcseq_stats_add(port->stats, SVCSEQ_PORT_RECEIVED, skb->len);
	if (unlikely(!hop)) {
		svcseq_emit_drop(pkt, skb, svcseq_origin_reason(pkt));
		return SVCSEQ_STOLEN;
	}
	reason = pkt_judge(pkt, hop);
	if (unlikely(reason != SVCSEQ_NDROPS)) {
		svcseq_emit_drop(pkt, skb, reason);
		return SVCSEQ_STOLEN;
	}
	pkt->skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!pkt->skb)) {
		svcseq_watch_drop(pkt, NULL, SVCSEQ_DROP_NO_MEMORY);
		svcseq_stats_add(port->sn->drops, SVCSEQ_DROP_NO_MEMORY, 0);
		return SVCSEQ_STOLEN;
	}
	svcseq_emit(pkt, hop);
	return SVCSEQ_STOLEN;
}

/* What a quote is looked at with stays out of the way of whole packets. */
static noinline enum svcseq_verdict steer_further(struct svcseq_pkt *pkt,
						  enum svcseq_view_result result)
{
	struct svcseq_icmp icmp;

	if (pkt_look_further(pkt, &icmp, result))
		return steer_looked(pkt, false);
	if (svcseq_answer(pkt->port, pkt->skb))
		return SVCSEQ_STOLEN;
	return steer_none(pkt, false);
}

/**
 * svcseq_steer - steer a packet
 * @port: the port that it came in by
 * @skb: the packet, data at the network header, MAC header set
 *
 * Context: softirq, RCU.
 * Return: what the caller has to do with @skb.
 */
enum svcseq_verdict svcseq_steer(struct svcseq_port *port, struct sk_buff *skb)
{
	enum svcseq_view_result result;
	struct svcseq_pkt pkt __svcseq_uninitialized;

	/* the other members are set before they are read */
	pkt.skb = skb;
	pkt.port = port;
	pkt.svc = NULL;
	pkt.quote = NULL;
	pkt.frag_max = 0;
	pkt.bare = false;
	result = pkt_look(&pkt);
	if (unlikely(result == SVCSEQ_VIEW_FRAGMENT)) {
		if (svcseq_fragment_gather(&pkt, 0) == SVCSEQ_STOLEN)
			return SVCSEQ_STOLEN;
		result = pkt_look(&pkt);
	}
	pkt.l3 = skb->data;
	if (unlikely(result != SVCSEQ_VIEW_OK))
		return steer_further(&pkt, result);
	return steer_looked(&pkt, true);
}
