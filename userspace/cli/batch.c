// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "cli.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* What a backslash means: \xNN is a byte, before anything else it is taken off. */
static int unescape(const char **from, char *to)
{
	const char *s = *from;

	if (!*s)
		return complain("a backslash at the end of the last line stands for nothing");
	if (*s != 'x') {
		*to = *s;
		*from = s + 1;
		return 0;
	}
	if (hex(s[1]) < 0 || hex(s[2]) < 0 || (s[1] == '0' && s[2] == '0'))
		return complain("\"\\x\" needs two hexadecimal digits, other than 00");
	*to = (char)(hex(s[1]) * 16 + hex(s[2]));
	*from = s + 3;
	return 0;
}

/**
 * split_line - Split a line of a batch into words.
 * @line: the line; it is taken apart
 * @words: room for BATCH_WORDS words
 * @n: how many there are
 *
 * Blanks separate words, "..." and '...' keep them together, \xNN is a byte
 * and # begins a comment where a word could begin.
 *
 * Return: 0 or EXIT_USAGE.
 */
int split_line(char *line, char **words, unsigned int *n)
{
	const char *s = line;
	char *to = line;
	char quoted;

	*n = 0;
	for (;;) {
		while (isspace((unsigned char)*s))
			s++;
		if (!*s || *s == '#')
			return 0;
		if (*n == BATCH_WORDS)
			return complain("a line has at most %d words",
					BATCH_WORDS);
		words[(*n)++] = to;
		for (quoted = 0; *s && (quoted || !isspace((unsigned char)*s));) {
			if (*s == '\\' && quoted != '\'') {
				s++;
				if (unescape(&s, to++))
					return EXIT_USAGE;
			} else if (quoted ? *s == quoted : *s == '"' || *s == '\'') {
				quoted = quoted ? 0 : *s;
				s++;
			} else {
				*to++ = *s++;
			}
		}
		if (quoted)
			return complain("the quotation mark %c is not closed",
					quoted);
		/* The end of the word may lie where the next blank is read. */
		if (*s)
			s++;
		*to++ = '\0';
	}
}

/**
 * struct reader - Lines of a batch.
 * @in: stream
 * @line: the line, or several that a backslash at the end joined
 * @size: room of @line
 * @len: bytes of @line
 * @number: number of the last line read
 */
struct reader {
	FILE *in;
	char *line;
	size_t size;
	size_t len;
	unsigned long number;
};

static bool append(struct reader *rd, char c)
{
	size_t size = rd->size * 2 + 256;
	char *grown;

	if (rd->len == rd->size) {
		grown = realloc(rd->line, size);
		if (!grown)
			return false;
		memset(grown + rd->size, 0, size - rd->size);
		rd->line = grown;
		rd->size = size;
	}
	rd->line[rd->len++] = c;
	return true;
}

/* Takes the end of the line off; true if a backslash there joins the next. */
static bool take_joint(struct reader *rd)
{
	size_t n = 0;

	if (rd->len && rd->line[rd->len - 1] == '\r')
		rd->len--;
	/* Two of them stand for one. */
	while (n < rd->len && rd->line[rd->len - 1 - n] == '\\')
		n++;
	if (n % 2)
		rd->len--;
	return n % 2;
}

/* Reads the next line; false at the end or if that fails. */
static bool read_line(struct reader *rd)
{
	bool begun = false;
	int c;

	rd->len = 0;
	while ((c = getc(rd->in)) != EOF) {
		if (!begun)
			rd->number++;
		begun = c != '\n';
		if (begun) {
			if (!append(rd, (char)c))
				return false;
		} else if (!take_joint(rd)) {
			return append(rd, '\0');
		}
	}
	if (ferror(rd->in) || (!begun && !rd->len))
		return false;
	/* The last line may lack its end. */
	take_joint(rd);
	return append(rd, '\0');
}

static int file_error(const char *what, const char *name)
{
	char why[128];

	return complain("cannot %s %s: %s", what, quote(name),
			strerror_r(errno, why, sizeof(why)));
}

static int run_line(struct reader *rd, batch_cb *run, void *data)
{
	char *words[BATCH_WORDS];
	unsigned int n;

	if (strlen(rd->line) != rd->len - 1)
		return complain("the line holds a zero byte");
	if (split_line(rd->line, words, &n))
		return EXIT_USAGE;
	return n ? run(n, words, data) : 0;
}

/**
 * batch_run - Run the lines of a stream.
 * @in: stream
 * @name: what messages call it
 * @force: go on after an error
 * @run: runs the words of a line
 * @data: for @run
 *
 * Return: 0, or the exit status of the first line that failed.
 */
int batch_run(FILE *in, const char *name, bool force, batch_cb *run,
	      void *data)
{
	struct reader rd = { .in = in };
	int status = 0;
	int ret;

	errno = 0;
	while ((!status || force) && read_line(&rd)) {
		complain_at(name, rd.number);
		ret = run_line(&rd, run, data);
		if (!status)
			status = ret;
		errno = 0;
	}
	complain_at(NULL, 0);
	if (!status && (ferror(in) || errno == ENOMEM))
		status = file_error("read", name);
	free(rd.line);
	return status;
}

static int command(unsigned int n, char **words, void *data)
{
	return cli_command(data, n, words);
}

/**
 * cli_batch - Run the commands of a file.
 * @cli: connection and printer
 * @file: name of the file, "-" for the standard input
 * @force: go on after an error
 *
 * Return: 0, or the exit status of the first command that failed.
 */
int cli_batch(struct cli *cli, const char *file, bool force)
{
	int status;
	FILE *in;

	if (!strcmp(file, "-"))
		return batch_run(stdin, "standard input", force, command, cli);
	in = fopen(file, "re");
	if (!in)
		return file_error("open", file);
	status = batch_run(in, file, force, command, cli);
	fclose(in);
	return status;
}
