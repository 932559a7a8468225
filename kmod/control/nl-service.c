// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of services. */

#include <linux/slab.h>
#include <net/ipv6.h>

#include "../core/view.h"
#include "../table/acl.h"
#include "../table/counters.h"
#include "../table/engine.h"
#include "../table/key.h"
#include "../table/limit.h"
#include "../table/place.h"
#include "../table/port.h"
#include "../table/refuse.h"
#include "../table/sequence.h"
#include "../table/service.h"
#include "../table/tie.h"
#include "noun.h"

static const struct svcseq_nl_service_attrs service_attrs = {
	.addr4 = SVCSEQ_A_SERVICE_ADDR4,
	.addr6 = SVCSEQ_A_SERVICE_ADDR6,
	.proto = SVCSEQ_A_SERVICE_PROTO,
	.port = SVCSEQ_A_SERVICE_PORT,
	.prefix_len = SVCSEQ_A_SERVICE_PREFIX_LEN,
	.port_last = SVCSEQ_A_SERVICE_PORT_LAST,
	.by = SVCSEQ_A_SERVICE_BY,
	.dynamic_first = SVCSEQ_A_SERVICE_DYNAMIC_FIRST,
	.dynamic_last = SVCSEQ_A_SERVICE_DYNAMIC_LAST,
};

static bool addr_is_reachable(const struct svcseq_service_id *id)
{
	__be32 v4 = id->addr.v4;

	/* the whole of the network begins with an address of nobody */
	if (!id->len)
		return true;
	if (id->fam == SVCSEQ_V6)
		return !ipv6_addr_any(&id->addr.v6) &&
		       !ipv6_addr_loopback(&id->addr.v6) &&
		       !ipv6_addr_is_multicast(&id->addr.v6);
	return !ipv4_is_zeronet(v4) && !ipv4_is_loopback(v4) &&
	       !ipv4_is_multicast(v4) && !ipv4_is_lbcast(v4);
}

static int id_check_addr(const struct svcseq_service_id *id,
			 struct netlink_ext_ack *extack)
{
	u8 most = svcseq_place_addr_len(id->fam);
	struct svcseq_place_id place;

	if (id->len > most)
		return svcseq_refuse(extack, -EINVAL,
				     "service: a prefix of an IPv%d address has %u bits at most, not %u",
				     id->fam == SVCSEQ_V4 ? 4 : 6, most,
				     id->len);
	svcseq_place_id_fill(&place, id->fam, id->side, id->len, &id->addr);
	if (memcmp(&place.addr, &id->addr, most / 8)) {
		if (id->fam == SVCSEQ_V4)
			return svcseq_refuse(extack, -EINVAL,
					     "service: %pI4/%u has bits of a host behind its prefix; use %pI4/%u",
					     &id->addr.v4, id->len,
					     &place.addr, id->len);
		return svcseq_refuse(extack, -EINVAL,
				     "service: %pI6c/%u has bits of a host behind its prefix; use %pI6c/%u",
				     &id->addr.v6, id->len, &place.addr,
				     id->len);
	}
	if (!addr_is_reachable(id))
		return svcseq_refuse(extack, -EINVAL,
				     "service: the address is not one that clients can reach; use a unicast address");
	return 0;
}

static int id_parse_ports(struct svcseq_service_id *id,
			  const struct nlattr *first, const struct nlattr *last,
			  struct netlink_ext_ack *extack)
{
	id->last = SVCSEQ_PORT_MAX;
	if (!svcseq_proto_has_ports(id->proto)) {
		if (first || last)
			return svcseq_refuse(extack, -EINVAL,
					     "service: protocol %u has no ports; take 'port' out, or use tcp, udp, sctp, dccp or udplite",
					     id->proto);
		return 0;
	}
	if (!first)
		return svcseq_refuse(extack, -EINVAL,
				     "service: 'port' is missing; give it");
	id->first = be16_to_cpu(nla_get_be16(first));
	id->last = last ? be16_to_cpu(nla_get_be16(last)) : id->first;
	if (!id->first || !id->last)
		return svcseq_refuse(extack, -EINVAL,
				     "service: a port is from 1 to 65535");
	if (id->first > id->last)
		return svcseq_refuse(extack, -EINVAL,
				     "service: ports %u-%u are none: the first is above the last; turn them round",
				     id->first, id->last);
	/* whoever wants all wants that which is no port as well */
	if (id->first == 1 && id->last == SVCSEQ_PORT_MAX)
		id->first = 0;
	return 0;
}

