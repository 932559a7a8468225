// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* The columns of the document's sequence tables, and counters on demand. */
enum column {
	COL_IN, COL_SRC_MAC, COL_SRC, COL_DST, COL_PORT, COL_TYPE, COL_OUT,
	COL_DST_MAC, COL_REWRITE, COL_COPIES, COL_PACKETS, COL_BYTES, COLUMNS,
};

static const char *const titles[COLUMNS] = {
	"In-if", "Src MAC", "Src", "Dst", "Port", "-> Type", "Out-if",
	"Dst MAC/IP", "Rewrite", "Copies", "Packets", "Bytes",
};

/* Four copies with names of full length are the widest. */
#define CELL_SIZE	160

struct line {
	char cell[COLUMNS][CELL_SIZE];
};

/**
 * struct table - Lines of one service that wait until the widths are known.
 * @pr: printer
 * @head: first row of the service
 * @line: lines
 * @n: how many
 * @room: how many fit
 * @tables: tables printed so far
 */
struct table {
	struct printer *pr;
	struct svcseq_row head;
	struct line *line;
	size_t n;
	size_t room;
	unsigned int tables;
};

/**
 * table_parse - Read the words of "table show".
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int table_parse(struct args *args, struct request *rq)
{
	struct svcseq_row *row = &rq->row;
	struct svcseq_service svc = { 0 };

	if (args_end(args))
		return 0;
	rq->keyed = true;
	if (take_service(args, &svc))
		return EXIT_USAGE;
	row->addr = svc.addr;
	row->prefix_len = svc.prefix_len;
	row->proto = svc.proto;
	row->port = svc.port;
	row->port_last = svc.port_last;
	row->by = svc.by;
	return args_done(args);
}

/**
 * row_service - What names the service of a row.
 * @row: row
 * @svc: is filled in
 */
void row_service(const struct svcseq_row *row, struct svcseq_service *svc)
{
	memset(svc, 0, sizeof(*svc));
	svc->addr = row->addr;
	svc->prefix_len = row->prefix_len;
	svc->proto = row->proto;
	svc->port = row->port;
	svc->port_last = row->port_last;
	svc->by = row->by;
	svc->dynamic_first = row->dynamic_first;
	svc->dynamic_last = row->dynamic_last;
}

static void cell(struct line *line, enum column col, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void cell(struct line *line, enum column col, const char *fmt, ...)
{
	size_t used = strlen(line->cell[col]);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line->cell[col] + used, CELL_SIZE - used, fmt, ap);
	va_end(ap);
}

/* The number in the header, in the terms of whoever looks at packets. */
static void tag_cell(struct line *line, enum column col,
		     const struct svcseq_tag *tag)
{
	char to[ADDR_TEXT];

	if (!tag->set)
		return;
	cell(line, col, " %s ", enum_text(word_track, tag->method.value, to));
	if (tag->value.set)
		cell(line, col, "%u", tag->value.value);
	else
		cell(line, col, "%u/%u", tag->path, tag->index.value);
}

static void print_tag(struct printer *pr, const char *key,
		      const struct svcseq_tag *tag)
{
	if (!tag->set || !pr->json)
		return;
	pr_object(pr, key);
	pr_enum(pr, "method", NO_WORD, word_track, &tag->method);
	if (tag->path)
		pr_number(pr, "path", NO_WORD, tag->path);
	pr_number(pr, "index", NO_WORD, tag->index.value);
	if (tag->value.set)
		pr_number(pr, "value", NO_WORD, tag->value.value);
	pr_object_end(pr);
}

static void in_columns(struct printer *pr, const struct svcseq_row *row,
		       struct line *line)
{
	char to[ADDR_TEXT];

	if (*row->from)
		pr_string(pr, "from", NO_WORD, row->from);
	pr_dev(pr, "in-dev", "in-ifindex", NO_WORD, &row->in);
	if (row->in.index || *row->in.name)
		cell(line, COL_IN, "%s", quote(dev_text(&row->in, to)));
	else
		cell(line, COL_IN, "uplink");

	if (row->src_mac.set)
		pr_string(pr, "src-mac", NO_WORD, mac_text(&row->src_mac, to));
	cell(line, COL_SRC_MAC, "%s",
	     row->src_mac.set ? mac_text(&row->src_mac, to) : "any");
	print_tag(pr, "match-tag", &row->match_tag);
	tag_cell(line, COL_SRC_MAC, &row->match_tag);
}

static void match_columns(struct printer *pr, const struct svcseq_row *row,
			  struct line *line)
{
	bool reply = row->direction.value == SVCSEQ_DIRECTION_REPLY;
	bool client = row->by.set && row->by.value == SVCSEQ_KEY_SIDE_CLIENT;
	bool src = reply != client;
	char to[ADDR_TEXT];

