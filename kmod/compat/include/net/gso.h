/* SPDX-License-Identifier: GPL-2.0 */
/* Before 6.5 what is declared here stood in skbuff.h. */
#ifndef SVCSEQ_COMPAT_NET_GSO_H
#define SVCSEQ_COMPAT_NET_GSO_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include_next <net/gso.h>
#else
#include <linux/skbuff.h>
#endif

#endif /* SVCSEQ_COMPAT_NET_GSO_H */
