/* SPDX-License-Identifier: GPL-2.0 */
/* Refusals: text for the user with the names of what is in the way. */
#ifndef SVCSEQ_TABLE_REFUSE_H
#define SVCSEQ_TABLE_REFUSE_H

#include <linux/compiler_attributes.h>

struct netlink_ext_ack;

__printf(3, 4) int svcseq_refuse(struct netlink_ext_ack *extack, int err,
				 const char *fmt, ...);

#endif /* SVCSEQ_TABLE_REFUSE_H */
