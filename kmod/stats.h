/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_STATS_H
#define _SEGFAB_STATS_H

#include <linux/etherdevice.h>

#include "types.h"

/**
 * sf_class_of - class of a destination address
 * @dest: address, 6 bytes, 16 bit aligned
 *
 * Return: the class under which frames to it are counted.
 */
static inline enum sf_class sf_class_of(const u8 *dest)
{
	if (likely(!is_multicast_ether_addr(dest)))
		return SF_UNICAST;
	return is_broadcast_ether_addr(dest) ? SF_BROADCAST : SF_MULTICAST;
}

/**
 * sf_count - count a frame that passed
 * @stats: counters of the port or binding map
 * @frame: the frame, for its class and length
 * @direction: ingress or egress
 *
 * Context: BH disabled.
 */
static inline void sf_count(struct sf_traffic __percpu *stats,
			    const struct sf_frame *frame,
			    enum sf_direction direction)
{
	struct sf_traffic *traffic = this_cpu_ptr(stats);
	struct sf_counter *count = &traffic->count[frame->class][direction];

	u64_stats_update_begin(&traffic->syncp);
	u64_stats_inc(&count->packets);
	u64_stats_add(&count->bytes, frame->len);
	u64_stats_update_end(&traffic->syncp);
}

void sf_count_drop(struct sf_port_stats __percpu *stats, enum sf_drop reason);
void sf_count_passed(struct sf_port_stats __percpu *stats);
struct sf_port_stats __percpu *sf_port_stats_alloc(void);
struct sf_traffic __percpu *sf_traffic_alloc(void);
void sf_port_stats_totals(const struct sf_port_stats __percpu *stats,
			  struct sf_totals *totals);
int sf_stats_sum_init(struct sf_stats_sum *sum);
void sf_stats_sum_totals(struct sf_stats_sum *sum, struct sf_totals *totals);
void sf_binding_totals(const struct sf_binding *binding,
		       struct sf_totals *totals);
void sf_stats_join(struct sf_stats_sum *sum, struct sf_stats_source *source,
		   struct sf_port_stats __percpu *stats);
void sf_stats_leave(struct sf_stats_sum *sum, struct sf_stats_source *source);
u64 sf_totals_packets(const struct sf_totals *totals, enum sf_direction dir);
u64 sf_totals_bytes(const struct sf_totals *totals, enum sf_direction dir);
u64 sf_totals_drops(const struct sf_totals *totals);

static inline void sf_port_totals(const struct sf_port *port,
				  struct sf_totals *totals)
{
	sf_port_stats_totals(port->stats, totals);
}

static inline void sf_segment_totals(struct sf_segment *segment,
				     struct sf_totals *totals)
{
	sf_stats_sum_totals(&segment->stats, totals);
}

#endif /* _SEGFAB_STATS_H */
