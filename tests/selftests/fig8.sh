#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: A-07 A-14 A-22 C-01 C-03 C-04 D-03 E-01 E-02 E-04 E-10 M-01
# Timeout: 500
# Figures 8 to 8C: the server listens on another port than the service has;
# firewall and IDS see the service's port.  HTTP 80 and 8080, FTP control 21
# and 2021, UDP 7 and 2007, bulk with iperf3.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- d0 ids
#                             |     `---------- f0 fw
#                             i2 -------------- f1
#                             i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 nft iperf3

CASES="server_nat server_loopback copy_with_device_port bulk_gso bulk_no_gso"

FW_PORTS="tcp . 80, tcp . 21, udp . 7, tcp . 5201, udp . 5201"

setup()
{
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_fw "$sw40" - || bail "no firewall"
	topo_ids "$sw40" || bail "no IDS"
	topo_server srv1 3 - $M_S1 2 || bail "no server"
	web_start srv1 8080 || bail "no web server"
	bg_ns ftpd "$srv1" $PY "$TOOLS/ftpd.pyc" 2021
	wait_port "$srv1" tcp 2021 || bail "no FTP server"
}

# fig8_engine MODE [COPY_WORDS]: a sequence for each pair of ports
fig8_engine()
{
	local more=${2:-}

	MODE=$1
	server_mode srv1 "$1" $W1_4 $W1_6
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add ids0 kind tap outer i1 mac $M_IDS
		device add srv1 kind server mode $MODE $([ "$MODE" != nat ] || echo "address $S1_4 address $S1_6") outer i3 mac $M_S1
		sequence add web step fw0 step srv1 port 8080 copy ids0 $more
		sequence add ftp step fw0 step srv1 port 2021 copy ids0 $more
		sequence add echo step fw0 step srv1 port 2007 copy ids0 $more
		sequence add perf step fw0 step srv1 port 5301
		$(for f in 4 6; do
			fam $f
			echo "service add $W1 tcp 80 sequence web"
			echo "service add $W1 tcp 21 sequence ftp"
			echo "service add $W1 udp 7 sequence echo"
			echo "service add $W1 tcp 5201 sequence perf"
			echo "service add $W1 udp 5201 sequence perf"
		done)
	EOT
}

# at_server: the address that the server sees as its own
at_server()
{
	[ "$MODE" = nat ] && echo "$S1" || echo "$W1"
}

# rows PROTO PORT REAL_PORT COPY: table 8A
rows()
{
	local proto=$1 p=$2 tp=$3 copy=$4 to=- from=-

	[ "$MODE" != nat ] || to=$S1 from=$W1
	cat <<-EOT
		request i0 * $W1 $proto/$p client>fw0 inline i1 $M_FW0 - - -
		request i2 $M_FW1 $W1 $proto/$p fw0>srv1 $MODE i3 $M_S1 $to $tp $copy
		reply i3 $M_S1 $(at_server) $proto/$tp srv1>fw0 inline i2 $M_FW1 $from $p $copy
		reply i1 $M_FW0 $W1 $proto/$p fw0>client client * * - - -
	EOT
}

# alert_rows PROTO PORT REAL_PORT COPY_PORT: what the IDS may send, with the
# port that its copies have
alert_rows()
{
	local to=- in=- out=-

	[ "$MODE" != nat ] || to=$S1
	[ "$4" = "$3" ] || in=$3
	[ "$4" = "$2" ] || out=$2
	cat <<-EOT
		request i1 $M_IDS $W1 $1/$4 ids0>srv1 $MODE i3 $M_S1 $to $in -
		reply i1 $M_IDS $W1 $1/$4 ids0>fw0 inline i2 $M_FW1 - $out -
	EOT
}

