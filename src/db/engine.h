/*
 * What db.c asks of an engine, and what the engines share: the transaction, its open rows, the statement cache and the
 * pool of connections. Private to src/db.
 *
 * db.c checks arguments, counts, and dooms a transaction at its first failed statement, so that both engines behave
 * alike; an engine only runs statements, and turns its errors into CONFLICT or STORE.
 */
#ifndef SULH_DB_ENGINE_H
#define SULH_DB_ENGINE_H

#include "db/db.h"

#include <pthread.h>
#include <stdatomic.h>

struct engine {
	/* `where` is the path or the URL. Fills db->state, also on an error: close is called then, too. */
	enum err (*open)(struct db *, const char *where, const struct db_options *, struct fault *);
	void (*close)(struct db *);
	enum err (*read)(struct db *, db_work *, void *arg);
	/* `first`: a lock to hold before the transaction sees anything; NULL for none. */
	enum err (*write)(struct db *, db_work *, void *arg, const int64_t *first);
	enum err (*run)(struct db_tx *, const struct db_sql *, const struct db_value *, size_t n, int64_t *ret_changed);
	/* Runs at least to the first row, so that INSERT … RETURNING happens and errors show here. */
	enum err (*query)(
	    struct db_tx *, const struct db_sql *, const struct db_value *, size_t n, struct db_rows **ret_rows);
	enum err (*script)(struct db_tx *, const char *text); /* many statements, no values */
	enum err (*lock)(struct db_tx *, int64_t lock);
	bool (*next)(struct db_rows *); /* sets rows->error */
	int64_t (*col_int)(const struct db_rows *, int column);
	const char *(*col_text)(const struct db_rows *, int column);
	const void *(*col_blob)(const struct db_rows *, int column, size_t *ret_len);
	bool (*col_null)(const struct db_rows *, int column);
	void (*rows_close)(struct db_rows *); /* gives back what the rows hold, not their memory; called once */
};

extern const struct engine sqlite_engine, postgresql_engine;

#define DB_ERROR_TEXT 256

struct db {
	const struct engine *engine;
	enum db_engine kind;
	void *state; /* the engine's */
	_Atomic int64_t commits, works, statements;
	pthread_mutex_t error_lock;
	char error[DB_ERROR_TEXT];
};

/* Engines put this first in a transaction of their own. */
struct db_tx {
	struct db *db;
	enum err failed;      /* the first statement's failure: nothing runs after it */
	struct db_rows *open; /* closed when the work ends, whether or not the work did */
};

/* Engines put this first in their rows. */
struct db_rows {
	struct db_tx *tx; /* NULL once the work has ended */
	struct db_rows *next;
	int columns;
	bool on_row;
	enum err error;
};

/* Runs the work, closes its rows; OK only if the work and all its statements were. */
enum err tx_run(struct db_tx *, db_work *, void *arg);
/* Keeps the reason for db_last_error; `what` names the statement or the step. No values: they may be personal. */
void db_note(struct db *, const char *what, const char *reason);
/* As db_write, holding `first` before the transaction begins (migrations). */
enum err db_write_locked(struct db *, int64_t first, db_work *, void *arg) MUST_CHECK;
enum err tx_script(struct db_tx *, const char *text) MUST_CHECK;

/* Prepared statements of one connection, keyed by the address of the db_sql and the types of the values. */
#define CACHE_SIZE 256
#define CACHE_HEADS 512 /* a power of two */

struct cached {
	const struct db_sql *sql;
	uint64_t types;
	void *handle; /* the engine's; NULL: free slot */
	uint64_t used;
	bool busy; /* rows are being read from it: must not be taken away */
	int next;
};

struct cache {
	uint64_t clock;
	int head[CACHE_HEADS];
	struct cached entry[CACHE_SIZE];
};

void cache_init(struct cache *);
struct cached *cache_find(struct cache *, const struct db_sql *, uint64_t types); /* NULL when it is not there */
/* A slot for a new statement, the longest unused if all are taken: its old handle is the caller's to release (NULL if
 * there was none). NULL when every slot is busy. The caller sets `handle`. */
struct cached *cache_claim(struct cache *, const struct db_sql *, uint64_t types, void **ret_old);
void cache_drop(struct cache *, struct cached *);

/* A fixed set of connections lent to one thread each; the last one back goes out first, with its memory warm. */
struct pool {
	pthread_mutex_t lock;
	pthread_cond_t back;
	void **idle;
	int idle_count, size;
};

enum err pool_init(struct pool *, int room) MUST_CHECK;
void pool_add(struct pool *, void *connection);
void *pool_take(struct pool *); /* waits while all are out */
void pool_give(struct pool *, void *connection);
void *pool_remove(struct pool *); /* waits for one, takes it out for good; NULL when none is left */
void pool_done(struct pool *);

#endif
