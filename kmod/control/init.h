/* SPDX-License-Identifier: GPL-2.0 */
/* What main.c calls of the control plane. */
#ifndef SVCSEQ_CONTROL_INIT_H
#define SVCSEQ_CONTROL_INIT_H

int svcseq_netlink_init(void);
void svcseq_netlink_exit(void);

#endif /* SVCSEQ_CONTROL_INIT_H */
