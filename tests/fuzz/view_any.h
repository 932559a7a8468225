/* SPDX-License-Identifier: GPL-2.0 */
/* What both parsers of the packet view have to keep. */
#ifndef TESTS_FUZZ_VIEW_ANY_H
#define TESTS_FUZZ_VIEW_ANY_H

#include <string.h>

#include "core/view.h"
#include "fuzz.h"

typedef enum svcseq_view_result view_fn(struct svcseq_view *view,
					const u8 *data, u32 len);

/* A copy of its own for every look, so that nothing lies behind the end. */
static inline enum svcseq_view_result view_look(view_fn *fn,
						struct svcseq_view *view,
						const uint8_t *data,
						size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum svcseq_view_result result;

	MUST(exact);
	memcpy(exact, data, len);
	memset(view, 0xee, sizeof(*view));
	result = fn(view, exact, (u32)len);
	free(exact);
	return result;
}

static inline int view_fuzz(view_fn *fn, const uint8_t *data, size_t size)
{
	struct svcseq_view whole, part;
	enum svcseq_view_result want = view_look(fn, &whole, data, size);
	enum svcseq_view_result got;
	size_t have = 0;

	switch (want) {
	case SVCSEQ_VIEW_OK:
		MUST(whole.l4_off + 8u <= size);
		MUST(svcseq_view_has_ports(whole.proto));
		MUST(!memcmp(&whole.sport, data + whole.l4_off, 2));
		MUST(!memcmp(&whole.dport, data + whole.l4_off + 2, 2));
		break;
	case SVCSEQ_VIEW_SHORT:
		MUST(whole.need > size);
		break;
	default:
		MUST(want == SVCSEQ_VIEW_OTHER || want == SVCSEQ_VIEW_FRAGMENT);
	}

	/* As the hook does it: more and more bytes, as many as are asked for,
	 * until there is an answer; the same as with all of them at once.
	 */
	for (;;) {
		got = view_look(fn, &part, data, have);
		if (got != SVCSEQ_VIEW_SHORT)
			break;
		MUST(part.need > have);
		if (part.need > size) {
			MUST(want == SVCSEQ_VIEW_SHORT);
			MUST(part.need == whole.need);
			return 0;
		}
		have = part.need;
	}
	MUST(got == want);
	if (got == SVCSEQ_VIEW_OK)
		MUST(part.l4_off == whole.l4_off && part.proto == whole.proto &&
		     part.sport == whole.sport && part.dport == whole.dport);
	return 0;
}

#endif /* TESTS_FUZZ_VIEW_ANY_H */
