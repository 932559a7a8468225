#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-15
# Timeout: 300
# ICMP errors about packets of a service follow its chain: those of the server,
# of a device in the middle and of the client's side, through the firewall,
# which knows the connections, and through address and port translation; with
# right checksums outside and inside, and from the right place only.
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
need_cmd svcseq tcpdump python3 nft ethtool

CASES="closed_port_4 closed_port_6 hops_4 hops_6 client_side_4 client_side_6
	forged_4 forged_6 no_service_4 no_service_6"

M_BAD=02:00:00:00:66:66

setup()
{
	FW_PORTS="udp . 7, udp . 9"
	topo_core || bail "no core"
	topo_fw - - || bail "no firewall"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	udp_start srv1 2007 $S1_4 $S1_6 || bail "no server program"
	# Or the quoted checksums would be those that a device was to finish.
	offloads off "$cl" "$srv1" || bail "offloads"
	# Every error is wanted, as often as it is provoked.
	for ns in "$cl" "$rt" "$fw" "$srv1"; do
		ns_sysctl "$ns" net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
	done
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
		sequence add s step fw0 step srv1 port 2007
		sequence add t step fw0 step srv1 port 2009
		service add $W1 udp 7 sequence s
		service add $W1 udp 9 sequence t
	EOT
	if [ "$F" = 4 ]; then
		UNREACH=3/3 EXCEEDED=11/0
	else
		UNREACH=1/4 EXCEEDED=3/0
	fi
}

ask()
{
	in_ns "$cl" $PY "$TOOLS/errors.pyc" ask "$U1" "$@"
}

errors()
{
	$PY "$TOOLS/errors.pyc" show "$TMP/$1.pcap"
}

# Nobody listens there: the server says so, from its own address, about its
# own port; the client hears it from the service, about the service's.
closed_port()
{
	base "$1"
	caps_start "cl-c0=$cl:c0" "fw-f1=$fw:f1" "pe-i3=$pe:i3"
	check_eq "$(ask "$W1" 9 100 64)" \
		"ECONNREFUSED ${UNREACH%/*} ${UNREACH#*/} 0 $W1" "what the client hears"
	caps_stop
	check_eq "$(errors pe-i3 | sed 's/ [0-9]* \([^ ]*\) 2009/ * \1 2009/')" \
		"$S1 $U1 $UNREACH 0 about $U1 * $S1 2009 udp ok" "at the server"
	check_eq "$(errors fw-f1 | sed 's/ [0-9]* \([^ ]*\) 9 / * \1 9 /')" \
		"$W1 $U1 $UNREACH 0 about $U1 * $W1 9 udp ok" "at the firewall"
	check_eq "$(errors cl-c0 | sed 's/ [0-9]* \([^ ]*\) 9 / * \1 9 /')" \
		"$W1 $U1 $UNREACH 0 about $U1 * $W1 9 udp ok" "at the client"
	check_eq "$(stat_of device fw0 received)" 2 "packets from the firewall"
	check_eq "$(stat_of service "$W1" udp 9 reply)" 1 "the error counts as a reply"
	check_drops 0
}

closed_port_4() { closed_port 4; }
closed_port_6() { closed_port 6; }

# As traceroute does it: the router, the firewall, and the server are there, and
# the engine is not.
hops()
{
	local fwaddr=10.0.1.2 rtaddr=192.0.2.1

	base "$1"
	[ "$F" = 4 ] || fwaddr=fd00:1::2 rtaddr=2001:db8:c::1
	check_eq "$(ask "$W1" 7 100 1)" \
		"EHOSTUNREACH ${EXCEEDED%/*} 0 0 $rtaddr" "the first hop"
	check_eq "$(ask "$W1" 7 100 2)" \
		"EHOSTUNREACH ${EXCEEDED%/*} 0 0 $fwaddr" "the second hop"
	check_eq "$(ask "$W1" 7 100 3)" "answer 100" "the third hop"
	check_eq "$(ask "$W1" 9 100 3)" \
		"ECONNREFUSED ${UNREACH%/*} ${UNREACH#*/} 0 $W1" "the end"
	check_drops 0
}

hops_4() { hops 4; }
hops_6() { hops 6; }

