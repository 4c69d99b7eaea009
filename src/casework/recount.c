/* What a change of the calendar moves: the preview, and counting again. */
#include "casework/recount.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/ladder_job.h"
#include "casework/notice.h"
#include "clock.sql.h"
#include "office/calendar_change.h"
#include "office/current.h"
#include "office/journal.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

#define WINDOW 20000 /* clock ids that one page of the preview walks at most */
#define LOOKED 400   /* clocks that it counts at most */
#define PIECE 100    /* clocks that one transaction counts again */

/* --- the preview ------------------------------------------------------------------------------------------------- */

struct candidates {
	int64_t id[LOOKED];
	size_t n;
};

/* Only clocks that run over one of the days can move. */
static enum err find_candidates(
    const struct casefile_act *act, const struct recount_ask *ask, int64_t to_id, struct candidates *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const char *zone = act->office->profile->calendar.zone;
	ret->n = 0;
	enum err e = db_query(act->tx, &sql_recount_candidates,
	    DB_ARGS(db_int(ask->after), db_int(to_id), db_int(zone_day_start(zone, civil_from_days(ask->first_day))),
		db_int(zone_day_start(zone, civil_from_days(ask->last_day + 1)))),
	    &rows);
	while (!e && ret->n < LOOKED && db_next(rows))
		ret->id[ret->n++] = db_col_int(rows, 0);
	return e || ret->n == LOOKED ? e : db_rows_error(rows);
}

static json_t *row_json(
    const struct casefile_act *act, enum lang lang, const struct case_clock *k, const struct casefile *c, int64_t then)
{
	json_t *row = json_object();
	json_put_str(row, "number", c->number);
	json_put_int(row, "case_id", c->id);
	json_put_str(row, "rule_name", names_in(&k->rule.name, lang));
	view_put_day(act, lang, row, "before", k->due_at);
	view_put_day(act, lang, row, "then", then);
	json_put_bool(row, "later", then > k->due_at);
	return row;
}

/* Adds a row when this clock would move; 1 in `ret_kept` when its case is kept from the reader. */
static enum err look(const struct casefile_act *act, enum lang lang, const struct recount_ask *ask, int64_t clock_id,
    json_t *rows, int64_t *ret_kept)
{
	struct case_clock k;
	struct casefile c;
	struct clock_due due;
	enum err e = case_clock_load(act, clock_id, &k);
	if (e || !k.known)
		return e;
	k.course.calendar = ask->then;
	if (clock_course_due(&k.course, &due, NULL) || due.due_ms == CLOCK_OPEN || due.due_ms == k.due_at)
		return OK;
	e = casefile_load(act->office, act->tx, act->arena, k.casefile_id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	if (conflicts(act->actor, &object))
		++*ret_kept;
	else
		json_add(rows, row_json(act, lang, &k, &c, due.due_ms));
	return OK;
}

enum err recount_preview(const struct casefile_act *act, enum lang lang, const struct recount_ask *ask, json_t *view)
{
	struct candidates *found = arena_alloc(act->arena, sizeof(*found));
	json_t *rows = json_array();
	int64_t last = 0, kept = 0, to_id = ask->after + WINDOW, reached = to_id;
	enum err e = db_get_int(act->tx, &sql_clock_last_id, DB_NO_ARGS, &last);
	if (!e)
		e = find_candidates(act, ask, to_id, found);
	for (size_t i = 0; !e && i < found->n; i++) {
		reached = found->id[i];
		e = look(act, lang, ask, found->id[i], rows, &kept);
		if (json_array_size(rows) == RECOUNT_PAGE)
			break;
		if (i + 1 == found->n && found->n < LOOKED)
			reached = to_id;
	}
	json_put_bool(view, "has_moves", json_array_size(rows) > 0);
	json_put(view, "moves", rows);
	json_put_int(view, "kept", kept);
	if (!e && reached < last) {
		json_put_int(view, "page_after", reached);
		json_put_int(view, "percent", reached * 100 / last);
	}
	return e;
}

/* --- counting again ---------------------------------------------------------------------------------------------- */

static const struct actor recount_actor = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };

static enum err tell_lead(
    const struct casefile_act *act, const struct casefile *c, const struct case_clock *k, int64_t before)
{
	struct ladder_told told = { 0 };
	enum err e = ladder_addressees(act, c, LADDER_LEAD, &told);
	for (size_t i = 0; !e && i < told.count; i++) {
		json_t *data = json_object();
		json_put_str(data, "number", c->number);
		json_put_str(data, "rule", k->key);
		json_put_int(data, "before_at", before);
		json_put_int(data, "due_at", k->due_at);
		const struct notice_new notice = { told.id[i], "clock_moved", c->id, 0, data };
		e = notice_add(act, &notice);
	}
	return e;
}

static enum err tell_move(const struct casefile_act *act, const struct case_clock *k, int64_t before)
{
	struct casefile c;
	char object[64];
	json_t *payload = json_object(), *data = json_object();
	json_put_int(payload, "clock", k->id);
	json_put_str(payload, "rule", k->key);
	json_put_int(payload, "before", before);
	json_put_int(payload, "due_at", k->due_at);
	json_put_str(data, "rule", k->key);
	json_put_int(data, "before_at", before);
	json_put_int(data, "due_at", k->due_at);
	enum err e = journal_write(act->tx, act->now, act->actor->tag, "clock.move",
	    journal_object(object, "casefile", k->casefile_id), payload);
	if (e) {
		json_decref(data);
		return e;
	}
	e = event_add(act, k->casefile_id, "clock_moved", data);
	if (!e)
		e = casefile_load(act->office, act->tx, act->arena, k->casefile_id, &c);
	return e ? e : tell_lead(act, &c, k, before);
}

