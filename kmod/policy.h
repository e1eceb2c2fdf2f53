/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_POLICY_H
#define _SEGFAB_POLICY_H

#include <linux/rtnetlink.h>

#include "types.h"

void sf_policies_init(struct sf_zone *zone);
void sf_policies_update(struct sf_zone *zone);
void sf_policies_forget(struct sf_zone *zone, const struct sf_uplink *uplink);
struct sf_policy *sf_policy_find(const struct sf_zone *zone, const char *name);
struct sf_policy *sf_policy_add(struct sf_zone *zone, const char *name,
				u8 teaming, struct sf_uplink_list *list);
void sf_policy_change(struct sf_policy *policy, u8 teaming,
		      struct sf_uplink_list *list);
int sf_policy_check_del(const struct sf_policy *policy,
			struct netlink_ext_ack *extack);
void sf_policy_del(struct sf_policy *policy);
void sf_member_take_policy(struct sf_member *member, struct sf_policy *policy);
void sf_member_put_policy(struct sf_member *member);
void sf_member_set_policy(struct sf_member *member, struct sf_policy *policy);

/* The policy of a zone that has all of its uplinks. teaming: enum
 * segfab_teaming, but for SEGFAB_TEAMING_ZONE.
 */
static inline struct sf_policy *sf_policy_standard(struct sf_zone *zone,
						   u8 teaming)
{
	return &zone->standard[teaming - SEGFAB_TEAMING_FAILOVER_ORDER];
}

/* The policy by which the frames of a member leave. Context: RTNL. */
static inline struct sf_policy *
sf_policy_of_member(const struct sf_member *member)
{
	return rtnl_dereference(member->policy) ?:
	       sf_policy_standard(member->zone, member->zone->teaming);
}

/* Context: RTNL. */
static inline void sf_member_take_team(struct sf_member *member)
{
	struct sf_policy *policy = sf_policy_of_member(member);

	rcu_assign_pointer(member->team, rtnl_dereference(policy->team));
}

#endif /* _SEGFAB_POLICY_H */
