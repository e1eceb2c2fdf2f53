// SPDX-License-Identifier: GPL-2.0
/*
 * VLAN tables: every id, growth and shrinking, the lowest free id, random
 * changes against an array, and readers that look while it all changes.
 *
 * Locking: the tests write under RTNL, and EXPECT only there.
 */
#include "../vlan_table.h"

#include <linux/kthread.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "suites.h"

#define SFK_IDS		VLAN_N_VID
#define SFK_READERS	3

/**
 * struct sfk_object - what ids stand for
 * @vid: the only id that it is ever set for
 * @dead: not set, and no reader may hold it any more
 */
struct sfk_object {
	u16	vid;
	bool	dead;
};

/**
 * struct sfk_table - a table and what it should be
 * @table: the table
 * @model: the same as an array
 * @staying: the ids for which sfk_stays() are set, and stay so
 * @objects: two for each id
 */
struct sfk_table {
	struct sf_vlan_table __rcu	*table;
	bool				staying;
	struct sfk_object		*model[SFK_IDS];
	struct sfk_object		objects[2][SFK_IDS];
};

static int sfk_vlan_table_init(struct kunit *test)
{
	struct sfk_table *t = vzalloc(sizeof(*t));
	int i;

	if (!t)
		return -ENOMEM;
	for (i = 0; i < 2 * SFK_IDS; i++)
		t->objects[i / SFK_IDS][i % SFK_IDS].vid = i % SFK_IDS;
	test->priv = t;
	return 0;
}

static void sfk_vlan_table_exit(struct kunit *test)
{
	struct sfk_table *t = test->priv;
	int vid;

	if (!t)
		return;
	rtnl_lock();
	for (vid = 0; vid < SFK_IDS; vid++)
		sf_vlan_table_clear(&t->table, vid);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(t->table));
	rtnl_unlock();
	vfree(t);
}

/* Change table and model; the table must say that it worked. */
static void sfk_set(struct kunit *test, u16 vid, int generation)
{
	struct sfk_table *t = test->priv;

	t->model[vid] = &t->objects[generation][vid];
	KUNIT_EXPECT_EQ(test, 0,
			sf_vlan_table_set(&t->table, vid, t->model[vid]));
}

static void sfk_clear(struct kunit *test, u16 vid)
{
	struct sfk_table *t = test->priv;

	t->model[vid] = NULL;
	sf_vlan_table_clear(&t->table, vid);
}

static const struct sf_vlan_table *sfk_published(struct kunit *test)
{
	struct sfk_table *t = test->priv;

	return rtnl_dereference(t->table);
}

/* The first id for which table and model differ, -1 if none does. */
static int sfk_difference(struct kunit *test)
{
	struct sfk_table *t = test->priv;
	int vid, used = 0;
	void *object;

	for (vid = 0; vid < SFK_IDS; vid++) {
		rcu_read_lock();
		object = sf_vlan_table_find_rcu(rcu_dereference(t->table),
						vid);
		rcu_read_unlock();
		if (object != t->model[vid] ||
		    sf_vlan_table_find(&t->table, vid) != t->model[vid])
			return vid;
		used += !!object;
	}
	if (used != (sfk_published(test) ? sfk_published(test)->used : 0))
		return SFK_IDS;
	return -1;
}

static void sfk_every_id(struct kunit *test)
{
	int vid;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, -1, sfk_difference(test));
	for (vid = 0; vid < SFK_IDS; vid++) {
		sfk_set(test, vid, 0);
		if (vid % 97 == 0)
			KUNIT_EXPECT_EQ(test, -1, sfk_difference(test));
	}
	KUNIT_EXPECT_EQ(test, -1, sfk_difference(test));
	/* In another order, each id once: 1361 and 4096 have no divisor. */
	for (vid = 0; vid < SFK_IDS; vid++) {
		sfk_clear(test, vid * 1361 % SFK_IDS);
		if (vid % 97 == 0)
			KUNIT_EXPECT_EQ(test, -1, sfk_difference(test));
	}
	KUNIT_EXPECT_NULL(test, sfk_published(test));
	rtnl_unlock();
}

