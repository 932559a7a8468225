// SPDX-License-Identifier: GPL-2.0
/* The words of the commands, right and wrong. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch.h"
#include "util.h"

/* A line, and the canonical text of what it says. */
static const struct {
	const char *line;
	const char *text;
} good[] = {
	{ "port add i0 role uplink", "i0 role uplink" },
	{ "por a i0 r u g 10.0.0.1 g fd00::1 o 7",
	  "i0 role uplink gateway 10.0.0.1 gateway fd00::1 owner 7" },
	{ "port add i1 owner svc role dev", "i1 role device owner svcseqd" },
	{ "port add i1 owner hand role dev", "i1 role device" },
	{ "port set i1 gateway FD00:0:0::1", "i1 gateway fd00::1" },
	{ "port del i1", "i1" },
	{ "port delete i1", "i1" },
	{ "port show i1", "i1" },
	{ "port list i1", "i1" },
	{ "dev a fw0 k in outer i1 mac 02:00:00:00:00:0A inner i2 mac "
	  "02-00-00-00-00-0b,02:00:00:00:00:0c",
	  "fw0 kind inline outer i1 mac 02:00:00:00:00:0a inner i2 mac "
	  "02:00:00:00:00:0b,02:00:00:00:00:0c" },
	{ "device add s kind server mode nat address fd00:3::2 address "
	  "10.0.3.2 outer i3 any via 10.0.3.2 via fd00:3::2",
	  "s kind server mode nat address 10.0.3.2 address fd00:3::2 outer "
	  "i3 any via 10.0.3.2 via fd00:3::2" },
	/* A name is a name, whatever it looks like. */
	{ "device add mode kind tap outer inner via 10.0.0.9",
	  "mode kind tap outer inner via 10.0.0.9" },
	{ "sequence add flagship step fw0 step vpn0 becomes tcp/80 step srv0 copy ids0",
	  "flagship step fw0 step vpn0 becomes tcp/80 step srv0 copy ids0" },
	{ "seq add s upl i0 step a port 8080 copy t reply alert-to a "
	  "copy-port device copy u req rep owner 3",
	  "s uplink i0 step a port 8080 copy t reply alert-to a copy-port device copy u owner 3" },
	{ "seq add s step a tr nsh path 7 step b track gre remote 10.0.1.2 "
	  "local 10.0.1.1 step c track gpe local fd00::1 remote fd00::2 dscp 10",
	  "s path-id 7 dscp 10 step a track nsh step b track gre local "
	  "10.0.1.1 remote 10.0.1.2 step c track gpe local fd00::1 remote fd00::2" },
	{ "seq add s step a track arm step b track mac step c track interface "
	  "step d track dscp step e track mpls dscp 0",
	  "s step a step b track mac step c track interface step d track dscp "
	  "step e track mpls" },
	{ "pool add fws policy primary member fw1 member fw2",
	  "fws policy primary member fw1 member fw2" },
	{ "pool set p pol sp by addr me a w 3 s down me b state up weight 1 o 4",
	  "p policy spread by addr member a weight 3 state down member b owner 4" },
	{ "pool set p member a state drain", "p member a state drain" },
	{ "pool del member", "member" },
	{ "seq add s step p on-fail open step q on-fail alternate r copy t "
	  "alert-to p step u on-fail close",
	  "s step p on-fail open step q on-fail alternate r copy t alert-to p step u" },
	{ "seq set s step reply copy step", "s step reply copy step" },
	{ "service add 198.51.100.1 udp 5555 sequence flagship",
	  "198.51.100.1 udp 5555 sequence flagship" },
	{ "ser a 2001:db8::1 t 1 s x", "2001:db8::1 tcp 1 sequence x" },
	{ "service set ::ffff:1.2.3.4 udp 65535 own 255 seq x",
	  "::ffff:1.2.3.4 udp 65535 sequence x owner 255" },
	{ "service add 198.51.100.1 udp 7 seq x limit 5 kbps burst 900",
	  "198.51.100.1 udp 7 sequence x limit 5 kbps burst 900" },
	{ "device add s kind server mode alias outer i1 mac 02:00:00:00:00:01 "
	  "alarm syn 5 alarm gap 40",
	  "s kind server mode alias outer i1 mac 02:00:00:00:00:01 "
	  "alarm syn 5 alarm gap 40" },
	{ "service add 198.51.100.0/28 tcp 80 sequence s",
	  "198.51.100.0/28 tcp 80 sequence s" },
	{ "service add 198.51.100.1/32 tcp 80-80 sequence s",
	  "198.51.100.1 tcp 80 sequence s" },
	{ "service add ::/0 any by client sequence s",
	  "::/0 any by client sequence s" },
	{ "service add 10.0.0.0/8 any any by cl sequence s",
	  "10.0.0.0/8 any by client sequence s" },
	{ "service add 1.2.3.4 tcp any sequence s", "1.2.3.4 tcp any sequence s" },
	{ "service add 1.2.3.4 tcp 1-65535 by server sequence s",
	  "1.2.3.4 tcp any sequence s" },
	{ "service add 1.2.3.4 udp 1000-2000 seq s dyn 1025-1125",
	  "1.2.3.4 udp 1000-2000 dynamic 1025-1125 sequence s" },
	{ "service add 1.2.3.4 esp sequence s", "1.2.3.4 esp sequence s" },
	{ "service add 1.2.3.4 50 sequence s", "1.2.3.4 esp sequence s" },
	{ "service add 1.2.3.4 254 any sequence s", "1.2.3.4 254 sequence s" },
	{ "sequence add s from px step fw step out",
	  "s from px step fw step out" },
	{ "device add nsp kind external outer i3 via 10.0.3.9",
	  "nsp kind external outer i3 via 10.0.3.9" },
};

