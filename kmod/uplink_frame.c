// SPDX-License-Identifier: GPL-2.0
/*
 * Frames from and to uplinks. What comes in is looked up by its tag, or by the
 * network identifier of its tunnel; what goes out gets them, and the uplink
 * that the teaming policy says.
 *
 * Frames of a VLAN zone's uplink that are of no segment are left to the host's
 * own stack, so that the device can carry the host's own VLANs beside those of
 * the zone. So are those of link protocols (LLDP, LACP): they are for the host.
 *
 * Locking: softirq or BH disabled, under RCU. No lock and no allocation for a
 * frame whose source is known.
 */
#include "uplink.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <net/dst_metadata.h>
#include <net/ipv6.h>

#include "carry.h"
#include "fdb.h"
#include "forward.h"
#include "input.h"
#include "member.h"
#include "stats.h"
#include "team.h"
#include "trace.h"
#include "tunnel.h"
#include "vlan_table.h"
#include "xmit.h"

/* The member whose frames carry the tag of @skb, or none; NULL if there is no
 * such one, or the frame is not for segments at all.
 */
static struct sf_member *sf_uplink_find_vlan(const struct sf_zone *zone,
					     const struct sk_buff *skb)
{
	u16 vid = 0;

	if (skb->data - skb_mac_header(skb) < ETH_HLEN ||
	    is_link_local_ether_addr(eth_hdr(skb)->h_dest))
		return NULL;
	if (skb_vlan_tag_present(skb)) {
		if (skb->vlan_proto != htons(ETH_P_8021Q))
			return NULL;
		vid = skb_vlan_tag_get_id(skb);
	}
	return sf_vlan_table_find_rcu(rcu_dereference(zone->vlans), vid);
}

/* The tag has done its work; the priority bits stay, as those of a container
 * frame do.
 */
static enum sf_drop sf_uplink_untag(struct sf_frame *frame)
{
	struct sk_buff *skb = frame->skb;

	if (eth_type_vlan(skb->protocol))
		return SF_DROP_DOUBLE_TAGGED;
	if (skb_vlan_tag_present(skb)) {
		skb->vlan_tci &= ~VLAN_VID_MASK;
		if (!skb_vlan_tag_get(skb))
			__vlan_hwaccel_clear_tag(skb);
	}
	return SF_DROP_NONE;
}

/* The member whose frames are in tunnels with the identifier of @skb, and where
 * the tunnel begins.
 */
static struct sf_member *sf_uplink_find_vni(struct sf_zone *zone,
					    const struct sk_buff *skb,
					    struct in6_addr *remote)
{
	const struct ip_tunnel_info *info = skb_tunnel_info(skb);

	if (!info || info->mode & IP_TUNNEL_INFO_TX)
		return NULL;
	sf_tunnel_source(info, remote);
	return xa_load(&zone->vnis,
		       be32_to_cpu(tunnel_id_to_key32(info->key.tun_id)));
}

/* A frame of a segment of a VLAN zone. */
static enum sf_drop sf_uplink_accept_vlan(struct sf_frame *frame,
					  const struct sf_member *member,
					  const struct sf_uplink *uplink)
{
	if (unlikely(!sf_team_accepts(frame, member, uplink)))
		return SF_DROP_INACTIVE_UPLINK;
	return sf_learn(frame) ? SF_DROP_NONE : SF_DROP_FDB_LIMIT;
}

/* A frame of a segment of an overlay zone. */
static enum sf_drop sf_uplink_accept_vni(struct sf_frame *frame,
					 struct sf_member *member,
					 const struct in6_addr *remote)
{
	struct sf_tunnel *tunnel;
	bool pass;
	u64 key;

	tunnel = sf_tunnel_find_rcu(member, remote);
	if (likely(tunnel)) {
		frame->port = &tunnel->port;
		pass = sf_learn(frame);
	} else if (sf_is_probe(frame)) {
		pass = sf_learn(frame);
	} else {
		key = sf_fdb_key_of_frame(eth_hdr(frame->skb)->h_source,
					  frame->guest_vlan);
		pass = sf_fdb_learn_remote(frame->segment, key, member, remote);
	}
	return pass ? SF_DROP_NONE : SF_DROP_FDB_LIMIT;
}

