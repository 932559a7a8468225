#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-15 D-04 D-05 D-07 D-08 O-01 O-03 O-04 X-01
# Timeout: 500
# Services wider than one address, protocol and port: prefixes, ranges of
# ports, every protocol, and services by the client's address, with the way out
# that a device gets for what it sends of its own accord.  What cannot work is
# refused, and a wide definition costs no more memory than a narrow one.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- h0 one
#                             |i2 ---------- f1 out (the network beyond)
#                             |i3 --- sw43 --- s1 srv1, s2 srv2

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 nft jq ping

CASES="prefix_4 prefix_6 ports_4 ports_6 any_protocol_4 any_protocol_6
	translated_4 translated_6 by_client_4 by_client_6 both_sides_4
	both_sides_6 from_device_4 from_device_6 by_uplink_4 by_uplink_6
	refused_prefixes refused_ports refused_dynamic refused_sequences
	memory many"

one="" out="" sw43=""
M_ONE=02:00:00:00:11:01
M_OUT=02:00:00:00:0d:01
# Beyond: a host that is reached by i2 only.
H1_4=203.0.113.80 H1_6=2001:db8:80::80
W5_4=198.51.100.5 W5_6=2001:db8:f::5

setup()
{
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_hop one 1 "$sw40" $M_ONE 11 || bail "no device"
	topo_switch 3 sw43 || bail "no server switch"
	topo_server srv1 3 "$sw43" $M_S1 2 || bail "no server"
	topo_server srv2 3 "$sw43" $M_S2 3 || bail "no second server"
	web_start srv1 80 999 1000 1500 2000 2001 || bail "no web server"
	web_start srv2 80 1500 || bail "no second web server"
	server_mode srv1 loopback $W1_4 $W2_4 $W3_4 $W5_4 $W1_6 $W2_6 $W3_6 $W5_6
	server_mode srv2 loopback $W1_4 $W2_4 $W3_4 $W5_4 $W1_6 $W2_6 $W3_6 $W5_6

	setup_ns out
	ns_host "$out"
	topo_station 2 - "$out" f1 $M_OUT || bail "no network"
	ns_ip "$out" <<-EOT
		addr add 10.0.2.2/24 dev f1
		addr add fd00:2::2/64 dev f1 nodad
		addr add $H1_4/32 dev lo
		addr add $H1_6/128 dev lo nodad
		route add default via 10.0.2.1
		route add default via fd00:2::1
	EOT
	ns_ip "$rt" <<-EOT
		route add $H1_4/32 via 10.0.0.1
		route add $H1_6/128 via fd00:0::1
	EOT
	# The engine knows the way there and would go it: what takes another
	# does so for the engine's sake only.
	ns_ip "$pe" <<-EOT
		route add blackhole $H1_4/32
		route add blackhole $H1_6/128
	EOT
	web_start out 80 || bail "no web server beyond"
}

# base: what all cases have, and more from standard input
base()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add one kind inline outer i1 mac $M_ONE
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		device add srv2 kind server mode loopback outer i3 mac $M_S2
		device add real kind server mode nat address $S1_4 address $S1_6 outer i3 mac $M_S1
		device add net kind external outer i2 via 10.0.2.2 via fd00:2::2
		sequence add a step one step srv1
		sequence add b step one step srv2
		sequence add n step one step real
		sequence add o step one step net
		$(cat)
	EOT
}

# url ADDR PORT
url()
{
	[[ $1 == *:* ]] && echo "http://[$1]:$2/name" || echo "http://$1:$2/name"
}

# answers WHO ADDR PORT
answers()
{
	check_get "$1 says hello" "$(url "$2" "$3")"
}

# silent ADDR PORT: nobody does
silent()
{
	get "$(url "$1" "$2")" --max-time 2 >/dev/null 2>&1
	check_fail $? "an answer from $1 port $2"
}

# net_of ADDR LEN4 LEN6: the prefix that the service addresses are in
net_of()
{
	if [ "$F" = 4 ]; then
		echo "198.51.100.$1/$2"
	else
		echo "2001:db8:f::$1/$3"
	fi
}

