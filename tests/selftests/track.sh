#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: B-01 B-02 B-03 B-06 B-07
# Timeout: 900
# Packets that carry their place in the chain to a device and back: in the DSCP,
# behind an MPLS label, an NSH, in a GRE or VXLAN-GPE tunnel.  The device is one
# station behind one port, which stands twice in one chain and once in another,
# so that nothing but the position tells the places apart.  What it does with
# the header is done by Linux' own act_mpls, tunnel devices and Open vSwitch;
# what stands in it is read by tshark and compared with the sequence table.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- h0 one	a router
#                             |  i2 --- n0 two	Open vSwitch
#                             |  i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 nft tshark tc ovs-vswitchd jq

CASES="dscp_4 dscp_6 mpls_4 mpls_6 nsh_4 nsh_6 gre_4 gre_6 gre_over_6 gpe_4
	gpe_6 gpe_over_6 mixed_4 mixed_6 dscp_is_replaced dscp_lost forged
	forged_tunnel too_big shown refused"

one="" two=""
M_ONE=02:00:00:00:11:01
M_TWO=02:00:00:00:11:02
M_BAD=02:00:00:00:66:66
# Both ends of the tunnels: the engine's, the device's.
E_4=10.0.1.1	E_6=fd00:1::1
D_4=10.0.1.11	D_6=fd00:1::11

# Room for whole packets and a header before them.
MTU=1700

setup()
{
	local d

	topo_core || bail "no core"
	topo_hop one 1 - $M_ONE 11 || bail "no device"
	setup_ns two
	ns_host "$two" net.ipv6.conf.default.disable_ipv6=1
	topo_station 2 - "$two" n0 $M_TWO || bail "no second device"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	web_start srv1 80 || bail "no web server"
	server_mode srv1 loopback $W1_4 $W1_6 $W2_4 $W2_6
	udp_start srv1 7 $W1_4 $W1_6 || bail "no UDP server"
	for d in "$pe i1" "$pe i2" "$one h0" "$two n0"; do
		ip -n "${d% *}" link set "${d#* }" mtu $MTU || bail "no room in $d"
	done
	ovs_start || bail "no Open vSwitch"
}

# --- the devices ------------------------------------------------------------

ovs_start()
{
	local dir=$TMP/ovs schema

	schema=$(find /usr/share/openvswitch -name vswitch.ovsschema)
	mkdir "$dir"
	export OVS_RUNDIR=$dir OVS_LOGDIR=$dir OVS_DBDIR=$dir
	modprobe -aq openvswitch nsh
	ovsdb-tool create "$dir/db" "$schema" || return 1
	bg_ns ovsdb "$two" ovsdb-server "$dir/db" --remote="punix:$dir/db.sock"
	busywait "$WAIT" test -S "$dir/db.sock" || return 1
	in_ns "$two" ovs-vsctl --no-wait init || return 1
	bg_ns vswitchd "$two" ovs-vswitchd "unix:$dir/db.sock"
	in_ns "$two" ovs-vsctl --timeout="$WAIT" add-br ovs0 -- \
		set bridge ovs0 fail-mode=secure -- add-port ovs0 n0
}

# tags DEVICE: what the table says that packets to it are given: method, path,
# index, value
tags()
{
	sq -j table show | jq -r --arg d "$1" '.[] | select(.to == $d) |
		."set-tag" // empty |
		"\(.method) \(.path // "-") \(.index) \(.value // "-")"' |
		sort -u
}

# What the device does depends on what the table says: dev_METHOD

dev_dscp() { :; }

# Labels are taken off and put on again; the frame goes back.
dev_mpls()
{
	local label proto=ip

	[ "$F" = 4 ] || proto=ipv6
	tc -n "$one" qdisc add dev h0 clsact
	defer tc -n "$one" qdisc del dev h0 clsact
	while read -r _ _ _ label; do
		tc -n "$one" filter add dev h0 ingress protocol mpls_uc flower \
			mpls_label "$label" action mpls pop protocol $proto pipe \
			action mpls push protocol mpls_uc label "$label" ttl 60 pipe \
			action skbmod swap mac pipe \
			action mirred egress redirect dev h0 || return 1
	done < <(tags one)
}

