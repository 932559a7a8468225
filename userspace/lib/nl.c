// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "nl.h"

/* The largest request, a sequence of full length, needs about 9 KiB. */
#define REQ_SIZE	16384
/* The kernel fills dump buffers of up to 32 KiB. */
#define BUF_SIZE	32768
/* A listing that meets a change is taken anew this often. */
#define DUMP_TRIES	16
/* Bursts of events are as long as batches. */
#define EVENT_BUFFER	(4 << 20)

struct svcseq {
	struct mnl_socket *nl;
	unsigned int portid;
	uint32_t seq;
	uint16_t family;
	uint32_t group;
	int names;		/* any socket of the namespace, for its names */
	char *dump;
	size_t dump_len;
	size_t dump_size;
	char req[REQ_SIZE] __attribute__((aligned(8)));
	char buf[BUF_SIZE] __attribute__((aligned(8)));
};

/* What the kernel appends to an answer: its sentence and the attribute. */
struct extack {
	const char *text;
	size_t text_len;
	size_t offset;
	size_t nest;
	unsigned int missing;
};

/* mnl_nlmsg_ok() takes lengths of 2 GiB and more for negative numbers. */
static bool whole(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= (unsigned int)left;
}

static uint32_t attr_u32(const struct nlattr *a)
{
	uint32_t v = 0;

	if (mnl_attr_get_payload_len(a) == sizeof(v))
		memcpy(&v, mnl_attr_get_payload(a), sizeof(v));
	return v;
}

static void read_extack(const void *tlvs, size_t len, struct extack *ea)
{
	const char *end = (const char *)tlvs + len;
	const struct nlattr *a;

	for (a = tlvs; mnl_attr_ok(a, (int)(end - (const char *)a));
	     a = mnl_attr_next(a)) {
		switch (mnl_attr_get_type(a)) {
		case NLMSGERR_ATTR_MSG:
			ea->text = mnl_attr_get_payload(a);
			ea->text_len = strnlen(ea->text,
					       mnl_attr_get_payload_len(a));
			break;
		case NLMSGERR_ATTR_OFFS:
			ea->offset = attr_u32(a);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			ea->missing = attr_u32(a);
			break;
		case NLMSGERR_ATTR_MISS_NEST:
			ea->nest = attr_u32(a);
			break;
		}
	}
}

static int refused(struct sq_reply *rp, int code, const void *tlvs, size_t len)
{
	const size_t head = MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct genlmsghdr));
	struct extack ea = { .offset = SIZE_MAX, .nest = SIZE_MAX };
	struct svcseq_error *err = rp->err;
	size_t offset;

	sq_fail(err, code, "%s", "");
	if (!err)
		return -code;
	err->kernel = true;
	read_extack(tlvs, len, &ea);
	if (ea.text)
		snprintf(err->text, sizeof(err->text), "%.*s",
			 (int)ea.text_len, ea.text);
	if (!rp->shape || !rp->req || rp->req->nlmsg_len < head)
		return -code;
	offset = ea.missing ? ea.nest : ea.offset;
	if (offset != SIZE_MAX && offset < head)
		return -code;
	if (offset != SIZE_MAX)
		offset -= head;
	sq_locate(rp->shape, (const char *)rp->req + head,
		  rp->req->nlmsg_len - head, offset, ea.missing, err->attr,
		  sizeof(err->attr));
	return -code;
}

static int end_of_reply(struct sq_reply *rp, const struct nlmsghdr *nlh)
{
	const char *payload = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	size_t skip = sizeof(int);
	struct nlmsgerr e;
	int code = 0;

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		if (len < sizeof(e))
			return sq_fail(rp->err, EPROTO, "reply: truncated answer");
		memcpy(&e, payload, sizeof(e));
		code = e.error;
		skip = sizeof(e);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED) &&
		    e.msg.nlmsg_len > sizeof(e.msg))
			skip += MNL_ALIGN(e.msg.nlmsg_len - sizeof(e.msg));
	} else if (len >= sizeof(int)) {
		memcpy(&code, payload, sizeof(code));
	}
	if (!code)
		return 0;
	/* The kernel's codes are negative and small. */
	if (code > 0 || code < -4095)
		return sq_fail(rp->err, EPROTO, "reply: impossible error code");
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || skip > len)
		skip = len;
	return refused(rp, -code, payload + skip, len - skip);
}

