/* Periodic tasks as a page and for programs: what comes again, and on which days next. */
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/desk_work.h"
#include "casework/task_series.h"
#include "office/current.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PREVIEW 6

/* The next days as they will come, holidays of today's calendar taken into account. */
static json_t *preview(const struct casefile_act *act, enum lang lang, const struct task_series *s, int64_t after)
{
	const char *zone = act->office->profile->calendar.zone;
	json_t *days = json_array();
	for (int64_t day = task_series_after(s, after); json_array_size(days) < PREVIEW && day <= CALENDAR_LAST;
	     day = task_series_after(s, day)) {
		int64_t moved = task_series_moved(s, office_calendar(act->office), day);
		json_add(
		    days, json_string(date_long(act->arena, lang, zone, zone_day_start(zone, civil_from_days(moved)))));
	}
	return days;
}

static json_t *row_json(const struct casefile_act *act, enum lang lang, const struct task_series *s)
{
	json_t *row = json_object();
	bool over = s->next_day > CALENDAR_LAST;
	json_put_int(row, "id", s->id);
	json_put_str(row, "words", s->words);
	json_put_str(row, "kind_name", text_get(lang, task_kind_label(s->kind)));
	json_put_str(row, "every", number_text(act->arena, lang, s->every));
	json_put_str(row, "period", text_get(lang, task_period_label(s->period)));
	json_put_bool(row, "over", over);
	json_put(row, "days", over ? json_array() : preview(act, lang, s, s->next_day - 1));
	return row;
}

static json_t *periods_json(enum lang lang)
{
	json_t *list = json_array();
	for (int i = 0; task_periods[i]; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", task_periods[i]);
		json_put_str(one, "period_label", text_get(lang, task_period_label((enum task_period)i)));
		json_add(list, one);
	}
	return list;
}

static enum err fill(const struct casefile_act *act, struct request *rq, json_t *view, struct fault *fault)
{
	struct task_series *series = arena_alloc(act->arena, 51 * sizeof(*series));
	const char *after = request_query(rq, "after");
	json_t *list = json_array();
	size_t n = 0;
	enum err e = may(act->actor, ACT_TASK_WORK, NULL, fault);
	if (!e)
		e = task_series_of(act, desk_self(rq), after ? strtoll(after, NULL, 10) : 0, series, &n);
	for (size_t i = 0; i < n && i < 50; i++)
		json_add(list, row_json(act, rq->lang, &series[i]));
	view_put_list(view, "rows", list);
	if (n > 50)
		json_put_int(view, "page_after", series[49].id);
	json_put(view, "task_kinds", task_kinds_json(rq->lang));
	json_put(view, "periods", periods_json(rq->lang));
	return e;
}

static const struct desk_page page = { "task/series", N_("Periodic tasks"), fill };

static enum err series_show(struct request *rq, struct reply *rp)
{
	return desk_page_show(rq, rp, &page);
}

struct series_form {
	const char *kind, *task, *executors, *controller, *period, *from, *to, *assigner;
	int64_t every, days_to_do;
	bool workdays;
};
#define F(member_, type_, max_, flags_, label_) FIELD(struct series_form, member_, type_, max_, flags_, label_)

static const struct field fields[] = {
	FIELD_OF(struct series_form, kind, task_kinds, FIELD_REQUIRED, N_("Kind of task")),
	F(task, FIELD_LINES, TASK_WORDS_MAX, FIELD_REQUIRED, N_("What is to be done")),
	F(executors, FIELD_TEXT, 400, FIELD_REQUIRED, N_("Who does it")),
	F(controller, FIELD_TEXT, 60, 0, N_("Who looks after it")),
	FIELD_OF(struct series_form, period, task_periods, FIELD_REQUIRED, N_("Period")),
	F(every, FIELD_INT, SERIES_EVERY_MAX, FIELD_REQUIRED, N_("Every how many")),
	F(from, FIELD_DATE, 0, FIELD_REQUIRED, N_("First day")), F(to, FIELD_DATE, 0, 0, N_("Last day")),
	F(days_to_do, FIELD_INT, SERIES_DAYS_TO_DO_MAX, 0, N_("Days to do it")),
	F(workdays, FIELD_BOOL, 0, 0, N_("Working days only")),
	F(assigner, FIELD_TEXT, 60, 0, N_("Who gives it")), /* of programs only */
};

