/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libsegfab: parent and child network segments for programs.
 *
 * Every function works on a handle, keeps nothing outside of it and prints
 * nothing; threads that have a handle each need no lock. Functions return 0 or
 * a negative errno, which is the kernel's own where the kernel refused; the
 * text that goes with it is segfab_error().
 *
 * Objects are named by their interface names (or alternative names).
 * What the values mean is said in Documentation/netlink/specs/segfab.yaml.
 */
#ifndef _SEGFAB_H
#define _SEGFAB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/segfab.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SEGFAB_IFNAME_SIZE	16
#define SEGFAB_ID_SIZE		(SEGFAB_BINDING_ID_LEN + 1)
#define SEGFAB_MAC_LEN		6
#define SEGFAB_ADDRESS_SIZE	48
#define SEGFAB_COUNTERS		32
#define SEGFAB_REASONS		64

struct segfab;
struct segfab_monitor;

/* handle.c */

struct segfab *segfab_new(void);
int segfab_open(struct segfab *h, const char *netns);
uint32_t segfab_portid(const struct segfab *h);
void segfab_free(struct segfab *h);
const char *segfab_error(const struct segfab *h);
const char *segfab_error_attribute(const struct segfab *h);
const char *segfab_warning(const struct segfab *h);
int segfab_netns_enter(struct segfab *h, const char *netns);
const char *segfab_version(void);

/* stats.c */

/**
 * struct segfab_stats - counters of a segment, a port or a binding map
 * @counter: frames and bytes, by SEGFAB_A_STATS_*
 * @drop: dropped frames, by SEGFAB_A_DROPS_*; entry 0 sums up the reasons
 *	that the kernel knows and this library does not
 * @has_drops: drops are counted for this kind of object
 */
struct segfab_stats {
	uint64_t	counter[SEGFAB_COUNTERS];
	uint64_t	drop[SEGFAB_REASONS];
	bool		has_drops;
};

const char *segfab_stats_name(unsigned int counter);
const char *segfab_drop_name(unsigned int reason);

/* vlans.c */

/**
 * struct segfab_vlans - a set of VLAN ids
 * @bits: bit (v mod 8) of byte (v / 8) stands for VLAN id v
 */
struct segfab_vlans {
	uint8_t		bits[SEGFAB_VLAN_BITMAP_LEN];
};

bool segfab_vlans_has(const struct segfab_vlans *v, unsigned int vlan);
void segfab_vlans_add(struct segfab_vlans *v, unsigned int vlan);
unsigned int segfab_vlans_count(const struct segfab_vlans *v);
unsigned int segfab_vlans_next(const struct segfab_vlans *v,
			       unsigned int from);
int segfab_vlans_parse(struct segfab_vlans *v, const char *list);
ssize_t segfab_vlans_format(const struct segfab_vlans *v, char *buf,
			    size_t size);

/* link.c */

/**
 * struct segfab_link - a network device as rtnetlink shows it
 * @ifindex: its number
 * @master: the number of its master, 0 if it has none
 * @lower: the number of the device that it is stacked on, 0 if none is known
 *	in this network namespace
 * @mtu: its MTU
 * @up: administratively up
 * @carrier: it has a carrier
 * @has_mac: @mac is an Ethernet address
 * @mac: its address
 * @name: its name
 * @kind: its kind, such as "veth"; empty if it has none
 * @master_kind: the kind of its master; empty if that is not known
 * @vlan: its VLAN id, if it is of kind "vlan"
 */
struct segfab_link {
	uint32_t	ifindex;
	uint32_t	master;
	uint32_t	lower;
	uint32_t	mtu;
	bool		up;
	bool		carrier;
	bool		has_mac;
	uint8_t		mac[SEGFAB_MAC_LEN];
	char		name[SEGFAB_IFNAME_SIZE];
	char		kind[SEGFAB_IFNAME_SIZE];
	char		master_kind[SEGFAB_IFNAME_SIZE];
	uint16_t	vlan;
};

/**
 * struct segfab_address - an address of a network device
 * @ifindex: the device
 * @family: AF_INET or AF_INET6
 * @prefix: length of the prefix
 * @text: the address as text
 */
struct segfab_address {
	uint32_t	ifindex;
	uint8_t		family;
	uint8_t		prefix;
	char		text[SEGFAB_ADDRESS_SIZE];
};

/*
 * Called for each object of a dump. The object is valid until it returns. The
 * handle may be used in it. Another value than 0 ends the walk and becomes the
 * result of the function that was called.
 */
typedef int (*segfab_link_fn)(const struct segfab_link *link, void *arg);
typedef int (*segfab_address_fn)(const struct segfab_address *a, void *arg);

int segfab_link_get(struct segfab *h, const char *name,
		    struct segfab_link *link);
