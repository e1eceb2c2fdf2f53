// SPDX-License-Identifier: GPL-2.0
/*
 * Where a frame goes: one endpoint or the right set of them, never back to the
 * one that it came from; what ports and segments may forbid; what does not fit
 * or cannot be sent; and what the host sends.
 */
#include "fabric.h"
#include "suites.h"

#include <linux/rtnetlink.h>

#include "../input.h"

enum { SFK_FROM = 1, SFK_THERE, SFK_NOWHERE };

static void sfk_send(struct kunit *test, enum sfk_port in, int tci, u32 dest,
		     struct sfk_frame *frame)
{
	struct sfk_fabric *f = test->priv;

	sfk_frame_init(frame, dest, SFK_FROM, tci);
	if (dest == U32_MAX)
		eth_broadcast_addr(frame->dest);
	sfk_receive(f->dev[in], frame);
}

/* Let the host send a frame into a segment. */
static void sfk_send_host(struct sfk_fabric *f, enum sfk_segment segment,
			  const struct sfk_frame *frame)
{
	struct net_device *dev = f->segment[segment]->dev;
	struct sk_buff *skb = sfk_build(frame, dev);

	if (!skb)
		return;
	local_bh_disable();
	sf_input_host(skb, dev);
	local_bh_enable();
}

static u64 sfk_host_drops(struct sfk_fabric *f, enum sfk_segment segment,
			  enum sf_drop reason)
{
	struct sf_totals totals;

	rcu_read_lock();
	sf_segment_totals(f->segment[segment], &totals);
	rcu_read_unlock();
	return totals.drops[reason];
}

static void sfk_set_port_flags(struct sf_port *port, unsigned long set,
			       unsigned long clear)
{
	rtnl_lock();
	WRITE_ONCE(port->flags, (port->flags | set) & ~clear);
	rtnl_unlock();
}

static void sfk_set_up(struct net_device *dev, bool up)
{
	rtnl_lock();
	if (up)
		dev_open(dev, NULL);
	else
		dev_close(dev);
	rtnl_unlock();
}

/* Unknown, and broadcast: everybody in the segment, and behind its binding
 * maps, but for the endpoint that sent it.
 */
static void sfk_flood_from_port(struct kunit *test)
{
	static const u32 dest[] = { SFK_NOWHERE, U32_MAX };
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;
	int i;

	for (i = 0; i < ARRAY_SIZE(dest); i++) {
		sfk_send(test, SFK_C0, 0x2000, dest[i], &frame);
		SFK_EXPECT_SENT(test, f, SFK_C1, &frame, 0x2000);
		SFK_EXPECT_SENT(test, f, SFK_A0, &frame, 0x2000 | SFK_CA_PA_VLAN);
		SFK_EXPECT_SENT(test, f, SFK_A1, &frame, 0x2000 | SFK_CA_PA_VLAN);
		SFK_EXPECT_SENT(test, f, SFK_B0, &frame, 0x2000 | SFK_CA_PB_VLAN);
		SFK_EXPECT_HOST(test, f, SFK_CA, &frame, 0x2000);
		SFK_EXPECT_NO_MORE(test, f);
	}
}

static void sfk_flood_from_container(struct kunit *test)
{
	static const u32 dest[] = { SFK_NOWHERE, U32_MAX };
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;
	int i;

	for (i = 0; i < ARRAY_SIZE(dest); i++) {
		sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, dest[i], &frame);
		SFK_EXPECT_SENT(test, f, SFK_C0, &frame, SFK_UNTAGGED);
		SFK_EXPECT_SENT(test, f, SFK_C1, &frame, SFK_UNTAGGED);
		SFK_EXPECT_SENT(test, f, SFK_A1, &frame, SFK_CA_PA_VLAN);
		SFK_EXPECT_SENT(test, f, SFK_B0, &frame, SFK_CA_PB_VLAN);
		SFK_EXPECT_HOST(test, f, SFK_CA, &frame, SFK_UNTAGGED);
		SFK_EXPECT_NO_MORE(test, f);
	}
}

