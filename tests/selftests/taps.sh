#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: E-01 E-02 E-03 E-04 E-05 E-06 E-07 F-02
# Timeout: 400
# Copies: in both directions or one, to several taps, always with the service's
# address; what a tap sends goes to the server, or the firewall, or the client;
# a tap that is gone hurts nobody. The taps of a pool share the flows.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- d0 ids
#                             |     |`---------- t0 (in ids2)
#                             |     `----------- f0 fw
#                             i2 --------------- f1
#                             i3 --- s1 srv1 (mode nat)

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq tcpdump python3 nft conntrack

CASES="both_directions_4 both_directions_6 requests_only_4 replies_only_6
	two_taps_4 only_its_share alert_to_server_4 alert_to_server_6
	alert_to_firewall_4 alert_to_firewall_6 alert_to_client_4
	alert_to_client_6 dead_tap shared_4 shared_6 spare_tap
	full_pools"

ids2=""
M_TAP2=02:00:00:00:1d:02

setup()
{
	FW_PORTS="udp . 7, udp . 9"
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_fw "$sw40" - || bail "no firewall"
	topo_ids "$sw40" || bail "no IDS"
	setup_ns ids2
	ns_host "$ids2"
	topo_station 1 "$sw40" "$ids2" t0 $M_TAP2 || bail "no second tap"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	udp_start srv1 7 $S1_4 $S1_6 || bail "no server"
}

# base COPY...: firewall and server, the copies stand at the server's step
base()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add ids0 kind tap outer i1 mac $M_IDS
		device add ids2 kind tap outer i1 mac $M_TAP2
		device add srv1 kind server mode nat address $S1 outer i3 mac $M_S1
		sequence add s step fw0 step srv1 $*
		service add $W1 udp 7 sequence s
	EOT
}

tap_caps()
{
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "pe-i2=$pe:i2" "pe-i3=$pe:i3" \
		"fw-f0=$fw:f0" "fw-f1=$fw:f1" "ids-d0=$ids:d0" \
		"ids2-t0=$ids2:t0" "srv-s1=$srv1:s1"
}

# steps REQUEST_TAPS REPLY_TAPS: names ids0 and ids2, or nothing
steps()
{
	copies()
	{
		local tap

		for tap in $1; do
			case $tap in
			ids0) echo "copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS ${*:2}" ;;
			ids2) echo "copy engine>ids2 pe-i1,ids2-t0 $M_I1 $M_TAP2 ${*:2}" ;;
			esac
		done
	}
	walk_spec <<-EOT
		watch $W1 $S1
		path request request $W1/udp/7 s
		$(edge_in "$U1" "$W1" udp 7)
		hop engine>fw0 pe-i1,fw-f0 $M_I1 $M_FW0 $U1 $W1 udp - 7
		hop fw0>engine fw-f1,pe-i2 $M_FW1 $M_I2 $U1 $W1 udp - 7
		$(copies "$1" "$U1" "$W1" udp - 7)
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 $U1 $S1 udp - 7
		path reply reply $W1/udp/7 s
		hop srv1>engine srv-s1,pe-i3 $M_S1 $M_I3 $S1 $U1 udp 7 -
		$(copies "$2" "$W1" "$U1" udp 7 -)
		hop engine>fw0 pe-i2,fw-f1 $M_I2 $M_FW1 $W1 $U1 udp 7 -
		hop fw0>engine fw-f0,pe-i1 $M_FW0 $M_I1 $W1 $U1 udp 7 -
		$(edge_out "$W1" "$U1" udp 7)
	EOT
}

# copied FAMILY REQUEST_TAPS REPLY_TAPS COPY...
copied()
{
	fam "$1"
	base "${@:4}"
	tap_caps
	udp_ask "$W1" 7 6 400 "$U1"
	steps "$2" "$3"
	walk_check
	check_drops 0
}