/* A line, and a part of what is said about it. */
static const struct {
	const char *line;
	const char *complaint;
} bad[] = {
	{ "frob",
	  "\"frob\" is not a noun: allowed is port, device, pool, "
	  "sequence, service, acl, table, stats, monitor, trace, engine or help" },
	{ "s", "\"s\" is not clear as a noun: it may mean sequence, service or stats" },
	{ "p", "\"p\" is not clear as a noun: it may mean port or pool" },
	{ "pool add p member a", "\"pool add\" needs \"policy\" with primary or spread" },
	{ "pool add p policy primary", "needs a member: \"member\" with the name of a device" },
	{ "pool set p", "needs a member" },
	{ "pool set p state up", "needs \"member\" before what belongs to a member" },
	{ "pool add p policy x", "\"x\" is not a policy: allowed is primary or spread" },
	{ "pool add p policy spread by port", "allowed is addr or addr-port" },
	{ "pool add p policy spread member a weight 0", "a number from 1 to 255 is needed" },
	{ "pool add p policy spread member a weight 1 weight 2", "only once" },
	{ "pool set p member a state up state up", "only once" },
	{ "pool set p member a state x", "allowed is up, drain or down" },
	{ "pool set p member 1 member 2 member 3 member 4 member 5 member 6 "
	  "member 7 member 8 member 9 member 10 member 11 member 12 member 13 "
	  "member 14 member 15 member 16 member 17", "at most 16 members" },
	{ "sequence add s on-fail open step a", "needs \"step\" before" },
	{ "sequence add s step a on-fail x", "allowed is close, open or alternate" },
	{ "sequence add s step a on-fail open on-fail open", "only once" },
	{ "sequence add s step a on-fail alternate", "needs the device that stands in" },
	{ "port frob",
	  "\"frob\" is not a verb of \"port\": allowed is add, set, del, "
	  "delete, show, list or help" },
	{ "port s", "it may mean set or show" },
	{ "engine add", "\"add\" is not a verb of \"engine\": allowed is set, show, list or help" },
	{ "engine set", "\"engine set\" needs \"max-pps\"" },
	{ "engine set max-pps x",
	  "\"x\" is not a number of packets per second: a number from 1 to 100000000 is needed" },
	{ "service add 1.2.3.4 udp 7 seq x limit 5 x", "allowed is pps or kbps" },
	{ "service add 1.2.3.4 udp 7 limit 5 pps", "needs \"sequence\"" },
	{ "device add s kind tap outer i1 alarm x",
	  "\"x\" is not an alarm: allowed is syn, unreturned, gap, watch or off" },
	{ "device add s alarm syn 5", "needs \"kind\"" },
	{ "trace frob",
	  "\"frob\" is not a word of \"trace\": allowed is client, service, rate or count" },
	{ "trace client 192.0.2.0/33", "the length of a prefix is from 0 to 32" },
	{ "trace client 192.0.2.0/", "the length of a prefix is from 0 to 32" },
	{ "trace client 2001:db8::/129", "the length of a prefix is from 0 to 128" },
	{ "trace client 1.2.3.4 client 1.2.3.4", "takes \"client\" only once" },
	{ "trace service 1.2.3.4 udp", "needs a service port" },
	{ "trace service 1.2.3.4 0", "\"0\" is not a protocol" },
	{ "trace count 0", "\"0\" is not a number of packets" },
	{ "trace simulate", "\"trace simulate\" needs \"client\"" },
	{ "trace simulate client 1.2.3.4:0 service 1.2.3.5 udp 7", "\"0\" is not a port" },
	{ "trace simulate client [::1 service 1.2.3.5 udp 7", "[ADDR]:PORT is needed" },
	{ "trace simulate client [::1]7 service 1.2.3.5 udp 7", "[ADDR]:PORT is needed" },
	{ "trace simulate client 1.2.3.4", "needs \"service\"" },
	{ "trace simulate client 1.2.3.4 direction x", "allowed is request or reply" },
	{ "table add", "\"add\" is not a verb of \"table\": allowed is show, list or help" },
	{ "port add", "\"port add\" needs the name of a net device" },
	{ "port add i0", "\"port add\" needs \"role uplink\" or \"role device\"" },
	{ "port add i0 role", "\"port add\" needs a role: uplink or device" },
	{ "port add i0 role x", "\"x\" is not a role: allowed is uplink or device" },
	{ "port add i0 role up role up", "takes a role only once" },
	{ "port add i0 frob",
	  "\"frob\" is not a word of \"port add\": allowed is role, gateway, "
	  "owner or answer" },
	{ "port add i0 gateway x", "\"x\" is not a gateway: an IPv4 or IPv6 address is needed" },
	{ "port add i0 gateway 1.2.3", "\"1.2.3\" is not a gateway" },
	{ "port add i0 gateway 1.2.3.4 gateway 1.2.3.5", "only one IPv4 address" },
	{ "port add i0 owner 256",
	  "\"256\" is not an owner (or a number from 0 to 255): allowed is "
	  "hand or svcseqd" },
	{ "port add i0 owner", "needs an owner" },
	{ "port add 0123456789abcdef role up", "has 1 to 15 bytes" },
	{ "port add a/b role up", "no net device can have that name" },
	{ "port add \"a b\" role up", "no net device can have that name" },
	{ "port set i0", "needs something to change" },
	{ "port del", "needs the name of a net device" },
	{ "port del i0 i1", "\"i1\" is one word too many for \"port del\"" },
	{ "port show i0 i1", "\"i1\" is one word too many" },
	{ "device add", "needs the name of a device" },
	{ "device add \"\" kind tap", "it has 1 to 31 letters, digits or . _ : @ + -" },
	{ "device add 0123456789012345678901234567890x kind tap",
	  "it has 1 to 31 letters, digits or . _ : @ + -" },
	{ "device add a\\x1bb kind tap",
	  "\"a\\x1bb\" is not the name of a device: it has 1 to 31 letters" },
	{ "device add \"a b\" kind tap", "\"a b\" is not the name of a device" },
	{ "device add \\xe4 kind tap", "\"\\xe4\" is not the name of a device" },
	{ "device add fw0 outer i1",
	  "needs \"kind\" with inline, bridge, tap, server or external" },
	{ "device add fw0 kind inline", "needs an arm" },
	{ "device add fw0 kind i outer i1 outer i2", "takes \"outer\" only once" },
	{ "device add fw0 kind i mac 02:00:00:00:00:01",
	  "needs \"outer\" or \"inner\" before what belongs to an arm" },
	{ "device add fw0 kind i outer i1 mac 02:00:00:00:00", "is not a MAC address" },
	{ "device add fw0 kind i outer i1 mac 02:00:00:00:00:01,", "is not a MAC address" },
	{ "device add fw0 kind i outer i1 mac 02:00:00:00:00:0g", "is not a MAC address" },
	{ "device add fw0 kind i outer i1 mac 02:00:00:00:00:00:", "is not a MAC address" },
	{ "device add fw0 kind i outer i1 mac 02:00:00:00:00:01,"
	  "02:00:00:00:00:02,02:00:00:00:00:03,02:00:00:00:00:04,"
	  "02:00:00:00:00:05,02:00:00:00:00:06,02:00:00:00:00:07,"
	  "02:00:00:00:00:08,02:00:00:00:00:09",
	  "takes at most 8 MAC addresses" },
	{ "device add fw0 kind i outer i1 via 10.0.0.1 via 10.0.0.2", "only one IPv4 address" },
	{ "device add s kind server mode frob", "allowed is loopback, alias or nat" },
	{ "device add s m",
	  "\"m\" is not clear as a word of \"device add\": it may mean mode "
	  "or mac" },
	{ "sequence add s", "needs a step" },
	{ "sequence add s port 80", "needs \"step\" before" },
	{ "sequence add s step a request", "needs \"copy\" before what belongs to a copy" },
	{ "sequence add s step a becomes tcp", "\"tcp\" is not PROTO/PORT" },
	{ "sequence add s step a becomes icmp/8",
	  "\"icmp\" is not a protocol: allowed is tcp, udp, sctp, dccp or udplite" },
	{ "sequence add s step a becomes tcp/0",
	  "\"0\" is not a port: a number from 1 to 65535 is needed" },
	{ "sequence add s step a becomes tcp/1 becomes tcp/2", "only once" },
	{ "sequence add s step a track vlan",
	  "allowed is arm, mac, interface, dscp, nsh, mpls, gre or gpe" },
	{ "sequence add s step a track nsh track nsh", "only once" },
	{ "sequence add s step a track gre local 1.1.1.1 local 1.1.1.2", "only once" },
	{ "sequence add s track nsh", "needs \"step\" before" },
	{ "sequence add s path-id 0 step a", "a number from 1 to 16777215 is needed" },
	{ "sequence add s path-id 16777216 step a", "a number from 1 to 16777215 is needed" },
	{ "sequence add s path-id 1 path-id 2 step a", "only once" },
	{ "sequence add s dscp 64 step a", "a number from 0 to 63 is needed" },
	{ "sequence add s dscp 1 dscp 2 step a", "only once" },
	{ "sequence add s step a port 65536", "a number from 1 to 65535 is needed" },
	{ "sequence add s step a port -1", "a number from 1 to 65535 is needed" },
	{ "sequence add s step a port 0x10", "a number from 1 to 65535 is needed" },
	{ "sequence add s step a port 99999999999999999999", "a number from 1 to 65535 is needed" },
	{ "sequence add s step a port 1 port 2", "only once" },
	{ "sequence add s step a copy t copy t copy t copy t copy t", "at most 4 copies" },
	{ "sequence add s step 1 step 2 step 3 step 4 step 5 step 6 step 7 "
	  "step 8 step 9 step 10 step 11 step 12 step 13 step 14 step 15 "
	  "step 16 step 17",
	  "at most 16 steps" },
	{ "sequence add s uplink i0 uplink i0 step a", "only once" },
	{ "service add", "needs a service address" },
	{ "service add 1.2.3.4", "needs a protocol (or a number from 1 to 254): tcp, udp, any" },
	{ "service add 1.2.3.4 frob",
	  "\"frob\" is not a protocol (or a number from 1 to 254): allowed is tcp, udp, any" },
	{ "service add 1.2.3.4 255", "\"255\" is not a protocol" },
	{ "service add 1.2.3.4/33 tcp 80", "a prefix of it has 0 to 32 bits" },
	{ "service add 1.2.3.4/ tcp 80", "a prefix of it has 0 to 32 bits" },
	{ "service add ::/129 tcp 80", "a prefix of it has 0 to 128 bits" },
	{ "service add x/8 tcp 80", "\"x\" is not a service address" },
	{ "service add 1.2.3.4 tcp 80-79", "the first port is above the last" },
	{ "service add 1.2.3.4 tcp 0-79", "\"0\" is not a service port" },
	{ "service add 1.2.3.4 tcp 80-", "\"\" is not a service port" },
	{ "service add 1.2.3.4 tcp -80", "\"-80\" is not a service port" },
	{ "service add 1.2.3.4 tcp 80 by", "needs whose address it is: server or client" },
	{ "service add 1.2.3.4 esp 80", "\"80\" is not a word of \"service add\"" },
	{ "service add 1.2.3.4 tcp 21 dynamic x", "\"x\" is not dynamic ports" },
	{ "service add 1.2.3.4 tcp 21 dynamic 5-9 dynamic 5", "only once" },
	{ "sequence add s from a from b step c", "only once" },
	{ "service add 1.2.3.4 tcp http", "\"http\" is not a service port" },
	{ "service add 1.2.3.4 tcp 80", "needs \"sequence\"" },
	{ "service add 1.2.3.4 tcp 80 sequence a sequence b", "only once" },
	{ "service del 1.2.3.4 tcp", "needs a service port" },
	{ "table show 1.2.3.4 tcp 80 x", "one word too many" },
	{ "stats a b", "\"b\" is one word too many for \"stats\"" },
	{ "monitor x", "\"x\" is one word too many for \"monitor\"" },
	{ "port \"add", "the quotation mark \" is not closed" },
	{ "port add \\x0", "two hexadecimal digits" },
	{ "port add \\x00", "other than 00" },
};

