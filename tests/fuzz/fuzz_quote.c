// SPDX-License-Identifier: GPL-2.0
/* ICMP errors. The input is what to rewrite and a packet. Whatever the packet,
 * a sum that was right stays right, and one that was wrong stays as wrong.
 */

#include <string.h>

#include "core/quote.h"
#include "fuzz.h"

typedef enum svcseq_view_result quote_fn(struct svcseq_quote *quote,
					 const u8 *data, u32 len);

static enum svcseq_view_result look(quote_fn *fn, struct svcseq_quote *quote,
				    const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum svcseq_view_result result;

	MUST(exact);
	memcpy(exact, data, len);
	memset(quote, 0xee, sizeof(*quote));
	result = fn(quote, exact, (u32)len);
	free(exact);
	return result;
}

/* More and more bytes, as many as are asked for, until there is an answer. */
static enum svcseq_view_result step(quote_fn *fn, struct svcseq_quote *quote,
				    const uint8_t *data, size_t size)
{
	enum svcseq_view_result got;
	size_t have = 0;

	while ((got = look(fn, quote, data, have)) == SVCSEQ_VIEW_SHORT) {
		MUST(quote->need > have);
		if (quote->need > size)
			break;
		have = quote->need;
	}
	return got;
}

static uint32_t sum(const uint8_t *data, size_t len)
{
	uint64_t total = 0;
	size_t i;

	for (i = 0; i < len; i++)
		total += (uint64_t)data[i] << (i & 1 ? 0 : 8);
	return (uint32_t)(total % 0xffff);
}

static uint32_t icmp_sum(bool v6, const struct svcseq_quote *quote,
			 const uint8_t *data, size_t size)
{
	uint32_t total = sum(data + quote->icmp_off, size - quote->icmp_off);

	if (v6)
		total += sum(data + 8, 32);
	return total % 0xffff;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct svcseq_quote quote, whole;
	struct svcseq_quote_rewrite rw = { .quote = &quote };
	uint32_t icmp, outer, quoted;
	uint8_t *copy;
	quote_fn *fn;
	bool v6;

	if (size < 19)
		return 0;
	v6 = data[0] & 1;
	fn = v6 ? svcseq_quote_parse6 : svcseq_quote_parse4;
	rw.dst = data[0] & 2;
	rw.addr = data[0] & 4 ? data + 3 : NULL;
	memcpy(&rw.port, data + 1, 2);
	data += 19;
	size -= 19;
	if (step(fn, &quote, data, size) != SVCSEQ_VIEW_OK)
		return 0;
	MUST(look(fn, &whole, data, size) == SVCSEQ_VIEW_OK);
	MUST(whole.icmp_off == quote.icmp_off && whole.l3_off == quote.l3_off &&
	     whole.l4_off == quote.l4_off && whole.proto == quote.proto &&
	     whole.sport == quote.sport && whole.dport == quote.dport);
	MUST(quote.l4_off + 4u <= size);
	/* a packet is no longer than its length field can say */
	if (size > 65535)
		return 0;

	rw.len = svcseq_quote_len(&quote, (u32)size);
	MUST(rw.len <= size);
	icmp = icmp_sum(v6, &quote, data, size);
	outer = sum(data, v6 ? 0 : quote.icmp_off);
	quoted = sum(data + quote.l3_off, v6 ? 0 : 20);
	/* of just the size that may be written */
	rw.data = malloc(rw.len);
	copy = malloc(size);
	MUST(rw.data && copy);
	memcpy(rw.data, data, rw.len);
	if (v6)
		svcseq_quote_rewrite6(&rw);
	else
		svcseq_quote_rewrite4(&rw);
	memcpy(copy, data, size);
	memcpy(copy, rw.data, rw.len);
	free(rw.data);
	MUST(icmp_sum(v6, &quote, copy, size) == icmp);
	MUST(sum(copy, v6 ? 0 : quote.icmp_off) == outer);
	MUST(sum(copy + quote.l3_off, v6 ? 0 : 20) == quoted);
	free(copy);
	return 0;
}
