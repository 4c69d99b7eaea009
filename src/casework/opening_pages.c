/* Pages around openings: breaking the glass of a case that one may not read, and who waits for a second person. */
#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/case_view.h"
#include "casework/opening.h"
#include "opening.sql.h"

#include <inttypes.h>
#include <stdlib.h>

#define REASON_MAX 2000

/* --- breaking the glass ------------------------------------------------------------------------------------------ */

struct glass_form {
	const char *reason;
};
static const struct field glass_fields[] = {
	FIELD(struct glass_form, reason, FIELD_LINES, REASON_MAX, FIELD_REQUIRED, N_("Reason")),
};

struct glass_work {
	struct request *rq;
	int64_t id;
	const char *reason; /* NULL: only asks whether it could be done */
	char number[64];
	struct fault fault;
};

static enum err glass(struct db_tx *tx, void *arg)
{
	struct glass_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	struct casefile c;
	int64_t opening;
	work->fault = (struct fault) { 0 };
	enum err e = casefile_load(act.office, tx, act.arena, work->id, &c);
	if (e)
		return e;
	copy_text(work->number, sizeof(work->number), c.number);
	const struct object object = casefile_object(&c);
	e = may(act.actor, ACT_BREAK_GLASS, &object, &work->fault);
	if (!e && work->reason)
		return glass_break(&act, &c, work->reason, &opening, &work->fault);
	return e ? e : glass_may_break(act.actor, &object, &work->fault);
}

static json_t *glass_view(const struct glass_work *work)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(work->rq->lang, N_("Open a case outside your usual right")));
	json_put_int(view, "id", work->id);
	json_put_str(view, "number", work->number);
	json_put_int(view, "hours", GLASS_MS / 3600000);
	return view;
}

/* What one may read anyway needs no glass. */
static enum err answer_glass(struct reply *rp, const struct glass_work *work, enum err e)
{
	if (e == ERR_CONFLICT)
		return reply_see_other(rp, "/desk/cases/%" PRId64, work->id);
	return work->fault.code ? reply_fault(rp, &work->fault) : e;
}

static enum err glass_show(struct request *rq, struct reply *rp)
{
	struct glass_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = db_read(office_of(rq)->db, glass, &work);
	return e ? answer_glass(rp, &work, e) : reply_view(rp, "desk/glass", glass_view(&work));
}

static enum err glass_do(struct request *rq, struct reply *rp)
{
	struct glass_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	struct glass_form form;
	struct faults faults = { 0 };
	if (form_parse(rq, glass_fields, ARRAY_LEN(glass_fields), &form, &faults)) {
		enum err e = db_read(office_of(rq)->db, glass, &work);
		return e ? answer_glass(rp, &work, e)
			 : reply_form(
			       rp, "desk/glass", glass_view(&work), glass_fields, ARRAY_LEN(glass_fields), &faults);
	}
	work.reason = form.reason;
	enum err e = db_write(office_of(rq)->db, glass, &work);
	return e ? answer_glass(rp, &work, e) : reply_see_other(rp, "/desk/cases/%" PRId64, work.id);
}

/* --- who waits --------------------------------------------------------------------------------------------------- */

struct waiting_work {
	struct request *rq;
	int64_t after;
	json_t *view;
};

static enum err read_waiting(struct db_tx *tx, void *arg)
{
	struct waiting_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	int64_t last = 0;
	work->view = json_owned(rq->arena, json_object());
	enum err e = db_query(tx, &sql_opening_waiting, DB_ARGS(db_int(work->after), db_int(act.actor->id)), &rows);
	while (!e && json_array_size(list) < 50 && db_next(rows)) {
		json_t *one = json_object();
		last = db_col_int(rows, 0);
		json_put_int(one, "id", last);
		json_put_int(one, "case_id", db_col_int(rows, 1));
		json_put_str(one, "number", db_col_text(rows, 2));
		json_put_str(one, "who", db_col_text(rows, 4));
		view_put_moment(&act, rq->lang, one, "asked", db_col_int(rows, 6));
		json_add(list, one);
	}
	if (!e && json_array_size(list) == 50 && db_next(rows))
		json_put_int(work->view, "page_after", last);
	view_put_list(work->view, "waiting", list);
	return e ? e : db_rows_error(rows);
}

static enum err waiting_show(struct request *rq, struct reply *rp)
{
	const char *after = request_query(rq, "after");
	struct waiting_work work = { .rq = rq, .after = after ? strtoll(after, NULL, 10) : 0 };
	struct fault fault = { 0 };
	if (may_ever(actor_of(rq), ACT_IDENTITY_APPROVE, &fault))
		return reply_fault(rp, &fault);
	enum err e = db_read(office_of(rq)->db, read_waiting, &work);
	if (e)
		return e;
	json_put_str(work.view, "title", text_get(rq->lang, N_("Who asks to know a withheld identity")));
	return reply_view(rp, "desk/openings", json_incref(work.view));
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/break-glass/{id}", glass_show, WHO_STAFF, 0, 0,
	    "Before opening a case outside one's right." },
	{ METHOD_POST, "/desk/break-glass/{id}", glass_do, WHO_STAFF, 0, 0,
	    "Open a case outside one's right, with a reason." },
	{ METHOD_GET, "/desk/openings", waiting_show, WHO_STAFF, 0, 0, "Who asks to know a withheld identity." },
	{ METHOD_GET, "/api/v1/openings", waiting_show, WHO_PROGRAM, 0, 0, "Who asks to know a withheld identity." },
	DESK_ACT("identity", "Ask to know a withheld identity."),
	DESK_ACT("identity/{n}/decide", "Decide on opening a withheld identity."),
	DESK_ACT("conflicts", "Keep a case from an officer."),
	DESK_ACT("conflicts/{n}/lift", "End keeping a case from an officer."),
	DESK_ACT("step-back", "Keep a case from oneself."),
};
const struct route_table opening_routes = { routes, ARRAY_LEN(routes) };
