// SPDX-License-Identifier: GPL-2.0
/* Services: addresses and ports tied to sequences, and the keys that packets
 * find them by. A service has one key of its own; where a device or the engine
 * changes the port inside the chain, or a server is known by its own address,
 * aliases lead such packets to it as well.
 */

#include <linux/moduleparam.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "address.h"
#include "counters.h"
#include "engine.h"
#include "key.h"
#include "limit.h"
#include "program.h"
#include "refuse.h"
#include "sequence.h"
#include "service.h"

static unsigned int max_services = 4194304;
module_param(max_services, uint, 0644);
MODULE_PARM_DESC(max_services, "Most services of one network namespace");

static void key_id_fill(union svcseq_key_id *id, u8 fam,
			const union svcseq_addr *addr, u8 proto, u16 port)
{
	memset(id, 0, sizeof(*id));
	if (fam == SVCSEQ_V4) {
		id->v4.addr = addr->v4;
		id->v4.proto = proto;
		id->v4.port = cpu_to_be16(port);
	} else {
		id->v6.addr = addr->v6;
		id->v6.proto = proto;
		id->v6.port = cpu_to_be16(port);
	}
}

static const char *proto_name(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_SCTP:
		return "sctp";
	case IPPROTO_DCCP:
		return "dccp";
	case IPPROTO_UDPLITE:
		return "udplite";
	default:
		return "udp";
	}
}

static const char *key_name(const union svcseq_key_id *id, u8 fam, char *buf,
			    size_t len)
{
	u8 proto = fam == SVCSEQ_V4 ? id->v4.proto : id->v6.proto;
	const char *word = proto_name(proto);

	if (fam == SVCSEQ_V4)
		snprintf(buf, len, "%pI4 %s %u", &id->v4.addr, word,
			 be16_to_cpu(id->v4.port));
	else
		snprintf(buf, len, "%pI6c %s %u", &id->v6.addr, word,
			 be16_to_cpu(id->v6.port));
	return buf;
}

/**
 * svcseq_service_name - write a service as a user would
 * @svc: the service
 * @buf: where to
 * @len: its size, SVCSEQ_SERVICE_NAME_LEN at best
 *
 * Context: any.
 * Return: @buf.
 */
const char *svcseq_service_name(const struct svcseq_service *svc, char *buf,
				size_t len)
{
	return key_name(&svc->key.id, svc->fam, buf, len);
}

static const union svcseq_addr *service_addr(const struct svcseq_service *svc)
{
	return svc->fam == SVCSEQ_V4 ? (const void *)&svc->key.id.v4.addr :
				       (const void *)&svc->key.id.v6.addr;
}

/**
 * svcseq_service_max - most services of one namespace
 *
 * Context: any.
 * Return: the number.
 */
u32 svcseq_service_max(void)
{
	return READ_ONCE(max_services);
}

/**
 * svcseq_service_bytes - memory for one service
 *
 * Context: any.
 * Return: bytes, with its counters on all CPUs, an address of its own, its slot
 * in the table of numbers and its share of a hash table that is three quarters full.
 */
u32 svcseq_service_bytes(void)
{
	struct svcseq_stats __percpu *stats;

	return roundup_pow_of_two(sizeof(struct svcseq_service)) +
	       num_possible_cpus() *
	       struct_size(stats, c, SVCSEQ_SERVICE_NSTATS) +
	       sizeof(void *) + sizeof(void *) * 4 / 3 + svcseq_address_bytes();
}

static struct svcseq_key *key_insert(struct svcseq_net *sn, u8 fam,
				     struct svcseq_key *key)
{
	if (fam == SVCSEQ_V4)
		return rhashtable_lookup_get_insert_fast(&sn->keys[fam],
							 &key->node,
							 svcseq_key_params4);
	return rhashtable_lookup_get_insert_fast(&sn->keys[fam], &key->node,
						 svcseq_key_params6);
}

