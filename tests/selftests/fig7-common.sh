# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Figures 7 to 7B, shared by the tests that run them with different VPNs:
# firewall, VPN and server in a chain, with an IDS that sees what the VPN took
# out of its packets.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- d0 ids
#                             |     `---------- f0 fw
#                             |                  f1
#                             i2 --- sw41 --------'
#                             |     `---------- v0 vpn
#                             i3 --- s1 srv1
#
# The second service, W2, runs beside: the same firewall and server, neither
# VPN nor IDS.

# shellcheck source-path=SCRIPTDIR source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 suricata nft conntrack jq

FW_PORTS="udp . 5555, udp . 5556, udp . 51820, udp . 51826, tcp . 8080, udp . 7"

fig7_topo()
{
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no outer switch"
	topo_switch 2 sw41 || bail "no inner switch"
	topo_fw "$sw40" "$sw41" || bail "no firewall"
	topo_ids "$sw40" || bail "no IDS"
	topo_vpn "$sw41" || bail "no VPN box"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	web_start srv1 80 8080 || bail "no web server"
	ids_start <<-'EOT' || bail "no Suricata"
		alert http any any -> any 80 (msg:"request seen"; http.uri; content:"/name"; sid:1;)
		alert http any 80 -> any any (msg:"answer seen"; file.data; content:"says hello"; sid:2;)
		rejectboth http any any -> any 80 (msg:"attack"; http.uri; content:"/attack"; sid:3;)
		alert ip any any -> any 5555 (msg:"outer packet seen"; sid:4;)
	EOT
}

# fig7_mode loopback|alias|nat: of the server, with all that depends on it
fig7_mode()
{
	MODE=$1
	server_mode srv1 "$1" $W1_4 $W2_4 $W1_6 $W2_6
}

# fig7_engine: the flagship, the plain second service, and what else stands on
# standard input, for instance the services that use the flagship
fig7_engine()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add vpn0 kind inline outer i2 mac $M_VPN
		device add ids0 kind tap outer i1 mac $M_IDS
		device add srv1 kind server mode $MODE $([ "$MODE" != nat ] || echo "address $S1_4 address $S1_6") outer i3 mac $M_S1
		sequence add flagship step fw0 step vpn0 becomes tcp/80 step srv1 copy ids0
		sequence add plain step fw0 step srv1
		service add $W2_4 tcp 8080 sequence plain
		service add $W2_4 udp 7 sequence plain
		service add $W2_6 tcp 8080 sequence plain
		service add $W2_6 udp 7 sequence plain
		$(cat)
	EOT
}

# fig7_server ADDRESS: where the server sees packets for that service address
fig7_server()
{
	[ "$MODE" = nat ] && echo "$S1" || echo "$1"
}

# fig7_rows OUTER_PORT INNER: table 7B
fig7_rows()
{
	local to=- from=- port=$1 inner=$2 d

	d=$(fig7_server "$W1")
	[ "$MODE" != nat ] || to=$S1 from=$W1
	cat <<-EOT
		request i0 * $W1 udp/$port client>fw0 inline i1 $M_FW0 - - -
		request i2 $M_FW1 $W1 udp/$port fw0>vpn0 inline i2 $M_VPN - - -
		request i2 $M_VPN $W1 $inner vpn0>srv1 $MODE i3 $M_S1 $to - ids0
		request i1 $M_IDS $W1 $inner ids0>srv1 $MODE i3 $M_S1 $to - -
		reply i3 $M_S1 $d $inner srv1>vpn0 inline i2 $M_VPN $from - ids0
		reply i1 $M_IDS $W1 $inner ids0>vpn0 inline i2 $M_VPN - - -
		reply i2 $M_VPN $W1 udp/$port vpn0>fw0 inline i2 $M_FW1 - - -
		reply i1 $M_FW0 $W1 udp/$port fw0>client client * * - - -
	EOT
}

# fig7_plain_rows: the same of the second service
fig7_plain_rows()
{
	local to=- from=- p d

	d=$(fig7_server "$W2")
	[ "$MODE" != nat ] || to=$S1 from=$W2
	for p in tcp/8080 udp/7; do
		cat <<-EOT
			request i0 * $W2 $p client>fw0 inline i1 $M_FW0 - - -
			request i2 $M_FW1 $W2 $p fw0>srv1 $MODE i3 $M_S1 $to - -
			reply i3 $M_S1 $d $p srv1>fw0 inline i2 $M_FW1 $from - -
			reply i1 $M_FW0 $W2 $p fw0>client client * * - - -
		EOT
	done
}

