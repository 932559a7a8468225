// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of ports. */

#include <linux/rtnetlink.h>

#include "../table/counters.h"
#include "../table/engine.h"
#include "../table/port.h"
#include "../table/refuse.h"
#include "netlink.h"

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

/**
 * svcseq_nl_port_gone - tell that a net device took its port away
 * @port: the port
 *
 * Context: process, rtnl and cfg_lock.
 */
void svcseq_nl_port_gone(struct svcseq_port *port)
{
	svcseq_nl_tell(port->sn, svcseq_nl_event(port->sn,
						 SVCSEQ_CMD_PORT_DEL_NTF,
						 port_fill, port));
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

static struct svcseq_port *find_port(struct svcseq_net *sn,
				     struct genl_info *info)
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
	for (fam = 0; fam < SVCSEQ_NFAM; fam++) {
		if (!info->attrs[gw_attr[fam]])
			continue;
		conf->has_gw[fam] = true;
		svcseq_nl_get_addr(&conf->gw[fam], fam,
				   info->attrs[gw_attr[fam]]);
	}
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
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	struct svcseq_port_conf conf;
	struct svcseq_port *port;
	struct net_device *dev;
	int err;

	err = svcseq_nl_need(info, SVCSEQ_A_PORT_ROLE, "port", "role");
	if (err)
		return err;
	conf_parse(&conf, info);
	rtnl_lock();
	mutex_lock(&sn->cfg_lock);
	dev = find_dev(info);
	err = PTR_ERR_OR_ZERO(dev);
	if (!err)
		err = svcseq_port_add(sn, dev, &conf, info->extack);
	if (!err) {
		port = svcseq_port_find_index(sn, dev->ifindex);
		svcseq_nl_tell(sn, svcseq_nl_event(sn, SVCSEQ_CMD_PORT_NTF,
						   port_fill, port));
	}
	mutex_unlock(&sn->cfg_lock);
	rtnl_unlock();
	return err;
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
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	struct svcseq_port_conf conf;
	struct svcseq_port *port;
	int err;

	conf_parse(&conf, info);
	rtnl_lock();
	mutex_lock(&sn->cfg_lock);
	port = find_port(sn, info);
	err = PTR_ERR_OR_ZERO(port);
	if (!err)
		err = svcseq_port_set(port, &conf, info->extack);
	if (!err)
		svcseq_nl_tell(sn, svcseq_nl_event(sn, SVCSEQ_CMD_PORT_NTF,
						   port_fill, port));
	mutex_unlock(&sn->cfg_lock);
	rtnl_unlock();
	return err;
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
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	struct svcseq_port *port;
	struct sk_buff *event;
	int err;

	rtnl_lock();
	mutex_lock(&sn->cfg_lock);
	port = find_port(sn, info);
	err = PTR_ERR_OR_ZERO(port);
	if (!err) {
		event = svcseq_nl_event(sn, SVCSEQ_CMD_PORT_DEL_NTF, port_fill,
					port);
		err = svcseq_port_del(port, info->extack);
		if (err)
			nlmsg_free(event);
		else
			svcseq_nl_tell(sn, event);
	}
	mutex_unlock(&sn->cfg_lock);
	rtnl_unlock();
	return err;
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
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	struct svcseq_port *port;
	int err;

	rtnl_lock();
	mutex_lock(&sn->cfg_lock);
	port = find_port(sn, info);
	err = PTR_ERR_OR_ZERO(port);
	if (!err)
		err = svcseq_nl_reply(info, SVCSEQ_CMD_PORT_GET, sn, port_fill,
				      port);
	mutex_unlock(&sn->cfg_lock);
	rtnl_unlock();
	return err;
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
	struct svcseq_net *sn = svcseq_engine(sock_net(skb->sk));

	return svcseq_nl_dump(skb, cb, SVCSEQ_CMD_PORT_GET, &sn->ports,
			      port_fill);
}
