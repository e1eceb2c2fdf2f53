/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests and responses, without the wire that they came over.
 */
#ifndef _SEGD_API_H
#define _SEGD_API_H

#include <jansson.h>

#include "error.h"
#include "path.h"
#include "store.h"
#include "text.h"

#define SG_PARAMS	24
#define SG_USER_SIZE	128

struct sg_realizer;
struct sg_tracer;
struct sg_sessions;
struct sg_metrics;

/**
 * enum sg_role - what a user may do
 * @SG_NOBODY: nothing; not logged in
 * @SG_AUDITOR: read
 * @SG_ADMIN: all of it
 */
enum sg_role {
	SG_NOBODY,
	SG_AUDITOR,
	SG_ADMIN,
};

/**
 * struct sg_user - who a request comes from
 * @name: as in the audit log
 * @role: what is allowed
 */
struct sg_user {
	char		name[SG_USER_SIZE];
	enum sg_role	role;
};

/**
 * struct sg_param - a parameter of a query
 * @name: its name, decoded
 * @value: its value, decoded
 */
struct sg_param {
	char	*name;
	char	*value;
};

/**
 * struct sg_request - a request
 * @method: "GET" and so on
 * @path: of the URL, encoded
 * @param: parameters of the query
 * @params: how many
 * @body: what came with it
 * @len: its length
 * @user: who it comes from
 * @id: id of the request, for logs
 * @session: id of the session, empty if there is none
 */
struct sg_request {
	const char	*method;
	const char	*path;
	struct sg_param	param[SG_PARAMS];
	unsigned int	params;
	const char	*body;
	size_t		len;
	struct sg_user	user;
	char		id[SG_UUID_SIZE];
	char		session[SG_UUID_SIZE];
};

/**
 * struct sg_response - what is answered
 * @status: of HTTP
 * @body: empty if there is none
 * @type: media type of the body
 * @session: id of a session that has begun, or empty
 * @token: its XSRF token
 */
struct sg_response {
	int		status;
	struct sg_text	body;
	const char	*type;
	char		session[SG_UUID_SIZE];
	char		token[SG_UUID_SIZE];
};

/**
 * struct sg_api - what the API works on
 * @store: the store
 * @realizer: brings the kernel to what the store says
 * @tracer: runs traceflows
 * @sessions: who is logged in
 * @started: milliseconds since 1970
 */
struct sg_api {
	struct sg_store		*store;
	struct sg_realizer	*realizer;
	struct sg_tracer	*tracer;
	struct sg_sessions	*sessions;
	int64_t			started;
};

/**
 * typedef sg_handler - answers a kind of request
 * @api: what the API works on
 * @rq: the request
 * @target: what its path names, NULL if it is no policy path
 * @rs: takes the answer
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
typedef int (*sg_handler)(struct sg_api *api, const struct sg_request *rq,
			  const struct sg_target *target,
			  struct sg_response *rs, struct sg_error *e);

void sg_api_handle(struct sg_api *api, const struct sg_request *rq,
		   struct sg_response *rs);

/* request.c */
const char *sg_param(const struct sg_request *rq, const char *name);
bool sg_param_true(const struct sg_request *rq, const char *name);
int sg_param_number(const struct sg_request *rq, const char *name,
		    long long max, long long *value, struct sg_error *e);
void sg_params_parse(struct sg_request *rq, const char *query);
void sg_params_free(struct sg_request *rq);
json_t *sg_request_json(const struct sg_request *rq, struct sg_error *e);
int sg_respond(struct sg_response *rs, json_t *body);
int sg_not_found(struct sg_error *e, const char *path);

/* resource.c */
int sg_resource(struct sg_api *api, const struct sg_request *rq,
		const struct sg_target *target, struct sg_response *rs,
		struct sg_error *e);
json_t *sg_resource_get(struct sg_db *db, const char *path,
			struct sg_error *e);

/* list.c */
int sg_list(struct sg_api *api, const struct sg_request *rq,
	    const struct sg_target *target, struct sg_response *rs,
	    struct sg_error *e);
json_t *sg_list_envelope(json_t *results, long long count,
			 const char *cursor, const char *sort_by,
			 bool ascending);

/* hierarchy.c */
int sg_hierarchy(struct sg_api *api, const struct sg_request *rq,
		 const struct sg_target *target, struct sg_response *rs,
		 struct sg_error *e);
int sg_hierarchy_read(struct sg_api *api, const struct sg_request *rq,
		      const struct sg_target *target, struct sg_response *rs,
		      struct sg_error *e);
bool sg_hierarchy_is_asked(const struct sg_request *rq);

/* search.c */
int sg_trace_arrived(struct sg_api *api, const struct sg_request *rq,
		     const struct sg_target *target, struct sg_response *rs,
		     struct sg_error *e);
int sg_search_query(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e);

/* node.c */
int sg_node_version(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e);
int sg_node_health(struct sg_api *api, const struct sg_request *rq,
		   const struct sg_target *target, struct sg_response *rs,
		   struct sg_error *e);
int sg_node_features(struct sg_api *api, const struct sg_request *rq,
		     const struct sg_target *target, struct sg_response *rs,
		     struct sg_error *e);
int sg_node_cluster(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e);
int sg_node_patch_config(struct sg_api *api, const struct sg_request *rq,
			 const struct sg_target *target,
			 struct sg_response *rs, struct sg_error *e);
int sg_node_openapi(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e);
int sg_node_session_end(struct sg_api *api, const struct sg_request *rq,
			const struct sg_target *target,
			struct sg_response *rs, struct sg_error *e);
int sg_node_healthz(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e);

/* metrics.c */
int sg_metrics(struct sg_api *api, const struct sg_request *rq,
	       const struct sg_target *target, struct sg_response *rs,
	       struct sg_error *e);

#endif /* _SEGD_API_H */
