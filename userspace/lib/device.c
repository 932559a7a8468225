// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nl.h"

static const struct sq_field arm[] = {
	SQ_ONE(struct svcseq_arm, side, SVCSEQ_A_ARM_SIDE,
	       SQ_U8, SQ_CONFIG, "side"),
	SQ_ONE(struct svcseq_arm, dev, SVCSEQ_A_ARM_IFINDEX,
	       SQ_IFINDEX, SQ_CONFIG, "ifindex"),
	SQ_ONE(struct svcseq_arm, dev, SVCSEQ_A_ARM_IFNAME,
	       SQ_IFNAME, SQ_CONFIG, "ifname"),
	SQ_MANY(struct svcseq_arm, mac, n_macs, SVCSEQ_A_ARM_MAC,
		SQ_MAC, SQ_CONFIG, "mac", NULL),
	SQ_ONE(struct svcseq_arm, any_mac, SVCSEQ_A_ARM_ANY_MAC,
	       SQ_FLAG, SQ_CONFIG, "any-mac"),
	SQ_ONE(struct svcseq_arm, addr4, SVCSEQ_A_ARM_ADDR4,
	       SQ_ADDR4, SQ_CONFIG, "addr4"),
	SQ_ONE(struct svcseq_arm, addr6, SVCSEQ_A_ARM_ADDR6,
	       SQ_ADDR6, SQ_CONFIG, "addr6"),
	SQ_MANY(struct svcseq_arm, resolved, n_resolved, SVCSEQ_A_ARM_RESOLVED,
		SQ_MAC, SQ_OUT, "resolved", NULL),
};

static const struct sq_shape arm_shape = SQ_SHAPE(struct svcseq_arm, arm);

static const struct sq_field alarm_fields[] = {
	SQ_ONE(struct svcseq_alarm, watch, SVCSEQ_A_ALARM_WATCH,
	       SQ_FLAG, SQ_CONFIG, "watch"),
	SQ_ONE(struct svcseq_alarm, syn, SVCSEQ_A_ALARM_SYN,
	       SQ_U32, SQ_CONFIG, "syn"),
	SQ_ONE(struct svcseq_alarm, unreturned, SVCSEQ_A_ALARM_UNRETURNED,
	       SQ_U32, SQ_CONFIG, "unreturned"),
	SQ_ONE(struct svcseq_alarm, gap, SVCSEQ_A_ALARM_GAP,
	       SQ_U32, SQ_CONFIG, "gap"),
};

static const struct sq_shape alarm_shape =
	SQ_SHAPE(struct svcseq_alarm, alarm_fields);

static const struct sq_field arm_health[] = {
	SQ_ONE(struct svcseq_arm_health, side, SVCSEQ_A_ARM_HEALTH_SIDE,
	       SQ_U8, SQ_OUT, "side"),
	SQ_IN(struct svcseq_arm_health, sent, SVCSEQ_A_ARM_HEALTH_SENT,
	      SQ_OUT, "sent", &sq_counters_shape),
	SQ_IN(struct svcseq_arm_health, received, SVCSEQ_A_ARM_HEALTH_RECEIVED,
	      SQ_OUT, "received", &sq_counters_shape),
	SQ_ONE(struct svcseq_arm_health, sent_ago, SVCSEQ_A_ARM_HEALTH_SENT_AGO,
	       SQ_U32_OPT, SQ_OUT, "sent-ago"),
	SQ_ONE(struct svcseq_arm_health, received_ago,
	       SVCSEQ_A_ARM_HEALTH_RECEIVED_AGO,
	       SQ_U32_OPT, SQ_OUT, "received-ago"),
};

static const struct sq_shape arm_health_shape =
	SQ_SHAPE(struct svcseq_arm_health, arm_health);

static const struct sq_field health[] = {
	SQ_ONE(struct svcseq_health, suspect, SVCSEQ_A_HEALTH_SUSPECT,
	       SQ_U8, SQ_OUT, "suspect"),
	SQ_ONE(struct svcseq_health, syn, SVCSEQ_A_HEALTH_SYN,
	       SQ_U32_OPT, SQ_OUT, "syn"),
	SQ_ONE(struct svcseq_health, unreturned, SVCSEQ_A_HEALTH_UNRETURNED,
	       SQ_U32_OPT, SQ_OUT, "unreturned"),
	SQ_ONE(struct svcseq_health, gap, SVCSEQ_A_HEALTH_GAP,
	       SQ_U32_OPT, SQ_OUT, "gap"),
	SQ_ONE(struct svcseq_health, gap_max, SVCSEQ_A_HEALTH_GAP_MAX,
	       SQ_U32_OPT, SQ_OUT, "gap-max"),
	SQ_MANY(struct svcseq_health, arm, n_arms, SVCSEQ_A_HEALTH_ARM,
		SQ_NEST, SQ_OUT, "arm", &arm_health_shape),
};

