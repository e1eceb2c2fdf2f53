/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The wire: HTTP over TLS.
 */
#ifndef _SEGD_HTTP_H
#define _SEGD_HTTP_H

#include "auth.h"
#include "config.h"

struct sg_http;

struct sg_http *sg_http_start(struct sg_api *api, struct sg_auth *auth,
			      const struct sg_config *config, int fd,
			      struct sg_error *e);
int sg_http_quiesce(struct sg_http *h);
void sg_http_stop(struct sg_http *h);
void sg_http_sweep(struct sg_http *h);
unsigned int sg_http_port(struct sg_http *h);

#endif /* _SEGD_HTTP_H */
