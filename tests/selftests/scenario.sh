# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # the hosts' names come from topo.sh
# What the scenario tests share besides the laboratory: setting up the engine,
# captures at every hop, and their comparison with a figure's steps, with the
# engine's counters and with the sequence table.  Sourced after topo.sh.

# --- the engine -------------------------------------------------------------

sq()
{
	svcseq -n "$pe" "$@"
}

# engine: svcseq commands from standard input, one per line
engine()
{
	sq -b -
}

# engine_reset: the engine forgets all, counters with it
engine_reset()
{
	printf '%s show\n' service sequence pool device port acl |
		sq -j -b - | jq -rs '.[0][] |= "service del \(.addr) \(.proto) \(.port)\(
			if .by then " by \(.by)" else "" end)" |
		.[1][] |= "sequence del \(.name)" |
		.[2][] |= "pool del \(.name)" |
		.[3][] |= "device del \(.name)" |
		.[4][] |= "port del \(.dev)" |
		.[5][] |= "acl del \(.name)" | add | .[]' >"$TMP/reset"
	engine <"$TMP/reset" || return
	# The namespace's own counters go on for ever; see drops.
	sq -j stats >"$TMP/stats"
}

# engine_setup: forget all, then the commands from standard input; a wrong one
# ends the test, for nothing after it would mean anything
engine_setup()
{
	local out

	out=$({ engine_reset && engine; } 2>&1) || {
		log_info "$out"
		bail "the engine does not take the configuration"
	}
}

# changes N LINE...: N times these commands, in $TMP/changes
changes()
{
	local i

	for ((i = 0; i < $1; i++)); do
		printf '%s\n' "${@:2}"
	done >"$TMP/changes"
}

# drops [REASON]: packets dropped for the reason, or for any, since the last
# engine_reset
drops()
{
	sq -j stats | jq -s --arg r "${1:-}" 'def sum: [.dropped | to_entries[] |
		select($r == "" or .key == $r) | .value.packets] | add // 0;
		(.[1] | sum) - (.[0] | sum)' "$TMP/stats" -
}

# check_drops N [REASON]
check_drops()
{
	local n

	n=$(drops "${2:-}")
	[ "$n" = "$1" ] && return
	log_info "$(sq -j stats | jq -c '.dropped | map_values(.packets)')"
	check_err 1 "$n packets dropped${2:+ as $2}, not $1"
}

# kernel_kb: what the kernel holds for itself
kernel_kb()
{
	awk '/^(Slab|Percpu|VmallocUsed|KernelStack):/ { n += $2 } END { print n }' /proc/meminfo
}

# flat BEFORE [KB [SECONDS]]: not more than that (8 MB) above, once what is freed late
# is freed
flat()
{
	busywait "${3:-$WAIT}" _flat "$1" "${2:-8192}"
	check_err $? "the kernel's memory grew from $1 kB to $(kernel_kb) kB"
}

_flat()
{
	[ "$(kernel_kb)" -le $(($1 + $2)) ]
}

# stat_of service ADDR PROTO PORT COUNTER | device NAME COUNTER: packets
stat_of()
{
	local noun=$1 counter=${*: -1}

	sq -j -s "$noun" show "${@:2:$#-2}" | jq --arg c "$counter" '.[0][$c].packets // 0'
}

