// SPDX-License-Identifier: GPL-2.0
/* ICMP errors: they follow the chain like the packet that they are about, the
 * other way round. An error about a request travels as a reply, one about a
 * reply as a request, from the place of whoever sends it; errors of our own do
 * as if the device that a packet did not reach had sent them.
 */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "../table/counters.h"
#include "emit.h"
#include "icmp.h"
#include "rewrite.h"

/* an error is no longer than this (RFC 1812, RFC 4443) */
#define ERROR_MAX4	576
#define ERROR_MAX6	IPV6_MIN_MTU
/* errors of our own per second and CPU, and how many at once */
#define ERROR_RATE	1000
#define ERROR_BURST	50

static enum svcseq_view_result quote_parse(const struct svcseq_pkt *pkt,
					   struct svcseq_quote *quote)
{
	const struct sk_buff *skb = pkt->skb;

	if (skb->protocol == htons(ETH_P_IP))
		return svcseq_quote_parse4(quote, skb->data, skb_headlen(skb));
	if (skb->protocol == htons(ETH_P_IPV6))
		return svcseq_quote_parse6(quote, skb->data, skb_headlen(skb));
	return SVCSEQ_VIEW_OTHER;
}

/* Whoever the error is for must have sent what it is about. */
static bool turn_round4(const struct sk_buff *skb, struct svcseq_icmp *icmp)
{
	const struct iphdr *quoted =
		(void *)(skb->data + icmp->quote.l3_off);

	icmp->as.v4.saddr = quoted->daddr;
	icmp->as.v4.daddr = quoted->saddr;
	return ((struct iphdr *)skb->data)->daddr == quoted->saddr;
}

static bool turn_round6(const struct sk_buff *skb, struct svcseq_icmp *icmp)
{
	const struct ipv6hdr *quoted =
		(void *)(skb->data + icmp->quote.l3_off);

	icmp->as.v6.saddr = quoted->daddr;
	icmp->as.v6.daddr = quoted->saddr;
	return ipv6_addr_equal(&((struct ipv6hdr *)skb->data)->daddr,
			       &quoted->saddr);
}

/**
 * svcseq_icmp_look - look at a packet that may be an ICMP error
 * @pkt: the packet; filled in as a packet that goes the same way
 * @icmp: filled in; lives as long as @pkt
 *
 * Context: softirq, RCU.
 * Return: true if it is an error about a packet with ports.
 */
bool svcseq_icmp_look(struct svcseq_pkt *pkt, struct svcseq_icmp *icmp)
{
	enum svcseq_view_result result;
	bool v4;

	/* a look that wants more bytes wants more than it had: this ends */
	while ((result = quote_parse(pkt, &icmp->quote)) == SVCSEQ_VIEW_SHORT)
		if (!pskb_may_pull(pkt->skb, icmp->quote.need))
			return false;
	if (result != SVCSEQ_VIEW_OK)
		return false;

	v4 = pkt->skb->protocol == htons(ETH_P_IP);
	if (!(v4 ? turn_round4(pkt->skb, icmp) : turn_round6(pkt->skb, icmp)))
		return false;
	pkt->fam = v4 ? SVCSEQ_V4 : SVCSEQ_V6;
	pkt->l3 = &icmp->as;
	pkt->quote = &icmp->quote;
	pkt->view.l4_off = icmp->quote.icmp_off;
	pkt->view.proto = icmp->quote.proto;
	pkt->view.sport = icmp->quote.dport;
	pkt->view.dport = icmp->quote.sport;
	return true;
}

struct bucket {
	unsigned long filled;	/* jiffies */
	u32 tokens;
};

static DEFINE_PER_CPU(struct bucket, error_bucket);

/* A flood of packets that are too big must not become one of errors. */
static bool error_allowed(void)
{
	struct bucket *b = this_cpu_ptr(&error_bucket);
	unsigned long now = jiffies;
	u32 fresh = min_t(unsigned long, now - b->filled, HZ) * ERROR_RATE / HZ;

	if (fresh) {
		b->tokens = min_t(u32, b->tokens + fresh, ERROR_BURST);
		b->filled = now;
	}
	if (!b->tokens)
		return false;
	b->tokens--;
	return true;
}

static void *error_put(struct sk_buff *skb, const struct sk_buff *about,
		       unsigned int header, unsigned int len)
{
	void *at = skb_put_zero(skb, header);

	/* cannot fail: no more than there is */
	skb_copy_bits(about, 0, skb_put(skb, len - header), len - header);
	return at;
}

