// SPDX-License-Identifier: GPL-2.0
/* Access lists: builds the classification tree of a list of rules.
 *
 * The tree grows from the root, one node after the other, depth first. A node
 * that waits is an *item*: the rules that reach into its part of the space, and
 * what the way there has cut out. Every item owns a share of the memory, at
 * least what a leaf of its rules takes, so the worst of lists costs time in the
 * look-up and nothing else.
 */

#include "acl.h"
#include "acl-tree.h"

#define TREE_BYTES	96	/* per rule, beside the rule itself */
#define TREE_SPARE	512
#define ITEM_REFS	12	/* references in items that wait, per rule */
#define ITEM_SPARE	4096
#define LEAF_RULES	3	/* fewer make a leaf, without much ado */
#define MAX_CELLS	16384
#define FEW_CELLS	16
#define MAX_DEPTH	48
#define ENCODE_STEP	512
/* In rules looked at, some ten instructions each */
#define EFFORT		512	/* per rule */
#define STEP_WORK	16384

/* Memory is shared out in 16ths of a byte per reference. */
#define SHARE_ONE	16
#define SHARE_LEAST	(4 * SHARE_ONE)
#define SHARE_RICH	(16 * SHARE_ONE)

/* What looking up takes, in instructions of a usual 64-bit machine */
#define COST_LEAF	6
#define COST_RULE	11
#define COST_CUT	12
#define COST_PAIR	20
/* a cut that leaves two rules */
#define COST_GOOD	(COST_CUT + COST_LEAF + 2 * COST_RULE)
/* not worth to look further */
#define COST_FAIR	200

#define SPANS		16

/* an earlier rule takes all of a run */
#define TALLY_FULL	0x80000000u

struct acl_range {
	u32 lo;
	u32 hi;
};

/* A node that waits; its rules follow, in order. */
struct acl_item {
	u32 prev;		/* the item below on the stack */
	u32 count;		/* rules */
	u32 slot;		/* what refers to the node: the first place */
	u32 slots;		/* how many places there are */
	u32 share;		/* memory per rule, and for one more */
	u32 effort;		/* work that may be spent, per rule */
	u16 depth;
	u8 pairs;		/* on the way here */
	u8 dim;			/* what the last cut was in; dims for none */
	struct acl_range cut;	/* and what is left there */
};

#define ITEM_WORDS	(sizeof(struct acl_item) / sizeof(u32))

enum acl_phase {
	PHASE_ENCODE,
	PHASE_ROOT,
	PHASE_LOOK,
	PHASE_TRY,
	PHASE_GROW,
	PHASE_DONE,
};

/* How many cells to try: far more than rules, or fewer if that takes too much
 * memory.  With a handful of them there is time to count how many rules no
 * packet gets to, since an earlier one takes all of a cell.
 */
enum acl_fineness {
	FINE,
	COARSE,
	FEW,
};

/* One way to divide the rules of a node. */
struct acl_try {
	u32 cost;
	u32 share;
	u32 base;
	u32 end;
	u32 cells;
	u8 dim;
	u8 shift;
	u8 span;		/* rules above it go to the pair's other tree */
};

/* What the rules of a node have to do with a dimension. */
struct acl_look {
	u32 bound;		/* how many do not reach from end to end */
	u32 lo;
	u32 hi;
};

/* Cells without an end of a rule between them are one *run*, with one child. */
struct acl_runs {
	u32 runs;
	u32 items;		/* of two rules and more: single ones are free */
	u32 refs;		/* in them */
	u64 places;		/* for references, while children wait */
	u64 weight;		/* references, in all */
	u64 rich;		/* cost, times weight */
	u64 poor;
};

struct svcseq_acl_builder {
	struct svcseq_acl *acl;
	const struct svcseq_acl_rule *rules;
	u32 nrules;
	u32 next;		/* rule to encode */
	u32 n;			/* rules that are left of them */
	enum svcseq_acl_family family;
	enum acl_phase phase;

	u32 dims;		/* fields that the rules differ in */
	u8 field[SVCSEQ_ACL_FIELDS];
	struct acl_range *range;	/* by rule, then by dimension */
	u32 *ref;		/* by rule */
	u32 *hash;
	u32 hash_mask;

	u32 used;		/* of the compiled list */
	u32 *stack;
	u32 top;
	u32 stack_size;
	u32 item;		/* the one on top */
	u32 items;

	u32 *begin;		/* by cell */
	u32 *close;
	u32 *run;
	u32 *tally;		/* by run */
	u32 max_cells;

	/* the node at hand */
	struct acl_range box[SVCSEQ_ACL_FIELDS];
	struct acl_look look[SVCSEQ_ACL_FIELDS];
	u32 try_dim;
	enum acl_fineness fineness;
	struct acl_try best;
	struct acl_try last;	/* what begin, close and run are about */
	struct acl_runs runs;
	u32 spent;		/* work */

	struct {
		u32 dim;
		struct acl_range range;
	} path[MAX_DEPTH + 1];
};

static bool rule_is_of(const struct svcseq_acl_rule *rule,
		       enum svcseq_acl_family family)
{
	return rule->family == SVCSEQ_ACL_ANY || rule->family == family;
}

static bool ports_are_all(u16 lo, u16 hi)
{
	return !lo && hi == 0xffff;
}

static u32 prefix_words(u8 len)
{
	return (len + 31u) / 32;
}

