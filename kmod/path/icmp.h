/* SPDX-License-Identifier: GPL-2.0 */
/* ICMP errors: they follow the chain like the packet that they are about. */
#ifndef SVCSEQ_PATH_ICMP_H
#define SVCSEQ_PATH_ICMP_H

#include <linux/ip.h>
#include <linux/ipv6.h>

#include "../core/quote.h"
#include "packet.h"

/**
 * struct svcseq_icmp - What is known of an ICMP error.
 * @quote: where it keeps the packet that it is about
 * @as: the header of a packet that goes the same way as the error: that of the
 *   quoted one with its addresses turned round; nothing else in it is valid
 * @as.v4: IPv4
 * @as.v6: IPv6
 */
struct svcseq_icmp {
	struct svcseq_quote quote;
	union {
		struct iphdr v4;
		struct ipv6hdr v6;
	} as;
};

bool svcseq_icmp_look(struct svcseq_pkt *pkt, struct svcseq_icmp *icmp);
void svcseq_icmp_too_big(const struct svcseq_pkt *pkt,
			 const struct svcseq_hop *hop, unsigned int mtu);

#endif /* SVCSEQ_PATH_ICMP_H */
