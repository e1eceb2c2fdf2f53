/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_FDB_H
#define _SEGFAB_FDB_H

#include <linux/etherdevice.h>

#include "types.h"

/* A learned entry is refreshed at most this often, in jiffies. */
#define SF_FDB_REFRESH	HZ

#define SF_FDB_KEY_GUEST_VLAN	GENMASK_ULL(15, 0)

/**
 * sf_fdb_key - key of an address in a forwarding table
 * @mac: address, 6 bytes
 * @guest_vlan: tag that travels inside the segment, 0: none
 *
 * Return: a number that is compared and hashed, never calculated with.
 */
static inline u64 sf_fdb_key(const u8 *mac, u16 guest_vlan)
{
	return (u64)get_unaligned_be32(mac) << 32 |
	       (u64)get_unaligned_be16(mac + 4) << 16 | guest_vlan;
}

/**
 * sf_fdb_key_of_frame - the same for an address in an Ethernet header
 * @mac: address, with two bytes behind it
 * @guest_vlan: tag that travels inside the segment, 0: none
 *
 * One load for the address, as in ether_addr_equal_64bits().
 *
 * Return: what sf_fdb_key() returns.
 */
static inline u64 sf_fdb_key_of_frame(const u8 *mac, u16 guest_vlan)
{
	return (get_unaligned_be64(mac) & ~SF_FDB_KEY_GUEST_VLAN) | guest_vlan;
}

static inline void sf_fdb_key_mac(u64 key, u8 *mac)
{
	put_unaligned_be32(key >> 32, mac);
	put_unaligned_be16(key >> 16, mac + 4);
}

static inline u16 sf_fdb_key_guest_vlan(u64 key)
{
	return key & SF_FDB_KEY_GUEST_VLAN;
}

extern struct workqueue_struct *sf_fdb_queue;
extern u64 sf_fdb_multiplier;

/* Two multiplications by odd numbers, the first of which nobody outside knows;
 * a table that has to be hashed anew changes the second. The upper half of a
 * product has the better bits. What comes between them makes the whole not
 * linear: else addresses that follow each other would do so in the table, and
 * once in some hundred seeds meet in one chain.
 */
static inline u32 sf_fdb_hash(u64 key, u32 seed)
{
	u64 hash = key * sf_fdb_multiplier;

	hash ^= hash >> 32;
	return (hash * (2 * (u64)seed + 1)) >> 32;
}

/**
 * sf_fdb_find_rcu - look up an address
 * @segment: the segment
 * @key: see sf_fdb_key()
 *
 * What rhashtable_lookup() does, with the place of @node known when it is
 * compiled: two of it are a good part of what a frame costs.
 *
 * Context: RCU read side, or fdb_lock.
 * Return: the entry, or NULL.
 */
static inline struct sf_fdb_entry *
sf_fdb_find_rcu(struct sf_segment *segment, u64 key)
{
	struct rhash_lock_head __rcu *const *bucket;
	struct sf_fdb_entry *entry;
	struct bucket_table *table;
	struct rhash_head *pos;
	u32 hash;

	table = rht_dereference_rcu(segment->fdb.tbl, &segment->fdb);
	do {
		hash = rht_bucket_index(table,
					sf_fdb_hash(key, table->hash_rnd));
		bucket = rht_bucket(table, hash);
		do {
			rht_for_each_entry_rcu_from(entry, pos,
						    rht_ptr_rcu(bucket), table,
						    hash, node)
				if (entry->key == key)
					return entry;
			/* The walk may have been led to another chain. */
		} while (unlikely(pos != RHT_NULLS_MARKER(bucket)));
		smp_rmb();	/* the table may be moving to a new one */
		table = rht_dereference_rcu(table->future_tbl, &segment->fdb);
	} while (unlikely(table));
	return NULL;
}

/**
 * sf_fdb_know_rcu - look up an address as frames know it
 * @segment: the segment
 * @key: see sf_fdb_key()
 *
 * The host's own addresses are in the table once, and are its own under every
 * guest VLAN.
 *
 * Context: RCU read side, or fdb_lock.
 * Return: the entry, or NULL.
 */
static inline struct sf_fdb_entry *
sf_fdb_know_rcu(struct sf_segment *segment, u64 key)
{
	struct sf_fdb_entry *entry = sf_fdb_find_rcu(segment, key);

	if (likely(entry) || !sf_fdb_key_guest_vlan(key))
		return entry;
	entry = sf_fdb_find_rcu(segment, key & ~SF_FDB_KEY_GUEST_VLAN);
	return entry && !entry->port ? entry : NULL;
}

/**
 * struct sf_fdb_filter - which entries a flush or a dump means
 * @port: those behind this port, NULL: any
 * @binding: those behind this binding map, NULL: any
 * @mac: those of this address (in any guest VLAN), NULL: any
 * @states: mask of BIT(enum segfab_fdb_state)
 */
struct sf_fdb_filter {
	const struct sf_port	*port;
	const struct sf_binding	*binding;
	const u8		*mac;
	unsigned int		states;
};

/**
 * struct sf_fdb_cursor - where a walk stopped; all zero at its start
 * @key: of the next entry
 * @sequence: of the next entry, 0: start with the newest
 */
struct sf_fdb_cursor {
	u64	key;
	u64	sequence;
};

int sf_fdb_init(struct sf_segment *segment);
void sf_fdb_destroy(struct sf_segment *segment);

bool sf_fdb_learn(struct sf_segment *segment, u64 key, struct sf_port *port,
		  struct sf_binding *binding);
bool sf_fdb_may_pass(struct sf_segment *segment, u64 key, struct sf_port *port,
		     struct sf_binding *binding);
bool sf_fdb_learn_remote(struct sf_segment *segment, u64 key,
			 struct sf_member *member,
			 const struct in6_addr *remote);
int sf_fdb_set_local(struct sf_segment *segment, const u8 *mac);
void sf_fdb_del_local(struct sf_segment *segment, const u8 *mac);
int sf_fdb_add(struct sf_segment *segment, const u8 *mac, u16 guest_vlan,
	       struct sf_port *port, const struct in6_addr *remote,
	       u16 nlflags, struct netlink_ext_ack *extack);
bool sf_fdb_is_behind(const struct sf_fdb_entry *entry,
		      const struct sf_port *port);
int sf_fdb_del(struct sf_segment *segment, const u8 *mac, u16 guest_vlan,
	       struct netlink_ext_ack *extack);
void sf_fdb_flush(struct sf_segment *segment,
		  const struct sf_fdb_filter *filter);
bool sf_fdb_match(const struct sf_fdb_entry *entry,
		  const struct sf_fdb_filter *filter);
struct sf_fdb_entry *sf_fdb_first_rcu(struct sf_segment *segment,
				      const struct sf_fdb_cursor *cursor);
struct sf_fdb_entry *sf_fdb_next_rcu(struct sf_fdb_entry *entry);
void sf_fdb_restart_ageing(struct sf_segment *segment);
int sf_fdb_module_init(void);
void sf_fdb_module_exit(void);
u32 sf_fdb_age(const struct sf_fdb_entry *entry);

#endif /* _SEGFAB_FDB_H */
