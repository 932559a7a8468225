#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: K-15 N-03 X-02
# Tags: slow
# Timeout: 900
# Pools. One command fails over, drains or brings back a member for all services
# at once, under traffic of which nothing is lost. Spread flows meet one stateful
# firewall in both directions, and one more member takes its share and no more.
# A step whose pool has nobody left drops, lets past or has an alternate. Servers
# of a pool serve in every mode.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- h0 a1, a2, a3, a4
#                             |  i2 --- sw41 --- f0 fw1, fw2, fw3
#                             |  i3 --- sw42 --- f1 fw1, fw2, fw3
#                             i4 --- sw43 --- s1, s2 srv1, srv2

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq python3 nft nginx jq

CASES="failover_4 failover_6 drain_4 drain_6 members_4
	stateful_4 stateful_6 one_more_4 one_more_6
	on_fail_4 on_fail_6 on_fail_in_the_middle
	servers_4 servers_6 positions told strangers refusals"

# shellcheck disable=SC2034 # by their names
sw42="" sw43="" a1="" a2="" a3="" a4="" fw1="" fw2="" fw3=""
# shellcheck disable=SC2034 # by its name
M_I4=02:00:00:00:01:04

mac_a() { echo "02:00:00:00:11:1$1"; }

setup()
{
	local n

	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_switch 2 sw41 || bail "no switch"
	topo_switch 3 sw42 || bail "no switch"
	topo_switch 4 sw43 || bail "no switch"
	for n in 1 2 3 4; do
		topo_hop a$n 1 "$sw40" "$(mac_a $n)" 1$n || bail "no a$n"
	done
	for n in 1 2 3; do
		firewall $n || bail "no firewall $n"
	done
	topo_server srv1 4 "$sw43" $M_S1 2 || bail "no server"
	topo_server srv2 4 "$sw43" $M_S2 3 || bail "no server"
	web_start srv1 80 || bail "no web server"
	web_start srv2 80 || bail "no web server"
}

# firewall N: knows each connection, and does not bear half of one
firewall()
{
	local name=fw$1

	topo_fw_n "$1" "$sw41" "$sw42" 192.0.2.0/24 2001:db8:c::/64 || return 1
	in_ns "${!name}" nft -f - <<-EOT
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state invalid counter name bad drop
				ct state established,related accept
				iif "f0" oif "f1" tcp dport 80 tcp flags syn ct state new counter name fresh accept
				counter name refused
			}
			counter bad { }
			counter fresh { }
			counter refused { }
		}
	EOT
}

# of_fw N COUNTER
of_fw()
{
	local name=fw$1

	nft_count "${!name}" inet fw "$2"
}

# devices: all that stands in the laboratory
devices()
{
	local n s s4 s6 mode=$1

	cat <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		port add i4 role device
	EOT
	for n in 1 2 3 4; do
		echo "device add a$n kind inline outer i1 mac $(mac_a $n)"
	done
	for n in 1 2 3; do
		echo "device add fw$n kind inline outer i2 mac $(mac_outer $n) inner i3 mac $(mac_inner $n)"
	done
	for n in 1 2; do
		s4="" s6=""
		[ "$mode" != nat ] || s4="address 10.0.4.$((n + 1))"
		[ "$mode" != nat ] || s6="address fd00:4::$((n + 1))"
		s=M_S$n
		echo "device add srv$n kind server mode $mode $s4 $s6 outer i4 mac ${!s}"
		server_mode "srv$n" "$mode" "$W1_4" "$W2_4" "$W1_6" "$W2_6" >&2
	done
}

# base F: two sequences with the pool, and a service each
base()
{
	fam "$1"
	engine_setup <<-EOT
		$(devices loopback)
		pool add as policy ${2:-primary} member a1 member a2 member a3
		sequence add s step as step srv1
		sequence add t step as step srv1
		service add $W1 udp 9 sequence s
		service add $W2 udp 9 sequence t
	EOT
	udp_warm srv1
}

