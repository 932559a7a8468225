// SPDX-License-Identifier: GPL-2.0
/* Answers as the kernel frames them, without a kernel. */
#include <errno.h>
#include <stdalign.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "lib/nl.h"
#include "util.h"

#define FAMILY	0x25
#define SEQ	1234
#define PORTID	4321

static alignas(8) char req_buf[4096];
static alignas(8) char buf[8192];
static struct svcseq_error err;
static unsigned int objects;

static int count(const struct nlmsghdr *nlh, void *data,
		 struct svcseq_error *e)
{
	(void)nlh;
	(void)data;
	(void)e;
	objects++;
	return 0;
}

static struct sq_reply awaited(void)
{
	struct sq_reply rp = {
		.seq = SEQ, .portid = PORTID, .family = FAMILY, .cb = count,
		.err = &err, .shape = &sq_port_shape,
		.req = (const void *)req_buf,
	};
	struct nlmsghdr *req = mnl_nlmsg_put_header(req_buf);

	mnl_nlmsg_put_extra_header(req, sizeof(struct genlmsghdr));
	mnl_attr_put_strz(req, SVCSEQ_A_PORT_IFNAME, "i0");
	mnl_attr_put_u8(req, SVCSEQ_A_PORT_ROLE, 1);
	memset(&err, 0, sizeof(err));
	objects = 0;
	return rp;
}

static struct nlmsghdr *message(void *at, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(at);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = SEQ;
	nlh->nlmsg_pid = PORTID;
	return nlh;
}

static struct nlmsghdr *error_message(int code, uint16_t flags)
{
	struct nlmsghdr *nlh = message(buf, NLMSG_ERROR, flags);
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));

	e->error = code;
	e->msg.nlmsg_len = ((const struct nlmsghdr *)req_buf)->nlmsg_len;
	return nlh;
}

static void yes_ends_it(void)
{
	struct sq_reply rp = awaited();
	const struct nlmsghdr *nlh = error_message(0, NLM_F_CAPPED);

	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), 0);
	CHECK_INT(err.code, 0);
}

static void no_has_text_and_attribute(void)
{
	struct sq_reply rp = awaited();
	struct nlmsghdr *nlh = error_message(-EINVAL, NLM_F_CAPPED |
					     NLM_F_ACK_TLVS);

	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "svcseq: port 'i0' is no uplink");
	mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, 28);
	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), -EINVAL);
	CHECK_INT(err.code, EINVAL);
	CHECK(err.kernel);
	CHECK_TEXT(err.text, "port 'i0' is no uplink");
	CHECK(!strcmp(err.attr, "role"));
}

static void no_names_what_is_missing(void)
{
	struct sq_reply rp = awaited();
	struct nlmsghdr *nlh = error_message(-EINVAL, NLM_F_CAPPED |
					     NLM_F_ACK_TLVS);

	mnl_attr_put_u32(nlh, NLMSGERR_ATTR_MISS_TYPE, SVCSEQ_A_PORT_OWNER);
	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), -EINVAL);
	CHECK(!*err.text);
	CHECK(!strcmp(err.attr, "owner"));
}

static void an_answer_may_repeat_the_request(void)
{
	struct sq_reply rp = awaited();
	struct nlmsghdr *nlh = error_message(-EBUSY, NLM_F_ACK_TLVS);
	size_t more = ((const struct nlmsghdr *)req_buf)->nlmsg_len - 16;

	memset(mnl_nlmsg_put_extra_header(nlh, more), 0xff, more);
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "busy");
	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), -EBUSY);
	CHECK_TEXT(err.text, "busy");
}

static void long_text_is_cut(void)
{
	struct sq_reply rp = awaited();
	struct nlmsghdr *nlh = error_message(-EINVAL, NLM_F_CAPPED |
					     NLM_F_ACK_TLVS);
	char text[2000];

	memset(text, 'x', sizeof(text));
	/* Without a zero at its end. */
	mnl_attr_put(nlh, NLMSGERR_ATTR_MSG, sizeof(text), text);
	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), -EINVAL);
	CHECK_INT(strlen(err.text), sizeof(err.text) - 1);
}

