// SPDX-License-Identifier: GPL-2.0
/* Programs: compiles a definition by way of core/plan.c and fills in what only
 * the kernel knows: net devices, link layer headers, counters.
 */

#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "device.h"
#include "engine.h"
#include "ledger.h"
#include "place.h"
#include "pool.h"
#include "port.h"
#include "program.h"
#include "refuse.h"
#include "sequence.h"
#include "service.h"
#include "tag.h"

/* A device or pool, and what it describes. */
struct build_dev {
	const void *of;
	struct svcseq_dev_desc desc;
};

/* at each step one, and at each of its copies */
#define BUILD_POOLS	(SVCSEQ_MAX_STEPS * (1 + SVCSEQ_MAX_COPIES))

/* too large for the stack */
struct build {
	struct svcseq_seq_desc desc;
	struct svcseq_plan plan;
	struct svcseq_diag diag;
	const struct svcseq_dev_desc *member[BUILD_POOLS][SVCSEQ_MAX_MEMBERS];
	int npools;
	int ndevs;
	struct build_dev dev[];
};

/* where requests enter; each step; for each copy the taps and whom it alerts;
 * and the pools that these are members of
 */
static int count_devices(const struct svcseq_sequence_conf *conf)
{
	int n = 1;
	int i, c;

	for (i = 0; i < conf->nsteps; i++) {
		const struct svcseq_step_conf *step = &conf->step[i];

		n += 1 + svcseq_step_ndevices(step);
		for (c = 0; c < step->ncopies; c++)
			n += 2 + svcseq_copy_ntaps(&step->copy[c]);
	}
	return n;
}

/* A frame through a bridge comes out of the far side as it went in: with the
 * address of the port that we sent it from.
 */
static void describe_bridge_arm(struct svcseq_arm_desc *desc,
				const struct svcseq_arm *far)
{
	if (!far->port)
		return;
	memcpy(desc->mac[0], far->port->dev->dev_addr, ETH_ALEN);
	desc->nmacs = 1;
}

static void describe_arm(struct svcseq_arm_desc *desc,
			 const struct svcseq_arm *arm)
{
	int fam, i;

	desc->any = arm->any;
	desc->nmacs = arm->nmacs;
	memcpy(desc->mac, arm->mac, sizeof(arm->mac));
	for (fam = 0; fam < SVCSEQ_NFAM; fam++) {
		if (!arm->neigh[fam].known)
			continue;
		for (i = 0; i < desc->nmacs; i++)
			if (ether_addr_equal(desc->mac[i],
					     arm->neigh[fam].mac))
				break;
		if (i == desc->nmacs)
			memcpy(desc->mac[desc->nmacs++], arm->neigh[fam].mac,
			       ETH_ALEN);
	}
}

/* The description of a device or pool, with @made if it is a new one. */
static struct svcseq_dev_desc *build_dev(struct build *b, const void *of,
					 bool *made)
{
	int i;

	*made = false;
	for (i = 0; i < b->ndevs; i++)
		if (b->dev[i].of == of)
			return &b->dev[i].desc;
	*made = true;
	b->dev[b->ndevs].of = of;
	return &b->dev[b->ndevs++].desc;
}

static const struct svcseq_dev_desc *describe(struct build *b,
					      const struct svcseq_device *dev)
{
	const struct svcseq_device_conf *conf;
	struct svcseq_dev_desc *desc;
	bool made;
	int a;

	if (!dev)
		return NULL;
	desc = build_dev(b, dev, &made);
	if (!made)
		return desc;
	conf = dev->conf;
	desc->name = dev->name;
	desc->kind = conf->kind;
	desc->mode = conf->mode;
	desc->narms = conf->narms;
	for (a = 0; a < conf->narms; a++) {
		const struct svcseq_arm *arm = &conf->arm[a];

		desc->arm[a].port = arm->port ? arm->port->id : 0;
		desc->arm[a].uplink = arm->port &&
			arm->port->role == SVCSEQ_PORT_ROLE_UPLINK;
		desc->arm[a].port_name = arm->ifname;
		if (conf->kind == SVCSEQ_DEVICE_KIND_BRIDGE)
			describe_bridge_arm(&desc->arm[a], &conf->arm[!a]);
		else
			describe_arm(&desc->arm[a], arm);
	}
	return desc;
}

