/* SPDX-License-Identifier: GPL-2.0 */
/* Ranges: which of the services of one place owns a protocol and port. */
#ifndef SVCSEQ_CORE_RANGE_H
#define SVCSEQ_CORE_RANGE_H

#include "env.h"
#include "view.h"

#define SVCSEQ_PORT_MAX		65535

/**
 * struct svcseq_range - Ports of one protocol that belong to somebody.
 * @of: whom; NULL once he is gone
 * @first: first port; 0 with SVCSEQ_PORT_MAX as the last: all that there are
 * @last: last port
 * @proto: protocol, or SVCSEQ_PROTO_ANY, which goes with all ports
 * @own: packets carry the service's own protocol and port, whichever of them
 * @nat: the address is a server's own: matches sources only
 */
struct svcseq_range {
	void *of;
	u16 first;
	u16 last;
	u8 proto;
	bool own;
	bool nat;
};

/**
 * svcseq_proto_has_ports - can a service have some ports of this protocol?
 * @proto: the protocol
 *
 * Context: any.
 * Return: true if the packet view finds its ports and rewriting knows it.
 */
static inline bool svcseq_proto_has_ports(u8 proto)
{
	return svcseq_view_has_ports(proto);
}

static inline bool svcseq_range_is_all(const struct svcseq_range *range)
{
	return !range->first && range->last == SVCSEQ_PORT_MAX;
}

int svcseq_range_find(const struct svcseq_range *range, u32 n, u8 proto,
		      u16 port, bool nat);
int svcseq_range_clash(const struct svcseq_range *range, u32 n,
		       const struct svcseq_range *with);
u32 svcseq_range_insert(struct svcseq_range *to,
			const struct svcseq_range *range, u32 n,
			const struct svcseq_range *with);

#endif /* SVCSEQ_CORE_RANGE_H */
