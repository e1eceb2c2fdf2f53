// SPDX-License-Identifier: GPL-2.0-only
/*
 * A change: everything that one request does to the store, in one transaction.
 *
 * Objects are written as the request names them. What has to hold between
 * objects is checked at the end, over all that was touched, so that neither
 * the order within a request nor what holds in between matters.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "change.h"
#include "constraint.h"
#include "json.h"
#include "log.h"
#include "validate.h"

static sg_changed_fn sg_changed;
static void *sg_changed_arg;

/**
 * sg_change_listen - be told of changes
 * @fn: called for each that is durable, by the thread that made it
 * @arg: for @fn
 */
void sg_change_listen(sg_changed_fn fn, void *arg)
{
	sg_changed = fn;
	sg_changed_arg = arg;
}

/**
 * sg_change_begin - begin a change; others that want to have to wait
 * @c: takes it
 * @store: the store
 * @user: who does it
 * @request: id of the request
 */
void sg_change_begin(struct sg_change *c, struct sg_store *store,
		     const char *user, const char *request)
{
	memset(c, 0, sizeof(*c));
	c->store = store;
	c->user = user;
	c->request = request;
	c->now = sg_now_ms();
	c->db = sg_db_get(store, SG_WRITE);
}

static void sg_keep(void *node)
{
	(void)node;
}

/**
 * sg_change_end - end a change; what was not committed is undone
 * @c: the change
 */
void sg_change_end(struct sg_change *c)
{
	if (c->db)
		sg_db_put(c->db);
	tdestroy(c->index, sg_keep);
	for (size_t i = 0; i < c->count; i++) {
		json_decref(c->touched[i]->before);
		json_decref(c->touched[i]->after);
		free(c->touched[i]);
	}
	free(c->touched);
}

static int sg_touched_compare(const void *a, const void *b)
{
	const struct sg_touched *x = a, *y = b;

	return strcmp(x->target.path, y->target.path);
}

static struct sg_touched *sg_touch(struct sg_change *c,
				   const struct sg_target *target,
				   json_t *before)
{
	struct sg_touched *t = sg_alloc(sizeof(*t)), **found;

	t->target = *target;
	found = tsearch(t, &c->index, sg_touched_compare);
	if (found && *found != t) {
		free(t);
		return *found;
	}
	t->before = json_incref(before);
	if (c->count == c->size) {
		c->size = c->size ? 2 * c->size : 4;
		c->touched = sg_realloc(c->touched,
					c->size * sizeof(*c->touched));
	}
	c->touched[c->count++] = t;
	return t;
}

static bool sg_marked(const json_t *object)
{
	return sg_json_true(object, "marked_for_delete");
}

/* --- Writing --- */

static int sg_stale(const struct sg_target *target, long long current,
		    long long requested, struct sg_error *e)
{
	return sg_fail(e, SG_E_STALE,
		       "The object path=[%.512s] of type=[%s] has revision [%lld], the request has [%lld]. Fetch the latest copy of the object and retry.",
		       target->path, target->type->name, current, requested);
}

static int sg_check_revision(const struct sg_target *target,
			     const json_t *before, const json_t *input,
			     enum sg_write how, struct sg_error *e)
{
	const json_t *given = json_object_get(input, "_revision");
	long long current, requested = json_integer_value(given);

	if (how == SG_PATCH_ANY)
		return 0;
	if (!given || json_is_null(given)) {
		if (!before || how == SG_PATCH)
			return 0;
		return sg_fail(e, SG_E_EXISTS,
			       "Cannot create an object with path=[%.512s] as it already exists.",
			       target->path);
	}
	if (!json_is_integer(given))
		return sg_fail(e, SG_E_FIELD,
			       "_revision: a whole number is expected");
	current = before ?
		  json_integer_value(json_object_get(before, "_revision")) : 0;
	return current == requested ? 0 :
	       sg_stale(target, current, requested, e);
}

/* What a client says about the object must agree with the path. */
static int sg_check_identity(const struct sg_target *target,
			     const json_t *input, struct sg_error *e)
{
	const json_t *id = json_object_get(input, "id");
	const json_t *type = json_object_get(input, "resource_type");

	if (json_is_string(id) && strcmp(json_string_value(id), target->id))
		return sg_fail(e, SG_E_FIELD,
			       "id: \"%.255s\" is not the id of path=[%.512s]",
			       json_string_value(id), target->path);
	if (json_is_string(type) &&
	    strcmp(json_string_value(type), target->type->name))
		return sg_fail(e, SG_E_FIELD,
			       "resource_type: \"%.64s\" is not %s",
			       json_string_value(type), target->type->name);
	return 0;
}

static int sg_check_owner(struct sg_change *c, const struct sg_target *target,
			  struct sg_error *e)
{
	json_t *owner;
	bool there;

