// SPDX-License-Identifier: GPL-2.0
/* Pools: devices that stand in for each other. Programs know all members of a
 * pool; which of them gets a packet, packets ask of the pool itself. So weights
 * and states change by one pointer, however many sequences lead there, and only
 * who joins or leaves has these compiled anew.
 */

#include <linux/hash.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

#include "device.h"
#include "engine.h"
#include "pool.h"
#include "refuse.h"
#include "sequence.h"

static u32 pool_hash(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

/**
 * svcseq_pool_find - find a pool by name
 * @sn: the engine
 * @name: the name
 *
 * Context: process, cfg_lock.
 * Return: the pool or NULL.
 */
struct svcseq_pool *svcseq_pool_find(struct svcseq_net *sn, const char *name)
{
	struct svcseq_pool *pool;

	lockdep_assert_held(&sn->cfg_lock);

	hash_for_each_possible(sn->pool_names, pool, by_name, pool_hash(name))
		if (!strcmp(pool->name, name))
			return pool;
	return NULL;
}

static const struct svcseq_pool_member *
conf_member(const struct svcseq_pool_conf *conf,
	    const struct svcseq_device *dev)
{
	int i;

	for (i = 0; i < conf->nmembers; i++)
		if (conf->member[i].dev == dev)
			return &conf->member[i];
	return NULL;
}

/**
 * svcseq_pool_has - is a device a member of a pool?
 * @pool: the pool
 * @dev: the device
 *
 * Context: process, cfg_lock.
 * Return: true if so, whatever its state.
 */
bool svcseq_pool_has(const struct svcseq_pool *pool,
		     const struct svcseq_device *dev)
{
	lockdep_assert_held(&pool->sn->cfg_lock);

	return conf_member(pool->conf, dev);
}

/**
 * svcseq_pool_of - a pool that a device is a member of
 * @sn: the engine
 * @dev: the device
 *
 * Context: process, cfg_lock.
 * Return: one of several, or NULL.
 */
struct svcseq_pool *svcseq_pool_of(struct svcseq_net *sn,
				   const struct svcseq_device *dev)
{
	struct svcseq_pool *pool;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->pools, id, pool)
		if (svcseq_pool_has(pool, dev))
			return pool;
	return NULL;
}

/**
 * svcseq_pool_get - take a reference
 * @pool: the pool
 *
 * Context: process, cfg_lock.
 * Return: @pool.
 */
struct svcseq_pool *svcseq_pool_get(struct svcseq_pool *pool)
{
	kref_get(&pool->refs);
	return pool;
}

/* Programs that packets may look at have references. */
static void pool_release(struct kref *refs)
{
	struct svcseq_pool *pool = container_of(refs, struct svcseq_pool, refs);

	kvfree(rcu_dereference_protected(pool->choice, true));
	svcseq_pool_conf_free(pool->conf);
	kfree(pool);
}

/**
 * svcseq_pool_put - give a reference back
 * @pool: the pool
 *
 * Context: process, cfg_lock.
 */
void svcseq_pool_put(struct svcseq_pool *pool)
{
	lockdep_assert_held(&pool->sn->cfg_lock);

	kref_put(&pool->refs, pool_release);
}

/**
 * svcseq_pool_conf_free - free a description
 * @conf: the description; may be NULL
 *
 * Context: process, cfg_lock.
 */
void svcseq_pool_conf_free(struct svcseq_pool_conf *conf)
{
	int i;

	if (!conf)
		return;
	for (i = 0; i < conf->nmembers; i++)
		svcseq_device_put(conf->member[i].dev);
	kfree(conf);
}

/**
 * svcseq_pool_slot - who gets a flow
 * @pool: the pool
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @client: address of the client
 * @port: port of the client, or 0
 *
 * Context: RCU.
 * Return: the slot of the member, or SVCSEQ_MAGLEV_NONE if nobody is up.
 */
u8 svcseq_pool_slot(const struct svcseq_pool *pool, u8 fam, const void *client,
		    __be16 port)
{
	const struct svcseq_choice *who = &rcu_dereference(pool->choice)->who;
	u64 seed = pool->sn->pool_seed;
	u32 hash;

	if (!who->size)
		return who->only;
	if (!who->ports)
		port = 0;
	if (fam == SVCSEQ_V4)
		hash = svcseq_maglev_hash4(*(const __be32 *)client, port, seed);
	else
		hash = svcseq_maglev_hash6(client, port, seed);
	return svcseq_choice_pick(who, hash);
}

