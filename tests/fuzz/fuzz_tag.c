// SPDX-License-Identifier: GPL-2.0
/* The readers of tags. The first byte of the input chooses the reader, the rest
 * is what it reads.
 */

#include <string.h>

#include "core/tag.h"
#include "fuzz.h"

typedef int put_fn(u8 *buf, const struct svcseq_tag *tag);
typedef enum svcseq_tag_result get_fn(struct svcseq_tag *tag, const u8 *data,
				      u32 len);

struct method {
	get_fn *get;
	put_fn *put;
	uint32_t len;		/* bytes that are written */
	uint32_t next;		/* bytes behind the header that are read */
};

static const struct method methods[] = {
	{ svcseq_tag_nsh_get, svcseq_tag_nsh_put, SVCSEQ_TAG_NSH_LEN, 0 },
	{ svcseq_tag_mpls_get, svcseq_tag_mpls_put, SVCSEQ_TAG_MPLS_LEN, 1 },
	{ svcseq_tag_gpe_get, svcseq_tag_gpe_put, SVCSEQ_TAG_GPE_LEN, 0 },
	{ svcseq_tag_gre_get, svcseq_tag_gre_put, SVCSEQ_TAG_GRE_LEN, 0 },
	{ svcseq_tag_dscp4_get, NULL, 0, 20 },
	{ svcseq_tag_dscp6_get, NULL, 0, 40 },
};

/* A copy of its own for every look, so that nothing lies behind the end. */
static enum svcseq_tag_result look(get_fn *fn, struct svcseq_tag *tag,
				   const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum svcseq_tag_result result;

	MUST(exact);
	memcpy(exact, data, len);
	memset(tag, 0xee, sizeof(*tag));
	result = fn(tag, exact, (u32)len);
	free(exact);
	return result;
}

static void same(const struct svcseq_tag *a, const struct svcseq_tag *b)
{
	MUST(a->path == b->path && a->index == b->index);
	MUST(a->proto == b->proto && a->ttl == b->ttl && a->tc == b->tc);
}

/* What was read can be written, and is then the same; an NSH with a TTL of 0 is
 * the one that is read and not written.
 */
static void write_again(const struct method *m, const struct svcseq_tag *tag,
			const uint8_t *data, size_t size)
{
	struct svcseq_tag again;
	uint8_t *exact;

	if (m->get == svcseq_tag_nsh_get) {
		uint8_t nsh[8];

		memcpy(nsh, data, sizeof(nsh));
		MUST(svcseq_tag_nsh_step(nsh, 7) ==
		     svcseq_tag_nsh_ttl(tag->ttl));
		MUST(look(m->get, &again, nsh, 8) != SVCSEQ_TAG_MALFORMED);
	}
	exact = malloc(m->len + 1);
	MUST(exact);
	if (m->put(exact, tag)) {
		MUST(!tag->ttl && m->len <= 8);
		MUST(m->get == svcseq_tag_nsh_get ||
		     m->get == svcseq_tag_mpls_get);
	} else {
		exact[m->len] = size > tag->hlen ? data[tag->hlen] : 0;
		MUST(look(m->get, &again, exact, m->len + m->next) ==
		     SVCSEQ_TAG_OK);
		same(tag, &again);
		MUST(again.hlen == m->len && !again.csum);
	}
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct method *m;
	struct svcseq_tag whole, part;
	enum svcseq_tag_result want, got;
	size_t have = 0;

	if (!size)
		return 0;
	m = &methods[data[0] % (sizeof(methods) / sizeof(methods[0]))];
	data++;
	size--;

	want = look(m->get, &whole, data, size);
	switch (want) {
	case SVCSEQ_TAG_OK:
		MUST(whole.hlen + m->next <= size);
		MUST(whole.hlen >= m->len && whole.hlen <= 252);
		if (m->put)
			write_again(m, &whole, data, size);
		break;
	case SVCSEQ_TAG_SHORT:
		MUST(whole.need > size && whole.need <= 252);
		break;
	default:
		MUST(want == SVCSEQ_TAG_OTHER || want == SVCSEQ_TAG_MALFORMED);
	}

	/* More and more bytes, as many as are asked for, until there is an
	 * answer; the same as with all of them at once.
	 */
	for (;;) {
		got = look(m->get, &part, data, have);
		if (got != SVCSEQ_TAG_SHORT)
			break;
		MUST(part.need > have);
		if (part.need > size) {
			MUST(want == SVCSEQ_TAG_SHORT);
			MUST(part.need == whole.need);
			return 0;
		}
		have = part.need;
	}
	MUST(got == want);
	if (got == SVCSEQ_TAG_OK) {
		same(&part, &whole);
		MUST(part.hlen == whole.hlen && part.csum == whole.csum);
	}
	return 0;
}
