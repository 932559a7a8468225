#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: L-08 L-09
# Timeout: 200
# Quality of service: packets of a service are marked with its DSCP at the edge,
# ECN and checksums untouched, those of others are not; and the DSCP of a packet
# chooses its queue on the way out.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- h0 one
#                             i3 --- s1 srv1 (mode nat)

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 nft tc

CASES="marked_4 marked_6 kept_4 kept_6 changed_4 words queues_4 queues_6"

one=""
M_ONE=02:00:00:00:11:01

setup()
{
	topo_core || bail "no core"
	topo_hop one 1 - $M_ONE 11 || bail "no device"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	web_start srv1 80 || bail "no web server"
	udp_start srv1 7 $S1_4 $S1_6
	# What comes with congestion marks must leave with them.
	ns_sysctl "$cl" net.ipv4.tcp_ecn=1
	ns_sysctl "$srv1" net.ipv4.tcp_ecn=1
}

# base FAMILY WORDS_OF_SERVICE...
base()
{
	fam "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		device add one kind inline outer i1 mac $M_ONE
		device add srv1 kind server mode nat address $S1 outer i3 mac $M_S1
		sequence add s step one step srv1
		service add $W1 tcp 80 sequence s ${*:2}
		service add $W1 udp 7 sequence s
	EOT
}

# class CAPTURE FILTER: how often each traffic class (DSCP and ECN) is there
class()
{
	$PY - "$TOOLS" "$TMP/$1.pcap" "$2" <<-'EOT'
		import collections
		import sys
		sys.path.insert(0, sys.argv[1])
		import frames
		seen = collections.Counter()
		for f in frames.read_pcap(sys.argv[2]):
		    if f.ip is None or f.ip.proto != 6:
		        continue
		    if sys.argv[3] not in (frames.text_ip(f.ip.src) + ">",
		                           ">" + frames.text_ip(f.ip.dst)):
		        continue
		    raw = f.ip.raw
		    tc = raw[1] if f.ip.version == 4 else \
		        (raw[0] & 15) << 4 | raw[1] >> 4
		    seen[tc] += 1
		    state = f.ip.checksums()
		    if state.startswith("bad"):
		        print(state)
		for tc in sorted(seen):
		    print(f"dscp={tc >> 2} ecn={tc & 3}")
	EOT
}

page()
{
	caps_start "rt-r1=$rt:r1" "one-h0=$one:h0" "srv-s1=$srv1:s1" "cl-c0=$cl:c0"
	check_get "srv1 says hello" "http://$UW1/name"
	check_bulk srv1 "http://$UW1/bulk"
	quiet_ns "$cl" "$srv1"
	caps_stop
}

# Requests from the uplink on, replies from there on; before, they are as sent.
marked()
{
	base "$1" dscp ef
	page
	check_eq "$(class one-h0 ">$W1" | xargs)" "dscp=46 ecn=0 dscp=46 ecn=2" \
		"requests at the device"
	check_eq "$(class srv-s1 ">$S1" | xargs)" "dscp=46 ecn=0 dscp=46 ecn=2" \
		"requests at the server"
	check_eq "$(class srv-s1 "$S1>" | xargs)" "dscp=0 ecn=0 dscp=0 ecn=2" \
		"replies at the server"
	check_eq "$(class cl-c0 "$W1>" | xargs)" "dscp=46 ecn=0 dscp=46 ecn=2" \
		"replies at the client"
	check_eq "$(class cl-c0 ">$W1" | xargs)" "dscp=0 ecn=0 dscp=0 ecn=2" \
		"requests at the client"
	check_drops 0
}

marked_4() { marked 4; }
marked_6() { marked 6; }

# A service that says nothing leaves it alone.
kept()
{
	local ip=ip

	base "$1"
	[ "$F" = 4 ] || ip=ip6
	check in_ns "$cl" nft "add table inet q; add chain inet q o { type filter hook output priority 0; }; add rule inet q o $ip dscp set cs3"
	defer in_ns "$cl" nft delete table inet q
	page
	check_eq "$(class srv-s1 ">$S1" | xargs)" "dscp=24 ecn=0 dscp=24 ecn=2" \
		"requests at the server"
	check_eq "$(class cl-c0 "$W1>" | xargs)" "dscp=0 ecn=0 dscp=0 ecn=2" \
		"replies at the client"
	check_drops 0
}

kept_4() { kept 4; }
kept_6() { kept 6; }

changed_4()
{
	base 4 dscp af41
	check_eq "$(sq service show "$W1" tcp 80)" \
		"$W1 tcp 80 sequence s dscp af41" "service"
	check sq service set "$W1" tcp 80 dscp 1
	check_eq "$(sq -j service show "$W1" tcp 80 | jq -r '.[0].dscp')" le "service"
	page
	check_eq "$(class srv-s1 ">$S1" | xargs)" "dscp=1 ecn=0 dscp=1 ecn=2" \
		"requests at the server"
	check sq service set "$W1" tcp 80 dscp keep
	check_eq "$(sq service show "$W1" tcp 80)" "$W1 tcp 80 sequence s" "service"
	page
	check_eq "$(class srv-s1 ">$S1" | xargs)" "dscp=0 ecn=0 dscp=0 ecn=2" \
		"requests at the server"
}

words()
{
	base 4
	check_refused '"64" is not a DSCP' sq service set "$W1" tcp 80 dscp 64
	check_refused '"ex" is not a DSCP' sq service set "$W1" tcp 80 dscp ex
	check_refused 'only once' sq service set "$W1" tcp 80 dscp 1 dscp 2
	check_refused 'needs "sequence"' sq service add "$W2" tcp 80 dscp 1
	check_refused 'no service' sq service set "$W2" tcp 80 dscp 1
}

# band N: packets in a band of the queue on the server's port
band()
{
	in_ns "$pe" tc -s -j class show dev i3 |
		jq ".[] | select(.handle == \"1:$1\") | .stats.packets // .packets"
}

# The default map of prio: control and interactive first, bulk last.
queues()
{
	local ip=ip n=0 word bands=() i

	base "$1"
	[ "$F" = 4 ] || ip=ip6
	check in_ns "$pe" tc qdisc add dev i3 root handle 1: prio
	defer in_ns "$pe" tc qdisc del dev i3 root
	check in_ns "$cl" nft "add table inet q; add chain inet q o { type filter hook output priority 0; }"
	defer in_ns "$cl" nft delete table inet q
	for word in cs6/1 ef/1 cs1/3 cs0/2; do
		in_ns "$cl" nft "flush chain inet q o; add rule inet q o $ip dscp set ${word%/*}"
		for i in 1 2 3; do
			bands[i]=$(band $i)
		done
		udp_ask "$W1" 7 10 100 "$U1"
		i=${word#*/}
		n=$(($(band "$i") - bands[i]))
		[ "$n" -ge 10 ]
		check_err $? "${word%/*}: $n packets in band $i"
	done
}

queues_4() { queues 4; }
queues_6() { queues 6; }

run_cases
