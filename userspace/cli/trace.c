// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <time.h>

#include "cli.h"

enum { CLIENT, SERVICE, RATE, COUNT, DIRECTION, LENGTH };

static const struct word words[] = {
	{ "client", CLIENT },
	{ "service", SERVICE },
	{ "rate", RATE },
	{ "count", COUNT },
	{ NULL, 0 }
};

static const struct word simulate_words[] = {
	{ "client", CLIENT },
	{ "service", SERVICE },
	{ "direction", DIRECTION },
	{ "length", LENGTH },
	{ NULL, 0 }
};

/* An address alone stands for all services that have it. */
static int take_filter_service(struct args *args, struct svcseq_trace *trace)
{
	const struct word *w;

	if (take_addr(args, "a service address", &trace->addr))
		return EXIT_USAGE;
	if (args_end(args))
		return 0;
	for (w = words; w->name; w++)
		if (!strcmp(args->word[args->pos], w->name))
			return 0;
	if (take_proto(args, &trace->proto))
		return EXIT_USAGE;
	return take_port(args, "a service port", &trace->port);
}

/**
 * trace_parse - Read the words of "trace".
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int trace_parse(struct args *args, struct request *rq)
{
	struct svcseq_trace *trace = &rq->trace;
	int word = -1;
	int ret;

	if (!args_end(args) && !strcmp(args->word[args->pos], "simulate")) {
		args->pos++;
		rq->cmd++;
		snprintf(args->cmd, sizeof(args->cmd), "%s", rq->cmd->noun);
		return rq->cmd->parse(args, rq);
	}
	while (!args_end(args)) {
		if (take_word(args, words, &word))
			return EXIT_USAGE;
		switch (word) {
		case CLIENT:
			if (trace->client.len)
				return args_twice(args, "\"client\"");
			ret = take_prefix(args, "the address of a client",
					  &trace->client, &trace->client_len);
			break;
		case SERVICE:
			if (trace->addr.len)
				return args_twice(args, "\"service\"");
			ret = take_filter_service(args, trace);
			break;
		case RATE:
			ret = take_number(args, "a number of events per second",
					  1, 100000000, &trace->rate);
			break;
		default:
			ret = take_number(args, "a number of packets", 1,
					  100000000, &rq->count);
		}
		if (ret)
			return ret;
	}
	return 0;
}

static void print_time(struct printer *pr, uint64_t ns)
{
	time_t s = (time_t)(ns / 1000000000);
	char text[16];
	struct tm tm;

	if (!ns)
		return;
	pr_number(pr, "time", NO_WORD, ns);
	if (!localtime_r(&s, &tm) ||
	    !strftime(text, sizeof(text), "%H:%M:%S", &tm))
		*text = '\0';
	pr_text(pr, "%s.%06u", text, (unsigned int)(ns / 1000 % 1000000));
}

/* ADDR:PORT, as it stands in a URL */
static const char *end_text(const struct svcseq_addr *addr, uint16_t port,
			    char *to, size_t size)
{
	char text[ADDR_TEXT];

	addr_text(addr, text);
	if (!port)
		snprintf(to, size, "%s", text);
	else
		snprintf(to, size, addr->len == 4 ? "%s:%u" : "[%s]:%u", text,
			 port);
	return to;
}

static void print_ends(struct printer *pr, const struct svcseq_trace *trace)
{
	char src[ADDR_TEXT + 16], dst[ADDR_TEXT + 16], number[ADDR_TEXT];
	const char *proto = enum_text(word_proto, trace->wire_proto, number);

	if (!trace->src.len)
		return;
	pr_addr(pr, "src", NO_WORD, &trace->src);
	pr_addr(pr, "dst", NO_WORD, &trace->dst);
	pr_string(pr, "wire-proto", NO_WORD, proto);
	if (trace->sport || trace->dport) {
		pr_number(pr, "sport", NO_WORD, trace->sport);
		pr_number(pr, "dport", NO_WORD, trace->dport);
	}
	pr_text(pr, "%s %s > %s", proto,
		end_text(&trace->src, trace->sport, src, sizeof(src)),
		end_text(&trace->dst, trace->dport, dst, sizeof(dst)));
}

/* Who handed it in and who gets it, and by which ports. */
static void print_way(struct printer *pr, const struct svcseq_trace *trace)
{
	bool goes = trace->verdict.value == SVCSEQ_TRACE_VERDICT_HOP ||
		    trace->verdict.value == SVCSEQ_TRACE_VERDICT_COPY;
	char in[ADDR_TEXT], out[ADDR_TEXT];

	if (*trace->from)
		pr_string(pr, "from", NO_WORD, trace->from);
	if (trace->from_step.set)
		pr_number(pr, "from-step", NO_WORD, trace->from_step.value);
	if (*trace->to)
		pr_string(pr, "to", NO_WORD, trace->to);
	if (trace->to_step.set)
		pr_number(pr, "to-step", NO_WORD, trace->to_step.value);
	pr_dev(pr, "in-dev", "in-ifindex", NO_WORD, &trace->in);
	pr_dev(pr, "out-dev", "out-ifindex", NO_WORD, &trace->out);
	if (goes) {
		pr_text(pr, "%s > %s",
			*trace->from ? quote(trace->from) : "client",
			*trace->to ? quote(trace->to) : "client");
		pr_text(pr, "%s > %s", quote(dev_text(&trace->in, in)),
			quote(dev_text(&trace->out, out)));
		return;
	}
	if (*trace->from)
		pr_word(pr, quote(trace->from));
	pr_text(pr, "%s", quote(dev_text(&trace->in, in)));
}

