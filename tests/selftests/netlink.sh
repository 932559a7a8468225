#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: none
# Tags: smoke
# Timeout: 240
# The netlink commands as the tool and others use them: a configuration survives
# saving and restoring; malformed messages, callers without the right and a full
# table get a clear error and change nothing; changes are reported; listings are
# whole.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=cli-common.sh
. "$TESTS_DIR/cli-common.sh"

CASES="
	text_can_be_read_back
	unprivileged_callers
	owners_of_a_namespace
	malformed_messages
	full_table
	changes_are_reported
	lost_changes_are_reported
	listings_are_whole
"

MAX=/sys/module/svcseq/parameters/max_services

text_can_be_read_back()
{
	local noun after before

	fresh
	show_all "$TMP/shown"
	# Everything was written as it is shown.
	check_same "$TMP/shown" "$TMP/everything" "what is shown"
	state before
	check forget_all
	for noun in port device pool sequence service table; do
		check_eq "$(sq "$noun" show)" "" "$noun after all is deleted"
	done
	check sq -b "$TMP/shown"
	show_all "$TMP/again"
	check_same "$TMP/again" "$TMP/shown" "what is shown after reading it back"
	state after
	# All but the last line, which counts the changes.
	check_eq "${after%$'\n'*}" "${before%$'\n'*}" "the same as JSON"
}

unprivileged_callers()
{
	local who command status said before

	fresh
	state before
	for who in "setpriv --reuid 65534 --regid 65534 --clear-groups" \
		   "setpriv --bounding-set -net_admin --inh-caps -net_admin" \
		   "unshare --user --map-root-user"; do
		for command in "port show" "device show fw0" "sequence del all" \
			       "service add 198.51.100.9 tcp 80 sequence short" \
			       "table show" stats monitor; do
			# shellcheck disable=SC2086 # lists of words
			said=$(in_ns "$pe" $who svcseq $command 2>&1)
			status=$?
			check_eq "$status" 2 "status of: $who svcseq $command"
			[[ $said =~ ^Error:\ .*not\ permitted.*CAP_NET_ADMIN.*\.$ ]]
			check_err $? "explanation of: $who svcseq $command ($said)"
		done
	done
	no_change "an unprivileged caller"
}

# Whoever owns a namespace may do what he likes in it.
owners_of_a_namespace()
{
	check setpriv --reuid 65534 --regid 65534 --clear-groups \
		unshare --user --map-root-user --net sh -c '
			ip link add i0 type dummy &&
			svcseq port add i0 role uplink &&
			test "$(svcseq port show)" = "i0 role uplink"'
}

# whole NOUN: a message that makes one, and that needs its last byte
whole()
{
	case $1 in
	port)
		echo port-add PORT_ROLE=u8:1 PORT_IFNAME=s:i66 ;;
	device)
		echo device-add DEVICE_NAME=s:x DEVICE_KIND=u8:2 \
			"DEVICE_ARM+=[ARM_SIDE=u8:0 ARM_MAC=x:020000000131" \
			"ARM_IFINDEX=u32:$(ifindex_of "$pe" i1)]" ;;
	pool)
		echo pool-add POOL_NAME=s:p POOL_POLICY=u8:1 \
			"POOL_MEMBER+=[MEMBER_DEVICE=s:fw0]" ;;
	sequence)
		echo sequence-add SEQUENCE_NAME=s:x "SEQUENCE_STEP+=[STEP_DEVICE=s:end]" ;;
	service)
		echo service-add SERVICE_ADDR4=x:c6336409 SERVICE_PROTO=u8:6 \
			SERVICE_PORT=b16:80 SERVICE_SEQUENCE=s:all ;;
	esac
}

