#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: F-15 K-01 K-02 K-03 K-10
# Timeout: 300
# Figures 16 to 16B: one client and one server; two ports of a service address
# with a server each; three service addresses with a server each. Figure 17F: a
# load balancer is the end server. The chain ends there, and which of its own
# servers answers is no business of the engine. In all of them a firewall that
# knows connections stands before the servers.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- f0 fw
#                             |  i2 --- f1
#                             i3 --- sw43 --- s1, s2, s3 srv1, srv2, srv3
#                                       `---- l0 lb l1 --- s1775 srv1775
#                                                   l2 --- s1776 srv1776

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 jq nft

CASES="one_server_4 one_server_6 two_ports_4 two_ports_6
	three_addresses_4 three_addresses_6 balancer_4 balancer_6"

# shellcheck disable=SC2034 # by their names
sw43="" srv3="" lb="" srv1775="" srv1776="" M_S3=02:00:00:00:05:03
M_LB=02:00:00:00:17:95
W_4="$W1_4 $W2_4 $W3_4" W_6="$W1_6 $W2_6 $W3_6"

setup()
{
	local n mac

	FW_PORTS="tcp . 80, tcp . 8080"
	topo_core || bail "no core"
	topo_fw - - || bail "no firewall"
	topo_switch 3 sw43 || bail "no switch"
	for n in 1 2 3; do
		mac=M_S$n
		topo_server srv$n 3 "$sw43" "${!mac}" "7$n" || bail "no server $n"
		# shellcheck disable=SC2086 # words
		server_mode srv$n loopback $W_4 $W_6
		web_start srv$n 80 8080 || bail "no web server $n"
	done
	balancer || bail "no load balancer"
}

