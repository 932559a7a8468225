#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: none
# Tags: smoke
# Timeout: 400
# The module, a port's net device or the whole namespace goes away while
# packets are on their way through it: nothing is left behind, nothing breaks,
# and what is set up again works.  The runner looks at the kernel's log after
# this, and for leaks on the debug kernel.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq python3

CASES="module_unload_under_traffic port_deleted_under_traffic
	interface_down_and_up namespace_deleted_under_traffic
	many_namespaces unload_while_configuring"

M_ONE=02:00:00:00:11:01
# shellcheck disable=SC2034 # by its name, in topo_hop
one=""

setup()
{
	build || bail "no topology"
}

build()
{
	topo_core && topo_switch 1 sw40 &&
		topo_hop one 1 "$sw40" $M_ONE 11 &&
		topo_ids "$sw40" &&
		topo_server srv1 3 - $M_S1 2
}

config()
{
	engine_reset || return 1
	engine <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i3 role device
		device add one kind inline outer i1 via 10.0.1.11 via fd00:1::11
		device add ids0 kind tap outer i1 mac $M_IDS
		device add srv1 kind server mode nat address $S1_4 address $S1_6 outer i3 mac $M_S1
		sequence add s step one step srv1 copy ids0
		service add $W1_4 udp 9 sequence s
		service add $W1_6 udp 9 sequence s
	EOT
}

# Datagrams of both families, until the case ends.
traffic_start()
{
	fam 4
	traffic_one 4
	fam 6
	traffic_one 6
	busywait "$WAIT" flowing
	check_err $? "no traffic"
}

traffic_one()
{
	mkfifo "$TMP/stop$1"
	in_ns "$cl" $PY "$TOOLS/udp.pyc" flood "$W1" 9 300 400 \
		<"$TMP/stop$1" >/dev/null 2>&1 &
	printf -v "flood$1" %s $!
	exec {fd}>"$TMP/stop$1"
	printf -v "hold$1" %s "$fd"
}

traffic_stop()
{
	# shellcheck disable=SC2154 # set by traffic_one
	exec {hold4}>&- {hold6}>&-
	# shellcheck disable=SC2154
	wait "$flood4" "$flood6"
	rm -f "$TMP/stop4" "$TMP/stop6"
}

flowing()
{
	local n

	n=$(dev_stat "$srv1" s1 rx_packets)
	busywait 5 _more_rx "$((n + 20))"
}

_more_rx()
{
	[ "$(dev_stat "$srv1" s1 rx_packets)" -ge "$1" ]
}

# users: how often the module is held
users()
{
	cat /sys/module/svcseq/refcnt
}

module_unload_under_traffic()
{
	local i

	config || check_err 1 "configuration"
	traffic_start
	for i in 1 2 3 4 5; do
		rmmod svcseq
		check_err $? "rmmod under traffic, round $i" || break
		[ ! -d /sys/module/svcseq ]
		check_err $? "the module is still there"
		module_load
		check_err $? "insmod"
		config
		check_err $? "configuration after a reload"
		busywait "$WAIT" flowing
		check_err $? "no traffic after reload $i"
	done
	traffic_stop
	check_eq "$(users)" 0 "references to the module"
}

# An interface that is a port is deleted: the port goes with it, the rest
# stays, and when the interface is back the port can be, too.
port_deleted_under_traffic()
{
	local i

	for i in 1 2 3; do
		config || check_err 1 "configuration"
		traffic_start
		ip -n "$pe" link del i3
		check_err $? "link del"
		busywait "$WAIT" not port_there i3
		check_err $? "the port of a device that is gone is still there"
		# What is left can be looked at and changed.
		check sq -s table show
		check sq -s device show
		check sq service del "$W1_4" udp 9
		wire "$pe" i3 $M_I3 "$srv1" s1 $M_S1
		topo_engine_if 3
		ns_ip "$srv1" <<-EOT
			addr add $S1_4/24 dev s1
			addr add $S1_6/64 dev s1 nodad
			route add default via 10.0.3.1
			route add default via fd00:3::1
		EOT
		config
		check_err $? "configuration with the new device"
		busywait "$WAIT" flowing
		check_err $? "no traffic through the new device"
		traffic_stop
	done
}

port_there()
{
	sq -j port show | jq -e --arg d "$1" 'any(.[]; .dev == $d)' >/dev/null
}

interface_down_and_up()
{
	config || check_err 1 "configuration"
	traffic_start
	ip -n "$pe" link set i3 down
	busywait "$WAIT" _some_drops port-down
	check_err $? "no drop as port-down"
	ip -n "$pe" link set i3 up
	busywait "$WAIT" flowing
	check_err $? "no traffic after the interface is up again"
	traffic_stop
}

_some_drops()
{
	[ "$(drops "$1")" -gt 0 ]
}

namespace_deleted_under_traffic()
{
	config || check_err 1 "configuration"
	traffic_start
	# The engine's namespace first, with everything in it.
	ip netns del "$pe"
	traffic_stop
	busywait "$WAIT" module_free
	check_err $? "the module is held after its namespaces went"
	# The rest of this file builds its own.
}

module_free()
{
	[ "$(users)" -eq 0 ]
}

# Engines in several namespaces, that come and go with all they hold.
many_namespaces()
{
	local i n

	for i in 1 2 3 4 5 6 7 8; do
		n=many$i-$$
		ip netns add "$n"
		defer ip netns del "$n"
		ip -n "$n" link add a0 type veth peer name a1
		ip -n "$n" link add b0 type veth peer name b1
		svcseq -n "$n" -b - <<-EOT
			port add a0 role uplink gateway 10.0.0.9
			port add b0 role device
			device add d kind inline outer b0 via 10.0.1.9 via fd00:1::9
			device add e kind server mode nat address 10.0.3.2 outer b0 mac $M_S1
			sequence add s uplink a0 step d step e
			service add $W1_4 tcp 80 sequence s
		EOT
		check_err $? "configuration of namespace $i"
	done
	# All at once.
	for i in 1 2 3 4 5 6 7 8; do
		ip netns del "many$i-$$" &
	done
	wait
	busywait "$WAIT" rmmod svcseq
	check_err $? "the module cannot be unloaded after its namespaces went"
	module_load
	check_err $? "insmod"
}

# Whoever configures while the module goes gets an error, nothing worse.
unload_while_configuring()
{
	local i

	setup_ns pe
	ip -n "$pe" link add a0 type veth peer name a1
	(
		for ((i = 0; i < 200; i++)); do
			echo "port add a0 role uplink"
			echo "port del a0"
		done
	) >"$TMP/churn"
	for i in 1 2 3 4 5; do
		sq -b "$TMP/churn" >/dev/null 2>&1 &
		busywait "$WAIT" rmmod svcseq
		check_err $? "rmmod"
		wait
		module_load
	done
	check sq -j stats
	check_eq "$(users)" 0 "references to the module"
}

run_cases
