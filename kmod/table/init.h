/* SPDX-License-Identifier: GPL-2.0 */
/* What main.c calls of the tables. */
#ifndef SVCSEQ_TABLE_INIT_H
#define SVCSEQ_TABLE_INIT_H

int svcseq_engine_init(void);
void svcseq_engine_exit(void);

#endif /* SVCSEQ_TABLE_INIT_H */
