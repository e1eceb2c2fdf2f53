// SPDX-License-Identifier: GPL-2.0
/*
 * The generator: makes frames and hands them to the stack as a driver does.
 *
 * Locking: BH disabled.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/ip.h>

#include "bench.h"

/* Ethernet, IP and TCP header of a super-frame. */
#define SF_BENCH_HEADERS \
	(ETH_HLEN + sizeof(struct iphdr) + sizeof(struct tcphdr))

/* The n-th address after @base: counts in the last three bytes. */
static void sf_bench_mac(u8 *mac, const u8 *base, u32 n)
{
	u32 low = (base[3] << 16 | base[4] << 8 | base[5]) + n;

	memcpy(mac, base, 3);
	mac[3] = low >> 16;
	mac[4] = low >> 8;
	mac[5] = low;
}

/**
 * sf_bench_header - write the Ethernet header of a frame
 * @run: what is sent
 * @n: number of the frame
 * @data: where to, ETH_HLEN bytes
 */
void sf_bench_header(const struct sf_bench_run *run, u32 n, void *data)
{
	struct ethhdr *eth = data;

	sf_bench_mac(eth->h_dest, run->dmac, n % run->dmacs);
	sf_bench_mac(eth->h_source, run->smac, n % run->smacs);
	eth->h_proto = htons(ETH_P_802_EX1);
}

static struct sk_buff *sf_bench_alloc(const struct sf_bench_run *run,
				      struct net_device *dev)
{
	struct sk_buff *skb = netdev_alloc_skb_ip_align(dev, run->len);

	if (skb)
		memset(skb_put(skb, run->len), 0,
		       min_t(unsigned int, run->len, ETH_HLEN + 28));
	return skb;
}

/* The payload of all super-frames: nobody reads it. */
static int sf_bench_payload(struct sk_buff *skb, unsigned int len)
{
	struct page *page = ZERO_PAGE(0);
	int i;

	for (i = 0; len; i++) {
		unsigned int size = min_t(unsigned int, len, PAGE_SIZE);

		if (i == MAX_SKB_FRAGS)
			return -EMSGSIZE;
		get_page(page);
		skb_add_rx_frag(skb, i, page, 0, size, size);
		len -= size;
	}
	return 0;
}

/* A TCP super-frame as a VM sends it: headers, pages, a checksum to fill in. */
static struct sk_buff *sf_bench_alloc_gso(const struct sf_bench_run *run,
					  struct net_device *dev)
{
	struct sk_buff *skb = netdev_alloc_skb_ip_align(dev, SF_BENCH_HEADERS);
	unsigned int payload = run->len - SF_BENCH_HEADERS;
	struct tcphdr *tcp;
	struct iphdr *ip;

	if (!skb)
		return NULL;
	memset(skb_put(skb, SF_BENCH_HEADERS), 0, SF_BENCH_HEADERS);
	ip = (struct iphdr *)(skb->data + ETH_HLEN);
	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->ttl = 64;
	ip->protocol = IPPROTO_TCP;
	ip->tot_len = htons(run->len - ETH_HLEN);
	ip->saddr = htonl(0xc0000201);
	ip->daddr = htonl(0xc0000202);
	ip_send_check(ip);
	tcp = (struct tcphdr *)(ip + 1);
	tcp->doff = sizeof(*tcp) / 4;
	if (sf_bench_payload(skb, payload)) {
		kfree_skb(skb);
		return NULL;
	}
	skb_partial_csum_set(skb, (u8 *)tcp - skb->data,
			     offsetof(struct tcphdr, check));
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_size = run->gso;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(payload, run->gso);
	return skb;
}

static struct sk_buff *sf_bench_frame(const struct sf_bench_run *run, u32 n,
				      struct net_device *dev)
{
	struct sk_buff *skb = run->gso ? sf_bench_alloc_gso(run, dev) :
					 sf_bench_alloc(run, dev);

	if (!skb)
		return NULL;
	sf_bench_header(run, n, skb->data);
	if (run->gso)
		((struct ethhdr *)skb->data)->h_proto = htons(ETH_P_IP);
	if (run->vlan)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       run->vlan + n % run->vlans);
	return skb;
}

/* Instructions that do nothing, and that nobody else has: bench/lines looks for
 * them.
 */
static void sf_bench_receive_marked(struct sk_buff *skb, struct net_device *dev)
{
	skb->protocol = eth_type_trans(skb, dev);
	asm volatile("xchgw %%bx, %%bx" ::: "memory");
	netif_receive_skb(skb);
	asm volatile("xchgw %%cx, %%cx" ::: "memory");
}

static void sf_bench_transmit(struct sk_buff *skb, struct net_device *dev)
{
	skb->dev = dev;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb_reset_mac_len(skb);
	skb->protocol = eth_hdr(skb)->h_proto;
	dev_queue_xmit(skb);
}

/**
 * sf_bench_send - send one frame
 * @run: what is sent, in a mode with an skb
 * @n: number of the frame
 *
 * Return: 0 or a negative errno.
 */
int sf_bench_send(const struct sf_bench_run *run, u32 n)
{
	struct net_device *dev = sf_bench_device(run->dev + n % run->devs);
	struct sk_buff *skb = sf_bench_frame(run, n, dev);

	if (!skb)
		return -ENOMEM;
	/* Asked for first, so that it costs the others the same. */
	if (unlikely(run->mode > SF_BENCH_DIRECT)) {
		if (run->mode == SF_BENCH_MARKED)
			sf_bench_receive_marked(skb, dev);
		else
			sf_bench_transmit(skb, run->out);
		return 0;
	}
	if (run->mode == SF_BENCH_DIRECT) {
		sf_bench_xmit(skb, dev);
		return 0;
	}
	skb->protocol = eth_type_trans(skb, dev);
	netif_receive_skb(skb);
	return 0;
}
