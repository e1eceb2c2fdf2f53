// SPDX-License-Identifier: GPL-2.0
/*
 * Segments in generic netlink: settings, counters, removal; and the settings
 * of a segment as link attributes.
 *
 * Locking: changes under RTNL, reads under RCU.
 */
#include "netlink.h"

#include <linux/bitmap.h>
#include <linux/rtnetlink.h>

#include "nl.h"
#include "segment.h"
#include "stats.h"

static const struct sf_nl_ref sf_nl_segment_ref = {
	SEGFAB_A_SEGMENT_IFINDEX, SEGFAB_A_SEGMENT_NAME, "name of the segment",
};

/* Not const: policies of 6.1 have a pointer that is not. */
static struct netlink_range_validation sf_vni_range = {
	.max	= SEGFAB_VNI_MAX,
};

static struct netlink_range_validation sf_ageing_time_range = {
	.max	= 1000000,
};

const struct nla_policy sf_segment_link_policy[SF_LINK_ATTR_MAX + 1] = {
	[0]				= { .strict_start_type = 1 },
	[SEGFAB_A_SEGMENT_IFINDEX]	= SF_NL_READ_ONLY,
	[SEGFAB_A_SEGMENT_NAME]		= SF_NL_READ_ONLY,
	SF_NL_SEGMENT_SETTINGS,
	[SEGFAB_A_SEGMENT_PORT_COUNT]	= SF_NL_READ_ONLY,
	[SEGFAB_A_SEGMENT_PARENT_COUNT]	= SF_NL_READ_ONLY,
	[SEGFAB_A_SEGMENT_CHILD_COUNT]	= SF_NL_READ_ONLY,
	[SEGFAB_A_SEGMENT_FDB_COUNT]	= SF_NL_READ_ONLY,
	[SEGFAB_A_SEGMENT_STATS]	= SF_NL_READ_ONLY,
	[SEGFAB_A_SEGMENT_ZONE_FDB_COUNT] = SF_NL_READ_ONLY,
	[SEGFAB_A_SEGMENT_ZONE_FDB_FULL] = SF_NL_READ_ONLY,
};

const struct nla_policy sf_nl_segment_get_policy[SEGFAB_A_SEGMENT_MAX + 1] = {
	[SEGFAB_A_SEGMENT_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_SEGMENT_NAME]		= SF_NL_NAME,
};

const struct nla_policy sf_nl_segment_set_policy[SEGFAB_A_SEGMENT_MAX + 1] = {
	[SEGFAB_A_SEGMENT_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_SEGMENT_NAME]		= SF_NL_NAME,
	SF_NL_SEGMENT_SETTINGS,
};

/* Bit (v mod 8) of byte (v / 8) stands for VLAN id v, on any machine. Returns
 * what sf_segment_set_guest_vlans() takes: NULL for none; or ERR_PTR.
 */
static unsigned long *sf_segment_parse_guest_vlans(const struct nlattr *attr,
						   struct netlink_ext_ack *extack)
{
	const u8 *bytes = nla_data(attr);
	unsigned long *bitmap;
	unsigned int v;

	if (!memchr_inv(bytes, 0, SEGFAB_VLAN_BITMAP_LEN))
		return NULL;
	if (bytes[0] & BIT(0) || bytes[VLAN_VID_MASK / 8] & BIT(7)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "0 and 4095 cannot be in guest-vlans");
		return ERR_PTR(-ERANGE);
	}
	bitmap = bitmap_zalloc(VLAN_N_VID, GFP_KERNEL);
	if (!bitmap)
		return ERR_PTR(-ENOMEM);
	for (v = 0; v < VLAN_N_VID; v++)
		if (bytes[v / 8] & BIT(v % 8))
			__set_bit(v, bitmap);
	return bitmap;
}

