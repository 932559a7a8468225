/* SPDX-License-Identifier: GPL-2.0 */
/* Programs: what the packet path reads of a sequence. */
#ifndef SVCSEQ_TABLE_PROGRAM_H
#define SVCSEQ_TABLE_PROGRAM_H

#include <linux/netlink.h>

#include "../svcseq.h"

struct svcseq_prog *svcseq_prog_build(struct svcseq_sequence *seq,
				      const struct svcseq_sequence_conf *conf,
				      struct netlink_ext_ack *extack);
int svcseq_prog_check_service(const struct svcseq_sequence *seq,
			      const struct svcseq_sequence_conf *conf,
			      const struct svcseq_prog *prog,
			      const struct svcseq_service *svc,
			      struct netlink_ext_ack *extack);
void svcseq_prog_free(struct svcseq_prog *prog);
void svcseq_prog_retire(struct svcseq_prog *prog);

#endif /* SVCSEQ_TABLE_PROGRAM_H */
