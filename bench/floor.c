// SPDX-License-Identifier: GPL-2.0
/*
 * Floors: what a switch in this place cannot do without. An rx_handler between
 * bench0 (tagged) and bench1 (untagged) takes the port from an array by VLAN id
 * and knows no address, learns nothing and counts nothing. Floor A hands the
 * frame to dev_queue_xmit(), floor B to the driver.
 *
 * Locking: RTNL.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/sch_generic.h>

#include "bench.h"

/**
 * struct sf_floor - one side
 * @to: the other side's device, by VLAN id of the frame
 * @vlan: tag to put on, 0: the tag comes off
 * @direct: past dev_queue_xmit()
 */
struct sf_floor {
	struct net_device	*to[VLAN_N_VID];
	u16			vlan;
	bool			direct;
};

static struct sf_floor sf_floors[2];

static void sf_floor_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);

	skb_reset_mac_header(skb);
	HARD_TX_LOCK(dev, txq, smp_processor_id());
	netdev_start_xmit(skb, dev, txq, false);
	HARD_TX_UNLOCK(dev, txq);
}

static rx_handler_result_t sf_floor_input(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	const struct sf_floor *side;

	side = rcu_dereference(skb->dev->rx_handler_data);
	skb->dev = side->to[skb_vlan_tag_present(skb) ?
			    skb_vlan_tag_get_id(skb) : 0];
	if (!skb->dev) {
		kfree_skb(skb);
		return RX_HANDLER_CONSUMED;
	}
	if (side->vlan)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), side->vlan);
	else
		__vlan_hwaccel_clear_tag(skb);
	skb_push(skb, ETH_HLEN);
	if (side->direct)
		sf_floor_xmit(skb, skb->dev);
	else
		dev_queue_xmit(skb);
	return RX_HANDLER_CONSUMED;
}

/**
 * sf_bench_floor_clear - take the floor away
 *
 * Context: RTNL.
 */
void sf_bench_floor_clear(void)
{
	struct net_device *dev;
	int i;

	for (i = 0; i < 2; i++) {
		dev = sf_bench_device(i);
		if (rtnl_dereference(dev->rx_handler) == sf_floor_input)
			netdev_rx_handler_unregister(dev);
	}
	memset(sf_floors, 0, sizeof(sf_floors));
}

/**
 * sf_bench_floor_set - put a floor between bench0 and bench1
 * @direct: floor B instead of floor A
 * @vlan: tag on the side of bench0
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_bench_floor_set(bool direct, unsigned int vlan)
{
	int err, i;

	sf_bench_floor_clear();
	sf_floors[0].to[vlan] = sf_bench_device(1);
	sf_floors[1].to[0] = sf_bench_device(0);
	sf_floors[1].vlan = vlan;
	for (i = 0; i < 2; i++) {
		sf_floors[i].direct = direct;
		err = netdev_rx_handler_register(sf_bench_device(i),
						 sf_floor_input, &sf_floors[i]);
		if (err) {
			sf_bench_floor_clear();
			return err;
		}
	}
	return 0;
}
