# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Helpers for the selftests; README.rst beside this file explains their use.
# A test sources this file, lists its cases in CASES, defines a function for
# each (and setup, if they share a topology), and ends with `run_cases`.

# Exit codes of kselftest.
readonly KSFT_PASS=0 KSFT_FAIL=1 KSFT_SKIP=4

TESTS_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
TEST_NAME=$(basename "$0")
TMP=$(mktemp -d "${TMPDIR:-/tmp}/svcseq-${TEST_NAME%.*}.XXXXXX") || exit 1
export TMP TESTS_DIR

# The programs of tests/tools, built.  Python is a third of what many tests do,
# and most of that is its start: so without all that it does for everybody.
# shellcheck disable=SC2034 # for the tests
TOOLS=${SVCSEQ_TOOLS:-$TESTS_DIR/../tools}
# shellcheck disable=SC2034 # for the tests
PY="python3 -S -E -B"

# How long the waiting helpers wait when nothing is said, in seconds.  The
# debug kernel under emulation is slow; a good run never waits this long.
: "${WAIT:=30}"
[ "${KERNEL:-}" != debug ] || WAIT=$((WAIT * 3))

# --- messages -------------------------------------------------------------

# A line for the reader of the log.
log_info()
{
	local line

	while IFS= read -r line; do
		printf '# %s\n' "$line"
	done <<<"$*"
}

# --- what is undone at the end ----------------------------------------------

# One list per scope: 0 is the whole script, 1 is the case that runs.
_defer_scope=0
declare -a _defer_0=() _defer_1=()

# defer COMMAND [ARG...]: run it when the case (or, outside of a case, the
# script) ends, last one first.
defer()
{
	local cmd

	printf -v cmd '%q ' "$@"
	if [ "$_defer_scope" -eq 1 ]; then
		_defer_1+=("$cmd")
	else
		_defer_0+=("$cmd")
	fi
}

