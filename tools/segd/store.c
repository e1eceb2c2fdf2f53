// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store: its file, its connections, its transactions.
 *
 * Locking: @lock covers the list of idle connections; @writer is held from the
 * begin of a transaction that writes to its end. Faults of the file (a full
 * disk) are remembered in the connection and come out at the commit, which then
 * does not happen.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "query.h"
#include "store.h"
#include "util.h"

#define SG_STATEMENTS	48
#define SG_BUSY_MS	10000

/**
 * struct sg_store - the store
 * @file: its name
 * @lock: covers @idle
 * @writer: held by the one that writes
 * @idle: connections that nobody has
 */
struct sg_store {
	char		*file;
	pthread_mutex_t	lock;
	pthread_mutex_t	writer;
	struct sg_db	*idle;
};

/**
 * struct sg_db - a connection
 * @store: the store
 * @next: in the list of idle ones
 * @db: SQLite's part
 * @access: of the transaction
 * @fault: SQLite's code of the first fault of the transaction
 * @why: what it said then
 * @sql: prepared statements, by their text
 * @q: the statements
 * @count: how many
 */
struct sg_db {
	struct sg_store	*store;
	struct sg_db	*next;
	sqlite3		*db;
	enum sg_access	access;
	int		fault;
	char		why[256];
	const char	*sql[SG_STATEMENTS];
	sqlite3_stmt	*q[SG_STATEMENTS];
	unsigned int	count;
};

/* Each entry brings a store from the version before to its own. */
static const char *const sg_migrations[] = {
	"CREATE TABLE object (path TEXT PRIMARY KEY, type TEXT NOT NULL,"
	" owner TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,"
	" marked INTEGER NOT NULL, body TEXT NOT NULL);"
	"CREATE INDEX object_list ON object (owner, type, name, id);"
	"CREATE INDEX object_type ON object (type, path);"
	"CREATE TABLE link (source TEXT NOT NULL, field TEXT NOT NULL,"
	" target TEXT NOT NULL, PRIMARY KEY (source, field, target))"
	" WITHOUT ROWID;"
	"CREATE INDEX link_target ON link (target);"
	"CREATE TABLE claim (key TEXT PRIMARY KEY, holder TEXT NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE INDEX claim_holder ON claim (holder);"
	"CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
	" WITHOUT ROWID;",
	"CREATE TABLE result (path TEXT PRIMARY KEY, used INTEGER NOT NULL,"
	" body TEXT NOT NULL);"
	"CREATE TRIGGER result_gone AFTER DELETE ON object BEGIN"
	" DELETE FROM result WHERE path = OLD.path; END;",
	("DROP INDEX object_list;"
	 "CREATE INDEX object_list ON object (owner, type, name, id, marked);"),
};

static int sg_db_exec(struct sg_db *db, const char *sql)
{
	int err = sqlite3_exec(db->db, sql, NULL, NULL, NULL);

	if (err != SQLITE_OK && !db->fault) {
		db->fault = err;
		sg_format(db->why, sizeof(db->why), "%s",
			  sqlite3_errmsg(db->db));
	}
	return err == SQLITE_OK ? 0 : -1;
}

/**
 * sg_db_fault - say what is wrong with the store
 * @db: a connection
 * @e: where to
 *
 * Return: -1 if something is, else 0
 */
int sg_db_fault(struct sg_db *db, struct sg_error *e)
{
	if (!db->fault)
		return 0;
	return sg_fail(e, SG_E_INTERNAL, "the store failed: %s", db->why);
}

/**
 * sg_db_raw - SQLite's part of a connection, for a statement that is used once
 * @db: the connection
 */
sqlite3 *sg_db_raw(struct sg_db *db)
{
	return db->db;
}

/**
 * sg_db_prepare - a statement, ready to have its parameters bound
 * @db: a connection
 * @sql: its text, which lives as long as the program
 *
 * It is valid until the same text is asked for again.
 *
 * Return: the statement; the program ends if the text is wrong
 */
