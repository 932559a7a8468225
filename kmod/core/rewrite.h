/* SPDX-License-Identifier: GPL-2.0 */
/* Address and port rewriting; checksums are updated by the difference, as in
 * RFC 1624, so that an error in the packet stays an error.
 */
#ifndef SVCSEQ_CORE_REWRITE_H
#define SVCSEQ_CORE_REWRITE_H

#include "env.h"

/**
 * enum svcseq_rewrite_end - Which end of a packet is rewritten.
 * @SVCSEQ_REWRITE_SRC: source address and port
 * @SVCSEQ_REWRITE_DST: destination address and port
 */
enum svcseq_rewrite_end {
	SVCSEQ_REWRITE_SRC,
	SVCSEQ_REWRITE_DST,
};

/**
 * struct svcseq_rewrite - One rewriting of a packet.
 * @l3: the network header
 * @l4: the transport header; bytes up to and including the checksum are
 *   writable, see svcseq_rewrite_len()
 * @addr: the new address, 4 or 16 bytes; NULL to keep it
 * @port: the new port; 0 to keep it
 * @proto: protocol, one of svcseq_view_has_ports()
 * @end: which end is rewritten
 * @partial: the checksum field holds the sum over the pseudo header only
 *   (CHECKSUM_PARTIAL); the rest is added when the packet leaves
 * @l4_len: bytes from the transport header to the end of the packet; only read
 *   for SCTP
 */
struct svcseq_rewrite {
	u8 *l3;
	u8 *l4;
	const void *addr;
	__be16 port;
	u8 proto;
	enum svcseq_rewrite_end end;
	bool partial;
	u32 l4_len;
};

#define SVCSEQ_IP4_OFF_CSUM	10
#define SVCSEQ_IP4_OFF_SRC	12
#define SVCSEQ_IP4_OFF_DST	16
#define SVCSEQ_TCP_OFF_CSUM	16
#define SVCSEQ_UDP_OFF_CSUM	6	/* of DCCP and UDP-Lite, too */
#define SVCSEQ_SCTP_OFF_CSUM	8

/**
 * svcseq_l4_csum_off - where the Internet checksum of a protocol is
 * @proto: the protocol
 *
 * Context: any.
 * Return: its offset in the transport header, or 0 if it has none: SCTP has a
 * CRC of its own.
 */
static inline u32 svcseq_l4_csum_off(u8 proto)
{
	if (proto == IPPROTO_TCP)
		return SVCSEQ_TCP_OFF_CSUM;
	return proto == IPPROTO_SCTP ? 0 : SVCSEQ_UDP_OFF_CSUM;
}

/**
 * svcseq_l4_zero_is_none - does a checksum of zero mean that there is none?
 * @proto: the protocol
 *
 * Context: any.
 * Return: true for UDP (RFC 768); for UDP-Lite, where zero must not be sent
 * (RFC 3828), it stays the error that it is.
 */
static inline bool svcseq_l4_zero_is_none(u8 proto)
{
	return proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE;
}

/**
 * svcseq_rewrite_len - how much of the transport header rewriting touches
 * @proto: protocol, one of svcseq_view_has_ports()
 *
 * Context: any.
 * Return: bytes from the start of the transport header.
 */
static inline u32 svcseq_rewrite_len(u8 proto)
{
	if (proto == IPPROTO_SCTP)
		return SVCSEQ_SCTP_OFF_CSUM + 4;
	return svcseq_l4_csum_off(proto) + 2;
}

/* All sums are in wire order: the ones' complement sum does not care. They are
 * kept in 32 bits and folded at the end; they stay below
 * 2^21.
 */
static __always_inline u16 svcseq_load16(const u8 *p)
{
	u16 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static __always_inline void svcseq_store16(u8 *p, u16 v)
{
	memcpy(p, &v, sizeof(v));
}

static __always_inline u16 svcseq_sum_fold(u32 sum)
{
	/* both halves turned round and added: the carry ends where it must */
	sum += sum >> 16 | sum << 16;
	return (u16)(sum >> 16);
}

/* What is put in, and the complement of what is taken out. */
static __always_inline u32 svcseq_diff16(u16 from, u16 to)
{
	return (u16)~from + (u32)to;
}

static __always_inline u32 svcseq_diff32(const u8 *from, const u8 *to)
{
	u32 old, new;
	u64 sum;

	memcpy(&old, from, sizeof(old));
	memcpy(&new, to, sizeof(new));
	sum = (u64)(u32)~old + new;
	return (u32)(sum & 0xffff) + (u32)(sum >> 16);
}

/* RFC 1624, equation 3: HC' = ~(~HC + ~m + m') */
static __always_inline void svcseq_sum_update(u8 *field, u32 diff)
{
	u32 sum = (u16)~svcseq_load16(field) + diff;

	svcseq_store16(field, (u16)~svcseq_sum_fold(sum));
}

static __always_inline void
svcseq_l4_update(const struct svcseq_rewrite *rw, u32 addr_diff, u32 port_diff)
{
	bool tcp = rw->proto == IPPROTO_TCP;
	u8 *field = rw->l4 + (tcp ? SVCSEQ_TCP_OFF_CSUM : SVCSEQ_UDP_OFF_CSUM);
	bool zero_is_none = !tcp && svcseq_l4_zero_is_none(rw->proto);

	if (rw->partial) {
		/* not complemented, and the ports are not in it yet */
		svcseq_store16(field, svcseq_sum_fold(svcseq_load16(field) +
						      addr_diff));
		return;
	}
	if (zero_is_none && !svcseq_load16(field))
		return;		/* the sender made none (RFC 768) */

	svcseq_sum_update(field, addr_diff + port_diff);
	if (zero_is_none && !svcseq_load16(field))
		svcseq_store16(field, 0xffff);
}

static __always_inline u32 svcseq_port_update(const struct svcseq_rewrite *rw)
{
	u8 *port = rw->l4 + (rw->end == SVCSEQ_REWRITE_DST ? 2 : 0);
	u16 old = svcseq_load16(port);

	if (!rw->port)
		return 0;
	memcpy(port, &rw->port, sizeof(rw->port));
	return svcseq_diff16(old, (__force u16)rw->port);
}

/* Returns what that does to other sums. */
static __always_inline u32 svcseq_addr4_update(const struct svcseq_rewrite *rw)
{
	u32 off = rw->end == SVCSEQ_REWRITE_DST ? SVCSEQ_IP4_OFF_DST :
						  SVCSEQ_IP4_OFF_SRC;
	u8 *addr = rw->l3 + off;
	u32 diff = 0;

	if (rw->addr) {
		diff = svcseq_diff32(addr, rw->addr);
		memcpy(addr, rw->addr, 4);
		svcseq_sum_update(rw->l3 + SVCSEQ_IP4_OFF_CSUM, diff);
	}
	return diff;
}

/**
 * svcseq_rewrite4 - rewrite one end of an IPv4 packet
 * @rw: what to rewrite; not of SCTP
 *
 * Stateless translation as in paragraph 105 of the packet sequencing document;
 * the header checksum and that of the transport protocol are updated. Nobody
 * takes the address of @rw, so it needs no memory.
 *
 * Context: any.
 */
static __always_inline void svcseq_rewrite4(const struct svcseq_rewrite *rw)
{
	u32 diff = svcseq_addr4_update(rw);

	svcseq_l4_update(rw, diff, svcseq_port_update(rw));
}

void svcseq_rewrite4_any(const struct svcseq_rewrite *rw);

void svcseq_rewrite6(const struct svcseq_rewrite *rw);

#endif /* SVCSEQ_CORE_REWRITE_H */
