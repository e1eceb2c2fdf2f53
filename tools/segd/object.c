// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in the store: objects, links between them, claims on what is unique,
 * and settings of the daemon.
 */
#include <string.h>

#include "json.h"
#include "store.h"
#include "util.h"

static const char *sg_column(sqlite3_stmt *q, int i)
{
	return (const char *)sqlite3_column_text(q, i);
}

/**
 * sg_store_get - read an object
 * @db: a connection
 * @path: its path
 *
 * Return: a new reference, or NULL if there is none; it may be one that is
 *	marked for deletion
 */
json_t *sg_store_get(struct sg_db *db, const char *path)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT body FROM object WHERE path = ?");
	json_t *body = NULL;

	sg_db_bind(q, 1, path);
	if (sg_db_step(db, q))
		body = json_loads(sg_column(q, 0), 0, NULL);
	sqlite3_reset(q);
	return body;
}

/**
 * sg_store_stays - is there an object that is not to go?
 * @db: a connection
 * @path: its path
 *
 * Return: false if there is none, or if it is marked for deletion
 */
bool sg_store_stays(struct sg_db *db, const char *path)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT 1 FROM object WHERE path = ? AND NOT marked");
	bool stays;

	sg_db_bind(q, 1, path);
	stays = sg_db_step(db, q);
	sqlite3_reset(q);
	return stays;
}

/**
 * sg_store_set - write an object
 * @db: a connection that writes
 * @row: the object
 */
void sg_store_set(struct sg_db *db, const struct sg_row *row)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"INSERT OR REPLACE INTO object"
		" (path, type, owner, id, name, marked, body)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)");
	char *body = sg_json_compact(row->body);

	sg_db_bind(q, 1, row->path);
	sg_db_bind(q, 2, row->type);
	sg_db_bind(q, 3, row->owner);
	sg_db_bind(q, 4, row->id);
	sg_db_bind(q, 5, sg_json_text(row->body, "display_name"));
	sqlite3_bind_int(q, 6, sg_json_true(row->body, "marked_for_delete"));
	sqlite3_bind_text(q, 7, body, -1, free);
	sg_db_run(db, q);
}

/**
 * sg_store_remove - remove an object
 * @db: a connection that writes
 * @path: its path
 */
void sg_store_remove(struct sg_db *db, const char *path)
{
	sqlite3_stmt *q = sg_db_prepare(db, "DELETE FROM object WHERE path = ?");

	sg_db_bind(q, 1, path);
	sg_db_run(db, q);
}

static int sg_paths(struct sg_db *db, sqlite3_stmt *q, sg_path_fn fn, void *arg)
{
	int ret = 0;

	while (!ret && sg_db_step(db, q))
		ret = fn(sg_column(q, 0), sg_column(q, 1), arg);
	sqlite3_reset(q);
	return ret;
}

/* The first path, to be freed, or NULL. */
static char *sg_one_path(struct sg_db *db, sqlite3_stmt *q)
{
	char *path = NULL;

	if (sg_db_step(db, q))
		path = sg_strdup(sg_column(q, 0));
	sqlite3_reset(q);
	return path;
}

/**
 * sg_store_below - walk over the objects that live in another
 * @db: a connection
 * @owner: path of the other
 * @fn: called for each that is not marked for deletion
 * @arg: for @fn
 *
 * Return: 0, or what @fn returned if not 0
 */
int sg_store_below(struct sg_db *db, const char *owner, sg_path_fn fn,
		   void *arg)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT path, type FROM object"
		" WHERE owner = ? AND NOT marked ORDER BY path");

	sg_db_bind(q, 1, owner);
	return sg_paths(db, q, fn, arg);
}

/**
 * sg_store_only - find the object of a type that lives in another
 * @db: a connection
 * @owner: path of the other
 * @type: name of the type; if there are more of it, the first one counts
 *
 * Return: its path, to be freed, or NULL
 */
char *sg_store_only(struct sg_db *db, const char *owner, const char *type)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT path FROM object"
		" WHERE owner = ? AND type = ? AND NOT marked"
		" ORDER BY path LIMIT 1");

	sg_db_bind(q, 1, owner);
	sg_db_bind(q, 2, type);
	return sg_one_path(db, q);
}

/**
 * sg_store_walk - walk over all objects
 * @db: a connection
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0, or what @fn returned if not 0
 */
