// SPDX-License-Identifier: GPL-2.0
/*
 * Teams: how sources are spread over uplinks, that they stay where they are,
 * and where they go when an uplink fails and comes back. Zone, uplinks and
 * devices are memory and no more: nothing is sent.
 */
#include "suites.h"

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "../policy.h"
#include "../team.h"

#define SFK_SOURCES	4096

enum { SFK_UPLINKS = 4 };

/**
 * struct sfk_team - a member whose policy has some of four uplinks
 * @zone: the zone of the uplinks
 * @policy: of @zone
 * @member: has @policy
 * @uplink: ready, unless a test says otherwise
 * @dev: their devices, which have a carrier
 * @port: where frames come from
 * @port_dev: its device
 */
struct sfk_team {
	struct sf_zone		zone;
	struct sf_policy	*policy;
	struct sf_member	member;
	struct sf_uplink	uplink[SFK_UPLINKS];
	struct net_device	dev[SFK_UPLINKS];
	struct sf_port		port;
	struct net_device	port_dev;
};

static int sfk_team_init(struct kunit *test)
{
	struct sfk_team *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	int i;

	if (!t)
		return -ENOMEM;
	t->policy = kunit_kzalloc(test, sizeof(*t->policy), GFP_KERNEL);
	if (!t->policy)
		return -ENOMEM;
	INIT_LIST_HEAD(&t->zone.uplinks);
	INIT_LIST_HEAD(&t->zone.members);
	sf_policies_init(&t->zone);
	t->zone.failback = true;
	t->policy->zone = &t->zone;
	t->member.zone = &t->zone;
	rcu_assign_pointer(t->member.policy, t->policy);
	list_add_tail(&t->member.node, &t->zone.members);
	for (i = 0; i < SFK_UPLINKS; i++) {
		t->uplink[i].dev = &t->dev[i];
		t->uplink[i].flags = SF_UPLINK_READY;
	}
	t->port.dev = &t->port_dev;
	test->priv = t;
	return 0;
}

static void sfk_team_exit(struct kunit *test)
{
	struct sfk_team *t = test->priv;

	if (!t)
		return;
	kfree(rcu_access_pointer(t->policy->team));
	kfree(rcu_access_pointer(t->policy->list));
}

/* The first @active of the first @count uplinks are active. */
static void sfk_team_set(struct kunit *test, u8 teaming, unsigned int active,
			 unsigned int count)
{
	struct sfk_team *t = test->priv;
	struct sf_uplink_list *list = kzalloc(sizeof(*list), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, list);
	for (i = 0; i < count; i++)
		list->uplink[i] = &t->uplink[i];
	list->active = active;
	list->count = count;
	kfree(rcu_access_pointer(t->policy->list));
	rcu_assign_pointer(t->policy->list, list);
	t->policy->teaming = teaming;
	rtnl_lock();
	sf_team_update(t->policy, false);
	rtnl_unlock();
}

static void sfk_team_set_ready(struct sfk_team *t, int number, bool ready)
{
	t->uplink[number].flags = ready ? SF_UPLINK_READY : 0;
	rtnl_lock();
	sf_team_update(t->policy, true);
	rtnl_unlock();
}

/* The number of the uplink of a source, -1: none. Even numbers are those of
 * containers, behind eight ports.
 */
static int sfk_team_choose(struct sfk_team *t, u32 source)
{
	struct sf_binding binding = { .vlan = source / 16 };
	u8 mac[ETH_ALEN] = { 0x02 };
	struct sf_uplink *uplink;

	put_unaligned_be32(source, mac + 2);
	t->port_dev.ifindex = 1 + source % 8;
	rcu_read_lock();
	uplink = sf_team_choose_rcu(&t->member, &t->port,
				    source % 2 ? NULL : &binding, mac);
	rcu_read_unlock();
	return uplink ? uplink - t->uplink : -1;
}

