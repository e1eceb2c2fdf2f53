// SPDX-License-Identifier: GPL-2.0
/*
 * Teaming policies in generic netlink: make, change, remove, look at.
 *
 * Locking: changes under RTNL, reads under RCU.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>

#include "nl.h"
#include "policy.h"
#include "team.h"

static const struct sf_nl_ref sf_nl_policy_zone_ref = {
	SEGFAB_A_POLICY_ZONE_IFINDEX, SEGFAB_A_POLICY_ZONE, "zone",
};

static const struct sf_nl_ref sf_nl_policy_uplink_ref = {
	SEGFAB_A_POLICY_UPLINK_IFINDEX, SEGFAB_A_POLICY_UPLINK_NAME, "uplink",
};

static const struct nla_policy
sf_nl_policy_uplink_policy[SEGFAB_A_POLICY_UPLINK_MAX + 1] = {
	[SEGFAB_A_POLICY_UPLINK_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_POLICY_UPLINK_NAME]		= SF_NL_NAME,
	[SEGFAB_A_POLICY_UPLINK_CARRIER]	= SF_NL_READ_ONLY,
	[SEGFAB_A_POLICY_UPLINK_USED]		= SF_NL_READ_ONLY,
};

static const struct nla_policy
sf_nl_policy_uplinks_policy[SEGFAB_A_POLICY_UPLINKS_MAX + 1] = {
	[SEGFAB_A_POLICY_UPLINKS_UPLINK]	=
		NLA_POLICY_NESTED(sf_nl_policy_uplink_policy),
};

const struct nla_policy sf_nl_policy_get_policy[SEGFAB_A_POLICY_MAX + 1] = {
	[SEGFAB_A_POLICY_ZONE_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_POLICY_ZONE]		= SF_NL_NAME,
	[SEGFAB_A_POLICY_NAME]		= SF_NL_POLICY_NAME,
};

const struct nla_policy sf_nl_policy_new_policy[SEGFAB_A_POLICY_MAX + 1] = {
	[SEGFAB_A_POLICY_ZONE_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_POLICY_ZONE]		= SF_NL_NAME,
	[SEGFAB_A_POLICY_NAME]		= SF_NL_POLICY_NAME,
	[SEGFAB_A_POLICY_TEAMING]	= SF_NL_TEAMING,
	[SEGFAB_A_POLICY_ACTIVE]	=
		NLA_POLICY_NESTED(sf_nl_policy_uplinks_policy),
	[SEGFAB_A_POLICY_STANDBY]	=
		NLA_POLICY_NESTED(sf_nl_policy_uplinks_policy),
};

/* Messages */

static size_t sf_nl_policy_uplink_size(void)
{
	return nla_total_size(0) +		/* UPLINK */
	       sf_nl_device_size() +		/* IFINDEX, NAME */
	       nla_total_size(sizeof(u8)) +	/* CARRIER */
	       nla_total_size(sizeof(u8));	/* USED */
}

static size_t sf_nl_policy_size(void)
{
	return sf_nl_device_size() +		/* ZONE_IFINDEX, ZONE */
	       nla_total_size(SEGFAB_POLICY_NAME_LEN + 1) +	/* NAME */
	       nla_total_size(sizeof(u8)) +	/* TEAMING */
	       2 * nla_total_size(0) +		/* ACTIVE, STANDBY */
	       SEGFAB_POLICY_UPLINKS_MAX * sf_nl_policy_uplink_size() +
	       nla_total_size(sizeof(u32));	/* SEGMENT_COUNT */
}