_run_defers()
{
	local -n list=_defer_$1
	local i

	for ((i = ${#list[@]} - 1; i >= 0; i--)); do
		eval "${list[i]}" >/dev/null 2>&1
	done
	list=()
}

_at_exit()
{
	local rc=$?

	trap - EXIT INT TERM
	_run_defers 1
	_run_defers 0
	rm -rf "$TMP"
	exit "$rc"
}
trap _at_exit EXIT
trap 'exit 1' INT TERM

# --- waiting ----------------------------------------------------------------

exec {_rest}<> <(:)

# busywait SECONDS COMMAND [ARG...]: repeat the command until it succeeds, and
# print what it printed then.  Fails, with the last output, when time is up.
busywait()
{
	local limit=$1 start=$SECONDS out
	shift

	while :; do
		if out=$("$@" 2>&1); then
			[ -z "$out" ] || printf '%s\n' "$out"
			return 0
		fi
		if ((SECONDS - start >= limit)); then
			[ -z "$out" ] || printf '%s\n' "$out"
			return 1
		fi
		# Nothing ever comes here: a short rest for the few processors,
		# without a process of its own.
		read -rt 0.02 -u "$_rest" || :
	done
}

# not COMMAND [ARG...]: succeeds when the command fails.  For busywait, where a
# bare `!` cannot stand.
not()
{
	! "$@"
}

# --- the result of a case ---------------------------------------------------

_ret=0
_why=

# check_err STATUS MESSAGE: the case fails if STATUS is not 0.  The first
# message is the one shown.
check_err()
{
	local status=$1
	shift

	[ "$status" -eq 0 ] && return 0
	[ -n "$_why" ] || _why=$*
	log_info "failed: $* (status $status)"
	_ret=$KSFT_FAIL
	return 1
}

# check_fail STATUS MESSAGE: the case fails if STATUS is 0.
check_fail()
{
	local status=$1
	shift

	[ "$status" -ne 0 ] && return 0
	check_err 1 "$* (it worked, but must not)"
}

# check_eq GOT WANTED MESSAGE: the case fails if the two texts differ.
check_eq()
{
	local got=$1 want=$2
	shift 2

	[ "$got" = "$want" ] && return 0
	log_info "got:    $got"
	log_info "wanted: $want"
	check_err 1 "$*"
}

# check_same GOT_FILE WANTED_FILE MESSAGE: the same for files, with a diff.
check_same()
{
	local got=$1 want=$2 out
	shift 2

	out=$(diff -u "$want" "$got" 2>&1) && return 0
	log_info "$out"
	check_err 1 "$*"
}

# check COMMAND [ARG...]: run it; the case fails, with what it said, if it fails.
check()
{
	local out status

	out=$("$@" 2>&1)
	status=$?
	[ "$status" -eq 0 ] && return 0
	[ -z "$out" ] || log_info "$out"
	check_err "$status" "$*"
}

# check_refused PATTERN COMMAND [ARG...]: the command must fail, and what it
# says must match the extended regular expression.
check_refused()
{
	local pattern=$1 out status
	shift

	out=$("$@" 2>&1)
	status=$?
	if [ "$status" -eq 0 ]; then
		check_err 1 "$* (it worked, but must not)"
	elif ! grep -qE -- "$pattern" <<<"$out"; then
		log_info "it said: $out"
		check_err 1 "$* (refused, but not with '$pattern')"
	fi
}

# skip_case REASON: the case counts as skipped, unless it has failed already.
# Return from the case after it.
skip_case()
{
	[ "$_ret" -eq 0 ] || return 0
	_ret=$KSFT_SKIP
	_why=$*
}

# skip_all REASON: nothing of this test can run here.
skip_all()
{
	echo "TAP version 13"
	echo "1..0 # SKIP $*"
	exit "$KSFT_SKIP"
}

# bail REASON: the common setup failed, there is no use in going on.
bail()
{
	echo "Bail out! $*"
	exit "$KSFT_FAIL"
}

# must COMMAND [ARG...]: for setup: ends the whole test if the command fails.
must()
{
	local out

	out=$("$@" 2>&1) || {
		log_info "$out"
		bail "failed: $*"
	}
	[ -z "$out" ] || printf '%s\n' "$out"
}

# run_cases: run setup if there is one, then all of CASES, and exit.  In the
# script's own shell, so that a case can use what the one before it left.
run_cases()
{
	local cases case n=0 failed=0 skipped=0 start

	read -rd '' -a cases <<<"${CASES:?a test lists its cases in CASES}" || :
	for case in "${cases[@]}"; do
		declare -F "$case" >/dev/null || bail "no function $case"
	done
	echo "TAP version 13"
	if declare -F setup >/dev/null; then
		setup
		[ "$_ret" -eq 0 ] || bail "setup: $_why"
	fi
	echo "1..${#cases[@]}"
	for case in "${cases[@]}"; do
		n=$((n + 1))
		_ret=0
		_why=
		_defer_scope=1
		start=$SECONDS
		"$case"
		_run_defers 1
		_defer_scope=0
		case $_ret in
		"$KSFT_PASS")
			echo "ok $n $case # $((SECONDS - start)) s" ;;
		"$KSFT_SKIP")
			skipped=$((skipped + 1))
			echo "ok $n $case # SKIP $_why" ;;
		*)
			failed=$((failed + 1))
			echo "not ok $n $case # $((SECONDS - start)) s: $_why" ;;
		esac
	done
	[ "$failed" -eq 0 ] || exit "$KSFT_FAIL"
	[ "$skipped" -lt "$n" ] || exit "$KSFT_SKIP"
	exit "$KSFT_PASS"
}

# --- what a test needs ------------------------------------------------------

# need_cmd COMMAND...: skip the whole test if one is missing.
need_cmd()
{
	local c

	for c in "$@"; do
		command -v "$c" >/dev/null || skip_all "no $c here"
	done
}

# kernel_at_least MAJOR.MINOR
kernel_at_least()
{
	local have

	have=$(uname -r | cut -d. -f1,2)
	[ "$(printf '%s\n' "$1" "${have%%-*}" | sort -V | head -n 1)" = "$1" ]
}

# --- the module -------------------------------------------------------------

module_loaded()
{
	[ -d /sys/module/svcseq ]
}

