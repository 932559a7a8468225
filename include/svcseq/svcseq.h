/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libsvcseq: the C interface to the svcseq packet sequencer.
 *
 * Objects are plain structs with fixed limits; all zero bytes mean "nothing
 * set", so that { 0 } is a good start.  Ports (of TCP, UDP ...) and interface
 * indices are in host byte order, addresses in network byte order.
 *
 * Functions that can fail take a struct svcseq_error, which may be NULL, and
 * return 0 or a negative errno value.  A handle belongs to one thread at a
 * time; the library keeps no other state.
 */
#ifndef SVCSEQ_SVCSEQ_H
#define SVCSEQ_SVCSEQ_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/svcseq.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Longest name of a net device, with the final zero. */
#define SVCSEQ_IFNAME_LEN	16
/** Most arms of one device. */
#define SVCSEQ_MAX_ARMS		2
/** Most reasons for a drop that one report holds. */
#define SVCSEQ_MAX_REASONS	64

/** struct svcseq - A connection to the module in one network namespace. */
struct svcseq;

/** struct svcseq_monitor - A subscription to changes. */
struct svcseq_monitor;

/** struct svcseq_tracer - A subscription to packets. */
struct svcseq_tracer;

/**
 * struct svcseq_error - What went wrong.
 * @code: errno value, never negative
 * @kernel: the module answered; else the library or its socket failed
 * @text: the module's own sentence, or one of the library; may be empty when
 *   the module gave only @code
 * @attr: path of the attribute that is to blame, for instance
 *   "step.copy.device"; empty if unknown
 */
struct svcseq_error {
	int code;
	bool kernel;
	char text[384];
	char attr[64];
};

/**
 * struct svcseq_addr - An IPv4 or IPv6 address, or none.
 * @len: 0 (none), 4 or 16
 * @b: bytes in network order
 */
struct svcseq_addr {
	uint8_t len;
	uint8_t b[16];
};

/**
 * struct svcseq_mac - A MAC address, or none.
 * @set: there is one
 * @b: its bytes
 */
struct svcseq_mac {
	bool set;
	uint8_t b[6];
};

/**
 * struct svcseq_u8 - A small number or an enum value that may be absent.
 * @set: there is one
 * @value: the number
 */
struct svcseq_u8 {
	bool set;
	uint8_t value;
};

/**
 * struct svcseq_u32 - A number that may be absent.
 * @set: there is one
 * @value: the number
 */
struct svcseq_u32 {
	bool set;
	uint32_t value;
};

/**
 * struct svcseq_if - A net device.
 * @index: its index; 0 if only the name is known. It wins in requests.
 * @name: its name. In what the library returns it is the name at that moment,
 *   empty if the device is gone or lives in another namespace.
 */
struct svcseq_if {
	uint32_t index;
	char name[SVCSEQ_IFNAME_LEN];
};

/**
 * struct svcseq_counters - Packets and bytes.
 * @set: the module reported them
 * @packets: packets since the object was made
 * @bytes: bytes from the network header on
 */
struct svcseq_counters {
	bool set;
	uint64_t packets;
	uint64_t bytes;
};

/**
 * struct svcseq_port - A net device in the hands of the engine.
 * @dev: the net device; the key
 * @role: enum svcseq_port_role
 * @gateway4: next hop of IPv4 replies that leave by this uplink
 * @gateway6: the same for IPv6
 * @owner: who made the object, like the protocol of a route
 * @received: packets of services that came in (output)
 * @passed: packets of no service, left to the stack (output)
 * @answer: 1: answers ARP and neighbour discovery for the addresses of services
 */
struct svcseq_port {
	struct svcseq_if dev;
	struct svcseq_u8 role;
	struct svcseq_addr gateway4;
	struct svcseq_addr gateway6;
	struct svcseq_u8 owner;
	struct svcseq_counters received;
	struct svcseq_counters passed;
	struct svcseq_u8 answer;
};

/**
 * struct svcseq_arm - One side of a device.
 * @side: enum svcseq_arm_side
 * @dev: port of the arm
 * @n_macs: entries of @mac
 * @mac: source addresses of the device; packets to it go to the first
 * @any_mac: the port alone tells that a packet is the device's
 * @addr4: address whose MAC the neighbour table finds
 * @addr6: the same for IPv6
 * @n_resolved: entries of @resolved
 * @resolved: what the neighbour table gave (output)
 */
