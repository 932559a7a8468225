// SPDX-License-Identifier: GPL-2.0
/* Quotes: an ICMP error that was translated is the one that would have been
 * sent about the translated packet, byte for byte.
 */

#include <stdlib.h>
#include <string.h>

#include "core/quote.h"
#include "packet.h"
#include "tap.h"

#define ROUNDS	20000

/* An ICMP error and the packet that it quotes. */
struct error {
	struct packet about;
	uint8_t data[PACKET_MAX];
	size_t len;
	size_t icmp;
	size_t quoted;		/* bytes of @about in it */
	uint8_t type;
	uint8_t reporter[16];
	bool by_server;		/* whoever got the packet made the error */
};

static uint16_t add(uint32_t sum, const uint8_t *data, size_t len)
{
	uint8_t word[2];
	size_t i;

	for (i = 0; i < len; i += 2) {
		word[0] = data[i];
		word[1] = i + 1 < len ? data[i + 1] : 0;
		sum += get16(word);
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)sum;
}

/* Write the error out: everything in it follows from the members. */
static void error_seal(struct error *e)
{
	const struct packet *p = &e->about;
	size_t n = packet_addr_len(p);
	size_t l3 = e->icmp;
	uint8_t *icmp = e->data + l3;
	uint32_t sum = 0;

	e->len = l3 + 8 + e->quoted;
	memset(e->data, 0, e->len);
	if (p->v6) {
		e->data[0] = 0x60;
		put16(e->data + 4, (uint16_t)(e->len - 40));
		e->data[6] = l3 > 40 ? IPPROTO_DSTOPTS : IPPROTO_ICMPV6;
		e->data[7] = 64;
		if (l3 > 40)
			e->data[40] = IPPROTO_ICMPV6;
	} else {
		e->data[0] = (uint8_t)(0x40 | l3 / 4);
		put16(e->data + 2, (uint16_t)e->len);
		e->data[8] = 64;
		e->data[9] = IPPROTO_ICMP;
	}
	memcpy(e->data + packet_addr(p, false), e->by_server ?
	       p->data + packet_addr(p, true) : e->reporter, n);
	memcpy(e->data + packet_addr(p, true), p->data + packet_addr(p, false),
	       n);
	if (!p->v6)
		put16(e->data + 10, (uint16_t)~add(0, e->data, l3));
	icmp[0] = e->type;
	icmp[6] = 5;
	memcpy(icmp + 8, p->data, e->quoted);
	if (p->v6)
		sum = add((uint32_t)(e->len - l3) + IPPROTO_ICMPV6,
			  e->data + 8, 32);
	put16(icmp + 2, (uint16_t)~add(sum, icmp, e->len - l3));
}

static uint8_t any_proto(void)
{
	return rnd_below(2) ? IPPROTO_TCP : IPPROTO_UDP;
}

static void error_random(struct error *e)
{
	static const uint8_t type4[] = { 3, 4, 11, 12 };
	struct packet *p = &e->about;
	size_t least;

	packet_random(p, rnd_below(2), any_proto());
	e->icmp = p->v6 ? 40 + 8 * rnd_below(2) : 20 + 4 * rnd_below(3);
	e->type = p->v6 ? (uint8_t)(1 + rnd_below(4)) : type4[rnd_below(4)];
	rnd_fill(e->reporter, sizeof(e->reporter));
	e->by_server = rnd_below(2);
	/* often the eight bytes of RFC 792, often all */
	least = p->l4 + 8;
	e->quoted = rnd_below(2) ? least :
		    least + rnd_below((uint32_t)(p->len - least + 1));
	/* half a checksum is not worth an update */
	if (p->proto == IPPROTO_TCP && e->quoted == p->l4 + 17)
		e->quoted++;
	error_seal(e);
}

static enum svcseq_view_result parse(const struct error *e, size_t len,
				     struct svcseq_quote *quote)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum svcseq_view_result result;

	if (!exact)
		abort();
	memcpy(exact, e->data, len);
	memset(quote, 0xee, sizeof(*quote));
	result = e->about.v6 ?
		svcseq_quote_parse6(quote, exact, (u32)len) :
		svcseq_quote_parse4(quote, exact, (u32)len);
	free(exact);
	return result;
}

static void check_found(const struct error *e, const struct svcseq_quote *quote)
{
	const struct packet *p = &e->about;

	CHECK_INT(quote->icmp_off, e->icmp);
	CHECK_INT(quote->l3_off, e->icmp + 8);
	CHECK_INT(quote->l4_off, e->icmp + 8 + p->l4);
	CHECK_INT(quote->proto, p->proto);
	CHECK_BYTES(&quote->sport, p->data + p->l4, 2);
	CHECK_BYTES(&quote->dport, p->data + p->l4 + 2, 2);
}

static void found(void)
{
	struct svcseq_quote quote;
	struct error e;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		error_random(&e);
		CHECK_INT(parse(&e, e.len, &quote), SVCSEQ_VIEW_OK);
		check_found(&e, &quote);
	}
}

/* Each look wants more bytes than the one before, and no more than there are.
 */
