// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Teaming policies of transport zones.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

/* Put the uplinks of a nest behind those that @p has. Return: how many. */
static uint32_t sf_policy_parse_uplinks(const struct nlattr *nest,
					struct segfab_policy *p)
{
	struct nlattr *tb[SEGFAB_A_POLICY_UPLINK_MAX + 1];
	uint32_t before = p->uplink_count;
	struct segfab_policy_uplink *u;
	struct nlattr *item;
	int rem;

	if (!nest)
		return 0;
	nla_for_each_nested(item, nest, rem) {
		if (p->uplink_count == SF_ARRAY_SIZE(p->uplink) ||
		    nla_parse_nested(tb, SEGFAB_A_POLICY_UPLINK_MAX, item,
				     NULL))
			break;
		u = &p->uplink[p->uplink_count++];
		u->ifindex = sf_get_u32(tb[SEGFAB_A_POLICY_UPLINK_IFINDEX]);
		sf_get_string(tb[SEGFAB_A_POLICY_UPLINK_NAME], u->name,
			      sizeof(u->name));
		u->carrier = sf_get_u8(tb[SEGFAB_A_POLICY_UPLINK_CARRIER]);
		u->used = sf_get_u8(tb[SEGFAB_A_POLICY_UPLINK_USED]);
	}
	return p->uplink_count - before;
}

int sf_policy_parse(const struct nlmsghdr *nlh, struct segfab_policy *p)
{
	struct nlattr *tb[SEGFAB_A_POLICY_MAX + 1];

	if (sf_genl_parse(nlh, tb, SEGFAB_A_POLICY_MAX))
		return -EBADMSG;

	memset(p, 0, sizeof(*p));
	p->zone_ifindex = sf_get_u32(tb[SEGFAB_A_POLICY_ZONE_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_POLICY_ZONE], p->zone, sizeof(p->zone));
	sf_get_string(tb[SEGFAB_A_POLICY_NAME], p->name, sizeof(p->name));
	p->teaming = sf_get_u8(tb[SEGFAB_A_POLICY_TEAMING]);
	p->active_count =
		sf_policy_parse_uplinks(tb[SEGFAB_A_POLICY_ACTIVE], p);
	sf_policy_parse_uplinks(tb[SEGFAB_A_POLICY_STANDBY], p);
	p->segment_count = sf_get_u32(tb[SEGFAB_A_POLICY_SEGMENT_COUNT]);
	return 0;
}

static int sf_policy_put_uplinks(struct nl_msg *msg, int type,
				 const char *const *uplinks, uint32_t count)
{
	struct nlattr *nest = nla_nest_start(msg, type), *item;

	if (!nest)
		return -EMSGSIZE;
	for (uint32_t i = 0; i < count; i++) {
		item = nla_nest_start(msg, SEGFAB_A_POLICY_UPLINKS_UPLINK);
		if (!item || nla_put_string(msg, SEGFAB_A_POLICY_UPLINK_NAME,
					    uplinks[i]))
			return -EMSGSIZE;
		nla_nest_end(msg, item);
	}
	/* None is not the same as not given. */
	nla_nest_end_keep_empty(msg, nest);
	return 0;
}

static int sf_policy_put(struct nl_msg *msg,
			 const struct segfab_policy_settings *s)
{
	if (s->set & SEGFAB_POLICY_TEAMING &&
	    nla_put_u8(msg, SEGFAB_A_POLICY_TEAMING, s->teaming))
		return -EMSGSIZE;
	if (s->set & SEGFAB_POLICY_ACTIVE &&
	    sf_policy_put_uplinks(msg, SEGFAB_A_POLICY_ACTIVE, s->active,
				  s->active_count))
		return -EMSGSIZE;
	if (s->set & SEGFAB_POLICY_STANDBY &&
	    sf_policy_put_uplinks(msg, SEGFAB_A_POLICY_STANDBY, s->standby,
				  s->standby_count))
		return -EMSGSIZE;
	return 0;
}

/* A request about one policy; as sf_genl_request(). */
static int sf_policy_request(struct segfab *h, int cmd, int flags,
			     const char *zone, const char *name,
			     struct nl_msg **msg)
{
	int err;

	err = sf_genl_request(h, cmd, flags, msg);
	if (err)
		return err;
	if (nla_put_string(*msg, SEGFAB_A_POLICY_ZONE, zone) ||
	    nla_put_string(*msg, SEGFAB_A_POLICY_NAME, name))
		return sf_too_long(h, *msg);
	return 0;
}

/**
 * segfab_policy_write - make or change a teaming policy
 * @h: a handle
 * @how: whether it may or must exist
 * @zone: the transport zone
 * @name: name of the policy, unique in the zone
 * @settings: what is given is set; a new one needs active uplinks
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_policy_write(struct segfab *h, enum segfab_write how,
			       const char *zone, const char *name,
			       const struct segfab_policy_settings *settings)
{
	struct nl_msg *msg;
	int err;

	if (settings->active_count > SEGFAB_POLICY_UPLINKS_MAX ||
	    settings->standby_count > SEGFAB_POLICY_UPLINKS_MAX)
		return sf_error(h, -ERANGE, "a policy has at most %d uplinks",
				SEGFAB_POLICY_UPLINKS_MAX);
	err = sf_policy_request(h, SEGFAB_CMD_POLICY_NEW, sf_write_flags(how),
				zone, name, &msg);
	if (err)
		return err;
	if (sf_policy_put(msg, settings))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, NULL, NULL);
}

/**
 * segfab_policy_del - remove a teaming policy
 * @h: a handle
 * @zone: the transport zone
 * @name: name of the policy
 *
 * Return: 0 or a negative errno; -EBUSY while it is that of a segment
 */
SF_API int segfab_policy_del(struct segfab *h, const char *zone,
			     const char *name)
{
	struct nl_msg *msg;
	int err;

	err = sf_policy_request(h, SEGFAB_CMD_POLICY_DEL, 0, zone, name, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, NULL, NULL);
}

static int sf_policy_keep(const struct nlmsghdr *nlh, void *arg)
{
	return sf_policy_parse(nlh, arg);
}

/**
 * segfab_policy_get - look at a teaming policy
 * @h: a handle
 * @zone: the transport zone
 * @name: name of the policy
 * @policy: where to
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_policy_get(struct segfab *h, const char *zone,
			     const char *name, struct segfab_policy *policy)
{
	struct nl_msg *msg;
	int err;

	err = sf_policy_request(h, SEGFAB_CMD_POLICY_GET, 0, zone, name, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_policy_keep, policy);
}

struct sf_policy_walk {
	segfab_policy_fn	fn;
	void			*arg;
};

static int sf_policy_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_policy_walk *walk = arg;
	struct segfab_policy policy;
	int err;

	err = sf_policy_parse(nlh, &policy);
	return err ? err : walk->fn(&policy, walk->arg);
}

/**
 * segfab_policy_dump - look at teaming policies
 * @h: a handle
 * @zone: those of this zone, or NULL for all
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_policy_dump(struct segfab *h, const char *zone,
			      segfab_policy_fn fn, void *arg)
{
	struct sf_policy_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_POLICY_GET, NLM_F_DUMP, &msg);
	if (err)
		return err;
	if (zone && nla_put_string(msg, SEGFAB_A_POLICY_ZONE, zone))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, sf_policy_show, &walk);
}
