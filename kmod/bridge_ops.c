// SPDX-License-Identifier: GPL-2.0
/*
 * What bridge(8) shows and changes of the ports of a segment. The core asks
 * the master of a port, as it does for bridges; settings that only bridges
 * have are refused, not ignored. "bridge fdb" is in bridge_fdb.c.
 *
 * Locking: RTNL.
 */
#include "bridge_ops.h"

#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>

#include "netlink.h"
#include "port.h"
#include "segment.h"

/* Settings that a port has in common with the port of a bridge. */
static const struct {
	u16	brport;
	u16	type;
	u16	flag;
} sf_brport_flags[] = {
	{ IFLA_BRPORT_LEARNING, SEGFAB_A_PORT_LEARNING, SF_PORT_LEARNING },
	{ IFLA_BRPORT_UNICAST_FLOOD, SEGFAB_A_PORT_FLOOD, SF_PORT_FLOOD },
	{ IFLA_BRPORT_MCAST_FLOOD, SEGFAB_A_PORT_MCAST_FLOOD,
	  SF_PORT_MCAST_FLOOD },
	{ IFLA_BRPORT_BCAST_FLOOD, SEGFAB_A_PORT_BCAST_FLOOD,
	  SF_PORT_BCAST_FLOOD },
	{ IFLA_BRPORT_ISOLATED, SEGFAB_A_PORT_ISOLATED, SF_PORT_ISOLATED },
};

/* What bridge(8) calls the settings that only bridges have. */
static const char *const sf_brport_names[] = {
	[IFLA_BRPORT_STATE]		= "state",
	[IFLA_BRPORT_PRIORITY]		= "priority",
	[IFLA_BRPORT_COST]		= "cost",
	[IFLA_BRPORT_MODE]		= "hairpin",
	[IFLA_BRPORT_GUARD]		= "guard",
	[IFLA_BRPORT_PROTECT]		= "root_block",
	[IFLA_BRPORT_FAST_LEAVE]	= "fastleave",
	[IFLA_BRPORT_LEARNING_SYNC]	= "learning_sync",
	[IFLA_BRPORT_MULTICAST_ROUTER]	= "mcast_router",
	[IFLA_BRPORT_MCAST_TO_UCAST]	= "mcast_to_unicast",
	[IFLA_BRPORT_VLAN_TUNNEL]	= "vlan_tunnel",
	[IFLA_BRPORT_NEIGH_SUPPRESS]	= "neigh_suppress",
	[IFLA_BRPORT_BACKUP_PORT]	= "backup_port",
	[IFLA_BRPORT_LOCKED]		= "locked",
};

static size_t sf_bridge_link_size(void)
{
	return NLMSG_ALIGN(sizeof(struct ifinfomsg)) +
	       nla_total_size(IFNAMSIZ) +	/* IFLA_IFNAME */
	       nla_total_size(sizeof(u32)) +	/* IFLA_MASTER */
	       nla_total_size(sizeof(u32)) +	/* IFLA_MTU */
	       nla_total_size(sizeof(u8)) +	/* IFLA_OPERSTATE */
	       nla_total_size(ETH_ALEN) +	/* IFLA_ADDRESS */
	       nla_total_size(sizeof(u32)) +	/* IFLA_LINK */
	       nla_total_size(0) +		/* IFLA_PROTINFO */
	       nla_total_size(sizeof(u8)) +	/* IFLA_BRPORT_STATE */
	       ARRAY_SIZE(sf_brport_flags) * nla_total_size(sizeof(u8));
}

static int sf_bridge_put_brport(struct sk_buff *msg, const struct sf_port *port)
{
	struct nlattr *nest = nla_nest_start(msg, IFLA_PROTINFO);
	unsigned int i;

	if (!nest || nla_put_u8(msg, IFLA_BRPORT_STATE,
				port->flags & SF_PORT_READY ?
				BR_STATE_FORWARDING : BR_STATE_DISABLED))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(sf_brport_flags); i++)
		if (nla_put_u8(msg, sf_brport_flags[i].brport,
			       !!(port->flags & sf_brport_flags[i].flag)))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int sf_bridge_put_link(struct sk_buff *msg, const struct sf_port *port)
{
	const struct net_device *dev = port->dev;
	int link = dev_get_iflink(dev);
	u8 operstate;

	operstate = netif_running(dev) ? READ_ONCE(dev->operstate) :
					 IF_OPER_DOWN;
	if (nla_put_string(msg, IFLA_IFNAME, dev->name) ||
	    nla_put_u32(msg, IFLA_MASTER, port->segment->dev->ifindex) ||
	    nla_put_u32(msg, IFLA_MTU, dev->mtu) ||
	    nla_put_u8(msg, IFLA_OPERSTATE, operstate) ||
	    nla_put(msg, IFLA_ADDRESS, dev->addr_len, dev->dev_addr) ||
	    (link != dev->ifindex && nla_put_u32(msg, IFLA_LINK, link)))
		return -EMSGSIZE;
	return sf_bridge_put_brport(msg, port);
}

