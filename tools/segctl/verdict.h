/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of a frame, and what has become of it.
 */
#ifndef _SEGCTL_VERDICT_H
#define _SEGCTL_VERDICT_H

#include "show.h"

/* Exit codes of a verdict; 2 means, as REFUSED does, that nothing is known. */
enum {
	DELIVERED = 0,
	DROPPED = 1,
	NO_VERDICT = 2,
};

/**
 * struct verdict - what a trace has come to
 * @delivered: copies that were delivered on this host
 * @left: copies that left the host, to where it is not known
 * @dropped: copies that were dropped
 * @followed: one that left is followed by the other host
 * @last: the step that decided
 * @end: what the kernel says of the trace
 */
struct verdict {
	uint32_t			delivered;
	uint32_t			left;
	uint32_t			dropped;
	bool				followed;
	struct segfab_observation	last;
	struct segfab_trace_end		end;
};

static inline bool is_decided(const struct verdict *v)
{
	return v->delivered || v->left || v->dropped;
}

int show_step(const struct segfab_observation *o, void *arg);
int verdict_code(const struct verdict *v, uint32_t count);
void show_outcome(const struct verdict *v, int code);
void show_verdict(const struct verdict *v, int code);
void text_verdict(const struct verdict *v, int code);
void show_global_id(uint64_t id);
void text_global_id(uint64_t id);
void show_followed(const struct verdict *v);

#endif /* _SEGCTL_VERDICT_H */
