// SPDX-License-Identifier: GPL-2.0
/*
 * What is counted, exactly: random traffic against a second, naive account of
 * what should have happened to each frame, with a port that leaves and comes
 * back meanwhile; and the contract of the counters in single steps.
 */
#include "account.h"
#include "suites.h"

#include <linux/rtnetlink.h>

static void sfk_random_tags(struct sfk_frame *frame, struct rnd_state *random)
{
	static const u16 vids[] = { SFK_CA_PA_VLAN, SFK_CA_PB_VLAN,
				    SFK_CB_PA_VLAN, SFK_CA_PA_VLAN, 0, 7 };
	u32 dice = sfk_below(random, 20);

	if (dice < 6)
		return;
	frame->tags[0].proto = htons(dice == 6 ? ETH_P_8021AD : ETH_P_8021Q);
	frame->tags[0].tci = vids[sfk_below(random, ARRAY_SIZE(vids))] |
			     (sfk_below(random, 16) << 12);
	if (dice == 7) {
		frame->tags[1].proto = htons(ETH_P_8021Q);
		frame->tags[1].tci = 5;
	}
}

static void sfk_random_dest(struct sfk_frame *frame, struct rnd_state *random,
			    const struct sfk_fabric *f)
{
	static const u8 reserved[] = { 0x01, 0x80, 0xc2, 0, 0, 0x0e };
	static const u8 group[] = { 0x33, 0x33, 0, 0, 0, 0x01 };

	switch (sfk_below(random, 24)) {
	case 0:
		memcpy(frame->dest, reserved, ETH_ALEN);
		break;
	case 1 ... 2:
		memcpy(frame->dest, group, ETH_ALEN);
		break;
	case 3 ... 4:
		memset(frame->dest, 0xff, ETH_ALEN);
		break;
	case 5 ... 7:
		memcpy(frame->dest, f->segment[sfk_below(random, SFK_SEGMENTS)]
		       ->dev->dev_addr, ETH_ALEN);
		break;
	}
}

static void sfk_random_frame(struct sfk_frame *frame, struct rnd_state *random,
			     const struct sfk_fabric *f)
{
	sfk_frame_init(frame, sfk_below(random, SFK_NUMBERS),
		       sfk_below(random, SFK_NUMBERS), SFK_UNTAGGED);
	if (!sfk_below(random, 30))
		frame->source[0] = 0x03;
	/* With less than a type behind a tag, the core would keep it. */
	frame->len = sfk_below(random, 16) ? 2 + sfk_below(random, 300) :
					     1300 + sfk_below(random, 300);
	sfk_random_tags(frame, random);
	sfk_random_dest(frame, random, f);
}

/* Frames that came out, forgotten as they are counted */
static void sfk_gather(struct sfk_fabric *f, u64 *sent, u64 *host)
{
	int i;

	for (i = 0; i < SFK_PORTS; i++)
		sent[i] += skb_queue_len(&f->dev[i]->sink.frames);
	for (i = 0; i < SFK_SEGMENTS; i++)
		host[i] += skb_queue_len(&f->host[i].sink.frames);
	sfk_left(f);
}

static void sfk_expect_totals(struct kunit *test, const char *what, int which,
			      const struct sf_totals *wanted,
			      const struct sf_totals *seen)
{
	int at = sfk_totals_differ(wanted, seen);

	if (at < 0)
		return;
	KUNIT_FAIL(test, "%s %d, word %d: expected %llu, got %llu", what, which,
		   at, ((const u64 *)wanted)[at], ((const u64 *)seen)[at]);
}

