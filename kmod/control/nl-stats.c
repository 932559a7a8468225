// SPDX-License-Identifier: GPL-2.0
/* Netlink command of the counters of a namespace. */

#include "../table/counters.h"
#include "../table/engine.h"
#include "../table/refuse.h"
#include "../table/service.h"
#include "netlink.h"

static int reason_put(struct sk_buff *skb, struct svcseq_net *sn,
		      enum svcseq_drop_reason reason)
{
	struct nlattr *nest = nla_nest_start(skb, SVCSEQ_A_STATS_REASON);
	struct svcseq_totals sum = {};

	svcseq_stats_read(&sum, sn->drops, reason);
	if (!nest ||
	    nla_put_string(skb, SVCSEQ_A_REASON_NAME,
			   svcseq_drop_name(reason)) ||
	    svcseq_nl_put_counter(skb, SVCSEQ_A_REASON_DROPPED, &sum))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* @obj: name of the only reason to report, or NULL */
static int stats_fill(struct sk_buff *skb, struct svcseq_net *sn,
		      const void *obj)
{
	enum svcseq_drop_reason reason;
	const char *only = obj;

	if (nla_put_u32(skb, SVCSEQ_A_STATS_PORTS, sn->nports) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_DEVICES, sn->ndevices) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_SEQUENCES, sn->nsequences) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_SERVICES, sn->nservices) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_MAX_SERVICES,
			svcseq_service_max()) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_SERVICE_BYTES,
			svcseq_service_bytes()) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_GENERATION, sn->generation) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_PLACES, sn->places.n) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_PLACE_BYTES,
			min_t(size_t, sn->places.bytes, U32_MAX)) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_ACLS, sn->nlists) ||
	    nla_put_u32(skb, SVCSEQ_A_STATS_POOLS, sn->npools))
		return -EMSGSIZE;
	for (reason = 0; reason < SVCSEQ_NDROPS; reason++) {
		if (only && strcmp(only, svcseq_drop_name(reason)))
			continue;
		if (reason_put(skb, sn, reason))
			return -EMSGSIZE;
	}
	return 0;
}

static int check_reason(struct genl_info *info, const char *name)
{
	enum svcseq_drop_reason reason;

	for (reason = 0; reason < SVCSEQ_NDROPS; reason++)
		if (!strcmp(name, svcseq_drop_name(reason)))
			return 0;
	NL_SET_BAD_ATTR(info->extack, info->attrs[SVCSEQ_A_STATS_NAME]);
	return svcseq_refuse(info->extack, -ENOENT,
			     "stats: there is no drop reason '%s'; leave it out to see all",
			     name);
}

/**
 * svcseq_nl_stats_get_doit - SVCSEQ_CMD_STATS_GET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	const char *only = NULL;
	int err;

	if (info->attrs[SVCSEQ_A_STATS_NAME]) {
		only = nla_data(info->attrs[SVCSEQ_A_STATS_NAME]);
		err = check_reason(info, only);
		if (err)
			return err;
	}
	mutex_lock(&sn->cfg_lock);
	err = svcseq_nl_reply(info, SVCSEQ_CMD_STATS_GET, sn, stats_fill, only);
	mutex_unlock(&sn->cfg_lock);
	return err;
}
