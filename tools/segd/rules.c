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

	if (on && !strcmp(json_string_value(on), "OFF"))
		routed = false;
	sg_json_set_text(object, "type", routed ? "ROUTED" : "DISCONNECTED");
	sg_fill_subnets(object);
	return sg_zone_fill_segment(c, path, object, e);
}

/**
 * sg_check_segment - rules of a segment, its gateway and its transport zone
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

	if (*gateway && strstr(path, "/tier-1s/"))
		return sg_fail(e, SG_E_FIELD,
			       "connectivity_path: path=[%.512s] is in its gateway already",
			       path);
	return sg_zone_check_segment(c, object, e);
}

/* --- Profiles --- */

/**
 * sg_check_mac_discovery - a limit of no address at all stops every machine
 * @c: the change
 * @path: of the profile
 * @object: the profile
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_check_mac_discovery(struct sg_change *c, const char *path,
			   const json_t *object, struct sg_error *e)
{
	(void)c;
	(void)path;
	if (!sg_json_true(object, "mac_learning_enabled") ||
	    strcmp(sg_json_text(object, "mac_limit_policy"), "DROP") ||
	    json_integer_value(json_object_get(object, "mac_limit")))
		return 0;
	return sg_fail(e, SG_E_FIELD,
		       "mac_limit: with mac_limit_policy DROP, 0 would let no frame in");
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
