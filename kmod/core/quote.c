// SPDX-License-Identifier: GPL-2.0
/* Quotes: finds the packet that an ICMP error is about, and translates it, so
 * that the error means something to whoever sent that packet (RFC 5508).
 */

#include "quote.h"
#include "rewrite.h"

#define IP4_HLEN		20
#define IP4_OFF_FRAG		6
#define IP4_OFF_PROTO		9
#define IP4_FRAG_OFFSET		0x1fff
#define IP6_HLEN		40
#define IP6_OFF_NEXT		6
#define IP6_OFF_SRC		8
#define IP6_OFF_DST		24
#define IP6_MAX_EXT		8
#define IP6_FRAG_OFFSET		0xfff8
#define ICMP_OFF_CSUM		2
#define PORTS			4	/* bytes that hold both */
/* how far the checksum may be from the transport header, with its end */
#define L4_CSUM_END		18

static u16 quote_u16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static enum svcseq_view_result quote_short(struct svcseq_quote *quote, u32 need)
{
	quote->need = need;
	return SVCSEQ_VIEW_SHORT;
}

static bool is_error4(u8 type)
{
	/* not a redirect: that is between a host and its router */
	return type == 3 || type == 4 || type == 11 || type == 12;
}

static bool is_error6(u8 type)
{
	return type >= 1 && type <= 4;
}

static enum svcseq_view_result quote_ports(struct svcseq_quote *quote,
					   const u8 *data, u32 len, u32 off,
					   u8 proto)
{
	if (!svcseq_view_has_ports(proto))
		return SVCSEQ_VIEW_OTHER;
	if (len < off + PORTS)
		return quote_short(quote, off + PORTS);
	quote->l4_off = (u16)off;
	quote->proto = proto;
	memcpy(&quote->sport, data + off, sizeof(quote->sport));
	memcpy(&quote->dport, data + off + 2, sizeof(quote->dport));
	return SVCSEQ_VIEW_OK;
}

/**
 * svcseq_quote_parse4 - look at an IPv4 packet that may be an ICMP error
 * @quote: is filled in
 * @data: the packet from its network header on; no fragment
 * @len: how many bytes of it are at hand
 *
 * Context: any. Reads nothing beyond @len.
 * Return: SVCSEQ_VIEW_OK if it is an error that quotes a packet with ports,
 * SVCSEQ_VIEW_OTHER if not, SVCSEQ_VIEW_SHORT if bytes are missing.
 */
enum svcseq_view_result svcseq_quote_parse4(struct svcseq_quote *quote,
					    const u8 *data, u32 len)
{
	u32 icmp, off, hlen;

	if (len < IP4_HLEN)
		return quote_short(quote, IP4_HLEN);
	icmp = (data[0] & 0x0f) * 4;
	if (data[0] >> 4 != 4 || icmp < IP4_HLEN ||
	    data[IP4_OFF_PROTO] != IPPROTO_ICMP)
		return SVCSEQ_VIEW_OTHER;
	if (len < icmp + SVCSEQ_ICMP_HLEN)
		return quote_short(quote, icmp + SVCSEQ_ICMP_HLEN);
	if (!is_error4(data[icmp]))
		return SVCSEQ_VIEW_OTHER;

	off = icmp + SVCSEQ_ICMP_HLEN;
	if (len < off + IP4_HLEN)
		return quote_short(quote, off + IP4_HLEN);
	hlen = (data[off] & 0x0f) * 4;
	if (data[off] >> 4 != 4 || hlen < IP4_HLEN)
		return SVCSEQ_VIEW_OTHER;
	/* only the first piece of a packet has its ports */
	if (quote_u16(data + off + IP4_OFF_FRAG) & IP4_FRAG_OFFSET)
		return SVCSEQ_VIEW_OTHER;
	quote->icmp_off = (u16)icmp;
	quote->l3_off = (u16)off;
	return quote_ports(quote, data, len, off + hlen,
			   data[off + IP4_OFF_PROTO]);
}

/* Passes over extension headers from @off on, the first of type @next. Returns
 * SVCSEQ_VIEW_OK with the offset and type of what follows them.
 */
