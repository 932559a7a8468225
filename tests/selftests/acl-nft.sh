#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: G-04 G-08 L-05
# Timeout: 500
# Random rules, random packets: the verdicts of nftables and those of the list
# that is imported from it are the same. And what iptables-save prints becomes
# the list that it should.
#
#   cl c0 --- r0 rt r1 --- i0 pe i3 --- s1 srv1
#   gen g* --- o0 ref o1 --- k* sink

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
# shellcheck source=acl-common.sh
. "$TESTS_DIR/acl-common.sh"
need_cmd svcseq nft jq python3

CASES="random_1 random_2 random_3 random_4 iptables"

# shellcheck disable=SC2034 # by its name
gen="" sink="" ref=""

PROBES=1500
[ "${KERNEL:-}" != debug ] || PROBES=300

setup()
{
	topo_core || bail "no core"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	probe_warm
	setup_ns gen sink
	ns_host "$gen"
	ns_host "$sink"
	oracle ref || bail "no reference"
}

# make_rules SEED COUNT rules|probes
make_rules()
{
	$PY - "$@" "$W1_4" "$W1_6" <<-'EOT'
		import random, sys

		seed, count, what, w4, w6 = sys.argv[1:]
		count = int(count)
		# Few values of each kind, so that rules overlap and packets hit.
		common = random.Random("values" + seed)
		hosts4 = ["203.0.%d.%d" % (common.randrange(112, 116),
		          common.randrange(256)) for _ in range(40)]
		hosts6 = ["2001:db8:%x::%x" % (common.randrange(4),
		          common.randrange(1, 65536)) for _ in range(40)]
		ports = sorted(common.sample(range(1, 65536), 12))
		sizes = sorted(common.sample(range(80, 1400), 8))
		rnd = random.Random(what + seed)

		def net(v6):
		    """A prefix around one of the hosts."""
		    host = rnd.choice(hosts6 if v6 else hosts4)
		    if v6:
		        return rnd.choice([host, host.rsplit("::", 1)[0] + "::/48"])
		    a, b, c, d = map(int, host.split("."))
		    bits = rnd.choice([32, 32, 30, 28, 25, 24, 23])
		    mask = 0xffffffff << (32 - bits) & 0xffffffff
		    n = (a << 24 | b << 16 | c << 8 | d) & mask
		    return "%d.%d.%d.%d/%d" % (n >> 24, n >> 16 & 255, n >> 8 & 255,
		                               n & 255, bits)

		def span(values):
		    low, high = sorted(rnd.sample(values, 2))
		    return rnd.choice([str(low), "%d-%d" % (low, high),
		                       "{ %d, %d }" % (low, high)])

		def rule():
		    out = []
		    v6 = rnd.random() < 0.5
		    if rnd.random() < 0.7:
		        out.append("%s saddr %s%s" % ("ip6" if v6 else "ip",
		                   rnd.choice(["", "", "", "!= "]), net(v6)))
		    elif rnd.random() < 0.3:
		        out.append("meta nfproto " + ("ipv6" if v6 else "ipv4"))
		    proto = rnd.choice(["tcp", "udp", None])
		    if proto:
		        part = rnd.choice(["sport", "both", "l4"])
		        if part == "sport":
		            out.append("%s sport %s%s" % (proto, rnd.choice(["", "!= "]),
		                                          span(ports)))
		        elif part == "both":
		            out.append("%s dport %d" % (proto, 443))
		            out.append("%s sport > %d" % (proto, rnd.choice(ports)))
		        else:
		            out.append("meta l4proto " + proto)
		    if rnd.random() < 0.3:
		        out.append("meta length " + span(sizes))
		    return " ".join(out + [rnd.choice(["accept", "drop"])])

		if what == "rules":
		    print("table inet t {\nchain f {\n"
		          "type filter hook forward priority 0; policy %s;"
		          % rnd.choice(["accept", "drop"]))
		    for _ in range(count):
		        print(rule())
		    print("}\n}")
		else:
		    for _ in range(count):
		        v6 = rnd.random() < 0.5
		        print(rnd.choice(hosts6 if v6 else hosts4), w6 if v6 else w4,
		              rnd.choice(["tcp", "udp"]),
		              rnd.choice(ports) + rnd.choice([-1, 0, 0, 1]), 443,
		              rnd.choice(sizes) + rnd.choice([-1, 0, 0, 1]))
	EOT
}

