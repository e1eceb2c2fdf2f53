// SPDX-License-Identifier: GPL-2.0
/*
 * Ports in generic netlink: settings and counters; and the settings of a port
 * as link attributes.
 *
 * Locking: changes under RTNL, reads under RCU.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>

#include "bridge_ops.h"
#include "fdb.h"
#include "fdb_limit.h"
#include "nl.h"
#include "port.h"
#include "segment.h"
#include "stats.h"

static const struct sf_nl_ref sf_nl_port_ref = {
	SEGFAB_A_PORT_IFINDEX, SEGFAB_A_PORT_NAME, "name of the port",
};

static const struct sf_nl_ref sf_nl_port_segment_ref = {
	SEGFAB_A_PORT_SEGMENT_IFINDEX, SEGFAB_A_PORT_SEGMENT, "segment",
};

const struct nla_policy sf_port_link_policy[SF_LINK_ATTR_MAX + 1] = {
	[0]				= { .strict_start_type = 1 },
	[SEGFAB_A_PORT_IFINDEX]		= SF_NL_READ_ONLY,
	[SEGFAB_A_PORT_NAME]		= SF_NL_READ_ONLY,
	[SEGFAB_A_PORT_SEGMENT_IFINDEX]	= SF_NL_READ_ONLY,
	[SEGFAB_A_PORT_SEGMENT]		= SF_NL_READ_ONLY,
	SF_NL_PORT_SETTINGS,
	[SEGFAB_A_PORT_FDB_COUNT]	= SF_NL_READ_ONLY,
	[SEGFAB_A_PORT_CARRIER]		= SF_NL_READ_ONLY,
	[SEGFAB_A_PORT_STATS]		= SF_NL_READ_ONLY,
	[SEGFAB_A_PORT_FDB_FULL]	= SF_NL_READ_ONLY,
};

const struct nla_policy sf_nl_port_get_policy[SEGFAB_A_PORT_MAX + 1] = {
	[SEGFAB_A_PORT_IFINDEX]		= SF_NL_IFINDEX,
	[SEGFAB_A_PORT_NAME]		= SF_NL_NAME,
	[SEGFAB_A_PORT_SEGMENT_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_PORT_SEGMENT]		= SF_NL_NAME,
};

const struct nla_policy sf_nl_port_set_policy[SEGFAB_A_PORT_MAX + 1] = {
	[SEGFAB_A_PORT_IFINDEX]		= SF_NL_IFINDEX,
	[SEGFAB_A_PORT_NAME]		= SF_NL_NAME,
	SF_NL_PORT_SETTINGS,
};

/* Settings that are one bit of sf_port.flags. */
static const struct {
	u16	type;
	u16	flag;
} sf_port_flags[] = {
	{ SEGFAB_A_PORT_LEARNING,	SF_PORT_LEARNING },
	{ SEGFAB_A_PORT_FLOOD,		SF_PORT_FLOOD },
	{ SEGFAB_A_PORT_MCAST_FLOOD,	SF_PORT_MCAST_FLOOD },
	{ SEGFAB_A_PORT_BCAST_FLOOD,	SF_PORT_BCAST_FLOOD },
	{ SEGFAB_A_PORT_ISOLATED,	SF_PORT_ISOLATED },
};

/**
 * sf_port_apply - change settings of a port
 * @port: the port
 * @tb: settings by SEGFAB_A_PORT_*, checked by a policy; what is absent stays
 *	as it is
 * @extack: takes the reason of a refusal; there is none yet
 *
 * Does not announce it.
 *
 * Context: RTNL.
 * Return: 0.
 */
int sf_port_apply(struct sf_port *port, struct nlattr *const tb[],
		  struct netlink_ext_ack *extack)
{
	unsigned long flags = port->flags;
	unsigned int i;

