/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_PROBE_H
#define _SEGFAB_PROBE_H

#include "trace.h"

/**
 * struct sf_probe - a frame to be made for a trace
 * @port: the port that it comes from
 * @via: the binding map that it comes through, NULL: none, or that of its tag
 * @data: the frame, beginning with the Ethernet header
 * @len: its length, at least ETH_HLEN
 */
struct sf_probe {
	struct sf_port		*port;
	struct sf_binding	*via;
	const void		*data;
	unsigned int		len;
};

int sf_probe_check(const struct sf_probe *probe,
		   struct netlink_ext_ack *extack);
int sf_probe_send(const struct sf_probe *probe, struct sf_trace *trace);

#endif /* _SEGFAB_PROBE_H */
