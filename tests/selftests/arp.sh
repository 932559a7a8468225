#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-13
# Timeout: 300
# The address of a service is on no host; the engine answers for it on its
# uplinks (ARP, neighbour discovery), announces it when its first service is
# added and when an uplink comes up, and does neither where it must not.
#
#   cl c0 --- r0 rt r1 --- i0 pe i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 arping

CASES="on_link_4 on_link_6 taken_4 taken_6 not_ours off_4 device_port
	announced_once_4 announced_once_6 many comes_up multicast"

setup()
{
	topo_core || bail "no core"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	web_start srv1 80 || bail "no web server"
	server_mode srv1 loopback $W1_4 $W1_6
}

base()
{
	fam "$1"
	engine_setup <<-EOT
		port add i0 role uplink $2
		port add i3 role device
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add s step srv1
		service add $W1 tcp 80 sequence s
	EOT
}

# The router looks for the service on the wire, and finds the engine.
on_link()
{
	base "$1"
	ip -n "$rt" "-$F" route add "$W1/$ALEN" dev r1
	defer ip -n "$rt" "-$F" route del "$W1/$ALEN" dev r1
	check_get "srv1 says hello" "http://$UW1/name"
	quiet_ns "$cl" "$srv1"
	[[ $(ip -n "$rt" "-$F" neigh show "$W1" dev r1) == *"lladdr $M_I0"* ]]
	check_err $? "neighbour: $(ip -n "$rt" "-$F" neigh show "$W1" dev r1)"
	check_drops 0
	# ... also when it only asks again whether that is still so
	ip -n "$rt" neigh change "$W1" dev r1 nud delay
	busywait "$WAIT" _reachable
	check_err $? "not confirmed: $(ip -n "$rt" "-$F" neigh show "$W1" dev r1)"
	ip -n "$rt" neigh flush dev r1
}

# A probe is sent once a packet has been, and answered by unicast.
_reachable()
{
	in_ns "$rt" $PY "$TOOLS/send.pyc" r0 $M_R0 $M_CL "$W1" "$U1" udp 7 9
	[[ $(ip -n "$rt" "-$F" neigh show "$W1" dev r1) == *REACHABLE* ]]
}

on_link_4() { on_link 4; }
on_link_6() { on_link 6; }

# Whoever is about to take the address hears that it is used.
taken_4()
{
	base 4
	in_ns "$rt" arping -D -q -I r1 -c 1 -w "$WAIT" "$W1"
	check_eq $? 1 "arping -D"
}

taken_6()
{
	base 6
	ns_sysctl "$rt" net.ipv6.conf.r1.accept_dad=1
	defer ns_sysctl "$rt" net.ipv6.conf.r1.accept_dad=0
	ip -n "$rt" addr add "$W1/64" dev r1
	defer ip -n "$rt" addr del "$W1/64" dev r1
	busywait "$WAIT" _dadfailed
	check_err $? "the address was not found to be used: $(ip -n "$rt" addr show dev r1)"
}

_dadfailed()
{
	[[ $(ip -n "$rt" -6 addr show dev r1 dadfailed) == *"$W1/"* ]]
}

# asks ADDRESS: ARP requests for it, then one that the engine's host answers,
# so that an answer to the first would be there, too; prints the answers
asks()
{
	capture_start "arp-$1" "$rt" r1 arp
	in_ns "$rt" arping -q -I r1 -c 1 -w 1 "$1" >/dev/null
	check in_ns "$rt" arping -q -I r1 -c 1 -w "$WAIT" 10.0.0.1
	capture_stop "arp-$1"
	capture_count "arp-$1" "arp[6:2] == 2 and arp[14:4] == $(hex4 "$1")"
}

# hex4 ADDRESS: as tcpdump wants it
hex4()
{
	local IFS=.

	# shellcheck disable=SC2086 # four words
	printf '0x%02x%02x%02x%02x' $1
}

not_ours()
{
	base 4
	check_eq "$(asks "$W1")" 1 "answers for the service"
	check_eq "$(asks "$W2")" 0 "answers for an address that no service has"
	check sq service del "$W1" tcp 80
	check_eq "$(asks "$W1")" 0 "answers for a service that is gone"
}