	if (!*target->owner)
		return 0;
	owner = sg_store_get(c->db, target->owner);
	there = owner && !sg_marked(owner);
	json_decref(owner);
	return there ? 0 : sg_fail(e, SG_E_PATH,
				   "The path=[%.512s] is invalid: there is no path=[%.400s]",
				   target->path, target->owner);
}

/* A member that is kept from before, or made anew. */
static void sg_inherit(json_t *object, const json_t *before, const char *name,
		       json_t *fresh)
{
	json_t *old = json_object_get(before, name);

	if (old) {
		json_object_set(object, name, old);
		json_decref(fresh);
	} else {
		json_object_set_new(object, name, fresh);
	}
}

static char *sg_owner_id(struct sg_change *c)
{
	char *id = sg_store_setting(c->db, "owner_id");

	return id ? id : sg_strdup("00000000-0000-0000-0000-000000000000");
}

/* Put the envelope around an object, in the order in which it is shown. */
static void sg_wrap(struct sg_change *c, const struct sg_target *target,
		    const json_t *before, json_t *object)
{
	static const char *const from_client[] = {
		"display_name", "description", "tags"
	};
	char uuid[SG_UUID_SIZE];
	json_t *given[SG_ARRAY_SIZE(from_client)];
	long long revision = -1;
	char *owner;

	for (size_t i = 0; i < SG_ARRAY_SIZE(from_client); i++) {
		given[i] = json_incref(json_object_get(object, from_client[i]));
		json_object_del(object, from_client[i]);
	}
	if (!given[0])
		given[0] = json_string(target->id);
	json_object_del(object, "resource_type");
	json_object_del(object, "id");
	sg_json_set_text(object, "resource_type", target->type->name);
	sg_json_set_text(object, "id", target->id);
	for (size_t i = 0; i < SG_ARRAY_SIZE(from_client); i++)
		if (given[i])
			json_object_set_new(object, from_client[i], given[i]);
	sg_json_set_text(object, "path", target->path);
	sg_json_set_text(object, "relative_path", target->id);
	sg_json_set_text(object, "parent_path", target->owner);
	sg_json_set_text(object, "remote_path", "");

	sg_uuid(uuid);
	owner = sg_owner_id(c);
	sg_inherit(object, before, "unique_id", json_string(uuid));
	sg_inherit(object, before, "realization_id", json_string(uuid));
	sg_inherit(object, before, "owner_id", json_string(owner));
	free(owner);
	json_object_set_new(object, "marked_for_delete", json_false());
	json_object_set_new(object, "overridden", json_false());
	sg_inherit(object, before, "_system_owned", json_false());
	sg_json_set_text(object, "_protection", "NOT_PROTECTED");
	sg_inherit(object, before, "_create_time", json_integer(c->now));
	sg_inherit(object, before, "_create_user", json_string(c->user));
	json_object_set_new(object, "_last_modified_time",
			    json_integer(c->now));
	sg_json_set_text(object, "_last_modified_user", c->user);
	if (before)
		revision = json_integer_value(json_object_get(before,
							      "_revision"));
	json_object_set_new(object, "_revision", json_integer(revision + 1));
}

/* Equal but for when, by whom and how often it was written? */
static bool sg_same_object(const json_t *before, const json_t *after)
{
	static const char *const not_content[] = {
		"_last_modified_time", "_last_modified_user", "_revision"
	};
	json_t *old, *new;
	bool same;

	if (!before)
		return false;
	old = json_copy((json_t *)before);
	new = json_copy((json_t *)after);
	for (size_t i = 0; i < SG_ARRAY_SIZE(not_content); i++) {
		json_object_del(old, not_content[i]);
		json_object_del(new, not_content[i]);
	}
	same = json_equal(old, new);
	json_decref(old);
	json_decref(new);
	return same;
}

static void sg_change_store(struct sg_change *c, struct sg_touched *t,
			    json_t *object)
{
	const struct sg_row row = {
		.path = t->target.path,
		.type = t->target.type->name,
		.owner = t->target.owner,
		.id = t->target.id,
		.body = object,
	};

	sg_store_set(c->db, &row);
}

/* What there is exactly one of in an object comes and goes with it. */
static int sg_singletons(struct sg_change *c, const struct sg_target *owner,
			 int (*fn)(struct sg_change *c,
				   const struct sg_target *target,
				   struct sg_error *e),
			 struct sg_error *e)
{
	struct sg_target target;

	for (size_t i = 0; i < sg_type_count; i++) {
		if (!(sg_types[i].flags & SG_SINGLETON) ||
		    !sg_type_owns(owner->type, &sg_types[i]))
			continue;
		if (sg_target_below(&target, owner, &sg_types[i], "", e) ||
		    fn(c, &target, e))
			return -1;
	}
	return 0;
}