static enum err read_series(const struct casefile_act *act, struct request *rq, const struct series_form *form,
    struct task_series *s, struct fault *fault)
{
	struct civil from, to;
	int64_t people[TASK_EXECUTORS_MAX];
	size_t n;
	*s = (struct task_series) { .kind = form->kind,
		.words = form->task,
		.every = form->every,
		.days_to_do = form->days_to_do,
		.workdays = form->workdays,
		.to_day = CALENDAR_LAST,
		.executors = "",
		.assigner = task_self(act->actor) };
	enum err e = civil_parse(form->from, &from);
	if (!e && *form->to)
		e = civil_parse(form->to, &to);
	if (!e)
		e = task_people(act, form->executors, people, &n, fault);
	if (!e)
		e = task_person(act, "controller", form->controller, &s->controller, fault);
	if (!e && rq->api)
		e = task_person(act, "assigner", form->assigner, &s->assigner, fault);
	if (!e && !s->assigner)
		e = fault_set(fault, ERR_INVALID, "assigner", N_("Say who gives the task."), NULL);
	if (e)
		return e;
	s->from_day = civil_days(from);
	s->to_day = *form->to ? civil_days(to) : CALENDAR_LAST;
	for (size_t i = 0; i < n; i++)
		s->executors = arena_printf(act->arena, "%s%s%" PRId64, s->executors, i ? " " : "", people[i]);
	return task_period_parse(form->period, &s->period) ? OK : ERR_INTERNAL;
}

static enum err add(
    const struct casefile_act *act, struct request *rq, const void *arg, int64_t *ret_id, struct fault *fault)
{
	struct task_series s;
	enum err e = may(act->actor, ACT_TASK_WORK, NULL, fault);
	if (!e)
		e = read_series(act, rq, arg, &s, fault);
	return e ? e : task_series_add(act, &s, ret_id, fault);
}

static enum err add_post(struct request *rq, struct reply *rp)
{
	static const struct desk_deed deed = { ACT_TASK_WORK, &page, fields, ARRAY_LEN(fields),
		sizeof(struct series_form), add, "/desk/task-series" };
	return desk_deed_do(rq, rp, &deed);
}

static enum err stop(
    const struct casefile_act *act, struct request *rq, const void *arg, int64_t *ret_id, struct fault *fault)
{
	enum err e = may(act->actor, ACT_TASK_WORK, NULL, fault);
	return e ? e : task_series_stop(act, request_param_int(rq, "id"), fault);
}

static enum err stop_post(struct request *rq, struct reply *rp)
{
	static const struct desk_deed deed = { ACT_TASK_WORK, &page, NULL, 0, 0, stop, "/desk/task-series" };
	return desk_deed_do(rq, rp, &deed);
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/task-series", series_show, WHO_STAFF, 0, 0, "Periodic tasks and their next days." },
	{ METHOD_POST, "/desk/task-series", add_post, WHO_STAFF, 0, 0, "Enter a periodic task." },
	{ METHOD_POST, "/desk/task-series/{id}/stop", stop_post, WHO_STAFF, 0, 0, "Give no more tasks of a series." },
	{ METHOD_GET, "/api/v1/task-series", series_show, WHO_PROGRAM, 0, 0, "Periodic tasks and their next days." },
	{ METHOD_POST, "/api/v1/task-series", add_post, WHO_PROGRAM, 0, 0, "Enter a periodic task." },
};
const struct route_table series_routes = { routes, ARRAY_LEN(routes) };
