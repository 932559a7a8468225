// SPDX-License-Identifier: GPL-2.0
/* Maglev: every member gets its share, few flows move, and the hash of a flow
 * hides nothing of what is regular in addresses and ports.
 */

#include <stdlib.h>
#include <string.h>

#include "core/maglev.h"
#include "tap.h"

#define MOST	SVCSEQ_MAGLEV_MEMBERS

static const uint32_t pools[] = { 1, 2, 3, 8, 16, 63, 100 };

/* A pool and its table; members are known by the slot, which is their place. */
struct pool {
	struct svcseq_maglev_member member[MOST];
	uint32_t count;
	uint32_t size;
	uint8_t table[SVCSEQ_MAGLEV_MAX_SIZE];
};

/* The tables are large, and one test at a time runs. */
static struct pool one, two;

static uint64_t rnd64(void)
{
	return (uint64_t)rnd_next() << 32 | rnd_next();
}

static void pool_add(struct pool *pool, uint64_t id, uint8_t weight,
		     uint8_t slot)
{
	struct svcseq_maglev_member *member = &pool->member[pool->count++];

	/* what is private need not be set */
	memset(member, 0xee, sizeof(*member));
	member->id = id;
	member->weight = weight;
	member->slot = slot;
}

static void pool_random(struct pool *pool, uint32_t count, uint32_t size)
{
	uint32_t i;

	pool->count = 0;
	pool->size = size;
	for (i = 0; i < count; i++)
		pool_add(pool, rnd64(), 1, (uint8_t)i);
}

static int fill_size(struct pool *pool, uint32_t size)
{
	/* exact, so that the sanitizer sees any reach beyond */
	uint8_t *table = malloc(size ? size : 1);
	struct svcseq_maglev_member *member;
	int rc;

	member = malloc((pool->count ? pool->count : 1) * sizeof(*member));
	if (!table || !member)
		abort();
	memset(table, 0xdd, size);
	memcpy(member, pool->member, pool->count * sizeof(*member));
	rc = svcseq_maglev_fill(table, size, member, pool->count);
	if (size <= sizeof(pool->table))
		memcpy(pool->table, table, size);
	free(table);
	free(member);
	return rc;
}

static void fill(struct pool *pool)
{
	CHECK_INT(fill_size(pool, pool->size), 0);
}

static void tally(const struct pool *pool, uint32_t *entries)
{
	uint32_t i;

	memset(entries, 0, (MOST + 1) * sizeof(*entries));
	for (i = 0; i < pool->size; i++)
		entries[pool->table[i]]++;
}

/* How far the member that is furthest off its share is, in entries. */
static double furthest(const struct pool *pool)
{
	uint32_t entries[MOST + 1], sum = 0, i;
	double worst = 0;

	tally(pool, entries);
	for (i = 0; i < pool->count; i++)
		sum += pool->member[i].weight;
	for (i = 0; i < pool->count; i++) {
		const struct svcseq_maglev_member *member = &pool->member[i];
		double share = (double)pool->size * member->weight / sum;
		double off = entries[member->slot] - share;

		if (off < 0)
			off = -off;
		if (off > worst)
			worst = off;
	}
	return worst;
}

/* Flows that moved, and of these those that neither come from nor go to the
 * member that came or went; in thousandths of a percent.
 */
static uint32_t moved(const struct pool *a, const struct pool *b,
		      uint8_t changed, uint32_t *needless)
{
	uint32_t all = 0, i;

	*needless = 0;
	for (i = 0; i < a->size; i++) {
		if (a->table[i] == b->table[i])
			continue;
		all++;
		if (a->table[i] != changed && b->table[i] != changed)
			++*needless;
	}
	*needless = (uint32_t)((uint64_t)*needless * 100000 / a->size);
	return (uint32_t)((uint64_t)all * 100000 / a->size);
}

