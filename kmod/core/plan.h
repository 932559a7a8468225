/* SPDX-License-Identifier: GPL-2.0 */
/* Plan: the rows and hops that a sequence definition compiles to. */
#ifndef SVCSEQ_CORE_PLAN_H
#define SVCSEQ_CORE_PLAN_H

#include "env.h"

/* the configured addresses and one per family from the neighbour table */
#define SVCSEQ_ARM_MACS		(SVCSEQ_MAX_MACS + 2)
#define SVCSEQ_SEQ_COPIES	16
/* those of devices alone, and one for each pair of members that packets pass
 * between
 */
#define SVCSEQ_PLAN_HOPS	1024
#define SVCSEQ_PLAN_ROWS	192
/* one for each step and copy in each direction */
#define SVCSEQ_PLAN_ALIASES	(2 * SVCSEQ_MAX_STEPS + 2 * SVCSEQ_SEQ_COPIES)
#define SVCSEQ_DIAG_LEN		256

/**
 * DOC: origin
 *
 * The origin of a packet, *who handed it to the engine*, is one number: the
 * source MAC address in the upper 48 bits, the number of the port in the lower
 * 16. Zero is any uplink; a port without a MAC is an arm whose port alone
 * identifies it (tracking by interface).
 */
static inline u64 svcseq_origin(const u8 *mac, u16 port)
{
	/* in words that a compiler loads as such */
	u32 high = (u32)mac[0] << 24 | mac[1] << 16 | mac[2] << 8 | mac[3];
	u16 low = (u16)(mac[4] << 8 | mac[5]);

	return (u64)high << 32 | (u32)low << 16 | port;
}

/**
 * DOC: match
 *
 * The protocol and port that a packet carries at one place of the chain: port
 * in bits 0-15, protocol in bits 16-23. A zero stands for the service's own
 * protocol or port, so that one plan serves any number of services. With
 * SVCSEQ_MATCH_NAT the address is the server's own, not the service's. The upper
 * six bits are the position that the packet has written on it, or 0.
 */
#define SVCSEQ_MATCH_OWN	0u
#define SVCSEQ_MATCH_NAT	(1u << 24)
#define SVCSEQ_MATCH_SHIFT	26
#define SVCSEQ_MATCH_POSITION	(0x3fu << SVCSEQ_MATCH_SHIFT)

static inline u32 svcseq_match(u8 proto, u16 port)
{
	return (u32)proto << 16 | port;
}

static inline u16 svcseq_match_port(u32 match, u16 own)
{
	return (u16)match ? (u16)match : own;
}

static inline u8 svcseq_match_proto(u32 match, u8 own)
{
	return (u8)(match >> 16) ? (u8)(match >> 16) : own;
}

/**
 * DOC: position
 *
 * A place of a walk as packets carry it to a device and back (enum
 * svcseq_track): for a request the number of the step, counted from 1; for a
 * reply the same and SVCSEQ_POSITION_REPLY. A server gives replies back with
 * the position of the request: it is where a packet turns round.
 */
#define SVCSEQ_POSITION_REPLY	32

/**
 * svcseq_track_is_tag - does a packet carry its position with this method?
 * @track: enum svcseq_track
 *
 * Context: any.
 * Return: true if it does; otherwise its source tells.
 */
static inline bool svcseq_track_is_tag(u8 track)
{
	return track >= SVCSEQ_TRACK_DSCP;
}

/**
 * struct svcseq_arm_desc - One arm of a device.
 * @port: number of the port, 0 while the net device is gone
 * @nmacs: how many of @mac are valid
 * @any: the port alone identifies the device
 * @uplink: the port is an uplink
 * @mac: source addresses of packets from this arm
 * @port_name: for messages
 */
struct svcseq_arm_desc {
	u16 port;
	u8 nmacs;
	bool any;
	bool uplink;
	u8 mac[SVCSEQ_ARM_MACS][6];
	const char *port_name;
};

/**
 * struct svcseq_dev_desc - A device or a pool, as far as compiling needs it.
 * @name: for messages
 * @kind: enum svcseq_device_kind; of a pool, that of its members
 * @mode: enum svcseq_server_mode, of a server; of a pool as @kind
 * @narms: 1 or 2, of a device
 * @arm: indexed by enum svcseq_arm_side, of a device
 * @nmembers: how many of @member are valid; 0 for a device
 * @member: the members of a pool
 */