static void key_remove(struct svcseq_net *sn, u8 fam, struct svcseq_key *key)
{
	if (fam == SVCSEQ_V4)
		rhashtable_remove_fast(&sn->keys[fam], &key->node,
				       svcseq_key_params4);
	else
		rhashtable_remove_fast(&sn->keys[fam], &key->node,
				       svcseq_key_params6);
}

/**
 * svcseq_service_find - find a service
 * @sn: the engine
 * @id: what the user calls it
 *
 * Context: process, cfg_lock.
 * Return: the service or NULL.
 */
struct svcseq_service *svcseq_service_find(struct svcseq_net *sn,
					   const struct svcseq_service_id *id)
{
	union svcseq_key_id key_id;
	struct svcseq_key *key;

	lockdep_assert_held(&sn->cfg_lock);

	key_id_fill(&key_id, id->fam, &id->addr, id->proto, id->port);
	rcu_read_lock();
	key = svcseq_key_find_rcu(sn, id->fam, &key_id);
	rcu_read_unlock();
	if (!key || key != &key->service->key)
		return NULL;
	return key->service;
}

/**
 * svcseq_service_missing - refuse because there is no such service
 * @id: what the user calls it
 * @extack: for the text
 *
 * Context: any.
 * Return: -ENOENT.
 */
int svcseq_service_missing(const struct svcseq_service_id *id,
			   struct netlink_ext_ack *extack)
{
	char name[SVCSEQ_SERVICE_NAME_LEN];
	union svcseq_key_id key_id;

	key_id_fill(&key_id, id->fam, &id->addr, id->proto, id->port);
	return svcseq_refuse(extack, -ENOENT,
			     "there is no service %s; add it with 'service add'",
			     key_name(&key_id, id->fam, name, sizeof(name)));
}

/* The key that @svc needs for an alias of @prog. */
static void alias_id(union svcseq_key_id *id, const struct svcseq_service *svc,
		     const struct svcseq_prog *prog, u32 alias)
{
	u8 proto = svcseq_match_proto(alias, svc->proto);
	u16 port = svcseq_match_port(alias, svc->port);
	union svcseq_addr addr;

	if (alias & SVCSEQ_MATCH_NAT)
		addr = prog->info->nat[svc->fam];
	else if (svc->fam == SVCSEQ_V4)
		addr.v4 = svc->key.id.v4.addr;
	else
		addr.v6 = svc->key.id.v6.addr;
	key_id_fill(id, svc->fam, &addr, proto, port);
}

static bool has_alias(const struct svcseq_service *svc,
		      const union svcseq_key_id *id, bool nat)
{
	const struct svcseq_key *key;

	for (key = svc->aliases; key; key = key->next)
		if (key->nat == nat && !memcmp(&key->id, id, sizeof(*id)))
			return true;
	return false;
}

static int refuse_clash(const struct svcseq_service *svc,
			const struct svcseq_key *mine,
			const struct svcseq_key *theirs,
			struct netlink_ext_ack *extack)
{
	char a[SVCSEQ_SERVICE_NAME_LEN], b[SVCSEQ_SERVICE_NAME_LEN];
	char at[SVCSEQ_SERVICE_NAME_LEN];

	svcseq_service_name(svc, a, sizeof(a));
	svcseq_service_name(theirs->service, b, sizeof(b));
	key_name(&mine->id, svc->fam, at, sizeof(at));
	if (mine->nat && theirs->service == svc)
		return svcseq_refuse(extack, -EINVAL,
				     "service %s: its server in mode nat has the service's own address; use mode loopback or alias",
				     a);
	if (mine->nat)
		return svcseq_refuse(extack, -EADDRINUSE,
				     "service %s: its server %s in mode nat serves service %s already, and replies of the two cannot be told apart; use mode alias or loopback, another port or another address",
				     a, at, b);
	return svcseq_refuse(extack, -EADDRINUSE,
			     "service %s: inside its chain packets carry %s, which belongs to service %s; use another port there",
			     a, at, b);
}

