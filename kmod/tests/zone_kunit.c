// SPDX-License-Identifier: GPL-2.0
/*
 * Transport zones: frames of segments with the tag of a VLAN zone, split
 * horizon, which uplink a source has, and what comes back from a switch that
 * connects two of them.
 */
#include "fabric.h"
#include "suites.h"

#include <linux/rtnetlink.h>

#include "../member.h"
#include "../team.h"
#include "../uplink.h"
#include "../zone.h"

#define SFK_ZONE_VLAN	20

enum { SFK_HERE = 1, SFK_OUTSIDE, SFK_FAR, SFK_NOBODY };

/**
 * struct sfk_zone_fabric - a fabric whose SFK_CA is in a zone with two uplinks
 * @fabric: the fabric; first, as tests of fabrics want it
 * @zone: the zone
 * @dev: the uplinks' devices
 * @uplink: the uplinks
 */
struct sfk_zone_fabric {
	struct sfk_fabric	*fabric;
	struct sf_zone		*zone;
	struct sfk_dev		*dev[2];
	struct sf_uplink	*uplink[2];
};

static struct sfk_zone_fabric sfk_zf;

static struct sf_zone *sfk_zone_create(const char *name)
{
	struct nlattr *tb[IFLA_MAX + 1] = {};
	struct net_device *dev;
	int err;

	dev = rtnl_create_link(&init_net, name, NET_NAME_USER,
			       &sf_zone_link_ops, tb, NULL);
	if (IS_ERR(dev))
		return ERR_CAST(dev);
	err = sf_zone_link_ops.newlink(&init_net, dev, tb, NULL, NULL);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	sfk_dev_quiet(dev);
	return sf_zone_get(dev);
}

static int sfk_zone_add_uplinks(void)
{
	static const char *const names[] = { "sfk-u0", "sfk-u1" };
	int err, i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		sfk_zf.dev[i] = sfk_dev_get(names[i]);
		if (IS_ERR(sfk_zf.dev[i]))
			return PTR_ERR(sfk_zf.dev[i]);
		err = sf_uplink_add(sfk_zf.zone, sfk_zf.dev[i]->dev, NULL);
		if (err)
			return err;
		sfk_zf.uplink[i] = sf_uplink_get_rtnl(sfk_zf.dev[i]->dev);
	}
	return 0;
}

static int sfk_zone_init(struct kunit *test)
{
	int err = sfk_fabric_init(test);

	memset(&sfk_zf, 0, sizeof(sfk_zf));
	sfk_zf.fabric = test->priv;
	if (err)
		return err;
	rtnl_lock();
	sfk_zf.zone = sfk_zone_create("sfk-zone");
	err = PTR_ERR_OR_ZERO(sfk_zf.zone);
	if (!err)
		err = sfk_zone_add_uplinks();
	if (!err)
		err = sf_segment_join_zone(sfk_zf.fabric->segment[SFK_CA],
					   sfk_zf.zone, SFK_ZONE_VLAN,
					   NULL, NULL);
	rtnl_unlock();
	return err;
}

static void sfk_zone_exit(struct kunit *test)
{
	LIST_HEAD(kill);
	int i;

	rtnl_lock();
	if (!IS_ERR_OR_NULL(sfk_zf.zone))
		sf_zone_link_ops.dellink(sfk_zf.zone->dev, &kill);
	unregister_netdevice_many(&kill);
	for (i = 0; i < ARRAY_SIZE(sfk_zf.dev); i++)
		if (!IS_ERR_OR_NULL(sfk_zf.dev[i]))
			sfk_dev_put(sfk_zf.dev[i]);
	rtnl_unlock();
	sfk_fabric_exit(test);
}

static void sfk_zone_set_teaming(u8 teaming)
{
	rtnl_lock();
	sf_zone_set_teaming(sfk_zf.zone, teaming);
	cancel_work_sync(&sfk_zf.zone->announce);
	rtnl_unlock();
	skb_queue_purge(&sfk_zf.dev[0]->sink.frames);
	skb_queue_purge(&sfk_zf.dev[1]->sink.frames);
}

static unsigned int sfk_sent(int uplink)
{
	unsigned int count = skb_queue_len(&sfk_zf.dev[uplink]->sink.frames);

	skb_queue_purge(&sfk_zf.dev[uplink]->sink.frames);
	return count;
}

static u64 sfk_uplink_drops(int uplink, enum sf_drop reason)
{
	struct sf_totals totals;

	sf_port_stats_totals(sfk_zf.uplink[uplink]->stats, &totals);
	return totals.drops[reason];
}

