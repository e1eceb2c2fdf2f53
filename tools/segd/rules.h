/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules of resource types that a table cannot say.
 */
#ifndef _SEGD_RULES_H
#define _SEGD_RULES_H

#include <jansson.h>

#include "error.h"

struct sg_change;

int sg_fill_segment(struct sg_change *c, const char *path, json_t *object,
		    struct sg_error *e);
int sg_check_segment(struct sg_change *c, const char *path,
		     const json_t *object, struct sg_error *e);
int sg_fill_zone(struct sg_change *c, const char *path, json_t *object,
		 struct sg_error *e);
int sg_check_map(struct sg_change *c, const char *path, const json_t *object,
		 struct sg_error *e);
int sg_check_mac_discovery(struct sg_change *c, const char *path,
			   const json_t *object, struct sg_error *e);
int sg_check_trace(struct sg_change *c, const char *path,
		   const json_t *object, struct sg_error *e);

#endif /* _SEGD_RULES_H */
