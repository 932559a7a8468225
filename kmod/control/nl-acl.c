// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of access lists. All rules of a list are in one message, so
 * there is nothing to begin, to commit or to give up: a writer that dies has
 * either sent it or not, and of two writers the later one wins. The rules are
 * read and compiled before any lock is taken.
 */

#include "../table/acl.h"
#include "../table/counters.h"
#include "../table/engine.h"
#include "../table/refuse.h"
#include "noun.h"

/* A rule, as far as messages and parsers need it. */
struct rule_ref {
	const struct svcseq_list *list;
	const struct svcseq_rules *rules;
	u32 i;
};

static int prefix_put(struct sk_buff *skb, int attr4, int attr6, int attr_len,
		      u8 family, const u8 *addr, u8 len)
{
	bool v6 = family == SVCSEQ_ACL_IPV6;

	if (!len)
		return 0;
	if (nla_put(skb, v6 ? attr6 : attr4, v6 ? 16 : 4, addr) ||
	    nla_put_u8(skb, attr_len, len))
		return -EMSGSIZE;
	return 0;
}

static int ports_put(struct sk_buff *skb, int attr_min, int attr_max, u16 lo,
		     u16 hi)
{
	if (!lo && hi == U16_MAX)
		return 0;
	if (nla_put_be16(skb, attr_min, cpu_to_be16(lo)) ||
	    nla_put_be16(skb, attr_max, cpu_to_be16(hi)))
		return -EMSGSIZE;
	return 0;
}

static int length_put(struct sk_buff *skb, const struct svcseq_acl_rule *rule)
{
	if ((rule->len_lo &&
	     nla_put_u32(skb, SVCSEQ_A_RULE_LENGTH_MIN, rule->len_lo)) ||
	    (rule->len_hi != U32_MAX &&
	     nla_put_u32(skb, SVCSEQ_A_RULE_LENGTH_MAX, rule->len_hi)))
		return -EMSGSIZE;
	return 0;
}

static int rule_put(struct sk_buff *skb, const struct rule_ref *ref)
{
	const struct svcseq_acl_rule *rule = &ref->rules->rule[ref->i];
	struct nlattr *nest = nla_nest_start(skb, SVCSEQ_A_ACL_RULE_RULE);
	struct svcseq_totals sum = {};

	svcseq_rules_count(&sum, ref->rules, ref->i);
	if (!nest ||
	    nla_put_u8(skb, SVCSEQ_A_RULE_VERDICT, rule->verdict) ||
	    (rule->family &&
	     nla_put_u8(skb, SVCSEQ_A_RULE_FAMILY, rule->family)) ||
	    (rule->proto &&
	     nla_put_u8(skb, SVCSEQ_A_RULE_PROTO, rule->proto)) ||
	    prefix_put(skb, SVCSEQ_A_RULE_SRC4, SVCSEQ_A_RULE_SRC6,
		       SVCSEQ_A_RULE_SRC_LEN, rule->family, rule->src,
		       rule->src_len) ||
	    prefix_put(skb, SVCSEQ_A_RULE_DST4, SVCSEQ_A_RULE_DST6,
		       SVCSEQ_A_RULE_DST_LEN, rule->family, rule->dst,
		       rule->dst_len) ||
	    ports_put(skb, SVCSEQ_A_RULE_SPORT_MIN, SVCSEQ_A_RULE_SPORT_MAX,
		      rule->sport_lo, rule->sport_hi) ||
	    ports_put(skb, SVCSEQ_A_RULE_DPORT_MIN, SVCSEQ_A_RULE_DPORT_MAX,
		      rule->dport_lo, rule->dport_hi) ||
	    length_put(skb, rule) ||
	    (ref->rules->label && ref->rules->label[ref->i][0] &&
	     nla_put_string(skb, SVCSEQ_A_RULE_COUNT,
			    ref->rules->label[ref->i])) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_RULE_MATCHED, &sum))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int rule_fill(struct sk_buff *skb, struct svcseq_net *sn,
		     const void *obj)
{
	const struct rule_ref *ref = obj;

	if (nla_put_string(skb, SVCSEQ_A_ACL_RULE_ACL, ref->list->name) ||
	    nla_put_u32(skb, SVCSEQ_A_ACL_RULE_NUMBER, ref->i + 1) ||
	    rule_put(skb, ref))
		return -EMSGSIZE;
	return 0;
}