struct svcseq_arm {
	struct svcseq_u8 side;
	struct svcseq_if dev;
	unsigned int n_macs;
	struct svcseq_mac mac[SVCSEQ_MAX_MACS];
	bool any_mac;
	struct svcseq_addr addr4;
	struct svcseq_addr addr6;
	unsigned int n_resolved;
	struct svcseq_mac resolved[SVCSEQ_MAX_MACS];
};

/**
 * struct svcseq_alarm - What is watched of a device.
 * @set: something is said about it; nothing but this ends the watching
 * @watch: keep figures, also without a threshold
 * @syn: TCP connection requests in a row without an answer; 0: no threshold
 * @unreturned: packets in a row that nothing came back for; 0: no threshold
 * @gap: average time in milliseconds that a server lets others wait; 0: no
 *   threshold
 */
struct svcseq_alarm {
	bool set;
	bool watch;
	uint32_t syn;
	uint32_t unreturned;
	uint32_t gap;
};

/**
 * struct svcseq_arm_health - What packets tell of one arm.
 * @side: enum svcseq_arm_side
 * @sent: packets given to it
 * @received: packets it gave back
 * @sent_ago: milliseconds since the last one; unset: there was none
 * @received_ago: the same of the last one that came back
 */
struct svcseq_arm_health {
	struct svcseq_u8 side;
	struct svcseq_counters sent;
	struct svcseq_counters received;
	struct svcseq_u32 sent_ago;
	struct svcseq_u32 received_ago;
};

/**
 * struct svcseq_health - What packets tell of a device.
 * @set: the device is watched
 * @suspect: enum svcseq_alarm_kind as flags: thresholds that are crossed
 * @syn: TCP connection requests in a row without an answer, until now
 * @unreturned: packets in a row that nothing came back for
 * @gap: average time in milliseconds that a server lets others wait
 * @gap_max: the longest such time
 * @n_arms: entries of @arm
 * @arm: its arms
 */
struct svcseq_health {
	bool set;
	struct svcseq_u8 suspect;
	struct svcseq_u32 syn;
	struct svcseq_u32 unreturned;
	struct svcseq_u32 gap;
	struct svcseq_u32 gap_max;
	unsigned int n_arms;
	struct svcseq_arm_health arm[SVCSEQ_MAX_ARMS];
};

/**
 * struct svcseq_device - An appliance or server.
 * @name: the key
 * @kind: enum svcseq_device_kind
 * @n_arms: entries of @arm
 * @arm: its arms
 * @mode: enum svcseq_server_mode, for a server only
 * @nat4: the server's own IPv4 address in mode nat
 * @nat6: the same for IPv6
 * @owner: who made the object
 * @sequences: how many sequences use it (output)
 * @sent: packets and copies given to it (output)
 * @received: packets it gave back (output)
 * @alarm: what is watched of it; may be set without the rest
 * @health: what its packets tell of it (output)
 * @pools: how many pools it is a member of (output)
 */
struct svcseq_device {
	char name[SVCSEQ_NAME_LEN];
	struct svcseq_u8 kind;
	unsigned int n_arms;
	struct svcseq_arm arm[SVCSEQ_MAX_ARMS];
	struct svcseq_u8 mode;
	struct svcseq_addr nat4;
	struct svcseq_addr nat6;
	struct svcseq_u8 owner;
	uint32_t sequences;
	struct svcseq_counters sent;
	struct svcseq_counters received;
	struct svcseq_alarm alarm;
	struct svcseq_health health;
	uint32_t pools;
};

/**
 * struct svcseq_member - A device in a pool.
 * @device: its name
 * @weight: its share of the flows, with SVCSEQ_POOL_POLICY_SPREAD; unset: 1
 * @state: enum svcseq_member_state
 * @active: it gets packets now (output)
 */
struct svcseq_member {
	char device[SVCSEQ_NAME_LEN];
	struct svcseq_u8 weight;
	struct svcseq_u8 state;
	bool active;
};

