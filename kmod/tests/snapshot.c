// SPDX-License-Identifier: GPL-2.0
/*
 * How the binding maps of a test's fabric are, for a test that expects that
 * nothing has changed.
 *
 * Locking: takes RTNL.
 */
#include "snapshot.h"

#include <linux/rtnetlink.h>

#include "../vlan_table.h"

/**
 * sfk_snapshot_take - write down all that binding maps are made of
 * @fabric: the fabric
 * @snapshot: takes it; two that are equal in each byte mean the same
 */
void sfk_snapshot_take(struct sfk_fabric *fabric, struct sfk_snapshot *snapshot)
{
	int i, vid;

	memset(snapshot, 0, sizeof(*snapshot));
	rtnl_lock();
	for (i = 0; i < SFK_SEGMENTS; i++) {
		struct sf_segment *segment = fabric->segment[i];

		for (vid = 0; vid < VLAN_N_VID; vid++)
			snapshot->tag[i][vid] =
				sf_vlan_table_find(&segment->vlans, vid);
		snapshot->count[i][0] = segment->parent_count;
		snapshot->count[i][1] = segment->child_count;
		snapshot->length[i][0] = list_count_nodes(&segment->parents);
		snapshot->length[i][1] = list_count_nodes(&segment->children);
	}
	for (i = 0; i < SFK_BINDINGS; i++) {
		snapshot->vlan[i] = fabric->binding[i]->vlan;
		snapshot->fdb_limit[i] = fabric->binding[i]->fdb_limit;
		snapshot->fdb_limit_policy[i] = fabric->binding[i]->fdb_limit_policy;
		snapshot->fdb_count[i] = fabric->binding[i]->fdb_count;
		snapshot->dead[i] = fabric->binding[i]->dead;
	}
	rtnl_unlock();
}
