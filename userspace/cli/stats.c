// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cli.h"

/**
 * stats_parse - Read the words of "stats".
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int stats_parse(struct args *args, struct request *rq)
{
	/* There is only one thing to do, so the verb may be left out. */
	if (!args_end(args) && !strcmp(args->word[args->pos], "show"))
		args->pos++;
	if (args_end(args))
		return 0;
	rq->keyed = true;
	if (take_name(args, "a reason", rq->reason))
		return EXIT_USAGE;
	return args_done(args);
}

/**
 * stats_print - Print the counters of a namespace.
 * @pr: printer
 * @stats: counters
 */
void stats_print(struct printer *pr, const struct svcseq_stats *stats)
{
	const struct svcseq_reason *reason;
	unsigned int i;

	pr_number(pr, "ports", "ports", stats->ports);
	pr_number(pr, "devices", "devices", stats->devices);
	if (stats->pools)
		pr_word(pr, "pools");
	pr_number(pr, "pools", stats->pools ? BARE : NO_WORD, stats->pools);
	pr_number(pr, "sequences", "sequences", stats->sequences);
	pr_number(pr, "services", "services", stats->services);
	if (stats->max_services)
		pr_number(pr, "max-services", "of", stats->max_services);
	pr_number(pr, "service-bytes", NO_WORD, stats->service_bytes);
	pr_text(pr, "(%u bytes each)", stats->service_bytes);
	pr_number(pr, "acls", "acls", stats->acls);
	pr_number(pr, "generation", "generation", stats->generation);
	pr_number(pr, "places", stats->places ? "places" : NO_WORD,
		  stats->places);
	pr_number(pr, "place-bytes", NO_WORD, stats->place_bytes);
	if (stats->places)
		pr_text(pr, "(%u bytes in all)", stats->place_bytes);
	pr_line(pr);
	pr_text(pr, "%-16s %20s %20s", "dropped", "packets", "bytes");
	pr_line(pr);
	pr_object(pr, "dropped");
	for (i = 0; i < stats->n_reasons; i++) {
		reason = &stats->reason[i];
		pr_object(pr, reason->name);
		pr_number(pr, "packets", NO_WORD, reason->dropped.packets);
		pr_number(pr, "bytes", NO_WORD, reason->dropped.bytes);
		pr_object_end(pr);
		pr_text(pr, "%-16s %20llu %20llu",
			quote(reason->name),
			(unsigned long long)reason->dropped.packets,
			(unsigned long long)reason->dropped.bytes);
		pr_line(pr);
	}
	pr_object_end(pr);
}

/**
 * stats_run - Run "stats".
 * @cli: connection and printer
 * @rq: request
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int stats_run(struct cli *cli, const struct request *rq,
	      struct svcseq_error *err)
{
	struct svcseq_stats stats;
	int ret;

	ret = svcseq_stats_get(cli->sq, rq->keyed ? rq->reason : NULL, &stats,
			       err);
	if (ret)
		return ret;
	pr_object(&cli->pr, NULL);
	stats_print(&cli->pr, &stats);
	pr_object_end(&cli->pr);
	return 0;
}