/**
 * sq_feed - Take one datagram of an answer.
 * @rp: what is awaited
 * @buf: the datagram
 * @len: its bytes
 *
 * Return: 1 if more is to come, 0 at the end, a negative errno value if the
 * request was refused or the answer makes no sense.
 */
int sq_feed(struct sq_reply *rp, const void *buf, size_t len)
{
	const struct nlmsghdr *nlh;
	int left = (int)len;
	int ret;

	for (nlh = buf; whole(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left)) {
		/* The rest of a request that was given up. */
		if (nlh->nlmsg_seq != rp->seq || nlh->nlmsg_pid != rp->portid)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			rp->interrupted = true;
		switch (nlh->nlmsg_type) {
		case NLMSG_ERROR:
		case NLMSG_DONE:
			return end_of_reply(rp, nlh);
		case NLMSG_OVERRUN:
			return sq_fail(rp->err, ENOBUFS, "reply: data was lost");
		default:
			if (nlh->nlmsg_type != rp->family || !rp->cb)
				continue;
			ret = rp->cb(nlh, rp->data, rp->err);
			if (ret < 0)
				return ret;
		}
	}
	if (left > 0)
		return sq_fail(rp->err, EPROTO, "reply: truncated message");
	return 1;
}

static int exchange(struct svcseq *sq, struct nlmsghdr *nlh,
		    struct sq_reply *rp)
{
	ssize_t len;
	int ret;

	nlh->nlmsg_seq = ++sq->seq;
	rp->seq = nlh->nlmsg_seq;
	rp->portid = sq->portid;
	rp->family = nlh->nlmsg_type;
	rp->req = nlh;
	if (mnl_socket_sendto(sq->nl, nlh, nlh->nlmsg_len) < 0)
		return sq_fail(rp->err, errno, "cannot send to the kernel: %m");
	do {
		len = mnl_socket_recvfrom(sq->nl, sq->buf, sizeof(sq->buf));
		if (len < 0 && errno == EINTR) {
			ret = 1;
			continue;
		}
		if (len < 0)
			return sq_fail(rp->err, errno,
				       "cannot read from the kernel: %m");
		ret = sq_feed(rp, sq->buf, (size_t)len);
	} while (ret > 0);
	return ret;
}

static struct nlmsghdr *begin_in(void *req, uint16_t type, uint16_t flags,
				 uint8_t cmd, uint8_t version)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(req);
	struct genlmsghdr *gh;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	gh = mnl_nlmsg_put_extra_header(nlh, sizeof(*gh));
	gh->cmd = cmd;
	gh->version = version;
	return nlh;
}

static struct nlmsghdr *begin(struct svcseq *sq, uint16_t type, uint16_t flags,
			      uint8_t cmd, uint8_t version)
{
	return begin_in(sq->req, type, flags, cmd, version);
}

static void find_name(struct svcseq_if *dev, void *data)
{
	struct svcseq *sq = data;
	struct ifreq ifr = { .ifr_ifindex = (int)dev->index };

	if (!ioctl(sq->names, SIOCGIFNAME, &ifr))
		snprintf(dev->name, sizeof(dev->name), "%s", ifr.ifr_name);
}

