// SPDX-License-Identifier: GPL-2.0
/* Plan: compiles a sequence definition into rows and hops, and refuses what
 * cannot work before a packet has to find out.
 */

#include "plan.h"
#include "view.h"

static __printf(2, 3) int diag_say(struct svcseq_diag *diag,
				   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(diag->text, sizeof(diag->text), fmt, args);
	va_end(args);
	return -EINVAL;
}

/* What packets carry at the edges of every step. */
struct wire {
	u32 segment[SVCSEQ_MAX_STEPS];	/* between the step before and this */
	u32 outer[SVCSEQ_MAX_STEPS];	/* at the step's outer arm */
	u32 inner[SVCSEQ_MAX_STEPS];	/* at the step's inner arm */
};

static bool step_has_tag(const struct svcseq_seq_desc *seq, int i)
{
	return svcseq_track_is_tag(seq->step[i].track);
}

/* What is written on a packet in this direction on its way to step @i. */
static u8 position_to(const struct svcseq_seq_desc *seq, u8 dir, int i)
{
	if (i < 0 || !step_has_tag(seq, i))
		return 0;
	if (dir == SVCSEQ_DIRECTION_REPLY)
		return (u8)(SVCSEQ_POSITION_REPLY + i + 1);
	return (u8)(i + 1);
}

/* What is found on one that comes back from there, as part of a match. */
static u32 position_from(const struct svcseq_seq_desc *seq, u8 dir, int i)
{
	if (i == seq->nsteps - 1)
		dir = SVCSEQ_DIRECTION_REQUEST;
	return (u32)position_to(seq, dir, i) << SVCSEQ_MATCH_SHIFT;
}

static bool step_is_nat(const struct svcseq_step_desc *step)
{
	return step->dev->kind == SVCSEQ_DEVICE_KIND_SERVER &&
	       step->dev->mode == SVCSEQ_SERVER_MODE_NAT;
}

static void wire_fill(struct wire *wire, const struct svcseq_seq_desc *seq)
{
	u32 now = SVCSEQ_MATCH_OWN;
	int i;

	for (i = 0; i < seq->nsteps; i++) {
		const struct svcseq_step_desc *step = &seq->step[i];

		wire->segment[i] = now;
		wire->outer[i] = now;
		if (step->port)
			wire->outer[i] = svcseq_match((u8)(now >> 16),
						      step->port);
		wire->inner[i] = wire->outer[i];
		if (step->becomes_port) {
			now = svcseq_match(step->becomes_proto,
					   step->becomes_port);
			wire->inner[i] = now;
		}
		if (step_is_nat(step))
			wire->outer[i] |= SVCSEQ_MATCH_NAT;
	}
}

static int step_of(const struct svcseq_seq_desc *seq,
		   const struct svcseq_dev_desc *dev)
{
	int i;

	for (i = 0; i < seq->nsteps; i++)
		if (seq->step[i].dev == dev)
			return i;
	return -ENOENT;
}

static bool dev_is_end(const struct svcseq_dev_desc *dev)
{
	return dev->kind == SVCSEQ_DEVICE_KIND_SERVER ||
	       dev->kind == SVCSEQ_DEVICE_KIND_EXTERNAL;
}

static const char *end_name(const struct svcseq_dev_desc *dev)
{
	return dev->kind == SVCSEQ_DEVICE_KIND_SERVER ? "server" : "external";
}

static int check_from(const struct svcseq_seq_desc *seq,
		      struct svcseq_diag *diag)
{
	const struct svcseq_dev_desc *from = seq->from;

	if (from && (from->kind == SVCSEQ_DEVICE_KIND_BRIDGE ||
		     from->kind == SVCSEQ_DEVICE_KIND_EXTERNAL))
		return diag_say(diag,
				"sequence '%s': requests cannot enter from '%s', which is no station; name an inline device, a server or a tap",
				seq->name, from->name);
	return 0;
}

static int check_device(const struct svcseq_seq_desc *seq, int i,
			struct svcseq_diag *diag)
{
	const struct svcseq_step_desc *step = &seq->step[i];
	const struct svcseq_dev_desc *dev = step->dev;
	bool last = i == seq->nsteps - 1;

