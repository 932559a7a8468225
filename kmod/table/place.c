// SPDX-License-Identifier: GPL-2.0
/* Places: prefixes and ranges of ports that services own, for packets whose
 * address, protocol and port are no key. A place is one entry of a hash table,
 * however wide it is; its ranges are one array, which is replaced as a whole.
 */

#include <linux/bitmap.h>
#include <linux/inetdevice.h>
#include <linux/log2.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "place.h"

static const struct rhashtable_params place_params = {
	.head_offset = offsetof(struct svcseq_place, node),
	.key_offset = offsetof(struct svcseq_place, id),
	.key_len = sizeof(struct svcseq_place_id),
	.automatic_shrinking = true,
};

/**
 * svcseq_place_init - begin to have places
 * @sn: the engine
 *
 * Context: process, before anybody else knows @sn.
 * Return: 0 or a negative errno.
 */
int svcseq_place_init(struct svcseq_net *sn)
{
	return rhashtable_init(&sn->places.table, &place_params);
}

/**
 * svcseq_place_free - end to have places
 * @sn: the engine
 *
 * Context: process, when all services are gone.
 */
void svcseq_place_free(struct svcseq_net *sn)
{
	WARN_ON_ONCE(sn->places.n);
	rhashtable_destroy(&sn->places.table);
}

static void addr_mask(struct in6_addr *to, u8 fam, u8 len, const void *addr)
{
	if (fam == SVCSEQ_V4) {
		memset(to, 0, sizeof(*to));
		to->s6_addr32[0] = *(const __be32 *)addr & inet_make_mask(len);
	} else {
		ipv6_addr_prefix(to, addr, len);
	}
}

/**
 * svcseq_place_id_fill - name a place
 * @id: the result
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @side: enum svcseq_key_side
 * @len: bits of the address that count
 * @addr: an address of the prefix
 *
 * Context: any.
 */
void svcseq_place_id_fill(struct svcseq_place_id *id, u8 fam, u8 side, u8 len,
			  const union svcseq_addr *addr)
{
	memset(id, 0, sizeof(*id));
	addr_mask(&id->addr, fam, len, addr);
	id->fam = fam;
	id->side = side;
	id->len = len;
}

static struct svcseq_place *place_find(struct svcseq_net *sn,
				       const struct svcseq_place_id *id)
{
	lockdep_assert_held(&sn->cfg_lock);

	return rhashtable_lookup_fast(&sn->places.table, id, place_params);
}

static struct svcseq_ranges *place_ranges(struct svcseq_net *sn,
					  const struct svcseq_place *place)
{
	return rcu_dereference_protected(place->ranges,
					 lockdep_is_held(&sn->cfg_lock));
}

static size_t ranges_bytes(u32 n)
{
	struct svcseq_ranges *ranges;

	return roundup_pow_of_two(struct_size(ranges, range, n));
}

/* with its share of a hash table that is three quarters full */
static size_t place_bytes(void)
{
	return roundup_pow_of_two(sizeof(struct svcseq_place)) +
	       sizeof(void *) * 4 / 3;
}

static bool range_is_bare(const struct svcseq_range *range)
{
	return !svcseq_proto_has_ports(range->proto);
}

/* What packets have to look for, brought in line with what there is. */
static void wide_update(struct svcseq_net *sn, u8 fam)
{
	const struct svcseq_places *places = &sn->places;
	u8 wide = 0;

	if (!bitmap_empty(places->lens[fam][SVCSEQ_KEY_SIDE_SERVER].used,
			  SVCSEQ_PREFIX_LENS))
		wide |= SVCSEQ_WIDE_SERVER;
	if (!bitmap_empty(places->lens[fam][SVCSEQ_KEY_SIDE_CLIENT].used,
			  SVCSEQ_PREFIX_LENS))
		wide |= SVCSEQ_WIDE_CLIENT;
	if (places->nbare[fam])
		wide |= SVCSEQ_WIDE_BARE;
	/* pairs with READ_ONCE() where packets are looked up */
	WRITE_ONCE(sn->wide[fam], wide);
}

