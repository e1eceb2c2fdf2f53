// SPDX-License-Identifier: GPL-2.0
/*
 * Binding maps in generic netlink: make, change, remove. The rules that binding
 * maps obey are in binding.c.
 *
 * Locking: everything here runs under RTNL, from the look-up of the segments
 * to the announcement.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>

#include "binding.h"
#include "nl.h"

/* Tag, or where to look for one. */
static int sf_nl_binding_parse_vlan(struct genl_info *info,
				    struct sf_binding_spec *spec)
{
	struct nlattr *first = info->attrs[SEGFAB_A_BINDING_VLAN_FIRST];
	struct nlattr *last = info->attrs[SEGFAB_A_BINDING_VLAN_LAST];
	struct nlattr *vlan = info->attrs[SEGFAB_A_BINDING_VLAN];

	spec->vlan = vlan ? nla_get_u16(vlan) : 0;
	spec->vlan_auto = nla_get_flag(info->attrs[SEGFAB_A_BINDING_VLAN_AUTO]);
	spec->vlan_first = first ? nla_get_u16(first) : SEGFAB_VLAN_MIN;
	spec->vlan_last = last ? nla_get_u16(last) : SEGFAB_VLAN_MAX;
	if (vlan && spec->vlan_auto) {
		NL_SET_ERR_MSG_ATTR(info->extack, vlan,
				    "vlan and vlan-auto exclude each other");
		return -EINVAL;
	}
	if ((first || last) && !spec->vlan_auto) {
		NL_SET_ERR_MSG_ATTR(info->extack, first ?: last,
				    "vlan-first and vlan-last need vlan-auto");
		return -EINVAL;
	}
	if (spec->vlan_first > spec->vlan_last) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "vlan-first %u is greater than vlan-last %u",
				   spec->vlan_first, spec->vlan_last);
		NL_SET_BAD_ATTR(info->extack, first ?: last);
		return -EINVAL;
	}
	return 0;
}

static int sf_nl_binding_parse(struct genl_info *info,
			       struct sf_binding_spec *spec)
{
	struct nlattr *limit = info->attrs[SEGFAB_A_BINDING_FDB_LIMIT];
	struct nlattr *policy = info->attrs[SEGFAB_A_BINDING_FDB_LIMIT_POLICY];

	if (limit) {
		spec->has_fdb_limit = true;
		spec->fdb_limit = nla_get_u32(limit);
	}
	if (policy) {
		spec->has_fdb_limit_policy = true;
		spec->fdb_limit_policy = nla_get_u8(policy);
	}
	if (sf_nl_given(info->attrs, &sf_nl_parent_ref)) {
		spec->parent = sf_nl_segment(genl_info_net(info), info->attrs,
					     &sf_nl_parent_ref, info->extack);
		if (IS_ERR(spec->parent))
			return PTR_ERR(spec->parent);
	}
	return sf_nl_binding_parse_vlan(info, spec);
}

/* Which attribute was at fault when binding.c refused. */
static void sf_nl_binding_blame(struct genl_info *info,
				const struct sf_segment *child,
				const struct sf_binding_spec *spec, int err)
{
	struct nlattr *const *attrs = info->attrs;
	const struct nlattr *attr = NULL;

	if (err == -ELOOP || (err == -EEXIST && spec->parent &&
			      sf_binding_between(child, spec->parent)))
		attr = sf_nl_ref_attr(attrs, &sf_nl_parent_ref);
	else if (err == -EEXIST || err == -ENOSPC)
		attr = attrs[SEGFAB_A_BINDING_VLAN] ?:
		       attrs[SEGFAB_A_BINDING_VLAN_AUTO] ?:
		       sf_nl_ref_attr(attrs, &sf_nl_parent_ref);
	NL_SET_BAD_ATTR(info->extack, attr);
}

static struct sf_binding *sf_nl_binding_make(struct genl_info *info,
					     struct sf_segment *child,
					     const char *id,
					     const struct sf_binding_spec *spec)
{
	struct sf_binding *binding;

	if (!(info->nlhdr->nlmsg_flags & NLM_F_CREATE))
		return sf_nl_binding_need(info, child, id);
	if (!spec->parent)
		return ERR_PTR(sf_nl_missing(info->extack,
					     SEGFAB_A_BINDING_PARENT,
					     "parent"));
	if (!spec->vlan && !spec->vlan_auto)
		return ERR_PTR(sf_nl_missing(info->extack,
					     SEGFAB_A_BINDING_VLAN,
					     "vlan or vlan-auto"));
	binding = sf_binding_add(child, id, spec, info->extack);
	if (IS_ERR(binding))
		sf_nl_binding_blame(info, child, spec, PTR_ERR(binding));
	return binding;
}

static struct sf_binding *
sf_nl_binding_change(struct genl_info *info, struct sf_binding *old,
		     const struct sf_binding_spec *spec)
{
	struct sf_segment *child = old->child;
	u16 flags = info->nlhdr->nlmsg_flags;
	struct sf_binding *binding;

	if (!(flags & NLM_F_REPLACE) || flags & NLM_F_EXCL) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "%s has a binding map %.40s already",
				   child->dev->name, old->id);
		NL_SET_BAD_ATTR(info->extack, info->attrs[SEGFAB_A_BINDING_ID]);
		return ERR_PTR(-EEXIST);
	}
	binding = sf_binding_change(old, spec, info->extack);
	if (IS_ERR(binding))
		sf_nl_binding_blame(info, child, spec, PTR_ERR(binding));
	return binding;
}

/* Find out whether the request makes a binding map or changes one. */
static struct sf_binding *sf_nl_binding_make_or_change(struct genl_info *info)
{
	struct sf_binding_spec spec = {};
	struct sf_binding *binding;
	struct sf_segment *child;
	const char *id;
	int err;

	id = sf_nl_binding_id(info, &child);
	if (IS_ERR(id))
		return ERR_CAST(id);
	err = sf_nl_binding_parse(info, &spec);
	if (err)
		return ERR_PTR(err);
	binding = sf_binding_find(child, id);
	if (binding)
		return sf_nl_binding_change(info, binding, &spec);
	return sf_nl_binding_make(info, child, id, &spec);
}

static int sf_nl_binding_set(struct genl_info *info)
{
	struct sf_binding *binding = sf_nl_binding_make_or_change(info);

	if (IS_ERR(binding))
		return PTR_ERR(binding);
	sf_nl_kind_event(&sf_nl_binding_kind, binding, genl_info_net(info),
			 info);
	return 0;
}

/**
 * sf_nl_binding_new - SEGFAB_CMD_BINDING_NEW
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_binding_new(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_change(info, SF_NL_NEW_FLAGS, sf_nl_binding_set);
}

static int sf_nl_binding_unset(void *object, struct genl_info *info)
{
	sf_binding_remove(object, info);
	return 0;
}

/**
 * sf_nl_binding_del - SEGFAB_CMD_BINDING_DEL
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_binding_del(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_kind_change(info, &sf_nl_binding_kind,
				 sf_nl_binding_unset);
}