static const struct svcseq_dev_desc *
describe_pool(struct build *b, const struct svcseq_pool *pool)
{
	const struct svcseq_pool_conf *conf = pool->conf;
	const struct svcseq_dev_desc **member;
	struct svcseq_dev_desc *desc;
	bool made;
	int m;

	desc = build_dev(b, pool, &made);
	if (!made)
		return desc;
	member = b->member[b->npools++];
	for (m = 0; m < conf->nmembers; m++)
		member[m] = describe(b, conf->member[m].dev);
	desc->name = pool->name;
	desc->kind = member[0]->kind;
	desc->mode = member[0]->mode;
	desc->member = member;
	desc->nmembers = conf->nmembers;
	return desc;
}

/* What stands at a step. */
static const struct svcseq_dev_desc *
describe_step(struct build *b, const struct svcseq_step_conf *step)
{
	return step->pool ? describe_pool(b, step->pool) :
			    describe(b, step->dev);
}

static const struct svcseq_dev_desc *
describe_tap(struct build *b, const struct svcseq_copy_conf *copy)
{
	return copy->tap_pool ? describe_pool(b, copy->tap_pool) :
				describe(b, copy->tap);
}

static const struct svcseq_dev_desc *
describe_alert(struct build *b, const struct svcseq_copy_conf *copy)
{
	struct svcseq_dev_desc *desc;
	bool made;

	if (!copy->alert_pool)
		return describe(b, copy->alert_to);
	/* all steps are there already; one that is none is refused by its name */
	desc = build_dev(b, copy->alert_pool, &made);
	desc->name = copy->alert_pool->name;
	return desc;
}

static struct build *build_new(const struct svcseq_sequence *seq,
			       const struct svcseq_sequence_conf *conf)
{
	struct build *b;
	int i, c;

	b = kvzalloc(struct_size(b, dev, count_devices(conf)), GFP_KERNEL);
	if (!b)
		return NULL;
	b->desc.name = seq->name;
	b->desc.from = describe(b, conf->from);
	b->desc.nsteps = conf->nsteps;
	for (i = 0; i < conf->nsteps; i++) {
		const struct svcseq_step_conf *from = &conf->step[i];
		struct svcseq_step_desc *to = &b->desc.step[i];

		to->dev = describe_step(b, from);
		to->on_fail = from->on_fail;
		to->alternate = describe(b, from->alternate);
		to->ncopies = from->ncopies;
		to->becomes_proto = from->becomes_proto;
		to->becomes_port = from->becomes_port;
		to->port = from->port;
		to->track = from->track;
	}
	for (i = 0; i < conf->nsteps; i++) {
		for (c = 0; c < conf->step[i].ncopies; c++) {
			const struct svcseq_copy_conf *from =
				&conf->step[i].copy[c];
			struct svcseq_copy_desc *to = &b->desc.step[i].copy[c];

			to->tap = describe_tap(b, from);
			to->alert_to = describe_alert(b, from);
			to->dirs = from->dirs;
			to->port = from->port;
		}
	}
	return b;
}

static void prog_hold_port(struct svcseq_prog *prog, struct svcseq_port *port)
{
	prog->info->port[prog->info->nports++] = svcseq_port_get(port);
}

static void out_l2(struct svcseq_out *out, int fam, const u8 *dst)
{
	struct ethhdr *eth = (struct ethhdr *)out->l2[fam];

	ether_addr_copy(eth->h_dest, dst);
	ether_addr_copy(eth->h_source, out->dev->dev_addr);
	eth->h_proto = fam == SVCSEQ_V4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	out->l2_ok[fam] = true;
}

static void out_neigh(struct svcseq_out *out, int fam,
		      const struct svcseq_neigh *neigh,
		      const union svcseq_addr *addr)
{
	if (!neigh->set)
		return;
	out->nh_ok[fam] = true;
	out->nh[fam] = *addr;
	if (neigh->usable)
		out_l2(out, fam, neigh->mac);
}

/* Where packets to a device leave. Without a port they cannot. */
static void out_to_device(struct svcseq_out *out, struct svcseq_prog *prog,
			  const struct svcseq_device *dev, u8 side)
{
	const struct svcseq_device_conf *conf = dev->conf;
	const struct svcseq_arm *arm, *far;
	int fam;

	if (conf->narms == 1)
		side = SVCSEQ_ARM_SIDE_OUTER;
	arm = &conf->arm[side];
	far = &conf->arm[conf->narms == 1 ? side : !side];
	if (!arm->port || !far->port)
		return;

	out->dev = arm->port->dev;
	prog_hold_port(prog, arm->port);
	out->bare = arm->port->bare;
	for (fam = 0; fam < SVCSEQ_NFAM; fam++) {
		if (conf->kind == SVCSEQ_DEVICE_KIND_BRIDGE)
			out_l2(out, fam, far->port->dev->dev_addr);
		else if (arm->nmacs)
			out_l2(out, fam, arm->mac[0]);
		else if (arm->port->gw[fam].set && !arm->neigh[fam].set)
			out_neigh(out, fam, &arm->port->gw[fam],
				  &arm->port->gw_addr[fam]);
		else
			out_neigh(out, fam, &arm->neigh[fam],
				  &arm->addr[fam]);
	}
}

