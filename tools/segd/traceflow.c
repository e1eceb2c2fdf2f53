// SPDX-License-Identifier: GPL-2.0-only
/*
 * What clients ask of a traceflow: how far it is, what was seen, to run again;
 * and what other daemons ask of theirs.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "report.h"
#include "tracer.h"
#include "view.h"

static json_t *sg_trace_config(struct sg_api *api, const char *path,
			       struct sg_error *e)
{
	struct sg_db *db = sg_db_get(api->store, SG_READ);
	json_t *config = sg_resource_get(db, path, e);

	sg_db_put(db);
	return config;
}

/* What has come of it, or how it stands while it runs. */
static json_t *sg_trace_result(struct sg_api *api, const char *path,
			       const json_t *config)
{
	const struct sg_traced running = {
		.path = path,
		.config = config,
		.request = "SUCCESS",
	};
	json_t *result = NULL;
	struct sg_db *db;
	int64_t used;

	if (!sg_tracer_runs(api->tracer, path)) {
		db = sg_db_get(api->store, SG_READ);
		result = sg_result_get(db, path, &used);
		sg_db_put(db);
	}
	if (!result)
		return json_pack("{s:o, s:[]}", "status",
				 sg_report_status(&running, "IN_PROGRESS",
						  NULL),
				 "observations");
	sg_result_use(api->store, path, used);
	return result;
}

static json_t *sg_trace_member(struct sg_api *api, const char *path,
			       const char *name, struct sg_error *e)
{
	json_t *config = sg_trace_config(api, path, e), *result, *member;

	if (!config)
		return NULL;
	result = sg_trace_result(api, path, config);
	member = json_incref(json_object_get(result, name));
	json_decref(result);
	json_decref(config);
	return member;
}

/* GET .../traceflows/{id}/status */
int sg_view_trace_status(struct sg_api *api, const struct sg_request *rq,
			 const struct sg_target *target,
			 struct sg_response *rs, struct sg_error *e)
{
	json_t *status = sg_trace_member(api, target->path, "status", e);

	(void)rq;
	return status ? sg_respond(rs, status) : -1;
}

/* GET .../traceflows/{id}/observations */
int sg_view_trace_observations(struct sg_api *api, const struct sg_request *rq,
			       const struct sg_target *target,
			       struct sg_response *rs, struct sg_error *e)
{
	json_t *steps = sg_trace_member(api, target->path, "observations", e);

	(void)rq;
	if (!steps)
		return -1;
	return sg_respond(rs, sg_list_envelope(steps, json_array_size(steps),
					       NULL, "sequence_number", true));
}

/**
 * sg_trace_arrived - answer with what became here of a frame of another host
 *
 * The parameters are those of &typedef sg_handler.
 */
int sg_trace_arrived(struct sg_api *api, const struct sg_request *rq,
		     const struct sg_target *target, struct sg_response *rs,
		     struct sg_error *e)
{
	struct sg_backend *b = sg_realizer_backend(api->realizer);
	const char *number = sg_param(rq, "trace");
	struct sg_traced arrived = {};
	struct sg_fault fault = {};
	struct sg_db *db;

	(void)target;
	if (!number || strlen(number) != 16 ||
	    strspn(number, "0123456789abcdef") != 16)
		return sg_fail(e, SG_E_FIELD,
			       "trace: 16 digits of 0 to 9 and a to f are expected");
	if (b->ops->trace_arrived(b, strtoull(number, NULL, 16), sg_traced_add,
				  &arrived, &fault)) {
		free(arrived.step);
		return sg_fail(e, SG_E_BACKEND, "%s", fault.text);
	}
	db = sg_db_get(api->store, SG_READ);
	sg_respond(rs, sg_report_arrived(api->realizer, db, &arrived));
	sg_db_put(db);
	free(arrived.step);
	return 0;
}

/* POST .../traceflows/{id}?action=retrace */
int sg_view_retrace(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e)
{
	const char *action = sg_param(rq, "action");
	json_t *config;

	if (!action || strcmp(action, "retrace"))
		return sg_fail(e, SG_E_FIELD,
			       "action: \"%.64s\" is not retrace",
			       action ? action : "");
	config = sg_trace_config(api, target->path, e);
	if (!config)
		return -1;
	sg_log(SG_LOG_NOTICE,
	       "audit: user=\"%s\" action=retrace type=%s path=\"%s\" request=%s",
	       rq->user.name, target->type->name, target->path, rq->id);
	sg_tracer_run(api->tracer, target->path);
	return sg_respond(rs, config);
}
