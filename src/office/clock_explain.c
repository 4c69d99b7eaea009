/* A due date told: as JSON for programs and as sentences for people. */
#include "office/clock.h"

#include "base/clockwork.h"
#include "text/date.h"

#include <string.h>

#define TOLD 8 /* days that one sentence lists before it says "and n more" */

struct telling {
	struct arena *arena;
	enum lang lang;
	const struct clock_course *course;
	const struct clock_due *due;
	json_t *lines;
};

static json_t *day_json(int64_t day)
{
	char text[11];

	civil_format(text, civil_from_days(day));
	return json_string(text);
}

static json_t *moment_json(int64_t ms)
{
	char text[RFC3339_TEXT];

	if (ms == CLOCK_OPEN)
		return json_null();
	rfc3339_format(text, ms);
	return json_string(text);
}

static json_t *rest_json(const struct calendar *cal, int64_t day)
{
	const struct holiday *holiday = NULL;
	enum calendar_reason reason = calendar_reason(cal, day, &holiday);
	json_t *row = json_object();

	json_put(row, "day", day_json(day));
	json_put_str(row, "reason", calendar_reason_slug(reason));
	if (holiday) {
		json_put_str(row, "holiday", holiday->key);
		json_put_bool(row, "confirmed", holiday->confirmed);
	}
	return row;
}

static bool stood_still(const struct clock_course *course, int64_t day)
{
	for (size_t i = 0; i < course->pauses; i++) {
		const struct clock_pause *p = &course->pause[i];
		int64_t from = civil_days(zone_date(course->calendar->zone, p->from_ms));

		if (day >= from &&
		    (p->to_ms == CLOCK_OPEN || day < civil_days(zone_date(course->calendar->zone, p->to_ms))))
			return true;
	}
	return false;
}

/* A day of rest that is told as such: one within a pause is told with the pause. */
static bool rests(const struct clock_course *course, int64_t day)
{
	return !calendar_is_working(course->calendar, day) && !stood_still(course, day);
}

/* The days of rest in from..to, at most CLOCK_LISTED. */
static json_t *rests_json(const struct clock_course *course, int64_t from, int64_t to)
{
	json_t *rows = json_array();

	for (int64_t day = from; day <= to && json_array_size(rows) < CLOCK_LISTED; day++)
		if (rests(course, day))
			json_add(rows, rest_json(course->calendar, day));
	return rows;
}

/* Where counting ended, or how far it came before a pause without end. */
static int64_t counted_to(const struct clock_course *course, const struct clock_due *due)
{
	int64_t counted = course->rule->amount + due->extended - due->left, day = due->start_day;

	if (due->last_day != CLOCK_OPEN)
		return due->last_day;
	while (counted > 0 && day < CALENDAR_LAST) {
		day++;
		counted -= !stood_still(course, day) && calendar_is_working(course->calendar, day);
	}
	return day;
}

static bool counts_working(const struct clock_course *course)
{
	return course->rule->unit == CLOCK_WORKING_DAY;
}

static json_t *roll_json(const struct clock_course *course, const struct clock_due *due)
{
	json_t *roll;

	if (!due->rolled)
		return json_null();
	roll = json_object();
	json_put(roll, "from", day_json(due->last_day));
	json_put(roll, "to", day_json(due->due_day));
	json_put(roll, "days", rests_json(course, due->last_day, due->due_day - 1));
	return roll;
}

static json_t *pauses_json(const struct clock_course *course)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < course->pauses; i++) {
		json_t *row = json_object();

		json_put(row, "from", moment_json(course->pause[i].from_ms));
		json_put(row, "to", moment_json(course->pause[i].to_ms));
		json_put_str(row, "reason", course->pause[i].reason);
		json_add(rows, row);
	}
	return rows;
}

