#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-15 A-17
# Timeout: 500
# Path MTU discovery through a chain: wherever the narrow place is, before the
# chain, at a device, or at a port of the engine, TCP finds out and does not
# stall. The engine's own errors come from the service's address, take the way
# back through the chain, and are limited; what may be cut is cut.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- f0 fw
#                             i2 --- f1
#                             i3 --- s1 srv1 (mode nat, other ports)

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq tcpdump python3 iperf3 nft

CASES="outer_leg_4 outer_leg_6 inner_leg_4 inner_leg_6 uplink_4 uplink_6
	before_4 before_6 cut_4 limit_4 limit_6"

setup()
{
	FW_PORTS="tcp . 5201, udp . 7"
	topo_core || bail "no core"
	topo_fw - - || bail "no firewall"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	udp_start srv1 2007 $S1_4 $S1_6 || bail "no server program"
	# Without an address it listens on all of both families.
	bg_ns iperf "$srv1" iperf3 -s -p 5301
	wait_port "$srv1" tcp 5301 || bail "no iperf3 server"
}

base()
{
	fam "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add srv1 kind server mode nat address $S1 outer i3 mac $M_S1
		sequence add s step fw0 step srv1 port 5301
		sequence add t step fw0 step srv1 port 2007
		service add $W1 tcp 5201 sequence s
		service add $W1 udp 7 sequence t
	EOT
	forget
}

# What was learned before is forgotten.
forget()
{
	local ns

	for ns in "$cl" "$srv1" "$fw"; do
		ip -n "$ns" "-$F" route flush cache
	done
}

# narrow NS1 DEV1 NS2 DEV2: for this case, a cable with an MTU of 1300
narrow()
{
	ip -n "$1" link set "$2" mtu 1300 && defer ip -n "$1" link set "$2" mtu 1500
	ip -n "$3" link set "$4" mtu 1300 && defer ip -n "$3" link set "$4" mtu 1500
}

# transfer: as much both ways.  Who has learned of a narrow way asks for small
# segments, which are none too big on the way back.
transfer()
{
	check in_ns "$cl" iperf3 -c "$W1" -B "$U1" -n 1M
	quiet_ns "$cl" "$srv1"
	forget
	check in_ns "$cl" iperf3 -c "$W1" -B "$U1" -n 1M -R
	quiet_ns "$cl" "$srv1"
}

errors()
{
	$PY "$TOOLS/errors.pyc" show "$TMP/$1.pcap"
}

# heard CAPTURE FROM TO: there are errors about a path of 1300 from and to
# these, every sum in them is right, and there are no others
heard()
{
	errors "$1" >"$TMP/heard"
	[ -s "$TMP/heard" ]
	check_err $? "no errors in $1"
	! grep -v "^$2 $3 [23]/[04] 1300 about $3 .* ok\$" "$TMP/heard"
	check_err $? "errors in $1 that are not from $2 to $3: $(head -n 3 "$TMP/heard")"
}

# Between the engine and the firewall's outer leg: the engine tells the client,
# the firewall the server.
outer_leg()
{
	local fwaddr=10.0.2.2

	base "$1"
	[ "$F" = 4 ] || fwaddr=fd00:2::2
	narrow "$pe" i1 "$fw" f0
	# Of offloaded packets the quoted checksum is not made yet.
	offloads off "$cl" "$srv1"
	defer offloads on "$cl" "$srv1"
	caps_start "cl-c0=$cl:c0" "srv-s1=$srv1:s1"
	transfer
	caps_stop
	heard cl-c0 "$W1" "$U1"
	heard srv-s1 "$fwaddr" "$S1"
	[ "$(drops too-big)" -ge 1 ]
	check_err $? "nothing was too big for the engine"
	check_eq "$(drops)" "$(drops too-big)" "drops"
	check_eq "$(drops error-failed)" 0 "errors that failed"
}

outer_leg_4() { outer_leg 4; }
outer_leg_6() { outer_leg 6; }

# Between the engine and the firewall's inner leg: the firewall tells the
# client, the engine the server, as if the client did.
inner_leg()
{
	local fwaddr=10.0.1.2

	base "$1"
	[ "$F" = 4 ] || fwaddr=fd00:1::2
	narrow "$pe" i2 "$fw" f1
	offloads off "$cl" "$srv1"
	defer offloads on "$cl" "$srv1"
	caps_start "cl-c0=$cl:c0" "srv-s1=$srv1:s1"
	transfer
	caps_stop
	heard cl-c0 "$fwaddr" "$U1"
	heard srv-s1 "$U1" "$S1"
	[ "$(drops too-big)" -ge 1 ]
	check_err $? "nothing was too big for the engine"
	check_eq "$(drops)" "$(drops too-big)" "drops"
}

