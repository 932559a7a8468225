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
		addr = service_addr(pkt->svc);
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
           "kmod/table/program.c", "copy->set_port = (u16)pc->set;",
           "copy->set_port = 0;"),
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
    Mutant("from-is-uplink", "fig12.sh",
           "what a device sends of its own accord is taken from an uplink only",
           "kmod/core/plan.c", "return seq->from;", "return NULL;"),
    Mutant("client-is-server", "fig23.sh",
           "a service by client is looked up by the server's address",
           "kmod/path/origin.c", "pkt_addr(pkt, request == server),",
           "pkt_addr(pkt, request),"),
    Mutant("pieces-of-anybody", "fragments.sh",
           "pieces of different stations are put together",
           "kmod/path/fragment.c", "(u16)siphash_1u64(origin, &key);",
           "(u16)(siphash_1u64(origin, &key) & 0);"),
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
	hop = svcseq_origin_hop(&pkt);
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
	hop = svcseq_origin_hop(&pkt);
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
           "if (row->origin == origin && row_fits(row->match, pkt, wire))",
           "if ((u16)row->origin == (u16)origin && row_fits(row->match, pkt, wire))"),
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
	unsigned int len = pkt->skb->len;

	svcseq_stats_add(pkt->prog->stats, hop->index, len);
""", """\
	unsigned int len = pkt->skb->len;

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
           "kmod/table/trace.c", "(!f->port || svc->port == f->port);",
           "(!f->port || svc->port);"),
    Mutant("ports-overlap", "wide.sh",
           "ports of one address belong to two services",
           "kmod/core/range.c",
           "return strict || svcseq_range_is_all(a) ==",
           "return strict && svcseq_range_is_all(a) =="),
    Mutant("silent", "ynl.sh",
           "changes are not reported",
           "kmod/control/noun.c",
           "	if (!genl_has_listeners(&svcseq_nl_family, sn->net,",
           "	if (genl_has_listeners(&svcseq_nl_family, sn->net,"),
]
