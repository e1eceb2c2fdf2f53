// SPDX-License-Identifier: GPL-2.0
/*
 * Teaming: which uplink of a zone a frame leaves by, and by which one it may
 * come in. The uplinks that are ready are published as a team. The core tells of
 * a lost carrier up to a second later, so each frame looks for itself.
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
#include <linux/sort.h>

#include "announce.h"
#include "fdb.h"

/* After a change of the team frames that left by the old one may be about. */
#define SF_TEAM_SETTLE	(HZ / 10)

static u32 sf_team_hash(enum segfab_teaming teaming, const struct sf_port *port,
			const struct sf_binding *binding, const u8 *source)
{
	if (teaming == SEGFAB_TEAMING_LB_SRCMAC)
		return jhash(source, ETH_ALEN, 0);
	return jhash_2words(port ? port->dev->ifindex : 0,
			    binding ? READ_ONCE(binding->vlan) : 0, 0);
}

/**
 * sf_team_choose - the uplink of a source
 * @team: the uplinks that are ready, NULL: none
 * @teaming: the policy
 * @port: where the frame came from, NULL: the host
 * @binding: through which binding map, or NULL
 * @source: its source address
 *
 * Context: RCU read side, or RTNL.
 * Return: the uplink, or the next one that has a carrier; NULL if none has.
 */
struct sf_uplink *sf_team_choose(const struct sf_team *team,
				 enum segfab_teaming teaming,
				 const struct sf_port *port,
				 const struct sf_binding *binding,
				 const u8 *source)
{
	unsigned int first = 0, i;

	if (unlikely(!team))
		return NULL;
	if (team->count > 1 && teaming != SEGFAB_TEAMING_FAILOVER_ORDER)
		first = reciprocal_scale(sf_team_hash(teaming, port, binding,
						      source), team->count);
	for (i = 0; i < team->count; i++) {
		struct sf_uplink *uplink;

		uplink = team->uplink[(first + i) % team->count];
		if (likely(netif_carrier_ok(uplink->dev)))
			return uplink;
	}
	return NULL;
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
	u8 teaming = READ_ONCE(member->teaming);

	return sf_team_choose(rcu_dereference(member->zone->team),
			      teaming ?: READ_ONCE(member->zone->teaming),
			      port, binding, source);
}

/* Nothing that left by an uplink which is not in use any more is about. */
static bool sf_team_is_settled(const struct sf_team *team)
{
	unsigned int i;

	for (i = 0; i < team->count; i++)
		if (!netif_carrier_ok(team->uplink[i]->dev))
			return false;
	return time_after(jiffies, team->since + SF_TEAM_SETTLE);
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
	const struct sf_team *team = rcu_dereference(member->zone->team);
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
	return sf_team_is_settled(team) &&
	       uplink == sf_team_choose_rcu(member, entry->port, entry->binding,
					    eth->h_source);
}

/* The order of a team: that of the priorities, or who is ready for longest. */
static int sf_team_compare(const void *a, const void *b)
{
	const struct sf_uplink *x = *(const struct sf_uplink **)a;
	const struct sf_uplink *y = *(const struct sf_uplink **)b;

	return x->ready_number < y->ready_number ? -1 : 1;
}

static struct sf_team *sf_team_alloc(const struct sf_zone *zone)
{
	struct sf_uplink *uplink;
	struct sf_team *team;

	/* It is small, and there is nobody to tell that a link cannot fail. */
	team = kzalloc(struct_size(team, uplink, zone->uplink_count),
		       GFP_KERNEL | __GFP_NOFAIL);
	list_for_each_entry(uplink, &zone->uplinks, node)
		if (uplink->flags & SF_UPLINK_READY)
			team->uplink[team->count++] = uplink;
	if (!zone->failback)
		sort(team->uplink, team->count, sizeof(team->uplink[0]),
		     sf_team_compare, NULL);
	return team;
}

/**
 * sf_team_update - publish the uplinks that are ready
 * @zone: the zone, some of whose uplinks, or their order, have changed
 *
 * Context: RTNL. May sleep.
 */
void sf_team_update(struct sf_zone *zone)
{
	struct sf_team *old = rtnl_dereference(zone->team);
	struct sf_team *team = sf_team_alloc(zone);

	if (old && old->count == team->count &&
	    !memcmp(old->uplink, team->uplink,
		    team->count * sizeof(team->uplink[0]))) {
		kfree(team);
		return;
	}
	team->since = old ? jiffies : jiffies - SF_TEAM_SETTLE - 1;
	if (!team->count) {
		kfree(team);
		team = NULL;
	}
	rcu_assign_pointer(zone->team, team);
	if (old)
		kfree_rcu(old, rcu);
	if (team)
		sf_announce(zone);
}
