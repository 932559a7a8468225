// SPDX-License-Identifier: GPL-2.0
/* Sequences: ordered lists of steps. Every change builds new programs for all
 * sequences that it concerns, gives their services the keys that these need,
 * and only then, when nothing can fail any more, swaps one pointer for each.
 */

#include <linux/hash.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

#include "device.h"
#include "engine.h"
#include "pool.h"
#include "port.h"
#include "program.h"
#include "refuse.h"
#include "sequence.h"
#include "service.h"
#include "tag.h"

/* A program that is ready to take over. */
struct change {
	struct list_head node;
	struct svcseq_sequence *seq;
	struct svcseq_prog *prog;
};

static u32 sequence_hash(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

/**
 * svcseq_sequence_find - find a sequence by name
 * @sn: the engine
 * @name: the name
 *
 * Context: process, cfg_lock.
 * Return: the sequence or NULL.
 */
struct svcseq_sequence *svcseq_sequence_find(struct svcseq_net *sn,
					     const char *name)
{
	struct svcseq_sequence *seq;

	lockdep_assert_held(&sn->cfg_lock);

	hash_for_each_possible(sn->sequence_names, seq, by_name,
			       sequence_hash(name))
		if (!strcmp(seq->name, name))
			return seq;
	return NULL;
}

/**
 * svcseq_sequence_get - take a reference
 * @seq: the sequence
 *
 * Context: process, cfg_lock.
 * Return: @seq.
 */
struct svcseq_sequence *svcseq_sequence_get(struct svcseq_sequence *seq)
{
	kref_get(&seq->refs);
	return seq;
}

static void sequence_free(struct work_struct *work)
{
	struct svcseq_sequence *seq = container_of(to_rcu_work(work),
						   struct svcseq_sequence,
						   rwork);
	struct svcseq_net *sn = seq->sn;
	struct svcseq_prog *prog, *prev;

	mutex_lock(&sn->cfg_lock);
	for (prog = svcseq_sequence_prog(seq); prog; prog = prev) {
		prev = svcseq_prog_prev(prog);
		svcseq_prog_free(prog);
	}
	svcseq_sequence_conf_free(seq->conf);
	mutex_unlock(&sn->cfg_lock);
	kfree(seq);
}

static void sequence_release(struct kref *refs)
{
	struct svcseq_sequence *seq = container_of(refs,
						   struct svcseq_sequence,
						   refs);

	list_del_init(&seq->draining);
	INIT_RCU_WORK(&seq->rwork, sequence_free);
	queue_rcu_work(svcseq_wq, &seq->rwork);
}

/**
 * svcseq_sequence_put - give a reference back
 * @seq: the sequence
 *
 * Context: process, cfg_lock.
 */
void svcseq_sequence_put(struct svcseq_sequence *seq)
{
	lockdep_assert_held(&seq->sn->cfg_lock);

	kref_put(&seq->refs, sequence_release);
}

/**
 * svcseq_sequence_conf_free - free a definition
 * @conf: the definition; may be NULL
 *
 * Context: process, cfg_lock.
 */
void svcseq_sequence_conf_free(struct svcseq_sequence_conf *conf)
{
	int i, c;

	if (!conf)
		return;
	if (conf->from)
		svcseq_device_put(conf->from);
	for (i = 0; i < conf->nsteps; i++) {
		const struct svcseq_step_conf *step = &conf->step[i];

		if (step->dev)
			svcseq_device_put(step->dev);
		if (step->pool)
			svcseq_pool_put(step->pool);
		if (step->alternate)
			svcseq_device_put(step->alternate);
		for (c = 0; c < step->ncopies; c++) {
			if (step->copy[c].tap)
				svcseq_device_put(step->copy[c].tap);
			if (step->copy[c].tap_pool)
				svcseq_pool_put(step->copy[c].tap_pool);
			if (step->copy[c].alert_to)
				svcseq_device_put(step->copy[c].alert_to);
			if (step->copy[c].alert_pool)
				svcseq_pool_put(step->copy[c].alert_pool);
		}
	}
	kfree(conf);
}

static bool step_has(const struct svcseq_step_conf *step, const void *dev)
{
	u8 d;

	for (d = 0; d < svcseq_step_ndevices(step); d++)
		if (svcseq_step_device(step, d) == dev)
			return true;
	return false;
}

static bool copy_has(const struct svcseq_copy_conf *copy, const void *dev)
{
	u8 d;

	for (d = 0; d < svcseq_copy_ntaps(copy); d++)
		if (svcseq_copy_tap(copy, d) == dev)
			return true;
	return false;
}

/**
 * svcseq_sequence_uses_device - does a sequence use a device?
 * @seq: the sequence
 * @dev: a &struct svcseq_device
 *
 * Context: process, cfg_lock.
 * Return: true if it does, at a step, in a pool, as tap or to enter from.
 */
bool svcseq_sequence_uses_device(const struct svcseq_sequence *seq,
				 const void *dev)
{
	const struct svcseq_sequence_conf *conf = seq->conf;
	int i, c;

	if (conf->from == dev)
		return true;
	for (i = 0; i < conf->nsteps; i++) {
		if (step_has(&conf->step[i], dev))
			return true;
		for (c = 0; c < conf->step[i].ncopies; c++)
			if (copy_has(&conf->step[i].copy[c], dev))
				return true;
	}
	return false;
}

/**
 * svcseq_sequence_uses_pool - does a sequence use a pool?
 * @seq: the sequence
 * @pool: a &struct svcseq_pool
 *
 * Context: process, cfg_lock.
 * Return: true if it does, at a step or as taps.
 */
bool svcseq_sequence_uses_pool(const struct svcseq_sequence *seq,
			       const void *pool)
{
	const struct svcseq_sequence_conf *conf = seq->conf;
	int i, c;

	for (i = 0; i < conf->nsteps; i++) {
		if (conf->step[i].pool == pool)
			return true;
		for (c = 0; c < conf->step[i].ncopies; c++)
			if (conf->step[i].copy[c].tap_pool == pool)
				return true;
	}
	return false;
}

/**
 * svcseq_sequence_any - does a change concern this sequence? Yes.
 * @seq: the sequence
 * @what: not looked at
 *
 * Context: any.
 * Return: true.
 */
bool svcseq_sequence_any(const struct svcseq_sequence *seq, const void *what)
{
	return true;
}

/* Devices and pools that a definition names more than once count it once. */
struct seen {
	const void *what[1 + SVCSEQ_MAX_STEPS * (2 + SVCSEQ_MAX_COPIES)];
	int n;
};

static bool seen_before(struct seen *seen, const void *what)
{
	int i;

	for (i = 0; i < seen->n; i++)
		if (seen->what[i] == what)
			return true;
	seen->what[seen->n++] = what;
	return false;
}

static void device_count_user(struct seen *seen, struct svcseq_device *dev,
			      int by)
{
	if (dev && !seen_before(seen, dev))
		dev->users += by;
}

static void pool_count_user(struct seen *seen, struct svcseq_pool *pool, int by)
{
	if (pool && !seen_before(seen, pool))
		pool->users += by;
}

/* Each device and pool counts the sequences that use it. */
static void conf_count_users(const struct svcseq_sequence_conf *conf, int by)
{
	struct seen seen;
	int i, c;

	seen.n = 0;
	device_count_user(&seen, conf->from, by);
	for (i = 0; i < conf->nsteps; i++) {
		const struct svcseq_step_conf *step = &conf->step[i];

		pool_count_user(&seen, step->pool, by);
		device_count_user(&seen, step->dev, by);
		device_count_user(&seen, step->alternate, by);
		for (c = 0; c < step->ncopies; c++) {
			pool_count_user(&seen, step->copy[c].tap_pool, by);
			device_count_user(&seen, step->copy[c].tap, by);
		}
	}
}

static void conf_use(const struct svcseq_sequence_conf *conf, int by)
{
	conf_count_users(conf, by);
	if (conf->uplink_port)
		conf->uplink_port->users += by;
}

static void services_prune(struct svcseq_sequence *seq)
{
	struct svcseq_service *svc;

	hlist_for_each_entry(svc, &seq->services, key.in_seq) {
		svcseq_service_keys_prune(seq->sn, svc);
		cond_resched();
	}
}

/* All services of @seq get the keys that @prog needs, or keep those they have.
 */
static int services_prepare(struct svcseq_sequence *seq,
			    const struct svcseq_sequence_conf *conf,
			    const struct svcseq_prog *prog,
			    struct netlink_ext_ack *extack)
{
	struct svcseq_service *svc;
	int err;

	hlist_for_each_entry(svc, &seq->services, key.in_seq) {
		err = svcseq_prog_check_service(seq, conf, prog, svc, extack);
		if (!err)
			err = svcseq_service_keys_add(seq->sn, svc, prog,
						      extack);
		if (err) {
			services_prune(seq);
			return err;
		}
		cond_resched();
	}
	return 0;
}

static void cut_after(struct svcseq_prog *prog)
{
	struct svcseq_prog *cut, *prev;

	cut = svcseq_prog_prev(prog);
	prog->info->last = true;
	for (; cut; cut = prev) {
		prev = svcseq_prog_prev(cut);
		svcseq_prog_retire(cut);
	}
}

/* The chain of programs that packets try is kept short: whoever is not in it
 * has to look through all of it. A packet that began with an earlier program
 * than @prog is still less deep, and what it looks for may be the very next:
 * so the pointer stays until nobody can be there any more.
 */
static void limit_depth(struct svcseq_prog *prog)
{
	int depth;

	for (depth = 0; prog && depth < SVCSEQ_DRAIN_DEPTH; depth++)
		prog = svcseq_prog_prev(prog);
	if (prog)
		cut_after(prog);
}

static bool same_keys(const struct svcseq_prog *a, const struct svcseq_prog *b)
{
	return a->info->naliases == b->info->naliases &&
	       !memcmp(a->info->alias, b->info->alias,
		       array_size(a->info->naliases,
				  sizeof(*a->info->alias))) &&
	       a->info->nservers == b->info->nservers &&
	       !memcmp(a->info->server, b->info->server,
		       array_size(a->info->nservers,
				  sizeof(*a->info->server)));
}

static void swap_prog(struct svcseq_sequence *seq, struct svcseq_prog *prog)
{
	struct svcseq_prog *old = svcseq_sequence_prog(seq);
	struct svcseq_net *sn = seq->sn;

	svcseq_port_count_rows(sn, prog, 1);
	if (old) {
		RCU_INIT_POINTER(prog->prev, old);
		old->info->expires = jiffies +
				     msecs_to_jiffies(SVCSEQ_DRAIN_MS);
		seq->stale_keys |= !same_keys(old, prog);
		svcseq_port_count_rows(sn, old, -1);
	}
	rcu_assign_pointer(seq->prog, prog);
	if (!old)
		return;
	limit_depth(prog);
	list_move_tail(&seq->draining, &sn->draining);
	svcseq_engine_drain_later(sn);
}

static void changes_drop(struct list_head *changes)
{
	struct change *c, *next;

	list_for_each_entry_safe(c, next, changes, node) {
		services_prune(c->seq);
		svcseq_prog_free(c->prog);
		kfree(c);
	}
}

static void changes_commit(struct list_head *changes)
{
	struct change *c, *next;

	list_for_each_entry_safe(c, next, changes, node) {
		swap_prog(c->seq, c->prog);
		kfree(c);
	}
}

static int change_prepare(struct list_head *changes,
			  struct svcseq_sequence *seq,
			  const struct svcseq_sequence_conf *conf,
			  struct netlink_ext_ack *extack)
{
	struct change *c;
	int err;

	c = kmalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	c->seq = seq;
	c->prog = svcseq_prog_build(seq, conf, extack);
	if (IS_ERR(c->prog)) {
		err = PTR_ERR(c->prog);
		kfree(c);
		return err;
	}
	err = services_prepare(seq, conf, c->prog, extack);
	if (err) {
		svcseq_prog_free(c->prog);
		kfree(c);
		return err;
	}
	list_add_tail(&c->node, changes);
	return 0;
}

/**
 * svcseq_sequence_update - compile sequences anew
 * @sn: the engine
 * @match: tells which
 * @what: passed to @match
 * @extack: for the text of a refusal
 *
 * Definitions stay; what they refer to has changed. All take the change in, or
 * none does.
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno, and then nothing has changed.
 */
int svcseq_sequence_update(struct svcseq_net *sn, svcseq_sequence_match *match,
			   const void *what, struct netlink_ext_ack *extack)
{
	struct svcseq_sequence *seq;
	LIST_HEAD(changes);
	unsigned long id;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->sequences, id, seq) {
		if (!match(seq, what))
			continue;
		err = change_prepare(&changes, seq, seq->conf, extack);
		if (err) {
			changes_drop(&changes);
			return err;
		}
	}
	changes_commit(&changes);
	return 0;
}

