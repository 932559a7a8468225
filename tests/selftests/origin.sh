#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-06 A-08 B-04 B-05 B-07 E-10 E-11 E-12 A-18
# Timeout: 400
# How the engine knows who handed it a packet: one-armed and two-armed
# devices, a transparent bridge, several devices on one port, an arm with
# several MAC addresses, an arm that owns its port; and what it does with a
# packet that comes from somewhere else.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- h0 one
#                             |     |`---------- h0 two
#                             |     `----------- f0 fw
#                             i2 --------------- f1
#                             i3 --- s1 srv1 (and s9)
#                             i4 --- b0 br b1 --- i5

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 nft

CASES="one_armed_4 one_armed_6 two_on_one_port_4 two_on_one_port_6
	bridge_4 bridge_6 interface_alone several_macs
	forged_source wrong_place becomes_is_no_door"

# The namespaces of this test.
one="" two="" br="" sw43=""

M_ONE=02:00:00:00:11:01
M_TWO=02:00:00:00:11:02
M_S9=02:00:00:00:05:09
M_I4=02:00:00:00:01:04
M_I5=02:00:00:00:01:05
M_BAD=02:00:00:00:66:66

setup()
{
	FW_PORTS="tcp . 80, udp . 7, udp . 5555"
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_hop one 1 "$sw40" $M_ONE 11 || bail "no first device"
	topo_hop two 1 "$sw40" $M_TWO 12 || bail "no second device"
	topo_fw "$sw40" - || bail "no firewall"
	topo_switch 3 sw43 || bail "no server switch"
	topo_server srv1 3 "$sw43" $M_S1 2 || bail "no server"
	web_start srv1 80 || bail "no web server"
	# A second network device of the server, on the same segment.
	topo_station 3 "$sw43" "$srv1" s9 $M_S9 || bail "no second device"

	setup_ns br
	ns_host "$br" net.ipv6.conf.default.disable_ipv6=1
	wire "$pe" i4 $M_I4 "$br" b0 02:00:00:00:0b:00 || bail "no bridge"
	wire "$pe" i5 $M_I5 "$br" b1 02:00:00:00:0b:01 || bail "no bridge"
	ns_ip "$br" <<-EOT
		link add br0 type bridge mcast_snooping 0
		link set b0 master br0
		link set b1 master br0
		link set br0 up
	EOT
	server_mode srv1 loopback $W1_4 $W1_6
}

# base: ports and devices that several cases want
base()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add one kind inline outer i1 mac $M_ONE
		device add two kind inline outer i1 mac $M_TWO
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		$(cat)
	EOT
}

all_caps()
{
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "pe-i2=$pe:i2" "pe-i3=$pe:i3" "srv-s1=$srv1:s1" \
		"one=$one:h0" "two=$two:h0"
}

page()
{
	check_get "srv1 says hello" "http://$UW1/name"
	quiet_ns "$cl" "$srv1"
}

one_armed()
{
	fam "$1"
	base <<-EOT
		sequence add s step one step srv1
		service add $W1 tcp 80 sequence s
	EOT
	all_caps
	page
	walk_spec <<-EOT
		watch $W1
		path request request $W1/tcp/80 s
		$(edge_in "$U1" "$W1" tcp 80)
		hop engine>one pe-i1,one $M_I1 $M_ONE $U1 $W1 tcp - 80
		hop one>engine one,pe-i1 $M_ONE $M_I1 $U1 $W1 tcp - 80
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 $U1 $W1 tcp - 80
		path reply reply $W1/tcp/80 s
		hop srv1>engine srv-s1,pe-i3 $M_S1 $M_I3 $W1 $U1 tcp 80 -
		hop engine>one pe-i1,one $M_I1 $M_ONE $W1 $U1 tcp 80 -
		hop one>engine one,pe-i1 $M_ONE $M_I1 $W1 $U1 tcp 80 -
		$(edge_out "$W1" "$U1" tcp 80)
	EOT
	walk_check
	check_drops 0
}

one_armed_4() { one_armed 4; }
one_armed_6() { one_armed 6; }

