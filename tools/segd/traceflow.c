// SPDX-License-Identifier: GPL-2.0-only
/*
 * Views of a traceflow. The kernel that segd knows follows no frames: that is
 * what the status says, and there are no observations.
 */
#include "json.h"
#include "view.h"

#define SG_TRACE_WHY	"traceflow is not supported by the running module"

static json_t *sg_trace_config(struct sg_api *api, const char *path,
			       struct sg_error *e)
{
	struct sg_db *db = sg_db_get(api->store, SG_READ);
	json_t *config = sg_resource_get(db, path, e);

	sg_db_put(db);
	return config;
}

static json_t *sg_trace_counters(void)
{
	return json_pack("{s:i, s:i, s:i, s:i}", "received_count", 0,
			 "delivered_count", 0, "dropped_count", 0,
			 "forwarded_count", 0);
}

/* GET .../traceflows/{id}/status */
int sg_view_trace_status(struct sg_api *api, const struct sg_request *rq,
			 const struct sg_target *target,
			 struct sg_response *rs, struct sg_error *e)
{
	json_t *config = sg_trace_config(api, target->path, e), *status;
	const char *port = sg_json_text(config, "segment_port_path");

	(void)rq;
	if (!config)
		return -1;
	if (!*port)
		port = sg_json_text(config, "source_id");
	status = json_pack("{s:s, s:s, s:O, s:s, s:b, s:o, s:o, s:[s], s:s}",
			   "id", target->path, "lport_id", port,
			   "timeout", json_object_get(config, "timeout"),
			   "operation_state", "FAILED",
			   "result_overflowed", 0,
			   "counters", sg_trace_counters(),
			   "logical_counters", sg_trace_counters(),
			   "analysis", SG_TRACE_WHY,
			   "request_status", "DATA_PATH_NOT_READY");
	json_decref(config);
	return sg_respond(rs, status);
}

/* GET .../traceflows/{id}/observations */
int sg_view_trace_observations(struct sg_api *api, const struct sg_request *rq,
			       const struct sg_target *target,
			       struct sg_response *rs, struct sg_error *e)
{
	json_t *config = sg_trace_config(api, target->path, e);

	(void)rq;
	if (!config)
		return -1;
	json_decref(config);
	return sg_respond(rs, sg_list_envelope(json_array(), 0, NULL,
					       "sequence_number", true));
}
