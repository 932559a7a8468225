// SPDX-License-Identifier: GPL-2.0
/* Address and port rewriting of IPv6 packets; that of IPv4 packets is short
 * enough to be compiled into its callers.
 */

#include "rewrite.h"

#define IP6_OFF_SRC	8
#define IP6_OFF_DST	24

/**
 * svcseq_rewrite6 - rewrite one end of an IPv6 packet
 * @rw: what to rewrite
 *
 * Context: any.
 */
void svcseq_rewrite6(const struct svcseq_rewrite *rw)
{
	u32 off = rw->end == SVCSEQ_REWRITE_DST ? IP6_OFF_DST : IP6_OFF_SRC;
	const u8 *new = rw->addr;
	u8 *addr = rw->l3 + off;
	u32 diff = 0;
	int i;

	if (new) {
		for (i = 0; i < 16; i += 4)
			diff += svcseq_diff32(addr + i, new + i);
		memcpy(addr, new, 16);
	}
	svcseq_l4_update(rw, diff, svcseq_port_update(rw));
}
