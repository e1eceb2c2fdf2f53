// SPDX-License-Identifier: GPL-2.0
/*
 * An Ethernet device without a wire: what it sends is kept for a test to look
 * at. It can all that a good network card can, so that nothing is changed on
 * the way to it; a test may take features away.
 *
 * Locking: made and removed under RTNL; frames come with BH disabled.
 */
#include "fake_dev.h"

#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>

#include "../compat.h"

#define SFK_FEATURES (NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | \
		      NETIF_F_HW_CSUM | NETIF_F_GSO_SOFTWARE)

static netdev_tx_t sfk_dev_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct sfk_dev *fake = netdev_priv(dev);

	switch (READ_ONCE(fake->mode)) {
	case SFK_KEEP:
		skb_queue_tail(&fake->sink.frames, skb);
		return NETDEV_TX_OK;
	case SFK_DISCARD:
		consume_skb(skb);
		return NETDEV_TX_OK;
	case SFK_REFUSE:
		break;
	}
	kfree_skb(skb);
	return NET_XMIT_DROP;
}

static const struct net_device_ops sfk_dev_ops = {
	.ndo_start_xmit		= sfk_dev_xmit,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
};

static void sfk_dev_setup(struct net_device *dev)
{
	struct sfk_dev *fake = netdev_priv(dev);

	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &sfk_dev_ops;
	dev->needs_free_netdev = true;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->features = SFK_FEATURES | NETIF_F_HW_VLAN_CTAG_TX;
	dev->vlan_features = SFK_FEATURES;
	dev->max_mtu = ETH_MAX_MTU;
	sf_dev_set_lltx(dev);
	skb_queue_head_init(&fake->sink.frames);
	fake->dev = dev;
}

/**
 * sfk_dev_quiet - keep the host from sending by itself on a device
 * @dev: the device, not yet up
 *
 * IPv6 would announce itself, and be counted. Context: RTNL.
 */
void sfk_dev_quiet(struct net_device *dev)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct inet6_dev *idev = __in6_dev_get(dev);

	if (idev)
		WRITE_ONCE(idev->cnf.disable_ipv6, 1);
#endif
}

/**
 * sfk_dev_create - make a fake device
 * @name: its name
 *
 * It goes with unregister_netdevice(), after its sink was emptied.
 *
 * Context: RTNL. May sleep.
 * Return: the device, up; or ERR_PTR.
 */
struct sfk_dev *sfk_dev_create(const char *name)
{
	struct net_device *dev;
	int err;

	dev = alloc_netdev(sizeof(struct sfk_dev), name, NET_NAME_USER,
			   sfk_dev_setup);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	err = register_netdevice(dev);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	sfk_dev_quiet(dev);
	err = dev_open(dev, NULL);
	if (err) {
		unregister_netdevice(dev);
		return ERR_PTR(err);
	}
	return netdev_priv(dev);
}
