// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of services. */

#include <linux/slab.h>
#include <net/ipv6.h>

#include "../core/view.h"
#include "../table/counters.h"
#include "../table/engine.h"
#include "../table/limit.h"
#include "../table/refuse.h"
#include "../table/sequence.h"
#include "../table/service.h"
#include "noun.h"

static const int service_id_attr[] = {
	SVCSEQ_A_SERVICE_ADDR4, SVCSEQ_A_SERVICE_ADDR6,
	SVCSEQ_A_SERVICE_PROTO, SVCSEQ_A_SERVICE_PORT,
};

static bool addr_is_reachable(const struct svcseq_service_id *id)
{
	__be32 v4 = id->addr.v4;

	if (id->fam == SVCSEQ_V6)
		return !ipv6_addr_any(&id->addr.v6) &&
		       !ipv6_addr_loopback(&id->addr.v6) &&
		       !ipv6_addr_is_multicast(&id->addr.v6);
	return !ipv4_is_zeronet(v4) && !ipv4_is_loopback(v4) &&
	       !ipv4_is_multicast(v4) && !ipv4_is_lbcast(v4);
}

/**
 * svcseq_nl_service_id - read which service a request is about
 * @extack: for the text of a refusal
 * @attrs: its attributes
 * @attr: which of them are address (v4, v6), protocol and port
 * @id: the result
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int svcseq_nl_service_id(struct netlink_ext_ack *extack,
			 struct nlattr * const *attrs, const int *attr,
			 struct svcseq_service_id *id)
{
	const struct nlattr *addr4 = attrs[attr[0]], *addr6 = attrs[attr[1]];
	const struct nlattr *proto = attrs[attr[2]], *port = attrs[attr[3]];

	memset(id, 0, sizeof(*id));
	if (!addr4 == !addr6)
		return svcseq_refuse(extack, -EINVAL,
				     "service: give one address, addr4 or addr6");
	if (!proto || !port)
		return svcseq_refuse(extack, -EINVAL,
				     "service: '%s' is missing; give it",
				     proto ? "port" : "proto");
	id->fam = addr4 ? SVCSEQ_V4 : SVCSEQ_V6;
	svcseq_nl_get_addr(&id->addr, id->fam, addr4 ?: addr6);
	id->proto = nla_get_u8(proto);
	id->port = be16_to_cpu(nla_get_be16(port));
	if (!svcseq_view_has_ports(id->proto))
		return svcseq_refuse(extack, -EINVAL,
				     "service: protocol %u has no ports; use tcp, udp, sctp, dccp or udplite",
				     id->proto);
	if (!id->port)
		return svcseq_refuse(extack, -EINVAL,
				     "service: a port is from 1 to 65535");
	if (!addr_is_reachable(id))
		return svcseq_refuse(extack, -EINVAL,
				     "service: the address is not one that clients can reach; use a unicast address");
	return 0;
}

static int limit_put(struct sk_buff *skb, struct svcseq_net *sn,
		     const struct svcseq_service *svc)
{
	const struct svcseq_limit *limit =
		rcu_dereference_protected(svc->limit,
					  lockdep_is_held(&sn->cfg_lock));

	if (!limit)
		return 0;
	if (nla_put_u32(skb, limit->bits ? SVCSEQ_A_SERVICE_LIMIT_KBPS :
					   SVCSEQ_A_SERVICE_LIMIT_PPS,
			limit->rate) ||
	    nla_put_u32(skb, SVCSEQ_A_SERVICE_LIMIT_BURST, limit->burst))
		return -EMSGSIZE;
	return 0;
}

static bool has_limit(const struct genl_info *info)
{
	return info->attrs[SVCSEQ_A_SERVICE_LIMIT_PPS] ||
	       info->attrs[SVCSEQ_A_SERVICE_LIMIT_KBPS];
}

/* The limit that a request wants, NULL for none. */
static struct svcseq_limit *limit_parse(struct genl_info *info)
{
	const struct nlattr *pps = info->attrs[SVCSEQ_A_SERVICE_LIMIT_PPS];
	const struct nlattr *kbps = info->attrs[SVCSEQ_A_SERVICE_LIMIT_KBPS];
	const struct nlattr *burst = info->attrs[SVCSEQ_A_SERVICE_LIMIT_BURST];

