// SPDX-License-Identifier: GPL-2.0
/*
 * Announcements: when the uplinks of a zone change, the switches outside have
 * to learn by which one the addresses behind the host are reached now. For each
 * of them a reverse ARP request leaves by the uplink of that address, as when a
 * virtual machine has moved.
 *
 * Locking: runs from a workqueue under RCU alone.
 */
#include "announce.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <net/arp.h>

#include "fdb.h"
#include "stats.h"
#include "uplink.h"

/* Work of all zones. */
static struct workqueue_struct *sf_announce_queue;

static void sf_announce_to(const struct sf_frame *frame,
			   const struct sf_port *port)
{
	struct sk_buff *skb = skb_clone(frame->skb, GFP_ATOMIC);

	if (skb)
		sf_uplink_deliver(*frame, skb, port);
}

static void sf_announce_entry(const struct sf_member *member,
			      const struct sf_fdb_entry *entry)
{
	struct sf_frame frame = {
		.segment = member->port.segment,
		.port = entry->port,
		.binding = entry->binding,
		.class = SF_BROADCAST,
	};
	const struct sf_port *tunnel;
	u8 mac[ETH_ALEN];

	sf_fdb_key_mac(entry->key, mac);
	frame.skb = arp_create(ARPOP_RREQUEST, ETH_P_RARP, 0, member->port.dev,
			       0, NULL, mac, mac);
	if (!frame.skb)
		return;
	skb_reset_mac_header(frame.skb);
	skb_pull(frame.skb, ETH_HLEN);
	frame.skb->protocol = htons(ETH_P_RARP);
	frame.len = frame.skb->len + ETH_HLEN;
	if (member->zone->mode == SEGFAB_ZONE_MODE_OVERLAY)
		list_for_each_entry_rcu(tunnel, &member->flood, node)
			sf_announce_to(&frame, tunnel);
	else
		sf_announce_to(&frame, &member->port);
	consume_skb(frame.skb);
}

/* What is behind a zone, and what is not for the outside, is not announced. */
static void sf_announce_member(const struct sf_member *member)
{
	static const struct sf_fdb_cursor start;
	struct sf_fdb_entry *entry;

	if (!(READ_ONCE(member->port.segment->flags) & SF_SEGMENT_UP))
		return;
	for (entry = sf_fdb_first_rcu(member->port.segment, &start); entry;
	     entry = sf_fdb_next_rcu(entry)) {
		if (sf_is_zone_port(entry->port) ||
		    sf_fdb_key_guest_vlan(entry->key))
			continue;
		local_bh_disable();
		sf_announce_entry(member, entry);
		local_bh_enable();
	}
}

static void sf_announce_work(struct work_struct *work)
{
	struct sf_zone *zone = container_of(work, struct sf_zone, announce);
	const struct sf_member *member;

	rcu_read_lock();
	list_for_each_entry_rcu(member, &zone->members, node)
		sf_announce_member(member);
	rcu_read_unlock();
}

/**
 * sf_announce - tell the outside where the addresses behind the host are
 * @zone: the zone, whose uplinks or policy have changed
 *
 * Context: RTNL.
 */
void sf_announce(struct sf_zone *zone)
{
	if (zone->member_count)
		queue_work(sf_announce_queue, &zone->announce);
}

/**
 * sf_announce_init - prepare a zone for announcements
 * @zone: the zone
 */
void sf_announce_init(struct sf_zone *zone)
{
	INIT_WORK(&zone->announce, sf_announce_work);
}

/**
 * sf_announce_destroy - end the announcements of a zone
 * @zone: the zone, which has no members
 *
 * Context: may sleep.
 */
void sf_announce_destroy(struct sf_zone *zone)
{
	cancel_work_sync(&zone->announce);
}

/**
 * sf_announce_module_init - what all zones share
 *
 * Return: 0 or -ENOMEM.
 */
int __init sf_announce_module_init(void)
{
	sf_announce_queue = alloc_workqueue("segfab_announce", WQ_UNBOUND, 0);
	return sf_announce_queue ? 0 : -ENOMEM;
}

/**
 * sf_announce_module_exit - undo sf_announce_module_init(); no zone is left
 */
void sf_announce_module_exit(void)
{
	destroy_workqueue(sf_announce_queue);
}