both_directions_4() { copied 4 ids0 ids0 copy ids0; }
both_directions_6() { copied 6 ids0 ids0 copy ids0; }
requests_only_4() { copied 4 ids0 "" copy ids0 request; }
replies_only_6() { copied 6 "" ids0 copy ids0 reply; }
two_taps_4() { copied 4 "ids0 ids2" "ids0" copy ids0 copy ids2 request; }

# Two services, an IDS each: neither sees anything of the other's.
only_its_share()
{
	fam 4
	base copy ids0
	engine <<-EOT
		sequence add t step fw0 step srv1 copy ids2
		service add $W2 udp 9 sequence t
	EOT
	check_err $? "second service"
	udp_start srv1 9 "$S1"
	capture_start one "$ids" d0 udp
	capture_start two "$ids2" t0 udp
	udp_ask "$W1" 7 6 100 &
	udp_ask "$W2" 9 9 100
	wait $!
	check_err $? "first service"
	capture_stop one
	capture_stop two
	check_eq "$(capture_count one "host $W1")" 12 "copies of the first service"
	check_eq "$(capture_count one "not host $W1")" 0 "the first IDS saw others"
	check_eq "$(capture_count two "host $W2")" 18 "copies of the second service"
	check_eq "$(capture_count two "not host $W2")" 0 "the second IDS saw others"
}

# What a tap sends to the service.
alert()
{
	fam "$1"
	shift
	base copy ids0 "$@"
	tap_caps
	check in_ns "$ids" $PY "$TOOLS/send.pyc" d0 $M_IDS $M_I1 "$U1" "$W1" \
		udp 3000 7 count=4
	busywait "$WAIT" _sent "$target" 4
	check_err $? "the alert did not reach $target"
}

_sent()
{
	[ "$(stat_of device "$1" sent)" -ge "$2" ]
}

alert_to_server()
{
	local target=srv1

	alert "$1"
	# The server answers, by the usual way back.
	busywait "$WAIT" _replied 4
	check_err $? "no answer"
	walk_spec <<-EOT
		watch $W1 $S1
		path alert request $W1/udp/7 s
		hop ids0>engine ids-d0,pe-i1 $M_IDS $M_I1 $U1 $W1 udp 3000 7
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 $U1 $S1 udp 3000 7
		path reply reply $W1/udp/7 s
		hop srv1>engine srv-s1,pe-i3 $M_S1 $M_I3 $S1 $U1 udp 7 3000
		copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $W1 $U1 udp 7 3000
		hop engine>fw0 pe-i2,fw-f1 $M_I2 $M_FW1 $W1 $U1 udp 7 3000
	EOT
	# The firewall knows of no connection and keeps the answer.
	walk_check
	check_drops 0
}

_replied()
{
	[ "$(stat_of device fw0 sent)" -ge "$1" ]
}

alert_to_server_4() { alert_to_server 4; }
alert_to_server_6() { alert_to_server 6; }

alert_to_firewall()
{
	local target=fw0

	in_ns "$fw" nft delete element inet fw open "{ udp . 7 }"
	defer in_ns "$fw" nft add element inet fw open "{ udp . 7 }"
	alert "$1" alert-to fw0
	walk_spec <<-EOT
		watch $W1 $S1
		path alert request $W1/udp/7 s
		hop ids0>engine ids-d0,pe-i1 $M_IDS $M_I1 $U1 $W1 udp 3000 7
		hop engine>fw0 pe-i1,fw-f0 $M_I1 $M_FW0 $U1 $W1 udp 3000 7
	EOT
	walk_check
	check_drops 0
}

alert_to_firewall_4() { alert_to_firewall 4; }
alert_to_firewall_6() { alert_to_firewall 6; }

