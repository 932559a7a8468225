/* SPDX-License-Identifier: GPL-2.0 */
/* Counters: per-CPU pairs of packets and bytes, and the reasons for drops. */
#ifndef SVCSEQ_TABLE_COUNTERS_H
#define SVCSEQ_TABLE_COUNTERS_H

#include <linux/percpu.h>

#include "../svcseq.h"

struct svcseq_stats __percpu *svcseq_stats_alloc(unsigned int n);
struct svcseq_stats __percpu *svcseq_stats_slot_get(struct svcseq_net *sn,
						    u32 *slot);
void svcseq_stats_slot_put(u32 slot);
void svcseq_stats_exit(void);
void svcseq_stats_read(struct svcseq_totals *sum,
		       const struct svcseq_stats __percpu *stats,
		       unsigned int i);
void svcseq_stats_sum(struct svcseq_totals *sum, const struct svcseq_stats *s,
		      unsigned int i);
const char *svcseq_drop_name(enum svcseq_drop_reason reason);

/**
 * svcseq_stats_count - count a packet, the counters of this CPU at hand
 * @s: counters of the object on this CPU
 * @i: which of them
 * @len: bytes of the packet from the network header on
 *
 * Context: bottom halves off: they alone write these counters.
 */
static inline void svcseq_stats_count(struct svcseq_stats *s, unsigned int i,
				      unsigned int len)
{
	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->c[i].packets);
	u64_stats_add(&s->c[i].bytes, len);
	u64_stats_update_end(&s->syncp);
}

/**
 * svcseq_stats_add - count a packet
 * @stats: counters of the object
 * @i: which of them
 * @len: bytes of the packet from the network header on
 *
 * Context: as svcseq_stats_count().
 */
static inline void svcseq_stats_add(struct svcseq_stats __percpu *stats,
				    unsigned int i, unsigned int len)
{
	svcseq_stats_count(this_cpu_ptr(stats), i, len);
}

#endif /* SVCSEQ_TABLE_COUNTERS_H */
