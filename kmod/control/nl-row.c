// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of the sequence table: what a service's packets meet, in
 * the columns of the packet sequencing document (Figs 5D, 6B, 7B, 8C).
 */

#include <linux/etherdevice.h>

#include "../core/tag.h"
#include "../table/counters.h"
#include "../table/engine.h"
#include "../table/key.h"
#include "../table/place.h"
#include "../table/pool.h"
#include "../table/refuse.h"
#include "../table/sequence.h"
#include "../table/service.h"
#include "netlink.h"

/* A row of a service. */
struct row {
	const struct svcseq_service *svc;
	const struct svcseq_sequence *seq;
	const struct svcseq_prog *prog;
	u32 index;
};

static bool row_of(struct row *row, struct svcseq_net *sn,
		   const struct svcseq_service *svc, u32 index)
{
	row->svc = svc;
	row->seq = rcu_dereference_protected(svc->seq,
					     lockdep_is_held(&sn->cfg_lock));
	row->prog = svcseq_sequence_prog(row->seq);
	row->index = index;
	return row->prog && index < row->prog->nrows[0] + row->prog->nrows[1];
}

static const struct svcseq_nl_service_attrs row_attrs = {
	.addr4 = SVCSEQ_A_ROW_ADDR4,
	.addr6 = SVCSEQ_A_ROW_ADDR6,
	.proto = SVCSEQ_A_ROW_PROTO,
	.port = SVCSEQ_A_ROW_PORT,
	.prefix_len = SVCSEQ_A_ROW_PREFIX_LEN,
	.port_last = SVCSEQ_A_ROW_PORT_LAST,
	.by = SVCSEQ_A_ROW_BY,
	.dynamic_first = SVCSEQ_A_ROW_DYNAMIC_FIRST,
	.dynamic_last = SVCSEQ_A_ROW_DYNAMIC_LAST,
};

/* Which service, and which of its rows. */
static int put_identity(struct sk_buff *skb, const struct row *row)
{
	if (nla_put_string(skb, SVCSEQ_A_ROW_SEQUENCE, row->seq->name) ||
	    svcseq_nl_put_service(skb, &row_attrs, row->svc) ||
	    nla_put_u32(skb, SVCSEQ_A_ROW_INDEX, row->index))
		return -EMSGSIZE;
	return 0;
}

static int put_ports(struct sk_buff *skb, struct svcseq_net *sn, u64 origin)
{
	const struct svcseq_port *port, *only = NULL;
	unsigned long id;
	u8 mac[ETH_ALEN];

	if (!origin) {
		xa_for_each(&sn->ports, id, port) {
			if (port->role != SVCSEQ_PORT_ROLE_UPLINK)
				continue;
			if (only)
				return 0;
			only = port;
		}
	} else {
		only = xa_load(&sn->ports, (u16)origin);
	}
	if (only && nla_put_u32(skb, SVCSEQ_A_ROW_IN_IFINDEX,
				only->dev->ifindex))
		return -EMSGSIZE;
	if (!(origin >> 16))
		return 0;
	u64_to_ether_addr(origin >> 16, mac);
	return nla_put(skb, SVCSEQ_A_ROW_SRC_MAC, ETH_ALEN, mac);
}

/* Ports that packets carry there; dynamic ones are told with the service. */
static int put_match_ports(struct sk_buff *skb, const struct svcseq_row *r,
			   const struct svcseq_service *svc)
{
	u16 first = (u16)r->match ?: svc->first ?: 1;
	u16 last = (u16)r->match ?: svc->last;

	if (!svcseq_proto_has_ports(svcseq_match_proto(r->match, svc->proto)))
		return 0;
	if (nla_put_be16(skb, SVCSEQ_A_ROW_MATCH_PORT, cpu_to_be16(first)) ||
	    (first != last && nla_put_be16(skb, SVCSEQ_A_ROW_MATCH_PORT_LAST,
					   cpu_to_be16(last))))
		return -EMSGSIZE;
	return 0;
}

/* What a packet has to be to take the row. */
static int put_match(struct sk_buff *skb, struct svcseq_net *sn,
		     const struct row *row, const struct svcseq_row *r,
		     const struct svcseq_ledger_hop *whom, u8 dir)
{
	const struct svcseq_service *svc = row->svc;
	const union svcseq_addr *addr = svcseq_service_addr(svc);

	if (r->match & SVCSEQ_MATCH_NAT)
		addr = &whom->from->conf->nat[svc->fam];
	if (nla_put_u8(skb, SVCSEQ_A_ROW_DIRECTION, dir) ||
	    (whom->from &&
	     nla_put_string(skb, SVCSEQ_A_ROW_FROM, whom->from->name)) ||
	    put_ports(skb, sn, r->origin) ||
	    svcseq_nl_put_addr(skb, SVCSEQ_A_ROW_MATCH_ADDR4,
			       SVCSEQ_A_ROW_MATCH_ADDR6, svc->fam, addr) ||
	    nla_put_u8(skb, SVCSEQ_A_ROW_MATCH_PROTO,
		       svcseq_match_proto(r->match, svc->proto)) ||
	    (svc->len != svcseq_place_addr_len(svc->fam) &&
	     nla_put_u8(skb, SVCSEQ_A_ROW_MATCH_PREFIX_LEN, svc->len)))
		return -EMSGSIZE;
	return put_match_ports(skb, r, svc);
}

