// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "walk.h"

/**
 * sq_fail - Describe a failure that the library itself found.
 * @err: where to, may be NULL
 * @code: errno value
 * @fmt: one sentence without a full stop
 *
 * Return: -@code.
 */
int sq_fail(struct svcseq_error *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (err) {
		memset(err, 0, sizeof(*err));
		err->code = code;
		va_start(ap, fmt);
		vsnprintf(err->text, sizeof(err->text), fmt, ap);
		va_end(ap);
	}
	return -code;
}

/* Attributes of a message are walked only as far as they lie inside it. */
static const struct nlattr *first(const void *attrs, size_t len)
{
	const struct nlattr *a = attrs;

	return mnl_attr_ok(a, (int)len) ? a : NULL;
}

static const struct nlattr *next(const struct nlattr *a, const void *attrs,
				 size_t len)
{
	const char *end = (const char *)attrs + len;

	a = mnl_attr_next(a);
	return mnl_attr_ok(a, (int)(end - (const char *)a)) ? a : NULL;
}

static const struct sq_field *find_field(const struct sq_shape *shape,
					 uint16_t attr)
{
	unsigned int i;

	for (i = 0; i < shape->n; i++)
		if (shape->field[i].attr == attr)
			return &shape->field[i];
	return NULL;
}

static bool put_one(struct nlmsghdr *nlh, size_t room,
		    const struct sq_field *f, enum sq_level level,
		    const char *at)
{
	const struct svcseq_addr *addr = (const void *)at;
	const struct svcseq_u32 *u32 = (const void *)at;
	const struct svcseq_mac *mac = (const void *)at;
	const struct svcseq_u8 *u8 = (const void *)at;
	const struct svcseq_if *dev = (const void *)at;
	struct nlattr *nest;
	uint32_t word;
	uint16_t half;
	uint8_t byte;

	switch (f->kind) {
	case SQ_U8:
		return !u8->set ||
		       mnl_attr_put_u8_check(nlh, room, f->attr, u8->value);
	case SQ_PROTO:
		byte = *(const uint8_t *)at;
		return !byte ||
		       mnl_attr_put_u8_check(nlh, room, f->attr, byte);
	case SQ_BE16:
		memcpy(&half, at, sizeof(half));
		return !half ||
		       mnl_attr_put_u16_check(nlh, room, f->attr, htons(half));
	case SQ_BE16_OPT:
		return !u32->set ||
		       mnl_attr_put_u16_check(nlh, room, f->attr,
					      htons((uint16_t)u32->value));
	case SQ_U32:
		memcpy(&word, at, sizeof(word));
		return !word ||
		       mnl_attr_put_u32_check(nlh, room, f->attr, word);
	case SQ_U32_OPT:
		return !u32->set ||
		       mnl_attr_put_u32_check(nlh, room, f->attr, u32->value);
	case SQ_U64:
		return true;
	case SQ_FLAG:
		return !*(const bool *)at ||
		       mnl_attr_put_check(nlh, room, f->attr, 0, NULL);
	case SQ_STRING:
		return !*at || mnl_attr_put_strz_check(nlh, room, f->attr, at);
	case SQ_ADDR4:
		return addr->len != 4 ||
		       mnl_attr_put_check(nlh, room, f->attr, 4, addr->b);
	case SQ_ADDR6:
		return addr->len != 16 ||
		       mnl_attr_put_check(nlh, room, f->attr, 16, addr->b);
	case SQ_MAC:
		return !mac->set ||
		       mnl_attr_put_check(nlh, room, f->attr, 6, mac->b);
	case SQ_IFINDEX:
		return !dev->index ||
		       mnl_attr_put_u32_check(nlh, room, f->attr, dev->index);
	case SQ_IFNAME:
		return dev->index || !*dev->name ||
		       mnl_attr_put_strz_check(nlh, room, f->attr, dev->name);
	case SQ_NEST:
		if (!f->max && !*(const bool *)at)
			return true;
		nest = mnl_attr_nest_start_check(nlh, room, f->attr);
		if (!nest || !sq_put(nlh, room, f->nest, level, at))
			return false;
		mnl_attr_nest_end(nlh, nest);
		return true;
	}
	return true;
}

