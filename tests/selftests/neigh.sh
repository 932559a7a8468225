#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-09
# Timeout: 300
# Arms named by address: the kernel's neighbour table finds the MAC, and the
# engine follows when it changes, for what it sends and for what it takes in.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- h0 one
#                             i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl python3

CASES="resolved_4 resolved_6 mac_changes_4 mac_changes_6 gateway_4 gateway_6
	unreachable"

one=""
M_ONE=02:00:00:00:11:01
M_NEW=02:00:00:00:11:99

setup()
{
	topo_core || bail "no core"
	topo_hop one 1 - $M_ONE 11 || bail "no device"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	web_start srv1 80 || bail "no web server"
	server_mode srv1 loopback $W1_4 $W1_6
}

base()
{
	fam "$1"
	if [ "$1" = 4 ]; then
		V1=10.0.1.11 VS=10.0.3.2 GW=10.0.0.254
	else
		V1=fd00:1::11 VS=fd00:3::2 GW=fd00:0::fe
	fi
	ip -n "$pe" neigh flush all
	engine_setup <<-EOT
		port add i0 role uplink ${2:-}
		port add i1 role device
		port add i3 role device
		device add one kind inline outer i1 via $V1
		device add srv1 kind server mode loopback outer i3 via $VS
		sequence add s step one step srv1
		service add $W1 tcp 80 sequence s
	EOT
}

# resolved_mac DEVICE: what the engine found
resolved_mac()
{
	sq -j device show "$1" | jq -r '.[0].arms[0].resolved[0] // ""'
}

resolved_is()
{
	[ "$(resolved_mac "$1")" = "$2" ]
}

# The MAC is looked for as soon as the arm is described, not with the first
# packet.
resolved()
{
	base "$1"
	busywait "$WAIT" resolved_is one $M_ONE
	check_err $? "the MAC is '$(resolved_mac one)', not $M_ONE"
	busywait "$WAIT" resolved_is srv1 $M_S1
	check_err $? "the MAC is '$(resolved_mac srv1)', not $M_S1"
	check_get "srv1 says hello" "http://$UW1/name"
	check_drops 0
	check_eq "$(sq -j table show | jq -r '.[0]."dst-mac"')" $M_ONE \
		"destination in the table"
}

resolved_4() { resolved 4; }
resolved_6() { resolved 6; }

mac_changes()
{
	base "$1"
	busywait "$WAIT" resolved_is one $M_ONE
	check_err $? "not resolved"
	check_get "srv1 says hello" "http://$UW1/name"

	ip -n "$one" link set h0 address $M_NEW
	defer ip -n "$one" link set h0 address $M_ONE
	# The device says so itself, as hosts do that take over an address.
	if [ "$1" = 4 ]; then
		check in_ns "$one" arping -U -c 1 -I h0 10.0.1.11
	else
		# An address that is set anew is announced.
		ns_sysctl "$one" net.ipv6.conf.h0.ndisc_notify=1
		ip -n "$one" link set h0 down
		ip -n "$one" link set h0 up
		ip -n "$one" addr replace fd00:1::11/64 dev h0 nodad
		ip -n "$one" route replace default via fd00:1::1
		ip -n "$one" route replace default via 10.0.1.1
		check in_ns "$one" ping -q -c 1 -W 5 fd00:1::1
	fi
	busywait "$WAIT" resolved_is one $M_NEW
	check_err $? "the MAC is '$(resolved_mac one)', not $M_NEW"
	check_get "srv1 says hello" "http://$UW1/name"
}

mac_changes_4() { mac_changes 4; }
mac_changes_6() { mac_changes 6; }

# Replies leave by the gateway of the uplink; the routing table is not asked.
gateway()
{
	local x=$1

	[ "$1" = 4 ] && base 4 "gateway 10.0.0.254" || base 6 "gateway fd00:0::fe"
	ip -n "$pe" "-$x" route del default
	defer ip -n "$pe" "-$x" route add default via "$GW"
	check_get "srv1 says hello" "http://$UW1/name"
	check_drops 0
}

gateway_4() { gateway 4; }
gateway_6() { gateway 6; }

# Nobody has the address: packets for it are dropped, and counted.
unreachable()
{
	fam 4
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		device add ghost kind inline outer i1 via 10.0.1.77
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add s step ghost step srv1
		service add $W1 tcp 80 sequence s
	EOT
	get "http://$UW1/name" --max-time 2 >/dev/null 2>&1
	check_fail $? "a page through a device that is not there"
	check_eq "$(stat_of device srv1 sent)" 0 "packets to the server"
	check_eq "$(sq -j device show ghost | jq '.[0].arms[0] | has("resolved")')" \
		false "a MAC was made up"
}

run_cases
