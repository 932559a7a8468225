# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034 # the names set here are for the tests
# The laboratory of the scenario tests: network namespaces that stand for the
# client, its router, the engine, the switches and the devices of the figures,
# with fixed MAC addresses, and the daemons that run in them.  Sourced by the
# tests after lib.sh.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- d0 ids
#                             |     `---------- f0 fw
#                             |                  f1
#                             i2 --- sw41 --------'
#                             |     `---------- v0 vpn
#                             i3 --- s0 srv1
#
# A test builds only the parts it needs: topo_core, then topo_switch,
# topo_fw, topo_ids, topo_vpn, topo_server.

# Clients, service addresses and segments, as in the figures' laboratory.
U1_4=192.0.2.21		U1_6=2001:db8:c::21
U2_4=192.0.2.22		U2_6=2001:db8:c::22
W1_4=198.51.100.1	W1_6=2001:db8:f::1
W2_4=198.51.100.2	W2_6=2001:db8:f::2
W3_4=198.51.100.3	W3_6=2001:db8:f::3
S1_4=10.0.3.2		S1_6=fd00:3::2
S2_4=10.0.3.3		S2_6=fd00:3::3

M_CL=02:00:00:00:0c:01
M_R0=02:00:00:00:0a:00
M_R1=02:00:00:00:0a:01
M_I0=02:00:00:00:01:00
M_I1=02:00:00:00:01:01
M_I2=02:00:00:00:01:02
M_I3=02:00:00:00:01:03
M_FW0=02:00:00:00:0f:00
M_FW1=02:00:00:00:0f:01
M_IDS=02:00:00:00:1d:00
M_VPN=02:00:00:00:0e:00
M_S1=02:00:00:00:05:01
M_S2=02:00:00:00:05:02

# The namespaces, once they are made.
cl='' rt='' pe='' sw40='' sw41='' fw='' ids='' vpn='' srv1='' srv2=''
# Set by fam.
F='' U1='' U2='' W1='' W2='' W3='' S1='' S2='' UW1='' UW2='' ALEN=''

# The longest GSO packet: enough to be one, and not so long that the rings of
# the captures have place for a few only.
GSO=16000

# The VLAN given to a station last.
TOPO_VID=9

# fam 4|6: choose the family that the short names (U1, W1, S1 ...) mean
fam()
{
	local n v

	F=$1
	for n in U1 U2 W1 W2 W3 S1 S2; do
		v=${n}_$F
		declare -g "$n=${!v}"
	done
	if [ "$F" = 4 ]; then
		ALEN=32 UW1=$W1 UW2=$W2
	else
		# As they stand in a URL.
		ALEN=128 UW1="[$W1]" UW2="[$W2]"
	fi
}

# ns_ip NS [-6]: run the `ip` commands on standard input in a namespace, all in
# one process
ns_ip()
{
	ip -n "$@" -batch - >&2
}

# ns_host NS [KEY=VALUE...]: settings that every host needs before it gets
# links.
ns_host()
{
	ns_sysctl "$1" \
		net.ipv6.conf.default.accept_ra=0 \
		net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0 \
		net.ipv4.conf.all.send_redirects=0 \
		net.ipv4.conf.default.send_redirects=0 "${@:2}"
}

# ns_router NS: the same for one that forwards
ns_router()
{
	ns_host "$1" net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 "${@:2}"
}

# wire NS1 DEV1 MAC1 NS2 DEV2 MAC2: a cable
wire()
{
	ip link add "$2" netns "$1" address "$3" gso_max_size $GSO type veth \
		peer name "$5" netns "$4" address "$6" gso_max_size $GSO ||
		return 1
	ip -n "$1" link set "$2" up
	ip -n "$4" link set "$5" up
}

