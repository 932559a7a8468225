#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-09 E-18 N-01
# Timeout: 300
# More of the rough side: a device answers ARP late; one gives packets back with
# a position that they had before, so that they go round; and the table is
# changed thousands of times a second under load.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- h0 one
#                             |             `--- h0 two
#                             i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq python3 jq nft

CASES="late_answer_4 late_answer_6 circle_4 circle_6 storm_4 storm_6"

one="" two=""
M_ONE=02:00:00:00:11:01
M_TWO=02:00:00:00:11:02

setup()
{
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_hop one 1 "$sw40" $M_ONE 11 || bail "no first device"
	topo_hop two 1 "$sw40" $M_TWO 12 || bail "no second device"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	server_mode srv1 loopback $W1_4 $W1_6 $W2_4 $W2_6
	hush_ns "$cl" "$one" "$two" "$srv1" || bail "no filter"
}

# base: ports and devices, and the commands on standard input
base()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		$(cat)
	EOT
}

_at_least()
{
	[ "$("${@:2}")" -ge "$1" ]
}

# What comes for a device that has not answered yet waits, and gets there when
# it does, once each. It may be back before the engine has heard of the MAC; then
# it is from a stranger (or, if the news comes while the engine looks for the
# reason, from a wrong place). Whatever comes later is not.
late_answer()
{
	local via=10.0.1.11 strange

	fam "$1"
	[ "$F" = 4 ] || via=fd00:1::11
	# However slow this machine is.
	ns_sysctl "$pe" net.ipv4.neigh.i1.mcast_solicit=100 \
		net.ipv6.neigh.i1.mcast_solicit=100
	ns_sysctl "$one" net.ipv4.conf.all.arp_ignore=8
	in_ns "$one" nft -f - <<-EOT
		table ip6 late {
			chain in {
				type filter hook input priority 0;
				icmpv6 type nd-neighbor-solicit drop
			}
		}
	EOT
	ip -n "$pe" neigh flush all
	base <<-EOT
		device add one kind inline outer i1 via $via
		sequence add s step one step srv1
		service add $W1 udp 7 sequence s
	EOT
	udp_start srv1 7 "$W1"
	capture_start "late$F" "$pe" i1 "udp and dst $W1"
	check in_ns "$cl" $PY "$TOOLS/udp.pyc" send "$W1" 7 5 50 "$U1"
	busywait "$WAIT" _at_least 5 stat_of device one sent
	check_err $? "nothing goes to the device"
	check_eq "$(sq -j device show one | jq '.[0].arms[0] | has("resolved")')" \
		false "a MAC was made up"
	check_eq "$(stat_of device srv1 sent)" 0 "packets at the server"
	ns_sysctl "$one" net.ipv4.conf.all.arp_ignore=0
	in_ns "$one" nft delete table ip6 late
	busywait "$WAIT" _resolved
	check_err $? "the engine does not hear the answer"
	busywait "$WAIT" _at_least 5 _back
	check_err $? "what has waited does not come back"
	strange=$(drops)
	udp_ask "$W1" 7 5 50 "$U1"
	capture_stop "late$F"
	check_eq "$(capture_count "late$F" "ether src $M_I1 and ether dst $M_ONE")" 10 \
		"requests to the device"
	check_eq "$(stat_of device srv1 sent)" $((10 - strange)) \
		"packets at the server"
	check_drops "$strange"
}

_back()
{
	echo $(($(stat_of device srv1 sent) + $(drops)))
}

_resolved()
{
	sq -j device show one | jq -e --arg m $M_ONE \
		'.[0].arms[0].resolved[0] == $m' >/dev/null
}

late_answer_4() { late_answer 4; }
late_answer_6() { late_answer 6; }

# bounces NS MAC [DSCP]: what comes goes back at once, as if through a wire with
# ends that are told by their MAC addresses, and with that DSCP
bounces()
{
	local mark=() proto=9

	[ "$F" = 4 ] || proto=6
	if [ -n "${3:-}" ] && [ "$F" = 4 ]; then
		mark=(munge offset 1 u8 set $(($3 << 2)) retain 0xfc)
	elif [ -n "${3:-}" ]; then
		mark=(munge offset 0 u16 set $((0x6000 | $3 << 6)) retain 0xffc0)
	fi
	in_ns "$1" tc qdisc add dev h0 clsact || return
	in_ns "$1" tc filter add dev h0 ingress protocol all u32 \
		match u8 17 0xff at $proto \
		action pedit ex munge eth dst set $M_I1 munge eth src set "$2" \
		"${mark[@]}" pipe action csum ip4h pipe \
		action mirred egress redirect dev h0
}

