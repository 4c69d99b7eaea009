/* Runs background work when it is due, under a lease, each job in a thread of its own. */
#include "office/job.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "base/log.h"
#include "base/util.h"
#include "office.sql.h"
#include "office/office.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define JOBS_MAX 48
/* How long a job rests when the process that ran it dies; one that lives renews its leases long before. */
#define LEASE_MS (15 * SECOND_MS)
#define RENEW_MS (LEASE_MS / 3)

/*
 * Who wakes a job stands inside a transaction whose work the job cannot see yet: nobody knows how long its commit
 * takes. So a few more turns follow, each four times as far away; a turn that finds nothing costs one small query.
 */
static const int64_t soon_ms[] = { 3, 12, 48, 192 };
#define SOON_TURNS ((int)ARRAY_LEN(soon_ms))

/* A thread a job: a partner that answers slowly holds up what is sent to partners, never the journal's checkpoints. */
struct worker {
	struct job_runner *runner;
	const struct job *job;
	pthread_t thread;
	int64_t due_us; /* monotonic */
	bool leased;    /* it runs under a lease now */
	int soon;       /* how many of the turns after a wake have been taken; SOON_TURNS: none are left */
};

struct job_runner {
	struct office *office;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	char holder[UUID_TEXT];
	struct worker worker[JOBS_MAX];
	size_t n, started;
	bool stop;
	pthread_t keeper; /* renews the leases of jobs that run long; only where there are leases */
	bool keeping;
};

struct lease_work {
	const char *name, *holder;
	int64_t now;
	int64_t changed;
};

static enum err take_lease(struct db_tx *tx, void *arg)
{
	struct lease_work *work = arg;
	return db_run_count(tx, &sql_lease_take,
	    DB_ARGS(db_text(work->name), db_text(work->holder), db_int(work->now + LEASE_MS), db_int(work->now)),
	    &work->changed);
}

static enum err give_back(struct db_tx *tx, void *arg)
{
	const struct lease_work *work = arg;
	return db_run(tx, &sql_lease_give_back, DB_ARGS(db_text(work->name), db_text(work->holder)));
}

static enum err renew(struct db_tx *tx, void *arg)
{
	const struct lease_work *work = arg;
	return db_run(
	    tx, &sql_lease_renew, DB_ARGS(db_text(work->name), db_text(work->holder), db_int(work->now + LEASE_MS)));
}

static void set_leased(struct worker *worker, bool leased)
{
	pthread_mutex_lock(&worker->runner->lock);
	worker->leased = leased;
	pthread_mutex_unlock(&worker->runner->lock);
}

static void run_job(struct worker *worker)
{
	struct job_runner *runner = worker->runner;
	const struct job *job = worker->job;
	struct office *office = runner->office;
	struct lease_work lease = { job->name, runner->holder, now_ms(), 0 };
	/* SQLite has one process; a lease there would cost a commit a run for nothing. */
	bool shared = db_engine(office->db) == DB_POSTGRESQL && !job->everywhere;
	if (shared && (db_write(office->db, take_lease, &lease) || lease.changed == 0))
		return;
	set_leased(worker, shared);
	enum err e = job->run(office, lease.now);
	set_leased(worker, false);
	if (e)
		log_line(LOG_WARNING, "job %s: %s; it will be tried again", job->name, err_slug(e));
	if (shared && db_write(office->db, give_back, &lease))
		log_line(LOG_WARNING, "job %s: its lease could not be given back and ends by itself", job->name);
}

/* Waits until the job is due; false when the end is near. */
static bool wait_for_due(struct worker *worker)
{
	struct job_runner *runner = worker->runner;
	pthread_mutex_lock(&runner->lock);
	while (!runner->stop && worker->due_us > monotonic_us()) {
		struct timespec until = { worker->due_us / 1000000, worker->due_us % 1000000 * 1000 };
		pthread_cond_timedwait(&runner->wake, &runner->lock, &until);
	}
	bool due = !runner->stop;
	int64_t next_ms = worker->soon < SOON_TURNS ? soon_ms[worker->soon++] : worker->job->every_ms;
	worker->due_us = monotonic_us() + next_ms * 1000;
	pthread_mutex_unlock(&runner->lock);
	return due;
}