/**
 * struct svcseq_pool - Devices that stand in for each other.
 * @name: the key
 * @policy: enum svcseq_pool_policy; in svcseq_pool_set() unset: change only
 *   weight and state of those in @member
 * @by: enum svcseq_pool_by, with SVCSEQ_POOL_POLICY_SPREAD
 * @n_members: entries of @member
 * @member: its members, in their order
 * @owner: who made the object
 * @sequences: how many sequences use it (output)
 * @generation: counts its changes (output)
 */
struct svcseq_pool {
	char name[SVCSEQ_NAME_LEN];
	struct svcseq_u8 policy;
	struct svcseq_u8 by;
	unsigned int n_members;
	struct svcseq_member member[SVCSEQ_MAX_MEMBERS];
	struct svcseq_u8 owner;
	uint32_t sequences;
	uint32_t generation;
};

/**
 * struct svcseq_copy - A copy for a tap.
 * @device: the tap
 * @direction: enum svcseq_direction as flags; both if absent
 * @alert_to: device or pool that gets what the tap sends to the service; the
 *   last step if empty
 * @port: enum svcseq_copy_port
 */
struct svcseq_copy {
	char device[SVCSEQ_NAME_LEN];
	struct svcseq_u8 direction;
	char alert_to[SVCSEQ_NAME_LEN];
	struct svcseq_u8 port;
};

/**
 * struct svcseq_becomes - What packets carry behind a device that changes it.
 * @set: the device does change it
 * @proto: protocol, one that has ports
 * @port: the port
 */
struct svcseq_becomes {
	bool set;
	uint8_t proto;
	uint16_t port;
};

/**
 * struct svcseq_step - One stop of a sequence.
 * @device: where packets go: a device or a pool
 * @n_copies: entries of @copy
 * @copy: copies of the packets between the step before and this one
 * @port: port that this device alone sees in place of the service's; 0: same
 * @becomes: what the device itself makes of protocol and port
 * @track: enum svcseq_track: how packets that it gives back are known
 * @local: the engine's end of the tunnel, with SVCSEQ_TRACK_GRE and
 *   SVCSEQ_TRACK_GPE
 * @remote: the device's end of it
 * @on_fail: enum svcseq_on_fail: what happens when nobody in the pool is up
 * @alternate: with SVCSEQ_ON_FAIL_ALTERNATE, the device that gets packets then
 */
struct svcseq_step {
	char device[SVCSEQ_NAME_LEN];
	unsigned int n_copies;
	struct svcseq_copy copy[SVCSEQ_MAX_COPIES];
	uint16_t port;
	struct svcseq_becomes becomes;
	struct svcseq_u8 track;
	struct svcseq_addr local;
	struct svcseq_addr remote;
	struct svcseq_u8 on_fail;
	char alternate[SVCSEQ_NAME_LEN];
};

/**
 * struct svcseq_sequence - An ordered list of steps.
 * @name: the key
 * @n_steps: entries of @step
 * @step: the steps, from the client to the server
 * @uplink: port by which replies leave; unset: the routing table chooses
 * @from: device that requests enter from; empty: from any uplink
 * @owner: who made the object
 * @services: how many services use it (output)
 * @generation: counts its replacements (output)
 * @path_id: its number in headers; 0: a free one if it needs one
 * @dscp: what replaces the DSCP of packets that carried their position there
 */
struct svcseq_sequence {
	char name[SVCSEQ_NAME_LEN];
	unsigned int n_steps;
	struct svcseq_step step[SVCSEQ_MAX_STEPS];
	struct svcseq_if uplink;
	char from[SVCSEQ_NAME_LEN];
	struct svcseq_u8 owner;
	uint32_t services;
	uint32_t generation;
	uint32_t path_id;
	struct svcseq_u8 dscp;
};

/**
 * struct svcseq_prefix - An address prefix, or any address.
 * @addr: address; unset for any
 * @len: length in bits; unset for the whole address
 */
struct svcseq_prefix {
	struct svcseq_addr addr;
	struct svcseq_u8 len;
};

/**
 * struct svcseq_range - From one number to another, both included.
 * @min: the least; unset for no limit
 * @max: the greatest; unset for no limit
 */