/* A parent's own traffic is not its children's. */
static void sfk_flood_in_parent(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_send(test, SFK_A0, SFK_UNTAGGED, SFK_NOWHERE, &frame);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, SFK_UNTAGGED);
	SFK_EXPECT_HOST(test, f, SFK_PA, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);
}

/* R12: never to the (port, tag) that it came from; any other may be. */
static void sfk_same_endpoint(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_port *a0 = f->port[SFK_A0];
	struct sfk_frame frame;

	sfk_know(f, SFK_CA, SFK_THERE, SFK_A0, SFK_CA_PA);
	sfk_know(f, SFK_PA, SFK_THERE, SFK_A0, -1);
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, SFK_THERE, &frame);
	sfk_send(test, SFK_A0, SFK_UNTAGGED, SFK_THERE, &frame);
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_EQ(test, 2, sfk_drops(a0, SF_DROP_SAME_ENDPOINT));
	sfk_send(test, SFK_A1, SFK_CA_PA_VLAN, SFK_THERE, &frame);
	SFK_EXPECT_SENT(test, f, SFK_A0, &frame, SFK_CA_PA_VLAN);
	SFK_EXPECT_NO_MORE(test, f);
}

/* Pods of two children behind one port: the host routes between them, so that
 * what came in with one tag goes out of the same port with the other.
 */
static void sfk_hairpin(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_know(f, SFK_CB, SFK_THERE, SFK_A0, SFK_CB_PA);
	sfk_frame_init(&frame, 0, SFK_FROM, SFK_CA_PA_VLAN);
	ether_addr_copy(frame.dest, f->segment[SFK_CA]->dev->dev_addr);
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_HOST(test, f, SFK_CA, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);
	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_UNTAGGED);
	sfk_send_host(f, SFK_CB, &frame);
	SFK_EXPECT_SENT(test, f, SFK_A0, &frame, SFK_CB_PA_VLAN);
	SFK_EXPECT_NO_MORE(test, f);
}

/* R13: with the first frame from there */
static void sfk_takeover(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame, announcement;

	sfk_know(f, SFK_CA, SFK_THERE, SFK_C0, -1);
	sfk_frame_init(&announcement, 0, SFK_THERE, SFK_CA_PB_VLAN);
	eth_broadcast_addr(announcement.dest);
	sfk_receive(f->dev[SFK_B0], &announcement);
	sfk_left(f);
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, SFK_THERE, &frame);
	SFK_EXPECT_SENT(test, f, SFK_B0, &frame, SFK_CA_PB_VLAN);
	SFK_EXPECT_NO_MORE(test, f);
}

/* Services of a port are for its own traffic, and not for containers. */
static void sfk_flood_flags(struct kunit *test)
{
	static const u8 group[ETH_ALEN] = { 0x01, 0, 0x5e, 0, 0, 9 };
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_set_port_flags(f->port[SFK_A1], 0, SF_PORT_FLOOD);
	sfk_send(test, SFK_A0, SFK_UNTAGGED, SFK_NOWHERE, &frame);
	SFK_EXPECT_HOST(test, f, SFK_PA, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);
	sfk_send(test, SFK_A0, SFK_UNTAGGED, U32_MAX, &frame);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, SFK_UNTAGGED);
	sfk_left(f);

	sfk_set_port_flags(f->port[SFK_A1], SF_PORT_FLOOD, SF_PORT_MCAST_FLOOD);
	ether_addr_copy(frame.dest, group);
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_HOST(test, f, SFK_PA, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);

	sfk_set_port_flags(f->port[SFK_A1], SF_PORT_MCAST_FLOOD,
			   SF_PORT_BCAST_FLOOD);
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, SFK_UNTAGGED);
	sfk_left(f);
	sfk_send(test, SFK_A0, SFK_UNTAGGED, U32_MAX, &frame);
	SFK_EXPECT_HOST(test, f, SFK_PA, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);

	sfk_set_port_flags(f->port[SFK_A1], 0, SF_PORT_FLOOD |
			   SF_PORT_MCAST_FLOOD | SF_PORT_BCAST_FLOOD);
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, U32_MAX, &frame);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, SFK_CA_PA_VLAN);
}

