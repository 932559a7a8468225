// SPDX-License-Identifier: GPL-2.0
/* Ranges of a place: who owns a port, what cannot be beside what, and the order
 * that the search relies on. Random places are compared with a look at every
 * range.
 */

#include <string.h>

#include "core/range.h"
#include "tap.h"

#define MANY	64

static char who[MANY];

static struct svcseq_range range_of(int owner, u8 proto, u16 first, u16 last)
{
	struct svcseq_range range = {
		.of = &who[owner],
		.first = first,
		.last = last,
		.proto = proto,
		.own = true,
	};

	return range;
}

struct place {
	struct svcseq_range range[MANY];
	u32 n;
};

/* Adds it unless it clashes; returns the index of what is in the way. */
static int place_add(struct place *place, struct svcseq_range range)
{
	struct svcseq_range copy[MANY];
	int clash = svcseq_range_clash(place->range, place->n, &range);

	if (clash >= 0)
		return clash;
	place->n = svcseq_range_insert(copy, place->range, place->n, &range);
	memcpy(place->range, copy, sizeof(copy));
	return -1;
}

/* Number of the owner, or -1. */
static int owner_at(const struct place *place, u8 proto, u16 port, bool nat)
{
	int i = svcseq_range_find(place->range, place->n, proto, port, nat);

	return i < 0 ? -1 : (int)((char *)place->range[i].of - who);
}

static void nothing_is_found_in_nothing(void)
{
	struct place place = { .n = 0 };

	CHECK_INT(owner_at(&place, IPPROTO_TCP, 80, true), -1);
	CHECK_INT(svcseq_range_clash(place.range, 0, &place.range[0]), -1);
	CHECK_INT(svcseq_range_insert(place.range, place.range, 0, NULL), 0);
}

static void the_narrower_goes_first(void)
{
	struct place place = { .n = 0 };

	CHECK_INT(place_add(&place, range_of(0, SVCSEQ_PROTO_ANY, 0, 65535)), -1);
	CHECK_INT(place_add(&place, range_of(1, IPPROTO_TCP, 0, 65535)), -1);
	CHECK_INT(place_add(&place, range_of(2, IPPROTO_TCP, 1000, 2000)), -1);
	CHECK_INT(place_add(&place, range_of(3, IPPROTO_TCP, 80, 80)), -1);
	CHECK_INT(place_add(&place, range_of(4, IPPROTO_UDP, 2001, 65535)), -1);

	CHECK_INT(owner_at(&place, IPPROTO_TCP, 80, false), 3);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 79, false), 1);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 81, false), 1);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 0, false), 1);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 999, false), 1);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 1000, false), 2);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 2000, false), 2);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 2001, false), 1);
	CHECK_INT(owner_at(&place, IPPROTO_UDP, 2000, false), 0);
	CHECK_INT(owner_at(&place, IPPROTO_UDP, 65535, false), 4);
	CHECK_INT(owner_at(&place, IPPROTO_ESP, 0, false), 0);
}

static void ports_belong_to_one(void)
{
	struct place place = { .n = 0 };

	CHECK_INT(place_add(&place, range_of(0, IPPROTO_TCP, 1025, 1125)), -1);
	CHECK_INT(place_add(&place, range_of(1, IPPROTO_TCP, 1126, 1300)), -1);
	CHECK_INT(place_add(&place, range_of(2, IPPROTO_TCP, 1125, 1125)), 0);
	CHECK_INT(place_add(&place, range_of(2, IPPROTO_TCP, 1300, 1400)), 1);
	CHECK_INT(place_add(&place, range_of(2, IPPROTO_TCP, 1, 65535)), 0);
	CHECK_INT(place_add(&place, range_of(2, IPPROTO_TCP, 1025, 1125)), 0);
	CHECK_INT(place_add(&place, range_of(2, IPPROTO_UDP, 1025, 1125)), -1);
	CHECK_INT(place_add(&place, range_of(3, IPPROTO_TCP, 0, 65535)), -1);
	CHECK_INT(place_add(&place, range_of(4, IPPROTO_TCP, 0, 65535)), 0);
	/* a service's own ranges do not lie in each other either */
	CHECK_INT(place_add(&place, range_of(3, IPPROTO_TCP, 5, 6)), 0);
}

static void servers_are_told_from_services(void)
{
	struct svcseq_range nat = range_of(1, IPPROTO_TCP, 1000, 2000);
	struct place place = { .n = 0 };

	nat.nat = true;
	CHECK_INT(place_add(&place, nat), -1);
	/* the server is no address that clients know */
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 1500, false), -1);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 1500, true), 1);
	/* what comes from it is one service's */
	CHECK_INT(place_add(&place, range_of(2, IPPROTO_TCP, 0, 65535)), 0);
	CHECK_INT(place_add(&place, range_of(2, SVCSEQ_PROTO_ANY, 0, 65535)), 0);
	CHECK_INT(place_add(&place, range_of(2, IPPROTO_TCP, 2001, 65535)), -1);
}

static void who_is_gone_owns_nothing(void)
{
	struct svcseq_range copy[MANY];
	struct place place = { .n = 0 };

	place_add(&place, range_of(0, IPPROTO_TCP, 0, 65535));
	place_add(&place, range_of(1, IPPROTO_TCP, 10, 20));
	place_add(&place, range_of(2, IPPROTO_TCP, 30, 40));
	place.range[1].of = NULL;
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 15, false), 0);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 35, false), 2);
	CHECK_INT(svcseq_range_insert(copy, place.range, place.n, NULL), 2);
	CHECK_INT(copy[1].first, 30);
	CHECK_INT(place_add(&place, range_of(3, IPPROTO_TCP, 10, 20)), -1);
	CHECK_INT(place.n, 3);
	CHECK_INT(owner_at(&place, IPPROTO_TCP, 15, false), 3);
}

/* As svcseq_range_find() is described. */
static int model_at(const struct place *place, u8 proto, u16 port)
{
	int all = -1, any = -1;
	u32 i;

	for (i = 0; i < place->n; i++) {
		const struct svcseq_range *range = &place->range[i];
		int owner = (int)((char *)range->of - who);

		if (range->proto == SVCSEQ_PROTO_ANY)
			any = owner;
		else if (range->proto != proto || port < range->first ||
			 port > range->last)
			continue;
		else if (svcseq_range_is_all(range))
			all = owner;
		else
			return owner;
	}
	return all >= 0 ? all : any;
}

static void random_places(void)
{
	static const u8 protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ESP,
				     SVCSEQ_PROTO_ANY };
	int round, i, misses = 0;

	rnd_seed(9);
	for (round = 0; round < 300; round++) {
		struct place place = { .n = 0 };

		for (i = 0; i < MANY; i++) {
			u8 proto = protos[rnd_below(4)];
			u16 first = (u16)rnd_below(300);
			u16 last = (u16)(first + rnd_below(12));

			if (proto == SVCSEQ_PROTO_ANY || !rnd_below(10)) {
				first = 0;
				last = 65535;
			}
			place_add(&place, range_of(i, proto, first, last));
		}
		for (i = 0; i < 400; i++) {
			u8 proto = protos[rnd_below(3)];
			u16 port = (u16)rnd_below(330);
			int want = model_at(&place, proto, port);

			misses += owner_at(&place, proto, port, false) != want;
		}
	}
	CHECK_INT(misses, 0);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(nothing_is_found_in_nothing),
		TAP_TEST(the_narrower_goes_first),
		TAP_TEST(ports_belong_to_one),
		TAP_TEST(servers_are_told_from_services),
		TAP_TEST(who_is_gone_owns_nothing),
		TAP_TEST(random_places),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
