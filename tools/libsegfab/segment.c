// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Segments.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "internal.h"

#define SF_SEGMENT_OWN	(SEGFAB_SEGMENT_AGEING_TIME | SEGFAB_SEGMENT_FLOOD | \
			 SEGFAB_SEGMENT_GUEST_VLANS | SEGFAB_SEGMENT_ZONE | \
			 SEGFAB_SEGMENT_ZONE_VLAN | SEGFAB_SEGMENT_ZONE_VNI | \
			 SEGFAB_SEGMENT_TEAMING | \
			 SEGFAB_SEGMENT_TEAMING_POLICY | \
			 SEGFAB_SEGMENT_ZONE_FDB_LIMIT | \
			 SEGFAB_SEGMENT_ZONE_FDB_LIMIT_POLICY)

int sf_segment_parse(const struct nlmsghdr *nlh, struct segfab_segment *s)
{
	struct nlattr *tb[SEGFAB_A_SEGMENT_MAX + 1];
	struct nlattr *vlans;

	if (sf_genl_parse(nlh, tb, SEGFAB_A_SEGMENT_MAX))
		return -EBADMSG;

	memset(s, 0, sizeof(*s));
	s->ifindex = sf_get_u32(tb[SEGFAB_A_SEGMENT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_SEGMENT_NAME], s->name, sizeof(s->name));
	s->ageing_time = sf_get_u32(tb[SEGFAB_A_SEGMENT_AGEING_TIME]);
	s->flood = sf_get_u8(tb[SEGFAB_A_SEGMENT_FLOOD]);
	s->port_count = sf_get_u32(tb[SEGFAB_A_SEGMENT_PORT_COUNT]);
	s->parent_count = sf_get_u32(tb[SEGFAB_A_SEGMENT_PARENT_COUNT]);
	s->child_count = sf_get_u32(tb[SEGFAB_A_SEGMENT_CHILD_COUNT]);
	s->fdb_count = sf_get_u32(tb[SEGFAB_A_SEGMENT_FDB_COUNT]);
	sf_stats_parse(tb[SEGFAB_A_SEGMENT_STATS], &s->stats);

	s->zone_ifindex = sf_get_u32(tb[SEGFAB_A_SEGMENT_ZONE_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_SEGMENT_ZONE], s->zone, sizeof(s->zone));
	s->has_zone_vlan = tb[SEGFAB_A_SEGMENT_ZONE_VLAN];
	s->zone_vlan = sf_get_u16(tb[SEGFAB_A_SEGMENT_ZONE_VLAN]);
	s->has_zone_vni = tb[SEGFAB_A_SEGMENT_ZONE_VNI];
	s->zone_vni = sf_get_u32(tb[SEGFAB_A_SEGMENT_ZONE_VNI]);
	s->teaming = sf_get_u8(tb[SEGFAB_A_SEGMENT_TEAMING]);
	sf_get_string(tb[SEGFAB_A_SEGMENT_TEAMING_POLICY], s->teaming_policy,
		      sizeof(s->teaming_policy));
	s->zone_fdb_limit = sf_get_u32(tb[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT]);
	s->zone_fdb_limit_policy =
		sf_get_u8(tb[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT_POLICY]);
	s->zone_fdb_count = sf_get_u32(tb[SEGFAB_A_SEGMENT_ZONE_FDB_COUNT]);
	s->zone_fdb_full = sf_get_u8(tb[SEGFAB_A_SEGMENT_ZONE_FDB_FULL]);

	vlans = tb[SEGFAB_A_SEGMENT_GUEST_VLANS];
	if (vlans && nla_len(vlans) == sizeof(s->guest_vlans.bits))
		memcpy(s->guest_vlans.bits, nla_data(vlans),
		       sizeof(s->guest_vlans.bits));
	return 0;
}