static void sfk_segment_flood(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sf_segment_set_flag(f->segment[SFK_CA], SF_SEGMENT_FLOOD, false);
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, SFK_NOWHERE, &frame);
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_EQ(test, 1, sfk_drops(f->port[SFK_A0],
					   SF_DROP_UNKNOWN_UNICAST));
	/* It is about unknown addresses, of this segment. */
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, U32_MAX, &frame);
	KUNIT_EXPECT_EQ(test, 5, sfk_left(f));
	sfk_send(test, SFK_A0, SFK_UNTAGGED, SFK_NOWHERE, &frame);
	KUNIT_EXPECT_EQ(test, 2, sfk_left(f));
}

static void sfk_isolation(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_port *a0 = f->port[SFK_A0];
	struct sfk_frame frame;

	sfk_know(f, SFK_PA, SFK_THERE, SFK_A1, -1);
	sfk_know(f, SFK_CA, SFK_THERE, SFK_A1, SFK_CA_PA);
	sfk_set_port_flags(a0, SF_PORT_ISOLATED, 0);
	/* One of the two is not enough. */
	sfk_send(test, SFK_A0, SFK_UNTAGGED, SFK_THERE, &frame);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, SFK_UNTAGGED);
	sfk_set_port_flags(f->port[SFK_A1], SF_PORT_ISOLATED, 0);
	sfk_send(test, SFK_A0, SFK_UNTAGGED, SFK_THERE, &frame);
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_EQ(test, 1, sfk_drops(a0, SF_DROP_ISOLATED));
	sfk_send(test, SFK_A0, SFK_UNTAGGED, U32_MAX, &frame);
	SFK_EXPECT_HOST(test, f, SFK_PA, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);
	/* Containers behind isolated ports are not isolated. */
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, SFK_THERE, &frame);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, SFK_CA_PA_VLAN);
	SFK_EXPECT_NO_MORE(test, f);
}

/* The host in promiscuous mode sees what is not for it. */
static void sfk_promiscuous(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct net_device *dev = f->segment[SFK_CA]->dev;
	struct sfk_frame frame;

	sfk_know(f, SFK_CA, SFK_THERE, SFK_C0, -1);
	rtnl_lock();
	dev_set_promiscuity(dev, 1);
	rtnl_unlock();
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, SFK_THERE, &frame);
	SFK_EXPECT_SENT(test, f, SFK_C0, &frame, SFK_UNTAGGED);
	SFK_EXPECT_HOST(test, f, SFK_CA, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);
	/* What is for it anyway comes once. */
	ether_addr_copy(frame.dest, dev->dev_addr);
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_HOST(test, f, SFK_CA, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);
	rtnl_lock();
	dev_set_promiscuity(dev, -1);
	rtnl_unlock();
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, SFK_THERE, &frame);
	KUNIT_EXPECT_EQ(test, 1, sfk_left(f));
}

/* R7: each segment is up or down for itself. */
static void sfk_segment_down(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_port *a0 = f->port[SFK_A0];
	struct sfk_frame frame;

	sfk_know(f, SFK_CA, SFK_THERE, SFK_C0, -1);
	sfk_set_up(f->segment[SFK_PA]->dev, false);
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, SFK_THERE, &frame);
	SFK_EXPECT_SENT(test, f, SFK_C0, &frame, SFK_UNTAGGED);
	sfk_send(test, SFK_A0, SFK_UNTAGGED, SFK_NOWHERE, &frame);
	KUNIT_EXPECT_EQ(test, 1, sfk_drops(a0, SF_DROP_SEGMENT_DOWN));
	sfk_set_up(f->segment[SFK_PA]->dev, true);
	sfk_set_up(f->segment[SFK_CA]->dev, false);
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, SFK_THERE, &frame);
	KUNIT_EXPECT_EQ(test, 2, sfk_drops(a0, SF_DROP_SEGMENT_DOWN));
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_EQ(test, 3, sfk_port_packets(a0, SF_INGRESS));
}