static bool sfk_team_uses(const struct sfk_team *t, int number)
{
	return sf_team_uses(rcu_access_pointer(t->member.team),
			    &t->uplink[number]);
}

static void sfk_team_choose_all(struct sfk_team *t, s8 *chosen)
{
	u32 i;

	for (i = 0; i < SFK_SOURCES; i++)
		chosen[i] = sfk_team_choose(t, i);
}

static unsigned int sfk_count(const s8 *chosen, int uplink)
{
	unsigned int count = 0;
	u32 i;

	for (i = 0; i < SFK_SOURCES; i++)
		count += chosen[i] == uplink;
	return count;
}

static s8 *sfk_chosen(struct kunit *test)
{
	s8 *chosen = kunit_kzalloc(test, SFK_SOURCES, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, chosen);
	return chosen;
}

/* Each has its part, give or take a tenth of it, and nobody else any. */
static void sfk_team_spread(struct kunit *test)
{
	s8 *chosen = sfk_chosen(test);
	unsigned int active;
	int i;

	for (active = 1; active <= SFK_UPLINKS; active++) {
		sfk_team_set(test, SEGFAB_TEAMING_LB_SRCMAC, active,
			     SFK_UPLINKS);
		sfk_team_choose_all(test->priv, chosen);
		for (i = 0; i < active; i++) {
			unsigned int part = SFK_SOURCES / active;

			KUNIT_EXPECT_GE(test, sfk_count(chosen, i),
					part - part / 10);
			KUNIT_EXPECT_LE(test, sfk_count(chosen, i),
					part + part / 10);
		}
		for (; i < SFK_UPLINKS; i++)
			KUNIT_EXPECT_EQ(test, sfk_count(chosen, i), 0);
	}
}

/* A port, and each container behind it, has one uplink; the ports and the
 * containers have all of them.
 */
static void sfk_team_by_port(struct kunit *test)
{
	struct sfk_team *t = test->priv;
	unsigned int used = 0;
	u32 i;

	sfk_team_set(test, SEGFAB_TEAMING_LB_SRCID, SFK_UPLINKS, SFK_UPLINKS);
	for (i = 1; i < SFK_SOURCES; i += 2)
		KUNIT_EXPECT_EQ(test, sfk_team_choose(t, i),
				sfk_team_choose(t, i % 8));
	for (i = 0; i < 8; i++) {
		KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 16 * 5 + i),
				sfk_team_choose(t, 16 * 5 + i + 8));
		used |= BIT(sfk_team_choose(t, 16 * i));
	}
	KUNIT_EXPECT_GE(test, hweight32(used), 3);
}

/* Sources of an uplink that fails go to all others; other ones stay, and when
 * it comes back everybody is where it was. That is so with the next frame.
 */
static void sfk_team_fail(struct kunit *test)
{
	s8 *before = sfk_chosen(test), *after = sfk_chosen(test);
	struct sfk_team *t = test->priv;
	s8 *later = sfk_chosen(test);
	u32 i;

	sfk_team_set(test, SEGFAB_TEAMING_LB_SRCMAC, SFK_UPLINKS, SFK_UPLINKS);
	sfk_team_choose_all(t, before);
	set_bit(__LINK_STATE_NOCARRIER, &t->dev[1].state);
	sfk_team_choose_all(t, after);
	for (i = 0; i < SFK_SOURCES; i++) {
		if (before[i] != 1)
			KUNIT_EXPECT_EQ(test, after[i], before[i]);
		else
			KUNIT_EXPECT_NE(test, after[i], 1);
	}
	for (i = 0; i < SFK_UPLINKS; i++)
		if (i != 1)
			KUNIT_EXPECT_GE(test, sfk_count(after, i),
					sfk_count(before, i) +
					sfk_count(before, 1) / 5);
	sfk_team_set_ready(t, 1, false);
	sfk_team_choose_all(t, later);
	KUNIT_EXPECT_EQ(test, 0, memcmp(later, after, SFK_SOURCES));

	clear_bit(__LINK_STATE_NOCARRIER, &t->dev[1].state);
	sfk_team_set_ready(t, 1, true);
	sfk_team_choose_all(t, later);
	KUNIT_EXPECT_EQ(test, 0, memcmp(later, before, SFK_SOURCES));
}