/* The settings that the family knows, which are also IFLA_INFO_DATA. */
static int sf_segment_put(struct nl_msg *msg,
			  const struct segfab_segment_settings *s)
{
	if (s->set & SEGFAB_SEGMENT_AGEING_TIME)
		NLA_PUT_U32(msg, SEGFAB_A_SEGMENT_AGEING_TIME, s->ageing_time);
	if (s->set & SEGFAB_SEGMENT_FLOOD)
		NLA_PUT_U8(msg, SEGFAB_A_SEGMENT_FLOOD, s->flood);
	if (s->set & SEGFAB_SEGMENT_GUEST_VLANS)
		NLA_PUT(msg, SEGFAB_A_SEGMENT_GUEST_VLANS,
			sizeof(s->guest_vlans.bits), s->guest_vlans.bits);
	if (s->set & SEGFAB_SEGMENT_ZONE && s->zone)
		NLA_PUT_STRING(msg, SEGFAB_A_SEGMENT_ZONE, s->zone);
	else if (s->set & SEGFAB_SEGMENT_ZONE)
		NLA_PUT_U32(msg, SEGFAB_A_SEGMENT_ZONE_IFINDEX, 0);
	if (s->set & SEGFAB_SEGMENT_ZONE_VLAN)
		NLA_PUT_U16(msg, SEGFAB_A_SEGMENT_ZONE_VLAN, s->zone_vlan);
	if (s->set & SEGFAB_SEGMENT_ZONE_VNI)
		NLA_PUT_U32(msg, SEGFAB_A_SEGMENT_ZONE_VNI, s->zone_vni);
	if (s->set & SEGFAB_SEGMENT_TEAMING)
		NLA_PUT_U8(msg, SEGFAB_A_SEGMENT_TEAMING, s->teaming);
	if (s->set & SEGFAB_SEGMENT_TEAMING_POLICY)
		NLA_PUT_STRING(msg, SEGFAB_A_SEGMENT_TEAMING_POLICY,
			       s->teaming_policy);
	if (s->set & SEGFAB_SEGMENT_ZONE_FDB_LIMIT)
		NLA_PUT_U32(msg, SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT,
			    s->zone_fdb_limit);
	if (s->set & SEGFAB_SEGMENT_ZONE_FDB_LIMIT_POLICY)
		NLA_PUT_U8(msg, SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT_POLICY,
			   s->zone_fdb_limit_policy);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

/* The settings that every device has. */
static void sf_segment_ifinfo(struct ifinfomsg *ifi,
			      const struct segfab_segment_settings *s)
{
	if (s->set & SEGFAB_SEGMENT_UP) {
		ifi->ifi_change = IFF_UP;
		ifi->ifi_flags = s->up ? IFF_UP : 0;
	}
}

static int sf_segment_put_link(struct nl_msg *msg,
			       const struct segfab_segment_settings *s)
{
	if (s->set & SEGFAB_SEGMENT_MTU)
		NLA_PUT_U32(msg, IFLA_MTU, s->mtu);
	if (s->set & SEGFAB_SEGMENT_MAC)
		NLA_PUT(msg, IFLA_ADDRESS, SEGFAB_MAC_LEN, s->mac);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

/**
 * segfab_segment_add - make a segment
 * @h: a handle
 * @name: name of the interface
 * @settings: what is given is set from the start
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_segment_add(struct segfab *h, const char *name,
			      const struct segfab_segment_settings *settings)
{
	struct ifinfomsg ifi = {};
	struct nlattr *info, *data;
	struct nl_msg *msg;
	int err;

	sf_segment_ifinfo(&ifi, settings);
	err = sf_link_request(h, name, &ifi, &msg);
	if (err)
		return err;
	if (sf_segment_put_link(msg, settings))
		return sf_too_long(h, msg);
	info = sf_linkinfo_begin(msg, SEGFAB_LINK_KIND, &data);
	if (!info || sf_segment_put(msg, settings))
		return sf_too_long(h, msg);
	sf_linkinfo_end(msg, info, data);

	return sf_link_new(h, msg, name);
}

/* A request about one segment; as sf_genl_request(). */
static int sf_segment_request(struct segfab *h, int cmd, const char *name,
			      struct nl_msg **msg)
{
	return sf_genl_request_about(h, cmd, 0, SEGFAB_A_SEGMENT_NAME, name, msg);
}

static int sf_segment_change(struct segfab *h, const char *name,
			     const struct segfab_segment_settings *s)
{
	struct nl_msg *msg;
	int err;

	err = sf_segment_request(h, SEGFAB_CMD_SEGMENT_SET, name, &msg);
	if (err)
		return err;
	if (sf_segment_put(msg, s))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, NULL, NULL);
}

static int sf_segment_change_link(struct segfab *h, uint32_t ifindex,
				  const struct segfab_segment_settings *s)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg;
	int err;

	sf_segment_ifinfo(&ifi, s);
	err = sf_rtnl_request(h, RTM_SETLINK, 0, &ifi, sizeof(ifi), &msg);
	if (err)
		return err;
	if (sf_segment_put_link(msg, s))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_RTNL, msg, NULL, NULL);
}

/**
 * segfab_segment_set - change a segment
 * @h: a handle
 * @name: the segment
 * @settings: what is given is changed
 *
 * What every device has (@settings->mtu, @mac, @up) is changed after what only
 * segments have, so it may be left as it was when the call fails.
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_segment_set(struct segfab *h, const char *name,
			      const struct segfab_segment_settings *settings)
{
	struct segfab_segment segment;
	int err;

	if (settings->set & SF_SEGMENT_OWN) {
		err = sf_segment_change(h, name, settings);
		if (err)
			return err;
	}
	if (!(settings->set & ~SF_SEGMENT_OWN))
		return 0;

	/* rtnetlink would change any device; this one is to be a segment. */
	err = segfab_segment_get(h, name, &segment);
	if (err)
		return err;
	return sf_segment_change_link(h, segment.ifindex, settings);
}

/**
 * segfab_segment_del - remove a segment
 * @h: a handle
 * @name: the segment
 *
 * Return: 0 or a negative errno; -EBUSY while a binding map names the segment
 */
SF_API int segfab_segment_del(struct segfab *h, const char *name)
{
	struct nl_msg *msg;
	int err;

	err = sf_segment_request(h, SEGFAB_CMD_SEGMENT_DEL, name, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, NULL, NULL);
}

static int sf_segment_keep(const struct nlmsghdr *nlh, void *arg)
{
	return sf_segment_parse(nlh, arg);
}

/**
 * segfab_segment_get - look at a segment
 * @h: a handle
 * @name: the segment
 * @segment: where to
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_segment_get(struct segfab *h, const char *name,
			      struct segfab_segment *segment)
{
	struct nl_msg *msg;
	int err;

	err = sf_segment_request(h, SEGFAB_CMD_SEGMENT_GET, name, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_segment_keep, segment);
}

struct sf_segment_walk {
	segfab_segment_fn	fn;
	void			*arg;
};

static int sf_segment_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_segment_walk *walk = arg;
	struct segfab_segment segment;
	int err;

	err = sf_segment_parse(nlh, &segment);
	return err ? err : walk->fn(&segment, walk->arg);
}

/**
 * segfab_segment_dump - look at all segments
 * @h: a handle
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_segment_dump(struct segfab *h, segfab_segment_fn fn,
			       void *arg)
{
	struct sf_segment_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_SEGMENT_GET, NLM_F_DUMP, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_segment_show, &walk);
}
