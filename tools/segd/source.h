/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the frame of a traceflow comes from.
 */
#ifndef _SEGD_SOURCE_H
#define _SEGD_SOURCE_H

#include "frame.h"
#include "report.h"

/**
 * enum sg_found - what has become of looking for a source
 * @SG_FOUND: it is there
 * @SG_NOT_YET: it is being realized
 * @SG_NOT_FOUND: it cannot be
 */
enum sg_found {
	SG_FOUND,
	SG_NOT_YET,
	SG_NOT_FOUND,
};

enum sg_found sg_source(struct sg_realizer *r, struct sg_db *db,
			struct sg_traced *t, struct sg_frame *frame,
			struct sg_want_trace *want);

const char *sg_source_child(const json_t *config);

#endif /* _SEGD_SOURCE_H */