int segfab_link_dump(struct segfab *h, segfab_link_fn fn, void *arg);
int segfab_link_addresses(struct segfab *h, uint32_t ifindex,
			  segfab_address_fn fn, void *arg);
int segfab_address_dump(struct segfab *h, segfab_address_fn fn, void *arg);

/* device.c */

int segfab_vrf_add(struct segfab *h, const char *name, uint32_t table);
int segfab_link_del(struct segfab *h, const char *name);
int segfab_link_set_alias(struct segfab *h, const char *name,
			  const char *alias);
int segfab_link_set_master(struct segfab *h, const char *name,
			   const char *master);
int segfab_address_add(struct segfab *h, const char *name, const char *cidr);
int segfab_address_del(struct segfab *h, const char *name, const char *cidr);

/* segment.c */

struct segfab_segment {
	uint32_t		ifindex;
	char			name[SEGFAB_IFNAME_SIZE];
	uint32_t		ageing_time;
	bool			flood;
	struct segfab_vlans	guest_vlans;
	uint32_t		port_count;
	uint32_t		parent_count;
	uint32_t		child_count;
	uint32_t		fdb_count;
	uint32_t		zone_ifindex;
	char			zone[SEGFAB_IFNAME_SIZE];
	bool			has_zone_vlan;
	uint16_t		zone_vlan;
	bool			has_zone_vni;
	uint32_t		zone_vni;
	uint8_t			teaming;	/* what it does */
	char			teaming_policy[SEGFAB_POLICY_NAME_LEN + 1];
	uint32_t		zone_fdb_limit;
	uint8_t			zone_fdb_limit_policy;
	uint32_t		zone_fdb_count;
	bool			zone_fdb_full;
	struct segfab_stats	stats;
};

/* The members of struct segfab_segment_settings that are given. */
#define SEGFAB_SEGMENT_AGEING_TIME	(1U << 0)
#define SEGFAB_SEGMENT_FLOOD		(1U << 1)
#define SEGFAB_SEGMENT_GUEST_VLANS	(1U << 2)
#define SEGFAB_SEGMENT_MTU		(1U << 3)
#define SEGFAB_SEGMENT_MAC		(1U << 4)
#define SEGFAB_SEGMENT_UP		(1U << 5)
#define SEGFAB_SEGMENT_ZONE		(1U << 6)
#define SEGFAB_SEGMENT_ZONE_VLAN	(1U << 7)
#define SEGFAB_SEGMENT_ZONE_VNI		(1U << 8)
#define SEGFAB_SEGMENT_TEAMING		(1U << 9)
#define SEGFAB_SEGMENT_TEAMING_POLICY	(1U << 10)
#define SEGFAB_SEGMENT_ZONE_FDB_LIMIT	(1U << 11)
#define SEGFAB_SEGMENT_ZONE_FDB_LIMIT_POLICY	(1U << 12)

/**
 * struct segfab_segment_settings - what a segment is to be set to
 * @set: SEGFAB_SEGMENT_*, the members that are given
 * @ageing_time: seconds, 0 means never
 * @flood: flood frames to unknown unicast addresses
 * @guest_vlans: tags that the segment's own machines may use
 * @mtu: MTU of the host's interface
 * @mac: address of the host's interface
 * @up: administratively up
 * @zone: transport zone to join, or NULL to leave it
 * @zone_vlan: VLAN id in the zone, 0: untagged
 * @zone_vni: VNI in the zone
 * @teaming: enum segfab_teaming, with all uplinks of the zone
 * @teaming_policy: instead of @teaming, name of a policy of the zone
 * @zone_fdb_limit: how many addresses may be learned in the zone, 0: no limit
 * @zone_fdb_limit_policy: enum segfab_limit_policy
 */
struct segfab_segment_settings {
	unsigned int		set;
	uint32_t		ageing_time;
	bool			flood;
	struct segfab_vlans	guest_vlans;
	uint32_t		mtu;
	uint8_t			mac[SEGFAB_MAC_LEN];
	bool			up;
	const char		*zone;
	uint16_t		zone_vlan;
	uint32_t		zone_vni;
	uint8_t			teaming;
	const char		*teaming_policy;
	uint32_t		zone_fdb_limit;
	uint8_t			zone_fdb_limit_policy;
};

typedef int (*segfab_segment_fn)(const struct segfab_segment *s, void *arg);

int segfab_segment_add(struct segfab *h, const char *name,
		       const struct segfab_segment_settings *settings);
int segfab_segment_set(struct segfab *h, const char *name,
		       const struct segfab_segment_settings *settings);
int segfab_segment_del(struct segfab *h, const char *name);
int segfab_segment_get(struct segfab *h, const char *name,
		       struct segfab_segment *segment);
int segfab_segment_dump(struct segfab *h, segfab_segment_fn fn, void *arg);

