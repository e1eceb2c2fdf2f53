// SPDX-License-Identifier: GPL-2.0
/*
 * Flood lists of overlay segments in generic netlink: the remote tunnel
 * addresses that get what everybody gets.
 *
 * Locking: changes under RTNL, reads under RCU.
 */
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "member.h"
#include "netlink.h"
#include "nl.h"
#include "segment.h"
#include "tunnel.h"

static const struct sf_nl_ref sf_nl_remote_segment_ref = {
	SEGFAB_A_REMOTE_SEGMENT_IFINDEX, SEGFAB_A_REMOTE_SEGMENT, "segment",
};

const struct nla_policy sf_nl_remote_policy[SEGFAB_A_REMOTE_MAX + 1] = {
	[SEGFAB_A_REMOTE_SEGMENT_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_REMOTE_SEGMENT]		= SF_NL_NAME,
	[SEGFAB_A_REMOTE_ADDRESS]		= SF_NL_ADDRESS,
};

static size_t sf_nl_remote_size(void)
{
	return sf_nl_device_size() +		/* SEGMENT_IFINDEX, SEGMENT */
	       nla_total_size(sizeof(struct in6_addr));	/* ADDRESS */
}

static int sf_nl_remote_fill(struct sk_buff *msg,
			     const struct sf_segment *segment,
			     const struct in6_addr *remote,
			     const struct sf_nl_head *head)
{
	void *hdr = sf_nl_put_head(msg, head);

	if (!hdr)
		return -EMSGSIZE;
	if (sf_nl_put_device(msg, &sf_nl_remote_segment_ref, segment->dev) ||
	    nla_put_in6_addr(msg, SEGFAB_A_REMOTE_ADDRESS, remote)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

static void sf_nl_remote_event(const struct sf_segment *segment,
			       const struct in6_addr *remote,
			       struct genl_info *info, u8 cmd)
{
	struct sf_nl_head head = sf_nl_head_of_event(info, cmd);
	struct net *net = dev_net(segment->dev);
	struct sk_buff *msg;

	msg = sf_nl_event_begin(net, info, sf_nl_remote_size());
	if (msg)
		sf_nl_event_send(net, msg,
				 sf_nl_remote_fill(msg, segment, remote, &head),
				 info);
}

/**
 * sf_remote_gone - announce that an address is in no flood list any more
 * @segment: the segment whose list has gone
 * @remote: the address, of IPv4 as mapped into IPv6
 *
 * Context: RTNL. May sleep.
 */
void sf_remote_gone(const struct sf_segment *segment,
		    const struct in6_addr *remote)
{
	sf_nl_remote_event(segment, remote, NULL, SEGFAB_CMD_REMOTE_DEL_NTF);
}

/* Where a dump of flood lists stopped. */
struct sf_nl_remote_dump {
	struct sf_nl_cursor	segment;
	u32			position;
};

static int sf_nl_remote_dump_start(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct sf_nl_remote_dump) > sizeof(cb->ctx));
	return sf_nl_dump_start(cb, &sf_nl_remote_segment_ref);
}

static bool sf_nl_remote_wanted(struct netlink_callback *cb,
				const struct sf_port *tunnel)
{
	const struct nlattr *attr = sf_dump_attrs(cb)[SEGFAB_A_REMOTE_ADDRESS];
	struct in6_addr remote;

	if (!attr)
		return true;
	remote = nla_get_in6_addr(attr);
	return ipv6_addr_equal(&remote, &sf_tunnel_of(tunnel)->remote);
}

static int sf_nl_remote_dump_segment(struct sk_buff *msg,
				     struct netlink_callback *cb,
				     struct sf_segment *segment)
{
	struct sf_nl_head head = sf_nl_head_of_dump(cb);
	struct sf_nl_remote_dump *dump = (void *)cb->ctx;
	const struct sf_member *member;
	const struct sf_port *tunnel;
	u32 position = 0;

