/*
 * The PostgreSQL engine: a pool of connections, each write a SERIALIZABLE transaction of its own, run again when the
 * server finds that it crossed another one. So a work behaves as if it ran alone, as it does on SQLite.
 *
 * A transaction sees the database as it was at its first statement. A lock that it waits for later would show it an old
 * view, doomed to fail at its next write. So db_lock never waits: if another holds the lock, the transaction ends, the
 * lock is taken for the session, and the work runs again from the start with a fresh view.
 */
#include "db/postgresql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONNECTIONS_DEFAULT 8
#define TRIES_MAX 50
#define LOST_MAX 3 /* a restarted server leaves dead connections behind; one that stays away is an error */

struct postgresql {
	char *url;
	struct pool pool;
};

/* An answered work is on disk whatever the server's own default is; a stricter one ('remote_apply') stays. */
static const char session[] =
    "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'"
    " WHEN 'local' THEN 'local' ELSE current_setting('synchronous_commit') END, false);"
    "SET client_min_messages = error; SET bytea_output = hex; SET standard_conforming_strings = on;"
    "SET TimeZone = 'UTC'; SET idle_in_transaction_session_timeout = 0";

static const struct db_sql try_lock = { "db_lock", { "", "SELECT pg_try_advisory_xact_lock($1)" } };
static const struct db_sql hold_lock = { "db_lock", { "", "SELECT pg_advisory_lock($1)" } };

static void quiet(void *arg, const PGresult *result)
{
	/* The lower layers never log; libpq would print notices on standard error. */
}

static enum err connect_again(struct pg_connection *c)
{
	const struct postgresql *p = c->db->state;
	/* What stands after the URL could not be overridden by it. */
	static const char *const keys[] = { "application_name", "connect_timeout", "keepalives_idle", "dbname",
		"client_encoding", NULL };
	const char *const values[] = { "sulh", "10", "30", p->url, "UTF8", NULL };
	PQfinish(c->pg);
	cache_init(&c->cache);
	c->pg = PQconnectdbParams(keys, values, 1);
	if (PQstatus(c->pg) != CONNECTION_OK) {
		db_note(c->db, "connect", c->pg ? PQerrorMessage(c->pg) : "out of memory");
		return ERR_STORE;
	}
	PQsetNoticeReceiver(c->pg, quiet, NULL);
	return pg_exec(c, NULL, session);
}

static enum err ready(struct pg_connection *c)
{
	bool idle = c->pg && PQstatus(c->pg) == CONNECTION_OK && PQtransactionStatus(c->pg) == PQTRANS_IDLE;
	return idle ? OK : connect_again(c);
}

static enum err take_locks(struct pg_tx *tx)
{
	for (size_t i = 0; i < tx->locks; i++) {
		PGresult *result = NULL;
		enum err e = pg_statement(tx->on, tx, &hold_lock, DB_ARGS(db_int(tx->lock[i])), &result);
		if (e)
			return e;
		PQclear(result);
	}
	tx->held = tx->locks > 0;
	return OK;
}

static bool remember(struct pg_tx *tx, int64_t lock)
{
	size_t at = 0;
	while (at < tx->locks && tx->lock[at] < lock)
		at++;
	if (at < tx->locks && tx->lock[at] == lock)
		return true;
	if (tx->locks == PG_LOCKS_MAX)
		return false;
	/* In rising order, the same for all, so that two that wait for two locks never wait for each other. */
	memmove(&tx->lock[at + 1], &tx->lock[at], (tx->locks - at) * sizeof(tx->lock[0]));
	tx->lock[at] = lock;
	tx->locks++;
	return true;
}

static bool holds(const struct pg_tx *tx, int64_t lock)
{
	for (size_t i = 0; tx->held && i < tx->locks; i++)
		if (tx->lock[i] == lock)
			return true;
	return false;
}

static enum err lock(struct db_tx *base, int64_t id)
{
	struct pg_tx *tx = (struct pg_tx *)base;
	if (holds(tx, id))
		return OK;
	PGresult *result = NULL;
	enum err e = pg_statement(tx->on, tx, &try_lock, DB_ARGS(db_int(id)), &result);
	if (e)
		return e;
	bool got = *PQgetvalue(result, 0, 0) == 't';
	PQclear(result);
	if (!remember(tx, id)) {
		db_note(base->db, "db_lock", "too many locks in one work");
		return ERR_STORE;
	}
	tx->held = false; /* of the set, one is not held from the start: what was seen may be old */
	if (got)
		return OK;
	tx->trouble = PG_AGAIN;
	return ERR_STORE;
}

/* Ends the transaction and gives the session's locks back, after a failure: errors here end the connection. */
static void abandon(struct pg_tx *tx, bool locked)
{
	struct pg_connection *c = tx->on;
	if (PQstatus(c->pg) != CONNECTION_OK)
		return;
	if (PQtransactionStatus(c->pg) != PQTRANS_IDLE)
		(void)!pg_exec(c, NULL, "ROLLBACK");
	if (locked)
		(void)!pg_exec(c, NULL, "SELECT pg_advisory_unlock_all()");
}