static int conf_check(struct svcseq_net *sn, const char *name,
		      struct svcseq_sequence_conf *conf,
		      struct netlink_ext_ack *extack)
{
	if (!conf->uplink[0])
		return 0;
	if (conf->from)
		return svcseq_refuse(extack, -EINVAL,
				     "sequence '%s': replies go to '%s', so they cannot leave by uplink '%s'; name one of the two",
				     name, conf->from->name, conf->uplink);
	conf->uplink_port = svcseq_port_find(sn, conf->uplink);
	if (!conf->uplink_port)
		return svcseq_refuse(extack, -ENODEV,
				     "sequence '%s': uplink '%s' is not a port; add it with 'port add'",
				     name, conf->uplink);
	if (conf->uplink_port->role != SVCSEQ_PORT_ROLE_UPLINK)
		return svcseq_refuse(extack, -EINVAL,
				     "sequence '%s': port '%s' is no uplink; give it role uplink, or name another",
				     name, conf->uplink);
	return 0;
}

/**
 * svcseq_sequence_add - define a sequence
 * @sn: the engine
 * @name: its name
 * @conf: its definition, with references on its devices; taken over on success
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_sequence_add(struct svcseq_net *sn, const char *name,
			struct svcseq_sequence_conf *conf,
			struct netlink_ext_ack *extack)
{
	struct svcseq_sequence *seq;
	struct svcseq_prog *prog;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (svcseq_sequence_find(sn, name))
		return svcseq_refuse(extack, -EEXIST,
				     "sequence '%s' exists; change it with 'sequence set'",
				     name);
	err = conf_check(sn, name, conf, extack);
	if (err)
		return err;
	seq = kzalloc(sizeof(*seq), GFP_KERNEL_ACCOUNT);
	if (!seq)
		return -ENOMEM;
	seq->sn = sn;
	strscpy(seq->name, name, sizeof(seq->name));
	kref_init(&seq->refs);
	INIT_HLIST_HEAD(&seq->services);
	INIT_LIST_HEAD(&seq->draining);
	err = svcseq_tag_path_take(seq, conf, extack);
	if (err)
		goto err_seq;
	prog = svcseq_prog_build(seq, conf, extack);
	if (IS_ERR(prog)) {
		err = PTR_ERR(prog);
		goto err_path;
	}
	err = xa_alloc(&sn->sequences, &seq->id, seq, xa_limit_31b,
		       GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_prog;
	seq->conf = conf;
	conf_use(conf, 1);
	hash_add(sn->sequence_names, &seq->by_name, sequence_hash(name));
	sn->nsequences++;
	swap_prog(seq, prog);
	svcseq_engine_changed(sn);
	return 0;

err_prog:
	svcseq_prog_free(prog);
err_path:
	svcseq_tag_path_give(seq, conf);
err_seq:
	kfree(seq);
	return err;
}

/**
 * svcseq_sequence_set - replace a sequence
 * @seq: the sequence
 * @conf: the new definition, with references on its devices; taken over on
 *   success
 * @extack: for the text of a refusal
 *
 * A packet at a hop meets the old program or the new one. Packets that a
 * device of the old definition still holds find their way on when they come
 * back within SVCSEQ_DRAIN_MS.
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno, and then nothing has changed.
 */
