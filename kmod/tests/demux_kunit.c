// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame is, and whose: crafted frames are handed to a port, each row of
 * the table "what happens to a frame that arrives"; and frames that are not
 * the module's to write to. In all of them the destination is known, so that
 * there is one place where the frame may come out.
 */
#include "fabric.h"
#include "suites.h"

#include <linux/rtnetlink.h>

#include "../input.h"

/* Numbers of addresses: where frames go. */
enum { SFK_FROM = 1, SFK_AT_A1, SFK_AT_C0, SFK_AT_B0_TAGGED, SFK_AT_A0_TAGGED };

static int sfk_demux_init(struct kunit *test)
{
	int err = sfk_fabric_init(test);
	struct sfk_fabric *f = test->priv;

	if (err)
		return err;
	sfk_know(f, SFK_PA, SFK_AT_A1, SFK_A1, -1);
	sfk_know(f, SFK_CA, SFK_AT_C0, SFK_C0, -1);
	sfk_know(f, SFK_CA, SFK_AT_B0_TAGGED, SFK_B0, SFK_CA_PB);
	sfk_know(f, SFK_CA, SFK_AT_A0_TAGGED, SFK_A0, SFK_CA_PA);
	return 0;
}

/* A frame that comes in at @in with @tci leaves at @out with @expected. */
static void sfk_pass(struct kunit *test, enum sfk_port in, int tci, u32 dest,
		     enum sfk_port out, int expected)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_frame_init(&frame, dest, SFK_FROM, tci);
	sfk_receive(f->dev[in], &frame);
	SFK_EXPECT_SENT(test, f, out, &frame, expected);
	SFK_EXPECT_NO_MORE(test, f);
}

/* A frame that comes in at @in is dropped there, before it is counted. */
static void sfk_refuse(struct kunit *test, enum sfk_port in,
		       const struct sfk_frame *frame, enum sf_drop reason)
{
	struct sfk_fabric *f = test->priv;
	u64 drops = sfk_drops(f->port[in], reason);
	struct sf_totals before, after;

	sf_port_totals(f->port[in], &before);
	sfk_receive(f->dev[in], frame);
	sf_port_totals(f->port[in], &after);
	KUNIT_EXPECT_EQ(test, drops + 1, after.drops[reason]);
	KUNIT_EXPECT_EQ(test, sf_totals_drops(&before) + 1,
			sf_totals_drops(&after));
	KUNIT_EXPECT_EQ(test, sf_totals_packets(&before, SF_INGRESS),
			sf_totals_packets(&after, SF_INGRESS));
	SFK_EXPECT_NO_MORE(test, f);
}

static void sfk_refuse_tags(struct kunit *test, enum sfk_port in,
			    u16 outer_proto, u16 outer, u16 inner_proto,
			    u16 inner, enum sf_drop reason)
{
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_AT_C0, SFK_FROM, SFK_UNTAGGED);
	frame.tags[0] = (struct sfk_tag){ htons(outer_proto), outer };
	frame.tags[1] = (struct sfk_tag){ htons(inner_proto), inner };
	sfk_refuse(test, in, &frame, reason);
}

/* Untagged, or with a priority tag, which stays: the port's own segment. */
static void sfk_own_traffic(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;

	sfk_pass(test, SFK_A0, SFK_UNTAGGED, SFK_AT_A1, SFK_A1, SFK_UNTAGGED);
	sfk_pass(test, SFK_A0, 0xa000, SFK_AT_A1, SFK_A1, 0xa000);
	sfk_pass(test, SFK_A0, 0, SFK_AT_A1, SFK_A1, 0);
	KUNIT_EXPECT_EQ(test, 3, sfk_port_packets(f->port[SFK_A0], SF_INGRESS));
	KUNIT_EXPECT_EQ(test, 3, sfk_port_packets(f->port[SFK_A1], SF_EGRESS));
	KUNIT_EXPECT_EQ(test, 1, f->port[SFK_A0]->fdb_count);
}

/* A tag that is bound: the child's traffic, learned there behind the map. */
static void sfk_container_traffic(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding *binding = f->binding[SFK_CA_PA];
	u32 count = binding->fdb_count;
	struct sfk_frame reply;

	sfk_pass(test, SFK_A0, SFK_CA_PA_VLAN, SFK_AT_C0, SFK_C0, SFK_UNTAGGED);
	KUNIT_EXPECT_EQ(test, 1, sfk_binding_packets(binding, SF_INGRESS));
	KUNIT_EXPECT_EQ(test, 1, sfk_port_packets(f->port[SFK_A0], SF_INGRESS));
	KUNIT_EXPECT_EQ(test, count + 1, binding->fdb_count);
	KUNIT_EXPECT_EQ(test, 0, f->port[SFK_A0]->fdb_count);
	/* The answer finds the way, and gets the tag. */
	sfk_frame_init(&reply, SFK_FROM, SFK_AT_C0, SFK_UNTAGGED);
	sfk_receive(f->dev[SFK_C0], &reply);
	SFK_EXPECT_SENT(test, f, SFK_A0, &reply, SFK_CA_PA_VLAN);
	SFK_EXPECT_NO_MORE(test, f);
	KUNIT_EXPECT_EQ(test, 1, sfk_binding_packets(binding, SF_EGRESS));
	KUNIT_EXPECT_EQ(test, 0, sfk_port_packets(f->port[SFK_A0], SF_EGRESS));
}

