// SPDX-License-Identifier: GPL-2.0
/*
 * A forwarding table under random operations, against a model that is an array
 * and knows nothing of lists, hashes or locks; and how its hash spreads.
 */
#include "fabric.h"
#include "suites.h"

#include <linux/delay.h>
#include <linux/rtnetlink.h>

#define SFK_ADDRESSES	48
#define SFK_LONGEST	10

enum { SFK_OF_C0, SFK_OF_C1, SFK_OF_CA_PA, SFK_OF_CA_PB, SFK_OWNERS };

/* Whose limit an address counts for, by its place; and what is behind it. */
static const struct {
	int	owner;
	int	port;
	int	binding;	/* -1: the port's own */
} sfk_model_places[SFK_PLACES] = {
	{ SFK_OF_C0, SFK_C0, -1 },
	{ SFK_OF_C1, SFK_C1, -1 },
	{ SFK_OF_CA_PA, SFK_A0, SFK_CA_PA },
	{ SFK_OF_CA_PA, SFK_A1, SFK_CA_PA },
	{ SFK_OF_CA_PB, SFK_B0, SFK_CA_PB },
};

/**
 * struct sfk_model - what a table should be
 * @test: for the fabric
 * @place: of each address, -1: it is unknown
 * @is_static: of each address
 * @limit: of each owner
 * @drop: whether the policy of an owner is to drop
 */
struct sfk_model {
	struct kunit	*test;
	int		place[SFK_ADDRESSES];
	bool		is_static[SFK_ADDRESSES];
	u32		limit[SFK_OWNERS];
	bool		drop[SFK_OWNERS];
};

static u32 sfk_model_count(const struct sfk_model *model, int owner)
{
	u32 i, count = 0;

	for (i = 0; i < SFK_ADDRESSES; i++)
		count += model->place[i] >= 0 &&
			 sfk_model_places[model->place[i]].owner == owner;
	return count;
}

/* What sf_fdb_learn() must say, and do. */
static bool sfk_model_learn(struct sfk_model *model, u32 number, int place)
{
	int old = model->place[number], owner = sfk_model_places[place].owner;
	bool through_same_map = old >= 0 && sfk_model_places[place].binding >= 0 &&
				sfk_model_places[old].owner == owner;

	if (old == place || model->is_static[number])
		return true;
	if (model->limit[owner] && !through_same_map &&
	    sfk_model_count(model, owner) >= model->limit[owner])
		return !model->drop[owner];
	model->place[number] = place;
	return true;
}

static void sfk_model_forget(struct sfk_model *model, u32 number)
{
	model->place[number] = -1;
	model->is_static[number] = false;
}

static void sfk_model_flush(struct sfk_model *model, int port, int binding,
			    bool learned, bool fixed)
{
	int i, place;

	for (i = 0; i < SFK_ADDRESSES; i++) {
		place = model->place[i];
		if (place >= 0 &&
		    (port < 0 || sfk_model_places[place].port == port) &&
		    (binding < 0 || sfk_model_places[place].binding == binding) &&
		    (model->is_static[i] ? fixed : learned))
			sfk_model_forget(model, i);
	}
}

static bool sfk_entry_is(const struct sfk_model *model, u32 number,
			 const struct sf_fdb_entry *entry)
{
	struct sfk_fabric *f = model->test->priv;
	bool is_static = model->is_static[number];
	int place = model->place[number];

	if (!entry || place < 0)
		return !entry && place < 0;
	return entry->port == sfk_place_port(f, place) &&
	       entry->binding == sfk_place_binding(f, place) &&
	       entry->state == (is_static ? SEGFAB_FDB_STATE_STATIC :
					    SEGFAB_FDB_STATE_LEARNED);
}

/* The first address that the table has elsewhere, -1 if there is none. */
static int sfk_model_differs(const struct sfk_model *model)
{
	struct sfk_fabric *f = model->test->priv;
	const struct sf_fdb_entry *entry;
	int i, differs = -1;
	u8 mac[ETH_ALEN];

	rcu_read_lock();
	for (i = 0; i < SFK_ADDRESSES && differs < 0; i++) {
		sfk_mac(mac, 0x02, i);
		entry = sf_fdb_find_rcu(f->segment[SFK_CA],
					sf_fdb_key(mac, 0));
		if (!sfk_entry_is(model, i, entry))
			differs = i;
	}
	rcu_read_unlock();
	return differs;
}

