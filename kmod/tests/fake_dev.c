// SPDX-License-Identifier: GPL-2.0
/*
 * An Ethernet device without a wire: what it sends is kept for a test to look
 * at. It can all that a good network card can, so that nothing is changed on
 * the way to it; a test may take features away.
 *
 * A kernel that checks itself takes long to make a device, so they are kept from
 * test to test.
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

/* Those that no test has. RTNL. */
static LIST_HEAD(sfk_dev_spare);

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

static struct sfk_dev *sfk_dev_create(const char *name)
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
	return netdev_priv(dev);
}

static struct sfk_dev *sfk_dev_find_spare(const char *name)
{
	struct sfk_dev *fake;

	list_for_each_entry(fake, &sfk_dev_spare, node) {
		if (strcmp(fake->dev->name, name))
			continue;
		list_del(&fake->node);
		return fake;
	}
	return NULL;
}

/* As every test finds it, whatever the one before has done to it. */
static int sfk_dev_reset(struct sfk_dev *fake)
{
	int err;

	fake->mode = SFK_KEEP;
	fake->dev->features = SFK_FEATURES | NETIF_F_HW_VLAN_CTAG_TX;
	err = dev_set_mtu(fake->dev, ETH_DATA_LEN);
	return err ?: dev_open(fake->dev, NULL);
}

/**
 * sfk_dev_get - get a fake device
 * @name: its name
 *
 * It goes back with sfk_dev_put().
 *
 * Context: RTNL. May sleep.
 * Return: the device, up, with nothing in its sink; or ERR_PTR.
 */
struct sfk_dev *sfk_dev_get(const char *name)
{
	struct sfk_dev *fake = sfk_dev_find_spare(name);
	int err;

	if (!fake)
		fake = sfk_dev_create(name);
	if (IS_ERR(fake))
		return fake;
	err = sfk_dev_reset(fake);
	if (!err)
		return fake;
	sfk_dev_put(fake);
	return ERR_PTR(err);
}

/**
 * sfk_dev_put - a test is done with a fake device
 * @fake: the device, which has no master any more
 *
 * Context: RTNL.
 */
void sfk_dev_put(struct sfk_dev *fake)
{
	skb_queue_purge(&fake->sink.frames);
	list_add(&fake->node, &sfk_dev_spare);
}

/**
 * sfk_dev_unregister_all - remove all fake devices, when no test has one
 *
 * Context: RTNL. May sleep.
 */
void sfk_dev_unregister_all(void)
{
	struct sfk_dev *fake, *next;
	LIST_HEAD(kill);

	list_for_each_entry_safe(fake, next, &sfk_dev_spare, node) {
		list_del(&fake->node);
		unregister_netdevice_queue(fake->dev, &kill);
	}
	unregister_netdevice_many(&kill);
}
