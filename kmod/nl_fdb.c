// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding tables in generic netlink: read, set, forget. Their changes are
 * announced where those of bridges are, see neigh.c.
 *
 * Locking: changes under RTNL, reads under RCU.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>

#include "binding.h"
#include "fdb.h"
#include "member.h"
#include "nl.h"
#include "segment.h"
#include "tunnel.h"
#include "zone.h"

static const struct sf_nl_ref sf_nl_fdb_segment_ref = {
	SEGFAB_A_FDB_SEGMENT_IFINDEX, SEGFAB_A_FDB_SEGMENT, "segment",
};

static const struct sf_nl_ref sf_nl_fdb_port_ref = {
	SEGFAB_A_FDB_PORT_IFINDEX, SEGFAB_A_FDB_PORT, "port",
};

#define SF_NL_FDB_SEGMENT						\
	[SEGFAB_A_FDB_SEGMENT_IFINDEX]	= SF_NL_IFINDEX,		\
	[SEGFAB_A_FDB_SEGMENT]		= SF_NL_NAME

#define SF_NL_FDB_PORT							\
	[SEGFAB_A_FDB_PORT_IFINDEX]	= SF_NL_IFINDEX,		\
	[SEGFAB_A_FDB_PORT]		= SF_NL_NAME

const struct nla_policy sf_nl_fdb_get_policy[SEGFAB_A_FDB_MAX + 1] = {
	SF_NL_FDB_SEGMENT,
	[SEGFAB_A_FDB_MAC]		= NLA_POLICY_ETH_ADDR,
	[SEGFAB_A_FDB_GUEST_VLAN]	= SF_NL_VLAN,
	SF_NL_FDB_PORT,
};

const struct nla_policy sf_nl_fdb_new_policy[SEGFAB_A_FDB_MAX + 1] = {
	SF_NL_FDB_SEGMENT,
	[SEGFAB_A_FDB_MAC]		= NLA_POLICY_ETH_ADDR,
	[SEGFAB_A_FDB_GUEST_VLAN]	= SF_NL_VLAN,
	SF_NL_FDB_PORT,
	[SEGFAB_A_FDB_REMOTE]		= SF_NL_ADDRESS,
};

const struct nla_policy sf_nl_fdb_del_policy[SEGFAB_A_FDB_MAX + 1] = {
	SF_NL_FDB_SEGMENT,
	[SEGFAB_A_FDB_MAC]		= NLA_POLICY_ETH_ADDR,
	[SEGFAB_A_FDB_GUEST_VLAN]	= SF_NL_VLAN,
};

const struct nla_policy sf_nl_fdb_flush_policy[SEGFAB_A_FDB_MAX + 1] = {
	SF_NL_FDB_SEGMENT,
	[SEGFAB_A_FDB_MAC]		= NLA_POLICY_ETH_ADDR,
	[SEGFAB_A_FDB_STATE]		= NLA_POLICY_MAX(NLA_U8,
							 SEGFAB_FDB_STATE_LOCAL),
	SF_NL_FDB_PORT,
	[SEGFAB_A_FDB_BINDING]		= SF_NL_ID,
};

static size_t sf_nl_fdb_size(void)
{
	return sf_nl_device_size() +		/* SEGMENT_IFINDEX, SEGMENT */
	       nla_total_size(ETH_ALEN) +	/* MAC */
	       nla_total_size(sizeof(u16)) +	/* GUEST_VLAN */
	       nla_total_size(sizeof(u8)) +	/* STATE */
	       sf_nl_device_size() +		/* PORT_IFINDEX, PORT */
	       nla_total_size(SEGFAB_BINDING_ID_LEN + 1) +	/* BINDING */
	       nla_total_size(sizeof(u16)) +	/* VLAN */
	       nla_total_size(sizeof(struct in6_addr)) +	/* REMOTE */
	       nla_total_size(sizeof(u32));	/* AGE */
}

static int sf_nl_fdb_put_endpoint(struct sk_buff *msg,
				  const struct sf_fdb_entry *entry)
{
	const struct sf_binding *binding = entry->binding;

	if (entry->port &&
	    sf_nl_put_device(msg, &sf_nl_fdb_port_ref, entry->port->dev))
		return -EMSGSIZE;
	if (entry->port && entry->port->flags & SF_PORT_TUNNEL &&
	    nla_put_in6_addr(msg, SEGFAB_A_FDB_REMOTE,
			     &sf_tunnel_of(entry->port)->remote))
		return -EMSGSIZE;
	if (binding &&
	    (nla_put_string(msg, SEGFAB_A_FDB_BINDING, binding->id) ||
	     nla_put_u16(msg, SEGFAB_A_FDB_VLAN, READ_ONCE(binding->vlan))))
		return -EMSGSIZE;
	return 0;
}

