/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_RECORDER_H
#define _SEGFAB_RECORDER_H

#include "types.h"

/* Kept of each reason on each CPU, and at most so many new ones a second. */
#define SF_RECORDS	8
#define SF_RECORD_RATE	10

/**
 * struct sf_record - a frame that was dropped
 * @net_cookie: the network namespace; never that of another one
 * @time: nanoseconds since the epoch; 0: nothing is recorded here
 * @generation: &sf_net.generation when it was dropped
 * @missed: drops for the same reason that were not recorded before it
 * @len: bytes of the frame, as they are counted
 * @segment_ifindex: the segment that it belonged to, 0: none
 * @port_ifindex: the port or uplink at which it was counted, 0: the host
 * @vlan: tag, host byte order; 0: none
 * @reason: enum sf_drop
 * @frame_len: bytes in @frame, 0: nothing was left of it
 * @segment: name of the segment, or ""
 * @port: name of the port or uplink, or ""
 * @frame: how the frame begins
 */
struct sf_record {
	u64	net_cookie;
	u64	time;
	u32	generation;
	u32	missed;
	u32	len;
	int	segment_ifindex;
	int	port_ifindex;
	u16	vlan;
	u8	reason;
	u8	frame_len;
	char	segment[IFNAMSIZ];
	char	port[IFNAMSIZ];
	u8	frame[SEGFAB_RECORD_LEN];
};

void sf_record(const struct sf_end *end);
bool sf_record_get(unsigned int number, struct sf_record *record);
unsigned int sf_record_count(void);
int sf_recorder_init(void);
void sf_recorder_exit(void);

#endif /* _SEGFAB_RECORDER_H */