static struct acl_range prefix_range(const u8 *addr, u8 len, u32 word)
{
	u32 bits = len > 32 * word ? len - 32 * word : 0;
	struct acl_range range = { 0, U32_MAX };

	if (!bits)
		return range;
	if (bits < 32)
		range.hi >>= bits;
	else
		range.hi = 0;
	range.lo = svcseq_acl_word(addr + 4 * word) & ~range.hi;
	range.hi |= range.lo;
	return range;
}

static struct acl_range port_range(u16 lo, u16 hi)
{
	struct acl_range range = { lo, hi };

	if (ports_are_all(lo, hi))
		range.hi = U32_MAX;
	return range;
}

static struct acl_range rule_range(const struct svcseq_acl_rule *rule,
				   u32 field)
{
	struct acl_range range = { 0, U32_MAX };

	switch (field) {
	case SVCSEQ_ACL_SPORT:
		return port_range(rule->sport_lo, rule->sport_hi);
	case SVCSEQ_ACL_DPORT:
		return port_range(rule->dport_lo, rule->dport_hi);
	case SVCSEQ_ACL_PROTO:
		if (rule->proto) {
			range.lo = rule->proto;
			range.hi = rule->proto;
		}
		return range;
	case SVCSEQ_ACL_LEN:
		range.lo = rule->len_lo;
		range.hi = rule->len_hi;
		return range;
	default:
		if (field < SVCSEQ_ACL_DST)
			return prefix_range(rule->src, rule->src_len, field);
		return prefix_range(rule->dst, rule->dst_len,
				    field - SVCSEQ_ACL_DST);
	}
}

static bool range_is_all(const struct acl_range *range)
{
	return !range->lo && range->hi == U32_MAX;
}

/* What the size of everything depends on. */
struct acl_extent {
	u32 n;
	u32 checks;
	u32 dims;
	u32 cells;
	u32 hash;
	u8 field[SVCSEQ_ACL_FIELDS];
};

static void extent_fill(struct acl_extent *extent,
			const struct svcseq_acl_rule *rules, u32 count,
			enum svcseq_acl_family family)
{
	u32 src = 0, dst = 0, used = 0;
	u32 i, f;

	memset(extent, 0, sizeof(*extent));
	for (i = 0; i < count; i++) {
		const struct svcseq_acl_rule *rule = &rules[i];
		u32 checks = 0;

		if (!rule_is_of(rule, family))
			continue;
		if (rule->src_len > src)
			src = rule->src_len;
		if (rule->dst_len > dst)
			dst = rule->dst_len;
		checks += prefix_words(rule->src_len);
		checks += prefix_words(rule->dst_len);
		if (!ports_are_all(rule->sport_lo, rule->sport_hi)) {
			used |= 1u << SVCSEQ_ACL_SPORT;
			checks++;
		}
		if (!ports_are_all(rule->dport_lo, rule->dport_hi)) {
			used |= 1u << SVCSEQ_ACL_DPORT;
			checks++;
		}
		if (rule->proto) {
			used |= 1u << SVCSEQ_ACL_PROTO;
			checks++;
		}
		if (rule->len_lo || rule->len_hi != U32_MAX) {
			used |= 1u << SVCSEQ_ACL_LEN;
			checks++;
		}
		extent->n++;
		extent->checks += checks ? checks : 1;
	}
	for (f = 0; f < 4; f++) {
		if (src > 32 * f)
			used |= 1u << (SVCSEQ_ACL_SRC + f);
		if (dst > 32 * f)
			used |= 1u << (SVCSEQ_ACL_DST + f);
	}
	for (f = 0; f < SVCSEQ_ACL_FIELDS; f++)
		if (used & 1u << f)
			extent->field[extent->dims++] = (u8)f;
	extent->hash = 2u << fls(extent->n);
	extent->cells = extent->hash < MAX_CELLS ? extent->hash : MAX_CELLS;
}

static u32 extent_result(const struct acl_extent *extent)
{
	return (u32)(sizeof(struct svcseq_acl) +
		     extent->n * sizeof(struct acl_entry) +
		     extent->checks * sizeof(struct acl_check));
}

static u32 extent_tree(const struct acl_extent *extent)
{
	return extent->n * TREE_BYTES + TREE_SPARE;
}

static u32 extent_stack(const struct acl_extent *extent)
{
	return extent->n * ITEM_REFS + ITEM_SPARE;
}

/* The builder begins at the next multiple of eight. */
static u32 extent_builder(const struct acl_extent *extent)
{
	return (extent_result(extent) + extent_tree(extent) + 7) & ~7u;
}

/**
 * svcseq_acl_arena_size - how much memory the builder needs
 * @rules: the list
 * @count: how many rules it has, at most SVCSEQ_ACL_MAX_RULES
 * @family: SVCSEQ_ACL_IPV4 or SVCSEQ_ACL_IPV6
 *
 * Context: any.
 * Return: the size in bytes of the arena to give to svcseq_acl_build_begin().
 */
size_t svcseq_acl_arena_size(const struct svcseq_acl_rule *rules, u32 count,
			     enum svcseq_acl_family family)
{
	struct acl_extent extent;

