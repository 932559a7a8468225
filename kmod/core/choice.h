/* SPDX-License-Identifier: GPL-2.0 */
/* Choice: which member of a pool gets a packet. */
#ifndef SVCSEQ_CORE_CHOICE_H
#define SVCSEQ_CORE_CHOICE_H

#include "maglev.h"

/**
 * struct svcseq_choice_member - A member of a pool, in the pool's order.
 * @name: what it is known by, in every pool and on every router
 * @weight: its share of the flows
 * @up: it gets packets
 * @slot: what the choice calls it; not SVCSEQ_MAGLEV_NONE
 */
struct svcseq_choice_member {
	const char *name;
	u8 weight;
	bool up;
	u8 slot;
};

/**
 * struct svcseq_choice - Who gets which flow; constant once it is in use.
 * @size: entries of @table; 0 if one gets all
 * @only: the slot of that one, or SVCSEQ_MAGLEV_NONE if nobody is up
 * @ports: the client's port counts, not the address alone
 * @table: slots by the hash of the flow
 */
struct svcseq_choice {
	u32 size;
	u8 only;
	bool ports;
	u8 table[];
};

u64 svcseq_choice_id(const char *name);
u32 svcseq_choice_size(const struct svcseq_choice_member *member, u32 count,
		       bool spread);
int svcseq_choice_fill(struct svcseq_choice *choice, u32 size,
		       const struct svcseq_choice_member *member, u32 count);
bool svcseq_choice_has(const struct svcseq_choice *choice, u8 slot);

/**
 * svcseq_choice_pick - who gets a flow
 * @choice: the choice
 * @hash: of the flow; only looked at if there is more than one to choose
 *
 * Context: any.
 * Return: the slot of the member, or SVCSEQ_MAGLEV_NONE.
 */
static __always_inline u8 svcseq_choice_pick(const struct svcseq_choice *choice,
					     u32 hash)
{
	if (!choice->size)
		return choice->only;
	return svcseq_maglev_pick(choice->table, choice->size, hash);
}

#endif /* SVCSEQ_CORE_CHOICE_H */
