// SPDX-License-Identifier: GPL-2.0
/* Nouns: what the commands of every noun have in common. */

#include <linux/rtnetlink.h>

#include "../table/engine.h"
#include "noun.h"

static struct svcseq_net *noun_lock(struct net *net,
				    const struct svcseq_nl_noun *noun)
{
	struct svcseq_net *sn = svcseq_engine(net);

	if (noun->rtnl)
		rtnl_lock();
	mutex_lock(&sn->cfg_lock);
	return sn;
}

static void noun_unlock(struct svcseq_net *sn,
			const struct svcseq_nl_noun *noun)
{
	mutex_unlock(&sn->cfg_lock);
	if (noun->rtnl)
		rtnl_unlock();
}

/* A notification; NULL if nobody listens or memory ran out. */
static struct sk_buff *event_new(struct svcseq_net *sn, u8 cmd,
				 const struct svcseq_nl_noun *noun,
				 const void *obj)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&svcseq_nl_family, sn->net,
				SVCSEQ_NLGRP_CONFIG))
		return NULL;
	msg = genlmsg_new(SVCSEQ_NL_MSG_SIZE, GFP_KERNEL);
	if (!msg)
		return NULL;
	if (svcseq_nl_put(msg, 0, 0, 0, cmd, NULL, sn, noun->fill, obj)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/* Under cfg_lock, so that listeners hear of changes in their order. */
static void event_send(struct svcseq_net *sn, struct sk_buff *msg)
{
	lockdep_assert_held(&sn->cfg_lock);

	if (msg)
		genlmsg_multicast_netns(&svcseq_nl_family, sn->net, msg, 0,
					SVCSEQ_NLGRP_CONFIG, GFP_KERNEL);
}

/**
 * svcseq_nl_tell - tell of something that happened without a request
 * @sn: the engine
 * @noun: what it happened to
 * @cmd: what happened
 * @obj: the object
 *
 * Context: process, cfg_lock.
 */
void svcseq_nl_tell(struct svcseq_net *sn, const struct svcseq_nl_noun *noun,
		    u8 cmd, const void *obj)
{
	event_send(sn, event_new(sn, cmd, noun, obj));
}

/**
 * svcseq_nl_gone - tell that an object went without a request
 * @sn: the engine
 * @noun: what it is
 * @obj: the object, still whole
 *
 * Context: process, cfg_lock.
 */
void svcseq_nl_gone(struct svcseq_net *sn, const struct svcseq_nl_noun *noun,
		    const void *obj)
{
	svcseq_nl_tell(sn, noun, noun->del_ntf_cmd, obj);
}

/**
 * svcseq_nl_write - add or change an object
 * @info: the request
 * @noun: what it is about
 * @add: add; else change
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_write(struct genl_info *info, const struct svcseq_nl_noun *noun,
		    bool add)
{
	struct svcseq_net *sn = noun_lock(genl_info_net(info), noun);
	void *obj = NULL;

	if (!add)
		obj = noun->find(sn, info);
	if (!IS_ERR(obj))
		obj = noun->write(sn, info, obj);
	if (!IS_ERR(obj))
		event_send(sn, event_new(sn, noun->ntf_cmd, noun, obj));
	noun_unlock(sn, noun);
	return PTR_ERR_OR_ZERO(obj);
}

/**
 * svcseq_nl_del - delete an object
 * @info: the request
 * @noun: what it is about
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_del(struct genl_info *info, const struct svcseq_nl_noun *noun)
{
	struct svcseq_net *sn = noun_lock(genl_info_net(info), noun);
	void *obj = noun->find(sn, info);
	struct sk_buff *event;
	int err;

	err = PTR_ERR_OR_ZERO(obj);
	if (!err) {
		/* what is gone cannot be described */
		event = event_new(sn, noun->del_ntf_cmd, noun, obj);
		err = noun->del(sn, obj, info->extack);
		if (err)
			nlmsg_free(event);
		else
			event_send(sn, event);
	}
	noun_unlock(sn, noun);
	return err;
}

/**
 * svcseq_nl_get - answer with an object
 * @info: the request
 * @noun: what it is about
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_get(struct genl_info *info, const struct svcseq_nl_noun *noun)
{
	struct svcseq_net *sn = noun_lock(genl_info_net(info), noun);
	void *obj = noun->find(sn, info);
	int err;

	err = PTR_ERR_OR_ZERO(obj);
	if (!err)
		err = svcseq_nl_reply(info, noun->get_cmd, sn, noun->fill, obj);
	noun_unlock(sn, noun);
	return err;
}

/**
 * svcseq_nl_dump - dump all objects of a noun
 * @skb: where to
 * @cb: the dump
 * @noun: what it is about
 *
 * A change between two parts of a dump is marked in its messages
 * (NLM_F_DUMP_INTR).
 *
 * Context: process.
 * Return: bytes written, or -EMSGSIZE if not even one object fits.
 */
int svcseq_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		   const struct svcseq_nl_noun *noun)
{
	struct svcseq_net *sn = svcseq_engine(sock_net(skb->sk));
	struct xarray *objects = (void *)sn + noun->objects;
	unsigned long id = cb->args[0];
	void *obj;
	int err = 0;

	mutex_lock(&sn->cfg_lock);
	cb->seq = sn->generation;
	for (; (obj = xa_find(objects, &id, ULONG_MAX, XA_PRESENT)); id++) {
		err = svcseq_nl_put(skb, NETLINK_CB(cb->skb).portid,
				    cb->nlh->nlmsg_seq, NLM_F_MULTI,
				    noun->get_cmd, cb, sn, noun->fill, obj);
		if (err)
			break;
	}
	mutex_unlock(&sn->cfg_lock);
	cb->args[0] = id;
	return err && !skb->len ? err : skb->len;
}
