// SPDX-License-Identifier: GPL-2.0
/* Access lists: edges of every kind of range by hand, and a great many random
 * lists and packets against a second opinion.
 */

#include <stdlib.h>
#include <string.h>

#include "acl_model.h"
#include "core/plan.h"
#include "tap.h"

#define MAX_RULES	10000

static struct svcseq_acl_rule rules[MAX_RULES];
static struct svcseq_diag diag;
static unsigned int cases, hits;

static struct svcseq_acl_rule *rule4(u32 i)
{
	acl_rule_init(&rules[i], SVCSEQ_ACL_IPV4);
	return &rules[i];
}

static void put_addr4(u8 *addr, u32 value)
{
	addr[0] = (u8)(value >> 24);
	addr[1] = (u8)(value >> 16);
	addr[2] = (u8)(value >> 8);
	addr[3] = (u8)value;
}

static u32 mask4(u32 len)
{
	return len ? UINT32_MAX << (32 - len) : 0;
}

static struct acl_packet packet4(u32 src, u32 dst, u16 sport, u16 dport)
{
	struct acl_packet packet = {
		.has_ports = true,
		.proto = IPPROTO_TCP,
		.sport = sport,
		.dport = dport,
		.len = 100,
	};

	put_addr4(packet.src, src);
	put_addr4(packet.dst, dst);
	return packet;
}

/* Compile @count rules and ask for one packet. */
static int ask(u32 count, const struct acl_packet *packet)
{
	struct acl_built built;
	int found;

	if (!CHECK(acl_build(&built, rules, count, packet->v6, 0x5a)))
		return -2;
	found = acl_find(&built, packet);
	CHECK_INT(found, acl_model_lookup(rules, count, packet));
	free(built.acl);
	return found;
}

static void empty_list(void)
{
	struct acl_packet packet = packet4(1, 2, 3, 4);

	CHECK_INT(ask(0, &packet), -1);
	packet.v6 = true;
	CHECK_INT(ask(0, &packet), -1);
}

static void rule_for_all(void)
{
	struct acl_packet packet = packet4(0, 0, 0, 0);
	int i;

	acl_rule_init(&rules[0], SVCSEQ_ACL_ANY);
	for (i = 0; i < 2; i++) {
		packet.v6 = i;
		packet.has_ports = false;
		packet.len = 0;
		CHECK_INT(ask(1, &packet), 0);
		packet.has_ports = true;
		packet.sport = 65535;
		packet.len = UINT32_MAX;
		memset(packet.src, 0xff, sizeof(packet.src));
		CHECK_INT(ask(1, &packet), 0);
	}
}

static void first_match_decides(void)
{
	struct acl_packet packet = packet4(0x0a010203, 0, 1000, 80);

	put_addr4(rule4(0)->src, 0x0a010200);
	rules[0].src_len = 24;
	rules[0].dport_lo = 81;
	put_addr4(rule4(1)->src, 0x0a000000);
	rules[1].src_len = 8;
	put_addr4(rule4(2)->src, 0x0a010203);
	rules[2].src_len = 32;
	rules[2].dport_lo = 80;
	rules[2].dport_hi = 80;
	CHECK_INT(ask(3, &packet), 1);
	packet.dport = 81;
	CHECK_INT(ask(3, &packet), 0);
	/* alike: the first one */
	rules[1] = rules[2];
	packet.dport = 80;
	CHECK_INT(ask(3, &packet), 1);
}

static void prefixes4(void)
{
	u32 len;

	for (len = 1; len <= 32; len++) {
		u32 net = 0xc0a85aa5 & mask4(len);
		struct acl_packet packet = packet4(net, 1, 2, 3);
		u32 last = net | ~mask4(len);

		put_addr4(rule4(0)->src, net);
		rules[0].src_len = (u8)len;
		CHECK_INT(ask(1, &packet), 0);
		put_addr4(packet.src, last);
		CHECK_INT(ask(1, &packet), 0);
		put_addr4(packet.src, net - 1);
		CHECK_INT(ask(1, &packet), -1);
		put_addr4(packet.src, last + 1);
		CHECK_INT(ask(1, &packet), -1);

		put_addr4(rule4(0)->dst, net);
		rules[0].dst_len = (u8)len;
		put_addr4(packet.dst, last);
		CHECK_INT(ask(1, &packet), 0);
		put_addr4(packet.dst, last + 1);
		CHECK_INT(ask(1, &packet), -1);
	}
}

