// SPDX-License-Identifier: GPL-2.0
/* Tags: positions that packets carry to a device and back. A header is put
 * before the packet where it is sent to the device, and comes off where the
 * device gives it back; a DSCP is written over.
 */

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/udp.h>

#include "../core/tag.h"
#include "tag.h"

/* Source ports of tunnels (RFC 7348, 5). */
#define GPE_SPORT_MIN	49152
#define GPE_SPORT_MAX	65535

static enum svcseq_tag_result tag_get(struct svcseq_tag *tag, u8 method,
				      const u8 *data, u32 len)
{
	switch (method) {
	case SVCSEQ_TRACK_NSH:
		return svcseq_tag_nsh_get(tag, data, len);
	case SVCSEQ_TRACK_MPLS:
		return svcseq_tag_mpls_get(tag, data, len);
	case SVCSEQ_TRACK_GRE:
		return svcseq_tag_gre_get(tag, data, len);
	default:
		return svcseq_tag_gpe_get(tag, data, len);
	}
}

/* Is the sum over @len bytes from @off on, and what @sum is of, wrong? */
static bool sum_is_wrong(const struct sk_buff *skb, u32 off, u32 len,
			 __wsum sum)
{
	/* in a packet of many each would have one of its own, and who made
	 * them has left them to us
	 */
	if (skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL ||
	    skb->ip_summed == CHECKSUM_UNNECESSARY)
		return false;
	return skb->len < off + len ||
	       csum_fold(skb_checksum(skb, off, len, sum));
}

static bool gso_is_tunnel(const struct sk_buff *skb, int types)
{
	return !skb_is_gso(skb) || skb_shinfo(skb)->gso_type & types;
}

static bool expects(const struct svcseq_pkt *pkt, struct svcseq_taken *t,
		    u8 method)
{
	t->mark.method = method;
	return READ_ONCE(pkt->port->tags) & BIT(method);
}

/* The header from @off on. */
static enum svcseq_tag_verdict header_take(struct svcseq_pkt *pkt,
					   struct svcseq_taken *t, u32 off)
{
	struct sk_buff *skb = pkt->skb;
	enum svcseq_tag_result result;
	struct svcseq_tag tag;
	__be16 proto;
	u32 hlen;

	while ((result = tag_get(&tag, t->mark.method, skb->data + off,
				 skb_headlen(skb) - off)) == SVCSEQ_TAG_SHORT)
		if (!pskb_may_pull(skb, off + tag.need))
			return SVCSEQ_TAG_NONE;
	if (result == SVCSEQ_TAG_MALFORMED)
		return SVCSEQ_TAG_BAD;
	if (result != SVCSEQ_TAG_OK || tag.proto == htons(ETH_P_NSH))
		return SVCSEQ_TAG_NONE;
	if (tag.csum && sum_is_wrong(skb, off, skb->len - off, 0))
		return SVCSEQ_TAG_BAD;

	hlen = off + tag.hlen;
	proto = tag.proto;
	if (proto == htons(ETH_P_TEB)) {
		if (!pskb_may_pull(skb, hlen + ETH_HLEN))
			return SVCSEQ_TAG_NONE;
		proto = ((struct ethhdr *)(skb->data + hlen))->h_proto;
		hlen += ETH_HLEN;
	}
	t->mark.path = tag.path;
	t->mark.position = tag.index;
	if (t->mark.method == SVCSEQ_TRACK_NSH)
		t->mark.position = svcseq_tag_nsh_position(tag.index);
	t->hlen = hlen;
	t->proto = skb->protocol;
	__skb_pull(skb, hlen);
	skb->protocol = proto;
	skb_reset_network_header(skb);
	return SVCSEQ_TAG_TAKEN;
}

