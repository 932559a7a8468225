// SPDX-License-Identifier: GPL-2.0
/* Services: addresses and ports tied to sequences, and the keys that packets
 * find them by. A service has one key of its own; where a device or the engine
 * changes the port inside the chain, or a server is known by its own address,
 * aliases lead such packets to it as well. A key is an entry of a hash table
 * if it is one address, protocol and port, and else a range at a place.
 */

#include <linux/moduleparam.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "address.h"
#include "counters.h"
#include "engine.h"
#include "key.h"
#include "limit.h"
#include "place.h"
#include "program.h"
#include "refuse.h"
#include "sequence.h"
#include "service.h"
#include "tie.h"

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

static void key_addr(union svcseq_addr *addr, u8 fam,
		     const union svcseq_key_id *id)
{
	if (fam == SVCSEQ_V4)
		addr->v4 = id->v4.addr;
	else
		addr->v6 = id->v6.addr;
}

static u8 key_proto(u8 fam, const union svcseq_key_id *id)
{
	return fam == SVCSEQ_V4 ? id->v4.proto : id->v6.proto;
}

static u16 key_port(u8 fam, const union svcseq_key_id *id)
{
	return be16_to_cpu(fam == SVCSEQ_V4 ? id->v4.port : id->v6.port);
}

static int write_proto(u8 proto, char *buf, size_t len)
{
	static const struct {
		u8 proto;
		const char *name;
	} names[] = {
		{ IPPROTO_ICMP, "icmp" }, { IPPROTO_IPIP, "ipip" },
		{ IPPROTO_TCP, "tcp" }, { IPPROTO_UDP, "udp" },
		{ IPPROTO_GRE, "gre" }, { IPPROTO_ESP, "esp" },
		{ IPPROTO_AH, "ah" }, { IPPROTO_ICMPV6, "icmpv6" },
		{ IPPROTO_SCTP, "sctp" }, { IPPROTO_DCCP, "dccp" },
		{ IPPROTO_UDPLITE, "udplite" }, { SVCSEQ_PROTO_ANY, "any" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].proto == proto)
			return scnprintf(buf, len, " %s", names[i].name);
	return scnprintf(buf, len, " %u", proto);
}

static int write_ports(u8 proto, u16 first, u16 last, char *buf, size_t len)
{
	if (!svcseq_proto_has_ports(proto))
		return 0;
	if (!first)
		return scnprintf(buf, len, " any");
	if (first == last)
		return scnprintf(buf, len, " %u", first);
	return scnprintf(buf, len, " %u-%u", first, last);
}

/* As a user would write it; returns @buf. */
static const char *id_name(const struct svcseq_service_id *id, char *buf,
			   size_t len)
{
	size_t n;

	if (id->fam == SVCSEQ_V4)
		n = scnprintf(buf, len, "%pI4", &id->addr.v4);
	else
		n = scnprintf(buf, len, "%pI6c", &id->addr.v6);
	if (id->len != svcseq_place_addr_len(id->fam))
		n += scnprintf(buf + n, len - n, "/%u", id->len);
	n += write_proto(id->proto, buf + n, len - n);
	n += write_ports(id->proto, id->first, id->last, buf + n, len - n);
	if (id->side == SVCSEQ_KEY_SIDE_CLIENT)
		scnprintf(buf + n, len - n, " by client");
	return buf;
}

static void service_id(struct svcseq_service_id *id,
		       const struct svcseq_service *svc)
{
	memset(id, 0, sizeof(*id));
	id->fam = svc->fam;
	id->proto = svc->proto;
	id->len = svc->len;
	id->side = svc->side;
	id->first = svc->first;
	id->last = svc->last;
	key_addr(&id->addr, svc->fam, &svc->key.id);
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
	struct svcseq_service_id id;
	size_t n;

	service_id(&id, svc);
	id_name(&id, buf, len);
	n = strlen(buf);
	if (svc->dynamic_first)
		scnprintf(buf + n, len - n, " dynamic %u-%u",
			  svc->dynamic_first, svc->dynamic_last);
	return buf;
}

