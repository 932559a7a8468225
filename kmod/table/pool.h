/* SPDX-License-Identifier: GPL-2.0 */
/* Pools: devices that stand in for each other. */
#ifndef SVCSEQ_TABLE_POOL_H
#define SVCSEQ_TABLE_POOL_H

#include <linux/netlink.h>

#include "../svcseq.h"

struct svcseq_pool *svcseq_pool_find(struct svcseq_net *sn, const char *name);
struct svcseq_pool *svcseq_pool_of(struct svcseq_net *sn,
				   const struct svcseq_device *dev);
int svcseq_pool_add(struct svcseq_net *sn, const char *name,
		    struct svcseq_pool_conf *conf,
		    struct netlink_ext_ack *extack);
int svcseq_pool_set(struct svcseq_pool *pool, struct svcseq_pool_conf *conf,
		    struct netlink_ext_ack *extack);
int svcseq_pool_del(struct svcseq_pool *pool, struct netlink_ext_ack *extack);
int svcseq_pool_check_device(struct svcseq_net *sn,
			     const struct svcseq_device *dev,
			     const struct svcseq_device_conf *conf,
			     struct netlink_ext_ack *extack);
bool svcseq_pool_has(const struct svcseq_pool *pool,
		     const struct svcseq_device *dev);
bool svcseq_pool_uses(const struct svcseq_pool *pool,
		      const struct svcseq_pool_member *member);
u8 svcseq_pool_slot(const struct svcseq_pool *pool, u8 fam, const void *client,
		    __be16 port);
void svcseq_pool_conf_free(struct svcseq_pool_conf *conf);
struct svcseq_pool *svcseq_pool_get(struct svcseq_pool *pool);
void svcseq_pool_put(struct svcseq_pool *pool);
void svcseq_pool_flush(struct svcseq_net *sn);

#endif /* SVCSEQ_TABLE_POOL_H */
