// SPDX-License-Identifier: GPL-2.0
/* The compiler of sequences: the tables of the packet sequencing document as
 * they are printed there, and what is refused, with the words of the refusal.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/plan.h"
#include "plan_model.h"
#include "tap.h"

static struct svcseq_plan plan;
static struct svcseq_diag diag;

/* Devices of the common laboratory; the last byte of a MAC is what it is known
 * by in the tables below.
 */
#define MAC(n)		{ 0x02, 0, 0, 0, 0, (n) }
#define ARM(p, name, n)	{ .port = (p), .port_name = (name), .nmacs = 1, \
			  .mac = { MAC(n) } }
#define ANY(p, name)	{ .port = (p), .port_name = (name), .any = true }

#define SERVER(nm, md, p, pn, n) { \
	.name = (nm), .kind = SVCSEQ_DEVICE_KIND_SERVER, \
	.mode = SVCSEQ_SERVER_MODE_##md, .narms = 1, \
	.arm = { ARM(p, pn, n) } }

static const struct svcseq_dev_desc
	srv_loopback = SERVER("srv", LOOPBACK, 3, "i3", 0x31),
	srv_alias = SERVER("srv", ALIAS, 3, "i3", 0x31),
	srv_nat = SERVER("srv", NAT, 3, "i3", 0x31),
	srv671 = SERVER("srv671", ALIAS, 1, "i1", 0x71),
	srv672 = SERVER("srv672", NAT, 1, "i1", 0x72),
	fw = {
		.name = "fw", .kind = SVCSEQ_DEVICE_KIND_INLINE, .narms = 2,
		.arm = { ARM(1, "i1", 0xf0), ARM(2, "i2", 0xf1) },
	},
	fw_one = {
		.name = "fw-one", .kind = SVCSEQ_DEVICE_KIND_INLINE,
		.narms = 1, .arm = { ARM(1, "i1", 0xf5) },
	},
	fw_bridge = {
		.name = "fw-bridge", .kind = SVCSEQ_DEVICE_KIND_BRIDGE,
		.narms = 2, .arm = { ANY(4, "i4"), ANY(5, "i5") },
	},
	vpn = {
		.name = "vpn", .kind = SVCSEQ_DEVICE_KIND_INLINE, .narms = 1,
		.arm = { ARM(2, "i2", 0x0a) },
	},
	vpn2 = {
		.name = "vpn2", .kind = SVCSEQ_DEVICE_KIND_INLINE, .narms = 1,
		.arm = { ARM(2, "i2", 0x0b) },
	},
	ids = {
		.name = "ids", .kind = SVCSEQ_DEVICE_KIND_TAP, .narms = 1,
		.arm = { ARM(1, "i1", 0x1d) },
	},
	ids2 = {
		.name = "ids2", .kind = SVCSEQ_DEVICE_KIND_TAP, .narms = 1,
		.arm = { ARM(1, "i1", 0x2d) },
	},
	nsp = {
		.name = "nsp", .kind = SVCSEQ_DEVICE_KIND_EXTERNAL, .narms = 1,
		.arm = { ANY(6, "i6") },
	},
	wan = {
		.name = "wan", .kind = SVCSEQ_DEVICE_KIND_EXTERNAL, .narms = 1,
		.arm = { { .port = 7, .port_name = "i7", .any = true,
			   .uplink = true } },
	};

/* Pools: three firewalls that stand in for each other, two servers, and what may
 * stand in for all firewalls.
 */
#define INLINE(nm, n) { \
	.name = (nm), .kind = SVCSEQ_DEVICE_KIND_INLINE, .narms = 2, \
	.arm = { ARM(1, "i1", n), ARM(2, "i2", (n) + 1) } }

static const struct svcseq_dev_desc
	fwa = INLINE("fwa", 0xa0),
	fwb = INLINE("fwb", 0xb0),
	fwc = INLINE("fwc", 0xc0),
	srv_a = SERVER("srva", NAT, 3, "i3", 0x3a),
	srv_b = SERVER("srvb", NAT, 3, "i3", 0x3b);

static const struct svcseq_dev_desc *const fw_members[] = { &fwa, &fwb };
static const struct svcseq_dev_desc *const srv_members[] = { &srv_a, &srv_b };

static const struct svcseq_dev_desc
	fws = {
		.name = "fws", .kind = SVCSEQ_DEVICE_KIND_INLINE,
		.nmembers = 2, .member = fw_members,
	},
	srvs = {
		.name = "srvs", .kind = SVCSEQ_DEVICE_KIND_SERVER,
		.mode = SVCSEQ_SERVER_MODE_NAT,
		.nmembers = 2, .member = srv_members,
	};

#define BOTH	(SVCSEQ_DIRECTION_REQUEST | SVCSEQ_DIRECTION_REPLY)

/* Text of a table: one line per row. */
struct table {
	char text[8192];
	size_t len;
};

__attribute__((format(printf, 2, 3)))
static void put(struct table *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->len += (size_t)vsnprintf(t->text + t->len, sizeof(t->text) - t->len,
				    fmt, args);
	va_end(args);
	if (t->len >= sizeof(t->text))
		t->len = sizeof(t->text) - 1;
}

static void put_match(struct table *t, u32 match)
{
	u8 proto = (u8)(match >> 16);

	if (proto)
		put(t, "%s/", proto == IPPROTO_UDP ? "udp" : "tcp");
	if ((u16)match)
		put(t, "%u", (u16)match);
	else
		put(t, "own");
	if (match & SVCSEQ_MATCH_NAT)
		put(t, "@S");
	if (match >> SVCSEQ_MATCH_SHIFT)
		put(t, "#%u", match >> SVCSEQ_MATCH_SHIFT);
}

/* Port and source MAC as in "i1:f0"; any uplink is "*", any MAC is "i4:*". */
static void put_origin(struct table *t, u64 origin)
{
	if (!origin)
		put(t, "*");
	else if (origin >> 16)
		put(t, "i%u:%02x", (u16)origin, (u8)(origin >> 16));
	else
		put(t, "i%u:*", (u16)origin);
}

