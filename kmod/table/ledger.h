/* SPDX-License-Identifier: GPL-2.0 */
/* Ledgers: counters that outlive the programs of a definition. */
#ifndef SVCSEQ_TABLE_LEDGER_H
#define SVCSEQ_TABLE_LEDGER_H

#include "../svcseq.h"

struct svcseq_ledger *svcseq_ledger_open(struct svcseq_net *sn, u16 nhops);
void svcseq_ledger_put(struct svcseq_ledger *ledger);
void svcseq_ledger_sum(const struct svcseq_ledger *ledger,
		       const struct svcseq_device *dev,
		       struct svcseq_totals *sent,
		       struct svcseq_totals *received);

#endif /* SVCSEQ_TABLE_LEDGER_H */
