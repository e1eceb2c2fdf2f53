// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects as a backend is to make them: what the store says, in its words.
 *
 * Those that return an error stand in the way of others, or others in theirs:
 * they make room, and are tried once more at the end of the round.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "item.h"
#include "json.h"
#include "profile.h"
#include "zone.h"

/* The device of another object. Return: false if it is not there yet. */
static bool sg_device_of(struct sg_realizer *r, struct sg_item *item,
			 const char *path, char device[SG_DEVICE_SIZE],
			 struct sg_fault *fault)
{
	struct sg_status status;

	if (sg_realizer_status(r, path, &status) && status.usable) {
		memcpy(device, status.device, SG_DEVICE_SIZE);
		return true;
	}
	sg_fault(fault, "waits for %.230s", path);
	item->waits = true;
	sg_item_state(r, item, SG_STATE_PENDING, fault->text);
	return false;
}

static void sg_done(struct sg_realizer *r, struct sg_item *item, int err,
		    const struct sg_fault *fault)
{
	/* A device that is not there is waited for: its arrival is told. */
	if (err == -ENODEV && sg_awaits_devices(item))
		sg_item_state(r, item, SG_STATE_PENDING, fault->text);
	else if (err)
		sg_item_state(r, item, SG_STATE_ERROR, fault->text);
	else
		sg_item_state(r, item, SG_STATE_REALIZED, "");
}

/**
 * sg_make_gateway - make a tier-0 or tier-1
 * @r: the realizer
 * @item: its item
 * @object: itself
 *
 * Return: 0
 */
int sg_make_gateway(struct sg_realizer *r, struct sg_item *item,
		    const json_t *object)
{
	struct sg_want_gateway want = { .path = item->path };
	struct sg_fault fault = {};

	(void)object;
	memcpy(want.device, item->status.device, sizeof(want.device));
	sg_done(r, item, r->backend->ops->gateway_set(r->backend, &want,
						      &fault), &fault);
	return 0;
}

/* --- Transport zones --- */

/* Segments can be in a zone before all of its uplinks are there. */
static void sg_zone_usable(struct sg_realizer *r, struct sg_item *item)
{
	pthread_mutex_lock(&r->lock);
	item->status.usable = true;
	pthread_mutex_unlock(&r->lock);
}

/* The uplinks that the configuration has for it are of no use to it. */
static int sg_zone_other_kind(const struct sg_want_zone *want,
			      struct sg_fault *fault)
{
	sg_fault(fault,
		 "the configuration has a zone of this id and of another kind: %s; delete this one, and reload",
		 want->host->overlay ? "overlay" : "vlan");
	return -EEXIST;
}

/**
 * sg_make_zone - make a transport zone
 * @r: the realizer
 * @item: its item
 * @object: itself
 *
 * Return: 0
 */
int sg_make_zone(struct sg_realizer *r, struct sg_item *item,
		 const json_t *object)
{
	const struct sg_backend_ops *ops = r->backend->ops;
	struct sg_want_zone want = {
		.path = item->path,
		.overlay = sg_zone_kind(object) == SG_ZONE_OVERLAY,
		.host = sg_host_zone(&r->zones, sg_last_word(item->path)),
	};
	struct sg_fault fault = {};
	int err;

	memcpy(want.device, item->status.device, sizeof(want.device));
	err = ops->zone_set(r->backend, &want, &fault);
	if (err) {
		sg_done(r, item, err, &fault);
		return 0;
	}
	if (want.host && want.host->overlay != want.overlay)
		err = sg_zone_other_kind(&want, &fault);
	else
		err = ops->zone_uplinks(r->backend, &want, &fault);
	sg_done(r, item, err, &fault);
	sg_zone_usable(r, item);
	return 0;
}

/* --- Segments --- */

/* Tags that the segment's own machines may use; "0" is no tag. */
static void sg_guest_vlans(const json_t *segment, struct segfab_vlans *vlans)
{
	json_t *text;
	size_t i;

	json_array_foreach(json_object_get(segment, "vlan_ids"), i, text) {
		unsigned int first, last;
		int n = sscanf(json_string_value(text), "%u-%u", &first,
			       &last);

		if (n < 2)
			last = first;
		for (unsigned int v = first ? first : 1;
		     n > 0 && v <= last && v <= 4094; v++)
			segfab_vlans_add(vlans, v);
	}
}

/* Path of the gateway that a segment is in; empty for none. */
static const char *sg_gateway_path(const struct sg_item *item,
				   const json_t *segment)
{
	if (strcmp(sg_json_text(segment, "type"), "ROUTED"))
		return "";
	if (strstr(item->owner, "/tier-1s/"))
		return item->owner;
	return sg_json_text(segment, "connectivity_path");
}

