// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nl.h"

static const struct sq_field fields[] = {
	SQ_ONE(struct svcseq_engine, max_pps, SVCSEQ_A_ENGINE_MAX_PPS,
	       SQ_U32_OPT, SQ_CONFIG, "max-pps"),
	SQ_ONE(struct svcseq_engine, burst, SVCSEQ_A_ENGINE_BURST,
	       SQ_U32_OPT, SQ_CONFIG, "burst"),
};

const struct sq_shape sq_engine_shape = SQ_SHAPE(struct svcseq_engine, fields);

/**
 * svcseq_engine_set - Set what holds for the engine as a whole.
 * @sq: handle
 * @engine: what holds
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_engine_set(struct svcseq *sq, const struct svcseq_engine *engine,
		      struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_ENGINE_SET, &sq_engine_shape, SQ_CONFIG,
		     engine, NULL, err);
}

/**
 * svcseq_engine_get - Read what holds for the engine as a whole.
 * @sq: handle
 * @engine: what is read
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_engine_get(struct svcseq *sq, struct svcseq_engine *engine,
		      struct svcseq_error *err)
{
	static const struct svcseq_engine key;

	return sq_do(sq, SVCSEQ_CMD_ENGINE_GET, &sq_engine_shape, SQ_KEY,
		     &key, engine, err);
}
