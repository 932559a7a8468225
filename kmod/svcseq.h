/* SPDX-License-Identifier: GPL-2.0 */
/* The private structures of svcseq, each field with what protects it. */
#ifndef SVCSEQ_H
#define SVCSEQ_H

#include <linux/hashtable.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "core/acl.h"
#include "core/choice.h"
#include "core/plan.h"
#include "core/range.h"

/**
 * DOC: locking
 *
 * Order, outermost first: ``rtnl`` -> &svcseq_net.cfg_lock. Whoever adds,
 * changes or removes a port holds both; every other change holds cfg_lock.
 * rtnl is never taken inside cfg_lock, and nothing that holds cfg_lock waits
 * for the work queue.
 *
 * Packets are steered under RCU and with bottom halves off, without a lock or
 * a reference: hook -> &struct svcseq_port -> &struct svcseq_key ->
 * &struct svcseq_service -> &struct svcseq_sequence ->
 * &struct svcseq_prog -> hop. What a packet can reach is therefore freed only
 * after a grace period: keys and services by kfree_rcu(), ports, programs and
 * sequences by work that is queued with queue_rcu_work() or that runs after
 * such work.
 *
 * A program never changes once it is published; every change of a device,
 * port, neighbour or sequence compiles a new one and swaps one pointer,
 * &svcseq_sequence.prog. The program before stays reachable by
 * &svcseq_prog.prev for SVCSEQ_DRAIN_MS, so that packets that a replaced
 * device still holds find their way on.
 *
 * Which member of a pool gets a packet is no part of a program: all programs
 * that lead to the pool ask &svcseq_pool.choice, so that one pointer fails all
 * of them over. It is freed by kvfree_rcu(), the pool with the last program.
 */

#define SVCSEQ_DRAIN_MS		1000
#define SVCSEQ_DRAIN_DEPTH	8
#define SVCSEQ_NEIGH_MS		5000

/* index of per-family members */
enum {
	SVCSEQ_V4,
	SVCSEQ_V6,
	SVCSEQ_NFAM,
};

/* longest prefix of any family, and one for the length of zero */
#define SVCSEQ_PREFIX_LENS	129

/* &svcseq_net.wide */
#define SVCSEQ_WIDE_SERVER	BIT(0)	/* places by server */
#define SVCSEQ_WIDE_CLIENT	BIT(1)	/* places by client */
#define SVCSEQ_WIDE_BARE	BIT(2)	/* protocols without ports */

/**
 * struct svcseq_lens - Prefix lengths in use.
 * @used: which; written under cfg_lock, read locklessly by packets
 * @n: places of each; cfg_lock
 */
struct svcseq_lens {
	DECLARE_BITMAP(used, SVCSEQ_PREFIX_LENS);
	u32 n[SVCSEQ_PREFIX_LENS];
};

/**
 * struct svcseq_places - Services that are wider than one address, protocol
 *   and port.
 * @table: &struct svcseq_place by prefix; written under cfg_lock, read under
 *   RCU
 * @lens: prefix lengths, by family and enum svcseq_key_side
 * @n: number of places; cfg_lock
 * @nbare: ranges of protocols without ports, by family; cfg_lock
 * @bytes: memory for places and their ranges; cfg_lock
 */
struct svcseq_places {
	struct rhashtable table;
	struct svcseq_lens lens[SVCSEQ_NFAM][2];
	u32 n;
	u32 nbare[SVCSEQ_NFAM];
	size_t bytes;
};

/**
 * struct svcseq_totals - A counter added up over all CPUs.
 * @packets: packets
 * @bytes: bytes from the network header on
 */
struct svcseq_totals {
	u64 packets;
	u64 bytes;
};

/**
 * struct svcseq_counter - A counter on one CPU.
 * @packets: packets
 * @bytes: bytes from the network header on
 */
struct svcseq_counter {
	u64_stats_t packets;
	u64_stats_t bytes;
};

/**
 * struct svcseq_stats - Counters of one object on one CPU.
 * @syncp: makes 64-bit counters whole on 32-bit machines
 * @c: the counters
 */
struct svcseq_stats {
	struct u64_stats_sync syncp;
	struct svcseq_counter c[];
};

/**
 * enum svcseq_drop_reason - Why a packet is dropped.
 * @SVCSEQ_DROP_BAD_SOURCE: its source MAC address is nobody's in the sequence
 * @SVCSEQ_DROP_BAD_POSITION: its source is in the sequence, but nothing goes
 *   on from there with this direction, protocol and port
 * @SVCSEQ_DROP_PORT_DOWN: the port that it should leave by is down or gone
 * @SVCSEQ_DROP_TOO_BIG: it does not fit the MTU there
 * @SVCSEQ_DROP_NO_ROUTE: no route leads to the client
 * @SVCSEQ_DROP_NO_NEIGHBOUR: neither MAC nor address of the next hop is known
 * @SVCSEQ_DROP_TRUNCATED: it ends within its headers
 * @SVCSEQ_DROP_BAD_FRAGMENT: its pieces do not fit together
 * @SVCSEQ_DROP_NO_MEMORY: memory ran out
 * @SVCSEQ_DROP_COPY_FAILED: a copy, not the packet itself, could not be made
 *   or sent
 * @SVCSEQ_DROP_ERROR_FAILED: an ICMP error about a packet that was too big could
 *   not be made, or was held back by the limit
 * @SVCSEQ_DROP_RATE_LIMIT: it is over the limit of its service
 * @SVCSEQ_DROP_OVERLOAD: it is over the limit of the engine
 * @SVCSEQ_DROP_TAG_MISSING: its source is one that gives packets back with a
 *   position, but it has none
 * @SVCSEQ_DROP_BAD_TAG: the position on it is none where it could come from, or
 *   its header is malformed
 * @SVCSEQ_DROP_ACL_DENIED: an access list of its service denies it
 * @SVCSEQ_DROP_POOL_DOWN: nobody is up in the pool that it should go to
 * @SVCSEQ_DROP_LOOP: it has told its place until its TTL was spent
 * @SVCSEQ_NDROPS: how many there are
 */
