// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client that sends its request byte by byte keeps a connection busy for as
 * long as it likes: the HTTP library only ends those that say nothing. So each
 * has a deadline, which a finished request moves on.
 *
 * Locking: one lock over the list; it is not held while the library is called.
 */
#include <stdlib.h>
#include <sys/socket.h>

#include "guard.h"
#include "util.h"

/**
 * struct sg_connection - a connection
 * @fd: its socket
 * @since: when it began or finished a request, sg_uptime_ms()
 * @next: in the list
 * @link: what points to it
 */
struct sg_connection {
	int			fd;
	int64_t			since;
	struct sg_connection	*next;
	struct sg_connection	**link;
};

/**
 * sg_guard_init - begin without connections
 * @g: the guard
 * @limit_s: seconds for a request
 */
void sg_guard_init(struct sg_guard *g, unsigned int limit_s)
{
	pthread_mutex_init(&g->lock, NULL);
	g->first = NULL;
	g->limit = limit_s * 1000LL;
}

static void sg_guard_add(struct sg_guard *g, struct MHD_Connection *connection,
			 void **context)
{
	struct sg_connection *c = sg_alloc(sizeof(*c));

	c->fd = MHD_get_connection_info(connection,
					MHD_CONNECTION_INFO_CONNECTION_FD)
		->connect_fd;
	c->since = sg_uptime_ms();
	*context = c;
	pthread_mutex_lock(&g->lock);
	c->next = g->first;
	c->link = &g->first;
	if (c->next)
		c->next->link = &c->next;
	g->first = c;
	pthread_mutex_unlock(&g->lock);
}

static void sg_guard_remove(struct sg_guard *g, struct sg_connection *c)
{
	pthread_mutex_lock(&g->lock);
	*c->link = c->next;
	if (c->next)
		c->next->link = c->link;
	pthread_mutex_unlock(&g->lock);
	free(c);
}

/* Told by the library: a connection begins, or its socket is closed next. */
void sg_guard_connection(void *guard, struct MHD_Connection *connection,
			 void **context,
			 enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		sg_guard_add(guard, connection, context);
	} else if (*context) {
		sg_guard_remove(guard, *context);
		*context = NULL;
	}
}

/**
 * sg_guard_request_done - a request is finished: there is time for another
 * @g: the guard
 * @connection: where
 */
void sg_guard_request_done(struct sg_guard *g,
			   struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info;
	struct sg_connection *c;

	info = MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	c = info ? info->socket_context : NULL;
	if (!c)
		return;
	pthread_mutex_lock(&g->lock);
	c->since = sg_uptime_ms();
	pthread_mutex_unlock(&g->lock);
}

/**
 * sg_guard_sweep - end connections whose time is over; called now and then
 * @g: the guard
 *
 * The socket is only shut down: the library sees that and closes it.
 */
void sg_guard_sweep(struct sg_guard *g)
{
	int64_t now = sg_uptime_ms();

	pthread_mutex_lock(&g->lock);
	for (struct sg_connection *c = g->first; c; c = c->next)
		if (now - c->since > g->limit)
			shutdown(c->fd, SHUT_RDWR);
	pthread_mutex_unlock(&g->lock);
}
