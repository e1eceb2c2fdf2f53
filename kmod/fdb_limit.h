/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_FDB_LIMIT_H
#define _SEGFAB_FDB_LIMIT_H

#include "types.h"

void sf_fdb_limit_init(struct sf_segment *segment);
void sf_fdb_limit_exit(struct sf_segment *segment);

void sf_fdb_account_locked(struct sf_segment *segment,
			   const struct sf_fdb_entry *entry, int change);
bool sf_fdb_limit_reached(struct sf_port *port, struct sf_binding *binding);
bool sf_fdb_limit_drops(const struct sf_port *port,
			const struct sf_binding *binding);
bool sf_fdb_is_full(const struct sf_fdb_entry *old, struct sf_port *port,
		    struct sf_binding *binding);
void sf_fdb_set_full_locked(struct sf_segment *segment, struct sf_port *port,
			    struct sf_binding *binding, bool full);
void sf_fdb_limit_changed(struct sf_segment *segment, struct sf_port *port,
			  struct sf_binding *binding);

#endif /* _SEGFAB_FDB_LIMIT_H */