static void lens_count(struct svcseq_net *sn, const struct svcseq_place_id *id,
		       int by)
{
	struct svcseq_lens *lens = &sn->places.lens[id->fam][id->side];

	lens->n[id->len] += by;
	if (lens->n[id->len])
		set_bit(id->len, lens->used);
	else
		clear_bit(id->len, lens->used);
	sn->places.n += by;
}

static struct svcseq_place *place_new(struct svcseq_net *sn,
				      const struct svcseq_place_id *id)
{
	struct svcseq_place *place;
	int err;

	place = kzalloc(sizeof(*place), GFP_KERNEL_ACCOUNT);
	if (!place)
		return ERR_PTR(-ENOMEM);
	place->id = *id;
	err = rhashtable_insert_fast(&sn->places.table, &place->node,
				     place_params);
	if (err) {
		kfree(place);
		return ERR_PTR(err);
	}
	sn->places.bytes += place_bytes();
	lens_count(sn, id, 1);
	return place;
}

static void place_end(struct svcseq_net *sn, struct svcseq_place *place)
{
	rhashtable_remove_fast(&sn->places.table, &place->node, place_params);
	sn->places.bytes -= place_bytes();
	lens_count(sn, &place->id, -1);
	kfree_rcu(place, rcu);
}

static u32 ranges_live(const struct svcseq_ranges *ranges)
{
	u32 i, n = 0;

	for (i = 0; ranges && i < ranges->n; i++)
		n += !!ranges->range[i].of;
	return n;
}

static void ranges_swap(struct svcseq_net *sn, struct svcseq_place *place,
			struct svcseq_ranges *new)
{
	struct svcseq_ranges *old = place_ranges(sn, place);

	rcu_assign_pointer(place->ranges, new);
	if (new)
		sn->places.bytes += ranges_bytes(new->room);
	if (!old)
		return;
	sn->places.bytes -= ranges_bytes(old->room);
	kvfree_rcu(old, rcu);
}

/* The ranges of a place with one more, or just those that are not gone. */
static int ranges_copy(struct svcseq_net *sn, struct svcseq_place *place,
		       const struct svcseq_range *with)
{
	struct svcseq_ranges *old = place_ranges(sn, place);
	u32 room = ranges_live(old) + !!with;
	struct svcseq_ranges *new = NULL;

	if (room) {
		new = kvmalloc(struct_size(new, range, room),
			       GFP_KERNEL_ACCOUNT);
		if (!new)
			return -ENOMEM;
		new->room = room;
		new->n = svcseq_range_insert(new->range,
					     old ? old->range : NULL,
					     old ? old->n : 0, with);
	}
	ranges_swap(sn, place, new);
	return 0;
}

/**
 * svcseq_place_add - give a service a range of ports at a place
 * @sn: the engine
 * @id: the place
 * @range: the range; it clashes with none that is there
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_place_add(struct svcseq_net *sn, const struct svcseq_place_id *id,
		     const struct svcseq_range *range)
{
	struct svcseq_place *place = place_find(sn, id);
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (!place)
		place = place_new(sn, id);
	if (IS_ERR(place))
		return PTR_ERR(place);
	err = ranges_copy(sn, place, range);
	if (err) {
		if (!place_ranges(sn, place))
			place_end(sn, place);
		return err;
	}
	sn->places.nbare[id->fam] += range_is_bare(range);
	wide_update(sn, id->fam);
	return 0;
}

/**
 * svcseq_place_del - take a service its ranges at a place
 * @sn: the engine
 * @id: the place
 * @svc: the service
 * @own: those of its own protocol and ports; else just @port
 * @proto: protocol of the others
 * @port: port of the others
 *
 * A range without an owner is none. So this cannot fail, whether there is
 * memory for a shorter array or not.
 *
 * Context: process, cfg_lock.
 */
void svcseq_place_del(struct svcseq_net *sn, const struct svcseq_place_id *id,
		      const struct svcseq_service *svc, bool own, u8 proto,
		      u16 port)
{
	struct svcseq_place *place = place_find(sn, id);
	struct svcseq_ranges *ranges;
	u32 i;

	lockdep_assert_held(&sn->cfg_lock);

	if (!place)
		return;
	ranges = place_ranges(sn, place);
	for (i = 0; i < ranges->n; i++) {
		struct svcseq_range *range = &ranges->range[i];

		if (range->of != svc || range->own != own ||
		    (!own && (range->proto != proto || range->first != port)))
			continue;
		/* pairs with READ_ONCE() in svcseq_range_find() */
		WRITE_ONCE(range->of, NULL);
		sn->places.nbare[id->fam] -= range_is_bare(range);
	}
	ranges_copy(sn, place, NULL);
	if (!ranges_live(place_ranges(sn, place)))
		place_end(sn, place);
	wide_update(sn, id->fam);
}