static void put_row(struct table *t, const struct svcseq_seq_desc *seq,
		    const struct svcseq_row *row, bool reply)
{
	const struct svcseq_plan_hop *hop = &plan.hop[row->hop];
	int i;

	put(t, "%s ", reply ? "src" : "dst");
	put_origin(t, row->origin);
	put(t, " ");
	put_match(t, row->match);
	if (hop->to_step == SVCSEQ_AT_EDGE)
		put(t, " > client ");
	else
		put(t, " > %s.%s ", seq->step[hop->to_step].dev->name,
		    hop->to_side == SVCSEQ_ARM_SIDE_INNER ? "in" : "out");
	put_match(t, hop->set | (u32)hop->position << SVCSEQ_MATCH_SHIFT);
	for (i = 0; i < hop->ncopies; i++) {
		const struct svcseq_hop_copy *hc = &hop->copy[i];

		put(t, " + %s ",
		    seq->step[hc->step].copy[hc->copy].tap->name);
		put_match(t, hc->set);
	}
	put(t, "\n");
}

static void put_plan(struct table *t, const struct svcseq_seq_desc *seq)
{
	int i;

	t->len = 0;
	t->text[0] = 0;
	for (i = 0; i < plan.nrows[0] + plan.nrows[1]; i++)
		put_row(t, seq, &plan.row[i], i >= plan.nrows[0]);
}

/* Compile and compare with the table as it ought to be; rows in any order. */
static bool check_rows(const struct svcseq_seq_desc *seq, const char *want)
{
	static struct table t;
	const char *line = want;
	int lines = 0;

	if (!CHECK_INT(svcseq_plan_compile(&plan, seq, &diag), 0)) {
		tap_note("%s", diag.text);
		return false;
	}
	put_plan(&t, seq);
	while (*line) {
		size_t len = strcspn(line, "\n");
		char one[128];

		snprintf(one, sizeof(one), "%.*s\n", (int)len, line);
		if (!CHECK(strstr(t.text, one)))
			tap_note("no row %.*s", (int)len, line);
		lines++;
		line += len + 1;
	}
	if (!CHECK_INT(plan.nrows[0] + plan.nrows[1], lines))
		tap_note("%s", t.text);
	return true;
}

/* The same, and ask the model, which knows chains from an uplink to a server. */
static void check_table(const struct svcseq_seq_desc *seq, const char *want)
{
	char why[MODEL_TEXT_LEN];

	if (!check_rows(seq, want))
		return;
	if (!CHECK(model_plan_right(seq, &plan, IPPROTO_TCP, 8099, why)))
		tap_note("%s", why);
}

/* Refused, with all of these in the text, and no other word than that. */
static void check_refused(const struct svcseq_seq_desc *seq, const char *a,
			  const char *b, const char *c)
{
	memset(&diag, 0, sizeof(diag));
	if (!CHECK_INT(svcseq_plan_compile(&plan, seq, &diag), -EINVAL))
		return;
	CHECK_TEXT(diag.text, "sequence 'seq'");
	CHECK_TEXT(diag.text, a);
	CHECK_TEXT(diag.text, b);
	CHECK_TEXT(diag.text, c);
	CHECK(diag.text[strlen(diag.text) - 1] != '.');
	CHECK(diag.text[strlen(diag.text) - 1] != '\n');
}

#define SEQ(...)	{ .name = "seq", .step = { __VA_ARGS__ }, \
	.nsteps = TAP_COUNT(((struct svcseq_step_desc[]){ __VA_ARGS__ })) }
#define STEP(d, ...)	{ .dev = &(d), ##__VA_ARGS__ }
#define COPY1(...)	.ncopies = 1, .copy = { { __VA_ARGS__ } }

/* Figs 5B and 5E: tables 5D and 5G are equal. */
static void fig5_loopback(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(srv_loopback));

	check_table(&seq, "dst * own > srv.out own\n"
			  "src i3:31 own > client own\n");
	CHECK_INT(plan.naliases, 0);
}

static void fig5_alias(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(srv_alias));

	check_table(&seq, "dst * own > srv.out own\n"
			  "src i3:31 own > client own\n");
}

/* Fig 5H, table 5J: the server's own address is written @S. */
static void fig5_nat(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(srv_nat));

	check_table(&seq, "dst * own > srv.out own@S\n"
			  "src i3:31 own@S > client own\n");
	CHECK_INT(plan.naliases, 1);
	CHECK_INT(plan.alias[0], SVCSEQ_MATCH_NAT);
}

/* Fig 6, table 632: two servers on one port, each with a sequence. */
static void fig6(void)
{
	struct svcseq_seq_desc one = SEQ(STEP(srv671));
	struct svcseq_seq_desc two = SEQ(STEP(srv672));

	check_table(&one, "dst * own > srv671.out own\n"
			  "src i1:71 own > client own\n");
	check_table(&two, "dst * own > srv672.out own@S\n"
			  "src i1:72 own@S > client own\n");
}

/* Fig 7, table 7B: firewall, VPN that takes the outer packet off, server, and
 * an IDS that sees what is between the last two.
 */
static void fig7_nat(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw),
		STEP(vpn, .becomes_proto = IPPROTO_TCP, .becomes_port = 80),
		STEP(srv_nat, COPY1(.tap = &ids, .dirs = BOTH)));

	check_table(&seq,
		    "dst * own > fw.out own\n"
		    "dst i2:f1 own > vpn.out own\n"
		    "dst i2:0a tcp/80 > srv.out tcp/80@S + ids tcp/80\n"
		    "dst i1:1d tcp/80 > srv.out tcp/80@S\n"
		    "src i3:31 tcp/80@S > vpn.in tcp/80 + ids tcp/80\n"
		    "src i1:1d tcp/80 > vpn.in tcp/80\n"
		    "src i2:0a own > fw.in own\n"
		    "src i1:f0 own > client own\n");
	/* the inner packet at the service's and at the server's address */
	CHECK_INT(plan.naliases, 2);
	/* no service can make two rows of one */
	CHECK_INT(svcseq_plan_check_service(&plan, &seq, IPPROTO_TCP, 80,
					    &diag), 0);
	CHECK_INT(svcseq_plan_check_service(&plan, &seq, IPPROTO_UDP, 5555,
					    &diag), 0);
}

