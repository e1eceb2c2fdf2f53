// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hierarchical API: a tree of objects, written and deleted by one request
 * in one transaction.
 */
#include <string.h>

#include "api.h"
#include "change.h"
#include "json.h"

/* Objects within objects; the paths end long before. */
#define SG_LEVELS	16

/**
 * struct sg_tree - a request that is walked through
 * @c: the change
 * @how: how objects are written
 * @e: takes the reason of a refusal
 */
struct sg_tree {
	struct sg_change	*c;
	enum sg_write		how;
	struct sg_error		*e;
};

static int sg_children(struct sg_tree *tree, const struct sg_target *owner,
		       const json_t *children, int level);

/* Is the wrapper asking for deletion, around or within the object? */
static bool sg_wants_deletion(const json_t *wrapper, const json_t *object)
{
	return sg_json_true(wrapper, "marked_for_delete") ||
	       sg_json_true(object, "marked_for_delete");
}

static bool sg_wants_force(const json_t *wrapper)
{
	return json_is_true(sg_json_at(wrapper, "request_parameter.force"));
}

/* The id stands in the object, or beside it. */
static const char *sg_child_id(const json_t *wrapper, const json_t *object)
{
	const char *id = sg_json_text(object, "id");

	return *id ? id : sg_json_text(wrapper, "id");
}

static int sg_child_write(struct sg_tree *tree, const struct sg_target *target,
			  const json_t *object)
{
	json_t *own = json_copy((json_t *)object);
	int err = 0;

	json_object_del(own, "children");
	/* What only leads to its children may be left as it is. */
	if (!(target->type->flags & SG_FIXED))
		err = sg_change_put(tree->c, target, own, tree->how, NULL,
				    tree->e);
	json_decref(own);
	return err;
}

/* Children go before what they are in, and come after it. */
static int sg_child_object(struct sg_tree *tree, const struct sg_target *owner,
			   const struct sg_type *type, const json_t *wrapper,
			   const json_t *object, int level)
{
	const json_t *children = json_object_get(object, "children");
	bool deletion = sg_wants_deletion(wrapper, object);
	struct sg_target target;

	if (sg_target_below(&target, owner, type,
			    sg_child_id(wrapper, object), tree->e))
		return -1;
	if (deletion)
		return sg_children(tree, &target, children, level + 1) ||
		       sg_change_delete(tree->c, &target,
					sg_wants_force(wrapper), tree->e) ?
		       -1 : 0;
	return sg_child_write(tree, &target, object) ||
	       sg_children(tree, &target, children, level + 1) ? -1 : 0;
}

/* An object that is there, named so that its children can be reached. */
static int sg_child_reference(struct sg_tree *tree,
			      const struct sg_target *owner,
			      const json_t *wrapper, int level)
{
	const char *name = sg_json_text(wrapper, "target_type");
	const struct sg_type *type = sg_type_named(name);
	struct sg_target target;
	json_t *object;

	if (!type)
		return sg_fail(tree->e, SG_E_FIELD,
			       "target_type: \"%.64s\" is unknown", name);
	if (sg_target_below(&target, owner, type, sg_json_text(wrapper, "id"),
			    tree->e))
		return -1;
	object = sg_resource_get(tree->c->db, target.path, tree->e);
	if (!object)
		return -1;
	json_decref(object);
	return sg_children(tree, &target, json_object_get(wrapper, "children"),
			   level + 1);
}

static int sg_child(struct sg_tree *tree, const struct sg_target *owner,
		    const json_t *wrapper, int level)
{
	const char *name = sg_json_text(wrapper, "resource_type");
	const struct sg_type *type;
	const json_t *object;

	if (!strcmp(name, "ChildResourceReference"))
		return sg_child_reference(tree, owner, wrapper, level);
	if (strncmp(name, "Child", 5))
		return sg_fail(tree->e, SG_E_FIELD,
			       "children: resource_type \"%.64s\" does not begin with Child",
			       name);
	type = sg_type_named(name + 5);
	if (!type)
		return sg_fail(tree->e, SG_E_FIELD,
			       "children: resource_type \"%.64s\" is unknown",
			       name);
	object = json_object_get(wrapper, type->name);
	if (!json_is_object(object))
		return sg_fail(tree->e, SG_E_FIELD,
			       "children: a %s has the member %s", name,
			       type->name);
	return sg_child_object(tree, owner, type, wrapper, object, level);
}

static int sg_children(struct sg_tree *tree, const struct sg_target *owner,
		       const json_t *children, int level)
{
	json_t *wrapper;
	size_t i;

	if (!children || json_is_null(children))
		return 0;
	if (!json_is_array(children))
		return sg_fail(tree->e, SG_E_FIELD,
			       "children: an array is expected");
	if (level > SG_LEVELS)
		return sg_fail(tree->e, SG_E_FIELD,
			       "children: more than %d levels", SG_LEVELS);
	json_array_foreach((json_t *)children, i, wrapper)
		if (sg_child(tree, owner, wrapper, level))
			return -1;
	return 0;
}

static int sg_check_root(const struct sg_target *root, const json_t *input,
			 struct sg_error *e)
{
	const char *given = sg_json_text(input, "resource_type");
	const char *name = root ? root->type->name : "OrgRoot";

	if (!*given || !strcmp(given, name))
		return 0;
	return sg_fail(e, SG_E_FIELD, "resource_type: \"%.64s\" is not %s",
		       given, name);
}

/**
 * sg_hierarchy - answer a hierarchical PATCH
 *
 * The parameters are those of &typedef sg_handler; @target is the object that
 * the body stands for, NULL for the root.
 */
int sg_hierarchy(struct sg_api *api, const struct sg_request *rq,
		 const struct sg_target *target, struct sg_response *rs,
		 struct sg_error *e)
{
	bool check = sg_param_true(rq, "enforce_revision_check");
	struct sg_tree tree = {
		.how = check ? SG_PATCH : SG_PATCH_ANY,
		.e = e,
	};
	json_t *input = sg_request_json(rq, e);
	struct sg_change c;
	int err;

	(void)rs;
	if (!input)
		return -1;
	if (sg_check_root(target, input, e)) {
		json_decref(input);
		return -1;
	}
	sg_change_begin(&c, api->store, rq->user.name, rq->id);
	tree.c = &c;
	err = sg_children(&tree, target, json_object_get(input, "children"),
			  0);
	if (!err)
		err = sg_change_commit(&c, e);
	sg_change_end(&c);
	json_decref(input);
	return err;
}
