// SPDX-License-Identifier: GPL-2.0
/* Bare view: a packet in which the packet view found no ports. A service of any
 * protocol takes whatever it is, also what is cut off or makes no sense: no
 * packet is so odd that it may go round a firewall.
 */

#include "bare.h"

#define IP4_HLEN	20
#define IP4_OFF_PROTO	9
#define IP6_HLEN	40
#define IP6_OFF_NEXT	6
#define IP6_OFF_HOPS	7
#define IP6_MAX_EXT	64
#define OFF_MAX		0xffffu

/* RFC 4861: from one station of a link to another, never through a router */
#define ND_FIRST	133
#define ND_LAST		137
#define ND_HOPS		255

static enum svcseq_view_result bare_ok(struct svcseq_view *view, u32 off,
				       u8 proto)
{
	view->need = 0;
	view->l4_off = (u16)off;
	view->proto = proto;
	view->sport = 0;
	view->dport = 0;
	return SVCSEQ_VIEW_OK;
}

/**
 * svcseq_bare_parse4 - look at an IPv4 packet for its protocol (RFC 791)
 * @view: is filled in, with ports of zero
 * @data: the packet from its network header on
 * @len: how many bytes of it are at hand
 *
 * Context: any. Reads nothing beyond @len.
 * Return: SVCSEQ_VIEW_OK, or SVCSEQ_VIEW_OTHER if there is no IPv4 header.
 */
enum svcseq_view_result svcseq_bare_parse4(struct svcseq_view *view,
					   const u8 *data, u32 len)
{
	if (len < IP4_HLEN || data[0] >> 4 != 4 ||
	    (data[0] & 0x0f) * 4 < IP4_HLEN)
		return SVCSEQ_VIEW_OTHER;
	return bare_ok(view, (data[0] & 0x0f) * 4u, data[IP4_OFF_PROTO]);
}

static bool bare_is_nd(const u8 *data, u8 type)
{
	return data[IP6_OFF_HOPS] == ND_HOPS && type >= ND_FIRST &&
	       type <= ND_LAST;
}

/**
 * svcseq_bare_parse6 - look at an IPv6 packet for its protocol (RFC 8200)
 * @view: is filled in, with ports of zero
 * @data: the packet from its network header on
 * @len: how many bytes of it are at hand; all that there are in one piece
 *
 * Headers that end beyond @len, or more of them than anybody sends, make it a
 * packet without a next header.
 *
 * Context: any. Reads nothing beyond @len.
 * Return: SVCSEQ_VIEW_OK, or SVCSEQ_VIEW_OTHER if there is no IPv6 header, or
 * if the packet looks for neighbours.
 */
enum svcseq_view_result svcseq_bare_parse6(struct svcseq_view *view,
					   const u8 *data, u32 len)
{
	u32 off = IP6_HLEN;
	int ext;
	u8 next;

	if (len < IP6_HLEN || data[0] >> 4 != 6)
		return SVCSEQ_VIEW_OTHER;

	next = data[IP6_OFF_NEXT];
	for (ext = 0; ext <= IP6_MAX_EXT && off <= len && off <= OFF_MAX;
	     ext++) {
		switch (next) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
			if (len < off + 8)
				return bare_ok(view, IP6_HLEN, IPPROTO_NONE);
			next = data[off];
			off += (data[off + 1] + 1) * 8u;
			break;
		case IPPROTO_ICMPV6:
			if (len > off && bare_is_nd(data, data[off]))
				return SVCSEQ_VIEW_OTHER;
			return bare_ok(view, off, next);
		default:
			return bare_ok(view, off, next);
		}
	}
	return bare_ok(view, IP6_HLEN, IPPROTO_NONE);
}
