/* A change of the calendar before it is made, and how far counting again came, as pages and for programs. */
#include "base/util.h"
#include "casework/desk_work.h"
#include "casework/recount.h"
#include "office/calendar_change.h"
#include "office/current.h"
#include "office/data_pages.h"
#include "office/holiday.h"

#include <stdlib.h>
#include <string.h>

struct preview_work {
	struct request *rq;
	struct recount_ask ask;
	json_t *view; /* made afresh by each run */
};

static enum err read_preview(struct db_tx *tx, void *arg)
{
	struct preview_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	work->view = json_owned(rq->arena, json_object());
	return recount_preview(&act, rq->lang, &work->ask, work->view);
}

/* What the form said goes with the page, so that pressing the button makes just this change. */
static void put_form(struct request *rq, json_t *view)
{
	static const char *const names[] = { "kind", "day", "days", "key", "name_az", "name_en", "name_ru", "name_ur",
		"source", "confirmed" };
	json_t *list = json_array();
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = rq->api ? NULL : request_form(rq, names[i]);
		json_t *one = json_object();
		json_put_str(one, "hidden_name", names[i]);
		json_put_str(one, "hidden_value", value ? value : "");
		json_add(list, one);
	}
	json_put(view, "hidden", list);
}

static json_t *days_json(struct request *rq, const struct calendar_change *change, size_t n)
{
	json_t *days = json_array();
	for (size_t i = 0; i < n; i++)
		json_add(days, json_string(data_day(rq, change[i].holiday.day)));
	return days;
}

static int64_t after_of(struct request *rq)
{
	const char *text = rq->api ? request_query(rq, "after") : request_form(rq, "after");
	return text ? strtoll(text, NULL, 10) : 0;
}

/* Days that a change concerns: a wider calendar fills whole years. */
static void put_days(
    const struct calendar *now, const struct calendar_change *change, size_t n, struct recount_ask *ask)
{
	ask->first_day = change[0].kind == CALENDAR_COVER ? now->covers_to + 1 : change[0].holiday.day;
	ask->last_day = change[n - 1].holiday.day;
}

static enum err preview(struct request *rq, struct reply *rp)
{
	struct calendar_change change[HOLIDAY_DAYS_MAX];
	const struct calendar *now = office_calendar(office_of(rq));
	struct calendar then;
	bool answered = false;
	size_t n = 0;
	enum err e = holiday_read_form(rq, rp, change, &n, &answered);
	if (e || answered)
		return e;
	calendar_changed(rq->arena, now, change, n, &then);
	struct preview_work work = { .rq = rq, .ask = { .then = &then, .after = after_of(rq) } };
	put_days(now, change, n, &work.ask);
	e = db_read(office_of(rq)->db, read_preview, &work);
	if (e)
		return e;
	json_put_str(work.view, "title", text_get(rq->lang, N_("What this change moves")));
	json_put(work.view, "days", days_json(rq, change, n));
	json_put_str(work.view, "change", calendar_change_slug(change[0].kind));
	json_put_bool(
	    work.view, "drops", change[0].kind == CALENDAR_DROP_HOLIDAY || change[0].kind == CALENDAR_DROP_WORKDAY);
	put_form(rq, work.view);
	return reply_view(rp, "office/preview", json_incref(work.view));
}

static enum err fill(const struct casefile_act *act, struct request *rq, json_t *view, struct fault *fault)
{
	json_t *list;
	enum err e = may(act->actor, ACT_OFFICE_READ, NULL, fault);
	if (!e)
		e = recount_list(act, rq->lang, &list);
	if (e)
		return e;
	json_put_bool(view, "has_rows", json_array_size(list) > 0);
	json_put(view, "rows", list);
	return OK;
}

static const struct desk_page recounts = { "office/recounts", N_("Time limits counted again"), fill };

static enum err recounts_show(struct request *rq, struct reply *rp)
{
	return desk_page_show(rq, rp, &recounts);
}

static const struct route routes[] = {
	{ METHOD_POST, "/desk/office/holidays/preview", preview, WHO_STAFF, 0, 0,
	    "What a change of the calendar would move." },
	{ METHOD_POST, "/api/v1/office/holidays/preview", preview, WHO_PROGRAM, 0, 0,
	    "What a change of the calendar would move." },
	{ METHOD_GET, "/desk/office/recounts", recounts_show, WHO_STAFF, 0, 0,
	    "How far running clocks were counted again." },
	{ METHOD_GET, "/api/v1/office/recounts", recounts_show, WHO_PROGRAM, 0, 0,
	    "How far running clocks were counted again." },
};
const struct route_table recount_routes = { routes, ARRAY_LEN(routes) };
