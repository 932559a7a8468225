// SPDX-License-Identifier: GPL-2.0
#include "cli.h"
#include "noun.h"

enum {
	STEP, PORT, BECOMES, COPY, REQUEST, REPLY, ALERT_TO, COPY_PORT,
	UPLINK, FROM, OWNER, TRACK, LOCAL, REMOTE, PATH_ID, DSCP, ON_FAIL,
};

/* A path has 24 bits in NSH and GRE, a DSCP 6. */
#define PATH_ID_MAX	0xffffff
#define DSCP_MAX	63

static const struct word words[] = {
	{ "step", STEP },
	{ "port", PORT },
	{ "becomes", BECOMES },
	{ "copy", COPY },
	{ "request", REQUEST },
	{ "reply", REPLY },
	{ "alert-to", ALERT_TO },
	{ "copy-port", COPY_PORT },
	{ "uplink", UPLINK },
	{ "from", FROM },
	{ "owner", OWNER },
	{ "track", TRACK },
	{ "local", LOCAL },
	{ "remote", REMOTE },
	{ "path-id", PATH_ID },
	{ "dscp", DSCP },
	{ "on-fail", ON_FAIL },
	{ NULL, 0 }
};

static int take_step(struct args *args, struct svcseq_sequence *seq)
{
	if (seq->n_steps == SVCSEQ_MAX_STEPS)
		return args_many(args, "steps", SVCSEQ_MAX_STEPS);
	return take_name(args, "the device or pool of the step",
			 seq->step[seq->n_steps++].device);
}

static int take_copy(struct args *args, struct svcseq_step *step)
{
	if (step->n_copies == SVCSEQ_MAX_COPIES)
		return args_many(args, "copies at one step", SVCSEQ_MAX_COPIES);
	return take_name(args, "the tap of the copy",
			 step->copy[step->n_copies++].device);
}

static int take_copy_word(struct args *args, struct svcseq_step *step, int word)
{
	struct svcseq_copy *copy;

	if (!step->n_copies)
		return args_missing(args, "\"copy\" before what belongs to a copy");
	copy = &step->copy[step->n_copies - 1];
	switch (word) {
	case REQUEST:
		copy->direction.set = true;
		copy->direction.value |= SVCSEQ_DIRECTION_REQUEST;
		return 0;
	case REPLY:
		copy->direction.set = true;
		copy->direction.value |= SVCSEQ_DIRECTION_REPLY;
		return 0;
	case ALERT_TO:
		if (*copy->alert_to)
			return args_twice(args, "\"alert-to\" of one copy");
		return take_name(args, "the device or pool that gets alerts",
				 copy->alert_to);
	default:
		return take_enum(args, word_copy_port, "a port of a copy",
				 &copy->port);
	}
}

static int take_end(struct args *args, const char *what,
		    struct svcseq_addr *to)
{
	if (to->len)
		return args_twice(args, what);
	return take_addr(args, what, to);
}

static int take_path_id(struct args *args, struct svcseq_sequence *seq)
{
	if (seq->path_id)
		return args_twice(args, "\"path-id\"");
	return take_number(args, "the number of a path", 1, PATH_ID_MAX,
			   &seq->path_id);
}

static int take_behind(struct args *args, struct svcseq_u8 *to)
{
	uint32_t value = 0;

	if (to->set)
		return args_twice(args, "\"dscp\"");
	if (take_number(args, "a DSCP", 0, DSCP_MAX, &value))
		return EXIT_USAGE;
	to->set = true;
	to->value = (uint8_t)value;
	return 0;
}

static int take_on_fail(struct args *args, struct svcseq_step *step)
{
	if (take_enum(args, word_on_fail, "what to do when all of a pool fail",
		      &step->on_fail))
		return EXIT_USAGE;
	if (step->on_fail.value != SVCSEQ_ON_FAIL_ALTERNATE)
		return 0;
	return take_name(args, "the device that stands in for a pool",
			 step->alternate);
}

static int take_step_word(struct args *args, struct svcseq_sequence *seq,
			  int word)
{
	struct svcseq_step *step;

	if (!seq->n_steps)
		return args_missing(args, "\"step\" before what belongs to a step");
	step = &seq->step[seq->n_steps - 1];
	switch (word) {
	case PORT:
		if (step->port)
			return args_twice(args, "\"port\" of one step");
		return take_port(args, "the port that the device sees",
				 &step->port);
	case BECOMES:
		return take_becomes(args, &step->becomes);
	case TRACK:
		return take_enum(args, word_track, "a way to track a step",
				 &step->track);
	case LOCAL:
		return take_end(args, "the engine's end of a tunnel",
				&step->local);
	case REMOTE:
		return take_end(args, "the device's end of a tunnel",
				&step->remote);
	case ON_FAIL:
		return take_on_fail(args, step);
	case COPY:
		return take_copy(args, step);
	default:
		return take_copy_word(args, step, word);
	}
}