static json_t *extensions_json(const struct clock_course *course)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < course->extensions; i++) {
		json_t *row = json_object();

		json_put_int(row, "amount", course->extension[i].amount);
		json_put_str(row, "by", course->extension[i].by);
		json_put_str(row, "reason", course->extension[i].reason);
		json_add(rows, row);
	}
	return rows;
}

/* What the rule was when the clock began, beside what the explanation tells: the office may change its limits later. */
static json_t *kept_json(const struct clock_rule *rule)
{
	json_t *kept = json_object();

	json_put_bool(kept, "rolls", rule->rolls);
	json_put_int(kept, "warn_hours", rule->warn_hours);
	json_put_bool(kept, "pausable", rule->pausable);
	json_put_int(kept, "target", rule->target);
	json_put_int(kept, "extend_amount", rule->extend_amount);
	json_put_int(kept, "extend_times", rule->extend_times);
	return kept;
}

bool clock_rule_kept(const json_t *explanation, const struct clock_rule *now, struct clock_rule *ret_rule)
{
	const json_t *kept = json_object_get(explanation, "kept");
	struct clock_rule rule = *now;

	rule.amount = json_int_or(explanation, "amount", 0);
	if (!kept || rule.amount < 1 || !clock_unit_parse(json_str_or(explanation, "unit", ""), &rule.unit))
		return false;
	rule.source = json_str(explanation, "source");
	rule.confirmed = json_bool_or(explanation, "confirmed", false);
	rule.rolls = json_bool_or(kept, "rolls", false);
	rule.warn_hours = json_int_or(kept, "warn_hours", 0);
	rule.pausable = json_bool_or(kept, "pausable", false);
	rule.target = json_int_or(kept, "target", 0);
	rule.extend_amount = json_int_or(kept, "extend_amount", 0);
	rule.extend_times = (int)json_int_or(kept, "extend_times", 0);
	*ret_rule = rule;
	return true;
}

json_t *clock_explain_json(const struct clock_course *course, const struct clock_due *due)
{
	const struct clock_rule *rule = course->rule;
	bool open = due->due_ms == CLOCK_OPEN;
	json_t *out = json_object();

	json_put_str(out, "rule", rule->key);
	json_put_int(out, "amount", rule->amount);
	json_put_str(out, "unit", clock_unit_slug(rule->unit));
	json_put_str(out, "source", rule->source);
	json_put_bool(out, "confirmed", rule->confirmed);
	json_put_str(out, "zone", course->calendar->zone);
	json_put_str(out, "starts", rule->starts);
	json_put_str(out, "ends", rule->ends);
	json_put(out, "start", moment_json(due->start_ms));
	json_put(out, "start_day", day_json(due->start_day));
	json_put(out, "first_day", day_json(due->first_day));
	json_put(out, "last_day", open ? json_null() : day_json(due->last_day));
	json_put(out, "due_day", open ? json_null() : day_json(due->due_day));
	json_put(out, "due", moment_json(due->due_ms));
	json_put(out, "due_ms", open ? json_null() : json_integer(due->due_ms));
	json_put(out, "rolled", roll_json(course, due));
	json_put(out, "skipped",
	    counts_working(course) ? rests_json(course, due->first_day, counted_to(course, due)) : json_array());
	json_put_int(out, "skipped_count", due->skipped);
	json_put(out, "pauses", pauses_json(course));
	json_put_int(out, "paused_days", due->paused_days);
	json_put(out, "extensions", extensions_json(course));
	json_put_bool(out, "covered", due->covered);
	json_put_bool(out, "expected", due->expected);
	json_put(out, "kept", kept_json(rule));
	return out;
}

char *clock_amount_text(struct arena *arena, enum lang lang, int64_t amount, enum clock_unit unit)
{
	static const char *const words[CLOCK_UNIT_MAX][2] = {
		[CLOCK_HOUR] = { N_("{n} hour"), N_("{n} hours") },
		[CLOCK_CALENDAR_DAY] = { N_("{n} day"), N_("{n} days") },
		[CLOCK_WORKING_DAY] = { N_("{n} working day"), N_("{n} working days") },
		[CLOCK_WEEK] = { N_("{n} week"), N_("{n} weeks") },
		[CLOCK_MONTH] = { N_("{n} month"), N_("{n} months") },
		[CLOCK_YEAR] = { N_("{n} year"), N_("{n} years") },
	};

	return text_plural(arena, lang, words[unit][0], words[unit][1], amount);
}

