/* SPDX-License-Identifier: GPL-2.0 */
/* Ports: net devices handed to the engine. */
#ifndef SVCSEQ_TABLE_PORT_H
#define SVCSEQ_TABLE_PORT_H

#include <linux/netlink.h>

#include "../svcseq.h"

/**
 * struct svcseq_port_ops - How packets of a port are caught.
 * @attach: begin to catch; sets &svcseq_port.hook; process context, rtnl
 * @announce: tell the stations behind a port that it has an address; process
 *   context, cfg_lock
 * @detach: stop; packets on their way are done with after a grace period;
 *   process context, rtnl
 */
struct svcseq_port_ops {
	int (*attach)(struct svcseq_port *port);
	void (*detach)(struct svcseq_port *port);
	void (*announce)(struct svcseq_port *port, u8 fam,
			 const union svcseq_addr *addr);
};

/**
 * struct svcseq_port_conf - What a user says of a port.
 * @role: enum svcseq_port_role
 * @owner: who says it
 * @has_role: @role is given
 * @has_owner: @owner is given
 * @answer: does the port answer for the addresses of services?
 * @has_answer: @answer is given
 * @has_gw: by family: @gw is given
 * @gw: next hop towards the clients, by family
 */
struct svcseq_port_conf {
	u8 role;
	u8 owner;
	bool has_role;
	bool has_owner;
	bool answer;
	bool has_answer;
	bool has_gw[SVCSEQ_NFAM];
	union svcseq_addr gw[SVCSEQ_NFAM];
};

void svcseq_port_set_ops(const struct svcseq_port_ops *ops);
struct svcseq_port *svcseq_port_find(struct svcseq_net *sn, const char *ifname);
struct svcseq_port *svcseq_port_find_index(struct svcseq_net *sn, int ifindex);
int svcseq_port_add(struct svcseq_net *sn, struct net_device *dev,
		    const struct svcseq_port_conf *conf,
		    struct netlink_ext_ack *extack);
int svcseq_port_set(struct svcseq_port *port,
		    const struct svcseq_port_conf *conf,
		    struct netlink_ext_ack *extack);
int svcseq_port_del(struct svcseq_port *port, struct netlink_ext_ack *extack);
void svcseq_port_gone(struct svcseq_port *port);
void svcseq_port_renamed(struct svcseq_port *port);
void svcseq_port_count_rows(struct svcseq_net *sn,
			    const struct svcseq_prog *prog, int by);
struct svcseq_port *svcseq_port_exit(struct svcseq_net *sn,
				     const struct svcseq_sequence_conf *conf);
void svcseq_port_announce(struct svcseq_port *port, u8 fam,
			  const union svcseq_addr *addr);
struct svcseq_port *svcseq_port_get(struct svcseq_port *port);
void svcseq_port_put(struct svcseq_port *port);

#endif /* SVCSEQ_TABLE_PORT_H */
