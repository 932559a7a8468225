// SPDX-License-Identifier: GPL-2.0
/* Text can be read back, JSON is JSON, whatever names the objects have. */
#include <stdlib.h>
#include <string.h>

#include "util.h"

static void random_request(struct request *rq, unsigned int noun, int how)
{
	static const char *const lines[] = {
		"port show x", "device show x", "sequence show x",
		"service show 1.2.3.4 tcp 1", "pool show x",
	};

	/* For its place in the command table. */
	CHECK_INT(parse_line(lines[noun], rq), 0);
	switch (noun) {
	case 0:
		random_port(&rq->port, how);
		break;
	case 1:
		random_device(&rq->device, how);
		break;
	case 2:
		random_sequence(&rq->sequence, how);
		break;
	case 3:
		random_service(&rq->service, how);
		break;
	default:
		random_pool(&rq->pool, how);
	}
}

static void text_can_be_read_back(void)
{
	struct request rq, back;
	char line[32768], *text;
	int i;

	for (i = 0; i < 4000; i++) {
		random_request(&rq, i % 5u, 0);
		text = print_request(&rq, false, false, false);
		snprintf(line, sizeof(line), "%s add %s", rq.cmd->noun, text);
		if (!CHECK_INT(parse_line(line, &back), 0))
			tap_note("%s%s", line, said());
		switch (i % 5) {
		case 0:
			CHECK_BYTES(&back.port, &rq.port, sizeof(rq.port));
			break;
		case 1:
			CHECK_BYTES(&back.device, &rq.device,
				    sizeof(rq.device));
			break;
		case 2:
			CHECK_BYTES(&back.sequence, &rq.sequence,
				    sizeof(rq.sequence));
			break;
		case 3:
			CHECK_BYTES(&back.service, &rq.service,
				    sizeof(rq.service));
			break;
		default:
			CHECK_BYTES(&back.pool, &rq.pool, sizeof(rq.pool));
		}
		free(text);
	}
}

/* Nothing that a terminal obeys, and one line unless counters are wanted. */
static void text_is_tame(void)
{
	struct request rq;
	char *text, *s;
	int i;

	for (i = 0; i < 2000; i++) {
		random_request(&rq, i % 5u, ANY_BYTES | WITH_OUTPUT);
		text = print_request(&rq, false, false, i % 8 >= 4);
		for (s = text; *s; s++)
			CHECK((unsigned char)*s >= 0x20 || *s == '\n');
		CHECK(!strchr(text, 0x7f));
		CHECK(!strstr(text, "\xc2\x9b"));
		CHECK(strlen(text) && text[strlen(text) - 1] == '\n');
		if (i % 8 < 4)
			CHECK(strchr(text, '\n') == text + strlen(text) - 1);
		free(text);
	}
}

static void json_is_json(void)
{
	const char *fault;
	struct request rq;
	char *text;
	int i;

	for (i = 0; i < 4000; i++) {
		random_request(&rq, i % 5u, ANY_BYTES | WITH_OUTPUT);
		text = print_request(&rq, true, i & 4, i & 8);
		fault = fault_of_json(text);
		if (!CHECK(!fault))
			tap_note("%s: %s", fault, text);
		/* One object is one line for whoever wants lines. */
		if (!(i & 4))
			CHECK(strchr(text, '\n') == text + strlen(text) - 1);
		free(text);
	}
}

static char *with_printer(bool json, bool pretty,
			  void (*print)(struct printer *pr, void *data),
			  void *data)
{
	struct printer pr = { .json = json, .pretty = pretty, .stats = true };
	char *text = NULL;
	size_t len;

	pr.out = open_memstream(&text, &len);
	if (!pr.out)
		abort();
	print(&pr, data);
	pr_end(&pr);
	fclose(pr.out);
	return text;
}

static void put_rows(struct printer *pr, void *data)
{
	struct svcseq_row *row = data;
	int i;

	pr_array(pr, NULL);
	for (i = 0; i < 5; i++) {
		random_row(row, ANY_BYTES | WITH_OUTPUT);
		table_print(pr, row);
	}
	pr_array_end(pr);
}