compare()
{
	local seed=$1 rules=$2

	make_rules "$seed" "$rules" rules >"$TMP/rules"
	make_rules "$seed" $PROBES probes >"$TMP/in"
	oracle_rules ref <"$TMP/rules" || check_err 1 "nft does not take the rules"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i3 role device
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		sequence add s step srv1
		acl import x nft $TMP/ref.json
		service add $W1_4 tcp 443 sequence s acl x
		service add $W1_4 udp 443 sequence s acl x
		service add $W1_6 tcp 443 sequence s acl x
		service add $W1_6 udp 443 sequence s acl x
	EOT
	oracle_says ref <"$TMP/in"
	requests mine <"$TMP/in"
	check_same "$TMP/mine.got" "$TMP/ref.got" "verdicts of the list and of nftables"
	check_drops $((PROBES - $(wc -l <"$TMP/ref.got"))) acl-denied
	[ -s "$TMP/ref.got" ] && [ "$(wc -l <"$TMP/ref.got")" -lt $PROBES ]
	check_err $? "all probes have the same verdict: not much of a test"
	log_info "$rules rules, $(sq -j acl show x | jq '.[0]["n-rules"]') in the list, $(wc -l <"$TMP/ref.got") of $PROBES allowed"
}

random_1() { compare 1 5; }
random_2() { compare 2 20; }
random_3() { compare 3 60; }
random_4() { compare 4 200; }

iptables()
{
	engine_setup </dev/null
	cat >"$TMP/save" <<-'EOT'
		# Generated by iptables-save v1.8.11 (nf_tables) on Sun Nov 22 12:00:00 2026
		*filter
		:INPUT ACCEPT [0:0]
		:FORWARD DROP [12:345]
		:web - [0:0]
		-A FORWARD -s 203.0.113.0/24 -p tcp -m tcp --dport 443 -m comment --comment "the \"web\" # shop" -j ACCEPT
		-A FORWARD -d 198.51.100.1/32 -p tcp -j web
		-A FORWARD ! -s 128.0.0.0/1 -p udp -m multiport --dports 53,1000:2000 -j DROP
		-A FORWARD -m iprange --src-range 10.1.0.3-10.1.0.9 -j ACCEPT
		-A FORWARD -p udp -m length --length 0:128 -j ACCEPT
		-A web -p tcp -m tcp --sport 1024:65535 ! --dport 80 -j ACCEPT
		-A web -j DROP
		COMMIT
		# Generated by ip6tables-save v1.8.11 (nf_tables) on Sun Nov 22 12:00:00 2026
		*filter
		:FORWARD ACCEPT [0:0]
		-A FORWARD -s 2001:db8::/32 -p ipv6-icmp -j DROP
		COMMIT
	EOT
	check sq acl import t iptables "$TMP/save"
	check_eq "$(sq acl show t)" "t default deny # rules 12
    1 allow tcp from 203.0.113.0/24 to any port 443
    2 allow tcp from any port 1024-65535 to 198.51.100.1 port 0-79
    3 allow tcp from any port 1024-65535 to 198.51.100.1 port 81-65535
    4 deny tcp to 198.51.100.1
    5 deny udp from 0.0.0.0/1 to any port 53
    6 deny udp from 0.0.0.0/1 to any port 1000-2000
    7 allow from 10.1.0.3
    8 allow from 10.1.0.4/30
    9 allow from 10.1.0.8/31
    10 allow ipv4 udp length 0-128
    11 deny icmpv6 from 2001:db8::/32
    12 allow ipv6" "the list"
	check_refused "2 rules of .* cannot be expressed in full" \
		sq acl import t iptables - <<-'EOT'
			# Generated by iptables-save v1.8.11 (nf_tables) on Sun Nov 22 12:00:00 2026
			*nat
			-A PREROUTING -d 192.0.2.1/32 -j DNAT --to-destination 10.0.0.1
			COMMIT
			*filter
			:FORWARD DROP [0:0]
			-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
			-A FORWARD -p tcp -j ACCEPT
			COMMIT
		EOT
	check_refused "does not say in its first line whether iptables-save" \
		sq acl import t iptables - <<-'EOT'
			*filter
			:FORWARD DROP [0:0]
			-A FORWARD -p tcp -j ACCEPT
		EOT
	check_refused "-:2: this is no JSON: .+ near '2'" \
		sq acl import t nft - <<<'{"nftables": [
			1 2]}'
}

run_cases