static void sizes(void)
{
	uint32_t n;

	CHECK_INT(svcseq_maglev_size(0), 16384);
	CHECK_INT(svcseq_maglev_size(64), 16384);
	CHECK_INT(svcseq_maglev_size(65), 32768);
	CHECK_INT(svcseq_maglev_size(100), 32768);
	CHECK_INT(svcseq_maglev_size(255), 65536);
	CHECK_INT(svcseq_maglev_size(256), 0);
	CHECK_INT(svcseq_maglev_size(UINT32_MAX), 0);
	for (n = 0; n <= MOST; n++) {
		uint32_t size = svcseq_maglev_size(n);

		CHECK(size >= 256 * n);
		CHECK(size && !(size & (size - 1)));
		CHECK(size <= SVCSEQ_MAGLEV_MAX_SIZE);
	}
}

static void wrong_arguments(void)
{
	static const uint32_t bad[] = { 0, 1, 256, 8192, 16383, 16385, 24576,
					65535, 65537, 131072, 0x80000000 };
	uint32_t i, j;

	pool_random(&one, 3, 16384);
	for (i = 0; i < TAP_COUNT(bad); i++)
		CHECK_INT(svcseq_maglev_fill(two.table, bad[i], one.member, 3),
			  -EINVAL);
	CHECK_INT(svcseq_maglev_fill(two.table, 16384, one.member, 256),
		  -EINVAL);

	one.member[2].slot = SVCSEQ_MAGLEV_NONE;
	CHECK_INT(fill_size(&one, 16384), -EINVAL);
	one.member[2].slot = 2;
	CHECK_INT(fill_size(&one, 16384), 0);
	/* of those without weight, too: it may come back */
	for (i = 0; i < 3; i++) {
		for (j = 0; j < i; j++) {
			struct svcseq_maglev_member was = one.member[i];

			one.member[i].id = one.member[j].id;
			one.member[i].weight = 0;
			CHECK_INT(fill_size(&one, 16384), -EINVAL);
			one.member[i] = was;
		}
	}
	for (i = 0; i < 16384; i++)
		CHECK_INT(one.table[i], 0xdd);
}

static void nobody(void)
{
	uint32_t i;

	pool_random(&one, 0, 16384);
	fill(&one);
	pool_random(&two, 5, 16384);
	for (i = 0; i < 5; i++)
		two.member[i].weight = 0;
	fill(&two);
	for (i = 0; i < 16384; i++) {
		CHECK_INT(one.table[i], SVCSEQ_MAGLEV_NONE);
		CHECK_INT(two.table[i], SVCSEQ_MAGLEV_NONE);
	}
	CHECK_INT(svcseq_maglev_pick(one.table, one.size, rnd_next()),
		  SVCSEQ_MAGLEV_NONE);
}

static void alone(void)
{
	static const uint8_t weights[] = { 1, 2, 100, 255 };
	uint32_t size, w, i;

	for (size = 16384; size <= 65536; size *= 2) {
		for (w = 0; w < TAP_COUNT(weights); w++) {
			pool_random(&one, 1, size);
			one.member[0].weight = weights[w];
			one.member[0].slot = 254;
			fill(&one);
			for (i = 0; i < size; i++)
				CHECK_INT(one.table[i], 254);
		}
	}
}

/* With equal weights nobody has more than one entry more than another. */
static void equal_weights(void)
{
	static const uint8_t weights[] = { 1, 7, 255 };
	uint32_t entries[MOST + 1], n, w, i;

	for (n = 1; n <= MOST; n += n < 20 ? 1 : 47) {
		for (w = 0; w < TAP_COUNT(weights); w++) {
			pool_random(&one, n, svcseq_maglev_size(n));
			for (i = 0; i < n; i++)
				one.member[i].weight = weights[w];
			fill(&one);
			tally(&one, entries);
			for (i = 0; i < n; i++) {
				CHECK(entries[i] >= one.size / n);
				CHECK(entries[i] <= one.size / n + 1);
			}
			CHECK_INT(entries[SVCSEQ_MAGLEV_NONE], 0);
		}
	}
}

