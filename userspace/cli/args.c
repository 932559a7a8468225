// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const struct word word_role[] = {
	{ "uplink", SVCSEQ_PORT_ROLE_UPLINK },
	{ "device", SVCSEQ_PORT_ROLE_DEVICE },
	{ NULL, 0 }
};

const struct word word_kind[] = {
	{ "inline", SVCSEQ_DEVICE_KIND_INLINE },
	{ "bridge", SVCSEQ_DEVICE_KIND_BRIDGE },
	{ "tap", SVCSEQ_DEVICE_KIND_TAP },
	{ "server", SVCSEQ_DEVICE_KIND_SERVER },
	{ "external", SVCSEQ_DEVICE_KIND_EXTERNAL },
	{ NULL, 0 }
};

const struct word word_mode[] = {
	{ "loopback", SVCSEQ_SERVER_MODE_LOOPBACK },
	{ "alias", SVCSEQ_SERVER_MODE_ALIAS },
	{ "nat", SVCSEQ_SERVER_MODE_NAT },
	{ NULL, 0 }
};

const struct word word_side[] = {
	{ "outer", SVCSEQ_ARM_SIDE_OUTER },
	{ "inner", SVCSEQ_ARM_SIDE_INNER },
	{ NULL, 0 }
};

const struct word word_proto[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "sctp", IPPROTO_SCTP },
	{ "dccp", IPPROTO_DCCP },
	{ "udplite", IPPROTO_UDPLITE },
	{ NULL, 0 }
};

/* What a service may be made of; any other number will do as well. */
const struct word word_ip_proto[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "any", SVCSEQ_PROTO_ANY },
	{ "sctp", IPPROTO_SCTP },
	{ "dccp", IPPROTO_DCCP },
	{ "udplite", IPPROTO_UDPLITE },
	{ "icmp", IPPROTO_ICMP },
	{ "icmpv6", IPPROTO_ICMPV6 },
	{ "esp", IPPROTO_ESP },
	{ "ah", IPPROTO_AH },
	{ "gre", IPPROTO_GRE },
	{ "ipip", IPPROTO_IPIP },
	{ NULL, 0 }
};

const struct word word_by[] = {
	{ "server", SVCSEQ_KEY_SIDE_SERVER },
	{ "client", SVCSEQ_KEY_SIDE_CLIENT },
	{ NULL, 0 }
};

const struct word word_copy_port[] = {
	{ "service", SVCSEQ_COPY_PORT_SERVICE },
	{ "device", SVCSEQ_COPY_PORT_DEVICE },
	{ NULL, 0 }
};

const struct word word_target[] = {
	{ "client", SVCSEQ_HOP_TARGET_CLIENT },
	{ "inline", SVCSEQ_HOP_TARGET_INLINE },
	{ "bridge", SVCSEQ_HOP_TARGET_BRIDGE },
	{ "loopback", SVCSEQ_HOP_TARGET_LOOPBACK },
	{ "alias", SVCSEQ_HOP_TARGET_ALIAS },
	{ "nat", SVCSEQ_HOP_TARGET_NAT },
	{ "external", SVCSEQ_HOP_TARGET_EXTERNAL },
	{ NULL, 0 }
};

const struct word word_switch[] = {
	{ "on", 1 },
	{ "off", 0 },
	{ NULL, 0 }
};

/* Names of the IANA registry. */
const struct word word_dscp[] = {
	{ "cs0", 0 },
	{ "cs1", 8 },
	{ "cs2", 16 },
	{ "cs3", 24 },
	{ "cs4", 32 },
	{ "cs5", 40 },
	{ "cs6", 48 },
	{ "cs7", 56 },
	{ "af11", 10 },
	{ "af12", 12 },
	{ "af13", 14 },
	{ "af21", 18 },
	{ "af22", 20 },
	{ "af23", 22 },
	{ "af31", 26 },
	{ "af32", 28 },
	{ "af33", 30 },
	{ "af41", 34 },
	{ "af42", 36 },
	{ "af43", 38 },
	{ "ef", 46 },
	{ "va", 44 },
	{ "le", 1 },
	{ "keep", 255 },
	{ NULL, 0 }
};