static void fig7_loopback(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw),
		STEP(vpn, .becomes_proto = IPPROTO_TCP, .becomes_port = 80),
		STEP(srv_loopback, COPY1(.tap = &ids, .dirs = BOTH)));

	check_table(&seq,
		    "dst * own > fw.out own\n"
		    "dst i2:f1 own > vpn.out own\n"
		    "dst i2:0a tcp/80 > srv.out tcp/80 + ids tcp/80\n"
		    "dst i1:1d tcp/80 > srv.out tcp/80\n"
		    "src i3:31 tcp/80 > vpn.in tcp/80 + ids tcp/80\n"
		    "src i1:1d tcp/80 > vpn.in tcp/80\n"
		    "src i2:0a own > fw.in own\n"
		    "src i1:f0 own > client own\n");
	CHECK_INT(plan.naliases, 1);
	CHECK_INT(plan.alias[0], IPPROTO_TCP << 16 | 80);
}

/* Fig 8, table 8C: the server listens at another port; the firewall and the
 * IDS never learn of it.
 */
static void fig8(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw),
		STEP(srv_loopback, .port = 2021,
		     COPY1(.tap = &ids, .dirs = BOTH)));

	check_table(&seq,
		    "dst * own > fw.out own\n"
		    "dst i2:f1 own > srv.out 2021 + ids own\n"
		    "dst i1:1d own > srv.out 2021\n"
		    "src i3:31 2021 > fw.in own + ids own\n"
		    "src i1:1d own > fw.in own\n"
		    "src i1:f0 own > client own\n");
}

static void fig8_nat_device_port(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw),
		STEP(srv_nat, .port = 8080,
		     COPY1(.tap = &ids, .dirs = BOTH,
			   .port = SVCSEQ_COPY_PORT_DEVICE)));

	check_table(&seq,
		    "dst * own > fw.out own\n"
		    "dst i2:f1 own > srv.out 8080@S + ids 8080\n"
		    "dst i1:1d 8080 > srv.out 8080@S\n"
		    "src i3:31 8080@S > fw.in own + ids 8080\n"
		    "src i1:1d 8080 > fw.in own\n"
		    "src i1:f0 own > client own\n");
}

/* Translation for a device in the middle; behind it all is as before. */
static void port_for_the_middle(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw, .port = 1000), STEP(vpn), STEP(srv_alias));

	check_table(&seq,
		    "dst * own > fw.out 1000\n"
		    "dst i2:f1 1000 > vpn.out own\n"
		    "dst i2:0a own > srv.out own\n"
		    "src i3:31 own > vpn.in own\n"
		    "src i2:0a own > fw.in 1000\n"
		    "src i1:f0 1000 > client own\n");
}

/* A VPN that is itself at another port, and one within the other. */
static void vpn_in_vpn(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(vpn, .port = 500, .becomes_proto = IPPROTO_UDP,
		     .becomes_port = 4500),
		STEP(vpn2, .becomes_proto = IPPROTO_TCP, .becomes_port = 80),
		STEP(srv_nat, .port = 8080));

	check_table(&seq,
		    "dst * own > vpn.out 500\n"
		    "dst i2:0a udp/4500 > vpn2.out udp/4500\n"
		    "dst i2:0b tcp/80 > srv.out tcp/8080@S\n"
		    "src i3:31 tcp/8080@S > vpn2.in tcp/80\n"
		    "src i2:0b udp/4500 > vpn.in udp/4500\n"
		    "src i2:0a 500 > client own\n");
}

/* A transparent bridge is known by its ports (B-05). */
static void transparent_bridge(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(fw_bridge), STEP(srv_alias));

	check_table(&seq,
		    "dst * own > fw-bridge.out own\n"
		    "dst i5:* own > srv.out own\n"
		    "src i3:31 own > fw-bridge.in own\n"
		    "src i4:* own > client own\n");
}

/* One arm serves both directions; several devices share a port (B-04). */
static void one_armed(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(fw_one), STEP(srv671));

	check_table(&seq,
		    "dst * own > fw-one.out own\n"
		    "dst i1:f5 own > srv671.out own\n"
		    "src i1:71 own > fw-one.in own\n"
		    "src i1:f5 own > client own\n");
}

/* Any of the addresses of an arm is its own (Fig 15D, VRRP). */
static void set_of_addresses(void)
{
	struct svcseq_dev_desc pair = srv_loopback;
	struct svcseq_seq_desc seq = SEQ(STEP(pair));

	pair.arm[0].nmacs = 3;
	memcpy(pair.arm[0].mac[1], (u8[])MAC(0x32), 6);
	memcpy(pair.arm[0].mac[2], (u8[])MAC(0x33), 6);
	check_table(&seq, "dst * own > srv.out own\n"
			  "src i3:31 own > client own\n"
			  "src i3:32 own > client own\n"
			  "src i3:33 own > client own\n");
}

/* Both families may find the same address for an arm. */
static void address_twice(void)
{
	struct svcseq_dev_desc twice = srv_loopback;
	struct svcseq_seq_desc seq = SEQ(STEP(twice));

	twice.arm[0].nmacs = 2;
	memcpy(twice.arm[0].mac[1], (u8[])MAC(0x31), 6);
	check_table(&seq, "dst * own > srv.out own\n"
			  "src i3:31 own > client own\n");
}

/* An arm whose net device is gone, or whose address is not known yet, gives
 * no packets; the others go on.
 */
static void arm_not_there(void)
{
	struct svcseq_dev_desc gone = srv_loopback;
	struct svcseq_seq_desc seq = SEQ(STEP(fw), STEP(gone));

	gone.arm[0].port = 0;
	check_table(&seq, "dst * own > fw.out own\n"
			  "dst i2:f1 own > srv.out own\n"
			  "src i1:f0 own > client own\n");
	gone = srv_loopback;
	gone.arm[0].nmacs = 0;
	check_table(&seq, "dst * own > fw.out own\n"
			  "dst i2:f1 own > srv.out own\n"
			  "src i1:f0 own > client own\n");
}

static void copies_of_one_direction(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw, .ncopies = 2, .copy = {
			{ .tap = &ids, .dirs = SVCSEQ_DIRECTION_REQUEST },
			{ .tap = &ids2, .dirs = SVCSEQ_DIRECTION_REPLY },
		}),
		STEP(srv_nat));

	check_table(&seq,
		    "dst * own > fw.out own + ids own\n"
		    "dst i2:f1 own > srv.out own@S\n"
		    "dst i1:1d own > srv.out own@S\n"
		    "dst i1:2d own > srv.out own@S\n"
		    "src i3:31 own@S > fw.in own\n"
		    "src i1:f0 own > client own + ids2 own\n"
		    "src i1:1d own > client own\n"
		    "src i1:2d own > client own\n");
}

