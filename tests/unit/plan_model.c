// SPDX-License-Identifier: GPL-2.0
/* A second opinion on what a sequence definition compiles to. It lists the
 * places of a packet's walk straight from the packet sequencing document
 * (paragraphs 103 to 123) and compares; it is slow, and works with concrete
 * ports where the compiler works with what all services have in common.
 */

#include <stdio.h>
#include <string.h>

#include "plan_model.h"

/* What a packet carries; proto and port are the service's own when 0. The tag
 * is the number of its place, counted as the rows of a table are: requests from
 * 1 on, replies from 33 on; 0 for none.
 */
struct carry {
	u8 proto;
	u16 port;
	bool nat;
	u8 tag;
};

/* One place of the walk: who gives the packet, who gets it. */
struct place {
	u8 dir;
	int from_step;		/* -1 is the edge */
	int from_copy;		/* -1 unless a tap gives it */
	int from_member;	/* which of a pool gives it */
	int to_step;
	struct carry in;
	struct carry out;
};

#define MAX_PLACES	(2 * SVCSEQ_MAX_STEPS * \
			 (SVCSEQ_MAX_MEMBERS + 1 + \
			  SVCSEQ_MAX_COPIES * SVCSEQ_MAX_MEMBERS))

struct places {
	struct place at[MAX_PLACES];
	int count;
};

static bool is_nat(const struct svcseq_dev_desc *dev)
{
	return dev->kind == SVCSEQ_DEVICE_KIND_SERVER &&
	       dev->mode == SVCSEQ_SERVER_MODE_NAT;
}

/* Who stands at a step: the device; or those of the pool, and the alternate. */
static const struct svcseq_dev_desc *stand(const struct svcseq_seq_desc *seq,
					   int i, int m)
{
	const struct svcseq_step_desc *step = &seq->step[i];

	if (!step->dev->nmembers)
		return m ? NULL : step->dev;
	if (m < step->dev->nmembers)
		return step->dev->member[m];
	return m == step->dev->nmembers ? step->alternate : NULL;
}

static int stands(const struct svcseq_seq_desc *seq, int i)
{
	int n = 0;

	if (i < 0)
		return 1;
	while (n <= SVCSEQ_MAX_MEMBERS && stand(seq, i, n))
		n++;
	return n;
}

/* What packets carry between step i - 1 and step i. */
static struct carry segment(const struct svcseq_seq_desc *seq,
			    struct carry own, int i)
{
	struct carry c = own;
	int j;

	for (j = 0; j < i; j++) {
		if (!seq->step[j].becomes_port)
			continue;
		c.proto = seq->step[j].becomes_proto;
		c.port = seq->step[j].becomes_port;
	}
	return c;
}

/* What they carry between the engine and step i, on the clients' side of it;
 * in the step's own terms if the engine translates for it.
 */
static struct carry at_device(const struct svcseq_seq_desc *seq,
			      struct carry own, int i)
{
	struct carry c = segment(seq, own, i);

	if (seq->step[i].port)
		c.port = seq->step[i].port;
	return c;
}

static struct carry outer(const struct svcseq_seq_desc *seq, struct carry own,
			  int i)
{
	struct carry c = at_device(seq, own, i);

	c.nat = is_nat(seq->step[i].dev);
	return c;
}

static struct carry inner(const struct svcseq_seq_desc *seq, struct carry own,
			  int i)
{
	struct carry c = at_device(seq, own, i);

	if (seq->step[i].becomes_port) {
		c.proto = seq->step[i].becomes_proto;
		c.port = seq->step[i].becomes_port;
	}
	return c;
}

/* What a copy carries: never the server's address (E-04). */
static struct carry copied(const struct svcseq_seq_desc *seq, struct carry own,
			   int i, int c)
{
	if (seq->step[i].copy[c].port == SVCSEQ_COPY_PORT_DEVICE)
		return at_device(seq, own, i);
	return segment(seq, own, i);
}

static int step_of(const struct svcseq_seq_desc *seq,
		   const struct svcseq_dev_desc *dev)
{
	int i;

	for (i = 0; i < seq->nsteps; i++)
		if (seq->step[i].dev == dev)
			return i;
	return -1;
}

/* Whether a device between two places of the walk turns packets into others. */
static bool changes_between(const struct svcseq_seq_desc *seq, int a, int b)
{
	int i;

	if (a > b) {
		i = a;
		a = b;
		b = i;
	}
	for (i = a; i < b; i++)
		if (seq->step[i].becomes_port)
			return true;
	return false;
}

/* Who gets what a tap sends to the service: who is named, else the last step
 * that still knows these packets.
 */
static int alert_step(const struct svcseq_seq_desc *seq, int i, int c)
{
	int j;

	if (seq->step[i].copy[c].alert_to)
		return step_of(seq, seq->step[i].copy[c].alert_to);
	for (j = i; j < seq->nsteps - 1; j++)
		if (seq->step[j].becomes_port)
			return j;
	return seq->nsteps - 1;
}

