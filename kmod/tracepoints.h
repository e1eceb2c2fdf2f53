/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of a frame's way: segfab:sf_receive, sf_demux, sf_forward,
 * sf_drop and sf_learn. Documentation/tracing.rst says what the fields are.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM segfab

#if !defined(_SEGFAB_TRACEPOINTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define _SEGFAB_TRACEPOINTS_H

#include <linux/etherdevice.h>
#include <linux/tracepoint.h>

#include "fdb.h"
#include "trace.h"
#include "types.h"

#ifndef SF_TRACE_HELPERS
#define SF_TRACE_HELPERS
/* The device that a frame came from; the host's is that of the segment. */
static inline const char *sf_trace_dev(const struct sf_frame *frame)
{
	return frame->skb->dev->name;
}

static inline u16 sf_trace_tag(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0;
}

static inline const char *sf_trace_parent(const struct sf_binding *binding)
{
	return binding ? binding->parent->dev->name : "";
}
#endif

TRACE_EVENT_FN(sf_receive,
	TP_PROTO(const struct sf_frame *frame),
	TP_ARGS(frame),
	TP_STRUCT__entry(
		__array(char, dev, IFNAMSIZ)
		__array(char, segment, IFNAMSIZ)
		__field(u16, vlan)
		__array(u8, source, ETH_ALEN)
		__array(u8, dest, ETH_ALEN)
		__field(u16, proto)
		__field(u32, len)
	),
	TP_fast_assign(
		strscpy(__entry->dev, sf_trace_dev(frame), IFNAMSIZ);
		strscpy(__entry->segment, frame->segment->dev->name, IFNAMSIZ);
		__entry->vlan = sf_trace_tag(frame->skb);
		ether_addr_copy(__entry->source,
				eth_hdr(frame->skb)->h_source);
		ether_addr_copy(__entry->dest, eth_hdr(frame->skb)->h_dest);
		__entry->proto = ntohs(frame->skb->protocol);
		__entry->len = frame->skb->len + ETH_HLEN;
	),
	TP_printk("dev=%s segment=%s vlan=%u source=%pM dest=%pM proto=%#06x len=%u",
		  __entry->dev, __entry->segment, __entry->vlan,
		  __entry->source, __entry->dest, __entry->proto,
		  __entry->len),
	sf_watch_get, sf_watch_put
);

TRACE_EVENT_FN(sf_demux,
	TP_PROTO(const struct sf_frame *frame),
	TP_ARGS(frame),
	TP_STRUCT__entry(
		__array(char, dev, IFNAMSIZ)
		__array(char, segment, IFNAMSIZ)
		__array(char, parent, IFNAMSIZ)
		__field(u16, vlan)
		__field(u16, guest_vlan)
	),
	TP_fast_assign(
		strscpy(__entry->dev, sf_trace_dev(frame), IFNAMSIZ);
		strscpy(__entry->segment, frame->segment->dev->name, IFNAMSIZ);
		strscpy(__entry->parent, sf_trace_parent(frame->binding),
			IFNAMSIZ);
		__entry->vlan = frame->binding ?
				READ_ONCE(frame->binding->vlan) : 0;
		__entry->guest_vlan = frame->guest_vlan;
	),
	TP_printk("dev=%s segment=%s parent=%s vlan=%u guest_vlan=%u",
		  __entry->dev, __entry->segment, __entry->parent,
		  __entry->vlan, __entry->guest_vlan),
	sf_watch_get, sf_watch_put
);

