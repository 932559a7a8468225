// SPDX-License-Identifier: GPL-2.0
/* Fragments: only the first piece of a packet shows its ports, so the pieces
 * are put together where they come in, steered as a whole, and sent in pieces
 * no larger than those that came.
 *
 * This is not left to the hooks of nf_defrag before routing: these would cost
 * every packet of the namespace, and would put pieces together whoever handed
 * them in.
 */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "../table/counters.h"
#include "emit.h"
#include "fragment.h"
#include "watch.h"

/* Pieces from one place go into queues of their own, lest a station completes
 * what another has begun and inherits its place in the chain.
 */
static u32 gather_user(const struct svcseq_pkt *pkt, u32 with)
{
	static siphash_key_t key __read_mostly;

	net_get_random_once(&key, sizeof(key));
	return IP_DEFRAG_CONNTRACK_BRIDGE_IN +
	       (u16)siphash_2u64(svcseq_pkt_source(pkt), with, &key);
}

/* Ethernet pads short frames; what is padded must not become payload. */
static bool gather_trim(const struct svcseq_pkt *pkt)
{
	unsigned int len = svcseq_pkt_len(pkt);
	struct sk_buff *skb = pkt->skb;

	if (pkt->fam == SVCSEQ_V4 &&
	    len < ((struct iphdr *)skb->data)->ihl * 4)
		return false;
	return skb->len >= len && !pskb_trim_rcsum(skb, len);
}

static int gather4(struct svcseq_pkt *pkt, u32 user)
{
	int err;

	memset(IPCB(pkt->skb), 0, sizeof(struct inet_skb_parm));
	err = ip_defrag(pkt->port->sn->net, pkt->skb, user);
	if (!err)
		pkt->frag_max = IPCB(pkt->skb)->frag_max_size;
	return err;
}

static int gather6(struct svcseq_pkt *pkt, u32 user)
{
	int err;

	memset(IP6CB(pkt->skb), 0, sizeof(struct inet6_skb_parm));
	err = nf_ct_frag6_gather(pkt->port->sn->net, pkt->skb, user);
	/* unlike its sibling it leaves what it refuses to us */
	if (err && err != -EINPROGRESS)
		kfree_skb(pkt->skb);
	if (!err)
		pkt->frag_max = IP6CB(pkt->skb)->frag_max_size;
	return err;
}

/**
 * svcseq_fragment_gather - put the pieces of a packet together
 * @pkt: a piece; the whole packet afterwards, with frag_max set
 * @with: the position that it carries; only pieces with the same will do
 *
 * Context: softirq, RCU.
 * Return: SVCSEQ_PASS if the packet is whole, or cannot be touched;
 * SVCSEQ_STOLEN if the piece is kept until the rest comes, or was dropped.
 */
enum svcseq_verdict svcseq_fragment_gather(struct svcseq_pkt *pkt, u32 with)
{
	int err;

	/* somebody else looks at it as well: it cannot be kept */
	if (skb_shared(pkt->skb))
		return SVCSEQ_PASS;
	if (!gather_trim(pkt)) {
		svcseq_emit_drop(pkt, pkt->skb, SVCSEQ_DROP_TRUNCATED);
		return SVCSEQ_STOLEN;
	}
	if (pkt->fam == SVCSEQ_V4)
		err = gather4(pkt, gather_user(pkt, with));
	else
		err = gather6(pkt, gather_user(pkt, with));
	if (err == -EINPROGRESS)
		return SVCSEQ_STOLEN;
	if (err) {
		svcseq_watch_drop(pkt, NULL, SVCSEQ_DROP_BAD_FRAGMENT);
		svcseq_stats_add(pkt->port->sn->drops, SVCSEQ_DROP_BAD_FRAGMENT,
				 0);
		return SVCSEQ_STOLEN;
	}
	/* whoever it is for may send it in pieces again */
	pkt->skb->ignore_df = 1;
	return SVCSEQ_PASS;
}

static int fragment4(struct sk_buff *skb, struct net_device *dev,
		     unsigned int mtu, svcseq_fragment_send *send,
		     const void *out)
{
	struct ip_frag_state state;
	unsigned int hlen = ip_hdrlen(skb);
	struct sk_buff *piece;

	ip_frag_init(skb, hlen, LL_RESERVED_SPACE(dev), mtu - hlen, false,
		     &state);
	while (state.left > 0) {
		piece = ip_frag_next(skb, &state);
		if (IS_ERR(piece))
			return PTR_ERR(piece);
		send(piece, out);
	}
	return 0;
}

static int fragment6(struct net *net, struct sk_buff *skb,
		     struct net_device *dev, unsigned int mtu,
		     svcseq_fragment_send *send, const void *out)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct ip6_frag_state state;
	struct sk_buff *piece;
	u8 *prevhdr, nexthdr;
	__be32 id;
	int hlen;

	hlen = ip6_find_1stfragopt(skb, &prevhdr);
	if (hlen < 0)
		return hlen;
	if (mtu < hlen + sizeof(struct frag_hdr) + 8)
		return -EMSGSIZE;
	nexthdr = *prevhdr;
	id = ipv6_select_ident(net, &ip6h->daddr, &ip6h->saddr);
	ip6_frag_init(skb, hlen, mtu - hlen - sizeof(struct frag_hdr),
		      dev->needed_tailroom, LL_RESERVED_SPACE(dev), prevhdr,
		      nexthdr, id, &state);
	while (state.left > 0) {
		piece = ip6_frag_next(skb, &state);
		if (IS_ERR(piece))
			return PTR_ERR(piece);
		send(piece, out);
	}
	return 0;
}

/**
 * svcseq_fragment - send a packet in pieces
 * @pkt: the packet, as it came
 * @skb: its buffer, or that of a copy, data at the network header; it stays
 *   with the caller
 * @dev: net device that the pieces leave by
 * @mtu: how large they may be, if those that came were not smaller
 * @send: sends one piece
 * @out: passed to @send
 *
 * RFC 791 for IPv4, RFC 8200, section 4.5, for IPv6.
 *
 * Context: softirq, RCU.
 * Return: 0 or a negative errno; some pieces may have been sent.
 */
int svcseq_fragment(const struct svcseq_pkt *pkt, struct sk_buff *skb,
		    struct net_device *dev, unsigned int mtu,
		    svcseq_fragment_send *send, const void *out)
{
	mtu = min_t(unsigned int, mtu, pkt->frag_max);
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return -ENOMEM;
	skb_reset_network_header(skb);
	if (pkt->fam == SVCSEQ_V4)
		return fragment4(skb, dev, mtu, send, out);
	return fragment6(pkt->port->sn->net, skb, dev, mtu, send, out);
}
