// SPDX-License-Identifier: GPL-2.0
/*
 * Binding maps in generic netlink: messages, reads, announcements. Requests
 * that change something are in nl_binding_set.c.
 *
 * Locking: reads under RCU, announcements under RTNL.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>

#include "binding.h"
#include "nl.h"
#include "segment.h"
#include "stats.h"

const struct sf_nl_ref sf_nl_child_ref = {
	SEGFAB_A_BINDING_CHILD_IFINDEX, SEGFAB_A_BINDING_CHILD, "child",
};

const struct sf_nl_ref sf_nl_parent_ref = {
	SEGFAB_A_BINDING_PARENT_IFINDEX, SEGFAB_A_BINDING_PARENT, "parent",
};

const struct nla_policy sf_nl_binding_get_policy[SEGFAB_A_BINDING_MAX + 1] = {
	[SEGFAB_A_BINDING_CHILD_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_BINDING_CHILD]		= SF_NL_NAME,
	[SEGFAB_A_BINDING_ID]			= SF_NL_ID,
	[SEGFAB_A_BINDING_PARENT_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_BINDING_PARENT]		= SF_NL_NAME,
};

const struct nla_policy sf_nl_binding_new_policy[SEGFAB_A_BINDING_MAX + 1] = {
	[SEGFAB_A_BINDING_CHILD_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_BINDING_CHILD]		= SF_NL_NAME,
	[SEGFAB_A_BINDING_ID]			= SF_NL_ID,
	[SEGFAB_A_BINDING_PARENT_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_BINDING_PARENT]		= SF_NL_NAME,
	[SEGFAB_A_BINDING_VLAN]			= SF_NL_VLAN,
	[SEGFAB_A_BINDING_VLAN_AUTO]		= { .type = NLA_FLAG },
	[SEGFAB_A_BINDING_VLAN_FIRST]		= SF_NL_VLAN,
	[SEGFAB_A_BINDING_VLAN_LAST]		= SF_NL_VLAN,
	[SEGFAB_A_BINDING_FDB_LIMIT]		= SF_NL_LIMIT,
	[SEGFAB_A_BINDING_FDB_LIMIT_POLICY]	= SF_NL_LIMIT_POLICY,
};

const struct nla_policy sf_nl_binding_del_policy[SEGFAB_A_BINDING_MAX + 1] = {
	[SEGFAB_A_BINDING_CHILD_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_BINDING_CHILD]		= SF_NL_NAME,
	[SEGFAB_A_BINDING_ID]			= SF_NL_ID,
};

/* Messages */

static size_t sf_nl_binding_size(void)
{
	return sf_nl_device_size() +		/* CHILD_IFINDEX, CHILD */
	       nla_total_size(SEGFAB_BINDING_ID_LEN + 1) +	/* ID */
	       sf_nl_device_size() +		/* PARENT_IFINDEX, PARENT */
	       nla_total_size(sizeof(u16)) +	/* VLAN */
	       nla_total_size(sizeof(u32)) +	/* FDB_LIMIT */
	       nla_total_size(sizeof(u8)) +	/* FDB_LIMIT_POLICY */
	       nla_total_size(sizeof(u32)) +	/* FDB_COUNT */
	       nla_total_size(sizeof(u8)) +	/* FDB_FULL */
	       sf_nl_stats_size(false);		/* STATS */
}

static int sf_nl_binding_fill(struct sk_buff *msg, void *object)
{
	const struct sf_binding *binding = object;
	struct sf_totals totals;

	sf_binding_totals(binding, &totals);
	if (sf_nl_put_device(msg, &sf_nl_child_ref, binding->child->dev) ||
	    nla_put_string(msg, SEGFAB_A_BINDING_ID, binding->id) ||
	    sf_nl_put_device(msg, &sf_nl_parent_ref, binding->parent->dev) ||
	    nla_put_u16(msg, SEGFAB_A_BINDING_VLAN, READ_ONCE(binding->vlan)) ||
	    nla_put_u32(msg, SEGFAB_A_BINDING_FDB_LIMIT,
			READ_ONCE(binding->fdb_limit)) ||
	    nla_put_u8(msg, SEGFAB_A_BINDING_FDB_LIMIT_POLICY,
		       READ_ONCE(binding->fdb_limit_policy)) ||
	    nla_put_u32(msg, SEGFAB_A_BINDING_FDB_COUNT,
			READ_ONCE(binding->fdb_count)) ||
	    nla_put_u8(msg, SEGFAB_A_BINDING_FDB_FULL,
		       READ_ONCE(binding->fdb_full)) ||
	    sf_nl_put_stats(msg, SEGFAB_A_BINDING_STATS, &totals, false))
		return -EMSGSIZE;
	return 0;
}

