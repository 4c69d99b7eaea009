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
 * db_write returns only after the work is on disk. On SQLite one thread writes: it takes all waiting work, runs each in
 * a savepoint of one transaction (an error rolls back its own savepoint only), commits once, then answers all (group
 * commit, synchronous=FULL). On PostgreSQL each work is a SERIALIZABLE transaction of its own on a pooled connection,
 * retried when the server reports a serialisation failure. On both, what a work may rely on:
 *
 * - It behaves as if it ran alone: read, decide, write needs no lock and no version column. Rows that it read may be
 *   changed only by others who come before or after it as a whole.
 * - It may run more than once, and must set its results afresh each time. Once db_write returned OK it is on disk,
 * once.
 * - ERR_STORE from db_write means nothing was kept; the one exception is a connection or disk lost during the commit
 *   itself, when nobody knows. It is then never run again: find out by a key of your own (message id) before a retry.
 * - The first statement that fails ends the transaction: every later one answers the same error, and db_write returns
 *   an error even if the work returned OK. To insert what may be there already, write ON CONFLICT … DO NOTHING and look
 *   at db_run_count. A db_get_int that finds nothing (ERR_NOT_FOUND) is no failure.
 * - It must not wait for anything else, and must not call db_read or db_write (ERR_INTERNAL). On SQLite it runs in the
 *   writer's thread: thread-local things of the caller are not there.
 * - Rows end with the work. Do not change a table while reading rows of it; collect first. PostgreSQL holds all rows of
 * a query in memory: read large tables by key, some hundred rows at a time.
 *
 * Writing SQL for both engines (the tests in tests/db hold both to it):
 *
 * - Values: an int is a BIGINT, text is TEXT in UTF-8 without zero bytes (else ERR_INVALID), at most 100 a statement.
 * All that are given must be used, except where the text has engine sections. Where only a placeholder stands, say its
 *   type: CAST($1 AS BIGINT) IS NULL. Functions with small integers need it: substr(t, CAST($1 AS INTEGER)).
 * - CAST to INTEGER is 32 bits on PostgreSQL: write BIGINT. sum() and count(*) read well with db_col_int.
 * - A condition must be one: "WHERE closed <> 0", not "WHERE closed". A comparison in a SELECT reads as 1 or 0.
 * - Columns of text sort and compare by bytes, LIKE tells case apart, lower() knows ASCII only: fold in C
 * (text/text.h). Always write LIKE $1 ESCAPE '\'. NULL sorts first on SQLite and last on PostgreSQL: write NULLS FIRST
 * or LAST.
 * - GROUP BY names every column that is not aggregated. No INSERT OR …, no "==", no double quotes around text, no
 *   rowid; ids from INSERT … RETURNING id, never reused only with AUTOINCREMENT.
 * - An id given by hand does not move PostgreSQL's counter on: let the database number, or number all by hand.
 * - A foreign key put off (DEFERRABLE INITIALLY DEFERRED) is checked when the work ends.
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

/* Defined by scripts/sqlgen.py from a "-- name:" section of a .sql file. Must live as long as the database is open, and
 * never change: prepared statements are found by its address. */
struct db_sql {
	const char *name;
	const char *text[DB_ENGINE_MAX]; /* the same pointer twice when the file makes no difference */
};

struct db_value {
	enum { DB_NULL, DB_INT, DB_TEXT, DB_BLOB } type;
	int64_t i;
	const void *data; /* lent for the call */
	size_t len;       /* bytes; text need not be terminated when len is set by db_textn */
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

#define DB_ARGS(...)                                                                                                   \
	((const struct db_value[]) { __VA_ARGS__ }),                                                                   \
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
enum err db_read(struct db *, db_work *, void *arg) MUST_CHECK;  /* a snapshot; writing in it is ERR_STORE */
enum err db_write(struct db *, db_work *, void *arg) MUST_CHECK; /* durable when it returns OK */
/* As db_write, with the reason where the database itself failed (for commands and start-up). */
const char *db_last_error(const struct db *, char *buf, size_t size);

/* In a transaction. A broken UNIQUE rule is ERR_CONFLICT, everything else ERR_STORE. */
enum err db_run(struct db_tx *, const struct db_sql *, const struct db_value *args, size_t n) MUST_CHECK;
/* The same, and how many rows it changed. */
enum err db_run_count(
    struct db_tx *, const struct db_sql *, const struct db_value *args, size_t n, int64_t *ret_changed) MUST_CHECK;
enum err db_query(
    struct db_tx *, const struct db_sql *, const struct db_value *args, size_t n, struct db_rows **ret_rows) MUST_CHECK;
/* First column of the first row as an integer (INSERT … RETURNING id, counts); ERR_NOT_FOUND without a row. */
enum err db_get_int(
    struct db_tx *, const struct db_sql *, const struct db_value *args, size_t n, int64_t *ret_value) MUST_CHECK;
enum db_engine db_tx_engine(const struct db_tx *);
/* Makes every other writer that takes the same lock wait until this transaction ends (numbering, journal). A no-op on
 * SQLite, where there is one writer. Needless for being right; it spares PostgreSQL most retries where all writers meet
 * at one row. May run the work again with the lock held from its start. At most 8 different locks in one work. */
enum err db_lock(struct db_tx *, int64_t lock) MUST_CHECK;

bool db_next(struct db_rows *); /* false at the end and on an error: see db_rows_error */
enum err db_rows_error(const struct db_rows *);
int64_t db_col_int(const struct db_rows *, int column);      /* NULL reads as 0 */
const char *db_col_text(const struct db_rows *, int column); /* NULL for NULL; lent until the next db_next */
const void *db_col_blob(const struct db_rows *, int column, size_t *ret_len); /* lent as above */
bool db_col_null(const struct db_rows *, int column);
void db_rows_free(struct db_rows *);
void db_rows_free_ptr(struct db_rows **);

/*
 * Migrations: numbered, named, one transaction each, in the order of the table. The text may hold sections
 * "-- engine: sqlite", "-- engine: postgresql", "-- engine: both"; outside such a section INTEGER becomes BIGINT, BLOB
 * becomes BYTEA, REAL becomes DOUBLE PRECISION, TEXT sorts by bytes, "INTEGER PRIMARY KEY" is an identity column and
 * STRICT and WITHOUT ROWID go, on PostgreSQL (see dialect.h). No BEGIN, COMMIT or PRAGMA in it.
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
