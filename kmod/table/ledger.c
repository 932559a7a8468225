// SPDX-License-Identifier: GPL-2.0
/* Ledgers: counters that outlive the programs of a definition, and whose sums
 * go over to the devices when the last of these programs is freed. So a packet
 * is counted once per hop, and the counters of a device never go back.
 */

#include <linux/slab.h>

#include "counters.h"
#include "device.h"
#include "ledger.h"

/* The allocator of per-CPU memory warns of what is larger. */
static_assert(sizeof(struct svcseq_stats) +
	      (SVCSEQ_PLAN_HOPS + SVCSEQ_SEQ_COPIES * SVCSEQ_MAX_MEMBERS) *
	      sizeof_field(struct svcseq_stats, c[0]) <= PCPU_MIN_UNIT_SIZE);

/**
 * svcseq_ledger_open - make the counters of a definition
 * @sn: the engine
 * @nhops: how many hops it has, and counters of copies to members of pools
 *
 * The caller fills in the devices of each hop, with references.
 *
 * Context: process, cfg_lock.
 * Return: a ledger with one reference, or NULL.
 */
struct svcseq_ledger *svcseq_ledger_open(struct svcseq_net *sn, u16 nhops)
{
	struct svcseq_ledger *ledger;

	lockdep_assert_held(&sn->cfg_lock);

	ledger = kzalloc(struct_size(ledger, hop, nhops), GFP_KERNEL_ACCOUNT);
	if (!ledger)
		return NULL;
	ledger->stats = svcseq_stats_alloc(nhops);
	if (!ledger->stats) {
		kfree(ledger);
		return NULL;
	}
	ledger->nhops = nhops;
	ledger->refs = 1;
	list_add_tail(&ledger->node, &sn->ledgers);
	return ledger;
}

static void totals_add(struct svcseq_totals *to,
		       const struct svcseq_totals *more)
{
	to->packets += more->packets;
	to->bytes += more->bytes;
}

static void ledger_close_hop(struct svcseq_ledger *ledger, u16 i)
{
	struct svcseq_ledger_hop *hop = &ledger->hop[i];
	struct svcseq_totals sum = {};
	int t;

	svcseq_stats_read(&sum, ledger->stats, i);
	if (hop->from) {
		if (!hop->fork)
			totals_add(&hop->from->received, &sum);
		svcseq_device_put(hop->from);
	}
	if (hop->to) {
		totals_add(&hop->to->sent, &sum);
		svcseq_device_put(hop->to);
	}
	for (t = 0; t < hop->ntaps; t++) {
		if (!hop->tap[t])
			continue;
		totals_add(&hop->tap[t]->sent, &sum);
		svcseq_device_put(hop->tap[t]);
	}
}

/**
 * svcseq_ledger_put - a program counts here no more
 * @ledger: the ledger
 *
 * Context: process, cfg_lock; packets are done with the program.
 */
void svcseq_ledger_put(struct svcseq_ledger *ledger)
{
	u16 i;

	if (--ledger->refs)
		return;
	for (i = 0; i < ledger->nhops; i++)
		ledger_close_hop(ledger, i);
	list_del(&ledger->node);
	free_percpu(ledger->stats);
	kfree(ledger);
}

/**
 * svcseq_ledger_sum - what a ledger holds for a device
 * @ledger: the ledger
 * @dev: the device
 * @sent: what went to the device is added to it
 * @received: what came from the device is added to it
 *
 * Context: process, cfg_lock.
 */
void svcseq_ledger_sum(const struct svcseq_ledger *ledger,
		       const struct svcseq_device *dev,
		       struct svcseq_totals *sent,
		       struct svcseq_totals *received)
{
	u16 i;
	int t;

	for (i = 0; i < ledger->nhops; i++) {
		const struct svcseq_ledger_hop *hop = &ledger->hop[i];

		if (hop->from == dev && !hop->fork)
			svcseq_stats_read(received, ledger->stats, i);
		if (hop->to == dev)
			svcseq_stats_read(sent, ledger->stats, i);
		for (t = 0; t < hop->ntaps; t++)
			if (hop->tap[t] == dev)
				svcseq_stats_read(sent, ledger->stats, i);
	}
}