sqlite3_stmt *sg_db_prepare(struct sg_db *db, const char *sql)
{
	for (unsigned int i = 0; i < db->count; i++) {
		if (db->sql[i] != sql)
			continue;
		sqlite3_reset(db->q[i]);
		sqlite3_clear_bindings(db->q[i]);
		return db->q[i];
	}
	if (db->count == SG_STATEMENTS ||
	    sqlite3_prepare_v3(db->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
			       &db->q[db->count], NULL) != SQLITE_OK) {
		sg_log(SG_LOG_ERR, "statement \"%s\": %s", sql,
		       sqlite3_errmsg(db->db));
		abort();
	}
	db->sql[db->count] = sql;
	return db->q[db->count++];
}

/**
 * sg_db_step - go on with a statement
 * @db: its connection
 * @q: the statement
 *
 * Return: 1 if there is a row, 0 at the end or after a fault
 */
int sg_db_step(struct sg_db *db, sqlite3_stmt *q)
{
	int err = sqlite3_step(q);

	if (err == SQLITE_ROW)
		return 1;
	if (err != SQLITE_DONE && !db->fault) {
		db->fault = err;
		sg_format(db->why, sizeof(db->why), "%s",
			  sqlite3_errmsg(db->db));
	}
	sqlite3_reset(q);
	return 0;
}

/**
 * sg_db_bind - set a parameter of a statement
 * @q: the statement
 * @i: number of the parameter
 * @text: its value, which stays until the statement is done
 */
void sg_db_bind(sqlite3_stmt *q, int i, const char *text)
{
	sqlite3_bind_text(q, i, text, -1, SQLITE_STATIC);
}

/**
 * sg_db_run - run a statement that gives nothing back
 * @db: its connection
 * @q: the statement
 */
void sg_db_run(struct sg_db *db, sqlite3_stmt *q)
{
	while (sg_db_step(db, q))
		;
}

static void sg_db_close(struct sg_db *db)
{
	for (unsigned int i = 0; i < db->count; i++)
		sqlite3_finalize(db->q[i]);
	sqlite3_close(db->db);
	free(db);
}

static struct sg_db *sg_db_open(struct sg_store *s)
{
	struct sg_db *db = sg_alloc(sizeof(*db));

	db->store = s;
	if (sqlite3_open_v2(s->file, &db->db, SQLITE_OPEN_READWRITE |
			    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
			    SQLITE_OPEN_URI, NULL) != SQLITE_OK) {
		sg_log(SG_LOG_ERR, "store %s: %s", s->file,
		       sqlite3_errmsg(db->db));
		sg_db_close(db);
		return NULL;
	}
	sqlite3_busy_timeout(db->db, SG_BUSY_MS);
	sg_search_install(db->db);
	sg_db_exec(db, "PRAGMA journal_mode = WAL");
	sg_db_exec(db, "PRAGMA synchronous = FULL");
	sg_db_exec(db, "PRAGMA cache_size = -8192");
	return db;
}

/* Bring the tables to the newest version, in one transaction. */
static int sg_store_migrate(struct sg_db *db, struct sg_error *e)
{
	const int newest = SG_ARRAY_SIZE(sg_migrations);
	sqlite3_stmt *q = sg_db_prepare(db, "PRAGMA user_version");
	int version = sg_db_step(db, q) ? sqlite3_column_int(q, 0) : -1;
	char sql[64];

	sqlite3_reset(q);
	if (version < 0 || version > newest)
		return sg_fail(e, SG_E_INTERNAL,
			       "the store has version %d, this program knows %d",
			       version, newest);
	if (version == newest)
		return 0;

	sg_db_exec(db, "BEGIN IMMEDIATE");
	for (int i = version; i < newest && !db->fault; i++)
		sg_db_exec(db, sg_migrations[i]);
	sg_format(sql, sizeof(sql), "PRAGMA user_version = %d", newest);
	sg_db_exec(db, sql);
	if (!db->fault)
		sg_db_exec(db, "COMMIT");
	return sg_db_fault(db, e);
}

