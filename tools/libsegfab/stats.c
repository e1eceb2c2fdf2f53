// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Counters: their names, and reading them.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

_Static_assert(SEGFAB_A_STATS_MAX < SEGFAB_COUNTERS, "counters do not fit");
_Static_assert(SEGFAB_A_DROPS_MAX < SEGFAB_REASONS, "reasons do not fit");

/**
 * segfab_stats_name - name of a counter
 * @counter: SEGFAB_A_STATS_*
 *
 * Return: its name as in the netlink specification, or NULL if there is no
 *	counter of this number
 */
SF_API const char *segfab_stats_name(unsigned int counter)
{
	return counter <= SEGFAB_A_STATS_MAX ? sf_stats_names[counter] : NULL;
}

/**
 * segfab_drop_name - name of a reason for drops
 * @reason: SEGFAB_A_DROPS_*, or 0 for reasons that the library does not know
 *
 * Return: its name as in the netlink specification, or NULL if there is no
 *	reason of this number
 */
SF_API const char *segfab_drop_name(unsigned int reason)
{
	return reason <= SEGFAB_A_DROPS_MAX ? sf_drops_names[reason] : NULL;
}

void sf_stats_parse(const struct nlattr *nest, struct segfab_stats *stats)
{
	struct nlattr *a, *drops = NULL;
	int rem;

	memset(stats, 0, sizeof(*stats));
	if (!nest)
		return;

	nla_for_each_nested(a, (struct nlattr *)nest, rem) {
		int type = nla_type(a);

		if (type == SEGFAB_A_STATS_DROPS)
			drops = a;
		else if (type <= SEGFAB_A_STATS_MAX && sf_stats_names[type])
			stats->counter[type] = sf_get_u64(a);
	}
	if (!drops)
		return;

	stats->has_drops = true;
	nla_for_each_nested(a, drops, rem) {
		int type = nla_type(a);

		if (type == SEGFAB_A_DROPS_PAD)
			continue;
		if (type > SEGFAB_A_DROPS_MAX)
			type = 0;
		stats->drop[type] += sf_get_u64(a);
	}
}
