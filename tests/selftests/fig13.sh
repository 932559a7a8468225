#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: G-01 G-03 G-04 G-11
# Timeout: 500
# Figure 13: three customers have each a firewall of their own. Their rules move
# into the engine, and one firewall that knows nothing of customers does for all
# of them. What the rules say stays the same: each probe has the verdict of the
# customer's own firewall. A customer's edit does not touch the others.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- h0 one
#                             i3 --- s1 srv1
#   gen g* --- o0 cust_a, cust_b, cust_c o1 --- k* sink

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
# shellcheck source=acl-common.sh
. "$TESTS_DIR/acl-common.sh"
need_cmd svcseq nft jq python3 nginx curl

CASES="shared_4 shared_6 edit_4 edit_6 losses"

# shellcheck disable=SC2034 # by their names
one="" gen="" sink="" cust_a="" cust_b="" cust_c=""

setup()
{
	topo_core || bail "no core"
	topo_hop one 1 - 02:00:00:00:11:11 11 || bail "no firewall"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	probe_warm
	setup_ns gen sink
	ns_host "$gen"
	ns_host "$sink"
	oracle cust_a || bail "no firewall of A"
	oracle cust_b || bail "no firewall of B"
	oracle cust_c || bail "no firewall of C"
	rules_a | oracle_rules cust_a || bail "no rules of A"
	rules_b | oracle_rules cust_b || bail "no rules of B"
	rules_c | oracle_rules cust_c || bail "no rules of C"
	web_start srv1 80 || bail "no web server"
}

# Default deny, sets, ranges, a chain.
rules_a()
{
	cat <<-EOT
		table inet fw {
			set friends {
				type ipv4_addr; flags interval
				elements = { 203.0.113.0/26, 203.0.113.128-203.0.113.140, 203.0.113.255 }
			}
			set friends6 {
				type ipv6_addr; flags interval
				elements = { 2001:db8:9::/64, 2001:db8:9:5::10-2001:db8:9:5::20 }
			}
			chain forward {
				type filter hook forward priority 0; policy drop;
				tcp sport 0-1023 drop
				ip daddr $W1_4 tcp dport 80 jump web
				ip6 daddr $W1_6 tcp dport 80 jump web
				ip saddr @friends udp dport { 53, 123 } accept
				ip6 saddr @friends6 udp dport { 53, 123 } accept
			}
			chain web {
				meta length > 1200 drop
				ip saddr 203.0.113.5 drop
				accept
			}
		}
	EOT
}

# A table for each family, default accept, negations.
rules_b()
{
	cat <<-EOT
		table ip fw {
			chain forward {
				type filter hook forward priority 0; policy accept;
				ip saddr != 203.0.113.0/25 tcp dport 443 drop
				udp dport 53 udp sport != { 53, 1024-65535 } drop
				ip saddr 203.0.113.7 meta l4proto udp drop
			}
		}
		table ip6 fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ip6 saddr 2001:db8:9::/48 tcp dport { 80, 443 } accept
				ip6 saddr != 2001:db8:9:5::/64 udp dport 53 accept
			}
		}
	EOT
}

# Concatenations, and the order of rules.
rules_c()
{
	cat <<-EOT
		table inet fw {
			set open {
				type inet_proto . inet_service; flags interval
				elements = { tcp . 80, tcp . 443, udp . 100-200 }
			}
			chain forward {
				type filter hook forward priority 0; policy drop;
				ip saddr 203.0.113.64/27 accept
				ip saddr 203.0.113.0/24 tcp dport 443 drop
				ip6 saddr 2001:db8:9::/64 tcp dport 443 drop
				meta l4proto . th dport @open accept
				meta length 0-99 udp dport 53 accept
			}
		}
	EOT
}

base()
{
	local w port

	fam "$1"
	{
		echo "port add i0 role uplink"
		echo "port add i1 role device"
		echo "port add i3 role device"
		echo "device add one kind inline outer i1 mac 02:00:00:00:11:11"
		echo "device add srv1 kind server mode loopback outer i3 mac $M_S1"
		echo "sequence add s step one step srv1"
		for w in a b c; do
			echo "acl import $w nft $TMP/cust_$w.json"
		done
		for w in "$W1 a" "$W2 b" "$W3 c"; do
			for port in "tcp 80" "tcp 443" "udp 53" "udp 123"; do
				echo "service add ${w% *} $port sequence s acl ${w#* }"
			done
		done
	} | engine_setup
}

