// SPDX-License-Identifier: GPL-2.0
/* Tags: how the hops of a program tell positions, and the numbers of paths. */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "../core/tag.h"
#include "refuse.h"
#include "tag.h"

#define TUNNEL_TTL	64

static_assert(sizeof(struct ipv6hdr) + sizeof(struct udphdr) +
	      SVCSEQ_TAG_GPE_LEN == SVCSEQ_TAG_HEAD);
/* as many positions as six bits have place for */
static_assert(SVCSEQ_MAX_STEPS < SVCSEQ_POSITION_REPLY);

static bool track_has_path(u8 track)
{
	return svcseq_track_is_tag(track) && track != SVCSEQ_TRACK_DSCP;
}

/* The largest number that all steps have room for; 0 if they need none. */
static u32 path_max(const struct svcseq_sequence_conf *conf)
{
	u32 max = 0;
	int i;

	for (i = 0; i < conf->nsteps; i++) {
		u8 track = conf->step[i].track;

		if (!track_has_path(track))
			continue;
		if (!max || svcseq_tag_path_max(track) < max)
			max = svcseq_tag_path_max(track);
	}
	return max;
}

static int path_take_this(struct svcseq_sequence *seq, u32 path, u32 max,
			  struct netlink_ext_ack *extack)
{
	const struct svcseq_sequence *other;
	int err;

	if (!max)
		max = svcseq_tag_path_max(SVCSEQ_TRACK_NSH);
	if (path > max)
		return svcseq_refuse(extack, -ERANGE,
				     "sequence '%s': path-id %u does not fit into the header of a step; the largest that does is %u",
				     seq->name, path, max);
	err = xa_insert(&seq->sn->paths, path, seq, GFP_KERNEL_ACCOUNT);
	if (err != -EBUSY)
		return err;
	other = xa_load(&seq->sn->paths, path);
	return svcseq_refuse(extack, -EEXIST,
			     "sequence '%s': path-id %u is that of sequence '%s'; name another, or none and get a free one",
			     seq->name, path, other->name);
}

/**
 * svcseq_tag_path_take - give a sequence its number in headers
 * @seq: the sequence
 * @conf: the definition that it shall get; its path is filled in
 * @extack: for the text of a refusal
 *
 * Who names no number keeps the one that the sequence has.
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_tag_path_take(struct svcseq_sequence *seq,
			 struct svcseq_sequence_conf *conf,
			 struct netlink_ext_ack *extack)
{
	u32 old = seq->conf ? seq->conf->path : 0;
	u32 max = path_max(conf);
	int err;

	lockdep_assert_held(&seq->sn->cfg_lock);

	if (!conf->path && !max)
		return 0;
	if (!conf->path && old <= max)
		conf->path = old;
	if (conf->path && conf->path == old && (!max || old <= max))
		return 0;
	if (conf->path)
		return path_take_this(seq, conf->path, max, extack);

	err = xa_alloc(&seq->sn->paths, &conf->path, seq,
		       XA_LIMIT(1, SVCSEQ_TAG_MPLS_PATHS - 1),
		       GFP_KERNEL_ACCOUNT);
	if (err == -EBUSY)
		return svcseq_refuse(extack, -ENOSPC,
				     "sequence '%s': there is no path-id left up to %u; name a larger one",
				     seq->name, SVCSEQ_TAG_MPLS_PATHS - 1);
	return err;
}

/**
 * svcseq_tag_path_give - give back the number of a definition
 * @seq: the sequence
 * @conf: a definition that @seq has not, or has no more
 *
 * Context: process, cfg_lock.
 */
void svcseq_tag_path_give(struct svcseq_sequence *seq,
			  const struct svcseq_sequence_conf *conf)
{
	lockdep_assert_held(&seq->sn->cfg_lock);

	if (conf->path && (!seq->conf || seq->conf->path != conf->path))
		xa_erase(&seq->sn->paths, conf->path);
}

static void mark_fill(struct svcseq_mark *mark,
		      const struct svcseq_sequence_conf *conf, int step,
		      u8 position)
{
	const struct svcseq_step_conf *from = &conf->step[step];

	mark->method = from->track;
	mark->position = position;
	mark->path = track_has_path(from->track) ? conf->path : 0;
	mark->fam = from->fam;
	mark->local = from->local;
	mark->remote = from->remote;
}

static int head_ip4(u8 *head, const struct svcseq_mark *mark, u8 proto)
{
	struct iphdr iph = {
		.version = 4,
		.ihl = sizeof(iph) / 4,
		.frag_off = htons(IP_DF),
		.ttl = TUNNEL_TTL,
		.protocol = proto,
		.saddr = mark->local.v4,
		.daddr = mark->remote.v4,
	};

	memcpy(head, &iph, sizeof(iph));
	return sizeof(iph);
}

static int head_ip6(u8 *head, const struct svcseq_mark *mark, u8 proto)
{
	struct ipv6hdr ip6h = {
		.version = 6,
		.nexthdr = proto,
		.hop_limit = TUNNEL_TTL,
		.saddr = mark->local.v6,
		.daddr = mark->remote.v6,
	};

	memcpy(head, &ip6h, sizeof(ip6h));
	return sizeof(ip6h);
}

static int head_ip(u8 *head, const struct svcseq_mark *mark, u8 proto)
{
	if (mark->fam == SVCSEQ_V4)
		return head_ip4(head, mark, proto);
	return head_ip6(head, mark, proto);
}

static int head_udp(u8 *head)
{
	struct udphdr uh = {
		.dest = htons(SVCSEQ_TAG_GPE_PORT),
	};

	memcpy(head, &uh, sizeof(uh));
	return sizeof(uh);
}

