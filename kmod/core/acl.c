// SPDX-License-Identifier: GPL-2.0
/* Access lists: looks packets up in a classification tree, and says what is
 * wrong with a rule.
 */

#include "acl.h"
#include "acl-tree.h"
#include "plan.h"

static const void *acl_at(const struct svcseq_acl *acl, u32 offset)
{
	return (const u8 *)acl + offset;
}

static bool entry_matches(const struct acl_entry *entry,
			  const struct svcseq_acl_key *key)
{
	const struct acl_check *check = entry->check;

	while (key->field[check->field] - check->lo <= check->span) {
		if (!check->more)
			return true;
		check++;
	}
	return false;
}

/**
 * svcseq_acl_lookup - find the first rule that a packet matches
 * @acl: the compiled list
 * @key: the packet
 *
 * Context: any; the list must not change.
 * Return: the index of the rule, or -1 if there is none.
 */
int svcseq_acl_lookup(const struct svcseq_acl *acl,
		      const struct svcseq_acl_key *key)
{
	const struct acl_pair *later[ACL_MAX_PAIRS];
	const struct acl_entry *entry;
	const struct acl_pair *pair;
	const struct acl_cut *cut;
	u32 best = ACL_END;
	u32 at = acl->root;
	const u32 *leaf;
	u32 pairs = 0;
	u32 cell;

	for (;;) {
		while (at & ACL_CUT) {
			cut = acl_at(acl, at - ACL_CUT);
			cell = (key->field[cut->field] - cut->base) >>
			       cut->shift;
			if (cell > cut->last)
				cell = cut->last;
			at = cut->child[cell];
		}
		if (at & ACL_PAIR) {
			pair = acl_at(acl, at - ACL_PAIR);
			later[pairs++] = pair;
			at = pair->first;
			continue;
		}
		for (leaf = acl_at(acl, at); *leaf < best; leaf++) {
			entry = acl_at(acl, *leaf);
			if (entry_matches(entry, key)) {
				best = *leaf;
				break;
			}
		}
		do {
			if (!pairs)
				goto out;
			pair = later[--pairs];
		} while (pair->least >= best);
		at = pair->second;
	}
out:
	if (best == ACL_END)
		return -1;
	entry = acl_at(acl, best);
	return (int)entry->index;
}

static __printf(2, 3) int acl_say(struct svcseq_diag *diag,
				  const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(diag->text, sizeof(diag->text), fmt, args);
	va_end(args);
	return -EINVAL;
}

/* Eight groups of four digits. */
#define ADDR_TEXT	40

static void addr_text(char *text, const u8 *addr, bool v6)
{
	int i, len = 0;

	if (!v6) {
		scnprintf(text, ADDR_TEXT, "%u.%u.%u.%u", addr[0], addr[1],
			  addr[2], addr[3]);
		return;
	}
	for (i = 0; i < 16; i += 2)
		len += scnprintf(text + len, (size_t)(ADDR_TEXT - len),
				 i ? ":%x" : "%x", addr[i] << 8 | addr[i + 1]);
}

static int check_prefix(const struct svcseq_acl_rule *rule, u32 number,
			const char *what, const u8 *addr, u8 len,
			struct svcseq_diag *diag)
{
	bool v6 = rule->family == SVCSEQ_ACL_IPV6;
	char given[ADDR_TEXT], want[ADDR_TEXT];
	u8 max = v6 ? 128 : 32;
	u8 net[16] = { 0 };
	int i;

	if (len > max)
		return acl_say(diag,
			       "rule %u: '%s' has a prefix length of %u; the most for %s is %u",
			       number, what, len, v6 ? "IPv6" : "IPv4", max);
	for (i = 0; i < 16; i++) {
		int bits = len - 8 * i;

		net[i] = addr[i];
		if (bits < 8)
			net[i] = (u8)(addr[i] & (bits > 0 ? 0xff00 >> bits : 0));
	}
	if (!memcmp(net, addr, sizeof(net)))
		return 0;
	if (rule->family == SVCSEQ_ACL_ANY)
		return acl_say(diag,
			       "rule %u: '%s' is an address, but the rule is for IPv4 and IPv6; say which",
			       number, what);
	addr_text(given, addr, v6);
	addr_text(want, net, v6);
	return acl_say(diag,
		       "rule %u: '%s' %s/%u has bits beyond the prefix; write %s/%u",
		       number, what, given, len, want, len);
}

static bool proto_has_ports(u8 proto)
{
	switch (proto) {
	case 0:
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return true;
	default:
		return false;
	}
}

static int check_ports(const struct svcseq_acl_rule *rule, u32 number,
		       const char *what, u16 lo, u16 hi,
		       struct svcseq_diag *diag)
{
	if (lo > hi)
		return acl_say(diag,
			       "rule %u: '%s' runs from %u down to %u; write %u-%u",
			       number, what, lo, hi, hi, lo);
	if ((lo || hi != 0xffff) && !proto_has_ports(rule->proto))
		return acl_say(diag,
			       "rule %u: '%s' makes no sense with protocol %u, which has no ports; leave one of both out",
			       number, what, rule->proto);
	return 0;
}

/**
 * svcseq_acl_rule_check - is a rule well formed?
 * @rule: the rule
 * @number: its number, for the message
 * @diag: filled in on error
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int svcseq_acl_rule_check(const struct svcseq_acl_rule *rule, u32 number,
			  struct svcseq_diag *diag)
{
	int err;

	if (rule->family > SVCSEQ_ACL_IPV6)
		return acl_say(diag,
			       "rule %u: 'family' %u is unknown; use ipv4, ipv6, or none for both",
			       number, rule->family);
	if (rule->verdict > SVCSEQ_ACL_DENY)
		return acl_say(diag,
			       "rule %u: 'verdict' %u is unknown; use allow or deny",
			       number, rule->verdict);
	if (rule->family == SVCSEQ_ACL_ANY && (rule->src_len || rule->dst_len))
		return acl_say(diag,
			       "rule %u: '%s' is an address, but the rule is for IPv4 and IPv6; say which",
			       number, rule->src_len ? "source" :
			       "destination");
	err = check_prefix(rule, number, "source", rule->src, rule->src_len,
			   diag);
	if (!err)
		err = check_prefix(rule, number, "destination", rule->dst,
				   rule->dst_len, diag);
	if (!err)
		err = check_ports(rule, number, "sport", rule->sport_lo,
				  rule->sport_hi, diag);
	if (!err)
		err = check_ports(rule, number, "dport", rule->dport_lo,
				  rule->dport_hi, diag);
	if (!err && rule->len_lo > rule->len_hi)
		err = acl_say(diag,
			      "rule %u: 'length' runs from %u down to %u; write %u-%u",
			      number, rule->len_lo, rule->len_hi, rule->len_hi,
			      rule->len_lo);
	return err;
}
