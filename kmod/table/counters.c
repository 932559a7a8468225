// SPDX-License-Identifier: GPL-2.0
/* Counters: allocation, reading, and the names of the drop reasons. */

#include <linux/overflow.h>

#include "counters.h"

static const char * const drop_names[] = {
	[SVCSEQ_DROP_BAD_SOURCE] = "bad-source",
	[SVCSEQ_DROP_BAD_POSITION] = "bad-position",
	[SVCSEQ_DROP_PORT_DOWN] = "port-down",
	[SVCSEQ_DROP_TOO_BIG] = "too-big",
	[SVCSEQ_DROP_NO_ROUTE] = "no-route",
	[SVCSEQ_DROP_NO_NEIGHBOUR] = "no-neighbour",
	[SVCSEQ_DROP_TRUNCATED] = "truncated",
	[SVCSEQ_DROP_BAD_FRAGMENT] = "bad-fragment",
	[SVCSEQ_DROP_NO_MEMORY] = "no-memory",
	[SVCSEQ_DROP_COPY_FAILED] = "copy-failed",
	[SVCSEQ_DROP_ERROR_FAILED] = "error-failed",
	[SVCSEQ_DROP_RATE_LIMIT] = "rate-limit",
	[SVCSEQ_DROP_OVERLOAD] = "overload",
	[SVCSEQ_DROP_TAG_MISSING] = "tag-missing",
	[SVCSEQ_DROP_BAD_TAG] = "bad-tag",
	[SVCSEQ_DROP_ACL_DENIED] = "acl-denied",
	[SVCSEQ_DROP_POOL_DOWN] = "pool-down",
	[SVCSEQ_DROP_LOOP] = "loop",
};

static_assert(ARRAY_SIZE(drop_names) == SVCSEQ_NDROPS);

/**
 * svcseq_stats_alloc - make counters
 * @n: how many
 *
 * Context: process.
 * Return: zeroed counters, to be freed by free_percpu(), or NULL.
 */
struct svcseq_stats __percpu *svcseq_stats_alloc(unsigned int n)
{
	struct svcseq_stats __percpu *stats;
	int cpu;

	stats = __alloc_percpu_gfp(struct_size(stats, c, n), sizeof(u64),
				   GFP_KERNEL_ACCOUNT);
	if (!stats)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(stats, cpu)->syncp);
	return stats;
}

/**
 * svcseq_stats_sum - add a counter of one CPU
 * @sum: the result is added to it
 * @s: counters of the object on that CPU
 * @i: which of them
 *
 * Context: any but those that count.
 */
void svcseq_stats_sum(struct svcseq_totals *sum, const struct svcseq_stats *s,
		      unsigned int i)
{
	u64 packets, bytes;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&s->syncp);
		packets = u64_stats_read(&s->c[i].packets);
		bytes = u64_stats_read(&s->c[i].bytes);
	} while (u64_stats_fetch_retry(&s->syncp, start));
	sum->packets += packets;
	sum->bytes += bytes;
}

/**
 * svcseq_stats_read - add a counter up over all CPUs
 * @sum: the result is added to it
 * @stats: counters of the object
 * @i: which of them
 *
 * Context: any but those that count.
 */
void svcseq_stats_read(struct svcseq_totals *sum,
		       const struct svcseq_stats __percpu *stats,
		       unsigned int i)
{
	int cpu;

	for_each_possible_cpu(cpu)
		svcseq_stats_sum(sum, per_cpu_ptr(stats, cpu), i);
}

/**
 * svcseq_drop_name - the name of a drop reason
 * @reason: the reason
 *
 * Context: any.
 * Return: a constant string.
 */
const char *svcseq_drop_name(enum svcseq_drop_reason reason)
{
	return drop_names[reason];
}