/* The first one on standby takes the place of one that fails, whole. */
static void sfk_team_standby(struct kunit *test)
{
	s8 *before = sfk_chosen(test), *after = sfk_chosen(test);
	struct sfk_team *t = test->priv;
	u32 i;

	sfk_team_set(test, SEGFAB_TEAMING_LB_SRCMAC, 2, SFK_UPLINKS);
	sfk_team_choose_all(t, before);
	sfk_team_set_ready(t, 0, false);
	sfk_team_choose_all(t, after);
	for (i = 0; i < SFK_SOURCES; i++)
		KUNIT_EXPECT_EQ(test, after[i], before[i] ? before[i] : 2);
	KUNIT_EXPECT_TRUE(test, sfk_team_uses(t, 2));
	KUNIT_EXPECT_FALSE(test, sfk_team_uses(t, 3));
	sfk_team_set_ready(t, 2, false);
	sfk_team_choose_all(t, after);
	for (i = 0; i < SFK_SOURCES; i++)
		KUNIT_EXPECT_EQ(test, after[i], before[i] ? before[i] : 3);
	sfk_team_set_ready(t, 0, true);
	sfk_team_choose_all(t, after);
	KUNIT_EXPECT_EQ(test, 0, memcmp(before, after, SFK_SOURCES));
}

static void sfk_team_order(struct kunit *test)
{
	struct sfk_team *t = test->priv;
	int i;

	sfk_team_set(test, SEGFAB_TEAMING_FAILOVER_ORDER, 2, SFK_UPLINKS);
	for (i = 0; i < SFK_UPLINKS; i++) {
		KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), i);
		KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 8), i);
		KUNIT_EXPECT_TRUE(test, sfk_team_uses(t, i));
		sfk_team_set_ready(t, i, false);
	}
	KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), -1);
	for (i = SFK_UPLINKS - 1; i >= 0; i--) {
		sfk_team_set_ready(t, i, true);
		KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), i);
	}
}

/* Without fail-back who is in use stays; a new list begins with its first. */
static void sfk_team_keep(struct kunit *test)
{
	struct sfk_team *t = test->priv;

	t->zone.failback = false;
	sfk_team_set(test, SEGFAB_TEAMING_FAILOVER_ORDER, 1, 3);
	KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), 0);
	sfk_team_set_ready(t, 0, false);
	KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), 1);
	sfk_team_set_ready(t, 0, true);
	KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), 1);
	/* 2 was ready all the time, 0 has come back. */
	sfk_team_set_ready(t, 1, false);
	KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), 2);
	sfk_team_set_ready(t, 2, false);
	KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), 0);
	sfk_team_set_ready(t, 1, true);
	KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), 0);
	sfk_team_set_ready(t, 0, false);
	sfk_team_set_ready(t, 0, true);
	KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), 1);
	sfk_team_set(test, SEGFAB_TEAMING_FAILOVER_ORDER, 1, 3);
	KUNIT_EXPECT_EQ(test, sfk_team_choose(t, 7), 0);
}

static struct kunit_case sfk_team_cases[] = {
	KUNIT_CASE(sfk_team_spread),
	KUNIT_CASE(sfk_team_by_port),
	KUNIT_CASE(sfk_team_fail),
	KUNIT_CASE(sfk_team_standby),
	KUNIT_CASE(sfk_team_order),
	KUNIT_CASE(sfk_team_keep),
	{}
};

struct kunit_suite sfk_team_suite = {
	.name		= "segfab_team",
	.init		= sfk_team_init,
	.exit		= sfk_team_exit,
	.test_cases	= sfk_team_cases,
};
