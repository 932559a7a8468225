/* SPDX-License-Identifier: GPL-2.0 */
/* Bare view: of a packet without ports, where its payload begins and what it
 * is, for services of any protocol.
 */
#ifndef SVCSEQ_CORE_BARE_H
#define SVCSEQ_CORE_BARE_H

#include "view.h"

enum svcseq_view_result svcseq_bare_parse4(struct svcseq_view *view,
					   const u8 *data, u32 len);
enum svcseq_view_result svcseq_bare_parse6(struct svcseq_view *view,
					   const u8 *data, u32 len);

#endif /* SVCSEQ_CORE_BARE_H */
