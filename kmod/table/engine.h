/* SPDX-License-Identifier: GPL-2.0 */
/* Engine: the state of one network namespace. */
#ifndef SVCSEQ_TABLE_ENGINE_H
#define SVCSEQ_TABLE_ENGINE_H

#include <net/net_namespace.h>

#include "../svcseq.h"

/**
 * struct svcseq_event_ops - Who wants to hear of changes that no user made.
 * @port_gone: the net device of a port went away; process context, rtnl and
 *   cfg_lock
 * @suspect: a device has become suspect, or well again; process context,
 *   cfg_lock
 */
struct svcseq_event_ops {
	void (*port_gone)(struct svcseq_port *port);
	void (*suspect)(struct svcseq_net *sn, struct svcseq_device *dev,
			bool suspect);
};

extern struct workqueue_struct *svcseq_wq;

struct svcseq_net *svcseq_engine(const struct net *net);
void svcseq_engine_changed(struct svcseq_net *sn);
void svcseq_engine_drain_later(struct svcseq_net *sn);
void svcseq_engine_suspect(struct svcseq_net *sn, struct svcseq_device *dev,
			   bool suspect);
void svcseq_engine_set_event_ops(const struct svcseq_event_ops *ops);

#endif /* SVCSEQ_TABLE_ENGINE_H */