/* What a key stands for, without the service's further ports. */
static const char *key_name(const struct svcseq_service *svc,
			    const struct svcseq_key *key, char *buf, size_t len)
{
	struct svcseq_service_id id;

	service_id(&id, svc);
	key_addr(&id.addr, svc->fam, &key->id);
	if (!key->own) {
		id.proto = key_proto(svc->fam, &key->id);
		id.first = key_port(svc->fam, &key->id);
		id.last = id.first;
	}
	return id_name(&id, buf, len);
}

/* Is it an address that stations ask for? A prefix is routed here, and clients
 * have theirs.
 */
static bool is_address(u8 fam, u8 len, u8 side)
{
	return side == SVCSEQ_KEY_SIDE_SERVER &&
	       len == svcseq_place_addr_len(fam);
}

static int address_use(struct svcseq_net *sn,
		       const struct svcseq_service_id *id)
{
	if (!is_address(id->fam, id->len, id->side))
		return 0;
	return svcseq_address_use(sn, id->fam, &id->addr);
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

	return kmalloc_size_roundup(sizeof(struct svcseq_service)) +
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

/* One address, protocol and port: a key of the hash table. */
static bool id_is_exact(const struct svcseq_service_id *id)
{
	return id->side == SVCSEQ_KEY_SIDE_SERVER &&
	       id->len == svcseq_place_addr_len(id->fam) &&
	       id->first && id->first == id->last;
}

static bool key_is_exact(const struct svcseq_service *svc,
			 const struct svcseq_key *key)
{
	struct svcseq_service_id id;

	service_id(&id, svc);
	if (!key->own) {
		id.first = 1;	/* whichever, but one */
		id.last = 1;
	}
	return id_is_exact(&id);
}

static void key_place(struct svcseq_place_id *place,
		      const struct svcseq_service *svc,
		      const struct svcseq_key *key)
{
	union svcseq_addr addr;

	key_addr(&addr, svc->fam, &key->id);
	svcseq_place_id_fill(place, svc->fam, svc->side, svc->len, &addr);
}

static struct svcseq_key *key_find(struct svcseq_net *sn, u8 fam,
				   const union svcseq_addr *addr, u8 proto,
				   u16 port)
{
	union svcseq_key_id id;
	struct svcseq_key *key;

	lockdep_assert_held(&sn->cfg_lock);

	key_id_fill(&id, fam, addr, proto, port);
	rcu_read_lock();
	key = svcseq_key_find_rcu(sn, fam, &id);
	rcu_read_unlock();
	return key;
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
	struct svcseq_place_id place;
	struct svcseq_key *key;

	lockdep_assert_held(&sn->cfg_lock);

	if (!id_is_exact(id)) {
		svcseq_place_id_fill(&place, id->fam, id->side, id->len,
				     &id->addr);
		return svcseq_place_service(sn, &place, id->proto, id->first,
					    id->last);
	}
	key = key_find(sn, id->fam, &id->addr, id->proto, id->first);
	if (!key || key != &key->service->key)
		return NULL;
	return key->service;
}

/**
 * svcseq_service_at - the service that packets for an address go to
 * @sn: the engine
 * @id: one address, protocol and port
 *
 * Context: process, cfg_lock.
 * Return: the service, which may be wider than @id, or NULL.
 */
struct svcseq_service *svcseq_service_at(struct svcseq_net *sn,
					 const struct svcseq_service_id *id)
{
	struct svcseq_service *svc = svcseq_service_find(sn, id);
	const struct svcseq_range *range;

	if (svc)
		return svc;
	rcu_read_lock();
	range = svcseq_place_find_rcu(sn, id->fam, id->side, &id->addr,
				      id->proto, id->first, false);
	svc = range ? range->of : NULL;
	rcu_read_unlock();
	return svc;
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

	return svcseq_refuse(extack, -ENOENT,
			     "there is no service %s; add it with 'service add'",
			     id_name(id, name, sizeof(name)));
}

/* How many keys @svc needs for an alias of @prog: one, or one for each server. */
static u8 alias_count(const struct svcseq_prog *prog, u32 alias)
{
	return alias & SVCSEQ_MATCH_NAT ? prog->info->nservers : 1;
}

/* The @i-th key that @svc needs for an alias of @prog. */
static void alias_id(union svcseq_key_id *id, const struct svcseq_service *svc,
		     const struct svcseq_prog *prog, u32 alias, u8 i)
{
	u8 proto = svcseq_match_proto(alias, svc->proto);
	u16 port = svcseq_match_port(alias, svc->port);
	const union svcseq_addr *addr = svcseq_service_addr(svc);

	if (alias & SVCSEQ_MATCH_NAT)
		addr = &prog->info->server[i].addr[svc->fam];
	key_id_fill(id, svc->fam, addr, proto, port);
}

static bool has_alias(const struct svcseq_service *svc,
		      const union svcseq_key_id *id, bool nat)
{
	const struct svcseq_key *key;

	for (key = svc->key.next; key; key = key->next)
		if (key->nat == nat && !memcmp(&key->id, id, sizeof(*id)))
			return true;
	return false;
}

/* Whatever is in the way of a key. */
struct holder {
	const struct svcseq_service *svc;
	bool own;	/* by its own protocol and ports */
};

static int refuse_own(const struct svcseq_service *svc,
		      const struct holder *theirs,
		      struct netlink_ext_ack *extack)
{
	char a[SVCSEQ_SERVICE_NAME_LEN], b[SVCSEQ_SERVICE_NAME_LEN];
	const struct svcseq_service *other = theirs->svc;

	svcseq_service_name(svc, a, sizeof(a));
	svcseq_service_name(other, b, sizeof(b));
	if (other == svc)
		return svcseq_refuse(extack, -EINVAL,
				     "service %s: its dynamic ports hold a port that is its own already; use others",
				     a);
	if (!theirs->own)
		return svcseq_refuse(extack, -EADDRINUSE,
				     "service %s: packets inside the chain of service %s carry this address and port; use another port here or there",
				     a, b);
	if (other->proto == svc->proto && other->first == svc->first &&
	    other->last == svc->last)
		return svcseq_refuse(extack, -EEXIST,
				     "service %s exists; change it with 'service set'",
				     b);
	return svcseq_refuse(extack, -EADDRINUSE,
			     "service %s: its ports overlap with those of service %s; ports of one address belong to one service",
			     a, b);
}

static int refuse_clash(const struct svcseq_service *svc,
			const struct svcseq_key *mine,
			const struct holder *theirs,
			struct netlink_ext_ack *extack)
{
	char a[SVCSEQ_SERVICE_NAME_LEN], b[SVCSEQ_SERVICE_NAME_LEN];
	char at[SVCSEQ_SERVICE_NAME_LEN];

	if (mine == &svc->key)
		return refuse_own(svc, theirs, extack);
	svcseq_service_name(svc, a, sizeof(a));
	svcseq_service_name(theirs->svc, b, sizeof(b));
	key_name(svc, mine, at, sizeof(at));
	if (mine->nat && theirs->svc == svc)
		return svcseq_refuse(extack, -EINVAL,
				     "service %s: its server in mode nat has the service's own address; use mode loopback or alias",
				     a);
	if (mine->nat)
		return svcseq_refuse(extack, -EADDRINUSE,
				     "service %s: its server %s in mode nat serves service %s already, and replies of the two cannot be told apart; use mode alias or loopback, another port or another address",
				     a, at, b);
	if (theirs->svc == svc)
		return svcseq_refuse(extack, -EINVAL,
				     "service %s: inside its chain packets carry %s, one of its own ports, so the two cannot be told apart; use another port there",
				     a, at);
	return svcseq_refuse(extack, -EADDRINUSE,
			     "service %s: inside its chain packets carry %s, which belongs to service %s; use another port there",
			     a, at, b);
}

/* Is there a key of the hash table among the ports of a range? Asked port by
 * port, once for each range that is added: keys by address alone would cost
 * memory for every service. What takes all ports takes what is left over.
 */
static const struct svcseq_key *
range_key_clash(struct svcseq_net *sn, u8 fam, const union svcseq_addr *addr,
		const struct svcseq_range *range)
{
	static const u8 protos[] = {
		IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, IPPROTO_DCCP,
		IPPROTO_UDPLITE,
	};
	const struct svcseq_key *key;
	unsigned int i;
	u32 port;

	if (svcseq_range_is_all(range) && !range->nat)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(protos); i++) {
		if (range->proto != protos[i] &&
		    range->proto != SVCSEQ_PROTO_ANY)
			continue;
		for (port = range->first; port <= range->last; port++) {
			key = key_find(sn, fam, addr, protos[i], (u16)port);
			if (key)
				return key;
			if (!(port % 1024))
				cond_resched();
		}
	}
	return NULL;
}

