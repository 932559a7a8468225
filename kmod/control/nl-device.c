// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of devices. */

#include <linux/slab.h>

#include "../table/device.h"
#include "../table/engine.h"
#include "../table/health.h"
#include "../table/refuse.h"
#include "noun.h"

static int arm_put(struct sk_buff *skb, const struct svcseq_arm *arm, u8 side)
{
	int i, fam;

	if (nla_put_u8(skb, SVCSEQ_A_ARM_SIDE, side) ||
	    nla_put_string(skb, SVCSEQ_A_ARM_IFNAME, arm->ifname) ||
	    (arm->port && nla_put_u32(skb, SVCSEQ_A_ARM_IFINDEX,
				      arm->port->dev->ifindex)) ||
	    (arm->any && nla_put_flag(skb, SVCSEQ_A_ARM_ANY_MAC)))
		return -EMSGSIZE;
	for (i = 0; i < arm->nmacs; i++)
		if (nla_put(skb, SVCSEQ_A_ARM_MAC, ETH_ALEN, arm->mac[i]))
			return -EMSGSIZE;
	for (fam = 0; fam < SVCSEQ_NFAM; fam++) {
		if (!arm->neigh[fam].set)
			continue;
		if (svcseq_nl_put_addr(skb, SVCSEQ_A_ARM_ADDR4,
				       SVCSEQ_A_ARM_ADDR6, fam,
				       &arm->addr[fam]))
			return -EMSGSIZE;
		if (arm->neigh[fam].usable &&
		    nla_put(skb, SVCSEQ_A_ARM_RESOLVED, ETH_ALEN,
			    arm->neigh[fam].mac))
			return -EMSGSIZE;
	}
	return 0;
}

static const int alarm_attr[SVCSEQ_ALARM_NKINDS] = {
	[SVCSEQ_ALARM_KIND_SYN] = SVCSEQ_A_ALARM_SYN,
	[SVCSEQ_ALARM_KIND_UNRETURNED] = SVCSEQ_A_ALARM_UNRETURNED,
	[SVCSEQ_ALARM_KIND_GAP] = SVCSEQ_A_ALARM_GAP,
};

