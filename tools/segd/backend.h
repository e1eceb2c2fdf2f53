/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the realizer drives: the kernel, or something that stands in for it.
 *
 * Each call is idempotent: it makes things so, whatever they were before. The
 * realizer calls from one thread; the queries may come from any.
 */
#ifndef _SEGD_BACKEND_H
#define _SEGD_BACKEND_H

#include <stdbool.h>

#include "host_zone.h"
#include "segfab.h"
#include "util.h"

#define SG_DEVICE_SIZE	SEGFAB_IFNAME_SIZE

/**
 * struct sg_fault - why the backend could not do it
 * @text: what the kernel said
 */
struct sg_fault {
	char	text[256];
};

int sg_fault(struct sg_fault *fault, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * struct sg_want_gateway - a tier-0 or tier-1: a VRF
 * @path: its policy path
 * @device: name of its device
 */
struct sg_want_gateway {
	const char	*path;
	char		device[SG_DEVICE_SIZE];
};

/**
 * struct sg_want_zone - a transport zone as it should be
 * @path: its policy path
 * @device: name of its device
 * @overlay: its segments have VNIs, not VLAN ids
 * @host: its uplinks and teaming policies; NULL: they are somebody else's
 */
struct sg_want_zone {
	const char			*path;
	char				device[SG_DEVICE_SIZE];
	bool				overlay;
	const struct sg_host_zone	*host;
};

/**
 * struct sg_learning - how a port learns addresses, and gets frames to others
 * @learning: it learns
 * @flood: frames to unknown addresses leave there
 * @limit: how many it learns; 0: no limit
 * @policy: enum segfab_limit_policy
 */
struct sg_learning {
	bool		learning;
	bool		flood;
	uint32_t	limit;
	uint8_t		policy;
};

/**
 * struct sg_want_segment - a segment as it should be
 * @path: its policy path
 * @device: name of its device
 * @gateway: name of the VRF that it is in, empty for none
 * @address: of the host in it, with a prefix length; empty for none
 * @guest_vlans: tags that its own machines may use
 * @up: whether it is up
 * @zone: name of the transport zone's device, empty for none
 * @overlay: that zone's segments have VNIs
 * @zone_id: VLAN id, 0: untagged, or VNI in the zone
 * @teaming_policy: name of one of the zone's, empty: as the zone does
 * @endpoints: tunnel addresses of its flood list; NULL: somebody else's
 * @remote_limit: addresses that it learns from the zone; 0: no limit
 */
struct sg_want_segment {
	const char		*path;
	char			device[SG_DEVICE_SIZE];
	char			gateway[SG_DEVICE_SIZE];
	char			address[64];
	struct segfab_vlans	guest_vlans;
	bool			up;
	char			zone[SG_DEVICE_SIZE];
	bool			overlay;
	uint32_t		zone_id;
	const char		*teaming_policy;
	const struct sg_names	*endpoints;
	uint32_t		remote_limit;
};

/**
 * struct sg_want_port - a port as it should be
 * @path: its policy path
 * @attachment: what the device is found by: its alias or an alternative name
 * @segment: name of the segment's device
 * @up: whether it is attached at all
 * @learning: how it learns
 */
struct sg_want_port {
	const char		*path;
	const char		*attachment;
	char			segment[SG_DEVICE_SIZE];
	bool			up;
	struct sg_learning	learning;
};

/**
 * struct sg_want_binding - a binding map as it should be
 * @path: its policy path
 * @child: name of the child's device
 * @id: of the binding map
 * @parent: name of the parent's device
 * @vlan: the tag
 */
struct sg_want_binding {
	const char	*path;
	char		child[SG_DEVICE_SIZE];
	const char	*id;
	char		parent[SG_DEVICE_SIZE];
	uint16_t	vlan;
};

/**
 * struct sg_want_trace - a frame that is to be made and followed
 * @port: name of the device that it comes from
 * @via: name of the child that its container is connected to, or ""
 * @gateway: name of the segment whose host is to get it, or "": @frame says it
 * @frame: from its Ethernet header on
 * @len: its length
 */
struct sg_want_trace {
	char		port[SG_DEVICE_SIZE];
	char		via[SG_DEVICE_SIZE];
	char		gateway[SG_DEVICE_SIZE];
	const uint8_t	*frame;
	size_t		len;
};

/* A frame that is followed; what it is made of is the backend's. */
struct sg_trace;

/* What has happened meanwhile, by somebody else's hand. */
#define SG_EVENT_DRIFT		(1U << 0)	/* of what the realizer made */
#define SG_EVENT_DEVICES	(1U << 1)	/* devices came, went, changed */

/* Is this a device, or a binding map of it, that should be there? */
typedef bool (*sg_keep_fn)(const char *device, const char *id, void *arg);

/* What has counters. */
enum sg_counted_object {
	SG_COUNTED_SEGMENT,
	SG_COUNTED_PORT,
	SG_COUNTED_BINDING,
	SG_COUNTED_ZONE,
	SG_COUNTED_UPLINK,
};

/*
 * Called for each; @id is "" but for a binding map, whose child @device is, and
 * for an uplink, whose zone @device is, and which @id is.
 */
typedef void (*sg_counters_fn)(enum sg_counted_object object,
			       const char *device, const char *id,
			       const struct segfab_stats *stats, void *arg);

struct sg_backend;

/**
 * struct sg_backend_ops - a kind of backend
 * @name: how it is chosen
 * @open: begin; NULL and a fault if that is not possible
 * @close: end; what was made stays
 * @refresh: read again what is there
 * @sweep: remove what it has made before and @keep does not know
 * @wait_fd: readable when @events has something to say, or -1
 * @events: what has happened, SG_EVENT_*
 * @gateway_set: make or change a VRF
 * @gateway_del: remove it
 * @zone_set: make a transport zone
 * @zone_uplinks: give it its uplinks and teaming policies; -ENODEV if a device
 *	is not there
 * @zone_del: remove it
 * @segment_set: make or change a segment; -EEXIST if another one has its id in
 *	the zone
 * @segment_leave: take it out of its zone
 * @segment_del: remove it
 * @port_set: attach the device and say how it learns, or detach it; takes the
 *	name of the device; -ENODEV if there is none
 * @port_del: detach the device of a port
 * @binding_set: make or change a binding map
 * @binding_del: remove it
 * @segment_get: query counters and settings of a segment
 * @port_get: query those of a port, by its device
 * @binding_get: query those of a binding map
 * @fdb: walk over the addresses of a segment, or of one of its ports
 * @counters: walk over the counters of everything
 * @trace_start: send a frame and follow it; -EBUSY if too many are followed
 * @trace_read: walk over what is known of its way, from an observation on
 * @trace_end: follow it no more
 * @trace_arrived: walk over what is known here of a frame of another host
 *
 * All return 0 or a negative errno.
 */
struct sg_backend_ops {
	const char *name;
	struct sg_backend *(*open)(const char *options,
				   struct sg_fault *fault);
	void (*close)(struct sg_backend *b);
	int (*refresh)(struct sg_backend *b, struct sg_fault *fault);
	int (*sweep)(struct sg_backend *b, sg_keep_fn keep, void *arg,
		     struct sg_fault *fault);
	int (*wait_fd)(struct sg_backend *b);
	unsigned int (*events)(struct sg_backend *b);

	int (*gateway_set)(struct sg_backend *b,
			   const struct sg_want_gateway *want,
			   struct sg_fault *fault);
	int (*gateway_del)(struct sg_backend *b, const char *device,
			   struct sg_fault *fault);
	int (*zone_set)(struct sg_backend *b, const struct sg_want_zone *want,
			struct sg_fault *fault);
	int (*zone_uplinks)(struct sg_backend *b,
			    const struct sg_want_zone *want,
			    struct sg_fault *fault);
	int (*zone_del)(struct sg_backend *b, const char *device,
			struct sg_fault *fault);
	int (*segment_set)(struct sg_backend *b,
			   const struct sg_want_segment *want,
			   struct sg_fault *fault);
	int (*segment_leave)(struct sg_backend *b, const char *device,
			     struct sg_fault *fault);
	int (*segment_del)(struct sg_backend *b, const char *device,
			   struct sg_fault *fault);
	int (*port_set)(struct sg_backend *b, const struct sg_want_port *want,
			char device[SG_DEVICE_SIZE], struct sg_fault *fault);
	int (*port_del)(struct sg_backend *b, const char *device,
			struct sg_fault *fault);
	int (*binding_set)(struct sg_backend *b,
			   const struct sg_want_binding *want,
			   struct sg_fault *fault);
	int (*binding_del)(struct sg_backend *b, const char *child,
			   const char *id, struct sg_fault *fault);

	int (*segment_get)(struct sg_backend *b, const char *device,
			   struct segfab_segment *segment,
			   struct sg_fault *fault);
	int (*port_get)(struct sg_backend *b, const char *device,
			struct segfab_port *port, struct sg_fault *fault);
	int (*binding_get)(struct sg_backend *b, const char *child,
			   const char *id, struct segfab_binding *binding,
			   struct sg_fault *fault);
	int (*fdb)(struct sg_backend *b, const char *segment, const char *port,
		   segfab_fdb_fn fn, void *arg, struct sg_fault *fault);
	int (*counters)(struct sg_backend *b, sg_counters_fn fn, void *arg,
			struct sg_fault *fault);

	int (*trace_start)(struct sg_backend *b,
			   const struct sg_want_trace *want,
			   struct sg_trace **trace, struct sg_fault *fault);
	int (*trace_read)(struct sg_backend *b, struct sg_trace *trace,
			  uint32_t from, segfab_observation_fn fn, void *arg,
			  struct segfab_trace_end *end,
			  struct sg_fault *fault);
	void (*trace_end)(struct sg_backend *b, struct sg_trace *trace);
	int (*trace_arrived)(struct sg_backend *b, uint64_t global_id,
			     segfab_observation_fn fn, void *arg,
			     struct sg_fault *fault);
};

/* What every backend begins with. */
struct sg_backend {
	const struct sg_backend_ops	*ops;
};

extern const struct sg_backend_ops sg_backend_kernel;
extern const struct sg_backend_ops sg_backend_fake;

#endif /* _SEGD_BACKEND_H */
