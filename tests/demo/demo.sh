#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What `make demo` runs in the guest: Figure 7 with a FOU VPN, one HTTP request,
# and the way that each of its packets took.
# shellcheck disable=SC2034,SC2154 # names shared with fig7-common.sh

cd "$(dirname "$0")/../selftests" || exit 1
# shellcheck source-path=SCRIPTDIR/../selftests source=lib.sh
. ./lib.sh
# shellcheck source=fig7-common.sh
. "$TESTS_DIR/fig7-common.sh"

say()
{
	printf '\n\033[1m%s\033[0m\n' "$*"
}

say "A client, a firewall, a VPN box, an IDS and a web server, and svcseq between them"
cat <<'EOT'

  client --- router --- i0 +--------+ i1 --- switch --- firewall, outer leg
                           | engine |          `------- IDS (Suricata)
                           |        | i2 --- switch --- firewall, inner leg
                           |        |          `------- VPN box (FOU)
                           +--------+ i3 -------------- web server (nginx)

  Every box is a network namespace of this guest, every device a real one.
  The client opens http://198.51.100.1/ . That address is on no cable: it is
  a service, and svcseq carries its packets from device to device.
EOT

say "Setting up (firewall, VPN, IDS, server) ..."
fig7_topo
vpn_fou tun4 4 $U1_4 5555 || bail "no tunnel"
vpn_client_rule 4 5555 ipproto tcp
server_mode srv1 nat $W1_4 $W2_4
fam 4
MODE=nat

cat >"$TMP/config" <<EOT
port add i0 role uplink
port add i1 role device
port add i2 role device
port add i3 role device
device add firewall kind inline outer i1 mac $M_FW0 inner i2 mac $M_FW1
device add vpn kind inline outer i2 mac $M_VPN
device add ids kind tap outer i1 mac $M_IDS
device add server kind server mode nat address $S1 outer i3 mac $M_S1
sequence add flagship step firewall step vpn becomes tcp/80 step server copy ids
service add $W1 udp 5555 sequence flagship
EOT
say "The configuration of svcseq, all of it:"
sed 's/^/  svcseq /' "$TMP/config"
engine <"$TMP/config" || bail "svcseq refused the configuration"

fig7_caps
say "The client asks:  curl http://$W1/name"
page=$(get "http://$W1/name")
rc=$?
printf '  the answer:       %s\n' "$page"
[ $rc -eq 0 ] || bail "curl failed with status $rc"
quiet_ns "$cl" "$srv1"
caps_stop

U=$U1
walk_spec <<EOT
watch $W1 $S1
path request request
$(edge_in "$U1" "$W1" udp 5555 fou | sed 1d)
hop engine>firewall pe-i1 $M_I1 $M_FW0 $U1 $W1 udp - 5555 fou
hop firewall>engine pe-i2 $M_FW1 $M_I2 $U1 $W1 udp - 5555 fou
hop engine>vpn pe-i2 $M_I2 $M_VPN $U1 $W1 udp - 5555 fou
hop vpn>engine pe-i2 $M_VPN $M_I2 $U1 $W1 tcp - 80
copy engine>ids pe-i1 $M_I1 $M_IDS $U1 $W1 tcp - 80
hop engine>server pe-i3 $M_I3 $M_S1 $U1 $S1 tcp - 80
path reply reply
hop server>engine pe-i3 $M_S1 $M_I3 $S1 $U1 tcp 80 -
copy engine>ids pe-i1 $M_I1 $M_IDS $W1 $U1 tcp 80 -
hop engine>vpn pe-i2 $M_I2 $M_VPN $W1 $U1 tcp 80 -
hop vpn>engine pe-i2 $M_VPN $M_I2 $W1 $U1 udp 5555 - fou
hop engine>firewall pe-i2 $M_I2 $M_FW1 $W1 $U1 udp 5555 - fou
hop firewall>engine pe-i1 $M_FW0 $M_I1 $W1 $U1 udp 5555 - fou
$(edge_out "$W1" "$U1" udp 5555 fou | sed '$d')
EOT
# The captures of the other ends hold the same packets; the engine's do here.
sed -i '/^pcap /{/ pe-i/!{/^pcap rt-r1 /!d}}' "$TMP/walk"
say "The way of every packet of that request, in the order they set out"
python3 -B ../demo/story.py "$TMP/walk" vpn=VPN ids=IDS ||
	bail "the packets did not go the way of the figure"

say "svcseq table show"
sq table show
say "svcseq -s service show"
sq -s service show
say "svcseq -s device show"
sq -s device show
say "svcseq stats"
sq stats

say "What Suricata, which saw copies only, made of it"
busywait "$WAIT" ids_more 2 0
jq -r 'select(.event_type == "alert") |
	"  alert: \(.alert.signature): \(.src_ip):\(.src_port) > \(.dest_ip):\(.dest_port)"' \
	"$IDS_LOG/eve.json"
[ "$(conntrack_count "$pe")" -eq 0 ] &&
	say "And the engine kept nothing of it: 0 connections tracked in its namespace."
exit 0
