/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_MEMBER_H
#define _SEGFAB_MEMBER_H

#include "types.h"

/* Learned addresses behind a zone, for each segment. */
#define SF_MEMBER_FDB_LIMIT	65536

int sf_segment_join_zone(struct sf_segment *segment, struct sf_zone *zone,
			 u32 id, struct sf_policy *policy,
			 struct netlink_ext_ack *extack);
void sf_segment_leave_zone(struct sf_segment *segment);
bool sf_segment_has_uplink(const struct sf_segment *segment);
unsigned int sf_segment_uplink_mtu(const struct sf_segment *segment);
int sf_remote_check(const struct sf_segment *segment,
		    const struct in6_addr *remote,
		    struct netlink_ext_ack *extack);
int sf_remote_add(struct sf_segment *segment, const struct in6_addr *remote,
		  struct netlink_ext_ack *extack);
int sf_remote_del(struct sf_segment *segment, const struct in6_addr *remote,
		  struct netlink_ext_ack *extack);
int sf_member_module_init(void);
void sf_member_module_exit(void);

static inline struct sf_member *
sf_segment_member(const struct sf_segment *segment)
{
	return rcu_dereference_check(segment->member, lockdep_rtnl_is_held());
}

#endif /* _SEGFAB_MEMBER_H */
