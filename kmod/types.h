/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core structures, with who writes and who reads each member.
 *
 * Locking:
 * RTNL is the only configuration lock. Members marked "W: RTNL" are written
 * under it; those a frame reads are read with READ_ONCE() or through RCU.
 * sf_segment.fdb_lock (BH disabled) orders the changes of one forwarding
 * table; it nests inside RTNL, never the other way round, and no two of them
 * nest. A frame takes no lock unless it teaches an address.
 *
 * Lifetime:
 * Segments and zones live in their net_devices. Ports, binding maps, uplinks,
 * members of zones and tunnels are freed one grace period after they can no
 * longer be found: they are marked dead, unpublished, and the entries that
 * point to them are flushed. A frame that still holds one of them may finish
 * with it but, seeing the mark under fdb_lock, never teaches it to a table
 * again.
 */
#ifndef _SEGFAB_TYPES_H
#define _SEGFAB_TYPES_H

#include <linux/if_vlan.h>
#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/rhashtable.h>
#include <linux/segfab.h>
#include <linux/seqlock.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "compat.h"
#include "drop.h"
#include "rate.h"

#define SF_VERSION	"0.1"

/* Address classes that are counted apart. */
enum sf_class {
	SF_UNICAST,
	SF_MULTICAST,
	SF_BROADCAST,
	SF_CLASSES
};

enum sf_direction {
	SF_INGRESS,
	SF_EGRESS,
	SF_DIRECTIONS
};

struct sf_counter {
	u64_stats_t	packets;
	u64_stats_t	bytes;
};

/**
 * struct sf_traffic - frames and bytes that passed, on one CPU
 * @count: by class and direction; known unicast touches the first 32 bytes
 * @syncp: makes the 64 bit values whole for readers on 32 bit machines
 */
struct sf_traffic {
	struct sf_counter	count[SF_CLASSES][SF_DIRECTIONS];
	struct u64_stats_sync	syncp;
};

/**
 * struct sf_port_stats - what is counted for a port or an uplink, on one CPU
 * @traffic: frames of the port; see Documentation/statistics.rst
 * @drops: frames that ended here, by reason
 * @passed: frames that an uplink left to the host's own stack
 */
struct sf_port_stats {
	struct sf_traffic	traffic;
	u64_stats_t		drops[SF_DROP_REASONS];
	u64_stats_t		passed;
};

/**
 * struct sf_totals - counters summed up over CPUs (and ports), for a reader
 * @packets: by class and direction
 * @bytes: by class and direction
 * @drops: by reason
 * @passed: frames that were left to the host's own stack
 */
struct sf_totals {
	u64	packets[SF_CLASSES][SF_DIRECTIONS];
	u64	bytes[SF_CLASSES][SF_DIRECTIONS];
	u64	drops[SF_DROP_REASONS];
	u64	passed;
};

/**
 * struct sf_stats_source - counters that are part of a sum
 * @stats: the counters, per CPU; fixed
 * @node: in &sf_stats_sum.sources. W: RTNL. R: RCU.
 */
struct sf_stats_source {
	struct sf_port_stats __percpu	*stats;
	struct list_head		node;
};

/**
 * struct sf_stats_sum - the counters of a segment or a zone: those of its ports
 *	or uplinks
 * @own: drops of frames that none of the sources sent. Per CPU; fixed.
 * @lock: guards @sources and @removed against readers. W: RTNL.
 * @sources: by &sf_stats_source.node; one leaves later than its port leaves
 *	the segment
 * @removed: the counters of sources that are gone
 */
struct sf_stats_sum {
	struct sf_port_stats __percpu	*own;
	seqlock_t			lock;
	struct list_head		sources;
	struct sf_totals		removed;
};

/* sf_segment.flags */
#define SF_SEGMENT_UP		BIT(0)	/* administratively up */
#define SF_SEGMENT_PROMISC	BIT(1)	/* the host wants a copy of everything */
#define SF_SEGMENT_FLOOD	BIT(2)	/* flood to unknown unicast addresses */