# The device stands at two steps which its packets tell by their DSCP, and gives
# all of them that of the first: they come to the other device again and again.
# No device spends any of their TTL, and others do not wait for them.
circle()
{
	local n=5

	fam "$1"
	base <<-EOT
		device add one kind inline outer i1 mac $M_ONE
		device add two kind inline outer i1 mac $M_TWO
		sequence add s step one track dscp step two step one track dscp step srv1
		sequence add t step two step srv1
		service add $W1 udp 9 sequence s
		service add $W2 udp 7 sequence t
	EOT
	udp_start srv1 7 "$W2"
	check in_ns "$cl" $PY "$TOOLS/udp.pyc" send "$W1" 9 3 50 "$U1"
	busywait "$WAIT" _at_least 3 stat_of device srv1 sent
	check_err $? "no way through"
	check_eq "$(stat_of device one sent) $(stat_of device two sent)" "6 3" \
		"packets to the devices while all is well"

	defer in_ns "$one" tc qdisc del dev h0 clsact
	check bounces "$one" $M_ONE 3
	defer in_ns "$two" tc qdisc del dev h0 clsact
	check bounces "$two" $M_TWO
	check in_ns "$cl" $PY "$TOOLS/udp.pyc" send "$W1" 9 $n 50 "$U1"
	udp_ask "$W2" 7 20 50 "$U1"
	# From the router it comes with 63, and each round costs one of them.
	busywait "$WAIT" _at_least $n drops loop
	check_drops $n loop
	check_drops $n
	check_eq "$(stat_of device one sent)" $((6 + 63 * n)) \
		"packets to the first device"
	check_eq "$(stat_of device two sent)" $((3 + 62 * n + 40)) \
		"packets to the second device"
	check_eq "$(stat_of device srv1 sent)" $((3 + 20)) "packets to the server"
}

circle_4() { circle 4; }
circle_6() { circle 6; }

# Ten thousand changes in one batch, of the pool that packets go by and of
# services that come and go beside theirs: nobody loses one.
storm()
{
	local stop hold flood counter i start took got distinct last sent

	fam "$1"
	base <<-EOT
		device add one kind inline outer i1 mac $M_ONE
		device add two kind inline outer i1 mac $M_TWO
		pool add p policy primary member one member two
		sequence add s step p step srv1
		sequence add t step two step srv1
		service add $W1 udp 9 sequence s
	EOT
	for ((i = 0; i < 2000; i++)); do
		echo "service add $W2 udp $((i + 1000)) sequence t"
		echo "pool set p member one state down"
		echo "service set $W2 udp $((i + 1000)) sequence s"
		echo "pool set p member one state up"
		echo "service del $W2 udp $((i + 1000))"
	done >"$TMP/storm"
	rm -f "$TMP/stop-flood" "$TMP/stop-count"
	mkfifo "$TMP/stop-flood" "$TMP/stop-count"
	in_ns "$srv1" $PY "$TOOLS/udp.pyc" count "$W1" 9 \
		<"$TMP/stop-count" >"$TMP/count" &
	counter=$!
	exec {hold}>"$TMP/stop-count"
	wait_port "$srv1" udp 9
	in_ns "$cl" $PY "$TOOLS/udp.pyc" flood "$W1" 9 120 400 "$U1" \
		<"$TMP/stop-flood" >"$TMP/sent" &
	flood=$!
	exec {stop}>"$TMP/stop-flood"
	busywait "$WAIT" _at_least 20 stat_of device srv1 sent
	check_err $? "no traffic"
	start=${EPOCHREALTIME/./}
	check sq -b "$TMP/storm"
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	exec {stop}>&-
	wait $flood
	sent=$(cat "$TMP/sent")
	busywait "$WAIT" _at_least "$sent" stat_of device srv1 sent
	exec {hold}>&-
	wait $counter
	read -r got distinct last <"$TMP/count"
	check_eq "$got $distinct $((last + 1))" "$sent $sent $sent" \
		"datagrams (received, distinct, last)"
	[ "$(stat_of device two sent)" -gt 0 ]
	check_err $? "no packet saw a change"
	check_eq "$(sq -j stats | jq .services)" 1 "services"
	check_drops 0
	log_info "10000 changes in $took ms, $sent datagrams"
}

storm_4() { storm 4; }
storm_6() { storm 6; }

run_cases
