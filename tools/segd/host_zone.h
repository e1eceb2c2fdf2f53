/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transport zones as this host knows them: which devices and tunnel addresses
 * they have here. It comes from the configuration, not from clients.
 */
#ifndef _SEGD_HOST_ZONE_H
#define _SEGD_HOST_ZONE_H

#include <stdbool.h>
#include <stddef.h>

#include "segfab.h"

/**
 * struct sg_names - a list of names
 * @name: the names
 * @count: how many
 */
struct sg_names {
	char	**name;
	size_t	count;
};

bool sg_names_have(const struct sg_names *names, const char *name);
bool sg_names_add(struct sg_names *names, char *name);
void sg_names_free(struct sg_names *names);

/**
 * struct sg_host_policy - a teaming policy
 * @name: its name
 * @teaming: how frames are spread over the active uplinks
 * @active: uplinks that are used
 * @standby: uplinks that take their place
 */
struct sg_host_policy {
	char			*name;
	enum segfab_teaming	teaming;
	struct sg_names		active;
	struct sg_names		standby;
};

/**
 * enum sg_traces - may frames that were made for a trace leave and come in?
 * @SG_TRACES_AS_IS: somebody else decides
 * @SG_TRACES_OFF: no
 * @SG_TRACES_ON: yes
 */
enum sg_traces {
	SG_TRACES_AS_IS,
	SG_TRACES_OFF,
	SG_TRACES_ON,
};

/**
 * struct sg_host_zone - a transport zone
 * @id: its id
 * @overlay: tunnels, not VLANs
 * @uplinks: names of devices, the first one is preferred
 * @endpoints: tunnel addresses of other hosts; what is for everybody goes there
 * @traces: whether traces cross its uplinks
 * @policy: its teaming policies
 * @policies: how many
 */
struct sg_host_zone {
	char			*id;
	bool			overlay;
	struct sg_names		uplinks;
	struct sg_names		endpoints;
	enum sg_traces		traces;
	struct sg_host_policy	*policy;
	size_t			policies;
};

/**
 * struct sg_host_zones - all of them
 * @zone: the zones
 * @count: how many
 */
struct sg_host_zones {
	struct sg_host_zone	*zone;
	size_t			count;
};

const struct sg_host_zone *sg_host_zone(const struct sg_host_zones *zones,
					const char *id);
void sg_host_zones_free(struct sg_host_zones *zones);

/* Words of a line of the configuration. They return what is wrong, or NULL. */
const char *sg_host_zone_read(struct sg_host_zones *zones, char *words[],
			      int count);
const char *sg_host_policy_read(struct sg_host_zones *zones, char *words[],
				int count);
const char *sg_host_endpoints_read(struct sg_host_zones *zones, char *words[],
				   int count);
const char *sg_host_traces_read(struct sg_host_zones *zones, char *words[],
				int count);
char *sg_host_address(const char *word);

#endif /* _SEGD_HOST_ZONE_H */
