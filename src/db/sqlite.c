/* The SQLite engine: a file with a write-ahead log, one connection that writes, a pool of connections that read. */
#include "db/sqlite.h"

#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READERS_DEFAULT 4
/* Another process (a command beside the server) may write; after this long the work fails. */
#define BUSY_MS 10000

#define CONTROL(ident, sql) const struct db_sql ident = { sql, { sql, sql } }
CONTROL(sqlite_begin_write, "BEGIN IMMEDIATE");
CONTROL(sqlite_commit, "COMMIT");
CONTROL(sqlite_rollback, "ROLLBACK");
CONTROL(sqlite_savepoint, "SAVEPOINT work");
CONTROL(sqlite_release, "RELEASE work");
CONTROL(sqlite_rollback_to, "ROLLBACK TO work");
static CONTROL(begin_read, "BEGIN DEFERRED");

/* synchronous=FULL: an answered work survives a power cut. LIKE tells case apart, as it does on PostgreSQL. No memory
 * map: a bad disk is then an error code, not a signal. The log is cut back after a large transaction. */
static const char every_connection[] = "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
				       "PRAGMA case_sensitive_like=ON;";
static const char writing_connection[] = "PRAGMA synchronous=FULL; PRAGMA cache_size=-8192;"
					 "PRAGMA journal_size_limit=67108864;";
static const char reading_connection[] = "PRAGMA cache_size=-2048; PRAGMA query_only=ON;";

struct sqlite {
	struct sqlite_connection *writing;
	struct writer *writer;
	struct pool readers;
};

struct statement {
	sqlite3_stmt *stmt;
	int count;   /* values */
	int index[]; /* SQLite's number of $1, $2 …: it counts them as they appear; 0: unused */
};

struct sqlite_rows {
	struct db_rows base;
	struct sqlite_connection *on;
	struct statement *statement; /* NULL once given back */
	struct cached *slot;         /* NULL: prepared for these rows alone */
	bool fetched;                /* the query already stepped to a row that db_next has not shown yet */
};

static enum err judge(struct sqlite_connection *c, const char *what, int rc)
{
	db_note(c->db, what, sqlite3_errmsg(c->handle));
	bool taken =
	    rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID;
	return taken ? ERR_CONFLICT : ERR_STORE;
}

static void statement_free(struct statement *s)
{
	if (!s)
		return;
	sqlite3_finalize(s->stmt);
	free(s);
}

/*
 * Every placeholder must have a value (SQLite would take NULL for a forgotten one), and every value a placeholder;
 * unless the engines have texts of their own, of which one may need less.
 */
static bool map_values(struct statement *s, const struct db_sql *sql, size_t n)
{
	int used = 0;
	for (size_t i = 0; i < n; i++) {
		char name[24];
		snprintf(name, sizeof(name), "$%zu", i + 1);
		s->index[i] = sqlite3_bind_parameter_index(s->stmt, name);
		used += s->index[i] > 0;
		if (!s->index[i] && sql->text[DB_SQLITE] == sql->text[DB_POSTGRESQL])
			return false;
	}
	return sqlite3_bind_parameter_count(s->stmt) == used;
}

static enum err prepare(
    struct sqlite_connection *c, const struct db_sql *sql, size_t n, bool lasting, struct statement **ret_statement)
{
	struct statement *s = calloc(1, sizeof(*s) + n * sizeof(s->index[0]));
	if (!s)
		return ERR_MEMORY;
	unsigned flags = lasting ? SQLITE_PREPARE_PERSISTENT : 0;
	int rc = sqlite3_prepare_v3(c->handle, sql->text[DB_SQLITE], -1, flags, &s->stmt, NULL);
	if (rc) {
		enum err e = judge(c, sql->name, rc);
		statement_free(s);
		return e;
	}
	s->count = (int)n;
	if (!s->stmt || !map_values(s, sql, n)) {
		db_note(c->db, sql->name, "values and placeholders do not match");
		statement_free(s);
		return ERR_STORE;
	}
	*ret_statement = s;
	return OK;
}

