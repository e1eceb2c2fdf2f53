// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Binding maps.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

int sf_binding_parse(const struct nlmsghdr *nlh, struct segfab_binding *b)
{
	struct nlattr *tb[SEGFAB_A_BINDING_MAX + 1];

	if (sf_genl_parse(nlh, tb, SEGFAB_A_BINDING_MAX))
		return -EBADMSG;

	b->child_ifindex = sf_get_u32(tb[SEGFAB_A_BINDING_CHILD_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_BINDING_CHILD], b->child, sizeof(b->child));
	sf_get_string(tb[SEGFAB_A_BINDING_ID], b->id, sizeof(b->id));
	b->parent_ifindex = sf_get_u32(tb[SEGFAB_A_BINDING_PARENT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_BINDING_PARENT], b->parent,
		      sizeof(b->parent));
	b->vlan = sf_get_u16(tb[SEGFAB_A_BINDING_VLAN]);
	b->fdb_limit = sf_get_u32(tb[SEGFAB_A_BINDING_FDB_LIMIT]);
	b->fdb_limit_policy = sf_get_u8(tb[SEGFAB_A_BINDING_FDB_LIMIT_POLICY]);
	b->fdb_count = sf_get_u32(tb[SEGFAB_A_BINDING_FDB_COUNT]);
	b->fdb_full = sf_get_u8(tb[SEGFAB_A_BINDING_FDB_FULL]);
	sf_stats_parse(tb[SEGFAB_A_BINDING_STATS], &b->stats);
	return 0;
}

static int sf_binding_put_key(struct nl_msg *msg, const char *child,
			      const char *id)
{
	NLA_PUT_STRING(msg, SEGFAB_A_BINDING_CHILD, child);
	NLA_PUT_STRING(msg, SEGFAB_A_BINDING_ID, id);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

static int sf_binding_put(struct nl_msg *msg,
			  const struct segfab_binding_settings *s)
{
	if (s->set & SEGFAB_BINDING_PARENT)
		NLA_PUT_STRING(msg, SEGFAB_A_BINDING_PARENT, s->parent);
	if (s->set & SEGFAB_BINDING_VLAN)
		NLA_PUT_U16(msg, SEGFAB_A_BINDING_VLAN, s->vlan);
	if (s->set & SEGFAB_BINDING_VLAN_AUTO)
		NLA_PUT_FLAG(msg, SEGFAB_A_BINDING_VLAN_AUTO);
	if (s->set & SEGFAB_BINDING_VLAN_RANGE) {
		NLA_PUT_U16(msg, SEGFAB_A_BINDING_VLAN_FIRST, s->vlan_first);
		NLA_PUT_U16(msg, SEGFAB_A_BINDING_VLAN_LAST, s->vlan_last);
	}
	if (s->set & SEGFAB_BINDING_FDB_LIMIT)
		NLA_PUT_U32(msg, SEGFAB_A_BINDING_FDB_LIMIT, s->fdb_limit);
	if (s->set & SEGFAB_BINDING_FDB_LIMIT_POLICY)
		NLA_PUT_U8(msg, SEGFAB_A_BINDING_FDB_LIMIT_POLICY,
			   s->fdb_limit_policy);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

static int sf_binding_keep(const struct nlmsghdr *nlh, void *arg)
{
	return sf_binding_parse(nlh, arg);
}

/**
 * segfab_binding_write - make or change a binding map
 * @h: a handle
 * @how: whether it may or must exist
 * @child: the child segment
 * @id: id of the binding map, unique within the child
 * @settings: what is given is set; a new one needs a parent and a tag
 * @result: NULL, or where to put what the binding map is then, which tells the
 *	tag that SEGFAB_BINDING_VLAN_AUTO took
 *
 * A change of the tag or the parent is one step for traffic.
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_binding_write(struct segfab *h, enum segfab_write how,
				const char *child, const char *id,
				const struct segfab_binding_settings *settings,
				struct segfab_binding *result)
{
	int flags = sf_write_flags(how) | (result ? NLM_F_ECHO : 0);
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_BINDING_NEW, flags, &msg);
	if (err)
		return err;
	if (sf_binding_put_key(msg, child, id) ||
	    sf_binding_put(msg, settings))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, result ? sf_binding_keep : NULL,
		       result);
}

/**
 * segfab_binding_del - remove a binding map
 * @h: a handle
 * @child: the child segment
 * @id: id of the binding map
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_binding_del(struct segfab *h, const char *child,
			      const char *id)
{
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_BINDING_DEL, 0, &msg);
	if (err)
		return err;
	if (sf_binding_put_key(msg, child, id))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, NULL, NULL);
}

/**
 * segfab_binding_get - look at a binding map
 * @h: a handle
 * @child: the child segment
 * @id: id of the binding map
 * @binding: where to
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_binding_get(struct segfab *h, const char *child,
			      const char *id, struct segfab_binding *binding)
{
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_BINDING_GET, 0, &msg);
	if (err)
		return err;
	if (sf_binding_put_key(msg, child, id))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, sf_binding_keep, binding);
}

struct sf_binding_walk {
	segfab_binding_fn	fn;
	void			*arg;
};

static int sf_binding_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_binding_walk *walk = arg;
	struct segfab_binding binding;
	int err;

	err = sf_binding_parse(nlh, &binding);
	return err ? err : walk->fn(&binding, walk->arg);
}

/**
 * segfab_binding_dump - look at binding maps
 * @h: a handle
 * @child: those that this segment owns, or NULL for any
 * @parent: those that name this segment as parent, or NULL for any
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_binding_dump(struct segfab *h, const char *child,
			       const char *parent, segfab_binding_fn fn,
			       void *arg)
{
	struct sf_binding_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_BINDING_GET, NLM_F_DUMP, &msg);
	if (err)
		return err;
	if ((child && nla_put_string(msg, SEGFAB_A_BINDING_CHILD, child)) ||
	    (parent && nla_put_string(msg, SEGFAB_A_BINDING_PARENT, parent)))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, sf_binding_show, &walk);
}
