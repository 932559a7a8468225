// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of ports. */

#include <linux/rtnetlink.h>

#include "../table/counters.h"
#include "../table/engine.h"
#include "../table/port.h"
#include "../table/refuse.h"
#include "noun.h"

static int port_fill(struct sk_buff *skb, struct svcseq_net *sn,
		     const void *obj)
{
	struct svcseq_totals received = {}, passed = {};
	const struct svcseq_port *port = obj;
	int fam;

	svcseq_stats_read(&received, port->stats, SVCSEQ_PORT_RECEIVED);
	svcseq_stats_read(&passed, port->stats, SVCSEQ_PORT_PASSED);
	if (nla_put_u32(skb, SVCSEQ_A_PORT_IFINDEX, port->dev->ifindex) ||
	    nla_put_string(skb, SVCSEQ_A_PORT_IFNAME, port->ifname) ||
	    nla_put_u8(skb, SVCSEQ_A_PORT_ROLE, port->role) ||
	    nla_put_u8(skb, SVCSEQ_A_PORT_OWNER, port->owner) ||
	    nla_put_u8(skb, SVCSEQ_A_PORT_ANSWER, port->answer) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_PORT_RECEIVED, &received) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_PORT_PASSED, &passed))
		return -EMSGSIZE;
	for (fam = 0; fam < SVCSEQ_NFAM; fam++)
		if (port->gw[fam].set &&
		    svcseq_nl_put_addr(skb, SVCSEQ_A_PORT_GATEWAY4,
				       SVCSEQ_A_PORT_GATEWAY6, fam,
				       &port->gw_addr[fam]))
			return -EMSGSIZE;
	return 0;
}

static struct net_device *find_dev(struct genl_info *info)
{
	struct nlattr *index = info->attrs[SVCSEQ_A_PORT_IFINDEX];
	struct nlattr *name = info->attrs[SVCSEQ_A_PORT_IFNAME];
	struct net *net = genl_info_net(info);
	struct net_device *dev;

	ASSERT_RTNL();

	if (!index && !name) {
		svcseq_nl_need(info, SVCSEQ_A_PORT_IFNAME, "port", "ifname");
		return ERR_PTR(-EINVAL);
	}
	if (index)
		dev = __dev_get_by_index(net, nla_get_u32(index));
	else
		dev = __dev_get_by_name(net, nla_data(name));
	if (dev && (!name || !strcmp(dev->name, nla_data(name))))
		return dev;
	if (name)
		svcseq_refuse(info->extack, -ENODEV,
			      "port '%s': there is no such net device in this namespace",
			      (char *)nla_data(name));
	else
		svcseq_refuse(info->extack, -ENODEV,
			      "port: there is no net device with index %u in this namespace",
			      nla_get_u32(index));
	return ERR_PTR(-ENODEV);
}

static void *obj_find(struct svcseq_net *sn, struct genl_info *info)
{
	struct net_device *dev = find_dev(info);
	struct svcseq_port *port;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	port = svcseq_port_find_index(sn, dev->ifindex);
	if (port)
		return port;
	svcseq_refuse(info->extack, -ENOENT,
		      "'%s' is not a port; add it with 'port add'",
		      dev->name);
	return ERR_PTR(-ENOENT);
}

static void conf_parse(struct svcseq_port_conf *conf, struct genl_info *info)
{
	static const int gw_attr[SVCSEQ_NFAM] = {
		[SVCSEQ_V4] = SVCSEQ_A_PORT_GATEWAY4,
		[SVCSEQ_V6] = SVCSEQ_A_PORT_GATEWAY6,
	};
	int fam;

	memset(conf, 0, sizeof(*conf));
	if (info->attrs[SVCSEQ_A_PORT_ROLE]) {
		conf->has_role = true;
		conf->role = nla_get_u8(info->attrs[SVCSEQ_A_PORT_ROLE]);
	}
	if (info->attrs[SVCSEQ_A_PORT_OWNER]) {
		conf->has_owner = true;
		conf->owner = nla_get_u8(info->attrs[SVCSEQ_A_PORT_OWNER]);
	}
	if (info->attrs[SVCSEQ_A_PORT_ANSWER]) {
		conf->has_answer = true;
		conf->answer = nla_get_u8(info->attrs[SVCSEQ_A_PORT_ANSWER]);
	}
	for (fam = 0; fam < SVCSEQ_NFAM; fam++) {
		if (!info->attrs[gw_attr[fam]])
			continue;
		conf->has_gw[fam] = true;
		svcseq_nl_get_addr(&conf->gw[fam], fam,
				   info->attrs[gw_attr[fam]]);
	}
}

static void *port_add(struct svcseq_net *sn, struct genl_info *info,
		      const struct svcseq_port_conf *conf)
{
	struct net_device *dev;
	int err;

	err = svcseq_nl_need(info, SVCSEQ_A_PORT_ROLE, "port", "role");
	if (err)
		return ERR_PTR(err);
	dev = find_dev(info);
	if (IS_ERR(dev))
		return dev;
	err = svcseq_port_add(sn, dev, conf, info->extack);
	if (err)
		return ERR_PTR(err);
	return svcseq_port_find_index(sn, dev->ifindex);
}

static void *obj_write(struct svcseq_net *sn, struct genl_info *info,
		       void *obj)
{
	struct svcseq_port_conf conf;
	int err;

	conf_parse(&conf, info);
	if (!obj)
		return port_add(sn, info, &conf);
	err = svcseq_port_set(obj, &conf, info->extack);
	return err ? ERR_PTR(err) : obj;
}

static int obj_del(struct svcseq_net *sn, void *obj,
		   struct netlink_ext_ack *extack)
{
	return svcseq_port_del(obj, extack);
}

static const struct svcseq_nl_noun port_noun = {
	.find = obj_find,
	.write = obj_write,
	.del = obj_del,
	.fill = port_fill,
	.objects = offsetof(struct svcseq_net, ports),
	.get_cmd = SVCSEQ_CMD_PORT_GET,
	.ntf_cmd = SVCSEQ_CMD_PORT_NTF,
	.del_ntf_cmd = SVCSEQ_CMD_PORT_DEL_NTF,
	.rtnl = true,
};

/**
 * svcseq_nl_port_gone - tell that a net device took its port away
 * @port: the port
 *
 * Context: process, rtnl and cfg_lock.
 */
void svcseq_nl_port_gone(struct svcseq_port *port)
{
	svcseq_nl_gone(port->sn, &port_noun, port);
}

/**
 * svcseq_nl_port_add_doit - SVCSEQ_CMD_PORT_ADD
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_port_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &port_noun, true);
}

/**
 * svcseq_nl_port_set_doit - SVCSEQ_CMD_PORT_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &port_noun, false);
}

/**
 * svcseq_nl_port_del_doit - SVCSEQ_CMD_PORT_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_del(info, &port_noun);
}

/**
 * svcseq_nl_port_get_doit - SVCSEQ_CMD_PORT_GET of one port
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_get(info, &port_noun);
}

/**
 * svcseq_nl_port_get_dumpit - SVCSEQ_CMD_PORT_GET of all ports
 * @skb: where to
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes written or a negative errno.
 */
int svcseq_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return svcseq_nl_dump(skb, cb, &port_noun);
}
