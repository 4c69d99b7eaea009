/* Legal limits on pages and for programs: seen with their versions, changed from a day on. */
#include "office/data_pages.h"

#include "base/util.h"
#include "office/calendar.h"
#include "office/clock_change.h"
#include "office/limit_change.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct limit_form {
	int64_t amount, warn_hours, extend_amount, extend_times, seen;
	const char *unit, *valid_from, *source, *decided_by;
	bool rolls, pausable, confirmed;
};

static const char *const units[] = { "hour", "calendar_day", "working_day", "week", "month", "year", NULL };

static const struct {
	const char *unit, *label;
} unit_labels[] = {
	{ "hour", N_("hours") },
	{ "calendar_day", N_("days") },
	{ "working_day", N_("working days") },
	{ "week", N_("weeks") },
	{ "month", N_("months") },
	{ "year", N_("years") },
};

static const struct field fields[] = {
	FIELD(struct limit_form, amount, FIELD_INT, CLOCK_AMOUNT_MAX, FIELD_REQUIRED, N_("How long")),
	FIELD_OF(struct limit_form, unit, units, FIELD_REQUIRED, N_("Counted in")),
	FIELD(struct limit_form, rolls, FIELD_BOOL, 0, 0, N_("A last day of rest moves to the next working day")),
	FIELD(struct limit_form, warn_hours, FIELD_INT, 24 * 366, 0, N_("Hours of warning before the end")),
	FIELD(struct limit_form, extend_amount, FIELD_INT, CLOCK_AMOUNT_MAX, 0, N_("Extension by at most")),
	FIELD(struct limit_form, extend_times, FIELD_INT, 100, 0, N_("How often it may be extended")),
	FIELD(struct limit_form, pausable, FIELD_BOOL, 0, 0, N_("May be paused, with a reason")),
	FIELD(struct limit_form, valid_from, FIELD_DATE, 10, FIELD_REQUIRED, N_("From which day")),
	FIELD(struct limit_form, source, FIELD_TEXT, 300, FIELD_REQUIRED, N_("Law or decision it rests on")),
	FIELD(struct limit_form, decided_by, FIELD_TEXT, 200, FIELD_REQUIRED, N_("Who decided it")),
	FIELD(struct limit_form, confirmed, FIELD_BOOL, 0, 0, N_("Checked against the text")),
	FIELD(struct limit_form, seen, FIELD_INT, INT32_MAX, 0, N_("Version that was seen")),
};
#define FIELDS ARRAY_LEN(fields)

/* --- views ------------------------------------------------------------------------------------------------------- */

static json_t *limit_json(struct request *rq, const struct clock_rule *rule)
{
	json_t *one = json_object();
	json_put_str(one, "key", rule->key);
	json_put_str(one, "limit_label", names_in(&rule->name, rq->lang));
	json_put_str(one, "link", arena_printf(rq->arena, "/desk/office/limits/%s", rule->key));
	json_put_int(one, "amount", rule->amount);
	json_put_str(one, "unit", clock_unit_slug(rule->unit));
	json_put_str(one, "length", clock_amount_text(rq->arena, rq->lang, rule->amount, rule->unit));
	json_put_str(one, "starts", names_in(&rule->starts_name, rq->lang));
	json_put_str(one, "ends", names_in(&rule->ends_name, rq->lang));
	json_put_bool(one, "rolls", rule->rolls);
	json_put_int(one, "warn_hours", rule->warn_hours);
	json_put_bool(one, "extendable", rule->extend_times > 0);
	if (rule->extend_times > 0) {
		json_put_str(one, "extension", clock_amount_text(rq->arena, rq->lang, rule->extend_amount, rule->unit));
		json_put_int(one, "extend_times", rule->extend_times);
	}
	json_put_bool(one, "pausable", rule->pausable);
	json_put_str(one, "valid_from", data_iso(rq->arena, rule->valid_from));
	json_put_str(one, "from", data_day(rq, rule->valid_from));
	json_put_str(one, "source", rule->source);
	json_put_bool(one, "confirmed", rule->confirmed);
	return one;
}

enum err limits_show(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	size_t n;
	if (data_may(rq, false, &fault))
		return reply_fault(rp, &fault);
	const struct clock_rule *rule = office_clocks(office_of(rq), &n);
	json_t *view = json_object(), *rows = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct clock_rule *now = clock_rule_at(rule, n, rule[i].key, data_today(rq));
		bool last = i + 1 == n || strcmp(rule[i + 1].key, rule[i].key) != 0;
		if (!last)
			continue;
		json_t *row = limit_json(rq, now ? now : &rule[i]);
		json_put_bool(row, "to_change", rule[i].valid_from > data_today(rq));
		json_put_str(row, "changes_on", data_day(rq, rule[i].valid_from));
		json_add(rows, row);
	}
	json_put_str(view, "title", text_get(rq->lang, N_("Time limits")));
	json_put(view, "limits", rows);
	return reply_view(rp, "office/limits", view);
}

static json_t *unit_options(struct request *rq, const char *chosen)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < ARRAY_LEN(unit_labels); i++) {
		json_t *one = json_object();
		json_put_str(one, "code", unit_labels[i].unit);
		json_put_str(one, "unit_label", text_get(rq->lang, unit_labels[i].label));
		json_put_bool(one, "chosen", !strcmp(unit_labels[i].unit, chosen));
		json_add(rows, one);
	}
	return rows;
}

