// SPDX-License-Identifier: GPL-2.0
/* Health: counts what goes to a watched device and what comes back, and says
 * once when a threshold is crossed. Packets pay for it only at hops from and to
 * watched devices. Times are in jiffies, and what two processors write at the
 * same time may lose one of both: these are signals, not accounts.
 */

#include <linux/jiffies.h>
#include <linux/slab.h>

#include "counters.h"
#include "engine.h"
#include "health.h"

static_assert(SVCSEQ_HEALTH_NSTATS == 2);

/**
 * svcseq_health_prepare - be ready to watch a device
 * @sn: the engine
 * @dev: the device
 * @conf: the description that it is to get
 *
 * What is there once stays as long as the device: packets may look at it.
 *
 * Context: process, cfg_lock.
 * Return: 0 or -ENOMEM.
 */
int svcseq_health_prepare(struct svcseq_net *sn, struct svcseq_device *dev,
			  const struct svcseq_device_conf *conf)
{
	struct svcseq_health *health;

	lockdep_assert_held(&sn->cfg_lock);

	if (dev->health || !conf->alarm.watch)
		return 0;
	health = kzalloc(sizeof(*health), GFP_KERNEL_ACCOUNT);
	if (!health)
		return -ENOMEM;
	health->sn = sn;
	health->stats = svcseq_stats_alloc(2 * SVCSEQ_HEALTH_NSTATS);
	if (!health->stats) {
		kfree(health);
		return -ENOMEM;
	}
	WRITE_ONCE(health->narms, conf->narms);
	dev->health = health;
	return 0;
}

/**
 * svcseq_health_apply - follow the description of a device
 * @dev: the device
 *
 * Context: process, cfg_lock.
 */
void svcseq_health_apply(struct svcseq_device *dev)
{
	const struct svcseq_alarm *alarm = &dev->conf->alarm;
	struct svcseq_health *health = dev->health;
	int kind;

	if (!health)
		return;
	WRITE_ONCE(health->alarm.watch, alarm->watch);
	WRITE_ONCE(health->narms, dev->conf->narms);
	WRITE_ONCE(health->server,
		   dev->conf->kind == SVCSEQ_DEVICE_KIND_SERVER);
	for (kind = 0; kind < SVCSEQ_ALARM_NKINDS; kind++) {
		WRITE_ONCE(health->alarm.limit[kind], alarm->limit[kind]);
		/* nobody will hear of what nobody asks for */
		if (!alarm->limit[kind])
			clear_bit(kind, &health->suspect);
	}
}

/**
 * svcseq_health_free - forget what is known of a device
 * @dev: the device
 *
 * Context: process, cfg_lock; packets are done with the device.
 */
void svcseq_health_free(struct svcseq_device *dev)
{
	if (!dev->health)
		return;
	free_percpu(dev->health->stats);
	kfree(dev->health);
	dev->health = NULL;
}

static void health_raise(struct svcseq_health *health,
			 enum svcseq_alarm_kind kind)
{
	if (test_bit(kind, &health->suspect) ||
	    test_and_set_bit(kind, &health->suspect))
		return;
	set_bit(kind, &health->raised);
	queue_work(svcseq_wq, &health->sn->health_work);
}

static void health_clear(struct svcseq_health *health,
			 enum svcseq_alarm_kind kind)
{
	if (!test_bit(kind, &health->suspect) ||
	    !test_and_clear_bit(kind, &health->suspect))
		return;
	set_bit(kind, &health->cleared);
	queue_work(svcseq_wq, &health->sn->health_work);
}

/* One more without an answer. */
static void health_count(struct svcseq_health *health, atomic_t *counter,
			 enum svcseq_alarm_kind kind)
{
	u32 limit = READ_ONCE(health->alarm.limit[kind]);
	u32 n = atomic_inc_return(counter);

	if (limit && n >= limit)
		health_raise(health, kind);
}

static void health_answered(struct svcseq_health *health, atomic_t *counter,
			    enum svcseq_alarm_kind kind)
{
	/* the line is left alone where there is nothing to write */
	if (atomic_read(counter))
		atomic_set(counter, 0);
	health_clear(health, kind);
}

/* zero is never */
static unsigned long health_now(void)
{
	return jiffies | 1;
}

static void health_note(unsigned long *when)
{
	unsigned long now = health_now();

	if (READ_ONCE(*when) != now)
		WRITE_ONCE(*when, now);
}

/**
 * svcseq_health_sent - a packet goes to a watched device
 * @health: what is known of it
 * @side: the arm that it goes to
 * @len: bytes from the network header on
 * @says: SVCSEQ_HEALTH_* of the packet
 *
 * Context: bottom halves off, RCU.
 */
