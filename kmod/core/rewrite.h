/* SPDX-License-Identifier: GPL-2.0 */
/* Address and port rewriting with checksums kept right. */
#ifndef SVCSEQ_CORE_REWRITE_H
#define SVCSEQ_CORE_REWRITE_H

#include "env.h"

/**
 * enum svcseq_rewrite_end - Which end of a packet is rewritten.
 * @SVCSEQ_REWRITE_SRC: source address and port
 * @SVCSEQ_REWRITE_DST: destination address and port
 */
enum svcseq_rewrite_end {
	SVCSEQ_REWRITE_SRC,
	SVCSEQ_REWRITE_DST,
};

/**
 * struct svcseq_rewrite - One rewriting of a TCP or UDP packet.
 * @l3: the network header
 * @l4: the transport header; bytes up to and including the checksum are
 *   writable (18 for TCP, 8 for UDP)
 * @addr: the new address, 4 or 16 bytes; NULL to keep it
 * @port: the new port; 0 to keep it
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @end: which end is rewritten
 * @partial: the checksum field holds the sum over the pseudo header only
 *   (CHECKSUM_PARTIAL); the rest is added when the packet leaves
 */
struct svcseq_rewrite {
	u8 *l3;
	u8 *l4;
	const void *addr;
	__be16 port;
	u8 proto;
	enum svcseq_rewrite_end end;
	bool partial;
};

void svcseq_rewrite4(const struct svcseq_rewrite *rw);
void svcseq_rewrite6(const struct svcseq_rewrite *rw);
u32 svcseq_rewrite_len(u8 proto);

#endif /* SVCSEQ_CORE_REWRITE_H */
