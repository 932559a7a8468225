#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: X-09
# Tags: slow
# Timeout: 900
# A million services are added in one batch, listed and deleted, by name and with
# the module, and no processor stands still meanwhile: the kernel's detector of soft
# lockups is told to bear one of four seconds at most.
# Ten writers at once leave what each of them has written.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq jq awk

CASES="a_million ten_writers"

# The debug kernel has not got all day, nor the memory.
N=1000000
[ "${KERNEL:-}" != debug ] || N=30000

setup()
{
	defer sysctl -qw "kernel.watchdog_thresh=$(cat /proc/sys/kernel/watchdog_thresh)"
	sysctl -qw kernel.watchdog_thresh=2
	[ "$(cat /proc/sys/kernel/soft_watchdog)" = 1 ] ||
		bail "no detector of soft lockups"
	module_load
}

# config NS: the engine of that namespace, with a port and a server
config()
{
	ip -n "$1" link add d0 type dummy
	ip -n "$1" link set d0 up
	svcseq -n "$1" -b - <<-EOT
		port add d0 role device
		device add srv1 kind server mode loopback outer d0 mac $M_S1
		sequence add s step srv1
	EOT
	check_err $? "configuration"
}

# services COMMAND FROM TO [WORDS]: a line for each of these services
services()
{
	awk -v c="$1" -v from="$2" -v to="$3" -v w="${4:-}" 'BEGIN {
		for (i = from; i < to; i++)
			printf "service %s %d.%d.%d.%d udp 9 %s\n", c, 11 + i / 16777216,
				i / 65536 % 256, i / 256 % 256, i % 256, w
	}'
}

count()
{
	svcseq -n "$1" -j stats | jq .services
}

# All are listed; a tenth is deleted by name, the others with the module.
a_million()
{
	local big="" before

	before=$(kernel_kb)
	setup_ns big
	config "$big"
	services add 0 $N "sequence s" >"$TMP/batch"
	check svcseq -n "$big" -b "$TMP/batch"
	check_eq "$(count "$big")" $N "services"
	log_info "$(svcseq -n "$big" -j stats | jq -c '{services, "service-bytes"}'), $((($(kernel_kb) - before) * 1024 / N)) bytes seen"
	svcseq -n "$big" service show >"$TMP/list"
	check_eq "$(wc -l <"$TMP/list")" $N "services listed"
	services del 0 $((N / 10)) >"$TMP/batch"
	check svcseq -n "$big" -b "$TMP/batch"
	check_eq "$(count "$big")" $((N - N / 10)) "services left"
	check rmmod svcseq
	defer module_load
	flat "$before" 30720 300
}

# Each of ten processes adds services of its own, deletes half of them and changes
# the rest, while lists are read.
ten_writers()
{
	local crowd="" i pids=() per=$((N / 1000))

	setup_ns crowd
	config "$crowd"
	check svcseq -n "$crowd" sequence add t step srv1
	for ((i = 0; i < 10; i++)); do
		{
			services add $((i * per)) $(((i + 1) * per)) "sequence s"
			services del $((i * per)) $((i * per + per / 2))
			services set $((i * per + per / 2)) $(((i + 1) * per)) "sequence t"
		} >"$TMP/writer$i"
		svcseq -n "$crowd" -b "$TMP/writer$i" >"$TMP/said$i" 2>&1 &
		pids+=($!)
	done
	for ((i = 0; i < 5; i++)); do
		svcseq -n "$crowd" -j service show >"$TMP/list"
		check_err $? "a list while others write"
		check_eq "$(jq '[.[].addr] | length - (unique | length)' "$TMP/list")" 0 \
			"services that a list names twice"
	done
	for i in "${!pids[@]}"; do
		wait "${pids[i]}"
		check_err $? "writer $i: $(head -c 300 "$TMP/said$i")"
	done
	svcseq -n "$crowd" -j service show >"$TMP/list"
	check_eq "$(jq 'length' "$TMP/list")" $((10 * (per - per / 2))) "services"
	check_eq "$(jq -r '[.[].sequence] | unique | join(" ")' "$TMP/list")" t \
		"sequences of these"
	services show $((9 * per + per / 2)) $((10 * per)) |
		awk '{ print $3 }' | sort >"$TMP/want"
	jq -r '.[].addr' "$TMP/list" | sort >"$TMP/have"
	check_eq "$(comm -13 "$TMP/have" "$TMP/want" | wc -l)" 0 \
		"services of the last writer that are missing"
}

run_cases
