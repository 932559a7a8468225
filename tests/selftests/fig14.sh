#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Covers: F-09 F-10 F-11
# Tags: slow
# Timeout: 300
# Figures 14 to 14D: databases. Two customers share a firewall, an application
# server and a database server. For each request the application server uses a
# data service of that customer, which the engine maps to the real database
# server; when that dies, one command maps both to its mirror. PostgreSQL and
# NFS. The disk of the first server is elsewhere, and the engine does not know.
#
#   cl c0 --- r0 rt r1 --- i0 pe i1 --- sw40 --- d0 ids, f0 fw
#                             |  i2 --- sw41 --- f1 fw
#                             |  i3 --- sa4 a4
#                             i4 --- sw43 --- sdb1 db1 t0 --- t1 disk
#                                       `---- sdb2 db2

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=topo.sh
. "$TESTS_DIR/topo.sh"
# shellcheck source=scenario.sh
. "$TESTS_DIR/scenario.sh"
need_cmd svcseq nginx curl tcpdump python3 nft jq socat setpriv \
	mount.nfs rpc.nfsd rpc.mountd rpcbind exportfs conntrack

CASES="sql_4 sql_6 nfs_4 nfs_6 failover_4 failover_6"

# Without the wrapper in Perl that Debian puts before them.
PG=$(echo /usr/lib/postgresql/*/bin)
PG_MAIN=$(echo /var/lib/postgresql/*/main)
export PG
[ -x "$PG/postgres" ] && [ -d "$PG_MAIN" ] || skip_all "no PostgreSQL here"

# shellcheck disable=SC2034 # by their names
sw43="" a4="" db1="" db2="" disk=""
M_I4=02:00:00:00:01:04
M_A4=02:00:00:00:14:74
M_DB1=02:00:00:00:14:71
M_DB2=02:00:00:00:14:72
M_DISK=02:00:00:00:14:73
# shellcheck disable=SC2034 # by their names
{
W5_4=198.51.100.5	W5_6=2001:db8:f::5
W1D_4=198.51.100.11	W1D_6=2001:db8:f::11
W5D_4=198.51.100.15	W5D_6=2001:db8:f::15
DB1_4=10.0.4.11		DB1_6=fd00:4::11
DB2_4=10.0.4.12		DB2_6=fd00:4::12
}
# Behind the first database server, and nowhere else.
DISK_NET=10.9.0.0/24 DISK=10.9.0.2

export NFS_OPT=vers=3,port=2049,mountvers=3,mountport=20048,nolock,noacl,hard,retry=0

fam14()
{
	local n v

	fam "$1"
	for n in W5 W1D W5D DB1 DB2; do
		v=${n}_$F
		declare -g "$n=${!v}"
	done
	UW5=$W5
	[ "$F" = 4 ] || UW5="[$W5]"
}

# --- the servers of data ------------------------------------------------------

# file_server DIR...: in a namespace of its own, give these out by NFS. The
# numbers are said, so that handles of one server are good on another.
file_server()
{
	local dir n=0

	mount -t tmpfs run /run && mount -t tmpfs nfs /var/lib/nfs &&
		touch /var/lib/nfs/etab /var/lib/nfs/rmtab &&
		mount -t nfsd nfsd /proc/fs/nfsd && rpcbind || return 1
	for dir; do
		n=$((n + 1))
		exportfs -o "rw,fsid=$n,insecure,no_root_squash,no_subtree_check" \
			"*:$dir" || return 1
	done
	rpc.mountd -p 20048 && rpc.nfsd -N 4 2
}

# data_server NAME STORE: PostgreSQL and NFS; tables are on the disk STORE
data_server()
{
	case $2 in
	*:*) mount -t nfs -o "$NFS_OPT" "$2" "$TMP/store" ;;
	*) mount --bind "$2" "$TMP/store" ;;
	esac && file_server "$TMP/share/u1" "$TMP/share/u2" || return 1
	exec setpriv --reuid postgres --regid postgres --clear-groups \
		"$PG/postgres" -D "$TMP/$1"
}
export -f file_server data_server

# disk_up: what it has for others is in the folder disk
disk_up()
{
	in_ns "$disk" unshare -m bash -c "file_server '$TMP/disk'" >"$TMP/disk.log" 2>&1 &
	wait $! && wait_port "$disk" tcp 2049 && return
	log_info "$(cat "$TMP/disk.log")"
	return 1
}

