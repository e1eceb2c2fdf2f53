// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Watching for changes.
 *
 * Settings and binding maps are announced by the family's multicast group,
 * forwarding tables and devices by rtnetlink. The latter knows interface
 * indexes only, so the names of segments and ports are kept here.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/socket.h>

#include "internal.h"

/* A flood of events must find room while the caller is busy. */
#define SF_MONITOR_RCVBUF	(8 * 1024 * 1024)
#define SF_MONITOR_BUF		(64 * 1024)
/* Messages to read from one socket before the other gets its turn. */
#define SF_MONITOR_TURN		256

#define SF_WATCH_GENL	(SEGFAB_WATCH_SEGMENT | SEGFAB_WATCH_PORT | \
			 SEGFAB_WATCH_BINDING | SEGFAB_WATCH_ZONE | \
			 SEGFAB_WATCH_UPLINK | SEGFAB_WATCH_REMOTE | \
			 SEGFAB_WATCH_POLICY)
#define SF_WATCH_RTNL	(SEGFAB_WATCH_FDB | SEGFAB_WATCH_LINK)

/**
 * struct segfab_monitor - a watcher
 * @h: for requests
 * @sock: what is listened on, NULL where there is nothing to hear
 * @epoll: waits for all of @sock
 * @what: SEGFAB_WATCH_*
 * @links: the segments and ports, struct segfab_link by ifindex
 * @buf: receive buffer
 */
struct segfab_monitor {
	struct segfab	*h;
	struct nl_sock	*sock[SF_SOCKETS];
	int		epoll;
	unsigned int	what;
	void		*links;
	char		buf[SF_MONITOR_BUF];
};

/**
 * segfab_monitor_new - make a watcher
 *
 * Return: the watcher, or NULL if there is no memory
 */
SF_API struct segfab_monitor *segfab_monitor_new(void)
{
	struct segfab_monitor *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->epoll = -1;
	m->h = segfab_new();
	if (!m->h) {
		free(m);
		return NULL;
	}
	return m;
}

/**
 * segfab_monitor_free - stop watching
 * @m: the watcher, or NULL
 */
SF_API void segfab_monitor_free(struct segfab_monitor *m)
{
	if (!m)
		return;

	tdestroy(m->links, free);
	for (int i = 0; i < SF_SOCKETS; i++)
		nl_socket_free(m->sock[i]);
	if (m->epoll >= 0)
		close(m->epoll);
	segfab_free(m->h);
	free(m);
}

/**
 * segfab_monitor_error - text of the error that the last failed call met
 * @m: the watcher
 */
SF_API const char *segfab_monitor_error(const struct segfab_monitor *m)
{
	return segfab_error(m->h);
}

/**
 * segfab_monitor_fd - the file descriptor to wait for
 * @m: an open watcher
 *
 * Return: a descriptor that is readable when segfab_monitor_read() has
 *	something to do
 */
SF_API int segfab_monitor_fd(const struct segfab_monitor *m)
{
	return m->epoll;
}

