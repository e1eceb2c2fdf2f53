// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory, time and random numbers.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "util.h"

static void *sg_checked(void *p)
{
	if (!p) {
		fputs("segd: out of memory\n", stderr);
		abort();
	}
	return p;
}

/**
 * sg_alloc - memory, cleared
 * @size: bytes
 *
 * Return: the memory; the program ends if there is none
 */
void *sg_alloc(size_t size)
{
	return sg_checked(calloc(1, size ? size : 1));
}

/**
 * sg_realloc - memory of another size
 * @p: what sg_alloc() or this has returned, or NULL
 * @size: bytes, not 0
 *
 * Return: the memory; the program ends if there is none
 */
void *sg_realloc(void *p, size_t size)
{
	return sg_checked(realloc(p, size));
}

char *sg_strdup(const char *text)
{
	return sg_checked(strdup(text));
}

/**
 * sg_printf - a text, formatted
 * @fmt: as for printf()
 *
 * Return: the text, to be freed
 */
char *sg_printf(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	return sg_checked(text);
}

/**
 * sg_format - a text, formatted into a buffer
 * @buf: where to
 * @size: its size
 * @fmt: as for printf()
 *
 * Return: whether all of it found room
 */
bool sg_format(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n >= 0 && (size_t)n < size;
}

static int64_t sg_clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Return: milliseconds since 1970 */
int64_t sg_now_ms(void)
{
	return sg_clock_ms(CLOCK_REALTIME);
}

/* Return: milliseconds of a clock that nobody sets */
int64_t sg_uptime_ms(void)
{
	return sg_clock_ms(CLOCK_MONOTONIC);
}

/**
 * sg_random - random bytes, good enough for secrets
 * @buf: where to
 * @size: how many, at most 256
 */
void sg_random(void *buf, size_t size)
{
	if (getrandom(buf, size, 0) != (ssize_t)size) {
		perror("segd: getrandom");
		abort();
	}
}

/**
 * sg_uuid - a random UUID
 * @uuid: where to
 */
void sg_uuid(char uuid[SG_UUID_SIZE])
{
	uint8_t b[16];

	sg_random(b, sizeof(b));
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	snprintf(uuid, SG_UUID_SIZE,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9],
		 b[10], b[11], b[12], b[13], b[14], b[15]);
}

/**
 * sg_same_secret - compare without telling by time where the difference is
 * @a: what is known
 * @b: what was given
 *
 * Return: whether they are equal
 */
bool sg_same_secret(const char *a, const char *b)
{
	size_t alen = strlen(a), blen = strlen(b);
	volatile unsigned char different = alen != blen;

	for (size_t i = 0; i < blen; i++)
		different |= a[alen ? i % alen : 0] ^ b[i];
	return !different;
}