static int sg_singleton_make(struct sg_change *c,
			     const struct sg_target *target,
			     struct sg_error *e)
{
	json_t *empty = json_object();
	int err = sg_change_system(c, target->path, empty, e);

	json_decref(empty);
	return err;
}

/* The object as it will be kept. Return: a new reference or NULL. */
static json_t *sg_compose(struct sg_change *c, const struct sg_target *target,
			  const json_t *before, const json_t *input,
			  enum sg_write how, struct sg_error *e)
{
	bool merge = before && how != SG_PUT &&
		     !(target->type->flags & SG_REPLACE);
	json_t *whole = merge ? sg_merge(before, input) :
			json_incref((json_t *)input);
	json_t *object = sg_validate(target->type, whole, e);

	json_decref(whole);
	if (!object)
		return NULL;
	if (target->type->fill &&
	    target->type->fill(c, target->path, object, e)) {
		json_decref(object);
		return NULL;
	}
	sg_wrap(c, target, before, object);
	return object;
}

/* Keep an object as it is now. */
static void sg_change_write(struct sg_change *c,
			    const struct sg_target *target, json_t *before,
			    json_t *object)
{
	struct sg_touched *t = sg_touch(c, target, before);

	json_decref(t->after);
	t->after = json_incref(object);
	sg_change_store(c, t, object);
}

/**
 * sg_change_put - write an object
 * @c: the change
 * @target: which
 * @input: what the client has sent, an object
 * @how: made, replaced or changed
 * @result: takes a new reference to the object as it is kept, or NULL
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_change_put(struct sg_change *c, const struct sg_target *target,
		  const json_t *input, enum sg_write how, json_t **result,
		  struct sg_error *e)
{
	json_t *before = NULL, *object = NULL;
	int err = -1;

	if (target->type->flags & SG_FIXED)
		return sg_fail(e, SG_E_METHOD, "a %s is not written by clients",
			       target->type->name);
	if (sg_check_identity(target, input, e) ||
	    sg_check_owner(c, target, e))
		return -1;
	before = sg_store_get(c->db, target->path);
	if (sg_marked(before)) {
		sg_fail(e, SG_E_PENDING,
			"The object path=[%.512s] is still being deleted",
			target->path);
		goto out;
	}
	if (sg_check_revision(target, before, input, how, e))
		goto out;
	object = sg_compose(c, target, before, input, how, e);
	if (!object)
		goto out;

	if (how != SG_PUT && !(target->type->flags & SG_ACTS) &&
	    sg_same_object(before, object)) {
		json_decref(object);
		object = json_incref(before);
	} else {
		sg_change_write(c, target, before, object);
	}
	err = before ? 0 : sg_singletons(c, target, sg_singleton_make, e);
	if (!err && result)
		*result = json_incref(object);
out:
	json_decref(before);
	json_decref(object);
	return err;
}

/* Write an object, and whether it belongs to the system. */
static int sg_change_own(struct sg_change *c, const char *path,
			 const json_t *input, bool system, struct sg_error *e)
{
	json_t *before, *object = NULL;
	struct sg_target target;
	int err = -1;

	if (sg_target_parse(&target, path, e))
		return -1;
	before = sg_store_get(c->db, path);
	if (!sg_marked(before))
		object = sg_compose(c, &target, before, input, SG_PATCH, e);
	if (object) {
		json_object_set_new(object, "_system_owned",
				    json_boolean(system));
		if (!sg_same_object(before, object))
			sg_change_write(c, &target, before, object);
	}
	if (object || sg_marked(before))
		err = 0;
	json_decref(before);
	json_decref(object);
	return err;
}

/**
 * sg_change_system - make an object that belongs to the system, or change it
 * @c: the change
 * @path: its path
 * @input: its own members
 * @e: takes the reason of a refusal
 *
 * One that is being deleted is left alone.
 *
 * Return: 0 or -1
 */
int sg_change_system(struct sg_change *c, const char *path,
		     const json_t *input, struct sg_error *e)
{
	return sg_change_own(c, path, input, true, e);
}

/**
 * sg_change_release - an object belongs to the system no more
 * @c: the change
 * @path: its path
 * @input: members that change with that
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_change_release(struct sg_change *c, const char *path,
		      const json_t *input, struct sg_error *e)
{
	return sg_change_own(c, path, input, false, e);
}

/* --- Deleting --- */

/**
 * struct sg_cascade - what goes with an object
 * @ports: its ports, too
 * @paths: some of it
 * @count: how many
 */
struct sg_cascade {
	bool	ports;
	char	paths[32][SG_PATH_SIZE];
	size_t	count;
};

