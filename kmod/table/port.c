// SPDX-License-Identifier: GPL-2.0
/* Ports: net devices handed to the engine. */

#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "address.h"
#include "counters.h"
#include "device.h"
#include "engine.h"
#include "neigh.h"
#include "port.h"
#include "refuse.h"
#include "sequence.h"
#include "tie.h"

static const struct svcseq_port_ops *port_ops;

/**
 * svcseq_port_set_ops - say how packets of ports are caught
 * @ops: the way
 *
 * Context: module init, before the first port.
 */
void svcseq_port_set_ops(const struct svcseq_port_ops *ops)
{
	port_ops = ops;
}

/**
 * svcseq_port_find - find a port by name
 * @sn: the engine
 * @ifname: name of its net device
 *
 * Context: process, cfg_lock.
 * Return: the port or NULL.
 */
struct svcseq_port *svcseq_port_find(struct svcseq_net *sn, const char *ifname)
{
	struct svcseq_port *port;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->ports, id, port)
		if (!strcmp(port->ifname, ifname))
			return port;
	return NULL;
}

/**
 * svcseq_port_find_index - find a port by interface index
 * @sn: the engine
 * @ifindex: index of its net device
 *
 * Context: process, cfg_lock.
 * Return: the port or NULL.
 */
struct svcseq_port *svcseq_port_find_index(struct svcseq_net *sn, int ifindex)
{
	struct svcseq_port *port;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->ports, id, port)
		if (port->dev->ifindex == ifindex)
			return port;
	return NULL;
}

/**
 * svcseq_port_get - take a reference
 * @port: the port
 *
 * Context: any, with a reference or cfg_lock.
 * Return: @port.
 */
struct svcseq_port *svcseq_port_get(struct svcseq_port *port)
{
	kref_get(&port->refs);
	return port;
}

static void port_free(struct work_struct *work)
{
	struct svcseq_port *port = container_of(to_rcu_work(work),
						struct svcseq_port, rwork);

	netdev_put(port->dev, &port->dev_tracker);
	free_percpu(port->stats);
	kfree(port);
}

static void port_release(struct kref *refs)
{
	struct svcseq_port *port = container_of(refs, struct svcseq_port, refs);

	INIT_RCU_WORK(&port->rwork, port_free);
	queue_rcu_work(svcseq_wq, &port->rwork);
}

/**
 * svcseq_port_put - give a reference back
 * @port: the port
 *
 * Context: any.
 */
void svcseq_port_put(struct svcseq_port *port)
{
	kref_put(&port->refs, port_release);
}

static int port_check_conf(const char *ifname, bool bare, u8 role,
			   const struct svcseq_port_conf *conf,
			   struct netlink_ext_ack *extack)
{
	if (conf->has_answer && conf->answer &&
	    (bare || role != SVCSEQ_PORT_ROLE_UPLINK))
		return svcseq_refuse(extack, -EINVAL,
				     "port '%s' cannot answer for the addresses of services; only an uplink with MAC addresses does",
				     ifname);
	if (bare && (conf->has_gw[SVCSEQ_V4] || conf->has_gw[SVCSEQ_V6]))
		return svcseq_refuse(extack, -EINVAL,
				     "port '%s' leads to a single station; leave the gateway out",
				     ifname);
	if (role != SVCSEQ_PORT_ROLE_UPLINK &&
	    (conf->has_gw[SVCSEQ_V4] || conf->has_gw[SVCSEQ_V6]))
		return svcseq_refuse(extack, -EINVAL,
				     "port '%s' has role device, which takes no gateway; only an uplink does",
				     ifname);
	return 0;
}

/* Solicitations for addresses that the net device does not have go to multicast
 * groups that its filter would not let in.
 */
static void port_set_allmulti(struct svcseq_port *port, bool on)
{
	struct svcseq_net *sn = port->sn;

	ASSERT_RTNL();

	if (port->allmulti == on)
		return;
	/* the notifier must not wait for the lock that we hold */
	sn->flagging = true;
	if (!dev_set_allmulti(port->dev, on ? 1 : -1))
		port->allmulti = on;
	sn->flagging = false;
}