struct svcseq_range {
	struct svcseq_u32 min;
	struct svcseq_u32 max;
};

/**
 * struct svcseq_rule - A rule of an access list.
 * @set: there is one
 * @verdict: enum svcseq_rule_verdict
 * @family: enum svcseq_rule_family; that of the addresses if unset
 * @proto: protocol; 0 for any
 * @src: the client's address
 * @dst: the address at the service's end
 * @sport: the client's port
 * @dport: the port at the service's end
 * @length: length of the packet from the network header on
 * @count: what its packets are counted as; may be empty
 * @matched: packets that it decided on (output)
 */
struct svcseq_rule {
	bool set;
	struct svcseq_u8 verdict;
	struct svcseq_u8 family;
	uint8_t proto;
	struct svcseq_prefix src;
	struct svcseq_prefix dst;
	struct svcseq_range sport;
	struct svcseq_range dport;
	struct svcseq_range length;
	char count[SVCSEQ_NAME_LEN];
	struct svcseq_counters matched;
};

/**
 * struct svcseq_acl_rule - A rule and its place.
 * @acl: name of the access list
 * @number: place in it, from 1 on
 * @rule: the rule
 */
struct svcseq_acl_rule {
	char acl[SVCSEQ_NAME_LEN];
	uint32_t number;
	struct svcseq_rule rule;
};

/**
 * struct svcseq_acl - An access list.
 * @name: the key
 * @deflt: enum svcseq_rule_verdict for packets that no rule matches
 * @owner: who made the object
 * @n_rules: entries of @rule; in what is read, how many rules there are
 * @rule: the rules in order; NULL in what is read, see svcseq_acl_rules()
 * @services: how many services use it (output)
 * @generation: counts its replacements (output)
 * @unmatched: packets that no rule matched (output)
 */
struct svcseq_acl {
	char name[SVCSEQ_NAME_LEN];
	struct svcseq_u8 deflt;
	struct svcseq_u8 owner;
	uint32_t n_rules;
	const struct svcseq_rule *rule;
	uint32_t services;
	uint32_t generation;
	struct svcseq_counters unmatched;
};

/**
 * struct svcseq_tie - An access list that has to allow a service's packets.
 * @acl: name of the list
 * @dev: it is for packets that come in by this port, requests and replies;
 *   unset: for requests where they enter the chain
 */
struct svcseq_tie {
	char acl[SVCSEQ_NAME_LEN];
	struct svcseq_if dev;
};

/**
 * struct svcseq_service - Addresses, protocols and ports with their sequence.
 * @addr: service address; key, with all that comes before @sequence
 * @prefix_len: bits of @addr that count; unset: all
 * @proto: protocol number, or SVCSEQ_PROTO_ANY
 * @port: service port, for TCP and UDP; the first of several
 * @port_last: the last of several; 0: there is only one. 1 to 65535 are all
 * @by: enum svcseq_key_side; unset: the address is the server's
 * @sequence: name of the sequence
 * @dynamic_first: first of further ports that belong to the service; 0: none
 * @dynamic_last: the last of them
 * @owner: who made the object
 * @request: packets from clients (output)
 * @reply: packets to clients (output)
 * @dropped: packets dropped for whatever reason (output)
 * @dscp: code point that packets are marked with at the edge; 255: none
 * @limit_pps: most requests of one second; 0: no limit
 * @limit_kbps: the same in kilobits, instead of @limit_pps
 * @limit_burst: requests or bytes that may come at once
 * @n_ties: entries of @tie
 * @tie: its access lists; in svcseq_service_set() they take the place of those
 *   before, or, if there are none, those stay
 * @no_acl: take all access lists away
 */
struct svcseq_service {
	struct svcseq_addr addr;
	struct svcseq_u8 prefix_len;
	uint8_t proto;
	uint16_t port;
	uint16_t port_last;
	struct svcseq_u8 by;
	char sequence[SVCSEQ_NAME_LEN];
	uint16_t dynamic_first;
	uint16_t dynamic_last;
	struct svcseq_u8 owner;
	struct svcseq_counters request;
	struct svcseq_counters reply;
	struct svcseq_counters dropped;
	struct svcseq_u8 dscp;
	struct svcseq_u32 limit_pps;
	struct svcseq_u32 limit_kbps;
	struct svcseq_u32 limit_burst;
	unsigned int n_ties;
	struct svcseq_tie tie[SVCSEQ_MAX_TIES];
	bool no_acl;
};

