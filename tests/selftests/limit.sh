#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: G-13
# Timeout: 300
# The limit of a service and that of the engine: what is more is dropped with a
# reason of its own and counted, nothing else is, and the engine answers while
# more comes than it takes.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq python3 jq nft

CASES="
	packets_4 packets_6
	bytes_4 bytes_6
	overload_4 overload_6
	replies_are_free
	limits_are_words
"

# shellcheck disable=SC2034 # read by fam
S1_4=10.0.1.2 S1_6=fd00:1::2

setup()
{
	topo_core || bail "no core"
	topo_server srv1 1 - $M_S1 2 || bail "no server"
	udp_start srv1 7 $S1_4 $S1_6 || bail "no server for UDP"
	udp_start srv1 9 $S1_4 $S1_6 || bail "no server for UDP"
	# Who has sent and gone would complain of the echoes.
	hush_ns "$cl" || bail "no filter"
}

limit_engine()
{
	check sq engine set max-pps off
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		device add srv1 kind server mode nat address $S1_4 address $S1_6 outer i1 mac $M_S1
		sequence add first step srv1
		service add $W1_4 udp 7 sequence first
		service add $W1_6 udp 7 sequence first
		service add $W1_4 udp 9 sequence first
		service add $W1_6 udp 9 sequence first
		$(cat)
	EOT
}

send()
{
	check in_ns "$cl" $PY "$TOOLS/udp.pyc" send "$W1" "$@" "$U1"
}

# came SERVICE...: wait until all that was sent was taken or dropped, N packets
all_seen()
{
	[ $(($(stat_of service "$W1" udp "$1" request) +
	     $(stat_of service "$W1" udp "$1" dropped))) -ge "$2" ]
}

# One packet of a second is next to none, so it is the burst that counts
# however slow the machine is; what the seconds add is allowed for.
packets()
{
	fam "$1"
	limit_engine <<<"service set $W1 udp 7 limit 1 pps burst 5"
	send 7 40 60
	send 9 40 60
	check busywait "$WAIT" all_seen 7 40
	check busywait "$WAIT" all_seen 9 40
	local took
	took=$(stat_of service "$W1" udp 7 request)
	# one more for each second that this took
	[ "$took" -ge 5 ] && [ "$took" -le $((6 + SECONDS - start)) ]
	check_err $? "$took packets of 40 taken with a burst of 5"
	check_drops $((40 - took)) rate-limit
	check_drops $((40 - took))
	check_eq "$(stat_of service "$W1" udp 9 request)" 40 "another service"
	# A new limit holds at once, and no limit as well.
	check sq service set "$W1" udp 7 limit off
	send 7 40 60
	check busywait "$WAIT" all_seen 7 80
	check_drops $((40 - took))
}

packets_4() { start=$SECONDS; packets 4; }
packets_6() { start=$SECONDS; packets 6; }

bytes()
{
	local took len=1028

	fam "$1"
	[ "$1" = 4 ] || len=1048
	# A kilobit is 125 bytes: no packet in eight seconds.
	limit_engine <<<"service set $W1 udp 7 limit 1 kbps burst $((len * 3))"
	send 7 20 1000
	check busywait "$WAIT" all_seen 7 20
	took=$(stat_of service "$W1" udp 7 request)
	[ "$took" -ge 3 ] && [ "$took" -le $((4 + (SECONDS - start) / 8)) ]
	check_err $? "$took packets of 20 taken with a burst of three"
	check_drops $((20 - took)) rate-limit
	# Half as large are twice as many.
	limit_engine <<<"service set $W1 udp 7 limit 1 kbps burst $((len * 3))"
	send 7 20 $((len / 2 - len + 1000))
	check busywait "$WAIT" all_seen 7 20
	took=$(stat_of service "$W1" udp 7 request)
	[ "$took" -ge 6 ] && [ "$took" -le $((7 + (SECONDS - start) / 4)) ]
	check_err $? "$took packets of half the size"
}

