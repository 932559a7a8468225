/* SPDX-License-Identifier: GPL-2.0 */
/* A small strict reader of JSON (RFC 8259). */
#ifndef SVCSEQ_JSON_H
#define SVCSEQ_JSON_H

#include <stdbool.h>
#include <stddef.h>

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/**
 * struct json - A value.
 * @type: enum json_type
 * @key: its key, in an object
 * @text: a string, or a number as it was written
 * @child: first value of an array or object
 * @next: next value of the array or object around it
 */
struct json {
	enum json_type type;
	char *key;
	char *text;
	struct json *child;
	struct json *next;
};

struct json *json_parse(const char *text, const char **what,
			unsigned long *line);
void json_free(struct json *value);
const struct json *json_get(const struct json *object, const char *key);
const char *json_text(const struct json *object, const char *key);

#endif