static struct svcseq_pool_choice *pool_choice(const struct svcseq_pool *pool)
{
	return rcu_dereference_protected(pool->choice,
					 lockdep_is_held(&pool->sn->cfg_lock));
}

/**
 * svcseq_pool_uses - does a member get packets?
 * @pool: the pool
 * @member: the member
 *
 * Context: process, cfg_lock.
 * Return: true if it does.
 */
bool svcseq_pool_uses(const struct svcseq_pool *pool,
		      const struct svcseq_pool_member *member)
{
	lockdep_assert_held(&pool->sn->cfg_lock);

	return svcseq_choice_has(&pool_choice(pool)->who, member->slot);
}

static struct svcseq_pool_choice *
choice_new(const char *name, const struct svcseq_pool_conf *conf,
	   struct netlink_ext_ack *extack)
{
	struct svcseq_choice_member member[SVCSEQ_MAX_MEMBERS];
	struct svcseq_pool_choice *choice;
	u32 size;
	int i;

	for (i = 0; i < conf->nmembers; i++) {
		const struct svcseq_pool_member *m = &conf->member[i];

		member[i].name = m->dev->name;
		member[i].weight = m->weight;
		member[i].up = m->state == SVCSEQ_MEMBER_STATE_UP;
		member[i].slot = m->slot;
	}
	size = svcseq_choice_size(member, conf->nmembers,
				  conf->policy == SVCSEQ_POOL_POLICY_SPREAD);
	choice = kvzalloc(struct_size(choice, who.table, size),
			  GFP_KERNEL_ACCOUNT);
	if (!choice)
		return ERR_PTR(-ENOMEM);
	choice->who.ports = conf->by == SVCSEQ_POOL_BY_ADDR_PORT;
	if (svcseq_choice_fill(&choice->who, size, member, conf->nmembers)) {
		kvfree(choice);
		svcseq_refuse(extack, -EINVAL,
			      "pool '%s': two members have names that cannot be told apart; rename one",
			      name);
		return ERR_PTR(-EINVAL);
	}
	return choice;
}

/* All packets from now on go by @choice; returns the one before. */
static struct svcseq_pool_choice *
choice_swap(struct svcseq_pool *pool, struct svcseq_pool_choice *choice)
{
	return rcu_replace_pointer(pool->choice, choice,
				   lockdep_is_held(&pool->sn->cfg_lock));
}

static bool slot_is_free(const struct svcseq_pool_conf *conf, u8 slot)
{
	int i;

	for (i = 0; conf && i < conf->nmembers; i++)
		if (conf->member[i].slot == slot)
			return false;
	return slot != SVCSEQ_MAGLEV_NONE;
}

/* Whoever stays keeps its slot. Whoever joins gets one that no program before
 * could mean another by: of 255 each change takes no more than 16 in turn, and
 * SVCSEQ_DRAIN_DEPTH changes later no packet knows of them.
 */
static void slots_give(struct svcseq_pool_conf *conf,
		       const struct svcseq_pool_conf *old, u8 *next)
{
	const struct svcseq_pool_member *same;
	int i;

	static_assert((SVCSEQ_DRAIN_DEPTH + 2) * SVCSEQ_MAX_MEMBERS <
		      SVCSEQ_MAGLEV_NONE);

	for (i = 0; i < conf->nmembers; i++)
		conf->member[i].slot = SVCSEQ_MAGLEV_NONE;
	for (i = 0; i < conf->nmembers; i++) {
		same = old ? conf_member(old, conf->member[i].dev) : NULL;
		if (same) {
			conf->member[i].slot = same->slot;
			continue;
		}
		while (!slot_is_free(conf, *next) || !slot_is_free(old, *next))
			++*next;
		conf->member[i].slot = (*next)++;
	}
}

static const char *kind_name(u8 kind)
{
	switch (kind) {
	case SVCSEQ_DEVICE_KIND_TAP:
		return "tap";
	case SVCSEQ_DEVICE_KIND_EXTERNAL:
		return "external";
	case SVCSEQ_DEVICE_KIND_SERVER:
		return "server";
	case SVCSEQ_DEVICE_KIND_BRIDGE:
		return "bridge";
	default:
		return "inline";
	}
}

