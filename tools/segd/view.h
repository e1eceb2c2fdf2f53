/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Views: what can be asked about an object besides the object itself.
 */
#ifndef _SEGD_VIEW_H
#define _SEGD_VIEW_H

#include "api.h"

/**
 * struct sg_view - a view
 * @type: the type that it is of
 * @collection: it is of the collection, not of one object
 * @name: what stands in the path behind the object; empty: nothing
 * @method: "GET" or "POST"
 * @run: answers
 * @schema: name of the schema of the answer
 */
struct sg_view {
	const char	*type;
	bool		collection;
	const char	*name;
	const char	*method;
	sg_handler	run;
	const char	*schema;
};

extern const struct sg_view sg_views[];
extern const size_t sg_view_count;

const struct sg_view *sg_view_find(const struct sg_target *target,
				   const char *method);

/* state.c */
int sg_view_state(struct sg_api *api, const struct sg_request *rq,
		  const struct sg_target *target, struct sg_response *rs,
		  struct sg_error *e);
int sg_view_port_state(struct sg_api *api, const struct sg_request *rq,
		       const struct sg_target *target, struct sg_response *rs,
		       struct sg_error *e);
int sg_view_port_status(struct sg_api *api, const struct sg_request *rq,
			const struct sg_target *target,
			struct sg_response *rs, struct sg_error *e);
int sg_view_states(struct sg_api *api, const struct sg_request *rq,
		   const struct sg_target *target, struct sg_response *rs,
		   struct sg_error *e);
int sg_view_realized_status(struct sg_api *api, const struct sg_request *rq,
			    const struct sg_target *target,
			    struct sg_response *rs, struct sg_error *e);
int sg_view_realized_entities(struct sg_api *api, const struct sg_request *rq,
			      const struct sg_target *target,
			      struct sg_response *rs, struct sg_error *e);

/* traceflow.c */
int sg_view_trace_status(struct sg_api *api, const struct sg_request *rq,
			 const struct sg_target *target,
			 struct sg_response *rs, struct sg_error *e);
int sg_view_trace_observations(struct sg_api *api, const struct sg_request *rq,
			       const struct sg_target *target,
			       struct sg_response *rs, struct sg_error *e);

int sg_view_retrace(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e);

/* statistics.c */
int sg_view_segment_stats(struct sg_api *api, const struct sg_request *rq,
			  const struct sg_target *target,
			  struct sg_response *rs, struct sg_error *e);
int sg_view_port_stats(struct sg_api *api, const struct sg_request *rq,
		       const struct sg_target *target, struct sg_response *rs,
		       struct sg_error *e);
int sg_view_map_stats(struct sg_api *api, const struct sg_request *rq,
		      const struct sg_target *target, struct sg_response *rs,
		      struct sg_error *e);
int sg_view_segment_macs(struct sg_api *api, const struct sg_request *rq,
			 const struct sg_target *target,
			 struct sg_response *rs, struct sg_error *e);
int sg_view_port_macs(struct sg_api *api, const struct sg_request *rq,
		      const struct sg_target *target, struct sg_response *rs,
		      struct sg_error *e);

#endif /* _SEGD_VIEW_H */
