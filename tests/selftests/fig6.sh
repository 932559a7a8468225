#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-02 A-14 B-04 C-02 C-03 C-04 C-07 D-01 D-02 E-08 K-02
# Timeout: 300
# Figures 6 to 6B: one service address, two ports, a server each, both servers
# on one segment behind one engine port: alias and alias, alias and NAT, NAT
# and NAT; IPv4 and IPv6, TCP and UDP.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- s1 srv1
#                                          `---- s2 srv2

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3

CASES="alias_and_alias alias_and_nat nat_and_nat"

# shellcheck disable=SC2034 # read by fam
S1_4=10.0.1.2 S1_6=fd00:1::2 S2_4=10.0.1.3 S2_6=fd00:1::3

setup()
{
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_server srv1 1 "$sw40" $M_S1 2 || bail "no first server"
	topo_server srv2 1 "$sw40" $M_S2 3 || bail "no second server"
	web_start srv1 80 || bail "no first web server"
	web_start srv2 8080 || bail "no second web server"
}

# steps PROTO PORT SERVER: steps 1 to 4, or 5 to 8
steps()
{
	local proto=$1 port=$2 n=${3#srv} d=$W1 mac=M_S${3#srv} own=S${3#srv}

	[ "${mode[$3]}" != nat ] || d=${!own}
	walk_add <<-EOT
		path request-$proto-$port-$F request $W1/$proto/$port to$n
		$(edge_in "$U1" "$W1" "$proto" "$port")
		hop engine>$3 pe-i1,$3 $M_I1 ${!mac} $U1 $d $proto - $port
		path reply-$proto-$port-$F reply $W1/$proto/$port to$n
		hop $3>engine $3,pe-i1 ${!mac} $M_I1 $d $U1 $proto $port -
		$(edge_out "$W1" "$U1" "$proto" "$port")
	EOT
}

# rows PROTO PORT SERVER: table 632
rows()
{
	local proto=$1 port=$2 mac=M_S${3#srv} own=S${3#srv} d=$W1 to=- from=-

	[ "${mode[$3]}" != nat ] || d=${!own} to=${!own} from=$W1
	cat <<-EOT
		request i0 * $W1 $proto/$port client>$3 ${mode[$3]} i1 ${!mac} $to - -
		reply i1 ${!mac} $d $proto/$port $3>client client * * $from - -
	EOT
}

# own SERVER: its own addresses, if it is in mode nat
own()
{
	local a=S${1#srv}_4 b=S${1#srv}_6

	[ "${mode[$1]}" != nat ] || echo "address ${!a} address ${!b}"
}

# scenario MODE1 MODE2
scenario()
{
	local -A mode=([srv1]=$1 [srv2]=$2)
	local f

	server_mode srv1 "$1" $W1_4 $W1_6
	server_mode srv2 "$2" $W1_4 $W1_6
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		device add srv1 kind server mode $1 $(own srv1) outer i1 mac $M_S1
		device add srv2 kind server mode $2 $(own srv2) outer i1 mac $M_S2
		sequence add to1 step srv1
		sequence add to2 step srv2
		service add $W1_4 tcp 80 sequence to1
		service add $W1_4 udp 7 sequence to1
		service add $W1_4 tcp 8080 sequence to2
		service add $W1_4 udp 9 sequence to2
		service add $W1_6 tcp 80 sequence to1
		service add $W1_6 udp 7 sequence to1
		service add $W1_6 tcp 8080 sequence to2
		service add $W1_6 udp 9 sequence to2
	EOT
	check_table < <(
		for f in 4 6; do
			fam $f
			rows tcp 80 srv1
			rows udp 7 srv1
			rows tcp 8080 srv2
			rows udp 9 srv2
		done)

	if [ "$1" = nat ]; then
		udp_start srv1 7 $S1_4 $S1_6
	else
		udp_start srv1 7 $W1_4 $W1_6
	fi
	if [ "$2" = nat ]; then
		udp_start srv2 9 $S2_4 $S2_6
	else
		udp_start srv2 9 $W1_4 $W1_6
	fi
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "srv1=$srv1:s1" "srv2=$srv2:s2"
	walk_spec <<<"watch $W1_4 $S1_4 $S2_4 $W1_6 $S1_6 $S2_6"
	for f in 4 6; do
		fam $f
		udp_ask "$W1" 9 10 500 "$U1" &
		check_get "srv1 says hello" "http://$UW1/name"
		check_get "srv2 says hello" "http://$UW1:8080/name"
		check_bulk srv2 "http://$UW1:8080/bulk"
		udp_ask "$W1" 7 10 500 "$U1"
		wait $!
		check_err $? "UDP to the second server"
		steps tcp 80 srv1
		steps udp 7 srv1
		steps tcp 8080 srv2
		steps udp 9 srv2
	done
	quiet_ns "$cl" "$srv1" "$srv2"
	walk_check
	check_drops 0
	check_no_conntrack "$pe"
}

alias_and_alias() { scenario alias alias; }
alias_and_nat() { scenario alias nat; }
nat_and_nat() { scenario nat nat; }

run_cases
