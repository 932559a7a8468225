// SPDX-License-Identifier: GPL-2.0
/* Origin: from who handed a packet in and which service it is to its hop. What
 * every packet goes through is inlined by force and the rest kept out: a call
 * costs more than most of the bodies. All is compiled twice, for packets that
 * carry their position and for the others, for whom @tag is NULL.
 */

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/addrconf.h>
#include <net/route.h>

#include "../table/key.h"
#include "../table/place.h"
#include "origin.h"

static __always_inline u64 pkt_origin(const struct svcseq_pkt *pkt)
{
	if (READ_ONCE(pkt->port->role) == SVCSEQ_PORT_ROLE_UPLINK)
		return 0;
	return svcseq_pkt_source(pkt);
}

static __always_inline struct svcseq_key *
pkt_key(const struct svcseq_pkt *pkt, u8 dir)
{
	bool request = dir == SVCSEQ_DIRECTION_REQUEST;
	union svcseq_key_id id __svcseq_uninitialized;

	if (pkt->fam == SVCSEQ_V4) {
		const struct iphdr *iph = pkt->l3;

		id.v4.addr = request ? iph->daddr : iph->saddr;
		id.v4.port = request ? pkt->view.dport : pkt->view.sport;
		id.v4.proto = pkt->view.proto;
		id.v4.zero = 0;
	} else {
		const struct ipv6hdr *ip6h = pkt->l3;

		id.v6.addr = request ? ip6h->daddr : ip6h->saddr;
		id.v6.port = request ? pkt->view.dport : pkt->view.sport;
		id.v6.proto = pkt->view.proto;
		id.v6.zero = 0;
	}
	return svcseq_key_find_rcu(pkt->port->sn, pkt->fam, &id);
}

static __always_inline bool row_fits(u32 match, const struct svcseq_pkt *pkt,
				     u32 wire)
{
	const struct svcseq_service *svc = pkt->svc;

	/* by far the most common: the service's own protocol and port */
	if (match == SVCSEQ_MATCH_OWN)
		return wire == svcseq_match(svc->proto, svc->port);
	return wire == (svcseq_match(svcseq_match_proto(match, svc->proto),
				     svcseq_match_port(match, svc->port)) |
			(match & (SVCSEQ_MATCH_NAT | SVCSEQ_MATCH_POSITION)));
}

static __always_inline const struct svcseq_hop *
prog_hop(const struct svcseq_prog *prog, const struct svcseq_pkt *pkt,
	 u64 origin, u32 wire, const struct svcseq_taken *tag)
{
	bool reply = pkt->dir == SVCSEQ_DIRECTION_REPLY;
	const struct svcseq_row *row = prog->row;
	const struct svcseq_row *end;

	if (reply)
		row += prog->nrows[0];
	end = row + prog->nrows[reply];
	for (; row < end; row++)
		if (row->origin == origin && row_fits(row->match, pkt, wire) &&
		    (!tag || svcseq_tag_agrees(&prog->hop[row->hop], tag)))
			return &prog->hop[row->hop];
	return NULL;
}

/* What seq_hop() does when the current program did not know the packet's
 * source: an arm that takes any source, and programs that were replaced
 * lately, for the packet may come from a device that has lost its place.
 */
static noinline const struct svcseq_hop *
prog_hop_slow(const struct svcseq_prog *prog, struct svcseq_pkt *pkt,
	      u64 origin, u32 wire, const struct svcseq_taken *tag)
{
	const struct svcseq_hop *hop;
	int depth;

	/* what lies deeper may be gone */
	for (depth = 0; prog && depth <= SVCSEQ_DRAIN_DEPTH; depth++) {
		hop = prog_hop(prog, pkt, origin, wire, tag);
		if (!hop && READ_ONCE(pkt->port->any))
			hop = prog_hop(prog, pkt, pkt->port->id, wire, tag);
		if (hop) {
			pkt->prog = prog;
			return hop;
		}
		prog = rcu_dereference(prog->prev);
	}
	return NULL;
}

