// SPDX-License-Identifier: GPL-2.0-only
/*
 * One round of the realizer: what is to go goes first, from binding maps to
 * gateways; then what is to be is made, from gateways to binding maps.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "item.h"
#include "json.h"

/* Made in this order, removed in the other. */
static const char *const sg_order[] = {
	"Tier0", "Tier1", "Segment", "SegmentPort",
	"SegmentConnectionBindingMap",
};

/**
 * sg_fault - note why a backend could not do it
 * @fault: where to
 * @fmt: as for printf()
 *
 * Return: -EIO
 */
int sg_fault(struct sg_fault *fault, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fault->text, sizeof(fault->text), fmt, ap);
	va_end(ap);
	return -EIO;
}

static bool sg_marked(const json_t *object)
{
	return !object || sg_json_true(object, "marked_for_delete");
}

/* Names of devices come from the object's own id: they never clash. */
static void sg_name_device(struct sg_realizer *r, struct sg_item *item,
			   const json_t *object)
{
	const char *prefix = strcmp(item->type->name, "Segment") ? "gw" : "sg";
	const char *id = sg_json_text(object, "unique_id");
	char device[SG_DEVICE_SIZE];
	size_t n;

	if (*item->status.device || !*id)
		return;
	n = snprintf(device, sizeof(device), "%s-", prefix);
	for (; *id && n + 1 < sizeof(device); id++)
		if (*id != '-')
			device[n++] = *id;
	device[n] = '\0';
	pthread_mutex_lock(&r->lock);
	memcpy(item->status.device, device, sizeof(device));
	pthread_mutex_unlock(&r->lock);
}

/* Is it a device itself, or something of another's? */
static bool sg_names_device(const struct sg_item *item)
{
	return strcmp(item->type->name, "SegmentPort") &&
	       strcmp(item->type->name, "SegmentConnectionBindingMap");
}

/**
 * sg_name_all - name the devices of a round
 * @r: the realizer
 * @round: the items
 */
void sg_name_all(struct sg_realizer *r, struct sg_round *round)
{
	struct sg_db *db = sg_db_get(r->store, SG_READ);

	for (size_t i = 0; i < round->count; i++) {
		struct sg_item *item = round->items[i];
		json_t *object;

		if (!sg_names_device(item) || *item->status.device)
			continue;
		object = sg_store_get(db, item->path);
		sg_name_device(r, item, object);
		json_decref(object);
	}
	sg_db_put(db);
}

/* The device of another object. Return: false if it is not there yet. */
static bool sg_device_of(struct sg_realizer *r, struct sg_item *item,
			 const char *path, char device[SG_DEVICE_SIZE],
			 struct sg_fault *fault)
{
	struct sg_status status;

