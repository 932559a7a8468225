/* SPDX-License-Identifier: GPL-2.0 */
/* Nouns: what the commands of every noun have in common. */
#ifndef SVCSEQ_CLI_NOUN_H
#define SVCSEQ_CLI_NOUN_H

#include "cli.h"

/**
 * DEFINE_NOUN_RUN - define noun_run(), which runs add, set, del and show
 * @noun: port, device, pool, sequence or service
 *
 * A macro, since the library's functions and types differ by noun in their
 * names alone. It wants noun_print(), and a member of that name in
 * &struct request.
 */
#define DEFINE_NOUN_RUN(noun)						\
static int noun##_show(const struct svcseq_##noun *obj, void *data)	\
{									\
	struct printer *pr = data;					\
									\
	pr_object(pr, NULL);						\
	noun##_print(pr, obj);						\
	pr_object_end(pr);						\
	return 0;							\
}									\
									\
static int noun##_show_one(struct cli *cli, const struct request *rq,	\
			   struct svcseq_error *err)			\
{									\
	struct svcseq_##noun obj;					\
	int ret;							\
									\
	ret = svcseq_##noun##_get(cli->sq, &rq->noun, &obj, err);	\
	if (ret)							\
		return ret;						\
	pr_list(&cli->pr);						\
	ret = noun##_show(&obj, &cli->pr);				\
	pr_list_end(&cli->pr, ret);					\
	return ret;							\
}									\
									\
int noun##_run(struct cli *cli, const struct request *rq,		\
	       struct svcseq_error *err)				\
{									\
	int ret;							\
									\
	switch (rq->cmd->verb) {					\
	case VERB_ADD:							\
		return svcseq_##noun##_add(cli->sq, &rq->noun, err);	\
	case VERB_SET:							\
		return svcseq_##noun##_set(cli->sq, &rq->noun, err);	\
	case VERB_DEL:							\
		return svcseq_##noun##_del(cli->sq, &rq->noun, err);	\
	default:							\
		break;							\
	}								\
	if (rq->keyed)							\
		return noun##_show_one(cli, rq, err);			\
	pr_list(&cli->pr);						\
	ret = svcseq_##noun##_each(cli->sq, noun##_show, &cli->pr, err); \
	pr_list_end(&cli->pr, ret);					\
	return ret;							\
}

#endif
