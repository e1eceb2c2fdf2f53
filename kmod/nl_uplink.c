// SPDX-License-Identifier: GPL-2.0
/*
 * Uplinks in generic netlink: settings and counters; and the settings of an
 * uplink as link attributes.
 *
 * Locking: changes under RTNL, reads under RCU.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>

#include "carry.h"
#include "nl.h"
#include "policy.h"
#include "segment.h"
#include "stats.h"
#include "team.h"
#include "uplink.h"

static const struct sf_nl_ref sf_nl_uplink_ref = {
	SEGFAB_A_UPLINK_IFINDEX, SEGFAB_A_UPLINK_NAME, "name of the uplink",
};

static const struct sf_nl_ref sf_nl_uplink_zone_ref = {
	SEGFAB_A_UPLINK_ZONE_IFINDEX, SEGFAB_A_UPLINK_ZONE, "zone",
};

const struct nla_policy sf_uplink_link_policy[SF_LINK_ATTR_MAX + 1] = {
	[0]				= { .strict_start_type = 1 },
	[SEGFAB_A_UPLINK_IFINDEX]	= SF_NL_READ_ONLY,
	[SEGFAB_A_UPLINK_NAME]		= SF_NL_READ_ONLY,
	[SEGFAB_A_UPLINK_ZONE_IFINDEX]	= SF_NL_READ_ONLY,
	[SEGFAB_A_UPLINK_ZONE]		= SF_NL_READ_ONLY,
	[SEGFAB_A_UPLINK_PRIORITY]	= { .type = NLA_U32 },
	[SEGFAB_A_UPLINK_CARRIER]	= SF_NL_READ_ONLY,
	[SEGFAB_A_UPLINK_ACTIVE]	= SF_NL_READ_ONLY,
	[SEGFAB_A_UPLINK_PASSED]	= SF_NL_READ_ONLY,
	[SEGFAB_A_UPLINK_STATS]		= SF_NL_READ_ONLY,
	[SEGFAB_A_UPLINK_TRACE]		= SF_NL_BOOL,
};

const struct nla_policy sf_nl_uplink_get_policy[SEGFAB_A_UPLINK_MAX + 1] = {
	[SEGFAB_A_UPLINK_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_UPLINK_NAME]		= SF_NL_NAME,
	[SEGFAB_A_UPLINK_ZONE_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_UPLINK_ZONE]		= SF_NL_NAME,
};

const struct nla_policy sf_nl_uplink_set_policy[SEGFAB_A_UPLINK_MAX + 1] = {
	[SEGFAB_A_UPLINK_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_UPLINK_NAME]		= SF_NL_NAME,
	[SEGFAB_A_UPLINK_PRIORITY]	= { .type = NLA_U32 },
	[SEGFAB_A_UPLINK_TRACE]		= SF_NL_BOOL,
};

/**
 * sf_uplink_apply - change settings of an uplink
 * @uplink: the uplink
 * @tb: settings by SEGFAB_A_UPLINK_*, checked by a policy; what is absent stays
 *	as it is
 * @extack: takes the reason of a refusal
 *
 * Does not announce it.
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_uplink_apply(struct sf_uplink *uplink, struct nlattr *const tb[],
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *trace = tb[SEGFAB_A_UPLINK_TRACE];
	int err;

	ASSERT_RTNL();
	if (trace) {
		err = sf_carry_set(uplink, nla_get_u8(trace), extack);
		if (err) {
			NL_SET_BAD_ATTR(extack, trace);
			return err;
		}
	}
	if (tb[SEGFAB_A_UPLINK_PRIORITY])
		sf_uplink_set_priority(uplink,
				       nla_get_u32(tb[SEGFAB_A_UPLINK_PRIORITY]));
	return 0;
}

/**
 * sf_uplink_fill_settings - put the settings of an uplink into a message
 * @msg: the message
 * @uplink: the uplink
 *
 * Context: RTNL, or RCU read side.
 * Return: 0 or -EMSGSIZE; the caller cancels the message or nest.
 */
int sf_uplink_fill_settings(struct sk_buff *msg, const struct sf_uplink *uplink)
{
	if (nla_put_u32(msg, SEGFAB_A_UPLINK_PRIORITY,
			READ_ONCE(uplink->priority)) ||
	    nla_put_u8(msg, SEGFAB_A_UPLINK_TRACE, READ_ONCE(uplink->trace)))
		return -EMSGSIZE;
	return 0;
}

