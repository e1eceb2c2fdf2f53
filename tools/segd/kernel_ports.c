// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports of segments, and how they learn, as the kernel has them.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

/* --- What is known --- */

static int sg_attached_compare(const void *a, const void *b)
{
	const struct sg_attached *x = a, *y = b;

	return (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

static struct sg_attached *sg_attached_find(struct sg_kernel *k,
					    uint32_t ifindex)
{
	struct sg_attached key = { .ifindex = ifindex }, **found;

	found = tfind(&key, &k->ports, sg_attached_compare);
	return found ? *found : NULL;
}

/* Remember how a port learns now. */
static void sg_attached_keep(struct sg_kernel *k, uint32_t ifindex,
			     const struct sg_learning *learning)
{
	struct sg_attached *port = sg_attached_find(k, ifindex);

	if (!port) {
		port = sg_alloc(sizeof(*port));
		port->ifindex = ifindex;
		tsearch(port, &k->ports, sg_attached_compare);
	}
	port->learning = *learning;
}

static void sg_attached_drop(struct sg_kernel *k, uint32_t ifindex)
{
	struct sg_attached *port = sg_attached_find(k, ifindex);

	if (!port)
		return;
	tdelete(port, &k->ports, sg_attached_compare);
	free(port);
}

/* Forget all ports. */
void sg_ports_forget(struct sg_kernel *k)
{
	tdestroy(k->ports, free);
	k->ports = NULL;
}

static struct sg_learning sg_learning_of(const struct segfab_port *p)
{
	return (struct sg_learning){
		.learning = p->learning,
		.flood = p->flood,
		.limit = p->fdb_limit,
		.policy = p->fdb_limit_policy,
	};
}

static bool sg_learning_same(const struct sg_learning *a,
			     const struct sg_learning *b)
{
	return a->learning == b->learning && a->flood == b->flood &&
	       a->limit == b->limit && a->policy == b->policy;
}

static int sg_ports_load_one(const struct segfab_port *p, void *arg)
{
	const struct sg_learning learning = sg_learning_of(p);
	struct sg_kernel *k = arg;

	if (sg_is_own_named(k, p->segment))
		sg_attached_keep(k, p->ifindex, &learning);
	return 0;
}

/* Read all of them anew; the devices must be known. */
int sg_ports_load(struct sg_kernel *k, struct sg_fault *fault)
{
	int err;

	sg_ports_forget(k);
	err = segfab_port_dump(k->h, NULL, sg_ports_load_one, k);
	if (err)
		sg_fault(fault, "%s", segfab_error(k->h));
	return err;
}

/**
 * sg_port_drifted - does a port no longer learn as it was told to?
 * @k: the backend
 * @p: the port as it is now
 *
 * Return: true if so
 */
bool sg_port_drifted(struct sg_kernel *k, const struct segfab_port *p)
{
	const struct sg_attached *known = sg_attached_find(k, p->ifindex);
	const struct sg_learning learning = sg_learning_of(p);

	return known && !sg_learning_same(&known->learning, &learning);
}

/* --- What is made --- */

/* A device on another segment of ours comes over; no other master is robbed. */
static bool sg_is_segment(struct sg_kernel *k, uint32_t ifindex)
{
	return sg_is_own(k, ifindex, SEGFAB_LINK_KIND);
}

static struct segfab_port_settings
sg_port_settings(const struct sg_learning *learning)
{
	return (struct segfab_port_settings){
		.set = SEGFAB_PORT_LEARNING | SEGFAB_PORT_FLOOD |
		       SEGFAB_PORT_FDB_LIMIT | SEGFAB_PORT_FDB_LIMIT_POLICY,
		.learning = learning->learning,
		.flood = learning->flood,
		.fdb_limit = learning->limit,
		.fdb_limit_policy = learning->policy,
	};
}

/* A port that is in its segment already learns as it is to. */
static int sg_port_learn(struct sg_kernel *k, const struct sg_link *link,
			 const struct sg_learning *want)
{
	const struct segfab_port_settings settings = sg_port_settings(want);
	const struct sg_attached *known = sg_attached_find(k, link->ifindex);
	int err;

	if (known && sg_learning_same(&known->learning, want))
		return 0;
	err = segfab_port_set(k->h, link->name, &settings);
	if (!err)
		sg_attached_keep(k, link->ifindex, want);
	return err;
}

/* A device leaves the segment that it is in, and joins the one that it wants. */
static int sg_port_move(struct sg_kernel *k, const struct sg_link *link,
			const struct sg_want_port *want)
{
	const struct segfab_port_settings settings =
		sg_port_settings(&want->learning);
	uint32_t ifindex = link->ifindex;
	char device[SG_DEVICE_SIZE];
	int err = 0;

	memcpy(device, link->name, sizeof(device));
	if (link->master && (!want->up || sg_is_segment(k, link->master))) {
		sg_attached_drop(k, ifindex);
		err = segfab_port_del(k->h, device);
	}
	if (!err && want->up)
		err = segfab_port_add(k->h, device, want->segment, &settings);
	if (!err && want->up)
		sg_attached_keep(k, ifindex, &want->learning);
	sg_links_update(k->links, device);
	return err;
}

/* As struct sg_backend_ops has it. */
int sg_kernel_port_set(struct sg_backend *b, const struct sg_want_port *want,
		       char device[SG_DEVICE_SIZE], struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);
	const struct sg_link *link;
	bool there;
	int err = 0;

	device[0] = '\0';
	link = sg_link_attached(k->links, want->attachment);
	if (!link) {
		sg_fault(fault, "there is no device with the alias or alternative name %.150s",
			 want->attachment);
		return -ENODEV;
	}
	memcpy(device, link->name, SG_DEVICE_SIZE);
	there = sg_under(k, link, want->segment);
	if (there != want->up)
		err = sg_port_move(k, link, want);
	else if (there)
		err = sg_port_learn(k, link, &want->learning);
	return sg_refused(k, err, fault);
}

/* As struct sg_backend_ops has it. */
int sg_kernel_port_del(struct sg_backend *b, const char *device,
		       struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);
	const struct sg_link *link = sg_link_named(k->links, device);

	if (!link || !sg_is_segment(k, link->master))
		return 0;
	sg_attached_drop(k, link->ifindex);
	return sg_device_remove(k, device, segfab_port_del, fault);
}