enum svcseq_drop_reason {
	SVCSEQ_DROP_BAD_SOURCE,
	SVCSEQ_DROP_BAD_POSITION,
	SVCSEQ_DROP_PORT_DOWN,
	SVCSEQ_DROP_TOO_BIG,
	SVCSEQ_DROP_NO_ROUTE,
	SVCSEQ_DROP_NO_NEIGHBOUR,
	SVCSEQ_DROP_TRUNCATED,
	SVCSEQ_DROP_BAD_FRAGMENT,
	SVCSEQ_DROP_NO_MEMORY,
	SVCSEQ_DROP_COPY_FAILED,
	SVCSEQ_DROP_ERROR_FAILED,
	SVCSEQ_DROP_RATE_LIMIT,
	SVCSEQ_DROP_OVERLOAD,
	SVCSEQ_DROP_TAG_MISSING,
	SVCSEQ_DROP_BAD_TAG,
	SVCSEQ_DROP_ACL_DENIED,
	SVCSEQ_DROP_POOL_DOWN,
	SVCSEQ_DROP_LOOP,
	SVCSEQ_NDROPS,
};

struct svcseq_limit;

/**
 * struct svcseq_net - The engine of one network namespace.
 * @net: the namespace
 * @cfg_lock: serialises all configuration
 * @wide: by family: SVCSEQ_WIDE_*: what is to be looked for beside @keys, in
 *   whose cache line it is; written under @cfg_lock, read locklessly
 * @keys: by family: what packets are looked up by; written under @cfg_lock,
 *   read under RCU
 * @drops: drops by reason; written by packets
 * @ports: &struct svcseq_port by number; @cfg_lock
 * @devices: &struct svcseq_device by number; @cfg_lock
 * @pools: &struct svcseq_pool by number; @cfg_lock
 * @sequences: &struct svcseq_sequence by number; @cfg_lock
 * @services: &struct svcseq_service by number; @cfg_lock
 * @paths: &struct svcseq_sequence by its number in headers; @cfg_lock
 * @lists: &struct svcseq_list by number; @cfg_lock
 * @device_names: devices by hash of their name; @cfg_lock
 * @pool_names: pools by hash of their name; @cfg_lock
 * @sequence_names: sequences by hash of their name; @cfg_lock
 * @list_names: access lists by hash of their name; @cfg_lock
 * @nports: number of ports; @cfg_lock
 * @ndevices: number of devices; @cfg_lock
 * @npools: number of pools; @cfg_lock
 * @nsequences: number of sequences; @cfg_lock
 * @nservices: number of services; @cfg_lock
 * @nlists: number of access lists; @cfg_lock
 * @generation: counts changes, for consistent dumps; @cfg_lock
 * @gates: &struct svcseq_gate; @cfg_lock
 * @draining: sequences with programs to let go of; @cfg_lock
 * @moved: moves that have not drained, oldest first; @cfg_lock
 * @ledgers: counters of all programs, current and draining; @cfg_lock
 * @stats_blocks: blocks of counters of services with room; a lock of counters.c
 * @drain_work: lets go of what has drained
 * @neigh_work: follows the neighbour table
 * @addresses: addresses of services; written under @cfg_lock, read under RCU
 * @to_announce: those that uplinks are to be told of; @cfg_lock
 * @announced: the others; @cfg_lock
 * @announce_work: tells uplinks of addresses
 * @flagging: flags of a net device are changed by us, which is no event; rtnl
 * @neigh_users: arms and gateways that want a neighbour; @cfg_lock, read
 *   locklessly by the neighbour notifier
 * @tracers: who reads a trace; written under @cfg_lock, read under RCU
 * @limit: most requests, or NULL; written under @cfg_lock, read under RCU
 * @health_work: tells of devices that have become suspect, or well
 * @places: services wider than @keys
 * @pool_seed: makes it hard to guess which member of a pool a flow meets;
 *   constant
 */