/* E-03, F-02: what the IDS sends goes to the firewall instead. */
static void alert_to_firewall(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw),
		STEP(srv_nat, COPY1(.tap = &ids, .dirs = BOTH,
				    .alert_to = &fw)));

	check_table(&seq,
		    "dst * own > fw.out own\n"
		    "dst i2:f1 own > srv.out own@S + ids own\n"
		    "dst i1:1d own > fw.out own\n"
		    "src i3:31 own@S > fw.in own + ids own\n"
		    "src i1:1d own > fw.in own\n"
		    "src i1:f0 own > client own\n");
}

/* An IDS before the VPN sees closed envelopes; what it sends to the service goes
 * to the last that knows these packets, the VPN.
 */
static void tap_before_vpn(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(vpn, .becomes_proto = IPPROTO_TCP, .becomes_port = 80,
		     COPY1(.tap = &ids, .dirs = BOTH)),
		STEP(srv_loopback));

	check_table(&seq,
		    "dst * own > vpn.out own + ids own\n"
		    "dst i2:0a tcp/80 > srv.out tcp/80\n"
		    "dst i1:1d own > vpn.out own\n"
		    "src i3:31 tcp/80 > vpn.in tcp/80\n"
		    "src i2:0a own > client own + ids own\n"
		    "src i1:1d own > client own\n");
}

/* The other way round: the firewall before the VPN is told of a packet from
 * inside, and gets it just as the IDS sent it.
 */
static void alert_through_vpn(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw),
		STEP(vpn, .becomes_proto = IPPROTO_TCP, .becomes_port = 80),
		STEP(srv_nat, COPY1(.tap = &ids, .dirs = BOTH,
				    .alert_to = &fw)));

	check_table(&seq,
		    "dst * own > fw.out own\n"
		    "dst i2:f1 own > vpn.out own\n"
		    "dst i2:0a tcp/80 > srv.out tcp/80@S + ids tcp/80\n"
		    "dst i1:1d tcp/80 > fw.out tcp/80\n"
		    "src i3:31 tcp/80@S > vpn.in tcp/80 + ids tcp/80\n"
		    "src i1:1d tcp/80 > vpn.in tcp/80\n"
		    "src i2:0a own > fw.in own\n"
		    "src i1:f0 own > client own\n");
}

static void same_device_at_two_steps(void)
{
	struct svcseq_seq_desc plain = SEQ(STEP(fw), STEP(vpn), STEP(fw),
					   STEP(srv_alias));
	struct svcseq_seq_desc inner = SEQ(
		STEP(fw),
		STEP(vpn, .becomes_proto = IPPROTO_TCP, .becomes_port = 80),
		STEP(fw), STEP(srv_alias));

	/* The packets are the same before and behind the VPN. */
	check_refused(&plain, "step 1 'fw'", "step 3 'fw'",
		      "cannot be told apart");
	/* Here they differ, unless the service is itself at that port. */
	CHECK_INT(svcseq_plan_compile(&plan, &inner, &diag), 0);
	CHECK(plan.port_sensitive);
	CHECK_INT(svcseq_plan_check_service(&plan, &inner, IPPROTO_UDP, 80,
					    &diag), 0);
	CHECK_INT(svcseq_plan_check_service(&plan, &inner, IPPROTO_TCP, 81,
					    &diag), 0);
	CHECK_INT(svcseq_plan_check_service(&plan, &inner, IPPROTO_TCP, 80,
					    &diag), -EINVAL);
	CHECK_TEXT(diag.text, "sequence 'seq'");
	CHECK_TEXT(diag.text, "port 80");
	CHECK_TEXT(diag.text, "step 1 'fw'");
	CHECK_TEXT(diag.text, "step 3 'fw'");
}

/* B-01 to B-06: one device at two steps is known by the position that its
 * packets carry, written #N here; a server answers with that of the request.
 */
static void positions(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(vpn, .track = SVCSEQ_TRACK_NSH),
		STEP(vpn, .track = SVCSEQ_TRACK_DSCP),
		STEP(srv_nat, .track = SVCSEQ_TRACK_MPLS,
		     COPY1(.tap = &ids, .dirs = BOTH)));

	check_table(&seq, "dst * own > vpn.out own#1\n"
			  "dst i2:0a own#1 > vpn.out own#2\n"
			  "dst i2:0a own#2 > srv.out own@S#3 + ids own\n"
			  "dst i1:1d own > srv.out own@S#3\n"
			  "src i3:31 own@S#3 > vpn.in own#34 + ids own\n"
			  "src i1:1d own > vpn.in own#34\n"
			  "src i2:0a own#34 > vpn.in own#33\n"
			  "src i2:0a own#33 > client own\n");
	/* the position is no part of what services are looked up by */
	CHECK_INT(plan.naliases, 1);
	CHECK_INT(plan.alias[0], SVCSEQ_MATCH_NAT);
	CHECK(!plan.port_sensitive);
}

/* Where a device that loses the position would be taken for another. */
static void refused_half_a_position(void)
{
	struct svcseq_dev_desc any = vpn, other = vpn2;
	struct svcseq_seq_desc one = SEQ(STEP(vpn, .track = SVCSEQ_TRACK_GRE),
					 STEP(vpn), STEP(srv_alias));
	struct svcseq_seq_desc hidden = SEQ(
		STEP(any, .track = SVCSEQ_TRACK_NSH), STEP(other),
		STEP(srv_alias));
	struct svcseq_seq_desc both = SEQ(
		STEP(any, .track = SVCSEQ_TRACK_NSH),
		STEP(other, .track = SVCSEQ_TRACK_MPLS), STEP(srv_alias));
	struct svcseq_seq_desc by_port = SEQ(
		STEP(vpn, .track = SVCSEQ_TRACK_INTERFACE),
		STEP(vpn, .track = SVCSEQ_TRACK_MAC), STEP(srv_alias));
	struct svcseq_seq_desc changed = SEQ(
		STEP(fw, .track = SVCSEQ_TRACK_NSH),
		STEP(vpn, .becomes_proto = IPPROTO_TCP, .becomes_port = 80),
		STEP(fw), STEP(srv_alias));

	check_refused(&one, "step 1 'vpn'", "step 2 'vpn'",
		      "cannot be told apart");
	any.arm[0].any = true;
	check_refused(&hidden, "step 1 'vpn'", "step 2 'vpn2'",
		      "cannot be told apart");
	CHECK_INT(svcseq_plan_compile(&plan, &both, &diag), 0);
	check_refused(&by_port, "step 1 'vpn'", "step 2 'vpn'",
		      "cannot be told apart");
	/* Told apart by the port, but not for a service that has it. */
	CHECK_INT(svcseq_plan_compile(&plan, &changed, &diag), 0);
	CHECK(plan.port_sensitive);
	CHECK_INT(svcseq_plan_check_service(&plan, &changed, IPPROTO_TCP, 81,
					    &diag), 0);
	CHECK_INT(svcseq_plan_check_service(&plan, &changed, IPPROTO_TCP, 80,
					    &diag), -EINVAL);
	CHECK_TEXT(diag.text, "step 3 'fw'");
}