static void prefixes6(void)
{
	static const u8 addr[16] = { 0x20, 0x01, 0x0d, 0xb8, 0x5a, 0xa5, 0xff,
				     0, 0, 0xff, 0x80, 1, 0x7f, 0xff, 0xff,
				     0xfe };
	struct acl_packet packet;
	u32 which, len;

	for (len = 1; len <= 128; len++) {
		int i;

		acl_rule_init(&rules[0], SVCSEQ_ACL_IPV6);
		for (i = 0; i < (int)len; i++) {
			rules[0].src[i / 8] |= addr[i / 8] & 128 >> i % 8;
			rules[0].dst[i / 8] |= addr[i / 8] & 128 >> i % 8;
		}
		rules[0].src_len = (u8)len;
		rules[0].dst_len = (u8)len;
		CHECK_INT(svcseq_acl_rule_check(&rules[0], 1, &diag), 0);
		for (which = 0; which < 16; which++) {
			acl_corner(&packet, &rules[0], which);
			CHECK_INT(ask(1, &packet), which & 10 ? -1 : 0);
		}
	}
}

static void ports(void)
{
	static const u16 edge[][2] = {
		{ 0, 0 }, { 0, 1023 }, { 80, 80 }, { 1024, 65535 },
		{ 65535, 65535 }, { 1, 65534 }, { 32767, 32768 },
	};
	size_t i;

	for (i = 0; i < TAP_COUNT(edge); i++) {
		u16 lo = edge[i][0], hi = edge[i][1];
		struct acl_packet packet = packet4(1, 2, lo, hi);

		rule4(0)->sport_lo = lo;
		rules[0].sport_hi = hi;
		rules[0].dport_lo = lo;
		rules[0].dport_hi = hi;
		CHECK_INT(ask(1, &packet), 0);
		packet.sport = hi;
		packet.dport = lo;
		CHECK_INT(ask(1, &packet), 0);
		packet.has_ports = false;
		CHECK_INT(ask(1, &packet), -1);
		packet.has_ports = true;
		if (lo) {
			packet.dport = lo - 1;
			CHECK_INT(ask(1, &packet), -1);
		}
		packet.dport = lo;
		if (hi < 65535) {
			packet.sport = hi + 1;
			CHECK_INT(ask(1, &packet), -1);
		}
	}
}

/* All ports is any packet, whether it has ports or not; some is not. */
static void packets_without_ports(void)
{
	struct acl_packet packet = packet4(1, 2, 0, 0);

	packet.has_ports = false;
	packet.proto = IPPROTO_ICMP;
	rule4(0)->dport_hi = 65534;
	rule4(1)->dport_lo = 1;
	rule4(2);
	CHECK_INT(ask(2, &packet), -1);
	CHECK_INT(ask(3, &packet), 2);
}

static void lengths(void)
{
	struct acl_packet packet = packet4(1, 2, 3, 4);

	rule4(0)->len_lo = 1281;
	rule4(1)->len_lo = 68;
	rules[1].len_hi = 1280;
	rule4(2)->len_hi = 67;
	packet.len = 1280;
	CHECK_INT(ask(3, &packet), 1);
	packet.len = 1281;
	CHECK_INT(ask(3, &packet), 0);
	packet.len = 68;
	CHECK_INT(ask(3, &packet), 1);
	packet.len = 67;
	CHECK_INT(ask(3, &packet), 2);
	packet.len = 0;
	CHECK_INT(ask(3, &packet), 2);
	/* what offloads make may be longer than any packet on a wire */
	packet.len = 524280;
	CHECK_INT(ask(3, &packet), 0);
}

