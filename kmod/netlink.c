// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family "segfab": its commands, and what the handlers of
 * the commands (nl_*.c) have in common. Documentation/netlink/specs/segfab.yaml
 * says what each command means.
 *
 * Locking: changes run under RTNL, which a handler takes for all of its work.
 * Reads run under RCU alone. A dump remembers where it stopped by numbers, not
 * by pointers, and tells through the generation of struct sf_net if the
 * configuration changed meanwhile.
 */
#include "netlink.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "nl.h"
#include "port.h"
#include "segment.h"

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

/* What the core checks for families without flags of their own. */
static int sf_nl_check_head(const struct nlmsghdr *nlh, u16 flags,
			    struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *genlhdr = nlmsg_data(nlh);

	if (genlhdr->reserved) {
		NL_SET_ERR_MSG(extack, "genlmsghdr.reserved is not 0");
		return -EINVAL;
	}
	flags = nlh->nlmsg_flags & ~flags;
	flags &= ~(NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO);
	if (flags) {
		NL_SET_ERR_MSG_FMT(extack,
				   "the command has no flags %#x in nlmsg_flags",
				   flags);
		return -EINVAL;
	}
	return 0;
}

/**
 * sf_nl_check - check a request for what policies cannot see
 * @nlh: the request, which went through its policy
 * @flags: NLM_F_* that mean something to the command
 * @extack: takes the reason of a refusal
 *
 * Return: 0, or -EINVAL if another flag is set or an attribute given twice.
 */
int sf_nl_check(const struct nlmsghdr *nlh, u16 flags,
		struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u64 seen = 0;
	int err, rem;

	err = sf_nl_check_head(nlh, flags, extack);
	if (err)
		return err;
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		if (seen & BIT_ULL(nla_type(attr))) {
			NL_SET_ERR_MSG_FMT(extack, "attribute %d given twice",
					   nla_type(attr));
			NL_SET_BAD_ATTR(extack, attr);
			return -EINVAL;
		}
		seen |= BIT_ULL(nla_type(attr));
	}
	return 0;
}

/**
 * sf_nl_given - whether a request names a device
 * @attrs: attributes of the request
 * @ref: how it would name it
 *
 * Return: true if it does.
 */
bool sf_nl_given(struct nlattr *const attrs[], const struct sf_nl_ref *ref)
{
	return attrs[ref->ifindex] || attrs[ref->name];
}

/**
 * sf_nl_missing - refuse a request for want of an attribute
 * @extack: takes the reason
 * @type: the attribute
 * @what: the name of the attribute
 *
 * Return: -EINVAL.
 */
int sf_nl_missing(struct netlink_ext_ack *extack, u16 type, const char *what)
{
	NL_SET_ERR_MSG_FMT(extack, "%s is missing", what);
	NL_SET_ERR_ATTR_MISS(extack, NULL, type);
	return -EINVAL;
}

/* The caller holds RTNL or is an RCU reader: the device stays. */
static struct net_device *sf_nl_device(struct net *net,
				       struct nlattr *const attrs[],
				       const struct sf_nl_ref *ref,
				       struct netlink_ext_ack *extack)
{
	struct nlattr *index = attrs[ref->ifindex];
	struct nlattr *name = attrs[ref->name];
	struct net_device *indexed = NULL, *named = NULL;

	if (!index && !name)
		return ERR_PTR(sf_nl_missing(extack, ref->name, ref->what));

	rcu_read_lock();
	if (index)
		indexed = dev_get_by_index_rcu(net, nla_get_u32(index));
	if (name)
		named = dev_get_by_name_rcu(net, nla_data(name));
	rcu_read_unlock();

	if (index && !indexed) {
		NL_SET_ERR_MSG_FMT(extack, "no device has the index %u",
				   nla_get_u32(index));
		NL_SET_BAD_ATTR(extack, index);
		return ERR_PTR(-ENODEV);
	}
	if (name && !named) {
		NL_SET_ERR_MSG_FMT(extack, "no device is named %.40s",
				   (char *)nla_data(name));
		NL_SET_BAD_ATTR(extack, name);
		return ERR_PTR(-ENODEV);
	}
	if (index && name && indexed != named) {
		NL_SET_ERR_MSG_FMT(extack, "%s does not have the index %u",
				   named->name, nla_get_u32(index));
		NL_SET_BAD_ATTR(extack, index);
		return ERR_PTR(-EINVAL);
	}
	return indexed ?: named;
}

/**
 * sf_nl_segment - the segment that a request names
 * @net: network namespace of the request
 * @attrs: attributes of the request
 * @ref: how it names the segment
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL, or RCU read side.
 * Return: the segment, or ERR_PTR.
 */
struct sf_segment *sf_nl_segment(struct net *net, struct nlattr *const attrs[],
				 const struct sf_nl_ref *ref,
				 struct netlink_ext_ack *extack)
{
	struct net_device *dev = sf_nl_device(net, attrs, ref, extack);

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	if (!sf_is_segment(dev)) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not a segment", dev->name);
		NL_SET_BAD_ATTR(extack, sf_nl_ref_attr(attrs, ref));
		return ERR_PTR(-EINVAL);
	}
	return sf_segment_get(dev);
}