static int sf_links_compare(const void *a, const void *b)
{
	const struct segfab_link *x = a, *y = b;

	return (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

static struct segfab_link *sf_links_find(const struct segfab_monitor *m,
					 uint32_t ifindex)
{
	struct segfab_link key = { .ifindex = ifindex };
	struct segfab_link **found;

	found = tfind(&key, &m->links, sf_links_compare);
	return found ? *found : NULL;
}

static bool sf_is_segment(const struct segfab_link *l)
{
	return !strcmp(l->kind, SEGFAB_LINK_KIND);
}

static bool sf_is_port(const struct segfab_link *l)
{
	return !strcmp(l->master_kind, SEGFAB_LINK_KIND);
}

static bool sf_links_same(const struct segfab_link *a,
			  const struct segfab_link *b)
{
	return a->master == b->master && a->mtu == b->mtu && a->up == b->up &&
	       a->carrier == b->carrier && !strcmp(a->name, b->name) &&
	       !memcmp(a->mac, b->mac, sizeof(a->mac));
}

/* Keep a segment or a port. Return: whether something changed. */
static bool sf_links_keep(struct segfab_monitor *m,
			  const struct segfab_link *link)
{
	struct segfab_link *known = sf_links_find(m, link->ifindex);

	if (known) {
		bool same = sf_links_same(known, link);

		*known = *link;
		return !same;
	}

	known = malloc(sizeof(*known));
	if (!known)
		return true;
	*known = *link;
	if (!tsearch(known, &m->links, sf_links_compare))
		free(known);
	return true;
}

static void sf_links_forget(struct segfab_monitor *m, struct segfab_link *known)
{
	tdelete(known, &m->links, sf_links_compare);
	free(known);
}

static int sf_links_learn(const struct segfab_link *link, void *arg)
{
	if (sf_is_segment(link) || sf_is_port(link))
		sf_links_keep(arg, link);
	return 0;
}

/* Read the names again. */
static int sf_links_load(struct segfab_monitor *m)
{
	tdestroy(m->links, free);
	m->links = NULL;
	return segfab_link_dump(m->h, sf_links_learn, m);
}

/* A socket that hears a group. */
static int sf_listen(struct segfab_monitor *m, enum sf_socket s, int protocol)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = s };
	int size = SF_MONITOR_RCVBUF;
	int fd;

	m->sock[s] = sf_socket_open(m->h, protocol);
	if (!m->sock[s])
		return -errno;

	/* Without privilege the system's limit must do. */
	fd = nl_socket_get_fd(m->sock[s]);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (epoll_ctl(m->epoll, EPOLL_CTL_ADD, fd, &event))
		return sf_error(m->h, -errno, "epoll: %m");
	return 0;
}

static int sf_join(struct segfab_monitor *m, enum sf_socket s, int group)
{
	if (setsockopt(nl_socket_get_fd(m->sock[s]), SOL_NETLINK,
		       NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		return sf_error(m->h, -errno, "multicast group: %m");
	return 0;
}

static int sf_monitor_sockets(struct segfab_monitor *m)
{
	int err = 0;

	if (m->what & SF_WATCH_GENL) {
		err = sf_listen(m, SF_GENL, NETLINK_GENERIC);
		if (!err)
			err = sf_join(m, SF_GENL, m->h->family.config);
		/* Families come and go by a group of that number. */
		if (!err)
			err = sf_join(m, SF_GENL, GENL_ID_CTRL);
	}
	if (!err && m->what & SF_WATCH_RTNL) {
		err = sf_listen(m, SF_RTNL, NETLINK_ROUTE);
		if (!err)
			err = sf_join(m, SF_RTNL, RTNLGRP_LINK);
		if (!err && m->what & SEGFAB_WATCH_FDB)
			err = sf_join(m, SF_RTNL, RTNLGRP_NEIGH);
	}
	return err;
}

/**
 * segfab_monitor_open - start watching
 * @m: a new watcher
 * @netns: as for segfab_open()
 * @what: SEGFAB_WATCH_*
 *
 * What changes from now on is told.
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_monitor_open(struct segfab_monitor *m, const char *netns,
			       unsigned int what)
{
	int saved = -1, err;

	m->what = what;
	m->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (m->epoll < 0)
		return sf_error(m->h, -errno, "epoll: %m");
	err = segfab_open(m->h, netns);
	if (!err)
		err = sf_family_resolve(m->h);
	if (err)
		return err;

	if (netns) {
		saved = sf_netns_push(m->h, netns);
		if (saved < 0)
			return saved;
	}
	err = sf_monitor_sockets(m);
	if (saved >= 0) {
		int back = sf_netns_pop(m->h, saved);

		err = err ? err : back;
	}
	if (!err && m->sock[SF_RTNL])
		err = sf_links_load(m);
	return err;
}

/* An announcement about families: without ours there is nothing to hear. */
static int sf_family_event(struct segfab_monitor *m, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);
	struct nlattr *tb[CTRL_ATTR_MAX + 1];

	if (nlmsg_datalen(nlh) < (int)sizeof(*genl) ||
	    genl->cmd != CTRL_CMD_DELFAMILY ||
	    sf_genl_parse(nlh, tb, CTRL_ATTR_MAX) ||
	    sf_get_u16(tb[CTRL_ATTR_FAMILY_ID]) != m->h->family.id)
		return 0;
	return sf_error(m->h, -ENODEV, "the module was removed");
}

/* An announcement of the family. */
static int sf_genl_event(struct segfab_monitor *m, const struct nlmsghdr *nlh,
			 segfab_event_fn fn, void *arg)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);
	struct segfab_event e = { .portid = nlh->nlmsg_pid };
	struct segfab_segment segment;
	struct segfab_binding binding;
	struct segfab_uplink uplink;
	struct segfab_remote remote;
	struct segfab_policy policy;
	struct segfab_zone zone;
	struct segfab_port port;
	int err;

	if (nlh->nlmsg_type != m->h->family.id ||
	    nlmsg_datalen(nlh) < (int)sizeof(*genl))
		return 0;

	switch (genl->cmd) {
	case SEGFAB_CMD_SEGMENT_NTF:
		err = sf_segment_parse(nlh, &segment);
		e.what = SEGFAB_WATCH_SEGMENT;
		e.segment = &segment;
		break;
	case SEGFAB_CMD_PORT_NTF:
		err = sf_port_parse(nlh, &port);
		e.what = SEGFAB_WATCH_PORT;
		e.port = &port;
		break;
	case SEGFAB_CMD_BINDING_NTF:
	case SEGFAB_CMD_BINDING_DEL_NTF:
		err = sf_binding_parse(nlh, &binding);
		e.what = SEGFAB_WATCH_BINDING;
		e.deleted = genl->cmd == SEGFAB_CMD_BINDING_DEL_NTF;
		e.binding = &binding;
		break;
	case SEGFAB_CMD_ZONE_NTF:
		err = sf_zone_parse(nlh, &zone);
		e.what = SEGFAB_WATCH_ZONE;
		e.zone = &zone;
		break;
	case SEGFAB_CMD_UPLINK_NTF:
		err = sf_uplink_parse(nlh, &uplink);
		e.what = SEGFAB_WATCH_UPLINK;
		e.uplink = &uplink;
		break;
	case SEGFAB_CMD_REMOTE_NTF:
	case SEGFAB_CMD_REMOTE_DEL_NTF:
		err = sf_remote_parse(nlh, &remote);
		e.what = SEGFAB_WATCH_REMOTE;
		e.deleted = genl->cmd == SEGFAB_CMD_REMOTE_DEL_NTF;
		e.remote = &remote;
		break;
	case SEGFAB_CMD_POLICY_NTF:
	case SEGFAB_CMD_POLICY_DEL_NTF:
		err = sf_policy_parse(nlh, &policy);
		e.what = SEGFAB_WATCH_POLICY;
		e.deleted = genl->cmd == SEGFAB_CMD_POLICY_DEL_NTF;
		e.policy = &policy;
		break;
	default:
		return 0;
	}
	return err || !(m->what & e.what) ? 0 : fn(&e, arg);
}

