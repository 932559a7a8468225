/* SPDX-License-Identifier: GPL-2.0 */
/* Access lists: named ordered rules, replaced as a whole. */
#ifndef SVCSEQ_TABLE_ACL_H
#define SVCSEQ_TABLE_ACL_H

#include <linux/netlink.h>

#include "../svcseq.h"

struct svcseq_rules *svcseq_rules_new(u32 n);
int svcseq_rules_label(struct svcseq_rules *rules, u32 i, const char *label);
int svcseq_rules_build(struct svcseq_rules *rules, u8 verdict);
void svcseq_rules_free(struct svcseq_rules *rules);
void svcseq_rules_count(struct svcseq_totals *sum,
			const struct svcseq_rules *rules, u32 i);

struct svcseq_list *svcseq_list_find(struct svcseq_net *sn, const char *name);
int svcseq_list_missing(const char *name, struct netlink_ext_ack *extack);
struct svcseq_rules *svcseq_list_rules(struct svcseq_net *sn,
				       const struct svcseq_list *list);
struct svcseq_list *svcseq_list_add(struct svcseq_net *sn, const char *name,
				    u8 owner, struct svcseq_rules *rules,
				    struct netlink_ext_ack *extack);
void svcseq_list_set(struct svcseq_net *sn, struct svcseq_list *list, u8 owner,
		     struct svcseq_rules *rules);
int svcseq_list_del(struct svcseq_net *sn, struct svcseq_list *list,
		    struct netlink_ext_ack *extack);
void svcseq_list_flush(struct svcseq_net *sn);

#endif /* SVCSEQ_TABLE_ACL_H */