static void print_service(struct printer *pr, const struct svcseq_trace *trace)
{
	if (!trace->addr.len)
		return;
	pr_enum(pr, "direction", BARE, word_direction, &trace->direction);
	if (*trace->sequence)
		pr_string(pr, "sequence", NO_WORD, trace->sequence);
	pr_addr(pr, "addr", NO_WORD, &trace->addr);
	pr_proto(pr, "proto", NO_WORD, trace->proto);
	pr_number(pr, "port", NO_WORD, trace->port);
}

static void print_loss(struct printer *pr, uint32_t lost)
{
	if (!lost)
		return;
	pr_number(pr, "lost", NO_WORD, lost);
	pr_text(pr, "%u events were lost", lost);
	pr_line(pr);
}

/**
 * trace_print - Print what became of a packet.
 * @pr: printer
 * @trace: the packet
 */
void trace_print(struct printer *pr, const struct svcseq_trace *trace)
{
	print_loss(pr, trace->lost);
	print_time(pr, trace->time);
	pr_enum(pr, "verdict", BARE, word_verdict, &trace->verdict);
	if (*trace->reason)
		pr_string(pr, "reason", BARE, trace->reason);
	print_service(pr, trace);
	print_ends(pr, trace);
	print_way(pr, trace);
	pr_number(pr, "length", "length", trace->length);
	pr_line(pr);
}

struct show {
	struct printer *pr;
	uint32_t left;
	bool counted;
};

/* 1 ends the trace. */
static int show(const struct svcseq_trace *trace, void *data)
{
	struct show *show = data;

	pr_object(show->pr, NULL);
	trace_print(show->pr, trace);
	pr_object_end(show->pr);
	pr_end(show->pr);
	/* Whoever reads a pipe wants each packet now. */
	if (fflush(show->pr->out))
		return -errno;
	return show->counted && !--show->left;
}

/**
 * trace_run - Run "trace", until something fails or enough was seen.
 * @cli: namespace and printer
 * @rq: request
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int trace_run(struct cli *cli, const struct request *rq,
	      struct svcseq_error *err)
{
	struct show data = {
		.pr = &cli->pr, .left = rq->count, .counted = rq->count,
	};
	struct svcseq_tracer *tracer;
	int ret;

	tracer = svcseq_trace_open(cli->netns, &rq->trace, err);
	if (!tracer)
		return -err->code;
	/* One line is one packet. */
	cli->pr.pretty = false;
	fputs("Tracing; interrupt to end.\n", stderr);
	do {
		ret = svcseq_trace_read(tracer, show, &data, err);
		if (ret == -EINTR)
			ret = 0;
	} while (!ret);
	svcseq_trace_close(tracer);
	return ret > 0 ? 0 : ret;
}

/* What a packet carries at the service's end. */
static int take_flow(struct args *args, struct svcseq_trace *trace)
{
	if (take_addr(args, "a service address", &trace->addr) ||
	    take_proto(args, &trace->proto))
		return EXIT_USAGE;
	return take_port(args, "a service port", &trace->port);
}

/**
 * simulate_parse - Read the words of "trace simulate".
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int simulate_parse(struct args *args, struct request *rq)
{
	struct svcseq_trace *trace = &rq->trace;
	int word = -1;
	int ret;

	rq->keyed = true;
	while (!args_end(args)) {
		if (take_word(args, simulate_words, &word))
			return EXIT_USAGE;
		switch (word) {
		case CLIENT:
			ret = take_endpoint(args, "the address of a client",
					    &trace->client, &trace->client_port);
			break;
		case SERVICE:
			ret = take_flow(args, trace);
			break;
		case DIRECTION:
			ret = take_enum(args, word_direction, "a direction",
					&trace->direction);
			break;
		default:
			ret = take_number(args, "a length of a packet", 1,
					  65535, &trace->length);
		}
		if (ret)
			return ret;
	}
	if (!trace->client.len)
		return args_missing(args, "\"client\" with an address");
	if (!trace->addr.len)
		return args_missing(args, "\"service\" with address, protocol and port");
	return 0;
}

/**
 * simulate_run - Run "trace simulate".
 * @cli: connection and printer
 * @rq: request
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int simulate_run(struct cli *cli, const struct request *rq,
		 struct svcseq_error *err)
{
	struct show data = { .pr = &cli->pr };

	cli->pr.pretty = false;
	return svcseq_trace_simulate(cli->sq, &rq->trace, show, &data, err);
}
