// SPDX-License-Identifier: GPL-2.0
/* Choice: makes what packets ask for the member of a pool that they go to. */

#include "choice.h"

/* FNV-1a (draft-eastlake-fnv) */
#define FNV_START	0xcbf29ce484222325ull
#define FNV_PRIME	0x00000100000001b3ull

/**
 * svcseq_choice_id - what tells a member from others
 * @name: its name
 *
 * The same on every router, so that two with the same pools choose alike, but
 * for the seed of the hash.
 *
 * Context: any.
 * Return: a number that no other name has, but for a chance of 1 : 2^64.
 */
u64 svcseq_choice_id(const char *name)
{
	u64 id = FNV_START;

	for (; *name; name++)
		id = (id ^ (u8)*name) * FNV_PRIME;
	return id;
}

static u32 count_up(const struct svcseq_choice_member *member, u32 count)
{
	u32 n = 0;
	u32 i;

	for (i = 0; i < count; i++)
		n += member[i].up;
	return n;
}

/**
 * svcseq_choice_size - how large the table of a choice is
 * @member: the members
 * @count: how many they are
 * @spread: flows are spread over all that are up; else the first gets all
 *
 * Context: any.
 * Return: entries, which are bytes; 0 if there is nothing to choose.
 */
u32 svcseq_choice_size(const struct svcseq_choice_member *member, u32 count,
		       bool spread)
{
	if (!spread || count_up(member, count) < 2)
		return 0;
	/* not by how many there are now: in a table of another size nearly
	 * every flow has another member
	 */
	return svcseq_maglev_size(SVCSEQ_MAX_MEMBERS);
}

/**
 * svcseq_choice_fill - make a choice
 * @choice: with memory for a table of @size
 * @size: as svcseq_choice_size() says
 * @member: the members
 * @count: how many they are, SVCSEQ_MAX_MEMBERS at most
 *
 * @choice->ports is left to the caller.
 *
 * Context: any.
 * Return: 0, or -EINVAL if two members cannot be told apart by their names.
 */
int svcseq_choice_fill(struct svcseq_choice *choice, u32 size,
		       const struct svcseq_choice_member *member, u32 count)
{
	struct svcseq_maglev_member up[SVCSEQ_MAX_MEMBERS];
	u32 n = 0;
	u32 i;

	choice->size = size;
	choice->only = SVCSEQ_MAGLEV_NONE;
	for (i = 0; i < count; i++) {
		if (!member[i].up)
			continue;
		if (!n)
			choice->only = member[i].slot;
		up[n].id = svcseq_choice_id(member[i].name);
		up[n].weight = member[i].weight;
		up[n++].slot = member[i].slot;
	}
	if (!size)
		return 0;
	return svcseq_maglev_fill(choice->table, size, up, n);
}

/**
 * svcseq_choice_has - does a member get anything?
 * @choice: the choice
 * @slot: the member
 *
 * Context: any.
 * Return: true if it does.
 */
bool svcseq_choice_has(const struct svcseq_choice *choice, u8 slot)
{
	if (!choice->size)
		return choice->only == slot;
	return memchr(choice->table, slot, choice->size);
}
