// SPDX-License-Identifier: GPL-2.0
/* Devices: appliances and servers. */

#include <linux/etherdevice.h>
#include <linux/hash.h>
#include <linux/stringhash.h>

#include "device.h"
#include "engine.h"
#include "health.h"
#include "ledger.h"
#include "neigh.h"
#include "pool.h"
#include "port.h"
#include "refuse.h"
#include "sequence.h"
#include "trace.h"

static u32 device_hash(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

/**
 * svcseq_device_find - find a device by name
 * @sn: the engine
 * @name: the name
 *
 * Context: process, cfg_lock.
 * Return: the device or NULL.
 */
struct svcseq_device *svcseq_device_find(struct svcseq_net *sn,
					 const char *name)
{
	struct svcseq_device *dev;

	lockdep_assert_held(&sn->cfg_lock);

	hash_for_each_possible(sn->device_names, dev, by_name,
			       device_hash(name))
		if (!strcmp(dev->name, name))
			return dev;
	return NULL;
}

/**
 * svcseq_device_get - take a reference
 * @dev: the device
 *
 * Context: process, cfg_lock.
 * Return: @dev.
 */
struct svcseq_device *svcseq_device_get(struct svcseq_device *dev)
{
	kref_get(&dev->refs);
	return dev;
}

static void device_release(struct kref *refs)
{
	struct svcseq_device *dev = container_of(refs, struct svcseq_device,
						 refs);

	svcseq_health_free(dev);
	kfree(dev->conf);
	kfree(dev);
}

/**
 * svcseq_device_put - give a reference back
 * @dev: the device
 *
 * Context: process, cfg_lock.
 */
void svcseq_device_put(struct svcseq_device *dev)
{
	kref_put(&dev->refs, device_release);
}

static const char *side_name(int side)
{
	return side == SVCSEQ_ARM_SIDE_INNER ? "inner" : "outer";
}

static int arm_check_bare(const char *name, int side, bool bridge,
			  const struct svcseq_arm *arm,
			  struct netlink_ext_ack *extack)
{
	if (bridge)
		return svcseq_refuse(extack, -EINVAL,
				     "device '%s': '%s' of the %s arm has no Ethernet frames, which a bridge needs; use another port",
				     name, arm->ifname, side_name(side));
	if (arm->nmacs || arm->neigh[SVCSEQ_V4].set ||
	    arm->neigh[SVCSEQ_V6].set)
		return svcseq_refuse(extack, -EINVAL,
				     "device '%s': '%s' of the %s arm leads to a single station without MAC address; leave 'mac' and 'via' out",
				     name, arm->ifname, side_name(side));
	return 0;
}

static int arm_check_source(const char *name, int side, u8 kind,
			    const struct svcseq_arm *arm,
			    struct netlink_ext_ack *extack)
{
	bool external = kind == SVCSEQ_DEVICE_KIND_EXTERNAL;
	bool bridge = kind == SVCSEQ_DEVICE_KIND_BRIDGE;
	bool by_addr = arm->neigh[SVCSEQ_V4].set || arm->neigh[SVCSEQ_V6].set;
	int i;

	if (arm->port && arm->port->bare)
		return arm_check_bare(name, side, bridge, arm, extack);
	if (bridge && (arm->nmacs || by_addr || arm->any))
		return svcseq_refuse(extack, -EINVAL,
				     "device '%s': the %s arm of a bridge takes no 'mac', 'any' or 'via': frames come back with the port's own address",
				     name, side_name(side));
	if (!bridge && !external && !arm->nmacs && !by_addr)
		return svcseq_refuse(extack, -EINVAL,
				     "device '%s': the %s arm on '%s' needs 'mac' or 'via', so that packets can be sent to it",
				     name, side_name(side), arm->ifname);
	for (i = 0; i < arm->nmacs; i++)
		if (!is_valid_ether_addr(arm->mac[i]))
			return svcseq_refuse(extack, -EINVAL,
					     "device '%s': %pM on the %s arm is no address of a station",
					     name, arm->mac[i],
					     side_name(side));
	return 0;
}

/* A network may be that which the clients are in as well. */
static bool arm_takes_port(u8 kind, const struct svcseq_port *port)
{
	return port->role == SVCSEQ_PORT_ROLE_DEVICE ||
	       kind == SVCSEQ_DEVICE_KIND_EXTERNAL;
}

static int arm_check_port(const char *name, int side, u8 kind,
			  const struct svcseq_arm *arm,
			  struct netlink_ext_ack *extack)
{
	int i;

	if (!arm->port)
		return svcseq_refuse(extack, -ENODEV,
				     "device '%s': '%s' of the %s arm is not a port; add it with 'port add'",
				     name, arm->ifname, side_name(side));
	if (!arm_takes_port(kind, arm->port))
		return svcseq_refuse(extack, -EINVAL,
				     "device '%s': port '%s' of the %s arm is an uplink; give it role device, or use another",
				     name, arm->ifname, side_name(side));
	for (i = 0; i < arm->nmacs; i++)
		if (ether_addr_equal(arm->mac[i], arm->port->dev->dev_addr))
			return svcseq_refuse(extack, -EINVAL,
					     "device '%s': %pM on the %s arm is the address of port '%s' itself",
					     name, arm->mac[i],
					     side_name(side), arm->ifname);
	return 0;
}

static int refuse_routed(const char *name, const struct svcseq_arm *arm,
			 int fam, const union svcseq_addr *gw, bool own,
			 struct netlink_ext_ack *extack)
{
	const char *what = "", *way;

	way = "name that router in 'via', or use a tunnel to the device";
	if (own) {
		what = ", but a server in mode alias or loopback has to be on the segment";
		way = "use mode nat with 'via' that router, or a tunnel to the server";
	}

	if (fam == SVCSEQ_V4)
		return svcseq_refuse(extack, -EHOSTUNREACH,
				     "device '%s': %pI4 is behind the router %pI4 of '%s'%s; %s",
				     name, &arm->addr[fam].v4, &gw->v4,
				     arm->ifname, what, way);
	return svcseq_refuse(extack, -EHOSTUNREACH,
			     "device '%s': %pI6c is behind the router %pI6c of '%s'%s; %s",
			     name, &arm->addr[fam].v6, &gw->v6, arm->ifname,
			     what, way);
}

/* Needs the port. */
static int arm_check_link(const char *name,
			  const struct svcseq_device_conf *conf,
			  const struct svcseq_arm *arm,
			  struct netlink_ext_ack *extack)
{
	bool own = conf->kind == SVCSEQ_DEVICE_KIND_SERVER &&
		   conf->mode != SVCSEQ_SERVER_MODE_NAT;
	union svcseq_addr gw;
	int fam;

	for (fam = 0; fam < SVCSEQ_NFAM; fam++)
		if (arm->neigh[fam].set &&
		    svcseq_neigh_gateway(fam, &arm->addr[fam], arm->port->dev,
					 &gw))
			return refuse_routed(name, arm, fam, &gw, own, extack);
	return 0;
}

static const char *kind_name(u8 kind)
{
	switch (kind) {
	case SVCSEQ_DEVICE_KIND_TAP:
		return "tap";
	case SVCSEQ_DEVICE_KIND_SERVER:
		return "server";
	default:
		return "external";
	}
}

static int conf_check_kind(const char *name,
			   const struct svcseq_device_conf *conf,
			   struct netlink_ext_ack *extack)
{
	bool nat = conf->has_nat[SVCSEQ_V4] || conf->has_nat[SVCSEQ_V6];
	bool server = conf->kind == SVCSEQ_DEVICE_KIND_SERVER;

	switch (conf->kind) {
	case SVCSEQ_DEVICE_KIND_TAP:
	case SVCSEQ_DEVICE_KIND_SERVER:
	case SVCSEQ_DEVICE_KIND_EXTERNAL:
		if (conf->narms != 1)
			return svcseq_refuse(extack, -EINVAL,
					     "device '%s': a device of kind %s has one arm, the outer one",
					     name, kind_name(conf->kind));
		break;
	case SVCSEQ_DEVICE_KIND_BRIDGE:
		if (conf->narms != 2)
			return svcseq_refuse(extack, -EINVAL,
					     "device '%s': a bridge has two arms, outer and inner; one is missing",
					     name);
		if (!strcmp(conf->arm[0].ifname, conf->arm[1].ifname))
			return svcseq_refuse(extack, -EINVAL,
					     "device '%s': both arms of the bridge are on '%s'; they need two ports",
					     name, conf->arm[0].ifname);
		break;
	}
	if (server && conf->mode == SVCSEQ_SERVER_MODE_NAT && !nat)
		return svcseq_refuse(extack, -EINVAL,
				     "device '%s': mode nat needs the server's own 'address'",
				     name);
	if (nat && (!server || conf->mode != SVCSEQ_SERVER_MODE_NAT))
		return svcseq_refuse(extack, -EINVAL,
				     "device '%s': 'address' is for a server in mode nat; use 'via' to find the device by its address",
				     name);
	return 0;
}

static int conf_check_alarm(const char *name,
			    const struct svcseq_device_conf *conf,
			    struct netlink_ext_ack *extack)
{
	const u32 *limit = conf->alarm.limit;

	if (conf->alarm.watch && conf->kind == SVCSEQ_DEVICE_KIND_TAP)
		return svcseq_refuse(extack, -EINVAL,
				     "device '%s': a tap gives nothing back that 'alarm' could watch",
				     name);
	if ((limit[SVCSEQ_ALARM_KIND_SYN] || limit[SVCSEQ_ALARM_KIND_GAP]) &&
	    conf->kind != SVCSEQ_DEVICE_KIND_SERVER)
		return svcseq_refuse(extack, -EINVAL,
				     "device '%s' is no server and answers nothing itself; use 'alarm unreturned'",
				     name);
	return 0;
}

/* Finds the ports of a new description and checks it. */
static int conf_check(struct svcseq_net *sn, const char *name,
		      struct svcseq_device_conf *conf,
		      struct netlink_ext_ack *extack)
{
	int err, a;

	err = conf_check_kind(name, conf, extack);
	if (!err)
		err = conf_check_alarm(name, conf, extack);
	for (a = 0; a < conf->narms && !err; a++) {
		struct svcseq_arm *arm = &conf->arm[a];

		arm->port = svcseq_port_find(sn, arm->ifname);
		if (conf->kind != SVCSEQ_DEVICE_KIND_BRIDGE && arm->port &&
		    arm->port->bare)
			arm->any = true;
		err = arm_check_source(name, a, conf->kind, arm, extack);
		if (!err)
			err = arm_check_port(name, a, conf->kind, arm, extack);
		if (!err)
			err = arm_check_link(name, conf, arm, extack);
		/* a network has as many sources as it has routers */
		if (conf->kind == SVCSEQ_DEVICE_KIND_EXTERNAL && !arm->nmacs)
			arm->any = true;
	}
	return err;
}

/* A description begins (@by 1) or ends (-1) to count. */
static void conf_use(struct svcseq_net *sn, struct svcseq_device_conf *conf,
		     int by)
{
	int a, fam;

	if (conf->alarm.watch)
		svcseq_watch_more(by);
	for (a = 0; a < conf->narms; a++) {
		struct svcseq_arm *arm = &conf->arm[a];

		if (arm->port)
			arm->port->users += by;
		for (fam = 0; fam < SVCSEQ_NFAM; fam++) {
			if (!arm->neigh[fam].set)
				continue;
			svcseq_neigh_use(sn, by);
			if (by > 0 && arm->port)
				svcseq_neigh_refresh(&arm->neigh[fam], fam,
						     &arm->addr[fam],
						     arm->port->dev);
		}
	}
}

/**
 * svcseq_device_add - describe a device
 * @sn: the engine
 * @name: its name
 * @conf: its description; taken over on success
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_device_add(struct svcseq_net *sn, const char *name,
		      struct svcseq_device_conf *conf,
		      struct netlink_ext_ack *extack)
{
	struct svcseq_device *dev;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (svcseq_device_find(sn, name))
		return svcseq_refuse(extack, -EEXIST,
				     "device '%s' exists; change it with 'device set'",
				     name);
	if (svcseq_pool_find(sn, name))
		return svcseq_refuse(extack, -EEXIST,
				     "device '%s': there is a pool of that name, and a step could mean either; use another name",
				     name);
	err = conf_check(sn, name, conf, extack);
	if (err)
		return err;
	dev = kzalloc(sizeof(*dev), GFP_KERNEL_ACCOUNT);
	if (!dev)
		return -ENOMEM;
	err = svcseq_health_prepare(sn, dev, conf);
	if (!err)
		err = xa_alloc(&sn->devices, &dev->id, dev, xa_limit_31b,
			       GFP_KERNEL_ACCOUNT);
	if (err) {
		svcseq_health_free(dev);
		kfree(dev);
		return err;
	}
	strscpy(dev->name, name, sizeof(dev->name));
	kref_init(&dev->refs);
	dev->conf = conf;
	hash_add(sn->device_names, &dev->by_name, device_hash(name));
	sn->ndevices++;
	svcseq_health_apply(dev);
	conf_use(sn, conf, 1);
	svcseq_engine_changed(sn);
	return 0;
}

/**
 * svcseq_device_set - replace the description of a device
 * @sn: the engine
 * @dev: the device
 * @conf: the new description; taken over on success
 * @extack: for the text of a refusal
 *
 * All sequences that use the device follow, or none.
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno, and then nothing has changed.
 */
int svcseq_device_set(struct svcseq_net *sn, struct svcseq_device *dev,
		      struct svcseq_device_conf *conf,
		      struct netlink_ext_ack *extack)
{
	struct svcseq_device_conf *old = dev->conf;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	err = conf_check(sn, dev->name, conf, extack);
	if (!err)
		err = svcseq_pool_check_device(sn, dev, conf, extack);
	if (!err)
		err = svcseq_health_prepare(sn, dev, conf);
	if (err)
		return err;
	conf_use(sn, conf, 1);
	dev->conf = conf;
	err = svcseq_sequence_update(sn, svcseq_sequence_uses_device, dev,
				     extack);
	if (err) {
		dev->conf = old;
		conf_use(sn, conf, -1);
		return err;
	}
	svcseq_health_apply(dev);
	conf_use(sn, old, -1);
	kfree(old);
	svcseq_engine_changed(sn);
	return 0;
}

/**
 * svcseq_device_set_alarm - watch other things of a device
 * @sn: the engine
 * @dev: the device
 * @alarm: what to watch
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno, and then nothing has changed.
 */
int svcseq_device_set_alarm(struct svcseq_net *sn, struct svcseq_device *dev,
			    const struct svcseq_alarm *alarm,
			    struct netlink_ext_ack *extack)
{
	struct svcseq_device_conf *conf;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	conf = kmemdup(dev->conf, sizeof(*conf), GFP_KERNEL_ACCOUNT);
	if (!conf)
		return -ENOMEM;
	conf->alarm = *alarm;
	err = svcseq_device_set(sn, dev, conf, extack);
	if (err)
		kfree(conf);
	return err;
}

static void device_unlink(struct svcseq_net *sn, struct svcseq_device *dev)
{
	conf_use(sn, dev->conf, -1);
	hash_del(&dev->by_name);
	xa_erase(&sn->devices, dev->id);
	sn->ndevices--;
	svcseq_engine_changed(sn);
	svcseq_device_put(dev);
}

/**
 * svcseq_device_del - forget a device
 * @sn: the engine
 * @dev: the device
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0, or -EBUSY while a sequence uses the device or it is in a pool.
 */
int svcseq_device_del(struct svcseq_net *sn, struct svcseq_device *dev,
		      struct netlink_ext_ack *extack)
{
	struct svcseq_sequence *seq;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	if (dev->users) {
		xa_for_each(&sn->sequences, id, seq)
			if (svcseq_sequence_uses_device(seq, dev))
				return svcseq_refuse(extack, -EBUSY,
						     "device '%s' is used by sequence '%s', one of %u; take it out first",
						     dev->name, seq->name,
						     dev->users);
	}
	if (dev->pools)
		return svcseq_refuse(extack, -EBUSY,
				     "device '%s' is a member of pool '%s', one of %u; take it out first",
				     dev->name, svcseq_pool_of(sn, dev)->name,
				     dev->pools);
	device_unlink(sn, dev);
	return 0;
}

/**
 * svcseq_device_port_added - give arms their port back
 * @sn: the engine
 * @port: the port
 *
 * Context: process, cfg_lock.
 */
void svcseq_device_port_added(struct svcseq_net *sn, struct svcseq_port *port)
{
	struct svcseq_device *dev;
	unsigned long id;
	int a, fam;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->devices, id, dev) {
		if (!arm_takes_port(dev->conf->kind, port))
			continue;
		for (a = 0; a < dev->conf->narms; a++) {
			struct svcseq_arm *arm = &dev->conf->arm[a];

			if (arm->port || strcmp(arm->ifname, port->ifname))
				continue;
			arm->port = port;
			port->users++;
			for (fam = 0; fam < SVCSEQ_NFAM; fam++)
				if (arm->neigh[fam].set)
					svcseq_neigh_refresh(&arm->neigh[fam],
							     fam,
							     &arm->addr[fam],
							     port->dev);
		}
	}
}

