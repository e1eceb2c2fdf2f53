/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_UPLINK_H
#define _SEGFAB_UPLINK_H

#include "types.h"

extern struct notifier_block sf_uplink_notifier;

/* uplink.c: devices */
struct sf_uplink *sf_uplink_get_rtnl(const struct net_device *dev);
struct sf_uplink *sf_uplink_get_rcu(const struct net_device *dev);
int sf_uplink_add(struct sf_zone *zone, struct net_device *dev,
		  struct netlink_ext_ack *extack);
void sf_uplink_del(struct sf_uplink *uplink);
void sf_uplink_set_priority(struct sf_uplink *uplink, u32 priority);
int sf_uplinks_add_vlan(struct sf_zone *zone, u16 vlan,
			struct netlink_ext_ack *extack);
void sf_uplinks_del_vlan(struct sf_zone *zone, u16 vlan);

/* uplink_frame.c: frames */
rx_handler_result_t sf_uplink_input(struct sk_buff **pskb);
void sf_uplink_deliver(struct sf_frame frame, struct sk_buff *skb,
		       const struct sf_port *port);

#endif /* _SEGFAB_UPLINK_H */
