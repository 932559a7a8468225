#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: N-09 X-08
# Timeout: 500
# `svcseq trace simulate` says of a packet that was never sent what
# `svcseq trace` says of a real one: for one server in all modes (Figure 5),
# for firewall, VPN and server with an IDS (Figure 7) and with translated ports
# (Figure 8), in both directions and families. What cannot work shows the
# reason, and nothing is sent or counted.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- d0 ids
#                             |     `---------- f0 fw
#                             |                  f1
#                             i2 --- sw41 --------'
#                             |     `---------- v0 vpn
#                             i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq python3 jq nft

CASES="
	fig5_loopback fig5_alias fig5_nat
	fig7
	fig8
	what_cannot_work
	nothing_is_left
	wrong_words
"

FW_PORTS="udp . 5555, udp . 7"

setup()
{
	local f u

	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no outer switch"
	topo_switch 2 sw41 || bail "no inner switch"
	topo_fw "$sw40" "$sw41" || bail "no firewall"
	topo_ids "$sw40" || bail "no IDS"
	topo_vpn "$sw41" || bail "no VPN box"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	for f in 4 6; do
		u=U1_$f
		vpn_fou tun$f "$f" "${!u}" 5555 || bail "no tunnel"
		vpn_client_rule "$f" 5555 ipproto udp dport 9
	done
}

# engine_of MODE: ports and devices
engine_of()
{
	MODE=$1
	server_mode srv1 "$MODE" $W1_4 $W1_6
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add vpn0 kind inline outer i2 mac $M_VPN
		device add ids0 kind tap outer i1 mac $M_IDS
		device add srv1 kind server mode $MODE $([ "$MODE" != nat ] || echo "address $S1_4 address $S1_6") outer i3 mac $M_S1
		$(cat)
	EOT
}

# at_server FAMILY: where the server listens
at_server()
{
	local w=W1_$1 s=S1_$1

	[ "$MODE" = nat ] && echo "${!s}" || echo "${!w}"
}

# lines: of a trace on standard input, without what a simulation cannot know:
# the time, and what the client's port and the length are inside of a VPN
lines()
{
	grep '^{' | jq -c --arg vpn "${1:-}" 'del(.time) |
		if $vpn != "" and (.sport == 9 or .dport == 9)
		then .length = 0 | (if .direction == "request" then .sport = 0
				    else .dport = 0 end)
		elif $vpn != "" then .length = 0 else . end'
}

# same_as_live PORT ASKED_PORT LENGTH [vpn]: one datagram and its echo, live and
# simulated
same_as_live()
{
	local port=$1 asked=$2 len=$3 vpn=${4:-} end cport ip=28 dir n

	[ "$F" = 4 ] || ip=48
	bg_ns live "$pe" svcseq -j trace service "$W1" udp "$port"
	wait_log "$TMP/live.log" '^Tracing' || check_err 1 "no trace"
	udp_ask "$W1" "$asked" 1 $((len - ip)) "$U1"
	# The last line is the one to the client.
	busywait "$WAIT" reached_client
	check_err $? "the answer does not reach the client"
	bg_stop live
	cport=$(grep '^{' "$TMP/live.log" | head -n 1 | jq .sport)
	end=$U1:$cport
	[ "$F" = 4 ] || end="[$U1]:$cport"
	for dir in request reply; do
		sq -j trace simulate client "$end" service "$W1" udp "$port" \
			direction $dir length "$len" >"$TMP/simulated"
		check_err $? "simulate $dir"
		lines "$vpn" <"$TMP/simulated" >"$TMP/have"
		lines "$vpn" <"$TMP/live.log" | grep "\"direction\":\"$dir\"" >"$TMP/want"
		n=$(wc -l <"$TMP/want")
		[ "$n" -gt 0 ]
		check_err $? "no live line of a $dir"
		check_same "$TMP/have" "$TMP/want" "simulated and live $dir, IPv$F"
	done
}

reached_client()
{
	grep '^{' "$TMP/live.log" | tail -n 1 |
		jq -e '.direction == "reply" and (has("to") | not)' >/dev/null
}

fig5()
{
	local f

	engine_of "$1" <<-EOT
		sequence add first step srv1
		service add $W1_4 udp 7 sequence first
		service add $W1_6 udp 7 sequence first
	EOT
	udp_start srv1 7 "$(at_server 4)" "$(at_server 6)"
	for f in 4 6; do
		fam $f
		same_as_live 7 7 200
	done
}

fig5_loopback() { fig5 loopback; }
fig5_alias() { fig5 alias; }
fig5_nat() { fig5 nat; }