const struct word word_direction[] = {
	{ "request", SVCSEQ_DIRECTION_REQUEST },
	{ "reply", SVCSEQ_DIRECTION_REPLY },
	{ NULL, 0 }
};

const struct word word_verdict[] = {
	{ "hop", SVCSEQ_TRACE_VERDICT_HOP },
	{ "copy", SVCSEQ_TRACE_VERDICT_COPY },
	{ "drop", SVCSEQ_TRACE_VERDICT_DROP },
	{ "pass", SVCSEQ_TRACE_VERDICT_PASS },
	{ NULL, 0 }
};

const struct word word_alarm[] = {
	{ "syn", SVCSEQ_ALARM_KIND_SYN },
	{ "unreturned", SVCSEQ_ALARM_KIND_UNRETURNED },
	{ "gap", SVCSEQ_ALARM_KIND_GAP },
	{ NULL, 0 }
};

const struct word word_track[] = {
	{ "arm", SVCSEQ_TRACK_ARM },
	{ "mac", SVCSEQ_TRACK_MAC },
	{ "interface", SVCSEQ_TRACK_INTERFACE },
	{ "dscp", SVCSEQ_TRACK_DSCP },
	{ "nsh", SVCSEQ_TRACK_NSH },
	{ "mpls", SVCSEQ_TRACK_MPLS },
	{ "gre", SVCSEQ_TRACK_GRE },
	{ "gpe", SVCSEQ_TRACK_GPE },
	{ NULL, 0 }
};

const struct word word_policy[] = {
	{ "primary", SVCSEQ_POOL_POLICY_PRIMARY },
	{ "spread", SVCSEQ_POOL_POLICY_SPREAD },
	{ NULL, 0 }
};

const struct word word_spread_by[] = {
	{ "addr", SVCSEQ_POOL_BY_ADDR },
	{ "addr-port", SVCSEQ_POOL_BY_ADDR_PORT },
	{ NULL, 0 }
};

const struct word word_state[] = {
	{ "up", SVCSEQ_MEMBER_STATE_UP },
	{ "drain", SVCSEQ_MEMBER_STATE_DRAIN },
	{ "down", SVCSEQ_MEMBER_STATE_DOWN },
	{ NULL, 0 }
};

const struct word word_on_fail[] = {
	{ "close", SVCSEQ_ON_FAIL_CLOSE },
	{ "open", SVCSEQ_ON_FAIL_OPEN },
	{ "alternate", SVCSEQ_ON_FAIL_ALTERNATE },
	{ NULL, 0 }
};

/* What the kernel starts with is what a human made. */
const struct word word_owner[] = {
	{ "hand", 0 },
	{ "svcseqd", 1 },
	{ NULL, 0 }
};

static struct {
	const char *file;
	unsigned long line;
} place;

/**
 * complain_at - Say where the commands to come stand.
 * @file: name of the batch; NULL for none
 * @line: line in it
 */
void complain_at(const char *file, unsigned long line)
{
	place.file = file;
	place.line = line;
}

/**
 * complain - Print one sentence about an error.
 * @fmt: the sentence without a full stop
 *
 * Return: EXIT_USAGE, for the convenience of parsers.
 */