static void good_lines_mean_what_they_say(void)
{
	struct request rq;
	char *text;
	size_t i;

	for (i = 0; i < TAP_COUNT(good); i++) {
		if (!CHECK_INT(parse_line(good[i].line, &rq), 0)) {
			tap_note("%s: %s", good[i].line, said());
			continue;
		}
		text = print_request(&rq, false, false, false);
		CHECK_TEXT(text, good[i].text);
		CHECK_INT(strlen(text), strlen(good[i].text) + 1);
		free(text);
	}
}

static void bad_lines_are_explained(void)
{
	struct request rq;
	size_t i;

	for (i = 0; i < TAP_COUNT(bad); i++) {
		if (!CHECK_INT(parse_line(bad[i].line, &rq), EXIT_USAGE))
			tap_note("%s", bad[i].line);
		CHECK_TEXT(said(), bad[i].complaint);
		/* One sentence. */
		CHECK(!strncmp(said(), "Error: ", 7));
		CHECK(strchr(said(), '\n') == said() + strlen(said()) - 1);
		CHECK(said()[strlen(said()) - 2] == '.');
	}
}

static void show_needs_no_key(void)
{
	struct request rq;

	CHECK_INT(parse_line("port", &rq), 0);
	CHECK(!rq.keyed && rq.cmd->verb == VERB_SHOW);
	CHECK_INT(parse_line("table sh", &rq), 0);
	CHECK(!rq.keyed && rq.cmd->verb == VERB_SHOW);
	CHECK_INT(parse_line("service show 1.2.3.4 udp 53", &rq), 0);
	CHECK(rq.keyed);
	CHECK_INT(rq.service.port, 53);
	CHECK_INT(parse_line("stats show bad-source", &rq), 0);
	CHECK(!strcmp(rq.reason, "bad-source"));
	CHECK_INT(parse_line("device help", &rq), 0);
	CHECK(rq.cmd->verb == VERB_HELP);
}

