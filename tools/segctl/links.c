// SPDX-License-Identifier: GPL-2.0-only
/*
 * All network devices, for commands that look at several.
 */
#include <errno.h>
#include <stdlib.h>

#include "array.h"
#include "links.h"

static int keep_link(const struct segfab_link *link, void *arg)
{
	struct links *links = arg;
	struct segfab_link *new = ARRAY_ADD(&links->all, &links->count);

	if (!new)
		return -ENOMEM;
	*new = *link;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct segfab_link *x = a, *y = b;

	return (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

/* Return: an exit code; links_free() in any case. */
int links_load(struct links *links)
{
	int err = segfab_link_dump(segctl.h, keep_link, links);

	if (err == -ENOMEM)
		return failed("out of memory");
	if (err)
		return refused(err);
	array_sort(links->all, links->count, sizeof(*links->all), compare);
	return DONE;
}

/* Return: the device, or NULL if it came later or has gone. */
const struct segfab_link *links_find(const struct links *links,
				     uint32_t ifindex)
{
	struct segfab_link key = { .ifindex = ifindex };

	if (!links->count)
		return NULL;
	return bsearch(&key, links->all, links->count, sizeof(key), compare);
}

void links_free(struct links *links)
{
	free(links->all);
	*links = (struct links){};
}