/**
 * sq_read - Read the object of a message.
 * @sq: handle
 * @shape: shape of the object
 * @nlh: the message
 * @obj: where to
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int sq_read(struct svcseq *sq, const struct sq_shape *shape,
	    const struct nlmsghdr *nlh, void *obj, struct svcseq_error *err)
{
	const size_t head = MNL_ALIGN(sizeof(struct genlmsghdr));
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	int ret;

	if (len < head)
		return sq_fail(err, EPROTO, "reply: truncated message");
	memset(obj, 0, shape->size);
	ret = sq_get(shape, mnl_nlmsg_get_payload_offset(nlh, head), len - head,
		     obj, err);
	if (!ret)
		sq_ifnames(shape, obj, find_name, sq);
	return ret;
}

struct one {
	struct svcseq *sq;
	const struct sq_shape *shape;
	void *out;
	bool seen;
};

static int take_one(const struct nlmsghdr *nlh, void *data,
		    struct svcseq_error *err)
{
	struct one *one = data;

	one->seen = true;
	return sq_read(one->sq, one->shape, nlh, one->out, err);
}

/**
 * sq_ask - Send one command and take all messages of the answer.
 * @sq: handle
 * @cmd: command
 * @shape: shape of the request
 * @level: which fields of the request are sent
 * @obj: the request
 * @cb: called for each message, NULL if none is expected
 * @data: for @cb
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int sq_ask(struct svcseq *sq, uint8_t cmd, const struct sq_shape *shape,
	   enum sq_level level, const void *obj,
	   int (*cb)(const struct nlmsghdr *nlh, void *data,
		     struct svcseq_error *err),
	   void *data, struct svcseq_error *err)
{
	struct nlmsghdr *nlh = begin(sq, sq->family, NLM_F_ACK, cmd,
				     SVCSEQ_FAMILY_VERSION);
	struct sq_reply rp = { .shape = shape, .err = err };

	rp.cb = cb;
	rp.data = data;
	if (!sq_put(nlh, sizeof(sq->req), shape, level, obj))
		return sq_fail(err, EMSGSIZE, "the definition is too long");
	return exchange(sq, nlh, &rp);
}

/**
 * sq_do - Send one command and wait for the answer.
 * @sq: handle
 * @cmd: command
 * @shape: shape of the request, and of the reply
 * @level: which fields of the request are sent
 * @obj: the request
 * @out: the reply, NULL if only a yes or no is expected; may be @obj
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int sq_do(struct svcseq *sq, uint8_t cmd, const struct sq_shape *shape,
	  enum sq_level level, const void *obj, void *out,
	  struct svcseq_error *err)
{
	struct one one = { .sq = sq, .shape = shape, .out = out };
	int ret;

	ret = sq_ask(sq, cmd, shape, level, obj, out ? take_one : NULL, &one,
		     err);
	if (!ret && out && !one.seen)
		return sq_fail(err, EPROTO, "reply: the object is missing");
	return ret;
}

/* The kernel takes messages as long as the send buffer, which the privileged
 * may make as long as they like.
 */
static void send_buffer(struct svcseq *sq, size_t len)
{
	int fd = mnl_socket_get_fd(sq->nl);
	socklen_t size = sizeof(int);
	int have = 0, want;

	/* The kernel doubles what it is told, and reports that. */
	want = (int)len + 4096;
	if (!getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &have, &size) &&
	    have / 2 >= want)
		return;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &want, sizeof(want)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &want, sizeof(want));
}

