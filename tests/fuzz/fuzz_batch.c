// SPDX-License-Identifier: GPL-2.0
/*
 * The lines of a batch, and with them the words of every command: whatever is
 * understood is printed, and the text is understood as the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch.h"
#include "cli/cli.h"
#include "fuzz.h"

static char *print(const struct request *rq, bool json)
{
	struct printer pr = { .json = json };
	char *text = NULL;
	size_t len;

	pr.out = open_memstream(&text, &len);
	if (!pr.out)
		abort();
	pr_object(&pr, NULL);
	if (rq->cmd->parse == port_parse)
		port_print(&pr, &rq->port);
	else if (rq->cmd->parse == device_parse)
		device_print(&pr, &rq->device);
	else if (rq->cmd->parse == sequence_parse)
		sequence_print(&pr, &rq->sequence);
	else if (rq->cmd->parse == service_parse)
		service_print(&pr, &rq->service);
	pr_object_end(&pr);
	fclose(pr.out);
	return text;
}

static int check(unsigned int n, char **words, void *data)
{
	struct request rq, back;
	char *again[BATCH_WORDS];
	char *text, *line, *second;

	(void)data;
	/* other files are not for a fuzzer to read: acl load, acl import */
	if (n > 1 && words[0][0] == 'a' && strchr("li", words[1][0]))
		return 0;
	if (cli_parse(n, words, &rq))
		return EXIT_USAGE;
	free(print(&rq, true));
	if (rq.cmd->verb != VERB_ADD || rq.cmd->parse == acl_parse) {
		cli_forget(&rq);
		return 0;
	}
	text = print(&rq, false);
	if (asprintf(&line, "%s add %s", rq.cmd->noun, text) < 0)
		abort();
	if (split_line(line, again, &n) || cli_parse(n, again, &back))
		abort();
	second = print(&back, false);
	if (strcmp(text, second))
		abort();
	free(second);
	free(line);
	free(text);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	FILE *in, *said;
	void *copy;

	if (!size)
		return 0;
	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	copy = malloc(size);
	if (!copy || !nowhere)
		abort();
	memcpy(copy, data, size);
	in = fmemopen(copy, size, "r");
	if (!in)
		abort();
	/* Complaints are the rule here. */
	said = stderr;
	stderr = nowhere;
	batch_run(in, "fuzz", true, check, NULL);
	stderr = said;
	fclose(in);
	free(copy);
	return 0;
}
