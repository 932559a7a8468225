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
 * @proto: protocol, or SVCSEQ_PROTO_ANY
 * @len: bits of @addr that count
 * @side: enum svcseq_key_side
 * @first: first port, host order; 0 if all are meant, or there are none
 * @last: last port
 * @addr: address
 */
struct svcseq_service_id {
	u8 fam;
	u8 proto;
	u8 len;
	u8 side;
	u16 first;
	u16 last;
	union svcseq_addr addr;
};

/**
 * struct svcseq_service_conf - What else a user says of a service.
 * @seq: its sequence
 * @ties: its access lists, or NULL
 * @owner: who made it
 * @dynamic_first: first of further ports, 0 if there are none
 * @dynamic_last: last of them
 */
struct svcseq_service_conf {
	struct svcseq_sequence *seq;
	struct svcseq_ties *ties;
	u8 owner;
	u16 dynamic_first;
	u16 dynamic_last;
};

struct svcseq_service *svcseq_service_find(struct svcseq_net *sn,
					   const struct svcseq_service_id *id);
struct svcseq_service *svcseq_service_at(struct svcseq_net *sn,
					 const struct svcseq_service_id *id);
int svcseq_service_missing(const struct svcseq_service_id *id,
			   struct netlink_ext_ack *extack);
int svcseq_service_add(struct svcseq_net *sn,
		       const struct svcseq_service_id *id,
		       const struct svcseq_service_conf *conf,
		       struct netlink_ext_ack *extack);
int svcseq_service_set(struct svcseq_net *sn, struct svcseq_service *svc,
		       struct svcseq_sequence *seq, const u8 *owner,
		       struct svcseq_ties *ties,
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

#define SVCSEQ_SERVICE_NAME_LEN	96

/**
 * svcseq_service_one_port - has a service one port and no more?
 * @svc: the service
 *
 * Context: any.
 * Return: true if so; false for all ports and for protocols without ports.
 */
static inline bool svcseq_service_one_port(const struct svcseq_service *svc)
{
	return svc->port && !svc->dynamic_first;
}

#endif /* SVCSEQ_TABLE_SERVICE_H */