/* The cached statement, or a new one; for rows nested in rows of the same text one of its own, with no slot. */
static enum err statement_get(struct sqlite_connection *c, const struct db_sql *sql, size_t n,
    struct statement **ret_statement, struct cached **ret_slot)
{
	struct cached *slot = cache_find(&c->cache, sql, n);
	if (slot && !slot->busy) {
		*ret_statement = slot->handle;
		*ret_slot = slot;
		return OK;
	}
	struct statement *s = NULL;
	enum err e = prepare(c, sql, n, !slot, &s);
	if (e)
		return e;
	void *old = NULL;
	slot = slot ? NULL : cache_claim(&c->cache, sql, n, &old);
	if (slot)
		slot->handle = s;
	statement_free(old);
	*ret_statement = s;
	*ret_slot = slot;
	return OK;
}

static void statement_put(struct statement *s, struct cached *slot)
{
	sqlite3_reset(s->stmt);
	if (s->count)
		sqlite3_clear_bindings(s->stmt);
	if (slot)
		slot->busy = false;
	else
		statement_free(s);
}

static int bind_one(sqlite3_stmt *stmt, int at, const struct db_value *v, sqlite3_destructor_type keep)
{
	switch (v->type) {
	case DB_INT:
		return sqlite3_bind_int64(stmt, at, v->i);
	case DB_TEXT:
		return sqlite3_bind_text64(stmt, at, v->data, v->len, keep, SQLITE_UTF8);
	case DB_BLOB:
		/* A blob of length 0 may come with any pointer. */
		return v->len ? sqlite3_bind_blob64(stmt, at, v->data, v->len, keep)
			      : sqlite3_bind_zeroblob(stmt, at, 0);
	case DB_NULL:
		break;
	}
	return sqlite3_bind_null(stmt, at);
}

static enum err bind(struct sqlite_connection *c, const struct db_sql *sql, struct statement *s,
    const struct db_value *args, sqlite3_destructor_type keep)
{
	for (int i = 0; i < s->count; i++) {
		if (!s->index[i])
			continue;
		int rc = bind_one(s->stmt, s->index[i], &args[i], keep);
		if (rc)
			return judge(c, sql->name, rc);
	}
	return OK;
}

static void note_writing(struct sqlite_connection *c, const struct statement *s)
{
	c->wrote = c->wrote || !sqlite3_stmt_readonly(s->stmt);
}

static enum err run_on(
    struct sqlite_connection *c, const struct db_sql *sql, const struct db_value *args, size_t n, int64_t *ret_changed)
{
	struct statement *s = NULL;
	struct cached *slot = NULL;
	enum err e = statement_get(c, sql, n, &s, &slot);
	if (e)
		return e;
	e = bind(c, sql, s, args, SQLITE_STATIC);
	note_writing(c, s);
	if (!e) {
		int rc;
		do
			rc = sqlite3_step(s->stmt);
		while (rc == SQLITE_ROW);
		if (rc != SQLITE_DONE)
			e = judge(c, sql->name, rc);
		else
			*ret_changed = sqlite3_stmt_readonly(s->stmt) ? 0 : sqlite3_changes64(c->handle);
	}
	statement_put(s, slot);
	return e;
}

enum err sqlite_control(struct sqlite_connection *c, const struct db_sql *sql)
{
	int64_t changed;
	return run_on(c, sql, DB_NO_ARGS, &changed);
}

static struct sqlite_connection *connection_of(struct db_tx *tx)
{
	return ((struct sqlite_tx *)tx)->on;
}

static enum err run(
    struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n, int64_t *ret_changed)
{
	return run_on(connection_of(tx), sql, args, n, ret_changed);
}

static void rows_close(struct db_rows *base)
{
	struct sqlite_rows *rows = (struct sqlite_rows *)base;
	if (rows->statement)
		statement_put(rows->statement, rows->slot);
	rows->statement = NULL;
}

static enum err step(struct sqlite_rows *rows, const char *what, bool *ret_row)
{
	int rc = sqlite3_step(rows->statement->stmt);
	*ret_row = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW)
		return OK;
	enum err e = rc == SQLITE_DONE ? OK : judge(rows->on, what, rc);
	rows_close(&rows->base);
	return e;
}