static int sf_nl_policy_put_uplink(struct sk_buff *msg,
				   const struct sf_uplink *uplink,
				   const struct sf_team *team)
{
	struct nlattr *nest;

	nest = nla_nest_start(msg, SEGFAB_A_POLICY_UPLINKS_UPLINK);
	if (!nest ||
	    sf_nl_put_device(msg, &sf_nl_policy_uplink_ref, uplink->dev) ||
	    nla_put_u8(msg, SEGFAB_A_POLICY_UPLINK_CARRIER,
		       !!(READ_ONCE(uplink->flags) & SF_UPLINK_READY)) ||
	    nla_put_u8(msg, SEGFAB_A_POLICY_UPLINK_USED,
		       sf_team_uses(team, uplink)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/* The uplinks from @first to before @end, in a nest of @type. */
static int sf_nl_policy_put_uplinks(struct sk_buff *msg, int type,
				    const struct sf_policy *policy,
				    const struct sf_uplink_list *list,
				    unsigned int first, unsigned int end)
{
	struct nlattr *nest = nla_nest_start(msg, type);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = first; i < end; i++)
		if (sf_nl_policy_put_uplink(msg, list->uplink[i],
					    rcu_dereference_rtnl(policy->team)))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int sf_nl_policy_fill(struct sk_buff *msg, void *object)
{
	const struct sf_policy *policy = object;
	const struct sf_uplink_list *list = rcu_dereference_rtnl(policy->list);

	if (sf_nl_put_device(msg, &sf_nl_policy_zone_ref, policy->zone->dev) ||
	    nla_put_string(msg, SEGFAB_A_POLICY_NAME, policy->name) ||
	    nla_put_u8(msg, SEGFAB_A_POLICY_TEAMING,
		       READ_ONCE(policy->teaming)) ||
	    sf_nl_policy_put_uplinks(msg, SEGFAB_A_POLICY_ACTIVE, policy, list,
				     0, list->active) ||
	    sf_nl_policy_put_uplinks(msg, SEGFAB_A_POLICY_STANDBY, policy, list,
				     list->active, list->count) ||
	    nla_put_u32(msg, SEGFAB_A_POLICY_SEGMENT_COUNT,
			READ_ONCE(policy->member_count)))
		return -EMSGSIZE;
	return 0;
}

/* Requests */

static const char *sf_nl_policy_name(struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[SEGFAB_A_POLICY_NAME];

	if (!attr)
		return ERR_PTR(sf_nl_missing(info->extack, SEGFAB_A_POLICY_NAME,
					     "name"));
	return sf_nl_id(attr, "name", info->extack);
}

static struct sf_zone *sf_nl_policy_zone(struct genl_info *info)
{
	return sf_nl_zone(genl_info_net(info), info->attrs,
			  &sf_nl_policy_zone_ref, info->extack);
}

static struct sf_policy *sf_nl_policy_missing(struct genl_info *info,
					      const struct sf_zone *zone,
					      const char *name)
{
	NL_SET_ERR_MSG_FMT(info->extack, "%s has no teaming policy %.40s",
			   zone->dev->name, name);
	NL_SET_BAD_ATTR(info->extack, info->attrs[SEGFAB_A_POLICY_NAME]);
	return ERR_PTR(-ENOENT);
}

static void *sf_nl_policy_find(struct genl_info *info)
{
	struct sf_zone *zone = sf_nl_policy_zone(info);
	const char *name;

	if (IS_ERR(zone))
		return zone;
	name = sf_nl_policy_name(info);
	if (IS_ERR(name))
		return ERR_CAST(name);
	return sf_policy_find(zone, name) ?:
	       sf_nl_policy_missing(info, zone, name);
}

static const struct sf_nl_kind sf_nl_policy_kind = {
	.find	= sf_nl_policy_find,
	.size	= sf_nl_policy_size,
	.fill	= sf_nl_policy_fill,
	.event	= SEGFAB_CMD_POLICY_NTF,
};

/* As which one is announced that goes. */
static const struct sf_nl_kind sf_nl_policy_gone = {
	.size	= sf_nl_policy_size,
	.fill	= sf_nl_policy_fill,
	.event	= SEGFAB_CMD_POLICY_DEL_NTF,
};

/**
 * sf_policy_notify - announce that a policy has changed
 * @policy: the policy
 *
 * Context: RTNL. May sleep.
 */
void sf_policy_notify(struct sf_policy *policy)
{
	sf_nl_kind_event(&sf_nl_policy_kind, policy, dev_net(policy->zone->dev),
			 NULL);
}

/**
 * sf_policy_remove - remove a policy and announce it
 * @policy: the policy, of no segment
 * @info: the request that wants it so, or NULL
 *
 * Context: RTNL. May sleep.
 */
void sf_policy_remove(struct sf_policy *policy, struct genl_info *info)
{
	sf_nl_kind_event(&sf_nl_policy_gone, policy, dev_net(policy->zone->dev),
			 info);
	sf_policy_del(policy);
}

/**
 * sf_nl_policy_get - SEGFAB_CMD_POLICY_GET of one policy
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_policy_get(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_get(info, &sf_nl_policy_kind);
}

static int sf_nl_policy_dump_zone(struct sk_buff *msg,
				  struct netlink_callback *cb,
				  struct sf_zone *zone)
{
	const struct nlattr *name = sf_dump_attrs(cb)[SEGFAB_A_POLICY_NAME];
	struct sf_nl_zone_cursor *cursor = (void *)cb->ctx;
	struct sf_policy *policy;
	u32 position = 0;

	list_for_each_entry_rcu(policy, &zone->policies, node) {
		if (position++ < cursor->part)
			continue;
		if ((!name || !strcmp(policy->name, nla_data(name))) &&
		    sf_nl_kind_dump(msg, cb, &sf_nl_policy_kind, policy))
			return -EMSGSIZE;
		cursor->part++;
	}
	cursor->part = 0;
	return 0;
}

/**
 * sf_nl_policy_dump - SEGFAB_CMD_POLICY_GET of many policies
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_policy_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	return sf_nl_dump_zones(msg, cb, &sf_nl_policy_zone_ref,
				sf_nl_policy_dump_zone);
}

/* What a request wants of a policy. */
struct sf_nl_policy_spec {
	struct sf_zone		*zone;
	const char		*name;
	struct sf_policy	*old;	/* of that name, or NULL */
	u8			teaming;
};

/* Put an uplink behind those of a list. attr: what asked for it. */
static int sf_nl_policy_list_add(struct sf_uplink_list *list,
				 struct sf_uplink *uplink,
				 const struct nlattr *attr,
				 struct netlink_ext_ack *extack)
{
	unsigned int i;

	NL_SET_BAD_ATTR(extack, attr);
	for (i = 0; i < list->count; i++)
		if (list->uplink[i] == uplink) {
			NL_SET_ERR_MSG_FMT(extack,
					   "%s is in active and standby, or twice in one",
					   uplink->dev->name);
			return -EINVAL;
		}
	if (list->count == SEGFAB_POLICY_UPLINKS_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "a policy has at most %u uplinks",
				   SEGFAB_POLICY_UPLINKS_MAX);
		return -ERANGE;
	}
	NL_SET_BAD_ATTR(extack, NULL);
	list->uplink[list->count++] = uplink;
	return 0;
}

static int sf_nl_policy_parse_uplink(const struct sf_zone *zone,
				     const struct nlattr *item,
				     struct sf_uplink_list *list,
				     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[SEGFAB_A_POLICY_UPLINK_MAX + 1];
	struct sf_uplink *uplink;
	int err;

	err = nla_parse_nested(tb, SEGFAB_A_POLICY_UPLINK_MAX, item,
			       sf_nl_policy_uplink_policy, extack);
	if (err)
		return err;
	uplink = sf_nl_uplink_of_zone(zone, tb, &sf_nl_policy_uplink_ref,
				      extack);
	if (IS_ERR(uplink))
		return PTR_ERR(uplink);
	return sf_nl_policy_list_add(list, uplink, item, extack);
}

/* One of both lists: what the request gives, or uplinks from @first to before
 * @end of the list that the policy has.
 */
static int sf_nl_policy_parse_part(const struct sf_nl_policy_spec *spec,
				   const struct nlattr *attr,
				   const struct sf_uplink_list *old,
				   unsigned int first, unsigned int end,
				   struct sf_uplink_list *list,
				   struct netlink_ext_ack *extack)
{
	const struct nlattr *item;
	int err = 0, rem;

	if (attr) {
		nla_for_each_nested(item, attr, rem) {
			err = sf_nl_policy_parse_uplink(spec->zone, item, list,
							extack);
			if (err)
				break;
		}
		return err;
	}
	for (; first < end && !err; first++)
		err = sf_nl_policy_list_add(list, old->uplink[first], NULL,
					    extack);
	return err;
}

static int sf_nl_policy_parse_list(struct genl_info *info,
				   const struct sf_nl_policy_spec *spec,
				   struct sf_uplink_list *list)
{
	const struct nlattr *active = info->attrs[SEGFAB_A_POLICY_ACTIVE];
	const struct nlattr *standby = info->attrs[SEGFAB_A_POLICY_STANDBY];
	const struct sf_uplink_list *old = NULL;
	int err;

	if (spec->old)
		old = rtnl_dereference(spec->old->list);
	else if (!active)
		return sf_nl_missing(info->extack, SEGFAB_A_POLICY_ACTIVE,
				     "active");
	err = sf_nl_policy_parse_part(spec, active, old, 0,
				      old ? old->active : 0, list,
				      info->extack);
	if (err)
		return err;
	list->active = list->count;
	if (active && !list->active) {
		NL_SET_ERR_MSG_ATTR(info->extack, active,
				    "a policy needs an active uplink");
		return -EINVAL;
	}
	return sf_nl_policy_parse_part(spec, standby, old,
				       old ? old->active : 0,
				       old ? old->count : 0, list,
				       info->extack);
}

/* The lists of a request; NULL: it has none, and they stay as they are. */
static struct sf_uplink_list *
sf_nl_policy_list(struct genl_info *info, const struct sf_nl_policy_spec *spec)
{
	struct sf_uplink_list *list;
	int err;

	if (spec->old && !info->attrs[SEGFAB_A_POLICY_ACTIVE] &&
	    !info->attrs[SEGFAB_A_POLICY_STANDBY])
		return NULL;
	list = kzalloc(sizeof(*list), GFP_KERNEL);
	if (!list)
		return ERR_PTR(-ENOMEM);
	err = sf_nl_policy_parse_list(info, spec, list);
	if (!err)
		return list;
	kfree(list);
	return ERR_PTR(err);
}

/* Find out whether the request makes a policy or changes one. */
static int sf_nl_policy_parse(struct genl_info *info,
			      struct sf_nl_policy_spec *spec)
{
	const struct nlattr *teaming = info->attrs[SEGFAB_A_POLICY_TEAMING];
	u16 flags = info->nlhdr->nlmsg_flags;

	spec->zone = sf_nl_policy_zone(info);
	if (IS_ERR(spec->zone))
		return PTR_ERR(spec->zone);
	spec->name = sf_nl_policy_name(info);
	if (IS_ERR(spec->name))
		return PTR_ERR(spec->name);
	spec->old = sf_policy_find(spec->zone, spec->name);
	if (!spec->old && !(flags & NLM_F_CREATE))
		return PTR_ERR(sf_nl_policy_missing(info, spec->zone,
						    spec->name));
	if (spec->old && (!(flags & NLM_F_REPLACE) || flags & NLM_F_EXCL)) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "%s has a teaming policy %.40s already",
				   spec->zone->dev->name, spec->name);
		NL_SET_BAD_ATTR(info->extack,
				info->attrs[SEGFAB_A_POLICY_NAME]);
		return -EEXIST;
	}
	spec->teaming = SEGFAB_TEAMING_FAILOVER_ORDER;
	if (teaming)
		spec->teaming = nla_get_u8(teaming);
	else if (spec->old)
		spec->teaming = spec->old->teaming;
	return 0;
}