# sent DEVICE: packets that the engine gave it
sent()
{
	stat_of device "$1" sent
}

prefix()
{
	local five=W5_$1

	fam "$1"
	base <<-EOT
		service add $(net_of 0 28 64) tcp 80 sequence a
		service add $(net_of 0 30 126) tcp 80 sequence b
		service add $W1 tcp 80 sequence a
	EOT
	answers srv1 "$W1" 80
	answers srv2 "$W2" 80
	answers srv1 "${!five}" 80
	silent "$W2" 1000
	# The longest goes, and the next one takes over.
	check sq service del "$(net_of 0 30 126)" tcp 80
	answers srv1 "$W2" 80
	check sq service set "$(net_of 0 28 64)" tcp 80 sequence b
	answers srv2 "$W2" 80
	answers srv1 "$W1" 80
	[ "$(stat_of service "$(net_of 0 28 64)" tcp 80 request)" -gt 0 ]
	check_err $? "no request counted"
	[ "$(stat_of service "$(net_of 0 28 64)" tcp 80 reply)" -gt 0 ]
	check_err $? "no reply counted"
	check_drops 0
	check sq service del "$(net_of 0 28 64)" tcp 80
	silent "$W2" 80
	answers srv1 "$W1" 80
	check_eq "$(sq -j stats | jq '.places, ."place-bytes"' | paste -sd' ')" "0 0" "places left"
}

prefix_4() { prefix 4; }
prefix_6() { prefix 6; }

ports()
{
	fam "$1"
	base <<-EOT
		service add $W1 tcp 1000-2000 sequence a
		service add $W2 tcp any sequence a
		service add $W2 tcp 1500 sequence b
		service add $W3 tcp 80 dynamic 1000-1500 sequence a
	EOT
	answers srv1 "$W1" 1000
	answers srv1 "$W1" 1500
	answers srv1 "$W1" 2000
	silent "$W1" 999
	silent "$W1" 2001
	silent "$W1" 80
	answers srv1 "$W2" 80
	answers srv1 "$W2" 2001
	answers srv2 "$W2" 1500
	answers srv1 "$W3" 80
	answers srv1 "$W3" 1000
	answers srv1 "$W3" 1500
	silent "$W3" 2000
	check_drops 0
	check_table "$W3" tcp 80 < <(cat <<-EOT
		request i0 * $W3 tcp/80,1000-1500 client>one inline i1 $M_ONE - - -
		request i1 $M_ONE $W3 tcp/80,1000-1500 one>srv1 loopback i3 $M_S1 - - -
		reply i3 $M_S1 $W3 tcp/80,1000-1500 srv1>one inline i1 $M_ONE - - -
		reply i1 $M_ONE $W3 tcp/80,1000-1500 one>client client * * - - -
	EOT
	)
	check_eq "$(sq service show "$W1" tcp 1000-2000)" \
		"$W1 tcp 1000-2000 sequence a" "how a range is shown"
	check_eq "$(sq service show "$W2" tcp any)" \
		"$W2 tcp any sequence a" "how all ports are shown"
	check_eq "$(sq service show "$W3" tcp 80)" \
		"$W3 tcp 80 dynamic 1000-1500 sequence a" "how dynamic ports are shown"
	# Without its range only the port is left.
	check sq service del "$W3" tcp 80
	check sq service add "$W3" tcp 80 sequence a
	silent "$W3" 1000
	answers srv1 "$W3" 80
}

ports_4() { ports 4; }
ports_6() { ports 6; }

# ping ADDR [OPTION...]: from the client
ping_from()
{
	in_ns "$cl" ping -q -c 3 -i 0.2 -W "$WAIT" "${@:2}" "$1"
}

