#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: G-01 G-03 G-05 G-06 G-07 G-08 G-15 L-05 L-06 M-03
# Timeout: 500
# Access lists of services: which packets they let through, by whom these were
# counted, at which ports they hold, how they are replaced while packets flow,
# and what is refused.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- h0 a1
#                             i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
# shellcheck source=acl-common.sh
. "$TESTS_DIR/acl-common.sh"
need_cmd svcseq nft jq python3 ping

CASES="verdicts_4 verdicts_6 default_allow lengths_4 lengths_6 directions_4
directions_6 ports_4 ports_6 several limited_4 limited_6 simulated_4 simulated_6
bare_4 bare_6 errors_4 errors_6 none_again replace_4 replace_6 long
port_comes_back show_and_load refusals"

# shellcheck disable=SC2034 # by its name
a1=""
# Set by base: a client, one of another net, and the net of the first.
C="" D="" NET=""

# Read by base.
# shellcheck disable=SC2034
C_4=203.0.113.1 C_6=2001:db8:9::1
# shellcheck disable=SC2034
D_4=203.0.114.1 D_6=2001:db8:a::1

setup()
{
	topo_core || bail "no core"
	topo_hop a1 1 - 02:00:00:00:11:11 11 || bail "no device"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	hush_ns "$cl" "$rt" || bail "no filter"
	probe_warm
}

base()
{
	local c=C_$1 d=D_$1

	fam "$1"
	C=${!c} D=${!d} NET=203.0.113.0/24
	[ "$F" = 4 ] || NET=2001:db8:9::/48
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		device add a1 kind inline outer i1 mac 02:00:00:00:11:11
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add s step srv1
		sequence add chain step a1 step srv1
		service add $W1 tcp 443 sequence s
		service add $W1 udp 9 sequence s
		service add $W2 udp 9 sequence s
	EOT
}

# use ACL_WORDS...: all services have these lists
use()
{
	sq -b - <<-EOT
		service set $W1 tcp 443 $*
		service set $W1 udp 9 $*
	EOT
}

verdicts()
{
	base "$1"
	check sq acl add web default deny \
		rule deny tcp from "$C" port 1000-1999 to any port 443 \
		rule allow tcp from "$NET" to any port 443 count net \
		rule allow udp from any to "$W1" \
		rule deny udp from "$C"
	check use acl web
	requests v <<-EOT
		$C $W1 tcp 999 443 100
		$C $W1 tcp 1000 443 100
		$C $W1 tcp 1999 443 100
		$C $W1 tcp 2000 443 100
		$D $W1 tcp 2000 443 100
		$C $W1 udp 5 9 100
		$D $W1 udp 5 9 100
		$C $W2 udp 5 9 100
	EOT
	check_arrived v 0 3 5 6 7
	check_eq "$(matched web)" "2 2 2 0 1" "packets by rule and default"
	check_drops 3
	check_drops 3 acl-denied
	check_eq "$(stat_of service "$W1" tcp 443 dropped)" 3 "dropped by the service"
	check_eq "$(stat_of service "$W1" tcp 443 request)" 2 "requests of the service"
	check_eq "$(stat_of service "$W2" udp 9 request)" 1 "requests of the service without a list"
	check_eq "$(sq -j -s acl show web | jq -c '.[0].rules[1] | [.count, .matched.packets, .matched.bytes]')" \
		'["net",2,200]' "the labelled counter"
}

verdicts_4() { verdicts 4; }
verdicts_6() { verdicts 6; }

# The other default, and a list of no rules at all.
default_allow()
{
	base 4
	check sq acl add open default allow rule deny from "$D"
	check sq acl add shut default deny
	check use acl open
	requests o <<-EOT
		$C $W1 tcp 1 443 100
		$D $W1 tcp 1 443 100
	EOT
	check_arrived o 0
	check_eq "$(matched open)" "1 1" "packets by rule and default"
	check use acl shut
	requests s <<-EOT
		$C $W1 tcp 1 443 100
	EOT
	check_arrived s
	check_eq "$(matched shut)" "1" "packets of the default"
	# A list for IPv6 only says nothing of IPv4 but its default.
	check sq acl set shut default deny rule allow ipv6
	requests x <<-EOT
		$C $W1 tcp 1 443 100
	EOT
	check_arrived x
	check_eq "$(matched shut)" "0 1" "packets of the default"
}

