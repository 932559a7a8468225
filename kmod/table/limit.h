/* SPDX-License-Identifier: GPL-2.0 */
/* Limits: token buckets for requests. */
#ifndef SVCSEQ_TABLE_LIMIT_H
#define SVCSEQ_TABLE_LIMIT_H

#include <linux/jump_label.h>
#include <linux/skbuff.h>

#include "../svcseq.h"

/**
 * struct svcseq_limit - A token bucket, shared by all CPUs.
 * @rate: packets or kilobits of one second; constant
 * @burst: packets or bytes that may come at once; constant
 * @bits: kilobits, not packets; constant
 * @full: when the bucket will be full again, in nanoseconds; written by packets
 * @rcu: frees it
 *
 * One number says all (GCRA): each packet moves @full into the future by the
 * time that the rate allows it, and is over the limit when that is further away
 * than the time of a burst. A full bucket lets any packet pass, so that none is
 * too large for ever; that is also the only error.
 */
struct svcseq_limit {
	u32 rate;
	u32 burst;
	bool bits;
	atomic64_t full;
	struct rcu_head rcu;
};

/* on while there is any limit */
DECLARE_STATIC_KEY_FALSE(svcseq_limited);

struct svcseq_limit *svcseq_limit_new(u32 rate, u32 burst, bool bits);
void svcseq_limit_swap(struct svcseq_limit __rcu **where,
		       struct svcseq_limit *new);
bool svcseq_limit_pass(struct svcseq_limit *limit, const struct sk_buff *skb);

#endif /* SVCSEQ_TABLE_LIMIT_H */