static enum err query(
    struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n, struct db_rows **ret_rows)
{
	struct sqlite_connection *c = connection_of(tx);
	struct sqlite_rows *rows = calloc(1, sizeof(*rows));
	if (!rows)
		return ERR_MEMORY;
	rows->on = c;
	enum err e = statement_get(c, sql, n, &rows->statement, &rows->slot);
	if (e) {
		free(rows);
		return e;
	}
	if (rows->slot)
		rows->slot->busy = true;
	rows->base.columns = sqlite3_column_count(rows->statement->stmt);
	/* The values are lent for this call, the rows are read after it: SQLite keeps copies. */
	e = bind(c, sql, rows->statement, args, SQLITE_TRANSIENT);
	note_writing(c, rows->statement);
	if (!e)
		e = step(rows, sql->name, &rows->fetched);
	if (e) {
		rows_close(&rows->base);
		free(rows);
		return e;
	}
	*ret_rows = &rows->base;
	return OK;
}

static bool next(struct db_rows *base)
{
	struct sqlite_rows *rows = (struct sqlite_rows *)base;
	if (rows->fetched) {
		rows->fetched = false;
		return true;
	}
	bool row = false;
	if (rows->statement)
		base->error = step(rows, "next row", &row);
	return row;
}

static sqlite3_stmt *row_of(const struct db_rows *rows)
{
	return ((const struct sqlite_rows *)rows)->statement->stmt;
}

static int64_t col_int(const struct db_rows *rows, int column)
{
	return sqlite3_column_int64(row_of(rows), column);
}

static const char *col_text(const struct db_rows *rows, int column)
{
	return (const char *)sqlite3_column_text(row_of(rows), column);
}

static bool col_null(const struct db_rows *rows, int column)
{
	return sqlite3_column_type(row_of(rows), column) == SQLITE_NULL;
}

static const void *col_blob(const struct db_rows *rows, int column, size_t *ret_len)
{
	if (col_null(rows, column))
		return NULL;
	const void *data = sqlite3_column_blob(row_of(rows), column);
	*ret_len = (size_t)sqlite3_column_bytes(row_of(rows), column);
	return data ? data : ""; /* SQLite gives NULL for an empty blob, too */
}

static enum err script(struct db_tx *tx, const char *text)
{
	struct sqlite_connection *c = connection_of(tx);
	c->wrote = true;
	int rc = sqlite3_exec(c->handle, text, NULL, NULL, NULL);
	return rc ? judge(c, "script", rc) : OK;
}

static enum err lock(struct db_tx *tx, int64_t id)
{
	return OK; /* one writer */
}

static void connection_close(struct sqlite_connection *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < CACHE_SIZE; i++)
		statement_free(c->cache.entry[i].handle);
	sqlite3_close(c->handle);
	free(c);
}

static enum err connection_open(
    struct db *db, const char *path, const char *settings, struct sqlite_connection **ret_connection)
{
	struct sqlite_connection *c = calloc(1, sizeof(*c));
	if (!c)
		return ERR_MEMORY;
	c->db = db;
	cache_init(&c->cache);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int rc = sqlite3_open_v2(path, &c->handle, flags, NULL);
	if (!rc)
		rc = sqlite3_busy_timeout(c->handle, BUSY_MS);
	if (!rc)
		rc = sqlite3_exec(c->handle, every_connection, NULL, NULL, NULL);
	if (!rc)
		rc = sqlite3_exec(c->handle, settings, NULL, NULL, NULL);
	if (rc) {
		db_note(db, "open", c->handle ? sqlite3_errmsg(c->handle) : sqlite3_errstr(rc));
		connection_close(c);
		return ERR_STORE;
	}
	*ret_connection = c;
	return OK;
}

/* A new file's name must survive a power cut as well as its content. */
static int sync_directory(const char *path)
{
	char *copy CLEANUP(free_ptr) = strdup(path);
	if (!copy)
		return -1;
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	int rc = fsync(fd);
	close(fd);
	return rc;
}