any_protocol()
{
	local before icmp=icmp

	fam "$1"
	[ "$1" = 4 ] || icmp=icmpv6
	base <<-EOT
		service add $W1 any sequence a
		service add $W1 tcp 80 sequence b
		service add $W2 $icmp sequence a
	EOT
	before=$(sent one)
	check ping_from "$W1"
	check_eq "$(($(sent one) - before))" 6 "packets of three echoes through the device"
	check_eq "$(stat_of service "$W1" any request)" 3 "requests"
	check_eq "$(stat_of service "$W1" any reply)" 3 "replies"
	# In pieces, too.
	check ping_from "$W1" -s 4000
	check_eq "$(stat_of service "$W1" any request)" 6 "requests"
	answers srv1 "$W1" 1500
	answers srv2 "$W1" 80
	check ping_from "$W2"
	check_eq "$(stat_of service "$W2" $icmp request)" 3 "requests"
	silent "$W2" 80
	check_drops 0
	check_eq "$(sq service show "$W1" any)" "$W1 any sequence a" "how it is shown"
}

any_protocol_4() { any_protocol 4; }
any_protocol_6() { any_protocol 6; }

# A server with an address of its own serves a range; one port of a prefix is
# turned to another.
translated()
{
	fam "$1"
	base <<-EOT
		sequence add p step one step srv1 port 999
		service add $W1 tcp 1000-2000 sequence n
		service add $W2 tcp 80 dynamic 2001-2100 sequence n
		service add $(net_of 0 28 64) tcp 7777 sequence p
	EOT
	server_mode srv1 nat $W1_4 $W1_6
	answers srv1 "$W1" 1500
	answers srv1 "$W2" 80
	answers srv1 "$W2" 2001
	server_mode srv1 loopback $W1_4 $W1_6
	answers srv1 "$W1" 7777
	answers srv1 "$W3" 7777
	check_drops 0
}

translated_4() { translated 4; }
translated_6() { translated 6; }

# client_net: the client's own network, as it stands in a service
client_net()
{
	[ "$F" = 4 ] && echo 192.0.2.0/24 || echo 2001:db8:c::/64
}

by_client()
{
	local h=H1_$1 n=10.0.0.1 before

	fam "$1"
	[ "$1" = 4 ] || n=fd00:0::1
	base <<-EOT
		service add $(client_net) any by client sequence o
	EOT
	answers out "${!h}" 80
	check ping_from "${!h}"
	[ "$(sent one)" -gt 10 ]
	check_err $? "the device saw nothing"
	check_eq "$(sq -j -s port show i0 | jq '.[0].received.packets > 0')" true "packets at the uplink"
	# What is for the engine itself is not on its way through.
	check ping_from "$n"
	check_drops 0
	check_eq "$(sq service show "$(client_net)" any by client)" \
		"$(client_net) any by client sequence o" "how it is shown"
	check_table "$(client_net)" any by client < <(cat <<-EOT
		request i0 * $(client_net) any/any client>one inline i1 $M_ONE - - -
		request i1 $M_ONE $(client_net) any/any one>net external i2 $M_OUT - - -
		reply i2 * $(client_net) any/any net>one inline i1 $M_ONE - - -
		reply i1 $M_ONE $(client_net) any/any one>client client * * - - -
	EOT
	)
	# One client leaves the others: a longer prefix, and some ports.
	check sq sequence add d step net
	check sq service add "$U1" any by client sequence d
	before=$(sent one)
	answers out "${!h}" 80
	check_eq "$(sent one)" "$before" "packets at the device that is left out"
	check sq service del "$U1" any by client
	check sq service add "$U1" tcp 80 by client sequence d
	answers out "${!h}" 80
	check_eq "$(sent one)" "$before" "packets at the device that is left out"
	check ping_from "${!h}"
	[ "$(sent one)" -gt "$before" ]
	check_err $? "the rest does not go through the device"
}

by_client_4() { by_client 4; }
by_client_6() { by_client 6; }

# What a client of a service by client sends to a service by server goes that
# one's way.
both_sides()
{
	local h=H1_$1

	fam "$1"
	base <<-EOT
		service add $(client_net) any by client sequence o
		service add $W1 tcp 80 sequence a
	EOT
	answers srv1 "$W1" 80
	answers out "${!h}" 80
	[ "$(stat_of service "$W1" tcp 80 request)" -gt 0 ]
	check_err $? "no request of the service by server"
	[ "$(stat_of service "$W1" tcp 80 reply)" -gt 0 ]
	check_err $? "no reply of the service by server"
	check_drops 0
}