# What a tap sends in the name of the service goes on to the client from the
# tap's place in the chain: through the firewall, which knows the connection.
alert_to_client()
{
	local port

	fam "$1"
	base copy ids0
	in_ns "$fw" conntrack -F >/dev/null 2>&1
	tap_caps
	udp_ask "$W1" 7 1 100 "$U1"
	port=$(client_port)
	# Nobody listens at the client any more; it is not to complain.
	in_ns "$cl" nft 'add table inet quiet; add chain inet quiet in { type filter hook input priority 0; policy accept; }; add rule inet quiet in udp sport 7 drop'
	defer in_ns "$cl" nft delete table inet quiet
	check in_ns "$ids" $PY "$TOOLS/send.pyc" d0 $M_IDS $M_I1 "$W1" "$U1" \
		udp 7 "$port" count=3
	busywait "$WAIT" _left 4
	check_err $? "the packets did not leave to the client"
	steps ids0 ids0
	walk_add <<-EOT
		path alert reply $W1/udp/7 s
		hop ids0>engine ids-d0,pe-i1 $M_IDS $M_I1 $W1 $U1 udp 7 -
		hop engine>fw0 pe-i2,fw-f1 $M_I2 $M_FW1 $W1 $U1 udp 7 -
		hop fw0>engine fw-f0,pe-i1 $M_FW0 $M_I1 $W1 $U1 udp 7 -
		$(edge_out "$W1" "$U1" udp 7)
	EOT
	walk_check
	check_drops 0
}

# The port of the client, from the firewall's own records.
client_port()
{
	in_ns "$fw" conntrack -L -p udp -f "ipv$F" 2>/dev/null |
		sed -n "s/.*src=$U1 dst=$W1 sport=\([0-9]*\) dport=7 .*/\1/p"
}

_left()
{
	[ "$(stat_of service "$W1" udp 7 reply)" -ge "$1" ]
}

alert_to_client_4() { alert_to_client 4; }
alert_to_client_6() { alert_to_client 6; }

# A tap whose port is down, and one whose MAC nobody has: the service goes on.
dead_tap()
{
	fam 4
	base copy ids0
	ip -n "$ids" link set d0 down
	udp_ask "$W1" 7 20 500
	check_drops 0
	ip -n "$ids" link set d0 up

	# A tap behind a port of its own that is down: counted, not waited for.
	ip -n "$pe" link add t1 type veth peer name t2
	defer ip -n "$pe" link del t1
	engine <<-EOT
		port add t1 role device
		device add gone kind tap outer t1 mac 02:00:00:00:77:77
		sequence set s step fw0 step srv1 copy gone
	EOT
	check_err $? "configuration"
	udp_ask "$W1" 7 20 500
	check_drops 40 copy-failed
	check_drops 40
	check_eq "$(stat_of service "$W1" udp 7 dropped)" 0 "drops of the service"
}

# pooled POLICY: copies go to a pool of both
pooled()
{
	base copy ids0
	engine <<-EOT
		pool add idss policy $1 member ids0 member ids2
		sequence set s step fw0 step srv1 copy idss
	EOT
	check_err $? "configuration"
}

# Sixteen flows, two IDSs in a pool: each sees all of a flow, in both directions,
# or nothing of it.
shared()
{
	local n one two

	fam "$1"
	pooled spread
	udp_ask "$W1" 7 1 100
	one=$(stat_of device ids0 sent) two=$(stat_of device ids2 sent)
	check_eq $((one + two)) 2 "copies of the first packets"
	capture_start one "$ids" d0 udp port 7
	capture_start two "$ids2" t0 udp port 7
	for ((n = 0; n < 16; n++)); do
		udp_ask "$W1" 7 2 100
	done
	capture_stop one
	capture_stop two
	client_ports one >"$TMP/one"
	client_ports two >"$TMP/two"
	check_eq "$(cut -d ' ' -f 2 "$TMP/one" "$TMP/two" | sort | uniq -d)" "" \
		"flows that both taps saw"
	check_eq "$(cat "$TMP/one" "$TMP/two" | grep -c '^4 ')" 16 \
		"flows that one tap saw whole"
	[ -s "$TMP/one" ] && [ -s "$TMP/two" ]
	check_err $? "one tap got all"
	check_eq "$(stat_of device ids0 sent)" \
		$((one + 4 * $(wc -l <"$TMP/one"))) "copies to the first"
	check_eq "$(stat_of device ids2 sent)" \
		$((two + 4 * $(wc -l <"$TMP/two"))) "copies to the second"
	check_eq "$(sq -j table show | jq -r '[.[]["copy-to"] // [] | .[]] | unique | join(" ")')" \
		idss "copies in the table"
	check_drops 0
}

