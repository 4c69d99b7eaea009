/* What the SQLite engine's connections (sqlite.c) and its writing thread (writer.c) share. Private to src/db. */
#ifndef SULH_DB_SQLITE_H
#define SULH_DB_SQLITE_H

#include "db/engine.h"

#include <sqlite3.h>

struct sqlite_connection {
	struct db *db;
	sqlite3 *handle;
	struct cache cache;
	bool wrote; /* a statement that may write has run since the writer last looked */
};

struct sqlite_tx {
	struct db_tx base;
	struct sqlite_connection *on;
};

/* Runs one of the fixed texts of transaction control through the statement cache. */
enum err sqlite_control(struct sqlite_connection *, const struct db_sql *);
extern const struct db_sql sqlite_begin_write, sqlite_commit, sqlite_rollback, sqlite_savepoint, sqlite_release,
    sqlite_rollback_to;

struct writer;
/* Starts the thread; the connection is the thread's until writer_stop. */
enum err writer_start(struct sqlite_connection *, struct writer **ret_writer) MUST_CHECK;
void writer_stop(struct writer *); /* answers what waits first; NULL is fine */
enum err writer_run(struct writer *, db_work *, void *arg) MUST_CHECK;

#endif