/* Where a network begins; without a next hop the routing table tells who is to
 * get the packet there.
 */
static void hop_to_device(struct svcseq_hop *hop, struct svcseq_prog *prog,
			  const struct svcseq_device *dev, u8 side)
{
	out_to_device(&hop->out, prog, dev, side);
	if (dev->conf->kind == SVCSEQ_DEVICE_KIND_EXTERNAL && hop->out.dev)
		hop->flags |= SVCSEQ_HOP_ROUTE;
}

static void hop_to_client(struct svcseq_hop *hop, struct svcseq_prog *prog,
			  const struct svcseq_sequence_conf *conf)
{
	struct svcseq_port *port;
	int fam;

	hop->flags |= SVCSEQ_HOP_LEAVE;
	if (conf->from) {
		out_to_device(&hop->out, prog, conf->from,
			      SVCSEQ_ARM_SIDE_OUTER);
		return;
	}
	port = svcseq_port_exit(prog->sn, conf);
	if (port) {
		hop->out.dev = port->dev;
		hop->out.bare = port->bare;
		prog_hold_port(prog, port);
		for (fam = 0; fam < SVCSEQ_NFAM; fam++)
			out_neigh(&hop->out, fam, &port->gw[fam],
				  &port->gw_addr[fam]);
	}
	/* a named uplink that is gone is not replaced by another */
	if (port || !conf->uplink[0])
		hop->flags |= SVCSEQ_HOP_ROUTE;
}

static void hop_rewrites(struct svcseq_hop *hop, struct svcseq_prog *prog,
			 const struct svcseq_plan_hop *plan,
			 const struct svcseq_device *to)
{
	bool nat_in = plan->match & SVCSEQ_MATCH_NAT;
	bool nat_out = plan->set & SVCSEQ_MATCH_NAT;

	if ((u16)plan->match != (u16)plan->set) {
		hop->flags |= SVCSEQ_HOP_SET_PORT;
		hop->set_port = (u16)plan->set;
		prog->info->sets_port |= !(u16)plan->set || !(u16)plan->match;
	}
	if (nat_in && !nat_out)
		hop->flags |= SVCSEQ_HOP_NAT_SRC;
	if (nat_out && !nat_in) {
		hop->flags |= SVCSEQ_HOP_NAT_DST;
		memcpy(hop->nat, to->conf->nat, sizeof(hop->nat));
	}
}

/* Who in a pool is meant by which slot. Who joined after this program was made,
 * or left before, is not known here; the few packets that meet it are better off
 * with another.
 */
static void slots_fill(u8 *at, const struct svcseq_pool_conf *pool)
{
	u8 other = SVCSEQ_MAGLEV_NONE;
	int i;

	for (i = pool->nmembers - 1; i >= 0; i--)
		if (pool->member[i].state == SVCSEQ_MEMBER_STATE_UP)
			other = i;
	memset(at, other, SVCSEQ_MAGLEV_NONE);
	for (i = 0; i < pool->nmembers; i++)
		at[pool->member[i].slot] = i;
	at[SVCSEQ_MAGLEV_NONE] = SVCSEQ_MAGLEV_NONE;
}

/* A hop to a pool: who is meant by which slot. */
static int hop_fork(struct svcseq_hop *hop, struct svcseq_prog *prog,
		    const struct svcseq_plan_hop *plan,
		    const struct svcseq_sequence_conf *conf)
{
	const struct svcseq_step_conf *step = &conf->step[plan->to_step];
	struct svcseq_fork *fork;

	fork = kmalloc(sizeof(*fork), GFP_KERNEL_ACCOUNT);
	if (!fork)
		return -ENOMEM;
	hop->fork = fork;
	hop->flags |= SVCSEQ_HOP_POOL;
	fork->pool = svcseq_pool_get(step->pool);
	fork->branch = &prog->hop[plan->branch];
	fork->open = NULL;
	if (plan->open != SVCSEQ_NO_HOP)
		fork->open = &prog->hop[plan->open];
	slots_fill(fork->at, step->pool->conf);
	if (step->alternate)
		fork->at[SVCSEQ_MAGLEV_NONE] = step->pool->conf->nmembers;
	return 0;
}