fig7_caps()
{
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "pe-i2=$pe:i2" "pe-i3=$pe:i3" \
		"fw-f0=$fw:f0" "fw-f1=$fw:f1" "ids-d0=$ids:d0" \
		"vpn-v0=$vpn:v0" "srv-s1=$srv1:s1"
}

# fig7_outer_in PORT [fou], fig7_outer_out PORT [fou]: steps 1 to 4 and 9 to 12
fig7_outer_in()
{
	cat <<-EOT
		$(edge_in "$U" "$W1" udp "$@")
		hop engine>fw0 pe-i1,fw-f0 $M_I1 $M_FW0 $U $W1 udp - $*
		hop fw0>engine fw-f1,pe-i2 $M_FW1 $M_I2 $U $W1 udp - $*
		hop engine>vpn0 pe-i2,vpn-v0 $M_I2 $M_VPN $U $W1 udp - $*
	EOT
}

fig7_outer_out()
{
	cat <<-EOT
		hop vpn0>engine vpn-v0,pe-i2 $M_VPN $M_I2 $W1 $U udp $1 - ${*:2}
		hop engine>fw0 pe-i2,fw-f1 $M_I2 $M_FW1 $W1 $U udp $1 - ${*:2}
		hop fw0>engine fw-f0,pe-i1 $M_FW0 $M_I1 $W1 $U udp $1 - ${*:2}
		$(edge_out "$W1" "$U" udp "$@")
	EOT
}

# fig7_inner_in CLIENT PROTO PORT, fig7_inner_out ...: steps 5, 6 and 7, 8
fig7_inner_in()
{
	cat <<-EOT
		hop vpn0>engine vpn-v0,pe-i2 $M_VPN $M_I2 $1 $W1 $2 - $3
		copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $1 $W1 $2 - $3
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 $1 $(fig7_server "$W1") $2 - $3
	EOT
}

fig7_inner_out()
{
	cat <<-EOT
		hop srv1>engine srv-s1,pe-i3 $M_S1 $M_I3 $(fig7_server "$W1") $1 $2 $3 -
		copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $W1 $1 $2 $3 -
		hop engine>vpn0 pe-i2,vpn-v0 $M_I2 $M_VPN $W1 $1 $2 $3 -
	EOT
}

# fig7_plain PROTO PORT: the second service
fig7_plain()
{
	local d

	d=$(fig7_server "$W2")
	walk_add <<-EOT
		path plain-request-$1-$F request $W2/$1/$2 plain
		$(edge_in - "$W2" "$1" "$2")
		hop engine>fw0 pe-i1,fw-f0 $M_I1 $M_FW0 - $W2 $1 - $2
		hop fw0>engine fw-f1,pe-i2 $M_FW1 $M_I2 - $W2 $1 - $2
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 - $d $1 - $2
		path plain-reply-$1-$F reply $W2/$1/$2 plain
		hop srv1>engine srv-s1,pe-i3 $M_S1 $M_I3 $d - $1 $2 -
		hop engine>fw0 pe-i2,fw-f1 $M_I2 $M_FW1 $W2 - $1 $2 -
		hop fw0>engine fw-f0,pe-i1 $M_FW0 $M_I1 $W2 - $1 $2 -
		$(edge_out "$W2" - "$1" "$2")
	EOT
}

# fig7_traffic: a page, a file through the VPN, and the second service with a
# file and datagrams at the same time
fig7_traffic()
{
	local alerts answers

	alerts=$(ids_alerts 1) answers=$(ids_alerts 2 "$W1")
	check get "http://$UW2:8080/bulk" -o "$TMP/got2" &
	check_get "srv1 says hello" "http://$UW1/name"
	check_bulk srv1 "http://$UW1/bulk"
	wait $!
	check_err $? "the second service"
	check cmp "$TMP/got2" "$TMP/web-srv1/root/bulk"
	udp_ask "$W2" 7 5 700 "$U2"
	# The IDS understood both directions of this very session.
	busywait "$WAIT" ids_more 1 "$alerts"
	check_err $? "no alert for the request"
	busywait "$WAIT" ids_more 2 "$answers" "$W1"
	check_err $? "no alert for the answer, from the service's address"
	check_eq "$(ids_alerts 4)" 0 "the IDS saw outer packets"
}

# ids_more SID N [SRC]: are there more than N alerts?
ids_more()
{
	[ "$(ids_alerts "$1" "${3:-}")" -gt "$2" ]
}
