// SPDX-License-Identifier: GPL-2.0
/*
 * Runs: frames in batches, and how long they took. One run is done by whoever
 * asks for it, several at once by workers, each on the processor that its run
 * names.
 *
 * Locking: sf_bench_mutex is held, so the runs of one request are alone.
 */
#include <linux/cpu.h>
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "bench.h"

#define SF_BENCH_BATCH	64	/* frames between two scheduling points */
#define SF_BENCH_SUPER	2	/* super-frames: a veth has room for the pieces */

/* What runs write to if they say so, in a line of its own: how much does that
 * slow them down?
 */
static atomic_t sf_bench_shared ____cacheline_aligned_in_smp;

/* Workers that have not begun. */
static atomic_t sf_bench_waiting ____cacheline_aligned_in_smp;

static int sf_bench_batch(const struct sf_bench_run *run, u32 n, u32 stop)
{
	int err = 0;

	if (run->mode >= SF_BENCH_XDP)
		return sf_bench_xdp_loop(run, n, stop);
	while (n < stop && !err) {
		if (run->shared)
			atomic_inc(&sf_bench_shared);
		err = sf_bench_send(run, n++);
	}
	return err;
}

/* How long a batch takes. What another device is given to send is received when
 * BH are enabled again, or by ksoftirqd if that is at work already.
 */
static u64 sf_bench_time(const struct sf_bench_run *run, u32 n, u32 stop,
			 int *err)
{
	u64 start, end;

	local_bh_disable();
	start = ktime_get_ns();
	*err = sf_bench_batch(run, n, stop);
	end = ktime_get_ns();
	local_bh_enable();
	if (run->mode == SF_BENCH_TRANSMIT) {
		while (local_softirq_pending())
			schedule();
		end = ktime_get_ns();
	}
	return end - start;
}

static void sf_bench_loop(struct sf_bench_flow *flow)
{
	const struct sf_bench_run *run = &flow->run;
	unsigned int n, stop, batch = SF_BENCH_BATCH;

	if (run->mode == SF_BENCH_TRANSMIT && run->gso)
		batch = SF_BENCH_SUPER;
	flow->ns = 0;
	for (n = 0; n < run->count && !flow->err; n = stop) {
		stop = min(run->count, n + batch);
		flow->ns += sf_bench_time(run, n, stop, &flow->err);
		cond_resched();
	}
}

/* They begin together. */
static void sf_bench_work(struct work_struct *work)
{
	struct sf_bench_flow *flow = container_of(work, struct sf_bench_flow,
						  work);

	atomic_dec(&sf_bench_waiting);
	while (atomic_read(&sf_bench_waiting))
		cond_resched();
	sf_bench_loop(flow);
}

static bool sf_bench_can_run(const struct sf_bench_flow *flows,
			     unsigned int count)
{
	unsigned int i, cpu;

	for (i = 0; i < count; i++) {
		cpu = flows[i].run.cpu;
		if (cpu >= nr_cpu_ids || !cpu_online(cpu) ||
		    (i && cpu == flows[i - 1].run.cpu))
			return false;
	}
	return true;
}

static void sf_bench_at_once(struct sf_bench_flow *flows, unsigned int count)
{
	unsigned int i;

	atomic_set(&sf_bench_waiting, count);
	for (i = 0; i < count; i++) {
		INIT_WORK_ONSTACK(&flows[i].work, sf_bench_work);
		schedule_work_on(flows[i].run.cpu, &flows[i].work);
	}
	for (i = 0; i < count; i++) {
		flush_work(&flows[i].work);
		destroy_work_on_stack(&flows[i].work);
	}
}

/**
 * sf_bench_flows - do what runs say
 * @flows: the runs; each gets its time and its error
 * @count: how many, at most SF_BENCH_FLOWS
 *
 * Context: process.
 */
void sf_bench_flows(struct sf_bench_flow *flows, unsigned int count)
{
	if (count == 1) {
		sf_bench_loop(flows);
		return;
	}
	cpus_read_lock();
	if (sf_bench_can_run(flows, count))
		sf_bench_at_once(flows, count);
	else
		flows->err = -EINVAL;
	cpus_read_unlock();
}