/* Nobody may be in the way of @range of @mine. */
static int range_check(struct svcseq_net *sn, const struct svcseq_service *svc,
		       const struct svcseq_key *mine,
		       const struct svcseq_range *range,
		       struct netlink_ext_ack *extack)
{
	const struct svcseq_key *key = NULL;
	const struct svcseq_range *other;
	struct svcseq_place_id place;
	struct holder theirs = {};
	union svcseq_addr addr;

	key_place(&place, svc, mine);
	other = svcseq_place_clash(sn, &place, range);
	key_addr(&addr, svc->fam, &mine->id);
	if (!other && svc->side == SVCSEQ_KEY_SIDE_SERVER &&
	    svc->len == svcseq_place_addr_len(svc->fam))
		key = range_key_clash(sn, svc->fam, &addr, range);
	if (other) {
		theirs.svc = other->of;
		theirs.own = other->own && !other->nat;
	} else if (key) {
		theirs.svc = key->service;
		theirs.own = key->own && !key->nat;
	} else {
		return 0;
	}
	return refuse_clash(svc, mine, &theirs, extack);
}

static void range_fill(struct svcseq_range *range, struct svcseq_service *svc,
		       const struct svcseq_key *key, u16 first, u16 last)
{
	*range = (struct svcseq_range) {
		.of = svc,
		.first = first,
		.last = last,
		.proto = key_proto(svc->fam, &key->id),
		.own = key->own,
		.nat = key->nat,
	};
}

