/* SPDX-License-Identifier: GPL-2.0 */
/* Tags: positions that packets carry to a device and back. */
#ifndef SVCSEQ_PATH_TAG_H
#define SVCSEQ_PATH_TAG_H

#include "packet.h"

/**
 * struct svcseq_taken - What was found on a packet.
 * @mark: the position
 * @hlen: bytes that were taken off
 * @tos: traffic class of the tunnel
 * @proto: protocol of the packet before
 */
struct svcseq_taken {
	struct svcseq_mark mark;
	u16 hlen;
	u8 tos;
	__be16 proto;
};

/**
 * enum svcseq_tag_verdict - What was found where a tag may be.
 * @SVCSEQ_TAG_NONE: nothing; the packet is as it was
 * @SVCSEQ_TAG_TAKEN: a tag, which is off now
 * @SVCSEQ_TAG_BAD: one that nobody must accept
 */
enum svcseq_tag_verdict {
	SVCSEQ_TAG_NONE,
	SVCSEQ_TAG_TAKEN,
	SVCSEQ_TAG_BAD,
};

enum svcseq_tag_verdict svcseq_tag_take(struct svcseq_pkt *pkt,
					struct svcseq_taken *tag);
void svcseq_tag_back(struct svcseq_pkt *pkt, const struct svcseq_taken *tag);
int svcseq_tag_keep(struct svcseq_pkt *pkt, const struct svcseq_taken *tag);
bool svcseq_tag_look(struct svcseq_pkt *pkt, struct svcseq_taken *tag);
bool svcseq_tag_agrees(const struct svcseq_hop *hop,
		       const struct svcseq_taken *tag);
int svcseq_tag_push(struct sk_buff *skb, const struct svcseq_hop_tag *tag,
		    u8 fam);
int svcseq_tag_spend(struct sk_buff *skb, u8 fam);
int svcseq_tag_mark(struct sk_buff *skb, u8 fam, u8 dscp);

#endif /* SVCSEQ_PATH_TAG_H */
