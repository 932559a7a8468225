#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-09
# Timeout: 240
# The command line tool: what it prints is JSON where it should be and follows
# the tables of the packet sequencing document; what is wrong gets a clear
# answer and the right exit status, and changes nothing.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=cli-common.sh
. "$TESTS_DIR/cli-common.sh"

CASES="
	json_is_json
	reasons_are_documented
	set_replaces
	wide_services
	tables_as_in_the_document
	device_names_are_followed
	mistakes_are_found_here
	refusals_come_from_the_kernel
	batches
	namespaces
	output_errors
	completion
"

json_is_json()
{
	local noun

	fresh
	for noun in port device pool sequence service table stats; do
		sq -j "$noun" >"$TMP/plain.$noun"
		sq -j -s "$noun" show >"$TMP/compact.$noun"
		sq -jps "$noun" >"$TMP/pretty.$noun"
		check_eq "$(wc -l <"$TMP/compact.$noun")" 1 "$noun: lines of compact JSON"
	done
	# Strict, and all in one process.
	check $PY - "$TMP" <<-'EOF'
		import json, pathlib, sys
		for plain in pathlib.Path(sys.argv[1]).glob("plain.*"):
		    compact = plain.with_name("compact" + plain.suffix)
		    pretty = plain.with_name("pretty" + plain.suffix)
		    json.loads(plain.read_text())
		    assert json.loads(compact.read_text()) == json.loads(pretty.read_text())
		    assert len(pretty.read_text().splitlines()) > 10, plain
	EOF
	check_eq "$(sq -j port show i0 | jq -c '.[0]|[.dev,.role,.gateway,.owner]')" \
		'["i0","uplink",["192.0.2.1","2001:db8::1"],"hand"]' "a port"
	check_eq "$(sq -j -s device show fw0 | jq -c '.[0]|[.sequences,.sent.packets,.arms[1].mac]')" \
		"[2,0,[\"$M:02:01\",\"$M:02:02\"]]" "a device"
	check_eq "$(sq -j pool show guards | jq -c '.[0]|[.policy,.by,[.members[]|[.device,.weight,.state,.active]],.sequences]')" \
		'["spread","addr",[["fw0",2,"up",true],["vpn0",1,"drain",false]],0]' "a pool"
	check_eq "$(sq -j sequence show all | jq -c '.[0].steps[2].copies[0]|del(.["copy-port"])')" \
		'{"tap":"ids1","direction":["reply"],"alert-to":"fw0"}' "a copy"
	check_eq "$(sq -j service show 198.51.100.2 tcp 80 | jq -c '.[0]|[.sequence,.owner,.request]')" \
		'["short","9",null]' "a service"
	check_eq "$(sq -j stats | jq -c '[.ports,.devices,.pools,.sequences,.services]')" \
		'[6,9,1,3,3]' "numbers of objects"
	check_eq "$(sq -j stats bad-source | jq -c .dropped)" \
		'{"bad-source":{"packets":0,"bytes":0}}' "one reason"
}

# Every reason that the module knows is explained to people.
reasons_are_documented()
{
	local manual=$TESTS_DIR/../../Documentation/man/svcseq.8 reason

	check_eq "$(sq -j stats | jq -c '.dropped|[has("bad-source","bad-position","truncated","no-memory","copy-failed")]')" \
		'[true,true,true,true,true]' "some reasons"
	for reason in $(sq -j stats | jq -r '.dropped|keys[]'); do
		check grep -qx "\.It Em $reason" "$manual"
	done
}

set_replaces()
{
	fresh
	check sq port set i0 gateway 192.0.2.254 owner 5
	check_eq "$(sq port show i0)" \
		"i0 role uplink gateway 192.0.2.254 gateway 2001:db8::1 owner 5" "the port"
	check sq device set fw0 kind inline outer i1 mac "$M:01:02"
	check_eq "$(sq device show fw0)" \
		"fw0 kind inline outer i1 mac $M:01:02" "the device"
	check sq pool set guards member vpn0 state up weight 3
	check_eq "$(sq pool show)" \
		"guards policy spread by addr member fw0 weight 2 member vpn0 weight 3 owner 3" \
		"the pool after a change of one member"
	check sq pool set guards policy primary member vpn0
	check_eq "$(sq pool show)" "guards policy primary member vpn0" "the pool"
	check sq sequence set flagship step end
	check_eq "$(sq sequence show flagship)" "flagship step end" "the sequence"
	check_eq "$(sq -j sequence show flagship | jq -c '.[0]|[.services,.generation]')" \
		"[1,1]" "its services and generation"
	check sq service set 198.51.100.1 udp 5555 sequence all
	check_eq "$(sq service show 198.51.100.1 udp 5555)" \
		"198.51.100.1 udp 5555 sequence all" "the service"
}

