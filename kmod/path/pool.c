// SPDX-License-Identifier: GPL-2.0
/* Pools: which member gets a packet. Only what the client's end says counts, for
 * it is the same in both directions, and no device of a chain changes it.
 */

#include "../table/pool.h"
#include "pool.h"

/**
 * svcseq_pool_branch - the hop to the member of a pool that gets a packet
 * @pkt: the packet
 * @fork: of its hop
 *
 * Context: softirq, RCU.
 * Return: the hop, or NULL if nobody is up.
 */
const struct svcseq_hop *svcseq_pool_branch(const struct svcseq_pkt *pkt,
					    const struct svcseq_fork *fork)
{
	bool request = pkt->dir == SVCSEQ_DIRECTION_REQUEST;
	__be16 port = request ? pkt->view.sport : pkt->view.dport;
	u8 at;

	at = fork->at[svcseq_pool_slot(fork->pool, pkt->fam,
				       svcseq_pkt_addr(pkt, !request), port)];
	return at == SVCSEQ_MAGLEV_NONE ? NULL : &fork->branch[at];
}