static bool tags(const struct svcseq_seq_desc *seq, int i)
{
	switch (seq->step[i].track) {
	case SVCSEQ_TRACK_DSCP:
	case SVCSEQ_TRACK_NSH:
	case SVCSEQ_TRACK_MPLS:
	case SVCSEQ_TRACK_GRE:
	case SVCSEQ_TRACK_GPE:
		return true;
	default:
		return false;
	}
}

/* The tag on the way to step i, and the one on the way back from it. */
static u8 tag_to(const struct svcseq_seq_desc *seq, u8 dir, int i)
{
	if (i < 0 || !tags(seq, i))
		return 0;
	return dir == SVCSEQ_DIRECTION_REQUEST ? 1 + i : 33 + i;
}

static u8 tag_back(const struct svcseq_seq_desc *seq, u8 dir, int i)
{
	/* a server sends back what it got: the tag of the request */
	if (i == seq->nsteps - 1)
		return tag_to(seq, SVCSEQ_DIRECTION_REQUEST, i);
	return tag_to(seq, dir, i);
}

static void place_add(struct places *p, struct place place)
{
	p->at[p->count++] = place;
}

static int taps(const struct svcseq_copy_desc *copy)
{
	return copy->tap->nmembers ? copy->tap->nmembers : 1;
}

/* Where a tap sends as from the service, and where to the service. */
static void places_of_tap(struct places *p, const struct svcseq_seq_desc *seq,
			  struct carry own, struct place reply)
{
	int i = reply.from_step;
	int to = alert_step(seq, i, reply.from_copy);
	struct place request;

	reply.in = copied(seq, own, i, reply.from_copy);
	place_add(p, reply);
	if (to < 0)
		return;
	request = reply;
	request.dir = SVCSEQ_DIRECTION_REQUEST;
	request.to_step = to;
	request.out = outer(seq, own, to);
	/* A packet cannot be put back into a tunnel: who is before it gets it as
	 * it is, as a notice.
	 */
	if (changes_between(seq, i, to))
		request.out = request.in;
	request.out.tag = tag_to(seq, request.dir, to);
	place_add(p, request);
}

static void list_places(struct places *p, const struct svcseq_seq_desc *seq,
			struct carry own)
{
	int i, c, m;

	p->count = 0;
	for (i = 0; i < seq->nsteps; i++) {
		struct place request = {
			.dir = SVCSEQ_DIRECTION_REQUEST,
			.from_step = i - 1, .from_copy = -1, .to_step = i,
			.in = i ? inner(seq, own, i - 1) : own,
			.out = outer(seq, own, i),
		};
		struct place reply = {
			.dir = SVCSEQ_DIRECTION_REPLY,
			.from_step = i, .from_copy = -1, .to_step = i - 1,
			.in = outer(seq, own, i),
			.out = i ? inner(seq, own, i - 1) : own,
		};

		if (i)
			request.in.tag = tag_back(seq, request.dir, i - 1);
		request.out.tag = tag_to(seq, request.dir, i);
		reply.in.tag = tag_back(seq, reply.dir, i);
		reply.out.tag = tag_to(seq, reply.dir, i - 1);
		for (m = 0; m < stands(seq, i - 1); m++) {
			request.from_member = m;
			place_add(p, request);
		}
		for (m = 0; m < stands(seq, i); m++) {
			reply.from_member = m;
			place_add(p, reply);
		}
		for (c = 0; c < seq->step[i].ncopies; c++)
			for (m = 0; m < taps(&seq->step[i].copy[c]); m++) {
				reply.from_copy = c;
				reply.from_member = m;
				places_of_tap(p, seq, own, reply);
			}
	}
}

static const struct svcseq_dev_desc *
tap(const struct svcseq_copy_desc *copy, int m)
{
	return copy->tap->nmembers ? copy->tap->member[m] : copy->tap;
}

static const struct svcseq_dev_desc *
place_device(const struct svcseq_seq_desc *seq, const struct place *p)
{
	if (p->from_step < 0)
		return NULL;
	if (p->from_copy >= 0)
		return tap(&seq->step[p->from_step].copy[p->from_copy],
			   p->from_member);
	return stand(seq, p->from_step, p->from_member);
}

/* The arm by which a packet comes: requests from the inner one, replies from
 * the outer one, where there are two.
 */
static const struct svcseq_arm_desc *
place_arm(const struct svcseq_seq_desc *seq, const struct place *p)
{
	const struct svcseq_dev_desc *dev = place_device(seq, p);

	if (!dev)
		return NULL;
	if (p->from_copy < 0 && p->dir == SVCSEQ_DIRECTION_REQUEST &&
	    dev->narms > 1)
		return &dev->arm[SVCSEQ_ARM_SIDE_INNER];
	return &dev->arm[SVCSEQ_ARM_SIDE_OUTER];
}

/* Does the port alone tell? The step may say so, or that it does not. */
static bool place_any(const struct svcseq_seq_desc *seq, const struct place *p)
{
	u8 track = p->from_copy < 0 ? seq->step[p->from_step].track :
				      SVCSEQ_TRACK_ARM;

	if (track == SVCSEQ_TRACK_INTERFACE)
		return true;
	return track != SVCSEQ_TRACK_MAC && place_arm(seq, p)->any;
}

#define MAX_ORIGINS	SVCSEQ_ARM_MACS

