// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family "segfab": its commands and its announcements.
 * Documentation/netlink/specs/segfab.yaml says what each command means.
 *
 * Locking: announcements are made under RTNL, in the order of the changes.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>

#include "nl.h"

enum {
	SF_NL_GROUP_CONFIG,
};

static const struct genl_multicast_group sf_nl_groups[] = {
	[SF_NL_GROUP_CONFIG]	= { .name = SEGFAB_MCGRP_CONFIG },
};

#define SF_NL_POLICY(object, name)					\
	.policy		= sf_nl_##name##_policy,			\
	.maxattr	= SEGFAB_A_##object##_MAX

static const struct genl_ops sf_nl_ops[] = {
	{
		.cmd	= SEGFAB_CMD_SEGMENT_GET,
		.doit	= sf_nl_segment_get,
		.dumpit	= sf_nl_segment_dump,
		SF_NL_POLICY(SEGMENT, segment_get),
	}, {
		.cmd	= SEGFAB_CMD_SEGMENT_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_segment_set,
		SF_NL_POLICY(SEGMENT, segment_set),
	}, {
		.cmd	= SEGFAB_CMD_SEGMENT_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_segment_del,
		SF_NL_POLICY(SEGMENT, segment_get),
	}, {
		.cmd	= SEGFAB_CMD_PORT_GET,
		.doit	= sf_nl_port_get,
		.dumpit	= sf_nl_port_dump,
		SF_NL_POLICY(PORT, port_get),
	}, {
		.cmd	= SEGFAB_CMD_PORT_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_port_set,
		SF_NL_POLICY(PORT, port_set),
	}, {
		.cmd	= SEGFAB_CMD_BINDING_GET,
		.doit	= sf_nl_binding_get,
		.dumpit	= sf_nl_binding_dump,
		SF_NL_POLICY(BINDING, binding_get),
	}, {
		.cmd	= SEGFAB_CMD_BINDING_NEW,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_binding_new,
		SF_NL_POLICY(BINDING, binding_new),
	}, {
		.cmd	= SEGFAB_CMD_BINDING_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_binding_del,
		SF_NL_POLICY(BINDING, binding_del),
	}, {
		.cmd	= SEGFAB_CMD_FDB_GET,
		.doit	= sf_nl_fdb_get,
		.dumpit	= sf_nl_fdb_dump,
		SF_NL_POLICY(FDB, fdb_get),
	}, {
		.cmd	= SEGFAB_CMD_FDB_NEW,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_fdb_new,
		SF_NL_POLICY(FDB, fdb_new),
	}, {
		.cmd	= SEGFAB_CMD_FDB_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_fdb_del,
		SF_NL_POLICY(FDB, fdb_del),
	}, {
		.cmd	= SEGFAB_CMD_FDB_FLUSH,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_fdb_flush,
		SF_NL_POLICY(FDB, fdb_flush),
	}, {
		.cmd	= SEGFAB_CMD_TRACE_NEW,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_trace_new,
		SF_NL_POLICY(TRACE, trace_new),
	}, {
		.cmd	= SEGFAB_CMD_TRACE_READ,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= sf_nl_trace_read,
		SF_NL_POLICY(TRACE, trace_read),
	}, {
		.cmd	= SEGFAB_CMD_TRACE_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_trace_del,
		SF_NL_POLICY(TRACE, trace_del),
	}, {
		.cmd	= SEGFAB_CMD_RECORD_READ,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= sf_nl_record_read,
		SF_NL_POLICY(RECORD, record_read),
	}, {
		.cmd	= SEGFAB_CMD_ZONE_GET,
		.doit	= sf_nl_zone_get,
		.dumpit	= sf_nl_zone_dump,
		SF_NL_POLICY(ZONE, zone_get),
	}, {
		.cmd	= SEGFAB_CMD_ZONE_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_zone_set,
		SF_NL_POLICY(ZONE, zone_set),
	}, {
		.cmd	= SEGFAB_CMD_ZONE_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_zone_del,
		SF_NL_POLICY(ZONE, zone_get),
	}, {
		.cmd	= SEGFAB_CMD_UPLINK_GET,
		.doit	= sf_nl_uplink_get,
		.dumpit	= sf_nl_uplink_dump,
		SF_NL_POLICY(UPLINK, uplink_get),
	}, {
		.cmd	= SEGFAB_CMD_UPLINK_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_uplink_set,
		SF_NL_POLICY(UPLINK, uplink_set),
	}, {
		.cmd	= SEGFAB_CMD_REMOTE_GET,
		.doit	= sf_nl_remote_get,
		.dumpit	= sf_nl_remote_dump,
		SF_NL_POLICY(REMOTE, remote),
	}, {
		.cmd	= SEGFAB_CMD_REMOTE_NEW,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_remote_new,
		SF_NL_POLICY(REMOTE, remote),
	}, {
		.cmd	= SEGFAB_CMD_REMOTE_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_remote_del,
		SF_NL_POLICY(REMOTE, remote),
	}, {
		.cmd	= SEGFAB_CMD_POLICY_GET,
		.doit	= sf_nl_policy_get,
		.dumpit	= sf_nl_policy_dump,
		SF_NL_POLICY(POLICY, policy_get),
	}, {
		.cmd	= SEGFAB_CMD_POLICY_NEW,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_policy_new,
		SF_NL_POLICY(POLICY, policy_new),
	}, {
		.cmd	= SEGFAB_CMD_POLICY_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= sf_nl_policy_del,
		SF_NL_POLICY(POLICY, policy_get),
	},
};

