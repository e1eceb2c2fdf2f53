/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The store: objects by path, who refers to whom, what is unique.
 *
 * One SQLite file, many connections. A connection belongs to one thread from
 * sg_db_get() to sg_db_put(); one writes at a time, readers do not wait.
 */
#ifndef _SEGD_STORE_H
#define _SEGD_STORE_H

#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"

struct sg_store;
struct sg_db;

/**
 * enum sg_access - what a transaction may do
 * @SG_READ: sees the store as it was when it began
 * @SG_WRITE: changes it; others that want to wait
 */
enum sg_access {
	SG_READ,
	SG_WRITE,
};

struct sg_store *sg_store_open(const char *file, struct sg_error *e);
void sg_store_close(struct sg_store *s);
int sg_store_backup(struct sg_store *s, const char *file, struct sg_error *e);

struct sg_db *sg_db_get(struct sg_store *s, enum sg_access access);
int sg_db_commit(struct sg_db *db, struct sg_error *e);
void sg_db_put(struct sg_db *db);

sqlite3_stmt *sg_db_prepare(struct sg_db *db, const char *sql);
sqlite3 *sg_db_raw(struct sg_db *db);
int sg_db_fault(struct sg_db *db, struct sg_error *e);
void sg_db_bind(sqlite3_stmt *q, int i, const char *text);
int sg_db_step(struct sg_db *db, sqlite3_stmt *q);
void sg_db_run(struct sg_db *db, sqlite3_stmt *q);

/**
 * struct sg_row - an object as it is stored
 * @path: its path
 * @type: name of its type
 * @owner: path of what it lives in
 * @id: its id
 * @body: all its members
 */
struct sg_row {
	const char	*path;
	const char	*type;
	const char	*owner;
	const char	*id;
	const json_t	*body;
};

/* Called for each; another value than 0 ends the walk and becomes its result. */
typedef int (*sg_path_fn)(const char *path, const char *type, void *arg);

json_t *sg_store_get(struct sg_db *db, const char *path);
bool sg_store_stays(struct sg_db *db, const char *path);
void sg_store_set(struct sg_db *db, const struct sg_row *row);
void sg_store_remove(struct sg_db *db, const char *path);
int sg_store_below(struct sg_db *db, const char *owner, sg_path_fn fn,
		   void *arg);
char *sg_store_only(struct sg_db *db, const char *owner, const char *type);
int sg_store_walk(struct sg_db *db, sg_path_fn fn, void *arg);
char *sg_store_unique(struct sg_db *db, const char *type, const char *id);
int64_t sg_store_count(struct sg_db *db, const char *type);

void sg_store_unlink(struct sg_db *db, const char *source);
void sg_store_link(struct sg_db *db, const char *source, const char *target,
		   const char *field);
int sg_store_linked(struct sg_db *db, const char *target, sg_path_fn fn,
		    void *arg);

char *sg_store_claim(struct sg_db *db, const char *key, const char *holder);
void sg_store_unclaim(struct sg_db *db, const char *holder);

char *sg_store_setting(struct sg_db *db, const char *name);
void sg_store_set_setting(struct sg_db *db, const char *name,
			  const char *value);

json_t *sg_result_get(struct sg_db *db, const char *path, int64_t *used);
void sg_result_set(struct sg_db *db, const char *path, int64_t now,
		   const json_t *body);
void sg_result_forget(struct sg_db *db, const char *path);
void sg_result_use(struct sg_store *store, const char *path, int64_t used);

#endif /* _SEGD_STORE_H */