lengths()
{
	base "$1"
	check sq acl add small default deny \
		rule allow udp from any to any length 0-128 \
		rule allow udp from any to any length 1000-
	check use acl small
	requests l <<-EOT
		$C $W1 udp 5 9 100
		$C $W1 udp 5 9 128
		$C $W1 udp 5 9 129
		$C $W1 udp 5 9 999
		$C $W1 udp 5 9 1000
		$C $W1 udp 5 9 1400
	EOT
	check_arrived l 0 1 4 5
	check_eq "$(matched small)" "2 2 2" "packets by rule and default"
}

lengths_4() { lengths 4; }
lengths_6() { lengths 6; }

# At the server's port the list is for replies; the client is the client there
# as well, and the service the service.
directions()
{
	base "$1"
	check sq acl add back default deny \
		rule allow tcp from "$NET" port 1000-1999 to "$W1" port 443
	check sq service set "$W1" tcp 443 acl back in i3
	requests q <<-EOT
		$D $W1 tcp 1 443 100
	EOT
	check_arrived q 0
	check_eq "$(matched back)" "0 0" "packets by rule and default"
	probe r "$srv1" s1 $M_S1 $M_I3 "$rt" r1 reply <<-EOT
		$C $W1 tcp 999 443 100
		$C $W1 tcp 1000 443 100
		$D $W1 tcp 1000 443 100
	EOT
	check_arrived r 1
	check_eq "$(matched back)" "1 2" "packets by rule and default"
	check_drops 2 acl-denied
	# For requests where they enter, the same list says the same.
	check sq service set "$W1" tcp 443 acl back
	requests again <<-EOT
		$C $W1 tcp 999 443 100
		$C $W1 tcp 1000 443 100
		$D $W1 tcp 1000 443 100
	EOT
	check_arrived again 1
	check_eq "$(matched back)" "2 4" "packets by rule and default"
	probe free "$srv1" s1 $M_S1 $M_I3 "$rt" r1 reply <<-EOT
		$C $W1 tcp 999 443 100
	EOT
	check_arrived free 0
}

directions_4()
{
	# The routers know the way to these clients.
	ns_ip "$pe" <<<"route replace 203.0.112.0/21 via 10.0.0.254"
	directions 4
}

directions_6() { directions 6; }

# One port in the middle of the chain: what comes back from a1, in both
# directions, and nothing else.
ports()
{
	base "$1"
	check sq acl add mid default allow rule deny udp from any port 7
	check sq acl add in default allow rule deny udp from any port 8
	check sq service set "$W1" udp 9 sequence chain acl mid in i1 acl in in i0
	MORE=2 requests p <<-EOT
		$C $W1 udp 6 9 100
		$C $W1 udp 7 9 100
		$C $W1 udp 8 9 100
	EOT
	check_arrived p 0
	check_eq "$(matched mid)" "1 1" "packets at i1"
	check_eq "$(matched in)" "1 2" "packets at i0"
	# Two came so far as to a1: the third was not even sent there.
	check_eq "$(stat_of device a1 sent)" 2 "packets sent to a1"
	MORE=3 probe pr "$srv1" s1 $M_S1 $M_I3 "$rt" r1 reply <<-EOT
		$C $W1 udp 6 9 100
		$C $W1 udp 7 9 100
		$C $W1 udp 8 9 100
	EOT
	check_arrived pr 0 2
	check_eq "$(matched mid)" "2 3" "packets at i1"
	check_eq "$(matched in)" "1 2" "packets at i0"
	check_drops 3 acl-denied
	check_eq "$(sq service show "$W1" udp 9)" \
		"$W1 udp 9 sequence chain acl mid in i1 acl in in i0" "the service"
}