/**
 * svcseq_nl_service_id - read which service a request is about
 * @extack: for the text of a refusal
 * @attrs: its attributes
 * @attr: which of them are whose
 * @id: the result
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int svcseq_nl_service_id(struct netlink_ext_ack *extack,
			 struct nlattr * const *attrs,
			 const struct svcseq_nl_service_attrs *attr,
			 struct svcseq_service_id *id)
{
	const struct nlattr *addr4 = attrs[attr->addr4];
	const struct nlattr *addr6 = attrs[attr->addr6];
	const struct nlattr *proto = attrs[attr->proto];
	int err;

	memset(id, 0, sizeof(*id));
	if (!addr4 == !addr6)
		return svcseq_refuse(extack, -EINVAL,
				     "service: give one address, addr4 or addr6");
	if (!proto)
		return svcseq_refuse(extack, -EINVAL,
				     "service: 'proto' is missing; give it");
	id->fam = addr4 ? SVCSEQ_V4 : SVCSEQ_V6;
	svcseq_nl_get_addr(&id->addr, id->fam, addr4 ?: addr6);
	id->len = svcseq_place_addr_len(id->fam);
	if (attrs[attr->prefix_len])
		id->len = nla_get_u8(attrs[attr->prefix_len]);
	if (attrs[attr->by])
		id->side = nla_get_u8(attrs[attr->by]);
	id->proto = nla_get_u8(proto);
	if (!id->proto)
		return svcseq_refuse(extack, -EINVAL,
				     "service: there is no protocol 0; use a number from 1 to 254, or %d for any",
				     SVCSEQ_PROTO_ANY);
	err = id_parse_ports(id, attrs[attr->port], attrs[attr->port_last],
			     extack);
	return err ?: id_check_addr(id, extack);
}

/**
 * svcseq_nl_put_service - write which service it is
 * @skb: where to
 * @attr: which attributes to use
 * @svc: the service
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int svcseq_nl_put_service(struct sk_buff *skb,
			  const struct svcseq_nl_service_attrs *attr,
			  const struct svcseq_service *svc)
{
	u16 first = svc->first ?: 1;

	if (svcseq_nl_put_addr(skb, attr->addr4, attr->addr6, svc->fam,
			       svcseq_service_addr(svc)) ||
	    nla_put_u8(skb, attr->proto, svc->proto) ||
	    (svc->len != svcseq_place_addr_len(svc->fam) &&
	     nla_put_u8(skb, attr->prefix_len, svc->len)) ||
	    (svc->side && nla_put_u8(skb, attr->by, svc->side)) ||
	    (svc->dynamic_first &&
	     (nla_put_be16(skb, attr->dynamic_first,
			   cpu_to_be16(svc->dynamic_first)) ||
	      nla_put_be16(skb, attr->dynamic_last,
			   cpu_to_be16(svc->dynamic_last)))))
		return -EMSGSIZE;
	if (!svcseq_proto_has_ports(svc->proto))
		return 0;
	if (nla_put_be16(skb, attr->port, cpu_to_be16(first)) ||
	    (first != svc->last && nla_put_be16(skb, attr->port_last,
						cpu_to_be16(svc->last))))
		return -EMSGSIZE;
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

static int tie_put(struct sk_buff *skb, const struct svcseq_tie *tie)
{
	struct nlattr *nest = nla_nest_start(skb, SVCSEQ_A_SERVICE_ACL);
	const struct svcseq_gate *gate = tie->gate;

	if (!nest || nla_put_string(skb, SVCSEQ_A_TIE_ACL, tie->list->name) ||
	    (gate && nla_put_string(skb, SVCSEQ_A_TIE_IFNAME, gate->ifname)) ||
	    (gate && gate->dev &&
	     nla_put_u32(skb, SVCSEQ_A_TIE_IFINDEX, gate->dev->ifindex)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int ties_put(struct sk_buff *skb, const struct svcseq_ties *ties)
{
	u32 i;

	for (i = 0; ties && i < ties->n; i++)
		if (tie_put(skb, &ties->tie[i]))
			return -EMSGSIZE;
	return 0;
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
	int i;

	seq = rcu_dereference_protected(svc->seq,
					lockdep_is_held(&sn->cfg_lock));
	if (svcseq_nl_put_service(skb, &service_attrs, svc) ||
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
	if (limit_put(skb, sn, svc))
		return -EMSGSIZE;
	return ties_put(skb, rcu_dereference_protected(svc->ties,
						       lockdep_is_held(&sn->cfg_lock)));
}

static void *obj_find(struct svcseq_net *sn, struct genl_info *info)
{
	struct svcseq_service_id id;
	struct svcseq_service *svc;
	int err;

	err = svcseq_nl_service_id(info->extack, info->attrs, &service_attrs,
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

static int parse_dynamic(struct svcseq_service_conf *conf, u8 proto,
			 struct genl_info *info)
{
	const struct nlattr *first, *last;

	first = info->attrs[SVCSEQ_A_SERVICE_DYNAMIC_FIRST];
	last = info->attrs[SVCSEQ_A_SERVICE_DYNAMIC_LAST];
	if (!first && !last)
		return 0;
	if (!first || !last)
		return svcseq_refuse(info->extack, -EINVAL,
				     "service: dynamic ports have a first and a last one; '%s' is missing",
				     first ? "dynamic-last" : "dynamic-first");
	if (!svcseq_proto_has_ports(proto))
		return svcseq_refuse(info->extack, -EINVAL,
				     "service: protocol %u has no ports, and so no dynamic ones; take them out, or use tcp, udp, sctp, dccp or udplite",
				     proto);
	conf->dynamic_first = be16_to_cpu(nla_get_be16(first));
	conf->dynamic_last = be16_to_cpu(nla_get_be16(last));
	if (!conf->dynamic_first || conf->dynamic_first > conf->dynamic_last)
		return svcseq_refuse(info->extack, -EINVAL,
				     "service: dynamic ports %u-%u are none; use some from 1 to 65535, the lower one first",
				     conf->dynamic_first, conf->dynamic_last);
	return 0;
}

static struct svcseq_port *tie_port(struct svcseq_net *sn,
				    const struct nlattr *index,
				    const struct nlattr *name,
				    struct netlink_ext_ack *extack)
{
	struct svcseq_port *port;

	if (index)
		port = svcseq_port_find_index(sn, nla_get_u32(index));
	else
		port = svcseq_port_find(sn, nla_data(name));
	if (port && (!name || !strcmp(port->ifname, nla_data(name))))
		return port;
	if (name)
		svcseq_refuse(extack, -ENODEV,
			      "service: an acl is for port '%s', which is none; add it with 'port add'",
			      (char *)nla_data(name));
	else
		svcseq_refuse(extack, -ENODEV,
			      "service: an acl is for net device %u, which is not a port; add it with 'port add'",
			      nla_get_u32(index));
	return ERR_PTR(-ENODEV);
}

static int tie_parse(struct svcseq_ties *ties, struct svcseq_net *sn,
		     const struct nlattr *nest, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[SVCSEQ_A_TIE_MAX + 1];
	struct svcseq_port *port = NULL;
	struct svcseq_list *list;
	int err;

	err = nla_parse_nested(tb, SVCSEQ_A_TIE_MAX, nest,
			       svcseq_tie_nl_policy, extack);
	if (err)
		return err;
	if (!tb[SVCSEQ_A_TIE_ACL])
		return svcseq_refuse(extack, -EINVAL,
				     "service: 'acl' lacks the name of an access list; give it");
	list = svcseq_list_find(sn, nla_data(tb[SVCSEQ_A_TIE_ACL]));
	if (!list)
		return svcseq_list_missing(nla_data(tb[SVCSEQ_A_TIE_ACL]),
					   extack);
	if (tb[SVCSEQ_A_TIE_IFINDEX] || tb[SVCSEQ_A_TIE_IFNAME])
		port = tie_port(sn, tb[SVCSEQ_A_TIE_IFINDEX],
				tb[SVCSEQ_A_TIE_IFNAME], extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	return svcseq_ties_add(sn, ties, list, port, extack);
}

/* The access lists that a request gives; NULL if it says nothing of them. */
static struct svcseq_ties *ties_of(struct svcseq_net *sn,
				   struct genl_info *info)
{
	bool none = info->attrs[SVCSEQ_A_SERVICE_NO_ACL];
	struct svcseq_ties *ties;
	const struct nlattr *attr;
	int err = 0, rem;
	u32 n = 0;

