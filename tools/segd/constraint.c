// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has to hold between objects: paths lead to objects of the right type,
 * what is unique is claimed once, nothing is deleted that others need. The
 * table of types says what; the store keeps links and claims.
 */
#include <stdlib.h>
#include <string.h>

#include "constraint.h"
#include "json.h"
#include "text.h"

/* How many paths a refusal names before it only counts. */
#define SG_NAMED	8

/**
 * sg_constraint_forget - give back what an object has held before
 * @c: the change
 * @t: the object
 */
void sg_constraint_forget(struct sg_change *c, const struct sg_touched *t)
{
	if (!t->before)
		return;
	sg_store_unlink(c->db, t->target.path);
	sg_store_unclaim(c->db, t->target.path);
}

/* --- References --- */

static int sg_refer(struct sg_change *c, const char *source,
		    const struct sg_field *f, const char *name,
		    const char *path, struct sg_error *e)
{
	struct sg_target target;
	json_t *object = NULL;
	struct sg_error why;
	bool there = false;

	if (!sg_target_parse(&target, path, &why) && !target.collection &&
	    !*target.rest && sg_word_in(f->target, target.type->name)) {
		object = sg_store_get(c->db, path);
		there = object && !sg_json_true(object, "marked_for_delete");
		json_decref(object);
	}
	if (!there)
		return sg_fail(e, SG_E_PATH,
			       "%s: The path=[%.512s] is invalid: there is no such %s",
			       name, path, f->target);
	if (!(f->flags & SG_LOOSE))
		sg_store_link(c->db, source, path, name);
	return 0;
}

static int sg_refer_all(struct sg_change *c, const char *source,
			const struct sg_field *f, const char *name,
			const json_t *value, struct sg_error *e)
{
	json_t *element;
	size_t i;

	if (json_is_string(value))
		return sg_refer(c, source, f, name, json_string_value(value),
				e);
	json_array_foreach((json_t *)value, i, element)
		if (sg_refer(c, source, f, name, json_string_value(element),
			     e))
			return -1;
	return 0;
}

static int sg_references(struct sg_change *c, const struct sg_touched *t,
			 struct sg_error *e)
{
	const struct sg_field *f = t->target.type->fields;

	for (; f->name; f++) {
		const char *name = f->name;
		const json_t *value;

		if (f->kind != SG_REF)
			continue;
		value = json_object_get(t->after, name);
		if (!value && f->alias) {
			name = f->alias;
			value = json_object_get(t->after, name);
		}
		if (value && sg_refer_all(c, t->target.path, f, name, value, e))
			return -1;
	}
	return 0;
}

/* --- Claims --- */

/* The values of a claim as text. Return: false if one is missing. */
static bool sg_claim_values(const struct sg_claim *claim, const json_t *object,
			    struct sg_text *text)
{
	for (int i = 0; claim->fields[i]; i++) {
		const json_t *value = sg_json_at(object, claim->fields[i]);

		if (json_is_array(value))
			value = json_array_get(value, 0);
		if (!value)
			return false;
		sg_text_printf(text, "%s%s ", i ? ", " : "", claim->fields[i]);
		if (json_is_string(value))
			sg_text_puts(text, json_string_value(value));
		else
			sg_text_printf(text, "%lld",
				       json_integer_value(value));
	}
	return true;
}

static int sg_claim(struct sg_change *c, const struct sg_touched *t,
		    const struct sg_claim *claim, struct sg_error *e)
{
	struct sg_text key = {};
	char *holder = NULL;

	if (claim->when && !claim->when(c->db, t->after))
		return 0;
	sg_text_printf(&key, "%s: ", claim->name);
	if (sg_claim_values(claim, t->after, &key))
		holder = sg_store_claim(c->db, key.data, t->target.path);
	if (holder)
		sg_fail(e, claim->code, "%s: %s path=[%.400s]",
			key.data + strlen(claim->name) + 2, claim->taken,
			holder);
	sg_text_free(&key);
	if (!holder)
		return 0;
	free(holder);
	return -1;
}

/**
 * sg_constraint_note - note what an object holds now
 * @c: the change
 * @t: the object
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_constraint_note(struct sg_change *c, const struct sg_touched *t,
		       struct sg_error *e)
{
	const struct sg_claim *claim = t->target.type->claims;

	if (!t->after)
		return 0;
	if (sg_references(c, t, e))
		return -1;
	for (; claim && claim->name; claim++)
		if (sg_claim(c, t, claim, e))
			return -1;
	return 0;
}

/* --- Deletion --- */

/**
 * struct sg_users - who still needs an object
 * @c: the change
 * @text: their paths
 * @count: how many
 * @attached: one of them is a port with a machine attached
 */
struct sg_users {
	struct sg_change	*c;
	struct sg_text		text;
	size_t			count;
	bool			attached;
};

static int sg_use(const char *path, const char *type, void *arg)
{
	struct sg_users *u = arg;

	if (u->count++ < SG_NAMED)
		sg_text_printf(&u->text, "%s%s", u->count > 1 ? "," : "", path);
	if (!strcmp(type, "SegmentPort")) {
		json_t *port = sg_store_get(u->c->db, path);

		u->attached |= !!sg_json_at(port, "attachment.id");
		json_decref(port);
	}
	return 0;
}

static int sg_deletable(struct sg_change *c, const char *path,
			struct sg_error *e)
{
	struct sg_users u = { .c = c };

	sg_store_below(c->db, path, sg_use, &u);
	sg_store_linked(c->db, path, sg_use, &u);
	if (!u.count)
		return 0;
	if (u.count > SG_NAMED)
		sg_text_printf(&u.text, " and %zu more", u.count - SG_NAMED);
	sg_fail(e, u.attached ? SG_E_ATTACHED : SG_E_IN_USE,
		"The object path=[%.256s] cannot be deleted as either it has children or it is being referenced by other objects path=[%.600s].",
		path, u.text.data);
	sg_text_free(&u.text);
	return -1;
}

/**
 * sg_constraint_check - check what must hold for an object
 * @c: the change, whose links and claims all are noted
 * @t: the object
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_constraint_check(struct sg_change *c, const struct sg_touched *t,
			struct sg_error *e)
{
	const struct sg_type *type = t->target.type;

	if (!t->after)
		return sg_deletable(c, t->target.path, e);
	return type->check ? type->check(c, t->target.path, t->after, e) : 0;
}