static enum svcseq_view_result pass_over6(struct svcseq_quote *quote,
					  const u8 *data, u32 len, u32 *off,
					  u8 *next)
{
	int ext;

	for (ext = 0; ext <= IP6_MAX_EXT; ext++) {
		switch (*next) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
		case IPPROTO_FRAGMENT:
			break;
		default:
			return SVCSEQ_VIEW_OK;
		}
		if (len < *off + 8)
			return quote_short(quote, *off + 8);
		if (*next != IPPROTO_FRAGMENT) {
			*next = data[*off];
			*off += (data[*off + 1] + 1) * 8;
			continue;
		}
		if (quote_u16(data + *off + 2) & IP6_FRAG_OFFSET)
			return SVCSEQ_VIEW_OTHER;
		*next = data[*off];
		*off += 8;
	}
	return SVCSEQ_VIEW_OTHER;
}

/**
 * svcseq_quote_parse6 - look at an IPv6 packet that may be an ICMPv6 error
 * @quote: is filled in
 * @data: the packet from its network header on
 * @len: how many bytes of it are at hand
 *
 * Context: any. Reads nothing beyond @len.
 * Return: as svcseq_quote_parse4().
 */
enum svcseq_view_result svcseq_quote_parse6(struct svcseq_quote *quote,
					    const u8 *data, u32 len)
{
	enum svcseq_view_result result;
	u32 off = IP6_HLEN;
	u8 next;

	if (len < IP6_HLEN)
		return quote_short(quote, IP6_HLEN);
	if (data[0] >> 4 != 6)
		return SVCSEQ_VIEW_OTHER;
	next = data[IP6_OFF_NEXT];
	result = pass_over6(quote, data, len, &off, &next);
	if (result != SVCSEQ_VIEW_OK)
		return result;
	if (next != IPPROTO_ICMPV6)
		return SVCSEQ_VIEW_OTHER;
	if (len < off + SVCSEQ_ICMP_HLEN)
		return quote_short(quote, off + SVCSEQ_ICMP_HLEN);
	if (!is_error6(data[off]))
		return SVCSEQ_VIEW_OTHER;
	quote->icmp_off = (u16)off;

	off += SVCSEQ_ICMP_HLEN;
	if (len < off + IP6_HLEN)
		return quote_short(quote, off + IP6_HLEN);
	if (data[off] >> 4 != 6)
		return SVCSEQ_VIEW_OTHER;
	quote->l3_off = (u16)off;
	next = data[off + IP6_OFF_NEXT];
	off += IP6_HLEN;
	result = pass_over6(quote, data, len, &off, &next);
	if (result != SVCSEQ_VIEW_OK)
		return result;
	return quote_ports(quote, data, len, off, next);
}

/**
 * svcseq_quote_len - how much of an error rewriting may touch
 * @quote: where the quoted packet is
 * @len: length of the error
 *
 * Context: any.
 * Return: bytes from the start of the network header.
 */
u32 svcseq_quote_len(const struct svcseq_quote *quote, u32 len)
{
	u32 most = quote->l4_off + L4_CSUM_END;

	return len < most ? len : most;
}

/* Puts a word in and returns what that adds to the sum over it. */
static u32 put16(u8 *field, u16 value)
{
	u32 diff = svcseq_diff16(svcseq_load16(field), value);

	svcseq_store16(field, value);
	return diff;
}

static u32 put_addr(u8 *field, const u8 *addr, u32 n)
{
	u32 diff = 0;
	u32 i;

	for (i = 0; i < n; i += 2)
		diff += put16(field + i, svcseq_load16(addr + i));
	return diff;
}

/* Brings a sum in the quoted packet in line with a change of what it is over,
 * and returns what that adds to the sum of the error.
 */
static u32 put_sum(u8 *field, u32 diff)
{
	u16 old = svcseq_load16(field);

	svcseq_sum_update(field, diff);
	return svcseq_diff16(old, svcseq_load16(field));
}

