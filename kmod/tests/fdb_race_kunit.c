// SPDX-License-Identifier: GPL-2.0
/*
 * A forwarding table that is walked, and whose ports and binding maps are
 * removed, while others teach it.
 */
#include "fabric.h"
#include "suites.h"

#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/rtnetlink.h>

#include "../vlan_table.h"

/**
 * struct sfk_churn - a thread that teaches
 * @f: the fabric, in whose SFK_CA it does
 * @random: what it teaches
 * @task: the thread
 * @rounds: how many times it did
 */
struct sfk_churn {
	struct sfk_fabric	*f;
	struct rnd_state	random;
	struct task_struct	*task;
	unsigned long		rounds;
};

static struct sfk_churn *sfk_start(struct kunit *test,
				   int (*function)(void *data))
{
	struct sfk_churn *churn = kunit_kzalloc(test, sizeof(*churn),
						GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, churn);
	churn->f = test->priv;
	sfk_seed(test, &churn->random);
	churn->task = kthread_run(function, churn, "sfk_churn");
	KUNIT_ASSERT_FALSE(test, IS_ERR(churn->task));
	return churn;
}

#define SFK_STABLE	300	/* addresses from 1000 are always there */
#define SFK_COMING	200	/* addresses from 2000 come and go */

static int sfk_churn_all(void *data)
{
	struct sfk_churn *churn = data;
	struct sf_fdb_filter filter = { .states = BIT(SEGFAB_FDB_STATE_LEARNED) };
	struct rnd_state *random = &churn->random;
	u8 mac[ETH_ALEN];

	while (!kthread_should_stop()) {
		sfk_learn_number(churn->f, 1000 + sfk_below(random, SFK_STABLE),
				 sfk_below(random, SFK_PLACES));
		sfk_learn_number(churn->f, 2000 + sfk_below(random, SFK_COMING),
				 sfk_below(random, SFK_PLACES));
		sfk_mac(mac, 0x02, 2000 + sfk_below(random, SFK_COMING));
		filter.mac = mac;
		sf_fdb_flush(churn->f->segment[SFK_CA], &filter);
		WRITE_ONCE(churn->rounds, churn->rounds + 1);
		schedule();
	}
	return 0;
}

/* One step of a walk, up to @steps entries; false at its end. */
static bool sfk_walk(struct sf_segment *segment, struct sf_fdb_cursor *cursor,
		     int steps, u8 *seen)
{
	struct sf_fdb_entry *entry;
	u8 mac[ETH_ALEN];
	u32 number;

	rcu_read_lock();
	for (entry = sf_fdb_first_rcu(segment, cursor); entry && steps--;
	     entry = sf_fdb_next_rcu(entry)) {
		sf_fdb_key_mac(entry->key, mac);
		number = get_unaligned_be32(mac + 2);
		if (number >= 1000 && number < 1000 + SFK_STABLE)
			seen[number - 1000]++;
		if (number >= 2000 && number < 2000 + SFK_COMING)
			seen[number - 2000 + SFK_STABLE]++;
	}
	if (entry) {
		cursor->key = entry->key;
		cursor->sequence = entry->sequence;
	}
	rcu_read_unlock();
	return entry;
}

/* A walk from the first to the last entry, in steps of random length. */
static bool sfk_walk_all(struct sfk_fabric *f, struct rnd_state *random,
			 u8 *seen)
{
	struct sf_fdb_cursor cursor = {};
	int steps;

	memset(seen, 0, SFK_STABLE + SFK_COMING);
	for (steps = 0; steps < 100 * SFK_STABLE; steps++) {
		if (!sfk_walk(f->segment[SFK_CA], &cursor,
			      1 + sfk_below(random, 9), seen))
			return true;
		schedule();
	}
	return false;	/* it goes in circles */
}

/* Both have to have had their share; on a busy machine @end ends it. */
static bool sfk_enough(const struct sfk_churn *churn, int walks,
		       unsigned long end)
{
	return walks >= 40 && (READ_ONCE(churn->rounds) >= 1000 ||
			       time_after_eq(jiffies, end));
}