# Prefixes, ranges, protocols and sides are shown as they are given, can be
# restored from what is shown, and named to delete them.
wide_services()
{
	fresh
	cat >"$TMP/wide" <<-EOF
		device add nsp kind external outer i4 any via 192.0.2.1
		sequence add out from fw0 step nsp
		service add 198.51.100.0/28 tcp 1000-2000 sequence short
		service add 198.51.100.3 tcp 21 dynamic 1025-1125 sequence short
		service add 198.51.100.3 tcp any sequence short
		service add 198.51.100.3 esp sequence short
		service add 198.51.100.3 89 sequence short
		service add 10.0.1.0/24 any by client sequence out
		service add fd00:1::/64 udp 53 by client sequence out owner svcseqd
	EOF
	check sq -b "$TMP/wide"
	sed -n 's/^service add //p' "$TMP/wide" | sort >"$TMP/want"
	sq service show | grep -vE '^(198.51.100.1|198.51.100.2|2001:db8::1:1) ' |
		sort >"$TMP/have"
	check_same "$TMP/have" "$TMP/want" "how services are shown"
	show_all "$TMP/saved"
	sq table show >"$TMP/table.saved"
	forget_all
	check_eq "$(sq -j stats | jq -c '[.services,.places,."place-bytes"]')" "[0,0,0]" "what is left"
	check sq -b "$TMP/saved"
	show_all "$TMP/again"
	check_same "$TMP/again" "$TMP/saved" "what was restored"
	sq table show >"$TMP/table.again"
	check_same "$TMP/table.again" "$TMP/table.saved" "the tables"
	check_eq "$(sq -j service show | jq -c '[.[] | select(.by or .dynamic or (.port | type) == "string") |
		[.addr,.proto,.port,.by,.dynamic]] | sort' )" \
		'[["10.0.1.0/24","any","any","client",null],["198.51.100.0/28","tcp","1000-2000",null,null],["198.51.100.3","89","any",null,null],["198.51.100.3","esp","any",null,null],["198.51.100.3","tcp",21,null,"1025-1125"],["198.51.100.3","tcp","any",null,null],["fd00:1::/64","udp",53,"client",null]]' \
		"the services as JSON"
	check_eq "$(sq -j sequence show out | jq -c '.[0].from')" '"fw0"' "where requests enter"
	state before
	fails 2 "no service 198.51.100.0/29 tcp 1000-2000" table show 198.51.100.0/29 tcp 1000-2000
}

# table FIGURE [PORT]: compare the table of the service with the golden text
table()
{
	cat >"$TMP/golden"
	sq table show 198.51.100.1 tcp "${2:-80}" >"$TMP/table"
	check_same "$TMP/table" "$TMP/golden" "the table of $1"
}

