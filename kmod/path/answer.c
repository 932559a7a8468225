// SPDX-License-Identifier: GPL-2.0
/* Answers: the address of a service is on no host, so whoever asks for it on an
 * uplink is told the address of the port (RFC 826, RFC 4861), and everybody is
 * told when it goes live (RFC 5227, RFC 4861, section 7.2.6).
 */

#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <net/arp.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "../table/address.h"
#include "answer.h"

/* ARP for IPv4 over Ethernet. */
struct arp_eth {
	struct arphdr head;
	u8 sha[ETH_ALEN];
	__be32 sip;
	u8 tha[ETH_ALEN];
	__be32 tip;
} __packed;

static bool answer_arp(struct svcseq_port *port, struct sk_buff *skb)
{
	const struct arp_eth *arp;
	struct sk_buff *reply;
	union svcseq_addr addr;
	struct arp_eth buf;

	arp = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!arp || arp->head.ar_hrd != htons(ARPHRD_ETHER) ||
	    arp->head.ar_pro != htons(ETH_P_IP) ||
	    arp->head.ar_hln != ETH_ALEN || arp->head.ar_pln != 4 ||
	    arp->head.ar_op != htons(ARPOP_REQUEST))
		return false;
	addr.v4 = arp->tip;
	/* whoever announces an address does not ask */
	if (arp->sip == arp->tip ||
	    !svcseq_address_known(port->sn, SVCSEQ_V4, &addr))
		return false;
	reply = arp_create(ARPOP_REPLY, ETH_P_ARP, arp->sip, port->dev,
			   arp->tip, arp->sha, port->dev->dev_addr, arp->sha);
	if (reply)
		arp_xmit(reply);
	return true;
}

/* A neighbour solicitation; options do not matter. */
struct ns {
	struct ipv6hdr ip;
	struct icmp6hdr icmp;
	struct in6_addr target;
};

static __sum16 icmp6_sum(const struct ipv6hdr *ip6h, unsigned int len,
			 __wsum sum)
{
	return csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len, IPPROTO_ICMPV6,
			       sum);
}

static bool ns_is_sound(const struct sk_buff *skb, const struct ns *ns)
{
	unsigned int len = ntohs(ns->ip.payload_len);

	return ns->ip.version == 6 && ns->ip.nexthdr == IPPROTO_ICMPV6 &&
	       ns->ip.hop_limit == 255 && len >= sizeof(*ns) - sizeof(ns->ip) &&
	       skb->len >= sizeof(ns->ip) + len &&
	       ns->icmp.icmp6_type == NDISC_NEIGHBOUR_SOLICITATION &&
	       !ns->icmp.icmp6_code &&
	       !icmp6_sum(&ns->ip, len,
			  skb_checksum(skb, sizeof(ns->ip), len, 0));
}

/* A neighbour advertisement with the option of the target's address. */
struct na {
	struct ipv6hdr ip;
	struct icmp6hdr icmp;
	struct in6_addr target;
	struct nd_opt_hdr opt;
	u8 mac[ETH_ALEN];
};

static void na_fill(struct na *na, const struct net_device *dev,
		    const struct in6_addr *target, const struct in6_addr *dst,
		    bool solicited)
{
	unsigned int len = sizeof(*na) - sizeof(na->ip);

	na->ip.version = 6;
	na->ip.payload_len = htons(len);
	na->ip.nexthdr = IPPROTO_ICMPV6;
	na->ip.hop_limit = 255;
	na->ip.saddr = *target;
	na->ip.daddr = *dst;
	na->icmp.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	na->icmp.icmp6_solicited = solicited;
	na->icmp.icmp6_override = 1;
	na->target = *target;
	na->opt.nd_opt_type = ND_OPT_TARGET_LL_ADDR;
	na->opt.nd_opt_len = 1;
	ether_addr_copy(na->mac, dev->dev_addr);
	na->icmp.icmp6_cksum = icmp6_sum(&na->ip, len,
					 csum_partial(&na->icmp, len, 0));
}

static void na_send(struct net_device *dev, const struct in6_addr *target,
		    const struct in6_addr *dst, const u8 *mac, bool solicited)
{
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + sizeof(struct na) +
			dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	na_fill(skb_put_zero(skb, sizeof(struct na)), dev, target, dst,
		solicited);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IPV6);
	if (dev_hard_header(skb, dev, ETH_P_IPV6, mac, NULL, skb->len) < 0)
		kfree_skb(skb);
	else
		dev_queue_xmit(skb);
}

static void na_to_all(struct net_device *dev, const struct in6_addr *target)
{
	struct in6_addr all = IN6ADDR_LINKLOCAL_ALLNODES_INIT;
	u8 mac[ETH_ALEN];

	ipv6_eth_mc_map(&all, mac);
	na_send(dev, target, &all, mac, false);
}

static bool answer_ns(struct svcseq_port *port, struct sk_buff *skb)
{
	union svcseq_addr addr;
	const struct ns *ns;
	struct ns buf;

	ns = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!ns || !ns_is_sound(skb, ns))
		return false;
	addr.v6 = ns->target;
	if (!svcseq_address_known(port->sn, SVCSEQ_V6, &addr))
		return false;
	/* somebody is about to take the address and must hear that it is used */
	if (ipv6_addr_any(&ns->ip.saddr))
		na_to_all(port->dev, &addr.v6);
	else
		na_send(port->dev, &addr.v6, &ns->ip.saddr,
			eth_hdr(skb)->h_source, true);
	return true;
}

/**
 * svcseq_answer - answer a question for the address of a service
 * @port: the port that it came in by
 * @skb: a packet that may be one, data at the network header
 *
 * Context: softirq, RCU.
 * Return: true if it was, and has been freed.
 */
bool svcseq_answer(struct svcseq_port *port, struct sk_buff *skb)
{
	bool done = false;

	/* pairs with WRITE_ONCE() where ports are configured */
	if (!READ_ONCE(port->answer))
		return false;
	if (skb->protocol == htons(ETH_P_ARP))
		done = answer_arp(port, skb);
	else if (skb->protocol == htons(ETH_P_IPV6))
		done = answer_ns(port, skb);
	if (done)
		consume_skb(skb);
	return done;
}

/**
 * svcseq_answer_announce - tell an uplink who has the address of a service
 * @port: the uplink
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @addr: the address
 *
 * Context: process, cfg_lock.
 */
void svcseq_answer_announce(struct svcseq_port *port, u8 fam,
			    const union svcseq_addr *addr)
{
	struct net_device *dev = port->dev;
	struct sk_buff *skb;

	if (fam == SVCSEQ_V6) {
		na_to_all(dev, &addr->v6);
		return;
	}
	skb = arp_create(ARPOP_REQUEST, ETH_P_ARP, addr->v4, dev, addr->v4,
			 NULL, dev->dev_addr, NULL);
	if (skb)
		arp_xmit(skb);
}
