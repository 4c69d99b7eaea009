/* Runs background work when it is due, under a lease, in one thread. */
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

#define JOBS_MAX 16
#define LEASE_MS (2 * MINUTE_MS)

struct job_runner {
	struct office *office;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	char holder[UUID_TEXT];
	const struct job *job[JOBS_MAX];
	int64_t due_us[JOBS_MAX]; /* monotonic */
	size_t n;
	bool stop;
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

static void run_job(struct job_runner *runner, const struct job *job)
{
	struct office *office = runner->office;
	struct lease_work lease = { job->name, runner->holder, now_ms(), 0 };
	/* SQLite has one process; a lease there would cost a commit a run for nothing. */
	bool shared = db_engine(office->db) == DB_POSTGRESQL;
	if (shared && (db_write(office->db, take_lease, &lease) || lease.changed == 0))
		return;
	enum err e = job->run(office, lease.now);
	if (e)
		log_line(LOG_WARNING, "job %s: %s; it will be tried again", job->name, err_slug(e));
	if (shared && db_write(office->db, give_back, &lease))
		log_line(LOG_WARNING, "job %s: its lease could not be given back and ends by itself", job->name);
}

/* Waits until something is due or the end is near; the index of the due job, or -1 to stop. */
static int wait_for_due(struct job_runner *runner)
{
	pthread_mutex_lock(&runner->lock);
	int chosen = -1;
	while (!runner->stop) {
		int64_t now = monotonic_us();
		size_t next = 0;
		for (size_t i = 1; i < runner->n; i++)
			if (runner->due_us[i] < runner->due_us[next])
				next = i;
		if (runner->due_us[next] <= now) {
			chosen = (int)next;
			runner->due_us[next] = now + runner->job[next]->every_ms * 1000;
			break;
		}
		int64_t until = runner->due_us[next];
		struct timespec ts = { until / 1000000, until % 1000000 * 1000 };
		pthread_cond_timedwait(&runner->wake, &runner->lock, &ts);
	}
	pthread_mutex_unlock(&runner->lock);
	return chosen;
}

static void *run_jobs(void *arg)
{
	struct job_runner *runner = arg;
	int i;
	while ((i = wait_for_due(runner)) >= 0)
		run_job(runner, runner->job[i]);
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
			runner->job[runner->n++] = &tables[t].jobs[i];
	pthread_mutex_init(&runner->lock, NULL);
	init_wake(&runner->wake);
	if (runner->n == 0 || pthread_create(&runner->thread, NULL, run_jobs, runner)) {
		free(runner);
		return ERR_MEMORY;
	}
	*ret_runner = runner;
	return OK;
}

void jobs_stop(struct job_runner *runner)
{
	if (!runner)
		return;
	pthread_mutex_lock(&runner->lock);
	runner->stop = true;
	pthread_cond_signal(&runner->wake);
	pthread_mutex_unlock(&runner->lock);
	pthread_join(runner->thread, NULL);
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
		if (!strcmp(runner->job[i]->name, name))
			runner->due_us[i] = 0;
	pthread_cond_signal(&runner->wake);
	pthread_mutex_unlock(&runner->lock);
}