struct svcseq_net {
	struct net *net;
	struct mutex cfg_lock;	/* all configuration */
	u8 wide[SVCSEQ_NFAM];
	struct rhashtable keys[SVCSEQ_NFAM];
	struct svcseq_stats __percpu *drops;
	struct xarray ports;
	struct xarray devices;
	struct xarray pools;
	struct xarray sequences;
	struct xarray services;
	struct xarray paths;
	struct xarray lists;
	DECLARE_HASHTABLE(device_names, 8);
	DECLARE_HASHTABLE(pool_names, 8);
	DECLARE_HASHTABLE(sequence_names, 8);
	DECLARE_HASHTABLE(list_names, 8);
	u32 nports;
	u32 ndevices;
	u32 npools;
	u32 nsequences;
	u32 nservices;
	u32 nlists;
	u32 generation;
	struct list_head gates;
	struct list_head draining;
	struct list_head moved;
	struct list_head ledgers;
	struct list_head stats_blocks;
	struct delayed_work drain_work;
	struct delayed_work neigh_work;
	struct rhashtable addresses;
	struct list_head to_announce;
	struct list_head announced;
	struct delayed_work announce_work;
	bool flagging;
	unsigned int neigh_users;
	struct list_head tracers;
	struct svcseq_limit __rcu *limit;
	struct work_struct health_work;
	struct svcseq_places places;
	u64 pool_seed;
};

/**
 * struct svcseq_neigh - A next hop that the neighbour table resolves.
 * @set: an address is configured
 * @usable: @mac may be sent to
 * @known: @mac is, or was, the station's
 * @mac: its link layer address
 */
struct svcseq_neigh {
	bool set;
	bool usable;
	bool known;
	u8 mac[ETH_ALEN];
};

/**
 * union svcseq_addr - An address of either family.
 * @v4: IPv4
 * @v6: IPv6
 */
union svcseq_addr {
	__be32 v4;
	struct in6_addr v6;
};

/**
 * struct svcseq_port - A net device handed to the engine.
 * @dev: the net device; constant, held by @dev_tracker
 * @sn: the engine; constant
 * @stats: packets received for services, passed to the stack
 * @id: its number, at least 1; constant
 * @role: enum svcseq_port_role; cfg_lock, read locklessly by packets
 * @any: an arm that takes any source is on it; as @role
 * @reply_first: only replies come in by it; as @role
 * @bare: its packets have no link layer header, so it alone tells where they
 *   come from; constant
 * @answer: it answers for the addresses of services; as @role
 * @allmulti: it gets all multicast for that; rtnl
 * @marked: packets with a position in their DSCP may come in by it; as @role
 * @tags: methods by which others may carry theirs, as bits; as @role
 * @ifname: name of @dev, follows renames; cfg_lock
 * @owner: who made it; cfg_lock
 * @users: arms and sequences that name it; cfg_lock
 * @nrows: rows of current programs per direction; cfg_lock
 * @nany: rows of current programs that take any source; cfg_lock
 * @ntags: rows of all programs by method of the position; cfg_lock
 * @gw: next hop towards the clients, by family; cfg_lock
 * @gw_addr: its addresses; cfg_lock
 * @hook: what caught packets are caught with; rtnl
 * @dev_tracker: reference on @dev
 * @refs: programs that lead to it, and the table
 * @rwork: frees it after a grace period
 */
struct svcseq_port {
	struct net_device *dev;
	struct svcseq_net *sn;
	struct svcseq_stats __percpu *stats;
	u16 id;
	u8 role;
	bool any;
	bool reply_first;
	bool bare;
	bool answer;
	bool allmulti;
	bool marked;
	u8 tags;

	char ifname[IFNAMSIZ];
	u8 owner;
	u32 users;
	u32 nrows[2];
	u32 nany;
	u32 ntags[SVCSEQ_TRACK_GPE + 1];
	struct svcseq_neigh gw[SVCSEQ_NFAM];
	union svcseq_addr gw_addr[SVCSEQ_NFAM];
	void *hook;
	netdevice_tracker dev_tracker;
	struct kref refs;
	struct rcu_work rwork;
};

enum {
	SVCSEQ_PORT_RECEIVED,
	SVCSEQ_PORT_PASSED,
	SVCSEQ_PORT_NSTATS,
};

/**
 * struct svcseq_arm - One arm of a device; all under cfg_lock.
 * @ifname: the net device, also while it is gone
 * @port: the port, NULL while it is gone
 * @any: the port alone identifies the device
 * @nmacs: how many of @mac are valid
 * @mac: configured source addresses
 * @neigh: what @addr resolves to, by family
 * @addr: addresses to resolve, by family
 */
struct svcseq_arm {
	char ifname[IFNAMSIZ];
	struct svcseq_port *port;
	bool any;
	u8 nmacs;
	u8 mac[SVCSEQ_MAX_MACS][ETH_ALEN];
	struct svcseq_neigh neigh[SVCSEQ_NFAM];
	union svcseq_addr addr[SVCSEQ_NFAM];
};

#define SVCSEQ_ALARM_NKINDS	(SVCSEQ_ALARM_KIND_GAP + 1)

/**
 * struct svcseq_alarm - What is watched of a device.
 * @watch: its packets are counted and timed
 * @limit: by enum svcseq_alarm_kind: where it becomes suspect; 0 for nowhere
 */
struct svcseq_alarm {
	bool watch;
	u32 limit[SVCSEQ_ALARM_NKINDS];
};

/**
 * struct svcseq_device_conf - The description of a device; under cfg_lock.
 * @kind: enum svcseq_device_kind
 * @mode: enum svcseq_server_mode
 * @owner: who made it
 * @narms: 1 or 2
 * @has_nat: by family: @nat is valid
 * @arm: by enum svcseq_arm_side
 * @nat: the server's own addresses, by family
 * @alarm: what is watched of it
 */