static void refused_tracks(void)
{
	struct svcseq_seq_desc server = SEQ(
		STEP(vpn), STEP(srv_alias, .track = SVCSEQ_TRACK_DSCP));
	struct svcseq_seq_desc bridge = SEQ(
		STEP(fw_bridge, .track = SVCSEQ_TRACK_GPE), STEP(srv_alias));

	check_refused(&server, "step 2", "'srv'", "DSCP");
	check_refused(&bridge, "step 1", "'fw-bridge'", "tunnel");
	bridge.step[0].track = SVCSEQ_TRACK_MPLS;
	CHECK_INT(svcseq_plan_compile(&plan, &bridge, &diag), 0);
}

/* B-06: two devices with one address on one port. */
static void refused_same_address(void)
{
	struct svcseq_dev_desc twin = vpn;
	struct svcseq_seq_desc seq = SEQ(STEP(vpn), STEP(twin),
					 STEP(srv_alias));

	twin.name = "twin";
	check_refused(&seq, "step 1 'vpn'", "step 2 'twin'",
		      "cannot be told apart");
	CHECK_TEXT(diag.text, "port 'i2'");

	/* On another port it is another place. */
	twin.arm[0].port = 6;
	twin.arm[0].port_name = "i6";
	CHECK_INT(svcseq_plan_compile(&plan, &seq, &diag), 0);
}

static void refused_tap_with_address_of_step(void)
{
	struct svcseq_dev_desc tap = ids;
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw_one),
		STEP(srv_alias, COPY1(.tap = &tap, .dirs = BOTH)));

	memcpy(tap.arm[0].mac[0], fw_one.arm[0].mac[0], 6);
	check_refused(&seq, "'fw-one'", "'ids'", "cannot be told apart");
}

/* One tap at two steps: towards the client it cannot be known from where. */
static void refused_tap_twice(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw, COPY1(.tap = &ids, .dirs = BOTH)),
		STEP(srv_alias, COPY1(.tap = &ids, .dirs = BOTH)));

	check_refused(&seq, "step 1 'ids'", "step 2 'ids'",
		      "cannot be told apart");
}

/* B-05: who is known by the port alone must be alone there. */
static void refused_second_behind_any(void)
{
	struct svcseq_dev_desc other = vpn;
	struct svcseq_seq_desc seq = SEQ(STEP(fw_bridge), STEP(other),
					 STEP(srv_alias));

	other.arm[0].port = 5;
	check_refused(&seq, "'fw-bridge'", "'vpn'", "any source");

	other.arm[0].any = true;
	check_refused(&seq, "'fw-bridge'", "'vpn'", "");
}

static void refused_shapes(void)
{
	struct svcseq_seq_desc none = { .name = "seq" };
	struct svcseq_seq_desc tap_step = SEQ(STEP(fw), STEP(ids),
					      STEP(srv_alias));
	struct svcseq_seq_desc early = SEQ(STEP(fw), STEP(srv671),
					   STEP(srv_alias));
	struct svcseq_seq_desc no_server = SEQ(STEP(fw), STEP(vpn));
	struct svcseq_seq_desc becomes_last = SEQ(
		STEP(fw), STEP(srv_alias, .becomes_proto = IPPROTO_TCP,
			       .becomes_port = 80));
	struct svcseq_seq_desc becomes_icmp = SEQ(
		STEP(vpn, .becomes_proto = IPPROTO_ICMP, .becomes_port = 80),
		STEP(srv_alias));
	struct svcseq_seq_desc becomes_zero = SEQ(
		STEP(vpn, .becomes_proto = IPPROTO_TCP), STEP(srv_alias));
	struct svcseq_seq_desc becomes_half = SEQ(
		STEP(vpn, .becomes_port = 80), STEP(srv_alias));

	check_refused(&none, "no step", "server", "");
	check_refused(&tap_step, "step 2", "'ids'", "tap");
	check_refused(&early, "step 2", "'srv671'", "step 3 'srv'");
	check_refused(&no_server, "step 2", "'vpn'", "server");
	check_refused(&becomes_last, "step 2", "'srv'", "becomes");
	check_refused(&becomes_icmp, "step 1", "'vpn'", "becomes");
	check_refused(&becomes_zero, "step 1", "'vpn'", "becomes");
	check_refused(&becomes_half, "step 1", "'vpn'", "becomes");
}

static void refused_copies(void)
{
	struct svcseq_seq_desc no_tap = SEQ(
		STEP(fw, COPY1(.tap = &vpn, .dirs = BOTH)), STEP(srv_alias));
	struct svcseq_seq_desc stranger = SEQ(
		STEP(fw, COPY1(.tap = &ids, .dirs = BOTH, .alert_to = &vpn)),
		STEP(srv_alias));
	static struct svcseq_dev_desc taps[20], hosts[8];
	static struct svcseq_seq_desc many = { .name = "seq", .nsteps = 5 };
	int i, c;

	check_refused(&no_tap, "step 1", "'vpn'", "no tap");
	check_refused(&stranger, "'ids'", "'vpn'", "no step");

	for (i = 0; i < many.nsteps; i++) {
		hosts[i] = i == many.nsteps - 1 ? srv_alias : fw_one;
		hosts[i].arm[0].mac[0][4] = (u8)(1 + i);
		many.step[i].dev = &hosts[i];
		many.step[i].ncopies = 4;
		for (c = 0; c < 4; c++) {
			taps[4 * i + c] = ids;
			taps[4 * i + c].arm[0].mac[0][4] = (u8)(0x80 + 4 * i + c);
			many.step[i].copy[c].tap = &taps[4 * i + c];
			many.step[i].copy[c].dirs = BOTH;
		}
	}
	check_refused(&many, "more than 16 copies", "", "");
	many.step[0].ncopies = 1;
	check_refused(&many, "more than 16 copies", "", "");
	many.step[0].ncopies = 0;
	CHECK_INT(svcseq_plan_compile(&plan, &many, &diag), 0);
}

