/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who a request comes from.
 */
#ifndef _SEGD_AUTH_H
#define _SEGD_AUTH_H

#include "config.h"

#define SG_SECRET_SIZE	256

struct sg_auth;

struct sg_auth *sg_auth_new(const struct sg_config *config,
			    struct sg_error *e);
void sg_auth_free(struct sg_auth *a);
int sg_auth_reload(struct sg_auth *a, const struct sg_config *config,
		   struct sg_error *e);

int sg_auth_password(struct sg_auth *a, const char *name,
		     const char *password, struct sg_user *user,
		     struct sg_error *e);
int sg_auth_basic(struct sg_auth *a, const char *header, struct sg_user *user,
		  struct sg_error *e);
int sg_auth_certificate(struct sg_auth *a, const char *name,
			struct sg_user *user, struct sg_error *e);

int sg_secret_read(const char *file, char secret[SG_SECRET_SIZE],
		   struct sg_error *e);

#endif /* _SEGD_AUTH_H */
