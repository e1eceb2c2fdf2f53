// SPDX-License-Identifier: GPL-2.0
/*
 * Uplinks: devices that join and leave zones, and what their changes mean for
 * the zone and its segments. An uplink is recognised by its rx_handler, as a
 * port is. A NIC's table of VLAN ids has only those that the zone needs.
 *
 * Locking: everything here runs under RTNL. From the notifier only devices of
 * zones and segments are changed, never the device that the event is about.
 */
#include "uplink.h"

#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "carry.h"
#include "member.h"
#include "policy.h"
#include "segment.h"
#include "slave.h"
#include "stats.h"
#include "team.h"

/**
 * sf_uplink_get_rtnl - the uplink that a device is
 * @dev: any device
 *
 * Context: RTNL.
 * Return: the uplink, or NULL if the device is none.
 */
struct sf_uplink *sf_uplink_get_rtnl(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != sf_uplink_input)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/**
 * sf_uplink_get_rcu - the uplink that a device is
 * @dev: any device
 *
 * Context: RCU read side.
 * Return: the uplink, or NULL if the device is none.
 */
struct sf_uplink *sf_uplink_get_rcu(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->rx_handler) != sf_uplink_input)
		return NULL;
	return rcu_dereference(dev->rx_handler_data);
}

/* The attribute by which a tunnel device says that each frame tells it where
 * to; 0 for other devices.
 */
static int sf_external_attr(const struct net_device *dev)
{
	if (!dev->rtnl_link_ops || !dev->rtnl_link_ops->fill_info)
		return 0;
	if (!strcmp(dev->rtnl_link_ops->kind, "vxlan"))
		return IFLA_VXLAN_COLLECT_METADATA;
	if (!strcmp(dev->rtnl_link_ops->kind, "geneve"))
		return IFLA_GENEVE_COLLECT_METADATA;
	return 0;
}

/* Tunnel devices keep that to themselves, so they are asked as by "ip link":
 * vxlan tells it as a number, geneve by the presence of the attribute.
 */
static bool sf_is_external(const struct net_device *dev)
{
	int type = sf_external_attr(dev);
	const struct nlattr *attr;
	struct sk_buff *msg;
	bool external;

	if (!type)
		return false;
	msg = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return false;
	external = false;
	if (!dev->rtnl_link_ops->fill_info(msg, dev)) {
		attr = nla_find((struct nlattr *)msg->data, msg->len, type);
		external = attr && (!nla_len(attr) || nla_get_u8(attr));
	}
	nlmsg_free(msg);
	return external;
}

static int sf_uplink_check(const struct sf_zone *zone, struct net_device *dev,
			   struct netlink_ext_ack *extack)
{
	bool external = sf_is_external(dev);

	if (zone->mode == SEGFAB_ZONE_MODE_OVERLAY && !external) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is not a vxlan or geneve device with \"external\"",
				   dev->name);
		return -EINVAL;
	}
	if (zone->mode == SEGFAB_ZONE_MODE_VLAN && external) {
		NL_SET_ERR_MSG_FMT(extack, "%s is for a zone of mode overlay",
				   dev->name);
		return -EINVAL;
	}
	return sf_slave_check(zone->dev, dev, "an uplink of a zone", extack);
}

static void sf_uplink_free_rcu(struct rcu_head *rcu)
{
	struct sf_uplink *uplink = container_of(rcu, struct sf_uplink, rcu);

	free_percpu(uplink->stats);
	kfree(uplink);
}

static struct sf_uplink *sf_uplink_alloc(struct sf_zone *zone,
					 struct net_device *dev)
{
	struct sf_uplink *uplink = kzalloc(sizeof(*uplink), GFP_KERNEL);

	if (!uplink)
		return NULL;
	uplink->stats = sf_port_stats_alloc();
	if (!uplink->stats) {
		kfree(uplink);
		return NULL;
	}
	uplink->dev = dev;
	uplink->zone = zone;
	netdev_hold(dev, &uplink->dev_tracker, GFP_KERNEL);
	return uplink;
}

/* VLAN ids of a NIC; an untagged segment needs none. */

static int sf_uplink_add_vlan(struct sf_uplink *uplink, u16 vlan,
			      struct netlink_ext_ack *extack)
{
	int err;

