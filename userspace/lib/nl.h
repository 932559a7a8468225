/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests, replies and dumps; the only part that knows the socket. */
#ifndef SVCSEQ_LIB_NL_H
#define SVCSEQ_LIB_NL_H

#include "walk.h"

/**
 * struct sq_reply - What is awaited and what has been seen of it.
 * @seq: sequence number of the request
 * @portid: address of our socket
 * @family: message type that carries objects
 * @req: the request, to find the attribute that an error points to
 * @shape: shape of the request, may be NULL
 * @cb: called for each message of @family
 * @data: for @cb
 * @interrupted: a dump met a change
 * @err: error
 */
struct sq_reply {
	uint32_t seq;
	unsigned int portid;
	uint16_t family;
	const struct nlmsghdr *req;
	const struct sq_shape *shape;
	int (*cb)(const struct nlmsghdr *nlh, void *data,
		  struct svcseq_error *err);
	void *data;
	bool interrupted;
	struct svcseq_error *err;
};

int sq_feed(struct sq_reply *rp, const void *buf, size_t len);

int sq_do(struct svcseq *sq, uint8_t cmd, const struct sq_shape *shape,
	  enum sq_level level, const void *obj, void *out,
	  struct svcseq_error *err);
int sq_ask(struct svcseq *sq, uint8_t cmd, const struct sq_shape *shape,
	   enum sq_level level, const void *obj,
	   int (*cb)(const struct nlmsghdr *nlh, void *data,
		     struct svcseq_error *err),
	   void *data, struct svcseq_error *err);
int sq_do_long(struct svcseq *sq, uint8_t cmd, const struct sq_shape *shape,
	       const void *obj, size_t more,
	       bool (*put)(struct nlmsghdr *nlh, size_t room,
			   const void *data),
	       const void *data, struct svcseq_error *err);
int sq_dump(struct svcseq *sq, uint8_t cmd, const struct sq_shape *shape,
	    const void *filter, void *scratch,
	    int (*deliver)(const void *obj, void *data), void *data,
	    struct svcseq_error *err);
int sq_read(struct svcseq *sq, const struct sq_shape *shape,
	    const struct nlmsghdr *nlh, void *obj, struct svcseq_error *err);

int sq_join(struct svcseq *sq, struct svcseq_error *err);
int sq_listen(struct svcseq *sq, struct svcseq_error *err);
int sq_fd(const struct svcseq *sq);
int sq_events(struct svcseq *sq,
	      int (*cb)(struct svcseq *sq, const struct nlmsghdr *nlh,
			void *data, struct svcseq_error *err),
	      void *data, struct svcseq_error *err);

#endif
