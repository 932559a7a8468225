/* SPDX-License-Identifier: GPL-2.0 */
/* A second opinion on what a sequence definition compiles to. */
#ifndef TESTS_UNIT_PLAN_MODEL_H
#define TESTS_UNIT_PLAN_MODEL_H

#include "core/plan.h"

/* What can be wrong with a definition; several things at once, perhaps. */
#define MODEL_BAD_SHAPE		1u	/* a step or copy that cannot work */
#define MODEL_AMBIGUOUS		2u	/* places that cannot be told apart */
#define MODEL_TOO_BIG		4u	/* no room for all rows */

#define MODEL_TEXT_LEN		256

unsigned int model_faults(const struct svcseq_seq_desc *seq);
bool model_service_clash(const struct svcseq_seq_desc *seq, u8 proto, u16 port);
bool model_plan_right(const struct svcseq_seq_desc *seq,
		      const struct svcseq_plan *plan, u8 proto, u16 port,
		      char *why);

#define WORLD_DEVS	24

/**
 * struct world_pool - A pool, and the devices that are made for it.
 * @desc: the pool
 * @name: its name
 * @list: its members
 * @dev: its devices, and one for an alternate
 * @names: their names
 */
struct world_pool {
	struct svcseq_dev_desc desc;
	char name[16];
	const struct svcseq_dev_desc *list[SVCSEQ_MAX_MEMBERS];
	struct svcseq_dev_desc dev[SVCSEQ_MAX_MEMBERS + 1];
	char names[SVCSEQ_MAX_MEMBERS + 1][32];
};

/**
 * struct world - Devices, and a sequence made of them.
 * @dev: the devices
 * @names: their names
 * @pool: by step: the pool that stands there, if one does
 * @taps: a pool that copies may go to
 * @seq: the definition
 */
struct world {
	struct svcseq_dev_desc dev[WORLD_DEVS];
	char names[WORLD_DEVS][16];
	struct world_pool pool[SVCSEQ_MAX_STEPS];
	struct world_pool taps;
	struct svcseq_seq_desc seq;
};

void world_build(struct world *world, const u8 *data, size_t len);

#endif /* TESTS_UNIT_PLAN_MODEL_H */
