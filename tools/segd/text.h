/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text that grows.
 */
#ifndef _SEGD_TEXT_H
#define _SEGD_TEXT_H

#include <stddef.h>

/**
 * struct sg_text - text that grows; all zero is an empty one
 * @data: the bytes, with a terminating NUL; NULL while empty
 * @len: how many
 * @size: room
 */
struct sg_text {
	char	*data;
	size_t	len;
	size_t	size;
};

void sg_text_add(struct sg_text *t, const char *data, size_t len);
void sg_text_puts(struct sg_text *t, const char *s);
void sg_text_printf(struct sg_text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void sg_text_free(struct sg_text *t);

#endif /* _SEGD_TEXT_H */
