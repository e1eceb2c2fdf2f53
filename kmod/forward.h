/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a frame goes: one known endpoint, or everybody. The decision and the
 * delivery to an endpoint are inline, so that a frame to a known address goes
 * from the driver that received it to the one that sends it through a single
 * function; what is rarer is in forward.c. Nothing here learns.
 *
 * Locking: BH disabled, RCU read side. Ports and binding maps that are found
 * here live until the end of it.
 */
#ifndef _SEGFAB_FORWARD_H
#define _SEGFAB_FORWARD_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "fdb.h"
#include "stats.h"
#include "trace.h"
#include "types.h"
#include "uplink.h"
#include "xmit.h"

void sf_forward_other(struct sf_frame frame,
		      const struct sf_fdb_entry *entry);

/* Put the tag of a binding map on; the priority bits stay. */
static inline void sf_put_tag(struct sk_buff *skb, u16 vlan)
{
	u16 tci = 0;

	if (skb_vlan_tag_present(skb))
		tci = skb_vlan_tag_get(skb) & ~VLAN_VID_MASK;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tci | vlan);
}

/* The device did not take it. Of a frame at which nobody looks, only what a drop
 * is reported with is kept that long: it would have to be saved on its way. Its
 * segment is known from where it was to go.
 */
static __always_inline void sf_drop_sent(const struct sf_frame *frame,
					 const struct sf_port *port,
					 const struct sf_binding *binding)
{
	const struct sf_frame left = {
		.segment = binding ? binding->child : port->segment,
		.len = frame->len,
		.guest_vlan = frame->guest_vlan,
	};

	sf_drop_copy(frame->watch ? *frame : left, NULL, port, binding,
		     SF_DROP_TRANSMIT);
}

/**
 * sf_deliver - send a frame to the wire of a port, or to what is behind a zone
 * @frame: the frame
 * @skb: it, or a copy of it, data at the network header; it is consumed
 * @port: the port
 * @binding: the binding map through which it leaves, NULL: none
 *
 * It is counted as what it is there: a container frame at its binding map, the
 * port's own at the port.
 *
 * Context: BH disabled, RCU read side.
 */
static __always_inline void sf_deliver(const struct sf_frame *frame,
				       struct sk_buff *skb,
				       const struct sf_port *port,
				       const struct sf_binding *binding)
{
	unsigned long flags = READ_ONCE(port->flags);
	struct net_device *dev = port->dev;
	int err;

	if (unlikely(!(flags & SF_PORT_READY))) {
		if (flags & SF_PORT_ZONE)
			return sf_uplink_deliver(*frame, skb, port);
		return sf_drop_copy(*frame, skb, port, binding,
				    SF_DROP_PORT_DOWN);
	}
	if (unlikely(!sf_fits(skb, dev)))
		return sf_drop_copy(*frame, skb, port, binding,
				    SF_DROP_TOO_BIG);
	if (frame->watch && sf_watch_deliver(*frame, port, binding))
		return consume_skb(skb);

	if (binding)
		sf_put_tag(skb, READ_ONCE(binding->vlan));
	err = sf_xmit(skb, dev);
	if (unlikely(err && err != NET_XMIT_CN))
		sf_drop_sent(frame, port, binding);
	else
		sf_count(binding ? binding->stats : &port->stats->traffic,
			 frame, SF_EGRESS);
}

/* Isolation is a service of ports for their own traffic; a container has none.
 * All that is behind a zone is isolated in this way: split horizon (R12).
 */
static inline unsigned long sf_isolation(const struct sf_frame *frame,
					 const struct sf_port *port,
					 const struct sf_binding *binding)
{
	if (!frame->port || frame->binding || binding)
		return 0;
	return READ_ONCE(frame->port->flags) & READ_ONCE(port->flags) &
	       (SF_PORT_ISOLATED | SF_PORT_ZONE);
}

/* Why a frame may not go where its destination is. */
static __always_inline enum sf_drop
sf_refuse(const struct sf_frame *frame, const struct sf_port *port,
	  const struct sf_binding *binding)
{
	unsigned long isolation;

	if (unlikely(port == frame->port && binding == frame->binding))
		return sf_is_zone_port(port) ? SF_DROP_SPLIT_HORIZON :
					       SF_DROP_SAME_ENDPOINT;
	isolation = sf_isolation(frame, port, binding);
	if (unlikely(isolation))
		return isolation & SF_PORT_ZONE ? SF_DROP_SPLIT_HORIZON :
						  SF_DROP_ISOLATED;
	return SF_DROP_NONE;
}

/* To an endpoint that is not the host. */
static __always_inline void sf_forward_known(const struct sf_frame *frame,
					     const struct sf_fdb_entry *entry)
{
	const struct sf_binding *binding = entry->binding;
	const struct sf_port *port = entry->port;
	enum sf_drop reason;

	if (frame->watch)
		sf_watch_forward(*frame, entry);
	reason = sf_refuse(frame, port, binding);
	if (unlikely(reason))
		sf_drop(*frame, reason);
	else
		sf_deliver(frame, frame->skb, port, binding);
}

/**
 * sf_forward - send a frame to where its destination is
 * @frame: a frame that was accepted; it is consumed
 *
 * Context: BH disabled, RCU read side.
 */
static __always_inline void sf_forward(const struct sf_frame *frame)
{
	unsigned long flags = READ_ONCE(frame->segment->flags);
	const struct ethhdr *eth = eth_hdr(frame->skb);
	const struct sf_fdb_entry *entry = NULL;

	if (likely(frame->class == SF_UNICAST))
		entry = sf_fdb_know_rcu(frame->segment,
					sf_fdb_key_of_frame(eth->h_dest,
							    frame->guest_vlan));
	if (likely(entry && entry->port && !(flags & SF_SEGMENT_PROMISC)))
		sf_forward_known(frame, entry);
	else
		sf_forward_other(*frame, entry);
}

#endif /* _SEGFAB_FORWARD_H */
