/* The escalation ladder at work. */
#include "casework/ladder_job.h"

#include "base/clockwork.h"
#include "base/log.h"
#include "base/util.h"
#include "casework/notice.h"
#include "clock.sql.h"
#include "office/journal.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

#define PIECE 50
#define AGAIN_MS HOUR_MS /* a clock whose step failed waits so long, and holds up no other */

/* --- the agency first -------------------------------------------------------------------------------------------- */

bool agency_first_possible(const struct profile *profile, const struct state *state)
{
	return profile_move(profile, state, "send_to_agency_first") != NULL;
}

/* What runs since registration begins again when the complaint comes back. */
static enum err stop_own_limits(const struct casefile_act *act, int64_t casefile_id)
{
	struct case_clock *clocks;
	size_t n;
	enum err e = case_clock_load_all(act, casefile_id, &clocks, &n);
	for (size_t i = 0; !e && i < n; i++)
		if (!clocks[i].stopped_at && clocks[i].known && !strcmp(clocks[i].rule.starts, "registered"))
			e = case_clock_stop(act, casefile_id, clocks[i].key);
	return e;
}

enum err agency_first_send(
    const struct casefile_act *act, struct casefile *c, int64_t seen_version, struct fault *fault)
{
	json_t *data = json_object();
	if (!agency_first_possible(act->office->profile, c->state)) {
		json_decref(data);
		return fault_set(
		    fault, ERR_CONFLICT, "state", N_("This complaint cannot be given to the agency first now."), NULL);
	}
	json_put_str(data, "body", c->body_name);
	enum err e = casefile_move_if(act, c, "send_to_agency_first", "sent_to_agency", seen_version, data, fault);
	return e ? e : stop_own_limits(act, c->id);
}

enum err agency_first_end(const struct casefile_act *act, struct casefile *c, int64_t seen_version, struct fault *fault)
{
	if (!profile_move(act->office->profile, c->state, "agency_first_ended"))
		return fault_set(
		    fault, ERR_CONFLICT, "state", N_("This complaint is not with the agency first."), NULL);
	json_t *data = json_object();
	json_put_str(data, "body", c->body_name);
	return casefile_move_if(act, c, "agency_first_ended", "escalated", seen_version, data, fault);
}

/* --- one step ---------------------------------------------------------------------------------------------------- */

static json_t *names_json(const struct names *names)
{
	json_t *json = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		if (names->in[lang])
			json_put_str(json, lang_code(lang), names->in[lang]);
	return json;
}

static json_t *told_json(const struct ladder_told *told)
{
	json_t *names = json_array();
	for (size_t i = 0; i < told->count; i++)
		json_add(names, json_string(told->name[i]));
	return names;
}

static enum err tell(const struct casefile_act *act, const struct casefile *c, const struct case_clock *k,
    const struct ladder_step *step, const char *kind, const struct ladder_told *told)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < told->count; i++) {
		json_t *data = json_object();
		json_put_str(data, "number", c->number);
		json_put_str(data, "rule", k->key);
		json_put_int(data, "due_at", k->due_at);
		json_put(data, "step", names_json(&step->name));
		const struct notice_new notice = { told->id[i], kind, c->id, 0, data };
		e = notice_add(act, &notice);
	}
	return e;
}

/* Transfer of a complaint that the agency did not settle; nothing when it has left that state already. */
static enum err transfer(const struct casefile_act *act, struct casefile *c, bool *ret_moved)
{
	*ret_moved = profile_move(act->office->profile, c->state, "agency_first_ended") != NULL;
	return *ret_moved ? agency_first_end(act, c, 0, NULL) : OK;
}

static enum err record(const struct casefile_act *act, const struct case_clock *k, const struct ladder_step *step,
    const struct ladder_told *told, bool *ret_first)
{
	json_t *names = told_json(told);
	char *text CLEANUP(free_ptr) = json_compact_text(names);
	int64_t changed;
	json_decref(names);
	if (!text)
		return ERR_MEMORY;
	enum err e = db_run_count(act->tx, &sql_clock_step_insert,
	    DB_ARGS(db_int(k->id), db_text(step->key), db_int(k->due_at), db_int(act->now), db_text(text)), &changed);
	*ret_first = !e && changed == 1;
	return e;
}