# The tables of Figs 5D, 5G, 5J, 6B, 7B and 8C, with the names and addresses
# of this laboratory.
tables_as_in_the_document()
{
	forget_all
	check sq -b - <<-EOF
		port add i0 role uplink gateway 192.0.2.1
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw kind inline outer i1 mac $M:01:01 inner i2 mac $M:02:01
		device add ids kind tap outer i1 mac $M:01:09
		device add vpn kind inline outer i2 mac $M:02:03
		device add lo kind server mode loopback outer i3 mac $M:03:01
		device add al kind server mode alias outer i3 mac $M:03:02
		device add nat kind server mode nat address 10.0.3.3 outer i3 mac $M:03:03
		sequence add s step lo
		service add 198.51.100.1 tcp 80 sequence s
	EOF
	table "Fig 5D" <<-EOF
		198.51.100.1 tcp 80 sequence s
		  In-if  Src MAC            Src           Dst           Port    -> Type      Out-if  Dst MAC/IP                   Rewrite  Copies
		  i0     any                any           198.51.100.1  tcp/80  loopback lo  i3      $M:03:01            none     -
		  i3     $M:03:01  198.51.100.1  any           tcp/80  client       i0      $M:00:01/192.0.2.1  none     -
	EOF
	check sq sequence set s step al
	table "Fig 5G" <<-EOF
		198.51.100.1 tcp 80 sequence s
		  In-if  Src MAC            Src           Dst           Port    -> Type   Out-if  Dst MAC/IP                   Rewrite  Copies
		  i0     any                any           198.51.100.1  tcp/80  alias al  i3      $M:03:02            none     -
		  i3     $M:03:02  198.51.100.1  any           tcp/80  client    i0      $M:00:01/192.0.2.1  none     -
	EOF
	check sq sequence set s step nat
	table "Fig 5J" <<-EOF
		198.51.100.1 tcp 80 sequence s
		  In-if  Src MAC            Src       Dst           Port    -> Type  Out-if  Dst MAC/IP                   Rewrite              Copies
		  i0     any                any       198.51.100.1  tcp/80  nat nat  i3      $M:03:03            dst := 10.0.3.3      -
		  i3     $M:03:03  10.0.3.3  any           tcp/80  client   i0      $M:00:01/192.0.2.1  src := 198.51.100.1  -
	EOF
	# Fig 6: the second port has its own server.
	check sq sequence add s2 step al
	check sq service add 198.51.100.1 tcp 81 sequence s2
	table "Fig 6B" 81 <<-EOF
		198.51.100.1 tcp 81 sequence s2
		  In-if  Src MAC            Src           Dst           Port    -> Type   Out-if  Dst MAC/IP                   Rewrite  Copies
		  i0     any                any           198.51.100.1  tcp/81  alias al  i3      $M:03:02            none     -
		  i3     $M:03:02  198.51.100.1  any           tcp/81  client    i0      $M:00:01/192.0.2.1  none     -
	EOF
	check sq sequence set s step fw step vpn becomes tcp/8000 step nat copy ids
	table "Fig 7B" <<-EOF
		198.51.100.1 tcp 80 sequence s
		  In-if  Src MAC            Src           Dst           Port      -> Type     Out-if  Dst MAC/IP                   Rewrite              Copies
		  i0     any                any           198.51.100.1  tcp/80    inline fw   i1      $M:01:01            none                 -
		  i2     $M:02:01  any           198.51.100.1  tcp/80    inline vpn  i2      $M:02:03            none                 -
		  i2     $M:02:03  any           198.51.100.1  tcp/8000  nat nat     i3      $M:03:03            dst := 10.0.3.3      ids
		  i1     $M:01:09  any           198.51.100.1  tcp/8000  nat nat     i3      $M:03:03            dst := 10.0.3.3      -
		  i3     $M:03:03  10.0.3.3      any           tcp/8000  inline vpn  i2      $M:02:03            src := 198.51.100.1  ids
		  i2     $M:02:03  198.51.100.1  any           tcp/80    inline fw   i2      $M:02:01            none                 -
		  i1     $M:01:01  198.51.100.1  any           tcp/80    client      i0      $M:00:01/192.0.2.1  none                 -
		  i1     $M:01:09  198.51.100.1  any           tcp/8000  inline vpn  i2      $M:02:03            none                 -
	EOF
	check sq sequence set s step fw step nat port 8080 copy ids
	sq table show 198.51.100.1 tcp 80 >"$TMP/table"
	check_eq "$(grep -c 'dst := 10.0.3.3, port := 8080' "$TMP/table")" 2 \
		"Fig 8C: requests are translated, of the client and of the tap"
	check_eq "$(grep -c 'src := 198.51.100.1, port := 80 ' "$TMP/table")" 1 \
		"Fig 8C: replies are turned back"
	sq -j table show 198.51.100.1 tcp 80 >"$TMP/table.json"
	check_eq "$(jq -c '.[]|select(.target=="nat" and .["in-dev"]=="i2")|[.["match-port"],.["set-addr"],.["set-port"],.["copy-to"]]' "$TMP/table.json")" \
		'[80,"10.0.3.3",8080,["ids"]]' "Fig 8C: the row of the server as JSON"
	check_eq "$(jq -c '[.[].index]|.==(sort|unique)' "$TMP/table.json")" true \
		"rows are numbered"
	# All tables at once, one below the other.
	check_eq "$(sq table show | grep -c 'sequence s')" 2 "tables of all services"
}

