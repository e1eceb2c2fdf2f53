// SPDX-License-Identifier: GPL-2.0
/*
 * How addresses leave a forwarding table: by age, by a flush, or because what
 * they are behind is marked dead.
 */
#include "fabric.h"
#include "suites.h"

#include <linux/delay.h>
#include <linux/rtnetlink.h>

#define SFK_ANY_STATE	(BIT(SEGFAB_FDB_STATE_LEARNED) | \
			 BIT(SEGFAB_FDB_STATE_STATIC))

static bool sfk_is_known(struct sfk_fabric *f, u32 number)
{
	u8 mac[ETH_ALEN];
	bool known;

	sfk_mac(mac, 0x02, number);
	rcu_read_lock();
	known = sf_fdb_find_rcu(f->segment[SFK_CA], sf_fdb_key(mac, 0));
	rcu_read_unlock();
	return known;
}

static int sfk_add_number(struct sfk_fabric *f, u32 number, int place)
{
	u8 mac[ETH_ALEN];
	int err;

	sfk_mac(mac, 0x02, number);
	rtnl_lock();
	err = sf_fdb_add(f->segment[SFK_CA], mac, 0, sfk_place_port(f, place),
			 NULL, NLM_F_CREATE | NLM_F_REPLACE, NULL);
	rtnl_unlock();
	return err;
}

/* As if the last frame of an address came @ago jiffies ago. */
static void sfk_set_age(struct sfk_fabric *f, u32 number, unsigned long ago)
{
	struct sf_fdb_entry *entry;
	u8 mac[ETH_ALEN];

	sfk_mac(mac, 0x02, number);
	rcu_read_lock();
	entry = sf_fdb_find_rcu(f->segment[SFK_CA], sf_fdb_key(mac, 0));
	if (entry)
		WRITE_ONCE(entry->updated, jiffies - ago);
	rcu_read_unlock();
}

static unsigned long sfk_get_age(struct sfk_fabric *f, u32 number)
{
	const struct sf_fdb_entry *entry;
	unsigned long age = ULONG_MAX;
	u8 mac[ETH_ALEN];

	sfk_mac(mac, 0x02, number);
	rcu_read_lock();
	entry = sf_fdb_find_rcu(f->segment[SFK_CA], sf_fdb_key(mac, 0));
	if (entry)
		age = jiffies - READ_ONCE(entry->updated);
	rcu_read_unlock();
	return age;
}

static bool sfk_forgotten(struct sfk_fabric *f, u32 number)
{
	unsigned long end = jiffies + 10 * HZ;

	while (sfk_is_known(f, number) && time_before(jiffies, end))
		msleep(20);
	return !sfk_is_known(f, number);
}

/* What is too old goes, and only that. */
static void sfk_ageing(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];

	sfk_learn_number(f, 1, 0);
	sfk_learn_number(f, 2, 2);
	sfk_learn_number(f, 3, 0);
	sfk_add_number(f, 4, 0);
	sfk_set_age(f, 1, ca->ageing_time);
	sfk_set_age(f, 2, ca->ageing_time + HZ);
	sfk_set_age(f, 3, ca->ageing_time - 60 * HZ);
	sfk_set_age(f, 4, ca->ageing_time + HZ);
	WRITE_ONCE(ca->ageing_time, 0);		/* never */
	sf_fdb_restart_ageing(ca);
	flush_delayed_work(&ca->fdb_work);
	KUNIT_EXPECT_EQ(test, 5, ca->fdb_count);

	WRITE_ONCE(ca->ageing_time, 300 * HZ);
	sf_fdb_restart_ageing(ca);
	KUNIT_EXPECT_TRUE(test, sfk_forgotten(f, 1));
	KUNIT_EXPECT_TRUE(test, sfk_forgotten(f, 2));
	KUNIT_EXPECT_TRUE(test, sfk_is_known(f, 3));
	KUNIT_EXPECT_TRUE(test, sfk_is_known(f, 4));
	KUNIT_EXPECT_EQ(test, 3, ca->fdb_count);	/* with the host's */
	KUNIT_EXPECT_EQ(test, 2, f->port[SFK_C0]->fdb_count);
	KUNIT_EXPECT_EQ(test, 0, f->binding[SFK_CA_PA]->fdb_count);
}

/* Nobody asks for it: the first address starts the clock, and what is left
 * keeps it going.
 */
static void sfk_ageing_by_itself(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];

	WRITE_ONCE(ca->ageing_time, HZ / 4);
	sfk_learn_number(f, 1, 0);
	msleep(150);
	sfk_learn_number(f, 2, 0);
	KUNIT_EXPECT_TRUE(test, sfk_forgotten(f, 1));
	KUNIT_EXPECT_TRUE(test, sfk_forgotten(f, 2));
	KUNIT_EXPECT_EQ(test, 1, ca->fdb_count);
}