static bool sfk_is_outside(u32 number)
{
	struct sf_segment *ca = sfk_zf.fabric->segment[SFK_CA];
	const struct sf_fdb_entry *entry;
	u8 mac[ETH_ALEN];
	bool outside;

	sfk_mac(mac, 0x02, number);
	rcu_read_lock();
	entry = sf_fdb_find_rcu(ca, sf_fdb_key(mac, 0));
	outside = entry && sf_is_zone_port(entry->port);
	rcu_read_unlock();
	return outside;
}

static void sfk_zone_out(struct kunit *test)
{
	struct sfk_fabric *f = sfk_zf.fabric;
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_NOBODY, SFK_HERE, 0x6000 | SFK_CA_PA_VLAN);
	sfk_receive(f->dev[SFK_A0], &frame);
	KUNIT_EXPECT_STREQ(test, "", sfk_next(&sfk_zf.dev[0]->sink, &frame,
					      0x6000 | SFK_ZONE_VLAN));
	KUNIT_EXPECT_EQ(test, 0, sfk_sent(0));
	KUNIT_EXPECT_EQ(test, 0, sfk_sent(1));
	sfk_left(f);
}

static void sfk_zone_in(struct kunit *test)
{
	struct sfk_fabric *f = sfk_zf.fabric;
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_NOBODY, SFK_OUTSIDE, 0x6000 | SFK_ZONE_VLAN);
	sfk_receive(sfk_zf.dev[0], &frame);
	SFK_EXPECT_SENT(test, f, SFK_C0, &frame, 0x6000);
	SFK_EXPECT_SENT(test, f, SFK_C1, &frame, 0x6000);
	SFK_EXPECT_SENT(test, f, SFK_A0, &frame, 0x6000 | SFK_CA_PA_VLAN);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, 0x6000 | SFK_CA_PA_VLAN);
	SFK_EXPECT_SENT(test, f, SFK_B0, &frame, 0x6000 | SFK_CA_PB_VLAN);
	SFK_EXPECT_HOST(test, f, SFK_CA, &frame, 0x6000);
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_TRUE(test, sfk_is_outside(SFK_OUTSIDE));
	KUNIT_EXPECT_EQ(test, 0, sfk_sent(0) + sfk_sent(1));
}

/* R12 */
static void sfk_zone_split_horizon(struct kunit *test)
{
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_NOBODY, SFK_OUTSIDE, SFK_ZONE_VLAN);
	sfk_receive(sfk_zf.dev[0], &frame);
	sfk_left(sfk_zf.fabric);
	sfk_frame_init(&frame, SFK_OUTSIDE, SFK_FAR, SFK_ZONE_VLAN);
	sfk_receive(sfk_zf.dev[0], &frame);
	SFK_EXPECT_NO_MORE(test, sfk_zf.fabric);
	KUNIT_EXPECT_EQ(test, 0, sfk_sent(0) + sfk_sent(1));
	KUNIT_EXPECT_EQ(test, 1, sfk_uplink_drops(0, SF_DROP_SPLIT_HORIZON));
}

/* A copy of the host's own frame comes back by the other uplink. */
static void sfk_zone_reflection(struct kunit *test)
{
	struct sfk_fabric *f = sfk_zf.fabric;
	struct sfk_frame frame;

	sfk_know(f, SFK_CA, SFK_HERE, SFK_C0, -1);
	sfk_frame_init(&frame, SFK_NOBODY, SFK_HERE, SFK_ZONE_VLAN);
	sfk_receive(sfk_zf.dev[1], &frame);
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_FALSE(test, sfk_is_outside(SFK_HERE));
	KUNIT_EXPECT_EQ(test, 1, sfk_uplink_drops(1, SF_DROP_INACTIVE_UPLINK));

	/* R13: what comes by its own uplink is from a machine that has moved,
	 * but not right after a change of the team.
	 */
	sfk_receive(sfk_zf.dev[0], &frame);
	KUNIT_EXPECT_FALSE(test, sfk_is_outside(SFK_HERE));
	sfk_left(f);
	msleep(200);
	sfk_receive(sfk_zf.dev[0], &frame);
	KUNIT_EXPECT_TRUE(test, sfk_is_outside(SFK_HERE));
	KUNIT_EXPECT_NE(test, 0, sfk_left(f));
}