	if (pps && kbps) {
		svcseq_refuse(info->extack, -EINVAL,
			      "service: a limit is in packets or in kilobits; give limit-pps or limit-kbps");
		return ERR_PTR(-EINVAL);
	}
	if (burst && !has_limit(info)) {
		svcseq_refuse(info->extack, -EINVAL,
			      "service: 'limit-burst' belongs to a limit; give limit-pps or limit-kbps");
		return ERR_PTR(-EINVAL);
	}
	if (!has_limit(info))
		return NULL;
	return svcseq_limit_new(nla_get_u32(pps ?: kbps),
				burst ? nla_get_u32(burst) : 0, kbps);
}

static int service_fill(struct sk_buff *skb, struct svcseq_net *sn,
			const void *obj)
{
	static const int counter_attr[SVCSEQ_SERVICE_NSTATS] = {
		[SVCSEQ_SERVICE_REQUEST] = SVCSEQ_A_SERVICE_REQUEST,
		[SVCSEQ_SERVICE_REPLY] = SVCSEQ_A_SERVICE_REPLY,
		[SVCSEQ_SERVICE_DROPPED] = SVCSEQ_A_SERVICE_DROPPED,
	};
	const struct svcseq_service *svc = obj;
	const struct svcseq_sequence *seq;
	union svcseq_addr addr;
	int i;

	seq = rcu_dereference_protected(svc->seq,
					lockdep_is_held(&sn->cfg_lock));
	if (svc->fam == SVCSEQ_V4)
		addr.v4 = svc->key.id.v4.addr;
	else
		addr.v6 = svc->key.id.v6.addr;
	if (svcseq_nl_put_addr(skb, SVCSEQ_A_SERVICE_ADDR4,
			       SVCSEQ_A_SERVICE_ADDR6, svc->fam, &addr) ||
	    nla_put_u8(skb, SVCSEQ_A_SERVICE_PROTO, svc->proto) ||
	    nla_put_be16(skb, SVCSEQ_A_SERVICE_PORT,
			 cpu_to_be16(svc->port)) ||
	    nla_put_string(skb, SVCSEQ_A_SERVICE_SEQUENCE, seq->name) ||
	    nla_put_u8(skb, SVCSEQ_A_SERVICE_OWNER, svc->owner))
		return -EMSGSIZE;
	if (svc->dscp != SVCSEQ_DSCP_KEEP &&
	    nla_put_u8(skb, SVCSEQ_A_SERVICE_DSCP, svc->dscp))
		return -EMSGSIZE;
	for (i = 0; i < SVCSEQ_SERVICE_NSTATS; i++) {
		struct svcseq_totals sum = {};

		svcseq_stats_read(&sum, svc->stats, i);
		if (svcseq_nl_put_counter(skb, counter_attr[i], &sum))
			return -EMSGSIZE;
	}
	return limit_put(skb, sn, svc);
}

static void *obj_find(struct svcseq_net *sn, struct genl_info *info)
{
	struct svcseq_service_id id;
	struct svcseq_service *svc;
	int err;

	err = svcseq_nl_service_id(info->extack, info->attrs, service_id_attr,
				   &id);
	if (err)
		return ERR_PTR(err);
	svc = svcseq_service_find(sn, &id);
	if (svc)
		return svc;
	return ERR_PTR(svcseq_service_missing(&id, info->extack));
}

static struct svcseq_sequence *find_sequence(struct svcseq_net *sn,
					     struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[SVCSEQ_A_SERVICE_SEQUENCE];
	struct svcseq_sequence *seq;

	seq = svcseq_sequence_find(sn, nla_data(attr));
	if (seq)
		return seq;
	NL_SET_BAD_ATTR(info->extack, attr);
	svcseq_refuse(info->extack, -ENOENT,
		      "service: there is no sequence '%s'; add it with 'sequence add'",
		      (char *)nla_data(attr));
	return ERR_PTR(-ENOENT);
}

static void *service_add(struct svcseq_net *sn, struct genl_info *info,
			 struct svcseq_sequence *seq, u8 owner)
{
	struct svcseq_service_id id;
	int err;

