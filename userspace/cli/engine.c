// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cli.h"

enum { MAX_PPS, BURST };

static const struct word words[] = {
	{ "max-pps", MAX_PPS },
	{ "burst", BURST },
	{ NULL, 0 }
};

/**
 * engine_parse - Read the words of an engine command.
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int engine_parse(struct args *args, struct request *rq)
{
	struct svcseq_engine *engine = &rq->engine;
	int word = -1;
	int ret;

	if (rq->cmd->verb == VERB_SHOW)
		return args_done(args);
	while (!args_end(args)) {
		if (take_word(args, words, &word))
			return EXIT_USAGE;
		if (word == BURST) {
			engine->burst.set = true;
			ret = take_number(args, "a burst", 1, 100000000,
					  &engine->burst.value);
		} else if (!args_end(args) &&
			   !strcmp(args->word[args->pos], "off")) {
			args->pos++;
			engine->max_pps.set = true;
			ret = 0;
		} else {
			engine->max_pps.set = true;
			ret = take_number(args, "a number of packets per second",
					  1, 100000000, &engine->max_pps.value);
		}
		if (ret)
			return ret;
	}
	if (!engine->max_pps.set)
		return args_missing(args, "\"max-pps\" with a number, or off");
	return 0;
}

/**
 * engine_run - Run an engine command.
 * @cli: connection and printer
 * @rq: request
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int engine_run(struct cli *cli, const struct request *rq,
	       struct svcseq_error *err)
{
	struct printer *pr = &cli->pr;
	struct svcseq_engine engine;
	int ret;

	if (rq->cmd->verb == VERB_SET)
		return svcseq_engine_set(cli->sq, &rq->engine, err);
	ret = svcseq_engine_get(cli->sq, &engine, err);
	if (ret)
		return ret;
	pr_object(pr, NULL);
	if (engine.max_pps.set) {
		pr_number(pr, "max-pps", "max-pps", engine.max_pps.value);
		pr_number(pr, "burst", "burst", engine.burst.value);
	} else {
		pr_word(pr, "max-pps off");
	}
	pr_line(pr);
	pr_object_end(pr);
	return 0;
}
