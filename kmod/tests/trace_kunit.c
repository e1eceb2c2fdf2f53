// SPDX-License-Identifier: GPL-2.0
/*
 * Traces and the flight recorder: what a probe meets, and that nobody else
 * notices it; which frames of others a trace follows, and how many; what is
 * kept of frames that are dropped.
 */
#include "fabric.h"
#include "suites.h"

#include <linux/delay.h>
#include <linux/rtnetlink.h>

#include "../probe.h"
#include "../rate.h"
#include "../recorder.h"
#include "../trace.h"

enum { SFK_FROM = 1, SFK_THERE, SFK_NOWHERE };

#define SFK_UNBOUND	77
#define SFK_BURST	100

static struct sf_trace *sfk_trace_start(struct kunit *test, u32 limit,
					u32 frames, bool probe, int ifindex)
{
	struct sf_trace *trace = sf_trace_alloc(limit, frames);

	KUNIT_ASSERT_NOT_NULL(test, trace);
	trace->probe = probe;
	trace->filter.ifindex = ifindex;
	KUNIT_ASSERT_EQ(test, 0, sf_trace_start(&init_net, trace, NULL));
	return trace;
}

/* Send a frame as a probe from a port, and through a binding map if given. */
static void sfk_probe(struct kunit *test, struct sf_trace *trace,
		      enum sfk_port in, int via, const struct sfk_frame *frame)
{
	struct sfk_fabric *f = test->priv;
	struct sk_buff *skb = sfk_build(frame, f->dev[in]->dev);
	struct sf_probe probe = {
		.port = f->port[in],
		.via = via < 0 ? NULL : f->binding[via],
	};

	KUNIT_ASSERT_NOT_NULL(test, skb);
	probe.data = skb->data;
	probe.len = skb->len;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, sf_probe_check(&probe, NULL));
	KUNIT_EXPECT_EQ(test, 0, sf_probe_send(&probe, trace));
	rtnl_unlock();
	kfree_skb(skb);
}

static void sfk_expect_step(struct kunit *test, const struct sf_trace *trace,
			    u32 number, u8 component, u8 action,
			    const struct sf_port *port)
{
	const struct sf_observation *o = &trace->observation[number];

	KUNIT_ASSERT_LT(test, number, trace->count);
	KUNIT_EXPECT_EQ(test, component, o->component);
	KUNIT_EXPECT_EQ(test, action, o->action);
	KUNIT_EXPECT_EQ(test, port ? port->dev->ifindex : 0, o->port_ifindex);
}

#define SFK_EXPECT_STEP(test, trace, number, component, action, port)	\
	sfk_expect_step(test, trace, number,				\
			SEGFAB_TRACE_COMPONENT_##component,		\
			SEGFAB_TRACE_ACTION_##action, port)

static bool sfk_knows(struct sf_segment *segment, const u8 *mac)
{
	bool known;

	rcu_read_lock();
	known = sf_fdb_find_rcu(segment, sf_fdb_key(mac, 0));
	rcu_read_unlock();
	return known;
}

/* From a container to a machine: by its tag, and straight into the child */
static void sfk_trace_known(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;
	struct sf_trace *trace;

	sfk_know(f, SFK_CA, SFK_THERE, SFK_C0, -1);
	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_CA_PA_VLAN);
	trace = sfk_trace_start(test, 8, 1, true, 0);
	sfk_probe(test, trace, SFK_A0, -1, &frame);
	KUNIT_EXPECT_EQ(test, 4, trace->count);
	SFK_EXPECT_STEP(test, trace, 0, PORT, RECEIVED, f->port[SFK_A0]);
	SFK_EXPECT_STEP(test, trace, 1, VLAN, FORWARDED, f->port[SFK_A0]);
	SFK_EXPECT_STEP(test, trace, 2, FDB, FORWARDED, f->port[SFK_C0]);
	SFK_EXPECT_STEP(test, trace, 3, PORT, DELIVERED, f->port[SFK_C0]);
	KUNIT_EXPECT_EQ(test, 0, sf_trace_stop(&init_net, trace->id));

	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_UNTAGGED);
	trace = sfk_trace_start(test, 8, 1, true, 0);
	sfk_probe(test, trace, SFK_A0, SFK_CA_PA, &frame);
	KUNIT_EXPECT_EQ(test, 3, trace->count);
	SFK_EXPECT_STEP(test, trace, 0, SEGMENT, RECEIVED, f->port[SFK_A0]);
	SFK_EXPECT_STEP(test, trace, 2, PORT, DELIVERED, f->port[SFK_C0]);
	KUNIT_EXPECT_EQ(test, 0, sf_trace_stop(&init_net, trace->id));

	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_FALSE(test, sfk_knows(f->segment[SFK_CA], frame.source));
	KUNIT_EXPECT_EQ(test, 0, sfk_port_packets(f->port[SFK_A0], SF_INGRESS));
	KUNIT_EXPECT_EQ(test, 0, sfk_port_packets(f->port[SFK_C0], SF_EGRESS));
	KUNIT_EXPECT_EQ(test, 0, sfk_binding_packets(f->binding[SFK_CA_PA],
						     SF_INGRESS));
}