/* A frame keeps its source young, but does not write each time. */
static void sfk_refresh(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame = {
		.dest = { 0x02, 0x5f, 9, 9, 9, 9 },
		.tags = { SFK_TAG(SFK_CA_PA_VLAN) },
		.len = 46,
	};

	sfk_set_mode(f, SFK_DISCARD);
	sfk_mac(frame.source, 0x02, 1);
	sfk_receive(f->dev[SFK_A0], &frame);
	KUNIT_EXPECT_LT(test, sfk_get_age(f, 1), 5 * HZ);
	sfk_set_age(f, 1, 100 * HZ);
	sfk_receive(f->dev[SFK_A0], &frame);
	KUNIT_EXPECT_LT(test, sfk_get_age(f, 1), 5 * HZ);
	/* In the future: whoever writes now makes it older. */
	sfk_set_age(f, 1, -100UL * HZ);
	sfk_receive(f->dev[SFK_A0], &frame);
	KUNIT_EXPECT_GT(test, sfk_get_age(f, 1), ULONG_MAX - 101UL * HZ);
	KUNIT_EXPECT_LT(test, sfk_get_age(f, 1), ULONG_MAX - 50UL * HZ);
}

/* Whoever is marked dead teaches nothing. */
static void sfk_dead(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding *binding = f->binding[SFK_CA_PA];
	struct sf_port *c0 = f->port[SFK_C0];

	WRITE_ONCE(binding->dead, true);
	KUNIT_EXPECT_TRUE(test, sfk_learn_number(f, 1, 2));
	KUNIT_EXPECT_FALSE(test, sfk_is_known(f, 1));
	sfk_learn_number(f, 1, 0);
	sfk_learn_number(f, 1, 2);
	KUNIT_EXPECT_EQ(test, 1, c0->fdb_count);
	KUNIT_EXPECT_EQ(test, 0, binding->fdb_count);
	WRITE_ONCE(binding->dead, false);

	WRITE_ONCE(c0->flags, c0->flags | SF_PORT_DEAD);
	KUNIT_EXPECT_TRUE(test, sfk_learn_number(f, 2, 0));
	KUNIT_EXPECT_FALSE(test, sfk_is_known(f, 2));
	WRITE_ONCE(c0->flags, c0->flags & ~SF_PORT_DEAD);
}

/* Teach addresses 1 to 6, one a place and a static one; then flush. */
static void sfk_flush(struct kunit *test, const struct sf_fdb_filter *filter,
		      unsigned int left)
{
	struct sfk_fabric *f = test->priv;
	unsigned int known = 0;
	u32 number;

	for (number = 1; number <= SFK_PLACES; number++)
		sfk_learn_number(f, number, number - 1);
	sfk_add_number(f, 6, 0);
	rtnl_lock();
	sf_fdb_flush(f->segment[SFK_CA], filter);
	rtnl_unlock();
	for (number = 1; number <= 6; number++)
		known |= sfk_is_known(f, number) << number;
	KUNIT_EXPECT_EQ(test, left, known);
	KUNIT_EXPECT_EQ(test, 1 + hweight32(left),
			f->segment[SFK_CA]->fdb_count);
}

static void sfk_flush_filters(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_fdb_filter filter = { .states = SFK_ANY_STATE };
	u8 mac[ETH_ALEN];

	sfk_flush(test, &filter, 0);
	filter.states = BIT(SEGFAB_FDB_STATE_LEARNED);
	sfk_flush(test, &filter, BIT(6));
	filter.states = BIT(SEGFAB_FDB_STATE_STATIC);
	sfk_flush(test, &filter, 0x3e);
	filter.states = SFK_ANY_STATE;
	filter.port = f->port[SFK_C0];
	sfk_flush(test, &filter, 0x3c);
	filter.port = f->port[SFK_A0];		/* a parent's */
	sfk_flush(test, &filter, 0x76);
	filter.binding = f->binding[SFK_CA_PB];	/* not of this port */
	sfk_flush(test, &filter, 0x7e);
	filter.port = NULL;
	sfk_flush(test, &filter, 0x5e);
	filter.binding = f->binding[SFK_CA_PA];
	sfk_flush(test, &filter, 0x66);
	filter.binding = NULL;
	filter.mac = mac;
	sfk_mac(mac, 0x02, 4);
	sfk_flush(test, &filter, 0x6e);
	sfk_mac(mac, 0x02, 44);
	sfk_flush(test, &filter, 0x7e);
	/* The host's own go in no such way. */
	filter.mac = f->segment[SFK_CA]->dev->dev_addr;
	sfk_flush(test, &filter, 0x7e);
}

static struct kunit_case sfk_fdb_time_cases[] = {
	KUNIT_CASE(sfk_ageing),
	KUNIT_CASE(sfk_ageing_by_itself),
	KUNIT_CASE(sfk_refresh),
	KUNIT_CASE(sfk_dead),
	KUNIT_CASE(sfk_flush_filters),
	{}
};

struct kunit_suite sfk_fdb_time_suite = {
	.name		= "segfab_fdb_time",
	.init		= sfk_fabric_init,
	.exit		= sfk_fabric_exit,
	.test_cases	= sfk_fdb_time_cases,
};
