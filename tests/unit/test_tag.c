// SPDX-License-Identifier: GPL-2.0
/* Tags: what is written is what the standards draw, bit by bit, and what is read
 * is compared with a second reading that knows only the numbers of the bits.
 */

#include <stdlib.h>
#include <string.h>

#include "core/tag.h"
#include "packet.h"
#include "tap.h"

typedef int put_fn(u8 *buf, const struct svcseq_tag *tag);
typedef enum svcseq_tag_result get_fn(struct svcseq_tag *tag, const u8 *data,
				      u32 len);

struct method {
	put_fn *put;
	get_fn *get;
	uint32_t len;		/* bytes that are written */
	uint32_t next;		/* bytes behind them that are looked at */
	uint32_t first_path, paths, indices, ttls, tcs;
	uint16_t protos[5];
};

static const struct method nsh = {
	svcseq_tag_nsh_put, svcseq_tag_nsh_get, 8, 0, 0, 1 << 24, 256, 64, 0,
	{ ETH_P_IP, ETH_P_IPV6, ETH_P_TEB },
};

static const struct method mpls = {
	svcseq_tag_mpls_put, svcseq_tag_mpls_get, 4, 1, 1, 1 << 14, 64, 256, 8,
	{ ETH_P_IP, ETH_P_IPV6 },
};

static const struct method gpe = {
	svcseq_tag_gpe_put, svcseq_tag_gpe_get, 8, 0, 0, 1 << 16, 256, 0, 0,
	{ ETH_P_IP, ETH_P_IPV6, ETH_P_TEB, ETH_P_NSH },
};

static const struct method gre = {
	svcseq_tag_gre_put, svcseq_tag_gre_get, 8, 0, 0, 1 << 24, 256, 0, 0,
	{ ETH_P_IP, ETH_P_IPV6, ETH_P_TEB, ETH_P_NSH },
};

static const struct method *const methods[] = { &nsh, &mpls, &gpe, &gre };

/* Parsed where nothing lies behind the end, so that the sanitizer sees any
 * reach beyond; what is not said to be valid holds rubbish.
 */
static enum svcseq_tag_result get(get_fn *fn, struct svcseq_tag *tag,
				  const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum svcseq_tag_result result;

	if (!exact)
		abort();
	memcpy(exact, data, len);
	memset(tag, 0xee, sizeof(*tag));
	result = fn(tag, exact, (u32)len);
	free(exact);
	return result;
}

/* In a buffer that is just as long as said. */
static int put(const struct method *m, uint8_t *data,
	       const struct svcseq_tag *tag)
{
	uint8_t *exact = malloc(m->len);
	int rc;

	if (!exact)
		abort();
	memset(exact, 0xdd, m->len);
	rc = m->put(exact, tag);
	memcpy(data, exact, m->len);
	free(exact);
	return rc;
}

static struct svcseq_tag tag_of(uint32_t path, uint32_t index, uint16_t proto,
				uint32_t ttl, uint32_t tc)
{
	/* what only a reader sets must not matter to a writer */
	struct svcseq_tag tag = {
		.path = path,
		.need = rnd_next(),
		.proto = cpu_to_be16(proto),
		.hlen = (u16)rnd_next(),
		.index = (u8)index,
		.ttl = (u8)ttl,
		.tc = (u8)tc,
		.csum = rnd_below(2),
	};

	return tag;
}

static void check_tag(const struct svcseq_tag *tag, uint32_t path,
		      uint32_t index, uint32_t proto, uint32_t hlen,
		      uint32_t ttl)
{
	CHECK_INT(tag->path, path);
	CHECK_INT(tag->index, index);
	CHECK_INT(be16_to_cpu(tag->proto), proto);
	CHECK_INT(tag->hlen, hlen);
	CHECK_INT(tag->ttl, ttl);
}

/* Bits as the drawings in the standards number them: 0 comes first. */
static uint32_t bits(const uint8_t *data, uint32_t from, uint32_t count)
{
	uint32_t v = 0;

	for (; count--; from++)
		v = v << 1 | (data[from / 8] >> (7 - from % 8) & 1);
	return v;
}

