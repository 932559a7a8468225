// SPDX-License-Identifier: GPL-2.0
/* Objects to attributes and back, without a kernel. */
#include <errno.h>
#include <stdalign.h>
#include <string.h>

#include <linux/genetlink.h>

#include "lib/nl.h"
#include "util.h"

static alignas(8) char buf[65536];

static struct nlmsghdr *begin(void)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	return nlh;
}

static const char *attrs(const struct nlmsghdr *nlh)
{
	return mnl_nlmsg_get_payload_offset(nlh, sizeof(struct genlmsghdr));
}

static size_t attrs_len(const struct nlmsghdr *nlh)
{
	return mnl_nlmsg_get_payload_len(nlh) - sizeof(struct genlmsghdr);
}

/* What is put at a level comes back. */
static void there_and_back(const struct sq_shape *shape, enum sq_level level,
			   const void *obj, void *back)
{
	struct svcseq_error err = { 0 };
	struct nlmsghdr *nlh = begin();

	memset(back, 0, shape->size);
	if (!CHECK(sq_put(nlh, sizeof(buf), shape, level, obj)))
		return;
	CHECK_INT(sq_get(shape, attrs(nlh), attrs_len(nlh), back, &err), 0);
}

static void random_objects_come_back(void)
{
	struct svcseq_sequence seq, seq2;
	struct svcseq_device dev, dev2;
	struct svcseq_service svc, svc2;
	struct svcseq_pool pool, pool2;
	struct svcseq_port port, port2;
	int i;

	for (i = 0; i < 2000; i++) {
		random_port(&port, ANY_BYTES);
		there_and_back(&sq_port_shape, SQ_CONFIG, &port, &port2);
		CHECK_BYTES(&port2, &port, sizeof(port));
		random_device(&dev, ANY_BYTES);
		there_and_back(&sq_device_shape, SQ_CONFIG, &dev, &dev2);
		CHECK_BYTES(&dev2, &dev, sizeof(dev));
		random_sequence(&seq, ANY_BYTES);
		there_and_back(&sq_sequence_shape, SQ_CONFIG, &seq, &seq2);
		CHECK_BYTES(&seq2, &seq, sizeof(seq));
		random_service(&svc, ANY_BYTES);
		there_and_back(&sq_service_shape, SQ_CONFIG, &svc, &svc2);
		CHECK_BYTES(&svc2, &svc, sizeof(svc));
		random_pool(&pool, ANY_BYTES);
		there_and_back(&sq_pool_shape, SQ_CONFIG, &pool, &pool2);
		CHECK_BYTES(&pool2, &pool, sizeof(pool));
	}
}

static void rows_come_back(void)
{
	struct svcseq_row row, row2;
	int i;

	for (i = 0; i < 2000; i++) {
		random_row(&row, ANY_BYTES);
		/* Rows carry no names of net devices. */
		memset(&row.in, 0, sizeof(row.in));
		memset(&row.out, 0, sizeof(row.out));
		row.in.index = rnd_below(3);
		row.out.index = rnd_below(3);
		there_and_back(&sq_row_shape, SQ_OUT, &row, &row2);
		CHECK_BYTES(&row2, &row, sizeof(row));
	}
}

static void levels_leave_out(void)
{
	struct svcseq_device dev = { .name = "fw0", .sequences = 3 };
	struct svcseq_device back;

	dev.kind.set = true;
	dev.sent.set = true;
	there_and_back(&sq_device_shape, SQ_KEY, &dev, &back);
	CHECK(!strcmp(back.name, "fw0"));
	CHECK(!back.kind.set);
	there_and_back(&sq_device_shape, SQ_CONFIG, &dev, &back);
	CHECK(back.kind.set);
	CHECK_INT(back.sequences, 0);
	CHECK(!back.sent.set);
}

static void index_beats_name(void)
{
	struct svcseq_port port = { .dev = { 7, "eth0" } };
	struct svcseq_port back;

	there_and_back(&sq_port_shape, SQ_KEY, &port, &back);
	CHECK_INT(back.dev.index, 7);
	CHECK(!*back.dev.name);
}

static void a_small_buffer_is_noticed(void)
{
	struct svcseq_sequence seq;
	struct nlmsghdr *nlh;
	size_t room, need;
	int i;

	for (i = 0; i < 50; i++) {
		random_sequence(&seq, 0);
		nlh = begin();
		CHECK(sq_put(nlh, sizeof(buf), &sq_sequence_shape, SQ_CONFIG,
			     &seq));
		need = nlh->nlmsg_len;
		for (room = 20; room < need; room += 4) {
			nlh = begin();
			CHECK(!sq_put(nlh, room, &sq_sequence_shape, SQ_CONFIG,
				      &seq));
			CHECK(nlh->nlmsg_len <= need);
		}
	}
}

