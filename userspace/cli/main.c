// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum option { JSON, PRETTY, STATS, NETNS, BATCH, FORCE, HELP, VERSION };

/* The first beginning that fits wins, as in ip(8). */
static const struct word options[] = {
	{ "json", JSON },
	{ "pretty", PRETTY },
	{ "statistics", STATS },
	{ "stats", STATS },
	{ "netns", NETNS },
	{ "batch", BATCH },
	{ "force", FORCE },
	{ "help", HELP },
	{ "Version", VERSION },
	{ NULL, 0 }
};

/**
 * struct settings - What the options say.
 * @cli: connection and printer
 * @batch: file with commands, or NULL
 * @force: go on after an error in it
 * @help: show the usage
 * @version: show the version
 */
struct settings {
	struct cli cli;
	const char *batch;
	bool force;
	bool help;
	bool version;
};

static int set_option(struct settings *set, int option, char **argv, int *i)
{
	switch (option) {
	case JSON:
		set->cli.pr.json = true;
		return 0;
	case PRETTY:
		set->cli.pr.pretty = true;
		return 0;
	case STATS:
		set->cli.pr.stats = true;
		return 0;
	case FORCE:
		set->force = true;
		return 0;
	case HELP:
		set->help = true;
		return 0;
	case VERSION:
		set->version = true;
		return 0;
	default:
		if (!argv[*i + 1])
			return complain("option %s needs %s", quote(argv[*i]),
					option == NETNS ?
					"the name of a network namespace" :
					"the name of a file, or - for the standard input");
		*(option == NETNS ? &set->cli.netns : &set->batch) = argv[++*i];
		return 0;
	}
}

/* Index of the first word that is no option; 0 if the options are wrong. */
static int read_options(struct settings *set, char **argv)
{
	const char *name, *s;
	int option, i;

	for (i = 1; argv[i] && argv[i][0] == '-' && argv[i][1]; i++) {
		name = argv[i] + (argv[i][1] == '-' ? 2 : 1);
		if (!*name)
			return i + 1;
		/* -js is -j -s */
		if (strlen(name) > 1 && strspn(name, "jpsh") == strlen(name)) {
			for (s = name; *s; s++)
				set_option(set, *s == 'j' ? JSON :
					   *s == 'p' ? PRETTY :
					   *s == 's' ? STATS : HELP, argv, &i);
			continue;
		}
		if (word_find(options, name, "an option", &option) ||
		    set_option(set, option, argv, &i))
			return 0;
	}
	return i;
}

/* A full disk is an error of ours, too. */
static int finish(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		complain("cannot write the output");
		return status ? status : EXIT_KERNEL;
	}
	return status;
}

int main(int argc, char **argv)
{
	struct settings set = { .cli.pr.out = stdout };
	char help[] = "help";
	char *word = help;
	int first = read_options(&set, argv);
	int status;

	if (!first)
		return EXIT_USAGE;
	if (set.version) {
		puts("svcseq " SVCSEQ_VERSION);
		return finish(0);
	}
	if (set.help)
		return finish(cli_command(&set.cli, 1, &word));
	if (set.batch && first < argc)
		return complain("\"%s\" is one word too many: -batch takes commands from its file",
				quote(argv[first]));
	if (!set.batch && first >= argc) {
		set.cli.pr.out = stderr;
		cli_command(&set.cli, 1, &word);
		return EXIT_USAGE;
	}
	if (set.batch)
		status = cli_batch(&set.cli, set.batch, set.force);
	else
		status = cli_command(&set.cli, (unsigned int)(argc - first),
				     argv + first);
	svcseq_close(set.cli.sq);
	return finish(status);
}
