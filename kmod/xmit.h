/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way from a segment to the driver of a port. dev_queue_xmit() asks on its
 * way for a queueing discipline, tc and netfilter hooks, packet taps, and what
 * the device cannot do by itself. Where none of them would touch the frame
 * sf_xmit() hands it to the driver without asking; the frame is the same. It is
 * inline since it is on the path of every frame.
 *
 * Locking: BH disabled, RCU read side.
 */
#ifndef _SEGFAB_XMIT_H
#define _SEGFAB_XMIT_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <net/sch_generic.h>
#include <net/sock.h>

#include "compat.h"

bool sf_can_offload(struct sk_buff *skb);

/* The tag is not part of the MTU; a super-frame is cut to it later. */
static inline bool sf_fits(const struct sk_buff *skb,
			   const struct net_device *dev)
{
	return skb->len <= READ_ONCE(dev->mtu) || skb_is_gso(skb);
}

/* A device with one queue and no queueing discipline: veth and its like. */
static inline bool sf_has_no_queue(struct net_device *dev)
{
	const struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);

	return dev->real_num_tx_queues == 1 &&
	       !rcu_dereference_bh(txq->qdisc)->enqueue;
}

/* Programs on the device's egress, netfilter chains, packet sockets. */
static inline bool sf_is_watched(struct net_device *dev)
{
#ifdef CONFIG_NETFILTER_EGRESS
	if (rcu_access_pointer(dev->nf_hooks_egress))
		return true;
#endif
	return sf_dev_has_tc_egress(dev) || dev_nit_active(dev);
}

/* Does the core have something to do for the frame's sender? */
static inline bool sf_has_wishes(const struct sk_buff *skb)
{
#ifdef CONFIG_SOCK_VALIDATE_XMIT
	const struct sock *sk = skb->sk;

	if (sk && sk_fullsock(sk) && sk->sk_validate_xmit_skb)
		return true;
#endif
	return skb->_skb_refdst ||
	       (skb_shinfo(skb)->tx_flags & SKBTX_SCHED_TSTAMP);
}

/* Can the device take the frame as it is? */
static inline bool sf_is_ready(struct sk_buff *skb, const struct net_device *dev)
{
	if (unlikely(sf_has_wishes(skb)))
		return false;
	if (skb_vlan_tag_present(skb) &&
	    !(dev->features & NETIF_F_HW_VLAN_CTAG_TX))
		return false;
	if (!skb_is_nonlinear(skb) && !skb_is_gso(skb) &&
	    skb->ip_summed != CHECKSUM_PARTIAL)
		return true;
	return sf_can_offload(skb);
}

static __always_inline int sf_xmit_driver(struct sk_buff *skb,
					  struct net_device *dev)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);
	netdev_tx_t rc = NETDEV_TX_BUSY;

	skb_reset_mac_header(skb);
	skb_set_queue_mapping(skb, 0);
	HARD_TX_LOCK(dev, txq, smp_processor_id());
	if (likely(!netif_xmit_frozen_or_stopped(txq)))
		rc = netdev_start_xmit(skb, dev, txq, false);
	HARD_TX_UNLOCK(dev, txq);
	if (likely(dev_xmit_complete(rc)))
		return rc;
	kfree_skb(skb);
	return -ENETDOWN;
}

/**
 * sf_xmit - send a frame through a port or an uplink
 * @skb: the frame, data at the network header; it is consumed
 * @dev: the device, which is up
 *
 * Context: BH disabled, RCU read side.
 * Return: as dev_queue_xmit().
 */
static __always_inline int sf_xmit(struct sk_buff *skb, struct net_device *dev)
{
	__skb_push(skb, ETH_HLEN);
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	skb->dev = dev;
	if (likely(sf_is_ready(skb, dev)) && sf_has_no_queue(dev) &&
	    !sf_is_watched(dev))
		return sf_xmit_driver(skb, dev);
	return dev_queue_xmit(skb);
}

#endif /* _SEGFAB_XMIT_H */
