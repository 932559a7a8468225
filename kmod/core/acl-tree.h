/* SPDX-License-Identifier: GPL-2.0 */
/* How a compiled access list lies in memory; for acl.c and acl-build.c only. */
#ifndef SVCSEQ_CORE_ACL_TREE_H
#define SVCSEQ_CORE_ACL_TREE_H

#include "env.h"

/**
 * DOC: classification tree
 *
 * A rule is a box: one range in each field. A *cut* divides one field into
 * cells of equal size, so that the field of a packet gives the cell by a
 * subtraction and a shift; the rules that reach into a cell are looked for
 * there. A *leaf* lists the few rules that are left, in order. Rules that
 * reach into very many cells would have to be listed very often; a *pair*
 * takes them apart from the others, and both trees are searched.
 *
 * Trees refer to their parts by the distance in bytes from struct svcseq_acl,
 * so they can be copied. Parts are aligned to four bytes; the lowest two bits
 * tell the kind of a part.
 */
enum acl_kind {
	ACL_LEAF,
	ACL_CUT,
	ACL_PAIR,
	ACL_KINDS_MASK,
};

/* Above every reference to a rule: the end of a leaf. */
#define ACL_END		0xffffffffu

/* Every one of them may leave a tree to be searched later. */
#define ACL_MAX_PAIRS	6

/**
 * struct acl_check - A field of a packet is in a range.
 * @field: enum svcseq_acl_field
 * @more: another one follows
 * @lo: lowest value
 * @span: highest value less the lowest one
 */
struct acl_check {
	u16 field;
	u16 more;
	u32 lo;
	u32 span;
};

/**
 * struct acl_entry - A rule; at the same time the leaf with this rule alone.
 * @self: reference to this
 * @end: ACL_END
 * @index: place in the list of rules
 * @check: what a packet has to fulfil, likely failures first
 */
struct acl_entry {
	u32 self;
	u32 end;
	u32 index;
	struct acl_check check[];
};

/**
 * struct acl_cut - Divides a field into cells.
 * @base: lowest value of the first cell
 * @last: number of cells, which is the index of the part for all other values
 * @field: enum svcseq_acl_field
 * @shift: of the size of a cell
 * @child: references by cell
 */
struct acl_cut {
	u32 base;
	u32 last;
	u16 field;
	u16 shift;
	u32 child[];
};

/**
 * struct acl_pair - Two trees that are both searched.
 * @first: reference to one
 * @second: reference to the other
 * @least: the first rule of the second tree: no need to go there with a match
 *   that comes before it
 */
struct acl_pair {
	u32 first;
	u32 second;
	u32 least;
};

/**
 * struct svcseq_acl - A compiled list of rules.
 * @size: in bytes, with all that it refers to
 * @root: reference to the tree
 * @none: ACL_END, which makes it a leaf without rules
 */
struct svcseq_acl {
	u32 size;
	u32 root;
	u32 none;
};

#endif /* SVCSEQ_CORE_ACL_TREE_H */
