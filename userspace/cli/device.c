// SPDX-License-Identifier: GPL-2.0
#include "cli.h"
#include "noun.h"

enum { KIND, MODE, ADDRESS, OUTER, INNER, MAC, ANY, VIA, OWNER, ALARM };

static const struct word words[] = {
	{ "kind", KIND },
	{ "mode", MODE },
	{ "address", ADDRESS },
	{ "outer", OUTER },
	{ "inner", INNER },
	{ "mac", MAC },
	{ "any", ANY },
	{ "via", VIA },
	{ "owner", OWNER },
	{ "alarm", ALARM },
	{ NULL, 0 }
};

enum { SYN, UNRETURNED, GAP, WATCH, OFF };

static const struct word alarm_words[] = {
	{ "syn", SYN },
	{ "unreturned", UNRETURNED },
	{ "gap", GAP },
	{ "watch", WATCH },
	{ "off", OFF },
	{ NULL, 0 }
};

/* Several stand one after the other; "off" is for what is set alone. */
static int take_alarm(struct args *args, struct svcseq_alarm *alarm)
{
	const char *text = take_text(args, "what to watch after \"alarm\"");
	int word = -1;

	if (!text || word_find(alarm_words, text, "an alarm", &word))
		return EXIT_USAGE;
	alarm->set = true;
	switch (word) {
	case SYN:
		return take_number(args, "a number of requests", 1, 1000000,
				   &alarm->syn);
	case UNRETURNED:
		return take_number(args, "a number of packets", 1, 100000000,
				   &alarm->unreturned);
	case GAP:
		return take_number(args, "a time in milliseconds", 1, 1000000,
				   &alarm->gap);
	case WATCH:
		alarm->watch = true;
		break;
	}
	return 0;
}

static int take_arm(struct args *args, struct svcseq_device *device,
		    uint8_t side)
{
	struct svcseq_arm *arm;
	unsigned int i;

	for (i = 0; i < device->n_arms; i++)
		if (device->arm[i].side.value == side)
			return args_twice(args, side == SVCSEQ_ARM_SIDE_OUTER ?
					  "\"outer\"" : "\"inner\"");
	arm = &device->arm[device->n_arms++];
	arm->side.set = true;
	arm->side.value = side;
	return take_dev(args, "the port of the arm", &arm->dev);
}

static int take_arm_word(struct args *args, struct svcseq_device *device,
			 int word)
{
	struct svcseq_arm *arm;

	if (!device->n_arms)
		return args_missing(args, "\"outer\" or \"inner\" before what belongs to an arm");
	arm = &device->arm[device->n_arms - 1];
	switch (word) {
	case MAC:
		return take_macs(args, arm);
	case VIA:
		return take_addr_of(args, "\"via\" of one arm", &arm->addr4,
				    &arm->addr6);
	default:
		arm->any_mac = true;
		return 0;
	}
}

/**
 * device_parse - Read the words of a device command.
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int device_parse(struct args *args, struct request *rq)
{
	struct svcseq_device *device = &rq->device;
	enum verb verb = rq->cmd->verb;
	int word = -1;
	int ret;

	if (verb == VERB_SHOW && args_end(args))
		return 0;
	rq->keyed = true;
	if (take_name(args, "the name of a device", device->name))
		return EXIT_USAGE;
	if (verb == VERB_SHOW || verb == VERB_DEL)
		return args_done(args);
	while (!args_end(args)) {
		if (take_word(args, words, &word))
			return EXIT_USAGE;
		switch (word) {
		case KIND:
			ret = take_enum(args, word_kind, "a kind of device",
					&device->kind);
			break;
		case MODE:
			ret = take_enum(args, word_mode, "a mode of a server",
					&device->mode);
			break;
		case ADDRESS:
			ret = take_addr_of(args, "\"address\"", &device->nat4,
					   &device->nat6);
			break;
		case OUTER:
			ret = take_arm(args, device, SVCSEQ_ARM_SIDE_OUTER);
			break;
		case INNER:
			ret = take_arm(args, device, SVCSEQ_ARM_SIDE_INNER);
			break;
		case OWNER:
			ret = take_owner(args, &device->owner);
			break;
		case ALARM:
			ret = take_alarm(args, &device->alarm);
			break;
		default:
			ret = take_arm_word(args, device, word);
		}
		if (ret)
			return ret;
	}
	/* What is watched can be changed without the rest. */
	if (verb == VERB_SET && device->alarm.set && !device->kind.set &&
	    !device->mode.set && !device->n_arms && !device->owner.set &&
	    !device->nat4.len && !device->nat6.len)
		return 0;
	if (!device->kind.set)
		return args_missing(args, "\"kind\" with inline, bridge, tap, server or external");
	if (!device->n_arms)
		return args_missing(args, "an arm: \"outer\" with the name of a port");
	return 0;
}

static void print_arm(struct printer *pr, const struct svcseq_arm *arm)
{
	pr_object(pr, NULL);
	pr_enum(pr, "side", BARE, word_side, &arm->side);
	pr_dev(pr, "dev", "ifindex", BARE, &arm->dev);
	pr_macs(pr, "mac", "mac", arm->mac, arm->n_macs);
	if (arm->any_mac)
		pr_bool(pr, "any", "any", true);
	pr_addrs(pr, "via", "via", &arm->addr4, &arm->addr6);
	pr_macs(pr, "resolved", NO_WORD, arm->resolved, arm->n_resolved);
	pr_object_end(pr);
}