static void protocols(void)
{
	struct acl_packet packet = packet4(1, 2, 3, 4);

	rule4(0)->proto = IPPROTO_UDP;
	rule4(1)->proto = 255;
	rule4(2)->proto = IPPROTO_TCP;
	CHECK_INT(ask(3, &packet), 2);
	packet.proto = 255;
	CHECK_INT(ask(3, &packet), 1);
	packet.proto = IPPROTO_UDP + 1;
	CHECK_INT(ask(3, &packet), -1);
}

/* The index is that of the whole list, not that of the family's rules. */
static void families(void)
{
	struct acl_packet packet = packet4(0x0a000001, 2, 3, 4);

	acl_rule_init(&rules[0], SVCSEQ_ACL_IPV6);
	rule4(1)->src_len = 8;
	rules[1].src[0] = 11;
	acl_rule_init(&rules[2], SVCSEQ_ACL_ANY);
	rules[2].dport_lo = 5;
	rule4(3)->src_len = 8;
	rules[3].src[0] = 10;
	acl_rule_init(&rules[4], SVCSEQ_ACL_ANY);
	CHECK_INT(ask(5, &packet), 3);
	packet.dport = 5;
	CHECK_INT(ask(5, &packet), 2);
	packet.v6 = true;
	CHECK_INT(ask(5, &packet), 0);
	rules[0].family = SVCSEQ_ACL_IPV4;
	CHECK_INT(ask(5, &packet), 2);
	packet.dport = 4;
	CHECK_INT(ask(5, &packet), 4);
}

/* Lists of a certain look, for the random tests. */
enum shape {
	SHAPE_TINY,
	SHAPE_NESTED,
	SHAPE_WILD,
	SHAPE_ALIKE,
	SHAPE_PORTS,
	SHAPE_LENGTHS,
	SHAPE_V6,
	SHAPE_MIXED,
	SHAPE_CROSSED,
	SHAPE_ONION,
	SHAPE_WHOLE,
};

static void random_range(u16 *lo, u16 *hi, u32 limit)
{
	u16 a = (u16)rnd_below(limit), b = (u16)rnd_below(limit);

	*lo = a < b ? a : b;
	*hi = a < b ? b : a;
}

static void random_ports(u16 *lo, u16 *hi)
{
	static const u16 usual[] = { 22, 25, 53, 80, 123, 443, 8080 };

	switch (rnd_below(5)) {
	case 0:
		*lo = usual[rnd_below(TAP_COUNT(usual))];
		*hi = *lo;
		break;
	case 1:
		*lo = 1024;
		*hi = 65535;
		break;
	case 2:
		random_range(lo, hi, 65536);
		break;
	case 3:
		*lo = (u16)rnd_below(65536);
		*hi = *lo;
		break;
	default:
		*lo = 0;
		*hi = 65535;
	}
}

/* A prefix, mostly within one that a rule before has. */
static u8 random_prefix(u8 *addr, const u8 *old, u8 old_len, bool v6)
{
	u32 max = v6 ? 128 : 32;
	u32 len = 8 + rnd_below(max - 7);
	u32 i;

	/* a rule for nearly all puts an end to the list */
	if (!rnd_below(200))
		len = rnd_below(8);

	rnd_fill(addr, max / 8);
	if (old && rnd_below(3)) {
		for (i = 0; i < old_len; i++)
			addr[i / 8] = (u8)((addr[i / 8] & ~(128 >> i % 8)) |
					   (old[i / 8] & 128 >> i % 8));
		len = old_len + rnd_below(9);
		if (len > max)
			len = max;
	}
	for (i = len; i < max; i++)
		addr[i / 8] &= (u8)~(128 >> i % 8);
	return (u8)len;
}

static void random_sides(struct svcseq_acl_rule *rule, u32 i, bool dst)
{
	const struct svcseq_acl_rule *old = i ? &rules[rnd_below(i)] : NULL;
	bool v6 = rule->family == SVCSEQ_ACL_IPV6;

	if (old && old->family != rule->family)
		old = NULL;
	rule->src_len = random_prefix(rule->src, old ? old->src : NULL,
				      old ? old->src_len : 0, v6);
	if (dst)
		rule->dst_len = random_prefix(rule->dst, old ? old->dst : NULL,
					      old ? old->dst_len : 0, v6);
}

