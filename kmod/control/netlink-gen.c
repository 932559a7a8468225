// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	specs/svcseq.yaml */
/* YNL-GEN kernel source */
/* To regenerate run: make ynl */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/svcseq.h>

/* Common nested types */
const struct nla_policy svcseq_alarm_nl_policy[SVCSEQ_A_ALARM_GAP + 1] = {
	[SVCSEQ_A_ALARM_WATCH] = { .type = NLA_FLAG, },
	[SVCSEQ_A_ALARM_SYN] = { .type = NLA_U32, },
	[SVCSEQ_A_ALARM_UNRETURNED] = { .type = NLA_U32, },
	[SVCSEQ_A_ALARM_GAP] = { .type = NLA_U32, },
};

const struct nla_policy svcseq_arm_nl_policy[SVCSEQ_A_ARM_RESOLVED + 1] = {
	[SVCSEQ_A_ARM_SIDE] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_ARM_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_ARM_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[SVCSEQ_A_ARM_MAC] = NLA_POLICY_EXACT_LEN(6),
	[SVCSEQ_A_ARM_ANY_MAC] = { .type = NLA_FLAG, },
	[SVCSEQ_A_ARM_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_ARM_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_ARM_RESOLVED] = NLA_POLICY_EXACT_LEN(6),
};

const struct nla_policy svcseq_becomes_nl_policy[SVCSEQ_A_BECOMES_PORT + 1] = {
	[SVCSEQ_A_BECOMES_PROTO] = { .type = NLA_U8, },
	[SVCSEQ_A_BECOMES_PORT] = { .type = NLA_BE16, },
};

const struct nla_policy svcseq_copy_nl_policy[SVCSEQ_A_COPY_PORT + 1] = {
	[SVCSEQ_A_COPY_DEVICE] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_COPY_DIRECTION] = NLA_POLICY_MASK(NLA_U8, 0x3),
	[SVCSEQ_A_COPY_ALERT_TO] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_COPY_PORT] = NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy svcseq_counters_nl_policy[SVCSEQ_A_COUNTERS_BYTES + 1] = {
	[SVCSEQ_A_COUNTERS_PACKETS] = { .type = NLA_U64, },
	[SVCSEQ_A_COUNTERS_BYTES] = { .type = NLA_U64, },
};

const struct nla_policy svcseq_member_nl_policy[SVCSEQ_A_MEMBER_ACTIVE + 1] = {
	[SVCSEQ_A_MEMBER_DEVICE] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_MEMBER_WEIGHT] = NLA_POLICY_MIN(NLA_U8, 1),
	[SVCSEQ_A_MEMBER_STATE] = NLA_POLICY_MAX(NLA_U8, 2),
	[SVCSEQ_A_MEMBER_ACTIVE] = { .type = NLA_FLAG, },
};

const struct nla_policy svcseq_rule_nl_policy[SVCSEQ_A_RULE_MATCHED + 1] = {
	[SVCSEQ_A_RULE_VERDICT] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_RULE_FAMILY] = NLA_POLICY_MAX(NLA_U8, 2),
	[SVCSEQ_A_RULE_PROTO] = { .type = NLA_U8, },
	[SVCSEQ_A_RULE_SRC4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_RULE_SRC6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_RULE_SRC_LEN] = { .type = NLA_U8, },
	[SVCSEQ_A_RULE_DST4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_RULE_DST6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_RULE_DST_LEN] = { .type = NLA_U8, },
	[SVCSEQ_A_RULE_SPORT_MIN] = { .type = NLA_BE16, },
	[SVCSEQ_A_RULE_SPORT_MAX] = { .type = NLA_BE16, },
	[SVCSEQ_A_RULE_DPORT_MIN] = { .type = NLA_BE16, },
	[SVCSEQ_A_RULE_DPORT_MAX] = { .type = NLA_BE16, },
	[SVCSEQ_A_RULE_LENGTH_MIN] = { .type = NLA_U32, },
	[SVCSEQ_A_RULE_LENGTH_MAX] = { .type = NLA_U32, },
	[SVCSEQ_A_RULE_COUNT] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_RULE_MATCHED] = NLA_POLICY_NESTED(svcseq_counters_nl_policy),
};

