// SPDX-License-Identifier: GPL-2.0
/*
 * Who watches frames on their way, and what of it they are told. A trace
 * follows a frame that was made for it (a probe), or frames of others that
 * match its filter, and keeps an observation of each step until it is read.
 * While nobody watches, all that a frame meets are a few no-operations.
 *
 * Locking: traces are added and removed under sf_trace_mutex, which nests
 * inside RTNL; frames find them under RCU, with BH disabled. Observations are
 * appended under the lock of the trace and read without it.
 */
#include "trace.h"

#include <linux/mm.h>
#include <linux/slab.h>
#include <net/flow_dissector.h>

#include "segment.h"
#include "tracepoints.h"

/* Switched off a second after the last watcher left: code is patched for it,
 * and nobody shall make that happen often.
 */
DEFINE_STATIC_KEY_DEFERRED_FALSE(sf_watch_key, HZ);

static DEFINE_MUTEX(sf_trace_mutex);

/* Whose probe comes in, on this CPU; NULL: nobody's. Context: BH disabled. */
DEFINE_PER_CPU(struct sf_trace *, sf_probe_trace);

/**
 * sf_watch_get - somebody watches
 *
 * Context: may sleep.
 * Return: 0.
 */
int sf_watch_get(void)
{
	static_branch_inc(&sf_watch_key.key);
	return 0;
}

/**
 * sf_watch_put - undo sf_watch_get()
 *
 * Context: may sleep.
 */
void sf_watch_put(void)
{
	static_branch_slow_dec_deferred(&sf_watch_key);
}

/**
 * sf_watch_flush - wait for what sf_watch_put() has left to do
 *
 * Context: module exit.
 */
void sf_watch_flush(void)
{
	static_key_deferred_flush(&sf_watch_key);
}

/* Life of a trace */

/**
 * sf_trace_alloc - make a trace
 * @limit: observations that there is to be room for
 * @frames: frames that it may follow
 *
 * Context: may sleep.
 * Return: the trace, to be filled in and started; or NULL.
 */
struct sf_trace *sf_trace_alloc(u32 limit, u32 frames)
{
	struct sf_trace *trace;

	trace = kvzalloc(struct_size(trace, observation, limit),
			 GFP_KERNEL_ACCOUNT);
	if (!trace)
		return NULL;
	spin_lock_init(&trace->lock);
	atomic_set(&trace->frames, frames);
	trace->limit = limit;
	return trace;
}

/**
 * sf_trace_free - undo sf_trace_alloc() of a trace that was not started
 * @trace: the trace
 */
void sf_trace_free(struct sf_trace *trace)
{
	kvfree(trace);
}

static u32 sf_trace_new_id(struct sf_net *sn)
{
	do {
		if (!++sn->trace_id)
			sn->trace_id = 1;
	} while (sf_trace_find_rcu(sn, sn->trace_id));
	return sn->trace_id;
}

/**
 * sf_trace_start - let a trace follow frames
 * @net: network namespace
 * @trace: the trace; it gets its number
 * @extack: takes the reason of a refusal
 *
 * Context: may sleep.
 * Return: 0, or -EBUSY if there are too many.
 */
int sf_trace_start(struct net *net, struct sf_trace *trace,
		   struct netlink_ext_ack *extack)
{
	struct sf_net *sn = sf_net(net);
	int err = 0;

	mutex_lock(&sf_trace_mutex);
	if (sn->trace_count < SF_TRACES_MAX) {
		trace->id = sf_trace_new_id(sn);
		sn->trace_count++;
		sf_watch_get();
		list_add_tail_rcu(&trace->node, &sn->traces);
	} else {
		NL_SET_ERR_MSG_FMT(extack, "%u traces run already",
				   SF_TRACES_MAX);
		err = -EBUSY;
	}
	mutex_unlock(&sf_trace_mutex);
	return err;
}

static void sf_trace_remove(struct sf_net *sn, struct sf_trace *trace)
{
	list_del_rcu(&trace->node);
	sn->trace_count--;
	sf_watch_put();
	kvfree_rcu(trace, rcu);
}

