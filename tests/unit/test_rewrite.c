// SPDX-License-Identifier: GPL-2.0
/* Rewriting: the result is what computing all checksums anew gives, and not a
 * byte more is touched than said.
 */

#include <stdlib.h>
#include <string.h>

#include "core/rewrite.h"
#include "packet.h"
#include "tap.h"

#define ROUNDS	20000

/* The headers are handed over as two pieces of memory of just the size that is
 * said to be writable, so that the sanitizer sees any reach beyond.
 */
static void rewrite(struct packet *p, const uint8_t *addr, uint16_t port,
		    bool dst, bool partial)
{
	size_t l3_len = p->v6 ? 40 : 20;
	size_t l4_len = svcseq_rewrite_len(p->proto);
	uint8_t *l3 = malloc(l3_len);
	uint8_t *l4 = malloc(l4_len);
	uint8_t *a = malloc(packet_addr_len(p));
	struct svcseq_rewrite rw = {
		.l3 = l3,
		.l4 = l4,
		.port = cpu_to_be16(port),
		.proto = p->proto,
		.end = dst ? SVCSEQ_REWRITE_DST : SVCSEQ_REWRITE_SRC,
		.partial = partial,
		.l4_len = (u32)(p->len - p->l4),
	};

	if (!l3 || !l4 || !a)
		abort();
	memcpy(l3, p->data, l3_len);
	memcpy(l4, p->data + p->l4, l4_len);
	if (addr) {
		memcpy(a, addr, packet_addr_len(p));
		rw.addr = a;
	}
	if (p->v6)
		svcseq_rewrite6(&rw);
	else if (rw.proto == IPPROTO_SCTP)
		svcseq_rewrite4_any(&rw);
	else
		svcseq_rewrite4(&rw);
	memcpy(p->data, l3, l3_len);
	memcpy(p->data + p->l4, l4, l4_len);
	free(l3);
	free(l4);
	free(a);
}

/* The same by hand: put the values in and leave the checksums to be made. */
static void put_values(struct packet *p, const uint8_t *addr, uint16_t port,
		       bool dst)
{
	if (addr)
		memcpy(p->data + packet_addr(p, dst), addr,
		       packet_addr_len(p));
	if (port)
		put16(p->data + p->l4 + (dst ? 2 : 0), port);
}

/* What is to be rewritten; the easy cases come as often as the rare ones. */
struct change {
	uint8_t bytes[16];
	const uint8_t *addr;
	uint16_t port;
	bool dst;
};

static void change_random(struct change *c)
{
	rnd_fill(c->bytes, sizeof(c->bytes));
	c->addr = rnd_below(4) ? c->bytes : NULL;
	c->port = rnd_below(4) ? (uint16_t)rnd_next() : 0;
	c->dst = rnd_below(2);
	if (!rnd_below(16))
		memset(c->bytes, rnd_below(2) ? 0xff : 0, sizeof(c->bytes));
}

static void packet_any(struct packet *p)
{
	packet_random(p, rnd_below(2),
		      rnd_below(2) ? IPPROTO_TCP : IPPROTO_UDP);
}

static void packet_of_all(struct packet *p)
{
	static const uint8_t proto[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP,
					 IPPROTO_DCCP, IPPROTO_UDPLITE };

	packet_random(p, rnd_below(2), proto[rnd_below(5)]);
}

static void same_as_anew(void)
{
	struct packet p, want;
	struct change c;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		packet_of_all(&p);
		change_random(&c);
		want = p;
		put_values(&want, c.addr, c.port, c.dst);
		packet_seal(&want);

		rewrite(&p, c.addr, c.port, c.dst, false);
		CHECK_BYTES(p.data, want.data, p.len);
		CHECK(packet_sums_right(&p));
	}
}

/* The checksum of a packet still to be finished is the sum of the pseudo
 * header; it follows the address and nothing else.
 */
static void partial_sums(void)
{
	struct packet p, want;
	struct change c;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		size_t field;
		uint16_t seen, sum;

		packet_any(&p);
		change_random(&c);
		field = packet_l4_csum(&p);
		put16(p.data + field, packet_pseudo_sum(&p));
		want = p;
		put_values(&want, c.addr, c.port, c.dst);
		packet_seal(&want);

		rewrite(&p, c.addr, c.port, c.dst, true);
		seen = get16(p.data + field);
		sum = packet_pseudo_sum(&want);
		CHECK_INT(seen, sum);
		/* What the network card does at last gives the packet. */
		packet_seal(&p);
		CHECK_BYTES(p.data, want.data, p.len);
	}
}

/* A segment of a GSO packet has another length than the whole; the sum that is
 * kept does not include what the difference is made from.
 */
static void partial_sum_of_gso(void)
{
	struct packet p, whole;
	uint8_t addr[16];
	int i;

	for (i = 0; i < 1000; i++) {
		size_t field;
		uint16_t before, after;

		packet_any(&p);
		rnd_fill(addr, sizeof(addr));
		field = packet_l4_csum(&p);
		whole = p;
		whole.len = p.l4 + 20;
		before = packet_pseudo_sum(&whole);
		put16(p.data + field, before);
		rewrite(&p, addr, 0, true, true);
		put_values(&whole, addr, 0, true);
		after = packet_pseudo_sum(&whole);
		CHECK_INT(get16(p.data + field), after);
	}
}

