/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the realizer share.
 */
#ifndef _SEGD_ITEM_H
#define _SEGD_ITEM_H

#include <pthread.h>
#include <stdatomic.h>

#include "realizer.h"

/**
 * struct sg_item - an object that has a counterpart in the backend
 * @path: its policy path
 * @owner: path of the object that it lives in; behind @path
 * @type: its type
 * @next: in a queue
 * @queued: it is in one
 * @gone: its counterpart is removed; it goes at the end of the round
 * @waits: for another item; whose success is its chance
 * @failures: in a row
 * @due: when it is tried again, sg_uptime_ms(); 0: now
 * @status: how far it has come
 *
 * The realizer's thread writes; @queued, @next, @due and @status under the
 * lock, because others read or write them too.
 */
struct sg_item {
	char			*path;
	char			*owner;
	const struct sg_type	*type;
	struct sg_item		*next;
	bool			queued;
	bool			gone;
	bool			waits;
	unsigned int		failures;
	int64_t			due;
	struct sg_status	status;
};

/**
 * struct sg_round - items that are worked on
 * @items: the items
 * @count: how many
 * @size: room for
 */
struct sg_round {
	struct sg_item	**items;
	size_t		count;
	size_t		size;
};

/**
 * struct sg_realizer - the realizer
 * @store: what is wanted
 * @backend: what makes it so
 * @thread: the one that works
 * @wake: eventfd that wakes it
 * @zones: transport zones of this host; of the thread
 * @lock: covers what follows
 * @progress: signalled after each round
 * @items: tree of items by path
 * @queue: items that are to be worked on
 * @new_zones: what @zones are to be
 * @reload: there are such
 * @resync: everything is to be looked at again
 * @stop: the thread is to end
 * @numbers: for the metrics
 */
struct sg_realizer {
	struct sg_store			*store;
	struct sg_backend		*backend;
	pthread_t			thread;
	int				wake;
	struct sg_host_zones		zones;
	pthread_mutex_t			lock;
	pthread_cond_t			progress;
	void				*items;
	struct sg_item			*queue;
	struct sg_host_zones		new_zones;
	bool				reload;
	bool				resync;
	atomic_bool			stop;
	struct sg_realizer_numbers	numbers;
};

/* realizer.c */
struct sg_item *sg_item_find(struct sg_realizer *r, const char *path);
void sg_item_state(struct sg_realizer *r, struct sg_item *item,
		   enum sg_state state, const char *message);

/* realize.c */
const char *sg_last_word(const char *path);
bool sg_has_device(const struct sg_item *item);
bool sg_awaits_devices(const struct sg_item *item);
void sg_name_all(struct sg_realizer *r, struct sg_round *round);
void sg_realize(struct sg_realizer *r, struct sg_round *round);

/* make.c */
int sg_make_gateway(struct sg_realizer *r, struct sg_item *item,
		    const json_t *object);
int sg_make_zone(struct sg_realizer *r, struct sg_item *item,
		 const json_t *object);
int sg_make_segment(struct sg_realizer *r, struct sg_item *item,
		    const json_t *object);
int sg_make_port(struct sg_realizer *r, struct sg_item *item,
		 const json_t *object);
int sg_make_map(struct sg_realizer *r, struct sg_item *item,
		const json_t *object);

/* unmake.c */
int sg_unmake_gateway(struct sg_realizer *r, struct sg_item *item,
		      const json_t *object, struct sg_fault *fault);
int sg_unmake_zone(struct sg_realizer *r, struct sg_item *item,
		   const json_t *object, struct sg_fault *fault);
int sg_unmake_segment(struct sg_realizer *r, struct sg_item *item,
		      const json_t *object, struct sg_fault *fault);
int sg_unmake_port(struct sg_realizer *r, struct sg_item *item,
		   const json_t *object, struct sg_fault *fault);
int sg_unmake_map(struct sg_realizer *r, struct sg_item *item,
		  const json_t *object, struct sg_fault *fault);
void sg_leave_zone(struct sg_realizer *r, struct sg_item *item);
void sg_leave_tag(struct sg_realizer *r, struct sg_item *item);

/* sweep.c */
int sg_sweep(struct sg_realizer *r, struct sg_round *all,
	     struct sg_fault *fault);

#endif /* _SEGD_ITEM_H */