static int member_check(const char *name, const struct svcseq_device *dev,
			const struct svcseq_device_conf *conf,
			const struct svcseq_device *other,
			struct netlink_ext_ack *extack)
{
	if (conf->kind == SVCSEQ_DEVICE_KIND_EXTERNAL)
		return svcseq_refuse(extack, -EINVAL,
				     "pool '%s': '%s' is of kind %s; members are of kind inline, bridge, tap or server",
				     name, dev->name, kind_name(conf->kind));
	if (!other)
		return 0;
	if (conf->kind != other->conf->kind)
		return svcseq_refuse(extack, -EINVAL,
				     "pool '%s': '%s' is of kind %s and '%s' of kind %s; members are of one kind",
				     name, dev->name, kind_name(conf->kind),
				     other->name, kind_name(other->conf->kind));
	if (conf->mode != other->conf->mode)
		return svcseq_refuse(extack, -EINVAL,
				     "pool '%s': servers '%s' and '%s' are of different modes; members are of one mode",
				     name, dev->name, other->name);
	return 0;
}

/**
 * svcseq_pool_check_device - may a device become that?
 * @sn: the engine
 * @dev: the device
 * @conf: the description that it is to get
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0, or -EINVAL if it would not fit into a pool that it is in.
 */
int svcseq_pool_check_device(struct svcseq_net *sn,
			     const struct svcseq_device *dev,
			     const struct svcseq_device_conf *conf,
			     struct netlink_ext_ack *extack)
{
	struct svcseq_pool *pool;
	unsigned long id;
	int err, i;

	lockdep_assert_held(&sn->cfg_lock);

	if (!dev->pools)
		return 0;
	xa_for_each(&sn->pools, id, pool) {
		const struct svcseq_device *other = NULL;

		if (!svcseq_pool_has(pool, dev))
			continue;
		for (i = 0; i < pool->conf->nmembers; i++)
			if (pool->conf->member[i].dev != dev)
				other = pool->conf->member[i].dev;
		err = member_check(pool->name, dev, conf, other, extack);
		if (err)
			return err;
	}
	return 0;
}

static int conf_check(const char *name, const struct svcseq_pool_conf *conf,
		      struct netlink_ext_ack *extack)
{
	int i, j, err;

	if (!conf->nmembers)
		return svcseq_refuse(extack, -EINVAL,
				     "pool '%s' has no member; name at least one device",
				     name);
	for (i = 0; i < conf->nmembers; i++) {
		const struct svcseq_device *dev = conf->member[i].dev;

		err = member_check(name, dev, dev->conf,
				   i ? conf->member[0].dev : NULL, extack);
		if (err)
			return err;
		for (j = 0; j < i; j++)
			if (conf->member[j].dev == dev)
				return svcseq_refuse(extack, -EINVAL,
						     "pool '%s' has the member '%s' twice; name it once",
						     name, dev->name);
		if (conf->policy == SVCSEQ_POOL_POLICY_PRIMARY &&
		    conf->member[i].weight != 1)
			return svcseq_refuse(extack, -EINVAL,
					     "pool '%s': the weight of '%s' means nothing with policy primary, where one gets all; use policy spread, or put members in another order",
					     name, dev->name);
	}
	return 0;
}

static void conf_use(const struct svcseq_pool_conf *conf, int by)
{
	int i;

	for (i = 0; i < conf->nmembers; i++)
		conf->member[i].dev->pools += by;
}

/**
 * svcseq_pool_add - describe a pool
 * @sn: the engine
 * @name: its name
 * @conf: its description, with references on its members; taken over on success
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_pool_add(struct svcseq_net *sn, const char *name,
		    struct svcseq_pool_conf *conf,
		    struct netlink_ext_ack *extack)
{
	struct svcseq_pool_choice *choice;
	struct svcseq_pool *pool;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (svcseq_pool_find(sn, name))
		return svcseq_refuse(extack, -EEXIST,
				     "pool '%s' exists; change it with 'pool set'",
				     name);
	if (svcseq_device_find(sn, name))
		return svcseq_refuse(extack, -EEXIST,
				     "pool '%s': there is a device of that name, and a step could mean either; use another name",
				     name);
	err = conf_check(name, conf, extack);
	if (err)
		return err;
	pool = kzalloc(sizeof(*pool), GFP_KERNEL_ACCOUNT);
	if (!pool)
		return -ENOMEM;
	slots_give(conf, NULL, &pool->next_slot);
	choice = choice_new(name, conf, extack);
	if (IS_ERR(choice)) {
		err = PTR_ERR(choice);
		goto err_pool;
	}
	err = xa_alloc(&sn->pools, &pool->id, pool, xa_limit_31b,
		       GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_choice;
	pool->sn = sn;
	RCU_INIT_POINTER(pool->choice, choice);
	pool->conf = conf;
	strscpy(pool->name, name, sizeof(pool->name));
	kref_init(&pool->refs);
	conf_use(conf, 1);
	hash_add(sn->pool_names, &pool->by_name, pool_hash(name));
	sn->npools++;
	svcseq_engine_changed(sn);
	return 0;

err_choice:
	kvfree(choice);
err_pool:
	kfree(pool);
	return err;
}

/* Is there a member of @conf that is none of @other? */
static bool conf_exceeds(const struct svcseq_pool_conf *conf,
			 const struct svcseq_pool_conf *other)
{
	int i;

	for (i = 0; i < conf->nmembers; i++)
		if (!conf_member(other, conf->member[i].dev))
			return true;
	return false;
}