static __always_inline const struct svcseq_hop *
seq_hop(const struct svcseq_sequence *seq, struct svcseq_pkt *pkt, u64 origin,
	u32 wire, const struct svcseq_taken *tag)
{
	const struct svcseq_prog *prog = rcu_dereference(seq->prog);
	const struct svcseq_hop *hop;

	/* the sequence stands still: memory ran out */
	if (unlikely(!prog))
		return NULL;
	hop = prog_hop(prog, pkt, origin, wire, tag);
	if (unlikely(!hop))
		return prog_hop_slow(prog, pkt, origin, wire, tag);
	pkt->prog = prog;
	return hop;
}

/* Sequences that the service has left lately: what was sent on its way there
 * goes on there.
 */
static noinline const struct svcseq_hop *
moved_hop(struct svcseq_pkt *pkt, u64 origin, u32 wire,
	  const struct svcseq_taken *tag)
{
	const struct svcseq_move *move;
	const struct svcseq_hop *hop;

	/* pairs with the release of svc->seq in service_move(): who has seen
	 * the new sequence sees the move away from the old one
	 */
	smp_rmb();
	for (move = rcu_dereference(pkt->svc->moves); move;
	     move = rcu_dereference(move->next)) {
		hop = seq_hop(move->from, pkt, origin, wire, tag);
		if (hop)
			return hop;
	}
	return NULL;
}

static __always_inline const struct svcseq_hop *
svc_hop(struct svcseq_pkt *pkt, u64 origin, u32 wire,
	const struct svcseq_taken *tag)
{
	const struct svcseq_sequence *seq = rcu_dereference(pkt->svc->seq);
	const struct svcseq_hop *hop;

	if (tag)
		wire |= (u32)tag->mark.position << SVCSEQ_MATCH_SHIFT;
	/* NULL for the moment between the key and the rest of a new service */
	if (unlikely(!seq))
		return NULL;
	hop = seq_hop(seq, pkt, origin, wire, tag);
	if (likely(hop))
		return hop;
	return moved_hop(pkt, origin, wire, tag);
}

/* Services that are wider than a key. What rows call the service's own is, for
 * one with several ports, whichever of them the packet carries.
 */
static noinline const struct svcseq_hop *
place_hop(struct svcseq_pkt *pkt, u64 origin, u8 side, u8 dir,
	  const struct svcseq_taken *tag)
{
	bool request = dir == SVCSEQ_DIRECTION_REQUEST;
	bool server = side == SVCSEQ_KEY_SIDE_SERVER;
	__be16 port = request ? pkt->view.dport : pkt->view.sport;
	const struct svcseq_range *range;
	struct svcseq_service *svc;
	u32 wire;

	range = svcseq_place_find_rcu(pkt->port->sn, pkt->fam, side,
				      svcseq_pkt_addr(pkt, request == server),
				      pkt->view.proto, be16_to_cpu(port),
				      !request);
	svc = range ? READ_ONCE(range->of) : NULL;
	/* it may have gone while we looked */
	if (!svc)
		return NULL;
	pkt->svc = svc;
	pkt->dir = dir;
	wire = range->own ? svcseq_match(svc->proto, svc->port) :
			    svcseq_match(pkt->view.proto, be16_to_cpu(port));
	if (range->nat)
		wire |= SVCSEQ_MATCH_NAT;
	return svc_hop(pkt, origin, wire, tag);
}

/* The same by the client, in whichever direction it is. */
static const struct svcseq_hop *
client_place_hop(struct svcseq_pkt *pkt, u64 origin,
		 const struct svcseq_taken *tag)
{
	const struct svcseq_hop *hop;

	hop = place_hop(pkt, origin, SVCSEQ_KEY_SIDE_CLIENT,
			SVCSEQ_DIRECTION_REQUEST, tag);
	if (hop)
		return hop;
	return place_hop(pkt, origin, SVCSEQ_KEY_SIDE_CLIENT,
			 SVCSEQ_DIRECTION_REPLY, tag);
}

