// SPDX-License-Identifier: GPL-2.0
/*
 * Teaming policies: which uplinks of a zone, in which order, the frames of a
 * segment leave by. A zone has one with all of its uplinks for each way of
 * teaming; the others have names, and lists of uplinks of their own. What a
 * frame sees of a policy is its team (team.c).
 *
 * Locking: policies are changed under RTNL. Readers of the configuration find
 * them, and their lists, under RCU.
 */
#include "policy.h"

#include <linux/slab.h>

#include "netlink.h"
#include "segment.h"
#include "team.h"

static void sf_policy_init(struct sf_policy *policy, struct sf_zone *zone,
			   u8 teaming)
{
	policy->zone = zone;
	policy->teaming = teaming;
}

/**
 * sf_policies_init - prepare the policies of a zone
 * @zone: the zone, without uplinks
 */
void sf_policies_init(struct sf_zone *zone)
{
	u8 teaming;

	INIT_LIST_HEAD(&zone->policies);
	for (teaming = SEGFAB_TEAMING_FAILOVER_ORDER;
	     teaming <= SEGFAB_TEAMING_LB_SRCMAC; teaming++)
		sf_policy_init(sf_policy_standard(zone, teaming), zone,
			       teaming);
}

/**
 * sf_policies_update - bring what members have of all policies up to date
 * @zone: the zone, whose uplinks have changed
 *
 * Context: RTNL. May sleep.
 */
void sf_policies_update(struct sf_zone *zone)
{
	struct sf_policy *policy;
	u8 teaming;

	for (teaming = SEGFAB_TEAMING_FAILOVER_ORDER;
	     teaming <= SEGFAB_TEAMING_LB_SRCMAC; teaming++)
		sf_team_update(sf_policy_standard(zone, teaming), true);
	list_for_each_entry(policy, &zone->policies, node)
		sf_team_update(policy, true);
}

/**
 * sf_policy_find - the policy of a name
 * @zone: the zone
 * @name: the name
 *
 * Context: RTNL, or RCU read side.
 * Return: the policy, or NULL.
 */
struct sf_policy *sf_policy_find(const struct sf_zone *zone, const char *name)
{
	struct sf_policy *policy;

	list_for_each_entry_rcu(policy, &zone->policies, node,
				lockdep_rtnl_is_held())
		if (!strcmp(policy->name, name))
			return policy;
	return NULL;
}

/* The list is the policy's from here on. */
static void sf_policy_set_list(struct sf_policy *policy,
			       struct sf_uplink_list *list)
{
	struct sf_uplink_list *old = rtnl_dereference(policy->list);

	rcu_assign_pointer(policy->list, list);
	if (old)
		kfree_rcu(old, rcu);
}

/**
 * sf_policy_add - make a policy
 * @zone: the zone
 * @name: its name, which no other one of the zone has
 * @teaming: enum segfab_teaming, but for SEGFAB_TEAMING_ZONE
 * @list: uplinks of the zone; the policy's from here on, if it is made
 *
 * Context: RTNL. May sleep.
 * Return: the policy, or ERR_PTR.
 */
struct sf_policy *sf_policy_add(struct sf_zone *zone, const char *name,
				u8 teaming, struct sf_uplink_list *list)
{
	struct sf_policy *policy = kzalloc(sizeof(*policy), GFP_KERNEL);

	if (!policy)
		return ERR_PTR(-ENOMEM);
	sf_policy_init(policy, zone, teaming);
	strscpy(policy->name, name, sizeof(policy->name));
	sf_policy_set_list(policy, list);
	sf_team_update(policy, false);
	list_add_tail_rcu(&policy->node, &zone->policies);
	sf_net_changed(dev_net(zone->dev));
	return policy;
}

/**
 * sf_policy_change - change a policy, and what its members do
 * @policy: the policy
 * @teaming: enum segfab_teaming, but for SEGFAB_TEAMING_ZONE
 * @list: uplinks of the zone, the policy's from here on; NULL: as they are
 *
 * Context: RTNL. May sleep.
 */
void sf_policy_change(struct sf_policy *policy, u8 teaming,
		      struct sf_uplink_list *list)
{
	WRITE_ONCE(policy->teaming, teaming);
	if (list)
		sf_policy_set_list(policy, list);
	sf_team_update(policy, !list);
	if (policy->member_count)
		sf_team_changed(policy->zone);
	sf_net_changed(dev_net(policy->zone->dev));
}

