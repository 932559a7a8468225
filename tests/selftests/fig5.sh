#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-01 A-02 A-03 A-07 A-08 A-09 A-11 A-14 A-18 A-19 A-22 B-05 C-01 C-02 C-03 C-04 D-01 E-17 K-01
# Tags: smoke
# Timeout: 300
# Figures 5 to 5J: one server behind the engine, in the three server modes,
# each with IPv4 and IPv6, TCP (nginx and curl) and UDP, and with a second
# service beside.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3

CASES="mode_loopback mode_alias mode_nat"

# The figure has its server on i1.
# shellcheck disable=SC2034 # read by fam
S1_4=10.0.1.2 S1_6=fd00:1::2

setup()
{
	topo_core || bail "no core"
	topo_server srv1 1 - $M_S1 2 || bail "no server"
	web_start srv1 80 || bail "no web server"
}

# steps PROTO PORT SERVICE SEQUENCE: the four steps of the figure
steps()
{
	local proto=$1 port=$2 w=$3 seq=$4 d=$3

	[ "$mode" != nat ] || d=$S1
	walk_add <<-EOT
		path request-$proto-$port-$F request $w/$proto/$port $seq
		$(edge_in - "$w" "$proto" "$port")
		hop engine>srv1 pe-i1,srv-s1 $M_I1 $M_S1 - $d $proto - $port
		path reply-$proto-$port-$F reply $w/$proto/$port $seq
		hop srv1>engine srv-s1,pe-i1 $M_S1 $M_I1 $d - $proto $port -
		$(edge_out "$w" - "$proto" "$port")
	EOT
}

# rows PROTO PORT SERVICE: table 5D, 5G or 5J
rows()
{
	local proto=$1 port=$2 w=$3 d=$3 to=- from=-

	[ "$mode" != nat ] || d=$S1 to=$S1 from=$3
	cat <<-EOT
		request i0 * $w $proto/$port client>srv1 $mode i1 $M_S1 $to - -
		reply i1 $M_S1 $d $proto/$port srv1>client client * * $from - -
	EOT
}

scenario()
{
	local mode=$1 f

	server_mode srv1 "$mode" $W1_4 $W2_4 $W1_6 $W2_6
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		device add srv1 kind server mode $mode $([ "$mode" != nat ] || echo "address $S1_4 address $S1_6") outer i1 mac $M_S1
		sequence add first step srv1
		sequence add second step srv1
		service add $W1_4 tcp 80 sequence first
		service add $W1_4 udp 7 sequence first
		service add $W2_4 udp 9 sequence second
		service add $W1_6 tcp 80 sequence first
		service add $W1_6 udp 7 sequence first
		service add $W2_6 udp 9 sequence second
	EOT
	check_table < <(
		for f in 4 6; do
			fam $f
			rows tcp 80 "$W1"
			rows udp 7 "$W1"
			rows udp 9 "$W2"
		done)

	if [ "$mode" = nat ]; then
		udp_start srv1 7 $S1_4 $S1_6
		udp_start srv1 9 $S1_4 $S1_6
	else
		udp_start srv1 7 $W1_4 $W1_6
		udp_start srv1 9 $W2_4 $W2_6
	fi
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "srv-s1=$srv1:s1"
	walk_spec <<<"watch $W1_4 $W2_4 $S1_4 $W1_6 $W2_6 $S1_6"
	for f in 4 6; do
		fam $f
		# The second service runs while the first does.
		udp_ask "$W2" 9 20 300 "$U2" &
		check_get "srv1 says hello" "http://$UW1/name"
		check_bulk srv1 "http://$UW1/bulk"
		udp_ask "$W1" 7 5 900 "$U1"
		wait $!
		check_err $? "the second service"
		steps tcp 80 "$W1" first
		steps udp 7 "$W1" first
		steps udp 9 "$W2" second
	done
	quiet_ns "$cl" "$srv1"
	walk_check
	check_drops 0
	check_no_conntrack "$pe"
	[ "$mode" != nat ] || check_addresses_absent $W1_4 $W2_4 $W1_6 $W2_6
}

mode_loopback() { scenario loopback; }
mode_alias() { scenario alias; }
mode_nat() { scenario nat; }

run_cases
