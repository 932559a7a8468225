// SPDX-License-Identifier: GPL-2.0
/* Access lists: do those of its service allow a packet? Lists speak of the
 * client's end and of the service's, not of source and destination, so that one
 * list does for both directions.
 */

#include <linux/tcp.h>
#include <linux/udp.h>

#include "../table/counters.h"
#include "acl.h"
#include "simulate.h"

static u32 pkt_len_single(const struct svcseq_pkt *pkt)
{
	u32 len = svcseq_pkt_len(pkt);

	/* a jumbogram has its length elsewhere */
	if (pkt->fam == SVCSEQ_V6 && len == sizeof(struct ipv6hdr))
		len = pkt->skb->len;
	return min(len, pkt->skb->len);
}

/* Packets that travel as one, and will leave as several, are judged by the
 * length of those. An ICMP error is none of them.
 */
static u32 pkt_len(const struct svcseq_pkt *pkt)
{
	const struct sk_buff *skb = pkt->skb;
	u32 head = pkt->view.l4_off + sizeof(struct udphdr);
	const struct tcphdr *th;
	struct tcphdr buf;

	if (likely(!skb_is_gso(skb)))
		return pkt_len_single(pkt);
	if (pkt->view.proto == IPPROTO_TCP) {
		th = skb_header_pointer(skb, pkt->view.l4_off, sizeof(buf),
					&buf);
		if (!th)
			return skb->len;
		head = pkt->view.l4_off + __tcp_hdrlen(th);
	}
	return min_t(u32, skb->len, head + skb_shinfo(skb)->gso_size);
}

/* An ICMP error is looked up by the header of a packet that goes its way, and is
 * judged by that one's addresses and ports, too.
 */
static void key_fill(struct svcseq_acl_key *key, const struct svcseq_pkt *pkt)
{
	bool request = pkt->dir == SVCSEQ_DIRECTION_REQUEST;
	u32 sport = SVCSEQ_ACL_NO_PORT;
	u32 dport = SVCSEQ_ACL_NO_PORT;
	const u8 *client = svcseq_pkt_addr(pkt, !request);
	const u8 *service = svcseq_pkt_addr(pkt, request);

	if (!pkt->bare) {
		sport = be16_to_cpu(pkt->view.sport);
		dport = be16_to_cpu(pkt->view.dport);
	}
	if (!request)
		swap(sport, dport);
	if (pkt->fam == SVCSEQ_V4)
		svcseq_acl_key_addr4(key, client, service);
	else
		svcseq_acl_key_addr6(key, client, service);
	svcseq_acl_key_l4(key, pkt->view.proto, sport, dport, pkt_len(pkt));
}

static bool list_denies(const struct svcseq_list *list,
			const struct svcseq_pkt *pkt,
			const struct svcseq_acl_key *key)
{
	const struct svcseq_rules *rules = rcu_dereference(list->rules);
	const struct svcseq_acl *tree = rules->tree[pkt->fam];
	u32 i = rules->n;
	int hit;

	if (tree) {
		hit = svcseq_acl_lookup(tree, key);
		if (hit >= 0)
			i = hit;
	}
	if (!svcseq_simulated(pkt->skb))
		svcseq_stats_count(rules->stats[smp_processor_id()], i,
				   pkt->skb->len);
	return test_bit(i, rules->deny);
}

/**
 * svcseq_acl_denies - do the access lists of its service deny a packet?
 * @pkt: the packet
 * @hop: its hop
 * @ties: the lists
 *
 * Every list that is for packets from this port has to allow it; the first that
 * does not is the last that is asked.
 *
 * Context: softirq, RCU.
 * Return: true if it is to be dropped.
 */
bool svcseq_acl_denies(const struct svcseq_pkt *pkt,
		       const struct svcseq_hop *hop,
		       const struct svcseq_ties *ties)
{
	bool enters = hop->flags & SVCSEQ_HOP_ENTER;
	const struct svcseq_tie *tie;
	struct svcseq_acl_key key;
	bool filled = false;

	for (tie = ties->tie; tie < ties->tie + ties->n; tie++) {
		if (tie->gate ? READ_ONCE(tie->gate->dev) != pkt->port->dev :
				!enters)
			continue;
		if (!filled)
			key_fill(&key, pkt);
		filled = true;
		if (list_denies(tie->list, pkt, &key))
			return true;
	}
	return false;
}