	if (!vlan)
		return 0;
	err = vlan_vid_add(uplink->dev, htons(ETH_P_8021Q), vlan);
	if (err)
		NL_SET_ERR_MSG_FMT(extack, "%s refuses VLAN id %u",
				   uplink->dev->name, vlan);
	return err;
}

static void sf_uplink_del_vlan(struct sf_uplink *uplink, u16 vlan)
{
	if (vlan)
		vlan_vid_del(uplink->dev, htons(ETH_P_8021Q), vlan);
}

/**
 * sf_uplinks_add_vlan - let the uplinks of a zone take the frames of a VLAN
 * @zone: the zone
 * @vlan: the id, 0: untagged
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_uplinks_add_vlan(struct sf_zone *zone, u16 vlan,
			struct netlink_ext_ack *extack)
{
	struct sf_uplink *uplink;
	int err;

	if (zone->mode != SEGFAB_ZONE_MODE_VLAN)
		return 0;
	list_for_each_entry(uplink, &zone->uplinks, node) {
		err = sf_uplink_add_vlan(uplink, vlan, extack);
		if (err)
			goto err_del;
	}
	return 0;

err_del:
	list_for_each_entry_continue_reverse(uplink, &zone->uplinks, node)
		sf_uplink_del_vlan(uplink, vlan);
	return err;
}

/**
 * sf_uplinks_del_vlan - undo sf_uplinks_add_vlan()
 * @zone: the zone
 * @vlan: the id, 0: untagged
 *
 * Context: RTNL. May sleep.
 */
void sf_uplinks_del_vlan(struct sf_zone *zone, u16 vlan)
{
	struct sf_uplink *uplink;

	if (zone->mode != SEGFAB_ZONE_MODE_VLAN)
		return;
	list_for_each_entry(uplink, &zone->uplinks, node)
		sf_uplink_del_vlan(uplink, vlan);
}

static int sf_uplink_add_vlans(struct sf_uplink *uplink,
			       struct netlink_ext_ack *extack)
{
	struct sf_zone *zone = uplink->zone;
	struct sf_member *member;
	int err;

	if (zone->mode != SEGFAB_ZONE_MODE_VLAN)
		return 0;
	list_for_each_entry(member, &zone->members, node) {
		err = sf_uplink_add_vlan(uplink, member->id, extack);
		if (err)
			goto err_del;
	}
	return 0;

err_del:
	list_for_each_entry_continue_reverse(member, &zone->members, node)
		sf_uplink_del_vlan(uplink, member->id);
	return err;
}

static void sf_uplink_del_vlans(struct sf_uplink *uplink)
{
	struct sf_member *member;

	if (uplink->zone->mode != SEGFAB_ZONE_MODE_VLAN)
		return;
	list_for_each_entry(member, &uplink->zone->members, node)
		sf_uplink_del_vlan(uplink, member->id);
}

/* State */

static bool sf_zone_has_carrier(const struct sf_zone *zone)
{
	const struct sf_uplink *uplink;

	list_for_each_entry(uplink, &zone->uplinks, node)
		if (uplink->flags & SF_UPLINK_READY)
			return true;
	return false;
}

/* The uplinks of a zone are others, or in another order, or in another state. */
static void sf_uplinks_changed(struct sf_zone *zone)
{
	sf_policies_update(zone);
	sf_team_changed(zone);
	if (sf_zone_has_carrier(zone))
		netif_carrier_on(zone->dev);
	else
		netif_carrier_off(zone->dev);
	sf_net_changed(dev_net(zone->dev));
}

static void sf_uplinks_mtu_changed(struct sf_zone *zone)
{
	struct sf_member *member;

	list_for_each_entry(member, &zone->members, node)
		sf_segment_update_mtu(member->port.segment);
}

static bool sf_uplink_is_up(const struct sf_uplink *uplink)
{
	return netif_running(uplink->dev) && netif_oper_up(uplink->dev);
}

static void sf_uplink_set_ready(struct sf_uplink *uplink, bool ready)
{
	if (ready == !!(uplink->flags & SF_UPLINK_READY))
		return;
	WRITE_ONCE(uplink->flags, uplink->flags ^ SF_UPLINK_READY);
	sf_uplinks_changed(uplink->zone);
}

