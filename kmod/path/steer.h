/* SPDX-License-Identifier: GPL-2.0 */
/* Steering: the one way through the engine. */
#ifndef SVCSEQ_PATH_STEER_H
#define SVCSEQ_PATH_STEER_H

#include "packet.h"

enum svcseq_verdict svcseq_steer(struct svcseq_port *port, struct sk_buff *skb);

#endif /* SVCSEQ_PATH_STEER_H */
