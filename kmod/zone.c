// SPDX-License-Identifier: GPL-2.0
/*
 * Transport zones: their devices, which carry no frames of their own, their
 * settings, and their end. What reaches the outside through a zone is in
 * member.c, by what in uplink.c, and by which of them in policy.c and team.c.
 *
 * Locking: everything here runs under RTNL.
 */
#include "zone.h"

#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "announce.h"
#include "member.h"
#include "netlink.h"
#include "policy.h"
#include "segment.h"
#include "stats.h"
#include "team.h"
#include "uplink.h"

/**
 * sf_zone_get - the zone of a device
 * @dev: a device for which sf_is_zone() is true
 *
 * Return: the zone.
 */
struct sf_zone *sf_zone_get(const struct net_device *dev)
{
	return netdev_priv(dev);
}

/**
 * sf_zone_set_teaming - set by which uplink frames leave
 * @zone: the zone
 * @teaming: enum segfab_teaming, but for SEGFAB_TEAMING_ZONE
 *
 * Context: RTNL, or before the zone is registered.
 */
void sf_zone_set_teaming(struct sf_zone *zone, u8 teaming)
{
	if (zone->teaming == teaming)
		return;
	WRITE_ONCE(zone->teaming, teaming);
	sf_teams_assign(zone);
	sf_team_changed(zone);
}

/**
 * sf_zone_set_failback - set whether an uplink that comes back takes its place
 * @zone: the zone
 * @failback: it does; otherwise, with failover-order, it is the last one
 *
 * Context: RTNL, or before the zone is registered.
 */
void sf_zone_set_failback(struct sf_zone *zone, bool failback)
{
	if (zone->failback == failback)
		return;
	WRITE_ONCE(zone->failback, failback);
	sf_policies_update(zone);
	sf_team_changed(zone);
}

/* Life of the device */

static int sf_zone_init(struct net_device *dev)
{
	netdev_lockdep_set_classes(dev);
	return sf_stats_sum_init(&sf_zone_get(dev)->stats);
}

static void sf_zone_uninit(struct net_device *dev)
{
	struct sf_zone *zone = sf_zone_get(dev);

	sf_announce_destroy(zone);
	xa_destroy(&zone->vnis);
	free_percpu(zone->stats.own);
}

/* Frames go through segments. */
static netdev_tx_t sf_zone_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_core_stats_tx_dropped_inc(dev);
	kfree_skb(skb);
	return NETDEV_TX_OK;
}

/* What ip(8) shows: the sum of the uplinks. */
static void sf_zone_get_stats64(struct net_device *dev,
				struct rtnl_link_stats64 *stats)
{
	struct sf_totals totals;

	rcu_read_lock();
	sf_stats_sum_totals(&sf_zone_get(dev)->stats, &totals);
	rcu_read_unlock();
	stats->rx_packets = sf_totals_packets(&totals, SF_INGRESS);
	stats->rx_bytes = sf_totals_bytes(&totals, SF_INGRESS);
	stats->tx_packets = sf_totals_packets(&totals, SF_EGRESS);
	stats->tx_bytes = sf_totals_bytes(&totals, SF_EGRESS);
}

static int sf_zone_add_slave(struct net_device *dev, struct net_device *slave,
			     struct netlink_ext_ack *extack)
{
	return sf_uplink_add(sf_zone_get(dev), slave, extack);
}

static int sf_zone_del_slave(struct net_device *dev, struct net_device *slave)
{
	struct sf_uplink *uplink = sf_uplink_get_rtnl(slave);

	if (!uplink || uplink->zone != sf_zone_get(dev))
		return -EINVAL;
	sf_uplink_del(uplink);
	return 0;
}

const struct net_device_ops sf_zone_netdev_ops = {
	.ndo_init		= sf_zone_init,
	.ndo_uninit		= sf_zone_uninit,
	.ndo_start_xmit		= sf_zone_xmit,
	.ndo_get_stats64	= sf_zone_get_stats64,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_add_slave		= sf_zone_add_slave,
	.ndo_del_slave		= sf_zone_del_slave,
};

static const struct device_type sf_zone_type = {
	.name = SEGFAB_ZONE_LINK_KIND,
};

static void sf_zone_setup(struct net_device *dev)
{
	struct sf_zone *zone = sf_zone_get(dev);

	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &sf_zone_netdev_ops;
	SET_NETDEV_DEVTYPE(dev, &sf_zone_type);
	dev->needs_free_netdev = true;
	dev->flags |= IFF_NOARP;
	dev->flags &= ~(IFF_BROADCAST | IFF_MULTICAST);
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_NO_QUEUE;
	sf_dev_set_lltx(dev);
	sf_dev_set_netns_immutable(dev);
	dev->min_mtu = 0;
	dev->max_mtu = 0;

	zone->dev = dev;
	zone->teaming = SEGFAB_TEAMING_FAILOVER_ORDER;
	zone->failback = true;
	xa_init(&zone->vnis);
	INIT_LIST_HEAD(&zone->uplinks);
	INIT_LIST_HEAD(&zone->members);
	sf_policies_init(zone);
	sf_announce_init(zone);
}