# client_ports CAPTURE: for each port of the client, how many packets and which
client_ports()
{
	capture_show "$1" | sed -nE 's/.* ([^ ]+)\.([0-9]+) > ([^ ]+)\.([0-9]+): .*/\2 \4/p' |
		awk '{ n[($1 == 7) ? $2 : $1]++ } END { for (p in n) print n[p], p }'
}

shared_4() { shared 4; }
shared_6() { shared 6; }

# The first tap that is up gets all; when none is, copies are counted as failed and
# the service goes on; an alert of whichever it is reaches the server.
spare_tap()
{
	local target=srv1

	fam 4
	pooled primary
	udp_ask "$W1" 7 3 100
	check_eq "$(stat_of device ids0 sent) $(stat_of device ids2 sent)" "6 0" \
		"copies to the first and the second"
	check sq pool set idss member ids0 state down
	udp_ask "$W1" 7 2 100
	check_eq "$(stat_of device ids0 sent) $(stat_of device ids2 sent)" "6 4" \
		"copies after the first was taken out"
	check in_ns "$ids2" $PY "$TOOLS/send.pyc" t0 $M_TAP2 $M_I1 "$U1" "$W1" \
		udp 3000 7 count=4
	busywait "$WAIT" _sent "$target" 9
	check_err $? "the alert did not reach $target"
	# Copies of the answers.
	busywait "$WAIT" _sent ids2 8
	check_err $? "no answer to the alert"
	check sq pool set idss member ids2 state down
	check_drops 0
	udp_ask "$W1" 7 2 100
	check_drops 4 copy-failed
	check_eq "$(stat_of service "$W1" udp 7 dropped)" 0 "drops of the service"
	# Who joins gets copies; the counters of the others go on.
	check sq pool set idss policy spread member ids2
	udp_ask "$W1" 7 2 100
	check_eq "$(stat_of device ids0 sent) $(stat_of device ids2 sent)" "6 12" \
		"copies after the first was removed"
	check_refused "'idss'.*'s'" sq pool del idss
	check_refused "'s'.*step 2.*tap 'idss'" sq sequence set s step fw0 \
		step idss step srv1
}

# The largest pools one after the other, with the largest pool of taps between them:
# the counters of all that are as many as there is memory for at once.
full_pools()
{
	local n a="" b="" t=""

	fam 4
	base copy ids0
	for n in {10..25}; do
		echo "device add a$n kind inline outer i1 mac 02:00:00:01:00:$n"
		echo "device add b$n kind inline outer i2 mac 02:00:00:02:00:$n"
		echo "device add t$n kind tap outer i1 mac 02:00:00:03:00:$n"
		a+=" member a$n" b+=" member b$n" t+=" member t$n"
	done >"$TMP/devices"
	check sq -b "$TMP/devices"
	check sq -b - <<-EOT
		pool add as policy spread$a
		pool add bs policy spread$b
		pool add ts policy spread$t
		sequence set s step as step bs copy ts step srv1
	EOT
	# A member of the taps is changed, and counters go on.
	check sq pool set ts member t10 state down
	check sq device set t11 kind tap outer i1 mac 02:00:00:03:00:30
	check sq sequence set s step fw0 step srv1
	check sq -b - <<-EOT
		pool del ts
		pool del bs
		pool del as
	EOT
}

run_cases