/* One round trip; after COMMIT succeeded the locks go, and others see what was committed. */
static enum err finish(struct pg_tx *tx, bool locked)
{
	enum err e = pg_exec(tx->on, tx, locked ? "COMMIT; SELECT pg_advisory_unlock_all()" : "COMMIT");
	if (!e)
		return OK;
	if (tx->trouble == PG_LOST) {
		/* Nobody knows whether the server committed: never run it twice. */
		tx->trouble = PG_NONE;
		return ERR_STORE;
	}
	abandon(tx, locked);
	return e;
}

static enum err attempt(struct pg_tx *tx, const char *begin, db_work *work, void *arg)
{
	tx->trouble = PG_NONE;
	tx->held = false;
	enum err e = ready(tx->on);
	if (e)
		return e;
	bool locked = tx->locks > 0;
	e = take_locks(tx);
	if (!e)
		e = pg_exec(tx->on, tx, begin);
	if (!e) {
		e = tx_run(&tx->base, work, arg);
		if (!e)
			return finish(tx, locked);
	}
	abandon(tx, locked);
	return e;
}

/* Grows with the tries and differs between threads, so that two that crossed each other do not meet again. */
static void rest(int tries)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	long span = 1000000L << (tries < 6 ? tries : 6); /* ns */
	nanosleep(&(struct timespec) { .tv_nsec = (now.tv_nsec * 7919L) % span }, NULL);
}

static enum err transact(struct db *db, const char *begin, db_work *work, void *arg, const int64_t *first)
{
	struct postgresql *p = db->state;
	struct pg_tx tx = { .base = { .db = db }, .on = pool_take(&p->pool) };
	if (first)
		remember(&tx, *first);
	enum err e;
	int lost = 0;
	for (int tries = 0; tries < TRIES_MAX; tries++) {
		e = attempt(&tx, begin, work, arg);
		if (tx.trouble == PG_NONE || (tx.trouble == PG_LOST && ++lost == LOST_MAX))
			break;
		if (tx.trouble == PG_AGAIN && tries)
			rest(tries);
	}
	pool_give(&p->pool, tx.on);
	return tx.trouble != PG_NONE && !e ? ERR_STORE : e;
}

static enum err engine_read(struct db *db, db_work *work, void *arg)
{
	return transact(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work, arg, NULL);
}

static enum err engine_write(struct db *db, db_work *work, void *arg, const int64_t *first)
{
	enum err e = transact(db, "BEGIN ISOLATION LEVEL SERIALIZABLE", work, arg, first);
	atomic_fetch_add_explicit(&db->works, 1, memory_order_relaxed);
	if (!e)
		atomic_fetch_add_explicit(&db->commits, 1, memory_order_relaxed);
	return e;
}

static enum err script(struct db_tx *base, const char *text)
{
	struct pg_tx *tx = (struct pg_tx *)base;
	PGresult *result = PQexec(tx->on->pg, text);
	enum err e = pg_judge(tx->on, tx, "script", result);
	if (!e)
		PQclear(result);
	return e;
}

static enum err open_pool(struct db *db, struct postgresql *p, int size)
{
	enum err e = pool_init(&p->pool, size);
	for (int i = 0; !e && i < size; i++) {
		struct pg_connection *c = calloc(1, sizeof(*c));
		if (!c)
			return ERR_MEMORY;
		c->db = db;
		pool_add(&p->pool, c);
	}
	if (e)
		return e;
	/* One now, to tell a wrong address at the start; the others when there is work for them. */
	struct pg_connection *c = pool_take(&p->pool);
	e = connect_again(c);
	pool_give(&p->pool, c);
	return e;
}

static enum err engine_open(struct db *db, const char *url, const struct db_options *options, struct fault *fault)
{
	struct postgresql *p = db->state = calloc(1, sizeof(*p));
	if (!p || !(p->url = strdup(url)))
		return fault_set(fault, ERR_MEMORY, "database", NULL, NULL);
	enum err e = open_pool(db, p, options->readers > 0 ? options->readers : CONNECTIONS_DEFAULT);
	if (e) {
		char reason[DB_ERROR_TEXT];
		fault_set(fault, e, "database", N_("The PostgreSQL server cannot be used: {reason}."), "reason",
		    db_last_error(db, reason, sizeof(reason)), NULL);
	}
	return e;
}

static void engine_close(struct db *db)
{
	struct postgresql *p = db->state;
	if (!p)
		return;
	struct pg_connection *c;
	while ((c = pool_remove(&p->pool))) {
		PQfinish(c->pg);
		free(c);
	}
	pool_done(&p->pool);
	free(p->url);
	free(p);
}

const struct engine postgresql_engine = {
	.open = engine_open,
	.close = engine_close,
	.read = engine_read,
	.write = engine_write,
	.run = pg_run,
	.query = pg_query,
	.script = script,
	.lock = lock,
	.next = pg_next,
	.col_int = pg_col_int,
	.col_text = pg_col_text,
	.col_blob = pg_col_blob,
	.col_null = pg_col_null,
	.rows_close = pg_rows_close,
};