static int sfk_parts(const struct sf_vlan_table *table)
{
	int i, parts = 0;

	for (i = 0; i < SF_VLAN_PARTS; i++)
		parts += !!rcu_access_pointer(table->part[i]);
	return parts;
}

static const struct sf_vlan_part *
sfk_part(const struct sf_vlan_table *table, u16 vid)
{
	return rtnl_dereference(table->part[vid / SF_VLAN_PART_SIZE]);
}

static void sfk_sparse_growth(struct kunit *test)
{
	const struct sf_vlan_table *table;
	int vid;

	rtnl_lock();
	sfk_set(test, 1002, 0);
	table = sfk_published(test);
	KUNIT_EXPECT_EQ(test, 1, sfk_parts(table));
	KUNIT_EXPECT_LE(test, ksize(table) + ksize(sfk_part(table, 1002)),
			1536);
	/* The neighbours of an id need no room of their own. */
	for (vid = round_down(1002, SF_VLAN_PART_SIZE);
	     vid < round_up(1002, SF_VLAN_PART_SIZE); vid++)
		sfk_set(test, vid, 0);
	KUNIT_EXPECT_EQ(test, 1, sfk_parts(table));
	KUNIT_EXPECT_EQ(test, SF_VLAN_PART_SIZE, table->used);

	for (vid = 0; vid < SFK_IDS; vid += SF_VLAN_PART_SIZE)
		sfk_set(test, vid, 0);
	KUNIT_EXPECT_PTR_EQ(test, table, sfk_published(test));
	KUNIT_EXPECT_EQ(test, SF_VLAN_PARTS, sfk_parts(table));
	KUNIT_EXPECT_LE(test, ksize(table) + SF_VLAN_PARTS *
			ksize(sfk_part(table, 0)), 33 * 1024);
	KUNIT_EXPECT_EQ(test, -1, sfk_difference(test));
	rtnl_unlock();
}

static void sfk_replacement(struct kunit *test)
{
	const struct sf_vlan_table *table;

	rtnl_lock();
	sfk_set(test, 7, 0);
	sfk_set(test, 8, 0);
	table = sfk_published(test);
	sfk_set(test, 7, 1);
	KUNIT_EXPECT_PTR_EQ(test, table, sfk_published(test));
	KUNIT_EXPECT_EQ(test, 2, table->used);
	KUNIT_EXPECT_EQ(test, -1, sfk_difference(test));
	rtnl_unlock();
}

static void sfk_empty_is_freed(struct kunit *test)
{
	rtnl_lock();
	sfk_clear(test, 5);		/* there is no table */
	KUNIT_EXPECT_NULL(test, sfk_published(test));
	sfk_set(test, 5, 0);
	sfk_set(test, 3000, 0);
	sfk_clear(test, 6);		/* not set, in a part that is there */
	sfk_clear(test, 2000);		/* there is no part */
	KUNIT_EXPECT_EQ(test, 2, sfk_published(test)->used);
	sfk_clear(test, 5);
	sfk_clear(test, 5);
	KUNIT_EXPECT_EQ(test, -1, sfk_difference(test));
	KUNIT_EXPECT_NOT_NULL(test, sfk_published(test));
	sfk_clear(test, 3000);
	KUNIT_EXPECT_NULL(test, sfk_published(test));
	rtnl_unlock();
}

static u16 sfk_first_free(struct kunit *test, u16 first, u16 last)
{
	struct sfk_table *t = test->priv;

	return sf_vlan_table_first_free(&t->table, first, last);
}

