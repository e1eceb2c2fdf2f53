// SPDX-License-Identifier: GPL-2.0
/*
 * Transport zones in generic netlink: settings, counters, removal; and the
 * settings of a zone as link attributes.
 *
 * Locking: changes under RTNL, reads under RCU.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>

#include "nl.h"
#include "segment.h"
#include "stats.h"
#include "zone.h"

static const struct sf_nl_ref sf_nl_zone_ref = {
	SEGFAB_A_ZONE_IFINDEX, SEGFAB_A_ZONE_NAME, "name of the zone",
};

#define SF_NL_ZONE_SETTINGS						\
	[SEGFAB_A_ZONE_TEAMING]		= SF_NL_TEAMING,		\
	[SEGFAB_A_ZONE_FAILBACK]	= SF_NL_BOOL

const struct nla_policy sf_zone_link_policy[SF_LINK_ATTR_MAX + 1] = {
	[0]				= { .strict_start_type = 1 },
	[SEGFAB_A_ZONE_IFINDEX]		= SF_NL_READ_ONLY,
	[SEGFAB_A_ZONE_NAME]		= SF_NL_READ_ONLY,
	[SEGFAB_A_ZONE_MODE]		=
		NLA_POLICY_MAX(NLA_U8, SEGFAB_ZONE_MODE_OVERLAY),
	SF_NL_ZONE_SETTINGS,
	[SEGFAB_A_ZONE_UPLINK_COUNT]	= SF_NL_READ_ONLY,
	[SEGFAB_A_ZONE_SEGMENT_COUNT]	= SF_NL_READ_ONLY,
	[SEGFAB_A_ZONE_STATS]		= SF_NL_READ_ONLY,
};

const struct nla_policy sf_nl_zone_get_policy[SEGFAB_A_ZONE_MAX + 1] = {
	[SEGFAB_A_ZONE_IFINDEX]		= SF_NL_IFINDEX,
	[SEGFAB_A_ZONE_NAME]		= SF_NL_NAME,
};

const struct nla_policy sf_nl_zone_set_policy[SEGFAB_A_ZONE_MAX + 1] = {
	[SEGFAB_A_ZONE_IFINDEX]		= SF_NL_IFINDEX,
	[SEGFAB_A_ZONE_NAME]		= SF_NL_NAME,
	SF_NL_ZONE_SETTINGS,
};

/**
 * sf_zone_apply - change settings of a zone, all or none
 * @zone: the zone
 * @tb: settings by SEGFAB_A_ZONE_*, checked by a policy; what is absent stays
 *	as it is
 * @extack: takes the reason of a refusal
 *
 * Does not announce it.
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_zone_apply(struct sf_zone *zone, struct nlattr *const tb[],
		  struct netlink_ext_ack *extack)
{
	const struct nlattr *mode = tb[SEGFAB_A_ZONE_MODE];

	ASSERT_RTNL();
	if (mode && nla_get_u8(mode) != zone->mode) {
		NL_SET_ERR_MSG_ATTR(extack, mode,
				    "the mode of a zone cannot be changed");
		return -EOPNOTSUPP;
	}
	if (tb[SEGFAB_A_ZONE_TEAMING])
		sf_zone_set_teaming(zone, nla_get_u8(tb[SEGFAB_A_ZONE_TEAMING]));
	if (tb[SEGFAB_A_ZONE_FAILBACK])
		sf_zone_set_failback(zone,
				     nla_get_u8(tb[SEGFAB_A_ZONE_FAILBACK]));
	sf_net_changed(dev_net(zone->dev));
	return 0;
}

/**
 * sf_zone_fill_settings - put the settings of a zone into a message
 * @msg: the message
 * @zone: the zone
 *
 * Context: RTNL, or RCU read side.
 * Return: 0 or -EMSGSIZE; the caller cancels the message or nest.
 */
int sf_zone_fill_settings(struct sk_buff *msg, const struct sf_zone *zone)
{
	if (nla_put_u8(msg, SEGFAB_A_ZONE_MODE, zone->mode) ||
	    nla_put_u8(msg, SEGFAB_A_ZONE_TEAMING, READ_ONCE(zone->teaming)) ||
	    nla_put_u8(msg, SEGFAB_A_ZONE_FAILBACK, READ_ONCE(zone->failback)))
		return -EMSGSIZE;
	return 0;
}

