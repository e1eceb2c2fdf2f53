// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Handles: their sockets, the network namespace that these live in, and the
 * texts of errors and warnings.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <netlink/socket.h>

#include "internal.h"

#ifndef SEGFAB_VERSION
#define SEGFAB_VERSION	"unknown"
#endif

#define SF_NETNS_DIR	"/run/netns"

/**
 * segfab_version - the version of the library
 *
 * Return: the text that "segctl -V" shows
 */
SF_API const char *segfab_version(void)
{
	return SEGFAB_VERSION;
}

/**
 * segfab_new - make a handle
 *
 * The handle has no connection yet, but a place for the text of an error.
 *
 * Return: the handle, or NULL if there is no memory
 */
SF_API struct segfab *segfab_new(void)
{
	return calloc(1, sizeof(struct segfab));
}

/**
 * segfab_free - close a handle
 * @h: the handle, or NULL
 */
SF_API void segfab_free(struct segfab *h)
{
	if (!h)
		return;

	for (int i = 0; i < SF_SOCKETS; i++)
		nl_socket_free(h->sock[i]);
	free(h->buf);
	free(h);
}

/**
 * segfab_error - text of the error that the last failed call met
 * @h: the handle
 *
 * Return: what the kernel said in its extended acknowledgment, or else a text
 *	of the library; one line without a full stop. Valid until the next call
 */
SF_API const char *segfab_error(const struct segfab *h)
{
	return h->error;
}

/**
 * segfab_error_attribute - which attribute of the request was at fault
 * @h: the handle
 *
 * Return: its name as in the netlink specification, or NULL
 */
SF_API const char *segfab_error_attribute(const struct segfab *h)
{
	return h->attribute;
}

/**
 * segfab_warning - text of the warning that came with the last call
 * @h: the handle
 *
 * A warning is what the kernel says along with a success, or that a dump did
 * not become consistent however often it was repeated.
 *
 * Return: the text, empty if there is none
 */
SF_API const char *segfab_warning(const struct segfab *h)
{
	return h->warning;
}

int sf_error(struct segfab *h, int err, const char *fmt, ...)
{
	va_list ap;

	h->attribute = NULL;
	va_start(ap, fmt);
	vsnprintf(h->error, sizeof(h->error), fmt, ap);
	va_end(ap);
	return err;
}

void sf_warn(struct segfab *h, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(h->warning, sizeof(h->warning), fmt, ap);
	va_end(ap);
}

static int sf_netns_fd(struct segfab *h, const char *netns)
{
	char path[PATH_MAX];
	int fd;

	if (strchr(netns, '/'))
		snprintf(path, sizeof(path), "%s", netns);
	else
		snprintf(path, sizeof(path), SF_NETNS_DIR "/%s", netns);

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		int err = -errno;

		return sf_error(h, err, "network namespace \"%s\": %s", netns,
				strerror(-err));
	}
	return fd;
}

/* Return: a descriptor of the namespace before, or a negative errno. */
int sf_netns_push(struct segfab *h, const char *netns)
{
	int saved, fd, err;

	fd = sf_netns_fd(h, netns);
	if (fd < 0)
		return fd;

	saved = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (saved < 0) {
		err = sf_error(h, -errno, "own network namespace: %m");
		close(fd);
		return err;
	}

	if (setns(fd, CLONE_NEWNET)) {
		err = -errno;
		sf_error(h, err, "network namespace \"%s\": %s", netns,
			 strerror(-err));
		close(saved);
		saved = err;
	}
	close(fd);
	return saved;
}

/* Go back to the namespace that sf_netns_push() returned. */
int sf_netns_pop(struct segfab *h, int saved)
{
	int err = 0;

	if (setns(saved, CLONE_NEWNET))
		err = sf_error(h, -errno, "own network namespace: %m");
	close(saved);
	return err;
}

/**
 * segfab_netns_enter - move the calling thread to another network namespace
 * @h: a handle, for the text of an error
 * @netns: name of the namespace, or a path if there is a slash in it
 *
 * Handles that are open stay where they are.
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_netns_enter(struct segfab *h, const char *netns)
{
	int saved = sf_netns_push(h, netns);

	if (saved < 0)
		return saved;
	close(saved);
	return 0;
}

struct nl_sock *sf_socket_open(struct segfab *h, int protocol)
{
	struct nl_sock *sk;
	int on = 1;
	int fd;

	sk = nl_socket_alloc();
	if (!sk) {
		sf_error(h, -ENOMEM, "out of memory");
		errno = ENOMEM;
		return NULL;
	}

	errno = 0;
	if (nl_connect(sk, protocol)) {
		int err = errno ? errno : EIO;

		sf_error(h, -err, "netlink socket: %s", strerror(err));
		nl_socket_free(sk);
		errno = err;
		return NULL;
	}

	/* Kernels that do not know one of these do without it. */
	fd = nl_socket_get_fd(sk);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (protocol == NETLINK_ROUTE)
		setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on,
			   sizeof(on));
	return sk;
}

static int sf_open_sockets(struct segfab *h)
{
	static const int protocol[SF_SOCKETS] = {
		[SF_GENL] = NETLINK_GENERIC,
		[SF_RTNL] = NETLINK_ROUTE,
	};

	for (int i = 0; i < SF_SOCKETS; i++) {
		if (h->sock[i])
			continue;
		h->sock[i] = sf_socket_open(h, protocol[i]);
		if (!h->sock[i])
			return -errno;
	}
	return 0;
}

/**
 * segfab_open - connect a handle with the kernel
 * @h: a new handle
 * @netns: name of a network namespace, a path to one if there is a slash in
 *	it, or NULL for that of the calling thread
 *
 * The handle keeps to this namespace; the thread stays in its own.
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_open(struct segfab *h, const char *netns)
{
	int saved, err, back;

	if (!netns)
		return sf_open_sockets(h);

	saved = sf_netns_push(h, netns);
	if (saved < 0)
		return saved;
	err = sf_open_sockets(h);
	back = sf_netns_pop(h, saved);
	return err ? err : back;
}

/**
 * segfab_portid - who makes the requests of a handle
 * @h: an open handle
 *
 * Settings that are changed by them are announced with it. What is made or
 * removed through rtnetlink (segments, zones, ports and uplinks, as devices) is
 * not.
 *
 * Return: netlink port of the socket
 */
SF_API uint32_t segfab_portid(const struct segfab *h)
{
	return nl_socket_get_local_port(h->sock[SF_GENL]);
}
