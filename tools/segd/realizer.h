/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bringing the kernel to what the store says, and keeping it there.
 */
#ifndef _SEGD_REALIZER_H
#define _SEGD_REALIZER_H

#include <jansson.h>

#include "backend.h"
#include "change.h"

struct sg_realizer;

/**
 * enum sg_state - how far an object has come
 * @SG_STATE_UNKNOWN: it has no counterpart
 * @SG_STATE_PENDING: it is to be realized, or waits for another
 * @SG_STATE_REALIZED: the kernel has it
 * @SG_STATE_ERROR: the kernel has refused it; it is tried again
 */
enum sg_state {
	SG_STATE_UNKNOWN,
	SG_STATE_PENDING,
	SG_STATE_REALIZED,
	SG_STATE_ERROR,
};

/**
 * struct sg_status - how far an object has come
 * @state: how far
 * @device: its device, or that of the segment it is in; empty if there is none
 * @message: what the kernel said, or what it waits for
 * @usable: others can be built on it, although it may not be complete
 */
struct sg_status {
	enum sg_state	state;
	char		device[SG_DEVICE_SIZE];
	char		message[256];
	bool		usable;
};

struct sg_realizer *sg_realizer_start(struct sg_store *store,
				      struct sg_backend *backend,
				      struct sg_host_zones *zones);
void sg_realizer_stop(struct sg_realizer *r);
void sg_realizer_changed(const struct sg_change *c, struct sg_realizer *r);
void sg_realizer_zones(struct sg_realizer *r, struct sg_host_zones *zones);
void sg_realizer_all(struct sg_realizer *r);
struct sg_backend *sg_realizer_backend(struct sg_realizer *r);

bool sg_realizer_status(struct sg_realizer *r, const char *path,
			struct sg_status *status);
/* How long who makes something anew waits until the old one is gone. */
#define SG_PENDING_MS	2000

bool sg_realizer_wait_gone(struct sg_realizer *r, const char *path,
			   int timeout_ms);
json_t *sg_realizer_consolidated(struct sg_realizer *r, const char *path);

/* Numbers for the metrics. */
struct sg_realizer_numbers {
	uint64_t	objects[SG_STATE_ERROR + 1];
	uint64_t	rounds;
	uint64_t	drifts;
	uint64_t	failures;
};

void sg_realizer_numbers(struct sg_realizer *r,
			 struct sg_realizer_numbers *numbers);

typedef void (*sg_item_fn)(const char *path, const char *type,
			   const struct sg_status *status, void *arg);
void sg_realizer_walk(struct sg_realizer *r, sg_item_fn fn, void *arg);

#endif /* _SEGD_REALIZER_H */
