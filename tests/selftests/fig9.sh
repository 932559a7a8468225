#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: D-04 D-05
# Timeout: 400
# Figures 9 to 9E: the server negotiates a further port with its client, as FTP
# does in passive mode, and that port is the service's as well; or a further
# port and address, which are a service of their own with another firewall.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- d0 ids, f0 fw, f0 fw2
#                             |  i2 --- sw41 --- f1 fw, f1 fw2
#                             i3 --- s1 srv1

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq vsftpd curl tcpdump python3 nft

CASES="port_4 port_6 two_ports overlap port_and_address"

fw2=""
M_FW20=02:00:00:00:0f:20
M_FW21=02:00:00:00:0f:21
# The negotiated address.
A1_4=198.51.100.101

data_ports()
{
	local n

	for ((n = 1025; n <= 1125; n++)); do
		echo -n "tcp . $n, "
	done
}

setup()
{
	FW_PORTS="$(data_ports) tcp . 21"
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_switch 2 sw41 || bail "no inner switch"
	topo_fw "$sw40" "$sw41" || bail "no firewall"
	topo_ids "$sw40" || bail "no IDS"
	topo_server srv1 3 - $M_S1 2 || bail "no server"

	# The other firewall: negotiated ports only.
	setup_ns fw2
	ns_router "$fw2"
	topo_station 1 "$sw40" "$fw2" f0 $M_FW20 || bail "no second firewall"
	topo_station 2 "$sw41" "$fw2" f1 $M_FW21 || bail "no second firewall"
	ns_ip "$fw2" <<-EOT
		addr add 10.0.1.20/24 dev f0
		addr add 10.0.2.20/24 dev f1
		route add default via 10.0.1.1
		route add 198.51.100.0/24 via 10.0.2.1
	EOT
	in_ns "$fw2" nft -f - <<-EOT
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established,related accept
				iif "f0" oif "f1" tcp dport 1025-1125 ct state new counter name fresh accept
			}
			counter fresh { }
		}
	EOT

	mkdir -p "$TMP/ftp/empty" "$TMP/ftp/root"
	chmod 755 "$TMP" "$TMP/ftp" "$TMP/ftp/root"
	head -c 200000 /dev/urandom >"$TMP/ftp/root/file"
	chmod 644 "$TMP/ftp/root/file"
}

# ftp_start [OPTION...]: vsftpd with these lines in its configuration
ftp_start()
{
	{
		cat <<-EOT
			listen=NO
			listen_ipv6=YES
			background=NO
			anonymous_enable=YES
			no_anon_password=YES
			anon_root=$TMP/ftp/root
			secure_chroot_dir=$TMP/ftp/empty
			pasv_min_port=1025
			pasv_max_port=1125
			seccomp_sandbox=NO
			isolate=NO
			isolate_network=NO
			xferlog_enable=NO
		EOT
		printf '%s\n' "$@"
	} >"$TMP/ftp/conf"
	bg_ns vsftpd "$srv1" vsftpd "$TMP/ftp/conf"
	wait_port "$srv1" tcp 21 && return
	log_info "$(cat "$TMP/vsftpd.log")"
	check_err 1 "no FTP server"
}

fig9_engine()
{
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		device add fw0 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add fw2 kind inline outer i1 mac $M_FW20 inner i2 mac $M_FW21
		device add ids0 kind tap outer i1 mac $M_IDS
		device add srv1 kind server mode loopback outer i3 mac $M_S1
		device add real kind server mode nat address $S1_4 address $S1_6 outer i3 mac $M_S1
		sequence add ftp step fw0 step srv1 copy ids0
		sequence add nat step fw0 step real copy ids0
		sequence add data step fw2 step real copy ids0
		$(cat)
	EOT
}

fig9_caps()
{
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" \
		"pe-i1=$pe:i1" "pe-i2=$pe:i2" "pe-i3=$pe:i3" \
		"fw-f0=$fw:f0" "fw-f1=$fw:f1" "fw2-f0=$fw2:f0" "fw2-f1=$fw2:f1" \
		"ids-d0=$ids:d0" "srv-s1=$srv1:s1"
}

fetch()
{
	check get "ftp://$UW1/file" -o "$TMP/got" "$@" &&
		check cmp "$TMP/got" "$TMP/ftp/root/file"
}

# steps NAME SERVICE SEQUENCE ADDR PORT FW CAPTURE MAC_OUTER MAC_INNER SERVER
steps()
{
	local p=$5 w=$4 s=${10} cap=$7

	walk_add <<-EOT
		path request-$1 request $2 $3
		$(edge_in "$U1" "$w" tcp "$p")
		hop engine>$6 pe-i1,$cap-f0 $M_I1 $8 $U1 $w tcp - $p
		hop $6>engine $cap-f1,pe-i2 $9 $M_I2 $U1 $w tcp - $p
		copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $U1 $w tcp - $p
		hop engine>${11} pe-i3,srv-s1 $M_I3 $M_S1 $U1 $s tcp - $p
		path reply-$1 reply $2 $3
		hop ${11}>engine srv-s1,pe-i3 $M_S1 $M_I3 $s $U1 tcp $p -
		copy engine>ids0 pe-i1,ids-d0 $M_I1 $M_IDS $w $U1 tcp $p -
		hop engine>$6 pe-i2,$cap-f1 $M_I2 $9 $w $U1 tcp $p -
		hop $6>engine $cap-f0,pe-i1 $8 $M_I1 $w $U1 tcp $p -
		$(edge_out "$w" "$U1" tcp "$p")
	EOT
}