TRACE_EVENT_FN(sf_forward,
	TP_PROTO(const struct sf_frame *frame,
		 const struct sf_fdb_entry *known),
	TP_ARGS(frame, known),
	TP_STRUCT__entry(
		__array(char, segment, IFNAMSIZ)
		__array(u8, dest, ETH_ALEN)
		__field(u16, guest_vlan)
		__field(bool, is_known)
		__array(char, to, IFNAMSIZ)
		__array(char, parent, IFNAMSIZ)
	),
	TP_fast_assign(
		strscpy(__entry->segment, frame->segment->dev->name, IFNAMSIZ);
		ether_addr_copy(__entry->dest, eth_hdr(frame->skb)->h_dest);
		__entry->guest_vlan = frame->guest_vlan;
		__entry->is_known = known;
		strscpy(__entry->to,
			!known ? "" : known->port ? known->port->dev->name :
			frame->segment->dev->name, IFNAMSIZ);
		strscpy(__entry->parent,
			sf_trace_parent(known ? known->binding : NULL),
			IFNAMSIZ);
	),
	TP_printk("segment=%s dest=%pM guest_vlan=%u known=%d to=%s parent=%s",
		  __entry->segment, __entry->dest, __entry->guest_vlan,
		  __entry->is_known, __entry->to, __entry->parent),
	sf_watch_get, sf_watch_put
);

/* So that programs that read the format know the numbers. */
#define SF_DROP_DEFINE(name, lower, core)	TRACE_DEFINE_ENUM(SF_DROP_##name);
SF_DROP_LIST(SF_DROP_DEFINE)
#undef SF_DROP_DEFINE
TRACE_DEFINE_ENUM(SF_DROP_NONE);

#ifndef SF_DROP_SYMBOL
#define SF_DROP_SYMBOL(name, lower, core)	{ SF_DROP_##name, #lower },
#endif

TRACE_EVENT(sf_drop,
	TP_PROTO(const struct sf_end *end),
	TP_ARGS(end),
	TP_STRUCT__entry(
		__field(int, reason)
		__array(char, segment, IFNAMSIZ)
		__array(char, dev, IFNAMSIZ)
		__field(u16, vlan)
		__field(u32, len)
	),
	TP_fast_assign(
		__entry->reason = end->reason;
		strscpy(__entry->segment, end->frame->segment ?
			end->frame->segment->dev->name : "", IFNAMSIZ);
		strscpy(__entry->dev,
			(end->dev ?: end->frame->segment->dev)->name, IFNAMSIZ);
		__entry->vlan = sf_end_vlan(end);
		__entry->len = end->frame->len;
	),
	TP_printk("reason=%s segment=%s dev=%s vlan=%u len=%u",
		  __print_symbolic(__entry->reason,
				   SF_DROP_LIST(SF_DROP_SYMBOL)
				   { SF_DROP_NONE, "none" }),
		  __entry->segment, __entry->dev, __entry->vlan, __entry->len)
);

TRACE_EVENT(sf_learn,
	TP_PROTO(const struct sf_segment *segment,
		 const struct sf_fdb_entry *known, bool moved),
	TP_ARGS(segment, known, moved),
	TP_STRUCT__entry(
		__array(char, segment, IFNAMSIZ)
		__array(u8, mac, ETH_ALEN)
		__field(u16, guest_vlan)
		__array(char, dev, IFNAMSIZ)
		__array(char, parent, IFNAMSIZ)
		__field(bool, moved)
	),
	TP_fast_assign(
		strscpy(__entry->segment, segment->dev->name, IFNAMSIZ);
		sf_fdb_key_mac(known->key, __entry->mac);
		__entry->guest_vlan = sf_fdb_key_guest_vlan(known->key);
		strscpy(__entry->dev, known->port->dev->name, IFNAMSIZ);
		strscpy(__entry->parent, sf_trace_parent(known->binding),
			IFNAMSIZ);
		__entry->moved = moved;
	),
	TP_printk("segment=%s mac=%pM guest_vlan=%u dev=%s parent=%s moved=%d",
		  __entry->segment, __entry->mac, __entry->guest_vlan,
		  __entry->dev, __entry->parent, __entry->moved)
);

#endif /* _SEGFAB_TRACEPOINTS_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE tracepoints
#include <trace/define_trace.h>
