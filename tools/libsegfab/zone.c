// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Transport zones.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "internal.h"

int sf_zone_parse(const struct nlmsghdr *nlh, struct segfab_zone *z)
{
	struct nlattr *tb[SEGFAB_A_ZONE_MAX + 1];

	if (sf_genl_parse(nlh, tb, SEGFAB_A_ZONE_MAX))
		return -EBADMSG;

	memset(z, 0, sizeof(*z));
	z->ifindex = sf_get_u32(tb[SEGFAB_A_ZONE_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_ZONE_NAME], z->name, sizeof(z->name));
	z->mode = sf_get_u8(tb[SEGFAB_A_ZONE_MODE]);
	z->teaming = sf_get_u8(tb[SEGFAB_A_ZONE_TEAMING]);
	z->failback = sf_get_u8(tb[SEGFAB_A_ZONE_FAILBACK]);
	z->uplink_count = sf_get_u32(tb[SEGFAB_A_ZONE_UPLINK_COUNT]);
	z->segment_count = sf_get_u32(tb[SEGFAB_A_ZONE_SEGMENT_COUNT]);
	sf_stats_parse(tb[SEGFAB_A_ZONE_STATS], &z->stats);
	return 0;
}

/* The settings that the family knows, which are also IFLA_INFO_DATA. */
static int sf_zone_put(struct nl_msg *msg, const struct segfab_zone_settings *s)
{
	if (s->set & SEGFAB_ZONE_MODE)
		NLA_PUT_U8(msg, SEGFAB_A_ZONE_MODE, s->mode);
	if (s->set & SEGFAB_ZONE_TEAMING)
		NLA_PUT_U8(msg, SEGFAB_A_ZONE_TEAMING, s->teaming);
	if (s->set & SEGFAB_ZONE_FAILBACK)
		NLA_PUT_U8(msg, SEGFAB_A_ZONE_FAILBACK, s->failback);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

/**
 * segfab_zone_add - make a transport zone
 * @h: a handle
 * @name: name of the interface
 * @settings: what is given is set from the start
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_zone_add(struct segfab *h, const char *name,
			   const struct segfab_zone_settings *settings)
{
	struct ifinfomsg ifi = { .ifi_change = IFF_UP, .ifi_flags = IFF_UP };
	struct nlattr *info, *data;
	struct nl_msg *msg;
	int err;

	err = sf_link_request(h, name, &ifi, &msg);
	if (err)
		return err;
	info = sf_linkinfo_begin(msg, SEGFAB_ZONE_LINK_KIND, &data);
	if (!info || sf_zone_put(msg, settings))
		return sf_too_long(h, msg);
	sf_linkinfo_end(msg, info, data);

	return sf_link_new(h, msg, name);
}

/* A request about one zone; as sf_genl_request(). */
static int sf_zone_request(struct segfab *h, int cmd, const char *name,
			   struct nl_msg **msg)
{
	return sf_genl_request_about(h, cmd, 0, SEGFAB_A_ZONE_NAME, name, msg);
}

/**
 * segfab_zone_set - change a zone
 * @h: a handle
 * @name: the zone
 * @settings: what is given is changed
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_zone_set(struct segfab *h, const char *name,
			   const struct segfab_zone_settings *settings)
{
	struct nl_msg *msg;
	int err;

	err = sf_zone_request(h, SEGFAB_CMD_ZONE_SET, name, &msg);
	if (err)
		return err;
	if (sf_zone_put(msg, settings))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, NULL, NULL);
}

/**
 * segfab_zone_del - remove a zone
 * @h: a handle
 * @name: the zone
 *
 * Return: 0 or a negative errno; -EBUSY while a segment is in the zone
 */
SF_API int segfab_zone_del(struct segfab *h, const char *name)
{
	struct nl_msg *msg;
	int err;

	err = sf_zone_request(h, SEGFAB_CMD_ZONE_DEL, name, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, NULL, NULL);
}

static int sf_zone_keep(const struct nlmsghdr *nlh, void *arg)
{
	return sf_zone_parse(nlh, arg);
}

/**
 * segfab_zone_get - look at a zone
 * @h: a handle
 * @name: the zone
 * @zone: where to
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_zone_get(struct segfab *h, const char *name,
			   struct segfab_zone *zone)
{
	struct nl_msg *msg;
	int err;

	err = sf_zone_request(h, SEGFAB_CMD_ZONE_GET, name, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_zone_keep, zone);
}

struct sf_zone_walk {
	segfab_zone_fn	fn;
	void		*arg;
};

static int sf_zone_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_zone_walk *walk = arg;
	struct segfab_zone zone;
	int err;

	err = sf_zone_parse(nlh, &zone);
	return err ? err : walk->fn(&zone, walk->arg);
}

/**
 * segfab_zone_dump - look at all zones
 * @h: a handle
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_zone_dump(struct segfab *h, segfab_zone_fn fn, void *arg)
{
	struct sf_zone_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_ZONE_GET, NLM_F_DUMP, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_zone_show, &walk);
}
