/* SPDX-License-Identifier: GPL-2.0 */
/* Nouns: what the commands of every noun have in common. */
#ifndef SVCSEQ_CONTROL_NOUN_H
#define SVCSEQ_CONTROL_NOUN_H

#include "netlink.h"

/**
 * struct svcseq_nl_noun - What the commands of one noun differ in.
 * @find: the object that a request names, or an ERR_PTR() with the refusal
 *   told
 * @write: adds the object that a request describes, or with an object changes
 *   that one; returns the object or an ERR_PTR()
 * @del: deletes an object; returns 0 or a negative errno
 * @fill: writes the attributes of an object
 * @objects: where in &struct svcseq_net the objects stand, by number
 * @get_cmd: command of answers
 * @ntf_cmd: command that tells of an object added or changed
 * @del_ntf_cmd: command that tells of an object deleted
 * @rtnl: it is net devices that the objects are made of: @find, @write and
 *   @del want rtnl
 *
 * All are called with cfg_lock.
 */
struct svcseq_nl_noun {
	void *(*find)(struct svcseq_net *sn, struct genl_info *info);
	void *(*write)(struct svcseq_net *sn, struct genl_info *info,
		       void *obj);
	int (*del)(struct svcseq_net *sn, void *obj,
		   struct netlink_ext_ack *extack);
	svcseq_nl_fill *fill;
	size_t objects;
	u8 get_cmd;
	u8 ntf_cmd;
	u8 del_ntf_cmd;
	bool rtnl;
};

int svcseq_nl_write(struct genl_info *info, const struct svcseq_nl_noun *noun,
		    bool add);
int svcseq_nl_del(struct genl_info *info, const struct svcseq_nl_noun *noun);
int svcseq_nl_get(struct genl_info *info, const struct svcseq_nl_noun *noun);
int svcseq_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		   const struct svcseq_nl_noun *noun);
void svcseq_nl_tell(struct svcseq_net *sn, const struct svcseq_nl_noun *noun,
		    u8 cmd, const void *obj);
void svcseq_nl_gone(struct svcseq_net *sn, const struct svcseq_nl_noun *noun,
		    const void *obj);

#endif /* SVCSEQ_CONTROL_NOUN_H */