ports_4()
{
	ns_ip "$pe" <<<"route replace 203.0.112.0/21 via 10.0.0.254"
	ports 4
}

ports_6() { ports 6; }

# Every list has to allow a packet; what the first denies, the second does not
# see.
several()
{
	base 4
	check sq acl add one default allow rule deny udp from any port 1
	check sq acl add two default allow rule deny udp from any port 2
	check use acl one acl two
	requests m <<-EOT
		$C $W1 udp 1 9 100
		$C $W1 udp 2 9 100
		$C $W1 udp 3 9 100
	EOT
	check_arrived m 2
	check_eq "$(matched one)" "1 2" "packets of the first list"
	check_eq "$(matched two)" "1 1" "packets of the second list"
}

# What a list denies takes no token of a limit.
limited()
{
	base "$1"
	check sq acl add some default allow rule deny udp from any port 1
	check sq service set "$W1" udp 9 acl some limit 1 pps burst 1
	requests t <<-EOT
		$C $W1 udp 1 9 100
		$C $W1 udp 1 9 100
		$C $W1 udp 2 9 100
	EOT
	check_arrived t 2
	check_eq "$(matched some)" "2 1" "packets by rule and default"
	check_drops 2
	check_drops 2 acl-denied
}

limited_4() { limited 4; }
limited_6() { limited 6; }

# simulated CLIENT: what becomes of a packet that is never sent
simulated()
{
	sq -j trace simulate client "$1" service "$W1" udp 9 | tail -n 1 |
		jq -r '"\(.verdict) \(.reason // "-")"'
}

# A simulated packet is judged as a real one, at ports as well, and not counted.
judged_unsent()
{
	local where

	base "$1"
	check sq acl add some default allow rule deny udp from "$C"
	for where in "" "in i0"; do
		# shellcheck disable=SC2086 # two words or none
		check sq service set "$W1" udp 9 acl some $where
		check_eq "$(simulated "$C")" "drop acl-denied" "denied ($where)"
		check_eq "$(simulated "$D")" "hop -" "allowed ($where)"
	done
	check_eq "$(matched some)" "0 0" "packets by rule and default"
	check_drops 0
}

simulated_4() { judged_unsent 4; }
simulated_6() { judged_unsent 6; }

# A packet without ports is none of a rule that names some, not even port 0.
bare()
{
	local icmp=icmp

	base "$1"
	[ "$F" = 4 ] || icmp=icmpv6
	server_mode srv1 loopback "$W1"
	check sq service add "$W1" $icmp sequence s
	check sq acl add pings default deny \
		rule deny from any port 0-9 rule deny from any to any port 0-9 \
		rule allow $icmp from "$U1" to "$W1"
	check sq service set "$W1" $icmp acl pings acl pings in i3
	check in_ns "$cl" ping -q -c 1 -W "$WAIT" -I "$U1" "$W1"
	check_eq "$(matched pings)" "0 0 2 0" "packets by rule and default"
	check_drops 0
	server_mode srv1 nat "$W1"
}

bare_4() { bare 4; }
bare_6() { bare 6; }

_matched()
{
	[ "$(matched "$1")" = "$2" ]
}

# An error is judged as the packets are that it travels with: the server says in
# its own name that it cannot send a request on, and that is a reply of the
# service.
errors()
{
	base "$1"
	ip -n "$srv1" "-$F" route add unreachable "$W1"
	check sq acl add back default deny rule deny icmp rule deny icmpv6 \
		rule allow udp from "$C" port 5 to "$W1" port 9
	check sq service set "$W1" udp 9 acl back in i3
	requests e <<<"$C $W1 udp 5 9 100"
	check_arrived e 0
	busywait "$WAIT" _matched back "0 0 1 0"
	check_err $? "the error was judged otherwise: $(matched back)"
	check_drops 0 acl-denied
	ip -n "$srv1" "-$F" route del unreachable "$W1"
}