static __wsum pseudo_sum(const struct svcseq_taken *t, u32 len)
{
	if (t->mark.fam == SVCSEQ_V4)
		return csum_tcpudp_nofold(t->mark.remote.v4, t->mark.local.v4,
					  len, IPPROTO_UDP, 0);
	return csum_unfold(~csum_ipv6_magic(&t->mark.remote.v6,
					    &t->mark.local.v6, len,
					    IPPROTO_UDP, 0));
}

/* What is in an outer IP packet, from @off on. */
static enum svcseq_tag_verdict tunnel_take(struct svcseq_pkt *pkt,
					   struct svcseq_taken *t, u8 proto,
					   u32 off)
{
	struct sk_buff *skb = pkt->skb;
	const struct udphdr *uh;
	u16 len;

	if (proto == IPPROTO_GRE) {
		if (!expects(pkt, t, SVCSEQ_TRACK_GRE) ||
		    !gso_is_tunnel(skb, SKB_GSO_GRE | SKB_GSO_GRE_CSUM))
			return SVCSEQ_TAG_NONE;
		return header_take(pkt, t, off);
	}
	if (proto != IPPROTO_UDP || !expects(pkt, t, SVCSEQ_TRACK_GPE) ||
	    !pskb_may_pull(skb, off + sizeof(*uh)))
		return SVCSEQ_TAG_NONE;
	uh = (struct udphdr *)(skb->data + off);
	len = ntohs(uh->len);
	if (uh->dest != htons(SVCSEQ_TAG_GPE_PORT) ||
	    !gso_is_tunnel(skb, SKB_GSO_UDP_TUNNEL | SKB_GSO_UDP_TUNNEL_CSUM))
		return SVCSEQ_TAG_NONE;
	if (uh->check && sum_is_wrong(skb, off, len, pseudo_sum(t, len)))
		return SVCSEQ_TAG_BAD;
	return header_take(pkt, t, off + sizeof(*uh));
}

static enum svcseq_tag_verdict take4(struct svcseq_pkt *pkt,
				     struct svcseq_taken *t)
{
	struct sk_buff *skb = pkt->skb;
	const struct iphdr *iph;
	u32 hlen;

	if (!pskb_may_pull(skb, sizeof(*iph)))
		return SVCSEQ_TAG_NONE;
	hlen = ((struct iphdr *)skb->data)->ihl * 4;
	if (hlen < sizeof(*iph) || !pskb_may_pull(skb, hlen))
		return SVCSEQ_TAG_NONE;
	iph = (struct iphdr *)skb->data;
	if (iph->version != 4 || ip_is_fragment(iph) ||
	    ip_fast_csum(iph, iph->ihl))
		return SVCSEQ_TAG_NONE;
	t->mark.fam = SVCSEQ_V4;
	t->mark.local.v4 = iph->daddr;
	t->mark.remote.v4 = iph->saddr;
	t->tos = iph->tos;
	return tunnel_take(pkt, t, iph->protocol, hlen);
}

static enum svcseq_tag_verdict take6(struct svcseq_pkt *pkt,
				     struct svcseq_taken *t)
{
	struct sk_buff *skb = pkt->skb;
	const struct ipv6hdr *ip6h;
	__be16 frag_off;
	u8 nexthdr;
	int off;

	if (!pskb_may_pull(skb, sizeof(*ip6h)))
		return SVCSEQ_TAG_NONE;
	nexthdr = ((struct ipv6hdr *)skb->data)->nexthdr;
	/* Linux limits how often a packet is put into tunnels by an option */
	off = ipv6_skip_exthdr(skb, sizeof(*ip6h), &nexthdr, &frag_off);
	if (off < 0 || frag_off || !pskb_may_pull(skb, off))
		return SVCSEQ_TAG_NONE;
	ip6h = (struct ipv6hdr *)skb->data;
	if (ip6h->version != 6)
		return SVCSEQ_TAG_NONE;
	t->mark.fam = SVCSEQ_V6;
	t->mark.local.v6 = ip6h->daddr;
	t->mark.remote.v6 = ip6h->saddr;
	t->tos = ipv6_get_dsfield(ip6h);
	return tunnel_take(pkt, t, nexthdr, off);
}