/**
 * sq_put - Write what is set in an object as attributes.
 * @nlh: message under construction
 * @room: size of its buffer
 * @shape: shape of the object
 * @level: leave out what goes beyond it
 * @obj: the object
 *
 * Return: false if the buffer is too small.
 */
bool sq_put(struct nlmsghdr *nlh, size_t room, const struct sq_shape *shape,
	    enum sq_level level, const void *obj)
{
	const struct sq_field *f;
	unsigned int i, k, n;

	for (i = 0; i < shape->n; i++) {
		f = &shape->field[i];
		if (f->level > level)
			continue;
		n = 1;
		if (f->max) {
			memcpy(&n, (const char *)obj + f->count, sizeof(n));
			if (n > f->max)
				return false;
		}
		for (k = 0; k < n; k++)
			if (!put_one(nlh, room, f, level, (const char *)obj +
				     f->off + k * f->size))
				return false;
	}
	return true;
}

static size_t wire_size(enum sq_kind kind)
{
	switch (kind) {
	case SQ_U8:
	case SQ_PROTO:
		return 1;
	case SQ_BE16:
	case SQ_BE16_OPT:
		return 2;
	case SQ_U32:
	case SQ_U32_OPT:
	case SQ_IFINDEX:
	case SQ_ADDR4:
		return 4;
	case SQ_MAC:
		return 6;
	case SQ_U64:
		return 8;
	case SQ_ADDR6:
		return 16;
	case SQ_FLAG:
	case SQ_STRING:
	case SQ_IFNAME:
	case SQ_NEST:
		break;
	}
	return 0;
}

static int get_string(const struct nlattr *a, char *to, size_t size)
{
	const char *from = mnl_attr_get_payload(a);
	size_t len = strnlen(from, mnl_attr_get_payload_len(a));

	if (len >= size)
		return -1;
	memcpy(to, from, len);
	memset(to + len, 0, size - len);
	return 0;
}

static int get_one(const struct sq_field *f, const struct nlattr *a, char *at,
		   struct svcseq_error *err)
{
	const void *from = mnl_attr_get_payload(a);
	size_t len = mnl_attr_get_payload_len(a);
	size_t want = wire_size(f->kind);
	struct svcseq_addr *addr = (void *)at;
	struct svcseq_u32 *u32 = (void *)at;
	struct svcseq_mac *mac = (void *)at;
	struct svcseq_u8 *u8 = (void *)at;
	struct svcseq_if *dev = (void *)at;
	uint16_t half;

	if (want && len != want)
		return sq_fail(err, EPROTO,
			       "reply: attribute \"%s\" has %zu bytes, not %zu",
			       f->name, len, want);
	switch (f->kind) {
	case SQ_U8:
		u8->set = true;
		memcpy(&u8->value, from, 1);
		break;
	case SQ_BE16:
		memcpy(&half, from, sizeof(half));
		half = ntohs(half);
		memcpy(at, &half, sizeof(half));
		break;
	case SQ_BE16_OPT:
		memcpy(&half, from, sizeof(half));
		u32->set = true;
		u32->value = ntohs(half);
		break;
	case SQ_U32_OPT:
		u32->set = true;
		memcpy(&u32->value, from, sizeof(u32->value));
		break;
	case SQ_PROTO:
	case SQ_U32:
	case SQ_U64:
		memcpy(at, from, want);
		break;
	case SQ_FLAG:
		*(bool *)at = true;
		break;
	case SQ_ADDR4:
	case SQ_ADDR6:
		addr->len = want;
		memcpy(addr->b, from, want);
		break;
	case SQ_MAC:
		mac->set = true;
		memcpy(mac->b, from, want);
		break;
	case SQ_IFINDEX:
		memcpy(&dev->index, from, sizeof(dev->index));
		break;
	case SQ_IFNAME:
		if (get_string(a, dev->name, sizeof(dev->name)))
			return sq_fail(err, EPROTO,
				       "reply: attribute \"%s\" is too long",
				       f->name);
		break;
	case SQ_STRING:
		if (get_string(a, at, f->size))
			return sq_fail(err, EPROTO,
				       "reply: attribute \"%s\" is too long",
				       f->name);
		break;
	case SQ_NEST:
		if (!f->max)
			*(bool *)at = true;
		return sq_get(f->nest, from, len, at, err);
	}
	return 0;
}

