#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: N-09
# Timeout: 600
# `svcseq trace` and the tracepoints: every packet that the engine lets go of
# gives one line, those that the filter does not want give none, and what was
# too much is counted.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- d0 ids
#                             |     `---------- f0 fw
#                             i2 -------------- f1
#                             i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq python3 jq nft

CASES="
	every_hop_4 every_hop_6
	drop_and_pass
	filters
	too_many
	readers_come_and_go
	only_the_privileged
	tracepoints
	bpftrace_reads
"

FW_PORTS="udp . 7, udp . 9"

setup()
{
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_fw "$sw40" - || bail "no firewall"
	topo_ids "$sw40" || bail "no IDS"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add ids0 kind tap outer i1 mac $M_IDS
		device add srv1 kind server mode nat address $S1_4 address $S1_6 outer i3 mac $M_S1
		sequence add echo step fw0 step srv1 port 2007 copy ids0
		sequence add plain step fw0 step srv1
		service add $W1_4 udp 7 sequence echo
		service add $W1_6 udp 7 sequence echo
		service add $W1_4 udp 9 sequence plain
	EOT
	udp_start srv1 2007 $S1_4 $S1_6 || bail "no server for UDP"
	udp_start srv1 9 $S1_4 || bail "no server for UDP"
}

# trace_start NAME WORD...: returns when it reads
trace_start()
{
	bg_ns "$1" "$pe" svcseq -j trace "${@:2}"
	wait_log "$TMP/$1.log" '^Tracing'
	check_err $? "no trace: $(cat "$TMP/$1.log")"
}

# trace_lines NAME: how many events there are
trace_lines()
{
	grep -c '^{' "$TMP/$1.log"
}

# trace_has NAME N
trace_has()
{
	[ "$(trace_lines "$1")" -ge "$2" ]
}

# trace_end NAME N: wait for N events, and for no more of them
trace_end()
{
	busywait "$WAIT" trace_has "$1" "$2"
	bg_stop "$1"
	check_eq "$(trace_lines "$1")" "$2" "events of trace $1"
}

# trace_short NAME: one line per event without times and numbers of devices
trace_short()
{
	grep '^{' "$TMP/$1.log" | jq -r '[.verdict, .reason // "-",
		.direction // "-", .sequence // "-",
		.src, .dst, ."wire-proto", .dport // 0,
		"\(.from // "client")>\(.to // "client")",
		"\(."in-dev")>\(."out-dev" // "-")", .length] | join(" ")'
}

every_hop()
{
	local len=128

	fam "$1"
	[ "$1" = 4 ] || len=148
	trace_start all service "$W1" udp 7
	udp_ask "$W1" 7 1 100 "$U1"
	trace_end all 6
	sort >"$TMP/want" <<-EOT
		hop - request echo $U1 $W1 udp 7 client>fw0 i0>i1 $len
		copy - request echo $U1 $W1 udp 7 fw0>ids0 i2>i1 $len
		hop - request echo $U1 $S1 udp 2007 fw0>srv1 i2>i3 $len
		copy - reply echo $W1 $U1 udp P srv1>ids0 i3>i1 $len
		hop - reply echo $W1 $U1 udp P srv1>fw0 i3>i2 $len
		hop - reply echo $W1 $U1 udp P fw0>client i1>i0 $len
	EOT
	trace_short all | sed -E 's/(reply .* udp) [0-9]+/\1 P/' | sort >"$TMP/have"
	check_same "$TMP/have" "$TMP/want" "events"
	# They come in the order of the packets.
	check_eq "$(grep '^{' "$TMP/all.log" | jq -s '[.[].time] | . == sort')" \
		true "order of the events"
}

every_hop_4() { every_hop 4; }
every_hop_6() { every_hop 6; }

# stranger ADDR PORT COUNT SIZE: packets from a station that is no device of the
# plain service
stranger()
{
	in_ns "$ids" $PY "$TOOLS/udp.pyc" send "$@"
}

drop_and_pass()
{
	fam 4
	trace_start all
	stranger "$W1" 9 1 20
	# A port of the address that is no service.
	in_ns "$cl" $PY "$TOOLS/udp.pyc" send "$W1" 99 1 20 "$U1"
	busywait "$WAIT" trace_has all 2
	bg_stop all
	trace_short all | grep -E " $W1 udp (9|99) " | sort >"$TMP/have"
	sort >"$TMP/want" <<-EOT
		drop bad-source request plain 10.0.1.3 $W1 udp 9 client>client i1>- 48
		pass - - - $U1 $W1 udp 99 client>client i0>- 48
	EOT
	check_same "$TMP/have" "$TMP/want" "events"
}