# module_load [PARAMETER=VALUE...]
module_load()
{
	module_loaded || insmod "${SVCSEQ_KO:?}" "$@"
}

# A namespace that was just deleted holds the module until the kernel got round
# to it, so unloading may need a moment.
module_unload()
{
	module_loaded || return 0
	busywait "$WAIT" rmmod svcseq
}

# --- hosts ------------------------------------------------------------------

# setup_ns NAME...: a network namespace each, its real name in the variable
# NAME; gone when the script (or the case that made it) ends.
# IPv6 addresses are usable at once (no duplicate address detection) and no
# router solicitations disturb captures.
setup_ns()
{
	local name ns

	for name in "$@"; do
		printf -v ns '%s-%04x%02x' "${name//_/-}" $((SRANDOM & 0xffff)) \
			$((SRANDOM & 0xff))
		ip netns add "$ns" || bail "cannot make namespace $ns"
		defer del_ns "$ns"
		printf -v "$name" %s "$ns"
		ns_sysctl "$ns" \
			net.ipv6.conf.all.accept_dad=0 \
			net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.all.router_solicitations=0 \
			net.ipv6.conf.default.router_solicitations=0 ||
			bail "cannot set up namespace $ns"
		ip -n "$ns" link set lo up
	done
}

# del_ns NS: end what runs in it, and remove it.
del_ns()
{
	local pid

	for pid in $(ip netns pids "$1" 2>/dev/null); do
		kill -KILL "$pid"
	done
	ip netns del "$1"
}

# in_ns NS COMMAND [ARG...]: in the network namespace only.  What `ip netns exec`
# does besides, a view of the mounts with a /sys of its own, takes about as long as
# a small program.
in_ns()
{
	local ns=$1
	shift

	nsenter --net="/run/netns/$ns" "$@"
}

# ns_sysctl NS KEY=VALUE...
ns_sysctl()
{
	local ns=$1
	shift

	in_ns "$ns" sysctl -qw "$@"
}

# link_ns NS1 DEV1 NS2 DEV2 [MAC1 [MAC2]]: a cable between the two, both up.
link_ns()
{
	ip -n "$1" link add "$2" ${5:+address "$5"} type veth \
		peer name "$4" netns "$3" ${6:+address "$6"} &&
		ip -n "$1" link set "$2" up &&
		ip -n "$3" link set "$4" up &&
		busywait "$WAIT" link_is_up "$1" "$2"
}

link_is_up()
{
	[[ $(ip -n "$1" -br link show dev "$2") == *LOWER_UP* ]]
}

# addr_ns NS DEV ADDRESS/LEN...: v4 or v6
addr_ns()
{
	local ns=$1 dev=$2 a
	shift 2

	for a in "$@"; do
		case $a in
		*:*) ip -n "$ns" addr add "$a" dev "$dev" nodad ;;
		*) ip -n "$ns" addr add "$a" dev "$dev" ;;
		esac || return 1
	done
}

mac_of()
{
	local mac

	read -r _ _ mac _ < <(ip -n "$1" -br link show dev "$2") &&
		echo "$mac"
}

ifindex_of()
{
	local n

	read -r n _ < <(ip -n "$1" -o link show dev "$2") && echo "${n%:}"
}

# dev_stat NS DEV COUNTER: such as rx_packets or tx_dropped
dev_stat()
{
	ip -n "$1" -j -s link show dev "$2" |
		jq ".[0].stats64.${3%%_*}.${3#*_}"
}

