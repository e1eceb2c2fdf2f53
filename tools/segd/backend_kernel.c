// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel as a backend: segments and binding maps through libsegfab, VRFs
 * and addresses through rtnetlink.
 *
 * What is so already is not done again: devices and binding maps are known
 * from what the kernel tells. Devices that the daemon has made carry an alias
 * that says so; no others are removed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "kernel.h"
#include "log.h"

/* Routing tables of gateways are numbered from here. */
#define SG_TABLE_FIRST	10000

/* Note what the kernel said about a request. Return: @err */
int sg_refused(struct sg_kernel *k, int err, struct sg_fault *fault)
{
	if (err)
		sg_fault(fault, "%s", *segfab_error(k->h) ?
			 segfab_error(k->h) : strerror(-err));
	return err;
}

/* --- Life --- */

static int sg_kernel_handles(struct sg_kernel *k, struct sg_fault *fault)
{
	int err;

	segfab_free(k->h);
	k->h = segfab_new();
	err = k->h ? segfab_open(k->h, NULL) : -ENOMEM;
	return err ? sg_fault(fault, "%s", k->h ? segfab_error(k->h) :
			      "out of memory") : 0;
}

static void sg_kernel_close(struct sg_backend *b)
{
	struct sg_kernel *k = sg_kernel(b);

	sg_bound_forget(k);
	sg_ports_forget(k);
	segfab_monitor_free(k->monitor);
	if (k->links)
		sg_links_close(k->links);
	segfab_free(k->h);
	segfab_free(k->query);
	close(k->epoll);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

static struct sg_backend *sg_kernel_open(const char *options,
					 struct sg_fault *fault)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct sg_kernel *k = sg_alloc(sizeof(*k));

	(void)options;
	k->b.ops = &sg_backend_kernel;
	k->epoll = epoll_create1(EPOLL_CLOEXEC);
	pthread_mutex_init(&k->lock, NULL);
	k->links = sg_links_open(fault);
	k->query = segfab_new();
	if (!k->links || !k->query || segfab_open(k->query, NULL) ||
	    sg_kernel_handles(k, fault)) {
		sg_kernel_close(&k->b);
		return NULL;
	}
	epoll_ctl(k->epoll, EPOLL_CTL_ADD, sg_links_fd(k->links), &event);
	return &k->b;
}

static int sg_kernel_wait_fd(struct sg_backend *b)
{
	return sg_kernel(b)->epoll;
}

static unsigned int sg_kernel_events(struct sg_backend *b)
{
	struct sg_kernel *k = sg_kernel(b);
	unsigned int news = sg_links_events(k->links);

	if (sg_kernel_drifted(k))
		news |= SG_EVENT_DRIFT;
	return news;
}

static int sg_kernel_refresh(struct sg_backend *b, struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);
	int err;

	err = sg_kernel_handles(k, fault);
	if (err)
		return err;
	sg_kernel_watch(k);
	err = sg_links_load(k->links, fault);
	if (!err)
		err = sg_bound_load(k, fault);
	return err ? err : sg_ports_load(k, fault);
}

struct sg_sweeping {
	struct sg_kernel	*k;
	sg_keep_fn		keep;
	void			*arg;
};

static int sg_sweep_link(const struct sg_link *link, void *arg)
{
	struct sg_sweeping *s = arg;
	char name[SG_DEVICE_SIZE];
	int err;

	if (!link->own || s->keep(link->name, "", s->arg))
		return 0;
	memcpy(name, link->name, sizeof(name));
	err = segfab_link_del(s->k->h, name);
	sg_log(SG_LOG_NOTICE, "removed %s, which nothing in the store stands for",
	       name);
	sg_links_update(s->k->links, name);
	return err;
}