void svcseq_health_sent(struct svcseq_health *health, u8 side,
			unsigned int len, u8 says)
{
	if (READ_ONCE(health->narms) == 1)
		side = SVCSEQ_ARM_SIDE_OUTER;
	svcseq_stats_add(health->stats,
			 side * SVCSEQ_HEALTH_NSTATS + SVCSEQ_HEALTH_SENT, len);
	health_note(&health->sent_at[side]);
	health_count(health, &health->unreturned, SVCSEQ_ALARM_KIND_UNRETURNED);
	if (!READ_ONCE(health->server))
		return;
	if (says & SVCSEQ_HEALTH_CONNECTS)
		health_count(health, &health->syn, SVCSEQ_ALARM_KIND_SYN);
	if (says & SVCSEQ_HEALTH_ASKS && !READ_ONCE(health->asked))
		WRITE_ONCE(health->asked, health_now());
}

static void health_gap(struct svcseq_health *health, unsigned long last)
{
	u32 limit = READ_ONCE(health->alarm.limit[SVCSEQ_ALARM_KIND_GAP]);
	unsigned long asked = READ_ONCE(health->asked);
	unsigned long now = health_now();
	u32 gap, avg;

	if (asked)
		WRITE_ONCE(health->asked, 0);
	else if (!last ||
		 now - last > msecs_to_jiffies(SVCSEQ_HEALTH_IDLE_MS))
		return;
	gap = min_t(unsigned long, now - (asked ?: last),
		    U32_MAX >> SVCSEQ_HEALTH_SHIFT);
	avg = READ_ONCE(health->gap);
	avg += gap - (avg >> SVCSEQ_HEALTH_SHIFT);
	WRITE_ONCE(health->gap, avg);
	if (gap > READ_ONCE(health->gap_max))
		WRITE_ONCE(health->gap_max, gap);
	if (!limit)
		return;
	if (jiffies_to_msecs(avg >> SVCSEQ_HEALTH_SHIFT) > limit)
		health_raise(health, SVCSEQ_ALARM_KIND_GAP);
	else
		health_clear(health, SVCSEQ_ALARM_KIND_GAP);
}

/**
 * svcseq_health_back - a packet comes from a watched device
 * @health: what is known of it
 * @side: the arm that it comes from
 * @len: bytes from the network header on
 * @says: SVCSEQ_HEALTH_* of the packet
 *
 * Context: bottom halves off, RCU.
 */
void svcseq_health_back(struct svcseq_health *health, u8 side,
			unsigned int len, u8 says)
{
	if (READ_ONCE(health->narms) == 1)
		side = SVCSEQ_ARM_SIDE_OUTER;
	svcseq_stats_add(health->stats,
			 side * SVCSEQ_HEALTH_NSTATS + SVCSEQ_HEALTH_BACK, len);
	if (READ_ONCE(health->server))
		health_gap(health, READ_ONCE(health->back_at[side]));
	health_note(&health->back_at[side]);
	health_answered(health, &health->unreturned,
			SVCSEQ_ALARM_KIND_UNRETURNED);
	/* a host whose server process is gone refuses: that is no answer */
	if (!(says & SVCSEQ_HEALTH_REFUSES))
		health_answered(health, &health->syn, SVCSEQ_ALARM_KIND_SYN);
}

static u32 ms_ago(unsigned long when)
{
	return when ? jiffies_to_msecs(health_now() - when) : U32_MAX;
}

/**
 * svcseq_health_read - what is known of one arm
 * @health: what is known of the device
 * @side: the arm
 * @arm: the result
 *
 * Context: process.
 */
void svcseq_health_read(const struct svcseq_health *health, u8 side,
			struct svcseq_health_arm *arm)
{
	memset(arm, 0, sizeof(*arm));
	svcseq_stats_read(&arm->sent, health->stats,
			  side * SVCSEQ_HEALTH_NSTATS + SVCSEQ_HEALTH_SENT);
	svcseq_stats_read(&arm->back, health->stats,
			  side * SVCSEQ_HEALTH_NSTATS + SVCSEQ_HEALTH_BACK);
	arm->sent_ms = ms_ago(READ_ONCE(health->sent_at[side]));
	arm->back_ms = ms_ago(READ_ONCE(health->back_at[side]));
}

static void health_tell(struct svcseq_device *dev)
{
	unsigned long raised = xchg(&dev->health->raised, 0);
	unsigned long cleared = xchg(&dev->health->cleared, 0);
	bool suspect = READ_ONCE(dev->health->suspect);

	/* the last thing told is how it is now */
	if (raised)
		svcseq_engine_suspect(dev->health->sn, dev, true);
	if (cleared && !suspect)
		svcseq_engine_suspect(dev->health->sn, dev, false);
}

/**
 * svcseq_health_report - tell of devices that have become suspect or well
 * @sn: the engine
 *
 * Context: process, cfg_lock.
 */
void svcseq_health_report(struct svcseq_net *sn)
{
	struct svcseq_device *dev;
	unsigned long id;

	lockdep_assert_held(&sn->cfg_lock);

	xa_for_each(&sn->devices, id, dev)
		if (dev->health && (READ_ONCE(dev->health->raised) ||
				    READ_ONCE(dev->health->cleared)))
			health_tell(dev);
}
