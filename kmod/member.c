// SPDX-License-Identifier: GPL-2.0
/*
 * Members: segments in zones. A segment joins, leaves and moves in one step for
 * traffic: the new member leads in and out before the old one ceases to.
 * Frames find a member in the table of its zone, from its segment, and in
 * forwarding entries.
 *
 * Locking: everything here runs under RTNL. The flood list and the tunnels are
 * changed under fdb_lock of the segment, too.
 */
#include "member.h"

#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "fdb.h"
#include "netlink.h"
#include "policy.h"
#include "segment.h"
#include "stats.h"
#include "team.h"
#include "tunnel.h"
#include "underlay.h"
#include "uplink.h"
#include "vlan_table.h"
#include "zone.h"

/* Frees members: what is in them cannot be freed where RCU calls back. */
static struct workqueue_struct *sf_member_queue;

static bool sf_is_overlay(const struct sf_zone *zone)
{
	return zone->mode == SEGFAB_ZONE_MODE_OVERLAY;
}

/**
 * sf_segment_has_uplink - does a segment reach the outside?
 * @segment: the segment
 *
 * Context: RTNL.
 * Return: true if one of the uplinks that its frames may leave by is ready.
 */
bool sf_segment_has_uplink(const struct sf_segment *segment)
{
	const struct sf_member *member = sf_segment_member(segment);

	return member && sf_team_first(rtnl_dereference(member->team));
}

static unsigned int sf_zone_mtu(const struct sf_zone *zone,
				const struct net_device **dev)
{
	unsigned int mtu = UINT_MAX;
	struct sf_uplink *uplink;

	list_for_each_entry(uplink, &zone->uplinks, node) {
		if (uplink->dev->mtu >= mtu)
			continue;
		mtu = uplink->dev->mtu;
		*dev = uplink->dev;
	}
	return mtu;
}

/**
 * sf_segment_uplink_mtu - what a segment's frames may be to leave the host
 * @segment: the segment
 *
 * Context: RTNL.
 * Return: the smallest MTU of the uplinks of its zone; UINT_MAX without any.
 */
unsigned int sf_segment_uplink_mtu(const struct sf_segment *segment)
{
	const struct sf_member *member = sf_segment_member(segment);
	const struct net_device *dev;

	return member ? sf_zone_mtu(member->zone, &dev) : UINT_MAX;
}

static struct sf_member *sf_member_find(const struct sf_zone *zone, u32 id)
{
	return sf_is_overlay(zone) ? xa_load((struct xarray *)&zone->vnis, id) :
				     sf_vlan_table_find(&zone->vlans, id);
}

static int sf_member_check_id(const struct sf_segment *segment,
			      const struct sf_zone *zone, u32 id,
			      struct netlink_ext_ack *extack)
{
	const char *what = sf_is_overlay(zone) ? "VNI" : "VLAN id";
	u32 max = sf_is_overlay(zone) ? SEGFAB_VNI_MAX : SEGFAB_VLAN_MAX;
	const struct sf_member *holder;

	if (id > max) {
		NL_SET_ERR_MSG_FMT(extack, "%s needs a %s from 0 to %u",
				   zone->dev->name, what, max);
		return -ERANGE;
	}
	holder = sf_member_find(zone, id);
	if (!holder || holder->port.segment == segment)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "%s %u of %s is that of %s", what, id,
			   zone->dev->name, holder->port.segment->dev->name);
	return -EEXIST;
}

static int sf_member_check_mtu(const struct sf_segment *segment,
			       const struct sf_zone *zone,
			       struct netlink_ext_ack *extack)
{
	const struct net_device *dev;
	unsigned int mtu;

	mtu = sf_zone_mtu(zone, &dev);
	if (!segment->mtu_set || segment->dev->mtu <= mtu)
		return 0;
	NL_SET_ERR_MSG_FMT(extack,
			   "mtu %u of %s is more than the %u of uplink %s",
			   segment->dev->mtu, segment->dev->name, mtu,
			   dev->name);
	return -EMSGSIZE;
}

