// SPDX-License-Identifier: GPL-2.0
/*
 * VLAN tables: from a VLAN id to the object that it stands for. This file
 * knows nothing of segments or frames.
 *
 * Locking: tables are written under RTNL and read under RCU. Slots change in
 * place; parts are added and stay; table and parts are freed, after a grace
 * period, when the last slot was cleared.
 */
#include "vlan_table.h"

#include <linux/rtnetlink.h>
#include <linux/slab.h>

static struct sf_vlan_table *
sf_vlan_table_rtnl(struct sf_vlan_table __rcu *const *tablep)
{
	return rtnl_dereference(*tablep);
}

static struct sf_vlan_part *sf_vlan_part_rtnl(struct sf_vlan_table *table,
					      u16 vid)
{
	return rtnl_dereference(table->part[vid / SF_VLAN_PART_SIZE]);
}

/* The slot of a VLAN id, or NULL if there is no part for it. */
static void __rcu **sf_vlan_slot(struct sf_vlan_table *table, u16 vid)
{
	struct sf_vlan_part *part = table ? sf_vlan_part_rtnl(table, vid) :
					    NULL;

	return part ? &part->slot[vid % SF_VLAN_PART_SIZE] : NULL;
}

/* The slot of a VLAN id, in a part that is made if need be; NULL: no memory. */
static void __rcu **sf_vlan_slot_make(struct sf_vlan_table *table, u16 vid)
{
	struct sf_vlan_part *part = sf_vlan_part_rtnl(table, vid);

	if (!part) {
		part = kzalloc(sizeof(*part), GFP_KERNEL);
		if (!part)
			return NULL;
		rcu_assign_pointer(table->part[vid / SF_VLAN_PART_SIZE], part);
	}
	return &part->slot[vid % SF_VLAN_PART_SIZE];
}

static void sf_vlan_table_free_rcu(struct rcu_head *rcu)
{
	struct sf_vlan_table *table = container_of(rcu, struct sf_vlan_table,
						   rcu);
	int i;

	for (i = 0; i < SF_VLAN_PARTS; i++)
		kfree(rcu_dereference_protected(table->part[i], true));
	kfree(table);
}

/**
 * sf_vlan_table_find - look up the object of a VLAN id, for configuration
 * @tablep: where the table is published
 * @vid: VLAN id, 0 to 4095, host byte order
 *
 * Context: RTNL.
 * Return: the object, or NULL.
 */
void *sf_vlan_table_find(struct sf_vlan_table __rcu *const *tablep, u16 vid)
{
	struct sf_vlan_table *table = sf_vlan_table_rtnl(tablep);
	void __rcu **slot = sf_vlan_slot(table, vid);

	return slot ? rtnl_dereference(*slot) : NULL;
}

/**
 * sf_vlan_table_set - let a VLAN id stand for an object
 * @tablep: where the table is published; *@tablep is NULL until first used
 * @vid: VLAN id, 0 to 4095, host byte order
 * @object: the object, not NULL; takes the place of the one before
 *
 * Context: RTNL. May sleep.
 * Return: 0, or -ENOMEM with nothing changed.
 */
int sf_vlan_table_set(struct sf_vlan_table __rcu **tablep, u16 vid,
		      void *object)
{
	struct sf_vlan_table *table = sf_vlan_table_rtnl(tablep);
	void __rcu **slot;

	if (!table)
		table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	slot = sf_vlan_slot_make(table, vid);
	if (!slot) {
		if (!table->used)	/* it is new */
			kfree(table);
		return -ENOMEM;
	}
	if (!rcu_access_pointer(*slot))
		table->used++;
	rcu_assign_pointer(*slot, object);
	rcu_assign_pointer(*tablep, table);
	return 0;
}

/**
 * sf_vlan_table_clear - let a VLAN id stand for nothing
 * @tablep: where the table is published; an empty table is freed
 * @vid: VLAN id, 0 to 4095, host byte order
 *
 * Readers may find the object for a grace period longer.
 *
 * Context: RTNL.
 */
void sf_vlan_table_clear(struct sf_vlan_table __rcu **tablep, u16 vid)
{
	struct sf_vlan_table *table = sf_vlan_table_rtnl(tablep);
	void __rcu **slot = sf_vlan_slot(table, vid);

	if (!slot || !rcu_access_pointer(*slot))
		return;
	RCU_INIT_POINTER(*slot, NULL);
	if (--table->used)
		return;
	RCU_INIT_POINTER(*tablep, NULL);
	call_rcu(&table->rcu, sf_vlan_table_free_rcu);
}

/**
 * sf_vlan_table_first_free - the lowest VLAN id of a range that is not set
 * @tablep: where the table is published
 * @first: first id of the range, at least 1
 * @last: last id of the range, at most 4094
 *
 * Context: RTNL.
 * Return: the id, or 0 if all are set.
 */
u16 sf_vlan_table_first_free(struct sf_vlan_table __rcu *const *tablep,
			     u16 first, u16 last)
{
	unsigned int vid;

	for (vid = first; vid <= last; vid++)
		if (!sf_vlan_table_find(tablep, vid))
			return vid;
	return 0;
}
