/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON: reading a body within limits, and writing it in the manager's style.
 */
#ifndef _SEGD_JSON_H
#define _SEGD_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "error.h"
#include "text.h"

json_t *sg_json_read(const char *data, size_t len, struct sg_error *e);
void sg_json_layout(struct sg_text *t, const char *s);
void sg_json_write(struct sg_text *t, const json_t *value);
char *sg_json_compact(const json_t *value);
bool sg_json_true(const json_t *object, const char *key);
const char *sg_json_text(const json_t *object, const char *key);
void sg_json_set_text(json_t *object, const char *key, const char *text);

#endif /* _SEGD_JSON_H */