	if (dev->kind == SVCSEQ_DEVICE_KIND_TAP)
		return diag_say(diag,
				"sequence '%s': step %d is the tap '%s', which gives nothing back; make it a copy of a step",
				seq->name, i + 1, dev->name);
	if (!last && dev_is_end(dev))
		return diag_say(diag,
				"sequence '%s': step %d is the %s '%s', but step %d '%s' follows; a server must be the last step",
				seq->name, i + 1, end_name(dev), dev->name,
				i + 2, seq->step[i + 1].dev->name);
	if (last && !dev_is_end(dev))
		return diag_say(diag,
				"sequence '%s': the last step %d '%s' is no server; end the sequence with one",
				seq->name, i + 1, dev->name);
	if (!step->becomes_port && !step->becomes_proto)
		return 0;
	if (last)
		return diag_say(diag,
				"sequence '%s': step %d is the %s '%s', which cannot have 'becomes'; use 'port'",
				seq->name, i + 1, end_name(dev), dev->name);
	if (!step->becomes_port || !svcseq_view_has_ports(step->becomes_proto))
		return diag_say(diag,
				"sequence '%s': step %d '%s': 'becomes' wants tcp, udp, sctp, dccp or udplite and a port from 1 to 65535",
				seq->name, i + 1, dev->name);
	return 0;
}

/* What a step that is a pool may be, and one that is none. */
static int check_pool(const struct svcseq_seq_desc *seq, int i,
		      struct svcseq_diag *diag)
{
	const struct svcseq_step_desc *step = &seq->step[i];
	const struct svcseq_dev_desc *spare = step->alternate;

	if (step->on_fail == SVCSEQ_ON_FAIL_CLOSE && !spare)
		return 0;
	if (!step->dev->nmembers)
		return diag_say(diag,
				"sequence '%s': step %d '%s' is a device, but 'on-fail' is for pools; make it the member of one",
				seq->name, i + 1, step->dev->name);
	if (step->on_fail == SVCSEQ_ON_FAIL_OPEN && i == seq->nsteps - 1)
		return diag_say(diag,
				"sequence '%s': step %d '%s' is the last one, so 'on-fail open' leads nowhere; use close or alternate",
				seq->name, i + 1, step->dev->name);
	if (step->on_fail == SVCSEQ_ON_FAIL_OPEN && step->becomes_port)
		return diag_say(diag,
				"sequence '%s': step %d '%s' turns packets into others, which those that go past it are not; use 'on-fail' close or alternate",
				seq->name, i + 1, step->dev->name);
	if (spare && (spare->kind != step->dev->kind ||
		      spare->mode != step->dev->mode))
		return diag_say(diag,
				"sequence '%s': step %d: the alternate '%s' is not of the kind and mode of those in pool '%s'",
				seq->name, i + 1, spare->name,
				step->dev->name);
	return 0;
}

/* Is a device at a step, or where requests enter, also the @d-th at step @i,
 * which is a pool? Whoever is in one pool is nowhere else, so what comes from
 * it is at one place.
 */
static int check_once(const struct svcseq_seq_desc *seq, int i, u8 d,
		      struct svcseq_diag *diag)
{
	const struct svcseq_step_desc *step = &seq->step[i];
	const struct svcseq_dev_desc *dev = svcseq_plan_device(step, d);
	int j;
	u8 e;

	if (seq->from == dev)
		return diag_say(diag,
				"sequence '%s': requests enter from '%s', which is in pool '%s' of step %d as well; take it out of one",
				seq->name, dev->name, step->dev->name, i + 1);
	for (j = 0; j < seq->nsteps; j++) {
		const struct svcseq_step_desc *other = &seq->step[j];

		for (e = 0; e < svcseq_plan_ndevices(other); e++) {
			if (svcseq_plan_device(other, e) != dev ||
			    (i == j && d == e))
				continue;
			return diag_say(diag,
					"sequence '%s': '%s' is in pool '%s' of step %d and stands at step %d '%s' as well, so these cannot be told apart; take it out of one",
					seq->name, dev->name, step->dev->name,
					i + 1, j + 1, other->dev->name);
		}
	}
	return 0;
}

static int check_members(const struct svcseq_seq_desc *seq, int i,
			 struct svcseq_diag *diag)
{
	const struct svcseq_step_desc *step = &seq->step[i];
	int err = 0;
	u8 d;

	if (!step->dev->nmembers)
		return 0;
	for (d = 0; d < svcseq_plan_ndevices(step) && !err; d++)
		err = check_once(seq, i, d, diag);
	return err;
}

