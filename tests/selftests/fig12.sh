#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: F-05 F-06 F-07 F-08 X-01 O-01
# Timeout: 400
# Figure 12: proxies.  A client uses a service as its proxy; what the proxy
# fetches for it is a service by the proxy's own address, and what leaves the
# firewall behind it, which translates addresses, is one by the firewall's.
# Three services, three proxies, three firewalls; a fourth service shares the
# first proxy.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- p0 px1, px2, px3
#                             |  i2 --- sw41 --- f0 fw1, fw2, fw3
#                             |  i3 --- sw42 --- f1 fw1, fw2, fw3
#                             i4 --- n0 www

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 nft squid

CASES="steps_4 steps_6 own_proxy_4 own_proxy_6 shared_4 shared_6
	blocked_4 blocked_6 tunnel_4 tunnel_6"

# shellcheck disable=SC2034 # by their names
sw42="" px1="" px2="" px3="" fw1="" fw2="" fw3="" www=""
M_I4=02:00:00:00:01:04
M_WWW=02:00:00:00:0d:80
# shellcheck disable=SC2034 # by their names
W4_4=198.51.100.4 W4_6=2001:db8:f::4
HOST_4=10.0.4.2 HOST_6=fd00:4::2

mac_px() { echo "02:00:00:00:12:5$1"; }

# proxy_addr N, nat_addr N: a proxy's address, and that which its firewall
# makes of it
proxy_addr() { [ "$F" = 4 ] && echo "10.0.1.2$1" || echo "fd00:1::2$1"; }
nat_addr() { [ "$F" = 4 ] && echo "10.0.3.1$1" || echo "fd00:3::1$1"; }

# firewall N: masquerades what comes from its proxy
firewall()
{
	local n=$1 name=fw$1

	topo_fw_n "$n" "$sw41" "$sw42" 10.0.1.0/24 fd00:1::/64 || return 1
	in_ns "${!name}" nft -f - <<-EOT
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established,related accept
				iif "f0" oif "f1" tcp dport 80 ct state new counter name fresh accept
			}
			chain nat {
				type nat hook postrouting priority 100;
				oif "f1" masquerade
			}
			counter fresh { }
		}
	EOT
}

# proxy N: Squid with rules of its own: no proxy fetches /no, and none /noN
proxy()
{
	local n=$1 name=px$1 dir=$TMP/px$1

	setup_ns "$name"
	ns_host "${!name}" net.ipv4.conf.all.arp_ignore=1 \
		net.ipv4.conf.all.arp_announce=2
	topo_station 1 "$sw40" "${!name}" p0 "$(mac_px "$n")" || return 1
	ns_ip "${!name}" <<-EOT
		addr add 10.0.1.2$n/24 dev p0
		addr add fd00:1::2$n/64 dev p0 nodad
		route add default via 10.0.1.1
		route add default via fd00:1::1
	EOT
	mkdir -p "$dir"
	chown proxy "$TMP" "$dir"
	cat >"$dir/conf" <<-EOT
		http_port 8080
		http_port 8081
		acl bad urlpath_regex ^/no$n\$ ^/no\$
		http_access deny bad
		http_access allow all
		cache deny all
		cache_mem 8 MB
		visible_hostname px$n
		via on
		pid_filename $dir/pid
		access_log stdio:$dir/access.log
		cache_log $dir/cache.log
		cache_store_log none
		coredump_dir $dir
		pinger_enable off
		icp_port 0
		server_persistent_connections off
		client_persistent_connections off
		shutdown_lifetime 0 seconds
		max_filedescriptors 512
	EOT
	bg_ns "squid$n" "${!name}" squid -N -f "$dir/conf"
}

setup()
{
	local n name

	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_switch 2 sw41 || bail "no switch"
	topo_switch 3 sw42 || bail "no switch"
	for n in 1 2 3; do
		proxy $n || bail "no proxy $n"
		firewall $n || bail "no firewall $n"
	done
	setup_ns www
	ns_host "$www"
	topo_station 4 - "$www" n0 $M_WWW || bail "no host"
	ns_ip "$www" <<-EOT
		addr add $HOST_4/24 dev n0
		addr add $HOST_6/64 dev n0 nodad
		route add default via 10.0.4.1
		route add default via fd00:4::1
	EOT
	web_start www 80 || bail "no web server"
	ns_ip "$px2" <<-EOT
		addr add $W2_4/32 dev lo
		addr add $W2_6/128 dev lo nodad
	EOT
	for n in 1 2 3; do
		name=px$n
		wait_port "${!name}" tcp 8081 && continue
		log_info "$(cat "$TMP/squid$n.log" "$TMP/px$n/cache.log")"
		bail "no Squid $n"
	done
}

