// SPDX-License-Identifier: GPL-2.0-only
/*
 * A backend without a kernel: it remembers what it is told, and refuses what
 * the kernel would refuse. For tests of everything above it.
 *
 * Its options are a folder, which it watches:
 *	refuse		lines "PATH TEXT": what begins with PATH fails with TEXT
 *	devices		lines "ID": attachments that are there; without the
 *			file all are
 *	lose		if it is there, everything is forgotten, once
 *	addresses	lines "MAC DEVICE": what is behind ports, for traces
 *	slow		if it is there, traces come to no end, and what is made
 *			takes a tenth of a second
 *
 * Locking: one lock, because queries come from other threads.
 */
#include <errno.h>
#include <poll.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "fake.h"

/* --- What is there --- */

static int sg_thing_compare(const void *a, const void *b)
{
	const struct sg_thing *x = a, *y = b;
	int order = strcmp(x->device, y->device);

	return order ? order : strcmp(x->id, y->id);
}

static int sg_claim_compare(const void *a, const void *b)
{
	const struct sg_thing *x = a, *y = b;
	int order = strcmp(x->parent, y->parent);

	return order ? order : (x->vlan > y->vlan) - (x->vlan < y->vlan);
}

/* A device, or a binding map. Context: lock */
struct sg_thing *sg_thing_find(struct sg_fake *f, const char *device,
			       const char *id)
{
	struct sg_thing key = { .id = (char *)id }, **found;

	sg_format(key.device, sizeof(key.device), "%s", device);
	found = tfind(&key, &f->things, sg_thing_compare);
	return found ? *found : NULL;
}

/* The binding map that has a tag of a parent. Context: lock */
struct sg_thing *sg_thing_bound(struct sg_fake *f, const char *parent,
				uint32_t vlan)
{
	struct sg_thing key = { .vlan = vlan }, **found;

	sg_format(key.parent, sizeof(key.parent), "%s", parent);
	found = tfind(&key, &f->claims, sg_claim_compare);
	return found ? *found : NULL;
}

static struct sg_thing *sg_thing_make(struct sg_fake *f, const char *device,
				      const char *id)
{
	struct sg_thing *thing = sg_thing_find(f, device, id);

	if (thing)
		return thing;
	thing = sg_alloc(sizeof(*thing));
	sg_format(thing->device, sizeof(thing->device), "%s", device);
	thing->id = sg_strdup(id);
	tsearch(thing, &f->things, sg_thing_compare);
	return thing;
}

static void sg_thing_free(void *arg)
{
	struct sg_thing *thing = arg;

	free(thing->id);
	free(thing);
}

static void sg_thing_drop(struct sg_fake *f, const char *device,
			  const char *id)
{
	struct sg_thing *thing = sg_thing_find(f, device, id);

	if (!thing)
		return;
	if (thing->vlan)
		tdelete(thing, &f->claims, sg_claim_compare);
	tdelete(thing, &f->things, sg_thing_compare);
	sg_thing_free(thing);
}

static void sg_keep_node(void *node)
{
	(void)node;
}

static void sg_fake_forget(struct sg_fake *f)
{
	tdestroy(f->claims, sg_keep_node);
	tdestroy(f->things, sg_thing_free);
	f->claims = NULL;
	f->things = NULL;
}

/* --- Its options --- */

/* Return: the file of this name in the folder, or NULL */
FILE *sg_fake_file(struct sg_fake *f, const char *name)
{
	char *path;
	FILE *file;

	if (!f->folder)
		return NULL;
	path = sg_printf("%s/%s", f->folder, name);
	file = fopen(path, "re");
	free(path);
	return file;
}

static void sg_fake_dawdle(struct sg_fake *f)
{
	FILE *file = sg_fake_file(f, "slow");

	if (!file)
		return;
	fclose(file);
	poll(NULL, 0, 100);
}

static int sg_fake_refuse(struct sg_fake *f, const char *path,
			  struct sg_fault *fault)
{
	FILE *file = sg_fake_file(f, "refuse");
	char line[1024];
	int err = 0;

