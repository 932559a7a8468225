// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: the family, and what the files of the nouns share. Requests
 * run in parallel; svcseq_net.cfg_lock orders those of one namespace.
 */

#include <linux/ctype.h>

#include "../table/engine.h"
#include "../table/refuse.h"
#include "init.h"
#include "netlink.h"
/* in here, for the table of multicast groups is static */
#include "netlink-gen.c"

/* the generator cannot say who may listen */
static const struct genl_multicast_group nl_mcgrps[] = {
	[SVCSEQ_NLGRP_CONFIG] = {
		.name = SVCSEQ_MCGRP_CONFIG,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

static_assert(ARRAY_SIZE(nl_mcgrps) == ARRAY_SIZE(svcseq_nl_mcgrps));

struct genl_family svcseq_nl_family __ro_after_init = {
	.name = SVCSEQ_FAMILY_NAME,
	.version = SVCSEQ_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = svcseq_nl_ops,
	.n_ops = ARRAY_SIZE(svcseq_nl_ops),
	.mcgrps = nl_mcgrps,
	.n_mcgrps = ARRAY_SIZE(nl_mcgrps),
};

/**
 * svcseq_nl_need - refuse a request that lacks an attribute
 * @info: the request
 * @attr: the attribute
 * @noun: what the request is about, for the text
 * @name: the attribute's name, for the text
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int svcseq_nl_need(struct genl_info *info, int attr, const char *noun,
		   const char *name)
{
	if (!GENL_REQ_ATTR_CHECK(info, attr))
		return 0;
	return svcseq_refuse(info->extack, -EINVAL,
			     "%s: '%s' is missing; give it",
			     noun, name);
}

/**
 * svcseq_nl_is_name - may an object be called that?
 * @text: the text
 *
 * Names go into logs, file names and terminals, so only plain characters are
 * taken.
 *
 * Context: any.
 * Return: true if so.
 */
bool svcseq_nl_is_name(const char *text)
{
	const char *c;

	for (c = text; *c; c++)
		if (!isascii(*c) || (!isalnum(*c) && !strchr("._:@+-", *c)))
			return false;
	return c > text;
}

/**
 * svcseq_nl_name - read the name of an object
 * @info: the request
 * @attr: the attribute that holds it
 * @noun: what it is the name of
 * @name: the result
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int svcseq_nl_name(struct genl_info *info, int attr, const char *noun,
		   const char **name)
{
	int err;

	err = svcseq_nl_need(info, attr, noun, "name");
	if (err)
		return err;
	*name = nla_data(info->attrs[attr]);
	if (svcseq_nl_is_name(*name))
		return 0;
	NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
	return svcseq_refuse(info->extack, -EINVAL,
			     "%s: a name has 1 to %d letters, digits or . _ : @ + -",
			     noun, SVCSEQ_NAME_LEN - 1);
}

/**
 * svcseq_nl_put_counter - write a counter
 * @skb: where to
 * @attr: attribute
 * @totals: the counter
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int svcseq_nl_put_counter(struct sk_buff *skb, int attr,
			  const struct svcseq_totals *totals)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u64_64bit(skb, SVCSEQ_A_COUNTERS_PACKETS, totals->packets,
			      SVCSEQ_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, SVCSEQ_A_COUNTERS_BYTES, totals->bytes,
			      SVCSEQ_A_COUNTERS_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * svcseq_nl_put_addr - write an address
 * @skb: where to
 * @attr4: attribute of an IPv4 address
 * @attr6: attribute of an IPv6 address
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @addr: the address
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int svcseq_nl_put_addr(struct sk_buff *skb, int attr4, int attr6, u8 fam,
		       const union svcseq_addr *addr)
{
	if (fam == SVCSEQ_V4)
		return nla_put_in_addr(skb, attr4, addr->v4);
	return nla_put_in6_addr(skb, attr6, &addr->v6);
}

/**
 * svcseq_nl_get_addr - read an address
 * @addr: the result
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @attr: attribute, of the length that the policy wants
 *
 * Context: process.
 */
void svcseq_nl_get_addr(union svcseq_addr *addr, u8 fam,
			const struct nlattr *attr)
{
	if (fam == SVCSEQ_V4)
		addr->v4 = nla_get_in_addr(attr);
	else
		addr->v6 = nla_get_in6_addr(attr);
}

/**
 * svcseq_nl_put - write a message about an object
 * @skb: where to
 * @portid: port of the socket it is for
 * @seq: sequence number of the request
 * @flags: flags of the message
 * @cmd: command of the message
 * @cb: the dump that it belongs to, or NULL
 * @sn: the engine
 * @fill: writes the object
 * @obj: the object
 *
 * Context: process, cfg_lock.
 * Return: 0 or -EMSGSIZE.
 */
int svcseq_nl_put(struct sk_buff *skb, u32 portid, u32 seq, int flags, u8 cmd,
		  struct netlink_callback *cb, struct svcseq_net *sn,
		  svcseq_nl_fill *fill, const void *obj)
{
	void *hdr;

	lockdep_assert_held(&sn->cfg_lock);

	hdr = genlmsg_put(skb, portid, seq, &svcseq_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (cb)
		genl_dump_check_consistent(cb, hdr);
	if (fill(skb, sn, obj)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * svcseq_nl_reply - answer a request with an object
 * @info: the request
 * @cmd: command of the answer
 * @sn: the engine
 * @fill: writes the object
 * @obj: the object
 *
 * Context: process, cfg_lock.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_reply(struct genl_info *info, u8 cmd, struct svcseq_net *sn,
		    svcseq_nl_fill *fill, const void *obj)
{
	struct sk_buff *msg = genlmsg_new(SVCSEQ_NL_MSG_SIZE, GFP_KERNEL);
	int err;

	if (!msg)
		return -ENOMEM;
	err = svcseq_nl_put(msg, info->snd_portid, info->snd_seq, 0, cmd, NULL,
			    sn, fill, obj);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static const struct svcseq_event_ops event_ops = {
	.port_gone = svcseq_nl_port_gone,
	.suspect = svcseq_nl_device_suspect,
};

/**
 * svcseq_netlink_init - begin to take requests
 *
 * Context: module init, when all else is ready.
 * Return: 0 or a negative errno.
 */
int __init svcseq_netlink_init(void)
{
	int err;

	err = svcseq_nl_trace_init();
	if (err)
		return err;
	err = genl_register_family(&svcseq_nl_family);
	if (err)
		svcseq_nl_trace_exit();
	else
		svcseq_engine_set_event_ops(&event_ops);
	return err;
}

/**
 * svcseq_netlink_exit - stop to take requests
 *
 * Context: module exit.
 */
void svcseq_netlink_exit(void)
{
	svcseq_engine_set_event_ops(NULL);
	genl_unregister_family(&svcseq_nl_family);
	svcseq_nl_trace_exit();
}
