// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists, by pages. A cursor holds the last object's place in the order, so
 * that what comes and goes between two pages neither doubles nor hides others.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "base64.h"
#include "json.h"

#define SG_PAGE		1000

/**
 * struct sg_page - which part of a list is wanted
 * @sort_by: the member that gives the order
 * @ascending: the order
 * @size: most objects
 * @marked: with those that are marked for deletion
 * @after: [value, id] of the object before the first, or NULL
 */
struct sg_page {
	const char	*sort_by;
	bool		ascending;
	long long	size;
	bool		marked;
	json_t		*after;
};

/* Most lists are in the order that the index has. */
#define SG_BY_NAME	"name"
#define SG_BY_MEMBER	"coalesce(json_extract(body, ?4), '')"

#define SG_LIST(key, than, order)					\
	"SELECT body, id, " key " FROM object"				\
	" WHERE owner = ?1 AND type = ?2 AND marked <= ?3"		\
	" AND (?5 IS NULL OR (" key ", id) " than " (?5, ?6))"		\
	" ORDER BY " key " " order ", id " order " LIMIT ?7"

static const char *const sg_list_sql[2][2] = {
	{ SG_LIST(SG_BY_MEMBER, "<", "DESC"),
	  SG_LIST(SG_BY_MEMBER, ">", "ASC") },
	{ SG_LIST(SG_BY_NAME, "<", "DESC"),
	  SG_LIST(SG_BY_NAME, ">", "ASC") },
};

static char *sg_cursor_make(const json_t *place)
{
	char *text = sg_json_compact(place);
	char *cursor = sg_base64_encode(text, strlen(text));

	free(text);
	return cursor;
}

static json_t *sg_cursor_read(const char *cursor, struct sg_error *e)
{
	size_t len;
	char *text = sg_base64_decode(cursor, &len);
	json_t *place = text ? json_loadb(text, len, 0, NULL) : NULL;

	free(text);
	if (json_array_size(place) == 2 &&
	    json_is_string(json_array_get(place, 1)))
		return place;
	json_decref(place);
	sg_fail(e, SG_E_FIELD, "cursor: \"%.64s\" is none of this server",
		cursor);
	return NULL;
}

static int sg_page_parse(struct sg_page *p, const struct sg_request *rq,
			 struct sg_error *e)
{
	const char *cursor = sg_param(rq, "cursor");
	const char *sort_by = sg_param(rq, "sort_by");
	const char *ascending = sg_param(rq, "sort_ascending");

	p->sort_by = sort_by && *sort_by ? sort_by : "display_name";
	for (const char *s = p->sort_by; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '_')
			return sg_fail(e, SG_E_FIELD,
				       "sort_by: \"%.64s\" is no member",
				       p->sort_by);
	p->ascending = !ascending || strcasecmp(ascending, "false");
	p->marked = sg_param_true(rq, "include_mark_for_delete_objects");
	p->size = 0;
	if (sg_param_number(rq, "page_size", SG_PAGE, &p->size, e))
		return -1;
	if (!p->size)
		p->size = SG_PAGE;
	p->after = NULL;
	if (cursor && *cursor)
		p->after = sg_cursor_read(cursor, e);
	return cursor && *cursor && !p->after ? -1 : 0;
}

static void sg_bind_json(sqlite3_stmt *q, int i, const json_t *value)
{
	if (json_is_string(value))
		sqlite3_bind_text(q, i, json_string_value(value), -1,
				  SQLITE_STATIC);
	else if (json_is_real(value))
		sqlite3_bind_double(q, i, json_real_value(value));
	else
		sqlite3_bind_int64(q, i, json_integer_value(value));
}

static json_t *sg_column_json(sqlite3_stmt *q, int i)
{
	switch (sqlite3_column_type(q, i)) {
	case SQLITE_INTEGER:
		return json_integer(sqlite3_column_int64(q, i));
	case SQLITE_FLOAT:
		return json_real(sqlite3_column_double(q, i));
	default:
		return json_string((const char *)sqlite3_column_text(q, i));
	}
}

static long long sg_list_count(struct sg_db *db, const struct sg_target *target,
			       const struct sg_page *p)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT count(*) FROM object"
		" WHERE owner = ? AND type = ? AND marked <= ?");
	long long n = 0;

	sqlite3_bind_text(q, 1, target->owner, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, target->type->name, -1, SQLITE_STATIC);
	sqlite3_bind_int(q, 3, p->marked);
	if (sg_db_step(db, q))
		n = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	return n;
}

/*
 * The objects of a page, as the store has them, with commas between them. One
 * more than fits says that there is another page.
 */
