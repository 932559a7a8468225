// SPDX-License-Identifier: GPL-2.0
/* The compiler of sequences against a second opinion, on very many sequences. */

#include <string.h>

#include "plan_model.h"
#include "tap.h"

#define ROUNDS	30000

static struct svcseq_plan plan;
static struct svcseq_diag diag;
static struct world world;

static void random_world(void)
{
	u8 bytes[4096];
	size_t len = rnd_below(sizeof(bytes));

	rnd_fill(bytes, len);
	world_build(&world, bytes, len);
}

static bool text_fits(unsigned int faults)
{
	static const struct {
		unsigned int fault;
		const char *part;
	} texts[] = {
		{ MODEL_AMBIGUOUS, "cannot be told apart" },
		{ MODEL_AMBIGUOUS, "takes any source" },
		{ MODEL_TOO_BIG, "rows" },
		{ MODEL_TOO_BIG, "hops" },
		{ MODEL_BAD_SHAPE, "" },
	};
	size_t i;

	for (i = 0; i < TAP_COUNT(texts); i++)
		if (faults & texts[i].fault && strstr(diag.text, texts[i].part))
			return true;
	return false;
}

/* Refused if and only if there is something wrong, and for that reason. */
static void refused_when_wrong(void)
{
	int good = 0, shape = 0, twin = 0, big = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		unsigned int faults;
		int err;

		random_world();
		faults = model_faults(&world.seq);
		memset(&diag, 0, sizeof(diag));
		err = svcseq_plan_compile(&plan, &world.seq, &diag);
		if (!CHECK_INT(err, faults ? -EINVAL : 0)) {
			tap_note("round %d, faults %u, diag '%s'", i, faults,
				 diag.text);
			continue;
		}
		good += !faults;
		shape += !!(faults & MODEL_BAD_SHAPE);
		twin += !!(faults & MODEL_AMBIGUOUS);
		big += !!(faults & MODEL_TOO_BIG);
		if (!err)
			continue;
		CHECK_TEXT(diag.text, "sequence 'seq'");
		if (!CHECK(text_fits(faults)))
			tap_note("faults %u, diag '%s'", faults, diag.text);
		CHECK(strlen(diag.text) < SVCSEQ_DIAG_LEN - 1);
	}
	tap_note("%d good, %d of bad shape, %d ambiguous, %d too big", good,
		 shape, twin, big);
	/* Otherwise this has shown nothing. */
	CHECK(good > ROUNDS / 10);
	CHECK(shape > ROUNDS / 100);
	CHECK(twin > ROUNDS / 100);
	CHECK(big > 10);
}

/* How many pools the definition has, and how many of them may be left out. */
static int pools(int *open)
{
	int i, n = 0;

	for (i = 0; i < world.seq.nsteps; i++) {
		n += !!world.seq.step[i].dev->nmembers;
		*open += world.seq.step[i].on_fail == SVCSEQ_ON_FAIL_OPEN;
	}
	return n;
}

/* Every row leads on, every walk visits every step and ends, and nothing else
 * is in the table.
 */
static void plans_are_right(void)
{
	char why[MODEL_TEXT_LEN];
	int seen = 0, clashes = 0, pooled = 0, open = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		u8 proto = rnd_below(2) ? IPPROTO_TCP : IPPROTO_UDP;
		/* Few ports, for then they are often those of a step. */
		u16 port = (u16)(1 + rnd_below(8));
		bool clash;

		random_world();
		if (svcseq_plan_compile(&plan, &world.seq, &diag))
			continue;
		seen++;
		pooled += pools(&open) > 1;
		clash = model_service_clash(&world.seq, proto, port);
		clashes += clash;
		CHECK_INT(svcseq_plan_check_service(&plan, &world.seq, proto,
						    port, &diag),
			  clash ? -EINVAL : 0);
		/* Who is told that no service need be looked at, does not. */
		CHECK(plan.port_sensitive || !clash);
		if (clash) {
			CHECK_TEXT(diag.text, "cannot be told apart");
			continue;
		}
		if (!CHECK(model_plan_right(&world.seq, &plan, proto, port,
					    why)))
			tap_note("round %d: %s", i, why);
	}
	tap_note("%d plans, %d clashes, %d with several pools, %d pools that may be left out",
		 seen, clashes, pooled, open);
	CHECK(seen > ROUNDS / 10);
	CHECK(pooled > ROUNDS / 100);
	CHECK(open > ROUNDS / 100);
	CHECK(clashes > 10);
}

/* The same definition gives the same plan, byte for byte, whatever lay in the
 * memory before: a plan is compared to see whether anything changed.
 */
static void compiled_twice(void)
{
	static struct svcseq_plan other;
	int i;

	for (i = 0; i < ROUNDS / 10; i++) {
		random_world();
		memset(&plan, 0x5a, sizeof(plan));
		memset(&other, 0xa5, sizeof(other));
		if (svcseq_plan_compile(&plan, &world.seq, &diag))
			continue;
		CHECK_INT(svcseq_plan_compile(&other, &world.seq, &diag), 0);
		CHECK_BYTES(&plan, &other, sizeof(plan));
	}
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(refused_when_wrong),
		TAP_TEST(plans_are_right),
		TAP_TEST(compiled_twice),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
