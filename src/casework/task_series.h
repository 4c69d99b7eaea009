/*
 * Periodic tasks: a definition from which a job makes one task for each of its days, exactly once. Days are counted
 * from the first one, so that "the 31st of each month" does not wander after a February; a day of rest moves to the
 * next working day where the definition says so.
 */
#ifndef SULH_CASEWORK_TASK_SERIES_H
#define SULH_CASEWORK_TASK_SERIES_H

#include "casework/task.h"

enum task_period { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_YEAR, PERIOD_MAX };
extern const char *const task_periods[]; /* "day" …, ended by NULL */
const char *task_period_label(enum task_period);
bool task_period_parse(const char *key, enum task_period *ret_period);

struct task_series {
	int64_t id, assigner, controller;     /* controller 0: none */
	const char *kind, *words, *executors; /* staff ids parted by a space */
	enum task_period period;
	int64_t every;            /* each n-th, from 1 */
	int64_t from_day, to_day; /* days since 1970-01-01; to_day CALENDAR_LAST: without end */
	bool workdays;            /* a day of rest moves to the next working day */
	int64_t days_to_do;       /* from that day on; 0: by its end */
	int64_t next_day;         /* of the next task, before it moves; CALENDAR_LAST + 1: ended */
};

#define SERIES_EVERY_MAX 400
#define SERIES_DAYS_TO_DO_MAX 366

/* The rules; pure. The n-th day from 0; CALENDAR_LAST + 1 past the end. */
int64_t task_series_nth(const struct task_series *, int64_t n);
/* The first of its days after `day`. */
int64_t task_series_after(const struct task_series *, int64_t day);
/* The day on which its task is given: moved to a working day where that is wanted. */
int64_t task_series_moved(const struct task_series *, const struct calendar *, int64_t day);
enum err task_series_check(const struct task_series *, int64_t today, struct fault *) MUST_CHECK;

/* --- with a database --- */
enum err task_series_add(
    const struct casefile_act *, const struct task_series *, int64_t *ret_id, struct fault *) MUST_CHECK;
/* No more of it: what was given stays. Its assigner's. */
enum err task_series_stop(const struct casefile_act *, int64_t id, struct fault *) MUST_CHECK;
/* Of one assigner, the newest first, from before that id (0: the newest); at most 51. */
enum err task_series_of(const struct casefile_act *, int64_t staff_id, int64_t before,
    struct task_series ret_series[51], size_t *ret_n) MUST_CHECK;
/* Job "casework.series": makes the tasks whose day has come. */
enum err task_series_run(struct office *, int64_t now) MUST_CHECK;

#endif
