/* Drafts of findings that a body was asked to comment on: its focal person reads and answers them on the body's pages.
 */
#include "base/util.h"
#include "casework/finding.h"
#include "casework/inquiry_view.h"
#include "casework/registry.h"
#include "finding.sql.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 50

static struct casefile_act act_in(struct request *rq, struct db_tx *tx)
{
	return (struct casefile_act) { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
}

/* --- the list ---------------------------------------------------------------------------------------------------- */

struct read_work {
	struct request *rq;
	int64_t id, key_at, key_id;
	bool keyed;
	json_t *view; /* made afresh by each run */
	struct fault fault;
};

static const char *body_label(const struct registry *bodies, enum lang lang, const char *key, const char *name)
{
	const struct body *body = registry_body(bodies, key);
	return body ? names_in(&body->name, lang) : name;
}

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct read_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	enum lang lang = work->rq->lang;
	const struct registry *bodies;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t at = work->keyed ? work->key_at : -1, id = work->keyed ? work->key_id : 0;
	work->view = json_owned(work->rq->arena, json_object());
	enum err e = registry_in(tx, act.office, act.arena, &bodies);
	if (!e)
		e = db_query(tx, act.actor->below ? &sql_finding_asked_within : &sql_finding_asked,
		    DB_ARGS(db_text(act.actor->body), db_int(at), db_int(id)), &rows);
	json_t *list = json_array();
	while (!e && db_next(rows)) {
		json_t *row = json_object();
		if (json_array_size(list) == PAGE) {
			json_put_str(work->view, "page_after", arena_printf(act.arena, "%" PRId64 ".%" PRId64, at, id));
			json_decref(row);
			break;
		}
		id = db_col_int(rows, 0);
		at = db_col_int(rows, 2);
		json_put_int(row, "id", id);
		json_put_str(row, "link", arena_printf(act.arena, "/agency/drafts/%" PRId64, id));
		json_put_str(row, "number", db_col_text(rows, 5));
		json_put_str(row, "body_label", body_label(bodies, lang, db_col_text(rows, 3), db_col_text(rows, 4)));
		view_put_day(&act, lang, row, "asked", db_col_int(rows, 1));
		view_put_day(&act, lang, row, "due", at);
		json_put_bool(row, "late", act.now > at);
		json_add(list, row);
	}
	view_put_list(work->view, "drafts", list);
	return e || json_object_get(work->view, "page_after") ? e : db_rows_error(rows);
}

static enum err after_parse(const char *after, struct read_work *work)
{
	char *end;
	if (!after || !*after)
		return OK;
	work->keyed = true;
	work->key_at = strtoll(after, &end, 10);
	if (end != after && *end == '.') {
		const char *second = end + 1;
		work->key_id = strtoll(second, &end, 10);
		if (end != second && !*end && work->key_at >= 0 && work->key_id > 0)
			return OK;
	}
	return fault_set(&work->fault, ERR_INVALID, "after", N_("This page of the list does not exist."), NULL);
}

static enum err list_show(struct request *rq, struct reply *rp)
{
	struct read_work work = { .rq = rq };
	enum err e = may_somewhere(actor_of(rq), ACT_AGENCY_ANSWER) ? OK : ERR_DENIED;
	if (!e)
		e = after_parse(request_query(rq, "after"), &work);
	if (!e)
		e = db_read(office_of(rq)->db, read_list, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "finding.list", "finding:list");
	json_put_str(work.view, "title", text_get(rq->lang, N_("Draft findings for your comments")));
	return reply_view(rp, "agency/drafts", json_incref(work.view));
}

/* --- one draft --------------------------------------------------------------------------------------------------- */