# The messages, with the answers wanted; the sender takes them in one go.
messages()
{
	local arm="ARM_SIDE=u8:0 ARM_IFNAME=s:i1 ARM_MAC=x:020000000131"
	local svc="SERVICE_ADDR4=x:c6336409 SERVICE_PROTO=u8:6"
	local w2="SERVICE_ADDR4=x:c6336402 SERVICE_PROTO=u8:6"
	local step="SEQUENCE_STEP+=[STEP_DEVICE=s:end"
	local bad="(EINVAL|ERANGE) ."

	cat <<-EOF
		# That the sender can send: right ones are taken.
		ok | port-get PORT_IFNAME=s:i0
		ok | --dump port-get
		ok | --dump table-get
		# unknown attributes and commands
		EINVAL . | port-add PORT_IFNAME=s:lo PORT_ROLE=u8:1 99=u32:1
		EINVAL . | port-set PORT_IFNAME=s:i0 PORT_OWNER=u8:9 99=u32:1
		EINVAL . | port-set PORT_IFNAME=s:i0 PORT_OWNER=u8:9 PORT_RECEIVED+=[]
		EINVAL . | service-get $w2 SERVICE_PORT=b16:80 SERVICE_SEQUENCE=s:short
		EINVAL . | service-del $w2 SERVICE_PORT=b16:80 77=x:
		EINVAL . | sequence-add SEQUENCE_NAME=s:x $step 50=u8:1]
		EINVAL . | device-add DEVICE_NAME=s:x DEVICE_KIND=u8:2 DEVICE_ARM+=[$arm 60=x:00]
		EINVAL . | --dump table-get 99=u8:1
		(EOPNOTSUPP|ENOTSUP) | 99
		# wrong sizes
		$bad | port-set PORT_IFNAME=s:i0 PORT_OWNER=u32:9
		$bad | port-set PORT_IFNAME=s:i0 PORT_GATEWAY4=x:c00002
		$bad | port-set PORT_IFNAME=s:i0 PORT_GATEWAY6=x:c0000201
		$bad | port-get PORT_IFNAME=s:0123456789abcdef
		$bad | device-get DEVICE_NAME=s:012345678901234567890123456789012
		$bad | device-get DEVICE_NAME=x:
		$bad | service-add $svc SERVICE_PORT=u8:80 SERVICE_SEQUENCE=s:short
		# numbers that stand for nothing
		$bad | port-add PORT_IFNAME=s:lo PORT_ROLE=u8:2
		$bad | port-get PORT_IFINDEX=u32:0
		$bad | device-add DEVICE_NAME=s:x DEVICE_KIND=u8:5 DEVICE_ARM+=[$arm]
		$bad | device-add DEVICE_NAME=s:x DEVICE_KIND=u8:2 DEVICE_ARM+=[$arm ARM_SIDE=u8:2]
		$bad | service-add SERVICE_ADDR4=x:c6336409 SERVICE_PROTO=u8:50 SERVICE_PORT=b16:80 SERVICE_SEQUENCE=s:short
		$bad | service-add $svc SERVICE_PORT=b16:0 SERVICE_SEQUENCE=s:short
		$bad | service-add $svc SERVICE_PORT=b16:80 SERVICE_PORT_LAST=b16:79 SERVICE_SEQUENCE=s:short
		$bad | service-add $svc SERVICE_PORT=b16:80 SERVICE_PORT_LAST=b16:0 SERVICE_SEQUENCE=s:short
		$bad | service-add $svc SERVICE_PORT=b16:80 SERVICE_PREFIX_LEN=u8:33 SERVICE_SEQUENCE=s:short
		$bad | service-add $svc SERVICE_PORT=b16:80 SERVICE_PREFIX_LEN=u8:129 SERVICE_SEQUENCE=s:short
		$bad | service-add $svc SERVICE_PORT=b16:80 SERVICE_BY=u8:2 SERVICE_SEQUENCE=s:short
		$bad | service-add $svc SERVICE_PORT=b16:80 SERVICE_DYNAMIC_FIRST=b16:90 SERVICE_SEQUENCE=s:short
		$bad | service-add $svc SERVICE_PORT=b16:80 SERVICE_DYNAMIC_FIRST=b16:0 SERVICE_DYNAMIC_LAST=b16:9 SERVICE_SEQUENCE=s:short
		$bad | service-add SERVICE_ADDR4=x:c6336409 SERVICE_PROTO=u8:0 SERVICE_SEQUENCE=s:short
		$bad | service-add SERVICE_ADDR4=x:c6336409 SERVICE_PROTO=u8:255 SERVICE_PORT=b16:80 SERVICE_SEQUENCE=s:short
		$bad | sequence-add SEQUENCE_NAME=s:x $step STEP_COPY+=[COPY_DEVICE=s:ids0 COPY_DIRECTION=u8:4]]
		# what is missing is named
		EINVAL .*role | port-add PORT_IFNAME=s:lo
		EINVAL .*name | device-add DEVICE_KIND=u8:0 DEVICE_ARM+=[$arm]
		EINVAL .*kind | device-add DEVICE_NAME=s:x DEVICE_ARM+=[$arm]
		EINVAL .*sequence | service-add $svc SERVICE_PORT=b16:80
		EINVAL .*addr | service-add SERVICE_PROTO=u8:6 SERVICE_PORT=b16:80 SERVICE_SEQUENCE=s:short
		EINVAL .*step | sequence-add SEQUENCE_NAME=s:x
		EINVAL .*policy | pool-add POOL_NAME=s:p POOL_MEMBER+=[MEMBER_DEVICE=s:fw0]
		EINVAL .*member | pool-add POOL_NAME=s:p POOL_POLICY=u8:0
		EINVAL .*device | pool-add POOL_NAME=s:p POOL_POLICY=u8:0 POOL_MEMBER+=[MEMBER_WEIGHT=u8:1]
		$bad | pool-add POOL_NAME=s:p POOL_POLICY=u8:2 POOL_MEMBER+=[MEMBER_DEVICE=s:fw0]
		$bad | pool-add POOL_NAME=s:p POOL_POLICY=u8:1 POOL_MEMBER+=[MEMBER_DEVICE=s:fw0 MEMBER_WEIGHT=u8:0]
		$bad | pool-set POOL_NAME=s:guards POOL_MEMBER+=[MEMBER_DEVICE=s:fw0 MEMBER_STATE=u8:3]
		$bad | sequence-add SEQUENCE_NAME=s:x $step STEP_ON_FAIL=u8:3]
		EINVAL .*alternate | sequence-add SEQUENCE_NAME=s:x $step STEP_ON_FAIL=u8:2]
		EINVAL .*alternate | sequence-add SEQUENCE_NAME=s:x $step STEP_ALTERNATE=s:fw0]
		# two addresses for one service
		EINVAL . | service-add $svc SERVICE_ADDR6=x:20010db8000000000000000000000001 SERVICE_PORT=b16:80 SERVICE_SEQUENCE=s:short
		# nests that are none, that hold nonsense, that are too many
		EINVAL . | device-add DEVICE_NAME=s:x DEVICE_KIND=u8:2 DEVICE_ARM=[$arm]
		$bad | sequence-add SEQUENCE_NAME=s:x SEQUENCE_STEP+=x:0102
		(EINVAL|E2BIG) . | device-add DEVICE_NAME=s:x DEVICE_KIND=u8:0 DEVICE_ARM+=[$arm] DEVICE_ARM+=[$arm] DEVICE_ARM+=[$arm]
		# names that would confuse people
		EINVAL .*letters | device-add DEVICE_NAME=x:1b5b324a00 DEVICE_KIND=u8:2 DEVICE_ARM+=[$arm]
		# truncated messages, at every byte: none is taken
		none | --every-cut $(whole port)
		none | --every-cut $(whole device)
		none | --every-cut $(whole pool)
		none | --every-cut $(whole sequence)
		none | --every-cut $(whole service)
		# longer than what was sent: no answer, but the next one gets it
		ok | --claim 64 port-get PORT_IFNAME=s:i0
	EOF
}