# probes SERVICE_ADDRESS COUNT: random ones, around what the rules name
probes()
{
	$PY - "$@" <<-'EOT'
		import random, sys

		dst, count = sys.argv[1], int(sys.argv[2])
		rnd = random.Random(dst)
		if ":" in dst:
		    hosts = ["2001:db8:9::1", "2001:db8:9::ffff", "2001:db8:9:1::1",
		             "2001:db8:9:5::f", "2001:db8:9:5::10",
		             "2001:db8:9:5::20", "2001:db8:9:5::21", "2001:db8:a::1",
		             "2001:db8:8:ffff::1"]
		else:
		    hosts = ["203.0.113.%d" % i for i in
		             (0, 1, 5, 7, 31, 32, 63, 64, 95, 96, 127, 128, 140, 141,
		              254, 255)] + ["203.0.112.255", "203.0.114.0"]
		for _ in range(count):
		    proto, port = rnd.choice([("tcp", 80), ("tcp", 443), ("udp", 53),
		                              ("udp", 123)])
		    print(rnd.choice(hosts), dst, proto,
		          rnd.choice([1, 53, 54, 1023, 1024, 40000]), port,
		          rnd.choice([76, 98, 99, 100, 101, 1199, 1200, 1201]))
	EOT
}

# judged NAME ADDRESS: the same probes for the engine and for the customer's own
# firewall
judged()
{
	local name=$1

	probes "$2" 400 >"$TMP/$name.in"
	[ -e "$TMP/cust_$name.$F" ] || {
		oracle_says "cust_$name" <"$TMP/$name.in"
		mv "$TMP/cust_$name.got" "$TMP/cust_$name.$F"
	}
	# Those that pass come in by i1 once more.
	MORE=$(wc -l <"$TMP/cust_$name.$F") requests "$name" <"$TMP/$name.in"
	check_same "$TMP/$name.got" "$TMP/cust_$name.$F" \
		"verdicts of the engine and of the firewall of $name"
	[ -s "$TMP/$name.got" ] && [ "$(wc -l <"$TMP/$name.got")" -lt 400 ]
	check_err $? "all the probes of $name have the same verdict: not much of a test"
}

shared()
{
	local before

	base "$1"
	before=$(hop_count one)
	judged a "$W1"
	judged b "$W2"
	judged c "$W3"
	check_eq "$(($(hop_count one) - before))" \
		"$(cat "$TMP/a.got" "$TMP/b.got" "$TMP/c.got" | wc -l)" \
		"packets at the shared firewall"
	check_drops "$((1200 - $(cat "$TMP/a.got" "$TMP/b.got" "$TMP/c.got" | wc -l)))" \
		acl-denied
	check_no_conntrack "$pe"
}

shared_4() { shared 4; }
shared_6() { shared 6; }

# A lets web pages through to everybody and nothing else: at once, and for B
# nothing has changed.
edit()
{
	local before

	base "$1"
	server_mode srv1 loopback "$W1"
	get "http://$UW1/name" --max-time 2 >/dev/null 2>&1
	check_eq "$?" "$2" "what curl says of the page before"
	judged b "$W2"
	before=$(matched b)
	check sq acl set a default deny rule allow tcp to "$W1" port 80
	check_get "srv1 says hello" "http://$UW1/name"
	check_eq "$(matched b)" "$before" "packets of B's rules"
	judged b "$W2"
	check_eq "$(matched b)" \
		"$(for n in $before; do echo -n "$((2 * n)) "; done | sed 's/ $//')" \
		"packets of B's rules after twice the same probes"
	check sq acl set a default deny
	get "http://$UW1/name" --max-time 2 >/dev/null 2>&1
	check_eq "$?" 28 "what curl says of the page afterwards"
	check_eq "$(sq -j acl show b | jq '.[0].generation')" 1 "generation of B's list"
	server_mode srv1 nat "$W1"
}

edit_4() { edit 4 0; }
edit_6() { edit 6 0; }

# What a list cannot say is told, rule by rule, and nothing is taken unless that
# is asked for.
losses()
{
	base 4
	cat >"$TMP/old" <<-EOT
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established,related accept
				iifname "eth0" accept
				tcp dport 80 log accept
				tcp dport 443 reject
				udp dport 53 limit rate 1/second accept
				udp dport 123 accept
			}
			chain input {
				type filter hook input priority 0; policy drop;
				tcp dport 22 accept
			}
		}
	EOT
	oracle_rules cust_c <"$TMP/old" || check_err 1 "nft takes no such rules"
	check_refused "5 rules of .* cannot be expressed in full, see above; --partial imports the rest" \
		sq acl import old nft "$TMP/cust_c.json"
	check_refused "there is no acl 'old'" sq acl show old
	sq acl import old nft "$TMP/cust_c.json" --partial 2>"$TMP/said"
	check_err $? "--partial"
	check_eq "$(sed 's/.*handle [0-9]*: //' "$TMP/said")" \
"not imported: it asks for the state of a connection, which the engine does not keep.
not imported: it is for an interface; tie the list to a port instead.
imported, but without its log.
imported, but without an answer: deny drops what reject answers.
not imported: a list has nothing like \"limit\".
chain inet fw input: 1 rules that forwarded packets do not meet are left out." \
		"what is told"
	check_eq "$(sq acl show old)" "old default deny # rules 3
    1 allow tcp to any port 80
    2 deny tcp to any port 443
    3 allow udp to any port 123" "the list"
	rules_c | oracle_rules cust_c
}

run_cases