/* Life of a member */

static struct sf_member *sf_member_alloc(struct sf_segment *segment,
					 struct sf_zone *zone, u32 id,
					 struct sf_policy *policy)
{
	struct sf_member *member = kzalloc(sizeof(*member), GFP_KERNEL);
	int err;

	if (!member)
		return ERR_PTR(-ENOMEM);
	err = sf_tunnels_init(member);
	if (err) {
		kfree(member);
		return ERR_PTR(err);
	}
	member->port.dev = zone->dev;
	member->port.segment = segment;
	member->port.owner = &member->port;
	member->port.stats = zone->stats.own;
	member->port.flags = SF_PORT_ZONE;
	member->port.fdb_limit = SF_MEMBER_FDB_LIMIT;
	member->port.fdb_limit_policy = SEGFAB_LIMIT_POLICY_FORWARD;
	member->zone = zone;
	member->id = id;
	sf_member_take_policy(member, policy);
	return member;
}

static void sf_member_free(struct work_struct *work)
{
	struct sf_member *member = container_of(to_rcu_work(work),
						struct sf_member, free);

	sf_tunnels_destroy(member);
	kfree(member);
}

static int sf_member_publish(struct sf_member *member,
			     struct netlink_ext_ack *extack)
{
	struct sf_zone *zone = member->zone;
	int err;

	err = sf_uplinks_add_vlan(zone, member->id, extack);
	if (err)
		return err;
	if (sf_is_overlay(zone))
		err = xa_err(xa_store(&zone->vnis, member->id, member,
				      GFP_KERNEL));
	else
		err = sf_vlan_table_set(&zone->vlans, member->id, member);
	if (err) {
		sf_uplinks_del_vlan(zone, member->id);
		return err;
	}
	list_add_tail_rcu(&member->node, &zone->members);
	zone->member_count++;
	return 0;
}

static void sf_member_unpublish(struct sf_member *member)
{
	struct sf_zone *zone = member->zone;

	if (sf_is_overlay(zone))
		xa_erase(&zone->vnis, member->id);
	else
		sf_vlan_table_clear(&zone->vlans, member->id);
	list_del_rcu(&member->node);
	zone->member_count--;
	sf_uplinks_del_vlan(zone, member->id);
}

/* Nothing points to @member afterwards but frames on their way. */
static void sf_member_bury(struct sf_member *member)
{
	struct sf_segment *segment = member->port.segment;
	struct sf_fdb_filter filter = {
		.port = &member->port,
		.states = BIT(SEGFAB_FDB_STATE_LEARNED) |
			  BIT(SEGFAB_FDB_STATE_STATIC),
	};
	struct sf_port *port, *next;

	sf_member_put_policy(member);
	spin_lock_bh(&segment->fdb_lock);
	WRITE_ONCE(member->port.flags, member->port.flags | SF_PORT_DEAD);
	list_for_each_entry_safe(port, next, &member->flood, node) {
		list_del_rcu(&port->node);
		sf_tunnel_put_locked(sf_tunnel_of(port));
	}
	spin_unlock_bh(&segment->fdb_lock);
	sf_fdb_flush(segment, &filter);
	INIT_RCU_WORK(&member->free, sf_member_free);
	queue_rcu_work(sf_member_queue, &member->free);
}

static void sf_member_changed(struct sf_segment *segment)
{
	sf_segment_update_carrier(segment);
	sf_segment_update_mtu(segment);
	sf_net_changed(dev_net(segment->dev));
}

/* Flood lists */