static void set_bits(uint8_t *data, uint32_t from, uint32_t count, uint32_t v)
{
	while (count--) {
		uint8_t mask = (uint8_t)(0x80 >> (from + count) % 8);

		if (v & 1)
			data[(from + count) / 8] |= mask;
		else
			data[(from + count) / 8] &= (uint8_t)~mask;
		v >>= 1;
	}
}

/* Headers worked out by hand from the drawings. */
static void vectors(void)
{
	static const struct {
		const struct method *m;
		uint32_t path, index, ttl, tc;
		uint16_t proto;
		uint8_t bytes[8];
	} v[] = {
		/* Ver 00 O 0 U 0 TTL 111111 Length 000010 U 0000 MD 0010 */
		{ &nsh, 0x123456, 255, 63, 0, ETH_P_IP,
		  { 0x0f, 0xc2, 0x02, 0x01, 0x12, 0x34, 0x56, 0xff } },
		/* TTL 000001 */
		{ &nsh, 0xffffff, 0, 1, 0, ETH_P_IPV6,
		  { 0x00, 0x42, 0x02, 0x02, 0xff, 0xff, 0xff, 0x00 } },
		/* TTL 100110 */
		{ &nsh, 0, 1, 38, 0, ETH_P_TEB,
		  { 0x09, 0x82, 0x02, 0x03, 0x00, 0x00, 0x00, 0x01 } },
		/* Label 00000000000001 000000 TC 000 S 1 TTL 64 */
		{ &mpls, 1, 0, 64, 0, ETH_P_IP,
		  { 0x00, 0x04, 0x01, 0x40 } },
		/* Label 11111111111111 111111 TC 111 S 1 TTL 255 */
		{ &mpls, 16383, 63, 255, 7, ETH_P_IPV6,
		  { 0xff, 0xff, 0xff, 0xff } },
		/* Label 00010010001101 000101 TC 101 S 1 TTL 1 */
		{ &mpls, 0x48d, 5, 1, 5, ETH_P_IP,
		  { 0x12, 0x34, 0x5b, 0x01 } },
		/* R 00 Ver 00 I 1 P 1 B 0 O 0 */
		{ &gpe, 0xabcd, 0x12, 0, 0, ETH_P_IP,
		  { 0x0c, 0, 0, 0x01, 0xab, 0xcd, 0x12, 0 } },
		{ &gpe, 0, 0xff, 0, 0, ETH_P_IPV6,
		  { 0x0c, 0, 0, 0x02, 0, 0, 0xff, 0 } },
		{ &gpe, 0xffff, 0, 0, 0, ETH_P_TEB,
		  { 0x0c, 0, 0, 0x03, 0xff, 0xff, 0, 0 } },
		{ &gpe, 1, 2, 0, 0, ETH_P_NSH,
		  { 0x0c, 0, 0, 0x04, 0, 1, 2, 0 } },
		/* C 0 bit 0 K 1 S 0 */
		{ &gre, 0x123456, 0x78, 0, 0, ETH_P_IP,
		  { 0x20, 0, 0x08, 0x00, 0x12, 0x34, 0x56, 0x78 } },
		{ &gre, 0xffffff, 0, 0, 0, ETH_P_IPV6,
		  { 0x20, 0, 0x86, 0xdd, 0xff, 0xff, 0xff, 0x00 } },
		{ &gre, 0, 1, 0, 0, ETH_P_TEB,
		  { 0x20, 0, 0x65, 0x58, 0, 0, 0, 1 } },
		{ &gre, 2, 3, 0, 0, ETH_P_NSH,
		  { 0x20, 0, 0x89, 0x4f, 0, 0, 2, 3 } },
	};
	uint32_t i;

	for (i = 0; i < TAP_COUNT(v); i++) {
		struct svcseq_tag tag = tag_of(v[i].path, v[i].index,
					       v[i].proto, v[i].ttl, v[i].tc);
		uint8_t buf[9] = { 0 };

		CHECK_INT(put(v[i].m, buf, &tag), 0);
		CHECK_BYTES(buf, v[i].bytes, v[i].m->len);
		buf[v[i].m->len] = v[i].proto == ETH_P_IP ? 0x45 : 0x60;
		CHECK_INT(get(v[i].m->get, &tag, buf, sizeof(buf)),
			  SVCSEQ_TAG_OK);
		check_tag(&tag, v[i].path, v[i].index, v[i].proto, v[i].m->len,
			  v[i].ttl);
		CHECK_INT(tag.tc, v[i].tc);
		CHECK_INT(tag.csum, false);
	}
}

