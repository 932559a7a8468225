// SPDX-License-Identifier: GPL-2.0
/* Refusals: text for the user with the names of what is in the way. */

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/netlink.h>

#include "refuse.h"

#define REFUSE_LEN	384
#define REFUSE_SLOTS	64

static_assert(!(REFUSE_SLOTS & (REFUSE_SLOTS - 1)));

/* The text is read after the handler has returned, and kernels before 6.2 keep
 * only a pointer to it (later ones 80 bytes, too few for two names). So it has
 * to live a little longer than the request: a slot is used again only after 63
 * other refusals. A reader that sleeps that long prints a newer text; every
 * slot is always terminated.
 */
static char refuse_text[REFUSE_SLOTS][REFUSE_LEN];
static atomic_t refuse_next = ATOMIC_INIT(0);

/**
 * svcseq_refuse - refuse a request
 * @extack: where the text goes; may be NULL
 * @err: the error, negative
 * @fmt: format of one sentence that names the object, the attribute and the
 *   way out
 *
 * Context: any.
 * Return: @err.
 */
int svcseq_refuse(struct netlink_ext_ack *extack, int err, const char *fmt, ...)
{
	unsigned int slot;
	va_list args;

	if (!extack)
		return err;

	slot = (unsigned int)atomic_inc_return(&refuse_next) % REFUSE_SLOTS;
	va_start(args, fmt);
	vscnprintf(refuse_text[slot], REFUSE_LEN, fmt, args);
	va_end(args);
	extack->_msg = refuse_text[slot];
	return err;
}