off_4()
{
	base 4 "answer off"
	check_eq "$(sq port show i0)" "i0 role uplink answer off" "port"
	check_eq "$(asks "$W1")" 0 "answers of a port that does not"
	check sq port set i0 answer on
	check_eq "$(sq port show i0)" "i0 role uplink" "port"
	check_eq "$(asks "$W1")" 1 "answers of a port that does"
}

# Towards the devices the address may well be somebody's.
device_port()
{
	base 4
	capture_start dev "$srv1" s1 arp
	in_ns "$srv1" arping -q -I s1 -c 1 -w 1 "$W1" >/dev/null 2>&1
	check in_ns "$srv1" arping -q -I s1 -c 1 -w "$WAIT" 10.0.3.1
	capture_stop dev
	check_eq "$(capture_count dev "arp[6:2] == 2 and arp[14:4] == $(hex4 "$W1")")" \
		0 "answers on a device's port"
	check_refused "only an uplink with MAC addresses does" \
		sq port set i3 answer on
}

# announced CAPTURE ADDRESS: how often an address was announced there, by i0
announced()
{
	if [[ $2 == *:* ]]; then
		capture_count "$1" "ether src $M_I0 and src $2 and icmp6 and ip6[40] == 136 and dst ff02::1"
	else
		capture_count "$1" "ether src $M_I0 and arp[6:2] == 1 and arp[14:4] == $(hex4 "$2") and arp[24:4] == $(hex4 "$2")"
	fi
}

announced_once()
{
	base "$1"
	# what base announces is on its way
	busywait "$WAIT" _asked
	check sq service del "$W1" tcp 80
	capture_start "ann$F" "$rt" r1 "arp or icmp6"
	check sq service add "$W1" tcp 80 sequence s
	check sq service add "$W1" tcp 81 sequence s
	check sq service add "$W2" tcp 80 sequence s
	busywait "$WAIT" _announced "ann$F" "$W2"
	check_err $? "$W2 is not announced"
	capture_stop "ann$F"
	check_eq "$(announced "ann$F" "$W1")" 1 "announcements of $W1"
	check_eq "$(announced "ann$F" "$W2")" 1 "announcements of $W2"
}

_announced()
{
	[ "$(announced "$1" "$2")" -ge "${3:-1}" ]
}

# One round trip to the engine's work queue: a second service is announced.
_asked()
{
	capture_start probe "$rt" r1 "arp or icmp6"
	sq service add "$W3" tcp 80 sequence s
	busywait "$WAIT" _announced probe "$W3"
	sq service del "$W3" tcp 80
	capture_stop probe
}

announced_once_4() { announced_once 4; }
announced_once_6() { announced_once 6; }

# Many addresses are announced one by one, and none is forgotten.
many()
{
	local i n=700

	base 4
	capture_start many "$rt" r1 arp
	for ((i = 0; i < n; i++)); do
		echo "service add 198.18.$((i / 250)).$((i % 250)) tcp 80 sequence s"
	done >"$TMP/many"
	check engine <"$TMP/many"
	busywait "$WAIT" _announced many 198.18.$(((n - 1) / 250)).$(((n - 1) % 250))
	check_err $? "the last address is not announced"
	capture_stop many
	check_eq "$(capture_count many "ether src $M_I0 and arp[6:2] == 1 and arp[14:2] == 0xc612 and arp[24:2] == 0xc612")" \
		$n "announcements"
}

# The cable was out: the other end may have forgotten.
comes_up()
{
	base 4
	busywait "$WAIT" _asked
	capture_start up "$rt" r1 arp
	ip -n "$rt" link set r1 down
	ip -n "$rt" link set r1 up
	defer ip -n "$rt" route replace 198.51.100.0/24 via 10.0.0.1
	busywait "$WAIT" _announced up "$W1"
	check_err $? "not announced again"
	capture_stop up
}

# Solicitations go to groups that the engine's host is not in.
multicast()
{
	base 6
	[[ $(ip -n "$pe" -d link show i0) == *"allmulti 1"* ]]
	check_err $? "the uplink does not receive all multicast"
	check sq port set i0 answer off
	[[ $(ip -n "$pe" -d link show i0) == *"allmulti 0"* ]]
	check_err $? "the uplink still receives all multicast"
	check sq port set i0 answer on
	check sq service del "$W1" tcp 80
	check sq port del i0
	[[ $(ip -n "$pe" -d link show i0) == *"allmulti 0"* ]]
	check_err $? "what was a port still receives all multicast"
}

run_cases
