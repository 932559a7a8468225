// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include <linux/genetlink.h>

#include "nl.h"

struct svcseq_monitor {
	struct svcseq *sq;
	svcseq_event_cb *cb;
	void *data;
	struct svcseq_event event;
};

static const struct {
	enum svcseq_noun noun;
	uint8_t cmd;
	bool deleted;
	bool suspect;
	bool well;
} kinds[] = {
	{ SVCSEQ_NOUN_PORT, SVCSEQ_CMD_PORT_NTF, false, false, false },
	{ SVCSEQ_NOUN_PORT, SVCSEQ_CMD_PORT_DEL_NTF, true, false, false },
	{ SVCSEQ_NOUN_DEVICE, SVCSEQ_CMD_DEVICE_NTF, false, false, false },
	{ SVCSEQ_NOUN_DEVICE, SVCSEQ_CMD_DEVICE_DEL_NTF, true, false, false },
	{ SVCSEQ_NOUN_DEVICE, SVCSEQ_CMD_DEVICE_SUSPECT_NTF, false, true, false },
	{ SVCSEQ_NOUN_DEVICE, SVCSEQ_CMD_DEVICE_WELL_NTF, false, false, true },
	{ SVCSEQ_NOUN_SEQUENCE, SVCSEQ_CMD_SEQUENCE_NTF, false, false, false },
	{ SVCSEQ_NOUN_SEQUENCE, SVCSEQ_CMD_SEQUENCE_DEL_NTF, true, false, false },
	{ SVCSEQ_NOUN_SERVICE, SVCSEQ_CMD_SERVICE_NTF, false, false, false },
	{ SVCSEQ_NOUN_SERVICE, SVCSEQ_CMD_SERVICE_DEL_NTF, true, false, false },
	{ SVCSEQ_NOUN_ACL, SVCSEQ_CMD_ACL_NTF, false, false, false },
	{ SVCSEQ_NOUN_ACL, SVCSEQ_CMD_ACL_DEL_NTF, true, false, false },
	{ SVCSEQ_NOUN_POOL, SVCSEQ_CMD_POOL_NTF, false, false, false },
	{ SVCSEQ_NOUN_POOL, SVCSEQ_CMD_POOL_DEL_NTF, true, false, false },
};

static int event(struct svcseq *sq, const struct nlmsghdr *nlh, void *data,
		 struct svcseq_error *err)
{
	const struct genlmsghdr *gh = mnl_nlmsg_get_payload(nlh);
	struct svcseq_monitor *mon = data;
	struct svcseq_event *ev = &mon->event;
	int ret = 0;
	size_t i;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*gh))
		return 0;
	ev->noun = SVCSEQ_NOUN_NONE;
	ev->deleted = false;
	ev->suspect = false;
	ev->well = false;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].cmd == gh->cmd) {
			ev->noun = kinds[i].noun;
			ev->deleted = kinds[i].deleted;
			ev->suspect = kinds[i].suspect;
			ev->well = kinds[i].well;
		}
	}
	switch (ev->noun) {
	case SVCSEQ_NOUN_NONE:
		break;
	case SVCSEQ_NOUN_PORT:
		ret = sq_read(sq, &sq_port_shape, nlh, &ev->port, err);
		break;
	case SVCSEQ_NOUN_DEVICE:
		ret = sq_read(sq, &sq_device_shape, nlh, &ev->device, err);
		break;
	case SVCSEQ_NOUN_SEQUENCE:
		ret = sq_read(sq, &sq_sequence_shape, nlh, &ev->sequence, err);
		break;
	case SVCSEQ_NOUN_SERVICE:
		ret = sq_read(sq, &sq_service_shape, nlh, &ev->service, err);
		break;
	case SVCSEQ_NOUN_ACL:
		ret = sq_read(sq, &sq_acl_shape, nlh, &ev->acl, err);
		break;
	case SVCSEQ_NOUN_POOL:
		ret = sq_read(sq, &sq_pool_shape, nlh, &ev->pool, err);
		break;
	}
	return ret ? ret : mon->cb(ev, mon->data);
}

/**
 * svcseq_monitor_open - Subscribe to the changes of a network namespace.
 * @netns: as for svcseq_open()
 * @err: error
 *
 * Return: a handle for svcseq_monitor_close(), or NULL.
 */
struct svcseq_monitor *svcseq_monitor_open(const char *netns,
					   struct svcseq_error *err)
{
	struct svcseq *sq = svcseq_open(netns, err);
	struct svcseq_monitor *mon;

	if (!sq)
		return NULL;
	mon = calloc(1, sizeof(*mon));
	if (!mon) {
		sq_fail(err, ENOMEM, "no memory");
		goto close;
	}
	mon->sq = sq;
	if (sq_join(sq, err))
		goto free;
	return mon;
free:
	free(mon);
close:
	svcseq_close(sq);
	return NULL;
}

/**
 * svcseq_monitor_close - End a subscription.
 * @mon: handle, may be NULL
 */
void svcseq_monitor_close(struct svcseq_monitor *mon)
{
	if (!mon)
		return;
	svcseq_close(mon->sq);
	free(mon);
}

/**
 * svcseq_monitor_fd - Descriptor to poll for reading.
 * @mon: handle
 *
 * Return: the descriptor.
 */
int svcseq_monitor_fd(const struct svcseq_monitor *mon)
{
	return sq_fd(mon->sq);
}

/**
 * svcseq_monitor_read - Wait for changes and report them.
 * @mon: handle
 * @cb: called for each change; a value other than 0 ends the reading
 * @data: for @cb
 * @err: error
 *
 * Return: 0 after one or more changes, what @cb returned, -ENOBUFS if changes
 * were lost because they were not read in time (the next call goes on with
 * those that came later), or another negative errno value.
 */
int svcseq_monitor_read(struct svcseq_monitor *mon, svcseq_event_cb *cb,
			void *data, struct svcseq_error *err)
{
	mon->cb = cb;
	mon->data = data;
	return sq_events(mon->sq, event, mon, err);
}
