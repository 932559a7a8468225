// SPDX-License-Identifier: GPL-2.0
/* Address and port rewriting; checksums are updated by the difference, as in
 * RFC 1624, so that an error in the packet stays an error.
 */

#include "rewrite.h"

#define IP4_OFF_CSUM	10
#define IP4_OFF_SRC	12
#define IP4_OFF_DST	16
#define IP6_OFF_SRC	8
#define IP6_OFF_DST	24
#define TCP_OFF_CSUM	16
#define UDP_OFF_CSUM	6

static u16 sum_load(const u8 *p)
{
	u16 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static void sum_store(u8 *p, u16 v)
{
	memcpy(p, &v, sizeof(v));
}

static u16 sum_fold(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (u16)sum;
}

/* Sum of what is put in and of the complement of what is taken out. The words
 * stay in wire order: the ones' complement sum does not care.
 */
static u32 sum_diff(const u8 *from, const u8 *to, u32 len)
{
	u32 sum = 0;
	u32 i;

	for (i = 0; i < len; i += 2)
		sum += (u16)~sum_load(from + i) + (u32)sum_load(to + i);
	return sum;
}

/* RFC 1624, equation 3: HC' = ~(~HC + ~m + m') */
static void sum_update(u8 *field, u32 diff)
{
	sum_store(field, (u16)~sum_fold((u16)~sum_load(field) + diff));
}

static void l4_update(const struct svcseq_rewrite *rw, u32 addr_diff,
		      u32 port_diff)
{
	bool udp = rw->proto == IPPROTO_UDP;
	u8 *field = rw->l4 + (udp ? UDP_OFF_CSUM : TCP_OFF_CSUM);

	if (rw->partial) {
		/* not complemented, and the ports are not in it yet */
		sum_store(field, sum_fold(sum_load(field) + addr_diff));
		return;
	}
	if (udp && !sum_load(field))
		return;		/* the sender made none (RFC 768) */

	sum_update(field, addr_diff + port_diff);
	if (udp && !sum_load(field))
		sum_store(field, 0xffff);
}

static void rewrite_l3(const struct svcseq_rewrite *rw, u8 *addr, u32 len,
		       u8 *csum)
{
	u8 *port = rw->l4 + (rw->end == SVCSEQ_REWRITE_DST ? 2 : 0);
	u32 addr_diff = 0, port_diff = 0;

	if (rw->addr) {
		addr_diff = sum_diff(addr, rw->addr, len);
		memcpy(addr, rw->addr, len);
		if (csum)
			sum_update(csum, addr_diff);
	}
	if (rw->port) {
		port_diff = sum_diff(port, (const u8 *)&rw->port, 2);
		memcpy(port, &rw->port, 2);
	}
	l4_update(rw, addr_diff, port_diff);
}

/**
 * svcseq_rewrite4 - rewrite one end of an IPv4 packet
 * @rw: what to rewrite
 *
 * Stateless translation as in paragraph 105 of the packet sequencing document;
 * the header checksum and that of TCP or UDP are updated.
 *
 * Context: any.
 */
void svcseq_rewrite4(const struct svcseq_rewrite *rw)
{
	u32 off = rw->end == SVCSEQ_REWRITE_DST ? IP4_OFF_DST : IP4_OFF_SRC;

	rewrite_l3(rw, rw->l3 + off, 4, rw->l3 + IP4_OFF_CSUM);
}

/**
 * svcseq_rewrite6 - rewrite one end of an IPv6 packet
 * @rw: what to rewrite
 *
 * Context: any.
 */
void svcseq_rewrite6(const struct svcseq_rewrite *rw)
{
	u32 off = rw->end == SVCSEQ_REWRITE_DST ? IP6_OFF_DST : IP6_OFF_SRC;

	rewrite_l3(rw, rw->l3 + off, 16, NULL);
}

/**
 * svcseq_rewrite_len - how much of the transport header rewriting touches
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 *
 * Context: any.
 * Return: bytes from the start of the transport header.
 */
u32 svcseq_rewrite_len(u8 proto)
{
	return proto == IPPROTO_UDP ? UDP_OFF_CSUM + 2 : TCP_OFF_CSUM + 2;
}