# under_load COMMANDS_FILE: run the batch while datagrams of both services flow,
# then account for every one of them
under_load()
{
	local first sent=0 w n got distinct last pids=() hold stop

	first=$(hop_sum a1 a2 a3 a4)
	mkfifo "$TMP/stop-flood" "$TMP/stop-count"
	for w in "$W1" "$W2"; do
		in_ns "$srv1" $PY "$TOOLS/udp.pyc" count "$w" 9 \
			<"$TMP/stop-count" >"$TMP/count.$w" &
		pids+=($!)
	done
	exec {hold}>"$TMP/stop-count"
	busywait "$WAIT" _both_listen || check_err 1 "no receivers"
	for w in "$W1" "$W2"; do
		in_ns "$cl" $PY "$TOOLS/udp.pyc" flood "$w" 9 300 300 \
			<"$TMP/stop-flood" >"$TMP/sent.$w" &
		pids+=($!)
	done
	exec {stop}>"$TMP/stop-flood"
	busywait "$WAIT" _through $((first + 40))
	check_err $? "no traffic"

	n=$(wc -l <"$1")
	check sq -b "$1"

	exec {stop}>&-
	wait "${pids[2]}" "${pids[3]}"
	for w in "$W1" "$W2"; do
		sent=$((sent + $(cat "$TMP/sent.$w")))
	done
	busywait "$WAIT" _through $((first + sent)) ||
		check_err 1 "of $sent, $(($(hop_sum a1 a2 a3 a4) - first)) passed a device"
	exec {hold}>&-
	wait "${pids[0]}" "${pids[1]}"
	rm -f "$TMP/stop-flood" "$TMP/stop-count"
	for w in "$W1" "$W2"; do
		read -r got distinct last <"$TMP/count.$w"
		check_eq "$got $distinct $((last + 1))" \
			"$(cat "$TMP/sent.$w") $(cat "$TMP/sent.$w") $(cat "$TMP/sent.$w")" \
			"datagrams for $w (received, distinct, last)"
	done
	check_eq "$(($(hop_sum a1 a2 a3 a4) - first))" "$sent" \
		"packets at the devices of the pool"
	[ "$sent" -gt 200 ]
	check_err $? "only $sent datagrams: not much of a test"
	check_drops 0
	log_info "$n changes, $sent datagrams"
}

_both_listen()
{
	[ "$(in_ns "$srv1" ss -Hnlu "sport = :9" | wc -l)" = 2 ]
}

_through()
{
	[ "$(hop_sum a1 a2 a3 a4)" -ge "$1" ]
}

# counted: packets in the rows that lead to the pool; these begin anew when the
# sequences are compiled with other members
counted()
{
	sq -j -s table show | jq '[.[] | select(.to == "as") | .forwarded.packets] | add'
}

# One command moves both services from one member to the next. No sequence is
# compiled for it: its rows count on.
failover()
{
	local before

	base "$1"
	before=$(counted)
	changes 200 "pool set as member a1 state down" \
		"pool set as member a1 state up"
	under_load "$TMP/changes"
	[ "$(hop_count a1)" -gt 0 ] && [ "$(hop_count a2)" -gt 0 ]
	check_err $? "not both of a1 and a2 had packets"
	check_eq "$(hop_count a3)" "${a3_before:-0}" "packets at the third"
	[ "$(counted)" -gt "$before" ]
	check_err $? "the rows do not count on"
	check_eq "$(sq -j pool show as | jq '.[0].generation')" 400 "generation"
	check_eq "$(sq -j sequence show | jq -c 'map(.generation)')" "[0,0]" \
		"generations of the sequences"
	check sq pool set as member a1 state down
	check_eq "$(sq -j table show "$W1" udp 9 | jq -r '.[] | select(.to == "as" and .direction == "request") | .member')" \
		a2 "who is told to get packets of the first service"
	check_eq "$(sq -j table show "$W2" udp 9 | jq -r '.[] | select(.to == "as" and .direction == "request") | .member')" \
		a2 "who is told to get packets of the second service"
}

failover_4() { failover 4; }
failover_6() { a3_before=$(hop_count a3) && failover 6; }

# Each member in turn is drained and comes back, and what it still holds comes
# back from it.
drain()
{
	base "$1" spread
	changes 100 "pool set as member a1 state drain" \
		"pool set as member a1 state up member a2 state drain" \
		"pool set as member a2 state up member a3 state drain" \
		"pool set as member a3 state up"
	under_load "$TMP/changes"
	check_eq "$(sq -j pool show as | jq -c '[.[0].members[].state]')" \
		'["up","up","up"]' "states at the end"
}

