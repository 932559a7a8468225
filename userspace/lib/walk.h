/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one walk between the structs of the public header and netlink
 * attributes.  A shape lists the fields of a struct once; putting, getting,
 * naming an attribute in an error and finding interface names all follow it.
 */
#ifndef SVCSEQ_LIB_WALK_H
#define SVCSEQ_LIB_WALK_H

#include <stddef.h>

#include <libmnl/libmnl.h>
#include <svcseq/svcseq.h>

/**
 * enum sq_kind - How a field lies in its struct and in its attribute.
 * @SQ_U8: struct svcseq_u8
 * @SQ_PROTO: uint8_t, 0 means absent
 * @SQ_BE16: uint16_t in host order, 0 means absent; big endian on the wire
 * @SQ_BE16_OPT: struct svcseq_u32 in host order; big endian on the wire
 * @SQ_U32: uint32_t, 0 means absent
 * @SQ_U32_OPT: struct svcseq_u32
 * @SQ_U64: uint64_t, never sent
 * @SQ_FLAG: bool
 * @SQ_STRING: char array, empty means absent
 * @SQ_ADDR4: struct svcseq_addr of 4 bytes
 * @SQ_ADDR6: struct svcseq_addr of 16 bytes; may share its place with SQ_ADDR4
 * @SQ_MAC: struct svcseq_mac
 * @SQ_IFINDEX: index of a struct svcseq_if
 * @SQ_IFNAME: name of a struct svcseq_if, sent only if the index is unknown
 * @SQ_NEST: struct with a shape of its own; if single, its first member is
 *   bool set
 */
enum sq_kind {
	SQ_U8,
	SQ_PROTO,
	SQ_BE16,
	SQ_BE16_OPT,
	SQ_U32,
	SQ_U32_OPT,
	SQ_U64,
	SQ_FLAG,
	SQ_STRING,
	SQ_ADDR4,
	SQ_ADDR6,
	SQ_MAC,
	SQ_IFINDEX,
	SQ_IFNAME,
	SQ_NEST,
};

/**
 * enum sq_level - In which messages a field travels.
 * @SQ_KEY: in every one
 * @SQ_CONFIG: in definitions and in reports
 * @SQ_OUT: in reports only
 */
enum sq_level {
	SQ_KEY,
	SQ_CONFIG,
	SQ_OUT,
};

/**
 * struct sq_field - One attribute and its place in the struct.
 * @name: what errors call it
 * @off: offset of the field, of its first element if there may be several
 * @size: size of the field or of one element
 * @count: offset of the unsigned int that counts the elements
 * @nest: shape of what is inside
 * @max: most elements, 0 for a single field
 * @kind: enum sq_kind
 * @level: enum sq_level
 * @attr: attribute type
 */
struct sq_field {
	const char *name;
	size_t off;
	size_t size;
	size_t count;
	const struct sq_shape *nest;
	unsigned int max;
	enum sq_kind kind;
	enum sq_level level;
	uint16_t attr;
};

/**
 * struct sq_shape - All attributes of one set.
 * @size: size of the struct
 * @n: number of fields
 * @field: the fields
 */
struct sq_shape {
	size_t size;
	unsigned int n;
	const struct sq_field *field;
};

#define SQ_MEMBER(type, member)	(((type *)0)->member)

/* A field that is there once or not at all. */
#define SQ_ONE(type, member, a, k, lvl, text)				\
	{ .attr = (a), .kind = (k), .level = (lvl), .name = (text),	\
	  .off = offsetof(type, member),				\
	  .size = sizeof(SQ_MEMBER(type, member)) }

/* A single nest. */
#define SQ_IN(type, member, a, lvl, text, shape)				\
	{ .attr = (a), .kind = SQ_NEST, .level = (lvl), .name = (text),	\
	  .off = offsetof(type, member),				\
	  .size = sizeof(SQ_MEMBER(type, member)), .nest = (shape) }

/* An array with its counter; @shape is NULL but for nests. */
#define SQ_MANY(type, member, counter, a, k, lvl, text, shape)		\
	{ .attr = (a), .kind = (k), .level = (lvl), .name = (text),	\
	  .off = offsetof(type, member[0]),				\
	  .size = sizeof(SQ_MEMBER(type, member)[0]),			\
	  .max = sizeof(SQ_MEMBER(type, member)) /			\
		 sizeof(SQ_MEMBER(type, member)[0]),			\
	  .count = offsetof(type, counter), .nest = (shape) }

#define SQ_SHAPE(type, fields)						\
	{ .size = sizeof(type),						\
	  .n = sizeof(fields) / sizeof((fields)[0]), .field = (fields) }

extern const struct sq_shape sq_counters_shape;
extern const struct sq_shape sq_port_shape;
extern const struct sq_shape sq_device_shape;
extern const struct sq_shape sq_pool_shape;
extern const struct sq_shape sq_sequence_shape;
extern const struct sq_shape sq_service_shape;
extern const struct sq_shape sq_acl_shape;
extern const struct sq_shape sq_row_shape;
extern const struct sq_shape sq_stats_shape;
extern const struct sq_shape sq_trace_shape;
extern const struct sq_shape sq_engine_shape;

bool sq_put(struct nlmsghdr *nlh, size_t room, const struct sq_shape *shape,
	    enum sq_level level, const void *obj);
int sq_get(const struct sq_shape *shape, const void *attrs, size_t len,
	   void *obj, struct svcseq_error *err);
void sq_locate(const struct sq_shape *shape, const void *attrs, size_t len,
	       size_t offset, unsigned int missing, char *out, size_t size);
void sq_ifnames(const struct sq_shape *shape, void *obj,
		void (*find)(struct svcseq_if *dev, void *data), void *data);

int sq_fail(struct svcseq_error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