static bool sf_list_has(const struct sf_uplink_list *list,
			const struct sf_uplink *uplink)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (list->uplink[i] == uplink)
			return true;
	return false;
}

static void sf_policy_forget(struct sf_policy *policy,
			     const struct sf_uplink *uplink)
{
	const struct sf_uplink_list *old = rtnl_dereference(policy->list);
	struct sf_uplink_list *list;
	unsigned int i;

	if (!sf_list_has(old, uplink))
		return;
	/* There is nobody to tell that a device cannot leave. */
	list = kzalloc(sizeof(*list), GFP_KERNEL | __GFP_NOFAIL);
	for (i = 0; i < old->count; i++) {
		if (old->uplink[i] == uplink)
			continue;
		list->uplink[list->count++] = old->uplink[i];
		if (i < old->active)
			list->active++;
	}
	sf_policy_set_list(policy, list);
	sf_policy_notify(policy);
}

/**
 * sf_policies_forget - take an uplink out of all policies
 * @zone: the zone
 * @uplink: the uplink, which is leaving
 *
 * sf_policies_update() does the rest.
 *
 * Context: RTNL. May sleep.
 */
void sf_policies_forget(struct sf_zone *zone, const struct sf_uplink *uplink)
{
	struct sf_policy *policy;

	list_for_each_entry(policy, &zone->policies, node)
		sf_policy_forget(policy, uplink);
}

static const struct sf_member *sf_policy_member(const struct sf_policy *policy)
{
	const struct sf_member *member;

	list_for_each_entry(member, &policy->zone->members, node)
		if (rcu_access_pointer(member->policy) == policy)
			return member;
	return NULL;
}

/**
 * sf_policy_check_del - may a policy be removed?
 * @policy: the policy
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0, or -EBUSY if it is that of a segment.
 */
int sf_policy_check_del(const struct sf_policy *policy,
			struct netlink_ext_ack *extack)
{
	const struct sf_member *first = sf_policy_member(policy);

	if (!first)
		return 0;
	if (policy->member_count == 1)
		NL_SET_ERR_MSG_FMT(extack, "%.32s is the policy of %s",
				   policy->name, first->port.segment->dev->name);
	else
		NL_SET_ERR_MSG_FMT(extack,
				   "%.32s is the policy of %s and %u more",
				   policy->name, first->port.segment->dev->name,
				   policy->member_count - 1);
	return -EBUSY;
}

/**
 * sf_policy_del - remove a policy
 * @policy: the policy, of no segment; freed after a grace period
 *
 * Context: RTNL.
 */
void sf_policy_del(struct sf_policy *policy)
{
	struct sf_uplink_list *list = rtnl_dereference(policy->list);
	struct sf_team *team = rtnl_dereference(policy->team);

	list_del_rcu(&policy->node);
	sf_net_changed(dev_net(policy->zone->dev));
	/* They stay in the policy, for those who have found it. */
	if (team)
		kfree_rcu(team, rcu);
	kfree_rcu(list, rcu);
	kfree_rcu(policy, rcu);
}

/* Policies of members */

/**
 * sf_member_take_policy - give a member its first policy
 * @member: the member, not yet published
 * @policy: a policy of its zone; NULL: that of the zone
 *
 * Context: RTNL.
 */
void sf_member_take_policy(struct sf_member *member, struct sf_policy *policy)
{
	rcu_assign_pointer(member->policy, policy);
	if (policy)
		WRITE_ONCE(policy->member_count, policy->member_count + 1);
	sf_member_take_team(member);
}

/**
 * sf_member_put_policy - a member does without its policy
 * @member: the member, which leads nowhere any more; frames on their way go on
 *	with the team that they have
 *
 * Context: RTNL.
 */
void sf_member_put_policy(struct sf_member *member)
{
	struct sf_policy *policy = rtnl_dereference(member->policy);

	if (policy)
		WRITE_ONCE(policy->member_count, policy->member_count - 1);
}

/**
 * sf_member_set_policy - set by which uplinks a segment's frames leave
 * @member: the segment in its zone
 * @policy: a policy of the zone; NULL: that of the zone
 *
 * Context: RTNL.
 */
void sf_member_set_policy(struct sf_member *member, struct sf_policy *policy)
{
	if (rcu_access_pointer(member->policy) == policy)
		return;
	sf_member_put_policy(member);
	sf_member_take_policy(member, policy);
	sf_team_changed(member->zone);
}
