// SPDX-License-Identifier: GPL-2.0
/* The packet view: finds ports, knows what it cannot steer, reads no further
 * than it may.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/view.h"
#include "packet.h"
#include "tap.h"

typedef enum svcseq_view_result parse_fn(struct svcseq_view *view,
					 const u8 *data, u32 len);

/* The bytes are copied to memory of just their size, where the sanitizer sees
 * any look beyond.
 */
static enum svcseq_view_result parse(parse_fn *fn, struct svcseq_view *view,
				     const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum svcseq_view_result result;

	if (!exact)
		abort();
	memcpy(exact, data, len);
	memset(view, 0xee, sizeof(*view));
	result = fn(view, exact, (u32)len);
	free(exact);
	return result;
}

/* A packet by hand: 203.0.113.7:0x1234 to 198.51.100.1:80. */
static const uint8_t tcp4[40] = {
	0x45, 0x00, 0x00, 0x28, 0x00, 0x01, 0x40, 0x00, 0x40, 0x06, 0x00, 0x00,
	203, 0, 113, 7, 198, 51, 100, 1,
	0x12, 0x34, 0x00, 0x50, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02,
};

static const uint8_t udp6[48] = {
	0x60, 0x00, 0x00, 0x00, 0x00, 0x08, 0x11, 0x40,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2,
	0xc0, 0x01, 0x15, 0xb3, 0x00, 0x08, 0x00, 0x00,
};

static void check_ok(const struct svcseq_view *view, unsigned int off,
		     unsigned int proto, unsigned int sport, unsigned int dport)
{
	CHECK_INT(view->l4_off, off);
	CHECK_INT(view->proto, proto);
	CHECK_INT(be16_to_cpu(view->sport), sport);
	CHECK_INT(be16_to_cpu(view->dport), dport);
}

static void plain4(void)
{
	struct svcseq_view view;

	CHECK_INT(parse(svcseq_view_parse4, &view, tcp4, sizeof(tcp4)),
		  SVCSEQ_VIEW_OK);
	check_ok(&view, 20, IPPROTO_TCP, 0x1234, 80);
}

static void plain6(void)
{
	struct svcseq_view view;

	CHECK_INT(parse(svcseq_view_parse6, &view, udp6, sizeof(udp6)),
		  SVCSEQ_VIEW_OK);
	check_ok(&view, 40, IPPROTO_UDP, 0xc001, 5555);
}

static void options4(void)
{
	struct svcseq_view view;
	uint8_t data[100];
	unsigned int words;

	for (words = 0; words < 16; words++) {
		memset(data, 0, sizeof(data));
		memcpy(data, tcp4, 20);
		data[0] = (uint8_t)(0x40 | words);
		if (words < 5) {
			CHECK_INT(parse(svcseq_view_parse4, &view, data, 100),
				  SVCSEQ_VIEW_OTHER);
			continue;
		}
		memcpy(data + 4 * words, tcp4 + 20, 20);
		CHECK_INT(parse(svcseq_view_parse4, &view, data, 100),
			  SVCSEQ_VIEW_OK);
		check_ok(&view, 4 * words, IPPROTO_TCP, 0x1234, 80);
	}
}

static void fragments4(void)
{
	static const struct {
		uint16_t field;
		enum svcseq_view_result want;
	} cases[] = {
		{ 0x0000, SVCSEQ_VIEW_OK },
		{ 0x4000, SVCSEQ_VIEW_OK },		/* don't fragment */
		{ 0x8000, SVCSEQ_VIEW_OK },		/* the reserved bit */
		{ 0x2000, SVCSEQ_VIEW_FRAGMENT },	/* more fragments */
		{ 0x6000, SVCSEQ_VIEW_FRAGMENT },
		{ 0x0001, SVCSEQ_VIEW_FRAGMENT },	/* offset */
		{ 0x1fff, SVCSEQ_VIEW_FRAGMENT },
		{ 0x3000, SVCSEQ_VIEW_FRAGMENT },
	};
	struct svcseq_view view;
	uint8_t data[40];
	size_t i;

	memcpy(data, tcp4, sizeof(data));
	for (i = 0; i < TAP_COUNT(cases); i++) {
		put16(data + 6, cases[i].field);
		CHECK_INT(parse(svcseq_view_parse4, &view, data, sizeof(data)),
			  cases[i].want);
	}
}