/* A copy to a pool of taps. */
static int fork_new(struct svcseq_prog *prog,
		    const struct svcseq_sequence_conf *conf, int step, int c,
		    u16 index)
{
	const struct svcseq_copy_conf *copy = &conf->step[step].copy[c];
	u8 n = svcseq_copy_ntaps(copy);
	struct svcseq_tap_fork *fork;
	u8 m;

	fork = kzalloc(struct_size(fork, out, n), GFP_KERNEL_ACCOUNT);
	if (!fork)
		return -ENOMEM;
	prog->info->fork[prog->info->nforks++] = fork;
	fork->pool = svcseq_pool_get(copy->tap_pool);
	fork->step = step;
	fork->copy = c;
	fork->index = index;
	slots_fill(fork->at, copy->tap_pool->conf);
	for (m = 0; m < n; m++)
		out_to_device(&fork->out[m], prog, svcseq_copy_tap(copy, m),
			      SVCSEQ_ARM_SIDE_OUTER);
	return 0;
}

/* Their counters stand behind those of the hops; returns how many there are of
 * both, or an error.
 */
static int prog_forks(struct svcseq_prog *prog,
		      const struct svcseq_sequence_conf *conf)
{
	int n = prog->nhops;
	int i, c, err;

	for (i = 0; i < conf->nsteps; i++) {
		for (c = 0; c < conf->step[i].ncopies; c++) {
			if (!conf->step[i].copy[c].tap_pool)
				continue;
			err = fork_new(prog, conf, i, c, n);
			if (err)
				return err;
			n += svcseq_copy_ntaps(&conf->step[i].copy[c]);
		}
	}
	return n;
}

static const struct svcseq_tap_fork *
fork_find(const struct svcseq_prog_info *info,
	  const struct svcseq_hop_copy *copy)
{
	u8 i;

	for (i = 0; i < info->nforks; i++)
		if (info->fork[i]->step == copy->step &&
		    info->fork[i]->copy == copy->copy)
			return info->fork[i];
	return NULL;
}

static int hop_copies(struct svcseq_hop *hop, struct svcseq_prog *prog,
		      const struct svcseq_plan_hop *plan,
		      const struct svcseq_sequence_conf *conf)
{
	int c;

	if (!plan->ncopies)
		return 0;
	hop->copies = kcalloc(plan->ncopies, sizeof(*hop->copies),
			      GFP_KERNEL_ACCOUNT);
	if (!hop->copies)
		return -ENOMEM;
	hop->ncopies = plan->ncopies;
	for (c = 0; c < plan->ncopies; c++) {
		const struct svcseq_hop_copy *pc = &plan->copy[c];
		const struct svcseq_copy_conf *tap =
			&conf->step[pc->step].copy[pc->copy];
		struct svcseq_copy *copy = &hop->copies[c];

		copy->set_port = (u16)pc->set;
		copy->same_port = (u16)pc->set == (u16)plan->match;
		prog->info->sets_port |= !copy->same_port &&
			(!(u16)pc->set || !(u16)plan->match);
		copy->fork = fork_find(prog->info, pc);
		if (!copy->fork)
			out_to_device(&copy->out, prog, tap->tap,
				      SVCSEQ_ARM_SIDE_OUTER);
	}
	return 0;
}

/* The hop of the other direction that begins where this one ends. */
static u16 hop_back(const struct svcseq_prog *prog, u16 i)
{
	const struct svcseq_plan_hop *hop = &prog->info->hop[i];
	u16 j;

	for (j = 0; hop->from_copy < 0 && j < prog->nhops; j++) {
		const struct svcseq_plan_hop *back = &prog->info->hop[j];

		/* those with rows come before others from there */
		if (back->from_copy < 0 && back->dir != hop->dir &&
		    back->from_step == hop->to_step &&
		    back->from_member == hop->to_member)
			return j;
	}
	return SVCSEQ_NO_HOP;
}

/* The device that gets the packets of a hop; NULL if that is the client, or some
 * member of a pool.
 */
static struct svcseq_device *hop_to(const struct svcseq_plan_hop *plan,
				    const struct svcseq_sequence_conf *conf)
{
	if (plan->to_step == SVCSEQ_AT_EDGE ||
	    plan->to_member == SVCSEQ_NO_MEMBER)
		return NULL;
	return svcseq_step_device(&conf->step[plan->to_step], plan->to_member);
}

