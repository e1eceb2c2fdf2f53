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
#include <linux/random.h>
#include <linux/slab.h>
#include <net/dst_metadata.h>
#include <net/flow_dissector.h>

#include "carry.h"
#include "segment.h"
#include "tracepoints.h"
#include "tunnel.h"
#include "uplink.h"

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
	trace->global_id = get_random_u64();
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

static u32 sf_trace_number(struct sf_trace *trace)
{
	u32 number;

	spin_lock(&trace->lock);
	number = trace->matched + 1;
	WRITE_ONCE(trace->matched, number);
	spin_unlock(&trace->lock);
	return number;
}

/**
 * sf_follow - let a trace follow a frame
 * @watch: who looks at the frame, which nobody follows yet
 * @trace: the trace
 *
 * Context: BH disabled, RCU read side.
 */
void sf_follow(struct sf_watch *watch, struct sf_trace *trace)
{
	watch->trace = trace;
	watch->number = sf_trace_number(trace);
}

/* A probe is the very frame that is sent for a trace. */
static bool sf_trace_recognise(struct sf_frame *frame)
{
	struct sf_trace *trace = this_cpu_read(sf_probe_trace);

	if (likely(!trace || trace->skb != frame->skb))
		return false;
	sf_follow(frame->watch, trace);
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
			sf_follow(frame->watch, trace);
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
	const struct sf_segment *segment = frame->segment;

	o->time = ktime_get_real_ns();
	o->frame = frame->watch->number;
	o->segment_ifindex = segment ? segment->dev->ifindex : 0;
	strscpy(o->segment, segment ? segment->dev->name : "",
		sizeof(o->segment));
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
 * @vni: network identifier that it has there
 * @remote: the other end of the tunnel that it is or will be in, or NULL
 */
struct sf_step {
	u8			component;
	u8			action;
	u8			reason;
	const struct sk_buff	*skb;
	const struct net_device	*dev;
	const struct sf_binding	*binding;
	u16			vlan;
	u32			vni;
	const struct in6_addr	*remote;
};

static void sf_step_tunnel(struct sf_step *step, const struct sf_port *port)
{
	if (!port || !(port->flags & SF_PORT_TUNNEL))
		return;
	step->remote = &sf_tunnel_of(port)->remote;
	step->vni = sf_member_of(port)->id;
}

static void sf_observe_step(struct sf_observation *o,
			    const struct sf_step *step)
{
	sf_observe_dev(o, step->dev);
	o->component = step->component;
	o->action = step->action;
	o->reason = step->reason;
	o->vlan = step->vlan;
	if (step->binding)
		strscpy(o->binding, step->binding->id, sizeof(o->binding));
	if (!step->remote)
		return;
	o->remote = *step->remote;
	o->vni = step->vni;
}

/* Room for an observation, or NULL. */
static struct sf_observation *sf_trace_room_locked(struct sf_trace *trace)
{
	struct sf_observation *o;

	lockdep_assert_held(&trace->lock);

	if (!trace->ring && trace->count == trace->limit) {
		WRITE_ONCE(trace->lost, trace->lost + 1);
		return NULL;
	}
	o = &trace->observation[trace->count % trace->limit];
	memset(o, 0, sizeof(*o));
	WRITE_ONCE(trace->count, trace->count + 1);
	return o;
}

/* Its number; on its way from host to host a trace has one series of them. */
static u32 sf_observe(const struct sf_frame *frame, const struct sf_step *step)
{
	struct sf_watch *watch = frame->watch;
	struct sf_trace *trace = watch->trace;
	struct sf_observation *o;
	u32 sequence;

	spin_lock(&trace->lock);
	o = sf_trace_room_locked(trace);
	sequence = watch->arrived ? ++watch->sequence :
				    trace->count + trace->lost;
	if (o) {
		o->global_id = watch->arrived ? watch->origin : trace->global_id;
		o->sequence = sequence;
		sf_observe_frame(o, frame, step->skb);
		sf_observe_step(o, step);
	}
	spin_unlock(&trace->lock);
	return sequence;
}

/**
 * sf_trace_first - the oldest observation that is there
 * @trace: the trace
 * @count: how many it has made
 *
 * Return: its index, for sf_trace_copy().
 */
u32 sf_trace_first(const struct sf_trace *trace, u32 count)
{
	return count > trace->limit ? count - trace->limit : 0;
}

/**
 * sf_trace_copy - read an observation
 * @trace: the trace
 * @index: how many were made before it; in a ring that goes on, it may have
 *	become another one
 * @o: takes it
 *
 * Context: BH enabled, RCU read side.
 */
void sf_trace_copy(struct sf_trace *trace, u32 index, struct sf_observation *o)
{
	spin_lock_bh(&trace->lock);
	*o = trace->observation[index % trace->limit];
	spin_unlock_bh(&trace->lock);
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
	const struct ip_tunnel_info *info = NULL;
	struct in6_addr remote;
	struct sf_step step = {
		.component = sf_source_component(frame),
		.action = SEGFAB_TRACE_ACTION_RECEIVED,
		.skb = frame->skb,
		.dev = frame->port ? frame->skb->dev : NULL,
		.vlan = frame->binding ? READ_ONCE(frame->binding->vlan) :
					 sf_trace_tag(frame->skb),
	};

	if (sf_is_zone_port(frame->port))
		info = skb_tunnel_info(frame->skb);
	if (info) {
		sf_tunnel_source(info, &remote);
		step.remote = &remote;
		step.vni = sf_member_of(frame->port)->id;
	}
	if (!frame->watch->trace->via)
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
	if (!frame->watch->trace && !sf_trace_recognise(frame))
		sf_trace_catch(frame);
	if (frame->watch->trace)
		sf_observe_receive(frame);
}

static void sf_observe_accept(const struct sf_frame *frame)
{
	bool demuxed = frame->binding && !frame->watch->trace->via;
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
	if (!frame->watch->trace && frame->binding) {
		sf_trace_catch(frame);
		if (frame->watch->trace)
			sf_observe_receive(frame);
	}
	if (frame->watch->trace)
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
	if (!frame.watch->trace)
		return;
	if (entry) {
		step.action = SEGFAB_TRACE_ACTION_FORWARDED;
		step.dev = entry->port ? entry->port->dev : NULL;
		sf_step_tunnel(&step, entry->port);
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

	if (!frame.watch->trace)
		return false;
	sf_observe(&frame, &step);
	return frame.watch->trace->probe;
}

/**
 * sf_watch_leave - a frame, or a copy of it, is about to leave the host
 * @frame: the frame
 * @skb: it, or the copy; consumed if it is a probe
 * @uplink: through which uplink
 * @port: the segment in its zone, or a tunnel there
 *
 * A probe goes on to another host only if the uplink's trace is on.
 *
 * Context: BH disabled, RCU read side.
 * Return: true if it is a probe.
 */
bool sf_watch_leave(const struct sf_frame *frame, struct sk_buff *skb,
		    const struct sf_uplink *uplink, const struct sf_port *port)
{
	bool tunnel = port->flags & SF_PORT_TUNNEL;
	bool carry = tunnel && READ_ONCE(uplink->trace);
	struct sf_step step = {
		.component = SEGFAB_TRACE_COMPONENT_UPLINK,
		.action = SEGFAB_TRACE_ACTION_DELIVERED,
		.skb = skb,
		.dev = uplink->dev,
		.vlan = tunnel ? frame->guest_vlan : sf_member_of(port)->id,
	};
	u32 sequence;

	if (!frame->watch->trace)
		return false;
	if (frame->watch->trace->probe && carry)
		step.action = SEGFAB_TRACE_ACTION_FORWARDED;
	sf_step_tunnel(&step, port);
	sequence = sf_observe(frame, &step);
	if (!frame->watch->trace->probe)
		return false;
	if (carry)
		sf_carry_leave(frame, skb, uplink, sf_tunnel_of(port),
			       sequence);
	else
		consume_skb(skb);
	return true;
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
		if (!end->dev)
			return SEGFAB_TRACE_COMPONENT_HOST;
		return sf_uplink_get_rcu(end->dev) ?
		       SEGFAB_TRACE_COMPONENT_UPLINK :
		       SEGFAB_TRACE_COMPONENT_PORT;
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

	if (!frame->watch->trace)
		return false;
	sf_observe(frame, &step);
	return frame->watch->trace->probe;
}