static void cut_short(void)
{
	struct svcseq_quote quote;
	struct error e;
	size_t have;
	int i;

	for (i = 0; i < 100; i++) {
		error_random(&e);
		have = 0;
		while (parse(&e, have, &quote) == SVCSEQ_VIEW_SHORT) {
			if (!CHECK(quote.need > have) ||
			    !CHECK(quote.need <= e.len))
				return;
			have = quote.need;
		}
		CHECK_INT(parse(&e, have, &quote), SVCSEQ_VIEW_OK);
		check_found(&e, &quote);
	}
}

static void not_an_error(void)
{
	struct svcseq_quote quote;
	struct error e;
	unsigned int type;
	bool is;

	for (type = 0; type < 256; type++) {
		do {
			error_random(&e);
		} while (e.about.v6 != (type & 1));
		e.type = (uint8_t)(type >> 1);
		error_seal(&e);
		is = e.about.v6 ? e.type >= 1 && e.type <= 4 :
		     e.type == 3 || e.type == 4 || e.type == 11 || e.type == 12;
		CHECK_INT(parse(&e, e.len, &quote),
			  is ? SVCSEQ_VIEW_OK : SVCSEQ_VIEW_OTHER);
	}
}

/* Neither a later piece nor another protocol has ports. */
static void nothing_to_go_by(void)
{
	struct svcseq_quote quote;
	struct error e;
	int i;

	for (i = 0; i < 200; i++) {
		error_random(&e);
		if (e.about.v6) {
			e.data[e.icmp + 8 + 6] = IPPROTO_ICMPV6;
			CHECK_INT(parse(&e, e.len, &quote), SVCSEQ_VIEW_OTHER);
			/* what was the first port is an offset now */
			e.data[e.icmp + 8 + 6] = IPPROTO_FRAGMENT;
			put16(e.data + e.icmp + 8 + 40 + 2, 0x0008);
			CHECK_INT(parse(&e, e.len, &quote), SVCSEQ_VIEW_OTHER);
			continue;
		}
		e.data[e.icmp + 8 + 9] = IPPROTO_ICMP;
		CHECK_INT(parse(&e, e.len, &quote), SVCSEQ_VIEW_OTHER);
		e.data[e.icmp + 8 + 9] = e.about.proto;
		put16(e.data + e.icmp + 8 + 6, 0x2000);
		CHECK_INT(parse(&e, e.len, &quote), SVCSEQ_VIEW_OK);
		put16(e.data + e.icmp + 8 + 6, 0x0001);
		CHECK_INT(parse(&e, e.len, &quote), SVCSEQ_VIEW_OTHER);
	}
}

/* Every combination of what can change; only as many bytes are writable as
 * svcseq_quote_len() says.
 */
static void as_if_sent_so(void)
{
	struct svcseq_quote quote;
	struct error e, want;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		struct svcseq_quote_rewrite rw = { .quote = &quote };
		uint8_t addr[16];
		size_t n, at;

		error_random(&e);
		n = packet_addr_len(&e.about);
		CHECK_INT(parse(&e, e.len, &quote), SVCSEQ_VIEW_OK);
		rnd_fill(addr, sizeof(addr));
		rw.dst = rnd_below(2);
		rw.addr = rnd_below(4) ? addr : NULL;
		rw.port = rnd_below(4) ? (__be16)(1 + rnd_below(65535)) : 0;

		want = e;
		at = packet_addr(&want.about, rw.dst);
		if (rw.addr)
			memcpy(want.about.data + at, addr, n);
		if (rw.port)
			memcpy(want.about.data + want.about.l4 +
			       (rw.dst ? 2 : 0), &rw.port, 2);
		packet_seal(&want.about);
		error_seal(&want);

		rw.len = svcseq_quote_len(&quote, (u32)e.len);
		rw.data = malloc(rw.len);
		if (!rw.data)
			abort();
		memcpy(rw.data, e.data, rw.len);
		if (e.about.v6)
			svcseq_quote_rewrite6(&rw);
		else
			svcseq_quote_rewrite4(&rw);
		memcpy(e.data, rw.data, rw.len);
		free(rw.data);
		CHECK_BYTES(e.data, want.data, e.len);
	}
}

/* A quoted UDP packet without a checksum stays without one. */
static void no_checksum(void)
{
	struct svcseq_quote quote;
	struct error e;
	uint8_t addr[4] = { 192, 0, 2, 1 };
	struct svcseq_quote_rewrite rw = {
		.quote = &quote, .addr = addr, .dst = true,
	};

	do {
		error_random(&e);
	} while (e.about.v6 || e.about.proto != IPPROTO_UDP);
	put16(e.about.data + packet_l4_csum(&e.about), 0);
	error_seal(&e);
	CHECK_INT(parse(&e, e.len, &quote), SVCSEQ_VIEW_OK);
	rw.data = e.data;
	rw.len = svcseq_quote_len(&quote, (u32)e.len);
	svcseq_quote_rewrite4(&rw);
	CHECK_INT(get16(e.data + quote.l4_off + 6), 0);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(found),
		TAP_TEST(cut_short),
		TAP_TEST(not_an_error),
		TAP_TEST(nothing_to_go_by),
		TAP_TEST(as_if_sent_so),
		TAP_TEST(no_checksum),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
