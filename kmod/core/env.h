/* SPDX-License-Identifier: GPL-2.0 */
/* What the core needs of its surroundings; the only file of core/ that knows
 * whether it is built for the kernel or for userspace.
 */
#ifndef SVCSEQ_CORE_ENV_H
#define SVCSEQ_CORE_ENV_H

#ifdef __KERNEL__

#include <linux/types.h>
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <asm/byteorder.h>
#include <uapi/linux/svcseq.h>

#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <stdarg.h>
#include <errno.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include <linux/svcseq.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;

#define __printf(a, b)		__attribute__((format(printf, a, b)))
#define __force
#define fallthrough		__attribute__((fallthrough))
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define scnprintf(...)		snprintf(__VA_ARGS__)
#define U32_MAX			0xffffffffu

/* number of the highest bit that is set, from 1 on; 0 if none is */
static inline int fls(u32 v)
{
	return v ? 32 - __builtin_clz(v) : 0;
}

static inline u16 be16_to_cpu(__be16 v)
{
	return ntohs((uint16_t)v);
}

static inline __be16 cpu_to_be16(u16 v)
{
	return (__be16)htons(v);
}

#endif /* __KERNEL__ */

#endif /* SVCSEQ_CORE_ENV_H */
