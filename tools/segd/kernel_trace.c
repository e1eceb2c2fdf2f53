// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following frames in the kernel. Each has a handle of its own: a trace lives
 * as long as its handle, and one that is made anew finds a module that was
 * loaded meanwhile.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

/**
 * struct sg_trace - a frame that is followed
 * @h: its handle
 * @id: its number
 */
struct sg_trace {
	struct segfab	*h;
	uint32_t	id;
};

/* The gateway of a segment is the host: its address is the device's. */
static int sg_trace_gateway(struct segfab *h, const char *segment,
			    uint8_t *frame)
{
	struct segfab_link link;
	int err;

	err = segfab_link_get(h, segment, &link);
	if (!err)
		memcpy(frame, link.mac, SEGFAB_MAC_LEN);
	return err;
}

static int sg_trace_probe(struct sg_trace *trace,
			  const struct sg_want_trace *want)
{
	uint8_t frame[SEGFAB_FRAME_MAX];
	const struct segfab_trace_probe probe = {
		.port = want->port,
		.via = *want->via ? want->via : NULL,
		.frame = frame,
		.len = want->len,
	};
	int err = 0;

	memcpy(frame, want->frame, want->len);
	if (*want->gateway)
		err = sg_trace_gateway(trace->h, want->gateway, frame);
	return err ? err : segfab_trace_probe(trace->h, &probe, &trace->id);
}

int sg_kernel_trace_start(struct sg_backend *b,
			  const struct sg_want_trace *want,
			  struct sg_trace **result, struct sg_fault *fault)
{
	struct sg_trace *trace = sg_alloc(sizeof(*trace));
	int err;

	trace->h = segfab_new();
	err = trace->h ? segfab_open(trace->h, NULL) : -ENOMEM;
	if (!err)
		err = sg_trace_probe(trace, want);
	if (!err) {
		*result = trace;
		return 0;
	}
	sg_fault(fault, "%s", trace->h ? segfab_error(trace->h) :
		 strerror(-err));
	sg_kernel_trace_end(b, trace);
	return err;
}

int sg_kernel_trace_read(struct sg_backend *b, struct sg_trace *trace,
			 uint32_t from, segfab_observation_fn fn, void *arg,
			 struct segfab_trace_end *end, struct sg_fault *fault)
{
	int err;

	(void)b;
	err = segfab_trace_read(trace->h, trace->id, from, fn, arg, end);
	if (err)
		sg_fault(fault, "%s", segfab_error(trace->h));
	return err;
}

void sg_kernel_trace_end(struct sg_backend *b, struct sg_trace *trace)
{
	(void)b;
	segfab_free(trace->h);
	free(trace);
}
