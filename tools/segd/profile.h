/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Profiles: what they say of ports and segments, and of which ones.
 */
#ifndef _SEGD_PROFILE_H
#define _SEGD_PROFILE_H

#include "backend.h"
#include "path.h"
#include "store.h"

void sg_profile_learning(struct sg_db *db, const char *port,
			 const char *segment, struct sg_learning *learning);
uint32_t sg_profile_remote_limit(struct sg_db *db, const char *segment);
void sg_profile_governed(struct sg_db *db, const struct sg_target *target,
			 sg_path_fn fn, void *arg);

#endif /* _SEGD_PROFILE_H */