static void traces_are_read(void)
{
	static const uint8_t net[] = { 192, 0, 2, 16 };
	struct request rq;

	CHECK_INT(parse_line("trace", &rq), 0);
	CHECK(!rq.trace.client.len && !rq.trace.addr.len && !rq.count);
	CHECK_INT(parse_line("trace client 192.0.2.16/29 service 2001:db8::1 count 3", &rq), 0);
	CHECK(rq.trace.client.len == 4 && !memcmp(rq.trace.client.b, net, 4));
	CHECK(rq.trace.client_len.set && rq.trace.client_len.value == 29);
	CHECK(rq.trace.addr.len == 16 && !rq.trace.proto && !rq.trace.port);
	CHECK_INT(rq.count, 3);
	CHECK_INT(parse_line("trace service 1.2.3.4 tcp 80 rate 7 client ::1", &rq), 0);
	CHECK(rq.trace.proto == IPPROTO_TCP && rq.trace.port == 80);
	CHECK(rq.trace.rate == 7 && !rq.trace.client_len.set);
	CHECK_INT(parse_line("trace simulate client [2001:db8::1]:99 service "
			     "2001:db8::2 udp 53 direction reply length 1400",
			     &rq), 0);
	CHECK(rq.trace.client.len == 16 && rq.trace.client_port == 99);
	CHECK(rq.trace.direction.value == SVCSEQ_DIRECTION_REPLY);
	CHECK_INT(rq.trace.length, 1400);
	CHECK_INT(parse_line("trace simulate service 1.2.3.4 udp 53 client 1.2.3.5:6", &rq), 0);
	CHECK(rq.trace.client.len == 4 && rq.trace.client_port == 6);
	CHECK_INT(parse_line("trace simulate client ::1 service ::2 udp 53", &rq), 0);
	CHECK(rq.trace.client.len == 16 && !rq.trace.client_port);
}

