// SPDX-License-Identifier: GPL-2.0-only
/*
 * Views of how far things have come.
 */
#include <string.h>

#include "json.h"
#include "realizer.h"
#include "view.h"

static const char *sg_state_word(enum sg_state state)
{
	switch (state) {
	case SG_STATE_REALIZED:
		return "success";
	case SG_STATE_ERROR:
		return "error";
	case SG_STATE_PENDING:
		return "in_progress";
	default:
		return "unknown";
	}
}

/* The object that a view is of. Return: a new reference or NULL. */
static json_t *sg_view_object(struct sg_api *api, const char *path,
			      struct sg_error *e)
{
	struct sg_db *db = sg_db_get(api->store, SG_READ);
	json_t *object = sg_resource_get(db, path, e);

	sg_db_put(db);
	return object;
}

static json_t *sg_state_of(struct sg_api *api, const char *path,
			   const char *unique_id)
{
	struct sg_status status;
	json_t *state;

	sg_realizer_status(api->realizer, path, &status);
	state = json_pack("{s:s, s:s, s:s, s:[]}", "segment_path", path,
			  "logical_switch_id", unique_id,
			  "state", sg_state_word(status.state), "details");
	if (*status.message)
		sg_json_set_text(state, "failure_message", status.message);
	return state;
}

/* GET .../segments/{id}/state */
int sg_view_state(struct sg_api *api, const struct sg_request *rq,
		  const struct sg_target *target, struct sg_response *rs,
		  struct sg_error *e)
{
	json_t *object = sg_view_object(api, target->path, e);

	(void)rq;
	if (!object)
		return -1;
	sg_respond(rs, sg_state_of(api, target->path,
				   sg_json_text(object, "unique_id")));
	json_decref(object);
	return 0;
}

struct sg_states {
	struct sg_api	*api;
	struct sg_db	*db;
	json_t		*results;
};

static int sg_states_add(const char *path, const char *type, void *arg)
{
	struct sg_states *s = arg;
	json_t *object;

	if (strcmp(type, "Segment"))
		return 0;
	object = sg_store_get(s->db, path);
	json_array_append_new(s->results,
			      sg_state_of(s->api, path,
					  sg_json_text(object, "unique_id")));
	json_decref(object);
	return 0;
}

/* GET .../segments/state */
int sg_view_states(struct sg_api *api, const struct sg_request *rq,
		   const struct sg_target *target, struct sg_response *rs,
		   struct sg_error *e)
{
	struct sg_states s = { .api = api, .results = json_array() };
	size_t count;

	(void)rq;
	(void)e;
	s.db = sg_db_get(api->store, SG_READ);
	sg_store_below(s.db, target->owner, sg_states_add, &s);
	sg_db_put(s.db);
	count = json_array_size(s.results);
	return sg_respond(rs, sg_list_envelope(s.results, count, NULL,
					       "segment_path", true));
}

/* GET .../ports/{id}/state */
int sg_view_port_state(struct sg_api *api, const struct sg_request *rq,
		       const struct sg_target *target, struct sg_response *rs,
		       struct sg_error *e)
{
	json_t *object = sg_view_object(api, target->path, e), *state;
	const json_t *id = sg_json_at(object, "attachment.id");
	struct sg_status status;
	const char *word = "FREE";

	(void)rq;
	if (!object)
		return -1;
	sg_realizer_status(api->realizer, target->path, &status);
	if (id)
		word = status.state == SG_STATE_REALIZED && *status.device ?
		       "ATTACHED" : "DETACHED";
	state = json_pack("{s:{s:s}, s:[], s:[], s:[], s:[]}",
			  "attachment", "state", word,
			  "discovered_bindings", "realized_bindings",
			  "duplicate_bindings", "transport_node_ids");
	if (id)
		json_object_set(json_object_get(state, "attachment"), "id",
				(json_t *)id);
	if (*status.device)
		json_object_set_new(json_object_get(state, "attachment"),
				    "attachers",
				    json_pack("[{s:s}]", "entity",
					      status.device));
	if (*status.message)
		sg_json_set_text(state, "failure_message", status.message);
	json_decref(object);
	return sg_respond(rs, state);
}

/* GET .../ports/{id}/status */
int sg_view_port_status(struct sg_api *api, const struct sg_request *rq,
			const struct sg_target *target,
			struct sg_response *rs, struct sg_error *e)
{
	struct sg_backend *b = sg_realizer_backend(api->realizer);
	json_t *object = sg_view_object(api, target->path, e), *state;
	struct sg_fault fault;
	struct sg_status status;
	struct segfab_port port = {};
	const char *word = "DOWN";

	(void)rq;
	if (!object)
		return -1;
	sg_realizer_status(api->realizer, target->path, &status);
	if (*status.device && !b->ops->port_get(b, status.device, &port,
						&fault))
		word = port.carrier ? "UP" : "DOWN";
	state = json_pack("{s:s, s:I, s:s}", "logical_port_id",
			  sg_json_text(object, "unique_id"),
			  "last_update_timestamp", (json_int_t)sg_now_ms(),
			  "status", word);
	json_decref(object);
	return sg_respond(rs, state);
}

/* The object that a request asks about; it may be on its way out. */
static json_t *sg_intent(struct sg_api *api, const struct sg_request *rq,
			 const char **path, struct sg_error *e)
{
	struct sg_db *db;
	json_t *object;

	*path = sg_param(rq, "intent_path");
	if (!*path || !**path) {
		sg_fail(e, SG_E_FIELD,
			"intent_path: the parameter is required");
		return NULL;
	}
	db = sg_db_get(api->store, SG_READ);
	object = sg_store_get(db, *path);
	sg_db_put(db);
	if (!object)
		sg_not_found(e, *path);
	return object;
}

/* GET /infra/realized-state/status?intent_path= */
int sg_view_realized_status(struct sg_api *api, const struct sg_request *rq,
			    const struct sg_target *target,
			    struct sg_response *rs, struct sg_error *e)
{
	const char *path;
	json_t *object = sg_intent(api, rq, &path, e);

	(void)target;
	if (!object)
		return -1;
	json_decref(object);
	return sg_respond(rs, sg_realizer_consolidated(api->realizer, path));
}

/* GET /infra/realized-state/realized-entities?intent_path= */
int sg_view_realized_entities(struct sg_api *api, const struct sg_request *rq,
			      const struct sg_target *target,
			      struct sg_response *rs, struct sg_error *e)
{
	static const char *const words[] = {
		[SG_STATE_UNKNOWN] = "UNAVAILABLE",
		[SG_STATE_PENDING] = "UNREALIZED",
		[SG_STATE_REALIZED] = "REALIZED",
		[SG_STATE_ERROR] = "ERROR",
	};
	const char *path;
	json_t *object = sg_intent(api, rq, &path, e), *entity;
	struct sg_status status;

	(void)target;
	if (!object)
		return -1;
	sg_realizer_status(api->realizer, path, &status);
	entity = json_pack("{s:s, s:s, s:s, s:[s], s:s, s:s, s:s, s:[]}",
			   "resource_type", "GenericPolicyRealizedResource",
			   "id", sg_json_text(object, "realization_id"),
			   "entity_type",
			   sg_json_text(object, "resource_type"),
			   "intent_paths", path,
			   "state", words[status.state],
			   "realization_specific_identifier", status.device,
			   "runtime_error", status.message, "alarms");
	json_decref(object);
	return sg_respond(rs, sg_list_envelope(json_pack("[o]", entity), 1,
					       NULL, "display_name", true));
}