/**
 * sf_uplink_settings_size - room that sf_uplink_fill_settings() takes
 *
 * Return: bytes.
 */
size_t sf_uplink_settings_size(void)
{
	return nla_total_size(sizeof(u32)) +	/* PRIORITY */
	       nla_total_size(sizeof(u8));	/* TRACE */
}

static size_t sf_nl_uplink_size(void)
{
	return sf_nl_device_size() +		/* IFINDEX, NAME */
	       sf_nl_device_size() +		/* ZONE_IFINDEX, ZONE */
	       sf_uplink_settings_size() +
	       nla_total_size(sizeof(u8)) +	/* CARRIER */
	       nla_total_size(sizeof(u8)) +	/* ACTIVE */
	       nla_total_size_64bit(sizeof(u64)) +	/* PASSED */
	       sf_nl_stats_size(true);		/* STATS */
}

/* Is it the one that failover-order uses? */
static bool sf_uplink_is_active(const struct sf_uplink *uplink)
{
	const struct sf_policy *policy;

	policy = sf_policy_standard(uplink->zone,
				    SEGFAB_TEAMING_FAILOVER_ORDER);
	return sf_team_uses(rcu_dereference_rtnl(policy->team), uplink);
}

static int sf_nl_uplink_fill(struct sk_buff *msg, void *object)
{
	const struct sf_uplink *uplink = object;
	struct sf_totals totals;

	sf_port_stats_totals(uplink->stats, &totals);
	if (sf_nl_put_device(msg, &sf_nl_uplink_ref, uplink->dev) ||
	    sf_nl_put_device(msg, &sf_nl_uplink_zone_ref, uplink->zone->dev) ||
	    sf_uplink_fill_settings(msg, uplink) ||
	    nla_put_u8(msg, SEGFAB_A_UPLINK_CARRIER,
		       !!(READ_ONCE(uplink->flags) & SF_UPLINK_READY)) ||
	    nla_put_u8(msg, SEGFAB_A_UPLINK_ACTIVE,
		       sf_uplink_is_active(uplink)) ||
	    nla_put_u64_64bit(msg, SEGFAB_A_UPLINK_PASSED, totals.passed,
			      SEGFAB_A_UPLINK_PAD) ||
	    sf_nl_put_stats(msg, SEGFAB_A_UPLINK_STATS, &totals, true))
		return -EMSGSIZE;
	return 0;
}

static struct sf_uplink *sf_nl_uplink(struct net *net,
				      struct nlattr *const attrs[],
				      const struct sf_nl_ref *ref,
				      struct netlink_ext_ack *extack)
{
	struct net_device *dev = sf_nl_device(net, attrs, ref, extack);
	struct sf_uplink *uplink;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	rcu_read_lock();
	uplink = sf_uplink_get_rcu(dev);
	rcu_read_unlock();
	if (!uplink)
		return ERR_PTR(sf_nl_is_not(dev, "an uplink of a zone", attrs,
					    ref, extack));
	return uplink;
}

static int sf_nl_uplink_check_zone(const struct sf_uplink *uplink,
				   const struct sf_zone *zone,
				   struct netlink_ext_ack *extack)
{
	if (uplink->zone == zone)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "%s is an uplink of %s, not of %s",
			   uplink->dev->name, uplink->zone->dev->name,
			   zone->dev->name);
	return -EINVAL;
}

/**
 * sf_nl_uplink_of_zone - the uplink of a zone that a request names
 * @zone: the zone
 * @attrs: attributes of the request
 * @ref: how it names the uplink
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL, or RCU read side.
 * Return: the uplink, or ERR_PTR.
 */
struct sf_uplink *sf_nl_uplink_of_zone(const struct sf_zone *zone,
				       struct nlattr *const attrs[],
				       const struct sf_nl_ref *ref,
				       struct netlink_ext_ack *extack)
{
	struct sf_uplink *uplink;
	int err;

	uplink = sf_nl_uplink(dev_net(zone->dev), attrs, ref, extack);
	if (IS_ERR(uplink))
		return uplink;
	err = sf_nl_uplink_check_zone(uplink, zone, extack);
	if (!err)
		return uplink;
	NL_SET_BAD_ATTR(extack, sf_nl_ref_attr(attrs, ref));
	return ERR_PTR(err);
}

