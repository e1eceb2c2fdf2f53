// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding table of a segment: which address is behind which endpoint.
 *
 * An entry never changes what it says. An address that moves gets a new entry
 * in the place of the old one, so that a frame sees port and binding map of
 * one moment; only the time of the last refresh is written in place.
 *
 * Locking: changes are made under fdb_lock of the segment, with BH disabled,
 * since frames teach addresses; lookups and walks are RCU. Entries are freed
 * with kfree_rcu(). Walks that delete take the lock for each entry, as a
 * bridge does, so that a table of a million addresses does not hold up frames.
 */
#include "fdb.h"

#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "binding.h"
#include "fdb_limit.h"
#include "netlink.h"
#include "segment.h"
#include "tracepoints.h"
#include "tunnel.h"

/* Work that forgets old addresses, and that of fdb_limit.c, of all segments. */
struct workqueue_struct *sf_fdb_queue;

/* Of sf_fdb_hash(); set when the module is loaded. */
u64 sf_fdb_multiplier __read_mostly;

static u32 sf_fdb_hash_key(const void *key, u32 len, u32 seed)
{
	return sf_fdb_hash(*(const u64 *)key, seed);
}

static int sf_fdb_compare(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct sf_fdb_entry *entry = obj;

	return entry->key != *(const u64 *)arg->key;
}

/* What sf_fdb_find_rcu() knows by heart. */
static const struct rhashtable_params sf_fdb_params = {
	.key_len		= sizeof(u64),
	.key_offset		= offsetof(struct sf_fdb_entry, key),
	.head_offset		= offsetof(struct sf_fdb_entry, node),
	.hashfn			= sf_fdb_hash_key,
	.obj_cmpfn		= sf_fdb_compare,
	.automatic_shrinking	= true,
};

static void sf_fdb_start_ageing(struct sf_segment *segment, unsigned long delay)
{
	if (READ_ONCE(segment->ageing_time))
		queue_delayed_work(sf_fdb_queue, &segment->fdb_work, delay);
}

static struct sf_fdb_entry *sf_fdb_entry_alloc(u64 key, struct sf_port *port,
					       struct sf_binding *binding,
					       u8 state)
{
	struct sf_fdb_entry *entry = kmalloc(sizeof(*entry), GFP_ATOMIC);

	if (!entry)
		return NULL;
	entry->key = key;
	entry->port = port;
	entry->binding = binding;
	entry->state = state;
	entry->updated = jiffies;
	return entry;
}

/* Publish @entry, in the place of @old if that is not NULL. */
static int sf_fdb_publish(struct sf_segment *segment,
			  struct sf_fdb_entry *old, struct sf_fdb_entry *entry)
{
	int err;

	lockdep_assert_held(&segment->fdb_lock);

	if (old) {
		/* Whoever finds the entry may stop a walk before it, or go on
		 * from it, before it is in the list.
		 */
		entry->sequence = old->sequence;
		entry->list.next = old->list.next;
		err = rhashtable_replace_fast(&segment->fdb, &old->node,
					      &entry->node, sf_fdb_params);
		if (err)
			return err;
		hlist_replace_rcu(&old->list, &entry->list);
		WRITE_ONCE(old->list.pprev, NULL);	/* it is unhashed */
	} else {
		entry->sequence = segment->fdb_sequence + 1;
		err = rhashtable_lookup_insert_fast(&segment->fdb, &entry->node,
						    sf_fdb_params);
		if (err)
			return err;
		segment->fdb_sequence++;
		hlist_add_head_rcu(&entry->list, &segment->fdb_list);
		WRITE_ONCE(segment->fdb_count, segment->fdb_count + 1);
	}
	sf_fdb_account_locked(segment, entry, 1);
	if (old) {
		sf_fdb_account_locked(segment, old, -1);
		kfree_rcu(old, rcu);
	}
	sf_fdb_notify(segment, entry, RTM_NEWNEIGH);
	return 0;
}

static void sf_fdb_unpublish(struct sf_segment *segment,
			     struct sf_fdb_entry *entry)
{
	lockdep_assert_held(&segment->fdb_lock);

	rhashtable_remove_fast(&segment->fdb, &entry->node, sf_fdb_params);
	hlist_del_init_rcu(&entry->list);
	WRITE_ONCE(segment->fdb_count, segment->fdb_count - 1);
	sf_fdb_account_locked(segment, entry, -1);
	sf_fdb_notify(segment, entry, RTM_DELNEIGH);
	kfree_rcu(entry, rcu);
}

