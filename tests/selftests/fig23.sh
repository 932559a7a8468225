#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: E-16 O-01 O-02 O-03
# Timeout: 400
# Figure 23: an internet service provider.  The address that a client was given
# chooses its chain and the upstream provider; what comes in from there goes the
# same chain backwards.  Three clients, three chains, three upstreams, one
# client without virus scanners.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- vs2, vs3 (one-armed), d0 ids
#   (three addresses)         |  i2 --- sw41 --- f0 fw1, fw2, fw3
#                             |  i3 --- sw42 --- f1 fw1, fw2, fw3
#                             i5, i6, i7 --- nsp1, nsp2, nsp3 --- www

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 nft ping

CASES="isp_4 isp_6 called_4 called_6"

# shellcheck disable=SC2034 # by their names
sw42="" vs2="" vs3="" nsp1="" nsp2="" nsp3="" fw1="" fw2="" fw3="" www=""
M_VS2=02:00:00:00:23:52
M_VS3=02:00:00:00:23:53
declare -A C_4=([1]=100.64.0.21 [2]=100.64.0.22 [3]=100.64.0.23)
declare -A C_6=([1]=2001:db8:64::21 [2]=2001:db8:64::22 [3]=2001:db8:64::23)
H_4=203.0.113.80 H_6=2001:db8:80::80

mac_nsp() { echo "02:00:00:00:55:0$1"; }
mac_port() { echo "02:00:00:00:01:0$1"; }

# firewall N: lets out what the client begins, and the answers to it; from
# outside only pings
firewall()
{
	local n=$1 name=fw$1

	topo_fw_n "$n" "$sw41" "$sw42" 100.64.0.0/10 2001:db8:64::/64 || return 1
	in_ns "${!name}" nft -f - <<-EOT
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established,related accept
				iif "f0" oif "f1" ct state new counter name fresh accept
				meta l4proto { icmp, icmpv6 } accept
			}
			counter fresh { }
		}
	EOT
}

# upstream N: a provider's router, between the engine and the world
upstream()
{
	local n=$1 name=nsp$1 port=$((4 + $1))

	setup_ns "$name"
	ns_router "${!name}"
	wire "$pe" "i$port" "$(mac_port "$port")" "${!name}" p0 "$(mac_nsp "$n")" || return 1
	topo_engine_if "$port"
	link_ns "${!name}" w0 "$www" "n$n" || return 1
	ns_ip "${!name}" <<-EOT
		addr add 10.0.$port.2/24 dev p0
		addr add fd00:$port::2/64 dev p0 nodad
		addr add 10.9.$n.1/24 dev w0
		addr add fd09:$n::1/64 dev w0 nodad
		route add 100.64.0.0/10 via 10.0.$port.1
		route add 2001:db8:64::/64 via fd00:$port::1
		route add default via 10.9.$n.2
		route add default via fd09:$n::2
	EOT
	# Each client is in the world behind its own provider.
	ns_ip "$www" <<-EOT
		addr add 10.9.$n.2/24 dev n$n
		addr add fd09:$n::2/64 dev n$n nodad
		route add ${C_4[$n]}/32 via 10.9.$n.1
		route add ${C_6[$n]}/128 via fd09:$n::1
	EOT
}

setup()
{
	local n

	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_switch 2 sw41 || bail "no switch"
	topo_switch 3 sw42 || bail "no switch"
	topo_ids "$sw40" || bail "no IDS"
	topo_hop vs2 1 "$sw40" $M_VS2 52 || bail "no scanner"
	topo_hop vs3 1 "$sw40" $M_VS3 53 || bail "no second scanner"
	setup_ns www
	ns_host "$www"
	ns_ip "$www" <<-EOT
		addr add $H_4/32 dev lo
		addr add $H_6/128 dev lo nodad
	EOT
	for n in 1 2 3; do
		firewall $n || bail "no firewall $n"
		upstream $n || bail "no upstream $n"
		ns_ip "$cl" <<-EOT
			addr add ${C_4[$n]}/32 dev lo
			addr add ${C_6[$n]}/128 dev lo nodad
		EOT
	done
	ns_ip "$rt" <<-EOT
		route add 100.64.0.0/10 via 192.0.2.21
		route add 2001:db8:64::/64 via 2001:db8:c::21
		route add default via 10.0.0.1
		route add default via fd00:0::1
	EOT
	ns_ip "$pe" <<-EOT
		route add 100.64.0.0/10 via 10.0.0.254
		route add 2001:db8:64::/64 via fd00:0::fe
		route add blackhole $H_4/32
		route add blackhole $H_6/128
	EOT
	web_start www 80 || bail "no web server"
	web_start cl 8080 || bail "no web server at the client"
}

# isp FAMILY: the three chains
isp()
{
	local n

	fam "$1"
	declare -gn c="C_$1"
	H=H_$1 H=${!H}
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		$(for n in 1 2 3; do
			port=$((4 + n))
			echo "port add i$port role device"
			echo "device add fw$n kind inline outer i2 mac $(mac_outer $n) inner i3 mac $(mac_inner $n)"
			[ "$F" = 4 ] && via=10.0.$port.2 || via=fd00:$port::2
			echo "device add nsp$n kind external outer i$port via $via"
		done)
		device add ids0 kind tap outer i1 mac $M_IDS
		device add vs2 kind inline outer i1 mac $M_VS2
		device add vs3 kind inline outer i1 mac $M_VS3
		sequence add isp1 step vs2 copy ids0 step vs3 step fw1 step nsp1
		sequence add isp2 step vs3 step fw2 step nsp2
		sequence add isp3 step fw3 step nsp3
		service add ${c[1]} any by client sequence isp1
		service add ${c[2]} any by client sequence isp2
		service add ${c[3]} any by client sequence isp3
	EOT
}