/* A UDP packet over IPv4 without a checksum is left without one. */
static void no_udp_checksum(void)
{
	struct packet p;
	struct change c;
	int i;

	for (i = 0; i < 1000; i++) {
		packet_random(&p, i & 1, IPPROTO_UDP);
		change_random(&c);
		put16(p.data + packet_l4_csum(&p), 0);
		rewrite(&p, c.addr, c.port, c.dst, false);
		CHECK_INT(get16(p.data + packet_l4_csum(&p)), 0);
	}
}

/* UDP's checksum is never sent as zero, for that means there is none. Of the
 * ports that exist one makes the sum just so.
 */
static void udp_zero_becomes_ones(void)
{
	struct packet p, q;
	int found = 0;
	int port;

	packet_random(&p, false, IPPROTO_UDP);
	for (port = 1; port < 65536; port++) {
		q = p;
		rewrite(&q, NULL, (uint16_t)port, true, false);
		CHECK(get16(q.data + packet_l4_csum(&q)) != 0);
		CHECK(packet_sums_right(&q));
		if (get16(q.data + packet_l4_csum(&q)) != 0xffff)
			continue;
		found++;
		/* and on from there */
		rewrite(&q, NULL, 4711, false, false);
		CHECK(packet_sums_right(&q));
	}
	CHECK(found >= 1);

	/* TCP knows no such rule: there the zero is sent. */
	packet_random(&p, false, IPPROTO_TCP);
	found = 0;
	for (port = 1; port < 65536; port++) {
		q = p;
		rewrite(&q, NULL, (uint16_t)port, true, false);
		CHECK(get16(q.data + packet_l4_csum(&q)) != 0xffff);
		found += !get16(q.data + packet_l4_csum(&q));
	}
	CHECK(found >= 1);
}

/* A packet damaged before must not look sound after. */
static void errors_stay(void)
{
	struct packet p;
	struct change c;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		size_t at;

		packet_of_all(&p);
		change_random(&c);
		/* in the payload, or in what the header sum covers */
		at = rnd_below(2) ? p.len - 1 : 1;
		if (p.v6 || at != 1)
			at = p.len - 1;
		p.data[at] ^= (uint8_t)(1 + rnd_below(255));
		if (packet_sums_right(&p))
			continue;
		rewrite(&p, c.addr, c.port, c.dst, false);
		CHECK(!packet_sums_right(&p));
	}
}

/* To the server and back to the client gives the packet that came. */
static void there_and_back(void)
{
	struct packet p, before;
	struct change c;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		uint8_t old[16];
		uint16_t old_port;

		packet_of_all(&p);
		change_random(&c);
		memcpy(old, p.data + packet_addr(&p, c.dst),
		       packet_addr_len(&p));
		old_port = get16(p.data + p.l4 + (c.dst ? 2 : 0));
		if (!old_port)
			continue;
		before = p;
		rewrite(&p, c.addr, c.port, c.dst, false);
		rewrite(&p, old, old_port, c.dst, false);
		CHECK_BYTES(p.data, before.data, p.len);
	}
}

static void how_much_is_touched(void)
{
	CHECK_INT(svcseq_rewrite_len(IPPROTO_UDP), 8);
	CHECK_INT(svcseq_rewrite_len(IPPROTO_TCP), 18);
	CHECK_INT(svcseq_rewrite_len(IPPROTO_SCTP), 12);
	CHECK_INT(svcseq_rewrite_len(IPPROTO_DCCP), 8);
	CHECK_INT(svcseq_rewrite_len(IPPROTO_UDPLITE), 8);
}

/* RFC 1624, section 4: where the older formula gives the wrong zero. */
static void rfc1624_example(void)
{
	struct packet p = { .proto = IPPROTO_UDP, .l4 = 20, .len = 28 };
	uint8_t addr[4] = { 0x85, 0x3c, 0x32, 0x85 };

	/* header sum 0xdd2f, a word 0x5555 that turns into 0x3285 */
	memset(p.data, 0, p.len);
	p.data[0] = 0x45;
	put16(p.data + 10, 0xdd2f);
	put16(p.data + 16, 0x853c);
	put16(p.data + 18, 0x5555);
	put16(addr + 2, 0x3285);
	put16(addr, 0x853c);
	rewrite(&p, addr, 0, true, false);
	CHECK_INT(get16(p.data + 10), 0x0000);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(same_as_anew),
		TAP_TEST(partial_sums),
		TAP_TEST(partial_sum_of_gso),
		TAP_TEST(no_udp_checksum),
		TAP_TEST(udp_zero_becomes_ones),
		TAP_TEST(errors_stay),
		TAP_TEST(there_and_back),
		TAP_TEST(how_much_is_touched),
		TAP_TEST(rfc1624_example),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
