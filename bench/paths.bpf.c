// SPDX-License-Identifier: GPL-2.0
/*
 * The eBPF programs of the benchmark: one map from address and tag to device
 * and tag, one lookup, one redirect. They learn nothing and count nothing.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define VLAN_VID_MASK	0x0fff
#define VLAN_HLEN	4

struct key {
	__u8	mac[ETH_ALEN];
	__u16	vlan;		/* host byte order, 0: none */
};

struct endpoint {
	__u32	ifindex;
	__u32	vlan;
};

struct vlan_frame {
	__u8	macs[2 * ETH_ALEN];
	__be16	proto;
	__be16	tci;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct key);
	__type(value, struct endpoint);
} endpoints SEC(".maps");

SEC("tc")
int tc_switch(struct __sk_buff *skb)
{
	void *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = (void *)(long)skb->data;
	const struct endpoint *to;
	struct key key = {};

	if ((void *)(eth + 1) > end)
		return TC_ACT_SHOT;
	__builtin_memcpy(key.mac, eth->h_dest, ETH_ALEN);
	if (skb->vlan_present)
		key.vlan = skb->vlan_tci & VLAN_VID_MASK;
	to = bpf_map_lookup_elem(&endpoints, &key);
	if (!to)
		return TC_ACT_OK;
	if (key.vlan && bpf_skb_vlan_pop(skb))
		return TC_ACT_SHOT;
	if (to->vlan &&
	    bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), to->vlan))
		return TC_ACT_SHOT;
	return bpf_redirect(to->ifindex, 0);
}

/* The addresses go over the tag, the frame begins where they are now. */
static int take_tag_off(struct xdp_md *ctx)
{
	struct vlan_frame frame, *old = (void *)(long)ctx->data;

	if ((void *)(old + 1) > (void *)(long)ctx->data_end)
		return -1;
	frame = *old;
	if (bpf_xdp_adjust_head(ctx, VLAN_HLEN))
		return -1;
	old = (void *)(long)ctx->data;
	if ((void *)(old + 1) > (void *)(long)ctx->data_end)
		return -1;
	__builtin_memcpy(old->macs, frame.macs, sizeof(frame.macs));
	return 0;
}

static int put_tag_on(struct xdp_md *ctx, __u16 vlan)
{
	struct vlan_frame frame, *old = (void *)(long)ctx->data;

	if ((void *)(old + 1) > (void *)(long)ctx->data_end)
		return -1;
	frame = *old;
	if (bpf_xdp_adjust_head(ctx, -VLAN_HLEN))
		return -1;
	old = (void *)(long)ctx->data;
	if ((void *)(old + 1) > (void *)(long)ctx->data_end)
		return -1;
	frame.proto = bpf_htons(ETH_P_8021Q);
	frame.tci = bpf_htons(vlan);
	*old = frame;
	return 0;
}

SEC("xdp")
int xdp_switch(struct xdp_md *ctx)
{
	const struct vlan_frame *frame = (void *)(long)ctx->data;
	const struct endpoint *to;
	struct key key = {};

	if ((void *)(frame + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	__builtin_memcpy(key.mac, frame->macs, ETH_ALEN);
	if (frame->proto == bpf_htons(ETH_P_8021Q))
		key.vlan = bpf_ntohs(frame->tci) & VLAN_VID_MASK;
	to = bpf_map_lookup_elem(&endpoints, &key);
	if (!to)
		return XDP_PASS;
	if (key.vlan && take_tag_off(ctx))
		return XDP_DROP;
	if (to->vlan && put_tag_on(ctx, to->vlan))
		return XDP_DROP;
	return bpf_redirect(to->ifindex, 0);
}

char _license[] SEC("license") = "GPL";
