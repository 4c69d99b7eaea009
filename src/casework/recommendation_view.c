/* Recommendations as officers see them: what was recommended, every answer, reminder and assessment since. */
#include "base/util.h"
#include "casework/inquiry_view.h"
#include "casework/recommendation.h"
#include "recommendation.sql.h"

#include <inttypes.h>
#include <string.h>

const char *recommendation_tone(const char *state)
{
	if (!strcmp(state, "implemented"))
		return "done";
	if (!strcmp(state, "refused") || !strcmp(state, "defied"))
		return "refused";
	return strcmp(state, "issued") ? "active" : "waiting";
}

static void put_steps(
    const struct case_viewing *v, const struct inquiry_reader *reader, const struct db_rows *rows, json_t *json)
{
	const struct recommendation r = {
		.state = db_col_text(rows, 8), .due_at = db_col_int(rows, 7), .escalated = db_col_text(rows, 14)
	};
	json_put_bool(
	    json, "can_reply", reader->work && !recommendation_may(&r, RECOMMENDATION_REPLY, v->act->now, NULL));
	json_put_bool(
	    json, "can_assess", reader->work && !recommendation_may(&r, RECOMMENDATION_ASSESS, v->act->now, NULL));
	json_put_bool(
	    json, "can_remind", reader->work && !recommendation_may(&r, RECOMMENDATION_REMIND, v->act->now, NULL));
	bool escalate = reader->decide && !recommendation_may(&r, RECOMMENDATION_ESCALATE, v->act->now, NULL);
	json_t *steps = json_array();
	for (size_t i = 0; recommendation_steps[i]; i++) {
		json_t *one = json_object();
		if (recommendation_may_step(r.escalated, recommendation_steps[i], NULL)) {
			json_decref(one);
			continue;
		}
		json_put_str(one, "code", recommendation_steps[i]);
		json_put_str(one, "step_label",
		    event_code_words(v->lang, v->act->office->profile, "step", recommendation_steps[i]));
		json_add(steps, one);
	}
	json_put_bool(json, "can_escalate", escalate && json_array_size(steps) > 0);
	json_put(json, "steps", steps);
}

static json_t *recommendation_json(
    const struct case_viewing *v, const struct inquiry_reader *reader, const struct db_rows *rows)
{
	const struct profile *profile = v->act->office->profile;
	const char *state = db_col_text(rows, 8), *kind = db_col_text(rows, 2), *degree = db_col_text(rows, 11);
	json_t *json = json_object();
	json_put_int(json, "id", db_col_int(rows, 0));
	json_put_str(json, "whom", db_col_text(rows, 1));
	json_put_str(json, "rec_kind", kind);
	json_put_str(json, "kind_words", event_code_words(v->lang, profile, "rec_kind", kind));
	json_put_str(json, "words", db_col_text(rows, 3));
	json_put_str(json, "public_text", db_col_text(rows, 4));
	json_put_str(json, "ground", db_col_text(rows, 5));
	view_put_day(v->act, v->lang, json, "asked", db_col_int(rows, 6));
	view_put_day(v->act, v->lang, json, "due", db_col_int(rows, 7));
	json_put(json, "state", inquiry_state_json(v, "state", state, recommendation_tone(state)));
	json_put_str(json, "reply", db_col_text(rows, 9));
	view_put_day(v->act, v->lang, json, "replied", db_col_int(rows, 10));
	json_put_str(json, "degree", degree);
	json_put_str(json, "degree_words", *degree ? event_code_words(v->lang, profile, "degree", degree) : NULL);
	view_put_day(v->act, v->lang, json, "reminded", db_col_int(rows, 12));
	json_put_int(json, "reminders", db_col_int(rows, 13));
	json_put_bool(json, "late", strcmp(state, "implemented") && v->act->now > db_col_int(rows, 7));
	json_put(json, "assessments", json_array());
	json_put(json, "acts", json_array());
	json_put_bool(json, "has_assessments", false);
	json_put_bool(json, "has_acts", false);
	/* Made before assessments were kept one by one: what was known then stands alone. */
	json_put_str(json, "answer", db_col_text(rows, 15));
	view_put_day(v->act, v->lang, json, "answered", db_col_int(rows, 16));
	put_steps(v, reader, rows, json);
	return json;
}

static enum err put_assessments(const struct case_viewing *v, json_t *list, json_t *flat)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e =
	    db_query(v->act->tx, &sql_recommendation_assessments_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *r = inquiry_row(list, db_col_int(rows, 0)), *one = json_object();
		json_put_int(one, "id", db_col_int(rows, 1));
		json_put_str(one, "degree", db_col_text(rows, 2));
		json_put_str(one, "degree_words",
		    event_code_words(v->lang, v->act->office->profile, "degree", db_col_text(rows, 2)));
		json_put_str(one, "body", db_col_text(rows, 3));
		json_put_str(one, "by_name", db_col_text(rows, 4));
		view_put_moment(v->act, v->lang, one, "made", db_col_int(rows, 5));
		json_put(one, "papers", json_array());
		json_put_bool(r, "has_assessments", true);
		json_add(flat, json_incref(one));
		inquiry_add_to(r, "assessments", one);
	}
	return e ? e : db_rows_error(rows);
}

static enum err put_papers(const struct case_viewing *v, json_t *assessments)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(v->act->tx, &sql_recommendation_documents_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		json_put_int(one, "id", db_col_int(rows, 1));
		json_put_str(one, "paper_name", db_col_text(rows, 2));
		json_put_str(one, "link", arena_printf(v->act->arena, "/desk/documents/%" PRId64, db_col_int(rows, 1)));
		inquiry_add_to(inquiry_row(assessments, db_col_int(rows, 0)), "papers", one);
	}
	return e ? e : db_rows_error(rows);
}

static const char *act_words(const struct case_viewing *v, const char *kind, const char *value)
{
	const struct profile *profile = v->act->office->profile;
	if (!strcmp(kind, "remind"))
		return text_get(v->lang, N_("Reminded"));
	return event_code_words(v->lang, profile, strcmp(kind, "reply") ? "step" : "state", value);
}

static enum err put_acts(const struct case_viewing *v, json_t *list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(v->act->tx, &sql_recommendation_acts_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *r = inquiry_row(list, db_col_int(rows, 0)), *one = json_object();
		json_put_str(one, "act", db_col_text(rows, 1));
		json_put_str(one, "act_words", act_words(v, db_col_text(rows, 1), db_col_text(rows, 2)));
		json_put_str(one, "body", db_col_text(rows, 3));
		json_put_str(one, "by_name", db_col_text(rows, 4));
		view_put_moment(v->act, v->lang, one, "made", db_col_int(rows, 5));
		json_put_bool(r, "has_acts", true);
		inquiry_add_to(r, "acts", one);
	}
	return e ? e : db_rows_error(rows);
}

enum err recommendation_view(const struct case_viewing *v, const struct inquiry_reader *reader)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array(), *assessments = json_owned(v->act->arena, json_array());
	enum err e = db_query(v->act->tx, &sql_recommendation_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows))
		json_add(list, recommendation_json(v, reader, rows));
	view_put_list(v->view, "recommendations", list);
	if (!e)
		e = db_rows_error(rows);
	if (!e)
		e = put_assessments(v, list, assessments);
	if (!e)
		e = put_papers(v, assessments);
	return e ? e : put_acts(v, list);
}