static int sf_nl_fdb_fill(struct sk_buff *msg, const struct sf_segment *segment,
			  const struct sf_fdb_entry *entry,
			  const struct sf_nl_head *head)
{
	u16 guest_vlan = sf_fdb_key_guest_vlan(entry->key);
	u8 mac[ETH_ALEN];
	void *hdr;

	hdr = sf_nl_put_head(msg, head);
	if (!hdr)
		return -EMSGSIZE;
	sf_fdb_key_mac(entry->key, mac);
	if (sf_nl_put_device(msg, &sf_nl_fdb_segment_ref, segment->dev) ||
	    nla_put(msg, SEGFAB_A_FDB_MAC, ETH_ALEN, mac) ||
	    (guest_vlan &&
	     nla_put_u16(msg, SEGFAB_A_FDB_GUEST_VLAN, guest_vlan)) ||
	    nla_put_u8(msg, SEGFAB_A_FDB_STATE, entry->state) ||
	    sf_nl_fdb_put_endpoint(msg, entry) ||
	    (entry->state == SEGFAB_FDB_STATE_LEARNED &&
	     nla_put_u32(msg, SEGFAB_A_FDB_AGE, sf_fdb_age(entry)))) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* Requests */

static struct sf_segment *sf_nl_fdb_segment(struct genl_info *info)
{
	return sf_nl_segment(genl_info_net(info), info->attrs,
			     &sf_nl_fdb_segment_ref, info->extack);
}

/* The segment and the address that a request names. */
static struct sf_segment *sf_nl_fdb_parse(struct genl_info *info,
					  const u8 **mac)
{
	const struct nlattr *attr = info->attrs[SEGFAB_A_FDB_MAC];
	struct sf_segment *segment = sf_nl_fdb_segment(info);

	if (IS_ERR(segment))
		return segment;
	if (!attr)
		return ERR_PTR(sf_nl_missing(info->extack, SEGFAB_A_FDB_MAC,
					     "mac"));
	*mac = nla_data(attr);
	return segment;
}

static u16 sf_nl_fdb_guest_vlan(struct nlattr *const attrs[])
{
	const struct nlattr *attr = attrs[SEGFAB_A_FDB_GUEST_VLAN];

	return attr ? nla_get_u16(attr) : 0;
}

/* What is behind a zone is a port of a segment, with the zone's name. */
static struct sf_port *sf_nl_fdb_zone(const struct net_device *dev,
				      const struct sf_segment *segment,
				      struct netlink_ext_ack *extack)
{
	struct sf_member *member = sf_segment_member(segment);

	if (member && member->zone == sf_zone_get(dev))
		return &member->port;
	NL_SET_ERR_MSG_FMT(extack, "%s is not in the zone %s",
			   segment->dev->name, dev->name);
	return ERR_PTR(-EINVAL);
}

/* The port behind which an address is meant to be; NULL if none is given. */
static struct sf_port *sf_nl_fdb_port(struct net *net,
				      struct nlattr *const attrs[],
				      const struct sf_segment *segment,
				      struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	struct sf_port *port;

	if (!sf_nl_given(attrs, &sf_nl_fdb_port_ref))
		return NULL;
	dev = sf_nl_device(net, attrs, &sf_nl_fdb_port_ref, extack);
	if (IS_ERR(dev))
		return ERR_CAST(dev);
	if (sf_is_zone(dev)) {
		port = sf_nl_fdb_zone(dev, segment, extack);
		if (IS_ERR(port))
			NL_SET_BAD_ATTR(extack,
					sf_nl_ref_attr(attrs,
						       &sf_nl_fdb_port_ref));
		return port;
	}
	port = sf_nl_port(net, attrs, &sf_nl_fdb_port_ref, extack);
	if (IS_ERR(port) || !segment || port->segment == segment ||
	    sf_binding_between(segment, port->segment))
		return port;
	NL_SET_ERR_MSG_FMT(extack, "%s is no port of %s or of a parent of it",
			   port->dev->name, segment->dev->name);
	NL_SET_BAD_ATTR(extack, sf_nl_ref_attr(attrs, &sf_nl_fdb_port_ref));
	return ERR_PTR(-EINVAL);
}

static struct sf_fdb_entry *sf_nl_fdb_find(struct genl_info *info,
					   struct sf_segment *segment,
					   const u8 *mac)
{
	struct sf_fdb_entry *entry;
	struct sf_port *port;
	u64 key;

	port = sf_nl_fdb_port(genl_info_net(info), info->attrs, segment,
			      info->extack);
	if (IS_ERR(port))
		return ERR_CAST(port);
	key = sf_fdb_key(mac, sf_nl_fdb_guest_vlan(info->attrs));
	entry = sf_fdb_find_rcu(segment, key);
	if (entry && (!port || sf_fdb_is_behind(entry, port)))
		return entry;
	NL_SET_ERR_MSG_FMT(info->extack, "%pM is not known in %s%s%s", mac,
			   segment->dev->name, port ? " behind " : "",
			   port ? port->dev->name : "");
	NL_SET_BAD_ATTR(info->extack, info->attrs[SEGFAB_A_FDB_MAC]);
	return ERR_PTR(-ENOENT);
}

static int sf_nl_fdb_answer(struct genl_info *info, struct sk_buff *msg,
			    const struct sf_nl_head *head)
{
	const struct sf_fdb_entry *entry;
	struct sf_segment *segment;
	const u8 *mac;

	segment = sf_nl_fdb_parse(info, &mac);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	entry = sf_nl_fdb_find(info, segment, mac);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	return sf_nl_fdb_fill(msg, segment, entry, head);
}

/**
 * sf_nl_fdb_get - SEGFAB_CMD_FDB_GET of one address
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_fdb_get(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_get(info, sf_nl_fdb_size(), sf_nl_fdb_answer);
}

/* Where a dump of forwarding tables stopped, and which entries it shows. */
struct sf_nl_fdb_dump {
	struct sf_nl_cursor	segment;
	u32			port;	/* ifindex, 0: any */
	struct sf_fdb_cursor	entry;
};

/* In all segments that are in a zone. */
static bool sf_nl_fdb_dump_zone(struct netlink_callback *cb,
				struct sf_nl_fdb_dump *dump)
{
	struct nlattr *const *attrs = sf_dump_attrs(cb);
	const struct net_device *dev;

	if (!sf_nl_given(attrs, &sf_nl_fdb_port_ref))
		return false;
	dev = sf_nl_device(sock_net(cb->skb->sk), attrs, &sf_nl_fdb_port_ref,
			   NULL);
	if (IS_ERR(dev) || !sf_is_zone(dev))
		return false;
	dump->port = dev->ifindex;
	return true;
}

static int sf_nl_fdb_dump_start(struct netlink_callback *cb)
{
	struct sf_nl_fdb_dump *dump = (void *)cb->ctx;
	struct net *net = sock_net(cb->skb->sk);
	const struct sf_segment *segment = NULL;
	bool first = !dump->segment.started;
	const struct sf_port *port;
	int err;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	err = sf_nl_dump_start(cb, &sf_nl_fdb_segment_ref);
	if (err || !first)
		return err;
	if (dump->segment.only)
		segment = sf_nl_first_segment(net, &dump->segment);
	else if (sf_nl_fdb_dump_zone(cb, dump))
		return 0;
	port = sf_nl_fdb_port(net, sf_dump_attrs(cb), segment, cb->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (port)
		dump->port = port->dev->ifindex;
	return 0;
}

static bool sf_nl_fdb_wanted(struct netlink_callback *cb,
			     const struct sf_nl_fdb_dump *dump,
			     const struct sf_fdb_entry *entry)
{
	struct nlattr *const *attrs = sf_dump_attrs(cb);
	u8 mac[ETH_ALEN];

	if (dump->port && (!entry->port ||
			   entry->port->dev->ifindex != dump->port))
		return false;
	if (attrs[SEGFAB_A_FDB_GUEST_VLAN] &&
	    sf_nl_fdb_guest_vlan(attrs) != sf_fdb_key_guest_vlan(entry->key))
		return false;
	if (!attrs[SEGFAB_A_FDB_MAC])
		return true;
	sf_fdb_key_mac(entry->key, mac);
	return !memcmp(mac, nla_data(attrs[SEGFAB_A_FDB_MAC]), ETH_ALEN);
}

static int sf_nl_fdb_dump_segment(struct sk_buff *msg,
				  struct netlink_callback *cb,
				  struct sf_segment *segment)
{
	struct sf_nl_head head = sf_nl_head_of_dump(cb);
	struct sf_nl_fdb_dump *dump = (void *)cb->ctx;
	struct sf_fdb_entry *entry;

	for (entry = sf_fdb_first_rcu(segment, &dump->entry); entry;
	     entry = sf_fdb_next_rcu(entry)) {
		if (sf_nl_fdb_wanted(cb, dump, entry) &&
		    sf_nl_fdb_fill(msg, segment, entry, &head)) {
			dump->entry.key = entry->key;
			dump->entry.sequence = entry->sequence;
			return -EMSGSIZE;
		}
	}
	memset(&dump->entry, 0, sizeof(dump->entry));
	return 0;
}

/**
 * sf_nl_fdb_dump - SEGFAB_CMD_FDB_GET of many addresses
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_fdb_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	return sf_nl_dump(msg, cb, sf_nl_fdb_dump_start,
			  sf_nl_fdb_dump_segment);
}

/* Where an address is to be: behind a port, or at a remote tunnel address,
 * which says that the port is the zone. NULL if none is given.
 */
static struct sf_port *sf_nl_fdb_place(struct genl_info *info,
				       const struct sf_segment *segment,
				       struct in6_addr *remote)
{
	const struct nlattr *attr = info->attrs[SEGFAB_A_FDB_REMOTE];
	struct sf_port *port;
	int err;

	port = sf_nl_fdb_port(genl_info_net(info), info->attrs, segment,
			      info->extack);
	if (IS_ERR(port) || !attr)
		return port;
	*remote = nla_get_in6_addr(attr);
	err = sf_remote_check(segment, remote, info->extack);
	if (err) {
		NL_SET_BAD_ATTR(info->extack, attr);
		return ERR_PTR(err);
	}
	return port ?: &sf_segment_member(segment)->port;
}

static int sf_nl_fdb_set(struct genl_info *info)
{
	bool has_remote = info->attrs[SEGFAB_A_FDB_REMOTE];
	struct sf_segment *segment;
	struct in6_addr remote;
	struct sf_port *port;
	const u8 *mac;
	int err;

	segment = sf_nl_fdb_parse(info, &mac);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	port = sf_nl_fdb_place(info, segment, &remote);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (!port)
		return sf_nl_missing(info->extack, SEGFAB_A_FDB_PORT, "port");
	err = sf_fdb_add(segment, mac, sf_nl_fdb_guest_vlan(info->attrs), port,
			 has_remote ? &remote : NULL,
			 info->nlhdr->nlmsg_flags, info->extack);
	if (err)
		NL_SET_BAD_ATTR(info->extack,
				err == -EINVAL ?
				info->attrs[SEGFAB_A_FDB_GUEST_VLAN] :
				info->attrs[SEGFAB_A_FDB_MAC]);
	return err;
}

/**
 * sf_nl_fdb_new - SEGFAB_CMD_FDB_NEW
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_fdb_new(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_change(info, SF_NL_NEW_FLAGS, sf_nl_fdb_set);
}

static int sf_nl_fdb_unset(struct genl_info *info)
{
	struct sf_segment *segment;
	const u8 *mac;
	int err;

	segment = sf_nl_fdb_parse(info, &mac);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	err = sf_fdb_del(segment, mac, sf_nl_fdb_guest_vlan(info->attrs),
			 info->extack);
	if (err)
		NL_SET_BAD_ATTR(info->extack, info->attrs[SEGFAB_A_FDB_MAC]);
	return err;
}

/**
 * sf_nl_fdb_del - SEGFAB_CMD_FDB_DEL
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_fdb_del(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_change(info, 0, sf_nl_fdb_unset);
}

static int sf_nl_fdb_parse_filter(struct genl_info *info,
				  const struct sf_segment *segment,
				  struct sf_fdb_filter *filter)
{
	const struct nlattr *binding = info->attrs[SEGFAB_A_FDB_BINDING];
	const struct nlattr *state = info->attrs[SEGFAB_A_FDB_STATE];
	const struct nlattr *mac = info->attrs[SEGFAB_A_FDB_MAC];

	if (state && nla_get_u8(state) == SEGFAB_FDB_STATE_LOCAL) {
		NL_SET_ERR_MSG_ATTR(info->extack, state,
				    "the host's addresses cannot be flushed");
		return -EINVAL;
	}
	filter->states = BIT(state ? nla_get_u8(state) :
				     SEGFAB_FDB_STATE_LEARNED);
	filter->mac = mac ? nla_data(mac) : NULL;
	filter->port = sf_nl_fdb_port(genl_info_net(info), info->attrs, segment,
				      info->extack);
	if (IS_ERR(filter->port))
		return PTR_ERR(filter->port);
	if (!binding)
		return 0;
	filter->binding = sf_binding_find(segment, nla_data(binding));
	if (filter->binding)
		return 0;
	NL_SET_ERR_MSG_FMT(info->extack, "%s has no binding map %.40s",
			   segment->dev->name, (char *)nla_data(binding));
	NL_SET_BAD_ATTR(info->extack, binding);
	return -ENOENT;
}

static int sf_nl_fdb_forget(struct genl_info *info)
{
	struct sf_segment *segment = sf_nl_fdb_segment(info);
	struct sf_fdb_filter filter = {};
	int err;

	if (IS_ERR(segment))
		return PTR_ERR(segment);
	err = sf_nl_fdb_parse_filter(info, segment, &filter);
	if (!err)
		sf_fdb_flush(segment, &filter);
	return err;
}

/**
 * sf_nl_fdb_flush - SEGFAB_CMD_FDB_FLUSH
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_fdb_flush(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_change(info, 0, sf_nl_fdb_forget);
}