static void put_stats(struct printer *pr, void *data)
{
	pr_object(pr, NULL);
	stats_print(pr, data);
	pr_object_end(pr);
}

static void tables_and_stats_are_json(void)
{
	struct svcseq_stats stats;
	struct svcseq_row row;
	char *text;
	int i;

	for (i = 0; i < 500; i++) {
		text = with_printer(true, i % 2, put_rows, &row);
		if (!CHECK(!fault_of_json(text)))
			tap_note("%s", text);
		free(text);
		random_stats(&stats, ANY_BYTES | WITH_OUTPUT);
		text = with_printer(true, i % 2, put_stats, &stats);
		if (!CHECK(!fault_of_json(text)))
			tap_note("%s", text);
		free(text);
	}
}

static void json_has_the_documented_form(void)
{
	struct request rq;
	char *text;

	CHECK_INT(parse_line("sequence add s uplink i0 step fw port 80 "
			     "step v becomes tcp/80 copy t reply", &rq), 0);
	rq.sequence.uplink.index = 3;
	text = print_request(&rq, true, false, false);
	CHECK(!strcmp(text,
		      "{\"name\":\"s\",\"uplink\":\"i0\",\"uplink-ifindex\":3,"
		      "\"steps\":[{\"device\":\"fw\",\"port\":80},"
		      "{\"device\":\"v\",\"becomes\":{\"proto\":\"tcp\",\"port\":80},"
		      "\"copies\":[{\"tap\":\"t\",\"direction\":[\"reply\"]}]}],"
		      "\"services\":0,\"generation\":0}\n"));
	free(text);

	CHECK_INT(parse_line("port add i0 role uplink gateway fd00::1", &rq), 0);
	rq.port.received.set = true;
	rq.port.received.packets = 18446744073709551615u;
	text = print_request(&rq, true, true, true);
	CHECK(!strcmp(text,
		      "{\n\t\"dev\": \"i0\",\n\t\"role\": \"uplink\",\n"
		      "\t\"gateway\": [\n\t\t\"fd00::1\"\n\t],\n"
		      "\t\"received\": {\n"
		      "\t\t\"packets\": 18446744073709551615,\n"
		      "\t\t\"bytes\": 0\n\t}\n}\n"));
	free(text);
	text = print_request(&rq, false, false, true);
	CHECK(!strcmp(text, "i0 role uplink gateway fd00::1\n"
		      "    received 18446744073709551615 packets 0 bytes\n"));
	free(text);
}

static void put_strings(struct printer *pr, void *data)
{
	(void)data;
	pr_array(pr, NULL);
	pr_string(pr, NULL, BARE, "a\"\\\n\x7f");
	pr_string(pr, NULL, BARE, "\xc3\xa4\xf0\x9f\x90\xa7");
	pr_string(pr, NULL, BARE, "\xff\xc2\x9b\xed\xa0\x80\xc0\xaf\xe2\x82");
	pr_array_end(pr);
	pr_line(pr);
}

static void strings_are_escaped(void)
{
	char *text = with_printer(true, false, put_strings, NULL);

	CHECK(!strcmp(text,
		      "[\"a\\\"\\\\\\u000a\\u007f\",\"\xc3\xa4\xf0\x9f\x90\xa7\","
		      "\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd"
		      "\\ufffd\\ufffd\\ufffd\\ufffd\"]\n"));
	free(text);
	text = with_printer(false, false, put_strings, NULL);
	CHECK(!strcmp(text,
		      "a\\x22\\x5c\\x0a\\x7f \xc3\xa4\xf0\x9f\x90\xa7 "
		      "\\xff\\xc2\\x9b\\xed\\xa0\\x80\\xc0\\xaf\\xe2\\x82\n"));
	free(text);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(text_can_be_read_back),
		TAP_TEST(text_is_tame),
		TAP_TEST(json_is_json),
		TAP_TEST(tables_and_stats_are_json),
		TAP_TEST(json_has_the_documented_form),
		TAP_TEST(strings_are_escaped),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
