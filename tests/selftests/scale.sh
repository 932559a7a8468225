#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-04
# Timeout: 600
# A million clients cost the engine no memory, in either direction; ten
# thousand services are added in one batch and each is found.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nft jq

CASES="clients_in clients_out services"

# shellcheck disable=SC2034 # read by fam
S1_4=10.0.1.2 S1_6=fd00:1::2

# The debug kernel has not got all day.
CLIENTS=1000000
[ "${KERNEL:-}" != debug ] || CLIENTS=50000

setup()
{
	modprobe -q pktgen
	[ -d /proc/net/pktgen ] || skip_all "no pktgen"
	topo_core || bail "no core"
	topo_server srv1 1 - $M_S1 2 || bail "no server"
	# What arrives is counted and ends there.
	sink "$srv1" s1
	sink "$rt" r1
}

# sink NS DEV: drop service packets where they come in
sink()
{
	in_ns "$1" nft -f - <<-EOT
		table netdev sink {
			chain in {
				type filter hook ingress device "$2" priority 0; policy accept;
				meta l4proto udp counter name got drop
			}
			counter got { }
		}
	EOT
}

sunk()
{
	nft_count "$1" netdev sink got
}

# pktgen NS DEV COUNT COMMAND...: send, and wait until all are sent
pktgen()
{
	local ns=$1 dev=$2 count=$3 c

	shift 3
	{
		in_ns "$ns" sh -c 'echo rem_device_all >/proc/net/pktgen/kpktgend_0'
		in_ns "$ns" sh -c "echo add_device $dev >/proc/net/pktgen/kpktgend_0"
	} || return 1
	for c in "count $count" "pkt_size 60" "clone_skb 0" "delay 0" "$@"; do
		in_ns "$ns" sh -c "echo '$c' >/proc/net/pktgen/$dev" || return 1
	done
	in_ns "$ns" sh -c 'echo start >/proc/net/pktgen/pgctrl'
}

config()
{
	fam 4
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		device add srv1 kind server mode loopback outer i1 mac $M_S1
		sequence add s step srv1
		service add $W1 udp 9 sequence s
	EOT
}

clients_in()
{
	local before args

	config
	args=("dst_mac $M_I0" "dst $W1" "src_min 10.64.0.0" "udp_dst_min 9"
		"udp_dst_max 9")
	# Caches get their first pages.
	check pktgen "$rt" r1 2000 "${args[@]}" "src_max $(address 2000)"
	before=$(kernel_kb)
	check pktgen "$rt" r1 $CLIENTS "${args[@]}" "src_max $(address $CLIENTS)"
	busywait "$WAIT" _sunk "$srv1" $((CLIENTS + 2000))
	check_eq "$(stat_of service "$W1" udp 9 request)" $((CLIENTS + 2000)) "requests"
	flat "$before"
	log_info "$CLIENTS clients: $before kB before, $(kernel_kb) kB after"
	check_drops 0
}

# address N: the Nth address from 10.64.0.0 on
address()
{
	local n=$1

	echo "10.$((64 + n / 65536)).$((n / 256 % 256)).$((n % 256))"
}

_sunk()
{
	[ "$(sunk "$1")" -ge "$2" ]
}

clients_out()
{
	local before args

	config
	args=("dst_mac $M_I1" "src_min $W1" "src_max $W1" "dst_min 10.64.0.0"
		"udp_src_min 9" "udp_src_max 9")
	check pktgen "$srv1" s1 2000 "${args[@]}" "dst_max $(address 2000)"
	before=$(kernel_kb)
	check pktgen "$srv1" s1 $CLIENTS "${args[@]}" "dst_max $(address $CLIENTS)"
	busywait "$WAIT" _sunk "$rt" $((CLIENTS + 2000))
	check_eq "$(stat_of service "$W1" udp 9 reply)" $((CLIENTS + 2000)) "replies"
	flat "$before"
	log_info "$CLIENTS clients: $before kB before, $(kernel_kb) kB after"
	check_drops 0
}

services()
{
	local i start=$SECONDS

	config
	for ((i = 0; i < 10000; i++)); do
		echo "service add 198.18.$((i / 250)).$((i % 250 + 1)) udp $((i % 7 + 1000)) sequence s"
	done >"$TMP/services"
	check sq -b "$TMP/services"
	log_info "10000 services added in $((SECONDS - start)) s"
	check_eq "$(sq -j stats | jq .services)" 10001 "services"

	# One packet for each, and one for none, and see who counted.
	for ((i = 0; i < 7; i++)); do
		check pktgen "$rt" r1 10000 "dst_mac $M_I0" "src_min $U1" "src_max $U1" \
			"dst_min 198.18.0.1" "dst_max 198.18.39.16" \
			"udp_dst_min $((1000 + i))" "udp_dst_max $((1000 + i))"
	done
	sq -j -s service show >"$TMP/list"
	check_eq "$(jq 'length' "$TMP/list")" 10001 "services listed"
	# 10000 addresses in a row hold 9760-odd services, each with one port
	# of seven; every one of these got exactly one packet.
	check_eq "$(jq '[.[] | select(.request.packets > 1)] | length' "$TMP/list")" 0 \
		"services that counted a packet twice"
	check_eq "$(jq '[.[] | select(.request.packets == 1)] | length' "$TMP/list")" \
		"$(awk '{ split($3, a, "."); if (a[3] * 256 + a[4] <= 39 * 256 + 16) n++ } END { print n }' "$TMP/services")" \
		"services that counted their packet"
	start=$SECONDS
	sed 's/ add / del /; s/ sequence s//' "$TMP/services" >"$TMP/delete"
	check sq -b "$TMP/delete"
	log_info "and deleted in $((SECONDS - start)) s"
	check_eq "$(sq -j stats | jq .services)" 1 "services"
}

run_cases