# nft_count NS FAMILY TABLE COUNTER: packets that a named counter has counted
nft_count()
{
	local out

	out=$(in_ns "$1" nft list counter "${@:2}") || return
	[[ $out =~ packets\ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# --- things that run beside the test ----------------------------------------

# bg_ns NAME NS COMMAND [ARG...]: start it in the namespace; output in
# $TMP/NAME.log, process id in $TMP/NAME.pid, ended with the scope.
bg_ns()
{
	local name=$1 ns=$2
	shift 2

	nsenter --net="/run/netns/$ns" "$@" </dev/null >"$TMP/$name.log" 2>&1 &
	echo $! >"$TMP/$name.pid"
	defer bg_stop "$name"
}

# bg_stop NAME [SIGNAL]: end it and wait until it is gone.
bg_stop()
{
	local pid

	pid=$(cat "$TMP/$1.pid" 2>/dev/null) || return 0
	rm -f "$TMP/$1.pid"
	kill "-${2:-TERM}" "$pid" 2>/dev/null
	busywait "$WAIT" _ended "$pid" || kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	return 0
}

# Gone, or a zombie that waits for us.
_ended()
{
	local stat

	read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
	[[ $stat == *") Z "* ]]
}

# wait_port NS tcp|udp PORT: until somebody listens there.
wait_port()
{
	busywait "$WAIT" _listening "$@"
}

_listening()
{
	[ -n "$(in_ns "$1" ss -Hnl "--$2" "sport = :$3")" ]
}

# wait_log FILE PATTERN: until a line of the file matches.
wait_log()
{
	busywait "$WAIT" grep -qE -- "$2" "$1"
}

# --- captures ---------------------------------------------------------------

# capture_start NAME NS DEV [FILTER...]: record what passes the device, both
# ways, into $TMP/NAME.pcap.  Returns when it really records.
# The kernel's ring has places of one size, so a small one (the first SNAPLEN
# bytes of a packet, 2048 when nothing is said) makes room for thousands.
capture_start()
{
	local name=$1 ns=$2 dev=$3
	shift 3

	nsenter --net="/run/netns/$ns" tcpdump -i "$dev" -n -U -s "${SNAPLEN:-2048}" -B 8192 \
		--immediate-mode -Z root -w "$TMP/$name.pcap" "$@" \
		</dev/null >"$TMP/$name.tcpdump" 2>&1 &
	echo $! >"$TMP/$name.pid"
	defer bg_stop "$name" INT
	busywait "$WAIT" grep -q 'listening on' "$TMP/$name.tcpdump" || {
		log_info "$(cat "$TMP/$name.tcpdump")"
		check_err 1 "no capture on $dev of $ns"
	}
}

# tcpdump takes packets singly out of the ring and writes each at once, so when
# it sleeps the ring is empty and the file complete.  To be told from a moment
# on its way there, it has to sleep three times in a row.
_capture_settled()
{
	local pid stat

	pid=$(cat "$TMP/$1.pid") || return 0
	for _ in 1 2 3; do
		read -r stat 2>/dev/null <"/proc/$pid/stat" || return 0
		[[ $stat == *") S "* ]] || return 1
		read -rt 0.01 -u "$_rest"
	done
	return 0
}

# capture_stop NAME: everything that passed until now is in the file; fails the
# case if packets were lost on the way into it.
capture_stop()
{
	busywait "$WAIT" _capture_settled "$1" >/dev/null ||
		check_err 1 "capture $1 does not come to rest"
	bg_stop "$1" INT
	if grep -E 'packets? dropped by kernel' "$TMP/$1.tcpdump" |
	   tail -n 1 | grep -qv '^0 '; then
		check_err 1 "capture $1 lost packets"
	fi
}

# capture_show NAME [FILTER...]: one line per packet, with link addresses.
capture_show()
{
	local name=$1
	shift

	tcpdump -r "$TMP/$name.pcap" -n -e -t "$@" 2>/dev/null
}

# capture_count NAME [FILTER...]
capture_count()
{
	capture_show "$@" | grep -c .
}

# --- connection tracking ------------------------------------------------------

# conntrack_count NS
conntrack_count()
{
	in_ns "$1" cat /proc/sys/net/netfilter/nf_conntrack_count 2>/dev/null ||
		echo 0
}

# check_no_conntrack NS: the case fails if the namespace tracks a connection.
# To be told apart from a kernel that tracks nothing at all, some other
# namespace of the test should have entries: see conntrack_count.
check_no_conntrack()
{
	local n

	n=$(conntrack_count "$1")
	[ "$n" -eq 0 ] && return 0
	log_info "$(in_ns "$1" conntrack -L 2>/dev/null)"
	check_err 1 "$n connections tracked in $1"
}
