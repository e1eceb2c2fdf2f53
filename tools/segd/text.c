// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text that grows.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "util.h"

#define SG_TEXT_FIRST	256

static void sg_text_room(struct sg_text *t, size_t more)
{
	size_t size = t->size ? t->size : SG_TEXT_FIRST;

	while (size < t->len + more + 1)
		size *= 2;
	if (size == t->size)
		return;
	t->data = sg_realloc(t->data, size);
	t->size = size;
}

/**
 * sg_text_add - add bytes at the end
 * @t: the text
 * @data: the bytes; may be NULL if there are none
 * @len: how many
 */
void sg_text_add(struct sg_text *t, const char *data, size_t len)
{
	sg_text_room(t, len);
	if (len)
		memcpy(t->data + t->len, data, len);
	t->len += len;
	t->data[t->len] = '\0';
}

void sg_text_puts(struct sg_text *t, const char *s)
{
	sg_text_add(t, s, strlen(s));
}

/**
 * sg_text_printf - add formatted text at the end
 * @t: the text
 * @fmt: as for printf()
 */
void sg_text_printf(struct sg_text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	sg_text_room(t, 0);
	va_start(ap, fmt);
	n = vsnprintf(t->data + t->len, t->size - t->len, fmt, ap);
	va_end(ap);
	if (n < 0)
		n = 0;
	if ((size_t)n >= t->size - t->len) {
		sg_text_room(t, n);
		va_start(ap, fmt);
		vsnprintf(t->data + t->len, n + 1, fmt, ap);
		va_end(ap);
	}
	t->len += n;
}

/**
 * sg_text_free - make it empty
 * @t: the text
 */
void sg_text_free(struct sg_text *t)
{
	free(t->data);
	memset(t, 0, sizeof(*t));
}