/**
 * sf_trace_stop - end a trace and forget what it saw
 * @net: network namespace
 * @id: its number
 *
 * Context: may sleep.
 * Return: 0 or -ENOENT.
 */
int sf_trace_stop(struct net *net, u32 id)
{
	struct sf_trace *trace;

	mutex_lock(&sf_trace_mutex);
	trace = sf_trace_find_rcu(sf_net(net), id);
	if (trace)
		sf_trace_remove(sf_net(net), trace);
	mutex_unlock(&sf_trace_mutex);
	return trace ? 0 : -ENOENT;
}

/**
 * sf_trace_stop_all - end the traces of a netlink socket
 * @net: network namespace
 * @portid: the socket, which was closed; 0: of all of them
 *
 * Context: may sleep.
 */
void sf_trace_stop_all(struct net *net, u32 portid)
{
	struct sf_net *sn = sf_net(net);
	struct sf_trace *trace, *next;

	if (list_empty(&sn->traces))
		return;
	mutex_lock(&sf_trace_mutex);
	list_for_each_entry_safe(trace, next, &sn->traces, node)
		if (!portid || trace->portid == portid)
			sf_trace_remove(sn, trace);
	mutex_unlock(&sf_trace_mutex);
}

/**
 * sf_trace_find_rcu - look up a trace
 * @sn: what segfab keeps for its network namespace
 * @id: its number
 *
 * Context: RCU read side, or sf_trace_mutex.
 * Return: the trace, or NULL.
 */
struct sf_trace *sf_trace_find_rcu(struct sf_net *sn, u32 id)
{
	struct sf_trace *trace;

	list_for_each_entry_rcu(trace, &sn->traces, node,
				lockdep_is_held(&sf_trace_mutex))
		if (trace->id == id)
			return trace;
	return NULL;
}

/* Does a frame match? */

static bool sf_trace_match_l2(const struct sf_trace_filter *f,
			      const struct sf_frame *frame)
{
	const struct ethhdr *eth = eth_hdr(frame->skb);
	u16 vlan = frame->binding ? READ_ONCE(frame->binding->vlan) :
				    sf_trace_tag(frame->skb);

	if ((f->fields & SF_TRACE_SOURCE) &&
	    !ether_addr_equal_unaligned(f->source, eth->h_source))
		return false;
	if ((f->fields & SF_TRACE_DEST) &&
	    !ether_addr_equal_unaligned(f->dest, eth->h_dest))
		return false;
	if ((f->fields & SF_TRACE_VLAN) && f->vlan != vlan)
		return false;
	return !(f->fields & SF_TRACE_ETHERTYPE) ||
	       f->ethertype == frame->skb->protocol;
}

static bool sf_trace_match_ip(const struct sf_trace_filter *f,
			      const struct flow_keys *keys)
{
	const void *source, *dest;
	u16 type;

	if (f->ip_len == sizeof(struct in_addr)) {
		type = FLOW_DISSECTOR_KEY_IPV4_ADDRS;
		source = &keys->addrs.v4addrs.src;
		dest = &keys->addrs.v4addrs.dst;
	} else {
		type = FLOW_DISSECTOR_KEY_IPV6_ADDRS;
		source = &keys->addrs.v6addrs.src;
		dest = &keys->addrs.v6addrs.dst;
	}
	if (keys->control.addr_type != type)
		return false;
	if ((f->fields & SF_TRACE_IP_SOURCE) &&
	    memcmp(source, &f->ip_source, f->ip_len))
		return false;
	return !(f->fields & SF_TRACE_IP_DEST) ||
	       !memcmp(dest, &f->ip_dest, f->ip_len);
}