static int alias_add(struct svcseq_net *sn, struct svcseq_service *svc,
		     const union svcseq_key_id *id, bool nat,
		     struct netlink_ext_ack *extack)
{
	struct svcseq_key *key, *old;
	int err;

	key = kzalloc(sizeof(*key), GFP_KERNEL_ACCOUNT);
	if (!key)
		return -ENOMEM;
	key->id = *id;
	key->nat = nat;
	key->service = svc;
	old = key_insert(sn, svc->fam, key);
	if (!old) {
		key->next = svc->aliases;
		svc->aliases = key;
		return 0;
	}
	if (IS_ERR(old))
		err = PTR_ERR(old);
	else if (!nat && old == &svc->key)
		err = 0;	/* its own key does */
	else
		err = refuse_clash(svc, key, old, extack);
	kfree(key);
	return err;
}

/**
 * svcseq_service_keys_add - give a service the keys that a program needs
 * @sn: the engine
 * @svc: the service
 * @prog: the program
 * @extack: for the text of a refusal
 *
 * Packets may find the new keys at once; the program that is current still
 * drops them.
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno; then svcseq_service_keys_prune() takes back
 * what was added.
 */
int svcseq_service_keys_add(struct svcseq_net *sn, struct svcseq_service *svc,
			    const struct svcseq_prog *prog,
			    struct netlink_ext_ack *extack)
{
	union svcseq_key_id id;
	u16 i;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	for (i = 0; i < prog->info->naliases; i++) {
		bool nat = prog->info->alias[i] & SVCSEQ_MATCH_NAT;

		alias_id(&id, svc, prog, prog->info->alias[i]);
		if (has_alias(svc, &id, nat))
			continue;
		err = alias_add(sn, svc, &id, nat, extack);
		if (err)
			return err;
	}
	return 0;
}

static bool prog_needs(const struct svcseq_prog *prog,
		       const struct svcseq_service *svc,
		       const struct svcseq_key *key)
{
	union svcseq_key_id id;
	u16 i;

	for (; prog; prog = rcu_dereference_protected(prog->prev, true)) {
		for (i = 0; i < prog->info->naliases; i++) {
			u32 alias = prog->info->alias[i];

			if (key->nat != !!(alias & SVCSEQ_MATCH_NAT))
				continue;
			alias_id(&id, svc, prog, alias);
			if (!memcmp(&key->id, &id, sizeof(id)))
				return true;
		}
	}
	return false;
}

static bool seq_needs(const struct svcseq_sequence *seq,
		      const struct svcseq_service *svc,
		      const struct svcseq_key *key)
{
	return seq && prog_needs(svcseq_sequence_prog(seq), svc, key);
}

static struct svcseq_sequence *service_seq(struct svcseq_net *sn,
					   const struct svcseq_service *svc)
{
	return rcu_dereference_protected(svc->seq,
					 lockdep_is_held(&sn->cfg_lock));
}

static struct svcseq_move *service_moves(struct svcseq_net *sn,
					 const struct svcseq_service *svc)
{
	return rcu_dereference_protected(svc->moves,
					 lockdep_is_held(&sn->cfg_lock));
}

static bool service_needs(struct svcseq_net *sn,
			  const struct svcseq_service *svc,
			  const struct svcseq_key *key)
{
	const struct svcseq_move *move;

	if (seq_needs(service_seq(sn, svc), svc, key))
		return true;
	for (move = service_moves(sn, svc); move;
	     move = rcu_dereference_protected(move->next, true))
		if (seq_needs(move->from, svc, key))
			return true;
	return false;
}

/**
 * svcseq_service_keys_prune - take the keys that no program needs
 * @sn: the engine
 * @svc: the service
 *
 * Programs that drain count as well.
 *
 * Context: process, cfg_lock.
 */
