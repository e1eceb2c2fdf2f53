// SPDX-License-Identifier: GPL-2.0
/*
 * What a device has to be to join a segment or a zone, and what the kernel has
 * to know when it does, and when it leaves. What it is there, a port or an
 * uplink, is not known here.
 *
 * Locking: everything here runs under RTNL.
 */
#include "slave.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include "segment.h"
#include "zone.h"

static bool sf_is_above(struct net_device *dev, struct net_device *lower)
{
	bool above;

	rcu_read_lock();
	above = netdev_has_upper_dev_all_rcu(lower, dev);
	rcu_read_unlock();
	return above;
}

/**
 * sf_slave_check - may a device be a port of a segment, or an uplink of a zone?
 * @upper: the device of the segment or zone
 * @dev: the device
 * @role: what it wants to be, for messages
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int sf_slave_check(struct net_device *upper, struct net_device *dev,
		   const char *role, struct netlink_ext_ack *extack)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);

	if (dev->flags & IFF_LOOPBACK || dev->type != ARPHRD_ETHER ||
	    dev->addr_len != ETH_ALEN) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not an Ethernet device",
				   dev->name);
		return -EINVAL;
	}
	if (sf_is_segment(dev) || sf_is_zone(dev)) {
		NL_SET_ERR_MSG_FMT(extack, "%s is a %s and cannot be %s",
				   dev->name, sf_is_zone(dev) ? "zone" :
				   "segment", role);
		return -ELOOP;
	}
	if (sf_is_above(dev, upper)) {
		NL_SET_ERR_MSG_FMT(extack, "%s is on top of %s and cannot be %s",
				   dev->name, upper->name, role);
		return -ELOOP;
	}
	if (master) {
		NL_SET_ERR_MSG_FMT(extack, "%s has a master already, %s",
				   dev->name, master->name);
		return -EBUSY;
	}
	if (rcu_access_pointer(dev->rx_handler)) {
		NL_SET_ERR_MSG_FMT(extack, "%s is used by another device",
				   dev->name);
		return -EBUSY;
	}
	if (dev->priv_flags & (IFF_DONT_BRIDGE | IFF_NO_RX_HANDLER)) {
		NL_SET_ERR_MSG_FMT(extack, "%s cannot be %s", dev->name, role);
		return -EOPNOTSUPP;
	}
	return 0;
}

/**
 * sf_slave_attach - put a device under a segment or zone; it sends frames at once
 * @upper: the device of the segment or zone
 * @dev: the device, which sf_slave_check() found fit
 * @handler: takes its frames
 * @data: for @handler
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL. May sleep.
 * Return: 0; or a negative errno, with no frame left on its way through
 *	@handler.
 */
int sf_slave_attach(struct net_device *upper, struct net_device *dev,
		    rx_handler_func_t *handler, void *data,
		    struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	call_netdevice_notifiers(NETDEV_JOIN, dev);
	err = dev_set_allmulti(dev, 1);
	if (err)
		return err;
	err = dev_set_promiscuity(dev, 1);
	if (err)
		goto err_unset_allmulti;
	err = netdev_rx_handler_register(dev, handler, data);
	if (err)
		goto err_unset_promiscuity;
	err = netdev_master_upper_dev_link(dev, upper, NULL, NULL, extack);
	if (err)
		goto err_unregister_handler;
	dev_disable_lro(dev);
	return 0;

err_unregister_handler:
	netdev_rx_handler_unregister(dev);
err_unset_promiscuity:
	dev_set_promiscuity(dev, -1);
err_unset_allmulti:
	dev_set_allmulti(dev, -1);
	return err;
}

/**
 * sf_slave_detach - take a device from its segment or zone
 * @upper: the device of the segment or zone
 * @dev: the device
 *
 * Waits for all frames that came from the device, or may go to it.
 *
 * Context: RTNL. May sleep.
 */
void sf_slave_detach(struct net_device *upper, struct net_device *dev)
{
	ASSERT_RTNL();
	netdev_upper_dev_unlink(dev, upper);
	netdev_rx_handler_unregister(dev);
	dev_set_promiscuity(dev, -1);
	dev_set_allmulti(dev, -1);
}