	pr_prefix(pr, "match-addr", NO_WORD, &row->match_addr,
		  &row->match_prefix_len);
	cell(line, src ? COL_DST : COL_SRC, "any");
	cell(line, src ? COL_SRC : COL_DST, "%s", row->match_addr.len ?
	     prefix_text(&row->match_addr, &row->match_prefix_len, to) : "any");

	pr_proto(pr, "match-proto", NO_WORD, row->match_proto);
	pr_ports(pr, "match-port", NO_WORD, row->match_port,
		 row->match_port_last);
	if (row->match_proto)
		cell(line, COL_PORT, "%s/",
		     enum_text(word_ip_proto, row->match_proto, to));
	cell(line, COL_PORT, "%s",
	     ports_text(row->match_port, row->match_port_last, to));
	/* They match wherever the service's own port does. */
	if (!row->dynamic_first || row->match_port != row->port)
		return;
	pr_ports(pr, "match-dynamic", NO_WORD, row->dynamic_first,
		 row->dynamic_last);
	cell(line, COL_PORT, ",%s",
	     ports_text(row->dynamic_first, row->dynamic_last, to));
}

static void out_columns(struct printer *pr, const struct svcseq_row *row,
			struct line *line)
{
	bool client = row->target.value == SVCSEQ_HOP_TARGET_CLIENT;
	bool out = row->out.index || *row->out.name;
	bool all = row->pool && !*row->member;
	char to[ADDR_TEXT];

	pr_enum(pr, "target", NO_WORD, word_target, &row->target);
	if (row->target.set)
		cell(line, COL_TYPE, "%s",
		     enum_text(word_target, row->target.value, to));
	if (*row->to) {
		pr_string(pr, "to", NO_WORD, row->to);
		cell(line, COL_TYPE, " %s", quote(row->to));
	}
	if (row->pool)
		pr_bool(pr, "pool", NO_WORD, true);
	if (*row->member) {
		pr_string(pr, "member", NO_WORD, row->member);
		cell(line, COL_TYPE, " (%s)", quote(row->member));
	}

	pr_dev(pr, "out-dev", "out-ifindex", NO_WORD, &row->out);
	cell(line, COL_OUT, "%s", out ? quote(dev_text(&row->out, to)) :
				  all ? "by member" : "by route");

	if (row->dst_mac.set)
		pr_string(pr, "dst-mac", NO_WORD, mac_text(&row->dst_mac, to));
	pr_addr(pr, "next-hop", NO_WORD, &row->next_hop);
	/* Where the routing table chooses there is no MAC to wait for. */
	if (row->dst_mac.set)
		cell(line, COL_DST_MAC, "%s", mac_text(&row->dst_mac, to));
	else if (client && !row->next_hop.len)
		cell(line, COL_DST_MAC, "by route");
	else if (all)
		cell(line, COL_DST_MAC, "by member");
	else
		cell(line, COL_DST_MAC, "unknown");
	if (row->next_hop.len)
		cell(line, COL_DST_MAC, "/%s", addr_text(&row->next_hop, to));
	print_tag(pr, "set-tag", &row->set_tag);
	tag_cell(line, COL_DST_MAC, &row->set_tag);
}

static void rewrite_columns(struct printer *pr, const struct svcseq_row *row,
			    struct line *line)
{
	bool reply = row->direction.value == SVCSEQ_DIRECTION_REPLY;
	char to[ADDR_TEXT];
	unsigned int i;

	pr_addr(pr, "set-addr", NO_WORD, &row->set_addr);
	if (row->set_addr.len)
		cell(line, COL_REWRITE, "%s := %s", reply ? "src" : "dst",
		     addr_text(&row->set_addr, to));
	if (row->set_port) {
		pr_number(pr, "set-port", NO_WORD, row->set_port);
		cell(line, COL_REWRITE, "%sport := %u",
		     row->set_addr.len ? ", " : "", row->set_port);
	}
	if (!row->set_addr.len && !row->set_port)
		cell(line, COL_REWRITE, "none");

	if (row->n_copies) {
		pr_array(pr, "copy-to");
		for (i = 0; i < row->n_copies; i++) {
			pr_string(pr, NULL, NO_WORD, row->copy_to[i]);
			cell(line, COL_COPIES, "%s%s", i ? "," : "",
			     quote(row->copy_to[i]));
		}
		pr_array_end(pr);
	} else {
		cell(line, COL_COPIES, "-");
	}
}