	extent_fill(&extent, rules, count, family);
	return extent_builder(&extent) + sizeof(struct svcseq_acl_builder) +
	       extent.n * extent.dims * sizeof(struct acl_range) +
	       sizeof(u32) * (extent.n + extent.hash + extent_stack(&extent) +
			      4 * (extent.cells + 2));
}

/**
 * svcseq_acl_build_begin - begin to compile a list of rules
 * @arena: memory of svcseq_acl_arena_size(), aligned to eight bytes
 * @rules: the list, of rules that passed svcseq_acl_rule_check(); must stay
 *   until the end
 * @count: how many rules it has
 * @family: SVCSEQ_ACL_IPV4 or SVCSEQ_ACL_IPV6; rules of the other one are
 *   passed over
 *
 * The arena becomes the compiled list; the builder is in it as well.
 *
 * Context: any.
 * Return: the builder.
 */
struct svcseq_acl_builder *
svcseq_acl_build_begin(void *arena, const struct svcseq_acl_rule *rules,
		       u32 count, enum svcseq_acl_family family)
{
	struct svcseq_acl_builder *b;
	struct acl_extent extent;
	u32 *words;

	extent_fill(&extent, rules, count, family);
	b = (void *)((u8 *)arena + extent_builder(&extent));
	memset(b, 0, sizeof(*b));
	b->acl = arena;
	b->rules = rules;
	b->nrules = count;
	b->family = family;
	b->dims = extent.dims;
	memcpy(b->field, extent.field, sizeof(b->field));
	b->range = (void *)(b + 1);

	words = (void *)(b->range + extent.n * extent.dims);
	b->ref = words;
	words += extent.n;
	b->hash = words;
	b->hash_mask = extent.hash - 1;
	words += extent.hash;
	b->stack = words;
	b->stack_size = extent_stack(&extent);
	words += b->stack_size;
	b->max_cells = extent.cells;
	b->begin = words;
	b->close = b->begin + extent.cells + 2;
	b->run = b->close + extent.cells + 2;
	b->tally = b->run + extent.cells + 2;
	memset(b->hash, 0, extent.hash * sizeof(u32));

	b->acl->none = ACL_END;
	b->acl->root = offsetof(struct svcseq_acl, none);
	b->used = sizeof(struct svcseq_acl);
	return b;
}

static void *tree_at(const struct svcseq_acl_builder *b, u32 offset)
{
	return (u8 *)b->acl + offset;
}

static u32 tree_alloc(struct svcseq_acl_builder *b, u32 size)
{
	u32 offset = b->used;

	b->used += size;
	return offset;
}

/* Of rules that are alike the first one decides. */
static bool rule_is_known(struct svcseq_acl_builder *b,
			  const struct acl_range *range)
{
	size_t size = b->dims * sizeof(*range);
	u32 hash = 0;
	u32 d;

	for (d = 0; d < b->dims; d++) {
		/* the constants are odd and of many bits, no more */
		hash = (hash ^ range[d].lo) * 0x9e3779b1;
		hash = (hash ^ hash >> 15 ^ range[d].hi) * 0x85ebca77;
	}
	hash ^= hash >> 16;
	while (b->hash[hash & b->hash_mask]) {
		u32 other = b->hash[hash & b->hash_mask] - 1;

		if (!memcmp(b->range + other * b->dims, range, size))
			return true;
		hash++;
	}
	b->hash[hash & b->hash_mask] = b->n + 1;
	return false;
}

/* How likely a packet is in a range, as a logarithm; the unused upper half of
 * a port makes no difference.
 */
static u32 range_weight(const struct acl_range *range, u32 field)
{
	u32 weight = (u32)fls(range->hi - range->lo);

	if (field == SVCSEQ_ACL_PROTO)
		return weight + 24;
	return field < SVCSEQ_ACL_SPORT ? weight : weight + 16;
}

static void encode_checks(struct svcseq_acl_builder *b,
			  struct acl_entry *entry,
			  const struct acl_range *range)
{
	u32 weight[SVCSEQ_ACL_FIELDS];
	u32 n = 0;
	u32 d, i;

	/* From behind: the last bits of an address say more than the first. */
	for (d = b->dims; d-- > 0;) {
		u32 w = range_weight(&range[d], b->field[d]);

		if (range_is_all(&range[d]))
			continue;
		for (i = n++; i && weight[i - 1] > w; i--) {
			weight[i] = weight[i - 1];
			entry->check[i] = entry->check[i - 1];
		}
		weight[i] = w;
		entry->check[i].field = b->field[d];
		entry->check[i].lo = range[d].lo;
		entry->check[i].span = range[d].hi - range[d].lo;
	}
	if (!n) {
		entry->check[0].field = 0;
		entry->check[0].lo = 0;
		entry->check[0].span = U32_MAX;
		n = 1;
	}
	for (i = 0; i < n; i++)
		entry->check[i].more = i + 1 < n;
	b->used += n * (u32)sizeof(struct acl_check);
}

static void encode_rule(struct svcseq_acl_builder *b, u32 index)
{
	struct acl_range *range = b->range + b->n * b->dims;
	struct acl_entry *entry;
	u32 d;

	if (!rule_is_of(&b->rules[index], b->family))
		return;
	for (d = 0; d < b->dims; d++)
		range[d] = rule_range(&b->rules[index], b->field[d]);
	if (rule_is_known(b, range))
		return;

	b->ref[b->n] = tree_alloc(b, sizeof(*entry));
	entry = tree_at(b, b->ref[b->n]);
	entry->self = b->ref[b->n];
	entry->end = ACL_END;
	entry->index = index;
	encode_checks(b, entry, range);
	b->n++;
}

