// SPDX-License-Identifier: GPL-2.0
/* Pools: which member gets a packet or a copy of it. Only what the client's end
 * says counts, for it is the same in both directions, and no device of a chain
 * changes it.
 */

#include "../table/pool.h"
#include "pool.h"

/* Which member, by the slots in @at; SVCSEQ_MAGLEV_NONE if nobody is up. */
static u8 member_of(const struct svcseq_pkt *pkt,
		    const struct svcseq_pool *pool, const u8 *at)
{
	bool request = pkt->dir == SVCSEQ_DIRECTION_REQUEST;
	__be16 port = request ? pkt->view.sport : pkt->view.dport;

	return at[svcseq_pool_slot(pool, pkt->fam,
				   svcseq_pkt_addr(pkt, !request), port)];
}

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
	u8 at = member_of(pkt, fork->pool, fork->at);

	return at == SVCSEQ_MAGLEV_NONE ? NULL : &fork->branch[at];
}

/**
 * svcseq_pool_tap - the member of a pool of taps that gets a copy of a packet
 * @pkt: the packet
 * @fork: of the copy
 *
 * Both directions of a flow go to the same tap, as an IDS needs it that puts
 * streams together.
 *
 * Context: softirq, RCU.
 * Return: which member, or SVCSEQ_MAGLEV_NONE if nobody is up.
 */
u8 svcseq_pool_tap(const struct svcseq_pkt *pkt,
		   const struct svcseq_tap_fork *fork)
{
	return member_of(pkt, fork->pool, fork->at);
}