inner_leg_4() { inner_leg 4; }
inner_leg_6() { inner_leg 6; }

# Between the router and the engine: the engine's errors enter the chain at its
# beginning and pass the firewall, which knows the connection.
uplink()
{
	base "$1"
	narrow "$rt" r1 "$pe" i0
	caps_start "fw-f0=$fw:f0" "srv-s1=$srv1:s1"
	transfer
	caps_stop
	[ "$(errors fw-f0 | grep -c "^$U1 $W1 ")" -ge 1 ]
	check_err $? "no errors at the firewall"
	[ "$(errors srv-s1 | grep -c "^$U1 $S1 ")" -ge 1 ]
	check_err $? "no errors at the server"
	[ "$(drops too-big)" -ge 1 ]
	check_err $? "nothing was too big for the engine"
	check_eq "$(drops)" "$(drops too-big)" "drops"
}

uplink_4() { uplink 4; }
uplink_6() { uplink 6; }

# Before the router: it tells the server, by way of the engine and the
# firewall.  The client's MSS must not give the narrow place away.
before()
{
	local gw=192.0.2.1

	base "$1"
	[ "$F" = 4 ] || gw=2001:db8:c::1
	narrow "$rt" r0 "$cl" c0
	check ip -n "$cl" "-$F" route replace default via $gw advmss 1440
	defer ip -n "$cl" "-$F" route replace default via $gw
	caps_start "pe-i0=$pe:i0" "srv-s1=$srv1:s1"
	check in_ns "$cl" iperf3 -c "$W1" -B "$U1" -n 1M -R
	quiet_ns "$cl" "$srv1"
	caps_stop
	[ "$(errors pe-i0 | wc -l)" -ge 1 ]
	check_err $? "no errors from the router"
	[ "$(errors srv-s1 | grep -c " $S1 [23]/[04] 1300 about $S1 5301 ")" -ge 1 ]
	check_err $? "no errors at the server"
	check_drops 0
}

before_4() { before 4; }
before_6() { before 6; }

# A sender that does not forbid it gets its packets cut.
cut_4()
{
	base 4
	# A program that is started now answers without DF.
	ns_sysctl "$srv1" net.ipv4.ip_no_pmtu_disc=1
	udp_start srv1 2008 "$S1_4"
	check_err $? "no second server program"
	ns_sysctl "$srv1" net.ipv4.ip_no_pmtu_disc=0
	check sq sequence add u step fw0 step srv1 port 2008
	check sq service set "$W1" udp 7 sequence u
	narrow "$pe" i1 "$fw" f0
	capture_start cut "$fw" f0 "host $W1 and (ip[6:2] & 0x3fff != 0)"
	check_eq "$(in_ns "$cl" $PY "$TOOLS/errors.pyc" ask "$U1" "$W1" 7 1400 64 nodf)" \
		"answer 1400" "what the client gets"
	capture_stop cut
	# two pieces there, and two from the firewall
	check_eq "$(capture_count cut)" 4 "pieces"
	check_drops 0
	# with DF it hears of it
	check_eq "$(in_ns "$cl" $PY "$TOOLS/errors.pyc" ask "$U1" "$W1" 7 1400 64)" \
		"EMSGSIZE 3 4 1300 $W1" "what the client hears"
	check_drops 1 too-big
}

# A flood of packets is no flood of errors; what is held back is counted.
limit()
{
	local n=6000 sent

	base "$1"
	narrow "$pe" i1 "$fw" f0
	capture_start errors "$rt" r1 "src $W1 and (icmp or icmp6)"
	check in_ns "$rt" "$TMP/wirefuzz" send r1 $M_R1 $M_I0 "$U1" "$W1" udp 4000 7 $n 1400
	busywait "$WAIT" _dropped too-big $n
	check_err $? "not all were too big: $(drops too-big)"
	capture_stop errors
	sent=$(capture_count errors)
	log_info "$sent errors for $n packets"
	check_eq $((sent + $(drops error-failed))) $n "errors, sent and held back"
	[ "$sent" -gt 0 ]
	check_err $? "no errors at all"
	[ "$(drops error-failed)" -gt 0 ]
	check_err $? "nothing was held back"
}

_dropped()
{
	[ "$(drops "$1")" -ge "$2" ]
}

limit_4() { limit 4; }
limit_6() { limit 6; }

cp "$TOOLS/wirefuzz" "$TMP" || skip_all "no wirefuzz"

run_cases