static u32 encode_some(struct svcseq_acl_builder *b)
{
	u32 i;

	for (i = 0; i < ENCODE_STEP && b->next < b->nrules; i++)
		encode_rule(b, b->next++);
	if (b->next == b->nrules)
		b->phase = PHASE_ROOT;
	return 4 * ENCODE_STEP;
}

static struct acl_item *item_at(const struct svcseq_acl_builder *b, u32 at)
{
	return (void *)(b->stack + at);
}

static u32 *item_rules(struct acl_item *item)
{
	return (u32 *)(item + 1);
}

/* A place for an item of @count rules on top of the stack. */
static struct acl_item *item_push(struct svcseq_acl_builder *b, u32 count)
{
	struct acl_item *item = item_at(b, b->top);

	memset(item, 0, sizeof(*item));
	item->prev = b->item;
	item->count = count;
	b->item = b->top;
	b->items++;
	b->top += (u32)ITEM_WORDS + count;
	return item;
}

static void item_pop(struct svcseq_acl_builder *b)
{
	b->top = b->item;
	b->item = item_at(b, b->item)->prev;
	b->items--;
}

static void item_place(const struct svcseq_acl_builder *b,
		       const struct acl_item *item, u32 ref)
{
	u32 *slot = tree_at(b, item->slot);
	u32 i;

	for (i = 0; i < item->slots; i++)
		slot[i] = ref;
}

static u32 push_root(struct svcseq_acl_builder *b)
{
	struct acl_item *item;
	u32 *rules;
	u32 i;

	b->phase = PHASE_DONE;
	if (!b->n)
		return 0;
	item = item_push(b, b->n);
	item->slot = offsetof(struct svcseq_acl, root);
	item->slots = 1;
	item->share = (b->n * TREE_BYTES + TREE_SPARE) / (b->n + 1) * SHARE_ONE;
	item->effort = EFFORT;
	item->dim = (u8)b->dims;
	rules = item_rules(item);
	for (i = 0; i < b->n; i++)
		rules[i] = i;
	b->phase = PHASE_LOOK;
	return b->n;
}

/* A leaf of rules, or what stands for one. */
static u32 leaf_make(struct svcseq_acl_builder *b, const u32 *rules, u32 count)
{
	u32 offset, i;
	u32 *leaf;

	if (!count)
		return offsetof(struct svcseq_acl, none);
	if (count == 1)
		return b->ref[rules[0]];
	offset = tree_alloc(b, (count + 1) * (u32)sizeof(*leaf));
	leaf = tree_at(b, offset);
	for (i = 0; i < count; i++)
		leaf[i] = b->ref[rules[i]];
	leaf[count] = ACL_END;
	return offset;
}

static bool range_covers(const struct acl_range *range,
			 const struct acl_range *part)
{
	return range->lo <= part->lo && range->hi >= part->hi;
}

static struct acl_range range_cut(const struct acl_range *range,
				  const struct acl_range *box)
{
	struct acl_range part = *range;

	if (part.lo < box->lo)
		part.lo = box->lo;
	if (part.hi > box->hi)
		part.hi = box->hi;
	return part;
}

/* The part of the space that the item on top is about. */
static void node_box(struct svcseq_acl_builder *b, const struct acl_item *item)
{
	u32 i;

	if (item->dim < b->dims) {
		b->path[item->depth - 1].dim = item->dim;
		b->path[item->depth - 1].range = item->cut;
	}
	for (i = 0; i < b->dims; i++) {
		b->box[i].lo = 0;
		b->box[i].hi = U32_MAX;
	}
	for (i = 0; i < item->depth; i++)
		b->box[b->path[i].dim] = b->path[i].range;
}

/* Does a rule reach from end to end of the box in all dimensions?  In passing,
 * take note of those where it does not.
 */
static bool look_at_rule(struct svcseq_acl_builder *b,
			 const struct acl_range *range)
{
	bool covers = true;
	u32 d;

	for (d = 0; d < b->dims; d++) {
		struct acl_look *look = &b->look[d];
		struct acl_range part;

		if (range_covers(&range[d], &b->box[d]))
			continue;
		covers = false;
		part = range_cut(&range[d], &b->box[d]);
		look->bound++;
		if (part.lo < look->lo)
			look->lo = part.lo;
		if (part.hi > look->hi)
			look->hi = part.hi;
	}
	return covers;
}

static u32 node_look(struct svcseq_acl_builder *b)
{
	struct acl_item *item = item_at(b, b->item);
	const u32 *rules = item_rules(item);
	u32 d, i;

	if (!b->items) {
		b->phase = PHASE_DONE;
		return 0;
	}
	node_box(b, item);
	for (d = 0; d < b->dims; d++) {
		b->look[d].bound = 0;
		b->look[d].lo = U32_MAX;
		b->look[d].hi = 0;
	}
	for (i = 0; i < item->count; i++) {
		if (look_at_rule(b, b->range + rules[i] * b->dims)) {
			/* no packet gets past this one */
			b->top -= item->count - i - 1;
			item->count = i + 1;
		}
	}
	b->best.cost = COST_LEAF + COST_RULE * item->count;
	b->best.cells = 0;
	b->last.cells = 0;
	b->try_dim = 0;
	b->fineness = FINE;
	b->spent = item->count;
	b->phase = item->count > LEAF_RULES ? PHASE_TRY : PHASE_GROW;
	return item->count;
}