fig7()
{
	local f

	engine_of nat <<-EOT
		sequence add flagship step fw0 step vpn0 becomes udp/9 step srv1 copy ids0
		service add $W1_4 udp 5555 sequence flagship
		service add $W1_6 udp 5555 sequence flagship
	EOT
	udp_start srv1 9 $S1_4 $S1_6
	for f in 4 6; do
		fam $f
		same_as_live 5555 9 200 vpn
		# Request and reply of the whole chain, with a copy each.
		check_eq "$(sq trace simulate client "$U1" service "$W1" udp 5555 | wc -l)" \
			4 "lines of a request"
		check_eq "$(sq trace simulate client "$U1" service "$W1" udp 5555 \
			direction reply | wc -l)" 4 "lines of a reply"
	done
}

fig8()
{
	local f

	engine_of nat <<-EOT
		sequence add echo step fw0 step srv1 port 2007 copy ids0 copy-port device
		service add $W1_4 udp 7 sequence echo
		service add $W1_6 udp 7 sequence echo
	EOT
	udp_start srv1 2007 $S1_4 $S1_6
	for f in 4 6; do
		fam $f
		same_as_live 7 7 400
	done
}

# last_line WORDS...: verdict, reason and device of the last one
last_line()
{
	sq -j trace simulate client "$U1" service "$W1" udp 7 "$@" | tail -n 1 |
		jq -r '"\(.verdict) \(.reason // "-") \(.from // "client") \(."in-dev")"'
}

what_cannot_work()
{
	local f

	engine_of nat <<-EOT
		sequence add echo step fw0 step srv1
		service add $W1_4 udp 7 sequence echo
		service add $W1_6 udp 7 sequence echo
	EOT
	for f in 4 6; do
		fam $f
		check_eq "$(last_line)" "hop - fw0 i2" "the chain as it is"
		check_eq "$(last_line length 1600)" "drop too-big client i0" "MTU"
		ip -n "$pe" link set i3 down
		check_eq "$(last_line)" "drop port-down fw0 i2" "a port down"
		ip -n "$pe" link set i3 up
		# The address of this family went with the link.
		ip -n "$pe" addr replace fd00:3::1/64 dev i3 nodad
		# The server has no route that the engine needs; the client has.
		ip -n "$pe" "-$f" route del default
		check_eq "$(last_line direction reply)" "drop no-route fw0 i1" "no route"
		if [ "$f" = 4 ]; then
			ip -n "$pe" route add default via 10.0.0.254
		else
			ip -n "$pe" -6 route add default via fd00:0::fe
		fi
		check_eq "$(last_line direction reply)" "hop - fw0 i1" "a route again"
	done
	check_drops 0
}

# Counters, traces and the network see nothing of it.
nothing_is_left()
{
	local f noun

	fig5 nat
	quiet_ns "$cl" "$srv1"
	for noun in port device sequence service table stats; do
		sq -j -s $noun show
	done >"$TMP/before"
	bg_ns live "$pe" svcseq trace service $W1_4 udp 7
	wait_log "$TMP/live.log" '^Tracing'
	capture_start s1 "$srv1" s1 udp port 7
	for f in 4 6; do
		fam $f
		check sq trace simulate client "$U1" service "$W1" udp 7
		check sq trace simulate client "$U1" service "$W1" udp 7 direction reply
	done
	capture_stop s1
	bg_stop live
	check_eq "$(capture_count s1)" 0 "packets at the server"
	check_eq "$(grep -c hop "$TMP/live.log")" 0 "lines of the live trace"
	for noun in port device sequence service table stats; do
		sq -j -s $noun show
	done >"$TMP/after"
	# what the stack got meanwhile is no matter of the engine
	sed -i -E 's/"passed":\{[^}]*\}//g' "$TMP/before" "$TMP/after"
	check_same "$TMP/after" "$TMP/before" "counters"
	# It stands where a live line does.
	check grep -Eq '^hop request udp 192\.0\.2\.21:40000 > 10\.0\.3\.2:7 client > srv1 i0 > i3 length 28$' \
		<(sq trace simulate client $U1_4 service $W1_4 udp 7)
}

wrong_words()
{
	check_refused 'needs "client"' sq trace simulate service $W1_4 udp 7
	check_refused 'needs "service"' sq trace simulate client $U1_4
	check_refused 'family' sq trace simulate client $U1_6 service $W1_4 udp 7
	check_refused 'no service' sq trace simulate client $U1_4 service $W2_4 udp 7
	check_refused 'not a port' sq trace simulate client $U1_4:x service $W1_4 udp 7
	engine_reset
	check sq -b - <<-EOT
		port add i3 role device
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add first step srv1
		service add $W1_4 udp 7 sequence first
	EOT
	check_refused 'no port to come in by: the uplink is gone; .*port add' sq trace simulate client $U1_4 \
		service $W1_4 udp 7
}

run_cases