both_sides_4() { both_sides 4; }
both_sides_6() { both_sides 6; }

# A device of a chain gets a way out for what it sends of its own accord.
from_device()
{
	local h=H1_$1 own=10.0.1.11

	fam "$1"
	[ "$1" = 4 ] || own=fd00:1::11
	base <<-EOT
		sequence add own from one step net
		service add $W1 tcp 80 sequence a
	EOT
	in_ns "$one" curl -sS --max-time 2 "$(url "${!h}" 80)" >/dev/null 2>&1
	check_fail $? "a way out that nobody gave"
	check sq service add "$own" any by client sequence own
	check_eq "$(in_ns "$one" curl -sS --max-time "$WAIT" "$(url "${!h}" 80)" 2>&1)" \
		"out says hello" "what the device fetches"
	check in_ns "$one" ping -q -c 2 -i 0.2 -W "$WAIT" "${!h}"
	# Its work goes on beside, and it still reaches the engine itself.
	answers srv1 "$W1" 80
	check in_ns "$one" ping -q -c 1 -W "$WAIT" "$([ "$1" = 4 ] && echo 10.0.1.1 || echo fd00:1::1)"
	check_drops 0
	# Nobody else can use it: not from the uplink with that source.
	check in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $M_I0 "$own" "${!h}" tcp 4000 80 count=5
	busywait "$WAIT" _dropped bad-position 5
	check_err $? "packets with a device's address from the uplink"
	check_eq "$(sq sequence show own)" "own from one step net" "how it is shown"
}

_dropped()
{
	[ "$(drops "$1")" -ge "$2" ]
}

from_device_4() { from_device 4; }
from_device_6() { from_device 6; }

# The network beyond may be that which the clients are in.
by_uplink()
{
	local own=10.0.1.11 gw=10.0.0.254

	fam "$1"
	[ "$1" = 4 ] || own=fd00:1::11 gw=fd00:0::fe
	web_start cl 8088 || check_err 1 "no web server at the client"
	ns_ip "$rt" <<-EOT
		route replace 10.0.1.0/24 via 10.0.0.1
		route replace fd00:1::/64 via fd00:0::1
	EOT
	base <<-EOT
		device add wan kind external outer i0 via $gw
		sequence add own from one step wan
		service add $own any by client sequence own
	EOT
	check_eq "$(in_ns "$one" curl -sS --max-time "$WAIT" "$(url "$U1" 8088)" 2>&1)" \
		"cl says hello" "what the device fetches"
	[ "$(stat_of service "$own" any by client reply)" -gt 0 ]
	check_err $? "no reply counted"
	check_drops 0
	bg_stop web-cl
}

by_uplink_4() { by_uplink 4; }
by_uplink_6() { by_uplink 6; }

# refuse PATTERN COMMAND...: and nothing changes
refuse()
{
	local before after

	before=$(sq -j stats | jq '.generation, ."place-bytes"')
	check_refused "$1" sq "${@:2}"
	after=$(sq -j stats | jq '.generation, ."place-bytes"')
	check_eq "$after" "$before" "'${*:2}' changed something"
}

refused_prefixes()
{
	fam 4
	base </dev/null
	refuse "198.51.100.5/28.*use 198.51.100.0/28" service add 198.51.100.5/28 tcp 80 sequence a
	refuse "2001:db8:f::5/64.*use 2001:db8:f::/64" service add 2001:db8:f::5/64 tcp 80 sequence a
	refuse "198.51.100.0/28 tcp 80: server 'real'.*mode nat" service add 198.51.100.0/28 tcp 80 sequence n
	refuse "10.0.0.0/8 any by client: server 'real'.*mode nat" service add 10.0.0.0/8 any by client sequence n
	refuse "no service 198.51.100.0/28 tcp 80" service del 198.51.100.0/28 tcp 80
	check sq service add 198.51.100.0/28 tcp 80 sequence a
	refuse "198.51.100.0/28 tcp 80 exists" service add 198.51.100.0/28 tcp 80 sequence b
	# Another length or side is another service.
	check sq service add 198.51.100.0/29 tcp 80 sequence a
	check sq service add 198.51.100.0/28 tcp 80 by client sequence o
	refuse "no service 198.51.100.0/30 tcp 80" service show 198.51.100.0/30 tcp 80
	# A change of the device that would make it impossible.
	refuse "198.51.100.0/2[89] tcp 80: server 'srv1'.*mode nat" \
		device set srv1 kind server mode nat address 10.0.3.2 outer i3 mac $M_S1
}