/* The device that gives them; NULL if that is an uplink. */
static struct svcseq_device *hop_from(const struct svcseq_plan_hop *plan,
				      const struct svcseq_sequence_conf *conf)
{
	const struct svcseq_step_conf *step;

	if (plan->from_step == SVCSEQ_AT_EDGE)
		return conf->from;
	step = &conf->step[plan->from_step];
	if (plan->from_copy >= 0)
		return svcseq_copy_tap(&step->copy[plan->from_copy],
				       plan->from_member);
	return svcseq_step_device(step, plan->from_member);
}

static int prog_fill_hop(struct svcseq_prog *prog, u16 i,
			 const struct svcseq_sequence_conf *conf)
{
	const struct svcseq_plan_hop *plan = &prog->info->hop[i];
	const struct svcseq_device *to = hop_to(plan, conf);
	struct svcseq_hop *hop = &prog->hop[i];
	int err = 0;

	hop->index = i;
	hop->back = hop_back(prog, i);
	if (plan->to_step == SVCSEQ_AT_EDGE)
		hop_to_client(hop, prog, conf);
	else if (to)
		hop_to_device(hop, prog, to, plan->to_side);
	else
		err = hop_fork(hop, prog, plan, conf);
	if (err)
		return err;
	if (plan->from_step == SVCSEQ_AT_EDGE)
		hop->flags |= SVCSEQ_HOP_ENTER;
	else if (plan->from_copy < 0 &&
		 hop_from(plan, conf)->conf->alarm.watch)
		hop->flags |= SVCSEQ_HOP_WATCH;
	if (to && to->conf->alarm.watch)
		hop->flags |= SVCSEQ_HOP_WATCH;
	/* what packets are made to carry is the business of the branches */
	if (to || plan->to_step == SVCSEQ_AT_EDGE)
		hop_rewrites(hop, prog, plan, to);
	err = svcseq_tag_fill(hop, plan, conf);
	if (err)
		return err;
	return hop_copies(hop, prog, plan, conf);
}

static struct svcseq_device *get_maybe(struct svcseq_device *dev)
{
	return dev ? svcseq_device_get(dev) : NULL;
}

/* The taps of a pool have counters of their own. */
static struct svcseq_device *fork_tap(const struct svcseq_tap_fork *fork,
				      const struct svcseq_sequence_conf *conf,
				      u8 m)
{
	return svcseq_copy_tap(&conf->step[fork->step].copy[fork->copy], m);
}

static u8 fork_ntaps(const struct svcseq_tap_fork *fork,
		     const struct svcseq_sequence_conf *conf)
{
	return svcseq_copy_ntaps(&conf->step[fork->step].copy[fork->copy]);
}

static void ledger_fill_taps(struct svcseq_ledger *ledger,
			     const struct svcseq_tap_fork *fork,
			     const struct svcseq_sequence_conf *conf)
{
	struct svcseq_ledger_hop *hop = &ledger->hop[fork->index];
	u8 m;

	for (m = 0; m < fork_ntaps(fork, conf); m++) {
		hop[m].tap[0] = svcseq_device_get(fork_tap(fork, conf, m));
		hop[m].ntaps = 1;
	}
}

static void ledger_fill(struct svcseq_ledger *ledger,
			const struct svcseq_prog_info *info, u16 nhops,
			const struct svcseq_sequence_conf *conf)
{
	u16 i;
	int c;

	for (i = 0; i < nhops; i++) {
		const struct svcseq_plan_hop *plan = &info->hop[i];
		struct svcseq_ledger_hop *hop = &ledger->hop[i];
		const struct svcseq_step_conf *step;

		hop->from = get_maybe(hop_from(plan, conf));
		hop->to = get_maybe(plan->to_step == SVCSEQ_AT_EDGE ?
				    conf->from : hop_to(plan, conf));
		hop->fork = plan->nbranches;
		for (c = 0; c < plan->ncopies; c++) {
			step = &conf->step[plan->copy[c].step];
			hop->tap[hop->ntaps++] =
				get_maybe(step->copy[plan->copy[c].copy].tap);
		}
	}
	for (i = 0; i < info->nforks; i++)
		ledger_fill_taps(ledger, info->fork[i], conf);
}

/* Are the taps of a pool the same, and in the same order? */
static bool ledger_fits_taps(const struct svcseq_ledger *ledger,
			     const struct svcseq_tap_fork *fork,
			     const struct svcseq_sequence_conf *conf)
{
	u8 m;

	for (m = 0; m < fork_ntaps(fork, conf); m++)
		if (ledger->hop[fork->index + m].tap[0] !=
		    fork_tap(fork, conf, m))
			return false;
	return true;
}