struct svcseq_device_conf {
	u8 kind;
	u8 mode;
	u8 owner;
	u8 narms;
	bool has_nat[SVCSEQ_NFAM];
	struct svcseq_arm arm[2];
	union svcseq_addr nat[SVCSEQ_NFAM];
	struct svcseq_alarm alarm;
};

struct svcseq_health;

/**
 * struct svcseq_device - An appliance or server; all under cfg_lock.
 * @name: its name
 * @id: its number
 * @users: sequences that use it, other than by a pool
 * @pools: pools that it is a member of
 * @conf: its description
 * @sent: what ledgers that are closed have sent to it
 * @received: what they got from it
 * @health: what its packets tell of it, or NULL if it was never watched; read
 *   by packets at hops with SVCSEQ_HOP_WATCH
 * @by_name: link in &svcseq_net.device_names
 * @refs: the table, sequences and ledgers
 */
struct svcseq_device {
	char name[SVCSEQ_NAME_LEN];
	u32 id;
	u32 users;
	u32 pools;
	struct svcseq_device_conf *conf;
	struct svcseq_totals sent;
	struct svcseq_totals received;
	struct svcseq_health *health;
	struct hlist_node by_name;
	struct kref refs;
};

/**
 * struct svcseq_pool_member - A member of a pool; under cfg_lock.
 * @dev: the device; a reference
 * @weight: its share of the flows, with SVCSEQ_POOL_POLICY_SPREAD
 * @state: enum svcseq_member_state
 * @slot: what the choice calls it, as long as it is a member
 */
struct svcseq_pool_member {
	struct svcseq_device *dev;
	u8 weight;
	u8 state;
	u8 slot;
};

/**
 * struct svcseq_pool_conf - The description of a pool; under cfg_lock.
 * @policy: enum svcseq_pool_policy
 * @by: enum svcseq_pool_by
 * @owner: who made it
 * @nmembers: how many of @member are valid
 * @member: in their order
 */
struct svcseq_pool_conf {
	u8 policy;
	u8 by;
	u8 owner;
	u8 nmembers;
	struct svcseq_pool_member member[SVCSEQ_MAX_MEMBERS];
};

/**
 * struct svcseq_pool_choice - A choice that packets look at.
 * @rcu: frees it
 * @who: the choice
 */
struct svcseq_pool_choice {
	struct rcu_head rcu;
	struct svcseq_choice who;
};

/**
 * struct svcseq_pool - Devices that stand in for each other.
 * @choice: which of them gets a packet; written under cfg_lock, read under RCU
 * @sn: the engine; constant
 * @conf: its description; cfg_lock
 * @name: its name; constant
 * @id: its number; constant
 * @generation: counts its changes; cfg_lock
 * @users: sequences that use it; cfg_lock
 * @next_slot: where the search for a free slot begins; cfg_lock
 * @by_name: link in &svcseq_net.pool_names; cfg_lock
 * @refs: the table, sequences and programs
 */
struct svcseq_pool {
	struct svcseq_pool_choice __rcu *choice;
	struct svcseq_net *sn;
	struct svcseq_pool_conf *conf;
	char name[SVCSEQ_NAME_LEN];
	u32 id;
	u32 generation;
	u32 users;
	u8 next_slot;
	struct hlist_node by_name;
	struct kref refs;
};

/**
 * struct svcseq_copy_conf - A copy that a step asks for.
 * @tap: gets it; a reference, or NULL
 * @tap_pool: one of its members gets it, if @tap is NULL; a reference
 * @alert_to: gets what the tap sends, or NULL; a step of the same sequence
 * @alert_pool: the same if the step is a pool
 * @dirs: flags of enum svcseq_direction
 * @port: enum svcseq_copy_port
 */
struct svcseq_copy_conf {
	struct svcseq_device *tap;
	struct svcseq_pool *tap_pool;
	struct svcseq_device *alert_to;
	struct svcseq_pool *alert_pool;
	u8 dirs;
	u8 port;
};

/**
 * struct svcseq_step_conf - A step of a sequence.
 * @dev: the device, or NULL; a reference
 * @pool: the pool, or NULL; a reference
 * @alternate: stands in for all of the pool, or NULL; a reference
 * @on_fail: enum svcseq_on_fail
 * @copy: copies of the packets between the step before and this one
 * @ncopies: how many of @copy are valid
 * @becomes_proto: what the device turns the protocol to
 * @becomes_port: what the device turns the port to, or 0
 * @port: port that the device sees, or 0 for the service's
 * @track: how what it gives back is known (enum svcseq_track)
 * @fam: of the tunnel, with SVCSEQ_TRACK_GRE and SVCSEQ_TRACK_GPE
 * @local: the engine's end of the tunnel
 * @remote: the device's
 */
struct svcseq_step_conf {
	struct svcseq_device *dev;
	struct svcseq_pool *pool;
	struct svcseq_device *alternate;
	u8 on_fail;
	struct svcseq_copy_conf copy[SVCSEQ_MAX_COPIES];
	u8 ncopies;
	u8 becomes_proto;
	u16 becomes_port;
	u16 port;
	u8 track;
	u8 fam;
	union svcseq_addr local;
	union svcseq_addr remote;
};