int complain(const char *fmt, ...)
{
	va_list ap;

	/* What was printed before the error comes before it on a terminal. */
	fflush(stdout);
	fputs("Error: ", stderr);
	if (place.file)
		fprintf(stderr, "%s:%lu: ", quote(place.file), place.line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(".\n", stderr);
	return EXIT_USAGE;
}

/**
 * quote - Make text fit for a terminal.
 * @text: anything a user or another machine may have written
 *
 * Return: the text with everything unusual as \xNN, and shortened if it is
 * very long. The buffer is used again after some more calls.
 */
const char *quote(const char *text)
{
	static char ring[8][512];
	static unsigned int turn;
	char *out = ring[turn++ % 8];
	size_t used = 0;
	char one[5];
	size_t i, n;

	for (i = 0; text[i]; i++) {
		if (isascii((unsigned char)text[i]) &&
		    isprint((unsigned char)text[i]) && text[i] != '\\')
			n = (size_t)snprintf(one, sizeof(one), "%c", text[i]);
		else
			n = (size_t)snprintf(one, sizeof(one), "\\x%02x",
					     (unsigned char)text[i]);
		if (used + n > sizeof(ring[0]) - sizeof("...")) {
			memcpy(out + used, "...", 3);
			used += 3;
			break;
		}
		memcpy(out + used, one, n);
		used += n;
	}
	out[used] = '\0';
	return out;
}

/**
 * word_name - Find the word for a value.
 * @table: words
 * @value: value
 *
 * Return: the word, NULL if there is none.
 */
const char *word_name(const struct word *table, int value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

/* "a, b or c": the words of a table that begin with the text. */
static const char *word_list(const struct word *table, const char *text)
{
	static char out[256];
	const struct word *w;
	size_t len = strlen(text), used = 0;
	unsigned int left = 0;
	int n;

	for (w = table; w->name; w++)
		left += !strncmp(w->name, text, len);
	*out = '\0';
	for (w = table; w->name; w++) {
		if (strncmp(w->name, text, len))
			continue;
		left--;
		n = snprintf(out + used, sizeof(out) - used, "%s%s", w->name,
			     left > 1 ? ", " : left ? " or " : "");
		if (n < 0 || (size_t)n >= sizeof(out) - used)
			break;
		used += (size_t)n;
	}
	return out;
}

/**
 * word_find - Look a word up; an unambiguous beginning will do.
 * @table: words
 * @text: what the user wrote
 * @what: what kind of word it should be, for the message
 * @value: its value
 *
 * Return: 0 or EXIT_USAGE.
 */
int word_find(const struct word *table, const char *text, const char *what,
	      int *value)
{
	const struct word *w, *hit = NULL;
	size_t len = strlen(text);

	for (w = table; w->name && len; w++) {
		if (strncmp(w->name, text, len))
			continue;
		if (strlen(w->name) == len) {
			*value = w->value;
			return 0;
		}
		if (hit && hit->value != w->value)
			return complain("\"%s\" is not clear as %s: it may mean %s",
					quote(text), what, word_list(table, text));
		hit = w;
	}
	if (!hit)
		return complain("\"%s\" is not %s: allowed is %s", quote(text),
				what, word_list(table, ""));
	*value = hit->value;
	return 0;
}

/**
 * args_end - Are all words read?
 * @args: words
 *
 * Return: true if so.
 */
bool args_end(const struct args *args)
{
	return args->pos >= args->n;
}

/**
 * args_done - Insist that all words are read.
 * @args: words
 *
 * Return: 0 or EXIT_USAGE.
 */
int args_done(const struct args *args)
{
	if (args_end(args))
		return 0;
	return complain("\"%s\" is one word too many for \"%s\"",
			quote(args->word[args->pos]), args->cmd);
}

/**
 * args_missing - Complain that something is not there.
 * @args: words
 * @what: what
 *
 * Return: EXIT_USAGE.
 */
int args_missing(const struct args *args, const char *what)
{
	return complain("\"%s\" needs %s; \"svcseq help\" shows the words",
			args->cmd, what);
}

/**
 * args_twice - Complain that something is there twice.
 * @args: words
 * @what: what
 *
 * Return: EXIT_USAGE.
 */
int args_twice(const struct args *args, const char *what)
{
	return complain("\"%s\" takes %s only once", args->cmd, what);
}

/**
 * args_many - Complain that something is there too often.
 * @args: words
 * @what: what
 * @most: how often it may be
 *
 * Return: EXIT_USAGE.
 */
int args_many(const struct args *args, const char *what, unsigned int most)
{
	return complain("\"%s\" takes at most %u %s", args->cmd, most, what);
}

/**
 * take_text - Read any word.
 * @args: words
 * @what: what it should be, for the message
 *
 * Return: the word, NULL after a complaint.
 */
const char *take_text(struct args *args, const char *what)
{
	if (!args_end(args))
		return args->word[args->pos++];
	args_missing(args, what);
	return NULL;
}

/**
 * take_word - Read a keyword of the command.
 * @args: words
 * @table: keywords
 * @value: its value
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_word(struct args *args, const struct word *table, int *value)
{
	const char *text = take_text(args, "another word");
	char what[64];

	if (!text)
		return EXIT_USAGE;
	snprintf(what, sizeof(what), "a word of \"%s\"", args->cmd);
	return word_find(table, text, what, value);
}

/**
 * take_enum - Read a value out of a list.
 * @args: words
 * @table: the list
 * @what: what it is
 * @to: the value; must not be set yet
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_enum(struct args *args, const struct word *table, const char *what,
	      struct svcseq_u8 *to)
{
	const char *text;
	int value = 0;

	if (to->set)
		return args_twice(args, what);
	if (args_end(args))
		return complain("\"%s\" needs %s: %s", args->cmd, what,
				word_list(table, ""));
	text = take_text(args, what);
	if (!text || word_find(table, text, what, &value))
		return EXIT_USAGE;
	to->set = true;
	to->value = (uint8_t)value;
	return 0;
}

/**
 * take_name - Read the name of a device or sequence.
 * @args: words
 * @what: what it names
 * @to: the name, of SVCSEQ_NAME_LEN bytes
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_name(struct args *args, const char *what, char *to)
{
	const char *text, *s;

	text = take_text(args, what);
	if (!text)
		return EXIT_USAGE;
	/* What the kernel takes. */
	for (s = text; isalnum((unsigned char)*s) || (*s && strchr("._:@+-", *s));)
		s++;
	if (*s || s == text || s - text >= SVCSEQ_NAME_LEN)
		return complain("\"%s\" is not %s: it has 1 to %d letters, digits or . _ : @ + -",
				quote(text), what, SVCSEQ_NAME_LEN - 1);
	/* It is known to fit; the rest is filled with zeros. */
	strncpy(to, text, SVCSEQ_NAME_LEN);
	return 0;
}

/**
 * take_dev - Read the name of a net device.
 * @args: words
 * @what: what it is for
 * @to: the name
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_dev(struct args *args, const char *what, struct svcseq_if *to)
{
	const char *text, *s;

	text = take_text(args, what);
	if (!text)
		return EXIT_USAGE;
	if (!*text || strlen(text) >= SVCSEQ_IFNAME_LEN)
		return complain("\"%s\" is not %s: the name of a net device has 1 to %d bytes",
				quote(text), what, SVCSEQ_IFNAME_LEN - 1);
	for (s = text; *s; s++)
		if (isspace((unsigned char)*s) || iscntrl((unsigned char)*s) ||
		    *s == '/' || *s == ':')
			return complain("\"%s\" is not %s: no net device can have that name",
					quote(text), what);
	strncpy(to->name, text, sizeof(to->name));
	return 0;
}

static int read_addr(const char *text, const char *what, struct svcseq_addr *to)
{
	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET, text, to->b) == 1)
		to->len = 4;
	else if (inet_pton(AF_INET6, text, to->b) == 1)
		to->len = 16;
	else
		return complain("\"%s\" is not %s: an IPv4 or IPv6 address is needed",
				quote(text), what);
	return 0;
}

/**
 * take_addr - Read an address.
 * @args: words
 * @what: what it is
 * @to: the address
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_addr(struct args *args, const char *what, struct svcseq_addr *to)
{
	const char *text;

	text = take_text(args, what);
	if (!text)
		return EXIT_USAGE;
	return read_addr(text, what, to);
}

/**
 * take_addr_of - Read an address that may be there once for each family.
 * @args: words
 * @what: what it is
 * @v4: where an IPv4 address goes
 * @v6: where an IPv6 address goes
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_addr_of(struct args *args, const char *what, struct svcseq_addr *v4,
		 struct svcseq_addr *v6)
{
	struct svcseq_addr addr, *to;

	if (take_addr(args, what, &addr))
		return EXIT_USAGE;
	to = addr.len == 4 ? v4 : v6;
	if (to->len)
		return complain("\"%s\" takes only one IPv%d address as %s",
				args->cmd, addr.len == 4 ? 4 : 6, what);
	*to = addr;
	return 0;
}

static bool read_mac(const char *text, size_t len, struct svcseq_mac *to)
{
	char byte[3] = "";
	size_t i;

	if (len != 17)
		return false;
	for (i = 0; i < 6; i++, text += 3) {
		if (!isxdigit((unsigned char)text[0]) ||
		    !isxdigit((unsigned char)text[1]) ||
		    (i < 5 && text[2] != ':' && text[2] != '-'))
			return false;
		memcpy(byte, text, 2);
		to->b[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	to->set = true;
	return true;
}

/**
 * take_macs - Read the MAC addresses of an arm, separated by commas.
 * @args: words
 * @arm: the arm
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_macs(struct args *args, struct svcseq_arm *arm)
{
	const char *text, *s;
	size_t len;

	text = take_text(args, "a MAC address after \"mac\"");
	if (!text)
		return EXIT_USAGE;
	for (s = text; ; s += len + 1) {
		len = strcspn(s, ",");
		if (arm->n_macs == SVCSEQ_MAX_MACS)
			return args_many(args, "MAC addresses for one arm",
					 SVCSEQ_MAX_MACS);
		if (!read_mac(s, len, &arm->mac[arm->n_macs++]))
			return complain("\"%s\" is not a MAC address like 02:00:00:00:00:01, "
					"or several with commas between them",
					quote(text));
		if (!s[len])
			return 0;
	}
}

static bool read_number(const char *text, unsigned long least,
			unsigned long most, unsigned long *to)
{
	const char *s;

	/* strtoul() would also take blanks, signs and octal numbers. */
	for (s = text; *s; s++)
		if (!isdigit((unsigned char)*s))
			return false;
	if (s == text || s - text > 9)
		return false;
	*to = strtoul(text, NULL, 10);
	return *to >= least && *to <= most;
}