/**
 * sq_do_long - Send a command of any length and wait for the answer.
 * @sq: handle
 * @cmd: command
 * @shape: shape of the request
 * @obj: the request
 * @more: most bytes that @put may need
 * @put: writes further attributes; false if there is not enough room
 * @data: for @put
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int sq_do_long(struct svcseq *sq, uint8_t cmd, const struct sq_shape *shape,
	       const void *obj, size_t more,
	       bool (*put)(struct nlmsghdr *nlh, size_t room,
			   const void *data),
	       const void *data, struct svcseq_error *err)
{
	struct sq_reply rp = { .shape = shape, .err = err };
	size_t room = REQ_SIZE + more;
	struct nlmsghdr *nlh;
	void *req;
	int ret;

	req = calloc(1, room);
	if (!req)
		return sq_fail(err, ENOMEM, "no memory for the request");
	nlh = begin_in(req, sq->family, NLM_F_ACK, cmd, SVCSEQ_FAMILY_VERSION);
	if (!sq_put(nlh, room, shape, SQ_CONFIG, obj) ||
	    !put(nlh, room, data)) {
		ret = sq_fail(err, EMSGSIZE, "the definition is too long");
	} else {
		send_buffer(sq, nlh->nlmsg_len);
		ret = exchange(sq, nlh, &rp);
	}
	free(req);
	if (ret == -EMSGSIZE && err && !err->kernel)
		return sq_fail(err, EMSGSIZE,
			       "the definition is longer than a message may be here: raise net.core.wmem_max");
	return ret;
}

static int collect(const struct nlmsghdr *nlh, void *data,
		   struct svcseq_error *err)
{
	size_t len = MNL_ALIGN(nlh->nlmsg_len);
	struct svcseq *sq = data;
	size_t size;
	char *grown;

	if (len > sq->dump_size - sq->dump_len) {
		size = sq->dump_size * 2 + BUF_SIZE;
		grown = realloc(sq->dump, size);
		if (!grown)
			return sq_fail(err, ENOMEM, "no memory for the listing");
		sq->dump = grown;
		sq->dump_size = size;
	}
	memset(sq->dump + sq->dump_len, 0, len);
	memcpy(sq->dump + sq->dump_len, nlh, nlh->nlmsg_len);
	sq->dump_len += len;
	return 0;
}

/**
 * sq_dump - List objects.
 * @sq: handle
 * @cmd: command
 * @shape: shape of the objects
 * @filter: object whose key narrows the listing, NULL for all
 * @scratch: room for one object
 * @deliver: called for each object; a value other than 0 ends the listing
 * @data: for @deliver
 * @err: error
 *
 * The whole listing is taken before the first object is delivered: a listing
 * that met a change is thrown away and taken again.
 *
 * Return: 0, what @deliver returned, or a negative errno value.
 */
int sq_dump(struct svcseq *sq, uint8_t cmd, const struct sq_shape *shape,
	    const void *filter, void *scratch,
	    int (*deliver)(const void *obj, void *data), void *data,
	    struct svcseq_error *err)
{
	struct timespec pause = { .tv_nsec = 1000000 };
	struct sq_reply rp = { .shape = shape, .err = err };
	const struct nlmsghdr *msg;
	struct nlmsghdr *nlh;
	size_t at = 0;
	int tries;
	int ret;

	rp.cb = collect;
	rp.data = sq;
	nlh = begin(sq, sq->family, NLM_F_DUMP, cmd, SVCSEQ_FAMILY_VERSION);
	if (filter && !sq_put(nlh, sizeof(sq->req), shape, SQ_KEY, filter))
		return sq_fail(err, EMSGSIZE, "the filter is too long");
	for (tries = 1; ; tries++) {
		sq->dump_len = 0;
		rp.interrupted = false;
		ret = exchange(sq, nlh, &rp);
		if (ret || !rp.interrupted)
			break;
		if (tries == DUMP_TRIES) {
			ret = sq_fail(err, EINTR,
				      "the configuration changed during each of %d listings",
				      tries);
			break;
		}
		/* Longer each time, so that a batch can come to its end. */
		nanosleep(&pause, NULL);
		pause.tv_nsec = pause.tv_nsec < 128000000 ? pause.tv_nsec * 2 :
							    pause.tv_nsec;
	}
	/* What collect() has put there is whole and aligned. */
	while (!ret && at < sq->dump_len) {
		msg = (const void *)(sq->dump + at);
		at += MNL_ALIGN(msg->nlmsg_len);
		ret = sq_read(sq, shape, msg, scratch, err);
		if (!ret)
			ret = deliver(scratch, data);
	}
	free(sq->dump);
	sq->dump = NULL;
	sq->dump_len = 0;
	sq->dump_size = 0;
	return ret;
}

