/* SPDX-License-Identifier: GPL-2.0 */
/* Packets for tests, and checksums computed the long way. */
#ifndef TESTS_UNIT_PACKET_H
#define TESTS_UNIT_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX	2048

/**
 * struct packet - A packet of a protocol with ports.
 * @data: from the network header on
 * @len: bytes of it
 * @l4: offset of the transport header
 * @v6: an IPv6 packet
 * @proto: IPPROTO_TCP, _UDP, _SCTP, _DCCP or _UDPLITE
 */
struct packet {
	uint8_t data[PACKET_MAX];
	size_t len;
	size_t l4;
	bool v6;
	uint8_t proto;
};

void packet_random(struct packet *p, bool v6, uint8_t proto);
void packet_seal(struct packet *p);
bool packet_sums_right(const struct packet *p);
uint16_t packet_pseudo_sum(const struct packet *p);
size_t packet_l4_csum(const struct packet *p);
size_t packet_addr(const struct packet *p, bool dst);
size_t packet_addr_len(const struct packet *p);

uint16_t get16(const uint8_t *p);
void put16(uint8_t *p, uint16_t v);

#endif /* TESTS_UNIT_PACKET_H */
