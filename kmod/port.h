/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_PORT_H
#define _SEGFAB_PORT_H

#include "types.h"

extern struct notifier_block sf_port_notifier;

struct sf_port *sf_port_get_rtnl(const struct net_device *dev);
struct sf_port *sf_port_get_rcu(const struct net_device *dev);
int sf_port_add(struct sf_segment *segment, struct net_device *dev,
		struct netlink_ext_ack *extack);
void sf_port_del(struct sf_port *port);

#endif /* _SEGFAB_PORT_H */
