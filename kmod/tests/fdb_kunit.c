// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of a forwarding table: what is learned, what moves, what a limit
 * does, what an administrator may set, what a flush takes away. One thing at a
 * time; fdb_time_kunit.c and fdb_race_kunit.c have what happens over time, and at
 * the same time.
 */
#include "fabric.h"
#include "suites.h"

#include <linux/rtnetlink.h>

/**
 * struct sfk_at - what a table says of an address
 * @known: anything
 * @port: as in &struct sf_fdb_entry
 * @binding: as in &struct sf_fdb_entry
 * @state: as in &struct sf_fdb_entry
 * @sequence: as in &struct sf_fdb_entry
 */
struct sfk_at {
	bool				known;
	const struct sf_port		*port;
	const struct sf_binding		*binding;
	u8				state;
	u64				sequence;
};

static struct sfk_at sfk_find(struct sf_segment *segment, const u8 *mac,
			      u16 guest_vlan)
{
	const struct sf_fdb_entry *entry;
	struct sfk_at at = {};

	rcu_read_lock();
	entry = sf_fdb_find_rcu(segment, sf_fdb_key(mac, guest_vlan));
	if (entry) {
		at.known = true;
		at.port = entry->port;
		at.binding = entry->binding;
		at.state = entry->state;
		at.sequence = entry->sequence;
	}
	rcu_read_unlock();
	return at;
}

static bool sfk_is_at(struct sf_segment *segment, const u8 *mac,
		      const struct sf_port *port,
		      const struct sf_binding *binding)
{
	struct sfk_at at = sfk_find(segment, mac, 0);

	return at.known && at.port == port && at.binding == binding;
}

static bool sfk_known(struct sf_segment *segment, const u8 *mac)
{
	return sfk_find(segment, mac, 0).known;
}

static const u8 *sfk_address(u8 *mac, u32 number)
{
	sfk_mac(mac, 0x02, number);
	return mac;
}

/* Set a static entry; the text of a refusal, or "". */
static const char *sfk_add(int *err, struct sf_segment *segment, const u8 *mac,
			   u16 guest_vlan, struct sf_port *port, u16 flags)
{
	struct netlink_ext_ack extack = {};

	rtnl_lock();
	*err = sf_fdb_add(segment, mac, guest_vlan, port, NULL, flags,
			  &extack);
	rtnl_unlock();
	return extack._msg ?: "";
}

static const char *sfk_del(int *err, struct sf_segment *segment, const u8 *mac)
{
	struct netlink_ext_ack extack = {};

	rtnl_lock();
	*err = sf_fdb_del(segment, mac, 0, &extack);
	rtnl_unlock();
	return extack._msg ?: "";
}

static void sfk_learn_once(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	struct sfk_at first, again;
	u8 mac[ETH_ALEN];

	sfk_address(mac, 1);
	KUNIT_EXPECT_FALSE(test, sfk_known(ca, mac));
	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, mac, f->port[SFK_C0], NULL));
	first = sfk_find(ca, mac, 0);
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, f->port[SFK_C0], NULL));
	KUNIT_EXPECT_EQ(test, first.state, SEGFAB_FDB_STATE_LEARNED);
	KUNIT_EXPECT_EQ(test, 2, ca->fdb_count);	/* one is the host's */
	KUNIT_EXPECT_EQ(test, 1, f->port[SFK_C0]->fdb_count);

	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, mac, f->port[SFK_C0], NULL));
	again = sfk_find(ca, mac, 0);
	KUNIT_EXPECT_EQ(test, first.sequence, again.sequence);
	KUNIT_EXPECT_EQ(test, 2, ca->fdb_count);
	KUNIT_EXPECT_EQ(test, 1, f->port[SFK_C0]->fdb_count);
	/* R13: it may be in the parent as well. */
	KUNIT_EXPECT_FALSE(test, sfk_known(f->segment[SFK_PA], mac));
}

/* R13: a move takes effect at once; the entry stays where it was in the list,
 * and is counted where it went.
 */