static int origins(const struct svcseq_seq_desc *seq, const struct place *p,
		   u64 *origin)
{
	const struct svcseq_arm_desc *arm = place_arm(seq, p);
	int i, j, n = 0;

	if (!arm) {
		origin[0] = 0;
		return 1;
	}
	if (!arm->port)
		return 0;
	if (place_any(seq, p)) {
		origin[0] = arm->port;
		return 1;
	}
	for (i = 0; i < arm->nmacs; i++) {
		u64 v = arm->port;

		for (j = 0; j < 6; j++)
			v |= (u64)arm->mac[i][j] << (56 - 8 * j);
		/* an address named twice is one address */
		for (j = 0; j < n && origin[j] != v; j++)
			;
		if (j == n)
			origin[n++] = v;
	}
	return n;
}

static bool same_but_tag(struct carry a, struct carry b)
{
	return a.proto == b.proto && a.port == b.port && a.nat == b.nat;
}

static bool same_carry(struct carry a, struct carry b)
{
	return same_but_tag(a, b) && a.tag == b.tag;
}

/* May a packet be of both, if a device loses tags but does not make them up? */
static bool alike(struct carry a, struct carry b)
{
	return same_but_tag(a, b) && (!a.tag || !b.tag || a.tag == b.tag);
}

static bool may_meet(const struct svcseq_seq_desc *seq, const struct place *a,
		     const struct place *b)
{
	u64 oa[MAX_ORIGINS], ob[MAX_ORIGINS];
	int na = origins(seq, a, oa), nb = origins(seq, b, ob);
	int i, j;

	for (i = 0; i < na; i++)
		for (j = 0; j < nb; j++)
			if (oa[i] == ob[j])
				return true;
	/* any address on a port is that of another there, too */
	return na && nb && place_arm(seq, a) && place_arm(seq, b) &&
	       place_arm(seq, a)->port == place_arm(seq, b)->port &&
	       (place_any(seq, a) || place_any(seq, b));
}

static bool two_alike(const struct svcseq_seq_desc *seq, struct carry own)
{
	static struct places p;
	int i, j;

	list_places(&p, seq, own);
	for (i = 0; i < p.count; i++)
		for (j = i + 1; j < p.count; j++)
			if (p.at[i].dir == p.at[j].dir &&
			    alike(p.at[i].in, p.at[j].in) &&
			    may_meet(seq, &p.at[i], &p.at[j]))
				return true;
	return false;
}

/* Another device on a port of which one device has every address. */
static bool crowded(const struct svcseq_seq_desc *seq)
{
	static struct places p;
	struct carry own = { 0 };
	u64 oi[MAX_ORIGINS], oj[MAX_ORIGINS];
	int i, j;

	list_places(&p, seq, own);
	for (i = 0; i < p.count; i++) {
		const struct svcseq_arm_desc *arm = place_arm(seq, &p.at[i]);

		if (!arm || !place_any(seq, &p.at[i]) || p.at[i].in.tag ||
		    !origins(seq, &p.at[i], oi))
			continue;
		for (j = 0; j < p.count; j++) {
			const struct svcseq_arm_desc *other;

			other = place_arm(seq, &p.at[j]);
			if (other && other->port == arm->port &&
			    origins(seq, &p.at[j], oj) &&
			    place_device(seq, &p.at[i]) !=
			    place_device(seq, &p.at[j]))
				return true;
		}
	}
	return false;
}

static bool bad_becomes(const struct svcseq_step_desc *step, bool last)
{
	if (!step->becomes_port && !step->becomes_proto)
		return false;
	return last || !step->becomes_port ||
	       (step->becomes_proto != IPPROTO_TCP &&
		step->becomes_proto != IPPROTO_UDP);
}

static bool bad_track(const struct svcseq_step_desc *step)
{
	switch (step->track) {
	case SVCSEQ_TRACK_DSCP:
		return step->dev->kind == SVCSEQ_DEVICE_KIND_SERVER;
	case SVCSEQ_TRACK_GRE:
	case SVCSEQ_TRACK_GPE:
		return step->dev->kind == SVCSEQ_DEVICE_KIND_BRIDGE ||
		       step->dev->nmembers;
	default:
		return false;
	}
}

static bool bad_on_fail(const struct svcseq_step_desc *step, bool last)
{
	if (!step->dev->nmembers)
		return step->on_fail || step->alternate;
	if (step->on_fail == SVCSEQ_ON_FAIL_OPEN &&
	    (last || step->becomes_port))
		return true;
	return step->alternate && (step->alternate->kind != step->dev->kind ||
				   step->alternate->mode != step->dev->mode);
}

/* Who is in a pool is nowhere else. */
static bool in_two_places(const struct svcseq_seq_desc *seq)
{
	int i, j, m, k;

	for (i = 0; i < seq->nsteps; i++)
		for (m = 0; m < stands(seq, i); m++)
			for (j = 0; j < seq->nsteps; j++)
				for (k = 0; k < stands(seq, j); k++)
					if ((i != j || m != k) &&
					    seq->step[i].dev->nmembers &&
					    stand(seq, i, m) ==
					    stand(seq, j, k))
						return true;
	return false;
}

