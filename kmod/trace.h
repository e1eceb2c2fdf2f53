/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TRACE_H
#define _SEGFAB_TRACE_H

#include <linux/in6.h>
#include <linux/jump_label_ratelimit.h>
#include <linux/percpu.h>

#include "types.h"

/* Traces that a network namespace may have at a time. */
#define SF_TRACES_MAX	16

/* sf_trace_filter.fields */
#define SF_TRACE_SOURCE		BIT(0)
#define SF_TRACE_DEST		BIT(1)
#define SF_TRACE_VLAN		BIT(2)
#define SF_TRACE_ETHERTYPE	BIT(3)
#define SF_TRACE_PROTOCOL	BIT(4)
#define SF_TRACE_IP_SOURCE	BIT(5)
#define SF_TRACE_IP_DEST	BIT(6)
#define SF_TRACE_SOURCE_PORT	BIT(7)
#define SF_TRACE_DEST_PORT	BIT(8)
#define SF_TRACE_L3		(SF_TRACE_PROTOCOL | SF_TRACE_IP_SOURCE | \
				 SF_TRACE_IP_DEST | SF_TRACE_SOURCE_PORT | \
				 SF_TRACE_DEST_PORT)

/**
 * struct sf_trace_filter - which frames a live trace follows
 * @ifindex: of the port that they come from, or of the segment that they
 *	belong to
 * @fields: SF_TRACE_*, the members that a frame is compared with
 * @source: source address
 * @dest: destination address
 * @vlan: tag as the port sees it, host byte order; 0: none
 * @ethertype: without tags, network byte order
 * @protocol: of IP
 * @ip_len: 4 or 16, length of @ip_source and @ip_dest
 * @ip_source: source address
 * @ip_dest: destination address
 * @source_port: of TCP and its like, network byte order
 * @dest_port: of TCP and its like, network byte order
 */
struct sf_trace_filter {
	int		ifindex;
	u16		fields;
	u8		source[ETH_ALEN];
	u8		dest[ETH_ALEN];
	u16		vlan;
	__be16		ethertype;
	u8		protocol;
	u8		ip_len;
	struct in6_addr	ip_source;
	struct in6_addr	ip_dest;
	__be16		source_port;
	__be16		dest_port;
};

/**
 * struct sf_observation - one step of a frame
 * @time: nanoseconds since the epoch
 * @global_id: of the trace that it is part of
 * @sequence: its number there, counted from 1
 * @frame: number of the frame in its trace, counted from 1
 * @component: enum segfab_trace_component
 * @action: enum segfab_trace_action
 * @reason: enum sf_drop, of a drop
 * @vlan: tag that it has there, host byte order; 0: none
 * @segment_ifindex: the segment
 * @port_ifindex: the port, 0: none, or the host
 * @segment: name of the segment
 * @port: name of the port, or ""
 * @source: source address
 * @dest: destination address
 * @len: bytes, as they are counted
 * @vni: network identifier of the tunnel to or from @remote
 * @remote: its address, of IPv4 as mapped into IPv6; all 0: no tunnel
 * @binding: id of the binding map that it crosses, or ""
 */
struct sf_observation {
	u64	time;
	u64	global_id;
	u32	sequence;
	u32	frame;
	u8	component;
	u8	action;
	u8	reason;
	u16	vlan;
	int	segment_ifindex;
	int	port_ifindex;
	char	segment[IFNAMSIZ];
	char	port[IFNAMSIZ];
	u8	source[ETH_ALEN];
	u8	dest[ETH_ALEN];
	u32	len;
	u32	vni;
	struct in6_addr	remote;
	char	binding[SEGFAB_BINDING_ID_LEN + 1];
};