device_names_are_followed()
{
	fresh
	ip -n "$pe" link set i5 down
	check ip -n "$pe" link set i5 name 'x#5"'
	check_eq "$(sq port show | tail -n 1)" 'x\x235\x22 role device' \
		"text that a batch reads"
	check_eq "$(sq -j port show | jq -r '.[-1].dev')" 'x#5"' "JSON"
	check sq port show 'x#5"'
	# shellcheck disable=SC1003 # no quotation mark is meant
	check sq -b - <<<'port show x\x235\x22'
	check_eq "$(sq device show br0)" 'br0 kind bridge outer i4 inner x\x235\x22' \
		"the arm"
	check ip -n "$pe" link set 'x#5"' name i5
	check_eq "$(sq device show br0)" "br0 kind bridge outer i4 inner i5" "the arm"
	ip -n "$pe" link set i5 up
}

mistakes_are_found_here()
{
	local before

	fresh
	state before
	fails 1 '"frob" is not a noun: allowed is port, device, pool,' frob
	fails 1 '"s" is not clear as a noun: it may mean sequence, service or stats' s
	fails 1 '"frob" is not a verb of "port": allowed is add, set, del' port frob
	fails 1 '"frob" is not a word of "port add": allowed is role, gateway, owner or answer' \
		port add i0 frob
	fails 1 '"x" is not a role: allowed is uplink or device' port add i0 role x
	fails 1 'needs "role uplink" or "role device"' port add i0
	fails 1 '"1.2.3" is not a gateway: an IPv4 or IPv6 address' \
		port set i0 gateway 1.2.3
	fails 1 '"02:0" is not a MAC address' \
		device add x kind tap outer i1 mac 02:0
	fails 1 'needs "kind"' device add x outer i1
	fails 1 '1 to 31 letters' device add "a b" kind tap outer i1
	fails 1 'x1b\[2J' device add $'\e[2J' kind tap outer i1
	fails 1 'at most 16 steps' sequence add x step a step a step a step a \
		step a step a step a step a step a step a step a step a \
		step a step a step a step a step a
	fails 1 '"http" is not a service port: a number from 1 to 65535' \
		service add 198.51.100.9 tcp http sequence short
	fails 1 '"http" is not a protocol .or a number from 1 to 254.: allowed is tcp, udp, .*any' \
		service add 198.51.100.9 http 80 sequence short
	fails 1 'a prefix of it has 0 to 32 bits' \
		service add 198.51.100.0/33 tcp 80 sequence short
	fails 1 '"x" is one word too many' service del 198.51.100.1 udp 5555 x
	fails 1 'option -b needs the name of a file' -b
	fails 1 'cannot open /nonexistent: No such file' -b /nonexistent
	check_refused '^Usage: svcseq' svcseq
	svcseq >/dev/null 2>&1
	check_eq "$?" 1 "status without words"
	check svcseq -h
	check svcseq -V
}

refusals_come_from_the_kernel()
{
	local before

	fresh
	state before
	fails 2 "svcseq: port 'i0' exists; change it with 'port set'" \
		port add i0 role device
	fails 2 "svcseq: port 'nope': there is no such net device" \
		port add nope role device
	fails 2 "'lo' is not a port; add it with 'port add'" port del lo
	fails 2 "port 'i1' is used by" port del i1
	fails 2 "port 'i1' has role device, which takes no gateway" \
		port set i1 gateway 192.0.2.9
	fails 2 "device 'fw0' exists" device add fw0 kind tap outer i1 mac "$M:01:0b"
	fails 2 "device 'fw0' is used by sequence" device del fw0
	fails 2 "pool 'guards' exists; change it with 'pool set'" \
		pool add guards policy primary member fw0
	fails 2 "there is no pool 'x'; add it with 'pool add'" pool del x
	fails 2 "device 'x': mode nat needs the server's own 'address'" \
		device add x kind server mode nat outer i3 mac "$M:03:09"
	fails 2 "a bridge has two arms" device add x kind bridge outer i4
	fails 2 "port 'i0' of the outer arm is an uplink" \
		device add x kind tap outer i0 mac "$M:00:09"
	fails 2 "no device 'nope'" device show nope
	fails 2 "no device 'nope'" -j device show nope
	fails 2 "sequence 'x': step 'nope' is not a device" sequence add x step nope
	fails 2 "copies to 'fw0', which is no tap" \
		sequence add x step srv1 copy fw0
	fails 2 "sequence 'short' is used by service 198.51.100.2 tcp 80" \
		sequence del short
	fails 2 "service 198.51.100.1 udp 5555 exists" \
		service add 198.51.100.1 udp 5555 sequence short
	fails 2 "no sequence 'nope'|sequence 'nope' is not" \
		service add 198.51.100.9 udp 5555 sequence nope
	fails 2 "no service 198.51.100.9 udp 5555" service del 198.51.100.9 udp 5555
	fails 2 "no service 198.51.100.9 udp 5555" table show 198.51.100.9 udp 5555
	fails 2 "there is no drop reason 'nope'.*attribute name" stats nope
}

