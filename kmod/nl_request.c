// SPDX-License-Identifier: GPL-2.0
/*
 * What the handlers of the generic netlink family (nl_*.c) share: a request is
 * checked, its objects are found, and it is answered, carried out, or dumped.
 *
 * Locking: sf_nl_change() takes RTNL for all of a change. Reads run under RCU
 * alone. A dump remembers where it stopped by numbers, not by pointers, and
 * tells through the generation of struct sf_net if the configuration changed
 * meanwhile.
 */
#include <linux/rtnetlink.h>

#include "nl.h"
#include "port.h"
#include "segment.h"
#include "zone.h"

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
 * @nlh: the request
 * @flags: NLM_F_* that mean something to it
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

/**
 * sf_nl_id - what a request calls an object that is no device
 * @attr: the attribute that says it
 * @what: the name of the attribute
 * @extack: takes the reason of a refusal
 *
 * Return: the text, fit for paths, tables and messages; or ERR_PTR.
 */
const char *sf_nl_id(const struct nlattr *attr, const char *what,
		     struct netlink_ext_ack *extack)
{
	const char *id = nla_data(attr), *c;

	NL_SET_BAD_ATTR(extack, attr);
	if (!*id) {
		NL_SET_ERR_MSG_FMT(extack, "%s is empty", what);
		return ERR_PTR(-EINVAL);
	}
	for (c = id; *c; c++) {
		if (*c > ' ' && *c < 0x7f && *c != '/')
			continue;
		NL_SET_ERR_MSG_FMT(extack,
				   "%s may only have visible ASCII characters but no '/'",
				   what);
		return ERR_PTR(-EINVAL);
	}
	NL_SET_BAD_ATTR(extack, NULL);
	return id;
}

/**
 * sf_nl_device - the device that a request names
 * @net: network namespace of the request
 * @attrs: attributes of the request
 * @ref: how it names the device
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL, or RCU read side: the device stays.
 * Return: the device, or ERR_PTR.
 */
