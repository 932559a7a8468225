// SPDX-License-Identifier: GPL-2.0
/* Engine: makes and ends the state of a network namespace, follows its net
 * devices, and lets go of what has drained.
 */

#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <net/netns/generic.h>

#include "acl.h"
#include "address.h"
#include "counters.h"
#include "device.h"
#include "engine.h"
#include "health.h"
#include "init.h"
#include "key.h"
#include "limit.h"
#include "neigh.h"
#include "place.h"
#include "pool.h"
#include "port.h"
#include "sequence.h"
#include "service.h"
#include "trace.h"

static unsigned int svcseq_net_id __read_mostly;
static const struct svcseq_event_ops *event_ops;

struct workqueue_struct *svcseq_wq;

/**
 * svcseq_engine - the engine of a namespace
 * @net: the namespace
 *
 * Context: any.
 * Return: the engine; it lives as long as the namespace and the module.
 */
struct svcseq_net *svcseq_engine(const struct net *net)
{
	return net_generic(net, svcseq_net_id);
}

/**
 * svcseq_engine_changed - the configuration has changed
 * @sn: the engine
 *
 * Context: process, cfg_lock.
 */
void svcseq_engine_changed(struct svcseq_net *sn)
{
	lockdep_assert_held(&sn->cfg_lock);

	/* zero would tell netlink that the dump has no generation */
	if (!++sn->generation)
		sn->generation = 1;
}

/**
 * svcseq_engine_set_event_ops - name the listener of events
 * @ops: the listener, or NULL
 *
 * Context: module init and exit, while nobody configures anything.
 */
void svcseq_engine_set_event_ops(const struct svcseq_event_ops *ops)
{
	event_ops = ops;
}

/**
 * svcseq_engine_drain_later - something has begun to drain
 * @sn: the engine
 *
 * Context: process, cfg_lock.
 */
void svcseq_engine_drain_later(struct svcseq_net *sn)
{
	lockdep_assert_held(&sn->cfg_lock);

	queue_delayed_work(svcseq_wq, &sn->drain_work,
			   msecs_to_jiffies(SVCSEQ_DRAIN_MS));
}

/**
 * svcseq_engine_suspect - a device has become suspect, or well again
 * @sn: the engine
 * @dev: the device
 * @suspect: which of both
 *
 * Context: process, cfg_lock.
 */
void svcseq_engine_suspect(struct svcseq_net *sn, struct svcseq_device *dev,
			   bool suspect)
{
	lockdep_assert_held(&sn->cfg_lock);

	if (event_ops)
		event_ops->suspect(sn, dev, suspect);
}

static void engine_report_health(struct work_struct *work)
{
	struct svcseq_net *sn = container_of(work, struct svcseq_net,
					     health_work);

	mutex_lock(&sn->cfg_lock);
	svcseq_health_report(sn);
	mutex_unlock(&sn->cfg_lock);
}

static void engine_drain(struct work_struct *work)
{
	struct svcseq_net *sn = container_of(to_delayed_work(work),
					     struct svcseq_net, drain_work);

	mutex_lock(&sn->cfg_lock);
	svcseq_service_drain(sn, false);
	svcseq_sequence_drain(sn, false);
	if (!list_empty(&sn->draining) || !list_empty(&sn->moved))
		svcseq_engine_drain_later(sn);
	mutex_unlock(&sn->cfg_lock);
}

static void engine_follow_neighbours(struct work_struct *work)
{
	struct svcseq_net *sn = container_of(to_delayed_work(work),
					     struct svcseq_net, neigh_work);

	mutex_lock(&sn->cfg_lock);
	svcseq_neigh_follow(sn);
	if (sn->neigh_users)
		queue_delayed_work(svcseq_wq, &sn->neigh_work,
				   msecs_to_jiffies(SVCSEQ_NEIGH_MS));
	mutex_unlock(&sn->cfg_lock);
}