/**
 * sf_zone_settings_size - room that sf_zone_fill_settings() takes
 *
 * Return: bytes.
 */
size_t sf_zone_settings_size(void)
{
	return 3 * nla_total_size(sizeof(u8));	/* MODE, TEAMING, FAILBACK */
}

static size_t sf_nl_zone_size(void)
{
	return sf_nl_device_size() +		/* IFINDEX, NAME */
	       sf_zone_settings_size() +
	       nla_total_size(sizeof(u32)) +	/* UPLINK_COUNT */
	       nla_total_size(sizeof(u32)) +	/* SEGMENT_COUNT */
	       sf_nl_stats_size(true);		/* STATS */
}

static int sf_nl_zone_fill(struct sk_buff *msg, void *object)
{
	struct sf_zone *zone = object;
	struct sf_totals totals;

	sf_stats_sum_totals(&zone->stats, &totals);
	if (sf_nl_put_device(msg, &sf_nl_zone_ref, zone->dev) ||
	    sf_zone_fill_settings(msg, zone) ||
	    nla_put_u32(msg, SEGFAB_A_ZONE_UPLINK_COUNT,
			READ_ONCE(zone->uplink_count)) ||
	    nla_put_u32(msg, SEGFAB_A_ZONE_SEGMENT_COUNT,
			READ_ONCE(zone->member_count)) ||
	    sf_nl_put_stats(msg, SEGFAB_A_ZONE_STATS, &totals, true))
		return -EMSGSIZE;
	return 0;
}

static void *sf_nl_zone_find(struct genl_info *info)
{
	return sf_nl_zone(genl_info_net(info), info->attrs, &sf_nl_zone_ref,
			  info->extack);
}

static const struct sf_nl_kind sf_nl_zone_kind = {
	.find	= sf_nl_zone_find,
	.size	= sf_nl_zone_size,
	.fill	= sf_nl_zone_fill,
	.event	= SEGFAB_CMD_ZONE_NTF,
};

/**
 * sf_zone_notify - announce that settings of a zone were changed
 * @zone: the zone
 *
 * Context: RTNL. May sleep.
 */
void sf_zone_notify(struct sf_zone *zone)
{
	sf_nl_kind_event(&sf_nl_zone_kind, zone, dev_net(zone->dev), NULL);
}

/**
 * sf_nl_zone_get - SEGFAB_CMD_ZONE_GET of one zone
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_zone_get(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_get(info, &sf_nl_zone_kind);
}

static int sf_nl_zone_dump_one(struct sk_buff *msg, struct netlink_callback *cb,
			       struct sf_zone *zone)
{
	return sf_nl_kind_dump(msg, cb, &sf_nl_zone_kind, zone);
}

/**
 * sf_nl_zone_dump - SEGFAB_CMD_ZONE_GET of all zones
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_zone_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	return sf_nl_dump_zones(msg, cb, &sf_nl_zone_ref, sf_nl_zone_dump_one);
}

static int sf_nl_zone_change(void *object, struct genl_info *info)
{
	struct sf_zone *zone = object;
	int err;

	err = sf_zone_apply(zone, info->attrs, info->extack);
	if (err)
		return err;
	sf_nl_kind_event(&sf_nl_zone_kind, zone, genl_info_net(info), info);
	netdev_state_change(zone->dev);	/* for "ip monitor" */
	return 0;
}

/**
 * sf_nl_zone_set - SEGFAB_CMD_ZONE_SET
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_zone_set(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_change(info, &sf_nl_zone_kind, sf_nl_zone_change);
}

static int sf_nl_zone_remove(void *object, struct genl_info *info)
{
	int err = sf_zone_del(object, info->extack);

	if (err)
		NL_SET_BAD_ATTR(info->extack,
				sf_nl_ref_attr(info->attrs, &sf_nl_zone_ref));
	return err;
}

/**
 * sf_nl_zone_del - SEGFAB_CMD_ZONE_DEL
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_zone_del(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_change(info, &sf_nl_zone_kind, sf_nl_zone_remove);
}
