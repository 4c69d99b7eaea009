/* The calendar on a page and for programs: one year, and each change of it. */
#include "office/data_pages.h"

#include "base/util.h"
#include "office/calendar_change.h"
#include "office/holiday.h"
#include "text/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct holiday_form {
	const char *kind, *day, *key, *source;
	const char *name[LANG_MAX];
	int64_t days;
	bool confirmed;
};

static const char *const kinds[] = { "put_holiday", "drop_holiday", "put_workday", "drop_workday", "cover", NULL };

#define NAME_FIELD(lang, code, label)                                                                                  \
	{                                                                                                              \
		"name_" code, FIELD_TEXT, offsetof(struct holiday_form, name) + (lang) * sizeof(const char *), 200, 0, \
		    label, NULL                                                                                        \
	}

static const struct field fields[] = {
	FIELD_OF(struct holiday_form, kind, kinds, FIELD_REQUIRED, N_("What changes")),
	FIELD(struct holiday_form, day, FIELD_DATE, 10, FIELD_REQUIRED, N_("Day")),
	FIELD(struct holiday_form, days, FIELD_INT, HOLIDAY_DAYS_MAX, 0, N_("Days in a row")),
	FIELD(struct holiday_form, key, FIELD_TEXT, 60, 0, N_("Feast")),
	NAME_FIELD(LANG_AZ, "az", N_("Name in Azerbaijani")),
	NAME_FIELD(LANG_EN, "en", N_("Name in English")),
	NAME_FIELD(LANG_RU, "ru", N_("Name in Russian")),
	NAME_FIELD(LANG_UR, "ur", N_("Name in Urdu")),
	FIELD(struct holiday_form, source, FIELD_TEXT, 300, 0, N_("Decision it rests on")),
	FIELD(struct holiday_form, confirmed, FIELD_BOOL, 0, 0, N_("Confirmed")),
};
#define FIELDS ARRAY_LEN(fields)

/* --- views ------------------------------------------------------------------------------------------------------- */

static const char *const weekdays[] = { "", N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"),
	N_("Saturday"), N_("Sunday") };

static json_t *day_json(struct request *rq, int64_t day)
{
	json_t *one = json_object();
	json_put_str(one, "day", data_iso(rq->arena, day));
	json_put_str(one, "when", data_day(rq, day));
	json_put_str(one, "weekday", text_get(rq->lang, weekdays[civil_weekday(day)]));
	return one;
}

static json_t *holiday_json(struct request *rq, const struct calendar *cal, const struct holiday *h)
{
	json_t *one = day_json(rq, h->day), *names = names_to_json(&h->name);
	json_put_str(one, "key", h->key);
	json_put_str(one, "feast_label", names_in(&h->name, rq->lang));
	json_put(one, "names", names);
	json_put_bool(one, "confirmed", h->confirmed);
	json_put_bool(one, "worked_anyway", calendar_is_working(cal, h->day));
	json_put_str(one, "source", h->source ? h->source : "");
	return one;
}

static json_t *holidays_json(struct request *rq, const struct calendar *cal, int64_t from, int64_t to)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < cal->holidays; i++)
		if (cal->holiday[i].day >= from && cal->holiday[i].day <= to)
			json_add(rows, holiday_json(rq, cal, &cal->holiday[i]));
	return rows;
}

static json_t *workdays_json(struct request *rq, const struct calendar *cal, int64_t from, int64_t to)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < cal->workdays; i++)
		if (cal->workday[i] >= from && cal->workday[i] <= to)
			json_add(rows, day_json(rq, cal->workday[i]));
	return rows;
}

static bool listed(const json_t *rows, const char *key)
{
	const json_t *one;
	size_t i;
	json_array_foreach(rows, i, one) if (!strcmp(json_str_or(one, "code", ""), key)) return true;
	return false;
}

/* Every feast that the calendar knows, once. */
static json_t *feasts_json(struct request *rq, const struct calendar *cal, const char *chosen)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < cal->holidays; i++) {
		const struct holiday *h = &cal->holiday[i];
		if (listed(rows, h->key))
			continue;
		json_t *one = json_object();
		json_put_str(one, "code", h->key);
		json_put_str(one, "feast_option", names_in(&h->name, rq->lang));
		json_put_bool(one, "chosen", chosen && !strcmp(chosen, h->key));
		json_add(rows, one);
	}
	return rows;
}

static json_t *year_links(struct request *rq, const struct calendar *cal, int year)
{
	json_t *rows = json_array();
	int first = civil_from_days(cal->covers_from).year, last = civil_from_days(cal->covers_to).year + 1;
	for (int y = first > year - 3 ? first : year - 3; y <= last && y <= year + 3; y++) {
		json_t *one = json_object();
		json_put_int(one, "number", y);
		json_put_str(one, "link", arena_printf(rq->arena, "/desk/office/holidays?year=%d", y));
		json_put_bool(one, "shown", y == year);
		json_add(rows, one);
	}
	return rows;
}

static int year_of(struct request *rq)
{
	const char *text = request_query(rq, "year");
	int year = text ? atoi(text) : 0;
	return year >= 2000 && year <= 2200 ? year : civil_from_days(data_today(rq)).year;
}