/* The frame is looked into, but nothing of it is moved. */
static bool sf_trace_match_l3(const struct sf_trace_filter *f,
			      const struct sf_frame *frame)
{
	const struct sk_buff *skb = frame->skb;
	struct flow_keys keys = {};

	if (!__skb_flow_dissect(dev_net(frame->segment->dev), skb,
				&flow_keys_dissector, &keys, skb->data,
				skb->protocol, 0, skb_headlen(skb),
				FLOW_DISSECTOR_F_STOP_AT_ENCAP))
		return false;
	if ((f->fields & SF_TRACE_PROTOCOL) &&
	    f->protocol != keys.basic.ip_proto)
		return false;
	if ((f->fields & (SF_TRACE_IP_SOURCE | SF_TRACE_IP_DEST)) &&
	    !sf_trace_match_ip(f, &keys))
		return false;
	if ((f->fields & SF_TRACE_SOURCE_PORT) &&
	    f->source_port != keys.ports.src)
		return false;
	return !(f->fields & SF_TRACE_DEST_PORT) ||
	       f->dest_port == keys.ports.dst;
}

static bool sf_trace_match(const struct sf_trace *trace,
			   const struct sf_frame *frame)
{
	const struct sf_trace_filter *f = &trace->filter;

	if (trace->probe || atomic_read(&trace->frames) <= 0)
		return false;
	if (f->ifindex != frame->segment->dev->ifindex &&
	    (!frame->port || f->ifindex != frame->skb->dev->ifindex))
		return false;
	return sf_trace_match_l2(f, frame) &&
	       (!(f->fields & SF_TRACE_L3) || sf_trace_match_l3(f, frame));
}

/* A probe is the very frame that is sent for a trace. */
static bool sf_trace_recognise(struct sf_frame *frame)
{
	struct sf_trace *trace = this_cpu_read(sf_probe_trace);

	if (likely(!trace || trace->skb != frame->skb))
		return false;
	frame->trace = trace;
	if (trace->via) {
		frame->binding = trace->via;
		frame->segment = trace->via->child;
	}
	return true;
}

/* The first trace that wants the frame gets it. */
static void sf_trace_catch(struct sf_frame *frame)
{
	struct sf_net *sn = sf_net(dev_net(frame->segment->dev));
	struct sf_trace *trace;

	list_for_each_entry_rcu(trace, &sn->traces, node) {
		if (sf_trace_match(trace, frame) &&
		    atomic_dec_if_positive(&trace->frames) >= 0) {
			frame->trace = trace;
			return;
		}
	}
}

/* Observations */

static void sf_observe_dev(struct sf_observation *o,
			   const struct net_device *dev)
{
	if (!dev)
		return;
	o->port_ifindex = dev->ifindex;
	strscpy(o->port, dev->name, sizeof(o->port));
}

static void sf_observe_frame(struct sf_observation *o,
			     const struct sf_frame *frame,
			     const struct sk_buff *skb)
{
	o->time = ktime_get_real_ns();
	o->frame = frame->trace_frame;
	o->segment_ifindex = frame->segment->dev->ifindex;
	strscpy(o->segment, frame->segment->dev->name, sizeof(o->segment));
	o->len = frame->len;
	if (!skb)
		return;
	ether_addr_copy(o->source, eth_hdr(skb)->h_source);
	ether_addr_copy(o->dest, eth_hdr(skb)->h_dest);
}

/**
 * struct sf_step - one step of a frame, for sf_observe()
 * @component: enum segfab_trace_component
 * @action: enum segfab_trace_action
 * @reason: of a drop
 * @skb: the frame or copy, NULL if nothing is left of it
 * @dev: the port or uplink that it has to do with, NULL: none, or the host
 * @binding: the binding map that it crosses, or NULL
 * @vlan: tag that it has there
 */
struct sf_step {
	u8			component;
	u8			action;
	u8			reason;
	const struct sk_buff	*skb;
	const struct net_device	*dev;
	const struct sf_binding	*binding;
	u16			vlan;
};

static void sf_observe(const struct sf_frame *frame, const struct sf_step *step)
{
	struct sf_trace *trace = frame->trace;
	struct sf_observation *o;

	spin_lock(&trace->lock);
	if (trace->count == trace->limit) {
		trace->lost++;
		goto out;
	}
	o = &trace->observation[trace->count];
	sf_observe_frame(o, frame, step->skb);
	sf_observe_dev(o, step->dev);
	o->component = step->component;
	o->action = step->action;
	o->reason = step->reason;
	o->vlan = step->vlan;
	if (step->binding)
		strscpy(o->binding, step->binding->id, sizeof(o->binding));
	/* Readers see what is before it. */
	smp_store_release(&trace->count, trace->count + 1);
out:
	spin_unlock(&trace->lock);
}

