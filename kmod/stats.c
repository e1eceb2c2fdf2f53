// SPDX-License-Identifier: GPL-2.0
/*
 * What is counted, and how it is summed up. Frames are counted once, at the
 * port or uplink and at the binding map; a segment has no counters of its own
 * but for drops of the host's frames: it is the sum of its ports, those that
 * are gone included, and so is a zone of its uplinks.
 * Documentation/statistics.rst is the contract.
 *
 * Locking: counters are per CPU, written with BH disabled, read by anyone. The
 * lock of a sum is written under RTNL, when a source joins or leaves.
 */
#include "stats.h"

#include <linux/percpu.h>
#include <linux/rtnetlink.h>

/**
 * sf_count_drop - count a frame that ends
 * @stats: counters of the port, or of the segment for the host's frames
 * @reason: why
 *
 * Context: BH disabled.
 */
void sf_count_drop(struct sf_port_stats __percpu *stats, enum sf_drop reason)
{
	struct sf_port_stats *cpu = this_cpu_ptr(stats);

	u64_stats_update_begin(&cpu->traffic.syncp);
	u64_stats_inc(&cpu->drops[reason]);
	u64_stats_update_end(&cpu->traffic.syncp);
}

/**
 * sf_count_passed - count a frame that is left to the host's own stack
 * @stats: counters of the uplink
 *
 * Context: BH disabled.
 */
void sf_count_passed(struct sf_port_stats __percpu *stats)
{
	struct sf_port_stats *cpu = this_cpu_ptr(stats);

	u64_stats_update_begin(&cpu->traffic.syncp);
	u64_stats_inc(&cpu->passed);
	u64_stats_update_end(&cpu->traffic.syncp);
}

/**
 * sf_port_stats_alloc - counters of a port or an uplink
 *
 * Context: may sleep.
 * Return: the counters, all zero, for free_percpu(); or NULL.
 */
struct sf_port_stats __percpu *sf_port_stats_alloc(void)
{
	struct sf_port_stats __percpu *stats;
	int cpu;

	stats = alloc_percpu(struct sf_port_stats);
	if (!stats)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(stats, cpu)->traffic.syncp);
	return stats;
}

/**
 * sf_traffic_alloc - counters of a binding map
 *
 * Context: may sleep.
 * Return: the counters, all zero, for free_percpu(); or NULL.
 */
struct sf_traffic __percpu *sf_traffic_alloc(void)
{
	struct sf_traffic __percpu *stats;
	int cpu;

	stats = alloc_percpu(struct sf_traffic);
	if (!stats)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(stats, cpu)->syncp);
	return stats;
}

/* Adding takes place once a consistent copy was read, so that a retry does
 * not add twice.
 */
static void sf_add_traffic(const struct sf_traffic *traffic,
			   struct sf_totals *totals)
{
	u64 packets, bytes;
	unsigned int start;
	int class, dir;

	for (class = 0; class < SF_CLASSES; class++) {
		for (dir = 0; dir < SF_DIRECTIONS; dir++) {
			const struct sf_counter *count;

			count = &traffic->count[class][dir];
			do {
				start = u64_stats_fetch_begin(&traffic->syncp);
				packets = u64_stats_read(&count->packets);
				bytes = u64_stats_read(&count->bytes);
			} while (u64_stats_fetch_retry(&traffic->syncp, start));
			totals->packets[class][dir] += packets;
			totals->bytes[class][dir] += bytes;
		}
	}
}

static void sf_add_drops(const struct sf_port_stats *stats,
			 struct sf_totals *totals)
{
	unsigned int start;
	int reason;
	u64 drops;

	for (reason = 0; reason < SF_DROP_REASONS; reason++) {
		do {
			start = u64_stats_fetch_begin(&stats->traffic.syncp);
			drops = u64_stats_read(&stats->drops[reason]);
		} while (u64_stats_fetch_retry(&stats->traffic.syncp, start));
		totals->drops[reason] += drops;
	}
}

static void sf_add_passed(const struct sf_port_stats *stats,
			  struct sf_totals *totals)
{
	unsigned int start;
	u64 passed;

	do {
		start = u64_stats_fetch_begin(&stats->traffic.syncp);
		passed = u64_stats_read(&stats->passed);
	} while (u64_stats_fetch_retry(&stats->traffic.syncp, start));
	totals->passed += passed;
}