/**
 * sequence_parse - Read the words of a sequence command.
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int sequence_parse(struct args *args, struct request *rq)
{
	struct svcseq_sequence *seq = &rq->sequence;
	enum verb verb = rq->cmd->verb;
	int word = -1;
	int ret;

	if (verb == VERB_SHOW && args_end(args))
		return 0;
	rq->keyed = true;
	if (take_name(args, "the name of a sequence", seq->name))
		return EXIT_USAGE;
	if (verb == VERB_SHOW || verb == VERB_DEL)
		return args_done(args);
	while (!args_end(args)) {
		if (take_word(args, words, &word))
			return EXIT_USAGE;
		switch (word) {
		case STEP:
			ret = take_step(args, seq);
			break;
		case UPLINK:
			if (*seq->uplink.name)
				return args_twice(args, "\"uplink\"");
			ret = take_dev(args, "an uplink", &seq->uplink);
			break;
		case FROM:
			if (*seq->from)
				return args_twice(args, "\"from\"");
			ret = take_name(args, "the device that requests enter from",
					seq->from);
			break;
		case OWNER:
			ret = take_owner(args, &seq->owner);
			break;
		case PATH_ID:
			ret = take_path_id(args, seq);
			break;
		case DSCP:
			ret = take_behind(args, &seq->dscp);
			break;
		default:
			ret = take_step_word(args, seq, word);
		}
		if (ret)
			return ret;
	}
	if (!seq->n_steps)
		return args_missing(args, "a step: \"step\" with the name of a device or pool");
	return 0;
}

static void print_copy(struct printer *pr, const struct svcseq_copy *copy)
{
	const unsigned int both = SVCSEQ_DIRECTION_REQUEST |
				  SVCSEQ_DIRECTION_REPLY;
	unsigned int directions = copy->direction.set ? copy->direction.value :
							both;
	/* Both is what a copy without the words means. */
	bool say = (directions & both) != both;

	pr_object(pr, NULL);
	pr_string(pr, "tap", "copy", copy->device);
	pr_array(pr, "direction");
	if (directions & SVCSEQ_DIRECTION_REQUEST)
		pr_string(pr, NULL, say ? BARE : NO_WORD, "request");
	if (directions & SVCSEQ_DIRECTION_REPLY)
		pr_string(pr, NULL, say ? BARE : NO_WORD, "reply");
	pr_array_end(pr);
	if (*copy->alert_to)
		pr_string(pr, "alert-to", "alert-to", copy->alert_to);
	pr_enum(pr, "copy-port", copy->port.value == SVCSEQ_COPY_PORT_SERVICE ?
		NO_WORD : "copy-port", word_copy_port, &copy->port);
	pr_object_end(pr);
}

static void print_becomes(struct printer *pr, const struct svcseq_becomes *to)
{
	char name[ADDR_TEXT];

	if (!to->set)
		return;
	pr_word(pr, "becomes");
	pr_text(pr, "%s/%u", enum_text(word_proto, to->proto, name), to->port);
	pr_object(pr, "becomes");
	pr_proto(pr, "proto", NO_WORD, to->proto);
	pr_number(pr, "port", NO_WORD, to->port);
	pr_object_end(pr);
}

static void print_step(struct printer *pr, const struct svcseq_step *step)
{
	unsigned int i;

	pr_object(pr, NULL);
	pr_string(pr, "device", "step", step->device);
	if (step->port)
		pr_number(pr, "port", "port", step->port);
	print_becomes(pr, &step->becomes);
	if (step->track.value)
		pr_enum(pr, "track", "track", word_track, &step->track);
	pr_addr(pr, "local", "local", &step->local);
	pr_addr(pr, "remote", "remote", &step->remote);
	if (step->on_fail.value)
		pr_enum(pr, "on-fail", "on-fail", word_on_fail, &step->on_fail);
	if (*step->alternate)
		pr_string(pr, "alternate", BARE, step->alternate);
	if (step->n_copies) {
		pr_array(pr, "copies");
		for (i = 0; i < step->n_copies; i++)
			print_copy(pr, &step->copy[i]);
		pr_array_end(pr);
	}
	pr_object_end(pr);
}

/**
 * sequence_print - Print what a sequence is.
 * @pr: printer
 * @seq: sequence
 */
void sequence_print(struct printer *pr, const struct svcseq_sequence *seq)
{
	unsigned int i;

	pr_string(pr, "name", BARE, seq->name);
	pr_dev(pr, "uplink", "uplink-ifindex", "uplink", &seq->uplink);
	if (*seq->from)
		pr_string(pr, "from", "from", seq->from);
	if (seq->path_id)
		pr_number(pr, "path-id", "path-id", seq->path_id);
	if (seq->dscp.value)
		pr_number(pr, "dscp", "dscp", seq->dscp.value);
	pr_array(pr, "steps");
	for (i = 0; i < seq->n_steps; i++)
		print_step(pr, &seq->step[i]);
	pr_array_end(pr);
	pr_owner(pr, &seq->owner);
	if (pr->stats && !pr->json) {
		pr_line(pr);
		pr_text(pr, "    used by %u service%s, generation %u",
			seq->services, seq->services == 1 ? "" : "s",
			seq->generation);
	}
	pr_number(pr, "services", NO_WORD, seq->services);
	pr_number(pr, "generation", NO_WORD, seq->generation);
	pr_line(pr);
}

DEFINE_NOUN_RUN(sequence)