static int check_track(const struct svcseq_seq_desc *seq, int i,
		       struct svcseq_diag *diag)
{
	const struct svcseq_step_desc *step = &seq->step[i];
	u8 kind = step->dev->kind;

	if (step->track == SVCSEQ_TRACK_DSCP &&
	    kind == SVCSEQ_DEVICE_KIND_SERVER)
		return diag_say(diag,
				"sequence '%s': step %d is the server '%s', which answers with packets of its own, without the DSCP of the request; track it in another way",
				seq->name, i + 1, step->dev->name);
	if ((step->track == SVCSEQ_TRACK_GRE ||
	     step->track == SVCSEQ_TRACK_GPE) &&
	    kind == SVCSEQ_DEVICE_KIND_BRIDGE)
		return diag_say(diag,
				"sequence '%s': step %d is the bridge '%s', which has no address for a tunnel; track it in another way",
				seq->name, i + 1, step->dev->name);
	if ((step->track == SVCSEQ_TRACK_GRE ||
	     step->track == SVCSEQ_TRACK_GPE) && step->dev->nmembers)
		return diag_say(diag,
				"sequence '%s': step %d is the pool '%s', but a tunnel ends at one device; track it in another way",
				seq->name, i + 1, step->dev->name);
	return 0;
}

static int check_copies(const struct svcseq_seq_desc *seq, int i, int *total,
			struct svcseq_diag *diag)
{
	const struct svcseq_step_desc *step = &seq->step[i];
	int c;

	for (c = 0; c < step->ncopies; c++) {
		const struct svcseq_copy_desc *copy = &step->copy[c];

		if (copy->tap->kind != SVCSEQ_DEVICE_KIND_TAP)
			return diag_say(diag,
					"sequence '%s': step %d copies to '%s', which is no tap",
					seq->name, i + 1, copy->tap->name);
		if (copy->alert_to && step_of(seq, copy->alert_to) < 0)
			return diag_say(diag,
					"sequence '%s': step %d: alert-to '%s' of tap '%s' is no step of the sequence",
					seq->name, i + 1, copy->alert_to->name,
					copy->tap->name);
		if (++*total > SVCSEQ_SEQ_COPIES)
			return diag_say(diag,
					"sequence '%s' has more than %d copies; take some away",
					seq->name, SVCSEQ_SEQ_COPIES);
	}
	return 0;
}

static int seq_check(const struct svcseq_seq_desc *seq,
		     struct svcseq_diag *diag)
{
	int copies = 0;
	int i, err;

	if (!seq->nsteps)
		return diag_say(diag,
				"sequence '%s' has no step; name at least a server",
				seq->name);
	err = check_from(seq, diag);
	if (err)
		return err;
	for (i = 0; i < seq->nsteps; i++) {
		err = check_device(seq, i, diag);
		if (!err)
			err = check_pool(seq, i, diag);
		if (!err)
			err = check_track(seq, i, diag);
		if (!err)
			err = check_copies(seq, i, &copies, diag);
		if (err)
			return err;
	}
	for (i = 0; i < seq->nsteps; i++) {
		err = check_members(seq, i, diag);
		if (err)
			return err;
	}
	return 0;
}

static const struct svcseq_arm_desc *dev_arm(const struct svcseq_dev_desc *dev,
					     u8 side)
{
	return &dev->arm[dev->narms > 1 ? side : SVCSEQ_ARM_SIDE_OUTER];
}

/**
 * svcseq_plan_from - the device that hands packets in at a hop
 * @seq: the definition
 * @hop: a hop of its plan
 *
 * Context: any.
 * Return: the device, or NULL if any uplink does.
 */
const struct svcseq_dev_desc *
svcseq_plan_from(const struct svcseq_seq_desc *seq,
		 const struct svcseq_plan_hop *hop)
{
	if (hop->from_step == SVCSEQ_AT_EDGE)
		return seq->from;
	if (hop->from_copy >= 0)
		return svcseq_plan_tap(&seq->step[hop->from_step]
						.copy[hop->from_copy],
				       hop->from_member);
	return svcseq_plan_device(&seq->step[hop->from_step],
				  hop->from_member);
}