static void sfk_compare_counts(const struct sfk_model *model)
{
	struct sfk_fabric *f = model->test->priv;
	const u32 seen[SFK_OWNERS] = {
		[SFK_OF_C0] = f->port[SFK_C0]->fdb_count,
		[SFK_OF_C1] = f->port[SFK_C1]->fdb_count,
		[SFK_OF_CA_PA] = f->binding[SFK_CA_PA]->fdb_count,
		[SFK_OF_CA_PB] = f->binding[SFK_CA_PB]->fdb_count,
	};
	u32 owner, sum = 1;	/* the host's */

	for (owner = 0; owner < SFK_OWNERS; owner++) {
		KUNIT_EXPECT_EQ(model->test, sfk_model_count(model, owner),
				seen[owner]);
		sum += seen[owner];
	}
	KUNIT_EXPECT_EQ(model->test, sum, f->segment[SFK_CA]->fdb_count);
}

static void sfk_do_learn(struct sfk_model *model, u32 number, int place)
{
	struct sfk_fabric *f = model->test->priv;
	bool pass = sfk_learn_number(f, number, place);

	KUNIT_EXPECT_EQ(model->test, sfk_model_learn(model, number, place),
			pass);
}

static void sfk_do_set(struct sfk_model *model, u32 number, int place)
{
	struct sfk_fabric *f = model->test->priv;
	u8 mac[ETH_ALEN];

	sfk_mac(mac, 0x02, number);
	KUNIT_EXPECT_EQ(model->test, 0,
			sf_fdb_add(f->segment[SFK_CA], mac, 0,
				   sfk_place_port(f, place), NULL,
				   NLM_F_CREATE | NLM_F_REPLACE, NULL));
	model->place[number] = place;
	model->is_static[number] = true;
}

static void sfk_do_del(struct sfk_model *model, u32 number)
{
	struct sfk_fabric *f = model->test->priv;
	u8 mac[ETH_ALEN];

	sfk_mac(mac, 0x02, number);
	KUNIT_EXPECT_EQ(model->test, model->place[number] < 0 ? -ENOENT : 0,
			sf_fdb_del(f->segment[SFK_CA], mac, 0, NULL));
	sfk_model_forget(model, number);
}

static void sfk_do_flush(struct sfk_model *model, struct rnd_state *random)
{
	struct sfk_fabric *f = model->test->priv;
	int place = sfk_below(random, SFK_PLACES);
	int port = sfk_below(random, 2) ? sfk_model_places[place].port : -1;
	int binding = sfk_below(random, 2) ? sfk_model_places[place].binding : -1;
	struct sf_fdb_filter filter = {
		.port = port < 0 ? NULL : f->port[port],
		.binding = binding < 0 ? NULL : f->binding[binding],
		.states = sfk_below(random, 4),
	};

	sf_fdb_flush(f->segment[SFK_CA], &filter);
	sfk_model_flush(model, port, binding,
			filter.states & BIT(SEGFAB_FDB_STATE_LEARNED),
			filter.states & BIT(SEGFAB_FDB_STATE_STATIC));
}

static void sfk_do_limit(struct sfk_model *model, int owner, u32 limit,
			 bool drop)
{
	struct sfk_fabric *f = model->test->priv;
	u8 policy = drop ? SEGFAB_LIMIT_POLICY_DROP :
			   SEGFAB_LIMIT_POLICY_FORWARD;
	struct sf_binding *binding;
	struct sf_port *port;

	model->limit[owner] = limit;
	model->drop[owner] = drop;
	if (owner == SFK_OF_C0 || owner == SFK_OF_C1) {
		port = f->port[owner == SFK_OF_C0 ? SFK_C0 : SFK_C1];
		WRITE_ONCE(port->fdb_limit, limit);
		WRITE_ONCE(port->fdb_limit_policy, policy);
	} else {
		binding = f->binding[owner == SFK_OF_CA_PA ? SFK_CA_PA :
							     SFK_CA_PB];
		WRITE_ONCE(binding->fdb_limit, limit);
		WRITE_ONCE(binding->fdb_limit_policy, policy);
	}
}

static void sfk_step(struct sfk_model *model, struct rnd_state *random)
{
	u32 number = sfk_below(random, SFK_ADDRESSES);
	u32 place = sfk_below(random, SFK_PLACES);

	switch (sfk_below(random, 64)) {
	case 0:
		sfk_do_flush(model, random);
		break;
	case 1 ... 3:
		sfk_do_limit(model, sfk_below(random, SFK_OWNERS),
			     sfk_below(random, SFK_ADDRESSES / 3),
			     sfk_below(random, 2));
		break;
	case 4 ... 6:
		sfk_do_set(model, number, place);
		break;
	case 7 ... 14:
		sfk_do_del(model, number);
		break;
	default:
		sfk_do_learn(model, number, place);
	}
}