drain_4() { drain 4; }
drain_6() { drain 6; }

# Members come and go, one at a time, several at once, and in another order.
members_4()
{
	base 4 spread
	changes 30 "pool set as policy spread member a1 member a2" \
		"pool set as policy spread member a2 member a1 weight 3 member a4" \
		"pool set as policy primary member a4" \
		"pool set as policy primary member a2 member a3" \
		"pool set as policy spread by addr member a1 member a2 member a3"
	under_load "$TMP/changes"
	check_eq "$(sq -j device show | jq -r '.[] | select(.pools == 1) | .name' | xargs)" \
		"a1 a2 a3" "who is in a pool"
}

# fetch COUNT ADDR: that many connections from ports of their own, several at a
# time; who answered, one per line
fetch()
{
	in_ns "$cl" python3 - "$@" <<-'EOT'
		import socket, sys

		count, addr = int(sys.argv[1]), sys.argv[2]
		fam = socket.AF_INET6 if ":" in addr else socket.AF_INET
		for start in range(0, count, 8):
		    socks = []
		    for _ in range(start, min(start + 8, count)):
		        s = socket.socket(fam)
		        s.settimeout(30)
		        s.connect((addr, 80))
		        socks.append(s)
		    for s in socks:
		        s.sendall(b"GET /name HTTP/1.0\r\n\r\n")
		    for s in socks:
		        data = b""
		        while True:
		            more = s.recv(4096)
		            if not more:
		                break
		            data += more
		        print(data.split(b"\r\n\r\n")[-1].decode().strip())
		        s.close()
	EOT
}

# of_fws COUNTER...: of each firewall, in their order
of_fws()
{
	local n c sum

	for n in 1 2 3; do
		sum=0
		for c in "$@"; do
			sum=$((sum + $(of_fw $n "$c")))
		done
		echo $sum
	done
}

# more BEFORE...: new connections of each firewall since then
more()
{
	local now i

	mapfile -t now < <(of_fws fresh)
	for ((i = 0; i < 3; i++)); do
		echo $((now[i] - $1))
		shift
	done
}

# Both directions of every connection meet one firewall; it would not bear a
# reply that it has not seen the request of, nor the other way round.
stateful()
{
	local n fresh bad new

	fam "$1"
	engine_setup <<-EOT
		$(devices loopback)
		pool add fws policy spread member fw1 member fw2 member fw3
		sequence add s step fws step srv1
		service add $W1 tcp 80 sequence s
	EOT
	mapfile -t fresh < <(of_fws fresh)
	bad=$(of_fws bad refused)
	check_eq "$(fetch 48 "$W1" | sort | uniq -c | xargs)" \
		"48 srv1 says hello" "answers"
	quiet_ns "$cl"
	mapfile -t new < <(more "${fresh[@]}")
	log_info "connections: ${new[*]}"
	check_eq $((new[0] + new[1] + new[2])) 48 "new connections at the firewalls"
	for n in 1 2 3; do
		[ "${new[n - 1]}" -gt 0 ]
		check_err $? "firewall $n had no connection"
		check_eq "$(stat_of device fw$n received)" \
			"$(stat_of device fw$n sent)" "packets back from firewall $n"
	done
	check_eq "$(of_fws bad refused)" "$bad" \
		"packets that a firewall knew nothing of"
	check_drops 0
	# By address alone all connections of the client meet one.
	check sq pool set fws policy spread by addr member fw1 member fw2 member fw3
	mapfile -t fresh < <(of_fws fresh)
	check_eq "$(fetch 16 "$W1" | wc -l)" 16 "answers, by address"
	check_eq "$(more "${fresh[@]}" | sort -n | xargs)" "0 0 16" \
		"connections of one client, by address"
	check_drops 0
}

stateful_4() { stateful 4; }
stateful_6() { stateful 6; }

# who COUNT: the member that gets each of so many flows, as simulations tell
who()
{
	local i end=$U1

	[ "$F" = 4 ] || end="[$U1]"
	for ((i = 0; i < $1; i++)); do
		echo "trace simulate client $end:$((20000 + i)) service $W1 udp 9"
	done >"$TMP/simulate"
	sq -j -b "$TMP/simulate" | jq -r 'select(."to-step" == 0) | .to'
}