/**
 * svcseq_tag_take - take a header with a position off
 * @pkt: the packet, not shared
 * @tag: what was found
 *
 * Only by methods that are expected at the port. The packet can be put back
 * into what it was by svcseq_tag_back(), and has to go to svcseq_tag_keep()
 * otherwise.
 *
 * Context: softirq, RCU.
 * Return: what was found.
 */
enum svcseq_tag_verdict svcseq_tag_take(struct svcseq_pkt *pkt,
					struct svcseq_taken *tag)
{
	memset(tag, 0, sizeof(*tag));
	switch (pkt->skb->protocol) {
	case htons(ETH_P_NSH):
		if (!expects(pkt, tag, SVCSEQ_TRACK_NSH))
			return SVCSEQ_TAG_NONE;
		return header_take(pkt, tag, 0);
	case htons(ETH_P_MPLS_UC):
		if (!expects(pkt, tag, SVCSEQ_TRACK_MPLS))
			return SVCSEQ_TAG_NONE;
		return header_take(pkt, tag, 0);
	case htons(ETH_P_IP):
		return take4(pkt, tag);
	case htons(ETH_P_IPV6):
		return take6(pkt, tag);
	default:
		return SVCSEQ_TAG_NONE;
	}
}

/**
 * svcseq_tag_back - put a header on again that was somebody else's
 * @pkt: the packet
 * @tag: what svcseq_tag_take() found
 *
 * Context: softirq, RCU.
 */
void svcseq_tag_back(struct svcseq_pkt *pkt, const struct svcseq_taken *tag)
{
	__skb_push(pkt->skb, tag->hlen);
	pkt->skb->protocol = tag->proto;
	skb_reset_network_header(pkt->skb);
}

/* Ethernet pads short frames; what is padded must not go on in a tunnel. */
static int keep_trim(const struct svcseq_pkt *pkt)
{
	struct sk_buff *skb = pkt->skb;
	unsigned int len = svcseq_pkt_len(pkt);

	if (skb_is_gso(skb))
		return 0;
	if (len < pkt->view.l4_off || len > skb->len)
		return -EINVAL;
	return pskb_trim_rcsum(skb, len);
}

/* What the tunnel's header says of congestion (RFC 6040). */
static int keep_ecn(const struct svcseq_pkt *pkt, u8 outer)
{
	struct sk_buff *skb = pkt->skb;
	bool set_ce = false;
	u8 inner;

	if (pkt->fam == SVCSEQ_V4)
		inner = ((struct iphdr *)skb->data)->tos;
	else
		inner = ipv6_get_dsfield((struct ipv6hdr *)skb->data);
	if (__INET_ECN_decapsulate(outer, inner, &set_ce) > 1)
		return -EINVAL;
	if (!set_ce)
		return 0;
	if (skb_ensure_writable(skb, pkt->view.l4_off))
		return -ENOMEM;
	INET_ECN_set_ce(skb);
	return 0;
}

/**
 * svcseq_tag_keep - make a packet whole that a header was taken off
 * @pkt: the packet, looked at
 * @tag: what svcseq_tag_take() found
 *
 * Context: softirq, RCU.
 * Return: 0, -EINVAL or -ENOMEM.
 */
int svcseq_tag_keep(struct svcseq_pkt *pkt, const struct svcseq_taken *tag)
{
	struct sk_buff *skb = pkt->skb;
	int err;

	/* a sum over more than is left, or from what is gone on */
	if (skb->ip_summed == CHECKSUM_COMPLETE ||
	    (skb->ip_summed == CHECKSUM_PARTIAL &&
	     skb_checksum_start_offset(skb) < 0))
		skb->ip_summed = CHECKSUM_NONE;
	err = keep_trim(pkt);
	if (err || tag->mark.method < SVCSEQ_TRACK_GRE)
		return err;

	skb->encapsulation = 0;
	if (skb_is_gso(skb)) {
		if (skb_unclone(skb, GFP_ATOMIC))
			return -ENOMEM;
		skb_shinfo(skb)->gso_type &=
			~(NETIF_F_GSO_ENCAP_ALL >> NETIF_F_GSO_SHIFT);
	}
	return keep_ecn(pkt, tag->tos);
}

