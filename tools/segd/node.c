// SPDX-License-Identifier: GPL-2.0-only
/*
 * What clients ask when they connect: who is there, how it is, what it can.
 */
#include <string.h>
#include <unistd.h>

#include "api.h"
#include "json.h"
#include "openapi.h"
#include "realizer.h"
#include "session.h"

/* The version whose calls are served, in the form that clients take apart. */
#define SG_PRODUCT_VERSION	"4.2.0.0.0"

int sg_node_version(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e)
{
	(void)api;
	(void)rq;
	(void)target;
	(void)e;
	return sg_respond(rs, json_pack("{s:s, s:s}",
					"node_version", SG_PRODUCT_VERSION,
					"product_version",
					SG_PRODUCT_VERSION));
}

/* Can the store be read? */
static bool sg_store_works(struct sg_api *api)
{
	struct sg_db *db = sg_db_get(api->store, SG_READ);
	struct sg_error e = {};
	bool works;

	sg_store_count(db, "Org");
	works = !sg_db_fault(db, &e);
	sg_db_put(db);
	return works;
}

int sg_node_health(struct sg_api *api, const struct sg_request *rq,
		   const struct sg_target *target, struct sg_response *rs,
		   struct sg_error *e)
{
	bool healthy = sg_store_works(api);

	(void)rq;
	(void)target;
	(void)e;
	sg_respond(rs, json_pack("{s:b, s:s}", "healthy", healthy,
				 "components_health",
				 healthy ? "MANAGER:UP, POLICY:UP, SEARCH:UP" :
				 "POLICY:DOWN"));
	rs->status = healthy ? 200 : 503;
	return 0;
}

int sg_node_healthz(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e)
{
	bool healthy = sg_store_works(api);

	(void)rq;
	(void)target;
	(void)e;
	rs->type = "text/plain";
	rs->status = healthy ? 200 : 503;
	sg_text_puts(&rs->body, healthy ? "ok\n" : "the store failed\n");
	return 0;
}

int sg_node_features(struct sg_api *api, const struct sg_request *rq,
		     const struct sg_target *target, struct sg_response *rs,
		     struct sg_error *e)
{
	static const struct {
		const char	*name;
		bool		there;
	} features[] = {
		{ "CONTAINER", true },
		{ "CONTAINER_NETWORKING", true },
		{ "DFW", false },
		{ "VPC_NETWORKING", false },
		{ "VPC_SECURITY", false },
	};
	json_t *results = json_array(), *feature;

	(void)api;
	(void)rq;
	(void)target;
	(void)e;
	for (size_t i = 0; i < SG_ARRAY_SIZE(features); i++) {
		feature = json_pack("{s:s, s:b}", "feature_name",
				    features[i].name, "is_licensed",
				    features[i].there);
		json_array_append_new(results, feature);
	}
	return sg_respond(rs, json_pack("{s:o, s:i}", "results", results,
					"result_count",
					(int)SG_ARRAY_SIZE(features)));
}

int sg_node_cluster(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e)
{
	const char *word = sg_store_works(api) ? "STABLE" : "DEGRADED";

	(void)rq;
	(void)target;
	(void)e;
	return sg_respond(rs, json_pack("{s:{s:s}, s:{s:s}}",
					"mgmt_cluster_status", "status", word,
					"control_cluster_status", "status",
					word));
}

/* A PATCH of part of an object is always possible. */
int sg_node_patch_config(struct sg_api *api, const struct sg_request *rq,
			 const struct sg_target *target,
			 struct sg_response *rs, struct sg_error *e)
{
	(void)api;
	(void)rq;
	(void)target;
	(void)e;
	return sg_respond(rs, json_pack("{s:b}", "enable_partial_patch", 1));
}

int sg_node_openapi(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e)
{
	(void)api;
	(void)rq;
	(void)target;
	(void)e;
	return sg_respond(rs, sg_openapi());
}

int sg_node_session_end(struct sg_api *api, const struct sg_request *rq,
			const struct sg_target *target,
			struct sg_response *rs, struct sg_error *e)
{
	(void)target;
	(void)rs;
	(void)e;
	if (*rq->session)
		sg_session_end(api->sessions, rq->session);
	return 0;
}
