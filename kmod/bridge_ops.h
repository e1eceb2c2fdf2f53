/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_BRIDGE_OPS_H
#define _SEGFAB_BRIDGE_OPS_H

#include <linux/netdevice.h>

#include "types.h"

/* The operations behind bridge(8), for sf_segment_netdev_ops. */
int sf_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq,
		      struct net_device *dev, u32 filter_mask, int nlflags);
int sf_bridge_setlink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags,
		      struct netlink_ext_ack *extack);
int sf_fdb_ndo_add(struct ndmsg *ndm, struct nlattr *tb[],
		   struct net_device *dev, const unsigned char *addr, u16 vid,
		   u16 flags, SF_FDB_NOTIFIED struct netlink_ext_ack *extack);
int sf_fdb_ndo_del(struct ndmsg *ndm, struct nlattr *tb[],
		   struct net_device *dev, const unsigned char *addr, u16 vid,
		   SF_FDB_NOTIFIED struct netlink_ext_ack *extack);
int sf_fdb_ndo_del_bulk(SF_FDB_BULK struct netlink_ext_ack *extack);
int sf_fdb_ndo_dump(struct sk_buff *skb, struct netlink_callback *cb,
		    struct net_device *dev, struct net_device *filter_dev,
		    int *idx);
int sf_fdb_ndo_get(struct sk_buff *skb, struct nlattr *tb[],
		   struct net_device *dev, const unsigned char *addr, u16 vid,
		   u32 portid, u32 seq, struct netlink_ext_ack *extack);

void sf_bridge_link_notify(const struct sf_port *port);

#endif /* _SEGFAB_BRIDGE_OPS_H */