malformed_messages()
{
	local noun before

	fresh
	for noun in port device pool sequence service; do
		echo "ok | $(whole $noun)"
	done >"$TMP/messages"
	check in_ns "$pe" $PY "$TOOLS/rawnl.pyc" --file "$TMP/messages"
	check_eq "$(sq -j stats | jq -c '[.ports,.devices,.pools,.sequences,.services]')" \
		'[7,10,2,4,4]' "what whole messages make"
	fresh
	state before
	messages >"$TMP/messages"
	check in_ns "$pe" $PY "$TOOLS/rawnl.pyc" --file "$TMP/messages"
	no_change "a malformed message"
}

full_table()
{
	local was status before

	fresh
	was=$(cat "$MAX")
	check_eq "$(sq -j stats | jq .\"max-services\")" "$was" "the limit"
	defer sh -c "echo $was >$MAX"
	echo 4 >"$MAX"
	check sq service add 198.51.100.3 tcp 80 sequence short
	state before
	fails 2 "there are 4 services already, which is the limit; raise .*max_services" \
		service add 198.51.100.4 tcp 80 sequence short
	seq -f 'service add 198.51.100.%g tcp 80 sequence short' 4 20 |
		sq -force -b - 2>"$TMP/err"
	status=$?
	check_eq "$status" 2 "status of a batch that is too much"
	check_eq "$(wc -l <"$TMP/err")" 17 "refused lines of it"
	no_change "a batch that is too much"
	# What is there can be changed and replaced.
	check sq service set 198.51.100.3 tcp 80 sequence all
	check sq service del 198.51.100.3 tcp 80
	check sq service add 198.51.100.4 tcp 80 sequence short
	check sq service del 198.51.100.4 tcp 80
}

