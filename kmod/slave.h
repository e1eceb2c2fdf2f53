/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_SLAVE_H
#define _SEGFAB_SLAVE_H

#include <linux/netdevice.h>

int sf_slave_check(struct net_device *upper, struct net_device *dev,
		   const char *role, struct netlink_ext_ack *extack);
int sf_slave_attach(struct net_device *upper, struct net_device *dev,
		    rx_handler_func_t *handler, void *data,
		    struct netlink_ext_ack *extack);
void sf_slave_detach(struct net_device *upper, struct net_device *dev);

#endif /* _SEGFAB_SLAVE_H */