/* Members come and go. A choice may mean only whom programs know: whoever joins
 * is chosen when no packet sees a program without it any more; whoever leaves
 * is not chosen any more when programs without it are made.
 */
static int members_change(struct svcseq_pool *pool,
			  struct svcseq_pool_conf *conf,
			  struct svcseq_pool_choice *choice,
			  struct netlink_ext_ack *extack)
{
	struct svcseq_pool_conf *old = pool->conf;
	bool join = conf_exceeds(conf, old);
	struct svcseq_pool_choice *before = NULL;
	int err;

	if (!join)
		before = choice_swap(pool, choice);
	pool->conf = conf;
	err = svcseq_sequence_update(pool->sn, svcseq_sequence_uses_pool, pool,
				     extack);
	if (err) {
		pool->conf = old;
		if (!join)
			choice_swap(pool, before);
		return err;
	}
	if (join) {
		if (pool->users)
			synchronize_rcu();
		before = choice_swap(pool, choice);
	}
	kvfree_rcu(before, rcu);
	return 0;
}

/**
 * svcseq_pool_set - replace a pool
 * @pool: the pool
 * @conf: the new description, with references on its members; taken over on
 *   success
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock; may wait for a grace period.
 * Return: 0 or a negative errno, and then nothing has changed.
 */
int svcseq_pool_set(struct svcseq_pool *pool, struct svcseq_pool_conf *conf,
		    struct netlink_ext_ack *extack)
{
	struct svcseq_pool_conf *old = pool->conf;
	struct svcseq_pool_choice *choice;
	u8 next = pool->next_slot;
	int err;

	lockdep_assert_held(&pool->sn->cfg_lock);

	err = conf_check(pool->name, conf, extack);
	if (err)
		return err;
	slots_give(conf, old, &next);
	choice = choice_new(pool->name, conf, extack);
	if (IS_ERR(choice))
		return PTR_ERR(choice);
	if (conf_exceeds(conf, old) || conf_exceeds(old, conf)) {
		err = members_change(pool, conf, choice, extack);
		if (err) {
			/* packets may have seen it */
			kvfree_rcu(choice, rcu);
			return err;
		}
	} else {
		pool->conf = conf;
		choice = choice_swap(pool, choice);
		kvfree_rcu(choice, rcu);
	}
	pool->next_slot = next;
	pool->generation++;
	conf_use(conf, 1);
	conf_use(old, -1);
	svcseq_pool_conf_free(old);
	svcseq_engine_changed(pool->sn);
	return 0;
}

static void pool_unlink(struct svcseq_pool *pool)
{
	struct svcseq_net *sn = pool->sn;

	conf_use(pool->conf, -1);
	hash_del(&pool->by_name);
	xa_erase(&sn->pools, pool->id);
	sn->npools--;
	svcseq_engine_changed(sn);
	/* a program that drains has the pool, but needs none of this */
	svcseq_pool_conf_free(pool->conf);
	pool->conf = NULL;
	svcseq_pool_put(pool);
}

/**
 * svcseq_pool_del - forget a pool
 * @pool: the pool
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0, or -EBUSY while a sequence uses the pool.
 */
int svcseq_pool_del(struct svcseq_pool *pool, struct netlink_ext_ack *extack)
{
	struct svcseq_sequence *seq;
	unsigned long id;

	lockdep_assert_held(&pool->sn->cfg_lock);

	if (pool->users) {
		xa_for_each(&pool->sn->sequences, id, seq)
			if (svcseq_sequence_uses_pool(seq, pool))
				return svcseq_refuse(extack, -EBUSY,
						     "pool '%s' is used by sequence '%s', one of %u; take it out first",
						     pool->name, seq->name,
						     pool->users);
	}
	pool_unlink(pool);
	return 0;
}

/**
 * svcseq_pool_flush - forget all pools
 * @sn: the engine
 *
 * Context: process, cfg_lock; no sequence is left.
 */
void svcseq_pool_flush(struct svcseq_net *sn)
{
	struct svcseq_pool *pool;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->pools, id, pool)
		pool_unlink(pool);
}