/**
 * struct svcseq_tag - A packet's place in its sequence, as it carries it.
 * @set: it carries one
 * @method: enum svcseq_track
 * @path: number of the sequence; 0 with SVCSEQ_TRACK_DSCP
 * @index: number of the place, or the service index of NSH
 * @value: DSCP, label, key or VNI; unset with SVCSEQ_TRACK_NSH
 */
struct svcseq_tag {
	bool set;
	struct svcseq_u8 method;
	uint32_t path;
	struct svcseq_u8 index;
	struct svcseq_u32 value;
};

/**
 * struct svcseq_row - One row of the compiled sequence table.
 * @sequence: name of the sequence
 * @addr: service whose table this is
 * @prefix_len: the same as in struct svcseq_service, as are the next ones
 * @proto: its protocol
 * @port: its port
 * @port_last: its last port
 * @by: whose address it is
 * @index: number of the row within the table of the service
 * @direction: enum svcseq_direction
 * @from: device that handed the packet in; empty if an uplink did
 * @in: port it came in by; unset if any uplink
 * @src_mac: its source MAC; unset if any
 * @match_addr: destination of a request, source of a reply; the other way
 *   round if @by is the client's side
 * @match_prefix_len: bits of it that count; unset: all
 * @match_proto: its protocol
 * @match_port: its port; 0 if it has none
 * @match_port_last: the last of several; 0: there is only one
 * @dynamic_first: further ports of the service, which match where its own do
 * @dynamic_last: the last of them
 * @target: enum svcseq_hop_target
 * @to: device or pool that gets the packet; empty if the client does
 * @out: port it leaves by; unset if the routing table chooses
 * @dst_mac: destination MAC; unset if not known yet or routed
 * @next_hop: gateway, if one is named
 * @set_addr: what the matched address is rewritten to
 * @set_port: what the matched port is rewritten to; 0: left alone
 * @n_copies: entries of @copy_to
 * @copy_to: taps that get a copy
 * @forwarded: packets of all services of the sequence that took the row
 * @match_tag: what tells its place, if its source alone does not
 * @set_tag: what it is given for its way to the device and back
 * @pool: @to is a pool
 * @member: the only member of it that gets packets now; empty if several do
 * @skipped: those of @forwarded that went past the pool, as nobody was up
 */
struct svcseq_row {
	char sequence[SVCSEQ_NAME_LEN];
	struct svcseq_addr addr;
	struct svcseq_u8 prefix_len;
	uint8_t proto;
	uint16_t port;
	uint16_t port_last;
	struct svcseq_u8 by;
	struct svcseq_u32 index;
	struct svcseq_u8 direction;
	char from[SVCSEQ_NAME_LEN];
	struct svcseq_if in;
	struct svcseq_mac src_mac;
	struct svcseq_addr match_addr;
	struct svcseq_u8 match_prefix_len;
	uint8_t match_proto;
	uint16_t match_port;
	uint16_t match_port_last;
	uint16_t dynamic_first;
	uint16_t dynamic_last;
	struct svcseq_u8 target;
	char to[SVCSEQ_NAME_LEN];
	struct svcseq_if out;
	struct svcseq_mac dst_mac;
	struct svcseq_addr next_hop;
	struct svcseq_addr set_addr;
	uint16_t set_port;
	unsigned int n_copies;
	char copy_to[SVCSEQ_MAX_COPIES][SVCSEQ_NAME_LEN];
	struct svcseq_counters forwarded;
	struct svcseq_tag match_tag;
	struct svcseq_tag set_tag;
	bool pool;
	char member[SVCSEQ_NAME_LEN];
	struct svcseq_counters skipped;
};

/**
 * struct svcseq_reason - Packets dropped for one reason.
 * @name: name of the reason
 * @dropped: how many
 */
struct svcseq_reason {
	char name[SVCSEQ_NAME_LEN];
	struct svcseq_counters dropped;
};

