// SPDX-License-Identifier: GPL-2.0
#include "cli.h"
#include "noun.h"

enum { SEQUENCE, OWNER, DSCP };

static const struct word words[] = {
	{ "sequence", SEQUENCE },
	{ "owner", OWNER },
	{ "dscp", DSCP },
	{ NULL, 0 }
};

/**
 * service_parse - Read the words of a service command.
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int service_parse(struct args *args, struct request *rq)
{
	struct svcseq_service *svc = &rq->service;
	enum verb verb = rq->cmd->verb;
	int word = -1;
	int ret;

	if (verb == VERB_SHOW && args_end(args))
		return 0;
	rq->keyed = true;
	if (take_service(args, &svc->addr, &svc->proto, &svc->port))
		return EXIT_USAGE;
	if (verb == VERB_SHOW || verb == VERB_DEL)
		return args_done(args);
	while (!args_end(args)) {
		if (take_word(args, words, &word))
			return EXIT_USAGE;
		if (word == SEQUENCE && *svc->sequence)
			return args_twice(args, "\"sequence\"");
		if (word == SEQUENCE)
			ret = take_name(args, "the name of a sequence",
					svc->sequence);
		else if (word == DSCP)
			ret = take_dscp(args, &svc->dscp);
		else
			ret = take_owner(args, &svc->owner);
		if (ret)
			return ret;
	}
	if (!*svc->sequence && (verb == VERB_ADD || !svc->dscp.set))
		return args_missing(args, "\"sequence\" with the name of a sequence");
	return 0;
}

/**
 * service_print - Print what a service is.
 * @pr: printer
 * @svc: service
 */
void service_print(struct printer *pr, const struct svcseq_service *svc)
{
	pr_addr(pr, "addr", BARE, &svc->addr);
	pr_proto(pr, "proto", BARE, svc->proto);
	pr_number(pr, "port", BARE, svc->port);
	pr_string(pr, "sequence", "sequence", svc->sequence);
	pr_enum(pr, "dscp", "dscp", word_dscp, &svc->dscp);
	pr_owner(pr, &svc->owner);
	pr_counters(pr, "request", &svc->request);
	pr_counters(pr, "reply", &svc->reply);
	pr_counters(pr, "dropped", &svc->dropped);
	pr_line(pr);
}

DEFINE_NOUN_RUN(service)
