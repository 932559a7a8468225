/* SPDX-License-Identifier: GPL-2.0 */
/* Services: addresses and ports tied to sequences, and the keys that packets
 * find them by.
 */
#ifndef SVCSEQ_TABLE_SERVICE_H
#define SVCSEQ_TABLE_SERVICE_H

#include <linux/netlink.h>
#include <linux/rhashtable.h>

#include "../svcseq.h"

/**
 * struct svcseq_service_id - What a user calls a service.
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @proto: protocol, one that has ports
 * @port: port, host order
 * @addr: address
 */
struct svcseq_service_id {
	u8 fam;
	u8 proto;
	u16 port;
	union svcseq_addr addr;
};

struct svcseq_service *svcseq_service_find(struct svcseq_net *sn,
					   const struct svcseq_service_id *id);
int svcseq_service_missing(const struct svcseq_service_id *id,
			   struct netlink_ext_ack *extack);
int svcseq_service_add(struct svcseq_net *sn,
		       const struct svcseq_service_id *id,
		       struct svcseq_sequence *seq, u8 owner,
		       struct netlink_ext_ack *extack);
int svcseq_service_set(struct svcseq_net *sn, struct svcseq_service *svc,
		       struct svcseq_sequence *seq, const u8 *owner,
		       struct netlink_ext_ack *extack);
void svcseq_service_set_dscp(struct svcseq_net *sn, struct svcseq_service *svc,
			     u8 dscp);
void svcseq_service_del(struct svcseq_net *sn, struct svcseq_service *svc);
int svcseq_service_keys_add(struct svcseq_net *sn, struct svcseq_service *svc,
			    const struct svcseq_prog *prog,
			    struct netlink_ext_ack *extack);
void svcseq_service_keys_prune(struct svcseq_net *sn,
			       struct svcseq_service *svc);
void svcseq_service_drain(struct svcseq_net *sn, bool all);
void svcseq_service_flush(struct svcseq_net *sn);
const char *svcseq_service_name(const struct svcseq_service *svc, char *buf,
				size_t len);
u32 svcseq_service_max(void);
u32 svcseq_service_bytes(void);

#define SVCSEQ_SERVICE_NAME_LEN	72

#endif /* SVCSEQ_TABLE_SERVICE_H */
