/* Recommendations to a body on its own pages and for its programs: list, one of them, its reply with what shows it. */
#include "casework/agency_portal.h"

#include "agency.sql.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/recommendation.h"
#include "casework/upload_rules.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 5000

static struct casefile_act act_in(struct request *rq, struct db_tx *tx)
{
	return (struct casefile_act) { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
}

struct work {
	struct request *rq;
	struct agency_ask ask;
	int64_t id;
	json_t *view; /* made afresh by each run */
	const char *reply, *words;
	struct document_new *files;
	size_t file_count;
	struct fault fault;
};

/* --- the list ---------------------------------------------------------------------------------------------------- */

static const char *tone_of(const char *state)
{
	static const char *const tones[][2] = { { "issued", "waiting" }, { "accepted", "active" },
		{ "partly", "active" }, { "implemented", "done" } };
	for (size_t i = 0; i < ARRAY_LEN(tones); i++)
		if (!strcmp(tones[i][0], state))
			return tones[i][1];
	return "refused";
}

static json_t *state_json(const struct casefile_act *act, enum lang lang, const char *state)
{
	json_t *json = json_object();
	json_put_str(json, "key", state);
	json_put_str(json, "label", event_code_words(lang, act->office->profile, "state", state));
	json_put_str(json, "tone", tone_of(state));
	return json;
}

static json_t *row_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	const char *state = db_col_text(rows, 5);
	json_t *row = json_object();
	json_put_int(row, "id", db_col_int(rows, 0));
	json_put_str(row, "link", arena_printf(act->arena, "/agency/recommendations/%" PRId64, db_col_int(rows, 0)));
	json_put_str(row, "number", db_col_text(rows, 7));
	json_put_str(row, "body_label", case_body_label(act, lang, db_col_text(rows, 1), db_col_text(rows, 2)));
	json_put_str(row, "measure", db_col_text(rows, 3));
	view_put_day(act, lang, row, "due", db_col_int(rows, 4));
	json_put(row, "state", state_json(act, lang, state));
	json_put_bool(row, "late", strcmp(state, "implemented") && act->now > db_col_int(rows, 4));
	return row;
}

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const struct casefile_act act = act_in(work->rq, tx);
	const struct agency_ask *ask = &work->ask;
	int64_t at = ask->keyed ? ask->key_at : ask->ended ? INT64_MAX : -1, id = ask->keyed ? ask->key_id : 0;
	work->view = json_owned(work->rq->arena, json_object());
	enum err e = db_query(tx, ask->ended ? &sql_agency_recommendations_done : &sql_agency_recommendations,
	    DB_ARGS(db_text(act.actor->body), db_int(at), db_int(id), db_int(act.actor->below)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows)) {
		if (json_array_size(list) == AGENCY_PAGE) {
			json_put_str(work->view, "page_after", arena_printf(act.arena, "%" PRId64 ".%" PRId64, at, id));
			break;
		}
		at = db_col_int(rows, 6);
		id = db_col_int(rows, 0);
		json_add(list, row_json(&act, work->rq->lang, rows));
	}
	view_put_list(work->view, "rows", list);
	json_put_bool(work->view, "several", act.actor->below);
	json_put_bool(work->view, "ended_list", ask->ended);
	json_put_str(work->view, "of", ask->ended ? "answered" : "open");
	return json_object_get(work->view, "page_after") ? OK : db_rows_error(rows);
}

static enum err list_show(struct request *rq, struct reply *rp)
{
	struct work work = { .rq = rq };
	enum err e = may_somewhere(actor_of(rq), ACT_AGENCY_ANSWER) ? OK : ERR_DENIED;
	if (!e)
		e = agency_ask_parse(request_query(rq, "of"), request_query(rq, "after"), &work.ask, &work.fault);
	if (!e)
		e = db_read(office_of(rq)->db, read_list, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "agency.list", "recommendation:list");
	json_put_str(work.view, "title", text_get(rq->lang, N_("Recommendations to your institution")));
	return reply_view(rp, "agency/recommendations", json_incref(work.view));
}

/* --- one of them ------------------------------------------------------------------------------------------------- */

static enum err open_one(
    const struct casefile_act *act, struct work *work, struct recommendation *r, struct casefile *c)
{
	work->fault = (struct fault) { 0 };
	enum err e = recommendation_load(act->tx, act->arena, work->id, r);
	if (e)
		return e;
	const struct registry *bodies;
	e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (e)
		return e;
	const struct object object = { .casefile_id = r->casefile_id,
		.body = registry_path(bodies, act->arena, r->body_key) };
	e = may(act->actor, ACT_AGENCY_ANSWER, &object, &work->fault);
	return e ? e : casefile_load(act->office, act->tx, act->arena, r->casefile_id, c);
}

static enum err put_replies(const struct casefile_act *act, enum lang lang, int64_t id, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_agency_recommendation_replies, DB_ARGS(db_int(id)), &rows);
	json_t *list = json_array();
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		json_put_str(
		    one, "reply_words", event_code_words(lang, act->office->profile, "state", db_col_text(rows, 0)));
		json_put_str(one, "said", db_col_text(rows, 1));
		view_put_day(act, lang, one, "when", db_col_int(rows, 2));
		json_add(list, one);
	}
	view_put_list(view, "replies", list);
	return e ? e : db_rows_error(rows);
}