struct svcseq_dev_desc {
	const char *name;
	u8 kind;
	u8 mode;
	u8 narms;
	struct svcseq_arm_desc arm[2];
	u8 nmembers;
	const struct svcseq_dev_desc *const *member;
};

/**
 * struct svcseq_copy_desc - A copy of the packets before a step.
 * @tap: the device that gets it, or the pool of which one does
 * @alert_to: the device or pool that gets what the tap sends to the service, or
 *   NULL for the last step
 * @dirs: flags of enum svcseq_direction
 * @port: enum svcseq_copy_port
 */
struct svcseq_copy_desc {
	const struct svcseq_dev_desc *tap;
	const struct svcseq_dev_desc *alert_to;
	u8 dirs;
	u8 port;
};

/**
 * struct svcseq_step_desc - One step of a sequence.
 * @dev: the device or pool of the step
 * @copy: copies taken of the packets between the step before and this one
 * @ncopies: how many of @copy are valid
 * @becomes_proto: the protocol that the device turns packets into
 * @becomes_port: the port that it turns them to; 0 if it leaves them alone
 * @port: the port that the device sees in place of the service's; 0 for that
 * @track: how the packets that the device gives back are known (enum
 *   svcseq_track)
 * @on_fail: what becomes of packets when nobody in the pool is up (enum
 *   svcseq_on_fail)
 * @alternate: with SVCSEQ_ON_FAIL_ALTERNATE, who gets them then
 */
struct svcseq_step_desc {
	const struct svcseq_dev_desc *dev;
	struct svcseq_copy_desc copy[SVCSEQ_MAX_COPIES];
	u8 ncopies;
	u8 becomes_proto;
	u16 becomes_port;
	u16 port;
	u8 track;
	u8 on_fail;
	const struct svcseq_dev_desc *alternate;
};

/**
 * struct svcseq_seq_desc - A sequence definition.
 * @name: for messages
 * @from: the device that requests enter from; NULL if from any uplink
 * @nsteps: how many of @step are valid
 * @step: from the client's side to the server's
 */
struct svcseq_seq_desc {
	const char *name;
	const struct svcseq_dev_desc *from;
	u8 nsteps;
	struct svcseq_step_desc step[SVCSEQ_MAX_STEPS];
};

/**
 * struct svcseq_diag - Why a definition cannot work.
 * @text: one sentence without the final full stop
 */
struct svcseq_diag {
	char text[SVCSEQ_DIAG_LEN];
};

/**
 * struct svcseq_row - Which hop a packet takes.
 * @origin: who handed it to the engine
 * @match: protocol and port that it carries
 * @hop: index into &svcseq_plan.hop
 */
struct svcseq_row {
	u64 origin;
	u32 match;
	u16 hop;
};

#define SVCSEQ_AT_EDGE		(-1)	/* no step: the client's end */
#define SVCSEQ_NO_MEMBER	0xff	/* whoever in the pool it will be */
#define SVCSEQ_NO_HOP		0xffff

/**
 * struct svcseq_hop_copy - A copy that a hop makes.
 * @step: the step that asks for it
 * @copy: its index in that step
 * @set: the match that the copy is given
 */
struct svcseq_hop_copy {
	u8 step;
	u8 copy;
	u32 set;
};

