/* A case's clocks in words: marks for lists and pages, each clock with how its end came about. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/agreed_clock.h"
#include "casework/case_clock.h"
#include "casework/case_view.h"
#include "office/current.h"
#include "text/date.h"

#include <string.h>

static const char *zone_of(const struct casefile_act *act)
{
	return act->office->profile->calendar.zone;
}

static char *remaining_words(struct arena *arena, enum lang lang, int64_t days)
{
	if (days == 0)
		return arena_strdup(arena, text_get(lang, N_("Due today")));
	if (days > 0)
		return text_plural(arena, lang, N_("{n} day left"), N_("{n} days left"), days);
	return text_plural(arena, lang, N_("{n} day late"), N_("{n} days late"), -days);
}

static json_t *paused_mark(enum lang lang)
{
	json_t *mark = json_object();
	json_put_str(mark, "tone", "paused");
	json_put_bool(mark, "paused", true);
	json_put_str(mark, "remaining", text_get(lang, N_("Stands still")));
	json_put_int(mark, "percent", 0);
	return mark;
}

json_t *case_clock_mark(const struct casefile_act *act, enum lang lang, const struct case_clock_times *t)
{
	const char *zone = zone_of(act);
	int64_t until = t->stopped_at ? t->stopped_at : act->now, span = t->due_at - t->started_at;
	int64_t used = span > 0 ? (until - t->started_at) * 100 / span : 100;
	bool late = act->now > t->due_at, soon = act->now >= t->due_at - t->warn_hours * HOUR_MS;
	if (!t->due_at && !t->stopped_at)
		return paused_mark(lang);
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

/* The rule as it stood then; NULL when the profile lost it. */
static const struct clock_rule *rule_then(const struct casefile_act *act, const char *key, int64_t started)
{
	return office_clock(act->office, key, office_day(act->office, started));
}

json_t *case_clock_running(
    const struct casefile_act *act, enum lang lang, const char *rule_key, int64_t due_at, int64_t since)
{
	const struct clock_rule *rule = rule_then(act, rule_key, since);
	const struct case_clock_times times = { since, due_at, 0, rule ? rule->warn_hours : 0 };
	json_t *mark = case_clock_mark(act, lang, &times);
	json_put_str(mark, "name",
	    rule ? names_in(&rule->name, lang) : case_clock_rule_name(lang, act->office->profile, rule_key));
	return mark;
}

const char *case_clock_rule_name(enum lang lang, const struct profile *profile, const char *rule_key)
{
	for (size_t i = profile->clocks; i > 0; i--)
		if (!strcmp(profile->clock[i - 1].key, rule_key))
			return names_in(&profile->clock[i - 1].name, lang);
	return agreed_clock_name(rule_key) ? text_get(lang, agreed_clock_name(rule_key)) : rule_key;
}

/* "Court case: heard on 3 May": the code in the reader's language, and what was said about it. */
static const char *pause_text(const struct casefile_act *act, enum lang lang, const struct case_clock *k, size_t i)
{
	const struct code *code = codes_find(&act->office->profile->pause_reasons, k->pause[i].reason);
	const char *name = code ? names_in(&code->name, lang) : k->pause[i].reason, *words = k->pause_words[i];
	return *words ? arena_printf(act->arena, "%s: %s", name, words) : name;
}

static struct clock_course worded(const struct casefile_act *act, enum lang lang, const struct case_clock *k)
{
	struct clock_course course = k->course;
	struct clock_pause *pause = arena_alloc(act->arena, (course.pauses + 1) * sizeof(*pause));
	for (size_t i = 0; i < course.pauses; i++) {
		pause[i] = course.pause[i];
		pause[i].reason = pause_text(act, lang, k, i);
	}
	course.pause = pause;
	return course;
}