# The client's side complains about a reply: the server hears of it, about the
# packet that it sent.
client_side()
{
	base "$1"
	caps_start "pe-i0=$pe:i0" "fw-f0=$fw:f0" "srv-s1=$srv1:s1"
	# A request that no program of the client has sent.
	check in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $M_I0 "$U1" "$W1" \
		udp 4000 7
	busywait "$WAIT" _sent 2
	check_err $? "no error for the server"
	caps_stop
	check_eq "$(errors pe-i0)" \
		"$U1 $W1 $UNREACH 0 about $W1 7 $U1 4000 udp ok" "at the uplink"
	check_eq "$(errors fw-f0)" \
		"$U1 $W1 $UNREACH 0 about $W1 7 $U1 4000 udp ok" "at the firewall"
	check_eq "$(errors srv-s1)" \
		"$U1 $S1 $UNREACH 0 about $S1 2007 $U1 4000 udp ok" "at the server"
	check_eq "$(stat_of service "$W1" udp 7 request)" 2 "the error counts as a request"
	check_drops 0
}

_sent()
{
	[ "$(stat_of device srv1 sent)" -ge "$1" ]
}

client_side_4() { client_side 4; }
client_side_6() { client_side 6; }

# forge NS DEV SMAC DMAC FROM TO SRC SPORT DST DPORT REASON
forge()
{
	local before reason=${11}

	before=$(drops "$reason")
	check in_ns "$1" $PY "$TOOLS/errors.pyc" send "$2" "$3" "$4" "$5" \
		"$6" "${UNREACH%/*}" "${UNREACH#*/}" "$7" "$8" "$9" "${10}" udp 5
	busywait "$WAIT" _dropped "$reason" $((before + 5))
	check_err $? "forged errors are not dropped as $reason"
}

_dropped()
{
	[ "$(drops "$1")" -ge "$2" ]
}

# The rules for sources are those for other packets.
forged()
{
	base "$1"
	capture_start "cl$F" "$cl" c0 "icmp or icmp6"
	capture_start "srv$F" "$srv1" s1 "icmp or icmp6"
	# From a stranger, from a device that does not stand there, and from
	# the client's side about a port that exists inside only.
	forge "$srv1" s1 $M_BAD $M_I3 "$S1" "$U1" "$U1" 4000 "$S1" 2007 bad-source
	forge "$fw" f1 $M_FW1 $M_I2 "$W1" "$U1" "$U1" 4000 "$W1" 7 bad-position
	forge "$fw" f0 $M_FW0 $M_I1 "$U1" "$W1" "$W1" 7 "$U1" 4000 bad-position
	forge "$fw" f1 $M_BAD $M_I2 "$U1" "$W1" "$W1" 7 "$U1" 4000 bad-source
	capture_stop "cl$F"
	capture_stop "srv$F"
	check_eq "$(errors "cl$F")" "" "errors at the client"
	check_eq "$(errors "srv$F" | grep -v "^$S1 $U1 ")" "" "errors at the server"
	check_drops 20
}

forged_4() { forged 4; }
forged_6() { forged 6; }

# What is about no service, or does not come to the sender of what it quotes,
# is left to the stack.
no_service()
{
	local before

	base "$1"
	before=$(sq -j -s port show i0 | jq '.[0].passed.packets')
	capture_start "srv$F" "$srv1" s1 "icmp or icmp6"
	check in_ns "$rt" $PY "$TOOLS/errors.pyc" send r1 $M_R1 $M_I0 \
		"$U1" "$W1" "${UNREACH%/*}" "${UNREACH#*/}" "$W1" 8 "$U1" 4000 udp 5
	check in_ns "$rt" $PY "$TOOLS/errors.pyc" send r1 $M_R1 $M_I0 \
		"$U1" "$W2" "${UNREACH%/*}" "${UNREACH#*/}" "$W1" 7 "$U1" 4000 udp 5
	busywait "$WAIT" _passed $((before + 10))
	check_err $? "not left to the stack"
	capture_stop "srv$F"
	check_eq "$(errors "srv$F")" "" "errors at the server"
	check_eq "$(stat_of service "$W1" udp 7 request)" 0 "requests"
	check_drops 0
}

_passed()
{
	[ "$(sq -j -s port show i0 | jq '.[0].passed.packets')" -ge "$1" ]
}

no_service_4() { no_service 4; }
no_service_6() { no_service 6; }

run_cases