static enum err journal(const struct casefile_act *act, const struct case_clock *k, const struct ladder_step *step)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "step", step->key);
	json_put_str(payload, "rule", k->key);
	json_put_int(payload, "due_at", k->due_at);
	return journal_write(act->tx, act->now, act->actor->tag, "clock.step",
	    journal_object(object, "casefile", k->casefile_id), payload);
}

/* A step of the profile stands in the chronology; the two that every clock has would only fill it. */
static enum err event(const struct casefile_act *act, const struct case_clock *k, const struct ladder_step *step)
{
	if (!step->name.in[LANG_EN] && !step->name.in[act->office->profile->language])
		return OK;
	json_t *data = json_object();
	json_put_str(data, "rule", k->key);
	json_put_int(data, "due_at", k->due_at);
	json_put(data, "step", names_json(&step->name));
	return event_add(act, k->casefile_id, "ladder_step", data);
}

static enum err do_step(const struct casefile_act *act, struct casefile *c, const struct case_clock *k,
    const struct ladder_step *step, bool *ret_first)
{
	struct ladder_told told = { 0 };
	bool moved = false;
	enum err e = OK;
	for (size_t i = 0; !e && i < step->notified; i++)
		e = ladder_addressees(act, c, step->notify[i], &told);
	if (!e)
		e = record(act, k, step, &told, ret_first);
	if (e || !*ret_first)
		return e;
	if (step->act == LADDER_TRANSFER)
		e = transfer(act, c, &moved);
	if (!e)
		e = tell(act, c, k, step,
		    moved                  ? "clock_transferred"
		    : act->now > k->due_at ? "clock_after"
					   : "clock_before",
		    &told);
	if (!e)
		e = journal(act, k, step);
	return e ? e : event(act, k, step);
}

static enum err do_due_steps(
    const struct casefile_act *act, struct casefile *c, const struct case_clock *k, size_t *ret_done)
{
	const struct profile *profile = act->office->profile;
	struct ladder_step step[LADDER_MAX];
	size_t n = ladder_of(profile->ladder, profile->ladder_steps, &k->rule, step);
	enum err e = OK;
	for (size_t i = 0; !e && i < n; i++) {
		bool first = false;
		if (ladder_at(&step[i], k->due_at) > act->now)
			continue;
		e = do_step(act, c, k, &step[i], &first);
		*ret_done += first;
	}
	return e;
}

/* After a step that moved the case its clock may have ended: then there is nothing to remind of. */
static enum err set_next(const struct casefile_act *act, int64_t clock_id)
{
	struct case_clock k;
	int64_t at = 0;
	enum err e = case_clock_load(act, clock_id, &k);
	if (!e && !k.stopped_at && !k.paused && k.known)
		e = case_clock_next_step(act, &k, k.due_at, &at);
	return e ? e : db_run(act->tx, &sql_clock_set_remind, DB_ARGS(db_int(clock_id), db_int_or_null(at)));
}

enum err ladder_do(const struct casefile_act *act, int64_t clock_id, size_t *ret_done)
{
	struct casefile c;
	struct case_clock k;
	*ret_done = 0;
	enum err e = case_clock_load(act, clock_id, &k);
	if (!e && !k.stopped_at && !k.paused && k.known) {
		e = casefile_load(act->office, act->tx, act->arena, k.casefile_id, &c);
		if (!e)
			e = do_due_steps(act, &c, &k, ret_done);
	}
	return e ? e : set_next(act, clock_id);
}

/* --- the job ----------------------------------------------------------------------------------------------------- */

static const struct actor ladder_actor = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };

struct ladder_work {
	struct office *office;
	int64_t now, clock_id;
	int64_t due[PIECE];
	size_t n;
};

static enum err find_due(struct db_tx *tx, void *arg)
{
	struct ladder_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_clock_to_remind, DB_ARGS(db_int(work->now)), &rows);
	work->n = 0;
	while (!e && work->n < PIECE && db_next(rows))
		work->due[work->n++] = db_col_int(rows, 0);
	return e || work->n == PIECE ? e : db_rows_error(rows);
}

static enum err do_one(struct db_tx *tx, void *arg)
{
	struct ladder_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { work->office, tx, &ladder_actor, work->now, arena };
	size_t done;
	enum err e = ladder_do(&act, work->clock_id, &done);
	arena_free(arena);
	return e;
}

static enum err put_off(struct db_tx *tx, void *arg)
{
	const struct ladder_work *work = arg;
	return db_run(tx, &sql_clock_set_remind, DB_ARGS(db_int(work->clock_id), db_int(work->now + AGAIN_MS)));
}

