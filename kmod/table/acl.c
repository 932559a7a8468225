// SPDX-License-Identifier: GPL-2.0
/* Access lists: named ordered rules. The rules are compiled before anybody
 * waits for that; then one pointer is swapped, so any number of services see
 * the old rules or the new ones. Rules name nothing but values, so a list
 * depends on no other object.
 */

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

#include "acl.h"
#include "counters.h"
#include "engine.h"
#include "refuse.h"
#include "service.h"

/* control gives what it gets on netlink to the core as it is */
static_assert((int)SVCSEQ_RULE_VERDICT_ALLOW == (int)SVCSEQ_ACL_ALLOW);
static_assert((int)SVCSEQ_RULE_VERDICT_DENY == (int)SVCSEQ_ACL_DENY);
static_assert((int)SVCSEQ_RULE_FAMILY_ANY == (int)SVCSEQ_ACL_ANY);
static_assert((int)SVCSEQ_RULE_FAMILY_IPV4 == (int)SVCSEQ_ACL_IPV4);
static_assert((int)SVCSEQ_RULE_FAMILY_IPV6 == (int)SVCSEQ_ACL_IPV6);
static_assert(SVCSEQ_MAX_RULES == SVCSEQ_ACL_MAX_RULES);

/**
 * svcseq_rules_free - free rules that no packet can reach
 * @rules: the rules; may be NULL
 *
 * Context: process; may sleep.
 */
void svcseq_rules_free(struct svcseq_rules *rules)
{
	unsigned int cpu;
	int fam;

	if (!rules)
		return;
	for (cpu = 0; rules->stats && cpu < nr_cpu_ids; cpu++) {
		kvfree(rules->stats[cpu]);
		cond_resched();
	}
	kfree(rules->stats);
	for (fam = 0; fam < SVCSEQ_NFAM; fam++)
		kvfree(rules->tree[fam]);
	kvfree(rules->label);
	kvfree(rules->deny);
	kvfree(rules->rule);
	kfree(rules);
}

static void rules_free_work(struct work_struct *work)
{
	svcseq_rules_free(container_of(to_rcu_work(work), struct svcseq_rules,
				       rwork));
}

/* After a grace period, and in a context that may sleep. */
static void rules_retire(struct svcseq_rules *rules)
{
	INIT_RCU_WORK(&rules->rwork, rules_free_work);
	queue_rcu_work(svcseq_wq, &rules->rwork);
}

/**
 * svcseq_rules_new - make room for rules
 * @n: how many, at most SVCSEQ_MAX_RULES
 *
 * Context: process.
 * Return: rules to be filled in, or NULL.
 */
struct svcseq_rules *svcseq_rules_new(u32 n)
{
	struct svcseq_rules *rules;

	rules = kzalloc(sizeof(*rules), GFP_KERNEL_ACCOUNT);
	if (!rules)
		return NULL;
	rules->n = n;
	rules->deny = kvcalloc(BITS_TO_LONGS(n + 1), sizeof(*rules->deny),
			       GFP_KERNEL_ACCOUNT);
	if (n)
		rules->rule = kvcalloc(n, sizeof(*rules->rule),
				       GFP_KERNEL_ACCOUNT);
	if (rules->deny && (rules->rule || !n))
		return rules;
	svcseq_rules_free(rules);
	return NULL;
}