static const char *hop_from_name(const struct svcseq_seq_desc *seq,
				 const struct svcseq_plan_hop *hop)
{
	const struct svcseq_dev_desc *dev = svcseq_plan_from(seq, hop);

	return dev ? dev->name : "uplink";
}

static const char *dir_name(u8 dir)
{
	return dir == SVCSEQ_DIRECTION_REQUEST ? "requests" : "replies";
}

static int rows_collide(const struct svcseq_seq_desc *seq,
			const struct svcseq_plan_hop *a,
			const struct svcseq_plan_hop *b,
			const char *port, struct svcseq_diag *diag)
{
	return diag_say(diag,
			"sequence '%s': step %d '%s' and step %d '%s' cannot be told apart: %s of both come from the same source on port '%s'",
			seq->name, a->from_step + 1, hop_from_name(seq, a),
			b->from_step + 1, hop_from_name(seq, b),
			dir_name(a->dir), port);
}

/* May one packet have either origin? An arm that takes any source is one with
 * all that have an address on its port.
 */
static bool origins_meet(u64 a, u64 b)
{
	return a == b || ((u16)a == (u16)b && (!(a >> 16) || !(b >> 16)));
}

/* Two positions on packets differ; but a packet that should have one and one
 * that should have none are the same when a device has lost it.
 */
static bool positions_differ(u32 a, u32 b)
{
	a &= SVCSEQ_MATCH_POSITION;
	b &= SVCSEQ_MATCH_POSITION;
	return a && b && a != b;
}

/* May a packet of a new row be taken for one of another? Where a device takes
 * any source and the other is not the same device, check_any() says so.
 */
static bool row_meets(const struct svcseq_plan *plan,
		      const struct svcseq_seq_desc *seq,
		      const struct svcseq_row *row, u64 origin,
		      const struct svcseq_plan_hop *new)
{
	const struct svcseq_plan_hop *old = &plan->hop[row->hop];
	u32 any = origin >> 16 ? row->match : new->match;

	if (!origins_meet(row->origin, origin))
		return false;
	return row->origin == origin || any & SVCSEQ_MATCH_POSITION ||
	       svcseq_plan_from(seq, old) == svcseq_plan_from(seq, new);
}

/* Rows are gathered by hops, requests first, so those of one direction are
 * neighbours in the table.
 */
static int row_add(struct svcseq_plan *plan, const struct svcseq_seq_desc *seq,
		   u64 origin, u16 hop, const char *port,
		   struct svcseq_diag *diag)
{
	const struct svcseq_plan_hop *new = &plan->hop[hop];
	bool reply = new->dir == SVCSEQ_DIRECTION_REPLY;
	u16 total = plan->nrows[0] + plan->nrows[1];
	u16 start = reply ? plan->nrows[0] : 0;
	u16 i;

	for (i = start; i < total; i++) {
		if (!row_meets(plan, seq, &plan->row[i], origin, new))
			continue;
		/* an address named twice, or found for both families */
		if (plan->row[i].hop == hop)
			return 0;
		if (positions_differ(plan->row[i].match, new->match))
			continue;
		if (!((plan->row[i].match ^ new->match) &
		      ~SVCSEQ_MATCH_POSITION))
			return rows_collide(seq, &plan->hop[plan->row[i].hop],
					    new, port, diag);
		plan->port_sensitive = true;
	}
	if (total == SVCSEQ_PLAN_ROWS)
		return diag_say(diag,
				"sequence '%s' needs more than %d rows; use fewer steps, copies or source addresses",
				seq->name, SVCSEQ_PLAN_ROWS);

	plan->row[total].origin = origin;
	plan->row[total].match = new->match;
	plan->row[total].hop = hop;
	plan->nrows[reply]++;
	return 0;
}

static u8 track_of(const struct svcseq_seq_desc *seq,
		   const struct svcseq_plan_hop *hop)
{
	if (hop->from_step == SVCSEQ_AT_EDGE || hop->from_copy >= 0)
		return SVCSEQ_TRACK_ARM;
	return seq->step[hop->from_step].track;
}

static bool arm_is_any(const struct svcseq_arm_desc *arm, u8 track)
{
	if (track == SVCSEQ_TRACK_MAC)
		return false;
	return arm->any || track == SVCSEQ_TRACK_INTERFACE;
}

