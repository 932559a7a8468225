#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: E-08
# Timeout: 300
# VLANs: a VLAN device is a port like any other, also one on a VLAN device
# (QinQ) or on a bridge that filters VLANs; what is tagged for somebody else is
# left alone, and a tag that holds a priority only is none.
#
#   cl c0 --- r0 rt r1 --- i0 pe t0 === e0 sw (vlan_filtering) p10 --- h0 one
#                              |                               p20 --- s1 srv1
#                              q0 === s2 srv1 (802.1ad 100, 802.1Q 7)
#                              b0 (bridge, vlan_filtering) m1 --- s3 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 ethtool

CASES="trunk_4 trunk_6 uplink_4 uplink_6 qinq_4 qinq_6 bridge_4 bridge_6
	no_hardware_tags_4 others_4 others_6 priority_only_4 priority_only_6"

one="" sw=""
M_ONE=02:00:00:00:11:01
M_T0=02:00:00:00:01:08
M_Q0=02:00:00:00:01:09
M_B0=02:00:00:00:01:0a
M_S2Q=02:00:00:00:05:02
M_S3B=02:00:00:00:05:03

# access NS DEV MAC VID: a station on an access port of the switch
access()
{
	ip link add "$2" netns "$1" address "$3" type veth \
		peer name "p$4" netns "$sw" || return 1
	ip -n "$sw" link set "p$4" master br0 up
	ip -n "$1" link set "$2" up
	bridge -n "$sw" vlan add dev "p$4" vid "$4" pvid untagged
	bridge -n "$sw" vlan add dev e0 vid "$4"
	ip -n "$pe" link add link t0 name "t0.$4" type vlan id "$4"
	ip -n "$pe" link set "t0.$4" up
	addr_ns "$pe" "t0.$4" "10.1.$4.1/24" "fd01:$4::1/64"
	addr_ns "$1" "$2" "10.1.$4.2/24" "fd01:$4::2/64"
}

