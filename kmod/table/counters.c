// SPDX-License-Identifier: GPL-2.0
/* Counters: allocation, reading, and the names of the drop reasons. */

#include <linux/bitmap.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/xarray.h>

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

/* The allocator of per-CPU memory looks for room byte by byte, which for a million
 * services takes longer than all else. So their counters are made in blocks.
 */
#define BLOCK_SLOTS	64
#define SLOT_SIZE	struct_size((struct svcseq_stats *)NULL, c, \
				    SVCSEQ_SERVICE_NSTATS)

/**
 * struct block - Counters of services.
 * @node: link in @owner, empty while all slots are taken; block_lock
 * @owner: &svcseq_net.stats_blocks of the services; constant
 * @stats: the counters, one slot after the other
 * @number: its number; constant
 * @used: which slots are taken; block_lock
 */
struct block {
	struct list_head node;
	struct list_head *owner;
	void __percpu *stats;
	u32 number;
	DECLARE_BITMAP(used, BLOCK_SLOTS);
};

/* Services are freed by callbacks, where nothing else protects the blocks. */
static DEFINE_SPINLOCK(block_lock);
static DEFINE_XARRAY_FLAGS(blocks, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_BH);

static struct svcseq_stats __percpu *block_slot(const struct block *block,
						unsigned int i)
{
	return block->stats + i * SLOT_SIZE;
}

static struct block *block_new(struct list_head *owner)
{
	struct block *block;
	unsigned int i;
	int cpu;

	block = kzalloc(sizeof(*block), GFP_KERNEL_ACCOUNT);
	if (!block)
		return NULL;
	INIT_LIST_HEAD(&block->node);
	block->owner = owner;
	block->stats = __alloc_percpu_gfp(BLOCK_SLOTS * SLOT_SIZE, sizeof(u64),
					  GFP_KERNEL_ACCOUNT);
	if (!block->stats)
		goto err_block;
	if (xa_alloc_bh(&blocks, &block->number, block,
			XA_LIMIT(0, U32_MAX / BLOCK_SLOTS - 1),
			GFP_KERNEL_ACCOUNT))
		goto err_stats;
	for_each_possible_cpu(cpu)
		for (i = 0; i < BLOCK_SLOTS; i++)
			u64_stats_init(&per_cpu_ptr(block_slot(block, i),
						    cpu)->syncp);
	return block;

err_stats:
	free_percpu(block->stats);
err_block:
	kfree(block);
	return NULL;
}

static void slot_clear(struct svcseq_stats __percpu *stats)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(stats, cpu)->c, 0,
		       SLOT_SIZE - offsetof(struct svcseq_stats, c));
}

/**
 * svcseq_stats_slot_get - counters for a service
 * @sn: the engine
 * @slot: filled with what svcseq_stats_slot_put() wants
 *
 * Context: process, cfg_lock.
 * Return: zeroed counters, SVCSEQ_SERVICE_NSTATS of them, or NULL.
 */
struct svcseq_stats __percpu *svcseq_stats_slot_get(struct svcseq_net *sn,
						    u32 *slot)
{
	struct list_head *list = &sn->stats_blocks;
	struct svcseq_stats __percpu *stats;
	struct block *block;
	unsigned int i;

	lockdep_assert_held(&sn->cfg_lock);

	spin_lock_bh(&block_lock);
	block = list_first_entry_or_null(list, struct block, node);
	if (!block) {
		spin_unlock_bh(&block_lock);
		block = block_new(list);
		if (!block)
			return NULL;
		spin_lock_bh(&block_lock);
		list_add(&block->node, list);
	}
	i = find_first_zero_bit(block->used, BLOCK_SLOTS);
	__set_bit(i, block->used);
	if (bitmap_full(block->used, BLOCK_SLOTS))
		list_del_init(&block->node);
	spin_unlock_bh(&block_lock);

	*slot = block->number * BLOCK_SLOTS + i;
	stats = block_slot(block, i);
	slot_clear(stats);
	return stats;
}

/**
 * svcseq_stats_slot_put - the end of svcseq_stats_slot_get()
 * @slot: what that one said
 *
 * Context: process or softirq; nobody counts there any more.
 */
void svcseq_stats_slot_put(u32 slot)
{
	struct block *block = xa_load(&blocks, slot / BLOCK_SLOTS);
	bool empty;

	if (WARN_ON_ONCE(!block))
		return;
	spin_lock_bh(&block_lock);
	__clear_bit(slot % BLOCK_SLOTS, block->used);
	empty = bitmap_empty(block->used, BLOCK_SLOTS);
	if (empty)
		list_del(&block->node);
	else if (list_empty(&block->node))
		list_add(&block->node, block->owner);
	spin_unlock_bh(&block_lock);
	if (!empty)
		return;
	xa_erase_bh(&blocks, block->number);
	free_percpu(block->stats);
	kfree(block);
}

/**
 * svcseq_stats_exit - the end of all counters of services
 *
 * Context: module exit; no service is left.
 */
void svcseq_stats_exit(void)
{
	WARN_ON_ONCE(!xa_empty(&blocks));
	xa_destroy(&blocks);
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