/**
 * struct sf_segment - an L2 domain; the private part of its net_device
 * @dev: the device, which is also the host's own interface in the segment
 * @vlans: tag to binding map, for frames from the segment's ports;
 *	NULL unless the segment is a parent. W: RTNL. R: RCU.
 * @guest_vlans: bitmap of the tags that the segment's own traffic may carry;
 *	NULL if there are none. W: RTNL. R: RCU.
 * @flags: SF_SEGMENT_*. W: sf_segment_set_flag().
 * @ageing_time: jiffies after which a learned address is forgotten; 0: never.
 *	W: RTNL.
 * @fdb: forwarding table, key to &struct sf_fdb_entry. W: @fdb_lock. R: RCU.
 * @ports: VM ports, by &sf_port.node. W: RTNL. R: RCU.
 * @parents: binding maps that the segment owns as a child, by
 *	&sf_binding.child_node. W: RTNL. R: RCU.
 * @member: the segment in a zone, NULL for a local one. W: RTNL. R: RCU.
 * @fdb_lock: orders the changes of the forwarding table
 * @fdb_list: the entries, newest first, by &sf_fdb_entry.list. W: @fdb_lock.
 *	R: RCU.
 * @fdb_count: entries in the table. W: @fdb_lock.
 * @fdb_sequence: number of the newest entry. W: @fdb_lock.
 * @fdb_work: forgets learned addresses that are too old
 * @fdb_full_work: announces ports, binding maps and zones that became full, or ceased
 *	to be
 * @children: binding maps that name the segment as parent, by
 *	&sf_binding.parent_node. W: RTNL. R: RCU.
 * @port_count: length of @ports. W: RTNL.
 * @ready_count: ports that are up and have a carrier. W: RTNL.
 * @parent_count: length of @parents. W: RTNL.
 * @child_count: length of @children. W: RTNL.
 * @mtu_set: somebody set the MTU; it no longer follows the ports. W: RTNL.
 * @stats: the sum of its ports, and the drops of the host's frames
 * @net_node: in &sf_net.segments. W: RTNL. R: RCU.
 */
struct sf_segment {
	/* read per frame */
	struct net_device		*dev;
	struct sf_vlan_table __rcu	*vlans;
	unsigned long __rcu		*guest_vlans;
	unsigned long			flags;
	unsigned long			ageing_time;
	struct list_head		ports;
	struct list_head		parents;
	struct rhashtable		fdb;
	struct sf_member __rcu		*member;

	/* written when an address is taught */
	spinlock_t			fdb_lock ____cacheline_aligned_in_smp;
	struct hlist_head		fdb_list;
	u32				fdb_count;
	u64				fdb_sequence;
	struct delayed_work		fdb_work;
	struct delayed_work		fdb_full_work;

	/* cold */
	struct list_head		children;
	u32				port_count;
	u32				ready_count;
	u32				parent_count;
	u32				child_count;
	bool				mtu_set;
	struct sf_stats_sum		stats;
	struct list_head		net_node;
};

/* sf_port.flags */
#define SF_PORT_READY		BIT(0)	/* up and has a carrier */
#define SF_PORT_DEAD		BIT(1)	/* being removed: teach nothing */
#define SF_PORT_LEARNING	BIT(2)
#define SF_PORT_FLOOD		BIT(3)
#define SF_PORT_MCAST_FLOOD	BIT(4)
#define SF_PORT_BCAST_FLOOD	BIT(5)
#define SF_PORT_ISOLATED	BIT(6)
#define SF_PORT_ZONE		BIT(7)	/* no device: what is behind a zone */
#define SF_PORT_TUNNEL		BIT(8)	/* and there at one tunnel address */

/**
 * struct sf_port - an endpoint of a segment: a device that is enslaved to it
 *	(a VM port), or the part of it that is reached through its zone
 * @dev: the device; for what is behind a zone the zone's
 * @segment: the master; fixed for the life of the port
 * @stats: counters, per CPU
 * @flags: SF_PORT_*. W: RTNL.
 * @fdb_limit: how many addresses may be learned of the port's own traffic;
 *	0: no limit. W: RTNL.
 * @fdb_limit_policy: enum segfab_limit_policy. W: RTNL.
 * @node: in &sf_segment.ports, or for a tunnel in &sf_member.flood
 * @owner: the endpoint whose limit and count its addresses are part of: for a
 *	tunnel that of its zone, else itself; fixed
 * @fdb_count: addresses known of the port's own traffic.
 *	W: &sf_segment.fdb_lock.
 * @fdb_full: an address found no room, and there is little of it since.
 *	W: &sf_segment.fdb_lock.
 * @fdb_full_told: @fdb_full as it was announced last. W: RTNL.
 * @source: @stats in the sum of the segment
 * @dev_tracker: accounts the reference on @dev
 * @rcu: frees the port after the last frame has left it
 */
struct sf_port {
	/* read per frame */
	struct net_device		*dev;
	struct sf_segment		*segment;
	struct sf_port_stats __percpu	*stats;
	unsigned long			flags;
	struct list_head		node;
	u32				fdb_limit;
	u8				fdb_limit_policy;