static int rows_add(struct svcseq_plan *plan, const struct svcseq_seq_desc *seq,
		    u16 hop, u8 side, struct svcseq_diag *diag)
{
	const struct svcseq_dev_desc *dev = svcseq_plan_from(seq,
							     &plan->hop[hop]);
	static const u8 no_mac[6];
	const struct svcseq_arm_desc *arm;
	int i, err;

	if (!dev)
		return row_add(plan, seq, 0, hop, "uplink", diag);

	/* what a device sends of its own accord leaves by its outer arm */
	if (plan->hop[hop].from_step == SVCSEQ_AT_EDGE)
		side = SVCSEQ_ARM_SIDE_OUTER;
	arm = dev_arm(dev, side);
	if (!arm->port)
		return 0;
	if (arm->uplink)
		return row_add(plan, seq, 0, hop, arm->port_name, diag);
	if (arm_is_any(arm, track_of(seq, &plan->hop[hop])))
		return row_add(plan, seq, svcseq_origin(no_mac, arm->port),
			       hop, arm->port_name, diag);
	for (i = 0; i < arm->nmacs; i++) {
		err = row_add(plan, seq, svcseq_origin(arm->mac[i], arm->port),
			      hop, arm->port_name, diag);
		if (err)
			return err;
	}
	return 0;
}

static void hop_add_copies(struct svcseq_plan_hop *hop,
			   const struct svcseq_seq_desc *seq,
			   const struct wire *wire, int step)
{
	int c;

	for (c = 0; c < seq->step[step].ncopies; c++) {
		const struct svcseq_copy_desc *copy = &seq->step[step].copy[c];
		struct svcseq_hop_copy *hc = &hop->copy[hop->ncopies];

		if (!(copy->dirs & hop->dir))
			continue;
		hc->step = (u8)step;
		hc->copy = (u8)c;
		hc->set = wire->segment[step];
		if (copy->port == SVCSEQ_COPY_PORT_DEVICE)
			hc->set = wire->outer[step] & ~SVCSEQ_MATCH_NAT;
		hop->ncopies++;
	}
}

static int too_many_hops(const struct svcseq_seq_desc *seq,
			 struct svcseq_diag *diag)
{
	return diag_say(diag,
			"sequence '%s' needs more than %d hops; use fewer pools one after the other, or fewer members",
			seq->name, SVCSEQ_PLAN_HOPS);
}

static bool has_room(const struct svcseq_plan *plan, int n)
{
	return plan->nhops + n <= SVCSEQ_PLAN_HOPS;
}

/* The caller has seen that there is room. */
static struct svcseq_plan_hop *hop_new(struct svcseq_plan *plan, u8 dir)
{
	struct svcseq_plan_hop *hop = &plan->hop[plan->nhops++];

	memset(hop, 0, sizeof(*hop));
	hop->dir = dir;
	hop->from_copy = -1;
	hop->open = SVCSEQ_NO_HOP;
	return hop;
}

static void request_target(struct svcseq_plan_hop *hop,
			   const struct svcseq_seq_desc *seq,
			   const struct wire *wire, int i)
{
	hop->to_step = (s8)i;
	hop->to_side = SVCSEQ_ARM_SIDE_OUTER;
	hop->set = wire->outer[i];
	hop->position = position_to(seq, hop->dir, i);
}

static void reply_target(struct svcseq_plan_hop *hop,
			 const struct svcseq_seq_desc *seq,
			 const struct wire *wire, int i)
{
	hop->to_step = (s8)(i - 1);
	hop->to_side = SVCSEQ_ARM_SIDE_INNER;
	hop->set = i ? wire->inner[i - 1] : SVCSEQ_MATCH_OWN;
	hop->position = position_to(seq, hop->dir, i - 1);
}

/* The same hop, but past the pool that it leads to. Copies for those that stand
 * between the pool and its next step are made as well.
 */
static void hop_past(struct svcseq_plan_hop *hop,
		     const struct svcseq_seq_desc *seq, const struct wire *wire)
{
	int i = hop->to_step;

	hop->ncopies = 0;
	memset(hop->copy, 0, sizeof(hop->copy));
	if (hop->dir == SVCSEQ_DIRECTION_REPLY) {
		reply_target(hop, seq, wire, i);
		if (hop->from_copy < 0)
			hop_add_copies(hop, seq, wire, i);
		return;
	}
	request_target(hop, seq, wire, i + 1);
	hop_add_copies(hop, seq, wire, i + 1);
}

