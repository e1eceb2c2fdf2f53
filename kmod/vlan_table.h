/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_VLAN_TABLE_H
#define _SEGFAB_VLAN_TABLE_H

#include <linux/if_vlan.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#define SF_VLAN_PART_SIZE	64
#define SF_VLAN_PARTS		(VLAN_N_VID / SF_VLAN_PART_SIZE)

/**
 * struct sf_vlan_part - a run of VLAN ids
 * @slot: their objects; NULL: none
 */
struct sf_vlan_part {
	void __rcu	*slot[SF_VLAN_PART_SIZE];
};

/**
 * struct sf_vlan_table - sparse map from VLAN id to an object
 * @rcu: frees the table and its parts after the last lookup
 * @used: slots that are set. W: RTNL.
 * @part: the parts, made when an id of theirs is first set; they stay as long
 *	as the table. W: RTNL. R: RCU.
 *
 * A lookup loads the place of a part and a slot of it. A table with one id
 * takes one and a half kilobytes, a full one 33.
 */
struct sf_vlan_table {
	struct rcu_head			rcu;
	u16				used;
	struct sf_vlan_part __rcu	*part[SF_VLAN_PARTS];
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
	const struct sf_vlan_part *part;

	if (!table)
		return NULL;
	part = rcu_dereference(table->part[vid / SF_VLAN_PART_SIZE]);
	if (!part)
		return NULL;
	return rcu_dereference(part->slot[vid % SF_VLAN_PART_SIZE]);
}

void *sf_vlan_table_find(struct sf_vlan_table __rcu *const *tablep, u16 vid);
int sf_vlan_table_set(struct sf_vlan_table __rcu **tablep, u16 vid,
		      void *object);
void sf_vlan_table_clear(struct sf_vlan_table __rcu **tablep, u16 vid);
u16 sf_vlan_table_first_free(struct sf_vlan_table __rcu *const *tablep,
			     u16 first, u16 last);

#endif /* _SEGFAB_VLAN_TABLE_H */
