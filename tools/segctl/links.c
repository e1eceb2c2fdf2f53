// SPDX-License-Identifier: GPL-2.0-only
/*
 * All network devices, for commands that look at several.
 */
#include <errno.h>
#include <stdlib.h>

#include "links.h"

static int keep_link(const struct segfab_link *link, void *arg)
{
	struct links *links = arg;

	if (links->count == links->room) {
		size_t room = links->room ? links->room * 2 : 64;
		void *all = realloc(links->all, room * sizeof(*links->all));

		if (!all)
			return -ENOMEM;
		links->all = all;
		links->room = room;
	}
	links->all[links->count++] = *link;
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
	if (links->count)
		qsort(links->all, links->count, sizeof(*links->all), compare);
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
