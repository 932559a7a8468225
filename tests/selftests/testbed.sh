#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: none
# Tags: smoke
# The helpers of lib.sh do what the other tests take for granted: a check that
# should fail fails, waiting waits, a capture holds every packet and no more,
# and nothing is left of a case that ended.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

left='' right='' alone=''
CASES="
	checks_can_fail
	defers_run_backwards
	busywait_waits_and_gives_up
	capture_is_complete
	hosts_are_apart
	conntrack_is_counted
	module_comes_and_goes
"

setup()
{
	setup_ns left right
	must link_ns "$left" eth0 "$right" eth0 02:00:00:00:00:01 02:00:00:00:00:02
	must addr_ns "$left" eth0 192.0.2.1/24 2001:db8::1/64
	must addr_ns "$right" eth0 192.0.2.2/24 2001:db8::2/64
	# The first packet is not to bring an ARP exchange along.
	must in_ns "$left" ping -q -c 1 -w 10 192.0.2.2
	must in_ns "$left" ping -q -c 1 -w 10 2001:db8::2
}

# _ret is what run_cases judges a case by; here it is looked at and put back.
fails()
{
	"$@" >/dev/null
	[ "$_ret" -eq "$KSFT_FAIL" ] || return 1
	_ret=0
	_why=
}

checks_can_fail()
{
	local wrong=

	fails check_err 1 x || wrong+=" check_err"
	fails check_fail 0 x || wrong+=" check_fail"
	fails check_eq a b x || wrong+=" check_eq"
	fails check false || wrong+=" check"
	fails check_refused . true || wrong+=" check_refused"
	fails check_refused xyz ls /nowhere || wrong+=" check_refused-pattern"
	echo a >"$TMP/a"
	echo b >"$TMP/b"
	fails check_same "$TMP/a" "$TMP/b" x || wrong+=" check_same"
	check_eq "$wrong" "" "these did not fail when they should"
	check_refused 'No such file' ls /nowhere
}

defers_run_backwards()
{
	defer bash -c "echo one >>'$TMP/defers'"
	defer bash -c "echo 'two words' >>'$TMP/defers'"
	_run_defers 1
	check_eq "$(tr '\n' , <"$TMP/defers")" "two words,one," "order of defers"
}

# grown FILE: succeeds the third time
grown()
{
	echo x >>"$1"
	[ "$(wc -l <"$1")" -ge 3 ]
}

busywait_waits_and_gives_up()
{
	check busywait 20 grown "$TMP/grown"
	check_eq "$(wc -l <"$TMP/grown")" 3 "number of tries"
	busywait 1 false
	check_fail $? "waiting for what never comes"
}

capture_is_complete()
{
	local n=500 out

	capture_start all "$right" eth0 icmp or icmp6
	capture_start replies "$right" eth0 'icmp[icmptype] == icmp-echoreply'
	# it ends with the last answer, and may have asked once more by then
	out=$(in_ns "$left" ping -q -f -c $n -w 60 192.0.2.2)
	check_err $? "$out"
	n=$(sed -n 's/^\([0-9]*\) packets transmitted.*/\1/p' <<<"$out")
	[ "${n:-0}" -ge 500 ]
	check_err $? "only ${n:-0} packets were sent"
	check in_ns "$left" ping -q -c 2 -i 0.01 -w 30 2001:db8::2
	capture_stop all
	capture_stop replies
	check_eq "$(capture_count all 'icmp[icmptype] == icmp-echo')" $n "v4 requests"
	check_eq "$(capture_count all 'icmp[icmptype] == icmp-echoreply')" $n "v4 replies"
	check_eq "$(capture_count all 'icmp6 and ip6[40] == 128')" 2 "v6 requests"
	check_eq "$(capture_count replies)" $n "what passed the filter"
	check_eq "$(capture_show replies | grep -c '^02:00:00:00:00:02 > 02:00:00:00:00:01')" \
		$n "link addresses of the replies"
}

hosts_are_apart()
{
	setup_ns alone
	in_ns "$alone" ping -q -c 1 -w 1 192.0.2.2 >/dev/null 2>&1
	check_fail $? "a ping out of a namespace without a cable"
	check_eq "$(mac_of "$right" eth0)" 02:00:00:00:00:02 "address of the cable's end"
	bg_ns listen "$right" socat -t 30 TCP6-LISTEN:7000,fork,reuseaddr EXEC:cat
	check wait_port "$right" tcp 7000
	check_eq "$(echo hello | in_ns "$left" socat -t 30 - 'TCP:[2001:db8::2]:7000')" \
		hello "what came back"
	bg_stop listen
	check_eq "$(in_ns "$right" ss -Hnl --tcp 'sport = :7000')" "" "after bg_stop"
}

conntrack_is_counted()
{
	check check_no_conntrack "$left"
	check in_ns "$right" nft -f - <<-EOF
	table inet t {
		chain c {
			type filter hook input priority 0
			ct state established accept
		}
	}
	EOF
	check in_ns "$left" ping -q -c 1 -w 10 192.0.2.2
	check_eq "$(conntrack_count "$right")" 1 "connections that a stateful filter tracks"
	fails check_no_conntrack "$right"
	check_err $? "check_no_conntrack overlooks a connection"
	check check_no_conntrack "$left"
}

module_comes_and_goes()
{
	check module_load
	check module_loaded
	check module_unload
	module_loaded
	check_fail $? "the module after it was taken out"
	check module_load
}

run_cases
