// SPDX-License-Identifier: GPL-2.0
/*
 * Binding maps: (parent, tag) to child, and the rules that they obey.
 *
 * Locking: everything here runs under RTNL, so that a rule and the change that
 * it allows are one step. Frames find a binding map in the VLAN table of its
 * parent, in the list of its child, and in forwarding entries of its child.
 *
 * A change of the tag is made in place: for a moment both tags lead in, and
 * one word decides which leads out. A change of the parent puts a new binding
 * map in the place of the old one, which dies when nothing points to it.
 */
#include "binding.h"

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "fdb.h"
#include "fdb_limit.h"
#include "netlink.h"
#include "segment.h"
#include "stats.h"
#include "vlan_table.h"

static const char *sf_name(const struct sf_segment *segment)
{
	return segment->dev->name;
}

static struct net *sf_binding_net(const struct sf_binding *binding)
{
	return dev_net(binding->child->dev);
}

/**
 * sf_binding_find - find a binding map by its id
 * @child: the segment that owns it
 * @id: its id
 *
 * Context: RTNL, or RCU read side.
 * Return: the binding map, or NULL.
 */
struct sf_binding *sf_binding_find(const struct sf_segment *child,
				   const char *id)
{
	struct sf_binding *binding;

	list_for_each_entry_rcu(binding, &child->parents, child_node,
				lockdep_rtnl_is_held())
		if (!strcmp(binding->id, id))
			return binding;
	return NULL;
}

/**
 * sf_binding_between - find the binding map between two segments
 * @child: the segment that owns it
 * @parent: its parent
 *
 * Context: RTNL, or RCU read side.
 * Return: the binding map, or NULL.
 */
struct sf_binding *sf_binding_between(const struct sf_segment *child,
				      const struct sf_segment *parent)
{
	struct sf_binding *binding;

	list_for_each_entry_rcu(binding, &child->parents, child_node,
				lockdep_rtnl_is_held())
		if (binding->parent == parent)
			return binding;
	return NULL;
}

/* R3 and R4: may @child have @parent as a parent? */
static int sf_binding_check_parent(const struct sf_segment *child,
				   const struct sf_segment *parent,
				   struct netlink_ext_ack *extack)
{
	const struct sf_binding *other;

	if (child == parent) {
		NL_SET_ERR_MSG_FMT(extack, "%s cannot be its own parent",
				   sf_name(child));
		return -ELOOP;
	}
	if (child->child_count) {
		other = list_first_entry(&child->children, struct sf_binding,
					 parent_node);
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is a parent, of %s, and cannot be a child",
				   sf_name(child), sf_name(other->child));
		return -ELOOP;
	}
	if (parent->parent_count) {
		other = list_first_entry(&parent->parents, struct sf_binding,
					 child_node);
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is a child, of %s, and cannot be a parent",
				   sf_name(parent), sf_name(other->parent));
		return -ELOOP;
	}
	other = sf_binding_between(child, parent);
	if (other) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is bound to %s already, by %.24s, VLAN %u",
				   sf_name(child), sf_name(parent), other->id,
				   other->vlan);
		return -EEXIST;
	}
	return 0;
}

/* R8: the lowest tag of a range that @self may have, or 0. Its own is free for
 * it: who asks twice gets the same answer.
 */
static u16 sf_binding_lowest_vlan(struct sf_segment *parent,
				  const struct sf_binding *self,
				  u16 first, u16 last)
{
	u16 vlan = sf_vlan_table_first_free(&parent->vlans, first, last);

	if (self && self->parent == parent && self->vlan >= first &&
	    self->vlan <= last && (!vlan || self->vlan < vlan))
		return self->vlan;
	return vlan;
}

/* R2 and R8: the tag that @spec asks for on @parent, or a negative errno. */
static int sf_binding_choose_vlan(struct sf_segment *parent,
				  const struct sf_binding *self,
				  const struct sf_binding_spec *spec,
				  struct netlink_ext_ack *extack)
{
	const struct sf_binding *holder;
	u16 vlan = spec->vlan;