static int range_add(struct svcseq_net *sn, struct svcseq_service *svc,
		     const struct svcseq_key *key, u16 first, u16 last,
		     struct netlink_ext_ack *extack)
{
	struct svcseq_place_id place;
	struct svcseq_range range;
	int err;

	range_fill(&range, svc, key, first, last);
	err = range_check(sn, svc, key, &range, extack);
	if (err)
		return err;
	key_place(&place, svc, key);
	return svcseq_place_add(sn, &place, &range);
}

static int key_hash(struct svcseq_net *sn, struct svcseq_service *svc,
		    struct svcseq_key *key, struct netlink_ext_ack *extack)
{
	u16 port = key_port(svc->fam, &key->id);
	const struct svcseq_range *other = NULL;
	struct svcseq_place_id place;
	struct svcseq_range range;
	struct svcseq_key *old;
	struct holder theirs;

	/* ranges that it may lie in are at a place; most engines have none */
	if (sn->wide[svc->fam] & SVCSEQ_WIDE_SERVER) {
		range_fill(&range, svc, key, port, port);
		key_place(&place, svc, key);
		other = svcseq_place_clash(sn, &place, &range);
	}
	if (other) {
		theirs.svc = other->of;
		theirs.own = other->own && !other->nat;
		return refuse_clash(svc, key, &theirs, extack);
	}
	old = key_insert(sn, svc->fam, key);
	if (IS_ERR(old))
		return PTR_ERR(old);
	if (old) {
		theirs.svc = old->service;
		theirs.own = old->own && !old->nat;
		return refuse_clash(svc, key, &theirs, extack);
	}
	key->hashed = true;
	return 0;
}

static void key_del(struct svcseq_net *sn, struct svcseq_service *svc,
		    struct svcseq_key *key)
{
	struct svcseq_place_id place;

	if (key->hashed)
		key_remove(sn, svc->fam, key);
	if (key->hashed && (!key->own || !svc->dynamic_first))
		return;
	key_place(&place, svc, key);
	svcseq_place_del(sn, &place, svc, key->own,
			 key_proto(svc->fam, &key->id),
			 key_port(svc->fam, &key->id));
}

/* All that a key stands for, or nothing of it. */
static int key_add(struct svcseq_net *sn, struct svcseq_service *svc,
		   struct svcseq_key *key, struct netlink_ext_ack *extack)
{
	u16 port = key_port(svc->fam, &key->id);
	int err;

