// SPDX-License-Identifier: GPL-2.0
/* The bare view. The input is a packet of either family. */

#include <string.h>

#include "core/bare.h"
#include "fuzz.h"

typedef enum svcseq_view_result bare_fn(struct svcseq_view *view,
					const u8 *data, u32 len);

static enum svcseq_view_result look(bare_fn *fn, struct svcseq_view *view,
				    const uint8_t *data, size_t len)
{
	/* of just its size, so that nothing lies behind the end */
	uint8_t *exact = malloc(len ? len : 1);
	enum svcseq_view_result result;

	MUST(exact);
	memcpy(exact, data, len);
	memset(view, 0xee, sizeof(*view));
	result = fn(view, exact, (u32)len);
	free(exact);
	MUST(result == SVCSEQ_VIEW_OK || result == SVCSEQ_VIEW_OTHER);
	MUST(result == SVCSEQ_VIEW_OTHER || (!view->sport && !view->dport));
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct svcseq_view view;

	if (look(svcseq_bare_parse4, &view, data, size) == SVCSEQ_VIEW_OK)
		MUST(view.proto == data[9] && view.l4_off <= 60);
	if (look(svcseq_bare_parse6, &view, data, size) == SVCSEQ_VIEW_OK)
		MUST(view.l4_off >= 40 && view.l4_off <= size);
	else
		MUST(size < 40 || data[0] >> 4 != 6 || data[7] == 255);
	return 0;
}