static const char *day_text(const struct telling *t, int64_t day)
{
	const char *zone = t->course->calendar->zone;

	return date_long(t->arena, t->lang, zone, zone_day_start(zone, civil_from_days(day)));
}

static const char *moment_text(const struct telling *t, int64_t ms)
{
	return date_time_long(t->arena, t->lang, t->course->calendar->zone, ms);
}

/* A date may end with the full stop of an abbreviation (Russian «2026 г.»), which then ends the sentence as well. */
static void tell(struct telling *t, const char *sentence)
{
	char *text = arena_strdup(t->arena, sentence);

	for (char *p = text; (p = strstr(p, "..")); p++)
		if (p[2] != '.' && (p == text || p[-1] != '.'))
			memmove(p, p + 1, strlen(p));
	json_add(t->lines, json_string(text));
}

static const char *rest_name(const struct telling *t, int64_t day)
{
	const struct holiday *holiday;

	if (calendar_reason(t->course->calendar, day, &holiday) == CALENDAR_HOLIDAY)
		return names_in(&holiday->name, t->lang);
	return text_get(t->lang, N_("weekend"));
}

/* "21 March 2026 to 24 March 2026 (Novruz)": neighbouring days with one reason are one item. */
static const char *run_text(const struct telling *t, int64_t from, int64_t to, const char *reason)
{
	if (from == to)
		return text_format(
		    t->arena, t->lang, N_("{day} ({reason})"), "day", day_text(t, from), "reason", reason, NULL);
	return text_format(t->arena, t->lang, N_("{from} to {to} ({reason})"), "from", day_text(t, from), "to",
	    day_text(t, to), "reason", reason, NULL);
}

static const char *rests_text(const struct telling *t, int64_t from, int64_t to)
{
	const char *list = NULL;
	int64_t items = 0, more = 0;

	for (int64_t day = from; day <= to; day++) {
		const char *reason;
		int64_t end = day;

		if (!rests(t->course, day))
			continue;
		reason = rest_name(t, day);
		while (end < to && rests(t->course, end + 1) && !strcmp(reason, rest_name(t, end + 1)))
			end++;
		if (items++ < TOLD)
			list = list ? arena_printf(t->arena, "%s; %s", list, run_text(t, day, end, reason))
				    : run_text(t, day, end, reason);
		else
			more += end - day + 1;
		day = end;
	}
	if (more > 0)
		list = arena_printf(t->arena, "%s; %s", list,
		    text_plural(t->arena, t->lang, N_("and {n} more day"), N_("and {n} more days"), more));
	return list;
}

static void tell_start(struct telling *t)
{
	const struct clock_rule *rule = t->course->rule;
	const char *amount = clock_amount_text(t->arena, t->lang, rule->amount, rule->unit);

	tell(t, text_format(t->arena, t->lang, N_("{rule}: {amount}."), "rule", names_in(&rule->name, t->lang),
		    "amount", amount, NULL));
	if (rule->unit == CLOCK_HOUR)
		tell(t, text_format(t->arena, t->lang, N_("It runs from {moment} ({event}), hour by hour."), "moment",
			    moment_text(t, t->due->start_ms), "event", names_in(&rule->starts_name, t->lang), NULL));
	else
		tell(t, text_format(t->arena, t->lang,
			    N_("It began on {day} ({event}); the first day that counts is the next one, {first}."),
			    "day", day_text(t, t->due->start_day), "event", names_in(&rule->starts_name, t->lang),
			    "first", day_text(t, t->due->first_day), NULL));
}