/* port.c */

struct segfab_port {
	uint32_t		ifindex;
	char			name[SEGFAB_IFNAME_SIZE];
	uint32_t		segment_ifindex;
	char			segment[SEGFAB_IFNAME_SIZE];
	bool			learning;
	bool			flood;
	bool			mcast_flood;
	bool			bcast_flood;
	bool			isolated;
	uint32_t		fdb_limit;
	uint8_t			fdb_limit_policy;
	uint32_t		fdb_count;
	bool			fdb_full;
	bool			carrier;
	struct segfab_stats	stats;
};

/* The members of struct segfab_port_settings that are given. */
#define SEGFAB_PORT_LEARNING		(1U << 0)
#define SEGFAB_PORT_FLOOD		(1U << 1)
#define SEGFAB_PORT_MCAST_FLOOD		(1U << 2)
#define SEGFAB_PORT_BCAST_FLOOD		(1U << 3)
#define SEGFAB_PORT_ISOLATED		(1U << 4)
#define SEGFAB_PORT_FDB_LIMIT		(1U << 5)
#define SEGFAB_PORT_FDB_LIMIT_POLICY	(1U << 6)

/**
 * struct segfab_port_settings - what a port is to be set to
 * @set: SEGFAB_PORT_*, the members that are given
 * @learning: learn source addresses
 * @flood: frames to unknown unicast addresses leave here
 * @mcast_flood: multicast leaves here
 * @bcast_flood: broadcast leaves here
 * @isolated: no frames from and to other isolated ports
 * @fdb_limit: how many addresses may be learned; 0 means no limit
 * @fdb_limit_policy: enum segfab_limit_policy
 */
struct segfab_port_settings {
	unsigned int	set;
	bool		learning;
	bool		flood;
	bool		mcast_flood;
	bool		bcast_flood;
	bool		isolated;
	uint32_t	fdb_limit;
	uint8_t		fdb_limit_policy;
};

typedef int (*segfab_port_fn)(const struct segfab_port *p, void *arg);

int segfab_port_add(struct segfab *h, const char *port, const char *segment,
		    const struct segfab_port_settings *settings);
int segfab_port_set(struct segfab *h, const char *port,
		    const struct segfab_port_settings *settings);
int segfab_port_del(struct segfab *h, const char *port);
int segfab_port_get(struct segfab *h, const char *name,
		    struct segfab_port *port);
int segfab_port_dump(struct segfab *h, const char *segment, segfab_port_fn fn,
		     void *arg);

/* binding.c */

struct segfab_binding {
	uint32_t		child_ifindex;
	char			child[SEGFAB_IFNAME_SIZE];
	char			id[SEGFAB_ID_SIZE];
	uint32_t		parent_ifindex;
	char			parent[SEGFAB_IFNAME_SIZE];
	uint16_t		vlan;
	uint32_t		fdb_limit;
	uint8_t			fdb_limit_policy;
	uint32_t		fdb_count;
	bool			fdb_full;
	struct segfab_stats	stats;
};

/* The members of struct segfab_binding_settings that are given. */
#define SEGFAB_BINDING_PARENT		(1U << 0)
#define SEGFAB_BINDING_VLAN		(1U << 1)
#define SEGFAB_BINDING_VLAN_AUTO	(1U << 2)
#define SEGFAB_BINDING_VLAN_RANGE	(1U << 3)
#define SEGFAB_BINDING_FDB_LIMIT	(1U << 4)
#define SEGFAB_BINDING_FDB_LIMIT_POLICY	(1U << 5)

/**
 * struct segfab_binding_settings - what a binding map is to be set to
 * @set: SEGFAB_BINDING_*, the members that are given
 * @parent: the parent segment
 * @vlan: the tag
 * @vlan_first: first tag that automatic choice may take
 * @vlan_last: last tag that automatic choice may take
 * @fdb_limit: how many addresses may be learned; 0 means no limit
 * @fdb_limit_policy: enum segfab_limit_policy
 *
 * SEGFAB_BINDING_VLAN_AUTO has no member: the kernel takes the lowest free tag
 * of the parent, within @vlan_first to @vlan_last if
 * SEGFAB_BINDING_VLAN_RANGE is given too.
 */
struct segfab_binding_settings {
	unsigned int	set;
	const char	*parent;
	uint16_t	vlan;
	uint16_t	vlan_first;
	uint16_t	vlan_last;
	uint32_t	fdb_limit;
	uint8_t		fdb_limit_policy;
};

/**
 * enum segfab_write - what to do about an object that exists or does not
 * @SEGFAB_ADD: make it; it must not exist
 * @SEGFAB_SET: change it; it must exist
 * @SEGFAB_REPLACE: make it or change it
 */