int svcseq_sequence_set(struct svcseq_sequence *seq,
			struct svcseq_sequence_conf *conf,
			struct netlink_ext_ack *extack)
{
	struct svcseq_sequence_conf *old = seq->conf;
	LIST_HEAD(changes);
	int err;

	lockdep_assert_held(&seq->sn->cfg_lock);

	err = conf_check(seq->sn, seq->name, conf, extack);
	if (!err)
		err = svcseq_tag_path_take(seq, conf, extack);
	if (err)
		return err;
	err = change_prepare(&changes, seq, conf, extack);
	if (err) {
		svcseq_tag_path_give(seq, conf);
		return err;
	}
	changes_commit(&changes);
	seq->conf = conf;
	svcseq_tag_path_give(seq, old);
	seq->generation++;
	conf_use(conf, 1);
	conf_use(old, -1);
	svcseq_sequence_conf_free(old);
	svcseq_engine_changed(seq->sn);
	return 0;
}

static void sequence_unlink(struct svcseq_sequence *seq)
{
	struct svcseq_prog *prog = svcseq_sequence_prog(seq);
	struct svcseq_net *sn = seq->sn;

	conf_use(seq->conf, -1);
	if (seq->conf->path)
		xa_erase(&sn->paths, seq->conf->path);
	if (prog)
		svcseq_port_count_rows(sn, prog, -1);
	hash_del(&seq->by_name);
	xa_erase(&sn->sequences, seq->id);
	sn->nsequences--;
	svcseq_engine_changed(sn);
	svcseq_sequence_put(seq);
}