/* The port begins or ends to answer, if it does. */
static void port_answer(struct svcseq_port *port)
{
	port_set_allmulti(port, port->answer);
	if (port->answer)
		svcseq_address_announce_all(port->sn);
}

static void port_apply(struct svcseq_port *port,
		       const struct svcseq_port_conf *conf)
{
	int fam;

	/* pairs with READ_ONCE() where packets are steered */
	if (conf->has_role)
		WRITE_ONCE(port->role, conf->role);
	if (conf->has_owner)
		port->owner = conf->owner;
	if (conf->has_answer)
		WRITE_ONCE(port->answer, conf->answer);
	else if (conf->has_role)
		WRITE_ONCE(port->answer, !port->bare &&
			   conf->role == SVCSEQ_PORT_ROLE_UPLINK);
	for (fam = 0; fam < SVCSEQ_NFAM; fam++) {
		if (!conf->has_gw[fam])
			continue;
		if (!port->gw[fam].set)
			svcseq_neigh_use(port->sn, 1);
		memset(&port->gw[fam], 0, sizeof(port->gw[fam]));
		port->gw[fam].set = true;
		port->gw_addr[fam] = conf->gw[fam];
		svcseq_neigh_refresh(&port->gw[fam], fam, &port->gw_addr[fam],
				     port->dev);
	}
}

/* Point to point: whatever is sent arrives at the one station behind it. */
static bool dev_is_bare(const struct net_device *dev)
{
	switch (dev->type) {
	case ARPHRD_NONE:	/* tun, WireGuard */
	case ARPHRD_RAWIP:
	case ARPHRD_PPP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE:
		/* some have operations, but none that makes a header */
		return !dev->header_ops || !dev->header_ops->create;
	default:
		return false;
	}
}

static int port_check_dev(struct svcseq_net *sn, struct net_device *dev,
			  struct netlink_ext_ack *extack)
{
	if (svcseq_port_find_index(sn, dev->ifindex))
		return svcseq_refuse(extack, -EEXIST,
				     "port '%s' exists; change it with 'port set'",
				     dev->name);
	if (dev->flags & IFF_LOOPBACK ||
	    (dev->type != ARPHRD_ETHER && !dev_is_bare(dev)))
		return svcseq_refuse(extack, -EINVAL,
				     "'%s' cannot be a port: it is neither an Ethernet device nor one that leads to a single station, as a tunnel does",
				     dev->name);
	return 0;
}

static struct svcseq_port *port_new(struct svcseq_net *sn,
				    struct net_device *dev)
{
	struct svcseq_port *port;

	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		return NULL;
	port->stats = svcseq_stats_alloc(SVCSEQ_PORT_NSTATS);
	if (!port->stats) {
		kfree(port);
		return NULL;
	}
	port->sn = sn;
	port->dev = dev;
	port->bare = dev->type != ARPHRD_ETHER;
	netdev_hold(dev, &port->dev_tracker, GFP_KERNEL);
	strscpy(port->ifname, dev->name, sizeof(port->ifname));
	kref_init(&port->refs);
	return port;
}

static void port_unlink(struct svcseq_port *port)
{
	struct svcseq_net *sn = port->sn;
	int fam;

	for (fam = 0; fam < SVCSEQ_NFAM; fam++)
		if (port->gw[fam].set)
			svcseq_neigh_use(sn, -1);
	svcseq_gate_port_gone(sn, port);
	xa_erase(&sn->ports, port->id);
	sn->nports--;
	svcseq_engine_changed(sn);
}

/* The number goes first, so that sequences do not choose the port again. */
static void port_forget(struct svcseq_port *port)
{
	struct svcseq_net *sn = port->sn;

	port_unlink(port);
	svcseq_device_port_gone(sn, port);
	svcseq_sequence_port_gone(sn, port);
	svcseq_port_put(port);
}

/* A new, changed or lost uplink may change where replies leave. */
static int port_update(struct svcseq_net *sn, struct netlink_ext_ack *extack)
{
	return svcseq_sequence_update(sn, svcseq_sequence_any, NULL, extack);
}