	if (key_is_exact(svc, key))
		err = key_hash(sn, svc, key, extack);
	else if (key->own)
		err = range_add(sn, svc, key, svc->first, svc->last, extack);
	else
		err = range_add(sn, svc, key, port, port, extack);
	if (err || !key->own || !svc->dynamic_first)
		return err;
	err = range_add(sn, svc, key, svc->dynamic_first, svc->dynamic_last,
			extack);
	if (err)
		key_del(sn, svc, key);
	return err;
}

static int alias_add(struct svcseq_net *sn, struct svcseq_service *svc,
		     const union svcseq_key_id *id, u32 alias,
		     struct netlink_ext_ack *extack)
{
	struct svcseq_key *key;
	int err;

	key = kzalloc(sizeof(*key), GFP_KERNEL_ACCOUNT);
	if (!key)
		return -ENOMEM;
	key->id = *id;
	key->nat = alias & SVCSEQ_MATCH_NAT;
	key->own = alias == (SVCSEQ_MATCH_OWN | SVCSEQ_MATCH_NAT);
	key->service = svc;
	err = key_add(sn, svc, key, extack);
	if (err) {
		/* packets may have seen it */
		kfree_rcu(key, rcu);
		return err;
	}
	key->next = svc->key.next;
	svc->key.next = key;
	return 0;
}

/* A step may name the very port that the service has. */
static bool is_own_key(const struct svcseq_service *svc,
		       const union svcseq_key_id *id, bool nat)
{
	return !nat && svc->port && !memcmp(&svc->key.id, id, sizeof(*id));
}

static int alias_need(struct svcseq_net *sn, struct svcseq_service *svc,
		      const struct svcseq_prog *prog, u32 alias, u8 n,
		      struct netlink_ext_ack *extack)
{
	bool nat = alias & SVCSEQ_MATCH_NAT;
	union svcseq_key_id id;

	alias_id(&id, svc, prog, alias, n);
	if (has_alias(svc, &id, nat) || is_own_key(svc, &id, nat))
		return 0;
	return alias_add(sn, svc, &id, alias, extack);
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
	u16 i;
	int err;
	u8 n;

	lockdep_assert_held(&sn->cfg_lock);

	for (i = 0; i < prog->info->naliases; i++) {
		u32 alias = prog->info->alias[i];

		for (n = 0; n < alias_count(prog, alias); n++) {
			err = alias_need(sn, svc, prog, alias, n, extack);
			if (err)
				return err;
		}
	}
	return 0;
}

static bool alias_is(const struct svcseq_prog *prog,
		     const struct svcseq_service *svc, u32 alias,
		     const struct svcseq_key *key)
{
	union svcseq_key_id id;
	u8 n;

	if (key->nat != !!(alias & SVCSEQ_MATCH_NAT))
		return false;
	for (n = 0; n < alias_count(prog, alias); n++) {
		alias_id(&id, svc, prog, alias, n);
		if (!memcmp(&key->id, &id, sizeof(id)))
			return true;
	}
	return false;
}

static bool prog_needs(const struct svcseq_prog *prog,
		       const struct svcseq_service *svc,
		       const struct svcseq_key *key)
{
	u16 i;

	for (; prog; prog = svcseq_prog_prev(prog))
		for (i = 0; i < prog->info->naliases; i++)
			if (alias_is(prog, svc, prog->info->alias[i], key))
				return true;
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
	struct svcseq_key **link = &svc->key.next;
	struct svcseq_key *key;

	lockdep_assert_held(&sn->cfg_lock);

	while ((key = *link)) {
		if (service_needs(sn, svc, key)) {
			link = &key->next;
			continue;
		}
		*link = key->next;
		key_del(sn, svc, key);
		kfree_rcu(key, rcu);
	}
}

static void service_join(struct svcseq_service *svc,
			 struct svcseq_sequence *seq)
{
	svcseq_sequence_get(seq);
	hlist_add_head(&svc->key.in_seq, &seq->services);
	seq->nservices++;
	rcu_assign_pointer(svc->seq, seq);
}

/* The reference of the service goes to the caller. */
static void service_leave(struct svcseq_service *svc,
			  struct svcseq_sequence *seq)
{
	hlist_del(&svc->key.in_seq);
	seq->nservices--;
}

static void service_free(struct rcu_head *rcu)
{
	struct svcseq_service *svc = container_of(rcu, struct svcseq_service,
						  key.rcu);

	svcseq_stats_slot_put(svc->slot);
	kfree(svc);
}

