/* What the person sees of inquiry and decision, in plain words, and the comments they send. */
#include "base/util.h"
#include "casework/finding.h"
#include "casework/inquiry_view.h"
#include "casework/public.h"
#include "finding.sql.h"
#include "mediation.sql.h"
#include "recommendation.sql.h"

#include <string.h>

/* --- what they see ----------------------------------------------------------------------------------------------- */

static json_t *text_of_finding(const struct case_viewing *v, const struct db_rows *rows)
{
	json_t *json = json_object();
	int64_t issued_at = db_col_int(rows, 7);
	json_put_int(json, "id", db_col_int(rows, 0));
	json_put_str(json, "facts", db_col_text(rows, 10));
	json_put_str(json, "reasons", db_col_text(rows, 11));
	view_put_day(v->act, v->lang, json, "issued", issued_at);
	json_put_str(json, "issued_name", db_col_text(rows, 8));
	json_put(json, "results", finding_results_json(v, db_col_text(rows, 12), issued_at ? issued_at : v->act->now));
	return json;
}

/* The draft whose comments they are asked for; the newest question counts. */
static enum err put_question(const struct case_viewing *v, json_t *drafts)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(v->act->tx, &sql_finding_comments_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *finding = inquiry_row(drafts, db_col_int(rows, 0));
		if (!finding || strcmp(db_col_text(rows, 3), "person") || !db_col_null(rows, 7) || db_col_int(rows, 12))
			continue;
		json_t *draft = json_copy(finding);
		json_put_int(draft, "comment_id", db_col_int(rows, 1));
		view_put_day(v->act, v->lang, draft, "due", db_col_int(rows, 6));
		json_put(v->view, "draft_finding", draft);
	}
	return e ? e : db_rows_error(rows);
}

static enum err put_findings(const struct case_viewing *v)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *issued = json_array(), *drafts = json_owned(v->act->arena, json_array());
	enum err e = db_query(v->act->tx, &sql_finding_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		const char *state = db_col_text(rows, 1);
		if (!strcmp(state, "issued"))
			json_add(issued, text_of_finding(v, rows));
		else if (!strcmp(state, "circulated"))
			json_add(drafts, text_of_finding(v, rows));
	}
	view_put_list(v->view, "findings", issued);
	if (!e)
		e = db_rows_error(rows);
	return e ? e : put_question(v, drafts);
}

static const char *compliance_words(const struct case_viewing *v, const char *state, const char *degree)
{
	static const struct {
		const char *degree, *words;
	} told[] = {
		{ "none", N_("So far nothing has been done.") },
		{ "partly", N_("A part of it has been done.") },
		{ "substantially", N_("Most of it has been done.") },
		{ "fully", N_("It has been done.") },
	};
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		if (!strcmp(told[i].degree, degree))
			return text_get(v->lang, told[i].words);
	if (!strcmp(state, "refused"))
		return text_get(v->lang, N_("The body refuses. We are looking at what can be done."));
	if (!strcmp(state, "defied"))
		return text_get(v->lang, N_("The body does not follow it. We have turned to those above it."));
	if (!strcmp(state, "issued"))
		return text_get(v->lang, N_("The body has not answered yet."));
	return text_get(v->lang, N_("The body agreed; we are watching that it acts."));
}

static enum err put_recommendations(const struct case_viewing *v)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(v->act->tx, &sql_recommendation_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		json_put_str(one, "whom", db_col_text(rows, 1));
		json_put_str(one, "words", db_col_text(rows, 3));
		view_put_day(v->act, v->lang, one, "asked", db_col_int(rows, 6));
		view_put_day(v->act, v->lang, one, "due", db_col_int(rows, 7));
		json_put_str(one, "compliance", compliance_words(v, db_col_text(rows, 8), db_col_text(rows, 11)));
		json_add(list, one);
	}
	view_put_list(v->view, "recommendations", list);
	return e ? e : db_rows_error(rows);
}

static enum err put_settlements(const struct case_viewing *v)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(v->act->tx, &sql_mediation_outside, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		if (strcmp(db_col_text(rows, 0), "settled"))
			continue;
		json_t *one = json_object();
		json_put_str(one, "settlement", db_col_text(rows, 4));
		view_put_day(v->act, v->lang, one, "ended", db_col_int(rows, 2));
		json_add(list, one);
	}
	view_put_list(v->view, "settlements", list);
	return e ? e : db_rows_error(rows);
}

enum err inquiry_person_view(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *view)
{
	const struct case_viewing v = { .act = act, .lang = lang, .c = c, .view = view };
	enum err e = put_findings(&v);
	if (!e)
		e = put_recommendations(&v);
	return e ? e : put_settlements(&v);
}

/* --- what they send ---------------------------------------------------------------------------------------------- */

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
	const struct comment_form *form;
	struct fault *fault;
};

static enum err write_comment(struct db_tx *tx, void *arg)
{
	const struct comment_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	const struct finding_opinion opinion = { work->form->opinion, work->form->facts_wrong, work->form->comment };
	struct casefile c;
	*work->fault = (struct fault) { 0 };
	enum err e = casefile_load(act.office, tx, rq->arena, act.actor->id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	e = may(act.actor, ACT_CASE_FOLLOW, &object, work->fault);
	return e ? e : finding_comment(&act, &c, request_param_int(rq, "n"), &opinion, work->fault);
}

static enum err track_comment(struct request *rq, struct reply *rp)
{
	struct comment_form form;
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	struct comment_work work = { .rq = rq, .form = &form, .fault = &fault };
	if (form_parse(rq, comment_fields, ARRAY_LEN(comment_fields), &form, &faults))
		return track_case_again(rq, rp, comment_fields, ARRAY_LEN(comment_fields), &faults, ERR_INVALID);
	enum err e = db_write(office_of(rq)->db, write_comment, &work);
	if (e == ERR_CONFLICT && fault.key) {
		fault.field[0] = '\0'; /* the question is gone; there is no field to jump to */
		faults_add(&faults, &fault);
		return track_case_again(rq, rp, comment_fields, ARRAY_LEN(comment_fields), &faults, e);
	}
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	return reply_see_other(rp, "/track/case?done=comment#findings");
}

static const struct route routes[] = {
	{ METHOD_POST, "/track/findings/{n}/comment", track_comment, WHO_PERSON, 0, 0,
	    "The person's comments on a draft finding." },
};
const struct route_table inquiry_person_routes = { routes, ARRAY_LEN(routes) };
