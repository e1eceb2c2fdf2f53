// SPDX-License-Identifier: GPL-2.0
/*
 * Where frames end that do not arrive, and only here: each with a reason that
 * is counted, seen by the tracepoint sf_drop, and given to the kernel's own
 * drop monitoring as the nearest of its reasons.
 *
 * Locking: BH disabled, RCU read side.
 */
#include "drop.h"

#include <linux/if_vlan.h>

#include "recorder.h"
#include "stats.h"
#include "tracepoints.h"
#include "uplink.h"

static const enum skb_drop_reason sf_core_reason[SF_DROP_REASONS] = {
#define SF_DROP_CORE(name, lower, core)	[SF_DROP_##name] = core,
	SF_DROP_LIST(SF_DROP_CORE)
#undef SF_DROP_CORE
};

/**
 * sf_end_vlan - the tag of a frame that ends, as its port saw or would see it
 * @end: the frame
 *
 * Context: RCU read side.
 * Return: VLAN id, host byte order; 0: none.
 */
u16 sf_end_vlan(const struct sf_end *end)
{
	if (end->binding)
		return READ_ONCE(end->binding->vlan);
	if (end->skb && skb_vlan_tag_present(end->skb))
		return skb_vlan_tag_get_id(end->skb);
	return end->frame->guest_vlan;
}

static void sf_end(const struct sf_end *end)
{
	trace_sf_drop(end);
	if (end->frame->watch && sf_watch_drop(end))
		return consume_skb(end->skb);
	sf_count_drop(end->stats, end->reason);
	if (!IS_ENABLED(CONFIG_SEGFAB_NO_TRACE))
		sf_record(end);
	kfree_skb_reason(end->skb, sf_core_reason[end->reason]);
}

/**
 * sf_drop_copy - end what cannot leave through a port, and count it there
 * @frame: the frame that it is, or is a copy of
 * @skb: it, or NULL, if nothing is left of it
 * @port: the port
 * @binding: the binding map through which it was to leave, NULL: none
 * @reason: why
 *
 * Context: BH disabled, RCU read side.
 */
void sf_drop_copy(struct sf_frame frame, struct sk_buff *skb,
		  const struct sf_port *port, const struct sf_binding *binding,
		  enum sf_drop reason)
{
	const struct sf_end end = {
		.frame = &frame,
		.skb = skb,
		.dev = port->dev,
		.stats = port->stats,
		.binding = binding,
		.reason = reason,
	};

	sf_end(&end);
}

/**
 * sf_drop_at_uplink - end what an uplink brings or takes, and count it there
 * @frame: the frame that it is, or is a copy of; its segment may be NULL
 * @skb: it, or NULL, if nothing is left of it
 * @uplink: the uplink
 * @reason: why
 *
 * Context: BH disabled, RCU read side.
 */
void sf_drop_at_uplink(struct sf_frame frame, struct sk_buff *skb,
		       const struct sf_uplink *uplink, enum sf_drop reason)
{
	const struct sf_end end = {
		.frame = &frame,
		.skb = skb,
		.dev = uplink->dev,
		.stats = uplink->stats,
		.reason = reason,
	};

	sf_end(&end);
}

/**
 * sf_drop - end a frame, and count it where it came in
 * @frame: the frame; its skb may be NULL, if nothing is left of it
 * @reason: why
 *
 * Context: BH disabled, RCU read side.
 */
void sf_drop(struct sf_frame frame, enum sf_drop reason)
{
	const struct sf_port *port = frame.port;
	const struct sf_end end = {
		.frame = &frame,
		.skb = frame.skb,
		.dev = port ? port->dev : NULL,
		.stats = port ? port->stats : frame.segment->stats.own,
		.binding = frame.binding,
		.reason = reason,
	};
	const struct sf_uplink *uplink = NULL;

	if (port && sf_is_zone_port(port))
		uplink = sf_uplink_get_rcu(frame.skb->dev);
	if (uplink)
		return sf_drop_at_uplink(frame, frame.skb, uplink, reason);
	sf_end(&end);
}