static void put_target(const struct casefile_act *act, enum lang lang, const struct case_clock *k, json_t *one)
{
	if (!k->target_at || k->paused)
		return;
	int64_t seen = k->stopped_at ? k->stopped_at : act->now;
	json_t *target = json_object();
	char iso[RFC3339_TEXT];
	rfc3339_format(iso, k->target_at);
	json_put_str(target, "at", iso);
	json_put_str(target, "day", date_long(act->arena, lang, zone_of(act), k->target_at));
	json_put_bool(target, "missed", seen > k->target_at);
	json_put(one, "target", target);
}

/* What an officer may do to it now; whether this reader may is the page's question. */
static void put_can(const struct case_clock *k, json_t *one)
{
	json_put_bool(one, "can_pause", case_clock_may_pause(k, NULL) == OK);
	json_put_bool(one, "can_resume", case_clock_may_resume(k, NULL) == OK);
	json_put_bool(one, "can_extend", case_clock_may_extend(k, 1, NULL) == OK);
	if (k->known && k->rule.extend_amount)
		json_put_int(one, "extend_most", k->rule.extend_amount);
}

static void put_words(const struct casefile_act *act, enum lang lang, const struct case_clock *k, json_t *one)
{
	const struct clock_course course = worded(act, lang, k);
	struct clock_due due;
	json_put_str(one, "name", names_in(&k->rule.name, lang));
	if (clock_course_due(&course, &due, NULL))
		return;
	/* What is stored counts, also while a changed calendar is still on its way through the clocks. */
	if (!k->paused)
		due.due_ms = k->due_at;
	struct clock_state state = clock_state(&due, act->now, k->stopped_at ? k->stopped_at : CLOCK_OPEN);
	json_put_str(one, "source", k->rule.source);
	json_put_bool(one, "confirmed", k->rule.confirmed);
	json_put_str(one, "phase", clock_phase_slug(state.phase));
	json_put_bool(one, "running", state.phase == CLOCK_RUNNING);
	json_put_bool(one, "soon", state.phase == CLOCK_SOON);
	json_put_bool(one, "late", state.phase == CLOCK_LATE);
	json_put_bool(one, "paused", state.phase == CLOCK_PAUSED);
	json_put_bool(one, "stopped", state.phase == CLOCK_STOPPED);
	json_put_bool(one, "in_time", state.in_time);
	json_put_str(one, "state", text_get(lang, clock_phase_label(state.phase)));
	json_put_int(one, "remaining_days", state.remaining_days);
	json_put(one, "lines", clock_explain_lines(act->arena, lang, &course, &due));
}

json_t *case_clock_json(const struct casefile_act *act, enum lang lang, const struct case_clock *k)
{
	const char *zone = zone_of(act);
	const struct case_clock_times times = { k->started_at, k->paused ? 0 : k->due_at, k->stopped_at,
		k->known ? k->rule.warn_hours : 0 };
	json_t *one = json_object();
	char iso[RFC3339_TEXT];
	json_put_int(one, "id", k->id);
	json_put_str(one, "rule", k->key);
	if (!k->paused) {
		rfc3339_format(iso, k->due_at);
		json_put_str(one, "due_at", iso);
		json_put_str(one, "due", date_long(act->arena, lang, zone, k->due_at));
	}
	json_put_str(one, "started", date_long(act->arena, lang, zone, k->started_at));
	if (k->stopped_at)
		json_put_str(one, "ended", date_long(act->arena, lang, zone, k->stopped_at));
	json_put(one, "mark", case_clock_mark(act, lang, &times));
	put_target(act, lang, k, one);
	put_can(k, one);
	if (k->known)
		put_words(act, lang, k, one);
	else
		json_put_str(one, "name", k->key);
	json_put(one, "explanation", json_incref(k->explanation));
	return one;
}

enum err case_clock_list(const struct casefile_act *act, enum lang lang, int64_t casefile_id, json_t **ret_list)
{
	struct case_clock *clocks;
	size_t n;
	enum err e = case_clock_load_all(act, casefile_id, &clocks, &n);
	if (e)
		return e;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_add(list, case_clock_json(act, lang, &clocks[i]));
	*ret_list = list;
	return OK;
}
