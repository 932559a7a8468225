# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The cases.  Each function case_NAME sets up namespace mid, between its
# devices in0 and out0, for N services or flows; it says in p[] how the packets
# are sent where that differs from the pattern, and in e[] which fields arrive
# changed.  Sourced by guest.

# shellcheck disable=SC2034 # read by guest
PEERS="bridge forward flowtable tc_bpf_mac tc_bpf_nat flower flower_nat
ipvs_dr ipvs_nat nft_set"
OURS="svcseq_loopback svcseq_nat svcseq_loopback_reply svcseq_nat_reply
svcseq_dscp svcseq_mpls svcseq_nsh svcseq_other svcseq_load svcseq_acl"
FLOWS=10000
COUNT=20000
SIZE=60

GEN_M=02:00:00:00:01:01
IN_M=02:00:00:00:01:02
OUT_M=02:00:00:00:02:01
SINK_M=02:00:00:00:02:02
CLIENT=10.1.0.1
SERVICE=10.2.0.1
PORT=5555
SERVER=10.3.0.2
# Services whose port is translated get one of these each.
SPORT=20000

# set_pattern forward|reply N: 10 000 clients, N services
set_pattern()
{
	p=([dmac]=$IN_M [dmac_n]=1 [smac]=$GEN_M [ttl]=32 [tos]=0
	   [sport_n]=1 [dport_n]=1)
	case $1 in
	forward)
		p+=([src]=$CLIENT [src_n]=$FLOWS [dst]=$SERVICE [dst_n]=$2
		    [sport]=4000 [dport]=$PORT)
		;;
	reply)
		p+=([src]=$SERVICE [src_n]=$2 [dst]=$CLIENT [dst_n]=$FLOWS
		    [sport]=$PORT [dport]=4000)
		;;
	esac
}

# numbered N FORMAT: lines with %A, the N-th service's address, and %P, its
# translated port
numbered()
{
	awk -v n="$1" -v f="$2" -v base="$SERVICE" -v port=$SPORT 'BEGIN {
		split(base, o, ".")
		v = ((o[1] * 256 + o[2]) * 256 + o[3]) * 256 + o[4]
		for (i = 0; i < n; i++) {
			w = v + i
			a = int(w / 16777216) "." int(w / 65536) % 256 "." \
			    int(w / 256) % 256 "." w % 256
			s = f
			gsub(/%A/, a, s)
			gsub(/%P/, port + i, s)
			gsub(/%I/, i, s)
			print s
		}
	}'
}

case_mirred()
{
	tc -n mid qdisc add dev in0 clsact &&
	tc -n mid filter add dev in0 ingress matchall \
		action mirred egress redirect dev out0
}

# The reference with the packets of another case.
case_mirred_as()
{
	# shellcheck disable=SC2154 # set by guest
	eval "${ref_pattern/declare -A/declare -gA}"
	case_mirred
}

# N stations behind the port that the packets leave by.
case_bridge()
{
	p[dmac]=02:00:00:10:00:00
	p[dmac_n]=$1
	ip -n mid link add br0 type bridge stp_state 0 mcast_snooping 0 &&
	ip -n mid link set in0 master br0 &&
	ip -n mid link set out0 master br0 &&
	ip -n mid link set br0 up &&
	bridge -n mid link set dev in0 learning off &&
	bridge -n mid link set dev out0 learning off &&
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		printf "fdb add 02:00:00:10:%02x:%02x dev out0 master static\n",
			int(i / 256), i % 256 }' >/tmp/batch &&
	bridge -n mid -batch /tmp/batch
}

# A router with addresses, and neighbours that need not be asked.
router()
{
	mid bash -c 'echo 1 >/proc/sys/net/ipv4/ip_forward' &&
	ip -n mid addr add 10.1.255.254/16 dev in0 &&
	ip -n mid addr add 10.3.0.1/24 dev out0 &&
	ip -n mid neigh add $SERVER lladdr $SINK_M dev out0 nud permanent &&
	ip -n mid neigh add 10.1.255.253 lladdr $GEN_M dev in0 nud permanent &&
	ip -n mid route add 10.1.0.0/17 via 10.1.255.253 &&
	e=([dmac]=$SINK_M [smac]=$OUT_M [ttl]=31)
}

# One route for each service.
case_forward()
{
	router &&
	numbered "$1" "route add %A/32 via $SERVER" >/tmp/batch &&
	ip -n mid -batch /tmp/batch
}

case_flowtable()
{
	router &&
	ip -n mid route add 10.2.0.0/16 via $SERVER &&
	mid nft -f - <<-END &&
	table ip t {
		flowtable ft {
			hook ingress priority 0
			devices = { in0, out0 }
		}
		chain slow {
			type filter hook forward priority 0
			counter
			meta l4proto udp flow add @ft
		}
	}
	END
	prime=flowtable_prime after_case=flowtable_after
}

