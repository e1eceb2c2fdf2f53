/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the kernel backend share.
 */
#ifndef _SEGD_KERNEL_H
#define _SEGD_KERNEL_H

#include <pthread.h>

#include "backend.h"
#include "links.h"

/**
 * struct sg_kernel - the backend
 * @b: what every backend begins with
 * @h: for requests of the realizer's thread
 * @links: devices
 * @bindings: binding maps of the daemon's devices, struct sg_bound
 * @ports: ports of the daemon's devices, struct sg_attached
 * @monitor: hears of settings; NULL while there is no module
 * @epoll: waits for both
 * @lost: settings are not as they were made
 * @lock: covers @query
 * @query: for requests of other threads
 */
struct sg_kernel {
	struct sg_backend	b;
	struct segfab		*h;
	struct sg_links		*links;
	void			*bindings;
	void			*ports;
	struct segfab_monitor	*monitor;
	int			epoll;
	bool			lost;
	pthread_mutex_t		lock;
	struct segfab		*query;
};

/**
 * struct sg_bound - a binding map as the kernel has it
 * @child: the child's device
 * @parent: the parent's device
 * @vlan: the tag
 * @id: its id
 */
struct sg_bound {
	char		child[SG_DEVICE_SIZE];
	char		parent[SG_DEVICE_SIZE];
	uint16_t	vlan;
	char		id[SEGFAB_ID_SIZE];
};

/**
 * struct sg_attached - a port as the kernel has it
 * @ifindex: of its device
 * @learning: how it learns
 */
struct sg_attached {
	uint32_t		ifindex;
	struct sg_learning	learning;
};

static inline struct sg_kernel *sg_kernel(struct sg_backend *b)
{
	return (struct sg_kernel *)b;
}

/* backend_kernel.c */
int sg_refused(struct sg_kernel *k, int err, struct sg_fault *fault);
int sg_own(struct sg_kernel *k, const char *device, const char *path);
int sg_device_remove(struct sg_kernel *k, const char *device,
		     int (*del)(struct segfab *h, const char *name),
		     struct sg_fault *fault);
bool sg_under(struct sg_kernel *k, const struct sg_link *link,
	      const char *master);
bool sg_is_own(struct sg_kernel *k, uint32_t ifindex, const char *kind);
bool sg_is_own_named(struct sg_kernel *k, const char *device);

/* kernel_zones.c */
int sg_kernel_zone_set(struct sg_backend *b, const struct sg_want_zone *want,
		       struct sg_fault *fault);
int sg_kernel_zone_uplinks(struct sg_backend *b,
			   const struct sg_want_zone *want,
			   struct sg_fault *fault);
int sg_kernel_zone_del(struct sg_backend *b, const char *device,
		       struct sg_fault *fault);
int sg_kernel_endpoints(struct sg_kernel *k, const char *device,
			const struct sg_names *want);

/* kernel_bindings.c */
struct sg_bound *sg_bound_find(struct sg_kernel *k, const char *child,
			       const char *id);
void sg_bound_keep(struct sg_kernel *k, const struct segfab_binding *b);
void sg_bound_drop(struct sg_kernel *k, const char *child, const char *id);
int sg_bound_load(struct sg_kernel *k, struct sg_fault *fault);
void sg_bound_forget(struct sg_kernel *k);
bool sg_bound_drifted(struct sg_kernel *k, const struct segfab_event *e);
int sg_bound_sweep(struct sg_kernel *k, sg_keep_fn keep, void *arg);

/* kernel_ports.c */
int sg_ports_load(struct sg_kernel *k, struct sg_fault *fault);
void sg_ports_forget(struct sg_kernel *k);
bool sg_port_drifted(struct sg_kernel *k, const struct segfab_port *p);
int sg_kernel_port_set(struct sg_backend *b, const struct sg_want_port *want,
		       char device[SG_DEVICE_SIZE], struct sg_fault *fault);
int sg_kernel_port_del(struct sg_backend *b, const char *device,
		       struct sg_fault *fault);

/* kernel_events.c */
void sg_kernel_watch(struct sg_kernel *k);
bool sg_kernel_drifted(struct sg_kernel *k);

/* kernel_query.c */
int sg_kernel_segment_get(struct sg_backend *b, const char *device,
			  struct segfab_segment *segment,
			  struct sg_fault *fault);
int sg_kernel_port_get(struct sg_backend *b, const char *device,
		       struct segfab_port *port, struct sg_fault *fault);
int sg_kernel_binding_get(struct sg_backend *b, const char *child,
			  const char *id, struct segfab_binding *binding,
			  struct sg_fault *fault);
int sg_kernel_fdb(struct sg_backend *b, const char *segment, const char *port,
		  segfab_fdb_fn fn, void *arg, struct sg_fault *fault);
int sg_kernel_counters(struct sg_backend *b, sg_counters_fn fn, void *arg,
		       struct sg_fault *fault);

/* kernel_trace.c */
int sg_kernel_trace_start(struct sg_backend *b,
			  const struct sg_want_trace *want,
			  struct sg_trace **trace, struct sg_fault *fault);
int sg_kernel_trace_read(struct sg_backend *b, struct sg_trace *trace,
			 uint32_t from, segfab_observation_fn fn, void *arg,
			 struct segfab_trace_end *end, struct sg_fault *fault);
void sg_kernel_trace_end(struct sg_backend *b, struct sg_trace *trace);
int sg_kernel_trace_arrived(struct sg_backend *b, uint64_t global_id,
			    segfab_observation_fn fn, void *arg,
			    struct sg_fault *fault);

#endif /* _SEGD_KERNEL_H */
