#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: N-01 N-02
# Timeout: 500
# A sequence is replaced thousands of times while numbered datagrams run
# through it: none is lost, none arrives twice, and each has passed exactly
# one first device and one second device, counted by the devices themselves.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- h0 a1, a2, b1, b2
#                             i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq python3 nft

CASES="sequence_4 sequence_6 device_4 service_4 to_and_fro_4 to_and_fro_6"

# shellcheck disable=SC2034 # by their names, in hop_count
a1="" a2="" b1="" b2=""

setup()
{
	local n=11 d

	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	for d in a1 a2 b1 b2; do
		topo_hop $d 1 "$sw40" 02:00:00:00:11:$n $n || bail "no $d"
		n=$((n + 1))
	done
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	server_mode srv1 loopback $W1_4 $W1_6
}

base()
{
	fam "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		device add a1 kind inline outer i1 mac 02:00:00:00:11:11
		device add a2 kind inline outer i1 mac 02:00:00:00:11:12
		device add b1 kind inline outer i1 mac 02:00:00:00:11:13
		device add b2 kind inline outer i1 mac 02:00:00:00:11:14
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add s step a1 step a2 step srv1
		sequence add t step b1 step b2 step srv1
		service add $W1 udp 9 sequence s
	EOT
	udp_warm srv1
}

# under_load COMMANDS_FILE: run the batch while datagrams flow, then account
# for every one of them
under_load()
{
	local sent got distinct last first second n

	first=$(hop_sum a1 b1) second=$(hop_sum a2 b2)
	mkfifo "$TMP/stop-flood" "$TMP/stop-count"
	in_ns "$srv1" $PY "$TOOLS/udp.pyc" count "$W1" 9 \
		<"$TMP/stop-count" >"$TMP/count" &
	local counter=$!
	exec {hold}>"$TMP/stop-count"
	wait_port "$srv1" udp 9 || check_err 1 "no receiver"
	in_ns "$cl" $PY "$TOOLS/udp.pyc" flood "$W1" 9 120 800 \
		<"$TMP/stop-flood" >"$TMP/sent" &
	local flooder=$!
	exec {stop}>"$TMP/stop-flood"
	busywait "$WAIT" _through $((first + 20)) 0
	check_err $? "no traffic"

	n=$(wc -l <"$1")
	check sq -b "$1"

	exec {stop}>&-
	wait $flooder
	sent=$(cat "$TMP/sent")
	busywait "$WAIT" _through $((first + sent)) $((second + sent)) ||
		check_err 1 "of $sent, $(($(hop_sum a1 b1) - first)) passed a first device and $(($(hop_sum a2 b2) - second)) a second"
	exec {hold}>&-
	wait $counter
	rm -f "$TMP/stop-flood" "$TMP/stop-count"
	read -r got distinct last <"$TMP/count"
	check_eq "$got $distinct $last" "$sent $sent $((sent - 1))" \
		"datagrams (received, distinct, last)"
	check_eq "$(hop_sum a1 b1) $(hop_sum a2 b2)" \
		"$((first + sent)) $((second + sent))" \
		"packets at the first and the second devices"
	[ "$sent" -gt 200 ]
	check_err $? "only $sent datagrams: not much of a test"
	check_drops 0
	log_info "$n changes, $sent datagrams, $(hop_count a1) by a1, $(hop_count b1) by b1"
}

_through()
{
	[ "$(hop_sum a1 b1)" -ge "$1" ] && [ "$(hop_sum a2 b2)" -ge "$2" ]
}

sequence_under_load()
{
	local before

	base "$1"
	before=$(sq -j sequence show s | jq '.[0].generation')
	changes 1500 "sequence set s step b1 step b2 step srv1" \
		"sequence set s step a1 step a2 step srv1"
	under_load "$TMP/changes"
	check_eq "$(sq -j sequence show s | jq '.[0].generation')" \
		$((before + 3000)) "generation"
	[ "$(hop_count b1)" -gt 0 ]
	check_err $? "no packet took the other chain"
}

sequence_4() { sequence_under_load 4; }
sequence_6() { sequence_under_load 6; }

# The description of a device changes: every sequence follows.
device_4()
{
	base 4
	# b1's station takes a1's place and gives it back.
	check sq sequence del t
	check sq device del b1
	changes 1000 \
		"device set a1 kind inline outer i1 mac 02:00:00:00:11:13" \
		"device set a1 kind inline outer i1 mac 02:00:00:00:11:11"
	under_load "$TMP/changes"
}

# The service changes over to another sequence, and back.
service_4()
{
	base 4
	changes 1500 "service set $W1 udp 9 sequence t" \
		"service set $W1 udp 9 sequence s"
	under_load "$TMP/changes"
	[ "$(hop_count b2)" -gt 0 ]
	check_err $? "no packet took the other chain"
}

# Over and back and over again before the first change has drained: the ports
# that replies carry inside the chain are known after each.
to_and_fro()
{
	base "$1"
	udp_start srv1 2007 "$W1"
	udp_start srv1 2008 "$W1"
	check sq sequence set s step a1 step a2 step srv1 port 2007
	check sq sequence set t step b1 step b2 step srv1 port 2008
	check sq -b - <<-EOT
		service set $W1 udp 9 sequence t
		service set $W1 udp 9 sequence s
		service set $W1 udp 9 sequence t
	EOT
	udp_ask "$W1" 9 5 100 "$U1"
	check sq service set "$W1" udp 9 sequence s
	udp_ask "$W1" 9 5 100 "$U1"
	check_drops 0
}

to_and_fro_4() { to_and_fro 4; }
to_and_fro_6() { to_and_fro 6; }

run_cases