void svcseq_service_keys_prune(struct svcseq_net *sn,
			       struct svcseq_service *svc)
{
	struct svcseq_key **link = &svc->aliases;
	struct svcseq_key *key;

	lockdep_assert_held(&sn->cfg_lock);

	while ((key = *link)) {
		if (service_needs(sn, svc, key)) {
			link = &key->next;
			continue;
		}
		*link = key->next;
		key_remove(sn, svc->fam, key);
		kfree_rcu(key, rcu);
	}
}

static void service_join(struct svcseq_service *svc,
			 struct svcseq_sequence *seq)
{
	svcseq_sequence_get(seq);
	hlist_add_head(&svc->in_seq, &seq->services);
	seq->nservices++;
	rcu_assign_pointer(svc->seq, seq);
}

/* The reference of the service goes to the caller. */
static void service_leave(struct svcseq_service *svc,
			  struct svcseq_sequence *seq)
{
	hlist_del(&svc->in_seq);
	seq->nservices--;
}

static void service_free(struct rcu_head *rcu)
{
	struct svcseq_service *svc = container_of(rcu, struct svcseq_service,
						  key.rcu);

	free_percpu(svc->stats);
	kfree(svc);
}

static int refuse_taken(const struct svcseq_service *svc,
			const struct svcseq_key *old,
			struct netlink_ext_ack *extack)
{
	char a[SVCSEQ_SERVICE_NAME_LEN], b[SVCSEQ_SERVICE_NAME_LEN];

	svcseq_service_name(svc, a, sizeof(a));
	svcseq_service_name(old->service, b, sizeof(b));
	if (old == &old->service->key)
		return svcseq_refuse(extack, -EEXIST,
				     "service %s exists; change it with 'service set'",
				     a);
	return svcseq_refuse(extack, -EADDRINUSE,
			     "service %s: packets inside the chain of service %s carry this address and port; use another port here or there",
			     a, b);
}

static struct svcseq_service *service_new(const struct svcseq_service_id *id)
{
	struct svcseq_service *svc;

	svc = kzalloc(sizeof(*svc), GFP_KERNEL_ACCOUNT);
	if (!svc)
		return NULL;
	svc->stats = svcseq_stats_alloc(SVCSEQ_SERVICE_NSTATS);
	if (!svc->stats) {
		kfree(svc);
		return NULL;
	}
	svc->fam = id->fam;
	svc->proto = id->proto;
	svc->port = id->port;
	svc->dscp = SVCSEQ_DSCP_KEEP;
	key_id_fill(&svc->key.id, id->fam, &id->addr, id->proto, id->port);
	svc->key.service = svc;
	return svc;
}

/* Aliases first: packets that find them meet no sequence and are dropped, as
 * they would be before.
 */
static int service_publish(struct svcseq_net *sn, struct svcseq_service *svc,
			   struct svcseq_sequence *seq,
			   struct netlink_ext_ack *extack)
{
	struct svcseq_prog *prog = svcseq_sequence_prog(seq);
	struct svcseq_key *old;
	int err;

	if (!prog)
		return svcseq_refuse(extack, -EAGAIN,
				     "sequence '%s' stands still since memory ran out; set it again",
				     seq->name);
	err = svcseq_prog_check_service(seq, seq->conf, prog, svc, extack);
	if (err)
		return err;
	old = key_insert(sn, svc->fam, &svc->key);
	if (IS_ERR(old))
		return PTR_ERR(old);
	if (old)
		return refuse_taken(svc, old, extack);
	err = svcseq_service_keys_add(sn, svc, prog, extack);
	if (err) {
		svcseq_service_keys_prune(sn, svc);
		key_remove(sn, svc->fam, &svc->key);
	}
	return err;
}

