// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hearing of what others do to settings that the daemon has made. What they do
 * to devices is heard in links.c.
 */
#include <sys/epoll.h>

#include "kernel.h"

#define SG_WATCHED	(SEGFAB_WATCH_BINDING | SEGFAB_WATCH_SEGMENT | \
			 SEGFAB_WATCH_PORT | SEGFAB_WATCH_UPLINK | \
			 SEGFAB_WATCH_POLICY | SEGFAB_WATCH_REMOTE)

static void sg_unwatch(struct sg_kernel *k)
{
	segfab_monitor_free(k->monitor);
	k->monitor = NULL;
}

/**
 * sg_kernel_watch - listen anew, if there is a module to hear of
 * @k: the backend
 */
void sg_kernel_watch(struct sg_kernel *k)
{
	struct epoll_event event = { .events = EPOLLIN };

	sg_unwatch(k);
	k->monitor = segfab_monitor_new();
	if (!k->monitor || segfab_monitor_open(k->monitor, NULL, SG_WATCHED)) {
		sg_unwatch(k);
		return;
	}
	epoll_ctl(k->epoll, EPOLL_CTL_ADD, segfab_monitor_fd(k->monitor),
		  &event);
}

/* The device whose setting was changed, other than a binding map's, a port's. */
static const char *sg_event_device(const struct segfab_event *e)
{
	switch (e->what) {
	case SEGFAB_WATCH_UPLINK:
		return e->uplink->zone;
	case SEGFAB_WATCH_POLICY:
		return e->policy->zone;
	case SEGFAB_WATCH_REMOTE:
		return e->remote->segment;
	default:
		return e->segment->name;
	}
}

/* A setting of ours, that somebody else asked to be changed? */
static bool sg_event_is_drift(struct sg_kernel *k, const struct segfab_event *e)
{
	if (!e->what)
		return true;
	if (e->what == SEGFAB_WATCH_BINDING)
		return sg_bound_drifted(k, e);
	if (e->what == SEGFAB_WATCH_PORT)
		return e->portid != segfab_portid(k->h) &&
		       sg_port_drifted(k, e->port);
	return e->portid && e->portid != segfab_portid(k->h) &&
	       sg_is_own_named(k, sg_event_device(e));
}

static int sg_kernel_event(const struct segfab_event *e, void *arg)
{
	struct sg_kernel *k = arg;

	k->lost |= sg_event_is_drift(k, e);
	return 0;
}

/**
 * sg_kernel_drifted - read what has happened
 * @k: the backend
 *
 * Return: whether settings are no longer as they were made, or may not be
 */
bool sg_kernel_drifted(struct sg_kernel *k)
{
	bool lost;

	if (!k->monitor)
		sg_kernel_watch(k);
	if (k->monitor && segfab_monitor_read(k->monitor, sg_kernel_event, k)) {
		sg_unwatch(k);
		k->lost = true;
	}
	lost = k->lost;
	k->lost = false;
	return lost;
}
