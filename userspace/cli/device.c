// SPDX-License-Identifier: GPL-2.0
#include "cli.h"
#include "noun.h"

enum { KIND, MODE, ADDRESS, OUTER, INNER, MAC, ANY, VIA, OWNER };

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
	{ NULL, 0 }
};

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
		default:
			ret = take_arm_word(args, device, word);
		}
		if (ret)
			return ret;
	}
	if (!device->kind.set)
		return args_missing(args, "\"kind\" with inline, bridge, tap or server");
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
	pr_owner(pr, &device->owner);
	pr_number(pr, "sequences", NO_WORD, device->sequences);
	print_state(pr, device);
	pr_counters(pr, "sent", &device->sent);
	pr_counters(pr, "received", &device->received);
	pr_line(pr);
}

DEFINE_NOUN_RUN(device)