static void sg_list_page(struct sg_db *db, const struct sg_target *target,
			 const struct sg_page *p, struct sg_text *results,
			 char **cursor)
{
	bool by_name = !strcmp(p->sort_by, "display_name");
	sqlite3_stmt *q = sg_db_prepare(db,
					sg_list_sql[by_name][p->ascending]);
	json_t *place = NULL;
	char member[128];
	const char *id;
	long long n = 0;

	sqlite3_bind_text(q, 1, target->owner, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, target->type->name, -1, SQLITE_STATIC);
	sqlite3_bind_int(q, 3, p->marked);
	sg_format(member, sizeof(member), "$.%s", p->sort_by);
	if (!by_name)
		sqlite3_bind_text(q, 4, member, -1, SQLITE_STATIC);
	if (p->after) {
		sg_bind_json(q, 5, json_array_get(p->after, 0));
		sg_bind_json(q, 6, json_array_get(p->after, 1));
	}
	sqlite3_bind_int64(q, 7, p->size + 1);

	while (sg_db_step(db, q)) {
		if (n++ == p->size) {
			*cursor = sg_cursor_make(place);
			break;
		}
		id = (const char *)sqlite3_column_text(q, 1);
		if (results->len)
			sg_text_puts(results, ",");
		sg_text_add(results, sqlite3_column_blob(q, 0),
			    sqlite3_column_bytes(q, 0));
		json_decref(place);
		place = json_pack("[o, s]", sg_column_json(q, 2), id);
	}
	sqlite3_reset(q);
	json_decref(place);
}

/**
 * sg_list_envelope - what stands around the results of a list
 * @results: the results, whose reference is taken
 * @count: how many there are on all pages
 * @cursor: of the next page, or NULL
 * @sort_by: the member that gives the order
 * @ascending: the order
 *
 * Return: a new reference
 */
json_t *sg_list_envelope(json_t *results, long long count, const char *cursor,
			 const char *sort_by, bool ascending)
{
	json_t *list = json_pack("{s:o, s:I}", "results", results,
				 "result_count", (json_int_t)count);

	if (cursor)
		sg_json_set_text(list, "cursor", cursor);
	sg_json_set_text(list, "sort_by", sort_by);
	json_object_set_new(list, "sort_ascending", json_boolean(ascending));
	return list;
}

/* A page of objects is not taken apart to be written. */
static void sg_list_respond(struct sg_response *rs,
			    const struct sg_text *results,
			    long long count, const char *cursor,
			    const struct sg_page *p)
{
	static const char head[] = "{\"results\":[";
	json_t *list = sg_list_envelope(json_array(), count, cursor,
					p->sort_by, p->ascending);
	char *envelope = sg_json_compact(list);
	struct sg_text text = {};

	sg_text_puts(&text, head);
	sg_text_add(&text, results->data, results->len);
	sg_text_puts(&text, envelope + strlen(head));
	rs->type = "application/json";
	sg_json_layout(&rs->body, text.data);
	sg_text_puts(&rs->body, "\n");
	sg_text_free(&text);
	free(envelope);
	json_decref(list);
}

static bool sg_owner_there(struct sg_db *db, const char *owner)
{
	struct sg_error ignored = {};
	json_t *object;

	if (!*owner)
		return true;
	object = sg_resource_get(db, owner, &ignored);
	json_decref(object);
	return object;
}

/**
 * sg_list - answer with a page of a collection
 *
 * The parameters are those of &typedef sg_handler.
 */
int sg_list(struct sg_api *api, const struct sg_request *rq,
	    const struct sg_target *target, struct sg_response *rs,
	    struct sg_error *e)
{
	struct sg_text results = {};
	char *cursor = NULL;
	struct sg_page p;
	struct sg_db *db;
	long long count;

	if (strcmp(rq->method, "GET"))
		return sg_fail(e, SG_E_METHOD,
			       "%s is not possible on the collection path=[%.512s]",
			       rq->method, target->path);
	if (sg_page_parse(&p, rq, e))
		return -1;

	db = sg_db_get(api->store, SG_READ);
	if (!sg_owner_there(db, target->owner)) {
		sg_db_put(db);
		json_decref(p.after);
		return sg_fail(e, SG_E_PATH, "The path=[%.512s] is invalid",
			       target->path);
	}
	count = sg_list_count(db, target, &p);
	sg_list_page(db, target, &p, &results, &cursor);
	sg_db_put(db);
	json_decref(p.after);
	sg_list_respond(rs, &results, count, cursor, &p);
	sg_text_free(&results);
	free(cursor);
	return 0;
}