	if (!info->attrs[SVCSEQ_A_SERVICE_ACL] && !none)
		return NULL;
	if (info->attrs[SVCSEQ_A_SERVICE_ACL] && none) {
		svcseq_refuse(info->extack, -EINVAL,
			      "service: 'acl' and 'no-acl' contradict each other; leave one out");
		return ERR_PTR(-EINVAL);
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(attr) == SVCSEQ_A_SERVICE_ACL;
	if (n > SVCSEQ_MAX_TIES) {
		svcseq_refuse(info->extack, -E2BIG,
			      "service: %u access lists are more than the %d that there may be; put rules together",
			      n, SVCSEQ_MAX_TIES);
		return ERR_PTR(-E2BIG);
	}
	ties = svcseq_ties_new(n);
	if (!ties)
		return ERR_PTR(-ENOMEM);
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) == SVCSEQ_A_SERVICE_ACL)
			err = tie_parse(ties, sn, attr, info->extack);
		if (err) {
			svcseq_ties_free(ties);
			return ERR_PTR(err);
		}
	}
	return ties;
}

static void *service_add(struct svcseq_net *sn, struct genl_info *info,
			 struct svcseq_sequence *seq, u8 owner,
			 struct svcseq_ties *ties)
{
	struct svcseq_service_conf conf = {
		.seq = seq,
		.owner = owner,
		.ties = ties,
	};
	struct svcseq_service_id id;
	int err;

