// SPDX-License-Identifier: GPL-2.0
/*
 * What the library reads from netlink: any bytes as the answer to a request,
 * and any bytes as the attributes of an object, which is then printed.
 *
 * The first byte chooses; the rest is the datagram.  Answers carry sequence
 * number and port of SEQ and PORTID, so that seeds can be written by hand.
 */
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "cli/cli.h"
#include "fuzz.h"
#include "lib/nl.h"

#define FAMILY	0x25
#define SEQ	1
#define PORTID	2

/* The largest datagram that the library reads. */
#define SIZE	32768

static const struct sq_shape *const shapes[] = {
	&sq_port_shape, &sq_device_shape, &sq_sequence_shape,
	&sq_service_shape, &sq_row_shape, &sq_stats_shape,
	&sq_trace_shape, &sq_pool_shape,
};

#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

union object {
	struct svcseq_port port;
	struct svcseq_device device;
	struct svcseq_sequence sequence;
	struct svcseq_service service;
	struct svcseq_row row;
	struct svcseq_stats stats;
	struct svcseq_trace trace;
	struct svcseq_pool pool;
};

static void no_name(struct svcseq_if *dev, void *data)
{
	(void)data;
	dev->name[0] = 'x';
}

static void print(const union object *obj, unsigned int what, bool json)
{
	struct printer pr = { .json = json, .stats = true };
	char *text = NULL;
	size_t len;

	pr.out = open_memstream(&text, &len);
	if (!pr.out)
		abort();
	pr_object(&pr, NULL);
	switch (what) {
	case 0:
		port_print(&pr, &obj->port);
		break;
	case 1:
		device_print(&pr, &obj->device);
		break;
	case 2:
		sequence_print(&pr, &obj->sequence);
		break;
	case 3:
		service_print(&pr, &obj->service);
		break;
	case 4:
		if (json)
			table_print(&pr, &obj->row);
		break;
	case 5:
		stats_print(&pr, &obj->stats);
		break;
	case 6:
		trace_print(&pr, &obj->trace);
		break;
	default:
		pool_print(&pr, &obj->pool);
	}
	pr_object_end(&pr);
	pr_end(&pr);
	fclose(pr.out);
	/* Nothing that a terminal obeys. */
	for (; len; len--)
		if ((unsigned char)text[len - 1] < 0x20 &&
		    text[len - 1] != '\n')
			abort();
	free(text);
}

static void as_object(const void *attrs, size_t size, unsigned int what)
{
	static alignas(8) char again[4 * SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(again);
	struct svcseq_error err;
	union object obj;

	memset(&obj, 0, sizeof(obj));
	if (sq_get(shapes[what], attrs, size, &obj, &err))
		return;
	sq_ifnames(shapes[what], &obj, no_name, NULL);
	print(&obj, what, false);
	print(&obj, what, true);
	/* What could be read can be sent. */
	if (!sq_put(nlh, sizeof(again), shapes[what], SQ_OUT, &obj))
		abort();
}

static int take(const struct nlmsghdr *nlh, void *data,
		struct svcseq_error *err)
{
	const struct sq_shape *shape = shapes[*(unsigned int *)data];
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	union object obj;

	if (len < sizeof(struct genlmsghdr))
		return 0;
	memset(&obj, 0, sizeof(obj));
	return sq_get(shape, mnl_nlmsg_get_payload_offset(nlh,
			sizeof(struct genlmsghdr)),
		      len - sizeof(struct genlmsghdr), &obj, err);
}

static void as_answer(const void *datagram, size_t size, unsigned int what)
{
	/* The request that errors point into. */
	static alignas(8) char req[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(req);
	struct svcseq_error err = { 0 };
	struct sq_reply rp = {
		.seq = SEQ, .portid = PORTID, .family = FAMILY, .req = nlh,
		.shape = shapes[what], .cb = take, .err = &err,
	};
	struct nlattr *nest;

	rp.data = &what;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_strz(nlh, 1, "name");
	nest = mnl_attr_nest_start(nlh, 2);
	mnl_attr_put_strz(nlh, 1, "device");
	mnl_attr_nest_end(nlh, nest);
	/* An error has a code, and its text ends. */
	if (sq_feed(&rp, datagram, size) < 0 &&
	    (err.code <= 0 || !memchr(err.text, 0, sizeof(err.text)) ||
	     !memchr(err.attr, 0, sizeof(err.attr))))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int what;
	void *copy;

	if (size < 1 || size > SIZE)
		return 0;
	what = data[0] % (2 * N_SHAPES);
	/* Aligned, and no byte too long, so that reading on is noticed. */
	copy = malloc(size - 1 ? size - 1 : 1);
	if (!copy)
		return 0;
	memcpy(copy, data + 1, size - 1);
	if (what < N_SHAPES)
		as_object(copy, size - 1, what);
	else
		as_answer(copy, size - 1, what - N_SHAPES);
	free(copy);
	return 0;
}
