// SPDX-License-Identifier: GPL-2.0
/* The parser of IPv6 packets. The input is a packet. */

#include "view_any.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return view_fuzz(svcseq_view_parse6, data, size);
}
