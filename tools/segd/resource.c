// SPDX-License-Identifier: GPL-2.0-only
/*
 * One object: reading, writing and deleting it.
 */
#include <string.h>

#include "api.h"
#include "change.h"
#include "json.h"
#include "realizer.h"

/**
 * sg_resource_get - read an object that a client may see
 * @db: a connection
 * @path: its path
 * @e: takes the reason of a refusal
 *
 * Return: a new reference or NULL
 */
json_t *sg_resource_get(struct sg_db *db, const char *path, struct sg_error *e)
{
	json_t *object = sg_store_get(db, path);

	if (object && !sg_json_true(object, "marked_for_delete"))
		return object;
	json_decref(object);
	sg_not_found(e, path);
	return NULL;
}

static int sg_read(struct sg_api *api, const struct sg_target *target,
		   struct sg_response *rs, struct sg_error *e)
{
	struct sg_db *db = sg_db_get(api->store, SG_READ);
	json_t *object = sg_resource_get(db, target->path, e);

	sg_db_put(db);
	return object ? sg_respond(rs, object) : -1;
}

/* A PUT shows what is kept now; a PATCH shows nothing. */
static int sg_write_once(struct sg_api *api, const struct sg_request *rq,
			 const struct sg_target *target, const json_t *input,
			 struct sg_response *rs, struct sg_error *e)
{
	enum sg_write how = strcmp(rq->method, "PUT") ? SG_PATCH : SG_PUT;
	json_t *result = NULL;
	struct sg_change c;
	int err;

	sg_change_begin(&c, api->store, rq->user.name, rq->id);
	err = sg_change_put(&c, target, input, how, &result, e);
	if (!err)
		err = sg_change_commit(&c, e);
	sg_change_end(&c);
	if (!err && how == SG_PUT)
		return sg_respond(rs, result);
	json_decref(result);
	return err;
}

static int sg_write(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e)
{
	json_t *input = sg_request_json(rq, e);
	int err;

	if (!input)
		return -1;
	err = sg_write_once(api, rq, target, input, rs, e);
	if (err && e->code == SG_E_PENDING &&
	    sg_realizer_wait_gone(api->realizer, target->path,
				  SG_PENDING_MS)) {
		e->code = SG_OK;
		err = sg_write_once(api, rq, target, input, rs, e);
	}
	json_decref(input);
	return err;
}

static int sg_delete(struct sg_api *api, const struct sg_request *rq,
		     const struct sg_target *target, struct sg_error *e)
{
	bool cascade = sg_param_true(rq, "force") ||
		       sg_param_true(rq, "cascade");
	struct sg_change c;
	int err;

	sg_change_begin(&c, api->store, rq->user.name, rq->id);
	err = sg_change_delete(&c, target, cascade, e);
	if (!err)
		err = sg_change_commit(&c, e);
	sg_change_end(&c);
	return err;
}

/**
 * sg_resource - answer a request about one object
 *
 * The parameters are those of &typedef sg_handler.
 */
int sg_resource(struct sg_api *api, const struct sg_request *rq,
		const struct sg_target *target, struct sg_response *rs,
		struct sg_error *e)
{
	if (!strcmp(rq->method, "GET"))
		return sg_read(api, target, rs, e);
	if (!strcmp(rq->method, "PUT") || !strcmp(rq->method, "PATCH"))
		return sg_write(api, rq, target, rs, e);
	if (!strcmp(rq->method, "DELETE"))
		return sg_delete(api, rq, target, e);
	return sg_fail(e, SG_E_METHOD, "%s is not possible on path=[%.512s]",
		       rq->method, target->path);
}
