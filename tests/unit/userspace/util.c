// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch.h"
#include "util.h"

static char complaints[4096];
static FILE *real_stderr;
static char *heard;
static size_t heard_len;

void listen_begin(void)
{
	real_stderr = stderr;
	stderr = open_memstream(&heard, &heard_len);
	if (!stderr)
		abort();
}

void listen_end(void)
{
	fclose(stderr);
	stderr = real_stderr;
	snprintf(complaints, sizeof(complaints), "%s", heard);
	free(heard);
	heard = NULL;
}

const char *said(void)
{
	return complaints;
}

int parse_line(const char *line, struct request *rq)
{
	char *words[BATCH_WORDS];
	char *copy = strdup(line);
	unsigned int n = 0;
	int ret;

	if (!copy)
		abort();
	listen_begin();
	ret = split_line(copy, words, &n);
	if (!ret)
		ret = cli_parse(n, words, rq);
	listen_end();
	free(copy);
	return ret;
}

char *print_request(const struct request *rq, bool json, bool pretty,
		    bool stats)
{
	struct printer pr = { .json = json, .pretty = pretty, .stats = stats };
	char *text = NULL;
	size_t len;

	pr.out = open_memstream(&text, &len);
	if (!pr.out)
		abort();
	pr_object(&pr, NULL);
	if (rq->cmd->parse == port_parse)
		port_print(&pr, &rq->port);
	else if (rq->cmd->parse == device_parse)
		device_print(&pr, &rq->device);
	else if (rq->cmd->parse == pool_parse)
		pool_print(&pr, &rq->pool);
	else if (rq->cmd->parse == sequence_parse)
		sequence_print(&pr, &rq->sequence);
	else if (rq->cmd->parse == service_parse)
		service_print(&pr, &rq->service);
	pr_object_end(&pr);
	pr_end(&pr);
	fclose(pr.out);
	return text;
}

const char *fault_of_json(const char *text)
{
	static json_error_t error;
	json_t *json;

	/* Counters may be greater than any number that the library keeps. */
	json = json_loads(text, JSON_DECODE_INT_AS_REAL, &error);
	json_decref(json);
	return json ? NULL : error.text;
}

/* A text of 1 to size - 1 bytes; any, or any that a net device's name may have. */
static void random_text(char *to, size_t size, int how, const char *never)
{
	size_t len = 1 + rnd_below((uint32_t)size - 1), i;
	char c;

	memset(to, 0, size);
	for (i = 0; i < len; i++) {
		do {
			c = (char)rnd_next();
			/* Mostly ordinary ones. */
			if (rnd_below(4))
				c = "abcdefghijklmnopqrstuvwxyz0123456789-_."[rnd_below(39)];
		} while (!c || strchr(never, c) ||
			 (!(how & ANY_BYTES) && (isspace((unsigned char)c) ||
						 iscntrl((unsigned char)c))));
		to[i] = c;
	}
}

static void random_name(char *to, int how)
{
	static const char plain[] = "abcxyzABCXYZ0189._:@+-";
	size_t len = 1 + rnd_below(SVCSEQ_NAME_LEN - 1), i;

	if (how & ANY_BYTES) {
		random_text(to, SVCSEQ_NAME_LEN, how, "");
		return;
	}
	memset(to, 0, SVCSEQ_NAME_LEN);
	for (i = 0; i < len; i++)
		to[i] = plain[rnd_below(sizeof(plain) - 1)];
}

static void random_dev(struct svcseq_if *dev, int how)
{
	random_text(dev->name, sizeof(dev->name), how,
		    how & ANY_BYTES ? "" : "/:");
	if (how & WITH_OUTPUT)
		dev->index = 1 + rnd_below(1000);
}

static void random_u8(struct svcseq_u8 *to, uint8_t least, uint8_t most)
{
	to->set = rnd_below(2);
	if (to->set)
		to->value = (uint8_t)(least + rnd_below(most - least + 1u));
}

static void random_addr(struct svcseq_addr *addr, uint8_t len)
{
	addr->len = len;
	rnd_fill(addr->b, len);
}

static void random_addrs(struct svcseq_addr *v4, struct svcseq_addr *v6)
{
	if (rnd_below(2))
		random_addr(v4, 4);
	if (rnd_below(2))
		random_addr(v6, 16);
}

static void random_mac(struct svcseq_mac *mac)
{
	mac->set = true;
	rnd_fill(mac->b, sizeof(mac->b));
}

static void random_counters(struct svcseq_counters *counters, int how)
{
	counters->set = how & WITH_OUTPUT;
	if (counters->set) {
		rnd_fill(&counters->packets, sizeof(counters->packets));
		rnd_fill(&counters->bytes, sizeof(counters->bytes));
	}
}

static uint16_t random_l4(void)
{
	return (uint16_t)(1 + rnd_below(65535));
}