/* Few values, so that rules meet each other's edges. */
static void random_tiny(struct svcseq_acl_rule *rule)
{
	u32 len = rnd_below(4);

	if (rnd_below(2)) {
		rule->src_len = (u8)len;
		put_addr4(rule->src, rnd_next() & mask4(len));
	}
	if (rnd_below(2)) {
		rule->dst_len = (u8)(len = 29 + rnd_below(4));
		put_addr4(rule->dst, rnd_below(8) & mask4(len));
	}
	if (rnd_below(2))
		rule->proto = rnd_below(2) ? IPPROTO_TCP : IPPROTO_UDP;
	if (rnd_below(2))
		random_range(&rule->dport_lo, &rule->dport_hi, 8);
	if (!rnd_below(4))
		random_range(&rule->sport_lo, &rule->sport_hi, 4);
	if (!rnd_below(4)) {
		rule->len_lo = rnd_below(8);
		rule->len_hi = rule->len_lo + rnd_below(8);
	}
}

static void random_lengths(struct svcseq_acl_rule *rule)
{
	rule->len_lo = rnd_below(1500);
	rule->len_hi = rnd_below(4) ? rule->len_lo + rnd_below(200) : UINT32_MAX;
	if (rnd_below(2))
		random_ports(&rule->dport_lo, &rule->dport_hi);
}

/* Every rule says something of one field only. */
static void random_crossed(struct svcseq_acl_rule *rule, u32 i)
{
	switch (i % 5) {
	case 0:
		rule->src_len = 32;
		put_addr4(rule->src, rnd_next());
		break;
	case 1:
		rule->dst_len = 24;
		put_addr4(rule->dst, rnd_next() & mask4(24));
		break;
	case 2:
		rule->sport_lo = (u16)rnd_below(65536);
		rule->sport_hi = rule->sport_lo;
		break;
	case 3:
		random_range(&rule->dport_lo, &rule->dport_hi, 65536);
		break;
	default:
		rule->proto = (u8)rnd_below(256);
	}
}

/* Layer within layer; all of them have the middle in common. */
static void random_onion(struct svcseq_acl_rule *rule)
{
	u16 a = (u16)(1 + rnd_below(32767)), b = (u16)(1 + rnd_below(32767));

	rule->sport_lo = 32768 - a;
	rule->sport_hi = (u16)(32767 + a);
	if (rnd_below(4)) {
		rule->dport_lo = 32768 - b;
		rule->dport_hi = (u16)(32767 + b);
	}
}

static void random_rule(enum shape shape, u32 i)
{
	struct svcseq_acl_rule *rule = rule4(i);

	switch (shape) {
	case SHAPE_TINY:
		random_tiny(rule);
		break;
	case SHAPE_NESTED:
		random_sides(rule, i, false);
		random_ports(&rule->dport_lo, &rule->dport_hi);
		break;
	case SHAPE_WILD:
		if (!rnd_below(20))
			random_tiny(rule);
		break;
	case SHAPE_ALIKE:
		rnd_seed(1 + rnd_below(3));
		random_sides(rule, 0, true);
		random_ports(&rule->sport_lo, &rule->sport_hi);
		break;
	case SHAPE_PORTS:
		random_ports(&rule->sport_lo, &rule->sport_hi);
		random_range(&rule->dport_lo, &rule->dport_hi, 65536);
		break;
	case SHAPE_LENGTHS:
		random_lengths(rule);
		break;
	case SHAPE_V6:
		rule->family = SVCSEQ_ACL_IPV6;
		random_sides(rule, i, rnd_below(2));
		random_ports(&rule->dport_lo, &rule->dport_hi);
		break;
	case SHAPE_MIXED:
		rule->family = (u8)rnd_below(3);
		if (rule->family != SVCSEQ_ACL_ANY)
			random_sides(rule, i, true);
		random_ports(&rule->dport_lo, &rule->dport_hi);
		break;
	case SHAPE_CROSSED:
		random_crossed(rule, i);
		break;
	case SHAPE_ONION:
		random_onion(rule);
		break;
	case SHAPE_WHOLE:
		random_sides(rule, i, true);
		random_ports(&rule->sport_lo, &rule->sport_hi);
		random_ports(&rule->dport_lo, &rule->dport_hi);
		rule->proto = rnd_below(2) ? IPPROTO_TCP : IPPROTO_UDP;
		break;
	}
}