	/* written when an address is taught, and cold */
	u32				fdb_count ____cacheline_aligned_in_smp;
	bool				fdb_full;
	bool				fdb_full_told;
	struct sf_port			*owner;
	struct sf_stats_source		source;
	netdevice_tracker		dev_tracker;
	struct rcu_head			rcu;
};

/**
 * struct sf_team - uplinks in the order in which frames try them
 * @rcu: frees the team after the last frame has left it
 * @teaming: enum segfab_teaming, but for SEGFAB_TEAMING_ZONE
 * @active: over how many of them, the first ones, sources are spread; the
 *	others are on standby. At least one.
 * @count: how many uplinks; at least one
 * @uplink: the uplinks, whether ready or not
 *
 * Never changed, but replaced.
 */
struct sf_team {
	struct rcu_head		rcu;
	u8			teaming;
	unsigned int		active;
	unsigned int		count;
	struct sf_uplink	*uplink[];
};

/**
 * struct sf_uplink_list - the uplinks that a policy names, in its order
 * @rcu: frees the list after the last reader has left it
 * @active: how many of them, the first ones, are not on standby
 * @count: how many uplinks
 * @uplink: the uplinks
 *
 * Never changed once a policy has it, but replaced.
 */
struct sf_uplink_list {
	struct rcu_head		rcu;
	unsigned int		active;
	unsigned int		count;
	struct sf_uplink	*uplink[SEGFAB_POLICY_UPLINKS_MAX];
};

/**
 * struct sf_policy - by which uplinks of a zone the frames of segments leave
 * @zone: the zone; fixed
 * @team: what frames get of it, as &sf_member.team; NULL: no uplinks. W: RTNL.
 *	R: RCU.
 * @list: the uplinks; NULL: all of the zone, by their priority. W: RTNL.
 *	R: RCU.
 * @teaming: enum segfab_teaming, but for SEGFAB_TEAMING_ZONE. W: RTNL.
 * @member_count: members that name it as their own. W: RTNL.
 * @node: in &sf_zone.policies, if it has a name. W: RTNL. R: RCU.
 * @rcu: frees the policy after the last reader has left it
 * @name: unique in the zone, NUL-terminated; empty if it is one of
 *	&sf_zone.standard; fixed
 */
struct sf_policy {
	struct sf_zone			*zone;
	struct sf_team __rcu		*team;
	struct sf_uplink_list __rcu	*list;
	u8				teaming;
	u32				member_count;
	struct list_head		node;
	struct rcu_head			rcu;
	char				name[SEGFAB_POLICY_NAME_LEN + 1];
};

/**
 * struct sf_zone - a transport zone; the private part of its net_device
 * @dev: the device, which carries no frames of its own
 * @vlans: VLAN id to member, in a VLAN zone. W: RTNL. R: RCU.
 * @vnis: VNI to member, in an overlay zone. W: RTNL. R: RCU.
 * @mode: enum segfab_zone_mode; fixed
 * @changed: jiffies when frames last began to leave by other uplinks. W: RTNL.
 * @teaming: enum segfab_teaming, for members without a policy of their own.
 *	W: RTNL.
 * @failback: an uplink that comes back takes its old place. W: RTNL.
 * @uplinks: by rising priority, by &sf_uplink.node. W: RTNL. R: RCU.
 * @members: by &sf_member.node. W: RTNL. R: RCU.
 * @standard: a policy with all uplinks for each way of teaming, that of number
 *	n at n - 1
 * @policies: those that have names, by &sf_policy.node. W: RTNL. R: RCU.
 * @uplink_count: length of @uplinks. W: RTNL.
 * @member_count: length of @members. W: RTNL.
 * @stats: the sum of its uplinks, and drops of frames that none could take
 * @announce: tells the outside where the addresses behind the host are now
 * @net_node: in &sf_net.zones. W: RTNL. R: RCU.
 */
struct sf_zone {
	/* read per frame */
	struct net_device		*dev;
	struct sf_vlan_table __rcu	*vlans;
	struct xarray			vnis;
	u8				mode;
	unsigned long			changed;

	/* cold */
	u8				teaming;
	bool				failback;
	struct list_head		uplinks;
	struct list_head		members;
	struct sf_policy		standard[SEGFAB_TEAMING_LB_SRCMAC];
	struct list_head		policies;
	u32				uplink_count;
	u32				member_count;
	struct sf_stats_sum		stats;
	struct work_struct		announce;
	struct list_head		net_node;
};

/* sf_uplink.flags */
#define SF_UPLINK_READY		BIT(0)	/* up and has a carrier */

