// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transport zones, and what they ask of segments.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "json.h"
#include "rules.h"
#include "schema.h"
#include "zone.h"

/* VNIs that are given out: the pool's, as the API has it. */
#define SG_VNI_FIRST	5000
#define SG_VNI_LAST	16777215

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
 * sg_zone_kind_of - the kind of the zone that a segment is in
 * @db: a connection
 * @segment: the segment
 */
enum sg_zone_kind sg_zone_kind_of(struct sg_db *db, const json_t *segment)
{
	const char *path = sg_json_text(segment, "transport_zone_path");
	json_t *zone = *path ? sg_store_get(db, path) : NULL;
	enum sg_zone_kind kind = sg_zone_kind(zone);

	json_decref(zone);
	return kind;
}

/**
 * sg_zone_vlan - the VLAN id of a segment of a VLAN zone
 * @segment: the segment
 *
 * Return: 0 (untagged) to 4094, or -1 if it has not exactly one
 */
int sg_zone_vlan(const json_t *segment)
{
	const json_t *ids = json_object_get(segment, "vlan_ids");
	unsigned int first, last;
	int n;

	if (json_array_size(ids) != 1)
		return -1;
	n = sscanf(json_string_value(json_array_get(ids, 0)), "%u-%u", &first,
		   &last);
	return n < 1 || (n == 2 && first != last) || first > 4094 ? -1 :
	       (int)first;
}

/**
 * sg_zone_claims_vlan - is the VLAN id of a segment its own in the zone?
 * @db: a connection
 * @segment: the segment
 *
 * Elsewhere, the ids are tags that its machines may use.
 */
bool sg_zone_claims_vlan(struct sg_db *db, const json_t *segment)
{
	return sg_zone_kind_of(db, segment) == SG_ZONE_VLAN;
}

/* --- Zones --- */

/**
 * sg_fill_zone - a transport zone keeps its kind
 * @c: the change
 * @path: of the zone
 * @object: the zone
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_fill_zone(struct sg_change *c, const char *path, json_t *object,
		 struct sg_error *e)
{
	json_t *before = sg_store_get(c->db, path);
	bool same = !before || sg_zone_kind(before) == sg_zone_kind(object);

	json_decref(before);
	return same ? 0 : sg_fail(e, SG_E_FIELD,
				  "tz_type: the transport zone path=[%.512s] cannot change between VLAN and overlay",
				  path);
}

/* --- Segments --- */

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

/* The zone of segments that name none. Return: whether there is one */
static bool sg_zone_default(struct sg_db *db, char path[SG_PATH_SIZE])
{
	struct sg_zone_search s = { db, path };

	return sg_store_below(db, SG_ZONES, sg_zone_try, &s);
}

/* A free VNI: a random one, and from there on. */
static int sg_fill_vni(struct sg_change *c, const char *path, json_t *segment,
		       struct sg_error *e)
{
	json_t *before = sg_store_get(c->db, path);
	json_t *kept = json_object_get(before, "overlay_id");
	const uint32_t range = SG_VNI_LAST - SG_VNI_FIRST + 1;
	char key[64], *holder;
	uint32_t start;

	if (kept)
		json_object_set(segment, "overlay_id", kept);
	json_decref(before);
	if (kept)
		return 0;

	sg_random(&start, sizeof(start));
	for (uint32_t i = 0; i < range; i++) {
		uint32_t vni = SG_VNI_FIRST + (start % range + i) % range;

		sg_format(key, sizeof(key), "overlay_id: overlay_id %u", vni);
		holder = sg_store_claim(c->db, key, path);
		if (holder && strcmp(holder, path)) {
			free(holder);
			continue;
		}
		free(holder);
		sg_store_unclaim(c->db, path);
		json_object_set_new(segment, "overlay_id", json_integer(vni));
		return 0;
	}
	return sg_fail(e, SG_E_FIELD, "overlay_id: no VNI is free");
}