/* Priority and drop eligibility cross a binding map in either direction. */
static void sfk_priority_survives(struct kunit *test)
{
	static const u16 bits[] = { 0x2000, 0xe000, 0x1000, 0xb000 };
	int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		sfk_pass(test, SFK_A0, bits[i] | SFK_CA_PA_VLAN, SFK_AT_C0,
			 SFK_C0, bits[i]);
		sfk_pass(test, SFK_C1, bits[i], SFK_AT_A0_TAGGED, SFK_A0,
			 bits[i] | SFK_CA_PA_VLAN);
		sfk_pass(test, SFK_A1, bits[i] | SFK_CA_PA_VLAN,
			 SFK_AT_B0_TAGGED, SFK_B0, bits[i] | SFK_CA_PB_VLAN);
	}
	sfk_pass(test, SFK_A1, SFK_CA_PA_VLAN, SFK_AT_B0_TAGGED, SFK_B0,
		 SFK_CA_PB_VLAN);
}

/* R11 */
static void sfk_other_tags(struct kunit *test)
{
	const u16 q = ETH_P_8021Q, ad = ETH_P_8021AD;

	sfk_refuse_tags(test, SFK_A0, q, 301, 0, 0, SF_DROP_UNBOUND_VLAN);
	sfk_refuse_tags(test, SFK_A0, q, 4095, 0, 0, SF_DROP_UNBOUND_VLAN);
	sfk_refuse_tags(test, SFK_A0, q, 0xe001, 0, 0, SF_DROP_UNBOUND_VLAN);
	/* Bound on another parent; bound, but the port is the child's */
	sfk_refuse_tags(test, SFK_B0, q, SFK_CA_PA_VLAN, 0, 0,
			SF_DROP_UNBOUND_VLAN);
	sfk_refuse_tags(test, SFK_C0, q, SFK_CA_PA_VLAN, 0, 0,
			SF_DROP_UNBOUND_VLAN);
	sfk_refuse_tags(test, SFK_A0, ad, SFK_CA_PA_VLAN, 0, 0,
			SF_DROP_SERVICE_VLAN);
	sfk_refuse_tags(test, SFK_A0, ad, 0, 0, 0, SF_DROP_SERVICE_VLAN);
	sfk_refuse_tags(test, SFK_A0, q, SFK_CA_PA_VLAN, q, 5,
			SF_DROP_DOUBLE_TAGGED);
	sfk_refuse_tags(test, SFK_A0, q, SFK_CA_PA_VLAN, ad, 5,
			SF_DROP_DOUBLE_TAGGED);
	sfk_refuse_tags(test, SFK_A0, q, 0, q, SFK_CA_PA_VLAN,
			SF_DROP_DOUBLE_TAGGED);
	sfk_refuse_tags(test, SFK_A0, ad, 5, q, SFK_CA_PA_VLAN,
			SF_DROP_DOUBLE_TAGGED);
}

static void sfk_set_guest_vlan(struct kunit *test, enum sfk_segment segment,
			       u16 first, u16 second)
{
	struct sfk_fabric *f = test->priv;
	DECLARE_BITMAP(vlans, VLAN_N_VID) = {};

	set_bit(first, vlans);
	set_bit(second, vlans);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0,
			sfk_set_guest_vlans(f->segment[segment], vlans));
	rtnl_unlock();
}

