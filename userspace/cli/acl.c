// SPDX-License-Identifier: GPL-2.0
/* Commands of access lists. The text that "show" prints of one list is what
 * "load" reads.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "batch.h"
#include "import.h"

enum { DEFAULT, RULE, OWNER };

static const struct word words[] = {
	{ "default", DEFAULT },
	{ "rule", RULE },
	{ "owner", OWNER },
	{ NULL, 0 }
};

/**
 * acl_append - Add a rule to a list under construction.
 * @acl: the list
 * @rule: the rule
 *
 * Return: 0 or EXIT_USAGE.
 */
int acl_append(struct acl_request *acl, const struct svcseq_rule *rule)
{
	size_t room = acl->room ? acl->room * 2 : 64;
	struct svcseq_rule *grown;

	if (acl->def.n_rules == acl->room) {
		grown = realloc(acl->rule, room * sizeof(*grown));
		if (!grown)
			return complain("no memory for the rules");
		acl->rule = grown;
		acl->room = room;
		acl->def.rule = grown;
	}
	acl->rule[acl->def.n_rules++] = *rule;
	return 0;
}

/**
 * acl_free - Forget the rules of a list under construction.
 * @acl: the list
 */
void acl_free(struct acl_request *acl)
{
	free(acl->rule);
	acl->rule = NULL;
	acl->def.rule = NULL;
	acl->def.n_rules = 0;
	acl->room = 0;
}

static const struct word formats[] = {
	{ "nft", IMPORT_NFT },
	{ "iptables", IMPORT_IPTABLES },
	{ NULL, 0 }
};

static int parse_import(struct args *args, struct acl_request *acl)
{
	const char *text, *chain = NULL;
	struct svcseq_u8 format = { 0 };
	bool partial = false;

	if (take_enum(args, formats, "a format", &format))
		return EXIT_USAGE;
	acl->file = take_text(args, "the name of a file, or - for the standard input");
	if (!acl->file)
		return EXIT_USAGE;
	while (!args_end(args)) {
		text = take_text(args, "another word");
		if (!strcmp(text, "--partial")) {
			partial = true;
			continue;
		}
		if (strcmp(text, "chain"))
			return complain("\"%s\" is not a word of \"%s\": allowed is chain or --partial",
					quote(text), args->cmd);
		chain = take_text(args, "the name of a chain");
		if (!chain)
			return EXIT_USAGE;
	}
	return import_file(acl, format.value, chain, partial);
}

/* A number before a rule may be there, but then it has to be its own. */
static int take_place(struct args *args, uint32_t number)
{
	const char *text;
	char want[16];

	if (args_end(args))
		return 0;
	text = args->word[args->pos];
	if (strspn(text, "0123456789") != strlen(text) || !*text)
		return 0;
	snprintf(want, sizeof(want), "%u", number);
	if (strcmp(text, want))
		return complain("\"%s\" is not the number of this rule, which is %s",
				quote(text), want);
	args->pos++;
	return 0;
}

static int take_numbered(struct args *args, struct acl_request *acl)
{
	struct svcseq_rule rule;

	if (take_place(args, acl->def.n_rules + 1) || take_rule(args, &rule))
		return EXIT_USAGE;
	return acl_append(acl, &rule);
}

static int take_acl_word(struct args *args, struct acl_request *acl)
{
	int word = -1;

	if (take_word(args, words, &word))
		return EXIT_USAGE;
	switch (word) {
	case DEFAULT:
		return take_enum(args, word_rule_verdict, "a default",
				 &acl->def.deflt);
	case OWNER:
		return take_owner(args, &acl->def.owner);
	default:
		return take_numbered(args, acl);
	}
}

static int parse_rules(struct args *args, struct acl_request *acl)
{
	while (!args_end(args))
		if (take_acl_word(args, acl))
			return EXIT_USAGE;
	if (!acl->def.deflt.set)
		return args_missing(args, "\"default\" with allow or deny");
	return 0;
}

/* A line of a file: the head of the list, or a rule. */
static int load_line(unsigned int n, char **line, void *data)
{
	struct args args = { .word = line, .n = n, .cmd = "acl load" };
	struct acl_request *acl = data;

	/* The name in the file is not the one that counts. */
	if (n > 1 && !strcmp(line[1], "default"))
		args.pos++;
	if (!strcmp(line[args.pos], "default")) {
		while (!args_end(&args)) {
			if (rule_begins(&args))
				return args_done(&args);
			if (take_acl_word(&args, acl))
				return EXIT_USAGE;
		}
		return 0;
	}
	if (rule_begins(&args))
		args.pos++;
	if (take_numbered(&args, acl))
		return EXIT_USAGE;
	return args_done(&args);
}

static int load(struct acl_request *acl)
{
	FILE *in;
	int ret;

	in = strcmp(acl->file, "-") ? fopen(acl->file, "re") : stdin;
	if (!in)
		return complain("cannot open %s", quote(acl->file));
	ret = batch_run(in, in == stdin ? "standard input" : acl->file, false,
			load_line, acl);
	if (in != stdin)
		fclose(in);
	return ret;
}

static int parse_load(struct args *args, struct acl_request *acl)
{
	acl->file = take_text(args, "the name of a file, or - for the standard input");
	if (!acl->file || load(acl))
		return EXIT_USAGE;
	if (!acl->def.deflt.set)
		return complain("%s says no default: it needs a line \"default allow\" or \"default deny\"",
				quote(acl->file));
	return args_done(args);
}