# The second proxy has the service address, the others their own only.
fig12_engine()
{
	local n

	fam "$1"
	HOST=HOST_$1 HOST=${!HOST}
	UHOST=$HOST
	W4=W4_$1 W4=${!W4}
	[ "$F" = 4 ] || UHOST="[$HOST]"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		port add i4 role device
		device add internet kind external outer i4 via $HOST
		$(for n in 1 2 3; do
			mode="nat address $(proxy_addr $n)"
			[ $n != 2 ] || mode=loopback
			echo "device add px$n kind server mode $mode outer i1 mac $(mac_px $n)"
			echo "device add fw$n-in kind external outer i2 mac $(mac_outer $n)"
			echo "device add fw$n-out kind inline outer i3 mac $(mac_inner $n)"
			echo "sequence add ask$n step px$n"
			echo "sequence add fetch$n from px$n step fw$n-in"
			echo "sequence add out$n from fw$n-out step internet"
			echo "service add $(proxy_addr $n) any by client sequence fetch$n"
			echo "service add $(nat_addr $n) any by client sequence out$n"
		done)
		sequence add ask4 step px1 port 8081
		service add $W1 tcp 8080 sequence ask1
		service add $W2 tcp 8080 sequence ask2
		service add $W3 tcp 8080 sequence ask3
		service add $W4 tcp 8080 sequence ask4
	EOT
}

# by_proxy WHICH PATH [CURL_OPTION...]
by_proxy()
{
	local w=$1

	[ "$F" = 4 ] || w="[$w]"
	get "http://$UHOST$2" --proxy "http://$w:8080" "${@:3}"
}

fig12_caps()
{
	caps_start "rt-r1=$rt:r1" "pe-i0=$pe:i0" "pe-i1=$pe:i1" \
		"pe-i2=$pe:i2" "pe-i3=$pe:i3" "pe-i4=$pe:i4" \
		"px1=$px1:p0" "fw1-f0=$fw1:f0" "fw1-f1=$fw1:f1" "www=$www:n0"
}

# The twelve steps of the figure's table.
steps()
{
	local p n

	fig12_engine "$1"
	p=$(proxy_addr 1) n=$(nat_addr 1)
	fig12_caps
	check_eq "$(by_proxy "$W1" /name 2>&1)" "www says hello" "the page"
	check by_proxy "$W1" /bulk -o "$TMP/got"
	check cmp "$TMP/got" "$TMP/web-www/root/bulk"
	quiet_ns "$cl" "$px1" "$www"
	walk_spec <<-EOT
		watch $W1 $p $n $HOST
		path 1-2 request $W1/tcp/8080 ask1
		hop client>engine rt-r1,pe-i0 $M_R1 $M_I0 $U1 $W1 tcp - 8080
		hop engine>px1 pe-i1,px1 $M_I1 $(mac_px 1) $U1 $p tcp - 8080
		path 3-4 request $p/any/any fetch1
		hop client>engine px1,pe-i1 $(mac_px 1) $M_I1 $p $HOST tcp - 80
		hop engine>fw1-in pe-i2,fw1-f0 $M_I2 $(mac_outer 1) $p $HOST tcp - 80
		path 5-6 request $n/any/any out1
		hop client>engine fw1-f1,pe-i3 $(mac_inner 1) $M_I3 $n $HOST tcp - 80
		hop engine>internet pe-i4,www $M_I4 $M_WWW $n $HOST tcp - 80
		path 7-8 reply $n/any/any out1
		hop internet>engine www,pe-i4 $M_WWW $M_I4 $HOST $n tcp 80 -
		hop engine>client pe-i3,fw1-f1 $M_I3 $(mac_inner 1) $HOST $n tcp 80 -
		path 9-10 reply $p/any/any fetch1
		hop fw1-in>engine fw1-f0,pe-i2 $(mac_outer 1) $M_I2 $HOST $p tcp 80 -
		hop engine>client pe-i1,px1 $M_I1 $(mac_px 1) $HOST $p tcp 80 -
		path 11-12 reply $W1/tcp/8080 ask1
		hop px1>engine px1,pe-i1 $(mac_px 1) $M_I1 $p $U1 tcp 8080 -
		hop engine>client pe-i0,rt-r1 $M_I0 $M_R1 $W1 $U1 tcp 8080 -
	EOT
	# In a chain that a device begins, that device is counted as well.
	for noun in service port; do
		sq -j -s $noun show >"$TMP/$noun.json" || check_err 1 "$noun show"
	done
	walk_check nocount "service=$TMP/service.json" "port=$TMP/port.json"
	check_eq "$(stat_of device px1 received)" \
		"$(($(stat_of service "$W1" tcp 8080 reply) + $(stat_of service "$p" any by client request)))" \
		"packets from the proxy"
	check_drops 0
	check_no_conntrack "$pe"
}