/* What is listed stays tagged and in the segment; what is bound is bound. */
static void sfk_guest_vlans(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_set_guest_vlan(test, SFK_PA, 5, SFK_CA_PA_VLAN);
	sfk_frame_init(&frame, SFK_FROM, SFK_AT_A1, 0x6005);
	sfk_receive(f->dev[SFK_A1], &frame);	/* unknown in VLAN 5 */
	SFK_EXPECT_SENT(test, f, SFK_A0, &frame, 0x6005);
	SFK_EXPECT_HOST(test, f, SFK_PA, &frame, 0x6005);
	SFK_EXPECT_NO_MORE(test, f);
	sfk_pass(test, SFK_A0, 0xc005, SFK_AT_A1, SFK_A1, 0xc005);
	sfk_pass(test, SFK_A0, SFK_CA_PA_VLAN, SFK_AT_C0, SFK_C0, SFK_UNTAGGED);
	sfk_refuse_tags(test, SFK_A0, ETH_P_8021Q, 6, 0, 0,
			SF_DROP_UNBOUND_VLAN);
	sfk_refuse_tags(test, SFK_B0, ETH_P_8021Q, 5, 0, 0,
			SF_DROP_UNBOUND_VLAN);
	sfk_refuse_tags(test, SFK_A0, ETH_P_8021AD, 5, 0, 0,
			SF_DROP_SERVICE_VLAN);
}

/* A guest VLAN of a child does not cross a binding map. */
static void sfk_guest_vlan_of_child(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_set_guest_vlan(test, SFK_CA, 5, 5);
	sfk_frame_init(&frame, SFK_AT_A0_TAGGED, SFK_FROM, 5);
	sfk_receive(f->dev[SFK_C1], &frame);
	SFK_EXPECT_SENT(test, f, SFK_C0, &frame, 5);
	SFK_EXPECT_HOST(test, f, SFK_CA, &frame, 5);
	SFK_EXPECT_NO_MORE(test, f);
}

static void sfk_bad_source(struct kunit *test)
{
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_AT_A1, SFK_FROM, SFK_UNTAGGED);
	eth_zero_addr(frame.source);
	sfk_refuse(test, SFK_A0, &frame, SF_DROP_INVALID_SOURCE);
	eth_broadcast_addr(frame.source);
	sfk_refuse(test, SFK_A0, &frame, SF_DROP_INVALID_SOURCE);
	sfk_mac(frame.source, 0x03, 1);
	sfk_refuse(test, SFK_A0, &frame, SF_DROP_INVALID_SOURCE);
}

/* R14 */
static void sfk_reserved_addresses(struct kunit *test)
{
	static const u8 base[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0, 0, 0 };
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;
	int i;

	sfk_frame_init(&frame, 0, SFK_FROM, SFK_UNTAGGED);
	ether_addr_copy(frame.dest, base);
	for (i = 0; i < 16; i++) {
		frame.dest[5] = i;
		sfk_refuse(test, SFK_A0, &frame, SF_DROP_RESERVED_ADDRESS);
	}
	frame.dest[5] = 0x10;
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_SENT(test, f, SFK_A1, &frame, SFK_UNTAGGED);
	sfk_left(f);
	/* For containers too */
	sfk_frame_init(&frame, 0, SFK_FROM, SFK_CA_PA_VLAN);
	ether_addr_copy(frame.dest, base);
	sfk_refuse(test, SFK_A0, &frame, SF_DROP_RESERVED_ADDRESS);
}

/* The core would not let such a frame through; nor do we read beyond it. */
static void sfk_truncated(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	unsigned int len;

	for (len = 0; len < ETH_HLEN; len++) {
		struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, skb);
		skb->dev = f->dev[SFK_A0]->dev;
		skb->protocol = htons(SFK_TYPE);
		skb_reset_mac_header(skb);
		memset(skb_put(skb, len), 2, len);
		skb_pull(skb, len);
		local_bh_disable();
		rcu_read_lock();
		KUNIT_EXPECT_EQ(test, RX_HANDLER_CONSUMED, sf_input(&skb));
		rcu_read_unlock();
		local_bh_enable();
	}
	KUNIT_EXPECT_EQ(test, ETH_HLEN, sfk_drops(f->port[SFK_A0],
						  SF_DROP_TRUNCATED));
	SFK_EXPECT_NO_MORE(test, f);
}

/* A header and nothing behind it is a frame. */
static void sfk_empty_frame(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_AT_C0, SFK_FROM, SFK_UNTAGGED);
	frame.len = 0;
	sfk_receive(f->dev[SFK_C1], &frame);
	SFK_EXPECT_SENT(test, f, SFK_C0, &frame, SFK_UNTAGGED);
	SFK_EXPECT_NO_MORE(test, f);
}

static void sfk_loopback_passes(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sk_buff *skb, *same;
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_AT_A1, SFK_FROM, SFK_UNTAGGED);
	skb = sfk_build(&frame, f->dev[SFK_A0]->dev);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb->protocol = eth_type_trans(skb, skb->dev);
	skb->pkt_type = PACKET_LOOPBACK;
	same = skb;
	local_bh_disable();
	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, RX_HANDLER_PASS, sf_input(&same));
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_EXPECT_PTR_EQ(test, skb, same);
	KUNIT_EXPECT_EQ(test, 100, skb->len);
	KUNIT_EXPECT_EQ(test, 0, sfk_port_packets(f->port[SFK_A0], SF_INGRESS));
	SFK_EXPECT_NO_MORE(test, f);
	kfree_skb(skb);
}