/* The checksum of the quoted packet, if the quote goes that far. It may have
 * been left to a network card when the packet was quoted; then it stays wrong.
 */
static u32 put_l4_sum(const struct svcseq_quote_rewrite *rw, u32 diff)
{
	const struct svcseq_quote *quote = rw->quote;
	u32 off = svcseq_l4_csum_off(quote->proto);
	u8 *field = rw->data + quote->l4_off + off;
	u16 old;

	if (!off || rw->len < quote->l4_off + off + 2)
		return 0;
	old = svcseq_load16(field);
	if (!old && svcseq_l4_zero_is_none(quote->proto))
		return 0;
	svcseq_sum_update(field, diff);
	if (!svcseq_load16(field) && svcseq_l4_zero_is_none(quote->proto))
		svcseq_store16(field, 0xffff);
	return svcseq_diff16(old, svcseq_load16(field));
}

static u32 put_port(const struct svcseq_quote_rewrite *rw)
{
	if (!rw->port)
		return 0;
	return put16(rw->data + rw->quote->l4_off + (rw->dst ? 2 : 0),
		     (__force u16)rw->port);
}

/* Differences are kept in 32 bits; those of a whole error stay below 2^22. */
static void icmp_update(const struct svcseq_quote_rewrite *rw, u32 diff)
{
	svcseq_sum_update(rw->data + rw->quote->icmp_off + ICMP_OFF_CSUM, diff);
}

/* Does the error come from, or go to, the very end that is translated? The
 * server itself does; a router behind it keeps its address.
 */
static bool same_end(const u8 *outer, const u8 *quoted, u32 n)
{
	return !memcmp(outer, quoted, n);
}

/**
 * svcseq_quote_rewrite4 - rewrite the quoted packet of an ICMP error
 * @rw: what to rewrite
 *
 * The address of the error itself changes with it where it is the same, and all
 * checksums are updated.
 *
 * Context: any.
 */
void svcseq_quote_rewrite4(const struct svcseq_quote_rewrite *rw)
{
	u8 *l3 = rw->data + rw->quote->l3_off;
	u8 *addr = l3 + (rw->dst ? SVCSEQ_IP4_OFF_DST : SVCSEQ_IP4_OFF_SRC);
	u8 *outer = rw->data +
		    (rw->dst ? SVCSEQ_IP4_OFF_SRC : SVCSEQ_IP4_OFF_DST);
	u32 addr_diff = 0, diff = 0, port_diff;

	if (rw->addr) {
		if (same_end(outer, addr, 4))
			svcseq_sum_update(rw->data + SVCSEQ_IP4_OFF_CSUM,
					  put_addr(outer, rw->addr, 4));
		addr_diff = put_addr(addr, rw->addr, 4);
		diff = addr_diff + put_sum(l3 + SVCSEQ_IP4_OFF_CSUM, addr_diff);
	}
	port_diff = put_port(rw);
	diff += port_diff + put_l4_sum(rw, addr_diff + port_diff);
	icmp_update(rw, diff);
}

/**
 * svcseq_quote_rewrite6 - rewrite the quoted packet of an ICMPv6 error
 * @rw: what to rewrite
 *
 * As svcseq_quote_rewrite4(); the sum of ICMPv6 is over the error's addresses,
 * too.
 *
 * Context: any.
 */
void svcseq_quote_rewrite6(const struct svcseq_quote_rewrite *rw)
{
	u8 *addr = rw->data + rw->quote->l3_off +
		   (rw->dst ? IP6_OFF_DST : IP6_OFF_SRC);
	u8 *outer = rw->data + (rw->dst ? IP6_OFF_SRC : IP6_OFF_DST);
	u32 addr_diff = 0, diff = 0, port_diff;

	if (rw->addr) {
		if (same_end(outer, addr, 16))
			diff = put_addr(outer, rw->addr, 16);
		addr_diff = put_addr(addr, rw->addr, 16);
		diff += addr_diff;
	}
	port_diff = put_port(rw);
	diff += port_diff + put_l4_sum(rw, addr_diff + port_diff);
	icmp_update(rw, diff);
}