/**
 * svcseq_tag_look - read the position out of a DSCP
 * @pkt: the packet, looked at
 * @tag: what was found
 *
 * Context: any.
 * Return: true if there is a position.
 */
bool svcseq_tag_look(struct svcseq_pkt *pkt, struct svcseq_taken *tag)
{
	const u8 *data = pkt->skb->data;
	u8 dscp;

	if (pkt->fam == SVCSEQ_V4)
		dscp = ((struct iphdr *)data)->tos >> 2;
	else
		dscp = ipv6_get_dsfield((struct ipv6hdr *)data) >> 2;
	tag->mark.method = SVCSEQ_TRACK_DSCP;
	tag->mark.path = 0;
	tag->mark.position = svcseq_tag_dscp_position(dscp);
	return tag->mark.position;
}

static bool same_addr(u8 fam, const union svcseq_addr *a,
		      const union svcseq_addr *b)
{
	return fam == SVCSEQ_V4 ? a->v4 == b->v4 :
				  ipv6_addr_equal(&a->v6, &b->v6);
}

/**
 * svcseq_tag_agrees - is a tag the one that a hop expects?
 * @hop: a hop
 * @tag: what was found on the packet
 *
 * Context: any.
 * Return: true if it is in every respect.
 */
bool svcseq_tag_agrees(const struct svcseq_hop *hop,
		       const struct svcseq_taken *tag)
{
	const struct svcseq_mark *have = &tag->mark;
	const struct svcseq_mark *want;

	/* what is no position is that of rows that want none */
	if (!hop->tag || !have->position)
		return false;
	want = &hop->tag->in;
	if (want->position != have->position ||
	    want->method != have->method || want->path != have->path)
		return false;
	return have->method < SVCSEQ_TRACK_GRE ||
	       (want->fam == have->fam &&
		same_addr(want->fam, &want->local, &have->local) &&
		same_addr(want->fam, &want->remote, &have->remote));
}

