/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_UNDERLAY_H
#define _SEGFAB_UNDERLAY_H

#include "types.h"

bool sf_underlay_fits(const struct sf_segment *segment,
		      const struct in6_addr *remote,
		      struct netlink_ext_ack *extack);

#endif /* _SEGFAB_UNDERLAY_H */