/* Nobody is more than eight entries off its share, and nobody has none. */
static void unequal_weights(void)
{
	uint32_t entries[MOST + 1], round, i;
	double off, worst = 0;

	for (round = 0; round < 300; round++) {
		uint32_t n = 2 + rnd_below(round % 10 ? 20 : MOST - 1);

		pool_random(&one, n, svcseq_maglev_size(n));
		for (i = 0; i < n; i++)
			one.member[i].weight = (uint8_t)(1 + rnd_below(255));
		/* one that is light among heavy ones, and the reverse */
		if (round % 3) {
			for (i = 0; i < n; i++)
				one.member[i].weight = round % 3 == 1 ? 255 : 1;
			one.member[0].weight = round % 3 == 1 ? 1 : 255;
		}
		fill(&one);
		off = furthest(&one);
		CHECK(off <= 8.0);
		if (off > worst)
			worst = off;
		tally(&one, entries);
		for (i = 0; i < n; i++)
			CHECK(entries[i] > 0);
		CHECK_INT(entries[SVCSEQ_MAGLEV_NONE], 0);
	}
	tap_note("furthest off its share: %.2f entries", worst);
}

static void weight_nought(void)
{
	uint32_t entries[MOST + 1], i, j;

	for (i = 0; i < 8; i++) {
		pool_random(&one, 8, 16384);
		two = one;
		one.member[i].weight = 0;
		fill(&one);
		tally(&one, entries);
		CHECK_INT(entries[i], 0);
		CHECK(furthest(&one) < 1.0);

		/* as if it were not there */
		two.count = 0;
		for (j = 0; j < 8; j++)
			if (j != i)
				pool_add(&two, one.member[j].id, 1, (uint8_t)j);
		fill(&two);
		CHECK_BYTES(one.table, two.table, one.size);
	}
}

/* The members are put in another order, but all of them are still there. */
static void members_stay(void)
{
	uint32_t seen[16], i, round;

	for (round = 0; round < 50; round++) {
		pool_random(&one, 16, 16384);
		for (i = 0; i < 16; i++)
			one.member[i].weight = (uint8_t)(i * rnd_below(2));
		two = one;
		CHECK_INT(svcseq_maglev_fill(one.table, one.size, one.member,
					     16), 0);
		memset(seen, 0, sizeof(seen));
		for (i = 0; i < 16; i++) {
			const struct svcseq_maglev_member *m = &one.member[i];

			CHECK(m->id == two.member[m->slot].id);
			CHECK_INT(m->weight, two.member[m->slot].weight);
			seen[m->slot]++;
		}
		for (i = 0; i < 16; i++)
			CHECK_INT(seen[i], 1);
	}
}

static void shuffle(struct pool *pool)
{
	uint32_t i;

	for (i = pool->count; i > 1; i--) {
		uint32_t j = rnd_below(i);
		struct svcseq_maglev_member swap = pool->member[i - 1];

		pool->member[i - 1] = pool->member[j];
		pool->member[j] = swap;
	}
}

static void any_order(void)
{
	uint32_t round, i;

	for (round = 0; round < 60; round++) {
		uint32_t n = 2 + rnd_below(40);

		pool_random(&one, n, svcseq_maglev_size(n));
		for (i = 0; i < n && round & 1; i++)
			one.member[i].weight = (uint8_t)rnd_below(256);
		fill(&one);
		two = one;
		shuffle(&two);
		fill(&two);
		CHECK_BYTES(two.table, one.table, one.size);
		/* ... and what a table was before does not matter */
		CHECK_INT(svcseq_maglev_fill(two.table, two.size, two.member,
					     two.count), 0);
		CHECK_BYTES(two.table, one.table, one.size);
	}
}

