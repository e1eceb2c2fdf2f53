// SPDX-License-Identifier: GPL-2.0
/*
 * Frames without an skb: a driver's receive loop with an XDP program in it.
 *
 * Locking: a run and a change of the program exclude each other by RTNL.
 */
#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/version.h>

#include "bench.h"

/**
 * sf_bench_xdp_set - the ndo_bpf of our devices
 * @dev: the device
 * @bpf: the request
 *
 * Return: 0 or -EINVAL.
 */
int sf_bench_xdp_set(struct net_device *dev, struct netdev_bpf *bpf)
{
	struct sf_bench_dev *bench = netdev_priv(dev);
	struct bpf_prog *old = bench->prog;

	if (bpf->command != XDP_SETUP_PROG)
		return -EINVAL;
	bench->prog = bpf->prog;
	if (old)
		bpf_prog_put(old);
	return 0;
}

static int sf_bench_xdp_run(struct net_device *dev, struct xdp_buff *xdp)
{
	struct sf_bench_dev *bench = netdev_priv(dev);

	if (!bench->prog || bpf_prog_run_xdp(bench->prog, xdp) != XDP_REDIRECT)
		return -ENOENT;
	return xdp_do_redirect(dev, xdp, bench->prog);
}

static int sf_bench_xdp_sink(struct net_device *dev, struct xdp_buff *xdp)
{
	struct xdp_frame *frame = xdp_convert_buff_to_frame(xdp);

	if (!frame)
		return -ENOMEM;
	sf_bench_xdp_xmit(dev, 1, &frame, 0);
	return 0;
}

/* The frame in the page: the tag is part of it, as no skb could hold it. */
static void sf_bench_xdp_fill(const struct sf_bench_run *run, u32 n,
			      struct xdp_buff *xdp)
{
	struct vlan_ethhdr *tagged = xdp->data;

	sf_bench_header(run, n, xdp->data);
	if (!run->vlan)
		return;
	tagged->h_vlan_encapsulated_proto = tagged->h_vlan_proto;
	tagged->h_vlan_proto = htons(ETH_P_8021Q);
	tagged->h_vlan_TCI = htons(run->vlan + n % run->vlans);
}

/**
 * sf_bench_xdp_send - send one frame
 * @run: what is sent, in a mode without an skb
 * @n: number of the frame
 *
 * Return: 0 or a negative errno.
 */
int sf_bench_xdp_send(const struct sf_bench_run *run, u32 n)
{
	struct net_device *dev = sf_bench_device(run->dev + n % run->devs);
	unsigned int len = run->len + (run->vlan ? VLAN_HLEN : 0);
	struct sf_bench_dev *bench = netdev_priv(dev);
	struct xdp_buff xdp;
	unsigned int size;
	void *data;
	int err;

	size = SKB_DATA_ALIGN(XDP_PACKET_HEADROOM + len) +
	       SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	data = netdev_alloc_frag(size);
	if (!data)
		return -ENOMEM;
	xdp_init_buff(&xdp, size, &bench->rxq);
	xdp_prepare_buff(&xdp, data, XDP_PACKET_HEADROOM, len, false);
	sf_bench_xdp_fill(run, n, &xdp);
	err = run->mode == SF_BENCH_XDP ? sf_bench_xdp_run(dev, &xdp) :
					  sf_bench_xdp_sink(dev, &xdp);
	if (err)
		skb_free_frag(data);
	return err;
}

/**
 * sf_bench_xdp_loop - send a batch as a driver polls one
 * @run: what is sent
 * @n: number of the first frame
 * @stop: number after the last
 *
 * Context: BH disabled.
 * Return: 0 or a negative errno.
 */
int sf_bench_xdp_loop(const struct sf_bench_run *run, u32 n, u32 stop)
{
	int err = 0;
#if KERNEL_VERSION(6, 11, 0) <= LINUX_VERSION_CODE
	struct bpf_net_context context, *previous;

	previous = bpf_net_ctx_set(&context);
#endif
	rcu_read_lock();
	while (n < stop && !err)
		err = sf_bench_xdp_send(run, n++);
	xdp_do_flush();
	rcu_read_unlock();
#if KERNEL_VERSION(6, 11, 0) <= LINUX_VERSION_CODE
	bpf_net_ctx_clear(previous);
#endif
	return err;
}
