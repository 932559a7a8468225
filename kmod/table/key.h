/* SPDX-License-Identifier: GPL-2.0 */
/* Keys: the hash tables that packets find their service in. The parameters are
 * here in full so that every lookup is compiled for its table.
 */
#ifndef SVCSEQ_TABLE_KEY_H
#define SVCSEQ_TABLE_KEY_H

#include <linux/jhash.h>
#include <linux/rhashtable.h>

#include "../svcseq.h"

static __always_inline u32 svcseq_key_hash4(const void *data, u32 len, u32 seed)
{
	const u32 *word = data;

	return jhash_2words(word[0], word[1], seed);
}

static inline u32 svcseq_key_hash6(const void *data, u32 len, u32 seed)
{
	return jhash2(data, sizeof(struct svcseq_key_id6) / sizeof(u32), seed);
}

/* Compared here, for rhashtable itself would call memcmp() with a length that
 * the compiler does not know.
 */
static __always_inline int
svcseq_key_cmp4(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct svcseq_key *key = obj;

	return memcmp(&key->id.v4, arg->key, sizeof(key->id.v4));
}

static __always_inline int
svcseq_key_cmp6(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct svcseq_key *key = obj;

	return memcmp(&key->id.v6, arg->key, sizeof(key->id.v6));
}

static const struct rhashtable_params svcseq_key_params4 __maybe_unused = {
	.head_offset = offsetof(struct svcseq_key, node),
	.key_offset = offsetof(struct svcseq_key, id),
	.key_len = sizeof(struct svcseq_key_id4),
	.hashfn = svcseq_key_hash4,
	.obj_cmpfn = svcseq_key_cmp4,
	.automatic_shrinking = true,
};

static const struct rhashtable_params svcseq_key_params6 __maybe_unused = {
	.head_offset = offsetof(struct svcseq_key, node),
	.key_offset = offsetof(struct svcseq_key, id),
	.key_len = sizeof(struct svcseq_key_id6),
	.hashfn = svcseq_key_hash6,
	.obj_cmpfn = svcseq_key_cmp6,
	.automatic_shrinking = true,
};

/* rhashtable_lookup() for IPv4, with hash and comparison in line: the compiler
 * sees through its table of functions too late for that. Every packet comes
 * here, some twice.
 */
static __always_inline struct svcseq_key *
svcseq_key_find4_rcu(struct rhashtable *ht, const struct svcseq_key_id4 *id)
{
	struct bucket_table *tbl = rcu_dereference(ht->tbl);
	struct rhash_lock_head __rcu *const *bkt;
	struct svcseq_key *key;
	struct rhash_head *he;
	u32 hash;

	while (tbl) {
		hash = rht_bucket_index(tbl, svcseq_key_hash4(id, sizeof(*id),
							      tbl->hash_rnd));
		bkt = rht_bucket(tbl, hash);
		do {
			rht_for_each_rcu_from(he, rht_ptr_rcu(bkt), tbl, hash) {
				key = container_of(he, struct svcseq_key, node);
				if (!memcmp(&key->id.v4, id, sizeof(*id)))
					return key;
			}
			/* the end of another chain: a move under our feet */
		} while (unlikely(he != RHT_NULLS_MARKER(bkt)));
		/* pairs with the barrier that publishes a new table */
		smp_rmb();
		tbl = rcu_dereference(tbl->future_tbl);
	}
	return NULL;
}

/**
 * svcseq_key_find_rcu - find the key of a packet
 * @sn: the engine
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @id: address, port and protocol
 *
 * Context: RCU.
 * Return: the key or NULL.
 */
static __always_inline struct svcseq_key *
svcseq_key_find_rcu(struct svcseq_net *sn, u8 fam,
		    const union svcseq_key_id *id)
{
	if (fam == SVCSEQ_V4)
		return svcseq_key_find4_rcu(&sn->keys[SVCSEQ_V4], &id->v4);
	return rhashtable_lookup(&sn->keys[SVCSEQ_V6], &id->v6,
				 svcseq_key_params6);
}

/**
 * svcseq_key_addr - the address of a key
 * @id: the key
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 *
 * Context: any.
 * Return: the address; only its member of @fam may be read.
 */
static inline const union svcseq_addr *
svcseq_key_addr(const union svcseq_key_id *id, u8 fam)
{
	return fam == SVCSEQ_V4 ? (const void *)&id->v4.addr :
				  (const void *)&id->v6.addr;
}

/**
 * svcseq_service_addr - the address of a service
 * @svc: the service
 *
 * Context: any.
 * Return: as svcseq_key_addr(); of a prefix, its first address.
 */
static inline const union svcseq_addr *
svcseq_service_addr(const struct svcseq_service *svc)
{
	return svcseq_key_addr(&svc->key.id, svc->fam);
}

#endif /* SVCSEQ_TABLE_KEY_H */