/* What is written is read; one byte less, and as many are wanted. */
static void there_and_back(void)
{
	uint32_t i, have;

	for (i = 0; i < 100000; i++) {
		const struct method *m = methods[i % TAP_COUNT(methods)];
		struct svcseq_tag want, tag;
		uint32_t count = 0, whole = m->len + m->next;
		uint8_t buf[9];

		while (m->protos[count])
			count++;
		want = tag_of(m->first_path +
			      rnd_below(m->paths - m->first_path),
			      rnd_below(m->indices),
			      m->protos[rnd_below(count)],
			      m->ttls ? 1 + rnd_below(m->ttls - 1) : 0,
			      m->tcs ? rnd_below(m->tcs) : 0);
		CHECK_INT(put(m, buf, &want), 0);
		buf[m->len] = (uint8_t)
			(be16_to_cpu(want.proto) == ETH_P_IP ? 0x4f : 0x60);
		CHECK_INT(get(m->get, &tag, buf, whole), SVCSEQ_TAG_OK);
		check_tag(&tag, want.path, want.index, be16_to_cpu(want.proto),
			  m->len, want.ttl);
		CHECK_INT(tag.tc, want.tc);
		for (have = 0; have < whole; have++) {
			CHECK_INT(get(m->get, &tag, buf, have),
				  SVCSEQ_TAG_SHORT);
			CHECK(tag.need > have);
			CHECK(tag.need <= whole);
		}
	}
}

static void check_refused(const struct method *m, struct svcseq_tag tag,
			  int rc)
{
	static const uint8_t before[8] = { 0xdd, 0xdd, 0xdd, 0xdd, 0xdd, 0xdd,
					   0xdd, 0xdd };
	uint8_t buf[8];

	CHECK_INT(put(m, buf, &tag), rc);
	CHECK_BYTES(buf, before, m->len);
}

/* What has no place in the header, or no right to be there. */
static void not_written(void)
{
	uint32_t i, j, proto, n;

	for (i = 0; i < TAP_COUNT(methods); i++) {
		const struct method *m = methods[i];
		struct svcseq_tag good = tag_of(m->first_path, 0, ETH_P_IP,
						m->ttls ? 1 : 0, 0);
		struct svcseq_tag bad = good;
		uint8_t buf[8];

		CHECK_INT(put(m, buf, &good), 0);
		for (j = 0; j < 32; j++) {
			bad.path = 1u << j;
			if (bad.path >= m->paths)
				check_refused(m, bad, -ERANGE);
			else
				CHECK_INT(put(m, buf, &bad), 0);
		}
		bad.path = m->paths;
		check_refused(m, bad, -ERANGE);
		bad.path = UINT32_MAX;
		check_refused(m, bad, -ERANGE);
		bad = good;
		for (n = 0; n < 256; n++) {
			bad.index = (u8)n;
			if (n >= m->indices)
				check_refused(m, bad, -ERANGE);
			else
				CHECK_INT(put(m, buf, &bad), 0);
		}
		bad = good;
		for (n = 0; n < 256 && m->ttls; n++) {
			bad.ttl = (u8)n;
			if (!n || n >= m->ttls)
				check_refused(m, bad, -ERANGE);
			else
				CHECK_INT(put(m, buf, &bad), 0);
		}
		bad = good;
		for (n = 0; n < 256 && m->tcs; n++) {
			bad.tc = (u8)n;
			if (n >= m->tcs)
				check_refused(m, bad, -ERANGE);
			else
				CHECK_INT(put(m, buf, &bad), 0);
		}
		bad = good;
		for (proto = 0; proto < 65536; proto++) {
			bool known = false;

			for (j = 0; m->protos[j]; j++)
				known |= proto == m->protos[j];
			bad.proto = cpu_to_be16((uint16_t)proto);
			if (!known)
				check_refused(m, bad, -EPROTONOSUPPORT);
			else
				CHECK_INT(put(m, buf, &bad), 0);
		}
	}
	/* Labels from 0 to 15 are reserved: no path 0. */
	for (i = 0; i < 64; i++)
		check_refused(&mpls, tag_of(0, i, ETH_P_IP, 1, 0), -ERANGE);
}

