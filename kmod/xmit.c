// SPDX-License-Identifier: GPL-2.0
/*
 * The rarer half of xmit.h: frames that leave the device something to do.
 *
 * Locking: BH disabled, RCU read side.
 */
#include "xmit.h"

/**
 * sf_can_offload - can the device do what is left of a frame
 * @skb: the frame, in pieces, or with checksums or segments to be made
 *
 * Context: BH disabled.
 * Return: true if it can do all of it.
 */
bool sf_can_offload(struct sk_buff *skb)
{
	netdev_features_t features = netif_skb_features(skb);

	return !netif_needs_gso(skb, features) &&
	       !skb_needs_linearize(skb, features) &&
	       (skb->ip_summed != CHECKSUM_PARTIAL ||
		((features & NETIF_F_HW_CSUM) && !skb_csum_is_sctp(skb)));
}
