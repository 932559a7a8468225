#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: C-03 C-04 D-03
# Timeout: 500
# Checksums under address and port translation: complete ones, ones that the
# device is to finish (CHECKSUM_PARTIAL), GSO packets, UDP without a checksum
# and UDP whose checksum comes out as zero.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- s1 srv1 (mode nat, other ports)

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq tcpdump python3 iperf3 ethtool

CASES="bulk_gso bulk_sender_off bulk_all_off udp_without_4 udp_zero_4
	udp_zero_6 wrong_stays_wrong_4 wrong_stays_wrong_6"

# shellcheck disable=SC2034 # read by fam
S1_4=10.0.1.2 S1_6=fd00:1::2

setup()
{
	topo_core || bail "no core"
	topo_server srv1 1 - $M_S1 2 || bail "no server"
}

base()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		device add srv1 kind server mode nat address $S1_4 address $S1_6 outer i1 mac $M_S1
		sequence add s step srv1 port 5301
		sequence add t step srv1 port 2007
		service add $W1_4 tcp 5201 sequence s
		service add $W1_4 udp 5201 sequence s
		service add $W1_4 udp 7 sequence t
		service add $W1_6 tcp 5201 sequence s
		service add $W1_6 udp 5201 sequence s
		service add $W1_6 udp 7 sequence t
	EOT
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "srv-s1=$srv1:s1"
}

# steps PROTO PORT REAL_PORT SEQUENCE
steps()
{
	walk_add <<-EOT
		path request-$1-$2-$F request $W1/$1/$2 $4
		$(edge_in "$U1" "$W1" "$1" "$2")
		hop engine>srv1 pe-i1,srv-s1 $M_I1 $M_S1 $U1 $S1 $1 - $3
		path reply-$1-$2-$F reply $W1/$1/$2 $4
		hop srv1>engine srv-s1,pe-i1 $M_S1 $M_I1 $S1 $U1 $1 $3 -
		$(edge_out "$W1" "$U1" "$1" "$2")
	EOT
}

# bulk [strict]
bulk()
{
	local f

	base
	# Without an address it listens on all of both families.
	bg_ns iperf "$srv1" iperf3 -s -p 5301
	wait_port "$srv1" tcp 5301 || check_err 1 "no iperf3 server"
	udp_start srv1 2007 $S1_4 $S1_6
	walk_spec <<<"watch $W1_4 $S1_4 $W1_6 $S1_6"
	for f in 4 6; do
		fam $f
		check in_ns "$cl" iperf3 -c "$W1" -B "$U1" -n 1M
		check in_ns "$cl" iperf3 -c "$W1" -B "$U1" -n 1M -R
		check in_ns "$cl" iperf3 -c "$W1" -B "$U1" -u -n 100K -b 8M
		udp_ask "$W1" 7 10 1333 "$U1"
		steps tcp 5201 5301 s
		steps udp 5201 5301 s
		steps udp 7 2007 t
	done
	quiet_ns "$cl" "$srv1"
	walk_check "$@"
	check_drops 0
}

bulk_gso() { bulk; }

# off NS...: without offloads in these, for this case
off()
{
	offloads off "$@"
	check_err $? "cannot switch offloads off"
	defer offloads on "$@"
}

# Complete packets from the client, GSO packets back.
bulk_sender_off()
{
	off "$cl"
	# With no offload at all tcpdump would expect no super-packets either,
	# and cut those that come from the server.
	check in_ns "$cl" ethtool -K c0 gro on
	defer in_ns "$cl" ethtool -K c0 gro off
	bulk
}

# Nothing is left to any device: every checksum must be right at every hop.
bulk_all_off()
{
	off "$cl" "$rt" "$pe" "$srv1"
	SNAPLEN=2000 bulk strict
}

# one_way SEND_OPTION...: datagrams from a client that sends no honest ones,
# to a server that listens to nothing; what arrives is looked at
one_way()
{
	check in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $M_I0 "$U1" "$W1" \
		udp 3000 7 count=8 "$@"
	busywait "$WAIT" _arrived 8
	check_err $? "not all arrived"
	caps_stop
}

_arrived()
{
	[ "$(stat_of device srv1 sent)" -ge "$1" ]
}

# sums CAPTURE FILTER: the UDP checksum fields of its frames
sums()
{
	$PY - "$TOOLS" "$TMP/$1.pcap" "$2" <<-'EOT'
		import sys
		sys.path.insert(0, sys.argv[1])
		import frames
		for f in frames.read_pcap(sys.argv[2]):
		    if f.ip and f.ip.proto == 17 and f.ip.sport == 3000:
		        at = f.ip.l4 + 6
		        print(f.ip.raw[at:at + 2].hex() if sys.argv[3] == "field"
		              else f.ip.checksums().split(" checksum")[0])
	EOT
}

# check_sums CAPTURE field|state WANTED: of all eight
check_sums()
{
	local have

	have=$(sums "$1" "$2" | sort | uniq -c | xargs)
	check_eq "$have" "8 $3" "checksums ($2) in $1"
}

# A datagram without a checksum arrives without one.
udp_without_4()
{
	fam 4
	base
	# No answers: an ICMP error would be one.
	in_ns "$srv1" nft 'add table inet quiet; add chain inet quiet in { type filter hook input priority 0; policy accept; }; add rule inet quiet in udp dport 2007 drop'
	defer in_ns "$srv1" nft delete table inet quiet
	one_way nocsum
	check_sums pe-i0 state none
	check_sums srv-s1 field 0000
	check_drops 0
}

# A checksum that comes out as zero is sent as ffff: zero would mean none.
udp_zero()
{
	fam "$1"
	base
	in_ns "$srv1" nft 'add table inet quiet; add chain inet quiet in { type filter hook input priority 0; policy accept; }; add rule inet quiet in udp dport 2007 drop'
	defer in_ns "$srv1" nft delete table inet quiet
	one_way "zero=$S1/2007"
	check_sums pe-i0 state ok
	check_sums srv-s1 field ffff
	check_sums srv-s1 state ok
	check_drops 0
}

udp_zero_4() { udp_zero 4; }
udp_zero_6() { udp_zero 6; }

# The engine corrects a checksum by what it changed; it does not make a broken
# packet look whole.
wrong_stays_wrong()
{
	fam "$1"
	base
	one_way badcsum
	check_sums pe-i0 state "bad udp"
	check_sums srv-s1 state "bad udp"
	check_drops 0
}

wrong_stays_wrong_4() { wrong_stays_wrong 4; }
wrong_stays_wrong_6() { wrong_stays_wrong 6; }

run_cases