/**
 * sg_store_open - open the store, make it, or bring it to the newest version
 * @file: its file, or a URI of SQLite
 * @e: takes the reason of a failure
 *
 * Return: the store, or NULL
 */
struct sg_store *sg_store_open(const char *file, struct sg_error *e)
{
	struct sg_store *s = sg_alloc(sizeof(*s));

	s->file = sg_strdup(file);
	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_init(&s->writer, NULL);
	s->idle = sg_db_open(s);
	if (s->idle && !sg_db_fault(s->idle, e) &&
	    !sg_store_migrate(s->idle, e))
		return s;
	if (!s->idle)
		sg_fail(e, SG_E_INTERNAL, "cannot open the store %s", file);
	sg_store_close(s);
	return NULL;
}

/**
 * sg_store_close - close the store
 * @s: the store, whose connections all are idle
 */
void sg_store_close(struct sg_store *s)
{
	while (s->idle) {
		struct sg_db *db = s->idle;

		s->idle = db->next;
		sg_db_close(db);
	}
	pthread_mutex_destroy(&s->lock);
	pthread_mutex_destroy(&s->writer);
	free(s->file);
	free(s);
}

/**
 * sg_db_get - begin a transaction
 * @s: the store
 * @access: what it may do
 *
 * Return: a connection; the program ends if there is none
 */
struct sg_db *sg_db_get(struct sg_store *s, enum sg_access access)
{
	struct sg_db *db;

	if (access == SG_WRITE)
		pthread_mutex_lock(&s->writer);

	pthread_mutex_lock(&s->lock);
	db = s->idle;
	if (db)
		s->idle = db->next;
	pthread_mutex_unlock(&s->lock);

	if (!db)
		db = sg_db_open(s);
	if (!db)
		abort();
	db->access = access;
	db->fault = 0;
	sg_db_exec(db, access == SG_WRITE ? "BEGIN IMMEDIATE" : "BEGIN");
	return db;
}

/**
 * sg_db_commit - make what a transaction has written last
 * @db: the connection
 * @e: takes the reason of a failure
 *
 * Return: 0 when it is on the disk, or -1 when nothing has changed
 */
int sg_db_commit(struct sg_db *db, struct sg_error *e)
{
	if (!db->fault)
		sg_db_exec(db, "COMMIT");
	return sg_db_fault(db, e);
}

/**
 * sg_db_put - end a transaction, undo what was not committed
 * @db: the connection
 */
void sg_db_put(struct sg_db *db)
{
	struct sg_store *s = db->store;

	for (unsigned int i = 0; i < db->count; i++)
		sqlite3_reset(db->q[i]);
	if (!sqlite3_get_autocommit(db->db))
		sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
	if (db->access == SG_WRITE)
		pthread_mutex_unlock(&s->writer);

	pthread_mutex_lock(&s->lock);
	db->next = s->idle;
	s->idle = db;
	pthread_mutex_unlock(&s->lock);
}

/**
 * sg_store_backup - copy the store while it is in use
 * @s: the store
 * @file: where to; what is there is replaced
 * @e: takes the reason of a failure
 *
 * Return: 0 or -1
 */
int sg_store_backup(struct sg_store *s, const char *file, struct sg_error *e)
{
	struct sg_db *db = sg_db_get(s, SG_READ);
	sqlite3_backup *copy = NULL;
	sqlite3 *to = NULL;
	int err;

	err = sqlite3_open(file, &to);
	if (err == SQLITE_OK)
		copy = sqlite3_backup_init(to, "main", db->db, "main");
	if (copy) {
		sqlite3_backup_step(copy, -1);
		err = sqlite3_backup_finish(copy);
	}
	if (!copy || err != SQLITE_OK)
		err = sg_fail(e, SG_E_INTERNAL, "backup to %s: %s", file,
			      sqlite3_errmsg(to));
	sqlite3_close(to);
	sg_db_put(db);
	return err ? -1 : 0;
}