/**
 * svcseq_service_add - tie an address and port to a sequence
 * @sn: the engine
 * @id: address, protocol and port
 * @seq: the sequence
 * @owner: who adds it
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_service_add(struct svcseq_net *sn,
		       const struct svcseq_service_id *id,
		       struct svcseq_sequence *seq, u8 owner,
		       struct netlink_ext_ack *extack)
{
	struct svcseq_service *svc;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (sn->nservices >= svcseq_service_max())
		return svcseq_refuse(extack, -ENOSPC,
				     "there are %u services already, which is the limit; raise the module's parameter max_services",
				     sn->nservices);
	svc = service_new(id);
	if (!svc)
		return -ENOMEM;
	svc->owner = owner;
	err = svcseq_address_use(sn, id->fam, &id->addr);
	if (err)
		goto err_svc;
	err = xa_alloc(&sn->services, &svc->id, svc, xa_limit_32b,
		       GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_address;
	err = service_publish(sn, svc, seq, extack);
	if (err)
		goto err_id;
	service_join(svc, seq);
	sn->nservices++;
	svcseq_engine_changed(sn);
	return 0;

err_id:
	xa_erase(&sn->services, svc->id);
err_address:
	svcseq_address_unuse(sn, id->fam, &id->addr);
err_svc:
	/* packets may have seen its key */
	call_rcu(&svc->key.rcu, service_free);
	return err;
}

static void move_end(struct svcseq_net *sn, struct svcseq_move *move)
{
	struct svcseq_move __rcu **link = &move->svc->moves;
	struct svcseq_move *m;

	while ((m = rcu_dereference_protected(*link, true)) != move)
		link = &m->next;
	rcu_assign_pointer(*link, rcu_dereference_protected(m->next, true));
	svcseq_service_keys_prune(sn, move->svc);
	svcseq_sequence_put(move->from);
	list_del(&move->node);
	kfree_rcu(move, rcu);
}

/* A service that goes to and fro makes one move for each sequence, and packets
 * never have to look through more than a few.
 */
static void moves_limit(struct svcseq_net *sn, const struct svcseq_service *svc)
{
	struct svcseq_move *move, *oldest = NULL;
	int n = 0;

	for (move = service_moves(sn, svc); move;
	     move = rcu_dereference_protected(move->next, true)) {
		n++;
		if (!oldest || time_before(move->expires, oldest->expires))
			oldest = move;
	}
	if (n > SVCSEQ_DRAIN_DEPTH)
		move_end(sn, oldest);
}

/* The reference of the service on @from goes to the move. */
static void move_begin(struct svcseq_net *sn, struct svcseq_service *svc,
		       struct svcseq_sequence *from, struct svcseq_move *new)
{
	unsigned long expires = jiffies + msecs_to_jiffies(SVCSEQ_DRAIN_MS);
	struct svcseq_move *move;

	for (move = service_moves(sn, svc); move;
	     move = rcu_dereference_protected(move->next, true)) {
		if (move->from != from)
			continue;
		move->expires = expires;
		list_move_tail(&move->node, &sn->moved);
		svcseq_sequence_put(from);
		kfree(new);
		return;
	}
	new->svc = svc;
	new->from = from;
	new->expires = expires;
	RCU_INIT_POINTER(new->next, service_moves(sn, svc));
	list_add_tail(&new->node, &sn->moved);
	rcu_assign_pointer(svc->moves, new);
}

static int service_move(struct svcseq_net *sn, struct svcseq_service *svc,
			struct svcseq_sequence *to,
			struct netlink_ext_ack *extack)
{
	struct svcseq_sequence *from = service_seq(sn, svc);
	struct svcseq_prog *prog = svcseq_sequence_prog(to);
	struct svcseq_move *move;
	int err;

