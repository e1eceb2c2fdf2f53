// SPDX-License-Identifier: GPL-2.0
/*
 * Segment devices: their life, their settings, and the host's own interface in
 * the segment as far as it is not a matter of single frames.
 *
 * Locking: everything here runs under RTNL but for SF_SEGMENT_PROMISC, which
 * the core changes under the device's address lock; flags are therefore
 * changed atomically.
 */
#include "segment.h"

#include <linux/bitmap.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <net/netns/generic.h>

#include "binding.h"
#include "bridge_ops.h"
#include "fdb.h"
#include "input.h"
#include "member.h"
#include "netlink.h"
#include "port.h"
#include "stats.h"
#include "trace.h"

#define SF_AGEING_TIME		300	/* seconds, as a bridge (IEEE 802.1Q 8.8.3) */

/* What any port can be given: the core does in software what it cannot do. */
#define SF_FEATURES (NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA |	\
		     NETIF_F_HW_CSUM | NETIF_F_GSO_SOFTWARE)
#define SF_TAG_FEATURES (NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX)

static unsigned int sf_net_id __read_mostly;

/**
 * sf_net - what segfab keeps for a network namespace
 * @net: the namespace
 *
 * Return: it; never NULL while the namespace has devices.
 */
struct sf_net *sf_net(const struct net *net)
{
	return net_generic(net, sf_net_id);
}

/**
 * sf_net_changed - the configuration of a network namespace has changed
 * @net: the namespace
 *
 * Context: RTNL.
 */
void sf_net_changed(struct net *net)
{
	struct sf_net *sn = sf_net(net);
	u32 generation = sn->generation + 1;

	WRITE_ONCE(sn->generation, generation ?: 1);
}

static int __net_init sf_net_init(struct net *net)
{
	struct sf_net *sn = sf_net(net);

	INIT_LIST_HEAD(&sn->segments);
	INIT_LIST_HEAD(&sn->traces);
	INIT_LIST_HEAD(&sn->zones);
	sf_rate_init(&sn->arrived_rate);
	sn->generation = 1;
	return 0;
}

/* A subsystem is left after the devices were removed, ours with them. */
static void __net_exit sf_net_exit(struct net *net)
{
	struct sf_net *sn = sf_net(net);

	WARN_ON_ONCE(!list_empty(&sn->segments));
	sf_trace_stop_all(net, 0);
	WARN_ON_ONCE(!list_empty(&sn->zones));
	/* No frame is left. */
	sf_trace_free(rcu_dereference_protected(sn->arrived, true));
}

struct pernet_operations sf_net_ops = {
	.init	= sf_net_init,
	.exit	= sf_net_exit,
	.id	= &sf_net_id,
	.size	= sizeof(struct sf_net),
};

/**
 * sf_segment_get - the segment of a device
 * @dev: a device for which sf_is_segment() is true
 *
 * Return: the segment.
 */
struct sf_segment *sf_segment_get(const struct net_device *dev)
{
	return netdev_priv(dev);
}

/**
 * sf_segment_set_flag - set or clear a flag of a segment
 * @segment: the segment
 * @flag: one of SF_SEGMENT_*
 * @on: set it
 *
 * Context: any.
 */
void sf_segment_set_flag(struct sf_segment *segment, unsigned long flag,
			 bool on)
{
	assign_bit(__ffs(flag), &segment->flags, on);
}

/* Frames can come and go through the ports of the segment or of a parent, or
 * through its zone.
 */
static bool sf_segment_has_carrier(const struct sf_segment *segment)
{
	const struct sf_binding *binding;

	if (segment->ready_count || sf_segment_has_uplink(segment))
		return true;
	list_for_each_entry(binding, &segment->parents, child_node)
		if (binding->parent->ready_count)
			return true;
	return false;
}

/**
 * sf_segment_update_carrier - bring the carrier of the device up to date
 * @segment: the segment, some of whose ports or parents have changed
 *
 * Context: RTNL.
 */
