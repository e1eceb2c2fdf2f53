// SPDX-License-Identifier: GPL-2.0
/*
 * Where a frame goes: one known endpoint, or everybody. This file decides and
 * delivers; it never learns.
 *
 * Locking: BH disabled, RCU read side. Ports and binding maps that are found
 * here live until the end of it.
 */
#include "forward.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "fdb.h"
#include "segment.h"
#include "stats.h"
#include "trace.h"
#include "uplink.h"
#include "xmit.h"

/* Send a frame to the wire of a port; it is counted as what it is there: a
 * container frame at its binding map, the port's own at the port.
 */
static __always_inline void sf_deliver(const struct sf_frame *frame,
				       struct sk_buff *skb,
				       const struct sf_port *port,
				       const struct sf_binding *binding)
{
	unsigned long flags = READ_ONCE(port->flags);
	struct net_device *dev = port->dev;
	u16 tci = 0;
	int err;

	if (unlikely(!(flags & SF_PORT_READY))) {
		if (flags & SF_PORT_ZONE)
			return sf_uplink_deliver(frame, skb, port);
		return sf_drop_copy(frame, skb, port, binding,
				    SF_DROP_PORT_DOWN);
	}
	if (unlikely(!sf_fits(skb, dev)))
		return sf_drop_copy(frame, skb, port, binding, SF_DROP_TOO_BIG);
	if (sf_watched() && sf_watch_deliver(frame, port, binding))
		return consume_skb(skb);

	if (binding) {
		if (skb_vlan_tag_present(skb))
			tci = skb_vlan_tag_get(skb) & ~VLAN_VID_MASK;
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       tci | READ_ONCE(binding->vlan));
	}
	err = sf_xmit(skb, dev);
	if (unlikely(err && err != NET_XMIT_CN))
		sf_drop_copy(frame, NULL, port, binding, SF_DROP_TRANSMIT);
	else
		sf_count(binding ? binding->stats : &port->stats->traffic,
			 frame, SF_EGRESS);
}

/* Hand a frame to the host's stack, on the device of the segment. */
static void sf_deliver_host(const struct sf_frame *frame, struct sk_buff *skb,
			    unsigned int pkt_type)
{
	if (sf_watched() && sf_watch_deliver(frame, NULL, NULL))
		return consume_skb(skb);
	skb->dev = frame->segment->dev;
	skb->pkt_type = pkt_type;
	dev_sw_netstats_rx_add(skb->dev, frame->len);
	netif_receive_skb(skb);
}

/* What the host's stack shall make of a frame that everybody gets. */
static unsigned int sf_pkt_type(const struct sf_frame *frame)
{
	switch (frame->class) {
	case SF_BROADCAST:
		return PACKET_BROADCAST;
	case SF_MULTICAST:
		return PACKET_MULTICAST;
	default:
		return PACKET_OTHERHOST;
	}
}

/* Isolation is a service of ports for their own traffic; a container has none.
 * All that is behind a zone is isolated in this way: split horizon (R12).
 */
static unsigned long sf_isolation(const struct sf_frame *frame,
				  const struct sf_port *port,
				  const struct sf_binding *binding)
{
	if (!frame->port || frame->binding || binding)
		return 0;
	return READ_ONCE(frame->port->flags) & READ_ONCE(port->flags) &
	       (SF_PORT_ISOLATED | SF_PORT_ZONE);
}

/**
 * struct sf_flood - a frame on its way to everybody
 * @frame: the frame
 * @port: who gets the next copy, NULL: nobody yet
 * @binding: through which binding map
 *
 * A copy is made only when the next receiver is known, so that the last one
 * gets the frame itself.
 */
struct sf_flood {
	const struct sf_frame	*frame;
	const struct sf_port	*port;
	const struct sf_binding	*binding;
};

static void sf_flood_copy(const struct sf_flood *flood)
{
	struct sk_buff *skb;

	if (!flood->port)
		return;
	skb = skb_clone(flood->frame->skb, GFP_ATOMIC);
	if (likely(skb))
		sf_deliver(flood->frame, skb, flood->port, flood->binding);
	else
		sf_drop_copy(flood->frame, NULL, flood->port, flood->binding,
			     SF_DROP_NO_MEMORY);
}

static void sf_flood_to(struct sf_flood *flood, const struct sf_port *port,
			const struct sf_binding *binding)
{
	const struct sf_frame *frame = flood->frame;

	if (!(READ_ONCE(port->flags) & (SF_PORT_READY | SF_PORT_ZONE)) ||
	    (port == frame->port && binding == frame->binding))
		return;
	sf_flood_copy(flood);
	flood->port = port;
	flood->binding = binding;
}

