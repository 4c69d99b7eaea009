/* What the PostgreSQL engine's transactions (postgresql.c) and its statements (pgstatement.c) share. Private to src/db.
 */
#ifndef SULH_DB_POSTGRESQL_H
#define SULH_DB_POSTGRESQL_H

#include "db/engine.h"

#include <libpq-fe.h>

struct pg_connection {
	struct db *db;
	PGconn *pg;     /* NULL before the first use */
	uint64_t named; /* statements prepared so far: their names are never used twice */
	struct cache cache;
};

/* Why a transaction failed, where that matters for running it again. */
enum pg_trouble { PG_NONE, PG_AGAIN, PG_LOST };

#define PG_LOCKS_MAX 8

struct pg_tx {
	struct db_tx base;
	struct pg_connection *on;
	enum pg_trouble trouble;
	/* What the work asked for; held from before its snapshot on when it runs again (see postgresql.c). */
	int64_t lock[PG_LOCKS_MAX];
	size_t locks;
	bool held;
};

/* Judges a result and clears it if it failed; notes trouble in tx, which may be NULL outside of transactions. */
enum err pg_judge(struct pg_connection *, struct pg_tx *, const char *what, PGresult *);
/* A text without values, or several. */
enum err pg_exec(struct pg_connection *, struct pg_tx *, const char *text);
/* A prepared statement; *ret_result is the caller's to PQclear. */
enum err pg_statement(struct pg_connection *, struct pg_tx *, const struct db_sql *, const struct db_value *, size_t n,
    PGresult **ret_result);

/* The statement half of the engine's table. */
enum err pg_run(struct db_tx *, const struct db_sql *, const struct db_value *, size_t n, int64_t *ret_changed);
enum err pg_query(struct db_tx *, const struct db_sql *, const struct db_value *, size_t n, struct db_rows **ret_rows);
bool pg_next(struct db_rows *);
int64_t pg_col_int(const struct db_rows *, int column);
const char *pg_col_text(const struct db_rows *, int column);
const void *pg_col_blob(const struct db_rows *, int column, size_t *ret_len);
bool pg_col_null(const struct db_rows *, int column);
void pg_rows_close(struct db_rows *);

#endif