/**
 * svcseq_port_add - hand a net device to the engine
 * @sn: the engine
 * @dev: the net device, in the same namespace
 * @conf: what the user says
 * @extack: for the text of a refusal
 *
 * Devices and sequences that named the net device while it was gone find it
 * again.
 *
 * Context: process, rtnl and cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_port_add(struct svcseq_net *sn, struct net_device *dev,
		    const struct svcseq_port_conf *conf,
		    struct netlink_ext_ack *extack)
{
	static u32 next_id;	/* under rtnl */
	struct svcseq_port *port;
	u32 id;
	int err;

	ASSERT_RTNL();
	lockdep_assert_held(&sn->cfg_lock);

	err = port_check_dev(sn, dev, extack);
	if (!err)
		err = port_check_conf(dev->name, dev_is_bare(dev), conf->role,
				      conf, extack);
	if (err)
		return err;
	port = port_new(sn, dev);
	if (!port)
		return -ENOMEM;

	/* cyclic: a number is not used again while an old program has it */
	err = xa_alloc_cyclic(&sn->ports, &id, port, XA_LIMIT(1, U16_MAX),
			      &next_id, GFP_KERNEL_ACCOUNT);
	if (err == -EBUSY)
		err = svcseq_refuse(extack, -ENOSPC,
				    "port '%s': there are %u ports already, which is all there can be",
				    dev->name, U16_MAX);
	if (err < 0) {
		svcseq_port_put(port);
		return err;
	}
	port->id = (u16)id;
	sn->nports++;
	svcseq_engine_changed(sn);
	port_apply(port, conf);
	svcseq_gate_port_added(sn, port);
	svcseq_device_port_added(sn, port);
	svcseq_sequence_port_added(sn, port);
	err = port_update(sn, extack);
	if (err)
		goto err_forget;
	/* merged packets cannot be forwarded as they are */
	dev_disable_lro(dev);
	err = port_ops->attach(port);
	if (err)
		goto err_forget;
	port_answer(port);
	return 0;

err_forget:
	port_forget(port);
	return err;
}

/**
 * svcseq_port_set - change a port
 * @port: the port
 * @conf: what the user says; what is not given stays
 * @extack: for the text of a refusal
 *
 * Context: process, rtnl and cfg_lock.
 * Return: 0 or a negative errno, and then nothing has changed.
 */
int svcseq_port_set(struct svcseq_port *port,
		    const struct svcseq_port_conf *conf,
		    struct netlink_ext_ack *extack)
{
	u8 role = conf->has_role ? conf->role : port->role;
	struct svcseq_net *sn = port->sn;
	struct svcseq_neigh gw[SVCSEQ_NFAM];
	union svcseq_addr gw_addr[SVCSEQ_NFAM];
	u8 old_role = port->role;
	u8 old_owner = port->owner;
	bool old_answer = port->answer;
	int err, fam;

	lockdep_assert_held(&sn->cfg_lock);

	err = port_check_conf(port->ifname, port->bare, role, conf, extack);
	if (err)
		return err;
	if (role != port->role && port->users)
		return svcseq_refuse(extack, -EBUSY,
				     "port '%s' is used by %u device arms or sequences as it is; take them away before its role is changed",
				     port->ifname, port->users);
	if (role != port->role && role == SVCSEQ_PORT_ROLE_DEVICE &&
	    (port->gw[SVCSEQ_V4].set || port->gw[SVCSEQ_V6].set))
		return svcseq_refuse(extack, -EINVAL,
				     "port '%s' has a gateway, which only an uplink takes; delete the port and add it anew",
				     port->ifname);

	memcpy(gw, port->gw, sizeof(gw));
	memcpy(gw_addr, port->gw_addr, sizeof(gw_addr));
	port_apply(port, conf);
	err = port_update(sn, extack);
	if (err) {
		for (fam = 0; fam < SVCSEQ_NFAM; fam++)
			if (port->gw[fam].set && !gw[fam].set)
				svcseq_neigh_use(sn, -1);
		memcpy(port->gw, gw, sizeof(gw));
		memcpy(port->gw_addr, gw_addr, sizeof(gw_addr));
		WRITE_ONCE(port->role, old_role);
		WRITE_ONCE(port->answer, old_answer);
		port->owner = old_owner;
		return err;
	}
	if (port->answer != old_answer)
		port_answer(port);
	svcseq_engine_changed(sn);
	return 0;
}

