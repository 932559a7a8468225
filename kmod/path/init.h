/* SPDX-License-Identifier: GPL-2.0 */
/* What main.c calls of the packet path. */
#ifndef SVCSEQ_PATH_INIT_H
#define SVCSEQ_PATH_INIT_H

void svcseq_path_init(void);

#endif /* SVCSEQ_PATH_INIT_H */