/* Two whose turns fall on the same moment, every time: it is up to the ids. */
static void same_turn(void)
{
	struct svcseq_maglev_member *m = one.member;
	uint32_t i;

	pool_random(&one, 0, 16384);
	pool_add(&one, 5220, 255, 0);
	pool_add(&one, 6771, 255, 1);
	CHECK_INT(svcseq_maglev_fill(one.table, one.size, m, 2), 0);
	CHECK_INT(m[0].due, m[1].due);
	for (i = 0; i < 2; i++) {
		pool_random(&two, 0, 16384);
		pool_add(&two, i ? 6771 : 5220, 255, (uint8_t)i);
		pool_add(&two, i ? 5220 : 6771, 255, (uint8_t)!i);
		fill(&two);
		CHECK_BYTES(two.table, one.table, one.size);
	}
}

/* All entries can be picked, and none beyond. */
static void picks(void)
{
	uint32_t i;

	for (i = 0; i < 65536; i++)
		one.table[i] = (uint8_t)(i * 251 >> 4);
	for (i = 0; i < 65536 * 3; i++) {
		CHECK_INT(svcseq_maglev_pick(one.table, 65536, i),
			  one.table[i % 65536]);
		CHECK_INT(svcseq_maglev_pick(one.table, 16384, i),
			  one.table[i % 16384]);
	}
	CHECK_INT(svcseq_maglev_pick(one.table, 65536, UINT32_MAX),
		  one.table[65535]);
}

/* Ids of all kinds are known by themselves, not by what they have in common. */
static void ids_that_resemble(void)
{
	static const uint64_t steps[] = { 1, 2, 256, 65536, 1ull << 32,
					  1ull << 48, 1ull << 56 };
	uint32_t s, n, i, needless, all;

	for (s = 0; s < TAP_COUNT(steps); s++) {
		for (n = 2; n <= 100; n += 49) {
			pool_random(&one, 0, svcseq_maglev_size(n + 1));
			for (i = 0; i <= n; i++)
				pool_add(&one, i * steps[s], 1, (uint8_t)i);
			two = one;
			two.count--;
			fill(&one);
			fill(&two);
			all = moved(&two, &one, (uint8_t)n, &needless);
			CHECK(needless <= 1500);
			CHECK(all <= 100000 / (n + 1) + 1600);
		}
	}
}

/* When a member is added to n, one flow of n + 1 moves to it (with weights, its
 * share), and no more than 1.5 % move between the others. Taken the other way
 * round it is a member that goes.
 */
static void come_and_go(bool weighted)
{
	uint32_t k, round, i;

	for (k = 0; k < TAP_COUNT(pools); k++) {
		uint32_t n = pools[k], most = 0, sum = 0, rounds = 40;
		uint32_t share, all, needless, weights;

		for (round = 0; round < rounds; round++) {
			pool_random(&one, n + 1, svcseq_maglev_size(n + 1));
			weights = 0;
			for (i = 0; i <= n; i++) {
				if (weighted)
					one.member[i].weight =
						(uint8_t)(1 + rnd_below(255));
				weights += one.member[i].weight;
			}
			share = 100000 * one.member[n].weight / weights;
			two = one;
			two.count--;
			shuffle(&one);
			fill(&one);
			fill(&two);
			all = moved(&two, &one, (uint8_t)n, &needless);
			/* the new one's share, within two entries */
			CHECK(all - needless <= share + 50);
			CHECK(all - needless + 50 >= share);
			CHECK(needless <= 1500);
			if (n == 1)
				CHECK_INT(needless, 0);
			sum += needless;
			if (needless > most)
				most = needless;
		}
		CHECK(sum / rounds < 1200);
		tap_note("%u and one more: %.2f %% move needlessly, at most %.2f %%",
			 n, sum / 1e3 / rounds, most / 1e3);
	}
}

static void come_and_go_equal(void)
{
	come_and_go(false);
}