setup()
{
	topo_core || bail "no core"
	setup_ns sw one srv1
	ns_host "$sw" net.ipv6.conf.default.disable_ipv6=1
	ns_router "$one"
	ns_host "$srv1" net.ipv4.conf.all.arp_ignore=1
	ip -n "$sw" link add br0 type bridge vlan_filtering 1 \
		vlan_default_pvid 0 mcast_snooping 0 || bail "no switch"
	ip link add t0 netns "$pe" address $M_T0 type veth \
		peer name e0 netns "$sw" || bail "no trunk"
	ip -n "$pe" link set t0 up
	ip -n "$sw" link set e0 master br0 up
	ip -n "$sw" link set br0 up
	access "$one" h0 $M_ONE 10 || bail "no device"
	access "$srv1" s1 $M_S1 20 || bail "no server"
	ip -n "$one" route add default via 10.1.10.1
	ip -n "$one" route add default via fd01:10::1
	server_mode srv1 loopback $W1_4 $W1_6
	web_start srv1 80 || bail "no web server"

	# A tag inside of a tag, both at the far end, too.
	wire "$pe" q0 $M_Q0 "$srv1" s2 $M_S2Q || bail "no cable"
	for ns in "$pe:q0" "$srv1:s2"; do
		ns_ip "${ns%:*}" <<-EOT
			link add link ${ns#*:} name ${ns#*:}.100 type vlan proto 802.1ad id 100
			link set ${ns#*:}.100 up
			link add link ${ns#*:}.100 name ${ns#*:}.100.7 type vlan id 7
			link set ${ns#*:}.100.7 up
		EOT
	done
	addr_ns "$pe" q0.100.7 10.1.7.1/24 fd01:7::1/64
	addr_ns "$srv1" s2.100.7 10.1.7.2/24 fd01:7::2/64

	# A bridge of the engine itself.
	ip -n "$pe" link add b0 address $M_B0 type bridge vlan_filtering 1 \
		vlan_default_pvid 0 mcast_snooping 0
	wire "$pe" m1 02:00:00:00:01:0b "$srv1" s3 $M_S3B || bail "no cable"
	ip -n "$pe" link set m1 master b0
	ip -n "$pe" link set b0 up
	bridge -n "$pe" vlan add dev m1 vid 30 pvid untagged
	bridge -n "$pe" vlan add dev b0 vid 30 self
	ip -n "$pe" link add link b0 name b0.30 type vlan id 30
	ip -n "$pe" link set b0.30 up
	addr_ns "$pe" b0.30 10.1.30.1/24 fd01:30::1/64
	addr_ns "$srv1" s3 10.1.30.2/24 fd01:30::2/64
}

# reply_by DEV NET: the server's way out
reply_by()
{
	ip -n "$srv1" route replace default via "10.1.$2.1" dev "$1"
	ip -n "$srv1" route replace default via "fd01:$2::1" dev "$1"
}

base()
{
	fam "$1"
	reply_by s1 20
	engine_setup <<-EOT
		port add i0 role uplink
		port add t0.10 role device
		port add t0.20 role device
		device add one kind inline outer t0.10 mac $M_ONE
		device add srv1 kind server mode loopback outer t0.20 mac $M_S1
		sequence add s step one step srv1
		service add $W1 tcp 80 sequence s
		service add $W1 udp 7 sequence s
	EOT
}

page()
{
	check_get "srv1 says hello" "http://$UW1/name"
	check_bulk srv1 "http://$UW1/bulk"
	quiet_ns "$cl" "$srv1"
	check_drops 0
}

# The switch tells who is who by tags; the stations see none.
trunk()
{
	base "$1"
	capture_start trunk "$pe" t0 "vlan and host $W1"
	page
	capture_stop trunk
	[ "$(capture_show trunk "ether src $M_ONE" | grep -c 'vlan 10,')" -gt 0 ]
	check_err $? "nothing from the device in VLAN 10"
	[ "$(capture_show trunk "ether src $M_S1" | grep -c 'vlan 20,')" -gt 0 ]
	check_err $? "nothing from the server in VLAN 20"
	check_eq "$(capture_show trunk | grep -vcE 'vlan (10|20),')" 0 \
		"frames in other VLANs"
	[ "$(stat_of device one received)" -gt 20 ]
	check_err $? "packets went past the device"
}

trunk_4() { trunk 4; }
trunk_6() { trunk 6; }

# The router, too, can be behind a tag.
uplink()
{
	base "$1"
	ip -n "$rt" link add link r1 name r1.5 type vlan id 5
	defer ip -n "$rt" link del r1.5
	ip -n "$pe" link add link i0 name i0.5 type vlan id 5
	defer ip -n "$pe" link del i0.5
	ip -n "$rt" link set r1.5 up
	ip -n "$pe" link set i0.5 up
	addr_ns "$rt" r1.5 10.5.0.254/24 fd05::fe/64
	addr_ns "$pe" i0.5 10.5.0.1/24 fd05::1/64
	if [ "$F" = 4 ]; then
		ip -n "$rt" route add "$W1/32" via 10.5.0.1
		check sq port add i0.5 role uplink gateway 10.5.0.254
	else
		ip -n "$rt" route add "$W1/128" via fd05::1
		check sq port add i0.5 role uplink gateway fd05::fe
	fi
	check sq sequence set s step one step srv1 uplink i0.5
	page
	[ "$(sq -j -s port show i0.5 | jq '.[0].received.packets')" -gt 10 ]
	check_err $? "requests did not come in by the VLAN"
	check sq sequence set s step one step srv1
	check sq port del i0.5
}

uplink_4() { uplink 4; }
uplink_6() { uplink 6; }

qinq()
{
	fam "$1"
	reply_by s2.100.7 7
	engine_setup <<-EOT
		port add i0 role uplink
		port add q0.100.7 role device
		device add srv1 kind server mode loopback outer q0.100.7 mac $M_S2Q
		sequence add s step srv1
		service add $W1 tcp 80 sequence s
	EOT
	capture_start qinq "$pe" q0
	page
	capture_stop qinq
	[ "$(capture_show qinq | grep -c 'vlan 100,.*vlan 7,')" -gt 10 ]
	check_err $? "no frames with both tags"
}

qinq_4() { qinq 4; }
qinq_6() { qinq 6; }

bridge_port()
{
	fam "$1"
	reply_by s3 30
	engine_setup <<-EOT
		port add i0 role uplink
		port add b0.30 role device
		device add srv1 kind server mode loopback outer b0.30 mac $M_S3B
		sequence add s step srv1
		service add $W1 tcp 80 sequence s
	EOT
	page
	[ "$(stat_of device srv1 received)" -gt 10 ]
	check_err $? "replies did not come by the bridge"
}

bridge_4() { bridge_port 4; }
bridge_6() { bridge_port 6; }

# Tags that no hardware puts in or takes off.
no_hardware_tags_4()
{
	in_ns "$pe" ethtool -K t0 txvlan off rxvlan off >/dev/null
	defer in_ns "$pe" ethtool -K t0 txvlan on rxvlan on
	in_ns "$sw" ethtool -K e0 txvlan off rxvlan off >/dev/null
	defer in_ns "$sw" ethtool -K e0 txvlan on rxvlan on
	trunk 4
}

received()
{
	sq -j -s port show | jq '[.[].received.packets] | add'
}

# send WORDS...: five datagrams for the service from the router, with a tag
send()
{
	check in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $M_I0 "$U1" "$W1" \
		udp 4000 7 count=5 "$@"
}

# The port is the untagged device: what has a tag goes to the VLAN's device if
# there is one, and to nobody else.
others()
{
	base "$1"
	ip -n "$pe" link add link i0 name i0.50 type vlan id 50
	defer ip -n "$pe" link del i0.50
	ip -n "$pe" link set i0.50 up
	capture_start vlan "$pe" i0.50 "udp port 7"
	capture_start srv "$srv1" s1 "udp port 7"
	send vlan=50
	send vlan=51
	# ... and the same without a tag, to know when all must be through
	send
	busywait "$WAIT" _sent srv1 5
	check_err $? "what has no tag does not arrive"
	capture_stop vlan
	capture_stop srv
	check_eq "$(capture_count vlan)" 5 "frames for the VLAN's device"
	check_eq "$(capture_count srv "dst port 7")" 5 "frames at the server"
	check_eq "$(stat_of service "$W1" udp 7 request)" 5 "requests"
}

_sent()
{
	[ "$(stat_of device "$1" sent)" -ge "$2" ]
}

others_4() { others 4; }
others_6() { others 6; }

# VLAN 0 with a priority of 5.
priority_only()
{
	base "$1"
	capture_start srv "$srv1" s1 "udp port 7"
	send vlan=$((5 << 13))
	busywait "$WAIT" _sent srv1 5
	check_err $? "not steered"
	capture_stop srv
	check_eq "$(capture_count srv "dst port 7")" 5 "frames at the server"
	check_eq "$(capture_show srv | grep -c vlan)" 0 "frames with a tag"
	# and what it gives back of the answers
	[ "$(stat_of device one received)" -ge 5 ]
	check_err $? "frames are not counted for the device"
}

priority_only_4() { priority_only 4; }
priority_only_6() { priority_only 6; }

run_cases
