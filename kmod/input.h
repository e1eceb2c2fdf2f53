/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_INPUT_H
#define _SEGFAB_INPUT_H

#include "types.h"

rx_handler_result_t sf_input(struct sk_buff **pskb);
netdev_tx_t sf_input_host(struct sk_buff *skb, struct net_device *dev);

#endif /* _SEGFAB_INPUT_H */