static bool bad_shape(const struct svcseq_seq_desc *seq)
{
	int i, c, copies = 0;

	if (!seq->nsteps)
		return true;
	for (i = 0; i < seq->nsteps; i++) {
		const struct svcseq_step_desc *step = &seq->step[i];
		bool last = i == seq->nsteps - 1;

		bool server = step->dev->kind == SVCSEQ_DEVICE_KIND_SERVER;

		if (step->dev->kind == SVCSEQ_DEVICE_KIND_TAP ||
		    server != last ||
		    bad_becomes(step, last) || bad_track(step) ||
		    bad_on_fail(step, last))
			return true;
		copies += step->ncopies;
		for (c = 0; c < step->ncopies; c++) {
			const struct svcseq_copy_desc *copy = &step->copy[c];

			if (copy->tap->kind != SVCSEQ_DEVICE_KIND_TAP)
				return true;
			if (copy->alert_to &&
			    step_of(seq, copy->alert_to) < 0)
				return true;
		}
	}
	return copies > SVCSEQ_SEQ_COPIES || in_two_places(seq);
}

/* The step that a packet goes on to past the pool at step @to; -2 if none. */
static int past(const struct svcseq_seq_desc *seq, const struct place *p)
{
	if (p->to_step < 0 ||
	    seq->step[p->to_step].on_fail != SVCSEQ_ON_FAIL_OPEN)
		return -2;
	if (p->dir == SVCSEQ_DIRECTION_REPLY)
		return p->to_step - 1;
	return p->from_copy >= 0 ? -2 : p->to_step + 1;
}

/* Hops: one for each place, and one for each that a pool there means. */
static int count_hops(const struct svcseq_seq_desc *seq)
{
	static struct places all;
	struct carry own = { 0 };
	int i, n = 0;

	list_places(&all, seq, own);
	for (i = 0; i < all.count; i++) {
		struct place p = all.at[i];

		n++;
		while (p.to_step >= 0 && seq->step[p.to_step].dev->nmembers) {
			n += stands(seq, p.to_step);
			p.to_step = past(seq, &p);
			n += p.to_step >= -1;
		}
	}
	return n;
}

static int count_rows(const struct svcseq_seq_desc *seq, u8 dir)
{
	static struct places p;
	struct carry own = { 0 };
	u64 origin[MAX_ORIGINS];
	int i, n = 0;

	list_places(&p, seq, own);
	for (i = 0; i < p.count; i++)
		if (p.at[i].dir == dir)
			n += origins(seq, &p.at[i], origin);
	return n;
}

/* Flags MODEL_..., or 0 for a definition that must compile. */
unsigned int model_faults(const struct svcseq_seq_desc *seq)
{
	struct carry own = { 0 };
	unsigned int faults = 0;

	if (bad_shape(seq))
		return MODEL_BAD_SHAPE;
	if (two_alike(seq, own) || crowded(seq))
		faults |= MODEL_AMBIGUOUS;
	if (count_rows(seq, SVCSEQ_DIRECTION_REQUEST) +
	    count_rows(seq, SVCSEQ_DIRECTION_REPLY) > SVCSEQ_PLAN_ROWS ||
	    count_hops(seq) > SVCSEQ_PLAN_HOPS)
		faults |= MODEL_TOO_BIG;
	return faults;
}

/* For this very service two places are the same. */
bool model_service_clash(const struct svcseq_seq_desc *seq, u8 proto, u16 port)
{
	struct carry own = { .proto = proto, .port = port };

	return two_alike(seq, own);
}

static struct carry concrete(u32 match, struct carry own)
{
	struct carry c = own;

	if (match & 0xffff)
		c.port = (u16)match;
	if (match >> 16 & 0xff)
		c.proto = (u8)(match >> 16);
	c.nat = match >> 24 & 1;
	c.tag = match >> 26;
	return c;
}

static bool wrong(char *why, const struct place *p, const char *what)
{
	snprintf(why, MODEL_TEXT_LEN, "%s from step %d (copy %d) to step %d: %s",
		 p->dir == SVCSEQ_DIRECTION_REQUEST ? "request" : "reply",
		 p->from_step + 1, p->from_copy, p->to_step + 1, what);
	return false;
}

/* The copies of a hop: those of the step at its server side, in their order. */
static bool copies_right(const struct svcseq_seq_desc *seq,
			 const struct svcseq_plan_hop *hop,
			 const struct place *p, struct carry own, char *why)
{
	int step = p->dir == SVCSEQ_DIRECTION_REQUEST ? p->to_step :
							p->to_step + 1;
	int c, n = 0;

	/* what comes from a tap is not copied again */
	for (c = 0; c < seq->step[step].ncopies && p->from_copy < 0; c++) {
		if (!(seq->step[step].copy[c].dirs & p->dir))
			continue;
		if (n == hop->ncopies)
			return wrong(why, p, "a copy is missing");
		if (hop->copy[n].step != step || hop->copy[n].copy != c)
			return wrong(why, p, "a copy for another");
		if (!same_carry(concrete(hop->copy[n].set, own),
				copied(seq, own, step, c)))
			return wrong(why, p, "a copy carries another port");
		n++;
	}
	return n == hop->ncopies || wrong(why, p, "too many copies");
}

