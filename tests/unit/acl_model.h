/* SPDX-License-Identifier: GPL-2.0 */
/* A second opinion on what an access list says of a packet. */
#ifndef TESTS_UNIT_ACL_MODEL_H
#define TESTS_UNIT_ACL_MODEL_H

#include "core/acl.h"

/**
 * struct acl_packet - What a rule looks at.
 * @v6: IPv6, else IPv4
 * @has_ports: @sport and @dport are valid
 * @proto: protocol
 * @src: source address
 * @dst: destination address
 * @sport: source port
 * @dport: destination port
 * @len: length
 */
struct acl_packet {
	bool v6;
	bool has_ports;
	u8 proto;
	u8 src[16];
	u8 dst[16];
	u16 sport;
	u16 dport;
	u32 len;
};

/* A compiled list, in memory of just its size. */
struct acl_built {
	struct svcseq_acl *acl;
	size_t size;
	size_t arena;
	unsigned int steps;
};

void acl_rule_init(struct svcseq_acl_rule *rule, u8 family);
bool acl_model_matches(const struct svcseq_acl_rule *rule,
		       const struct acl_packet *packet);
int acl_model_lookup(const struct svcseq_acl_rule *rules, u32 count,
		     const struct acl_packet *packet);
size_t acl_model_size(const struct svcseq_acl_rule *rules, u32 count, bool v6);
void acl_corner(struct acl_packet *packet, const struct svcseq_acl_rule *rule,
		u32 which);

bool acl_build(struct acl_built *built, const struct svcseq_acl_rule *rules,
	       u32 count, bool v6, int fill);
int acl_find(const struct acl_built *built, const struct acl_packet *packet);

#endif /* TESTS_UNIT_ACL_MODEL_H */
