// SPDX-License-Identifier: GPL-2.0
/* Maglev: fills the table that flows find their member of a pool in. Each member
 * has an order of its own in which it likes the entries; they take turns, and
 * at its turn a member takes the entry that it likes best of those still free.
 */

#include "maglev.h"

/* One more than the largest weight: then a member of weight 1 has its first turn
 * before the entries are used up, however heavy the others are.
 */
#define ENTRIES_PER_MEMBER	256
#define STEP_ONE		(1u << 31)

/**
 * svcseq_maglev_size - how large a table should be
 * @members: how many members the pool may ever have
 *
 * A power of two, so that no division is needed. In a table of another size
 * nearly every flow has another member, so it is the limit of the pool that
 * counts, not how many members it has now. The smallest size serves 64 members;
 * a smaller one would do, but the smaller it is the more flows move needlessly.
 *
 * Context: any.
 * Return: entries, which are bytes; 0 if there is no table for so many.
 */
u32 svcseq_maglev_size(u32 members)
{
	u32 size = SVCSEQ_MAGLEV_MIN_SIZE;

	if (members > SVCSEQ_MAGLEV_MEMBERS)
		return 0;
	while (size < members * ENTRIES_PER_MEMBER)
		size *= 2;
	return size;
}

/* Everything that tells one member from another comes from its id. */
static void member_begin(struct svcseq_maglev_member *member)
{
	u64 first = svcseq_maglev_mix(svcseq_maglev_mix(member->id + 1));
	u64 second = svcseq_maglev_mix(svcseq_maglev_mix(first + 1));
	u64 third = svcseq_maglev_mix(svcseq_maglev_mix(second + 1));

	member->step = STEP_ONE / member->weight;
	/* not all at once: what many light ones are rounded up or down by would
	 * all be at the expense of a heavy one
	 */
	member->due = (third >> 32) * member->step >> 32;
	member->turn = 0;
	member->mul[0] = (u32)(first >> 32) | 1;
	member->add[0] = (u32)first;
	member->mul[1] = (u32)(second >> 32) | 1;
	member->add[1] = (u32)second;
}

/* The entry that a member likes best after those it has tried. Every step can be
 * undone, so no entry comes twice. The paper's offset + turn * skip can, too,
 * but two members whose skips resemble each other then meet all the way, and at
 * worst three times as many flows move needlessly.
 */
static u32 member_next(struct svcseq_maglev_member *member, u32 mask, u32 half)
{
	u32 x = member->turn++;
	int i;

	for (i = 0; i < 2; i++) {
		x = (x * member->mul[i] + member->add[i]) & mask;
		x ^= x >> half;
	}
	return x;
}

static bool member_before(const struct svcseq_maglev_member *a,
			  const struct svcseq_maglev_member *b)
{
	return a->due != b->due ? a->due < b->due : a->id < b->id;
}

/* A heap: whose turn it is stands first. */
static void heap_sink(struct svcseq_maglev_member *member, u32 count, u32 at)
{
	struct svcseq_maglev_member moving = member[at];
	u32 child;

	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count &&
		    member_before(&member[child + 1], &member[child]))
			child++;
		if (!member_before(&member[child], &moving))
			break;
		member[at] = member[child];
		at = child;
	}
	member[at] = moving;
}

/* Put those with a weight first. Returns how many they are. */
static u32 members_begin(struct svcseq_maglev_member *member, u32 count)
{
	struct svcseq_maglev_member swap;
	u32 active = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		if (!member[i].weight)
			continue;
		swap = member[active];
		member[active] = member[i];
		member[i] = swap;
		member_begin(&member[active++]);
	}
	for (i = active / 2; i-- > 0;)
		heap_sink(member, active, i);
	return active;
}

static bool members_valid(const struct svcseq_maglev_member *member, u32 count)
{
	u32 i, j;

	for (i = 0; i < count; i++) {
		if (member[i].slot == SVCSEQ_MAGLEV_NONE)
			return false;
		for (j = 0; j < i; j++)
			if (member[j].id == member[i].id)
				return false;
	}
	return true;
}

/**
 * svcseq_maglev_fill - fill the table of a pool
 * @table: to be filled
 * @size: entries in @table, as svcseq_maglev_size() says
 * @member: the members in any order, which is changed
 * @count: how many they are
 *
 * A member has its turns at regular times, 1 / weight apart, whoever else is
 * there. So the others keep their order when one comes or goes, and few flows
 * move that need not: 1.5 % at most in a table of svcseq_maglev_size(). Members
 * of the same weight have the same number of entries, or one more.
 * The table depends on ids, weights and slots alone. Without members of any
 * weight all of it is SVCSEQ_MAGLEV_NONE.
 *
 * Context: any. Takes some milliseconds for the largest table.
 * Return: 0, or -EINVAL with @table unchanged if the size is not one of
 * svcseq_maglev_size(), there are too many members, two have the same id, or
 * one has SVCSEQ_MAGLEV_NONE for its slot.
 */
int svcseq_maglev_fill(u8 *table, u32 size, struct svcseq_maglev_member *member,
		       u32 count)
{
	u32 half = 1;
	u32 active, entry, i;

	if (size < SVCSEQ_MAGLEV_MIN_SIZE || size > SVCSEQ_MAGLEV_MAX_SIZE ||
	    size & (size - 1) || count > SVCSEQ_MAGLEV_MEMBERS ||
	    !members_valid(member, count))
		return -EINVAL;

	memset(table, SVCSEQ_MAGLEV_NONE, size);
	active = members_begin(member, count);
	if (!active)
		return 0;
	while (1u << 2 * half < size)
		half++;

	for (i = 0; i < size; i++) {
		do {
			entry = member_next(member, size - 1, half);
		} while (table[entry] != SVCSEQ_MAGLEV_NONE);
		table[entry] = member->slot;
		member->due += member->step;
		heap_sink(member, active, 0);
	}
	return 0;
}
