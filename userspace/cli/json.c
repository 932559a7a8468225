// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

/* Deeper than any list of rules is nested. */
#define DEPTH	64

struct reader {
	const char *s;
	const char *what;
	unsigned int depth;
};

static struct json *read_value(struct reader *rd);

static void *fail(struct reader *rd, const char *what)
{
	if (!rd->what)
		rd->what = what;
	return NULL;
}

static void skip(struct reader *rd)
{
	rd->s += strspn(rd->s, " \t\r\n");
}

/**
 * json_free - Free a value and all that is in it.
 * @value: the value; may be NULL
 */
void json_free(struct json *value)
{
	struct json *next;

	for (; value; value = next) {
		next = value->next;
		json_free(value->child);
		free(value->key);
		free(value->text);
		free(value);
	}
}

static int hex4(const char *s, unsigned int *to)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at;
	int i;

	*to = 0;
	for (i = 0; i < 4; i++) {
		at = s[i] ? strchr(digits, s[i]) : NULL;
		if (!at)
			return -1;
		*to = *to << 4 | ((unsigned int)(at - digits) & 15);
	}
	return 0;
}

/* Names and comments are ASCII wherever it matters: the rest is a mark. */
static int read_escape(struct reader *rd, char *to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	const char *at;
	unsigned int c;

	if (*rd->s == 'u') {
		if (hex4(rd->s + 1, &c) || !c)
			return -1;
		*to = c < 0x80 ? (char)c : '?';
		rd->s += 5;
		return 0;
	}
	at = *rd->s ? strchr(from, *rd->s) : NULL;
	if (!at)
		return -1;
	*to = into[at - from];
	rd->s++;
	return 0;
}

static char *read_string(struct reader *rd)
{
	const char *end;
	char *text, *to;

	rd->s++;
	for (end = rd->s; *end && *end != '"'; end++)
		if (*end == '\\' && end[1])
			end++;
	/* What is written is never longer than what was read. */
	text = malloc((size_t)(end - rd->s) + 1);
	to = text;
	if (!text)
		return fail(rd, "there is no memory");
	while (*rd->s != '"') {
		if ((unsigned char)*rd->s < 0x20) {
			free(text);
			return fail(rd, "a string does not end");
		}
		if (*rd->s != '\\') {
			*to++ = *rd->s++;
			continue;
		}
		rd->s++;
		if (read_escape(rd, to++)) {
			free(text);
			return fail(rd, "a backslash in a string makes no sense");
		}
	}
	rd->s++;
	*to = '\0';
	return text;
}

static size_t digits(const char *s)
{
	return strspn(s, "0123456789");
}

static char *read_number(struct reader *rd)
{
	const char *s = rd->s;
	size_t n, len;
	char *text;

	s += *s == '-';
	n = digits(s);
	if (!n || (n > 1 && *s == '0'))
		return fail(rd, "a value is missing");
	s += n;
	if (*s == '.') {
		n = digits(s + 1);
		if (!n)
			return fail(rd, "a number is wrong");
		s += 1 + n;
	}
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '+' || *s == '-';
		n = digits(s);
		if (!n)
			return fail(rd, "a number is wrong");
		s += n;
	}
	len = (size_t)(s - rd->s);
	text = strndup(rd->s, len);
	rd->s = s;
	return text ? text : fail(rd, "there is no memory");
}

static char *read_key(struct reader *rd)
{
	char *key;

	skip(rd);
	if (*rd->s != '"')
		return fail(rd, "a key is missing");
	key = read_string(rd);
	skip(rd);
	if (key && *rd->s != ':') {
		free(key);
		return fail(rd, "a colon is missing");
	}
	rd->s++;
	return key;
}

/* What is between the brackets; false if that is wrong. */
static bool read_inside(struct reader *rd, struct json *value, char end)
{
	struct json **link = &value->child;
	char *key = NULL;

	rd->s++;
	skip(rd);
	if (*rd->s == end) {
		rd->s++;
		return true;
	}
	for (;;) {
		if (value->type == JSON_OBJECT) {
			key = read_key(rd);
			if (!key)
				return false;
		}
		*link = read_value(rd);
		if (!*link) {
			free(key);
			return false;
		}
		(*link)->key = key;
		link = &(*link)->next;
		skip(rd);
		if (*rd->s == end)
			break;
		if (*rd->s != ',') {
			fail(rd, "a comma or a closing bracket is missing");
			return false;
		}
		rd->s++;
	}
	rd->s++;
	return true;
}

static bool read_word(struct reader *rd, struct json *value)
{
	static const struct {
		const char *name;
		enum json_type type;
	} words[] = {
		{ "null", JSON_NULL },
		{ "false", JSON_FALSE },
		{ "true", JSON_TRUE },
	};
	size_t i, len;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i].name);
		if (strncmp(rd->s, words[i].name, len))
			continue;
		value->type = words[i].type;
		rd->s += len;
		return true;
	}
	value->type = JSON_NUMBER;
	value->text = read_number(rd);
	return value->text;
}

static struct json *read_value(struct reader *rd)
{
	struct json *value;
	bool good;

	if (rd->depth == DEPTH)
		return fail(rd, "it is nested too deeply");
	value = calloc(1, sizeof(*value));
	if (!value)
		return fail(rd, "there is no memory");
	rd->depth++;
	skip(rd);
	if (*rd->s == '{') {
		value->type = JSON_OBJECT;
		good = read_inside(rd, value, '}');
	} else if (*rd->s == '[') {
		value->type = JSON_ARRAY;
		good = read_inside(rd, value, ']');
	} else if (*rd->s == '"') {
		value->type = JSON_STRING;
		value->text = read_string(rd);
		good = value->text;
	} else {
		good = read_word(rd, value);
	}
	rd->depth--;
	if (good)
		return value;
	json_free(value);
	return NULL;
}

/**
 * json_parse - Read a text.
 * @text: the text
 * @what: what is wrong with it
 * @line: where
 *
 * Return: its value, for json_free(); NULL if it is wrong.
 */
struct json *json_parse(const char *text, const char **what,
			unsigned long *line)
{
	struct reader rd = { .s = text };
	struct json *value = read_value(&rd);
	const char *s;

	if (value) {
		skip(&rd);
		if (!*rd.s)
			return value;
		json_free(value);
		fail(&rd, "something stands behind the end");
	}
	*what = rd.what;
	*line = 1;
	for (s = text; s < rd.s; s++)
		*line += *s == '\n';
	return NULL;
}

/**
 * json_get - Find a member of an object.
 * @object: the object; may be NULL or something else
 * @key: key of the member
 *
 * Return: the member, NULL if there is none.
 */
const struct json *json_get(const struct json *object, const char *key)
{
	const struct json *value;

	if (!object || object->type != JSON_OBJECT)
		return NULL;
	for (value = object->child; value; value = value->next)
		if (!strcmp(value->key, key))
			return value;
	return NULL;
}

/**
 * json_text - Find a string or number in an object.
 * @object: the object; may be NULL or something else
 * @key: its key
 *
 * Return: the text, empty if there is none.
 */
const char *json_text(const struct json *object, const char *key)
{
	const struct json *value = json_get(object, key);

	return value && value->text ? value->text : "";
}
