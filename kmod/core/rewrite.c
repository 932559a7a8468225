// SPDX-License-Identifier: GPL-2.0
/* Address and port rewriting of IPv6 packets and of SCTP; that of other IPv4
 * packets is short enough to be compiled into its callers.
 */

#include "rewrite.h"

#define IP6_OFF_SRC	8
#define IP6_OFF_DST	24

#define CRC32C_POLY	0x82f63b78u	/* reflected: bit 31 is x^0 */
#define CRC32C_X8	0x00800000u	/* x^8 */

/* Product of two polynomials, modulo that of CRC32c. */
static u32 crc_mul(u32 a, u32 b)
{
	u32 product = 0;

	for (; a; a <<= 1) {
		if (a >> 31)
			product ^= b;
		b = b & 1 ? b >> 1 ^ CRC32C_POLY : b >> 1;
	}
	return product;
}

/* x^(8 * n): what @n more bytes do to the remainder. */
static u32 crc_shift(u32 n)
{
	u32 power = CRC32C_X8;
	u32 shift = 1u << 31;

	for (; n; n >>= 1) {
		if (n & 1)
			shift = crc_mul(shift, power);
		power = crc_mul(power, power);
	}
	return shift;
}

static u32 load_le32(const u8 *p)
{
	return (u32)p[3] << 24 | (u32)p[2] << 16 | (u32)p[1] << 8 | p[0];
}

static void store_le32(u8 *p, u32 v)
{
	p[0] = (u8)v;
	p[1] = (u8)(v >> 8);
	p[2] = (u8)(v >> 16);
	p[3] = (u8)(v >> 24);
}

/* No address is in SCTP's checksum (RFC 9260, section 6.8). A CRC is linear, so it
 * can be updated by the difference as well: what changes in the first four bytes,
 * times x^8 for each byte of the packet.
 */
static void sctp_rewrite(const struct svcseq_rewrite *rw)
{
	u8 *field = rw->l4 + SVCSEQ_SCTP_OFF_CSUM;
	u32 diff = load_le32(rw->l4);

	svcseq_port_update(rw);
	diff ^= load_le32(rw->l4);
	if (!diff || rw->partial)
		return;
	diff = crc_mul(crc_shift(rw->l4_len), diff);
	store_le32(field, load_le32(field) ^ diff);
}

/* The transport header, after the address has changed. */
static void l4_rewrite(const struct svcseq_rewrite *rw, u32 addr_diff)
{
	if (unlikely(rw->proto == IPPROTO_SCTP))
		sctp_rewrite(rw);
	else
		svcseq_l4_update(rw, addr_diff, svcseq_port_update(rw));
}

/**
 * svcseq_rewrite4_any - svcseq_rewrite4(), also for SCTP
 * @rw: what to rewrite
 *
 * Context: any.
 */
void svcseq_rewrite4_any(const struct svcseq_rewrite *rw)
{
	l4_rewrite(rw, svcseq_addr4_update(rw));
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
	const u8 *new = rw->addr;
	u8 *addr = rw->l3 + off;
	u32 diff = 0;
	int i;

	if (new) {
		for (i = 0; i < 16; i += 4)
			diff += svcseq_diff32(addr + i, new + i);
		memcpy(addr, new, 16);
	}
	l4_rewrite(rw, diff);
}
