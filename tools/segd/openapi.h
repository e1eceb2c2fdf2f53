/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The OpenAPI document, made from the tables.
 */
#ifndef _SEGD_OPENAPI_H
#define _SEGD_OPENAPI_H

#include <jansson.h>

json_t *sg_openapi(void);

#endif /* _SEGD_OPENAPI_H */
