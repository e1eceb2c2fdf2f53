// SPDX-License-Identifier: GPL-2.0
/*
 * A generator and a sink of frames, for the benchmark: devices bench0, bench1,
 * ... and two debugfs files:
 *
 *	echo "dev=0 count=10000 vlan=100 ..." > segfab_bench/run
 *	cat segfab_bench/run		{"sent":10000,"ns":...}
 *	echo "a vlan=100" > segfab_bench/floor
 *
 * Under QEMU's -icount the clock counts instructions.
 *
 * Locking: one run at a time, under sf_bench_mutex.
 */
#include <linux/debugfs.h>
#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/parser.h>
#include <linux/rtnetlink.h>

#include "bench.h"

#define SF_BENCH_BATCH	64	/* frames between two scheduling points */

static unsigned int devices = 3;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "how many devices to make, 2 at least");

static struct dentry *sf_bench_dir;
static DEFINE_MUTEX(sf_bench_mutex);
static char sf_bench_result[128];

static int sf_bench_batch(const struct sf_bench_run *run, u32 n, u32 stop)
{
	int err = 0;

	if (run->mode >= SF_BENCH_XDP)
		return sf_bench_xdp_loop(run, n, stop);
	while (n < stop && !err)
		err = sf_bench_send(run, n++);
	return err;
}

static int sf_bench_loop(const struct sf_bench_run *run, u64 *ns)
{
	unsigned int n, stop;
	u64 start;
	int err = 0;

	*ns = 0;
	for (n = 0; n < run->count && !err; n = stop) {
		stop = min(run->count, n + SF_BENCH_BATCH);
		local_bh_disable();
		start = ktime_get_ns();
		err = sf_bench_batch(run, n, stop);
		*ns += ktime_get_ns() - start;
		local_bh_enable();
		cond_resched();
	}
	return err;
}

enum {
	SF_OPT_DEV, SF_OPT_DEVS, SF_OPT_SMAC, SF_OPT_DMAC, SF_OPT_SMACS,
	SF_OPT_DMACS, SF_OPT_VLAN, SF_OPT_VLANS, SF_OPT_LEN, SF_OPT_GSO,
	SF_OPT_COUNT, SF_OPT_EXPECT, SF_OPT_DIRECT, SF_OPT_XDP,
	SF_OPT_XDP_DIRECT, SF_OPT_ERROR
};