/* Requests */

/**
 * sf_nl_binding_id - how a request names a binding map
 * @info: the request, with child and id
 * @child: takes the segment that owns the binding map, or is to own it
 *
 * Context: RTNL, or RCU read side.
 * Return: the id, fit for paths, tables and messages; or ERR_PTR.
 */
const char *sf_nl_binding_id(struct genl_info *info, struct sf_segment **child)
{
	const struct nlattr *attr = info->attrs[SEGFAB_A_BINDING_ID];

	*child = sf_nl_segment(genl_info_net(info), info->attrs,
			       &sf_nl_child_ref, info->extack);
	if (IS_ERR(*child))
		return ERR_CAST(*child);
	if (!attr)
		return ERR_PTR(sf_nl_missing(info->extack, SEGFAB_A_BINDING_ID,
					     "id"));
	return sf_nl_id(attr, "id", info->extack);
}

/**
 * sf_nl_binding_need - find a binding map by its id, or refuse the request
 * @info: the request
 * @child: the segment that owns the binding map
 * @id: the id
 *
 * Context: RTNL, or RCU read side.
 * Return: the binding map, or ERR_PTR(-ENOENT).
 */
struct sf_binding *sf_nl_binding_need(struct genl_info *info,
				      const struct sf_segment *child,
				      const char *id)
{
	struct sf_binding *binding = sf_binding_find(child, id);

	if (binding)
		return binding;
	NL_SET_ERR_MSG_FMT(info->extack, "%s has no binding map %.40s",
			   child->dev->name, id);
	NL_SET_BAD_ATTR(info->extack, info->attrs[SEGFAB_A_BINDING_ID]);
	return ERR_PTR(-ENOENT);
}

/* If a parent is given too it has to be the right one. */
static int sf_nl_binding_check_parent(struct genl_info *info,
				      const struct sf_binding *binding)
{
	struct sf_segment *parent;

	if (!sf_nl_given(info->attrs, &sf_nl_parent_ref))
		return 0;
	parent = sf_nl_segment(genl_info_net(info), info->attrs,
			       &sf_nl_parent_ref, info->extack);
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	if (binding->parent == parent)
		return 0;
	NL_SET_ERR_MSG_FMT(info->extack, "the parent of %.24s is %s, not %s",
			   binding->id, binding->parent->dev->name,
			   parent->dev->name);
	NL_SET_BAD_ATTR(info->extack,
			sf_nl_ref_attr(info->attrs, &sf_nl_parent_ref));
	return -ENOENT;
}

static void *sf_nl_binding_find(struct genl_info *info)
{
	struct sf_binding *binding;
	struct sf_segment *child;
	const char *id;
	int err;

	id = sf_nl_binding_id(info, &child);
	if (IS_ERR(id))
		return ERR_CAST(id);
	binding = sf_nl_binding_need(info, child, id);
	if (IS_ERR(binding))
		return binding;
	err = sf_nl_binding_check_parent(info, binding);
	return err ? ERR_PTR(err) : binding;
}

const struct sf_nl_kind sf_nl_binding_kind = {
	.find	= sf_nl_binding_find,
	.size	= sf_nl_binding_size,
	.fill	= sf_nl_binding_fill,
	.event	= SEGFAB_CMD_BINDING_NTF,
};

/**
 * sf_binding_notify - announce that a binding map has changed
 * @binding: the binding map
 *
 * Context: RTNL. May sleep.
 */
void sf_binding_notify(struct sf_binding *binding)
{
	sf_nl_kind_event(&sf_nl_binding_kind, binding,
			 dev_net(binding->child->dev), NULL);
}

