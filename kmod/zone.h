/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_ZONE_H
#define _SEGFAB_ZONE_H

#include "types.h"

extern struct rtnl_link_ops sf_zone_link_ops;
extern const struct net_device_ops sf_zone_netdev_ops;

static inline bool sf_is_zone(const struct net_device *dev)
{
	return dev->netdev_ops == &sf_zone_netdev_ops;
}

struct sf_zone *sf_zone_get(const struct net_device *dev);
void sf_zone_set_teaming(struct sf_zone *zone, u8 teaming);
void sf_zone_set_failback(struct sf_zone *zone, bool failback);
int sf_zone_del(struct sf_zone *zone, struct netlink_ext_ack *extack);

#endif /* _SEGFAB_ZONE_H */