errors_4()
{
	# a host that does not forward says nothing
	ns_sysctl "$srv1" net.ipv4.ip_forward=1
	errors 4
	ns_sysctl "$srv1" net.ipv4.ip_forward=0
}

errors_6() { errors 6; }

# `service set` without a word of it leaves the lists alone; no-acl takes them.
none_again()
{
	base 4
	check sq acl add shut default deny
	check use acl shut
	check sq service set "$W1" udp 9 sequence s
	requests n <<<"$C $W1 udp 1 9 100"
	check_arrived n
	check sq service set "$W1" udp 9 no-acl
	requests o <<<"$C $W1 udp 1 9 100"
	check_arrived o 0
	check_eq "$(sq -j acl show | jq -c '.[] | [.name, .services]')" \
		'["shut",1]' "who uses the list"
	check sq service del "$W1" tcp 443
	check sq acl del shut
}

# Two lists that say the same of these packets by other rules: were a packet
# judged by the rules of one and the verdicts of the other, it would be lost.
replace()
{
	local i sent got distinct last other

	base "$1"
	# W2 is nobody's: whoever would refuse its datagrams would stop the sender.
	server_mode srv1 loopback "$W1"
	{
		echo default deny
		echo allow udp from "$U1" to any port 9
	} >"$TMP/short"
	{
		echo default deny
		for ((i = 1; i <= 200; i++)); do
			echo deny udp from "$U1" port $i to any port 9
		done
		echo allow udp from "$U1" to any port 9
	} >"$TMP/tall"
	check sq acl load one "$TMP/short"
	check sq acl add two default deny rule allow udp
	check sq service set "$W1" udp 9 acl one
	check sq service set "$W2" udp 9 acl two
	for ((i = 0; i < 300; i++)); do
		echo "acl load one $TMP/tall"
		echo "acl load one $TMP/short"
	done >"$TMP/changes"

	mkfifo "$TMP/sf" "$TMP/sc" "$TMP/of"
	in_ns "$srv1" $PY "$TOOLS/udp.pyc" count "$W1" 9 <"$TMP/sc" >"$TMP/count" &
	local counter=$!
	exec {hold}>"$TMP/sc"
	wait_port "$srv1" udp 9 || check_err 1 "no receiver"
	in_ns "$cl" $PY "$TOOLS/udp.pyc" flood "$W1" 9 120 500 "$U1" \
		<"$TMP/sf" >"$TMP/sent" &
	local flooder=$!
	exec {stop}>"$TMP/sf"
	in_ns "$cl" $PY "$TOOLS/udp.pyc" flood "$W2" 9 120 100 "$U2" \
		<"$TMP/of" >"$TMP/other" &
	local neighbour=$!
	exec {stop2}>"$TMP/of"
	busywait "$WAIT" _requested "$W1" 20
	check_err $? "no traffic"
	check sq -b "$TMP/changes"
	exec {stop}>&- {stop2}>&-
	wait $flooder $neighbour
	sent=$(cat "$TMP/sent") other=$(cat "$TMP/other")
	busywait "$WAIT" _requested "$W1" "$sent"
	check_err $? "of $sent datagrams the engine took $(stat_of service "$W1" udp 9 request)"
	busywait "$WAIT" _requested "$W2" "$other"
	check_err $? "of the neighbour's $other datagrams the engine took $(stat_of service "$W2" udp 9 request)"
	exec {hold}>&-
	wait $counter
	rm -f "$TMP/sf" "$TMP/sc" "$TMP/of"
	# Nor may it refuse what the cases after this one send.
	server_mode srv1 nat "$W1"
	read -r got distinct last <"$TMP/count"
	check_eq "$got $distinct $last" "$sent $sent $((sent - 1))" \
		"datagrams (received, distinct, last)"
	check_drops 0
	check_eq "$(matched two)" "$other 0" "packets of the neighbour's list"
	check_eq "$(sq -j acl show | jq -c '.[] | [.name, .generation]' | tr '\n' ' ')" \
		'["one",601] ["two",1] ' "generations"
	[ "$sent" -gt 100 ]
	check_err $? "only $sent datagrams: not much of a test"
	log_info "600 replacements, $sent datagrams"
}