# Open vSwitch takes both headers off, and puts them on with metadata and an
# index that is one lower, as who has served the packet does.
dev_nsh()
{
	local path index

	while read -r _ path index _; do
		printf '%s' "in_port=n0,dl_type=0x894f,nsh_spi=$path,nsh_si=$index" \
			" actions=decap(),decap(),encap(nsh(md_type=1))" \
			",set_field:$path->nsh_spi,set_field:$((index - 1))->nsh_si" \
			",encap(ethernet),set_field:$M_I2->eth_dst" \
			",set_field:$M_TWO->eth_src,in_port"
		echo
	done < <(tags two) >"$TMP/flows"
	in_ns "$two" ovs-ofctl -O OpenFlow13 replace-flows ovs0 "$TMP/flows"
}

# A tunnel device for each place, and what comes out of one goes into it again.
dev_gre()
{
	local key kind=gre table=100 opt=

	[[ $1 != *:* ]] || kind=ip6gre opt="encaplimit 4"
	while read -r _ _ _ key; do
		table=$((table + 1))
		ns_ip "$one" "-$F" <<-EOT || return 1
			link add g$key type $kind local $2 remote $1 key $key ttl 64 $opt
			link set g$key up
			route add default dev g$key table $table
			rule add iif g$key lookup $table
		EOT
		defer ip -n "$one" link del "g$key"
		defer ip -n "$one" "-$F" rule del iif "g$key" lookup $table
	done < <(tags one)
}

# One tunnel device for all, and routes that know the VNI.
dev_gpe()
{
	local vni table=200 encap=ip

	[[ $1 != *:* ]] || encap=ip6
	ns_ip "$one" <<-EOT || return 1
		link add vx type vxlan external gpe dstport 4790
		link set vx up
	EOT
	defer ip -n "$one" link del vx
	while read -r _ _ _ vni; do
		table=$((table + 1))
		ns_ip "$one" "-$F" <<-EOT || return 1
			route add default encap $encap id $vni src $2 dst $1 dev vx table $table
			rule add tun_id $vni lookup $table
		EOT
		defer ip -n "$one" "-$F" rule del tun_id "$vni" lookup $table
	done < <(tags one)
}

# --- the chains ---------------------------------------------------------------

# base: ports and devices, and what stands on standard input
base()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add one kind inline outer i1 mac $M_ONE
		device add two kind inline outer i2 mac $M_TWO
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		$(cat)
	EOT
}

# chain DEVICE TRACK...: the device twice in one chain, and in another one
chain()
{
	local track=${*:2}

	base <<-EOT
		sequence add a path-id 7 step $1 track $track step $1 track $track step srv1
		sequence add b step $1 track $track step srv1
		service add $W1 tcp 80 sequence a
		service add $W1 udp 7 sequence a
		service add $W2 tcp 80 sequence b
	EOT
}

traffic()
{
	check_get "srv1 says hello" "http://$UW1/name"
	check_get "srv1 says hello" "http://$UW2/name"
	check_bulk srv1 "http://$UW1/bulk"
	udp_ask "$W1" 7 3 600
	udp_ask "$W1" 7 3 3000
	quiet_ns "$cl" "$srv1"
}

# check_sums DEVICE: what the device got it gave back, and that was each packet
# of the first chain twice and each of the second once; where no packet is cut
# into several on the way
check_sums()
{
	local n=0 c

	for c in request reply; do
		n=$((n + 2 * $(stat_of service "$W1" tcp 80 $c)))
		n=$((n + 2 * $(stat_of service "$W1" udp 7 $c)))
		n=$((n + $(stat_of service "$W2" tcp 80 $c)))
	done
	check_eq "$(stat_of device "$1" sent)" $n "packets to the device"
	check_eq "$(stat_of device "$1" received)" $n "packets from the device"
}

