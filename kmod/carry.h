/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_CARRY_H
#define _SEGFAB_CARRY_H

#include "trace.h"

/* What is kept of the probes of other hosts, and how many are let in. */
#define SF_ARRIVED_OBSERVATIONS	512
#define SF_ARRIVED_RATE		32	/* a second */

int sf_carry_set(struct sf_uplink *uplink, bool on,
		 struct netlink_ext_ack *extack);
void sf_carry_leave(const struct sf_frame *frame, struct sk_buff *skb,
		    const struct sf_uplink *uplink,
		    const struct sf_tunnel *tunnel, u32 sequence);
void sf_carry_arrive(struct sf_frame *frame, const struct sf_uplink *uplink);

#endif /* _SEGFAB_CARRY_H */
