/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_BINDING_H
#define _SEGFAB_BINDING_H

#include "types.h"

/* Learned addresses behind a new binding map, unless set. */
#define SF_BINDING_FDB_LIMIT	65536

/**
 * struct sf_binding_spec - what a new or changed binding map shall be
 * @parent: the parent; in a change NULL: as it is
 * @vlan: the tag, 1 to 4094; 0: take the lowest free one of @vlan_first to
 *	@vlan_last if @vlan_auto, else (in a change) as it is
 * @vlan_first: first tag to try
 * @vlan_last: last tag to try
 * @vlan_auto: choose the tag
 * @has_fdb_limit: @fdb_limit is given
 * @has_fdb_limit_policy: @fdb_limit_policy is given
 * @fdb_limit: as in &struct sf_binding
 * @fdb_limit_policy: as in &struct sf_binding
 */
struct sf_binding_spec {
	struct sf_segment	*parent;
	u16			vlan;
	u16			vlan_first;
	u16			vlan_last;
	bool			vlan_auto;
	bool			has_fdb_limit;
	bool			has_fdb_limit_policy;
	u8			fdb_limit_policy;
	u32			fdb_limit;
};

struct sf_binding *sf_binding_find(const struct sf_segment *child,
				   const char *id);
struct sf_binding *sf_binding_between(const struct sf_segment *child,
				      const struct sf_segment *parent);
struct sf_binding *sf_binding_add(struct sf_segment *child, const char *id,
				  const struct sf_binding_spec *spec,
				  struct netlink_ext_ack *extack);
struct sf_binding *sf_binding_change(struct sf_binding *binding,
				     const struct sf_binding_spec *spec,
				     struct netlink_ext_ack *extack);
void sf_binding_del(struct sf_binding *binding);

#endif /* _SEGFAB_BINDING_H */