	sg_fake_dawdle(f);
	while (file && !err && fgets(line, sizeof(line), file)) {
		size_t len = strcspn(line, " ");

		line[strcspn(line, "\n")] = '\0';
		if (line[len] && !strncmp(path, line, len))
			err = sg_fault(fault, "%.255s", line + len + 1);
	}
	if (file)
		fclose(file);
	return err;
}

static bool sg_fake_has(struct sg_fake *f, const char *attachment)
{
	FILE *file = sg_fake_file(f, "devices");
	bool has = !file;
	char line[1024];

	while (!has && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		has = !strcmp(line, attachment);
	}
	if (file)
		fclose(file);
	return has;
}

/* --- Life --- */

static struct sg_backend *sg_fake_open(const char *options,
				       struct sg_fault *fault)
{
	struct sg_fake *f = sg_alloc(sizeof(*f));

	f->b.ops = &sg_backend_fake;
	f->inotify = -1;
	pthread_mutex_init(&f->lock, NULL);
	if (!options || !*options)
		return &f->b;
	f->folder = sg_strdup(options);
	f->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (inotify_add_watch(f->inotify, f->folder,
			      IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_TO) >= 0)
		return &f->b;
	sg_fault(fault, "%.200s: %m", f->folder);
	sg_backend_fake.close(&f->b);
	return NULL;
}

