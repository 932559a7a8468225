// SPDX-License-Identifier: GPL-2.0
/* Packets for tests. Checksums are computed here from RFC 791, 768, 8200 and
 * 9293 byte by byte, in host order and without any shortcut, so that they share
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
	return p->l4 + (p->proto == IPPROTO_UDP ? 6 : 16);
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
	return add_words(packet_pseudo_sum(p), p->data + p->l4,
			 p->len - p->l4);
}

/* Fill in the checksums of a packet. */
void packet_seal(struct packet *p)
{
	uint8_t *field = p->data + packet_l4_csum(p);

	if (!p->v6) {
		put16(p->data + 10, 0);
		put16(p->data + 10, (uint16_t)~add_words(0, p->data, p->l4));
	}
	put16(field, 0);
	put16(field, (uint16_t)~l4_sum(p));
	if (p->proto == IPPROTO_UDP && !get16(field))
		put16(field, 0xffff);
}

/* As a receiver does it: everything, the checksum included, makes all ones. */
bool packet_sums_right(const struct packet *p)
{
	if (!p->v6 && add_words(0, p->data, p->l4) != 0xffff)
		return false;
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
	else
		p->data[p->l4 + 12] = 0x50;
	packet_seal(p);
}
