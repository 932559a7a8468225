#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-01 A-07 A-14 A-18 B-04 C-01 C-03 C-04 D-09 E-01 E-02 E-04 E-10 E-11 F-12 G-09 M-02
# Timeout: 400
# Figure 7 with WireGuard as the VPN: inside, the client has an address of the
# tunnel, and nothing of the outer packet tells what it carries.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=fig7-common.sh
. "$TESTS_DIR/fig7-common.sh"
need_cmd wg

CASES="server_nat server_loopback"
P_4=51820 P_6=51826

setup()
{
	fig7_topo
	vpn_wg 4 $P_4 || bail "no WireGuard"
	vpn_wg 6 $P_6 || bail "no WireGuard"
	vpn_client_rule 4 $P_4 ipproto tcp
	vpn_client_rule 6 $P_6 ipproto tcp
}

scenario()
{
	local U f p t

	fig7_mode "$1"
	# The inner packets of both services are tcp/80, told apart by family.
	fig7_engine <<-EOT
		service add $W1_4 udp $P_4 sequence flagship
		service add $W1_6 udp $P_6 sequence flagship
	EOT
	check_table < <(
		for f in 4 6; do
			fam $f
			p=P_$f
			fig7_rows "${!p}" tcp/80
			fig7_plain_rows
		done)
	fam 4
	udp_start srv1 7 "$(fig7_server $W2_4)" "$(fam 6; fig7_server $W2_6)"
	wg_up 4 $P_4
	wg_up 6 $P_6
	fig7_caps
	walk_spec <<<"watch $W1_4 $W2_4 $S1_4 $W1_6 $W2_6 $S1_6"
	for f in 4 6; do
		fam $f
		p=P_$f t=T_$f U=$U1
		fig7_traffic
		walk_add <<-EOT
			path request-outer-$f request $W1/udp/${!p} flagship
			$(fig7_outer_in "${!p}")
			path request-inner-$f request - flagship
			$(fig7_inner_in "${!t}" tcp 80)
			path reply-inner-$f reply - flagship
			$(fig7_inner_out "${!t}" tcp 80)
			path reply-outer-$f reply $W1/udp/${!p} flagship
			$(fig7_outer_out "${!p}")
		EOT
		fig7_plain tcp 8080
		fig7_plain udp 7
	done
	quiet_ns "$cl" "$srv1"
	# The tunnel's own timers would send between the end of the captures
	# and the reading of the counters.
	wg_down 4
	wg_down 6
	walk_check
	check_drops 0
	check_no_conntrack "$pe"
	[ "$(conntrack_count "$fw")" -gt 0 ]
	check_err $? "the firewall tracks nothing, so the check of the engine proves nothing"
}

server_nat() { scenario nat; }
server_loopback() { scenario loopback; }

run_cases
