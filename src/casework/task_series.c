/* Periodic tasks: on which days, and the job that makes them. */
#include "casework/task_series.h"

#include "base/clockwork.h"
#include "base/log.h"
#include "base/util.h"
#include "office/current.h"
#include "office/journal.h"
#include "task.sql.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 50
#define NEVER (CALENDAR_LAST + 1)

const char *const task_periods[] = { "day", "week", "month", "year", NULL };
static const char *const labels[PERIOD_MAX] = { N_("days"), N_("weeks"), N_("months"), N_("years") };

const char *task_period_label(enum task_period period)
{
	return labels[period];
}

bool task_period_parse(const char *key, enum task_period *ret_period)
{
	for (int i = 0; task_periods[i]; i++) {
		if (!strcmp(task_periods[i], key)) {
			*ret_period = (enum task_period)i;
			return true;
		}
	}
	return false;
}

/* --- rules ------------------------------------------------------------------------------------------------------- */

static int64_t months_later(int64_t day, int64_t months)
{
	struct civil date = civil_from_days(day);
	int64_t month = (int64_t)date.year * 12 + date.month - 1 + months;
	date.year = (int)(month / 12);
	date.month = (int)(month % 12) + 1;
	while (date.day > 28 && !civil_valid(date)) /* the month's last day where it has none of that number */
		date.day--;
	return date.year > 9999 ? NEVER : civil_days(date);
}

int64_t task_series_nth(const struct task_series *s, int64_t n)
{
	static const int64_t days[PERIOD_MAX] = { [PERIOD_DAY] = 1, [PERIOD_WEEK] = 7 };
	static const int64_t months[PERIOD_MAX] = { [PERIOD_MONTH] = 1, [PERIOD_YEAR] = 12 };
	int64_t day = days[s->period] ? s->from_day + n * s->every * days[s->period]
				      : months_later(s->from_day, n * s->every * months[s->period]);
	return day > s->to_day || day > CALENDAR_LAST ? NEVER : day;
}

int64_t task_series_after(const struct task_series *s, int64_t day)
{
	/* Never more days a step than these, so the guess lies before the one that is looked for. */
	static const int64_t most[PERIOD_MAX] = { 1, 7, 31, 366 };
	int64_t n = day < s->from_day ? 0 : (day - s->from_day) / (most[s->period] * s->every);
	int64_t found = task_series_nth(s, n);
	while (found <= day)
		found = task_series_nth(s, ++n);
	return found;
}

int64_t task_series_moved(const struct task_series *s, const struct calendar *calendar, int64_t day)
{
	int64_t moved = day;
	return s->workdays && calendar_next_working(calendar, day, &moved) == OK ? moved : day;
}

enum err task_series_check(const struct task_series *s, int64_t today, struct fault *fault)
{
	if (s->every < 1 || s->every > SERIES_EVERY_MAX)
		return fault_set(
		    fault, ERR_INVALID, "every", N_("Write a number from 1 to {most}."), "most", "400", NULL);
	if (s->from_day < today)
		return fault_set(fault, ERR_INVALID, "from", N_("This day is past."), NULL);
	if (s->to_day < s->from_day)
		return fault_set(fault, ERR_INVALID, "to", N_("The last day is before the first."), NULL);
	if (s->days_to_do < 0 || s->days_to_do > SERIES_DAYS_TO_DO_MAX)
		return fault_set(
		    fault, ERR_INVALID, "days_to_do", N_("Write a number from 1 to {most}."), "most", "366", NULL);
	return OK;
}

/* --- with a database --------------------------------------------------------------------------------------------- */

static enum err journal(const struct casefile_act *act, const char *name, int64_t id)
{
	char object[64];
	return journal_write(act->tx, act->now, act->actor->tag, name, journal_object(object, "task_series", id), NULL);
}

enum err task_series_add(
    const struct casefile_act *act, const struct task_series *s, int64_t *ret_id, struct fault *fault)
{
	int64_t id;
	enum err e = task_series_check(s, office_day(act->office, act->now), fault);
	if (!e)
		e = db_get_int(act->tx, &sql_series_insert,
		    DB_ARGS(db_text(s->kind), db_text(s->words), db_int(s->assigner), db_int_or_null(s->controller),
			db_text(s->executors), db_text(task_periods[s->period]), db_int(s->every), db_int(s->from_day),
			s->to_day >= CALENDAR_LAST ? db_null() : db_int(s->to_day), db_int(s->workdays),
			db_int(s->days_to_do), db_int(act->now)),
		    &id);
	if (!e)
		e = journal(act, "task_series.add", id);
	if (!e)
		*ret_id = id;
	return e;
}