static void other_protocols(void)
{
	struct svcseq_view view;
	uint8_t four[40], six[48];
	unsigned int proto;

	memcpy(four, tcp4, sizeof(four));
	memcpy(six, udp6, sizeof(six));
	for (proto = 0; proto < 256; proto++) {
		bool ports = proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
			     proto == IPPROTO_SCTP || proto == IPPROTO_DCCP ||
			     proto == IPPROTO_UDPLITE;
		enum svcseq_view_result got;

		four[9] = (uint8_t)proto;
		CHECK_INT(parse(svcseq_view_parse4, &view, four, sizeof(four)),
			  ports ? SVCSEQ_VIEW_OK : SVCSEQ_VIEW_OTHER);

		six[6] = (uint8_t)proto;
		got = parse(svcseq_view_parse6, &view, six, sizeof(six));
		switch (proto) {
		case IPPROTO_TCP:
		case IPPROTO_UDP:
		case IPPROTO_SCTP:
		case IPPROTO_DCCP:
		case IPPROTO_UDPLITE:
			CHECK_INT(got, SVCSEQ_VIEW_OK);
			break;
		case IPPROTO_FRAGMENT:
			CHECK_INT(got, SVCSEQ_VIEW_FRAGMENT);
			break;
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
			/* 0xc0 is the next header, 1 unit of 8 bytes more */
			CHECK_INT(got, SVCSEQ_VIEW_OTHER);
			break;
		default:
			CHECK_INT(got, SVCSEQ_VIEW_OTHER);
		}
	}
}

/* The version in the packet is not what the frame said. */
static void wrong_version(void)
{
	struct svcseq_view view;
	uint8_t data[48];
	unsigned int version;

	for (version = 0; version < 16; version++) {
		memcpy(data, tcp4, sizeof(tcp4));
		data[0] = (uint8_t)(version << 4 | 5);
		CHECK_INT(parse(svcseq_view_parse4, &view, data, 40),
			  version == 4 ? SVCSEQ_VIEW_OK : SVCSEQ_VIEW_OTHER);
		memcpy(data, udp6, sizeof(udp6));
		data[0] = (uint8_t)(version << 4);
		CHECK_INT(parse(svcseq_view_parse6, &view, data, 48),
			  version == 6 ? SVCSEQ_VIEW_OK : SVCSEQ_VIEW_OTHER);
	}
}

/* Build an IPv6 packet with a row of extension headers before its TCP header.
 * Returns its length.
 */
static size_t build6(uint8_t *data, const uint8_t *types,
		     const uint8_t *units, size_t count)
{
	size_t off = 40, i;
	uint8_t *next = data + 6;

	memset(data, 0, PACKET_MAX);
	memcpy(data, udp6, 40);
	for (i = 0; i < count; i++) {
		*next = types[i];
		next = data + off;
		data[off + 1] = units[i];
		off += (units[i] + 1u) * 8;
	}
	*next = IPPROTO_TCP;
	memcpy(data + off, tcp4 + 20, 20);
	return off + 20;
}

