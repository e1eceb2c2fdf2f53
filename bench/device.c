// SPDX-License-Identifier: GPL-2.0
/*
 * The devices bench0, bench1, ...: what is sent to one of them is checked,
 * counted and freed, and so is what the host's own stack gets.
 *
 * Locking: counters are of one CPU, that of the run.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/version.h>

#include "bench.h"

static struct net_device **sf_bench_devices;
static unsigned int sf_bench_count;
static u64 sf_bench_delivered;

static void sf_bench_sink(struct sf_bench_dev *bench, u16 vlan)
{
	bench->frames++;
	if (unlikely(vlan != bench->vlan && bench->vlan != VLAN_N_VID))
		bench->wrong++;
}

/**
 * sf_bench_xmit - the sink of frames
 * @skb: the frame; consumed
 * @dev: one of our devices
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t sf_bench_xmit(struct sk_buff *skb, struct net_device *dev)
{
	sf_bench_sink(netdev_priv(dev), skb_vlan_tag_present(skb) ?
					skb_vlan_tag_get_id(skb) : 0);
	consume_skb(skb);
	return NETDEV_TX_OK;
}

/**
 * sf_bench_xdp_xmit - the sink of frames without an skb
 * @dev: one of our devices
 * @n: how many frames
 * @frames: the frames; consumed
 * @flags: ignored
 *
 * Return: @n.
 */
int sf_bench_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		      u32 flags)
{
	int i;

	for (i = 0; i < n; i++) {
		const struct vlan_ethhdr *eth = frames[i]->data;

		sf_bench_sink(netdev_priv(dev),
			      eth_type_vlan(eth->h_vlan_proto) ?
			      ntohs(eth->h_vlan_TCI) & VLAN_VID_MASK : 0);
		xdp_return_frame_rx_napi(frames[i]);
	}
	return n;
}

static int sf_bench_init(struct net_device *dev)
{
	struct sf_bench_dev *bench = netdev_priv(dev);
	int err;

	err = xdp_rxq_info_reg(&bench->rxq, dev, 0, 0);
	if (err)
		return err;
	err = xdp_rxq_info_reg_mem_model(&bench->rxq, MEM_TYPE_PAGE_SHARED,
					 NULL);
	if (err)
		xdp_rxq_info_unreg(&bench->rxq);
	return err;
}

static void sf_bench_uninit(struct net_device *dev)
{
	struct sf_bench_dev *bench = netdev_priv(dev);

	xdp_rxq_info_unreg(&bench->rxq);
}

static const struct net_device_ops sf_bench_ops = {
	.ndo_init		= sf_bench_init,
	.ndo_uninit		= sf_bench_uninit,
	.ndo_start_xmit		= sf_bench_xmit,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_bpf		= sf_bench_xdp_set,
	.ndo_xdp_xmit		= sf_bench_xdp_xmit,
};

static void sf_bench_setup(struct net_device *dev)
{
	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &sf_bench_ops;
	dev->needs_free_netdev = true;
	dev->max_mtu = ETH_MAX_MTU;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_CSUM | NETIF_F_SG |
			 NETIF_F_GSO_SOFTWARE;
	dev->hw_features = dev->features;
	dev->vlan_features = dev->features;
#if KERNEL_VERSION(6, 3, 0) <= LINUX_VERSION_CODE
	dev->xdp_features = NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT |
			    NETDEV_XDP_ACT_NDO_XMIT;
#endif
}

/* Frames that the host itself has received end here. */
static int sf_bench_deliver(struct sk_buff *skb, struct net_device *dev,
			    struct packet_type *type, struct net_device *orig)
{
	sf_bench_delivered++;
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static struct packet_type sf_bench_type = {
	.type = htons(ETH_P_802_EX1),
	.func = sf_bench_deliver,
};

/**
 * sf_bench_device - one of the devices
 * @n: its number
 *
 * Return: the device.
 */
struct net_device *sf_bench_device(unsigned int n)
{
	return sf_bench_devices[n];
}

/**
 * sf_bench_device_count - how many devices there are
 *
 * Return: their number.
 */
unsigned int sf_bench_device_count(void)
{
	return sf_bench_count;
}

/**
 * sf_bench_sink_reset - forget what has arrived
 * @vlan: the tag that frames must carry from now on; VLAN_N_VID: any
 */
void sf_bench_sink_reset(u16 vlan)
{
	unsigned int i;

	for (i = 0; i < sf_bench_count; i++) {
		struct sf_bench_dev *bench = netdev_priv(sf_bench_devices[i]);

		bench->frames = 0;
		bench->wrong = 0;
		bench->vlan = vlan;
	}
	sf_bench_delivered = 0;
}

/**
 * sf_bench_sink_read - what has arrived since the reset
 * @frames: takes the number of frames, at all devices and at the host
 * @wrong: takes the number of those with a wrong tag
 */
void sf_bench_sink_read(u64 *frames, u64 *wrong)
{
	unsigned int i;

	*frames = sf_bench_delivered;
	*wrong = 0;
	for (i = 0; i < sf_bench_count; i++) {
		struct sf_bench_dev *bench = netdev_priv(sf_bench_devices[i]);

		*frames += bench->frames;
		*wrong += bench->wrong;
	}
}

static struct net_device *sf_bench_device_add(void)
{
	struct net_device *dev;
	int err;

	dev = alloc_netdev(sizeof(struct sf_bench_dev), "bench%d",
			   NET_NAME_ENUM, sf_bench_setup);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	err = register_netdev(dev);
	if (!err)
		return dev;
	free_netdev(dev);
	return ERR_PTR(err);
}

/**
 * sf_bench_devices_del - remove the devices
 */
void sf_bench_devices_del(void)
{
	LIST_HEAD(kill);

	dev_remove_pack(&sf_bench_type);
	rtnl_lock();
	while (sf_bench_count)
		unregister_netdevice_queue(sf_bench_devices[--sf_bench_count],
					   &kill);
	unregister_netdevice_many(&kill);
	rtnl_unlock();
	kvfree(sf_bench_devices);
}

/**
 * sf_bench_devices_add - make the devices
 * @count: how many
 *
 * Return: 0, or a negative errno and there is none.
 */
int sf_bench_devices_add(unsigned int count)
{
	struct net_device *dev;

	sf_bench_devices = kvcalloc(count, sizeof(*sf_bench_devices),
				    GFP_KERNEL);
	if (!sf_bench_devices)
		return -ENOMEM;
	dev_add_pack(&sf_bench_type);
	while (sf_bench_count < count) {
		dev = sf_bench_device_add();
		if (IS_ERR(dev)) {
			sf_bench_devices_del();
			return PTR_ERR(dev);
		}
		sf_bench_devices[sf_bench_count++] = dev;
	}
	return 0;
}
