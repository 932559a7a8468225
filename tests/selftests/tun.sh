#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: V-04
# Timeout: 300
# Ports that are no Ethernet: tun, GRE, IP in IP, SIT and WireGuard, with a
# server behind them, and with the clients.  There is no link layer header, so
# the port alone tells who sends.
#
#   cl c0 --- r0 rt r1 --- i0 pe i3 === s1 srv1
#                 x0 ======= x0 x0 ===== x0

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl socat wg python3

CASES="gre_4 gre_6 ipip_4 sit_6 wireguard_4 wireguard_6 tun_4 tun_6
	uplink_4 uplink_6 routed_4 routed_6 mixed_4 mixed_6 big_4 dropped
	refused"

# shellcheck disable=SC2034 # by its name
one=""
M_ONE=02:00:00:00:11:01

setup()
{
	modprobe -aq ip_gre ipip sit wireguard tun
	topo_core || bail "no core"
	topo_hop one 1 - $M_ONE 11 || bail "no device"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	web_start srv1 80 || bail "no web server"
	server_mode srv1 loopback $W1_4 $W1_6
}

# tunnel KIND NS1 OUTER1 NS2 OUTER2 NET: the device x0 in both, with addresses
# of that net; gone at the end of the case
tunnel()
{
	local kind=$1 a=$2 oa=$3 b=$4 ob=$5 net=$6

	case $kind in
	wireguard)
		wg_pair x0 "$a" "$oa" "$b" "$ob" ;;
	tun)
		tun_pair "$a" "$oa" "$b" "$ob" ;;
	*)
		ip -n "$a" link add x0 type "$kind" local "$oa" remote "$ob" ttl 64
		ip -n "$b" link add x0 type "$kind" local "$ob" remote "$oa" ttl 64 ;;
	esac
	check_err $? "no $kind tunnel"
	defer ip -n "$a" link del x0
	defer ip -n "$b" link del x0
	ip -n "$a" link set x0 up
	ip -n "$b" link set x0 up
	# each takes what it can carry
	addr_ns "$a" x0 "10.$net.0.1/24" 2>/dev/null
	addr_ns "$a" x0 "fd0$net::1/64" 2>/dev/null
	addr_ns "$b" x0 "10.$net.0.2/24" 2>/dev/null
	addr_ns "$b" x0 "fd0$net::2/64" 2>/dev/null
	return 0
}

# A tun device at each end, and a program that carries its packets over UDP.
tun_pair()
{
	bg_ns "tun-a" "$1" socat TUN,tun-name=x0,tun-type=tun,iff-no-pi \
		"UDP4:$4:7001,bind=$2:7001"
	bg_ns "tun-b" "$3" socat TUN,tun-name=x0,tun-type=tun,iff-no-pi \
		"UDP4:$2:7001,bind=$4:7001"
	busywait "$WAIT" ip -n "$1" link show x0 >/dev/null &&
		busywait "$WAIT" ip -n "$3" link show x0 >/dev/null
}

# reply_by WORDS...: the server's way out, for this case
reply_by()
{
	ip -n "$srv1" "-$F" route replace default "$@"
	check_err $? "no route by $*"
	defer ip -n "$srv1" route replace default via 10.0.3.1
	defer ip -n "$srv1" route replace default via fd00:3::1
}

page()
{
	check_get "srv1 says hello" "http://$UW1/name"
	check_bulk srv1 "http://$UW1/bulk"
	quiet_ns "$cl" "$srv1"
}

# A server behind a tunnel, after a device on Ethernet.
behind()
{
	fam "$2"
	tunnel "$1" "$pe" 10.0.3.1 "$srv1" 10.0.3.2 8
	reply_by dev x0
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add x0 role device
		device add one kind inline outer i1 mac $M_ONE
		device add srv1 kind server mode loopback outer x0
		sequence add s step one step srv1
		service add $W1 tcp 80 sequence s
	EOT
	capture_start x0 "$pe" x0 "host $W1"
	page
	capture_stop x0
	[ "$(capture_count x0 "dst $W1")" -gt 5 ]
	check_err $? "no requests in the tunnel"
	[ "$(capture_count x0 "src $W1")" -gt 5 ]
	check_err $? "no replies in the tunnel"
	[ "$(stat_of device one received)" -gt 20 ]
	check_err $? "packets went past the device"
	check_eq "$(drops)" "$(drops too-big)" "drops, but for the path MTU"
}

gre_4() { behind gre 4; }
gre_6() { behind gre 6; }
ipip_4() { behind ipip 4; }
sit_6() { behind sit 6; }
wireguard_4() { behind wireguard 4; }
wireguard_6() { behind wireguard 6; }
tun_4() { behind tun 4; }
tun_6() { behind tun 6; }