/* At the edge of some rule in all fields, or half of them from another one. */
static void random_packet(struct acl_packet *packet, u32 count, bool v6)
{
	const struct svcseq_acl_rule *rule = &rules[rnd_below(count)];
	u32 which = rnd_next();

	/* inside more often than out, for a packet has many fields */
	which &= ~(rnd_next() & 0xeaa);
	acl_corner(packet, rule, which);
	if (!rnd_below(3)) {
		struct acl_packet other;

		acl_corner(&other, &rules[rnd_below(count)], which);
		packet->dport = other.dport;
		memcpy(packet->dst, other.dst, sizeof(packet->dst));
	}
	if (!rnd_below(8))
		rnd_fill(packet->src, 4);
	if (!rnd_below(8))
		packet->dport = (u16)rnd_below(65536);
	packet->v6 = v6;
}

static void compare(enum shape shape, u32 count, u32 packets, bool v6, u64 seed)
{
	struct acl_built built;
	struct acl_packet packet;
	u32 i;

	rnd_seed(seed);
	for (i = 0; i < count; i++) {
		random_rule(shape, i);
		if (shape == SHAPE_ALIKE)
			rnd_seed(seed + i);
		if (svcseq_acl_rule_check(&rules[i], i, &diag))
			CHECK_TEXT(diag.text, "(nothing wrong)");
	}
	if (!CHECK(acl_build(&built, rules, count, v6, 0x5a)))
		return;
	for (i = 0; i < packets; i++) {
		int want, found;

		random_packet(&packet, count, v6);
		want = acl_model_lookup(rules, count, &packet);
		found = acl_find(&built, &packet);
		cases++;
		hits += want >= 0;
		if (found == want)
			continue;
		CHECK_INT(found, want);
		tap_note("shape %d, %u rules, seed %llu", shape, count,
			 (unsigned long long)seed);
	}
	free(built.acl);
}

/* Some lists of up to @most rules, with up to @packets packets each. */
static void compare_many(enum shape shape, u32 lists, u32 most, u32 packets)
{
	u32 i;

	cases = 0;
	hits = 0;
	for (i = 0; i < lists; i++) {
		u32 count;

		rnd_seed(i + 1);
		count = 1 + rnd_below(most);
		compare(shape, count, packets, shape == SHAPE_V6 ||
			(shape == SHAPE_MIXED && i & 1), 1000 + i);
	}
	tap_note("%u packets, %u of them match", cases, hits);
	/* Otherwise this has shown nothing. */
	CHECK_INT(cases, lists * packets);
	CHECK(hits > cases / 8);
	CHECK(hits < cases || shape == SHAPE_WILD);
}

static void random_tiny_lists(void)
{
	compare_many(SHAPE_TINY, 10000, 12, 20);
	compare_many(SHAPE_TINY, 400, 300, 100);
}

static void random_nested_prefixes(void)
{
	compare_many(SHAPE_NESTED, 300, 400, 200);
}

static void random_wildcards(void)
{
	compare_many(SHAPE_WILD, 600, 100, 50);
}

static void random_rules_alike(void)
{
	compare_many(SHAPE_ALIKE, 200, 200, 100);
}

static void random_port_ranges(void)
{
	compare_many(SHAPE_PORTS, 300, 400, 200);
}

static void random_length_ranges(void)
{
	compare_many(SHAPE_LENGTHS, 300, 400, 200);
}

static void random_ipv6(void)
{
	compare_many(SHAPE_V6, 300, 400, 200);
}

static void random_both_families(void)
{
	compare_many(SHAPE_MIXED, 300, 300, 200);
}