static void other_answers_are_passed_over(void)
{
	struct sq_reply rp = awaited();
	struct nlmsghdr *nlh = error_message(-EINVAL, NLM_F_CAPPED);

	nlh->nlmsg_seq = SEQ - 1;
	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), 1);
	nlh->nlmsg_seq = SEQ;
	nlh->nlmsg_pid = PORTID + 1;
	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), 1);
	CHECK_INT(err.code, 0);
}

static size_t put_objects(unsigned int n, uint16_t flags)
{
	struct nlmsghdr *nlh;
	size_t len = 0;

	while (n--) {
		nlh = message(buf + len, FAMILY, NLM_F_MULTI | flags);
		mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
		len += nlh->nlmsg_len;
	}
	return len;
}

static void a_dump_ends_with_done(void)
{
	struct sq_reply rp = awaited();
	size_t len = put_objects(3, 0);
	struct nlmsghdr *nlh;

	CHECK_INT(sq_feed(&rp, buf, len), 1);
	CHECK_INT(objects, 3);
	nlh = message(buf, NLMSG_DONE, NLM_F_MULTI);
	mnl_nlmsg_put_extra_header(nlh, sizeof(int));
	CHECK_INT(sq_feed(&rp, buf, nlh->nlmsg_len), 0);
	CHECK(!rp.interrupted);
}

static void a_dump_may_end_with_an_error(void)
{
	struct sq_reply rp = awaited();
	struct nlmsghdr *nlh = message(buf, NLMSG_DONE, NLM_F_MULTI |
				       NLM_F_ACK_TLVS);
	int *code = mnl_nlmsg_put_extra_header(nlh, sizeof(int));

	*code = -ENOENT;
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "no such service");
	CHECK_INT(sq_feed(&rp, buf, nlh->nlmsg_len), -ENOENT);
	CHECK_TEXT(err.text, "no such service");
	CHECK(err.kernel);
}

static void a_change_during_a_dump_is_seen(void)
{
	struct sq_reply rp = awaited();
	size_t len = put_objects(2, NLM_F_DUMP_INTR);

	CHECK_INT(sq_feed(&rp, buf, len), 1);
	CHECK(rp.interrupted);
}

static void nonsense_is_refused(void)
{
	struct sq_reply rp = awaited();
	struct nlmsghdr *nlh = error_message(77, NLM_F_CAPPED);

	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), -EPROTO);
	CHECK(!err.kernel);
	error_message(-100000, NLM_F_CAPPED);
	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), -EPROTO);
	nlh = message(buf, NLMSG_ERROR, 0);
	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), -EPROTO);
	nlh = message(buf, NLMSG_OVERRUN, 0);
	CHECK_INT(sq_feed(&rp, nlh, nlh->nlmsg_len), -ENOBUFS);
	nlh = message(buf, FAMILY, 0);
	CHECK_INT(sq_feed(&rp, nlh, 10), -EPROTO);
	nlh->nlmsg_len = 0xfffffff0;
	CHECK_INT(sq_feed(&rp, nlh, 16), -EPROTO);
	CHECK_INT(objects, 0);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(yes_ends_it),
		TAP_TEST(no_has_text_and_attribute),
		TAP_TEST(no_names_what_is_missing),
		TAP_TEST(an_answer_may_repeat_the_request),
		TAP_TEST(long_text_is_cut),
		TAP_TEST(other_answers_are_passed_over),
		TAP_TEST(a_dump_ends_with_done),
		TAP_TEST(a_dump_may_end_with_an_error),
		TAP_TEST(a_change_during_a_dump_is_seen),
		TAP_TEST(nonsense_is_refused),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