# The clients behind a tunnel that is named as the way out.
uplink()
{
	fam "$1"
	tunnel gre "$pe" 10.0.0.1 "$rt" 10.0.0.254 9
	ip -n "$rt" "-$F" route add "$W1/$ALEN" dev x0
	engine_setup <<-EOT
		port add i0 role uplink
		port add x0 role uplink
		port add i3 role device
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add s step srv1 uplink x0
		service add $W1 tcp 80 sequence s
	EOT
	capture_start x0 "$pe" x0 "host $W1"
	page
	capture_stop x0
	[ "$(capture_count x0 "dst $W1")" -gt 5 ]
	check_err $? "no requests in the tunnel"
	[ "$(capture_count x0 "src $W1")" -gt 5 ]
	check_err $? "no replies in the tunnel"
	check_eq "$(drops)" "$(drops too-big)" "drops, but for the path MTU"
}

uplink_4() { uplink 4; }
uplink_6() { uplink 6; }

# No way out is named: the routing table finds the tunnel.
routed()
{
	fam "$1"
	tunnel gre "$pe" 10.0.0.1 "$rt" 10.0.0.254 9
	ip -n "$rt" "-$F" route add "$W1/$ALEN" dev x0
	ip -n "$pe" "-$F" route add "$U1/$ALEN" dev x0 metric 10
	engine_setup <<-EOT
		port add i0 role uplink
		port add x0 role uplink
		port add i3 role device
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add s step srv1
		service add $W1 tcp 80 sequence s
	EOT
	capture_start x0 "$pe" x0 "src $W1"
	page
	capture_stop x0
	[ "$(capture_count x0)" -gt 5 ]
	check_err $? "no replies in the tunnel"
	check_eq "$(drops)" "$(drops too-big)" "drops, but for the path MTU"
}

routed_4() { routed 4; }
routed_6() { routed 6; }

# In by a tunnel, out by a tunnel, and nothing else in between.
mixed()
{
	fam "$1"
	tunnel gre "$pe" 10.0.3.1 "$srv1" 10.0.3.2 8
	ip -n "$pe" link set x0 name x1
	defer ip -n "$pe" link del x1
	tunnel gre "$pe" 10.0.0.1 "$rt" 10.0.0.254 9
	ip -n "$rt" "-$F" route add "$W1/$ALEN" dev x0
	reply_by dev x0
	engine_setup <<-EOT
		port add x0 role uplink
		port add x1 role device
		device add srv1 kind server mode loopback outer x1 any
		sequence add s step srv1 uplink x0
		service add $W1 tcp 80 sequence s
	EOT
	page
	check_eq "$(drops)" "$(drops too-big)" "drops, but for the path MTU"
	[ "$(stat_of device srv1 received)" -gt 5 ]
	check_err $? "no replies"
}

mixed_4() { mixed 4; }
mixed_6() { mixed 6; }

# Large datagrams, in pieces, through a tunnel.
big_4()
{
	fam 4
	tunnel gre "$pe" 10.0.3.1 "$srv1" 10.0.3.2 8
	reply_by dev x0
	engine_setup <<-EOT
		port add i0 role uplink
		port add x0 role device
		device add srv1 kind server mode loopback outer x0
		sequence add s step srv1
		service add $W1 udp 7 sequence s
	EOT
	udp_start srv1 7 "$W1"
	udp_ask "$W1" 7 5 8000 "$U1"
	check_drops 0
}

# What is dropped is traced with who handed it in, who has no MAC here.
dropped()
{
	fam 4
	tunnel gre "$pe" 10.0.3.1 "$srv1" 10.0.3.2 8
	reply_by dev x0
	engine_setup <<-EOT
		port add i0 role uplink
		port add x0 role device
		device add srv1 kind server mode loopback outer x0
		sequence add s step srv1
		service add $W2 udp 9 sequence s
	EOT
	ip -n "$srv1" route add "$W2" dev x0
	bg_ns dropped "$pe" svcseq -j trace service "$W2" udp 9
	wait_log "$TMP/dropped.log" '^Tracing'
	check_err $? "no trace: $(cat "$TMP/dropped.log")"
	# a server asks nobody
	in_ns "$srv1" bash -c "echo >/dev/udp/$W2/9"
	wait_log "$TMP/dropped.log" '^{'
	check_err $? "no event"
	bg_stop dropped
	check_eq "$(grep '^{' "$TMP/dropped.log" |
		    jq -r '[.verdict, .reason, .from, ."in-dev"] | join(" ")')" \
		"drop bad-position srv1 x0" "event"
	check_drops 1
}

refused()
{
	fam 4
	tunnel gre "$pe" 10.0.3.1 "$srv1" 10.0.3.2 8
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add x0 role device
	EOT
	check_refused "leads to a single station" \
		sq device add d kind inline outer x0 mac $M_ONE
	check_refused "leads to a single station" \
		sq device add d kind inline outer x0 via 10.8.0.2
	check_refused "has no Ethernet frames" \
		sq device add d kind bridge outer x0 inner i1
	check_refused "neither an Ethernet device nor" sq port add lo role device
	check sq port del x0
	check_refused "leave the gateway out" \
		sq port add x0 role uplink gateway 10.8.0.2
	check_refused "cannot answer for the addresses" \
		sq port add x0 role uplink answer on
	check_eq "$(sq port show | wc -l)" 2 "ports"
}

run_cases