# balancer: an appliance with the service address on its network device, and
# with servers of its own on cables of its own
balancer()
{
	local n ns dir=$TMP/balancer

	setup_ns lb
	ns_host "$lb" net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
	topo_station 3 "$sw43" "$lb" l0 $M_LB || return 1
	ns_ip "$lb" <<-EOT
		addr add 10.0.3.95/24 dev l0
		addr add fd00:3::95/64 dev l0 nodad
		addr add $W1_4/32 dev l0
		addr add $W1_6/128 dev l0 nodad
		route add default via 10.0.3.1
		route add default via fd00:3::1
	EOT
	for n in 1 2; do
		setup_ns srv177$((n + 4))
		ns=srv177$((n + 4))
		link_ns "$lb" l$n "${!ns}" s177$((n + 4)) || return 1
		addr_ns "$lb" l$n 172.20.$n.1/24
		addr_ns "${!ns}" s177$((n + 4)) 172.20.$n.2/24
	done
	web_start srv1776 80 || return 1
	mkdir -p "$dir"
	cat >"$dir/conf" <<-EOT
		daemon off; master_process off; worker_processes 1;
		error_log $dir/error.log; pid $dir/pid;
		events { worker_connections 64; }
		http {
			access_log off;
			client_body_temp_path $dir/b; proxy_temp_path $dir/p;
			fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u;
			scgi_temp_path $dir/s;
			upstream farm {
				server 172.20.1.2 max_fails=1 fail_timeout=2s;
				server 172.20.2.2 max_fails=1 fail_timeout=2s;
			}
			server {
				listen 80; listen [::]:80;
				location / { proxy_pass http://farm; }
			}
		}
	EOT
	bg_ns balancer "$lb" nginx -c "$dir/conf" -e "$dir/error.log"
	wait_port "$lb" tcp 80
}

# base: what all figures have, and the commands on standard input
base()
{
	local n mac

	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		$(for n in 1 2 3; do
			mac=M_S$n
			echo "device add srv$n kind server mode loopback outer i3 mac ${!mac}"
		done)
		device add lb1795 kind server mode alias outer i3 mac $M_LB
		sequence add to1 step fw0 step srv1
		sequence add to2 step fw0 step srv2
		sequence add to3 step fw0 step srv3
		sequence add tolb step fw0 step lb1795
		$(cat)
	EOT
}

# rows ADDR PORT SERVER MODE MAC
rows()
{
	cat <<-EOT
		request i0 * $1 tcp/$2 client>fw0 inline i1 $M_FW0 - - -
		request i2 $M_FW1 $1 tcp/$2 fw0>$3 $4 i3 $5 - - -
		reply i3 $5 $1 tcp/$2 $3>fw0 inline i2 $M_FW1 - - -
		reply i1 $M_FW0 $1 tcp/$2 fw0>client client * * - - -
	EOT
}

# steps ADDR PORT SEQUENCE SERVER MAC CAPTURE
steps()
{
	walk_add <<-EOT
		path request-$1-$2 request $1/tcp/$2 $3
		$(edge_in "$U1" "$1" tcp "$2")
		hop engine>fw0 pe-i1 $M_I1 $M_FW0 $U1 $1 tcp - $2
		hop fw0>engine pe-i2 $M_FW1 $M_I2 $U1 $1 tcp - $2
		hop engine>$4 pe-i3,$6 $M_I3 $5 $U1 $1 tcp - $2
		path reply-$1-$2 reply $1/tcp/$2 $3
		hop $4>engine $6,pe-i3 $5 $M_I3 $1 $U1 tcp $2 -
		hop engine>fw0 pe-i2 $M_I2 $M_FW1 $1 $U1 tcp $2 -
		hop fw0>engine pe-i1 $M_FW0 $M_I1 $1 $U1 tcp $2 -
		$(edge_out "$1" "$U1" tcp "$2")
	EOT
}

# caps NAME=NS:DEV...: at the client's side, the engine's, and these
caps()
{
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" "pe-i1=$pe:i1" \
		"pe-i2=$pe:i2" "pe-i3=$pe:i3" "$@"
	walk_spec <<<"watch $W1 $W2 $W3"
}

# done_well NS...: captures and counters are as the steps say
done_well()
{
	quiet_ns "$cl" "$@"
	walk_check
	check_drops 0
	check_no_conntrack "$pe"
	[ "$(conntrack_count "$fw")" -gt 0 ]
	check_err $? "the firewall tracks no connection"
}

one_server()
{
	fam "$1"
	base <<-EOT
		service add $W1 tcp 80 sequence to1
	EOT
	check_table < <(rows "$W1" 80 srv1 loopback $M_S1)
	caps "srv1=$srv1:s1"
	check_get "srv1 says hello" "http://$UW1/name" || return
	check_bulk srv1 "http://$UW1/bulk"
	steps "$W1" 80 to1 srv1 $M_S1 srv1
	done_well "$srv1"
}

one_server_4() { one_server 4; }
one_server_6() { one_server 6; }

# Both servers have both ports open: only the engine makes the difference.
two_ports()
{
	fam "$1"
	base <<-EOT
		service add $W1 tcp 80 sequence to1
		service add $W1 tcp 8080 sequence to2
	EOT
	check_table < <(
		rows "$W1" 80 srv1 loopback $M_S1
		rows "$W1" 8080 srv2 loopback $M_S2)
	caps "srv1=$srv1:s1" "srv2=$srv2:s2"
	check_get "srv1 says hello" "http://$UW1/name" || return
	check_get "srv2 says hello" "http://$UW1:8080/name" || return
	steps "$W1" 80 to1 srv1 $M_S1 srv1
	steps "$W1" 8080 to2 srv2 $M_S2 srv2
	done_well "$srv1" "$srv2"
}

two_ports_4() { two_ports 4; }
two_ports_6() { two_ports 6; }

# Three servers that are the same in all, each with all three addresses.
three_addresses()
{
	local n w u mac

	fam "$1"
	base <<-EOT
		service add $W1 tcp 80 sequence to1
		service add $W2 tcp 80 sequence to2
		service add $W3 tcp 80 sequence to3
	EOT
	check_table < <(
		for n in 1 2 3; do
			w=W$n mac=M_S$n
			rows "${!w}" 80 srv$n loopback "${!mac}"
		done)
	caps "srv1=$srv1:s1" "srv2=$srv2:s2" "srv3=$srv3:s3"
	for n in 1 2 3; do
		w=W$n mac=M_S$n u=${!w}
		[ "$F" = 4 ] || u="[$u]"
		check_get "srv$n says hello" "http://$u/name" || return
		steps "${!w}" 80 to$n srv$n "${!mac}" srv$n
	done
	done_well "$srv1" "$srv2" "$srv3"
}

three_addresses_4() { three_addresses 4; }
three_addresses_6() { three_addresses 6; }

balanced()
{
	fam "$1"
	base <<-EOT
		service add $W1 tcp 80 sequence tolb
	EOT
	check_table < <(rows "$W1" 80 lb1795 alias $M_LB)
	web_start srv1775 80 || check_err 1 "no web server"
	caps "lb=$lb:l0"
	check_eq "$(who_answers 6)" "3 srv1775 says hello 3 srv1776 says hello" \
		"who answers" || return
	bg_stop web-srv1775
	# No request is lost: the balancer asks the other one.
	check_eq "$(who_answers 4)" "4 srv1776 says hello" \
		"who answers when 1775 is dead" || return
	web_start srv1775 80 || check_err 1 "no web server"
	busywait "$WAIT" _both_answer
	check_err $? "the balancer does not use 1775 again"
	steps "$W1" 80 tolb lb1795 $M_LB lb
	done_well "$lb"
}

_both_answer()
{
	[ "$(who_answers 2)" = "1 srv1775 says hello 1 srv1776 says hello" ]
}

balancer_4() { balanced 4; }
balancer_6() { balanced 6; }

run_cases