# topo_core: client, its router, and the engine with its uplink i0.  The
# client's own choice of source address is U1, for both families.  The
# router knows the service addresses only as a route to the engine; there they
# lead nowhere, so that what is no service does not go back and forth.
topo_core()
{
	setup_ns cl rt pe || return 1
	ns_host "$cl"
	ns_router "$rt"
	ns_router "$pe"
	wire "$cl" c0 $M_CL "$rt" r0 $M_R0
	wire "$rt" r1 $M_R1 "$pe" i0 $M_I0
	ns_ip "$cl" <<-EOT
		addr add $U1_4/24 dev c0
		addr add $U2_4/24 dev c0
		addr add $U1_6/64 dev c0 nodad
		addr add $U2_6/64 dev c0 nodad preferred_lft 0
		route add default via 192.0.2.1
		route add default via 2001:db8:c::1
	EOT
	ns_ip "$rt" <<-EOT
		addr add 192.0.2.1/24 dev r0
		addr add 2001:db8:c::1/64 dev r0 nodad
		addr add 10.0.0.254/24 dev r1
		addr add fd00:0::fe/64 dev r1 nodad
		route add 198.51.100.0/24 via 10.0.0.1
		route add 2001:db8:f::/64 via fd00:0::1
	EOT
	ns_ip "$pe" <<-EOT
		addr add 10.0.0.1/24 dev i0
		addr add fd00:0::1/64 dev i0 nodad
		route add default via 10.0.0.254
		route add default via fd00:0::fe
		route add blackhole 198.51.100.0/24
		route add blackhole 2001:db8:f::/64
	EOT
}

# topo_switch N NAME: a switch of its own namespace (its name in the variable
# NAME) on the engine's interface iN.  Every station hangs in a VLAN of its
# own; the engine's port is in all of them.  What one station sends, no other
# can see, and the engine reaches each by its MAC only: the switch floods
# nothing that has an unknown address.
topo_switch()
{
	local n=$1 sw=$2 mac=M_I$1

	setup_ns "$sw" || return 1
	ip link add "i$n" netns "$pe" address "${!mac}" gso_max_size $GSO \
		type veth peer name "e$n" netns "${!sw}" gso_max_size $GSO ||
		return 1
	ns_host "${!sw}" net.ipv6.conf.default.disable_ipv6=1
	ns_ip "${!sw}" <<-EOT
		link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0
		link set e$n master br0 up
		link set br0 up
	EOT
	bridge -n "${!sw}" -batch - <<-EOT
		vlan add dev e$n vid 99 pvid untagged
		link set dev e$n learning off flood off
	EOT
	topo_engine_if "$n"
}

# topo_engine_if N: address and state of the engine's interface iN
topo_engine_if()
{
	ns_ip "$pe" <<-EOT
		link set i$1 up
		addr add 10.0.$1.1/24 dev i$1
		addr add fd00:$1::1/64 dev i$1 nodad
	EOT
}

# topo_station N SW NS DEV MAC: put a station's device on segment N, through
# the switch SW, or straight on the engine's interface if SW is "-"
topo_station()
{
	local n=$1 sw=$2 ns=$3 dev=$4 mac=$5 emac=M_I$1 vid

	if [ "$sw" = - ]; then
		wire "$pe" "i$n" "${!emac}" "$ns" "$dev" "$mac" || return 1
		topo_engine_if "$n"
		return
	fi
	vid=$((TOPO_VID += 1))
	ip link add "$dev" netns "$ns" address "$mac" gso_max_size $GSO \
		type veth peer name "p$vid" netns "$sw" gso_max_size $GSO ||
		return 1
	ip -n "$sw" link set "p$vid" master br0 up
	ip -n "$ns" link set "$dev" up
	bridge -n "$sw" -batch - <<-EOT
		link set dev p$vid learning off flood off
		vlan add dev p$vid vid $vid pvid untagged
		vlan add dev p$vid vid 99 untagged
		vlan add dev e$n vid $vid untagged
		fdb add $mac dev p$vid master static vlan 99
		fdb add ${!emac} dev e$n master static vlan $vid
	EOT
}

# mac_outer N, mac_inner N: the legs of firewall N of several
mac_outer() { echo "02:00:00:00:f0:0$1"; }
mac_inner() { echo "02:00:00:00:f1:0$1"; }

