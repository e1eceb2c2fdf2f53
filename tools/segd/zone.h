/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transport zones as segments see them.
 */
#ifndef _SEGD_ZONE_H
#define _SEGD_ZONE_H

#include <jansson.h>

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

enum sg_zone_kind sg_zone_kind(const json_t *zone);
bool sg_zone_is_overlay(struct sg_db *db, const char *path);
bool sg_zone_default(struct sg_db *db, char path[SG_PATH_SIZE]);

#endif /* _SEGD_ZONE_H */