# data_start NAME STORE, data_up NAME: begin, and wait until it is there
declare -A pid_of
data_start()
{
	in_ns "${!1}" unshare -m bash -c "data_server $1 '$2'" \
		</dev/null >"$TMP/$1.log" 2>&1 &
	pid_of[$1]=$!
}

data_up()
{
	busywait "$WAIT" "$PG/pg_isready" -qh "$TMP/$1" && return
	log_info "$(cat "$TMP/$1.log")"
	return 1
}

# data_dies: as if the first server's power went. The cable goes first, so that
# nobody can say goodbye, and no connection is left.
data_dies()
{
	local pid

	ip -n "$sw43" link set "$DB1_PORT" down
	for pid in $(ip netns pids "$db1"); do
		kill -KILL "$pid"
	done
	wait "${pid_of[db1]}" 2>/dev/null
	busywait "$WAIT" not _listening "$db1" tcp 2049 ||
		check_err 1 "NFS of db1 does not end"
	quiet_ns "$db1"
	in_ns "$db1" conntrack -F 2>/dev/null
}

data_returns()
{
	ip -n "$sw43" link set "$DB1_PORT" up
	data_start db1 "$DISK:$TMP/disk"
	data_up db1 || check_err 1 "db1 does not come back"
}

# database NAME: the same content on each. A server in mode nat can have one
# service at a port, so the second customer has ports of its own there.
database()
{
	local name=$1 dir=$TMP/$1 n

	cp -a "$PG_MAIN" "$dir" || return 1
	cat >"$dir/postgresql.conf" <<-EOT
		listen_addresses = '*'
		unix_socket_directories = '$dir'
		fsync = off
		autovacuum = off
		jit = off
		ssl = off
		shared_buffers = 4MB
		max_connections = 20
		max_wal_senders = 0
		wal_level = minimal
	EOT
	{
		echo "local all all trust"
		for n in 1 2; do
			echo "host u$n u$n 10.0.3.2/32 trust"
			echo "host u$n u$n fd00:3::2/128 trust"
		done
	} >"$dir/pg_hba.conf"
	: >"$dir/pg_ident.conf"
	ns_sysctl "${!name}" net.ipv4.tcp_orphan_retries=1
	in_ns "${!name}" nft -f - <<-EOT
		table inet ports {
			chain in {
				type nat hook prerouting priority -100;
				tcp dport 5433 redirect to :5432
				tcp dport 2050 redirect to :2049
				tcp dport 20049 redirect to :20048
			}
		}
	EOT
}

content()
{
	local n

	for n in 1 2; do
		cat <<-EOT
			CREATE ROLE u$n LOGIN;
			CREATE DATABASE u$n OWNER u$n;
			\\c u$n
			CREATE TABLE content(n serial, line text);
			\\copy content(line) from '$TMP/rows.u$n'
			CREATE EXTENSION file_fdw;
			CREATE SERVER disk FOREIGN DATA WRAPPER file_fdw;
			CREATE FOREIGN TABLE stored(line text) SERVER disk
				OPTIONS (filename '$TMP/store/u$n');
			GRANT SELECT ON content, stored TO u$n;
		EOT
	done >"$TMP/sql"
	for n in db1 db2; do
		"$PG/psql" -Xq -v ON_ERROR_STOP=1 -h "$TMP/$n" -U postgres \
			-f "$TMP/sql" >"$TMP/content.$n" 2>&1 &
		pid_of[content-$n]=$!
	done
	for n in db1 db2; do
		wait "${pid_of[content-$n]}" && continue
		log_info "$(cat "$TMP/content.$n")"
		return 1
	done
}

# --- the application server -----------------------------------------------------

