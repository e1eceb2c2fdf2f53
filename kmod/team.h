/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TEAM_H
#define _SEGFAB_TEAM_H

#include "types.h"

struct sf_uplink *sf_team_choose_rcu(const struct sf_member *member,
				     const struct sf_port *port,
				     const struct sf_binding *binding,
				     const u8 *source);
bool sf_team_accepts(const struct sf_frame *frame,
		     const struct sf_member *member,
		     const struct sf_uplink *uplink);
void sf_team_update(struct sf_policy *policy, bool keep);
void sf_teams_assign(struct sf_zone *zone);
void sf_team_changed(struct sf_zone *zone);
const struct sf_uplink *sf_team_first(const struct sf_team *team);
bool sf_team_uses(const struct sf_team *team, const struct sf_uplink *uplink);

#endif /* _SEGFAB_TEAM_H */