# topo_fw_n N SW_OUTER SW_INNER CLIENTS4 CLIENTS6: firewall N of several, in the
# namespace fwN, with a leg on i2 and one on i3; it routes to the clients by the
# former and to all else by the latter.  Its rules are left to the caller.
topo_fw_n()
{
	local n=$1 name=fw$1

	setup_ns "$name" || return 1
	ns_router "${!name}"
	topo_station 2 "$2" "${!name}" f0 "$(mac_outer "$n")" || return 1
	topo_station 3 "$3" "${!name}" f1 "$(mac_inner "$n")" || return 1
	ns_ip "${!name}" <<-EOT
		addr add 10.0.2.1$n/24 dev f0
		addr add 10.0.3.1$n/24 dev f1
		addr add fd00:2::1$n/64 dev f0 nodad
		addr add fd00:3::1$n/64 dev f1 nodad
		route add default via 10.0.3.1
		route add default via fd00:3::1
		route add $4 via 10.0.2.1
		route add $5 via fd00:2::1
	EOT
}

# topo_fw SW_OUTER SW_INNER: a router firewall with its outer leg f0 on i1 and
# its inner leg f1 on i2.  It lets in new connections to the ports in
# FW_PORTS only and knows each connection, as firewalls do: so it would not
# bear a reply that went past it.
topo_fw()
{
	setup_ns fw || return 1
	ns_router "$fw"
	topo_station 1 "$1" "$fw" f0 $M_FW0 || return 1
	topo_station 2 "$2" "$fw" f1 $M_FW1 || return 1
	ns_ip "$fw" <<-EOT
		addr add 10.0.1.2/24 dev f0
		addr add 10.0.2.2/24 dev f1
		addr add fd00:1::2/64 dev f0 nodad
		addr add fd00:2::2/64 dev f1 nodad
		route add default via 10.0.1.1
		route add default via fd00:1::1
		route add 198.51.100.0/24 via 10.0.2.1
		route add 2001:db8:f::/64 via fd00:2::1
	EOT
	in_ns "$fw" nft -f - <<-EOT
		table inet fw {
			set open {
				type inet_proto . inet_service
				elements = { $FW_PORTS }
			}
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state invalid counter name bad drop
				ct state established,related accept
				iif "f0" oif "f1" meta l4proto . th dport @open ct state new counter name fresh accept
				counter name refused
			}
			counter bad { }
			counter fresh { }
			counter refused { }
		}
	EOT
}

# fw_counter NAME: packets that the firewall counted there
fw_counter()
{
	nft_count "$fw" inet fw "$1"
}

# topo_ids SW: the IDS' namespace, device d0 on i1.  It has no address of a
# service; its default route lets its alert packets out by the port they came
# in by.  ids_start runs Suricata there.
topo_ids()
{
	setup_ns ids || return 1
	ns_host "$ids"
	topo_station 1 "$1" "$ids" d0 $M_IDS || return 1
	ns_ip "$ids" <<-EOT
		link set d0 promisc on
		addr add 10.0.1.3/24 dev d0
		addr add fd00:1::3/64 dev d0 nodad
		route add default via 10.0.1.1
		route add default via fd00:1::1
	EOT
}

# ids_start: Suricata on d0 with the rules on standard input; returns when it
# has read them and captures.  Its alerts: $IDS_LOG/eve.json
ids_start()
{
	IDS_LOG=$TMP/ids
	mkdir -p "$IDS_LOG"
	cat >"$IDS_LOG/rules"
	sed "s#@LOG@#$IDS_LOG#" "$TESTS_DIR/suricata.yaml" >"$IDS_LOG/suricata.yaml"
	bg_ns suricata "$ids" suricata -c "$IDS_LOG/suricata.yaml" \
		-S "$IDS_LOG/rules" --af-packet -l "$IDS_LOG"
	# Suricata says so when its capture threads run.
	wait_log "$TMP/suricata.log" "[Ee]ngine started" && return 0
	log_info "$(cat "$TMP/suricata.log")"
	return 1
}

ids_stop()
{
	bg_stop suricata
}

