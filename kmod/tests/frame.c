// SPDX-License-Identifier: GPL-2.0
/*
 * Frames for tests: made to measure, handed in as the core hands them to an
 * rx_handler, and compared with what came out.
 *
 * Locking: may sleep, but for sfk_next().
 */
#include "frame.h"

#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/ip.h>

#include "../input.h"

static u8 sfk_payload(const struct sfk_frame *frame, unsigned int i)
{
	return frame->pattern + i * 7 + (i >> 8);
}

static void sfk_put_tag(struct sk_buff *skb, const struct sfk_tag *tag)
{
	if (!tag->proto)
		return;
	skb_put_data(skb, &tag->proto, sizeof(tag->proto));
	put_unaligned_be16(tag->tci, skb_put(skb, sizeof(tag->tci)));
}

static int sfk_put_frag(struct sk_buff *skb, const struct sfk_frame *frame)
{
	struct page *page;
	unsigned int i;
	u8 *data;

	if (!frame->frag)
		return 0;
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	data = page_address(page);
	for (i = 0; i < frame->frag; i++)
		data[i] = sfk_payload(frame, frame->len - frame->frag + i);
	skb_add_rx_frag(skb, 0, page, 0, frame->frag, PAGE_SIZE);
	return 0;
}

static __be16 sfk_type(const struct sfk_frame *frame)
{
	return htons(frame->gso_size ? ETH_P_IP : SFK_TYPE);
}

/* As much of a TCP super-frame as the way to a device looks at. */
static void sfk_make_gso(struct sk_buff *skb, const struct sfk_frame *frame)
{
	unsigned int head = sizeof(struct iphdr) + sizeof(struct tcphdr);
	struct skb_shared_info *shared = skb_shinfo(skb);
	unsigned int start = skb->len - frame->len;

	if (!frame->gso_size)
		return;
	shared->gso_size = frame->gso_size;
	shared->gso_type = SKB_GSO_TCPV4;
	shared->gso_segs = DIV_ROUND_UP(frame->len - head, frame->gso_size);
	skb_set_network_header(skb, start);
	skb_set_transport_header(skb, start + sizeof(struct iphdr));
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
}

/**
 * sfk_build - make a frame as it is on the wire
 * @frame: what it is made of
 * @dev: where it will come in
 *
 * Return: the frame, data at the Ethernet header; or NULL.
 */
struct sk_buff *sfk_build(const struct sfk_frame *frame,
			  struct net_device *dev)
{
	unsigned int linear = frame->len - frame->frag, i;
	__be16 type = sfk_type(frame);
	struct sk_buff *skb;
	u8 *data;

