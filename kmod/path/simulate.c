// SPDX-License-Identifier: GPL-2.0
/* Simulation: leads a packet through its chain without sending it. It takes
 * each hop by the code that all packets take, and ends where a watched packet
 * is looked at; what the device does with it is told by the definition. So what
 * is told of it is what would be told of a real one.
 */

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "../table/counters.h"
#include "../table/pool.h"
#include "../table/refuse.h"
#include "../table/sequence.h"
#include "simulate.h"
#include "steer.h"

/* the longest packet that is worth asking about */
#define SIM_MAX_LEN	32768

/* Where a packet comes in, who gives it, and what it carries there. */
struct sim_place {
	struct svcseq_port *port;
	const struct svcseq_device *from;
	u8 mac[ETH_ALEN];
	u32 match;
};

/* What is known of a simulation while it runs. */
struct sim {
	const struct svcseq_simulation *what;
	svcseq_trace_told *told;
	void *arg;
	int err;
	struct svcseq_port in;		/* with counters that nobody reads */
	const struct svcseq_prog *prog;	/* of the hop, NULL if it took none */
	u16 hop;
};

struct sim_cb {
	struct sim *sim;
};

/* The end of the control block: defragmentation writes at its start. */
static struct sim_cb *sim_cb(const struct sk_buff *skb)
{
	return (struct sim_cb *)(skb->cb + sizeof(skb->cb) -
				 sizeof(struct sim_cb));
}

/**
 * svcseq_simulate_mark - destructor that marks simulated packets
 * @skb: the packet
 *
 * Context: any.
 */
void svcseq_simulate_mark(struct sk_buff *skb)
{
}

/**
 * svcseq_simulate_tell - the engine lets go of a simulated packet
 * @skb: the packet; it stays with the caller
 * @t: what is told of it
 *
 * Context: bottom halves off, RCU.
 */
void svcseq_simulate_tell(const struct sk_buff *skb,
			  const struct svcseq_trace *t)
{
	struct sim *sim = sim_cb(skb)->sim;

	if (!sim->err)
		sim->err = sim->told(t, sim->arg);
}

/**
 * svcseq_simulate_hop - a simulated packet takes its hop
 * @pkt: the packet; consumed
 * @index: number of the hop
 * @t: what is told of it
 *
 * Context: bottom halves off, RCU.
 */
void svcseq_simulate_hop(const struct svcseq_pkt *pkt, u16 index,
			 const struct svcseq_trace *t)
{
	struct sim *sim = sim_cb(pkt->skb)->sim;

	svcseq_simulate_tell(pkt->skb, t);
	sim->prog = pkt->prog;
	sim->hop = index;
	consume_skb(pkt->skb);
}

static void put_l4(struct sk_buff *skb, u8 proto, __be16 sport, __be16 dport,
		   unsigned int len)
{
	if (proto == IPPROTO_UDP) {
		struct udphdr *uh = skb_put_zero(skb, len);

		uh->source = sport;
		uh->dest = dport;
		uh->len = htons(len);
	} else {
		struct tcphdr *th = skb_put_zero(skb, len);

		th->source = sport;
		th->dest = dport;
		th->doff = sizeof(*th) / 4;
		th->syn = 1;
	}
}

static void put_l3(struct sk_buff *skb, u8 fam, u8 proto,
		   const union svcseq_addr *src, const union svcseq_addr *dst,
		   unsigned int l4_len)
{
	if (fam == SVCSEQ_V4) {
		struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));

		iph->version = 4;
		iph->ihl = 5;
		iph->ttl = IPDEFTTL;
		/* as most packets have it */
		iph->frag_off = htons(IP_DF);
		iph->protocol = proto;
		iph->tot_len = htons(sizeof(*iph) + l4_len);
		iph->saddr = src->v4;
		iph->daddr = dst->v4;
		ip_send_check(iph);
		skb->protocol = htons(ETH_P_IP);
	} else {
		struct ipv6hdr *ip6h = skb_put_zero(skb, sizeof(*ip6h));

		ip6h->version = 6;
		ip6h->hop_limit = IPDEFTTL;
		ip6h->nexthdr = proto;
		ip6h->payload_len = htons(l4_len);
		ip6h->saddr = src->v6;
		ip6h->daddr = dst->v6;
		skb->protocol = htons(ETH_P_IPV6);
	}
}

static unsigned int l4_len(const struct svcseq_simulation *what, u8 proto)
{
	unsigned int least = proto == IPPROTO_UDP ? sizeof(struct udphdr) :
						    sizeof(struct tcphdr);
	unsigned int l3 = what->svc->fam == SVCSEQ_V4 ?
			  sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	return max(least, what->len > l3 ? what->len - l3 : 0);
}

