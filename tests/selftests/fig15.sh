#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: B-07 J-01 J-07
# Timeout: 300
# Figures 15B and 15C, as far as the engine alone goes: a firewall of a pool
# swallows packets, is told of by name, and after one command the next one has
# its place in the table; it stays out when it is well, until it is let in.
# Figure 15D: a failover manager of the customer's own, keepalived with IPVS,
# is the last device. Requests go to nobody else; the web servers behind it
# answer straight to the engine, each by its own MAC address.
#
#   cl c0 --- r0 rt r1 --- i0 pe i2 --- sw41 --- f0 fw1, fw2, fw3
#                             |  i3 --- sw42 --- f1 fw1, fw2, fw3
#                             i4 --- sw43 --- s1572 srv1572
#                                     |`----- s1573 srv1573
#                                     `------ m0 mgr

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 jq nft keepalived ipvsadm

CASES="pool_4 pool_6 manager_4 manager_6"

# shellcheck disable=SC2034 # by their names
sw42="" sw43="" fw1="" fw2="" fw3="" srv1572="" srv1573="" mgr=""
M_I4=02:00:00:00:01:04
M_1572=02:00:00:00:15:72
M_1573=02:00:00:00:15:73
M_MGR=02:00:00:00:15:98
M_BAD=02:00:00:00:66:66

setup()
{
	local n

	modprobe -aq ip_vs ip_vs_rr
	topo_core || bail "no core"
	topo_switch 2 sw41 || bail "no switch"
	topo_switch 3 sw42 || bail "no switch"
	topo_switch 4 sw43 || bail "no switch"
	for n in 1 2 3; do
		firewall $n || bail "no firewall $n"
	done
	topo_server srv1572 4 "$sw43" $M_1572 72 || bail "no server 1572"
	server_vid=$TOPO_VID
	topo_server srv1573 4 "$sw43" $M_1573 73 || bail "no server 1573"
	manager || bail "no manager"
	server_mode srv1572 loopback $W1_4 $W1_6
	server_mode srv1573 loopback $W1_4 $W1_6
	web_start srv1573 80 || bail "no web server"
}

# firewall N: knows each connection, lets in web pages and one kind of datagrams
firewall()
{
	local name=fw$1

	topo_fw_n "$1" "$sw41" "$sw42" 192.0.2.0/24 2001:db8:c::/64 || return 1
	in_ns "${!name}" nft -f - <<-EOT
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established,related accept
				iif "f0" oif "f1" tcp dport 80-82 ct state new accept
				iif "f0" oif "f1" udp dport 9 accept
			}
		}
	EOT
}

# manager: on the segment of the servers, which it asks how they are, and hands
# requests to as they came
manager()
{
	local n=$TOPO_VID vid

	setup_ns mgr
	ns_host "$mgr" net.ipv4.conf.all.arp_ignore=1 \
		net.ipv4.conf.all.arp_announce=2
	topo_station 4 "$sw43" "$mgr" m0 $M_MGR || return 1
	vid=$TOPO_VID
	ns_ip "$mgr" <<-EOT
		addr add 10.0.4.98/24 dev m0
		addr add fd00:4::98/64 dev m0 nodad
		addr add $W1_4/32 dev lo
		addr add $W1_6/128 dev lo nodad
		route add default via 10.0.4.1
		route add default via fd00:4::1
	EOT
	# It and the servers see each other.
	bridge -n "$sw43" -batch - <<-EOT
		vlan add dev p$server_vid vid $vid untagged
		vlan add dev p$n vid $vid untagged
		vlan add dev p$vid vid $server_vid untagged
		vlan add dev p$vid vid $n untagged
		fdb add $M_1572 dev p$server_vid master static vlan $vid
		fdb add $M_1573 dev p$n master static vlan $vid
		fdb add $M_MGR dev p$vid master static vlan $server_vid
		fdb add $M_MGR dev p$vid master static vlan $n
	EOT
}

