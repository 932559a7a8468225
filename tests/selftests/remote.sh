#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-20 C-09
# Timeout: 300
# Devices that are not attached but two routers away: a server in mode nat that
# its router is named for, a firewall and a server that keep the service address
# at the far end of tunnels. What cannot work at a distance is refused, with the
# router in the way.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- a0 ra a1 --- b0 rb b1 --- s1 srv1
#                             x0 ================================ x0
#                             |                          b2 --- f0 fw
#                             x1 =============================== x1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl nft wg

CASES="nat_4 nat_6 tunnels_4 tunnels_6 refused_4 refused_6"

ra="" rb=""
M_RA=02:00:00:00:aa:00
# Of the server, the firewall, the router next to the engine, and nobody.
# shellcheck disable=SC2034 # by their names, in far
{
	FAR_4=10.2.0.2		FAR_6=fd02::2
	FWA_4=10.3.0.2		FWA_6=fd03::2
	RA_4=10.0.1.9		RA_6=fd00:1::9
	LOST_4=203.0.113.9	LOST_6=2001:db8:bad::9
}

setup()
{
	modprobe -aq ip_gre ip6_gre wireguard
	topo_core || bail "no core"
	setup_ns ra rb srv1 fw
	ns_router "$ra"
	ns_router "$rb"
	ns_host "$srv1"
	ns_router "$fw"
	wire "$pe" i1 $M_I1 "$ra" a0 $M_RA
	topo_engine_if 1
	wire "$ra" a1 02:00:00:00:aa:01 "$rb" b0 02:00:00:00:bb:00
	wire "$rb" b1 02:00:00:00:bb:01 "$srv1" s1 $M_S1
	wire "$rb" b2 02:00:00:00:bb:02 "$fw" f0 $M_FW0
	ns_ip "$pe" <<-EOT
		route add 10.2.0.0/15 via 10.0.1.9
		route add fd02::/15 via fd00:1::9
	EOT
	ns_ip "$ra" <<-EOT
		addr add 10.0.1.9/24 dev a0
		addr add fd00:1::9/64 dev a0 nodad
		addr add 10.1.0.1/24 dev a1
		addr add fd01::1/64 dev a1 nodad
		route add default via 10.0.1.1
		route add default via fd00:1::1
		route add 10.2.0.0/15 via 10.1.0.2
		route add fd02::/15 via fd01::2
	EOT
	ns_ip "$rb" <<-EOT
		addr add 10.1.0.2/24 dev b0
		addr add fd01::2/64 dev b0 nodad
		addr add 10.2.0.1/24 dev b1
		addr add fd02::1/64 dev b1 nodad
		addr add 10.3.0.1/24 dev b2
		addr add fd03::1/64 dev b2 nodad
		route add default via 10.1.0.1
		route add default via fd01::1
	EOT
	ns_ip "$srv1" <<-EOT
		addr add 10.2.0.2/24 dev s1
		addr add fd02::2/64 dev s1 nodad
		route add default via 10.2.0.1
		route add default via fd02::1
	EOT
	ns_ip "$fw" <<-EOT
		addr add 10.3.0.2/24 dev f0
		addr add fd03::2/64 dev f0 nodad
		route add 10.0.1.0/24 via 10.3.0.1
		route add fd00:1::/64 via fd03::1
	EOT
	in_ns "$fw" nft -f - <<-EOT
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established,related accept
				iifname "x1" oifname "x1" tcp dport 80 ct state new counter name fresh accept
			}
			counter fresh { }
		}
	EOT
	web_start srv1 80 || bail "no web server"
}

# far F: the addresses of that family
far()
{
	local v n

	fam "$1"
	for v in FAR FWA RA LOST; do
		n=${v}_$F
		declare -g "$v=${!n}"
	done
}

# The page comes, and nothing is lost or tracked on the way.
served()
{
	check_get "srv1 says hello" "http://$UW1/name"
	check_bulk srv1 "http://$UW1/bulk"
	quiet_ns "$cl" "$srv1"
	check_drops 0
	check_no_conntrack "$pe"
}

# The next hop is a router, and the server has an address of its own: nothing else
# is needed.
nat()
{
	far "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		device add srv1 kind server mode nat address $FAR outer i1 via $RA
		sequence add s step srv1
		service add $W1 tcp 80 sequence s
	EOT
	served
}

nat_4() { nat 4; }
nat_6() { nat 6; }

# tunnel NS DEV OUTER: a tunnel from the engine to that address, GRE for IPv4 and
# WireGuard for IPv6; gone at the end of the case
tunnel()
{
	local ns=$1 dev=$2 outer=$3

	if [ "$F" = 4 ]; then
		ip -n "$pe" link add "$dev" type gre local 10.0.1.1 remote "$outer" ttl 64 &&
			ip -n "$ns" link add "$dev" type gre local "$outer" remote 10.0.1.1 ttl 64
	else
		wg_pair "$dev" "$pe" fd00:1::1 "$ns" "$outer"
	fi
	check_err $? "no tunnel $dev"
	defer ip -n "$pe" link del "$dev"
	defer ip -n "$ns" link del "$dev"
	ip -n "$pe" link set "$dev" up
	ip -n "$ns" link set "$dev" up
}

# Through tunnels the service address goes anywhere.
tunnels()
{
	local before

	far "$1"
	before=$(nft_count "$fw" inet fw fresh)
	tunnel "$srv1" x0 "$FAR"
	tunnel "$fw" x1 "$FWA"
	# They send back what is for the client, or for the service, as it came.
	check ip -n "$fw" "-$F" route add default dev x1
	check ip -n "$srv1" "-$F" route add "$U1/$ALEN" dev x0
	defer server_mode srv1 none "$W1"
	server_mode srv1 loopback "$W1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add x0 role device
		port add x1 role device
		device add fw0 kind inline outer x1
		device add srv1 kind server mode loopback outer x0
		sequence add s step fw0 step srv1
		service add $W1 tcp 80 sequence s
	EOT
	served
	check_eq "$(nft_count "$fw" inet fw fresh)" $((before + 2)) \
		"connections that the firewall let in"
}

tunnels_4() { tunnels 4; }
tunnels_6() { tunnels 6; }

refused()
{
	far "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		device add ok kind inline outer i1 via $RA
	EOT
	sq -j stats | jq .generation >"$TMP/before"
	check_refused "'srv1'.*$FAR.*router $RA.*'i1'.*mode alias.*mode nat.*tunnel" \
		sq device add srv1 kind server mode alias outer i1 via "$FAR"
	check_refused "'srv1'.*$FAR.*router $RA.*'i1'.*loopback.*mode nat" \
		sq device add srv1 kind server mode loopback outer i1 via "$FAR"
	check_refused "'srv1'.*$FAR.*router $RA.*'i1'.*'via'" \
		sq device add srv1 kind server mode nat address "$FAR" outer i1 via "$FAR"
	check_refused "'fw0'.*$FWA.*router $RA.*'i1'.*tunnel" \
		sq device add fw0 kind inline outer i1 via "$FWA"
	check_refused "'ok'.*$FWA.*router $RA" \
		sq device set ok kind inline outer i1 via "$FWA"
	sq -j stats | jq .generation >"$TMP/after"
	check_same "$TMP/after" "$TMP/before" "generation"
	# On the link, or where no route says otherwise: it may come up later.
	check sq device add near kind inline outer i1 via "${RA%9}77"
	check sq device add lost kind inline outer i1 via "$LOST"
}

refused_4() { refused 4; }
refused_6() { refused 6; }

run_cases