/* What is watched, and a limit, can be set without the rest. */
static void parts_are_set_alone(void)
{
	struct request rq;

	CHECK_INT(parse_line("device set x alarm off", &rq), 0);
	CHECK(rq.device.alarm.set && !rq.device.alarm.watch);
	CHECK_INT(parse_line("device set x alarm syn 4 alarm watch", &rq), 0);
	CHECK(rq.device.alarm.syn == 4 && rq.device.alarm.watch);
	CHECK_INT(parse_line("service set 1.2.3.4 udp 7 limit off", &rq), 0);
	CHECK(rq.service.limit_pps.set && !rq.service.limit_pps.value);
	CHECK_INT(parse_line("engine set max-pps off", &rq), 0);
	CHECK(rq.engine.max_pps.set && !rq.engine.max_pps.value);
}

/* What split_line() makes of a line, words in < >. */
static void check_split(const char *line, const char *want)
{
	char *words[BATCH_WORDS];
	char copy[256], got[256] = "";
	size_t used = 0;
	unsigned int n, i;

	snprintf(copy, sizeof(copy), "%s", line);
	listen_begin();
	CHECK_INT(split_line(copy, words, &n), 0);
	listen_end();
	for (i = 0; i < n; i++)
		used += (size_t)snprintf(got + used, sizeof(got) - used, "<%s>",
					 words[i]);
	if (!CHECK(!strcmp(got, want)))
		tap_note("%s: %s, expected %s", line, got, want);
}