/* Behind those whose priority is the same or lower. */
static void sf_uplink_insert(struct sf_uplink *uplink)
{
	struct list_head *head = &uplink->zone->uplinks;
	struct sf_uplink *other;

	list_for_each_entry(other, head, node)
		if (other->priority > uplink->priority)
			break;
	list_add_tail_rcu(&uplink->node, &other->node);
}

/**
 * sf_uplink_set_priority - set the place of an uplink in the order
 * @uplink: the uplink
 * @priority: lowest first
 *
 * Context: RTNL. May sleep.
 */
void sf_uplink_set_priority(struct sf_uplink *uplink, u32 priority)
{
	if (uplink->priority == priority)
		return;
	WRITE_ONCE(uplink->priority, priority);
	list_del_rcu(&uplink->node);
	synchronize_net();
	sf_uplink_insert(uplink);
	sf_uplinks_changed(uplink->zone);
}

/**
 * sf_uplink_add - let a device join a zone
 * @zone: the zone
 * @dev: the device
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_uplink_add(struct sf_zone *zone, struct net_device *dev,
		  struct netlink_ext_ack *extack)
{
	struct sf_uplink *uplink;
	int err;

	ASSERT_RTNL();
	err = sf_uplink_check(zone, dev, extack);
	if (err)
		return err;
	uplink = sf_uplink_alloc(zone, dev);
	if (!uplink)
		return -ENOMEM;
	err = sf_uplink_add_vlans(uplink, extack);
	if (err)
		goto err_free;

	sf_stats_join(&zone->stats, &uplink->source, uplink->stats);
	err = sf_slave_attach(zone->dev, dev, sf_uplink_input, uplink, extack);
	if (err)
		goto err_leave_stats;

	if (sf_uplink_is_up(uplink))
		uplink->flags = SF_UPLINK_READY;
	sf_uplink_insert(uplink);
	zone->uplink_count++;
	sf_uplinks_mtu_changed(zone);
	sf_uplinks_changed(zone);
	return 0;

err_leave_stats:
	sf_stats_leave(&zone->stats, &uplink->source);
	sf_uplink_del_vlans(uplink);
err_free:
	netdev_put(dev, &uplink->dev_tracker);
	call_rcu(&uplink->rcu, sf_uplink_free_rcu);
	return err;
}

/**
 * sf_uplink_del - let a device leave its zone
 * @uplink: the uplink; freed after a grace period
 *
 * Context: RTNL. May sleep.
 */
void sf_uplink_del(struct sf_uplink *uplink)
{
	struct sf_zone *zone = uplink->zone;
	struct net_device *dev = uplink->dev;

	ASSERT_RTNL();
	WRITE_ONCE(uplink->flags, uplink->flags & ~SF_UPLINK_READY);
	sf_carry_set(uplink, false, NULL);
	list_del_rcu(&uplink->node);
	zone->uplink_count--;
	sf_policies_forget(zone, uplink);
	sf_uplinks_changed(zone);

	sf_slave_detach(zone->dev, dev);
	sf_stats_leave(&zone->stats, &uplink->source);
	sf_uplink_del_vlans(uplink);
	sf_uplinks_mtu_changed(zone);
	sf_net_changed(dev_net(dev));
	netdev_put(dev, &uplink->dev_tracker);
	call_rcu(&uplink->rcu, sf_uplink_free_rcu);
}

static int sf_uplink_event(struct notifier_block *block, unsigned long event,
			   void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct sf_uplink *uplink = sf_uplink_get_rtnl(dev);

	if (!uplink)
		return NOTIFY_DONE;

	switch (event) {
	case NETDEV_GOING_DOWN:
		/* While it still takes frames, so that none is lost. */
		sf_uplink_set_ready(uplink, false);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		sf_uplink_set_ready(uplink, sf_uplink_is_up(uplink));
		break;
	case NETDEV_CHANGEMTU:
		sf_uplinks_mtu_changed(uplink->zone);
		break;
	case NETDEV_UNREGISTER:
		/* The device goes, or moves to another network namespace. */
		sf_uplink_del(uplink);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		return NOTIFY_BAD;
	}
	return NOTIFY_DONE;
}

struct notifier_block sf_uplink_notifier = {
	.notifier_call = sf_uplink_event,
};