static void sg_fake_close(struct sg_backend *b)
{
	struct sg_fake *f = sg_fake(b);

	sg_fake_forget(f);
	if (f->inotify >= 0)
		close(f->inotify);
	free(f->folder);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

static int sg_fake_wait_fd(struct sg_backend *b)
{
	return sg_fake(b)->inotify;
}

static unsigned int sg_fake_events(struct sg_backend *b)
{
	struct sg_fake *f = sg_fake(b);
	char events[4096], *lose;
	ssize_t n = 0;

	if (f->inotify >= 0)
		n = read(f->inotify, events, sizeof(events));
	if (n <= 0)
		return 0;
	lose = sg_printf("%s/lose", f->folder);
	if (!unlink(lose)) {
		pthread_mutex_lock(&f->lock);
		sg_fake_forget(f);
		pthread_mutex_unlock(&f->lock);
	}
	free(lose);
	return SG_EVENT_DRIFT | SG_EVENT_DEVICES;
}

static int sg_fake_refresh(struct sg_backend *b, struct sg_fault *fault)
{
	(void)b;
	(void)fault;
	return 0;
}

/* It lives no longer than the daemon: nothing is left from before. */
static int sg_fake_sweep(struct sg_backend *b, sg_keep_fn keep, void *arg,
			 struct sg_fault *fault)
{
	(void)b;
	(void)keep;
	(void)arg;
	(void)fault;
	return 0;
}

/* --- Making --- */

static int sg_fake_device(struct sg_backend *b, const char *path,
			  const char *device, const char *master,
			  struct sg_fault *fault)
{
	struct sg_fake *f = sg_fake(b);
	int err;

	pthread_mutex_lock(&f->lock);
	err = sg_fake_refuse(f, path, fault);
	if (!err)
		sg_format(sg_thing_make(f, device, "")->parent, SG_DEVICE_SIZE,
			  "%s", master);
	pthread_mutex_unlock(&f->lock);
	return err;
}

static int sg_fake_gateway_set(struct sg_backend *b,
			       const struct sg_want_gateway *want,
			       struct sg_fault *fault)
{
	return sg_fake_device(b, want->path, want->device, "", fault);
}

static int sg_fake_zone_set(struct sg_backend *b,
			    const struct sg_want_zone *want,
			    struct sg_fault *fault)
{
	return sg_fake_device(b, want->path, want->device, "", fault);
}

static int sg_fake_zone_uplinks(struct sg_backend *b,
				const struct sg_want_zone *want,
				struct sg_fault *fault)
{
	for (size_t i = 0; want->host && i < want->host->uplinks.count; i++) {
		const char *name = want->host->uplinks.name[i];

		if (sg_fake_has(sg_fake(b), name))
			continue;
		sg_fault(fault, "there is no uplink %s", name);
		return -ENODEV;
	}
	return 0;
}

static int sg_fake_drop(struct sg_backend *b, const char *device,
			const char *id)
{
	struct sg_fake *f = sg_fake(b);

	pthread_mutex_lock(&f->lock);
	sg_thing_drop(f, device, id);
	pthread_mutex_unlock(&f->lock);
	return 0;
}

static int sg_fake_device_del(struct sg_backend *b, const char *device,
			      struct sg_fault *fault)
{
	(void)fault;
	return sg_fake_drop(b, device, "");
}

/* What only one can have: a tag of a parent, an id in a zone. Context: lock */
static int sg_fake_claim(struct sg_fake *f, const char *device, const char *id,
			 const char *parent, uint32_t vlan,
			 struct sg_fault *fault)
{
	struct sg_thing *thing = sg_thing_make(f, device, id);
	struct sg_thing *held = sg_thing_bound(f, parent, vlan);

	if (held && held != thing) {
		sg_fault(fault, "%u of %s is that of %s", vlan, parent,
			 held->device);
		return -EEXIST;
	}
	if (thing->vlan)
		tdelete(thing, &f->claims, sg_claim_compare);
	sg_format(thing->parent, sizeof(thing->parent), "%s", parent);
	thing->vlan = vlan;
	tsearch(thing, &f->claims, sg_claim_compare);
	return 0;
}

static int sg_fake_segment_leave(struct sg_backend *b, const char *device,
				 struct sg_fault *fault)
{
	(void)fault;
	return sg_fake_drop(b, device, SG_PLACE);
}

static int sg_fake_segment_set(struct sg_backend *b,
			       const struct sg_want_segment *want,
			       struct sg_fault *fault)
{
	struct sg_fake *f = sg_fake(b);
	int err;

	err = sg_fake_device(b, want->path, want->device, want->gateway,
			     fault);
	if (err)
		return err;
	if (!*want->zone)
		return sg_fake_segment_leave(b, want->device, fault);
	pthread_mutex_lock(&f->lock);
	err = sg_fake_claim(f, want->device, SG_PLACE, want->zone,
			    want->zone_id + 1, fault);
	pthread_mutex_unlock(&f->lock);
	return err;
}

static int sg_fake_segment_del(struct sg_backend *b, const char *device,
			       struct sg_fault *fault)
{
	sg_fake_segment_leave(b, device, fault);
	return sg_fake_device_del(b, device, fault);
}

/* The device of a port is called by the end of its attachment. */
static int sg_fake_port_set(struct sg_backend *b,
			    const struct sg_want_port *want,
			    char device[SG_DEVICE_SIZE],
			    struct sg_fault *fault)
{
	size_t len = strlen(want->attachment);

	device[0] = '\0';
	if (!sg_fake_has(sg_fake(b), want->attachment)) {
		sg_fault(fault, "there is no device with the alias or alternative name %.150s",
			 want->attachment);
		return -ENODEV;
	}
	sg_format(device, SG_DEVICE_SIZE, "%s",
		  want->attachment + (len > 15 ? len - 15 : 0));
	if (!want->up)
		return sg_fake_drop(b, device, "");
	return sg_fake_device(b, want->path, device, want->segment, fault);
}

static int sg_fake_binding_set(struct sg_backend *b,
			       const struct sg_want_binding *want,
			       struct sg_fault *fault)
{
	struct sg_fake *f = sg_fake(b);
	int err;

	pthread_mutex_lock(&f->lock);
	err = sg_fake_refuse(f, want->path, fault);
	if (!err)
		err = sg_fake_claim(f, want->child, want->id, want->parent,
				    want->vlan, fault);
	pthread_mutex_unlock(&f->lock);
	return err;
}

static int sg_fake_binding_del(struct sg_backend *b, const char *child,
			       const char *id, struct sg_fault *fault)
{
	(void)fault;
	return sg_fake_drop(b, child, id);
}

/* --- Queries: nothing has ever been sent --- */

static int sg_fake_known(struct sg_backend *b, const char *device,
			 const char *id, struct sg_fault *fault)
{
	struct sg_fake *f = sg_fake(b);
	bool known;

	pthread_mutex_lock(&f->lock);
	known = sg_thing_find(f, device, id);
	pthread_mutex_unlock(&f->lock);
	if (known)
		return 0;
	sg_fault(fault, "there is no %s %s", device, id);
	return -ENODEV;
}

static int sg_fake_segment_get(struct sg_backend *b, const char *device,
			       struct segfab_segment *segment,
			       struct sg_fault *fault)
{
	memset(segment, 0, sizeof(*segment));
	return sg_fake_known(b, device, "", fault);
}

static int sg_fake_port_get(struct sg_backend *b, const char *device,
			    struct segfab_port *port, struct sg_fault *fault)
{
	memset(port, 0, sizeof(*port));
	return sg_fake_known(b, device, "", fault);
}

static int sg_fake_binding_get(struct sg_backend *b, const char *child,
			       const char *id, struct segfab_binding *binding,
			       struct sg_fault *fault)
{
	memset(binding, 0, sizeof(*binding));
	return sg_fake_known(b, child, id, fault);
}

static int sg_fake_fdb(struct sg_backend *b, const char *segment,
		       const char *port, segfab_fdb_fn fn, void *arg,
		       struct sg_fault *fault)
{
	(void)port;
	(void)fn;
	(void)arg;
	return sg_fake_known(b, segment, "", fault);
}

struct sg_fake_walk {
	sg_counters_fn	fn;
	void		*arg;
};

static void sg_fake_count(const void *node, VISIT which, void *arg)
{
	const struct sg_thing *thing = *(struct sg_thing **)node;
	static const struct segfab_stats none;
	const struct sg_fake_walk *walk = arg;

	if ((which == postorder || which == leaf) &&
	    strcmp(thing->id, SG_PLACE))
		walk->fn(*thing->id ? SG_COUNTED_BINDING : SG_COUNTED_SEGMENT,
			 thing->device, thing->id, &none, walk->arg);
}

static int sg_fake_counters(struct sg_backend *b, sg_counters_fn fn, void *arg,
			    struct sg_fault *fault)
{
	struct sg_fake_walk walk = { fn, arg };
	struct sg_fake *f = sg_fake(b);

	(void)fault;
	pthread_mutex_lock(&f->lock);
	twalk_r(f->things, sg_fake_count, &walk);
	pthread_mutex_unlock(&f->lock);
	return 0;
}

const struct sg_backend_ops sg_backend_fake = {
	.name = "fake",
	.open = sg_fake_open,
	.close = sg_fake_close,
	.refresh = sg_fake_refresh,
	.sweep = sg_fake_sweep,
	.wait_fd = sg_fake_wait_fd,
	.events = sg_fake_events,
	.gateway_set = sg_fake_gateway_set,
	.gateway_del = sg_fake_device_del,
	.zone_set = sg_fake_zone_set,
	.zone_uplinks = sg_fake_zone_uplinks,
	.zone_del = sg_fake_device_del,
	.segment_set = sg_fake_segment_set,
	.segment_leave = sg_fake_segment_leave,
	.segment_del = sg_fake_segment_del,
	.port_set = sg_fake_port_set,
	.port_del = sg_fake_device_del,
	.binding_set = sg_fake_binding_set,
	.binding_del = sg_fake_binding_del,
	.segment_get = sg_fake_segment_get,
	.port_get = sg_fake_port_get,
	.binding_get = sg_fake_binding_get,
	.fdb = sg_fake_fdb,
	.counters = sg_fake_counters,
	.trace_start = sg_fake_trace_start,
	.trace_read = sg_fake_trace_read,
	.trace_end = sg_fake_trace_end,
	.trace_arrived = sg_fake_trace_arrived,
};