static void sfk_random_operations(struct kunit *test)
{
	struct sfk_model *model = kunit_kzalloc(test, sizeof(*model),
						GFP_KERNEL);
	struct rnd_state random;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, model);
	sfk_seed(test, &random);
	model->test = test;
	for (i = 0; i < SFK_ADDRESSES; i++)
		sfk_model_forget(model, i);
	rtnl_lock();
	for (i = 0; i < SFK_OWNERS; i++)
		sfk_do_limit(model, i, 10, i % 2);
	for (i = 0; i < 20000; i++) {
		sfk_step(model, &random);
		if (i % 16 == 0) {
			KUNIT_EXPECT_EQ(test, -1, sfk_model_differs(model));
			sfk_compare_counts(model);
		}
		/* One report is enough. */
		if (READ_ONCE(test->status) == KUNIT_FAILURE)
			break;
	}
	rtnl_unlock();
}

static unsigned int sfk_longest_chain(struct rhashtable *table, u32 *entries)
{
	const struct bucket_table *buckets;
	unsigned int i, length, longest = 0;
	struct rhash_head *pos;

	rcu_read_lock();
	buckets = rht_dereference_rcu(table->tbl, table);
	for (i = 0; i < buckets->size; i++) {
		length = 0;
		rht_for_each_rcu(pos, buckets, i)
			length++;
		*entries += length;
		longest = max(longest, length);
	}
	rcu_read_unlock();
	return longest;
}

/* All have moved to the table that they will stay in. */
static bool sfk_settled(struct rhashtable *table)
{
	const struct bucket_table *buckets;
	bool settled;

	rcu_read_lock();
	buckets = rht_dereference_rcu(table->tbl, table);
	settled = !rcu_access_pointer(buckets->future_tbl);
	rcu_read_unlock();
	return settled;
}

static void sfk_spread(struct kunit *test, struct rnd_state *random)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	u8 mac[ETH_ALEN];
	u32 entries = 0;
	int i;

	f->port[SFK_C0]->fdb_limit = 0;
	for (i = 0; i < 10000; i++) {
		sfk_mac(mac, 0x02, 0x11000000 + i);
		if (random) {
			prandom_bytes_state(random, mac, sizeof(mac));
			mac[0] = (mac[0] & 0xfc) | 0x02;
		}
		sfk_learn(ca, mac, f->port[SFK_C0], NULL);
		if (i % 256 == 0)
			cond_resched();
	}
	for (i = 0; i < 200 && !sfk_settled(&ca->fdb); i++)
		msleep(50);
	KUNIT_EXPECT_LE(test, sfk_longest_chain(&ca->fdb, &entries),
			SFK_LONGEST);
	KUNIT_EXPECT_EQ(test, ca->fdb_count, entries);
	KUNIT_EXPECT_EQ(test, 10001, entries);
}

static void sfk_spread_sequential(struct kunit *test)
{
	sfk_spread(test, NULL);
}

static void sfk_spread_random(struct kunit *test)
{
	struct rnd_state random;

	sfk_seed(test, &random);
	sfk_spread(test, &random);
}

/* Addresses that follow each other, in a table as full as it gets before it
 * grows: with none of many seeds do many meet. rhashtable refuses what finds a
 * long chain while the table is on its way to another.
 */
static void sfk_spread_seeds(struct kunit *test)
{
	unsigned int try, i, bucket, longest = 0;
	u8 chains[64], mac[ETH_ALEN];
	struct rnd_state random;
	u32 seed;

	sfk_seed(test, &random);
	for (try = 0; try < 5000; try++) {
		seed = prandom_u32_state(&random);
		memset(chains, 0, sizeof(chains));
		for (i = 0; i < ARRAY_SIZE(chains) * 3 / 4; i++) {
			sfk_mac(mac, 0x02, 0x11000000 + i);
			bucket = sf_fdb_hash(sf_fdb_key(mac, 0), seed) %
				 ARRAY_SIZE(chains);
			longest = max_t(unsigned int, longest,
					++chains[bucket]);
		}
	}
	KUNIT_EXPECT_LE(test, longest, RHT_ELASTICITY);
}

static struct kunit_case sfk_fdb_model_cases[] = {
	KUNIT_CASE(sfk_random_operations),
	KUNIT_CASE(sfk_spread_sequential),
	KUNIT_CASE(sfk_spread_random),
	KUNIT_CASE(sfk_spread_seeds),
	{}
};

struct kunit_suite sfk_fdb_model_suite = {
	.name		= "segfab_fdb_model",
	.init		= sfk_fabric_init,
	.exit		= sfk_fabric_exit,
	.test_cases	= sfk_fdb_model_cases,
};