/* To everybody, with room for some of it only */
static void sfk_trace_overflow(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;
	struct sf_trace *trace;
	u32 all;

	sfk_frame_init(&frame, 0, SFK_FROM, SFK_UNTAGGED);
	eth_broadcast_addr(frame.dest);
	trace = sfk_trace_start(test, 32, 1, true, 0);
	sfk_probe(test, trace, SFK_C0, -1, &frame);
	all = trace->count;
	/* received, received, replicated; c1, a0, a1, b0 and the host */
	KUNIT_EXPECT_EQ(test, 8, all);
	KUNIT_EXPECT_EQ(test, 0, trace->lost);
	KUNIT_EXPECT_EQ(test, 0, sf_trace_stop(&init_net, trace->id));

	trace = sfk_trace_start(test, 2, 1, true, 0);
	sfk_probe(test, trace, SFK_C0, -1, &frame);
	KUNIT_EXPECT_EQ(test, 2, trace->count);
	KUNIT_EXPECT_EQ(test, all - 2, trace->lost);
	KUNIT_EXPECT_EQ(test, 0, sf_trace_stop(&init_net, trace->id));
	SFK_EXPECT_NO_MORE(test, f);
}

/* Dropped, and counted by nobody */
static void sfk_trace_drop(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;
	struct sf_trace *trace;

	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_UNBOUND);
	trace = sfk_trace_start(test, 8, 1, true, 0);
	sfk_probe(test, trace, SFK_A0, -1, &frame);
	KUNIT_EXPECT_EQ(test, 2, trace->count);
	SFK_EXPECT_STEP(test, trace, 1, VLAN, DROPPED, f->port[SFK_A0]);
	KUNIT_EXPECT_EQ(test, SF_DROP_UNBOUND_VLAN,
			trace->observation[1].reason);
	KUNIT_EXPECT_EQ(test, 0, sfk_drops(f->port[SFK_A0],
					   SF_DROP_UNBOUND_VLAN));
	KUNIT_EXPECT_EQ(test, 0, sf_trace_stop(&init_net, trace->id));
	KUNIT_EXPECT_EQ(test, -ENOENT, sf_trace_stop(&init_net, trace->id));
}

