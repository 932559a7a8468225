// SPDX-License-Identifier: GPL-2.0
/* Hooks: where packets are caught. The only file that knows netfilter. */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netfilter.h>
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "../table/port.h"
#include "../table/trace.h"
#include "answer.h"
#include "init.h"
#include "simulate.h"
#include "steer.h"

/* after the filter chains that an operator may have on the device */
#define HOOK_PRIORITY	10

struct hook {
	struct nf_hook_ops ops;
	struct rcu_head rcu;
};

/* VLAN 0 is none: such a tag holds a priority only, and the stack drops it,
 * too, unless there is a device for it (IEEE 802.1Q).
 */
static bool tag_is_none(const struct sk_buff *skb)
{
	return !skb_vlan_tag_get_id(skb) &&
	       !__vlan_find_dev_deep_rcu(skb->dev, skb->vlan_proto, 0);
}

/* A tag that is still on belongs to a VLAN device, and a frame for another
 * station is here only because somebody listens.
 */
static noinline unsigned int hook_rare(struct svcseq_port *port,
				       struct sk_buff *skb)
{
	bool stolen;

	if (skb_vlan_tag_present(skb)) {
		if (!tag_is_none(skb))
			return NF_ACCEPT;
		__vlan_hwaccel_clear_tag(skb);
	}
	switch (skb->pkt_type) {
	case PACKET_HOST:
		stolen = svcseq_steer(port, skb) == SVCSEQ_STOLEN;
		break;
	case PACKET_BROADCAST:
	case PACKET_MULTICAST:
		stolen = svcseq_answer(port, skb);
		break;
	default:
		stolen = false;
	}
	return stolen ? NF_STOLEN : NF_ACCEPT;
}

static unsigned int hook_ingress(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	if (unlikely(skb->pkt_type != PACKET_HOST || skb_vlan_tag_present(skb)))
		return hook_rare(priv, skb);
	if (svcseq_steer(priv, skb) == SVCSEQ_STOLEN)
		return NF_STOLEN;
	return NF_ACCEPT;
}

static int hook_attach(struct svcseq_port *port)
{
	struct hook *hook;
	int err;

	ASSERT_RTNL();

	hook = kzalloc(sizeof(*hook), GFP_KERNEL_ACCOUNT);
	if (!hook)
		return -ENOMEM;
	hook->ops.hook = hook_ingress;
	hook->ops.priv = port;
	hook->ops.pf = NFPROTO_NETDEV;
	hook->ops.hooknum = NF_NETDEV_INGRESS;
	hook->ops.priority = HOOK_PRIORITY;
	hook->ops.dev = port->dev;
	err = nf_register_net_hook(port->sn->net, &hook->ops);
	if (err) {
		kfree(hook);
		return err;
	}
	port->hook = hook;
	return 0;
}

static void hook_detach(struct svcseq_port *port)
{
	struct hook *hook = port->hook;

	ASSERT_RTNL();

	nf_unregister_net_hook(port->sn->net, &hook->ops);
	port->hook = NULL;
	/* netfilter's own dump of hooks reads ops under RCU */
	kfree_rcu(hook, rcu);
}

static const struct svcseq_port_ops hook_port_ops = {
	.attach = hook_attach,
	.detach = hook_detach,
	.announce = svcseq_answer_announce,
};

/**
 * svcseq_path_init - be ready to catch packets of ports
 *
 * Context: module init.
 */
void svcseq_path_init(void)
{
	svcseq_port_set_ops(&hook_port_ops);
	svcseq_trace_set_walk(svcseq_simulate);
}