/* Would the table change? Whoever comes after a flush, which takes the lock,
 * sees the mark that was set before it.
 */
static bool sf_fdb_is_news(const struct sf_fdb_entry *old,
			   const struct sf_port *port,
			   const struct sf_binding *binding)
{
	if (((READ_ONCE(port->flags) | READ_ONCE(port->owner->flags)) &
	     SF_PORT_DEAD) ||
	    (binding && READ_ONCE(binding->dead)))
		return false;
	return !old || (old->state == SEGFAB_FDB_STATE_LEARNED &&
			(old->port != port || old->binding != binding));
}

static bool sf_fdb_learn_locked(struct sf_segment *segment, u64 key,
				struct sf_port *port,
				struct sf_binding *binding)
{
	struct sf_fdb_entry *old = sf_fdb_know_rcu(segment, key);
	struct sf_fdb_entry *entry;

	lockdep_assert_held(&segment->fdb_lock);

	if (!sf_fdb_is_news(old, port, binding))
		return true;
	if (sf_fdb_is_full(old, port, binding)) {
		sf_fdb_set_full_locked(segment, port, binding, true);
		return !sf_fdb_limit_drops(port, binding);
	}

	entry = sf_fdb_entry_alloc(key, port, binding,
				   SEGFAB_FDB_STATE_LEARNED);
	if (!entry)
		return true;
	if (sf_fdb_publish(segment, old, entry))
		kfree(entry);
	else
		trace_sf_learn(segment, entry, old);
	return true;
}

/**
 * sf_fdb_learn - teach where the source of a frame is, if that is news
 * @segment: the segment that the frame belongs to
 * @key: of the source address
 * @port: the port that it came from
 * @binding: the binding map that it came through, or NULL
 *
 * The slow half of sf_learn(): the address is unknown or somewhere else. If
 * there is no memory the address stays unknown, or where it was.
 *
 * Context: BH disabled, RCU read side.
 * Return: false if the frame must be dropped because a limit is reached.
 */
bool sf_fdb_learn(struct sf_segment *segment, u64 key, struct sf_port *port,
		  struct sf_binding *binding)
{
	bool pass;

	spin_lock(&segment->fdb_lock);
	pass = sf_fdb_learn_locked(segment, key, port, binding);
	spin_unlock(&segment->fdb_lock);
	sf_fdb_start_ageing(segment, READ_ONCE(segment->ageing_time));
	return pass;
}

/**
 * sf_fdb_may_pass - what sf_fdb_learn() would say, with nothing taught
 * @segment: the segment that the frame belongs to
 * @key: of the source address
 * @port: the port that it came from
 * @binding: the binding map that it came through, or NULL
 *
 * Context: BH disabled, RCU read side.
 * Return: false if the frame would be dropped because a limit is reached.
 */
bool sf_fdb_may_pass(struct sf_segment *segment, u64 key, struct sf_port *port,
		     struct sf_binding *binding)
{
	const struct sf_fdb_entry *old;
	bool pass;

	spin_lock(&segment->fdb_lock);
	old = sf_fdb_know_rcu(segment, key);
	pass = !sf_fdb_is_news(old, port, binding) ||
	       !sf_fdb_is_full(old, port, binding) ||
	       !sf_fdb_limit_drops(port, binding);
	spin_unlock(&segment->fdb_lock);
	return pass;
}

static bool sf_fdb_learn_remote_locked(struct sf_segment *segment, u64 key,
				       struct sf_member *member,
				       const struct in6_addr *remote)
{
	struct sf_tunnel *tunnel;
	bool pass;

	lockdep_assert_held(&segment->fdb_lock);

	/* A tunnel is not made for what is not learned. */
	if (!sf_fdb_know_rcu(segment, key) &&
	    sf_fdb_limit_reached(&member->port, NULL))
		return !sf_fdb_limit_drops(&member->port, NULL);
	tunnel = sf_tunnel_get_locked(member, remote);
	if (IS_ERR(tunnel))
		return true;
	pass = sf_fdb_learn_locked(segment, key, &tunnel->port, NULL);
	sf_tunnel_put_locked(tunnel);
	return pass;
}

