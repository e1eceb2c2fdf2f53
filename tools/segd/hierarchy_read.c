// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hierarchical API, reading: an object with what is in it, as one that can be
 * sent back. What was not asked for, but is on the way, is a reference.
 */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "json.h"
#include "schema.h"

/**
 * struct sg_look - what is read
 * @db: a connection
 * @base: path of the object that is looked into; "": the root
 * @types: names of types, separated by '|'; NULL: all
 */
struct sg_look {
	struct sg_db	*db;
	const char	*base;
	const char	*types;
};

/* The objects that are directly in another one. */
struct sg_below {
	char			**path;
	const struct sg_type	**type;
	size_t			count;
};

static json_t *sg_look_into(const struct sg_look *look, const char *path);

static int sg_below_add(const char *path, const char *type, void *arg)
{
	struct sg_below *below = arg;

	below->path = sg_realloc(below->path, (below->count + 1) *
				 sizeof(*below->path));
	below->type = sg_realloc(below->type, (below->count + 1) *
				 sizeof(*below->type));
	below->path[below->count] = sg_strdup(path);
	below->type[below->count++] = sg_type_named(type);
	return 0;
}

/* Is this path @top, or below it? */
static bool sg_is_within(const char *path, const char *top)
{
	size_t len = strlen(top);

	return !strncmp(path, top, len) && (!path[len] || path[len] == '/' ||
					    !len);
}

static json_t *sg_wrapped(const char *type, json_t *object, json_t *children)
{
	json_t *wrapper = json_object();
	char name[64];

	sg_format(name, sizeof(name), "Child%s", type);
	if (json_array_size(children))
		json_object_set(object, "children", children);
	sg_json_set_text(wrapper, "resource_type", name);
	json_object_set_new(wrapper, "marked_for_delete", json_false());
	json_object_set(wrapper, type, object);
	return wrapper;
}

static json_t *sg_referred(const char *type, const json_t *object,
			   json_t *children)
{
	if (!json_array_size(children))
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:O}", "resource_type",
			 "ChildResourceReference", "id",
			 sg_json_text(object, "id"), "target_type", type,
			 "children", children);
}

/* Return: a new reference, or NULL if nothing of it was asked for */
static json_t *sg_look_at(const struct sg_look *look, const char *path,
			  const char *type)
{
	json_t *object, *children, *found;

	if (!sg_is_within(path, look->base) && !sg_is_within(look->base, path))
		return NULL;
	object = sg_store_get(look->db, path);
	if (!object || sg_json_true(object, "marked_for_delete")) {
		json_decref(object);
		return NULL;
	}
	children = sg_look_into(look, path);
	if (sg_is_within(path, look->base) &&
	    (!look->types || sg_word_in(look->types, type)))
		found = sg_wrapped(type, object, children);
	else
		found = sg_referred(type, object, children);
	json_decref(children);
	json_decref(object);
	return found;
}

/* What is in an object, in wrappers. Return: a new reference */
static json_t *sg_look_into(const struct sg_look *look, const char *path)
{
	json_t *children = json_array(), *child;
	struct sg_below below = {};

	sg_store_below(look->db, path, sg_below_add, &below);
	for (size_t i = 0; i < below.count; i++) {
		child = sg_look_at(look, below.path[i], below.type[i]->name);
		if (child)
			json_array_append_new(children, child);
		free(below.path[i]);
	}
	free(below.path);
	free(below.type);
	return children;
}

/* --- What is asked for --- */

/* "A;B" is as good as "A|B". Each is a type that there is. */
static int sg_look_types(char *types, const char *name, struct sg_error *e)
{
	char *copy, *rest, *word;
	int err = 0;

	for (char *at = types; *at; at++)
		if (*at == ';' || *at == ',')
			*at = '|';
	copy = sg_strdup(types);
	rest = copy;
	while (!err && (word = strsep(&rest, "|")))
		if (!sg_type_named(word))
			err = sg_fail(e, SG_E_FIELD,
				      "%s: there is no type \"%.64s\"", name,
				      word);
	free(copy);
	return err;
}

/* type_filter=A;B or filter=Type-A|B. Return: -1, or 0 and the types or NULL */
static int sg_look_filter(const struct sg_request *rq, char **types,
			  struct sg_error *e)
{
	const char *filter = sg_param(rq, "filter");
	const char *type_filter = sg_param(rq, "type_filter");

	if (filter && type_filter)
		return sg_fail(e, SG_E_FIELD,
			       "filter: type_filter is there, too");
	if (filter && strncmp(filter, "Type-", 5))
		return sg_fail(e, SG_E_FIELD,
			       "filter: Type-NAME|NAME... is expected");
	if (filter)
		type_filter = filter + 5;
	if (!type_filter)
		return 0;
	*types = sg_strdup(type_filter);
	return sg_look_types(*types, filter ? "filter" : "type_filter", e);
}

static int sg_look_base(struct sg_look *look, const struct sg_target *root,
			const char *base, struct sg_error *e)
{
	json_t *object;

	look->base = base ? base : root ? root->path : "";
	if (!base)
		return 0;
	object = sg_is_within(base, root ? root->path : "") ?
		 sg_store_get(look->db, base) : NULL;
	if (object && !sg_json_true(object, "marked_for_delete")) {
		json_decref(object);
		return 0;
	}
	json_decref(object);
	return sg_fail(e, SG_E_PATH,
		       "base_path: The path=[%.512s] is invalid: there is no such object in path=[%.400s]",
		       base, root ? root->path : "/org-root");
}

/* The root of all is no object; organizations are in it, and nothing else. */
static json_t *sg_look_root(const struct sg_look *look)
{
	json_t *children = sg_look_into(look, ""), *kept = json_array(), *child;
	size_t i;

	json_array_foreach(children, i, child)
		if (!strcmp(sg_json_text(child, "resource_type"), "ChildOrg") ||
		    !strcmp(sg_json_text(child, "target_type"), "Org"))
			json_array_append(kept, child);
	json_decref(children);
	return json_pack("{s:s, s:s, s:o}", "resource_type", "OrgRoot", "id",
			 "org-root", "children", kept);
}

/**
 * sg_hierarchy_read - answer a hierarchical GET
 *
 * The parameters are those of &typedef sg_handler; @target is the object that
 * is read, NULL for the root.
 */
int sg_hierarchy_read(struct sg_api *api, const struct sg_request *rq,
		      const struct sg_target *target, struct sg_response *rs,
		      struct sg_error *e)
{
	struct sg_look look = { .db = sg_db_get(api->store, SG_READ) };
	json_t *object = NULL;
	char *types = NULL;

	if (sg_look_filter(rq, &types, e) ||
	    sg_look_base(&look, target, sg_param(rq, "base_path"), e))
		goto out;
	look.types = types;
	if (!target) {
		object = sg_look_root(&look);
		goto out;
	}
	object = sg_resource_get(look.db, target->path, e);
	if (object)
		json_object_set_new(object, "children",
				    sg_look_into(&look, target->path));
out:
	sg_db_put(look.db);
	free(types);
	return object ? sg_respond(rs, object) : -1;
}

/**
 * sg_hierarchy_is_asked - is a GET of an object for what is in it, too?
 * @rq: the request
 */
bool sg_hierarchy_is_asked(const struct sg_request *rq)
{
	return sg_param(rq, "base_path") || sg_param(rq, "filter") ||
	       sg_param(rq, "type_filter");
}
