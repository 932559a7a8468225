/* SPDX-License-Identifier: GPL-2.0 */
/* Watching: each packet is shown to whoever looks on where the engine lets go
 * of it. All costs one static key while nobody does.
 */
#ifndef SVCSEQ_PATH_WATCH_H
#define SVCSEQ_PATH_WATCH_H

#include "../table/trace.h"
#include "packet.h"

bool svcseq_watch_hop_slow(const struct svcseq_pkt *pkt,
			   const struct svcseq_hop *hop,
			   const struct net_device *dev);
bool svcseq_watch_copy_slow(const struct svcseq_pkt *pkt,
			    const struct svcseq_hop *hop, int i, u8 tap,
			    const struct sk_buff *skb);
bool svcseq_watch_drop_slow(const struct svcseq_pkt *pkt,
			    const struct sk_buff *skb,
			    enum svcseq_drop_reason reason);
void svcseq_watch_pass_slow(const struct svcseq_pkt *pkt, bool ports);

/**
 * svcseq_watch_hop - a packet takes its hop
 * @pkt: the packet, rewritten
 * @hop: the hop
 * @dev: the net device that it leaves by
 *
 * Context: softirq, RCU.
 * Return: true if it was a simulated packet, which goes no further and is gone.
 */
static __always_inline bool svcseq_watch_hop(const struct svcseq_pkt *pkt,
					     const struct svcseq_hop *hop,
					     const struct net_device *dev)
{
	return static_branch_unlikely(&svcseq_watched) &&
	       (hop->flags & SVCSEQ_HOP_WATCH ||
		atomic_read(&svcseq_traced)) &&
	       svcseq_watch_hop_slow(pkt, hop, dev);
}

/**
 * svcseq_watch_copy - a copy goes to its tap
 * @pkt: the packet that was copied
 * @hop: its hop
 * @i: number of the copy
 * @tap: which member of a pool of taps
 * @skb: the copy, rewritten
 *
 * Context: softirq, RCU.
 * Return: true if the packet is a simulated one: the copy goes no further.
 */
static __always_inline bool svcseq_watch_copy(const struct svcseq_pkt *pkt,
					      const struct svcseq_hop *hop,
					      int i, u8 tap,
					      const struct sk_buff *skb)
{
	return static_branch_unlikely(&svcseq_watched) &&
	       atomic_read(&svcseq_traced) &&
	       svcseq_watch_copy_slow(pkt, hop, i, tap, skb);
}

/**
 * svcseq_watch_drop - a packet or a copy is dropped
 * @pkt: the packet
 * @skb: what is dropped, or NULL if it is gone already
 * @reason: why
 *
 * Context: softirq, RCU.
 * Return: true if the packet is a simulated one: the drop counts for nothing.
 */
static __always_inline bool svcseq_watch_drop(const struct svcseq_pkt *pkt,
					      const struct sk_buff *skb,
					      enum svcseq_drop_reason reason)
{
	return static_branch_unlikely(&svcseq_watched) &&
	       atomic_read(&svcseq_traced) &&
	       svcseq_watch_drop_slow(pkt, skb, reason);
}

/**
 * svcseq_watch_pass - a packet is left to the network stack
 * @pkt: the packet
 * @ports: its ports are known
 *
 * Context: softirq, RCU.
 */
static __always_inline void svcseq_watch_pass(const struct svcseq_pkt *pkt,
					      bool ports)
{
	if (static_branch_unlikely(&svcseq_watched) &&
	    atomic_read(&svcseq_traced))
		svcseq_watch_pass_slow(pkt, ports);
}

#endif /* SVCSEQ_PATH_WATCH_H */