	member = rcu_dereference(segment->member);
	if (!member)
		return 0;
	list_for_each_entry_rcu(tunnel, &member->flood, node) {
		if (position++ < dump->position)
			continue;
		if (sf_nl_remote_wanted(cb, tunnel) &&
		    sf_nl_remote_fill(msg, segment,
				      &sf_tunnel_of(tunnel)->remote, &head))
			return -EMSGSIZE;
		dump->position++;
	}
	dump->position = 0;
	return 0;
}

/**
 * sf_nl_remote_dump - SEGFAB_CMD_REMOTE_GET of all addresses
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_remote_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	return sf_nl_dump(msg, cb, sf_nl_remote_dump_start,
			  sf_nl_remote_dump_segment);
}

static struct sf_segment *sf_nl_remote_parse(struct genl_info *info,
					     struct in6_addr *remote)
{
	const struct nlattr *attr = info->attrs[SEGFAB_A_REMOTE_ADDRESS];
	struct sf_segment *segment;
	int err;

	segment = sf_nl_segment(genl_info_net(info), info->attrs,
				&sf_nl_remote_segment_ref, info->extack);
	if (IS_ERR(segment))
		return segment;
	if (!attr)
		return ERR_PTR(sf_nl_missing(info->extack,
					     SEGFAB_A_REMOTE_ADDRESS,
					     "address"));
	*remote = nla_get_in6_addr(attr);
	err = sf_remote_check(segment, remote, info->extack);
	if (!err)
		return segment;
	NL_SET_BAD_ATTR(info->extack, err == -EADDRNOTAVAIL ? attr :
			sf_nl_ref_attr(info->attrs, &sf_nl_remote_segment_ref));
	return ERR_PTR(err);
}

static int sf_nl_remote_answer(struct genl_info *info, struct sk_buff *msg,
			       const struct sf_nl_head *head)
{
	const struct sf_tunnel *tunnel;
	struct sf_segment *segment;
	struct in6_addr remote;

	segment = sf_nl_remote_parse(info, &remote);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	tunnel = sf_tunnel_find_rcu(sf_segment_member(segment), &remote);
	if (tunnel && READ_ONCE(tunnel->flooded))
		return sf_nl_remote_fill(msg, segment, &remote, head);
	NL_SET_ERR_MSG_FMT(info->extack, "%s has no such remote address",
			   segment->dev->name);
	NL_SET_BAD_ATTR(info->extack, info->attrs[SEGFAB_A_REMOTE_ADDRESS]);
	return -ENOENT;
}

/**
 * sf_nl_remote_get - SEGFAB_CMD_REMOTE_GET of one address
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_remote_get(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_get(info, sf_nl_remote_size(), sf_nl_remote_answer);
}

/* Change the flood list, and announce it by an event. */
static int sf_nl_remote_change(struct genl_info *info, u8 event,
			       int (*change)(struct sf_segment *segment,
					     const struct in6_addr *remote,
					     struct netlink_ext_ack *extack))
{
	struct sf_segment *segment;
	struct in6_addr remote;
	int err;

	segment = sf_nl_remote_parse(info, &remote);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	err = change(segment, &remote, info->extack);
	if (err)
		NL_SET_BAD_ATTR(info->extack,
				info->attrs[SEGFAB_A_REMOTE_ADDRESS]);
	else
		sf_nl_remote_event(segment, &remote, info, event);
	return err;
}

static int sf_nl_remote_add(struct genl_info *info)
{
	return sf_nl_remote_change(info, SEGFAB_CMD_REMOTE_NTF, sf_remote_add);
}

/**
 * sf_nl_remote_new - SEGFAB_CMD_REMOTE_NEW
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_remote_new(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_change(info, NLM_F_CREATE | NLM_F_EXCL, sf_nl_remote_add);
}

static int sf_nl_remote_remove(struct genl_info *info)
{
	return sf_nl_remote_change(info, SEGFAB_CMD_REMOTE_DEL_NTF,
				   sf_remote_del);
}

/**
 * sf_nl_remote_del - SEGFAB_CMD_REMOTE_DEL
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_remote_del(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_change(info, 0, sf_nl_remote_remove);
}
