#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-01 A-06 A-07 A-08 A-09 A-14 A-18 A-21 A-22 B-04 B-05 C-01 C-03 C-04 D-09 E-01 E-02 E-03 E-04 E-05 E-06 E-08 E-10 E-11 F-02 F-03 F-04 F-12
# Timeout: 600
# Figure 7 with FOU as the VPN: the outer packets of both directions are those
# of the service, with the client's address outside and inside.  TCP is the
# first client's tunnel, UDP the second's.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=fig7-common.sh
. "$TESTS_DIR/fig7-common.sh"

CASES="server_nat server_loopback gso_off attack_4 attack_6 firewall_drops
	ids_dead"

setup()
{
	local f u1 u2

	fig7_topo
	for f in 4 6; do
		u1=U1_$f u2=U2_$f
		vpn_fou tcp$f "$f" "${!u1}" 5555 || bail "no tunnel"
		vpn_fou udp$f "$f" "${!u2}" 5556 || bail "no tunnel"
		vpn_client_rule "$f" 5555 ipproto tcp
		vpn_client_rule "$f" 5556 ipproto udp dport 9
	done
}

# A second VPN service, with UDP inside, from the second client.
fou_engine()
{
	fig7_mode "$1"
	fig7_engine <<-EOT
		sequence add vpnudp step fw0 step vpn0 becomes udp/9 step srv1 copy ids0
		service add $W1_4 udp 5555 sequence flagship
		service add $W1_6 udp 5555 sequence flagship
		service add $W1_4 udp 5556 sequence vpnudp
		service add $W1_6 udp 5556 sequence vpnudp
	EOT
	fam 4
	udp_start srv1 9 "$(fig7_server $W1_4)" "$(fam 6; fig7_server $W1_6)"
	udp_start srv1 7 "$(fig7_server $W2_4)" "$(fam 6; fig7_server $W2_6)"
}

# fou_walk [tcponly]: the steps in this family
fou_walk()
{
	local U

	U=$U1
	walk_add <<-EOT
		path request-$F request $W1/udp/5555 flagship
		$(fig7_outer_in 5555 fou)
		$(fig7_inner_in "$U1" tcp 80)
		path reply-$F reply $W1/udp/5555 flagship
		$(fig7_inner_out "$U1" tcp 80)
		$(fig7_outer_out 5555 fou)
	EOT
	U=$U2
	[ "${1:-}" = tcponly ] || walk_add <<-EOT
		path udp-request-$F request $W1/udp/5556 vpnudp
		$(fig7_outer_in 5556 fou)
		$(fig7_inner_in "$U2" udp 9)
		path udp-reply-$F reply $W1/udp/5556 vpnudp
		$(fig7_inner_out "$U2" udp 9)
		$(fig7_outer_out 5556 fou)
	EOT
}

scenario()
{
	local f

	fou_engine "$1"
	check_table < <(
		for f in 4 6; do
			fam $f
			fig7_rows 5555 tcp/80
			fig7_rows 5556 udp/9
			fig7_plain_rows
		done)
	fig7_caps
	walk_spec <<<"watch $W1_4 $W2_4 $S1_4 $W1_6 $W2_6 $S1_6"
	for f in 4 6; do
		fam $f
		fig7_traffic
		udp_ask "$W1" 9 5 600 "$U2"
		fou_walk
		fig7_plain tcp 8080
		fig7_plain udp 7
	done
	quiet_ns "$cl" "$srv1"
	walk_check "${@:2}"
	check_drops 0
	check_no_conntrack "$pe"
	[ "$(conntrack_count "$fw")" -gt 0 ]
	check_err $? "the firewall tracks nothing, so the check of the engine proves nothing"
}

server_nat() { scenario nat; }
server_loopback() { scenario loopback; }

gso_off()
{
	offloads off "$cl" "$rt" "$pe" "$fw" "$vpn" "$srv1" "$ids"
	check_err $? "cannot switch offloads off"
	defer offloads on "$cl" "$rt" "$pe" "$fw" "$vpn" "$srv1" "$ids"
	SNAPLEN=2000 scenario nat strict
}

# The IDS resets a session: one reset to the server, one to the client, each
# from the IDS' place in the chain.
attack()
{
	local U start alerts rc

	fou_engine nat
	fam "$1"
	alerts=$(ids_alerts 3)
	fig7_caps
	start=$SECONDS
	get "http://$UW1/attack" -o /dev/null >/dev/null 2>&1
	rc=$?
	# The whole page would take more than two minutes.
	[ $((SECONDS - start)) -lt 20 ]
	check_err $? "the session lived for $((SECONDS - start)) s"
	check_eq $rc 56 "curl was not reset"
	busywait "$WAIT" ids_more 3 "$alerts"
	check_err $? "no alert"
	quiet_ns "$cl" "$srv1"
	walk_spec <<<"watch $W1 $W2 $S1"
	fou_walk tcponly
	U=$U1
	walk_add <<-EOT
		path alert-to-server request - flagship
		hop ids0>engine ids-d0,pe-i1 $M_IDS $M_I1 $U1 $W1 tcp - 80
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 $U1 $S1 tcp - 80
		path alert-to-client reply $W1/udp/5555 flagship
		hop ids0>engine ids-d0,pe-i1 $M_IDS $M_I1 $W1 $U1 tcp 80 -
		hop engine>vpn0 pe-i2,vpn-v0 $M_I2 $M_VPN $W1 $U1 tcp 80 -
		$(fig7_outer_out 5555 fou)
	EOT
	walk_check
	check_drops 0
}

attack_4() { attack 4; }
attack_6() { attack 6; }

# What the firewall does not let through nobody behind it sees.
firewall_drops()
{
	local before

	fou_engine nat
	fam 4
	before=$(fw_counter refused)
	in_ns "$fw" nft flush set inet fw open
	in_ns "$fw" conntrack -F >/dev/null 2>&1
	defer in_ns "$fw" nft add element inet fw open "{ $FW_PORTS }"
	fig7_caps
	get "http://$UW1/name" --max-time 3 >/dev/null 2>&1
	check_fail $? "a page came through a closed firewall"
	quiet_ns "$cl"
	walk_spec <<-EOT
		watch $W1 $S1
		path request request $W1/udp/5555 flagship
		$(edge_in "$U1" "$W1" udp 5555)
		hop engine>fw0 pe-i1,fw-f0 $M_I1 $M_FW0 $U1 $W1 udp - 5555
	EOT
	walk_check
	[ "$(fw_counter refused)" -gt "$before" ]
	check_err $? "the firewall refused nothing"
	check_drops 0
}

# Last, for it takes the IDS away.
ids_dead()
{
	fou_engine nat
	fam 4
	ip -n "$ids" link set d0 down
	check_get "srv1 says hello" "http://$UW1/name"
	check_bulk srv1 "http://$UW1/bulk"
	[ "$(stat_of device ids0 sent)" -gt 0 ]
	check_err $? "no copy was sent to the dead IDS"
	check_drops 0
}

run_cases