/**
 * svcseq_device_port_renamed - arms follow the name of their port
 * @sn: the engine
 * @port: the port
 *
 * Context: process, cfg_lock.
 */
void svcseq_device_port_renamed(struct svcseq_net *sn,
				const struct svcseq_port *port)
{
	struct svcseq_device *dev;
	unsigned long id;
	int a;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->devices, id, dev)
		for (a = 0; a < dev->conf->narms; a++)
			if (dev->conf->arm[a].port == port)
				strscpy(dev->conf->arm[a].ifname, port->ifname,
					sizeof(dev->conf->arm[a].ifname));
}

/**
 * svcseq_device_port_gone - take arms their port
 * @sn: the engine
 * @port: the port
 *
 * The caller brings the sequences in line.
 *
 * Context: process, cfg_lock.
 */
void svcseq_device_port_gone(struct svcseq_net *sn, struct svcseq_port *port)
{
	struct svcseq_device *dev;
	unsigned long id;
	int a, fam;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->devices, id, dev) {
		for (a = 0; a < dev->conf->narms; a++) {
			struct svcseq_arm *arm = &dev->conf->arm[a];

			if (arm->port != port)
				continue;
			arm->port = NULL;
			port->users--;
			for (fam = 0; fam < SVCSEQ_NFAM; fam++)
				arm->neigh[fam].usable = false;
		}
	}
}

/**
 * svcseq_device_totals - what a device got and gave
 * @sn: the engine
 * @dev: the device
 * @sent: packets and copies given to it
 * @received: packets that it gave back
 *
 * Context: process, cfg_lock.
 */
void svcseq_device_totals(struct svcseq_net *sn,
			  const struct svcseq_device *dev,
			  struct svcseq_totals *sent,
			  struct svcseq_totals *received)
{
	struct svcseq_ledger *ledger;

	lockdep_assert_held(&sn->cfg_lock);

	*sent = dev->sent;
	*received = dev->received;
	list_for_each_entry(ledger, &sn->ledgers, node)
		svcseq_ledger_sum(ledger, dev, sent, received);
}

/**
 * svcseq_device_flush - forget all devices
 * @sn: the engine
 *
 * Context: process, cfg_lock; no sequence is left.
 */
void svcseq_device_flush(struct svcseq_net *sn)
{
	struct svcseq_device *dev;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->devices, id, dev)
		device_unlink(sn, dev);
}