static void lines_are_split_into_words(void)
{
	check_split("", "");
	check_split("  \t ", "");
	check_split("# a comment", "");
	check_split("a  b\tc", "<a><b><c>");
	check_split(" a b # c", "<a><b>");
	check_split("a#b", "<a#b>");
	check_split("\"a b\" 'c d'", "<a b><c d>");
	check_split("a\"b c\"d", "<ab cd>");
	check_split("\"\" ''", "<><>");
	check_split("\"it's\" 'a\"b'", "<it's><a\"b>");
	check_split("a\\ b", "<a b>");
	check_split("a\\\\b", "<a\\b>");
	check_split("a\\x20b\\x23", "<a b#>");
	check_split("\"\\x41\" '\\x41'", "<A><\\x41>");
}

static void too_many_words_are_refused(void)
{
	char *words[BATCH_WORDS];
	char line[2 * BATCH_WORDS + 4];
	unsigned int n;
	size_t i;

	for (i = 0; i < sizeof(line) - 1; i++)
		line[i] = i % 2 ? ' ' : 'a';
	line[i] = '\0';
	listen_begin();
	CHECK_INT(split_line(line, words, &n), EXIT_USAGE);
	listen_end();
	CHECK_TEXT(said(), "at most 1024 words");
}

struct seen {
	char text[256];
	int fail_at;
	int calls;
};