static const match_table_t sf_bench_options = {
	{ SF_OPT_DEV,		"dev=%u" },
	{ SF_OPT_DEVS,		"devs=%u" },
	{ SF_OPT_SMAC,		"smac=%s" },
	{ SF_OPT_DMAC,		"dmac=%s" },
	{ SF_OPT_SMACS,		"smacs=%u" },
	{ SF_OPT_DMACS,		"dmacs=%u" },
	{ SF_OPT_VLAN,		"vlan=%u" },
	{ SF_OPT_VLANS,		"vlans=%u" },
	{ SF_OPT_LEN,		"len=%u" },
	{ SF_OPT_GSO,		"gso=%u" },
	{ SF_OPT_COUNT,		"count=%u" },
	{ SF_OPT_EXPECT,	"expect=%u" },
	{ SF_OPT_DIRECT,	"direct" },
	{ SF_OPT_XDP,		"xdp" },
	{ SF_OPT_XDP_DIRECT,	"xdp-direct" },
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

static int sf_bench_parse_word(char *word, struct sf_bench_run *run)
{
	unsigned int *const numbers[] = {
		[SF_OPT_DEV] = &run->dev,	[SF_OPT_DEVS] = &run->devs,
		[SF_OPT_SMACS] = &run->smacs,	[SF_OPT_DMACS] = &run->dmacs,
		[SF_OPT_VLAN] = &run->vlan,	[SF_OPT_VLANS] = &run->vlans,
		[SF_OPT_LEN] = &run->len,	[SF_OPT_GSO] = &run->gso,
		[SF_OPT_COUNT] = &run->count,	[SF_OPT_EXPECT] = &run->expect,
	};
	substring_t args[MAX_OPT_ARGS];
	int token = match_token(word, sf_bench_options, args);

	switch (token) {
	case SF_OPT_SMAC:
		return sf_bench_match_mac(args, run->smac);
	case SF_OPT_DMAC:
		return sf_bench_match_mac(args, run->dmac);
	case SF_OPT_DIRECT:
		run->mode = SF_BENCH_DIRECT;
		return 0;
	case SF_OPT_XDP:
		run->mode = SF_BENCH_XDP;
		return 0;
	case SF_OPT_XDP_DIRECT:
		run->mode = SF_BENCH_XDP_DIRECT;
		return 0;
	case SF_OPT_ERROR:
		return -EINVAL;
	default:
		return match_uint(args, numbers[token]);
	}
}

static int sf_bench_parse(char *text, struct sf_bench_run *run)
{
	char *word;
	int err;

	while ((word = strsep(&text, " \n"))) {
		err = *word ? sf_bench_parse_word(word, run) : 0;
		if (err)
			return err;
	}
	if (!run->devs || !run->smacs || !run->dmacs || !run->vlans ||
	    !run->count || run->len < ETH_ZLEN || run->len > 65535 ||
	    run->vlan + run->vlans > VLAN_N_VID ||
	    run->dev >= sf_bench_device_count() ||
	    run->devs > sf_bench_device_count() - run->dev)
		return -EINVAL;
	return 0;
}

static ssize_t sf_bench_run_write(struct file *file, const char __user *data,
				  size_t size, loff_t *pos)
{
	struct sf_bench_run run = {
		.smac = { 0x02, 0, 0, 0, 0, 1 }, .dmac = { 0x02, 0, 0, 0, 0, 2 },
		.devs = 1, .smacs = 1, .dmacs = 1, .vlans = 1, .len = ETH_ZLEN,
		.count = 10000, .expect = VLAN_N_VID,
	};
	u64 ns, frames, wrong;
	char text[256];
	int err;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = '\0';
	err = sf_bench_parse(text, &run);
	if (err)
		return err;

	mutex_lock(&sf_bench_mutex);
	sf_bench_sink_reset(run.expect);
	err = sf_bench_loop(&run, &ns);
	sf_bench_sink_read(&frames, &wrong);
	scnprintf(sf_bench_result, sizeof(sf_bench_result),
		  "{\"sent\":%u,\"ns\":%llu,\"received\":%llu,\"wrong\":%llu}\n",
		  run.count, ns, frames, wrong);
	mutex_unlock(&sf_bench_mutex);
	return err ?: size;
}

static ssize_t sf_bench_run_read(struct file *file, char __user *data,
				 size_t size, loff_t *pos)
{
	return simple_read_from_buffer(data, size, pos, sf_bench_result,
				       strlen(sf_bench_result));
}

static const struct file_operations sf_bench_run_fops = {
	.owner	= THIS_MODULE,
	.read	= sf_bench_run_read,
	.write	= sf_bench_run_write,
};

/* "a 100", "b 100" or "none" */
static ssize_t sf_bench_floor_write(struct file *file, const char __user *data,
				    size_t size, loff_t *pos)
{
	unsigned int vlan = 0;
	char text[16], which;
	int err = 0;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = '\0';
	rtnl_lock();
	if (sscanf(text, "%c %u", &which, &vlan) == 2 &&
	    vlan - 1 < VLAN_N_VID - 2 && (which == 'a' || which == 'b'))
		err = sf_bench_floor_set(which == 'b', vlan);
	else
		sf_bench_floor_clear();
	rtnl_unlock();
	return err ?: size;
}

static const struct file_operations sf_bench_floor_fops = {
	.owner	= THIS_MODULE,
	.write	= sf_bench_floor_write,
};

static int __init sf_bench_module_init(void)
{
	int err;

	if (devices < 2)
		return -EINVAL;
	err = sf_bench_devices_add(devices);
	if (err)
		return err;
	sf_bench_dir = debugfs_create_dir("segfab_bench", NULL);
	debugfs_create_file("run", 0600, sf_bench_dir, NULL,
			    &sf_bench_run_fops);
	debugfs_create_file("floor", 0200, sf_bench_dir, NULL,
			    &sf_bench_floor_fops);
	return 0;
}

static void __exit sf_bench_module_exit(void)
{
	debugfs_remove_recursive(sf_bench_dir);
	rtnl_lock();
	sf_bench_floor_clear();
	rtnl_unlock();
	sf_bench_devices_del();
}

module_init(sf_bench_module_init);
module_exit(sf_bench_module_exit);

MODULE_DESCRIPTION("Generator and sink of frames for the segfab benchmark");
MODULE_LICENSE("GPL");
