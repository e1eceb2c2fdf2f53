/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transport zones, and what they ask of segments.
 */
#ifndef _SEGD_ZONE_H
#define _SEGD_ZONE_H

#include <jansson.h>

#include "error.h"
#include "store.h"
#include "util.h"

#define SG_ZONES	"/infra/sites/default/enforcement-points/default"

/**
 * enum sg_zone_kind - what carries the frames of a zone's segments
 * @SG_ZONE_NONE: there is no zone
 * @SG_ZONE_VLAN: VLANs
 * @SG_ZONE_OVERLAY: tunnels
 */
enum sg_zone_kind {
	SG_ZONE_NONE,
	SG_ZONE_VLAN,
	SG_ZONE_OVERLAY,
};

struct sg_change;

enum sg_zone_kind sg_zone_kind(const json_t *zone);
enum sg_zone_kind sg_zone_kind_of(struct sg_db *db, const json_t *segment);
int sg_zone_vlan(const json_t *segment);
bool sg_zone_claims_vlan(struct sg_db *db, const json_t *segment);
int sg_zone_fill_segment(struct sg_change *c, const char *path,
			 json_t *segment, struct sg_error *e);
int sg_zone_check_segment(struct sg_change *c, const json_t *segment,
			  struct sg_error *e);

#endif /* _SEGD_ZONE_H */