/**
 * struct sf_uplink - a device that is enslaved to a zone
 * @dev: the device
 * @zone: the master; fixed
 * @stats: counters, per CPU
 * @trace: probes leave and come in, with what they are probes of. W: RTNL, see
 *	sf_carry_set().
 * @flags: SF_UPLINK_*. W: RTNL.
 * @priority: place in the order, lowest first. W: RTNL.
 * @node: in &sf_zone.uplinks
 * @source: @stats in the sum of the zone
 * @dev_tracker: accounts the reference on @dev
 * @rcu: frees the uplink after the last frame has left it
 */
struct sf_uplink {
	/* read per frame */
	struct net_device		*dev;
	struct sf_zone			*zone;
	struct sf_port_stats __percpu	*stats;
	unsigned long			flags;
	bool				trace;

	/* cold */
	u32				priority ____cacheline_aligned_in_smp;
	struct list_head		node;
	struct sf_stats_source		source;
	netdevice_tracker		dev_tracker;
	struct rcu_head			rcu;
};

/**
 * struct sf_member - a segment in a zone
 * @port: the endpoint behind which, in a VLAN zone, all addresses are that are
 *	known outside of the host; has the limit of both kinds of zones
 * @zone: the zone; fixed
 * @id: VLAN id (0: untagged) or VNI; fixed: another one means another
 *	&struct sf_member in its place
 * @team: the uplinks that its frames have, from its policy; NULL: none.
 *	W: RTNL. R: RCU.
 * @tunnels: the tunnels of an overlay zone by their address. W: fdb_lock of
 *	the segment. R: RCU.
 * @flood: those that get what everybody gets, by &sf_port.node of
 *	&sf_tunnel.port. W: RTNL and fdb_lock. R: RCU.
 * @policy: its own; NULL: that of the zone. W: RTNL. R: RCU.
 * @node: in &sf_zone.members
 * @free: frees the member after the last frame has left it
 */
struct sf_member {
	struct sf_port		port;
	struct sf_zone		*zone;
	u32			id;
	struct sf_team __rcu	*team;
	struct rhashtable	tunnels;
	struct list_head	flood;

	/* cold */
	struct sf_policy __rcu	*policy;
	struct list_head	node;
	struct rcu_work		free;
};

/**
 * struct sf_tunnel - an endpoint behind a remote tunnel address
 * @port: the endpoint; its owner is that of the member
 * @dst: what tells the tunnel device where to send frames; fixed
 * @remote: the address, of IPv4 as mapped into IPv6; fixed
 * @hash: in &sf_member.tunnels
 * @users: forwarding entries, the flood list, and whoever is at it. W: fdb_lock
 *	of the segment. The last one unpublishes the tunnel.
 * @flooded: it is in &sf_member.flood. W: RTNL and fdb_lock.
 */
struct sf_tunnel {
	struct sf_port		port;
	struct metadata_dst	*dst;
	struct in6_addr		remote;
	struct rhash_head	hash;

	/* written when an address is taught, and cold */
	u32			users ____cacheline_aligned_in_smp;
	bool			flooded;
};

/**
 * struct sf_binding - a binding map: (parent, tag) to child
 * @child: the segment that owns it; fixed
 * @parent: the segment on whose ports the tag is seen; fixed: another parent
 *	means another &struct sf_binding in its place
 * @stats: container frames, per CPU
 * @vlan: the tag, 1 to 4094, host byte order. W: RTNL, in one word.
 * @dead: being removed: teach nothing. W: RTNL, before the flush.
 * @fdb_limit_policy: enum segfab_limit_policy. W: RTNL.
 * @fdb_limit: how many addresses may be learned through it; 0: no limit.
 *	W: RTNL.
 * @fdb_count: addresses known behind it. W: fdb_lock of @child.
 * @fdb_full: as that of a port. W: fdb_lock of @child.
 * @fdb_full_told: @fdb_full as it was announced last. W: RTNL.
 * @replaced: another took its place, and its counters. W: RTNL.
 * @child_node: in &sf_segment.parents of @child
 * @parent_node: in &sf_segment.children of @parent
 * @rcu: frees the binding map after the last frame has left it
 * @id: unique among those of the child, NUL-terminated
 */
struct sf_binding {
	/* read per frame */
	struct sf_segment		*child;
	struct sf_segment		*parent;
	struct sf_traffic __percpu	*stats;
	struct list_head		child_node;
	u16				vlan;
	bool				dead;
	u8				fdb_limit_policy;
	u32				fdb_limit;

