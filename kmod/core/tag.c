// SPDX-License-Identifier: GPL-2.0
/* Tag: writes a packet's place in its chain as a header, and reads it again. */

#include "tag.h"

/* Base header of NSH (RFC 8300, 2.2), then SPI and SI (2.3):
 *
 *  |Ver|O|U|    TTL    |   Length  |U|U|U|U|MD Type| Next Protocol |
 *  |          Service Path Identifier (SPI)        | Service Index |
 */
#define NSH_VERSION		0xc0
#define NSH_OAM			0x20
#define NSH_TTL_MAX		0x3f
#define NSH_LENGTH		0x3f	/* in words of 4 bytes */
#define NSH_MD_TYPE		0x0f
#define NSH_MD_FIXED		1
#define NSH_MD_FIXED_WORDS	6
#define NSH_MD_VARIABLE		2
#define NSH_MD_VARIABLE_WORDS	2

/* Label stack entry (RFC 3032, 2.1): |    Label (20)   |TC (3)|S|  TTL (8)  | */
#define MPLS_LABEL_SHIFT	12
#define MPLS_TC_SHIFT		9
#define MPLS_TC_MAX		7
#define MPLS_BOTTOM		0x100
#define MPLS_IMPLICIT_NULL	3
#define MPLS_INDEX_SHIFT	6

/* VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe-13, 3.1):
 *
 *  |R|R|Ver|I|P|B|O|       Reserved                |Next Protocol  |
 *  |                VXLAN Network Identifier (VNI) |   Reserved    |
 */
#define GPE_VERSION		0x30
#define GPE_INSTANCE		0x08
#define GPE_NEXT_PROTOCOL	0x04
#define GPE_OAM			0x01

/* GRE (RFC 2784, 2 and RFC 2890, 2):
 *
 *  |C| |K|S|    Reserved0      | Ver |         Protocol Type         |
 *  |      Checksum (optional)        |     Reserved1 (optional)      |
 *  |                         Key (optional)                          |
 *  |                   Sequence Number (optional)                    |
 */
#define GRE_CSUM		0x8000
#define GRE_KEY			0x2000
#define GRE_SEQUENCE		0x1000
#define GRE_RFC1701		0x4c00	/* bits 1, 4, 5: routing and the like */
#define GRE_VERSION		0x0007

#define IP4_HLEN		20
#define IP6_HLEN		40

/* NSH and VXLAN-GPE number them alike. */
enum tag_next {
	NEXT_NONE,
	NEXT_IP4,
	NEXT_IP6,
	NEXT_ETHERNET,
	NEXT_NSH,
};

static u16 tag_load16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static u32 tag_load24(const u8 *p)
{
	return (u32)p[0] << 16 | p[1] << 8 | p[2];
}

static void tag_store16(u8 *p, u16 v)
{
	p[0] = (u8)(v >> 8);
	p[1] = (u8)v;
}

static void tag_store24(u8 *p, u32 v)
{
	p[0] = (u8)(v >> 16);
	tag_store16(p + 1, (u16)v);
}

static u8 next_of(__be16 proto)
{
	switch (be16_to_cpu(proto)) {
	case ETH_P_IP:
		return NEXT_IP4;
	case ETH_P_IPV6:
		return NEXT_IP6;
	case ETH_P_TEB:
		return NEXT_ETHERNET;
	case ETH_P_NSH:
		return NEXT_NSH;
	default:
		return NEXT_NONE;
	}
}

static u16 proto_of(u8 next)
{
	switch (next) {
	case NEXT_IP4:
		return ETH_P_IP;
	case NEXT_IP6:
		return ETH_P_IPV6;
	case NEXT_ETHERNET:
		return ETH_P_TEB;
	case NEXT_NSH:
		return ETH_P_NSH;
	default:
		return 0;
	}
}

static enum svcseq_tag_result tag_short(struct svcseq_tag *tag, u32 need)
{
	tag->need = need;
	return SVCSEQ_TAG_SHORT;
}

static enum svcseq_tag_result tag_found(struct svcseq_tag *tag, u32 path,
					u8 index, u16 proto, u16 hlen)
{
	memset(tag, 0, sizeof(*tag));
	tag->path = path;
	tag->index = index;
	tag->proto = cpu_to_be16(proto);
	tag->hlen = hlen;
	return SVCSEQ_TAG_OK;
}

/**
 * svcseq_tag_value - the number that stands in a header
 * @track: enum svcseq_track
 * @path: number of the sequence
 * @position: place in it
 *
 * Context: any.
 * Return: DSCP, label, key or VNI; of NSH both words in one.
 */
