/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections, and how long each may take for a request.
 */
#ifndef _SEGD_GUARD_H
#define _SEGD_GUARD_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdint.h>

struct sg_connection;

/**
 * struct sg_guard - all connections
 * @lock: covers the rest
 * @first: list of connections
 * @limit: milliseconds for a request
 */
struct sg_guard {
	pthread_mutex_t		lock;
	struct sg_connection	*first;
	int64_t			limit;
};

void sg_guard_init(struct sg_guard *g, unsigned int limit_s);
void sg_guard_connection(void *guard, struct MHD_Connection *connection,
			 void **context,
			 enum MHD_ConnectionNotificationCode what);
void sg_guard_request_done(struct sg_guard *g,
			   struct MHD_Connection *connection);
void sg_guard_sweep(struct sg_guard *g);

#endif /* _SEGD_GUARD_H */
