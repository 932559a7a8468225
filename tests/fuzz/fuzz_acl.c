// SPDX-License-Identifier: GPL-2.0
/* Access lists. The input is rules, some of them in so many bytes; what the
 * classifier finds for packets at their edges is compared with what going
 * through the rules one by one does.
 */

#include <string.h>

#include "acl_model.h"
#include "core/plan.h"
#include "fuzz.h"

#define MAX_RULES	512

/* What a byte in front of a rule says is in it. */
#define HAS_SRC		1
#define HAS_DST		2
#define HAS_SPORT	4
#define HAS_DPORT	8
#define HAS_PROTO	16
#define HAS_LEN		32
#define HAS_RAW		128

struct input {
	const uint8_t *data;
	size_t size;
};

static uint8_t take(struct input *in)
{
	if (!in->size)
		return 0;
	in->size--;
	return *in->data++;
}

static uint16_t take16(struct input *in)
{
	uint8_t high = take(in);

	return (uint16_t)(high << 8 | take(in));
}

static uint8_t take_prefix(struct input *in, u8 *addr, bool v6)
{
	unsigned int bits = v6 ? 128 : 32;
	uint8_t len = take(in) % (bits + 1);
	uint8_t at = take(in) % (bits / 8 - 1);
	unsigned int i;

	addr[at] = take(in);
	addr[at + 1] = take(in);
	for (i = len; i < bits; i++)
		addr[i / 8] &= (uint8_t)~(128 >> i % 8);
	return len;
}

static void take_range(struct input *in, u16 *lo, u16 *hi)
{
	unsigned int to;

	*lo = take16(in);
	to = *lo + take16(in);
	*hi = to > 65535 ? 65535 : (u16)to;
}

static void take_rule(struct input *in, struct svcseq_acl_rule *rule, bool v6)
{
	uint8_t has = take(in);

	acl_rule_init(rule, SVCSEQ_ACL_ANY);
	if (has & HAS_RAW) {
		uint8_t *raw = (uint8_t *)rule;
		size_t i;

		for (i = 0; i < sizeof(*rule); i++)
			raw[i] = take(in);
		return;
	}
	if (has & (HAS_SRC | HAS_DST))
		rule->family = v6 ? SVCSEQ_ACL_IPV6 : SVCSEQ_ACL_IPV4;
	if (has & HAS_SRC)
		rule->src_len = take_prefix(in, rule->src, v6);
	if (has & HAS_DST)
		rule->dst_len = take_prefix(in, rule->dst, v6);
	if (has & HAS_SPORT)
		take_range(in, &rule->sport_lo, &rule->sport_hi);
	if (has & HAS_DPORT)
		take_range(in, &rule->dport_lo, &rule->dport_hi);
	if (has & HAS_PROTO)
		rule->proto = take(in) & 1 ? IPPROTO_TCP : IPPROTO_UDP;
	if (has & HAS_LEN) {
		rule->len_lo = take16(in);
		rule->len_hi = rule->len_lo + take16(in);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct svcseq_acl_rule rules[MAX_RULES];
	struct input in = { data, size };
	struct acl_packet packet;
	struct svcseq_diag diag;
	struct acl_built built;
	uint32_t count = 0;
	uint32_t mix, i, n;
	bool v6;

	mix = take16(&in);
	v6 = mix & 1;
	while (in.size && count < MAX_RULES) {
		memset(&diag, 0xee, sizeof(diag));
		take_rule(&in, &rules[count], v6);
		if (!svcseq_acl_rule_check(&rules[count], count, &diag)) {
			count++;
			continue;
		}
		MUST(!strncmp(diag.text, "rule ", 5));
		MUST(strnlen(diag.text, sizeof(diag.text)) <
		     sizeof(diag.text) - 1);
	}

	MUST(acl_build(&built, rules, count, v6, 0xee));
	for (i = 0; i < count; i++) {
		for (n = 0; n < 6; n++) {
			/* inside all of the ranges, or out of one or the other */
			acl_corner(&packet, &rules[i], n < 2 ? n * 0x155 : mix);
			packet.v6 = v6;
			MUST(acl_find(&built, &packet) ==
			     acl_model_lookup(rules, count, &packet));
			mix = mix * 1664525 + 1013904223;
		}
	}
	free(built.acl);
	return 0;
}
