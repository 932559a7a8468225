/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of services: what uplinks answer for, and announce. */
#ifndef SVCSEQ_TABLE_ADDRESS_H
#define SVCSEQ_TABLE_ADDRESS_H

#include "../svcseq.h"

int svcseq_address_net_init(struct svcseq_net *sn);
void svcseq_address_net_stop(struct svcseq_net *sn);
void svcseq_address_net_free(struct svcseq_net *sn);
int svcseq_address_use(struct svcseq_net *sn, u8 fam,
		       const union svcseq_addr *addr);
void svcseq_address_unuse(struct svcseq_net *sn, u8 fam,
			  const union svcseq_addr *addr);
bool svcseq_address_known(struct svcseq_net *sn, u8 fam,
			  const union svcseq_addr *addr);
void svcseq_address_announce_all(struct svcseq_net *sn);
u32 svcseq_address_bytes(void);

#endif /* SVCSEQ_TABLE_ADDRESS_H */