# listens N: so many listen to changes
listens()
{
	in_ns "$pe" awk '$2 == 16 && $4 != "00000000" { n++ }
		END { exit n < '"$1"' }' /proc/net/netlink
}

# lines FILE N: it has that many
lines()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

changes_are_reported()
{
	fresh
	bg_ns text "$pe" svcseq monitor
	bg_ns json "$pe" svcseq -j -p monitor
	check busywait "$WAIT" listens 2
	check sq -b - <<-EOF
		port set i1 owner 4
		device add x kind tap outer i1 mac $M:01:0c
		device del x
		sequence add x step end
		sequence set x uplink i0 step srv1
		service add 198.51.100.9 tcp 80 sequence x
		service set 198.51.100.9 tcp 80 sequence short
		service del 198.51.100.9 tcp 80
		sequence del x
		pool add g policy primary member fw0 member vpn0
		pool set g member fw0 state down
		pool del g
	EOF
	# What was refused is not reported.
	sq port del i1 2>/dev/null
	check ip -n "$pe" link add gone type dummy
	check sq port add gone role device
	check ip -n "$pe" link del gone
	check busywait "$WAIT" lines "$TMP/text.log" 14
	check busywait "$WAIT" lines "$TMP/json.log" 14
	bg_stop text
	bg_stop json
	cat >"$TMP/golden" <<-EOF
		port i1 role device owner 4
		device x kind tap outer i1 mac $M:01:0c
		deleted device x kind tap outer i1 mac $M:01:0c
		sequence x step end
		sequence x uplink i0 step srv1
		service 198.51.100.9 tcp 80 sequence x
		service 198.51.100.9 tcp 80 sequence short
		deleted service 198.51.100.9 tcp 80 sequence short
		deleted sequence x uplink i0 step srv1
		pool g policy primary member fw0 member vpn0
		pool g policy primary member fw0 state down member vpn0
		deleted pool g policy primary member fw0 state down member vpn0
		port gone role device
		deleted port gone role device
	EOF
	check_same "$TMP/text.log" "$TMP/golden" "what monitor says"
	check_eq "$(jq -r '[.noun,.deleted]|join(" ")' "$TMP/json.log" | tr '\n' ',')" \
		"port false,device false,device true,sequence false,sequence false,service false,service false,service true,sequence true,pool false,pool false,pool true,port false,port true," \
		"the same as JSON"
	check_eq "$(wc -l <"$TMP/json.log")" 14 "lines of JSON"
}