/* A static entry outlives the carrier of its port; floods pass it by. */
static void sfk_port_down(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_port *c0 = f->port[SFK_C0];
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_CA_PA_VLAN);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, sf_fdb_add(f->segment[SFK_CA], frame.dest, 0,
					    c0, NULL, NLM_F_CREATE, NULL));
	rtnl_unlock();
	sfk_know(f, SFK_CA, SFK_NOWHERE, SFK_C0, -1);
	sfk_set_up(f->dev[SFK_C0]->dev, false);
	KUNIT_EXPECT_EQ(test, 1, c0->fdb_count);	/* the learned went */
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_EQ(test, 1, sfk_drops(c0, SF_DROP_PORT_DOWN));
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, U32_MAX, &frame);
	KUNIT_EXPECT_EQ(test, 4, sfk_left(f));
	KUNIT_EXPECT_EQ(test, 1, sfk_drops(c0, SF_DROP_PORT_DOWN));
	sfk_set_up(f->dev[SFK_C0]->dev, true);
	sfk_send(test, SFK_A0, SFK_CA_PA_VLAN, SFK_THERE, &frame);
	SFK_EXPECT_SENT(test, f, SFK_C0, &frame, SFK_UNTAGGED);
}

/* The MTU is that of the port it leaves by; the tag is not part of it. */
static void sfk_too_big(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_know(f, SFK_CA, SFK_THERE, SFK_B0, SFK_CA_PB);
	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_CA_PA_VLAN);
	frame.len = f->dev[SFK_B0]->dev->mtu;
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_SENT(test, f, SFK_B0, &frame, SFK_CA_PB_VLAN);
	frame.len++;
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_EQ(test, 1, sfk_drops(f->port[SFK_B0], SF_DROP_TOO_BIG));
	KUNIT_EXPECT_EQ(test, 0, sfk_drops(f->port[SFK_A0], SF_DROP_TOO_BIG));
	KUNIT_EXPECT_EQ(test, 1, sfk_binding_packets(f->binding[SFK_CA_PB],
						     SF_EGRESS));
}

/* A super-frame is cut by whoever has the wire; we do not. */
static void sfk_super_frame(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_know(f, SFK_CA, SFK_THERE, SFK_B0, SFK_CA_PB);
	sfk_know(f, SFK_CA, SFK_NOWHERE, SFK_C0, -1);
	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_CA_PA_VLAN);
	frame.len = 30000;
	frame.gso_size = 1448;
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_SENT(test, f, SFK_B0, &frame, SFK_CA_PB_VLAN);
	sfk_mac(frame.dest, 0x02, SFK_NOWHERE);
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_SENT(test, f, SFK_C0, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_EQ(test, 0, sfk_drops(f->port[SFK_B0], SF_DROP_TOO_BIG));
}

static void sfk_transmit_fails(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_know(f, SFK_CA, SFK_THERE, SFK_B0, SFK_CA_PB);
	f->dev[SFK_B0]->mode = SFK_REFUSE;
	sfk_send(test, SFK_C0, SFK_UNTAGGED, SFK_THERE, &frame);
	KUNIT_EXPECT_EQ(test, 1, sfk_drops(f->port[SFK_B0], SF_DROP_TRANSMIT));
	KUNIT_EXPECT_EQ(test, 0, sfk_binding_packets(f->binding[SFK_CA_PB],
						     SF_EGRESS));
}

