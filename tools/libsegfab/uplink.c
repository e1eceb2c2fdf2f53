// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Uplinks: devices whose master is a transport zone.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

int sf_uplink_parse(const struct nlmsghdr *nlh, struct segfab_uplink *u)
{
	struct nlattr *tb[SEGFAB_A_UPLINK_MAX + 1];

	if (sf_genl_parse(nlh, tb, SEGFAB_A_UPLINK_MAX))
		return -EBADMSG;

	memset(u, 0, sizeof(*u));
	u->ifindex = sf_get_u32(tb[SEGFAB_A_UPLINK_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_UPLINK_NAME], u->name, sizeof(u->name));
	u->zone_ifindex = sf_get_u32(tb[SEGFAB_A_UPLINK_ZONE_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_UPLINK_ZONE], u->zone, sizeof(u->zone));
	u->priority = sf_get_u32(tb[SEGFAB_A_UPLINK_PRIORITY]);
	u->carrier = sf_get_u8(tb[SEGFAB_A_UPLINK_CARRIER]);
	u->active = sf_get_u8(tb[SEGFAB_A_UPLINK_ACTIVE]);
	u->passed = sf_get_u64(tb[SEGFAB_A_UPLINK_PASSED]);
	u->trace = sf_get_u8(tb[SEGFAB_A_UPLINK_TRACE]);
	sf_stats_parse(tb[SEGFAB_A_UPLINK_STATS], &u->stats);
	return 0;
}

/* A request about one uplink; as sf_genl_request(). */
static int sf_uplink_request(struct segfab *h, int cmd, const char *name,
			     struct nl_msg **msg)
{
	return sf_genl_request_about(h, cmd, 0, SEGFAB_A_UPLINK_NAME, name, msg);
}

/**
 * segfab_uplink_set - change the settings of an uplink
 * @h: a handle
 * @uplink: the uplink
 * @settings: what is given is changed
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_uplink_set(struct segfab *h, const char *uplink,
			     const struct segfab_uplink_settings *settings)
{
	struct nl_msg *msg;
	int err;

	err = sf_uplink_request(h, SEGFAB_CMD_UPLINK_SET, uplink, &msg);
	if (err)
		return err;
	if ((settings->set & SEGFAB_UPLINK_PRIORITY &&
	     nla_put_u32(msg, SEGFAB_A_UPLINK_PRIORITY, settings->priority)) ||
	    (settings->set & SEGFAB_UPLINK_TRACE &&
	     nla_put_u8(msg, SEGFAB_A_UPLINK_TRACE, settings->trace)))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, NULL, NULL);
}

/**
 * segfab_uplink_add - make a device an uplink of a zone
 * @h: a handle
 * @uplink: the device; it must not have a master
 * @zone: the zone
 * @settings: what is given is set; the device leaves the zone again if that
 *	fails
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_uplink_add(struct segfab *h, const char *uplink,
			     const char *zone,
			     const struct segfab_uplink_settings *settings)
{
	struct segfab_zone master;
	struct segfab_link link;
	int err;

	/* rtnetlink would take any master. */
	err = segfab_zone_get(h, zone, &master);
	if (err)
		return err;
	err = sf_link_join(h, uplink, "an uplink", zone, master.ifindex, &link);
	if (err || !settings->set)
		return err;

	err = segfab_uplink_set(h, uplink, settings);
	if (err)
		sf_link_join_undo(h, &link);
	return err;
}

/**
 * segfab_uplink_del - let a device leave its zone
 * @h: a handle
 * @uplink: the uplink
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_uplink_del(struct segfab *h, const char *uplink)
{
	struct segfab_uplink u;
	int err;

	err = segfab_uplink_get(h, uplink, &u);
	return err ? err : sf_link_master(h, u.ifindex, 0);
}

static int sf_uplink_keep(const struct nlmsghdr *nlh, void *arg)
{
	return sf_uplink_parse(nlh, arg);
}

/**
 * segfab_uplink_get - look at an uplink
 * @h: a handle
 * @name: the uplink
 * @uplink: where to
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_uplink_get(struct segfab *h, const char *name,
			     struct segfab_uplink *uplink)
{
	struct nl_msg *msg;
	int err;

	err = sf_uplink_request(h, SEGFAB_CMD_UPLINK_GET, name, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_uplink_keep, uplink);
}

struct sf_uplink_walk {
	segfab_uplink_fn	fn;
	void			*arg;
};

static int sf_uplink_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_uplink_walk *walk = arg;
	struct segfab_uplink uplink;
	int err;

	err = sf_uplink_parse(nlh, &uplink);
	return err ? err : walk->fn(&uplink, walk->arg);
}

/**
 * segfab_uplink_dump - look at uplinks, in their order
 * @h: a handle
 * @zone: those of this zone, or NULL for all
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_uplink_dump(struct segfab *h, const char *zone,
			      segfab_uplink_fn fn, void *arg)
{
	struct sf_uplink_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_genl_request_about(h, SEGFAB_CMD_UPLINK_GET, NLM_F_DUMP,
				    SEGFAB_A_UPLINK_ZONE, zone, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_uplink_show, &walk);
}
