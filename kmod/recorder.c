// SPDX-License-Identifier: GPL-2.0
/*
 * The flight recorder: the last frames that were dropped, for questions after
 * the fact. It is always on, is written only where frames end, and only so
 * often: a flood of drops costs no more than without it. Each reason has slots
 * of its own, so that one that is frequent does not push out one that is rare.
 *
 * Locking: each CPU writes its own slots, with BH disabled, under the lock of
 * the CPU's recorder, for which only readers contend.
 */
#include "recorder.h"

#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#include "rate.h"
#include "segment.h"

/**
 * struct sf_record_ring - what is kept for one reason
 * @rate: of records that may be written
 * @next: slot that is written next
 * @missed: drops since the last record
 * @record: the slots
 */
struct sf_record_ring {
	struct sf_rate		rate;
	u8			next;
	u32			missed;
	struct sf_record	record[SF_RECORDS];
};

/**
 * struct sf_recorder - what one CPU keeps
 * @lock: guards it; taken with BH disabled
 * @ring: by reason
 */
struct sf_recorder {
	/* written for each record */
	spinlock_t		lock;
	struct sf_record_ring	ring[SF_DROP_REASONS];
};

static DEFINE_PER_CPU(struct sf_recorder *, sf_recorders);

/* The frame is linear where it matters, or it is copied piece by piece. */
static u8 sf_record_bytes(u8 *to, const struct sk_buff *skb)
{
	int offset, len;

	if (!skb || !skb_mac_header_was_set(skb))
		return 0;
	offset = skb_mac_offset(skb);
	len = min_t(int, skb->len - offset, SEGFAB_RECORD_LEN);
	return skb_copy_bits(skb, offset, to, len) ? 0 : len;
}

static void sf_record_write(struct sf_record *record, const struct sf_end *end)
{
	const struct sf_segment *segment = end->frame->segment;
	const struct net *net = dev_net(end->dev ?: segment->dev);

	record->net_cookie = net->net_cookie;
	record->time = ktime_get_real_ns();
	record->generation = READ_ONCE(sf_net(net)->generation);
	record->len = end->frame->len;
	record->segment_ifindex = segment ? segment->dev->ifindex : 0;
	strscpy(record->segment, segment ? segment->dev->name : "",
		sizeof(record->segment));
	record->port_ifindex = end->dev ? end->dev->ifindex : 0;
	strscpy(record->port, end->dev ? end->dev->name : "",
		sizeof(record->port));
	record->vlan = sf_end_vlan(end);
	record->reason = end->reason;
	record->frame_len = sf_record_bytes(record->frame, end->skb);
}

/**
 * sf_record - remember a frame that is dropped
 * @end: the frame
 *
 * Context: BH disabled, RCU read side.
 */
void sf_record(const struct sf_end *end)
{
	struct sf_recorder *recorder = this_cpu_read(sf_recorders);
	struct sf_record_ring *ring = &recorder->ring[end->reason];
	struct sf_record *record;

	if (!sf_rate_allows(&ring->rate, SF_RECORD_RATE)) {
		ring->missed++;
		return;
	}
	spin_lock(&recorder->lock);
	record = &ring->record[ring->next];
	ring->next = (ring->next + 1) % SF_RECORDS;
	record->missed = ring->missed;
	ring->missed = 0;
	sf_record_write(record, end);
	spin_unlock(&recorder->lock);
}

/**
 * sf_record_count - how many records there can be
 *
 * Return: one more than the greatest number for sf_record_get().
 */
unsigned int sf_record_count(void)
{
	return nr_cpu_ids * SF_DROP_REASONS * SF_RECORDS;
}

/**
 * sf_record_get - read a record
 * @number: its number, less than sf_record_count(); in no order of time
 * @record: takes it
 *
 * Context: BH enabled.
 * Return: false if there is nothing.
 */
bool sf_record_get(unsigned int number, struct sf_record *record)
{
	unsigned int slot = number % SF_RECORDS;
	unsigned int reason = number / SF_RECORDS % SF_DROP_REASONS;
	unsigned int cpu = number / SF_RECORDS / SF_DROP_REASONS;
	struct sf_recorder *recorder;

	recorder = cpu_possible(cpu) ? per_cpu(sf_recorders, cpu) : NULL;
	if (!recorder)
		return false;
	spin_lock_bh(&recorder->lock);
	*record = recorder->ring[reason].record[slot];
	spin_unlock_bh(&recorder->lock);
	return record->time;
}

/**
 * sf_recorder_exit - forget everything; no frame is left
 */
void sf_recorder_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(sf_recorders, cpu));
		per_cpu(sf_recorders, cpu) = NULL;
	}
}

/**
 * sf_recorder_init - make room for records, before there are frames
 *
 * Return: 0 or -ENOMEM.
 */
int __init sf_recorder_init(void)
{
	struct sf_recorder *recorder;
	int cpu, reason;

	for_each_possible_cpu(cpu) {
		recorder = kvzalloc_node(sizeof(*recorder), GFP_KERNEL,
					 cpu_to_node(cpu));
		if (!recorder) {
			sf_recorder_exit();
			return -ENOMEM;
		}
		spin_lock_init(&recorder->lock);
		for (reason = 0; reason < SF_DROP_REASONS; reason++)
			sf_rate_init(&recorder->ring[reason].rate);
		per_cpu(sf_recorders, cpu) = recorder;
	}
	return 0;
}