static int sg_kernel_sweep(struct sg_backend *b, sg_keep_fn keep, void *arg,
			   struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);
	struct sg_sweeping s = { k, keep, arg };
	int err;

	err = sg_bound_sweep(k, keep, arg);
	if (!err)
		err = sg_links_walk(k->links, sg_sweep_link, &s);
	return sg_refused(k, err, fault);
}

/* --- Devices --- */

/* Say that a device is ours, and which object it stands for. */
int sg_own(struct sg_kernel *k, const char *device, const char *path)
{
	const struct sg_link *link = sg_link_named(k->links, device);
	char alias[256];

	sg_format(alias, sizeof(alias), SG_OWN_ALIAS "%s", path);
	if (link && link->own && !strcmp(link->other[0], alias))
		return 0;
	return segfab_link_set_alias(k->h, device, alias);
}

static int sg_free_table(const struct sg_link *link, void *arg)
{
	uint32_t *table = arg;

	return link->table == *table;
}

static int sg_kernel_gateway_set(struct sg_backend *b,
				 const struct sg_want_gateway *want,
				 struct sg_fault *fault)
{
	const struct sg_link *link;
	struct sg_kernel *k = sg_kernel(b);
	uint32_t table = SG_TABLE_FIRST;
	int err = 0;

	link = sg_link_named(k->links, want->device);
	if (link && link->own && link->up)
		return 0;
	if (!link) {
		while (sg_links_walk(k->links, sg_free_table, &table))
			table++;
		err = segfab_vrf_add(k->h, want->device, table);
	}
	if (!err)
		err = sg_own(k, want->device, want->path);
	sg_refused(k, err, fault);
	sg_links_update(k->links, want->device);
	return err;
}

/**
 * sg_device_remove - remove a device
 * @k: the backend
 * @device: its name; one that is not there is no error
 * @del: what removes it
 * @fault: takes the reason of a refusal
 *
 * Return: 0 or a negative errno
 */
int sg_device_remove(struct sg_kernel *k, const char *device,
		     int (*del)(struct segfab *h, const char *name),
		     struct sg_fault *fault)
{
	int err;

	if (!sg_link_named(k->links, device))
		return 0;
	err = del(k->h, device);
	if (err == -ENODEV)
		err = 0;
	sg_refused(k, err, fault);
	sg_links_update(k->links, device);
	return err;
}

static int sg_kernel_gateway_del(struct sg_backend *b, const char *device,
				 struct sg_fault *fault)
{
	return sg_device_remove(sg_kernel(b), device, segfab_link_del, fault);
}

/* --- Segments --- */

static void sg_segment_place(const struct sg_want_segment *want,
			     struct segfab_segment_settings *settings)
{
	settings->zone = want->zone;
	settings->zone_vni = want->zone_id;
	settings->zone_vlan = want->zone_id;
	settings->set |= want->overlay ? SEGFAB_SEGMENT_ZONE_VNI :
			 SEGFAB_SEGMENT_ZONE_VLAN;
	settings->zone_fdb_limit = want->remote_limit;
	if (want->overlay)
		settings->set |= SEGFAB_SEGMENT_ZONE_FDB_LIMIT;
	settings->teaming = SEGFAB_TEAMING_ZONE;
	settings->teaming_policy = want->teaming_policy;
	settings->set |= *want->teaming_policy ?
			 SEGFAB_SEGMENT_TEAMING_POLICY :
			 SEGFAB_SEGMENT_TEAMING;
}

static int sg_segment_make(struct sg_kernel *k,
			   const struct sg_want_segment *want)
{
	struct segfab_segment_settings settings = {
		.set = SEGFAB_SEGMENT_UP | SEGFAB_SEGMENT_GUEST_VLANS |
		       SEGFAB_SEGMENT_ZONE,
		.guest_vlans = want->guest_vlans,
		.up = want->up,
	};
	int err;

	if (*want->zone)
		sg_segment_place(want, &settings);
	if (sg_link_named(k->links, want->device))
		err = segfab_segment_set(k->h, want->device, &settings);
	else
		err = segfab_segment_add(k->h, want->device, &settings);
	return err ? err : sg_own(k, want->device, want->path);
}