/* The id of the group of that name, 0 if there is none. */
static uint32_t find_group(const struct nlattr *groups, const char *name)
{
	const struct nlattr *group, *a;
	const char *text;
	uint32_t id;
	size_t len;
	bool hit;

	mnl_attr_for_each_nested(group, groups) {
		id = 0;
		hit = false;
		mnl_attr_for_each_nested(a, group) {
			text = mnl_attr_get_payload(a);
			len = mnl_attr_get_payload_len(a);
			if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_ID)
				id = attr_u32(a);
			else if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_NAME &&
				 len == strlen(name) + 1)
				hit = !memcmp(text, name, len);
		}
		if (hit)
			return id;
	}
	return 0;
}

static int take_family(const struct nlmsghdr *nlh, void *data,
		       struct svcseq_error *err)
{
	struct svcseq *sq = data;
	const struct nlattr *a;

	(void)err;
	mnl_attr_for_each(a, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(a)) {
		case CTRL_ATTR_FAMILY_ID:
			if (mnl_attr_get_payload_len(a) == sizeof(uint16_t))
				sq->family = mnl_attr_get_u16(a);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			sq->group = find_group(a, SVCSEQ_MCGRP_CONFIG);
			break;
		}
	}
	return 0;
}

static int resolve(struct svcseq *sq, struct svcseq_error *err)
{
	struct nlmsghdr *nlh = begin(sq, GENL_ID_CTRL, NLM_F_ACK,
				     CTRL_CMD_GETFAMILY, 1);
	struct sq_reply rp = { .err = err };
	int ret;

	rp.cb = take_family;
	rp.data = sq;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, SVCSEQ_FAMILY_NAME);
	ret = exchange(sq, nlh, &rp);
	if (ret == -ENOENT || (!ret && !sq->family))
		return sq_fail(err, ENOENT,
			       "the svcseq module is not loaded: modprobe svcseq");
	return ret;
}