# Three devices of one chain on i1, two of them one-armed, told apart by MAC.
two_on_one_port()
{
	fam "$1"
	base <<-EOT
		sequence add s step one step fw0 step two step srv1
		service add $W1 tcp 80 sequence s
	EOT
	all_caps
	page
	walk_spec <<-EOT
		watch $W1
		path request request $W1/tcp/80 s
		$(edge_in "$U1" "$W1" tcp 80)
		hop engine>one pe-i1,one $M_I1 $M_ONE $U1 $W1 tcp - 80
		hop one>engine one,pe-i1 $M_ONE $M_I1 $U1 $W1 tcp - 80
		hop engine>fw0 pe-i1 $M_I1 $M_FW0 $U1 $W1 tcp - 80
		hop fw0>engine pe-i2 $M_FW1 $M_I2 $U1 $W1 tcp - 80
		hop engine>two pe-i1,two $M_I1 $M_TWO $U1 $W1 tcp - 80
		hop two>engine two,pe-i1 $M_TWO $M_I1 $U1 $W1 tcp - 80
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 $U1 $W1 tcp - 80
		path reply reply $W1/tcp/80 s
		hop srv1>engine srv-s1,pe-i3 $M_S1 $M_I3 $W1 $U1 tcp 80 -
		hop engine>two pe-i1,two $M_I1 $M_TWO $W1 $U1 tcp 80 -
		hop two>engine two,pe-i1 $M_TWO $M_I1 $W1 $U1 tcp 80 -
		hop engine>fw0 pe-i2 $M_I2 $M_FW1 $W1 $U1 tcp 80 -
		hop fw0>engine pe-i1 $M_FW0 $M_I1 $W1 $U1 tcp 80 -
		hop engine>one pe-i1,one $M_I1 $M_ONE $W1 $U1 tcp 80 -
		hop one>engine one,pe-i1 $M_ONE $M_I1 $W1 $U1 tcp 80 -
		$(edge_out "$W1" "$U1" tcp 80)
	EOT
	walk_check
	check_drops 0
}

two_on_one_port_4() { two_on_one_port 4; }
two_on_one_port_6() { two_on_one_port 6; }

# A transparent bridge: its frames come back with the engine's own MAC.
bridge_device()
{
	fam "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i3 role device
		port add i4 role device
		port add i5 role device
		device add br kind bridge outer i4 inner i5
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add s step br step srv1
		service add $W1 tcp 80 sequence s
	EOT
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i3=$pe:i3" "pe-i4=$pe:i4" "pe-i5=$pe:i5" \
		"srv-s1=$srv1:s1" "br-b0=$br:b0" "br-b1=$br:b1"
	page
	walk_spec <<-EOT
		watch $W1
		path request request $W1/tcp/80 s
		$(edge_in "$U1" "$W1" tcp 80)
		hop engine>br pe-i4,br-b0 $M_I4 $M_I5 $U1 $W1 tcp - 80
		hop br>engine br-b1,pe-i5 $M_I4 $M_I5 $U1 $W1 tcp - 80
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 $U1 $W1 tcp - 80
		path reply reply $W1/tcp/80 s
		hop srv1>engine srv-s1,pe-i3 $M_S1 $M_I3 $W1 $U1 tcp 80 -
		hop engine>br pe-i5,br-b1 $M_I5 $M_I4 $W1 $U1 tcp 80 -
		hop br>engine br-b0,pe-i4 $M_I5 $M_I4 $W1 $U1 tcp 80 -
		$(edge_out "$W1" "$U1" tcp 80)
	EOT
	walk_check
	check_drops 0
}

bridge_4() { bridge_device 4; }
bridge_6() { bridge_device 6; }

# answer_by_s9: for this case, the server answers from its other MAC
answer_by_s9()
{
	ip -n "$srv1" addr add 10.0.3.9/24 dev s9
	defer ip -n "$srv1" addr del 10.0.3.9/24 dev s9
	ip -n "$srv1" route replace default via 10.0.3.1 dev s9
	check_err $? "no route by the other device"
	defer ip -n "$srv1" route replace default via 10.0.3.1 dev s1
}

# An arm with "any" owns its port: whatever MAC the device shows is right.
interface_alone()
{
	fam 4
	engine_setup <<-EOT
		port add i0 role uplink
		port add i3 role device
		device add srv1 kind server mode loopback outer i3 mac $M_S1 any
		sequence add s step srv1
		service add $W1 tcp 80 sequence s
	EOT
	answer_by_s9
	capture_start any "$pe" i3
	page
	capture_stop any
	[ "$(capture_count any "ether src $M_S9 and src $W1")" -gt 0 ]
	check_err $? "the server did not answer from its other MAC"
	check_drops 0
}

# Requests go to the first MAC; replies may come from any of the set, and from
# no other.
several_macs()
{
	fam 4
	engine_setup <<-EOT
		port add i0 role uplink
		port add i3 role device
		device add srv1 kind server mode loopback outer i3 mac $M_S1,$M_S9
		sequence add s step srv1
		service add $W1 tcp 80 sequence s
	EOT
	answer_by_s9
	capture_start set "$pe" i3
	page
	capture_stop set
	[ "$(capture_count set "ether src $M_S9 and src $W1")" -gt 0 ]
	check_err $? "the server did not answer from its other MAC"
	check_eq "$(capture_count set "ether dst $M_S9 and dst $W1")" 0 \
		"a request went to the second MAC"
	check_drops 0

	# Without it in the set nothing comes through, and it is counted: once
	# what the server sent before has had its time to arrive.
	check sq device set srv1 kind server mode loopback outer i3 mac $M_S1
	busywait "$WAIT" _no_page
	check_err $? "a page from a MAC that is not the server's"
	[ "$(drops bad-source)" -gt 0 ]
	check_err $? "no drop counted as bad-source"
}