/**
 * struct svcseq_sequence_conf - The definition of a sequence; under cfg_lock.
 * @uplink: name of the uplink that replies leave by, or empty
 * @uplink_port: that port, NULL while it is gone
 * @from: requests enter from this device; NULL: from any uplink; a reference
 * @path: its number in headers, or 0 while it needs none
 * @owner: who made it
 * @dscp: what replaces the DSCP of packets that had a position there
 * @nsteps: how many of @step are valid
 * @step: from the client's side to the server's
 */
struct svcseq_sequence_conf {
	char uplink[IFNAMSIZ];
	struct svcseq_port *uplink_port;
	struct svcseq_device *from;
	u32 path;
	u8 owner;
	u8 dscp;
	u8 nsteps;
	struct svcseq_step_conf step[SVCSEQ_MAX_STEPS];
};

/**
 * struct svcseq_sequence - An ordered list of steps.
 * @prog: what it compiles to; written under cfg_lock, read under RCU
 * @sn: the engine; constant
 * @conf: its definition; cfg_lock
 * @name: its name; constant
 * @id: its number; constant
 * @generation: counts its replacements; cfg_lock
 * @nservices: services that use it; cfg_lock
 * @services: those services; cfg_lock
 * @stale_keys: services may hold keys that only a draining program needs;
 *   cfg_lock
 * @by_name: link in &svcseq_net.sequence_names; cfg_lock
 * @draining: link in &svcseq_net.draining; cfg_lock
 * @refs: the table, services, and moves that have not drained
 * @rwork: frees it after a grace period
 */
struct svcseq_sequence {
	struct svcseq_prog __rcu *prog;
	struct svcseq_net *sn;
	struct svcseq_sequence_conf *conf;
	char name[SVCSEQ_NAME_LEN];
	u32 id;
	u32 generation;
	u32 nservices;
	struct hlist_head services;
	bool stale_keys;
	struct hlist_node by_name;
	struct list_head draining;
	struct kref refs;
	struct rcu_work rwork;
};

/* &svcseq_hop.flags */
#define SVCSEQ_HOP_ROUTE	BIT(0)	/* the routing table may choose */
#define SVCSEQ_HOP_NAT_DST	BIT(2)	/* destination := the server's own */
#define SVCSEQ_HOP_NAT_SRC	BIT(3)	/* source := the service */
#define SVCSEQ_HOP_SET_PORT	BIT(4)	/* port := @set_port or the service's */
#define SVCSEQ_HOP_ENTER	BIT(5)	/* a request enters the chain */
#define SVCSEQ_HOP_LEAVE	BIT(6)	/* a reply leaves the chain */
#define SVCSEQ_HOP_WATCH	BIT(7)	/* from or to a device that is watched */
#define SVCSEQ_HOP_MARK		BIT(8)	/* DSCP := @dscp */
#define SVCSEQ_HOP_UNMARK	BIT(9)	/* that of copies := @dscp_copy */
#define SVCSEQ_HOP_TAG		BIT(10)	/* @tag has a header to put before */
#define SVCSEQ_HOP_POOL		BIT(11)	/* @fork tells how it goes on */
#define SVCSEQ_HOP_SPEND	BIT(12)	/* TTL falls by one */
#define SVCSEQ_HOP_NAT		(SVCSEQ_HOP_NAT_DST | SVCSEQ_HOP_NAT_SRC | \
				 SVCSEQ_HOP_SET_PORT)
#define SVCSEQ_HOP_PLACE	(SVCSEQ_HOP_MARK | SVCSEQ_HOP_SPEND)
#define SVCSEQ_HOP_REWRITE	(SVCSEQ_HOP_NAT | SVCSEQ_HOP_PLACE)

/**
 * struct svcseq_out - Where a packet leaves.
 * @dev: the net device; NULL if the port is gone, or with SVCSEQ_HOP_ROUTE if
 *   any will do
 * @bare: packets leave by @dev as they are, without a link layer header
 * @l2_ok: by family: @l2 may be used
 * @l2: by family: the link layer header
 * @nh_ok: by family: @nh may be used
 * @nh: by family: whom to resolve where @l2_ok is false
 */
struct svcseq_out {
	struct net_device *dev;
	bool bare;
	bool l2_ok[SVCSEQ_NFAM];
	bool nh_ok[SVCSEQ_NFAM];
	u8 l2[SVCSEQ_NFAM][ETH_HLEN];
	union svcseq_addr nh[SVCSEQ_NFAM];
};

/**
 * struct svcseq_tap_fork - Which tap of a pool gets a copy; constant. All hops that
 *   make the copy share it.
 * @pool: the pool; a reference
 * @step: the step that asks for the copy
 * @copy: its index in that step
 * @index: number of the counter of the first member, those of the others come
 *   after it
 * @at: as &svcseq_fork.at
 * @out: where a copy to each member leaves
 */
struct svcseq_tap_fork {
	struct svcseq_pool *pool;
	u8 step;
	u8 copy;
	u16 index;
	u8 at[SVCSEQ_MAGLEV_NONE + 1];
	struct svcseq_out out[];
};

/**
 * struct svcseq_copy - A copy that a hop makes.
 * @out: where the copy leaves, if there is no @fork
 * @fork: for a copy to a pool, one of &svcseq_prog_info.fork, or NULL
 * @same_port: it keeps the port that the packet has
 * @set_port: its port, or 0 for the service's
 */
struct svcseq_copy {
	struct svcseq_out out;
	const struct svcseq_tap_fork *fork;
	bool same_port;
	u16 set_port;
};

