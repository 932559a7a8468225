/* SPDX-License-Identifier: GPL-2.0 */
/* Rewriting of packets in buffers. */
#ifndef SVCSEQ_PATH_REWRITE_H
#define SVCSEQ_PATH_REWRITE_H

#include "packet.h"

int svcseq_rewrite_hop(const struct svcseq_pkt *pkt,
		       const struct svcseq_hop *hop);
int svcseq_rewrite_copy(const struct svcseq_pkt *pkt,
			const struct svcseq_hop *hop,
			const struct svcseq_copy *copy, struct sk_buff *skb);

#endif /* SVCSEQ_PATH_REWRITE_H */