# monitor_small NAME OPTION...: in the background, with the buffer for events
# that every socket has: the two calls that ask for a larger one fail
monitor_small()
{
	local name=$1
	shift

	strace -D -qq -o "$TMP/$name.trace" -e trace=setsockopt \
		-e inject=setsockopt:error=EPERM:when=4..5 \
		svcseq -n "$pe" "$@" monitor >"$TMP/$name.log" &
	printf -v "$name" %s "$!"
	defer kill -KILL "$!"
	disown "$!"
}

lost_changes_are_reported()
{
	local text='' json=''

	command -v strace >/dev/null || { skip_case "no strace"; return; }
	fresh
	monitor_small text
	monitor_small json -j
	check busywait "$WAIT" listens 2
	check_eq "$(grep -c 'SO_RCVBUF.*INJECTED' "$TMP/text.trace")" 2 \
		"calls that ask for a larger buffer"
	kill -STOP "$text" "$json"
	# More than fits.
	yes "port set i1 owner 4" | head -n 1500 >"$TMP/many"
	check sq -b "$TMP/many"
	kill -CONT "$text" "$json"
	check busywait "$WAIT" grep -q '^events were lost' "$TMP/text.log"
	check busywait "$WAIT" grep -q '^{"lost":true}$' "$TMP/json.log"
	# They go on.
	check busywait "$WAIT" told '^port i1 role device owner 77$' "$TMP/text.log"
	check busywait "$WAIT" told '"owner":"77"' "$TMP/json.log"
}

# told PATTERN FILE: once more a change, for the socket may still have been full
# when the last one was made
told()
{
	sq port set i1 owner 77 && grep -q "$1" "$2"
}

# sent N: the traced tool has sent so many messages. The first finds the family,
# the second asks for the listing, and each one more asks for it again.
sent()
{
	[ "$(grep -c '^sendto' "$TMP/trace")" -ge "$1" ]
}

# lines_of FILE: again and again, without a new process, which would be a pause
lines_of()
{
	local lines

	lines=$(<"$1")
	while printf '%s\n' "$lines"; do
		:
	done 2>/dev/null
}

# A listing that met a change is taken again. At every moment there is the
# first service or the last one; what a slow reader sees in parts would miss
# both sooner or later.
listings_are_whole()
{
	local first="198.18.0.1 tcp 80" last="198.18.0.2 tcp 80"
	local i listing storm

	command -v strace >/dev/null || { skip_case "no strace"; return; }
	fresh
	{
		echo "service add $first sequence short"
		for i in 1 2 3 4; do
			seq -f "service add 203.0.113.%g tcp 10$i sequence short" 1 200
		done
	} >"$TMP/many"
	check sq -b "$TMP/many"
	for i in {1..100}; do
		echo "service add $last sequence short"
		echo "service del $first"
		echo "service add $first sequence short"
		echo "service del $last"
	done >"$TMP/storm"
	for i in 1 2 3; do
		# The one before ended anywhere.
		sq service add $first sequence short 2>/dev/null
		sq service del $last 2>/dev/null
		svcseq -n "$pe" -b <(lines_of "$TMP/storm") &
		storm=$!
		strace -qq -o "$TMP/trace" -e trace=sendto,recvmsg \
			-e inject=recvmsg:delay_enter=100000 \
			svcseq -n "$pe" service show >"$TMP/list" &
		listing=$!
		# Peace as soon as it has begun again.
		busywait "$WAIT" sent 3 >/dev/null
		check_err $? "the listing was not taken again"
		kill "$storm"
		wait "$storm"
		check_eq $? 143 "status of the changes, which were to go on for ever"
		wait "$listing"
		check_err $? "the listing"
		check_eq "$(sort "$TMP/list" | uniq -d)" "" "what is listed twice"
		check_eq "$(grep -c '^203\.0\.113\.' "$TMP/list")" 800 \
			"services that were there all the time"
		check grep -qE "^($first|$last) " "$TMP/list"
	done
}

run_cases