/* Attributes are validated strictly, since no command says otherwise. What
 * resv_start_op governs beside that is done by sf_nl_check(): the core would
 * refuse NLM_F_CREATE and its like.
 */
struct genl_family sf_nl_family __ro_after_init = {
	.name		= SEGFAB_FAMILY_NAME,
	.version	= SEGFAB_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.resv_start_op	= SEGFAB_CMD_MAX + 1,
	.module		= THIS_MODULE,
	.ops		= sf_nl_ops,
	.n_ops		= ARRAY_SIZE(sf_nl_ops),
	.mcgrps		= sf_nl_groups,
	.n_mcgrps	= ARRAY_SIZE(sf_nl_groups),
};

/* Whether the family is registered, so that events have a place to go to:
 * links outlive it when the module is removed. W, R: RTNL.
 */
static bool sf_nl_registered;

/**
 * sf_nl_event_begin - begin to announce a change, if anybody wants to hear of it
 * @net: network namespace
 * @info: the request that caused it and may want an echo, or NULL
 * @size: room that the event may take, bytes
 *
 * Context: RTNL. May sleep.
 * Return: the message for sf_nl_event_send(); or NULL if none is to be sent, or
 *	for want of memory, of which listeners are told.
 */
struct sk_buff *sf_nl_event_begin(struct net *net, struct genl_info *info,
				  size_t size)
{
	struct sk_buff *msg;

	ASSERT_RTNL();
	if (!sf_nl_registered)
		return NULL;
	if (!(info && nlmsg_report(info->nlhdr)) &&
	    !genl_has_listeners(&sf_nl_family, net, SF_NL_GROUP_CONFIG))
		return NULL;
	msg = genlmsg_new(size, GFP_KERNEL);
	if (!msg)
		genl_set_err(&sf_nl_family, net, 0, SF_NL_GROUP_CONFIG,
			     -ENOBUFS);
	return msg;
}

/**
 * sf_nl_event_send - announce a change
 * @net: network namespace
 * @msg: the event, consumed
 * @err: 0, or why it is not whole: listeners learn that they missed one
 * @info: the request that caused it and may want an echo, or NULL
 *
 * Context: RTNL. May sleep.
 */
void sf_nl_event_send(struct net *net, struct sk_buff *msg, int err,
		      struct genl_info *info)
{
	if (err) {
		WARN_ON_ONCE(err == -EMSGSIZE);	/* a _size() function is wrong */
		nlmsg_free(msg);
		genl_set_err(&sf_nl_family, net, 0, SF_NL_GROUP_CONFIG, err);
	} else if (info) {
		genl_notify(&sf_nl_family, msg, info, SF_NL_GROUP_CONFIG,
			    GFP_KERNEL);
	} else {
		genlmsg_multicast_netns(&sf_nl_family, net, msg, 0,
					SF_NL_GROUP_CONFIG, GFP_KERNEL);
	}
}

/**
 * sf_netlink_init - register the family, last of all
 *
 * Return: 0 or a negative errno.
 */
int __init sf_netlink_init(void)
{
	int err = netlink_register_notifier(&sf_nl_trace_notifier);

	if (err)
		return err;
	err = genl_register_family(&sf_nl_family);
	if (err) {
		netlink_unregister_notifier(&sf_nl_trace_notifier);
		return err;
	}
	rtnl_lock();
	sf_nl_registered = true;
	rtnl_unlock();
	return 0;
}

/**
 * sf_netlink_exit - unregister the family, first of all
 */
void sf_netlink_exit(void)
{
	rtnl_lock();
	sf_nl_registered = false;
	rtnl_unlock();
	genl_unregister_family(&sf_nl_family);
	netlink_unregister_notifier(&sf_nl_trace_notifier);
}