static int read_port(const char *text, const char *what, uint16_t *to)
{
	unsigned long value;

	if (!read_number(text, 1, 65535, &value))
		return complain("\"%s\" is not %s: a number from 1 to 65535 is needed",
				quote(text), what);
	*to = (uint16_t)value;
	return 0;
}

/**
 * take_port - Read a port number.
 * @args: words
 * @what: what it is
 * @to: the number
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_port(struct args *args, const char *what, uint16_t *to)
{
	const char *text;

	text = take_text(args, what);
	if (!text)
		return EXIT_USAGE;
	return read_port(text, what, to);
}

/**
 * take_proto - Read a protocol, by name or by number.
 * @args: words
 * @to: its number
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_proto(struct args *args, uint8_t *to)
{
	struct svcseq_u8 proto = { 0 };
	unsigned long value;

	if (!args_end(args) &&
	    read_number(args->word[args->pos], 1, 254, &value)) {
		args->pos++;
		*to = (uint8_t)value;
		return 0;
	}
	if (take_enum(args, word_ip_proto,
		      "a protocol (or a number from 1 to 254)", &proto))
		return EXIT_USAGE;
	*to = proto.value;
	return 0;
}

/* What comes before @mark goes to @first, if it has room for it; returns what
 * comes behind, or NULL.
 */
