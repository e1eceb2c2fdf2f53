/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checking what a client, or another daemon, sends against the table of resource types.
 */
#ifndef _SEGD_VALIDATE_H
#define _SEGD_VALIDATE_H

#include <jansson.h>

#include "schema.h"

json_t *sg_validate(const struct sg_type *type, const json_t *input,
		    struct sg_error *e);
json_t *sg_validate_answer(const struct sg_field *fields, const json_t *input,
			   struct sg_error *e);
json_t *sg_merge(const json_t *before, const json_t *input);

#endif /* _SEGD_VALIDATE_H */