# --- 15B and 15C ----------------------------------------------------------------

pool_engine()
{
	local n arms

	fam "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i2 role device
		port add i3 role device
		port add i4 role device
		$(for n in 1 2 3; do
			arms="outer i2 mac $(mac_outer $n) inner i3 mac $(mac_inner $n)"
			echo "device add fw156$n kind inline $arms"
		done)
		device set fw1561 alarm unreturned 8
		device set fw1562 alarm unreturned 8
		device add web kind server mode loopback outer i4 mac $M_1572
		pool add fws policy primary member fw1561 member fw1562 member fw1563
		sequence add s step fws step web
		service add $W1 tcp 80 sequence s
		service add $W1 udp 9 sequence s
		service add $W1 tcp 81 sequence s
		service add $W1 tcp 82 sequence s
	EOT
}

# table_has N: table 1533 while firewall N has the place
table_has()
{
	local n

	check_table "$W1" tcp 80 < <(
		echo "request i0 * $W1 tcp/80 client>fws inline i2 $(mac_outer "$1") - - -"
		echo "reply i4 $M_1572 $W1 tcp/80 web>fws inline i3 $(mac_inner "$1") - - -"
		for n in 1 2 3; do
			echo "request i3 $(mac_inner $n) $W1 tcp/80 fw156$n>web loopback i4 $M_1572 - - -"
			echo "reply i2 $(mac_outer $n) $W1 tcp/80 fw156$n>client client * * - - -"
		done)
}

events()
{
	jq -sc "[.[] | select(.$1 == true) | [.noun, .name, .health.suspect]]" \
		"$TMP/events.log"
}

_told()
{
	[ "$(events "$1")" = "$2" ]
}

_listens()
{
	sq port set i0 role uplink
	[ -s "$TMP/events.log" ]
}

_sent()
{
	[ "$(stat_of device web sent)" -ge "$1" ]
}

# page_steps PORT N: of a page that firewall N has let through
page_steps()
{
	local out in

	out=$(mac_outer "$2") in=$(mac_inner "$2")
	cat <<-EOT
		path request-$1 request $W1/tcp/$1 s
		hop client>engine pe-i0 $M_R1 $M_I0 $U1 $W1 tcp - $1
		hop engine>fw156$2 pe-i2 $M_I2 $out $U1 $W1 tcp - $1
		hop fw156$2>engine pe-i3 $in $M_I3 $U1 $W1 tcp - $1
		hop engine>web pe-i4 $M_I4 $M_1572 $U1 $W1 tcp - $1
		path reply-$1 reply $W1/tcp/$1 s
		hop web>engine pe-i4 $M_1572 $M_I4 $W1 $U1 tcp $1 -
		hop engine>fw156$2 pe-i3 $M_I3 $in $W1 $U1 tcp $1 -
		hop fw156$2>engine pe-i2 $out $M_I2 $W1 $U1 tcp $1 -
		hop engine>client pe-i0 $M_I0 $M_R1 $W1 $U1 tcp $1 -
	EOT
}

# datagram_steps: each by itself, as they do not all come to the end
datagram_steps()
{
	local n

	cat <<-EOT
		path datagrams request $W1/udp/9 s
		hop client>engine pe-i0 $M_R1 $M_I0 $U1 $W1 udp - 9
		path datagrams-web request
		hop engine>web pe-i4 $M_I4 $M_1572 $U1 $W1 udp - 9
	EOT
	for n in 1 2; do
		cat <<-EOT
			path datagrams-to-fw156$n request
			hop engine>fw156$n pe-i2 $M_I2 $(mac_outer $n) $U1 $W1 udp - 9
			path datagrams-from-fw156$n request
			hop fw156$n>engine pe-i3 $(mac_inner $n) $M_I3 $U1 $W1 udp - 9
		EOT
	done
}