/**
 * svcseq_sequence_del - forget a sequence
 * @seq: the sequence
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0, or -EBUSY while a service uses the sequence.
 */
int svcseq_sequence_del(struct svcseq_sequence *seq,
			struct netlink_ext_ack *extack)
{
	char name[SVCSEQ_SERVICE_NAME_LEN];
	struct svcseq_service *svc;

	lockdep_assert_held(&seq->sn->cfg_lock);

	if (seq->nservices) {
		svc = hlist_entry(seq->services.first, struct svcseq_service,
				  key.in_seq);
		return svcseq_refuse(extack, -EBUSY,
				     "sequence '%s' is used by service %s, one of %u; give it another sequence or delete it first",
				     seq->name,
				     svcseq_service_name(svc, name,
							 sizeof(name)),
				     seq->nservices);
	}
	sequence_unlink(seq);
	return 0;
}

/**
 * svcseq_sequence_port_added - give sequences their uplink back
 * @sn: the engine
 * @port: the port
 *
 * The caller brings the programs in line.
 *
 * Context: process, cfg_lock.
 */
void svcseq_sequence_port_added(struct svcseq_net *sn, struct svcseq_port *port)
{
	struct svcseq_sequence *seq;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	if (port->role != SVCSEQ_PORT_ROLE_UPLINK)
		return;
	xa_for_each(&sn->sequences, id, seq) {
		if (seq->conf->uplink_port ||
		    strcmp(seq->conf->uplink, port->ifname))
			continue;
		seq->conf->uplink_port = port;
		port->users++;
	}
}