static json_t *calendar_view(struct request *rq, int year, const char *chosen_feast)
{
	const struct calendar *cal = office_calendar(office_of(rq));
	const int64_t from = civil_days((struct civil) { year, 1, 1 }),
		      to = civil_days((struct civil) { year, 12, 31 });
	json_t *view = json_object(), *holidays = holidays_json(rq, cal, from, to),
	       *workdays = workdays_json(rq, cal, from, to);
	json_put_str(view, "title",
	    text_format(
		rq->arena, rq->lang, N_("Holidays of {year}"), "year", arena_printf(rq->arena, "%d", year), NULL));
	json_put_int(view, "year", year);
	json_put(view, "years", year_links(rq, cal, year));
	json_put_bool(view, "covered", from >= cal->covers_from && to <= cal->covers_to);
	json_put_str(view, "covers_to", data_day(rq, cal->covers_to));
	json_put_str(view, "last_day", data_iso(rq->arena, to));
	json_put_bool(view, "has_holidays", json_array_size(holidays) > 0);
	json_put(view, "holidays", holidays);
	json_put_bool(view, "has_workdays", json_array_size(workdays) > 0);
	json_put(view, "workdays", workdays);
	json_put(view, "feasts", feasts_json(rq, cal, chosen_feast));
	json_put_bool(view, "can_change", data_may(rq, true, NULL) == OK);
	return view;
}

enum err holidays_show(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	if (data_may(rq, false, &fault))
		return reply_fault(rp, &fault);
	json_t *view = calendar_view(rq, year_of(rq), NULL), *values = json_object();
	json_put_int(values, "days", 1);
	json_put(view, "values", values);
	return reply_view(rp, "office/holidays", view);
}

/* --- changes ----------------------------------------------------------------------------------------------------- */

/* A known feast brings its name; a new one is called by its first day. */
static void name_feast(struct request *rq, const struct holiday_form *form, int64_t day, struct holiday *h)
{
	const struct calendar *cal = office_calendar(office_of(rq));
	h->key = form->key;
	for (size_t i = 0; *form->key && i < cal->holidays; i++)
		if (!strcmp(cal->holiday[i].key, form->key))
			h->name = cal->holiday[i].name;
	for (int lang = 0; lang < LANG_MAX; lang++)
		if (*form->name[lang])
			h->name.in[lang] = form->name[lang];
	if (!*h->key && h->name.in[office_of(rq)->profile->language])
		h->key = arena_printf(rq->arena, "day-%s", data_iso(rq->arena, day));
}

static size_t changes_of(struct request *rq, const struct holiday_form *form, struct calendar_change *change)
{
	size_t n = form->days > 0 ? (size_t)form->days : 1;
	struct civil date;
	int64_t day = civil_parse(form->day, &date) ? 0 : civil_days(date);
	for (size_t i = 0; i < n; i++) {
		change[i] = (struct calendar_change) { .holiday = { .day = day + (int64_t)i,
							   .key = form->key,
							   .confirmed = form->confirmed,
							   .source = form->source } };
		if (!calendar_change_parse(form->kind, &change[i].kind))
			change[i].kind = CALENDAR_CHANGE_MAX;
		if (change[i].kind == CALENDAR_PUT_HOLIDAY)
			name_feast(rq, form, day, &change[i].holiday);
	}
	return n;
}

static enum err check(struct request *rq, const struct holiday_form *form, struct calendar_change *change,
    size_t *ret_n, struct fault *fault)
{
	const struct office *office = office_of(rq);
	size_t n = changes_of(rq, form, change);
	enum err e = OK;
	*ret_n = n;
	for (size_t i = 0; !e && i < n; i++)
		e = holiday_may_change(office_calendar(office), &change[i], office->profile->languages,
		    office->profile->languages_count, fault);
	return e;
}

static enum err enter(struct request *rq, const struct holiday_form *form, struct fault *fault)
{
	struct calendar_change change[HOLIDAY_DAYS_MAX];
	size_t n;
	enum err e = check(rq, form, change, &n, fault);
	return e ? e : holiday_enter(office_of(rq), actor_of(rq), rq->now, change, n);
}

static int year_of_form(struct request *rq, const struct holiday_form *form)
{
	struct civil date;
	return form->day && !civil_parse(form->day, &date) && date.year >= 2000 && date.year <= 2200 ? date.year
												     : year_of(rq);
}

enum err holiday_change(struct request *rq, struct reply *rp)
{
	struct holiday_form form = { 0 };
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	if (data_may(rq, true, &fault))
		return reply_fault(rp, &fault);
	enum err bad = form_parse(rq, fields, FIELDS, &form, &faults);
	enum err e = bad ? OK : enter(rq, &form, &fault);
	int year = year_of_form(rq, &form);
	if (!bad && !e)
		return reply_created(rp,
		    arena_printf(rq->arena, "/%s/office/holidays?year=%d", rq->api ? "api/v1" : "desk", year),
		    calendar_view(rq, year, NULL));
	return data_refuse(
	    rp, "office/holidays", calendar_view(rq, year, form.key), fields, FIELDS, &faults, &fault, e);
}

enum err holiday_read_form(struct request *rq, struct reply *rp, struct calendar_change ret_change[HOLIDAY_DAYS_MAX],
    size_t *ret_n, bool *ret_answered)
{
	struct holiday_form form = { 0 };
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	*ret_answered = true;
	if (data_may(rq, true, &fault))
		return reply_fault(rp, &fault);
	enum err bad = form_parse(rq, fields, FIELDS, &form, &faults);
	enum err e = bad ? OK : check(rq, &form, ret_change, ret_n, &fault);
	if (bad || e)
		return data_refuse(rp, "office/holidays", calendar_view(rq, year_of_form(rq, &form), form.key), fields,
		    FIELDS, &faults, &fault, e);
	*ret_answered = false;
	return OK;
}