static void gpe_finish(struct sk_buff *skb, const struct svcseq_hop_tag *tag,
		       u32 off, __be16 sport)
{
	struct udphdr *uh = (struct udphdr *)(skb->data + off);
	u32 len = skb->len - off;

	uh->source = sport;
	uh->len = htons(len);
	/* IPv4 does without, IPv6 must not (RFC 8200, 8.1) */
	if (tag->out.fam == SVCSEQ_V4)
		return;
	uh->check = csum_ipv6_magic(&tag->out.local.v6, &tag->out.remote.v6,
				    len, IPPROTO_UDP,
				    skb_checksum(skb, off, len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}

static void tunnel_finish(struct sk_buff *skb, const struct svcseq_hop_tag *tag,
			  u8 tos, __be16 sport)
{
	struct ipv6hdr *ip6h = (struct ipv6hdr *)skb->data;
	struct iphdr *iph = (struct iphdr *)skb->data;
	u32 off = sizeof(*iph);

	tos = INET_ECN_encapsulate(tos, tos);
	if (tag->out.fam == SVCSEQ_V4) {
		skb->protocol = htons(ETH_P_IP);
		iph->tos = tos;
		iph->tot_len = htons(skb->len);
		iph->check = ip_fast_csum(iph, iph->ihl);
	} else {
		skb->protocol = htons(ETH_P_IPV6);
		ip6_flow_hdr(ip6h, tos, 0);
		ip6h->payload_len = htons(skb->len - sizeof(*ip6h));
		off = sizeof(*ip6h);
	}
	if (tag->out.method == SVCSEQ_TRACK_GPE)
		gpe_finish(skb, tag, off, sport);
}

/**
 * svcseq_tag_push - put the header with its position before a packet
 * @skb: the packet, data at the network header, its net device set; no
 *   super-packet
 * @tag: tags of its hop
 * @fam: family of the packet
 *
 * Context: softirq, RCU.
 * Return: 0 or -ENOMEM.
 */
int svcseq_tag_push(struct sk_buff *skb, const struct svcseq_hop_tag *tag,
		    u8 fam)
{
	__be16 sport = 0;
	u8 tos, ttl;

	/* what is before the header would be taken for what it starts from */
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return -ENOMEM;
	if (skb_cow_head(skb, LL_RESERVED_SPACE(skb->dev) + tag->len))
		return -ENOMEM;
	skb_reset_network_header(skb);
	if (fam == SVCSEQ_V4) {
		tos = ip_hdr(skb)->tos;
		ttl = ip_hdr(skb)->ttl;
	} else {
		tos = ipv6_get_dsfield(ipv6_hdr(skb));
		ttl = ipv6_hdr(skb)->hop_limit;
	}
	if (tag->out.method == SVCSEQ_TRACK_GPE)
		sport = udp_flow_src_port(dev_net(skb->dev), skb, GPE_SPORT_MIN,
					  GPE_SPORT_MAX, false);

	memcpy(skb_push(skb, tag->len), tag->head[fam], tag->len);
	skb_reset_network_header(skb);
	skb->ip_summed = CHECKSUM_NONE;
	skb->encapsulation = 0;
	switch (tag->out.method) {
	case SVCSEQ_TRACK_NSH:
		skb->protocol = htons(ETH_P_NSH);
		break;
	case SVCSEQ_TRACK_MPLS:
		skb->protocol = htons(ETH_P_MPLS_UC);
		/* a device may write it back (RFC 3443); never sent as 0 */
		skb->data[3] = max_t(u8, ttl, 1);
		break;
	default:
		tunnel_finish(skb, tag, tos, sport);
	}
	return 0;
}

/**
 * svcseq_tag_spend - take one from the TTL of a packet that has told its place
 * @skb: the packet, data at the network header
 * @fam: its family
 *
 * What a packet carries a device can change: one that writes a position that the
 * packet had before sends it round, and unless the device is a router nothing
 * else would end that. Where the source tells the place, no device can do so.
 *
 * Context: softirq, RCU.
 * Return: 0, -ELOOP if nothing would be left, -ENOMEM.
 */
int svcseq_tag_spend(struct sk_buff *skb, u8 fam)
{
	struct ipv6hdr *ip6h;
	struct iphdr *iph;

	if (unlikely(skb_cloned(skb)) &&
	    skb_ensure_writable(skb, sizeof(*iph)))
		return -ENOMEM;
	if (fam == SVCSEQ_V4) {
		iph = (struct iphdr *)skb->data;
		if (iph->ttl <= 1)
			return -ELOOP;
		ip_decrease_ttl(iph);
		return 0;
	}
	ip6h = (struct ipv6hdr *)skb->data;
	if (ip6h->hop_limit <= 1)
		return -ELOOP;
	ip6h->hop_limit--;
	return 0;
}

/**
 * svcseq_tag_mark - write the DSCP of a packet
 * @skb: the packet, data at the network header
 * @fam: its family
 * @dscp: the DSCP
 *
 * Context: softirq, RCU.
 * Return: 0 or -ENOMEM.
 */
int svcseq_tag_mark(struct sk_buff *skb, u8 fam, u8 dscp)
{
	if (unlikely(skb_cloned(skb)) &&
	    skb_ensure_writable(skb, sizeof(struct iphdr)))
		return -ENOMEM;
	if (fam == SVCSEQ_V4)
		svcseq_tag_dscp4_put(skb->data, dscp);
	else
		svcseq_tag_dscp6_put(skb->data, dscp);
	return 0;
}
