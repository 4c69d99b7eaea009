/*
 * SQLite's one writing thread: takes all works that wait, runs them in one transaction, commits once and answers all
 * (group commit). While one group goes to disk the next one gathers; nobody waits for company.
 *
 * First the works run without savepoints: a savepoint makes the full-text index write out what it gathered, and SQLite
 * keep the old form of every page, which together cost half of the time. Only when a work fails after it wrote
 * something is all of it rolled back and done again, this time each work in a savepoint of its own.
 */
#include "db/sqlite.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>

/* Bounds the time that the first of a group waits for the last. */
#define GROUP_MAX 256

struct call {
	db_work *work;
	void *arg;
	enum err err;
	sem_t answered;
	struct call *next;
};

struct writer {
	struct sqlite_connection *on;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t arrived;
	struct call *first, **last; /* waiting, in the order of arrival */
	bool stopping;
};

/* Rules put off to the commit would fail the whole group there: each work must have met its own when it ends. */
static bool debts(struct sqlite_connection *c)
{
	int now = 0, high = 0;
	sqlite3_db_status(c->handle, SQLITE_DBSTATUS_DEFERRED_FKS, &now, &high, 0);
	return now > 0;
}

static enum err run_bare(struct writer *w, struct call *call)
{
	struct sqlite_connection *c = w->on;
	struct sqlite_tx tx = { .base = { .db = c->db }, .on = c };
	c->wrote = false;
	enum err e = tx_run(&tx.base, call->work, call->arg);
	if (sqlite3_get_autocommit(c->handle))
		return e ? e : ERR_STORE; /* SQLite gave up the whole transaction: disk full, I/O */
	if (!e && debts(c)) {
		db_note(c->db, "work", "FOREIGN KEY constraint failed at the end of the work");
		e = ERR_STORE;
	}
	return e;
}

static enum err run_saved(struct writer *w, struct call *call)
{
	struct sqlite_connection *c = w->on;
	enum err e = sqlite_control(c, &sqlite_savepoint);
	if (e)
		return e;
	e = run_bare(w, call);
	if (sqlite3_get_autocommit(c->handle))
		return e;
	enum err end = e ? sqlite_control(c, &sqlite_rollback_to) : OK;
	if (!end)
		end = sqlite_control(c, &sqlite_release);
	return e ? e : end;
}

static void undo(struct sqlite_connection *c)
{
	if (!sqlite3_get_autocommit(c->handle))
		(void)!sqlite_control(c, &sqlite_rollback);
}

static void fail_all(struct call **calls, size_t n, enum err e)
{
	for (size_t i = 0; i < n; i++)
		if (!calls[i]->err)
			calls[i]->err = e;
}

static void commit(struct writer *w, struct call **calls, size_t n)
{
	enum err e = sqlite_control(w->on, &sqlite_commit);
	if (e) {
		undo(w->on);
		fail_all(calls, n, ERR_STORE);
	} else {
		atomic_fetch_add_explicit(&w->on->db->commits, 1, memory_order_relaxed);
	}
}

enum outcome {
	DONE,
	SPOILT,   /* a work failed with something written: everything was rolled back */
	GIVEN_UP, /* SQLite ended the transaction in the middle of a work */
};

/* One transaction. On GIVEN_UP `ret_culprit` is the work's index. */
static enum outcome run_group(struct writer *w, struct call **calls, size_t n, bool saved, size_t *ret_culprit)
{
	for (size_t i = 0; i < n; i++)
		calls[i]->err = OK;
	if (sqlite_control(w->on, &sqlite_begin_write)) {
		fail_all(calls, n, ERR_STORE);
		return DONE;
	}
	for (size_t i = 0; i < n; i++) {
		calls[i]->err = saved ? run_saved(w, calls[i]) : run_bare(w, calls[i]);
		if (sqlite3_get_autocommit(w->on->handle)) {
			*ret_culprit = i;
			return GIVEN_UP;
		}
		if (calls[i]->err && !saved && w->on->wrote) {
			undo(w->on);
			return SPOILT;
		}
	}
	if (n == 1 && calls[0]->err)
		undo(w->on);
	else
		commit(w, calls, n);
	return DONE;
}

static void serve(struct writer *w, struct call **calls, size_t n)
{
	size_t culprit;
	enum outcome outcome = run_group(w, calls, n, false, &culprit);
	if (outcome == SPOILT && n > 1)
		outcome = run_group(w, calls, n, true, &culprit);
	if (outcome != GIVEN_UP)
		return;
	/* The one that was too much for the disk keeps its error; the others must not suffer for it. */
	for (size_t i = 0; i < n; i++) {
		size_t alone;
		if (i != culprit)
			(void)run_group(w, &calls[i], 1, false, &alone);
	}
}

/* Waits for work; 0 when there is none and will be none. */
static size_t take(struct writer *w, struct call **calls)
{
	size_t n = 0;
	pthread_mutex_lock(&w->lock);
	while (!w->first && !w->stopping)
		pthread_cond_wait(&w->arrived, &w->lock);
	while (w->first && n < GROUP_MAX) {
		calls[n++] = w->first;
		w->first = w->first->next;
	}
	if (!w->first)
		w->last = &w->first;
	pthread_mutex_unlock(&w->lock);
	return n;
}

static void *writer_main(void *arg)
{
	struct writer *w = arg;
	struct call *calls[GROUP_MAX];
	size_t n;
	while ((n = take(w, calls))) {
		serve(w, calls, n);
		atomic_fetch_add_explicit(&w->on->db->works, (int64_t)n, memory_order_relaxed);
		for (size_t i = 0; i < n; i++)
			sem_post(&calls[i]->answered);
	}
	return NULL;
}

enum err writer_start(struct sqlite_connection *c, struct writer **ret_writer)
{
	struct writer *w = calloc(1, sizeof(*w));
	if (!w)
		return ERR_MEMORY;
	w->on = c;
	w->last = &w->first;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->arrived, NULL);
	/* Signals are the main thread's business. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int rc = pthread_create(&w->thread, NULL, writer_main, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc) {
		free(w);
		return ERR_MEMORY;
	}
	pthread_setname_np(w->thread, "db-writer");
	*ret_writer = w;
	return OK;
}

void writer_stop(struct writer *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->arrived);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->arrived);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

enum err writer_run(struct writer *w, db_work *work, void *arg)
{
	struct call call = { .work = work, .arg = arg };
	sem_init(&call.answered, 0, 0);
	pthread_mutex_lock(&w->lock);
	*w->last = &call;
	w->last = &call.next;
	pthread_cond_signal(&w->arrived);
	pthread_mutex_unlock(&w->lock);
	while (sem_wait(&call.answered) && errno == EINTR)
		;
	sem_destroy(&call.answered);
	return call.err;
}
