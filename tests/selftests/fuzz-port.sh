#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-08 A-11
# Tags: slow
# Timeout: 400
# Mutated packets at every kind of port: none reaches a device out of the order
# of the chain, no checksum that was right becomes wrong or the other way round,
# and the kernel stays silent.  FUZZ_FRAMES says how many (200000), FUZZ_SEED
# where to begin (1).
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- h0 one
#                             i3 --- s1 srv1 (mode nat, other ports)

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq python3 nft

CASES="uplink_4 uplink_6 device_4 device_6 server_4 server_6 stranger_4
	stranger_6 alive"

one=""
M_ONE=02:00:00:00:11:01
M_BAD=02:00:00:00:66:66
FRAMES=${FUZZ_FRAMES:-200000}
SEED=${FUZZ_SEED:-1}
# The debug kernel has not got all day.
[ "${KERNEL:-}" != debug ] || FRAMES=$((FRAMES / 10))

setup()
{
	cp "$TOOLS/wirefuzz" "$TMP" || bail "no wirefuzz"
	topo_core || bail "no core"
	topo_hop one 1 - $M_ONE 11 || bail "no device"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	# The engine's host forwards nothing, so what leaves it has been
	# steered.  The ends say nothing to what they get.
	ns_sysctl "$pe" net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
	for ns in "$srv1" "$cl"; do
		in_ns "$ns" nft -f - <<-EOT
			table inet quiet {
				chain in {
					type filter hook input priority 0; policy accept;
					icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
					drop
				}
			}
		EOT
	done
}

base()
{
	fam "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		device add one kind inline outer i1 mac $M_ONE
		device add srv1 kind server mode nat address $S1 outer i3 mac $M_S1
		sequence add s step one step srv1 port 5301
		service add $W1 tcp 5201 sequence s
		service add $W1 udp 5201 sequence s
	EOT
}

# watch NAME NS DEV ROUTE...: what may arrive there; A is the uplink, B the
# device, C the server, X a stranger
watch()
{
	bg_ns "$1" "$2" "$TMP/wirefuzz" watch "${@:3}"
	wait_log "$TMP/$1.log" watching
	check_err $? "nobody watches $3"
}

# watched NAME: it was so; prints how many frames
watched()
{
	local pid status

	pid=$(cat "$TMP/$1.pid")
	kill -TERM "$pid"
	wait "$pid"
	status=$?
	rm -f "$TMP/$1.pid"
	log_info "$1: $(tail -n 1 "$TMP/$1.log")"
	[ "$status" -eq 0 ]
	check_err $? "$1: $(grep -m 3 fault "$TMP/$1.log")"
}

frames_at()
{
	sed -n 's/^\([0-9]*\) frames,.*/\1/p' "$TMP/$1.log"
}

# fuzz POINT NS DEV SMAC DMAC SRC DST SPORT DPORT: half TCP, half UDP
fuzz()
{
	watch "one" "$one" h0 A0 C0
	watch "srv" "$srv1" s1 A1 B0
	watch "rt" "$rt" r1 C1 B0
	check in_ns "$2" "$TMP/wirefuzz" fuzz "$3" "$4" "$5" "$6" "$7" tcp \
		"$8" "$9" $((FRAMES / 16)) "$SEED" "$1"
	check in_ns "$2" "$TMP/wirefuzz" fuzz "$3" "$4" "$5" "$6" "$7" udp \
		"$8" "$9" $((FRAMES / 16)) $((SEED + 1)) "$1"
	SEED=$((SEED + 2))
	# One sound packet at the end: all before it have been dealt with.
	busywait "$WAIT" _settled
	check_err $? "the engine does not come to rest"
	watched one
	watched srv
	watched rt
}

_settled()
{
	local a b

	a=$(sq -j -s port show | jq '[.[] | .received.packets + .passed.packets] | add')
	in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $M_I0 "$U1" "$W2" udp 1 1
	b=$(sq -j -s port show | jq '[.[] | .received.packets + .passed.packets] | add')
	[ $((b - a)) -le 3 ]
}

# arrived NAME: not nothing, or nothing has been proven
arrived()
{
	[ "$(frames_at "$1")" -gt $((FRAMES / 100)) ]
	check_err $? "only $(frames_at "$1") frames arrived at $1"
}

uplink()
{
	base "$1"
	fuzz A "$rt" r1 $M_R1 $M_I0 "$U1" "$W1" 4000 5201
	arrived one
	arrived srv
}

uplink_4() { uplink 4; }
uplink_6() { uplink 6; }

# The device sends requests on, and replies.
device()
{
	base "$1"
	fuzz B "$one" h0 $M_ONE $M_I1 "$U1" "$W1" 4000 5201
	arrived srv
	fuzz B "$one" h0 $M_ONE $M_I1 "$W1" "$U1" 5201 4000
	arrived rt
}

device_4() { device 4; }
device_6() { device 6; }

server()
{
	base "$1"
	fuzz C "$srv1" s1 $M_S1 $M_I3 "$S1" "$U1" 5301 4000
	arrived one
	arrived rt
}

server_4() { server 4; }
server_6() { server 6; }

# Whoever is nobody in the chain gets nothing through, whatever he sends.
stranger()
{
	base "$1"
	watch "cl" "$cl" c0
	fuzz X "$one" h0 $M_BAD $M_I1 "$U1" "$W1" 4000 5201
	fuzz X "$srv1" s1 $M_BAD $M_I3 "$W1" "$U1" 5201 4000
	watched cl
	[ "$(drops bad-source)" -gt $((FRAMES / 100)) ]
	check_err $? "only $(drops bad-source) drops as bad-source"
}

stranger_4() { stranger 4; }
stranger_6() { stranger 6; }

# After all that a packet still finds its way.
alive()
{
	local f

	for f in 4 6; do
		base $f
		check in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $M_I0 "$U1" \
			"$W1" udp 4000 5201 count=5
		busywait "$WAIT" _arrived 5
		check_err $? "nothing arrives"
	done
}

_arrived()
{
	[ "$(stat_of device srv1 sent)" -ge "$1" ]
}

run_cases
