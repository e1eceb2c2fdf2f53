/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that there is in a network namespace, for commands that look at
 * how it hangs together.
 */
#ifndef _SEGCTL_MODEL_H
#define _SEGCTL_MODEL_H

#include "links.h"

/**
 * struct model - segments and what belongs to them
 * @links: all network devices
 * @segments: by name
 * @ports: by segment, then by name
 * @children: binding maps, by parent, then by tag
 * @parents: the same binding maps, by child, then by the parent's name
 * @zones: transport zones
 * @uplinks: by zone, in their order
 * @policies: teaming policies, by zone
 * @addresses: IP addresses of all devices
 */
struct model {
	struct links		links;
	struct segfab_segment	*segments;
	size_t			segment_count;
	struct segfab_port	*ports;
	size_t			port_count;
	struct segfab_binding	*children;
	struct segfab_binding	**parents;
	size_t			binding_count;
	struct segfab_zone	*zones;
	size_t			zone_count;
	struct segfab_uplink	*uplinks;
	size_t			uplink_count;
	struct segfab_policy	*policies;
	size_t			policy_count;
	struct segfab_address	*addresses;
	size_t			address_count;
};

int model_load(struct model *m);
void model_free(struct model *m);

/* Those of a segment: the first, and how many there are. */
const struct segfab_port *model_ports(const struct model *m, uint32_t segment,
				      size_t *count);
const struct segfab_binding *model_children(const struct model *m,
					    uint32_t parent, size_t *count);
struct segfab_binding *const *model_parents(const struct model *m,
					    uint32_t child, size_t *count);

#endif /* _SEGCTL_MODEL_H */
