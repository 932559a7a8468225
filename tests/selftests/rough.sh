#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-08 A-11 E-10
# Timeout: 300
# The rough side: IP options and extension headers, multicast and broadcast,
# devices that return packets twice, in another order, by the wrong port or in
# a loop.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- h0 one
#                             |             `--- h0 two
#                             i3 --- s1 srv1 (mode nat)
#                             i4 --- h1 one

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 tc

CASES="options_4 options_6 to_all_4 to_all_6 disorder_4 disorder_6
	wrong_port_4 wrong_port_6 loop_4 loop_6 supersegments_4 supersegments_6"

one="" two=""
M_ONE=02:00:00:00:11:01
M_TWO=02:00:00:00:11:02
M_ONE4=02:00:00:00:11:04
M_I4=02:00:00:00:01:04

setup()
{
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_hop one 1 "$sw40" $M_ONE 11 || bail "no first device"
	topo_hop two 1 "$sw40" $M_TWO 12 || bail "no second device"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	wire "$pe" i4 $M_I4 "$one" h1 $M_ONE4 || bail "no second leg"
	web_start srv1 80 || bail "no web server"
	udp_start srv1 7 $S1_4 $S1_6
	hush_ns "$cl" "$rt" || bail "no filter"
	# Options are not dropped by hosts here.
	for ns in "$cl" "$rt" "$one" "$two" "$srv1"; do
		ns_sysctl "$ns" net.ipv4.conf.all.accept_source_route=1
	done
}

base()
{
	fam "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		port add i4 role device
		device add one kind inline outer i1 mac $M_ONE
		device add two kind inline outer i1 mac $M_TWO
		device add srv1 kind server mode nat address $S1 outer i3 mac $M_S1
		sequence add s step one step two step srv1
		service add $W1 tcp 80 sequence s
		service add $W1 udp 7 sequence s
	EOT
}

# ask OPTION...: a datagram and its echo, with options on the way there
ask()
{
	in_ns "$cl" $PY - "$U1" "$W1" "$@" <<-'EOT'
		import socket
		import sys
		src, dst, what = sys.argv[1:4]
		v6 = ":" in dst
		s = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET,
		                  socket.SOCK_DGRAM)
		# No-operations and a timestamp; an option to skip; padding.
		if what == "ip":
		    s.setsockopt(socket.SOL_IP, socket.IP_OPTIONS,
		                 b"\x01\x01\x01\x01\x44\x0c\x05\x00" + bytes(8))
		elif what == "dst":
		    s.setsockopt(41, 59, b"\x00\x01\x1e\x0c" + bytes(12))
		elif what == "hop":
		    s.setsockopt(41, 54, b"\x00\x00\x01\x04" + bytes(4))
		s.settimeout(60)
		s.bind((src, 0))
		s.connect((dst, 7))
		s.send(b"some bytes")
		if s.recv(100) != b"some bytes":
		    sys.exit("another answer")
	EOT
}

options_4()
{
	base 4
	capture_start srv "$srv1" s1 "dst $S1 and ip[0] & 15 > 5"
	check ask ip
	capture_stop srv
	check_eq "$(capture_count srv)" 1 "requests with options at the server"
	check_eq "$(stat_of device two sent)" 2 "packets to the second device"
	check_drops 0
}

