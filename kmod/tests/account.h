/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TESTS_ACCOUNT_H
#define _SEGFAB_TESTS_ACCOUNT_H

#include "fabric.h"

#define SFK_NUMBERS	24	/* unicast addresses that take part */

/**
 * struct sfk_place - where an address is
 * @known: whether it is
 * @port: behind which port
 * @binding: through which binding map, -1: none
 */
struct sfk_place {
	bool	known;
	int	port;
	int	binding;
};

/**
 * struct sfk_account - what should have been counted
 * @f: the fabric
 * @present: whether a port is one
 * @fdb: where each address is, in each segment
 * @port: counters of each port
 * @removed: counters of ports that have left, of each segment
 * @binding: counters of each binding map
 * @sent: frames that each device has sent
 * @host: frames that reached the host, in each segment
 */
struct sfk_account {
	struct sfk_fabric	*f;
	bool			present[SFK_PORTS];
	struct sfk_place	fdb[SFK_SEGMENTS][SFK_NUMBERS];
	struct sf_totals	port[SFK_PORTS];
	struct sf_totals	removed[SFK_SEGMENTS];
	struct sf_totals	binding[SFK_BINDINGS];
	u64			sent[SFK_PORTS];
	u64			host[SFK_SEGMENTS];
};

int sfk_segment_of(int port);
void sfk_add_totals(struct sf_totals *sum, const struct sf_totals *add);
int sfk_totals_differ(const struct sf_totals *a, const struct sf_totals *b);
void sfk_account_frame(struct sfk_account *account,
		       const struct sfk_frame *frame, int from);
void sfk_account_leave(struct sfk_account *account, int port);
int sfk_account_join(struct sfk_account *account, int port);

#endif /* _SEGFAB_TESTS_ACCOUNT_H */