static int sg_segment_master(struct sg_kernel *k,
			     const struct sg_want_segment *want)
{
	const struct sg_link *link = sg_link_named(k->links, want->device);
	const struct sg_link *vrf = *want->gateway ?
		sg_link_named(k->links, want->gateway) : NULL;

	if (link && link->master == (vrf ? vrf->ifindex : 0))
		return 0;
	return segfab_link_set_master(k->h, want->device,
				      vrf ? vrf->name : NULL);
}

/**
 * struct sg_addresses - the addresses of a device
 * @ifindex: its number
 * @want: the only one that is to be there, or ""
 * @found: it is there
 * @stale: another one
 */
struct sg_addresses {
	uint32_t	ifindex;
	const char	*want;
	bool		found;
	char		stale[64];
};

static int sg_address_look(const struct segfab_address *a, void *arg)
{
	struct sg_addresses *s = arg;
	char text[64];

	if (a->ifindex != s->ifindex || !strncmp(a->text, "fe80:", 5))
		return 0;
	sg_format(text, sizeof(text), "%s/%u", a->text, a->prefix);
	if (!strcmp(text, s->want))
		s->found = true;
	else
		memcpy(s->stale, text, sizeof(text));
	return 0;
}

static int sg_segment_address(struct sg_kernel *k,
			      const struct sg_want_segment *want)
{
	const struct sg_link *link = sg_link_named(k->links, want->device);
	struct sg_addresses s = { .want = want->address };
	int err;

	if (!link)
		return -ENODEV;
	if (!link->addressed && !*want->address)
		return 0;
	s.ifindex = link->ifindex;
	do {
		s.stale[0] = '\0';
		err = segfab_link_addresses(k->h, s.ifindex, sg_address_look,
					    &s);
		if (!err && *s.stale)
			err = segfab_address_del(k->h, want->device, s.stale);
	} while (!err && *s.stale);
	if (!err && !s.found && *want->address)
		err = segfab_address_add(k->h, want->device, want->address);
	sg_links_addressed(k->links, s.ifindex);
	return err;
}

/* Is the device as it is to be, as far as it shows? */
static bool sg_segment_is(struct sg_kernel *k,
			  const struct sg_want_segment *want)
{
	const struct sg_link *link = sg_link_named(k->links, want->device);
	const struct sg_link *zone = *want->zone ?
		sg_link_named(k->links, want->zone) : NULL;
	const struct sg_link *vrf = *want->gateway ?
		sg_link_named(k->links, want->gateway) : NULL;

	return link && link->own && link->up == want->up &&
	       link->master == (vrf ? vrf->ifindex : 0) &&
	       link->zone == (zone ? zone->ifindex : 0) &&
	       (!zone || link->zone_id == want->zone_id);
}

static int sg_kernel_segment_set(struct sg_backend *b,
				 const struct sg_want_segment *want,
				 struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);
	bool is = sg_segment_is(k, want);
	int err;

	err = sg_segment_make(k, want);
	if (!err && !is) {
		sg_links_update(k->links, want->device);
		err = sg_segment_master(k, want);
	}
	if (!err)
		err = sg_segment_address(k, want);
	if (!err && want->endpoints)
		err = sg_kernel_endpoints(k, want->device, want->endpoints);
	sg_refused(k, err, fault);
	if (!is)
		sg_links_update(k->links, want->device);
	return err;
}

static int sg_kernel_segment_leave(struct sg_backend *b, const char *device,
				   struct sg_fault *fault)
{
	const struct segfab_segment_settings settings = {
		.set = SEGFAB_SEGMENT_ZONE,
	};
	struct sg_kernel *k = sg_kernel(b);
	int err;

