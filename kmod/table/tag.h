/* SPDX-License-Identifier: GPL-2.0 */
/* Tags: how the hops of a program tell positions, and the numbers of paths. */
#ifndef SVCSEQ_TABLE_TAG_H
#define SVCSEQ_TABLE_TAG_H

#include <linux/netlink.h>

#include "../svcseq.h"

int svcseq_tag_path_take(struct svcseq_sequence *seq,
			 struct svcseq_sequence_conf *conf,
			 struct netlink_ext_ack *extack);
void svcseq_tag_path_give(struct svcseq_sequence *seq,
			  const struct svcseq_sequence_conf *conf);
int svcseq_tag_fill(struct svcseq_hop *hop, const struct svcseq_plan_hop *plan,
		    const struct svcseq_sequence_conf *conf);
void svcseq_tag_count(const struct svcseq_prog *prog, int by);

#endif /* SVCSEQ_TABLE_TAG_H */
