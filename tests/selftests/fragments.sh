#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-17
# Timeout: 240
# Datagrams larger than the MTU: put together by the engine so that their ports
# can be seen, sent on in pieces that fit, through a device and to an IDS, with
# and without translation, both ways.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- h0 one, d0 ids
#                             |  i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq tcpdump python3

CASES="nat_4 nat_6 loopback_4 loopback_6 forged_4 small_mtu_4 small_mtu_6"

one=""
M_ONE=02:00:00:00:11:01

setup()
{
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_hop one 1 "$sw40" $M_ONE 11 || bail "no device"
	topo_ids "$sw40" || bail "no IDS"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	udp_start srv1 2007 $S1_4 $S1_6
}

# base MODE WORDS_OF_MODE...
base()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		device add one kind inline outer i1 mac $M_ONE
		device add ids0 kind tap outer i1 mac $M_IDS
		device add srv1 kind server mode $* outer i3 mac $M_S1
		sequence add s step one step srv1 port 2007 copy ids0
		service add $W1 udp 7 sequence s
	EOT
}

# Whole datagrams are counted: as many at each place as were sent.
counted()
{
	check_eq "$(stat_of device one sent)" $((2 * $1)) "datagrams to the device"
	check_eq "$(stat_of device one received)" $((2 * $1)) "datagrams from it"
	check_eq "$(stat_of device ids0 sent)" $((2 * $1)) "datagrams to the IDS"
	check_eq "$(stat_of device srv1 sent)" "$1" "datagrams to the server"
	check_drops 0
}

nat()
{
	fam "$1"
	base nat address "$S1"
	capture_start ids "$ids" d0
	udp_ask "$W1" 7 5 8000 "$U1"
	quiet_ns "$cl" "$srv1"
	capture_stop ids
	# eight kilobytes make six pieces; five datagrams, two ways
	check_eq "$(capture_count ids "host $W1")" 60 "pieces at the IDS"
	counted 5
}

nat_4() { nat 4; }
nat_6() { nat 6; }

loopback()
{
	fam "$1"
	base loopback
	server_mode srv1 loopback "$W1"
	udp_start srv1 2007 "$W1"
	udp_ask "$W1" 7 5 8000 "$U1"
	quiet_ns "$cl" "$srv1"
	counted 5
}

loopback_4() { loopback 4; }
loopback_6() { loopback 6; }

# A station that has no place in the sequence cannot get in by sending pieces.
forged_4()
{
	fam 4
	base nat address "$S1"
	check sq sequence set s step srv1 port 2007
	# until then it may still hold packets of the old sequence
	busywait "$WAIT" _forged
	check_err $? "not dropped as bad-source"
}

_forged()
{
	in_ns "$one" $PY "$TOOLS/udp.pyc" ask "$W1" 7 1 8000 10.0.1.11 1 2>/dev/null
	[ "$(drops bad-source)" -ge 1 ]
}

# The way to the server is narrower than what the client sends.
small_mtu()
{
	fam "$1"
	base nat address "$S1"
	check ip -n "$pe" link set i3 mtu 1300
	defer ip -n "$pe" link set i3 mtu 1500
	check ip -n "$srv1" link set s1 mtu 1300
	defer ip -n "$srv1" link set s1 mtu 1500
	udp_ask "$W1" 7 5 8000 "$U1"
	quiet_ns "$cl" "$srv1"
	counted 5
}

small_mtu_4() { small_mtu 4; }
small_mtu_6() { small_mtu 6; }

run_cases