slow_packets() { mid nft list ruleset | awk '/counter packets/ { print $3 }'; }

# A flow is established by a packet each way and offloaded by the third.
flowtable_prime()
{
	local forward

	pktgen gen g0 $FLOWS || return 1
	forward=$(declare -p p)
	set_pattern reply "${p[dst_n]}"
	p[dmac]=$OUT_M
	pktgen sink s0 $FLOWS || return 1
	eval "${forward/declare -A/declare -gA}"
	pktgen gen g0 $FLOWS || return 1
	slow_before=$(slow_packets)
	[ -n "$slow_before" ]
}

flowtable_after()
{
	local slow

	slow=$(slow_packets)
	[ "$slow" = "$slow_before" ] || {
		echo "$((slow - slow_before)) packets took the slow way"
		return 1
	}
}

tc_bpf()
{
	local sec=$1 n=$2

	tc -n mid qdisc add dev in0 clsact &&
	tc -n mid filter add dev in0 ingress bpf direct-action \
		object-file /peer.bpf.o section "tc/$sec" &&
	wire map peer_map "$n" $SINK_M $OUT_M \
		"$(mid cat /sys/class/net/out0/ifindex)" \
		$SERVICE $PORT $SERVER $SPORT
}

case_tc_bpf_mac()
{
	tc_bpf mac "$1" &&
	e=([dmac]=$SINK_M [smac]=$OUT_M)
}

# The server's port tells the services apart.
expect_nat()
{
	e+=([dmac]=$SINK_M [smac]=$OUT_M [dst]=$SERVER [dst_n]=1
	    [dport]=$SPORT [dport_n]=$1)
}

case_tc_bpf_nat()
{
	tc_bpf nat "$1" && expect_nat "$1"
}

flower()
{
	tc -n mid qdisc add dev in0 clsact &&
	numbered "$1" "filter add dev in0 ingress protocol ip pref 1 flower \
skip_hw ip_proto udp dst_ip %A dst_port $PORT action pedit ex \
munge eth src set $OUT_M munge eth dst set $SINK_M $2 \
action mirred egress redirect dev out0" >/tmp/batch &&
	tc -n mid -batch /tmp/batch
}

case_flower()
{
	flower "$1" pipe &&
	e=([dmac]=$SINK_M [smac]=$OUT_M)
}

case_flower_nat()
{
	flower "$1" "munge ip dst set $SERVER munge udp dport set %P pipe \
action csum ip and udp pipe" &&
	expect_nat "$1"
}

# ipvs N METHOD PORT
ipvs()
{
	router &&
	ip -n mid route add local 10.2.0.0/16 dev lo &&
	# Its periodic estimators are no work of a packet.
	mid bash -c 'echo 0 >/proc/sys/net/ipv4/vs/run_estimation' &&
	numbered "$1" "-A -u %A:$PORT -s rr
-a -u %A:$PORT -r $SERVER:$3 $2" >/tmp/batch &&
	mid ipvsadm -R </tmp/batch
}

case_ipvs_dr()
{
	ipvs "$1" -g $PORT
}

case_ipvs_nat()
{
	ipvs "$1" -m %P &&
	expect_nat "$1"
}

load_svcseq() { mid svcseq -b - 2>&1; }

case_svcseq_loopback()
{
	{
		echo "port add in0 role uplink"
		echo "port add out0 role device"
		echo "device add srv kind server mode loopback outer out0 mac $SINK_M"
		echo "sequence add seq step srv"
		numbered "$1" "service add %A udp $PORT sequence seq"
	} | load_svcseq &&
	e=([dmac]=$SINK_M [smac]=$OUT_M)
}

# To a device that gives packets back with their position.
svcseq_track()
{
	{
		echo "port add in0 role uplink"
		echo "port add out0 role device"
		echo "device add dev kind inline outer out0 mac $SINK_M"
		echo "device add srv kind server mode loopback outer out0 mac $GEN_M"
		echo "sequence add seq path-id 1 step dev track $2 step srv"
		numbered "$1" "service add %A udp $PORT sequence seq"
	} | load_svcseq &&
	e=([dmac]=$SINK_M [smac]=$OUT_M)
}

case_svcseq_dscp()
{
	svcseq_track "$1" dscp && e+=([tos]=12)
}

# Label 65, bottom of the stack, TTL 32.
case_svcseq_mpls()
{
	svcseq_track "$1" mpls && e+=([head]=884700041120)
}

# TTL 63, two words, MD type 2, IPv4; path 1, index 255.
case_svcseq_nsh()
{
	svcseq_track "$1" nsh && e+=([head]=894f0fc20201000001ff)
}

