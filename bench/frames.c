// SPDX-License-Identifier: GPL-2.0
/*
 * A generator and a sink of frames, for the benchmark: devices bench0, bench1,
 * ... whose transmit function counts, checks and frees, and a debugfs file
 * that hands frames to the stack as a driver would and says how long it took.
 *
 *	echo "dev=bench0 count=10000 vlan=100 ..." > segfab_bench/run
 *	cat segfab_bench/run
 *
 * Under QEMU's -icount the clock counts instructions, see bench/README.md.
 *
 * Locking: one run at a time, under sf_bench_mutex; counters of the sink are
 * reset before a run and read after it.
 */
#include <linux/debugfs.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/parser.h>
#include <linux/rtnetlink.h>
#include <linux/udp.h>

#define SF_BENCH_BATCH	64	/* frames between two scheduling points */

static unsigned int devices = 2;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "how many devices to make");

/**
 * struct sf_bench_dev - a device of the benchmark
 * @frames: frames that it was told to send
 * @wrong: those of them whose tag was not @vlan
 * @vlan: expected tag, 0: none
 */
struct sf_bench_dev {
	u64	frames;
	u64	wrong;
	u16	vlan;
};

/**
 * struct sf_bench_run - what one run sends
 * @dev: the device that the frames come from
 * @smac: first source address
 * @dmac: first destination address
 * @smacs: how many source addresses take turns
 * @dmacs: how many destination addresses take turns
 * @vlan: first tag, 0: none
 * @vlans: how many tags take turns
 * @len: length of a frame without FCS and tag
 * @count: how many frames
 * @mode: how they are handed over
 */
struct sf_bench_run {
	struct net_device	*dev;
	u8			smac[ETH_ALEN];
	u8			dmac[ETH_ALEN];
	unsigned int		smacs;
	unsigned int		dmacs;
	unsigned int		vlan;
	unsigned int		vlans;
	unsigned int		len;
	unsigned int		count;
	enum { SF_BENCH_RECEIVE, SF_BENCH_DIRECT } mode;
};

static struct net_device **sf_bench_devices;
static struct dentry *sf_bench_dir;
static DEFINE_MUTEX(sf_bench_mutex);
static char sf_bench_result[512];

static netdev_tx_t sf_bench_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct sf_bench_dev *bench = netdev_priv(dev);
	u16 vlan = skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0;

	bench->frames++;
	if (unlikely(vlan != bench->vlan && bench->vlan != VLAN_N_VID))
		bench->wrong++;
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops sf_bench_ops = {
	.ndo_start_xmit		= sf_bench_xmit,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
};

static void sf_bench_setup(struct net_device *dev)
{
	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &sf_bench_ops;
	dev->needs_free_netdev = true;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_CSUM | NETIF_F_SG |
			 NETIF_F_GSO_SOFTWARE;
	dev->vlan_features = dev->features;
}

/* The n-th address after @base: counts in the last three bytes. */
static void sf_bench_mac(u8 *mac, const u8 *base, u32 n)
{
	u32 low = (base[3] << 16 | base[4] << 8 | base[5]) + n;

	memcpy(mac, base, 3);
	mac[3] = low >> 16;
	mac[4] = low >> 8;
	mac[5] = low;
}

static struct sk_buff *sf_bench_frame(const struct sf_bench_run *run, u32 n)
{
	struct sk_buff *skb = netdev_alloc_skb_ip_align(run->dev, run->len);
	struct ethhdr *eth;

	if (!skb)
		return NULL;
	eth = skb_put(skb, run->len);
	memset(eth + 1, 0, min_t(unsigned int, run->len - ETH_HLEN, 28));
	sf_bench_mac(eth->h_dest, run->dmac, n % run->dmacs);
	sf_bench_mac(eth->h_source, run->smac, n % run->smacs);
	eth->h_proto = htons(ETH_P_802_EX1);
	if (run->vlan)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       run->vlan + n % run->vlans);
	return skb;
}

