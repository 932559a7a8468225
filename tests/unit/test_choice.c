// SPDX-License-Identifier: GPL-2.0
/* Which member of a pool gets a flow: by policy, weight and state, and how few
 * flows a change moves.
 */

#include <stdlib.h>
#include <string.h>

#include "core/choice.h"
#include "tap.h"

#define FLOWS	40000

static struct svcseq_choice_member member[SVCSEQ_MAX_MEMBERS];
static char names[SVCSEQ_MAX_MEMBERS][16];
static u32 count;

static void pool(u32 n)
{
	u32 i;

	count = n;
	for (i = 0; i < n; i++) {
		snprintf(names[i], sizeof(names[i]), "fw%u", i + 1);
		member[i].name = names[i];
		member[i].weight = 1;
		member[i].up = true;
		member[i].slot = (u8)(40 + 3 * i);
	}
}

static struct svcseq_choice *choose(bool spread)
{
	u32 size = svcseq_choice_size(member, count, spread);
	struct svcseq_choice *choice = malloc(sizeof(*choice) + size);

	if (!choice)
		abort();
	CHECK_INT(svcseq_choice_fill(choice, size, member, count), 0);
	return choice;
}

static u8 pick(const struct svcseq_choice *choice, u32 flow)
{
	return svcseq_choice_pick(choice,
				  svcseq_maglev_hash4((__be32)flow, 0, 7));
}

/* How many flows each slot gets. */
static void tally(const struct svcseq_choice *choice, u32 *flows)
{
	u32 i;

	memset(flows, 0, 256 * sizeof(*flows));
	for (i = 0; i < FLOWS; i++)
		flows[pick(choice, i)]++;
}

/* How many flows have another member, and in @others, how many of these neither
 * come from nor go to @slot.
 */
static u32 moved(const struct svcseq_choice *a, const struct svcseq_choice *b,
		 u8 slot, u32 *others)
{
	u32 n = 0;
	u32 i;

	*others = 0;
	for (i = 0; i < FLOWS; i++) {
		u8 before = pick(a, i), after = pick(b, i);

		n += before != after;
		*others += before != after && before != slot && after != slot;
	}
	return n;
}

static void primary(void)
{
	struct svcseq_choice *choice;
	u32 i;

	pool(3);
	for (i = 0; i < 4; i++) {
		choice = choose(false);
		CHECK_INT(choice->size, 0);
		CHECK_INT(pick(choice, 1), i < 3 ? member[i].slot :
						   SVCSEQ_MAGLEV_NONE);
		CHECK_INT(svcseq_choice_has(choice, member[0].slot), i == 0);
		CHECK_INT(svcseq_choice_has(choice, member[2].slot), i == 2);
		free(choice);
		if (i < 3)
			member[i].up = false;
	}
	/* the first comes back before the second */
	member[1].up = true;
	member[0].up = true;
	choice = choose(false);
	CHECK_INT(pick(choice, 1), member[0].slot);
	free(choice);
}

static void spread(void)
{
	struct svcseq_choice *choice;
	u32 flows[256];
	u32 i;

	pool(4);
	member[3].weight = 2;
	choice = choose(true);
	CHECK(choice->size > 0);
	tally(choice, flows);
	for (i = 0; i < 4; i++) {
		u32 share = FLOWS / 5 * member[i].weight;

		CHECK(flows[member[i].slot] > share * 9 / 10);
		CHECK(flows[member[i].slot] < share * 11 / 10);
		CHECK(svcseq_choice_has(choice, member[i].slot));
	}
	CHECK(!svcseq_choice_has(choice, 0));
	CHECK_INT(flows[SVCSEQ_MAGLEV_NONE], 0);
	free(choice);
}

/* Of a member that gets no more, the flows go to all others; those stay. */
static void drain(void)
{
	struct svcseq_choice *before, *after, *again;
	u32 others, n;

	pool(4);
	before = choose(true);
	member[1].up = false;
	after = choose(true);
	n = moved(before, after, member[1].slot, &others);
	CHECK(n > FLOWS / 4 * 9 / 10 && n < FLOWS / 4 * 11 / 10);
	CHECK(others < FLOWS / 50);
	CHECK(!svcseq_choice_has(after, member[1].slot));
	/* and it gets back what it had */
	member[1].up = true;
	again = choose(true);
	CHECK_INT(moved(before, again, member[1].slot, &others), 0);
	free(before);
	free(after);
	free(again);
}

/* One more to n takes a share of 1 : n + 1, and no more moves. */
static void one_more(void)
{
	u32 n;

	for (n = 2; n < SVCSEQ_MAX_MEMBERS; n++) {
		struct svcseq_choice *before, *after;
		u32 others, all;

		pool(n);
		before = choose(true);
		pool(n + 1);
		after = choose(true);
		all = moved(before, after, member[n].slot, &others);
		CHECK(all > FLOWS / (n + 1) * 9 / 10);
		CHECK(all < FLOWS / (n + 1) * 12 / 10);
		CHECK(others < FLOWS / 50);
		free(before);
		free(after);
	}
}

/* With one left nothing is to choose; with none left nobody is chosen. */
static void last_one(void)
{
	struct svcseq_choice *choice;

	pool(2);
	member[0].up = false;
	choice = choose(true);
	CHECK_INT(choice->size, 0);
	CHECK_INT(pick(choice, 1), member[1].slot);
	free(choice);
	member[1].up = false;
	choice = choose(true);
	CHECK_INT(choice->size, 0);
	CHECK_INT(pick(choice, 1), SVCSEQ_MAGLEV_NONE);
	CHECK(!svcseq_choice_has(choice, member[1].slot));
	free(choice);
}

/* Neither the order nor the slots matter: another router chooses the same. */
static void by_name(void)
{
	struct svcseq_choice *here, *there;
	u32 i;

	pool(3);
	here = choose(true);
	for (i = 0; i < 3; i++)
		member[i].slot = (u8)i;
	there = choose(true);
	for (i = 0; i < FLOWS; i++)
		if (pick(here, i) != 40 + 3 * pick(there, i))
			break;
	CHECK_INT(i, FLOWS);
	free(here);
	free(there);
	/* as ever */
	CHECK(svcseq_choice_id("") == 0xcbf29ce484222325ull);
	CHECK(svcseq_choice_id("a") == 0xaf63dc4c8601ec8cull);
	CHECK(svcseq_choice_id("foobar") == 0x85944171f73967e8ull);
}

static void same_name(void)
{
	struct svcseq_choice *choice;
	u32 size;

	pool(2);
	member[1].name = member[0].name;
	size = svcseq_choice_size(member, count, true);
	choice = malloc(sizeof(*choice) + size);
	if (!choice)
		abort();
	CHECK_INT(svcseq_choice_fill(choice, size, member, count), -EINVAL);
	free(choice);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(primary),
		TAP_TEST(spread),
		TAP_TEST(drain),
		TAP_TEST(one_more),
		TAP_TEST(last_one),
		TAP_TEST(by_name),
		TAP_TEST(same_name),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