batches()
{
	local status

	fresh
	cat >"$TMP/batch" <<-'EOF'
		# a comment, and an empty line

		port set i0 owner 1   # another comment
		port set \
		  "i1" owner 2
		port set nope owner 3
		port set i2 owner 4
		frob
		port set 'i3' owner 5
	EOF
	sq -b "$TMP/batch" 2>"$TMP/err"
	status=$?
	check_eq "$status" 2 "status of a batch that stops"
	check_eq "$(cat "$TMP/err")" \
		"Error: $TMP/batch:6: svcseq: port 'nope': there is no such net device in this namespace." \
		"where it stops"
	check_eq "$(sq port show | grep -o 'owner.*' | tr '\n' ' ')" \
		"owner svcseqd owner 2 owner svcseqd owner 200 " "what was done"
	sq -force -b - <"$TMP/batch" 2>"$TMP/err"
	status=$?
	check_eq "$status" 2 "status of a batch that goes on"
	check_eq "$(cut -d: -f1-3 "$TMP/err" | tr '\n' ' ')" \
		"Error: standard input:6 Error: standard input:8 " "what went wrong"
	check_eq "$(sq port show | grep -o 'owner.*' | tr '\n' ' ')" \
		"owner svcseqd owner 2 owner 4 owner 5 " "what was done"
	sq -b - <<<"port add" 2>/dev/null
	check_eq "$?" 1 "status of a wrong line"
	sq -j -b - >"$TMP/json" <<-EOF
		port show i0
		service show 198.51.100.2 tcp 80
	EOF
	check_eq "$(jq -c 'length' "$TMP/json" | tr '\n' ' ')" "1 1 " \
		"output of a batch"
}

namespaces()
{
	fresh
	check_eq "$(in_ns "$pe" svcseq port show)" "$(sq port show)" "-n and ip netns"
	check_eq "$(svcseq -n "/run/netns/$pe" port show)" "$(sq port show)" \
		"a namespace by its path"
	check_eq "$(svcseq port show)" "" "another namespace"
	check_eq "$(svcseq -j port show)" "[]" "another namespace as JSON"
	check_refused 'cannot open network namespace nope: No such file' \
		svcseq -n nope port show
	svcseq -n nope port show 2>/dev/null
	check_eq "$?" 2 "status without a namespace"
}

output_errors()
{
	local status

	fresh
	sq port show >/dev/full 2>"$TMP/err"
	status=$?
	check_eq "$status" 2 "status with a full disk"
	check_eq "$(cat "$TMP/err")" "Error: cannot write the output." "explanation"
}

# complete_words WORD...: what bash would offer for the last word
complete_words()
{
	in_ns "$pe" bash -c '
		. "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
		COMPREPLY=()
		_svcseq
		printf "%s\n" "${COMPREPLY[@]}"' bash \
		"$TESTS_DIR/../../userspace/completion/svcseq" "$@" | sort | tr '\n' ' '
}

completion()
{
	fresh
	check_eq "$(complete_words svcseq "")" \
		"acl device engine help monitor pool port sequence service stats table trace " "nouns"
	check_eq "$(complete_words svcseq port "")" "add del help set show " "verbs"
	check_eq "$(complete_words svcseq -j device show "")" \
		"br0 end fw0 ids0 ids1 ids2 srv0 srv1 vpn0 " "devices"
	check_eq "$(complete_words svcseq -n "$pe" sequence del f)" "flagship " "sequences"
	check_eq "$(complete_words svcseq pool set "")" "guards " "pools"
	check_eq "$(complete_words svcseq pool set guards member fw0 state "")" \
		"down drain up " "states"
	check_eq "$(complete_words svcseq sequence add x step g)" "guards " \
		"what may stand at a step"
	check_eq "$(complete_words svcseq sequence add x step fw0 copy "")" \
		"ids0 ids1 ids2 " "taps"
	check_eq "$(complete_words svcseq service del "")" \
		"198.51.100.1 198.51.100.2 2001:db8::1:1 " "service addresses"
	check_eq "$(complete_words svcseq device add x kind "")" \
		"bridge external inline server tap " "kinds"
	check_eq "$(complete_words svcseq stats bad-s)" "bad-source " "reasons"
}

run_cases
