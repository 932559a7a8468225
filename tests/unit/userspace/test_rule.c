// SPDX-License-Identifier: GPL-2.0
/* The words of access lists, and rules of other firewalls. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/acl.h"
#include "cli/import.h"
#include "util.h"

/* Rules as "show" prints them, with semicolons between. */
static char *print_rules(const struct acl_request *acl)
{
	struct printer pr = { .json = false };
	char *text = NULL;
	size_t len;
	uint32_t i;

	pr.out = open_memstream(&text, &len);
	if (!pr.out)
		abort();
	for (i = 0; i < acl->def.n_rules; i++) {
		if (i)
			fputs("; ", pr.out);
		rule_print(&pr, &acl->rule[i]);
		pr.inside = false;
	}
	fclose(pr.out);
	return text;
}

static const struct {
	const char *line;
	const char *rules;
} good[] = {
	{ "acl add a default deny", "" },
	{ "acl set a def al rule allow", "allow" },
	{ "acl add a default deny rule deny tcp port 80 rule 2 allow udp",
	  "deny tcp to any port 80; allow udp" },
	{ "acl add a owner 3 default deny rule allow tcp from 203.0.113.0/24 "
	  "to any port 443 length 0-128 count x.y",
	  "allow tcp from 203.0.113.0/24 to any port 443 length 0-128 count x.y" },
	{ "acl add a default deny rule allow from 10.0.0.1/32 to 10.0.0.2",
	  "allow from 10.0.0.1 to 10.0.0.2" },
	{ "acl add a default deny rule allow ipv6 58 rule allow 200",
	  "allow ipv6 icmpv6; allow 200" },
	{ "acl add a default deny rule allow from any port 0 to any",
	  "allow from any port 0" },
	{ "acl add a default deny rule allow length 9- rule deny sctp from "
	  "FD00::/8 port 1-2",
	  "allow length 9-; deny sctp from fd00::/8 port 1-2" },
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
		text = print_rules(&rq.acl);
		if (!CHECK(!strcmp(text, good[i].rules)))
			tap_note("%s: %s", good[i].line, text);
		free(text);
		cli_forget(&rq);
	}
}

static const struct {
	const char *line;
	const char *complaint;
} bad[] = {
	{ "acl add", "needs the name of an access list" },
	{ "acl add a", "needs \"default\" with allow or deny" },
	{ "acl add a default", "needs a default: allow or deny" },
	{ "acl add a default deny default deny", "takes a default only once" },
	{ "acl add a default deny rule", "needs a verdict: allow or deny" },
	{ "acl add a default deny rule 2 allow",
	  "\"2\" is not the number of this rule, which is 1" },
	{ "acl add a default deny rule allow tcp udp",
	  "takes a protocol of one rule only once" },
	{ "acl add a default deny rule allow 0",
	  "0 is not a protocol: a number from 1 to 255 is needed" },
	{ "acl add a default deny rule allow 256", "256 is not a protocol" },
	{ "acl add a default deny rule allow from",
	  "needs a client's address" },
	{ "acl add a default deny rule allow from 10.0.0.0/33",
	  "\"10.0.0.0/33\" is not a client's address: the length of a prefix is from 0 to 32" },
	{ "acl add a default deny rule allow from 10.0.0.0/",
	  "is not a client's address" },
	{ "acl add a default deny rule allow to x", "\"x\" is not a service's address" },
	{ "acl add a default deny rule allow from any from any",
	  "takes \"from\" of one rule only once" },
	{ "acl add a default deny rule allow port 65536",
	  "\"65536\" is not a port of the service: a number up to 65535" },
	{ "acl add a default deny rule allow port 1-x", "is not a port" },
	{ "acl add a default deny rule allow port 1 port 2",
	  "takes a port of the service only once" },
	{ "acl add a default deny rule allow length -9", "is not a length of packets" },
	{ "acl add a default deny rule allow count a/b",
	  "\"a/b\" is not what the packets of a rule are counted as" },
	{ "acl add a default deny rule allow owner 3",
	  "\"owner\" is not a word of \"acl add\"" },
	{ "acl load a /dev/null", "says no default" },
	{ "acl load a /nowhere/at/all", "cannot open /nowhere/at/all" },
	{ "acl import a pf x", "\"pf\" is not a format: allowed is nft or iptables" },
	{ "acl import a nft /dev/null x", "allowed is chain or --partial" },
	{ "acl import a nft /dev/null", "/dev/null:1: this is no JSON: '[' or '{' expected" },
	{ "acl import a iptables /dev/null", "has no chain of forwarded packets" },
	{ "service set 1.2.3.4 tcp 80 in i0", "needs \"acl\" before \"in\"" },
	{ "service set 1.2.3.4 tcp 80 acl a in i0 in i1", "only once" },
	{ "service set 1.2.3.4 tcp 80 acl a no-acl", "\"acl\" or \"no-acl\", not both" },
	{ "service set 1.2.3.4 tcp 80", "needs \"sequence\"" },
	{ "service add 1.2.3.4 tcp 80 acl a", "needs \"sequence\"" },
};