u32 svcseq_tag_value(u8 track, u32 path, u8 position)
{
	switch (track) {
	case SVCSEQ_TRACK_DSCP:
		return svcseq_tag_dscp(position);
	case SVCSEQ_TRACK_MPLS:
		return path << MPLS_INDEX_SHIFT | position;
	case SVCSEQ_TRACK_NSH:
		return path << 8 | svcseq_tag_nsh_index(position);
	default:
		return path << 8 | position;
	}
}

/**
 * svcseq_tag_nsh_put - write an NSH of MD type 2 without metadata (RFC 8300)
 * @buf: SVCSEQ_TAG_NSH_LEN bytes
 * @tag: SPI in @tag->path, SI in @tag->index, TTL from 1 to 63
 *
 * Context: any.
 * Return: 0, -ERANGE or -EPROTONOSUPPORT with @buf unchanged.
 */
int svcseq_tag_nsh_put(u8 *buf, const struct svcseq_tag *tag)
{
	u8 next = next_of(tag->proto);

	if (tag->path >= SVCSEQ_TAG_NSH_PATHS || !tag->ttl ||
	    tag->ttl > NSH_TTL_MAX)
		return -ERANGE;
	if (next == NEXT_NONE || next == NEXT_NSH)
		return -EPROTONOSUPPORT;

	buf[0] = tag->ttl >> 2;
	buf[1] = (u8)(tag->ttl << 6 | NSH_MD_VARIABLE_WORDS);
	buf[2] = NSH_MD_VARIABLE;
	buf[3] = next;
	tag_store24(buf + 4, tag->path);
	buf[7] = tag->index;
	return 0;
}

/**
 * svcseq_tag_nsh_get - read an NSH (RFC 8300, 2.2 to 2.5)
 * @tag: is filled in
 * @data: the header
 * @len: how many bytes of it and of what follows are at hand
 *
 * Metadata is passed over. A packet about the chain itself (O bit) is not one
 * that travels through it, and neither is an NSH in an NSH.
 *
 * Context: any. Reads nothing beyond @len.
 * Return: what was found; @tag->need is valid with SVCSEQ_TAG_SHORT and larger
 * than @len, the other members with SVCSEQ_TAG_OK.
 */
enum svcseq_tag_result svcseq_tag_nsh_get(struct svcseq_tag *tag,
					  const u8 *data, u32 len)
{
	u16 proto;
	u8 words;

	if (len < SVCSEQ_TAG_NSH_LEN)
		return tag_short(tag, SVCSEQ_TAG_NSH_LEN);
	if (data[0] & NSH_VERSION)
		return SVCSEQ_TAG_MALFORMED;
	words = data[1] & NSH_LENGTH;
	switch (data[2] & NSH_MD_TYPE) {
	case NSH_MD_FIXED:
		if (words != NSH_MD_FIXED_WORDS)
			return SVCSEQ_TAG_MALFORMED;
		break;
	case NSH_MD_VARIABLE:
		if (words < NSH_MD_VARIABLE_WORDS)
			return SVCSEQ_TAG_MALFORMED;
		break;
	default:
		return SVCSEQ_TAG_MALFORMED;
	}
	proto = proto_of(data[3]);
	if (data[0] & NSH_OAM || !proto || proto == ETH_P_NSH)
		return SVCSEQ_TAG_OTHER;
	if (len < words * 4u)
		return tag_short(tag, words * 4u);

	tag_found(tag, tag_load24(data + 4), data[7], proto, words * 4);
	tag->ttl = (u8)((data[0] & 0x0f) << 2 | data[1] >> 6);
	return SVCSEQ_TAG_OK;
}

/**
 * svcseq_tag_mpls_put - write a label stack of one entry (RFC 3032, 2.1)
 * @buf: SVCSEQ_TAG_MPLS_LEN bytes
 * @tag: the label is @tag->path, from 1 to 16383, in its upper 14 bits and
 *   @tag->index, from 0 to 63, in its lower 6; TTL from 1 to 255
 *
 * With no path 0 the labels from 0 to 15, which have a meaning of their own,
 * cannot come out. As many steps as one sequence can have fit into 6 bits.
 *
 * Context: any.
 * Return: 0, -ERANGE or -EPROTONOSUPPORT with @buf unchanged. A label does not
 * say what it is followed by, so that only what begins with a version of IP can
 * be told apart.
 */