static void tell_skipped(struct telling *t)
{
	const char *list;

	if (!counts_working(t->course) || t->due->skipped == 0)
		return;
	list = rests_text(t, t->due->first_day, counted_to(t->course, t->due));
	if (list)
		tell(
		    t, text_format(t->arena, t->lang, N_("Days of rest are not counted: {days}."), "days", list, NULL));
}

static void tell_changes(struct telling *t)
{
	for (size_t i = 0; i < t->course->extensions; i++) {
		const struct clock_extension *e = &t->course->extension[i];

		tell(t, text_format(t->arena, t->lang, N_("Extended by {amount}: {reason} ({by})."), "amount",
			    clock_amount_text(t->arena, t->lang, e->amount, t->course->rule->unit), "reason",
			    e->reason ? e->reason : "", "by", e->by ? e->by : "", NULL));
	}
	for (size_t i = 0; i < t->course->pauses; i++) {
		const struct clock_pause *p = &t->course->pause[i];
		const char *reason = p->reason ? p->reason : "";

		if (p->to_ms == CLOCK_OPEN)
			tell(t, text_format(t->arena, t->lang, N_("It stands still since {from}: {reason}."), "from",
				    moment_text(t, p->from_ms), "reason", reason, NULL));
		else
			tell(t,
			    text_format(t->arena, t->lang, N_("It stood still from {from} to {to}: {reason}."), "from",
				moment_text(t, p->from_ms), "to", moment_text(t, p->to_ms), "reason", reason, NULL));
	}
}

static void tell_end(struct telling *t)
{
	const struct clock_due *due = t->due;

	if (due->due_ms == CLOCK_OPEN) {
		tell(t, text_get(t->lang, N_("The end is known when it runs again.")));
		return;
	}
	if (due->rolled)
		tell(t,
		    text_format(t->arena, t->lang,
			N_("The last day would be a day of rest, so it moves to {day}. Days of rest: {days}."), "day",
			day_text(t, due->due_day), "days", rests_text(t, due->last_day, due->due_day - 1), NULL));
	if (t->course->rule->unit == CLOCK_HOUR)
		tell(t, text_format(t->arena, t->lang, N_("It ends on {moment}, time of {zone}."), "moment",
			    moment_text(t, due->due_ms), "zone", t->course->calendar->zone, NULL));
	else
		tell(t, text_format(t->arena, t->lang, N_("It ends at the end of {day}, time of {zone}."), "day",
			    day_text(t, due->due_day), "zone", t->course->calendar->zone, NULL));
}

static void tell_doubts(struct telling *t)
{
	const struct clock_rule *rule = t->course->rule;

	if (t->due->expected)
		tell(t, text_get(t->lang, N_("One of these holidays is an expected date and may still move.")));
	if (!t->due->covered)
		tell(t, text_get(t->lang,
			    N_("Holidays of that time are not in the calendar yet; only weekends were counted.")));
	if (rule->source)
		tell(t, text_format(t->arena, t->lang, N_("Source: {source}."), "source", rule->source, NULL));
	if (!rule->confirmed)
		tell(t, text_get(t->lang, N_("This limit has not yet been checked against the text of the law.")));
}

json_t *clock_explain_lines(
    struct arena *arena, enum lang lang, const struct clock_course *course, const struct clock_due *due)
{
	struct telling t = { arena, lang, course, due, json_array() };

	tell_start(&t);
	tell_skipped(&t);
	tell_changes(&t);
	tell_end(&t);
	tell_doubts(&t);
	return t.lines;
}

char *clock_explain_text(
    struct arena *arena, enum lang lang, const struct clock_course *course, const struct clock_due *due)
{
	json_t *lines = clock_explain_lines(arena, lang, course, due);
	char *text = arena_strdup(arena, "");

	for (size_t i = 0; i < json_array_size(lines); i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", json_string_value(json_array_get(lines, i)));
	json_decref(lines);
	return text;
}
