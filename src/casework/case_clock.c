/* A case's clocks: started and stopped by events as the profile says, each with its explanation. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/agreed_clock.h"
#include "casework/casefile.h"
#include "office/clock_change.h"
#include "office/current.h"
#include "text/date.h"

#include <string.h>

static int64_t today(const struct casefile_act *act)
{
	return office_day(act->office, act->now);
}

static enum err insert(const struct casefile_act *act, int64_t casefile_id, const struct clock_rule *rule)
{
	const struct clock_course course = {
		.rule = rule, .calendar = office_calendar(act->office), .start_ms = act->now
	};
	struct clock_due due;
	enum err e = clock_course_due(&course, &due, NULL);
	if (e)
		return e;
	json_t *explanation = clock_explain_json(&course, &due);
	char *text CLEANUP(free_ptr) = json_compact_text(explanation);
	json_decref(explanation);
	if (!text)
		return ERR_MEMORY;
	return db_run(act->tx, &sql_clock_insert,
	    DB_ARGS(db_int(casefile_id), db_text(rule->key), db_int(act->now), db_int(due.due_ms), db_text(text)));
}

static enum err keep_earliest(const struct casefile_act *act, int64_t casefile_id)
{
	return db_run(act->tx, &sql_casefile_set_due, DB_ARGS(db_int(casefile_id)));
}

enum err case_clock_start(const struct casefile_act *act, int64_t casefile_id, const struct clock_rule *rule)
{
	enum err e = insert(act, casefile_id, rule);
	return e ? e : keep_earliest(act, casefile_id);
}

enum err case_clock_start_key(const struct casefile_act *act, int64_t casefile_id, const char *rule_key)
{
	const struct clock_rule *rule = office_clock(act->office, rule_key, today(act));
	return rule ? case_clock_start(act, casefile_id, rule) : OK;
}

enum err case_clock_stop(const struct casefile_act *act, int64_t casefile_id, const char *rule_key)
{
	enum err e =
	    db_run(act->tx, &sql_clock_stop, DB_ARGS(db_int(casefile_id), db_text(rule_key), db_int(act->now)));
	return e ? e : keep_earliest(act, casefile_id);
}

/*
 * What happens in a case, and what the laws' limits call it beside its own name (the "events" of profiles'
 * clocks.json). An acknowledgement is no first reply: it promises one. Taking a complaint up ends the time for refusing
 * it. Closing stops every clock by itself.
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
	bool changed = false;
	enum err e = OK;
	for (size_t i = 0; !e && i < rules; i++) {
		const struct clock_rule *rule = &first[i];
		bool starts = names_it(rule->starts, event), ends = names_it(rule->ends, event);
		if ((!starts && !ends) || between_institutions(rule))
			continue;
		/* Of several versions of a rule the one in force today counts. */
		if (clock_rule_at(first, rules, rule->key, today(act)) != rule)
			continue;
		if (ends)
			e = db_run(act->tx, &sql_clock_stop,
			    DB_ARGS(db_int(casefile_id), db_text(rule->key), db_int(act->now)));
		if (!e && starts)
			e = insert(act, casefile_id, rule);
		changed = true;
	}
	return e || !changed ? e : keep_earliest(act, casefile_id);
}

/* The rule as it stood when the clock began; NULL when the profile lost it. */
static const struct clock_rule *rule_then(const struct casefile_act *act, const char *key, int64_t started)
{
	return office_clock(act->office, key, office_day(act->office, started));
}

static char *remaining_words(struct arena *arena, enum lang lang, int64_t days)
{
	if (days == 0)
		return arena_strdup(arena, text_get(lang, N_("Due today")));
	if (days > 0)
		return text_plural(arena, lang, N_("{n} day left"), N_("{n} days left"), days);
	return text_plural(arena, lang, N_("{n} day late"), N_("{n} days late"), -days);
}

