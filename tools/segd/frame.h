/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame that a traceflow's packet describes.
 */
#ifndef _SEGD_FRAME_H
#define _SEGD_FRAME_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "segfab.h"

/**
 * struct sg_frame - a frame
 * @routed: it goes to the gateway of the network that it comes from
 * @len: its length
 * @bytes: from its Ethernet header on
 */
struct sg_frame {
	bool	routed;
	size_t	len;
	uint8_t	bytes[SEGFAB_FRAME_MAX];
};

int sg_frame_make(const json_t *packet, struct sg_frame *frame,
		  struct sg_error *e);
int sg_frame_ask(struct sg_frame *frame, const char *gateway);

#endif /* _SEGD_FRAME_H */