static int __net_init engine_net_init(struct net *net)
{
	struct svcseq_net *sn = svcseq_engine(net);
	int err;

	sn->net = net;
	mutex_init(&sn->cfg_lock);
	xa_init_flags(&sn->ports, XA_FLAGS_ALLOC1);
	xa_init_flags(&sn->devices, XA_FLAGS_ALLOC1);
	xa_init_flags(&sn->pools, XA_FLAGS_ALLOC1);
	xa_init_flags(&sn->sequences, XA_FLAGS_ALLOC1);
	xa_init_flags(&sn->services, XA_FLAGS_ALLOC1);
	xa_init_flags(&sn->paths, XA_FLAGS_ALLOC1);
	xa_init_flags(&sn->lists, XA_FLAGS_ALLOC1);
	hash_init(sn->device_names);
	hash_init(sn->pool_names);
	hash_init(sn->sequence_names);
	hash_init(sn->list_names);
	INIT_LIST_HEAD(&sn->gates);
	INIT_LIST_HEAD(&sn->draining);
	INIT_LIST_HEAD(&sn->moved);
	INIT_LIST_HEAD(&sn->ledgers);
	INIT_LIST_HEAD(&sn->stats_blocks);
	INIT_LIST_HEAD(&sn->tracers);
	INIT_DELAYED_WORK(&sn->drain_work, engine_drain);
	INIT_DELAYED_WORK(&sn->neigh_work, engine_follow_neighbours);
	INIT_WORK(&sn->health_work, engine_report_health);
	sn->generation = 1;
	sn->pool_seed = get_random_u64();

	sn->drops = svcseq_stats_alloc(SVCSEQ_NDROPS);
	if (!sn->drops)
		return -ENOMEM;
	err = rhashtable_init(&sn->keys[SVCSEQ_V4], &svcseq_key_params4);
	if (err)
		goto err_drops;
	err = rhashtable_init(&sn->keys[SVCSEQ_V6], &svcseq_key_params6);
	if (err)
		goto err_keys4;
	err = svcseq_place_init(sn);
	if (err)
		goto err_keys6;
	err = svcseq_address_net_init(sn);
	if (err)
		goto err_places;
	return 0;

err_places:
	svcseq_place_free(sn);
err_keys6:
	rhashtable_destroy(&sn->keys[SVCSEQ_V6]);
err_keys4:
	rhashtable_destroy(&sn->keys[SVCSEQ_V4]);
err_drops:
	free_percpu(sn->drops);
	return err;
}

/* By now the net devices are gone, and their ports with them: at the end of a
 * namespace they are unregistered first, at that of the module the notifier
 * has seen them off.
 */
static void engine_net_flush(struct net *net)
{
	struct svcseq_net *sn = svcseq_engine(net);

	cancel_delayed_work_sync(&sn->drain_work);
	cancel_delayed_work_sync(&sn->neigh_work);

	mutex_lock(&sn->cfg_lock);
	svcseq_trace_flush(sn);
	svcseq_limit_swap(&sn->limit, NULL);
	svcseq_service_flush(sn);
	svcseq_list_flush(sn);
	svcseq_sequence_flush(sn);
	svcseq_pool_flush(sn);
	svcseq_device_flush(sn);
	WARN_ON_ONCE(!xa_empty(&sn->ports));
	mutex_unlock(&sn->cfg_lock);

	cancel_delayed_work_sync(&sn->drain_work);
	cancel_delayed_work_sync(&sn->neigh_work);
	svcseq_address_net_stop(sn);
	/* no port is left whose packets could queue it */
	cancel_work_sync(&sn->health_work);
}

static void engine_net_free(struct net *net)
{
	struct svcseq_net *sn = svcseq_engine(net);

	WARN_ON_ONCE(!list_empty(&sn->ledgers));
	WARN_ON_ONCE(!list_empty(&sn->stats_blocks));
	svcseq_address_net_free(sn);
	svcseq_place_free(sn);
	WARN_ON_ONCE(!list_empty(&sn->gates));
	rhashtable_destroy(&sn->keys[SVCSEQ_V6]);
	rhashtable_destroy(&sn->keys[SVCSEQ_V4]);
	free_percpu(sn->drops);
	xa_destroy(&sn->paths);
	xa_destroy(&sn->lists);
	xa_destroy(&sn->services);
	xa_destroy(&sn->sequences);
	xa_destroy(&sn->pools);
	xa_destroy(&sn->devices);
	xa_destroy(&sn->ports);
	mutex_destroy(&sn->cfg_lock);
}

