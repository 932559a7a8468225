// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of other firewalls: whatever is made of them is a list whose text is
 * understood as the same. The first byte says in which format they are.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/acl.h"
#include "cli/batch.h"
#include "cli/import.h"
#include "fuzz.h"

static char *print(const struct svcseq_rule *rule)
{
	struct printer pr = { .json = false };
	char *text = NULL;
	size_t len;

	pr.out = open_memstream(&text, &len);
	if (!pr.out)
		abort();
	rule_print(&pr, rule);
	fclose(pr.out);
	return text;
}

static void check(const struct svcseq_rule *rule)
{
	struct args args = { .cmd = "fuzz" };
	char *words[BATCH_WORDS];
	struct svcseq_rule back;
	char *text = print(rule), *again;

	args.word = words;
	again = strdup(text);
	if (!again || split_line(again, words, &args.n) ||
	    take_rule(&args, &back) || !args_end(&args))
		abort();
	free(again);
	again = print(&back);
	if (strcmp(text, again))
		abort();
	free(again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct acl_request acl = { .file = "fuzz" };
	static FILE *nowhere;
	FILE *in, *said;
	void *copy;
	uint32_t i;

	if (size < 2)
		return 0;
	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	copy = malloc(size - 1);
	if (!copy || !nowhere)
		abort();
	memcpy(copy, data + 1, size - 1);
	in = fmemopen(copy, size - 1, "r");
	if (!in)
		abort();
	/* Complaints are the rule here. */
	said = stderr;
	stderr = nowhere;
	import_stream(&acl, in, data[0] == 'n' ? IMPORT_NFT : IMPORT_IPTABLES,
		      NULL, true);
	stderr = said;
	fclose(in);
	free(copy);
	for (i = 0; i < acl.def.n_rules && i < 64; i++)
		check(&acl.rule[i]);
	acl_free(&acl);
	return 0;
}
