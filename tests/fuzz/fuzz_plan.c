// SPDX-License-Identifier: GPL-2.0
/* The compiler of sequences. The input decides what devices and steps there
 * are (tests/unit/plan_model.c says how); the outcome is compared with that of
 * a second, slow implementation.
 */

#include <string.h>

#include "fuzz.h"
#include "plan_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct svcseq_plan plan;
	static struct world world;
	char why[MODEL_TEXT_LEN];
	struct svcseq_diag diag;
	unsigned int faults;
	uint8_t proto;
	uint16_t port;
	bool clash;
	int err;

	if (size < 2)
		return 0;
	/* The service: few ports, for then they are often those of a step. */
	proto = data[0] & 1 ? IPPROTO_TCP : IPPROTO_UDP;
	port = 1 + data[1] % 8;
	world_build(&world, data + 2, size - 2);

	memset(&diag, 0, sizeof(diag));
	memset(&plan, 0xee, sizeof(plan));
	faults = model_faults(&world.seq);
	err = svcseq_plan_compile(&plan, &world.seq, &diag);
	MUST(err == (faults ? -EINVAL : 0));
	if (err) {
		MUST(!strncmp(diag.text, "sequence 'seq'", 14));
		MUST(strnlen(diag.text, sizeof(diag.text)) <
		     sizeof(diag.text) - 1);
		return 0;
	}

	clash = model_service_clash(&world.seq, proto, port);
	err = svcseq_plan_check_service(&plan, &world.seq, proto, port, &diag);
	MUST(err == (clash ? -EINVAL : 0));
	MUST(plan.port_sensitive || !clash);
	if (clash)
		return 0;
	if (!model_plan_right(&world.seq, &plan, proto, port, why)) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	return 0;
}