/**
 * struct svcseq_stats - Counters of the whole namespace.
 * @n_reasons: entries of @reason
 * @reason: every reason, with its counters
 * @name: in a request, the only reason to report; empty: all
 * @ports: number of ports
 * @devices: number of devices
 * @sequences: number of sequences
 * @services: number of services
 * @max_services: most services of the namespace
 * @service_bytes: memory of one service of the simplest kind
 * @generation: counts the changes of the whole configuration
 * @places: addresses and prefixes of wider services
 * @place_bytes: memory of all of these, beside the services
 * @acls: number of access lists
 * @pools: number of pools
 */
struct svcseq_stats {
	unsigned int n_reasons;
	struct svcseq_reason reason[SVCSEQ_MAX_REASONS];
	char name[SVCSEQ_NAME_LEN];
	uint32_t ports;
	uint32_t devices;
	uint32_t sequences;
	uint32_t services;
	uint32_t max_services;
	uint32_t service_bytes;
	uint32_t generation;
	uint32_t places;
	uint32_t place_bytes;
	uint32_t acls;
	uint32_t pools;
};

/**
 * struct svcseq_engine - What holds for the engine as a whole.
 * @max_pps: most requests of one second, of all services; 0 or unset: no limit
 * @burst: requests that may come at once
 */
struct svcseq_engine {
	struct svcseq_u32 max_pps;
	struct svcseq_u32 burst;
};

/**
 * struct svcseq_trace - A packet where the engine lets go of it, or which
 *   packets are to be told of.
 * @client: in a request, one end of the packet; unset: any
 * @client_len: how many bits of @client count; unset: all
 * @addr: service of the packet; in a request, the only one, unset: any
 * @proto: its protocol; in a request with @addr, 0 and @port 0: any
 * @port: its port
 * @rate: in a request, most events of one second; 0: as the module likes
 * @client_port: port of the client in a simulation; 0: as the module likes
 * @direction: enum svcseq_direction; in a simulation unset: request
 * @length: bytes from the network header on; in a simulation 0: the headers
 * @time: when, in nanoseconds since 1970 (output, like all that follows)
 * @verdict: enum svcseq_trace_verdict
 * @reason: why it is dropped; empty: it is not
 * @sequence: name of the sequence; empty: the packet is of no service
 * @from: device that handed it in; empty if an uplink did or nobody knows
 * @from_step: place of @from in the sequence, from 0 on
 * @to: device that gets it; empty if the client does
 * @to_step: place of @to in the sequence
 * @in: port it came in by
 * @out: port it leaves by
 * @src: source address that it leaves with
 * @dst: destination address
 * @wire_proto: its protocol
 * @sport: source port
 * @dport: destination port
 * @lost: events that were not told since the one before
 */
struct svcseq_trace {
	struct svcseq_addr client;
	struct svcseq_u8 client_len;
	struct svcseq_addr addr;
	uint8_t proto;
	uint16_t port;
	uint32_t rate;
	uint16_t client_port;
	struct svcseq_u8 direction;
	uint32_t length;
	uint64_t time;
	struct svcseq_u8 verdict;
	char reason[SVCSEQ_NAME_LEN];
	char sequence[SVCSEQ_NAME_LEN];
	char from[SVCSEQ_NAME_LEN];
	struct svcseq_u8 from_step;
	char to[SVCSEQ_NAME_LEN];
	struct svcseq_u8 to_step;
	struct svcseq_if in;
	struct svcseq_if out;
	struct svcseq_addr src;
	struct svcseq_addr dst;
	uint8_t wire_proto;
	uint16_t sport;
	uint16_t dport;
	uint32_t lost;
};

/**
 * enum svcseq_noun - What an event is about.
 * @SVCSEQ_NOUN_NONE: an event that this library does not know
 * @SVCSEQ_NOUN_PORT: a port
 * @SVCSEQ_NOUN_DEVICE: a device
 * @SVCSEQ_NOUN_SEQUENCE: a sequence
 * @SVCSEQ_NOUN_SERVICE: a service
 * @SVCSEQ_NOUN_ACL: an access list
 * @SVCSEQ_NOUN_POOL: a pool
 */