# judge DEVICE CAPTURE: every header on the wire is one of the table's, all of
# the table's were there, and tshark has nothing to say against any packet
judge()
{
	local method fields=() low out

	method=$(tags "$1" | sed 's/ .*//;q')
	case $method in
	dscp) fields=(-e ip.dsfield.dscp -e ipv6.tclass.dscp) ;;
	mpls) fields=(-e mpls.label) ;;
	nsh) fields=(-e nsh.spi -e nsh.si) ;;
	gre) fields=(-e gre.key) ;;
	gpe) fields=(-e vxlan.vni) ;;
	esac
	# What comes back may have an index that is one lower.
	low='method == "nsh" && value % 2 == 0 { value++ }'
	tshark -r "$TMP/$2.pcap" -Y "tcp or udp" -T fields -E occurrence=f \
		"${fields[@]}" 2>"$TMP/tshark.err" | sort -u |
		awk -v method="$method" '
		function number(s,   i, v, c) {
			if (s !~ /^0x/) return s + 0
			for (i = 3; i <= length(s); i++) {
				c = index("0123456789abcdef", substr(s, i, 1))
				v = v * 16 + c - 1
			}
			return v
		}
		{ value = number($1) }
		method == "nsh" { value = number($1) * 256 + number($2) }
		'"$low"'
		{ print value }' | sort -un >"$TMP/wire"
	tags "$1" | awk '{ print $4 == "-" ? $2 * 256 + $3 : $4 }' | sort -un >"$TMP/told"
	check_same "$TMP/wire" "$TMP/told" "headers on the wire and in the table differ"

	[ "$method" != dscp ] || return 0
	out=$(tshark -r "$TMP/$2.pcap" -o ip.check_checksum:TRUE \
		-o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
		-Y "_ws.malformed or ip.checksum.status == 0 or
		    tcp.checksum.status == 0 or udp.checksum.status == 0 or
		    mpls.bottom == 0 or mpls.ttl == 0 or ip.ttl == 0" 2>&1)
	out=$(grep -v "Running as user" <<<"$out")
	check_eq "$out" "" "tshark finds fault with packets"
}