/* One that was sent to the reader's own body and still waits; for every other it is as if it did not exist. */
static enum err open_draft(const struct casefile_act *act, int64_t id, struct casefile *ret_case, json_t *view,
    enum lang lang, struct fault *fault)
{
	const struct registry *bodies;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (!e)
		e = db_query(act->tx, &sql_finding_asked_one, DB_ARGS(db_int(id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	const struct object object = { .casefile_id = db_col_int(rows, 1),
		.body = registry_path(bodies, act->arena, db_col_text(rows, 2)) };
	e = may(act->actor, ACT_AGENCY_ANSWER, &object, fault);
	if (!e)
		e = casefile_load(act->office, act->tx, act->arena, object.casefile_id, ret_case);
	if (e || !view)
		return e;
	const struct case_viewing v = { .act = act, .lang = lang, .c = ret_case, .view = view };
	json_t *json = json_object();
	json_put_int(json, "id", id);
	json_put_str(json, "number", ret_case->number);
	json_put_str(json, "whom", body_label(bodies, lang, db_col_text(rows, 2), db_col_text(rows, 3)));
	view_put_day(act, lang, json, "asked", db_col_int(rows, 4));
	view_put_day(act, lang, json, "due", db_col_int(rows, 5));
	json_put_str(json, "facts", db_col_text(rows, 6));
	json_put_str(json, "reasons", db_col_text(rows, 7));
	json_put(json, "results", finding_results_json(&v, db_col_text(rows, 8), act->now));
	json_put(view, "draft", json);
	return OK;
}

static enum err read_draft(struct db_tx *tx, void *arg)
{
	struct read_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	struct casefile c;
	work->fault = (struct fault) { 0 };
	work->view = json_owned(work->rq->arena, json_object());
	return open_draft(&act, work->id, &c, work->view, work->rq->lang, &work->fault);
}

static enum err load_draft(struct read_work *work)
{
	char object[64];
	enum err e = db_read(office_of(work->rq)->db, read_draft, work);
	if (e)
		return e;
	journal_read_later(office_of(work->rq)->reads, work->rq->now, actor_of(work->rq)->tag, "finding.read",
	    journal_object(object, "finding_comment", work->id));
	json_put_str(work->view, "title", text_get(work->rq->lang, N_("Draft finding")));
	return OK;
}

static enum err draft_show(struct request *rq, struct reply *rp)
{
	struct read_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = load_draft(&work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	return reply_view(rp, "agency/draft", json_incref(work.view));
}

/* --- the answer -------------------------------------------------------------------------------------------------- */

struct comment_form {
	const char *opinion, *facts_wrong, *comment;
};

static const struct field comment_fields[] = {
	FIELD_OF(struct comment_form, opinion, finding_positions, FIELD_REQUIRED, N_("Do you agree with the draft?")),
	FIELD(struct comment_form, facts_wrong, FIELD_LINES, 10000, 0, N_("What is not right in the facts?")),
	FIELD(struct comment_form, comment, FIELD_LINES, 10000, 0, N_("What else do you want to say?")),
};

struct comment_work {
	struct request *rq;
	int64_t id;
	struct comment_form form;
	struct fault fault;
};

static enum err write_comment(struct db_tx *tx, void *arg)
{
	struct comment_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	const struct finding_opinion opinion = { work->form.opinion, work->form.facts_wrong, work->form.comment };
	struct casefile c;
	work->fault = (struct fault) { 0 };
	enum err e = open_draft(&act, work->id, &c, NULL, work->rq->lang, &work->fault);
	return e ? e : finding_comment(&act, &c, work->id, &opinion, &work->fault);
}

static enum err draft_comment(struct request *rq, struct reply *rp)
{
	struct comment_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	struct read_work show = { .rq = rq, .id = work.id };
	struct faults faults = { 0 };
	enum err e = load_draft(&show); /* whoever may not learns that, and not what is wrong with the form */
	if (e)
		return show.fault.code ? reply_fault(rp, &show.fault) : e;
	if (form_parse(rq, comment_fields, ARRAY_LEN(comment_fields), &work.form, &faults))
		return reply_form(rp, rq->api ? NULL : "agency/draft", rq->api ? NULL : json_incref(show.view),
		    comment_fields, ARRAY_LEN(comment_fields), &faults);
	e = db_write(office_of(rq)->db, write_comment, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	if (rq->api)
		return reply_view(rp, NULL, json_object());
	return reply_see_other(rp, "/agency/drafts");
}

#define API "/api/v1"

static const struct route routes[] = {
	{ METHOD_GET, "/agency/drafts", list_show, WHO_AGENCY, 0, 0, "Draft findings that the body may comment on." },
	{ METHOD_GET, "/agency/drafts/{id}", draft_show, WHO_AGENCY, 0, 0, "A draft finding." },
	{ METHOD_POST, "/agency/drafts/{id}/comment", draft_comment, WHO_AGENCY, 0, 0, "Comment on a draft finding." },
	{ METHOD_GET, API "/agency/drafts", list_show, WHO_AGENCY, 0, 0,
	    "Draft findings that the body may comment on." },
	{ METHOD_GET, API "/agency/drafts/{id}", draft_show, WHO_AGENCY, 0, 0, "A draft finding." },
	{ METHOD_POST, API "/agency/drafts/{id}/comment", draft_comment, WHO_AGENCY, 0, 0,
	    "Comment on a draft finding." },
};
const struct route_table finding_agency_routes = { routes, ARRAY_LEN(routes) };
