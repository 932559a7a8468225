// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cli.h"
#include "noun.h"

enum { SEQUENCE, DYNAMIC, OWNER, DSCP, LIMIT, ACL, IN, NO_ACL };

static const struct word words[] = {
	{ "sequence", SEQUENCE },
	{ "dynamic", DYNAMIC },
	{ "owner", OWNER },
	{ "dscp", DSCP },
	{ "limit", LIMIT },
	{ "acl", ACL },
	{ "in", IN },
	{ "no-acl", NO_ACL },
	{ NULL, 0 }
};

static int take_dynamic(struct args *args, struct svcseq_service *svc)
{
	if (svc->dynamic_first)
		return args_twice(args, "\"dynamic\"");
	if (take_ports(args, "dynamic ports", &svc->dynamic_first,
		       &svc->dynamic_last))
		return EXIT_USAGE;
	if (!svc->dynamic_last)
		svc->dynamic_last = svc->dynamic_first;
	return 0;
}

/* N pps|kbps [burst N], or off */
static int take_limit(struct args *args, struct svcseq_service *svc)
{
	struct svcseq_u32 limit = { .set = true };
	const char *unit;

	if (svc->limit_pps.set || svc->limit_kbps.set)
		return args_twice(args, "\"limit\"");
	if (!args_end(args) && !strcmp(args->word[args->pos], "off")) {
		args->pos++;
		svc->limit_pps = limit;
		return 0;
	}
	if (take_number(args, "a limit", 1, 100000000, &limit.value))
		return EXIT_USAGE;
	unit = take_text(args, "\"pps\" or \"kbps\"");
	if (!unit)
		return EXIT_USAGE;
	if (!strcmp(unit, "pps"))
		svc->limit_pps = limit;
	else if (!strcmp(unit, "kbps"))
		svc->limit_kbps = limit;
	else
		return complain("\"%s\" is not what a limit is counted in: allowed is pps or kbps",
				quote(unit));
	if (args_end(args) || strcmp(args->word[args->pos], "burst"))
		return 0;
	args->pos++;
	svc->limit_burst.set = true;
	return take_number(args, "a burst", 1, 1000000000,
			   &svc->limit_burst.value);
}

static int take_tie(struct args *args, struct svcseq_service *svc)
{
	if (svc->n_ties == SVCSEQ_MAX_TIES)
		return args_many(args, "access lists", SVCSEQ_MAX_TIES);
	return take_name(args, "the name of an access list",
			 svc->tie[svc->n_ties++].acl);
}

static int take_tie_port(struct args *args, struct svcseq_service *svc)
{
	struct svcseq_tie *tie;

	if (!svc->n_ties)
		return args_missing(args, "\"acl\" before \"in\"");
	tie = &svc->tie[svc->n_ties - 1];
	if (*tie->dev.name)
		return args_twice(args, "\"in\" of one acl");
	return take_dev(args, "the port of an access list", &tie->dev);
}

static int take_service_word(struct args *args, struct svcseq_service *svc,
			     int word)
{
	switch (word) {
	case SEQUENCE:
		if (*svc->sequence)
			return args_twice(args, "\"sequence\"");
		return take_name(args, "the name of a sequence", svc->sequence);
	case DYNAMIC:
		return take_dynamic(args, svc);
	case DSCP:
		return take_dscp(args, &svc->dscp);
	case LIMIT:
		return take_limit(args, svc);
	case ACL:
		return take_tie(args, svc);
	case IN:
		return take_tie_port(args, svc);
	case NO_ACL:
		svc->no_acl = true;
		return 0;
	default:
		return take_owner(args, &svc->owner);
	}
}

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

	if (verb == VERB_SHOW && args_end(args))
		return 0;
	rq->keyed = true;
	if (take_service(args, svc))
		return EXIT_USAGE;
	if (verb == VERB_SHOW || verb == VERB_DEL)
		return args_done(args);
	while (!args_end(args)) {
		if (take_word(args, words, &word) ||
		    take_service_word(args, svc, word))
			return EXIT_USAGE;
	}
	if (svc->n_ties && svc->no_acl)
		return complain("\"%s\" takes \"acl\" or \"no-acl\", not both",
				args->cmd);
	if (!*svc->sequence && (verb == VERB_ADD || word < 0))
		return args_missing(args, "\"sequence\" with the name of a sequence");
	return 0;
}

static void print_limit(struct printer *pr, const struct svcseq_service *svc)
{
	bool bits = svc->limit_kbps.set;

	if (!bits && !svc->limit_pps.set)
		return;
	pr_object(pr, "limit");
	if (bits)
		pr_number(pr, "kbps", "limit", svc->limit_kbps.value);
	else
		pr_number(pr, "pps", "limit", svc->limit_pps.value);
	pr_word(pr, bits ? "kbps" : "pps");
	pr_number(pr, "burst", "burst", svc->limit_burst.value);
	pr_object_end(pr);
}

static void print_ties(struct printer *pr, const struct svcseq_service *svc)
{
	unsigned int i;

	if (!svc->n_ties)
		return;
	pr_array(pr, "acls");
	for (i = 0; i < svc->n_ties; i++) {
		pr_object(pr, NULL);
		pr_string(pr, "acl", "acl", svc->tie[i].acl);
		pr_dev(pr, "in", "in-ifindex", "in", &svc->tie[i].dev);
		pr_object_end(pr);
	}
	pr_array_end(pr);
}

/**
 * service_print - Print what a service is.
 * @pr: printer
 * @svc: service
 */
void service_print(struct printer *pr, const struct svcseq_service *svc)
{
	pr_service(pr, svc);
	if (svc->dynamic_first)
		pr_ports(pr, "dynamic", "dynamic", svc->dynamic_first,
			 svc->dynamic_last);
	pr_string(pr, "sequence", "sequence", svc->sequence);
	pr_enum(pr, "dscp", "dscp", word_dscp, &svc->dscp);
	print_limit(pr, svc);
	print_ties(pr, svc);
	pr_owner(pr, &svc->owner);
	pr_counters(pr, "request", &svc->request);
	pr_counters(pr, "reply", &svc->reply);
	pr_counters(pr, "dropped", &svc->dropped);
	pr_line(pr);
}

DEFINE_NOUN_RUN(service)