static enum err read_one(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	enum lang lang = work->rq->lang;
	const struct casefile_act act = act_in(work->rq, tx);
	struct recommendation r;
	struct casefile c;
	work->view = json_owned(work->rq->arena, json_object());
	enum err e = open_one(&act, work, &r, &c);
	if (e)
		return e;
	json_t *one = json_object(), *can = json_object();
	json_put_int(one, "id", r.id);
	json_put_str(one, "number", c.number);
	json_put_str(one, "whom", case_body_label(&act, lang, r.body_key, r.addressee));
	json_put_str(one, "measure", r.measure);
	view_put_day(&act, lang, one, "issued", r.issued_at);
	view_put_day(&act, lang, one, "due", r.due_at);
	json_put(one, "state", state_json(&act, lang, r.state));
	json_put_bool(one, "late", strcmp(r.state, "implemented") && act.now > r.due_at);
	json_put(work->view, "recommendation", one);
	json_put_bool(can, "reply", recommendation_may(&r, RECOMMENDATION_REPLY, act.now, NULL) == OK);
	json_put(work->view, "can", can);
	json_put_str(work->view, "title", c.number);
	return put_replies(&act, lang, r.id, work->view);
}

static enum err load_one(struct work *work)
{
	char object[64];
	struct request *rq = work->rq;
	const char *done = request_query(rq, "done");
	enum err e = db_read(office_of(rq)->db, read_one, work);
	if (e)
		return e;
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "agency.read",
	    journal_object(object, "recommendation", work->id));
	if (done && !strcmp(done, "reply")) {
		json_t *notice = json_object();
		json_put_str(notice, "kind", "ok");
		json_put_str(
		    notice, "text", text_get(rq->lang, N_("Your answer was sent. The ombudsman's office has it.")));
		json_put(work->view, "notice", notice);
	}
	return OK;
}

static enum err one_show(struct request *rq, struct reply *rp)
{
	struct work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = load_one(&work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	return reply_view(rp, "agency/recommendation", json_incref(work.view));
}

/* --- its reply --------------------------------------------------------------------------------------------------- */

struct reply_form {
	const char *answer, *words;
};
static const struct field reply_fields[] = {
	FIELD_OF(struct reply_form, answer, recommendation_replies, FIELD_REQUIRED, N_("Your answer")),
	FIELD(struct reply_form, words, FIELD_LINES, WORDS_MAX, FIELD_REQUIRED, N_("What was done, or why not")),
};

static enum err look_first(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	struct recommendation r;
	struct casefile c;
	return open_one(&act, work, &r, &c);
}

static enum err write_reply(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	struct recommendation r;
	struct casefile c;
	enum err e = open_one(&act, work, &r, &c);
	if (!e)
		e = recommendation_reply(&act, &c, r.id, work->reply, work->words, &work->fault);
	if (!e)
		e = uploads_present(tx, work->files, work->file_count);
	for (size_t i = 0; !e && i < work->file_count; i++) {
		int64_t id;
		e = document_add(&act, c.id, &work->files[i], &id);
	}
	return e ? e : agency_notify(&act, &c, 0, r.addressee, "agency_recommendation");
}

static enum err show_again(struct reply *rp, void *arg, struct faults *faults, enum err why)
{
	struct work *work = arg;
	if (work->rq->api)
		return reply_form(rp, NULL, NULL, reply_fields, ARRAY_LEN(reply_fields), faults);
	enum err e = load_one(work);
	if (e)
		return work->fault.code ? reply_fault(rp, &work->fault) : e;
	e = reply_form(
	    rp, "agency/recommendation", json_incref(work->view), reply_fields, ARRAY_LEN(reply_fields), faults);
	rp->status = err_http_status(why);
	return e;
}

static enum err one_reply(struct request *rq, struct reply *rp)
{
	struct work work = { .rq = rq, .id = request_param_int(rq, "id") };
	struct reply_form form;
	struct faults faults = { 0 };
	/* Whoever may not answer shall not fill the disk either. */
	enum err e = db_read(office_of(rq)->db, look_first, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	e = form_parse(rq, reply_fields, ARRAY_LEN(reply_fields), &form, &faults);
	work.files = uploads_checked(rq, "files", (size_t)office_of(rq)->config.files_limit, &work.file_count, &faults);
	if (e || faults.n)
		return show_again(rp, &work, &faults, ERR_INVALID);
	work.reply = form.answer;
	work.words = form.words;
	for (size_t i = 0; i < work.file_count; i++)
		work.files[i].origin = "agency";
	e = uploads_store(rq, work.files, work.file_count);
	if (!e)
		e = db_write(office_of(rq)->db, write_reply, &work);
	if (e)
		return reply_refused(rp, &work.fault, e, show_again, &work);
	if (!rq->api)
		return reply_see_other(rp, "/agency/recommendations/%" PRId64 "?done=reply", work.id);
	e = load_one(&work);
	return e ? e : reply_view(rp, NULL, json_incref(work.view));
}

/* --- routes ------------------------------------------------------------------------------------------------------ */

#define DOOR(method_, path_, run_, flags_, help_)                                                                      \
	{ method_, "/agency/recommendations" path_, run_, WHO_AGENCY, flags_, 0, help_ },                              \
	{                                                                                                              \
		method_, "/api/v1/agency/recommendations" path_, run_, WHO_AGENCY, flags_, 0, help_                    \
	}

static const struct route routes[] = {
	DOOR(METHOD_GET, "", list_show, 0, "Recommendations to the reader's institution."),
	DOOR(METHOD_GET, "/{id}", one_show, 0, "One recommendation with the replies to it."),
	DOOR(METHOD_POST, "/{id}/reply", one_reply, ROUTE_UPLOAD, "Reply to a recommendation, with what shows it."),
};
const struct route_table agency_recommendation_routes = { routes, ARRAY_LEN(routes) };