static void come_and_go_weighted(void)
{
	come_and_go(true);
}

/* A member that drains by and by gives its flows away by and by. */
static void weight_changes(void)
{
	uint32_t round, needless, i;

	for (round = 0; round < 40; round++) {
		pool_random(&one, 8, 16384);
		for (i = 0; i < 8; i++)
			one.member[i].weight = 100;
		two = one;
		two.member[3].weight = 90;
		fill(&one);
		fill(&two);
		/* 10 of 800 are 1.25 % */
		CHECK(moved(&one, &two, 3, &needless) <= 1250 + 700);
		CHECK(needless <= 500);
	}
}

/* Written down, so that another version of the module, or another machine in
 * the same cluster, does not send the flows elsewhere without anybody noticing.
 */
static void as_ever(void)
{
	static const uint8_t want[] = { 2, 3, 2, 4, 3, 2, 1, 4, 4, 3, 4, 4,
					1, 4, 3, 3, 3, 4, 1, 2, 1, 4, 3, 4,
					3, 4, 2, 2, 3, 4, 4, 4 };
	uint64_t sum = 0;
	uint32_t i;

	pool_random(&one, 0, 16384);
	for (i = 0; i < 5; i++)
		pool_add(&one, 1000 + i, (uint8_t)(i + 1), (uint8_t)i);
	fill(&one);
	CHECK_BYTES(one.table, want, sizeof(want));
	for (i = 0; i < one.size; i++)
		sum = sum * 31 + one.table[i];
	CHECK(sum == 0xca252c5841e079f0ull);
}

static uint32_t hash4(uint32_t addr, uint16_t port, uint64_t seed)
{
	return svcseq_maglev_hash4((__be32)htonl(addr), cpu_to_be16(port),
				   seed);
}

/* One flow; what it is made of is bits, so that each can be turned round. */
struct flow {
	uint8_t addr[16];
	uint8_t port[2];
};

static uint32_t flow_hash(const struct flow *flow, bool v6, uint64_t seed)
{
	__be32 addr;
	__be16 port;

	memcpy(&port, flow->port, 2);
	if (v6)
		return svcseq_maglev_hash6(flow->addr, port, seed);
	memcpy(&addr, flow->addr, 4);
	return svcseq_maglev_hash4(addr, port, seed);
}

/* Every bit of address and port turns each of the 16 bits that pick an entry
 * over in about half of all cases.
 */
static void avalanche(bool v6)
{
	uint32_t bytes = v6 ? 16 : 4, bit, out, round, rounds = 2000;
	uint32_t least = rounds, most = 0;

	for (bit = 0; bit < (bytes + 2) * 8; bit++) {
		uint32_t turned[16] = { 0 };

		for (round = 0; round < rounds; round++) {
			uint64_t seed = rnd64();
			struct flow flow;
			uint8_t *byte = bit / 8 < bytes ?
				&flow.addr[bit / 8] :
				&flow.port[bit / 8 - bytes];
			uint32_t was, diff;

			rnd_fill(&flow, sizeof(flow));
			was = flow_hash(&flow, v6, seed);
			*byte ^= (uint8_t)(1u << bit % 8);
			diff = was ^ flow_hash(&flow, v6, seed);
			for (out = 0; out < 16; out++)
				turned[out] += diff >> out & 1;
		}
		for (out = 0; out < 16; out++) {
			if (turned[out] < least)
				least = turned[out];
			if (turned[out] > most)
				most = turned[out];
		}
	}
	tap_note("a bit turns over in %.1f to %.1f %% of the cases",
		 least * 100.0 / rounds, most * 100.0 / rounds);
	/* random bits: 50 % and a deviation of 1.1 % */
	CHECK(least > rounds * 43 / 100);
	CHECK(most < rounds * 57 / 100);
}

static void avalanche4(void)
{
	avalanche(false);
}

static void avalanche6(void)
{
	avalanche(true);
}