static void random_one_field_each(void)
{
	compare_many(SHAPE_CROSSED, 200, 600, 200);
}

static void random_onions(void)
{
	compare_many(SHAPE_ONION, 200, 600, 200);
}

static void random_all_fields(void)
{
	compare_many(SHAPE_WHOLE, 300, 400, 200);
}

static void ten_thousand_rules(void)
{
	compare(SHAPE_NESTED, MAX_RULES, 3000, false, 1);
	compare(SHAPE_V6, MAX_RULES, 2000, true, 2);
	compare(SHAPE_WHOLE, MAX_RULES, 2000, false, 3);
	compare(SHAPE_CROSSED, MAX_RULES, 2000, false, 4);
	compare(SHAPE_ONION, MAX_RULES, 2000, false, 5);
	CHECK(cases);
}

/* Ranges that lie around each other would be listed in one place all of them,
 * were it not known that the first one takes all there: 96 bytes per rule are
 * not enough for half of that.  The model knows the bound, acl_build() asks it.
 */
static void memory_is_bounded(void)
{
	struct acl_packet packet = packet4(1, 2, 3, 32767);
	struct acl_built built;
	u32 i;

	for (i = 0; i < MAX_RULES; i++) {
		u16 w = (u16)(1 + 3 * i);

		rule4(i)->dport_lo = 32768 - w;
		rules[i].dport_hi = (u16)(32767 + w);
	}
	if (!CHECK(acl_build(&built, rules, MAX_RULES, false, 0)))
		return;
	CHECK(built.size <= 256 * MAX_RULES);
	CHECK(built.arena <= 320 * MAX_RULES);
	for (i = 0; i < 32768; i += 7) {
		packet.dport = (u16)i;
		CHECK_INT(acl_find(&built, &packet), i < 2770 ? -1 :
			  (int)(32768 - i + 1) / 3);
	}
	free(built.acl);
}

/* The work comes in pieces, so that the caller can let others run. */
static void built_in_steps(void)
{
	struct acl_built built;
	u32 i;

	rnd_seed(1);
	for (i = 0; i < MAX_RULES; i++)
		random_rule(SHAPE_NESTED, i);
	if (!CHECK(acl_build(&built, rules, MAX_RULES, false, 0)))
		return;
	tap_note("%u steps, %zu bytes", built.steps, built.size);
	CHECK(built.steps >= 20);
	free(built.acl);
}

/* The same list gives the same bytes, whatever lay in the memory before. */
static void built_twice(void)
{
	struct acl_built one, two;
	u32 round, i;

	for (round = 0; round < 50; round++) {
		rnd_seed(round);
		for (i = 0; i < 300; i++)
			random_rule(SHAPE_WHOLE, i);
		if (!CHECK(acl_build(&one, rules, 300, false, 0x5a)) ||
		    !CHECK(acl_build(&two, rules, 300, false, 0xa5)))
			return;
		if (CHECK_INT(one.size, two.size))
			CHECK_BYTES(one.acl, two.acl, one.size);
		free(one.acl);
		free(two.acl);
	}
}

static void refused(const struct svcseq_acl_rule *rule, const char *part)
{
	memset(&diag, 0, sizeof(diag));
	CHECK_INT(svcseq_acl_rule_check(rule, 7, &diag), -EINVAL);
	CHECK_TEXT(diag.text, "rule 7: ");
	CHECK_TEXT(diag.text, part);
	CHECK(strlen(diag.text) < SVCSEQ_DIAG_LEN - 1);
}

static void accepted(const struct svcseq_acl_rule *rule)
{
	memset(&diag, 0, sizeof(diag));
	CHECK_INT(svcseq_acl_rule_check(rule, 7, &diag), 0);
	CHECK_INT(diag.text[0], 0);
}

