/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_FORWARD_H
#define _SEGFAB_FORWARD_H

#include "types.h"

void sf_forward(struct sf_frame *frame);

/* The tag is not part of the MTU; a super-frame is cut to it later. */
static inline bool sf_fits(const struct sk_buff *skb,
			   const struct net_device *dev)
{
	return skb->len <= READ_ONCE(dev->mtu) || skb_is_gso(skb);
}

#endif /* _SEGFAB_FORWARD_H */
