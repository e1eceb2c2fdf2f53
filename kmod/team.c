// SPDX-License-Identifier: GPL-2.0
/*
 * Teaming: which uplink of a zone a frame leaves by, and by which one it may
 * come in. A member has a team: the uplinks of its policy in the order in which
 * they are tried. The core tells of a lost carrier up to a second later, so
 * each frame looks for itself.
 *
 * A source has a home among the active uplinks. While that is not ready, its
 * frames leave by the first ready one of those on standby or, with none, by one
 * of the other active ones; sources whose home is ready stay where they are.
 *
 * A switch that connects two uplinks of one VLAN zone sends what everybody gets
 * to both of them, and back by the second what left by the first. Therefore
 * each source has one uplink, for both directions: its frames to everybody
 * leave by that one and are taken from that one only. A frame of the host's own
 * that comes back does so by another, and is dropped before it teaches
 * anything; one that comes by the source's own uplink is from a machine that
 * has moved away (R13). Frames to an address behind the host are taken from any
 * uplink: the switch sends them by one.
 *
 * Locking: teams are replaced under RTNL and read under RCU.
 */
#include "team.h"

#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "announce.h"
#include "fdb.h"
#include "policy.h"
#include "segment.h"

/* After a change of uplinks frames that left by the old one may be about. */
#define SF_TEAM_SETTLE	(HZ / 10)

static u32 sf_team_hash(const struct sf_team *team, const struct sf_port *port,
			const struct sf_binding *binding, const u8 *source)
{
	if (team->teaming == SEGFAB_TEAMING_LB_SRCMAC)
		return jhash(source, ETH_ALEN, 0);
	return jhash_2words(port ? port->dev->ifindex : 0,
			    binding ? READ_ONCE(binding->vlan) : 0, 0);
}

static bool sf_uplink_is_usable(const struct sf_uplink *uplink)
{
	return READ_ONCE(uplink->flags) & SF_UPLINK_READY &&
	       netif_carrier_ok(uplink->dev);
}

/* The first usable one of @count uplinks from number @from on, with @start
 * tried first.
 */
static struct sf_uplink *sf_team_find(const struct sf_team *team,
				      unsigned int from, unsigned int count,
				      unsigned int start)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct sf_uplink *uplink;

		uplink = team->uplink[from + (start + i) % count];
		if (sf_uplink_is_usable(uplink))
			return uplink;
	}
	return NULL;
}

/* For a source whose home is not usable. Another hash than that of the home
 * spreads the sources of one home over all that are left.
 */
static struct sf_uplink *sf_team_find_other(const struct sf_team *team,
					    u32 hash)
{
	struct sf_uplink *uplink;

	uplink = sf_team_find(team, team->active, team->count - team->active,
			      0);
	if (uplink)
		return uplink;
	return sf_team_find(team, 0, team->active,
			    reciprocal_scale(jhash_1word(hash, 1),
					     team->active));
}

/**
 * sf_team_choose_rcu - the uplink by which a frame of a segment leaves
 * @member: the segment in its zone
 * @port: where the frame came from, NULL: the host
 * @binding: through which binding map, or NULL
 * @source: its source address
 *
 * Context: RCU read side.
 * Return: the uplink, or NULL if none is ready.
 */
struct sf_uplink *sf_team_choose_rcu(const struct sf_member *member,
				     const struct sf_port *port,
				     const struct sf_binding *binding,
				     const u8 *source)
{
	const struct sf_team *team = rcu_dereference(member->team);
	struct sf_uplink *home;
	u32 hash = 0;

	if (unlikely(!team))
		return NULL;
	if (team->active > 1)
		hash = sf_team_hash(team, port, binding, source);
	home = team->uplink[reciprocal_scale(hash, team->active)];
	return likely(sf_uplink_is_usable(home)) ? home :
						   sf_team_find_other(team,
								      hash);
}

/* Nothing that left by an uplink which is not in use any more is about. */
static bool sf_team_is_settled(const struct sf_zone *zone,
			       const struct sf_team *team)
{
	unsigned int i;

	for (i = 0; i < team->count; i++)
		if (READ_ONCE(team->uplink[i]->flags) & SF_UPLINK_READY &&
		    !netif_carrier_ok(team->uplink[i]->dev))
			return false;
	return time_after(jiffies, READ_ONCE(zone->changed) + SF_TEAM_SETTLE);
}

/**
 * sf_team_accepts - may a frame come in by this uplink?
 * @frame: the frame, of a VLAN zone
 * @member: the segment in its zone
 * @uplink: by which it came
 *
 * Context: RCU read side.
 * Return: false if it is a copy of one that comes, or went, by another.
 */
bool sf_team_accepts(const struct sf_frame *frame,
		     const struct sf_member *member,
		     const struct sf_uplink *uplink)
{
	const struct sf_team *team = rcu_dereference(member->team);
	const struct ethhdr *eth = eth_hdr(frame->skb);
	struct sf_segment *segment = frame->segment;
	const struct sf_fdb_entry *entry;

	if (likely(!team || team->count < 2))
		return true;
	entry = sf_fdb_find_rcu(segment, sf_fdb_key(eth->h_source, 0));
	if (!entry || sf_is_zone_port(entry->port)) {
		if (frame->class == SF_UNICAST &&
		    sf_fdb_find_rcu(segment, sf_fdb_key(eth->h_dest, 0)))
			return true;
		return uplink == sf_team_choose_rcu(member, &member->port, NULL,
						    eth->h_source);
	}
	return sf_team_is_settled(member->zone, team) &&
	       uplink == sf_team_choose_rcu(member, entry->port, entry->binding,
					    eth->h_source);
}