static int sf_bench_send(const struct sf_bench_run *run, u32 n)
{
	struct sk_buff *skb = sf_bench_frame(run, n);

	if (!skb)
		return -ENOMEM;
	if (run->mode == SF_BENCH_DIRECT) {
		sf_bench_xmit(skb, run->dev);
		return 0;
	}
	skb->protocol = eth_type_trans(skb, run->dev);
	netif_receive_skb(skb);
	return 0;
}

static int sf_bench_loop(const struct sf_bench_run *run, u64 *ns)
{
	unsigned int n = 0, stop;
	u64 start;
	int err = 0;

	*ns = 0;
	while (n < run->count && !err) {
		stop = min(run->count, n + SF_BENCH_BATCH);
		local_bh_disable();
		start = ktime_get_ns();
		while (n < stop && !err)
			err = sf_bench_send(run, n++);
		*ns += ktime_get_ns() - start;
		local_bh_enable();
		cond_resched();
	}
	return err;
}

enum {
	SF_OPT_DEV, SF_OPT_SMAC, SF_OPT_DMAC, SF_OPT_SMACS, SF_OPT_DMACS,
	SF_OPT_VLAN, SF_OPT_VLANS, SF_OPT_LEN, SF_OPT_COUNT, SF_OPT_DIRECT,
	SF_OPT_EXPECT, SF_OPT_ERROR
};

static const match_table_t sf_bench_options = {
	{ SF_OPT_DEV,		"dev=bench%u" },
	{ SF_OPT_SMAC,		"smac=%s" },
	{ SF_OPT_DMAC,		"dmac=%s" },
	{ SF_OPT_SMACS,		"smacs=%u" },
	{ SF_OPT_DMACS,		"dmacs=%u" },
	{ SF_OPT_VLAN,		"vlan=%u" },
	{ SF_OPT_VLANS,		"vlans=%u" },
	{ SF_OPT_LEN,		"len=%u" },
	{ SF_OPT_COUNT,		"count=%u" },
	{ SF_OPT_DIRECT,	"direct" },
	{ SF_OPT_EXPECT,	"expect=%u" },
	{ SF_OPT_ERROR,		NULL },
};

static int sf_bench_match_mac(substring_t *arg, u8 *mac)
{
	char text[20];

	if (match_strlcpy(text, arg, sizeof(text)) >= sizeof(text) ||
	    !mac_pton(text, mac))
		return -EINVAL;
	return 0;
}

/* @expect: tag that every sink checks for; VLAN_N_VID: any. */
static int sf_bench_parse(char *text, struct sf_bench_run *run,
			  unsigned int *expect)
{
	substring_t args[MAX_OPT_ARGS];
	unsigned int device = 0;
	char *word;
	int err;

	while ((word = strsep(&text, " \n"))) {
		if (!*word)
			continue;
		switch (match_token(word, sf_bench_options, args)) {
		case SF_OPT_DEV:
			err = match_uint(args, &device);
			break;
		case SF_OPT_SMAC:
			err = sf_bench_match_mac(args, run->smac);
			break;
		case SF_OPT_DMAC:
			err = sf_bench_match_mac(args, run->dmac);
			break;
		case SF_OPT_SMACS:
			err = match_uint(args, &run->smacs);
			break;
		case SF_OPT_DMACS:
			err = match_uint(args, &run->dmacs);
			break;
		case SF_OPT_VLAN:
			err = match_uint(args, &run->vlan);
			break;
		case SF_OPT_VLANS:
			err = match_uint(args, &run->vlans);
			break;
		case SF_OPT_LEN:
			err = match_uint(args, &run->len);
			break;
		case SF_OPT_COUNT:
			err = match_uint(args, &run->count);
			break;
		case SF_OPT_EXPECT:
			err = match_uint(args, expect);
			break;
		case SF_OPT_DIRECT:
			run->mode = SF_BENCH_DIRECT;
			err = 0;
			break;
		default:
			err = -EINVAL;
		}
		if (err)
			return err;
	}
	if (device >= devices || !run->smacs || !run->dmacs || !run->vlans ||
	    run->len < ETH_ZLEN || run->len > 65535 || !run->count ||
	    run->vlan + run->vlans > VLAN_N_VID)
		return -EINVAL;
	run->dev = sf_bench_devices[device];
	return 0;
}

