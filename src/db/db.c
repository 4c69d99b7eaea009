/* The one door to the database: opens the engine that the URL names, and keeps both engines to the same promises. */
#include "db/db.h"

#include "base/util.h"
#include "db/engine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A work that asked for another connection could wait for ever once all are taken: refused from the start. */
static __thread bool in_work;

struct db_value db_text(const char *s)
{
	return s ? db_textn(s, strlen(s)) : db_null();
}

struct db_value db_textn(const char *s, size_t len)
{
	return s ? (struct db_value) { .type = DB_TEXT, .data = s, .len = len } : db_null();
}

struct db_value db_blob(const void *data, size_t len)
{
	return data ? (struct db_value) { .type = DB_BLOB, .data = data, .len = len } : db_null();
}

struct db_value db_int_or_null(int64_t i)
{
	return i ? db_int(i) : db_null();
}

static const char *strip(const char *url, const char *scheme)
{
	size_t n = strlen(scheme);
	return strncmp(url, scheme, n) ? NULL : url + n;
}

static enum err choose(struct db *d, const char *url, const char **ret_where, struct fault *fault)
{
	const char *path = strip(url, "sqlite:");
	if (path && *path) {
		d->kind = DB_SQLITE;
		d->engine = &sqlite_engine;
		*ret_where = path;
		return OK;
	}
	if (strip(url, "postgresql://") || strip(url, "postgres://")) {
		d->kind = DB_POSTGRESQL;
		d->engine = &postgresql_engine;
		*ret_where = url;
		return OK;
	}
	/* The URL itself may hold a password and is not repeated. */
	return fault_set(fault, ERR_INVALID, "database",
	    N_("Name the database as sqlite:/path/office.db or postgresql://user@host/database."), NULL);
}

enum err db_open(const char *url, const struct db_options *options, struct db **ret_db, struct fault *fault)
{
	static const struct db_options defaults;
	struct db *d = calloc(1, sizeof(*d));
	if (!d)
		return fault_set(fault, ERR_MEMORY, "database", NULL, NULL);
	pthread_mutex_init(&d->error_lock, NULL);
	const char *where = NULL;
	enum err e = choose(d, url, &where, fault);
	if (!e)
		e = d->engine->open(d, where, options ? options : &defaults, fault);
	if (e) {
		db_close(d);
		return e;
	}
	*ret_db = d;
	return OK;
}

void db_close(struct db *d)
{
	if (!d)
		return;
	if (d->engine)
		d->engine->close(d);
	pthread_mutex_destroy(&d->error_lock);
	free(d);
}

enum db_engine db_engine(const struct db *d)
{
	return d->kind;
}

enum db_engine db_tx_engine(const struct db_tx *tx)
{
	return tx->db->kind;
}

enum err db_read(struct db *d, db_work *work, void *arg)
{
	return in_work ? ERR_INTERNAL : d->engine->read(d, work, arg);
}

enum err db_write(struct db *d, db_work *work, void *arg)
{
	return in_work ? ERR_INTERNAL : d->engine->write(d, work, arg, NULL);
}

enum err db_write_locked(struct db *d, int64_t first, db_work *work, void *arg)
{
	return in_work ? ERR_INTERNAL : d->engine->write(d, work, arg, &first);
}

static void close_rows(struct db_rows *rows)
{
	rows->tx->db->engine->rows_close(rows);
	rows->tx = NULL;
	rows->on_row = false;
}

enum err tx_run(struct db_tx *tx, db_work *work, void *arg)
{
	tx->failed = OK;
	in_work = true;
	enum err e = work(tx, arg);
	in_work = false;
	while (tx->open) {
		struct db_rows *rows = tx->open;
		tx->open = rows->next;
		close_rows(rows);
	}
	return e ? e : tx->failed;
}

void db_note(struct db *d, const char *what, const char *reason)
{
	pthread_mutex_lock(&d->error_lock);
	snprintf(d->error, sizeof(d->error), "%s: %s", what, reason);
	size_t end = strlen(d->error);
	while (end && d->error[end - 1] == '\n')
		d->error[--end] = '\0';
	pthread_mutex_unlock(&d->error_lock);
}

const char *db_last_error(const struct db *d, char *buf, size_t size)
{
	struct db *m = (struct db *)d; /* only its lock changes */
	pthread_mutex_lock(&m->error_lock);
	copy_text(buf, size, d->error);
	pthread_mutex_unlock(&m->error_lock);
	return buf;
}