static int sf_nl_policy_set(struct genl_info *info)
{
	struct sf_nl_policy_spec spec;
	struct sf_uplink_list *list;
	struct sf_policy *policy;
	int err;

	err = sf_nl_policy_parse(info, &spec);
	if (err)
		return err;
	list = sf_nl_policy_list(info, &spec);
	if (IS_ERR(list))
		return PTR_ERR(list);
	policy = spec.old;
	if (policy)
		sf_policy_change(policy, spec.teaming, list);
	else
		policy = sf_policy_add(spec.zone, spec.name, spec.teaming,
				       list);
	if (IS_ERR(policy)) {
		kfree(list);
		return PTR_ERR(policy);
	}
	sf_nl_kind_event(&sf_nl_policy_kind, policy, genl_info_net(info), info);
	return 0;
}

/**
 * sf_nl_policy_new - SEGFAB_CMD_POLICY_NEW
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_policy_new(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_change(info, SF_NL_NEW_FLAGS, sf_nl_policy_set);
}

static int sf_nl_policy_unset(void *object, struct genl_info *info)
{
	int err = sf_policy_check_del(object, info->extack);

	if (err)
		NL_SET_BAD_ATTR(info->extack,
				info->attrs[SEGFAB_A_POLICY_NAME]);
	else
		sf_policy_remove(object, info);
	return err;
}

/**
 * sf_nl_policy_del - SEGFAB_CMD_POLICY_DEL
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_policy_del(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_change(info, &sf_nl_policy_kind, sf_nl_policy_unset);
}