static u32 sf_trace_number(struct sf_trace *trace)
{
	u32 number;

	spin_lock(&trace->lock);
	number = trace->matched + 1;
	WRITE_ONCE(trace->matched, number);
	spin_unlock(&trace->lock);
	return number;
}

/* What a frame came from. */
static u8 sf_source_component(const struct sf_frame *frame)
{
	if (!frame->port)
		return SEGFAB_TRACE_COMPONENT_HOST;
	return sf_is_zone_port(frame->port) ? SEGFAB_TRACE_COMPONENT_UPLINK :
					      SEGFAB_TRACE_COMPONENT_PORT;
}

/* The first step. A probe via a child has none at the parent's port. */
static void sf_observe_receive(struct sf_frame *frame)
{
	const struct sf_step step = {
		.component = sf_source_component(frame),
		.action = SEGFAB_TRACE_ACTION_RECEIVED,
		.skb = frame->skb,
		.dev = frame->port ? frame->skb->dev : NULL,
		.vlan = frame->binding ? READ_ONCE(frame->binding->vlan) :
					 sf_trace_tag(frame->skb),
	};

	frame->trace_frame = sf_trace_number(frame->trace);
	if (!frame->trace->via)
		sf_observe(frame, &step);
}

/**
 * sf_watch_receive - a frame has come in
 * @frame: the frame, not yet looked at
 *
 * Context: BH disabled, RCU read side.
 */
void sf_watch_receive(struct sf_frame *frame)
{
	trace_sf_receive(frame);
	if (!frame->trace && !sf_trace_recognise(frame))
		sf_trace_catch(frame);
	if (frame->trace)
		sf_observe_receive(frame);
}

static void sf_observe_accept(const struct sf_frame *frame)
{
	bool demuxed = frame->binding && !frame->trace->via;
	const struct sf_step step = {
		.component = demuxed ? SEGFAB_TRACE_COMPONENT_VLAN :
				       SEGFAB_TRACE_COMPONENT_SEGMENT,
		.action = demuxed ? SEGFAB_TRACE_ACTION_FORWARDED :
				    SEGFAB_TRACE_ACTION_RECEIVED,
		.skb = frame->skb,
		.dev = frame->port ? frame->skb->dev : NULL,
		.binding = frame->binding,
		.vlan = frame->binding ? READ_ONCE(frame->binding->vlan) :
					 frame->guest_vlan,
	};

	sf_observe(frame, &step);
}

/**
 * sf_watch_accept - it is known whose the frame is
 * @frame: the frame
 *
 * A trace of a child finds container frames here.
 *
 * Context: BH disabled, RCU read side.
 * Return: true if the frame is a probe, which is not counted.
 */
bool sf_watch_accept(struct sf_frame *frame)
{
	trace_sf_demux(frame);
	if (!frame->trace && frame->binding) {
		sf_trace_catch(frame);
		if (frame->trace)
			sf_observe_receive(frame);
	}
	if (frame->trace)
		sf_observe_accept(frame);
	return sf_is_probe(frame);
}

/**
 * sf_watch_forward - it is known where a frame goes
 * @frame: the frame
 * @entry: of its destination, NULL: to everybody
 *
 * Context: BH disabled, RCU read side.
 */
void sf_watch_forward(struct sf_frame frame,
		      const struct sf_fdb_entry *entry)
{
	struct sf_step step = {
		.component = SEGFAB_TRACE_COMPONENT_FDB,
		.action = SEGFAB_TRACE_ACTION_REPLICATED,
		.skb = frame.skb,
		.vlan = frame.guest_vlan,
	};

	trace_sf_forward(&frame, entry);
	if (!frame.trace)
		return;
	if (entry) {
		step.action = SEGFAB_TRACE_ACTION_FORWARDED;
		step.dev = entry->port ? entry->port->dev : NULL;
		step.binding = entry->binding;
		step.vlan = entry->binding ? READ_ONCE(entry->binding->vlan) :
					     frame.guest_vlan;
	}
	sf_observe(&frame, &step);
}

