/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A change: everything that one request does to the store, in one transaction.
 */
#ifndef _SEGD_CHANGE_H
#define _SEGD_CHANGE_H

#include <jansson.h>
#include <stdint.h>

#include "path.h"
#include "store.h"

/**
 * enum sg_write - how an object is written
 * @SG_PUT: made, or replaced if the revision is that of the stored one
 * @SG_PATCH: made or changed; a revision counts if one is given
 * @SG_PATCH_ANY: made or changed, whatever the revision
 */
enum sg_write {
	SG_PUT,
	SG_PATCH,
	SG_PATCH_ANY,
};

/**
 * struct sg_touched - an object that a change touches
 * @target: its type, path, owner and id
 * @before: what it was, NULL if it was not there
 * @after: what it becomes, NULL if it goes
 */
struct sg_touched {
	struct sg_target	target;
	json_t			*before;
	json_t			*after;
};

struct sg_change;

/* Told when a change is durable. */
typedef void (*sg_changed_fn)(const struct sg_change *c, void *arg);

/**
 * struct sg_change - a change
 * @store: the store
 * @db: the connection that writes
 * @user: who does it
 * @request: id of the request
 * @now: when
 * @touched: the objects, in the order of the request
 * @count: how many
 * @size: room for
 * @index: tree of them by path
 */
struct sg_change {
	struct sg_store		*store;
	struct sg_db		*db;
	const char		*user;
	const char		*request;
	int64_t			now;
	struct sg_touched	**touched;
	size_t			count;
	size_t			size;
	void			*index;
};

void sg_change_begin(struct sg_change *c, struct sg_store *store,
		     const char *user, const char *request);
void sg_change_end(struct sg_change *c);
int sg_change_put(struct sg_change *c, const struct sg_target *target,
		  const json_t *input, enum sg_write how, json_t **result,
		  struct sg_error *e);
int sg_change_system(struct sg_change *c, const char *path,
		     const json_t *input, struct sg_error *e);
int sg_change_release(struct sg_change *c, const char *path,
		      const json_t *input, struct sg_error *e);
int sg_change_delete(struct sg_change *c, const struct sg_target *target,
		     bool cascade, struct sg_error *e);
int sg_change_commit(struct sg_change *c, struct sg_error *e);

void sg_change_listen(sg_changed_fn fn, void *arg);

#endif /* _SEGD_CHANGE_H */
