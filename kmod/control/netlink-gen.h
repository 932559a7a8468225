/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	specs/svcseq.yaml */
/* YNL-GEN kernel header */
/* To regenerate run: make ynl */

#ifndef _LINUX_SVCSEQ_GEN_H
#define _LINUX_SVCSEQ_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/svcseq.h>

/* Common nested types */
extern const struct nla_policy svcseq_alarm_nl_policy[SVCSEQ_A_ALARM_GAP + 1];
extern const struct nla_policy svcseq_arm_nl_policy[SVCSEQ_A_ARM_RESOLVED + 1];
extern const struct nla_policy svcseq_becomes_nl_policy[SVCSEQ_A_BECOMES_PORT + 1];
extern const struct nla_policy svcseq_copy_nl_policy[SVCSEQ_A_COPY_PORT + 1];
extern const struct nla_policy svcseq_counters_nl_policy[SVCSEQ_A_COUNTERS_BYTES + 1];
extern const struct nla_policy svcseq_member_nl_policy[SVCSEQ_A_MEMBER_ACTIVE + 1];
extern const struct nla_policy svcseq_rule_nl_policy[SVCSEQ_A_RULE_MATCHED + 1];
extern const struct nla_policy svcseq_step_nl_policy[SVCSEQ_A_STEP_ALTERNATE + 1];
extern const struct nla_policy svcseq_tie_nl_policy[SVCSEQ_A_TIE_IFNAME + 1];

extern const struct nla_policy svcseq_port_add_nl_policy[SVCSEQ_A_PORT_ANSWER + 1];

extern const struct nla_policy svcseq_port_set_nl_policy[SVCSEQ_A_PORT_ANSWER + 1];

extern const struct nla_policy svcseq_port_del_nl_policy[SVCSEQ_A_PORT_IFNAME + 1];

extern const struct nla_policy svcseq_port_get_nl_policy[SVCSEQ_A_PORT_IFNAME + 1];

extern const struct nla_policy svcseq_device_add_nl_policy[SVCSEQ_A_DEVICE_ALARM + 1];

extern const struct nla_policy svcseq_device_set_nl_policy[SVCSEQ_A_DEVICE_ALARM + 1];

extern const struct nla_policy svcseq_device_del_nl_policy[SVCSEQ_A_DEVICE_NAME + 1];

extern const struct nla_policy svcseq_device_get_nl_policy[SVCSEQ_A_DEVICE_NAME + 1];

extern const struct nla_policy svcseq_sequence_add_nl_policy[SVCSEQ_A_SEQUENCE_DSCP + 1];

extern const struct nla_policy svcseq_sequence_set_nl_policy[SVCSEQ_A_SEQUENCE_DSCP + 1];

extern const struct nla_policy svcseq_sequence_del_nl_policy[SVCSEQ_A_SEQUENCE_NAME + 1];

extern const struct nla_policy svcseq_sequence_get_nl_policy[SVCSEQ_A_SEQUENCE_NAME + 1];

extern const struct nla_policy svcseq_service_add_nl_policy[SVCSEQ_A_SERVICE_NO_ACL + 1];

extern const struct nla_policy svcseq_service_set_nl_policy[SVCSEQ_A_SERVICE_NO_ACL + 1];

extern const struct nla_policy svcseq_service_del_nl_policy[SVCSEQ_A_SERVICE_BY + 1];

extern const struct nla_policy svcseq_service_get_nl_policy[SVCSEQ_A_SERVICE_BY + 1];

extern const struct nla_policy svcseq_table_get_nl_policy[SVCSEQ_A_ROW_BY + 1];

extern const struct nla_policy svcseq_stats_get_nl_policy[SVCSEQ_A_STATS_NAME + 1];

extern const struct nla_policy svcseq_trace_start_nl_policy[SVCSEQ_A_TRACE_RATE + 1];

extern const struct nla_policy svcseq_trace_simulate_nl_policy[SVCSEQ_A_TRACE_LENGTH + 1];

extern const struct nla_policy svcseq_engine_set_nl_policy[SVCSEQ_A_ENGINE_BURST + 1];

extern const struct nla_policy svcseq_engine_get_nl_policy[SVCSEQ_A_ENGINE_MAX_PPS + 1];

extern const struct nla_policy svcseq_acl_add_nl_policy[SVCSEQ_A_ACL_RULE + 1];

extern const struct nla_policy svcseq_acl_set_nl_policy[SVCSEQ_A_ACL_RULE + 1];

extern const struct nla_policy svcseq_acl_del_nl_policy[SVCSEQ_A_ACL_NAME + 1];

extern const struct nla_policy svcseq_acl_get_nl_policy[SVCSEQ_A_ACL_NAME + 1];

extern const struct nla_policy svcseq_acl_rule_get_nl_policy[SVCSEQ_A_ACL_RULE_NUMBER + 1];

extern const struct nla_policy svcseq_pool_add_nl_policy[SVCSEQ_A_POOL_OWNER + 1];

extern const struct nla_policy svcseq_pool_set_nl_policy[SVCSEQ_A_POOL_OWNER + 1];

extern const struct nla_policy svcseq_pool_del_nl_policy[SVCSEQ_A_POOL_NAME + 1];

extern const struct nla_policy svcseq_pool_get_nl_policy[SVCSEQ_A_POOL_NAME + 1];

/* Ops table for svcseq */
extern const struct genl_ops svcseq_nl_ops[31];

int svcseq_nl_port_add_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int svcseq_nl_device_add_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_device_set_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_device_del_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_device_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_device_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int svcseq_nl_sequence_add_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_sequence_set_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_sequence_del_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_sequence_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_sequence_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int svcseq_nl_service_add_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_service_set_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_service_del_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_service_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int svcseq_nl_table_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_table_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int svcseq_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_trace_start_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_trace_simulate_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_engine_set_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_engine_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_acl_add_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_acl_set_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_acl_del_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_acl_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_acl_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int svcseq_nl_acl_rule_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_acl_rule_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int svcseq_nl_pool_add_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_pool_set_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_pool_del_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_pool_get_doit(struct sk_buff *skb, struct genl_info *info);
int svcseq_nl_pool_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

enum {
	SVCSEQ_NLGRP_CONFIG,
};

#endif /* _LINUX_SVCSEQ_GEN_H */
