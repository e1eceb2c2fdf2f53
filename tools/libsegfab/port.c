// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * VM ports: devices whose master is a segment.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

int sf_port_parse(const struct nlmsghdr *nlh, struct segfab_port *p)
{
	struct nlattr *tb[SEGFAB_A_PORT_MAX + 1];

	if (sf_genl_parse(nlh, tb, SEGFAB_A_PORT_MAX))
		return -EBADMSG;

	memset(p, 0, sizeof(*p));
	p->ifindex = sf_get_u32(tb[SEGFAB_A_PORT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_PORT_NAME], p->name, sizeof(p->name));
	p->segment_ifindex = sf_get_u32(tb[SEGFAB_A_PORT_SEGMENT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_PORT_SEGMENT], p->segment,
		      sizeof(p->segment));
	p->learning = sf_get_u8(tb[SEGFAB_A_PORT_LEARNING]);
	p->flood = sf_get_u8(tb[SEGFAB_A_PORT_FLOOD]);
	p->mcast_flood = sf_get_u8(tb[SEGFAB_A_PORT_MCAST_FLOOD]);
	p->bcast_flood = sf_get_u8(tb[SEGFAB_A_PORT_BCAST_FLOOD]);
	p->isolated = sf_get_u8(tb[SEGFAB_A_PORT_ISOLATED]);
	p->fdb_limit = sf_get_u32(tb[SEGFAB_A_PORT_FDB_LIMIT]);
	p->fdb_limit_policy = sf_get_u8(tb[SEGFAB_A_PORT_FDB_LIMIT_POLICY]);
	p->fdb_count = sf_get_u32(tb[SEGFAB_A_PORT_FDB_COUNT]);
	p->fdb_full = sf_get_u8(tb[SEGFAB_A_PORT_FDB_FULL]);
	p->carrier = sf_get_u8(tb[SEGFAB_A_PORT_CARRIER]);
	sf_stats_parse(tb[SEGFAB_A_PORT_STATS], &p->stats);
	return 0;
}

/* A request about one port; as sf_genl_request(). */
static int sf_port_request(struct segfab *h, int cmd, const char *name,
			   struct nl_msg **msg)
{
	return sf_genl_request_about(h, cmd, 0, SEGFAB_A_PORT_NAME, name, msg);
}

static int sf_port_put(struct nl_msg *msg, const struct segfab_port_settings *s)
{
	if (s->set & SEGFAB_PORT_LEARNING)
		NLA_PUT_U8(msg, SEGFAB_A_PORT_LEARNING, s->learning);
	if (s->set & SEGFAB_PORT_FLOOD)
		NLA_PUT_U8(msg, SEGFAB_A_PORT_FLOOD, s->flood);
	if (s->set & SEGFAB_PORT_MCAST_FLOOD)
		NLA_PUT_U8(msg, SEGFAB_A_PORT_MCAST_FLOOD, s->mcast_flood);
	if (s->set & SEGFAB_PORT_BCAST_FLOOD)
		NLA_PUT_U8(msg, SEGFAB_A_PORT_BCAST_FLOOD, s->bcast_flood);
	if (s->set & SEGFAB_PORT_ISOLATED)
		NLA_PUT_U8(msg, SEGFAB_A_PORT_ISOLATED, s->isolated);
	if (s->set & SEGFAB_PORT_FDB_LIMIT)
		NLA_PUT_U32(msg, SEGFAB_A_PORT_FDB_LIMIT, s->fdb_limit);
	if (s->set & SEGFAB_PORT_FDB_LIMIT_POLICY)
		NLA_PUT_U8(msg, SEGFAB_A_PORT_FDB_LIMIT_POLICY,
			   s->fdb_limit_policy);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

/**
 * segfab_port_set - change the settings of a port
 * @h: a handle
 * @port: the port
 * @settings: what is given is changed
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_port_set(struct segfab *h, const char *port,
			   const struct segfab_port_settings *settings)
{
	struct nl_msg *msg;
	int err;

	err = sf_port_request(h, SEGFAB_CMD_PORT_SET, port, &msg);
	if (err)
		return err;
	if (sf_port_put(msg, settings))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, NULL, NULL);
}

/**
 * segfab_port_add - make a device a port of a segment
 * @h: a handle
 * @port: the device; it must not have a master
 * @segment: the segment
 * @settings: what is given is set; the device leaves the segment again if that
 *	fails
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_port_add(struct segfab *h, const char *port,
			   const char *segment,
			   const struct segfab_port_settings *settings)
{
	struct segfab_segment master;
	struct segfab_link link;
	int err;

	/* rtnetlink would take any master. */
	err = segfab_segment_get(h, segment, &master);
	if (err)
		return err;
	err = sf_link_join(h, port, "a port", segment, master.ifindex, &link);
	if (err || !settings->set)
		return err;

	err = segfab_port_set(h, port, settings);
	if (err)
		sf_link_join_undo(h, &link);
	return err;
}

/**
 * segfab_port_del - take a port from its segment; the device stays
 * @h: a handle
 * @port: the port
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_port_del(struct segfab *h, const char *port)
{
	struct segfab_port p;
	int err;

	/* rtnetlink would take it from any master. */
	err = segfab_port_get(h, port, &p);
	return err ? err : sf_link_master(h, p.ifindex, 0);
}

static int sf_port_keep(const struct nlmsghdr *nlh, void *arg)
{
	return sf_port_parse(nlh, arg);
}

/**
 * segfab_port_get - look at a port
 * @h: a handle
 * @name: the port
 * @port: where to
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_port_get(struct segfab *h, const char *name,
			   struct segfab_port *port)
{
	struct nl_msg *msg;
	int err;

	err = sf_port_request(h, SEGFAB_CMD_PORT_GET, name, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_port_keep, port);
}

struct sf_port_walk {
	segfab_port_fn	fn;
	void		*arg;
};

static int sf_port_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_port_walk *walk = arg;
	struct segfab_port port;
	int err;

	err = sf_port_parse(nlh, &port);
	return err ? err : walk->fn(&port, walk->arg);
}

/**
 * segfab_port_dump - look at ports
 * @h: a handle
 * @segment: those of this segment, or NULL for all
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_port_dump(struct segfab *h, const char *segment,
			    segfab_port_fn fn, void *arg)
{
	struct sf_port_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_genl_request_about(h, SEGFAB_CMD_PORT_GET, NLM_F_DUMP,
				    SEGFAB_A_PORT_SEGMENT, segment, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_port_show, &walk);
}