_requested()
{
	[ "$(stat_of service "$1" udp 9 request)" -ge "$2" ]
}

replace_4() { replace 4; }
replace_6() { replace 6; }

# Ten thousand rules, each of another client; only those with odd numbers are
# allowed.
long()
{
	local i start odd

	base 4
	awk 'BEGIN { for (i = 0; i < 10000; i++)
		printf "%s udp from 100.64.%d.%d to any port 9 count c%d\n",
			i % 2 ? "allow" : "deny", i / 250, i % 250 + 1, i }' >"$TMP/rules"
	{
		echo default deny
		cat "$TMP/rules"
	} >"$TMP/list"
	start=${EPOCHREALTIME/./}
	check sq acl load big "$TMP/list"
	log_info "10000 rules loaded in $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
	check sq service set "$W1" udp 9 acl big
	# every 37th, and one of nobody's
	for ((i = 0; i < 10000; i += 37)); do
		echo "100.64.$((i / 250)).$((i % 250 + 1)) $W1 udp 5 9 100"
	done >"$TMP/few"
	echo "100.65.0.1 $W1 udp 5 9 100" >>"$TMP/few"
	requests many <"$TMP/few"
	readarray -t odd < <(seq 1 2 270)
	check_arrived many "${odd[@]}"
	sq -j -s acl show big >"$TMP/big.json"
	check_eq "$(jq -c '.[0] | [(.rules | length), .unmatched.packets, ([.rules[].matched.packets] | add)]' "$TMP/big.json")" \
		"[10000,1,271]" "rules, packets of the default, packets of rules"
	check_eq "$(jq -c '[.[0].rules[] | select(.matched.packets > 0) | .number]' "$TMP/big.json")" \
		"$(jq -nc '[range(1; 10001; 37)]')" "the rules that decided"
	check_eq "$(jq -c '.[0].rules[37] | [.number, .verdict, .from, .count]' "$TMP/big.json")" \
		'[38,"allow","100.64.0.38","c37"]' "a rule"
	sq acl show big | sed '1d; s/^ *[0-9]* //' >"$TMP/shown"
	check_same "$TMP/shown" "$TMP/rules" "what is shown is not what was loaded"
}

# The port of a tie goes and comes again; what comes in by it never goes
# unjudged.
port_comes_back()
{
	local second=02:00:00:00:01:09 i

	base 4
	check sq acl add shut default deny
	for i in 1 2; do
		wire "$rt" r9 02:00:00:00:0a:09 "$pe" i9 $second
		check sq port add i9 role uplink
		[ $i = 2 ] || check sq service set "$W1" udp 9 acl shut in i9
		probe "p$i" "$rt" r9 02:00:00:00:0a:09 $second "$srv1" s1 <<-EOT
			$C $W1 udp 1 9 100
		EOT
		check_arrived "p$i"
		check_eq "$(sq -j service show "$W1" udp 9 | jq '.[0].acls[0]["in-ifindex"]')" \
			"$(ifindex_of "$pe" i9)" "index of the tie's port"
		check_eq "$(matched shut)" $i "packets denied"
		# Renamed, it is the same port.
		check ip -n "$pe" link set i9 down
		check ip -n "$pe" link set i9 name other
		check_eq "$(sq service show "$W1" udp 9)" \
			"$W1 udp 9 sequence s acl shut in other" "the service"
		check ip -n "$pe" link set other name i9
		check ip -n "$pe" link del i9
		check_eq "$(sq service show "$W1" udp 9)" \
			"$W1 udp 9 sequence s acl shut in i9" "the service"
	done
	requests q <<<"$C $W1 udp 1 9 100"
	check_arrived q 0
}

