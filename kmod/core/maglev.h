/* SPDX-License-Identifier: GPL-2.0 */
/* Maglev: which member of a pool gets a flow, after Eisenbud et al., "Maglev: A
 * Fast and Reliable Software Network Load Balancer", NSDI 2016, section 3.4.
 */
#ifndef SVCSEQ_CORE_MAGLEV_H
#define SVCSEQ_CORE_MAGLEV_H

#include "env.h"

#define SVCSEQ_MAGLEV_NONE		0xff	/* the pool has nobody */
#define SVCSEQ_MAGLEV_MEMBERS		255
#define SVCSEQ_MAGLEV_MIN_SIZE		16384
#define SVCSEQ_MAGLEV_MAX_SIZE		65536

/**
 * struct svcseq_maglev_member - One member of a pool.
 * @id: what it is known by as long as it lives, in every pool and on every
 *   router; no two members of a pool have the same
 * @weight: its share of the flows, in proportion to that of the others; with 0
 *   it gets none
 * @slot: what the table says for it; not SVCSEQ_MAGLEV_NONE
 */
struct svcseq_maglev_member {
	u64 id;
	u8 weight;
	u8 slot;
	/* private: of svcseq_maglev_fill() */
	u64 due;
	u32 step;
	u32 turn;
	u32 mul[2];
	u32 add[2];
};

u32 svcseq_maglev_size(u32 members);
int svcseq_maglev_fill(u8 *table, u32 size, struct svcseq_maglev_member *member,
		       u32 count);

/* An odd number with its bits well spread: 2^64 over the golden ratio. */
#define SVCSEQ_MAGLEV_ODD	0x9e3779b97f4a7c15ull

static __always_inline u64 svcseq_maglev_mix(u64 x)
{
	x *= SVCSEQ_MAGLEV_ODD;
	return x ^ x >> 32;
}

static __always_inline u32 svcseq_maglev_last(u64 x)
{
	/* upper bits: in a product these depend on all bits of the factor */
	return (u32)(x * SVCSEQ_MAGLEV_ODD >> 32);
}

/**
 * svcseq_maglev_hash4 - hash of a flow of IPv4
 * @addr: address of the client
 * @port: port of the client, or 0 to keep all flows of a client together
 * @seed: a random number of the network namespace
 *
 * Only the client's side counts: the source of a request, the destination of a
 * reply. Of all that a packet carries it is what the devices of a chain leave
 * alone, so both directions and every packet meet the same member.
 *
 * Context: any.
 * Return: the hash; its lower 16 bits are good for svcseq_maglev_pick().
 */
static __always_inline u32 svcseq_maglev_hash4(__be32 addr, __be16 port,
					       u64 seed)
{
	u64 x = (u64)(__force u16)port << 32 | (__force u32)addr;

	return svcseq_maglev_last(svcseq_maglev_mix(x + seed));
}

/**
 * svcseq_maglev_hash6 - hash of a flow of IPv6
 * @addr: address of the client, 16 bytes
 * @port: port of the client, or 0 to keep all flows of a client together
 * @seed: a random number of the network namespace
 *
 * Context: any.
 * Return: as svcseq_maglev_hash4().
 */
static __always_inline u32 svcseq_maglev_hash6(const void *addr, __be16 port,
					       u64 seed)
{
	u64 half[2];
	u64 x;

	memcpy(half, addr, sizeof(half));
	x = svcseq_maglev_mix(half[0] + seed);
	x = svcseq_maglev_mix(x + half[1]);
	x = svcseq_maglev_mix(x + (__force u16)port);
	return svcseq_maglev_last(x);
}

/**
 * svcseq_maglev_pick - the member that gets a flow
 * @table: as svcseq_maglev_fill() made it
 * @size: entries in @table
 * @hash: of the flow
 *
 * Context: any.
 * Return: the slot of the member, or SVCSEQ_MAGLEV_NONE.
 */
static __always_inline u8 svcseq_maglev_pick(const u8 *table, u32 size,
					     u32 hash)
{
	return table[hash & (size - 1)];
}

#endif /* SVCSEQ_CORE_MAGLEV_H */