static __always_inline const struct svcseq_hop *
dir_hop(struct svcseq_pkt *pkt, u64 origin, u8 dir,
	const struct svcseq_taken *tag)
{
	const struct svcseq_key *key = pkt_key(pkt, dir);
	u32 wire;

	if (!key || (key->nat && dir == SVCSEQ_DIRECTION_REQUEST)) {
		/* pairs with WRITE_ONCE() in wide_update() */
		if (likely(!(READ_ONCE(pkt->port->sn->wide[pkt->fam]) &
			     SVCSEQ_WIDE_SERVER)))
			return NULL;
		return place_hop(pkt, origin, SVCSEQ_KEY_SIDE_SERVER, dir,
				 tag);
	}
	pkt->svc = key->service;
	pkt->dir = dir;
	wire = svcseq_match(pkt->view.proto,
			    be16_to_cpu(svcseq_pkt_port(pkt)));
	if (key->nat)
		wire |= SVCSEQ_MATCH_NAT;
	return svc_hop(pkt, origin, wire, tag);
}

static noinline const struct svcseq_hop *
dir_hop_second(struct svcseq_pkt *pkt, u64 origin, u8 dir)
{
	return dir_hop(pkt, origin, dir, NULL);
}

/**
 * svcseq_origin_hop_tagged - find the hop of a packet that carries its position
 * @pkt: the packet; its service, direction and program are filled in
 * @tag: the position
 *
 * The source is looked at as well: nobody else may use the position.
 *
 * Context: RCU.
 * Return: as svcseq_origin_hop().
 */
const struct svcseq_hop *
svcseq_origin_hop_tagged(struct svcseq_pkt *pkt, const struct svcseq_taken *tag)
{
	u8 second = SVCSEQ_DIRECTION_REPLY;
	u8 first = SVCSEQ_DIRECTION_REQUEST;
	u64 origin = pkt_origin(pkt);
	const struct svcseq_hop *hop;

	if (READ_ONCE(pkt->port->reply_first))
		swap(first, second);
	hop = dir_hop(pkt, origin, first, tag);
	if (!hop)
		hop = dir_hop(pkt, origin, second, tag);
	if (hop || !(READ_ONCE(pkt->port->sn->wide[pkt->fam]) &
		     SVCSEQ_WIDE_CLIENT))
		return hop;
	return client_place_hop(pkt, origin, tag);
}

/* Where some packets have their position in the DSCP: is this one of them? */
static noinline const struct svcseq_hop *marked_hop(struct svcseq_pkt *pkt)
{
	struct svcseq_taken tag;

	if (!svcseq_tag_look(pkt, &tag))
		return NULL;
	return svcseq_origin_hop_tagged(pkt, &tag);
}

/* What a client or a network sends to this machine itself is not on its way
 * through.
 */
static bool pkt_is_for_us(const struct svcseq_pkt *pkt)
{
	const struct ipv6hdr *ip6h = (struct ipv6hdr *)pkt->skb->data;
	const struct iphdr *iph = (struct iphdr *)pkt->skb->data;
	struct net *net = pkt->port->sn->net;

	if (pkt->fam == SVCSEQ_V4)
		return inet_addr_type(net, iph->daddr) != RTN_UNICAST;
	return ipv6_addr_is_multicast(&ip6h->daddr) ||
	       ipv6_chk_addr(net, &ip6h->daddr, NULL, 0);
}

/* Services by client come after those by server: what a client sends to a
 * service goes the service's way.
 */
static noinline const struct svcseq_hop *client_hop(struct svcseq_pkt *pkt,
						    u64 origin)
{
	struct svcseq_service *other = pkt->svc;
	const struct svcseq_hop *hop;

	/* nor is what a service refuses anybody else's */
	if (!origin && other)
		return NULL;
	hop = client_place_hop(pkt, origin, NULL);
	if (pkt->svc == other)
		return NULL;
	if (hop && origin && !(hop->flags & SVCSEQ_HOP_ENTER) &&
	    !READ_ONCE(pkt->port->any))
		return hop;
	if (pkt_is_for_us(pkt)) {
		pkt->svc = other;
		return NULL;
	}
	return hop;
}