	ASSERT_RTNL();
	for (i = 0; i < ARRAY_SIZE(sf_port_flags); i++) {
		const struct nlattr *attr = tb[sf_port_flags[i].type];

		if (!attr)
			continue;
		if (nla_get_u8(attr))
			flags |= sf_port_flags[i].flag;
		else
			flags &= ~(unsigned long)sf_port_flags[i].flag;
	}
	WRITE_ONCE(port->flags, flags);
	if (tb[SEGFAB_A_PORT_FDB_LIMIT]) {
		WRITE_ONCE(port->fdb_limit,
			   nla_get_u32(tb[SEGFAB_A_PORT_FDB_LIMIT]));
		sf_fdb_limit_changed(port->segment, port, NULL);
	}
	if (tb[SEGFAB_A_PORT_FDB_LIMIT_POLICY])
		WRITE_ONCE(port->fdb_limit_policy,
			   nla_get_u8(tb[SEGFAB_A_PORT_FDB_LIMIT_POLICY]));
	sf_net_changed(dev_net(port->dev));
	return 0;
}

/**
 * sf_port_fill_settings - put the settings of a port into a message
 * @msg: the message
 * @port: the port
 *
 * Context: RTNL, or RCU read side.
 * Return: 0 or -EMSGSIZE; the caller cancels the message or nest.
 */
int sf_port_fill_settings(struct sk_buff *msg, const struct sf_port *port)
{
	unsigned long flags = READ_ONCE(port->flags);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sf_port_flags); i++)
		if (nla_put_u8(msg, sf_port_flags[i].type,
			       !!(flags & sf_port_flags[i].flag)))
			return -EMSGSIZE;
	if (nla_put_u32(msg, SEGFAB_A_PORT_FDB_LIMIT,
			READ_ONCE(port->fdb_limit)) ||
	    nla_put_u8(msg, SEGFAB_A_PORT_FDB_LIMIT_POLICY,
		       READ_ONCE(port->fdb_limit_policy)))
		return -EMSGSIZE;
	return 0;
}

/**
 * sf_port_settings_size - room that sf_port_fill_settings() takes
 *
 * Return: bytes.
 */
size_t sf_port_settings_size(void)
{
	return ARRAY_SIZE(sf_port_flags) * nla_total_size(sizeof(u8)) +
	       nla_total_size(sizeof(u32)) +	/* FDB_LIMIT */
	       nla_total_size(sizeof(u8));	/* FDB_LIMIT_POLICY */
}

static size_t sf_nl_port_size(void)
{
	return sf_nl_device_size() +		/* IFINDEX, NAME */
	       sf_nl_device_size() +		/* SEGMENT_IFINDEX, SEGMENT */
	       sf_port_settings_size() +
	       nla_total_size(sizeof(u32)) +	/* FDB_COUNT */
	       nla_total_size(sizeof(u8)) +	/* FDB_FULL */
	       nla_total_size(sizeof(u8)) +	/* CARRIER */
	       sf_nl_stats_size(true);		/* STATS */
}

static int sf_nl_port_fill(struct sk_buff *msg, void *object)
{
	const struct sf_port *port = object;
	struct sf_totals totals;

	sf_port_totals(port, &totals);
	if (sf_nl_put_device(msg, &sf_nl_port_ref, port->dev) ||
	    sf_nl_put_device(msg, &sf_nl_port_segment_ref,
			     port->segment->dev) ||
	    sf_port_fill_settings(msg, port) ||
	    nla_put_u32(msg, SEGFAB_A_PORT_FDB_COUNT,
			READ_ONCE(port->fdb_count)) ||
	    nla_put_u8(msg, SEGFAB_A_PORT_FDB_FULL,
		       READ_ONCE(port->fdb_full)) ||
	    nla_put_u8(msg, SEGFAB_A_PORT_CARRIER,
		       !!(READ_ONCE(port->flags) & SF_PORT_READY)) ||
	    sf_nl_put_stats(msg, SEGFAB_A_PORT_STATS, &totals, true))
		return -EMSGSIZE;
	return 0;
}