/* What a header is worth, and how long it is, by the numbers of its bits. */
struct reading {
	enum svcseq_tag_result result;
	uint32_t hlen;
	uint32_t path, index, proto, ttl, tc;
};

static uint32_t proto_of_next(uint32_t next)
{
	static const uint16_t protos[] = { 0, ETH_P_IP, ETH_P_IPV6, ETH_P_TEB,
					   ETH_P_NSH };

	return next < TAP_COUNT(protos) ? protos[next] : 0;
}

static struct reading read_nsh(const uint8_t *h)
{
	uint32_t words = bits(h, 10, 6), md = bits(h, 20, 4);
	struct reading r = {
		.result = SVCSEQ_TAG_OK,
		.hlen = words * 4,
		.path = bits(h, 32, 24),
		.index = bits(h, 56, 8),
		.proto = proto_of_next(bits(h, 24, 8)),
		.ttl = bits(h, 4, 6),
	};

	if (bits(h, 2, 1) || !r.proto || r.proto == ETH_P_NSH)
		r.result = SVCSEQ_TAG_OTHER;
	if (bits(h, 0, 2) || (md != 1 && md != 2) ||
	    (md == 1 && words != 6) || words < 2)
		r.result = SVCSEQ_TAG_MALFORMED;
	return r;
}

static struct reading read_mpls(const uint8_t *h)
{
	uint32_t label = bits(h, 0, 20), version = bits(h, 32, 4);
	struct reading r = {
		.result = SVCSEQ_TAG_OK,
		.hlen = 4,
		.path = bits(h, 0, 14),
		.index = bits(h, 14, 6),
		.proto = version == 4 ? ETH_P_IP : ETH_P_IPV6,
		.ttl = bits(h, 24, 8),
		.tc = bits(h, 20, 3),
	};

	if (label < 64 || !bits(h, 23, 1) || (version != 4 && version != 6))
		r.result = SVCSEQ_TAG_OTHER;
	if (label == 3)
		r.result = SVCSEQ_TAG_MALFORMED;
	return r;
}

static struct reading read_gpe(const uint8_t *h)
{
	struct reading r = {
		.result = SVCSEQ_TAG_OK,
		.hlen = 8,
		.path = bits(h, 32, 16),
		.index = bits(h, 48, 8),
		.proto = proto_of_next(bits(h, 24, 8)),
	};

	if (!bits(h, 4, 1) || !bits(h, 5, 1) || bits(h, 7, 1) || !r.proto)
		r.result = SVCSEQ_TAG_OTHER;
	if (bits(h, 2, 2))
		r.result = SVCSEQ_TAG_MALFORMED;
	return r;
}

static struct reading read_gre(const uint8_t *h)
{
	uint32_t key = bits(h, 0, 1) ? 64 : 32;
	uint32_t proto = bits(h, 16, 16);
	struct reading r = {
		.result = SVCSEQ_TAG_OK,
		.hlen = key / 8 + 4 + 4 * bits(h, 3, 1),
		.path = bits(h, key, 24),
		.index = bits(h, key + 24, 8),
		.proto = proto,
	};

	if (!bits(h, 2, 1) || (proto != ETH_P_IP && proto != ETH_P_IPV6 &&
			       proto != ETH_P_TEB && proto != ETH_P_NSH))
		r.result = SVCSEQ_TAG_OTHER;
	if (bits(h, 1, 1) || bits(h, 4, 1) || bits(h, 5, 1) || bits(h, 13, 3))
		r.result = SVCSEQ_TAG_MALFORMED;
	return r;
}