/**
 * struct svcseq_mark - A position as a packet carries it.
 * @method: enum svcseq_track, or SVCSEQ_TRACK_ARM for none
 * @position: the position
 * @fam: of the tunnel, if it is one
 * @path: number of the sequence; 0 in a DSCP
 * @local: the engine's end of the tunnel
 * @remote: the device's
 */
struct svcseq_mark {
	u8 method;
	u8 position;
	u8 fam;
	u32 path;
	union svcseq_addr local;
	union svcseq_addr remote;
};

/* an IPv6 header, one of UDP, one of VXLAN-GPE */
#define SVCSEQ_TAG_HEAD		56

/**
 * struct svcseq_hop_tag - The positions on packets at a hop; constant.
 * @in: what one has to carry to take the hop
 * @out: what it is given
 * @len: how many bytes of @head are valid
 * @head: by family of the packet: what is put before it
 * @way: where it leaves then; the other one is empty
 */
struct svcseq_hop_tag {
	struct svcseq_mark in;
	struct svcseq_mark out;
	u8 len;
	u8 head[SVCSEQ_NFAM][SVCSEQ_TAG_HEAD];
	struct svcseq_out way;
};

struct svcseq_hop;

/**
 * struct svcseq_fork - How a hop to a pool goes on; constant.
 * @pool: the pool; a reference
 * @branch: hops to the members, as they were when the program was made, and to
 *   the alternate
 * @open: what a packet takes if nobody is up, or NULL
 * @at: by slot: which of @branch; SVCSEQ_MAGLEV_NONE for none of them. The
 *   entry of that number is for packets that nobody is up for
 */
struct svcseq_fork {
	struct svcseq_pool *pool;
	const struct svcseq_hop *branch;
	const struct svcseq_hop *open;
	u8 at[SVCSEQ_MAGLEV_NONE + 1];
};

/**
 * struct svcseq_hop - What happens to a packet; constant.
 * @flags: SVCSEQ_HOP_*
 * @index: its number in the program, also of its counters
 * @back: number of the hop by which a packet comes back from where this one
 *   leads, or SVCSEQ_NO_HOP
 * @set_port: new port, or 0 for the service's
 * @ncopies: how many of @copies are valid
 * @dscp: see SVCSEQ_HOP_MARK
 * @dscp_copy: see SVCSEQ_HOP_UNMARK
 * @out: where the packet leaves, if no header is put before it
 * @nat: the server's own address, by family
 * @copies: copies to make
 * @tag: positions on the packets, or NULL
 * @fork: see SVCSEQ_HOP_POOL
 */
struct svcseq_hop {
	u16 flags;
	u16 index;
	u16 set_port;
	u16 back;
	u8 ncopies;
	u8 dscp;
	u8 dscp_copy;
	struct svcseq_out out;
	union svcseq_addr nat[SVCSEQ_NFAM];
	struct svcseq_copy *copies;
	struct svcseq_hop_tag *tag;
	struct svcseq_fork *fork;
};

/**
 * struct svcseq_ledger_hop - Whom the packets of a hop are counted for.
 * @from: the device that hands packets in, or NULL; a reference
 * @to: the device that gets them, or NULL; a reference
 * @tap: by copy, the device that gets it, or NULL if one of a pool does, which
 *   has a counter of its own; references
 * @ntaps: how many of @tap are valid
 * @fork: it counts packets that nobody in the pool was up for and that were let
 *   past; the hop that they took counts them for @from
 */
struct svcseq_ledger_hop {
	struct svcseq_device *from;
	struct svcseq_device *to;
	struct svcseq_device *tap[SVCSEQ_MAX_COPIES];
	u8 ntaps;
	bool fork;
};

/**
 * struct svcseq_ledger - Counters of all programs of one definition, however
 *   often it is compiled anew; under cfg_lock but for @stats.
 * @stats: one counter per hop, and after these one for each member of a pool that
 *   a copy goes to; written by packets
 * @refs: programs that count here
 * @node: link in &svcseq_net.ledgers
 * @nhops: how many of @hop are valid, with those of copies
 * @hop: whom to count for
 */
struct svcseq_ledger {
	struct svcseq_stats __percpu *stats;
	u32 refs;
	struct list_head node;
	u16 nhops;
	struct svcseq_ledger_hop hop[];
};

/**
 * struct svcseq_nat - Addresses of a server in mode nat.
 * @has: by family: @addr is valid
 * @addr: the server's own, by family
 */
struct svcseq_nat {
	bool has[SVCSEQ_NFAM];
	union svcseq_addr addr[SVCSEQ_NFAM];
};

/**
 * struct svcseq_prog_info - The part of a program that packets do not need; what
 *   traces tell of them comes from here.
 * @ledger: its counters; a reference
 * @hop: the hops as they were compiled
 * @port: ports that it leads to; references
 * @nports: how many of @port are valid
 * @nforks: how many of @fork are valid
 * @fork: one for each copy that the definition asks for and that goes to a pool
 * @nservers: how many of @server are valid: those in mode nat
 * @server: addresses of these
 * @naliases: how many of @alias are valid
 * @alias: see &svcseq_plan.alias
 * @port_sensitive: see &svcseq_plan.port_sensitive
 * @sets_port: some hop sets the service's port, or turns it to another
 * @last: nothing before it can be found any more, see svcseq_prog_prev();
 *   cfg_lock
 * @expires: when it has drained, in jiffies
 */