static void sfk_lowest_free(struct kunit *test)
{
	int vid;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 1, sfk_first_free(test, 1, 4094));
	for (vid = 1; vid <= 40; vid++)
		sfk_set(test, vid, 0);
	KUNIT_EXPECT_EQ(test, 41, sfk_first_free(test, 1, 4094));
	KUNIT_EXPECT_EQ(test, 41, sfk_first_free(test, 40, 41));
	KUNIT_EXPECT_EQ(test, 0, sfk_first_free(test, 5, 40));
	KUNIT_EXPECT_EQ(test, 0, sfk_first_free(test, 40, 40));
	KUNIT_EXPECT_EQ(test, 100, sfk_first_free(test, 100, 100));
	sfk_clear(test, 33);
	KUNIT_EXPECT_EQ(test, 33, sfk_first_free(test, 5, 40));
	for (vid = 1; vid <= 4093; vid++)
		sfk_set(test, vid, 0);
	KUNIT_EXPECT_EQ(test, 4094, sfk_first_free(test, 1, 4094));
	sfk_set(test, 4094, 0);		/* 0 and 4095 are free, and not meant */
	KUNIT_EXPECT_EQ(test, 0, sfk_first_free(test, 1, 4094));
	rtnl_unlock();
}

static u16 sfk_model_first_free(struct kunit *test, u16 first, u16 last)
{
	struct sfk_table *t = test->priv;
	int vid;

	for (vid = first; vid <= last; vid++)
		if (!t->model[vid])
			return vid;
	return 0;
}

/* In waves, so that tables become full of parts, and empty again. */
static void sfk_random_changes(struct kunit *test)
{
	struct rnd_state random;
	int i, vid, last, emptied = 0;

	sfk_seed(test, &random);
	for (i = 0; i < 60000; i++) {
		bool filling = i / 6000 % 2 == 0;

		rtnl_lock();
		vid = sfk_below(&random, filling ? SFK_IDS : 600);
		if (sfk_below(&random, 8) < (filling ? 6 : 1))
			sfk_set(test, vid, sfk_below(&random, 2));
		else
			sfk_clear(test, vid);
		if (i % 6000 == 5990)
			for (vid = 0; vid < SFK_IDS; vid += 1 + i % 2)
				sfk_clear(test, vid);
		if (i % 1000 == 0)
			KUNIT_EXPECT_EQ(test, -1, sfk_difference(test));
		if (i % 100 == 0) {
			vid = 1 + sfk_below(&random, 4094);
			last = vid + sfk_below(&random, 4095 - vid);
			KUNIT_EXPECT_EQ(test,
					sfk_model_first_free(test, vid, last),
					sfk_first_free(test, vid, last));
		}
		emptied += !sfk_published(test);
		rtnl_unlock();
	}
	KUNIT_EXPECT_GT(test, emptied, 0);
}

/* Ids that stay set for a while, when others around them come and go. */
static bool sfk_stays(u16 vid)
{
	return vid % 500 == 7;
}

static u16 sfk_reader_id(struct rnd_state *random)
{
	u16 vid = sfk_below(random, SFK_IDS);

	return vid % 4 ? vid : vid / 512 * 500 + 7;
}

/* Whether a reader may see @object under @vid. */
static bool sfk_may_see(const struct sfk_object *object, u16 vid, bool staying)
{
	if (object)
		return object->vid == vid && !READ_ONCE(object->dead);
	return !staying || !sfk_stays(vid);
}

/**
 * struct sfk_reader - a thread that looks ids up
 * @task: the thread
 * @t: what it looks at
 * @random: which ids
 * @lookups: how many times it looked
 * @wrong: how many times it saw what it must not see
 */
struct sfk_reader {
	struct task_struct	*task;
	struct sfk_table	*t;
	struct rnd_state	random;
	unsigned long		lookups;
	unsigned long		wrong;
};

static int sfk_read(void *data)
{
	struct sfk_reader *reader = data;
	struct sfk_table *t = reader->t;
	const struct sfk_object *object;
	bool staying;
	u16 vid;

	while (!kthread_should_stop()) {
		vid = sfk_reader_id(&reader->random);
		rcu_read_lock();
		/* Pairs with sfk_turn_over(): then they are all set. */
		staying = smp_load_acquire(&t->staying);
		object = sf_vlan_table_find_rcu(rcu_dereference(t->table),
						vid);
		reader->wrong += !sfk_may_see(object, vid, staying);
		rcu_read_unlock();
		reader->lookups++;
		cond_resched();
	}
	return 0;
}

