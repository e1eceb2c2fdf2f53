/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The questions to a frame that came in, from a port or from an uplink. They
 * are inline since they are on the path of every frame.
 *
 * Locking: softirq or BH disabled, under RCU.
 */
#ifndef _SEGFAB_INPUT_H
#define _SEGFAB_INPUT_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "fdb.h"
#include "stats.h"
#include "trace.h"
#include "types.h"
#include "vlan_table.h"

rx_handler_result_t sf_input(struct sk_buff **pskb);
netdev_tx_t sf_input_host(struct sk_buff *skb, struct net_device *dev);

/* May frames of @segment carry @vid inside of it? */
static inline bool sf_is_guest_vlan(const struct sf_segment *segment, u16 vid)
{
	const unsigned long *bitmap = rcu_dereference(segment->guest_vlans);

	return bitmap && test_bit(vid, bitmap);
}

/**
 * sf_demux - the tag of a frame: which segment is it for, and what travels on
 *	with it?
 * @frame: the frame, of @frame->segment unless the tag says otherwise
 * @from_port: the tag may be bound; from an uplink it is one of the guests' own
 *
 * A container frame keeps the priority bits, as a priority tag, if any is set.
 *
 * Context: RCU read side.
 * Return: SF_DROP_NONE, or why the frame is dropped.
 */
static __always_inline enum sf_drop
sf_demux(struct sf_frame *frame, bool from_port)
{
	struct sk_buff *skb = frame->skb;
	struct sf_segment *segment = frame->segment;
	struct sf_binding *binding;
	u16 vid;

	/* The core has taken the outer tag off: what is left is a second one. */
	if (unlikely(eth_type_vlan(skb->protocol)))
		return SF_DROP_DOUBLE_TAGGED;
	if (!skb_vlan_tag_present(skb))
		return SF_DROP_NONE;
	if (unlikely(skb->vlan_proto != htons(ETH_P_8021Q)))
		return SF_DROP_SERVICE_VLAN;
	vid = skb_vlan_tag_get_id(skb);
	if (!vid)
		return SF_DROP_NONE;

	binding = sf_vlan_table_find_rcu(rcu_dereference(segment->vlans), vid);
	if (likely(binding)) {
		/* It would reach the containers of another segment. */
		if (unlikely(!from_port))
			return SF_DROP_UNBOUND_VLAN;
		frame->binding = binding;
		frame->segment = binding->child;
		if (skb_vlan_tag_get(skb) & ~VLAN_VID_MASK)
			skb->vlan_tci &= ~VLAN_VID_MASK;
		else
			__vlan_hwaccel_clear_tag(skb);
		return SF_DROP_NONE;
	}
	if (!sf_is_guest_vlan(segment, vid))
		return SF_DROP_UNBOUND_VLAN;
	frame->guest_vlan = vid;
	return SF_DROP_NONE;
}

/* R14: what is for the next bridge does not go further, whoever sends it. */
static inline bool sf_is_reserved(const struct sf_frame *frame)
{
	return frame->class != SF_UNICAST &&
	       is_link_local_ether_addr(eth_hdr(frame->skb)->h_dest);
}

/**
 * sf_classify - the addresses of a frame from a port or an uplink
 * @frame: the frame; gets its class
 *
 * Return: SF_DROP_NONE, or why the frame is dropped.
 */
static __always_inline enum sf_drop sf_classify(struct sf_frame *frame)
{
	struct sk_buff *skb = frame->skb;
	const struct ethhdr *eth = eth_hdr(skb);

	if (unlikely(skb->data - skb_mac_header(skb) < ETH_HLEN))
		return SF_DROP_TRUNCATED;
	if (unlikely(!is_valid_ether_addr(eth->h_source)))
		return SF_DROP_INVALID_SOURCE;
	frame->class = sf_class_of(eth->h_dest);
	if (unlikely(sf_is_reserved(frame)))
		return SF_DROP_RESERVED_ADDRESS;
	return SF_DROP_NONE;
}

/* It is news where the source is. A probe teaches nothing. */
static inline bool sf_learn_news(const struct sf_frame *frame, u64 key)
{
	if (sf_is_probe(frame))
		return sf_fdb_may_pass(frame->segment, key, frame->port,
				       frame->binding);
	return sf_fdb_learn(frame->segment, key, frame->port, frame->binding);
}

/**
 * sf_learn - teach where the source is, if that is news; keep it from ageing
 * @frame: the frame, of a port
 *
 * Context: BH disabled, RCU read side.
 * Return: false if the frame must be dropped because a limit is reached.
 */
static __always_inline bool sf_learn(const struct sf_frame *frame)
{
	u64 key = sf_fdb_key_of_frame(eth_hdr(frame->skb)->h_source,
				      frame->guest_vlan);
	struct sf_fdb_entry *entry;
	unsigned long now = jiffies;

	entry = sf_fdb_find_rcu(frame->segment, key);
	if (unlikely(!entry || entry->port != frame->port ||
		     entry->binding != frame->binding))
		return sf_learn_news(frame, key);
	if (unlikely(time_after(now, READ_ONCE(entry->updated) +
				     SF_FDB_REFRESH)) && !sf_is_probe(frame))
		WRITE_ONCE(entry->updated, now);
	return true;
}

#endif /* _SEGFAB_INPUT_H */
