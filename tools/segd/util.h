/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory, time and random numbers.
 *
 * A daemon that is out of memory ends and is started again: what it has
 * acknowledged is in the store. So nobody asks whether memory was there.
 */
#ifndef _SEGD_UTIL_H
#define _SEGD_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* The longest policy path, with the terminating NUL. */
#define SG_PATH_SIZE		1024
#define SG_UUID_SIZE		37

void *sg_alloc(size_t size);
void *sg_realloc(void *p, size_t size);
char *sg_strdup(const char *text);
char *sg_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool sg_format(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

int64_t sg_now_ms(void);
int64_t sg_uptime_ms(void);
void sg_random(void *buf, size_t size);
void sg_uuid(char uuid[SG_UUID_SIZE]);
bool sg_same_secret(const char *a, const char *b);

#endif /* _SEGD_UTIL_H */