# The engine translates the port, so that one server address can do for all;
# a translation belongs to a sequence.
svcseq_nat()
{
	echo "device add srv kind server mode nat address $SERVER outer $2 mac $3"
	numbered "$1" "sequence add seq%I step srv port %P
service add %A udp $PORT sequence seq%I"
}

case_svcseq_nat()
{
	{
		echo "port add in0 role uplink"
		echo "port add out0 role device"
		svcseq_nat "$1" out0 $SINK_M
	} | load_svcseq &&
	expect_nat "$1"
}

# Replies come from the server and leave by the uplink's gateway.
reply_ports()
{
	echo "port add in0 role device"
	echo "port add out0 role uplink gateway 10.1.255.253"
}

reply_world()
{
	set_pattern reply "$1" &&
	ip -n mid addr add 10.1.255.254/16 dev out0 &&
	ip -n mid neigh add 10.1.255.253 lladdr $SINK_M dev out0 nud permanent &&
	e=([dmac]=$SINK_M [smac]=$OUT_M)
}

case_svcseq_loopback_reply()
{
	reply_world "$1" &&
	{
		reply_ports
		echo "device add srv kind server mode loopback outer in0 mac $GEN_M"
		echo "sequence add seq step srv"
		numbered "$1" "service add %A udp $PORT sequence seq"
	} | load_svcseq
}

case_svcseq_nat_reply()
{
	reply_world "$1" &&
	p+=([src]=$SERVER [src_n]=1 [sport]=$SPORT [sport_n]=$1) &&
	e+=([src]=$SERVICE [src_n]=$1 [sport]=$PORT [sport_n]=1) &&
	{
		reply_ports
		svcseq_nat "$1" in0 $GEN_M
	} | load_svcseq
}

# A packet of no service among N services: forwarded as if there were none, to
# be held against `forward`.
case_svcseq_other()
{
	case_forward "$1" &&
	{
		echo "port add in0 role uplink"
		echo "port add out0 role device"
		echo "device add srv kind server mode loopback outer out0 mac $SINK_M"
		echo "sequence add seq step srv"
		numbered "$1" "service add %A udp $((PORT + 1)) sequence seq"
	} | load_svcseq
}

# No packets: what it takes to read and add one service of N, from the text to
# the table, kernel and userspace together.
case_svcseq_load()
{
	{
		echo "port add in0 role uplink"
		echo "port add out0 role device"
		echo "device add srv kind server mode loopback outer out0 mac $SINK_M"
		echo "sequence add seq step srv"
	} | load_svcseq &&
	numbered "$1" "service add %A udp $PORT sequence seq" >/tmp/batch
}

# Prints thousandths of an instruction per service. In a profile, N = $COUNT makes
# the figures those per service as well.
measure_svcseq_load()
{
	local t

	[ -z "${opt[profile]}" ] || wire arm
	t=${EPOCHREALTIME/./}
	mid wire around svcseq -b /tmp/batch >/tmp/err 2>&1 || return 1
	t=$((${EPOCHREALTIME/./} - t))
	echo $((t * 1000000 / $1))
}

# prefixes N FORMAT: N lines with %A, a prefix; together they hold all clients
prefixes()
{
	awk -v n="$1" -v f="$2" -v flows=$FLOWS 'BEGIN {
		len = 32
		for (size = 1; n * size <= flows; size *= 2)
			len--
		for (i = 0; i < n; i++) {
			v = i * size
			s = f
			gsub(/%A/, "10." 1 + int(v / 65536) "." \
				int(v / 256) % 256 "." v % 256 "/" len, s)
			print s
		}
	}'
}

# One service whose list has N rules, each for some of the clients.
case_svcseq_acl()
{
	p[dst_n]=1
	{
		echo "default deny"
		prefixes "$1" "allow udp from %A to any port $PORT"
	} >/tmp/list
	{
		echo "port add in0 role uplink"
		echo "port add out0 role device"
		echo "device add srv kind server mode loopback outer out0 mac $SINK_M"
		echo "sequence add seq step srv"
		echo "acl load list /tmp/list"
		echo "service add $SERVICE udp $PORT sequence seq acl list"
	} | load_svcseq &&
	e=([dmac]=$SINK_M [smac]=$OUT_M)
}

# The same rules as a set of nftables, on a router; to be held against `forward`.
case_nft_set()
{
	case_forward 1 &&
	p[dst_n]=1 &&
	{
		echo "table ip t {"
		echo "set s {"
		echo "type ipv4_addr . inet_service; flags interval;"
		echo "elements = {"
		prefixes "$1" "%A . $PORT,"
		echo "}"
		echo "}"
		echo "chain f {"
		echo "type filter hook forward priority 0; policy drop;"
		echo "ip saddr . udp dport @s accept"
		echo "}"
		echo "}"
	} >/tmp/rules &&
	mid nft -f /tmp/rules
}