/* The ports of the segment, as far as they take such frames. */
static void sf_flood_ports(struct sf_flood *flood)
{
	static const unsigned long wanted[SF_CLASSES] = {
		[SF_UNICAST] = SF_PORT_FLOOD,
		[SF_MULTICAST] = SF_PORT_MCAST_FLOOD,
		[SF_BROADCAST] = SF_PORT_BCAST_FLOOD,
	};
	const struct sf_frame *frame = flood->frame;
	const struct sf_port *port;

	list_for_each_entry_rcu(port, &frame->segment->ports, node)
		if ((READ_ONCE(port->flags) & wanted[frame->class]) &&
		    !sf_isolation(frame, port, NULL))
			sf_flood_to(flood, port, NULL);
}

/* The ports of every parent. A guest VLAN does not cross a binding map. */
static void sf_flood_parents(struct sf_flood *flood)
{
	const struct sf_frame *frame = flood->frame;
	const struct sf_binding *binding;
	const struct sf_port *port;

	if (frame->guest_vlan)
		return;
	list_for_each_entry_rcu(binding, &frame->segment->parents, child_node)
		list_for_each_entry_rcu(port, &binding->parent->ports, node)
			sf_flood_to(flood, port, binding);
}

/* The outside: one uplink of a VLAN zone, or the tunnels of the flood list. */
static void sf_flood_zone(struct sf_flood *flood)
{
	const struct sf_frame *frame = flood->frame;
	const struct sf_member *member;
	const struct sf_port *tunnel;

	member = rcu_dereference(frame->segment->member);
	if (!member || sf_isolation(frame, &member->port, NULL))
		return;
	if (member->zone->mode == SEGFAB_ZONE_MODE_OVERLAY)
		list_for_each_entry_rcu(tunnel, &member->flood, node)
			sf_flood_to(flood, tunnel, NULL);
	else if (!frame->guest_vlan)
		sf_flood_to(flood, &member->port, NULL);
}

static void sf_flood(struct sf_frame *frame)
{
	struct sf_flood flood = { .frame = frame };

	if (sf_watched())
		sf_watch_forward(frame, NULL);
	sf_flood_ports(&flood);
	sf_flood_parents(&flood);
	sf_flood_zone(&flood);
	if (frame->port) {
		sf_flood_copy(&flood);
		sf_deliver_host(frame, frame->skb, sf_pkt_type(frame));
	} else if (flood.port) {
		sf_deliver(frame, frame->skb, flood.port, flood.binding);
	} else {
		sf_drop(frame, SF_DROP_NO_RECEIVER);
	}
}

/* The host listens to everything: a copy of what is not for it anyway. */
static void sf_copy_to_host(const struct sf_frame *frame)
{
	struct sk_buff *skb = skb_clone(frame->skb, GFP_ATOMIC);

	if (skb)
		sf_deliver_host(frame, skb, PACKET_OTHERHOST);
}

static void sf_forward_known(struct sf_frame *frame,
			     const struct sf_fdb_entry *entry)
{
	const struct sf_port *port = entry->port;
	const struct sf_binding *binding = entry->binding;
	unsigned long isolation;

	if (sf_watched())
		sf_watch_forward(frame, entry);
	if (unlikely(port == frame->port && binding == frame->binding))
		return sf_drop(frame, sf_is_zone_port(port) ?
				      SF_DROP_SPLIT_HORIZON :
				      SF_DROP_SAME_ENDPOINT);
	if (!port)
		return sf_deliver_host(frame, frame->skb, PACKET_HOST);
	isolation = sf_isolation(frame, port, binding);
	if (unlikely(isolation))
		return sf_drop(frame, isolation & SF_PORT_ZONE ?
				      SF_DROP_SPLIT_HORIZON : SF_DROP_ISOLATED);
	sf_deliver(frame, frame->skb, port, binding);
}

/**
 * sf_forward - send a frame to where its destination is
 * @frame: a frame that was accepted; it is consumed
 *
 * Context: BH disabled, RCU read side.
 */
void sf_forward(struct sf_frame *frame)
{
	struct sf_segment *segment = frame->segment;
	unsigned long flags = READ_ONCE(segment->flags);
	const struct sf_fdb_entry *entry;

	if (frame->class != SF_UNICAST)
		return sf_flood(frame);

	entry = sf_fdb_know_rcu(segment,
				sf_fdb_key(eth_hdr(frame->skb)->h_dest,
					   frame->guest_vlan));
	if (unlikely((flags & SF_SEGMENT_PROMISC) && frame->port &&
		     (entry ? !!entry->port : !(flags & SF_SEGMENT_FLOOD))))
		sf_copy_to_host(frame);
	if (likely(entry))
		sf_forward_known(frame, entry);
	else if (flags & SF_SEGMENT_FLOOD)
		sf_flood(frame);
	else
		sf_drop(frame, SF_DROP_UNKNOWN_UNICAST);
}