/* The longest sequence, with names of the greatest length, and what is said
 * when its rows are too many.
 */
static void limits(void)
{
	static const char long_name[] = "a-name-of-just-31-characters-xx";
	static struct svcseq_dev_desc dev[SVCSEQ_MAX_STEPS];
	static struct svcseq_seq_desc seq = { .nsteps = SVCSEQ_MAX_STEPS };
	char why[MODEL_TEXT_LEN];
	int i, m;

	CHECK_INT(sizeof(long_name), SVCSEQ_NAME_LEN);
	seq.name = long_name;
	for (i = 0; i < SVCSEQ_MAX_STEPS; i++) {
		dev[i] = i == SVCSEQ_MAX_STEPS - 1 ? srv_nat : vpn;
		dev[i].name = long_name;
		dev[i].arm[0].port_name = "fifteen-letters";
		for (m = 0; m < SVCSEQ_ARM_MACS; m++) {
			memcpy(dev[i].arm[0].mac[m], (u8[])MAC(m), 6);
			dev[i].arm[0].mac[m][4] = (u8)(1 + i);
		}
		seq.step[i].dev = &dev[i];
	}
	CHECK_INT(svcseq_plan_compile(&plan, &seq, &diag), 0);
	CHECK_INT(plan.nhops, 2 * SVCSEQ_MAX_STEPS);
	if (!CHECK(model_plan_right(&seq, &plan, IPPROTO_UDP, 53, why)))
		tap_note("%s", why);

	/* A row from the uplink, two for each address of a device in the
	 * middle, one for each of the server's: just as many as there is room
	 * for, and one more.
	 */
	for (i = 0; i < SVCSEQ_MAX_STEPS - 1; i++)
		dev[i].arm[0].nmacs = i < 5 ? 7 : 6;
	CHECK_INT(svcseq_plan_compile(&plan, &seq, &diag), 0);
	CHECK_INT(plan.nrows[0] + plan.nrows[1], SVCSEQ_PLAN_ROWS);
	dev[SVCSEQ_MAX_STEPS - 1].arm[0].nmacs = 2;
	CHECK_INT(svcseq_plan_compile(&plan, &seq, &diag), -EINVAL);
	CHECK_TEXT(diag.text, "more than 192 rows");

	for (i = 0; i < SVCSEQ_MAX_STEPS; i++)
		dev[i].arm[0].nmacs = SVCSEQ_ARM_MACS;
	CHECK_INT(svcseq_plan_compile(&plan, &seq, &diag), -EINVAL);
	CHECK_TEXT(diag.text, "more than 192 rows");

	/* The longest text there is still ends with its last word. */
	for (i = 0; i < SVCSEQ_MAX_STEPS; i++) {
		dev[i].arm[0].nmacs = 1;
		memcpy(dev[i].arm[0].mac[0], (u8[])MAC(i > 12 ? 13 : i), 6);
		dev[i].arm[0].port = 2;
	}
	CHECK_INT(svcseq_plan_compile(&plan, &seq, &diag), -EINVAL);
	CHECK_TEXT(diag.text, "step 14 'a-name-of-just-31-characters-xx'");
	CHECK_TEXT(diag.text, "step 15 'a-name-of-just-31-characters-xx'");
	CHECK_TEXT(diag.text, "port 'fifteen-letters'");
}

static void origin_numbers(void)
{
	static const u8 mac[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };
	static const u8 all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const u8 none[6];

	CHECK(svcseq_origin(mac, 0x0102) == 0x0211223344550102);
	CHECK(svcseq_origin(none, 7) == 7);
	CHECK(svcseq_origin(none, 0) == 0);
	CHECK(svcseq_origin(all, 0xffff) == 0xffffffffffffffff);
}

static void match_numbers(void)
{
	u32 m = svcseq_match(IPPROTO_UDP, 4500);

	CHECK_INT(m, 17 << 16 | 4500);
	CHECK_INT(svcseq_match_port(m, 80), 4500);
	CHECK_INT(svcseq_match_proto(m, IPPROTO_TCP), IPPROTO_UDP);
	CHECK_INT(svcseq_match_port(SVCSEQ_MATCH_OWN, 80), 80);
	CHECK_INT(svcseq_match_proto(SVCSEQ_MATCH_OWN, 6), 6);
	CHECK_INT(svcseq_match_port(m | SVCSEQ_MATCH_NAT, 80), 4500);
	CHECK_INT(svcseq_match_proto(SVCSEQ_MATCH_NAT, 6), 6);
	CHECK_INT(svcseq_match_port(SVCSEQ_MATCH_NAT, 80), 80);
	/* only the port translated: the protocol stays the service's */
	CHECK_INT(svcseq_match_proto(svcseq_match(0, 2021), 6), 6);
}

/* Who handed the packet in, for each kind of hop. */
static void giver_of_a_hop(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fw), STEP(srv_nat, COPY1(.tap = &ids, .dirs = BOTH)));
	int i, edge = 0, from_fw = 0, from_srv = 0, from_ids = 0;

	CHECK_INT(svcseq_plan_compile(&plan, &seq, &diag), 0);
	for (i = 0; i < plan.nhops; i++) {
		const struct svcseq_dev_desc *dev;

		dev = svcseq_plan_from(&seq, &plan.hop[i]);
		edge += !dev;
		from_fw += dev == &fw;
		from_srv += dev == &srv_nat;
		from_ids += dev == &ids;
	}
	CHECK_INT(edge, 1);
	CHECK_INT(from_fw, 2);
	CHECK_INT(from_srv, 1);
	CHECK_INT(from_ids, 2);
}

/* Fig 23: the chain of a provider's client ends at an upstream router, and any
 * source behind that port begins a reply.
 */
static void fig23(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(fw), STEP(nsp));

	check_rows(&seq,
		   "dst * own > fw.out own\n"
		   "dst i2:f1 own > nsp.out own\n"
		   "src i6:* own > fw.in own\n"
		   "src i1:f0 own > client own\n");
}

/* The network may be behind an uplink, where no source is looked at. */
static void external_behind_uplink(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(fw), STEP(wan));

	check_rows(&seq,
		   "dst * own > fw.out own\n"
		   "dst i2:f1 own > wan.out own\n"
		   "src * own > fw.in own\n"
		   "src i1:f0 own > client own\n");
}

