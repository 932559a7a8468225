// SPDX-License-Identifier: GPL-2.0
#include "cli.h"
#include "noun.h"

enum { POLICY, BY, MEMBER, WEIGHT, STATE, OWNER };

static const struct word words[] = {
	{ "policy", POLICY },
	{ "by", BY },
	{ "member", MEMBER },
	{ "weight", WEIGHT },
	{ "state", STATE },
	{ "owner", OWNER },
	{ NULL, 0 }
};

#define WEIGHT_MAX	255

static int take_member(struct args *args, struct svcseq_pool *pool)
{
	if (pool->n_members == SVCSEQ_MAX_MEMBERS)
		return args_many(args, "members", SVCSEQ_MAX_MEMBERS);
	return take_name(args, "the device that is a member",
			 pool->member[pool->n_members++].device);
}

static int take_weight(struct args *args, struct svcseq_u8 *to)
{
	uint32_t value = 0;

	if (to->set)
		return args_twice(args, "\"weight\" of one member");
	if (take_number(args, "a weight", 1, WEIGHT_MAX, &value))
		return EXIT_USAGE;
	to->set = true;
	to->value = (uint8_t)value;
	return 0;
}

static int take_member_word(struct args *args, struct svcseq_pool *pool,
			    int word)
{
	struct svcseq_member *member;

	if (!pool->n_members)
		return args_missing(args, "\"member\" before what belongs to a member");
	member = &pool->member[pool->n_members - 1];
	if (word == WEIGHT)
		return take_weight(args, &member->weight);
	return take_enum(args, word_state, "a state of a member",
			 &member->state);
}

/**
 * pool_parse - Read the words of a pool command.
 * @args: words
 * @rq: request
 *
 * Return: 0 or EXIT_USAGE.
 */
int pool_parse(struct args *args, struct request *rq)
{
	struct svcseq_pool *pool = &rq->pool;
	enum verb verb = rq->cmd->verb;
	int word = -1;
	int ret;

	if (verb == VERB_SHOW && args_end(args))
		return 0;
	rq->keyed = true;
	if (take_name(args, "the name of a pool", pool->name))
		return EXIT_USAGE;
	if (verb == VERB_SHOW || verb == VERB_DEL)
		return args_done(args);
	while (!args_end(args)) {
		if (take_word(args, words, &word))
			return EXIT_USAGE;
		switch (word) {
		case POLICY:
			ret = take_enum(args, word_policy, "a policy",
					&pool->policy);
			break;
		case BY:
			ret = take_enum(args, word_spread_by,
					"what flows are told apart by",
					&pool->by);
			break;
		case MEMBER:
			ret = take_member(args, pool);
			break;
		case OWNER:
			ret = take_owner(args, &pool->owner);
			break;
		default:
			ret = take_member_word(args, pool, word);
		}
		if (ret)
			return ret;
	}
	/* Weights and states can be changed without the rest. */
	if (verb == VERB_ADD && !pool->policy.set)
		return args_missing(args, "\"policy\" with primary or spread");
	if (!pool->n_members)
		return args_missing(args, "a member: \"member\" with the name of a device");
	return 0;
}

static void print_member(struct printer *pr, const struct svcseq_member *member)
{
	/* What is usual is not said. */
	bool up = member->state.value == SVCSEQ_MEMBER_STATE_UP;

	pr_object(pr, NULL);
	pr_string(pr, "device", "member", member->device);
	if (member->weight.set)
		pr_number(pr, "weight",
			  member->weight.value == 1 ? NO_WORD : "weight",
			  member->weight.value);
	pr_enum(pr, "state", up ? NO_WORD : "state", word_state,
		&member->state);
	pr_bool(pr, "active", NO_WORD, member->active);
	pr_object_end(pr);
}

/* Text that "pool add" would not take stands on a line of its own. */
static void print_state(struct printer *pr, const struct svcseq_pool *pool)
{
	unsigned int i, n = 0;

	if (pr->json || !pr->stats)
		return;
	pr_line(pr);
	pr_text(pr, "    used by %u sequence%s, generation %u, active",
		pool->sequences, pool->sequences == 1 ? "" : "s",
		pool->generation);
	for (i = 0; i < pool->n_members; i++) {
		if (!pool->member[i].active)
			continue;
		pr_string(pr, NULL, BARE, pool->member[i].device);
		n++;
	}
	if (!n)
		pr_word(pr, "nobody");
}

/**
 * pool_print - Print what a pool is.
 * @pr: printer
 * @pool: pool
 */
void pool_print(struct printer *pr, const struct svcseq_pool *pool)
{
	unsigned int i;

	pr_string(pr, "name", BARE, pool->name);
	pr_enum(pr, "policy", "policy", word_policy, &pool->policy);
	pr_enum(pr, "by", "by", word_spread_by, &pool->by);
	pr_array(pr, "members");
	for (i = 0; i < pool->n_members; i++)
		print_member(pr, &pool->member[i]);
	pr_array_end(pr);
	pr_owner(pr, &pool->owner);
	pr_number(pr, "sequences", NO_WORD, pool->sequences);
	pr_number(pr, "generation", NO_WORD, pool->generation);
	print_state(pr, pool);
	pr_line(pr);
}

DEFINE_NOUN_RUN(pool)
