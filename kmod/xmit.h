/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_XMIT_H
#define _SEGFAB_XMIT_H

#include <linux/netdevice.h>

int sf_xmit(struct sk_buff *skb, struct net_device *dev);

#endif /* _SEGFAB_XMIT_H */
