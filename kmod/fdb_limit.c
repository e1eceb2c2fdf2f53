// SPDX-License-Identifier: GPL-2.0
/*
 * How many addresses are behind a port, a binding map or the zone of a segment,
 * how many there may be, and word of it when one found no room. An address
 * behind a binding map counts there and not at the port.
 *
 * Locking: numbers change under fdb_lock of the segment that the table is of,
 * limits under RTNL. Word is given by work that takes RTNL.
 */
#include "fdb_limit.h"

#include <linux/rtnetlink.h>
#include <linux/workqueue.h>

#include "fdb.h"
#include "member.h"
#include "netlink.h"
#include "tunnel.h"

/* Each change is announced, but not more often than this, in jiffies. */
#define SF_FDB_FULL_DELAY	(HZ / 4)

/* Entries are counted where their limit is. */
static u32 *sf_fdb_counter(struct sf_port *port, struct sf_binding *binding)
{
	if (binding)
		return &binding->fdb_count;
	return port ? &port->owner->fdb_count : NULL;
}

static u32 sf_fdb_limit(const struct sf_port *port,
			const struct sf_binding *binding)
{
	return binding ? READ_ONCE(binding->fdb_limit) :
			 READ_ONCE(port->owner->fdb_limit);
}

/**
 * sf_fdb_set_full_locked - an address found no room, or there is room again
 * @segment: the segment whose table has the addresses
 * @port: a port
 * @binding: the binding map that they are behind, NULL: none, the port counts
 * @full: whether there is no room
 *
 * Context: fdb_lock of @segment.
 */
void sf_fdb_set_full_locked(struct sf_segment *segment, struct sf_port *port,
			    struct sf_binding *binding, bool full)
{
	bool *is_full = binding ? &binding->fdb_full : &port->owner->fdb_full;

	lockdep_assert_held(&segment->fdb_lock);

	if (*is_full == full)
		return;
	WRITE_ONCE(*is_full, full);
	queue_delayed_work(sf_fdb_queue, &segment->fdb_full_work,
			   SF_FDB_FULL_DELAY);
}

/* Who was full is no more when an eighth is free: addresses that come and go at
 * the limit are no news.
 */
static void sf_fdb_check_room_locked(struct sf_segment *segment,
				     struct sf_port *port,
				     struct sf_binding *binding)
{
	u32 limit = sf_fdb_limit(port, binding);

	lockdep_assert_held(&segment->fdb_lock);

	if (!limit || *sf_fdb_counter(port, binding) < limit - limit / 8)
		sf_fdb_set_full_locked(segment, port, binding, false);
}

/**
 * sf_fdb_account_locked - count an entry that came or went
 * @segment: the segment whose table it is in
 * @entry: the entry
 * @change: 1 or -1
 *
 * Context: fdb_lock of @segment.
 */
void sf_fdb_account_locked(struct sf_segment *segment,
			   const struct sf_fdb_entry *entry, int change)
{
	u32 *counter = sf_fdb_counter(entry->port, entry->binding);

	lockdep_assert_held(&segment->fdb_lock);

	if (counter) {
		WRITE_ONCE(*counter, *counter + change);
		if (change < 0)
			sf_fdb_check_room_locked(segment, entry->port,
						 entry->binding);
	}
	if (entry->port && entry->port->flags & SF_PORT_TUNNEL)
		sf_tunnel_use_locked(entry->port, change);
}

/**
 * sf_fdb_limit_reached - is there no room for one address more?
 * @port: a port
 * @binding: the binding map that it is behind, NULL: none, the port counts
 *
 * Context: fdb_lock of the segment that the table is of.
 * Return: true if there is none.
 */
bool sf_fdb_limit_reached(struct sf_port *port, struct sf_binding *binding)
{
	u32 limit = sf_fdb_limit(port, binding);

	return limit && *sf_fdb_counter(port, binding) >= limit;
}

/**
 * sf_fdb_limit_drops - are frames dropped whose source finds no room?
 * @port: a port
 * @binding: the binding map that they came through, or NULL
 *
 * Return: true if they are.
 */
bool sf_fdb_limit_drops(const struct sf_port *port,
			const struct sf_binding *binding)
{
	const u8 *policy = binding ? &binding->fdb_limit_policy :
				     &port->owner->fdb_limit_policy;

	return READ_ONCE(*policy) == SEGFAB_LIMIT_POLICY_DROP;
}

/**
 * sf_fdb_is_full - is there no room for an address that is news?
 * @old: where it was known until now, or NULL
 * @port: where it is
 * @binding: the binding map that it is behind, or NULL
 *
 * From port to port behind one binding map the number is the same.
 *
 * Context: fdb_lock of the segment that the table is of.
 * Return: true if there is none.
 */
bool sf_fdb_is_full(const struct sf_fdb_entry *old, struct sf_port *port,
		    struct sf_binding *binding)
{
	return !(old && sf_fdb_counter(old->port, old->binding) ==
			sf_fdb_counter(port, binding)) &&
	       sf_fdb_limit_reached(port, binding);
}

/* Is there something to announce that was not announced yet? Then it is now. */
static bool sf_fdb_full_is_news(bool *told, const bool *full)
{
	if (*told == READ_ONCE(*full))
		return false;
	*told = !*told;
	return true;
}

static void sf_fdb_announce_full(struct work_struct *work)
{
	struct sf_segment *segment = container_of(to_delayed_work(work),
						  struct sf_segment,
						  fdb_full_work);
	struct sf_binding *binding;
	struct sf_member *member;
	struct sf_port *port;

	/* Who removes the segment holds RTNL and waits for us. */
	if (!rtnl_trylock()) {
		queue_delayed_work(sf_fdb_queue, &segment->fdb_full_work, 1);
		return;
	}
	list_for_each_entry(port, &segment->ports, node)
		if (sf_fdb_full_is_news(&port->fdb_full_told, &port->fdb_full))
			sf_port_notify(port);
	list_for_each_entry(binding, &segment->parents, child_node)
		if (sf_fdb_full_is_news(&binding->fdb_full_told,
					&binding->fdb_full))
			sf_binding_notify(binding);
	member = sf_segment_member(segment);
	if (member && sf_fdb_full_is_news(&member->port.fdb_full_told,
					  &member->port.fdb_full))
		sf_segment_notify(segment);
	rtnl_unlock();
}

/**
 * sf_fdb_limit_changed - the limit of a port or a binding map is another one
 * @segment: the segment whose table has the addresses
 * @port: the port, that of a &struct sf_member for what is behind the zone; or
 *	NULL
 * @binding: the binding map, if there is no port
 *
 * Context: RTNL.
 */
void sf_fdb_limit_changed(struct sf_segment *segment, struct sf_port *port,
			  struct sf_binding *binding)
{
	spin_lock_bh(&segment->fdb_lock);
	sf_fdb_check_room_locked(segment, port, binding);
	spin_unlock_bh(&segment->fdb_lock);
}

/**
 * sf_fdb_limit_init - prepare to tell of what is full in a segment
 * @segment: the segment, not yet registered
 */
void sf_fdb_limit_init(struct sf_segment *segment)
{
	INIT_DELAYED_WORK(&segment->fdb_full_work, sf_fdb_announce_full);
}

/**
 * sf_fdb_limit_exit - undo sf_fdb_limit_init()
 * @segment: the segment; no frame can reach it any more
 *
 * Context: RTNL. May sleep.
 */
void sf_fdb_limit_exit(struct sf_segment *segment)
{
	cancel_delayed_work_sync(&segment->fdb_full_work);
}