/* "100-100" is claimed as "100". */
static void sg_fill_vlan(json_t *segment)
{
	int vlan = sg_zone_vlan(segment);

	if (vlan >= 0)
		json_object_set_new(segment, "vlan_ids",
				    json_pack("[o]", json_sprintf("%d", vlan)));
}

/**
 * sg_zone_fill_segment - set what follows from the zone of a segment
 * @c: the change
 * @path: of the segment
 * @segment: the segment
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_zone_fill_segment(struct sg_change *c, const char *path,
			 json_t *segment, struct sg_error *e)
{
	char zone[SG_PATH_SIZE];

	if (!*sg_json_text(segment, "transport_zone_path") &&
	    !json_object_get(segment, "vlan_ids") &&
	    sg_zone_default(c->db, zone))
		sg_json_set_text(segment, "transport_zone_path", zone);
	switch (sg_zone_kind_of(c->db, segment)) {
	case SG_ZONE_VLAN:
		sg_fill_vlan(segment);
		return 0;
	case SG_ZONE_OVERLAY:
		return json_object_get(segment, "overlay_id") ? 0 :
		       sg_fill_vni(c, path, segment, e);
	default:
		return 0;
	}
}

static int sg_check_teaming(const json_t *segment, const json_t *zone,
			    struct sg_error *e)
{
	const json_t *name = sg_json_at(segment,
				"advanced_config.uplink_teaming_policy_name");
	json_t *known;
	size_t i;

	if (!name)
		return 0;
	json_array_foreach(json_object_get(zone, "uplink_teaming_policy_names"),
			   i, known)
		if (json_equal(known, name))
			return 0;
	return sg_fail(e, SG_E_FIELD,
		       "advanced_config.uplink_teaming_policy_name: \"%.255s\" is no policy of the transport zone",
		       json_string_value(name));
}

static int sg_check_vlan_segment(const json_t *segment, const char *zone,
				 struct sg_error *e)
{
	if (*sg_json_text(segment, "connectivity_path"))
		return sg_fail(e, SG_E_FIELD,
			       "connectivity_path: a segment of the VLAN transport zone path=[%.400s] has none",
			       zone);
	if (!json_array_size(json_object_get(segment, "vlan_ids")))
		return sg_fail(e, SG_E_FIELD,
			       "vlan_ids: required in the VLAN transport zone path=[%.400s]",
			       zone);
	if (sg_zone_vlan(segment) < 0)
		return sg_fail(e, SG_E_FIELD,
			       "vlan_ids: a segment has one id in the VLAN transport zone path=[%.400s]",
			       zone);
	return 0;
}

static int sg_check_overlay_segment(const json_t *segment, const char *zone,
				    struct sg_error *e)
{
	json_int_t vni = json_integer_value(json_object_get(segment,
							    "overlay_id"));

	return vni > 0 && vni <= SG_VNI_LAST ? 0 :
	       sg_fail(e, SG_E_FIELD,
		       "overlay_id: 1 to %d are VNIs in the overlay transport zone path=[%.400s]",
		       SG_VNI_LAST, zone);
}

/**
 * sg_zone_check_segment - rules of a segment in a transport zone
 * @c: the change
 * @segment: the segment
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_zone_check_segment(struct sg_change *c, const json_t *segment,
			  struct sg_error *e)
{
	const char *path = sg_json_text(segment, "transport_zone_path");
	json_t *zone = *path ? sg_store_get(c->db, path) : NULL;
	enum sg_zone_kind kind = sg_zone_kind(zone);
	int err = zone ? sg_check_teaming(segment, zone, e) : 0;

	json_decref(zone);
	if (!err && kind == SG_ZONE_VLAN)
		err = sg_check_vlan_segment(segment, path, e);
	else if (!err && kind == SG_ZONE_OVERLAY)
		err = sg_check_overlay_segment(segment, path, e);
	return err;
}