# table_rows [SERVICE]: the sequence table, one line per row: direction,
# in-interface, source MAC, matched address and port, giver>taker, type,
# out-interface, destination MAC, rewritten address and port, copies
table_rows()
{
	sq -j table show "$@" | jq -r '.[] | [
		.direction, ."in-dev" // "*", ."src-mac" // "*",
		."match-addr", "\(."match-proto")/\(."match-port")\(
			if ."match-dynamic" then ",\(."match-dynamic")" else "" end)",
		"\(.from // "client")>\(.to // "client")", .target,
		."out-dev" // "*", ."dst-mac" // "*",
		."set-addr" // "-", ."set-port" // "-",
		((."copy-to" // ["-"]) | join(","))] | join(" ")' | sort
}

# check_table [SERVICE]: compare with the rows on standard input.  Not at the
# end of a pipe, where its verdict would be lost.
check_table()
{
	sort >"$TMP/table.want"
	table_rows "$@" >"$TMP/table.have"
	check_same "$TMP/table.have" "$TMP/table.want" "the sequence table differs"
}

# --- captures ---------------------------------------------------------------

# caps_start NAME=NS:DEV...: begin captures on all these at once.  Packets are
# wanted whole, GSO packets, too, whose size topo.sh bounds; a test without
# these says SNAPLEN=2000 and gets room for more of them.
caps_start()
{
	local c name ns

	CAPS=()
	for c in "$@"; do
		name=${c%%=*} ns=${c#*=}
		nsenter --net="/run/netns/${ns%:*}" tcpdump -i "${ns#*:}" -n -U \
			-s "${SNAPLEN:-17000}" -B 16384 --immediate-mode \
			--time-stamp-precision=nano -Z root -w "$TMP/$name.pcap" \
			</dev/null >"$TMP/$name.tcpdump" 2>&1 &
		echo $! >"$TMP/$name.pid"
		defer bg_stop "$name" INT
		CAPS+=("$name")
	done
	for name in "${CAPS[@]}"; do
		wait_log "$TMP/$name.tcpdump" 'listening on' && continue
		log_info "$(cat "$TMP/$name.tcpdump")"
		check_err 1 "no capture $name"
	done
}

# caps_stop: as capture_stop, for all at once and without a process of its own
# for every question
caps_stop()
{
	local name pid left=("${CAPS[@]}") next end=$((SECONDS + WAIT))
	local -A before

	while [ ${#left[@]} -gt 0 ] && [ $SECONDS -lt $end ]; do
		for name in "${left[@]}"; do
			read -r pid <"$TMP/$name.pid"
			_cap_stats "$name"
			before[$name]=$_cap_n
			kill -USR1 "$pid" 2>/dev/null
		done
		read -rt 0.1 -u "$_rest"
		next=()
		for name in "${left[@]}"; do
			_cap_stats "$name"
			if [ "$_cap_n" -gt "${before[$name]}" ] &&
			   [ "$_cap_got" -ge $((_cap_seen - _cap_lost)) ]; then
				[ "$_cap_lost" -eq 0 ] ||
					check_err 1 "capture $name lost packets"
				continue
			fi
			next+=("$name")
		done
		left=("${next[@]}")
	done
	[ ${#left[@]} -eq 0 ] || check_err 1 "captures do not come to rest: ${left[*]}"
	for name in "${CAPS[@]}"; do
		read -r pid <"$TMP/$name.pid"
		kill -INT "$pid" 2>/dev/null ||
			check_err 1 "the capture $name died"
		wait "$pid" 2>/dev/null
		rm -f "$TMP/$name.pid"
	done
}

# What tcpdump last said about its figures: how many packets it wrote, the
# kernel saw and lost, and how often it has said so.
_cap_stats()
{
	local line text

	text=$(<"$TMP/$1.tcpdump")
	_cap_n=0 _cap_got=0 _cap_seen=0 _cap_lost=0
	while read -r line; do
		case $line in
		*"captured"*) _cap_got=${line%% packet*} ;;
		*"received by filter"*) _cap_seen=${line%% packet*} ;;
		*"dropped by kernel"*)
			_cap_lost=${line%% packet*}
			_cap_n=$((_cap_n + 1)) ;;
		esac
	done <<<"${text//,/$'\n'}"
	_cap_got=$((${_cap_got##* })) _cap_seen=$((${_cap_seen##* }))
	_cap_lost=$((${_cap_lost##* }))
}

# quiet_ns NS...: wait until every TCP connection in these is over, so that no
# packet is under way
quiet_ns()
{
	local ns

	for ns in "$@"; do
		busywait "$WAIT" _quiet "$ns" && continue
		check_err 1 "connections stay open: $(_open "$ns")"
	done
}

_open()
{
	ss -N "$1" -Htan state all exclude listening exclude time-wait
}

_quiet()
{
	[ -z "$(_open "$1")" ]
}

# --- the steps of a figure ----------------------------------------------------

# walk_spec: begin a list of steps with what stands on standard input
walk_spec()
{
	local c

	{
		for c in "${CAPS[@]}"; do
			echo "pcap $c $TMP/$c.pcap"
		done
		cat
	} >"$TMP/walk"
}

# walk_add: more of it
walk_add()
{
	cat >>"$TMP/walk"
}

# walk_check [strict|nocount]: end the captures and compare
walk_check()
{
	local noun opts=() out

	caps_stop
	if [ "${1:-}" = nocount ]; then
		shift
	else
		for noun in table device service port; do
			sq -j -s $noun show >"$TMP/$noun.json" ||
				check_err 1 "$noun show"
			opts+=("$noun=$TMP/$noun.json")
		done
	fi
	out=$($PY "$TOOLS/walk.pyc" "$TMP/walk" "${opts[@]}" "$@")
	check_err $? "captures or counters differ from the steps"
	log_info "$out"
}

# edge_in SRC DST PROTO PORT [fou]: the steps from the client to the engine
edge_in()
{
	echo "hop client>rt cl-c0 $M_CL $M_R0 $1 $2 $3 - $4 ${*:5}"
	echo "hop client>engine rt-r1,pe-i0 $M_R1 $M_I0 $1 $2 $3 - $4 ${*:5}"
}

# edge_out SRC DST PROTO PORT [fou]: the steps from the engine to the client
edge_out()
{
	echo "hop engine>client pe-i0,rt-r1 $M_I0 $M_R1 $1 $2 $3 $4 - ${*:5}"
	echo "hop rt>cl cl-c0 $M_R0 $M_CL $1 $2 $3 $4 - ${*:5}"
}

# hush_ns NS...: these send no ICMP errors.  One about a reply travels as a
# request and would be counted as such.
hush_ns()
{
	local ns

	for ns in "$@"; do
		in_ns "$ns" nft -f - <<-EOT || return
			table inet hush {
				chain out {
					type filter hook output priority 0;
					icmp type { destination-unreachable, time-exceeded } drop
					icmpv6 type { destination-unreachable, time-exceeded } drop
				}
			}
		EOT
	done
}

# get URL [CURL_OPTION...]: fetch as the client does
get()
{
	in_ns "$cl" curl -sS --max-time "$WAIT" "${@:2}" "$1"
}

# check_get WANT URL [CURL_OPTION...]: what the page says
check_get()
{
	local out

	out=$(get "$2" "${@:3}" 2>&1)
	check_eq "$out" "$1" "page $2"
}

# who_answers COUNT: to so many requests for W1's page, each by a connection of its
# own: how often which server
who_answers()
{
	local i urls=()

	for ((i = 0; i < $1; i++)); do
		urls+=("http://$UW1/name")
	done
	get "${urls[0]}" --fail-early -H "Connection: close" "${urls[@]:1}" 2>&1 |
		sort | uniq -c | xargs
}

# check_bulk NAME URL: the server's big file arrives whole
check_bulk()
{
	check get "$2" -o "$TMP/got" &&
		check cmp "$TMP/got" "$TMP/web-$1/root/bulk"
}

# udp_ask ADDR PORT COUNT SIZE [SOURCE]: datagrams and their echoes
udp_ask()
{
	check in_ns "$cl" $PY "$TOOLS/udp.pyc" ask "$@"
}

# udp_warm SERVER: until datagrams for W1 port 9 leave the engine for the server.
# The first packet of all brings ARP along; that is rarely the question.
udp_warm()
{
	busywait "$WAIT" _warm "$1"
	check_err $? "no way through"
}

_warm()
{
	in_ns "$cl" $PY "$TOOLS/udp.pyc" flood "$W1" 9 0.1 20 >/dev/null
	[ "$(stat_of device "$1" sent)" -gt 0 ]
}

# check_addresses_absent ADDR...: a service address is on no host
check_addresses_absent()
{
	local ns a all

	for ns in "$cl" "$rt" "$pe" "${srv1:-}"; do
		[ -n "$ns" ] || continue
		all=" $(ip -n "$ns" -o addr show) "
		for a in "$@"; do
			[[ $all != *" $a/"* ]] || check_err 1 "$a is an address of $ns"
		done
	done
}
