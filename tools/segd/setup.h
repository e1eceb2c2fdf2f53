/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is there before the first client comes.
 */
#ifndef _SEGD_SETUP_H
#define _SEGD_SETUP_H

#include "config.h"

int sg_setup_folder(const struct sg_config *c, struct sg_error *e);
int sg_setup_lock(const struct sg_config *c, struct sg_error *e);
int sg_setup_secrets(const struct sg_config *c, struct sg_error *e);
struct sg_store *sg_setup_store(const struct sg_config *c,
				struct sg_error *e);
int sg_setup_update(struct sg_store *store, const struct sg_config *c,
		    struct sg_error *e);
char *sg_setup_zone_path(const struct sg_host_zone *z);
char *sg_setup_store_file(const struct sg_config *c);
int sg_setup_restore(const struct sg_config *c, const char *file,
		     struct sg_error *e);

#endif /* _SEGD_SETUP_H */
