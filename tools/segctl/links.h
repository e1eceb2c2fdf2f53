/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All network devices, for commands that look at several.
 */
#ifndef _SEGCTL_LINKS_H
#define _SEGCTL_LINKS_H

#include "segctl.h"

/**
 * struct links - the network devices of the namespace
 * @all: the devices, by rising ifindex
 * @count: how many
 */
struct links {
	struct segfab_link	*all;
	size_t			count;
	size_t			room;
};

int links_load(struct links *links);
const struct segfab_link *links_find(const struct links *links,
				     uint32_t ifindex);
void links_free(struct links *links);

#endif /* _SEGCTL_LINKS_H */