# A fourth of four takes a fourth of the flows; the others stay where they are.
one_more()
{
	local moved others

	base "$1" spread
	who 400 >"$TMP/before"
	check_eq "$(sort -u "$TMP/before" | xargs)" "a1 a2 a3" "members with flows"
	check sq pool set as policy spread member a1 member a2 member a3 member a4
	who 400 >"$TMP/after"
	moved=$(paste "$TMP/before" "$TMP/after" | awk '$1 != $2' | wc -l)
	others=$(paste "$TMP/before" "$TMP/after" |
		awk '$1 != $2 && $2 != "a4"' | wc -l)
	log_info "$moved of 400 flows moved, $others of them to others"
	# Four standard deviations.
	[ "$moved" -ge 65 ] && [ "$moved" -le 135 ]
	check_err $? "$moved of 400 flows moved, not about 100"
	[ "$others" -le 16 ]
	check_err $? "$others flows moved between those that were there"
	# It leaves, and all is as it was.
	check sq pool set as policy spread member a1 member a2 member a3
	who 400 >"$TMP/after"
	check_same "$TMP/after" "$TMP/before" "flows after it has left"
}

one_more_4() { one_more 4; }
one_more_6() { one_more 6; }

# ask N: so many datagrams and their echoes
ask()
{
	udp_ask "$W1" 9 "$1" 64 "$U1"
}

# unanswered: one datagram that nobody answers
unanswered()
{
	in_ns "$cl" $PY "$TOOLS/udp.pyc" ask "$W1" 9 1 64 "$U1" 1 >/dev/null 2>&1
	check_fail $? "an answer"
}

# on_fail_of WORDS...: the sequence with these behind its pool, of which nobody
# is up
on_fail_of()
{
	check sq pool set as member a1 state down member a2 state drain
	check sq sequence set s step as "$@" step srv1 copy ids
}

on_fail()
{
	local a1_had a2_had copies

	fam "$1"
	engine_setup <<-EOT
		$(devices loopback)
		device add ids kind tap outer i1 mac $M_IDS
		device add ids0 kind tap outer i1 mac 02:00:00:00:1d:01
		pool add as policy primary member a1 member a2
		sequence add s step as step srv1 copy ids
		service add $W1 udp 9 sequence s
	EOT
	udp_start srv1 9 "$W1"
	ask 3
	a1_had=$(hop_count a1) a2_had=$(hop_count a2)
	check_drops 0

	on_fail_of
	unanswered
	check_drops 1 pool-down
	check_drops 1
	on_fail_of on-fail close
	unanswered
	check_drops 2 pool-down

	on_fail_of on-fail open copy ids0
	copies=$(stat_of device ids sent)
	ask 5
	check_eq "$(hop_count a1) $(hop_count a2)" "$a1_had $a2_had" \
		"packets at who is down"
	check_drops 2
	check_eq "$(sq -j -s table show | jq -c '[.[] | select(.to == "as") | [.direction, .from // "client", .forwarded.packets, .skipped.packets]]')" \
		'[["request","client",5,5],["reply","srv1",5,5],["reply","ids",0,0]]' \
		"rows that lead to the pool, and what went past"
	check_eq "$(stat_of device srv1 sent) $(stat_of device srv1 received)" \
		"8 8" "packets at the server"
	check_eq "$(($(stat_of device ids sent) - copies)) $(stat_of device ids0 sent)" \
		"10 10" "copies on both sides of the pool"

	on_fail_of on-fail alternate a3
	a3_had=$(hop_count a3)
	ask 7
	check_eq "$(($(hop_count a3) - a3_had))" 14 "packets at the alternate"
	check_eq "$(stat_of device a3 sent) $(stat_of device a3 received)" "14 14" \
		"what is counted for the alternate"
	check sq pool set as member a2 state up
	ask 2
	check_eq "$(($(hop_count a3) - a3_had)) $(($(hop_count a2) - a2_had))" \
		"14 4" "packets at the alternate and at the second member"
	check_drops 2
}

on_fail_4() { on_fail 4; }
on_fail_6() { on_fail 6; }