/**
 * svcseq_rules_label - say what the packets of a rule are counted as
 * @rules: rules that are being filled in
 * @i: which rule
 * @label: the label, shorter than SVCSEQ_NAME_LEN
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int svcseq_rules_label(struct svcseq_rules *rules, u32 i, const char *label)
{
	if (!rules->label)
		rules->label = kvcalloc(rules->n, sizeof(*rules->label),
					GFP_KERNEL_ACCOUNT);
	if (!rules->label)
		return -ENOMEM;
	strscpy(rules->label[i], label, sizeof(rules->label[i]));
	return 0;
}

static bool rules_have_family(const struct svcseq_rules *rules,
			      enum svcseq_acl_family family)
{
	u32 i;

	for (i = 0; i < rules->n; i++)
		if (rules->rule[i].family == SVCSEQ_ACL_ANY ||
		    rules->rule[i].family == family)
			return true;
	return false;
}

static int rules_compile(struct svcseq_rules *rules, int fam,
			 enum svcseq_acl_family family)
{
	struct svcseq_acl_builder *builder;
	void *arena;
	size_t size;

	if (!rules_have_family(rules, family))
		return 0;
	size = svcseq_acl_arena_size(rules->rule, rules->n, family);
	arena = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!arena)
		return -ENOMEM;
	builder = svcseq_acl_build_begin(arena, rules->rule, rules->n, family);
	while (svcseq_acl_build_step(builder))
		cond_resched();
	size = svcseq_acl_build_end(builder);
	/* most of the arena was for the builder */
	rules->tree[fam] = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (rules->tree[fam])
		memcpy(rules->tree[fam], arena, size);
	kvfree(arena);
	return rules->tree[fam] ? 0 : -ENOMEM;
}

static int rules_alloc_stats(struct svcseq_rules *rules)
{
	struct svcseq_stats *s;
	int cpu;

	rules->stats = kcalloc(nr_cpu_ids, sizeof(*rules->stats),
			       GFP_KERNEL_ACCOUNT);
	if (!rules->stats)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		s = kvzalloc_node(struct_size(s, c, rules->n + 1),
				  GFP_KERNEL_ACCOUNT, cpu_to_node(cpu));
		if (!s)
			return -ENOMEM;
		u64_stats_init(&s->syncp);
		rules->stats[cpu] = s;
		cond_resched();
	}
	return 0;
}

/**
 * svcseq_rules_build - compile rules that are filled in
 * @rules: the rules; every one has passed svcseq_acl_rule_check()
 * @verdict: what becomes of packets that match none
 *
 * Context: process; no lock, for this may take many milliseconds.
 * Return: 0 or -ENOMEM.
 */
int svcseq_rules_build(struct svcseq_rules *rules, u8 verdict)
{
	u32 i;
	int err;

	for (i = 0; i < rules->n; i++)
		if (rules->rule[i].verdict == SVCSEQ_ACL_DENY)
			__set_bit(i, rules->deny);
	if (verdict == SVCSEQ_ACL_DENY)
		__set_bit(rules->n, rules->deny);
	err = rules_alloc_stats(rules);
	if (!err)
		err = rules_compile(rules, SVCSEQ_V4, SVCSEQ_ACL_IPV4);
	if (!err)
		err = rules_compile(rules, SVCSEQ_V6, SVCSEQ_ACL_IPV6);
	return err;
}

/**
 * svcseq_rules_count - how many packets a rule has decided on
 * @sum: the result is added to it
 * @rules: the rules
 * @i: which rule, or their number for packets that matched none
 *
 * Context: process.
 */
void svcseq_rules_count(struct svcseq_totals *sum,
			const struct svcseq_rules *rules, u32 i)
{
	int cpu;

	for_each_possible_cpu(cpu)
		svcseq_stats_sum(sum, rules->stats[cpu], i);
}