	err = svcseq_nl_service_id(info->extack, info->attrs, service_id_attr,
				   &id);
	if (!err)
		err = svcseq_nl_need(info, SVCSEQ_A_SERVICE_SEQUENCE,
				     "service", "sequence");
	if (!err)
		err = svcseq_service_add(sn, &id, seq, owner, info->extack);
	return err ? ERR_PTR(err) : svcseq_service_find(sn, &id);
}

static int check_dscp(struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[SVCSEQ_A_SERVICE_DSCP];
	u8 value = attr ? nla_get_u8(attr) : SVCSEQ_DSCP_KEEP;

	if (value <= SVCSEQ_DSCP_MAX || value == SVCSEQ_DSCP_KEEP)
		return 0;
	NL_SET_BAD_ATTR(info->extack, attr);
	return svcseq_refuse(info->extack, -EINVAL,
			     "service: a DSCP is from 0 to %d, not %u; %d leaves packets as they are",
			     SVCSEQ_DSCP_MAX, value, SVCSEQ_DSCP_KEEP);
}

static void *service_write(struct svcseq_net *sn, struct genl_info *info,
			   struct svcseq_service *svc)
{
	struct nlattr *owner = info->attrs[SVCSEQ_A_SERVICE_OWNER];
	struct svcseq_sequence *seq = NULL;
	u8 value = owner ? nla_get_u8(owner) : 0;
	int err;

	err = check_dscp(info);
	if (err)
		return ERR_PTR(err);
	if (info->attrs[SVCSEQ_A_SERVICE_SEQUENCE]) {
		seq = find_sequence(sn, info);
		if (IS_ERR(seq))
			return seq;
	}
	if (!svc)
		return service_add(sn, info, seq, value);
	err = svcseq_service_set(sn, svc, seq, owner ? &value : NULL,
				 info->extack);
	return err ? ERR_PTR(err) : svc;
}

static void *obj_write(struct svcseq_net *sn, struct genl_info *info,
		       void *obj)
{
	struct nlattr *dscp = info->attrs[SVCSEQ_A_SERVICE_DSCP];
	struct svcseq_limit *limit = limit_parse(info);
	struct svcseq_service *svc;

	if (IS_ERR(limit))
		return limit;
	svc = service_write(sn, info, obj);
	if (IS_ERR(svc)) {
		kfree(limit);
		return svc;
	}
	if (has_limit(info))
		svcseq_limit_swap(&svc->limit, limit);
	if (dscp)
		svcseq_service_set_dscp(sn, svc, nla_get_u8(dscp));
	return svc;
}

static int obj_del(struct svcseq_net *sn, void *obj,
		   struct netlink_ext_ack *extack)
{
	svcseq_service_del(sn, obj);
	return 0;
}

static const struct svcseq_nl_noun service_noun = {
	.find = obj_find,
	.write = obj_write,
	.del = obj_del,
	.fill = service_fill,
	.objects = offsetof(struct svcseq_net, services),
	.get_cmd = SVCSEQ_CMD_SERVICE_GET,
	.ntf_cmd = SVCSEQ_CMD_SERVICE_NTF,
	.del_ntf_cmd = SVCSEQ_CMD_SERVICE_DEL_NTF,
};

/**
 * svcseq_nl_service_add_doit - SVCSEQ_CMD_SERVICE_ADD
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_service_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &service_noun, true);
}

/**
 * svcseq_nl_service_set_doit - SVCSEQ_CMD_SERVICE_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_service_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &service_noun, false);
}

/**
 * svcseq_nl_service_del_doit - SVCSEQ_CMD_SERVICE_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_service_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_del(info, &service_noun);
}

/**
 * svcseq_nl_service_get_doit - SVCSEQ_CMD_SERVICE_GET of one service
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_get(info, &service_noun);
}

/**
 * svcseq_nl_service_get_dumpit - SVCSEQ_CMD_SERVICE_GET of all services
 * @skb: where to
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes written or a negative errno.
 */
int svcseq_nl_service_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	return svcseq_nl_dump(skb, cb, &service_noun);
}