_no_page()
{
	! get "http://$UW1/name" --max-time 1 >/dev/null 2>&1
}

# forge NS DEV SMAC DMAC SRC DST PROTO SPORT DPORT REASON: five frames, none of
# which reaches the server, the firewall or the client, all of them counted
forge()
{
	local reason=${10} before

	before=$(drops "$reason")
	check in_ns "$1" $PY "$TOOLS/send.pyc" "$2" "$3" "$4" "$5" "$6" \
		"$7" "$8" "$9" count=5
	busywait "$WAIT" _dropped "$reason" $((before + 5)) ||
		check_err 1 "$(drops "$reason") instead of $((before + 5)) drops as $reason"
}

_dropped()
{
	[ "$(drops "$1")" -ge "$2" ]
}

# nothing_came CAPTURE FILTER
nothing_came()
{
	check_eq "$(capture_count "$@")" 0 "a forged packet reached $1"
}

forged_source()
{
	local f

	for f in 4 6; do
		fam $f
		base <<-EOT
			sequence add s step fw0 step srv1
			service add $W1 tcp 80 sequence s
			service add $W1 udp 7 sequence s
		EOT
		capture_start "srv$f" "$srv1" s1
		capture_start "cl$f" "$cl" c0
		# From behind the firewall, from the server's segment, and from
		# one that is no device's at all: always an unknown MAC.
		forge "$fw" f1 $M_BAD $M_I2 "$U1" "$W1" tcp 4000 80 bad-source
		forge "$fw" f1 $M_BAD $M_I2 "$U1" "$W1" udp 4000 7 bad-source
		forge "$fw" f0 $M_BAD $M_I1 "$W1" "$U1" tcp 80 4000 bad-source
		forge "$srv1" s9 $M_BAD $M_I3 "$W1" "$U1" tcp 80 4000 bad-source
		# The VLANs of the switch keep others' stations apart, but a
		# device of another chain on the same port is none of this one.
		forge "$one" h0 $M_ONE $M_I1 "$W1" "$U1" tcp 80 4000 bad-source
		capture_stop "srv$f"
		capture_stop "cl$f"
		nothing_came "srv$f" "port 4000"
		nothing_came "cl$f" "port 4000"
		check_drops 25
		check_eq "$(stat_of service "$W1" tcp 80 dropped)" 20 "drops of the TCP service"
		check_eq "$(stat_of service "$W1" udp 7 dropped)" 5 "drops of the UDP service"
		check_eq "$(stat_of service "$W1" tcp 80 request)" 0 "requests"
		check_eq "$(stat_of service "$W1" tcp 80 reply)" 0 "replies"
	done
}

wrong_place()
{
	local f

	for f in 4 6; do
		fam $f
		base <<-EOT
			sequence add s step fw0 step srv1
			service add $W1 tcp 80 sequence s
		EOT
		capture_start "srv$f" "$srv1" s1 inbound
		capture_start "cl$f" "$cl" c0
		# The server asks its own service; the firewall's outer leg
		# sends requests, its inner leg replies.
		forge "$srv1" s1 $M_S1 $M_I3 "$S1" "$W1" tcp 4000 80 bad-position
			forge "$fw" f0 $M_FW0 $M_I1 "$U1" "$W1" tcp 4000 80 bad-position
		forge "$fw" f1 $M_FW1 $M_I2 "$W1" "$U1" tcp 80 4000 bad-position
		capture_stop "srv$f"
		capture_stop "cl$f"
		nothing_came "srv$f" "port 4000"
		nothing_came "cl$f" "port 4000"
		check_drops 15
	done
}

# The port that packets have behind a VPN is none that a client may knock at.
becomes_is_no_door()
{
	local f

	for f in 4 6; do
		fam $f
		base <<-EOT
			sequence add s step fw0 step two becomes tcp/80 step srv1
			service add $W1 udp 5555 sequence s
		EOT
		capture_start "srv$f" "$srv1" s1 inbound
		forge "$rt" r1 $M_R1 $M_I0 "$U1" "$W1" tcp 4000 80 bad-position
		# Nor does the firewall get past the VPN.
		forge "$fw" f1 $M_FW1 $M_I2 "$U1" "$W1" tcp 4000 80 bad-position
		capture_stop "srv$f"
		nothing_came "srv$f" "port 4000"
		check_drops 10
	done
}

run_cases