/**
 * svcseq_place_clash - is a range of a place in the way of this one?
 * @sn: the engine
 * @id: the place
 * @with: the range that shall be added there
 *
 * Context: process, cfg_lock.
 * Return: the range in the way, or NULL.
 */
const struct svcseq_range *
svcseq_place_clash(struct svcseq_net *sn, const struct svcseq_place_id *id,
		   const struct svcseq_range *with)
{
	const struct svcseq_place *place = place_find(sn, id);
	const struct svcseq_ranges *ranges;
	int i;

	lockdep_assert_held(&sn->cfg_lock);

	ranges = place ? place_ranges(sn, place) : NULL;
	if (!ranges)
		return NULL;
	i = svcseq_range_clash(ranges->range, ranges->n, with);
	return i < 0 ? NULL : &ranges->range[i];
}

/**
 * svcseq_place_service - find the service with just these ports
 * @sn: the engine
 * @id: the place
 * @proto: its protocol, or SVCSEQ_PROTO_ANY
 * @first: its first port
 * @last: its last port
 *
 * Context: process, cfg_lock.
 * Return: the service or NULL.
 */
struct svcseq_service *svcseq_place_service(struct svcseq_net *sn,
					    const struct svcseq_place_id *id,
					    u8 proto, u16 first, u16 last)
{
	const struct svcseq_place *place = place_find(sn, id);
	const struct svcseq_ranges *ranges;
	u32 i;

	lockdep_assert_held(&sn->cfg_lock);

	ranges = place ? place_ranges(sn, place) : NULL;
	for (i = 0; ranges && i < ranges->n; i++) {
		const struct svcseq_range *range = &ranges->range[i];
		struct svcseq_service *svc = range->of;

		if (svc && range->own && !range->nat &&
		    range->proto == proto && range->first == first &&
		    range->last == last && svc->first == first &&
		    svc->last == last)
			return svc;
	}
	return NULL;
}

static const struct svcseq_range *
ranges_find_rcu(struct svcseq_net *sn, const struct svcseq_place_id *id,
		u8 proto, u16 port, bool nat)
{
	const struct svcseq_ranges *ranges;
	const struct svcseq_place *place;
	int i;

	place = rhashtable_lookup(&sn->places.table, id, place_params);
	ranges = place ? rcu_dereference(place->ranges) : NULL;
	if (!ranges)
		return NULL;
	i = svcseq_range_find(ranges->range, ranges->n, proto, port, nat);
	return i < 0 ? NULL : &ranges->range[i];
}

/**
 * svcseq_place_find_rcu - find who owns an address, protocol and port
 * @sn: the engine
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @side: enum svcseq_key_side
 * @addr: the address
 * @proto: the protocol
 * @port: the port, 0 if there is none
 * @nat: it is a source: addresses of servers count as well
 *
 * The longest prefix in which anybody owns them.
 *
 * Context: RCU.
 * Return: the range or NULL.
 */
const struct svcseq_range *
svcseq_place_find_rcu(struct svcseq_net *sn, u8 fam, u8 side, const void *addr,
		      u8 proto, u16 port, bool nat)
{
	const struct svcseq_lens *lens = &sn->places.lens[fam][side];
	struct svcseq_place_id id = { .fam = fam, .side = side };
	unsigned long len = SVCSEQ_PREFIX_LENS;
	const struct svcseq_range *range;
	unsigned long below;

	for (;;) {
		below = find_last_bit(lens->used, len);
		if (below >= len)
			return NULL;
		len = below;
		id.len = (u8)len;
		addr_mask(&id.addr, fam, id.len, addr);
		range = ranges_find_rcu(sn, &id, proto, port, nat);
		if (range)
			return range;
	}
}