static void the_longest_sequence_fits(void)
{
	struct svcseq_sequence seq = { .n_steps = SVCSEQ_MAX_STEPS };
	struct nlmsghdr *nlh = begin();
	struct svcseq_step *step;
	unsigned int i, k;

	memset(seq.name, 'n', sizeof(seq.name) - 1);
	for (i = 0; i < SVCSEQ_MAX_STEPS; i++) {
		step = &seq.step[i];
		memset(step->device, 'd', sizeof(step->device) - 1);
		step->port = 1;
		step->becomes.set = true;
		step->becomes.proto = 6;
		step->becomes.port = 1;
		step->track.set = true;
		step->local.len = 16;
		step->remote.len = 16;
		step->on_fail.set = true;
		memset(step->alternate, 'a', sizeof(step->alternate) - 1);
		step->n_copies = SVCSEQ_MAX_COPIES;
		for (k = 0; k < SVCSEQ_MAX_COPIES; k++) {
			memset(step->copy[k].device, 'c', SVCSEQ_NAME_LEN - 1);
			memset(step->copy[k].alert_to, 'a', SVCSEQ_NAME_LEN - 1);
			step->copy[k].direction.set = true;
			step->copy[k].port.set = true;
		}
	}
	/* The request buffer of a handle. */
	CHECK(sq_put(nlh, 16384, &sq_sequence_shape, SQ_CONFIG, &seq));
}

static void counters_are_read(void)
{
	struct nlmsghdr *nlh = begin();
	struct svcseq_service svc = { 0 };
	struct svcseq_error err = { 0 };
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, SVCSEQ_A_SERVICE_REPLY);
	mnl_attr_put_u64(nlh, SVCSEQ_A_COUNTERS_PACKETS, 0x123456789abcdef0);
	mnl_attr_put(nlh, SVCSEQ_A_COUNTERS_PAD, 0, NULL);
	mnl_attr_put_u64(nlh, SVCSEQ_A_COUNTERS_BYTES, UINT64_MAX);
	mnl_attr_nest_end(nlh, nest);
	CHECK_INT(sq_get(&sq_service_shape, attrs(nlh), attrs_len(nlh), &svc,
			 &err), 0);
	CHECK(svc.reply.set && !svc.request.set && !svc.dropped.set);
	CHECK(svc.reply.packets == 0x123456789abcdef0);
	CHECK(svc.reply.bytes == UINT64_MAX);
}

static int get_port(struct nlmsghdr *nlh, struct svcseq_error *err)
{
	struct svcseq_port port = { 0 };

	return sq_get(&sq_port_shape, attrs(nlh), attrs_len(nlh), &port, err);
}

static void what_a_newer_module_says_is_passed_over(void)
{
	struct nlmsghdr *nlh = begin();
	struct svcseq_error err = { 0 };

	mnl_attr_put_u64(nlh, 200, 1);
	mnl_attr_put_u8(nlh, SVCSEQ_A_PORT_ROLE, 1);
	CHECK_INT(get_port(nlh, &err), 0);
}

static void wrong_sizes_are_refused(void)
{
	struct svcseq_error err = { 0 };
	struct nlmsghdr *nlh;
	char name[32] = "";

	nlh = begin();
	mnl_attr_put_u16(nlh, SVCSEQ_A_PORT_ROLE, 1);
	CHECK_INT(get_port(nlh, &err), -EPROTO);
	CHECK_TEXT(err.text, "\"role\"");
	CHECK(!err.kernel);

	nlh = begin();
	mnl_attr_put(nlh, SVCSEQ_A_PORT_GATEWAY6, 4, "abcd");
	CHECK_INT(get_port(nlh, &err), -EPROTO);
	CHECK_TEXT(err.text, "\"gateway6\"");

	memset(name, 'x', 16);
	nlh = begin();
	mnl_attr_put(nlh, SVCSEQ_A_PORT_IFNAME, 16, name);
	CHECK_INT(get_port(nlh, &err), -EPROTO);
	CHECK_TEXT(err.text, "\"ifname\"");
	/* One byte less fits, also without its zero. */
	nlh = begin();
	mnl_attr_put(nlh, SVCSEQ_A_PORT_IFNAME, 15, name);
	CHECK_INT(get_port(nlh, &err), 0);
}

static void too_many_are_refused(void)
{
	struct nlmsghdr *nlh = begin();
	struct svcseq_error err = { 0 };
	struct svcseq_device dev = { 0 };
	int i;

	for (i = 0; i <= SVCSEQ_MAX_ARMS; i++)
		mnl_attr_put(nlh, SVCSEQ_A_DEVICE_ARM | NLA_F_NESTED, 0, NULL);
	CHECK_INT(sq_get(&sq_device_shape, attrs(nlh), attrs_len(nlh), &dev,
			 &err), -EOVERFLOW);
	CHECK_TEXT(err.text, "more than 2 of attribute \"arm\"");
}

