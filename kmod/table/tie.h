/* SPDX-License-Identifier: GPL-2.0 */
/* Ties: which access lists have to allow the packets of a service, and at
 * which ports.
 */
#ifndef SVCSEQ_TABLE_TIE_H
#define SVCSEQ_TABLE_TIE_H

#include <linux/netlink.h>

#include "../svcseq.h"

struct svcseq_ties *svcseq_ties_new(u32 n);
int svcseq_ties_add(struct svcseq_net *sn, struct svcseq_ties *ties,
		    struct svcseq_list *list, struct svcseq_port *port,
		    struct netlink_ext_ack *extack);
void svcseq_ties_free(struct svcseq_ties *ties);
void svcseq_ties_link(struct svcseq_service *svc, struct svcseq_ties *ties);
void svcseq_service_tie(struct svcseq_net *sn, struct svcseq_service *svc,
			struct svcseq_ties *ties);

int svcseq_gate_check(struct svcseq_net *sn, const struct svcseq_port *port,
		      struct netlink_ext_ack *extack);
void svcseq_gate_port_added(struct svcseq_net *sn,
			    const struct svcseq_port *port);
void svcseq_gate_port_renamed(struct svcseq_net *sn,
			      const struct svcseq_port *port);
void svcseq_gate_port_gone(struct svcseq_net *sn,
			   const struct svcseq_port *port);

#endif /* SVCSEQ_TABLE_TIE_H */