enum svcseq_noun {
	SVCSEQ_NOUN_NONE,
	SVCSEQ_NOUN_PORT,
	SVCSEQ_NOUN_DEVICE,
	SVCSEQ_NOUN_SEQUENCE,
	SVCSEQ_NOUN_SERVICE,
	SVCSEQ_NOUN_ACL,
	SVCSEQ_NOUN_POOL,
};

/**
 * struct svcseq_event - A change, as the monitor sees it.
 * @noun: which member of the union holds the object
 * @deleted: the object is gone; else it was added or set, or what follows says
 * @suspect: a device has crossed a threshold of its alarms
 * @well: no threshold of a device is crossed any more
 * @port: for SVCSEQ_NOUN_PORT
 * @device: for SVCSEQ_NOUN_DEVICE
 * @sequence: for SVCSEQ_NOUN_SEQUENCE
 * @service: for SVCSEQ_NOUN_SERVICE
 * @acl: for SVCSEQ_NOUN_ACL
 * @pool: for SVCSEQ_NOUN_POOL
 */
struct svcseq_event {
	enum svcseq_noun noun;
	bool deleted;
	bool suspect;
	bool well;
	union {
		struct svcseq_port port;
		struct svcseq_device device;
		struct svcseq_sequence sequence;
		struct svcseq_service service;
		struct svcseq_acl acl;
		struct svcseq_pool pool;
	};
};

/*
 * Callbacks of the functions that list objects.  The object is only valid
 * during the call.  A value other than 0 ends the listing and is returned.
 */
typedef int svcseq_port_cb(const struct svcseq_port *port, void *data);
typedef int svcseq_device_cb(const struct svcseq_device *device, void *data);
typedef int svcseq_pool_cb(const struct svcseq_pool *pool, void *data);
typedef int svcseq_sequence_cb(const struct svcseq_sequence *seq, void *data);
typedef int svcseq_service_cb(const struct svcseq_service *svc, void *data);
typedef int svcseq_acl_cb(const struct svcseq_acl *acl, void *data);
typedef int svcseq_acl_rule_cb(const struct svcseq_acl_rule *rule, void *data);
typedef int svcseq_row_cb(const struct svcseq_row *row, void *data);
typedef int svcseq_event_cb(const struct svcseq_event *event, void *data);
typedef int svcseq_trace_cb(const struct svcseq_trace *trace, void *data);

struct svcseq *svcseq_open(const char *netns, struct svcseq_error *err);
void svcseq_close(struct svcseq *sq);

int svcseq_port_add(struct svcseq *sq, const struct svcseq_port *port,
		    struct svcseq_error *err);
int svcseq_port_set(struct svcseq *sq, const struct svcseq_port *port,
		    struct svcseq_error *err);
int svcseq_port_del(struct svcseq *sq, const struct svcseq_port *key,
		    struct svcseq_error *err);
int svcseq_port_get(struct svcseq *sq, const struct svcseq_port *key,
		    struct svcseq_port *port, struct svcseq_error *err);
int svcseq_port_each(struct svcseq *sq, svcseq_port_cb *cb, void *data,
		     struct svcseq_error *err);

int svcseq_device_add(struct svcseq *sq, const struct svcseq_device *device,
		      struct svcseq_error *err);
int svcseq_device_set(struct svcseq *sq, const struct svcseq_device *device,
		      struct svcseq_error *err);
int svcseq_device_del(struct svcseq *sq, const struct svcseq_device *key,
		      struct svcseq_error *err);
int svcseq_device_get(struct svcseq *sq, const struct svcseq_device *key,
		      struct svcseq_device *device, struct svcseq_error *err);
int svcseq_device_each(struct svcseq *sq, svcseq_device_cb *cb, void *data,
		       struct svcseq_error *err);

int svcseq_pool_add(struct svcseq *sq, const struct svcseq_pool *pool,
		    struct svcseq_error *err);
int svcseq_pool_set(struct svcseq *sq, const struct svcseq_pool *pool,
		    struct svcseq_error *err);
int svcseq_pool_del(struct svcseq *sq, const struct svcseq_pool *key,
		    struct svcseq_error *err);
int svcseq_pool_get(struct svcseq *sq, const struct svcseq_pool *key,
		    struct svcseq_pool *pool, struct svcseq_error *err);