static void sfk_move(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	struct {
		struct sf_port		*port;
		struct sf_binding	*binding;
	} to[] = {
		{ f->port[SFK_C1], NULL },
		{ f->port[SFK_A0], f->binding[SFK_CA_PA] },
		{ f->port[SFK_A1], f->binding[SFK_CA_PA] },
		{ f->port[SFK_B0], f->binding[SFK_CA_PB] },
		{ f->port[SFK_C0], NULL },
	};
	u8 mac[ETH_ALEN];
	u64 sequence;
	int i;

	sfk_address(mac, 1);
	sfk_learn(ca, mac, f->port[SFK_C0], NULL);
	sequence = sfk_find(ca, mac, 0).sequence;
	for (i = 0; i < ARRAY_SIZE(to); i++) {
		struct sf_binding *binding = to[i].binding;

		sfk_learn(ca, mac, to[i].port, binding);
		KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, to[i].port, binding));
		KUNIT_EXPECT_EQ(test, sequence, sfk_find(ca, mac, 0).sequence);
		KUNIT_EXPECT_EQ(test, 2, ca->fdb_count);
		KUNIT_EXPECT_EQ(test, 1, binding ? binding->fdb_count :
						   to[i].port->fdb_count);
		KUNIT_EXPECT_EQ(test, 1, f->port[SFK_C0]->fdb_count +
				f->port[SFK_C1]->fdb_count +
				f->binding[SFK_CA_PA]->fdb_count +
				f->binding[SFK_CA_PB]->fdb_count);
		KUNIT_EXPECT_EQ(test, 0, f->port[SFK_A0]->fdb_count);
	}
}

static void sfk_limit_of_port(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	struct sf_port *c0 = f->port[SFK_C0];
	u8 mac[ETH_ALEN];
	int i;

	c0->fdb_limit = 3;
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE(test, sfk_learn(ca, sfk_address(mac, i), c0,
						  NULL));
	KUNIT_EXPECT_EQ(test, 3, c0->fdb_count);
	sfk_address(mac, 3);
	c0->fdb_limit_policy = SEGFAB_LIMIT_POLICY_FORWARD;
	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, mac, c0, NULL));
	c0->fdb_limit_policy = SEGFAB_LIMIT_POLICY_DROP;
	KUNIT_EXPECT_FALSE(test, sfk_learn(ca, mac, c0, NULL));
	KUNIT_EXPECT_FALSE(test, sfk_known(ca, mac));
	KUNIT_EXPECT_EQ(test, 3, c0->fdb_count);
	/* Those that are known are still welcome. */
	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, sfk_address(mac, 2), c0, NULL));

	/* What cannot move in stays where it is. */
	sfk_address(mac, 3);
	sfk_learn(ca, mac, f->port[SFK_C1], NULL);
	KUNIT_EXPECT_FALSE(test, sfk_learn(ca, mac, c0, NULL));
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, f->port[SFK_C1], NULL));
	/* One out, one in. */
	sfk_learn(ca, sfk_address(mac, 0), f->port[SFK_C1], NULL);
	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, sfk_address(mac, 3), c0, NULL));
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, c0, NULL));

	c0->fdb_limit = 0;
	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, sfk_address(mac, 9), c0, NULL));
	KUNIT_EXPECT_TRUE(test, sfk_known(ca, mac));
}

static void sfk_limit_of_binding(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	struct sf_binding *binding = f->binding[SFK_CA_PA];
	struct sf_port *a0 = f->port[SFK_A0], *a1 = f->port[SFK_A1];
	u8 mac[ETH_ALEN];

	/* A port's own limit is not for what is behind binding maps. */
	a0->fdb_limit = 1;
	binding->fdb_limit = 2;
	sfk_learn(ca, sfk_address(mac, 0), a0, binding);
	sfk_learn(ca, sfk_address(mac, 1), a1, binding);
	KUNIT_EXPECT_EQ(test, 2, binding->fdb_count);
	KUNIT_EXPECT_EQ(test, 0, a0->fdb_count);

	sfk_address(mac, 2);
	binding->fdb_limit_policy = SEGFAB_LIMIT_POLICY_FORWARD;
	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, mac, a0, binding));
	binding->fdb_limit_policy = SEGFAB_LIMIT_POLICY_DROP;
	KUNIT_EXPECT_FALSE(test, sfk_learn(ca, mac, a0, binding));
	KUNIT_EXPECT_FALSE(test, sfk_known(ca, mac));

	/* From port to port it makes no difference to the limit. */
	sfk_address(mac, 1);
	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, mac, a0, binding));
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, a0, binding));
	/* From another binding map it does. */
	sfk_address(mac, 3);
	sfk_learn(ca, mac, f->port[SFK_B0], f->binding[SFK_CA_PB]);
	KUNIT_EXPECT_FALSE(test, sfk_learn(ca, mac, a0, binding));
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, f->port[SFK_B0],
					  f->binding[SFK_CA_PB]));
	KUNIT_EXPECT_EQ(test, 2, binding->fdb_count);
	KUNIT_EXPECT_EQ(test, 1, f->binding[SFK_CA_PB]->fdb_count);
}

