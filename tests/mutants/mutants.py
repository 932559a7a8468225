# SPDX-License-Identifier: GPL-2.0
"""Faults, each of which some selftest has to notice.

A mutant names the test, the file, and the text that another text replaces; the
text must stand in the file exactly once.  One line per mutant says what would
go wrong for a user.
"""

from collections import namedtuple

Mutant = namedtuple("Mutant", "name test what file old new")

MUTANTS = [
    Mutant("drop-name", "cli.sh",
           "a drop reason has a name that the manual does not know",
           "kmod/table/counters.c", '"bad-source"', '"bad-src"'),
    Mutant("reply-keeps-address", "fig5.sh",
           "replies of a server in mode nat keep the server's address",
           "kmod/path/rewrite.c", """\
	else if (hop->flags & SVCSEQ_HOP_NAT_SRC)
		addr = svcseq_service_addr(pkt->svc);
	if (hop->flags & SVCSEQ_HOP_SET_PORT)""", """\
	if (hop->flags & SVCSEQ_HOP_SET_PORT)"""),
    Mutant("nat-reply-unknown", "fig6.sh",
           "replies by a server's own address are not told from others",
           "kmod/path/origin.c", """\
	if (key->nat)
		wire |= SVCSEQ_MATCH_NAT;
""", ""),
    Mutant("copy-has-outer-port", "fig7-fou.sh",
           "the copy behind a VPN carries the port before it",
           "kmod/core/plan.c", "hc->set = wire->segment[step];",
           "hc->set = wire->segment[0];"),
    Mutant("alias-own-protocol", "fig7-wg.sh",
           "what a VPN turns UDP into is not known to be of the service",
           "kmod/table/service.c",
           "u8 proto = svcseq_match_proto(alias, svc->proto);",
           "u8 proto = svc->proto;"),
    Mutant("port-not-turned-back", "fig8.sh",
           "a translated port is not turned back in replies",
           "kmod/table/program.c", "hop->set_port = (u16)plan->set;",
           "hop->set_port = (u16)plan->set ?: 1;"),
    Mutant("no-dynamic-ports", "fig9.sh",
           "a port that the server negotiates is not the service's",
           "kmod/table/service.c",
           "if (err || !key->own || !svc->dynamic_first)",
           "if (err || key->own || !svc->dynamic_first)"),
    Mutant("voice-is-not-carried", "call.sh",
           "a datagram over IPv6 has no ports and is of no service",
           "kmod/core/view.h",
           "return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||",
           "return proto == IPPROTO_TCP ||"),
    Mutant("from-is-uplink", "fig12.sh",
           "what a device sends of its own accord is taken from an uplink only",
           "kmod/core/plan.c", "return seq->from;", "return NULL;"),
    Mutant("client-is-server", "fig23.sh",
           "a service by client is looked up by the server's address",
           "kmod/path/origin.c", "pkt_addr(pkt, request == server),",
           "pkt_addr(pkt, request),"),
    Mutant("pieces-of-anybody", "fragments.sh",
           "pieces of different stations are put together",
           "kmod/path/fragment.c", "(u16)siphash_2u64(",
           "(u16)0 * (u16)siphash_2u64("),
    Mutant("refusal-is-answer", "health.sh",
           "a host whose server is gone counts as answering",
           "kmod/table/health.c",
           "if (!(says & SVCSEQ_HEALTH_REFUSES))", "if (says < 8)"),
    Mutant("bucket-without-bottom", "limit.sh",
           "a limit holds nothing back",
           "kmod/table/limit.c",
           "if (full > now && next - now > (s64)most)",
           "if (full > now && next < now)"),
    Mutant("wants-a-syn", "midstream.sh",
           "a connection that began before the engine is dropped",
           "kmod/path/steer.c", """\
	return steer_looked(&pkt, true);
""", """\
	if (pkt.view.proto == IPPROTO_TCP) {
		static bool seen;
		u8 flags = skb->data[pkt.view.l4_off + 13];

		seen |= flags & 2;
		if (!seen) {
			kfree_skb(skb);
			return SVCSEQ_STOLEN;
		}
	}
	return steer_looked(&pkt, true);
"""),
    Mutant("uplink-not-heeded", "multi.sh",
           "the uplink that a sequence names is not used",
           "kmod/table/port.c", """\
	if (conf->uplink[0])
		return conf->uplink_port;
""", ""),
    Mutant("partial-is-whole", "nat-csum.sh",
           "a checksum that is still to be finished is taken for a whole one",
           "kmod/path/rewrite.c",
           ".partial = skb->ip_summed == CHECKSUM_PARTIAL,",
           ".partial = false,"),
    Mutant("old-neighbour", "neigh.sh",
           "a station's new link layer address is not noticed",
           "kmod/table/neigh.c", """\
now.known == neigh->known &&
	    ether_addr_equal(now.mac, neigh->mac))""", """\
now.known == neigh->known)"""),
    Mutant("anybody-listens", "netlink.sh",
           "whoever likes hears of changes",
           "kmod/control/netlink.c", ".flags = GENL_MCAST_CAP_NET_ADMIN,",
           ".flags = 0,"),
    Mutant("forged-source", "origin.sh",
           "a forged source address is let into the chain",
           "kmod/path/origin.c",
           "if (row->origin == origin && row_fits(row->match, pkt, wire) &&",
           "if ((u16)row->origin == (u16)origin && row_fits(row->match, pkt, wire) &&"),
    Mutant("ambiguous", "refuse.sh",
           "two steps that cannot be told apart are accepted",
           "kmod/core/plan.c", """\
			return rows_collide(seq, &plan->hop[plan->row[i].hop],
					    new, port, diag);
""", """\
			return rows_collide(seq, &plan->hop[plan->row[i].hop],
					    new, port, diag) & 0;
"""),
    Mutant("no-drain", "replace.sh",
           "what a replaced device still holds is lost",
           "kmod/svcseq.h", "#define SVCSEQ_DRAIN_MS		1000",
           "#define SVCSEQ_DRAIN_MS		0"),
    Mutant("leak", "scale.sh",
           "every packet costs memory",
           "kmod/path/emit.c", """\
	u8 dscp;

	svcseq_stats_add(pkt->prog->stats, hop->index, len);
""", """\
	u8 dscp;

	if (!kmalloc(64, GFP_ATOMIC))
		return;
	svcseq_stats_add(pkt->prog->stats, hop->index, len);
"""),
    Mutant("devices-change-nothing", "simulate.sh",
           "a simulated packet leaves a VPN as it went in",
           "kmod/path/simulate.c",
           "at->match = prog->info->hop[i].match;",
           "at->match = SVCSEQ_MATCH_OWN;"),
    Mutant("both-directions", "taps.sh",
           "a tap gets the direction that it was not to get",
           "kmod/core/plan.c", """\
		if (!(copy->dirs & hop->dir))
			continue;
""", ""),
    Mutant("taps-share-packets", "taps.sh",
           "an IDS of a pool sees one direction of a flow",
           "kmod/path/pool.c",
           "	return member_of(pkt, fork->pool, fork->at);\n",
           "	return member_of(pkt, fork->pool, fork->at) ^\n"
           "	       (pkt->dir == SVCSEQ_DIRECTION_REPLY);\n"),
    Mutant("taps-count-as-one", "taps.sh",
           "copies are all counted for the first tap of a pool",
           "kmod/path/emit.c", "copy->fork->index + tap,",
           "copy->fork->index,"),
    Mutant("one-tap-alerts", "taps.sh",
           "what another tap of a pool than the first sends is dropped",
           "kmod/core/plan.c",
           "m < svcseq_plan_ntaps(copy) && !err; m++) {",
           "m < 1 && !err; m++) {"),
    Mutant("all-in-one-go", "million.sh",
           "a processor stands still while a million services are deleted",
           "kmod/table/service.c",
           "		svcseq_service_del(sn, svc);\n		cond_resched();\n",
           "		svcseq_service_del(sn, svc);\n"),
    Mutant("router-not-seen", "remote.sh",
           "an alias server behind a router is taken, and never answers",
           "kmod/table/neigh.c",
           "	return gw->v4 != addr->v4;\n", "	return false;\n"),
    Mutant("bytes-not-counted", "fig8.sh",
           "a service's bytes are packets",
           "kmod/table/counters.h",
           "	u64_stats_add(&s->c[i].bytes, len);\n",
           "	u64_stats_add(&s->c[i].bytes, !!len);\n"),
    Mutant("steps-are-one", "fig7-wg.sh",
           "all that a service's devices get is counted for the first",
           "kmod/path/emit.c",
           "	svcseq_stats_add(pkt->prog->stats, hop->index, len);\n",
           "	svcseq_stats_add(pkt->prog->stats, 0, len);\n"),
    Mutant("device-held", "teardown.sh",
           "a net device is never given back",
           "kmod/table/port.c", "	netdev_put(port->dev, &port->dev_tracker);\n",
           ""),
    Mutant("check-eq", "testbed.sh",
           "a check of the test bed cannot fail",
           "tests/selftests/lib.sh", "check_same()\n{\n",
           "check_same()\n{\n\treturn 0\n"),
    Mutant("trace-of-others", "trace.sh",
           "a trace of one service shows those of its neighbours",
           "kmod/table/trace.c", "	return !f->port || (f->port >= svc->first",
           "	return f->port || (f->port >= svc->first"),
    Mutant("ports-overlap", "wide.sh",
           "ports of one address belong to two services",
           "kmod/core/range.c",
           "return strict || svcseq_range_is_all(a) ==",
           "return strict && svcseq_range_is_all(a) =="),
    Mutant("any-path", "track.sh",
           "a packet with the position of another sequence is let in",
           "kmod/path/tag.c", " || want->path != have->path)\n", ")\n"),
    Mutant("mark-stays", "track.sh",
           "the mark of the last step goes out with the packet",
           "kmod/table/tag.c",
           "		hop->flags |= SVCSEQ_HOP_MARK | SVCSEQ_HOP_UNMARK;\n",
           "		hop->flags |= SVCSEQ_HOP_UNMARK;\n"),
    Mutant("header-has-no-size", "track.sh",
           "a packet that does not fit with its header is sent",
           "kmod/path/emit.c", "	mtu -= min(mtu, more);\n	if (likely",
           "	if (likely"),
    Mutant("silent", "ynl.sh",
           "changes are not reported",
           "kmod/control/noun.c",
           "	if (!genl_has_listeners(&svcseq_nl_family, sn->net,",
           "	if (genl_has_listeners(&svcseq_nl_family, sn->net,"),
    Mutant("quote-not-translated", "icmp.sh",
           "an error about a translated packet quotes what nobody has sent",
           "kmod/path/rewrite.c", """\
	if (unlikely(pkt->quote))
		return quote_rewrite(pkt, skb, addr, port);
""", """\
	if (unlikely(pkt->quote))
		return 0;
"""),
    Mutant("too-big-untold", "pmtu.sh",
           "nobody tells the sender of a packet that it is too big",
           "kmod/path/emit.c", "		svcseq_icmp_too_big(pkt, hop, mtu);\n",
           ""),
    Mutant("crc-not-shifted", "protocols.sh",
           "SCTP packets have a wrong checksum after port translation",
           "kmod/core/rewrite.c", "crc_mul(crc_shift(rw->l4_len), diff)",
           "crc_mul(crc_shift(rw->l4_len + 1), diff)"),
    Mutant("tags-taken", "vlan.sh",
           "frames with a VLAN tag are taken for untagged ones",
           "kmod/path/hook.c", "	return !skb_vlan_tag_get_id(skb) &&\n",
           "	return skb_vlan_tag_present(skb) ||\n"),
    Mutant("header-on-tunnels", "tun.sh",
           "packets that leave by a tunnel look for a neighbour",
           "kmod/table/program.c", "	out->bare = arm->port->bare;\n", ""),
    Mutant("copies-not-made", "fig11.sh",
           "no IDS sees anything",
           "kmod/path/emit.c", """\
	for (i = 0; i < hop->ncopies; i++)
		emit_copy(pkt, hop, i);
	if (hop->flags & SVCSEQ_HOP_REWRITE) {
""", """\
	for (i = 0; i < hop->ncopies - 1; i++)
		emit_copy(pkt, hop, i);
	if (hop->flags & SVCSEQ_HOP_REWRITE) {
"""),
    Mutant("mac-of-a-tunnel", "tun.sh",
           "a trace looks for the MAC of who sent what a tunnel brought",
           "kmod/path/watch.c", "	origin = svcseq_pkt_source(pkt);\n",
           "	origin = svcseq_origin(eth_hdr(pkt->skb)->h_source,\n"
           "			       pkt->port->id);\n"),
    Mutant("answers-for-all", "arp.sh",
           "the engine answers for addresses that no service has",
           "kmod/table/address.c", "	known = find(sn, fam, addr);\n",
           "	known = true;\n"),
    Mutant("ecn-lost", "qos.sh",
           "marking a packet takes its congestion marks away",
           "kmod/path/emit.c", """\
		ipv4_change_dsfield((struct iphdr *)l3, INET_ECN_MASK,
""", """\
		ipv4_change_dsfield((struct iphdr *)l3, 0,
"""),
    Mutant("any-port-will-do", "rough.sh",
           "a device may stand behind any port",
           "kmod/core/plan.h", "return (u64)high << 32 | (u32)low << 16 | port;",
           "return (u64)high << 32 | (u32)low << 16 | (port & 0);"),
    Mutant("checksum-off-by-one", "fuzz-port.sh",
           "translated packets have a wrong checksum now and then",
           "kmod/core/rewrite.h", "	return (u16)~from + (u32)to;",
           "	return (u16)~from + (u32)to + !(to & 0x1f);"),
    Mutant("ends-confused", "acl.sh",
           "a reply is judged with client and service confused",
           "kmod/path/acl.c",
           "	bool request = pkt->dir == SVCSEQ_DIRECTION_REQUEST;\n",
           "	bool request = pkt->svc;\n"),
    Mutant("mixed-rules", "acl.sh",
           "a packet is judged by verdicts of other rules than it matched",
           "kmod/path/acl.c", "	return test_bit(i, rules->deny);\n",
           "	return test_bit(i ? i - 1 : i, rules->deny);\n"),
    Mutant("token-for-denied", "acl.sh",
           "what an access list denies takes a token of the limit",
           "kmod/path/steer.c", """\
	if (unlikely(ties) && svcseq_acl_denies(pkt, hop, ties))
""", """\
	if (static_branch_unlikely(&svcseq_limited) &&
	    pkt_limit(pkt, hop) != SVCSEQ_NDROPS)
		return SVCSEQ_DROP_RATE_LIMIT;
	if (unlikely(ties) && svcseq_acl_denies(pkt, hop, ties))
"""),
    Mutant("no-port-is-port-0", "acl.sh",
           "a packet without ports matches rules for port 0",
           "kmod/path/acl.c", "	if (!pkt->bare) {\n", "	if (true) {\n"),
    Mutant("error-by-its-own-header", "acl.sh",
           "an ICMP error is judged by its own addresses and quoted ports",
           "kmod/path/packet.h",
           "	const struct iphdr *iph = pkt->l3;\n",
           "	const struct iphdr *iph = ip_hdr(pkt->skb);\n"),
    Mutant("simulation-counts", "acl.sh",
           "counters of rules count packets that were never sent",
           "kmod/path/acl.c", "	if (!svcseq_simulated(pkt->skb))\n",
           "	if (pkt->skb)\n"),
    Mutant("not-negated", "acl-nft.sh",
           "an imported rule matches what it is not to match",
           "userspace/cli/import-nft.c", """\
	if (is(op, "!=")) {
		spans_not(spans, bits);
""", """\
	if (is(op, "!=")) {
"""),
    Mutant("hash-of-the-source", "pool.sh",
           "a reply meets another firewall than its request",
           "kmod/path/pool.c", "	bool request = pkt->dir == SVCSEQ_DIRECTION_REQUEST;\n",
           "	bool request = pkt->svc;\n"),
    Mutant("state-not-heeded", "pool.sh",
           "a member that is down goes on to get packets",
           "kmod/table/pool.c",
           "member[i].up = m->state == SVCSEQ_MEMBER_STATE_UP;",
           "member[i].up = m->state <= SVCSEQ_MEMBER_STATE_DOWN;"),
    Mutant("member-unknown", "pool.sh",
           "what any member but the first gives back is dropped",
           "kmod/core/plan.c", "	err = rows_add(plan, seq, h, side, diag);\n",
           "	err = plan->hop[h].from_member ? 0 :\n"
           "	      rows_add(plan, seq, h, side, diag);\n"),
    Mutant("open-is-closed", "pool.sh",
           "a step that may be left out is not",
           "kmod/path/emit.c", "	if (!to && !hop->fork->open) {\n",
           "	if (!to) {\n"),
    Mutant("copies-left-out", "pool.sh",
           "a tap before a pool that is left out gets no copies",
           "kmod/path/emit.c", """\
		to = hop->fork->open;
		for (i = 0; i < hop->ncopies; i++)
			emit_copy(pkt, hop, i);
""", """\
		to = hop->fork->open;
		for (i = 0; i < 0; i++)
			emit_copy(pkt, hop, i);
"""),
    Mutant("no-alternate", "pool.sh",
           "nobody stands in for a pool that is down",
           "kmod/table/program.c",
           "	if (step->alternate)\n		fork->at",
           "	if (step->becomes_port)\n		fork->at"),
    Mutant("chosen-too-soon", "pool.sh",
           "packets are lost while a member joins",
           "kmod/table/program.c",
           "	memset(at, other, SVCSEQ_MAGLEV_NONE);\n",
           "	memset(at, other | SVCSEQ_MAGLEV_NONE, SVCSEQ_MAGLEV_NONE);\n"),
    Mutant("one-address-for-all", "pool.sh",
           "replies of the second server in mode nat are not known",
           "kmod/table/service.c",
           "return alias & SVCSEQ_MATCH_NAT ? prog->info->nservers : 1;",
           "return 1;"),
    Mutant("in-two-places", "pool.sh",
           "a device is in a pool and at another step, unseen",
           "kmod/core/plan.c",
           "			if (svcseq_plan_device(other, e) != dev ||\n",
           "			if (svcseq_plan_device(other, e) != dev || dev ||\n"),
    Mutant("slots-anew", "pool.sh",
           "all flows have another member when one joins",
           "kmod/core/choice.c",
           "up[n].id = svcseq_choice_id(member[i].name);",
           "up[n].id = svcseq_choice_id(member[i].name) + count;"),
    Mutant("one-of-a-set", "fig13.sh",
           "only the first element of a customer's set is imported",
           "userspace/cli/import-nft.c", """\
			if (!good)
				break;
			spans_add(&spans, &span);
""", """\
			if (!good || spans.n)
				break;
			spans_add(&spans, &span);
"""),
    Mutant("first-of-macs", "fig15.sh",
           "of the MAC addresses of an arm only the first is known",
           "kmod/table/program.c", "desc->nmacs = arm->nmacs;",
           "desc->nmacs = !!arm->nmacs;"),
    Mutant("down-is-up", "fig15.sh",
           "a member that was taken down goes on to get packets",
           "kmod/core/choice.c", """\
		if (!member[i].up)
""", """\
		if (!member[i].up && n)
"""),
    Mutant("outer-arm-only", "fig16.sh",
           "replies go to the outer arm of a firewall",
           "kmod/table/program.c", "arm = &conf->arm[side];",
           "arm = &conf->arm[SVCSEQ_ARM_SIDE_OUTER];"),
    Mutant("asks-once", "miswired.sh",
           "a device that answers ARP late is never heard",
           "kmod/table/neigh.c", "now.usable = n->nud_state & NUD_VALID;",
           "now.usable = n->nud_state & NUD_VALID & NUD_PERMANENT;"),
    Mutant("round-and-round", "miswired.sh",
           "a packet that a device sends back to where it was circles for ever",
           "kmod/table/tag.c", "		hop->flags |= SVCSEQ_HOP_SPEND;\n", ""),
    Mutant("mirror-has-no-port", "fig14.sh",
           "a server that stands in for another is asked at the service's port",
           "kmod/table/program.c",
           "	if ((u16)plan->match != (u16)plan->set) {\n",
           "	if ((u16)plan->match != (u16)plan->set && plan->to_member != 1) {\n"),
]