static int sf_remote_insert(struct sf_member *member,
			    const struct in6_addr *remote)
{
	struct sf_segment *segment = member->port.segment;
	struct sf_tunnel *tunnel;
	int err = 0;

	rcu_read_lock();
	spin_lock_bh(&segment->fdb_lock);
	tunnel = sf_tunnel_get_locked(member, remote);
	if (IS_ERR(tunnel)) {
		err = PTR_ERR(tunnel);
	} else if (tunnel->flooded) {
		sf_tunnel_put_locked(tunnel);
		err = -EEXIST;
	} else {
		WRITE_ONCE(tunnel->flooded, true);
		list_add_tail_rcu(&tunnel->port.node, &member->flood);
	}
	spin_unlock_bh(&segment->fdb_lock);
	rcu_read_unlock();
	return err;
}

/* The remote addresses that belong to a segment stay when its VNI changes. */
static int sf_member_copy_flood(struct sf_member *member,
				const struct sf_member *old)
{
	const struct sf_port *port;
	int err;

	list_for_each_entry(port, &old->flood, node) {
		err = sf_remote_insert(member, &sf_tunnel_of(port)->remote);
		if (err)
			return err;
	}
	return 0;
}

/* The remote addresses of a segment that is in no overlay zone any more. */
static void sf_member_flood_gone(const struct sf_member *member)
{
	const struct sf_port *port;

	list_for_each_entry(port, &member->flood, node)
		sf_remote_gone(member->port.segment,
			       &sf_tunnel_of(port)->remote);
}

/* Warn if a tunnel of the flood list is too narrow for the segment. */
static void sf_member_check_underlay(const struct sf_member *member,
				     struct netlink_ext_ack *extack)
{
	const struct sf_port *port;

	list_for_each_entry(port, &member->flood, node)
		if (!sf_underlay_fits(member->port.segment,
				      &sf_tunnel_of(port)->remote, extack))
			return;
}

static bool sf_remote_is_valid(const struct in6_addr *remote)
{
	if (ipv6_addr_v4mapped(remote)) {
		__be32 ipv4 = remote->s6_addr32[3];

		return !ipv4_is_zeronet(ipv4) && !ipv4_is_multicast(ipv4) &&
		       !ipv4_is_lbcast(ipv4);
	}
	return !ipv6_addr_any(remote) && !ipv6_addr_is_multicast(remote);
}

/**
 * sf_remote_check - may frames be sent to a tunnel address?
 * @segment: the segment
 * @remote: the address, of IPv4 as mapped into IPv6
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int sf_remote_check(const struct sf_segment *segment,
		    const struct in6_addr *remote,
		    struct netlink_ext_ack *extack)
{
	const struct sf_member *member = sf_segment_member(segment);

	if (!member || !sf_is_overlay(member->zone)) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not in an overlay zone",
				   segment->dev->name);
		return -EINVAL;
	}
	if (!sf_remote_is_valid(remote)) {
		NL_SET_ERR_MSG(extack,
			       "a remote tunnel address is a unicast address");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/**
 * sf_remote_add - put a tunnel address into the flood list of a segment
 * @segment: the segment, in an overlay zone
 * @remote: the address, for which sf_remote_check() said 0
 * @extack: takes the reason of a refusal, or a warning of the underlay's MTU
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_remote_add(struct sf_segment *segment, const struct in6_addr *remote,
		  struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	err = sf_remote_insert(sf_segment_member(segment), remote);
	if (err == -EEXIST)
		NL_SET_ERR_MSG_FMT(extack,
				   "%s has the remote address already",
				   segment->dev->name);
	if (err)
		return err;
	sf_underlay_fits(segment, remote, extack);
	sf_net_changed(dev_net(segment->dev));
	return 0;
}

/**
 * sf_remote_del - take a tunnel address out of the flood list of a segment
 * @segment: the segment, in an overlay zone
 * @remote: the address, of IPv4 as mapped into IPv6
 * @extack: takes the reason of a refusal
 *
 * What was learned there stays known.
 *
 * Context: RTNL.
 * Return: 0 or -ENOENT.
 */
int sf_remote_del(struct sf_segment *segment, const struct in6_addr *remote,
		  struct netlink_ext_ack *extack)
{
	struct sf_member *member = sf_segment_member(segment);
	struct sf_tunnel *tunnel;