/**
 * sf_segment_apply - change settings of a segment, all or none
 * @segment: the segment
 * @tb: settings by SEGFAB_A_SEGMENT_*, checked by a policy; what is absent
 *	stays as it is
 * @extack: takes the reason of a refusal
 *
 * Does not announce it: in newlink there is nothing to announce yet. There the
 * zone comes later, too, with sf_segment_apply_zone(): a segment that is not
 * registered takes no frames.
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_segment_apply(struct sf_segment *segment, struct nlattr *const tb[],
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *vlans = tb[SEGFAB_A_SEGMENT_GUEST_VLANS];
	unsigned long *bitmap = NULL;
	int err;

	ASSERT_RTNL();
	if (vlans) {
		bitmap = sf_segment_parse_guest_vlans(vlans, extack);
		if (IS_ERR(bitmap))
			return PTR_ERR(bitmap);
	}
	if (segment->dev->reg_state == NETREG_REGISTERED) {
		err = sf_segment_apply_zone(segment, tb, extack);
		if (err) {
			bitmap_free(bitmap);
			return err;
		}
	}
	/* Nothing else can fail. */
	if (vlans)
		sf_segment_set_guest_vlans(segment, bitmap);
	if (tb[SEGFAB_A_SEGMENT_AGEING_TIME])
		sf_segment_set_ageing_time(segment,
					   nla_get_u32(tb[SEGFAB_A_SEGMENT_AGEING_TIME]));
	if (tb[SEGFAB_A_SEGMENT_FLOOD])
		sf_segment_set_flag(segment, SF_SEGMENT_FLOOD,
				    nla_get_u8(tb[SEGFAB_A_SEGMENT_FLOOD]));
	sf_net_changed(dev_net(segment->dev));
	return 0;
}

static int sf_segment_put_guest_vlans(struct sk_buff *msg,
				      const struct sf_segment *segment)
{
	const unsigned long *bitmap;
	struct nlattr *attr;
	unsigned int v;
	int err = 0;
	u8 *bytes;

	rcu_read_lock();
	bitmap = rcu_dereference(segment->guest_vlans);
	if (!bitmap)
		goto out;
	attr = nla_reserve(msg, SEGFAB_A_SEGMENT_GUEST_VLANS,
			   SEGFAB_VLAN_BITMAP_LEN);
	if (!attr) {
		err = -EMSGSIZE;
		goto out;
	}
	bytes = nla_data(attr);
	memset(bytes, 0, SEGFAB_VLAN_BITMAP_LEN);
	for_each_set_bit(v, bitmap, VLAN_N_VID)
		bytes[v / 8] |= BIT(v % 8);
out:
	rcu_read_unlock();
	return err;
}

/**
 * sf_segment_fill_settings - put the settings of a segment into a message
 * @msg: the message
 * @segment: the segment
 *
 * Context: RTNL, or RCU read side.
 * Return: 0 or -EMSGSIZE; the caller cancels the message or nest.
 */
int sf_segment_fill_settings(struct sk_buff *msg,
			     const struct sf_segment *segment)
{
	if (nla_put_u32(msg, SEGFAB_A_SEGMENT_AGEING_TIME,
			sf_segment_ageing_time(segment)) ||
	    nla_put_u8(msg, SEGFAB_A_SEGMENT_FLOOD,
		       !!(READ_ONCE(segment->flags) & SF_SEGMENT_FLOOD)) ||
	    sf_segment_put_guest_vlans(msg, segment) ||
	    sf_segment_fill_zone(msg, segment))
		return -EMSGSIZE;
	return 0;
}

/**
 * sf_segment_settings_size - room that sf_segment_fill_settings() may take
 *
 * Return: bytes.
 */
size_t sf_segment_settings_size(void)
{
	return nla_total_size(sizeof(u32)) +	/* AGEING_TIME */
	       nla_total_size(sizeof(u8)) +	/* FLOOD */
	       nla_total_size(SEGFAB_VLAN_BITMAP_LEN) +	/* GUEST_VLANS */
	       sf_segment_zone_size();
}

static size_t sf_nl_segment_size(void)
{
	return sf_nl_device_size() +		/* IFINDEX, NAME */
	       sf_segment_settings_size() +
	       nla_total_size(sizeof(u32)) +	/* PORT_COUNT */
	       nla_total_size(sizeof(u32)) +	/* PARENT_COUNT */
	       nla_total_size(sizeof(u32)) +	/* CHILD_COUNT */
	       nla_total_size(sizeof(u32)) +	/* FDB_COUNT */
	       sf_nl_stats_size(true);		/* STATS */
}