/* What a look-up in a tree of @count rules will cost, if there is memory to
 * build one.
 */
static u32 cost_of_tree(u32 count)
{
	u32 e, log4;

	if (count < 4)
		return COST_LEAF + COST_RULE * count;
	e = (u32)fls(count) - 1;
	log4 = 4 * e + ((count << 2 >> e) & 3);
	return COST_LEAF + COST_RULE * 3 + 9 * (log4 - 6) / 4;
}

static u32 cost_of_leaf(u32 count)
{
	return COST_LEAF + COST_RULE * count;
}

/* With little memory left, leaves come sooner and are longer. */
static u32 cost_mix(u32 share, u32 rich, u32 poor)
{
	if (share >= SHARE_RICH || poor <= rich)
		return rich;
	return poor - (poor - rich) / 16 * (share - SHARE_LEAST) /
	       ((SHARE_RICH - SHARE_LEAST) / 16);
}

/* Memory per rule that is left when a cut has taken its own. */
static u32 share_left(const struct acl_item *item, u32 count, u32 cells,
		      u32 refs)
{
	u32 own = (u32)sizeof(struct acl_cut) + 4 * (cells + 1);
	u32 all = (count + 1) * item->share;

	own *= SHARE_ONE;
	if (own >= all)
		return 0;
	return refs ? (all - own) / refs : all - own;
}

/* Choose cells of a size so that there are about @want. */
static bool try_cells(struct svcseq_acl_builder *b, struct acl_try *t, u32 want)
{
	const struct acl_look *look = &b->look[t->dim];

	t->shift = 0;
	while ((look->hi - look->lo) >> t->shift >= want)
		t->shift++;
	t->base = look->lo >> t->shift << t->shift;
	t->cells = ((look->hi - t->base) >> t->shift) + 1;
	t->end = t->base + (t->cells << t->shift) - 1;
	return t->cells <= b->max_cells + 1;
}

static void rule_cells(const struct acl_try *t, const struct acl_range *range,
		       u32 *from, u32 *to)
{
	*from = range->lo <= t->base ? 0 : (range->lo - t->base) >> t->shift;
	*to = range->hi >= t->end ? t->cells - 1 :
	      (range->hi - t->base) >> t->shift;
}

/* Where rules begin and end, in numbers of rules by cell. */
static void try_count(struct svcseq_acl_builder *b, const struct acl_try *t)
{
	struct acl_item *item = item_at(b, b->item);
	const u32 *rules = item_rules(item);
	u32 from, to, i;

	memset(b->begin, 0, t->cells * sizeof(u32));
	memset(b->close, 0, t->cells * sizeof(u32));
	for (i = 0; i < item->count; i++) {
		rule_cells(t, b->range + rules[i] * b->dims + t->dim, &from,
			   &to);
		b->begin[from]++;
		b->close[to]++;
	}
	b->last = *t;
}

static void runs_add(struct acl_runs *r, u32 count)
{
	if (!count)
		return;
	r->weight += count;
	r->rich += (u64)count * cost_of_tree(count);
	r->poor += (u64)count * cost_of_leaf(count);
	if (count > 1) {
		r->items++;
		r->refs += count;
	}
}

static bool try_has_outside(const struct svcseq_acl_builder *b,
			    const struct acl_try *t)
{
	return t->base > b->box[t->dim].lo || t->end < b->box[t->dim].hi;
}

static void try_runs(struct svcseq_acl_builder *b, const struct acl_try *t)
{
	struct acl_runs *r = &b->runs;
	u32 count = 0;
	bool fresh = true;
	u32 c;

	memset(r, 0, sizeof(*r));
	for (c = 0; c < t->cells; c++) {
		count += b->begin[c];
		if (fresh || b->begin[c]) {
			r->runs++;
			runs_add(r, count);
		}
		b->run[c] = r->runs - 1;
		count -= b->close[c];
		fresh = b->close[c];
	}
	if (try_has_outside(b, t))
		runs_add(r, item_at(b, b->item)->count - b->look[t->dim].bound);
	r->places = r->weight;
}

static bool covers_elsewhere(const struct svcseq_acl_builder *b,
			     const struct acl_range *range, u32 dim)
{
	u32 d;

	for (d = 0; d < b->dims; d++)
		if (d != dim && !range_covers(&range[d], &b->box[d]))
			return false;
	return true;
}

