// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of the engine as a whole. */

#include "../table/engine.h"
#include "../table/limit.h"
#include "netlink.h"

static int engine_fill(struct sk_buff *skb, struct svcseq_net *sn,
		       const void *obj)
{
	const struct svcseq_limit *limit =
		rcu_dereference_protected(sn->limit,
					  lockdep_is_held(&sn->cfg_lock));

	if (!limit)
		return 0;
	if (nla_put_u32(skb, SVCSEQ_A_ENGINE_MAX_PPS, limit->rate) ||
	    nla_put_u32(skb, SVCSEQ_A_ENGINE_BURST, limit->burst))
		return -EMSGSIZE;
	return 0;
}

/**
 * svcseq_nl_engine_set_doit - SVCSEQ_CMD_ENGINE_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_engine_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	const struct nlattr *burst = info->attrs[SVCSEQ_A_ENGINE_BURST];
	struct svcseq_limit *limit;
	int err;

	err = svcseq_nl_need(info, SVCSEQ_A_ENGINE_MAX_PPS, "engine",
			     "max-pps");
	if (err)
		return err;
	limit = svcseq_limit_new(nla_get_u32(info->attrs[SVCSEQ_A_ENGINE_MAX_PPS]),
				 burst ? nla_get_u32(burst) : 0, false);
	if (IS_ERR(limit))
		return PTR_ERR(limit);
	mutex_lock(&sn->cfg_lock);
	svcseq_limit_swap(&sn->limit, limit);
	svcseq_engine_changed(sn);
	mutex_unlock(&sn->cfg_lock);
	return 0;
}

/**
 * svcseq_nl_engine_get_doit - SVCSEQ_CMD_ENGINE_GET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_engine_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct svcseq_net *sn = svcseq_engine(genl_info_net(info));
	int err;

	mutex_lock(&sn->cfg_lock);
	err = svcseq_nl_reply(info, SVCSEQ_CMD_ENGINE_GET, sn, engine_fill,
			      NULL);
	mutex_unlock(&sn->cfg_lock);
	return err;
}
