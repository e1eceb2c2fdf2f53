/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TESTS_SNAPSHOT_H
#define _SEGFAB_TESTS_SNAPSHOT_H

#include "fabric.h"

/**
 * struct sfk_snapshot - all that binding maps are made of
 * @tag: what each tag of each segment stands for
 * @count: parents and children of each segment
 * @length: of the lists of each segment
 * @vlan: of each binding map
 * @fdb_limit: of each binding map
 * @fdb_limit_policy: of each binding map
 * @fdb_count: of each binding map
 * @dead: of each binding map
 */
struct sfk_snapshot {
	void	*tag[SFK_SEGMENTS][VLAN_N_VID];
	u32	count[SFK_SEGMENTS][2];
	u32	length[SFK_SEGMENTS][2];
	u16	vlan[SFK_BINDINGS];
	u32	fdb_limit[SFK_BINDINGS];
	u8	fdb_limit_policy[SFK_BINDINGS];
	u32	fdb_count[SFK_BINDINGS];
	bool	dead[SFK_BINDINGS];
};

void sfk_snapshot_take(struct sfk_fabric *fabric,
		       struct sfk_snapshot *snapshot);

#endif /* _SEGFAB_TESTS_SNAPSHOT_H */
