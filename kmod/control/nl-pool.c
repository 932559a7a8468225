// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of pools. */

#include <linux/slab.h>

#include "../table/device.h"
#include "../table/engine.h"
#include "../table/pool.h"
#include "../table/refuse.h"
#include "noun.h"

static int member_put(struct sk_buff *skb, const struct svcseq_pool *pool,
		      const struct svcseq_pool_member *member)
{
	struct nlattr *nest = nla_nest_start(skb, SVCSEQ_A_POOL_MEMBER);
	bool spread = pool->conf->policy == SVCSEQ_POOL_POLICY_SPREAD;

	if (!nest ||
	    nla_put_string(skb, SVCSEQ_A_MEMBER_DEVICE, member->dev->name) ||
	    (spread &&
	     nla_put_u8(skb, SVCSEQ_A_MEMBER_WEIGHT, member->weight)) ||
	    nla_put_u8(skb, SVCSEQ_A_MEMBER_STATE, member->state) ||
	    (svcseq_pool_uses(pool, member) &&
	     nla_put_flag(skb, SVCSEQ_A_MEMBER_ACTIVE)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int pool_fill(struct sk_buff *skb, struct svcseq_net *sn,
		     const void *obj)
{
	const struct svcseq_pool *pool = obj;
	const struct svcseq_pool_conf *conf = pool->conf;
	bool spread = conf->policy == SVCSEQ_POOL_POLICY_SPREAD;
	int i;

	if (nla_put_string(skb, SVCSEQ_A_POOL_NAME, pool->name) ||
	    nla_put_u8(skb, SVCSEQ_A_POOL_POLICY, conf->policy) ||
	    (spread && nla_put_u8(skb, SVCSEQ_A_POOL_BY, conf->by)) ||
	    nla_put_u8(skb, SVCSEQ_A_POOL_OWNER, conf->owner) ||
	    nla_put_u32(skb, SVCSEQ_A_POOL_SEQUENCES, pool->users) ||
	    nla_put_u32(skb, SVCSEQ_A_POOL_GENERATION, pool->generation))
		return -EMSGSIZE;
	for (i = 0; i < conf->nmembers; i++)
		if (member_put(skb, pool, &conf->member[i]))
			return -EMSGSIZE;
	return 0;
}

static struct svcseq_device *member_device(struct svcseq_net *sn,
					   const char *name,
					   const struct nlattr *attr,
					   struct genl_info *info)
{
	struct svcseq_device *dev;

	if (!attr) {
		svcseq_refuse(info->extack, -EINVAL,
			      "pool '%s': a member lacks its device; name one",
			      name);
		return ERR_PTR(-EINVAL);
	}
	dev = svcseq_device_find(sn, nla_data(attr));
	if (dev)
		return dev;
	if (svcseq_pool_find(sn, nla_data(attr))) {
		svcseq_refuse(info->extack, -EINVAL,
			      "pool '%s': member '%s' is a pool itself; name devices",
			      name, (char *)nla_data(attr));
		return ERR_PTR(-EINVAL);
	}
	svcseq_refuse(info->extack, -ENOENT,
		      "pool '%s': member '%s' is not a device; add it with 'device add'",
		      name, (char *)nla_data(attr));
	return ERR_PTR(-ENOENT);
}

static void member_change(struct svcseq_pool_member *member, struct nlattr **tb)
{
	if (tb[SVCSEQ_A_MEMBER_WEIGHT])
		member->weight = nla_get_u8(tb[SVCSEQ_A_MEMBER_WEIGHT]);
	if (tb[SVCSEQ_A_MEMBER_STATE])
		member->state = nla_get_u8(tb[SVCSEQ_A_MEMBER_STATE]);
}

static int member_add(struct svcseq_pool_conf *conf, const char *name,
		      struct svcseq_device *dev, struct nlattr **tb,
		      struct genl_info *info)
{
	struct svcseq_pool_member *member;

	if (conf->nmembers == SVCSEQ_MAX_MEMBERS)
		return svcseq_refuse(info->extack, -E2BIG,
				     "pool '%s' has more than %d members; take some away",
				     name, SVCSEQ_MAX_MEMBERS);
	member = &conf->member[conf->nmembers++];
	member->dev = svcseq_device_get(dev);
	member->weight = 1;
	member_change(member, tb);
	return 0;
}

/* Of a pool that is only to be changed: who is named has to be there. */
static int member_find(struct svcseq_pool_conf *conf, const char *name,
		       const struct svcseq_device *dev, struct nlattr **tb,
		       struct genl_info *info)
{
	int i;

	for (i = 0; i < conf->nmembers; i++) {
		if (conf->member[i].dev != dev)
			continue;
		member_change(&conf->member[i], tb);
		return 0;
	}
	return svcseq_refuse(info->extack, -ENOENT,
			     "pool '%s' has no member '%s'; give 'policy' and all members to put it in",
			     name, dev->name);
}

static int members_parse(struct svcseq_pool_conf *conf, struct svcseq_net *sn,
			 const char *name, bool change, struct genl_info *info)
{
	struct nlattr *tb[SVCSEQ_A_MEMBER_MAX + 1];
	const struct nlattr *attr;
	struct svcseq_device *dev;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != SVCSEQ_A_POOL_MEMBER)
			continue;
		err = nla_parse_nested(tb, SVCSEQ_A_MEMBER_MAX, attr,
				       svcseq_member_nl_policy, info->extack);
		if (err)
			return err;
		dev = member_device(sn, name, tb[SVCSEQ_A_MEMBER_DEVICE], info);
		if (IS_ERR(dev))
			return PTR_ERR(dev);
		if (change)
			err = member_find(conf, name, dev, tb, info);
		else
			err = member_add(conf, name, dev, tb, info);
		if (err)
			return err;
	}
	return 0;
}

/* @pool: what is to be changed; NULL if all is in the request */
static int conf_parse(struct svcseq_pool_conf *conf, struct svcseq_net *sn,
		      const char *name, const struct svcseq_pool *pool,
		      struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	int i;

	if (pool) {
		*conf = *pool->conf;
		for (i = 0; i < conf->nmembers; i++)
			svcseq_device_get(conf->member[i].dev);
	} else {
		conf->policy = nla_get_u8(attrs[SVCSEQ_A_POOL_POLICY]);
	}
	if (attrs[SVCSEQ_A_POOL_BY])
		conf->by = nla_get_u8(attrs[SVCSEQ_A_POOL_BY]);
	if (attrs[SVCSEQ_A_POOL_BY] &&
	    conf->policy != SVCSEQ_POOL_POLICY_SPREAD)
		return svcseq_refuse(info->extack, -EINVAL,
				     "pool '%s': 'by' is for policy spread; with policy primary all flows have one member",
				     name);
	if (attrs[SVCSEQ_A_POOL_OWNER])
		conf->owner = nla_get_u8(attrs[SVCSEQ_A_POOL_OWNER]);
	return members_parse(conf, sn, name, pool, info);
}

static void *obj_find(struct svcseq_net *sn, struct genl_info *info)
{
	struct svcseq_pool *pool;
	const char *name;
	int err;

	err = svcseq_nl_name(info, SVCSEQ_A_POOL_NAME, "pool", &name);
	if (err)
		return ERR_PTR(err);
	pool = svcseq_pool_find(sn, name);
	if (pool)
		return pool;
	svcseq_refuse(info->extack, -ENOENT,
		      "there is no pool '%s'; add it with 'pool add'", name);
	return ERR_PTR(-ENOENT);
}

static void *obj_write(struct svcseq_net *sn, struct genl_info *info,
		       void *obj)
{
	struct svcseq_pool_conf *conf;
	const char *name;
	bool change;
	int err;

	err = svcseq_nl_name(info, SVCSEQ_A_POOL_NAME, "pool", &name);
	change = obj && !info->attrs[SVCSEQ_A_POOL_POLICY];
	if (!err && !change)
		err = svcseq_nl_need(info, SVCSEQ_A_POOL_POLICY, "pool",
				     "policy");
	if (err)
		return ERR_PTR(err);
	conf = kzalloc(sizeof(*conf), GFP_KERNEL_ACCOUNT);
	if (!conf)
		return ERR_PTR(-ENOMEM);
	err = conf_parse(conf, sn, name, change ? obj : NULL, info);
	if (!err && !obj)
		err = svcseq_pool_add(sn, name, conf, info->extack);
	else if (!err)
		err = svcseq_pool_set(obj, conf, info->extack);
	if (!err)
		return svcseq_pool_find(sn, name);
	svcseq_pool_conf_free(conf);
	return ERR_PTR(err);
}

static int obj_del(struct svcseq_net *sn, void *obj,
		   struct netlink_ext_ack *extack)
{
	return svcseq_pool_del(obj, extack);
}

static const struct svcseq_nl_noun pool_noun = {
	.find = obj_find,
	.write = obj_write,
	.del = obj_del,
	.fill = pool_fill,
	.objects = offsetof(struct svcseq_net, pools),
	.get_cmd = SVCSEQ_CMD_POOL_GET,
	.ntf_cmd = SVCSEQ_CMD_POOL_NTF,
	.del_ntf_cmd = SVCSEQ_CMD_POOL_DEL_NTF,
};

/**
 * svcseq_nl_pool_add_doit - SVCSEQ_CMD_POOL_ADD
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_pool_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &pool_noun, true);
}

/**
 * svcseq_nl_pool_set_doit - SVCSEQ_CMD_POOL_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_pool_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &pool_noun, false);
}

/**
 * svcseq_nl_pool_del_doit - SVCSEQ_CMD_POOL_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_pool_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_del(info, &pool_noun);
}

/**
 * svcseq_nl_pool_get_doit - SVCSEQ_CMD_POOL_GET of one pool
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_pool_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_get(info, &pool_noun);
}

/**
 * svcseq_nl_pool_get_dumpit - SVCSEQ_CMD_POOL_GET of all pools
 * @skb: where to
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes written or a negative errno.
 */
int svcseq_nl_pool_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return svcseq_nl_dump(skb, cb, &pool_noun);
}