/* Where a segment is in a transport zone. Return: false if it waits for it */
static bool sg_place(struct sg_realizer *r, struct sg_item *item,
		     const json_t *object, struct sg_want_segment *want,
		     struct sg_fault *fault)
{
	const char *path = sg_json_text(object, "transport_zone_path");
	const json_t *policy = sg_json_at(object,
				"advanced_config.uplink_teaming_policy_name");
	const struct sg_host_zone *host;
	struct sg_db *db;

	want->teaming_policy = policy ? json_string_value(policy) : "";
	if (!*path)
		return true;
	if (!sg_device_of(r, item, path, want->zone, fault))
		return false;
	db = sg_db_get(r->store, SG_READ);
	want->overlay = sg_zone_kind_of(db, object) == SG_ZONE_OVERLAY;
	if (want->overlay)
		want->remote_limit = sg_profile_remote_limit(db, item->path);
	sg_db_put(db);
	want->zone_id = !want->overlay ? (uint32_t)sg_zone_vlan(object) :
			json_integer_value(json_object_get(object,
							   "overlay_id"));
	host = sg_host_zone(&r->zones, sg_last_word(path));
	if (host && want->overlay && host->endpoints.count)
		want->endpoints = &host->endpoints;
	return true;
}

/**
 * sg_make_segment - make a segment
 * @r: the realizer
 * @item: its item
 * @object: itself
 *
 * Return: 0, or -EEXIST if its place in the zone is taken
 */
int sg_make_segment(struct sg_realizer *r, struct sg_item *item,
		    const json_t *object)
{
	const char *gateway = sg_gateway_path(item, object);
	const json_t *subnet = json_array_get(json_object_get(object,
							      "subnets"), 0);
	struct sg_want_segment want = { .path = item->path };
	struct sg_fault fault = {};
	int err;

	memcpy(want.device, item->status.device, sizeof(want.device));
	if ((*gateway &&
	     !sg_device_of(r, item, gateway, want.gateway, &fault)) ||
	    !sg_place(r, item, object, &want, &fault))
		return 0;
	sg_format(want.address, sizeof(want.address), "%s",
		  sg_json_text(subnet, "gateway_address"));
	/* In a VLAN zone they are not tags, but its place. */
	if (!*want.zone || want.overlay)
		sg_guest_vlans(object, &want.guest_vlans);
	want.up = strcmp(sg_json_text(object, "admin_state"), "DOWN");
	err = r->backend->ops->segment_set(r->backend, &want, &fault);
	sg_done(r, item, err, &fault);
	return err == -EEXIST ? err : 0;
}

/* --- Ports and binding maps --- */

static void sg_port_learning(struct sg_realizer *r, const struct sg_item *item,
			     struct sg_learning *learning)
{
	struct sg_db *db = sg_db_get(r->store, SG_READ);

	sg_profile_learning(db, item->path, item->owner, learning);
	sg_db_put(db);
}

/**
 * sg_make_port - attach the device of a port
 * @r: the realizer
 * @item: its item
 * @object: itself
 *
 * Return: 0
 */
int sg_make_port(struct sg_realizer *r, struct sg_item *item,
		 const json_t *object)
{
	const json_t *id = sg_json_at(object, "attachment.id");
	struct sg_want_port want = { .path = item->path };
	char device[SG_DEVICE_SIZE] = "";
	struct sg_fault fault = {};
	int err = 0;

	want.attachment = id ? json_string_value(id) : "";
	want.up = strcmp(sg_json_text(object, "admin_state"), "DOWN");
	if (!sg_device_of(r, item, item->owner, want.segment, &fault))
		return 0;
	sg_port_learning(r, item, &want.learning);
	if (*want.attachment)
		err = r->backend->ops->port_set(r->backend, &want, device,
						&fault);
	if (*item->status.device && strcmp(item->status.device, device))
		r->backend->ops->port_del(r->backend, item->status.device,
					  &fault);
	pthread_mutex_lock(&r->lock);
	memcpy(item->status.device, device, sizeof(device));
	pthread_mutex_unlock(&r->lock);
	sg_done(r, item, err, &fault);
	return 0;
}

/**
 * sg_make_map - make a binding map
 * @r: the realizer
 * @item: its item
 * @object: itself
 *
 * Return: 0 or a negative errno
 */
int sg_make_map(struct sg_realizer *r, struct sg_item *item,
		const json_t *object)
{
	struct sg_want_binding want = {
		.path = item->path,
		.id = sg_last_word(item->path),
		.vlan = json_integer_value(json_object_get(object,
							   "vlan_traffic_tag")),
	};
	struct sg_fault fault = {};
	int err;

	if (!sg_device_of(r, item, item->owner, want.child, &fault) ||
	    !sg_device_of(r, item, sg_json_text(object, "segment_path"),
			  want.parent, &fault))
		return 0;
	pthread_mutex_lock(&r->lock);
	memcpy(item->status.device, want.child, sizeof(want.child));
	pthread_mutex_unlock(&r->lock);
	err = r->backend->ops->binding_set(r->backend, &want, &fault);
	sg_done(r, item, err, &fault);
	return err;
}
