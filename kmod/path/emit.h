/* SPDX-License-Identifier: GPL-2.0 */
/* Emission: the last thing that happens to a packet. */
#ifndef SVCSEQ_PATH_EMIT_H
#define SVCSEQ_PATH_EMIT_H

#include "packet.h"

void svcseq_emit_drop(const struct svcseq_pkt *pkt, struct sk_buff *skb,
		      enum svcseq_drop_reason reason);
void svcseq_emit(const struct svcseq_pkt *pkt, const struct svcseq_hop *hop);

#endif /* SVCSEQ_PATH_EMIT_H */