/* A device appeared, changed, or is gone. */
static int sf_link_event(struct segfab_monitor *m, const struct nlmsghdr *nlh,
			 segfab_event_fn fn, void *arg)
{
	const struct ifinfomsg *ifi = nlmsg_data(nlh);
	struct segfab_event e = { .what = SEGFAB_WATCH_LINK };
	struct segfab_link link, *known, *master;
	bool changed;

	/* Bridges announce their ports in a form of their own. */
	if (nlmsg_datalen(nlh) < (int)sizeof(*ifi) ||
	    ifi->ifi_family != AF_UNSPEC || sf_link_parse(nlh, &link))
		return 0;

	known = sf_links_find(m, link.ifindex);
	if (nlh->nlmsg_type == RTM_NEWLINK &&
	    (sf_is_segment(&link) || sf_is_port(&link))) {
		changed = sf_links_keep(m, &link);
	} else if (known) {
		/* Tell what it was a port of. */
		link = *known;
		sf_links_forget(m, known);
		e.deleted = true;
		changed = true;
	} else {
		return 0;
	}

	master = link.master ? sf_links_find(m, link.master) : NULL;
	if (master && sf_is_segment(master))
		e.master = master->name;
	e.link = &link;
	return changed && m->what & SEGFAB_WATCH_LINK ? fn(&e, arg) : 0;
}

static uint8_t sf_fdb_state(uint16_t ndm_state)
{
	if (ndm_state & NUD_PERMANENT)
		return SEGFAB_FDB_STATE_LOCAL;
	if (ndm_state & NUD_NOARP)
		return SEGFAB_FDB_STATE_STATIC;
	return SEGFAB_FDB_STATE_LEARNED;
}