/* Frames of others: those that match, as many as wanted, on their way */
static void sfk_trace_live(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame, other;
	struct sf_trace *trace;
	int i;

	sfk_know(f, SFK_CA, SFK_THERE, SFK_C0, -1);
	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_CA_PA_VLAN);
	sfk_frame_init(&other, SFK_THERE, SFK_NOWHERE, SFK_CA_PA_VLAN);
	trace = sfk_trace_start(test, 32, 2, false,
				f->port[SFK_A0]->dev->ifindex);
	ether_addr_copy(trace->filter.source, frame.source);
	trace->filter.vlan = SFK_CA_PA_VLAN;
	trace->filter.fields = SF_TRACE_SOURCE | SF_TRACE_VLAN;
	for (i = 0; i < 4; i++) {
		sfk_receive(f->dev[SFK_A0], &other);
		SFK_EXPECT_SENT(test, f, SFK_C0, &other, SFK_UNTAGGED);
		sfk_receive(f->dev[SFK_A0], &frame);
		SFK_EXPECT_SENT(test, f, SFK_C0, &frame, SFK_UNTAGGED);
	}
	KUNIT_EXPECT_EQ(test, 2, trace->matched);
	KUNIT_EXPECT_EQ(test, 8, trace->count);
	KUNIT_EXPECT_EQ(test, 2, trace->observation[7].frame);
	SFK_EXPECT_STEP(test, trace, 7, PORT, DELIVERED, f->port[SFK_C0]);
	KUNIT_EXPECT_EQ(test, 8, sfk_port_packets(f->port[SFK_A0], SF_INGRESS));
	KUNIT_EXPECT_EQ(test, 8, sfk_port_packets(f->port[SFK_C0], SF_EGRESS));
	KUNIT_EXPECT_EQ(test, 0, sf_trace_stop(&init_net, trace->id));
}

/* Frames that a filter lets through, or not */
static void sfk_trace_filters(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	static const struct {
		u16	fields;
		u16	vlan;
		u16	ethertype;
		bool	matches;
	} filters[] = {
		{ 0, 0, 0, true },
		{ SF_TRACE_VLAN, SFK_CA_PA_VLAN, 0, true },
		{ SF_TRACE_VLAN, SFK_CB_PA_VLAN, 0, false },
		{ SF_TRACE_VLAN, 0, 0, false },
		{ SF_TRACE_ETHERTYPE, 0, SFK_TYPE, true },
		{ SF_TRACE_ETHERTYPE, 0, ETH_P_IP, false },
		{ SF_TRACE_SOURCE, 0, 0, false },
		{ SF_TRACE_DEST, 0, 0, false },
		{ SF_TRACE_PROTOCOL, 0, 0, false },
	};
	struct sfk_frame frame;
	struct sf_trace *trace;
	int i;

	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_CA_PA_VLAN);
	for (i = 0; i < ARRAY_SIZE(filters); i++) {
		trace = sfk_trace_start(test, 32, 1, false,
					f->segment[SFK_CA]->dev->ifindex);
		trace->filter.fields = filters[i].fields;
		trace->filter.vlan = filters[i].vlan;
		trace->filter.ethertype = htons(filters[i].ethertype);
		sfk_receive(f->dev[SFK_A0], &frame);
		KUNIT_EXPECT_EQ_MSG(test, filters[i].matches, trace->matched,
				    "filter %d", i);
		KUNIT_EXPECT_EQ(test, 0, sf_trace_stop(&init_net, trace->id));
	}
}

struct sfk_recorded {
	unsigned int	kept;
	u32		missed;		/* before the last one */
	u64		time;		/* of the last one */
};

static struct sfk_recorded sfk_recorded(int ifindex, enum sf_drop reason)
{
	struct sfk_recorded found = {};
	struct sf_record record;
	unsigned int i;

	for (i = 0; i < sf_record_count(); i++) {
		if (!sf_record_get(i, &record) || record.reason != reason ||
		    record.port_ifindex != ifindex)
			continue;
		found.kept++;
		if (record.time <= found.time)
			continue;
		found.time = record.time;
		found.missed = record.missed;
	}
	return found;
}

/* Until each reason may be recorded again, whatever other tests did. */
static void sfk_recorder_rest(void)
{
	msleep(1100);
}

