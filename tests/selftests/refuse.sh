#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: B-06
# Tags: smoke
# Timeout: 300
# A definition that cannot work is refused as a whole, with a text that names
# what is in the way of what, and nothing changes.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq jq

CASES="ports devices arms steps copies told_apart any_is_alone
	services nat_clash inner_port_clash families in_use sets_change_nothing
	names"

W1=198.51.100.1
W2=198.51.100.2
W3=2001:db8:f::1

setup()
{
	local d

	setup_ns pe
	for d in i0 i1 i2 i3 i4; do
		must ip -n "$pe" link add $d address 02:00:00:00:01:0${d#i} \
			type veth peer name "p$d"
		must ip -n "$pe" link set $d up
	done
	must ip -n "$pe" link add tun0 type dummy
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac 02:00:00:00:0f:00 inner i2 mac 02:00:00:00:0f:01
		device add vpn0 kind inline outer i2 mac 02:00:00:00:0e:00
		device add ids0 kind tap outer i1 mac 02:00:00:00:1d:00
		device add srv1 kind server mode nat address 10.0.3.2 outer i3 mac 02:00:00:00:05:01
		device add srv2 kind server mode loopback outer i3 mac 02:00:00:00:05:02
		device add clone kind inline outer i2 mac 02:00:00:00:0e:00
		sequence add flagship step fw0 step vpn0 becomes tcp/80 step srv1 copy ids0
		sequence add nat step srv1
		sequence add plain step srv2
		service add $W1 udp 5555 sequence flagship
	EOT
}

# Everything that is configured, to see that it stayed.
state()
{
	local noun

	for noun in port device sequence service table; do
		sq -j $noun show
	done
}

# How often anything has changed, and how many there are of each.
count()
{
	local out

	out=$(sq -j stats)
	echo "${out%%\"dropped\"*}"
}

# refused PATTERN COMMAND...: exit status 2, the kernel's text, nothing changed
refused()
{
	local pattern=$1 before out rc
	shift

	before=$(count)
	out=$(sq "$@" 2>&1)
	rc=$?
	log_info "$out"
	check_eq $rc 2 "exit status of: $*"
	[[ $out =~ $pattern ]]
	check_err $? "'$*' said '$out', not '$pattern'"
	check_eq "$(count)" "$before" "'$*' changed something"
}

# unchanged CASE: run it; all is as before
unchanged()
{
	local before

	before=$(state)
	"$@"
	check_eq "$(state)" "$before" "something changed"
}

case_ports()
{
	refused "'i1' exists" port add i1 role device
	refused "lo.*Ethernet" port add lo role device
	refused "i1.*gateway" port set i1 gateway 10.0.1.254
	refused "i1.*used" port del i1
	refused "i1.*used" port set i1 role uplink
	refused "." port del i4
	refused "." port add none0 role device
}

case_devices()
{
	refused "'fw0' exists" device add fw0 kind inline outer i1 mac 02:00:00:00:0f:05
	refused "'nodev'" device set nodev kind inline outer i1 mac 02:00:00:00:0f:05
	refused "'nodev'" device del nodev
	refused "nat.*address" device add x kind server mode nat outer i3 mac 02:00:00:00:05:09
	refused "address.*nat" device add x kind server mode loopback address 10.0.3.9 outer i3 mac 02:00:00:00:05:09
	refused "fw0.*flagship" device del fw0
}

case_arms()
{
	refused "'x'.*uplink" device add x kind inline outer i0 mac 02:00:00:00:0f:05
	refused "'x'.*'i4'" device add x kind inline outer i4 mac 02:00:00:00:0f:05
	refused "'x'.*two arms" device add x kind bridge outer i1
	refused "'x'.*two ports" device add x kind bridge outer i1 inner i1
	refused "'x'.*(mac|via)" device add x kind bridge outer i1 mac 02:00:00:00:0f:05 inner i2
	refused "'x'.*mac.*via" device add x kind inline outer i1
	refused "'x'.*one arm" device add x kind tap outer i1 mac 02:00:00:00:1d:01 inner i2 mac 02:00:00:00:1d:02
	refused "'x'.*one arm" device add x kind server mode alias outer i3 mac 02:00:00:00:1d:01 inner i2 mac 02:00:00:00:1d:02
	refused "'x'.*no address of a station" device add x kind inline outer i1 mac 03:00:00:00:0f:05
	refused "'x'.*address of port 'i1' itself" device add x kind inline outer i1 mac 02:00:00:00:01:01
}

case_steps()
{
	local many

	refused "'x'.*'ids0'" sequence add x step ids0 step srv1
	refused "'x'.*'srv1'.*'fw0'" sequence add x step srv1 step fw0
	refused "'x'.*'fw0'.*no server" sequence add x step fw0
	refused "'nobody'" sequence add x step nobody step srv1
	refused "'flagship' exists" sequence add flagship step srv2
	refused "'srv2'.*becomes" sequence add x step fw0 step srv2 becomes tcp/81
	refused "'x'.*'i1'" sequence add x uplink i1 step srv2
	refused "'x'.*'i4'" sequence add x uplink i4 step srv2
	# The most that fits is 16.
	many=$(for ((i = 0; i < 16; i++)); do printf 'step fw0 '; done)
	# shellcheck disable=SC2086 # words
	sq sequence add x $many step srv2 2>"$TMP/many"
	check_fail $? "a sequence of 17 steps"
	check_eq "$(sq -j sequence show | jq length)" 3 "sequences"
}

case_copies()
{
	refused "'fw0'.*no tap" sequence add x step srv2 copy fw0
	refused "alert-to 'clone'.*no step" sequence add x step srv2 copy ids0 alert-to clone
	refused "'nobody'" sequence add x step srv2 copy nobody
}

# Two steps that the engine could not tell apart.
case_told_apart()
{
	refused "'x'.*step 1 'vpn0'.*step 2 'clone'.*told apart.*'i2'" \
		sequence add x step vpn0 step clone step srv2
	refused "'vpn0'.*'vpn0'.*told apart" \
		sequence add x step vpn0 step fw0 step vpn0 step srv2
	# A change of a device that makes a sequence ambiguous is refused, too.
	check sq sequence add t step fw0 step vpn0 step srv2
	refused "'t'.*'fw0'.*'vpn0'.*told apart" \
		device set vpn0 kind inline outer i2 mac 02:00:00:00:0f:01
	check sq sequence del t
	# With a port of its own for each it can be told.
	check sq sequence add y step vpn0 step fw0 step vpn0 port 90 step srv2
	check sq sequence del y
}

# An arm that takes any source wants its port for itself.
case_any_is_alone()
{
	check sq device add free kind inline outer i2 mac 02:00:00:00:0e:07 any
	refused "'x'.*'(free|vpn0)'.*'(free|vpn0)'" sequence add x step free step vpn0 step srv2
	check sq device del free
}

case_services()
{
	refused "$W1.*exists" service add $W1 udp 5555 sequence plain
	refused "'none'" service add $W2 tcp 80 sequence none
	refused "no service $W2 tcp 80" service set $W2 tcp 80 sequence plain
	refused "no service $W2 tcp 80" service del $W2 tcp 80
}

case_nat_clash()
{
	# The server's port 80 belongs to the flagship's inner packets.
	refused "$W2.*srv1|10.0.3.2.*$W1" service add $W2 tcp 80 sequence nat
	check sq service add $W2 tcp 81 sequence nat
	refused "198.51.100.3.*$W2" service add 198.51.100.3 tcp 81 sequence nat
	# Another port is well.
	check sq service add 198.51.100.3 tcp 82 sequence nat
	# A change of the sequence that would make two of its services clash.
	refused "$W2|198.51.100.3" sequence set nat step srv1 port 8000
	check sq service del 198.51.100.3 tcp 82
	check sq service del $W2 tcp 81
}

case_inner_port_clash()
{
	# Inside of its chain the flagship's packets carry tcp/80.
	refused "$W1.*(chain|carry)" service add $W1 tcp 80 sequence plain
	check sq service add $W1 tcp 81 sequence plain
	refused "$W1" sequence set flagship step fw0 step vpn0 becomes tcp/81 step srv1 copy ids0
	check sq service del $W1 tcp 81
}

case_families()
{
	refused "$W3.*'srv1'.*IPv6" service add $W3 tcp 80 sequence nat
	check sq service add $W3 tcp 80 sequence plain
	refused "$W3|'plain'" sequence set plain step srv1
	check sq service del $W3 tcp 80
}

case_in_use()
{
	refused "'flagship'.*$W1" sequence del flagship
	refused "'srv1'.*'(flagship|nat)'" device del srv1
	refused "i3.*used" port del i3
}

# "set" replaces a description or leaves it alone.
case_sets_change_nothing()
{
	refused "'flagship'.*'ids0'" sequence set flagship step fw0 step ids0 step srv1
	refused "'vpn0'.*" device set vpn0 kind inline outer i4 mac 02:00:00:00:0e:00
	# A tap cannot stand where an inline device stood.
	refused "'flagship'.*'vpn0'" device set vpn0 kind tap outer i2 mac 02:00:00:00:0e:00
	# A server without its address.
	refused "'srv1'.*address" device set srv1 kind server mode nat outer i3 mac 02:00:00:00:05:01
	refused "$W1|IPv4" device set srv1 kind server mode nat address fd00:3::2 outer i3 mac 02:00:00:00:05:01
}

# What is wrong with the command line alone is found before the kernel is
# asked.
case_names()
{
	local long=abcdefghijklmnopqrstuvwxyzabcdefghijklmn

	sq device add $long kind inline outer i1 mac 02:00:00:00:0f:05 2>/dev/null
	check_fail $? "a name that is too long"
	sq device add "" kind inline outer i1 mac 02:00:00:00:0f:05 2>/dev/null
	check_fail $? "an empty name"
	sq service add $W2 tcp 0 sequence plain 2>/dev/null
	check_fail $? "port 0"
	sq service add $W2 icmp 1 sequence plain 2>/dev/null
	check_fail $? "protocol icmp"
}

ports() { unchanged case_ports; }
devices() { unchanged case_devices; }
arms() { unchanged case_arms; }
steps() { unchanged case_steps; }
copies() { unchanged case_copies; }
told_apart() { unchanged case_told_apart; }
any_is_alone() { unchanged case_any_is_alone; }
services() { unchanged case_services; }
nat_clash() { unchanged case_nat_clash; }
inner_port_clash() { unchanged case_inner_port_clash; }
families() { unchanged case_families; }
in_use() { unchanged case_in_use; }
sets_change_nothing() { unchanged case_sets_change_nothing; }
names() { unchanged case_names; }

run_cases
