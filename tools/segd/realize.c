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

/**
 * struct sg_counterpart - what the objects of a type are to a backend
 * @type: the type
 * @prefix: what the names of their devices begin with; NULL: they have none of
 *	their own
 * @awaits: they may wait for devices that somebody else makes
 * @make: makes one so; an error if it is to be tried again in the same round
 * @unmake: removes what was made
 * @yield: makes room for others, after an error of @make
 */
struct sg_counterpart {
	const char	*type;
	const char	*prefix;
	bool		awaits;
	int		(*make)(struct sg_realizer *r, struct sg_item *item,
				const json_t *object);
	int		(*unmake)(struct sg_realizer *r, struct sg_item *item,
				  const json_t *object,
				  struct sg_fault *fault);
	void		(*yield)(struct sg_realizer *r, struct sg_item *item);
};

/* Made in this order, removed in the other. */
static const struct sg_counterpart sg_counterparts[] = {
	{
		.type = "Tier0",
		.prefix = "gw",
		.make = sg_make_gateway,
		.unmake = sg_unmake_gateway,
	}, {
		.type = "Tier1",
		.prefix = "gw",
		.make = sg_make_gateway,
		.unmake = sg_unmake_gateway,
	}, {
		.type = "PolicyTransportZone",
		.prefix = "tz",
		.awaits = true,
		.make = sg_make_zone,
		.unmake = sg_unmake_zone,
	}, {
		.type = "Segment",
		.prefix = "sg",
		.make = sg_make_segment,
		.unmake = sg_unmake_segment,
		.yield = sg_leave_zone,
	}, {
		.type = "SegmentPort",
		.awaits = true,
		.make = sg_make_port,
		.unmake = sg_unmake_port,
	}, {
		.type = "SegmentConnectionBindingMap",
		.make = sg_make_map,
		.unmake = sg_unmake_map,
		.yield = sg_leave_tag,
	},
};

static const struct sg_counterpart *sg_counterpart_of(const struct sg_item *item)
{
	const struct sg_counterpart *kind = sg_counterparts;

	while (strcmp(kind->type, item->type->name))
		kind++;
	return kind;
}

/* Is it a device itself, or something of another's? */
bool sg_has_device(const struct sg_item *item)
{
	return sg_counterpart_of(item)->prefix;
}

/* May it wait for a device that somebody else makes? */
bool sg_awaits_devices(const struct sg_item *item)
{
	return sg_counterpart_of(item)->awaits;
}

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

const char *sg_last_word(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool sg_marked(const json_t *object)
{
	return !object || sg_json_true(object, "marked_for_delete");
}

/* Names of devices come from the object's own id: they never clash. */
static void sg_name_device(struct sg_realizer *r, struct sg_item *item,
			   const json_t *object)
{
	const char *prefix = sg_counterpart_of(item)->prefix;
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

		if (!sg_has_device(item) || *item->status.device)
			continue;
		object = sg_store_get(db, item->path);
		sg_name_device(r, item, object);
		json_decref(object);
	}
	sg_db_put(db);
}

static void sg_remove(struct sg_realizer *r, struct sg_item *item,
		      const json_t *object)
{
	struct sg_fault fault = {};

	if (sg_counterpart_of(item)->unmake(r, item, object, &fault))
		sg_item_state(r, item, SG_STATE_ERROR, fault.text);
	else
		item->gone = true;
}

/* Return: an error if it is to be tried again in this round */
static int sg_make(struct sg_realizer *r, struct sg_db *db,
		   struct sg_item *item)
{
	json_t *object = sg_store_get(db, item->path);
	int err = 0;

	item->waits = false;
	if (!sg_marked(object))
		err = sg_counterpart_of(item)->make(r, item, object);
	json_decref(object);
	return err;
}

/*
 * Two binding maps that change places stand in each other's way, and so do two
 * segments of a zone: what was refused makes room, and is tried once more when
 * all others are done.
 */
static void sg_make_all(struct sg_realizer *r, struct sg_db *db,
			struct sg_round *round, const struct sg_counterpart *kind)
{
	struct sg_item **again = sg_alloc(round->count * sizeof(*again));
	size_t n = 0;

	for (size_t i = 0; i < round->count && !r->stop; i++) {
		struct sg_item *item = round->items[i];

		if (item->gone || strcmp(item->type->name, kind->type) ||
		    !sg_make(r, db, item))
			continue;
		kind->yield(r, item);
		again[n++] = item;
	}
	for (size_t i = 0; i < n; i++)
		sg_make(r, db, again[i]);
	free(again);
}

static void sg_remove_all(struct sg_realizer *r, struct sg_db *db,
			  struct sg_round *round, const struct sg_counterpart *kind)
{
	for (size_t i = 0; i < round->count && !r->stop; i++) {
		struct sg_item *item = round->items[i];
		bool named = !kind->prefix || *item->status.device;
		json_t *object;

		if (strcmp(item->type->name, kind->type) ||
		    (named && sg_store_stays(db, item->path)))
			continue;
		object = sg_store_get(db, item->path);
		if (kind->prefix)
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
 * When the daemon is to end, what is left waits for the next start.
 *
 * Context: the realizer's thread
 */
void sg_realize(struct sg_realizer *r, struct sg_round *round)
{
	struct sg_db *db;

	if (!round->count)
		return;
	db = sg_db_get(r->store, SG_READ);
	for (size_t i = SG_ARRAY_SIZE(sg_counterparts); i > 0; i--)
		sg_remove_all(r, db, round, &sg_counterparts[i - 1]);
	for (size_t i = 0; i < SG_ARRAY_SIZE(sg_counterparts); i++)
		sg_make_all(r, db, round, &sg_counterparts[i]);
	sg_db_put(db);
}
