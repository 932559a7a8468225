// SPDX-License-Identifier: GPL-2.0
/* The command table, and what all commands have in common. */
#include <errno.h>
#include <string.h>

#include "acl.h"

#define KEY_PORT	"DEV"
#define KEY_NAME	"NAME"
#define KEY_SERVICE	"ADDR[/LEN] PROTO [PORTS] [by client]"

static int help_parse(struct args *args, struct request *rq)
{
	(void)args;
	(void)rq;
	return 0;
}

static int help_run(struct cli *cli, const struct request *rq,
		    struct svcseq_error *err);

#define PORT_SYNTAX	"DEV role uplink|device [gateway ADDR]... " \
			"[answer on|off] [owner OWNER]"
#define DEVICE_SYNTAX							\
	"NAME kind inline|bridge|tap|server|external [mode loopback|alias|nat]\n" \
	"          [address ADDR]... ARM [ARM] [ALARM]... [owner OWNER]"
#define POOL_SYNTAX							\
	"NAME policy primary|spread [by addr|addr-port] MEMBER...\n"	\
	"          [owner OWNER]"
#define SEQUENCE_SYNTAX							\
	"NAME [uplink DEV | from DEVICE] [path-id N] [dscp N] STEP...\n" \
	"          [owner OWNER]"
#define SERVICE_SYNTAX							\
	KEY_SERVICE " [dynamic N-N] sequence NAME\n"			\
	"          [dscp DSCP] [LIMIT] [TIE]... [owner OWNER]"
#define ACL_SYNTAX	"NAME default allow|deny [owner OWNER] [rule RULE]..."