static int acl_fill(struct sk_buff *skb, struct svcseq_net *sn,
		    const void *obj)
{
	const struct svcseq_list *list = obj;
	const struct svcseq_rules *rules = svcseq_list_rules(sn, list);
	struct svcseq_totals sum = {};

	svcseq_rules_count(&sum, rules, rules->n);
	if (nla_put_string(skb, SVCSEQ_A_ACL_NAME, list->name) ||
	    nla_put_u8(skb, SVCSEQ_A_ACL_DEFAULT,
		       test_bit(rules->n, rules->deny) ?
		       SVCSEQ_RULE_VERDICT_DENY : SVCSEQ_RULE_VERDICT_ALLOW) ||
	    nla_put_u8(skb, SVCSEQ_A_ACL_OWNER, list->owner) ||
	    nla_put_u32(skb, SVCSEQ_A_ACL_RULES, rules->n) ||
	    nla_put_u32(skb, SVCSEQ_A_ACL_SERVICES, list->nservices) ||
	    nla_put_u32(skb, SVCSEQ_A_ACL_GENERATION, list->generation) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_ACL_UNMATCHED, &sum))
		return -EMSGSIZE;
	return 0;
}

/* The attributes of one rule, and what a refusal of it says. */
struct rule_parser {
	struct nlattr *tb[SVCSEQ_A_RULE_MAX + 1];
	struct netlink_ext_ack *extack;
	const char *name;
	u32 number;
};

static int prefix_parse(struct rule_parser *p, const char *what, int attr4,
			int attr6, int attr_len, u8 *family, u8 *addr, u8 *len)
{
	const struct nlattr *attr = p->tb[attr4] ?: p->tb[attr6];
	u8 mine = p->tb[attr4] ? SVCSEQ_ACL_IPV4 : SVCSEQ_ACL_IPV6;

	if (!attr && !p->tb[attr_len])
		return 0;
	if (!attr)
		return svcseq_refuse(p->extack, -EINVAL,
				     "acl '%s': rule %u: the prefix length of '%s' has no address; give one or leave both out",
				     p->name, p->number, what);
	if ((p->tb[attr4] && p->tb[attr6]) ||
	    (*family != SVCSEQ_ACL_ANY && *family != mine))
		return svcseq_refuse(p->extack, -EINVAL,
				     "acl '%s': rule %u: '%s' is of another family than the rule; make a rule for each family",
				     p->name, p->number, what);
	*family = mine;
	*len = mine == SVCSEQ_ACL_IPV4 ? 32 : 128;
	if (p->tb[attr_len])
		*len = nla_get_u8(p->tb[attr_len]);
	memcpy(addr, nla_data(attr), nla_len(attr));
	return 0;
}

static void ports_parse(const struct rule_parser *p, int attr_min,
			int attr_max, u16 *lo, u16 *hi)
{
	*lo = 0;
	*hi = U16_MAX;
	if (p->tb[attr_min])
		*lo = be16_to_cpu(nla_get_be16(p->tb[attr_min]));
	if (p->tb[attr_max])
		*hi = be16_to_cpu(nla_get_be16(p->tb[attr_max]));
}