/* Sockets belong for ever to the namespace that they are made in. */
static int make_sockets(struct svcseq *sq, struct svcseq_error *err)
{
	static const int options[] = {
		NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK,
	};
	int on = 1;
	size_t i;

	sq->names = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	sq->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (sq->names < 0 || !sq->nl ||
	    mnl_socket_bind(sq->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return sq_fail(err, errno, "cannot open a netlink socket: %m");
	sq->portid = mnl_socket_get_portid(sq->nl);
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (mnl_socket_setsockopt(sq->nl, options[i], &on, sizeof(on)))
			return sq_fail(err, errno,
				       "cannot set up a netlink socket: %m");
	return 0;
}

static int open_netns(const char *netns, struct svcseq_error *err)
{
	char path[4096];
	int fd, n;

	n = snprintf(path, sizeof(path), "%s%s",
		     strchr(netns, '/') ? "" : "/run/netns/", netns);
	if (!*netns || n < 0 || (size_t)n >= sizeof(path))
		return sq_fail(err, EINVAL,
			       "not the name of a network namespace");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return sq_fail(err, errno, "cannot open network namespace %s: %m",
			       netns);
	return fd;
}

static int sockets_in(struct svcseq *sq, const char *netns,
		      struct svcseq_error *err)
{
	int there, here, ret;

	if (!netns)
		return make_sockets(sq, err);
	there = open_netns(netns, err);
	if (there < 0)
		return there;
	here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (here < 0) {
		ret = sq_fail(err, errno, "cannot open the own network namespace: %m");
	} else if (setns(there, CLONE_NEWNET)) {
		ret = sq_fail(err, errno, "cannot enter network namespace %s: %m",
			      netns);
	} else {
		ret = make_sockets(sq, err);
		if (setns(here, CLONE_NEWNET))
			ret = sq_fail(err, errno,
				      "cannot return from network namespace %s: %m",
				      netns);
	}
	if (here >= 0)
		close(here);
	close(there);
	return ret;
}

/**
 * svcseq_open - Connect to the module.
 * @netns: network namespace to act on, by its name as in ip-netns(8) or by a
 *   path; NULL for the caller's. Another one needs CAP_SYS_ADMIN; the calling
 *   thread is back in its own when the function returns.
 * @err: error
 *
 * Return: a handle for svcseq_close(), or NULL.
 */
struct svcseq *svcseq_open(const char *netns, struct svcseq_error *err)
{
	struct svcseq *sq = calloc(1, sizeof(*sq));
	int ret;

	if (!sq) {
		sq_fail(err, ENOMEM, "no memory");
		return NULL;
	}
	sq->names = -1;
	sq->seq = (uint32_t)time(NULL);
	ret = sockets_in(sq, netns, err);
	if (!ret)
		ret = resolve(sq, err);
	if (ret) {
		svcseq_close(sq);
		return NULL;
	}
	return sq;
}

/**
 * svcseq_close - Disconnect.
 * @sq: handle, may be NULL
 */
void svcseq_close(struct svcseq *sq)
{
	if (!sq)
		return;
	if (sq->nl)
		mnl_socket_close(sq->nl);
	if (sq->names >= 0)
		close(sq->names);
	free(sq->dump);
	free(sq);
}

/* Without the right to the larger buffer the usual one has to do. */
static void make_room(struct svcseq *sq)
{
	int fd = mnl_socket_get_fd(sq->nl);
	int size = EVENT_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/**
 * sq_join - Subscribe to changes; the handle is good for nothing else then.
 * @sq: handle
 * @err: error
 *
 * Return: 0 or a negative errno value.
 */
int sq_join(struct svcseq *sq, struct svcseq_error *err)
{
	if (!sq->group)
		return sq_fail(err, EPROTO, "the module reports no changes");
	make_room(sq);
	if (mnl_socket_setsockopt(sq->nl, NETLINK_ADD_MEMBERSHIP, &sq->group,
				  sizeof(sq->group)))
		return sq_fail(err, errno, errno == EPERM ?
			       "not permitted; it needs CAP_NET_ADMIN in the network namespace" :
			       "cannot subscribe to changes: %m");
	return 0;
}

/**
 * sq_listen - Be ready for events that the module sends to this socket alone.
 * @sq: handle
 * @err: error
 *
 * The module counts itself what did not fit in, so the socket need not.
 *
 * Return: 0 or a negative errno value.
 */
int sq_listen(struct svcseq *sq, struct svcseq_error *err)
{
	int on = 1;

	make_room(sq);
	if (mnl_socket_setsockopt(sq->nl, NETLINK_NO_ENOBUFS, &on, sizeof(on)))
		return sq_fail(err, errno, "cannot set up a netlink socket: %m");
	return 0;
}

/**
 * sq_fd - File descriptor of the socket.
 * @sq: handle
 *
 * Return: the descriptor.
 */
int sq_fd(const struct svcseq *sq)
{
	return mnl_socket_get_fd(sq->nl);
}

/**
 * sq_events - Wait for one datagram of events.
 * @sq: handle after sq_join()
 * @cb: called for each message of the family; other than 0 ends the reading
 * @data: for @cb
 * @err: error
 *
 * Return: 0, what @cb returned, -ENOBUFS if events were lost, or another
 * negative errno value.
 */
int sq_events(struct svcseq *sq,
	      int (*cb)(struct svcseq *sq, const struct nlmsghdr *nlh,
			void *data, struct svcseq_error *err),
	      void *data, struct svcseq_error *err)
{
	const struct nlmsghdr *nlh = (const void *)sq->buf;
	ssize_t len;
	int left;
	int ret = 0;

	len = mnl_socket_recvfrom(sq->nl, sq->buf, sizeof(sq->buf));
	if (len < 0 && errno == ENOBUFS)
		return sq_fail(err, ENOBUFS, "events were lost");
	if (len < 0)
		return sq_fail(err, errno, "cannot read from the kernel: %m");
	for (left = (int)len; !ret && whole(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left))
		if (nlh->nlmsg_type == sq->family)
			ret = cb(sq, nlh, data, err);
	return ret;
}