static int alarm_put(struct sk_buff *skb, const struct svcseq_alarm *alarm)
{
	struct nlattr *nest;
	int kind;

	if (!alarm->watch)
		return 0;
	nest = nla_nest_start(skb, SVCSEQ_A_DEVICE_ALARM);
	if (!nest || nla_put_flag(skb, SVCSEQ_A_ALARM_WATCH))
		return -EMSGSIZE;
	for (kind = 0; kind < SVCSEQ_ALARM_NKINDS; kind++)
		if (alarm->limit[kind] &&
		    nla_put_u32(skb, alarm_attr[kind], alarm->limit[kind]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int health_put_arm(struct sk_buff *skb,
			  const struct svcseq_health *health, u8 side)
{
	struct nlattr *nest = nla_nest_start(skb, SVCSEQ_A_HEALTH_ARM);
	struct svcseq_health_arm arm;

	svcseq_health_read(health, side, &arm);
	if (!nest || nla_put_u8(skb, SVCSEQ_A_ARM_HEALTH_SIDE, side) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_ARM_HEALTH_SENT, &arm.sent) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_ARM_HEALTH_RECEIVED,
				  &arm.back) ||
	    (arm.sent_ms != U32_MAX &&
	     nla_put_u32(skb, SVCSEQ_A_ARM_HEALTH_SENT_AGO, arm.sent_ms)) ||
	    (arm.back_ms != U32_MAX &&
	     nla_put_u32(skb, SVCSEQ_A_ARM_HEALTH_RECEIVED_AGO, arm.back_ms)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int health_put(struct sk_buff *skb, const struct svcseq_device *dev)
{
	const struct svcseq_health *health = dev->health;
	u8 suspect, side;
	struct nlattr *nest;

	if (!health || !dev->conf->alarm.watch)
		return 0;
	suspect = READ_ONCE(health->suspect);
	nest = nla_nest_start(skb, SVCSEQ_A_DEVICE_HEALTH);
	if (!nest ||
	    (suspect && nla_put_u8(skb, SVCSEQ_A_HEALTH_SUSPECT, suspect)) ||
	    nla_put_u32(skb, SVCSEQ_A_HEALTH_SYN, atomic_read(&health->syn)) ||
	    nla_put_u32(skb, SVCSEQ_A_HEALTH_UNRETURNED,
			atomic_read(&health->unreturned)) ||
	    nla_put_u32(skb, SVCSEQ_A_HEALTH_GAP,
			jiffies_to_msecs(READ_ONCE(health->gap) >>
					 SVCSEQ_HEALTH_SHIFT)) ||
	    nla_put_u32(skb, SVCSEQ_A_HEALTH_GAP_MAX,
			jiffies_to_msecs(READ_ONCE(health->gap_max))))
		return -EMSGSIZE;
	for (side = 0; side < dev->conf->narms; side++)
		if (health_put_arm(skb, health, side))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int device_fill(struct sk_buff *skb, struct svcseq_net *sn,
		       const void *obj)
{
	const struct svcseq_device *dev = obj;
	const struct svcseq_device_conf *conf = dev->conf;
	struct svcseq_totals sent, received;
	struct nlattr *nest;
	int a, fam;

	svcseq_device_totals(sn, dev, &sent, &received);
	if (nla_put_string(skb, SVCSEQ_A_DEVICE_NAME, dev->name) ||
	    nla_put_u8(skb, SVCSEQ_A_DEVICE_KIND, conf->kind) ||
	    (conf->kind == SVCSEQ_DEVICE_KIND_SERVER &&
	     nla_put_u8(skb, SVCSEQ_A_DEVICE_MODE, conf->mode)) ||
	    nla_put_u8(skb, SVCSEQ_A_DEVICE_OWNER, conf->owner) ||
	    nla_put_u32(skb, SVCSEQ_A_DEVICE_SEQUENCES, dev->users) ||
	    nla_put_u32(skb, SVCSEQ_A_DEVICE_POOLS, dev->pools) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_DEVICE_SENT, &sent) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_DEVICE_RECEIVED, &received))
		return -EMSGSIZE;
	for (a = 0; a < conf->narms; a++) {
		nest = nla_nest_start(skb, SVCSEQ_A_DEVICE_ARM);
		if (!nest || arm_put(skb, &conf->arm[a], a))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	for (fam = 0; fam < SVCSEQ_NFAM; fam++)
		if (conf->has_nat[fam] &&
		    svcseq_nl_put_addr(skb, SVCSEQ_A_DEVICE_NAT4,
				       SVCSEQ_A_DEVICE_NAT6, fam,
				       &conf->nat[fam]))
			return -EMSGSIZE;
	if (alarm_put(skb, &conf->alarm) || health_put(skb, dev))
		return -EMSGSIZE;
	return 0;
}

static int arm_parse_macs(const char *name, struct svcseq_arm *arm,
			  const struct nlattr *nest, struct genl_info *info)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != SVCSEQ_A_ARM_MAC)
			continue;
		if (arm->nmacs == SVCSEQ_MAX_MACS)
			return svcseq_refuse(info->extack, -E2BIG,
					     "device '%s': an arm has %d MAC addresses at most",
					     name, SVCSEQ_MAX_MACS);
		memcpy(arm->mac[arm->nmacs++], nla_data(attr), ETH_ALEN);
	}
	return 0;
}

static int arm_parse_port(const char *name, struct svcseq_arm *arm,
			  struct nlattr **tb, struct svcseq_net *sn,
			  struct genl_info *info)
{
	struct svcseq_port *port;
	unsigned long id;

	if (tb[SVCSEQ_A_ARM_IFNAME]) {
		nla_strscpy(arm->ifname, tb[SVCSEQ_A_ARM_IFNAME],
			    sizeof(arm->ifname));
		return 0;
	}
	if (!tb[SVCSEQ_A_ARM_IFINDEX])
		return svcseq_refuse(info->extack, -EINVAL,
				     "device '%s': an arm lacks its port; give 'ifname'",
				     name);
	xa_for_each(&sn->ports, id, port)
		if (port->dev->ifindex ==
		    nla_get_u32(tb[SVCSEQ_A_ARM_IFINDEX])) {
			strscpy(arm->ifname, port->ifname,
				sizeof(arm->ifname));
			return 0;
		}
	return svcseq_refuse(info->extack, -ENODEV,
			     "device '%s': net device %u of an arm is not a port; add it with 'port add'",
			     name, nla_get_u32(tb[SVCSEQ_A_ARM_IFINDEX]));
}

static int arm_parse(const char *name, struct svcseq_device_conf *conf,
		     const struct nlattr *nest, struct svcseq_net *sn,
		     struct genl_info *info)
{
	struct nlattr *tb[SVCSEQ_A_ARM_MAX + 1];
	struct svcseq_arm *arm;
	u8 side;
	int err;

	err = nla_parse_nested(tb, SVCSEQ_A_ARM_RESOLVED, nest,
			       svcseq_arm_nl_policy, info->extack);
	if (err)
		return err;
	if (!tb[SVCSEQ_A_ARM_SIDE])
		return svcseq_refuse(info->extack, -EINVAL,
				     "device '%s': an arm lacks its 'side'; say outer or inner",
				     name);
	side = nla_get_u8(tb[SVCSEQ_A_ARM_SIDE]);
	arm = &conf->arm[side];
	if (arm->ifname[0])
		return svcseq_refuse(info->extack, -EINVAL,
				     "device '%s' has two %s arms; one of them is too many",
				     name, side ? "inner" : "outer");
	err = arm_parse_port(name, arm, tb, sn, info);
	if (!err)
		err = arm_parse_macs(name, arm, nest, info);
	if (err)
		return err;
	arm->any = nla_get_flag(tb[SVCSEQ_A_ARM_ANY_MAC]);
	if (tb[SVCSEQ_A_ARM_ADDR4]) {
		arm->neigh[SVCSEQ_V4].set = true;
		svcseq_nl_get_addr(&arm->addr[SVCSEQ_V4], SVCSEQ_V4,
				   tb[SVCSEQ_A_ARM_ADDR4]);
	}
	if (tb[SVCSEQ_A_ARM_ADDR6]) {
		arm->neigh[SVCSEQ_V6].set = true;
		svcseq_nl_get_addr(&arm->addr[SVCSEQ_V6], SVCSEQ_V6,
				   tb[SVCSEQ_A_ARM_ADDR6]);
	}
	return 0;
}

static int conf_parse_arms(const char *name, struct svcseq_device_conf *conf,
			   struct svcseq_net *sn, struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != SVCSEQ_A_DEVICE_ARM)
			continue;
		err = arm_parse(name, conf, attr, sn, info);
		if (err)
			return err;
	}
	if (!conf->arm[SVCSEQ_ARM_SIDE_OUTER].ifname[0])
		return svcseq_refuse(info->extack, -EINVAL,
				     "device '%s' has no outer arm; give it one with 'outer'",
				     name);
	conf->narms = conf->arm[SVCSEQ_ARM_SIDE_INNER].ifname[0] ? 2 : 1;
	return 0;
}