static const struct sq_shape health_shape =
	SQ_SHAPE(struct svcseq_health, health);

static const struct sq_field fields[] = {
	SQ_ONE(struct svcseq_device, name, SVCSEQ_A_DEVICE_NAME,
	       SQ_STRING, SQ_KEY, "name"),
	SQ_ONE(struct svcseq_device, kind, SVCSEQ_A_DEVICE_KIND,
	       SQ_U8, SQ_CONFIG, "kind"),
	SQ_MANY(struct svcseq_device, arm, n_arms, SVCSEQ_A_DEVICE_ARM,
		SQ_NEST, SQ_CONFIG, "arm", &arm_shape),
	SQ_ONE(struct svcseq_device, mode, SVCSEQ_A_DEVICE_MODE,
	       SQ_U8, SQ_CONFIG, "mode"),
	SQ_ONE(struct svcseq_device, nat4, SVCSEQ_A_DEVICE_NAT4,
	       SQ_ADDR4, SQ_CONFIG, "nat4"),
	SQ_ONE(struct svcseq_device, nat6, SVCSEQ_A_DEVICE_NAT6,
	       SQ_ADDR6, SQ_CONFIG, "nat6"),
	SQ_ONE(struct svcseq_device, owner, SVCSEQ_A_DEVICE_OWNER,
	       SQ_U8, SQ_CONFIG, "owner"),
	SQ_ONE(struct svcseq_device, sequences, SVCSEQ_A_DEVICE_SEQUENCES,
	       SQ_U32, SQ_OUT, "sequences"),
	SQ_IN(struct svcseq_device, sent, SVCSEQ_A_DEVICE_SENT,
	      SQ_OUT, "sent", &sq_counters_shape),
	SQ_IN(struct svcseq_device, received, SVCSEQ_A_DEVICE_RECEIVED,
	      SQ_OUT, "received", &sq_counters_shape),
	SQ_IN(struct svcseq_device, alarm, SVCSEQ_A_DEVICE_ALARM,
	      SQ_CONFIG, "alarm", &alarm_shape),
	SQ_IN(struct svcseq_device, health, SVCSEQ_A_DEVICE_HEALTH,
	      SQ_OUT, "health", &health_shape),
	SQ_ONE(struct svcseq_device, pools, SVCSEQ_A_DEVICE_POOLS,
	       SQ_U32, SQ_OUT, "pools"),
};

const struct sq_shape sq_device_shape = SQ_SHAPE(struct svcseq_device, fields);

/**
 * svcseq_device_add - Describe a device.
 * @sq: handle
 * @device: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_device_add(struct svcseq *sq, const struct svcseq_device *device,
		      struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_DEVICE_ADD, &sq_device_shape, SQ_CONFIG,
		     device, NULL, err);
}

/**
 * svcseq_device_set - Replace the description of a device as a whole.
 * @sq: handle
 * @device: definition
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_device_set(struct svcseq *sq, const struct svcseq_device *device,
		      struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_DEVICE_SET, &sq_device_shape, SQ_CONFIG,
		     device, NULL, err);
}

/**
 * svcseq_device_del - Forget a device.
 * @sq: handle
 * @key: which; only the name counts
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_device_del(struct svcseq *sq, const struct svcseq_device *key,
		      struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_DEVICE_DEL, &sq_device_shape, SQ_KEY, key,
		     NULL, err);
}

/**
 * svcseq_device_get - Read one device.
 * @sq: handle
 * @key: which; only the name counts
 * @device: what is read
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int svcseq_device_get(struct svcseq *sq, const struct svcseq_device *key,
		      struct svcseq_device *device, struct svcseq_error *err)
{
	return sq_do(sq, SVCSEQ_CMD_DEVICE_GET, &sq_device_shape, SQ_KEY, key,
		     device, err);
}

struct each {
	svcseq_device_cb *cb;
	void *data;
};

static int deliver(const void *obj, void *data)
{
	const struct each *each = data;

	return each->cb(obj, each->data);
}

/**
 * svcseq_device_each - List all devices.
 * @sq: handle
 * @cb: called for each
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, or a negative errno value.
 */
int svcseq_device_each(struct svcseq *sq, svcseq_device_cb *cb, void *data,
		       struct svcseq_error *err)
{
	struct each each = { .cb = cb, .data = data };
	struct svcseq_device device;

	return sq_dump(sq, SVCSEQ_CMD_DEVICE_GET, &sq_device_shape, NULL,
		       &device, deliver, &each, err);
}