static void prefixes_checked(void)
{
	struct svcseq_acl_rule rule;

	acl_rule_init(&rule, SVCSEQ_ACL_IPV4);
	put_addr4(rule.src, 0x0a010203);
	rule.src_len = 8;
	refused(&rule, "'source' 10.1.2.3/8 has bits beyond the prefix; write 10.0.0.0/8");
	rule.src_len = 32;
	accepted(&rule);
	rule.src_len = 31;
	refused(&rule, "write 10.1.2.2/31");
	rule.src_len = 33;
	refused(&rule, "the most for IPv4 is 32");
	rule.src_len = 32;
	rule.src[4] = 1;
	refused(&rule, "'source'");

	acl_rule_init(&rule, SVCSEQ_ACL_IPV6);
	memset(rule.dst, 0xff, sizeof(rule.dst));
	rule.dst_len = 128;
	accepted(&rule);
	rule.dst_len = 121;
	refused(&rule, "'destination' ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/121 has");
	refused(&rule, "write ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff80/121");
	rule.dst_len = 0;
	refused(&rule, "write 0:0:0:0:0:0:0:0/0");
	rule.dst_len = 129;
	refused(&rule, "the most for IPv6 is 128");

	acl_rule_init(&rule, SVCSEQ_ACL_ANY);
	accepted(&rule);
	rule.dst_len = 1;
	refused(&rule, "'destination' is an address");
	rule.src_len = 1;
	refused(&rule, "'source' is an address");
	rule.src_len = 0;
	rule.dst_len = 0;
	rule.dst[15] = 1;
	refused(&rule, "'destination' is an address");
}

static void ranges_checked(void)
{
	static const u8 with[] = { 0, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP,
				   IPPROTO_UDPLITE, IPPROTO_DCCP };
	struct svcseq_acl_rule rule;
	size_t i;

	acl_rule_init(&rule, SVCSEQ_ACL_ANY);
	rule.sport_lo = 5;
	rule.sport_hi = 4;
	refused(&rule, "'sport' runs from 5 down to 4; write 4-5");
	rule.sport_hi = 5;
	for (i = 0; i < sizeof(with); i++) {
		rule.proto = with[i];
		accepted(&rule);
	}
	rule.proto = IPPROTO_ICMP;
	refused(&rule, "'sport' makes no sense with protocol 1");
	rule.sport_lo = 0;
	rule.sport_hi = 65535;
	accepted(&rule);
	rule.dport_hi = 65534;
	refused(&rule, "'dport' makes no sense with protocol 1");
	rule.dport_lo = 65535;
	rule.proto = IPPROTO_UDP;
	refused(&rule, "'dport' runs from 65535 down to 65534");
	rule.dport_hi = 65535;
	accepted(&rule);
	rule.len_lo = 1500;
	rule.len_hi = 1499;
	refused(&rule, "'length' runs from 1500 down to 1499; write 1499-1500");
	rule.len_hi = 1500;
	accepted(&rule);
	rule.verdict = 2;
	refused(&rule, "'verdict' 2");
	rule.verdict = SVCSEQ_ACL_DENY;
	accepted(&rule);
	rule.family = 3;
	refused(&rule, "'family' 3");
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(empty_list),
		TAP_TEST(rule_for_all),
		TAP_TEST(first_match_decides),
		TAP_TEST(prefixes4),
		TAP_TEST(prefixes6),
		TAP_TEST(ports),
		TAP_TEST(packets_without_ports),
		TAP_TEST(lengths),
		TAP_TEST(protocols),
		TAP_TEST(families),
		TAP_TEST(random_tiny_lists),
		TAP_TEST(random_nested_prefixes),
		TAP_TEST(random_wildcards),
		TAP_TEST(random_rules_alike),
		TAP_TEST(random_port_ranges),
		TAP_TEST(random_length_ranges),
		TAP_TEST(random_ipv6),
		TAP_TEST(random_both_families),
		TAP_TEST(random_one_field_each),
		TAP_TEST(random_onions),
		TAP_TEST(random_all_fields),
		TAP_TEST(ten_thousand_rules),
		TAP_TEST(memory_is_bounded),
		TAP_TEST(built_in_steps),
		TAP_TEST(built_twice),
		TAP_TEST(prefixes_checked),
		TAP_TEST(ranges_checked),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
