// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdarg.h>
#include <string.h>

#include "cli.h"

/*
 * Length of the UTF-8 character at s, 0 if there is none.  Overlong forms,
 * surrogates and what lies beyond Unicode are none; the control characters
 * U+0080 to U+009F are left out, too, as terminals obey them.
 */
static size_t utf8_len(const unsigned char *s)
{
	static const struct {
		unsigned char first, last, low, high;
		size_t len;
	} forms[] = {
		{ 0xc2, 0xc2, 0xa0, 0xbf, 2 },
		{ 0xc3, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	size_t i, k;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (s[0] < forms[i].first || s[0] > forms[i].last)
			continue;
		if (s[1] < forms[i].low || s[1] > forms[i].high)
			return 0;
		for (k = 2; k < forms[i].len; k++)
			if (s[k] < 0x80 || s[k] > 0xbf)
				return 0;
		return forms[i].len;
	}
	return 0;
}

/* Writes one character; returns its length, 0 if there is none. */
static size_t put_utf8(FILE *out, const unsigned char *s)
{
	size_t len = utf8_len(s), i;

	for (i = 0; i < len; i++)
		putc(s[i], out);
	return len;
}

static void put_json(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len;

	putc('"', out);
	while (*s) {
		len = 1;
		if (*s == '"' || *s == '\\') {
			fprintf(out, "\\%c", *s);
		} else if (*s < 0x20 || *s == 0x7f) {
			fprintf(out, "\\u%04x", *s);
		} else if (*s < 0x80) {
			putc(*s, out);
		} else {
			len = put_utf8(out, s);
			if (!len) {
				fputs("\\ufffd", out);
				len = 1;
			}
		}
		s += len;
	}
	putc('"', out);
}

/* A word that a batch reads as it was: see split_line(). */
static void put_word(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len;

	while (*s) {
		len = 0;
		if (*s >= 0x80) {
			len = put_utf8(out, s);
		} else if (*s > 0x20 && *s < 0x7f && !strchr("\\\"'#", *s)) {
			putc(*s, out);
			len = 1;
		}
		if (!len) {
			fprintf(out, "\\x%02x", *s);
			len = 1;
		}
		s += len;
	}
}

static void break_line(struct printer *pr)
{
	unsigned int i;

	if (!pr->pretty)
		return;
	putc('\n', pr->out);
	for (i = 0; i < pr->depth; i++)
		putc('\t', pr->out);
}

static void put_key(struct printer *pr, const char *key)
{
	if (pr->filled)
		putc(',', pr->out);
	if (pr->depth)
		break_line(pr);
	pr->filled = true;
	if (key) {
		put_json(pr->out, key);
		fputs(pr->pretty ? ": " : ":", pr->out);
	}
}

static void open_json(struct printer *pr, const char *key, char bracket)
{
	if (!pr->json)
		return;
	if (pr->waiting) {
		pr->waiting = false;
		open_json(pr, NULL, '[');
	}
	put_key(pr, key);
	putc(bracket, pr->out);
	pr->depth++;
	pr->filled = false;
}

static void close_json(struct printer *pr, char bracket)
{
	if (!pr->json)
		return;
	pr->depth--;
	if (pr->filled)
		break_line(pr);
	putc(bracket, pr->out);
	pr->filled = true;
}

/**
 * pr_list - Begin the list of objects that a command prints.
 * @pr: printer
 */
void pr_list(struct printer *pr)
{
	pr->waiting = true;
}

/**
 * pr_list_end - End the list of objects.
 * @pr: printer
 * @failed: there was an error; then an empty list is not printed at all
 */
void pr_list_end(struct printer *pr, int failed)
{
	if (pr->waiting && failed) {
		pr->waiting = false;
		return;
	}
	if (pr->waiting) {
		pr->waiting = false;
		pr_array(pr, NULL);
	}
	pr_array_end(pr);
}

/**
 * pr_object - Begin an object; only JSON shows it.
 * @pr: printer
 * @key: its key
 */
void pr_object(struct printer *pr, const char *key)
{
	open_json(pr, key, '{');
}

/**
 * pr_object_end - End an object.
 * @pr: printer
 */
void pr_object_end(struct printer *pr)
{
	close_json(pr, '}');
}

/**
 * pr_array - Begin an array; only JSON shows it.
 * @pr: printer
 * @key: its key
 */
void pr_array(struct printer *pr, const char *key)
{
	open_json(pr, key, '[');
}

/**
 * pr_array_end - End an array.
 * @pr: printer
 */
void pr_array_end(struct printer *pr)
{
	close_json(pr, ']');
}

/**
 * pr_end - End what one command prints.
 * @pr: printer
 */
void pr_end(struct printer *pr)
{
	if (pr->json && pr->filled)
		putc('\n', pr->out);
	pr->filled = false;
}

/**
 * pr_word - Print a word of the text that is no value.
 * @pr: printer
 * @word: the word
 */
void pr_word(struct printer *pr, const char *word)
{
	if (pr->json || !word || !*word)
		return;
	if (pr->inside)
		putc(' ', pr->out);
	fputs(word, pr->out);
	pr->inside = true;
}

/**
 * pr_string - Print a string.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text
 * @value: the string
 */
void pr_string(struct printer *pr, const char *key, const char *word,
	       const char *value)
{
	if (pr->json) {
		put_key(pr, key);
		put_json(pr->out, value);
	} else if (word) {
		pr_word(pr, word);
		if (pr->inside)
			putc(' ', pr->out);
		put_word(pr->out, value);
		pr->inside = true;
	}
}

/**
 * pr_number - Print a number.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text
 * @value: the number
 */
void pr_number(struct printer *pr, const char *key, const char *word,
	       uint64_t value)
{
	if (pr->json) {
		put_key(pr, key);
		fprintf(pr->out, "%llu", (unsigned long long)value);
	} else if (word) {
		pr_word(pr, word);
		pr_text(pr, "%llu", (unsigned long long)value);
	}
}

/**
 * pr_bool - Print what is either so or not.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text, printed if it is so
 * @value: is it so?
 */
void pr_bool(struct printer *pr, const char *key, const char *word, bool value)
{
	if (pr->json) {
		put_key(pr, key);
		fputs(value ? "true" : "false", pr->out);
	} else if (value) {
		pr_word(pr, word);
	}
}

/**
 * pr_text - Print a word of the text that needs a format.
 * @pr: printer
 * @fmt: format
 */
void pr_text(struct printer *pr, const char *fmt, ...)
{
	va_list ap;

	if (pr->json)
		return;
	if (pr->inside)
		putc(' ', pr->out);
	va_start(ap, fmt);
	vfprintf(pr->out, fmt, ap);
	va_end(ap);
	pr->inside = true;
}

/**
 * pr_line - End a line of the text.
 * @pr: printer
 */
void pr_line(struct printer *pr)
{
	if (!pr->json && pr->inside)
		putc('\n', pr->out);
	pr->inside = false;
}

/**
 * enum_text - Find the word for a value, or write the value itself.
 * @table: words
 * @value: value
 * @to: buffer of ADDR_TEXT bytes
 *
 * Return: the word.
 */
const char *enum_text(const struct word *table, unsigned int value, char *to)
{
	const char *name = word_name(table, (int)value);

	if (name)
		return name;
	snprintf(to, ADDR_TEXT, "%u", value);
	return to;
}

/**
 * pr_enum - Print a value out of a list, if it is set.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text
 * @table: the list
 * @value: the value
 */
void pr_enum(struct printer *pr, const char *key, const char *word,
	     const struct word *table, const struct svcseq_u8 *value)
{
	char to[ADDR_TEXT];

	if (value->set)
		pr_string(pr, key, word, enum_text(table, value->value, to));
}

/**
 * addr_text - Write an address.
 * @addr: address; must be set
 * @to: buffer of ADDR_TEXT bytes
 *
 * Return: @to.
 */
const char *addr_text(const struct svcseq_addr *addr, char *to)
{
	if (!inet_ntop(addr->len == 4 ? AF_INET : AF_INET6, addr->b, to,
		       ADDR_TEXT))
		*to = '\0';
	return to;
}

/**
 * mac_text - Write a MAC address.
 * @mac: address
 * @to: buffer of ADDR_TEXT bytes
 *
 * Return: @to.
 */
const char *mac_text(const struct svcseq_mac *mac, char *to)
{
	snprintf(to, ADDR_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac->b[0],
		 mac->b[1], mac->b[2], mac->b[3], mac->b[4], mac->b[5]);
	return to;
}

/**
 * dev_text - Write the name of a net device, or its index if it has no name.
 * @dev: net device; must be set
 * @to: buffer of ADDR_TEXT bytes
 *
 * Return: the name.
 */
const char *dev_text(const struct svcseq_if *dev, char *to)
{
	if (*dev->name)
		return dev->name;
	snprintf(to, ADDR_TEXT, "if%u", dev->index);
	return to;
}

/**
 * pr_addr - Print an address, if it is set.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text
 * @addr: address
 */
void pr_addr(struct printer *pr, const char *key, const char *word,
	     const struct svcseq_addr *addr)
{
	char to[ADDR_TEXT];

	if (addr->len)
		pr_string(pr, key, word, addr_text(addr, to));
}

/**
 * pr_addrs - Print an array of one address of each family, if there is any.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text, before each address
 * @v4: IPv4 address
 * @v6: IPv6 address
 */
void pr_addrs(struct printer *pr, const char *key, const char *word,
	      const struct svcseq_addr *v4, const struct svcseq_addr *v6)
{
	if (!v4->len && !v6->len)
		return;
	pr_array(pr, key);
	pr_addr(pr, NULL, word, v4);
	pr_addr(pr, NULL, word, v6);
	pr_array_end(pr);
}

/**
 * pr_macs - Print an array of MAC addresses, if there is any.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text, before the list
 * @mac: addresses
 * @n: how many
 */
void pr_macs(struct printer *pr, const char *key, const char *word,
	     const struct svcseq_mac *mac, unsigned int n)
{
	char to[ADDR_TEXT];
	unsigned int i;

	if (!n)
		return;
	pr_array(pr, key);
	for (i = 0; i < n; i++) {
		mac_text(&mac[i], to);
		if (pr->json)
			pr_string(pr, NULL, NO_WORD, to);
		else if (word && i)
			fprintf(pr->out, ",%s", to);
		else
			pr_string(pr, NULL, word, to);
	}
	pr_array_end(pr);
}

/**
 * pr_dev - Print a net device, if it is set.
 * @pr: printer
 * @key: key for JSON
 * @index_key: key of its index
 * @word: word for text
 * @dev: net device
 */
void pr_dev(struct printer *pr, const char *key, const char *index_key,
	    const char *word, const struct svcseq_if *dev)
{
	char to[ADDR_TEXT];

	if (!dev->index && !*dev->name)
		return;
	pr_string(pr, key, word, dev_text(dev, to));
	if (dev->index && pr->json)
		pr_number(pr, index_key, NO_WORD, dev->index);
}

/**
 * pr_proto - Print a protocol, if it is set.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text
 * @proto: its number
 */
void pr_proto(struct printer *pr, const char *key, const char *word,
	      uint8_t proto)
{
	struct svcseq_u8 value = { .set = proto != 0, .value = proto };

	pr_enum(pr, key, word, word_ip_proto, &value);
}

/**
 * prefix_text - Write an address with the length of its prefix.
 * @addr: address; must be set
 * @len: bits that count; not set for all
 * @to: buffer of ADDR_TEXT bytes
 *
 * Return: @to.
 */
const char *prefix_text(const struct svcseq_addr *addr,
			const struct svcseq_u8 *len, char *to)
{
	size_t used;

	addr_text(addr, to);
	used = strlen(to);
	if (len->set)
		snprintf(to + used, ADDR_TEXT - used, "/%u", len->value);
	return to;
}

/**
 * ports_text - Write ports.
 * @first: first port
 * @last: last port, 0 if there is one only
 * @to: buffer of ADDR_TEXT bytes
 *
 * Return: the word.
 */
const char *ports_text(uint16_t first, uint16_t last, char *to)
{
	if (!first || (first == 1 && last == 65535))
		return "any";
	if (last && last != first)
		snprintf(to, ADDR_TEXT, "%u-%u", first, last);
	else
		snprintf(to, ADDR_TEXT, "%u", first);
	return to;
}

/**
 * service_text - Write what names a service.
 * @svc: service
 * @to: buffer
 * @size: its size
 *
 * Return: @to.
 */
const char *service_text(const struct svcseq_service *svc, char *to,
			 size_t size)
{
	char addr[ADDR_TEXT], proto[ADDR_TEXT], ports[ADDR_TEXT];
	bool by_client = svc->by.set &&
			 svc->by.value == SVCSEQ_KEY_SIDE_CLIENT;

	snprintf(to, size, "%s %s%s%s%s",
		 prefix_text(&svc->addr, &svc->prefix_len, addr),
		 enum_text(word_ip_proto, svc->proto, proto),
		 svc->port ? " " : "",
		 svc->port ? ports_text(svc->port, svc->port_last, ports) : "",
		 by_client ? " by client" : "");
	return to;
}

/**
 * pr_prefix - Print an address with the length of its prefix, if it is set.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text
 * @addr: address
 * @len: bits that count; not set for all
 */
void pr_prefix(struct printer *pr, const char *key, const char *word,
	       const struct svcseq_addr *addr, const struct svcseq_u8 *len)
{
	char to[ADDR_TEXT];

	if (addr->len)
		pr_string(pr, key, word, prefix_text(addr, len, to));
}

/**
 * pr_ports - Print ports: a number, or text where it is none.
 * @pr: printer
 * @key: key for JSON
 * @word: word for text
 * @first: first port; 0 if there are none
 * @last: last port, 0 if there is one only
 */
void pr_ports(struct printer *pr, const char *key, const char *word,
	      uint16_t first, uint16_t last)
{
	char to[ADDR_TEXT];

	if (first && (!last || last == first))
		pr_number(pr, key, word, first);
	else
		pr_string(pr, key, word, ports_text(first, last, to));
}

/**
 * pr_service - Print what names a service.
 * @pr: printer
 * @svc: service
 */
void pr_service(struct printer *pr, const struct svcseq_service *svc)
{
	pr_prefix(pr, "addr", BARE, &svc->addr, &svc->prefix_len);
	pr_proto(pr, "proto", BARE, svc->proto);
	pr_ports(pr, "port", svc->port ? BARE : NO_WORD, svc->port,
		 svc->port_last);
	pr_enum(pr, "by", "by", word_by, &svc->by);
}

/**
 * pr_owner - Print an owner; text does not mention what a human made.
 * @pr: printer
 * @owner: the owner
 */
void pr_owner(struct printer *pr, const struct svcseq_u8 *owner)
{
	pr_enum(pr, "owner", owner->value ? "owner" : NO_WORD, word_owner,
		owner);
}

/**
 * pr_counters - Print counters on a line of their own, if they are wanted.
 * @pr: printer
 * @key: what is counted
 * @counters: the counters
 */
void pr_counters(struct printer *pr, const char *key,
		 const struct svcseq_counters *counters)
{
	if (!pr->stats || !counters->set)
		return;
	pr_line(pr);
	pr_text(pr, "    %s", key);
	pr_object(pr, key);
	pr_number(pr, "packets", BARE, counters->packets);
	pr_word(pr, "packets");
	pr_number(pr, "bytes", BARE, counters->bytes);
	pr_word(pr, "bytes");
	pr_object_end(pr);
}