/* The same without the rules that come after one that takes all of a run. */
static void try_exact(struct svcseq_acl_builder *b, const struct acl_try *t)
{
	struct acl_item *item = item_at(b, b->item);
	const struct acl_range *box = &b->box[t->dim];
	const u32 *rules = item_rules(item);
	struct acl_runs exact = { .runs = b->runs.runs };
	u32 i, run;

	memset(b->tally, 0, exact.runs * sizeof(u32));
	for (i = 0; i < item->count; i++) {
		const struct acl_range *range = b->range + rules[i] * b->dims;
		bool last = covers_elsewhere(b, range, t->dim);
		struct acl_range cells;
		u32 from, to;

		range += t->dim;
		rule_cells(t, range, &from, &to);
		/* runs begin and end where rules do, so these are whole ones */
		cells.lo = t->base + (from << t->shift);
		cells.hi = t->base + (to << t->shift) + ((1u << t->shift) - 1);
		cells = range_cut(&cells, box);
		for (run = b->run[from]; run <= b->run[to]; run++) {
			if (b->tally[run] & TALLY_FULL)
				continue;
			b->tally[run]++;
			if (last && (run > b->run[from] ||
				     range->lo <= cells.lo) &&
			    (run < b->run[to] || range->hi >= cells.hi))
				b->tally[run] |= TALLY_FULL;
		}
	}
	for (run = 0; run < exact.runs; run++)
		runs_add(&exact, b->tally[run] & ~TALLY_FULL);
	if (try_has_outside(b, t))
		runs_add(&exact, item->count - b->look[t->dim].bound);
	exact.places = b->runs.places;
	b->runs = exact;
}

/* sum / weight, good to some bits */
static u32 average(u64 sum, u64 weight)
{
	u32 shift = (u32)fls((u32)(sum >> 32));

	weight >>= shift;
	return (u32)(sum >> shift) / ((u32)weight + !weight);
}

static void try_keep(struct svcseq_acl_builder *b, const struct acl_try *t)
{
	if (t->cost < b->best.cost)
		b->best = *t;
}

/* Cut as it is. */
static void try_cut(struct svcseq_acl_builder *b, struct acl_try *t)
{
	const struct acl_runs *r = &b->runs;
	const struct acl_item *item = item_at(b, b->item);
	u32 room = b->stack_size - b->top;

	t->span = SPANS;
	if (r->places + (r->runs + 1) * ITEM_WORDS > room)
		return;
	t->share = share_left(item, item->count, t->cells, r->refs + r->items);
	if (t->share < SHARE_LEAST)
		return;
	t->cost = COST_CUT + cost_mix(t->share, average(r->rich, r->weight),
				      average(r->poor, r->weight));
	try_keep(b, t);
}

/* Take apart what reaches into many runs, and cut the rest. */
static void try_pair(struct svcseq_acl_builder *b, struct acl_try *t)
{
	const struct acl_runs *r = &b->runs;
	struct acl_item *item = item_at(b, b->item);
	const u32 *rules = item_rules(item);
	u32 count[SPANS] = { 0 };
	u32 refs[SPANS] = { 0 };
	u32 from, to, i, span;
	u32 narrow = 0, sum = 0;

	/* leaves have to fit when both share what the pair leaves them */
	if ((item->count + 1) * item->share <
	    (u32)sizeof(struct acl_pair) * SHARE_ONE +
	    (item->count + 2) * SHARE_LEAST)
		return;
	for (i = 0; i < item->count; i++) {
		rule_cells(t, b->range + rules[i] * b->dims + t->dim, &from,
			   &to);
		span = b->run[to] - b->run[from];
		count[fls(span)]++;
		refs[fls(span)] += span + 1;
	}
	for (i = 0; i < SPANS; i++) {
		u32 wide, each;

		narrow += count[i];
		sum += refs[i];
		wide = item->count - narrow;
		if (!count[i] || !wide)
			continue;
		t->span = (u8)i;
		t->share = share_left(item, narrow, t->cells, sum + r->runs);
		if (t->share < SHARE_LEAST)
			break;
		each = 1 + (sum + sum / 2) / r->runs;
		t->cost = COST_PAIR + COST_CUT +
			  cost_mix(t->share, cost_of_tree(each),
				   cost_of_leaf(each)) +
			  cost_mix(item->share, cost_of_tree(wide),
				   cost_of_leaf(wide));
		try_keep(b, t);
	}
}

/* Nothing that could still be tried will be much better. */
static bool try_enough(const struct svcseq_acl_builder *b)
{
	if (b->best.cost <= COST_GOOD)
		return true;
	if (!b->best.cells)
		return false;
	return (b->fineness >= COARSE && b->best.share >= SHARE_RICH &&
		b->best.span == SPANS) ||
	       (b->fineness >= FEW && b->best.cost <= COST_FAIR);
}

/* The next way to divide the rules of the node, if there is one. */
static bool try_next(struct svcseq_acl_builder *b, struct acl_try *t)
{
	const struct acl_item *item = item_at(b, b->item);
	u32 want;

	while (!try_enough(b)) {
		if (b->try_dim == b->dims) {
			if (b->fineness == FEW)
				return false;
			b->fineness++;
			b->try_dim = 0;
			continue;
		}
		t->dim = (u8)b->try_dim++;
		if (!b->look[t->dim].bound)
			continue;
		want = FEW_CELLS;
		if (b->fineness < FEW)
			want = 1u << fls(b->fineness == FINE ? 2 * item->count :
					 item->count / 4);
		if (want > b->max_cells)
			want = b->max_cells;
		/* cells take half of the memory at most */
		while (want > 2 && (want + 4) * 8 * SHARE_ONE >
				   (item->count + 1) * item->share)
			want /= 2;
		if (want >= 2 && try_cells(b, t, want))
			return true;
	}
	return false;
}

