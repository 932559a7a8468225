// SPDX-License-Identifier: GPL-2.0
/* svcseq: carries every packet of a service through its chain of devices. */

#include <linux/module.h>

#include "control/init.h"
#include "path/init.h"
#include "table/init.h"

static int __init svcseq_init(void)
{
	int err;

	svcseq_path_init();
	err = svcseq_engine_init();
	if (err)
		return err;
	err = svcseq_netlink_init();
	if (err)
		goto err_engine;
	return 0;

err_engine:
	svcseq_engine_exit();
	return err;
}

static void __exit svcseq_exit(void)
{
	svcseq_netlink_exit();
	svcseq_engine_exit();
}

module_init(svcseq_init);
module_exit(svcseq_exit);

MODULE_DESCRIPTION("Packet sequencing: services as chains of devices");
MODULE_LICENSE("GPL");
MODULE_ALIAS("net-pf-16-proto-16-family-svcseq");