static int rule_parse(struct rule_parser *p, struct svcseq_acl_rule *rule)
{
	struct svcseq_diag diag;
	int err;

	if (!p->tb[SVCSEQ_A_RULE_VERDICT])
		return svcseq_refuse(p->extack, -EINVAL,
				     "acl '%s': rule %u: 'verdict' is missing; say allow or deny",
				     p->name, p->number);
	rule->verdict = nla_get_u8(p->tb[SVCSEQ_A_RULE_VERDICT]);
	if (p->tb[SVCSEQ_A_RULE_FAMILY])
		rule->family = nla_get_u8(p->tb[SVCSEQ_A_RULE_FAMILY]);
	if (p->tb[SVCSEQ_A_RULE_PROTO])
		rule->proto = nla_get_u8(p->tb[SVCSEQ_A_RULE_PROTO]);
	err = prefix_parse(p, "source", SVCSEQ_A_RULE_SRC4, SVCSEQ_A_RULE_SRC6,
			   SVCSEQ_A_RULE_SRC_LEN, &rule->family, rule->src,
			   &rule->src_len);
	if (!err)
		err = prefix_parse(p, "destination", SVCSEQ_A_RULE_DST4,
				   SVCSEQ_A_RULE_DST6, SVCSEQ_A_RULE_DST_LEN,
				   &rule->family, rule->dst, &rule->dst_len);
	if (err)
		return err;
	ports_parse(p, SVCSEQ_A_RULE_SPORT_MIN, SVCSEQ_A_RULE_SPORT_MAX,
		    &rule->sport_lo, &rule->sport_hi);
	ports_parse(p, SVCSEQ_A_RULE_DPORT_MIN, SVCSEQ_A_RULE_DPORT_MAX,
		    &rule->dport_lo, &rule->dport_hi);
	if (p->tb[SVCSEQ_A_RULE_LENGTH_MIN])
		rule->len_lo = nla_get_u32(p->tb[SVCSEQ_A_RULE_LENGTH_MIN]);
	rule->len_hi = U32_MAX;
	if (p->tb[SVCSEQ_A_RULE_LENGTH_MAX])
		rule->len_hi = nla_get_u32(p->tb[SVCSEQ_A_RULE_LENGTH_MAX]);
	err = svcseq_acl_rule_check(rule, p->number, &diag);
	if (err)
		return svcseq_refuse(p->extack, err, "acl '%s': %s", p->name,
				     diag.text);
	return 0;
}

static int label_parse(const struct rule_parser *p, struct svcseq_rules *rules)
{
	const struct nlattr *attr = p->tb[SVCSEQ_A_RULE_COUNT];

	if (!attr)
		return 0;
	if (!svcseq_nl_is_name(nla_data(attr)))
		return svcseq_refuse(p->extack, -EINVAL,
				     "acl '%s': rule %u: 'count' has 1 to %d letters, digits or . _ : @ + -",
				     p->name, p->number, SVCSEQ_NAME_LEN - 1);
	return svcseq_rules_label(rules, p->number - 1, nla_data(attr));
}

static int rules_parse(struct svcseq_rules *rules, const char *name,
		       struct genl_info *info)
{
	struct rule_parser p = { .extack = info->extack, .name = name };
	const struct nlattr *attr;
	int err, rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != SVCSEQ_A_ACL_RULE)
			continue;
		err = nla_parse_nested(p.tb, SVCSEQ_A_RULE_MAX, attr,
				       svcseq_rule_nl_policy, info->extack);
		if (err)
			return err;
		err = rule_parse(&p, &rules->rule[p.number++]);
		if (!err)
			err = label_parse(&p, rules);
		if (err)
			return err;
		if (!(p.number % 256))
			cond_resched();
	}
	return 0;
}

/* Rules made of a request, compiled. */
static struct svcseq_rules *rules_of(struct genl_info *info)
{
	struct svcseq_rules *rules;
	const struct nlattr *attr;
	const char *name;
	int err, rem;
	u32 n = 0;