static void sfk_walk_exactly_once(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	u8 *seen = kunit_kzalloc(test, SFK_STABLE + SFK_COMING, GFP_KERNEL);
	unsigned long end = jiffies + 60 * HZ;
	int i, walks, missing = 0, twice = 0;
	struct sfk_churn *churn;
	struct rnd_state random;
	bool ended = true;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	sfk_seed(test, &random);
	for (i = 0; i < SFK_STABLE; i++) {
		sfk_learn_number(f, 1000 + i, i % SFK_PLACES);
		sfk_learn_number(f, 2000 + i % SFK_COMING, i % SFK_PLACES);
	}
	churn = sfk_start(test, sfk_churn_all);
	for (walks = 0; ended && !sfk_enough(churn, walks, end); walks++) {
		ended = sfk_walk_all(f, &random, seen);
		for (i = 0; i < SFK_STABLE + SFK_COMING; i++) {
			missing += i < SFK_STABLE && !seen[i];
			twice += seen[i] > 1;
		}
	}
	kthread_stop(churn->task);
	KUNIT_EXPECT_TRUE(test, ended);
	KUNIT_EXPECT_EQ(test, 0, missing);
	KUNIT_EXPECT_EQ(test, 0, twice);
	KUNIT_EXPECT_GT(test, churn->rounds, 100);
}

/* Teach through whatever is bound at the moment, as frames do. */
static int sfk_churn_binding(void *data)
{
	struct sfk_churn *churn = data;
	const struct sf_vlan_table *table;
	struct sf_binding *binding;
	struct sf_port *port;
	u8 mac[ETH_ALEN];

	while (!kthread_should_stop()) {
		sfk_mac(mac, 0x02, prandom_u32_state(&churn->random));
		local_bh_disable();
		rcu_read_lock();
		port = sf_port_get_rcu(churn->f->dev[SFK_A0]->dev);
		table = rcu_dereference(churn->f->segment[SFK_PA]->vlans);
		binding = sf_vlan_table_find_rcu(table, SFK_CA_PA_VLAN);
		if (port && binding) {
			udelay(churn->rounds % 64);
			sf_fdb_learn(binding->child, sf_fdb_key(mac, 0), port,
				     binding);
			churn->rounds++;
		}
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	}
	return 0;
}

static bool sfk_is_behind(struct sf_segment *segment, const void *object)
{
	struct sf_fdb_cursor cursor = {};
	struct sf_fdb_entry *entry;
	bool found = false;

	rcu_read_lock();
	for (entry = sf_fdb_first_rcu(segment, &cursor); entry && !found;
	     entry = sf_fdb_next_rcu(entry))
		found = entry->port == object || entry->binding == object;
	rcu_read_unlock();
	return found;
}

static void sfk_removal_while_learning(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA], *pa = f->segment[SFK_PA];
	struct sf_binding_spec spec = { .parent = pa, .vlan = SFK_CA_PA_VLAN };
	struct sfk_churn *churn = sfk_start(test, sfk_churn_binding);
	int i, found = 0, failed = 0;
	void *gone;

	for (i = 0; i < 40; i++) {
		msleep(1 + i % 8);
		rtnl_lock();
		if (i % 2) {
			gone = f->binding[SFK_CA_PA];
			sf_binding_del(gone);
			found += sfk_is_behind(ca, gone);
			f->binding[SFK_CA_PA] = sf_binding_add(ca, "ca-pa",
							       &spec, NULL);
			failed += IS_ERR(f->binding[SFK_CA_PA]);
		} else {
			gone = sf_port_get_rtnl(f->dev[SFK_A0]->dev);
			sf_port_del(gone);
			found += sfk_is_behind(ca, gone);
			failed += !!sf_port_add(pa, f->dev[SFK_A0]->dev, NULL);
		}
		rtnl_unlock();
	}
	kthread_stop(churn->task);
	KUNIT_EXPECT_EQ(test, 0, found);
	KUNIT_EXPECT_EQ(test, 0, failed);
	KUNIT_EXPECT_GT(test, churn->rounds, 100);
}

static struct kunit_case sfk_fdb_race_cases[] = {
	KUNIT_CASE(sfk_walk_exactly_once),
	KUNIT_CASE(sfk_removal_while_learning),
	{}
};

struct kunit_suite sfk_fdb_race_suite = {
	.name		= "segfab_fdb_race",
	.init		= sfk_fabric_init,
	.exit		= sfk_fabric_exit,
	.test_cases	= sfk_fdb_race_cases,
};
