// SPDX-License-Identifier: GPL-2.0
/* Neighbours: follows the kernel's neighbour table for the next hops that are
 * given by address, so that packets find the link layer header ready made.
 */

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <net/arp.h>
#include <net/ip6_route.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include <net/netevent.h>
#include <net/route.h>

#include "device.h"
#include "engine.h"
#include "neigh.h"
#include "sequence.h"

/**
 * svcseq_neigh_refresh - look a next hop up and keep its entry alive
 * @neigh: what is known so far; brought up to date
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @addr: address of the next hop
 * @dev: net device that it is behind
 *
 * An entry that only our ready made headers use looks idle to the kernel;
 * neigh_event_send() makes it probe the station as if it had sent itself.
 *
 * Context: process, cfg_lock.
 * Return: true if @neigh has changed.
 */
bool svcseq_neigh_refresh(struct svcseq_neigh *neigh, int fam,
			  const union svcseq_addr *addr,
			  struct net_device *dev)
{
	struct neigh_table *tbl = fam == SVCSEQ_V4 ? &arp_tbl : &nd_tbl;
	struct svcseq_neigh now = *neigh;
	struct neighbour *n;

	n = neigh_lookup(tbl, addr, dev);
	if (!n)
		n = neigh_create(tbl, addr, dev);
	if (IS_ERR(n))
		return false;

	neigh_event_send(n, NULL);
	read_lock_bh(&n->lock);
	now.usable = n->nud_state & NUD_VALID;
	if (now.usable) {
		now.known = true;
		memcpy(now.mac, n->ha, ETH_ALEN);
	}
	read_unlock_bh(&n->lock);
	neigh_release(n);

	if (now.usable == neigh->usable && now.known == neigh->known &&
	    ether_addr_equal(now.mac, neigh->mac))
		return false;
	*neigh = now;
	return true;
}

static bool neigh_gateway4(const union svcseq_addr *addr,
			   const struct net_device *dev, union svcseq_addr *gw)
{
	struct flowi4 fl4 = {
		.daddr = addr->v4,
		.flowi4_oif = dev->ifindex,
	};
	struct rtable *rt;

	rt = ip_route_output_key(dev_net(dev), &fl4);
	if (IS_ERR(rt))
		return false;
	gw->v4 = addr->v4;
	if (rt->dst.dev == dev && rt->rt_gw_family != AF_INET6)
		gw->v4 = rt_nexthop(rt, addr->v4);
	ip_rt_put(rt);
	return gw->v4 != addr->v4;
}

static bool neigh_gateway6(const union svcseq_addr *addr,
			   const struct net_device *dev, union svcseq_addr *gw)
{
	struct flowi6 fl6 = {
		.daddr = addr->v6,
		.flowi6_oif = dev->ifindex,
	};
	struct dst_entry *dst;

	dst = ip6_route_output(dev_net(dev), NULL, &fl6);
	gw->v6 = addr->v6;
	if (!dst->error && dst->dev == dev)
		gw->v6 = *rt6_nexthop(dst_rt6_info(dst),
				     &addr->v6);
	dst_release(dst);
	return !ipv6_addr_equal(&gw->v6, &addr->v6);
}

/**
 * svcseq_neigh_gateway - ask whether an address lies behind a router
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @addr: the address
 * @dev: net device that it should be on the link of
 * @gw: filled with the router
 *
 * Nobody answers ARP for what is behind a router. Without any route by @dev the
 * address counts as on its link, as it does for the kernel.
 *
 * Context: process.
 * Return: true if the routing table leads to @addr by another station.
 */
bool svcseq_neigh_gateway(int fam, const union svcseq_addr *addr,
			  const struct net_device *dev, union svcseq_addr *gw)
{
	if (fam == SVCSEQ_V4)
		return neigh_gateway4(addr, dev, gw);
	return neigh_gateway6(addr, dev, gw);
}

/**
 * svcseq_neigh_use - more or fewer next hops are given by address
 * @sn: the engine
 * @by: how many more
 *
 * Context: process, cfg_lock.
 */
void svcseq_neigh_use(struct svcseq_net *sn, int by)
{
	lockdep_assert_held(&sn->cfg_lock);

	/* pairs with READ_ONCE() in neigh_event() */
	WRITE_ONCE(sn->neigh_users, sn->neigh_users + by);
	if (sn->neigh_users)
		queue_delayed_work(svcseq_wq, &sn->neigh_work,
				   msecs_to_jiffies(SVCSEQ_NEIGH_MS));
}

static void neigh_follow_device(struct svcseq_net *sn,
				struct svcseq_device *dev)
{
	struct netlink_ext_ack extack = {};
	bool changed = false;
	int a, fam;

	for (a = 0; a < dev->conf->narms; a++) {
		struct svcseq_arm *arm = &dev->conf->arm[a];

		for (fam = 0; fam < SVCSEQ_NFAM && arm->port; fam++)
			if (arm->neigh[fam].set)
				changed |= svcseq_neigh_refresh(&arm->neigh[fam],
								fam,
								&arm->addr[fam],
								arm->port->dev);
	}
	if (changed && svcseq_sequence_update(sn, svcseq_sequence_uses_device,
					      dev, &extack))
		net_warn_ratelimited("svcseq: sequences keep the old address of device %s: %s\n",
				     dev->name,
				     extack._msg ?: "out of memory");
}

/**
 * svcseq_neigh_follow - bring everything in line with the neighbour table
 * @sn: the engine
 *
 * Context: process, cfg_lock.
 */
void svcseq_neigh_follow(struct svcseq_net *sn)
{
	struct svcseq_device *dev;
	struct svcseq_port *port;
	bool changed = false;
	unsigned long id;
	int fam;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->devices, id, dev)
		neigh_follow_device(sn, dev);
	xa_for_each(&sn->ports, id, port)
		for (fam = 0; fam < SVCSEQ_NFAM; fam++)
			if (port->gw[fam].set)
				changed |= svcseq_neigh_refresh(&port->gw[fam],
								fam,
								&port->gw_addr[fam],
								port->dev);
	if (changed)
		svcseq_sequence_update(sn, svcseq_sequence_any, NULL, NULL);
}

static int neigh_event(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	struct neighbour *n = ptr;
	struct svcseq_net *sn;

	if (event != NETEVENT_NEIGH_UPDATE)
		return NOTIFY_DONE;
	sn = svcseq_engine(dev_net(n->dev));
	/* pairs with WRITE_ONCE() in svcseq_neigh_use() */
	if (READ_ONCE(sn->neigh_users))
		mod_delayed_work(svcseq_wq, &sn->neigh_work, 0);
	return NOTIFY_DONE;
}

static struct notifier_block neigh_nb = {
	.notifier_call = neigh_event,
};

/**
 * svcseq_neigh_init - begin to follow neighbour tables
 *
 * Context: module init.
 * Return: 0 or a negative errno.
 */
int svcseq_neigh_init(void)
{
	return register_netevent_notifier(&neigh_nb);
}

/**
 * svcseq_neigh_exit - stop to follow neighbour tables
 *
 * Context: module exit.
 */
void svcseq_neigh_exit(void)
{
	unregister_netevent_notifier(&neigh_nb);
}