void sf_segment_update_carrier(struct sf_segment *segment)
{
	if (sf_segment_has_carrier(segment))
		netif_carrier_on(segment->dev);
	else
		netif_carrier_off(segment->dev);
}

/**
 * sf_segment_ready_changed - a port became ready, or is not ready any more
 * @segment: the port's segment
 * @ready: which of both
 *
 * Context: RTNL.
 */
void sf_segment_ready_changed(struct sf_segment *segment, bool ready)
{
	struct sf_binding *binding;

	segment->ready_count += ready ? 1 : -1;
	if (segment->ready_count != ready)
		return;
	sf_segment_update_carrier(segment);
	list_for_each_entry(binding, &segment->children, parent_node)
		sf_segment_update_carrier(binding->child);
}

/**
 * sf_segment_update_mtu - follow the smallest port or uplink, unless the MTU
 *	was set
 * @segment: the segment, some of whose ports or uplinks have changed
 *
 * Context: RTNL.
 */
void sf_segment_update_mtu(struct sf_segment *segment)
{
	unsigned int mtu = sf_segment_uplink_mtu(segment);
	struct sf_port *port;

	if (segment->mtu_set)
		return;
	list_for_each_entry(port, &segment->ports, node)
		mtu = min(mtu, port->dev->mtu);
	if (mtu == UINT_MAX)
		return;
	dev_set_mtu(segment->dev, mtu);
	segment->mtu_set = false;
}

/**
 * sf_segment_set_guest_vlans - set the tags that own traffic may carry
 * @segment: the segment
 * @bitmap: VLAN_N_VID bits for bitmap_free(), which the segment now owns;
 *	NULL: none
 *
 * Context: RTNL, or before the segment is registered. May sleep.
 */
void sf_segment_set_guest_vlans(struct sf_segment *segment,
				unsigned long *bitmap)
{
	unsigned long *old = rtnl_dereference(segment->guest_vlans);

	rcu_assign_pointer(segment->guest_vlans, bitmap);
	if (!old)
		return;
	synchronize_net();
	bitmap_free(old);
}

/**
 * sf_segment_set_ageing_time - set when learned addresses are forgotten
 * @segment: the segment
 * @seconds: without a frame; 0: never
 *
 * Context: RTNL, or before the segment is registered.
 */
void sf_segment_set_ageing_time(struct sf_segment *segment, u32 seconds)
{
	WRITE_ONCE(segment->ageing_time, seconds * (unsigned long)HZ);
	if (segment->dev->reg_state == NETREG_REGISTERED)
		sf_fdb_restart_ageing(segment);
}

/**
 * sf_segment_ageing_time - when learned addresses are forgotten
 * @segment: the segment
 *
 * Return: seconds without a frame; 0: never.
 */
u32 sf_segment_ageing_time(const struct sf_segment *segment)
{
	return READ_ONCE(segment->ageing_time) / HZ;
}

/* Life of the device */

static int sf_segment_init(struct net_device *dev)
{
	struct sf_segment *segment = sf_segment_get(dev);
	int err = -ENOMEM;

	netdev_lockdep_set_classes(dev);
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!dev->tstats)
		return err;
	err = sf_stats_sum_init(&segment->stats);
	if (err)
		goto err_free_tstats;
	err = sf_fdb_init(segment);
	if (err)
		goto err_free_stats;
	err = sf_fdb_set_local(segment, dev->dev_addr);
	if (err)
		goto err_destroy_fdb;
	return 0;

err_destroy_fdb:
	sf_fdb_destroy(segment);
err_free_stats:
	free_percpu(segment->stats.own);
err_free_tstats:
	free_percpu(dev->tstats);
	return err;
}

/* No frame and no reader of the lists is left: the core has waited for them
 * since the device was taken off its list.
 */
static void sf_segment_uninit(struct net_device *dev)
{
	struct sf_segment *segment = sf_segment_get(dev);

	sf_fdb_destroy(segment);
	bitmap_free(rtnl_dereference(segment->guest_vlans));
	RCU_INIT_POINTER(segment->guest_vlans, NULL);
	free_percpu(segment->stats.own);
	free_percpu(dev->tstats);
}