	if (!prog)
		return svcseq_refuse(extack, -EAGAIN,
				     "sequence '%s' stands still since memory ran out; set it again",
				     to->name);
	move = kmalloc(sizeof(*move), GFP_KERNEL_ACCOUNT);
	if (!move)
		return -ENOMEM;
	err = svcseq_prog_check_service(to, to->conf, prog, svc, extack);
	if (!err)
		err = svcseq_service_keys_add(sn, svc, prog, extack);
	if (err) {
		svcseq_service_keys_prune(sn, svc);
		kfree(move);
		return err;
	}
	/* the old way is known before the new one is taken */
	service_leave(svc, from);
	move_begin(sn, svc, from, move);
	service_join(svc, to);
	/* not before: the end of a move takes keys that nobody needs */
	moves_limit(sn, svc);
	svcseq_engine_drain_later(sn);
	return 0;
}

/**
 * svcseq_service_set - change a service
 * @sn: the engine
 * @svc: the service
 * @seq: its new sequence, or NULL to keep it
 * @owner: its new owner, or NULL to keep it
 * @extack: for the text of a refusal
 *
 * Its counters go on. Packets that are on the old way stay on it.
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno, and then nothing has changed.
 */
int svcseq_service_set(struct svcseq_net *sn, struct svcseq_service *svc,
		       struct svcseq_sequence *seq, const u8 *owner,
		       struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (seq && seq != service_seq(sn, svc)) {
		err = service_move(sn, svc, seq, extack);
		if (err)
			return err;
	}
	if (owner)
		svc->owner = *owner;
	svcseq_engine_changed(sn);
	return 0;
}

/**
 * svcseq_service_set_dscp - mark the packets of a service
 * @sn: the engine
 * @svc: the service
 * @dscp: differentiated services code point, or SVCSEQ_DSCP_KEEP
 *
 * Context: process, cfg_lock.
 */
void svcseq_service_set_dscp(struct svcseq_net *sn, struct svcseq_service *svc,
			     u8 dscp)
{
	lockdep_assert_held(&sn->cfg_lock);

	/* pairs with READ_ONCE() where packets are sent */
	WRITE_ONCE(svc->dscp, dscp);
	svcseq_engine_changed(sn);
}

/**
 * svcseq_service_del - forget a service
 * @sn: the engine
 * @svc: the service
 *
 * Context: process, cfg_lock.
 */
void svcseq_service_del(struct svcseq_net *sn, struct svcseq_service *svc)
{
	struct svcseq_sequence *seq = service_seq(sn, svc);
	struct svcseq_key *key, *next;
	struct svcseq_move *move;

	lockdep_assert_held(&sn->cfg_lock);

	while ((move = service_moves(sn, svc)))
		move_end(sn, move);
	key_remove(sn, svc->fam, &svc->key);
	for (key = svc->aliases; key; key = next) {
		next = key->next;
		key_remove(sn, svc->fam, key);
		kfree_rcu(key, rcu);
	}
	service_leave(svc, seq);
	svcseq_address_unuse(sn, svc->fam, service_addr(svc));
	svcseq_limit_swap(&svc->limit, NULL);
	xa_erase(&sn->services, svc->id);
	sn->nservices--;
	svcseq_engine_changed(sn);
	svcseq_sequence_put(seq);
	call_rcu(&svc->key.rcu, service_free);
}

/**
 * svcseq_service_drain - end moves that have drained
 * @sn: the engine
 * @all: whether they have drained or not
 *
 * Context: process, cfg_lock.
 */
void svcseq_service_drain(struct svcseq_net *sn, bool all)
{
	struct svcseq_move *move, *next;

	lockdep_assert_held(&sn->cfg_lock);

	list_for_each_entry_safe(move, next, &sn->moved, node)
		if (all || time_after_eq(jiffies, move->expires))
			move_end(sn, move);
}

/**
 * svcseq_service_flush - forget all services
 * @sn: the engine
 *
 * Context: process, cfg_lock.
 */
void svcseq_service_flush(struct svcseq_net *sn)
{
	struct svcseq_service *svc;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->services, id, svc) {
		svcseq_service_del(sn, svc);
		cond_resched();
	}
}