static bool hop_right(const struct svcseq_seq_desc *seq,
		      const struct svcseq_plan_hop *hop,
		      const struct place *p, struct carry own, char *why)
{
	u8 side = p->dir == SVCSEQ_DIRECTION_REQUEST ? SVCSEQ_ARM_SIDE_OUTER :
						       SVCSEQ_ARM_SIDE_INNER;

	if (hop->dir != p->dir || hop->from_step != p->from_step ||
	    hop->from_copy != p->from_copy ||
	    hop->from_member != p->from_member)
		return wrong(why, p, "a hop from somewhere else");
	if (hop->to_step != p->to_step)
		return wrong(why, p, "leads somewhere else");
	if (p->to_step >= 0 && hop->to_side != side)
		return wrong(why, p, "leads to the wrong arm");
	if (!same_carry(concrete(hop->match, own), p->in))
		return wrong(why, p, "another match");
	if (!same_but_tag(concrete(hop->set, own), p->out))
		return wrong(why, p, "is made to carry something else");
	if (hop->set >> 26 || hop->position != p->out.tag)
		return wrong(why, p, "is given another tag");
	/* Ports and addresses can be rewritten, protocols cannot. */
	if (concrete(hop->match, own).proto != concrete(hop->set, own).proto)
		return wrong(why, p, "the protocol changes");
	if (svcseq_plan_from(seq, hop) != place_device(seq, p))
		return wrong(why, p, "from another device");
	return copies_right(seq, hop, p, own, why);
}

/* The same but for whom they lead to. */
static bool same_hop(const struct svcseq_plan_hop *a,
		     const struct svcseq_plan_hop *b)
{
	int c;

	for (c = 0; c < SVCSEQ_MAX_COPIES; c++)
		if (a->copy[c].step != b->copy[c].step ||
		    a->copy[c].copy != b->copy[c].copy ||
		    a->copy[c].set != b->copy[c].set)
			return false;
	return a->dir == b->dir && a->from_step == b->from_step &&
	       a->from_copy == b->from_copy &&
	       a->from_member == b->from_member &&
	       a->to_step == b->to_step && a->to_side == b->to_side &&
	       a->ncopies == b->ncopies && a->position == b->position &&
	       a->match == b->match && a->set == b->set;
}

/* From a hop to a pool: one to each who stands there, else the same. */
static bool branches_right(const struct svcseq_seq_desc *seq,
			   const struct svcseq_plan *plan,
			   const struct svcseq_plan_hop *hop,
			   const struct place *p, char *why)
{
	const struct svcseq_plan_hop *branch;
	int n = 0, m;

	if (p->to_step >= 0 && seq->step[p->to_step].dev->nmembers)
		n = stands(seq, p->to_step);
	if (hop->nbranches != n)
		return wrong(why, p, "another number of branches");
	if (hop->to_member != (n ? SVCSEQ_NO_MEMBER : 0))
		return wrong(why, p, "to another of those there");
	for (m = 0; m < n; m++) {
		if (hop->branch + m >= plan->nhops)
			return wrong(why, p, "no such branch");
		branch = &plan->hop[hop->branch + m];
		if (!same_hop(branch, hop) || branch->to_member != m ||
		    branch->nbranches || branch->branch ||
		    branch->open != SVCSEQ_NO_HOP)
			return wrong(why, p, "a branch is another hop");
	}
	return true;
}

/* A hop, its branches, and if it leads to pools that may be left out, what comes
 * after these.
 */
static bool hops_right(const struct svcseq_seq_desc *seq,
		       const struct svcseq_plan *plan, u16 h, struct place p,
		       struct carry own, char *why)
{
	const struct svcseq_plan_hop *hop;

	for (;;) {
		if (h >= plan->nhops)
			return wrong(why, &p, "no such hop");
		hop = &plan->hop[h];
		if (!hop_right(seq, hop, &p, own, why) ||
		    !branches_right(seq, plan, hop, &p, why))
			return false;
		p.to_step = past(seq, &p);
		if (p.to_step < -1)
			return hop->open == SVCSEQ_NO_HOP ||
			       wrong(why, &p, "leads past a pool");
		h = hop->open;
		p.out = own;
		if (p.dir == SVCSEQ_DIRECTION_REQUEST)
			p.out = outer(seq, own, p.to_step);
		else if (p.to_step >= 0)
			p.out = inner(seq, own, p.to_step);
		p.out.tag = tag_to(seq, p.dir, p.to_step);
	}
}

/* The one row that a packet finds; NULL if there is none or more than one. */
static const struct svcseq_row *lookup(const struct svcseq_plan *plan,
				       u8 dir, u64 origin, struct carry c,
				       struct carry own)
{
	bool reply = dir == SVCSEQ_DIRECTION_REPLY;
	int i = reply ? plan->nrows[0] : 0;
	int end = plan->nrows[0] + (reply ? plan->nrows[1] : 0);
	const struct svcseq_row *found = NULL;

