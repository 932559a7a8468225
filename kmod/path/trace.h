/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: packets where the engine lets go of them, for perf(1) and
 * bpftrace(8).
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM svcseq

#if !defined(SVCSEQ_PATH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define SVCSEQ_PATH_TRACE_H

#include <linux/tracepoint.h>
#include <net/ipv6.h>

#include "../table/trace.h"

#ifndef SVCSEQ_TRACE_ONCE
#define SVCSEQ_TRACE_ONCE

int svcseq_watch_reg(void);
void svcseq_watch_unreg(void);

/* IPv4 addresses as IPv4-mapped ones: one field for both */
static inline void svcseq_trace_addr(u8 *to, u8 fam,
				     const union svcseq_addr *from)
{
	if (fam == SVCSEQ_V6)
		memcpy(to, &from->v6, sizeof(from->v6));
	else
		ipv6_addr_set_v4mapped(from->v4, (struct in6_addr *)to);
}

static inline void svcseq_trace_name(char *to, const char *from, size_t size)
{
	strscpy_pad(to, from ?: "", size);
}
#endif

DECLARE_EVENT_CLASS(svcseq_packet,

	TP_PROTO(const struct svcseq_trace *t),

	TP_ARGS(t),

	TP_STRUCT__entry(
		__field(u32, service)
		__field(u32, len)
		__field(s8, from_step)
		__field(s8, to_step)
		__field(u8, direction)
		__field(u8, verdict)
		__field(u8, protocol)
		__field(u16, sport)
		__field(u16, dport)
		__array(u8, saddr, 16)
		__array(u8, daddr, 16)
		__array(char, sequence, SVCSEQ_NAME_LEN)
		__array(char, from, SVCSEQ_NAME_LEN)
		__array(char, to, SVCSEQ_NAME_LEN)
		__array(char, in, IFNAMSIZ)
		__array(char, out, IFNAMSIZ)
		__array(char, reason, SVCSEQ_NAME_LEN)
	),

	TP_fast_assign(
		__entry->service = t->svc ? t->svc->id : 0;
		__entry->len = t->len;
		__entry->from_step = t->from_step;
		__entry->to_step = t->to_step;
		__entry->direction = t->dir;
		__entry->verdict = t->verdict;
		__entry->protocol = t->proto;
		__entry->sport = be16_to_cpu(t->sport);
		__entry->dport = be16_to_cpu(t->dport);
		svcseq_trace_addr(__entry->saddr, t->fam, &t->src);
		svcseq_trace_addr(__entry->daddr, t->fam, &t->dst);
		svcseq_trace_name(__entry->sequence, t->sequence,
				  sizeof(__entry->sequence));
		svcseq_trace_name(__entry->from, t->from,
				  sizeof(__entry->from));
		svcseq_trace_name(__entry->to, t->to, sizeof(__entry->to));
		svcseq_trace_name(__entry->in, t->in->name,
				  sizeof(__entry->in));
		svcseq_trace_name(__entry->out, t->out ? t->out->name : NULL,
				  sizeof(__entry->out));
		svcseq_trace_name(__entry->reason, t->reason,
				  sizeof(__entry->reason));
	),

	TP_printk("service=%u sequence=%s direction=%u step=%d>%d from=%s to=%s in=%s out=%s proto=%u src=%pI6c:%u dst=%pI6c:%u len=%u%s%s",
		  __entry->service, __entry->sequence, __entry->direction,
		  __entry->from_step, __entry->to_step, __entry->from,
		  __entry->to, __entry->in, __entry->out, __entry->protocol,
		  __entry->saddr, __entry->sport, __entry->daddr,
		  __entry->dport, __entry->len,
		  __entry->reason[0] ? " reason=" : "", __entry->reason)
);

/* Whoever listens switches the watching on. */
DEFINE_EVENT_FN(svcseq_packet, svcseq_hop,
	TP_PROTO(const struct svcseq_trace *t),
	TP_ARGS(t),
	svcseq_watch_reg, svcseq_watch_unreg
);

DEFINE_EVENT_FN(svcseq_packet, svcseq_copy,
	TP_PROTO(const struct svcseq_trace *t),
	TP_ARGS(t),
	svcseq_watch_reg, svcseq_watch_unreg
);

DEFINE_EVENT_FN(svcseq_packet, svcseq_drop,
	TP_PROTO(const struct svcseq_trace *t),
	TP_ARGS(t),
	svcseq_watch_reg, svcseq_watch_unreg
);

DEFINE_EVENT_FN(svcseq_packet, svcseq_pass,
	TP_PROTO(const struct svcseq_trace *t),
	TP_ARGS(t),
	svcseq_watch_reg, svcseq_watch_unreg
);

#endif /* SVCSEQ_PATH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH path
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
