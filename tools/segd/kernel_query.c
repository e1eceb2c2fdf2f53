// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters, addresses and traces of other hosts, asked for by the threads that
 * answer clients. They have a handle of their own, so that they do not wait for
 * the realizer.
 *
 * Locking: k->lock for the handle.
 */
#include <errno.h>

#include "kernel.h"

/*
 * A module that was loaded anew has other numbers: ask once more with a new
 * handle before giving up.
 */
static bool sg_query_again(struct sg_kernel *k, int err)
{
	if (err != -ENOENT && err != -EOPNOTSUPP && err != -EINVAL)
		return false;
	segfab_free(k->query);
	k->query = segfab_new();
	return k->query && !segfab_open(k->query, NULL);
}

static int sg_query_fault(struct sg_kernel *k, int err, struct sg_fault *fault)
{
	if (err)
		sg_fault(fault, "%s", segfab_error(k->query));
	return err;
}

#define sg_query(k, fault, call)					\
	({								\
		struct sg_kernel *_k = (k);				\
		int _err;						\
									\
		pthread_mutex_lock(&_k->lock);				\
		_err = (call);						\
		if (_err && sg_query_again(_k, _err))			\
			_err = (call);					\
		_err = sg_query_fault(_k, _err, fault);			\
		pthread_mutex_unlock(&_k->lock);			\
		_err;							\
	})

int sg_kernel_segment_get(struct sg_backend *b, const char *device,
			  struct segfab_segment *segment,
			  struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);

	return sg_query(k, fault,
			segfab_segment_get(k->query, device, segment));
}

int sg_kernel_port_get(struct sg_backend *b, const char *device,
		       struct segfab_port *port, struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);

	return sg_query(k, fault, segfab_port_get(k->query, device, port));
}

int sg_kernel_binding_get(struct sg_backend *b, const char *child,
			  const char *id, struct segfab_binding *binding,
			  struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);

	return sg_query(k, fault,
			segfab_binding_get(k->query, child, id, binding));
}

int sg_kernel_fdb(struct sg_backend *b, const char *segment, const char *port,
		  segfab_fdb_fn fn, void *arg, struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);

	return sg_query(k, fault,
			segfab_fdb_dump(k->query, segment, port, fn, arg));
}

struct sg_count {
	sg_counters_fn	fn;
	void		*arg;
};

static int sg_count_segment(const struct segfab_segment *s, void *arg)
{
	const struct sg_count *c = arg;

	c->fn(SG_COUNTED_SEGMENT, s->name, "", &s->stats, c->arg);
	return 0;
}

static int sg_count_port(const struct segfab_port *p, void *arg)
{
	const struct sg_count *c = arg;

	c->fn(SG_COUNTED_PORT, p->name, "", &p->stats, c->arg);
	return 0;
}

static int sg_count_binding(const struct segfab_binding *b, void *arg)
{
	const struct sg_count *c = arg;

	c->fn(SG_COUNTED_BINDING, b->child, b->id, &b->stats, c->arg);
	return 0;
}

static int sg_count_zone(const struct segfab_zone *z, void *arg)
{
	const struct sg_count *c = arg;

	c->fn(SG_COUNTED_ZONE, z->name, "", &z->stats, c->arg);
	return 0;
}

static int sg_count_uplink(const struct segfab_uplink *u, void *arg)
{
	const struct sg_count *c = arg;

	c->fn(SG_COUNTED_UPLINK, u->zone, u->name, &u->stats, c->arg);
	return 0;
}

int sg_kernel_counters(struct sg_backend *b, sg_counters_fn fn, void *arg,
		       struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);
	struct sg_count c = { fn, arg };
	int err;

	err = sg_query(k, fault,
		       segfab_segment_dump(k->query, sg_count_segment, &c));
	if (!err)
		err = sg_query(k, fault,
			       segfab_port_dump(k->query, NULL, sg_count_port,
						&c));
	if (!err)
		err = sg_query(k, fault,
			       segfab_binding_dump(k->query, NULL, NULL,
						   sg_count_binding, &c));
	if (!err)
		err = sg_query(k, fault,
			       segfab_zone_dump(k->query, sg_count_zone, &c));
	if (!err)
		err = sg_query(k, fault,
			       segfab_uplink_dump(k->query, NULL,
						  sg_count_uplink, &c));
	return err;
}

int sg_kernel_trace_arrived(struct sg_backend *b, uint64_t global_id,
			    segfab_observation_fn fn, void *arg,
			    struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);
	struct segfab_trace_end end;

	return sg_query(k, fault, segfab_trace_arrived(k->query, global_id, fn,
						       arg, &end));
}
