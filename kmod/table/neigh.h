/* SPDX-License-Identifier: GPL-2.0 */
/* Neighbours: link layer addresses of next hops that are given by address. */
#ifndef SVCSEQ_TABLE_NEIGH_H
#define SVCSEQ_TABLE_NEIGH_H

#include "../svcseq.h"

bool svcseq_neigh_refresh(struct svcseq_neigh *neigh, int fam,
			  const union svcseq_addr *addr,
			  struct net_device *dev);
bool svcseq_neigh_gateway(int fam, const union svcseq_addr *addr,
			  const struct net_device *dev, union svcseq_addr *gw);
void svcseq_neigh_use(struct svcseq_net *sn, int by);
void svcseq_neigh_follow(struct svcseq_net *sn);
int svcseq_neigh_init(void);
void svcseq_neigh_exit(void);

#endif /* SVCSEQ_TABLE_NEIGH_H */