# The client's second connection, to a port the server has just named, goes
# the way of the first.
port()
{
	local d

	fam "$1"
	fig9_engine <<-EOT
		service add $W1 tcp 21 dynamic 1025-1125 sequence ftp
	EOT
	server_mode srv1 loopback "$W1"
	ftp_start
	fig9_caps
	fetch
	quiet_ns "$cl" "$srv1"
	caps_stop
	d=$(capture_show cl-c0 "dst host $W1" |
		sed -n 's/.*[.]\(1[01][0-9][0-9]\): Flags.*/\1/p' | sort -u)
	log_info "the server chose port $d"
	[[ $d =~ ^1[01][0-9][0-9]$ ]]
	check_err $? "not one port out of the range: $d"
	walk_spec <<<"watch $W1"
	steps control "$W1/tcp/21" ftp "$W1" 21 fw0 fw $M_FW0 $M_FW1 "$W1" srv1
	steps data "$W1/tcp/21" ftp "$W1" "$d" fw0 fw $M_FW0 $M_FW1 "$W1" srv1
	walk_stopped
	check_table < <(rows "$W1" tcp/21,1025-1125)
	check_drops 0
	check_no_conntrack "$pe"
	bg_stop vsftpd
}

# walk_stopped: walk_check, for captures that have ended
walk_stopped()
{
	local noun opts=() out

	for noun in table device service port; do
		sq -j -s $noun show >"$TMP/$noun.json" || check_err 1 "$noun show"
		opts+=("$noun=$TMP/$noun.json")
	done
	out=$($PY "$TOOLS/walk.pyc" "$TMP/walk" "${opts[@]}")
	check_err $? "captures or counters differ from the steps"
	log_info "$out"
}

# rows ADDR PORTS: table 9B
rows()
{
	cat <<-EOT
		request i0 * $1 $2 client>fw0 inline i1 $M_FW0 - - -
		request i2 $M_FW1 $1 $2 fw0>srv1 loopback i3 $M_S1 - - ids0
		request i1 $M_IDS $1 $2 ids0>srv1 loopback i3 $M_S1 - - -
		reply i3 $M_S1 $1 $2 srv1>fw0 inline i2 $M_FW1 - - ids0
		reply i1 $M_IDS $1 $2 ids0>fw0 inline i2 $M_FW1 - - -
		reply i1 $M_FW0 $1 $2 fw0>client client * * - - -
	EOT
}

port_4() { port 4; }
port_6() { port 6; }

# Table 9B: two service ports of one address, each with ports of its own. Only
# the owner's chain is taken.
two_ports()
{
	fam 4
	fig9_engine <<-EOT
		service add $W1 tcp 21 dynamic 1025-1125 sequence ftp
		service add $W1 tcp 22 dynamic 1126-1300 sequence nat
	EOT
	server_mode srv1 loopback "$W1"
	ftp_start
	fetch
	quiet_ns "$cl" "$srv1"
	[ "$(stat_of service "$W1" tcp 21 request)" -gt 0 ]
	check_err $? "no packet of the first"
	check_eq "$(stat_of service "$W1" tcp 22 request)" 0 "packets of the second"
	check_drops 0
	# Without a range the data have no way.
	check sq service del "$W1" tcp 21
	check sq service add "$W1" tcp 21 sequence ftp
	get "ftp://$UW1/file" -o /dev/null --connect-timeout 2 --max-time 4 >/dev/null 2>&1
	check_fail $? "data by a port that is nobody's"
	bg_stop vsftpd
}

overlap()
{
	fam 4
	fig9_engine <<-EOT
		service add $W1 tcp 21 dynamic 1025-1125 sequence ftp
	EOT
	check_refused "$W1 tcp 22 dynamic 1125-1300.*$W1 tcp 21 dynamic 1025-1125" \
		sq service add "$W1" tcp 22 dynamic 1125-1300 sequence ftp
	check_refused "$W1 tcp 1100.*$W1 tcp 21 dynamic 1025-1125" \
		sq service add "$W1" tcp 1100 sequence ftp
	check sq service add "$W1" tcp 22 dynamic 1126-1300 sequence ftp
	check_eq "$(sq -j service show | jq length)" 2 "services"
}

# Figures 9C to 9E: the server names another address, which is a service of its
# own, through the other firewall. FTP can do so in IPv4 only (RFC 2428).
port_and_address()
{
	local d a=$A1_4

	fam 4
	fig9_engine <<-EOT
		service add $W1 tcp 21 sequence nat
		service add $a tcp 1025-1125 sequence data
	EOT
	server_mode srv1 nat "$W1"
	# Over a socket for both families vsftpd would offer 0.0.0.0.
	ftp_start "pasv_address=$a" listen=YES listen_ipv6=NO
	fig9_caps
	fetch --disable-epsv --no-ftp-skip-pasv-ip
	quiet_ns "$cl" "$srv1"
	caps_stop
	d=$(capture_show cl-c0 "dst host $a" |
		sed -n 's/.*[.]\(1[01][0-9][0-9]\): Flags.*/\1/p' | sort -u)
	log_info "the server chose $a port $d"
	[[ $d =~ ^1[01][0-9][0-9]$ ]]
	check_err $? "not one port out of the range: $d"
	walk_spec <<<"watch $W1 $a $S1"
	steps control "$W1/tcp/21" nat "$W1" 21 fw0 fw $M_FW0 $M_FW1 "$S1" real
	steps data "$a/tcp/1025-1125" data "$a" "$d" fw2 fw2 $M_FW20 $M_FW21 "$S1" real
	walk_stopped
	check_eq "$(nft_count "$fw2" inet fw fresh)" 1 \
		"connections through the other firewall"
	check_drops 0
	check_no_conntrack "$pe"
	bg_stop vsftpd
}

run_cases
