/* SPDX-License-Identifier: GPL-2.0 */
/* Tag: a packet's place in its chain, written into the packet itself. */
#ifndef SVCSEQ_CORE_TAG_H
#define SVCSEQ_CORE_TAG_H

#include "plan.h"
#include "rewrite.h"

/**
 * enum svcseq_tag_result - What was found where a tag was looked for.
 * @SVCSEQ_TAG_OK: a tag; &struct svcseq_tag is filled in
 * @SVCSEQ_TAG_SHORT: the bytes at hand end before the tag does; look again with
 *   &svcseq_tag.need bytes
 * @SVCSEQ_TAG_OTHER: a header that is right, but says no place in a chain or
 *   carries what no chain carries; it may be meant for somebody else
 * @SVCSEQ_TAG_MALFORMED: a header that the standard does not allow, or wants
 *   to be dropped by all who do not understand it
 */
enum svcseq_tag_result {
	SVCSEQ_TAG_OK,
	SVCSEQ_TAG_SHORT,
	SVCSEQ_TAG_OTHER,
	SVCSEQ_TAG_MALFORMED,
};

/**
 * struct svcseq_tag - A packet's place in its chain.
 * @path: number of the chain; how large it may be depends on the method
 * @need: with SVCSEQ_TAG_SHORT, how many bytes are wanted
 * @proto: what comes behind the header: ETH_P_IP, ETH_P_IPV6, ETH_P_TEB (an
 *   Ethernet frame) or ETH_P_NSH
 * @hlen: bytes of the header; 0 for DSCP, which has none of its own
 * @index: number of the step, or the DSCP
 * @ttl: of NSH and MPLS, as it stands in the header; otherwise 0
 * @tc: traffic class of MPLS; otherwise 0
 * @csum: of GRE: there is a checksum over all from the header on, which nobody
 *   has looked at yet
 */
struct svcseq_tag {
	u32 path;
	u32 need;
	__be16 proto;
	u16 hlen;
	u8 index;
	u8 ttl;
	u8 tc;
	bool csum;
};

/* Bytes that are written; what is read may be longer. */
#define SVCSEQ_TAG_NSH_LEN	8
#define SVCSEQ_TAG_MPLS_LEN	4
#define SVCSEQ_TAG_GPE_LEN	8
#define SVCSEQ_TAG_GRE_LEN	8

/* Numbers from 0 on, but for MPLS, whose lowest labels are not ours to use. */
#define SVCSEQ_TAG_NSH_PATHS	(1u << 24)
#define SVCSEQ_TAG_MPLS_PATHS	(1u << 14)
#define SVCSEQ_TAG_MPLS_INDICES	(1u << 6)
#define SVCSEQ_TAG_GPE_PATHS	(1u << 16)
#define SVCSEQ_TAG_GRE_PATHS	(1u << 24)

#define SVCSEQ_TAG_NSH_TTL	63	/* RFC 8300, 2.2: the default */
#define SVCSEQ_TAG_GPE_PORT	4790

/* Positions (see plan.h) as they stand in a header. With NSH the service index
 * falls on the way: by one where the engine sends the packet to the next step,
 * and by one in each device that is aware of NSH (RFC 8300, 3). Requests begin
 * with 255, so do not mind how long the chain is; replies use from 127 to 96.
 * A DSCP is one for local use: request xxxx11, reply xxxx01 (RFC 2474, 6).
 */
#define SVCSEQ_TAG_NSH_REQUEST	255
#define SVCSEQ_TAG_NSH_REPLY	97

static inline u8 svcseq_tag_nsh_index(u8 position)
{
	if (position > SVCSEQ_POSITION_REPLY)
		return (u8)(SVCSEQ_TAG_NSH_REPLY +
			    2 * (position - SVCSEQ_POSITION_REPLY - 1));
	return (u8)(SVCSEQ_TAG_NSH_REQUEST - 2 * (position - 1));
}

static inline u8 svcseq_tag_nsh_position(u8 index)
{
	if (index > SVCSEQ_TAG_NSH_REQUEST - 2 * SVCSEQ_MAX_STEPS)
		return (u8)((SVCSEQ_TAG_NSH_REQUEST - index) / 2 + 1);
	if (index >= SVCSEQ_TAG_NSH_REPLY - 1 &&
	    index < SVCSEQ_TAG_NSH_REPLY - 1 + 2 * SVCSEQ_MAX_STEPS)
		return (u8)((index - SVCSEQ_TAG_NSH_REPLY + 1) / 2 +
			    SVCSEQ_POSITION_REPLY + 1);
	return 0;
}

static inline u8 svcseq_tag_dscp(u8 position)
{
	if (position > SVCSEQ_POSITION_REPLY)
		return (u8)((position - SVCSEQ_POSITION_REPLY - 1) << 2 | 1);
	return (u8)((position - 1) << 2 | 3);
}

static inline u8 svcseq_tag_dscp_position(u8 dscp)
{
	switch (dscp & 3) {
	case 1:
		return (u8)((dscp >> 2) + SVCSEQ_POSITION_REPLY + 1);
	case 3:
		return (u8)((dscp >> 2) + 1);
	default:
		return 0;
	}
}

