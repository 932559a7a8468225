#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: F-14
# Figure 9C with a telephone call, which names a further address in IPv6 as well:
# SIP goes to one service address, the answer offers another and a port of its
# own for the voice, and that is a service by itself through another firewall.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- f0 fw, f0 fw2
#                             |  i2 --- sw41 --- f1 fw, f1 fw2
#                             i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq sipp editcap tcpdump python3 nft

CASES="call_4 call_6"

# shellcheck disable=SC2034 # by its name
fw2=""
M_FW20=02:00:00:00:0f:20
M_FW21=02:00:00:00:0f:21
# Where the voice goes, and how many packets it is.
# shellcheck disable=SC2034 # by their names
A1_4=198.51.100.101 A1_6=2001:db8:f::101
VOICE=40

setup()
{
	FW_PORTS="udp . 5060"
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_switch 2 sw41 || bail "no inner switch"
	topo_fw "$sw40" "$sw41" || bail "no firewall"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	server_mode srv1 loopback $W1_4 $W1_6 $A1_4 $A1_6

	# The other firewall: voice only.
	setup_ns fw2
	ns_router "$fw2"
	topo_station 1 "$sw40" "$fw2" f0 $M_FW20 || bail "no second firewall"
	topo_station 2 "$sw41" "$fw2" f1 $M_FW21 || bail "no second firewall"
	ns_ip "$fw2" <<-EOT
		addr add 10.0.1.20/24 dev f0
		addr add 10.0.2.20/24 dev f1
		addr add fd00:1::20/64 dev f0 nodad
		addr add fd00:2::20/64 dev f1 nodad
		route add default via 10.0.1.1
		route add default via fd00:1::1
		route add 198.51.100.0/24 via 10.0.2.1
		route add 2001:db8:f::/64 via fd00:2::1
	EOT
	in_ns "$fw2" nft -f - <<-EOT
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established accept
				iif "f0" oif "f1" udp dport 6000-6100 ct state new counter name fresh accept
			}
			counter fresh { }
		}
	EOT
	# An error about a reply would travel as a request and be counted.
	hush_ns "$cl" "$srv1"

	must editcap -r /usr/share/sip-tester/g711a.pcap "$TMP/voice.pcap" 1-$VOICE
	caller >"$TMP/caller.xml"
}

# caller: what the caller says and expects
caller()
{
	local field to='<sip:bob@[remote_ip]>'

	field="Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:alice@[local_ip]>;tag=[call_number]
Call-ID: [call_id]
Contact: <sip:alice@[local_ip]:[local_port]>
Max-Forwards: 70"
	cat <<-EOT
		<?xml version="1.0" encoding="ISO-8859-1"?>
		<scenario name="caller">
		<send retrans="500"><![CDATA[

		INVITE sip:bob@[remote_ip]:[remote_port] SIP/2.0
		$field
		To: $to
		CSeq: 1 INVITE
		Content-Type: application/sdp
		Content-Length: [len]

		v=0
		o=alice 1 1 IN IP[local_ip_type] [local_ip]
		s=-
		c=IN IP[media_ip_type] [media_ip]
		t=0 0
		m=audio [auto_media_port] RTP/AVP 8
		a=rtpmap:8 PCMA/8000

		]]></send>
		<recv response="100" optional="true"/>
		<recv response="180" optional="true"/>
		<recv response="200"/>
		<send><![CDATA[

		ACK sip:bob@[remote_ip]:[remote_port] SIP/2.0
		$field
		To: ${to}[peer_tag_param]
		CSeq: 1 ACK
		Content-Length: 0

		]]></send>
		<nop><action><exec play_pcap_audio="$TMP/voice.pcap"/></action></nop>
		<pause milliseconds="4000"/>
		<send retrans="500"><![CDATA[

		BYE sip:bob@[remote_ip]:[remote_port] SIP/2.0
		$field
		To: ${to}[peer_tag_param]
		CSeq: 2 BYE
		Content-Length: 0

		]]></send>
		<recv response="200"/>
		</scenario>
	EOT
}

# steps NAME ADDR PORT SEQUENCE FW CAPTURE MAC_OUTER MAC_INNER
steps()
{
	local name=$1 w=$2 p=$3 seq=$4 f=$5 cap=$6

	walk_add <<-EOT
		path request-$name request $w/udp/$p $seq
		$(edge_in "$U1" "$w" udp "$p")
		hop engine>$f pe-i1,$cap-f0 $M_I1 $7 $U1 $w udp - $p
		hop $f>engine $cap-f1,pe-i2 $8 $M_I2 $U1 $w udp - $p
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 $U1 $w udp - $p
		path reply-$name reply $w/udp/$p $seq
		hop srv1>engine srv-s1,pe-i3 $M_S1 $M_I3 $w $U1 udp $p -
		hop engine>$f pe-i2,$cap-f1 $M_I2 $8 $w $U1 udp $p -
		hop $f>engine $cap-f0,pe-i1 $7 $M_I1 $w $U1 udp $p -
		$(edge_out "$w" "$U1" udp "$p")
	EOT
}

call()
{
	local a=A1_$1

	fam "$1"
	a=${!a}
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add fw2 kind inline outer i1 mac $M_FW20 inner i2 mac $M_FW21
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add sip step fw0 step srv1
		sequence add voice step fw2 step srv1
		service add $W1 udp 5060 sequence sip
		service add $a udp 6000 sequence voice
	EOT
	bg_ns callee "$srv1" sipp -sn uas -nostdin -i "$W1" -p 5060 -mi "$a" \
		-mp 6000 -rtp_echo
	wait_port "$srv1" udp 5060 || check_err 1 "nobody there to be called"
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "pe-i2=$pe:i2" "pe-i3=$pe:i3" \
		"fw-f0=$fw:f0" "fw-f1=$fw:f1" "fw2-f0=$fw2:f0" "fw2-f1=$fw2:f1" \
		"srv-s1=$srv1:s1"
	check in_ns "$cl" sipp -sf "$TMP/caller.xml" -nostdin -m 1 -i "$U1" \
		-p 5070 -mi "$U1" -mp 7000 -timeout "$WAIT" "$UW1:5060"
	walk_spec <<<"watch $W1 $a"
	steps sip "$W1" 5060 sip fw0 fw $M_FW0 $M_FW1
	steps voice "$a" 6000 voice fw2 fw2 $M_FW20 $M_FW21
	walk_check
	check_eq "$(stat_of service "$a" udp 6000 request)" $VOICE "packets of voice"
	check_eq "$(stat_of service "$a" udp 6000 reply)" $VOICE "its echo"
	check_eq "$(nft_count "$fw2" inet fw fresh)" $((++calls)) \
		"flows that the other firewall let in"
	check_drops 0
	check_no_conntrack "$pe"
	bg_stop callee
}

calls=0
call_4() { call 4; }
call_6() { call 6; }

run_cases