/* Its source is whom the packet was for: the service, if it is a request. */
static void error_fill4(struct sk_buff *skb, const struct sk_buff *about,
			unsigned int len, unsigned int mtu)
{
	const struct iphdr *from = (struct iphdr *)about->data;
	struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));
	struct icmphdr *icmph;

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = IPTOS_PREC_INTERNETCONTROL;
	iph->tot_len = htons((u16)(sizeof(*iph) + len));
	iph->id = htons(get_random_u16());
	iph->ttl = IPDEFTTL;
	iph->protocol = IPPROTO_ICMP;
	iph->saddr = from->daddr;
	iph->daddr = from->saddr;
	iph->check = ip_fast_csum(iph, iph->ihl);

	icmph = error_put(skb, about, sizeof(*icmph), len);
	icmph->type = ICMP_DEST_UNREACH;
	icmph->code = ICMP_FRAG_NEEDED;
	icmph->un.frag.mtu = htons(min_t(unsigned int, mtu, U16_MAX));
	icmph->checksum = ip_compute_csum(icmph, len);
}

static void error_fill6(struct sk_buff *skb, const struct sk_buff *about,
			unsigned int len, unsigned int mtu)
{
	const struct ipv6hdr *from = (struct ipv6hdr *)about->data;
	struct ipv6hdr *ip6h = skb_put_zero(skb, sizeof(*ip6h));
	struct icmp6hdr *icmph;

	ip6h->version = 6;
	ip6h->payload_len = htons(len);
	ip6h->nexthdr = IPPROTO_ICMPV6;
	ip6h->hop_limit = IPDEFTTL;
	ip6h->saddr = from->daddr;
	ip6h->daddr = from->saddr;

	icmph = error_put(skb, about, sizeof(*icmph), len);
	icmph->icmp6_type = ICMPV6_PKT_TOOBIG;
	icmph->icmp6_mtu = htonl(max_t(unsigned int, mtu, IPV6_MIN_MTU));
	icmph->icmp6_cksum = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
					     IPPROTO_ICMPV6,
					     csum_partial(icmph, len, 0));
}

static struct sk_buff *error_new(const struct svcseq_pkt *pkt, unsigned int mtu)
{
	bool v4 = pkt->fam == SVCSEQ_V4;
	unsigned int l3 = v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	unsigned int most = (v4 ? ERROR_MAX4 : ERROR_MAX6) - l3;
	unsigned int len = min(pkt->skb->len + SVCSEQ_ICMP_HLEN, most);
	struct sk_buff *skb;

	skb = alloc_skb(LL_MAX_HEADER + l3 + len, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);
	skb_reset_network_header(skb);
	skb->protocol = pkt->skb->protocol;
	if (v4)
		error_fill4(skb, pkt->skb, len, mtu);
	else
		error_fill6(skb, pkt->skb, len, mtu);
	return skb;
}

/* What the device that the packet did not reach would have seen of it. */
static bool error_from_there(struct svcseq_pkt *error,
			     const struct svcseq_hop *hop,
			     struct svcseq_icmp *icmp)
{
	return svcseq_icmp_look(error, icmp) &&
	       (!(hop->flags & SVCSEQ_HOP_REWRITE) ||
		(!svcseq_rewrite_hop(error, hop) &&
		 svcseq_icmp_look(error, icmp)));
}

static bool error_send(const struct svcseq_pkt *pkt,
		       const struct svcseq_hop *hop, unsigned int mtu)
{
	struct svcseq_pkt error = *pkt;
	struct svcseq_icmp icmp;

	if (!error_allowed())
		return false;
	error.skb = error_new(pkt, mtu);
	if (!error.skb)
		return false;
	error.dir = pkt->dir == SVCSEQ_DIRECTION_REQUEST ?
		SVCSEQ_DIRECTION_REPLY : SVCSEQ_DIRECTION_REQUEST;
	if (!error_from_there(&error, hop, &icmp)) {
		kfree_skb(error.skb);
		return false;
	}
	svcseq_emit(&error, &pkt->prog->hop[hop->back]);
	return true;
}

/**
 * svcseq_icmp_too_big - tell the sender of a packet that it does not fit
 * @pkt: the packet, as it came
 * @hop: the hop that it cannot take
 * @mtu: what would fit there
 *
 * The error goes back along the chain from the place that the packet did not
 * reach. It comes from the address that the packet was for (RFC 1191, RFC
 * 8201).
 *
 * Context: softirq, RCU.
 */
void svcseq_icmp_too_big(const struct svcseq_pkt *pkt,
			 const struct svcseq_hop *hop, unsigned int mtu)
{
	/* no error about an error, and none to a tap */
	if (pkt->quote || hop->back == SVCSEQ_NO_HOP)
		return;
	if (!error_send(pkt, hop, mtu))
		svcseq_stats_add(pkt->port->sn->drops,
				 SVCSEQ_DROP_ERROR_FAILED, 0);
}
