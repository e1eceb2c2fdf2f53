/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the generator and sink share. One run at a time, or one on
 * each of some processors; what it says is fixed while it runs.
 */
#ifndef _SEGFAB_BENCH_H
#define _SEGFAB_BENCH_H

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/workqueue.h>
#include <net/xdp.h>

/* How frames are handed over. */
enum sf_bench_mode {
	SF_BENCH_RECEIVE,	/* to the stack, as a driver does */
	SF_BENCH_DIRECT,	/* to the sink: what generator and sink cost */
	SF_BENCH_MARKED,	/* to the stack, where bench/lines sees that */
	SF_BENCH_TRANSMIT,	/* to another device, to be sent by it */
	SF_BENCH_XDP,		/* to the device's XDP program, without an skb */
	SF_BENCH_XDP_DIRECT,	/* to the sink, without an skb */
};

/**
 * struct sf_bench_run - what one run sends
 * @dev: number of the first device that frames come from
 * @devs: how many devices take turns
 * @smac: first source address
 * @dmac: first destination address
 * @smacs: how many source addresses take turns
 * @dmacs: how many destination addresses take turns
 * @vlan: first tag, 0: none
 * @vlans: how many tags take turns
 * @len: length of a frame without FCS and tag
 * @gso: payload of a segment of a TCP super-frame, 0: no super-frame
 * @count: how many frames
 * @expect: tag that the sink checks for; VLAN_N_VID: any
 * @out: device that sends the frames, with a reference; or NULL
 * @cpu: processor that sends them, if there are several runs at once
 * @mode: how they are handed over
 * @shared: each frame also writes to memory that other runs write to
 */
struct sf_bench_run {
	unsigned int		dev;
	unsigned int		devs;
	u8			smac[ETH_ALEN];
	u8			dmac[ETH_ALEN];
	unsigned int		smacs;
	unsigned int		dmacs;
	unsigned int		vlan;
	unsigned int		vlans;
	unsigned int		len;
	unsigned int		gso;
	unsigned int		count;
	unsigned int		expect;
	struct net_device	*out;
	unsigned int		cpu;
	enum sf_bench_mode	mode;
	bool			shared;
};

/**
 * struct sf_bench_flow - a run, and how it went
 * @run: what is sent
 * @ns: how long that took
 * @err: 0 or a negative errno
 * @work: does it, if there are several at once
 */
struct sf_bench_flow {
	struct sf_bench_run	run;
	u64			ns;
	int			err;
	struct work_struct	work;
};

#define SF_BENCH_FLOWS	2	/* at once */

/**
 * struct sf_bench_dev - a device of the benchmark
 * @frames: frames that it was told to send
 * @wrong: those of them whose tag was not @vlan
 * @vlan: expected tag, 0: none, VLAN_N_VID: any
 * @prog: its XDP program
 * @rxq: where XDP frames come from
 */
struct sf_bench_dev {
	u64			frames;
	u64			wrong;
	u16			vlan;
	struct bpf_prog		*prog;
	struct xdp_rxq_info	rxq;
};

/* device.c */
int sf_bench_devices_add(unsigned int count);
void sf_bench_devices_del(void);
struct net_device *sf_bench_device(unsigned int n);
unsigned int sf_bench_device_count(void);
void sf_bench_sink_reset(u16 vlan);
void sf_bench_sink_read(u64 *frames, u64 *wrong);
netdev_tx_t sf_bench_xmit(struct sk_buff *skb, struct net_device *dev);
int sf_bench_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		      u32 flags);

/* frames.c */
void sf_bench_header(const struct sf_bench_run *run, u32 n, void *data);
int sf_bench_send(const struct sf_bench_run *run, u32 n);

/* flows.c */
void sf_bench_flows(struct sf_bench_flow *flows, unsigned int count);

/* xdp.c */
int sf_bench_xdp_set(struct net_device *dev, struct netdev_bpf *bpf);
int sf_bench_xdp_send(const struct sf_bench_run *run, u32 n);
int sf_bench_xdp_loop(const struct sf_bench_run *run, u32 n, u32 stop);

/* floor.c */
int sf_bench_floor_set(bool direct, unsigned int vlan);
void sf_bench_floor_clear(void);

#endif /* _SEGFAB_BENCH_H */