#define HEADER_MAX	260

static void check_reading(get_fn *fn, const uint8_t *h,
			  const struct reading *r)
{
	struct svcseq_tag tag;

	if (CHECK_INT(get(fn, &tag, h, HEADER_MAX), r->result) &&
	    r->result == SVCSEQ_TAG_OK) {
		check_tag(&tag, r->path, r->index, r->proto, r->hlen, r->ttl);
		CHECK_INT(tag.tc, r->tc);
		CHECK_INT(tag.csum, fn == svcseq_tag_gre_get && bits(h, 0, 1));
	}
}

/* All that the first three bytes can say, and all next protocols. */
static void every_nsh(void)
{
	static const uint8_t next[] = { 0, 1, 2, 3, 4, 5, 0xfe, 0xff };
	uint8_t h[HEADER_MAX];
	uint32_t first, md, i;

	rnd_fill(h, sizeof(h));
	for (first = 0; first < 65536; first++) {
		for (md = 0; md < 16; md++) {
			struct reading r;

			put16(h, (uint16_t)first);
			/* bits without a meaning are to be ignored */
			h[2] = (uint8_t)(rnd_below(16) << 4 | md);
			h[3] = next[rnd_below(TAP_COUNT(next))];
			r = read_nsh(h);
			check_reading(svcseq_tag_nsh_get, h, &r);
		}
	}
	for (i = 0; i < 256; i++) {
		struct reading r;

		put16(h, 0x0fc2);
		h[2] = 2;
		h[3] = (uint8_t)i;
		r = read_nsh(h);
		check_reading(svcseq_tag_nsh_get, h, &r);
		CHECK_INT(r.result, i >= 1 && i <= 3 ? SVCSEQ_TAG_OK :
						       SVCSEQ_TAG_OTHER);
	}
}

/* All labels, with all traffic classes, ends of the stack and followers. */
static void every_mpls(void)
{
	uint8_t h[HEADER_MAX];
	uint32_t label, rest;

	rnd_fill(h, sizeof(h));
	for (label = 0; label < 1 << 20; label++) {
		struct reading r;

		/* small ones more than once */
		for (rest = 0; rest < (label < 256 ? 256 : 1); rest++) {
			set_bits(h, 0, 20, label);
			set_bits(h, 20, 4, rnd_below(4) ? 1 | rnd_next() :
							  rnd_next());
			h[3] = (uint8_t)rnd_next();
			set_bits(h, 32, 4, rnd_below(4) ? 4 + 2 * rnd_below(2) :
							  rnd_next());
			r = read_mpls(h);
			check_reading(svcseq_tag_mpls_get, h, &r);
		}
	}
	/* the rest once with everything */
	for (rest = 0; rest < 16 * 16; rest++) {
		struct reading r;

		set_bits(h, 0, 20, 0x12345);
		set_bits(h, 20, 4, rest % 16);
		set_bits(h, 32, 4, rest / 16);
		r = read_mpls(h);
		check_reading(svcseq_tag_mpls_get, h, &r);
	}
}

/* All flags with all next protocols; what is reserved is ignored. */
static void every_gpe(void)
{
	uint8_t h[HEADER_MAX];
	uint32_t flags, next;

	for (flags = 0; flags < 256; flags++) {
		for (next = 0; next < 256; next++) {
			struct reading r;

			rnd_fill(h, 8);
			h[0] = (uint8_t)flags;
			h[3] = (uint8_t)next;
			r = read_gpe(h);
			check_reading(svcseq_tag_gpe_get, h, &r);
		}
	}
}

/* All flags, and all protocols. */
static void every_gre(void)
{
	static const uint16_t protos[] = { ETH_P_IP, ETH_P_IPV6, ETH_P_TEB,
					   ETH_P_NSH, ETH_P_ARP };
	uint8_t h[HEADER_MAX];
	uint32_t flags, proto;

	for (flags = 0; flags < 65536; flags++) {
		struct reading r;

		rnd_fill(h, 16);
		put16(h, (uint16_t)flags);
		put16(h + 2, protos[rnd_below(TAP_COUNT(protos))]);
		r = read_gre(h);
		check_reading(svcseq_tag_gre_get, h, &r);
	}
	for (proto = 0; proto < 65536; proto++) {
		struct reading r;

		put16(h, 0x2000);
		put16(h + 2, (uint16_t)proto);
		r = read_gre(h);
		check_reading(svcseq_tag_gre_get, h, &r);
	}
}