	skb = __netdev_alloc_skb(dev, ETH_HLEN + 2 * VLAN_HLEN + linear,
				 GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_put_data(skb, frame->dest, ETH_ALEN);
	skb_put_data(skb, frame->source, ETH_ALEN);
	sfk_put_tag(skb, &frame->tags[0]);
	sfk_put_tag(skb, &frame->tags[1]);
	skb_put_data(skb, &type, sizeof(type));
	data = skb_put(skb, linear);
	for (i = 0; i < linear; i++)
		data[i] = sfk_payload(frame, i);
	if (sfk_put_frag(skb, frame)) {
		kfree_skb(skb);
		return NULL;
	}
	sfk_make_gso(skb, frame);
	return skb;
}

/**
 * sfk_input - hand a frame to its port, as the core does
 * @skb: made by sfk_build(); consumed, unless it is passed on
 *
 * The core has looked at the Ethernet header and has taken the outer tag off
 * (__netif_receive_skb_core()).
 *
 * Return: what the rx_handler of the device says.
 */
rx_handler_result_t sfk_input(struct sk_buff *skb)
{
	rx_handler_result_t result = RX_HANDLER_CONSUMED;
	rx_handler_func_t *handler;

	skb->protocol = eth_type_trans(skb, skb->dev);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	local_bh_disable();
	rcu_read_lock();
	if (eth_type_vlan(skb->protocol))
		skb = skb_vlan_untag(skb);
	if (skb) {
		handler = rcu_dereference(skb->dev->rx_handler);
		result = handler(&skb);
	}
	rcu_read_unlock();
	local_bh_enable();
	return result;
}

/**
 * sfk_receive - let a frame come in
 * @fake: where
 * @frame: what it is made of; without memory nothing comes in
 */
void sfk_receive(struct sfk_dev *fake, const struct sfk_frame *frame)
{
	struct sk_buff *skb = sfk_build(frame, fake->dev);

	if (skb)
		sfk_input(skb);
}

/* Take the tag of a frame, in the bytes or beside them: -1 for none. */
static int sfk_tci_of(struct sk_buff *skb)
{
	struct vlan_ethhdr *header = (struct vlan_ethhdr *)skb->data;
	int tci;

	if (skb_vlan_tag_present(skb))
		return skb->vlan_proto == htons(ETH_P_8021Q) ?
			skb_vlan_tag_get(skb) : -2;
	if (header->h_vlan_proto != htons(ETH_P_8021Q))
		return SFK_UNTAGGED;
	tci = ntohs(header->h_vlan_TCI);
	memmove(skb->data + VLAN_HLEN, skb->data, 2 * ETH_ALEN);
	__skb_pull(skb, VLAN_HLEN);
	return tci;
}

static bool sfk_same_payload(const struct sk_buff *skb,
			     const struct sfk_frame *frame)
{
	unsigned int i;
	u8 byte;

	for (i = 0; i < frame->len; i++) {
		if (skb_copy_bits(skb, ETH_HLEN + i, &byte, 1) ||
		    byte != sfk_payload(frame, i))
			return false;
	}
	return true;
}

static void sfk_compare(struct sfk_sink *sink, struct sk_buff *skb,
			const struct sfk_frame *frame, int tci)
{
	const struct ethhdr *eth = (struct ethhdr *)skb->data;
	size_t size = sizeof(sink->text);
	int seen = sfk_tci_of(skb);

	eth = (struct ethhdr *)skb->data;
	if (seen != tci)
		scnprintf(sink->text, size, "tag %#x, not %#x", seen, tci);
	else if (!ether_addr_equal_unaligned(eth->h_dest, frame->dest))
		scnprintf(sink->text, size, "to %pM", eth->h_dest);
	else if (!ether_addr_equal_unaligned(eth->h_source, frame->source))
		scnprintf(sink->text, size, "from %pM", eth->h_source);
	else if (eth->h_proto != sfk_type(frame))
		scnprintf(sink->text, size, "type %04x", ntohs(eth->h_proto));
	else if (skb->len != ETH_HLEN + frame->len)
		scnprintf(sink->text, size, "%u bytes, not %u", skb->len,
			  ETH_HLEN + frame->len);
	else if (!sfk_same_payload(skb, frame))
		scnprintf(sink->text, size, "another payload");
	else if (skb_shinfo(skb)->gso_size != frame->gso_size)
		scnprintf(sink->text, size, "gso_size %u",
			  skb_shinfo(skb)->gso_size);
}

/**
 * sfk_next - compare the next frame that came out with one that went in
 * @sink: where it came out
 * @frame: what went in; its tags do not matter
 * @tci: tag that the frame must carry, or SFK_UNTAGGED
 *
 * Return: "" if it is that frame, else what is wrong.
 */
const char *sfk_next(struct sfk_sink *sink, const struct sfk_frame *frame,
		     int tci)
{
	struct sk_buff *skb = skb_dequeue(&sink->frames);

	if (!skb)
		return "no frame";
	sink->text[0] = '\0';
	/* What is compared is private: a flood hands out clones. */
	if (skb_unclone(skb, GFP_ATOMIC))
		scnprintf(sink->text, sizeof(sink->text), "no memory");
	else
		sfk_compare(sink, skb, frame, tci);
	kfree_skb(skb);
	return sink->text;
}