static uint8_t random_proto(void)
{
	return rnd_below(2) ? 6 : 17;
}

void random_port(struct svcseq_port *port, int how)
{
	memset(port, 0, sizeof(*port));
	random_dev(&port->dev, how);
	port->role.set = true;
	port->role.value = (uint8_t)rnd_below(2);
	random_addrs(&port->gateway4, &port->gateway6);
	random_u8(&port->owner, 1, 255);
	random_counters(&port->received, how);
	random_counters(&port->passed, how);
}

static void random_arm(struct svcseq_arm *arm, uint8_t side, int how)
{
	unsigned int i;

	arm->side.set = true;
	arm->side.value = side;
	random_dev(&arm->dev, how);
	arm->n_macs = rnd_below(SVCSEQ_MAX_MACS + 1);
	for (i = 0; i < arm->n_macs; i++)
		random_mac(&arm->mac[i]);
	arm->any_mac = rnd_below(2);
	random_addrs(&arm->addr4, &arm->addr6);
	if (!(how & WITH_OUTPUT))
		return;
	arm->n_resolved = rnd_below(3);
	for (i = 0; i < arm->n_resolved; i++)
		random_mac(&arm->resolved[i]);
}

void random_device(struct svcseq_device *device, int how)
{
	bool swap = rnd_below(2);
	unsigned int i;

	memset(device, 0, sizeof(*device));
	random_name(device->name, how);
	device->kind.set = true;
	device->kind.value = (uint8_t)rnd_below(4);
	random_u8(&device->mode, 0, 2);
	random_addrs(&device->nat4, &device->nat6);
	device->n_arms = 1 + rnd_below(2);
	for (i = 0; i < device->n_arms; i++)
		random_arm(&device->arm[i], (uint8_t)(swap ? 1 - i : i), how);
	random_u8(&device->owner, 1, 255);
	if (how & WITH_OUTPUT) {
		device->sequences = rnd_next();
		device->pools = rnd_next();
	}
	random_counters(&device->sent, how);
	random_counters(&device->received, how);
}

void random_pool(struct svcseq_pool *pool, int how)
{
	unsigned int i;

	memset(pool, 0, sizeof(*pool));
	random_name(pool->name, how);
	pool->policy.set = true;
	pool->policy.value = (uint8_t)rnd_below(2);
	random_u8(&pool->by, 0, 1);
	pool->n_members = 1 + rnd_below(SVCSEQ_MAX_MEMBERS);
	for (i = 0; i < pool->n_members; i++) {
		random_name(pool->member[i].device, how);
		random_u8(&pool->member[i].weight, 2, 255);
		random_u8(&pool->member[i].state, 1, 2);
		pool->member[i].active = how & WITH_OUTPUT && rnd_below(2);
	}
	random_u8(&pool->owner, 1, 255);
	if (how & WITH_OUTPUT) {
		pool->sequences = rnd_next();
		pool->generation = rnd_next();
	}
}

static void random_copy(struct svcseq_copy *copy, int how)
{
	random_name(copy->device, how);
	random_u8(&copy->direction, 1, 2);
	if (rnd_below(2))
		random_name(copy->alert_to, how);
	random_u8(&copy->port, 1, 1);
}

static void random_step(struct svcseq_step *step, int how)
{
	unsigned int i;

	random_name(step->device, how);
	if (rnd_below(2))
		step->port = random_l4();
	if (rnd_below(2)) {
		step->becomes.set = true;
		step->becomes.proto = random_proto();
		step->becomes.port = random_l4();
	}
	random_u8(&step->track, SVCSEQ_TRACK_MAC, SVCSEQ_TRACK_GPE);
	if (step->track.value >= SVCSEQ_TRACK_GRE) {
		random_addr(&step->local, rnd_below(2) ? 4 : 16);
		random_addr(&step->remote, step->local.len);
	}
	random_u8(&step->on_fail, SVCSEQ_ON_FAIL_OPEN,
		  SVCSEQ_ON_FAIL_ALTERNATE);
	if (step->on_fail.value == SVCSEQ_ON_FAIL_ALTERNATE)
		random_name(step->alternate, how);
	step->n_copies = rnd_below(SVCSEQ_MAX_COPIES + 1);
	for (i = 0; i < step->n_copies; i++)
		random_copy(&step->copy[i], how);
}

void random_sequence(struct svcseq_sequence *seq, int how)
{
	unsigned int i;

	memset(seq, 0, sizeof(*seq));
	random_name(seq->name, how);
	if (rnd_below(2))
		random_dev(&seq->uplink, how);
	seq->n_steps = 1 + rnd_below(SVCSEQ_MAX_STEPS);
	for (i = 0; i < seq->n_steps; i++)
		random_step(&seq->step[i], how);
	random_u8(&seq->owner, 1, 255);
	if (rnd_below(2))
		seq->path_id = 1 + rnd_below(0xffffff);
	random_u8(&seq->dscp, 1, 63);
	if (how & WITH_OUTPUT) {
		seq->services = rnd_next();
		seq->generation = rnd_next();
	}
}