# to_pool: packets in the rows that lead to the pool
to_pool()
{
	sq -j -s table show | jq '[.[] | select(.to == "fws") |
		{(.direction + .from): .forwarded.packets}] | add | add'
}

pool_fails_over()
{
	local stop hold flood counter had out back n noun

	pool_engine "$1"
	web_start srv1572 80 81 82 || check_err 1 "no web server"
	bg_ns events "$pe" svcseq -j monitor
	check busywait "$WAIT" _listens
	caps_start "pe-i0=$pe:i0" "pe-i2=$pe:i2" "pe-i3=$pe:i3" "pe-i4=$pe:i4"
	table_has 1
	check_get "srv1572 says hello" "http://$UW1/name"
	quiet_ns "$cl" "$srv1572"

	rm -f "$TMP/stop-flood" "$TMP/stop-count"
	mkfifo "$TMP/stop-flood" "$TMP/stop-count"
	in_ns "$srv1572" $PY "$TOOLS/udp.pyc" count "$W1" 9 \
		<"$TMP/stop-count" >"$TMP/got" &
	counter=$!
	exec {hold}>"$TMP/stop-count"
	wait_port "$srv1572" udp 9
	in_ns "$cl" $PY "$TOOLS/udp.pyc" flood "$W1" 9 $((4 * WAIT)) 100 "$U1" \
		<"$TMP/stop-flood" >"$TMP/sent" &
	flood=$!
	exec {stop}>"$TMP/stop-flood"
	had=$(stat_of device web sent)
	busywait "$WAIT" _sent $((had + 20))
	check_err $? "no traffic"
	check_eq "$(events suspect)" "[]" "suspects while all is well"

	in_ns "$fw1" nft -f - <<-EOT
		table inet hole {
			chain swallow {
				type filter hook prerouting priority -400;
				meta l4proto { tcp, udp } drop
			}
		}
	EOT
	busywait "$WAIT" _told suspect '[["device","fw1561",["unreturned"]]]'
	check_eq "$(events suspect)" '[["device","fw1561",["unreturned"]]]' "suspects"
	out=$(stat_of device fw1561 sent) back=$(stat_of device fw1561 received)
	[ "$out" -ge $((back + 8)) ]
	check_err $? "the counters of fw1561 do not differ: $out, $back"
	had=$(stat_of device web sent)

	# What the provisioner will say when its probe is not answered.
	check sq pool set fws member fw1561 state down
	table_has 2
	busywait "$WAIT" _sent $((had + 20))
	check_err $? "no traffic by fw1562"
	exec {stop}>&-
	wait $flood
	n=$(cat "$TMP/sent")
	busywait "$WAIT" _passed "$n"
	check_err $? "not all that was sent is accounted for"
	exec {hold}>&-
	wait $counter
	out=$(stat_of device fw1561 sent)

	# Well again it has no traffic, and so nobody can have noticed.
	in_ns "$fw1" nft delete table inet hole
	check_get "srv1572 says hello" "http://$UW1:81/name"
	quiet_ns "$cl" "$srv1572"
	check_eq "$(stat_of device fw1561 sent)" "$out" "packets to who is out"
	check_eq "$(events well)" "[]" "who is well while it is out"
	table_has 2
	check sq pool set fws member fw1561 state up
	table_has 1
	check_get "srv1572 says hello" "http://$UW1:82/name"
	quiet_ns "$cl" "$srv1572"
	busywait "$WAIT" _told well '[["device","fw1561",null]]'
	check_eq "$(events well)" '[["device","fw1561",null]]' "who is well"
	check_eq "$(events suspect)" '[["device","fw1561",["unreturned"]]]' "suspects"
	check_eq "$(stat_of device fw1563 sent)" 0 "packets to the third"

	walk_spec <<-EOT
		watch $W1
		$(page_steps 80 1)
		$(datagram_steps)
		$(page_steps 81 2)
		$(page_steps 82 1)
	EOT
	for noun in device service port; do
		sq -j -s $noun show >"$TMP/$noun.json" || check_err 1 "$noun show"
	done
	walk_check nocount "device=$TMP/device.json" "service=$TMP/service.json" \
		"port=$TMP/port.json"
	check_eq "$(to_pool)" \
		"$(($(capture_count pe-i2 "ether src $M_I2 and host $W1 and dst $W1") +
		   $(capture_count pe-i3 "ether src $M_I3 and host $W1 and src $W1")))" \
		"packets in the rows that lead to the pool"
	# How many each was given and gave back.
	n=$(capture_count pe-i0 "udp and dst $W1")
	check_eq "$n" "$(cat "$TMP/sent")" "datagrams"
	out=$(capture_count pe-i2 "udp and ether dst $(mac_outer 1)")
	back=$(capture_count pe-i3 "udp and ether src $(mac_inner 1)")
	[ "$out" -ge $((back + 8)) ]
	check_err $? "of $out datagrams fw1561 gave back $back"
	check_eq "$(capture_count pe-i2 "udp and ether dst $(mac_outer 2)")" \
		"$((n - out))" "datagrams for fw1562"
	check_eq "$(cut -d' ' -f1 "$TMP/got")" $((n - out + back)) \
		"datagrams at the server"
	log_info "$n datagrams, $((out - back)) lost"
	check_drops 0
	check_no_conntrack "$pe"
	[ "$(conntrack_count "$fw2")" -gt 0 ]
	check_err $? "no connection is tracked anywhere"
	bg_stop events
}