enum segfab_write {
	SEGFAB_ADD,
	SEGFAB_SET,
	SEGFAB_REPLACE,
};

typedef int (*segfab_binding_fn)(const struct segfab_binding *b, void *arg);

int segfab_binding_write(struct segfab *h, enum segfab_write how,
			 const char *child, const char *id,
			 const struct segfab_binding_settings *settings,
			 struct segfab_binding *result);
int segfab_binding_del(struct segfab *h, const char *child, const char *id);
int segfab_binding_get(struct segfab *h, const char *child, const char *id,
		       struct segfab_binding *binding);
int segfab_binding_dump(struct segfab *h, const char *child,
			const char *parent, segfab_binding_fn fn, void *arg);

/* fdb.c */

/**
 * struct segfab_fdb - an entry of a forwarding table
 * @segment_ifindex: the segment
 * @segment: its name
 * @mac: the address
 * @guest_vlan: the guest tag that it is used with, 0 if none
 * @state: enum segfab_fdb_state
 * @port_ifindex: the port that it is behind, or the zone; 0 for an address of
 *	the host
 * @port: its name
 * @binding: id of the binding map that it is behind, empty if none
 * @vlan: the tag of that binding map, 0 if none
 * @remote: the tunnel address that it is at, empty if none
 * @has_age: @age is known, which it is for learned entries
 * @age: milliseconds since the last refresh
 */
struct segfab_fdb {
	uint32_t	segment_ifindex;
	char		segment[SEGFAB_IFNAME_SIZE];
	uint8_t		mac[SEGFAB_MAC_LEN];
	uint16_t	guest_vlan;
	uint8_t		state;
	uint32_t	port_ifindex;
	char		port[SEGFAB_IFNAME_SIZE];
	char		binding[SEGFAB_ID_SIZE];
	uint16_t	vlan;
	char		remote[SEGFAB_ADDRESS_SIZE];
	bool		has_age;
	uint32_t	age;
};

/**
 * struct segfab_fdb_key - one address in one segment
 * @segment: the segment
 * @mac: the address
 * @guest_vlan: the guest tag that it is used with, 0 if none
 */
struct segfab_fdb_key {
	const char	*segment;
	uint8_t		mac[SEGFAB_MAC_LEN];
	uint16_t	guest_vlan;
};

/**
 * struct segfab_fdb_flush - which entries of a segment are to be forgotten
 * @segment: the segment
 * @port: only those behind this port, or NULL
 * @binding: only those behind the binding map with this id, or NULL
 * @mac: only those of this address, or NULL
 * @statics: the static entries instead of the learned ones
 */
struct segfab_fdb_flush {
	const char	*segment;
	const char	*port;
	const char	*binding;
	const uint8_t	*mac;
	bool		statics;
};

typedef int (*segfab_fdb_fn)(const struct segfab_fdb *e, void *arg);

int segfab_fdb_write(struct segfab *h, enum segfab_write how,
		     const struct segfab_fdb_key *key, const char *port,
		     const char *remote);
int segfab_fdb_del(struct segfab *h, const struct segfab_fdb_key *key);
int segfab_fdb_get(struct segfab *h, const struct segfab_fdb_key *key,
		   struct segfab_fdb *entry);
int segfab_fdb_dump(struct segfab *h, const char *segment, const char *port,
		    segfab_fdb_fn fn, void *arg);
int segfab_fdb_flush(struct segfab *h, const struct segfab_fdb_flush *what);

/* packet.c */

/**
 * enum segfab_packet_type - what a frame carries
 * @SEGFAB_PACKET_ICMP: an echo request, of the family of its addresses
 * @SEGFAB_PACKET_UDP: a datagram
 * @SEGFAB_PACKET_TCP: a segment
 * @SEGFAB_PACKET_IP: a packet of another protocol
 * @SEGFAB_PACKET_ARP: a question for an address, or the answer
 * @SEGFAB_PACKET_ETHER: something of another Ethernet type
 */
enum segfab_packet_type {
	SEGFAB_PACKET_ICMP,
	SEGFAB_PACKET_UDP,
	SEGFAB_PACKET_TCP,
	SEGFAB_PACKET_IP,
	SEGFAB_PACKET_ARP,
	SEGFAB_PACKET_ETHER,
};

/**
 * struct segfab_address_bytes - an address of IPv4 or IPv6
 * @len: 4 or 16
 * @bytes: in network byte order
 */
struct segfab_address_bytes {
	uint8_t		len;
	uint8_t		bytes[16];
};