static void every_truncation_is_survived(void)
{
	struct svcseq_error err = { 0 };
	struct svcseq_sequence seq, back;
	struct nlmsghdr *nlh;
	size_t len, full;
	int bad = 0;

	random_sequence(&seq, 0);
	nlh = begin();
	CHECK(sq_put(nlh, sizeof(buf), &sq_sequence_shape, SQ_CONFIG, &seq));
	full = attrs_len(nlh);
	for (len = 0; len < full; len++) {
		memset(&back, 0, sizeof(back));
		bad += sq_get(&sq_sequence_shape, attrs(nlh), len, &back,
			      &err) != 0;
	}
	/* Whole attributes may be missing, but parts of one are noticed. */
	CHECK(bad > (int)full / 2);
}

/* Offset from the beginning of the attributes. */
static size_t offset_of(const struct nlmsghdr *nlh, const struct nlattr *a)
{
	return (size_t)((const char *)a - attrs(nlh));
}

static void attributes_have_paths(void)
{
	struct nlmsghdr *nlh = begin();
	struct nlattr *step, *copy;
	const struct nlattr *name;
	char path[64], small[12];
	size_t len;

	mnl_attr_put_strz(nlh, SVCSEQ_A_SEQUENCE_NAME, "s");
	step = mnl_attr_nest_start(nlh, SVCSEQ_A_SEQUENCE_STEP);
	mnl_attr_put_strz(nlh, SVCSEQ_A_STEP_DEVICE, "fw0");
	mnl_attr_nest_end(nlh, step);
	step = mnl_attr_nest_start(nlh, SVCSEQ_A_SEQUENCE_STEP);
	mnl_attr_put_strz(nlh, SVCSEQ_A_STEP_DEVICE, "srv0");
	copy = mnl_attr_nest_start(nlh, SVCSEQ_A_STEP_COPY);
	name = mnl_nlmsg_get_payload_tail(nlh);
	mnl_attr_put_strz(nlh, SVCSEQ_A_COPY_DEVICE, "ids0");
	mnl_attr_nest_end(nlh, copy);
	mnl_attr_nest_end(nlh, step);
	len = attrs_len(nlh);

	sq_locate(&sq_sequence_shape, attrs(nlh), len, 0, 0, path, sizeof(path));
	CHECK_TEXT(path, "name");
	sq_locate(&sq_sequence_shape, attrs(nlh), len, offset_of(nlh, name), 0,
		  path, sizeof(path));
	CHECK(!strcmp(path, "step.copy.device"));
	sq_locate(&sq_sequence_shape, attrs(nlh), len, offset_of(nlh, copy), 0,
		  path, sizeof(path));
	CHECK(!strcmp(path, "step.copy"));
	sq_locate(&sq_sequence_shape, attrs(nlh), len, offset_of(nlh, copy),
		  SVCSEQ_A_COPY_ALERT_TO, path, sizeof(path));
	CHECK(!strcmp(path, "step.copy.alert-to"));
	sq_locate(&sq_sequence_shape, attrs(nlh), len, SIZE_MAX,
		  SVCSEQ_A_SEQUENCE_OWNER, path, sizeof(path));
	CHECK(!strcmp(path, "owner"));
	sq_locate(&sq_sequence_shape, attrs(nlh), len, 100000, 0, path,
		  sizeof(path));
	CHECK(!*path);
	sq_locate(&sq_sequence_shape, attrs(nlh), len, offset_of(nlh, name), 0,
		  small, sizeof(small));
	CHECK(strlen(small) < sizeof(small));
}

static void number_it(struct svcseq_if *dev, void *data)
{
	unsigned int *n = data;

	snprintf(dev->name, sizeof(dev->name), "found%u", dev->index);
	(*n)++;
}

static void names_are_looked_up_everywhere(void)
{
	struct svcseq_device dev = { .n_arms = 2 };
	unsigned int n = 0;

	dev.arm[0].dev.index = 4;
	dev.arm[1].dev.index = 5;
	snprintf(dev.arm[1].dev.name, sizeof(dev.arm[1].dev.name), "known");
	sq_ifnames(&sq_device_shape, &dev, number_it, &n);
	CHECK_INT(n, 1);
	CHECK(!strcmp(dev.arm[0].dev.name, "found4"));
	CHECK(!strcmp(dev.arm[1].dev.name, "known"));
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(random_objects_come_back),
		TAP_TEST(rows_come_back),
		TAP_TEST(levels_leave_out),
		TAP_TEST(index_beats_name),
		TAP_TEST(a_small_buffer_is_noticed),
		TAP_TEST(the_longest_sequence_fits),
		TAP_TEST(counters_are_read),
		TAP_TEST(what_a_newer_module_says_is_passed_over),
		TAP_TEST(wrong_sizes_are_refused),
		TAP_TEST(too_many_are_refused),
		TAP_TEST(every_truncation_is_survived),
		TAP_TEST(attributes_have_paths),
		TAP_TEST(names_are_looked_up_everywhere),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
