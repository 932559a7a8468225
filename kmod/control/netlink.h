/* SPDX-License-Identifier: GPL-2.0 */
/* Generic netlink: what the files of the nouns share. */
#ifndef SVCSEQ_CONTROL_NETLINK_H
#define SVCSEQ_CONTROL_NETLINK_H

#include <net/genetlink.h>
#include <net/sock.h>

#include "../svcseq.h"
#include "../table/service.h"
#include "netlink-gen.h"

/* enough for the longest sequence */
#define SVCSEQ_NL_MSG_SIZE	(16 * 1024)

extern struct genl_family svcseq_nl_family;

/**
 * typedef svcseq_nl_fill - write an object's attributes
 * @skb: where to
 * @sn: the engine
 * @obj: the object
 *
 * Returns 0 or -EMSGSIZE. Called with cfg_lock.
 */
typedef int svcseq_nl_fill(struct sk_buff *skb, struct svcseq_net *sn,
			   const void *obj);

int svcseq_nl_need(struct genl_info *info, int attr, const char *noun,
		   const char *name);
bool svcseq_nl_is_name(const char *text);
int svcseq_nl_name(struct genl_info *info, int attr, const char *noun,
		   const char **name);
int svcseq_nl_put_counter(struct sk_buff *skb, int attr,
			  const struct svcseq_totals *totals);
int svcseq_nl_put_addr(struct sk_buff *skb, int attr4, int attr6, u8 fam,
		       const union svcseq_addr *addr);
void svcseq_nl_get_addr(union svcseq_addr *addr, u8 fam,
			const struct nlattr *attr);
int svcseq_nl_put(struct sk_buff *skb, u32 portid, u32 seq, int flags, u8 cmd,
		  struct netlink_callback *cb, struct svcseq_net *sn,
		  svcseq_nl_fill *fill, const void *obj);
int svcseq_nl_reply(struct genl_info *info, u8 cmd, struct svcseq_net *sn,
		    svcseq_nl_fill *fill, const void *obj);

/* in the files of the nouns, of use to others */
int svcseq_nl_trace_init(void);
void svcseq_nl_trace_exit(void);
void svcseq_nl_port_gone(struct svcseq_port *port);
void svcseq_nl_device_suspect(struct svcseq_net *sn, struct svcseq_device *dev,
			      bool suspect);

/**
 * struct svcseq_nl_service_attrs - Attributes of two sets that name a service.
 * @addr4: its address
 * @addr6: the same for IPv6
 * @proto: its protocol
 * @port: its first port
 * @prefix_len: bits of the address that count
 * @port_last: its last port
 * @by: whose address it is
 * @dynamic_first: further ports
 * @dynamic_last: the last of them
 */
struct svcseq_nl_service_attrs {
	int addr4;
	int addr6;
	int proto;
	int port;
	int prefix_len;
	int port_last;
	int by;
	int dynamic_first;
	int dynamic_last;
};

int svcseq_nl_service_id(struct netlink_ext_ack *extack,
			 struct nlattr * const *attrs,
			 const struct svcseq_nl_service_attrs *attr,
			 struct svcseq_service_id *id);
int svcseq_nl_put_service(struct sk_buff *skb,
			  const struct svcseq_nl_service_attrs *attr,
			  const struct svcseq_service *svc);

#endif /* SVCSEQ_CONTROL_NETLINK_H */