static void bad_lines_are_explained(void)
{
	struct request rq;
	size_t i;

	for (i = 0; i < TAP_COUNT(bad); i++) {
		if (!CHECK_INT(parse_line(bad[i].line, &rq), EXIT_USAGE))
			tap_note("%s", bad[i].line);
		CHECK_TEXT(said(), bad[i].complaint);
	}
}

/* A file with a text, by a name that lives as long as the test. */
static const char *file_of(const char *text, size_t len)
{
	static char name[64];
	FILE *out;
	int fd;

	snprintf(name, sizeof(name), "/tmp/svcseq-rules-XXXXXX");
	fd = mkstemp(name);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out)
		abort();
	fwrite(text, 1, len, out);
	fclose(out);
	return name;
}

static void check_import(const char *format, const char *text,
			 const char *more, const char *rules)
{
	struct request rq;
	const char *name = file_of(text, strlen(text));
	char line[160];
	char *got;

	snprintf(line, sizeof(line), "acl import a %s %s %s", format, name,
		 more);
	if (CHECK_INT(parse_line(line, &rq), 0)) {
		got = print_rules(&rq.acl);
		if (!CHECK(!strcmp(got, rules)))
			tap_note("%s, expected %s", got, rules);
		free(got);
		cli_forget(&rq);
	} else {
		tap_note("%s", said());
	}
	unlink(name);
}

static void check_refused(const char *text, size_t len, const char *complaint)
{
	const char *name = file_of(text, len);
	struct request rq;
	char line[160];

	snprintf(line, sizeof(line), "acl import a nft %s", name);
	if (!CHECK_INT(parse_line(line, &rq), EXIT_USAGE))
		tap_note("%s", text);
	CHECK_TEXT(said(), complaint);
	unlink(name);
}

#define NFT(rules)							\
	"{\"nftables\": [{\"chain\": {\"family\": \"inet\", \"table\": \"t\", " \
	"\"name\": \"f\", \"type\": \"filter\", \"hook\": \"forward\", " \
	"\"policy\": \"drop\"}}, " rules "]}"
#define RULE(expr)							\
	"{\"rule\": {\"family\": \"inet\", \"table\": \"t\", " \
	"\"chain\": \"f\", \"handle\": 1, \"expr\": [" expr "]}}"
#define MATCH(op, left, right)						\
	"{\"match\": {\"op\": \"" op "\", \"left\": " left ", " \
	"\"right\": " right "}}"
#define PAYLOAD(proto, field)						\
	"{\"payload\": {\"protocol\": \"" proto "\", " \
	"\"field\": \"" field "\"}}"

static void nft_rules_are_read(void)
{
	check_import("nft", NFT(RULE("{\"accept\": null}")), "", "allow");
	check_import("nft", NFT(RULE(
		MATCH("==", PAYLOAD("ip", "saddr"),
		      "{\"range\": [\"10.0.0.1\", \"10.0.0.6\"]}")
		", {\"drop\": null}")), "",
		"deny from 10.0.0.1; deny from 10.0.0.2/31; deny from 10.0.0.4/31; deny from 10.0.0.6");
	check_import("nft", NFT(RULE(
		MATCH("!=", PAYLOAD("tcp", "dport"), "{\"set\": [0, 80, "
		      "{\"range\": [81, 90]}, 65535]}")
		", {\"drop\": null}")), "",
		"deny tcp to any port 1-79; deny tcp to any port 91-65534");
	check_import("nft", NFT(RULE(
		MATCH("!=", PAYLOAD("ip6", "daddr"),
		      "{\"prefix\": {\"addr\": \"8000::\", \"len\": 1}}")
		", {\"drop\": null}")), "", "deny to ::/1");
	/* Conditions that exclude each other match nothing. */
	check_import("nft", NFT(RULE(
		MATCH("==", PAYLOAD("ip6", "daddr"), "\"::1\"") ", "
		MATCH("==", PAYLOAD("ip", "saddr"), "\"10.0.0.1\"")
		", {\"drop\": null}")), "", "");
	check_import("nft", NFT(RULE(
		MATCH("<", PAYLOAD("udp", "sport"), "1024") ", "
		MATCH(">", PAYLOAD("udp", "sport"), "99")
		", {\"accept\": null}")), "",
		"allow udp from any port 100-1023");
	/* What is behind a verdict does not count. */
	check_import("nft", NFT(RULE("{\"drop\": null}, {\"log\": null}")), "",
		     "deny");
	/* Numbers may stand in strings, protocols may have names. */
	check_import("nft", NFT(RULE(
		MATCH("==", "{\"meta\": {\"key\": \"l4proto\"}}",
		      "{\"set\": [\"tcp\", 17]}") ", "
		MATCH("==", PAYLOAD("th", "dport"), "\"80\"")
		", {\"drop\": null}")), "",
		"deny tcp to any port 80; deny udp to any port 80");
	check_import("nft", NFT(RULE(
		MATCH("==", "{\"concat\": [" PAYLOAD("ip", "saddr") ", "
		      PAYLOAD("tcp", "dport") "]}",
		      "{\"set\": [{\"concat\": [\"10.0.0.1\", 80]}, "
		      "{\"concat\": [\"10.0.0.2\", {\"range\": [90, 99]}]}]}")
		", {\"drop\": null}")), "",
		"deny tcp from 10.0.0.1 to any port 80; deny tcp from 10.0.0.2 to any port 90-99");
	check_import("nft", NFT(RULE("{\"limit\": {}}, {\"drop\": null}") ", "
				RULE("{\"accept\": null}")), "--partial",
		     "allow");
}

