# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # the hosts' names come from topo.sh
# What the tests of access lists share: probes, each a packet of its own, and
# which of them arrive.  Sourced after scenario.sh.

# probe NAME NS DEV SMAC DMAC RNS RDEV [reply]: send the probes of the lines on
# standard input; their numbers that arrive at RDEV are in $TMP/NAME.got, in
# order.  The engine has to see all of them, and MORE times some of them again
# within the chain; or another counter, that SEEN prints.
probe()
{
	local name=$1 before sent receiver hold

	cat >"$TMP/$name.probes"
	mkfifo "$TMP/$name.stop"
	in_ns "$6" $PY "$TOOLS/probe.pyc" recv "$7" <"$TMP/$name.stop" \
		>"$TMP/$name.all" 2>"$TMP/$name.log" &
	receiver=$!
	exec {hold}>"$TMP/$name.stop"
	wait_log "$TMP/$name.log" ready
	check_err $? "no receiver"
	before=$(${SEEN:-accounted})
	sent=$(in_ns "$2" $PY "$TOOLS/probe.pyc" send "$3" "$4" "$5" \
		${8:+"$8"} <"$TMP/$name.probes")
	check_eq "$sent" "$(wc -l <"$TMP/$name.probes")" "probes sent"
	busywait "$WAIT" _counted $((before + sent + ${MORE:-0}))
	check_err $? "of $sent probes $(($(${SEEN:-accounted}) - before)) were seen"
	exec {hold}>&-
	wait $receiver
	rm "$TMP/$name.stop"
	sort -n "$TMP/$name.all" >"$TMP/$name.got"
}

# probe_warm: a program's first start is slow, and the cases wait so long only
probe_warm()
{
	$PY "$TOOLS/probe.pyc" 2>/dev/null
	jq -n 1 >/dev/null
}

# accounted: packets that came in for services
accounted()
{
	sq -j -s port show | jq '[.[].received.packets] | add'
}

_counted()
{
	[ "$(${SEEN:-accounted})" -ge "$1" ]
}

# requests NAME: probes from the client's router to the server
requests()
{
	probe "$1" "$rt" r1 $M_R1 $M_I0 "$srv1" s1
}

# check_arrived NAME NUMBER...: these arrived, and no others
check_arrived()
{
	local name=$1

	shift
	check_eq "$(tr '\n' ' ' <"$TMP/$name.got")" "${*:+$* }" \
		"probes that arrived ($name)"
}

# matched ACL: packets that each rule decided on, and then those of the default
matched()
{
	sq -j -s acl show "$1" |
		jq -r '.[0] | [.rules[].matched.packets, .unmatched.packets] | join(" ")'
}

# oracle NAME: a firewall of its own between gen and sink, its name in the
# variable NAME; it forwards what its rules allow from o0 to o1
oracle()
{
	local m=02:00:00:0a

	setup_ns "$1" || return 1
	ns_router "${!1}"
	wire "$gen" "g$1" $m:00:01 "${!1}" o0 $m:00:02
	wire "${!1}" o1 $m:00:03 "$sink" "k$1" $m:00:04
	ns_ip "${!1}" <<-EOT
		addr add 10.1.0.1/24 dev o1
		addr add fd00:a::1/64 dev o1 nodad
		neigh add 10.1.0.2 lladdr $m:00:04 dev o1 nud permanent
		neigh add fd00:a::2 lladdr $m:00:04 dev o1 nud permanent
		route add 198.51.100.0/24 via 10.1.0.2
		route add 2001:db8:f::/64 via fd00:a::2
	EOT
}

# oracle_rules NAME: give it the rules on standard input; what nft makes of them
# is in $TMP/NAME.json
oracle_rules()
{
	in_ns "${!1}" nft flush ruleset &&
		in_ns "${!1}" nft -f - &&
		in_ns "${!1}" nft -j list ruleset >"$TMP/$1.json" &&
		in_ns "${!1}" nft -f - <<-EOT
			table inet seen {
				chain pre {
					type filter hook prerouting priority -400;
					meta l4proto { tcp, udp } counter name every
				}
				counter every { }
			}
		EOT
}

oracle_seen()
{
	nft_count "$ORACLE" inet seen every
}

# oracle_says NAME: what becomes of the probes on standard input there; see probe
oracle_says()
{
	ORACLE=${!1} SEEN=oracle_seen probe "$1" "$gen" "g$1" \
		02:00:00:0a:00:01 02:00:00:0a:00:02 "$sink" "k$1"
}