/**
 * sf_fdb_learn_remote - teach that an address is at a new tunnel address
 * @segment: the segment that the frame belongs to
 * @key: of the source address
 * @member: the segment in its zone
 * @remote: the tunnel address
 *
 * As sf_fdb_learn().
 *
 * Context: BH disabled, RCU read side.
 * Return: false if the frame must be dropped because a limit is reached.
 */
bool sf_fdb_learn_remote(struct sf_segment *segment, u64 key,
			 struct sf_member *member,
			 const struct in6_addr *remote)
{
	bool pass;

	spin_lock(&segment->fdb_lock);
	pass = sf_fdb_learn_remote_locked(segment, key, member, remote);
	spin_unlock(&segment->fdb_lock);
	sf_fdb_start_ageing(segment, READ_ONCE(segment->ageing_time));
	return pass;
}

static int sf_fdb_set(struct sf_segment *segment, u64 key,
		      struct sf_port *port, struct sf_binding *binding,
		      u8 state)
{
	struct sf_fdb_entry *entry;
	int err;

	entry = sf_fdb_entry_alloc(key, port, binding, state);
	if (!entry)
		return -ENOMEM;
	spin_lock_bh(&segment->fdb_lock);
	err = sf_fdb_publish(segment, sf_fdb_find_rcu(segment, key), entry);
	spin_unlock_bh(&segment->fdb_lock);
	if (err)
		kfree(entry);
	return err;
}

/**
 * sf_fdb_set_local - make an address one of the host's
 * @segment: the segment
 * @mac: the address, which may be known as another's
 *
 * Context: RTNL, or before the segment is registered.
 * Return: 0 or -ENOMEM.
 */
int sf_fdb_set_local(struct sf_segment *segment, const u8 *mac)
{
	const struct sf_fdb_filter others = {
		.mac = mac,
		.states = BIT(SEGFAB_FDB_STATE_LEARNED),
	};
	int err;

	rcu_read_lock();
	err = sf_fdb_set(segment, sf_fdb_key(mac, 0), NULL, NULL,
			 SEGFAB_FDB_STATE_LOCAL);
	rcu_read_unlock();
	if (!err)
		sf_fdb_flush(segment, &others);	/* under guest VLANs */
	return err;
}

static int sf_fdb_del_key(struct sf_segment *segment, u64 key, bool local)
{
	struct sf_fdb_entry *entry;
	int err = 0;

	rcu_read_lock();
	spin_lock_bh(&segment->fdb_lock);
	entry = sf_fdb_find_rcu(segment, key);
	if (!entry)
		err = -ENOENT;
	else if (local != (entry->state == SEGFAB_FDB_STATE_LOCAL))
		err = -EPERM;
	else
		sf_fdb_unpublish(segment, entry);
	spin_unlock_bh(&segment->fdb_lock);
	rcu_read_unlock();
	return err;
}

/**
 * sf_fdb_del_local - an address is not the host's any more
 * @segment: the segment
 * @mac: the address
 *
 * Context: RTNL.
 */
void sf_fdb_del_local(struct sf_segment *segment, const u8 *mac)
{
	sf_fdb_del_key(segment, sf_fdb_key(mac, 0), true);
}

/* The tunnel of a static entry; the caller puts it. */
static struct sf_tunnel *sf_fdb_get_tunnel(struct sf_member *member,
					   const struct in6_addr *remote)
{
	struct sf_tunnel *tunnel;

	rcu_read_lock();
	spin_lock_bh(&member->port.segment->fdb_lock);
	tunnel = sf_tunnel_get_locked(member, remote);
	spin_unlock_bh(&member->port.segment->fdb_lock);
	rcu_read_unlock();
	return tunnel;
}

static void sf_fdb_put_tunnel(struct sf_tunnel *tunnel)
{
	struct sf_segment *segment = tunnel->port.segment;

	spin_lock_bh(&segment->fdb_lock);
	sf_tunnel_put_locked(tunnel);
	spin_unlock_bh(&segment->fdb_lock);
}

static bool sf_fdb_guest_vlan_ok(const struct sf_segment *segment, u16 vlan)
{
	const unsigned long *bitmap = rtnl_dereference(segment->guest_vlans);

	return !vlan || (bitmap && test_bit(vlan, bitmap));
}

