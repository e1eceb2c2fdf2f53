// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding maps as the kernel has them, and hearing of changes to them.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

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

static bool sg_bound_own(struct sg_kernel *k, const char *child)
{
	const struct sg_link *link = sg_link_named(k->links, child);

	return link && link->own;
}

static int sg_bound_load_one(const struct segfab_binding *b, void *arg)
{
	struct sg_kernel *k = arg;

	if (sg_bound_own(k, b->child))
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

/* Hear of changes, if there is a module to hear of. */
void sg_bound_watch(struct sg_kernel *k)
{
	struct epoll_event event = { .events = EPOLLIN };

	segfab_monitor_free(k->monitor);
	k->monitor = segfab_monitor_new();
	if (!k->monitor ||
	    segfab_monitor_open(k->monitor, NULL, SEGFAB_WATCH_BINDING)) {
		segfab_monitor_free(k->monitor);
		k->monitor = NULL;
		return;
	}
	epoll_ctl(k->epoll, EPOLL_CTL_ADD, segfab_monitor_fd(k->monitor),
		  &event);
}

static int sg_bound_event(const struct segfab_event *e, void *arg)
{
	struct sg_kernel *k = arg;
	struct sg_bound *known;

	if (!e->what) {
		k->lost = true;
		return 0;
	}
	known = sg_bound_find(k, e->binding->child, e->binding->id);
	if (e->deleted)
		k->lost |= !!known;
	else if (known)
		k->lost |= known->vlan != e->binding->vlan ||
			   strcmp(known->parent, e->binding->parent);
	else
		k->lost |= sg_bound_own(k, e->binding->child);
	return 0;
}

/* Return: whether they are no longer as they were made */
bool sg_bound_events(struct sg_kernel *k)
{
	bool lost;

	if (!k->monitor)
		sg_bound_watch(k);
	if (k->monitor && segfab_monitor_read(k->monitor, sg_bound_event, k)) {
		segfab_monitor_free(k->monitor);
		k->monitor = NULL;
		k->lost = true;
	}
	lost = k->lost;
	k->lost = false;
	return lost;
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