const struct nla_policy svcseq_step_nl_policy[SVCSEQ_A_STEP_ALTERNATE + 1] = {
	[SVCSEQ_A_STEP_DEVICE] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_STEP_COPY] = NLA_POLICY_NESTED(svcseq_copy_nl_policy),
	[SVCSEQ_A_STEP_PORT] = { .type = NLA_BE16, },
	[SVCSEQ_A_STEP_BECOMES] = NLA_POLICY_NESTED(svcseq_becomes_nl_policy),
	[SVCSEQ_A_STEP_TRACK] = NLA_POLICY_MAX(NLA_U8, 7),
	[SVCSEQ_A_STEP_LOCAL4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_STEP_LOCAL6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_STEP_REMOTE4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_STEP_REMOTE6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_STEP_ON_FAIL] = NLA_POLICY_MAX(NLA_U8, 2),
	[SVCSEQ_A_STEP_ALTERNATE] = { .type = NLA_NUL_STRING, .len = 31, },
};

const struct nla_policy svcseq_tie_nl_policy[SVCSEQ_A_TIE_IFNAME + 1] = {
	[SVCSEQ_A_TIE_ACL] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_TIE_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_TIE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* SVCSEQ_CMD_PORT_ADD - do */
const struct nla_policy svcseq_port_add_nl_policy[SVCSEQ_A_PORT_ANSWER + 1] = {
	[SVCSEQ_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[SVCSEQ_A_PORT_ROLE] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_PORT_GATEWAY4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_PORT_GATEWAY6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_PORT_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_PORT_ANSWER] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* SVCSEQ_CMD_PORT_SET - do */
const struct nla_policy svcseq_port_set_nl_policy[SVCSEQ_A_PORT_ANSWER + 1] = {
	[SVCSEQ_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[SVCSEQ_A_PORT_ROLE] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_PORT_GATEWAY4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_PORT_GATEWAY6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_PORT_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_PORT_ANSWER] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* SVCSEQ_CMD_PORT_DEL - do */
const struct nla_policy svcseq_port_del_nl_policy[SVCSEQ_A_PORT_IFNAME + 1] = {
	[SVCSEQ_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* SVCSEQ_CMD_PORT_GET - do */
const struct nla_policy svcseq_port_get_nl_policy[SVCSEQ_A_PORT_IFNAME + 1] = {
	[SVCSEQ_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* SVCSEQ_CMD_DEVICE_ADD - do */
const struct nla_policy svcseq_device_add_nl_policy[SVCSEQ_A_DEVICE_ALARM + 1] = {
	[SVCSEQ_A_DEVICE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_DEVICE_KIND] = NLA_POLICY_MAX(NLA_U8, 4),
	[SVCSEQ_A_DEVICE_ARM] = NLA_POLICY_NESTED(svcseq_arm_nl_policy),
	[SVCSEQ_A_DEVICE_MODE] = NLA_POLICY_MAX(NLA_U8, 2),
	[SVCSEQ_A_DEVICE_NAT4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_DEVICE_NAT6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_DEVICE_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_DEVICE_ALARM] = NLA_POLICY_NESTED(svcseq_alarm_nl_policy),
};

/* SVCSEQ_CMD_DEVICE_SET - do */
const struct nla_policy svcseq_device_set_nl_policy[SVCSEQ_A_DEVICE_ALARM + 1] = {
	[SVCSEQ_A_DEVICE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_DEVICE_KIND] = NLA_POLICY_MAX(NLA_U8, 4),
	[SVCSEQ_A_DEVICE_ARM] = NLA_POLICY_NESTED(svcseq_arm_nl_policy),
	[SVCSEQ_A_DEVICE_MODE] = NLA_POLICY_MAX(NLA_U8, 2),
	[SVCSEQ_A_DEVICE_NAT4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_DEVICE_NAT6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_DEVICE_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_DEVICE_ALARM] = NLA_POLICY_NESTED(svcseq_alarm_nl_policy),
};

/* SVCSEQ_CMD_DEVICE_DEL - do */
const struct nla_policy svcseq_device_del_nl_policy[SVCSEQ_A_DEVICE_NAME + 1] = {
	[SVCSEQ_A_DEVICE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* SVCSEQ_CMD_DEVICE_GET - do */
const struct nla_policy svcseq_device_get_nl_policy[SVCSEQ_A_DEVICE_NAME + 1] = {
	[SVCSEQ_A_DEVICE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* SVCSEQ_CMD_SEQUENCE_ADD - do */
const struct nla_policy svcseq_sequence_add_nl_policy[SVCSEQ_A_SEQUENCE_DSCP + 1] = {
	[SVCSEQ_A_SEQUENCE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_SEQUENCE_STEP] = NLA_POLICY_NESTED(svcseq_step_nl_policy),
	[SVCSEQ_A_SEQUENCE_UPLINK_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_SEQUENCE_UPLINK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[SVCSEQ_A_SEQUENCE_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_SEQUENCE_FROM] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_SEQUENCE_PATH_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_SEQUENCE_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
};

/* SVCSEQ_CMD_SEQUENCE_SET - do */
const struct nla_policy svcseq_sequence_set_nl_policy[SVCSEQ_A_SEQUENCE_DSCP + 1] = {
	[SVCSEQ_A_SEQUENCE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_SEQUENCE_STEP] = NLA_POLICY_NESTED(svcseq_step_nl_policy),
	[SVCSEQ_A_SEQUENCE_UPLINK_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_SEQUENCE_UPLINK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[SVCSEQ_A_SEQUENCE_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_SEQUENCE_FROM] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_SEQUENCE_PATH_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[SVCSEQ_A_SEQUENCE_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
};

/* SVCSEQ_CMD_SEQUENCE_DEL - do */
const struct nla_policy svcseq_sequence_del_nl_policy[SVCSEQ_A_SEQUENCE_NAME + 1] = {
	[SVCSEQ_A_SEQUENCE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* SVCSEQ_CMD_SEQUENCE_GET - do */
const struct nla_policy svcseq_sequence_get_nl_policy[SVCSEQ_A_SEQUENCE_NAME + 1] = {
	[SVCSEQ_A_SEQUENCE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* SVCSEQ_CMD_SERVICE_ADD - do */
const struct nla_policy svcseq_service_add_nl_policy[SVCSEQ_A_SERVICE_NO_ACL + 1] = {
	[SVCSEQ_A_SERVICE_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_SERVICE_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_SERVICE_PROTO] = { .type = NLA_U8, },
	[SVCSEQ_A_SERVICE_PORT] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_SEQUENCE] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_SERVICE_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_SERVICE_DSCP] = { .type = NLA_U8, },
	[SVCSEQ_A_SERVICE_LIMIT_PPS] = { .type = NLA_U32, },
	[SVCSEQ_A_SERVICE_LIMIT_KBPS] = { .type = NLA_U32, },
	[SVCSEQ_A_SERVICE_LIMIT_BURST] = { .type = NLA_U32, },
	[SVCSEQ_A_SERVICE_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[SVCSEQ_A_SERVICE_PORT_LAST] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_BY] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_SERVICE_DYNAMIC_FIRST] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_DYNAMIC_LAST] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_ACL] = NLA_POLICY_NESTED(svcseq_tie_nl_policy),
	[SVCSEQ_A_SERVICE_NO_ACL] = { .type = NLA_FLAG, },
};

/* SVCSEQ_CMD_SERVICE_SET - do */
const struct nla_policy svcseq_service_set_nl_policy[SVCSEQ_A_SERVICE_NO_ACL + 1] = {
	[SVCSEQ_A_SERVICE_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_SERVICE_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_SERVICE_PROTO] = { .type = NLA_U8, },
	[SVCSEQ_A_SERVICE_PORT] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_SEQUENCE] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_SERVICE_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_SERVICE_DSCP] = { .type = NLA_U8, },
	[SVCSEQ_A_SERVICE_LIMIT_PPS] = { .type = NLA_U32, },
	[SVCSEQ_A_SERVICE_LIMIT_KBPS] = { .type = NLA_U32, },
	[SVCSEQ_A_SERVICE_LIMIT_BURST] = { .type = NLA_U32, },
	[SVCSEQ_A_SERVICE_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[SVCSEQ_A_SERVICE_PORT_LAST] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_BY] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_SERVICE_DYNAMIC_FIRST] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_DYNAMIC_LAST] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_ACL] = NLA_POLICY_NESTED(svcseq_tie_nl_policy),
	[SVCSEQ_A_SERVICE_NO_ACL] = { .type = NLA_FLAG, },
};

/* SVCSEQ_CMD_SERVICE_DEL - do */
const struct nla_policy svcseq_service_del_nl_policy[SVCSEQ_A_SERVICE_BY + 1] = {
	[SVCSEQ_A_SERVICE_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_SERVICE_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_SERVICE_PROTO] = { .type = NLA_U8, },
	[SVCSEQ_A_SERVICE_PORT] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[SVCSEQ_A_SERVICE_PORT_LAST] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_BY] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* SVCSEQ_CMD_SERVICE_GET - do */
const struct nla_policy svcseq_service_get_nl_policy[SVCSEQ_A_SERVICE_BY + 1] = {
	[SVCSEQ_A_SERVICE_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_SERVICE_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_SERVICE_PROTO] = { .type = NLA_U8, },
	[SVCSEQ_A_SERVICE_PORT] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[SVCSEQ_A_SERVICE_PORT_LAST] = { .type = NLA_BE16, },
	[SVCSEQ_A_SERVICE_BY] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* SVCSEQ_CMD_TABLE_GET - do */
const struct nla_policy svcseq_table_get_nl_policy[SVCSEQ_A_ROW_BY + 1] = {
	[SVCSEQ_A_ROW_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_ROW_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_ROW_PROTO] = { .type = NLA_U8, },
	[SVCSEQ_A_ROW_PORT] = { .type = NLA_BE16, },
	[SVCSEQ_A_ROW_INDEX] = { .type = NLA_U32, },
	[SVCSEQ_A_ROW_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[SVCSEQ_A_ROW_PORT_LAST] = { .type = NLA_BE16, },
	[SVCSEQ_A_ROW_BY] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* SVCSEQ_CMD_STATS_GET - do */
const struct nla_policy svcseq_stats_get_nl_policy[SVCSEQ_A_STATS_NAME + 1] = {
	[SVCSEQ_A_STATS_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* SVCSEQ_CMD_TRACE_START - do */
const struct nla_policy svcseq_trace_start_nl_policy[SVCSEQ_A_TRACE_RATE + 1] = {
	[SVCSEQ_A_TRACE_CLIENT4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_TRACE_CLIENT6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_TRACE_CLIENT_LEN] = { .type = NLA_U8, },
	[SVCSEQ_A_TRACE_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_TRACE_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_TRACE_PROTO] = { .type = NLA_U8, },
	[SVCSEQ_A_TRACE_PORT] = { .type = NLA_BE16, },
	[SVCSEQ_A_TRACE_RATE] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* SVCSEQ_CMD_TRACE_SIMULATE - do */
const struct nla_policy svcseq_trace_simulate_nl_policy[SVCSEQ_A_TRACE_LENGTH + 1] = {
	[SVCSEQ_A_TRACE_CLIENT4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_TRACE_CLIENT6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_TRACE_ADDR4] = NLA_POLICY_EXACT_LEN(4),
	[SVCSEQ_A_TRACE_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SVCSEQ_A_TRACE_PROTO] = { .type = NLA_U8, },
	[SVCSEQ_A_TRACE_PORT] = { .type = NLA_BE16, },
	[SVCSEQ_A_TRACE_CLIENT_PORT] = { .type = NLA_BE16, },
	[SVCSEQ_A_TRACE_DIRECTION] = NLA_POLICY_MASK(NLA_U8, 0x3),
	[SVCSEQ_A_TRACE_LENGTH] = { .type = NLA_U32, },
};

/* SVCSEQ_CMD_ENGINE_SET - do */
const struct nla_policy svcseq_engine_set_nl_policy[SVCSEQ_A_ENGINE_BURST + 1] = {
	[SVCSEQ_A_ENGINE_MAX_PPS] = { .type = NLA_U32, },
	[SVCSEQ_A_ENGINE_BURST] = { .type = NLA_U32, },
};

/* SVCSEQ_CMD_ENGINE_GET - do */
const struct nla_policy svcseq_engine_get_nl_policy[SVCSEQ_A_ENGINE_MAX_PPS + 1] = {
	[SVCSEQ_A_ENGINE_MAX_PPS] = { .type = NLA_U32, },
};

/* SVCSEQ_CMD_ACL_ADD - do */
const struct nla_policy svcseq_acl_add_nl_policy[SVCSEQ_A_ACL_RULE + 1] = {
	[SVCSEQ_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_ACL_DEFAULT] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_ACL_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_ACL_RULE] = NLA_POLICY_NESTED(svcseq_rule_nl_policy),
};

/* SVCSEQ_CMD_ACL_SET - do */
const struct nla_policy svcseq_acl_set_nl_policy[SVCSEQ_A_ACL_RULE + 1] = {
	[SVCSEQ_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_ACL_DEFAULT] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_ACL_OWNER] = { .type = NLA_U8, },
	[SVCSEQ_A_ACL_RULE] = NLA_POLICY_NESTED(svcseq_rule_nl_policy),
};

/* SVCSEQ_CMD_ACL_DEL - do */
const struct nla_policy svcseq_acl_del_nl_policy[SVCSEQ_A_ACL_NAME + 1] = {
	[SVCSEQ_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* SVCSEQ_CMD_ACL_GET - do */
const struct nla_policy svcseq_acl_get_nl_policy[SVCSEQ_A_ACL_NAME + 1] = {
	[SVCSEQ_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* SVCSEQ_CMD_ACL_RULE_GET - do */
const struct nla_policy svcseq_acl_rule_get_nl_policy[SVCSEQ_A_ACL_RULE_NUMBER + 1] = {
	[SVCSEQ_A_ACL_RULE_ACL] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_ACL_RULE_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* SVCSEQ_CMD_POOL_ADD - do */
const struct nla_policy svcseq_pool_add_nl_policy[SVCSEQ_A_POOL_OWNER + 1] = {
	[SVCSEQ_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_POOL_POLICY] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_POOL_BY] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_POOL_MEMBER] = NLA_POLICY_NESTED(svcseq_member_nl_policy),
	[SVCSEQ_A_POOL_OWNER] = { .type = NLA_U8, },
};

/* SVCSEQ_CMD_POOL_SET - do */
const struct nla_policy svcseq_pool_set_nl_policy[SVCSEQ_A_POOL_OWNER + 1] = {
	[SVCSEQ_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[SVCSEQ_A_POOL_POLICY] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_POOL_BY] = NLA_POLICY_MAX(NLA_U8, 1),
	[SVCSEQ_A_POOL_MEMBER] = NLA_POLICY_NESTED(svcseq_member_nl_policy),
	[SVCSEQ_A_POOL_OWNER] = { .type = NLA_U8, },
};

/* SVCSEQ_CMD_POOL_DEL - do */
const struct nla_policy svcseq_pool_del_nl_policy[SVCSEQ_A_POOL_NAME + 1] = {
	[SVCSEQ_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* SVCSEQ_CMD_POOL_GET - do */
const struct nla_policy svcseq_pool_get_nl_policy[SVCSEQ_A_POOL_NAME + 1] = {
	[SVCSEQ_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* Ops table for svcseq */
const struct genl_ops svcseq_nl_ops[31] = {
	{
		.cmd		= SVCSEQ_CMD_PORT_ADD,
		.doit		= svcseq_nl_port_add_doit,
		.policy		= svcseq_port_add_nl_policy,
		.maxattr	= SVCSEQ_A_PORT_ANSWER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_PORT_SET,
		.doit		= svcseq_nl_port_set_doit,
		.policy		= svcseq_port_set_nl_policy,
		.maxattr	= SVCSEQ_A_PORT_ANSWER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_PORT_DEL,
		.doit		= svcseq_nl_port_del_doit,
		.policy		= svcseq_port_del_nl_policy,
		.maxattr	= SVCSEQ_A_PORT_IFNAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_PORT_GET,
		.doit		= svcseq_nl_port_get_doit,
		.dumpit		= svcseq_nl_port_get_dumpit,
		.policy		= svcseq_port_get_nl_policy,
		.maxattr	= SVCSEQ_A_PORT_IFNAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_DEVICE_ADD,
		.doit		= svcseq_nl_device_add_doit,
		.policy		= svcseq_device_add_nl_policy,
		.maxattr	= SVCSEQ_A_DEVICE_ALARM,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_DEVICE_SET,
		.doit		= svcseq_nl_device_set_doit,
		.policy		= svcseq_device_set_nl_policy,
		.maxattr	= SVCSEQ_A_DEVICE_ALARM,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_DEVICE_DEL,
		.doit		= svcseq_nl_device_del_doit,
		.policy		= svcseq_device_del_nl_policy,
		.maxattr	= SVCSEQ_A_DEVICE_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_DEVICE_GET,
		.doit		= svcseq_nl_device_get_doit,
		.dumpit		= svcseq_nl_device_get_dumpit,
		.policy		= svcseq_device_get_nl_policy,
		.maxattr	= SVCSEQ_A_DEVICE_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_SEQUENCE_ADD,
		.doit		= svcseq_nl_sequence_add_doit,
		.policy		= svcseq_sequence_add_nl_policy,
		.maxattr	= SVCSEQ_A_SEQUENCE_DSCP,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_SEQUENCE_SET,
		.doit		= svcseq_nl_sequence_set_doit,
		.policy		= svcseq_sequence_set_nl_policy,
		.maxattr	= SVCSEQ_A_SEQUENCE_DSCP,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_SEQUENCE_DEL,
		.doit		= svcseq_nl_sequence_del_doit,
		.policy		= svcseq_sequence_del_nl_policy,
		.maxattr	= SVCSEQ_A_SEQUENCE_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_SEQUENCE_GET,
		.doit		= svcseq_nl_sequence_get_doit,
		.dumpit		= svcseq_nl_sequence_get_dumpit,
		.policy		= svcseq_sequence_get_nl_policy,
		.maxattr	= SVCSEQ_A_SEQUENCE_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_SERVICE_ADD,
		.doit		= svcseq_nl_service_add_doit,
		.policy		= svcseq_service_add_nl_policy,
		.maxattr	= SVCSEQ_A_SERVICE_NO_ACL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_SERVICE_SET,
		.doit		= svcseq_nl_service_set_doit,
		.policy		= svcseq_service_set_nl_policy,
		.maxattr	= SVCSEQ_A_SERVICE_NO_ACL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_SERVICE_DEL,
		.doit		= svcseq_nl_service_del_doit,
		.policy		= svcseq_service_del_nl_policy,
		.maxattr	= SVCSEQ_A_SERVICE_BY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_SERVICE_GET,
		.doit		= svcseq_nl_service_get_doit,
		.dumpit		= svcseq_nl_service_get_dumpit,
		.policy		= svcseq_service_get_nl_policy,
		.maxattr	= SVCSEQ_A_SERVICE_BY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_TABLE_GET,
		.doit		= svcseq_nl_table_get_doit,
		.dumpit		= svcseq_nl_table_get_dumpit,
		.policy		= svcseq_table_get_nl_policy,
		.maxattr	= SVCSEQ_A_ROW_BY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_STATS_GET,
		.doit		= svcseq_nl_stats_get_doit,
		.policy		= svcseq_stats_get_nl_policy,
		.maxattr	= SVCSEQ_A_STATS_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_TRACE_START,
		.doit		= svcseq_nl_trace_start_doit,
		.policy		= svcseq_trace_start_nl_policy,
		.maxattr	= SVCSEQ_A_TRACE_RATE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_TRACE_SIMULATE,
		.doit		= svcseq_nl_trace_simulate_doit,
		.policy		= svcseq_trace_simulate_nl_policy,
		.maxattr	= SVCSEQ_A_TRACE_LENGTH,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_ENGINE_SET,
		.doit		= svcseq_nl_engine_set_doit,
		.policy		= svcseq_engine_set_nl_policy,
		.maxattr	= SVCSEQ_A_ENGINE_BURST,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_ENGINE_GET,
		.doit		= svcseq_nl_engine_get_doit,
		.policy		= svcseq_engine_get_nl_policy,
		.maxattr	= SVCSEQ_A_ENGINE_MAX_PPS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_ACL_ADD,
		.doit		= svcseq_nl_acl_add_doit,
		.policy		= svcseq_acl_add_nl_policy,
		.maxattr	= SVCSEQ_A_ACL_RULE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_ACL_SET,
		.doit		= svcseq_nl_acl_set_doit,
		.policy		= svcseq_acl_set_nl_policy,
		.maxattr	= SVCSEQ_A_ACL_RULE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_ACL_DEL,
		.doit		= svcseq_nl_acl_del_doit,
		.policy		= svcseq_acl_del_nl_policy,
		.maxattr	= SVCSEQ_A_ACL_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_ACL_GET,
		.doit		= svcseq_nl_acl_get_doit,
		.dumpit		= svcseq_nl_acl_get_dumpit,
		.policy		= svcseq_acl_get_nl_policy,
		.maxattr	= SVCSEQ_A_ACL_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_ACL_RULE_GET,
		.doit		= svcseq_nl_acl_rule_get_doit,
		.dumpit		= svcseq_nl_acl_rule_get_dumpit,
		.policy		= svcseq_acl_rule_get_nl_policy,
		.maxattr	= SVCSEQ_A_ACL_RULE_NUMBER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_POOL_ADD,
		.doit		= svcseq_nl_pool_add_doit,
		.policy		= svcseq_pool_add_nl_policy,
		.maxattr	= SVCSEQ_A_POOL_OWNER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_POOL_SET,
		.doit		= svcseq_nl_pool_set_doit,
		.policy		= svcseq_pool_set_nl_policy,
		.maxattr	= SVCSEQ_A_POOL_OWNER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_POOL_DEL,
		.doit		= svcseq_nl_pool_del_doit,
		.policy		= svcseq_pool_del_nl_policy,
		.maxattr	= SVCSEQ_A_POOL_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= SVCSEQ_CMD_POOL_GET,
		.doit		= svcseq_nl_pool_get_doit,
		.dumpit		= svcseq_nl_pool_get_dumpit,
		.policy		= svcseq_pool_get_nl_policy,
		.maxattr	= SVCSEQ_A_POOL_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group svcseq_nl_mcgrps[] = {
	[SVCSEQ_NLGRP_CONFIG] = { "config", },
};
