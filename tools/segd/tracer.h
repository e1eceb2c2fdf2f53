/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Running traceflows, and keeping what has come of them.
 */
#ifndef _SEGD_TRACER_H
#define _SEGD_TRACER_H

#include "peer.h"
#include "realizer.h"

struct sg_tracer;

struct sg_tracer *sg_tracer_start(struct sg_store *store,
				  struct sg_realizer *realizer,
				  unsigned int idle);
void sg_tracer_stop(struct sg_tracer *t);
void sg_tracer_idle(struct sg_tracer *t, unsigned int idle);
void sg_tracer_peers(struct sg_tracer *t, struct sg_peers *peers);
void sg_tracer_changed(const struct sg_change *c, struct sg_tracer *t);
void sg_tracer_run(struct sg_tracer *t, const char *path);
bool sg_tracer_runs(struct sg_tracer *t, const char *path);

#endif /* _SEGD_TRACER_H */
