# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the tests of the command line tool and of the netlink commands share: an
# engine with six net devices, and one definition of everything. Sourced after
# lib.sh.

pe=''

# In the engine's namespace.
sq()
{
	svcseq -n "$pe" "$@"
}

M=02:00:00:00

setup()
{
	local i

	need_cmd jq python3 setpriv
	setup_ns pe
	for i in 0 1 2 3 4 5; do
		must ip -n "$pe" link add "i$i" address "$M:0$i:fe" type dummy
		must ip -n "$pe" link set "i$i" up
	done
	# no port yet; with its final zero the name fills four bytes
	must ip -n "$pe" link add i66 type dummy
	must ip -n "$pe" neigh add 192.0.2.1 lladdr "$M:00:01" dev i0 \
		nud permanent
}

# Everything that a command may say, in the order in which it can be made.
everything()
{
	cat <<-EOF
		port add i0 role uplink gateway 192.0.2.1 gateway 2001:db8::1
		port add i1 role device
		port add i2 role device owner svcseqd
		port add i3 role device owner 200
		port add i4 role device
		port add i5 role device
		device add fw0 kind inline outer i1 mac $M:01:01 inner i2 mac $M:02:01,$M:02:02
		device add vpn0 kind inline outer i2 mac $M:02:03 via 10.0.2.3 via fd00:2::3 owner 3
		device add ids0 kind tap outer i1 mac $M:01:09
		device add ids1 kind tap outer i1 mac $M:01:0a
		device add ids2 kind tap outer i1 mac $M:01:0b
		device add br0 kind bridge outer i4 inner i5
		device add srv0 kind server mode nat address 10.0.3.2 address fd00:3::2 outer i3 mac $M:03:02
		device add srv1 kind server mode loopback outer i3 mac $M:03:03
		device add end kind server mode alias outer i3 mac $M:03:04 owner svcseqd
		pool add guards policy spread by addr member fw0 weight 2 member vpn0 state drain owner 3
		sequence add flagship uplink i0 step fw0 step vpn0 becomes tcp/80 step srv0 copy ids0
		sequence add all step fw0 port 8080 copy ids0 request step br0 step srv1 copy ids1 reply alert-to fw0 copy ids2 copy-port device owner svcseqd
		sequence add short step end
		service add 198.51.100.1 udp 5555 sequence flagship
		service add 2001:db8::1:1 tcp 443 sequence all
		service add 198.51.100.2 tcp 80 sequence short owner 9
	EOF
}

# show_all FILE: text of everything, as commands
show_all()
{
	local noun

	for noun in port device pool sequence service; do
		sq "$noun" show | sed "s/^/$noun add /"
	done >"$1"
}

forget_all()
{
	local -a words
	local line noun

	for noun in service sequence pool device port; do
		while read -ra words; do
			line="$noun del ${words[0]}"
			# A service is named by what stands before these words.
			[ "$noun" != service ] || line+=" ${words[*]:1}"
			line=${line%% sequence *}
			line=${line%% dynamic *}
			echo "$line"
		done < <(sq "$noun" show)
	done >"$TMP/forget"
	sq -b "$TMP/forget"
}

# fresh: the case begins with everything, and with nothing else
fresh()
{
	forget_all
	everything >"$TMP/everything"
	check sq -b "$TMP/everything"
}

# state VARIABLE: all that can be configured, and the number of changes; in one
# process, for processes are slow where there is no real processor
state()
{
	printf -v "$1" %s "$(sq -j -b - 2>&1 <<-EOF
		port show
		device show
		pool show
		sequence show
		service show
		stats bad-source
	EOF
	)"
}

# no_change TEXT: nothing has changed since `state before`
no_change()
{
	local after

	state after
	# shellcheck disable=SC2154 # the case has it
	[ "$after" = "$before" ] && return
	echo "$before" >"$TMP/before"
	echo "$after" >"$TMP/after"
	check_same "$TMP/after" "$TMP/before" "$* changed something"
}

# fails STATUS PATTERN ARG...: the tool ends with the status, says one sentence
# that matches, prints nothing else, and nothing changes
fails()
{
	local want=$1 pattern="^Error: .*($2).*\.\$" status said
	shift 2

	said=$(svcseq -n "$pe" "$@" 2>&1 >"$TMP/out")
	status=$?
	check_eq "$status" "$want" "exit status of: $*"
	[[ $said =~ $pattern && $said != *$'\n'* ]]
	check_err $? "'$*' is explained by '$said', wanted one line with '$pattern'"
	[ ! -s "$TMP/out" ]
	check_err $? "output of: $*"
	no_change "$*"
}
