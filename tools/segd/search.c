// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search over all objects. Its cursors are decimal: how many results came
 * before, as its clients count.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "json.h"
#include "query.h"
#include "realizer.h"

#define SG_PAGE		1000

/* --- Matching --- */

static bool sg_match_scalar(const json_t *value, const char *pattern)
{
	const char *text = json_string_value(value);
	char number[32];

	if (json_is_boolean(value))
		text = json_is_true(value) ? "true" : "false";
	if (json_is_integer(value)) {
		sg_format(number, sizeof(number), "%lld",
			  (long long)json_integer_value(value));
		text = number;
	}
	return text && !fnmatch(pattern, text, 0);
}

/* Does a member match? In an array, any element may. */
static bool sg_match(const json_t *value, const char *field,
		     const char *pattern)
{
	char name[128];
	json_t *element;
	size_t i, len;

	if (json_is_array(value)) {
		json_array_foreach((json_t *)value, i, element)
			if (sg_match(element, field, pattern))
				return true;
		return false;
	}
	if (!*field)
		return sg_match_scalar(value, pattern);
	len = strcspn(field, ".");
	if (len >= sizeof(name))
		return false;
	memcpy(name, field, len);
	name[len] = '\0';
	value = json_object_get(value, name);
	return value && sg_match(value, field + len + (field[len] == '.'),
				 pattern);
}

static void sg_match_sql(sqlite3_context *context, int argc,
			 sqlite3_value **argv)
{
	const char *body = (const char *)sqlite3_value_text(argv[0]);
	const char *field = (const char *)sqlite3_value_text(argv[1]);
	const char *pattern = (const char *)sqlite3_value_text(argv[2]);
	json_t *object;

	(void)argc;
	object = body ? json_loads(body, 0, NULL) : NULL;
	sqlite3_result_int(context, object && field && pattern &&
			   sg_match(object, field, pattern));
	json_decref(object);
}

/**
 * sg_search_install - give a connection the function that matches
 * @db: the connection
 */
void sg_search_install(sqlite3 *db)
{
	sqlite3_create_function(db, "sg_match", 3,
				SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
				sg_match_sql, NULL, NULL);
}

/* --- Answering --- */

/**
 * struct sg_find - which part of the results is wanted
 * @query: the condition
 * @skip: results before
 * @size: most results
 * @sort_by: the member that gives the order, "" for the path
 * @ascending: the order
 * @fields: members that are wanted, or NULL for all
 */
struct sg_find {
	struct sg_query	query;
	long long	skip;
	long long	size;
	const char	*sort_by;
	bool		ascending;
	const char	*fields;
};

static int sg_find_parse(struct sg_find *f, const struct sg_request *rq,
			 struct sg_error *e)
{
	const char *query = sg_param(rq, "query");
	const char *sort_by = sg_param(rq, "sort_by");
	const char *ascending = sg_param(rq, "sort_ascending");

	f->size = SG_PAGE;
	f->sort_by = sort_by ? sort_by : "";
	f->ascending = !ascending || strcasecmp(ascending, "false");
	f->fields = sg_param(rq, "included_fields");
	for (const char *s = f->sort_by; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '_')
			return sg_fail(e, SG_E_FIELD,
				       "sort_by: \"%.64s\" is no member",
				       f->sort_by);
	if (!query || !*query)
		return sg_fail(e, SG_E_FIELD,
			       "query: the parameter is required");
	if (sg_param_number(rq, "page_size", SG_PAGE, &f->size, e) ||
	    sg_param_number(rq, "cursor", INT32_MAX, &f->skip, e))
		return -1;
	if (!f->size)
		f->size = SG_PAGE;
	return sg_query_parse(&f->query, query, e);
}

static sqlite3_stmt *sg_find_statement(struct sg_find *f, const char *what,
				       const char *rest, sqlite3 *db)
{
	sqlite3_stmt *q = NULL;
	char *sql = sg_printf("SELECT %s FROM object WHERE %s %s", what,
			      f->query.where.data, rest);

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK)
		for (unsigned int i = 0; i < f->query.values; i++)
			sqlite3_bind_text(q, i + 1, f->query.value[i], -1,
					  SQLITE_STATIC);
	free(sql);
	return q;
}

static long long sg_find_count(struct sg_find *f, struct sg_db *db)
{
	sqlite3_stmt *q = sg_find_statement(f, "count(*)", "", sg_db_raw(db));
	long long n = 0;

	if (q && sg_db_step(db, q))
		n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

/* Only the members that are asked for. */
static void sg_find_reduce(json_t *object, const char *fields)
{
	const char *name;
	json_t *value;
	void *next;
	char *list;

	if (!fields || !*fields)
		return;
	list = sg_strdup(fields);
	for (char *s = list; *s; s++)
		if (*s == ',')
			*s = '|';
	json_object_foreach_safe(object, next, name, value)
		if (!sg_word_in(list, name))
			json_object_del(object, name);
	free(list);
}

static json_t *sg_find_page(struct sg_find *f, struct sg_api *api,
			    struct sg_db *db)
{
	json_t *results = json_array(), *object;
	char rest[256];
	sqlite3_stmt *q;

	if (*f->sort_by)
		sg_format(rest, sizeof(rest),
			  "ORDER BY json_extract(body, '$.%.100s') %s, path LIMIT %lld OFFSET %lld",
			  f->sort_by, f->ascending ? "ASC" : "DESC", f->size,
			  f->skip);
	else
		sg_format(rest, sizeof(rest),
			  "ORDER BY path %s LIMIT %lld OFFSET %lld",
			  f->ascending ? "ASC" : "DESC", f->size, f->skip);
	q = sg_find_statement(f, "body, path", rest, sg_db_raw(db));
	while (q && sg_db_step(db, q)) {
		const char *path = (const char *)sqlite3_column_text(q, 1);

		object = json_loads((const char *)sqlite3_column_text(q, 0), 0,
				    NULL);
		json_object_set_new(object, "status",
				    sg_realizer_consolidated(api->realizer,
							     path));
		sg_find_reduce(object, f->fields);
		json_array_append_new(results, object);
	}
	sqlite3_finalize(q);
	return results;
}

/**
 * sg_search_query - answer a search
 *
 * The parameters are those of &typedef sg_handler.
 */
int sg_search_query(struct sg_api *api, const struct sg_request *rq,
		    const struct sg_target *target, struct sg_response *rs,
		    struct sg_error *e)
{
	struct sg_find f = {};
	char cursor[24];
	struct sg_db *db;
	json_t *results;
	long long count;
	int err = -1;

	(void)target;
	if (sg_find_parse(&f, rq, e))
		goto out;
	db = sg_db_get(api->store, SG_READ);
	count = sg_find_count(&f, db);
	results = sg_find_page(&f, api, db);
	err = sg_db_fault(db, e);
	sg_db_put(db);
	if (err) {
		json_decref(results);
		goto out;
	}
	sg_format(cursor, sizeof(cursor), "%lld",
		  f.skip + (long long)json_array_size(results));
	sg_respond(rs, sg_list_envelope(results, count, cursor,
					*f.sort_by ? f.sort_by : "path",
					f.ascending));
out:
	sg_query_free(&f.query);
	return err;
}