/* A frame that is for @member, or in an overlay zone for nobody (NULL). */
static void sf_uplink_input_frame(struct sk_buff *skb,
				  struct sf_uplink *uplink,
				  struct sf_member *member,
				  const struct in6_addr *remote)
{
	struct sf_watch watch;
	struct sf_frame frame = {
		.skb = skb,
		.len = skb->len + ETH_HLEN,
	};
	enum sf_drop reason;

	sf_watch(&frame, &watch);
	if (frame.watch && remote)
		sf_carry_arrive(&frame, uplink);
	if (likely(member)) {
		frame.segment = member->port.segment;
		frame.port = &member->port;
		if (frame.watch)
			sf_watch_receive(&frame);
	}
	reason = sf_classify(&frame);
	if (unlikely(!reason && !member))
		reason = SF_DROP_NO_SEGMENT;
	if (unlikely(reason))
		return sf_drop_at_uplink(frame, skb, uplink, reason);
	skb_dst_drop(skb);
	reason = remote ? sf_demux(&frame, false) : sf_uplink_untag(&frame);
	if (unlikely(reason))
		return sf_drop_at_uplink(frame, skb, uplink, reason);

	if (!frame.watch || !sf_watch_accept(&frame))
		sf_count(&uplink->stats->traffic, &frame, SF_INGRESS);
	if (unlikely(!(READ_ONCE(frame.segment->flags) & SF_SEGMENT_UP)))
		return sf_drop_at_uplink(frame, skb, uplink,
					 SF_DROP_SEGMENT_DOWN);
	reason = remote ? sf_uplink_accept_vni(&frame, member, remote) :
			  sf_uplink_accept_vlan(&frame, member, uplink);
	if (unlikely(reason))
		return sf_drop_at_uplink(frame, skb, uplink, reason);
	sf_forward(&frame);
}

/**
 * sf_uplink_input - a frame came in from an uplink
 * @pskb: the frame, data at the network header
 *
 * The rx_handler of uplinks. Taps and tc have seen the frame; a VLAN device on
 * the same uplink has taken its frames away.
 *
 * Context: softirq, RCU read side.
 * Return: RX_HANDLER_CONSUMED; RX_HANDLER_PASS for frames of this host.
 */
rx_handler_result_t sf_uplink_input(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct sf_uplink *uplink = rcu_dereference(skb->dev->rx_handler_data);
	bool overlay = uplink->zone->mode == SEGFAB_ZONE_MODE_OVERLAY;
	struct sf_member *member;
	struct in6_addr remote;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	if (!overlay) {
		member = sf_uplink_find_vlan(uplink->zone, skb);
		if (!member) {
			sf_count_passed(uplink->stats);
			return RX_HANDLER_PASS;
		}
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb)) {
		sf_drop_at_uplink((struct sf_frame) {}, NULL, uplink,
				  SF_DROP_NO_MEMORY);
		return RX_HANDLER_CONSUMED;
	}
	if (overlay)
		member = sf_uplink_find_vni(uplink->zone, skb, &remote);
	sf_uplink_input_frame(skb, uplink, member, overlay ? &remote : NULL);
	return RX_HANDLER_CONSUMED;
}

/* Mark a frame with what tells its segment apart outside. */
static void sf_uplink_tag(struct sk_buff *skb, const struct sf_port *port)
{
	u16 vlan = sf_member_of(port)->id;
	u16 tci = 0;

	if (port->flags & SF_PORT_TUNNEL) {
		/* The device takes a reference if it keeps the frame. */
		skb_dst_drop(skb);
		skb_dst_set_noref(skb, &sf_tunnel_of(port)->dst->dst);
		return;
	}
	if (!vlan)
		return;
	if (skb_vlan_tag_present(skb))
		tci = skb_vlan_tag_get(skb) & ~VLAN_VID_MASK;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tci | vlan);
}

/**
 * sf_uplink_deliver - send a copy of a frame to what is behind a zone
 * @frame: the frame
 * @skb: the copy, data at the network header; it is consumed
 * @port: the segment in its zone, or a tunnel there
 *
 * Context: BH disabled, RCU read side.
 */
void sf_uplink_deliver(struct sf_frame frame, struct sk_buff *skb,
		       const struct sf_port *port)
{
	const struct sf_member *member = sf_member_of(port);
	const struct sf_uplink *uplink;
	int err;

	/* There is room for one tag in a VLAN zone. */
	if (unlikely(frame.guest_vlan && !(port->flags & SF_PORT_TUNNEL)))
		return sf_drop_copy(frame, skb, port, NULL,
				    SF_DROP_UNBOUND_VLAN);
	uplink = sf_team_choose_rcu(member, frame.port, frame.binding,
				    eth_hdr(skb)->h_source);
	if (unlikely(!uplink))
		return sf_drop_copy(frame, skb, port, NULL, SF_DROP_NO_UPLINK);
	if (unlikely(!sf_fits(skb, uplink->dev)))
		return sf_drop_at_uplink(frame, skb, uplink, SF_DROP_TOO_BIG);
	if (frame.watch && sf_watch_leave(&frame, skb, uplink, port))
		return;

	sf_uplink_tag(skb, port);
	err = sf_xmit(skb, uplink->dev);
	if (unlikely(err && err != NET_XMIT_CN))
		sf_drop_at_uplink(frame, NULL, uplink, SF_DROP_TRANSMIT);
	else
		sf_count(&uplink->stats->traffic, &frame, SF_EGRESS);
}