	if (spec->vlan_auto) {
		vlan = sf_binding_lowest_vlan(parent, self, spec->vlan_first,
					      spec->vlan_last);
		if (vlan)
			return vlan;
		NL_SET_ERR_MSG_FMT(extack, "no tag from %u to %u is free on %s",
				   spec->vlan_first, spec->vlan_last,
				   sf_name(parent));
		return -ENOSPC;
	}
	if (!vlan)
		vlan = self->vlan;
	holder = sf_vlan_table_find(&parent->vlans, vlan);
	if (!holder || holder == self)
		return vlan;
	NL_SET_ERR_MSG_FMT(extack, "VLAN %u of %s is bound to %s, by %.24s",
			   vlan, sf_name(parent), sf_name(holder->child),
			   holder->id);
	return -EEXIST;
}

static void sf_binding_set_limits(struct sf_binding *binding,
				  const struct sf_binding_spec *spec)
{
	if (spec->has_fdb_limit) {
		WRITE_ONCE(binding->fdb_limit, spec->fdb_limit);
		sf_fdb_limit_changed(binding->child, NULL, binding);
	}
	if (spec->has_fdb_limit_policy)
		WRITE_ONCE(binding->fdb_limit_policy, spec->fdb_limit_policy);
}

static struct sf_binding *sf_binding_alloc(struct sf_segment *child,
					   struct sf_segment *parent,
					   const char *id, u16 vlan)
{
	size_t size = strlen(id) + 1;
	struct sf_binding *binding;

	binding = kzalloc(struct_size(binding, id, size), GFP_KERNEL);
	if (!binding)
		return NULL;
	memcpy(binding->id, id, size);
	binding->child = child;
	binding->parent = parent;
	binding->vlan = vlan;
	binding->fdb_limit = SF_BINDING_FDB_LIMIT;
	binding->fdb_limit_policy = SEGFAB_LIMIT_POLICY_FORWARD;
	return binding;
}

static void sf_binding_free_rcu(struct rcu_head *rcu)
{
	struct sf_binding *binding = container_of(rcu, struct sf_binding, rcu);

	if (!binding->replaced)
		free_percpu(binding->stats);
	kfree(binding);
}

static void sf_binding_link_parent(struct sf_binding *binding)
{
	list_add_tail_rcu(&binding->parent_node, &binding->parent->children);
	binding->parent->child_count++;
}

static void sf_binding_unlink_parent(struct sf_binding *binding)
{
	sf_vlan_table_clear(&binding->parent->vlans, binding->vlan);
	list_del_rcu(&binding->parent_node);
	binding->parent->child_count--;
}

/* Nothing points to @binding afterwards but frames on their way. */
static void sf_binding_bury(struct sf_binding *binding)
{
	struct sf_fdb_filter filter = {
		.binding = binding,
		.states = BIT(SEGFAB_FDB_STATE_LEARNED) |
			  BIT(SEGFAB_FDB_STATE_STATIC),
	};

	WRITE_ONCE(binding->dead, true);
	sf_fdb_flush(binding->child, &filter);
	call_rcu(&binding->rcu, sf_binding_free_rcu);
}

static void sf_binding_changed(const struct sf_binding *binding)
{
	sf_net_changed(sf_binding_net(binding));
	sf_segment_update_carrier(binding->child);
}

/**
 * sf_binding_add - make a binding map
 * @child: the segment that owns it
 * @id: its id, not empty, not yet used in @child
 * @spec: parent and tag (or a range of tags), both given; limits
 * @extack: takes the reason of a refusal
 *
 * Does not announce it. Keeps the rules R1 to R6 and R8.
 *
 * Context: RTNL. May sleep.
 * Return: the binding map, or ERR_PTR with nothing changed.
 */
struct sf_binding *sf_binding_add(struct sf_segment *child, const char *id,
				  const struct sf_binding_spec *spec,
				  struct netlink_ext_ack *extack)
{
	struct sf_segment *parent = spec->parent;
	struct sf_binding *binding;
	int err, vlan;

	ASSERT_RTNL();
	err = sf_binding_check_parent(child, parent, extack);
	if (err)
		return ERR_PTR(err);
	vlan = sf_binding_choose_vlan(parent, NULL, spec, extack);
	if (vlan < 0)
		return ERR_PTR(vlan);

