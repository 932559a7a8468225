// SPDX-License-Identifier: GPL-2.0
/* Rewriting: makes the bytes writable and has core/rewrite.c change them. */

#include "../core/quote.h"
#include "../core/rewrite.h"
#include "../table/key.h"
#include "rewrite.h"
#include "tag.h"

static noinline int quote_rewrite(const struct svcseq_pkt *pkt,
				  struct sk_buff *skb, const void *addr,
				  __be16 port)
{
	struct svcseq_quote_rewrite rw = {
		.len = svcseq_quote_len(pkt->quote, skb->len),
		.quote = pkt->quote,
		.addr = addr,
		.port = port,
		/* the quoted packet went the other way */
		.dst = pkt->dir == SVCSEQ_DIRECTION_REPLY,
	};

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return -ENOMEM;
	if (skb_ensure_writable(skb, rw.len))
		return -ENOMEM;
	rw.data = skb->data;
	if (pkt->fam == SVCSEQ_V4)
		svcseq_quote_rewrite4(&rw);
	else
		svcseq_quote_rewrite6(&rw);
	return 0;
}

/* SCTP's checksum depends on the length of the packet, without padding. */
static u32 sctp_len(const struct svcseq_pkt *pkt)
{
	u32 end = svcseq_pkt_len(pkt);

	return end > pkt->view.l4_off ? end - pkt->view.l4_off : 0;
}

static __always_inline struct svcseq_rewrite
rewrite_of(const struct svcseq_pkt *pkt, const struct sk_buff *skb,
	   const void *addr, __be16 port)
{
	return (struct svcseq_rewrite) {
		.l3 = skb->data,
		.l4 = skb->data + pkt->view.l4_off,
		.addr = addr,
		.port = port,
		.proto = pkt->view.proto,
		.end = pkt->dir == SVCSEQ_DIRECTION_REQUEST ?
			SVCSEQ_REWRITE_DST : SVCSEQ_REWRITE_SRC,
		.partial = skb->ip_summed == CHECKSUM_PARTIAL,
	};
}

/* This works on a description in memory, and would bring that of the common case
 * there as well.
 */
static noinline void rewrite_rest(const struct svcseq_pkt *pkt,
				  const struct sk_buff *skb, const void *addr,
				  __be16 port)
{
	struct svcseq_rewrite rw = rewrite_of(pkt, skb, addr, port);

	if (rw.proto == IPPROTO_SCTP)
		rw.l4_len = sctp_len(pkt);
	if (pkt->fam == SVCSEQ_V4)
		svcseq_rewrite4_any(&rw);
	else
		svcseq_rewrite6(&rw);
}

static __always_inline int skb_rewrite(const struct svcseq_pkt *pkt,
				       struct sk_buff *skb, const void *addr,
				       __be16 port)
{
	u32 len = pkt->view.l4_off + svcseq_rewrite_len(pkt->view.proto);
	struct svcseq_rewrite rw;

	if (unlikely(pkt->quote))
		return quote_rewrite(pkt, skb, addr, port);
	if (unlikely(skb_cloned(skb) || skb_headlen(skb) < len)) {
		if (skb->len < len)
			return -EINVAL;
		if (skb_ensure_writable(skb, len))
			return -ENOMEM;
	}
	if (unlikely(pkt->fam != SVCSEQ_V4 ||
		     pkt->view.proto == IPPROTO_SCTP)) {
		rewrite_rest(pkt, skb, addr, port);
		return 0;
	}
	rw = rewrite_of(pkt, skb, addr, port);
	svcseq_rewrite4(&rw);
	return 0;
}

static noinline int rewrite_place(const struct svcseq_pkt *pkt,
				  const struct svcseq_hop *hop)
{
	int err = 0;

	if (hop->flags & SVCSEQ_HOP_SPEND)
		err = svcseq_tag_spend(pkt->skb, pkt->fam);
	if (!err && hop->flags & SVCSEQ_HOP_MARK)
		err = svcseq_tag_mark(pkt->skb, pkt->fam, hop->dscp);
	return err;
}

/**
 * svcseq_rewrite_hop - rewrite a packet as its hop says
 * @pkt: the packet
 * @hop: its hop
 *
 * Context: softirq, RCU.
 * Return: 0, -EINVAL if the packet ends within its headers, -ELOOP if its TTL is
 * spent, -ENOMEM.
 */
int svcseq_rewrite_hop(const struct svcseq_pkt *pkt,
		       const struct svcseq_hop *hop)
{
	const void *addr = NULL;
	__be16 port = 0;

	if (hop->flags & SVCSEQ_HOP_PLACE) {
		int err = rewrite_place(pkt, hop);

		if (err || !(hop->flags & SVCSEQ_HOP_NAT))
			return err;
	}
	if (hop->flags & SVCSEQ_HOP_NAT_DST)
		addr = &hop->nat[pkt->fam];
	else if (hop->flags & SVCSEQ_HOP_NAT_SRC)
		addr = svcseq_service_addr(pkt->svc);
	if (hop->flags & SVCSEQ_HOP_SET_PORT)
		port = cpu_to_be16(hop->set_port ?: pkt->svc->port);
	return skb_rewrite(pkt, pkt->skb, addr, port);
}

/**
 * svcseq_rewrite_copy - rewrite a copy for its tap
 * @pkt: the packet that was copied
 * @hop: its hop
 * @copy: the copy
 * @skb: the copied packet
 *
 * A tap sees the service's address, whatever the server's mode (paragraph 119),
 * and no position.
 *
 * Context: softirq, RCU.
 * Return: as svcseq_rewrite_hop().
 */
int svcseq_rewrite_copy(const struct svcseq_pkt *pkt,
			const struct svcseq_hop *hop,
			const struct svcseq_copy *copy, struct sk_buff *skb)
{
	__be16 port = cpu_to_be16(copy->set_port ?: pkt->svc->port);
	const void *addr = NULL;

	if (hop->flags & SVCSEQ_HOP_UNMARK &&
	    svcseq_tag_mark(skb, pkt->fam, hop->dscp_copy))
		return -ENOMEM;
	if (hop->flags & SVCSEQ_HOP_NAT_SRC)
		addr = svcseq_service_addr(pkt->svc);
	if (copy->same_port || port == svcseq_pkt_port(pkt))
		port = 0;
	if (!addr && !port)
		return 0;
	return skb_rewrite(pkt, skb, addr, port);
}