/* PostgreSQL refuses such text; SQLite would store it, and the office could never move to the other engine. */
static enum err check_values(struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct db_value *v = &args[i];
		if (v->type == DB_TEXT && (memchr(v->data, 0, v->len) || !utf8_valid(v->data, v->len))) {
			db_note(tx->db, sql->name, "a text value is not UTF-8 or holds a zero byte");
			return ERR_INVALID;
		}
	}
	return OK;
}

static enum err doom(struct db_tx *tx, enum err e)
{
	if (e && !tx->failed)
		tx->failed = e;
	return e;
}

static enum err begin_statement(struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n)
{
	if (tx->failed)
		return tx->failed;
	atomic_fetch_add_explicit(&tx->db->statements, 1, memory_order_relaxed);
	return doom(tx, check_values(tx, sql, args, n));
}

enum err db_run_count(
    struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n, int64_t *ret_changed)
{
	enum err e = begin_statement(tx, sql, args, n);
	return e ? e : doom(tx, tx->db->engine->run(tx, sql, args, n, ret_changed));
}

enum err db_run(struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n)
{
	int64_t changed;
	return db_run_count(tx, sql, args, n, &changed);
}

enum err db_query(
    struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n, struct db_rows **ret_rows)
{
	struct db_rows *rows = NULL;
	enum err e = begin_statement(tx, sql, args, n);
	if (!e)
		e = doom(tx, tx->db->engine->query(tx, sql, args, n, &rows));
	if (e)
		return e;
	rows->tx = tx;
	rows->next = tx->open;
	tx->open = rows;
	*ret_rows = rows;
	return OK;
}

enum err db_get_int(
    struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n, int64_t *ret_value)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, sql, args, n, &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return rows->error ? rows->error : ERR_NOT_FOUND;
	*ret_value = db_col_int(rows, 0);
	return OK;
}

enum err db_lock(struct db_tx *tx, int64_t lock)
{
	return tx->failed ? tx->failed : doom(tx, tx->db->engine->lock(tx, lock));
}

enum err tx_script(struct db_tx *tx, const char *text)
{
	return tx->failed ? tx->failed : doom(tx, tx->db->engine->script(tx, text));
}

bool db_next(struct db_rows *rows)
{
	if (!rows || !rows->tx || rows->error)
		return false;
	if (rows->tx->failed) {
		rows->error = rows->tx->failed;
		return rows->on_row = false;
	}
	rows->on_row = rows->tx->db->engine->next(rows);
	doom(rows->tx, rows->error);
	return rows->on_row;
}

enum err db_rows_error(const struct db_rows *rows)
{
	return rows ? rows->error : OK;
}

/* The engine to ask for a column, NULL when the rows are not on one. */
static const struct engine *at_column(const struct db_rows *rows, int column)
{
	assert(column >= 0 && column < rows->columns);
	return rows->on_row ? rows->tx->db->engine : NULL;
}

int64_t db_col_int(const struct db_rows *rows, int column)
{
	const struct engine *engine = at_column(rows, column);
	return engine ? engine->col_int(rows, column) : 0;
}

const char *db_col_text(const struct db_rows *rows, int column)
{
	const struct engine *engine = at_column(rows, column);
	return engine ? engine->col_text(rows, column) : NULL;
}

const void *db_col_blob(const struct db_rows *rows, int column, size_t *ret_len)
{
	const struct engine *engine = at_column(rows, column);
	*ret_len = 0;
	return engine ? engine->col_blob(rows, column, ret_len) : NULL;
}

bool db_col_null(const struct db_rows *rows, int column)
{
	const struct engine *engine = at_column(rows, column);
	return engine ? engine->col_null(rows, column) : true;
}

void db_rows_free(struct db_rows *rows)
{
	if (!rows)
		return;
	if (rows->tx) {
		struct db_rows **link = &rows->tx->open;
		while (*link != rows)
			link = &(*link)->next;
		*link = rows->next;
		close_rows(rows);
	}
	free(rows);
}

void db_rows_free_ptr(struct db_rows **rows)
{
	db_rows_free(*rows);
}

void db_stats(const struct db *d, struct db_stats *out)
{
	out->commits = atomic_load(&d->commits);
	out->works = atomic_load(&d->works);
	out->statements = atomic_load(&d->statements);
}