	for (; i < end; i++) {
		const struct svcseq_row *row = &plan->row[i];

		if (row->origin != origin ||
		    !same_carry(concrete(row->match, own), c))
			continue;
		if (found)
			return NULL;
		found = row;
	}
	return found;
}

static bool rows_right(const struct svcseq_seq_desc *seq,
		       const struct svcseq_plan *plan, struct carry own,
		       char *why)
{
	static struct places p;
	u64 origin[MAX_ORIGINS];
	int i, j, n;

	list_places(&p, seq, own);
	for (i = 0; i < p.count; i++) {
		n = origins(seq, &p.at[i], origin);
		for (j = 0; j < n; j++) {
			const struct svcseq_row *row;

			row = lookup(plan, p.at[i].dir, origin[j], p.at[i].in,
				     own);
			if (!row)
				return wrong(why, &p.at[i], "not just one row");
			if (!hops_right(seq, plan, row->hop, p.at[i], own,
					why))
				return false;
			if (plan->hop[row->hop].match != row->match)
				return wrong(why, &p.at[i],
					     "row and hop differ");
		}
	}
	return true;
}

/* Send a packet through: every step once, in order, and out at the end. Of a
 * pool it meets one or another; or, with @fail, none, where it may go past.
 */
static bool walk_right(const struct svcseq_seq_desc *seq,
		       const struct svcseq_plan *plan, struct carry own, u8 dir,
		       bool fail, char *why)
{
	bool request = dir == SVCSEQ_DIRECTION_REQUEST;
	struct place p = {
		.dir = dir,
		.from_step = request ? -1 : seq->nsteps - 1,
		.from_copy = -1,
	};
	struct carry c = request ? own : outer(seq, own, seq->nsteps - 1);
	u64 origin[MAX_ORIGINS];
	int steps = 0;

	if (!request)
		c.tag = tag_back(seq, dir, seq->nsteps - 1);
	for (;;) {
		const struct svcseq_plan_hop *hop;
		const struct svcseq_row *row;
		int n = origins(seq, &p, origin);

		if (!n)
			return true;	/* a device that is not there now */
		row = lookup(plan, dir, origin[n - 1], c, own);
		if (!row)
			return wrong(why, &p, "the walk ends");
		hop = &plan->hop[row->hop];
		for (; fail && hop->open != SVCSEQ_NO_HOP; steps++)
			hop = &plan->hop[hop->open];
		if (++steps > seq->nsteps)
			return wrong(why, &p, "the walk goes on and on");
		p.from_member = 0;
		if (hop->nbranches) {
			p.from_member = steps * 7 % hop->nbranches;
			hop = &plan->hop[hop->branch + p.from_member];
		}
		c = concrete(hop->set, own);
		p.from_step = hop->to_step;
		if (p.from_step == (request ? seq->nsteps - 1 : -1))
			break;
		/* what the device gives back by its other arm */
		if (seq->step[p.from_step].becomes_port)
			c = request ? inner(seq, own, p.from_step) :
				      outer(seq, own, p.from_step);
		/* and what is written on it stays there on the way */
		c.tag = hop->position;
	}
	if (steps != seq->nsteps)
		return wrong(why, &p, "the walk leaves steps out");
	if (!request && !same_carry(c, own))
		return wrong(why, &p, "the client does not know this packet");
	return true;
}

static bool aliases_right(const struct svcseq_plan *plan, char *why)
{
	int i, j, seen;

	for (i = 0; i < plan->nhops; i++) {
		u32 match = plan->hop[i].match & 0x03ffffff;
		bool other = match != SVCSEQ_MATCH_OWN;

		seen = 0;
		for (j = 0; j < plan->naliases; j++)
			seen += plan->alias[j] == match;
		if (seen != other) {
			snprintf(why, MODEL_TEXT_LEN,
				 "match 0x%x is %d times among the aliases",
				 plan->hop[i].match, seen);
			return false;
		}
	}
	for (j = 0; j < plan->naliases; j++) {
		seen = 0;
		for (i = 0; i < plan->nhops; i++)
			seen |= plan->alias[j] ==
				(plan->hop[i].match & 0x03ffffff);
		if (!seen) {
			snprintf(why, MODEL_TEXT_LEN,
				 "alias 0x%x is of no hop", plan->alias[j]);
			return false;
		}
	}
	return true;
}

/* Is the plan what it should be, as a service at this port meets it? There must
 * be no clash for the service. @why gets MODEL_TEXT_LEN bytes.
 */
bool model_plan_right(const struct svcseq_seq_desc *seq,
		      const struct svcseq_plan *plan, u8 proto, u16 port,
		      char *why)
{
	struct carry own = { .proto = proto, .port = port };
	int requests = count_rows(seq, SVCSEQ_DIRECTION_REQUEST);
	int replies = count_rows(seq, SVCSEQ_DIRECTION_REPLY);

	if (plan->nrows[0] != requests || plan->nrows[1] != replies) {
		snprintf(why, MODEL_TEXT_LEN,
			 "%d and %d rows, expected %d and %d", plan->nrows[0],
			 plan->nrows[1], requests, replies);
		return false;
	}
	if (plan->nhops != count_hops(seq)) {
		snprintf(why, MODEL_TEXT_LEN, "%d hops, expected %d",
			 plan->nhops, count_hops(seq));
		return false;
	}
	return rows_right(seq, plan, own, why) &&
	       walk_right(seq, plan, own, SVCSEQ_DIRECTION_REQUEST, false,
			  why) &&
	       walk_right(seq, plan, own, SVCSEQ_DIRECTION_REPLY, false,
			  why) &&
	       walk_right(seq, plan, own, SVCSEQ_DIRECTION_REQUEST, true,
			  why) &&
	       walk_right(seq, plan, own, SVCSEQ_DIRECTION_REPLY, true, why) &&
	       aliases_right(plan, why);
}

