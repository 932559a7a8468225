/* SPDX-License-Identifier: GPL-2.0 */
/* Traces: who wants to be told of packets, and of which. */
#ifndef SVCSEQ_TABLE_TRACE_H
#define SVCSEQ_TABLE_TRACE_H

#include <linux/jump_label.h>
#include <linux/netlink.h>

#include "../svcseq.h"

/* events of one second that a reader gets unless it says otherwise */
#define SVCSEQ_TRACE_RATE	10000
/* of a simulated packet whose request does not say */
#define SVCSEQ_TRACE_CLIENT_PORT	40000

/**
 * struct svcseq_trace - What is told of a packet where the engine lets go of
 *   it.
 * @svc: its service, or NULL
 * @sequence: name of the sequence, or NULL
 * @from: the device that handed the packet in, or NULL
 * @to: the device that gets it, or NULL
 * @in: the net device that it came in by
 * @out: the net device that it leaves by, or NULL
 * @reason: name of the reason for a drop, or NULL
 * @verdict: enum svcseq_trace_verdict
 * @dir: enum svcseq_direction, or 0 while that is not known
 * @from_step: number of the step that handed it in, or SVCSEQ_AT_EDGE
 * @to_step: number of the step that gets it, or SVCSEQ_AT_EDGE
 * @placed: @from and @from_step say where it came from
 * @has_addr: @fam, @src and @dst are known
 * @has_ports: @proto, @sport and @dport are known, too
 * @fam: SVCSEQ_V4 or SVCSEQ_V6
 * @proto: its protocol
 * @sport: its source port
 * @dport: its destination port
 * @src: its source address
 * @dst: its destination address
 * @len: bytes from the network header on
 *
 * Addresses and ports are those that it leaves with.
 */
struct svcseq_trace {
	const struct svcseq_service *svc;
	const char *sequence;
	const char *from;
	const char *to;
	const struct net_device *in;
	const struct net_device *out;
	const char *reason;
	u8 verdict;
	u8 dir;
	s8 from_step;
	s8 to_step;
	bool placed;
	bool has_addr;
	bool has_ports;
	u8 fam;
	u8 proto;
	__be16 sport;
	__be16 dport;
	union svcseq_addr src;
	union svcseq_addr dst;
	u32 len;
};

/**
 * struct svcseq_trace_filter - Which packets a reader wants to hear of.
 * @has_client: @client_fam, @client and @client_len are given
 * @client_fam: family of @client
 * @client_len: how many bits of @client count
 * @client: one end of the packet
 * @has_service: @service_fam and @service are given
 * @service_fam: family of @service
 * @service: address of the service
 * @proto: its protocol, or 0 for any
 * @port: its port in host order, or 0 for any
 */
struct svcseq_trace_filter {
	bool has_client;
	u8 client_fam;
	u8 client_len;
	union svcseq_addr client;
	bool has_service;
	u8 service_fam;
	union svcseq_addr service;
	u8 proto;
	u16 port;
};

/**
 * struct svcseq_tracer - Somebody who reads a trace.
 * @node: link in &svcseq_net.tracers; cfg_lock, read under RCU
 * @sn: the engine; constant
 * @filter: what it wants; constant
 * @portid: address of its socket; constant
 * @rate: most events of one second; constant
 * @lock: protects what follows
 * @second: the second that @told counts, in jiffies
 * @told: events of this second
 * @lost: events that were not told since the last one that was
 * @rcu: frees it
 */
struct svcseq_tracer {
	struct list_head node;
	struct svcseq_net *sn;
	struct svcseq_trace_filter filter;
	u32 portid;
	u32 rate;
	spinlock_t lock;	/* order and number of events */
	unsigned long second;
	u32 told;
	u32 lost;
	struct rcu_head rcu;
};

/**
 * typedef svcseq_trace_send - send an event to a reader
 * @tracer: the reader; its lock is held
 * @t: the event
 *
 * Called with bottom halves off and under RCU. Returns false if it did not
 * arrive.
 */
typedef bool svcseq_trace_send(const struct svcseq_tracer *tracer,
			       const struct svcseq_trace *t);

/**
 * struct svcseq_simulation - A packet that is led through a chain without being
 *   sent.
 * @svc: its service
 * @addr: address of that
 * @proto: protocol
 * @port: port there
 * @client: address of the client
 * @client_port: port of the client
 * @dir: enum svcseq_direction
 * @len: its length from the network header on; 0 for one without payload
 */
struct svcseq_simulation {
	struct svcseq_service *svc;
	union svcseq_addr addr;
	u8 proto;
	u16 port;
	union svcseq_addr client;
	__be16 client_port;
	u8 dir;
	u32 len;
};

/**
 * typedef svcseq_trace_told - take what happens to a simulated packet
 * @t: what happens
 * @arg: what the caller passed
 *
 * Called with bottom halves off. Returns 0 or a negative errno.
 */
typedef int svcseq_trace_told(const struct svcseq_trace *t, void *arg);

/**
 * typedef svcseq_trace_walk - lead a packet through a chain without sending it
 * @sn: the engine
 * @sim: the packet
 * @told: called wherever the engine would let go of it
 * @arg: passed to @told
 * @extack: for the text of a refusal
 *
 * Called with cfg_lock. Returns 0 or a negative errno.
 */
typedef int svcseq_trace_walk(struct svcseq_net *sn,
			      const struct svcseq_simulation *sim,
			      svcseq_trace_told *told, void *arg,
			      struct netlink_ext_ack *extack);

/* on while anybody looks at packets as they leave */
DECLARE_STATIC_KEY_FALSE(svcseq_watched);
/* how many look at all packets, not only at those of watched devices */
extern atomic_t svcseq_traced;

void svcseq_watch_more(int by);
void svcseq_trace_more(int by);

void svcseq_trace_set_send(svcseq_trace_send *send);
void svcseq_trace_set_walk(svcseq_trace_walk *walk);
int svcseq_trace_simulate(struct svcseq_net *sn,
			  const struct svcseq_simulation *sim,
			  svcseq_trace_told *told, void *arg,
			  struct netlink_ext_ack *extack);
int svcseq_trace_start(struct svcseq_net *sn, u32 portid, u32 rate,
		       const struct svcseq_trace_filter *filter);
void svcseq_trace_stop(struct svcseq_net *sn, u32 portid);
void svcseq_trace_flush(struct svcseq_net *sn);
void svcseq_trace_tell(struct svcseq_net *sn, const struct svcseq_trace *t);

#endif /* SVCSEQ_TABLE_TRACE_H */