/**
 * struct segfab_packet - what a frame is to be like
 * @type: what it carries
 * @source: source address
 * @dest: destination address
 * @vlan: its tag, 0 for none
 * @ethertype: of SEGFAB_PACKET_ETHER
 * @ip_source: source address
 * @ip_dest: destination address, of the same kind
 * @protocol: of SEGFAB_PACKET_IP
 * @ttl: how many routers it may pass
 * @ip_flags: the three bits of the IPv4 header; 2: do not fragment
 * @source_port: of UDP and TCP
 * @dest_port: of UDP and TCP
 * @tcp_flags: the nine bits of the TCP header; 2: SYN
 * @echo_id: id of the echo request
 * @echo_sequence: its sequence number
 * @arp_reply: an answer, not a question
 * @payload: what follows the headers; ARP has none
 * @payload_len: its length
 * @size: its length without the tag, if that is more than it needs
 */
struct segfab_packet {
	enum segfab_packet_type		type;
	uint8_t				source[SEGFAB_MAC_LEN];
	uint8_t				dest[SEGFAB_MAC_LEN];
	uint16_t			vlan;
	uint16_t			ethertype;
	struct segfab_address_bytes	ip_source;
	struct segfab_address_bytes	ip_dest;
	uint8_t				protocol;
	uint8_t				ttl;
	uint8_t				ip_flags;
	uint16_t			source_port;
	uint16_t			dest_port;
	uint16_t			tcp_flags;
	uint16_t			echo_id;
	uint16_t			echo_sequence;
	bool				arp_reply;
	const void			*payload;
	size_t				payload_len;
	uint32_t			size;
};

ssize_t segfab_packet_build(const struct segfab_packet *p, uint8_t *frame);

/* trace.c */

/* The members of struct segfab_trace_filter that are given. */
#define SEGFAB_TRACE_SOURCE		(1U << 0)
#define SEGFAB_TRACE_DEST		(1U << 1)
#define SEGFAB_TRACE_VLAN		(1U << 2)
#define SEGFAB_TRACE_ETHERTYPE		(1U << 3)
#define SEGFAB_TRACE_PROTOCOL		(1U << 4)
#define SEGFAB_TRACE_IP_SOURCE		(1U << 5)
#define SEGFAB_TRACE_IP_DEST		(1U << 6)
#define SEGFAB_TRACE_SOURCE_PORT	(1U << 7)
#define SEGFAB_TRACE_DEST_PORT		(1U << 8)

/**
 * struct segfab_trace_filter - which frames of others are to be followed
 * @set: SEGFAB_TRACE_*, the members that are given
 * @source: source address
 * @dest: destination address
 * @vlan: tag as it is on the port, 0 for none
 * @ethertype: of what follows the tag
 * @protocol: IP protocol
 * @ip_source: IP source address
 * @ip_dest: IP destination address, of the same kind
 * @source_port: of TCP and its like
 * @dest_port: of TCP and its like
 */
struct segfab_trace_filter {
	unsigned int			set;
	uint8_t				source[SEGFAB_MAC_LEN];
	uint8_t				dest[SEGFAB_MAC_LEN];
	uint16_t			vlan;
	uint16_t			ethertype;
	uint8_t				protocol;
	struct segfab_address_bytes	ip_source;
	struct segfab_address_bytes	ip_dest;
	uint16_t			source_port;
	uint16_t			dest_port;
};

/**
 * struct segfab_trace_probe - a frame that is to be made and followed
 * @port: the port that it comes from
 * @via: the child that its container is connected to, or NULL
 * @frame: the frame, from its Ethernet header on
 * @len: its length
 * @limit: observations to keep; 0 means as many as the kernel likes
 */
struct segfab_trace_probe {
	const char	*port;
	const char	*via;
	const void	*frame;
	size_t		len;
	uint32_t	limit;
};

/**
 * struct segfab_trace_live - frames of others that are to be followed
 * @port: those that come from this port, or NULL
 * @segment: those that belong to this segment, or come from a port of it; or
 *	NULL
 * @filter: what else they have to be like
 * @count: how many, 0 means one
 * @limit: observations to keep; 0 means as many as the kernel likes
 */
struct segfab_trace_live {
	const char			*port;
	const char			*segment;
	struct segfab_trace_filter	filter;
	uint32_t			count;
	uint32_t			limit;
};

/**
 * struct segfab_observation - one step of a frame that is followed
 * @trace: number of the trace, 0 if it is of another host
 * @global_id: its number among those of all hosts
 * @sequence: number of the observation, counted from 1, on from host to host
 * @frame: number of the frame, counted from 1
 * @time: nanoseconds since the epoch
 * @component: enum segfab_trace_component, what it met
 * @action: enum segfab_trace_action, what happened there
 * @reason: SEGFAB_A_DROPS_*, of a drop
 * @segment_ifindex: the segment
 * @segment: its name
 * @port_ifindex: the port, 0 for the host or for none
 * @port: its name
 * @vlan: the tag that it has there, 0 for none
 * @binding: id of the binding map that it crosses, empty if none
 * @has_frame: @source and @dest are known
 * @source: its source address
 * @dest: its destination address
 * @length: its bytes as they are counted
 * @remote: the other end of the tunnel that it comes from or goes to, as text;
 *	empty if it is in none
 * @vni: network identifier of that tunnel
 */