static void extensions6(void)
{
	static const uint8_t kinds[] = { IPPROTO_HOPOPTS, IPPROTO_ROUTING,
					 IPPROTO_DSTOPTS };
	uint8_t data[PACKET_MAX], types[9] = { 0 }, units[9] = { 0 };
	struct svcseq_view view;
	size_t count, i, len;

	for (count = 0; count <= 9; count++) {
		for (i = 0; i < count; i++) {
			types[i] = kinds[i % 3];
			units[i] = (uint8_t)(i * 3 % 5);
		}
		len = build6(data, types, units, count);
		if (count > 8) {
			CHECK_INT(parse(svcseq_view_parse6, &view, data, len),
				  SVCSEQ_VIEW_OTHER);
			continue;
		}
		CHECK_INT(parse(svcseq_view_parse6, &view, data, len),
			  SVCSEQ_VIEW_OK);
		check_ok(&view, (unsigned int)len - 20, IPPROTO_TCP, 0x1234,
			 80);
	}
}

/* A fragment is a fragment, whatever comes before its header. */
static void fragment_behind_extensions(void)
{
	static const uint8_t types[] = { IPPROTO_HOPOPTS, IPPROTO_DSTOPTS };
	static const uint8_t units[] = { 0, 1 };
	uint8_t data[PACKET_MAX];
	struct svcseq_view view;
	size_t len = build6(data, types, units, 2);

	data[48] = IPPROTO_FRAGMENT;
	CHECK_INT(parse(svcseq_view_parse6, &view, data, len),
		  SVCSEQ_VIEW_FRAGMENT);
}

/* Whoever is told that bytes are missing, and brings them, gets the answer in
 * the end; each time it is more that is wanted.
 */
static void check_short(parse_fn *fn, const uint8_t *data, size_t len,
			const struct svcseq_view *whole)
{
	struct svcseq_view view;
	size_t have, rounds;

	for (have = 0; have <= len; have++) {
		size_t now = have;

		for (rounds = 0; rounds < 32; rounds++) {
			if (parse(fn, &view, data, now) != SVCSEQ_VIEW_SHORT)
				break;
			if (!CHECK(view.need > now) || !CHECK(view.need <= len))
				return;
			now = view.need;
		}
		CHECK_INT(parse(fn, &view, data, now), SVCSEQ_VIEW_OK);
		check_ok(&view, whole->l4_off, whole->proto,
			 be16_to_cpu(whole->sport), be16_to_cpu(whole->dport));
	}
}

static void cut_short(void)
{
	static const uint8_t types[] = { IPPROTO_HOPOPTS, IPPROTO_ROUTING,
					 IPPROTO_DSTOPTS };
	static const uint8_t units[] = { 0, 2, 1 };
	struct svcseq_view view;
	struct packet p;
	uint8_t data[PACKET_MAX];
	size_t len;
	int i;

	for (i = 0; i < 50; i++) {
		packet_random(&p, i & 1, i & 2 ? IPPROTO_TCP : IPPROTO_UDP);
		if (p.v6) {
			CHECK_INT(parse(svcseq_view_parse6, &view, p.data,
					p.len), SVCSEQ_VIEW_OK);
			check_short(svcseq_view_parse6, p.data, p.len, &view);
		} else {
			CHECK_INT(parse(svcseq_view_parse4, &view, p.data,
					p.len), SVCSEQ_VIEW_OK);
			check_short(svcseq_view_parse4, p.data, p.len, &view);
		}
	}
	len = build6(data, types, units, 3);
	CHECK_INT(parse(svcseq_view_parse6, &view, data, len), SVCSEQ_VIEW_OK);
	check_short(svcseq_view_parse6, data, len, &view);
}

/* Nothing is needed beyond the eight bytes of a UDP header. */
static void smallest(void)
{
	struct svcseq_view view;

	CHECK_INT(parse(svcseq_view_parse4, &view, tcp4, 28), SVCSEQ_VIEW_OK);
	CHECK_INT(parse(svcseq_view_parse4, &view, tcp4, 27),
		  SVCSEQ_VIEW_SHORT);
	CHECK_INT(view.need, 28);
	CHECK_INT(parse(svcseq_view_parse6, &view, udp6, 48), SVCSEQ_VIEW_OK);
	CHECK_INT(parse(svcseq_view_parse6, &view, udp6, 47),
		  SVCSEQ_VIEW_SHORT);
	CHECK_INT(view.need, 48);
	CHECK_INT(parse(svcseq_view_parse6, &view, udp6, 0),
		  SVCSEQ_VIEW_SHORT);
	CHECK_INT(view.need, 40);
	CHECK_INT(parse(svcseq_view_parse4, &view, tcp4, 0),
		  SVCSEQ_VIEW_SHORT);
	CHECK_INT(view.need, 20);
}

