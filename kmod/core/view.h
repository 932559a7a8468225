/* SPDX-License-Identifier: GPL-2.0 */
/* Packet view: where the addresses and ports of a packet are. */
#ifndef SVCSEQ_CORE_VIEW_H
#define SVCSEQ_CORE_VIEW_H

#include "env.h"

/**
 * enum svcseq_view_result - What a packet looks like to the engine.
 * @SVCSEQ_VIEW_OK: A packet of a protocol with ports; the view is filled in.
 * @SVCSEQ_VIEW_OTHER: Nothing that a service can be made of.
 * @SVCSEQ_VIEW_FRAGMENT: A fragment: it must be put together first.
 * @SVCSEQ_VIEW_SHORT: The bytes at hand end before the ports do; look again
 *   with &svcseq_view.need bytes.
 */
enum svcseq_view_result {
	SVCSEQ_VIEW_OK,
	SVCSEQ_VIEW_OTHER,
	SVCSEQ_VIEW_FRAGMENT,
	SVCSEQ_VIEW_SHORT,
};

/**
 * struct svcseq_view - The parts of a packet that steering looks at.
 * @l4_off: offset of the transport header from the network header; with an
 *   ICMP error, of the ICMP header
 * @proto: protocol, one of svcseq_view_has_ports()
 * @sport: source port
 * @dport: destination port
 * @need: with SVCSEQ_VIEW_SHORT, how many bytes are wanted
 */
struct svcseq_view {
	u16 l4_off;
	u8 proto;
	__be16 sport;
	__be16 dport;
	u32 need;
};

/**
 * svcseq_view_has_ports - does a protocol begin with two ports?
 * @proto: the protocol
 *
 * Context: any.
 * Return: true for TCP, UDP, DCCP (RFC 4340), SCTP (RFC 9260) and UDP-Lite
 * (RFC 3828).
 */
static inline bool svcseq_view_has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_SCTP || proto == IPPROTO_DCCP ||
	       proto == IPPROTO_UDPLITE;
}

enum svcseq_view_result svcseq_view_parse4_any(struct svcseq_view *view,
					       const u8 *data, u32 len);
enum svcseq_view_result svcseq_view_parse6(struct svcseq_view *view,
					   const u8 *data, u32 len);

/**
 * svcseq_view_parse4 - look at an IPv4 packet (RFC 791)
 * @view: is filled in
 * @data: the packet from its network header on
 * @len: how many bytes of it are at hand
 *
 * Nearly every packet is TCP or UDP, has no options and is no fragment; those
 * are looked at here, and svcseq_view_parse4_any() looks at the rest.
 *
 * Context: any. Reads nothing beyond @len.
 * Return: as svcseq_view_parse4_any().
 */
static __always_inline enum svcseq_view_result
svcseq_view_parse4(struct svcseq_view *view, const u8 *data, u32 len)
{
	if (unlikely(len < 28 || data[0] != 0x45 ||
		     (data[6] & 0x3f) | data[7]))
		return svcseq_view_parse4_any(view, data, len);
	if (unlikely(data[9] != IPPROTO_TCP && data[9] != IPPROTO_UDP))
		return svcseq_view_parse4_any(view, data, len);

	view->l4_off = 20;
	view->proto = data[9];
	memcpy(&view->sport, data + 20, sizeof(view->sport));
	memcpy(&view->dport, data + 22, sizeof(view->dport));
	return SVCSEQ_VIEW_OK;
}

#endif /* SVCSEQ_CORE_VIEW_H */