/* Whoever is told that bytes are missing, and brings them, gets the same answer
 * as with all of them at once; it never takes more bytes than there must be.
 */
static void check_cut(get_fn *fn, const uint8_t *h, uint32_t needed)
{
	struct svcseq_tag whole, tag;
	enum svcseq_tag_result want, got;
	uint32_t have, now;

	want = get(fn, &whole, h, HEADER_MAX);
	for (have = 0; have <= needed; have++) {
		now = have;
		while ((got = get(fn, &tag, h, now)) == SVCSEQ_TAG_SHORT) {
			if (!CHECK(tag.need > now) ||
			    !CHECK(tag.need <= needed))
				return;
			now = tag.need;
		}
		CHECK_INT(got, want);
		if (got == SVCSEQ_TAG_OK) {
			CHECK_INT(now, needed);
			check_tag(&tag, whole.path, whole.index,
				  be16_to_cpu(whole.proto), whole.hlen,
				  whole.ttl);
		}
	}
}

static void cut_short(void)
{
	uint8_t h[HEADER_MAX];
	uint32_t words, flags;

	rnd_fill(h, sizeof(h));
	for (words = 2; words < 64; words++) {
		put16(h, (uint16_t)(0x0fc0 | words));
		h[2] = 2;
		h[3] = 1;
		check_cut(svcseq_tag_nsh_get, h, words * 4);
	}
	put16(h, 0x0fc6);
	h[2] = 1;
	check_cut(svcseq_tag_nsh_get, h, 24);
	/* what is wrong, or for others, is so without its metadata */
	h[3] = 4;
	check_cut(svcseq_tag_nsh_get, h, 8);
	put16(h, 0x0fff);
	check_cut(svcseq_tag_nsh_get, h, 8);

	put16(h, 0x1234);
	put16(h + 2, 0x5b01);
	h[4] = 0x45;
	check_cut(svcseq_tag_mpls_get, h, 5);
	put16(h, 0x0000);
	check_cut(svcseq_tag_mpls_get, h, 4);

	h[0] = 0x0c;
	h[3] = 1;
	check_cut(svcseq_tag_gpe_get, h, 8);

	for (flags = 0; flags < 4; flags++) {
		put16(h, (uint16_t)(0x2000 | (flags & 1) << 15 |
				    (flags & 2) << 11));
		put16(h + 2, ETH_P_IP);
		check_cut(svcseq_tag_gre_get, h,
			  8 + 4 * (flags & 1) + 4 * (flags >> 1));
	}
	/* without a key nothing more is wanted */
	put16(h, 0x9000);
	check_cut(svcseq_tag_gre_get, h, 4);

	h[0] = 0x45;
	check_cut(svcseq_tag_dscp4_get, h, 20);
	h[0] = 0x60;
	check_cut(svcseq_tag_dscp6_get, h, 40);
}

/* RFC 8300, 2.2: "Decrementing by 1 from an incoming value of 0 shall result in
 * a TTL value of 63", and with 0 after that the packet is not forwarded.
 */
static void ttl(void)
{
	uint32_t i;

	CHECK_INT(svcseq_tag_nsh_ttl(0), 63);
	CHECK_INT(svcseq_tag_mpls_ttl(0), 0);
	for (i = 1; i < 64; i++)
		CHECK_INT(svcseq_tag_nsh_ttl((u8)i), i - 1);
	for (i = 1; i < 256; i++)
		CHECK_INT(svcseq_tag_mpls_ttl((u8)i), i - 1);
}