int svcseq_pool_each(struct svcseq *sq, svcseq_pool_cb *cb, void *data,
		     struct svcseq_error *err);

int svcseq_sequence_add(struct svcseq *sq, const struct svcseq_sequence *seq,
			struct svcseq_error *err);
int svcseq_sequence_set(struct svcseq *sq, const struct svcseq_sequence *seq,
			struct svcseq_error *err);
int svcseq_sequence_del(struct svcseq *sq, const struct svcseq_sequence *key,
			struct svcseq_error *err);
int svcseq_sequence_get(struct svcseq *sq, const struct svcseq_sequence *key,
			struct svcseq_sequence *seq, struct svcseq_error *err);
int svcseq_sequence_each(struct svcseq *sq, svcseq_sequence_cb *cb, void *data,
			 struct svcseq_error *err);

int svcseq_service_add(struct svcseq *sq, const struct svcseq_service *svc,
		       struct svcseq_error *err);
int svcseq_service_set(struct svcseq *sq, const struct svcseq_service *svc,
		       struct svcseq_error *err);
int svcseq_service_del(struct svcseq *sq, const struct svcseq_service *key,
		       struct svcseq_error *err);
int svcseq_service_get(struct svcseq *sq, const struct svcseq_service *key,
		       struct svcseq_service *svc, struct svcseq_error *err);
int svcseq_service_each(struct svcseq *sq, svcseq_service_cb *cb, void *data,
			struct svcseq_error *err);

int svcseq_acl_add(struct svcseq *sq, const struct svcseq_acl *acl,
		   struct svcseq_error *err);
int svcseq_acl_set(struct svcseq *sq, const struct svcseq_acl *acl,
		   struct svcseq_error *err);
int svcseq_acl_del(struct svcseq *sq, const struct svcseq_acl *key,
		   struct svcseq_error *err);
int svcseq_acl_get(struct svcseq *sq, const struct svcseq_acl *key,
		   struct svcseq_acl *acl, struct svcseq_error *err);
int svcseq_acl_each(struct svcseq *sq, svcseq_acl_cb *cb, void *data,
		    struct svcseq_error *err);
int svcseq_acl_rules(struct svcseq *sq, const struct svcseq_acl *key,
		     svcseq_acl_rule_cb *cb, void *data,
		     struct svcseq_error *err);

int svcseq_table_get(struct svcseq *sq, const struct svcseq_row *key,
		     struct svcseq_row *row, struct svcseq_error *err);
int svcseq_table_each(struct svcseq *sq, const struct svcseq_row *filter,
		      svcseq_row_cb *cb, void *data, struct svcseq_error *err);

int svcseq_stats_get(struct svcseq *sq, const char *reason,
		     struct svcseq_stats *stats, struct svcseq_error *err);

int svcseq_engine_set(struct svcseq *sq, const struct svcseq_engine *engine,
		      struct svcseq_error *err);
int svcseq_engine_get(struct svcseq *sq, struct svcseq_engine *engine,
		      struct svcseq_error *err);

struct svcseq_monitor *svcseq_monitor_open(const char *netns,
					   struct svcseq_error *err);
void svcseq_monitor_close(struct svcseq_monitor *mon);
int svcseq_monitor_fd(const struct svcseq_monitor *mon);
int svcseq_monitor_read(struct svcseq_monitor *mon, svcseq_event_cb *cb,
			void *data, struct svcseq_error *err);

struct svcseq_tracer *svcseq_trace_open(const char *netns,
					const struct svcseq_trace *filter,
					struct svcseq_error *err);
void svcseq_trace_close(struct svcseq_tracer *tracer);
int svcseq_trace_fd(const struct svcseq_tracer *tracer);
int svcseq_trace_read(struct svcseq_tracer *tracer, svcseq_trace_cb *cb,
		      void *data, struct svcseq_error *err);
int svcseq_trace_simulate(struct svcseq *sq, const struct svcseq_trace *what,
			  svcseq_trace_cb *cb, void *data,
			  struct svcseq_error *err);

#ifdef __cplusplus
}
#endif

#endif /* SVCSEQ_SVCSEQ_H */