int sg_store_walk(struct sg_db *db, sg_path_fn fn, void *arg)
{
	return sg_paths(db, sg_db_prepare(db, "SELECT path, type FROM object"),
			fn, arg);
}

/**
 * sg_store_unique - find an object by its unique_id
 * @db: a connection
 * @type: name of its type
 * @id: the unique_id
 *
 * Return: its path, to be freed, or NULL
 */
char *sg_store_unique(struct sg_db *db, const char *type, const char *id)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT path FROM object WHERE type = ? AND NOT marked"
		" AND json_extract(body, '$.unique_id') = ?");

	sg_db_bind(q, 1, type);
	sg_db_bind(q, 2, id);
	return sg_one_path(db, q);
}

/**
 * sg_store_count - how many objects of a type there are
 * @db: a connection
 * @type: name of the type
 */
int64_t sg_store_count(struct sg_db *db, const char *type)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT count(*) FROM object WHERE type = ? AND NOT marked");
	int64_t n = 0;

	sg_db_bind(q, 1, type);
	if (sg_db_step(db, q))
		n = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	return n;
}

/**
 * sg_store_unlink - forget whom an object refers to
 * @db: a connection that writes
 * @source: its path
 */
void sg_store_unlink(struct sg_db *db, const char *source)
{
	sqlite3_stmt *q = sg_db_prepare(db, "DELETE FROM link WHERE source = ?");

	sg_db_bind(q, 1, source);
	sg_db_run(db, q);
}

/**
 * sg_store_link - note that an object refers to another
 * @db: a connection that writes
 * @source: path of the one
 * @target: path of the other
 * @field: the member that names it
 */
void sg_store_link(struct sg_db *db, const char *source, const char *target,
		   const char *field)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"INSERT OR IGNORE INTO link (source, target, field)"
		" VALUES (?, ?, ?)");

	sg_db_bind(q, 1, source);
	sg_db_bind(q, 2, target);
	sg_db_bind(q, 3, field);
	sg_db_run(db, q);
}

/**
 * sg_store_linked - walk over the objects that refer to another
 * @db: a connection
 * @target: path of the other
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0, or what @fn returned if not 0
 */
int sg_store_linked(struct sg_db *db, const char *target, sg_path_fn fn,
		    void *arg)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT DISTINCT path, type FROM link"
		" JOIN object ON path = source WHERE target = ? ORDER BY path");

	sg_db_bind(q, 1, target);
	return sg_paths(db, q, fn, arg);
}

/**
 * sg_store_claim - claim something that only one object may have
 * @db: a connection that writes
 * @key: what it is
 * @holder: path of the object
 *
 * Return: NULL, or the path of another that has it, to be freed
 */
char *sg_store_claim(struct sg_db *db, const char *key, const char *holder)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT holder FROM claim WHERE key = ?");
	char *other = NULL;

	sg_db_bind(q, 1, key);
	if (sg_db_step(db, q))
		other = sg_strdup(sg_column(q, 0));
	sqlite3_reset(q);
	if (other)
		return other;

	q = sg_db_prepare(db, "INSERT INTO claim (key, holder) VALUES (?, ?)");
	sg_db_bind(q, 1, key);
	sg_db_bind(q, 2, holder);
	sg_db_run(db, q);
	return NULL;
}

/**
 * sg_store_unclaim - give back what an object has claimed
 * @db: a connection that writes
 * @holder: its path
 */
void sg_store_unclaim(struct sg_db *db, const char *holder)
{
	sqlite3_stmt *q = sg_db_prepare(db, "DELETE FROM claim WHERE holder = ?");

	sg_db_bind(q, 1, holder);
	sg_db_run(db, q);
}

/**
 * sg_store_setting - a setting that the daemon keeps for itself
 * @db: a connection
 * @name: of the setting
 *
 * Return: its value, to be freed, or NULL
 */
char *sg_store_setting(struct sg_db *db, const char *name)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT value FROM setting WHERE name = ?");
	char *value = NULL;

	sg_db_bind(q, 1, name);
	if (sg_db_step(db, q))
		value = sg_strdup(sg_column(q, 0));
	sqlite3_reset(q);
	return value;
}

void sg_store_set_setting(struct sg_db *db, const char *name,
			  const char *value)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)");

	sg_db_bind(q, 1, name);
	sg_db_bind(q, 2, value);
	sg_db_run(db, q);
}