/* The host's own tags are guest VLANs, or nothing. */
static void sfk_host_tags(struct kunit *test)
{
	static const struct {
		struct sfk_tag	tags[2];
		enum sf_drop	reason;
	} refused[] = {
		{ { SFK_TAG(6) }, SF_DROP_UNBOUND_VLAN },
		{ { SFK_TAG(SFK_CA_PA_VLAN) }, SF_DROP_UNBOUND_VLAN },
		{ { SFK_TAG(5), SFK_TAG(5) }, SF_DROP_DOUBLE_TAGGED },
		{ { { htons(ETH_P_8021AD), 5 } }, SF_DROP_SERVICE_VLAN },
	};
	DECLARE_BITMAP(vlans, VLAN_N_VID) = {};
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;
	int i;

	set_bit(5, vlans);
	set_bit(SFK_CA_PA_VLAN, vlans);
	rtnl_lock();
	sfk_set_guest_vlans(f->segment[SFK_PA], vlans);
	rtnl_unlock();
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		u64 drops = sfk_host_drops(f, SFK_PA, refused[i].reason);

		sfk_frame_init(&frame, SFK_THERE, SFK_FROM, SFK_UNTAGGED);
		memcpy(frame.tags, refused[i].tags, sizeof(frame.tags));
		sfk_send_host(f, SFK_PA, &frame);
		KUNIT_EXPECT_EQ(test, drops + 1,
				sfk_host_drops(f, SFK_PA, refused[i].reason));
	}
	SFK_EXPECT_NO_MORE(test, f);
	sfk_frame_init(&frame, SFK_THERE, SFK_FROM, 0x6005);
	sfk_send_host(f, SFK_PA, &frame);
	SFK_EXPECT_SENT(test, f, SFK_A0, &frame, 0x6005);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, 0x6005);
	SFK_EXPECT_NO_MORE(test, f);
}

/* From the host to everybody, and to nobody */
static void sfk_host_floods(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_frame_init(&frame, 0, SFK_FROM, SFK_UNTAGGED);
	eth_broadcast_addr(frame.dest);
	sfk_send_host(f, SFK_CB, &frame);
	SFK_EXPECT_SENT(test, f, SFK_D0, &frame, SFK_UNTAGGED);
	SFK_EXPECT_SENT(test, f, SFK_A0, &frame, SFK_CB_PA_VLAN);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, SFK_CB_PA_VLAN);
	SFK_EXPECT_NO_MORE(test, f);
	sfk_set_up(f->dev[SFK_B0]->dev, false);
	sfk_send_host(f, SFK_PB, &frame);
	KUNIT_EXPECT_EQ(test, 1, sfk_host_drops(f, SFK_PB,
						SF_DROP_NO_RECEIVER));
	SFK_EXPECT_NO_MORE(test, f);
}

static struct kunit_case sfk_forward_cases[] = {
	KUNIT_CASE(sfk_flood_from_port),
	KUNIT_CASE(sfk_flood_from_container),
	KUNIT_CASE(sfk_flood_in_parent),
	KUNIT_CASE(sfk_same_endpoint),
	KUNIT_CASE(sfk_hairpin),
	KUNIT_CASE(sfk_takeover),
	KUNIT_CASE(sfk_flood_flags),
	KUNIT_CASE(sfk_segment_flood),
	KUNIT_CASE(sfk_isolation),
	KUNIT_CASE(sfk_promiscuous),
	KUNIT_CASE(sfk_segment_down),
	KUNIT_CASE(sfk_port_down),
	KUNIT_CASE(sfk_too_big),
	KUNIT_CASE(sfk_super_frame),
	KUNIT_CASE(sfk_transmit_fails),
	KUNIT_CASE(sfk_host_tags),
	KUNIT_CASE(sfk_host_floods),
	{}
};

struct kunit_suite sfk_forward_suite = {
	.name		= "segfab_forward",
	.init		= sfk_fabric_init,
	.exit		= sfk_fabric_exit,
	.test_cases	= sfk_forward_cases,
};
