// SPDX-License-Identifier: GPL-2.0
/* Ranges: which of the services of one place owns a protocol and port. They
 * stand in the order of protocol and first port, those that take all ports of a
 * protocol before its others, so that a search is binary.
 */

#include "range.h"

#define NOT_ALL		(1u << 16)

static u32 range_key(const struct svcseq_range *range)
{
	return (u32)range->proto << 17 | range->first |
	       (svcseq_range_is_all(range) ? 0 : NOT_ALL);
}

/* The last range whose key is not above @key, or -1. */
static int range_below(const struct svcseq_range *range, u32 n, u32 key)
{
	u32 low = 0, high = n;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (range_key(&range[mid]) <= key)
			low = mid + 1;
		else
			high = mid;
	}
	return (int)low - 1;
}

static bool range_hit(const struct svcseq_range *range, int i, u8 proto,
		      u16 port, bool nat)
{
	return i >= 0 && range[i].proto == proto && port >= range[i].first &&
	       port <= range[i].last && (nat || !range[i].nat) &&
	       READ_ONCE(range[i].of);	/* may go while packets look */
}

/**
 * svcseq_range_find - who owns this protocol and port?
 * @range: ranges, in their order
 * @n: how many
 * @proto: the protocol
 * @port: the port, 0 if the protocol has none
 * @nat: ranges at the address of a server count
 *
 * The protocol itself goes before any protocol, some ports before all.
 *
 * Context: any.
 * Return: its index, or -1.
 */
int svcseq_range_find(const struct svcseq_range *range, u32 n, u8 proto,
		      u16 port, bool nat)
{
	u32 key = (u32)proto << 17;
	int i;

	i = range_below(range, n, key | NOT_ALL | port);
	if (range_hit(range, i, proto, port, nat))
		return i;
	i = range_below(range, n, key);
	if (range_hit(range, i, proto, port, nat))
		return i;
	i = (int)n - 1;
	return range_hit(range, i, SVCSEQ_PROTO_ANY, port, nat) ? i : -1;
}

/* Between services, what takes all is there for what nobody else takes. But a
 * reply from a server that two of them share, or a packet that a service's own
 * chain has changed, must not be taken for another's.
 */
static bool range_excludes(const struct svcseq_range *a,
			   const struct svcseq_range *b)
{
	bool strict = a->nat || b->nat || a->of == b->of;

	if (!a->of || !b->of || a->first > b->last || b->first > a->last)
		return false;
	if (a->proto == b->proto)
		return strict || svcseq_range_is_all(a) ==
				 svcseq_range_is_all(b);
	return strict && (a->proto == SVCSEQ_PROTO_ANY ||
			  b->proto == SVCSEQ_PROTO_ANY);
}

/**
 * svcseq_range_clash - is there a range that cannot be beside this one?
 * @range: ranges
 * @n: how many
 * @with: the new one
 *
 * Context: any.
 * Return: index of the first that is in the way, or -1.
 */
int svcseq_range_clash(const struct svcseq_range *range, u32 n,
		       const struct svcseq_range *with)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (range_excludes(&range[i], with))
			return (int)i;
	return -1;
}

/**
 * svcseq_range_insert - make a copy of ranges with one more among them
 * @to: the copy, with room for @n and one more
 * @range: ranges, in their order; those whose owner is gone are left out
 * @n: how many
 * @with: the new one, which clashes with none; NULL for a mere copy
 *
 * Context: any.
 * Return: how many the copy has.
 */
u32 svcseq_range_insert(struct svcseq_range *to,
			const struct svcseq_range *range, u32 n,
			const struct svcseq_range *with)
{
	u32 i, k = 0;

	for (i = 0; i < n; i++) {
		if (!range[i].of)
			continue;
		if (with && range_key(with) < range_key(&range[i])) {
			to[k++] = *with;
			with = NULL;
		}
		to[k++] = range[i];
	}
	if (with)
		to[k++] = *with;
	return k;
}