	if (!sg_link_named(k->links, device))
		return 0;
	err = segfab_segment_set(k->h, device, &settings);
	sg_refused(k, err, fault);
	sg_links_update(k->links, device);
	return err;
}

static int sg_kernel_segment_del(struct sg_backend *b, const char *device,
				 struct sg_fault *fault)
{
	return sg_device_remove(sg_kernel(b), device, segfab_segment_del,
				fault);
}

/* --- What there is --- */

/* Has a device this master? */
bool sg_under(struct sg_kernel *k, const struct sg_link *link,
	      const char *master)
{
	const struct sg_link *found = sg_link_numbered(k->links, link->master);

	return found && !strcmp(found->name, master);
}

/* Is it a device of this kind that the daemon has made? */
bool sg_is_own(struct sg_kernel *k, uint32_t ifindex, const char *kind)
{
	const struct sg_link *link = sg_link_numbered(k->links, ifindex);

	return link && link->own && !strcmp(link->kind, kind);
}

/* Is it a device that the daemon has made? */
bool sg_is_own_named(struct sg_kernel *k, const char *device)
{
	const struct sg_link *link = sg_link_named(k->links, device);

	return link && link->own;
}

/* --- Binding maps --- */

static int sg_kernel_binding_set(struct sg_backend *b,
				 const struct sg_want_binding *want,
				 struct sg_fault *fault)
{
	const struct segfab_binding_settings settings = {
		.set = SEGFAB_BINDING_PARENT | SEGFAB_BINDING_VLAN,
		.parent = want->parent,
		.vlan = want->vlan,
	};
	struct sg_kernel *k = sg_kernel(b);
	const struct sg_bound *known;
	struct segfab_binding result;
	int err;

	known = sg_bound_find(k, want->child, want->id);
	if (known && known->vlan == want->vlan &&
	    !strcmp(known->parent, want->parent))
		return 0;
	err = segfab_binding_write(k->h, SEGFAB_REPLACE, want->child, want->id,
				   &settings, &result);
	if (!err)
		sg_bound_keep(k, &result);
	return sg_refused(k, err, fault);
}

static int sg_kernel_binding_del(struct sg_backend *b, const char *child,
				 const char *id, struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);
	int err;

	if (!sg_bound_find(k, child, id))
		return 0;
	err = segfab_binding_del(k->h, child, id);
	if (err == -ENOENT || err == -ENODEV)
		err = 0;
	if (!err)
		sg_bound_drop(k, child, id);
	return sg_refused(k, err, fault);
}

const struct sg_backend_ops sg_backend_kernel = {
	.name = "kernel",
	.open = sg_kernel_open,
	.close = sg_kernel_close,
	.refresh = sg_kernel_refresh,
	.sweep = sg_kernel_sweep,
	.wait_fd = sg_kernel_wait_fd,
	.events = sg_kernel_events,
	.gateway_set = sg_kernel_gateway_set,
	.gateway_del = sg_kernel_gateway_del,
	.zone_set = sg_kernel_zone_set,
	.zone_uplinks = sg_kernel_zone_uplinks,
	.zone_del = sg_kernel_zone_del,
	.segment_set = sg_kernel_segment_set,
	.segment_leave = sg_kernel_segment_leave,
	.segment_del = sg_kernel_segment_del,
	.port_set = sg_kernel_port_set,
	.port_del = sg_kernel_port_del,
	.binding_set = sg_kernel_binding_set,
	.binding_del = sg_kernel_binding_del,
	.segment_get = sg_kernel_segment_get,
	.port_get = sg_kernel_port_get,
	.binding_get = sg_kernel_binding_get,
	.fdb = sg_kernel_fdb,
	.counters = sg_kernel_counters,
	.trace_start = sg_kernel_trace_start,
	.trace_read = sg_kernel_trace_read,
	.trace_end = sg_kernel_trace_end,
	.trace_arrived = sg_kernel_trace_arrived,
};