static void *sf_nl_port_find(struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct nlattr **attrs = info->attrs;
	struct sf_segment *segment;
	struct sf_port *port;

	port = sf_nl_port(net, attrs, &sf_nl_port_ref, info->extack);
	if (IS_ERR(port) || !sf_nl_given(attrs, &sf_nl_port_segment_ref))
		return port;
	segment = sf_nl_segment(net, attrs, &sf_nl_port_segment_ref,
				info->extack);
	if (IS_ERR(segment))
		return ERR_CAST(segment);
	if (port->segment != segment) {
		NL_SET_ERR_MSG_FMT(info->extack, "%s is a port of %s, not of %s",
				   port->dev->name, port->segment->dev->name,
				   segment->dev->name);
		NL_SET_BAD_ATTR(info->extack,
				sf_nl_ref_attr(attrs, &sf_nl_port_segment_ref));
		return ERR_PTR(-EINVAL);
	}
	return port;
}

static const struct sf_nl_kind sf_nl_port_kind = {
	.find	= sf_nl_port_find,
	.size	= sf_nl_port_size,
	.fill	= sf_nl_port_fill,
	.event	= SEGFAB_CMD_PORT_NTF,
};

static void sf_nl_port_event(struct sf_port *port, struct genl_info *info)
{
	sf_bridge_link_notify(port);
	sf_nl_kind_event(&sf_nl_port_kind, port, dev_net(port->dev), info);
}

/**
 * sf_port_notify - announce that settings of a port were changed
 * @port: the port
 *
 * To the group "config", and as a bridge does for "bridge monitor link".
 *
 * Context: RTNL. May sleep.
 */
void sf_port_notify(struct sf_port *port)
{
	sf_nl_port_event(port, NULL);
}

/**
 * sf_nl_port_get - SEGFAB_CMD_PORT_GET of one port
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_port_get(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_get(info, &sf_nl_port_kind);
}

/* Where a dump of ports stopped. */
struct sf_nl_port_dump {
	struct sf_nl_cursor	segment;
	u32			position;
	u32			only;	/* ifindex of the only port, or 0 */
};

static int sf_nl_port_dump_start(struct netlink_callback *cb)
{
	struct sf_nl_port_dump *dump = (void *)cb->ctx;
	bool first = !dump->segment.started;
	const struct sf_port *port;
	int err;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	err = sf_nl_dump_start(cb, &sf_nl_port_segment_ref);
	if (err || !first || !sf_nl_given(sf_dump_attrs(cb), &sf_nl_port_ref))
		return err;
	port = sf_nl_port(sock_net(cb->skb->sk), sf_dump_attrs(cb),
			  &sf_nl_port_ref, cb->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	dump->only = port->dev->ifindex;
	return 0;
}

static int sf_nl_port_dump_segment(struct sk_buff *msg,
				   struct netlink_callback *cb,
				   struct sf_segment *segment)
{
	struct sf_nl_port_dump *dump = (void *)cb->ctx;
	struct sf_port *port;
	u32 position = 0;

	list_for_each_entry_rcu(port, &segment->ports, node) {
		if (position++ < dump->position)
			continue;
		if (!dump->only || dump->only == port->dev->ifindex)
			if (sf_nl_kind_dump(msg, cb, &sf_nl_port_kind, port))
				return -EMSGSIZE;
		dump->position++;
	}
	dump->position = 0;
	return 0;
}

/**
 * sf_nl_port_dump - SEGFAB_CMD_PORT_GET of all ports
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_port_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	return sf_nl_dump(msg, cb, sf_nl_port_dump_start,
			  sf_nl_port_dump_segment);
}

static int sf_nl_port_change(void *object, struct genl_info *info)
{
	int err = sf_port_apply(object, info->attrs, info->extack);

	if (!err)
		sf_nl_port_event(object, info);
	return err;
}

/**
 * sf_nl_port_set - SEGFAB_CMD_PORT_SET
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_port_set(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_change(info, &sf_nl_port_kind, sf_nl_port_change);
}