static u8 target_of(const struct svcseq_device *to, bool client)
{
	if (client)
		return SVCSEQ_HOP_TARGET_CLIENT;
	if (to->conf->kind == SVCSEQ_DEVICE_KIND_BRIDGE)
		return SVCSEQ_HOP_TARGET_BRIDGE;
	if (to->conf->kind == SVCSEQ_DEVICE_KIND_INLINE)
		return SVCSEQ_HOP_TARGET_INLINE;
	if (to->conf->kind == SVCSEQ_DEVICE_KIND_EXTERNAL)
		return SVCSEQ_HOP_TARGET_EXTERNAL;
	switch (to->conf->mode) {
	case SVCSEQ_SERVER_MODE_LOOPBACK:
		return SVCSEQ_HOP_TARGET_LOOPBACK;
	case SVCSEQ_SERVER_MODE_ALIAS:
		return SVCSEQ_HOP_TARGET_ALIAS;
	default:
		return SVCSEQ_HOP_TARGET_NAT;
	}
}

/* How a packet goes on: by the hop itself, or if it leads to a pool and one
 * member gets all, by the branch to that one; @any for whatever is the same for
 * all members.
 */
static u16 row_branch(const struct row *row, u16 hop, bool any)
{
	const struct svcseq_fork *fork = row->prog->hop[hop].fork;
	const struct svcseq_plan_hop *plan = &row->prog->info->hop[hop];
	const struct svcseq_choice *who;
	u8 at = any ? 0 : SVCSEQ_MAGLEV_NONE;

	if (!fork)
		return hop;
	who = &rcu_dereference_protected(fork->pool->choice,
			lockdep_is_held(&row->prog->sn->cfg_lock))->who;
	if (!who->size)
		at = fork->at[who->only];
	if (any && at == SVCSEQ_MAGLEV_NONE)
		at = 0;
	return at == SVCSEQ_MAGLEV_NONE ? SVCSEQ_NO_HOP : plan->branch + at;
}

static int put_out(struct sk_buff *skb, const struct row *row,
		   const struct svcseq_hop *hop)
{
	const struct svcseq_out *out = &hop->out;
	u8 fam = row->svc->fam;

	if (hop->flags & SVCSEQ_HOP_TAG) {
		out = &hop->tag->way;
		if (hop->tag->out.method >= SVCSEQ_TRACK_GRE)
			fam = hop->tag->out.fam;
	}
	if ((out->dev &&
	     nla_put_u32(skb, SVCSEQ_A_ROW_OUT_IFINDEX, out->dev->ifindex)) ||
	    (out->l2_ok[fam] &&
	     nla_put(skb, SVCSEQ_A_ROW_DST_MAC, ETH_ALEN, out->l2[fam])) ||
	    (out->nh_ok[fam] &&
	     svcseq_nl_put_addr(skb, SVCSEQ_A_ROW_NEXT_HOP4,
				SVCSEQ_A_ROW_NEXT_HOP6, fam, &out->nh[fam])))
		return -EMSGSIZE;
	return 0;
}

/* Who gets the packet, and where it leaves. */
static int put_target(struct sk_buff *skb, const struct row *row, u16 hop)
{
	const struct svcseq_ledger_hop *ledger = row->prog->info->ledger->hop;
	const struct svcseq_fork *fork = row->prog->hop[hop].fork;
	bool client = row->prog->hop[hop].flags & SVCSEQ_HOP_LEAVE;
	const struct svcseq_device *to;
	u16 by = row_branch(row, hop, false);

	to = ledger[row_branch(row, hop, true)].to;
	if (nla_put_u8(skb, SVCSEQ_A_ROW_TARGET, target_of(to, client)))
		return -EMSGSIZE;
	if (fork &&
	    (nla_put_string(skb, SVCSEQ_A_ROW_TO, fork->pool->name) ||
	     nla_put_flag(skb, SVCSEQ_A_ROW_POOL) ||
	     (by != SVCSEQ_NO_HOP &&
	      nla_put_string(skb, SVCSEQ_A_ROW_MEMBER, ledger[by].to->name))))
		return -EMSGSIZE;
	if (!fork && to && nla_put_string(skb, SVCSEQ_A_ROW_TO, to->name))
		return -EMSGSIZE;
	if (by == SVCSEQ_NO_HOP)
		return 0;
	return put_out(skb, row, &row->prog->hop[by]);
}