/* A step changes TTL and SI, and nothing else. */
static void nsh_step(void)
{
	uint32_t i;

	for (i = 0; i < 20000; i++) {
		uint8_t *h = malloc(8), want[8];
		uint8_t index = (uint8_t)rnd_next(), left;

		if (!h)
			abort();
		rnd_fill(h, 8);
		memcpy(want, h, 8);
		left = (uint8_t)((bits(h, 4, 6) + 63) % 64);
		set_bits(want, 4, 6, left);
		want[7] = index;
		CHECK_INT(svcseq_tag_nsh_step(h, index), left);
		CHECK_BYTES(h, want, 8);
		free(h);
	}
}

/* Every DSCP over every traffic class: ECN and everything else stays, and the
 * checksum of the header is what it is when made anew.
 */
static void dscp4(void)
{
	uint32_t tos, dscp;

	for (tos = 0; tos < 256; tos++) {
		for (dscp = 0; dscp < 64; dscp++) {
			struct packet p, want;
			struct svcseq_tag tag;
			uint8_t *l3 = malloc(12);

			if (!l3)
				abort();
			packet_random(&p, false, IPPROTO_UDP);
			p.data[1] = (uint8_t)tos;
			packet_seal(&p);
			CHECK_INT(get(svcseq_tag_dscp4_get, &tag, p.data, 20),
				  SVCSEQ_TAG_OK);
			check_tag(&tag, 0, tos / 4, ETH_P_IP, 0, 0);

			want = p;
			want.data[1] = (uint8_t)(dscp * 4 + tos % 4);
			packet_seal(&want);
			memcpy(l3, p.data, 12);
			svcseq_tag_dscp4_put(l3, (u8)dscp);
			memcpy(p.data, l3, 12);
			free(l3);
			CHECK_BYTES(p.data, want.data, p.len);
			CHECK(packet_sums_right(&p));
			get(svcseq_tag_dscp4_get, &tag, p.data, 20);
			CHECK_INT(tag.index, dscp);
		}
	}
}

/* What was wrong before is as wrong afterwards (RFC 1624). */
static void dscp4_wrong_sum(void)
{
	struct packet p, good;
	uint16_t error;
	uint32_t i;

	for (i = 0; i < 20000; i++) {
		packet_random(&p, false, IPPROTO_TCP);
		good = p;
		error = (uint16_t)(1 + rnd_below(0xfffe));
		put16(p.data + 10, (uint16_t)(get16(p.data + 10) ^ error));
		if (packet_sums_right(&p))
			continue;
		svcseq_tag_dscp4_put(p.data, (u8)rnd_below(64));
		CHECK(!packet_sums_right(&p));
		svcseq_tag_dscp4_put(p.data, good.data[1] >> 2);
		/* 0 and 0xffff are one number */
		CHECK_INT(get16(p.data + 10) % 0xffff,
			  (get16(good.data + 10) ^ error) % 0xffff);
	}
}

static void dscp6(void)
{
	uint32_t class, dscp;

	for (class = 0; class < 256; class++) {
		for (dscp = 0; dscp < 64; dscp++) {
			struct packet p, want;
			struct svcseq_tag tag;
			uint8_t *l3 = malloc(2);

			if (!l3)
				abort();
			packet_random(&p, true, IPPROTO_TCP);
			set_bits(p.data, 4, 8, class);
			CHECK_INT(get(svcseq_tag_dscp6_get, &tag, p.data, 40),
				  SVCSEQ_TAG_OK);
			check_tag(&tag, 0, class / 4, ETH_P_IPV6, 0, 0);

			want = p;
			set_bits(want.data, 4, 6, dscp);
			memcpy(l3, p.data, 2);
			svcseq_tag_dscp6_put(l3, (u8)dscp);
			memcpy(p.data, l3, 2);
			free(l3);
			CHECK_BYTES(p.data, want.data, p.len);
			CHECK(packet_sums_right(&p));
		}
	}
}