/**
 * struct svcseq_plan_hop - What happens to a packet at one place.
 * @dir: enum svcseq_direction
 * @from_step: the step that hands the packet in, or SVCSEQ_AT_EDGE
 * @from_copy: the copy of @from_step whose tap hands it in, or -1
 * @from_member: which of those at @from_step, or of the taps of that copy, hands
 *   it in; see svcseq_plan_device() and svcseq_plan_tap()
 * @to_step: the step that gets the packet, or SVCSEQ_AT_EDGE for the client
 * @to_side: the arm that it goes to (enum svcseq_arm_side)
 * @to_member: which of those at @to_step gets it, or SVCSEQ_NO_MEMBER if the
 *   step is a pool and this hop leads on by @branch
 * @ncopies: how many of @copy are valid
 * @position: the position that is written on the packet, or 0
 * @match: what the packet carries when it comes
 * @set: what it carries when it goes; SVCSEQ_MATCH_NAT in one of them but not
 *   in the other means that the address is translated
 * @copy: copies to make
 * @branch: the hop to the first of those at @to_step, those to the others come
 *   after it; without rows, and only if @nbranches is not 0
 * @nbranches: how many there are; 0 unless @to_member is SVCSEQ_NO_MEMBER
 * @open: the hop, without rows, that a packet takes if nobody in the pool is
 *   up, or SVCSEQ_NO_HOP; the copies of both are made
 */
struct svcseq_plan_hop {
	u8 dir;
	s8 from_step;
	s8 from_copy;
	u8 from_member;
	s8 to_step;
	u8 to_side;
	u8 to_member;
	u8 ncopies;
	u8 position;
	u8 nbranches;
	u16 branch;
	u16 open;
	u32 match;
	u32 set;
	struct svcseq_hop_copy copy[SVCSEQ_MAX_COPIES];
};

/**
 * struct svcseq_plan - A compiled sequence.
 * @nrows: rows per direction: requests, replies
 * @row: rows of requests first, then those of replies
 * @nhops: how many of @hop are valid
 * @hop: the hops
 * @naliases: how many of @alias are valid
 * @alias: what packets of a service carry beside its own protocol and port;
 *   with SVCSEQ_MATCH_NAT at the address of the server (the last step)
 * @port_sensitive: some source is told by its port, so every service has to be
 *   checked with svcseq_plan_check_service()
 */
struct svcseq_plan {
	u16 nrows[2];
	struct svcseq_row row[SVCSEQ_PLAN_ROWS];
	u16 nhops;
	struct svcseq_plan_hop hop[SVCSEQ_PLAN_HOPS];
	u16 naliases;
	u32 alias[SVCSEQ_PLAN_ALIASES];
	bool port_sensitive;
};

int svcseq_plan_compile(struct svcseq_plan *plan,
			const struct svcseq_seq_desc *seq,
			struct svcseq_diag *diag);
int svcseq_plan_check_service(const struct svcseq_plan *plan,
			      const struct svcseq_seq_desc *seq,
			      u8 proto, u16 port, struct svcseq_diag *diag);
const struct svcseq_dev_desc *
svcseq_plan_from(const struct svcseq_seq_desc *seq,
		 const struct svcseq_plan_hop *hop);

/**
 * svcseq_plan_ndevices - how many devices stand at a step
 * @step: the step
 *
 * Context: any.
 * Return: one, or all members of the pool and the alternate, if there is one.
 */
static inline u8 svcseq_plan_ndevices(const struct svcseq_step_desc *step)
{
	if (!step->dev->nmembers)
		return 1;
	return (u8)(step->dev->nmembers + !!step->alternate);
}

/**
 * svcseq_plan_device - a device that stands at a step
 * @step: the step
 * @i: which one, the alternate comes last
 *
 * Context: any.
 * Return: the device.
 */
static inline const struct svcseq_dev_desc *
svcseq_plan_device(const struct svcseq_step_desc *step, u8 i)
{
	if (!step->dev->nmembers)
		return step->dev;
	return i < step->dev->nmembers ? step->dev->member[i] : step->alternate;
}

/**
 * svcseq_plan_ntaps - how many taps may get a copy
 * @copy: the copy
 *
 * Context: any.
 * Return: one, or all members of the pool.
 */
static inline u8 svcseq_plan_ntaps(const struct svcseq_copy_desc *copy)
{
	return copy->tap->nmembers ?: 1;
}

/**
 * svcseq_plan_tap - a tap that may get a copy
 * @copy: the copy
 * @i: which one
 *
 * Context: any.
 * Return: the tap.
 */
static inline const struct svcseq_dev_desc *
svcseq_plan_tap(const struct svcseq_copy_desc *copy, u8 i)
{
	return copy->tap->nmembers ? copy->tap->member[i] : copy->tap;
}

#endif /* SVCSEQ_CORE_PLAN_H */