	binding = sf_binding_alloc(child, parent, id, vlan);
	if (!binding)
		return ERR_PTR(-ENOMEM);
	binding->stats = sf_traffic_alloc();
	if (!binding->stats) {
		err = -ENOMEM;
		goto err_free;
	}
	sf_binding_set_limits(binding, spec);
	err = sf_vlan_table_set(&parent->vlans, vlan, binding);
	if (err)
		goto err_free_stats;

	sf_binding_link_parent(binding);
	list_add_tail_rcu(&binding->child_node, &child->parents);
	child->parent_count++;
	sf_binding_changed(binding);
	return binding;

err_free_stats:
	free_percpu(binding->stats);
err_free:
	kfree(binding);
	return ERR_PTR(err);
}

/* R10: lead in by both tags, change the one that leads out, drop the old. */
static int sf_binding_change_vlan(struct sf_binding *binding, u16 vlan)
{
	u16 old = binding->vlan;
	int err;

	if (vlan == old)
		return 0;
	err = sf_vlan_table_set(&binding->parent->vlans, vlan, binding);
	if (err)
		return err;
	WRITE_ONCE(binding->vlan, vlan);
	sf_vlan_table_clear(&binding->parent->vlans, old);
	return 0;
}

/* R10: the new one leads in before the old one ceases to. It takes over the
 * id, the limits and the counters.
 */
static struct sf_binding *sf_binding_change_parent(struct sf_binding *old,
						   struct sf_segment *parent,
						   u16 vlan)
{
	struct sf_binding *binding;

	binding = sf_binding_alloc(old->child, parent, old->id, vlan);
	if (!binding)
		return ERR_PTR(-ENOMEM);
	binding->stats = old->stats;
	binding->fdb_limit = old->fdb_limit;
	binding->fdb_limit_policy = old->fdb_limit_policy;
	if (sf_vlan_table_set(&parent->vlans, vlan, binding)) {
		kfree(binding);
		return ERR_PTR(-ENOMEM);
	}
	sf_binding_link_parent(binding);
	list_replace_rcu(&old->child_node, &binding->child_node);
	sf_binding_unlink_parent(old);
	/* Frames that are still with the old one go on counting; the new one
	 * frees the counters, a grace period after the old one at the earliest.
	 */
	old->replaced = true;
	sf_binding_bury(old);
	return binding;
}

/**
 * sf_binding_change - change tag, parent and limits of a binding map
 * @binding: the binding map; replaced by another if the parent changes
 * @spec: what is to change
 * @extack: takes the reason of a refusal
 *
 * One step for traffic (R10); counters and id stay. Does not announce it.
 *
 * Context: RTNL. May sleep.
 * Return: the binding map that is valid now, or ERR_PTR with nothing changed.
 */
struct sf_binding *sf_binding_change(struct sf_binding *binding,
				     const struct sf_binding_spec *spec,
				     struct netlink_ext_ack *extack)
{
	struct sf_segment *parent = spec->parent ?: binding->parent;
	int vlan, err;

	ASSERT_RTNL();
	if (parent != binding->parent) {
		err = sf_binding_check_parent(binding->child, parent, extack);
		if (err)
			return ERR_PTR(err);
	}
	vlan = sf_binding_choose_vlan(parent, binding, spec, extack);
	if (vlan < 0)
		return ERR_PTR(vlan);

	if (parent != binding->parent) {
		binding = sf_binding_change_parent(binding, parent, vlan);
		if (IS_ERR(binding))
			return binding;
	} else {
		err = sf_binding_change_vlan(binding, vlan);
		if (err)
			return ERR_PTR(err);
	}
	sf_binding_set_limits(binding, spec);
	sf_binding_changed(binding);
	return binding;
}

/**
 * sf_binding_del - remove a binding map
 * @binding: the binding map; freed after a grace period
 *
 * Does not announce it.
 *
 * Context: RTNL.
 */
void sf_binding_del(struct sf_binding *binding)
{
	ASSERT_RTNL();
	sf_binding_unlink_parent(binding);
	list_del_rcu(&binding->child_node);
	binding->child->parent_count--;
	sf_binding_changed(binding);
	sf_binding_bury(binding);
}