/* Has the definition the same hops as when the ledger was opened? Who is in its
 * pools may have changed.
 */
static bool ledger_fits(const struct svcseq_ledger *ledger,
			const struct svcseq_prog_info *info, u16 nhops,
			const struct svcseq_sequence_conf *conf)
{
	u16 i;

	for (i = 0; i < nhops; i++)
		if (ledger->hop[i].from != hop_from(&info->hop[i], conf) ||
		    (info->hop[i].to_step != SVCSEQ_AT_EDGE &&
		     ledger->hop[i].to != hop_to(&info->hop[i], conf)))
			return false;
	for (i = 0; i < info->nforks; i++)
		if (!ledger_fits_taps(ledger, info->fork[i], conf))
			return false;
	return true;
}

/* Programs of one definition count in one ledger, which has @n counters. */
static int prog_open_ledger(struct svcseq_prog *prog,
			    const struct svcseq_sequence *seq,
			    const struct svcseq_sequence_conf *conf, u16 n)
{
	struct svcseq_prog *now = svcseq_sequence_prog(seq);

	if (now && conf == seq->conf && now->nhops == prog->nhops &&
	    now->info->ledger->nhops == n &&
	    ledger_fits(now->info->ledger, prog->info, prog->nhops, conf)) {
		prog->info->ledger = now->info->ledger;
		prog->info->ledger->refs++;
	} else {
		prog->info->ledger = svcseq_ledger_open(prog->sn, n);
		if (!prog->info->ledger)
			return -ENOMEM;
		ledger_fill(prog->info->ledger, prog->info, prog->nhops, conf);
	}
	prog->stats = prog->info->ledger->stats;
	return 0;
}

/* One for each hop, one for each copy that a hop makes, and one for each tap of
 * a pool.
 */
static unsigned int count_ways(const struct svcseq_plan *plan,
			       const struct svcseq_sequence_conf *conf)
{
	unsigned int n = plan->nhops;
	int i, c;

	for (i = 0; i < plan->nhops; i++)
		n += plan->hop[i].ncopies;
	for (i = 0; i < conf->nsteps; i++)
		for (c = 0; c < conf->step[i].ncopies; c++)
			n += svcseq_copy_ntaps(&conf->step[i].copy[c]);
	return n;
}

static struct svcseq_prog *prog_alloc(struct svcseq_net *sn,
				      const struct svcseq_plan *plan,
				      const struct svcseq_sequence_conf *conf)
{
	u16 nrows = plan->nrows[0] + plan->nrows[1];
	struct svcseq_prog_info *info;
	struct svcseq_prog *prog;

	prog = kzalloc(struct_size(prog, row, nrows), GFP_KERNEL_ACCOUNT);
	if (!prog)
		return NULL;
	prog->sn = sn;
	prog->nhops = plan->nhops;
	memcpy(prog->nrows, plan->nrows, sizeof(prog->nrows));
	memcpy(prog->row, plan->row, array_size(nrows, sizeof(*prog->row)));

	info = kzalloc(sizeof(*info), GFP_KERNEL_ACCOUNT);
	if (!info)
		goto err_prog;
	prog->info = info;
	prog->hop = kcalloc(plan->nhops, sizeof(*prog->hop),
			    GFP_KERNEL_ACCOUNT);
	info->hop = kmemdup(plan->hop,
			    array_size(plan->nhops, sizeof(*plan->hop)),
			    GFP_KERNEL_ACCOUNT);
	info->alias = kmemdup(plan->alias,
			      array_size(plan->naliases, sizeof(*plan->alias)),
			      GFP_KERNEL_ACCOUNT);
	info->port = kcalloc(count_ways(plan, conf), sizeof(*info->port),
			     GFP_KERNEL_ACCOUNT);
	if (!prog->hop || !info->hop || !info->port ||
	    (plan->naliases && !info->alias))
		goto err_parts;
	info->naliases = plan->naliases;
	info->port_sensitive = plan->port_sensitive;
	return prog;

err_parts:
	kfree(info->port);
	kfree(info->alias);
	kfree(info->hop);
	kfree(prog->hop);
	kfree(info);
err_prog:
	kfree(prog);
	return NULL;
}