/**
 * acl_parse - Read the words of an acl command.
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int acl_parse(struct args *args, struct request *rq)
{
	struct acl_request *acl = &rq->acl;
	enum verb verb = rq->cmd->verb;
	int ret;

	if (verb == VERB_SHOW && args_end(args))
		return 0;
	rq->keyed = true;
	if (take_name(args, "the name of an access list", acl->def.name))
		return EXIT_USAGE;
	switch (verb) {
	case VERB_ADD:
	case VERB_SET:
		ret = parse_rules(args, acl);
		break;
	case VERB_LOAD:
		ret = parse_load(args, acl);
		break;
	case VERB_IMPORT:
		ret = parse_import(args, acl);
		break;
	default:
		ret = args_done(args);
		break;
	}
	if (ret)
		acl_free(acl);
	return ret;
}

static void print_packets(struct printer *pr, const char *key,
			  const struct svcseq_counters *counters)
{
	if (!pr->stats || !counters->set)
		return;
	pr_object(pr, key);
	pr_number(pr, "packets", NO_WORD, counters->packets);
	pr_number(pr, "bytes", NO_WORD, counters->bytes);
	pr_object_end(pr);
	pr_text(pr, "%llu packets %llu bytes",
		(unsigned long long)counters->packets,
		(unsigned long long)counters->bytes);
}

/**
 * acl_print - Print what an access list is, without its rules.
 * @pr: printer
 * @acl: access list
 */
void acl_print(struct printer *pr, const struct svcseq_acl *acl)
{
	pr_string(pr, "name", BARE, acl->name);
	pr_enum(pr, "default", "default", word_rule_verdict, &acl->deflt);
	pr_owner(pr, &acl->owner);
	/* A comment: "load" does not read it. */
	pr_text(pr, "# rules %u", acl->n_rules);
	if (pr->stats)
		pr_text(pr, "services %u generation %u unmatched",
			acl->services, acl->generation);
	pr_number(pr, "n-rules", NO_WORD, acl->n_rules);
	pr_number(pr, "services", NO_WORD, acl->services);
	pr_number(pr, "generation", NO_WORD, acl->generation);
	print_packets(pr, "unmatched", &acl->unmatched);
	pr_line(pr);
}

static int show_acl(const struct svcseq_acl *acl, void *data)
{
	struct printer *pr = data;

	pr_object(pr, NULL);
	acl_print(pr, acl);
	pr_object_end(pr);
	return 0;
}

static int collect(const struct svcseq_acl_rule *rule, void *data)
{
	return acl_append(data, &rule->rule) ? -ENOMEM : 0;
}

/* Head and rules of one generation. */
static int read_whole(struct cli *cli, const struct svcseq_acl *key,
		      struct acl_request *acl, struct svcseq_error *err)
{
	struct svcseq_acl after;
	int ret;

	do {
		acl_free(acl);
		ret = svcseq_acl_get(cli->sq, key, &acl->def, err);
		if (ret)
			return ret;
		acl->def.n_rules = 0;
		ret = svcseq_acl_rules(cli->sq, key, collect, acl, err);
		if (!ret)
			ret = svcseq_acl_get(cli->sq, key, &after, err);
	} while (!ret && after.generation != acl->def.generation);
	return ret;
}

static int show_whole(struct cli *cli, const struct svcseq_acl *key,
		      struct svcseq_error *err)
{
	struct printer *pr = &cli->pr;
	struct acl_request acl = { .room = 0 };
	uint32_t i;
	int ret;

	ret = read_whole(cli, key, &acl, err);
	if (!ret) {
		pr_list(pr);
		pr_object(pr, NULL);
		acl_print(pr, &acl.def);
		pr_array(pr, "rules");
		for (i = 0; i < acl.def.n_rules; i++) {
			pr_text(pr, "    %u", i + 1);
			pr_object(pr, NULL);
			pr_number(pr, "number", NO_WORD, i + 1);
			rule_print(pr, &acl.rule[i]);
			if (pr->stats)
				pr_word(pr, "#");
			print_packets(pr, "matched", &acl.rule[i].matched);
			pr_object_end(pr);
			pr_line(pr);
		}
		pr_array_end(pr);
		pr_object_end(pr);
		pr_list_end(pr, 0);
	}
	acl_free(&acl);
	return ret;
}

/**
 * acl_run - Run an acl command.
 * @cli: connection and printer
 * @rq: request
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int acl_run(struct cli *cli, const struct request *rq, struct svcseq_error *err)
{
	const struct svcseq_acl *def = &rq->acl.def;
	int ret;

	switch (rq->cmd->verb) {
	case VERB_ADD:
		return svcseq_acl_add(cli->sq, def, err);
	case VERB_SET:
		return svcseq_acl_set(cli->sq, def, err);
	case VERB_LOAD:
	case VERB_IMPORT:
		ret = svcseq_acl_set(cli->sq, def, err);
		if (ret == -ENOENT)
			ret = svcseq_acl_add(cli->sq, def, err);
		return ret;
	case VERB_DEL:
		return svcseq_acl_del(cli->sq, def, err);
	default:
		break;
	}
	if (rq->keyed)
		return show_whole(cli, def, err);
	pr_list(&cli->pr);
	ret = svcseq_acl_each(cli->sq, show_acl, &cli->pr, err);
	pr_list_end(&cli->pr, ret);
	return ret;
}
