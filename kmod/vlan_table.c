// SPDX-License-Identifier: GPL-2.0
/*
 * VLAN tables: from a VLAN id to the object that it stands for. This file
 * knows nothing of segments or frames.
 *
 * Locking: tables are written under RTNL and read under RCU. A slot changes in
 * place; a table that needs another part is copied and published anew, so that
 * a reader sees either all parts that it knows of or none.
 */
#include "vlan_table.h"

#include <linux/rtnetlink.h>
#include <linux/slab.h>

static struct sf_vlan_table *
sf_vlan_table_rtnl(struct sf_vlan_table __rcu *const *tablep)
{
	return rtnl_dereference(*tablep);
}

static void __rcu **sf_vlan_slot(struct sf_vlan_table *table, u16 vid)
{
	unsigned int part = table->part_of[vid >> SF_VLAN_PART_SHIFT];

	if (!part)
		return NULL;
	return &table->slot[((part - 1) << SF_VLAN_PART_SHIFT) +
			    (vid & (SF_VLAN_PART_SIZE - 1))];
}

/* A copy of @old (or an empty table) that has room for one part more. */
static struct sf_vlan_table *sf_vlan_table_grow(const struct sf_vlan_table *old,
						u16 vid)
{
	unsigned int parts = old ? old->parts : 0;
	size_t slots = (size_t)parts << SF_VLAN_PART_SHIFT;
	struct sf_vlan_table *table;

	table = kzalloc(struct_size(table, slot, slots + SF_VLAN_PART_SIZE),
			GFP_KERNEL);
	if (!table)
		return NULL;
	if (old) {
		memcpy(table->part_of, old->part_of, sizeof(table->part_of));
		memcpy(table->slot, old->slot, slots * sizeof(*table->slot));
		table->used = old->used;
	}
	table->parts = parts + 1;
	table->part_of[vid >> SF_VLAN_PART_SHIFT] = table->parts;
	return table;
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
	void __rcu **slot = table ? sf_vlan_slot(table, vid) : NULL;

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
	struct sf_vlan_table *old = sf_vlan_table_rtnl(tablep);
	struct sf_vlan_table *table = old;
	void __rcu **slot = old ? sf_vlan_slot(old, vid) : NULL;

	if (!slot) {
		table = sf_vlan_table_grow(old, vid);
		if (!table)
			return -ENOMEM;
		slot = sf_vlan_slot(table, vid);
	}
	if (!rcu_access_pointer(*slot))
		table->used++;
	rcu_assign_pointer(*slot, object);
	if (table != old) {
		rcu_assign_pointer(*tablep, table);
		if (old)
			kfree_rcu(old, rcu);
	}
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
	void __rcu **slot = table ? sf_vlan_slot(table, vid) : NULL;

	if (!slot || !rcu_access_pointer(*slot))
		return;
	RCU_INIT_POINTER(*slot, NULL);
	if (--table->used)
		return;
	RCU_INIT_POINTER(*tablep, NULL);
	kfree_rcu(table, rcu);
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
