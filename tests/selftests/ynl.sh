#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-09
# Timeout: 300
# The kernel tree's own ynl command line tool drives the module with nothing
# but our specification: adds, dumps, and hears of changes.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd python3 jq svcseq

CASES="add dump table refusal notifications delete"

YNL=/usr/local/lib/ynl/pyynl/cli.py
SCHEMA=/usr/local/lib/linux/Documentation/netlink/genetlink-legacy.yaml
SPEC=$TESTS_DIR/../../Documentation/netlink/specs/svcseq.yaml
[ -e $YNL ] || skip_all "no ynl here"

setup()
{
	local d

	setup_ns pe
	for d in i0 i1 i2 i3; do
		must ip -n "$pe" link add $d address 02:00:00:00:01:0${d#i} \
			type veth peer name "p$d"
	done
}

ynl()
{
	in_ns "$pe" python3 $YNL --spec "$SPEC" --output-json "$@"
}

# try OPERATION JSON
try()
{
	check ynl --no-schema --do "$@"
}

add()
{
	# Once with the schema, which takes a while, then many at a time.
	check ynl --schema $SCHEMA --do port-add \
		--json '{"ifname": "i0", "role": "uplink", "gateway4": "10.0.0.254", "gateway6": "fd00::fe"}'
	check ynl --no-schema \
		--multi port-add '{"ifname": "i1", "role": "device"}' \
		--multi port-add '{"ifname": "i2", "role": "device"}' \
		--multi port-add '{"ifname": "i3", "role": "device"}' \
		--multi device-add '{"name": "fw0", "kind": "inline",
			"arm": [{"side": "outer", "ifname": "i1", "mac": ["02:00:00:00:0f:00"]},
				{"side": "inner", "ifname": "i2", "mac": ["02:00:00:00:0f:01"]}]}' \
		--multi device-add '{"name": "ids0", "kind": "tap",
			"arm": [{"side": "outer", "ifname": "i1", "mac": ["02:00:00:00:1d:00"]}]}' \
		--multi device-add '{"name": "srv1", "kind": "server", "mode": "nat",
			"nat4": "10.0.3.2", "nat6": "fd00:3::2",
			"arm": [{"side": "outer", "ifname": "i3", "mac": ["02:00:00:00:05:01"]}]}' \
		--multi sequence-add '{"name": "s", "step": [
			{"device": "fw0"},
			{"device": "srv1", "port": 8080,
			 "copy": [{"device": "ids0", "direction": ["request"], "alert-to": "fw0"}]}]}' \
		--multi service-add '{"addr4": "198.51.100.1", "proto": 6, "port": 80, "sequence": "s"}' \
		--multi service-add '{"addr6": "2001:db8:f::1", "proto": 6, "port": 80, "sequence": "s"}'

	# What svcseq itself makes of it.
	check_eq "$(sq -j sequence show s | jq -c '.[0].steps')" \
		'[{"device":"fw0"},{"device":"srv1","port":8080,"copies":[{"tap":"ids0","direction":["request"],"alert-to":"fw0","copy-port":"service"}]}]' \
		"the sequence"
	check_eq "$(sq -j service show | jq length)" 2 "services"
}

dump()
{
	ynl --no-schema --dump device-get >"$TMP/devices"
	check_err $? "device-get dump"
	check_eq "$(jq -c '[.[].name] | sort' "$TMP/devices")" '["fw0","ids0","srv1"]' "devices"
	check_eq "$(jq -r '.[] | select(.name == "srv1") | .mode, .nat4, .nat6' "$TMP/devices" | xargs)" \
		"nat 10.0.3.2 fd00:3::2" "the server"
	check_eq "$(jq -r '.[] | select(.name == "fw0") | .arm[1] | .side, .ifname, .mac[0]' "$TMP/devices" | xargs)" \
		"inner i2 02:00:00:00:0f:01" "the firewall's inner arm"
	ynl --no-schema --dump port-get >"$TMP/ports"
	check_err $? "port-get dump"
	check_eq "$(jq -r '.[] | select(.ifname == "i0") | .role, .gateway4, .gateway6' "$TMP/ports" | xargs)" \
		"uplink 10.0.0.254 fd00::fe" "the uplink"
	ynl --no-schema --dump service-get >"$TMP/services"
	check_err $? "service-get dump"
	check_eq "$(jq -c '[.[].request.packets]' "$TMP/services")" "[0,0]" "counters"
	check_eq "$(ynl --no-schema --do stats-get --json '{}' | jq '.services')" 2 "stats-get"
}

table()
{
	ynl --no-schema --dump table-get >"$TMP/rows"
	check_err $? "table-get dump"
	check_eq "$(jq length "$TMP/rows")" "$(sq -j table show | jq length)" "rows"
	check_eq "$(jq -r '.[] | select(.addr4 and .from == "fw0" and .to == "srv1") |
		."set-addr4", ."set-port", ."dst-mac", ."copy-to"[0]' "$TMP/rows" | xargs)" \
		"10.0.3.2 8080 02:00:00:00:05:01 ids0" "the row to the server"
}

refusal()
{
	check_refused "Netlink error" ynl --no-schema --do device-del --json '{"name": "fw0"}'
	check_refused "Netlink error" ynl --no-schema --do port-add --json '{"ifname": "i0", "role": "device"}'
}

notifications()
{
	bg_ns ntf "$pe" python3 -u $YNL --spec "$SPEC" --no-schema --output-json \
		--subscribe config --duration 600
	# It listens when it hears the first change.
	busywait "$WAIT" _heard
	check_err $? "no notification: $(cat "$TMP/ntf.log")"
	try service-del --json '{"addr4": "198.51.100.1", "proto": 6, "port": 80}'
	wait_log "$TMP/ntf.log" "service-del-ntf"
	check_err $? "no notification of a deletion: $(cat "$TMP/ntf.log")"
	bg_stop ntf
}

_heard()
{
	sq service set 198.51.100.1 tcp 80 sequence s
	grep -q service-ntf "$TMP/ntf.log"
}

delete()
{
	check ynl --no-schema \
		--multi service-del '{"addr6": "2001:db8:f::1", "proto": 6, "port": 80}' \
		--multi sequence-del '{"name": "s"}' \
		--multi device-del '{"name": "srv1"}' \
		--multi port-del '{"ifname": "i3"}'
	check_eq "$(sq -j port show | jq -c '[.[].dev] | sort')" '["i0","i1","i2"]' "ports"
}

run_cases