	if (sg_realizer_status(r, path, &status) &&
	    status.state == SG_STATE_REALIZED) {
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
	if (err)
		sg_item_state(r, item, SG_STATE_ERROR, fault->text);
	else
		sg_item_state(r, item, SG_STATE_REALIZED, "");
}

/* --- Removing --- */

static const char *sg_last_word(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* The device of a port that was attached before the daemon began. */
static int sg_detach(struct sg_realizer *r, struct sg_item *item,
		     const json_t *object, struct sg_fault *fault)
{
	const json_t *id = sg_json_at(object, "attachment.id");
	struct sg_want_port want = { .path = item->path };
	char device[SG_DEVICE_SIZE];
	struct sg_status segment;
	int err;

	if (*item->status.device)
		return r->backend->ops->port_del(r->backend,
						 item->status.device, fault);
	if (!id || !sg_realizer_status(r, item->owner, &segment))
		return 0;
	want.attachment = json_string_value(id);
	memcpy(want.segment, segment.device, sizeof(want.segment));
	err = r->backend->ops->port_set(r->backend, &want, device, fault);
	return err == -ENODEV ? 0 : err;
}

static void sg_remove(struct sg_realizer *r, struct sg_item *item,
		      const json_t *object)
{
	const struct sg_backend_ops *ops = r->backend->ops;
	struct sg_fault fault = {};
	struct sg_status owner;
	int err = 0;

	if (!strcmp(item->type->name, "SegmentPort"))
		err = sg_detach(r, item, object, &fault);
	else if (!strcmp(item->type->name, "Segment"))
		err = ops->segment_del(r->backend, item->status.device,
				       &fault);
	else if (strcmp(item->type->name, "SegmentConnectionBindingMap"))
		err = ops->gateway_del(r->backend, item->status.device,
				       &fault);
	else if (sg_realizer_status(r, item->owner, &owner))
		err = ops->binding_del(r->backend, owner.device,
				       sg_last_word(item->path), &fault);

	if (err)
		sg_item_state(r, item, SG_STATE_ERROR, fault.text);
	else
		item->gone = true;
}

/* --- Making --- */

static void sg_make_gateway(struct sg_realizer *r, struct sg_item *item)
{
	struct sg_want_gateway want = { .path = item->path };
	struct sg_fault fault = {};

	memcpy(want.device, item->status.device, sizeof(want.device));
	sg_done(r, item, r->backend->ops->gateway_set(r->backend, &want,
						      &fault), &fault);
}

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

static void sg_make_segment(struct sg_realizer *r, struct sg_item *item,
			    const json_t *object)
{
	const char *gateway = sg_gateway_path(item, object);
	const json_t *subnet = json_array_get(json_object_get(object,
							      "subnets"), 0);
	struct sg_want_segment want = { .path = item->path };
	struct sg_fault fault = {};

	if (*sg_json_text(object, "transport_zone_path")) {
		sg_item_state(r, item, SG_STATE_ERROR,
			      "segd does not put segments into transport zones; segctl does");
		return;
	}
	memcpy(want.device, item->status.device, sizeof(want.device));
	if (*gateway && !sg_device_of(r, item, gateway, want.gateway, &fault))
		return;
	sg_format(want.address, sizeof(want.address), "%s",
		  sg_json_text(subnet, "gateway_address"));
	sg_guest_vlans(object, &want.guest_vlans);
	want.up = strcmp(sg_json_text(object, "admin_state"), "DOWN");
	sg_done(r, item, r->backend->ops->segment_set(r->backend, &want,
						      &fault), &fault);
}

static void sg_make_port(struct sg_realizer *r, struct sg_item *item,
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
		return;
	if (*want.attachment)
		err = r->backend->ops->port_set(r->backend, &want, device,
						&fault);
	if (*item->status.device && strcmp(item->status.device, device))
		r->backend->ops->port_del(r->backend, item->status.device,
					  &fault);
	pthread_mutex_lock(&r->lock);
	memcpy(item->status.device, device, sizeof(device));
	pthread_mutex_unlock(&r->lock);
	/* A device that is not there is waited for: its arrival is told. */
	if (err == -ENODEV)
		sg_item_state(r, item, SG_STATE_PENDING, fault.text);
	else
		sg_done(r, item, err, &fault);
}

static int sg_make_map(struct sg_realizer *r, struct sg_item *item,
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

static int sg_make(struct sg_realizer *r, struct sg_item *item,
		   const json_t *object)
{
	item->waits = false;
	if (!strcmp(item->type->name, "SegmentConnectionBindingMap"))
		return sg_make_map(r, item, object);
	if (!strcmp(item->type->name, "Segment"))
		sg_make_segment(r, item, object);
	else if (!strcmp(item->type->name, "SegmentPort"))
		sg_make_port(r, item, object);
	else
		sg_make_gateway(r, item);
	return 0;
}

/* --- A round --- */

/*
 * Two binding maps that change places stand in each other's way: what was
 * refused makes room, and is tried once more when all others are done.
 */
static void sg_make_again(struct sg_realizer *r, struct sg_db *db,
			  struct sg_item *item)
{
	json_t *object = sg_store_get(db, item->path);

	if (!sg_marked(object))
		sg_make(r, item, object);
	json_decref(object);
}

static void sg_make_all(struct sg_realizer *r, struct sg_db *db,
			struct sg_round *round, const char *type)
{
	struct sg_item **again = sg_alloc(round->count * sizeof(*again));
	struct sg_fault ignored;
	size_t n = 0;

	for (size_t i = 0; i < round->count; i++) {
		struct sg_item *item = round->items[i];
		json_t *object;

		if (item->gone || strcmp(item->type->name, type))
			continue;
		object = sg_store_get(db, item->path);
		if (!sg_marked(object) && sg_make(r, item, object)) {
			r->backend->ops->binding_del(r->backend,
						     item->status.device,
						     sg_last_word(item->path),
						     &ignored);
			again[n++] = item;
		}
		json_decref(object);
	}
	for (size_t i = 0; i < n; i++)
		sg_make_again(r, db, again[i]);
	free(again);
}

static void sg_remove_all(struct sg_realizer *r, struct sg_db *db,
			  struct sg_round *round, const char *type)
{
	for (size_t i = 0; i < round->count; i++) {
		struct sg_item *item = round->items[i];
		json_t *object;

		if (strcmp(item->type->name, type))
			continue;
		object = sg_store_get(db, item->path);
		if (sg_names_device(item))
			sg_name_device(r, item, object);
		if (sg_marked(object))
			sg_remove(r, item, object);
		json_decref(object);
	}
}

/**
 * sg_realize - work on a round of items
 * @r: the realizer
 * @round: the items; those that are gone are marked
 *
 * Context: the realizer's thread
 */
void sg_realize(struct sg_realizer *r, struct sg_round *round)
{
	struct sg_db *db;

	if (!round->count)
		return;
	db = sg_db_get(r->store, SG_READ);
	for (size_t i = SG_ARRAY_SIZE(sg_order); i > 0; i--)
		sg_remove_all(r, db, round, sg_order[i - 1]);
	for (size_t i = 0; i < SG_ARRAY_SIZE(sg_order); i++)
		sg_make_all(r, db, round, sg_order[i]);
	sg_db_put(db);
}