/* Not the version that was said, or no room for a header. */
static void dscp_wrong(void)
{
	struct svcseq_tag tag;
	uint8_t h[40] = { 0 };
	uint32_t first;

	for (first = 0; first < 256; first++) {
		h[0] = (uint8_t)first;
		CHECK_INT(get(svcseq_tag_dscp4_get, &tag, h, sizeof(h)),
			  first >= 0x45 && first <= 0x4f ?
			  SVCSEQ_TAG_OK : SVCSEQ_TAG_MALFORMED);
		CHECK_INT(get(svcseq_tag_dscp6_get, &tag, h, sizeof(h)),
			  first >= 0x60 && first <= 0x6f ?
			  SVCSEQ_TAG_OK : SVCSEQ_TAG_MALFORMED);
	}
}

/* Every position has a number of its own in each header, and comes back from
 * it; with NSH from the next lower one as well. NSH and DSCP have no others.
 */
static void positions(void)
{
	uint8_t nsh_seen[256] = { 0 }, dscp_seen[64] = { 0 };
	unsigned int p, i, n = 0;

	for (p = 1; p <= SVCSEQ_POSITION_REPLY + SVCSEQ_MAX_STEPS; p++) {
		uint8_t index = svcseq_tag_nsh_index((uint8_t)p);
		uint8_t dscp = svcseq_tag_dscp((uint8_t)p);

		if (p > SVCSEQ_MAX_STEPS && p <= SVCSEQ_POSITION_REPLY)
			continue;
		n++;
		CHECK_INT(svcseq_tag_nsh_position(index), p);
		CHECK_INT(svcseq_tag_nsh_position(index - 1), p);
		CHECK_INT(nsh_seen[index]++ + nsh_seen[index - 1]++, 0);
		CHECK(dscp < 64);
		CHECK_INT(svcseq_tag_dscp_position(dscp), p);
		CHECK_INT(dscp_seen[dscp & 63]++, 0);
		/* RFC 2474, 6: the pools that are not for standards */
		CHECK(dscp & 1);
	}
	CHECK_INT(n, 2 * SVCSEQ_MAX_STEPS);
	for (i = 0; i < 256; i++)
		CHECK_INT(!!svcseq_tag_nsh_position((uint8_t)i), nsh_seen[i]);
	for (i = 0; i < 64; i++)
		CHECK_INT(!!svcseq_tag_dscp_position((uint8_t)i), dscp_seen[i]);

	/* as RFC 8300, 2.3 wants the first one, and falling from there */
	CHECK_INT(svcseq_tag_nsh_index(1), 255);
	CHECK_INT(svcseq_tag_nsh_index(2), 253);
	CHECK_INT(svcseq_tag_nsh_index(34), svcseq_tag_nsh_index(33) + 2);

	CHECK_INT(svcseq_tag_value(SVCSEQ_TRACK_MPLS, 7, 33), 7 << 6 | 33);
	CHECK_INT(svcseq_tag_value(SVCSEQ_TRACK_GRE, 7, 33), 7 << 8 | 33);
	CHECK_INT(svcseq_tag_value(SVCSEQ_TRACK_GPE, 7, 2), 7 << 8 | 2);
	CHECK_INT(svcseq_tag_value(SVCSEQ_TRACK_NSH, 7, 2), 7 << 8 | 253);
	CHECK_INT(svcseq_tag_value(SVCSEQ_TRACK_DSCP, 7, 2), 7);
	CHECK_INT(svcseq_tag_path_max(SVCSEQ_TRACK_MPLS), 16383);
	CHECK_INT(svcseq_tag_path_max(SVCSEQ_TRACK_GPE), 65535);
	CHECK_INT(svcseq_tag_path_max(SVCSEQ_TRACK_NSH), 16777215);
	CHECK_INT(svcseq_tag_path_max(SVCSEQ_TRACK_GRE), 16777215);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(vectors),
		TAP_TEST(there_and_back),
		TAP_TEST(not_written),
		TAP_TEST(every_nsh),
		TAP_TEST(every_mpls),
		TAP_TEST(every_gpe),
		TAP_TEST(every_gre),
		TAP_TEST(cut_short),
		TAP_TEST(ttl),
		TAP_TEST(nsh_step),
		TAP_TEST(dscp4),
		TAP_TEST(dscp4_wrong_sum),
		TAP_TEST(dscp6),
		TAP_TEST(dscp_wrong),
		TAP_TEST(positions),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