static void sf_add_port_stats(const struct sf_port_stats __percpu *stats,
			      struct sf_totals *totals)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		sf_add_traffic(&per_cpu_ptr(stats, cpu)->traffic, totals);
		sf_add_drops(per_cpu_ptr(stats, cpu), totals);
		sf_add_passed(per_cpu_ptr(stats, cpu), totals);
	}
}

/**
 * sf_port_stats_totals - read the counters of a port or an uplink
 * @stats: the counters
 * @totals: takes them
 */
void sf_port_stats_totals(const struct sf_port_stats __percpu *stats,
			  struct sf_totals *totals)
{
	memset(totals, 0, sizeof(*totals));
	sf_add_port_stats(stats, totals);
}

/**
 * sf_binding_totals - read the counters of a binding map
 * @binding: the binding map
 * @totals: takes them; there are no drops
 */
void sf_binding_totals(const struct sf_binding *binding,
		       struct sf_totals *totals)
{
	int cpu;

	memset(totals, 0, sizeof(*totals));
	for_each_possible_cpu(cpu)
		sf_add_traffic(per_cpu_ptr(binding->stats, cpu), totals);
}

/**
 * sf_stats_sum_init - make the sum of a segment or a zone
 * @sum: the sum
 *
 * Context: may sleep.
 * Return: 0, with @sum->own for free_percpu(); or -ENOMEM.
 */
int sf_stats_sum_init(struct sf_stats_sum *sum)
{
	seqlock_init(&sum->lock);
	INIT_LIST_HEAD(&sum->sources);
	sum->own = sf_port_stats_alloc();
	return sum->own ? 0 : -ENOMEM;
}

/**
 * sf_stats_sum_totals - read the counters of a segment or a zone
 * @sum: its sum
 * @totals: takes that of all sources, past and present
 *
 * Context: RCU read side, or RTNL.
 */
void sf_stats_sum_totals(struct sf_stats_sum *sum, struct sf_totals *totals)
{
	const struct sf_stats_source *source;
	unsigned int seq;

	do {
		seq = read_seqbegin(&sum->lock);
		*totals = sum->removed;
		sf_add_port_stats(sum->own, totals);
		list_for_each_entry_rcu(source, &sum->sources, node,
					lockdep_rtnl_is_held())
			sf_add_port_stats(source->stats, totals);
	} while (read_seqretry(&sum->lock, seq));
}

/**
 * sf_stats_join - counters become part of a sum
 * @sum: the sum
 * @source: keeps them in it
 * @stats: the counters
 *
 * Context: RTNL.
 */
void sf_stats_join(struct sf_stats_sum *sum, struct sf_stats_source *source,
		   struct sf_port_stats __percpu *stats)
{
	source->stats = stats;
	write_seqlock_bh(&sum->lock);
	list_add_tail_rcu(&source->node, &sum->sources);
	write_sequnlock_bh(&sum->lock);
}

/**
 * sf_stats_leave - keep what was counted by a port or uplink that goes away
 * @sum: the sum
 * @source: the counters; no frame is with them any more, or its last would be
 *	lost
 *
 * Context: RTNL.
 */
void sf_stats_leave(struct sf_stats_sum *sum, struct sf_stats_source *source)
{
	write_seqlock_bh(&sum->lock);
	list_del_rcu(&source->node);
	sf_add_port_stats(source->stats, &sum->removed);
	write_sequnlock_bh(&sum->lock);
}

/**
 * sf_totals_packets - frames of all classes
 * @totals: the counters
 * @dir: ingress or egress
 *
 * Return: the sum.
 */
u64 sf_totals_packets(const struct sf_totals *totals, enum sf_direction dir)
{
	u64 sum = 0;
	int class;

	for (class = 0; class < SF_CLASSES; class++)
		sum += totals->packets[class][dir];
	return sum;
}

/**
 * sf_totals_bytes - bytes of frames of all classes
 * @totals: the counters
 * @dir: ingress or egress
 *
 * Return: the sum.
 */
u64 sf_totals_bytes(const struct sf_totals *totals, enum sf_direction dir)
{
	u64 sum = 0;
	int class;

	for (class = 0; class < SF_CLASSES; class++)
		sum += totals->bytes[class][dir];
	return sum;
}

/**
 * sf_totals_drops - drops for all reasons
 * @totals: the counters
 *
 * Return: the sum.
 */
u64 sf_totals_drops(const struct sf_totals *totals)
{
	u64 sum = 0;
	int reason;

	for (reason = 0; reason < SF_DROP_REASONS; reason++)
		sum += totals->drops[reason];
	return sum;
}