steps_4() { steps 4; }
steps_6() { steps 6; }

fresh()
{
	local name=fw$1

	nft_count "${!name}" inet fw fresh
}

# Each service has its proxy, with rules of its own, and its firewall.
own_proxy()
{
	local n w before after

	fig12_engine "$1"
	for n in 1 2 3; do
		w=W$n
		before=$(fresh 1)+$(fresh 2)+$(fresh 3)
		after=$(fresh $n)
		by_proxy "${!w}" /name -D "$TMP/head" >"$TMP/page"
		check_eq "$(cat "$TMP/page")" "www says hello" "page by proxy $n"
		grep -qi "^via:.*px$n" "$TMP/head"
		check_err $? "not by proxy $n: $(cat "$TMP/head")"
		check_eq "$(fresh $n)" $((after + 1)) "connections of firewall $n"
		check_eq $(($(fresh 1) + $(fresh 2) + $(fresh 3))) $((before + 1)) \
			"connections of all firewalls"
		# Another proxy would let this through.
		check_eq "$(by_proxy "${!w}" /no$n -o /dev/null -w '%{http_code}')" 403 \
			"what proxy $n forbids"
		check_eq "$(by_proxy "${!w}" /no$((n % 3 + 1)) -o /dev/null -w '%{http_code}')" 404 \
			"what only another forbids"
	done
	check_drops 0
}

own_proxy_4() { own_proxy 4; }
own_proxy_6() { own_proxy 6; }

shared()
{
	fig12_engine "$1"
	by_proxy "$W4" /name -D "$TMP/head4" >"$TMP/page4" &
	by_proxy "$W1" /name -D "$TMP/head1" >"$TMP/page1"
	wait $!
	check_err $? "the fourth service"
	check_eq "$(cat "$TMP/page1" "$TMP/page4" | sort -u)" "www says hello" "the pages"
	grep -qi "^via:.*px1" "$TMP/head4"
	check_err $? "the fourth service is not at the first proxy"
	[ "$(stat_of service "$W4" tcp 8080 request)" -gt 0 ]
	check_err $? "no packet of the fourth service"
	[ "$(stat_of service "$W1" tcp 8080 request)" -gt 0 ]
	check_err $? "no packet of the first service"
	check_drops 0
}

shared_4() { shared 4; }
shared_6() { shared 6; }

# What is forbidden gives the proxy's page, and step 3 is not taken.
blocked()
{
	local p

	fig12_engine "$1"
	p=$(proxy_addr 1)
	check_eq "$(by_proxy "$W1" /no -o "$TMP/page" -w '%{http_code}')" 403 "status"
	grep -qi "access denied" "$TMP/page"
	check_err $? "not the proxy's page"
	check_eq "$(stat_of service "$p" any by client request)" 0 "packets of step 3"
	[ "$(stat_of service "$W1" tcp 8080 reply)" -gt 0 ]
	check_err $? "no reply"
	check_drops 0
}

blocked_4() { blocked 4; }
blocked_6() { blocked 6; }

# A proxy that is told to CONNECT knows no page, and lets all of them through.
tunnel()
{
	local before

	fig12_engine "$1"
	before=$(fresh 1)
	check_eq "$(by_proxy "$W1" /name --proxytunnel -D "$TMP/head" 2>&1)" \
		"www says hello" "page through the tunnel"
	grep -qi "^via:" "$TMP/head"
	check_fail $? "the proxy has read along"
	grep -q "TCP_TUNNEL/200 .*CONNECT" "$TMP/px1/access.log"
	check_err $? "no tunnel in the proxy's log"
	check_eq "$(fresh 1)" $((before + 1)) "connections of its firewall"
	# What the proxy would forbid it does not see.
	check_eq "$(by_proxy "$W1" /no --proxytunnel -o /dev/null -w '%{http_code}')" \
		404 "a forbidden page through the tunnel"
	check_drops 0
}

tunnel_4() { tunnel 4; }
tunnel_6() { tunnel 6; }

run_cases
