/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the backend without a kernel share.
 */
#ifndef _SEGD_FAKE_H
#define _SEGD_FAKE_H

#include <pthread.h>
#include <stdio.h>

#include "backend.h"

/* What stands for the place of a segment in a transport zone; no id of a map. */
#define SG_PLACE	"a place"

/**
 * struct sg_thing - a device, a binding map, or a place in a transport zone
 * @device: its name, that of the child, or that of the segment
 * @id: of a binding map; SG_PLACE; "" for a device
 * @parent: of a binding map; the zone; the master of a device
 * @vlan: of a binding map; one more than the id in the zone; 0 for a device
 */
struct sg_thing {
	char		device[SG_DEVICE_SIZE];
	char		*id;
	char		parent[SG_DEVICE_SIZE];
	uint32_t	vlan;
};

/**
 * struct sg_fake - the backend
 * @b: what every backend begins with
 * @lock: covers @things
 * @things: tree of what is there
 * @claims: the same binding maps by parent and tag
 * @folder: its options, or NULL
 * @inotify: watches the folder, or -1
 */
struct sg_fake {
	struct sg_backend	b;
	pthread_mutex_t		lock;
	void			*things;
	void			*claims;
	char			*folder;
	int			inotify;
};

static inline struct sg_fake *sg_fake(struct sg_backend *b)
{
	return (struct sg_fake *)b;
}

/* backend_fake.c */
struct sg_thing *sg_thing_find(struct sg_fake *f, const char *device,
			       const char *id);
struct sg_thing *sg_thing_bound(struct sg_fake *f, const char *parent,
				uint32_t vlan);
FILE *sg_fake_file(struct sg_fake *f, const char *name);

/* fake_trace.c */
int sg_fake_trace_start(struct sg_backend *b, const struct sg_want_trace *want,
			struct sg_trace **trace, struct sg_fault *fault);
int sg_fake_trace_read(struct sg_backend *b, struct sg_trace *trace,
		       uint32_t from, segfab_observation_fn fn, void *arg,
		       struct segfab_trace_end *end, struct sg_fault *fault);
void sg_fake_trace_end(struct sg_backend *b, struct sg_trace *trace);
int sg_fake_trace_arrived(struct sg_backend *b, uint64_t global_id,
			  segfab_observation_fn fn, void *arg,
			  struct sg_fault *fault);

#endif /* _SEGD_FAKE_H */