/* The binding map through which @port is an endpoint of @segment. */
static int sf_fdb_binding_of(const struct sf_segment *segment,
			     const struct sf_port *port, u16 guest_vlan,
			     struct sf_binding **binding,
			     struct netlink_ext_ack *extack)
{
	*binding = NULL;
	if (port->segment == segment)
		return 0;
	*binding = sf_binding_between(segment, port->segment);
	if (!*binding) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is no port of %s or of a parent of it",
				   port->dev->name, segment->dev->name);
		return -EINVAL;
	}
	if (guest_vlan) {
		NL_SET_ERR_MSG(extack,
			       "a guest VLAN does not cross a binding map");
		return -EINVAL;
	}
	return 0;
}

/* Does what is behind a zone need a tunnel address, and can it have a tag? */
static int sf_fdb_check_zone(const struct sf_port *port, u16 guest_vlan,
			     const struct in6_addr *remote,
			     struct netlink_ext_ack *extack)
{
	bool zone = sf_is_zone_port(port);
	bool overlay = zone && sf_member_of(port)->zone->mode ==
			       SEGFAB_ZONE_MODE_OVERLAY;

	if (remote && !overlay) {
		NL_SET_ERR_MSG_FMT(extack, "%s has no remote tunnel addresses",
				   port->dev->name);
		return -EINVAL;
	}
	if (!remote && overlay) {
		NL_SET_ERR_MSG_FMT(extack,
				   "an address behind %s needs a remote tunnel address",
				   port->dev->name);
		return -EINVAL;
	}
	if (zone && !overlay && guest_vlan) {
		NL_SET_ERR_MSG(extack, "a guest VLAN does not leave by a VLAN");
		return -EINVAL;
	}
	return 0;
}

/* May an entry take the place of @old? */
static int sf_fdb_check_old(const struct sf_segment *segment, const u8 *mac,
			    const struct sf_fdb_entry *old, u16 nlflags,
			    struct netlink_ext_ack *extack)
{
	if (!old && !(nlflags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is not known in %s", mac,
				   segment->dev->name);
		return -ENOENT;
	}
	if (old && old->state == SEGFAB_FDB_STATE_LOCAL) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is the host's address in %s",
				   mac, segment->dev->name);
		return -EEXIST;
	}
	if (old && old->state == SEGFAB_FDB_STATE_STATIC &&
	    !(nlflags & NLM_F_REPLACE)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is already behind %s in %s",
				   mac, old->port->dev->name,
				   segment->dev->name);
		return -EEXIST;
	}
	return 0;
}

/* A static entry, at a tunnel address if @remote is not NULL. */
static int sf_fdb_set_static(struct sf_segment *segment, u64 key,
			     struct sf_port *port, struct sf_binding *binding,
			     const struct in6_addr *remote)
{
	struct sf_tunnel *tunnel;
	int err;

	if (!remote)
		return sf_fdb_set(segment, key, port, binding,
				  SEGFAB_FDB_STATE_STATIC);
	tunnel = sf_fdb_get_tunnel(sf_member_of(port), remote);
	if (IS_ERR(tunnel))
		return PTR_ERR(tunnel);
	err = sf_fdb_set(segment, key, &tunnel->port, binding,
			 SEGFAB_FDB_STATE_STATIC);
	sf_fdb_put_tunnel(tunnel);
	return err;
}

/**
 * sf_fdb_add - set a static entry
 * @segment: the segment
 * @mac: a unicast address
 * @guest_vlan: tag that travels inside the segment, 0: none
 * @port: a port of the segment, or of a parent of it, or what is behind its zone
 * @remote: tunnel address behind an overlay zone, for which sf_remote_check()
 *	said 0; else NULL
 * @nlflags: NLM_F_CREATE: it may be new; NLM_F_REPLACE: it may exist
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_fdb_add(struct sf_segment *segment, const u8 *mac, u16 guest_vlan,
	       struct sf_port *port, const struct in6_addr *remote,
	       u16 nlflags, struct netlink_ext_ack *extack)
{
	u64 key = sf_fdb_key(mac, guest_vlan);
	struct sf_binding *binding;
	int err;

	ASSERT_RTNL();
	if (!is_valid_ether_addr(mac)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is not a unicast address", mac);
		return -EADDRNOTAVAIL;
	}
	if (!sf_fdb_guest_vlan_ok(segment, guest_vlan)) {
		NL_SET_ERR_MSG_FMT(extack, "%u is not in guest-vlans of %s",
				   guest_vlan, segment->dev->name);
		return -EINVAL;
	}
	err = sf_fdb_check_zone(port, guest_vlan, remote, extack);
	if (err)
		return err;
	err = sf_fdb_binding_of(segment, port, guest_vlan, &binding, extack);
	if (err)
		return err;

	rcu_read_lock();
	err = sf_fdb_check_old(segment, mac, sf_fdb_find_rcu(segment, key),
			       nlflags, extack);
	if (!err)
		err = sf_fdb_set_static(segment, key, port, binding, remote);
	rcu_read_unlock();
	return err;
}

/**
 * sf_fdb_del - forget an address, learned or static
 * @segment: the segment
 * @mac: the address
 * @guest_vlan: tag that travels inside the segment, 0: none
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0, -ENOENT, or -EPERM for an address of the host.
 */