# track DEVICE F METHOD [ENDS]: the whole story of a method
track()
{
	local dev=$1 method=$3 ends=("${@:4}") port=i1 how words=$3

	fam "$2"
	[ "$dev" = one ] || port=i2
	[ ${#ends[@]} -eq 0 ] || words="$method local ${ends[0]} remote ${ends[1]}"
	for how in off on; do
		offloads $how "$cl" "$rt" "$pe" "$one" "$two" "$srv1"
		# shellcheck disable=SC2086 # several words
		chain "$dev" $words
		if [ $how = off ]; then
			"dev_$method" "${ends[@]}" || check_err 1 "the device is not set up"
			capture_start wire "$pe" "$port" not arp and not icmp6
		fi
		traffic
		check_drops 0
		if [ $how = off ]; then
			capture_stop wire
			judge "$dev" wire
			check_sums "$dev"
		fi
	done
	check_no_conntrack "$pe"
	[ ${#ends[@]} -gt 0 ] || return
	# Super-packets in tunnels, where the device makes some.
	in_ns "$one" ethtool -K h0 gro on >/dev/null
	in_ns "$pe" ethtool -K i1 gro on >/dev/null
	traffic
	check_drops 0
	in_ns "$one" ethtool -K h0 gro off >/dev/null
	in_ns "$pe" ethtool -K i1 gro off >/dev/null
}

dscp_4() { track one 4 dscp; }
dscp_6() { track one 6 dscp; }
mpls_4() { track one 4 mpls; }
mpls_6() { track one 6 mpls; }
nsh_4() { track two 4 nsh; }
nsh_6() { track two 6 nsh; }
gre_4() { track one 4 gre $E_4 $D_4; }
gre_6() { track one 6 gre $E_4 $D_4; }
gre_over_6() { track one 4 gre $E_6 $D_6; }
gpe_4() { track one 4 gpe $E_4 $D_4; }
gpe_6() { track one 6 gpe $E_4 $D_4; }
gpe_over_6() { track one 6 gpe $E_6 $D_6; }

# Methods differ from step to step; each header comes off before the next one,
# and a tap sees neither header nor mark.
mixed()
{
	fam "$1"
	offloads off "$cl" "$rt" "$pe" "$one" "$two" "$srv1"
	base <<-EOT
		device add tap kind tap outer i3 mac 02:00:00:00:77:77
		sequence add a dscp 10 step two track nsh step one track dscp step two track nsh step srv1 copy tap request
		service add $W1 tcp 80 sequence a
		service add $W1 udp 7 sequence a
		service add $W2 tcp 80 sequence a
	EOT
	dev_nsh || check_err 1 "Open vSwitch does not take the flows"
	capture_start tap "$srv1" s1 ether dst 02:00:00:00:77:77
	traffic
	check_drops 0
	capture_stop tap
	[ "$(capture_count tap tcp or udp or ip6)" -gt 0 ]
	check_err $? "nothing came to the tap"
	if [ "$1" = 4 ]; then
		check_eq "$(capture_count tap "not (ip and ip[1] & 0xfc == 40)")" 0 \
			"the tap got something else than packets without mark"
	else
		check_eq "$(capture_count tap "not (ip6 and ip6[0:2] & 0x0fc0 == 0x280)")" 0 \
			"the tap got something else than packets without mark"
	fi
}

mixed_4() { mixed 4; }
mixed_6() { mixed 6; }

# --- DSCP ----------------------------------------------------------------------

# The client's DSCP does not survive, and is replaced by the sequence's; ECN
# does.
dscp_is_replaced()
{
	local f dscp ecn

	in_ns "$rt" nft -f - <<-EOT
		table inet client {
			chain out {
				type filter hook forward priority 0; policy accept;
				oif "r1" ip dscp set ef
				oif "r1" ip6 dscp set ef
			}
		}
	EOT
	defer in_ns "$rt" nft delete table inet client
	ns_sysctl "$cl" net.ipv4.tcp_ecn=1
	ns_sysctl "$srv1" net.ipv4.tcp_ecn=1
	for f in 4 6; do
		fam $f
		base <<-EOT
			sequence add s dscp 10 step one track dscp step srv1
			sequence add t step one track mac step srv1
			service add $W1 tcp 80 sequence s
			service add $W2 tcp 80 sequence t
		EOT
		capture_start "srv$f" "$srv1" s1
		capture_start "cl$f" "$cl" c0
		check_bulk srv1 "http://$UW1/bulk"
		check_get "srv1 says hello" "http://$UW2/name"
		capture_stop "srv$f"
		capture_stop "cl$f"
		dscp="ip[1] & 0xfc" ecn="ip[1] & 3 == 2"
		[ $f = 4 ] || dscp="(ip6[0:2] & 0x0fc0) >> 4" ecn="ip6[0:2] & 0x0030 == 0x20"
		check_eq "$(capture_count "srv$f" "dst $W1 and not $dscp == 40")" 0 \
			"requests with another DSCP than the sequence's"
		check_eq "$(capture_count "cl$f" "src $W1 and not $dscp == 40")" 0 \
			"replies with another DSCP than the sequence's"
		[ "$(capture_count "cl$f" "src $W1 and $ecn")" -gt 0 ]
		check_err $? "ECN did not survive"
		# A chain that does not use it leaves it alone.
		check_eq "$(capture_count "srv$f" "dst $W2 and not $dscp == 0xb8")" 0 \
			"a DSCP was changed without need"
		check_drops 0
	done
}

# A device that clears the mark is noticed.
dscp_lost()
{
	local f

	in_ns "$one" nft -f - <<-EOT
		table inet clear {
			chain forward {
				type filter hook forward priority 10; policy accept;
				ip dscp set cs0
				ip6 dscp set cs0
			}
		}
	EOT
	defer in_ns "$one" nft delete table inet clear
	for f in 4 6; do
		fam $f
		chain one dscp
		get "http://$UW1/name" --max-time 1 >/dev/null 2>&1
		check_fail $? "a page from behind a device that clears marks"
		[ "$(drops tag-missing)" -gt 0 ]
		check_err $? "no drop counted as tag-missing"
		check_eq "$(drops)" "$(drops tag-missing)" "drops for another reason"
		check_eq "$(stat_of service "$W1" tcp 80 dropped)" "$(drops)" \
			"drops of the service"
	done
}

# --- what is not let in -----------------------------------------------------------

# forge REASON SMAC [OPTION]: five frames from the device's port to the first
# service
forge()
{
	local before

	before=$(drops "$1")
	check in_ns "$one" $PY "$TOOLS/send.pyc" h0 "$2" $M_I1 "$U1" "$W1" \
		tcp 4000 80 count=5 "${@:3}"
	busywait "$WAIT" _dropped "$1" $((before + 5)) ||
		check_err 1 "$(drops "$1") instead of $((before + 5)) drops as $1 (${*:3})"
}

_dropped()
{
	[ "$(drops "$1")" -ge "$2" ]
}

# value INDEX [PATH]: of the sequence table
value()
{
	tags one | awk -v i="$1" -v p="${2:-7}" '$3 == i && ($2 == p || $2 == "-") { print $4 }'
}

forged()
{
	local f other

	for f in 4 6; do
		fam $f
		capture_start "srv$f" "$srv1" s1 ether src $M_I3
		chain one mpls
		other=$(tags one | awk '$2 != 7 { print $2; exit }')
		forge bad-source $M_BAD "mpls=$(value 2)"
		forge bad-tag $M_ONE "mpls=$((7 * 64 + 5))"
		forge bad-tag $M_ONE "mpls=$((7 * 64))"
		forge bad-tag $M_ONE "mpls=$((9 * 64 + 2))"
		# that of the other service's sequence
		forge bad-tag $M_ONE "mpls=$(value 1 "$other")"
		# one that is right, but for a reply
		forge bad-position $M_ONE "mpls=$(value 34)"
		forge tag-missing $M_ONE
		check_drops 35
		chain one dscp
		forge bad-source $M_BAD "tos=$((4 * $(value 2)))"
		forge tag-missing $M_ONE "tos=$((4 * 46))"
		forge tag-missing $M_ONE
		check_drops 15
		chain one nsh
		forge bad-source $M_BAD nsh=7/253
		forge bad-tag $M_ONE nsh=7/251
		forge bad-tag $M_ONE nsh=8/253
		forge tag-missing $M_ONE
		check_drops 20
		capture_stop "srv$f"
		check_eq "$(capture_count "srv$f" "port 4000")" 0 \
			"a forged packet reached the server"
		# A right one does.
		capture_start "ok$f" "$srv1" s1 ether src $M_I3
		check in_ns "$one" $PY "$TOOLS/send.pyc" h0 $M_ONE $M_I1 \
			"$U1" "$W1" tcp 4000 80 flags=R nsh=7/252
		capture_stop "ok$f"
		check_eq "$(capture_count "ok$f" "port 4000")" 1 \
			"the right packet did not reach the server"
	done
}

forged_tunnel()
{
	local f

	for f in 4 6; do
		fam $f
		chain one gre local $E_4 remote $D_4
		capture_start "srv$f" "$srv1" s1 ether src $M_I3
		forge bad-source $M_BAD "gre=$D_4/$E_4/$(value 2)"
		forge bad-tag $M_ONE "gre=10.0.1.12/$E_4/$(value 2)"
		forge bad-tag $M_ONE "gre=$D_4/10.0.1.99/$(value 2)"
		forge bad-tag $M_ONE "gre=$D_4/$E_4/$((7 * 256 + 9))"
		forge tag-missing $M_ONE
		check_drops 25
		check in_ns "$one" $PY "$TOOLS/send.pyc" h0 $M_ONE $M_I1 \
			"$U1" "$W1" tcp 4001 80 flags=R "gre=$D_4/$E_4/$(value 2)"
		capture_stop "srv$f"
		check_eq "$(capture_count "srv$f" "port 4000")" 0 \
			"a forged packet reached the server"
		check_eq "$(capture_count "srv$f" "port 4001")" 1 \
			"the right packet did not reach the server"
	done
}

# The header has to fit as well.
too_big()
{
	local f hlen=40

	for f in 4 6; do
		fam $f
		[ $f = 4 ] || hlen=60
		chain one nsh
		ip -n "$pe" link set i1 mtu 1500
		capture_start "big$f" "$pe" i1
		check in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $M_I0 "$U1" \
			"$W1" tcp 4000 80 flags=R size=$((1500 - hlen - 8))
		check in_ns "$rt" $PY "$TOOLS/send.pyc" r1 $M_R1 $M_I0 "$U1" \
			"$W1" tcp 4000 80 flags=R size=$((1500 - hlen - 7))
		busywait "$WAIT" _dropped too-big 1 ||
			check_err 1 "no packet dropped as too-big"
		check_drops 1
		ip -n "$pe" link set i1 mtu $MTU
		capture_stop "big$f"
		check_eq "$(capture_count "big$f" "ether proto 0x894f")" 1 \
			"packets with a header"
	done
}

# --- what users see ------------------------------------------------------------------

shown()
{
	local words

	fam 4
	chain one gpe local $E_4 remote $D_4
	words="a path-id 7 step one track gpe local $E_4 remote $D_4 step one"
	words+=" track gpe local $E_4 remote $D_4 step srv1"
	check_eq "$(sq sequence show a)" "$words" "text of the sequence"
	# shellcheck disable=SC2046 # the words of a command
	check sq sequence set $(sq sequence show b)
	check_eq "$(sq table show "$W1" tcp 80 | grep -o "gpe [0-9]*" | sort | uniq -c | xargs)" \
		"2 gpe 1793 2 gpe 1794 2 gpe 1825 2 gpe 1826" "positions in the table"
	# The number stays when nobody says another one, and is free then.
	check sq sequence set a step one track mpls step srv1
	check_eq "$(sq -j sequence show a | jq '.[0]."path-id"')" 7 "path-id"
	check sq sequence set a path-id 9 step one track mpls step srv1
	check sq sequence set b path-id 7 step one track mpls step srv1
	check sq service del "$W1" tcp 80
	check sq service del "$W1" udp 7
	check sq sequence del a
	check sq sequence set b path-id 9 step one track mpls step srv1
}

refused()
{
	fam 4
	base <<-EOT
		device add br kind bridge outer i1 inner i2
		sequence add a path-id 7 step one track nsh step srv1
	EOT
	# Two places that cannot be told apart, and what one with a position
	# becomes when the device loses it.
	check_refused "step 1 'one' and step 2 'one' cannot be told apart" \
		sq sequence add x step one step one step srv1
	check_refused "step 1 'one' and step 2 'one' cannot be told apart" \
		sq sequence add x step one track nsh step one step srv1
	check_refused "step 1 'one' and step 2 'one' cannot be told apart" \
		sq sequence add x step one track interface step one track mac step srv1
	check_refused "step 2 is the server 'srv1'.* without the DSCP" \
		sq sequence add x step one step srv1 track dscp
	check_refused "step 1 is the bridge 'br', which has no address for a tunnel" \
		sq sequence add x step br track gre local $E_4 remote $D_4 step srv1
	check_refused "the tunnel of step 'one' wants one 'remote' address" \
		sq sequence add x step one track gre local $E_4 step srv1
	check_refused "'local' and 'remote' of step 'one' are of different families" \
		sq sequence add x step one track gpe local $E_4 remote $D_6 step srv1
	check_refused "step 'one' has 'local' or 'remote', which belong to" \
		sq sequence add x step one track nsh local $E_4 remote $D_4 step srv1
	check_refused "path-id 7 is that of sequence 'a'" \
		sq sequence add x path-id 7 step one track mpls step srv1
	check_refused "path-id 16384 does not fit .* the largest that does is 16383" \
		sq sequence add x path-id 16384 step one track mpls step srv1
	check_refused "path-id 65536 does not fit .* the largest that does is 65535" \
		sq sequence add x path-id 65536 step one track gpe local $E_4 remote $D_4 step srv1
	check_eq "$(sq -j sequence show | jq length)" 1 "sequences"
	check_eq "$(sq sequence show a)" "a path-id 7 step one track nsh step srv1" \
		"the sequence that is there"
}

run_cases