enum err ladder_run(struct office *office, int64_t now)
{
	struct ladder_work work = { .office = office, .now = now, .n = PIECE };
	enum err e = OK;
	while (!e && work.n == PIECE && !job_stopping(office)) {
		e = db_read(office->db, find_due, &work);
		for (size_t i = 0; !e && i < work.n && !job_stopping(office); i++) {
			work.clock_id = work.due[i];
			enum err failed = db_write(office->db, do_one, &work);
			if (failed)
				log_line(LOG_WARNING,
				    "clock %" PRId64 ": its step of the ladder failed (%s), again in an hour",
				    work.clock_id, err_slug(failed));
			if (failed)
				e = db_write(office->db, put_off, &work);
		}
	}
	return e;
}

static const struct job jobs[] = {
	{ "casework.ladder", MINUTE_MS, ladder_run,
	    "Reminds before and after the ends of time limits, and escalates." },
};
const struct job_table ladder_jobs = { jobs, ARRAY_LEN(jobs) };

/* --- on the case's page ------------------------------------------------------------------------------------------ */

static json_t *done_of(const json_t *done, int64_t clock_id, int64_t due_at, const char *step)
{
	json_t *one;
	size_t i;
	json_array_foreach(done, i, one) if (json_int_or(one, "clock", 0) == clock_id &&
					     json_int_or(one, "due_at", 0) == due_at &&
					     !strcmp(json_str_or(one, "step", ""), step)) return one;
	return NULL;
}

static enum err read_done(const struct casefile_act *act, int64_t casefile_id, json_t **ret_done)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_owned(act->arena, json_array());
	enum err e = db_query(act->tx, &sql_clock_steps_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object(), *told = NULL;
		const char *text = db_col_text(rows, 3);
		json_put_int(one, "clock", db_col_int(rows, 0));
		json_put_str(one, "step", db_col_text(rows, 1));
		json_put_int(one, "at", db_col_int(rows, 2));
		json_put_int(one, "due_at", db_col_int(rows, 4));
		if (!json_parse(text, strlen(text), JSON_TEXT_LIMIT, &told, NULL))
			json_put(one, "told", told);
		json_add(list, one);
	}
	*ret_done = list;
	return e ? e : db_rows_error(rows);
}

static const char *step_name(enum lang lang, const struct ladder_step *step)
{
	if (!strcmp(step->key, "soon"))
		return text_get(lang, N_("Reminder before the end"));
	return strcmp(step->key, "late") ? names_in(&step->name, lang) : text_get(lang, N_("Reminder at the end"));
}

static json_t *steps_json(
    const struct casefile_act *act, enum lang lang, const struct case_clock *k, const json_t *all_done)
{
	const struct profile *profile = act->office->profile;
	const char *zone = profile->calendar.zone;
	struct ladder_step step[LADDER_MAX];
	json_t *list = json_array();
	size_t n = ladder_of(profile->ladder, profile->ladder_steps, &k->rule, step);
	for (size_t i = 0; i < n; i++) {
		const json_t *done = done_of(all_done, k->id, k->due_at, step[i].key);
		int64_t at = done ? json_int_or(done, "at", 0) : ladder_at(&step[i], k->due_at);
		json_t *one = json_object(), *told = json_object_get(done, "told");
		if (!done && (k->stopped_at || k->paused)) {
			json_decref(one);
			continue;
		}
		json_put_str(one, "step", step[i].key);
		json_put_str(one, "step_name", step_name(lang, &step[i]));
		json_put_bool(one, "done", done != NULL);
		json_put_str(one, "when", date_time_long(act->arena, lang, zone, at));
		if (json_array_size(told))
			json_put(one, "told", json_incref(told));
		json_add(list, one);
	}
	return list;
}

enum err ladder_put_steps(
    const struct casefile_act *act, enum lang lang, const struct case_clock *k, size_t n, json_t *clocks)
{
	json_t *done;
	if (!n)
		return OK;
	enum err e = read_done(act, k[0].casefile_id, &done);
	for (size_t i = 0; !e && i < n; i++) {
		json_t *steps = k[i].known ? steps_json(act, lang, &k[i], done) : json_array();
		json_t *one = json_array_get(clocks, i);
		json_put_bool(one, "has_steps", json_array_size(steps) > 0);
		json_put(one, "steps", steps);
	}
	return e;
}
