/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking the hosts that a frame has left to what became of it there.
 */
#ifndef _SEGD_INQUIRY_H
#define _SEGD_INQUIRY_H

#include "peer.h"
#include "report.h"

struct sg_inquiry;

struct sg_inquiry *sg_inquiry_begin(const struct sg_traced *t,
				    const struct sg_peers *peers, int wake);
bool sg_inquiry_over(struct sg_inquiry *q);
json_t *sg_inquiry_end(struct sg_inquiry *q);

#endif /* _SEGD_INQUIRY_H */
