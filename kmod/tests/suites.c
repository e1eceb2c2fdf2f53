// SPDX-License-Identifier: GPL-2.0
/*
 * Which suites there are, and when they run: at the end of the module's own
 * start, since they make real segments. kunit_test_suites() would run them
 * before it.
 *
 * Locking: none; the module is loaded once.
 */
#include "suites.h"

#include <linux/module.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>

#include "../kunit.h"
#include "fake_dev.h"

static unsigned int sfk_kunit_seed;
module_param_named(kunit_seed, sfk_kunit_seed, uint, 0444);
MODULE_PARM_DESC(kunit_seed,
		 "where random tests start; 0: anywhere (it is printed)");

static struct kunit_suite *sfk_suites[] = {
	&sfk_vlan_table_suite,
	&sfk_fdb_suite,
	&sfk_fdb_time_suite,
	&sfk_fdb_race_suite,
	&sfk_fdb_model_suite,
	&sfk_binding_suite,
	&sfk_demux_suite,
	&sfk_forward_suite,
	&sfk_stats_suite,
	&sfk_trace_suite,
	&sfk_team_suite,
	&sfk_zone_suite,
};

/**
 * sfk_seed - start the random numbers of a test, and say where
 * @test: the test
 * @random: the generator
 */
void sfk_seed(struct kunit *test, struct rnd_state *random)
{
	u32 seed = sfk_kunit_seed;

	while (!seed)
		seed = get_random_u32();
	kunit_info(test, "kunit_seed=%u", seed);
	prandom_seed_state(random, seed);
}

/**
 * sf_kunit_init - run all suites
 *
 * Context: end of module start, no lock held. May sleep.
 */
void sf_kunit_init(void)
{
	__kunit_test_suites_init(sfk_suites, ARRAY_SIZE(sfk_suites));
	rtnl_lock();
	sfk_dev_unregister_all();
	rtnl_unlock();
}

/**
 * sf_kunit_exit - forget the results, which lie in debugfs
 */
void sf_kunit_exit(void)
{
	__kunit_test_suites_exit(sfk_suites, ARRAY_SIZE(sfk_suites));
}
