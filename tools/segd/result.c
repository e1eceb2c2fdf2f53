// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has come of objects that do something: results, which are kept as long
 * as their objects, and the time at which somebody last wanted them.
 */
#include <stdlib.h>

#include "json.h"
#include "store.h"
#include "util.h"

/* How old a noted time may be before it is noted anew. */
#define SG_USED_MS	1000

/**
 * sg_result_get - what has come of an object
 * @db: a connection
 * @path: of the object
 * @used: takes when somebody last wanted it, or NULL
 *
 * Return: a new reference, or NULL if nothing has yet
 */
json_t *sg_result_get(struct sg_db *db, const char *path, int64_t *used)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"SELECT body, used FROM result WHERE path = ?");
	json_t *body = NULL;

	sg_db_bind(q, 1, path);
	if (sg_db_step(db, q)) {
		body = json_loads((const char *)sqlite3_column_text(q, 0), 0,
				  NULL);
		if (used)
			*used = sqlite3_column_int64(q, 1);
	}
	sqlite3_reset(q);
	return body;
}

/**
 * sg_result_set - keep what has come of an object
 * @db: a connection that writes
 * @path: of the object; nothing is kept if it is not there
 * @now: when that was
 * @body: what it was
 */
void sg_result_set(struct sg_db *db, const char *path, int64_t now,
		   const json_t *body)
{
	sqlite3_stmt *q = sg_db_prepare(db,
		"INSERT OR REPLACE INTO result (path, used, body)"
		" SELECT path, ?2, ?3 FROM object WHERE path = ?1");

	sg_db_bind(q, 1, path);
	sqlite3_bind_int64(q, 2, now);
	sqlite3_bind_text(q, 3, sg_json_compact(body), -1, free);
	sg_db_run(db, q);
}

/**
 * sg_result_forget - what has come of an object counts no more
 * @db: a connection that writes
 * @path: of the object
 */
void sg_result_forget(struct sg_db *db, const char *path)
{
	sqlite3_stmt *q = sg_db_prepare(db, "DELETE FROM result WHERE path = ?");

	sg_db_bind(q, 1, path);
	sg_db_run(db, q);
}

/**
 * sg_result_use - note that somebody wants it
 * @store: the store
 * @path: of the object
 * @used: when somebody did before
 */
void sg_result_use(struct sg_store *store, const char *path, int64_t used)
{
	int64_t now = sg_now_ms();
	struct sg_error e = {};
	struct sg_db *db;
	sqlite3_stmt *q;

	if (now - used < SG_USED_MS)
		return;
	db = sg_db_get(store, SG_WRITE);
	q = sg_db_prepare(db, "UPDATE result SET used = ? WHERE path = ?");
	sqlite3_bind_int64(q, 1, now);
	sg_db_bind(q, 2, path);
	sg_db_run(db, q);
	sg_db_commit(db, &e);
	sg_db_put(db);
}
