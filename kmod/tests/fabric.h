/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TESTS_FABRIC_H
#define _SEGFAB_TESTS_FABRIC_H

#include <kunit/test.h>

#include "../binding.h"
#include "../fdb.h"
#include "../port.h"
#include "../segment.h"
#include "../stats.h"
#include "fake_dev.h"
#include "frame.h"

/*
 *	a0  a1       b0            parents, and their ports
 *	 |   |        |
 *	[ SFK_PA ] [ SFK_PB ]
 *	 100|  300\    |200        binding maps, and their tags
 *	    |      \   |
 *	[SFK_CB] [ SFK_CA ]        children: 100 leads to SFK_CB, 300 and
 *	    |      |   |           200 to SFK_CA
 *	   d0     c0   c1
 */
enum sfk_segment { SFK_PA, SFK_PB, SFK_CA, SFK_CB, SFK_SEGMENTS };
enum sfk_port { SFK_A0, SFK_A1, SFK_B0, SFK_C0, SFK_C1, SFK_D0, SFK_PORTS };
enum sfk_binding { SFK_CA_PA, SFK_CA_PB, SFK_CB_PA, SFK_BINDINGS };

/* Where an address of SFK_CA can be: behind c0, c1, or through a binding map
 * behind a0, a1 or b0.
 */
#define SFK_PLACES	5

#define SFK_CA_PA_VLAN	300
#define SFK_CA_PB_VLAN	200
#define SFK_CB_PA_VLAN	100

/**
 * struct sfk_host - the host's side of a segment
 * @tap: sees what reaches the host's stack
 * @sink: what it saw
 */
struct sfk_host {
	struct packet_type	tap;
	struct sfk_sink		sink;
};

/**
 * struct sfk_fabric - segments, ports and binding maps to play with
 * @segment: the segments, all up
 * @dev: the ports' devices, all up
 * @port: the ports
 * @host: what reached the host in each segment
 * @binding: the binding maps; a test that changes one keeps this up to date
 */
struct sfk_fabric {
	struct sf_segment	*segment[SFK_SEGMENTS];
	struct sfk_dev		*dev[SFK_PORTS];
	struct sf_port		*port[SFK_PORTS];
	struct sfk_host		host[SFK_SEGMENTS];
	struct sf_binding	*binding[SFK_BINDINGS];
};

/* Expect @frame, with a tag or SFK_UNTAGGED, as the next one from a device, or
 * at the host of a segment; expect no other frame anywhere.
 */
#define SFK_EXPECT_SENT(test, fabric, dev_, frame, tci)			\
	KUNIT_EXPECT_STREQ(test, "",					\
			   sfk_next(&(fabric)->dev[dev_]->sink, frame, tci))
#define SFK_EXPECT_HOST(test, fabric, segment_, frame, tci)		\
	KUNIT_EXPECT_STREQ(test, "",					\
			   sfk_next(&(fabric)->host[segment_].sink, frame, tci))
#define SFK_EXPECT_NO_MORE(test, fabric)				\
	KUNIT_EXPECT_EQ(test, 0, sfk_left(fabric))

int sfk_fabric_init(struct kunit *test);
void sfk_fabric_exit(struct kunit *test);
unsigned int sfk_left(struct sfk_fabric *fabric);
void sfk_set_mode(struct sfk_fabric *fabric, enum sfk_dev_mode mode);
struct sf_segment *sfk_segment_create(const char *name);
int sfk_set_guest_vlans(struct sf_segment *segment,
			const unsigned long *bitmap);
bool sfk_learn(struct sf_segment *segment, const u8 *mac,
	       struct sf_port *port, struct sf_binding *binding);
void sfk_know(struct sfk_fabric *fabric, enum sfk_segment segment, u32 number,
	      enum sfk_port port, int binding);
struct sf_port *sfk_place_port(struct sfk_fabric *fabric, int place);
struct sf_binding *sfk_place_binding(struct sfk_fabric *fabric, int place);
bool sfk_learn_number(struct sfk_fabric *fabric, u32 number, int place);
u64 sfk_drops(const struct sf_port *port, enum sf_drop reason);
u64 sfk_port_packets(const struct sf_port *port, enum sf_direction dir);
u64 sfk_binding_packets(const struct sf_binding *binding,
			enum sf_direction dir);

#endif /* _SEGFAB_TESTS_FABRIC_H */