struct segfab_observation {
	uint32_t	trace;
	uint64_t	global_id;
	uint32_t	sequence;
	uint32_t	frame;
	uint64_t	time;
	uint8_t		component;
	uint8_t		action;
	uint8_t		reason;
	uint32_t	segment_ifindex;
	char		segment[SEGFAB_IFNAME_SIZE];
	uint32_t	port_ifindex;
	char		port[SEGFAB_IFNAME_SIZE];
	uint16_t	vlan;
	char		binding[SEGFAB_ID_SIZE];
	bool		has_frame;
	uint8_t		source[SEGFAB_MAC_LEN];
	uint8_t		dest[SEGFAB_MAC_LEN];
	uint32_t	length;
	char		remote[SEGFAB_ADDRESS_SIZE];
	uint32_t	vni;
};

/**
 * struct segfab_trace_end - how far a trace has come
 * @matched: frames that it has followed
 * @observed: observations that it keeps
 * @lost: observations that it had no room for, or has no longer
 * @global_id: its number among those of all hosts
 */
struct segfab_trace_end {
	uint64_t	global_id;
	uint32_t	matched;
	uint32_t	observed;
	uint32_t	lost;
};

typedef int (*segfab_observation_fn)(const struct segfab_observation *o,
				     void *arg);

int segfab_trace_probe(struct segfab *h, const struct segfab_trace_probe *probe,
		       uint32_t *id);
int segfab_trace_live(struct segfab *h, const struct segfab_trace_live *live,
		      uint32_t *id);
int segfab_trace_read(struct segfab *h, uint32_t id, uint32_t from,
		      segfab_observation_fn fn, void *arg,
		      struct segfab_trace_end *end);
int segfab_trace_arrived(struct segfab *h, uint64_t global_id,
			 segfab_observation_fn fn, void *arg,
			 struct segfab_trace_end *end);
int segfab_trace_del(struct segfab *h, uint32_t id);
const char *segfab_trace_component_name(unsigned int component);
const char *segfab_trace_action_name(unsigned int action);

/* record.c */

/**
 * struct segfab_record - a dropped frame that the flight recorder kept
 * @time: nanoseconds since the epoch
 * @reason: SEGFAB_A_DROPS_*
 * @segment_ifindex: the segment that it belonged to
 * @segment: its name
 * @port_ifindex: the port where it was counted, 0 for the host
 * @port: its name
 * @vlan: the tag that it had, or would have had, on the port; 0 for none
 * @length: its bytes as they are counted
 * @generation: counts changes of the configuration
 * @changed: the configuration has changed since
 * @missed: drops for the same reason before it that were not kept
 * @frame_len: bytes in @frame
 * @frame: how it begins, without its tag
 */
struct segfab_record {
	uint64_t	time;
	uint8_t		reason;
	uint32_t	segment_ifindex;
	char		segment[SEGFAB_IFNAME_SIZE];
	uint32_t	port_ifindex;
	char		port[SEGFAB_IFNAME_SIZE];
	uint16_t	vlan;
	uint32_t	length;
	uint32_t	generation;
	bool		changed;
	uint32_t	missed;
	size_t		frame_len;
	uint8_t		frame[SEGFAB_RECORD_LEN];
};

/**
 * struct segfab_record_filter - which dropped frames to look at
 * @segment: those of this segment, or NULL
 * @port: those that were counted at this port, or NULL
 * @mac: those from or to this address, or NULL
 * @since: those after this time, nanoseconds since the epoch; 0 for all
 */
struct segfab_record_filter {
	const char	*segment;
	const char	*port;
	const uint8_t	*mac;
	uint64_t	since;
};

typedef int (*segfab_record_fn)(const struct segfab_record *r, void *arg);

int segfab_record_dump(struct segfab *h,
		       const struct segfab_record_filter *filter,
		       segfab_record_fn fn, void *arg);

/* zone.c */

struct segfab_zone {
	uint32_t		ifindex;
	char			name[SEGFAB_IFNAME_SIZE];
	uint8_t			mode;
	uint8_t			teaming;
	bool			failback;
	uint32_t		uplink_count;
	uint32_t		segment_count;
	struct segfab_stats	stats;
};

/* The members of struct segfab_zone_settings that are given. */
#define SEGFAB_ZONE_MODE		(1U << 0)
#define SEGFAB_ZONE_TEAMING		(1U << 1)
#define SEGFAB_ZONE_FAILBACK		(1U << 2)