/* What a tap tells a device of is not for the one behind it. */
static bool hop_may_pass(const struct svcseq_seq_desc *seq,
			 const struct svcseq_plan_hop *hop)
{
	return seq->step[hop->to_step].on_fail == SVCSEQ_ON_FAIL_OPEN &&
	       (hop->from_copy < 0 || hop->dir == SVCSEQ_DIRECTION_REPLY);
}

/* A hop to a pool becomes one to each of its members, and one past it. */
static int hop_branch(struct svcseq_plan *plan,
		      const struct svcseq_seq_desc *seq,
		      const struct wire *wire, u16 h, struct svcseq_diag *diag)
{
	const struct svcseq_step_desc *step;
	struct svcseq_plan_hop *hop, *to;
	u8 n, m;

	for (; h != SVCSEQ_NO_HOP; h = plan->hop[h].open) {
		hop = &plan->hop[h];
		if (hop->to_step == SVCSEQ_AT_EDGE)
			break;
		step = &seq->step[hop->to_step];
		if (!step->dev->nmembers)
			break;
		n = svcseq_plan_ndevices(step);
		if (!has_room(plan, n + 1))
			return too_many_hops(seq, diag);
		hop->branch = plan->nhops;
		for (m = 0; m < n; m++) {
			to = &plan->hop[plan->nhops++];
			*to = *hop;
			to->branch = 0;
			to->to_member = m;
		}
		if (hop_may_pass(seq, hop)) {
			to = &plan->hop[plan->nhops];
			*to = *hop;
			to->branch = 0;
			hop_past(to, seq, wire);
			hop->open = plan->nhops++;
		}
		hop->nbranches = n;
		hop->to_member = SVCSEQ_NO_MEMBER;
	}
	return 0;
}

/* The rows that lead to a hop, and where the hop leads. */
static int hop_end(struct svcseq_plan *plan, const struct svcseq_seq_desc *seq,
		   const struct wire *wire, u8 side, struct svcseq_diag *diag)
{
	u16 h = plan->nhops - 1;
	int err;

	err = rows_add(plan, seq, h, side, diag);
	if (err)
		return err;
	return hop_branch(plan, seq, wire, h, diag);
}

static u8 giver_count(const struct svcseq_seq_desc *seq, int step)
{
	return step < 0 ? 1 : svcseq_plan_ndevices(&seq->step[step]);
}

/* The hops that bring requests to step @i, one for each that may give them. */
static int request_hops(struct svcseq_plan *plan,
			const struct svcseq_seq_desc *seq,
			const struct wire *wire, int i,
			struct svcseq_diag *diag)
{
	int err = 0;
	u8 m;

	for (m = 0; m < giver_count(seq, i - 1) && !err; m++) {
		struct svcseq_plan_hop *hop;

		if (!has_room(plan, 1))
			return too_many_hops(seq, diag);
		hop = hop_new(plan, SVCSEQ_DIRECTION_REQUEST);
		hop->from_step = (s8)(i - 1);
		hop->from_member = m;
		hop->match = SVCSEQ_MATCH_OWN;
		if (i)
			hop->match = wire->inner[i - 1] |
				     position_from(seq, hop->dir, i - 1);
		request_target(hop, seq, wire, i);
		hop_add_copies(hop, seq, wire, i);
		err = hop_end(plan, seq, wire, SVCSEQ_ARM_SIDE_INNER, diag);
	}
	return err;
}

/* The hops that take replies from step @i, one for each that may give them. */
static int reply_hops(struct svcseq_plan *plan,
		      const struct svcseq_seq_desc *seq,
		      const struct wire *wire, int i, struct svcseq_diag *diag)
{
	int err = 0;
	u8 m;

	for (m = 0; m < giver_count(seq, i) && !err; m++) {
		struct svcseq_plan_hop *hop;

		if (!has_room(plan, 1))
			return too_many_hops(seq, diag);
		hop = hop_new(plan, SVCSEQ_DIRECTION_REPLY);
		reply_target(hop, seq, wire, i);
		hop->from_step = (s8)i;
		hop->from_member = m;
		hop->match = wire->outer[i] | position_from(seq, hop->dir, i);
		hop_add_copies(hop, seq, wire, i);
		err = hop_end(plan, seq, wire, SVCSEQ_ARM_SIDE_OUTER, diag);
	}
	return err;
}