struct svcseq_prog_info {
	struct svcseq_ledger *ledger;
	struct svcseq_plan_hop *hop;
	struct svcseq_port **port;
	u16 nports;
	u8 nforks;
	struct svcseq_tap_fork *fork[SVCSEQ_SEQ_COPIES];
	u8 nservers;
	struct svcseq_nat *server;
	u16 naliases;
	u32 *alias;
	bool port_sensitive;
	bool sets_port;
	bool last;
	unsigned long expires;
};

/**
 * struct svcseq_prog - A compiled sequence; constant once it is published.
 * @prev: the program before it, until that has drained; written under
 *   cfg_lock, read under RCU, and then never more than SVCSEQ_DRAIN_DEPTH
 *   programs down from the current one: what lies deeper is freed while this
 *   pointer still leads to it
 * @stats: one counter per hop, those of the ledger
 * @hop: the hops
 * @info: what configuration wants to know
 * @sn: the engine
 * @nhops: how many of @hop are valid
 * @nrows: rows per direction: requests, replies
 * @rwork: frees it after a grace period
 * @row: rows of requests first, then those of replies
 */
struct svcseq_prog {
	struct svcseq_prog __rcu *prev;
	struct svcseq_stats __percpu *stats;
	struct svcseq_hop *hop;
	struct svcseq_prog_info *info;
	struct svcseq_net *sn;
	u16 nhops;
	u16 nrows[2];
	struct rcu_work rwork;
	struct svcseq_row row[];
};

/**
 * struct svcseq_key_id4 - What IPv4 packets are looked up by.
 * @addr: address
 * @port: port
 * @proto: protocol
 * @zero: always 0: the structure is hashed as a whole
 */
struct svcseq_key_id4 {
	__be32 addr;
	__be16 port;
	u8 proto;
	u8 zero;
};

/**
 * struct svcseq_key_id6 - What IPv6 packets are looked up by.
 * @addr: address
 * @port: port
 * @proto: protocol
 * @zero: always 0
 */
struct svcseq_key_id6 {
	struct in6_addr addr;
	__be16 port;
	u8 proto;
	u8 zero;
};

/**
 * union svcseq_key_id - What packets are looked up by.
 * @v4: IPv4
 * @v6: IPv6
 */
union svcseq_key_id {
	struct svcseq_key_id4 v4;
	struct svcseq_key_id6 v6;
};

/**
 * struct svcseq_key - An address, protocol and port that lead to a service;
 *   constant but for its links.
 * @node: link in &svcseq_net.keys
 * @id: the key itself; its port is 0 for the ports of a service with several
 * @nat: the address is the server's own: matches sources only
 * @own: it stands for the service's own protocol and ports
 * @hashed: it is in &svcseq_net.keys; else, or if @own and the service has
 *   dynamic ports, there are ranges in a place; cfg_lock
 * @service: the service
 * @next: next alias of the same service, the first one in its own key; cfg_lock
 * @rcu: frees it, or the service that it is the own key of
 * @in_seq: of a service's own key, before @rcu is needed: link in
 *   &svcseq_sequence.services; cfg_lock
 */
struct svcseq_key {
	struct rhash_head node;
	union svcseq_key_id id;
	bool nat;
	bool own;
	bool hashed;
	struct svcseq_service *service;
	struct svcseq_key *next;
	union {
		struct rcu_head rcu;
		struct hlist_node in_seq;
	};
};

/**
 * struct svcseq_place_id - A prefix.
 * @addr: the first address, zero in all other bits; IPv4 in the first word
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @side: enum svcseq_key_side
 * @len: bits that count
 * @zero: always 0: the structure is hashed as a whole
 */
struct svcseq_place_id {
	struct in6_addr addr;
	u8 fam;
	u8 side;
	u8 len;
	u8 zero;
};

/**
 * struct svcseq_ranges - What services own at a place; constant but for
 *   &svcseq_range.of, which is cleared when the service goes.
 * @rcu: frees it
 * @n: how many of @range are valid
 * @room: how many there is memory for
 * @range: in the order of svcseq_range_find()
 */
struct svcseq_ranges {
	struct rcu_head rcu;
	u32 n;
	u32 room;
	struct svcseq_range range[];
};

/**
 * struct svcseq_place - A prefix with services.
 * @node: link in &svcseq_places.table
 * @id: the prefix; constant
 * @ranges: written under cfg_lock, read under RCU
 * @rcu: frees it
 */
struct svcseq_place {
	struct rhash_head node;
	struct svcseq_place_id id;
	struct svcseq_ranges __rcu *ranges;
	struct rcu_head rcu;
};

/**
 * struct svcseq_move - A sequence that a service has left lately: packets may
 *   still be on that way.
 * @next: an earlier one; written under cfg_lock, read under RCU
 * @from: the sequence; a reference; constant
 * @svc: the service; constant
 * @expires: when it has drained, in jiffies; cfg_lock
 * @node: link in &svcseq_net.moved; cfg_lock
 * @rcu: frees it
 */
struct svcseq_move {
	struct svcseq_move __rcu *next;
	struct svcseq_sequence *from;
	struct svcseq_service *svc;
	unsigned long expires;
	struct list_head node;
	struct rcu_head rcu;
};

