/* SPDX-License-Identifier: GPL-2.0 */
/* Simulation: leads a packet through its chain without sending it. */
#ifndef SVCSEQ_PATH_SIMULATE_H
#define SVCSEQ_PATH_SIMULATE_H

#include "../table/trace.h"
#include "packet.h"

int svcseq_simulate(struct svcseq_net *sn,
		    const struct svcseq_simulation *what,
		    svcseq_trace_told told, void *arg,
		    struct netlink_ext_ack *extack);
void svcseq_simulate_mark(struct sk_buff *skb);
void svcseq_simulate_tell(const struct sk_buff *skb,
			  const struct svcseq_trace *t);
void svcseq_simulate_hop(const struct svcseq_pkt *pkt, u16 index,
			 const struct svcseq_trace *t);

/**
 * svcseq_simulated - is this a packet that only a simulation knows?
 * @skb: the packet
 *
 * Its destructor marks it: no other packet can have that one.
 *
 * Context: any.
 * Return: true if so.
 */
static inline bool svcseq_simulated(const struct sk_buff *skb)
{
	return skb->destructor == svcseq_simulate_mark;
}

#endif /* SVCSEQ_PATH_SIMULATE_H */