/* Freed programs and sequences let go of ports, which are freed by a second
 * round of work.
 */
static void engine_settle(void)
{
	rcu_barrier();
	flush_workqueue(svcseq_wq);
	rcu_barrier();
	flush_workqueue(svcseq_wq);
}

static void __net_exit engine_net_exit_batch(struct list_head *nets)
{
	struct net *net;

	list_for_each_entry(net, nets, exit_list)
		engine_net_flush(net);
	engine_settle();
	list_for_each_entry(net, nets, exit_list)
		engine_net_free(net);
}

static struct pernet_operations engine_net_ops = {
	.init = engine_net_init,
	.exit_batch = engine_net_exit_batch,
	.id = &svcseq_net_id,
	.size = sizeof(struct svcseq_net),
};

static void engine_readdress(struct svcseq_net *sn)
{
	struct netlink_ext_ack extack = {};

	if (svcseq_sequence_update(sn, svcseq_sequence_any, NULL, &extack))
		net_warn_ratelimited("svcseq: sequences keep the old address of a port: %s\n",
				     extack._msg ?: "out of memory");
}

static bool event_matters(unsigned long event)
{
	switch (event) {
	case NETDEV_UNREGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEADDR:
	case NETDEV_UP:
	case NETDEV_CHANGE:
	case NETDEV_NOTIFY_PEERS:
		return true;
	default:
		return false;
	}
}

static int engine_netdev_event(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct svcseq_net *sn = svcseq_engine(dev_net(dev));
	struct svcseq_port *port;

	if (!event_matters(event) || sn->flagging)
		return NOTIFY_DONE;

	mutex_lock(&sn->cfg_lock);
	port = svcseq_port_find_index(sn, dev->ifindex);
	if (port && event == NETDEV_UNREGISTER) {
		if (event_ops)
			event_ops->port_gone(port);
		svcseq_port_gone(port);
	} else if (port && event == NETDEV_CHANGENAME) {
		svcseq_port_renamed(port);
	} else if (port) {
		if (event == NETDEV_CHANGEADDR)
			engine_readdress(sn);
		/* the other end may know nothing, or what is past */
		if (port->answer)
			svcseq_address_announce_all(sn);
	}
	mutex_unlock(&sn->cfg_lock);
	return NOTIFY_DONE;
}

static struct notifier_block engine_netdev_nb = {
	.notifier_call = engine_netdev_event,
};

/**
 * svcseq_engine_init - begin to have an engine in every namespace
 *
 * Context: module init.
 * Return: 0 or a negative errno.
 */
int svcseq_engine_init(void)
{
	int err;

	svcseq_wq = alloc_workqueue("svcseq", WQ_UNBOUND, 0);
	if (!svcseq_wq)
		return -ENOMEM;
	err = register_pernet_subsys(&engine_net_ops);
	if (err)
		goto err_wq;
	err = register_netdevice_notifier(&engine_netdev_nb);
	if (err)
		goto err_pernet;
	err = svcseq_neigh_init();
	if (err)
		goto err_notifier;
	return 0;

err_notifier:
	unregister_netdevice_notifier(&engine_netdev_nb);
err_pernet:
	unregister_pernet_subsys(&engine_net_ops);
err_wq:
	destroy_workqueue(svcseq_wq);
	return err;
}

/**
 * svcseq_engine_exit - end all engines
 *
 * Context: module exit, when nobody can configure anything any more.
 */
void svcseq_engine_exit(void)
{
	svcseq_neigh_exit();
	/* shows every net device as unregistered once more: ports go away */
	unregister_netdevice_notifier(&engine_netdev_nb);
	unregister_pernet_subsys(&engine_net_ops);
	/* hook entries and services are freed by callbacks in this module */
	rcu_barrier();
	svcseq_stats_exit();
	destroy_workqueue(svcseq_wq);
}