json_t *case_clock_mark(const struct casefile_act *act, enum lang lang, const struct case_clock_times *t)
{
	const char *zone = act->office->profile->calendar.zone;
	int64_t until = t->stopped_at ? t->stopped_at : act->now, span = t->due_at - t->started_at;
	int64_t used = span > 0 ? (until - t->started_at) * 100 / span : 100;
	bool late = act->now > t->due_at, soon = act->now >= t->due_at - t->warn_hours * HOUR_MS;
	int64_t days = civil_days(zone_date(zone, t->due_at)) - civil_days(zone_date(zone, act->now));
	json_t *mark = json_object();
	json_put_str(mark, "tone", t->stopped_at ? "stopped" : late ? "late" : soon ? "soon" : "ok");
	json_put_str(mark, "remaining",
	    t->stopped_at ? text_get(lang, t->stopped_at <= t->due_at ? N_("Done in time") : N_("Done late"))
			  : remaining_words(act->arena, lang, late && days == 0 ? -1 : days));
	json_put_int(mark, "percent", used < 0 ? 0 : used > 100 ? 100 : used);
	json_put_str(mark, "due", date_long(act->arena, lang, zone, t->due_at));
	return mark;
}

json_t *case_clock_running(
    const struct casefile_act *act, enum lang lang, const char *rule_key, int64_t due_at, int64_t since)
{
	const struct clock_rule *rule = rule_then(act, rule_key, since);
	const struct case_clock_times times = { since, due_at, 0, rule ? rule->warn_hours : 0 };
	json_t *mark = case_clock_mark(act, lang, &times);
	json_put_str(mark, "name",
	    rule                          ? names_in(&rule->name, lang)
	    : agreed_clock_name(rule_key) ? text_get(lang, agreed_clock_name(rule_key))
					  : rule_key);
	return mark;
}

static void put_words(const struct casefile_act *act, enum lang lang, const struct clock_rule *rule, int64_t started,
    int64_t stopped, json_t *one)
{
	const struct clock_course course = {
		.rule = rule, .calendar = office_calendar(act->office), .start_ms = started
	};
	struct clock_due due;
	if (clock_course_due(&course, &due, NULL))
		return;
	struct clock_state state = clock_state(&due, act->now, stopped ? stopped : CLOCK_OPEN);
	json_put_str(one, "name", names_in(&rule->name, lang));
	json_put_str(one, "source", rule->source);
	json_put_bool(one, "confirmed", rule->confirmed);
	json_put_str(one, "phase", clock_phase_slug(state.phase));
	json_put_bool(one, "running", state.phase == CLOCK_RUNNING);
	json_put_bool(one, "soon", state.phase == CLOCK_SOON);
	json_put_bool(one, "late", state.phase == CLOCK_LATE);
	json_put_bool(one, "stopped", state.phase == CLOCK_STOPPED);
	json_put_bool(one, "in_time", state.in_time);
	json_put_str(one, "state", text_get(lang, clock_phase_label(state.phase)));
	json_put_int(one, "remaining_days", state.remaining_days);
	json_put(one, "lines", clock_explain_lines(act->arena, lang, &course, &due));
}

static json_t *clock_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	const char *zone = act->office->profile->calendar.zone, *rule_key = db_col_text(rows, 0),
		   *text = db_col_text(rows, 4);
	int64_t started = db_col_int(rows, 1), due = db_col_int(rows, 2), stopped = db_col_int(rows, 3);
	json_t *one = json_object(), *explanation = NULL;
	char iso[RFC3339_TEXT];
	json_put_str(one, "rule", rule_key);
	rfc3339_format(iso, due);
	json_put_str(one, "due_at", iso);
	json_put_str(one, "started", date_long(act->arena, lang, zone, started));
	json_put_str(one, "due", date_long(act->arena, lang, zone, due));
	if (stopped)
		json_put_str(one, "ended", date_long(act->arena, lang, zone, stopped));
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &explanation, NULL))
		explanation = json_object();
	const struct clock_rule *rule = rule_then(act, rule_key, started);
	struct clock_rule agreed;
	if (!rule && agreed_clock_read(rule_key, explanation, &agreed))
		rule = &agreed;
	const struct case_clock_times times = { started, due, stopped, rule ? rule->warn_hours : 0 };
	json_put(one, "mark", case_clock_mark(act, lang, &times));
	if (rule)
		put_words(act, lang, rule, started, stopped, one);
	else
		json_put_str(one, "name", rule_key);
	json_put(one, "explanation", explanation);
	return one;
}

enum err case_clock_list(const struct casefile_act *act, enum lang lang, int64_t casefile_id, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_clock_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows))
		json_add(list, clock_json(act, lang, rows));
	e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}