static int sf_zone_new(struct net_device *dev, struct nlattr *tb[],
		       struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct sf_zone *zone = sf_zone_get(dev);
	struct net *net = dev_net(dev);
	int err;

	if (data && data[SEGFAB_A_ZONE_MODE])
		zone->mode = nla_get_u8(data[SEGFAB_A_ZONE_MODE]);
	if (data) {
		err = sf_zone_apply(zone, data, extack);
		if (err)
			return err;
	}
	netif_carrier_off(dev);
	err = register_netdevice(dev);
	if (err)
		return err;
	list_add_tail_rcu(&zone->net_node, &sf_net(net)->zones);
	sf_net_changed(net);
	return 0;
}

SF_NEWLINK(sf_zone_newlink, sf_zone_new)

static int sf_zone_changelink(struct net_device *dev, struct nlattr *tb[],
			      struct nlattr *data[],
			      struct netlink_ext_ack *extack)
{
	struct sf_zone *zone = sf_zone_get(dev);
	int err;

	if (!data)
		return 0;
	err = sf_zone_apply(zone, data, extack);
	if (!err)
		sf_zone_notify(zone);
	return err;
}

/* What "ip link del" and the end of a network namespace do: segments leave,
 * uplinks are released.
 */
static void sf_zone_dellink(struct net_device *dev, struct list_head *head)
{
	struct sf_zone *zone = sf_zone_get(dev);
	struct sf_policy *policy, *next_policy;
	struct sf_uplink *uplink, *next_uplink;
	struct sf_member *member, *next;

	list_for_each_entry_safe(member, next, &zone->members, node) {
		struct sf_segment *segment = member->port.segment;

		sf_segment_leave_zone(segment);
		sf_segment_notify(segment);
	}
	list_for_each_entry_safe(policy, next_policy, &zone->policies, node)
		sf_policy_remove(policy, NULL);
	list_for_each_entry_safe(uplink, next_uplink, &zone->uplinks, node)
		sf_uplink_del(uplink);
	list_del_rcu(&zone->net_node);
	sf_net_changed(dev_net(dev));
	unregister_netdevice_queue(dev, head);
}

/**
 * sf_zone_del - remove a zone that no segment is in
 * @zone: the zone
 * @extack: takes the reason of a refusal
 *
 * Uplinks are released.
 *
 * Context: RTNL. May sleep.
 * Return: 0, or -EBUSY if there are segments.
 */
int sf_zone_del(struct sf_zone *zone, struct netlink_ext_ack *extack)
{
	const struct sf_member *first;
	LIST_HEAD(kill);

	if (zone->member_count) {
		first = list_first_entry(&zone->members, struct sf_member,
					 node);
		if (zone->member_count == 1)
			NL_SET_ERR_MSG_FMT(extack, "%s has a segment, %s",
					   zone->dev->name,
					   first->port.segment->dev->name);
		else
			NL_SET_ERR_MSG_FMT(extack,
					   "%s has segments, %s and %u more",
					   zone->dev->name,
					   first->port.segment->dev->name,
					   zone->member_count - 1);
		return -EBUSY;
	}
	sf_zone_dellink(zone->dev, &kill);
	unregister_netdevice_many(&kill);
	return 0;
}

static size_t sf_zone_get_size(const struct net_device *dev)
{
	return sf_zone_settings_size();
}

static int sf_zone_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	return sf_zone_fill_settings(skb, sf_zone_get(dev));
}

static int sf_zone_slave_changelink(struct net_device *dev,
				    struct net_device *slave,
				    struct nlattr *tb[], struct nlattr *data[],
				    struct netlink_ext_ack *extack)
{
	struct sf_uplink *uplink = sf_uplink_get_rtnl(slave);
	int err;

	if (!data)
		return 0;
	err = sf_uplink_apply(uplink, data, extack);
	if (!err)
		sf_uplink_notify(uplink);
	return err;
}

static size_t sf_zone_get_slave_size(const struct net_device *dev,
				     const struct net_device *slave)
{
	return sf_uplink_settings_size();
}

static int sf_zone_fill_slave_info(struct sk_buff *skb,
				   const struct net_device *dev,
				   const struct net_device *slave)
{
	return sf_uplink_fill_settings(skb, sf_uplink_get_rtnl(slave));
}

struct rtnl_link_ops sf_zone_link_ops __read_mostly = {
	.kind			= SEGFAB_ZONE_LINK_KIND,
	.priv_size		= sizeof(struct sf_zone),
	.setup			= sf_zone_setup,
	.maxtype		= SF_LINK_ATTR_MAX,
	.policy			= sf_zone_link_policy,
	.newlink		= sf_zone_newlink,
	.changelink		= sf_zone_changelink,
	.dellink		= sf_zone_dellink,
	.get_size		= sf_zone_get_size,
	.fill_info		= sf_zone_fill_info,
	.slave_maxtype		= SF_LINK_ATTR_MAX,
	.slave_policy		= sf_uplink_link_policy,
	.slave_changelink	= sf_zone_slave_changelink,
	.get_slave_size		= sf_zone_get_slave_size,
	.fill_slave_info	= sf_zone_fill_slave_info,
};