static void sfk_start_readers(struct kunit *test, struct sfk_reader *readers,
			      struct rnd_state *random)
{
	int i;

	for (i = 0; i < SFK_READERS; i++) {
		readers[i].t = test->priv;
		prandom_seed_state(&readers[i].random,
				   prandom_u32_state(random));
		readers[i].task = kthread_run(sfk_read, &readers[i],
					      "sfk_read%d", i);
		if (IS_ERR(readers[i].task)) {
			KUNIT_FAIL(test, "no thread");
			readers[i].task = NULL;
		}
	}
}

static void sfk_stop_readers(struct kunit *test, struct sfk_reader *readers)
{
	unsigned long lookups = 0;
	int i;

	for (i = 0; i < SFK_READERS; i++) {
		if (readers[i].task)
			kthread_stop(readers[i].task);
		KUNIT_EXPECT_EQ(test, 0, readers[i].wrong);
		lookups += readers[i].lookups;
	}
	KUNIT_EXPECT_GT(test, lookups, 1000);
}

static void sfk_set_dead(struct sfk_table *t, bool dead)
{
	int i;

	/* Who still has one has it rightly. */
	synchronize_rcu();
	for (i = 0; i < 2 * SFK_IDS; i++)
		if (!t->model[i % SFK_IDS])
			WRITE_ONCE(t->objects[i / SFK_IDS][i % SFK_IDS].dead,
				   dead);
}

/* From nothing to a table that is full of parts, and back. */
static void sfk_turn_over(struct kunit *test, struct rnd_state *random)
{
	struct sfk_table *t = test->priv;
	int i, vid;

	for (vid = 0; vid < SFK_IDS; vid++)
		if (sfk_stays(vid))
			sfk_set(test, vid, 0);
	/* Pairs with sfk_read(). */
	smp_store_release(&t->staying, true);
	for (i = 0; i < 400; i++) {
		vid = sfk_below(random, SFK_IDS);
		if (!sfk_stays(vid))
			sfk_set(test, vid, sfk_below(random, 2));
	}
	for (vid = 0; vid < SFK_IDS; vid++)
		if (!sfk_stays(vid))
			sfk_clear(test, vid);
	sfk_set_dead(t, true);
	sfk_set_dead(t, false);

	WRITE_ONCE(t->staying, false);
	synchronize_rcu();
	for (vid = 0; vid < SFK_IDS; vid++)
		sfk_clear(test, vid);
	KUNIT_EXPECT_NULL(test, sfk_published(test));
}

static void sfk_concurrent_readers(struct kunit *test)
{
	struct sfk_reader *readers;
	struct rnd_state random;
	unsigned long end;
	int turns = 0;

	sfk_seed(test, &random);
	readers = kunit_kcalloc(test, SFK_READERS, sizeof(*readers),
				GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, readers);
	sfk_start_readers(test, readers, &random);
	for (end = jiffies + 3 * HZ; time_before(jiffies, end); turns++) {
		rtnl_lock();
		sfk_turn_over(test, &random);
		rtnl_unlock();
	}
	sfk_stop_readers(test, readers);
	KUNIT_EXPECT_GT(test, turns, 3);
}

static struct kunit_case sfk_vlan_table_cases[] = {
	KUNIT_CASE(sfk_every_id),
	KUNIT_CASE(sfk_sparse_growth),
	KUNIT_CASE(sfk_replacement),
	KUNIT_CASE(sfk_empty_is_freed),
	KUNIT_CASE(sfk_lowest_free),
	KUNIT_CASE(sfk_random_changes),
	KUNIT_CASE(sfk_concurrent_readers),
	{}
};

struct kunit_suite sfk_vlan_table_suite = {
	.name		= "segfab_vlan_table",
	.init		= sfk_vlan_table_init,
	.exit		= sfk_vlan_table_exit,
	.test_cases	= sfk_vlan_table_cases,
};