	ASSERT_RTNL();
	rcu_read_lock();
	spin_lock_bh(&segment->fdb_lock);
	tunnel = sf_tunnel_find_rcu(member, remote);
	if (tunnel && tunnel->flooded) {
		WRITE_ONCE(tunnel->flooded, false);
		list_del_rcu(&tunnel->port.node);
		sf_tunnel_put_locked(tunnel);
	} else {
		tunnel = NULL;
	}
	spin_unlock_bh(&segment->fdb_lock);
	rcu_read_unlock();
	if (!tunnel) {
		NL_SET_ERR_MSG_FMT(extack, "%s has no such remote address",
				   segment->dev->name);
		return -ENOENT;
	}
	sf_net_changed(dev_net(segment->dev));
	return 0;
}

/* Joining and leaving */

/**
 * sf_segment_join_zone - let a segment join a zone, or move there
 * @segment: the segment, registered
 * @zone: the zone, which may be the one that it is in
 * @id: VLAN id (0: untagged) or VNI
 * @policy: a teaming policy of the zone; NULL: that of the zone itself
 * @extack: takes the reason of a refusal, or a warning of the underlay's MTU
 *
 * One step for traffic. What was known behind the old zone, or under the old
 * id, is forgotten; the limit of what may be learned stays, and from VNI to VNI
 * the flood list.
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_segment_join_zone(struct sf_segment *segment, struct sf_zone *zone,
			 u32 id, struct sf_policy *policy,
			 struct netlink_ext_ack *extack)
{
	struct sf_member *old = sf_segment_member(segment);
	struct sf_member *member;
	int err;

	ASSERT_RTNL();
	err = sf_member_check_id(segment, zone, id, extack);
	if (err)
		return err;
	if (old && old->zone == zone && old->id == id) {
		sf_member_set_policy(old, policy);
		return 0;
	}
	err = sf_member_check_mtu(segment, zone, extack);
	if (err)
		return err;

	member = sf_member_alloc(segment, zone, id, policy);
	if (IS_ERR(member))
		return PTR_ERR(member);
	if (old) {
		member->port.fdb_limit = old->port.fdb_limit;
		member->port.fdb_limit_policy = old->port.fdb_limit_policy;
	}
	if (old && sf_is_overlay(zone)) {
		err = sf_member_copy_flood(member, old);
		if (err)
			goto err_bury;
	}
	err = sf_member_publish(member, extack);
	if (err)
		goto err_bury;
	rcu_assign_pointer(segment->member, member);
	if (old) {
		sf_member_unpublish(old);
		if (!sf_is_overlay(zone))
			sf_member_flood_gone(old);
		sf_member_bury(old);
	}
	sf_member_changed(segment);
	sf_member_check_underlay(member, extack);
	return 0;

err_bury:
	sf_member_bury(member);
	return err;
}

/**
 * sf_segment_leave_zone - let a segment leave its zone
 * @segment: the segment; without a zone nothing happens
 *
 * Context: RTNL. May sleep.
 */
void sf_segment_leave_zone(struct sf_segment *segment)
{
	struct sf_member *member = sf_segment_member(segment);

	ASSERT_RTNL();
	if (!member)
		return;
	RCU_INIT_POINTER(segment->member, NULL);
	sf_member_unpublish(member);
	sf_member_flood_gone(member);
	sf_member_bury(member);
	sf_member_changed(segment);
}

/**
 * sf_member_module_init - what all members share
 *
 * Return: 0 or -ENOMEM.
 */
int __init sf_member_module_init(void)
{
	sf_member_queue = alloc_workqueue("segfab_member", WQ_UNBOUND, 0);
	return sf_member_queue ? 0 : -ENOMEM;
}

/**
 * sf_member_module_exit - undo sf_member_module_init(); no member is left
 */
void sf_member_module_exit(void)
{
	destroy_workqueue(sf_member_queue);
}