/**
 * struct sf_trace - somebody follows frames
 * @node: in &sf_net.traces. W: sf_trace_mutex. R: RCU.
 * @rcu: frees the trace after the last frame has left it
 * @id: its number in the network namespace
 * @global_id: its number among those of all hosts, drawn at random
 * @portid: the netlink socket that it ends with
 * @probe: it follows a frame that was made for it: a frame that is not
 *	counted, teaches no address and reaches nobody
 * @ring: it keeps the last observations, and not the first ones
 * @skb: the probe while it comes in; it is known by its address. W, R: the
 *	CPU that sends it.
 * @via: the binding map of a probe that comes from a container and begins in
 *	the child, or NULL. W, R: as @skb.
 * @filter: which frames of others it follows, if not @probe
 * @frames: how many it may still follow
 * @lock: orders observations; nests inside everything
 * @matched: frames that it has followed. W: @lock.
 * @lost: observations that there was no room for. W: @lock.
 * @count: observations made. W: @lock.
 * @limit: observations that there is room for
 * @observation: what was seen. W, R: @lock.
 */
struct sf_trace {
	struct list_head	node;
	struct rcu_head		rcu;
	u32			id;
	u32			portid;
	u64			global_id;
	bool			probe;
	bool			ring;
	const struct sk_buff	*skb;
	struct sf_binding	*via;
	struct sf_trace_filter	filter;
	atomic_t		frames;

	/* written with each observation */
	spinlock_t		lock;
	u32			matched;
	u32			lost;
	u32			count;
	u32			limit;
	struct sf_observation	observation[];
};

extern struct static_key_false_deferred sf_watch_key;

/**
 * sf_watched - whether anybody may want to see frames
 *
 * Guards all that is done for traces; a no-operation while nobody looks.
 *
 * Return: true if there is a trace, or a tracepoint of a frame's way is on.
 */
static inline bool sf_watched(void)
{
	return !IS_ENABLED(CONFIG_SEGFAB_NO_TRACE) &&
	       static_branch_unlikely(&sf_watch_key.key);
}

/**
 * sf_watch - let those who may want to see a frame look at it
 * @frame: the frame, which has come in
 * @watch: room for who they are; lives as long as @frame
 */
static inline void sf_watch(struct sf_frame *frame, struct sf_watch *watch)
{
	if (!sf_watched())
		return;
	*watch = (struct sf_watch) {};
	frame->watch = watch;
}

/**
 * sf_is_probe - whether a frame was made for a trace
 * @frame: the frame
 *
 * Return: true if nobody else may notice it.
 */
static inline bool sf_is_probe(const struct sf_frame *frame)
{
	return frame->watch && frame->watch->trace &&
	       frame->watch->trace->probe;
}

int sf_watch_get(void);
void sf_watch_put(void);
void sf_watch_flush(void);

DECLARE_PER_CPU(struct sf_trace *, sf_probe_trace);

void sf_follow(struct sf_watch *watch, struct sf_trace *trace);
void sf_watch_receive(struct sf_frame *frame);
bool sf_watch_accept(struct sf_frame *frame);
void sf_watch_forward(struct sf_frame frame,
		      const struct sf_fdb_entry *entry);
bool sf_watch_deliver(struct sf_frame frame, const struct sf_port *port,
		      const struct sf_binding *binding);
bool sf_watch_leave(const struct sf_frame *frame, struct sk_buff *skb,
		    const struct sf_uplink *uplink, const struct sf_port *port);
bool sf_watch_drop(const struct sf_end *end);

struct sf_trace *sf_trace_alloc(u32 limit, u32 frames);
void sf_trace_free(struct sf_trace *trace);
int sf_trace_start(struct net *net, struct sf_trace *trace,
		   struct netlink_ext_ack *extack);
int sf_trace_stop(struct net *net, u32 id);
void sf_trace_stop_all(struct net *net, u32 portid);
struct sf_trace *sf_trace_find_rcu(struct sf_net *sn, u32 id);
u32 sf_trace_first(const struct sf_trace *trace, u32 count);
void sf_trace_copy(struct sf_trace *trace, u32 index,
		   struct sf_observation *o);

#endif /* _SEGFAB_TRACE_H */
