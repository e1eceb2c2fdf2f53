/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What clients are told about a frame that was followed.
 */
#ifndef _SEGD_REPORT_H
#define _SEGD_REPORT_H

#include "realizer.h"

/**
 * struct sg_traced - a frame that was followed, and how far
 * @path: of the traceflow
 * @config: the traceflow
 * @port: path of the port that it came from, or ""
 * @segment: path of the segment that this is in
 * @step: what was seen
 * @steps: how many
 * @size: room for
 * @end: how far the trace has come
 * @delivered: a step was its delivery, or it has left this host
 * @dropped: a step was its drop
 * @far: what other hosts have answered, by tunnel address, or NULL: of each
 *	"why" there is no answer, or the members of sg_report_arrived()
 * @request: the API's word for how it went
 * @why: why it did not go well, or ""
 */
struct sg_traced {
	const char			*path;
	const json_t			*config;
	char				port[SG_PATH_SIZE];
	char				segment[SG_PATH_SIZE];
	struct segfab_observation	*step;
	size_t				steps;
	size_t				size;
	struct segfab_trace_end		end;
	bool				delivered;
	bool				dropped;
	json_t				*far;
	const char			*request;
	char				why[1024];
};

json_t *sg_report_status(const struct sg_traced *t, const char *state,
			 const json_t *observations);
json_t *sg_report(struct sg_realizer *r, struct sg_db *db,
		  const struct sg_traced *t);
json_t *sg_report_arrived(struct sg_realizer *r, struct sg_db *db,
			  const struct sg_traced *t);
int sg_traced_add(const struct segfab_observation *o, void *traced);
bool sg_has_left(const struct segfab_observation *o);

#endif /* _SEGD_REPORT_H */