static void sfk_static_stays(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	struct sf_port *c0 = f->port[SFK_C0], *a0 = f->port[SFK_A0];
	u8 mac[ETH_ALEN];
	int err;

	sfk_address(mac, 1);
	sfk_add(&err, ca, mac, 0, c0, NLM_F_CREATE | NLM_F_EXCL);
	KUNIT_EXPECT_EQ(test, 0, err);
	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, mac, f->port[SFK_C1], NULL));
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, c0, NULL));
	KUNIT_EXPECT_EQ(test, SEGFAB_FDB_STATE_STATIC,
			sfk_find(ca, mac, 0).state);
	KUNIT_EXPECT_EQ(test, 1, c0->fdb_count);
	/* The administrator may move it, to a port of a parent too. */
	sfk_add(&err, ca, mac, 0, a0, NLM_F_REPLACE);
	KUNIT_EXPECT_EQ(test, 0, err);
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, a0, f->binding[SFK_CA_PA]));
	KUNIT_EXPECT_EQ(test, 0, c0->fdb_count);
	KUNIT_EXPECT_EQ(test, 1, f->binding[SFK_CA_PA]->fdb_count);
	sfk_del(&err, ca, mac);
	KUNIT_EXPECT_EQ(test, 0, err);
	KUNIT_EXPECT_FALSE(test, sfk_known(ca, mac));
	KUNIT_EXPECT_EQ(test, 0, f->binding[SFK_CA_PA]->fdb_count);
	/* A learned one may be made static, from where it was or elsewhere. */
	sfk_learn(ca, mac, c0, NULL);
	sfk_add(&err, ca, mac, 0, f->port[SFK_C1], NLM_F_CREATE);
	KUNIT_EXPECT_EQ(test, 0, err);
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, f->port[SFK_C1], NULL));
}

static void sfk_add_refused(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	struct sf_port *c0 = f->port[SFK_C0];
	static const u8 group[ETH_ALEN] = { 0x33, 0x33, 0, 0, 0, 1 };
	const u16 create = NLM_F_CREATE | NLM_F_EXCL;
	u32 count = ca->fdb_count;
	u8 mac[ETH_ALEN];
	int err;

	sfk_address(mac, 1);
	KUNIT_EXPECT_STREQ(test, sfk_add(&err, ca, group, 0, c0, create),
			   "33:33:00:00:00:01 is not a unicast address");
	KUNIT_EXPECT_EQ(test, -EADDRNOTAVAIL, err);
	KUNIT_EXPECT_STREQ(test, sfk_add(&err, ca, mac, 0, c0, NLM_F_REPLACE),
			   "02:5f:00:00:00:01 is not known in sfk-ca");
	KUNIT_EXPECT_EQ(test, -ENOENT, err);
	KUNIT_EXPECT_STREQ(test, sfk_add(&err, ca, mac, 5, c0, create),
			   "5 is not in guest-vlans of sfk-ca");
	KUNIT_EXPECT_EQ(test, -EINVAL, err);
	KUNIT_EXPECT_STREQ(test, sfk_add(&err, ca, mac, 0, f->port[SFK_D0],
					 create),
			   "sfk-d0 is no port of sfk-ca or of a parent of it");
	KUNIT_EXPECT_EQ(test, -EINVAL, err);
	sfk_add(&err, ca, ca->dev->dev_addr, 0, c0, create | NLM_F_REPLACE);
	KUNIT_EXPECT_EQ(test, -EEXIST, err);
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, ca->dev->dev_addr, NULL, NULL));
	KUNIT_EXPECT_EQ(test, count, ca->fdb_count);
	KUNIT_EXPECT_EQ(test, 0, c0->fdb_count);

	sfk_add(&err, ca, mac, 0, c0, create);
	KUNIT_EXPECT_STREQ(test, sfk_add(&err, ca, mac, 0, f->port[SFK_C1],
					 create),
			   "02:5f:00:00:00:01 is already behind sfk-c0 in sfk-ca");
	KUNIT_EXPECT_EQ(test, -EEXIST, err);
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, c0, NULL));
}