options_6()
{
	local what next

	for what in dst/60 hop/0; do
		next=${what#*/} what=${what%/*}
		base 6
		capture_start "$what" "$srv1" s1 "dst $S1 and ip6[6] == $next"
		check ask "$what"
		capture_stop "$what"
		check_eq "$(capture_count "$what")" 1 "requests with $what at the server"
		check_eq "$(stat_of device two sent)" 2 "packets to the second device"
		check_drops 0
	done
}

# What a frame says is for all, or for others, is not for the engine.
to_all()
{
	local mac

	base "$1"
	capture_start "srv$F" "$srv1" s1 "udp dst port 7"
	for mac in ff:ff:ff:ff:ff:ff 01:00:5e:00:00:01 33:33:00:00:00:01 \
		   02:00:00:00:77:77; do
		check in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $mac "$U1" \
			"$W1" udp 4000 7 count=5
	done
	# ... and to know that all must be through
	check in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $M_I0 "$U1" "$W1" \
		udp 4001 7
	busywait "$WAIT" _sent srv1 1
	check_err $? "nothing arrives"
	capture_stop "srv$F"
	check_eq "$(capture_count "srv$F" "src port 4000")" 0 "frames at the server"
	check_eq "$(stat_of service "$W1" udp 7 request)" 1 "requests"
	check_drops 0
}

_sent()
{
	[ "$(stat_of device "$1" sent)" -ge "$2" ]
}

to_all_4() { to_all 4; }
to_all_6() { to_all 6; }

# A device that returns packets twice and in another order: TCP copes, and the
# engine passes on each as it comes.
disorder()
{
	local received

	base "$1"
	modprobe -q sch_netem
	check in_ns "$one" tc qdisc add dev h0 root netem delay 2ms 1ms \
		duplicate 20% reorder 25%
	defer in_ns "$one" tc qdisc del dev h0 root
	check_bulk srv1 "http://$UW1/bulk"
	quiet_ns "$cl" "$srv1"
	received=$(stat_of device one received)
	[ "$received" -gt "$(stat_of device one sent)" ]
	check_err $? "the device has doubled nothing"
	check_drops 0
}

disorder_4() { disorder 4; }
disorder_6() { disorder 6; }

# forge NS DEV SMAC DMAC SRC DST SPORT DPORT REASON: five of them dropped so
forge()
{
	local before reason=$9

	before=$(drops "$reason")
	check in_ns "$1" $PY "$TOOLS/send.pyc" "$2" "$3" "$4" "$5" "$6" udp \
		"$7" "$8" count=5
	busywait "$WAIT" _dropped "$reason" $((before + 5))
	check_err $? "not dropped as $reason"
}

_dropped()
{
	[ "$(drops "$1")" -ge "$2" ]
}

# The right device by a port that is not the one where it stands.
wrong_port()
{
	base "$1"
	capture_start "srv$F" "$srv1" s1 "udp dst port 7"
	forge "$one" h1 $M_ONE $M_I4 "$U1" "$W1" 4000 7 bad-source
	forge "$one" h1 $M_ONE4 $M_I4 "$U1" "$W1" 4000 7 bad-source
	forge "$srv1" s1 $M_TWO $M_I3 "$U1" "$W1" 4000 7 bad-source
	capture_stop "srv$F"
	check_eq "$(capture_count "srv$F" "ether dst $M_S1")" 0 "frames at the server"
	check_drops 15
}

wrong_port_4() { wrong_port 4; }
wrong_port_6() { wrong_port 6; }

# A device that sends what it has sent before gets it passed on, once each time:
# nothing comes back to it.  One that sends back what is on its way to the
# client finds no way on.
loop()
{
	base "$1"
	capture_start "srv$F" "$srv1" s1 "udp dst port 7"
	check in_ns "$one" $PY "$TOOLS/send.pyc" h0 $M_ONE $M_I1 "$U1" "$W1" \
		udp 4000 7 count=5
	check in_ns "$two" $PY "$TOOLS/send.pyc" h0 $M_TWO $M_I1 "$U1" "$W1" \
		udp 4000 7 count=5
	busywait "$WAIT" _sent srv1 10
	check_err $? "not passed on"
	capture_stop "srv$F"
	check_eq "$(stat_of device one sent)" 10 "packets to the first device: the echoes"
	check_eq "$(stat_of device srv1 sent)" 10 "packets to the server"
	check_eq "$(stat_of service "$W1" udp 7 request)" 0 "requests"
}

loop_4() { loop 4; }
loop_6() { loop 6; }

# Packets larger than any MTU, whole in the middle, cut at the end.
supersegments()
{
	base "$1"
	capture_start "big$F" "$pe" i3 "tcp and greater 3000"
	SNAPLEN=100 check_bulk srv1 "http://$UW1/bulk"
	quiet_ns "$cl" "$srv1"
	capture_stop "big$F"
	[ "$(capture_count "big$F" "src $S1")" -gt 0 ]
	check_err $? "no super-packet came from the server"
	check_drops 0
}

supersegments_4() { supersegments 4; }
supersegments_6() { supersegments 6; }

run_cases
