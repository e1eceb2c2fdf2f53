/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policy paths: /infra/segments/web/ports/p1 and the like.
 */
#ifndef _SEGD_PATH_H
#define _SEGD_PATH_H

#include <stdbool.h>

#include "schema.h"
#include "util.h"

#define SG_ID_SIZE	256

/**
 * struct sg_target - what a path names
 * @type: type of the object, or of those in the collection
 * @collection: it names a collection
 * @path: of the object; of a collection, with its name at the end
 * @owner: path of the object that it lives in, empty for the root
 * @id: of the object; for a singleton, its name
 * @rest: what follows that is no collection: the name of a view
 */
struct sg_target {
	const struct sg_type	*type;
	bool			collection;
	char			path[SG_PATH_SIZE];
	char			owner[SG_PATH_SIZE];
	char			id[SG_ID_SIZE];
	char			rest[128];
};

int sg_target_parse(struct sg_target *t, const char *path, struct sg_error *e);
int sg_target_encoded(struct sg_target *t, const char *url,
		      struct sg_error *e);
int sg_target_below(struct sg_target *t, const struct sg_target *owner,
		    const struct sg_type *type, const char *id,
		    struct sg_error *e);
bool sg_id_valid(const char *id);
bool sg_decode(char *to, size_t size, const char *from, size_t len);

#endif /* _SEGD_PATH_H */