/* Is there a device between step @i and step @to that turns packets into
 * others? What lies beyond it cannot be reached by rewriting.
 */
static bool changed_between(const struct svcseq_seq_desc *seq, int i, int to)
{
	int end = to > i ? to : i;
	int s;

	for (s = to > i ? i : to; s < end; s++)
		if (seq->step[s].becomes_port)
			return true;
	return false;
}

/* Who gets what the tap of a copy at step @i sends to the service: whom the
 * user named, else the last step that knows these packets.
 */
static int alert_step(const struct svcseq_seq_desc *seq, int i,
		      const struct svcseq_copy_desc *copy)
{
	if (copy->alert_to)
		return step_of(seq, copy->alert_to);
	while (i < seq->nsteps - 1 && !seq->step[i].becomes_port)
		i++;
	return i;
}

/* A firewall before the VPN may be told of what an IDS saw behind it; it gets
 * the packet as it is, as a notice.
 */
static void alert_target(struct svcseq_plan_hop *hop,
			 const struct svcseq_seq_desc *seq,
			 const struct wire *wire, int i,
			 const struct svcseq_copy_desc *copy)
{
	int to = alert_step(seq, i, copy);

	hop->to_step = (s8)to;
	hop->to_side = SVCSEQ_ARM_SIDE_OUTER;
	hop->set = wire->outer[to];
	hop->position = position_to(seq, hop->dir, to);
	if (changed_between(seq, i, to))
		hop->set = hop->match;
}

/* What the tap of copy @c at step @i sends: to the service, hence to the alert-to
 * device; or from the service, hence on towards the client (paragraphs 120 and
 * 143).
 */
static int copy_hops(struct svcseq_plan *plan,
		     const struct svcseq_seq_desc *seq,
		     const struct wire *wire, u8 dir, int i, int c,
		     struct svcseq_diag *diag)
{
	const struct svcseq_copy_desc *copy = &seq->step[i].copy[c];
	int err = 0;
	u8 m;

	for (m = 0; m < svcseq_plan_ntaps(copy) && !err; m++) {
		struct svcseq_plan_hop *hop;

		if (!has_room(plan, 1))
			return too_many_hops(seq, diag);
		hop = hop_new(plan, dir);
		hop->from_step = (s8)i;
		hop->from_copy = (s8)c;
		hop->from_member = m;
		hop->match = wire->segment[i];
		if (copy->port == SVCSEQ_COPY_PORT_DEVICE)
			hop->match = wire->outer[i] & ~SVCSEQ_MATCH_NAT;
		if (dir == SVCSEQ_DIRECTION_REPLY)
			reply_target(hop, seq, wire, i);
		else
			alert_target(hop, seq, wire, i, copy);
		err = hop_end(plan, seq, wire, SVCSEQ_ARM_SIDE_OUTER, diag);
	}
	return err;
}

static int tap_hops(struct svcseq_plan *plan, const struct svcseq_seq_desc *seq,
		    const struct wire *wire, u8 dir, struct svcseq_diag *diag)
{
	int err = 0;
	int i, c;

	for (i = 0; i < seq->nsteps; i++)
		for (c = 0; c < seq->step[i].ncopies && !err; c++)
			err = copy_hops(plan, seq, wire, dir, i, c, diag);
	return err;
}

/* An arm known by its port alone leaves no room for another on that port. One
 * whose packets carry their position does, for that is what they are known by.
 */
static int check_any(const struct svcseq_plan *plan,
		     const struct svcseq_seq_desc *seq,
		     struct svcseq_diag *diag)
{
	u16 total = plan->nrows[0] + plan->nrows[1];
	u16 i, j;

	for (i = 0; i < total; i++) {
		const struct svcseq_row *any = &plan->row[i];

		if (!any->origin || any->origin >> 16 ||
		    any->match & SVCSEQ_MATCH_POSITION)
			continue;
		for (j = 0; j < total; j++) {
			const struct svcseq_row *row = &plan->row[j];
			const struct svcseq_plan_hop *a, *b;

			a = &plan->hop[any->hop];
			b = &plan->hop[row->hop];
			if ((u16)row->origin != (u16)any->origin ||
			    svcseq_plan_from(seq, a) ==
			    svcseq_plan_from(seq, b))
				continue;
			return diag_say(diag,
					"sequence '%s': step %d '%s' takes any source on its port, so '%s' cannot be on the same port; give the MAC addresses of both",
					seq->name, a->from_step + 1,
					hop_from_name(seq, a),
					hop_from_name(seq, b));
		}
	}
	return 0;
}