/* A frame whose payload lies in pages, through each kind of way */
static void sfk_fragments(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sfk_frame frame;

	sfk_frame_init(&frame, SFK_AT_C0, SFK_FROM, 0x8000 | SFK_CA_PA_VLAN);
	frame.len = 1400;
	frame.frag = 1400;
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_SENT(test, f, SFK_C0, &frame, 0x8000);
	sfk_frame_init(&frame, SFK_AT_B0_TAGGED, SFK_FROM, SFK_CA_PA_VLAN);
	frame.len = 900;
	frame.frag = 880;
	f->dev[SFK_B0]->dev->features &= ~NETIF_F_HW_VLAN_CTAG_TX;
	sfk_receive(f->dev[SFK_A0], &frame);
	SFK_EXPECT_SENT(test, f, SFK_B0, &frame, SFK_CA_PB_VLAN);
	SFK_EXPECT_NO_MORE(test, f);
}

/* What the tests of foreign frames look at; takes the frame. */
static void sfk_expect_untouched(struct kunit *test, struct sk_buff *skb,
				 const struct sfk_frame *frame)
{
	struct sfk_fabric *f = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, f->dev[SFK_A0]->dev, skb->dev);
	KUNIT_EXPECT_EQ(test, frame->len, skb->len);
	KUNIT_EXPECT_TRUE(test, skb_vlan_tag_present(skb));
	KUNIT_EXPECT_EQ(test, frame->tags[0].tci, skb_vlan_tag_get(skb));
	KUNIT_ASSERT_EQ(test, 1, refcount_read(&skb->users));
	/* The bytes: as if it had been sent back, tag and all */
	skb_push(skb, ETH_HLEN);
	skb_queue_tail(&f->dev[SFK_A0]->sink.frames, skb);
	SFK_EXPECT_SENT(test, f, SFK_A0, frame, frame->tags[0].tci);
}

/* A tap holds the same frame (shared), or one with the same bytes (a clone):
 * we write to neither, although the tag is written into the bytes.
 */
static void sfk_foreign(struct kunit *test, bool clone)
{
	struct sfk_fabric *f = test->priv;
	struct sk_buff *skb, *held;
	struct sfk_frame frame;

	f->dev[SFK_B0]->dev->features &= ~NETIF_F_HW_VLAN_CTAG_TX;
	sfk_frame_init(&frame, SFK_AT_B0_TAGGED, SFK_FROM,
		       0x4000 | SFK_CA_PA_VLAN);
	skb = sfk_build(&frame, f->dev[SFK_A0]->dev);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb->protocol = eth_type_trans(skb, skb->dev);
	skb_reset_network_header(skb);
	skb = skb_vlan_untag(skb);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	held = clone ? skb_clone(skb, GFP_KERNEL) : skb_get(skb);
	KUNIT_ASSERT_NOT_NULL(test, held);
	local_bh_disable();
	rcu_read_lock();
	sf_input(&skb);
	rcu_read_unlock();
	local_bh_enable();
	SFK_EXPECT_SENT(test, f, SFK_B0, &frame, 0x4000 | SFK_CA_PB_VLAN);
	SFK_EXPECT_NO_MORE(test, f);
	sfk_expect_untouched(test, held, &frame);
}

static void sfk_shared_frame(struct kunit *test)
{
	sfk_foreign(test, false);
}

static void sfk_cloned_frame(struct kunit *test)
{
	sfk_foreign(test, true);
}

static struct kunit_case sfk_demux_cases[] = {
	KUNIT_CASE(sfk_own_traffic),
	KUNIT_CASE(sfk_container_traffic),
	KUNIT_CASE(sfk_priority_survives),
	KUNIT_CASE(sfk_other_tags),
	KUNIT_CASE(sfk_guest_vlans),
	KUNIT_CASE(sfk_guest_vlan_of_child),
	KUNIT_CASE(sfk_bad_source),
	KUNIT_CASE(sfk_reserved_addresses),
	KUNIT_CASE(sfk_truncated),
	KUNIT_CASE(sfk_empty_frame),
	KUNIT_CASE(sfk_loopback_passes),
	KUNIT_CASE(sfk_fragments),
	KUNIT_CASE(sfk_shared_frame),
	KUNIT_CASE(sfk_cloned_frame),
	{}
};

struct kunit_suite sfk_demux_suite = {
	.name		= "segfab_demux",
	.init		= sfk_demux_init,
	.exit		= sfk_fabric_exit,
	.test_cases	= sfk_demux_cases,
};