# _passed SENT: all have come, and none is under way
_passed()
{
	[ "$(stat_of service "$W1" udp 9 request)" = "$1" ] &&
		[ "$(stat_of device fw1562 sent)" = "$(stat_of device fw1562 received)" ]
}

pool_4() { pool_fails_over 4; }
pool_6() { pool_fails_over 6; }

# --- 15D -------------------------------------------------------------------------

# own_addr HOST: on the servers' segment
own_addr() { [ "$F" = 4 ] && echo "10.0.4.$1" || echo "fd00:4::$1"; }

keepalived_start()
{
	local n

	{
		echo "global_defs {"
		echo "router_id mgr1598"
		echo "}"
		echo "virtual_server $W1 80 {"
		echo "delay_loop 0.3"
		# Nobody is up before a check has said so.
		echo "alpha"
		echo "lvs_sched rr"
		echo "lvs_method DR"
		echo "protocol TCP"
		for n in 72 73; do
			echo "real_server $(own_addr $n) 80 {"
			echo "TCP_CHECK {"
			echo "connect_timeout 5"
			echo "retry 0"
			echo "}"
			echo "}"
		done
		echo "}"
	} >"$TMP/keepalived.conf"
	bg_ns keepalived "$mgr" keepalived -n -l -C -f "$TMP/keepalived.conf" \
		-p "$TMP/keepalived.run" -c "$TMP/checkers.run"
	servers_are 72 73
}

# servers_are HOST...: keepalived hands requests to these
servers_are()
{
	busywait "$WAIT" _servers_are "$@" && return
	log_info "$(cat "$TMP/keepalived.log")"
	log_info "$(in_ns "$mgr" ipvsadm -Ln)"
	check_err 1 "the manager does not use $*"
}

_servers_are()
{
	local n want=""

	for n in "$@"; do
		want+="$(own_addr "$n") "
	done
	[ "$(in_ns "$mgr" ipvsadm -Sn | grep -- '-r .* -w 1' |
		sed 's/.*-r \[*\([^] ]*\).*/\1/; s/^\([0-9.]*\):80$/\1/' |
		sort | tr '\n' ' ')" = "$want" ]
}

