// SPDX-License-Identifier: GPL-2.0
/*
 * The rarer half of forward.h: frames to everybody, and to the host.
 *
 * Locking: BH disabled, RCU read side. Ports and binding maps that are found
 * here live until the end of it.
 */
#include "forward.h"

/* Hand a frame to the host's stack, on the device of the segment. */
static void sf_deliver_host(const struct sf_frame *frame, struct sk_buff *skb,
			    unsigned int pkt_type)
{
	if (frame->watch && sf_watch_deliver(*frame, NULL, NULL))
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
		sf_drop_copy(*flood->frame, NULL, flood->port, flood->binding,
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

static void sf_flood(const struct sf_frame *frame)
{
	struct sf_flood flood = { .frame = frame };

	if (frame->watch)
		sf_watch_forward(*frame, NULL);
	sf_flood_ports(&flood);
	sf_flood_parents(&flood);
	sf_flood_zone(&flood);
	if (frame->port) {
		sf_flood_copy(&flood);
		sf_deliver_host(frame, frame->skb, sf_pkt_type(frame));
	} else if (flood.port) {
		sf_deliver(frame, frame->skb, flood.port, flood.binding);
	} else {
		sf_drop(*frame, SF_DROP_NO_RECEIVER);
	}
}

/* The host listens to everything: a copy of what is not for it anyway. */
static void sf_copy_to_host(const struct sf_frame *frame)
{
	struct sk_buff *skb = skb_clone(frame->skb, GFP_ATOMIC);

	if (skb)
		sf_deliver_host(frame, skb, PACKET_OTHERHOST);
}

static void sf_forward_to_host(const struct sf_frame *frame,
			       const struct sf_fdb_entry *entry)
{
	if (frame->watch)
		sf_watch_forward(*frame, entry);
	if (frame->port)
		sf_deliver_host(frame, frame->skb, PACKET_HOST);
	else
		sf_drop(*frame, SF_DROP_SAME_ENDPOINT);
}

/**
 * sf_forward_other - what sf_forward() leaves: groups, the host, what is
 *	unknown, and all frames if the host listens to everything
 * @frame: the frame; it is consumed
 * @entry: of its destination, NULL: it is unknown, or a group
 *
 * Context: BH disabled, RCU read side.
 */
void sf_forward_other(struct sf_frame frame,
		      const struct sf_fdb_entry *entry)
{
	unsigned long flags = READ_ONCE(frame.segment->flags);

	if (frame.class != SF_UNICAST)
		return sf_flood(&frame);
	if (entry && !entry->port)
		return sf_forward_to_host(&frame, entry);
	if ((flags & SF_SEGMENT_PROMISC) && frame.port &&
	    (entry || !(flags & SF_SEGMENT_FLOOD)))
		sf_copy_to_host(&frame);
	if (entry)
		sf_forward_known(&frame, entry);
	else if (flags & SF_SEGMENT_FLOOD)
		sf_flood(&frame);
	else
		sf_drop(frame, SF_DROP_UNKNOWN_UNICAST);
}
