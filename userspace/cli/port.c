// SPDX-License-Identifier: GPL-2.0
#include "cli.h"
#include "noun.h"

enum { ROLE, GATEWAY, OWNER, ANSWER };

static const struct word words[] = {
	{ "role", ROLE },
	{ "gateway", GATEWAY },
	{ "owner", OWNER },
	{ "answer", ANSWER },
	{ NULL, 0 }
};

/**
 * port_parse - Read the words of a port command.
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int port_parse(struct args *args, struct request *rq)
{
	struct svcseq_port *port = &rq->port;
	enum verb verb = rq->cmd->verb;
	int word = -1;
	int ret;

	if (verb == VERB_SHOW && args_end(args))
		return 0;
	rq->keyed = true;
	if (take_dev(args, "the name of a net device", &port->dev))
		return EXIT_USAGE;
	if (verb == VERB_SHOW || verb == VERB_DEL)
		return args_done(args);
	if (verb == VERB_SET && args_end(args))
		return args_missing(args, "something to change");
	while (!args_end(args)) {
		if (take_word(args, words, &word))
			return EXIT_USAGE;
		switch (word) {
		case ROLE:
			ret = take_enum(args, word_role, "a role", &port->role);
			break;
		case GATEWAY:
			ret = take_addr_of(args, "a gateway", &port->gateway4,
					   &port->gateway6);
			break;
		case ANSWER:
			ret = take_enum(args, word_switch, "a switch",
					&port->answer);
			break;
		default:
			ret = take_owner(args, &port->owner);
		}
		if (ret)
			return ret;
	}
	if (verb == VERB_ADD && !port->role.set)
		return args_missing(args, "\"role uplink\" or \"role device\"");
	return 0;
}

/**
 * port_print - Print what a port is.
 * @pr: printer
 * @port: port
 */
void port_print(struct printer *pr, const struct svcseq_port *port)
{
	pr_dev(pr, "dev", "ifindex", BARE, &port->dev);
	pr_enum(pr, "role", "role", word_role, &port->role);
	pr_addrs(pr, "gateway", "gateway", &port->gateway4, &port->gateway6);
	/* what an uplink does is not worth a word, nor what others cannot do */
	if (port->role.value == SVCSEQ_PORT_ROLE_UPLINK && !port->answer.value)
		pr_enum(pr, "answer", "answer", word_switch, &port->answer);
	pr_owner(pr, &port->owner);
	pr_counters(pr, "received", &port->received);
	pr_counters(pr, "passed", &port->passed);
	pr_line(pr);
}

DEFINE_NOUN_RUN(port)