/* The packet as it comes in at a place. */
static struct sk_buff *sim_skb(struct sim *sim, const struct sim_place *at)
{
	const struct svcseq_simulation *what = sim->what;
	const struct svcseq_service *svc = what->svc;
	u8 proto = svcseq_match_proto(at->match, what->proto);
	__be16 port = cpu_to_be16(svcseq_match_port(at->match, what->port));
	bool request = what->dir == SVCSEQ_DIRECTION_REQUEST;
	union svcseq_addr addr = what->addr;
	unsigned int len = l4_len(what, proto);
	struct sk_buff *skb;
	struct ethhdr *eth;

	if (at->match & SVCSEQ_MATCH_NAT)
		addr = at->from->conf->nat[svc->fam];
	skb = alloc_skb(LL_MAX_HEADER + ETH_HLEN + sizeof(struct ipv6hdr) + len,
			GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);
	skb->dev = at->port->dev;
	skb_reset_mac_header(skb);
	eth = skb_put_zero(skb, ETH_HLEN);
	ether_addr_copy(eth->h_source, at->mac);
	ether_addr_copy(eth->h_dest, at->port->dev->dev_addr);
	skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	put_l3(skb, svc->fam, proto, request ? &what->client : &addr,
	       request ? &addr : &what->client, len);
	put_l4(skb, proto, request ? what->client_port : port,
	       request ? port : what->client_port, len);
	skb->destructor = svcseq_simulate_mark;
	sim_cb(skb)->sim = sim;
	return skb;
}

/* One pass through the engine. */
static int sim_step(struct sim *sim, const struct sim_place *at)
{
	struct svcseq_stats __percpu *stats = sim->in.stats;
	struct sk_buff *skb = sim_skb(sim, at);

	if (!skb)
		return -ENOMEM;
	sim->in = *at->port;
	sim->in.stats = stats;
	sim->prog = NULL;
	local_bh_disable();
	rcu_read_lock();
	if (svcseq_steer(&sim->in, skb) == SVCSEQ_PASS)
		consume_skb(skb);
	rcu_read_unlock();
	local_bh_enable();
	return sim->err;
}

/* The address that packets from an arm have: zero if nobody knows, which then
 * is nobody's.
 */
static void arm_mac(u8 *mac, const struct svcseq_arm *arm, u8 fam)
{
	eth_zero_addr(mac);
	if (arm->nmacs)
		ether_addr_copy(mac, arm->mac[0]);
	else if (arm->neigh[fam].known)
		ether_addr_copy(mac, arm->neigh[fam].mac);
	else if (arm->neigh[!fam].known)
		ether_addr_copy(mac, arm->neigh[!fam].mac);
}

/* What a device at a step of the sequence gives back, in this direction. */
static bool place_behind(struct sim_place *at, const struct sim *sim,
			 const struct svcseq_sequence *seq, s8 step, u8 member,
			 u8 side)
{
	const struct svcseq_prog *prog = svcseq_sequence_prog(seq);
	const struct svcseq_device_conf *dev;
	const struct svcseq_arm *arm, *near;
	u16 i;

	for (i = 0; i < prog->nhops; i++) {
		const struct svcseq_plan_hop *plan = &prog->info->hop[i];

		if (plan->dir == sim->what->dir && plan->from_step == step &&
		    plan->from_copy < 0 && plan->from_member == member)
			break;
	}
	if (i == prog->nhops)
		return false;
	at->match = prog->info->hop[i].match;
	at->from = prog->info->ledger->hop[i].from;
	dev = at->from->conf;
	if (dev->narms == 1)
		side = SVCSEQ_ARM_SIDE_OUTER;
	near = &dev->arm[side];
	arm = dev->narms == 1 ? near : &dev->arm[!side];
	if (!arm->port || !near->port)
		return false;
	at->port = arm->port;
	if (dev->kind == SVCSEQ_DEVICE_KIND_BRIDGE)
		ether_addr_copy(at->mac, near->port->dev->dev_addr);
	else
		arm_mac(at->mac, arm, sim->what->svc->fam);
	return true;
}

/* Which of several servers has got the request. */
static u8 server_of(const struct sim *sim, const struct svcseq_sequence *seq)
{
	const struct svcseq_prog *prog = svcseq_sequence_prog(seq);
	const struct svcseq_simulation *what = sim->what;
	const struct svcseq_fork *fork = NULL;
	u16 i;
	u8 slot;

	if (!seq->conf->step[seq->conf->nsteps - 1].pool)
		return 0;
	for (i = 0; i < prog->nhops && !fork; i++)
		if (prog->info->hop[i].to_step == seq->conf->nsteps - 1)
			fork = prog->hop[i].fork;
	rcu_read_lock();
	slot = svcseq_pool_slot(fork->pool, what->svc->fam, &what->client,
				what->client_port);
	rcu_read_unlock();
	return fork->at[slot];
}