static void *run_for_ever(void *arg)
{
	struct worker *worker = arg;
	while (wait_for_due(worker))
		run_job(worker);
	return NULL;
}

static void *keep_leases(void *arg)
{
	struct job_runner *runner = arg;
	pthread_mutex_lock(&runner->lock);
	int64_t due = monotonic_us() + RENEW_MS * 1000;
	while (!runner->stop) {
		struct timespec until = { due / 1000000, due % 1000000 * 1000 };
		if (due > monotonic_us()) {
			pthread_cond_timedwait(&runner->wake, &runner->lock, &until);
			continue;
		}
		for (size_t i = 0; i < runner->n; i++) {
			struct lease_work lease = { runner->worker[i].job->name, runner->holder, now_ms(), 0 };
			if (!runner->worker[i].leased)
				continue;
			pthread_mutex_unlock(&runner->lock);
			if (db_write(runner->office->db, renew, &lease))
				log_line(LOG_WARNING, "job %s: its lease could not be renewed", lease.name);
			pthread_mutex_lock(&runner->lock);
		}
		due = monotonic_us() + RENEW_MS * 1000;
	}
	pthread_mutex_unlock(&runner->lock);
	return NULL;
}

static void init_wake(pthread_cond_t *wake)
{
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC); /* a corrected wall clock must not stall the work */
	pthread_cond_init(wake, &attr);
	pthread_condattr_destroy(&attr);
}

enum err jobs_start(struct office *office, const struct job_table *tables, size_t n, struct job_runner **ret_runner)
{
	struct job_runner *runner = calloc(1, sizeof(*runner));
	if (!runner)
		return ERR_MEMORY;
	runner->office = office;
	uuid7(runner->holder, now_ms());
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t].n && runner->n < JOBS_MAX; i++)
			runner->worker[runner->n++] =
			    (struct worker) { .runner = runner, .job = &tables[t].jobs[i], .soon = SOON_TURNS };
	pthread_mutex_init(&runner->lock, NULL);
	init_wake(&runner->wake);
	*ret_runner = runner; /* before the first job runs: jobs wake each other */
	while (runner->started < runner->n) {
		struct worker *worker = &runner->worker[runner->started];
		if (pthread_create(&worker->thread, NULL, run_for_ever, worker)) {
			*ret_runner = NULL;
			jobs_stop(runner);
			return ERR_MEMORY;
		}
		runner->started++;
	}
	if (db_engine(office->db) == DB_POSTGRESQL)
		runner->keeping = pthread_create(&runner->keeper, NULL, keep_leases, runner) == 0;
	return OK;
}

void jobs_stop(struct job_runner *runner)
{
	if (!runner)
		return;
	pthread_mutex_lock(&runner->lock);
	runner->stop = true;
	pthread_cond_broadcast(&runner->wake);
	pthread_mutex_unlock(&runner->lock);
	for (size_t i = 0; i < runner->started; i++)
		pthread_join(runner->worker[i].thread, NULL);
	if (runner->keeping)
		pthread_join(runner->keeper, NULL);
	pthread_mutex_destroy(&runner->lock);
	pthread_cond_destroy(&runner->wake);
	free(runner);
}

void job_wake(struct office *office, const char *name)
{
	struct job_runner *runner = office->jobs;
	if (!runner)
		return;
	pthread_mutex_lock(&runner->lock);
	for (size_t i = 0; i < runner->n; i++)
		if (!strcmp(runner->worker[i].job->name, name)) {
			runner->worker[i].due_us = 0;
			runner->worker[i].soon = 0;
		}
	pthread_cond_broadcast(&runner->wake);
	pthread_mutex_unlock(&runner->lock);
}

bool job_stopping(struct office *office)
{
	struct job_runner *runner = office->jobs;
	if (!runner)
		return false;
	pthread_mutex_lock(&runner->lock);
	bool stop = runner->stop;
	pthread_mutex_unlock(&runner->lock);
	return stop;
}