/* A burst of drops is recorded in part, and the rest is counted */
static void sfk_recorder_rate(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	int ifindex = f->port[SFK_A0]->dev->ifindex, i;
	struct sfk_recorded found, before;
	struct sfk_frame frame;

	sfk_recorder_rest();
	before = sfk_recorded(ifindex, SF_DROP_UNBOUND_VLAN);
	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_UNBOUND);
	for (i = 0; i < SFK_BURST; i++)
		sfk_receive(f->dev[SFK_A0], &frame);
	found = sfk_recorded(ifindex, SF_DROP_UNBOUND_VLAN);
	KUNIT_EXPECT_GT(test, found.time, before.time);
	KUNIT_EXPECT_LE(test, found.kept, SF_RECORDS * nr_cpu_ids);
	KUNIT_EXPECT_EQ(test, SFK_BURST, sfk_drops(f->port[SFK_A0],
						   SF_DROP_UNBOUND_VLAN));
	sfk_recorder_rest();
	for (i = 0; i < SFK_BURST && !found.missed; i++) {
		sfk_receive(f->dev[SFK_A0], &frame);
		found = sfk_recorded(ifindex, SF_DROP_UNBOUND_VLAN);
	}
	KUNIT_EXPECT_GT(test, found.missed, 0);
}

/* The last one of a device, which other tests have dropped frames at, too. */
static bool sfk_last_record(int ifindex, struct sf_record *last)
{
	struct sf_record record;
	bool found = false;
	unsigned int i;

	for (i = 0; i < sf_record_count(); i++) {
		if (!sf_record_get(i, &record) ||
		    record.port_ifindex != ifindex ||
		    (found && record.time <= last->time))
			continue;
		*last = record;
		found = true;
	}
	return found;
}

/* What is kept of a frame */
static void sfk_recorder_frame(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_record record;
	struct sfk_frame frame;

	sfk_recorder_rest();
	/* in pieces, of which the second begins within what is kept */
	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_UNBOUND);
	frame.frag = 60;
	sfk_receive(f->dev[SFK_A1], &frame);
	KUNIT_ASSERT_TRUE(test, sfk_last_record(f->dev[SFK_A1]->dev->ifindex,
						&record));
	KUNIT_EXPECT_EQ(test, SF_DROP_UNBOUND_VLAN, record.reason);
	KUNIT_EXPECT_EQ(test, SFK_UNBOUND, record.vlan);
	KUNIT_EXPECT_EQ(test, ETH_HLEN + frame.len, record.len);
	KUNIT_EXPECT_EQ(test, SEGFAB_RECORD_LEN, record.frame_len);
	KUNIT_EXPECT_EQ(test, 0, memcmp(record.frame, frame.dest, ETH_ALEN));
	KUNIT_EXPECT_EQ(test, 0, memcmp(record.frame + ETH_ALEN, frame.source,
					ETH_ALEN));
	KUNIT_EXPECT_EQ(test, init_net.net_cookie, record.net_cookie);
}

/* So often a second, and not more */
static void sfk_rate(struct kunit *test)
{
	struct sf_rate rate;
	int i, allowed = 0;

	sf_rate_init(&rate);
	for (i = 0; i < SFK_BURST; i++)
		allowed += sf_rate_allows(&rate, 7);
	KUNIT_EXPECT_EQ(test, 7, allowed);
	rate.until = jiffies;
	KUNIT_EXPECT_TRUE(test, sf_rate_allows(&rate, 7));
}

static struct kunit_case sfk_trace_cases[] = {
	KUNIT_CASE(sfk_trace_known),
	KUNIT_CASE(sfk_trace_overflow),
	KUNIT_CASE(sfk_trace_drop),
	KUNIT_CASE(sfk_trace_live),
	KUNIT_CASE(sfk_trace_filters),
	KUNIT_CASE(sfk_rate),
	KUNIT_CASE(sfk_recorder_rate),
	KUNIT_CASE(sfk_recorder_frame),
	{}
};

struct kunit_suite sfk_trace_suite = {
	.name		= "segfab_trace",
	.init		= sfk_fabric_init,
	.exit		= sfk_fabric_exit,
	.test_cases	= sfk_trace_cases,
};