static json_t *values_json(struct request *rq, const struct clock_rule *rule)
{
	json_t *values = json_object();
	json_put_int(values, "amount", rule->amount);
	json_put_int(values, "warn_hours", rule->warn_hours);
	if (rule->extend_times) {
		json_put_int(values, "extend_amount", rule->extend_amount);
		json_put_int(values, "extend_times", rule->extend_times);
	}
	json_put_bool(values, "rolls", rule->rolls);
	json_put_bool(values, "pausable", rule->pausable);
	json_put_str(values, "valid_from", data_iso(rq->arena, data_today(rq) + 1));
	return values;
}

/* Who entered a version: of those that begin on the same day the latest row stands last, as in the array. */
static void put_who(json_t *row, const json_t *history, int64_t valid_from, size_t nth)
{
	json_t *one;
	size_t i;
	json_array_foreach(history, i, one)
	{
		if (json_int_or(one, "valid_from", 0) != valid_from || nth-- > 0)
			continue;
		json_put_str(row, "decided_by", json_str(one, "decided_by"));
		json_put_str(row, "by", json_str(one, "by"));
		json_put_str(row, "at", json_str(one, "at"));
		return;
	}
}

static json_t *versions_json(struct request *rq, const char *key, const json_t *history)
{
	size_t n, nth = 0;
	const struct clock_rule *rule = office_clocks(office_of(rq), &n);
	const struct clock_rule *before = NULL;
	json_t *rows = json_array();
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rule[i].key, key))
			continue;
		json_t *row = limit_json(rq, &rule[i]);
		nth = before && before->valid_from == rule[i].valid_from ? nth + 1 : 0;
		put_who(row, history, rule[i].valid_from, nth);
		json_put_bool(row, "in_force", clock_rule_at(rule, n, key, data_today(rq)) == &rule[i]);
		json_put_bool(row, "of_the_profile", !json_object_get(row, "by"));
		json_array_insert_new(rows, 0, row);
		before = &rule[i];
	}
	return rows;
}

static enum err limit_view(struct request *rq, const struct clock_rule *rule, const char *unit, json_t **ret_view)
{
	json_t *history = NULL, *view;
	enum err e = limit_history(office_of(rq), rule->key, &history);
	if (e)
		return e;
	size_t entered = json_array_size(history);
	view = json_object();
	json_put_str(view, "title", names_in(&rule->name, rq->lang));
	json_put(view, "limit", limit_json(rq, rule));
	json_put(view, "versions", versions_json(rq, rule->key, history));
	json_put(view, "values", values_json(rq, rule));
	json_put(view, "units", unit_options(rq, unit));
	json_put_int(view, "latest", entered ? json_int_or(json_array_get(history, entered - 1), "serial", 0) : 0);
	json_put_bool(view, "can_change", data_may(rq, true, NULL) == OK);
	json_decref(history);
	*ret_view = view;
	return OK;
}

/* --- one limit --------------------------------------------------------------------------------------------------- */

static enum err find_limit(struct request *rq, bool change, const struct clock_rule **ret_rule, struct fault *fault)
{
	const char *key = request_param(rq, "limit");
	enum err e = data_may(rq, change, fault);
	if (e)
		return e;
	*ret_rule = office_clock(office_of(rq), key, data_today(rq));
	if (!*ret_rule)
		*ret_rule = office_clock(office_of(rq), key, CALENDAR_LAST);
	return *ret_rule ? OK : fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such page."), NULL);
}

enum err limit_show(struct request *rq, struct reply *rp)
{
	const struct clock_rule *rule;
	struct fault fault = { 0 };
	json_t *view;
	if (find_limit(rq, false, &rule, &fault))
		return reply_fault(rp, &fault);
	enum err e = limit_view(rq, rule, clock_unit_slug(rule->unit), &view);
	return e ? e : reply_view(rp, "office/limit", view);
}

static struct clock_rule version_of(const struct clock_rule *rule, const struct limit_form *form)
{
	struct clock_rule v = *rule;
	struct civil date;
	v.amount = form->amount;
	if (!clock_unit_parse(form->unit, &v.unit))
		v.unit = rule->unit;
	v.rolls = form->rolls;
	v.warn_hours = form->warn_hours;
	v.extend_amount = form->extend_amount;
	v.extend_times = (int)form->extend_times;
	v.pausable = form->pausable;
	v.valid_from = civil_parse(form->valid_from, &date) ? CALENDAR_FIRST : civil_days(date);
	v.source = form->source;
	v.confirmed = form->confirmed;
	return v;
}

static enum err enter(
    struct request *rq, const struct clock_rule *rule, const struct limit_form *form, struct fault *fault)
{
	const struct clock_rule v = version_of(rule, form);
	const struct limit_change change = { &v, form->decided_by, form->seen };
	return limit_enter(office_of(rq), actor_of(rq), rq->now, &change, fault);
}

enum err limit_change(struct request *rq, struct reply *rp)
{
	const struct clock_rule *rule;
	struct limit_form form = { 0 };
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	json_t *view;
	if (find_limit(rq, true, &rule, &fault))
		return reply_fault(rp, &fault);
	enum err bad = form_parse(rq, fields, FIELDS, &form, &faults);
	enum err e = bad ? OK : enter(rq, rule, &form, &fault);
	enum err shown = limit_view(rq, rule, form.unit ? form.unit : "", &view);
	if (shown)
		return shown;
	if (!bad && !e)
		return reply_created(
		    rp, arena_printf(rq->arena, "/%s/office/limits/%s", rq->api ? "api/v1" : "desk", rule->key), view);
	return data_refuse(rp, "office/limit", view, fields, FIELDS, &faults, &fault, e);
}
