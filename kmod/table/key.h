/* SPDX-License-Identifier: GPL-2.0 */
/* Keys: the hash tables that packets find their service in. The parameters are
 * here in full so that every lookup is compiled for its table.
 */
#ifndef SVCSEQ_TABLE_KEY_H
#define SVCSEQ_TABLE_KEY_H

#include <linux/jhash.h>
#include <linux/rhashtable.h>

#include "../svcseq.h"

static inline u32 svcseq_key_hash4(const void *data, u32 len, u32 seed)
{
	const u32 *word = data;

	return jhash_2words(word[0], word[1], seed);
}

static inline u32 svcseq_key_hash6(const void *data, u32 len, u32 seed)
{
	return jhash2(data, sizeof(struct svcseq_key_id6) / sizeof(u32), seed);
}

static const struct rhashtable_params svcseq_key_params4 = {
	.head_offset = offsetof(struct svcseq_key, node),
	.key_offset = offsetof(struct svcseq_key, id),
	.key_len = sizeof(struct svcseq_key_id4),
	.hashfn = svcseq_key_hash4,
	.automatic_shrinking = true,
};

static const struct rhashtable_params svcseq_key_params6 = {
	.head_offset = offsetof(struct svcseq_key, node),
	.key_offset = offsetof(struct svcseq_key, id),
	.key_len = sizeof(struct svcseq_key_id6),
	.hashfn = svcseq_key_hash6,
	.automatic_shrinking = true,
};

/**
 * svcseq_key_find_rcu - find the key of a packet
 * @sn: the engine
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @id: address, port and protocol
 *
 * Context: RCU.
 * Return: the key or NULL.
 */
static inline struct svcseq_key *
svcseq_key_find_rcu(struct svcseq_net *sn, u8 fam,
		    const union svcseq_key_id *id)
{
	if (fam == SVCSEQ_V4)
		return rhashtable_lookup(&sn->keys[SVCSEQ_V4], &id->v4,
					 svcseq_key_params4);
	return rhashtable_lookup(&sn->keys[SVCSEQ_V6], &id->v6,
				 svcseq_key_params6);
}

#endif /* SVCSEQ_TABLE_KEY_H */
