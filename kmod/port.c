// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: devices that join and leave segments, and what their changes mean for
 * the segment. A port is recognised by its rx_handler, as a module outside of
 * the kernel has no flag of its own for its ports.
 *
 * Locking: everything here runs under RTNL. From the notifier only devices of
 * segments are changed, never the device that the event is about.
 */
#include "port.h"

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "fdb.h"
#include "input.h"
#include "segment.h"
#include "slave.h"
#include "stats.h"

/* Learned addresses of a new port, unless set. */
#define SF_PORT_FDB_LIMIT	4096

/**
 * sf_port_get_rtnl - the port that a device is
 * @dev: any device
 *
 * Context: RTNL.
 * Return: the port, or NULL if the device is none.
 */
struct sf_port *sf_port_get_rtnl(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != sf_input)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/**
 * sf_port_get_rcu - the port that a device is
 * @dev: any device
 *
 * Context: RCU read side.
 * Return: the port, or NULL if the device is none.
 */
struct sf_port *sf_port_get_rcu(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->rx_handler) != sf_input)
		return NULL;
	return rcu_dereference(dev->rx_handler_data);
}

static void sf_port_free_rcu(struct rcu_head *rcu)
{
	struct sf_port *port = container_of(rcu, struct sf_port, rcu);

	free_percpu(port->stats);
	kfree(port);
}

static struct sf_port *sf_port_alloc(struct sf_segment *segment,
				     struct net_device *dev)
{
	struct sf_port *port = kzalloc(sizeof(*port), GFP_KERNEL);

	if (!port)
		return NULL;
	port->stats = sf_port_stats_alloc();
	if (!port->stats) {
		kfree(port);
		return NULL;
	}
	port->dev = dev;
	port->segment = segment;
	port->owner = port;
	port->flags = SF_PORT_LEARNING | SF_PORT_FLOOD | SF_PORT_MCAST_FLOOD |
		      SF_PORT_BCAST_FLOOD;
	port->fdb_limit = SF_PORT_FDB_LIMIT;
	port->fdb_limit_policy = SEGFAB_LIMIT_POLICY_FORWARD;
	netdev_hold(dev, &port->dev_tracker, GFP_KERNEL);
	return port;
}

/* Forget what is known behind the port, in its segment and in every child. */
static void sf_port_flush(struct sf_port *port, unsigned int states)
{
	struct sf_fdb_filter filter = { .port = port, .states = states };
	struct sf_binding *binding;

	sf_fdb_flush(port->segment, &filter);
	list_for_each_entry(binding, &port->segment->children, parent_node) {
		filter.binding = binding;
		sf_fdb_flush(binding->child, &filter);
	}
}

/* Bring SF_PORT_READY up to date. What was learned behind a port that is not
 * ready may be elsewhere by the time it is.
 */
static void sf_port_update_ready(struct sf_port *port)
{
	bool ready = netif_running(port->dev) && netif_oper_up(port->dev) &&
		     !(port->flags & SF_PORT_DEAD);

	if (ready == !!(port->flags & SF_PORT_READY))
		return;
	WRITE_ONCE(port->flags, port->flags ^ SF_PORT_READY);
	if (!ready)
		sf_port_flush(port, BIT(SEGFAB_FDB_STATE_LEARNED));
	sf_segment_ready_changed(port->segment, ready);
}

/**
 * sf_port_add - let a device join a segment
 * @segment: the segment
 * @dev: the device
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_port_add(struct sf_segment *segment, struct net_device *dev,
		struct netlink_ext_ack *extack)
{
	struct sf_port *port;
	int err;

	ASSERT_RTNL();
	err = sf_slave_check(segment->dev, dev, "a port of a segment", extack);
	if (err)
		return err;
	port = sf_port_alloc(segment, dev);
	if (!port)
		return -ENOMEM;

	sf_stats_join(&segment->stats, &port->source, port->stats);
	err = sf_slave_attach(segment->dev, dev, sf_input, port, extack);
	if (err)
		goto err_flush;

	list_add_tail_rcu(&port->node, &segment->ports);
	segment->port_count++;
	sf_segment_update_mtu(segment);
	sf_port_update_ready(port);
	sf_net_changed(dev_net(dev));
	return 0;

err_flush:
	/* It may have been one for a moment, and taken frames. */
	WRITE_ONCE(port->flags, port->flags | SF_PORT_DEAD);
	sf_port_flush(port, BIT(SEGFAB_FDB_STATE_LEARNED));
	sf_stats_leave(&segment->stats, &port->source);
	netdev_put(dev, &port->dev_tracker);
	call_rcu(&port->rcu, sf_port_free_rcu);
	return err;
}

/**
 * sf_port_del - let a device leave its segment
 * @port: the port; freed after a grace period
 *
 * Frames that are on their way to the port still reach it.
 *
 * Context: RTNL. May sleep.
 */
void sf_port_del(struct sf_port *port)
{
	struct sf_segment *segment = port->segment;
	struct net_device *dev = port->dev;

	ASSERT_RTNL();
	WRITE_ONCE(port->flags, port->flags | SF_PORT_DEAD);
	list_del_rcu(&port->node);
	segment->port_count--;
	sf_port_flush(port, BIT(SEGFAB_FDB_STATE_LEARNED) |
			    BIT(SEGFAB_FDB_STATE_STATIC));
	sf_port_update_ready(port);

	sf_slave_detach(segment->dev, dev);
	sf_stats_leave(&segment->stats, &port->source);
	sf_segment_update_mtu(segment);
	sf_net_changed(dev_net(dev));
	netdev_put(dev, &port->dev_tracker);
	call_rcu(&port->rcu, sf_port_free_rcu);
}

static int sf_port_event(struct notifier_block *block, unsigned long event,
			 void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct sf_port *port = sf_port_get_rtnl(dev);

	if (!port)
		return NOTIFY_DONE;

	switch (event) {
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		sf_port_update_ready(port);
		break;
	case NETDEV_CHANGEMTU:
		sf_segment_update_mtu(port->segment);
		break;
	case NETDEV_UNREGISTER:
		/* The device goes, or moves to another network namespace. */
		sf_port_del(port);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		return NOTIFY_BAD;
	case NETDEV_RESEND_IGMP:
		call_netdevice_notifiers(event, port->segment->dev);
		break;
	}
	return NOTIFY_DONE;
}

struct notifier_block sf_port_notifier = {
	.notifier_call = sf_port_event,
};