filters()
{
	fam 4
	trace_start u1 client "$U1"
	trace_start net client 192.0.2.16/29 service "$W1"
	trace_start other client 192.0.2.128/25
	trace_start six client "$U1_6/64" service "$W1_6" udp 7
	trace_start nine service "$W1" udp 9
	udp_ask "$W1" 7 1 50 "$U1"
	udp_ask "$W1" 7 1 50 "$U2"
	udp_ask "$W1" 9 1 50 "$U2"
	fam 6
	udp_ask "$W1" 7 1 50 "$U2"
	trace_end u1 6
	trace_end net 16
	trace_end six 6
	trace_end nine 4
	trace_end other 0
	# count ends it
	fam 4
	trace_start three service "$W1" udp 7 count 3
	udp_ask "$W1" 7 2 50 "$U1"
	check busywait "$WAIT" _ended "$(cat "$TMP/three.pid")"
	check_eq "$(trace_lines three)" 3 "events of a trace that was to end"
}

too_many()
{
	fam 4
	trace_start few service "$W1" udp 9 rate 5
	udp_ask "$W1" 9 10 50 "$U1"
	busywait "$WAIT" trace_has few 5
	check_err $? "no five events"
	# The second is over when an event comes that tells of the others.
	busywait "$WAIT" lost_is_told
	check_err $? "what was lost is not told"
	bg_stop few
}

lost_is_told()
{
	in_ns "$cl" $PY "$TOOLS/udp.pyc" ask "$W1" 9 1 50 "$U1" || return
	grep '^{' "$TMP/few.log" | jq -se 'map(.lost // 0) | add > 0' >/dev/null
}

# What a reader leaves behind would be found by the leak check, or crash.
readers_come_and_go()
{
	local i

	fam 4
	for i in 1 2 3 4 5 6 7 8; do
		bg_ns "r$i" "$pe" svcseq trace service "$W1"
	done
	for i in 1 2 3 4 5 6 7 8; do
		wait_log "$TMP/r$i.log" '^Tracing'
		check_err $? "reader $i"
	done
	udp_ask "$W1" 9 1 50 "$U1"
	udp_ask "$W1" 9 20 50 "$U1" &
	for i in 1 2 3 4 5 6 7 8; do
		bg_stop "r$i" KILL
	done
	wait $!
	check_err $? "packets while readers go"
	check grep -Eq '^[0-9:.]+ hop request udp [0-9.:]+ > [0-9.]+:9 client > fw0 i0 > i1 length 78$' \
		"$TMP/r8.log"
}

only_the_privileged()
{
	check_refused 'not permitted.*CAP_NET_ADMIN' in_ns "$pe" \
		setpriv --reuid 65534 --regid 65534 --clear-groups svcseq trace
	check_refused 'length of a prefix' sq trace client 192.0.2.0/33
	check_refused 'is not a service address' sq trace service x
}

TRACEFS=/sys/kernel/tracing

tracefs()
{
	[ -d $TRACEFS/events ] || mount -t tracefs tracefs $TRACEFS
}

tracepoints()
{
	local id

	fam 4
	tracefs || { skip_case "no tracefs"; return; }
	check test -d $TRACEFS/events/svcseq/svcseq_hop
	echo >$TRACEFS/trace
	echo 1 >$TRACEFS/events/svcseq/enable
	defer sh -c "echo 0 >$TRACEFS/events/svcseq/enable"
	udp_ask "$W1" 7 1 60 "$U1"
	stranger "$W1" 9 1 20
	check busywait "$WAIT" grep -q 'reason=bad-source' $TRACEFS/trace
	id=$(grep -c 'svcseq_hop:.*sequence=echo' $TRACEFS/trace)
	check_eq "$id" 4 "hops in the trace"
	check_eq "$(grep -c 'svcseq_copy:.*to=ids0' $TRACEFS/trace)" 2 "copies"
	grep -q "svcseq_hop:.*direction=1 step=0>1 from=fw0 to=srv1 in=i2 out=i3 proto=17 src=::ffff:$U1:[0-9]* dst=::ffff:$S1:2007 len=88" \
		$TRACEFS/trace
	check_err $? "the hop to the server: $(grep svcseq_hop $TRACEFS/trace)"
}

bpftrace_reads()
{
	fam 4
	command -v bpftrace >/dev/null || { skip_case "no bpftrace"; return; }
	[ -e /sys/kernel/btf/vmlinux ] || { skip_case "no BTF"; return; }
	tracefs || { skip_case "no tracefs"; return; }
	# Not by ip-netns(8), which hides the tracefs.
	bpftrace -e 'BEGIN { printf("ready\n"); }
		tracepoint:svcseq:svcseq_hop
		{ printf("%s %s %d\n", args.from, args.to, args.dport); }' \
		</dev/null >"$TMP/bpf.log" 2>&1 &
	echo $! >"$TMP/bpf.pid"
	defer bg_stop bpf
	# Its compiler is slow under emulation, and a busy machine makes it slower.
	busywait $((WAIT * 5)) grep -q ready "$TMP/bpf.log"
	check_err $? "bpftrace: $(cat "$TMP/bpf.log")"
	udp_ask "$W1" 7 1 60 "$U1"
	check busywait "$WAIT" grep -q '^fw0 srv1 2007$' "$TMP/bpf.log"
}

run_cases
