// SPDX-License-Identifier: GPL-2.0
/*
 * A generator and a sink of frames, for the benchmark: devices bench0, bench1,
 * ... and two debugfs files:
 *
 *	echo "dev=0 count=10000 vlan=100 ..." > segfab_bench/run
 *	cat segfab_bench/run		{"sent":10000,"ns":...}
 *	echo "dev=0 cpu=0 ...; dev=2 cpu=1 ..." > segfab_bench/run
 *	echo "a vlan=100" > segfab_bench/floor
 *
 * Under QEMU's -icount the clock counts instructions.
 *
 * Locking: one run at a time, under sf_bench_mutex.
 */
#include <linux/debugfs.h>
#include <linux/if_vlan.h>
#include <linux/module.h>
#include <linux/parser.h>
#include <linux/rtnetlink.h>

#include "bench.h"

static unsigned int devices = 3;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "how many devices to make, 2 at least");

static struct dentry *sf_bench_dir;
static DEFINE_MUTEX(sf_bench_mutex);
static char sf_bench_result[128];

enum {
	SF_OPT_DEV, SF_OPT_DEVS, SF_OPT_SMAC, SF_OPT_DMAC, SF_OPT_SMACS,
	SF_OPT_DMACS, SF_OPT_VLAN, SF_OPT_VLANS, SF_OPT_LEN, SF_OPT_GSO,
	SF_OPT_COUNT, SF_OPT_EXPECT, SF_OPT_CPU, SF_OPT_OUT, SF_OPT_DIRECT,
	SF_OPT_XDP, SF_OPT_XDP_DIRECT, SF_OPT_SHARED, SF_OPT_MARKS, SF_OPT_ERROR
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
	{ SF_OPT_CPU,		"cpu=%u" },
	{ SF_OPT_OUT,		"out=%u" },
	{ SF_OPT_DIRECT,	"direct" },
	{ SF_OPT_XDP,		"xdp" },
	{ SF_OPT_XDP_DIRECT,	"xdp-direct" },
	{ SF_OPT_SHARED,	"shared" },
	{ SF_OPT_MARKS,		"marks" },
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

/* The device by its number. */
static int sf_bench_match_device(substring_t *arg, struct sf_bench_run *run)
{
	unsigned int ifindex;
	int err;

	err = match_uint(arg, &ifindex);
	if (err || run->out)
		return err ?: -EINVAL;
	run->out = dev_get_by_index(&init_net, ifindex);
	run->mode = SF_BENCH_TRANSMIT;
	return run->out ? 0 : -ENODEV;
}

static int sf_bench_parse_word(char *word, struct sf_bench_run *run)
{
	unsigned int *const numbers[] = {
		[SF_OPT_DEV] = &run->dev,	[SF_OPT_DEVS] = &run->devs,
		[SF_OPT_SMACS] = &run->smacs,	[SF_OPT_DMACS] = &run->dmacs,
		[SF_OPT_VLAN] = &run->vlan,	[SF_OPT_VLANS] = &run->vlans,
		[SF_OPT_LEN] = &run->len,	[SF_OPT_GSO] = &run->gso,
		[SF_OPT_COUNT] = &run->count,	[SF_OPT_EXPECT] = &run->expect,
		[SF_OPT_CPU] = &run->cpu,
	};
	substring_t args[MAX_OPT_ARGS];
	int token = match_token(word, sf_bench_options, args);

	switch (token) {
	case SF_OPT_SMAC:
		return sf_bench_match_mac(args, run->smac);
	case SF_OPT_DMAC:
		return sf_bench_match_mac(args, run->dmac);
	case SF_OPT_OUT:
		return sf_bench_match_device(args, run);
	case SF_OPT_DIRECT:
		run->mode = SF_BENCH_DIRECT;
		return 0;
	case SF_OPT_XDP:
		run->mode = SF_BENCH_XDP;
		return 0;
	case SF_OPT_XDP_DIRECT:
		run->mode = SF_BENCH_XDP_DIRECT;
		return 0;
	case SF_OPT_SHARED:
		run->shared = true;
		return 0;
	case SF_OPT_MARKS:
		run->mode = SF_BENCH_MARKED;
		return 0;
	case SF_OPT_ERROR:
		return -EINVAL;
	default:
		return match_uint(args, numbers[token]);
	}
}

static int sf_bench_parse_run(char *text, struct sf_bench_run *run)
{
	char *word;
	int err;

	*run = (struct sf_bench_run) {
		.smac = { 0x02, 0, 0, 0, 0, 1 }, .dmac = { 0x02, 0, 0, 0, 0, 2 },
		.devs = 1, .smacs = 1, .dmacs = 1, .vlans = 1, .len = ETH_ZLEN,
		.count = 10000, .expect = VLAN_N_VID,
	};
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

/* Runs, with a semicolon between them; returns how many. */
static int sf_bench_parse(char *text, struct sf_bench_flow *flows)
{
	unsigned int count = 0;
	char *run;
	int err;

	while ((run = strsep(&text, ";"))) {
		if (count == SF_BENCH_FLOWS)
			return -E2BIG;
		err = sf_bench_parse_run(run, &flows[count++].run);
		if (err)
			return err;
	}
	return count;
}

/* "ns" is the sum of all runs: what their frames took, one by one. */
static void sf_bench_print(const struct sf_bench_flow *flows,
			   unsigned int count)
{
	u64 frames, wrong, sent = 0, ns = 0;
	unsigned int i;

	for (i = 0; i < count; i++) {
		sent += flows[i].run.count;
		ns += flows[i].ns;
	}
	sf_bench_sink_read(&frames, &wrong);
	scnprintf(sf_bench_result, sizeof(sf_bench_result),
		  "{\"sent\":%llu,\"ns\":%llu,\"received\":%llu,\"wrong\":%llu}\n",
		  sent, ns, frames, wrong);
}

static int sf_bench_do(struct sf_bench_flow *flows, unsigned int count)
{
	unsigned int i;
	int err = 0;

	mutex_lock(&sf_bench_mutex);
	sf_bench_sink_reset(flows[0].run.expect);
	sf_bench_flows(flows, count);
	sf_bench_print(flows, count);
	mutex_unlock(&sf_bench_mutex);
	for (i = 0; i < count; i++)
		err = err ?: flows[i].err;
	return err;
}

static ssize_t sf_bench_run_write(struct file *file, const char __user *data,
				  size_t size, loff_t *pos)
{
	struct sf_bench_flow flows[SF_BENCH_FLOWS] = {};
	char text[384];
	int err, i;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = '\0';
	err = sf_bench_parse(text, flows);
	if (err > 0)
		err = sf_bench_do(flows, err);
	for (i = 0; i < SF_BENCH_FLOWS; i++)
		dev_put(flows[i].run.out);
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