/* What everybody gets comes by both; it is taken from one. */
static void sfk_zone_once(struct kunit *test)
{
	static const u8 policies[] = {
		SEGFAB_TEAMING_FAILOVER_ORDER, SEGFAB_TEAMING_LB_SRCID,
		SEGFAB_TEAMING_LB_SRCMAC,
	};
	struct sfk_fabric *f = sfk_zf.fabric;
	struct sfk_frame frame;
	int i, n;

	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		sfk_zone_set_teaming(policies[i]);
		for (n = 0; n < 20; n++) {
			sfk_frame_init(&frame, SFK_NOBODY, 100 + n,
				       SFK_ZONE_VLAN);
			sfk_receive(sfk_zf.dev[0], &frame);
			sfk_receive(sfk_zf.dev[1], &frame);
			/* c0, c1, a0, a1, b0 and the host */
			KUNIT_EXPECT_EQ(test, 6, sfk_left(f));
		}
	}
}

/* A source has one uplink; several sources have both. */
static void sfk_zone_balance(struct kunit *test)
{
	unsigned int used[2] = {};
	struct sfk_frame frame;
	int n;

	sfk_zone_set_teaming(SEGFAB_TEAMING_LB_SRCMAC);
	for (n = 0; n < 64; n++) {
		unsigned int first, second;

		sfk_frame_init(&frame, SFK_NOBODY, 100 + n, SFK_UNTAGGED);
		sfk_receive(sfk_zf.fabric->dev[SFK_C0], &frame);
		sfk_receive(sfk_zf.fabric->dev[SFK_C0], &frame);
		first = sfk_sent(0);
		second = sfk_sent(1);
		KUNIT_EXPECT_EQ(test, 2, first + second);
		KUNIT_EXPECT_NE(test, 1, first);
		used[0] += first;
		used[1] += second;
	}
	sfk_left(sfk_zf.fabric);
	KUNIT_EXPECT_NE(test, 0, used[0]);
	KUNIT_EXPECT_NE(test, 0, used[1]);
}

/* A lost carrier counts before the core has told of it. */
static void sfk_zone_carrier(struct kunit *test)
{
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_NOBODY, SFK_HERE, SFK_UNTAGGED);
	rtnl_lock();
	set_bit(__LINK_STATE_NOCARRIER, &sfk_zf.dev[0]->dev->state);
	sfk_receive(sfk_zf.fabric->dev[SFK_C0], &frame);
	KUNIT_EXPECT_EQ(test, 0, sfk_sent(0));
	KUNIT_EXPECT_EQ(test, 1, sfk_sent(1));
	clear_bit(__LINK_STATE_NOCARRIER, &sfk_zf.dev[0]->dev->state);
	rtnl_unlock();
	sfk_receive(sfk_zf.fabric->dev[SFK_C0], &frame);
	KUNIT_EXPECT_EQ(test, 1, sfk_sent(0));
	sfk_left(sfk_zf.fabric);
}

/* An id belongs to one segment; a move takes the old one away. */
static void sfk_zone_ids(struct kunit *test)
{
	struct sf_segment *ca = sfk_zf.fabric->segment[SFK_CA];
	struct sf_segment *cb = sfk_zf.fabric->segment[SFK_CB];
	struct sf_zone *zone = sfk_zf.zone;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, -EEXIST,
			sf_segment_join_zone(cb, zone, SFK_ZONE_VLAN, NULL, NULL));
	KUNIT_EXPECT_EQ(test, -ERANGE,
			sf_segment_join_zone(cb, zone, 4095, NULL, NULL));
	KUNIT_EXPECT_EQ(test, 0, sf_segment_join_zone(ca, zone, 21, NULL, NULL));
	KUNIT_EXPECT_EQ(test, 0,
			sf_segment_join_zone(cb, zone, SFK_ZONE_VLAN, NULL, NULL));
	KUNIT_EXPECT_EQ(test, 2, zone->member_count);
	KUNIT_EXPECT_EQ(test, -EBUSY, sf_zone_del(zone, NULL));
	sf_segment_leave_zone(cb);
	KUNIT_EXPECT_EQ(test, 1, zone->member_count);
	rtnl_unlock();
}

static struct kunit_case sfk_zone_cases[] = {
	KUNIT_CASE(sfk_zone_out),
	KUNIT_CASE(sfk_zone_in),
	KUNIT_CASE(sfk_zone_split_horizon),
	KUNIT_CASE(sfk_zone_reflection),
	KUNIT_CASE(sfk_zone_once),
	KUNIT_CASE(sfk_zone_balance),
	KUNIT_CASE(sfk_zone_carrier),
	KUNIT_CASE(sfk_zone_ids),
	{}
};

struct kunit_suite sfk_zone_suite = {
	.name		= "segfab_zone",
	.init		= sfk_zone_init,
	.exit		= sfk_zone_exit,
	.test_cases	= sfk_zone_cases,
};
