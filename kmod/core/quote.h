/* SPDX-License-Identifier: GPL-2.0 */
/* Quotes: ICMP errors and the packets that they are about. */
#ifndef SVCSEQ_CORE_QUOTE_H
#define SVCSEQ_CORE_QUOTE_H

#include "env.h"
#include "view.h"

#define SVCSEQ_ICMP_HLEN	8

/**
 * struct svcseq_quote - Where an ICMP error keeps what it quotes.
 * @icmp_off: offset of the ICMP header from the network header
 * @l3_off: offset of the network header of the quoted packet
 * @l4_off: offset of its transport header
 * @proto: its protocol
 * @sport: its source port
 * @dport: its destination port
 * @need: with SVCSEQ_VIEW_SHORT, how many bytes are wanted
 */
struct svcseq_quote {
	u16 icmp_off;
	u16 l3_off;
	u16 l4_off;
	u8 proto;
	__be16 sport;
	__be16 dport;
	u32 need;
};

/**
 * struct svcseq_quote_rewrite - One rewriting of an ICMP error.
 * @data: the error from its network header on
 * @len: how many bytes of it are at hand and writable, see
 *   svcseq_quote_len()
 * @quote: where the quoted packet is
 * @addr: new address of one end of the quoted packet; NULL to keep it
 * @port: new port there; 0 to keep it
 * @dst: that end is the destination of the quoted packet, hence the source of
 *   the error; else the other way round
 */
struct svcseq_quote_rewrite {
	u8 *data;
	u32 len;
	const struct svcseq_quote *quote;
	const void *addr;
	__be16 port;
	bool dst;
};

enum svcseq_view_result svcseq_quote_parse4(struct svcseq_quote *quote,
					    const u8 *data, u32 len);
enum svcseq_view_result svcseq_quote_parse6(struct svcseq_quote *quote,
					    const u8 *data, u32 len);
u32 svcseq_quote_len(const struct svcseq_quote *quote, u32 len);
void svcseq_quote_rewrite4(const struct svcseq_quote_rewrite *rw);
void svcseq_quote_rewrite6(const struct svcseq_quote_rewrite *rw);

#endif /* SVCSEQ_CORE_QUOTE_H */
