#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-15
# Timeout: 300
# SCTP, DCCP and UDP-Lite as protocols of services, with the kernel's own
# sockets at both ends: through a device, and through address and port
# translation, which each end's checksum must survive.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- h0 one
#                             i3 --- s1 srv1 (mode nat, other ports)

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq python3 ethtool

CASES="sctp_4 sctp_6 sctp_offload_4 sctp_offload_6 dccp_4 dccp_6
	udplite_4 udplite_6 by_number"

one=""
M_ONE=02:00:00:00:11:01

setup()
{
	modprobe -aq sctp dccp_ipv4 dccp_ipv6
	topo_core || bail "no core"
	topo_hop one 1 - $M_ONE 11 || bail "no device"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	offloads off "$cl" "$rt" "$pe" "$one" "$srv1" || bail "offloads"
}

# talk PROTO FAMILY: twenty small messages, and some as large as fit
talk()
{
	fam "$2"
	in_ns "$cl" $PY "$TOOLS/proto.pyc" have "$1" 2>/dev/null || {
		skip_case "no $1 in this kernel"
		return
	}
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		device add one kind inline outer i1 mac $M_ONE
		device add srv1 kind server mode nat address $S1 outer i3 mac $M_S1
		sequence add s step one step srv1 port 2007
		service add $W1 $1 7 sequence s
	EOT
	bg_ns "echo-$1-$F" "$srv1" $PY "$TOOLS/proto.pyc" echo "$1" 2007 "$S1"
	wait_log "$TMP/echo-$1-$F.log" ready
	check_err $? "no echo server"
	check in_ns "$cl" $PY "$TOOLS/proto.pyc" ask "$1" "$W1" 7 "$U1" 20 13
	check in_ns "$cl" $PY "$TOOLS/proto.pyc" ask "$1" "$W1" 7 "$U1" 5 1200
	[ "$(stat_of service "$W1" "$1" 7 request)" -ge 25 ]
	check_err $? "requests did not take the chain"
	[ "$(stat_of device one received)" -ge 50 ]
	check_err $? "packets went past the device"
	check_drops 0
}

sctp_4() { talk sctp 4; }
sctp_6() { talk sctp 6; }
dccp_4() { talk dccp 4; }
dccp_6() { talk dccp 6; }
udplite_4() { talk udplite 4; }
udplite_6() { talk udplite 6; }

# A checksum that is left to the device (CHECKSUM_PARTIAL) is none to correct.
sctp_offload()
{
	offloads on "$cl" "$srv1"
	defer offloads off "$cl" "$srv1"
	talk sctp "$1"
}

sctp_offload_4() { sctp_offload 4; }
sctp_offload_6() { sctp_offload 6; }

by_number()
{
	fam 4
	engine_setup <<-EOT
		port add i0 role uplink
		port add i3 role device
		device add srv1 kind server mode nat address $S1 outer i3 mac $M_S1
		sequence add s step srv1
		service add $W1 132 7 sequence s
		service add $W1 33 7 sequence s
		service add $W1 136 7 sequence s
	EOT
	check_eq "$(sq service show | cut -d' ' -f2 | sort | xargs)" \
		"dccp sctp udplite" "protocols"
	check sq service del "$W1" sctp 7
	check sq service del "$W1" dccp 7
	check sq service del "$W1" udplite 7
}

run_cases