/* Any word about alarms means that the device is watched; none ends that. */
static int alarm_parse(struct svcseq_alarm *alarm, const struct nlattr *nest,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[SVCSEQ_A_ALARM_MAX + 1];
	int err, kind;

	err = nla_parse_nested(tb, SVCSEQ_A_ALARM_MAX, nest,
			       svcseq_alarm_nl_policy, extack);
	if (err)
		return err;
	alarm->watch = nla_get_flag(tb[SVCSEQ_A_ALARM_WATCH]);
	for (kind = 0; kind < SVCSEQ_ALARM_NKINDS; kind++) {
		if (tb[alarm_attr[kind]])
			alarm->limit[kind] = nla_get_u32(tb[alarm_attr[kind]]);
		alarm->watch |= alarm->limit[kind];
	}
	return 0;
}

static int conf_parse(const char *name, struct svcseq_device_conf *conf,
		      struct svcseq_net *sn, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	int err;

	err = svcseq_nl_need(info, SVCSEQ_A_DEVICE_KIND, "device", "kind");
	if (err)
		return err;
	conf->kind = nla_get_u8(attrs[SVCSEQ_A_DEVICE_KIND]);
	if (conf->kind == SVCSEQ_DEVICE_KIND_SERVER) {
		err = svcseq_nl_need(info, SVCSEQ_A_DEVICE_MODE, "device",
				     "mode");
		if (err)
			return err;
		conf->mode = nla_get_u8(attrs[SVCSEQ_A_DEVICE_MODE]);
	} else if (attrs[SVCSEQ_A_DEVICE_MODE]) {
		return svcseq_refuse(info->extack, -EINVAL,
				     "device '%s' is no server and has no mode",
				     name);
	}
	if (attrs[SVCSEQ_A_DEVICE_OWNER])
		conf->owner = nla_get_u8(attrs[SVCSEQ_A_DEVICE_OWNER]);
	if (attrs[SVCSEQ_A_DEVICE_NAT4]) {
		conf->has_nat[SVCSEQ_V4] = true;
		svcseq_nl_get_addr(&conf->nat[SVCSEQ_V4], SVCSEQ_V4,
				   attrs[SVCSEQ_A_DEVICE_NAT4]);
	}
	if (attrs[SVCSEQ_A_DEVICE_NAT6]) {
		conf->has_nat[SVCSEQ_V6] = true;
		svcseq_nl_get_addr(&conf->nat[SVCSEQ_V6], SVCSEQ_V6,
				   attrs[SVCSEQ_A_DEVICE_NAT6]);
	}
	if (attrs[SVCSEQ_A_DEVICE_ALARM]) {
		err = alarm_parse(&conf->alarm, attrs[SVCSEQ_A_DEVICE_ALARM],
				  info->extack);
		if (err)
			return err;
	}
	return conf_parse_arms(name, conf, sn, info);
}

