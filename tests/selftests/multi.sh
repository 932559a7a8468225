#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-02 A-07 A-10 A-21 D-01 E-06 E-17 K-03
# Timeout: 400
# Three services over the same devices, each by a chain of its own, used at the
# same time by clients behind two routers: each packet follows its own chain,
# replies find the right router, and every counter tells its own service's
# packets.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- f0 fw, h0 one, d0 ids
#   cl2 c2 --- q0 rt2 q1 - i4 |  i2 --- f1
#                             |  i3 --- sw43 --- s1 srv1, s2 srv2

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 nft

CASES="three_services_4 three_services_6 uplink_named"

one="" cl2="" rt2="" sw43=""
M_ONE=02:00:00:00:11:01
M_I4=02:00:00:00:01:04
M_Q1=02:00:00:00:0a:02
U3_4=203.0.113.21 U3_6=2001:db8:d::21

setup()
{
	FW_PORTS="tcp . 80, udp . 7"
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_fw "$sw40" - || bail "no firewall"
	topo_hop one 1 "$sw40" $M_ONE 11 || bail "no device"
	topo_ids "$sw40" || bail "no IDS"
	topo_switch 3 sw43 || bail "no server switch"
	topo_server srv1 3 "$sw43" $M_S1 2 || bail "no server"
	topo_server srv2 3 "$sw43" $M_S2 3 || bail "no second server"
	web_start srv1 80 || bail "no web server"
	web_start srv2 80 || bail "no second web server"
	udp_start srv1 7 $S1_4 $S1_6

	# The other client, behind another router on another uplink.
	setup_ns cl2 rt2
	ns_host "$cl2"
	ns_router "$rt2"
	wire "$cl2" c2 02:00:00:00:0c:02 "$rt2" q0 02:00:00:00:0a:03 || bail "no second client"
	wire "$rt2" q1 $M_Q1 "$pe" i4 $M_I4 || bail "no second router"
	ns_ip "$cl2" <<-EOT
		addr add $U3_4/24 dev c2
		addr add $U3_6/64 dev c2 nodad
		route add default via 203.0.113.1
		route add default via 2001:db8:d::1
	EOT
	ns_ip "$rt2" <<-EOT
		addr add 203.0.113.1/24 dev q0
		addr add 2001:db8:d::1/64 dev q0 nodad
		addr add 10.0.4.254/24 dev q1
		addr add fd00:4::fe/64 dev q1 nodad
		route add 198.51.100.0/24 via 10.0.4.1
		route add 2001:db8:f::/64 via fd00:4::1
	EOT
	ns_ip "$pe" <<-EOT
		addr add 10.0.4.1/24 dev i4
		addr add fd00:4::1/64 dev i4 nodad
		route add 203.0.113.0/24 via 10.0.4.254
		route add 2001:db8:d::/64 via fd00:4::fe
	EOT
}

# base [UPLINK_WORDS]
base()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i4 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add one kind inline outer i1 mac $M_ONE
		device add ids0 kind tap outer i1 mac $M_IDS
		device add srv1 kind server mode nat address $S1 outer i3 mac $M_S1
		device add srv2 kind server mode loopback outer i3 mac $M_S2
		sequence add a $* step fw0 step one step srv1 copy ids0
		sequence add b step one step srv2
		sequence add c step fw0 step srv1
		service add $W1 tcp 80 sequence a
		service add $W2 tcp 80 sequence b
		service add $W2 udp 7 sequence c
	EOT
}