static int prog_note_nat(struct svcseq_prog *prog,
			 const struct svcseq_sequence_conf *conf)
{
	const struct svcseq_step_conf *last = &conf->step[conf->nsteps - 1];
	const struct svcseq_device_conf *server =
		svcseq_step_device(last, 0)->conf;
	u8 n = svcseq_step_ndevices(last);
	u8 i;

	if (server->kind != SVCSEQ_DEVICE_KIND_SERVER ||
	    server->mode != SVCSEQ_SERVER_MODE_NAT)
		return 0;
	prog->info->server = kcalloc(n, sizeof(*prog->info->server),
				     GFP_KERNEL_ACCOUNT);
	if (!prog->info->server)
		return -ENOMEM;
	prog->info->nservers = n;
	for (i = 0; i < n; i++) {
		struct svcseq_nat *nat = &prog->info->server[i];

		server = svcseq_step_device(last, i)->conf;
		memcpy(nat->has, server->has_nat, sizeof(nat->has));
		memcpy(nat->addr, server->nat, sizeof(nat->addr));
	}
	return 0;
}

/**
 * svcseq_prog_build - compile a definition for the packet path
 * @seq: the sequence
 * @conf: the definition: that of @seq, or the one that shall replace it
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: a program that nobody else knows yet, or an error pointer.
 */
struct svcseq_prog *svcseq_prog_build(struct svcseq_sequence *seq,
				      const struct svcseq_sequence_conf *conf,
				      struct netlink_ext_ack *extack)
{
	struct svcseq_prog *prog;
	struct build *b;
	int err;
	u16 i;

	lockdep_assert_held(&seq->sn->cfg_lock);

	b = build_new(seq, conf);
	if (!b)
		return ERR_PTR(-ENOMEM);
	err = svcseq_plan_compile(&b->plan, &b->desc, &b->diag);
	if (err) {
		svcseq_refuse(extack, err, "%s", b->diag.text);
		goto err_build;
	}
	err = -ENOMEM;
	prog = prog_alloc(seq->sn, &b->plan, conf);
	if (!prog)
		goto err_build;
	err = prog_note_nat(prog, conf);
	if (!err)
		err = prog_forks(prog, conf);
	if (err > 0)
		err = prog_open_ledger(prog, seq, conf, err);
	for (i = 0; i < prog->nhops && !err; i++)
		err = prog_fill_hop(prog, i, conf);
	/* what svcseq_prog_free() takes back */
	svcseq_tag_count(prog, 1);
	if (err)
		goto err_prog;
	kvfree(b);
	return prog;

err_prog:
	svcseq_prog_free(prog);
err_build:
	kvfree(b);
	return ERR_PTR(err);
}

/* What a service of several addresses, protocols or ports cannot have. */
static int check_wide(const struct svcseq_sequence *seq,
		      const struct svcseq_sequence_conf *conf,
		      const struct svcseq_prog *prog,
		      const struct svcseq_service *svc,
		      struct netlink_ext_ack *extack)
{
	const struct svcseq_step_conf *last = &conf->step[conf->nsteps - 1];
	const struct svcseq_device *server = svcseq_step_device(last, 0);
	bool by_client = svc->side == SVCSEQ_KEY_SIDE_CLIENT;
	bool one = svc->len == svcseq_place_addr_len(svc->fam);
	char name[SVCSEQ_SERVICE_NAME_LEN];

	if (!svcseq_service_one_port(svc) && prog->info->sets_port)
		return svcseq_refuse(extack, -EINVAL,
				     "service %s has several ports, which cannot be turned to one and back; take 'port' out of the steps of sequence '%s'",
				     svcseq_service_name(svc, name,
							 sizeof(name)),
				     seq->name);
	if (server->conf->kind == SVCSEQ_DEVICE_KIND_EXTERNAL && !by_client &&
	    server->conf->arm[0].port &&
	    server->conf->arm[0].port->role == SVCSEQ_PORT_ROLE_UPLINK)
		return svcseq_refuse(extack, -EINVAL,
				     "service %s: '%s' of sequence '%s' is behind an uplink, where only replies to a service by client are known; use 'by client'",
				     svcseq_service_name(svc, name,
							 sizeof(name)),
				     server->name, seq->name);
	if (server->conf->kind != SVCSEQ_DEVICE_KIND_SERVER ||
	    server->conf->mode != SVCSEQ_SERVER_MODE_NAT)
		return 0;
	if (by_client || !one)
		return svcseq_refuse(extack, -EINVAL,
				     "service %s: server '%s' of sequence '%s' is in mode nat, which cannot turn back to the right one of many addresses; use mode loopback or alias",
				     svcseq_service_name(svc, name,
							 sizeof(name)),
				     server->name, seq->name);
	if (!svcseq_proto_has_ports(svc->proto))
		return svcseq_refuse(extack, -EINVAL,
				     "service %s: server '%s' of sequence '%s' is in mode nat, which translates protocols with ports only; use mode loopback or alias",
				     svcseq_service_name(svc, name,
							 sizeof(name)),
				     server->name, seq->name);
	return 0;
}

