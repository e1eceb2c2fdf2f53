// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of resource types that a table cannot say.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "frame.h"
#include "json.h"
#include "rules.h"
#include "zone.h"

/* VNIs that are given out: the pool's, as the API has it. */
#define SG_VNI_FIRST	5000
#define SG_VNI_LAST	16777215

/* --- Binding maps --- */

struct sg_first {
	const char	*type;
	const char	*but;
	char		path[SG_PATH_SIZE];
};

/* Keep the first object of a type. */
static int sg_first(const char *path, const char *type, void *arg)
{
	struct sg_first *first = arg;

	if (strcmp(type, first->type) ||
	    (first->but && !strcmp(path, first->but)))
		return 0;
	return sg_format(first->path, sizeof(first->path), "%s", path);
}

/**
 * sg_check_map - R4: a child is no parent, a parent no child, nothing its own
 *	parent
 * @c: the change
 * @path: of the binding map
 * @object: the binding map
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_check_map(struct sg_change *c, const char *path, const json_t *object,
		 struct sg_error *e)
{
	const char *child = sg_json_text(object, "parent_path");
	const char *parent = sg_json_text(object, "segment_path");
	struct sg_first map = { .type = "SegmentConnectionBindingMap" };

	if (!strcmp(child, parent))
		return sg_fail(e, SG_E_FIELD,
			       "segment_path: the segment path=[%.512s] cannot be its own parent",
			       parent);
	if (sg_store_below(c->db, parent, sg_first, &map))
		return sg_fail(e, SG_E_FIELD,
			       "segment_path: path=[%.300s] is a child by path=[%.400s] and cannot be a parent",
			       parent, map.path);
	map.but = path;
	if (sg_store_linked(c->db, child, sg_first, &map))
		return sg_fail(e, SG_E_FIELD,
			       "path=[%.300s] is a parent by path=[%.400s] and cannot be a child",
			       child, map.path);
	return 0;
}

/* --- Segments --- */

/* "10.0.0.1/24" gives "10.0.0.0/24". */
static json_t *sg_network(const char *gateway)
{
	char text[INET6_ADDRSTRLEN], network[INET6_ADDRSTRLEN];
	size_t len = strcspn(gateway, "/");
	uint8_t bytes[16];
	int prefix, size, family;

	if (len >= sizeof(text))
		return NULL;
	memcpy(text, gateway, len);
	text[len] = '\0';
	prefix = atoi(gateway + len + 1);
	family = strchr(text, ':') ? AF_INET6 : AF_INET;
	size = family == AF_INET ? 4 : 16;
	if (inet_pton(family, text, bytes) != 1)
		return NULL;
	for (int bit = prefix; bit < size * 8; bit++)
		bytes[bit / 8] &= ~(0x80 >> bit % 8);
	inet_ntop(family, bytes, network, sizeof(network));
	return json_sprintf("%s/%d", network, prefix);
}

static void sg_fill_subnets(json_t *segment)
{
	json_t *subnet;
	size_t i;

	json_array_foreach(json_object_get(segment, "subnets"), i, subnet)
		json_object_set_new(subnet, "network",
				    sg_network(sg_json_text(subnet,
							    "gateway_address")));
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

/**
 * sg_fill_segment - set what follows from other members of a segment
 * @c: the change
 * @path: of the segment
 * @object: the segment
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_fill_segment(struct sg_change *c, const char *path, json_t *object,
		    struct sg_error *e)
{
	bool routed = *sg_json_text(object, "connectivity_path") ||
		      strstr(path, "/tier-1s/");
	const json_t *on = sg_json_at(object, "advanced_config.connectivity");
	char zone[SG_PATH_SIZE];

	if (on && !strcmp(json_string_value(on), "OFF"))
		routed = false;
	sg_json_set_text(object, "type", routed ? "ROUTED" : "DISCONNECTED");
	sg_fill_subnets(object);

	if (!*sg_json_text(object, "transport_zone_path") &&
	    !json_object_get(object, "vlan_ids") &&
	    sg_zone_default(c->db, zone))
		sg_json_set_text(object, "transport_zone_path", zone);
	if (sg_zone_is_overlay(c->db,
			       sg_json_text(object, "transport_zone_path")) &&
	    !json_object_get(object, "overlay_id"))
		return sg_fill_vni(c, path, object, e);
	return 0;
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

/**
 * sg_check_segment - rules of a segment and its transport zone
 * @c: the change
 * @path: of the segment
 * @object: the segment
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_check_segment(struct sg_change *c, const char *path,
		     const json_t *object, struct sg_error *e)
{
	const char *gateway = sg_json_text(object, "connectivity_path");
	const char *zone_path = sg_json_text(object, "transport_zone_path");
	json_t *zone;
	int err;

	if (*gateway && strstr(path, "/tier-1s/"))
		return sg_fail(e, SG_E_FIELD,
			       "connectivity_path: path=[%.512s] is in its gateway already",
			       path);
	if (!*zone_path)
		return 0;

	zone = sg_store_get(c->db, zone_path);
	err = sg_check_teaming(object, zone, e);
	if (!err && sg_zone_kind(zone) == SG_ZONE_VLAN) {
		if (*gateway)
			err = sg_fail(e, SG_E_FIELD,
				      "connectivity_path: a segment of the VLAN transport zone path=[%.400s] has none",
				      zone_path);
		else if (!json_array_size(json_object_get(object, "vlan_ids")))
			err = sg_fail(e, SG_E_FIELD,
				      "vlan_ids: required in the VLAN transport zone path=[%.400s]",
				      zone_path);
	}
	json_decref(zone);
	return err;
}

/* --- Traceflow --- */

/**
 * sg_check_trace - a traceflow has a source, and a packet that can be made
 * @c: the change
 * @path: of the traceflow
 * @object: the traceflow
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_check_trace(struct sg_change *c, const char *path, const json_t *object,
		   struct sg_error *e)
{
	struct sg_frame frame;

	(void)c;
	(void)path;
	if (*sg_json_text(object, "segment_port_path") ||
	    *sg_json_text(object, "source_id"))
		return sg_frame_make(json_object_get(object, "packet"), &frame,
				     e);
	return sg_fail(e, SG_E_FIELD,
		       "segment_port_path: the member is required");
}