/* Fig 12: what a proxy fetches enters from it, not from an uplink. */
static void from_a_device(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(fw), STEP(nsp));

	seq.from = &srv_nat;
	check_rows(&seq,
		   "dst i3:31 own > fw.out own\n"
		   "dst i2:f1 own > nsp.out own\n"
		   "src i6:* own > fw.in own\n"
		   "src i1:f0 own > client own\n");
	CHECK(svcseq_plan_from(&seq, &plan.hop[0]) == &srv_nat);
}

/* An appliance with two arms sends its own packets by the outer one. */
static void from_a_firewall(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(vpn), STEP(nsp));

	seq.from = &fw;
	check_rows(&seq,
		   "dst i1:f0 own > vpn.out own\n"
		   "dst i2:0a own > nsp.out own\n"
		   "src i6:* own > vpn.in own\n"
		   "src i2:0a own > client own\n");
}

static void refused_edges(void)
{
	struct svcseq_seq_desc early = SEQ(STEP(nsp), STEP(srv_nat));
	struct svcseq_seq_desc self = SEQ(STEP(fw_one), STEP(srv_nat));
	struct svcseq_seq_desc bridge = SEQ(STEP(srv_nat));
	struct svcseq_seq_desc becomes = SEQ(
		STEP(nsp, .becomes_proto = IPPROTO_TCP, .becomes_port = 80));
	struct svcseq_seq_desc behind = SEQ(STEP(fw), STEP(nsp));
	struct svcseq_dev_desc other = fw_one;

	check_refused(&early, "external 'nsp'", "'srv' follows", "last step");
	self.from = &fw_one;
	check_refused(&self, "'fw-one'", "told apart", "requests");
	bridge.from = &fw_bridge;
	check_refused(&bridge, "'fw-bridge'", "no station", "name");
	check_refused(&becomes, "external 'nsp'", "becomes", "port");
	other.arm[0].port = 6;
	behind.from = &other;
	check_refused(&behind, "'nsp'", "takes any source", "'fw-one'");
}

/* Each member is known by its own address, and no other place is there for it. */
static void pool_in_the_middle(void)
{
	struct svcseq_seq_desc seq = SEQ(STEP(fws), STEP(vpn), STEP(srv_alias));

	check_table(&seq,
		    "dst * own > fws.out own\n"
		    "dst i2:a1 own > vpn.out own\n"
		    "dst i2:b1 own > vpn.out own\n"
		    "dst i2:0a own > srv.out own\n"
		    "src i3:31 own > vpn.in own\n"
		    "src i2:0a own > fws.in own\n"
		    "src i1:a0 own > client own\n"
		    "src i1:b0 own > client own\n");
	/* one hop to the pool in each direction, with a branch to each */
	CHECK_INT(plan.nhops, 2 * (1 + 2 + 2 + 1));
	CHECK_INT(plan.hop[0].nbranches, 2);
	CHECK_INT(plan.hop[0].to_member, SVCSEQ_NO_MEMBER);
	CHECK_INT(plan.hop[plan.hop[0].branch + 1].to_member, 1);
	CHECK_INT(plan.hop[0].open, SVCSEQ_NO_HOP);
}

/* The server's own address is whichever has it. */
static void pools_in_a_row(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fws, .on_fail = SVCSEQ_ON_FAIL_ALTERNATE,
		     .alternate = &fwc),
		STEP(srvs, COPY1(.tap = &ids, .dirs = BOTH)));

	check_table(&seq,
		    "dst * own > fws.out own\n"
		    "dst i2:a1 own > srvs.out own@S + ids own\n"
		    "dst i2:b1 own > srvs.out own@S + ids own\n"
		    "dst i2:c1 own > srvs.out own@S + ids own\n"
		    "dst i1:1d own > srvs.out own@S\n"
		    "src i3:3a own@S > fws.in own + ids own\n"
		    "src i3:3b own@S > fws.in own + ids own\n"
		    "src i1:1d own > fws.in own\n"
		    "src i1:a0 own > client own\n"
		    "src i1:b0 own > client own\n"
		    "src i1:c0 own > client own\n");
	CHECK_INT(plan.hop[0].nbranches, 3);
	CHECK_INT(plan.naliases, 1);
}

/* What is left out when nobody is up, and who then gets copies of what. */
static void pool_left_out(void)
{
	struct svcseq_seq_desc seq = SEQ(
		STEP(fws, .on_fail = SVCSEQ_ON_FAIL_OPEN, .port = 8080,
		     COPY1(.tap = &ids, .dirs = BOTH)),
		STEP(srv_nat, .port = 90, COPY1(.tap = &ids2, .dirs = BOTH)));
	const struct svcseq_plan_hop *hop;

	check_table(&seq,
		    "dst * own > fws.out 8080 + ids own\n"
		    "dst i1:1d own > srv.out 90@S\n"
		    "dst i2:a1 8080 > srv.out 90@S + ids2 own\n"
		    "dst i2:b1 8080 > srv.out 90@S + ids2 own\n"
		    "dst i1:2d own > srv.out 90@S\n"
		    "src i3:31 90@S > fws.in 8080 + ids2 own\n"
		    "src i1:2d own > fws.in 8080\n"
		    "src i1:1d own > client own\n"
		    "src i1:a0 8080 > client own + ids own\n"
		    "src i1:b0 8080 > client own + ids own\n");
	hop = &plan.hop[plan.hop[0].open];
	CHECK_INT(hop->from_step, SVCSEQ_AT_EDGE);
	CHECK_INT(hop->to_step, 1);
	CHECK_INT(hop->match, SVCSEQ_MATCH_OWN);
	CHECK_INT(hop->set, 90 | SVCSEQ_MATCH_NAT);
	CHECK_INT(hop->ncopies, 1);
	CHECK_INT(hop->copy[0].step, 1);
}

