/* A case's clocks: started and stopped by events as the profile says, each with its explanation. */
#include "casework/case_clock.h"

#include "base/util.h"
#include "casework/agreed_clock.h"
#include "clock.sql.h"
#include "office/clock_change.h"
#include "office/current.h"

#include <string.h>

/* --- one clock from the database --------------------------------------------------------------------------------- */

/* The rule as it stood when the clock began, by its own explanation first: the office may have changed its limits. */
static bool find_rule(const struct casefile_act *act, struct case_clock *k)
{
	size_t rules;
	const struct clock_rule *first = office_clocks(act->office, &rules);
	const struct clock_rule *then = clock_rule_at(first, rules, k->key, office_day(act->office, k->started_at)),
				*any = then;
	for (size_t i = 0; !any && i < rules; i++)
		if (!strcmp(first[i].key, k->key))
			any = &first[i];
	if (any && clock_rule_kept(k->explanation, any, &k->rule))
		return true;
	if (then)
		k->rule = *then;
	return then || agreed_clock_read(k->key, k->explanation, &k->rule);
}

static void read_clock(const struct casefile_act *act, const struct db_rows *rows, struct case_clock *k)
{
	const char *text = db_col_text(rows, 9);
	json_t *explanation = NULL;
	*k = (struct case_clock) { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.key = arena_strdup(act->arena, db_col_text(rows, 2)),
		.started_at = db_col_int(rows, 3),
		.due_at = db_col_int(rows, 4),
		.stopped_at = db_col_int(rows, 5),
		.paused = db_col_int(rows, 6),
		.target_at = db_col_int(rows, 7),
		.remind_at = db_col_int(rows, 8) };
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &explanation, NULL))
		explanation = json_object();
	k->explanation = json_owned(act->arena, explanation);
	k->known = find_rule(act, k);
}

static void point_course(const struct casefile_act *act, struct case_clock *k)
{
	k->course.rule = &k->rule;
	k->course.calendar = office_calendar(act->office);
	k->course.start_ms = k->started_at;
}

/* A row of what pauses and extensions there were: the arrays have room for all of them. */
static void add_change(const struct casefile_act *act, const struct db_rows *rows, struct case_clock *k)
{
	struct clock_course *course = &k->course;
	if (db_col_int(rows, 0) == 1) {
		k->pause_words[course->pauses] = arena_strdup(act->arena, db_col_text(rows, 6));
		k->pause[course->pauses++] = (struct clock_pause) { .from_ms = db_col_int(rows, 3),
			.to_ms = db_col_null(rows, 4) ? CLOCK_OPEN : db_col_int(rows, 4),
			.reason = arena_strdup(act->arena, db_col_text(rows, 5)) };
		return;
	}
	((struct clock_extension *)(uintptr_t)course->extension)[course->extensions++] =
	    (struct clock_extension) { .amount = db_col_int(rows, 4),
		    .by = arena_strdup(act->arena, db_col_text(rows, 7)),
		    .reason = arena_strdup(act->arena, db_col_text(rows, 6)) };
}

static void make_room(const struct casefile_act *act, struct case_clock *k)
{
	k->pause = arena_alloc(act->arena, (CLOCK_PAUSES_MAX + 1) * sizeof(*k->pause));
	k->pause_words = arena_alloc(act->arena, (CLOCK_PAUSES_MAX + 1) * sizeof(*k->pause_words));
	k->course.pause = k->pause;
	k->course.extension = arena_alloc(act->arena, CLOCK_EXTENSIONS_MAX * sizeof(*k->course.extension));
}

static bool has_room(const struct case_clock *k, bool pause)
{
	return pause ? k->course.pauses <= CLOCK_PAUSES_MAX : k->course.extensions < CLOCK_EXTENSIONS_MAX;
}

static enum err read_changes(
    const struct casefile_act *act, const struct db_sql *sql, int64_t id, struct case_clock *clocks, size_t n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, sql, DB_ARGS(db_int(id)), &rows);
	while (!e && db_next(rows)) {
		for (size_t i = 0; i < n; i++) {
			if (clocks[i].id != db_col_int(rows, 1))
				continue;
			if (!clocks[i].pause)
				make_room(act, &clocks[i]);
			if (!has_room(&clocks[i], db_col_int(rows, 0) == 1))
				return ERR_STORE;
			add_change(act, rows, &clocks[i]);
		}
	}
	return e ? e : db_rows_error(rows);
}