static const char *split_at(const char *text, char mark, char *first,
			    size_t size)
{
	const char *at = strchr(text, mark);

	if (!at || at == text || (size_t)(at - text) >= size)
		return NULL;
	memcpy(first, text, (size_t)(at - text));
	first[at - text] = '\0';
	return at + 1;
}

/**
 * take_ports - Read a port, or FIRST-LAST.
 * @args: words
 * @what: what it is
 * @first: first port
 * @last: last port, 0 if there is one only
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_ports(struct args *args, const char *what, uint16_t *first,
	       uint16_t *last)
{
	const char *text, *end;
	char begin[8];

	text = take_text(args, what);
	if (!text)
		return EXIT_USAGE;
	end = split_at(text, '-', begin, sizeof(begin));
	if (!end)
		return read_port(text, what, first);
	if (read_port(begin, what, first) || read_port(end, what, last))
		return EXIT_USAGE;
	if (*first > *last)
		return complain("\"%s\" is not %s: the first port is above the last",
				quote(text), what);
	if (*first == *last)
		*last = 0;
	return 0;
}

/**
 * take_becomes - Read PROTO/PORT.
 * @args: words
 * @to: what is read
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_becomes(struct args *args, struct svcseq_becomes *to)
{
	const char *text, *port;
	char proto[8];
	int value = 0;

	if (to->set)
		return args_twice(args, "\"becomes\" of one step");
	text = take_text(args, "PROTO/PORT after \"becomes\"");
	if (!text)
		return EXIT_USAGE;
	port = split_at(text, '/', proto, sizeof(proto));
	if (!port)
		return complain("\"%s\" is not PROTO/PORT: something like tcp/80 is needed",
				quote(text));
	if (word_find(word_proto, proto, "a protocol", &value) ||
	    read_port(port, "a port", &to->port))
		return EXIT_USAGE;
	to->set = true;
	to->proto = (uint8_t)value;
	return 0;
}

/**
 * take_number - Read a number.
 * @args: words
 * @what: what it is
 * @least: smallest that is allowed
 * @most: largest that is allowed
 * @to: the number
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_number(struct args *args, const char *what, uint32_t least,
		uint32_t most, uint32_t *to)
{
	unsigned long value;
	const char *text;

	text = take_text(args, what);
	if (!text)
		return EXIT_USAGE;
	if (!read_number(text, least, most, &value))
		return complain("\"%s\" is not %s: a number from %u to %u is needed",
				quote(text), what, least, most);
	*to = (uint32_t)value;
	return 0;
}

/**
 * take_prefix - Read ADDR or ADDR/LEN.
 * @args: words
 * @what: what it is
 * @addr: the address
 * @len: how many of its bits count; unset if that is not said
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_prefix(struct args *args, const char *what, struct svcseq_addr *addr,
		struct svcseq_u8 *len)
{
	const char *text, *bits;
	unsigned long value;
	char buf[64];

	text = take_text(args, what);
	if (!text)
		return EXIT_USAGE;
	bits = split_at(text, '/', buf, sizeof(buf));
	if (read_addr(bits ? buf : text, what, addr))
		return EXIT_USAGE;
	if (!bits)
		return 0;
	if (!read_number(bits, 0, addr->len * 8UL, &value))
		return complain("\"%s\" is not %s: the length of a prefix is from 0 to %d",
				quote(text), what, addr->len * 8);
	len->set = true;
	len->value = (uint8_t)value;
	return 0;
}

/**
 * take_endpoint - Read ADDR, ADDR:PORT or [ADDR]:PORT.
 * @args: words
 * @what: what it is
 * @addr: the address
 * @port: the port; left alone if it is not said
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_endpoint(struct args *args, const char *what, struct svcseq_addr *addr,
		  uint16_t *port)
{
	const char *text, *end, *colon = NULL;
	char buf[64];

	text = take_text(args, what);
	if (!text)
		return EXIT_USAGE;
	end = text + strlen(text);
	if (*text == '[') {
		text++;
		end = text + strcspn(text, "]");
		colon = *end && end[1] == ':' ? end + 1 : NULL;
		if (!*end || (end[1] && !colon))
			return complain("\"%s\" is not %s: [ADDR]:PORT is needed",
					quote(text - 1), what);
	} else if (strchr(text, ':') && strchr(text, ':') == strrchr(text, ':')) {
		colon = strchr(text, ':');
		end = colon;
	}
	snprintf(buf, sizeof(buf), "%.*s", (int)(end - text), text);
	if (read_addr(buf, what, addr))
		return EXIT_USAGE;
	return colon ? read_port(colon + 1, "a port", port) : 0;
}

/**
 * take_owner - Read an owner.
 * @args: words
 * @to: its number
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_owner(struct args *args, struct svcseq_u8 *to)
{
	unsigned long value;

	if (!to->set && !args_end(args) &&
	    read_number(args->word[args->pos], 0, 255, &value)) {
		args->pos++;
		to->set = true;
		to->value = (uint8_t)value;
		return 0;
	}
	return take_enum(args, word_owner, "an owner (or a number from 0 to 255)",
			 to);
}

static int read_prefix(const char *text, struct svcseq_service *svc)
{
	static const char what[] = "a service address";
	const char *bits;
	unsigned long len;
	char addr[64];

	bits = split_at(text, '/', addr, sizeof(addr));
	if (!bits)
		return read_addr(text, what, &svc->addr);
	if (read_addr(addr, what, &svc->addr))
		return EXIT_USAGE;
	if (!read_number(bits, 0, svc->addr.len * 8, &len))
		return complain("\"%s\" is not %s: a prefix of it has 0 to %d bits",
				quote(text), what, svc->addr.len * 8);
	/* All bits are what there is without saying so. */
	if (len == svc->addr.len * 8UL)
		return 0;
	svc->prefix_len.set = true;
	svc->prefix_len.value = (uint8_t)len;
	return 0;
}

