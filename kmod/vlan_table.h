/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_VLAN_TABLE_H
#define _SEGFAB_VLAN_TABLE_H

#include <linux/if_vlan.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#define SF_VLAN_PART_SHIFT	5
#define SF_VLAN_PART_SIZE	(1 << SF_VLAN_PART_SHIFT)
#define SF_VLAN_PARTS		(VLAN_N_VID >> SF_VLAN_PART_SHIFT)

/**
 * struct sf_vlan_table - sparse map from VLAN id to an object
 * @rcu: frees the table after the last lookup
 * @used: slots that are set. W: RTNL.
 * @parts: parts that @slot has room for; fixed
 * @part_of: for each run of SF_VLAN_PART_SIZE ids the number of its part,
 *	counted from 1; 0: none of them is set and no part exists
 * @slot: the parts, one after another
 *
 * A lookup loads one byte of @part_of and one slot. A table with one id takes
 * less than half a kilobyte, a full one 33.
 */
struct sf_vlan_table {
	struct rcu_head	rcu;
	u16		used;
	u8		parts;
	u8		part_of[SF_VLAN_PARTS];
	void __rcu	*slot[];
};

/**
 * sf_vlan_table_find_rcu - look up the object of a VLAN id
 * @table: the table, may be NULL
 * @vid: VLAN id, 0 to 4095, host byte order
 *
 * Context: RCU read side.
 * Return: the object, or NULL.
 */
static inline void *sf_vlan_table_find_rcu(const struct sf_vlan_table *table,
					   u16 vid)
{
	size_t part;

	if (!table)
		return NULL;
	part = READ_ONCE(table->part_of[vid >> SF_VLAN_PART_SHIFT]);
	if (!part)
		return NULL;
	return rcu_dereference(table->slot[(part << SF_VLAN_PART_SHIFT) -
					   SF_VLAN_PART_SIZE +
					   (vid & (SF_VLAN_PART_SIZE - 1))]);
}

void *sf_vlan_table_find(struct sf_vlan_table __rcu *const *tablep, u16 vid);
int sf_vlan_table_set(struct sf_vlan_table __rcu **tablep, u16 vid,
		      void *object);
void sf_vlan_table_clear(struct sf_vlan_table __rcu **tablep, u16 vid);
u16 sf_vlan_table_first_free(struct sf_vlan_table __rcu *const *tablep,
			     u16 first, u16 last);

#endif /* _SEGFAB_VLAN_TABLE_H */