void random_service(struct svcseq_service *svc, int how)
{
	unsigned int i;

	memset(svc, 0, sizeof(*svc));
	random_addr(&svc->addr, rnd_below(2) ? 4 : 16);
	if (rnd_below(2)) {
		svc->prefix_len.set = true;
		svc->prefix_len.value = (uint8_t)rnd_below(svc->addr.len * 8u);
	}
	svc->proto = random_proto();
	svc->port = random_l4();
	if (rnd_below(2) && svc->port < 65535)
		svc->port_last = (uint16_t)(svc->port + 1 +
					    rnd_below(65535u - svc->port));
	if (rnd_below(4) == 0) {
		/* one without ports */
		svc->proto = rnd_below(2) ? 89 : SVCSEQ_PROTO_ANY;
		svc->port = 0;
		svc->port_last = 0;
	}
	if (rnd_below(2)) {
		svc->by.set = true;
		svc->by.value = SVCSEQ_KEY_SIDE_CLIENT;
	}
	if (rnd_below(2)) {
		svc->dynamic_first = random_l4();
		svc->dynamic_last = svc->dynamic_first;
	}
	random_name(svc->sequence, how);
	random_u8(&svc->owner, 1, 255);
	random_counters(&svc->request, how);
	random_counters(&svc->reply, how);
	random_counters(&svc->dropped, how);
	svc->n_ties = rnd_below(SVCSEQ_MAX_TIES + 1);
	for (i = 0; i < svc->n_ties; i++) {
		random_name(svc->tie[i].acl, how);
		if (rnd_below(2))
			random_dev(&svc->tie[i].dev, how);
	}
}

static void random_maybe(struct svcseq_addr *addr)
{
	if (rnd_below(2))
		random_addr(addr, rnd_below(2) ? 4 : 16);
}

static void random_tag(struct svcseq_tag *tag)
{
	if (rnd_below(2))
		return;
	tag->set = true;
	tag->method.set = true;
	tag->method.value = (uint8_t)rnd_below(10);
	tag->path = rnd_below(2) ? rnd_next() : 0;
	tag->index.set = true;
	tag->index.value = (uint8_t)rnd_next();
	tag->value.set = rnd_below(2);
	tag->value.value = tag->value.set ? rnd_next() : 0;
}

void random_row(struct svcseq_row *row, int how)
{
	unsigned int i;

	memset(row, 0, sizeof(*row));
	random_name(row->sequence, how);
	random_addr(&row->addr, rnd_below(2) ? 4 : 16);
	random_u8(&row->prefix_len, 0, 128);
	row->proto = random_proto();
	row->port = random_l4();
	row->port_last = rnd_below(2) ? random_l4() : 0;
	random_u8(&row->by, 0, 2);
	row->index.set = true;
	row->index.value = rnd_below(100);
	random_u8(&row->direction, 1, 2);
	if (rnd_below(2))
		random_name(row->from, how);
	if (rnd_below(2))
		random_dev(&row->in, how);
	if (rnd_below(2))
		random_mac(&row->src_mac);
	random_maybe(&row->match_addr);
	row->match_proto = rnd_below(2) ? random_proto() : 0;
	row->match_port = rnd_below(2) ? random_l4() : 0;
	row->match_port_last = rnd_below(2) ? random_l4() : 0;
	random_u8(&row->match_prefix_len, 0, 128);
	row->dynamic_first = rnd_below(2) ? random_l4() : 0;
	row->dynamic_last = row->dynamic_first;
	random_u8(&row->target, 0, 7);
	if (rnd_below(2))
		random_name(row->to, how);
	if (rnd_below(2))
		random_dev(&row->out, how);
	if (rnd_below(2))
		random_mac(&row->dst_mac);
	random_maybe(&row->next_hop);
	random_maybe(&row->set_addr);
	row->set_port = rnd_below(2) ? random_l4() : 0;
	row->n_copies = rnd_below(SVCSEQ_MAX_COPIES + 1);
	for (i = 0; i < row->n_copies; i++)
		random_name(row->copy_to[i], how);
	random_tag(&row->match_tag);
	random_tag(&row->set_tag);
	random_counters(&row->forwarded, how);
}

void random_stats(struct svcseq_stats *stats, int how)
{
	unsigned int i;

	memset(stats, 0, sizeof(*stats));
	stats->n_reasons = rnd_below(10);
	for (i = 0; i < stats->n_reasons; i++) {
		random_name(stats->reason[i].name, how);
		random_counters(&stats->reason[i].dropped, how);
	}
	stats->services = rnd_next();
	stats->max_services = rnd_next();
}
