/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a frame ends: one list, from which the counters, the names and the
 * nearest reason of the kernel's own drop monitoring are made.
 */
#ifndef _SEGFAB_DROP_H
#define _SEGFAB_DROP_H

#include <linux/segfab.h>
#include <linux/skbuff.h>

#include "compat.h"

/* SF_DROP(NAME, name, reason of the core), in the order of SEGFAB_A_DROPS_*. */
#define SF_DROP_LIST(SF_DROP)	\
	SF_DROP(TRUNCATED, truncated, SKB_DROP_REASON_PKT_TOO_SMALL) \
	SF_DROP(INVALID_SOURCE, invalid_source, SKB_DROP_REASON_MAC_INVALID_SOURCE) \
	SF_DROP(RESERVED_ADDRESS, reserved_address, SKB_DROP_REASON_UNHANDLED_PROTO) \
	SF_DROP(UNBOUND_VLAN, unbound_vlan, SKB_DROP_REASON_UNHANDLED_PROTO) \
	SF_DROP(SERVICE_VLAN, service_vlan, SKB_DROP_REASON_UNHANDLED_PROTO) \
	SF_DROP(DOUBLE_TAGGED, double_tagged, SKB_DROP_REASON_UNHANDLED_PROTO) \
	SF_DROP(SEGMENT_DOWN, segment_down, SKB_DROP_REASON_DEV_READY) \
	SF_DROP(FDB_LIMIT, fdb_limit, SKB_DROP_REASON_FULL_RING) \
	SF_DROP(SAME_ENDPOINT, same_endpoint, SKB_DROP_REASON_OTHERHOST) \
	SF_DROP(ISOLATED, isolated, SKB_DROP_REASON_NOT_SPECIFIED) \
	SF_DROP(UNKNOWN_UNICAST, unknown_unicast, SKB_DROP_REASON_OTHERHOST) \
	SF_DROP(NO_RECEIVER, no_receiver, SKB_DROP_REASON_OTHERHOST) \
	SF_DROP(PORT_DOWN, port_down, SKB_DROP_REASON_DEV_READY) \
	SF_DROP(TOO_BIG, too_big, SKB_DROP_REASON_PKT_TOO_BIG) \
	SF_DROP(NO_MEMORY, no_memory, SKB_DROP_REASON_NOMEM) \
	SF_DROP(TRANSMIT, transmit, SKB_DROP_REASON_QDISC_DROP) \
	SF_DROP(NO_SEGMENT, no_segment, SKB_DROP_REASON_UNHANDLED_PROTO) \
	SF_DROP(SPLIT_HORIZON, split_horizon, SKB_DROP_REASON_OTHERHOST) \
	SF_DROP(INACTIVE_UPLINK, inactive_uplink, SKB_DROP_REASON_OTHERHOST) \
	SF_DROP(NO_UPLINK, no_uplink, SKB_DROP_REASON_DEV_READY)

/**
 * enum sf_drop - why a frame ends; the values are attribute types
 * @SF_DROP_NONE: it does not
 */
enum sf_drop {
	SF_DROP_NONE,
#define SF_DROP_ENUM(name, lower, core) \
	SF_DROP_##name = SEGFAB_A_DROPS_##name,
	SF_DROP_LIST(SF_DROP_ENUM)
#undef SF_DROP_ENUM
	SF_DROP_REASONS
};

static_assert((int)SF_DROP_REASONS == (int)__SEGFAB_A_DROPS_MAX);

struct net_device;
struct sf_binding;
struct sf_frame;
struct sf_port;
struct sf_port_stats;
struct sf_uplink;

/**
 * struct sf_end - a frame, or a copy of it, that ends
 * @frame: what is known of it
 * @skb: it, NULL if nothing is left of it
 * @dev: port or uplink at which it ends, NULL: the host
 * @stats: where it is counted
 * @binding: the binding map that it came through, or was to leave through
 * @reason: why
 */
struct sf_end {
	const struct sf_frame	*frame;
	struct sk_buff		*skb;
	const struct net_device	*dev;
	struct sf_port_stats __percpu *stats;
	const struct sf_binding	*binding;
	enum sf_drop		reason;
};

u16 sf_end_vlan(const struct sf_end *end);
void sf_drop(struct sf_frame frame, enum sf_drop reason);
void sf_drop_copy(struct sf_frame frame, struct sk_buff *skb,
		  const struct sf_port *port, const struct sf_binding *binding,
		  enum sf_drop reason);
void sf_drop_at_uplink(struct sf_frame frame, struct sk_buff *skb,
		       const struct sf_uplink *uplink, enum sf_drop reason);

#endif /* _SEGFAB_DROP_H */
