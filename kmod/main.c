// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading. The generic netlink family comes last and goes first,
 * so that nobody asks for what is not there yet, or any more.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "announce.h"
#include "fdb.h"
#include "kunit.h"
#include "member.h"
#include "netlink.h"
#include "port.h"
#include "recorder.h"
#include "segment.h"
#include "trace.h"
#include "uplink.h"
#include "zone.h"

static int __init sf_init(void)
{
	int err;

	err = sf_fdb_module_init();
	if (err)
		return err;
	err = sf_recorder_init();
	if (err)
		goto err_fdb;
	err = sf_member_module_init();
	if (err)
		goto err_recorder;
	err = sf_announce_module_init();
	if (err)
		goto err_member;
	err = register_pernet_subsys(&sf_net_ops);
	if (err)
		goto err_announce;
	err = register_netdevice_notifier(&sf_port_notifier);
	if (err)
		goto err_pernet;
	err = register_netdevice_notifier(&sf_uplink_notifier);
	if (err)
		goto err_port_notifier;
	err = rtnl_link_register(&sf_zone_link_ops);
	if (err)
		goto err_uplink_notifier;
	err = rtnl_link_register(&sf_segment_link_ops);
	if (err)
		goto err_zone_link;
	err = sf_netlink_init();
	if (err)
		goto err_segment_link;
	sf_kunit_init();
	return 0;

err_segment_link:
	rtnl_link_unregister(&sf_segment_link_ops);
err_zone_link:
	rtnl_link_unregister(&sf_zone_link_ops);
err_uplink_notifier:
	unregister_netdevice_notifier(&sf_uplink_notifier);
err_port_notifier:
	unregister_netdevice_notifier(&sf_port_notifier);
err_pernet:
	unregister_pernet_subsys(&sf_net_ops);
err_announce:
	rcu_barrier();
	sf_announce_module_exit();
err_member:
	sf_member_module_exit();
err_recorder:
	sf_recorder_exit();
err_fdb:
	sf_fdb_module_exit();
	return err;
}

static void __exit sf_exit(void)
{
	sf_kunit_exit();
	sf_netlink_exit();
	/* Removes all segments, and with them ports and binding maps. */
	rtnl_link_unregister(&sf_segment_link_ops);
	rtnl_link_unregister(&sf_zone_link_ops);
	unregister_netdevice_notifier(&sf_uplink_notifier);
	unregister_netdevice_notifier(&sf_port_notifier);
	unregister_pernet_subsys(&sf_net_ops);
	/* What they had is freed by functions of this module. */
	rcu_barrier();
	sf_watch_flush();
	sf_announce_module_exit();
	sf_member_module_exit();
	sf_recorder_exit();
	sf_fdb_module_exit();
}

module_init(sf_init);
module_exit(sf_exit);

MODULE_DESCRIPTION("Parent and child network segments");
MODULE_LICENSE("GPL");
MODULE_VERSION(SF_VERSION);
MODULE_ALIAS_RTNL_LINK(SEGFAB_LINK_KIND);
MODULE_ALIAS_RTNL_LINK(SEGFAB_ZONE_LINK_KIND);
MODULE_ALIAS_GENL_FAMILY(SEGFAB_FAMILY_NAME);