static void sfk_del_refused(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	u8 mac[ETH_ALEN];
	int err;

	KUNIT_EXPECT_STREQ(test, sfk_del(&err, ca, sfk_address(mac, 1)),
			   "02:5f:00:00:00:01 is not known in sfk-ca");
	KUNIT_EXPECT_EQ(test, -ENOENT, err);
	sfk_del(&err, ca, ca->dev->dev_addr);
	KUNIT_EXPECT_EQ(test, -EPERM, err);
	KUNIT_EXPECT_TRUE(test, sfk_known(ca, ca->dev->dev_addr));
}

static void sfk_local(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	u8 mac[ETH_ALEN];

	sfk_address(mac, 1);
	sfk_learn(ca, mac, f->port[SFK_C0], NULL);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, sf_fdb_set_local(ca, mac));
	rtnl_unlock();
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, NULL, NULL));
	KUNIT_EXPECT_EQ(test, 0, f->port[SFK_C0]->fdb_count);
	/* Nobody takes the host's address. */
	KUNIT_EXPECT_TRUE(test, sfk_learn(ca, mac, f->port[SFK_C0], NULL));
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, mac, NULL, NULL));
	rtnl_lock();
	sf_fdb_del_local(ca, mac);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, sfk_known(ca, mac));
	/* It is for the host's addresses only. */
	sfk_learn(ca, mac, f->port[SFK_C0], NULL);
	rtnl_lock();
	sf_fdb_del_local(ca, mac);
	rtnl_unlock();
	KUNIT_EXPECT_TRUE(test, sfk_known(ca, mac));
}

static void sfk_guest_vlans_apart(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *ca = f->segment[SFK_CA];
	struct sfk_frame frame = {
		.dest = { 0x02, 0x5f, 9, 9, 9, 9 },
		.tags = { SFK_TAG(5) },
		.len = 46,
	};
	DECLARE_BITMAP(vlans, VLAN_N_VID) = {};

	set_bit(5, vlans);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, sfk_set_guest_vlans(ca, vlans));
	rtnl_unlock();
	sfk_address(frame.source, 1);
	sfk_learn(ca, frame.source, f->port[SFK_C0], NULL);
	sfk_receive(f->dev[SFK_C1], &frame);
	KUNIT_EXPECT_TRUE(test, sfk_is_at(ca, frame.source, f->port[SFK_C0],
					  NULL));
	KUNIT_EXPECT_PTR_EQ(test, f->port[SFK_C1],
			    sfk_find(ca, frame.source, 5).port);
	KUNIT_EXPECT_FALSE(test, sfk_find(ca, frame.source, 6).known);
	KUNIT_EXPECT_EQ(test, 3, ca->fdb_count);
}

static void sfk_key_round_trip(struct kunit *test)
{
	struct rnd_state random;
	u8 mac[ETH_ALEN + 2], back[ETH_ALEN];
	int i, wrong = 0;

	sfk_seed(test, &random);
	for (i = 0; i < 10000; i++) {
		u16 vlan = sfk_below(&random, VLAN_N_VID);
		u64 key;

		prandom_bytes_state(&random, mac, sizeof(mac));
		key = sf_fdb_key(mac, vlan);
		sf_fdb_key_mac(key, back);
		wrong += !ether_addr_equal_unaligned(mac, back) ||
			 sf_fdb_key_guest_vlan(key) != vlan ||
			 sf_fdb_key_of_frame(mac, vlan) != key;
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

static struct kunit_case sfk_fdb_cases[] = {
	KUNIT_CASE(sfk_learn_once),
	KUNIT_CASE(sfk_move),
	KUNIT_CASE(sfk_limit_of_port),
	KUNIT_CASE(sfk_limit_of_binding),
	KUNIT_CASE(sfk_static_stays),
	KUNIT_CASE(sfk_add_refused),
	KUNIT_CASE(sfk_del_refused),
	KUNIT_CASE(sfk_local),
	KUNIT_CASE(sfk_guest_vlans_apart),
	KUNIT_CASE(sfk_key_round_trip),
	{}
};

struct kunit_suite sfk_fdb_suite = {
	.name		= "segfab_fdb",
	.init		= sfk_fabric_init,
	.exit		= sfk_fabric_exit,
	.test_cases	= sfk_fdb_cases,
};