static int sf_segment_open(struct net_device *dev)
{
	sf_segment_set_flag(sf_segment_get(dev), SF_SEGMENT_UP, true);
	return 0;
}

static int sf_segment_stop(struct net_device *dev)
{
	sf_segment_set_flag(sf_segment_get(dev), SF_SEGMENT_UP, false);
	return 0;
}

static void sf_segment_change_rx_flags(struct net_device *dev, int change)
{
	if (change & IFF_PROMISC)
		sf_segment_set_flag(sf_segment_get(dev), SF_SEGMENT_PROMISC,
				    dev->flags & IFF_PROMISC);
}

static int sf_segment_change_mtu(struct net_device *dev, int mtu)
{
	WRITE_ONCE(dev->mtu, mtu);
	sf_segment_get(dev)->mtu_set = true;
	return 0;
}

static int sf_segment_set_mac_address(struct net_device *dev, void *addr)
{
	struct sf_segment *segment = sf_segment_get(dev);
	u8 old[ETH_ALEN];
	int err;

	ether_addr_copy(old, dev->dev_addr);
	err = eth_prepare_mac_addr_change(dev, addr);
	if (err)
		return err;
	err = sf_fdb_set_local(segment, ((struct sockaddr *)addr)->sa_data);
	if (err)
		return err;
	eth_commit_mac_addr_change(dev, addr);
	if (!ether_addr_equal(old, dev->dev_addr))
		sf_fdb_del_local(segment, old);
	return 0;
}

static int sf_segment_add_slave(struct net_device *dev,
				struct net_device *slave,
				struct netlink_ext_ack *extack)
{
	return sf_port_add(sf_segment_get(dev), slave, extack);
}

static int sf_segment_del_slave(struct net_device *dev,
				struct net_device *slave)
{
	struct sf_port *port = sf_port_get_rtnl(slave);

	if (!port || port->segment != sf_segment_get(dev))
		return -EINVAL;
	sf_port_del(port);
	return 0;
}

/* What the host sent and got, and what of it was dropped on the way. */
static void sf_segment_get_stats64(struct net_device *dev,
				   struct rtnl_link_stats64 *stats)
{
	struct sf_totals totals;

	dev_get_tstats64(dev, stats);
	sf_port_stats_totals(sf_segment_get(dev)->stats.own, &totals);
	stats->tx_dropped += sf_totals_drops(&totals);
}

const struct net_device_ops sf_segment_netdev_ops = {
	.ndo_init		= sf_segment_init,
	.ndo_uninit		= sf_segment_uninit,
	.ndo_open		= sf_segment_open,
	.ndo_stop		= sf_segment_stop,
	.ndo_start_xmit		= sf_input_host,
	.ndo_get_stats64	= sf_segment_get_stats64,
	.ndo_change_rx_flags	= sf_segment_change_rx_flags,
	.ndo_change_mtu		= sf_segment_change_mtu,
	.ndo_set_mac_address	= sf_segment_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_features_check	= passthru_features_check,
	.ndo_add_slave		= sf_segment_add_slave,
	.ndo_del_slave		= sf_segment_del_slave,
	.ndo_fdb_add		= sf_fdb_ndo_add,
	.ndo_fdb_del		= sf_fdb_ndo_del,
	.ndo_fdb_del_bulk	= sf_fdb_ndo_del_bulk,
	.ndo_fdb_dump		= sf_fdb_ndo_dump,
	.ndo_fdb_get		= sf_fdb_ndo_get,
	.ndo_bridge_getlink	= sf_bridge_getlink,
	.ndo_bridge_setlink	= sf_bridge_setlink,
};

static const struct device_type sf_segment_type = {
	.name = SEGFAB_LINK_KIND,
};