# A web server before a program that asks the data service of whoever asked.
app_files()
{
	local n d f w dir=$TMP/a4

	mkdir -p "$dir/conf"
	for f in 4 6; do
		for n in 1 2; do
			w=W1_$f d=W1D_$f
			[ $n = 1 ] || w=W5_$f d=W5D_$f
			mkdir -p "$dir/files/${!d}"
			echo "data=${!d} user=u$n files=$dir/files/${!d}" >"$dir/conf/${!w}"
		done
	done
	cat >"$dir/nginx.conf" <<-EOT
		daemon off; master_process off; worker_processes 1;
		error_log $dir/error.log; pid $dir/pid;
		events { worker_connections 64; }
		http {
			access_log off;
			client_body_temp_path $dir/b; proxy_temp_path $dir/p;
			fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u;
			scgi_temp_path $dir/s;
			server {
				listen 80; listen [::]:80;
				location / {
					proxy_pass http://unix:$dir/socket:;
					proxy_set_header X-Asked \$server_addr;
					proxy_read_timeout 300;
				}
			}
		}
	EOT
	cat >"$dir/app" <<-'EOT'
		#!/bin/bash
		while IFS=$' \r' read -r word value _; do
			case ${word,,} in
			get) path=$value ;;
			x-asked:) asked=$value ;;
			"") break ;;
			esac
		done
		. "${0%/*}/conf/$asked"
		if [ "$path" = /sql ]; then
			"$PG/psql" -XAtq "host=$data user=$user" \
				-c "SELECT line FROM content ORDER BY n" \
				-c "SELECT line FROM stored" >"${0%/*}/out.$$"
		else
			cat "$files$path" >"${0%/*}/out.$$"
		fi && echo $'HTTP/1.0 200 OK\r\n\r' && cat "${0%/*}/out.$$" ||
			echo $'HTTP/1.0 503 No data\r\n\r'
	EOT
	chmod 755 "$dir/app"
}

# The program has what is mounted before its own eyes only.
app_up()
{
	app_files
	bg_ns app "$a4" unshare -m socat "UNIX-LISTEN:$TMP/a4/socket,fork" "EXEC:$TMP/a4/app"
	bg_ns nginx "$a4" nginx -c "$TMP/a4/nginx.conf" -e "$TMP/a4/error.log"
	busywait "$WAIT" test -S "$TMP/a4/socket" && wait_port "$a4" tcp 80 && return
	log_info "$(cat "$TMP/a4/error.log" "$TMP/app.log")"
	return 1
}

in_app()
{
	nsenter -t "$(cat "$TMP/app.pid")" -m -n "$@"
}

# files_mount, files_umount: both customers' files, by their data services
files_mount()
{
	local n=0 d proto=tcp

	[ "$F" = 4 ] || proto=tcp6
	for d in "$W1D" "$W5D"; do
		n=$((n + 1))
		[ "$F" = 4 ] && set -- "$d" || set -- "[$d]"
		check in_app mount -t nfs -o "$NFS_OPT,proto=$proto,mountproto=$proto" \
			"$1:$TMP/share/u$n" "$TMP/a4/files/$d"
		defer in_app umount -fl "$TMP/a4/files/$d"
	done
}

files_umount()
{
	in_app umount -i "$TMP/a4/files/$W1D" "$TMP/a4/files/$W5D"
}