int sf_fdb_del(struct sf_segment *segment, const u8 *mac, u16 guest_vlan,
	       struct netlink_ext_ack *extack)
{
	int err = sf_fdb_del_key(segment, sf_fdb_key(mac, guest_vlan), false);

	ASSERT_RTNL();
	if (err == -ENOENT)
		NL_SET_ERR_MSG_FMT(extack, "%pM is not known in %s", mac,
				   segment->dev->name);
	else if (err == -EPERM)
		NL_SET_ERR_MSG_FMT(extack, "%pM is the host's address in %s",
				   mac, segment->dev->name);
	return err;
}

/**
 * sf_fdb_is_behind - whether an entry is behind a port
 * @entry: the entry
 * @port: the port; a zone's has all of its tunnels
 *
 * Return: true if it is.
 */
bool sf_fdb_is_behind(const struct sf_fdb_entry *entry,
		      const struct sf_port *port)
{
	return entry->port && (entry->port == port ||
			       entry->port->owner == port);
}

/**
 * sf_fdb_match - whether an entry is one of those that a filter means
 * @entry: the entry
 * @filter: the filter
 *
 * Return: true if it is.
 */
bool sf_fdb_match(const struct sf_fdb_entry *entry,
		  const struct sf_fdb_filter *filter)
{
	u8 mac[ETH_ALEN];

	if (!(filter->states & BIT(entry->state)) ||
	    (filter->port && !sf_fdb_is_behind(entry, filter->port)) ||
	    (filter->binding && filter->binding != entry->binding))
		return false;
	if (!filter->mac)
		return true;
	sf_fdb_key_mac(entry->key, mac);
	return ether_addr_equal_unaligned(mac, filter->mac);
}

static void sf_fdb_unpublish_once(struct sf_segment *segment,
				  struct sf_fdb_entry *entry)
{
	spin_lock_bh(&segment->fdb_lock);
	if (!hlist_unhashed(&entry->list))
		sf_fdb_unpublish(segment, entry);
	spin_unlock_bh(&segment->fdb_lock);
}

/* Whether there can be entries that @filter means: a table of a million need
 * not be walked for a port or binding map that has none.
 */
static bool sf_fdb_left(const struct sf_segment *segment,
			const struct sf_fdb_filter *filter)
{
	if (filter->binding)
		return filter->binding->fdb_count;
	if (filter->port && filter->port->segment == segment)
		return filter->port->fdb_count;
	return true;
}

/**
 * sf_fdb_flush - forget all entries that a filter means
 * @segment: the segment
 * @filter: the filter
 *
 * A port or binding map that is marked dead beforehand is in no entry
 * afterwards, and will be in none.
 *
 * Context: RTNL.
 */
void sf_fdb_flush(struct sf_segment *segment,
		  const struct sf_fdb_filter *filter)
{
	struct sf_fdb_entry *entry;
	bool left;

	/* Whoever did not see the mark has published, and left the lock. */
	spin_lock_bh(&segment->fdb_lock);
	left = sf_fdb_left(segment, filter);
	spin_unlock_bh(&segment->fdb_lock);
	if (!left)
		return;

	rcu_read_lock();
	hlist_for_each_entry_rcu(entry, &segment->fdb_list, list)
		if (sf_fdb_match(entry, filter))
			sf_fdb_unpublish_once(segment, entry);
	rcu_read_unlock();
}

/**
 * sf_fdb_first_rcu - the entry with which a walk begins or goes on
 * @segment: the segment
 * @cursor: key and sequence of that entry when the walk stopped before it
 *
 * The list is in falling order of sequence, so that a walk which stops and
 * goes on shows each entry that is there all the time exactly once, however
 * many come and go meanwhile.
 *
 * Context: RCU read side.
 * Return: the entry, or NULL at the end.
 */
