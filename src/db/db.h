/*
 * One database, two engines. SQL text is written once with $1 placeholders and lives in .sql files beside the C that
 * runs it; what differs between SQLite and PostgreSQL is hidden here.
 *
 * All work happens inside db_read or db_write: a function that gets a transaction and an argument.
 *
 *     static enum err load(struct db_tx *tx, void *arg)
 *     {
 *             struct want *w = arg;
 *             struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
 *             enum err e = db_query(tx, &sql_casefile_by_number, DB_ARGS(db_text(w->number)), &rows);
 *             if (e || !db_next(rows))
 *                     return e ? e : ERR_NOT_FOUND;
 *             w->id = db_col_int(rows, 0);
 *             return OK;
 *     }
 *     e = db_read(db, load, &want);
 *
 * db_write returns only after the work is on disk. On SQLite one thread writes: it takes all waiting work, runs each in a
 * savepoint of one transaction (an error rolls back its own savepoint only), commits once, then answers all (group
 * commit, synchronous=FULL). On PostgreSQL each work is a transaction of its own on a pooled connection, retried when
 * the server reports a serialisation failure: so work may run more than once and must set its results afresh each time.
 * Work must not block on anything else, and must not call db_write.
 */
#ifndef SULH_DB_DB_H
#define SULH_DB_DB_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct db_tx;
struct db_rows;

enum db_engine { DB_SQLITE, DB_POSTGRESQL, DB_ENGINE_MAX };

/* Defined by scripts/sqlgen.py from a "-- name:" section of a .sql file. */
struct db_sql {
	const char *name;
	const char *text[DB_ENGINE_MAX]; /* the same pointer twice when the file makes no difference */
};

struct db_value {
	enum { DB_NULL, DB_INT, DB_TEXT, DB_BLOB } type;
	int64_t i;
	const void *data; /* lent for the call */
	size_t len;	  /* bytes; text need not be terminated when len is set by db_textn */
};

static inline struct db_value db_int(int64_t i)
{
	return (struct db_value) { .type = DB_INT, .i = i };
}
struct db_value db_text(const char *s); /* NULL becomes SQL NULL */
struct db_value db_textn(const char *s, size_t len);
struct db_value db_blob(const void *data, size_t len);
static inline struct db_value db_null(void)
{
	return (struct db_value) { .type = DB_NULL };
}
/* An int or NULL: 0 stands for "none" in our structs' foreign keys and moments. */
struct db_value db_int_or_null(int64_t i);

#define DB_ARGS(...)                                  \
	((const struct db_value[]) { __VA_ARGS__ }),  \
	    (sizeof((const struct db_value[]) { __VA_ARGS__ }) / sizeof(struct db_value))
#define DB_NO_ARGS NULL, 0

typedef enum err db_work(struct db_tx *, void *arg);

struct db_options {
	int readers; /* reader connections (SQLite) or pool size (PostgreSQL); 0 = default of 4 and 8 */
};

/* "sqlite:/path/office.db", or "postgresql://…". Creates the SQLite file with mode 0600. */
enum err db_open(const char *url, const struct db_options *, struct db **ret_db, struct fault *) MUST_CHECK;
void db_close(struct db *); /* waits for running work; NULL is fine */
enum db_engine db_engine(const struct db *);
enum err db_read(struct db *, db_work *, void *arg) MUST_CHECK;	 /* a snapshot; writing in it is ERR_STORE */
enum err db_write(struct db *, db_work *, void *arg) MUST_CHECK; /* durable when it returns OK */
/* As db_write, with the reason where the database itself failed (for commands and start-up). */
const char *db_last_error(const struct db *, char *buf, size_t size);

/* In a transaction. A broken UNIQUE rule is ERR_CONFLICT, everything else ERR_STORE. */
enum err db_run(struct db_tx *, const struct db_sql *, const struct db_value *args, size_t n) MUST_CHECK;
/* The same, and how many rows it changed. */
enum err db_run_count(struct db_tx *, const struct db_sql *, const struct db_value *args, size_t n,
		      int64_t *ret_changed) MUST_CHECK;
enum err db_query(struct db_tx *, const struct db_sql *, const struct db_value *args, size_t n,
		  struct db_rows **ret_rows) MUST_CHECK;
/* First column of the first row as an integer (INSERT … RETURNING id, counts); ERR_NOT_FOUND without a row. */
enum err db_get_int(struct db_tx *, const struct db_sql *, const struct db_value *args, size_t n,
		    int64_t *ret_value) MUST_CHECK;
enum db_engine db_tx_engine(const struct db_tx *);
/* Makes every other writer that takes the same lock wait until this transaction ends (numbering, journal). A no-op on
 * SQLite, where there is one writer. */
enum err db_lock(struct db_tx *, int64_t lock) MUST_CHECK;

bool db_next(struct db_rows *);		 /* false at the end and on an error: see db_rows_error */
enum err db_rows_error(const struct db_rows *);
int64_t db_col_int(const struct db_rows *, int column);	     /* NULL reads as 0 */
const char *db_col_text(const struct db_rows *, int column); /* NULL for NULL; lent until the next db_next */
const void *db_col_blob(const struct db_rows *, int column, size_t *ret_len); /* lent as above */
bool db_col_null(const struct db_rows *, int column);
void db_rows_free(struct db_rows *);
void db_rows_free_ptr(struct db_rows **);

/*
 * Migrations: numbered, named, one transaction each, in the order of the table. The text may hold sections
 * "-- engine: sqlite", "-- engine: postgresql", "-- engine: both"; outside such a section INTEGER becomes BIGINT, BLOB
 * becomes BYTEA and "INTEGER PRIMARY KEY" an identity column on PostgreSQL (see migrate.c).
 */
struct db_migration {
	const char *name; /* "office/001-staff": recorded with its SHA-256; a changed text is refused */
	const char *text;
};
/* Brings the schema up; ERR_CONFLICT with a clear fault when the database is newer than this program. */
enum err db_migrate(struct db *, const struct db_migration *list, size_t n, struct fault *) MUST_CHECK;

/* What the program did, for benchmarks and tests: counted since db_open. */
struct db_stats {
	int64_t commits, works, statements;
};
void db_stats(const struct db *, struct db_stats *);

#endif