/**
 * svcseq_sequence_port_renamed - sequences follow the name of their uplink
 * @sn: the engine
 * @port: the port
 *
 * Context: process, cfg_lock.
 */
void svcseq_sequence_port_renamed(struct svcseq_net *sn,
				  const struct svcseq_port *port)
{
	struct svcseq_sequence *seq;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->sequences, id, seq)
		if (seq->conf->uplink_port == port)
			strscpy(seq->conf->uplink, port->ifname,
				sizeof(seq->conf->uplink));
}

static bool prog_leads_to(const struct svcseq_sequence *seq, const void *port)
{
	const struct svcseq_prog *prog = svcseq_sequence_prog(seq);
	u16 i;

	for (i = 0; prog && i < prog->info->nports; i++)
		if (prog->info->port[i] == port)
			return true;
	return false;
}

/* Packets of this sequence are dropped until it is compiled again. */
static void sequence_stop(struct svcseq_sequence *seq)
{
	struct svcseq_prog *prog = svcseq_sequence_prog(seq);

	if (!prog)
		return;
	net_warn_ratelimited("svcseq: sequence %s stands still: no memory to compile it\n",
			     seq->name);
	svcseq_port_count_rows(seq->sn, prog, -1);
	cut_after(prog);
	RCU_INIT_POINTER(seq->prog, NULL);
	svcseq_prog_retire(prog);
}