static void print_alarm_kind(struct printer *pr, const char *kind,
			     uint32_t value)
{
	if (!value)
		return;
	pr_word(pr, "alarm");
	pr_number(pr, kind, kind, value);
}

static void print_alarm(struct printer *pr, const struct svcseq_alarm *alarm)
{
	if (!alarm->set)
		return;
	pr_object(pr, "alarm");
	print_alarm_kind(pr, "syn", alarm->syn);
	print_alarm_kind(pr, "unreturned", alarm->unreturned);
	print_alarm_kind(pr, "gap", alarm->gap);
	if (!alarm->syn && !alarm->unreturned && !alarm->gap)
		pr_word(pr, "alarm watch");
	pr_object_end(pr);
}

static void print_suspect(struct printer *pr, const struct svcseq_u8 *suspect)
{
	const struct word *w;

	if (!suspect->set || !suspect->value)
		return;
	pr_word(pr, "suspect");
	pr_array(pr, "suspect");
	for (w = word_alarm; w->name; w++)
		if (suspect->value & 1U << w->value)
			pr_string(pr, NULL, BARE, w->name);
	pr_array_end(pr);
}

static void print_ago(struct printer *pr, const char *key, const char *word,
		      const struct svcseq_u32 *ms)
{
	if (!ms->set)
		return;
	pr_number(pr, key, word, ms->value);
	pr_word(pr, "ms ago");
}

static void print_arm_health(struct printer *pr,
			     const struct svcseq_arm_health *arm)
{
	pr_line(pr);
	pr_text(pr, "   ");
	pr_object(pr, NULL);
	pr_enum(pr, "side", BARE, word_side, &arm->side);
	pr_object(pr, "sent");
	pr_number(pr, "packets", "sent", arm->sent.packets);
	pr_number(pr, "bytes", NO_WORD, arm->sent.bytes);
	pr_object_end(pr);
	print_ago(pr, "sent-ago", "last", &arm->sent_ago);
	pr_object(pr, "received");
	pr_number(pr, "packets", "received", arm->received.packets);
	pr_number(pr, "bytes", NO_WORD, arm->received.bytes);
	pr_object_end(pr);
	print_ago(pr, "received-ago", "last", &arm->received_ago);
	pr_object_end(pr);
}

/* With the other counters; but a device that is suspect always says why. */
static void print_health(struct printer *pr, const struct svcseq_health *health)
{
	unsigned int i;

	if (!health->set || (!pr->stats && !(pr->json && health->suspect.set)))
		return;
	pr_line(pr);
	pr_text(pr, "    health");
	pr_object(pr, "health");
	print_suspect(pr, &health->suspect);
	pr_number(pr, "syn", "unanswered syn", health->syn.value);
	pr_number(pr, "unreturned", "unreturned", health->unreturned.value);
	pr_number(pr, "gap", "gap", health->gap.value);
	pr_number(pr, "gap-max", "ms at most", health->gap_max.value);
	pr_word(pr, "ms");
	pr_array(pr, "arms");
	for (i = 0; i < health->n_arms; i++)
		print_arm_health(pr, &health->arm[i]);
	pr_array_end(pr);
	pr_object_end(pr);
}

/* Text that "device add" would not take stands on lines of its own. */
static void print_state(struct printer *pr, const struct svcseq_device *device)
{
	const struct svcseq_arm *arm;
	unsigned int i;

	if (pr->json || !pr->stats)
		return;
	pr_line(pr);
	pr_text(pr, "    used by %u sequence%s", device->sequences,
		device->sequences == 1 ? "" : "s");
	if (device->pools)
		pr_text(pr, "and in %u pool%s", device->pools,
			device->pools == 1 ? "" : "s");
	for (i = 0; i < device->n_arms; i++) {
		arm = &device->arm[i];
		if (!arm->n_resolved)
			continue;
		pr_line(pr);
		pr_text(pr, "   ");
		pr_enum(pr, NULL, BARE, word_side, &arm->side);
		pr_macs(pr, NULL, "resolved", arm->resolved, arm->n_resolved);
	}
}

/**
 * device_print - Print what a device is.
 * @pr: printer
 * @device: device
 */
void device_print(struct printer *pr, const struct svcseq_device *device)
{
	unsigned int i;

	pr_string(pr, "name", BARE, device->name);
	pr_enum(pr, "kind", "kind", word_kind, &device->kind);
	pr_enum(pr, "mode", "mode", word_mode, &device->mode);
	pr_addrs(pr, "address", "address", &device->nat4, &device->nat6);
	pr_array(pr, "arms");
	for (i = 0; i < device->n_arms; i++)
		print_arm(pr, &device->arm[i]);
	pr_array_end(pr);
	print_alarm(pr, &device->alarm);
	pr_owner(pr, &device->owner);
	pr_number(pr, "sequences", NO_WORD, device->sequences);
	pr_number(pr, "pools", NO_WORD, device->pools);
	print_state(pr, device);
	pr_counters(pr, "sent", &device->sent);
	pr_counters(pr, "received", &device->received);
	print_health(pr, &device->health);
	pr_line(pr);
}

DEFINE_NOUN_RUN(device)
