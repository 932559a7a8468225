/* SPDX-License-Identifier: GPL-2.0 */
/* Fragments: packets are put together for their ports, and leave in pieces. */
#ifndef SVCSEQ_PATH_FRAGMENT_H
#define SVCSEQ_PATH_FRAGMENT_H

#include "packet.h"

/**
 * typedef svcseq_fragment_send - send one piece
 * @skb: the piece, data at the network header; consumed
 * @out: what the caller passed
 */
typedef void svcseq_fragment_send(struct sk_buff *skb, const void *out);

enum svcseq_verdict svcseq_fragment_gather(struct svcseq_pkt *pkt, u32 with);
int svcseq_fragment(const struct svcseq_pkt *pkt, struct sk_buff *skb,
		    struct net_device *dev, unsigned int mtu,
		    svcseq_fragment_send *send, const void *out);

#endif /* SVCSEQ_PATH_FRAGMENT_H */