int svcseq_tag_mpls_put(u8 *buf, const struct svcseq_tag *tag)
{
	u8 next = next_of(tag->proto);
	u32 label;

	if (!tag->path || tag->path >= SVCSEQ_TAG_MPLS_PATHS ||
	    tag->index >= SVCSEQ_TAG_MPLS_INDICES || !tag->ttl ||
	    tag->tc > MPLS_TC_MAX)
		return -ERANGE;
	if (next != NEXT_IP4 && next != NEXT_IP6)
		return -EPROTONOSUPPORT;

	label = tag->path << MPLS_INDEX_SHIFT | tag->index;
	tag_store24(buf, label << (MPLS_LABEL_SHIFT - 8) |
			 tag->tc << (MPLS_TC_SHIFT - 8) | MPLS_BOTTOM >> 8);
	buf[3] = tag->ttl;
	return 0;
}

/**
 * svcseq_tag_mpls_get - read a label stack of one entry (RFC 3032, 2.1)
 * @tag: is filled in
 * @data: the entry
 * @len: how many bytes of it and of what follows are at hand; one that follows
 *   is needed, for the version of IP stands there
 *
 * Context: any. Reads nothing beyond @len.
 * Return: as svcseq_tag_nsh_get(). A longer stack is SVCSEQ_TAG_OTHER, and so
 * is every label that svcseq_tag_mpls_put() does not write, but for the one
 * that must never be seen (implicit NULL).
 */
enum svcseq_tag_result svcseq_tag_mpls_get(struct svcseq_tag *tag,
					   const u8 *data, u32 len)
{
	u32 entry, label;
	u16 proto;

	if (len < SVCSEQ_TAG_MPLS_LEN)
		return tag_short(tag, SVCSEQ_TAG_MPLS_LEN);
	entry = (u32)tag_load16(data) << 16 | tag_load16(data + 2);
	label = entry >> MPLS_LABEL_SHIFT;
	if (label == MPLS_IMPLICIT_NULL)
		return SVCSEQ_TAG_MALFORMED;
	if (!(label >> MPLS_INDEX_SHIFT) || !(entry & MPLS_BOTTOM))
		return SVCSEQ_TAG_OTHER;
	if (len < SVCSEQ_TAG_MPLS_LEN + 1)
		return tag_short(tag, SVCSEQ_TAG_MPLS_LEN + 1);
	switch (data[SVCSEQ_TAG_MPLS_LEN] >> 4) {
	case 4:
		proto = ETH_P_IP;
		break;
	case 6:
		proto = ETH_P_IPV6;
		break;
	default:
		return SVCSEQ_TAG_OTHER;
	}

	tag_found(tag, label >> MPLS_INDEX_SHIFT,
		  label & (SVCSEQ_TAG_MPLS_INDICES - 1), proto,
		  SVCSEQ_TAG_MPLS_LEN);
	tag->ttl = (u8)entry;
	tag->tc = entry >> MPLS_TC_SHIFT & MPLS_TC_MAX;
	return SVCSEQ_TAG_OK;
}

/**
 * svcseq_tag_gpe_put - write a VXLAN-GPE header (draft-ietf-nvo3-vxlan-gpe, 3)
 * @buf: SVCSEQ_TAG_GPE_LEN bytes
 * @tag: the VNI is @tag->path in its upper 16 bits and @tag->index in its
 *   lower 8
 *
 * Context: any.
 * Return: 0, -ERANGE or -EPROTONOSUPPORT with @buf unchanged.
 */
int svcseq_tag_gpe_put(u8 *buf, const struct svcseq_tag *tag)
{
	u8 next = next_of(tag->proto);

	if (tag->path >= SVCSEQ_TAG_GPE_PATHS)
		return -ERANGE;
	if (next == NEXT_NONE)
		return -EPROTONOSUPPORT;

	buf[0] = GPE_INSTANCE | GPE_NEXT_PROTOCOL;
	buf[1] = 0;
	buf[2] = 0;
	buf[3] = next;
	tag_store16(buf + 4, (u16)tag->path);
	buf[6] = tag->index;
	buf[7] = 0;
	return 0;
}

/**
 * svcseq_tag_gpe_get - read a VXLAN-GPE header (draft-ietf-nvo3-vxlan-gpe, 3)
 * @tag: is filled in
 * @data: the header
 * @len: how many bytes of it and of what follows are at hand
 *
 * A header without VNI says no place, one without a next protocol is of VXLAN
 * as it was before, and one with the O bit is about the tunnel. Reserved bits
 * are ignored, as the draft wants it.
 *
 * Context: any. Reads nothing beyond @len.
 * Return: as svcseq_tag_nsh_get(). With ETH_P_NSH the place is what the NSH
 * says that follows.
 */