manager_fails_over()
{
	local n before

	fam "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i4 role device
		device add mgr1598 kind server mode loopback outer i4 mac $M_MGR,$M_1572,$M_1573
		sequence add managed step mgr1598
		service add $W1 tcp 80 sequence managed
	EOT
	check_table <<-EOT
		request i0 * $W1 tcp/80 client>mgr1598 loopback i4 $M_MGR - - -
		reply i4 $M_MGR $W1 tcp/80 mgr1598>client client * * - - -
		reply i4 $M_1572 $W1 tcp/80 mgr1598>client client * * - - -
		reply i4 $M_1573 $W1 tcp/80 mgr1598>client client * * - - -
	EOT
	web_start srv1572 80 || check_err 1 "no web server"
	keepalived_start
	caps_start "rt-r1=$rt:r1" "pe-i0=$pe:i0" "pe-i4=$pe:i4" "mgr=$mgr:m0" \
		"srv1572=$srv1572:s1572" "srv1573=$srv1573:s1573"
	check_eq "$(who_answers 6)" \
		"3 srv1572 says hello 3 srv1573 says hello" "who answers" ||
		return
	bg_stop web-srv1572
	servers_are 73
	check_eq "$(who_answers 4)" "4 srv1573 says hello" \
		"who answers while 1572 is out" || return
	web_start srv1572 80 || check_err 1 "no web server"
	servers_are 72 73
	check_eq "$(who_answers 4)" \
		"2 srv1572 says hello 2 srv1573 says hello" "who answers at the end"
	quiet_ns "$cl" "$srv1572" "$srv1573"
	walk_spec <<-EOT
		watch $W1
		path request request $W1/tcp/80 managed
		hop client>engine rt-r1,pe-i0 $M_R1 $M_I0 $U1 $W1 tcp - 80
		hop engine>mgr1598 pe-i4,mgr $M_I4 $M_MGR $U1 $W1 tcp - 80
		$(for n in 1572 1573; do
			mac=M_$n
			echo "path handed-to-$n request"
			echo "hop mgr1598>srv$n mgr,srv$n $M_MGR ${!mac} $U1 $W1 tcp - 80"
			echo "path reply-of-$n reply $W1/tcp/80 managed"
			echo "hop mgr1598>engine srv$n,pe-i4 ${!mac} $M_I4 $W1 $U1 tcp 80 -"
			echo "hop engine>client pe-i0,rt-r1 $M_I0 $M_R1 $W1 $U1 tcp 80 -"
		done)
	EOT
	walk_check
	# It keeps nothing back, and nothing else comes in.
	check_eq "$(capture_count mgr "ether src $M_MGR and dst $W1 and tcp port 80")" \
		"$(stat_of device mgr1598 sent)" "packets that the manager handed on"
	check_drops 0

	# Whoever is not in the set is not let in, and it shows.
	before=$(stat_of service "$W1" tcp 80 reply)
	capture_start "rt$F" "$rt" r1 "port 4000"
	check in_ns "$mgr" $PY "$TOOLS/send.pyc" m0 $M_BAD $M_I4 "$W1" "$U1" \
		tcp 80 4000 count=5
	busywait "$WAIT" _dropped 5
	check_drops 5 bad-source
	check in_ns "$mgr" $PY "$TOOLS/send.pyc" m0 $M_MGR $M_I4 "$W1" "$U1" \
		tcp 80 4001
	busywait "$WAIT" _replied $((before + 1))
	check_err $? "the manager's own MAC is not in the set"
	capture_stop "rt$F"
	check_eq "$(capture_count "rt$F")" 0 "a forged packet went on"
	check_drops 5
	check_no_conntrack "$pe"
	bg_stop keepalived
}

_dropped()
{
	[ "$(drops bad-source)" -ge "$1" ]
}

_replied()
{
	[ "$(stat_of service "$W1" tcp 80 reply)" = "$1" ]
}

manager_4() { manager_fails_over 4; }
manager_6() { manager_fails_over 6; }

run_cases
