// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transport zones as segments see them.
 */
#include <string.h>

#include "json.h"
#include "zone.h"

/**
 * sg_zone_kind - what carries the frames of a zone's segments
 * @zone: the transport zone, or NULL
 */
enum sg_zone_kind sg_zone_kind(const json_t *zone)
{
	const char *type = sg_json_text(zone, "tz_type");

	if (!zone)
		return SG_ZONE_NONE;
	return strcmp(type, "VLAN_BACKED") ? SG_ZONE_OVERLAY : SG_ZONE_VLAN;
}

/**
 * sg_zone_is_overlay - is there an overlay zone with this path?
 * @db: a connection
 * @path: the path; empty: no
 */
bool sg_zone_is_overlay(struct sg_db *db, const char *path)
{
	json_t *zone = *path ? sg_store_get(db, path) : NULL;
	bool overlay = sg_zone_kind(zone) == SG_ZONE_OVERLAY;

	json_decref(zone);
	return overlay;
}

struct sg_zone_search {
	struct sg_db	*db;
	char		*path;
};

static int sg_zone_try(const char *path, const char *type, void *arg)
{
	struct sg_zone_search *s = arg;
	json_t *zone = sg_store_get(s->db, path);
	bool fits = !strcmp(type, "PolicyTransportZone") &&
		    sg_json_true(zone, "is_default") &&
		    sg_zone_kind(zone) == SG_ZONE_OVERLAY;

	json_decref(zone);
	return fits && sg_format(s->path, SG_PATH_SIZE, "%s", path);
}

/**
 * sg_zone_default - the zone of segments that name none
 * @db: a connection
 * @path: takes its path
 *
 * Return: whether there is one
 */
bool sg_zone_default(struct sg_db *db, char path[SG_PATH_SIZE])
{
	struct sg_zone_search s = { db, path };

	return sg_store_below(db, SG_ZONES, sg_zone_try, &s);
}
