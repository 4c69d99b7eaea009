/* Findings as officers see them: the text, the results by pair, comments, earlier versions. */
#include "base/util.h"
#include "casework/finding.h"
#include "casework/inquiry_view.h"
#include "finding.sql.h"

#include <inttypes.h>
#include <string.h>

static const char *tone_of(const char *state)
{
	return !strcmp(state, "draft")        ? "active"
	       : !strcmp(state, "circulated") ? "waiting"
	       : !strcmp(state, "issued")     ? "done"
					      : "closed";
}

static const char *result_tone(const char *result)
{
	return !*result ? "waiting" : finding_wrong(result) ? "refused" : "done";
}

/* "body_name" is what was written and signed; "body_shown" the same body in the reader's language. */
json_t *finding_results_json(const struct case_viewing *v, const char *text, int64_t at)
{
	json_t *list = NULL, *one;
	size_t i;
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &list, NULL))
		return json_array();
	json_array_foreach(list, i, one)
	{
		const struct issue issue = { .subject = json_str_or(one, "subject", "") };
		const char *result = json_str_or(one, "result", ""), *fault = json_str_or(one, "fault_type", "");
		json_put_int(one, "n", (int64_t)i + 1);
		json_put_str(one, "body_shown",
		    case_body_label(
			v->act, v->lang, json_str_or(one, "body_key", ""), json_str_or(one, "body_name", "")));
		json_put_str(
		    one, "right", arena_strdup(v->act->arena, issue_subject_name(v->act->office, v->lang, &issue, at)));
		json_put_str(one, "result_words",
		    *result ? issue_code_name(v->act->office, "findings", result, v->lang, at) : NULL);
		json_put_str(one, "result_tone", result_tone(result));
		json_put_str(
		    one, "fault_words", *fault ? issue_code_name(v->act->office, "faults", fault, v->lang, at) : NULL);
	}
	return list;
}

static void put_steps(
    const struct case_viewing *v, const struct inquiry_reader *reader, const char *state, json_t *json)
{
	const char *to;
	bool open = inquiry_may_go_on(v->c->state->phase, NULL) == OK;
	bool revise = open && reader->work && finding_next(state, FINDING_REVISE, &to, NULL) == OK;
	bool issue = open && reader->decide && finding_next(state, FINDING_ISSUE, &to, NULL) == OK;
	json_put_bool(json, "can_revise", revise);
	json_put_bool(
	    json, "can_circulate", open && reader->work && finding_next(state, FINDING_CIRCULATE, &to, NULL) == OK);
	json_put_bool(
	    json, "can_comment", open && reader->work && finding_next(state, FINDING_COMMENT, &to, NULL) == OK);
	json_put_bool(json, "can_issue", issue);
	json_put_bool(json, "can_drop", revise);
}

static json_t *finding_json(
    const struct case_viewing *v, const struct inquiry_reader *reader, const struct db_rows *rows)
{
	json_t *json = json_object();
	const char *state = db_col_text(rows, 1);
	int64_t issued_at = db_col_int(rows, 7);
	json_put_int(json, "id", db_col_int(rows, 0));
	json_put(json, "state", inquiry_state_json(v, "finding_state", state, tone_of(state)));
	json_put_int(json, "version", db_col_int(rows, 2));
	json_put_str(json, "drafted_name", db_col_text(rows, 3));
	view_put_day(v->act, v->lang, json, "drafted", db_col_int(rows, 4));
	view_put_day(v->act, v->lang, json, "circulated", db_col_int(rows, 5));
	json_put_str(json, "reason", db_col_text(rows, 6));
	view_put_day(v->act, v->lang, json, "issued", issued_at);
	json_put_str(json, "issued_name", db_col_text(rows, 8));
	json_put_str(json, "sha256", db_col_text(rows, 9));
	json_put_str(json, "facts", db_col_text(rows, 10));
	json_put_str(json, "reasons", db_col_text(rows, 11));
	json_put(json, "results", finding_results_json(v, db_col_text(rows, 12), issued_at ? issued_at : v->act->now));
	if (issued_at) /* as they were signed, for whoever computes the digest */
		json_put(json, "signed_results", json_loads(db_col_text(rows, 12), 0, NULL));
	json_put_str(json, "author_name", db_col_text(rows, 13));
	view_put_moment(v->act, v->lang, json, "written", db_col_int(rows, 14));
	json_put(json, "comments", json_array());
	json_put(json, "versions", json_array());
	json_put_bool(json, "has_comments", false);
	json_put_bool(json, "has_versions", false);
	put_steps(v, reader, state, json);
	return json;
}

