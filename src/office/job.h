/*
 * Background work: a table of jobs a room; one thread runs what is due. Each run holds a lease in the database, so that
 * with several `sulh serve` processes no work is done twice at once. Jobs work in small committed pieces.
 */
#ifndef SULH_OFFICE_JOB_H
#define SULH_OFFICE_JOB_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct office;

struct job {
	const char *name;
	int64_t every_ms;
	enum err (*run)(struct office *, int64_t now);
	const char *help;
};

struct job_table {
	const struct job *jobs;
	size_t n;
};

struct job_runner;
enum err jobs_start(struct office *, const struct job_table *, size_t n, struct job_runner **ret_runner) MUST_CHECK;
void jobs_stop(struct job_runner *); /* waits for the running one */
/* Runs a job at once instead of at its next turn (something was put into an outbox). Thread-safe, never blocks. */
void job_wake(struct office *, const char *name);

#endif
