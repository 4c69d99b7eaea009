/* A case's clocks: started and stopped by events as the profile says, each with its explanation. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/casefile.h"
#include "text/date.h"

#include <string.h>

static int64_t today(const struct casefile_act *act)
{
	return civil_days(zone_date(act->office->profile->calendar.zone, act->now));
}

static enum err insert(const struct casefile_act *act, int64_t casefile_id, const struct clock_rule *rule)
{
	const struct clock_course course = { .rule = rule, .calendar = &act->office->profile->calendar, .start_ms = act->now };
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
	const struct clock_rule *rule = profile_clock(act->office->profile, rule_key, today(act));
	return rule ? case_clock_start(act, casefile_id, rule) : OK;
}

enum err case_clock_stop(const struct casefile_act *act, int64_t casefile_id, const char *rule_key)
{
	enum err e = db_run(act->tx, &sql_clock_stop, DB_ARGS(db_int(casefile_id), db_text(rule_key), db_int(act->now)));
	return e ? e : keep_earliest(act, casefile_id);
}

enum err case_clock_on(const struct casefile_act *act, int64_t casefile_id, const char *event)
{
	const struct profile *profile = act->office->profile;
	bool changed = false;
	enum err e = OK;
	for (size_t i = 0; !e && i < profile->clocks; i++) {
		const struct clock_rule *rule = &profile->clock[i];
		bool starts = !strcmp(rule->starts, event), ends = !strcmp(rule->ends, event);
		if (!starts && !ends)
			continue;
		/* Of several versions of a rule the one in force today counts. */
		if (profile_clock(profile, rule->key, today(act)) != rule)
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
	const struct profile *profile = act->office->profile;
	return profile_clock(profile, key, civil_days(zone_date(profile->calendar.zone, started)));
}

static void put_words(const struct casefile_act *act, enum lang lang, const struct clock_rule *rule, int64_t started,
    int64_t stopped, json_t *one)
{
	const struct clock_course course = { .rule = rule, .calendar = &act->office->profile->calendar, .start_ms = started };
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
	const char *zone = act->office->profile->calendar.zone, *rule_key = db_col_text(rows, 0), *text = db_col_text(rows, 4);
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
	const struct clock_rule *rule = rule_then(act, rule_key, started);
	if (rule)
		put_words(act, lang, rule, started, stopped, one);
	else
		json_put_str(one, "name", rule_key);
	if (!json_parse(text, strlen(text), JSON_TEXT_LIMIT, &explanation, NULL))
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
