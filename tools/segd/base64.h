/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Base 64, as in basic authentication and in cursors.
 */
#ifndef _SEGD_BASE64_H
#define _SEGD_BASE64_H

#include <stddef.h>

char *sg_base64_encode(const char *data, size_t len);
char *sg_base64_decode(const char *text, size_t *len);

#endif /* _SEGD_BASE64_H */
