// SPDX-License-Identifier: GPL-2.0
/*
 * Where frames come in, from a port or from the host: what is this frame, whose
 * is it, may it come in? What is accepted is counted, teaches where its source
 * is, and goes on to forward.c. This file never sends anything. What uplinks
 * have in common with ports is in input.h.
 *
 * Locking: softirq or BH disabled, under RCU. No lock, no allocation and no
 * write to shared memory for a frame whose source is known (but for the age of
 * its entry, once in SF_FDB_REFRESH).
 */
#include "input.h"

#include "forward.h"
#include "segment.h"
#include "stats.h"
#include "trace.h"

static void sf_count_ingress(const struct sf_frame *frame)
{
	sf_count(&frame->port->stats->traffic, frame, SF_INGRESS);
	if (frame->binding)
		sf_count(frame->binding->stats, frame, SF_INGRESS);
}

/* May a frame that was counted go on? It teaches where its source is. */
static __always_inline enum sf_drop sf_admit(const struct sf_frame *frame)
{
	const struct sf_port *port = frame->port;

	if (unlikely(!(READ_ONCE(frame->segment->flags) & SF_SEGMENT_UP)))
		return SF_DROP_SEGMENT_DOWN;
	/* Learning is a service of the port for its own traffic. */
	if (!frame->binding && !(READ_ONCE(port->flags) & SF_PORT_LEARNING))
		return SF_DROP_NONE;
	return likely(sf_learn(frame)) ? SF_DROP_NONE : SF_DROP_FDB_LIMIT;
}

/* What is the frame, whose is it, may it come in? */
static __always_inline enum sf_drop sf_accept(struct sf_frame *frame,
					      bool watched)
{
	enum sf_drop reason;

	reason = sf_classify(frame);
	if (likely(!reason))
		reason = sf_demux(frame, true);
	if (unlikely(reason))
		return reason;
	if (!watched || !sf_watch_accept(frame))
		sf_count_ingress(frame);
	return sf_admit(frame);
}

/* Somebody else holds the frame: go on with a copy. */
static noinline struct sk_buff *sf_input_copy(struct sk_buff *skb,
					      struct sf_port *port)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		sf_drop((struct sf_frame) {
				.segment = port->segment,
				.port = port,
			}, SF_DROP_NO_MEMORY);
	return skb;
}

/* Once for frames at which nobody looks (@watch is NULL), once for others. */
static __always_inline void sf_input_frame(struct sk_buff *skb,
					   struct sf_port *port,
					   struct sf_watch *watch)
{
	/* Each member is named: for others all of it would be cleared. */
	struct sf_frame frame = {
		.skb = skb,
		.segment = port->segment,
		.port = port,
		.binding = NULL,
		.len = skb->len + ETH_HLEN,
		.guest_vlan = 0,
		.class = SF_UNICAST,
		.watch = watch,
	};
	enum sf_drop reason;

	if (watch)
		sf_watch_receive(&frame);
	reason = sf_accept(&frame, watch);
	if (likely(!reason))
		sf_forward(&frame);
	else
		sf_drop(frame, reason);
}

static __always_inline rx_handler_result_t
sf_input_as(struct sk_buff **pskb, struct sf_watch *watch)
{
	struct sk_buff *skb = *pskb;
	struct sf_port *port = rcu_dereference(skb->dev->rx_handler_data);

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	if (unlikely(skb_shared(skb))) {
		skb = sf_input_copy(skb, port);
		if (!skb)
			return RX_HANDLER_CONSUMED;
	}
	sf_input_frame(skb, port, watch);
	return RX_HANDLER_CONSUMED;
}

/* For those at which somebody looks. */
static noinline rx_handler_result_t sf_input_watched(struct sk_buff **pskb)
{
	struct sf_watch watch = {};

	return sf_input_as(pskb, &watch);
}

/**
 * sf_input - a frame came in from a port
 * @pskb: the frame, data at the network header
 *
 * The rx_handler of ports. Taps and tc have seen the frame; a VLAN device on
 * the same port has taken its frames away.
 *
 * Context: softirq, RCU read side.
 * Return: RX_HANDLER_CONSUMED; RX_HANDLER_PASS for frames of this host.
 */
rx_handler_result_t sf_input(struct sk_buff **pskb)
{
	return sf_watched() ? sf_input_watched(pskb) : sf_input_as(pskb, NULL);
}

/* The host may tag what its segment carries tagged, and nothing else: a tag
 * that is bound would reach containers of another segment.
 */
static enum sf_drop sf_host_vlan(struct sf_frame *frame)
{
	struct sk_buff *skb = frame->skb;
	u16 vid;

	if (eth_type_vlan(skb->protocol) && !skb_vlan_tag_present(skb)) {
		/* What the core wants to see, of a frame from a port, too. */
		if (skb->len < VLAN_HLEN + sizeof(u16))
			return SF_DROP_TRUNCATED;
		skb = skb_vlan_untag(skb);
		frame->skb = skb;
		if (!skb)
			return SF_DROP_NO_MEMORY;
	}
	if (eth_type_vlan(skb->protocol))
		return SF_DROP_DOUBLE_TAGGED;
	if (!skb_vlan_tag_present(skb))
		return SF_DROP_NONE;
	if (skb->vlan_proto != htons(ETH_P_8021Q))
		return SF_DROP_SERVICE_VLAN;
	vid = skb_vlan_tag_get_id(skb);
	if (!vid)
		return SF_DROP_NONE;
	if (!sf_is_guest_vlan(frame->segment, vid) ||
	    sf_vlan_table_find_rcu(rcu_dereference(frame->segment->vlans), vid))
		return SF_DROP_UNBOUND_VLAN;
	frame->guest_vlan = vid;
	return SF_DROP_NONE;
}

/**
 * sf_input_host - the host sends a frame into a segment
 * @skb: the frame, data at the Ethernet header
 * @dev: the device of the segment
 *
 * The ndo_start_xmit of segments.
 *
 * Context: BH disabled.
 * Return: NETDEV_TX_OK; the frame is consumed.
 */
netdev_tx_t sf_input_host(struct sk_buff *skb, struct net_device *dev)
{
	struct sf_watch watch;
	struct sf_frame frame = {
		.skb = skb,
		.segment = sf_segment_get(dev),
	};
	enum sf_drop reason;

	rcu_read_lock();
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		sf_drop(frame, SF_DROP_TRUNCATED);
		goto out;
	}
	dev_sw_netstats_tx_add(dev, 1, skb->len);
	skb_reset_mac_header(skb);
	skb->protocol = eth_hdr(skb)->h_proto;
	skb_pull(skb, ETH_HLEN);
	frame.class = sf_class_of(eth_hdr(skb)->h_dest);
	frame.len = skb->len + ETH_HLEN;
	sf_watch(&frame, &watch);
	if (frame.watch)
		sf_watch_receive(&frame);
	reason = sf_is_reserved(&frame) ? SF_DROP_RESERVED_ADDRESS :
					  sf_host_vlan(&frame);
	if (unlikely(reason)) {
		sf_drop(frame, reason);
		goto out;
	}
	frame.len = frame.skb->len + ETH_HLEN;
	sf_forward(&frame);
out:
	rcu_read_unlock();
	return NETDEV_TX_OK;
}
