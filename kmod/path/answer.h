/* SPDX-License-Identifier: GPL-2.0 */
/* Answers: who has the address of a service? */
#ifndef SVCSEQ_PATH_ANSWER_H
#define SVCSEQ_PATH_ANSWER_H

#include <linux/skbuff.h>

#include "../svcseq.h"

bool svcseq_answer(struct svcseq_port *port, struct sk_buff *skb);
void svcseq_answer_announce(struct svcseq_port *port, u8 fam,
			    const union svcseq_addr *addr);

#endif /* SVCSEQ_PATH_ANSWER_H */