/**
 * sf_nl_port - the port that a request names
 * @net: network namespace of the request
 * @attrs: attributes of the request
 * @ref: how it names the port
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL, or RCU read side.
 * Return: the port, or ERR_PTR.
 */
struct sf_port *sf_nl_port(struct net *net, struct nlattr *const attrs[],
			   const struct sf_nl_ref *ref,
			   struct netlink_ext_ack *extack)
{
	struct net_device *dev = sf_nl_device(net, attrs, ref, extack);
	struct sf_port *port;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	rcu_read_lock();
	port = sf_port_get_rcu(dev);
	rcu_read_unlock();
	if (!port) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not a port of a segment",
				   dev->name);
		NL_SET_BAD_ATTR(extack, sf_nl_ref_attr(attrs, ref));
		return ERR_PTR(-EINVAL);
	}
	return port;
}

/**
 * sf_nl_dump_start - begin a part of a dump
 * @cb: the dump
 * @cursor: the walk over the segments, all zero in the first part
 * @ref: how the request names a segment, if it means that one only
 *
 * Context: RCU read side.
 * Return: 0 or a negative errno.
 */
int sf_nl_dump_start(struct netlink_callback *cb, struct sf_nl_cursor *cursor,
		     const struct sf_nl_ref *ref)
{
	struct net *net = sock_net(cb->skb->sk);
	struct sf_segment *segment;
	int err;

	cb->seq = READ_ONCE(sf_net(net)->generation);
	if (cursor->started)
		return 0;
	err = sf_nl_check(cb->nlh, NLM_F_DUMP, cb->extack);
	if (err)
		return err;
	if (sf_nl_given(sf_dump_attrs(cb), ref)) {
		segment = sf_nl_segment(net, sf_dump_attrs(cb), ref,
					cb->extack);
		if (IS_ERR(segment))
			return PTR_ERR(segment);
		cursor->ifindex = segment->dev->ifindex;
		cursor->only = true;
	}
	cursor->started = true;
	return 0;
}

/**
 * sf_nl_first_segment - the segment with which a walk begins or goes on
 * @net: network namespace
 * @cursor: where it stopped
 *
 * Context: RCU read side.
 * Return: the segment, or NULL if there is none or none is left.
 */
struct sf_segment *sf_nl_first_segment(struct net *net,
				       const struct sf_nl_cursor *cursor)
{
	struct sf_segment *segment;
	struct net_device *dev;
	u32 position = 0;

	if (cursor->done)
		return NULL;
	if (cursor->ifindex) {
		dev = dev_get_by_index_rcu(net, cursor->ifindex);
		if (dev && sf_is_segment(dev))
			return sf_segment_get(dev);
		if (cursor->only)
			return NULL;
	}
	list_for_each_entry_rcu(segment, &sf_net(net)->segments, net_node)
		if (position++ == cursor->position)
			return segment;
	return NULL;
}

/**
 * sf_nl_next_segment - the next segment of a walk
 * @net: network namespace
 * @segment: the one before it
 * @cursor: follows
 *
 * Context: RCU read side, the same as that in which @segment was found.
 * Return: the segment, or NULL if none is left.
 */
struct sf_segment *sf_nl_next_segment(struct net *net,
				      struct sf_segment *segment,
				      struct sf_nl_cursor *cursor)
{
	if (cursor->only)
		segment = NULL;
	else
		segment = list_next_or_null_rcu(&sf_net(net)->segments,
						&segment->net_node,
						struct sf_segment, net_node);
	if (!segment) {
		cursor->done = true;
		return NULL;
	}
	cursor->ifindex = segment->dev->ifindex;
	cursor->position++;
	return segment;
}

/**
 * sf_nl_reply - answer a request
 * @info: the request
 * @msg: the answer, consumed
 * @err: 0, or why there is none
 *
 * Return: what the handler returns.
 */
int sf_nl_reply(struct genl_info *info, struct sk_buff *msg, int err)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

/**
 * sf_nl_event_wanted - whether anybody wants to hear of a change
 * @net: network namespace
 * @info: the request that caused it, or NULL
 *
 * Context: RTNL.
 * Return: true if an event is to be sent.
 */
bool sf_nl_event_wanted(struct net *net, struct genl_info *info)
{
	ASSERT_RTNL();
	if (!sf_nl_registered)
		return false;
	if (info && nlmsg_report(info->nlhdr))
		return true;
	return genl_has_listeners(&sf_nl_family, net, SF_NL_GROUP_CONFIG);
}

/**
 * sf_nl_event_send - announce a change
 * @net: network namespace
 * @msg: the event, consumed; NULL if there was no memory
 * @err: 0, or why there is no event: listeners learn that they missed one
 * @info: the request that caused it and may want an echo, or NULL
 *
 * Context: RTNL. May sleep.
 */
void sf_nl_event_send(struct net *net, struct sk_buff *msg, int err,
		      struct genl_info *info)
{
	if (!msg)
		err = -ENOBUFS;
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
	int err = genl_register_family(&sf_nl_family);

	if (err)
		return err;
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
}
