/* SPDX-License-Identifier: GPL-2.0 */
/* Pools: which member gets a packet or a copy of it. */
#ifndef SVCSEQ_PATH_POOL_H
#define SVCSEQ_PATH_POOL_H

#include "packet.h"

const struct svcseq_hop *svcseq_pool_branch(const struct svcseq_pkt *pkt,
					    const struct svcseq_fork *fork);
u8 svcseq_pool_tap(const struct svcseq_pkt *pkt,
		   const struct svcseq_tap_fork *fork);

#endif /* SVCSEQ_PATH_POOL_H */
