/* SPDX-License-Identifier: GPL-2.0 */
/* Access lists: a list under construction, and its rules in words. */
#ifndef SVCSEQ_CLI_ACL_H
#define SVCSEQ_CLI_ACL_H

#include <stddef.h>

#include "cli.h"

extern const struct word word_rule_verdict[];

int acl_append(struct acl_request *acl, const struct svcseq_rule *rule);
void acl_free(struct acl_request *acl);

int take_rule(struct args *args, struct svcseq_rule *rule);
bool rule_begins(const struct args *args);
void rule_print(struct printer *pr, const struct svcseq_rule *rule);

#endif