/**
 * sq_get - Read attributes into an object.
 * @shape: shape of the object
 * @attrs: first attribute
 * @len: bytes of attributes
 * @obj: the object; all zero before the first call
 * @err: error
 *
 * Attributes that the shape does not list are those of a newer module and are
 * passed over.
 *
 * Return: 0 or a negative errno value.
 */
int sq_get(const struct sq_shape *shape, const void *attrs, size_t len,
	   void *obj, struct svcseq_error *err)
{
	const char *end = (const char *)attrs + len;
	const struct sq_field *f;
	const struct nlattr *a, *last = NULL;
	unsigned int n;
	char *at;
	int ret;

	for (a = first(attrs, len); a; a = next(a, attrs, len)) {
		last = a;
		f = find_field(shape, mnl_attr_get_type(a));
		if (!f)
			continue;
		at = (char *)obj + f->off;
		n = 0;
		if (f->max) {
			memcpy(&n, (char *)obj + f->count, sizeof(n));
			if (n >= f->max)
				return sq_fail(err, EOVERFLOW,
					       "reply: more than %u of attribute \"%s\"",
					       f->max, f->name);
			at += n * f->size;
		}
		ret = get_one(f, a, at, err);
		if (ret)
			return ret;
		if (f->max) {
			n++;
			memcpy((char *)obj + f->count, &n, sizeof(n));
		}
	}
	attrs = last ? mnl_attr_next(last) : attrs;
	if (end - (const char *)attrs >= (ptrdiff_t)sizeof(struct nlattr))
		return sq_fail(err, EPROTO, "reply: truncated attribute");
	return 0;
}

/**
 * sq_locate - Name the attribute at an offset, or one that is missing there.
 * @shape: shape of the request
 * @attrs: first attribute of the request
 * @len: bytes of attributes
 * @offset: offset of the attribute from @attrs; SIZE_MAX for none
 * @missing: attribute missing inside the nest at @offset, 0 for none
 * @out: the name, like "step.copy.device"; empty if nothing is there
 * @size: size of @out
 */
void sq_locate(const struct sq_shape *shape, const void *attrs, size_t len,
	       size_t offset, unsigned int missing, char *out, size_t size)
{
	const struct nlattr *a, *hit;
	const struct sq_field *f;
	size_t used = 0, pos;
	int n;

	*out = '\0';
	while (shape && offset != SIZE_MAX) {
		hit = NULL;
		pos = 0;
		for (a = first(attrs, len); a; a = next(a, attrs, len)) {
			pos = (size_t)((const char *)a - (const char *)attrs);
			if (offset < pos)
				break;
			if (offset < pos + mnl_attr_get_len(a)) {
				hit = a;
				break;
			}
		}
		f = hit ? find_field(shape, mnl_attr_get_type(hit)) : NULL;
		if (!f)
			return;
		n = snprintf(out + used, size - used, "%s%s", used ? "." : "",
			     f->name);
		if (n < 0 || (size_t)n >= size - used)
			return;
		used += (size_t)n;
		shape = f->nest;
		if (offset == pos)
			break;
		offset -= pos + sizeof(struct nlattr);
		attrs = mnl_attr_get_payload(hit);
		len = mnl_attr_get_payload_len(hit);
	}
	f = shape && missing ? find_field(shape, (uint16_t)missing) : NULL;
	if (f)
		snprintf(out + used, size - used, "%s%s", used ? "." : "",
			 f->name);
}

/**
 * sq_ifnames - Find the names of the net devices that came as an index.
 * @shape: shape of the object
 * @obj: the object
 * @find: fills in the name
 * @data: for @find
 */
void sq_ifnames(const struct sq_shape *shape, void *obj,
		void (*find)(struct svcseq_if *dev, void *data), void *data)
{
	const struct sq_field *f;
	struct svcseq_if *dev;
	unsigned int i, k, n;
	char *at;

	for (i = 0; i < shape->n; i++) {
		f = &shape->field[i];
		n = 1;
		if (f->max)
			memcpy(&n, (char *)obj + f->count, sizeof(n));
		for (k = 0; k < n; k++) {
			at = (char *)obj + f->off + k * f->size;
			dev = (void *)at;
			if (f->kind == SQ_NEST)
				sq_ifnames(f->nest, at, find, data);
			else if (f->kind == SQ_IFINDEX && dev->index &&
				 !*dev->name)
				find(dev, data);
		}
	}
}