static int sg_cascade_add(const char *path, const char *type, void *arg)
{
	const struct sg_type *known = sg_type_named(type);
	struct sg_cascade *k = arg;

	if (!(known && known->flags & SG_PART) &&
	    !(k->ports && !strcmp(type, "SegmentPort")))
		return 0;
	if (k->count == SG_ARRAY_SIZE(k->paths))
		return 1;
	sg_format(k->paths[k->count++], SG_PATH_SIZE, "%s", path);
	return 0;
}

/* What goes with an object, a handful at a time. */
static int sg_delete_below(struct sg_change *c, const char *owner, bool ports,
			   struct sg_error *e)
{
	struct sg_cascade *k = sg_alloc(sizeof(*k));
	struct sg_target target;
	int err = 0;

	k->ports = ports;
	do {
		k->count = 0;
		sg_store_below(c->db, owner, sg_cascade_add, k);
		for (size_t i = 0; !err && i < k->count; i++) {
			err = sg_target_parse(&target, k->paths[i], e);
			if (!err)
				err = sg_change_delete(c, &target, false, e);
		}
	} while (!err && k->count);
	free(k);
	return err;
}

/* What has a counterpart in the kernel stays, marked, until that is gone. */
static void sg_change_mark(struct sg_change *c, struct sg_touched *t,
			   json_t *object)
{
	if (!(t->target.type->flags & SG_REALIZED)) {
		sg_store_remove(c->db, t->target.path);
		return;
	}
	json_object_set_new(object, "marked_for_delete", json_true());
	sg_change_store(c, t, object);
}

static void sg_change_remove(struct sg_change *c,
			     const struct sg_target *target, json_t *before)
{
	struct sg_touched *t = sg_touch(c, target, before);
	json_t *marked = json_copy(before);

	json_decref(t->after);
	t->after = NULL;
	sg_change_mark(c, t, marked);
	json_decref(marked);
}

static int sg_singleton_remove(struct sg_change *c,
			       const struct sg_target *target,
			       struct sg_error *e)
{
	json_t *object = sg_store_get(c->db, target->path);

	(void)e;
	if (object)
		sg_change_remove(c, target, object);
	json_decref(object);
	return 0;
}

/**
 * sg_change_delete - delete an object
 * @c: the change
 * @target: which
 * @cascade: with the ports that are in it
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_change_delete(struct sg_change *c, const struct sg_target *target,
		     bool cascade, struct sg_error *e)
{
	json_t *before = sg_resource_get(c->db, target->path, e);
	int err = 0;

	if (!before)
		return -1;
	if (target->type->flags & SG_FIXED ||
	    sg_json_true(before, "_system_owned"))
		err = sg_fail(e, SG_E_METHOD,
			      "path=[%.512s] belongs to the system",
			      target->path);
	if (!err) {
		sg_change_remove(c, target, before);
		err = sg_singletons(c, target, sg_singleton_remove, e);
	}
	json_decref(before);
	return err ? err : sg_delete_below(c, target->path, cascade, e);
}

/* --- Committing --- */

static long long sg_revision(const json_t *object)
{
	return json_integer_value(json_object_get(object, "_revision"));
}

/* One line for each object: who, what, which revisions, in which request. */
static void sg_audit(const struct sg_change *c, const struct sg_touched *t)
{
	char before[24] = "-", after[24] = "-";

	if (t->before)
		sg_format(before, sizeof(before), "%lld",
			  sg_revision(t->before));
	if (t->after)
		sg_format(after, sizeof(after), "%lld", sg_revision(t->after));
	sg_log(SG_LOG_NOTICE,
	       "audit: user=\"%s\" action=%s type=%s path=\"%s\" before=%s after=%s request=%s",
	       c->user, !t->after ? "delete" : t->before ? "update" : "create",
	       t->target.type->name, t->target.path, before, after,
	       c->request);
}

static int sg_change_check(struct sg_change *c, struct sg_error *e)
{
	for (size_t i = 0; i < c->count; i++)
		sg_constraint_forget(c, c->touched[i]);
	for (size_t i = 0; i < c->count; i++)
		if (sg_constraint_note(c, c->touched[i], e))
			return -1;
	for (size_t i = 0; i < c->count; i++)
		if (sg_constraint_check(c, c->touched[i], e))
			return -1;
	return 0;
}

/**
 * sg_change_commit - check what must hold, and make the change last
 * @c: the change
 * @e: takes the reason of a refusal
 *
 * Return: 0 when all of it is on the disk, or -1 when nothing has changed
 */
int sg_change_commit(struct sg_change *c, struct sg_error *e)
{
	if (sg_change_check(c, e) || sg_db_commit(c->db, e))
		return -1;
	sg_db_put(c->db);
	c->db = NULL;

	for (size_t i = 0; i < c->count; i++)
		sg_audit(c, c->touched[i]);
	if (sg_changed)
		sg_changed(c, sg_changed_arg);
	return 0;
}