/**
 * svcseq_port_del - take a port back
 * @port: the port
 * @extack: for the text of a refusal
 *
 * Context: process, rtnl and cfg_lock.
 * Return: 0 or -EBUSY.
 */
int svcseq_port_del(struct svcseq_port *port, struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&port->sn->cfg_lock);

	if (port->users)
		return svcseq_refuse(extack, -EBUSY,
				     "port '%s' is used by %u device arms or sequences; take them away first",
				     port->ifname, port->users);
	err = svcseq_gate_check(port->sn, port, extack);
	if (err)
		return err;
	svcseq_port_gone(port);
	return 0;
}

/**
 * svcseq_port_gone - forget a port whatever uses it
 * @port: the port
 *
 * Arms and sequences keep its name; packets to them are dropped as port-down.
 *
 * Context: process, rtnl and cfg_lock. The net device is not touched by
 * packets any more after a grace period.
 */
void svcseq_port_gone(struct svcseq_port *port)
{
	ASSERT_RTNL();
	lockdep_assert_held(&port->sn->cfg_lock);

	port_ops->detach(port);
	port_set_allmulti(port, false);
	port_forget(port);
}

/**
 * svcseq_port_announce - tell the stations behind a port that it has an address
 * @port: the port
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @addr: the address
 *
 * Context: process, cfg_lock.
 */
void svcseq_port_announce(struct svcseq_port *port, u8 fam,
			  const union svcseq_addr *addr)
{
	lockdep_assert_held(&port->sn->cfg_lock);

	port_ops->announce(port, fam, addr);
}

/**
 * svcseq_port_renamed - the net device of a port has another name
 * @port: the port
 *
 * Context: process, rtnl and cfg_lock.
 */
void svcseq_port_renamed(struct svcseq_port *port)
{
	lockdep_assert_held(&port->sn->cfg_lock);

	strscpy(port->ifname, port->dev->name, sizeof(port->ifname));
	svcseq_gate_port_renamed(port->sn, port);
	svcseq_device_port_renamed(port->sn, port);
	svcseq_sequence_port_renamed(port->sn, port);
	svcseq_engine_changed(port->sn);
}

/**
 * svcseq_port_count_rows - a program begins or ends to be current
 * @sn: the engine
 * @prog: the program
 * @by: 1 or -1
 *
 * Tells every port what may come in by it, so that packets are looked up the
 * likely way round.
 *
 * Context: process, cfg_lock.
 */
void svcseq_port_count_rows(struct svcseq_net *sn,
			    const struct svcseq_prog *prog, int by)
{
	u16 total = prog->nrows[0] + prog->nrows[1];
	struct svcseq_port *port;
	u16 i;

	lockdep_assert_held(&sn->cfg_lock);

	for (i = 0; i < total; i++) {
		u64 origin = prog->row[i].origin;

		port = xa_load(&sn->ports, (u16)origin);
		if (!port)
			continue;
		port->nrows[i >= prog->nrows[0]] += by;
		if (!(origin >> 16))
			port->nany += by;
		/* pairs with READ_ONCE() where packets are steered */
		WRITE_ONCE(port->any, port->nany > 0);
		WRITE_ONCE(port->reply_first,
			   port->nrows[1] && !port->nrows[0]);
	}
}

/**
 * svcseq_port_exit - the port that replies leave by
 * @sn: the engine
 * @conf: definition of the sequence
 *
 * Context: process, cfg_lock.
 * Return: the uplink that the sequence names; else the only uplink, if it has a
 * gateway; else NULL: the routing table chooses.
 */
struct svcseq_port *svcseq_port_exit(struct svcseq_net *sn,
				     const struct svcseq_sequence_conf *conf)
{
	struct svcseq_port *port, *only = NULL;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	if (conf->uplink[0])
		return conf->uplink_port;
	xa_for_each(&sn->ports, id, port) {
		if (port->role != SVCSEQ_PORT_ROLE_UPLINK)
			continue;
		if (only)
			return NULL;
		only = port;
	}
	if (only && (only->gw[SVCSEQ_V4].set || only->gw[SVCSEQ_V6].set))
		return only;
	return NULL;
}