/* Even if each of the two trees is no more than a cut and a rule? */
static bool pair_may_pay(const struct svcseq_acl_builder *b)
{
	const struct acl_item *item = item_at(b, b->item);

	return b->best.cost > COST_PAIR + COST_CUT + 2 * (COST_LEAF + COST_RULE) &&
	       b->runs.weight > item->count + item->count / 2 &&
	       item->pairs < ACL_MAX_PAIRS &&
	       item->count + 2 * ITEM_WORDS <= b->stack_size - b->top;
}

static u32 node_try(struct svcseq_acl_builder *b)
{
	const struct acl_item *item = item_at(b, b->item);
	struct acl_try t = { 0 };
	u32 work;

	if (item->depth >= MAX_DEPTH || b->spent / item->count >= item->effort ||
	    !try_next(b, &t)) {
		b->phase = PHASE_GROW;
		return 0;
	}
	work = 2 * item->count + t.cells;
	try_count(b, &t);
	try_runs(b, &t);
	if (b->fineness == FEW) {
		try_exact(b, &t);
		work += (u32)b->runs.weight;
	}
	try_cut(b, &t);
	if (pair_may_pay(b))
		try_pair(b, &t);
	b->spent += work;
	return work;
}

static void grow_leaf(struct svcseq_acl_builder *b)
{
	struct acl_item *item = item_at(b, b->item);

	item_place(b, item, leaf_make(b, item_rules(item), item->count));
	item_pop(b);
}

/* An item above the node at hand, to be moved down when all are complete; until
 * then @prev is where the next one is.
 */
static struct acl_item *child_open(struct svcseq_acl_builder *b, u32 *at,
				   const struct acl_item *parent, u32 count)
{
	struct acl_item *child = item_at(b, *at);

	*child = *parent;
	child->count = 0;
	*at += (u32)ITEM_WORDS + count;
	child->prev = *at;
	return child;
}

static void child_add(struct acl_item *child, u32 rule)
{
	item_rules(child)[child->count++] = rule;
}

/* Children with few rules are done at once; the others take the place of the
 * node at hand and share what it has left.
 */
static void children_settle(struct svcseq_acl_builder *b,
			    const struct acl_item *parent, u32 until, u32 own)
{
	u32 memory = (parent->count + 1) * parent->share - own * SHARE_ONE;
	u32 effort = parent->count * parent->effort;
	u32 refs = 0, busy = 0;
	u32 from = b->top;
	u32 to = b->item;
	u32 at, next;

	for (at = from; at < until; at = item_at(b, at)->prev) {
		if (item_at(b, at)->count > 1)
			refs += item_at(b, at)->count + 1;
		if (item_at(b, at)->count > LEAF_RULES)
			busy += item_at(b, at)->count;
	}
	effort = effort > b->spent ? effort - b->spent : 0;
	if (refs)
		memory /= refs;
	if (busy)
		effort /= busy;
	b->items--;
	b->item = parent->prev;
	for (at = from; at < until; at = next) {
		struct acl_item *child = item_at(b, at);
		u32 size = (u32)ITEM_WORDS + child->count;

		next = child->prev;
		if (child->count <= LEAF_RULES) {
			item_place(b, child, leaf_make(b, item_rules(child),
						       child->count));
			continue;
		}
		child->share = memory;
		child->effort = effort;
		child->prev = b->item;
		memmove(b->stack + to, child, size * sizeof(u32));
		b->item = to;
		b->items++;
		to += size;
	}
	b->top = to;
}

static void best_count(struct svcseq_acl_builder *b)
{
	const struct acl_try *t = &b->best;

	if (b->last.dim == t->dim && b->last.shift == t->shift)
		return;
	try_count(b, t);
	try_runs(b, t);
}

static void grow_pair(struct svcseq_acl_builder *b)
{
	struct acl_item parent = *item_at(b, b->item);
	const u32 *rules = item_rules(item_at(b, b->item));
	struct acl_item *narrow, *wide;
	struct acl_pair *pair;
	u32 count = 0;
	u32 at = b->top;
	u32 from, to, i, offset;

	best_count(b);
	for (i = 0; i < parent.count; i++) {
		rule_cells(&b->best, b->range + rules[i] * b->dims +
			   b->best.dim, &from, &to);
		count += fls(b->run[to] - b->run[from]) <= b->best.span;
	}

	offset = tree_alloc(b, sizeof(*pair));
	pair = tree_at(b, offset);
	item_place(b, &parent, offset | ACL_PAIR);
	parent.slots = 1;
	parent.dim = (u8)b->dims;
	parent.pairs++;
	narrow = child_open(b, &at, &parent, count);
	wide = child_open(b, &at, &parent, parent.count - count);
	for (i = 0; i < parent.count; i++) {
		rule_cells(&b->best, b->range + rules[i] * b->dims +
			   b->best.dim, &from, &to);
		if (fls(b->run[to] - b->run[from]) <= b->best.span)
			child_add(narrow, rules[i]);
		else
			child_add(wide, rules[i]);
	}
	/* where the first rule is, most likely the first match is as well */
	if (item_rules(narrow)[0] > item_rules(wide)[0]) {
		struct acl_item *other = narrow;

		narrow = wide;
		wide = other;
	}
	narrow->slot = offset + (u32)offsetof(struct acl_pair, first);
	wide->slot = offset + (u32)offsetof(struct acl_pair, second);
	pair->least = b->ref[item_rules(wide)[0]];
	children_settle(b, &parent, at, sizeof(*pair));
}

/* Lay out the children of a cut: begin and close, which are by cell, turn into
 * first free place and item, by run.
 */
