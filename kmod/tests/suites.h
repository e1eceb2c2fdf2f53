/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TESTS_SUITES_H
#define _SEGFAB_TESTS_SUITES_H

#include <kunit/test.h>
#include <linux/prandom.h>

extern struct kunit_suite sfk_vlan_table_suite;
extern struct kunit_suite sfk_fdb_suite;
extern struct kunit_suite sfk_fdb_time_suite;
extern struct kunit_suite sfk_fdb_race_suite;
extern struct kunit_suite sfk_fdb_model_suite;
extern struct kunit_suite sfk_binding_suite;
extern struct kunit_suite sfk_demux_suite;
extern struct kunit_suite sfk_forward_suite;
extern struct kunit_suite sfk_stats_suite;
extern struct kunit_suite sfk_trace_suite;
extern struct kunit_suite sfk_team_suite;
extern struct kunit_suite sfk_zone_suite;

void sfk_seed(struct kunit *test, struct rnd_state *random);

/**
 * sfk_below - a random number
 * @random: made by sfk_seed()
 * @ceiling: not 0
 *
 * Return: 0 to @ceiling - 1.
 */
static inline u32 sfk_below(struct rnd_state *random, u32 ceiling)
{
	return prandom_u32_state(random) % ceiling;
}

#endif /* _SEGFAB_TESTS_SUITES_H */
