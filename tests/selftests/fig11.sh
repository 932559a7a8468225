#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: E-06 E-09 F-01
# Timeout: 400
# Figures 11 and 11A: each service has an IDS and a firewall of its own, and no
# IDS sees anything of another's service: on one switch, where VLANs keep them
# apart, and each on an interface of its own, of which there may be hundreds.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- d0 ids1, ids2, ids3
#                             |  i2 --- sw41 --- f0 fw1, fw2, fw3
#                             |  i3 --- sw42 --- f1 fw1, fw2, fw3
#                             |  i4 --- sw43 --- s1 srv1, s2 srv2
#                             i5, i6, i7 ------- e0 ids1, ids2, ids3

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq tcpdump python3 nft

CASES="switch_4 switch_6 own_4 own_6 shared_firewall no_firewall
	alerts hundreds"

# shellcheck disable=SC2034 # by their names
sw42="" sw43="" ids1="" ids2="" ids3="" fw1="" fw2="" fw3="" farm=""
# shellcheck disable=SC2034 # by their names
M_I4=02:00:00:00:01:04 M_I5=02:00:00:00:01:05 M_I6=02:00:00:00:01:06
# shellcheck disable=SC2034 # by its name
M_I7=02:00:00:00:01:07

# Where IDS N is, if all are on the switch or each on an interface of its own.
ids_dev() { [ "$1" = own ] && echo e0 || echo d0; }
ids_port() { [ "$1" = own ] && echo "i$((4 + $2))" || echo i1; }
ids_mac()
{
	[ "$1" = own ] && echo "02:00:00:00:1e:0$2" || echo "02:00:00:00:1d:0$2"
}

# Servers: the third service has that of the first.
srv_of() { echo "srv$((($1 + 1) % 2 ? 2 : 1))"; }

ids()
{
	local n=$1 name=ids$1

	setup_ns "$name" || return 1
	ns_host "${!name}" net.ipv6.conf.default.disable_ipv6=1
	topo_station 1 "$sw40" "${!name}" d0 "$(ids_mac switch "$n")" || return 1
	topo_station $((4 + n)) - "${!name}" e0 "$(ids_mac own "$n")"
}

firewall()
{
	local n=$1 name=fw$1

	topo_fw_n "$n" "$sw41" "$sw42" 192.0.2.0/24 2001:db8:c::/64 || return 1
	in_ns "${!name}" nft -f - <<-EOT
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established accept
				iif "f0" oif "f1" udp dport 7 ct state new accept
				meta l4proto icmpv6 accept
			}
		}
	EOT
}

setup()
{
	local n

	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_switch 2 sw41 || bail "no switch"
	topo_switch 3 sw42 || bail "no switch"
	topo_switch 4 sw43 || bail "no switch"
	for n in 1 2 3; do
		ids $n || bail "no IDS $n"
		firewall $n || bail "no firewall $n"
	done
	topo_server srv1 4 "$sw43" $M_S1 2 || bail "no server"
	topo_server srv2 4 "$sw43" $M_S2 3 || bail "no server"
	server_mode srv1 loopback $W1_4 $W1_6 $W3_4 $W3_6
	server_mode srv2 loopback $W2_4 $W2_6
	udp_start srv1 7 $W1_4 $W1_6 $W3_4 $W3_6 || bail "no server for UDP"
	udp_start srv2 7 $W2_4 $W2_6 || bail "no server for UDP"
}

# definition PLACE FW1 FW2 FW3: a service each, with firewall FWn, or - for none
definition()
{
	local place=$1 fw n w

	echo "port add i0 role uplink"
	for n in 1 2 3 4 5 6 7; do
		echo "port add i$n role device"
	done
	echo "device add srv1 kind server mode loopback outer i4 mac $M_S1"
	echo "device add srv2 kind server mode loopback outer i4 mac $M_S2"
	for n in 1 2 3; do
		w=W$n
		shift
		echo "device add ids$n kind tap outer $(ids_port "$place" $n) mac $(ids_mac "$place" $n)"
		echo "device add fw$n kind inline outer i2 mac $(mac_outer $n) inner i3 mac $(mac_inner $n)"
		fw="step $1"
		[ "$1" != - ] || fw=""
		echo "sequence add s$n $fw step $(srv_of $n) copy ids$n"
		echo "service add ${!w} udp 7 sequence s$n"
	done
}