static u32 cut_open(struct svcseq_acl_builder *b, const struct acl_item *parent,
		    u32 slot)
{
	const struct acl_try *t = &b->best;
	const struct acl_range *box = &b->box[t->dim];
	struct acl_item *child = NULL;
	u32 at = b->top;
	u32 count = 0;
	bool fresh = true;
	u32 run = 0;
	u32 c;

	for (c = 0; c < t->cells; c++) {
		u32 close = b->close[c];

		count += b->begin[c];
		if (fresh || b->begin[c]) {
			child = NULL;
			b->close[run] = 0;
			if (count) {
				b->close[run] = at;
				child = child_open(b, &at, parent, count);
				child->dim = t->dim;
				child->depth++;
				child->slot = slot + 4 * c;
				child->slots = 0;
				child->cut.lo = t->base + (c << t->shift);
			}
			run++;
		}
		if (child) {
			child->slots++;
			child->cut.hi = t->base + (c << t->shift) +
					((1u << t->shift) - 1);
			if (child->cut.lo < box->lo)
				child->cut.lo = box->lo;
			if (child->cut.hi > box->hi)
				child->cut.hi = box->hi;
		}
		count -= close;
		fresh = close;
	}
	return at;
}

static void cut_fill(struct svcseq_acl_builder *b, const struct acl_item *parent,
		     struct acl_item *outside)
{
	const u32 *rules = item_rules(item_at(b, b->item));
	const struct acl_try *t = &b->best;
	u32 i, from, to, run;

	for (i = 0; i < parent->count; i++) {
		const struct acl_range *range = b->range + rules[i] * b->dims;
		bool last = covers_elsewhere(b, range, t->dim);

		range += t->dim;
		if (outside && range_covers(range, &b->box[t->dim]))
			child_add(outside, rules[i]);
		rule_cells(t, range, &from, &to);
		for (run = b->run[from]; run <= b->run[to]; run++) {
			struct acl_item *child = item_at(b, b->close[run]);

			/* begin: does a rule before this one cover it all? */
			if (b->begin[run])
				continue;
			child_add(child, rules[i]);
			b->begin[run] = last && range_covers(range, &child->cut);
		}
	}
}

static void grow_cut(struct svcseq_acl_builder *b)
{
	struct acl_item parent = *item_at(b, b->item);
	const struct acl_try *t = &b->best;
	struct acl_item *outside = NULL;
	struct acl_cut *cut;
	u32 own, offset, at, c;

	best_count(b);
	own = (u32)sizeof(*cut) + 4 * (t->cells + 1);
	offset = tree_alloc(b, own);
	item_place(b, &parent, offset | ACL_CUT);
	cut = tree_at(b, offset);
	cut->base = t->base;
	cut->last = t->cells;
	cut->field = b->field[t->dim];
	cut->shift = t->shift;
	for (c = 0; c <= t->cells; c++)
		cut->child[c] = offsetof(struct svcseq_acl, none);

	offset += (u32)offsetof(struct acl_cut, child);
	at = cut_open(b, &parent, offset);
	if (try_has_outside(b, t)) {
		outside = child_open(b, &at, &parent, parent.count -
				     b->look[t->dim].bound);
		/* no rule there ends in this dimension, so no need to cut it */
		outside->dim = (u8)b->dims;
		outside->slot = offset + 4 * t->cells;
		outside->slots = 1;
	}
	memset(b->begin, 0, b->runs.runs * sizeof(u32));
	cut_fill(b, &parent, outside);
	children_settle(b, &parent, at, own);
}

static u32 node_grow(struct svcseq_acl_builder *b)
{
	u32 work = 2 * item_at(b, b->item)->count + b->best.cells;

	b->spent += work;
	if (!b->best.cells)
		grow_leaf(b);
	else if (b->best.span < SPANS)
		grow_pair(b);
	else
		grow_cut(b);
	b->phase = PHASE_LOOK;
	return work;
}

/**
 * svcseq_acl_build_step - compile a little more
 * @builder: from svcseq_acl_build_begin()
 *
 * A step looks at some ten thousand rules, unless the list has more; between
 * two of them is the time to let others run.
 *
 * Context: any.
 * Return: false when all is done.
 */
bool svcseq_acl_build_step(struct svcseq_acl_builder *builder)
{
	u32 work = 0;

	while (work < STEP_WORK) {
		switch (builder->phase) {
		case PHASE_ENCODE:
			work += encode_some(builder);
			break;
		case PHASE_ROOT:
			work += push_root(builder);
			break;
		case PHASE_LOOK:
			work += node_look(builder);
			break;
		case PHASE_TRY:
			work += node_try(builder);
			break;
		case PHASE_GROW:
			work += node_grow(builder);
			break;
		case PHASE_DONE:
			return false;
		}
	}
	return true;
}

/**
 * svcseq_acl_build_end - the compiled list is complete
 * @builder: for which svcseq_acl_build_step() has returned false; it is gone
 *   afterwards
 *
 * The compiled list is at the beginning of the arena. It may be copied
 * elsewhere, or what is behind it may be freed.
 *
 * Context: any.
 * Return: the size of the compiled list in bytes.
 */
size_t svcseq_acl_build_end(const struct svcseq_acl_builder *builder)
{
	builder->acl->size = builder->used;
	return builder->used;
}
