// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a request to what answers it.
 */
#include <string.h>

#include "api.h"
#include "json.h"
#include "log.h"
#include "peer.h"
#include "router.h"
#include "view.h"

const struct sg_route sg_routes[] = {
	{ "GET", "/policy/api/v1/search/query", sg_search_query, false },
	{ "GET", "/policy/api/v1/search", sg_search_query, false },
	{ "GET", "/policy/api/v1/org-root", sg_hierarchy_read, false },
	{ "PATCH", "/policy/api/v1/org-root", sg_hierarchy, false },
	{ "GET", "/policy/api/v1/system-config/nsx-partial-patch-config",
	  sg_node_patch_config, false },
	{ "POST", "/api/session/destroy", sg_node_session_end, false },
	{ "GET", "/api/v1/node/version", sg_node_version, false },
	{ "GET", "/api/v1/node", sg_node_version, false },
	{ "GET", "/api/v1/reverse-proxy/node/health", sg_node_health, false },
	{ "GET", "/api/v1/licenses/licensed-features",
	  sg_node_features, false },
	{ "GET", "/api/v1/cluster/status", sg_node_cluster, false },
	{ "GET", SG_ARRIVED, sg_trace_arrived, false },
	{ "GET", "/api/v1/spec/openapi/nsx_policy_api.json",
	  sg_node_openapi, false },
	{ "GET", "/policy/api/v1/spec/openapi/nsx_policy_api.json",
	  sg_node_openapi, false },
	{ "GET", "/metrics", sg_metrics, false },
	{ "GET", "/healthz", sg_node_healthz, true },
};

const size_t sg_route_count = SG_ARRAY_SIZE(sg_routes);

/* A path that is one of the table's; *known says if only the method is wrong. */
static const struct sg_route *sg_route(const struct sg_request *rq,
				       const char *method, bool *known)
{
	for (size_t i = 0; i < sg_route_count; i++) {
		if (strcmp(sg_routes[i].path, rq->path))
			continue;
		*known = true;
		if (!strcmp(sg_routes[i].method, method))
			return &sg_routes[i];
	}
	return NULL;
}

/* What a policy path names answers for itself, for a view, or for a tree. */
static int sg_route_policy(struct sg_api *api, const struct sg_request *rq,
			   struct sg_response *rs, struct sg_error *e)
{
	struct sg_target target;
	const struct sg_view *view;

	if (sg_target_encoded(&target, rq->path + strlen(SG_POLICY_PREFIX), e))
		return -1;
	view = sg_view_find(&target, rq->method);
	if (view)
		return view->run(api, rq, &target, rs, e);
	if (*target.rest)
		return sg_not_found(e, rq->path);
	if (target.collection)
		return sg_list(api, rq, &target, rs, e);
	if (!strcmp(target.type->name, "Infra") && !strcmp(rq->method, "PATCH"))
		return sg_hierarchy(api, rq, &target, rs, e);
	if (!strcmp(target.type->name, "Infra") &&
	    !strcmp(rq->method, "GET") && sg_hierarchy_is_asked(rq))
		return sg_hierarchy_read(api, rq, &target, rs, e);
	return sg_resource(api, rq, &target, rs, e);
}

static int sg_dispatch(struct sg_api *api, const struct sg_request *rq,
		       struct sg_response *rs, struct sg_error *e)
{
	bool known = false;
	const struct sg_route *route = sg_route(rq, rq->method, &known);

	if (route && route->open)
		return route->run(api, rq, NULL, rs, e);
	if (rq->user.role == SG_NOBODY)
		return sg_fail(e, SG_E_CREDENTIALS,
			       "The credentials were incorrect or the account specified has been locked.");
	if (rq->user.role != SG_ADMIN && strcmp(rq->method, "GET") &&
	    strcmp(rq->path, "/api/session/destroy"))
		return sg_fail(e, SG_E_ROLE,
			       "the user \"%.100s\" may read, not %s",
			       rq->user.name, rq->method);
	if (route)
		return route->run(api, rq, NULL, rs, e);
	if (known)
		return sg_fail(e, SG_E_METHOD, "%s is not possible on %.512s",
			       rq->method, rq->path);
	if (!strncmp(rq->path, SG_POLICY_PREFIX "/", strlen(SG_POLICY_PREFIX) + 1))
		return sg_route_policy(api, rq, rs, e);
	return sg_not_found(e, rq->path);
}

/**
 * sg_api_handle - answer a request
 * @api: what the API works on
 * @rq: the request
 * @rs: takes the answer
 */
void sg_api_handle(struct sg_api *api, const struct sg_request *rq,
		   struct sg_response *rs)
{
	struct sg_error e = {};

	rs->status = 200;
	if (!sg_dispatch(api, rq, rs, &e))
		return;
	if (e.code == SG_OK)
		sg_fail(&e, SG_E_INTERNAL, "refused without a reason");
	sg_log(e.code == SG_E_INTERNAL ? SG_LOG_ERR : SG_LOG_INFO,
	       "refused: user=\"%s\" %s %s: %s request=%s", rq->user.name,
	       rq->method, rq->path, e.message, rq->id);
	sg_text_free(&rs->body);
	sg_respond(rs, sg_error_body(&e));
	rs->status = sg_error_status(&e);
}
