#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: I-05 I-06 J-01 J-08
# Timeout: 400
# What passing packets tell of a device: a stopped nginx is suspect after so
# many SYNs, a firewall that swallows packets after so many, and a slow server
# when it lets others wait for too long on average. Each is told once, and once
# more when it is well again; what nobody asks for is not watched.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- f0 fw
#                             i2 ------ f1
#                             i3 ------ s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl python3 jq nft tc

CASES="
	stopped_server_4 stopped_server_6
	blackhole_4 blackhole_6
	slow_server_4 slow_server_6
	figures_4 figures_6
	alarms_are_words
	not_watched
"

FW_PORTS="tcp . 80, udp . 7"

setup()
{
	topo_core || bail "no core"
	topo_fw - - || bail "no firewall"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	udp_start srv1 7 $S1_4 $S1_6 || bail "no server for UDP"
}

health_engine()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add srv1 kind server mode nat address $S1_4 address $S1_6 outer i3 mac $M_S1
		sequence add chain step fw0 step srv1
		service add $W1_4 tcp 80 sequence chain
		service add $W1_6 tcp 80 sequence chain
		service add $W1_4 udp 7 sequence chain
		service add $W1_6 udp 7 sequence chain
		$(cat)
	EOT
}

# listen: begin to write down events
listen()
{
	bg_ns events "$pe" svcseq -j monitor
	check busywait "$WAIT" listening
}

# A change that nobody minds shows that events arrive.
listening()
{
	sq port set i0 role uplink
	[ -s "$TMP/events.log" ]
}

# events KIND: how many events of suspect or well devices there are
events()
{
	jq -s "[.[] | select(.$1 == true)] | length" "$TMP/events.log"
}

events_are()
{
	[ "$(events "$1")" = "$2" ]
}

# check_event KIND N JQ: the last event of a kind, which is the Nth
check_event()
{
	busywait "$WAIT" events_are "$1" "$2"
	check_eq "$(events "$1")" "$2" "events: $1"
	check_eq "$(jq -sc "[.[] | select(.$1 == true)] | last | [.noun, .name, .health.suspect]" \
		"$TMP/events.log")" "$3" "event: $1"
}

# health DEVICE JQ
health()
{
	sq -j -s device show "$1" | jq -c ".[0].health | ${2:-.}"
}

# try_connect N: so many connections that nobody takes
try_connect()
{
	local i

	for ((i = 0; i < $1; i++)); do
		get "http://$UW1/name" >/dev/null 2>&1
		check_fail $? "somebody answers"
	done
}

stopped_server()
{
	fam "$1"
	health_engine <<<"device set srv1 alarm syn 5"
	check web_start srv1 80
	listen
	check_get "srv1 says hello" "http://$UW1/name"
	check_eq "$(health srv1 .syn)" 0 "SYNs without an answer"
	bg_stop web-srv1
	try_connect 4
	check_eq "$(health srv1 .syn)" 4 "SYNs without an answer"
	check_eq "$(health srv1 .suspect)" null "suspect too early"
	check_eq "$(events suspect)" 0 "an event too early"
	try_connect 1
	check_event suspect 1 '["device","srv1",["syn"]]'
	# Not once for each packet.
	try_connect 3
	check_eq "$(health srv1 '.suspect')" '["syn"]' "still suspect"
	check web_start srv1 80
	check_get "srv1 says hello" "http://$UW1/name"
	check_event well 1 '["device","srv1",null]'
	check_eq "$(events suspect)" 1 "events while it was suspect"
	check_eq "$(health srv1 .suspect)" null "suspect while it answers"
	# And again.
	bg_stop web-srv1
	try_connect 5
	check_event suspect 2 '["device","srv1",["syn"]]'
	bg_stop events
}

stopped_server_4() { stopped_server 4; }
stopped_server_6() { stopped_server 6; }

blackhole()
{
	fam "$1"
	health_engine <<<"device set fw0 alarm unreturned 6"
	listen
	udp_ask "$W1" 7 3 50 "$U1"
	check_eq "$(health fw0 .unreturned)" 0 "packets that did not return"
	in_ns "$fw" nft add table inet hole
	in_ns "$fw" nft "add chain inet hole swallow { type filter hook prerouting priority -400; }"
	in_ns "$fw" nft add rule inet hole swallow "meta l4proto { tcp, udp } drop"
	check in_ns "$cl" $PY "$TOOLS/udp.pyc" send "$W1" 7 5 50 "$U1"
	busywait "$WAIT" unreturned_is 5
	check_eq "$(health fw0 '[.unreturned, .suspect]')" '[5,null]' "five packets"
	check in_ns "$cl" $PY "$TOOLS/udp.pyc" send "$W1" 7 20 50 "$U1"
	check_event suspect 1 '["device","fw0",["unreturned"]]'
	in_ns "$fw" nft delete table inet hole
	udp_ask "$W1" 7 1 50 "$U1"
	check_event well 1 '["device","fw0",null]'
	check_eq "$(events suspect)" 1 "events for 25 packets"
	bg_stop events
}