/**
 * svcseq_origin_hop - find the hop of a packet
 * @pkt: the packet; its service, direction and program are filled in
 *
 * The direction is told by which end is a service (paragraphs 103 to 105 and
 * 113 of the packet sequencing document). Destination first; but where only
 * replies come in, the source decides sooner and to the same effect, for the
 * arm implies the direction.
 *
 * Services by server come first, then those by client.
 *
 * Context: RCU.
 * Return: the hop, or NULL; then pkt->svc tells whether the packet was for a
 * service at all.
 */
const struct svcseq_hop *svcseq_origin_hop(struct svcseq_pkt *pkt)
{
	u8 second = SVCSEQ_DIRECTION_REPLY;
	u8 first = SVCSEQ_DIRECTION_REQUEST;
	u64 origin = pkt_origin(pkt);
	const struct svcseq_hop *hop;

	if (origin) {
		if (unlikely(READ_ONCE(pkt->port->marked))) {
			hop = marked_hop(pkt);
			if (hop)
				return hop;
		}
		if (READ_ONCE(pkt->port->reply_first))
			swap(first, second);
	}
	hop = dir_hop(pkt, origin, first, NULL);
	if (likely(hop))
		return hop;
	if (origin) {
		hop = dir_hop_second(pkt, origin, second);
		if (likely(hop))
			return hop;
	}
	if (likely(!(READ_ONCE(pkt->port->sn->wide[pkt->fam]) &
		     SVCSEQ_WIDE_CLIENT)))
		return NULL;
	return client_hop(pkt, origin);
}

static const struct svcseq_prog *pkt_prog(const struct svcseq_pkt *pkt)
{
	const struct svcseq_sequence *seq = rcu_dereference(pkt->svc->seq);

	return seq ? rcu_dereference(seq->prog) : NULL;
}

/* Would the packet take this row if it carried the position? */
static bool row_lacks_tag(const struct svcseq_prog *prog, u16 i,
			  const struct svcseq_pkt *pkt)
{
	u32 match = prog->row[i].match;
	__be16 port = i < prog->nrows[0] ? pkt->view.dport : pkt->view.sport;

	return match & SVCSEQ_MATCH_POSITION &&
	       svcseq_match_proto(match, pkt->svc->proto) == pkt->view.proto &&
	       svcseq_match_port(match, pkt->svc->port) == be16_to_cpu(port);
}

/**
 * svcseq_origin_reason - why a packet of a service has no hop
 * @pkt: the packet
 *
 * Context: RCU.
 * Return: the reason to drop it for.
 */
enum svcseq_drop_reason svcseq_origin_reason(const struct svcseq_pkt *pkt)
{
	const struct svcseq_prog *prog = pkt_prog(pkt);
	u64 origin = pkt_origin(pkt);
	bool known = !origin;
	u16 i;

	for (i = 0; prog && i < prog->nrows[0] + prog->nrows[1]; i++) {
		u64 from = prog->row[i].origin;

		if (from != origin && (from >> 16 || from != pkt->port->id))
			continue;
		if (row_lacks_tag(prog, i, pkt))
			return SVCSEQ_DROP_TAG_MISSING;
		known |= from == origin;
	}
	return known ? SVCSEQ_DROP_BAD_POSITION : SVCSEQ_DROP_BAD_SOURCE;
}

/**
 * svcseq_origin_reason_tagged - the same if it carries a position
 * @pkt: the packet
 * @tag: the position
 *
 * Context: RCU.
 * Return: the reason to drop it for.
 */
enum svcseq_drop_reason
svcseq_origin_reason_tagged(const struct svcseq_pkt *pkt,
			    const struct svcseq_taken *tag)
{
	const struct svcseq_prog *prog = pkt_prog(pkt);
	u64 origin = pkt_origin(pkt);
	bool right = false;
	u16 i;

	for (i = 0; prog && i < prog->nrows[0] + prog->nrows[1]; i++) {
		const struct svcseq_row *row = &prog->row[i];

		if (!svcseq_tag_agrees(&prog->hop[row->hop], tag))
			continue;
		right = true;
		if (row->origin == origin || row->origin == pkt->port->id)
			return SVCSEQ_DROP_BAD_POSITION;
	}
	return right ? SVCSEQ_DROP_BAD_SOURCE : SVCSEQ_DROP_BAD_TAG;
}
