// SPDX-License-Identifier: GPL-2.0
/* Ties: which access lists have to allow the packets of a service. All ties of
 * a service are replaced as one, by one pointer. A tie to a port goes by the
 * port's name, so that it holds again when a net device of that name comes
 * back: a *gate* is such a name, and which port it is at present.
 */

#include <linux/slab.h>

#include "refuse.h"
#include "tie.h"

static struct svcseq_gate *gate_of_port(struct svcseq_net *sn,
					const struct svcseq_port *port)
{
	struct svcseq_gate *gate;

	list_for_each_entry(gate, &sn->gates, node)
		if (gate->dev == port->dev)
			return gate;
	return NULL;
}

static struct svcseq_gate *gate_get(struct svcseq_net *sn,
				    const struct svcseq_port *port)
{
	struct svcseq_gate *gate = gate_of_port(sn, port);

	if (!gate) {
		gate = kzalloc(sizeof(*gate), GFP_KERNEL_ACCOUNT);
		if (!gate)
			return NULL;
		gate->dev = port->dev;
		strscpy(gate->ifname, port->ifname, sizeof(gate->ifname));
		list_add_tail(&gate->node, &sn->gates);
	}
	gate->users++;
	return gate;
}

static void gate_put(struct svcseq_gate *gate)
{
	if (!gate || --gate->users)
		return;
	list_del(&gate->node);
	kfree_rcu(gate, rcu);
}

/**
 * svcseq_gate_check - may a port be deleted?
 * @sn: the engine
 * @port: the port
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0, or -EBUSY while access lists are tied to it.
 */
int svcseq_gate_check(struct svcseq_net *sn, const struct svcseq_port *port,
		      struct netlink_ext_ack *extack)
{
	struct svcseq_gate *gate = gate_of_port(sn, port);

	lockdep_assert_held(&sn->cfg_lock);

	if (!gate)
		return 0;
	return svcseq_refuse(extack, -EBUSY,
			     "port '%s' is where services have %u access lists; tie these elsewhere first",
			     port->ifname, gate->users);
}

/**
 * svcseq_gate_port_added - access lists at a port of this name hold again
 * @sn: the engine
 * @port: the port; catches no packet yet
 *
 * Context: process, cfg_lock.
 */
void svcseq_gate_port_added(struct svcseq_net *sn,
			    const struct svcseq_port *port)
{
	struct svcseq_gate *gate;

	lockdep_assert_held(&sn->cfg_lock);

	list_for_each_entry(gate, &sn->gates, node)
		if (!gate->dev && !strcmp(gate->ifname, port->ifname))
			WRITE_ONCE(gate->dev, port->dev);
}

/**
 * svcseq_gate_port_renamed - the net device of a port has another name
 * @sn: the engine
 * @port: the port
 *
 * Context: process, cfg_lock.
 */
void svcseq_gate_port_renamed(struct svcseq_net *sn,
			      const struct svcseq_port *port)
{
	struct svcseq_gate *gate;

	lockdep_assert_held(&sn->cfg_lock);

	list_for_each_entry(gate, &sn->gates, node)
		if (gate->dev == port->dev)
			strscpy(gate->ifname, port->ifname,
				sizeof(gate->ifname));
	svcseq_gate_port_added(sn, port);
}

/**
 * svcseq_gate_port_gone - a port goes away
 * @sn: the engine
 * @port: the port; catches no packet any more
 *
 * Context: process, cfg_lock.
 */
void svcseq_gate_port_gone(struct svcseq_net *sn,
			   const struct svcseq_port *port)
{
	struct svcseq_gate *gate;

	lockdep_assert_held(&sn->cfg_lock);

	list_for_each_entry(gate, &sn->gates, node)
		if (gate->dev == port->dev)
			WRITE_ONCE(gate->dev, NULL);
}

/**
 * svcseq_ties_new - make room for the access lists of a service
 * @n: how many
 *
 * Context: process.
 * Return: ties to be filled in by svcseq_ties_add(), or NULL.
 */
struct svcseq_ties *svcseq_ties_new(u32 n)
{
	struct svcseq_ties *ties;

	return kzalloc(struct_size(ties, tie, n), GFP_KERNEL_ACCOUNT);
}

/**
 * svcseq_ties_add - add an access list
 * @sn: the engine
 * @ties: ties that are being filled in, with room for one more
 * @list: the list
 * @port: where packets come in that it is for; NULL for requests where they
 *   enter the chain
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_ties_add(struct svcseq_net *sn, struct svcseq_ties *ties,
		    struct svcseq_list *list, struct svcseq_port *port,
		    struct netlink_ext_ack *extack)
{
	struct svcseq_tie *tie = &ties->tie[ties->n];
	u32 i;

	lockdep_assert_held(&sn->cfg_lock);

	for (i = 0; i < ties->n; i++)
		if (ties->tie[i].list == list &&
		    (ties->tie[i].gate ? ties->tie[i].gate->dev : NULL) ==
		    (port ? port->dev : NULL))
			return svcseq_refuse(extack, -EINVAL,
					     "service: acl '%s' is there twice%s%s; leave one out",
					     list->name,
					     port ? " for port " : "",
					     port ? port->ifname : "");
	if (port) {
		tie->gate = gate_get(sn, port);
		if (!tie->gate)
			return -ENOMEM;
	}
	tie->list = list;
	ties->n++;
	return 0;
}

/* Does an earlier tie have the same list? */
static bool tie_is_again(const struct svcseq_ties *ties, u32 i)
{
	u32 k;

	for (k = 0; k < i; k++)
		if (ties->tie[k].list == ties->tie[i].list)
			return true;
	return false;
}

/**
 * svcseq_ties_link - tell the lists that a service uses them
 * @svc: the service
 * @ties: its ties; may be NULL
 *
 * Context: process, cfg_lock.
 */
void svcseq_ties_link(struct svcseq_service *svc, struct svcseq_ties *ties)
{
	u32 i;

	for (i = 0; ties && i < ties->n; i++) {
		struct svcseq_tie *tie = &ties->tie[i];

		tie->svc = svc;
		hlist_add_head(&tie->in_list, &tie->list->ties);
		if (!tie_is_again(ties, i))
			tie->list->nservices++;
	}
}

/**
 * svcseq_ties_free - let go of ties, linked or not
 * @ties: the ties; may be NULL
 *
 * Packets may still look at them until a grace period is over.
 *
 * Context: process, cfg_lock.
 */
void svcseq_ties_free(struct svcseq_ties *ties)
{
	u32 i;

	if (!ties)
		return;
	for (i = 0; i < ties->n; i++) {
		struct svcseq_tie *tie = &ties->tie[i];

		gate_put(tie->gate);
		if (!tie->svc)
			continue;
		hlist_del(&tie->in_list);
		if (!tie_is_again(ties, i))
			tie->list->nservices--;
	}
	kfree_rcu(ties, rcu);
}

/**
 * svcseq_service_tie - replace the access lists of a service
 * @sn: the engine
 * @svc: the service
 * @ties: its new ties, taken over; empty to have none
 *
 * Context: process, cfg_lock.
 */
void svcseq_service_tie(struct svcseq_net *sn, struct svcseq_service *svc,
			struct svcseq_ties *ties)
{
	struct svcseq_ties *old;

	old = rcu_dereference_protected(svc->ties,
					lockdep_is_held(&sn->cfg_lock));
	rcu_assign_pointer(svc->ties, ties->n ? ties : NULL);
	svcseq_ties_free(old);
	if (ties->n)
		svcseq_ties_link(svc, ties);
	else
		svcseq_ties_free(ties);
}