refused_ports()
{
	fam 4
	base </dev/null
	check sq service add "$W1" tcp 1000-2000 sequence a
	refuse "$W1 tcp 1000-2000 exists" service add "$W1" tcp 1000-2000 sequence a
	refuse "$W1 tcp 2000-3000.*$W1 tcp 1000-2000" service add "$W1" tcp 2000-3000 sequence a
	refuse "$W1 tcp 1500.*$W1 tcp 1000-2000" service add "$W1" tcp 1500 sequence a
	refuse "$W1 tcp 1200-1300.*$W1 tcp 1000-2000" service add "$W1" tcp 1200-1300 sequence a
	check sq service add "$W1" tcp 3000 sequence a
	refuse "$W1 tcp 2500-3500.*$W1 tcp 3000" service add "$W1" tcp 2500-3500 sequence a
	# Next to each other, in another protocol, and all that is left over.
	check sq service add "$W1" tcp 2001-2999 sequence a
	check sq service add "$W1" udp 1000-2000 sequence a
	check sq service add "$W1" tcp any sequence a
	check sq service add "$W1" any sequence a
	refuse "$W1 tcp any exists" service add "$W1" tcp any sequence b
	refuse "$W1 any exists" service add "$W1" any sequence b
	# One server, two ranges: its replies could be either's.
	check sq service add "$W2" tcp 1000-2000 sequence n
	refuse "$W3 tcp 1500-1600.*$W2 tcp 1000-2000" service add "$W3" tcp 1500-1600 sequence n
	refuse "$W3 tcp 1500.*$W2 tcp 1000-2000" service add "$W3" tcp 1500 sequence n
	refuse "$W3 tcp any.*$W2 tcp 1000-2000" service add "$W3" tcp any sequence n
	check sq service add "$W3" tcp 2001-2100 sequence n
	refuse "$W3 any: server 'real'.*protocols with ports only" service add "$W3" any sequence n
}

refused_dynamic()
{
	fam 4
	base </dev/null
	check sq service add "$W1" tcp 21 dynamic 1025-1125 sequence a
	check sq service add "$W1" tcp 22 dynamic 1126-1300 sequence a
	refuse "$W1 tcp 23 dynamic 1100-1200.*$W1 tcp 21 dynamic 1025-1125" \
		service add "$W1" tcp 23 dynamic 1100-1200 sequence a
	refuse "$W1 tcp 1030.*$W1 tcp 21 dynamic 1025-1125" service add "$W1" tcp 1030 sequence a
	refuse "$W1 tcp 23 dynamic 1025-65535.*$W1 tcp 21" \
		service add "$W1" tcp 23 dynamic 1025-65535 sequence a
	check sq service add "$W2" tcp 21 dynamic 1025-65535 sequence a
	refuse "$W2 tcp 8080.*$W2 tcp 21 dynamic 1025-65535" service add "$W2" tcp 8080 sequence a
	check sq service add "$W2" tcp 80 sequence a
	refuse "$W3 tcp 2000 dynamic 1025-2100: its dynamic ports" \
		service add "$W3" tcp 2000 dynamic 1025-2100 sequence a
	check sq service add "$W3" tcp 80 sequence a
	refuse "$W3 tcp 21 dynamic 50-100.*$W3 tcp 80" service add "$W3" tcp 21 dynamic 50-100 sequence a
	refuse "$W1 tcp 21.*delete it" service set "$W1" tcp 21 dynamic 1-5 sequence a
	check sq service set "$W1" tcp 21 dynamic 1025-1125 sequence b
}