static int sf_bridge_fill_link(struct sk_buff *msg, const struct sf_port *port,
			       u32 portid, u32 seq, int flags)
{
	struct ifinfomsg *ifm;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(msg, portid, seq, RTM_NEWLINK, sizeof(*ifm), flags);
	if (!nlh)
		return -EMSGSIZE;
	ifm = nlmsg_data(nlh);
	memset(ifm, 0, sizeof(*ifm));
	ifm->ifi_family = AF_BRIDGE;
	ifm->ifi_type = port->dev->type;
	ifm->ifi_index = port->dev->ifindex;
	ifm->ifi_flags = netif_get_flags(port->dev);
	if (sf_bridge_put_link(msg, port)) {
		nlmsg_cancel(msg, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(msg, nlh);
	return 0;
}

/**
 * sf_bridge_link_notify - announce the settings of a port as a bridge does
 * @port: the port
 *
 * Context: RTNL. May sleep.
 */
void sf_bridge_link_notify(const struct sf_port *port)
{
	struct net *net = dev_net(port->dev);
	struct sk_buff *msg;
	int err = -ENOBUFS;

	if (!rtnl_has_listeners(net, RTNLGRP_LINK))
		return;
	msg = nlmsg_new(sf_bridge_link_size(), GFP_KERNEL);
	if (msg)
		err = sf_bridge_fill_link(msg, port, 0, 0, 0);
	if (err) {
		WARN_ON_ONCE(err == -EMSGSIZE);
		nlmsg_free(msg);
		rtnl_set_sk_err(net, RTNLGRP_LINK, err);
		return;
	}
	rtnl_notify(msg, net, 0, RTNLGRP_LINK, NULL, GFP_KERNEL);
}

/**
 * sf_bridge_getlink - "bridge link show"
 * @msg: takes the answer
 * @portid: whom it is for
 * @seq: the number of the request
 * @dev: a port of a segment, or a segment, of which there is nothing to show
 * @filter_mask: RTEXT_FILTER_*, none of which means anything here
 * @nlflags: NLM_F_*
 *
 * Context: RTNL.
 * Return: 0 or -EMSGSIZE.
 */
int sf_bridge_getlink(struct sk_buff *msg, u32 portid, u32 seq,
		      struct net_device *dev, u32 filter_mask, int nlflags)
{
	const struct sf_port *port = sf_port_get_rtnl(dev);

	if (!port)
		return 0;
	return sf_bridge_fill_link(msg, port, portid, seq, nlflags);
}

static int sf_bridge_unsupported(const struct nlattr *attr,
				 struct netlink_ext_ack *extack)
{
	unsigned int type = nla_type(attr);

	NL_SET_BAD_ATTR(extack, attr);
	if (type < ARRAY_SIZE(sf_brport_names) && sf_brport_names[type])
		NL_SET_ERR_MSG_FMT(extack, "ports of segments have no %s",
				   sf_brport_names[type]);
	else
		NL_SET_ERR_MSG_FMT(extack,
				   "ports of segments have no bridge setting %u",
				   type);
	return -EOPNOTSUPP;
}

static int sf_bridge_parse_brport(const struct nlattr *attr,
				  const struct nlattr *tb[],
				  struct netlink_ext_ack *extack)
{
	int brport = nla_type(attr);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sf_brport_flags); i++)
		if (sf_brport_flags[i].brport == brport)
			break;
	if (i == ARRAY_SIZE(sf_brport_flags))
		return sf_bridge_unsupported(attr, extack);
	if (nla_len(attr) != sizeof(u8) || nla_get_u8(attr) > 1) {
		NL_SET_ERR_MSG_FMT(extack, "bridge setting %d is not 0 or 1",
				   brport);
		NL_SET_BAD_ATTR(extack, attr);
		return -EINVAL;
	}
	tb[sf_brport_flags[i].type] = attr;
	return 0;
}

static int sf_bridge_parse_protinfo(const struct nlattr *protinfo,
				    const struct nlattr *tb[],
				    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int err, rem;

	if (!(protinfo->nla_type & NLA_F_NESTED)) {
		NL_SET_ERR_MSG_ATTR(extack, protinfo,
				    "a port of a segment has no spanning tree state");
		return -EOPNOTSUPP;
	}
	nla_for_each_nested(attr, protinfo, rem) {
		err = sf_bridge_parse_brport(attr, tb, extack);
		if (err)
			return err;
	}
	return 0;
}

/* "self" and "master" is all that can be said there. */
static int sf_bridge_check_afspec(const struct nlattr *afspec,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, afspec, rem) {
		if (nla_type(attr) == IFLA_BRIDGE_FLAGS)
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "VLANs of a port are binding maps of its segment");
		return -EOPNOTSUPP;
	}
	return 0;
}

/**
 * sf_bridge_setlink - "bridge link set"
 * @dev: a port of a segment
 * @nlh: the request
 * @flags: BRIDGE_FLAGS_*
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_bridge_setlink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *tb[SEGFAB_A_PORT_MAX + 1] = {};
	struct sf_port *port = sf_port_get_rtnl(dev);
	const struct nlattr *protinfo, *afspec;
	int err;

	if (!port) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not a port of a segment",
				   dev->name);
		return -EOPNOTSUPP;
	}
	afspec = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_AF_SPEC);
	if (afspec) {
		err = sf_bridge_check_afspec(afspec, extack);
		if (err)
			return err;
	}
	protinfo = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg),
				   IFLA_PROTINFO);
	if (!protinfo)
		return 0;
	err = sf_bridge_parse_protinfo(protinfo, tb, extack);
	if (err)
		return err;
	err = sf_port_apply(port, (struct nlattr **)tb, extack);
	if (!err)
		sf_port_notify(port);
	return err;
}