/* Largest number of a path that a method has room for. */
static inline u32 svcseq_tag_path_max(u8 track)
{
	switch (track) {
	case SVCSEQ_TRACK_MPLS:
		return SVCSEQ_TAG_MPLS_PATHS - 1;
	case SVCSEQ_TRACK_GPE:
		return SVCSEQ_TAG_GPE_PATHS - 1;
	default:
		return SVCSEQ_TAG_NSH_PATHS - 1;
	}
}

u32 svcseq_tag_value(u8 track, u32 path, u8 position);
int svcseq_tag_nsh_put(u8 *buf, const struct svcseq_tag *tag);
enum svcseq_tag_result svcseq_tag_nsh_get(struct svcseq_tag *tag,
					  const u8 *data, u32 len);
int svcseq_tag_mpls_put(u8 *buf, const struct svcseq_tag *tag);
enum svcseq_tag_result svcseq_tag_mpls_get(struct svcseq_tag *tag,
					   const u8 *data, u32 len);
int svcseq_tag_gpe_put(u8 *buf, const struct svcseq_tag *tag);
enum svcseq_tag_result svcseq_tag_gpe_get(struct svcseq_tag *tag,
					  const u8 *data, u32 len);
int svcseq_tag_gre_put(u8 *buf, const struct svcseq_tag *tag);
enum svcseq_tag_result svcseq_tag_gre_get(struct svcseq_tag *tag,
					  const u8 *data, u32 len);
enum svcseq_tag_result svcseq_tag_dscp4_get(struct svcseq_tag *tag,
					    const u8 *data, u32 len);
enum svcseq_tag_result svcseq_tag_dscp6_get(struct svcseq_tag *tag,
					    const u8 *data, u32 len);

/**
 * svcseq_tag_nsh_ttl - TTL of an NSH that is sent on (RFC 8300, 2.2)
 * @ttl: as it came in; 0 comes from those who knew no TTL, and means 64
 *
 * Context: any.
 * Return: the TTL to send; with 0 the packet must not be sent.
 */
static inline u8 svcseq_tag_nsh_ttl(u8 ttl)
{
	return (u8)(ttl - 1) & 0x3f;
}

/**
 * svcseq_tag_mpls_ttl - TTL of a label that is sent on (RFC 3032, 2.4.2)
 * @ttl: as it came in
 *
 * Context: any.
 * Return: the TTL to send; with 0 the packet must not be sent.
 */
static inline u8 svcseq_tag_mpls_ttl(u8 ttl)
{
	return ttl ? (u8)(ttl - 1) : 0;
}

/**
 * svcseq_tag_nsh_step - take an NSH one step further where it stands
 * @nsh: a header for which svcseq_tag_nsh_get() said SVCSEQ_TAG_OK
 * @index: number of the next step
 *
 * Metadata and bits without a meaning stay, as RFC 8300, 2.2 wants it.
 *
 * Context: any.
 * Return: the TTL that is now in it; with 0 the packet must not be sent.
 */
static inline u8 svcseq_tag_nsh_step(u8 *nsh, u8 index)
{
	u8 ttl = (u8)((nsh[0] & 0x0f) << 2 | nsh[1] >> 6);

	ttl = svcseq_tag_nsh_ttl(ttl);
	nsh[0] = (u8)((nsh[0] & 0xf0) | ttl >> 2);
	nsh[1] = (u8)(ttl << 6 | (nsh[1] & 0x3f));
	nsh[7] = index;
	return ttl;
}

/**
 * svcseq_tag_dscp4_put - set the DSCP of an IPv4 packet (RFC 2474, 3)
 * @l3: the network header; 12 bytes are writable
 * @dscp: from 0 to 63
 *
 * ECN stays; the header checksum is updated. To a checksum over the whole
 * packet (CHECKSUM_COMPLETE) nothing changes: both differences cancel out.
 *
 * Context: any.
 */
static __always_inline void svcseq_tag_dscp4_put(u8 *l3, u8 dscp)
{
	u16 old = svcseq_load16(l3);

	l3[1] = (u8)(dscp << 2 | (l3[1] & 3));
	svcseq_sum_update(l3 + SVCSEQ_IP4_OFF_CSUM,
			  svcseq_diff16(old, svcseq_load16(l3)));
}

/**
 * svcseq_tag_dscp6_put - set the DSCP of an IPv6 packet (RFC 8200, 7)
 * @l3: the network header; 2 bytes are writable
 * @dscp: from 0 to 63
 *
 * ECN and flow label stay. No checksum of the packet has the traffic class in
 * it, but one over the whole packet (CHECKSUM_COMPLETE) has.
 *
 * Context: any.
 */
static __always_inline void svcseq_tag_dscp6_put(u8 *l3, u8 dscp)
{
	l3[0] = (u8)(0x60 | (dscp >> 2 & 0x0f));
	l3[1] = (u8)(dscp << 6 | (l3[1] & 0x3f));
}

#endif /* SVCSEQ_CORE_TAG_H */
