/* SPDX-License-Identifier: GPL-2.0 */
/* Places: prefixes and ranges of ports that services own, for packets whose
 * address, protocol and port are no key.
 */
#ifndef SVCSEQ_TABLE_PLACE_H
#define SVCSEQ_TABLE_PLACE_H

#include "../svcseq.h"

int svcseq_place_init(struct svcseq_net *sn);
void svcseq_place_free(struct svcseq_net *sn);
void svcseq_place_id_fill(struct svcseq_place_id *id, u8 fam, u8 side, u8 len,
			  const union svcseq_addr *addr);
int svcseq_place_add(struct svcseq_net *sn, const struct svcseq_place_id *id,
		     const struct svcseq_range *range);
void svcseq_place_del(struct svcseq_net *sn, const struct svcseq_place_id *id,
		      const struct svcseq_service *svc, bool own, u8 proto,
		      u16 port);
const struct svcseq_range *
svcseq_place_clash(struct svcseq_net *sn, const struct svcseq_place_id *id,
		   const struct svcseq_range *with);
struct svcseq_service *svcseq_place_service(struct svcseq_net *sn,
					    const struct svcseq_place_id *id,
					    u8 proto, u16 first, u16 last);
const struct svcseq_range *
svcseq_place_find_rcu(struct svcseq_net *sn, u8 fam, u8 side, const void *addr,
		      u8 proto, u16 port, bool nat);

/**
 * svcseq_place_addr_len - bits of a whole address
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 *
 * Context: any.
 * Return: 32 or 128.
 */
static inline u8 svcseq_place_addr_len(u8 fam)
{
	return fam == SVCSEQ_V4 ? 32 : 128;
}

#endif /* SVCSEQ_TABLE_PLACE_H */
