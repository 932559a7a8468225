/* SPDX-License-Identifier: GPL-2.0 */
/* Packet view: where the addresses and ports of a packet are. */
#ifndef SVCSEQ_CORE_VIEW_H
#define SVCSEQ_CORE_VIEW_H

#include "env.h"

/**
 * enum svcseq_view_result - What a packet looks like to the engine.
 * @SVCSEQ_VIEW_OK: A TCP or UDP packet with its ports; the view is filled in.
 * @SVCSEQ_VIEW_OTHER: Nothing that a service can be made of.
 * @SVCSEQ_VIEW_FRAGMENT: A fragment: it must be put together first.
 * @SVCSEQ_VIEW_SHORT: The bytes at hand end before the ports do; look again
 *   with &svcseq_view.need bytes.
 */
enum svcseq_view_result {
	SVCSEQ_VIEW_OK,
	SVCSEQ_VIEW_OTHER,
	SVCSEQ_VIEW_FRAGMENT,
	SVCSEQ_VIEW_SHORT,
};

/**
 * struct svcseq_view - The parts of a packet that steering looks at.
 * @l4_off: offset of the TCP or UDP header from the network header
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @sport: source port
 * @dport: destination port
 * @need: with SVCSEQ_VIEW_SHORT, how many bytes are wanted
 */
struct svcseq_view {
	u16 l4_off;
	u8 proto;
	__be16 sport;
	__be16 dport;
	u32 need;
};

enum svcseq_view_result svcseq_view_parse4(struct svcseq_view *view,
					   const u8 *data, u32 len);
enum svcseq_view_result svcseq_view_parse6(struct svcseq_view *view,
					   const u8 *data, u32 len);

#endif /* SVCSEQ_CORE_VIEW_H */