refused_sequences()
{
	fam 4
	base <<-EOT
		device add wan kind external outer i0 via 10.0.0.254
		device add br kind bridge outer i1 inner i2
		sequence add v step one becomes tcp/1500 step srv1
		sequence add p step one port 8080 step srv1
		sequence add w step one step wan
	EOT
	refuse "$W1 tcp 80-90 has several ports" service add "$W1" tcp 80-90 sequence p
	refuse "$W1 tcp 80 dynamic 81-90 has several ports" service add "$W1" tcp 80 dynamic 81-90 sequence p
	refuse "$W1 tcp 1000-2000: inside its chain packets carry $W1 tcp 1500, one of its own" \
		service add "$W1" tcp 1000-2000 sequence v
	check sq service add "$W1" udp 1000-2000 sequence v
	refuse "$W1 tcp 1400-1600.*chain of service $W1 udp 1000-2000" \
		service add "$W1" tcp 1400-1600 sequence a
	check sq service add "$W2" tcp 1000-2000 sequence a
	refuse "$W2 udp 80: inside its chain.*$W2 tcp 1000-2000" service add "$W2" udp 80 sequence v
	refuse "$W3 tcp 80: 'wan'.*by client" service add "$W3" tcp 80 sequence w
	check sq service add 10.0.0.0/8 tcp 80 by client sequence w
	refuse "'x'.*'one'.*uplink 'i0'" sequence add x uplink i0 from one step srv1
	refuse "'x'.*'br'.*no station" sequence add x from br step srv1
	refuse "'x'.*'nobody'" sequence add x from nobody step srv1
	refuse "'x'.*'net'.*'srv1'" sequence add x step net step srv1
	refuse "'x'.*uplink 'one'.*cannot be told apart|'x'.*'one'.*cannot be told apart" \
		sequence add x from one step one step srv1
	refuse "'x'.*one arm" device add x kind external outer i1 inner i2
	check sq sequence add y from one step srv1
	refuse "'one'.*'[abnovpwy]'" device del one
}

memory()
{
	local base one

	fam 4
	base </dev/null
	check_eq "$(sq -j stats | jq '."place-bytes"')" 0 "memory of no place"
	check sq service add 10.1.0.1 any by client sequence o
	one=$(sq -j stats | jq '."place-bytes"')
	[ "$one" -gt 0 ]
	check_err $? "a place costs nothing"
	check sq service del 10.1.0.1 any by client
	# As much for a /16, or all of the address space, or all ports.
	for base in "10.1.0.0/16 any by client" "0.0.0.0/0 any by client" \
		"::/0 any by client" "$W1 tcp 1-65534" "$W1 tcp 7-8" "$W1 tcp any"; do
		# shellcheck disable=SC2086 # words
		check sq service add $base sequence o
		check_eq "$(sq -j stats | jq '."place-bytes"')" "$one" "memory of: $base"
		# shellcheck disable=SC2086 # words
		check sq service del $base
		check_eq "$(sq -j stats | jq '."place-bytes"')" 0 "memory after: $base"
	done
	check_eq "$(sq stats | sed -n 1p | grep -c places)" 0 "places in the summary"
}

# Ten thousand clients, each with a chain; the last added is found.
many()
{
	local h=H1_4 i start=$SECONDS

	fam 4
	base </dev/null
	for ((i = 0; i < 10000; i++)); do
		echo "service add 10.$((64 + i / 65536)).$((i / 256 % 256)).$((i % 256)) any by client sequence o"
	done >"$TMP/many"
	echo "service add $U1 any by client sequence o" >>"$TMP/many"
	check sq -b "$TMP/many"
	log_info "10001 clients added in $((SECONDS - start)) s: $(sq stats | sed -n 1p)"
	answers out "${!h}" 80
	sed -n 's/ add / del /; s/ sequence o//p' "$TMP/many" >"$TMP/less"
	check sq -b "$TMP/less"
	check_eq "$(sq -j stats | jq '.services, .places, ."place-bytes"' | paste -sd' ')" "0 0 0" "what is left"
}

run_cases