/* Clients with neighbouring addresses, or one client with one port after the
 * other: spread as evenly as random numbers are. With 7 members and so 6 degrees
 * of freedom a sum of 38 is exceeded once in a million times.
 */
static void regular_flows(void)
{
	static const uint32_t strides[] = { 1, 2, 4, 16, 256, 257, 1024, 65536,
					    1 << 20 };
	uint32_t s, what, i, entries[7];
	double worst = 0;

	pool_random(&one, 7, 16384);
	fill(&one);
	for (s = 0; s < TAP_COUNT(strides) * 40; s++) {
		uint32_t stride = strides[s % TAP_COUNT(strides)];
		uint64_t seed = rnd64();
		uint32_t flows = 4000;

		for (what = 0; what < 4; what++) {
			double sum = 0;

			if (what == 1 && stride > 16)
				continue;
			memset(entries, 0, sizeof(entries));
			for (i = 0; i < flows; i++) {
				uint8_t addr[16] = { 0x20, 1, 0xd, 0xb8 };
				uint32_t hash, word;

				word = htonl(i * stride);
				switch (what) {
				case 0:
					hash = hash4(0x0a000000 + i * stride, 0,
						     seed);
					break;
				case 1:
					hash = hash4(0x0a000001, (uint16_t)
						     (1024 + i * stride), seed);
					break;
				default:
					/* hosts in one network, and networks */
					memcpy(addr + (what == 2 ? 12 : 4),
					       &word, 4);
					hash = svcseq_maglev_hash6(addr, 0,
								   seed);
				}
				entries[svcseq_maglev_pick(one.table, 16384,
							   hash)]++;
			}
			for (i = 0; i < 7; i++) {
				double off = entries[i] - flows / 7.0;

				sum += off * off / (flows / 7.0);
			}
			CHECK(sum < 38);
			if (sum > worst)
				worst = sum;
		}
	}
	tap_note("largest chi squared of 6 degrees: %.1f", worst);
}

/* Who does not know the seed cannot choose flows that meet. */
static void seeds_matter(void)
{
	uint32_t i, same = 0;

	for (i = 0; i < 20000; i++) {
		uint64_t a = rnd64(), b = a ^ 1ull << rnd_below(64);
		uint32_t addr = rnd_next();

		same += (hash4(addr, 0, a) & 0xfff) ==
			(hash4(addr, 0, b) & 0xfff);
	}
	/* 5 are to be expected */
	CHECK(same < 20);
}

static void ports_matter(void)
{
	uint8_t addr[16];
	uint32_t i, same4 = 0, same6 = 0;

	rnd_fill(addr, sizeof(addr));
	for (i = 1; i < 65536; i++) {
		__be16 port = cpu_to_be16((uint16_t)i);

		same4 += hash4(0x0a000001, (uint16_t)i, 1) ==
			 hash4(0x0a000001, 0, 1);
		same6 += svcseq_maglev_hash6(addr, port, 1) ==
			 svcseq_maglev_hash6(addr, 0, 1);
	}
	CHECK(same4 <= 1);
	CHECK(same6 <= 1);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(sizes),
		TAP_TEST(wrong_arguments),
		TAP_TEST(nobody),
		TAP_TEST(alone),
		TAP_TEST(equal_weights),
		TAP_TEST(unequal_weights),
		TAP_TEST(weight_nought),
		TAP_TEST(members_stay),
		TAP_TEST(any_order),
		TAP_TEST(same_turn),
		TAP_TEST(picks),
		TAP_TEST(ids_that_resemble),
		TAP_TEST(come_and_go_equal),
		TAP_TEST(come_and_go_weighted),
		TAP_TEST(weight_changes),
		TAP_TEST(as_ever),
		TAP_TEST(avalanche4),
		TAP_TEST(avalanche6),
		TAP_TEST(regular_flows),
		TAP_TEST(seeds_matter),
		TAP_TEST(ports_matter),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