static bool is_alarm_alone(struct nlattr **attrs)
{
	return attrs[SVCSEQ_A_DEVICE_ALARM] && !attrs[SVCSEQ_A_DEVICE_KIND] &&
	       !attrs[SVCSEQ_A_DEVICE_MODE] && !attrs[SVCSEQ_A_DEVICE_ARM] &&
	       !attrs[SVCSEQ_A_DEVICE_NAT4] && !attrs[SVCSEQ_A_DEVICE_NAT6] &&
	       !attrs[SVCSEQ_A_DEVICE_OWNER];
}

static int set_alarm(struct svcseq_net *sn, struct genl_info *info,
		     struct svcseq_device *dev)
{
	struct svcseq_alarm alarm = {};
	int err;

	err = alarm_parse(&alarm, info->attrs[SVCSEQ_A_DEVICE_ALARM],
			  info->extack);
	if (err)
		return err;
	return svcseq_device_set_alarm(sn, dev, &alarm, info->extack);
}

static void *obj_find(struct svcseq_net *sn, struct genl_info *info)
{
	struct svcseq_device *dev;
	const char *name;
	int err;

	err = svcseq_nl_name(info, SVCSEQ_A_DEVICE_NAME, "device", &name);
	if (err)
		return ERR_PTR(err);
	dev = svcseq_device_find(sn, name);
	if (dev)
		return dev;
	svcseq_refuse(info->extack, -ENOENT,
		      "there is no device '%s'; add it with 'device add'",
		      name);
	return ERR_PTR(-ENOENT);
}

static void *obj_write(struct svcseq_net *sn, struct genl_info *info,
		       void *obj)
{
	struct svcseq_device_conf *conf;
	const char *name;
	int err;

	err = svcseq_nl_name(info, SVCSEQ_A_DEVICE_NAME, "device", &name);
	if (err)
		return ERR_PTR(err);
	if (obj && is_alarm_alone(info->attrs)) {
		err = set_alarm(sn, info, obj);
		return err ? ERR_PTR(err) : obj;
	}
	conf = kzalloc(sizeof(*conf), GFP_KERNEL_ACCOUNT);
	if (!conf)
		return ERR_PTR(-ENOMEM);
	err = conf_parse(name, conf, sn, info);
	if (!err && !obj)
		err = svcseq_device_add(sn, name, conf, info->extack);
	else if (!err)
		err = svcseq_device_set(sn, obj, conf, info->extack);
	if (!err)
		return svcseq_device_find(sn, name);
	kfree(conf);
	return ERR_PTR(err);
}

static int obj_del(struct svcseq_net *sn, void *obj,
		   struct netlink_ext_ack *extack)
{
	return svcseq_device_del(sn, obj, extack);
}

static const struct svcseq_nl_noun device_noun = {
	.find = obj_find,
	.write = obj_write,
	.del = obj_del,
	.fill = device_fill,
	.objects = offsetof(struct svcseq_net, devices),
	.get_cmd = SVCSEQ_CMD_DEVICE_GET,
	.ntf_cmd = SVCSEQ_CMD_DEVICE_NTF,
	.del_ntf_cmd = SVCSEQ_CMD_DEVICE_DEL_NTF,
};

/**
 * svcseq_nl_device_suspect - tell that a device is suspect, or well again
 * @sn: the engine
 * @dev: the device
 * @suspect: which of both
 *
 * Context: process, cfg_lock.
 */
void svcseq_nl_device_suspect(struct svcseq_net *sn, struct svcseq_device *dev,
			      bool suspect)
{
	svcseq_nl_tell(sn, &device_noun,
		       suspect ? SVCSEQ_CMD_DEVICE_SUSPECT_NTF :
				 SVCSEQ_CMD_DEVICE_WELL_NTF, dev);
}

/**
 * svcseq_nl_device_add_doit - SVCSEQ_CMD_DEVICE_ADD
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_device_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &device_noun, true);
}

/**
 * svcseq_nl_device_set_doit - SVCSEQ_CMD_DEVICE_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_device_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &device_noun, false);
}

/**
 * svcseq_nl_device_del_doit - SVCSEQ_CMD_DEVICE_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_device_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_del(info, &device_noun);
}

/**
 * svcseq_nl_device_get_doit - SVCSEQ_CMD_DEVICE_GET of one device
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_get(info, &device_noun);
}

/**
 * svcseq_nl_device_get_dumpit - SVCSEQ_CMD_DEVICE_GET of all devices
 * @skb: where to
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes written or a negative errno.
 */
int svcseq_nl_device_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return svcseq_nl_dump(skb, cb, &device_noun);
}
