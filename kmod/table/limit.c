// SPDX-License-Identifier: GPL-2.0
/* Limits: token buckets for requests. */

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/slab.h>

#include "limit.h"

DEFINE_STATIC_KEY_FALSE(svcseq_limited);

/* What may come at once if nobody says: a tenth of a second. */
static u32 limit_burst(u32 rate, bool bits)
{
	/* a super-packet has up to 64 KiB */
	if (bits)
		return max_t(u64, SZ_64K, div_u64((u64)rate * 1000, 8 * 10));
	return max_t(u32, 1, rate / 10);
}

/**
 * svcseq_limit_new - make a limit
 * @rate: packets or kilobits of one second; 0 for no limit
 * @burst: packets or bytes at once; 0 for a tenth of a second
 * @bits: kilobits, not packets
 *
 * Context: process.
 * Return: the limit, NULL for none, or an error pointer.
 */
struct svcseq_limit *svcseq_limit_new(u32 rate, u32 burst, bool bits)
{
	struct svcseq_limit *limit;

	if (!rate)
		return NULL;
	limit = kzalloc(sizeof(*limit), GFP_KERNEL_ACCOUNT);
	if (!limit)
		return ERR_PTR(-ENOMEM);
	limit->rate = rate;
	limit->burst = burst ?: limit_burst(rate, bits);
	limit->bits = bits;
	return limit;
}

/**
 * svcseq_limit_swap - put a limit in place of another
 * @where: the place; written under cfg_lock, read under RCU
 * @new: the limit, or NULL
 *
 * Context: process, cfg_lock.
 */
void svcseq_limit_swap(struct svcseq_limit __rcu **where,
		       struct svcseq_limit *new)
{
	struct svcseq_limit *old = rcu_dereference_protected(*where, true);

	if (new)
		static_branch_inc(&svcseq_limited);
	rcu_assign_pointer(*where, new);
	if (!old)
		return;
	static_branch_dec(&svcseq_limited);
	kfree_rcu(old, rcu);
}

/* The time that the rate allows an amount: packets, or bytes. */
static u64 limit_time(const struct svcseq_limit *limit, u32 amount)
{
	if (limit->bits)
		return div_u64((u64)amount * 8 * (NSEC_PER_SEC / 1000),
			       limit->rate);
	return div_u64((u64)amount * NSEC_PER_SEC, limit->rate);
}

/**
 * svcseq_limit_pass - take a packet's share out of a bucket
 * @limit: the bucket
 * @skb: the packet; of a super-packet each segment counts
 *
 * Context: softirq, RCU.
 * Return: false if the packet is over the limit.
 */
bool svcseq_limit_pass(struct svcseq_limit *limit, const struct sk_buff *skb)
{
	u32 amount = limit->bits ? skb->len :
				   max_t(u32, 1, skb_shinfo(skb)->gso_segs);
	u64 most = limit_time(limit, limit->burst);
	u64 cost = limit_time(limit, amount);
	s64 full = atomic64_read(&limit->full);
	s64 now = ktime_get_ns(), next;

	do {
		next = max(full, now) + cost;
		if (full > now && next - now > (s64)most)
			return false;
	} while (!atomic64_try_cmpxchg(&limit->full, &full, next));
	return true;
}
