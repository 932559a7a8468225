/* SPDX-License-Identifier: GPL-2.0 */
/* What the tc-bpf peer and the program that fills its map agree on. */
#ifndef PEER_H
#define PEER_H

#include <linux/types.h>

struct peer_key {
	__be32 addr;
	__be16 port;
	__u8 proto;
	__u8 pad;
};

struct peer_val {
	__u8 dmac[6];
	__u8 smac[6];
	__be32 addr;
	__be16 port;
	__u16 pad;
	__u32 ifindex;
};

#endif