	err = svcseq_nl_name(info, SVCSEQ_A_ACL_NAME, "acl", &name);
	if (!err)
		err = svcseq_nl_need(info, SVCSEQ_A_ACL_DEFAULT, "acl",
				     "default");
	if (err)
		return ERR_PTR(err);
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(attr) == SVCSEQ_A_ACL_RULE;
	if (n > SVCSEQ_MAX_RULES) {
		svcseq_refuse(info->extack, -E2BIG,
			      "acl '%s': %u rules are more than the %d that a list can have; divide them among several lists",
			      name, n, SVCSEQ_MAX_RULES);
		return ERR_PTR(-E2BIG);
	}
	rules = svcseq_rules_new(n);
	if (!rules)
		return ERR_PTR(-ENOMEM);
	err = rules_parse(rules, name, info);
	if (!err)
		err = svcseq_rules_build(rules, nla_get_u8(info->attrs[SVCSEQ_A_ACL_DEFAULT]));
	if (!err)
		return rules;
	svcseq_rules_free(rules);
	return ERR_PTR(err);
}

static struct svcseq_list *list_of(struct svcseq_net *sn,
				   const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	struct svcseq_list *list = svcseq_list_find(sn, nla_data(attr));

	if (list)
		return list;
	return ERR_PTR(svcseq_list_missing(nla_data(attr), extack));
}

static void *obj_find(struct svcseq_net *sn, struct genl_info *info)
{
	const char *name;
	int err;

	err = svcseq_nl_name(info, SVCSEQ_A_ACL_NAME, "acl", &name);
	if (err)
		return ERR_PTR(err);
	return list_of(sn, info->attrs[SVCSEQ_A_ACL_NAME], info->extack);
}

/* The rules are in user_ptr[0], and are taken from there. */
static void *obj_write(struct svcseq_net *sn, struct genl_info *info,
		       void *obj)
{
	struct nlattr *attr = info->attrs[SVCSEQ_A_ACL_OWNER];
	struct svcseq_rules *rules = info->user_ptr[0];
	u8 owner = attr ? nla_get_u8(attr) : 0;

	if (obj)
		svcseq_list_set(sn, obj, owner, rules);
	else
		obj = svcseq_list_add(sn,
				      nla_data(info->attrs[SVCSEQ_A_ACL_NAME]),
				      owner, rules, info->extack);
	if (!IS_ERR(obj))
		info->user_ptr[0] = NULL;
	return obj;
}

static int obj_del(struct svcseq_net *sn, void *obj,
		   struct netlink_ext_ack *extack)
{
	return svcseq_list_del(sn, obj, extack);
}

static const struct svcseq_nl_noun acl_noun = {
	.find = obj_find,
	.write = obj_write,
	.del = obj_del,
	.fill = acl_fill,
	.objects = offsetof(struct svcseq_net, lists),
	.get_cmd = SVCSEQ_CMD_ACL_GET,
	.ntf_cmd = SVCSEQ_CMD_ACL_NTF,
	.del_ntf_cmd = SVCSEQ_CMD_ACL_DEL_NTF,
};

static int acl_write(struct genl_info *info, bool add)
{
	struct svcseq_rules *rules = rules_of(info);
	int err;

	if (IS_ERR(rules))
		return PTR_ERR(rules);
	info->user_ptr[0] = rules;
	err = svcseq_nl_write(info, &acl_noun, add);
	svcseq_rules_free(info->user_ptr[0]);
	return err;
}

/**
 * svcseq_nl_acl_add_doit - SVCSEQ_CMD_ACL_ADD
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_acl_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return acl_write(info, true);
}

/**
 * svcseq_nl_acl_set_doit - SVCSEQ_CMD_ACL_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_acl_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return acl_write(info, false);
}

/**
 * svcseq_nl_acl_del_doit - SVCSEQ_CMD_ACL_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_acl_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_del(info, &acl_noun);
}

/**
 * svcseq_nl_acl_get_doit - SVCSEQ_CMD_ACL_GET of one list
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_acl_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_get(info, &acl_noun);
}

/**
 * svcseq_nl_acl_get_dumpit - SVCSEQ_CMD_ACL_GET of all lists
 * @skb: where to
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes written or a negative errno.
 */
