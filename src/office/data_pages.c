/* The routes of the office's own data, its first page, and what those pages share. */
#include "office/data_pages.h"

#include "base/util.h"
#include "office/calendar.h"
#include "text/date.h"

#include <string.h>

enum err data_may(struct request *rq, bool change, struct fault *fault)
{
	return may(actor_of(rq), change ? ACT_OFFICE_CHANGE : ACT_OFFICE_READ, NULL, fault);
}

int64_t data_today(const struct request *rq)
{
	return office_day(office_of(rq), rq->now);
}

static bool is_known(int64_t day)
{
	return day > CALENDAR_FIRST && day < CALENDAR_LAST;
}

const char *data_day(struct request *rq, int64_t day)
{
	const char *zone = office_of(rq)->profile->calendar.zone;
	return is_known(day) ? date_long(rq->arena, rq->lang, zone, zone_day_start(zone, civil_from_days(day))) : "";
}

const char *data_iso(struct arena *arena, int64_t day)
{
	char *text = arena_alloc(arena, 11);
	if (is_known(day))
		civil_format(text, civil_from_days(day));
	return text;
}

enum err data_refuse(struct reply *rp, const char *template, json_t *view, const struct field *fields, size_t n,
    struct faults *faults, const struct fault *fault, enum err e)
{
	if (e && e != ERR_INVALID && e != ERR_CONFLICT) {
		json_decref(view);
		return fault->code ? reply_fault(rp, fault) : e;
	}
	if (e)
		faults_add(faults, fault);
	enum err replied = reply_form(rp, template, view, fields, n, faults);
	if (!replied && e == ERR_CONFLICT)
		rp->status = err_http_status(e);
	return replied;
}

/* --- the first page ---------------------------------------------------------------------------------------------- */

static const struct {
	const char *url, *label, *hint;
} doors[] = {
	{ "/desk/office/staff", N_("Staff"), N_("Accounts, roles, units, skills, and what each person may do.") },
	{ "/desk/office/units", N_("Units and regional offices"), N_("How the institution is built.") },
	{ "/desk/office/states", N_("States of a case"),
	    N_("What a case can be, and the steps between, as a drawing and as a table.") },
	{ "/desk/office/lists", N_("Code lists"), N_("Subjects, kinds of complaint, grounds, faults, outcomes.") },
	{ "/desk/office/limits", N_("Time limits"), N_("How long the law gives for each step, with source and date.") },
	{ "/desk/office/holidays", N_("Holidays"), N_("Days of rest and worked days, entered, confirmed or removed.") },
};

static json_t *doors_json(struct request *rq)
{
	json_t *list = json_array();
	for (size_t i = 0; i < ARRAY_LEN(doors); i++) {
		json_t *one = json_object();
		json_put_str(one, "link", doors[i].url);
		json_put_str(one, "door_label", text_get(rq->lang, doors[i].label));
		json_put_str(one, "door_hint", text_get(rq->lang, doors[i].hint));
		json_add(list, one);
	}
	return list;
}

static json_t *registers_json(struct request *rq)
{
	const struct profile *p = office_of(rq)->profile;
	json_t *list = json_array();
	for (size_t i = 0; i < p->numberings; i++) {
		json_t *one = json_object();
		json_put_str(one, "key", p->numbering[i].key);
		json_put_str(one, "register_label", names_in(&p->numbering[i].name, rq->lang));
		json_put_str(one, "pattern", p->numbering[i].pattern);
		json_add(list, one);
	}
	return list;
}

static enum err data_show(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	enum err e = data_may(rq, false, &fault);
	if (e)
		return reply_fault(rp, &fault);
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("The office as data")));
	json_put(view, "doors", doors_json(rq));
	json_put(view, "registers", registers_json(rq));
	return reply_view(rp, "office/data", view);
}

#define STAFF_PAGE(method, path, handle, flags, help)                                                                  \
	{                                                                                                              \
		method, "/desk/office" path, handle, WHO_STAFF, flags, 0, help                                         \
	}
#define STAFF_API(method, path, handle, help)                                                                          \
	{                                                                                                              \
		method, "/api/v1/office" path, handle, WHO_PROGRAM, 0, 0, help                                         \
	}
#define BOTH(method, path, handle, help)                                                                               \
	STAFF_PAGE(method, path, handle, 0, help), STAFF_API(method, path, handle, help)

static const struct route routes[] = {
	BOTH(METHOD_GET, "", data_show, "What the office is made of: where each part is kept, and its registers."),
	BOTH(METHOD_GET, "/lists", lists_show, "Every code list."),
	BOTH(METHOD_GET, "/lists/{list}", list_show, "One code list with its entries as they are today."),
	BOTH(METHOD_POST, "/lists/{list}", list_add, "Add an entry to a code list, from a day on."),
	BOTH(METHOD_GET, "/lists/{list}/export", list_export, "A code list as a file, CSV or JSON."),
	BOTH(METHOD_GET, "/lists/{list}/import", list_import_show, "What an import of a code list needs."),
	STAFF_PAGE(METHOD_POST, "/lists/{list}/import", list_import, ROUTE_UPLOAD,
	    "Hold a file against a code list, and enter what changes."),
	STAFF_API(METHOD_POST, "/lists/{list}/import", list_import,
	    "Hold a file against a code list, and enter what changes."),
	BOTH(
	    METHOD_GET, "/lists/{list}/entries/{entry}", entry_show, "One entry of a code list with all its versions."),
	BOTH(METHOD_POST, "/lists/{list}/entries/{entry}", entry_change,
	    "Rename, move or withdraw an entry from a day on."),
	BOTH(METHOD_GET, "/limits", limits_show, "Every legal limit in force."),
	BOTH(METHOD_GET, "/limits/{limit}", limit_show, "One legal limit with all its versions."),
	BOTH(METHOD_POST, "/limits/{limit}", limit_change, "A new version of a legal limit, from a day on."),
	BOTH(METHOD_GET, "/holidays", holidays_show, "The office's calendar of one year."),
	BOTH(METHOD_POST, "/holidays", holiday_change, "Enter, confirm or remove a day of rest or a worked day."),
};
const struct route_table office_data_routes = { routes, ARRAY_LEN(routes) };