/**
 * sf_watch_deliver - a frame, or a copy of it, is about to leave
 * @frame: the frame
 * @port: the port, NULL: to the host
 * @binding: the binding map that it crosses, or NULL
 *
 * Context: BH disabled, RCU read side.
 * Return: true if it is a probe, which leaves no further.
 */
bool sf_watch_deliver(struct sf_frame frame, const struct sf_port *port,
		      const struct sf_binding *binding)
{
	const struct sf_step step = {
		.component = port ? SEGFAB_TRACE_COMPONENT_PORT :
				    SEGFAB_TRACE_COMPONENT_HOST,
		.action = SEGFAB_TRACE_ACTION_DELIVERED,
		.skb = frame.skb,
		.dev = port ? port->dev : NULL,
		.binding = binding,
		.vlan = binding ? READ_ONCE(binding->vlan) : frame.guest_vlan,
	};

	if (!frame.trace)
		return false;
	sf_observe(&frame, &step);
	return frame.trace->probe;
}

/**
 * sf_watch_leave - a frame, or a copy of it, is about to leave the host
 * @frame: the frame
 * @uplink: through which uplink
 * @vlan: the tag that tells its segment apart there, 0: none
 *
 * Context: BH disabled, RCU read side.
 * Return: true if it is a probe, which leaves no further.
 */
bool sf_watch_leave(const struct sf_frame *frame,
		    const struct sf_uplink *uplink, u16 vlan)
{
	const struct sf_step step = {
		.component = SEGFAB_TRACE_COMPONENT_UPLINK,
		.action = SEGFAB_TRACE_ACTION_DELIVERED,
		.skb = frame->skb,
		.dev = uplink->dev,
		.vlan = vlan,
	};

	if (!frame->trace)
		return false;
	sf_observe(frame, &step);
	return frame->trace->probe;
}

/* Where a frame ends for a reason. */
static u8 sf_trace_component(const struct sf_end *end)
{
	switch (end->reason) {
	case SF_DROP_UNBOUND_VLAN:
	case SF_DROP_SERVICE_VLAN:
	case SF_DROP_DOUBLE_TAGGED:
		return SEGFAB_TRACE_COMPONENT_VLAN;
	case SF_DROP_SEGMENT_DOWN:
		return SEGFAB_TRACE_COMPONENT_SEGMENT;
	case SF_DROP_FDB_LIMIT:
	case SF_DROP_SAME_ENDPOINT:
	case SF_DROP_ISOLATED:
	case SF_DROP_UNKNOWN_UNICAST:
	case SF_DROP_NO_RECEIVER:
	case SF_DROP_SPLIT_HORIZON:
		return SEGFAB_TRACE_COMPONENT_FDB;
	case SF_DROP_INACTIVE_UPLINK:
	case SF_DROP_NO_UPLINK:
		return SEGFAB_TRACE_COMPONENT_UPLINK;
	default:
		return end->dev ? SEGFAB_TRACE_COMPONENT_PORT :
				  SEGFAB_TRACE_COMPONENT_HOST;
	}
}

/**
 * sf_watch_drop - a frame, or a copy of it, ends
 * @end: the frame
 *
 * Context: BH disabled, RCU read side.
 * Return: true if it is a probe, which is neither counted nor reported.
 */
bool sf_watch_drop(const struct sf_end *end)
{
	const struct sf_frame *frame = end->frame;
	struct sf_step step = {
		.component = sf_trace_component(end),
		.action = SEGFAB_TRACE_ACTION_DROPPED,
		.reason = end->reason,
		.skb = end->skb,
		.dev = end->dev,
		.binding = end->binding,
		.vlan = sf_end_vlan(end),
	};

	if (!frame->trace)
		return false;
	sf_observe(frame, &step);
	return frame->trace->probe;
}