# What "show" prints "load" reads, and the same list comes of it.
show_and_load()
{
	base 4
	check sq acl add full default allow owner svcseqd \
		rule allow tcp from 192.0.2.0/24 port 1-1023 to 198.51.100.1 port 80 length 40-1500 count a.b \
		rule 2 deny ipv6 udp \
		rule deny 47 from 2001:db8::/32 \
		rule allow icmpv6 \
		rule deny from any port 0-9 to any port 65535 length 100-
	sq acl show full >"$TMP/full"
	check_eq "$(cat "$TMP/full")" "full default allow owner svcseqd # rules 5
    1 allow tcp from 192.0.2.0/24 port 1-1023 to 198.51.100.1 port 80 length 40-1500 count a.b
    2 deny ipv6 udp
    3 deny gre from 2001:db8::/32
    4 allow icmpv6
    5 deny from any port 0-9 to any port 65535 length 100-" "the list"
	sq -s acl show full >"$TMP/stats"
	check sq acl load copy "$TMP/full"
	check sq acl load again "$TMP/stats"
	check_eq "$(sq acl show copy)" "$(sed 's/^full/copy/' "$TMP/full")" "the copy"
	check_eq "$(sq acl show again)" "$(sed 's/^full/again/' "$TMP/full")" \
		"the copy of the text with counters"
	check_eq "$(sq -j acl show full | jq -c '.[0] | del(.rules[1:])')" \
		'{"name":"full","default":"allow","owner":"svcseqd","n-rules":5,"services":0,"generation":1,"rules":[{"number":1,"verdict":"allow","family":"ipv4","proto":"tcp","from":"192.0.2.0/24","from-port":{"min":1,"max":1023},"to":"198.51.100.1","to-port":{"min":80,"max":80},"length":{"min":40,"max":1500},"count":"a.b"}]}' \
		"JSON of the list"
}

refusals()
{
	local before

	base 4
	check sq acl add used default deny rule allow tcp
	check use acl used acl used in i0
	before=$(sq acl show used; sq service show)
	check_refused "acl 'used' is used by service $W1 udp 9, one of 2; give it other lists or delete it first" \
		sq acl del used
	check_refused "port 'i0' is where services have 2 access lists; tie these elsewhere first" \
		sq port del i0
	check_refused "acl 'used' exists; change it with 'acl set'" \
		sq acl add used default deny
	check_refused "there is no acl 'none'; add it with 'acl add'" \
		sq acl set none default deny
	check_refused "there is no acl 'none'" sq acl del none
	check_refused "there is no acl 'none'" sq acl show none
	check_refused "there is no acl 'none'" sq service set "$W1" udp 9 acl none
	check_refused "there is no acl 'none'" \
		sq service add 198.51.100.9 udp 9 sequence s acl none
	check_refused "service: acl 'used' is there twice; leave one out" \
		sq service set "$W1" udp 9 acl used acl used
	check_refused "service: acl 'used' is there twice for port i1" \
		sq service set "$W1" udp 9 acl used in i1 acl used in i1
	check_refused "an acl is for port 'i2', which is none; add it with 'port add'" \
		sq service set "$W1" udp 9 acl used in i2
	check_refused "acl 'used': rule 2: 'source' 10.0.0.1/8 has bits beyond the prefix; write 10.0.0.0/8" \
		sq acl set used default allow rule allow tcp rule deny from 10.0.0.1/8
	check_refused "acl 'used': rule 1: 'dport' makes no sense with protocol 1" \
		sq acl set used default allow rule allow icmp to any port 1
	check_refused "acl 'used': rule 1: 'destination' is of another family than the rule" \
		sq acl set used default allow rule allow from 10.0.0.0/8 to 2001:db8::/32
	check_refused "acl 'used': rule 1: 'sport' runs from 9 down to 8; write 8-9" \
		sq acl set used default allow rule allow tcp from any port 9-8
	{
		echo default deny
		yes allow | head -n 65537
	} >"$TMP/much"
	check_refused "acl 'used': 65537 rules are more than the 65536" \
		sq acl load used "$TMP/much"
	check_eq "$(sq acl show used; sq service show)" "$before" "nothing changed"
}

run_cases