/* An entry of a forwarding table appeared, changed, or is gone. */
static int sf_fdb_event(struct segfab_monitor *m, const struct nlmsghdr *nlh,
			segfab_event_fn fn, void *arg)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);
	struct segfab_event e = { .what = SEGFAB_WATCH_FDB };
	const struct segfab_link *segment, *port;
	struct nlattr *tb[NDA_MAX + 1];
	struct segfab_fdb fdb = {};

	if (nlmsg_parse((struct nlmsghdr *)nlh, sizeof(*ndm), tb, NDA_MAX,
			NULL) ||
	    ndm->ndm_family != AF_BRIDGE || !(ndm->ndm_flags & NTF_SELF) ||
	    !tb[NDA_LLADDR] || nla_len(tb[NDA_LLADDR]) != SEGFAB_MAC_LEN)
		return 0;

	/* Other kinds of devices have forwarding tables, too. */
	segment = sf_links_find(m, ndm->ndm_ifindex);
	if (!segment || !sf_is_segment(segment))
		return 0;

	memcpy(fdb.mac, nla_data(tb[NDA_LLADDR]), SEGFAB_MAC_LEN);
	memcpy(fdb.segment, segment->name, sizeof(fdb.segment));
	fdb.segment_ifindex = ndm->ndm_ifindex;
	fdb.state = sf_fdb_state(ndm->ndm_state);
	fdb.vlan = sf_get_u16(tb[NDA_VLAN]);
	fdb.port_ifindex = sf_get_u32(tb[NDA_IFINDEX]);
	sf_get_address(tb[NDA_DST], fdb.remote, sizeof(fdb.remote));
	port = sf_links_find(m, fdb.port_ifindex);
	if (port)
		memcpy(fdb.port, port->name, sizeof(fdb.port));

	e.deleted = nlh->nlmsg_type == RTM_DELNEIGH;
	e.fdb = &fdb;
	return fn(&e, arg);
}

static int sf_event(struct segfab_monitor *m, enum sf_socket s,
		    const struct nlmsghdr *nlh, segfab_event_fn fn, void *arg)
{
	if (s == SF_GENL && nlh->nlmsg_type == GENL_ID_CTRL)
		return sf_family_event(m, nlh);
	if (s == SF_GENL)
		return sf_genl_event(m, nlh, fn, arg);

	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return sf_link_event(m, nlh, fn, arg);
	case RTM_NEWNEIGH:
	case RTM_DELNEIGH:
		return sf_fdb_event(m, nlh, fn, arg);
	}
	return 0;
}

/* The socket could not hold everything: names may have changed unheard. */
static int sf_lost(struct segfab_monitor *m, segfab_event_fn fn, void *arg)
{
	struct segfab_event e = {};
	int err = 0;

	if (m->sock[SF_RTNL])
		err = sf_links_load(m);
	return err ? err : fn(&e, arg);
}

/* Read one datagram. Return: 0, what @fn returned, or -EAGAIN at the end. */
static int sf_monitor_receive(struct segfab_monitor *m, enum sf_socket s,
			      segfab_event_fn fn, void *arg)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)m->buf;
	ssize_t n;
	int len;

	n = recv(nl_socket_get_fd(m->sock[s]), m->buf, sizeof(m->buf),
		 MSG_DONTWAIT);
	if (n < 0) {
		if (errno == EINTR)
			return 0;
		if (errno == ENOBUFS)
			return sf_lost(m, fn, arg);
		if (errno == EAGAIN)
			return -EAGAIN;
		return sf_error(m->h, -errno, "netlink: %m");
	}

	for (len = n; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		int ret = sf_event(m, s, nlh, fn, arg);

		if (ret)
			return ret;
	}
	return 0;
}

/**
 * segfab_monitor_read - tell what has happened
 * @m: an open watcher
 * @fn: called for each event
 * @arg: for @fn
 *
 * It does not wait: see segfab_monitor_fd(). When the module is removed, what
 * the family announced ends with -ENODEV; a new watcher is needed then.
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_monitor_read(struct segfab_monitor *m, segfab_event_fn fn,
			       void *arg)
{
	for (int s = 0; s < SF_SOCKETS; s++) {
		int ret = 0;

		for (int i = 0; m->sock[s] && !ret && i < SF_MONITOR_TURN; i++)
			ret = sf_monitor_receive(m, s, fn, arg);
		if (ret && ret != -EAGAIN)
			return ret;
	}
	return 0;
}
