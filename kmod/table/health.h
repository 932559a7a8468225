/* SPDX-License-Identifier: GPL-2.0 */
/* Health: what passing packets tell of a device. */
#ifndef SVCSEQ_TABLE_HEALTH_H
#define SVCSEQ_TABLE_HEALTH_H

#include "../svcseq.h"

/* Whoever is silent for longer of its own accord has nothing to say. */
#define SVCSEQ_HEALTH_IDLE_MS	1000

/* the average moves by a part of 2^3 of the difference */
#define SVCSEQ_HEALTH_SHIFT	3

/* what a packet says, as far as health goes by it */
#define SVCSEQ_HEALTH_ASKS	BIT(0)	/* it wants an answer */
#define SVCSEQ_HEALTH_CONNECTS	BIT(1)	/* it asks for a TCP connection */
#define SVCSEQ_HEALTH_REFUSES	BIT(2)	/* it refuses or breaks one off */

/* counters of a watched device, two for each arm */
enum {
	SVCSEQ_HEALTH_SENT,
	SVCSEQ_HEALTH_BACK,
	SVCSEQ_HEALTH_NSTATS,
};

/**
 * struct svcseq_health - What passing packets tell of a device.
 * @sn: the engine; constant
 * @alarm: thresholds; cfg_lock, read locklessly by packets
 * @narms: arms of the device; as @alarm
 * @server: it is a server; as @alarm
 * @stats: SVCSEQ_HEALTH_NSTATS for each arm; written by packets
 * @sent_at: by arm: when the last packet went there, in jiffies, or 0; written
 *   by packets, like all that follows
 * @back_at: by arm: when the last packet came from there, or 0
 * @asked: when the first packet went there that wants an answer and has none
 *   yet, or 0
 * @unreturned: packets in a row that nothing came back for
 * @syn: TCP connections in a row that were asked for and not answered
 * @gap: average time that it kept us waiting, in jiffies << SVCSEQ_HEALTH_SHIFT
 * @gap_max: the longest such time, in jiffies
 * @suspect: bits of enum svcseq_alarm_kind
 * @raised: bits that were set and not told of
 * @cleared: bits that were cleared and not told of
 */
struct svcseq_health {
	struct svcseq_net *sn;
	struct svcseq_alarm alarm;
	u8 narms;
	bool server;
	struct svcseq_stats __percpu *stats;
	unsigned long sent_at[2];
	unsigned long back_at[2];
	unsigned long asked;
	atomic_t unreturned;
	atomic_t syn;
	u32 gap;
	u32 gap_max;
	unsigned long suspect;
	unsigned long raised;
	unsigned long cleared;
};

/**
 * struct svcseq_health_arm - What is known of one arm.
 * @sent: packets that went there
 * @back: packets that came from there
 * @sent_ms: how long ago the last one went, or U32_MAX
 * @back_ms: how long ago the last one came, or U32_MAX
 */
struct svcseq_health_arm {
	struct svcseq_totals sent;
	struct svcseq_totals back;
	u32 sent_ms;
	u32 back_ms;
};

int svcseq_health_prepare(struct svcseq_net *sn, struct svcseq_device *dev,
			  const struct svcseq_device_conf *conf);
void svcseq_health_apply(struct svcseq_device *dev);
void svcseq_health_free(struct svcseq_device *dev);
void svcseq_health_sent(struct svcseq_health *health, u8 side,
			unsigned int len, u8 says);
void svcseq_health_back(struct svcseq_health *health, u8 side,
			unsigned int len, u8 says);
void svcseq_health_read(const struct svcseq_health *health, u8 side,
			struct svcseq_health_arm *arm);
void svcseq_health_report(struct svcseq_net *sn);

#endif /* SVCSEQ_TABLE_HEALTH_H */