static int sf_nl_segment_fill(struct sk_buff *msg, void *object)
{
	struct sf_segment *segment = object;
	struct sf_totals totals;

	sf_segment_totals(segment, &totals);
	if (sf_nl_put_device(msg, &sf_nl_segment_ref, segment->dev) ||
	    sf_segment_fill_settings(msg, segment) ||
	    nla_put_u32(msg, SEGFAB_A_SEGMENT_PORT_COUNT,
			READ_ONCE(segment->port_count)) ||
	    nla_put_u32(msg, SEGFAB_A_SEGMENT_PARENT_COUNT,
			READ_ONCE(segment->parent_count)) ||
	    nla_put_u32(msg, SEGFAB_A_SEGMENT_CHILD_COUNT,
			READ_ONCE(segment->child_count)) ||
	    nla_put_u32(msg, SEGFAB_A_SEGMENT_FDB_COUNT,
			READ_ONCE(segment->fdb_count)) ||
	    sf_nl_put_stats(msg, SEGFAB_A_SEGMENT_STATS, &totals, true))
		return -EMSGSIZE;
	return 0;
}

static void *sf_nl_segment_find(struct genl_info *info)
{
	return sf_nl_segment(genl_info_net(info), info->attrs,
			     &sf_nl_segment_ref, info->extack);
}

static const struct sf_nl_kind sf_nl_segment_kind = {
	.find	= sf_nl_segment_find,
	.size	= sf_nl_segment_size,
	.fill	= sf_nl_segment_fill,
	.event	= SEGFAB_CMD_SEGMENT_NTF,
};

/**
 * sf_segment_notify - announce that settings of a segment were changed
 * @segment: the segment
 *
 * Context: RTNL. May sleep.
 */
void sf_segment_notify(struct sf_segment *segment)
{
	sf_nl_kind_event(&sf_nl_segment_kind, segment, dev_net(segment->dev),
			 NULL);
}

/**
 * sf_nl_segment_get - SEGFAB_CMD_SEGMENT_GET of one segment
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_segment_get(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_get(info, &sf_nl_segment_kind);
}

static int sf_nl_segment_dump_start(struct netlink_callback *cb)
{
	return sf_nl_dump_start(cb, &sf_nl_segment_ref);
}

static int sf_nl_segment_dump_one(struct sk_buff *msg,
				  struct netlink_callback *cb,
				  struct sf_segment *segment)
{
	return sf_nl_kind_dump(msg, cb, &sf_nl_segment_kind, segment);
}

/**
 * sf_nl_segment_dump - SEGFAB_CMD_SEGMENT_GET of all segments
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_segment_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	return sf_nl_dump(msg, cb, sf_nl_segment_dump_start,
			  sf_nl_segment_dump_one);
}

static int sf_nl_segment_change(void *object, struct genl_info *info)
{
	struct sf_segment *segment = object;
	int err;

	err = sf_segment_apply(segment, info->attrs, info->extack);
	if (err)
		return err;
	sf_nl_kind_event(&sf_nl_segment_kind, segment, genl_info_net(info),
			 info);
	netdev_state_change(segment->dev);	/* for "ip monitor" */
	return 0;
}

/**
 * sf_nl_segment_set - SEGFAB_CMD_SEGMENT_SET
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_segment_set(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_change(info, &sf_nl_segment_kind,
				 sf_nl_segment_change);
}

static int sf_nl_segment_remove(void *object, struct genl_info *info)
{
	int err = sf_segment_del(object, info->extack);

	if (err)
		NL_SET_BAD_ATTR(info->extack,
				sf_nl_ref_attr(info->attrs,
					       &sf_nl_segment_ref));
	return err;
}

/**
 * sf_nl_segment_del - SEGFAB_CMD_SEGMENT_DEL
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_segment_del(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_change(info, &sf_nl_segment_kind,
				 sf_nl_segment_remove);
}