# steps PROTO PORT REAL_PORT SEQUENCE COPY_PORT|-: steps 1 to 8
steps()
{
	local proto=$1 p=$2 tp=$3 seq=$4 cp=$5

	copy()
	{
		[ "$cp" != - ] && echo "copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $*"
	}
	walk_add <<-EOT
		path request-$proto-$p-$F request $W1/$proto/$p $seq
		$(edge_in - "$W1" "$proto" "$p")
		hop engine>fw0 pe-i1,fw-f0 $M_I1 $M_FW0 - $W1 $proto - $p
		hop fw0>engine fw-f1,pe-i2 $M_FW1 $M_I2 - $W1 $proto - $p
		$(copy - "$W1" "$proto" - "$cp")
		hop engine>srv1 pe-i3,srv-s1 $M_I3 $M_S1 - $(at_server) $proto - $tp
		path reply-$proto-$p-$F reply $W1/$proto/$p $seq
		hop srv1>engine srv-s1,pe-i3 $M_S1 $M_I3 $(at_server) - $proto $tp -
		$(copy "$W1" - "$proto" "$cp" -)
		hop engine>fw0 pe-i2,fw-f1 $M_I2 $M_FW1 $W1 - $proto $p -
		hop fw0>engine fw-f0,pe-i1 $M_FW0 $M_I1 $W1 - $proto $p -
		$(edge_out "$W1" - "$proto" "$p")
	EOT
}

fig8_caps()
{
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "pe-i2=$pe:i2" "pe-i3=$pe:i3" \
		"fw-f0=$fw:f0" "fw-f1=$fw:f1" "ids-d0=$ids:d0" "srv-s1=$srv1:s1"
}

fig8_traffic()
{
	local out

	udp_ask "$W1" 7 8 800 "$U2" &
	check_get "srv1 says hello" "http://$UW1/name"
	check_bulk srv1 "http://$UW1/bulk"
	out=$(get "ftp://$UW1/file" -I 2>&1)
	grep -q "Content-Length: 4711" <<<"$out"
	check_err $? "FTP said: $out"
	wait $!
	check_err $? "UDP"
}

# scenario MODE COPY_PORT...: the ports that copies of tcp/80, tcp/21 and udp/7
# have, and what makes them so
scenario()
{
	local f

	fig8_engine "$1" "${*:5}"
	check_table < <(
		for f in 4 6; do
			fam $f
			rows tcp 80 8080 ids0
			alert_rows tcp 80 8080 "$2"
			rows tcp 21 2021 ids0
			alert_rows tcp 21 2021 "$3"
			rows udp 7 2007 ids0
			alert_rows udp 7 2007 "$4"
			rows tcp 5201 5301 -
			rows udp 5201 5301 -
		done)
	fam 4
	udp_start srv1 2007 "$(at_server)" "$(fam 6; at_server)"
	fig8_caps
	walk_spec <<<"watch $W1_4 $S1_4 $W1_6 $S1_6"
	for f in 4 6; do
		fam $f
		fig8_traffic
		steps tcp 80 8080 web "$2"
		steps tcp 21 2021 ftp "$3"
		steps udp 7 2007 echo "$4"
	done
	quiet_ns "$cl" "$srv1"
	walk_check
	check_drops 0
	check_no_conntrack "$pe"
}

server_nat() { scenario nat 80 21 7; }
server_loopback() { scenario loopback 80 21 7; }
copy_with_device_port() { scenario nat 8080 2021 2007 copy-port device; }

# bulk [strict]: bounded iperf3 transfers both ways by TCP, and one by UDP, all
# through address and port translation
bulk()
{
	local f

	fig8_engine nat
	# Without an address it listens on all of both families.
	bg_ns iperf "$srv1" iperf3 -s -p 5301
	wait_port "$srv1" tcp 5301 || check_err 1 "no iperf3 server"
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "pe-i2=$pe:i2" "pe-i3=$pe:i3" \
		"fw-f0=$fw:f0" "fw-f1=$fw:f1" "srv-s1=$srv1:s1"
	walk_spec <<<"watch $W1_4 $S1_4 $W1_6 $S1_6"
	for f in 4 6; do
		fam $f
		check in_ns "$cl" iperf3 -c "$W1" -n 600K -B "$U1"
		check in_ns "$cl" iperf3 -c "$W1" -n 600K -R -B "$U1"
		check in_ns "$cl" iperf3 -c "$W1" -u -n 100K -b 4M -B "$U1"
		steps tcp 5201 5301 perf -
		steps udp 5201 5301 perf -
	done
	quiet_ns "$cl" "$srv1"
	walk_check "$@"
	check_drops 0
}

bulk_gso() { bulk; }

bulk_no_gso()
{
	offloads off "$cl" "$rt" "$pe" "$fw" "$srv1" "$ids"
	check_err $? "cannot switch offloads off"
	defer offloads on "$cl" "$rt" "$pe" "$fw" "$srv1" "$ids"
	SNAPLEN=2000 bulk strict
}

run_cases
