// SPDX-License-Identifier: GPL-2.0-only
/*
 * Profiles: what they say of ports and segments, and of which ones. They are
 * bound to a segment, which means all of its ports, or to a port, which comes
 * first. Traffic of containers has no port on a child, and no profile.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "profile.h"

#define SG_SEGMENT_MAP	"SegmentDiscoveryProfileBindingMap"
#define SG_PORT_MAP	"PortDiscoveryProfileBindingMap"
#define SG_MAC_PATH	"mac_discovery_profile_path"

/* The MAC discovery profile that a map of @owner names, a new reference. */
static json_t *sg_mac_discovery(struct sg_db *db, const char *owner,
				const char *type)
{
	char *path = sg_store_only(db, owner, type);
	json_t *map, *profile;

	if (!path)
		return NULL;
	map = sg_store_get(db, path);
	profile = sg_store_get(db, sg_json_text(map, SG_MAC_PATH));
	json_decref(map);
	free(path);
	return profile;
}

static uint32_t sg_number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/*
 * Where nothing is learned, frames have to be flooded: there are no addresses
 * but static ones. The kernel's limit of 0 is none.
 */
static void sg_learning_read(const json_t *profile,
			     struct sg_learning *learning)
{
	uint32_t limit = sg_number(profile, "mac_limit");

	learning->learning = limit &&
			     sg_json_true(profile, "mac_learning_enabled");
	if (!learning->learning)
		return;
	learning->flood = sg_json_true(profile,
				       "unknown_unicast_flooding_enabled");
	learning->limit = limit;
	if (!strcmp(sg_json_text(profile, "mac_limit_policy"), "DROP"))
		learning->policy = SEGFAB_LIMIT_POLICY_DROP;
}

/**
 * sg_profile_learning - how a port is to learn
 * @db: a connection
 * @port: its path
 * @segment: path of its segment
 * @learning: takes it; without a profile, as the kernel does by itself
 */
void sg_profile_learning(struct sg_db *db, const char *port,
			 const char *segment, struct sg_learning *learning)
{
	json_t *profile = sg_mac_discovery(db, port, SG_PORT_MAP);

	if (!profile)
		profile = sg_mac_discovery(db, segment, SG_SEGMENT_MAP);
	*learning = (struct sg_learning){
		.learning = true,
		.flood = true,
		.policy = SEGFAB_LIMIT_POLICY_FORWARD,
	};
	if (profile)
		sg_learning_read(profile, learning);
	json_decref(profile);
}

/**
 * sg_profile_remote_limit - how many addresses a segment learns from its zone
 * @db: a connection
 * @segment: its path
 *
 * Return: how many, 0 without a limit
 */
uint32_t sg_profile_remote_limit(struct sg_db *db, const char *segment)
{
	json_t *profile = sg_mac_discovery(db, segment, SG_SEGMENT_MAP);
	uint32_t limit = sg_number(profile, "remote_overlay_mac_limit");

	json_decref(profile);
	return limit;
}

/**
 * struct sg_governed - those that a profile says something of
 * @db: a connection
 * @fn: called for each
 * @arg: for @fn
 */
struct sg_governed {
	struct sg_db	*db;
	sg_path_fn	fn;
	void		*arg;
};

static int sg_governed_port(const char *path, const char *type, void *arg)
{
	const struct sg_governed *g = arg;

	return strcmp(type, "SegmentPort") ? 0 : g->fn(path, type, g->arg);
}

/* What a map is bound to, and what is in it. */
static void sg_governed_by_map(struct sg_governed *g,
			       const struct sg_target *map)
{
	bool port = !strcmp(map->type->name, SG_PORT_MAP);

	g->fn(map->owner, port ? "SegmentPort" : "Segment", g->arg);
	if (!port)
		sg_store_below(g->db, map->owner, sg_governed_port, g);
}

static int sg_governed_map(const char *path, const char *type, void *arg)
{
	struct sg_target map;
	struct sg_error e;

	(void)type;
	if (!sg_target_parse(&map, path, &e))
		sg_governed_by_map(arg, &map);
	return 0;
}

/**
 * sg_profile_governed - walk over what a profile or its binding map governs
 * @db: a connection
 * @target: the profile or binding map, which may be gone
 * @fn: called for each segment and port
 * @arg: for @fn
 */
void sg_profile_governed(struct sg_db *db, const struct sg_target *target,
			 sg_path_fn fn, void *arg)
{
	struct sg_governed g = { db, fn, arg };

	if (sg_type_owns(sg_type_named("Infra"), target->type))
		sg_store_linked(db, target->path, sg_governed_map, &g);
	else
		sg_governed_by_map(&g, target);
}
