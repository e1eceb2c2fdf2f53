/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arrays that grow.
 */
#ifndef _SEGCTL_ARRAY_H
#define _SEGCTL_ARRAY_H

#include <stddef.h>
#include <stdint.h>

void *array_add(void *array, size_t *count, size_t size);

/* Room for one more at the end of *array; NULL if there is no memory. */
#define ARRAY_ADD(array, count)						\
	((__typeof__(*(array)))array_add(array, count, sizeof(**(array))))

void array_sort(void *array, size_t count, size_t size,
		int (*compare)(const void *a, const void *b));
size_t array_first(const void *array, size_t count, size_t size,
		   uint32_t (*key)(const void *element), uint32_t from);

#endif /* _SEGCTL_ARRAY_H */
