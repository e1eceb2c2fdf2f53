/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_SEGMENT_H
#define _SEGFAB_SEGMENT_H

#include "types.h"

extern struct rtnl_link_ops sf_segment_link_ops;
extern const struct net_device_ops sf_segment_netdev_ops;
extern const struct ethtool_ops sf_segment_ethtool_ops;
extern struct pernet_operations sf_net_ops;

static inline bool sf_is_segment(const struct net_device *dev)
{
	return dev->netdev_ops == &sf_segment_netdev_ops;
}

struct sf_net *sf_net(const struct net *net);
void sf_net_changed(struct net *net);
struct sf_segment *sf_segment_get(const struct net_device *dev);
void sf_segment_set_flag(struct sf_segment *segment, unsigned long flag,
			 bool on);
void sf_segment_update_carrier(struct sf_segment *segment);
void sf_segment_ready_changed(struct sf_segment *segment, bool ready);
void sf_segment_update_mtu(struct sf_segment *segment);
void sf_segment_set_guest_vlans(struct sf_segment *segment,
				unsigned long *bitmap);
void sf_segment_set_ageing_time(struct sf_segment *segment, u32 seconds);
u32 sf_segment_ageing_time(const struct sf_segment *segment);
int sf_segment_del(struct sf_segment *segment, struct netlink_ext_ack *extack);

#endif /* _SEGFAB_SEGMENT_H */
