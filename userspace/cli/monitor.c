// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "cli.h"

/**
 * monitor_parse - Read the words of "monitor".
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int monitor_parse(struct args *args, struct request *rq)
{
	(void)rq;
	return args_done(args);
}

static void head(struct printer *pr, const char *noun,
		 const struct svcseq_event *event)
{
	pr_bool(pr, "deleted", "deleted", event->deleted);
	if (event->suspect)
		pr_bool(pr, "suspect", "suspect", true);
	if (event->well)
		pr_bool(pr, "well", "well", true);
	pr_string(pr, "noun", BARE, noun);
}

/* Whoever reads a pipe wants each event now. */
static int flush(struct printer *pr)
{
	pr_end(pr);
	return fflush(pr->out) ? -errno : 0;
}

static int show(const struct svcseq_event *event, void *data)
{
	struct printer *pr = data;

	if (event->noun == SVCSEQ_NOUN_NONE)
		return 0;
	pr_object(pr, NULL);
	switch (event->noun) {
	case SVCSEQ_NOUN_NONE:
		break;
	case SVCSEQ_NOUN_PORT:
		head(pr, "port", event);
		port_print(pr, &event->port);
		break;
	case SVCSEQ_NOUN_DEVICE:
		head(pr, "device", event);
		device_print(pr, &event->device);
		break;
	case SVCSEQ_NOUN_SEQUENCE:
		head(pr, "sequence", event);
		sequence_print(pr, &event->sequence);
		break;
	case SVCSEQ_NOUN_SERVICE:
		head(pr, "service", event);
		service_print(pr, &event->service);
		break;
	case SVCSEQ_NOUN_ACL:
		head(pr, "acl", event);
		acl_print(pr, &event->acl);
		break;
	case SVCSEQ_NOUN_POOL:
		head(pr, "pool", event);
		pool_print(pr, &event->pool);
		break;
	}
	pr_object_end(pr);
	return flush(pr);
}

static int tell_loss(struct printer *pr)
{
	pr_object(pr, NULL);
	pr_bool(pr, "lost", NO_WORD, true);
	pr_text(pr, "events were lost: \"show\" tells how things are now");
	pr_line(pr);
	pr_object_end(pr);
	return flush(pr);
}

/**
 * monitor_run - Run "monitor", until something fails.
 * @cli: namespace and printer
 * @rq: request
 * @err: error
 *
 * Return: a negative errno value.
 */
int monitor_run(struct cli *cli, const struct request *rq,
		struct svcseq_error *err)
{
	struct svcseq_monitor *mon = svcseq_monitor_open(cli->netns, err);
	int ret;

	(void)rq;
	if (!mon)
		return -err->code;
	/* One line is one event. */
	cli->pr.pretty = false;
	do {
		ret = svcseq_monitor_read(mon, show, &cli->pr, err);
		if (ret == -ENOBUFS)
			ret = tell_loss(&cli->pr);
		else if (ret == -EINTR)
			ret = 0;
	} while (!ret);
	svcseq_monitor_close(mon);
	return ret;
}