/*
 * SQLite would create the file with the umask's mode; its log and index take over the mode of the file. An existing
 * file is not opened here: closing it would drop the locks that this process may hold on it through SQLite (POSIX
 * locks).
 */
static enum err create_private(struct db *db, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return OK;
	if (fd < 0 || close(fd) || sync_directory(path)) {
		db_note(db, "open", strerror(errno));
		return ERR_STORE;
	}
	return OK;
}

/* Some file systems cannot share memory between processes; SQLite then keeps the old journal without an error. */
static enum err use_log(struct sqlite_connection *c)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(c->handle, "PRAGMA journal_mode=WAL", -1, &stmt, NULL);
	if (!rc)
		rc = sqlite3_step(stmt);
	const char *mode = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
	enum err e = mode && !strcmp(mode, "wal") ? OK : ERR_STORE;
	if (e)
		db_note(c->db, "open", mode ? "the file system has no write-ahead log" : sqlite3_errmsg(c->handle));
	sqlite3_finalize(stmt);
	return e;
}

static enum err open_connections(struct db *db, struct sqlite *s, const char *path, int readers)
{
	enum err e = create_private(db, path);
	if (!e)
		e = connection_open(db, path, writing_connection, &s->writing);
	if (!e)
		e = use_log(s->writing);
	if (!e)
		e = writer_start(s->writing, &s->writer);
	if (!e)
		e = pool_init(&s->readers, readers);
	for (int i = 0; !e && i < readers; i++) {
		struct sqlite_connection *c = NULL;
		e = connection_open(db, path, reading_connection, &c);
		if (!e)
			pool_add(&s->readers, c);
	}
	return e;
}

/* Nobody reads SQLite's count of its memory, and each allocation would take a lock for it. */
static void configure(void)
{
	(void)!sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum err engine_open(struct db *db, const char *path, const struct db_options *options, struct fault *fault)
{
	static pthread_once_t configured = PTHREAD_ONCE_INIT;
	struct sqlite *s = db->state = calloc(1, sizeof(*s));
	if (!s)
		return fault_set(fault, ERR_MEMORY, "database", NULL, NULL);
	pthread_once(&configured, configure);
	enum err e = open_connections(db, s, path, options->readers > 0 ? options->readers : READERS_DEFAULT);
	if (e) {
		char reason[DB_ERROR_TEXT];
		fault_set(fault, e, "database", N_("The database file {path} cannot be opened: {reason}."), "path",
		    path, "reason", db_last_error(db, reason, sizeof(reason)), NULL);
	}
	return e;
}

static void engine_close(struct db *db)
{
	struct sqlite *s = db->state;
	if (!s)
		return;
	writer_stop(s->writer);
	struct sqlite_connection *c;
	while ((c = pool_remove(&s->readers)))
		connection_close(c);
	pool_done(&s->readers);
	connection_close(s->writing); /* the last one folds the log into the file */
	free(s);
}

static enum err engine_read(struct db *db, db_work *work, void *arg)
{
	struct sqlite *s = db->state;
	struct sqlite_connection *c = pool_take(&s->readers);
	struct sqlite_tx tx = { .base = { .db = db }, .on = c };
	enum err e = sqlite_control(c, &begin_read);
	if (!e) {
		e = tx_run(&tx.base, work, arg);
		enum err end = sqlite_control(c, &sqlite_commit);
		if (end && !sqlite3_get_autocommit(c->handle))
			(void)!sqlite_control(c, &sqlite_rollback);
	}
	pool_give(&s->readers, c);
	return e;
}

static enum err engine_write(struct db *db, db_work *work, void *arg, const int64_t *first)
{
	struct sqlite *s = db->state;
	return writer_run(s->writer, work, arg);
}

const struct engine sqlite_engine = {
	.open = engine_open,
	.close = engine_close,
	.read = engine_read,
	.write = engine_write,
	.run = run,
	.query = query,
	.script = script,
	.lock = lock,
	.next = next,
	.col_int = col_int,
	.col_text = col_text,
	.col_blob = col_blob,
	.col_null = col_null,
	.rows_close = rows_close,
};