/* The commands of one noun stand together. */
static const struct command commands[] = {
	{ "port", "add", PORT_SYNTAX,
	  port_parse, port_run, VERB_ADD, false },
	{ "port", "set", "DEV [role uplink|device] [gateway ADDR]... [answer on|off] [owner OWNER]",
	  port_parse, port_run, VERB_SET, false },
	{ "port", "del", KEY_PORT,
	  port_parse, port_run, VERB_DEL, false },
	{ "port", "show", "[ " KEY_PORT " ]",
	  port_parse, port_run, VERB_SHOW, false },

	{ "device", "add", DEVICE_SYNTAX,
	  device_parse, device_run, VERB_ADD, false },
	{ "device", "set", DEVICE_SYNTAX "\n       svcseq device set NAME ALARM...",
	  device_parse, device_run, VERB_SET, false },
	{ "device", "del", KEY_NAME,
	  device_parse, device_run, VERB_DEL, false },
	{ "device", "show", "[ " KEY_NAME " ]",
	  device_parse, device_run, VERB_SHOW, false },

	{ "pool", "add", POOL_SYNTAX,
	  pool_parse, pool_run, VERB_ADD, false },
	{ "pool", "set", POOL_SYNTAX "\n       svcseq pool set NAME MEMBER...",
	  pool_parse, pool_run, VERB_SET, false },
	{ "pool", "del", KEY_NAME,
	  pool_parse, pool_run, VERB_DEL, false },
	{ "pool", "show", "[ " KEY_NAME " ]",
	  pool_parse, pool_run, VERB_SHOW, false },

	{ "sequence", "add", SEQUENCE_SYNTAX,
	  sequence_parse, sequence_run, VERB_ADD, false },
	{ "sequence", "set", SEQUENCE_SYNTAX,
	  sequence_parse, sequence_run, VERB_SET, false },
	{ "sequence", "del", KEY_NAME,
	  sequence_parse, sequence_run, VERB_DEL, false },
	{ "sequence", "show", "[ " KEY_NAME " ]",
	  sequence_parse, sequence_run, VERB_SHOW, false },

	{ "service", "add", SERVICE_SYNTAX,
	  service_parse, service_run, VERB_ADD, false },
	{ "service", "set", KEY_SERVICE " [sequence NAME]\n"
	  "          [dscp DSCP] [LIMIT] [TIE]... [no-acl] [owner OWNER]",
	  service_parse, service_run, VERB_SET, false },
	{ "service", "del", KEY_SERVICE,
	  service_parse, service_run, VERB_DEL, false },
	{ "service", "show", "[ " KEY_SERVICE " ]",
	  service_parse, service_run, VERB_SHOW, false },

	{ "acl", "add", ACL_SYNTAX,
	  acl_parse, acl_run, VERB_ADD, false },
	{ "acl", "set", ACL_SYNTAX,
	  acl_parse, acl_run, VERB_SET, false },
	{ "acl", "del", KEY_NAME,
	  acl_parse, acl_run, VERB_DEL, false },
	{ "acl", "show", "[ " KEY_NAME " ]",
	  acl_parse, acl_run, VERB_SHOW, false },
	{ "acl", "load", "NAME FILE",
	  acl_parse, acl_run, VERB_LOAD, false },
	{ "acl", "import", "NAME nft|iptables FILE [chain CHAIN] [--partial]",
	  acl_parse, acl_run, VERB_IMPORT, false },

	{ "table", "show", "[ " KEY_SERVICE " ]",
	  table_parse, table_run, VERB_SHOW, false },
	{ "stats", NULL, "[ REASON ]",
	  stats_parse, stats_run, VERB_SHOW, false },
	{ "monitor", NULL, "",
	  monitor_parse, monitor_run, VERB_SHOW, true },
	{ "trace", NULL, "[client ADDR[/LEN]] [service ADDR [tcp|udp PORT]]\n"
			 "          [rate N] [count N]",
	  trace_parse, trace_run, VERB_SHOW, true },
	/* trace_parse() finds this one */
	{ "trace simulate", NULL, "client ADDR[:PORT] service " KEY_SERVICE "\n"
				  "          [direction request|reply] [length N]",
	  simulate_parse, simulate_run, VERB_SHOW, false },
	{ "engine", "set", "max-pps N|off [burst N]",
	  engine_parse, engine_run, VERB_SET, false },
	{ "engine", "show", "",
	  engine_parse, engine_run, VERB_SHOW, false },
	{ "help", NULL, "",
	  help_parse, help_run, VERB_HELP, true },
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* The value is an index of the first command of the noun. */
static const struct word nouns[] = {
	{ "port", 0 },
	{ "device", 4 },
	{ "pool", 8 },
	{ "sequence", 12 },
	{ "service", 16 },
	{ "acl", 20 },
	{ "table", 26 },
	{ "stats", 27 },
	{ "monitor", 28 },
	{ "trace", 29 },
	{ "engine", 31 },
	{ "help", 33 },
	{ NULL, 0 }
};

static const struct word verbs[] = {
	{ "add", VERB_ADD },
	{ "set", VERB_SET },
	{ "del", VERB_DEL },
	{ "delete", VERB_DEL },
	{ "show", VERB_SHOW },
	{ "list", VERB_SHOW },
	{ "help", VERB_HELP },
	{ NULL, 0 }
};

static const struct word acl_verbs[] = {
	{ "add", VERB_ADD },
	{ "set", VERB_SET },
	{ "del", VERB_DEL },
	{ "delete", VERB_DEL },
	{ "show", VERB_SHOW },
	{ "list", VERB_SHOW },
	{ "load", VERB_LOAD },
	{ "import", VERB_IMPORT },
	{ "help", VERB_HELP },
	{ NULL, 0 }
};

static const struct word set_verbs[] = {
	{ "set", VERB_SET },
	{ "show", VERB_SHOW },
	{ "list", VERB_SHOW },
	{ "help", VERB_HELP },
	{ NULL, 0 }
};

static const struct word show_verbs[] = {
	{ "show", VERB_SHOW },
	{ "list", VERB_SHOW },
	{ "help", VERB_HELP },
	{ NULL, 0 }
};

static int help_run(struct cli *cli, const struct request *rq,
		    struct svcseq_error *err)
{
	FILE *out = cli->pr.out;
	const struct command *c;
	size_t i;

	(void)rq;
	(void)err;
	fputs("Usage: svcseq [ OPTIONS ] NOUN [ VERB ] ...\n"
	      "       svcseq [ -force ] -batch FILE\n", out);
	for (i = 0; i < N_COMMANDS; i++) {
		c = &commands[i];
		fprintf(out, "       svcseq %s%s%s %s\n", c->noun,
			c->verb_name ? " " : "",
			c->verb_name ? c->verb_name : "", c->syntax);
	}
	fputs("where\n"
	      "  ARM     := outer|inner DEV [mac MAC[,MAC...]] [any] [via ADDR]...\n"
	      "  ALARM   := alarm syn N | alarm unreturned N | alarm gap MS |\n"
	      "             alarm watch | alarm off\n"
	      "  MEMBER  := member DEVICE [weight N] [state up|drain|down]\n"
	      "  STEP    := step DEVICE|POOL [port N] [becomes PROTO/N] [TRACK]\n"
	      "             [on-fail close|open|alternate DEVICE] [COPY]...\n"
	      "  TRACK   := track arm|mac|interface|dscp|nsh|mpls\n"
	      "           | track gre|gpe local ADDR remote ADDR\n"
	      "  COPY    := copy TAP|POOL [request|reply] [alert-to DEVICE|POOL]\n"
	      "             [copy-port service|device]\n"
	      "  LIMIT   := limit N pps|kbps [burst N] | limit off\n"
	      "  TIE     := acl NAME [in DEV]\n"
	      "  RULE    := [N] allow|deny [ipv4|ipv6] [PROTO] [from ADDR[/LEN]|any [port N[-N]]]\n"
	      "             [to ADDR[/LEN]|any [port N[-N]]] [length N[-[N]]] [count LABEL]\n"
	      "  PROTO   := tcp | udp | sctp | icmp | esp | ... | 1..254 | any\n"
	      "  PORTS   := N | N-N | any\n"
	      "  OWNER   := hand | svcseqd | 0..255\n"
	      "  OPTIONS := { -j[son] | -p[retty] | -s[tatistics] | -n[etns] NETNS |\n"
	      "               -b[atch] FILE | -force | -h[elp] | -V[ersion] }\n",
	      out);
	return 0;
}

static const struct command *find_command(int noun, int verb)
{
	const struct command *c = &commands[noun];

	if (verb == VERB_HELP)
		return &commands[N_COMMANDS - 1];
	while (c < commands + N_COMMANDS - 1 && (int)c->verb != verb)
		c++;
	return c;
}

/* The verbs of a noun, by its first command. */
static const struct word *verbs_of(const struct command *c)
{
	if (c->parse == acl_parse)
		return acl_verbs;
	switch (c->verb) {
	case VERB_SHOW:
		return show_verbs;
	case VERB_SET:
		return set_verbs;
	default:
		return verbs;
	}
}

/**
 * cli_parse - Read the words of a command.
 * @n: how many
 * @words: the words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int cli_parse(unsigned int n, char **words, struct request *rq)
{
	struct args args = { .word = words, .n = n };
	int verb = VERB_SHOW;
	int noun = 0;
	const char *text;
	char what[64];

	memset(rq, 0, sizeof(*rq));
	text = take_text(&args, "a noun");
	if (!text || word_find(nouns, text, "a noun", &noun))
		return EXIT_USAGE;
	rq->cmd = &commands[noun];
	if (rq->cmd->verb_name && !args_end(&args)) {
		snprintf(what, sizeof(what), "a verb of \"%s\"", rq->cmd->noun);
		if (word_find(verbs_of(rq->cmd), args.word[args.pos++], what,
			      &verb))
			return EXIT_USAGE;
	}
	if (rq->cmd->verb_name)
		rq->cmd = find_command(noun, verb);
	snprintf(args.cmd, sizeof(args.cmd), "%s%s%s", rq->cmd->noun,
		 rq->cmd->verb_name ? " " : "",
		 rq->cmd->verb_name ? rq->cmd->verb_name : "");
	return rq->cmd->parse(&args, rq);
}

/**
 * cli_forget - Free what a request holds.
 * @rq: request that cli_parse() has read
 */
void cli_forget(struct request *rq)
{
	if (rq->cmd->parse == acl_parse)
		acl_free(&rq->acl);
}

/* The object that a request is about, for messages. */
static const char *about(const struct request *rq, char *to, size_t size)
{
	char addr[ADDR_TEXT], proto[ADDR_TEXT];
	struct svcseq_service svc;
	char name[112];

	*to = '\0';
	if (!rq->keyed)
		return to;
	if (rq->cmd->parse == port_parse) {
		snprintf(to, size, " %s", quote(rq->port.dev.name));
	} else if (rq->cmd->parse == device_parse) {
		snprintf(to, size, " %s", quote(rq->device.name));
	} else if (rq->cmd->parse == pool_parse) {
		snprintf(to, size, " %s", quote(rq->pool.name));
	} else if (rq->cmd->parse == sequence_parse) {
		snprintf(to, size, " %s", quote(rq->sequence.name));
	} else if (rq->cmd->parse == acl_parse) {
		snprintf(to, size, " %s", quote(rq->acl.def.name));
	} else if (rq->cmd->parse == service_parse) {
		snprintf(to, size, " %s",
			 service_text(&rq->service, name, sizeof(name)));
	} else if (rq->cmd->parse == table_parse) {
		row_service(&rq->row, &svc);
		snprintf(to, size, " %s",
			 service_text(&svc, name, sizeof(name)));
	} else if (rq->cmd->parse == simulate_parse) {
		snprintf(to, size, " %s %s %u", addr_text(&rq->trace.addr, addr),
			 enum_text(word_ip_proto, rq->trace.proto, proto),
			 rq->trace.port);
	} else if (rq->cmd->parse == stats_parse) {
		snprintf(to, size, " %s", quote(rq->reason));
	}
	return to;
}

/* What to do about an answer that came without a sentence. */
static const char *advice(const struct svcseq_error *err, char *to, size_t size)
{
	switch (err->code) {
	case EPERM:
		return "not permitted; it needs CAP_NET_ADMIN in the network namespace";
	case EEXIST:
		return "it exists already; \"set\" changes it";
	case ENOENT:
	case ENODEV:
		return "it does not exist; \"show\" lists what does";
	case EBUSY:
		return "it is in use";
	case ENOSPC:
		return "no more fit in";
	case EOPNOTSUPP:
		return "the loaded module does not know the command; it is of another version";
	case EINVAL:
		return "the definition is not valid";
	}
	return strerror_r(err->code, to, size);
}

/* One sentence. The kernel's own names the object; one made here has to. */
static void report(const struct request *rq, const struct svcseq_error *err)
{
	static const char self[] = "svcseq: ";
	const char *text = err->text;
	char object[128], other[128], where[96] = "";
	size_t len;

	if (!err->kernel) {
		complain("%s", *text ? quote(text) : "cannot write the output");
		return;
	}
	if (*err->attr)
		snprintf(where, sizeof(where), " (attribute %s)",
			 quote(err->attr));
	if (!*text) {
		about(rq, object, sizeof(object));
		complain("svcseq: %s%s: %s%s", rq->cmd->noun, object,
			 advice(err, other, sizeof(other)), where);
		return;
	}
	/* The kernel may have put the name of the module there, and a stop. */
	if (!strncmp(text, self, sizeof(self) - 1))
		text += sizeof(self) - 1;
	text = quote(text);
	len = strlen(text);
	if (len && text[len - 1] == '.')
		len--;
	complain("svcseq: %.*s%s", (int)len, text, where);
}

/**
 * cli_command - Parse and run one command.
 * @cli: connection and printer
 * @n: number of words
 * @words: the words
 *
 * Return: exit status.
 */
int cli_command(struct cli *cli, unsigned int n, char **words)
{
	struct svcseq_error err = { 0 };
	struct request rq;
	int ret = 0;

	if (cli_parse(n, words, &rq))
		return EXIT_USAGE;
	if (!rq.cmd->own_socket && !cli->sq) {
		cli->sq = svcseq_open(cli->netns, &err);
		ret = cli->sq ? 0 : -err.code;
	}
	if (!ret)
		ret = rq.cmd->run(cli, &rq, &err);
	pr_end(&cli->pr);
	if (ret)
		report(&rq, &err);
	cli_forget(&rq);
	return ret ? EXIT_KERNEL : 0;
}
