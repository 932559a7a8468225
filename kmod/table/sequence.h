/* SPDX-License-Identifier: GPL-2.0 */
/* Sequences: ordered lists of steps, and the programs they compile to. */
#ifndef SVCSEQ_TABLE_SEQUENCE_H
#define SVCSEQ_TABLE_SEQUENCE_H

#include <linux/netlink.h>

#include "../svcseq.h"

/**
 * typedef svcseq_sequence_match - does a change concern this sequence?
 * @seq: the sequence
 * @what: what the caller passed
 */
typedef bool svcseq_sequence_match(const struct svcseq_sequence *seq,
				   const void *what);

struct svcseq_sequence *svcseq_sequence_find(struct svcseq_net *sn,
					     const char *name);
int svcseq_sequence_add(struct svcseq_net *sn, const char *name,
			struct svcseq_sequence_conf *conf,
			struct netlink_ext_ack *extack);
int svcseq_sequence_set(struct svcseq_sequence *seq,
			struct svcseq_sequence_conf *conf,
			struct netlink_ext_ack *extack);
int svcseq_sequence_del(struct svcseq_sequence *seq,
			struct netlink_ext_ack *extack);
int svcseq_sequence_update(struct svcseq_net *sn, svcseq_sequence_match *match,
			   const void *what, struct netlink_ext_ack *extack);
bool svcseq_sequence_uses_device(const struct svcseq_sequence *seq,
				 const void *dev);
bool svcseq_sequence_uses_pool(const struct svcseq_sequence *seq,
			       const void *pool);
bool svcseq_sequence_any(const struct svcseq_sequence *seq, const void *what);
void svcseq_sequence_port_added(struct svcseq_net *sn,
				struct svcseq_port *port);
void svcseq_sequence_port_renamed(struct svcseq_net *sn,
				  const struct svcseq_port *port);
void svcseq_sequence_port_gone(struct svcseq_net *sn, struct svcseq_port *port);
void svcseq_sequence_flush(struct svcseq_net *sn);
void svcseq_sequence_drain(struct svcseq_net *sn, bool all);
void svcseq_sequence_conf_free(struct svcseq_sequence_conf *conf);
struct svcseq_sequence *svcseq_sequence_get(struct svcseq_sequence *seq);
void svcseq_sequence_put(struct svcseq_sequence *seq);

/**
 * svcseq_sequence_prog - the current program of a sequence
 * @seq: the sequence
 *
 * Context: process, cfg_lock.
 * Return: the program; it stays as long as the lock is held.
 */
static inline struct svcseq_prog *
svcseq_sequence_prog(const struct svcseq_sequence *seq)
{
	return rcu_dereference_protected(seq->prog,
					 lockdep_is_held(&seq->sn->cfg_lock));
}

/**
 * svcseq_step_name - what stands at a step
 * @step: the step
 *
 * Context: process, cfg_lock.
 * Return: name of the device or pool.
 */
static inline const char *svcseq_step_name(const struct svcseq_step_conf *step)
{
	return step->pool ? step->pool->name : step->dev->name;
}

/**
 * svcseq_step_ndevices - how many devices stand at a step
 * @step: the step
 *
 * Context: process, cfg_lock.
 * Return: as svcseq_plan_ndevices().
 */
static inline u8 svcseq_step_ndevices(const struct svcseq_step_conf *step)
{
	if (!step->pool)
		return 1;
	return step->pool->conf->nmembers + !!step->alternate;
}

/**
 * svcseq_step_device - a device that stands at a step
 * @step: the step
 * @i: which one
 *
 * Context: process, cfg_lock.
 * Return: the device, as svcseq_plan_device() counts.
 */
static inline struct svcseq_device *
svcseq_step_device(const struct svcseq_step_conf *step, u8 i)
{
	if (!step->pool)
		return step->dev;
	if (i < step->pool->conf->nmembers)
		return step->pool->conf->member[i].dev;
	return step->alternate;
}

/**
 * svcseq_copy_name - who gets a copy
 * @copy: the copy
 *
 * Context: process, cfg_lock.
 * Return: name of the tap or of the pool of taps.
 */
static inline const char *svcseq_copy_name(const struct svcseq_copy_conf *copy)
{
	return copy->tap_pool ? copy->tap_pool->name : copy->tap->name;
}

/**
 * svcseq_copy_ntaps - how many taps may get a copy
 * @copy: the copy
 *
 * Context: process, cfg_lock.
 * Return: as svcseq_plan_ntaps().
 */
static inline u8 svcseq_copy_ntaps(const struct svcseq_copy_conf *copy)
{
	return copy->tap_pool ? copy->tap_pool->conf->nmembers : 1;
}

/**
 * svcseq_copy_tap - a tap that may get a copy
 * @copy: the copy
 * @i: which one
 *
 * Context: process, cfg_lock.
 * Return: the tap, as svcseq_plan_tap() counts.
 */
static inline struct svcseq_device *
svcseq_copy_tap(const struct svcseq_copy_conf *copy, u8 i)
{
	return copy->tap_pool ? copy->tap_pool->conf->member[i].dev :
				copy->tap;
}

/**
 * svcseq_prog_prev - the program before, as configuration sees it
 * @prog: the program
 *
 * Context: process, cfg_lock.
 * Return: the program before it, or NULL if there is none or if packets can
 * find it no more.
 */
static inline struct svcseq_prog *
svcseq_prog_prev(const struct svcseq_prog *prog)
{
	lockdep_assert_held(&prog->sn->cfg_lock);

	return prog->info->last ? NULL :
	       rcu_dereference_protected(prog->prev, true);
}

#endif /* SVCSEQ_TABLE_SEQUENCE_H */