static enum err count_one(const struct casefile_act *act, int64_t clock_id, bool *ret_moved)
{
	struct case_clock k;
	*ret_moved = false;
	enum err e = case_clock_load(act, clock_id, &k);
	if (e || !k.known || k.stopped_at)
		return e;
	int64_t before = k.due_at;
	e = case_clock_count_again(act, &k);
	if (e || k.paused || k.due_at == before)
		return e;
	*ret_moved = true;
	e = case_clock_keep_earliest(act, k.casefile_id);
	return e ? e : tell_move(act, &k, before);
}

static enum err next_ids(const struct casefile_act *act, int64_t recount_id, int64_t ids[PIECE], size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t n = 0;
	enum err e = db_query(act->tx, &sql_recount_next, DB_ARGS(db_int(recount_id)), &rows);
	while (!e && n < PIECE && db_next(rows))
		ids[n++] = db_col_int(rows, 0);
	*ret_n = n;
	return e || n == PIECE ? e : db_rows_error(rows);
}

enum err recount_piece(const struct casefile_act *act, int64_t recount_id, bool *ret_done)
{
	int64_t ids[PIECE], moved = 0;
	size_t n;
	enum err e = next_ids(act, recount_id, ids, &n);
	for (size_t i = 0; !e && i < n; i++) {
		bool one = false;
		e = count_one(act, ids[i], &one);
		moved += one;
	}
	if (e)
		return e;
	*ret_done = n < PIECE;
	if (n)
		e = db_run(act->tx, &sql_recount_went_on,
		    DB_ARGS(db_int(recount_id), db_int(ids[n - 1]), db_int((int64_t)n), db_int(moved)));
	return e || !*ret_done ? e : db_run(act->tx, &sql_recount_end, DB_ARGS(db_int(recount_id), db_int(act->now)));
}

/* --- the job ----------------------------------------------------------------------------------------------------- */

struct recount_work {
	struct office *office;
	int64_t now, recount_id, change_id;
	bool done;
};

/* The recount that is under way, or else the last change of the calendar that none has covered yet. */
static enum err find_work(struct db_tx *tx, void *arg)
{
	struct recount_work *work = arg;
	int64_t covered = 0;
	work->recount_id = work->change_id = 0;
	enum err e = db_get_int(tx, &sql_recount_open, DB_NO_ARGS, &work->recount_id);
	if (e != ERR_NOT_FOUND)
		return e;
	e = db_get_int(tx, &sql_recount_covered, DB_NO_ARGS, &covered);
	if (!e)
		e = db_get_int(tx, &sql_calendar_last_change, DB_NO_ARGS, &work->change_id);
	if (!e && work->change_id <= covered)
		work->change_id = 0;
	return e;
}

static enum err begin(struct db_tx *tx, void *arg)
{
	struct recount_work *work = arg;
	int64_t last;
	enum err e = db_get_int(tx, &sql_clock_last_id, DB_NO_ARGS, &last);
	return e ? e
		 : db_get_int(tx, &sql_recount_insert,
		       DB_ARGS(db_int(work->change_id), db_int(work->now), db_int(last)), &work->recount_id);
}

static enum err piece(struct db_tx *tx, void *arg)
{
	struct recount_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { work->office, tx, &recount_actor, work->now, arena };
	enum err e = recount_piece(&act, work->recount_id, &work->done);
	arena_free(arena);
	return e;
}

enum err recount_run(struct office *office, int64_t now)
{
	struct recount_work work = { .office = office, .now = now };
	enum err e = db_read(office->db, find_work, &work);
	if (e || (!work.recount_id && !work.change_id))
		return e;
	/* What is in memory must know at least the change that was found. */
	e = office_refresh(office);
	if (!e && !work.recount_id)
		e = db_write(office->db, begin, &work);
	while (!e && !work.done && !job_stopping(office))
		e = db_write(office->db, piece, &work);
	return e;
}

static const struct job jobs[] = {
	{ "casework.recount", 2 * SECOND_MS, recount_run,
	    "Counts running clocks again when the calendar was changed." },
};
const struct job_table recount_jobs = { jobs, ARRAY_LEN(jobs) };

/* --- how far it came --------------------------------------------------------------------------------------------- */

static json_t *recount_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	int64_t last = db_col_int(rows, 3), seen_id = db_col_int(rows, 4), ended = db_col_int(rows, 7);
	json_t *one = json_object();
	json_put_int(one, "id", db_col_int(rows, 0));
	view_put_moment(act, lang, one, "began", db_col_int(rows, 2));
	view_put_moment(act, lang, one, "ended", ended);
	json_put_int(one, "percent", ended || !last ? 100 : seen_id * 100 / last);
	json_put_str(one, "seen", number_text(act->arena, lang, db_col_int(rows, 5)));
	json_put_str(one, "moved", number_text(act->arena, lang, db_col_int(rows, 6)));
	json_put_bool(one, "running", !ended);
	return one;
}

enum err recount_list(const struct casefile_act *act, enum lang lang, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(act->tx, &sql_recount_newest, DB_NO_ARGS, &rows);
	while (!e && db_next(rows))
		json_add(list, recount_json(act, lang, rows));
	*ret_list = list;
	return e ? e : db_rows_error(rows);
}