# All that somebody could have changed there to make it use another server.
app_state()
{
	cat "$TMP/a4/nginx.conf" "$TMP/a4/app" "$TMP"/a4/conf/* | sha256sum
	cat "/proc/$(cat "$TMP/app.pid")/mountinfo" "$TMP/app.pid" "$TMP/nginx.pid"
	ip -n "$a4" addr show
	ip -n "$a4" route show table all
	ip -n "$a4" -6 route show table all
}

# --- the laboratory -------------------------------------------------------------

setup()
{
	local n

	# shellcheck disable=SC2034 # for topo_fw
	FW_PORTS="tcp . 80"
	topo_core || bail "no core"
	topo_switch 1 sw40 || bail "no switch"
	topo_switch 2 sw41 || bail "no switch"
	topo_switch 4 sw43 || bail "no switch"
	topo_fw "$sw40" "$sw41" || bail "no firewall"
	topo_ids "$sw40" || bail "no IDS"
	topo_server a4 3 - $M_A4 2 || bail "no application server"
	topo_server db1 4 "$sw43" $M_DB1 11 || bail "no database server"
	DB1_PORT=p$TOPO_VID
	topo_server db2 4 "$sw43" $M_DB2 12 || bail "no other database server"
	setup_ns disk
	ns_host "$disk"
	wire "$db1" t0 02:00:00:00:14:70 "$disk" t1 $M_DISK
	addr_ns "$db1" t0 10.9.0.1/24
	addr_ns "$disk" t1 $DISK/24

	# PostgreSQL does not run as root.
	chmod 755 "$TMP"
	mkdir -p "$TMP"/{disk,mirror,store} "$TMP"/share/{u1,u2}
	for n in 1 2; do
		awk -v n=$n 'BEGIN { for (i = 0; i < 400; i++)
			print "row", i, "of DB U" n, i * i * n }' >"$TMP/rows.u$n"
		head -c 30000 /dev/urandom | base64 >"$TMP/share/u$n/first"
		head -c 20000 /dev/urandom | base64 >"$TMP/share/u$n/second"
	done
	modprobe -aq nfsd nfs nfsv3
	disk_up || bail "no storage server"
	for n in db1 db2; do
		database $n || bail "no $n"
	done
	data_start db1 "$DISK:$TMP/disk"
	data_start db2 "$TMP/mirror"
	app_up || bail "no application"
	for n in db1 db2; do
		data_up $n || bail "$n does not start"
	done
	content || bail "no content"
	server_mode a4 loopback $W1_4 "$W5_4" $W1_6 "$W5_6"
}

fig14_engine()
{
	fam14 "$1"
	engine_setup <<-EOT
		port add i0 role uplink
		port add i1 role device
		port add i2 role device
		port add i3 role device
		port add i4 role device
		device add ids kind tap outer i1 mac $M_IDS
		device add f5 kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
		device add a4 kind server mode loopback outer i3 mac $M_A4
		device add db1 kind server mode nat address $DB1 outer i4 mac $M_DB1 alarm syn 2
		device add db2 kind server mode nat address $DB2 outer i4 mac $M_DB2
		pool add dbs policy primary member db1 member db2
		sequence add web1 step f5 copy ids step a4
		sequence add web5 step f5 step a4
		sequence add data1 from a4 step dbs
		sequence add data5 from a4 step dbs port 5433
		sequence add file5 from a4 step dbs port 2050
		sequence add mount5 from a4 step dbs port 20049
		service add $W1 tcp 80 sequence web1
		service add $W5 tcp 80 sequence web5
		service add $W1D tcp 5432 sequence data1
		service add $W1D tcp 2049 sequence data1
		service add $W1D tcp 20048 sequence data1
		service add $W5D tcp 5432 sequence data5
		service add $W5D tcp 2049 sequence file5
		service add $W5D tcp 20048 sequence mount5
	EOT
}

# rows_data W PORT REAL_PORT MEMBER: tables 14C and 14D
rows_data()
{
	local to=- from=- n mac

	[ "$2" = "$3" ] || to=$3 from=$2
	mac=M_${4^^} n=${4^^}
	echo "request i3 $M_A4 $1 tcp/$2 a4>dbs nat i4 ${!mac} ${!n} $to -"
	for n in DB1 DB2; do
		mac=M_$n
		echo "reply i4 ${!mac} ${!n} tcp/$3 ${n,,}>a4 client i3 $M_A4 $1 $from -"
	done
}

# rows MEMBER: all tables, 14A first, while data are with that member
rows()
{
	cat <<-EOT
		request i0 * $W1 tcp/80 client>f5 inline i1 $M_FW0 - - ids
		request i2 $M_FW1 $W1 tcp/80 f5>a4 loopback i3 $M_A4 - - -
		request i1 $M_IDS $W1 tcp/80 ids>a4 loopback i3 $M_A4 - - -
		reply i3 $M_A4 $W1 tcp/80 a4>f5 inline i2 $M_FW1 - - -
		reply i1 $M_FW0 $W1 tcp/80 f5>client client * * - - ids
		reply i1 $M_IDS $W1 tcp/80 ids>client client * * - - -
		request i0 * $W5 tcp/80 client>f5 inline i1 $M_FW0 - - -
		request i2 $M_FW1 $W5 tcp/80 f5>a4 loopback i3 $M_A4 - - -
		reply i3 $M_A4 $W5 tcp/80 a4>f5 inline i2 $M_FW1 - - -
		reply i1 $M_FW0 $W5 tcp/80 f5>client client * * - - -
	EOT
	rows_data "$W1D" 5432 5432 "$1"
	rows_data "$W1D" 2049 2049 "$1"
	rows_data "$W1D" 20048 20048 "$1"
	rows_data "$W5D" 5432 5433 "$1"
	rows_data "$W5D" 2049 2050 "$1"
	rows_data "$W5D" 20048 20049 "$1"
}

fig14_caps()
{
	caps_start "cl-c0=$cl:c0" "rt-r1=$rt:r1" "pe-i0=$pe:i0" "pe-i1=$pe:i1" \
		"pe-i2=$pe:i2" "pe-i3=$pe:i3" "pe-i4=$pe:i4" "ids-d0=$ids:d0" \
		"fw-f0=$fw:f0" "fw-f1=$fw:f1" "a4=$a4:sa4" \
		"db1=$db1:sdb1" "db2=$db2:sdb2" "disk=$db1:t0"
}

# steps_web W CLIENT SEQUENCE: figures 14A and 14B
steps_web()
{
	local w=$1 u=$2

	copy()
	{
		[ "$w" != "$W1" ] || echo "copy engine>ids pe-i1,ids-d0 $M_I1 $M_IDS $*"
	}
	walk_add <<-EOT
		path request-$3 request $w/tcp/80 $3
		$(edge_in "$u" "$w" tcp 80)
		$(copy "$u" "$w" tcp - 80)
		hop engine>f5 pe-i1,fw-f0 $M_I1 $M_FW0 $u $w tcp - 80
		hop f5>engine fw-f1,pe-i2 $M_FW1 $M_I2 $u $w tcp - 80
		hop engine>a4 pe-i3,a4 $M_I3 $M_A4 $u $w tcp - 80
		path reply-$3 reply $w/tcp/80 $3
		hop a4>engine a4,pe-i3 $M_A4 $M_I3 $w $u tcp 80 -
		hop engine>f5 pe-i2,fw-f1 $M_I2 $M_FW1 $w $u tcp 80 -
		hop f5>engine fw-f0,pe-i1 $M_FW0 $M_I1 $w $u tcp 80 -
		$(copy "$w" "$u" tcp 80 -)
		$(edge_out "$w" "$u" tcp 80)
	EOT
}

# steps_data W SEQUENCE PORT REAL_PORT DB: figures 14C and 14D
steps_data()
{
	local w=$1 p=$3 rp=$4 db=${5^^} mac=M_${5^^}

	walk_add <<-EOT
		path request-$2-$p request $w/tcp/$p $2
		hop client>engine a4,pe-i3 $M_A4 $M_I3 $S1 $w tcp - $p
		hop engine>$5 pe-i4,$5 $M_I4 ${!mac} $S1 ${!db} tcp - $rp
		path reply-$2-$p reply $w/tcp/$p $2
		hop $5>engine $5,pe-i4 ${!mac} $M_I4 ${!db} $S1 tcp $rp -
		hop engine>client pe-i3,a4 $M_I3 $M_A4 $w $S1 tcp $p -
	EOT
}

# walk14: as walk_check. The application server ends two chains and begins the
# others: what went to it and came from it is the sum, and where it begins one it
# is the client.
walk14()
{
	local noun out

	caps_stop
	for noun in table device service port; do
		sq -j -s $noun show >"$TMP/$noun" || check_err 1 "$noun show"
	done
	jq 'map(if .member then .to = .member else . end |
		if .sequence | startswith("web") then .
		elif .from == "a4" then .from = "client"
		elif .to == "a4" then .to = "client" else . end)' \
		"$TMP/table" >"$TMP/table.json"
	jq 'map(select(.name != "a4"))' "$TMP/device" >"$TMP/device.json"
	out=$($PY "$TOOLS/walk.pyc" "$TMP/walk" "table=$TMP/table.json" \
		"device=$TMP/device.json" "service=$TMP/service" "port=$TMP/port")
	check_err $? "captures or counters differ from the steps"
	log_info "$out"
	check_eq "$(stat_of device a4 sent) $(stat_of device a4 received)" \
		"$(jq -r 'def sum(f): map(f.packets // 0) | add;
			map(select(.port | tostring == "80")) as $web | (. - $web) as $data |
			"\(($web | sum(.request)) + ($data | sum(.reply))) \(
			($web | sum(.reply)) + ($data | sum(.request)))"' "$TMP/service")" \
		"packets to and from the application server"
}

# ask CUSTOMER PATH [CURL_OPTION...]
ask()
{
	if [ "$1" = 1 ]; then
		get "http://$UW1$2" --interface "$U1" "${@:3}"
	else
		get "http://$UW5$2" --interface "$U2" "${@:3}"
	fi
}

# check_sql, check_file NAME: each customer gets what is his
check_sql()
{
	local n

	for n in 1 2; do
		ask $n /sql >"$TMP/got" 2>&1
		cmp "$TMP/got" <(cat "$TMP/rows.u$n" "$TMP/disk/u$n")
		check_err $? "content of DB U$n: $(head -n 1 "$TMP/got")"
	done
}

check_file()
{
	local n

	for n in 1 2; do
		ask $n "/$1" >"$TMP/got" 2>&1
		cmp "$TMP/got" "$TMP/share/u$n/$1"
		check_err $? "file of customer $n"
	done
}

# The disk is used, by the database server only.
check_disk()
{
	local n all="host $DISK or host 10.9.0.1 or ether host $M_DISK"

	grep -q "$NEW of DB U1" "$TMP/disk.pcap"
	check_err $? "nothing came from the storage server"
	for n in 0 1 2 3 4; do
		check_eq "$(capture_count "pe-i$n" "$all")" 0 \
			"packets of the storage server at i$n"
	done
	for n in port device pool sequence service table; do
		sq -j $n show
	done >"$TMP/known"
	ip -n "$pe" neigh show >>"$TMP/known"
	! grep -qE "${DISK_NET%.*}[.]|$M_DISK" "$TMP/known"
	check_err $? "the engine knows the storage server"
}

# begin F: the engine, its tables, and something new on the disks
begin()
{
	local n

	fig14_engine "$1"
	check_table < <(rows db1)
	NEW="line $RANDOM$RANDOM"
	for n in 1 2; do
		echo "$NEW of DB U$n" >"$TMP/disk/u$n"
		cp "$TMP/disk/u$n" "$TMP/mirror/u$n"
	done
}

sql()
{
	begin "$1"
	fig14_caps
	check_sql
	quiet_ns "$cl" "$a4"
	walk_spec <<<"watch $W1 $W5 $W1D $W5D $DB1 $DB2 $S1"
	steps_web "$W1" "$U1" web1
	steps_web "$W5" "$U2" web5
	steps_data "$W1D" data1 5432 5432 db1
	steps_data "$W5D" data5 5432 5433 db1
	walk14
	check_disk
	check_drops 0
	check_no_conntrack "$pe"
}

sql_4() { sql 4; }
sql_6() { sql 6; }

nfs()
{
	begin "$1"
	fig14_caps
	files_mount
	check_file first
	check files_umount
	quiet_ns "$cl" "$a4"
	walk_spec <<<"watch $W1 $W5 $W1D $W5D $DB1 $DB2 $S1"
	steps_web "$W1" "$U1" web1
	steps_web "$W5" "$U2" web5
	steps_data "$W1D" data1 20048 20048 db1
	steps_data "$W1D" data1 2049 2049 db1
	steps_data "$W5D" mount5 20048 20049 db1
	steps_data "$W5D" file5 2049 2050 db1
	walk14
	check_drops 0
	check_no_conntrack "$pe"
}

nfs_4() { nfs 4; }
nfs_6() { nfs 6; }

suspect()
{
	[ "$(sq -j -s device show "$1" | jq -c '.[0].health.suspect')" = '["syn"]' ]
}

check_app()
{
	app_state >"$TMP/app.now"
	check_same "$TMP/app.now" "$TMP/app.before" "the application server changed"
}

# The first server dies while customers wait for its data; nobody but the engine
# is told.
failover()
{
	local n what had pids=() start

	# The case before may have ended with a dead one.
	kill -0 "${pid_of[db1]}" 2>/dev/null || data_returns
	begin "$1"
	files_mount
	check_file first
	app_state >"$TMP/app.before"

	data_dies
	for what in sql second; do
		for n in 1 2; do
			ask $n "/$what" >"$TMP/$what.$n" 2>&1 &
			pids+=($!)
		done
	done
	busywait "$WAIT" suspect db1 || check_err 1 "no alarm"
	check_eq "$(cat "$TMP"/{sql,second}.[12])" "" "answers of a dead server"
	check_eq "$(stat_of device db2 sent)" 0 "packets to the mirror, too soon"

	check sq pool set dbs member db1 state down
	start=${EPOCHREALTIME/./}
	had=$(stat_of device db1 sent)
	check_table < <(rows db2)
	wait "${pids[@]}"
	log_info "all have their answers after $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
	for n in 1 2; do
		check cmp "$TMP/sql.$n" <(cat "$TMP/rows.u$n" "$TMP/disk/u$n") &&
			check cmp "$TMP/second.$n" "$TMP/share/u$n/second" || return
	done
	check_sql
	check_file first
	check_app

	data_returns
	check_sql
	check_file second
	check_table < <(rows db2)
	check_eq "$(stat_of device db1 sent)" "$had" "packets to the first server since"

	check sq pool set dbs member db1 state up
	check_table < <(rows db1)
	n=$(stat_of device db2 sent)
	check_sql
	check_file first
	check_app
	check_eq "$(stat_of device db2 sent)" "$n" "packets to the mirror since"
	[ "$(stat_of device db1 sent)" -gt "$had" ]
	check_err $? "no packets to the first server"
	check files_umount
	check_drops 0
	check_no_conntrack "$pe"
}

failover_4() { failover 4; }
failover_6() { failover 6; }

run_cases