/**
 * svcseq_sequence_port_gone - no packet may be led to a port any more
 * @sn: the engine
 * @port: the port; arms do not refer to it any more
 *
 * Context: process, rtnl and cfg_lock.
 */
void svcseq_sequence_port_gone(struct svcseq_net *sn, struct svcseq_port *port)
{
	struct svcseq_sequence *seq;
	unsigned long id;

	ASSERT_RTNL();
	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->sequences, id, seq) {
		if (seq->conf->uplink_port != port)
			continue;
		seq->conf->uplink_port = NULL;
		port->users--;
	}
	if (svcseq_sequence_update(sn, svcseq_sequence_any, NULL, NULL))
		xa_for_each(&sn->sequences, id, seq)
			if (prog_leads_to(seq, port))
				sequence_stop(seq);

	/* programs that drain know the port as well */
	svcseq_service_drain(sn, true);
	svcseq_sequence_drain(sn, true);
}

/**
 * svcseq_sequence_drain - let go of programs that have drained
 * @sn: the engine
 * @all: whether they have drained or not
 *
 * Context: process, cfg_lock.
 */
void svcseq_sequence_drain(struct svcseq_net *sn, bool all)
{
	struct svcseq_sequence *seq, *next;
	struct svcseq_prog *prog, *prev;

	lockdep_assert_held(&sn->cfg_lock);

	list_for_each_entry_safe(seq, next, &sn->draining, draining) {
		prog = svcseq_sequence_prog(seq);
		while (prog) {
			prev = svcseq_prog_prev(prog);
			if (prev && (all || time_after_eq(jiffies,
							  prev->info->expires)))
				break;
			prog = prev;
		}
		if (prog) {
			cut_after(prog);
			RCU_INIT_POINTER(prog->prev, NULL);
		}
		prog = svcseq_sequence_prog(seq);
		if (prog && svcseq_prog_prev(prog))
			continue;
		list_del_init(&seq->draining);
		if (seq->stale_keys)
			services_prune(seq);
		seq->stale_keys = false;
	}
}

/**
 * svcseq_sequence_flush - forget all sequences
 * @sn: the engine
 *
 * Context: process, cfg_lock; no service is left.
 */
void svcseq_sequence_flush(struct svcseq_net *sn)
{
	struct svcseq_sequence *seq;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->sequences, id, seq)
		sequence_unlink(seq);
}