/* What is the same in every packet. Returns the length or a negative errno. */
static int head_fill(u8 *head, const struct svcseq_mark *mark, __be16 proto)
{
	struct svcseq_tag tag = {
		.path = mark->path,
		.index = mark->position,
		.proto = proto,
	};
	int len;

	switch (mark->method) {
	case SVCSEQ_TRACK_NSH:
		tag.index = svcseq_tag_nsh_index(mark->position);
		tag.ttl = SVCSEQ_TAG_NSH_TTL;
		return svcseq_tag_nsh_put(head, &tag) ?: SVCSEQ_TAG_NSH_LEN;
	case SVCSEQ_TRACK_MPLS:
		/* that of the packet goes there */
		tag.ttl = TUNNEL_TTL;
		return svcseq_tag_mpls_put(head, &tag) ?: SVCSEQ_TAG_MPLS_LEN;
	case SVCSEQ_TRACK_GRE:
		len = head_ip(head, mark, IPPROTO_GRE);
		return svcseq_tag_gre_put(head + len, &tag) ?:
		       len + SVCSEQ_TAG_GRE_LEN;
	default:
		len = head_ip(head, mark, IPPROTO_UDP);
		len += head_udp(head + len);
		return svcseq_tag_gpe_put(head + len, &tag) ?:
		       len + SVCSEQ_TAG_GPE_LEN;
	}
}

static __be16 ether_type(const struct svcseq_mark *mark, int fam)
{
	switch (mark->method) {
	case SVCSEQ_TRACK_NSH:
		return htons(ETH_P_NSH);
	case SVCSEQ_TRACK_MPLS:
		return htons(ETH_P_MPLS_UC);
	default:
		return fam == SVCSEQ_V4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	}
}

/* Packets that get a header leave another way than those that get none, so that
 * these need not ask.
 */
static int header_fill(struct svcseq_hop *hop)
{
	static const __be16 proto[SVCSEQ_NFAM] = {
		[SVCSEQ_V4] = htons(ETH_P_IP),
		[SVCSEQ_V6] = htons(ETH_P_IPV6),
	};
	struct svcseq_hop_tag *tag = hop->tag;
	int fam, len;

	hop->flags |= SVCSEQ_HOP_TAG;
	tag->way = hop->out;
	memset(hop->out.l2_ok, 0, sizeof(hop->out.l2_ok));
	memset(hop->out.nh_ok, 0, sizeof(hop->out.nh_ok));
	for (fam = 0; fam < SVCSEQ_NFAM; fam++) {
		struct ethhdr *eth = (struct ethhdr *)tag->way.l2[fam];

		eth->h_proto = ether_type(&tag->out, fam);
		len = head_fill(tag->head[fam], &tag->out, proto[fam]);
		if (len < 0)
			return len;
		tag->len = len;
	}
	return 0;
}

/**
 * svcseq_tag_fill - say which positions the packets of a hop carry
 * @hop: the hop, with its flags and the way out of it
 * @plan: the same as it was compiled
 * @conf: definition of the sequence
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_tag_fill(struct svcseq_hop *hop, const struct svcseq_plan_hop *plan,
		    const struct svcseq_sequence_conf *conf)
{
	u8 in = plan->match >> SVCSEQ_MATCH_SHIFT;
	struct svcseq_hop_tag *tag;

	if (!in && !plan->position)
		return 0;
	tag = kzalloc(sizeof(*tag), GFP_KERNEL_ACCOUNT);
	if (!tag)
		return -ENOMEM;
	hop->tag = tag;
	if (in) {
		mark_fill(&tag->in, conf, plan->from_step, in);
		hop->flags |= SVCSEQ_HOP_SPEND;
	}
	if (tag->in.method == SVCSEQ_TRACK_DSCP) {
		hop->flags |= SVCSEQ_HOP_MARK | SVCSEQ_HOP_UNMARK;
		hop->dscp = conf->dscp;
		hop->dscp_copy = conf->dscp;
	}
	if (!plan->position)
		return 0;
	mark_fill(&tag->out, conf, plan->to_step, plan->position);
	/* a branch of it writes that */
	if (plan->nbranches)
		return 0;
	if (tag->out.method != SVCSEQ_TRACK_DSCP)
		return header_fill(hop);
	hop->flags |= SVCSEQ_HOP_MARK;
	hop->dscp = svcseq_tag_dscp(plan->position);
	return 0;
}

static void port_count(struct svcseq_port *port, u8 method, int by)
{
	u8 bit = BIT(method);

	port->ntags[method] += by;
	/* pairs with READ_ONCE() where packets are steered */
	if (method == SVCSEQ_TRACK_DSCP)
		WRITE_ONCE(port->marked, port->ntags[method] > 0);
	else if (port->ntags[method])
		WRITE_ONCE(port->tags, port->tags | bit);
	else
		WRITE_ONCE(port->tags, port->tags & ~bit);
}

/**
 * svcseq_tag_count - a program begins or ends to be
 * @prog: the program
 * @by: 1 or -1
 *
 * Tells every port by which methods packets may carry their position there,
 * until the last program that knows them has drained.
 *
 * Context: process, cfg_lock.
 */
void svcseq_tag_count(const struct svcseq_prog *prog, int by)
{
	u16 total = prog->nrows[0] + prog->nrows[1];
	u16 i;

	lockdep_assert_held(&prog->sn->cfg_lock);

	for (i = 0; i < total; i++) {
		const struct svcseq_row *row = &prog->row[i];
		const struct svcseq_hop *hop = &prog->hop[row->hop];
		struct svcseq_port *port;

		if (!(row->match & SVCSEQ_MATCH_POSITION) || !hop->tag)
			continue;
		port = xa_load(&prog->sn->ports, (u16)row->origin);
		if (port)
			port_count(port, hop->tag->in.method, by);
	}
}