static struct svcseq_service *
service_new(struct svcseq_net *sn, const struct svcseq_service_id *id,
	    const struct svcseq_service_conf *conf)
{
	struct svcseq_service *svc;

	svc = kzalloc(sizeof(*svc), GFP_KERNEL_ACCOUNT);
	if (!svc)
		return NULL;
	svc->stats = svcseq_stats_slot_get(sn, &svc->slot);
	if (!svc->stats) {
		kfree(svc);
		return NULL;
	}
	svc->fam = id->fam;
	svc->proto = id->proto;
	svc->dscp = SVCSEQ_DSCP_KEEP;
	svc->len = id->len;
	svc->side = id->side;
	svc->first = id->first;
	svc->last = id->last;
	svc->port = id->first == id->last ? id->first : 0;
	svc->dynamic_first = conf->dynamic_first;
	svc->dynamic_last = conf->dynamic_last;
	svc->owner = conf->owner;
	RCU_INIT_POINTER(svc->ties, conf->ties);
	key_id_fill(&svc->key.id, id->fam, &id->addr, id->proto, svc->port);
	svc->key.own = true;
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
	int err;

	if (!prog)
		return svcseq_refuse(extack, -EAGAIN,
				     "sequence '%s' stands still since memory ran out; set it again",
				     seq->name);
	err = svcseq_prog_check_service(seq, seq->conf, prog, svc, extack);
	if (!err)
		err = key_add(sn, svc, &svc->key, extack);
	if (err)
		return err;
	err = svcseq_service_keys_add(sn, svc, prog, extack);
	if (err) {
		svcseq_service_keys_prune(sn, svc);
		key_del(sn, svc, &svc->key);
	}
	return err;
}

/**
 * svcseq_service_add - tie addresses and ports to a sequence
 * @sn: the engine
 * @id: addresses, protocols and ports
 * @conf: the sequence, and what else belongs to it; its ties are taken over on
 *   success
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_service_add(struct svcseq_net *sn,
		       const struct svcseq_service_id *id,
		       const struct svcseq_service_conf *conf,
		       struct netlink_ext_ack *extack)
{
	struct svcseq_service *svc;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (sn->nservices >= svcseq_service_max())
		return svcseq_refuse(extack, -ENOSPC,
				     "there are %u services already, which is the limit; raise the module's parameter max_services",
				     sn->nservices);
	svc = service_new(sn, id, conf);
	if (!svc)
		return -ENOMEM;
	err = address_use(sn, id);
	if (err)
		goto err_svc;
	err = xa_alloc(&sn->services, &svc->id, svc, xa_limit_32b,
		       GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_address;
	err = service_publish(sn, svc, conf->seq, extack);
	if (err)
		goto err_id;
	service_join(svc, conf->seq);
	svcseq_ties_link(svc, conf->ties);
	sn->nservices++;
	svcseq_engine_changed(sn);
	return 0;

err_id:
	xa_erase(&sn->services, svc->id);
err_address:
	if (is_address(id->fam, id->len, id->side))
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
 * @ties: its new access lists, taken over on success; or NULL to keep those
 *   that it has
 * @extack: for the text of a refusal
 *
 * Its counters go on. Packets that are on the old way stay on it.
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno, and then nothing has changed.
 */
int svcseq_service_set(struct svcseq_net *sn, struct svcseq_service *svc,
		       struct svcseq_sequence *seq, const u8 *owner,
		       struct svcseq_ties *ties,
		       struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (seq && seq != service_seq(sn, svc)) {
		err = service_move(sn, svc, seq, extack);
		if (err)
			return err;
	}
	if (ties)
		svcseq_service_tie(sn, svc, ties);
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
	key_del(sn, svc, &svc->key);
	for (key = svc->key.next; key; key = next) {
		next = key->next;
		key_del(sn, svc, key);
		kfree_rcu(key, rcu);
	}
	/* packets may hold the service a little longer, and its lists */
	svcseq_ties_free(rcu_dereference_protected(svc->ties, true));
	service_leave(svc, seq);
	if (is_address(svc->fam, svc->len, svc->side))
		svcseq_address_unuse(sn, svc->fam, svcseq_service_addr(svc));
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