# Two pools in a row, in front of a third, are left out at once, and translation
# goes on as if they were not there.
on_fail_in_the_middle()
{
	fam 4
	engine_setup <<-EOT
		$(devices nat)
		pool add p policy primary member a1
		pool add q policy primary member a2
		pool add r policy primary member a3
		pool add srvs policy spread member srv1 member srv2
		sequence add s step p on-fail open step q on-fail open port 4000 step r step srvs port 90
		service add $W1 udp 9 sequence s
	EOT
	udp_start srv1 90 10.0.4.2
	udp_start srv2 90 10.0.4.3
	ask 2
	check_eq "$(for d in a1 a2 a3; do stat_of device $d sent; done | xargs)" \
		"4 4 4" "packets at the devices"
	check sq pool set p member a1 state down
	ask 2
	check sq pool set q member a2 state down
	ask 2
	check sq pool set p member a1 state up
	ask 2
	check_eq "$(for d in a1 a2 a3; do stat_of device $d sent; done | xargs)" \
		"8 8 16" "packets at the devices"
	check sq pool set r member a3 state down
	unanswered
	check_drops 1 pool-down
	check_drops 1
}

# Connections are spread over servers, in every mode, and each talks to one only.
servers_in()
{
	local out

	engine_setup <<-EOT
		$(devices "$1")
		pool add srvs policy spread member srv1 member srv2
		sequence add s step a1 step srvs
		service add $W1 tcp 80 sequence s
	EOT
	out=$(fetch 24 "$W1")
	check_eq "$(sort -u <<<"$out" | xargs)" "srv1 says hello srv2 says hello" \
		"who answers, in mode $1"
	check_eq "$(wc -l <<<"$out")" 24 "answers, in mode $1"
	quiet_ns "$cl"
	check sq pool set srvs member srv1 state down
	check_eq "$(fetch 8 "$W1" | sort | uniq -c | xargs)" "8 srv2 says hello" \
		"who answers while srv1 is down, in mode $1"
	check_drops 0
}

servers()
{
	fam "$1"
	servers_in loopback
	servers_in alias
	servers_in nat
	# Replies are known by the address of each.
	check_eq "$(sq -j table show | jq -r '.[] | select(.direction == "reply" and ."match-addr" != "'"$W1"'") | ."match-addr"' | sort | xargs)" \
		"$([ "$F" = 4 ] && echo "10.0.4.2 10.0.4.3" || echo "fd00:4::2 fd00:4::3")" \
		"addresses of servers that replies come from"
	server_mode srv1 loopback "$W1"
	server_mode srv2 loopback "$W1"
}

servers_4() { servers 4; }
servers_6() { servers 6; }

# Members may tell the place of a packet by what it carries, and so may one device
# at two places behind them.
positions()
{
	fam 4
	engine_setup <<-EOT
		$(devices loopback)
		pool add as policy primary member a1 member a2
		sequence add s step as track dscp step a3 track dscp step a4 step a3 track dscp step srv1
		service add $W1 udp 9 sequence s
	EOT
	udp_start srv1 9 "$W1"
	ask 3
	check sq pool set as member a1 state drain
	ask 3
	check_eq "$(for d in a1 a2 a3 a4; do stat_of device $d sent; done | xargs)" \
		"6 6 24 12" "packets at the devices"
	check_drops 0
}

