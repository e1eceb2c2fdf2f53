/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths that name no policy object.
 */
#ifndef _SEGD_ROUTER_H
#define _SEGD_ROUTER_H

#include "api.h"

#define SG_POLICY_PREFIX	"/policy/api/v1"

/**
 * struct sg_route - a path and what answers for it
 * @method: of the request
 * @path: of the request, as a whole
 * @run: answers
 * @open: to anybody
 */
struct sg_route {
	const char	*method;
	const char	*path;
	sg_handler	run;
	bool		open;
};

extern const struct sg_route sg_routes[];
extern const size_t sg_route_count;

#endif /* _SEGD_ROUTER_H */