/**
 * struct segfab_zone_settings - what a transport zone is to be set to
 * @set: SEGFAB_ZONE_*, the members that are given
 * @mode: enum segfab_zone_mode; cannot be changed later
 * @teaming: enum segfab_teaming
 * @failback: an uplink that comes back takes its old place
 */
struct segfab_zone_settings {
	unsigned int	set;
	uint8_t		mode;
	uint8_t		teaming;
	bool		failback;
};

typedef int (*segfab_zone_fn)(const struct segfab_zone *z, void *arg);

int segfab_zone_add(struct segfab *h, const char *name,
		    const struct segfab_zone_settings *settings);
int segfab_zone_set(struct segfab *h, const char *name,
		    const struct segfab_zone_settings *settings);
int segfab_zone_del(struct segfab *h, const char *name);
int segfab_zone_get(struct segfab *h, const char *name,
		    struct segfab_zone *zone);
int segfab_zone_dump(struct segfab *h, segfab_zone_fn fn, void *arg);

/* uplink.c */

/**
 * struct segfab_uplink - an uplink of a transport zone
 * @ifindex: the device
 * @name: its name
 * @zone_ifindex: the zone
 * @zone: its name
 * @priority: place in the order, lowest first
 * @carrier: it is up and has a carrier
 * @active: it is the first one that is
 * @passed: frames that were left to the host's own stack
 * @trace: frames that were made for a trace may leave and come in
 * @stats: counters
 */
struct segfab_uplink {
	uint32_t		ifindex;
	char			name[SEGFAB_IFNAME_SIZE];
	uint32_t		zone_ifindex;
	char			zone[SEGFAB_IFNAME_SIZE];
	uint32_t		priority;
	bool			carrier;
	bool			active;
	uint64_t		passed;
	bool			trace;
	struct segfab_stats	stats;
};

/* The members of struct segfab_uplink_settings that are given. */
#define SEGFAB_UPLINK_PRIORITY		(1U << 0)
#define SEGFAB_UPLINK_TRACE		(1U << 1)

/**
 * struct segfab_uplink_settings - what an uplink is to be set to
 * @set: SEGFAB_UPLINK_*, the members that are given
 * @priority: place in the order, lowest first
 * @trace: frames that were made for a trace may leave and come in
 */
struct segfab_uplink_settings {
	unsigned int	set;
	uint32_t	priority;
	bool		trace;
};

typedef int (*segfab_uplink_fn)(const struct segfab_uplink *u, void *arg);

int segfab_uplink_add(struct segfab *h, const char *uplink, const char *zone,
		      const struct segfab_uplink_settings *settings);
int segfab_uplink_set(struct segfab *h, const char *uplink,
		      const struct segfab_uplink_settings *settings);
int segfab_uplink_del(struct segfab *h, const char *uplink);
int segfab_uplink_get(struct segfab *h, const char *name,
		      struct segfab_uplink *uplink);
int segfab_uplink_dump(struct segfab *h, const char *zone, segfab_uplink_fn fn,
		       void *arg);

/* policy.c */

/**
 * struct segfab_policy_uplink - an uplink that a teaming policy names
 * @ifindex: the device
 * @name: its name
 * @carrier: it is up and has a carrier
 * @used: frames leave by it now
 */
struct segfab_policy_uplink {
	uint32_t	ifindex;
	char		name[SEGFAB_IFNAME_SIZE];
	bool		carrier;
	bool		used;
};

/**
 * struct segfab_policy - a teaming policy of a transport zone
 * @zone_ifindex: the zone
 * @zone: its name
 * @name: its own name, unique in the zone
 * @teaming: enum segfab_teaming, but for SEGFAB_TEAMING_ZONE
 * @uplink_count: how many uplinks it has
 * @active_count: how many of them, the first ones, are not on standby
 * @uplink: the uplinks, in the order of the policy
 * @segment_count: how many segments have it
 */
struct segfab_policy {
	uint32_t			zone_ifindex;
	char				zone[SEGFAB_IFNAME_SIZE];
	char				name[SEGFAB_POLICY_NAME_LEN + 1];
	uint8_t				teaming;
	uint32_t			uplink_count;
	uint32_t			active_count;
	struct segfab_policy_uplink	uplink[SEGFAB_POLICY_UPLINKS_MAX];
	uint32_t			segment_count;
};

/* The members of struct segfab_policy_settings that are given. */
#define SEGFAB_POLICY_TEAMING		(1U << 0)
#define SEGFAB_POLICY_ACTIVE		(1U << 1)
#define SEGFAB_POLICY_STANDBY		(1U << 2)

/**
 * struct segfab_policy_settings - what a teaming policy is to be set to
 * @set: SEGFAB_POLICY_*, the members that are given
 * @teaming: enum segfab_teaming, but for SEGFAB_TEAMING_ZONE
 * @active_count: how many in @active, at least one
 * @active: names of uplinks of the zone, in their order
 * @standby_count: how many in @standby; none empties the list
 * @standby: names of uplinks of the zone, in the order in which they take the
 *	place of an active one that is not ready
 */
