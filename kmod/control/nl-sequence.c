// SPDX-License-Identifier: GPL-2.0
/* Netlink commands of sequences. */

#include <linux/slab.h>

#include "../table/device.h"
#include "../table/engine.h"
#include "../table/pool.h"
#include "../table/refuse.h"
#include "../table/sequence.h"
#include "noun.h"

static int copy_put(struct sk_buff *skb, const struct svcseq_copy_conf *copy)
{
	struct nlattr *nest = nla_nest_start(skb, SVCSEQ_A_STEP_COPY);

	if (!nest ||
	    nla_put_string(skb, SVCSEQ_A_COPY_DEVICE, svcseq_copy_name(copy)) ||
	    nla_put_u8(skb, SVCSEQ_A_COPY_DIRECTION, copy->dirs) ||
	    nla_put_u8(skb, SVCSEQ_A_COPY_PORT, copy->port) ||
	    (copy->alert_to && nla_put_string(skb, SVCSEQ_A_COPY_ALERT_TO,
					      copy->alert_to->name)) ||
	    (copy->alert_pool && nla_put_string(skb, SVCSEQ_A_COPY_ALERT_TO,
						copy->alert_pool->name)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int becomes_put(struct sk_buff *skb, const struct svcseq_step_conf *step)
{
	struct nlattr *nest = nla_nest_start(skb, SVCSEQ_A_STEP_BECOMES);

	if (!nest ||
	    nla_put_u8(skb, SVCSEQ_A_BECOMES_PROTO, step->becomes_proto) ||
	    nla_put_be16(skb, SVCSEQ_A_BECOMES_PORT,
			 cpu_to_be16(step->becomes_port)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int track_put(struct sk_buff *skb, const struct svcseq_step_conf *step)
{
	if (!step->track)
		return 0;
	if (nla_put_u8(skb, SVCSEQ_A_STEP_TRACK, step->track))
		return -EMSGSIZE;
	if (step->track < SVCSEQ_TRACK_GRE)
		return 0;
	if (svcseq_nl_put_addr(skb, SVCSEQ_A_STEP_LOCAL4, SVCSEQ_A_STEP_LOCAL6,
			       step->fam, &step->local) ||
	    svcseq_nl_put_addr(skb, SVCSEQ_A_STEP_REMOTE4,
			       SVCSEQ_A_STEP_REMOTE6, step->fam,
			       &step->remote))
		return -EMSGSIZE;
	return 0;
}

static int step_put(struct sk_buff *skb, const struct svcseq_step_conf *step)
{
	struct nlattr *nest = nla_nest_start(skb, SVCSEQ_A_SEQUENCE_STEP);
	int c;

	if (!nest ||
	    nla_put_string(skb, SVCSEQ_A_STEP_DEVICE, svcseq_step_name(step)) ||
	    (step->port && nla_put_be16(skb, SVCSEQ_A_STEP_PORT,
					cpu_to_be16(step->port))) ||
	    (step->becomes_port && becomes_put(skb, step)) ||
	    track_put(skb, step) ||
	    (step->on_fail &&
	     nla_put_u8(skb, SVCSEQ_A_STEP_ON_FAIL, step->on_fail)) ||
	    (step->alternate && nla_put_string(skb, SVCSEQ_A_STEP_ALTERNATE,
					       step->alternate->name)))
		return -EMSGSIZE;
	for (c = 0; c < step->ncopies; c++)
		if (copy_put(skb, &step->copy[c]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int sequence_fill(struct sk_buff *skb, struct svcseq_net *sn,
			 const void *obj)
{
	const struct svcseq_sequence *seq = obj;
	const struct svcseq_sequence_conf *conf = seq->conf;
	int i;

	if (nla_put_string(skb, SVCSEQ_A_SEQUENCE_NAME, seq->name) ||
	    nla_put_u8(skb, SVCSEQ_A_SEQUENCE_OWNER, conf->owner) ||
	    nla_put_u32(skb, SVCSEQ_A_SEQUENCE_SERVICES, seq->nservices) ||
	    nla_put_u32(skb, SVCSEQ_A_SEQUENCE_GENERATION, seq->generation) ||
	    (conf->from && nla_put_string(skb, SVCSEQ_A_SEQUENCE_FROM,
					  conf->from->name)) ||
	    (conf->uplink[0] &&
	     nla_put_string(skb, SVCSEQ_A_SEQUENCE_UPLINK_IFNAME,
			    conf->uplink)) ||
	    (conf->uplink_port &&
	     nla_put_u32(skb, SVCSEQ_A_SEQUENCE_UPLINK_IFINDEX,
			 conf->uplink_port->dev->ifindex)) ||
	    (conf->path &&
	     nla_put_u32(skb, SVCSEQ_A_SEQUENCE_PATH_ID, conf->path)) ||
	    (conf->dscp &&
	     nla_put_u8(skb, SVCSEQ_A_SEQUENCE_DSCP, conf->dscp)))
		return -EMSGSIZE;
	for (i = 0; i < conf->nsteps; i++)
		if (step_put(skb, &conf->step[i]))
			return -EMSGSIZE;
	return 0;
}

/* A device of a definition, with a reference. */
static struct svcseq_device *step_device(struct svcseq_net *sn,
					 const char *sequence,
					 const struct nlattr *attr,
					 const char *what,
					 struct genl_info *info)
{
	struct svcseq_device *dev;

	if (!attr) {
		svcseq_refuse(info->extack, -EINVAL,
			      "sequence '%s': a %s lacks its device; name one",
			      sequence, what);
		return ERR_PTR(-EINVAL);
	}
	dev = svcseq_device_find(sn, nla_data(attr));
	if (dev)
		return svcseq_device_get(dev);
	if (svcseq_pool_find(sn, nla_data(attr))) {
		svcseq_refuse(info->extack, -EINVAL,
			      "sequence '%s': %s '%s' is a pool, but has to be a device; name one",
			      sequence, what, (char *)nla_data(attr));
		return ERR_PTR(-EINVAL);
	}
	svcseq_refuse(info->extack, -ENOENT,
		      "sequence '%s': %s '%s' is not a device; add it with 'device add'",
		      sequence, what, (char *)nla_data(attr));
	return ERR_PTR(-ENOENT);
}

/* A pool of a definition, with a reference, or NULL if there is none of the name;
 * then it may be that of a device.
 */
static struct svcseq_pool *step_pool(struct svcseq_net *sn,
				     const struct nlattr *attr)
{
	struct svcseq_pool *pool;

	pool = attr ? svcseq_pool_find(sn, nla_data(attr)) : NULL;
	return pool ? svcseq_pool_get(pool) : NULL;
}

/* Whichever of both has the name, with a reference. */
static int pool_or_device(struct svcseq_net *sn, const char *name,
			  const struct nlattr *attr, const char *what,
			  struct genl_info *info, struct svcseq_pool **pool,
			  struct svcseq_device **dev)
{
	struct svcseq_device *found;

	*pool = step_pool(sn, attr);
	if (*pool)
		return 0;
	found = step_device(sn, name, attr, what, info);
	if (IS_ERR(found))
		return PTR_ERR(found);
	*dev = found;
	return 0;
}

static int copy_parse(struct svcseq_copy_conf *copy, struct svcseq_net *sn,
		      const char *name, const struct nlattr *nest,
		      struct genl_info *info)
{
	struct nlattr *tb[SVCSEQ_A_COPY_MAX + 1];
	int err;

	err = nla_parse_nested(tb, SVCSEQ_A_COPY_MAX, nest,
			       svcseq_copy_nl_policy, info->extack);
	if (err)
		return err;
	err = pool_or_device(sn, name, tb[SVCSEQ_A_COPY_DEVICE], "copy", info,
			     &copy->tap_pool, &copy->tap);
	if (!err && tb[SVCSEQ_A_COPY_ALERT_TO])
		err = pool_or_device(sn, name, tb[SVCSEQ_A_COPY_ALERT_TO],
				     "alert-to", info, &copy->alert_pool,
				     &copy->alert_to);
	if (err)
		return err;
	copy->dirs = SVCSEQ_DIRECTION_REQUEST | SVCSEQ_DIRECTION_REPLY;
	if (tb[SVCSEQ_A_COPY_DIRECTION])
		copy->dirs = nla_get_u8(tb[SVCSEQ_A_COPY_DIRECTION]);
	if (!copy->dirs)
		return svcseq_refuse(info->extack, -EINVAL,
				     "sequence '%s': the copy to '%s' has no direction; say request, reply or leave it out for both",
				     name, svcseq_copy_name(copy));
	if (tb[SVCSEQ_A_COPY_PORT])
		copy->port = nla_get_u8(tb[SVCSEQ_A_COPY_PORT]);
	return 0;
}

static int becomes_parse(struct svcseq_step_conf *step, const char *name,
			 const struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *tb[SVCSEQ_A_BECOMES_MAX + 1];
	int err;

	if (!nest)
		return 0;
	err = nla_parse_nested(tb, SVCSEQ_A_BECOMES_MAX, nest,
			       svcseq_becomes_nl_policy, info->extack);
	if (err)
		return err;
	if (!tb[SVCSEQ_A_BECOMES_PROTO] || !tb[SVCSEQ_A_BECOMES_PORT])
		return svcseq_refuse(info->extack, -EINVAL,
				     "sequence '%s': 'becomes' of '%s' wants both protocol and port",
				     name, svcseq_step_name(step));
	step->becomes_proto = nla_get_u8(tb[SVCSEQ_A_BECOMES_PROTO]);
	step->becomes_port =
		be16_to_cpu(nla_get_be16(tb[SVCSEQ_A_BECOMES_PORT]));
	if (step->becomes_proto && step->becomes_port)
		return 0;
	return svcseq_refuse(info->extack, -EINVAL,
			     "sequence '%s': 'becomes' of '%s' wants tcp or udp and a port from 1 to 65535",
			     name, svcseq_step_name(step));
}

/* One end of a tunnel, by whose address the family is known. */
static int tunnel_end_parse(union svcseq_addr *addr, u8 *fam,
			    const struct nlattr *v4, const struct nlattr *v6,
			    const char *what, const char *name,
			    const char *device, struct genl_info *info)
{
	if (!v4 == !v6)
		return svcseq_refuse(info->extack, -EINVAL,
				     "sequence '%s': the tunnel of step '%s' wants one '%s' address",
				     name, device, what);
	*fam = v4 ? SVCSEQ_V4 : SVCSEQ_V6;
	svcseq_nl_get_addr(addr, *fam, v4 ?: v6);
	return 0;
}

static int track_parse(struct svcseq_step_conf *step, const char *name,
		       struct nlattr **tb, struct genl_info *info)
{
	const char *device = svcseq_step_name(step);
	u8 fam;
	int err;

	if (tb[SVCSEQ_A_STEP_TRACK])
		step->track = nla_get_u8(tb[SVCSEQ_A_STEP_TRACK]);
	if (step->track < SVCSEQ_TRACK_GRE) {
		if (!tb[SVCSEQ_A_STEP_LOCAL4] && !tb[SVCSEQ_A_STEP_LOCAL6] &&
		    !tb[SVCSEQ_A_STEP_REMOTE4] && !tb[SVCSEQ_A_STEP_REMOTE6])
			return 0;
		return svcseq_refuse(info->extack, -EINVAL,
				     "sequence '%s': step '%s' has 'local' or 'remote', which belong to 'track gre' and 'track gpe'",
				     name, device);
	}
	err = tunnel_end_parse(&step->local, &step->fam,
			       tb[SVCSEQ_A_STEP_LOCAL4],
			       tb[SVCSEQ_A_STEP_LOCAL6], "local", name, device,
			       info);
	if (!err)
		err = tunnel_end_parse(&step->remote, &fam,
				       tb[SVCSEQ_A_STEP_REMOTE4],
				       tb[SVCSEQ_A_STEP_REMOTE6], "remote",
				       name, device, info);
	if (err || fam == step->fam)
		return err;
	return svcseq_refuse(info->extack, -EINVAL,
			     "sequence '%s': 'local' and 'remote' of step '%s' are of different families; the tunnel has one",
			     name, device);
}

static int on_fail_parse(struct svcseq_step_conf *step, struct svcseq_net *sn,
			 const char *name, struct nlattr **tb,
			 struct genl_info *info)
{
	const struct nlattr *alternate = tb[SVCSEQ_A_STEP_ALTERNATE];
	struct svcseq_device *dev;
	bool wanted;

	if (tb[SVCSEQ_A_STEP_ON_FAIL])
		step->on_fail = nla_get_u8(tb[SVCSEQ_A_STEP_ON_FAIL]);
	wanted = step->on_fail == SVCSEQ_ON_FAIL_ALTERNATE;
	if (wanted != !!alternate)
		return svcseq_refuse(info->extack, -EINVAL,
				     "sequence '%s': step '%s': 'on-fail alternate' and a device belong together; give both or neither",
				     name, svcseq_step_name(step));
	if (!alternate)
		return 0;
	dev = step_device(sn, name, alternate, "alternate", info);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	step->alternate = dev;
	return 0;
}

static int step_parse(struct svcseq_step_conf *step, struct svcseq_net *sn,
		      const char *name, const struct nlattr *nest,
		      struct genl_info *info)
{
	struct nlattr *tb[SVCSEQ_A_STEP_MAX + 1];
	const struct nlattr *attr;
	int err, rem;

	err = nla_parse_nested(tb, SVCSEQ_A_STEP_MAX, nest,
			       svcseq_step_nl_policy, info->extack);
	if (err)
		return err;
	err = pool_or_device(sn, name, tb[SVCSEQ_A_STEP_DEVICE], "step", info,
			     &step->pool, &step->dev);
	if (err)
		return err;
	if (tb[SVCSEQ_A_STEP_PORT]) {
		step->port = be16_to_cpu(nla_get_be16(tb[SVCSEQ_A_STEP_PORT]));
		if (!step->port)
			return svcseq_refuse(info->extack, -EINVAL,
					     "sequence '%s': 'port' of '%s' is from 1 to 65535",
					     name, svcseq_step_name(step));
	}
	err = becomes_parse(step, name, tb[SVCSEQ_A_STEP_BECOMES], info);
	if (!err)
		err = track_parse(step, name, tb, info);
	if (!err)
		err = on_fail_parse(step, sn, name, tb, info);
	if (err)
		return err;
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != SVCSEQ_A_STEP_COPY)
			continue;
		if (step->ncopies == SVCSEQ_MAX_COPIES)
			return svcseq_refuse(info->extack, -E2BIG,
					     "sequence '%s': step '%s' has more than %d copies; take some away",
					     name, svcseq_step_name(step),
					     SVCSEQ_MAX_COPIES);
		err = copy_parse(&step->copy[step->ncopies++], sn, name, attr,
				 info);
		if (err)
			return err;
	}
	return 0;
}

static int conf_parse_uplink(struct svcseq_sequence_conf *conf,
			     struct svcseq_net *sn, const char *name,
			     struct genl_info *info)
{
	struct nlattr *index = info->attrs[SVCSEQ_A_SEQUENCE_UPLINK_IFINDEX];
	struct nlattr *ifname = info->attrs[SVCSEQ_A_SEQUENCE_UPLINK_IFNAME];
	struct svcseq_port *port;
	unsigned long id;

	if (ifname)
		nla_strscpy(conf->uplink, ifname, sizeof(conf->uplink));
	if (ifname || !index)
		return 0;
	xa_for_each(&sn->ports, id, port)
		if (port->dev->ifindex == nla_get_u32(index)) {
			strscpy(conf->uplink, port->ifname,
				sizeof(conf->uplink));
			return 0;
		}
	return svcseq_refuse(info->extack, -ENODEV,
			     "sequence '%s': net device %u is not a port; add it with 'port add'",
			     name, nla_get_u32(index));
}

static int conf_parse_from(struct svcseq_sequence_conf *conf,
			   struct svcseq_net *sn, const char *name,
			   struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[SVCSEQ_A_SEQUENCE_FROM];
	struct svcseq_device *dev;

	if (!attr)
		return 0;
	dev = step_device(sn, name, attr, "from", info);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	conf->from = dev;
	return 0;
}

static int conf_parse(struct svcseq_sequence_conf *conf, struct svcseq_net *sn,
		      const char *name, struct genl_info *info)
{
	const struct nlattr *attr;
	int err, rem;

	if (info->attrs[SVCSEQ_A_SEQUENCE_OWNER])
		conf->owner = nla_get_u8(info->attrs[SVCSEQ_A_SEQUENCE_OWNER]);
	if (info->attrs[SVCSEQ_A_SEQUENCE_PATH_ID])
		conf->path =
			nla_get_u32(info->attrs[SVCSEQ_A_SEQUENCE_PATH_ID]);
	if (info->attrs[SVCSEQ_A_SEQUENCE_DSCP])
		conf->dscp = nla_get_u8(info->attrs[SVCSEQ_A_SEQUENCE_DSCP]);
	err = conf_parse_uplink(conf, sn, name, info);
	if (!err)
		err = conf_parse_from(conf, sn, name, info);
	if (err)
		return err;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != SVCSEQ_A_SEQUENCE_STEP)
			continue;
		if (conf->nsteps == SVCSEQ_MAX_STEPS)
			return svcseq_refuse(info->extack, -E2BIG,
					     "sequence '%s' has more than %d steps; take some away",
					     name, SVCSEQ_MAX_STEPS);
		err = step_parse(&conf->step[conf->nsteps++], sn, name, attr,
				 info);
		if (err)
			return err;
	}
	return 0;
}

static void *obj_find(struct svcseq_net *sn, struct genl_info *info)
{
	struct svcseq_sequence *seq;
	const char *name;
	int err;

	err = svcseq_nl_name(info, SVCSEQ_A_SEQUENCE_NAME, "sequence", &name);
	if (err)
		return ERR_PTR(err);
	seq = svcseq_sequence_find(sn, name);
	if (seq)
		return seq;
	svcseq_refuse(info->extack, -ENOENT,
		      "there is no sequence '%s'; add it with 'sequence add'",
		      name);
	return ERR_PTR(-ENOENT);
}

static void *obj_write(struct svcseq_net *sn, struct genl_info *info,
		       void *obj)
{
	struct svcseq_sequence_conf *conf;
	const char *name;
	int err;

	err = svcseq_nl_name(info, SVCSEQ_A_SEQUENCE_NAME, "sequence", &name);
	if (err)
		return ERR_PTR(err);
	conf = kzalloc(sizeof(*conf), GFP_KERNEL_ACCOUNT);
	if (!conf)
		return ERR_PTR(-ENOMEM);
	err = conf_parse(conf, sn, name, info);
	if (!err && !obj)
		err = svcseq_sequence_add(sn, name, conf, info->extack);
	else if (!err)
		err = svcseq_sequence_set(obj, conf, info->extack);
	if (!err)
		return svcseq_sequence_find(sn, name);
	svcseq_sequence_conf_free(conf);
	return ERR_PTR(err);
}

static int obj_del(struct svcseq_net *sn, void *obj,
		   struct netlink_ext_ack *extack)
{
	return svcseq_sequence_del(obj, extack);
}

static const struct svcseq_nl_noun sequence_noun = {
	.find = obj_find,
	.write = obj_write,
	.del = obj_del,
	.fill = sequence_fill,
	.objects = offsetof(struct svcseq_net, sequences),
	.get_cmd = SVCSEQ_CMD_SEQUENCE_GET,
	.ntf_cmd = SVCSEQ_CMD_SEQUENCE_NTF,
	.del_ntf_cmd = SVCSEQ_CMD_SEQUENCE_DEL_NTF,
};

/**
 * svcseq_nl_sequence_add_doit - SVCSEQ_CMD_SEQUENCE_ADD
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_sequence_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &sequence_noun, true);
}

/**
 * svcseq_nl_sequence_set_doit - SVCSEQ_CMD_SEQUENCE_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_sequence_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_write(info, &sequence_noun, false);
}

/**
 * svcseq_nl_sequence_del_doit - SVCSEQ_CMD_SEQUENCE_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_sequence_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_del(info, &sequence_noun);
}

/**
 * svcseq_nl_sequence_get_doit - SVCSEQ_CMD_SEQUENCE_GET of one sequence
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int svcseq_nl_sequence_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return svcseq_nl_get(info, &sequence_noun);
}

/**
 * svcseq_nl_sequence_get_dumpit - SVCSEQ_CMD_SEQUENCE_GET of all sequences
 * @skb: where to
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes written or a negative errno.
 */
int svcseq_nl_sequence_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	return svcseq_nl_dump(skb, cb, &sequence_noun);
}