/* Making teams */

/* The uplinks of a policy in its order; those that are leaving have left. */
static struct sf_team *sf_team_alloc(const struct sf_policy *policy)
{
	const struct sf_uplink_list *list = rtnl_dereference(policy->list);
	struct sf_uplink *uplink;
	struct sf_team *team;
	unsigned int count;

	/* It is small, and there is nobody to tell that a link cannot fail. */
	count = list ? list->count : policy->zone->uplink_count;
	team = kzalloc(struct_size(team, uplink, count),
		       GFP_KERNEL | __GFP_NOFAIL);
	team->teaming = policy->teaming;
	team->active = list ? list->active : count;
	if (list) {
		memcpy(team->uplink, list->uplink,
		       count * sizeof(team->uplink[0]));
		team->count = count;
	} else {
		list_for_each_entry(uplink, &policy->zone->uplinks, node)
			team->uplink[team->count++] = uplink;
	}
	if (team->teaming == SEGFAB_TEAMING_FAILOVER_ORDER || !team->active)
		team->active = 1;
	return team;
}

/* The place of an uplink among those that go before others because they are in
 * use: what is ready has the place that it had in @old, what was not there or
 * not ready comes behind it.
 */
static unsigned int sf_team_rank(const struct sf_team *old,
				 const struct sf_uplink *uplink)
{
	unsigned int i;

	if (!(uplink->flags & SF_UPLINK_READY))
		return UINT_MAX;
	for (i = 0; old && i < old->count; i++)
		if (old->uplink[i] == uplink)
			break;
	return i;
}

/* Without fail-back: sort by that rank, the order of the policy among equals. */
static void sf_team_keep_order(struct sf_team *team, const struct sf_team *old)
{
	unsigned int i, j;

	for (i = 1; i < team->count; i++) {
		struct sf_uplink *uplink = team->uplink[i];
		unsigned int rank = sf_team_rank(old, uplink);

		for (j = i; j; j--) {
			if (sf_team_rank(old, team->uplink[j - 1]) <= rank)
				break;
			team->uplink[j] = team->uplink[j - 1];
		}
		team->uplink[j] = uplink;
	}
}

static bool sf_team_equal(const struct sf_team *a, const struct sf_team *b)
{
	return a && a->teaming == b->teaming && a->active == b->active &&
	       a->count == b->count &&
	       !memcmp(a->uplink, b->uplink, a->count * sizeof(a->uplink[0]));
}

/**
 * sf_teams_assign - give each member the team of its policy
 * @zone: the zone
 *
 * Context: RTNL.
 */
void sf_teams_assign(struct sf_zone *zone)
{
	struct sf_member *member;

	list_for_each_entry(member, &zone->members, node)
		sf_member_take_team(member);
}

/**
 * sf_team_update - bring what members have of a policy up to date
 * @policy: the policy, which has changed, or whose uplinks have
 * @keep: without fail-back, go on with the uplink that is in use
 *
 * Context: RTNL. May sleep.
 */
void sf_team_update(struct sf_policy *policy, bool keep)
{
	struct sf_team *old = rtnl_dereference(policy->team);
	struct sf_team *team = sf_team_alloc(policy);

	if (!policy->zone->failback &&
	    team->teaming == SEGFAB_TEAMING_FAILOVER_ORDER)
		sf_team_keep_order(team, keep ? old : NULL);
	if (sf_team_equal(old, team)) {
		kfree(team);
		return;
	}
	if (!team->count) {
		kfree(team);
		team = NULL;
	}
	rcu_assign_pointer(policy->team, team);
	sf_teams_assign(policy->zone);
	if (old)
		kfree_rcu(old, rcu);
}

/**
 * sf_team_changed - frames may leave by other uplinks from now on
 * @zone: the zone, whose uplinks or policies have changed
 *
 * Context: RTNL.
 */
void sf_team_changed(struct sf_zone *zone)
{
	struct sf_member *member;

	WRITE_ONCE(zone->changed, jiffies);
	list_for_each_entry(member, &zone->members, node)
		sf_segment_update_carrier(member->port.segment);
	sf_announce(zone);
}

/**
 * sf_team_first - the uplink that has the first place
 * @team: the team, NULL: no uplinks
 *
 * Context: RTNL, or RCU read side.
 * Return: the first one that is ready, or NULL if none is.
 */
const struct sf_uplink *sf_team_first(const struct sf_team *team)
{
	unsigned int i;

	for (i = 0; team && i < team->count; i++)
		if (READ_ONCE(team->uplink[i]->flags) & SF_UPLINK_READY)
			return team->uplink[i];
	return NULL;
}

/**
 * sf_team_uses - do frames leave by an uplink now?
 * @team: the team, NULL: no uplinks
 * @uplink: the uplink
 *
 * Context: RTNL, or RCU read side.
 * Return: true if it is an active one, or takes the place of one.
 */
bool sf_team_uses(const struct sf_team *team, const struct sf_uplink *uplink)
{
	bool vacancy = false;
	unsigned int i;

	for (i = 0; team && i < team->count; i++) {
		bool ready = READ_ONCE(team->uplink[i]->flags) & SF_UPLINK_READY;

		if (team->uplink[i] == uplink)
			return ready && (i < team->active || vacancy);
		/* The first one on standby fills the place. */
		if (i >= team->active && ready)
			return false;
		vacancy |= !ready;
	}
	return false;
}