static int note_line(unsigned int n, char **words, void *data)
{
	struct seen *seen = data;
	size_t used = strlen(seen->text);
	unsigned int i;

	for (i = 0; i < n; i++) {
		snprintf(seen->text + used, sizeof(seen->text) - used, "%s%s",
			 words[i], i + 1 < n ? " " : ";");
		used = strlen(seen->text);
	}
	if (++seen->calls != seen->fail_at)
		return 0;
	complain("on purpose");
	return EXIT_KERNEL;
}

static int batch(const char *lines, size_t len, bool force, struct seen *seen)
{
	char copy[256];
	FILE *in;
	int ret;

	if (len > sizeof(copy))
		abort();
	memcpy(copy, lines, len);
	in = fmemopen(copy, len, "r");
	if (!in)
		abort();
	seen->text[0] = '\0';
	seen->calls = 0;
	listen_begin();
	ret = batch_run(in, "file", force, note_line, seen);
	listen_end();
	fclose(in);
	return ret;
}

static void batches_are_run_line_by_line(void)
{
	static const char lines[] =
		"one\r\n\n# none\ntwo \\\n  still two\nthree\nfour\\\\\nfive";
	struct seen seen = { .fail_at = 0 };

	CHECK_INT(batch(lines, sizeof(lines) - 1, false, &seen), 0);
	CHECK(!strcmp(seen.text, "one;two still two;three;four\\;five;"));
	seen.fail_at = 3;
	CHECK_INT(batch(lines, sizeof(lines) - 1, false, &seen), EXIT_KERNEL);
	CHECK(!strcmp(seen.text, "one;two still two;three;"));
	CHECK(!strcmp(said(), "Error: file:6: on purpose.\n"));
	CHECK_INT(batch(lines, sizeof(lines) - 1, true, &seen), EXIT_KERNEL);
	CHECK_INT(seen.calls, 5);
	CHECK_INT(batch("a\0b\n", 4, false, &seen), EXIT_USAGE);
	CHECK_TEXT(said(), "zero byte");
	CHECK_INT(batch("a\\", 2, false, &seen), 0);
	CHECK(!strcmp(seen.text, "a;"));
}

static void quotes_are_safe(void)
{
	char text[2000];

	CHECK(!strcmp(quote("plain-1"), "plain-1"));
	CHECK(!strcmp(quote("\033[2J\x7f\xc3\xa4\\"), "\\x1b[2J\\x7f\\xc3\\xa4\\x5c"));
	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CHECK(strlen(quote(text)) < 600);
	CHECK_TEXT(quote(text), "yyy...");
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(good_lines_mean_what_they_say),
		TAP_TEST(bad_lines_are_explained),
		TAP_TEST(show_needs_no_key),
		TAP_TEST(traces_are_read),
		TAP_TEST(parts_are_set_alone),
		TAP_TEST(lines_are_split_into_words),
		TAP_TEST(too_many_words_are_refused),
		TAP_TEST(batches_are_run_line_by_line),
		TAP_TEST(quotes_are_safe),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
