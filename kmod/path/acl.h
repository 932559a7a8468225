/* SPDX-License-Identifier: GPL-2.0 */
/* Access lists: do those of its service allow a packet? */
#ifndef SVCSEQ_PATH_ACL_H
#define SVCSEQ_PATH_ACL_H

#include "packet.h"

bool svcseq_acl_denies(const struct svcseq_pkt *pkt,
		       const struct svcseq_hop *hop,
		       const struct svcseq_ties *ties);

#endif /* SVCSEQ_PATH_ACL_H */