	/* written when an address is taught, and cold */
	u32				fdb_count ____cacheline_aligned_in_smp;
	bool				fdb_full;
	bool				fdb_full_told;
	bool				replaced;
	struct list_head		parent_node;
	struct rcu_head			rcu;
	char				id[];
};

/**
 * struct sf_fdb_entry - where an address is
 * @node: in &sf_segment.fdb
 * @key: address and guest VLAN, see sf_fdb_key(); fixed
 * @port: the port that it is behind, NULL for the host; fixed: an address
 *	that moves gets a new entry in place of the old one
 * @binding: the binding map that it is behind, NULL for the segment's own
 *	traffic; fixed
 * @updated: jiffies of the last refresh. W: any frame, in one word, at most
 *	once in SF_FDB_REFRESH.
 * @state: enum segfab_fdb_state; fixed
 * @list: in &sf_segment.fdb_list
 * @sequence: falls along @list; a replacement keeps it
 * @rcu: frees the entry after the last frame has left it
 */
struct sf_fdb_entry {
	struct rhash_head	node;
	u64			key;
	struct sf_port		*port;
	struct sf_binding	*binding;
	unsigned long		updated;
	u8			state;

	/* cold */
	struct hlist_node	list;
	u64			sequence;
	struct rcu_head		rcu;
};

/**
 * struct sf_watch - who looks at a frame
 * @trace: who follows it, NULL: tracepoints only
 * @number: its number in @trace
 * @arrived: it is a probe of another host
 * @origin: &sf_trace.global_id there, if @arrived
 * @sequence: of its last observation, there or here, if @arrived
 */
struct sf_watch {
	struct sf_trace		*trace;
	u32			number;
	bool			arrived;
	u64			origin;
	u32			sequence;
};

/**
 * struct sf_frame - a frame on its way through a segment
 * @skb: the frame, data at the network header; owned
 * @segment: the segment that forwards it
 * @port: the port that it came from, NULL: the host
 * @binding: the binding map that it came through, NULL: own traffic of @segment
 * @len: bytes that are counted for it: Ethernet header and payload; as wide as
 *	the counters
 * @guest_vlan: tag that travels with it inside the segment, 0: none
 * @class: class of its destination address
 * @watch: who looks at it, NULL: nobody can, as sf_watched() said when it came
 *	in
 *
 * Those functions that a known unicast frame meets are inline and get its
 * address; others that are called from them get a copy. So its members stay in
 * registers, and what is done for those who watch is not compiled in where
 * nobody does.
 */
struct sf_frame {
	struct sk_buff		*skb;
	struct sf_segment	*segment;
	struct sf_port		*port;
	struct sf_binding	*binding;
	u64			len;
	u32			guest_vlan;
	enum sf_class		class;
	struct sf_watch		*watch;
};

/**
 * struct sf_net - what segfab keeps for a network namespace
 * @segments: every segment, by &sf_segment.net_node. W: RTNL. R: RCU.
 * @zones: every transport zone, by &sf_zone.net_node. W: RTNL. R: RCU.
 * @generation: counts configuration changes, never 0; a dump that saw two
 *	values was not consistent. W: RTNL.
 * @traces: traces, by &sf_trace.node. W: sf_trace_mutex. R: RCU.
 * @trace_count: length of @traces. W: sf_trace_mutex.
 * @trace_id: number of the newest one. W: sf_trace_mutex.
 * @arrived: what was seen of the probes of other hosts, NULL until they were
 *	let in. W: RTNL. R: RCU.
 * @arrived_rate: how many are let in. W: &sf_trace.lock of @arrived.
 */
struct sf_net {
	struct list_head	segments;
	struct list_head	zones;
	u32			generation;
	struct list_head	traces;
	u32			trace_count;
	u32			trace_id;
	struct sf_trace __rcu	*arrived;
	struct sf_rate		arrived_rate;
};

/* Is an endpoint, or the host (NULL), outside of it, behind a zone? */
static inline bool sf_is_zone_port(const struct sf_port *port)
{
	return port && (READ_ONCE(port->flags) & SF_PORT_ZONE);
}

static inline struct sf_member *sf_member_of(const struct sf_port *port)
{
	return container_of(port->owner, struct sf_member, port);
}

/* The members that a frame reads stay together. */
static_assert(offsetof(struct sf_port, fdb_limit_policy) < 64);
static_assert(offsetof(struct sf_binding, fdb_limit) < 64);
static_assert(offsetof(struct sf_fdb_entry, list) <= 48);
static_assert(sizeof(struct sf_fdb_entry) <= 96);

#endif /* _SEGFAB_TYPES_H */