/* One walk: what JSON gets goes to the printer, what text gets to the line. */
static void walk(struct printer *pr, const struct svcseq_row *row,
		 struct line *line)
{
	const char *direction = row->direction.value == SVCSEQ_DIRECTION_REPLY ?
				"reply" : "request";
	struct svcseq_service svc;

	pr_string(pr, "sequence", NO_WORD, row->sequence);
	row_service(row, &svc);
	pr_prefix(pr, "addr", NO_WORD, &svc.addr, &svc.prefix_len);
	pr_proto(pr, "proto", NO_WORD, svc.proto);
	pr_ports(pr, "port", NO_WORD, svc.port, svc.port_last);
	pr_enum(pr, "by", NO_WORD, word_by, &svc.by);
	if (row->index.set)
		pr_number(pr, "index", NO_WORD, row->index.value);
	if (row->direction.set)
		pr_string(pr, "direction", NO_WORD, direction);
	in_columns(pr, row, line);
	match_columns(pr, row, line);
	out_columns(pr, row, line);
	rewrite_columns(pr, row, line);
	if (pr->json) {
		pr_counters(pr, "forwarded", &row->forwarded);
		pr_counters(pr, "skipped", &row->skipped);
	}
	cell(line, COL_PACKETS, "%llu",
	     (unsigned long long)row->forwarded.packets);
	cell(line, COL_BYTES, "%llu",
	     (unsigned long long)row->forwarded.bytes);
}

/**
 * table_print - Print one row as JSON.
 * @pr: printer
 * @row: row
 */
void table_print(struct printer *pr, const struct svcseq_row *row)
{
	struct line line;

	memset(&line, 0, sizeof(line));
	pr_object(pr, NULL);
	walk(pr, row, &line);
	pr_object_end(pr);
}

static void put_line(FILE *out, const char *const *cells, const size_t *width,
		     unsigned int columns)
{
	unsigned int col;

	fputc(' ', out);
	for (col = 0; col < columns - 1; col++)
		fprintf(out, " %-*s ", (int)width[col], cells[col]);
	/* No blanks at the end of the line. */
	fprintf(out, " %s\n", cells[col]);
}

static void print_table(struct table *t)
{
	unsigned int columns = t->pr->stats ? COLUMNS : COL_PACKETS;
	const char *cells[COLUMNS];
	size_t width[COLUMNS];
	struct svcseq_service svc;
	unsigned int col;
	size_t i, len;

	if (!t->n)
		return;
	row_service(&t->head, &svc);
	for (col = 0; col < COLUMNS; col++) {
		width[col] = strlen(titles[col]);
		for (i = 0; i < t->n; i++) {
			len = strlen(t->line[i].cell[col]);
			if (len > width[col])
				width[col] = len;
		}
	}
	if (t->tables++)
		fputc('\n', t->pr->out);
	pr_service(t->pr, &svc);
	pr_string(t->pr, NULL, "sequence", t->head.sequence);
	pr_line(t->pr);
	put_line(t->pr->out, titles, width, columns);
	for (i = 0; i < t->n; i++) {
		for (col = 0; col < COLUMNS; col++)
			cells[col] = t->line[i].cell[col];
		put_line(t->pr->out, cells, width, columns);
	}
	t->n = 0;
}

static bool same_service(const struct svcseq_row *a, const struct svcseq_row *b)
{
	return a->port == b->port && a->port_last == b->port_last &&
	       a->proto == b->proto && a->by.value == b->by.value &&
	       a->prefix_len.set == b->prefix_len.set &&
	       a->prefix_len.value == b->prefix_len.value &&
	       !memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

static int show(const struct svcseq_row *row, void *data)
{
	struct table *t = data;
	struct line *grown;

	if (t->pr->json) {
		table_print(t->pr, row);
		return 0;
	}
	if (t->n && !same_service(row, &t->head))
		print_table(t);
	if (!t->n)
		t->head = *row;
	if (t->n == t->room) {
		grown = realloc(t->line, (t->room + 64) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		t->line = grown;
		t->room += 64;
	}
	memset(&t->line[t->n], 0, sizeof(t->line[0]));
	walk(t->pr, row, &t->line[t->n++]);
	return 0;
}

/**
 * table_run - Run "table show".
 * @cli: connection and printer
 * @rq: request
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int table_run(struct cli *cli, const struct request *rq,
	      struct svcseq_error *err)
{
	struct table t = { .pr = &cli->pr };
	int ret;

	pr_list(&cli->pr);
	ret = svcseq_table_each(cli->sq, rq->keyed ? &rq->row : NULL, show, &t,
				err);
	if (!ret)
		print_table(&t);
	pr_list_end(&cli->pr, ret);
	free(t.line);
	return ret;
}