# What tables, traces and simulations say.
told()
{
	local member

	base 4
	check_eq "$(table_rows "$W1" udp 9)" \
"reply i1 02:00:00:00:11:11 $W1 udp/9 a1>client client * * - - -
reply i1 02:00:00:00:11:12 $W1 udp/9 a2>client client * * - - -
reply i1 02:00:00:00:11:13 $W1 udp/9 a3>client client * * - - -
reply i4 $M_S1 $W1 udp/9 srv1>as inline i1 02:00:00:00:11:11 - - -
request i0 * $W1 udp/9 client>as inline i1 02:00:00:00:11:11 - - -
request i1 02:00:00:00:11:11 $W1 udp/9 a1>srv1 loopback i4 $M_S1 - - -
request i1 02:00:00:00:11:12 $W1 udp/9 a2>srv1 loopback i4 $M_S1 - - -
request i1 02:00:00:00:11:13 $W1 udp/9 a3>srv1 loopback i4 $M_S1 - - -" \
		"the table of a primary pool"
	check sq pool set as policy spread member a1 member a2 member a3
	check_eq "$(table_rows "$W1" udp 9 | grep '>as')" \
"reply i4 $M_S1 $W1 udp/9 srv1>as inline * * - - -
request i0 * $W1 udp/9 client>as inline * * - - -" \
		"rows that lead to a pool that spreads"
	sq table show "$W1" udp 9 | grep -q 'inline as  *by member  *by member'
	check_err $? "the text of a row that leads to a pool"
	member=$(sq -j trace simulate client "$U1:7000" service "$W1" udp 9 |
		jq -r 'select(."to-step" == 0) | .to')
	check_eq "$(sq -j trace simulate client "$U1:7000" service "$W1" udp 9 direction reply |
		jq -r '"\(.from)>\(.to // "client")"' | xargs)" \
		"srv1>$member $member>client" "the way of the reply"
	check sq pool set as member "$member" state down
	[ "$(sq -j trace simulate client "$U1:7000" service "$W1" udp 9 |
		jq -r 'select(."to-step" == 0) | .to')" != "$member" ]
	check_err $? "a simulated packet goes to who is down"
	check sq pool set as member a1 state down member a2 state down member a3 state down
	check_eq "$(sq -j trace simulate client "$U1" service "$W1" udp 9 |
		jq -r '"\(.verdict) \(.reason)"')" "drop pool-down" \
		"a simulated packet that nobody is up for"
	check_drops 0
	check_eq "$(sq -s pool show as)" \
"as policy spread by addr-port member a1 state down member a2 state down member a3 state down
    used by 2 sequences, generation 3, active nobody" "what is shown of the pool"
	check_eq "$(sq -s device show a1 | grep 'used by' | sed 's/^ *//')" \
		"used by 0 sequences and in 1 pool" "what is shown of a member"
	bg_ns monitor "$pe" svcseq monitor
	busywait "$WAIT" _heard || check_err 1 "nothing is heard of a change"
}

_heard()
{
	sq pool set as member a2 state up
	grep -q '^pool as policy spread by addr-port member a1 state down member a2 member a3' \
		"$TMP/monitor.log"
}

# Who is in no pool of the sequence is not let in, and who is leaves by the rows
# of its own place only.
strangers()
{
	base 4
	in_ns "$a4" $PY "$TOOLS/udp.pyc" send "$W1" 9 3 64
	busywait "$WAIT" _dropped 3 bad-source
	check_err $? "packets of a device in no pool are let in"
	# A member that is down is known as ever.
	check sq pool set as member a2 state down
	in_ns "$a2" $PY "$TOOLS/udp.pyc" send "$W1" 9 2 64
	busywait "$WAIT" _taken 2
	check_err $? "packets of a member that is down are not let in"
	check_drops 3
}

_dropped()
{
	[ "$(drops "${2:-}")" = "$1" ]
}

_taken()
{
	[ "$(stat_of device a2 received)" = "$1" ]
}

# refused PATTERN COMMAND...: and nothing changes
refused()
{
	local pattern=$1 before
	shift

	before=$(sq -j stats | jq .generation)
	check_refused "$pattern" sq "$@"
	check_eq "$(sq -j stats | jq .generation)" "$before" \
		"'$*' changed something"
}

