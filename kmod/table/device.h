/* SPDX-License-Identifier: GPL-2.0 */
/* Devices: appliances and servers. */
#ifndef SVCSEQ_TABLE_DEVICE_H
#define SVCSEQ_TABLE_DEVICE_H

#include <linux/netlink.h>

#include "../svcseq.h"

struct svcseq_device *svcseq_device_find(struct svcseq_net *sn,
					 const char *name);
int svcseq_device_add(struct svcseq_net *sn, const char *name,
		      struct svcseq_device_conf *conf,
		      struct netlink_ext_ack *extack);
int svcseq_device_set(struct svcseq_net *sn, struct svcseq_device *dev,
		      struct svcseq_device_conf *conf,
		      struct netlink_ext_ack *extack);
int svcseq_device_set_alarm(struct svcseq_net *sn, struct svcseq_device *dev,
			    const struct svcseq_alarm *alarm,
			    struct netlink_ext_ack *extack);
int svcseq_device_del(struct svcseq_net *sn, struct svcseq_device *dev,
		      struct netlink_ext_ack *extack);
void svcseq_device_port_added(struct svcseq_net *sn, struct svcseq_port *port);
void svcseq_device_port_renamed(struct svcseq_net *sn,
				const struct svcseq_port *port);
void svcseq_device_port_gone(struct svcseq_net *sn, struct svcseq_port *port);
void svcseq_device_totals(struct svcseq_net *sn,
			  const struct svcseq_device *dev,
			  struct svcseq_totals *sent,
			  struct svcseq_totals *received);
void svcseq_device_flush(struct svcseq_net *sn);
struct svcseq_device *svcseq_device_get(struct svcseq_device *dev);
void svcseq_device_put(struct svcseq_device *dev);

#endif /* SVCSEQ_TABLE_DEVICE_H */