# expand6 ADDR: an IPv6 address in full, as Suricata writes it
expand6()
{
	local head=${1%%::*} tail='' part out=() i

	[[ $1 != *::* ]] || tail=${1##*::}
	IFS=: read -ra head <<<"$head"
	IFS=: read -ra tail <<<"$tail"
	for ((i = ${#head[@]} + ${#tail[@]}; i < 8; i++)); do
		head+=(0)
	done
	for part in "${head[@]}" "${tail[@]}"; do
		printf -v part %04x "0x$part"
		out+=("$part")
	done
	(IFS=:; echo "${out[*]}")
}

# ids_alerts SID [SRC]: how many alerts of a rule there are (from an address)
ids_alerts()
{
	local src=${2:-}

	[ -e "$IDS_LOG/eve.json" ] || {
		echo 0
		return
	}
	[[ $src != *:* ]] || src=$(expand6 "$src")
	jq -s --argjson sid "$1" --arg src "$src" \
		'[.[] | select(.event_type == "alert" and .alert.signature_id == $sid
		  and ($src == "" or .src_ip == $src))] | length' "$IDS_LOG/eve.json"
}

# topo_vpn SW: the VPN box, device v0 on i2, one-armed; vpn_fou and vpn_wg put
# a tunnel on it.  The outer packets are for W1, which it holds; the rule for
# its own addresses stands below the one for what leaves the tunnel, or the
# inner packets, which have the same destination, would end here too.
topo_vpn()
{
	setup_ns vpn || return 1
	ns_router "$vpn" net.ipv4.conf.all.accept_local=1 \
		net.ipv4.conf.default.accept_local=1
	topo_station 2 "$1" "$vpn" v0 $M_VPN || return 1
	ns_ip "$vpn" <<-EOT
		addr add 10.0.2.3/24 dev v0
		addr add fd00:2::3/64 dev v0 nodad
		addr add $W1_4/32 dev lo
		addr add $W1_6/128 dev lo nodad
		route add default via 10.0.2.1
		route add default via fd00:2::1
		route add default via 10.0.2.1 table 100
		route add default via fd00:2::1 table 100
		rule add pref 300 lookup local
		rule del pref 0
	EOT
	ns_ip "$vpn" -6 <<-EOT
		rule add pref 300 lookup local
		rule del pref 0
	EOT
}

# vpn_fou NAME F CLIENT PORT: a FOU tunnel of family F between a client's
# address and W1, outer port PORT at both ends.  On the client, what the rules
# in its table NAME's number say goes into it; see vpn_client_rule.
vpn_fou()
{
	local name=$1 f=$2 client=$3 port=$4 w kind proto opt

	if [ "$f" = 4 ]; then
		w=$W1_4 kind=ipip proto=4 opt=
	else
		w=$W1_6 kind="ip6tnl mode ip6ip6" proto=41
		# No destination option before the UDP header, and UDP over
		# IPv6 wants its checksum.
		opt="encaplimit none encap-udp6-csum"
	fi
	# Nothing asks for these by itself.
	modprobe -aq fou fou6
	in_ns "$vpn" ip "-$f" fou add port "$port" ipproto $proto || return 1
	in_ns "$cl" ip "-$f" fou add port "$port" ipproto $proto || return 1
	ns_ip "$vpn" "-$f" <<-EOT
		link add $name type $kind local $w remote $client encap fou encap-sport $port encap-dport $port $opt
		link set $name up
		rule add pref 100 iif $name lookup 100
		rule add pref 200 iif v0 to $client lookup $port
		route add default dev $name table $port
	EOT
	ns_ip "$cl" "-$f" <<-EOT
		link add $name type $kind local $client remote $w encap fou encap-sport $port encap-dport $port $opt
		link set $name up
		route add default dev $name src $client table $port
	EOT
}

# vpn_wg F PORT: a WireGuard tunnel of family F from U1 to W1 at PORT; inside
# it the client is T_4 or T_6
T_4=10.99.0.2 T_6=fd99::2
vpn_wg()
{
	local f=$1 port=$2 w=W1_$1 t=T_$1 u=U1_$1 len any key pub end

	if [ "$f" = 4 ]; then
		len=32 any=0.0.0.0/0 end=${!w}:$port
	else
		len=128 any=::/0 end="[${!w}]:$port"
	fi
	ip -n "$vpn" link add "wg$f" type wireguard || return 1
	ip -n "$cl" link add "wg$f" type wireguard || return 1
	key=$(wg genkey)
	wg genkey >"$TMP/wg$f.key"
	pub=$(wg pubkey <"$TMP/wg$f.key")
	in_ns "$vpn" wg set "wg$f" listen-port "$port" \
		private-key <(echo "$key") \
		peer "$pub" allowed-ips "${!t}/$len" || return 1
	in_ns "$cl" wg set "wg$f" listen-port "$port" \
		private-key "$TMP/wg$f.key" \
		peer "$(echo "$key" | wg pubkey)" allowed-ips "$any" \
		endpoint "$end" || return 1
	ns_ip "$vpn" "-$f" <<-EOT
		rule add pref 100 iif wg$f lookup 100
	EOT
	wg_up "$f" "$port"
}

# wg_pair xN NS1 OUTER1 NS2 OUTER2: the device in both, a WireGuard tunnel between
# these addresses that takes anything
wg_pair()
{
	local dev=$1 port=$((7000 + ${1#x})) n outer k=()

	for n in 0 1; do
		k+=("$(wg genkey)")
		ip -n "${*:2 + 2 * n:1}" link add "$dev" type wireguard || return 1
	done
	for n in 0 1; do
		outer=${*:5 - 2 * n:1}
		[[ $outer != *:* ]] || outer="[$outer]"
		in_ns "${*:2 + 2 * n:1}" wg set "$dev" listen-port "$port" \
			private-key <(echo "${k[n]}") \
			peer "$(echo "${k[1 - n]}" | wg pubkey)" \
			allowed-ips 0.0.0.0/0,::/0 endpoint "$outer:$port" || return 1
	done
}

# wg_up F PORT, wg_down F: a tunnel that is down sends nothing, no keepalive
# either
wg_up()
{
	local f=$1 port=$2 t=T_$1 len=32 nodad=

	# Nothing is looked for on such a device, but until the kernel got round
	# to that the address cannot be a route's source.
	[ "$f" = 4 ] || len=128 nodad=nodad
	ns_ip "$vpn" "-$f" <<-EOT
		link set wg$f up
		route replace ${!t}/$len dev wg$f
	EOT
	ns_ip "$cl" "-$f" <<-EOT
		link set wg$f up
		addr replace ${!t}/$len dev wg$f $nodad
		route replace default dev wg$f src ${!t} table $port
	EOT
}

wg_down()
{
	ip -n "$cl" link set "wg$1" down
	ip -n "$vpn" link set "wg$1" down
}

# vpn_client_rule F TABLE SELECTOR...: what the client sends to W1 and these
# words of `ip rule` choose goes through the tunnel whose table this is
vpn_client_rule()
{
	local w=W1_$1

	ip -n "$cl" "-$1" rule add pref 50 to "${!w}" "${@:3}" lookup "$2"
}

# topo_server NAME N SW MAC HOST: server NAME with device s0 (renamed after
# NAME, as a switch has several) on segment N, own addresses 10.0.N.HOST and
# fd00:N::HOST, default route through the engine, no ARP for what is not on
# the asked device
topo_server()
{
	local name=$1 n=$2 sw=$3 mac=$4 host=$5

	setup_ns "$name" || return 1
	ns_host "${!name}" net.ipv4.conf.all.arp_ignore=1 \
		net.ipv4.conf.all.arp_announce=2
	topo_station "$n" "$sw" "${!name}" "s${name#srv}" "$mac" || return 1
	ns_ip "${!name}" <<-EOT
		addr add 10.0.$n.$host/24 dev s${name#srv}
		addr add fd00:$n::$host/64 dev s${name#srv} nodad
		route add default via 10.0.$n.1
		route add default via fd00:$n::1
	EOT
}

# server_mode NAME loopback|alias|nat ADDR...: where a server has the service
# addresses: on lo, on its network device, or nowhere
server_mode()
{
	local name=$1 mode=$2 dev a len

	shift 2
	for a; do
		len=32
		[[ $a == *:* ]] && len=128
		for dev in lo "s${name#srv}"; do
			ip -n "${!name}" addr del "$a/$len" dev "$dev" 2>/dev/null
		done
		case $mode in
		loopback) dev=lo ;;
		alias) dev=s${name#srv} ;;
		*) continue ;;
		esac
		if [ $len = 128 ]; then
			ip -n "${!name}" addr add "$a/$len" dev "$dev" nodad
		else
			ip -n "${!name}" addr add "$a/$len" dev "$dev"
		fi
	done
}

# web_start NAME PORT...: nginx in a server's namespace on all its addresses.
# /name says who answers, /slow takes for ever, /bulk is 300 kB.
web_start()
{
	local name=$1 dir=$TMP/web-$1 port

	shift
	mkdir -p "$dir/root"
	head -c 300000 /dev/urandom >"$dir/root/bulk"
	head -c 300000 /dev/zero >"$dir/root/slow"
	{
		echo "daemon off; master_process off; worker_processes 1;"
		echo "error_log $dir/error.log; pid $dir/pid;"
		echo "events { worker_connections 64; }"
		echo "http { access_log $dir/access.log;"
		for p in body proxy fastcgi uwsgi scgi; do
			case $p in
			body) echo "client_body_temp_path $dir/b;" ;;
			*) echo "${p}_temp_path $dir/$p;" ;;
			esac
		done
		echo "server {"
		for port; do
			echo "listen $port; listen [::]:$port;"
		done
		echo "root $dir/root; default_type text/plain;"
		echo "location /name { return 200 '$name says hello\n'; }"
		echo "location /slow { limit_rate 2000; }"
		echo "location /attack { limit_rate 2000; alias $dir/root/slow; }"
		echo "} }"
	} >"$dir/conf"
	bg_ns "web-$name" "${!name}" nginx -c "$dir/conf" -e "$dir/error.log"
	for port; do
		wait_port "${!name}" tcp "$port" || {
			log_info "$(cat "$dir/error.log")"
			return 1
		}
	done
}

# udp_start NAME PORT ADDR...: a UDP echo server that answers from the address
# that was asked
udp_start()
{
	bg_ns "udp-$1-$2" "${!1}" $PY "$TOOLS/udp.pyc" echo "$2" "${@:3}"
	wait_port "${!1}" udp "$2"
}

# iperf_start NAME ADDR PORT
iperf_start()
{
	bg_ns "iperf-$1-$2-$3" "${!1}" iperf3 -s -B "$2" -p "$3"
	wait_port "${!1}" tcp "$3"
}

# offloads on|off NS...: GSO and checksum offload of every veth in a namespace.
# Without them every frame must be complete and of wire size.
offloads()
{
	local how=$1 ns dev

	shift
	for ns; do
		for dev in $(ip -n "$ns" -br link show type veth | sed 's/[@ ].*//'); do
			in_ns "$ns" ethtool -K "$dev" tx "$how" \
				gso "$how" tso "$how" >/dev/null || return 1
		done
	done
}

# topo_hop NAME N SW MAC HOST: a one-armed device, a router with the one leg
# h0 that sends everything back where it came from.  What it forwards is
# counted by nft; see hop_count.
topo_hop()
{
	local name=$1 n=$2 host=$5

	setup_ns "$name" || return 1
	ns_router "${!name}"
	topo_station "$n" "$3" "${!name}" h0 "$4" || return 1
	ns_ip "${!name}" <<-EOT
		addr add 10.0.$n.$host/24 dev h0
		addr add fd00:$n::$host/64 dev h0 nodad
		route add default via 10.0.$n.1
		route add default via fd00:$n::1
	EOT
	in_ns "${!name}" nft -f - <<-EOT
		table inet hop {
			chain forward {
				type filter hook forward priority 0; policy accept;
				meta l4proto { tcp, udp } counter name passed
			}
			counter passed { }
		}
	EOT
}

# hop_count NAME: packets that a topo_hop device has forwarded
hop_count()
{
	nft_count "${!1}" inet hop passed
}

# hop_sum NAME...: the same for several
hop_sum()
{
	local d n=0

	for d; do
		n=$((n + $(hop_count "$d")))
	done
	echo $n
}