static void alias_add(struct svcseq_plan *plan, u32 match)
{
	u16 i;

	match &= ~SVCSEQ_MATCH_POSITION;
	if (match == SVCSEQ_MATCH_OWN)
		return;
	for (i = 0; i < plan->naliases; i++)
		if (plan->alias[i] == match)
			return;
	plan->alias[plan->naliases++] = match;
}

/**
 * svcseq_plan_compile - compile a sequence definition
 * @plan: the result; undefined on error
 * @seq: the definition
 * @diag: filled in on error
 *
 * The walk of a request is steps 1 to n, that of a reply n to 1; a place in it
 * is told by origin and match alone (paragraphs 91 to 96 and 103 to 121 of the
 * packet sequencing document). Two places that cannot be told apart make the
 * definition worthless, so it is refused.
 *
 * Each member of a pool gives packets back by hops of its own. A hop that leads
 * to a pool leads on by a branch to each member; which one a packet takes is
 * decided when it comes.
 *
 * Context: process; the plan is large, do not put it on the stack.
 * Return: 0 or -EINVAL.
 */
int svcseq_plan_compile(struct svcseq_plan *plan,
			const struct svcseq_seq_desc *seq,
			struct svcseq_diag *diag)
{
	struct wire wire;
	int i, err;

	memset(plan, 0, sizeof(*plan));
	err = seq_check(seq, diag);
	if (err)
		return err;
	wire_fill(&wire, seq);

	for (i = 0; i < seq->nsteps && !err; i++)
		err = request_hops(plan, seq, &wire, i, diag);
	if (!err)
		err = tap_hops(plan, seq, &wire, SVCSEQ_DIRECTION_REQUEST,
			       diag);
	for (i = seq->nsteps - 1; i >= 0 && !err; i--)
		err = reply_hops(plan, seq, &wire, i, diag);
	if (!err)
		err = tap_hops(plan, seq, &wire, SVCSEQ_DIRECTION_REPLY, diag);
	if (!err)
		err = check_any(plan, seq, diag);
	if (err)
		return err;

	for (i = 0; i < plan->nhops; i++)
		alias_add(plan, plan->hop[i].match);
	return 0;
}

/**
 * svcseq_plan_check_service - can this service use this plan?
 * @plan: the plan
 * @seq: its definition
 * @proto: the service's protocol
 * @port: the service's port
 * @diag: filled in on error
 *
 * A step may name a port in so many words. If a service happens to have that
 * very port, two rows that differ on paper may be the same for it.
 *
 * Context: any.
 * Return: 0 or -EINVAL; always 0 if the plan is not port_sensitive.
 */
int svcseq_plan_check_service(const struct svcseq_plan *plan,
			      const struct svcseq_seq_desc *seq,
			      u8 proto, u16 port, struct svcseq_diag *diag)
{
	u16 total = plan->nrows[0] + plan->nrows[1];
	u16 i, j;

	for (i = 0; i < total; i++) {
		const struct svcseq_row *a = &plan->row[i];

		for (j = i + 1; j < total; j++) {
			const struct svcseq_row *b = &plan->row[j];
			const struct svcseq_plan_hop *ha = &plan->hop[a->hop];
			const struct svcseq_plan_hop *hb = &plan->hop[b->hop];

			if (!origins_meet(a->origin, b->origin) ||
			    ha->dir != hb->dir || a->hop == b->hop ||
			    positions_differ(a->match, b->match) ||
			    (a->match ^ b->match) & SVCSEQ_MATCH_NAT ||
			    svcseq_match_port(a->match, port) !=
			    svcseq_match_port(b->match, port) ||
			    svcseq_match_proto(a->match, proto) !=
			    svcseq_match_proto(b->match, proto))
				continue;
			return diag_say(diag,
					"sequence '%s': for a service at port %u step %d '%s' and step %d '%s' cannot be told apart; use another port",
					seq->name, port, ha->from_step + 1,
					hop_from_name(seq, ha),
					hb->from_step + 1,
					hop_from_name(seq, hb));
		}
	}
	return 0;
}