static void sf_segment_setup(struct net_device *dev)
{
	struct sf_segment *segment = sf_segment_get(dev);

	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &sf_segment_netdev_ops;
	dev->ethtool_ops = &sf_segment_ethtool_ops;
	SET_NETDEV_DEVTYPE(dev, &sf_segment_type);
	dev->needs_free_netdev = true;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_NO_QUEUE | IFF_LIVE_ADDR_CHANGE;
	dev->features = SF_FEATURES | SF_TAG_FEATURES;
	dev->hw_features = SF_FEATURES | SF_TAG_FEATURES;
	dev->vlan_features = SF_FEATURES;
	sf_dev_set_lltx(dev);
	sf_dev_set_netns_immutable(dev);
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;

	segment->dev = dev;
	segment->flags = SF_SEGMENT_FLOOD;
	segment->ageing_time = SF_AGEING_TIME * HZ;
	INIT_LIST_HEAD(&segment->ports);
	INIT_LIST_HEAD(&segment->parents);
	INIT_LIST_HEAD(&segment->children);
}

static int sf_segment_validate(struct nlattr *tb[], struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS]) {
		if (nla_len(tb[IFLA_ADDRESS]) != ETH_ALEN) {
			NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
					    "the address is not an Ethernet address");
			return -EINVAL;
		}
		if (!is_valid_ether_addr(nla_data(tb[IFLA_ADDRESS]))) {
			NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
					    "the address is not a unicast address");
			return -EADDRNOTAVAIL;
		}
	}
	return 0;
}

/* The table had the address before anybody could be told of it. */
static void sf_segment_announce_address(struct sf_segment *segment)
{
	const struct sf_fdb_entry *entry;

	rcu_read_lock();
	entry = sf_fdb_find_rcu(segment, sf_fdb_key(segment->dev->dev_addr, 0));
	if (entry)
		sf_fdb_notify(segment, entry, RTM_NEWNEIGH);
	rcu_read_unlock();
}

static int sf_segment_new(struct net_device *dev, struct nlattr *tb[],
			  struct nlattr *data[],
			  struct netlink_ext_ack *extack)
{
	struct sf_segment *segment = sf_segment_get(dev);
	struct net *net = dev_net(dev);
	int err;

	segment->mtu_set = tb[IFLA_MTU];
	if (data) {
		err = sf_segment_apply(segment, data, extack);
		if (err)
			return err;
	}
	netif_carrier_off(dev);
	err = register_netdevice(dev);
	if (err) {
		bitmap_free(rtnl_dereference(segment->guest_vlans));
		return err;
	}
	list_add_tail_rcu(&segment->net_node, &sf_net(net)->segments);
	sf_net_changed(net);
	/* From here on frames can come. */
	err = data ? sf_segment_apply_zone(segment, data, extack) : 0;
	if (err) {
		list_del_rcu(&segment->net_node);
		unregister_netdevice(dev);
		return err;
	}
	sf_segment_announce_address(segment);
	return 0;
}

SF_NEWLINK(sf_segment_newlink, sf_segment_new)

static int sf_segment_changelink(struct net_device *dev, struct nlattr *tb[],
				 struct nlattr *data[],
				 struct netlink_ext_ack *extack)
{
	struct sf_segment *segment = sf_segment_get(dev);
	int err;

	if (!data)
		return 0;
	err = sf_segment_apply(segment, data, extack);
	if (!err)
		sf_segment_notify(segment);
	return err;
}

static void sf_segment_del_bindings(struct list_head *head, bool as_child)
{
	struct sf_binding *binding;

	while (!list_empty(head)) {
		binding = as_child ?
			list_first_entry(head, struct sf_binding, child_node) :
			list_first_entry(head, struct sf_binding, parent_node);
		sf_binding_remove(binding, NULL);
	}
}

/* What "ip link del" and the end of a network namespace do: everything that
 * hangs on the segment goes, and is announced.
 */
static void sf_segment_dellink(struct net_device *dev, struct list_head *head)
{
	const struct sf_fdb_filter local = {
		.states = BIT(SEGFAB_FDB_STATE_LOCAL),
	};
	struct sf_segment *segment = sf_segment_get(dev);
	struct sf_port *port, *next;

	sf_segment_leave_zone(segment);
	sf_segment_del_bindings(&segment->parents, true);
	sf_segment_del_bindings(&segment->children, false);
	list_for_each_entry_safe(port, next, &segment->ports, node)
		sf_port_del(port);
	sf_fdb_flush(segment, &local);
	list_del_rcu(&segment->net_node);
	sf_net_changed(dev_net(dev));
	unregister_netdevice_queue(dev, head);
}