static void refused_pools(void)
{
	static const struct svcseq_dev_desc *const again[] = { &fwb, &fwc };
	static const struct svcseq_dev_desc *const one[] = { &fw_bridge };
	static const struct svcseq_dev_desc
		others = {
			.name = "others", .kind = SVCSEQ_DEVICE_KIND_INLINE,
			.nmembers = 2, .member = again,
		},
		bridges = {
			.name = "bridges", .kind = SVCSEQ_DEVICE_KIND_BRIDGE,
			.nmembers = 1, .member = one,
		};
	struct svcseq_seq_desc twice = SEQ(STEP(fws), STEP(fwa),
					   STEP(srv_alias));
	struct svcseq_seq_desc both = SEQ(STEP(others), STEP(fws),
					  STEP(srv_alias));
	struct svcseq_seq_desc spare = SEQ(
		STEP(fws, .on_fail = SVCSEQ_ON_FAIL_ALTERNATE,
		     .alternate = &fwb), STEP(srv_alias));
	struct svcseq_seq_desc kind = SEQ(
		STEP(bridges, .on_fail = SVCSEQ_ON_FAIL_ALTERNATE,
		     .alternate = &fwb), STEP(srv_alias));
	struct svcseq_seq_desc single = SEQ(
		STEP(fwa, .on_fail = SVCSEQ_ON_FAIL_OPEN), STEP(srv_alias));
	struct svcseq_seq_desc last = SEQ(
		STEP(fwa), STEP(srvs, .on_fail = SVCSEQ_ON_FAIL_OPEN));
	struct svcseq_seq_desc becomes = SEQ(
		STEP(fws, .on_fail = SVCSEQ_ON_FAIL_OPEN,
		     .becomes_proto = IPPROTO_TCP, .becomes_port = 80),
		STEP(srv_alias));
	struct svcseq_seq_desc middle = SEQ(STEP(srvs), STEP(srv_alias));
	struct svcseq_seq_desc tunnel = SEQ(
		STEP(fws, .track = SVCSEQ_TRACK_GRE), STEP(srv_alias));
	struct svcseq_seq_desc by_port = SEQ(
		STEP(fws, .track = SVCSEQ_TRACK_INTERFACE), STEP(srv_alias));
	struct svcseq_seq_desc from = SEQ(STEP(fws), STEP(srv_alias));

	check_refused(&twice, "'fwa' is in pool 'fws' of step 1",
		      "step 2 'fwa'", "take it out of one");
	check_refused(&both, "'fwb' is in pool 'others' of step 1",
		      "step 2 'fws'", "cannot be told apart");
	check_refused(&spare, "'fwb' is in pool 'fws'", "step 1 'fws'",
		      "out of one");
	check_refused(&kind, "alternate 'fwb'", "pool 'bridges'", "kind");
	check_refused(&single, "step 1 'fwa' is a device", "'on-fail'", "one");
	check_refused(&last, "step 2 'srvs' is the last one", "'on-fail open'",
		      "alternate");
	check_refused(&becomes, "step 1 'fws' turns packets", "past it",
		      "'on-fail'");
	check_refused(&middle, "step 1 is the server 'srvs'", "step 2 'srv'",
		      "must be the last");
	check_refused(&tunnel, "pool 'fws'", "tunnel", "another way");
	check_refused(&by_port, "step 1 'fwa'", "step 1 'fwb'",
		      "cannot be told apart");
	from.from = &fwb;
	check_refused(&from, "requests enter from 'fwb'", "pool 'fws' of step 1",
		      "out of one");
}

/* Pools one after the other multiply; there is an end to it. */
static void pools_too_many(void)
{
	static struct svcseq_dev_desc dev[4][SVCSEQ_MAX_MEMBERS];
	static const struct svcseq_dev_desc *list[4][SVCSEQ_MAX_MEMBERS];
	static struct svcseq_dev_desc pool[4];
	struct svcseq_seq_desc seq = { .name = "seq", .nsteps = 5 };
	int i, m;

	for (i = 0; i < 4; i++) {
		for (m = 0; m < SVCSEQ_MAX_MEMBERS; m++) {
			dev[i][m] = fwa;
			dev[i][m].arm[0].mac[0][4] = (u8)(1 + i);
			dev[i][m].arm[0].mac[0][5] = (u8)m;
			dev[i][m].arm[1].mac[0][4] = (u8)(1 + i);
			dev[i][m].arm[1].mac[0][5] = (u8)m;
			list[i][m] = &dev[i][m];
		}
		pool[i].name = "pool";
		pool[i].nmembers = SVCSEQ_MAX_MEMBERS;
		pool[i].member = list[i];
		seq.step[i].dev = &pool[i];
	}
	seq.step[4].dev = &srv_alias;
	check_refused(&seq, "needs more than 1024 hops", "fewer pools", "members");
	/* two are no matter */
	seq.nsteps = 3;
	seq.step[2].dev = &srv_alias;
	CHECK_INT(svcseq_plan_compile(&plan, &seq, &diag), 0);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(fig5_loopback),
		TAP_TEST(fig5_alias),
		TAP_TEST(fig5_nat),
		TAP_TEST(fig6),
		TAP_TEST(fig7_nat),
		TAP_TEST(fig7_loopback),
		TAP_TEST(fig8),
		TAP_TEST(fig8_nat_device_port),
		TAP_TEST(port_for_the_middle),
		TAP_TEST(vpn_in_vpn),
		TAP_TEST(transparent_bridge),
		TAP_TEST(one_armed),
		TAP_TEST(set_of_addresses),
		TAP_TEST(address_twice),
		TAP_TEST(arm_not_there),
		TAP_TEST(copies_of_one_direction),
		TAP_TEST(alert_to_firewall),
		TAP_TEST(tap_before_vpn),
		TAP_TEST(alert_through_vpn),
		TAP_TEST(same_device_at_two_steps),
		TAP_TEST(positions),
		TAP_TEST(refused_half_a_position),
		TAP_TEST(refused_tracks),
		TAP_TEST(refused_same_address),
		TAP_TEST(refused_tap_with_address_of_step),
		TAP_TEST(refused_tap_twice),
		TAP_TEST(refused_second_behind_any),
		TAP_TEST(refused_shapes),
		TAP_TEST(refused_copies),
		TAP_TEST(limits),
		TAP_TEST(origin_numbers),
		TAP_TEST(match_numbers),
		TAP_TEST(giver_of_a_hop),
		TAP_TEST(fig23),
		TAP_TEST(external_behind_uplink),
		TAP_TEST(from_a_device),
		TAP_TEST(from_a_firewall),
		TAP_TEST(pool_in_the_middle),
		TAP_TEST(pools_in_a_row),
		TAP_TEST(pool_left_out),
		TAP_TEST(refused_pools),
		TAP_TEST(pools_too_many),
		TAP_TEST(refused_edges),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
