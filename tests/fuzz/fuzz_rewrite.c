// SPDX-License-Identifier: GPL-2.0
/* Rewriting. The input is what to rewrite and a packet; the result is compared
 * with that of computing all checksums anew.
 */

#include <string.h>

#include "core/rewrite.h"
#include "fuzz.h"
#include "packet.h"

/* Make a sound packet of any bytes; what only the length decides stays. */
static bool packet_of(struct packet *p, const uint8_t *data, size_t size,
		      bool v6, uint8_t proto)
{
	size_t room = proto == IPPROTO_UDP ? 8 : 20;

	memset(p, 0, sizeof(*p));
	p->v6 = v6;
	p->proto = proto;
	if (size < 40 || size > sizeof(p->data))
		return false;
	memcpy(p->data, data, size);
	p->len = size;
	p->l4 = v6 ? 40 : 4 * (5u + (data[0] & 15) % 11);
	if (p->len < p->l4 + room)
		return false;
	p->data[0] = (uint8_t)(v6 ? 0x60 : 0x40 | p->l4 / 4);
	/* what the sum of UDP-Lite is over must be there */
	if (proto == IPPROTO_UDPLITE)
		put16(p->data + p->l4 + 4, 8);
	packet_seal(p);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t more[] = { IPPROTO_SCTP, IPPROTO_DCCP,
					IPPROTO_UDPLITE, IPPROTO_SCTP };
	struct svcseq_rewrite rw = { 0 };
	struct packet p, want;
	uint8_t *l3, *l4;
	size_t l3_len, l4_len, field;
	uint8_t how, proto;
	bool dst;

	if (size < 19)
		return 0;
	how = data[0];
	proto = how & 32 ? more[how >> 6] :
		how & 2 ? IPPROTO_UDP : IPPROTO_TCP;
	if (!packet_of(&p, data + 19, size - 19, how & 1, proto))
		return 0;
	/* no network card finishes these */
	if (how & 32)
		how &= ~8;
	dst = how & 4;
	field = packet_l4_csum(&p);
	if (how & 8)
		put16(p.data + field, packet_pseudo_sum(&p));

	want = p;
	if (how & 16)
		memcpy(want.data + packet_addr(&want, dst), data + 3,
		       packet_addr_len(&want));
	if (get16(data + 1))
		put16(want.data + want.l4 + (dst ? 2 : 0), get16(data + 1));
	packet_seal(&want);
	if (how & 8)
		put16(want.data + field, packet_pseudo_sum(&want));

	/* Two pieces of memory, for the headers may lie apart. */
	l3_len = p.v6 ? 40 : 20;
	l4_len = svcseq_rewrite_len(p.proto);
	l3 = malloc(l3_len);
	l4 = malloc(l4_len);
	MUST(l3 && l4);
	memcpy(l3, p.data, l3_len);
	memcpy(l4, p.data + p.l4, l4_len);
	rw.l3 = l3;
	rw.l4 = l4;
	rw.addr = how & 16 ? data + 3 : NULL;
	rw.port = cpu_to_be16(get16(data + 1));
	rw.proto = p.proto;
	rw.end = dst ? SVCSEQ_REWRITE_DST : SVCSEQ_REWRITE_SRC;
	rw.partial = how & 8;
	rw.l4_len = (u32)(p.len - p.l4);
	if (p.v6)
		svcseq_rewrite6(&rw);
	else if (rw.proto == IPPROTO_SCTP)
		svcseq_rewrite4_any(&rw);
	else
		svcseq_rewrite4(&rw);
	memcpy(p.data, l3, l3_len);
	memcpy(p.data + p.l4, l4, l4_len);
	free(l3);
	free(l4);
	MUST(!memcmp(p.data, want.data, p.len));
	return 0;
}
