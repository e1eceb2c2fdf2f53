// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arrays that grow.
 */
#include <stdlib.h>
#include <string.h>

#include "array.h"

/* An array has room for as many elements as the next power of two. */
void *array_add(void *array, size_t *count, size_t size)
{
	void *elements;

	memcpy(&elements, array, sizeof(elements));
	if (!(*count & (*count - 1))) {
		elements = realloc(elements, (*count ? *count * 2 : 1) * size);
		if (!elements)
			return NULL;
		memcpy(array, &elements, sizeof(elements));
	}
	return (char *)elements + (*count)++ * size;
}

void array_sort(void *array, size_t count, size_t size,
		int (*compare)(const void *a, const void *b))
{
	if (count)
		qsort(array, count, size, compare);
}

/* Of an array sorted by @key: the first element whose key is not below @from. */
size_t array_first(const void *array, size_t count, size_t size,
		   uint32_t (*key)(const void *element), uint32_t from)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (key((const char *)array + mid * size) < from)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
