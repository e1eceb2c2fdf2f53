// SPDX-License-Identifier: GPL-2.0-only
/*
 * Removing what the daemon has made before and nobody wants any more: after a
 * restore of an older store, or a crash between store and kernel.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "item.h"
#include "json.h"

/**
 * struct sg_wanted - something that is to be there
 * @device: a device, or the child's of a binding map
 * @id: of the binding map, or ""
 */
struct sg_wanted {
	char		device[SG_DEVICE_SIZE];
	const char	*id;
};

static int sg_wanted_compare(const void *a, const void *b)
{
	const struct sg_wanted *x = a, *y = b;
	int order = strcmp(x->device, y->device);

	return order ? order : strcmp(x->id, y->id);
}

static void sg_want(void **tree, const char *device, const char *id)
{
	struct sg_wanted *w = sg_alloc(sizeof(*w)), **found;

	sg_format(w->device, sizeof(w->device), "%s", device);
	w->id = id;
	found = tsearch(w, tree, sg_wanted_compare);
	if (*found != w)
		free(w);
}

static bool sg_is_wanted(const char *device, const char *id, void *tree)
{
	struct sg_wanted key = { .id = id };

	sg_format(key.device, sizeof(key.device), "%s", device);
	return tfind(&key, tree, sg_wanted_compare);
}

/**
 * sg_sweep - remove what nobody wants
 * @r: the realizer
 * @all: a round with everything that is wanted, with devices named
 * @fault: takes the reason of a failure
 *
 * Return: 0 or a negative errno
 */
int sg_sweep(struct sg_realizer *r, struct sg_round *all,
	     struct sg_fault *fault)
{
	void *tree = NULL;
	int err;

	sg_name_all(r, all);
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < all->count; i++) {
		struct sg_item *item = all->items[i], *owner;

		if (sg_has_device(item)) {
			sg_want(&tree, item->status.device, "");
			continue;
		}
		if (strcmp(item->type->name, "SegmentConnectionBindingMap"))
			continue;
		owner = sg_item_find(r, item->owner);
		if (owner)
			sg_want(&tree, owner->status.device,
				strrchr(item->path, '/') + 1);
	}
	pthread_mutex_unlock(&r->lock);
	err = r->backend->ops->sweep(r->backend, sg_is_wanted, &tree, fault);
	tdestroy(tree, free);
	return err;
}
