// SPDX-License-Identifier: GPL-2.0
/* Packet view: finds the addresses and ports of an IPv4 or IPv6 packet. */

#include "view.h"

#define IP4_HLEN		20
#define IP4_OFF_FRAG		6
#define IP4_OFF_PROTO		9
#define IP4_FRAG_MASK		0x3fff	/* more fragments, offset */
#define IP6_HLEN		40
#define IP6_OFF_NEXT		6
#define IP6_MAX_EXT		8
#define L4_MIN			8	/* UDP whole; others as far as needed */

static u16 view_u16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static enum svcseq_view_result view_short(struct svcseq_view *view, u32 need)
{
	view->need = need;
	return SVCSEQ_VIEW_SHORT;
}

static enum svcseq_view_result view_ports(struct svcseq_view *view,
					  const u8 *data, u32 len, u32 off,
					  u8 proto)
{
	if (!svcseq_view_has_ports(proto))
		return SVCSEQ_VIEW_OTHER;
	if (len < off + L4_MIN)
		return view_short(view, off + L4_MIN);

	view->l4_off = (u16)off;
	view->proto = proto;
	memcpy(&view->sport, data + off, sizeof(view->sport));
	memcpy(&view->dport, data + off + 2, sizeof(view->dport));
	return SVCSEQ_VIEW_OK;
}

/**
 * svcseq_view_parse4_any - look at any IPv4 packet (RFC 791)
 * @view: is filled in
 * @data: the packet from its network header on
 * @len: how many bytes of it are at hand
 *
 * Context: any. Reads nothing beyond @len.
 * Return: what the packet is; @view->need is valid with SVCSEQ_VIEW_SHORT and
 * larger than @len, the other members with SVCSEQ_VIEW_OK.
 */
enum svcseq_view_result svcseq_view_parse4_any(struct svcseq_view *view,
					       const u8 *data, u32 len)
{
	u32 hlen;

	if (unlikely(len < IP4_HLEN))
		return view_short(view, IP4_HLEN);
	hlen = (data[0] & 0x0f) * 4;
	if (unlikely(data[0] >> 4 != 4 || hlen < IP4_HLEN))
		return SVCSEQ_VIEW_OTHER;
	if (unlikely(view_u16(data + IP4_OFF_FRAG) & IP4_FRAG_MASK))
		return SVCSEQ_VIEW_FRAGMENT;

	return view_ports(view, data, len, hlen, data[IP4_OFF_PROTO]);
}

/**
 * svcseq_view_parse6 - look at an IPv6 packet (RFC 8200)
 * @view: is filled in
 * @data: the packet from its network header on
 * @len: how many bytes of it are at hand
 *
 * Hop-by-hop, routing and destination options are passed over, up to eight of
 * them: a longer row of headers is a nuisance, not a service.
 *
 * Context: any. Reads nothing beyond @len.
 * Return: as svcseq_view_parse4_any().
 */
enum svcseq_view_result svcseq_view_parse6(struct svcseq_view *view,
					   const u8 *data, u32 len)
{
	u32 off = IP6_HLEN;
	int ext;
	u8 next;

	if (unlikely(len < IP6_HLEN))
		return view_short(view, IP6_HLEN);
	if (unlikely(data[0] >> 4 != 6))
		return SVCSEQ_VIEW_OTHER;

	next = data[IP6_OFF_NEXT];
	for (ext = 0; ext <= IP6_MAX_EXT; ext++) {
		switch (next) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
			if (len < off + 8)
				return view_short(view, off + 8);
			next = data[off];
			off += (data[off + 1] + 1) * 8;
			break;
		case IPPROTO_FRAGMENT:
			return SVCSEQ_VIEW_FRAGMENT;
		default:
			return view_ports(view, data, len, off, next);
		}
	}
	return SVCSEQ_VIEW_OTHER;
}