static bool place_first(struct sim_place *at, const struct sim *sim,
			struct svcseq_net *sn,
			const struct svcseq_sequence *seq)
{
	struct svcseq_port *port;
	unsigned long id;

	if (sim->what->dir == SVCSEQ_DIRECTION_REPLY)
		return place_behind(at, sim, seq, seq->conf->nsteps - 1,
				    server_of(sim, seq),
				    SVCSEQ_ARM_SIDE_OUTER);
	at->match = SVCSEQ_MATCH_OWN;
	if (seq->conf->from) {
		const struct svcseq_arm *arm =
			&seq->conf->from->conf->arm[SVCSEQ_ARM_SIDE_OUTER];

		at->port = arm->port;
		arm_mac(at->mac, arm, sim->what->svc->fam);
		return at->port;
	}
	at->port = seq->conf->uplink_port;
	xa_for_each(&sn->ports, id, port)
		if (!at->port && port->role == SVCSEQ_PORT_ROLE_UPLINK)
			at->port = port;
	return at->port;
}

/* Where the packet comes in next; false at the end of its way. */
static bool place_next(struct sim_place *at, const struct sim *sim,
		       const struct svcseq_sequence *seq)
{
	const struct svcseq_plan_hop *plan;

	/* a program that was replaced is not what the definition says */
	if (!sim->prog || sim->prog != svcseq_sequence_prog(seq))
		return false;
	plan = &sim->prog->info->hop[sim->hop];
	if (plan->to_step == SVCSEQ_AT_EDGE ||
	    (plan->dir == SVCSEQ_DIRECTION_REQUEST &&
	     plan->to_step == seq->conf->nsteps - 1))
		return false;
	return place_behind(at, sim, seq, plan->to_step, plan->to_member,
			    plan->to_side);
}

/* A device's tag is nothing that the definition tells. */
static bool is_tagged(const struct svcseq_sequence *seq)
{
	int i;

	for (i = 0; i < seq->conf->nsteps; i++)
		if (svcseq_track_is_tag(seq->conf->step[i].track))
			return true;
	return false;
}

static int sim_walk(struct sim *sim, struct svcseq_net *sn,
		    struct netlink_ext_ack *extack)
{
	const struct svcseq_sequence *seq =
		rcu_dereference_protected(sim->what->svc->seq,
					  lockdep_is_held(&sn->cfg_lock));
	struct sim_place at = {};
	int err, n;

	if (!svcseq_sequence_prog(seq))
		return svcseq_refuse(extack, -EAGAIN,
				     "sequence '%s' stands still since memory ran out; set it again",
				     seq->name);
	if (is_tagged(seq))
		return svcseq_refuse(extack, -EOPNOTSUPP,
				     "trace: sequence '%s' has steps that are tracked by what packets carry, which cannot be simulated; trace real packets",
				     seq->name);
	if (!place_first(&at, sim, sn, seq))
		return svcseq_refuse(extack, -ENODEV,
				     "trace: the packet has no port to come in by: the %s is gone; add it with 'port add'",
				     sim->what->dir == SVCSEQ_DIRECTION_REQUEST ?
				     "uplink" : "port of the server");
	/* each step once in one direction */
	for (n = 0; n <= SVCSEQ_MAX_STEPS; n++) {
		err = sim_step(sim, &at);
		if (err || !place_next(&at, sim, seq))
			return err;
	}
	return 0;
}

/**
 * svcseq_simulate - lead a packet through its chain without sending it
 * @sn: the engine
 * @what: the packet
 * @told: called wherever the engine would let go of it
 * @arg: passed to @told
 * @extack: for the text of a refusal
 *
 * Nothing is sent or counted, and no copy is answered.
 *
 * Context: process, cfg_lock, svcseq_watched on.
 * Return: 0 or a negative errno.
 */
int svcseq_simulate(struct svcseq_net *sn,
		    const struct svcseq_simulation *what,
		    svcseq_trace_told *told, void *arg,
		    struct netlink_ext_ack *extack)
{
	struct sim *sim;
	int err;

	lockdep_assert_held(&sn->cfg_lock);

	if (what->len > SIM_MAX_LEN)
		return svcseq_refuse(extack, -EINVAL,
				     "trace: a simulated packet has %u bytes at most",
				     SIM_MAX_LEN);
	sim = kzalloc(sizeof(*sim), GFP_KERNEL);
	if (!sim)
		return -ENOMEM;
	sim->what = what;
	sim->told = told;
	sim->arg = arg;
	sim->in.stats = svcseq_stats_alloc(SVCSEQ_PORT_NSTATS);
	err = sim->in.stats ? sim_walk(sim, sn, extack) : -ENOMEM;
	free_percpu(sim->in.stats);
	kfree(sim);
	return err;
}