bytes_4() { start=$SECONDS; bytes 4; }
bytes_6() { start=$SECONDS; bytes 6; }

overload()
{
	local took

	fam "$1"
	limit_engine <<<""
	udp_ask "$W1" 7 3 50 "$U1"
	check sq engine set max-pps 1 burst 10
	check_eq "$(sq engine show)" "max-pps 1 burst 10" "shown"
	check_eq "$(sq -j engine)" '{"max-pps":1,"burst":10}' "shown as JSON"
	send 7 30 60
	send 9 30 60
	check busywait "$WAIT" all_seen 7 33
	check busywait "$WAIT" all_seen 9 30
	took=$(($(stat_of service "$W1" udp 7 request) +
		$(stat_of service "$W1" udp 9 request) - 3))
	[ "$took" -ge 10 ] && [ "$took" -le $((11 + SECONDS - start)) ]
	check_err $? "$took packets of 60 taken with a burst of 10"
	check_drops $((60 - took)) overload
	check_drops $((60 - took))
	# The operator gets through while a flood does not.
	bg_ns flood "$cl" timeout 20 $PY "$TOOLS/udp.pyc" flood "$W1" 7 15 2000 "$U1"
	busywait "$WAIT" not check_flood $((60 - took + 200))
	check_err $? "the flood is not shed"
	check sq table show
	check sq engine set max-pps off
	bg_stop flood
	udp_ask "$W1" 7 3 50 "$U1"
	check_eq "$(sq engine show)" "max-pps off" "shown"
}

check_flood()
{
	[ "$(drops overload)" -lt "$1" ]
}

overload_4() { start=$SECONDS; overload 4; }
overload_6() { start=$SECONDS; overload 6; }

# One request that gets many replies: a limit does not see these.
replies_are_free()
{
	fam 4
	limit_engine <<<"service set $W1 udp 7 limit 100000 pps"
	check sq engine set max-pps 100000
	udp_ask "$W1" 7 50 50 "$U1"
	check_eq "$(stat_of service "$W1" udp 7 reply)" 50 "replies"
	check_drops 0
	# A simulated packet takes no token.
	check sq engine set max-pps 1 burst 1
	check sq service set "$W1" udp 7 limit 1 pps burst 1
	for _ in 1 2 3 4; do
		check_eq "$(sq trace simulate client "$U1" service "$W1" udp 7 | cut -d' ' -f1)" \
			hop "a simulated packet"
	done
	check_drops 0
	check sq engine set max-pps off
}

limits_are_words()
{
	local shown

	limit_engine <<-EOT
		device add srv2 kind server mode loopback outer i1 mac $M_S2
		sequence add third step srv2
		service add $W2_4 udp 7 sequence third limit 500 pps burst 20
		service add $W2_6 udp 7 sequence third limit 800 kbps
	EOT
	shown=$(sq service show $W2_4 udp 7)
	check_eq "$shown" "$W2_4 udp 7 sequence third limit 500 pps burst 20" "shown"
	check sq service del $W2_4 udp 7
	# shellcheck disable=SC2086 # words
	check sq service add $shown
	check_eq "$(sq service show $W2_4 udp 7)" "$shown" "added as shown"
	check_eq "$(sq -j service show $W2_6 udp 7 | jq -c '.[0].limit')" \
		'{"kbps":800,"burst":65536}' "a limit in kilobits"
	# Another sequence leaves the limit alone.
	check sq sequence add second step srv2
	check sq service set $W2_4 udp 7 sequence second
	check_eq "$(sq service show $W2_4 udp 7)" "${shown/third/second}" "limit stays"
	check_refused 'allowed is pps or kbps' sq service set $W2_4 udp 7 limit 5 x
	check_refused 'takes "limit" only once' sq service set $W2_4 udp 7 \
		limit 5 pps limit 6 kbps
	check_refused 'needs "max-pps"' sq engine set
	check_refused 'is not a verb of "engine"' sq engine add
}

run_cases
