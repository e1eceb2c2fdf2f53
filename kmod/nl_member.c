// SPDX-License-Identifier: GPL-2.0
/*
 * Segments in zones, in generic netlink and as link attributes: which zone, by
 * which VLAN id or VNI, with which teaming policy, and how many addresses may be
 * learned there.
 *
 * Locking: changes under RTNL, reads under RCU.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>

#include "fdb_limit.h"
#include "member.h"
#include "nl.h"
#include "policy.h"
#include "zone.h"

static const struct sf_nl_ref sf_nl_member_zone_ref = {
	SEGFAB_A_SEGMENT_ZONE_IFINDEX, SEGFAB_A_SEGMENT_ZONE, "zone",
};

static int sf_member_contradiction(const struct nlattr *attr,
				   const struct sf_segment *segment,
				   const struct sf_zone *zone,
				   struct netlink_ext_ack *extack)
{
	NL_SET_BAD_ATTR(extack, attr);
	if (!zone)
		NL_SET_ERR_MSG_FMT(extack, "%s is in no zone",
				   segment->dev->name);
	else if (zone->mode == SEGFAB_ZONE_MODE_OVERLAY)
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is an overlay zone, with VNIs",
				   zone->dev->name);
	else
		NL_SET_ERR_MSG_FMT(extack, "%s is a VLAN zone, without VNIs",
				   zone->dev->name);
	return -EINVAL;
}

/* What says something of a segment in a zone, beside the zone. */
static const struct nlattr *sf_member_attr(struct nlattr *const tb[])
{
	return tb[SEGFAB_A_SEGMENT_ZONE_VLAN] ?:
	       tb[SEGFAB_A_SEGMENT_ZONE_VNI] ?:
	       tb[SEGFAB_A_SEGMENT_TEAMING] ?:
	       tb[SEGFAB_A_SEGMENT_TEAMING_POLICY] ?:
	       tb[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT] ?:
	       tb[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT_POLICY];
}

/* The VLAN id or VNI that a request gives, or that the segment has. */
static int sf_member_parse_id(const struct sf_segment *segment,
			      const struct sf_zone *zone,
			      struct nlattr *const tb[], u32 *id,
			      struct netlink_ext_ack *extack)
{
	const struct sf_member *member = sf_segment_member(segment);
	bool overlay = zone->mode == SEGFAB_ZONE_MODE_OVERLAY;
	const struct nlattr *vlan = tb[SEGFAB_A_SEGMENT_ZONE_VLAN];
	const struct nlattr *vni = tb[SEGFAB_A_SEGMENT_ZONE_VNI];

	if (overlay ? vlan : vni)
		return sf_member_contradiction(vlan ?: vni, segment, zone,
					       extack);
	if (vni)
		*id = nla_get_u32(vni);
	else if (vlan)
		*id = nla_get_u16(vlan);
	else if (member && member->zone == zone)
		*id = member->id;
	else
		return sf_nl_missing(extack,
				     overlay ? SEGFAB_A_SEGMENT_ZONE_VNI :
					       SEGFAB_A_SEGMENT_ZONE_VLAN,
				     overlay ? "vni" : "vlan");
	return 0;
}

static struct sf_policy *sf_member_find_policy(const struct sf_zone *zone,
					       const char *name,
					       struct netlink_ext_ack *extack)
{
	struct sf_policy *policy = sf_policy_find(zone, name);

	if (policy)
		return policy;
	NL_SET_ERR_MSG_FMT(extack, "%s has no teaming policy %.40s",
			   zone->dev->name, name);
	return ERR_PTR(-ENOENT);
}

/* The policy that a segment has, as it is in a zone that it may move to. */
static struct sf_policy *sf_member_keep_policy(const struct sf_segment *segment,
					       struct sf_zone *zone,
					       struct netlink_ext_ack *extack)
{
	const struct sf_member *member = sf_segment_member(segment);
	struct sf_policy *policy;

	policy = member ? rtnl_dereference(member->policy) : NULL;
	if (!policy || policy->zone == zone)
		return policy;
	if (!*policy->name)
		return sf_policy_standard(zone, policy->teaming);
	return sf_member_find_policy(zone, policy->name, extack);
}

/* The policy that a request gives, or that the segment has; NULL: that of the
 * zone.
 */
static struct sf_policy *sf_member_parse_policy(const struct sf_segment *segment,
						struct sf_zone *zone,
						struct nlattr *const tb[],
						struct netlink_ext_ack *extack)
{
	const struct nlattr *teaming = tb[SEGFAB_A_SEGMENT_TEAMING];
	const struct nlattr *name = tb[SEGFAB_A_SEGMENT_TEAMING_POLICY];
	struct sf_policy *policy;

	if (teaming && name) {
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "teaming and teaming-policy exclude each other");
		return ERR_PTR(-EINVAL);
	}
	if (teaming)
		return nla_get_u8(teaming) == SEGFAB_TEAMING_ZONE ? NULL :
		       sf_policy_standard(zone, nla_get_u8(teaming));
	if (!name)
		return sf_member_keep_policy(segment, zone, extack);
	policy = sf_member_find_policy(zone, nla_data(name), extack);
	if (IS_ERR(policy))
		NL_SET_BAD_ATTR(extack, name);
	return policy;
}

static void sf_member_apply_limit(struct sf_segment *segment,
				  struct nlattr *const tb[])
{
	const struct nlattr *limit = tb[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT];
	const struct nlattr *policy = tb[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT_POLICY];
	struct sf_port *port = &sf_segment_member(segment)->port;

