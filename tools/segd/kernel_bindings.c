// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding maps as the kernel has them.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

static int sg_bound_compare(const void *a, const void *b)
{
	const struct sg_bound *x = a, *y = b;
	int order = strcmp(x->child, y->child);

	return order ? order : strcmp(x->id, y->id);
}

struct sg_bound *sg_bound_find(struct sg_kernel *k, const char *child,
			       const char *id)
{
	struct sg_bound key, **found;

	sg_format(key.child, sizeof(key.child), "%s", child);
	sg_format(key.id, sizeof(key.id), "%s", id);
	found = tfind(&key, &k->bindings, sg_bound_compare);
	return found ? *found : NULL;
}

/* Remember a binding map as it is now. */
void sg_bound_keep(struct sg_kernel *k, const struct segfab_binding *b)
{
	struct sg_bound *bound = sg_bound_find(k, b->child, b->id);

	if (!bound) {
		bound = sg_alloc(sizeof(*bound));
		sg_format(bound->child, sizeof(bound->child), "%s", b->child);
		sg_format(bound->id, sizeof(bound->id), "%s", b->id);
		tsearch(bound, &k->bindings, sg_bound_compare);
	}
	sg_format(bound->parent, sizeof(bound->parent), "%s", b->parent);
	bound->vlan = b->vlan;
}

void sg_bound_drop(struct sg_kernel *k, const char *child, const char *id)
{
	struct sg_bound *bound = sg_bound_find(k, child, id);

	if (!bound)
		return;
	tdelete(bound, &k->bindings, sg_bound_compare);
	free(bound);
}

void sg_bound_forget(struct sg_kernel *k)
{
	tdestroy(k->bindings, free);
	k->bindings = NULL;
}

static int sg_bound_load_one(const struct segfab_binding *b, void *arg)
{
	struct sg_kernel *k = arg;

	if (sg_is_own_named(k, b->child))
		sg_bound_keep(k, b);
	return 0;
}

/* Read all of them anew; the devices must be known. */
int sg_bound_load(struct sg_kernel *k, struct sg_fault *fault)
{
	int err;

	sg_bound_forget(k);
	err = segfab_binding_dump(k->h, NULL, NULL, sg_bound_load_one, k);
	if (err)
		sg_fault(fault, "%s", segfab_error(k->h));
	return err;
}

/**
 * sg_bound_drifted - is a binding map no longer as it was made?
 * @k: the backend
 * @e: an event of it
 *
 * Return: true if so
 */
bool sg_bound_drifted(struct sg_kernel *k, const struct segfab_event *e)
{
	const struct sg_bound *known;

	known = sg_bound_find(k, e->binding->child, e->binding->id);
	if (e->deleted)
		return known;
	if (known)
		return known->vlan != e->binding->vlan ||
		       strcmp(known->parent, e->binding->parent);
	return sg_is_own_named(k, e->binding->child);
}

struct sg_bound_stale {
	sg_keep_fn	keep;
	void		*arg;
	struct sg_bound	**list;
	size_t		count;
};

static void sg_bound_judge(const void *node, VISIT which, void *arg)
{
	struct sg_bound *bound = *(struct sg_bound **)node;
	struct sg_bound_stale *s = arg;

	if ((which != postorder && which != leaf) ||
	    s->keep(bound->child, bound->id, s->arg))
		return;
	s->list = sg_realloc(s->list, (s->count + 1) * sizeof(*s->list));
	s->list[s->count++] = bound;
}

/* Remove what nobody wants. */
int sg_bound_sweep(struct sg_kernel *k, sg_keep_fn keep, void *arg)
{
	struct sg_bound_stale s = { .keep = keep, .arg = arg };
	int err = 0;

	twalk_r(k->bindings, sg_bound_judge, &s);
	for (size_t i = 0; i < s.count && !err; i++) {
		err = segfab_binding_del(k->h, s.list[i]->child,
					 s.list[i]->id);
		if (!err)
			sg_bound_drop(k, s.list[i]->child, s.list[i]->id);
	}
	free(s.list);
	return err;
}