static u32 list_hash(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

/**
 * svcseq_list_find - find an access list by name
 * @sn: the engine
 * @name: the name
 *
 * Context: process, cfg_lock.
 * Return: the list or NULL.
 */
struct svcseq_list *svcseq_list_find(struct svcseq_net *sn, const char *name)
{
	struct svcseq_list *list;

	lockdep_assert_held(&sn->cfg_lock);

	hash_for_each_possible(sn->list_names, list, by_name, list_hash(name))
		if (!strcmp(list->name, name))
			return list;
	return NULL;
}

/**
 * svcseq_list_missing - refuse because there is no such list
 * @name: what the user calls it
 * @extack: for the text
 *
 * Context: any.
 * Return: -ENOENT.
 */
int svcseq_list_missing(const char *name, struct netlink_ext_ack *extack)
{
	return svcseq_refuse(extack, -ENOENT,
			     "there is no acl '%s'; add it with 'acl add'",
			     name);
}

/**
 * svcseq_list_rules - the rules that a list has now
 * @sn: the engine
 * @list: the list
 *
 * Context: process, cfg_lock.
 * Return: the rules.
 */
struct svcseq_rules *svcseq_list_rules(struct svcseq_net *sn,
				       const struct svcseq_list *list)
{
	return rcu_dereference_protected(list->rules,
					 lockdep_is_held(&sn->cfg_lock));
}

/**
 * svcseq_list_add - define an access list
 * @sn: the engine
 * @name: its name
 * @owner: who adds it
 * @rules: its rules, compiled; taken over on success
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: the list or an ERR_PTR().
 */
struct svcseq_list *svcseq_list_add(struct svcseq_net *sn, const char *name,
				    u8 owner, struct svcseq_rules *rules,
				    struct netlink_ext_ack *extack)
{
	struct svcseq_list *list;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (svcseq_list_find(sn, name)) {
		svcseq_refuse(extack, -EEXIST,
			      "acl '%s' exists; change it with 'acl set'",
			      name);
		return ERR_PTR(-EEXIST);
	}
	list = kzalloc(sizeof(*list), GFP_KERNEL_ACCOUNT);
	if (!list)
		return ERR_PTR(-ENOMEM);
	strscpy(list->name, name, sizeof(list->name));
	list->owner = owner;
	list->generation = 1;
	INIT_HLIST_HEAD(&list->ties);
	RCU_INIT_POINTER(list->rules, rules);
	err = xa_alloc(&sn->lists, &list->id, list, xa_limit_31b,
		       GFP_KERNEL_ACCOUNT);
	if (err) {
		kfree(list);
		return ERR_PTR(err);
	}
	hash_add(sn->list_names, &list->by_name, list_hash(name));
	sn->nlists++;
	svcseq_engine_changed(sn);
	return list;
}

/**
 * svcseq_list_set - replace the rules of a list
 * @sn: the engine
 * @list: the list
 * @owner: its new owner
 * @rules: its new rules, compiled; taken over
 *
 * A packet is judged by the old rules or by the new ones, whatever service it
 * belongs to.
 *
 * Context: process, cfg_lock.
 */
void svcseq_list_set(struct svcseq_net *sn, struct svcseq_list *list, u8 owner,
		     struct svcseq_rules *rules)
{
	struct svcseq_rules *old = svcseq_list_rules(sn, list);

	lockdep_assert_held(&sn->cfg_lock);

	rcu_assign_pointer(list->rules, rules);
	list->owner = owner;
	/* zero would tell netlink that a dump has no generation */
	if (!++list->generation)
		list->generation = 1;
	svcseq_engine_changed(sn);
	rules_retire(old);
}

static void list_forget(struct svcseq_net *sn, struct svcseq_list *list)
{
	hash_del(&list->by_name);
	xa_erase(&sn->lists, list->id);
	sn->nlists--;
	svcseq_engine_changed(sn);
	/* packets that hold the ties of a service may still come here */
	rules_retire(svcseq_list_rules(sn, list));
	kfree_rcu(list, rcu);
}

/**
 * svcseq_list_del - forget an access list
 * @sn: the engine
 * @list: the list
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0, or -EBUSY while a service uses the list.
 */
int svcseq_list_del(struct svcseq_net *sn, struct svcseq_list *list,
		    struct netlink_ext_ack *extack)
{
	char name[SVCSEQ_SERVICE_NAME_LEN];
	struct svcseq_tie *tie;

	lockdep_assert_held(&sn->cfg_lock);

	if (list->nservices) {
		tie = hlist_entry(list->ties.first, struct svcseq_tie,
				  in_list);
		return svcseq_refuse(extack, -EBUSY,
				     "acl '%s' is used by service %s, one of %u; give it other lists or delete it first",
				     list->name,
				     svcseq_service_name(tie->svc, name,
							 sizeof(name)),
				     list->nservices);
	}
	list_forget(sn, list);
	return 0;
}

/**
 * svcseq_list_flush - forget all access lists
 * @sn: the engine
 *
 * Context: process, cfg_lock; no service uses any.
 */
void svcseq_list_flush(struct svcseq_net *sn)
{
	struct svcseq_list *list;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->lists, id, list)
		list_forget(sn, list);
}
