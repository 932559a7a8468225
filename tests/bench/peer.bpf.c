// SPDX-License-Identifier: GPL-2.0
/*
 * The tc-bpf peer: what a competent person writes to do the work of one NAT
 * hop.  One lookup by address, protocol and port; both MAC addresses, the
 * destination address and port and both checksums rewritten; redirected.
 * No counters, no origin, no position: it does less than svcseq does.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "peer.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct peer_key);
	__type(value, struct peer_val);
} peer_map SEC(".maps");

struct frame {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
} __attribute__((packed));

static __always_inline __u16 fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* RFC 1624: HC' = ~(~HC + ~m + m') */
static __always_inline __u16 csum_move(__u16 check, __u32 diff)
{
	return ~fold((__u16)~check + diff);
}

static __always_inline int steer(struct __sk_buff *skb, int nat)
{
	void *end = (void *)(long)skb->data_end;
	struct frame *f = (void *)(long)skb->data;
	struct peer_key key = {};
	struct peer_val *v;
	__u32 diff;

	if ((void *)(f + 1) > end || f->eth.h_proto != bpf_htons(ETH_P_IP) ||
	    f->ip.ihl != 5 || f->ip.protocol != IPPROTO_UDP ||
	    f->ip.frag_off & bpf_htons(0x3fff))
		return TC_ACT_OK;
	key.addr = f->ip.daddr;
	key.port = f->udp.dest;
	key.proto = f->ip.protocol;
	v = bpf_map_lookup_elem(&peer_map, &key);
	if (!v)
		return TC_ACT_OK;
	__builtin_memcpy(f->eth.h_dest, v->dmac, 6);
	__builtin_memcpy(f->eth.h_source, v->smac, 6);
	if (nat) {
		__u32 old = f->ip.daddr;
		__u32 new = v->addr;

		diff = (__u16)~old + (__u16)~(old >> 16) +
		       (__u16)new + (new >> 16);
		f->ip.check = csum_move(f->ip.check, diff);
		f->ip.daddr = new;
		if (f->udp.check) {
			__u16 check;

			diff += (__u16)~f->udp.dest + v->port;
			check = csum_move(f->udp.check, diff);
			f->udp.check = check ? check : 0xffff;
		}
		f->udp.dest = v->port;
	}
	return bpf_redirect(v->ifindex, 0);
}

SEC("tc/mac")
int peer_mac(struct __sk_buff *skb)
{
	return steer(skb, 0);
}

SEC("tc/nat")
int peer_nat(struct __sk_buff *skb)
{
	return steer(skb, 1);
}

char _license[] SEC("license") = "GPL";
