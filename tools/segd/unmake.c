// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a backend has made goes again.
 */
#include <errno.h>
#include <string.h>

#include "item.h"
#include "json.h"

/**
 * sg_unmake_gateway - remove a tier-0 or tier-1
 * @r: the realizer
 * @item: its item
 * @object: itself, NULL if the store has forgotten it
 * @fault: takes the reason of a failure
 *
 * Return: 0 or a negative errno
 */
int sg_unmake_gateway(struct sg_realizer *r, struct sg_item *item,
		      const json_t *object, struct sg_fault *fault)
{
	(void)object;
	return r->backend->ops->gateway_del(r->backend, item->status.device,
					    fault);
}

/**
 * sg_unmake_zone - remove a transport zone
 * @r: the realizer
 * @item: its item
 * @object: itself, NULL if the store has forgotten it
 * @fault: takes the reason of a failure
 *
 * Return: 0 or a negative errno
 */
int sg_unmake_zone(struct sg_realizer *r, struct sg_item *item,
		   const json_t *object, struct sg_fault *fault)
{
	(void)object;
	return r->backend->ops->zone_del(r->backend, item->status.device, fault);
}

/**
 * sg_unmake_segment - remove a segment
 * @r: the realizer
 * @item: its item
 * @object: itself, NULL if the store has forgotten it
 * @fault: takes the reason of a failure
 *
 * Return: 0 or a negative errno
 */
int sg_unmake_segment(struct sg_realizer *r, struct sg_item *item,
		      const json_t *object, struct sg_fault *fault)
{
	(void)object;
	return r->backend->ops->segment_del(r->backend, item->status.device,
					    fault);
}

/**
 * sg_unmake_port - detach the device of a port
 * @r: the realizer
 * @item: its item
 * @object: itself, NULL if the store has forgotten it
 * @fault: takes the reason of a failure
 *
 * Return: 0 or a negative errno
 */
int sg_unmake_port(struct sg_realizer *r, struct sg_item *item,
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

/**
 * sg_unmake_map - remove a binding map
 * @r: the realizer
 * @item: its item
 * @object: itself, NULL if the store has forgotten it
 * @fault: takes the reason of a failure
 *
 * Return: 0 or a negative errno
 */
int sg_unmake_map(struct sg_realizer *r, struct sg_item *item,
		  const json_t *object, struct sg_fault *fault)
{
	struct sg_status child;

	(void)object;
	if (!sg_realizer_status(r, item->owner, &child))
		return 0;
	return r->backend->ops->binding_del(r->backend, child.device,
					    sg_last_word(item->path), fault);
}

/* --- Making room --- */

/**
 * sg_leave_zone - a segment gives its place in a transport zone free
 * @r: the realizer
 * @item: its item
 */
void sg_leave_zone(struct sg_realizer *r, struct sg_item *item)
{
	struct sg_fault ignored;

	r->backend->ops->segment_leave(r->backend, item->status.device,
				       &ignored);
}

/**
 * sg_leave_tag - a binding map gives its tag free
 * @r: the realizer
 * @item: its item
 */
void sg_leave_tag(struct sg_realizer *r, struct sg_item *item)
{
	struct sg_fault ignored;

	r->backend->ops->binding_del(r->backend, item->status.device,
				     sg_last_word(item->path), &ignored);
}