refusals()
{
	fam 4
	engine_setup <<-EOT
		$(devices nat)
		device add ids kind tap outer i1 mac $M_IDS
		device add net kind external outer i4
		device add lone kind inline outer i1 mac 02:00:00:00:11:19
		device add twin kind inline outer i1 mac $(mac_a 1)
		device add four kind server mode nat address 10.0.4.9 outer i4 mac 02:00:00:00:05:09
		pool add as policy primary member a1 member a2
		pool add other policy spread member a2 member a3
		pool add srvs policy spread member srv1 member srv2
		sequence add s step as on-fail alternate a3 step srvs
		service add $W1 tcp 80 sequence s
		service add $W1_6 tcp 80 sequence s
	EOT
	refused "device 'a1' is a member of pool 'as', one of 1; take it out" device del a1
	refused "pool 'as' is used by sequence 's', one of 1; take it out" pool del as
	refused "device 'a3' is used by sequence 's'" device del a3
	refused "pool 'as' exists; change it" pool add as policy primary member a1
	refused "there is a device of that name" pool add lone policy primary member a1
	refused "there is a pool of that name" device add as kind inline outer i1 mac 02:00:00:00:11:20
	refused "there is no pool 'x'; add it" pool set x member a1 state up
	refused "pool 'p': member 'x' is not a device; add it" pool add p policy primary member x
	refused "pool 'p': member 'as' is a pool itself" pool add p policy primary member as
	refused "sequence 't': from 'as' is a pool, but has to be a device" \
		sequence add t from as step srvs
	refused "sequence 't': step 1 copies to 'as', which is no tap" \
		sequence add t step srvs copy as
	refused "pool 'p' has the member 'a1' twice" pool add p policy primary member a1 member a1
	refused "pool 'p': 'net' is of kind external; members are of kind" pool add p policy primary member net
	refused "'a1' is of kind inline and 'ids' of kind tap" pool add p policy primary member ids member a1
	refused "'srv1' is of kind server and 'a1' of kind inline" pool add p policy primary member a1 member srv1
	refused "pool 'as' has no member 'a3'; give 'policy'" pool set as member a3 state up
	refused "weight of 'a1' means nothing with policy primary" pool set as member a1 weight 2
	refused "'by' is for policy spread" pool set as by addr member a1 state up
	refused "'a1' is of kind bridge and 'a2' of kind inline" \
		device set a1 kind bridge outer i1 inner i2
	refused "servers 'srv1' and 'srv2' are of different modes" \
		device set srv1 kind server mode alias outer i4 mac $M_S1
	# what cannot be told apart
	refused "sequence 't': 'a2' is in pool 'as' of step 1 and stands at step 2 'other' as well" \
		sequence add t step as step other step srvs
	refused "sequence 't': 'a2' is in pool 'as' of step 1 and stands at step 2 'a2' as well" \
		sequence add t step as step a2 step srvs
	refused "requests enter from 'a2', which is in pool 'as' of step 1" \
		sequence add t from a2 step as step srvs
	refused "step 1 'a1' and step 2 'twin' cannot be told apart" \
		sequence add t step as step twin step srvs
	refused "'a1' and step [12] 'twin' cannot be told apart" \
		pool set as policy primary member a1 member twin
	refused "sequence 's': 'a3' is in pool 'as' of step 1" \
		pool set as policy primary member a1 member a3
	refused "alternate 'as' is a pool, but has to be a device" \
		sequence add t step other on-fail alternate as step srvs
	refused "alternate 'srv1' is not of the kind" \
		sequence add t step other on-fail alternate srv1 step srvs
	refused "step 1 'lone' is a device, but 'on-fail' is for pools" \
		sequence add t step lone on-fail open step srvs
	refused "step 2 'srvs' is the last one, so 'on-fail open' leads nowhere" \
		sequence add t step as step srvs on-fail open
	refused "step 1 'as' turns packets into others" \
		sequence add t step as becomes tcp/81 on-fail open step srvs
	refused "step 1 is the pool 'as', but a tunnel ends at one device" \
		sequence add t step as track gre local 10.0.1.1 remote 10.0.1.2 step srvs
	refused "cannot be told apart" sequence add t step as track interface step srvs
	# every server has to have an address of the family of every service
	refused "server 'four' of sequence 's' has no IPv6 address" \
		pool set srvs policy spread member srv1 member srv2 member four
	# one server in mode nat serves one service at a port
	refused "its server 10.0.4.[23] tcp 80 in mode nat serves service $W1 tcp 80 already" \
		service add "$W2" tcp 80 sequence s
	check sq service del "$W1_6" tcp 80
	check sq pool set srvs policy spread member srv1 member srv2 member four
	check_eq "$(sq -j table show | jq -r '.[] | select(.direction == "reply" and .from == "four") | ."match-addr"')" \
		10.0.4.9 "address that the new server answers from"
	# all can be taken apart again
	check sq -b - <<-EOT
		service del $W1 tcp 80
		sequence del s
		pool del as
		pool del srvs
		device del a1
		device del four
	EOT
}

run_cases