#define NOT_JSON	": this is no JSON: "
#define FAULTY(text, complaint)	{ text, sizeof(text) - 1, complaint }

static const struct {
	const char *text;
	size_t len;
	const char *complaint;
} faulty[] = {
	FAULTY("{\"nftables\": [\n1 2]}", ":2" NOT_JSON "']' expected near '2'"),
	FAULTY("{\"nftables\": [\n", ":2" NOT_JSON "']' expected near end"),
	FAULTY("{\"nftables\": []}\n\nx", ":3" NOT_JSON "end of file expected"),
	FAULTY("{\"nftables\": [],\n\"nftables\": []}",
	       ":2" NOT_JSON "duplicate object key near '\"nftables\"'"),
	FAULTY("{\"nftables\": [\"\0\"]}", ":1" NOT_JSON "control character"),
	FAULTY("{\"nftables\": []}\0", ":1" NOT_JSON "end of file expected"),
	FAULTY("[\"\\u0000\"]", ":1" NOT_JSON "\\x5cu0000 is not allowed"),
	FAULTY("[\"\xff\"]", ":1" NOT_JSON "unable to decode byte 0xff"),
	FAULTY("[18446744073709551616]", ":1" NOT_JSON "too big integer"),
	/* What a terminal obeys is not cited as it is. */
	FAULTY("[\"\xc2\x9b", "near '\"\\xc2\\x9b'"),
	FAULTY("[]", " is not what \"nft -j list ruleset\" prints"),
	FAULTY("{\"nftables\": {}}", " is not what \"nft -j list ruleset\" prints"),
};

static void faulty_json_is_explained(void)
{
	static char deep[5000];
	size_t i;

	for (i = 0; i < TAP_COUNT(faulty); i++)
		check_refused(faulty[i].text, faulty[i].len,
			      faulty[i].complaint);
	memset(deep, '[', sizeof(deep));
	check_refused(deep, sizeof(deep), NOT_JSON "maximum parsing depth");
}

#define DPORT(value)	MATCH("==", PAYLOAD("tcp", "dport"), value)
#define CONCAT(left, elem)						\
	MATCH("==", "{\"concat\": " left "}", "{\"set\": [" elem "]}")

static void wrong_values_are_a_loss(void)
{
	static const char * const exprs[] = {
		DPORT("65536"), DPORT("-1"), DPORT("4294967376"), DPORT("80.0"),
		DPORT("8e1"), DPORT("\"x\""), DPORT("null"), DPORT("[80]"),
		DPORT("{\"range\": [80]}"), DPORT("{\"range\": 80}"),
		DPORT("{\"range\": [90, 80]}"), DPORT("{\"set\": 80}"),
		DPORT("{\"set\": {\"range\": [80, 90]}}"),
		DPORT("{\"set\": [80, null]}"),
		MATCH("==", "{\"meta\": {\"key\": \"l4proto\"}}", "256"),
		MATCH("==", "{\"meta\": {\"key\": \"nfproto\"}}",
		      "{\"set\": \"ipv4\"}"),
		MATCH("==", PAYLOAD("ip", "saddr"), "10"),
		MATCH("==", PAYLOAD("ip", "saddr"),
		      "{\"prefix\": {\"addr\": \"10.0.0.0\", \"len\": -1}}"),
		"{\"match\": {\"op\": 1, \"left\": " PAYLOAD("tcp", "dport") ", "
		"\"right\": 80}}",
		CONCAT("[]", "{\"concat\": []}"),
		CONCAT("\"x\"", "{\"concat\": \"x\"}"),
		CONCAT("[" PAYLOAD("tcp", "dport") "]", "80"),
		CONCAT("[" PAYLOAD("tcp", "dport") "]",
		       "{\"concat\": [80, 81]}"),
	};
	char text[1024];
	size_t i;

	for (i = 0; i < TAP_COUNT(exprs); i++) {
		snprintf(text, sizeof(text), NFT(RULE("%s, {\"drop\": null}")),
			 exprs[i]);
		check_refused(text, strlen(text),
			      "table inet t chain f handle 1: not imported: a value of it is not understood");
	}
	snprintf(text, sizeof(text), NFT(RULE("%s, {\"drop\": null}")),
		 MATCH("==", "[80]", "80"));
	check_refused(text, strlen(text), "a list has nothing like this");
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(good_lines_mean_what_they_say),
		TAP_TEST(bad_lines_are_explained),
		TAP_TEST(nft_rules_are_read),
		TAP_TEST(faulty_json_is_explained),
		TAP_TEST(wrong_values_are_a_loss),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