/* Bytes that decide what a world is like; zeros when they are used up, and a
 * zero always means what is usual.
 */
struct bytes {
	const u8 *data;
	size_t left;
};

static u8 take(struct bytes *b)
{
	if (!b->left)
		return 0;
	b->left--;
	return *b->data++;
}

/* True once in @n times. */
static bool rarely(struct bytes *b, u8 n)
{
	return take(b) % n == n - 1;
}

static void arm_build(struct svcseq_arm_desc *arm, struct bytes *b, int number,
		      bool crowd, bool big)
{
	static const char * const names[] = { "none", "i1", "i2", "i3", "i4",
					      "i5", "i6", "i7" };
	int i;

	arm->port = rarely(b, 64) ? 0 : 1 + take(b) % 7;
	arm->port_name = names[arm->port];
	arm->any = rarely(b, 32);
	arm->nmacs = 1;
	if (rarely(b, 4))
		arm->nmacs = take(b) % (SVCSEQ_ARM_MACS + 1);
	if (big)
		arm->nmacs = SVCSEQ_ARM_MACS;
	for (i = 0; i < arm->nmacs; i++) {
		arm->mac[i][0] = 0x02;
		arm->mac[i][3] = (u8)(number >> 8);
		arm->mac[i][4] = (u8)number;
		arm->mac[i][5] = (u8)i;
		/* from a small stock, so that some are the same */
		if (crowd) {
			arm->mac[i][3] = 0;
			arm->mac[i][4] = 0;
			arm->mac[i][5] = take(b) % 16;
		}
	}
}

static void device_build(struct world *world, struct bytes *b, int i, bool big)
{
	struct svcseq_dev_desc *dev = &world->dev[i];
	bool crowd = rarely(b, 16);

	snprintf(world->names[i], sizeof(world->names[i]), "dev%d", i);
	dev->name = world->names[i];
	if (i < 2)
		dev->kind = SVCSEQ_DEVICE_KIND_SERVER;
	else if (i < 6)
		dev->kind = SVCSEQ_DEVICE_KIND_TAP;
	else if (rarely(b, 4))
		dev->kind = SVCSEQ_DEVICE_KIND_BRIDGE;
	else
		dev->kind = SVCSEQ_DEVICE_KIND_INLINE;
	dev->mode = take(b) % 3;
	dev->narms = dev->kind == SVCSEQ_DEVICE_KIND_BRIDGE || rarely(b, 3) ?
		     2 : 1;
	arm_build(&dev->arm[0], b, 2 * i, crowd, big);
	if (dev->narms == 2)
		arm_build(&dev->arm[1], b, 2 * i + 1, crowd, big);
}

static void copy_build(struct world *world, struct svcseq_copy_desc *copy,
		       struct bytes *b, int fresh)
{
	copy->tap = &world->dev[2 + fresh % 4];
	if (rarely(b, 32))
		copy->tap = &world->dev[take(b) % WORLD_DEVS];
	copy->dirs = 1 + (take(b) + 2) % 3;
	copy->port = rarely(b, 4) ? SVCSEQ_COPY_PORT_DEVICE :
				    SVCSEQ_COPY_PORT_SERVICE;
	if (rarely(b, 4) && world->seq.nsteps) {
		u8 to = take(b) % world->seq.nsteps;

		copy->alert_to = world->seq.step[to].dev;
	}
	if (rarely(b, 64))
		copy->alert_to = &world->dev[take(b) % WORLD_DEVS];
}

static void step_build(struct world *world, struct bytes *b, int i, int *copies)
{
	struct svcseq_step_desc *step = &world->seq.step[i];
	bool last = i == world->seq.nsteps - 1;
	int c;

	if (rarely(b, 5))
		step->port = 1 + take(b) % 4;
	if (!last && rarely(b, 5)) {
		step->becomes_proto = take(b) & 1 ? IPPROTO_TCP : IPPROTO_UDP;
		step->becomes_port = 1 + take(b) % 4;
	}
	if (rarely(b, 3))
		step->track = take(b) % (SVCSEQ_TRACK_GPE + 1);
	if (rarely(b, 128))
		step->becomes_proto = take(b);
	if (rarely(b, 128))
		step->becomes_port = take(b);
	if (rarely(b, 3))
		step->ncopies = 1 + take(b) % SVCSEQ_MAX_COPIES;
	for (c = 0; c < step->ncopies; c++)
		copy_build(world, &step->copy[c], b, (*copies)++);
}