host()
{
	[ "$F" = 4 ] && echo "$H" || echo "[$H]"
}

caps()
{
	caps_start "rt-r1=$rt:r1" "pe-i0=$pe:i0" "pe-i1=$pe:i1" \
		"pe-i2=$pe:i2" "pe-i3=$pe:i3" "ids-d0=$ids:d0" \
		"vs2=$vs2:h0" "vs3=$vs3:h0" \
		"pe-i5=$pe:i5" "pe-i6=$pe:i6" "pe-i7=$pe:i7" \
		"nsp1=$nsp1:p0" "nsp2=$nsp2:p0" "nsp3=$nsp3:p0"
}

# through NAME CAPTURES_TO MAC_OF_PORT MAC CAPTURES_FROM MAC MAC_OF_PORT WHAT: to
# a device and back from it
through()
{
	local name=$1 caps_to=$2 emac_to=$3 mac_to=$4 caps_from=$5 mac_from=$6 emac_from=$7

	echo "hop engine>$name $caps_to $emac_to $mac_to ${*:8}"
	echo "hop $name>engine $caps_from $mac_from $emac_from ${*:8}"
}

# steps_out N: the walk of what a client sends; steps_in N: of what it gets
steps_out()
{
	local n=$1 what="${c[$1]} $H tcp - 80" port=$((4 + $1))

	echo "path out$n request ${c[$n]}/any/any isp$n"
	echo "hop client>engine rt-r1,pe-i0 $M_R1 $M_I0 $what"
	if [ "$n" = 1 ]; then
		echo "copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $what"
		through vs2 pe-i1,vs2 $M_I1 $M_VS2 vs2,pe-i1 $M_VS2 $M_I1 "$what"
	fi
	[ "$n" = 3 ] ||
		through vs3 pe-i1,vs3 $M_I1 $M_VS3 vs3,pe-i1 $M_VS3 $M_I1 "$what"
	through "fw$n" pe-i2 $M_I2 "$(mac_outer "$n")" pe-i3 "$(mac_inner "$n")" $M_I3 "$what"
	echo "hop engine>nsp$n pe-i$port,nsp$n $(mac_port $port) $(mac_nsp "$n") $what"
}

steps_in()
{
	local n=$1 what="$H ${c[$1]} tcp 80 -" port=$((4 + $1))

	echo "path in$n reply ${c[$n]}/any/any isp$n"
	echo "hop nsp$n>engine nsp$n,pe-i$port $(mac_nsp "$n") $(mac_port $port) $what"
	through "fw$n" pe-i3 $M_I3 "$(mac_inner "$n")" pe-i2 "$(mac_outer "$n")" $M_I2 "$what"
	[ "$n" = 3 ] ||
		through vs3 pe-i1,vs3 $M_I1 $M_VS3 vs3,pe-i1 $M_VS3 $M_I1 "$what"
	if [ "$n" = 1 ]; then
		through vs2 pe-i1,vs2 $M_I1 $M_VS2 vs2,pe-i1 $M_VS2 $M_I1 "$what" |
			sed "2a copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $what"
	fi
	echo "hop engine>client pe-i0,rt-r1 $M_I0 $M_R1 $what"
}

clients_out()
{
	local n pids=()

	isp "$1"
	caps
	for n in 1 2 3; do
		check_get "www says hello" "http://$(host)/name" --interface "${c[$n]}"
		get "http://$(host)/bulk" -o "$TMP/got$n" --interface "${c[$n]}" &
		pids+=($!)
	done
	for n in 1 2 3; do
		wait "${pids[n - 1]}"
		check_err $? "client $n"
		check cmp "$TMP/got$n" "$TMP/web-www/root/bulk"
	done
	quiet_ns "$cl" "$www"
	walk_spec <<-EOT
		watch $H
		$(for n in 1 2 3; do steps_out $n; steps_in $n; done)
	EOT
	walk_check
	for n in 1 2 3; do
		check_eq "$(fw_fresh $n)" 2 "connections that firewall $n has let out"
		# All of a client's packets, whatever they are.
		check in_ns "$cl" ping -q -c 2 -i 0.2 -W "$WAIT" -I "${c[$n]}" "$H"
		check_eq "$(fw_fresh $n)" 1 "echoes that firewall $n has let out"
	done
	check_drops 0
	check_no_conntrack "$pe"
}

fw_fresh()
{
	local name=fw$1 now

	now=$(nft_count "${!name}" inet fw fresh)
	in_ns "${!name}" nft reset counter inet fw fresh >/dev/null
	echo "$now"
}

isp_4() { clients_out 4; }
isp_6() { clients_out 6; }

# A client is called from outside: the firewall decides, for every packet of
# the client passes there.
called()
{
	local n w

	isp "$1"
	for n in 1 2 3; do
		w=${c[$n]}
		[ "$F" = 4 ] || w="[$w]"
		check in_ns "$www" ping -q -c 2 -i 0.2 -W "$WAIT" -I "$H" "${c[$n]}"
		in_ns "$www" curl -sS --max-time 2 --interface "$H" "http://$w:8080/name" >/dev/null 2>&1
		check_fail $? "the web server of client $n is reached from outside"
	done
	# And without the firewall in the chain it is reached.
	check sq sequence set isp3 step nsp3
	check_eq "$(in_ns "$www" curl -sS --max-time "$WAIT" --interface "$H" "http://$w:8080/name" 2>&1)" \
		"cl says hello" "the client's page"
	check_drops 0
}

called_4() { called 4; }
called_6() { called 6; }

run_cases
