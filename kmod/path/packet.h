/* SPDX-License-Identifier: GPL-2.0 */
/* A packet on its way through the engine. */
#ifndef SVCSEQ_PATH_PACKET_H
#define SVCSEQ_PATH_PACKET_H

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>

#include "../core/quote.h"
#include "../core/view.h"
#include "../svcseq.h"

/* Kernels may be built to zero all that is on the stack; for what every packet
 * has there, and that is filled in anyway, this is as dear as a lookup.
 */
#define __svcseq_uninitialized	__attribute__((__uninitialized__))

/**
 * enum svcseq_verdict - What becomes of a packet.
 * @SVCSEQ_PASS: it is none of ours; the stack goes on with it
 * @SVCSEQ_STOLEN: it was sent on or dropped; the caller forgets it
 */
enum svcseq_verdict {
	SVCSEQ_PASS,
	SVCSEQ_STOLEN,
};

/**
 * struct svcseq_pkt - A packet on its way through the engine.
 * @skb: the packet, data at the network header
 * @port: the port that it came in by
 * @svc: its service, once known
 * @prog: the program that it follows, once known
 * @l3: whose addresses it is looked up by: its own network header, until it is
 *   changed, or with an ICMP error that of a packet that goes the same way
 * @quote: where an ICMP error keeps the packet that it is about, else NULL
 * @view: where its ports are
 * @frag_max: the largest fragment that it was put together from, or 0
 * @bare: it has no ports; those of @view are zero
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @dir: enum svcseq_direction, once @prog is known
 */
struct svcseq_pkt {
	struct sk_buff *skb;
	struct svcseq_port *port;
	struct svcseq_service *svc;
	const struct svcseq_prog *prog;
	const void *l3;
	const struct svcseq_quote *quote;
	struct svcseq_view view;
	u16 frag_max;
	bool bare;
	u8 fam;
	u8 dir;
};

/**
 * svcseq_pkt_port - the port at the service's end of a packet
 * @pkt: the packet
 *
 * Context: any.
 * Return: destination port of a request, source port of a reply.
 */
static inline __be16 svcseq_pkt_port(const struct svcseq_pkt *pkt)
{
	return pkt->dir == SVCSEQ_DIRECTION_REQUEST ? pkt->view.dport :
						      pkt->view.sport;
}

/**
 * svcseq_pkt_source - who handed a packet in
 * @pkt: the packet
 *
 * Context: any.
 * Return: its source MAC at its port; on a port without MACs, the port alone.
 */
static __always_inline u64 svcseq_pkt_source(const struct svcseq_pkt *pkt)
{
	if (unlikely(pkt->port->bare))
		return pkt->port->id;
	return svcseq_origin(eth_hdr(pkt->skb)->h_source, pkt->port->id);
}

/**
 * svcseq_pkt_addr - an address that a packet is looked up by
 * @pkt: the packet
 * @dst: that of its destination, not that of its source
 *
 * Context: any.
 * Return: the address, of the packet's family.
 */
static inline const void *svcseq_pkt_addr(const struct svcseq_pkt *pkt,
					  bool dst)
{
	const struct ipv6hdr *ip6h = pkt->l3;
	const struct iphdr *iph = pkt->l3;

	if (pkt->fam == SVCSEQ_V4)
		return dst ? &iph->daddr : &iph->saddr;
	return dst ? (const void *)&ip6h->daddr : &ip6h->saddr;
}

/**
 * svcseq_pkt_len - how long a packet says that it is
 * @pkt: the packet
 *
 * Ethernet pads short frames, so its buffer may hold more.
 *
 * Context: any.
 * Return: bytes from its network header on; of a jumbogram (RFC 2675), which
 * has its length elsewhere, those of the header.
 */
static inline unsigned int svcseq_pkt_len(const struct svcseq_pkt *pkt)
{
	const u8 *l3 = pkt->skb->data;

	if (pkt->fam == SVCSEQ_V4)
		return ntohs(((struct iphdr *)l3)->tot_len);
	return sizeof(struct ipv6hdr) +
	       ntohs(((struct ipv6hdr *)l3)->payload_len);
}

#endif /* SVCSEQ_PATH_PACKET_H */