/* Some copies go to one of several taps. */
static void taps_build(struct world *world, struct bytes *b)
{
	struct world_pool *pool = &world->taps;
	int m, i, c;

	pool->desc.kind = SVCSEQ_DEVICE_KIND_TAP;
	pool->desc.nmembers = 1 + take(b) % 4;
	pool->desc.name = "taps";
	pool->desc.member = pool->list;
	for (m = 0; m < pool->desc.nmembers; m++) {
		struct svcseq_dev_desc *dev = &pool->dev[m];

		snprintf(pool->names[m], sizeof(pool->names[m]), "tap.%d", m);
		*dev = pool->desc;
		dev->nmembers = 0;
		dev->member = NULL;
		dev->name = pool->names[m];
		dev->narms = 1;
		arm_build(&dev->arm[0], b, 2048 + m, false, false);
		pool->list[m] = dev;
		if (rarely(b, 32))
			pool->list[m] = &world->dev[2 + take(b) % 4];
	}
	for (i = 0; i < world->seq.nsteps; i++)
		for (c = 0; c < world->seq.step[i].ncopies; c++)
			if (rarely(b, 4))
				world->seq.step[i].copy[c].tap = &pool->desc;
}

/* Devices of a step's kind in its place, and one that may stand in for all. */
static void pool_build(struct world *world, struct bytes *b, int i)
{
	struct world_pool *pool = &world->pool[i];
	struct svcseq_step_desc *step = &world->seq.step[i];
	const struct svcseq_dev_desc *old = step->dev;
	int m, s, c;

	pool->desc.kind = old->kind;
	pool->desc.mode = old->mode;
	pool->desc.nmembers = 1 + take(b) % 4;
	if (rarely(b, 16))
		pool->desc.nmembers = SVCSEQ_MAX_MEMBERS;
	snprintf(pool->name, sizeof(pool->name), "pool%d", i);
	pool->desc.name = pool->name;
	pool->desc.member = pool->list;
	for (m = 0; m <= pool->desc.nmembers; m++) {
		struct svcseq_dev_desc *dev = &pool->dev[m];
		int number = 256 + 64 * i + 2 * m;

		snprintf(pool->names[m], sizeof(pool->names[m]), "dev%d.%d", i,
			 m);
		*dev = pool->desc;
		dev->nmembers = 0;
		dev->member = NULL;
		dev->name = pool->names[m];
		dev->narms = old->narms;
		if (rarely(b, 16) && dev->kind == SVCSEQ_DEVICE_KIND_INLINE)
			dev->narms = 3 - dev->narms;
		arm_build(&dev->arm[0], b, number, false, false);
		if (dev->narms == 2)
			arm_build(&dev->arm[1], b, number + 1, false, false);
		if (m == pool->desc.nmembers)
			break;
		pool->list[m] = dev;
		if (rarely(b, 64))
			pool->list[m] = &world->dev[take(b) % WORLD_DEVS];
	}
	step->dev = &pool->desc;
	if (rarely(b, 3))
		step->on_fail = SVCSEQ_ON_FAIL_OPEN;
	else if (rarely(b, 3))
		step->alternate = &pool->dev[m];
	if (step->alternate && rarely(b, 32))
		step->alternate = &world->dev[take(b) % WORLD_DEVS];
	/* who was told of alerts is so in the pool */
	for (s = 0; s < world->seq.nsteps; s++)
		for (c = 0; c < world->seq.step[s].ncopies; c++)
			if (world->seq.step[s].copy[c].alert_to == old)
				world->seq.step[s].copy[c].alert_to =
					&pool->desc;
}

/* Make a world of bytes. All that the compiler is promised holds: counts are in
 * range and pointers lead somewhere; nothing else is sure.
 */
void world_build(struct world *world, const u8 *data, size_t len)
{
	struct bytes b = { .data = data, .left = len };
	struct svcseq_seq_desc *seq = &world->seq;
	int i, copies = 0;
	bool big;

	memset(world, 0, sizeof(*world));
	big = rarely(&b, 32);
	for (i = 0; i < WORLD_DEVS; i++)
		device_build(world, &b, i, big);

	seq->name = "seq";
	seq->nsteps = 1 + take(&b) % 6;
	if (big || rarely(&b, 16))
		seq->nsteps = take(&b) % (SVCSEQ_MAX_STEPS + 1);
	for (i = 0; i < seq->nsteps; i++) {
		seq->step[i].dev = &world->dev[6 + i];
		if (i == seq->nsteps - 1)
			seq->step[i].dev = &world->dev[take(&b) % 2];
		if (rarely(&b, 32))
			seq->step[i].dev = &world->dev[take(&b) % WORLD_DEVS];
	}
	for (i = 0; i < seq->nsteps; i++)
		step_build(world, &b, i, &copies);
	/* last, so that what bytes made before, they still make */
	for (i = 0; i < seq->nsteps; i++)
		if (rarely(&b, 3))
			pool_build(world, &b, i);
	if (rarely(&b, 64) && seq->nsteps)
		seq->step[take(&b) % seq->nsteps].on_fail =
			SVCSEQ_ON_FAIL_OPEN;
	if (rarely(&b, 4))
		taps_build(world, &b);
}