/* Every server that may get a request has to have an address of its family. */
static int check_nat(const struct svcseq_sequence *seq,
		     const struct svcseq_sequence_conf *conf,
		     const struct svcseq_prog *prog,
		     const struct svcseq_service *svc,
		     struct netlink_ext_ack *extack)
{
	const struct svcseq_step_conf *last = &conf->step[conf->nsteps - 1];
	char name[SVCSEQ_SERVICE_NAME_LEN];
	u8 i;

	for (i = 0; i < prog->info->nservers; i++)
		if (!prog->info->server[i].has[svc->fam])
			return svcseq_refuse(extack, -EINVAL,
					     "service %s: server '%s' of sequence '%s' has no IPv%d address to translate to; give it one",
					     svcseq_service_name(svc, name,
								 sizeof(name)),
					     svcseq_step_device(last, i)->name,
					     seq->name,
					     svc->fam == SVCSEQ_V4 ? 4 : 6);
	return 0;
}

/**
 * svcseq_prog_check_service - can this service use this program?
 * @seq: the sequence
 * @conf: the definition that @prog was made of
 * @prog: the program
 * @svc: the service
 * @extack: for the text of a refusal
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_prog_check_service(const struct svcseq_sequence *seq,
			      const struct svcseq_sequence_conf *conf,
			      const struct svcseq_prog *prog,
			      const struct svcseq_service *svc,
			      struct netlink_ext_ack *extack)
{
	struct build *b;
	int err;

	lockdep_assert_held(&seq->sn->cfg_lock);

	err = check_nat(seq, conf, prog, svc, extack);
	if (!err)
		err = check_wide(seq, conf, prog, svc, extack);
	if (err || !prog->info->port_sensitive)
		return err;

	/* rare: a device that stands in the sequence more than once */
	b = build_new(seq, conf);
	if (!b)
		return -ENOMEM;
	err = svcseq_plan_compile(&b->plan, &b->desc, &b->diag);
	if (!err)
		err = svcseq_plan_check_service(&b->plan, &b->desc, svc->proto,
						svc->port, &b->diag);
	if (err)
		svcseq_refuse(extack, err, "%s", b->diag.text);
	kvfree(b);
	return err;
}

/**
 * svcseq_prog_free - free a program
 * @prog: the program
 *
 * Context: process, cfg_lock; packets are done with it, or never saw it.
 */
void svcseq_prog_free(struct svcseq_prog *prog)
{
	struct svcseq_prog_info *info = prog->info;
	u16 i;

	lockdep_assert_held(&prog->sn->cfg_lock);

	svcseq_tag_count(prog, -1);
	if (info->ledger)
		svcseq_ledger_put(info->ledger);
	for (i = 0; i < info->nports; i++)
		svcseq_port_put(info->port[i]);
	for (i = 0; i < prog->nhops; i++) {
		kfree(prog->hop[i].copies);
		kfree(prog->hop[i].tag);
		if (!prog->hop[i].fork)
			continue;
		svcseq_pool_put(prog->hop[i].fork->pool);
		kfree(prog->hop[i].fork);
	}
	for (i = 0; i < info->nforks; i++) {
		svcseq_pool_put(info->fork[i]->pool);
		kfree(info->fork[i]);
	}
	kfree(info->port);
	kfree(info->server);
	kfree(info->alias);
	kfree(info->hop);
	kfree(info);
	kfree(prog->hop);
	kfree(prog);
}

static void prog_free_work(struct work_struct *work)
{
	struct svcseq_prog *prog = container_of(to_rcu_work(work),
						struct svcseq_prog, rwork);
	struct svcseq_net *sn = prog->sn;

	mutex_lock(&sn->cfg_lock);
	svcseq_prog_free(prog);
	mutex_unlock(&sn->cfg_lock);
}

/**
 * svcseq_prog_retire - free a program that packets cannot find any more
 * @prog: the program
 *
 * Context: process, cfg_lock.
 */
void svcseq_prog_retire(struct svcseq_prog *prog)
{
	lockdep_assert_held(&prog->sn->cfg_lock);

	INIT_RCU_WORK(&prog->rwork, prog_free_work);
	queue_rcu_work(svcseq_wq, &prog->rwork);
}