struct segfab_policy_settings {
	unsigned int	set;
	uint8_t		teaming;
	uint32_t	active_count;
	const char	*active[SEGFAB_POLICY_UPLINKS_MAX];
	uint32_t	standby_count;
	const char	*standby[SEGFAB_POLICY_UPLINKS_MAX];
};

typedef int (*segfab_policy_fn)(const struct segfab_policy *p, void *arg);

int segfab_policy_write(struct segfab *h, enum segfab_write how,
			const char *zone, const char *name,
			const struct segfab_policy_settings *settings);
int segfab_policy_del(struct segfab *h, const char *zone, const char *name);
int segfab_policy_get(struct segfab *h, const char *zone, const char *name,
		      struct segfab_policy *policy);
int segfab_policy_dump(struct segfab *h, const char *zone, segfab_policy_fn fn,
		       void *arg);

/* remote.c */

/**
 * struct segfab_remote - a tunnel address of a segment's flood list
 * @segment_ifindex: the segment
 * @segment: its name
 * @address: the address as text
 */
struct segfab_remote {
	uint32_t	segment_ifindex;
	char		segment[SEGFAB_IFNAME_SIZE];
	char		address[SEGFAB_ADDRESS_SIZE];
};

typedef int (*segfab_remote_fn)(const struct segfab_remote *r, void *arg);

int segfab_remote_add(struct segfab *h, const char *segment,
		      const char *address);
int segfab_remote_del(struct segfab *h, const char *segment,
		      const char *address);
int segfab_remote_dump(struct segfab *h, const char *segment,
		       segfab_remote_fn fn, void *arg);

/* monitor.c */

/* What to watch. */
#define SEGFAB_WATCH_SEGMENT	(1U << 0)	/* settings of segments */
#define SEGFAB_WATCH_PORT	(1U << 1)	/* settings of ports */
#define SEGFAB_WATCH_BINDING	(1U << 2)
#define SEGFAB_WATCH_FDB	(1U << 3)
#define SEGFAB_WATCH_LINK	(1U << 4)	/* segments and ports as devices */
#define SEGFAB_WATCH_ZONE	(1U << 5)	/* settings of zones */
#define SEGFAB_WATCH_UPLINK	(1U << 6)	/* settings of uplinks */
#define SEGFAB_WATCH_REMOTE	(1U << 7)	/* flood lists */
#define SEGFAB_WATCH_POLICY	(1U << 8)	/* teaming policies */
#define SEGFAB_WATCH_ALL	((1U << 9) - 1)

/**
 * struct segfab_event - something changed
 * @what: SEGFAB_WATCH_*, the kind of object, and the member that is valid;
 *	0 means that events were lost and the state is to be read again
 * @deleted: the object is gone
 * @portid: whose request it was, see segfab_portid(); 0: nobody's, or with @fdb
 *	or @link not known
 * @segment: a segment, as it is now
 * @port: a port, as it is now
 * @binding: a binding map, as it is now, or was last
 * @fdb: an FDB entry; its binding and age are not told, and @fdb->vlan is any
 *	tag, of a binding map or a guest's
 * @zone: a zone, as it is now
 * @uplink: an uplink, as it is now
 * @remote: a tunnel address that was put into a flood list, or taken out
 * @policy: a teaming policy, as it is now, or was last
 * @link: the device of a segment or of a port; of a port that left its
 *	segment with @deleted set
 * @master: with @link, name of the segment that it is, or was, a port of;
 *	NULL if it is none
 */
struct segfab_event {
	unsigned int			what;
	bool				deleted;
	uint32_t			portid;
	const struct segfab_segment	*segment;
	const struct segfab_port	*port;
	const struct segfab_binding	*binding;
	const struct segfab_fdb		*fdb;
	const struct segfab_zone	*zone;
	const struct segfab_uplink	*uplink;
	const struct segfab_remote	*remote;
	const struct segfab_policy	*policy;
	const struct segfab_link	*link;
	const char			*master;
};

typedef int (*segfab_event_fn)(const struct segfab_event *e, void *arg);

struct segfab_monitor *segfab_monitor_new(void);
int segfab_monitor_open(struct segfab_monitor *m, const char *netns,
			unsigned int what);
void segfab_monitor_free(struct segfab_monitor *m);
int segfab_monitor_fd(const struct segfab_monitor *m);
int segfab_monitor_read(struct segfab_monitor *m, segfab_event_fn fn,
			void *arg);
const char *segfab_monitor_error(const struct segfab_monitor *m);

#ifdef __cplusplus
}
#endif

#endif /* _SEGFAB_H */