three_services()
{
	local u3=U3_$1 p

	fam "$1"
	base
	server_mode srv2 loopback "$W2"
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"rt2-q1=$rt2:q1" "pe-i4=$pe:i4" \
		"pe-i1=$pe:i1" "pe-i2=$pe:i2" "pe-i3=$pe:i3" \
		"one=$one:h0" "ids-d0=$ids:d0" "fw-f0=$fw:f0" "fw-f1=$fw:f1" \
		"srv1=$srv1:s1" "srv2=$srv2:s2"
	check get "http://$UW1/bulk" -o "$TMP/got1" &
	p=$!
	check in_ns "$cl2" curl -sS --max-time "$WAIT" -o "$TMP/got2" "http://$UW2/bulk" &
	udp_ask "$W2" 7 10 700 "$U2"
	wait $p
	check_err $? "first service"
	wait $!
	check_err $? "second service"
	check cmp "$TMP/got1" "$TMP/web-srv1/root/bulk"
	check cmp "$TMP/got2" "$TMP/web-srv2/root/bulk"
	quiet_ns "$cl" "$cl2" "$srv1" "$srv2"

	walk_spec <<-EOT
		watch $W1 $W2 $S1
		path a-request request $W1/tcp/80 a
		$(edge_in "$U1" "$W1" tcp 80)
		hop engine>fw0 pe-i1,fw-f0 $M_I1 $M_FW0 $U1 $W1 tcp - 80
		hop fw0>engine fw-f1,pe-i2 $M_FW1 $M_I2 $U1 $W1 tcp - 80
		hop engine>one pe-i1,one $M_I1 $M_ONE $U1 $W1 tcp - 80
		hop one>engine one,pe-i1 $M_ONE $M_I1 $U1 $W1 tcp - 80
		copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $U1 $W1 tcp - 80
		hop engine>srv1 pe-i3,srv1 $M_I3 $M_S1 $U1 $S1 tcp - 80
		path a-reply reply $W1/tcp/80 a
		hop srv1>engine srv1,pe-i3 $M_S1 $M_I3 $S1 $U1 tcp 80 -
		copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $W1 $U1 tcp 80 -
		hop engine>one pe-i1,one $M_I1 $M_ONE $W1 $U1 tcp 80 -
		hop one>engine one,pe-i1 $M_ONE $M_I1 $W1 $U1 tcp 80 -
		hop engine>fw0 pe-i2,fw-f1 $M_I2 $M_FW1 $W1 $U1 tcp 80 -
		hop fw0>engine fw-f0,pe-i1 $M_FW0 $M_I1 $W1 $U1 tcp 80 -
		$(edge_out "$W1" "$U1" tcp 80)
		path b-request request $W2/tcp/80 b
		hop client>engine rt2-q1,pe-i4 $M_Q1 $M_I4 ${!u3} $W2 tcp - 80
		hop engine>one pe-i1,one $M_I1 $M_ONE ${!u3} $W2 tcp - 80
		hop one>engine one,pe-i1 $M_ONE $M_I1 ${!u3} $W2 tcp - 80
		hop engine>srv2 pe-i3,srv2 $M_I3 $M_S2 ${!u3} $W2 tcp - 80
		path b-reply reply $W2/tcp/80 b
		hop srv2>engine srv2,pe-i3 $M_S2 $M_I3 $W2 ${!u3} tcp 80 -
		hop engine>one pe-i1,one $M_I1 $M_ONE $W2 ${!u3} tcp 80 -
		hop one>engine one,pe-i1 $M_ONE $M_I1 $W2 ${!u3} tcp 80 -
		hop engine>client pe-i4,rt2-q1 $M_I4 $M_Q1 $W2 ${!u3} tcp 80 -
		path c-request request $W2/udp/7 c
		$(edge_in "$U2" "$W2" udp 7)
		hop engine>fw0 pe-i1,fw-f0 $M_I1 $M_FW0 $U2 $W2 udp - 7
		hop fw0>engine fw-f1,pe-i2 $M_FW1 $M_I2 $U2 $W2 udp - 7
		hop engine>srv1 pe-i3,srv1 $M_I3 $M_S1 $U2 $S1 udp - 7
		path c-reply reply $W2/udp/7 c
		hop srv1>engine srv1,pe-i3 $M_S1 $M_I3 $S1 $U2 udp 7 -
		hop engine>fw0 pe-i2,fw-f1 $M_I2 $M_FW1 $W2 $U2 udp 7 -
		hop fw0>engine fw-f0,pe-i1 $M_FW0 $M_I1 $W2 $U2 udp 7 -
		$(edge_out "$W2" "$U2" udp 7)
	EOT
	walk_check
	check_drops 0
	check_no_conntrack "$pe"
}

three_services_4() { three_services 4; }
three_services_6() { three_services 6; }

# A sequence that names its uplink sends its replies there and nowhere else,
# whatever the routing table says.
uplink_named()
{
	fam 4
	base uplink i0
	check sq port del i4
	engine <<-EOT
		port add i4 role uplink gateway 10.0.4.254
		sequence set a uplink i4 step fw0 step one step srv1
	EOT
	check_err $? "configuration"
	capture_start named "$pe" i4
	# The first client asks by i0; the answers go out by i4, whose router
	# knows no way to that client.
	get "http://$UW1/name" --max-time 2 >/dev/null 2>&1
	check_fail $? "an answer came back by the wrong uplink"
	capture_stop named
	[ "$(capture_count named "ether dst $M_Q1 and src host $W1")" -gt 0 ]
	check_err $? "no reply left by the named uplink"
	# Back to the right one.
	check sq sequence set a uplink i0 step fw0 step one step srv1
	check_get "srv1 says hello" "http://$UW1/name"
}

run_cases