static void sfk_compare_counters(struct kunit *test,
				 const struct sfk_account *account)
{
	struct sfk_fabric *f = account->f;
	struct sf_totals *seen = kunit_kzalloc(test, 2 * sizeof(*seen),
					       GFP_KERNEL);
	struct sf_totals *sum = seen + 1;
	int i, port;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	for (i = 0; i < SFK_PORTS; i++) {
		if (!account->present[i])
			continue;
		sf_port_totals(f->port[i], seen);
		sfk_expect_totals(test, "port", i, &account->port[i], seen);
	}
	for (i = 0; i < SFK_BINDINGS; i++) {
		sf_binding_totals(f->binding[i], seen);
		sfk_expect_totals(test, "binding map", i, &account->binding[i],
				  seen);
	}
	for (i = 0; i < SFK_SEGMENTS; i++) {
		*sum = account->removed[i];
		for (port = 0; port < SFK_PORTS; port++)
			if (sfk_segment_of(port) == i)
				sfk_add_totals(sum, &account->port[port]);
		rcu_read_lock();
		sf_segment_totals(f->segment[i], seen);
		rcu_read_unlock();
		sfk_expect_totals(test, "segment", i, sum, seen);
	}
	kunit_kfree(test, seen);
}

static void sfk_random_traffic(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_account *account = kunit_kzalloc(test, sizeof(*account),
						    GFP_KERNEL);
	u64 sent[SFK_PORTS] = {}, host[SFK_SEGMENTS] = {};
	struct sfk_frame frame;
	struct rnd_state random;
	int i, port;

	KUNIT_ASSERT_NOT_NULL(test, account);
	sfk_seed(test, &random);
	account->f = f;
	memset(account->present, true, sizeof(account->present));
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, dev_set_mtu(f->dev[SFK_B0]->dev, 1400));
	rtnl_unlock();
	for (i = 0; i < 12000; i++) {
		port = sfk_below(&random, SFK_PORTS);
		if (i % 3000 == 1000)
			sfk_account_leave(account, SFK_A1);
		if (i % 3000 == 2000)
			KUNIT_EXPECT_EQ(test, 0,
					sfk_account_join(account, SFK_A1));
		if (!account->present[port])
			continue;
		sfk_random_frame(&frame, &random, f);
		sfk_account_frame(account, &frame, port);
		sfk_receive(f->dev[port], &frame);
		if (i % 100 == 0) {
			sfk_gather(f, sent, host);
			sfk_compare_counters(test, account);
		}
		if (READ_ONCE(test->status) == KUNIT_FAILURE)
			break;	/* one report is enough */
	}
	sfk_gather(f, sent, host);
	sfk_compare_counters(test, account);
	for (i = 0; i < SFK_PORTS; i++)
		KUNIT_EXPECT_EQ(test, account->sent[i], sent[i]);
	for (i = 0; i < SFK_SEGMENTS; i++)
		KUNIT_EXPECT_EQ(test, account->host[i], host[i]);
}

/* Nothing gets lost: what was put in came out or was dropped, if each frame
 * has one place to go to. Needs no model.
 */
static void sfk_conservation(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	u64 sent[SFK_PORTS] = {}, host[SFK_SEGMENTS] = {};
	u64 in = 0, accepted = 0, delivered = 0, drops = 0;
	struct sf_totals totals;
	struct sfk_frame frame;
	struct rnd_state random;
	int i, j;

	sfk_seed(test, &random);
	for (i = 0; i < SFK_NUMBERS; i++)
		for (j = 0; j < SFK_SEGMENTS; j++)
			sfk_know(f, j, i, j == SFK_PA ? SFK_A1 : j == SFK_PB ?
				 SFK_B0 : j == SFK_CA ? SFK_C0 : SFK_D0, -1);
	for (in = 0; in < 3000; in++) {
		sfk_random_frame(&frame, &random, f);
		sfk_mac(frame.dest, 0x02, sfk_below(&random, SFK_NUMBERS));
		sfk_receive(f->dev[sfk_below(&random, SFK_PORTS)], &frame);
	}
	sfk_gather(f, sent, host);
	for (i = 0; i < SFK_PORTS; i++) {
		sf_port_totals(f->port[i], &totals);
		accepted += sf_totals_packets(&totals, SF_INGRESS);
		drops += sf_totals_drops(&totals);
		delivered += sf_totals_packets(&totals, SF_EGRESS);
		sent[0] += i ? sent[i] : 0;
	}
	for (i = 0; i < SFK_BINDINGS; i++)
		delivered += sfk_binding_packets(f->binding[i], SF_EGRESS);
	for (i = 0; i < SFK_SEGMENTS; i++)
		KUNIT_EXPECT_EQ(test, 0, host[i]);
	KUNIT_EXPECT_EQ(test, in, delivered + drops);
	KUNIT_EXPECT_EQ(test, sent[0], delivered);
	KUNIT_EXPECT_GT(test, in, accepted);
	KUNIT_EXPECT_GT(test, accepted, delivered);
}