	err = svcseq_nl_service_id(info->extack, info->attrs, &service_attrs,
				   &id);
	if (!err)
		err = svcseq_nl_need(info, SVCSEQ_A_SERVICE_SEQUENCE,
				     "service", "sequence");
	if (!err)
		err = parse_dynamic(&conf, id.proto, info);
	if (!err)
		err = svcseq_service_add(sn, &id, &conf, info->extack);
	return err ? ERR_PTR(err) : svcseq_service_find(sn, &id);
}

static int check_same_dynamic(const struct svcseq_service *svc,
			      struct genl_info *info)
{
	char name[SVCSEQ_SERVICE_NAME_LEN];
	struct svcseq_service_conf conf = {};
	int err;

	err = parse_dynamic(&conf, svc->proto, info);
	if (err || !conf.dynamic_first ||
	    (conf.dynamic_first == svc->dynamic_first &&
	     conf.dynamic_last == svc->dynamic_last))
		return err;
	return svcseq_refuse(info->extack, -EINVAL,
			     "service %s: its ports stay as they are; delete it and add it with others",
			     svcseq_service_name(svc, name, sizeof(name)));
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
	struct svcseq_ties *ties;
	int err;

	err = check_dscp(info);
	if (err)
		return ERR_PTR(err);
	if (info->attrs[SVCSEQ_A_SERVICE_SEQUENCE]) {
		seq = find_sequence(sn, info);
		if (IS_ERR(seq))
			return seq;
	}
	if (svc) {
		err = check_same_dynamic(svc, info);
		if (err)
			return ERR_PTR(err);
	}
	ties = ties_of(sn, info);
	if (IS_ERR(ties))
		return ties;
	if (svc) {
		err = svcseq_service_set(sn, svc, seq, owner ? &value : NULL,
					 ties, info->extack);
		svc = err ? ERR_PTR(err) : svc;
	} else {
		svc = service_add(sn, info, seq, value, ties);
	}
	if (IS_ERR(svc))
		svcseq_ties_free(ties);
	return svc;
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