int svcseq_nl_acl_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return svcseq_nl_dump(skb, cb, &acl_noun);
}

static int rule_get(struct svcseq_net *sn, struct genl_info *info)
{
	u32 number = nla_get_u32(info->attrs[SVCSEQ_A_ACL_RULE_NUMBER]);
	struct rule_ref ref = { .i = number - 1 };
	struct svcseq_list *list;

	list = list_of(sn, info->attrs[SVCSEQ_A_ACL_RULE_ACL], info->extack);
	if (IS_ERR(list))
		return PTR_ERR(list);
	ref.list = list;
	ref.rules = svcseq_list_rules(sn, list);
	if (ref.i >= ref.rules->n)
		return svcseq_refuse(info->extack, -ENOENT,
				     "acl '%s' has no rule %u; it has %u, counted from 1",
				     list->name, number, ref.rules->n);
	return svcseq_nl_reply(info, SVCSEQ_CMD_ACL_RULE_GET, sn, rule_fill,
			       &ref);
}

/**
 * svcseq_nl_acl_rule_get_doit - SVCSEQ_CMD_ACL_RULE_GET of one rule
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_acl_rule_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	int err;

	err = svcseq_nl_need(info, SVCSEQ_A_ACL_RULE_ACL, "rule", "acl");
	if (!err)
		err = svcseq_nl_need(info, SVCSEQ_A_ACL_RULE_NUMBER, "rule",
				     "number");
	if (err)
		return err;
	mutex_lock(&sn->cfg_lock);
	err = rule_get(sn, info);
	mutex_unlock(&sn->cfg_lock);
	return err;
}

/* State of a dump in cb->args: index of the rule, and whether the list was
 * found at all. Only a change of the list itself makes the dump useless.
 */
static int rules_dump(struct sk_buff *skb, struct netlink_callback *cb,
		      struct svcseq_net *sn, const struct nlattr *name)
{
	struct rule_ref ref = { .i = cb->args[0] };
	struct svcseq_list *list = svcseq_list_find(sn, nla_data(name));
	int err = 0;

	if (!list && !cb->args[1])
		return svcseq_list_missing(nla_data(name), cb->extack);
	/* no list ever has generation 0 */
	cb->seq = list ? list->generation : 0;
	cb->args[1] = 1;
	if (!list)
		return 0;
	ref.list = list;
	ref.rules = svcseq_list_rules(sn, list);
	for (; !err && ref.i < ref.rules->n; ref.i += !err)
		err = svcseq_nl_put(skb, NETLINK_CB(cb->skb).portid,
				    cb->nlh->nlmsg_seq, NLM_F_MULTI,
				    SVCSEQ_CMD_ACL_RULE_GET, cb, sn, rule_fill,
				    &ref);
	cb->args[0] = ref.i;
	return err;
}

/**
 * svcseq_nl_acl_rule_get_dumpit - SVCSEQ_CMD_ACL_RULE_GET of all rules
 * @skb: where to
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes written or a negative errno.
 */
int svcseq_nl_acl_rule_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	struct svcseq_net *sn = svcseq_engine(sock_net(skb->sk));
	struct nlattr *attrs[SVCSEQ_A_ACL_RULE_NUMBER + 1];
	int err;

	err = genlmsg_parse(cb->nlh, &svcseq_nl_family, attrs,
			    SVCSEQ_A_ACL_RULE_NUMBER,
			    svcseq_acl_rule_get_nl_policy, cb->extack);
	if (err)
		return err;
	if (!attrs[SVCSEQ_A_ACL_RULE_ACL])
		return svcseq_refuse(cb->extack, -EINVAL,
				     "rule: 'acl' is missing; give it");
	mutex_lock(&sn->cfg_lock);
	err = rules_dump(skb, cb, sn, attrs[SVCSEQ_A_ACL_RULE_ACL]);
	mutex_unlock(&sn->cfg_lock);
	return err && !skb->len ? err : skb->len;
}
