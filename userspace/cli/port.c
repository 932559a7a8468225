// SPDX-License-Identifier: GPL-2.0
#include "cli.h"

enum { ROLE, GATEWAY, OWNER };

static const struct word words[] = {
	{ "role", ROLE },
	{ "gateway", GATEWAY },
	{ "owner", OWNER },
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
	pr_owner(pr, &port->owner);
	pr_counters(pr, "received", &port->received);
	pr_counters(pr, "passed", &port->passed);
	pr_line(pr);
}

static int show(const struct svcseq_port *port, void *data)
{
	struct printer *pr = data;

	pr_object(pr, NULL);
	port_print(pr, port);
	pr_object_end(pr);
	return 0;
}

/**
 * port_run - Run a port command.
 * @cli: connection and printer
 * @rq: request
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int port_run(struct cli *cli, const struct request *rq,
	     struct svcseq_error *err)
{
	struct svcseq_port port;
	int ret;

	switch (rq->cmd->verb) {
	case VERB_ADD:
		return svcseq_port_add(cli->sq, &rq->port, err);
	case VERB_SET:
		return svcseq_port_set(cli->sq, &rq->port, err);
	case VERB_DEL:
		return svcseq_port_del(cli->sq, &rq->port, err);
	default:
		break;
	}
	if (rq->keyed) {
		ret = svcseq_port_get(cli->sq, &rq->port, &port, err);
		if (ret)
			return ret;
	}
	pr_list(&cli->pr);
	if (rq->keyed)
		ret = show(&port, &cli->pr);
	else
		ret = svcseq_port_each(cli->sq, show, &cli->pr, err);
	pr_list_end(&cli->pr, ret);
	return ret;
}
