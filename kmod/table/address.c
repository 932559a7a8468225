// SPDX-License-Identifier: GPL-2.0
/* Addresses of services. They are on no host, so the engine answers for them on
 * its uplinks, and announces each once when its first service goes live, and
 * all of them when an uplink comes up; no faster than neighbours can bear.
 */

#include <linux/netdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "address.h"
#include "engine.h"
#include "port.h"

/* so many addresses at once, and so long until the next: 1000 per second */
#define ANNOUNCE_BATCH	100
#define ANNOUNCE_MS	100

struct address_id {
	union svcseq_addr addr;
	u32 fam;
};

/**
 * struct address - An address that some service has.
 * @node: link in &svcseq_net.addresses
 * @id: the address; constant
 * @nservices: how many services have it; cfg_lock
 * @link: in &svcseq_net.to_announce or &svcseq_net.announced; cfg_lock
 * @rcu: frees it
 */
struct address {
	struct rhash_head node;
	struct address_id id;
	u32 nservices;
	struct list_head link;
	struct rcu_head rcu;
};

static const struct rhashtable_params address_params = {
	.head_offset = offsetof(struct address, node),
	.key_offset = offsetof(struct address, id),
	.key_len = sizeof(struct address_id),
	.automatic_shrinking = true,
};

static void id_fill(struct address_id *id, u8 fam,
		    const union svcseq_addr *addr)
{
	memset(id, 0, sizeof(*id));
	id->fam = fam;
	if (fam == SVCSEQ_V4)
		id->addr.v4 = addr->v4;
	else
		id->addr.v6 = addr->v6;
}

static struct address *find(struct svcseq_net *sn, u8 fam,
			    const union svcseq_addr *addr)
{
	struct address_id id;

	id_fill(&id, fam, addr);
	return rhashtable_lookup_fast(&sn->addresses, &id, address_params);
}

static bool answers(const struct svcseq_port *port)
{
	return port->answer && netif_running(port->dev) &&
	       netif_carrier_ok(port->dev);
}

static void announce_one(struct svcseq_net *sn, const struct address *address)
{
	struct svcseq_port *port;
	unsigned long id;

	xa_for_each(&sn->ports, id, port)
		if (answers(port))
			svcseq_port_announce(port, (u8)address->id.fam,
					     &address->id.addr);
}

static bool anybody_answers(struct svcseq_net *sn)
{
	struct svcseq_port *port;
	unsigned long id;

	xa_for_each(&sn->ports, id, port)
		if (answers(port))
			return true;
	return false;
}

static void announce_later(struct svcseq_net *sn, unsigned int ms)
{
	lockdep_assert_held(&sn->cfg_lock);

	if (!list_empty(&sn->to_announce))
		queue_delayed_work(svcseq_wq, &sn->announce_work,
				   msecs_to_jiffies(ms));
}

static void announce(struct work_struct *work)
{
	struct svcseq_net *sn = container_of(to_delayed_work(work),
					     struct svcseq_net, announce_work);
	struct address *address;
	int n;

	mutex_lock(&sn->cfg_lock);
	/* an uplink that comes up later announces all */
	if (!anybody_answers(sn))
		list_splice_tail_init(&sn->to_announce, &sn->announced);
	for (n = 0; n < ANNOUNCE_BATCH && !list_empty(&sn->to_announce); n++) {
		address = list_first_entry(&sn->to_announce, struct address,
					   link);
		list_move_tail(&address->link, &sn->announced);
		announce_one(sn, address);
	}
	announce_later(sn, ANNOUNCE_MS);
	mutex_unlock(&sn->cfg_lock);
}

/**
 * svcseq_address_net_init - begin to know addresses
 * @sn: the engine
 *
 * Context: process, while nobody else knows @sn.
 * Return: 0 or a negative errno.
 */
int svcseq_address_net_init(struct svcseq_net *sn)
{
	INIT_LIST_HEAD(&sn->to_announce);
	INIT_LIST_HEAD(&sn->announced);
	INIT_DELAYED_WORK(&sn->announce_work, announce);
	return rhashtable_init(&sn->addresses, &address_params);
}

/**
 * svcseq_address_net_stop - stop to announce
 * @sn: the engine
 *
 * Context: process, not under cfg_lock; no service is left, or none is added.
 */
void svcseq_address_net_stop(struct svcseq_net *sn)
{
	cancel_delayed_work_sync(&sn->announce_work);
}

/**
 * svcseq_address_net_free - the end of svcseq_address_net_init()
 * @sn: the engine, without services
 *
 * Context: process.
 */
void svcseq_address_net_free(struct svcseq_net *sn)
{
	WARN_ON_ONCE(!list_empty(&sn->to_announce) ||
		     !list_empty(&sn->announced));
	rhashtable_destroy(&sn->addresses);
}

/**
 * svcseq_address_use - a service has an address
 * @sn: the engine
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @addr: the address
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_address_use(struct svcseq_net *sn, u8 fam,
		       const union svcseq_addr *addr)
{
	struct address *address;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	address = find(sn, fam, addr);
	if (address) {
		address->nservices++;
		return 0;
	}
	address = kzalloc(sizeof(*address), GFP_KERNEL_ACCOUNT);
	if (!address)
		return -ENOMEM;
	id_fill(&address->id, fam, addr);
	address->nservices = 1;
	err = rhashtable_insert_fast(&sn->addresses, &address->node,
				     address_params);
	if (err) {
		kfree(address);
		return err;
	}
	list_add_tail(&address->link, &sn->to_announce);
	announce_later(sn, 0);
	return 0;
}

/**
 * svcseq_address_unuse - a service has an address no longer
 * @sn: the engine
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @addr: the address
 *
 * Context: process, cfg_lock.
 */
void svcseq_address_unuse(struct svcseq_net *sn, u8 fam,
			  const union svcseq_addr *addr)
{
	struct address *address;

	lockdep_assert_held(&sn->cfg_lock);

	address = find(sn, fam, addr);
	if (WARN_ON_ONCE(!address) || --address->nservices)
		return;
	rhashtable_remove_fast(&sn->addresses, &address->node, address_params);
	list_del(&address->link);
	kfree_rcu(address, rcu);
}

/**
 * svcseq_address_known - does a service have this address?
 * @sn: the engine
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @addr: the address
 *
 * Context: any.
 * Return: true if one does.
 */
bool svcseq_address_known(struct svcseq_net *sn, u8 fam,
			  const union svcseq_addr *addr)
{
	bool known;

	rcu_read_lock();
	known = find(sn, fam, addr);
	rcu_read_unlock();
	return known;
}

/**
 * svcseq_address_announce_all - announce all addresses once more
 * @sn: the engine
 *
 * Context: process, cfg_lock.
 */
void svcseq_address_announce_all(struct svcseq_net *sn)
{
	lockdep_assert_held(&sn->cfg_lock);

	list_splice_tail_init(&sn->announced, &sn->to_announce);
	announce_later(sn, 0);
}

/**
 * svcseq_address_bytes - memory for one address
 *
 * Context: any.
 * Return: bytes, with its share of a hash table that is three quarters full.
 */
u32 svcseq_address_bytes(void)
{
	return roundup_pow_of_two(sizeof(struct address)) +
	       sizeof(void *) * 4 / 3;
}