enum svcseq_tag_result svcseq_tag_gpe_get(struct svcseq_tag *tag,
					  const u8 *data, u32 len)
{
	u16 proto;

	if (len < SVCSEQ_TAG_GPE_LEN)
		return tag_short(tag, SVCSEQ_TAG_GPE_LEN);
	if (data[0] & GPE_VERSION)
		return SVCSEQ_TAG_MALFORMED;
	proto = proto_of(data[3]);
	if (!(data[0] & GPE_INSTANCE) || !(data[0] & GPE_NEXT_PROTOCOL) ||
	    data[0] & GPE_OAM || !proto)
		return SVCSEQ_TAG_OTHER;

	return tag_found(tag, tag_load16(data + 4), data[6], proto,
			 SVCSEQ_TAG_GPE_LEN);
}

/**
 * svcseq_tag_gre_put - write a GRE header with a key (RFC 2784, RFC 2890)
 * @buf: SVCSEQ_TAG_GRE_LEN bytes
 * @tag: the key is @tag->path in its upper 24 bits and @tag->index in its
 *   lower 8
 *
 * Context: any.
 * Return: 0, -ERANGE or -EPROTONOSUPPORT with @buf unchanged.
 */
int svcseq_tag_gre_put(u8 *buf, const struct svcseq_tag *tag)
{
	if (tag->path >= SVCSEQ_TAG_GRE_PATHS)
		return -ERANGE;
	if (next_of(tag->proto) == NEXT_NONE)
		return -EPROTONOSUPPORT;

	tag_store16(buf, GRE_KEY);
	memcpy(buf + 2, &tag->proto, sizeof(tag->proto));
	tag_store24(buf + 4, tag->path);
	buf[7] = tag->index;
	return 0;
}

/**
 * svcseq_tag_gre_get - read a GRE header with a key (RFC 2784, RFC 2890)
 * @tag: is filled in
 * @data: the header
 * @len: how many bytes of it and of what follows are at hand
 *
 * Checksum and sequence number are passed over: the checksum is over bytes that
 * may not be at hand, and to put packets in order takes a memory of them.
 *
 * Context: any. Reads nothing beyond @len.
 * Return: as svcseq_tag_nsh_get(). Without a key there is no place; with
 * another version, or routing of RFC 1701, the packet is to be dropped.
 */
enum svcseq_tag_result svcseq_tag_gre_get(struct svcseq_tag *tag,
					  const u8 *data, u32 len)
{
	u16 flags, proto;
	u32 key, hlen;

	if (len < 4)
		return tag_short(tag, 4);
	flags = tag_load16(data);
	proto = tag_load16(data + 2);
	if (flags & (GRE_VERSION | GRE_RFC1701))
		return SVCSEQ_TAG_MALFORMED;
	if (!(flags & GRE_KEY) || next_of(cpu_to_be16(proto)) == NEXT_NONE)
		return SVCSEQ_TAG_OTHER;

	key = flags & GRE_CSUM ? 8 : 4;
	hlen = key + (flags & GRE_SEQUENCE ? 8 : 4);
	if (len < hlen)
		return tag_short(tag, hlen);
	tag_found(tag, tag_load24(data + key), data[key + 3], proto, (u16)hlen);
	tag->csum = flags & GRE_CSUM;
	return SVCSEQ_TAG_OK;
}

/**
 * svcseq_tag_dscp4_get - read the DSCP of an IPv4 packet (RFC 2474, 3)
 * @tag: is filled in; @tag->path is 0
 * @data: the packet from its network header on
 * @len: how many bytes of it are at hand
 *
 * Context: any. Reads nothing beyond @len.
 * Return: as svcseq_tag_nsh_get().
 */
enum svcseq_tag_result svcseq_tag_dscp4_get(struct svcseq_tag *tag,
					    const u8 *data, u32 len)
{
	if (len < IP4_HLEN)
		return tag_short(tag, IP4_HLEN);
	if (data[0] >> 4 != 4 || (data[0] & 0x0f) * 4 < IP4_HLEN)
		return SVCSEQ_TAG_MALFORMED;

	return tag_found(tag, 0, data[1] >> 2, ETH_P_IP, 0);
}

/**
 * svcseq_tag_dscp6_get - read the DSCP of an IPv6 packet (RFC 8200, 7)
 * @tag: is filled in; @tag->path is 0
 * @data: the packet from its network header on
 * @len: how many bytes of it are at hand
 *
 * Context: any. Reads nothing beyond @len.
 * Return: as svcseq_tag_nsh_get().
 */
enum svcseq_tag_result svcseq_tag_dscp6_get(struct svcseq_tag *tag,
					    const u8 *data, u32 len)
{
	if (len < IP6_HLEN)
		return tag_short(tag, IP6_HLEN);
	if (data[0] >> 4 != 6)
		return SVCSEQ_TAG_MALFORMED;

	return tag_found(tag, 0, (u8)((data[0] & 0x0f) << 2 | data[1] >> 6),
			 ETH_P_IPV6, 0);
}