struct sf_fdb_entry *sf_fdb_first_rcu(struct sf_segment *segment,
				      const struct sf_fdb_cursor *cursor)
{
	struct sf_fdb_entry *entry;

	if (cursor->sequence) {
		entry = sf_fdb_find_rcu(segment, cursor->key);
		if (entry && entry->sequence == cursor->sequence)
			return entry;
	}
	hlist_for_each_entry_rcu(entry, &segment->fdb_list, list)
		if (!cursor->sequence || entry->sequence <= cursor->sequence)
			return entry;
	return NULL;
}

/**
 * sf_fdb_next_rcu - the entry after another
 * @entry: the entry
 *
 * Context: RCU read side, the same as that in which @entry was found.
 * Return: the next one, or NULL at the end.
 */
struct sf_fdb_entry *sf_fdb_next_rcu(struct sf_fdb_entry *entry)
{
	return hlist_entry_safe(rcu_dereference(hlist_next_rcu(&entry->list)),
				struct sf_fdb_entry, list);
}

/**
 * sf_fdb_age - time since an entry was refreshed
 * @entry: the entry
 *
 * Return: milliseconds; no finer than SF_FDB_REFRESH.
 */
u32 sf_fdb_age(const struct sf_fdb_entry *entry)
{
	return jiffies_to_msecs(jiffies - READ_ONCE(entry->updated));
}

static void sf_fdb_forget_old(struct work_struct *work)
{
	struct sf_segment *segment = container_of(to_delayed_work(work),
						  struct sf_segment, fdb_work);
	unsigned long ageing_time = READ_ONCE(segment->ageing_time);
	unsigned long now = jiffies, next = 0;
	struct sf_fdb_entry *entry;

	if (!ageing_time)
		return;
	rcu_read_lock();
	hlist_for_each_entry_rcu(entry, &segment->fdb_list, list) {
		unsigned long expires = READ_ONCE(entry->updated) + ageing_time;

		if (entry->state != SEGFAB_FDB_STATE_LEARNED)
			continue;
		if (time_after_eq(now, expires))
			sf_fdb_unpublish_once(segment, entry);
		else if (!next || expires - now < next)
			next = expires - now;
	}
	rcu_read_unlock();
	/* No sooner than refreshes come, or the walk would be the load. */
	if (next)
		sf_fdb_start_ageing(segment,
				    max_t(unsigned long, next, HZ / 4));
}

/**
 * sf_fdb_restart_ageing - the ageing time of a segment has changed
 * @segment: the segment
 *
 * Context: RTNL.
 */
void sf_fdb_restart_ageing(struct sf_segment *segment)
{
	mod_delayed_work(sf_fdb_queue, &segment->fdb_work, 0);
}

/**
 * sf_fdb_init - make the forwarding table of a segment
 * @segment: the segment, not yet registered
 *
 * Return: 0 or a negative errno.
 */
int sf_fdb_init(struct sf_segment *segment)
{
	spin_lock_init(&segment->fdb_lock);
	INIT_HLIST_HEAD(&segment->fdb_list);
	INIT_DELAYED_WORK(&segment->fdb_work, sf_fdb_forget_old);
	sf_fdb_limit_init(segment);
	return rhashtable_init(&segment->fdb, &sf_fdb_params);
}

static void sf_fdb_entry_free(void *entry, void *arg)
{
	kfree_rcu((struct sf_fdb_entry *)entry, rcu);
}

/**
 * sf_fdb_destroy - free the forwarding table of a segment
 * @segment: the segment; no frame can reach it any more
 *
 * Context: RTNL. May sleep.
 */
void sf_fdb_destroy(struct sf_segment *segment)
{
	cancel_delayed_work_sync(&segment->fdb_work);
	sf_fdb_limit_exit(segment);
	rhashtable_free_and_destroy(&segment->fdb, sf_fdb_entry_free, NULL);
}

/**
 * sf_fdb_module_init - what all forwarding tables share
 *
 * Return: 0 or -ENOMEM.
 */
int __init sf_fdb_module_init(void)
{
	sf_fdb_multiplier = get_random_u64() | 1;
	sf_fdb_queue = alloc_workqueue("segfab_fdb", WQ_UNBOUND, 0);
	return sf_fdb_queue ? 0 : -ENOMEM;
}

/**
 * sf_fdb_module_exit - undo sf_fdb_module_init(); no segment is left
 */
void sf_fdb_module_exit(void)
{
	destroy_workqueue(sf_fdb_queue);
}