/* &svcseq_service.dscp: leave it alone */
#define SVCSEQ_DSCP_KEEP	255
#define SVCSEQ_DSCP_MAX		63

/**
 * struct svcseq_rules - The rules of an access list, from one replacement to
 *   the next; constant but for the counters.
 * @tree: by family: what packets are looked up in; NULL if no rule is for them
 * @deny: a bit for each of @rule, and one more for packets that match none
 * @stats: by number of the CPU: a counter for each bit of @deny; written by
 *   packets
 * @n: how many of @rule are valid
 * @rule: the rules as they were given
 * @label: what each is counted as, or empty; NULL if no rule has a label
 * @rwork: frees them after a grace period
 *
 * The counters of a CPU lie together, but not in per-CPU memory, whose blocks
 * are too small for those of a long list.
 */
struct svcseq_rules {
	struct svcseq_acl *tree[SVCSEQ_NFAM];
	unsigned long *deny;
	struct svcseq_stats **stats;
	u32 n;
	struct svcseq_acl_rule *rule;
	char (*label)[SVCSEQ_NAME_LEN];
	struct rcu_work rwork;
};

/**
 * struct svcseq_list - An access list.
 * @rules: its rules; written under cfg_lock, read under RCU
 * @name: its name; constant
 * @id: its number; constant
 * @owner: who made it; cfg_lock
 * @generation: counts its replacements; cfg_lock
 * @nservices: services that use it; cfg_lock
 * @ties: &struct svcseq_tie.in_list; cfg_lock
 * @by_name: link in &svcseq_net.list_names; cfg_lock
 * @rcu: frees it
 */
struct svcseq_list {
	struct svcseq_rules __rcu *rules;
	char name[SVCSEQ_NAME_LEN];
	u32 id;
	u8 owner;
	u32 generation;
	u32 nservices;
	struct hlist_head ties;
	struct hlist_node by_name;
	struct rcu_head rcu;
};

/**
 * struct svcseq_gate - A port, by its name, that access lists are tied to.
 * @dev: net device of the port, NULL while it is gone; written under cfg_lock;
 *   packets compare it and never follow it
 * @ifname: name of the net device, follows renames; cfg_lock
 * @users: ties that name it; cfg_lock
 * @node: link in &svcseq_net.gates; cfg_lock
 * @rcu: frees it
 */
struct svcseq_gate {
	const struct net_device *dev;
	char ifname[IFNAMSIZ];
	u32 users;
	struct list_head node;
	struct rcu_head rcu;
};

/**
 * struct svcseq_tie - An access list that a service is tied to.
 * @list: the access list; constant
 * @gate: where packets come in that it is for, requests and replies; NULL for
 *   requests where they enter the chain; constant
 * @svc: the service; cfg_lock
 * @in_list: link in &svcseq_list.ties; cfg_lock
 */
struct svcseq_tie {
	struct svcseq_list *list;
	struct svcseq_gate *gate;
	struct svcseq_service *svc;
	struct hlist_node in_list;
};

/**
 * struct svcseq_ties - All access lists of a service; constant once it is
 *   published.
 * @rcu: frees it
 * @n: how many of @tie are valid
 * @tie: the lists in the order in which they are asked
 */
struct svcseq_ties {
	struct rcu_head rcu;
	u32 n;
	struct svcseq_tie tie[];
};

/**
 * struct svcseq_service - Addresses, protocols and ports tied to a sequence.
 * @seq: its sequence; written under cfg_lock, read under RCU
 * @moves: sequences that it has left and that have not drained; the same
 * @stats: request, reply, dropped
 * @limit: most requests, or NULL; as @seq
 * @ties: access lists that have to allow its packets, or NULL; as @seq
 * @port: its port in host order, or 0 if it has several or none; constant
 * @proto: its protocol, or SVCSEQ_PROTO_ANY; constant
 * @fam: its family; constant
 * @len: bits of its address that count; constant
 * @side: enum svcseq_key_side; constant
 * @owner: who made it; cfg_lock
 * @dscp: what its packets are marked with at the edge, or SVCSEQ_DSCP_KEEP;
 *   cfg_lock, read locklessly by packets
 * @first: its first port; constant
 * @last: its last port; as in &struct svcseq_range; constant
 * @dynamic_first: first of further ports, 0 if there are none; constant
 * @dynamic_last: last of them; constant
 * @id: its number; constant
 * @slot: of @stats, see svcseq_stats_slot_get(); constant
 * @key: its own key, which leads to further ones that its chain needs
 */
struct svcseq_service {
	struct svcseq_sequence __rcu *seq;
	struct svcseq_move __rcu *moves;
	struct svcseq_stats __percpu *stats;
	struct svcseq_limit __rcu *limit;
	struct svcseq_ties __rcu *ties;
	u16 port;
	u8 proto;
	u8 fam;
	u8 len;
	u8 side;
	u8 owner;
	u8 dscp;
	u16 first;
	u16 last;
	u16 dynamic_first;
	u16 dynamic_last;
	u32 id;
	u32 slot;
	struct svcseq_key key;
};

enum {
	SVCSEQ_SERVICE_REQUEST,
	SVCSEQ_SERVICE_REPLY,
	SVCSEQ_SERVICE_DROPPED,
	SVCSEQ_SERVICE_NSTATS,
};

#endif /* SVCSEQ_H */