# Traffic of all three services at once; each IDS sees its own and nothing else.
each_sees_its_own()
{
	local place=$1 n w name pids=()

	for n in 1 2 3; do
		name=ids$n
		capture_start "seen$n" "${!name}" "$(ids_dev "$place")" udp
	done
	for n in 1 2 3; do
		w=W$n
		udp_ask "${!w}" 7 $((3 + 2 * n)) 200 "$U1" &
		pids+=($!)
	done
	for n in "${pids[@]}"; do
		wait "$n"
		check_err $? "a service does not answer"
	done
	for n in 1 2 3; do
		w=W$n
		capture_stop "seen$n"
		check_eq "$(capture_count "seen$n" "host ${!w}")" $((6 + 4 * n)) \
			"copies of service $n"
		check_eq "$(capture_count "seen$n" "not host ${!w}")" 0 \
			"IDS $n saw packets of others"
	done
	check_drops 0
}

# The second service, hop by hop.
walked()
{
	local place=$1 port mac tap

	port=$(ids_port "$place" 2) mac=M_I${port#i}
	tap="copy engine>ids2 pe-$port,ids2 ${!mac} $(ids_mac "$place" 2)"
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-$port=$pe:$port" "pe-i2=$pe:i2" "pe-i3=$pe:i3" \
		"pe-i4=$pe:i4" "ids2=$ids2:$(ids_dev "$place")" \
		"fw2-f0=$fw2:f0" "fw2-f1=$fw2:f1" "srv2-s2=$srv2:s2"
	udp_ask "$W2" 7 4 300 "$U1"
	walk_spec <<-EOT
		watch $W2
		path request request $W2/udp/7 s2
		$(edge_in "$U1" "$W2" udp 7)
		hop engine>fw2 pe-i2,fw2-f0 $M_I2 $(mac_outer 2) $U1 $W2 udp - 7
		hop fw2>engine fw2-f1,pe-i3 $(mac_inner 2) $M_I3 $U1 $W2 udp - 7
		$tap $U1 $W2 udp - 7
		hop engine>srv2 pe-i4,srv2-s2 $M_I4 $M_S2 $U1 $W2 udp - 7
		path reply reply $W2/udp/7 s2
		hop srv2>engine srv2-s2,pe-i4 $M_S2 $M_I4 $W2 $U1 udp 7 -
		$tap $W2 $U1 udp 7 -
		hop engine>fw2 pe-i3,fw2-f1 $M_I3 $(mac_inner 2) $W2 $U1 udp 7 -
		hop fw2>engine fw2-f0,pe-i2 $(mac_outer 2) $M_I2 $W2 $U1 udp 7 -
		$(edge_out "$W2" "$U1" udp 7)
	EOT
	walk_check
}

place()
{
	fam "$2"
	engine_setup < <(definition "$1" fw1 fw2 fw3)
	walked "$1"
	each_sees_its_own "$1"
}

switch_4() { place switch 4; }
switch_6() { place switch 6; }
own_4() { place own 4; }
own_6() { place own 6; }

shared_firewall()
{
	fam 4
	engine_setup < <(definition switch fw1 fw1 fw1)
	each_sees_its_own switch
	[ "$(stat_of device fw1 received)" -ge 42 ]
	check_err $? "packets went past the firewall"
	check_eq "$(stat_of device fw2 sent)" 0 "packets to a firewall of nobody"
}

no_firewall()
{
	fam 6
	engine_setup < <(definition own - - -)
	each_sees_its_own own
	check_eq "$(stat_of device fw1 sent)" 0 "packets to a firewall of nobody"
}

# What an IDS sends goes to its own service's server, and to no other.
alerts()
{
	fam 4
	engine_setup < <(definition own fw1 fw2 fw3)
	check in_ns "$ids2" $PY "$TOOLS/send.pyc" e0 "$(ids_mac own 2)" \
		$M_I6 "$U1" "$W2" udp 3000 7 count=4
	busywait "$WAIT" _sent srv2 4
	check_err $? "the alerts did not reach the server"
	check_eq "$(stat_of device srv1 sent)" 0 "alerts to another server"
	# in the name of a service that it does not watch
	check in_ns "$ids2" $PY "$TOOLS/send.pyc" e0 "$(ids_mac own 2)" \
		$M_I6 "$U1" "$W1" udp 3000 7 count=3
	busywait "$WAIT" _dropped 3
	check_err $? "an IDS speaks for a service that is not its own"
	check_eq "$(stat_of device srv1 sent)" 0 "alerts to another server"
}

_sent()
{
	[ "$(stat_of device "$1" sent)" -ge "$2" ]
}

_dropped()
{
	[ "$(drops bad-source)" -eq "$1" ]
}

HUNDREDS=256

# As many interfaces as there are IDSs: each gets the one packet that is its.
hundreds()
{
	local n

	fam 4
	setup_ns farm
	ns_host "$farm" net.ipv6.conf.default.disable_ipv6=1
	for ((n = 0; n < HUNDREDS; n++)); do
		printf 'link add t%d address 02:00:00:01:00:%02x type veth peer name x%d netns %s address 02:00:00:02:00:%02x\n' \
			$n $n $n "$farm" $n
		printf 'link set t%d up\n' $n
	done >"$TMP/links"
	# a router tells of itself on every link, and that would be counted, too
	in_ns "$pe" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	defer in_ns "$pe" sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	ip -n "$pe" -batch "$TMP/links"
	check_err $? "no $HUNDREDS interfaces"
	sed -n 's/^link add \(t[0-9]*\) .*/link del \1/p' "$TMP/links" >"$TMP/unlinks"
	defer ip -n "$pe" -batch "$TMP/unlinks"
	sed -n 's/^link set t\([0-9]*\) .*/link set x\1 up/p' "$TMP/links" |
		ip -n "$farm" -batch -
	check_err $? "interfaces stay down"
	{
		definition switch - - -
		for ((n = 0; n < HUNDREDS; n++)); do
			printf 'port add t%d role device\n' $n
			printf 'device add tap%d kind tap outer t%d mac 02:00:00:02:00:%02x\n' $n $n $n
			printf 'sequence add h%d step srv1 copy tap%d request\n' $n $n
			printf 'service add %s udp %d sequence h%d\n' "$W1" $((2000 + n)) $n
		done
	} >"$TMP/hundreds"
	engine_setup <"$TMP/hundreds"
	# nobody listens there, and the server is not to complain
	in_ns "$srv1" nft 'add table inet quiet; add chain inet quiet in { type filter hook input priority 0; policy accept; }; add rule inet quiet in udp dport 2000-2999 drop'
	defer in_ns "$srv1" nft delete table inet quiet
	in_ns "$cl" bash -c 'for ((n = 0; n < $2; n++)); do
		echo x >/dev/udp/$1/$((2000 + n)) || exit 1
	done' - "$W1" $HUNDREDS
	check_err $? "the client cannot send"
	busywait "$WAIT" _sent srv1 $HUNDREDS
	check_err $? "packets are missing"
	check_eq "$(ip -n "$farm" -s -j link show type veth |
		    jq -c '[.[] | select(.ifname | startswith("x")) | .stats64.rx.packets] | group_by(.) | map([.[0], length])')" \
		"[[1,$HUNDREDS]]" "packets by interface"
	check_drops 0
}

run_cases
