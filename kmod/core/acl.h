/* SPDX-License-Identifier: GPL-2.0 */
/* Access lists: which rule of an ordered list is the first that a packet
 * matches, at a cost that hardly grows with the number of rules.
 */
#ifndef SVCSEQ_CORE_ACL_H
#define SVCSEQ_CORE_ACL_H

#include "env.h"

struct svcseq_acl;
struct svcseq_acl_builder;
struct svcseq_diag;

/* rules of one list; the builder's memory is counted in 32 bits */
#define SVCSEQ_ACL_MAX_RULES	65536

/* in place of a port, for packets that have none */
#define SVCSEQ_ACL_NO_PORT	0x10000u

/**
 * enum svcseq_acl_family - What packets a rule is about.
 * @SVCSEQ_ACL_ANY: IPv4 and IPv6; such a rule names no address.
 * @SVCSEQ_ACL_IPV4: IPv4 only.
 * @SVCSEQ_ACL_IPV6: IPv6 only.
 */
enum svcseq_acl_family {
	SVCSEQ_ACL_ANY,
	SVCSEQ_ACL_IPV4,
	SVCSEQ_ACL_IPV6,
};

/**
 * enum svcseq_acl_verdict - What becomes of a packet that matches.
 * @SVCSEQ_ACL_ALLOW: It goes on.
 * @SVCSEQ_ACL_DENY: It is dropped.
 */
enum svcseq_acl_verdict {
	SVCSEQ_ACL_ALLOW,
	SVCSEQ_ACL_DENY,
};

/**
 * struct svcseq_acl_rule - One rule.
 * @family: enum svcseq_acl_family
 * @verdict: enum svcseq_acl_verdict; the classifier does not look at it
 * @proto: protocol of the packet, 0 for any
 * @src_len: length of the source prefix in bits, 0 for any source
 * @dst_len: length of the destination prefix in bits
 * @src: source prefix in network byte order; an IPv4 one is in the first four
 *   bytes, and what is not used is zero
 * @dst: destination prefix, likewise
 * @sport_lo: lowest source port
 * @sport_hi: highest source port; 0 to 65535 also matches packets that have no
 *   ports, any other range does not
 * @dport_lo: lowest destination port
 * @dport_hi: highest destination port, likewise
 * @len_lo: least length of the packet in bytes, from the network header on
 * @len_hi: greatest length; U32_MAX for no limit
 */
struct svcseq_acl_rule {
	u8 family;
	u8 verdict;
	u8 proto;
	u8 src_len;
	u8 dst_len;
	u8 src[16];
	u8 dst[16];
	u16 sport_lo;
	u16 sport_hi;
	u16 dport_lo;
	u16 dport_hi;
	u32 len_lo;
	u32 len_hi;
};

/**
 * enum svcseq_acl_field - What a classifier compares, in units of 32 bits.
 * @SVCSEQ_ACL_SRC: the source address; IPv6 takes four of them
 * @SVCSEQ_ACL_DST: the destination address, likewise
 * @SVCSEQ_ACL_SPORT: the source port
 * @SVCSEQ_ACL_DPORT: the destination port
 * @SVCSEQ_ACL_PROTO: the protocol
 * @SVCSEQ_ACL_LEN: the length
 * @SVCSEQ_ACL_FIELDS: how many there are
 */
enum svcseq_acl_field {
	SVCSEQ_ACL_SRC = 0,
	SVCSEQ_ACL_DST = 4,
	SVCSEQ_ACL_SPORT = 8,
	SVCSEQ_ACL_DPORT = 9,
	SVCSEQ_ACL_PROTO = 10,
	SVCSEQ_ACL_LEN = 11,
	SVCSEQ_ACL_FIELDS = 12,
};

/**
 * struct svcseq_acl_key - What is looked up.
 * @field: indexed by enum svcseq_acl_field, in the order of bytes of the
 *   processor; of an IPv4 address only the first is valid
 */
struct svcseq_acl_key {
	u32 field[SVCSEQ_ACL_FIELDS];
};

static inline u32 svcseq_acl_word(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

/**
 * svcseq_acl_key_l4 - fill in what follows the addresses
 * @key: is filled in
 * @proto: protocol of the packet
 * @sport: source port, or SVCSEQ_ACL_NO_PORT
 * @dport: destination port, or SVCSEQ_ACL_NO_PORT
 * @len: bytes from the network header on
 *
 * Context: any.
 */
static inline void svcseq_acl_key_l4(struct svcseq_acl_key *key, u8 proto,
				     u32 sport, u32 dport, u32 len)
{
	key->field[SVCSEQ_ACL_SPORT] = sport;
	key->field[SVCSEQ_ACL_DPORT] = dport;
	key->field[SVCSEQ_ACL_PROTO] = proto;
	key->field[SVCSEQ_ACL_LEN] = len;
}

/**
 * svcseq_acl_key_addr4 - fill in the addresses of an IPv4 packet
 * @key: is filled in
 * @src: source address, as it lies in the packet
 * @dst: destination address
 *
 * Context: any.
 */
static inline void svcseq_acl_key_addr4(struct svcseq_acl_key *key,
					const u8 *src, const u8 *dst)
{
	key->field[SVCSEQ_ACL_SRC] = svcseq_acl_word(src);
	key->field[SVCSEQ_ACL_DST] = svcseq_acl_word(dst);
}

/**
 * svcseq_acl_key_addr6 - fill in the addresses of an IPv6 packet
 * @key: is filled in
 * @src: source address, as it lies in the packet
 * @dst: destination address
 *
 * Context: any.
 */
static inline void svcseq_acl_key_addr6(struct svcseq_acl_key *key,
					const u8 *src, const u8 *dst)
{
	int i;

	for (i = 0; i < 4; i++) {
		key->field[SVCSEQ_ACL_SRC + i] = svcseq_acl_word(src + 4 * i);
		key->field[SVCSEQ_ACL_DST + i] = svcseq_acl_word(dst + 4 * i);
	}
}

int svcseq_acl_rule_check(const struct svcseq_acl_rule *rule, u32 number,
			  struct svcseq_diag *diag);
int svcseq_acl_lookup(const struct svcseq_acl *acl,
		      const struct svcseq_acl_key *key);

size_t svcseq_acl_arena_size(const struct svcseq_acl_rule *rules, u32 count,
			     enum svcseq_acl_family family);
struct svcseq_acl_builder *
svcseq_acl_build_begin(void *arena, const struct svcseq_acl_rule *rules,
		       u32 count, enum svcseq_acl_family family);
bool svcseq_acl_build_step(struct svcseq_acl_builder *builder);
size_t svcseq_acl_build_end(const struct svcseq_acl_builder *builder);

#endif /* SVCSEQ_CORE_ACL_H */
