/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TEAM_H
#define _SEGFAB_TEAM_H

#include "types.h"

struct sf_uplink *sf_team_choose(const struct sf_team *team,
				 enum segfab_teaming teaming,
				 const struct sf_port *port,
				 const struct sf_binding *binding,
				 const u8 *source);
struct sf_uplink *sf_team_choose_rcu(const struct sf_member *member,
				     const struct sf_port *port,
				     const struct sf_binding *binding,
				     const u8 *source);
bool sf_team_accepts(const struct sf_frame *frame,
		     const struct sf_member *member,
		     const struct sf_uplink *uplink);
void sf_team_update(struct sf_zone *zone);

#endif /* _SEGFAB_TEAM_H */
