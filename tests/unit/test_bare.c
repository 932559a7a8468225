// SPDX-License-Identifier: GPL-2.0
/* The bare view: any packet has a protocol; only who looks for neighbours is
 * left alone.
 */

#include <stdlib.h>
#include <string.h>

#include "core/bare.h"
#include "tap.h"

typedef enum svcseq_view_result bare_fn(struct svcseq_view *view,
					const u8 *data, u32 len);

/* In memory of just its size, where the sanitizer sees any look beyond. */
static enum svcseq_view_result look(bare_fn *fn, struct svcseq_view *view,
				    const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum svcseq_view_result result;

	if (!exact)
		abort();
	memcpy(exact, data, len);
	memset(view, 0xee, sizeof(*view));
	result = fn(view, exact, (u32)len);
	free(exact);
	return result;
}

static void is(const struct svcseq_view *view, unsigned int off,
	       unsigned int proto)
{
	CHECK_INT(view->l4_off, off);
	CHECK_INT(view->proto, proto);
	CHECK_INT(view->sport, 0);
	CHECK_INT(view->dport, 0);
}

static void any_ipv4(void)
{
	uint8_t packet[60] = { 0x45 };
	struct svcseq_view view;

	packet[9] = IPPROTO_ESP;
	CHECK_INT(look(svcseq_bare_parse4, &view, packet, 28), SVCSEQ_VIEW_OK);
	is(&view, 20, IPPROTO_ESP);
	/* options; and a header without anything behind it */
	packet[0] = 0x4f;
	packet[9] = IPPROTO_ICMP;
	CHECK_INT(look(svcseq_bare_parse4, &view, packet, 20), SVCSEQ_VIEW_OK);
	is(&view, 60, IPPROTO_ICMP);
	CHECK_INT(look(svcseq_bare_parse4, &view, packet, 19),
		  SVCSEQ_VIEW_OTHER);
	packet[0] = 0x44;
	CHECK_INT(look(svcseq_bare_parse4, &view, packet, 60),
		  SVCSEQ_VIEW_OTHER);
	packet[0] = 0x65;
	CHECK_INT(look(svcseq_bare_parse4, &view, packet, 60),
		  SVCSEQ_VIEW_OTHER);
}

static void any_ipv6(void)
{
	uint8_t packet[80] = { 0x60 };
	struct svcseq_view view;

	packet[6] = IPPROTO_AH;
	CHECK_INT(look(svcseq_bare_parse6, &view, packet, 40), SVCSEQ_VIEW_OK);
	is(&view, 40, IPPROTO_AH);
	packet[6] = IPPROTO_DSTOPTS;
	packet[40] = IPPROTO_GRE;
	packet[41] = 1;
	CHECK_INT(look(svcseq_bare_parse6, &view, packet, 80), SVCSEQ_VIEW_OK);
	is(&view, 56, IPPROTO_GRE);
	/* headers that are cut off do not open a way round */
	CHECK_INT(look(svcseq_bare_parse6, &view, packet, 47), SVCSEQ_VIEW_OK);
	is(&view, 40, IPPROTO_NONE);
	CHECK_INT(look(svcseq_bare_parse6, &view, packet, 55), SVCSEQ_VIEW_OK);
	is(&view, 40, IPPROTO_NONE);
	CHECK_INT(look(svcseq_bare_parse6, &view, packet, 39),
		  SVCSEQ_VIEW_OTHER);
	packet[0] = 0x40;
	CHECK_INT(look(svcseq_bare_parse6, &view, packet, 80),
		  SVCSEQ_VIEW_OTHER);
}

static void endless_headers(void)
{
	static uint8_t packet[40 + 70 * 8] = { 0x60 };
	struct svcseq_view view;

	packet[6] = IPPROTO_HOPOPTS;	/* and zero again, which is the same */
	CHECK_INT(look(svcseq_bare_parse6, &view, packet, sizeof(packet)),
		  SVCSEQ_VIEW_OK);
	is(&view, 40, IPPROTO_NONE);
}

static void neighbours(void)
{
	uint8_t packet[64] = { 0x60 };
	struct svcseq_view view;
	unsigned int type;

	packet[6] = IPPROTO_ICMPV6;
	packet[7] = 255;
	for (type = 0; type < 256; type++) {
		packet[40] = (uint8_t)type;
		CHECK_INT(look(svcseq_bare_parse6, &view, packet, 64),
			  type >= 133 && type <= 137 ? SVCSEQ_VIEW_OTHER :
						       SVCSEQ_VIEW_OK);
	}
	/* from beyond the link it is a fraud, and goes where all else goes */
	packet[40] = 135;
	packet[7] = 254;
	CHECK_INT(look(svcseq_bare_parse6, &view, packet, 64), SVCSEQ_VIEW_OK);
	packet[7] = 255;
	CHECK_INT(look(svcseq_bare_parse6, &view, packet, 40), SVCSEQ_VIEW_OK);
}

static void random_packets(void)
{
	uint8_t packet[200];
	struct svcseq_view view;
	int i;

	rnd_seed(4);
	for (i = 0; i < 20000; i++) {
		u32 len = rnd_below(sizeof(packet) + 1);

		rnd_fill(packet, sizeof(packet));
		packet[0] = (uint8_t)(0x60 | (packet[0] & 15));
		packet[6] = (uint8_t)(rnd_below(4) ? 0 : packet[6]);
		packet[40] = (uint8_t)(rnd_below(2) ? 60 : packet[40]);
		if (look(svcseq_bare_parse6, &view, packet, len) ==
		    SVCSEQ_VIEW_OK && !CHECK(view.l4_off <= len))
			return;
		look(svcseq_bare_parse4, &view, packet, len);
	}
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(any_ipv4),
		TAP_TEST(any_ipv6),
		TAP_TEST(endless_headers),
		TAP_TEST(neighbours),
		TAP_TEST(random_packets),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