static bool next_is(const struct args *args, const char *word)
{
	return !args_end(args) && !strcmp(args->word[args->pos], word);
}

static int take_service_ports(struct args *args, struct svcseq_service *svc)
{
	bool has_ports = word_name(word_proto, svc->proto);

	if (next_is(args, "any")) {
		args->pos++;
		if (has_ports) {
			svc->port = 1;
			svc->port_last = 65535;
		}
		return 0;
	}
	if (!has_ports)
		return 0;
	return take_ports(args, "a service port", &svc->port, &svc->port_last);
}

/**
 * take_dscp - Read a differentiated services code point.
 * @args: words
 * @to: its number
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_dscp(struct args *args, struct svcseq_u8 *to)
{
	unsigned long value;

	if (!to->set && !args_end(args) &&
	    read_number(args->word[args->pos], 0, 63, &value)) {
		args->pos++;
		to->set = true;
		to->value = (uint8_t)value;
		return 0;
	}
	return take_enum(args, word_dscp, "a DSCP (or a number from 0 to 63)",
			 to);
}

/**
 * take_by - Read whose address names a service.
 * @args: words
 * @to: the side; not set for the usual one
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_by(struct args *args, struct svcseq_u8 *to)
{
	if (take_enum(args, word_by, "whose address it is", to))
		return EXIT_USAGE;
	to->set = to->value != SVCSEQ_KEY_SIDE_SERVER;
	return 0;
}

/**
 * take_service - Read the key of a service.
 * @args: words
 * @svc: the service
 *
 * Return: 0 or EXIT_USAGE.
 */
int take_service(struct args *args, struct svcseq_service *svc)
{
	const char *text;

	text = take_text(args, "a service address");
	if (!text)
		return EXIT_USAGE;
	if (read_prefix(text, svc) || take_proto(args, &svc->proto) ||
	    take_service_ports(args, svc))
		return EXIT_USAGE;
	if (!next_is(args, "by"))
		return 0;
	args->pos++;
	return take_by(args, &svc->by);
}