/* Any bytes at all: an answer, and ports only from within the bytes. */
static void noise(void)
{
	uint8_t data[400];
	struct svcseq_view view;
	int i;

	for (i = 0; i < 200000; i++) {
		parse_fn *fn = i & 1 ? svcseq_view_parse6 : svcseq_view_parse4;
		size_t len = rnd_below(sizeof(data) + 1);
		enum svcseq_view_result got;

		rnd_fill(data, len);
		/* mostly packets, with the headers that lead further */
		if (len && rnd_below(8))
			data[0] = (uint8_t)(i & 1 ? 0x60 : 0x40 |
					    (data[0] & 15));
		if (len > 48 && rnd_below(4)) {
			static const uint8_t next[] = { 0, 6, 17, 43, 44, 60 };

			data[6] = next[rnd_below(6)];
			data[9] = next[rnd_below(6)];
			data[40] = next[rnd_below(6)];
			data[41] = (uint8_t)rnd_below(4);
		}
		got = parse(fn, &view, data, len);
		switch (got) {
		case SVCSEQ_VIEW_OK:
			CHECK(view.l4_off + 8u <= len);
			CHECK_BYTES(&view.sport, data + view.l4_off, 2);
			CHECK_BYTES(&view.dport, data + view.l4_off + 2, 2);
			break;
		case SVCSEQ_VIEW_SHORT:
			CHECK(view.need > len);
			break;
		case SVCSEQ_VIEW_OTHER:
		case SVCSEQ_VIEW_FRAGMENT:
			CHECK(len >= 20);
			break;
		default:
			/* no such answer */
			CHECK_INT(got, SVCSEQ_VIEW_OK);
		}
	}
}

/* The quick look and the thorough one agree on every packet. */
static void quick_and_thorough(void)
{
	struct svcseq_view quick, thorough;
	uint8_t data[60];
	int i;

	for (i = 0; i < 200000; i++) {
		static const uint8_t first[] = { 0x45, 0x45, 0x46, 0x44, 0x55 };
		size_t len = rnd_below(sizeof(data) + 1);
		enum svcseq_view_result got;

		rnd_fill(data, sizeof(data));
		data[0] = first[rnd_below(5)];
		if (rnd_below(4))
			put16(data + 6, (uint16_t)(1u << rnd_below(17)));
		if (rnd_below(4))
			data[9] = rnd_below(2) ? IPPROTO_TCP : IPPROTO_UDP;
		got = parse(svcseq_view_parse4, &quick, data, len);
		CHECK_INT(got, parse(svcseq_view_parse4_any, &thorough, data,
				     len));
		if (got == SVCSEQ_VIEW_SHORT)
			CHECK_INT(quick.need, thorough.need);
		if (got == SVCSEQ_VIEW_OK)
			check_ok(&quick, thorough.l4_off, thorough.proto,
				 be16_to_cpu(thorough.sport),
				 be16_to_cpu(thorough.dport));
	}
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(plain4),
		TAP_TEST(plain6),
		TAP_TEST(options4),
		TAP_TEST(fragments4),
		TAP_TEST(other_protocols),
		TAP_TEST(wrong_version),
		TAP_TEST(extensions6),
		TAP_TEST(fragment_behind_extensions),
		TAP_TEST(cut_short),
		TAP_TEST(smallest),
		TAP_TEST(noise),
		TAP_TEST(quick_and_thorough),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