/* Servers of a pool have an address each. */
static int put_rewrite(struct sk_buff *skb, const struct row *row, u16 index)
{
	const union svcseq_addr *addr = svcseq_service_addr(row->svc);
	const struct svcseq_hop *hop =
		&row->prog->hop[row_branch(row, index, true)];
	bool known = row_branch(row, index, false) != SVCSEQ_NO_HOP;
	u8 fam = row->svc->fam;

	if (hop->flags & SVCSEQ_HOP_NAT_DST)
		addr = &hop->nat[fam];
	else
		known = true;
	if (hop->flags & (SVCSEQ_HOP_NAT_DST | SVCSEQ_HOP_NAT_SRC) && known &&
	    svcseq_nl_put_addr(skb, SVCSEQ_A_ROW_SET_ADDR4,
			       SVCSEQ_A_ROW_SET_ADDR6, fam, addr))
		return -EMSGSIZE;
	if (hop->flags & SVCSEQ_HOP_SET_PORT &&
	    nla_put_be16(skb, SVCSEQ_A_ROW_SET_PORT,
			 cpu_to_be16(hop->set_port ?: row->svc->port)))
		return -EMSGSIZE;
	return 0;
}

static int put_tag(struct sk_buff *skb, int attr, const struct svcseq_mark *mark)
{
	u8 index = mark->position;
	struct nlattr *nest;

	if (!mark->method)
		return 0;
	if (mark->method == SVCSEQ_TRACK_NSH)
		index = svcseq_tag_nsh_index(index);
	nest = nla_nest_start(skb, attr);
	if (!nest || nla_put_u8(skb, SVCSEQ_A_TAG_METHOD, mark->method) ||
	    (mark->path && nla_put_u32(skb, SVCSEQ_A_TAG_PATH, mark->path)) ||
	    nla_put_u8(skb, SVCSEQ_A_TAG_INDEX, index) ||
	    (mark->method != SVCSEQ_TRACK_NSH &&
	     nla_put_u32(skb, SVCSEQ_A_TAG_VALUE,
			 svcseq_tag_value(mark->method, mark->path,
					  mark->position))))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_tags(struct sk_buff *skb, const struct svcseq_hop_tag *tag)
{
	if (!tag)
		return 0;
	if (put_tag(skb, SVCSEQ_A_ROW_MATCH_TAG, &tag->in) ||
	    put_tag(skb, SVCSEQ_A_ROW_SET_TAG, &tag->out))
		return -EMSGSIZE;
	return 0;
}

/* Packets that took a row are counted by hops: where they went. */
static void row_sum(const struct row *row, u16 hop, struct svcseq_totals *sum,
		    struct svcseq_totals *skipped)
{
	const struct svcseq_plan_hop *plan = &row->prog->info->hop[hop];
	struct svcseq_stats __percpu *stats = row->prog->stats;
	u8 m;

	if (!plan->nbranches)
		svcseq_stats_read(sum, stats, hop);
	for (m = 0; m < plan->nbranches; m++)
		svcseq_stats_read(sum, stats, plan->branch + m);
	if (plan->open == SVCSEQ_NO_HOP)
		return;
	if (skipped)
		svcseq_stats_read(skipped, stats, hop);
	/* as many in a row as there are steps */
	row_sum(row, plan->open, sum, NULL);
}

static int row_fill(struct sk_buff *skb, struct svcseq_net *sn, const void *obj)
{
	const struct row *row = obj;
	const struct svcseq_row *r = &row->prog->row[row->index];
	const struct svcseq_prog_info *info = row->prog->info;
	const struct svcseq_ledger_hop *whom = &info->ledger->hop[r->hop];
	const struct svcseq_hop *hop = &row->prog->hop[r->hop];
	struct svcseq_totals sum = {}, skipped = {};
	int t;

	row_sum(row, r->hop, &sum, &skipped);
	if (put_identity(skb, row) ||
	    put_match(skb, sn, row, r, whom, info->hop[r->hop].dir) ||
	    put_target(skb, row, r->hop) ||
	    put_rewrite(skb, row, r->hop) ||
	    put_tags(skb, hop->tag) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_ROW_FORWARDED, &sum) ||
	    (info->hop[r->hop].open != SVCSEQ_NO_HOP &&
	     svcseq_nl_put_counter(skb, SVCSEQ_A_ROW_SKIPPED, &skipped)))
		return -EMSGSIZE;
	for (t = 0; t < whom->ntaps; t++)
		if (nla_put_string(skb, SVCSEQ_A_ROW_COPY_TO,
				   whom->tap[t] ? whom->tap[t]->name :
				   hop->copies[t].fork->pool->name))
			return -EMSGSIZE;
	return 0;
}

