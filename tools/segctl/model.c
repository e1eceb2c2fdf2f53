// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that there is in a network namespace. It is read in several
 * steps: what came or went between two of them has no counterpart, and those
 * who look at the model pass over it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "model.h"

static int add_segment(const struct segfab_segment *s, void *arg)
{
	struct model *m = arg;
	struct segfab_segment *new = ARRAY_ADD(&m->segments, &m->segment_count);

	if (!new)
		return -ENOMEM;
	*new = *s;
	return 0;
}

static int add_port(const struct segfab_port *p, void *arg)
{
	struct model *m = arg;
	struct segfab_port *new = ARRAY_ADD(&m->ports, &m->port_count);

	if (!new)
		return -ENOMEM;
	*new = *p;
	return 0;
}

static int add_binding(const struct segfab_binding *b, void *arg)
{
	struct model *m = arg;
	struct segfab_binding *new = ARRAY_ADD(&m->children, &m->binding_count);

	if (!new)
		return -ENOMEM;
	*new = *b;
	return 0;
}

static int add_zone(const struct segfab_zone *z, void *arg)
{
	struct model *m = arg;
	struct segfab_zone *new = ARRAY_ADD(&m->zones, &m->zone_count);

	if (!new)
		return -ENOMEM;
	*new = *z;
	return 0;
}

static int add_uplink(const struct segfab_uplink *u, void *arg)
{
	struct model *m = arg;
	struct segfab_uplink *new = ARRAY_ADD(&m->uplinks, &m->uplink_count);

	if (!new)
		return -ENOMEM;
	*new = *u;
	return 0;
}

static int add_policy(const struct segfab_policy *p, void *arg)
{
	struct model *m = arg;
	struct segfab_policy *new = ARRAY_ADD(&m->policies, &m->policy_count);

	if (!new)
		return -ENOMEM;
	*new = *p;
	return 0;
}

static int add_address(const struct segfab_address *a, void *arg)
{
	struct model *m = arg;
	struct segfab_address *new = ARRAY_ADD(&m->addresses, &m->address_count);

	if (!new)
		return -ENOMEM;
	*new = *a;
	return 0;
}

static int order(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int compare_segments(const void *a, const void *b)
{
	const struct segfab_segment *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int compare_ports(const void *a, const void *b)
{
	const struct segfab_port *x = a, *y = b;
	int diff = order(x->segment_ifindex, y->segment_ifindex);

	return diff ? diff : strcmp(x->name, y->name);
}

static int compare_children(const void *a, const void *b)
{
	const struct segfab_binding *x = a, *y = b;
	int diff = order(x->parent_ifindex, y->parent_ifindex);

	return diff ? diff : order(x->vlan, y->vlan);
}

static int compare_parents(const void *a, const void *b)
{
	const struct segfab_binding *x = *(const struct segfab_binding **)a;
	const struct segfab_binding *y = *(const struct segfab_binding **)b;
	int diff = order(x->child_ifindex, y->child_ifindex);

	return diff ? diff : strcmp(x->parent, y->parent);
}

static int sort_all(struct model *m)
{
	array_sort(m->segments, m->segment_count, sizeof(*m->segments),
		   compare_segments);
	array_sort(m->ports, m->port_count, sizeof(*m->ports), compare_ports);
	array_sort(m->children, m->binding_count, sizeof(*m->children),
		   compare_children);

	m->parents = calloc(m->binding_count + 1, sizeof(*m->parents));
	if (!m->parents)
		return -ENOMEM;
	for (size_t i = 0; i < m->binding_count; i++)
		m->parents[i] = &m->children[i];
	array_sort(m->parents, m->binding_count, sizeof(*m->parents),
		   compare_parents);
	return 0;
}

/* Return: an exit code; model_free() in any case. */
int model_load(struct model *m)
{
	int ret, err;

	ret = links_load(&m->links);
	if (ret != DONE)
		return ret;

	err = segfab_segment_dump(segctl.h, add_segment, m);
	if (!err)
		err = segfab_port_dump(segctl.h, NULL, add_port, m);
	if (!err)
		err = segfab_binding_dump(segctl.h, NULL, NULL, add_binding,
					  m);
	if (!err)
		err = segfab_zone_dump(segctl.h, add_zone, m);
	if (!err)
		err = segfab_uplink_dump(segctl.h, NULL, add_uplink, m);
	if (!err)
		err = segfab_policy_dump(segctl.h, NULL, add_policy, m);
	if (!err)
		err = segfab_address_dump(segctl.h, add_address, m);
	ret = result(err == -ENOMEM ? 0 : err);
	if (!err)
		err = sort_all(m);
	return err == -ENOMEM ? failed("out of memory") : ret;
}

void model_free(struct model *m)
{
	links_free(&m->links);
	free(m->segments);
	free(m->ports);
	free(m->children);
	free(m->parents);
	free(m->zones);
	free(m->uplinks);
	free(m->policies);
	free(m->addresses);
	*m = (struct model){};
}

static uint32_t port_key(const void *p)
{
	return ((const struct segfab_port *)p)->segment_ifindex;
}

static uint32_t child_key(const void *b)
{
	return ((const struct segfab_binding *)b)->parent_ifindex;
}

static uint32_t parent_key(const void *b)
{
	return (*(struct segfab_binding *const *)b)->child_ifindex;
}

/* The part of a sorted array that has @key. Return: where it starts. */
static size_t find_part(const void *array, size_t count, size_t size,
			uint32_t (*key_of)(const void *element), uint32_t key,
			size_t *found)
{
	size_t first = array_first(array, count, size, key_of, key);

	*found = array_first(array, count, size, key_of, key + 1) - first;
	return first;
}

const struct segfab_port *model_ports(const struct model *m, uint32_t segment,
				      size_t *count)
{
	return m->ports + find_part(m->ports, m->port_count, sizeof(*m->ports),
				    port_key, segment, count);
}

const struct segfab_binding *model_children(const struct model *m,
					    uint32_t parent, size_t *count)
{
	return m->children + find_part(m->children, m->binding_count,
				       sizeof(*m->children), child_key, parent,
				       count);
}

struct segfab_binding *const *model_parents(const struct model *m,
					    uint32_t child, size_t *count)
{
	return m->parents + find_part(m->parents, m->binding_count,
				      sizeof(*m->parents), parent_key, child,
				      count);
}