static void sfk_segment_total(struct sfk_fabric *f, enum sfk_segment segment,
			      struct sf_totals *totals)
{
	rcu_read_lock();
	sf_segment_totals(f->segment[segment], totals);
	rcu_read_unlock();
}

/* The four lines of the contract, with one frame of each class each way */
static void sfk_container_frames(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_totals totals;
	struct sfk_frame frame;
	int class, dir;

	for (class = 0; class < SF_CLASSES; class++) {
		sfk_frame_init(&frame, 50, 1, SFK_CA_PA_VLAN);
		if (class)
			memset(frame.dest, class == SF_BROADCAST ? 0xff : 0x33,
			       ETH_ALEN);
		frame.len = 100 + class;
		sfk_receive(f->dev[SFK_A0], &frame);
	}
	sfk_segment_total(f, SFK_PA, &totals);
	for (class = 0; class < SF_CLASSES; class++) {
		/* Included in the ingress, excluded from the egress */
		KUNIT_EXPECT_EQ(test, 1, totals.packets[class][SF_INGRESS]);
		KUNIT_EXPECT_EQ(test, 114 + class,
				totals.bytes[class][SF_INGRESS]);
		KUNIT_EXPECT_EQ(test, 0, totals.packets[class][SF_EGRESS]);
	}
	/* The child: what it delivered to its own ports, not what came in */
	sfk_segment_total(f, SFK_CA, &totals);
	KUNIT_EXPECT_EQ(test, 0, sf_totals_packets(&totals, SF_INGRESS));
	KUNIT_EXPECT_EQ(test, 6, sf_totals_packets(&totals, SF_EGRESS));
	/* The binding map: in from a0, out to a1, each class */
	sf_binding_totals(f->binding[SFK_CA_PA], &totals);
	for (dir = 0; dir < SF_DIRECTIONS; dir++) {
		KUNIT_EXPECT_EQ(test, 3, sf_totals_packets(&totals, dir));
		KUNIT_EXPECT_EQ(test, 345, sf_totals_bytes(&totals, dir));
	}
	sfk_left(f);
}

static void sfk_drop_reasons(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_totals totals;
	int reason, i, sum = 0;

	for (reason = SF_DROP_TRUNCATED; reason < SF_DROP_REASONS; reason++) {
		local_bh_disable();
		for (i = 0; i < reason; i++)
			sf_count_drop(f->port[SFK_A0]->stats, reason);
		local_bh_enable();
		sum += reason;
	}
	sf_port_totals(f->port[SFK_A0], &totals);
	for (reason = SF_DROP_TRUNCATED; reason < SF_DROP_REASONS; reason++)
		KUNIT_EXPECT_EQ(test, reason, totals.drops[reason]);
	KUNIT_EXPECT_EQ(test, sum, sf_totals_drops(&totals));
	sfk_segment_total(f, SFK_PA, &totals);
	KUNIT_EXPECT_EQ(test, sum, sf_totals_drops(&totals));
	KUNIT_EXPECT_EQ(test, 0, sf_totals_packets(&totals, SF_INGRESS));
}

static struct kunit_case sfk_stats_cases[] = {
	KUNIT_CASE(sfk_random_traffic),
	KUNIT_CASE(sfk_conservation),
	KUNIT_CASE(sfk_container_frames),
	KUNIT_CASE(sfk_drop_reasons),
	{}
};

struct kunit_suite sfk_stats_suite = {
	.name		= "segfab_stats",
	.init		= sfk_fabric_init,
	.exit		= sfk_fabric_exit,
	.test_cases	= sfk_stats_cases,
};