/**
 * sf_binding_remove - remove a binding map and announce it
 * @binding: the binding map
 * @info: the request that wants it so, or NULL
 *
 * What is announced are its last counters: they are read when nothing leads
 * to the binding map any more, and before it can be freed.
 *
 * Context: RTNL. May sleep.
 */
void sf_binding_remove(struct sf_binding *binding, struct genl_info *info)
{
	struct sf_nl_head head = sf_nl_head_of_event(info,
						     SEGFAB_CMD_BINDING_DEL_NTF);
	struct net *net = dev_net(binding->child->dev);
	struct sk_buff *msg;
	int err = 0;

	msg = sf_nl_event_begin(net, info, sf_nl_binding_size());
	rcu_read_lock();
	sf_binding_del(binding);
	if (msg)
		err = sf_nl_kind_put(msg, &sf_nl_binding_kind, binding, &head);
	rcu_read_unlock();
	if (msg)
		sf_nl_event_send(net, msg, err, info);
}

/**
 * sf_nl_binding_get - SEGFAB_CMD_BINDING_GET of one binding map
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_binding_get(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_get(info, &sf_nl_binding_kind);
}

/* Where a dump of binding maps stopped, and which it shows. */
struct sf_nl_binding_dump {
	struct sf_nl_cursor	segment;
	u32			position;
	u32			parent;		/* ifindex, 0: any */
	bool			by_parent;	/* walk the parent's list */
};

static int sf_nl_binding_dump_start(struct netlink_callback *cb)
{
	struct sf_nl_binding_dump *dump = (void *)cb->ctx;
	struct nlattr **attrs = sf_dump_attrs(cb);
	bool first = !dump->segment.started;
	const struct sf_segment *parent;
	int err;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	if (first)
		dump->by_parent = sf_nl_given(attrs, &sf_nl_parent_ref) &&
				  !sf_nl_given(attrs, &sf_nl_child_ref);
	err = sf_nl_dump_start(cb, dump->by_parent ? &sf_nl_parent_ref :
						     &sf_nl_child_ref);
	if (err || !first || !sf_nl_given(attrs, &sf_nl_parent_ref))
		return err;
	parent = sf_nl_segment(sock_net(cb->skb->sk), attrs, &sf_nl_parent_ref,
			       cb->extack);
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	dump->parent = parent->dev->ifindex;
	return 0;
}

static bool sf_nl_binding_wanted(struct netlink_callback *cb,
				 const struct sf_nl_binding_dump *dump,
				 const struct sf_binding *binding)
{
	const struct nlattr *id = sf_dump_attrs(cb)[SEGFAB_A_BINDING_ID];

	if (dump->parent && dump->parent != binding->parent->dev->ifindex)
		return false;
	return !id || !strcmp(nla_data(id), binding->id);
}

/* Show the binding map at a position of a list, unless that was done. */
static int sf_nl_binding_dump_one(struct sk_buff *msg,
				  struct netlink_callback *cb,
				  struct sf_binding *binding, u32 position)
{
	struct sf_nl_binding_dump *dump = (void *)cb->ctx;

	if (position < dump->position)
		return 0;
	if (sf_nl_binding_wanted(cb, dump, binding) &&
	    sf_nl_kind_dump(msg, cb, &sf_nl_binding_kind, binding))
		return -EMSGSIZE;
	dump->position++;
	return 0;
}

static int sf_nl_binding_dump_segment(struct sk_buff *msg,
				      struct netlink_callback *cb,
				      struct sf_segment *segment)
{
	struct sf_nl_binding_dump *dump = (void *)cb->ctx;
	struct sf_binding *binding;
	u32 position = 0;

	if (dump->by_parent) {
		list_for_each_entry_rcu(binding, &segment->children,
					parent_node)
			if (sf_nl_binding_dump_one(msg, cb, binding,
						   position++))
				return -EMSGSIZE;
	} else {
		list_for_each_entry_rcu(binding, &segment->parents, child_node)
			if (sf_nl_binding_dump_one(msg, cb, binding,
						   position++))
				return -EMSGSIZE;
	}
	dump->position = 0;
	return 0;
}

/**
 * sf_nl_binding_dump - SEGFAB_CMD_BINDING_GET of many binding maps
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_binding_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	return sf_nl_dump(msg, cb, sf_nl_binding_dump_start,
			  sf_nl_binding_dump_segment);
}
