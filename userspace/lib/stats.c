// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "nl.h"

static const struct sq_field reason_fields[] = {
	SQ_ONE(struct svcseq_reason, name, SVCSEQ_A_REASON_NAME,
	       SQ_STRING, SQ_OUT, "name"),
	SQ_IN(struct svcseq_reason, dropped, SVCSEQ_A_REASON_DROPPED,
	      SQ_OUT, "dropped", &sq_counters_shape),
};

static const struct sq_shape reason_shape =
	SQ_SHAPE(struct svcseq_reason, reason_fields);

static const struct sq_field fields[] = {
	SQ_MANY(struct svcseq_stats, reason, n_reasons, SVCSEQ_A_STATS_REASON,
		SQ_NEST, SQ_OUT, "reason", &reason_shape),
	SQ_ONE(struct svcseq_stats, name, SVCSEQ_A_STATS_NAME,
	       SQ_STRING, SQ_KEY, "name"),
	SQ_ONE(struct svcseq_stats, ports, SVCSEQ_A_STATS_PORTS,
	       SQ_U32, SQ_OUT, "ports"),
	SQ_ONE(struct svcseq_stats, devices, SVCSEQ_A_STATS_DEVICES,
	       SQ_U32, SQ_OUT, "devices"),
	SQ_ONE(struct svcseq_stats, sequences, SVCSEQ_A_STATS_SEQUENCES,
	       SQ_U32, SQ_OUT, "sequences"),
	SQ_ONE(struct svcseq_stats, services, SVCSEQ_A_STATS_SERVICES,
	       SQ_U32, SQ_OUT, "services"),
	SQ_ONE(struct svcseq_stats, max_services, SVCSEQ_A_STATS_MAX_SERVICES,
	       SQ_U32, SQ_OUT, "max-services"),
	SQ_ONE(struct svcseq_stats, service_bytes, SVCSEQ_A_STATS_SERVICE_BYTES,
	       SQ_U32, SQ_OUT, "service-bytes"),
	SQ_ONE(struct svcseq_stats, generation, SVCSEQ_A_STATS_GENERATION,
	       SQ_U32, SQ_OUT, "generation"),
	SQ_ONE(struct svcseq_stats, places, SVCSEQ_A_STATS_PLACES,
	       SQ_U32, SQ_OUT, "places"),
	SQ_ONE(struct svcseq_stats, place_bytes, SVCSEQ_A_STATS_PLACE_BYTES,
	       SQ_U32, SQ_OUT, "place-bytes"),
	SQ_ONE(struct svcseq_stats, acls, SVCSEQ_A_STATS_ACLS,
	       SQ_U32, SQ_OUT, "acls"),
	SQ_ONE(struct svcseq_stats, pools, SVCSEQ_A_STATS_POOLS,
	       SQ_U32, SQ_OUT, "pools"),
};

const struct sq_shape sq_stats_shape = SQ_SHAPE(struct svcseq_stats, fields);

/**
 * svcseq_stats_get - Read the counters of the whole namespace.
 * @sq: handle
 * @reason: only the packets dropped for this reason; NULL for all
 * @stats: what is read
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_stats_get(struct svcseq *sq, const char *reason,
		     struct svcseq_stats *stats, struct svcseq_error *err)
{
	struct svcseq_stats key = { 0 };

	if (reason) {
		if (strlen(reason) >= sizeof(key.name))
			return sq_fail(err, EINVAL, "no such reason");
		snprintf(key.name, sizeof(key.name), "%s", reason);
	}
	return sq_do(sq, SVCSEQ_CMD_STATS_GET, &sq_stats_shape, SQ_KEY, &key,
		     stats, err);
}
