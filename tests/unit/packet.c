// SPDX-License-Identifier: GPL-2.0
/* Packets for tests. Checksums are computed here from RFC 791, 768, 3828, 4340,
 * 8200, 9260 and 9293 byte by byte, in host order and without any shortcut, so that they share
 * nothing with what they are to check.
 */

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

#include "packet.h"
#include "tap.h"

uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

void put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

size_t packet_addr_len(const struct packet *p)
{
	return p->v6 ? 16 : 4;
}

size_t packet_addr(const struct packet *p, bool dst)
{
	return (p->v6 ? 8 : 12) + (dst ? packet_addr_len(p) : 0);
}

size_t packet_l4_csum(const struct packet *p)
{
	switch (p->proto) {
	case IPPROTO_TCP:
		return p->l4 + 16;
	case IPPROTO_SCTP:
		return p->l4 + 8;
	default:
		return p->l4 + 6;
	}
}

/* Ones' complement addition of 16 bit numbers, carry by carry. */
static uint16_t add_words(uint16_t sum, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i += 2) {
		uint32_t word = (uint32_t)data[i] << 8;

		if (i + 1 < len)
			word |= data[i + 1];
		word += sum;
		sum = (uint16_t)(word > 0xffff ? word - 0xffff : word);
	}
	return sum;
}

uint16_t packet_pseudo_sum(const struct packet *p)
{
	uint8_t head[40] = { 0 };
	size_t alen = packet_addr_len(p);
	size_t l4len = p->len - p->l4;

	memcpy(head, p->data + packet_addr(p, false), 2 * alen);
	/* In IPv6 the length has 32 bits, in IPv4 16; the sum is the same. */
	put16(head + 2 * alen, (uint16_t)l4len);
	head[2 * alen + 3] = p->proto;
	return add_words(0, head, 2 * alen + 4);
}

static uint16_t l4_sum(const struct packet *p)
{
	size_t len = p->len - p->l4;

	/* UDP-Lite says how much of it is covered; zero is all */
	if (p->proto == IPPROTO_UDPLITE && get16(p->data + p->l4 + 4))
		len = get16(p->data + p->l4 + 4);
	return add_words(packet_pseudo_sum(p), p->data + p->l4, len);
}

/* CRC32c of an SCTP packet with its own field as zero, bit by bit. */
static uint32_t sctp_crc(const struct packet *p)
{
	uint32_t crc = 0xffffffff;
	size_t i;
	int bit;

	for (i = p->l4; i < p->len; i++) {
		crc ^= i >= p->l4 + 8 && i < p->l4 + 12 ? 0 : p->data[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
	}
	return ~crc;
}

static void put_le32(uint8_t *p, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* Fill in the checksums of a packet. */
void packet_seal(struct packet *p)
{
	uint8_t *field = p->data + packet_l4_csum(p);

	if (!p->v6) {
		put16(p->data + 10, 0);
		put16(p->data + 10, (uint16_t)~add_words(0, p->data, p->l4));
	}
	if (p->proto == IPPROTO_SCTP) {
		put_le32(field, sctp_crc(p));
		return;
	}
	put16(field, 0);
	put16(field, (uint16_t)~l4_sum(p));
	if ((p->proto == IPPROTO_UDP || p->proto == IPPROTO_UDPLITE) &&
	    !get16(field))
		put16(field, 0xffff);
}

/* As a receiver does it: everything, the checksum included, makes all ones. */
bool packet_sums_right(const struct packet *p)
{
	if (!p->v6 && add_words(0, p->data, p->l4) != 0xffff)
		return false;
	if (p->proto == IPPROTO_SCTP) {
		uint8_t crc[4];

		put_le32(crc, sctp_crc(p));
		return !memcmp(crc, p->data + p->l4 + 8, sizeof(crc));
	}
	return l4_sum(p) == 0xffff;
}

/* A packet with right checksums and otherwise random contents. */
void packet_random(struct packet *p, bool v6, uint8_t proto)
{
	size_t hlen = v6 ? 40 : 20 + 4 * rnd_below(11);
	size_t l4len = (proto == IPPROTO_UDP ? 8 : 20) + rnd_below(200);

	memset(p, 0, sizeof(*p));
	p->v6 = v6;
	p->proto = proto;
	p->l4 = hlen;
	p->len = hlen + l4len;
	assert(p->len <= sizeof(p->data));
	rnd_fill(p->data, p->len);

	if (v6) {
		p->data[0] = 0x60 | (p->data[0] & 0x0f);
		put16(p->data + 4, (uint16_t)l4len);
		p->data[6] = proto;
	} else {
		p->data[0] = (uint8_t)(0x40 | hlen / 4);
		put16(p->data + 2, (uint16_t)p->len);
		put16(p->data + 6, 0x4000);
		p->data[9] = proto;
	}
	if (proto == IPPROTO_UDP)
		put16(p->data + p->l4 + 4, (uint16_t)l4len);
	else if (proto == IPPROTO_UDPLITE)
		put16(p->data + p->l4 + 4, rnd_below(4) ?
		      (uint16_t)(8 + rnd_below((uint32_t)l4len - 7)) : 0);
	else if (proto == IPPROTO_TCP)
		p->data[p->l4 + 12] = 0x50;
	packet_seal(p);
}