struct net_device *sf_nl_device(struct net *net, struct nlattr *const attrs[],
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
 * sf_nl_is_not - refuse a request that takes a device for what it is not
 * @dev: the device
 * @what: what it is not, for the message
 * @attrs: attributes of the request
 * @ref: how it names the device
 * @extack: takes the reason
 *
 * Return: -EINVAL.
 */
int sf_nl_is_not(const struct net_device *dev, const char *what,
		 struct nlattr *const attrs[], const struct sf_nl_ref *ref,
		 struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_FMT(extack, "%s is not %s", dev->name, what);
	NL_SET_BAD_ATTR(extack, sf_nl_ref_attr(attrs, ref));
	return -EINVAL;
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
	if (!sf_is_segment(dev))
		return ERR_PTR(sf_nl_is_not(dev, "a segment", attrs, ref,
					    extack));
	return sf_segment_get(dev);
}

/**
 * sf_nl_zone - the zone that a request names
 * @net: network namespace of the request
 * @attrs: attributes of the request
 * @ref: how it names the zone
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL, or RCU read side.
 * Return: the zone, or ERR_PTR.
 */
struct sf_zone *sf_nl_zone(struct net *net, struct nlattr *const attrs[],
			   const struct sf_nl_ref *ref,
			   struct netlink_ext_ack *extack)
{
	struct net_device *dev = sf_nl_device(net, attrs, ref, extack);

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	if (!sf_is_zone(dev))
		return ERR_PTR(sf_nl_is_not(dev, "a transport zone", attrs, ref,
					    extack));
	return sf_zone_get(dev);
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
	if (!port)
		return ERR_PTR(sf_nl_is_not(dev, "a port of a segment", attrs,
					    ref, extack));
	return port;
}

/**
 * sf_nl_answer_begin - check a request for an object, and begin the answer
 * @info: the request
 * @size: room that the answer may take, bytes
 *
 * Context: may sleep.
 * Return: the message for sf_nl_answer_send(), or ERR_PTR.
 */
struct sk_buff *sf_nl_answer_begin(struct genl_info *info, size_t size)
{
	int err = sf_nl_check(info->nlhdr, 0, info->extack);

	if (err)
		return ERR_PTR(err);
	return genlmsg_new(size, GFP_KERNEL) ?: ERR_PTR(-ENOMEM);
}

/**
 * sf_nl_answer_send - answer a request for an object
 * @info: the request
 * @msg: the answer, consumed
 * @err: 0, or why there is none
 *
 * Return: what the handler returns.
 */
int sf_nl_answer_send(struct genl_info *info, struct sk_buff *msg, int err)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

/**
 * sf_nl_get - answer a request for what has no &struct sf_nl_kind
 * @info: the request
 * @size: room that the answer may take, bytes
 * @answer: finds the object and puts it into the message; called under RCU,
 *	returns 0 or a negative errno
 *
 * Context: may sleep.
 * Return: what the handler returns.
 */
int sf_nl_get(struct genl_info *info, size_t size,
	      int (*answer)(struct genl_info *info, struct sk_buff *msg,
			    const struct sf_nl_head *head))
{
	const struct sf_nl_head head = sf_nl_head_of_answer(info);
	struct sk_buff *msg;
	int err;

	msg = sf_nl_answer_begin(info, size);
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	rcu_read_lock();
	err = answer(info, msg, &head);
	rcu_read_unlock();
	return sf_nl_answer_send(info, msg, err);
}

/**
 * sf_nl_change - carry out a request that changes something
 * @info: the request
 * @flags: NLM_F_* that mean something to it
 * @change: does all of it, announcement included; called under RTNL, returns 0
 *	or a negative errno with nothing changed
 *
 * Context: may sleep.
 * Return: what the handler returns.
 */
int sf_nl_change(struct genl_info *info, u16 flags,
		 int (*change)(struct genl_info *info))
{
	int err = sf_nl_check(info->nlhdr, flags, info->extack);

	if (err)
		return err;
	rtnl_lock();
	err = change(info);
	rtnl_unlock();
	return err;
}

/**
 * sf_nl_dump_start - begin a part of a dump
 * @cb: the dump
 * @ref: how the request names a segment, if it means that one only
 *
 * Context: RCU read side.
 * Return: 0 or a negative errno.
 */
int sf_nl_dump_start(struct netlink_callback *cb, const struct sf_nl_ref *ref)
{
	struct sf_nl_cursor *cursor = (void *)cb->ctx;
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

/* The segment after @segment, which was found in the same RCU read side. */
static struct sf_segment *
sf_nl_next_segment(struct net *net, struct sf_segment *segment,
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
 * sf_nl_dump - answer the next part of a dump, segment by segment
 * @msg: takes the part
 * @cb: the dump; its context begins with a &struct sf_nl_cursor
 * @start: begins a part, and looks at the request in the first one: with
 *	sf_nl_dump_start() and what else the request has
 * @dump: puts what is left of a segment's objects; returns -EMSGSIZE when the
 *	part is full. The context remembers the place.
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_dump(struct sk_buff *msg, struct netlink_callback *cb,
	       int (*start)(struct netlink_callback *cb),
	       int (*dump)(struct sk_buff *msg, struct netlink_callback *cb,
			   struct sf_segment *segment))
{
	struct sf_nl_cursor *cursor = (void *)cb->ctx;
	struct net *net = sock_net(cb->skb->sk);
	struct sf_segment *segment;
	int err;

	rcu_read_lock();
	err = start(cb);
	if (err)
		goto out;
	for (segment = sf_nl_first_segment(net, cursor); segment;
	     segment = sf_nl_next_segment(net, segment, cursor))
		if (dump(msg, cb, segment))
			break;
out:
	rcu_read_unlock();
	return err ?: msg->len;
}

static int sf_nl_dump_zones_start(struct netlink_callback *cb,
				  const struct sf_nl_ref *ref)
{
	struct sf_nl_zone_cursor *cursor = (void *)cb->ctx;
	struct net *net = sock_net(cb->skb->sk);
	struct sf_zone *zone;
	int err;

	cb->seq = READ_ONCE(sf_net(net)->generation);
	if (cursor->started)
		return 0;
	err = sf_nl_check(cb->nlh, NLM_F_DUMP, cb->extack);
	if (err)
		return err;
	if (sf_nl_given(sf_dump_attrs(cb), ref)) {
		zone = sf_nl_zone(net, sf_dump_attrs(cb), ref, cb->extack);
		if (IS_ERR(zone))
			return PTR_ERR(zone);
		cursor->only = zone->dev->ifindex;
	}
	cursor->started = true;
	return 0;
}

/**
 * sf_nl_dump_zones - answer the next part of a dump, zone by zone
 * @msg: takes the part
 * @cb: the dump; its context is a &struct sf_nl_zone_cursor
 * @ref: how the request names a zone, if it means that one only
 * @dump: puts what is left of a zone's objects; returns -EMSGSIZE when the part
 *	is full
 *
 * There are few zones: a dump that saw the configuration change says so, and is
 * asked for again.
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_dump_zones(struct sk_buff *msg, struct netlink_callback *cb,
		     const struct sf_nl_ref *ref,
		     int (*dump)(struct sk_buff *msg,
				 struct netlink_callback *cb,
				 struct sf_zone *zone))
{
	struct sf_nl_zone_cursor *cursor = (void *)cb->ctx;
	struct net *net = sock_net(cb->skb->sk);
	struct sf_zone *zone;
	u32 position = 0;
	int err;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));
	rcu_read_lock();
	err = sf_nl_dump_zones_start(cb, ref);
	if (err)
		goto out;
	list_for_each_entry_rcu(zone, &sf_net(net)->zones, net_node) {
		if (position++ < cursor->position)
			continue;
		if (!cursor->only || cursor->only == zone->dev->ifindex)
			if (dump(msg, cb, zone))
				break;
		cursor->position++;
	}
out:
	rcu_read_unlock();
	return err ?: msg->len;
}
