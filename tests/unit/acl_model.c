// SPDX-License-Identifier: GPL-2.0
/* A second opinion on what an access list says of a packet: rule after rule,
 * bit after bit.
 */

#include <stdlib.h>
#include <string.h>

#include "acl_model.h"

void acl_rule_init(struct svcseq_acl_rule *rule, u8 family)
{
	memset(rule, 0, sizeof(*rule));
	rule->family = family;
	rule->sport_hi = 65535;
	rule->dport_hi = 65535;
	rule->len_hi = UINT32_MAX;
}

static bool bit_of(const u8 *addr, int i)
{
	return addr[i / 8] & 128 >> i % 8;
}

static bool in_prefix(const u8 *addr, const u8 *prefix, int len)
{
	int i;

	for (i = 0; i < len; i++)
		if (bit_of(addr, i) != bit_of(prefix, i))
			return false;
	return true;
}

static bool in_ports(const struct acl_packet *packet, u16 port, u16 lo, u16 hi)
{
	if (lo == 0 && hi == 65535)
		return true;
	return packet->has_ports && lo <= port && port <= hi;
}

bool acl_model_matches(const struct svcseq_acl_rule *rule,
		       const struct acl_packet *packet)
{
	if (rule->family == SVCSEQ_ACL_IPV4 && packet->v6)
		return false;
	if (rule->family == SVCSEQ_ACL_IPV6 && !packet->v6)
		return false;
	if (rule->proto != 0 && rule->proto != packet->proto)
		return false;
	if (packet->len < rule->len_lo || packet->len > rule->len_hi)
		return false;
	return in_ports(packet, packet->sport, rule->sport_lo,
			rule->sport_hi) &&
	       in_ports(packet, packet->dport, rule->dport_lo,
			rule->dport_hi) &&
	       in_prefix(packet->src, rule->src, rule->src_len) &&
	       in_prefix(packet->dst, rule->dst, rule->dst_len);
}

int acl_model_lookup(const struct svcseq_acl_rule *rules, u32 count,
		     const struct acl_packet *packet)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (acl_model_matches(&rules[i], packet))
			return (int)i;
	return -1;
}

/* The most that a list may take: what it says, and 96 bytes for each rule. */
size_t acl_model_size(const struct svcseq_acl_rule *rules, u32 count, bool v6)
{
	size_t size = 12 + 512;
	u32 i;

	for (i = 0; i < count; i++) {
		const struct svcseq_acl_rule *rule = &rules[i];
		size_t checks = 0;

		if (rule->family != SVCSEQ_ACL_ANY &&
		    rule->family != (v6 ? SVCSEQ_ACL_IPV6 : SVCSEQ_ACL_IPV4))
			continue;
		checks += (rule->src_len + 31u) / 32 + (rule->dst_len + 31u) / 32;
		checks += rule->sport_lo != 0 || rule->sport_hi != 65535;
		checks += rule->dport_lo != 0 || rule->dport_hi != 65535;
		checks += rule->proto != 0;
		checks += rule->len_lo != 0 || rule->len_hi != UINT32_MAX;
		size += 12 + 12 * (checks ? checks : 1) + 96;
	}
	return size;
}

/* One more or one less, as if the address were one large number. */
static void addr_move(u8 *addr, int bytes, int by)
{
	int i;

	for (i = bytes - 1; i >= 0; i--) {
		addr[i] = (u8)(addr[i] + by);
		if (addr[i] != (by > 0 ? 0 : 255))
			break;
	}
}

static void addr_corner(u8 *addr, const u8 *prefix, int len, bool v6, u32 which)
{
	int bits = v6 ? 128 : 32;
	int i;

	memset(addr, 0, 16);
	memcpy(addr, prefix, (size_t)bits / 8);
	if (which & 1)
		for (i = len; i < bits; i++)
			addr[i / 8] |= (u8)(128 >> i % 8);
	if (which & 2)
		addr_move(addr, bits / 8, which & 1 ? 1 : -1);
}

static u16 port_corner(u16 lo, u16 hi, u32 which)
{
	u16 port = which & 1 ? hi : lo;

	if (which & 2)
		port = (u16)(which & 1 ? port + 1 : port - 1);
	return port;
}

/* A packet at the edge of a rule: two bits for each of its ranges say whether
 * that is the lower one or the upper one, and inside or out.
 */
void acl_corner(struct acl_packet *packet, const struct svcseq_acl_rule *rule,
		u32 which)
{
	packet->v6 = rule->family == SVCSEQ_ACL_IPV6 ||
		     (rule->family == SVCSEQ_ACL_ANY && which & 1u << 31);
	packet->has_ports = (which >> 12 & 15) != 15;
	addr_corner(packet->src, rule->src, rule->src_len, packet->v6,
		    which & 3);
	addr_corner(packet->dst, rule->dst, rule->dst_len, packet->v6,
		    which >> 2 & 3);
	packet->sport = port_corner(rule->sport_lo, rule->sport_hi,
				    which >> 4 & 3);
	packet->dport = port_corner(rule->dport_lo, rule->dport_hi,
				    which >> 6 & 3);
	packet->len = which & 256 ? rule->len_hi : rule->len_lo;
	if (which & 512)
		packet->len += which & 256 ? 1 : UINT32_MAX;
	packet->proto = rule->proto ? rule->proto : IPPROTO_UDP;
	if ((which >> 10 & 3) == 3)
		packet->proto++;
}

/* @fill is what the memory holds before. */
bool acl_build(struct acl_built *built, const struct svcseq_acl_rule *rules,
	       u32 count, bool v6, int fill)
{
	u8 family = v6 ? SVCSEQ_ACL_IPV6 : SVCSEQ_ACL_IPV4;
	struct svcseq_acl_builder *builder;
	void *arena;

	built->arena = svcseq_acl_arena_size(rules, count, family);
	built->steps = 1;
	arena = malloc(built->arena);
	if (!arena)
		abort();
	memset(arena, fill, built->arena);
	builder = svcseq_acl_build_begin(arena, rules, count, family);
	while (svcseq_acl_build_step(builder))
		built->steps++;
	built->size = svcseq_acl_build_end(builder);
	if (built->size > acl_model_size(rules, count, v6)) {
		free(arena);
		return false;
	}
	/* at another address, and nothing behind it */
	built->acl = malloc(built->size);
	if (!built->acl)
		abort();
	memcpy(built->acl, arena, built->size);
	memset(arena, fill, built->arena);
	free(arena);
	return true;
}

int acl_find(const struct acl_built *built, const struct acl_packet *packet)
{
	struct svcseq_acl_key key;

	/* what must not be looked at is different each time */
	memset(&key, packet->len & 255, sizeof(key));
	if (packet->v6)
		svcseq_acl_key_addr6(&key, packet->src, packet->dst);
	else
		svcseq_acl_key_addr4(&key, packet->src, packet->dst);
	svcseq_acl_key_l4(&key, packet->proto,
			  packet->has_ports ? packet->sport :
			  SVCSEQ_ACL_NO_PORT,
			  packet->has_ports ? packet->dport :
			  SVCSEQ_ACL_NO_PORT, packet->len);
	return svcseq_acl_lookup(built->acl, &key);
}