enum err case_clock_load(const struct casefile_act *act, int64_t clock_id, struct case_clock *ret_clock)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_clock_by_id, DB_ARGS(db_int(clock_id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	read_clock(act, rows, ret_clock);
	e = read_changes(act, &sql_clock_changes, clock_id, ret_clock, 1);
	point_course(act, ret_clock);
	return e;
}

enum err case_clock_load_all(
    const struct casefile_act *act, int64_t casefile_id, struct case_clock **ret_clocks, size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t n = 0, room = 8;
	struct case_clock *clocks = arena_alloc(act->arena, room * sizeof(*clocks));
	enum err e = db_query(act->tx, &sql_clock_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	if (e)
		return e;
	while (db_next(rows)) {
		if (n == room) {
			struct case_clock *more = arena_alloc(act->arena, 2 * room * sizeof(*more));
			memcpy(more, clocks, room * sizeof(*more));
			clocks = more;
			room *= 2;
		}
		read_clock(act, rows, &clocks[n++]);
	}
	e = db_rows_error(rows);
	if (!e && n)
		e = read_changes(act, &sql_clock_changes_of_casefile, casefile_id, clocks, n);
	for (size_t i = 0; i < n; i++)
		point_course(act, &clocks[i]);
	*ret_clocks = clocks;
	*ret_n = n;
	return e;
}

/* --- counting and keeping ---------------------------------------------------------------------------------------- */

static bool was_done(const struct ladder_step *step, const json_t *done)
{
	return json_object_get(done, step->key) != NULL;
}

static enum err steps_done(const struct casefile_act *act, int64_t clock_id, int64_t due_ms, json_t **ret_done)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *done = json_owned(act->arena, json_object());
	enum err e = db_query(act->tx, &sql_clock_steps, DB_ARGS(db_int(clock_id), db_int(due_ms)), &rows);
	while (!e && db_next(rows))
		json_put_int(done, db_col_text(rows, 0), db_col_int(rows, 1));
	*ret_done = done;
	return e ? e : db_rows_error(rows);
}

static int64_t first_step(
    const struct casefile_act *act, const struct clock_rule *rule, int64_t due_ms, const json_t *done)
{
	const struct profile *profile = act->office->profile;
	struct ladder_step step[LADDER_MAX];
	size_t n = ladder_of(profile->ladder, profile->ladder_steps, rule, step);
	for (size_t i = 0; i < n; i++)
		if (!was_done(&step[i], done))
			return ladder_at(&step[i], due_ms);
	return 0;
}

enum err case_clock_next_step(
    const struct casefile_act *act, const struct case_clock *k, int64_t due_ms, int64_t *ret_at)
{
	json_t *done;
	enum err e = steps_done(act, k->id, due_ms, &done);
	if (!e)
		*ret_at = first_step(act, &k->rule, due_ms, done);
	return e;
}

static char *explanation_text(const struct clock_course *course, const struct clock_due *due)
{
	json_t *explanation = clock_explain_json(course, due);
	char *text = json_compact_text(explanation);
	json_decref(explanation);
	return text;
}

enum err case_clock_count_again(const struct casefile_act *act, struct case_clock *k)
{
	struct clock_due due;
	int64_t remind_at = 0;
	if (!k->known)
		return ERR_INVALID;
	enum err e = clock_course_due(&k->course, &due, NULL);
	if (e)
		return e;
	char *text CLEANUP(free_ptr) = explanation_text(&k->course, &due);
	if (!text)
		return ERR_MEMORY;
	int64_t target = clock_target(&k->course);
	k->paused = due.due_ms == CLOCK_OPEN;
	if (!k->paused) {
		k->due_at = due.due_ms;
		k->target_at = target == CLOCK_OPEN ? 0 : target;
		if (!k->stopped_at)
			e = case_clock_next_step(act, k, k->due_at, &remind_at);
	}
	k->remind_at = remind_at;
	return e ? e
		 : db_run(act->tx, &sql_clock_save,
		       DB_ARGS(db_int(k->id), db_int(k->due_at), db_int(k->paused), db_int_or_null(k->target_at),
			   db_int_or_null(remind_at), db_text(text)));
}

enum err case_clock_keep_earliest(const struct casefile_act *act, int64_t casefile_id)
{
	return db_run(act->tx, &sql_casefile_set_due, DB_ARGS(db_int(casefile_id)));
}

/* --- starting and stopping --------------------------------------------------------------------------------------- */

static enum err insert(const struct casefile_act *act, int64_t casefile_id, const struct clock_rule *rule)
{
	const struct clock_course course = {
		.rule = rule, .calendar = office_calendar(act->office), .start_ms = act->now
	};
	struct clock_due due;
	enum err e = clock_course_due(&course, &due, NULL);
	if (e)
		return e;
	char *text CLEANUP(free_ptr) = explanation_text(&course, &due);
	int64_t target = clock_target(&course);
	if (!text)
		return ERR_MEMORY;
	return db_run(act->tx, &sql_clock_insert,
	    DB_ARGS(db_int(casefile_id), db_text(rule->key), db_int(act->now), db_int(due.due_ms), db_text(text),
		db_int_or_null(target == CLOCK_OPEN ? 0 : target),
		db_int_or_null(first_step(act, rule, due.due_ms, NULL))));
}

enum err case_clock_start(const struct casefile_act *act, int64_t casefile_id, const struct clock_rule *rule)
{
	enum err e = insert(act, casefile_id, rule);
	return e ? e : case_clock_keep_earliest(act, casefile_id);
}

enum err case_clock_start_key(const struct casefile_act *act, int64_t casefile_id, const char *rule_key)
{
	const struct clock_rule *rule = office_clock(act->office, rule_key, office_day(act->office, act->now));
	return rule ? case_clock_start(act, casefile_id, rule) : OK;
}

/* A clock that ends while it stands still ends its pause too, so that whether it was in time can be told. */
static enum err stop_one(const struct casefile_act *act, int64_t clock_id, bool paused)
{
	struct case_clock k;
	enum err e = OK;
	if (paused) {
		e = db_run(act->tx, &sql_clock_pause_end,
		    DB_ARGS(db_int(clock_id), db_int(act->now), db_text(act->actor->name)));
		if (!e)
			e = case_clock_load(act, clock_id, &k);
		if (!e && k.known)
			e = case_clock_count_again(act, &k);
	}
	return e ? e : db_run(act->tx, &sql_clock_stop, DB_ARGS(db_int(clock_id), db_int(act->now)));
}

#define OPEN_MAX 64 /* clocks of a case that run at once: far more than the rules there are */

struct open_clocks {
	int64_t id[OPEN_MAX];
	bool paused[OPEN_MAX];
	size_t n;
};

static enum err read_open(
    const struct casefile_act *act, int64_t casefile_id, const char *rule_key, struct open_clocks *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = rule_key ? db_query(act->tx, &sql_clock_open_of_rule,
				    DB_ARGS(db_int(casefile_id), db_text(rule_key)), &rows)
			      : db_query(act->tx, &sql_clock_open_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	ret->n = 0;
	while (!e && ret->n < OPEN_MAX && db_next(rows)) {
		ret->paused[ret->n] = db_col_int(rows, 1);
		ret->id[ret->n++] = db_col_int(rows, 0);
	}
	return e || ret->n == OPEN_MAX ? e : db_rows_error(rows);
}

/* `rule_key` NULL: every one. */
static enum err stop_open(const struct casefile_act *act, int64_t casefile_id, const char *rule_key)
{
	struct open_clocks open;
	enum err e = read_open(act, casefile_id, rule_key, &open);
	for (size_t i = 0; !e && i < open.n; i++)
		e = stop_one(act, open.id[i], open.paused[i]);
	return e;
}

enum err case_clock_stop(const struct casefile_act *act, int64_t casefile_id, const char *rule_key)
{
	enum err e = stop_open(act, casefile_id, rule_key);
	return e ? e : case_clock_keep_earliest(act, casefile_id);
}

enum err case_clock_stop_all(const struct casefile_act *act, int64_t casefile_id)
{
	enum err e = stop_open(act, casefile_id, NULL);
	return e ? e : case_clock_keep_earliest(act, casefile_id);
}

/*
 * What happens in a case, and what the laws' limits call it beside its own name (the "events" of profiles'
 * clocks.json). An acknowledgement is no first reply: it promises one. Taking a complaint up ends the time for refusing
 * it. A complaint that the agency did not settle comes to the office as if it were registered that day. Closing stops
 * every clock by itself.
 */
static const struct {
	const char *event, *also;
} legal_names[] = {
	{ "to_person", "first_reply" },
	{ "to_person", "informed" },
	{ "consent_asked", "first_reply" },
	{ "admitted", "first_reply" },
	{ "admitted", "refused" },
	{ "recommendation_issued", "finding" },
	{ "escalated", "registered" },
};

static bool names_it(const char *legal, const char *event)
{
	bool is = !strcmp(legal, event);
	for (size_t i = 0; !is && i < ARRAY_LEN(legal_names); i++)
		is = !strcmp(legal_names[i].event, event) && !strcmp(legal_names[i].also, legal);
	return is;
}

/* Limits between institutions are the agreement's: cooperation starts and stops them by hand. */
static bool between_institutions(const struct clock_rule *rule)
{
	return !strncmp(rule->key, "xb.", 3);
}

enum err case_clock_on(const struct casefile_act *act, int64_t casefile_id, const char *event)
{
	size_t rules;
	const struct clock_rule *first = office_clocks(act->office, &rules);
	int64_t today = office_day(act->office, act->now);
	bool changed = false;
	enum err e = OK;
	for (size_t i = 0; !e && i < rules; i++) {
		const struct clock_rule *rule = &first[i];
		bool starts = names_it(rule->starts, event), ends = names_it(rule->ends, event);
		if ((!starts && !ends) || between_institutions(rule))
			continue;
		/* Of several versions of a rule the one in force today counts. */
		if (clock_rule_at(first, rules, rule->key, today) != rule)
			continue;
		if (ends)
			e = stop_open(act, casefile_id, rule->key);
		if (!e && starts)
			e = insert(act, casefile_id, rule);
		changed = true;
	}
	return e || !changed ? e : case_clock_keep_earliest(act, casefile_id);
}
