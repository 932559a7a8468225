// SPDX-License-Identifier: GPL-2.0
/* The parser of IPv4 packets. The input is a packet. */

#include "view_any.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct svcseq_view quick, thorough;
	enum svcseq_view_result got;

	got = view_look(svcseq_view_parse4, &quick, data, size);
	MUST(got == view_look(svcseq_view_parse4_any, &thorough, data, size));
	if (got == SVCSEQ_VIEW_OK)
		MUST(quick.l4_off == thorough.l4_off &&
		     quick.proto == thorough.proto &&
		     quick.sport == thorough.sport &&
		     quick.dport == thorough.dport);
	return view_fuzz(svcseq_view_parse4, data, size);
}
