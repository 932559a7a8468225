#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-05
# Timeout: 400
# TCP connections outlive the engine: while iperf3 transfers through firewall
# and address translation, the module is taken out, put in again and
# configured anew.  No connection is made a second time.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- f0 fw
#                             i2 --- f1
#                             i3 --- s1 srv1 (mode nat)

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq iperf3 tcpdump nft

CASES="reload_4 reload_6"

setup()
{
	FW_PORTS="tcp . 5201"
	topo_core || bail "no core"
	topo_fw - - || bail "no firewall"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
}

config()
{
	engine <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add srv1 kind server mode nat address $S1 outer i3 mac $M_S1
		sequence add s step fw0 step srv1 port 5301
		service add $W1 tcp 5201 sequence s
	EOT
}

reload()
{
	local i

	fam "$1"
	engine_reset
	config || check_err 1 "configuration"
	iperf_start srv1 "$S1" 5301 || check_err 1 "no iperf3 server"
	capture_start "syn$1" "$cl" c0 \
		"host $U1 and host $W1 and (ip6[53] & 2 != 0 or tcp[13] & 2 != 0)"
	# No end of its own: on a busy machine it would come before the reloads.
	bg_ns transfer "$cl" iperf3 -c "$W1" -B "$U1" -b 8M -n 4G
	for i in 1 2 3; do
		# Until some of the transfer went through this engine.
		busywait "$WAIT" _bytes $((400000))
		check_err $? "no traffic before reload $i"
		check rmmod svcseq
		check module_load
		config
		check_err $? "configuration after reload $i"
	done
	busywait "$WAIT" _bytes 100000
	check_err $? "no traffic after the last reload"
	kill -0 "$(cat "$TMP/transfer.pid")"
	check_err $? "iperf3 has ended: $(tail -n 3 "$TMP/transfer.log")"
	bg_stop transfer
	capture_stop "syn$1"
	# One control and one data connection, a SYN each way for each.
	check_eq "$(capture_show "syn$1" | grep -c "Flags \[S\]")" 2 "SYNs"
	check_no_conntrack "$pe"
}

_bytes()
{
	[ "$(sq -j -s service show | jq '.[0].request.bytes')" -ge "$1" ]
}

reload_4() { reload 4; }
reload_6() { reload 6; }

run_cases