static enum err put_comments(const struct case_viewing *v, json_t *list)
{
	const struct profile *profile = v->act->office->profile;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(v->act->tx, &sql_finding_comments_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *finding = inquiry_row(list, db_col_int(rows, 0)), *one = json_object();
		const char *position = db_col_text(rows, 8);
		bool person = !strcmp(db_col_text(rows, 3), "person"),
		     open = db_col_null(rows, 7) && !db_col_int(rows, 12);
		json_put_int(one, "id", db_col_int(rows, 1));
		json_put_int(one, "version", db_col_int(rows, 2));
		json_put_bool(one, "of_person", person);
		json_put_str(one, "whom",
		    person ? v->c->person_name
			   : case_body_label(v->act, v->lang, db_col_text(rows, 13), db_col_text(rows, 4)));
		view_put_day(v->act, v->lang, one, "asked", db_col_int(rows, 5));
		view_put_day(v->act, v->lang, one, "due", db_col_int(rows, 6));
		view_put_day(v->act, v->lang, one, "answered", db_col_int(rows, 7));
		json_put_str(
		    one, "opinion_words", *position ? event_code_words(v->lang, profile, "opinion", position) : NULL);
		json_put_str(one, "facts_wrong", db_col_text(rows, 9));
		json_put_str(one, "body", db_col_text(rows, 10));
		json_put_str(one, "entered_name", db_col_text(rows, 11));
		json_put_bool(one, "ended", db_col_int(rows, 12) != 0);
		json_put_bool(one, "late", open && v->act->now > db_col_int(rows, 6));
		json_put_bool(one, "can_enter", open && json_bool_or(finding, "can_comment", false));
		json_put_bool(finding, "has_comments", true);
		inquiry_add_to(finding, "comments", one);
	}
	return e ? e : db_rows_error(rows);
}

static enum err put_versions(const struct case_viewing *v, json_t *list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(v->act->tx, &sql_finding_versions_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *finding = inquiry_row(list, db_col_int(rows, 0)), *one = json_object();
		json_put_int(one, "version", db_col_int(rows, 1));
		json_put_str(one, "author_name", db_col_text(rows, 2));
		view_put_moment(v->act, v->lang, one, "written", db_col_int(rows, 3));
		json_put_str(one, "facts", db_col_text(rows, 4));
		json_put_str(one, "reasons", db_col_text(rows, 5));
		json_put_bool(finding, "has_versions", true);
		inquiry_add_to(finding, "versions", one);
	}
	return e ? e : db_rows_error(rows);
}

/* --- the form's rows --------------------------------------------------------------------------------------------- */

/* A list for a select with what the draft says chosen; after a refusal what was typed is chosen by the page's own door.
 */
static json_t *chosen_list(const json_t *from, const char *member, const char *value)
{
	json_t *list = json_deep_copy(from), *one;
	size_t i;
	json_array_foreach(list, i, one)
	    json_put_bool(one, "chosen", *value && !strcmp(json_str_or(one, member, ""), value));
	return list;
}

/* What was found on a pair, once it was issued, and what came of it. */
static void put_decided(const struct case_viewing *v, const struct issue *issue, json_t *one)
{
	const struct office *office = v->act->office;
	const char *f = issue->finding, *t = issue->fault_type, *o = issue->outcome;
	json_put_str(one, "finding", f);
	json_put_str(one, "fault_type", t);
	json_put_str(one, "outcome", o);
	json_put_str(one, "finding_words", *f ? issue_code_name(office, "findings", f, v->lang, v->act->now) : NULL);
	json_put_str(one, "finding_tone", result_tone(f));
	json_put_str(one, "fault_words", *t ? issue_code_name(office, "faults", t, v->lang, v->act->now) : NULL);
	json_put_str(one, "outcome_words", *o ? issue_code_name(office, "outcomes", o, v->lang, v->act->now) : NULL);
}

/* Each pair with its two selects: pairs[{n, pair_body, pair_right, result_field, fault_field, results[], faults[]}]. */
static enum err put_pairs(const struct case_viewing *v, const json_t *draft)
{
	struct issue_list issues;
	enum err e = issue_list(v->act->tx, v->act->arena, v->c, &issues);
	if (e)
		return e;
	json_t *pairs = json_array();
	json_t *results = json_owned(v->act->arena, issue_code_choices(v->act, "findings", v->lang));
	json_t *faults = json_owned(v->act->arena, issue_code_choices(v->act, "faults", v->lang));
	json_t *outcomes = json_owned(v->act->arena, issue_code_choices(v->act, "outcomes", v->lang));
	for (size_t i = 0; i < issues.n; i++) {
		json_t *one = json_object(), *said, *mine = NULL;
		size_t k;
		json_array_foreach(json_object_get(draft, "results"), k,
		    said) if (json_int_or(said, "issue", -1) == issues.at[i].id) mine = said;
		json_put_int(one, "n", (int64_t)i + 1);
		json_put_str(one, "pair_body", issue_body_name(v->act, v->lang, &issues.at[i]));
		json_put_str(
		    one, "pair_right", issue_subject_name(v->act->office, v->lang, &issues.at[i], v->c->received_at));
		json_put(one, "result_choices", chosen_list(results, "code", json_str_or(mine, "result", "")));
		json_put(one, "fault_choices", chosen_list(faults, "code", json_str_or(mine, "fault_type", "")));
		json_put(one, "outcome_choices", chosen_list(outcomes, "code", issues.at[i].outcome));
		put_decided(v, &issues.at[i], one);
		json_add(pairs, one);
	}
	json_put(v->view, "pairs", pairs);
	return OK;
}

enum err finding_view(const struct case_viewing *v, const struct inquiry_reader *reader)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array(), *open = NULL;
	enum err e = db_query(v->act->tx, &sql_finding_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *json = finding_json(v, reader, rows);
		if (json_bool_or(json, "can_revise", false) || json_bool_or(json, "can_issue", false))
			open = json;
		json_add(list, json);
	}
	view_put_list(v->view, "findings", list);
	if (!e)
		e = db_rows_error(rows);
	if (!e)
		e = put_comments(v, list);
	if (!e)
		e = put_versions(v, list);
	return e ? e : put_pairs(v, open);
}