	if (policy)
		WRITE_ONCE(port->fdb_limit_policy, nla_get_u8(policy));
	if (!limit)
		return;
	WRITE_ONCE(port->fdb_limit, nla_get_u32(limit));
	sf_fdb_limit_changed(segment, port, NULL);
}

static int sf_member_join(struct sf_segment *segment, struct sf_zone *zone,
			  struct nlattr *const tb[],
			  struct netlink_ext_ack *extack)
{
	struct sf_policy *policy;
	u32 id;
	int err;

	err = sf_member_parse_id(segment, zone, tb, &id, extack);
	if (err)
		return err;
	policy = sf_member_parse_policy(segment, zone, tb, extack);
	if (IS_ERR(policy))
		return PTR_ERR(policy);
	err = sf_segment_join_zone(segment, zone, id, policy, extack);
	if (err == -EEXIST)
		NL_SET_BAD_ATTR(extack, sf_member_attr(tb));
	if (err)
		return err;
	sf_member_apply_limit(segment, tb);
	return 0;
}

/**
 * sf_segment_apply_zone - let a segment join, leave or move, as a request says
 * @segment: the segment, registered
 * @tb: by SEGFAB_A_SEGMENT_*, checked by a policy; what is absent stays as it is
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_segment_apply_zone(struct sf_segment *segment, struct nlattr *const tb[],
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *index = tb[SEGFAB_A_SEGMENT_ZONE_IFINDEX];
	struct sf_member *member = sf_segment_member(segment);
	struct sf_zone *zone = member ? member->zone : NULL;
	const struct nlattr *more = sf_member_attr(tb);

	ASSERT_RTNL();
	if (index && !nla_get_u32(index) && !tb[SEGFAB_A_SEGMENT_ZONE]) {
		if (more) {
			NL_SET_ERR_MSG_ATTR(extack, more,
					    "a segment in no zone has no VLAN id, VNI, teaming policy or limit");
			return -EINVAL;
		}
		sf_segment_leave_zone(segment);
		return 0;
	}
	if (sf_nl_given(tb, &sf_nl_member_zone_ref)) {
		zone = sf_nl_zone(dev_net(segment->dev), tb,
				  &sf_nl_member_zone_ref, extack);
		if (IS_ERR(zone))
			return PTR_ERR(zone);
	} else if (!more) {
		return 0;
	} else if (!zone) {
		return sf_member_contradiction(more, segment, NULL, extack);
	}
	return sf_member_join(segment, zone, tb, extack);
}

static int sf_member_fill_policy(struct sk_buff *msg,
				 const struct sf_policy *policy)
{
	u8 teaming = policy ? READ_ONCE(policy->teaming) : SEGFAB_TEAMING_ZONE;

	if (nla_put_u8(msg, SEGFAB_A_SEGMENT_TEAMING, teaming))
		return -EMSGSIZE;
	if (!policy || !*policy->name)
		return 0;
	return nla_put_string(msg, SEGFAB_A_SEGMENT_TEAMING_POLICY,
			      policy->name);
}

static int sf_member_fill_limit(struct sk_buff *msg, const struct sf_port *port)
{
	if (nla_put_u32(msg, SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT,
			READ_ONCE(port->fdb_limit)) ||
	    nla_put_u8(msg, SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT_POLICY,
		       READ_ONCE(port->fdb_limit_policy)) ||
	    nla_put_u32(msg, SEGFAB_A_SEGMENT_ZONE_FDB_COUNT,
			READ_ONCE(port->fdb_count)) ||
	    nla_put_u8(msg, SEGFAB_A_SEGMENT_ZONE_FDB_FULL,
		       READ_ONCE(port->fdb_full)))
		return -EMSGSIZE;
	return 0;
}

/**
 * sf_segment_fill_zone - put the zone of a segment into a message
 * @msg: the message
 * @segment: the segment
 *
 * Context: RTNL, or RCU read side.
 * Return: 0 or -EMSGSIZE; the caller cancels the message or nest.
 */
int sf_segment_fill_zone(struct sk_buff *msg, const struct sf_segment *segment)
{
	const struct sf_member *member;
	int err = 0;

	rcu_read_lock();
	member = rcu_dereference(segment->member);
	if (member &&
	    (sf_nl_put_device(msg, &sf_nl_member_zone_ref, member->zone->dev) ||
	     (member->zone->mode == SEGFAB_ZONE_MODE_OVERLAY ?
	      nla_put_u32(msg, SEGFAB_A_SEGMENT_ZONE_VNI, member->id) :
	      nla_put_u16(msg, SEGFAB_A_SEGMENT_ZONE_VLAN, member->id)) ||
	     sf_member_fill_policy(msg, rcu_dereference(member->policy)) ||
	     sf_member_fill_limit(msg, &member->port)))
		err = -EMSGSIZE;
	rcu_read_unlock();
	return err;
}

/**
 * sf_segment_zone_size - room that sf_segment_fill_zone() may take
 *
 * Return: bytes.
 */
size_t sf_segment_zone_size(void)
{
	return sf_nl_device_size() +		/* ZONE_IFINDEX, ZONE */
	       nla_total_size(sizeof(u32)) +	/* ZONE_VLAN or ZONE_VNI */
	       nla_total_size(sizeof(u8)) +	/* TEAMING */
	       nla_total_size(SEGFAB_POLICY_NAME_LEN + 1) + /* TEAMING_POLICY */
	       nla_total_size(sizeof(u32)) +	/* ZONE_FDB_LIMIT */
	       nla_total_size(sizeof(u8)) +	/* ZONE_FDB_LIMIT_POLICY */
	       nla_total_size(sizeof(u32)) +	/* ZONE_FDB_COUNT */
	       nla_total_size(sizeof(u8));	/* ZONE_FDB_FULL */
}
