/*
 * Background work: a table of jobs a room; each job has a thread and runs when it is due. Each run holds a lease in the
 * database, so that with several `sulh serve` processes no work is done twice at once. Jobs work in small committed
 * pieces, and those that go on for long ask between two pieces whether they are to stop.
 */
#ifndef SULH_OFFICE_JOB_H
#define SULH_OFFICE_JOB_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct office;

struct job {
	const char *name;
	int64_t every_ms;
	enum err (*run)(struct office *, int64_t now);
	const char *help;
	bool everywhere; /* runs in each `sulh serve`, without a lease: it keeps what that process holds in memory */
};

struct job_table {
	const struct job *jobs;
	size_t n;
};

struct job_runner;
enum err jobs_start(struct office *, const struct job_table *, size_t n, struct job_runner **ret_runner) MUST_CHECK;
void jobs_stop(struct job_runner *); /* waits for the running ones */
/* Runs a job at once and a few times soon after, instead of at its next turn: may be called inside the transaction that
 * puts something into an outbox. Thread-safe, never blocks. */
void job_wake(struct office *, const char *name);
/* The office is about to close: leave the rest for the next start. */
bool job_stopping(struct office *);

#endif