static int table_get(struct svcseq_net *sn, struct genl_info *info)
{
	u32 index = nla_get_u32(info->attrs[SVCSEQ_A_ROW_INDEX]);
	struct svcseq_service_id id;
	struct svcseq_service *svc;
	struct row row;
	int err;

	err = svcseq_nl_service_id(info->extack, info->attrs, &row_attrs, &id);
	if (err)
		return err;
	svc = svcseq_service_find(sn, &id);
	if (!svc)
		return svcseq_service_missing(&id, info->extack);
	if (!row_of(&row, sn, svc, index))
		return svcseq_refuse(info->extack, -ENOENT,
				     "the table of this service has no row %u; rows are counted from 0",
				     index);
	return svcseq_nl_reply(info, SVCSEQ_CMD_TABLE_GET, sn, row_fill, &row);
}

/**
 * svcseq_nl_table_get_doit - SVCSEQ_CMD_TABLE_GET of one row
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_table_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	int err;

	err = svcseq_nl_need(info, SVCSEQ_A_ROW_INDEX, "row", "index");
	if (err)
		return err;
	mutex_lock(&sn->cfg_lock);
	err = table_get(sn, info);
	mutex_unlock(&sn->cfg_lock);
	return err;
}

/* State of a dump in cb->args: number of the service, index of the row. */
static int table_dump_service(struct sk_buff *skb, struct netlink_callback *cb,
			      struct svcseq_net *sn,
			      const struct svcseq_service *svc)
{
	struct row row;
	int err;

	for (; row_of(&row, sn, svc, cb->args[1]); cb->args[1]++) {
		err = svcseq_nl_put(skb, NETLINK_CB(cb->skb).portid,
				    cb->nlh->nlmsg_seq, NLM_F_MULTI,
				    SVCSEQ_CMD_TABLE_GET, cb, sn, row_fill,
				    &row);
		if (err)
			return err;
	}
	cb->args[1] = 0;
	return 0;
}

static int table_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			  struct svcseq_net *sn, struct nlattr **attrs)
{
	struct svcseq_service_id id;
	struct svcseq_service *svc;
	int err;

	if (cb->args[0])
		return 0;
	err = svcseq_nl_service_id(cb->extack, attrs, &row_attrs, &id);
	if (err)
		return err;
	svc = svcseq_service_find(sn, &id);
	if (!svc)
		return svcseq_service_missing(&id, cb->extack);
	err = table_dump_service(skb, cb, sn, svc);
	if (!err)
		cb->args[0] = 1;
	return err;
}

static int table_dump_all(struct sk_buff *skb, struct netlink_callback *cb,
			  struct svcseq_net *sn)
{
	unsigned long id = cb->args[0];
	struct svcseq_service *svc;
	int err = 0;

	for (; (svc = xa_find(&sn->services, &id, ULONG_MAX, XA_PRESENT));
	     id++) {
		/* rows of a service that is gone meanwhile count for nobody */
		if (id != cb->args[0])
			cb->args[1] = 0;
		cb->args[0] = id;
		err = table_dump_service(skb, cb, sn, svc);
		if (err)
			break;
	}
	cb->args[0] = id;
	return err;
}

/**
 * svcseq_nl_table_get_dumpit - SVCSEQ_CMD_TABLE_GET of one or all services
 * @skb: where to
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes written or a negative errno.
 */
int svcseq_nl_table_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct svcseq_net *sn = svcseq_engine(sock_net(skb->sk));
	struct nlattr *attrs[SVCSEQ_A_ROW_BY + 1];
	bool one;
	int err;

	err = genlmsg_parse(cb->nlh, &svcseq_nl_family, attrs,
			    SVCSEQ_A_ROW_BY, svcseq_table_get_nl_policy,
			    cb->extack);
	if (err)
		return err;
	one = attrs[SVCSEQ_A_ROW_ADDR4] || attrs[SVCSEQ_A_ROW_ADDR6] ||
	      attrs[SVCSEQ_A_ROW_PROTO] || attrs[SVCSEQ_A_ROW_PORT] ||
	      attrs[SVCSEQ_A_ROW_PREFIX_LEN] ||
	      attrs[SVCSEQ_A_ROW_PORT_LAST] || attrs[SVCSEQ_A_ROW_BY];

	mutex_lock(&sn->cfg_lock);
	cb->seq = sn->generation;
	if (one)
		err = table_dump_one(skb, cb, sn, attrs);
	else
		err = table_dump_all(skb, cb, sn);
	mutex_unlock(&sn->cfg_lock);
	return err && !skb->len ? err : skb->len;
}
