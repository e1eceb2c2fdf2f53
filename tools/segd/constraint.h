/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has to hold between objects.
 */
#ifndef _SEGD_CONSTRAINT_H
#define _SEGD_CONSTRAINT_H

#include "change.h"

void sg_constraint_forget(struct sg_change *c, const struct sg_touched *t);
int sg_constraint_note(struct sg_change *c, const struct sg_touched *t,
		       struct sg_error *e);
int sg_constraint_check(struct sg_change *c, const struct sg_touched *t,
			struct sg_error *e);

#endif /* _SEGD_CONSTRAINT_H */