/* The first binding maps of a list, as "child/id", as far as they fit. */
static void sf_list_bindings(const struct sf_segment *segment, char *text,
			     size_t size)
{
	const struct list_head *head, *pos;
	const struct sf_binding *binding;
	size_t len = 0;
	int more = 0;

	text[0] = '\0';
	head = segment->child_count ? &segment->children : &segment->parents;
	list_for_each(pos, head) {
		binding = segment->child_count ?
			list_entry(pos, struct sf_binding, parent_node) :
			list_entry(pos, struct sf_binding, child_node);
		if (len + strlen(binding->child->dev->name) +
		    strlen(binding->id) + 14 > size) {
			more++;
			continue;
		}
		len += scnprintf(text + len, size - len, "%s%s/%s",
				 len ? ", " : "", binding->child->dev->name,
				 binding->id);
	}
	if (more)
		scnprintf(text + len, size - len, "%s%d more",
			  len ? ", " : "", more);
}

/**
 * sf_segment_del - remove a segment that no binding map names
 * @segment: the segment
 * @extack: takes the reason of a refusal
 *
 * Rule R9; ports are released, as by a bridge.
 *
 * Context: RTNL. May sleep.
 * Return: 0, or -EBUSY if there are binding maps.
 */
int sf_segment_del(struct sf_segment *segment, struct netlink_ext_ack *extack)
{
	LIST_HEAD(kill);
	char maps[48];

	if (segment->child_count || segment->parent_count) {
		sf_list_bindings(segment, maps, sizeof(maps));
		NL_SET_ERR_MSG_FMT(extack, "%s has binding maps: %s",
				   segment->dev->name, maps);
		return -EBUSY;
	}
	sf_segment_dellink(segment->dev, &kill);
	unregister_netdevice_many(&kill);
	return 0;
}

static size_t sf_segment_get_size(const struct net_device *dev)
{
	return sf_segment_settings_size();
}

static int sf_segment_fill_info(struct sk_buff *skb,
				const struct net_device *dev)
{
	return sf_segment_fill_settings(skb, sf_segment_get(dev));
}

static int sf_segment_slave_changelink(struct net_device *dev,
				       struct net_device *slave,
				       struct nlattr *tb[],
				       struct nlattr *data[],
				       struct netlink_ext_ack *extack)
{
	struct sf_port *port = sf_port_get_rtnl(slave);
	int err;

	if (!data)
		return 0;
	err = sf_port_apply(port, data, extack);
	if (!err)
		sf_port_notify(port);
	return err;
}

static size_t sf_segment_get_slave_size(const struct net_device *dev,
					const struct net_device *slave)
{
	return sf_port_settings_size();
}

static int sf_segment_fill_slave_info(struct sk_buff *skb,
				      const struct net_device *dev,
				      const struct net_device *slave)
{
	return sf_port_fill_settings(skb, sf_port_get_rtnl(slave));
}

struct rtnl_link_ops sf_segment_link_ops __read_mostly = {
	.kind			= SEGFAB_LINK_KIND,
	.priv_size		= sizeof(struct sf_segment),
	.setup			= sf_segment_setup,
	.maxtype		= SF_LINK_ATTR_MAX,
	.policy			= sf_segment_link_policy,
	.validate		= sf_segment_validate,
	.newlink		= sf_segment_newlink,
	.changelink		= sf_segment_changelink,
	.dellink		= sf_segment_dellink,
	.get_size		= sf_segment_get_size,
	.fill_info		= sf_segment_fill_info,
	.slave_maxtype		= SF_LINK_ATTR_MAX,
	.slave_policy		= sf_port_link_policy,
	.slave_changelink	= sf_segment_slave_changelink,
	.get_slave_size		= sf_segment_get_slave_size,
	.fill_slave_info	= sf_segment_fill_slave_info,
};