unreturned_is()
{
	[ "$(health fw0 .unreturned)" = "$1" ]
}

blackhole_4() { blackhole 4; }
blackhole_6() { blackhole 6; }

slow_server()
{
	local gap

	fam "$1"
	health_engine <<<"device set srv1 alarm gap 300"
	listen
	udp_ask "$W1" 7 5 50 "$U1"
	gap=$(health srv1 .gap)
	[ "$gap" -lt 300 ]
	check_err $? "a quick server with a gap of $gap ms"
	check in_ns "$srv1" tc qdisc add dev s1 root netem delay 800ms
	udp_ask "$W1" 7 8 50 "$U1"
	check_event suspect 1 '["device","srv1",["gap"]]'
	gap=$(health srv1 .gap)
	[ "$gap" -gt 400 ]
	check_err $? "a gap of $gap ms, with a delay of 800"
	[ "$(health srv1 '."gap-max"')" -ge 780 ]
	check_err $? "a longest gap of $(health srv1 '."gap-max"') ms"
	check in_ns "$srv1" tc qdisc del dev s1 root
	udp_ask "$W1" 7 40 50 "$U1"
	check_event well 1 '["device","srv1",null]'
	check_eq "$(events suspect)" 1 "events of a slow server"
	bg_stop events
}

slow_server_4() { slow_server 4; }
slow_server_6() { slow_server 6; }

figures()
{
	fam "$1"
	health_engine <<-EOT
		device set fw0 alarm watch
		device set srv1 alarm watch
	EOT
	check_eq "$(health fw0 '.arms | map(has("sent-ago") or has("received-ago"))')" \
		'[false,false]' "times of nothing"
	udp_ask "$W1" 7 4 50 "$U1"
	# Each way through the firewall four, on each arm.
	check_eq "$(health fw0 '.arms | map([.side, .sent.packets, .received.packets])')" \
		'[["outer",4,4],["inner",4,4]]' "arms of the firewall"
	check_eq "$(health srv1 '.arms | map([.side, .sent.packets, .received.packets])')" \
		'[["outer",4,4]]' "arm of the server"
	check_eq "$(health fw0 '.arms | map(has("sent-ago") and has("received-ago"))')" \
		'[true,true]' "times"
	check grep -q 'outer sent 4 last [0-9]* ms ago received 4 last [0-9]* ms ago' \
		<(sq -s device show fw0)
	# Figures outlive another description.
	check sq device set fw0 alarm unreturned 9
	check_eq "$(health fw0 '.arms[0].sent.packets')" 4 "after a change"
}

figures_4() { figures 4; }
figures_6() { figures 6; }

alarms_are_words()
{
	local shown

	health_engine <<-EOT
		device set srv1 alarm syn 5 alarm unreturned 100 alarm gap 40
		device set fw0 alarm watch
	EOT
	shown=$(sq device show srv1)
	check_eq "$shown" "srv1 kind server mode nat address $S1_4 address $S1_6 outer i3 mac $M_S1 alarm syn 5 alarm unreturned 100 alarm gap 40" \
		"shown"
	# shellcheck disable=SC2086 # words
	check sq device set $shown
	check_eq "$(sq device show srv1)" "$shown" "set as shown"
	check grep -q 'alarm watch$' <(sq device show fw0)
	check sq device set srv1 alarm off
	check_eq "$(sq -j device show srv1 | jq '.[0] | has("alarm") or has("health")')" \
		false "after alarm off"
	check_refused "is no server" sq device set fw0 alarm syn 3
	check sq device add ids0 kind tap outer i1 mac $M_IDS
	check_refused "gives nothing back" sq device set ids0 alarm watch
	check_refused "needs \"kind\"" sq device set fw0 alarm watch owner 3
	check_refused "not a number of requests" sq device set srv1 alarm syn 0
}

not_watched()
{
	fam 4
	health_engine <<<""
	listen
	in_ns "$fw" nft add table inet hole
	in_ns "$fw" nft "add chain inet hole swallow { type filter hook prerouting priority -400; }"
	in_ns "$fw" nft add rule inet hole swallow "meta l4proto { tcp, udp } drop"
	check in_ns "$cl" $PY "$TOOLS/udp.pyc" send "$W1" 7 200 50 "$U1"
	in_ns "$fw" nft delete table inet hole
	udp_ask "$W1" 7 1 50 "$U1"
	# What comes after it would have come, too.
	check sq port set i0 owner 7
	check busywait "$WAIT" grep -q '"owner":"\?7' "$TMP/events.log"
	check_eq "$(events suspect)" 0 "events of a device that nobody watches"
	bg_stop events
}

run_cases