static enum err read_row(const struct casefile_act *act, const struct db_rows *rows, struct task_series *s)
{
	*s = (struct task_series) { .id = db_col_int(rows, 0),
		.kind = arena_strdup(act->arena, db_col_text(rows, 1)),
		.words = arena_strdup(act->arena, db_col_text(rows, 2)),
		.assigner = db_col_int(rows, 3),
		.controller = db_col_int(rows, 4),
		.executors = arena_strdup(act->arena, db_col_text(rows, 5)),
		.every = db_col_int(rows, 7),
		.from_day = db_col_int(rows, 8),
		.to_day = db_col_null(rows, 9) ? CALENDAR_LAST : db_col_int(rows, 9),
		.workdays = db_col_int(rows, 10),
		.days_to_do = db_col_int(rows, 11),
		.next_day = db_col_null(rows, 12) ? NEVER : db_col_int(rows, 12) };
	return task_period_parse(db_col_text(rows, 6), &s->period) ? OK : ERR_STORE;
}

static enum err load(const struct casefile_act *act, int64_t id, struct task_series *s)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_series_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	return read_row(act, rows, s);
}
enum err task_series_stop(const struct casefile_act *act, int64_t id, struct fault *fault)
{
	struct task_series s;
	enum err e = load(act, id, &s);
	if (!e && s.assigner != task_self(act->actor))
		return ERR_NOT_FOUND;
	if (!e)
		e = db_run(act->tx, &sql_series_set_next, DB_ARGS(db_int(id), db_null()));
	return e ? e : journal(act, "task_series.stop", id);
}

enum err task_series_of(
    const struct casefile_act *act, int64_t staff_id, int64_t before, struct task_series ret_series[51], size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t n = 0;
	enum err e = db_query(
	    act->tx, &sql_series_before, DB_ARGS(db_int(staff_id), db_int(before ? before : INT64_MAX)), &rows);
	while (!e && n < 51 && db_next(rows))
		e = read_row(act, rows, &ret_series[n++]);
	*ret_n = n;
	return e || n == 51 ? e : db_rows_error(rows);
}

static enum err give_one(const struct casefile_act *act, const struct task_series *s, int64_t day)
{
	const char *zone = act->office->profile->calendar.zone;
	int64_t given = task_series_moved(s, office_calendar(act->office), day), id;
	struct task_new new = { .kind = s->kind,
		.words = s->words,
		.assigner = s->assigner,
		.controller = s->controller,
		.series_id = s->id,
		.series_day = day };
	new.due_at = zone_day_start(zone, civil_from_days(given + s->days_to_do + 1)) - 1;
	enum err e = db_get_int(act->tx, &sql_task_of_day, DB_ARGS(db_int(s->id), db_int(day)), &id);
	if (e != ERR_NOT_FOUND)
		return e; /* it was made already */
	e = task_people(act, s->executors, new.executor, &new.executors, NULL);
	if (!e)
		e = task_give(act, &new, &id, NULL);
	/* Who left cannot be given anything; the series goes on for those who come. */
	return e == ERR_INVALID ? OK : e;
}

static const struct actor series_actor = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };

struct series_work {
	struct office *office;
	int64_t now, id;
	int64_t due[PIECE];
	size_t n;
	bool went_on; /* some series came to its next day */
};

/* One day of one series: whoever is killed after it begins with the next. */
static enum err make_next(struct db_tx *tx, void *arg)
{
	struct series_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { work->office, tx, &series_actor, work->now, arena };
	struct task_series s;
	int64_t today = office_day(work->office, work->now);
	enum err e = load(&act, work->id, &s);
	if (!e && s.next_day <= today) {
		int64_t moved = task_series_moved(&s, office_calendar(work->office), s.next_day);
		int64_t then = task_series_after(&s, s.next_day);
		if (moved <= today)
			e = give_one(&act, &s, s.next_day);
		work->went_on = work->went_on || moved <= today;
		if (!e && moved <= today)
			e = db_run(tx, &sql_series_set_next,
			    DB_ARGS(db_int(s.id), then > CALENDAR_LAST ? db_null() : db_int(then)));
	}
	arena_free(arena);
	return e;
}

static enum err find_due(struct db_tx *tx, void *arg)
{
	struct series_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_series_due, DB_ARGS(db_int(office_day(work->office, work->now))), &rows);
	work->n = 0;
	while (!e && work->n < PIECE && db_next(rows))
		work->due[work->n++] = db_col_int(rows, 0);
	return e || work->n == PIECE ? e : db_rows_error(rows);
}

/* Each turn makes one task of each series that is behind; it ends when none came further: what is left waits for a
 * working day. */
enum err task_series_run(struct office *office, int64_t now)
{
	struct series_work work = { .office = office, .now = now };
	enum err e = OK;
	for (int turn = 0; !e && turn < 366 && !job_stopping(office); turn++) {
		e = db_read(office->db, find_due, &work);
		if (!work.n)
			break;
		work.went_on = false;
		for (size_t i = 0; !e && i < work.n; i++) {
			work.id = work.due[i];
			enum err failed = db_write(office->db, make_next, &work);
			if (failed)
				log_line(LOG_WARNING, "task series %" PRId64 ": %s", work.id, err_slug(failed));
		}
		if (!work.went_on)
			break;
	}
	return e;
}

static const struct job jobs[] = {
	{ "casework.series", 10 * MINUTE_MS, task_series_run, "Gives the periodic tasks whose day has come." },
};
const struct job_table series_jobs = { jobs, ARRAY_LEN(jobs) };