static void *sf_nl_uplink_find(struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct sf_uplink *uplink;
	struct sf_zone *zone;
	int err;

	uplink = sf_nl_uplink(net, info->attrs, &sf_nl_uplink_ref,
			      info->extack);
	if (IS_ERR(uplink) || !sf_nl_given(info->attrs, &sf_nl_uplink_zone_ref))
		return uplink;
	zone = sf_nl_zone(net, info->attrs, &sf_nl_uplink_zone_ref,
			  info->extack);
	if (IS_ERR(zone))
		return ERR_CAST(zone);
	err = sf_nl_uplink_check_zone(uplink, zone, info->extack);
	if (!err)
		return uplink;
	NL_SET_BAD_ATTR(info->extack,
			sf_nl_ref_attr(info->attrs, &sf_nl_uplink_zone_ref));
	return ERR_PTR(err);
}

static const struct sf_nl_kind sf_nl_uplink_kind = {
	.find	= sf_nl_uplink_find,
	.size	= sf_nl_uplink_size,
	.fill	= sf_nl_uplink_fill,
	.event	= SEGFAB_CMD_UPLINK_NTF,
};

/**
 * sf_uplink_notify - announce that settings of an uplink were changed
 * @uplink: the uplink
 *
 * Context: RTNL. May sleep.
 */
void sf_uplink_notify(struct sf_uplink *uplink)
{
	sf_nl_kind_event(&sf_nl_uplink_kind, uplink, dev_net(uplink->dev),
			 NULL);
}

/**
 * sf_nl_uplink_get - SEGFAB_CMD_UPLINK_GET of one uplink
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_uplink_get(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_get(info, &sf_nl_uplink_kind);
}

/* Does a dump mean this uplink? */
static bool sf_nl_uplink_wanted(struct netlink_callback *cb,
				const struct sf_uplink *uplink)
{
	struct nlattr *const *attrs = sf_dump_attrs(cb);

	return !sf_nl_given(attrs, &sf_nl_uplink_ref) ||
	       uplink == sf_nl_uplink(dev_net(uplink->dev), attrs,
				      &sf_nl_uplink_ref, NULL);
}

static int sf_nl_uplink_dump_zone(struct sk_buff *msg,
				  struct netlink_callback *cb,
				  struct sf_zone *zone)
{
	struct sf_nl_zone_cursor *cursor = (void *)cb->ctx;
	struct sf_uplink *uplink;
	u32 position = 0;

	list_for_each_entry_rcu(uplink, &zone->uplinks, node) {
		if (position++ < cursor->part)
			continue;
		if (sf_nl_uplink_wanted(cb, uplink) &&
		    sf_nl_kind_dump(msg, cb, &sf_nl_uplink_kind, uplink))
			return -EMSGSIZE;
		cursor->part++;
	}
	cursor->part = 0;
	return 0;
}

/**
 * sf_nl_uplink_dump - SEGFAB_CMD_UPLINK_GET of all uplinks, in their order
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_uplink_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct sf_nl_zone_cursor *cursor = (void *)cb->ctx;
	struct sf_uplink *uplink;

	if (!cursor->started &&
	    sf_nl_given(sf_dump_attrs(cb), &sf_nl_uplink_ref)) {
		rcu_read_lock();
		uplink = sf_nl_uplink(sock_net(cb->skb->sk), sf_dump_attrs(cb),
				      &sf_nl_uplink_ref, cb->extack);
		rcu_read_unlock();
		if (IS_ERR(uplink))
			return PTR_ERR(uplink);
	}
	return sf_nl_dump_zones(msg, cb, &sf_nl_uplink_zone_ref,
				sf_nl_uplink_dump_zone);
}

static int sf_nl_uplink_change(void *object, struct genl_info *info)
{
	int err = sf_uplink_apply(object, info->attrs, info->extack);

	if (!err)
		sf_nl_kind_event(&sf_nl_uplink_kind, object,
				 genl_info_net(info), info);
	return err;
}

/**
 * sf_nl_uplink_set - SEGFAB_CMD_UPLINK_SET
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_uplink_set(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_change(info, &sf_nl_uplink_kind, sf_nl_uplink_change);
}
