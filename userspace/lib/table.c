// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nl.h"

static const struct sq_field tag[] = {
	SQ_ONE(struct svcseq_tag, method, SVCSEQ_A_TAG_METHOD,
	       SQ_U8, SQ_OUT, "method"),
	SQ_ONE(struct svcseq_tag, path, SVCSEQ_A_TAG_PATH,
	       SQ_U32, SQ_OUT, "path"),
	SQ_ONE(struct svcseq_tag, index, SVCSEQ_A_TAG_INDEX,
	       SQ_U8, SQ_OUT, "index"),
	SQ_ONE(struct svcseq_tag, value, SVCSEQ_A_TAG_VALUE,
	       SQ_U32_OPT, SQ_OUT, "value"),
};

static const struct sq_shape tag_shape = SQ_SHAPE(struct svcseq_tag, tag);

static const struct sq_field fields[] = {
	SQ_ONE(struct svcseq_row, sequence, SVCSEQ_A_ROW_SEQUENCE,
	       SQ_STRING, SQ_OUT, "sequence"),
	SQ_ONE(struct svcseq_row, addr, SVCSEQ_A_ROW_ADDR4,
	       SQ_ADDR4, SQ_KEY, "addr4"),
	SQ_ONE(struct svcseq_row, addr, SVCSEQ_A_ROW_ADDR6,
	       SQ_ADDR6, SQ_KEY, "addr6"),
	SQ_ONE(struct svcseq_row, proto, SVCSEQ_A_ROW_PROTO,
	       SQ_PROTO, SQ_KEY, "proto"),
	SQ_ONE(struct svcseq_row, port, SVCSEQ_A_ROW_PORT,
	       SQ_BE16, SQ_KEY, "port"),
	SQ_ONE(struct svcseq_row, prefix_len, SVCSEQ_A_ROW_PREFIX_LEN,
	       SQ_U8, SQ_KEY, "prefix-len"),
	SQ_ONE(struct svcseq_row, port_last, SVCSEQ_A_ROW_PORT_LAST,
	       SQ_BE16, SQ_KEY, "port-last"),
	SQ_ONE(struct svcseq_row, by, SVCSEQ_A_ROW_BY,
	       SQ_U8, SQ_KEY, "by"),
	SQ_ONE(struct svcseq_row, index, SVCSEQ_A_ROW_INDEX,
	       SQ_U32_OPT, SQ_KEY, "index"),
	SQ_ONE(struct svcseq_row, direction, SVCSEQ_A_ROW_DIRECTION,
	       SQ_U8, SQ_OUT, "direction"),
	SQ_ONE(struct svcseq_row, from, SVCSEQ_A_ROW_FROM,
	       SQ_STRING, SQ_OUT, "from"),
	SQ_ONE(struct svcseq_row, in, SVCSEQ_A_ROW_IN_IFINDEX,
	       SQ_IFINDEX, SQ_OUT, "in-ifindex"),
	SQ_ONE(struct svcseq_row, src_mac, SVCSEQ_A_ROW_SRC_MAC,
	       SQ_MAC, SQ_OUT, "src-mac"),
	SQ_ONE(struct svcseq_row, match_addr, SVCSEQ_A_ROW_MATCH_ADDR4,
	       SQ_ADDR4, SQ_OUT, "match-addr4"),
	SQ_ONE(struct svcseq_row, match_addr, SVCSEQ_A_ROW_MATCH_ADDR6,
	       SQ_ADDR6, SQ_OUT, "match-addr6"),
	SQ_ONE(struct svcseq_row, match_proto, SVCSEQ_A_ROW_MATCH_PROTO,
	       SQ_PROTO, SQ_OUT, "match-proto"),
	SQ_ONE(struct svcseq_row, match_port, SVCSEQ_A_ROW_MATCH_PORT,
	       SQ_BE16, SQ_OUT, "match-port"),
	SQ_ONE(struct svcseq_row, match_prefix_len,
	       SVCSEQ_A_ROW_MATCH_PREFIX_LEN, SQ_U8, SQ_OUT,
	       "match-prefix-len"),
	SQ_ONE(struct svcseq_row, match_port_last,
	       SVCSEQ_A_ROW_MATCH_PORT_LAST, SQ_BE16, SQ_OUT,
	       "match-port-last"),
	SQ_ONE(struct svcseq_row, dynamic_first, SVCSEQ_A_ROW_DYNAMIC_FIRST,
	       SQ_BE16, SQ_OUT, "dynamic-first"),
	SQ_ONE(struct svcseq_row, dynamic_last, SVCSEQ_A_ROW_DYNAMIC_LAST,
	       SQ_BE16, SQ_OUT, "dynamic-last"),
	SQ_ONE(struct svcseq_row, target, SVCSEQ_A_ROW_TARGET,
	       SQ_U8, SQ_OUT, "target"),
	SQ_ONE(struct svcseq_row, to, SVCSEQ_A_ROW_TO,
	       SQ_STRING, SQ_OUT, "to"),
	SQ_ONE(struct svcseq_row, out, SVCSEQ_A_ROW_OUT_IFINDEX,
	       SQ_IFINDEX, SQ_OUT, "out-ifindex"),
	SQ_ONE(struct svcseq_row, dst_mac, SVCSEQ_A_ROW_DST_MAC,
	       SQ_MAC, SQ_OUT, "dst-mac"),
	SQ_ONE(struct svcseq_row, next_hop, SVCSEQ_A_ROW_NEXT_HOP4,
	       SQ_ADDR4, SQ_OUT, "next-hop4"),
	SQ_ONE(struct svcseq_row, next_hop, SVCSEQ_A_ROW_NEXT_HOP6,
	       SQ_ADDR6, SQ_OUT, "next-hop6"),
	SQ_ONE(struct svcseq_row, set_addr, SVCSEQ_A_ROW_SET_ADDR4,
	       SQ_ADDR4, SQ_OUT, "set-addr4"),
	SQ_ONE(struct svcseq_row, set_addr, SVCSEQ_A_ROW_SET_ADDR6,
	       SQ_ADDR6, SQ_OUT, "set-addr6"),
	SQ_ONE(struct svcseq_row, set_port, SVCSEQ_A_ROW_SET_PORT,
	       SQ_BE16, SQ_OUT, "set-port"),
	SQ_MANY(struct svcseq_row, copy_to, n_copies, SVCSEQ_A_ROW_COPY_TO,
		SQ_STRING, SQ_OUT, "copy-to", NULL),
	SQ_IN(struct svcseq_row, forwarded, SVCSEQ_A_ROW_FORWARDED,
	      SQ_OUT, "forwarded", &sq_counters_shape),
	SQ_IN(struct svcseq_row, match_tag, SVCSEQ_A_ROW_MATCH_TAG,
	      SQ_OUT, "match-tag", &tag_shape),
	SQ_IN(struct svcseq_row, set_tag, SVCSEQ_A_ROW_SET_TAG,
	      SQ_OUT, "set-tag", &tag_shape),
	SQ_ONE(struct svcseq_row, pool, SVCSEQ_A_ROW_POOL,
	       SQ_FLAG, SQ_OUT, "pool"),
	SQ_ONE(struct svcseq_row, member, SVCSEQ_A_ROW_MEMBER,
	       SQ_STRING, SQ_OUT, "member"),
	SQ_IN(struct svcseq_row, skipped, SVCSEQ_A_ROW_SKIPPED,
	      SQ_OUT, "skipped", &sq_counters_shape),
};

const struct sq_shape sq_row_shape = SQ_SHAPE(struct svcseq_row, fields);

/**
 * svcseq_table_get - Read one row of the sequence table.
 * @sq: handle
 * @key: which; what names the service, and the index count
 * @row: what is read
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_table_get(struct svcseq *sq, const struct svcseq_row *key,
		     struct svcseq_row *row, struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_TABLE_GET, &sq_row_shape, SQ_KEY, key, row,
		     err);
}

struct each {
	svcseq_row_cb *cb;
	void *data;
};

static int deliver(const void *obj, void *data)
{
	const struct each *each = data;

	return each->cb(obj, each->data);
}

/**
 * svcseq_table_each - List rows of the sequence table.
 * @sq: handle
 * @filter: only the service that is named like this; NULL for all
 * @cb: called for each row
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, or a negative errno value.
 */
int svcseq_table_each(struct svcseq *sq, const struct svcseq_row *filter,
		      svcseq_row_cb *cb, void *data, struct svcseq_error *err)
{
	struct each each = { .cb = cb, .data = data };
	struct svcseq_row row;

	return sq_dump(sq, SVCSEQ_CMD_TABLE_GET, &sq_row_shape, filter, &row,
		       deliver, &each, err);
}