static void sf_bench_reset(unsigned int expect)
{
	unsigned int i;

	for (i = 0; i < devices; i++) {
		struct sf_bench_dev *bench = netdev_priv(sf_bench_devices[i]);

		bench->frames = 0;
		bench->wrong = 0;
		bench->vlan = expect;
	}
}

static void sf_bench_report(const struct sf_bench_run *run, u64 ns)
{
	u64 frames = 0, wrong = 0;
	unsigned int i;

	for (i = 0; i < devices; i++) {
		struct sf_bench_dev *bench = netdev_priv(sf_bench_devices[i]);

		frames += bench->frames;
		wrong += bench->wrong;
	}
	scnprintf(sf_bench_result, sizeof(sf_bench_result),
		  "{\"sent\":%u,\"ns\":%llu,\"received\":%llu,\"wrong\":%llu}\n",
		  run->count, ns, frames, wrong);
}

static ssize_t sf_bench_write(struct file *file, const char __user *data,
			      size_t size, loff_t *pos)
{
	struct sf_bench_run run = {
		.smac = { 0x02, 0, 0, 0, 0, 1 }, .dmac = { 0x02, 0, 0, 0, 0, 2 },
		.smacs = 1, .dmacs = 1, .vlans = 1, .len = ETH_ZLEN,
		.count = 10000,
	};
	unsigned int expect = VLAN_N_VID;
	char text[256];
	int err;
	u64 ns;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = '\0';
	err = sf_bench_parse(text, &run, &expect);
	if (err)
		return err;

	mutex_lock(&sf_bench_mutex);
	sf_bench_reset(expect);
	err = sf_bench_loop(&run, &ns);
	if (!err)
		sf_bench_report(&run, ns);
	mutex_unlock(&sf_bench_mutex);
	return err ?: size;
}

static ssize_t sf_bench_read(struct file *file, char __user *data, size_t size,
			     loff_t *pos)
{
	return simple_read_from_buffer(data, size, pos, sf_bench_result,
				       strlen(sf_bench_result));
}

static const struct file_operations sf_bench_fops = {
	.owner	= THIS_MODULE,
	.read	= sf_bench_read,
	.write	= sf_bench_write,
};

static void sf_bench_remove_devices(unsigned int count)
{
	while (count--)
		unregister_netdev(sf_bench_devices[count]);
	kfree(sf_bench_devices);
}

static int __init sf_bench_init(void)
{
	struct net_device *dev;
	unsigned int i;
	int err;

	sf_bench_devices = kcalloc(devices, sizeof(*sf_bench_devices),
				   GFP_KERNEL);
	if (!sf_bench_devices)
		return -ENOMEM;
	for (i = 0; i < devices; i++) {
		dev = alloc_netdev(sizeof(struct sf_bench_dev), "bench%d",
				   NET_NAME_ENUM, sf_bench_setup);
		err = dev ? register_netdev(dev) : -ENOMEM;
		if (err) {
			if (dev)
				free_netdev(dev);
			sf_bench_remove_devices(i);
			return err;
		}
		sf_bench_devices[i] = dev;
	}
	sf_bench_dir = debugfs_create_dir("segfab_bench", NULL);
	debugfs_create_file("run", 0600, sf_bench_dir, NULL, &sf_bench_fops);
	return 0;
}

static void __exit sf_bench_exit(void)
{
	debugfs_remove_recursive(sf_bench_dir);
	sf_bench_remove_devices(devices);
}

module_init(sf_bench_init);
module_exit(sf_bench_exit);

MODULE_DESCRIPTION("Generator and sink of frames for the segfab benchmark");
MODULE_LICENSE("GPL");
