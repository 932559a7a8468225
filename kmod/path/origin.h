/* SPDX-License-Identifier: GPL-2.0 */
/* Origin: from who handed it in and which service it is to who gets it next. */
#ifndef SVCSEQ_PATH_ORIGIN_H
#define SVCSEQ_PATH_ORIGIN_H

#include "packet.h"
#include "tag.h"

const struct svcseq_hop *svcseq_origin_hop(struct svcseq_pkt *pkt);
const struct svcseq_hop *
svcseq_origin_hop_tagged(struct svcseq_pkt *pkt,
			 const struct svcseq_taken *tag);
enum svcseq_drop_reason svcseq_origin_reason(const struct svcseq_pkt *pkt);
enum svcseq_drop_reason
svcseq_origin_reason_tagged(const struct svcseq_pkt *pkt,
			    const struct svcseq_taken *tag);

#endif /* SVCSEQ_PATH_ORIGIN_H */
