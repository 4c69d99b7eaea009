/* The tab "inquiry": hearings, mediation from outside, findings, recommendations, and what can be done now. */
#include "base/util.h"
#include "casework/finding.h"
#include "casework/hearing.h"
#include "casework/inquiry_view.h"
#include "casework/mediation.h"
#include "casework/recommendation.h"
#include "mediation.sql.h"

#include <string.h>

/* --- for all parts ----------------------------------------------------------------------------------------------- */

json_t *inquiry_state_json(const struct case_viewing *v, const char *member, const char *key, const char *tone)
{
	json_t *tag = json_object();
	json_put_str(tag, "key", key);
	json_put_str(tag, "label", event_code_words(v->lang, v->act->office->profile, member, key));
	json_put_str(tag, "tone", tone);
	return tag;
}

json_t *inquiry_row(json_t *list, int64_t id)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (json_int_or(one, "id", 0) == id) return one;
	return NULL;
}

void inquiry_add_to(json_t *row, const char *key, json_t *one)
{
	json_t *list = row ? json_object_get(row, key) : NULL;
	if (list)
		json_add(list, one);
	else
		json_decref(one);
}

/* --- mediation from outside -------------------------------------------------------------------------------------- */

enum err mediation_view(const struct case_viewing *v)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	bool running = false;
	enum err e = db_query(v->act->tx, &sql_mediation_outside, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		const char *state = db_col_text(rows, 0);
		json_t *one = json_object();
		running = running || !strcmp(state, "open");
		json_put(one, "state",
		    inquiry_state_json(v, "mediation", state,
			!strcmp(state, "open")      ? "active"
			: !strcmp(state, "settled") ? "done"
						    : "closed"));
		view_put_day(v->act, v->lang, one, "started", db_col_int(rows, 1));
		view_put_day(v->act, v->lang, one, "ended", db_col_int(rows, 2));
		json_put_str(one, "mediator_name", db_col_text(rows, 3));
		json_put_str(one, "settlement", db_col_text(rows, 4));
		json_add(list, one);
	}
	view_put_list(v->view, "mediations", list);
	json_put_bool(v->view, "mediation_runs", running);
	return e ? e : db_rows_error(rows);
}

/* --- what the forms begin with ----------------------------------------------------------------------------------- */

/* Officers to choose from; for the mediator those whose roles mediate, and not who works on the case. */
static enum err put_people(const struct case_viewing *v, bool mediators)
{
	json_t *all, *one, *list = json_array();
	size_t i;
	enum err e = staff_list(v->act->tx, NULL, &all);
	if (e)
		return e;
	json_array_foreach(all, i, one)
	{
		struct rights rights = { 0 };
		int64_t id = json_int_or(one, "id", 0);
		bool fits = !mediators ||
			    (!rights_of(v->act->office->profile, json_str_or(one, "roles", ""), &rights, NULL) &&
				rights.scope[ACT_CASE_MEDIATE] && id != v->c->assigned_to && !ids_hold(v->c->team, id));
		if (!fits)
			continue;
		json_put_bool(one, "chosen", !mediators && id == v->c->assigned_to);
		json_add(list, json_incref(one));
	}
	json_decref(all);
	view_put_list(v->view, mediators ? "mediators" : "officers", list);
	return OK;
}

/* Documents of the case, for what shows that a body acted. */
static enum err put_documents(const struct case_viewing *v)
{
	json_t *list;
	enum err e = document_list(v->act->tx, v->act->office, v->lang, v->c->id, &list);
	if (!e)
		view_put_list(v->view, "case_documents", list);
	return e;
}

/* The bodies of the pairs, one a line: who is invited. */
static enum err put_bodies(const struct case_viewing *v)
{
	struct issue_list issues;
	const char *lines = "", *first = "";
	enum err e = issue_list(v->act->tx, v->act->arena, v->c, &issues);
	for (size_t i = 0; !e && i < issues.n; i++) {
		const char *name = issue_body_name(v->act, v->lang, &issues.at[i]);
		if (i == 0)
			first = name;
		if (*name && !strstr(lines, name))
			lines = arena_printf(v->act->arena, "%s%s%s", lines, *lines ? "\n" : "", name);
	}
	json_put_str(v->view, "pair_bodies", lines);
	json_put_str(v->view, "first_body", first);
	json_put_str(v->view, "first_body_key", e ? "" : issues.at[0].body_key);
	return e;
}

static void put_notice(const struct case_viewing *v)
{
	const struct profile *profile = v->act->office->profile;
	enum lang lang = profile->language;
	json_t *values = json_object();
	lang_parse(v->c->lang, &lang);
	json_put_str(values, "number", v->c->number);
	json_put_str(values, "name", v->c->person_name);
	json_put_str(values, "office", names_in(&profile->name, lang));
	json_put_str(values, "body", case_body_label(v->act, lang, v->c->body_key, v->c->body_name));
	json_put_str(values, "address", names_in(&profile->contact.address, lang));
	json_put_str(values, "date", "{date}"); /* known when it is set: hearing_set puts them in */
	json_put_str(values, "place", "{place}");
	json_put_str(v->view, "notice_text", letter_text(v->act->arena, profile, lang, "hearing_notice", values));
	json_decref(values);
}

static bool in_draft(const struct case_viewing *v)
{
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(v->view, "findings"), i, one)
	{
		const char *state = json_str_or(json_object_get(one, "state"), "key", "");
		if (!strcmp(state, "draft") || !strcmp(state, "circulated"))
			return true;
	}
	return false;
}

static void put_can(const struct case_viewing *v, const struct inquiry_reader *reader)
{
	enum phase phase = v->c->state->phase;
	bool begin = inquiry_may_begin(phase, NULL) == OK;
	json_t *can = json_object();
	json_put_bool(can, "set", reader->work && begin);
	json_put_bool(can, "mediate",
	    reader->work && begin && !json_bool_or(v->view, "mediation_runs", false) &&
		json_bool_or(v->view, "has_mediators", false));
	json_put_bool(can, "draft", reader->work && begin && !in_draft(v));
	json_put_bool(can, "recommend", reader->decide && recommendation_may_issue(phase, NULL) == OK);
	json_put_bool(can, "outcomes", reader->work);
	json_put(v->view, "inquiry", can);
}

static enum err fill(const struct case_viewing *v)
{
	const struct object object = casefile_object(v->c);
	const struct inquiry_reader reader = { .work = may(v->act->actor, ACT_CASE_WORK, &object, NULL) == OK,
		.decide = may(v->act->actor, ACT_CASE_DECIDE, &object, NULL) == OK };
	enum err e = hearing_view(v, &reader);
	if (!e)
		e = mediation_view(v);
	if (!e)
		e = finding_view(v, &reader);
	if (!e)
		e = recommendation_view(v, &reader);
	if (!e)
		e = put_bodies(v);
	if (!e && reader.work)
		e = put_people(v, false);
	if (!e && reader.work)
		e = put_people(v, true);
	if (!e && reader.work)
		e = put_documents(v);
	if (!e)
		put_notice(v);
	put_can(v, &reader);
	return e;
}

const struct case_tab inquiry_tab = { "inquiry", N_("Inquiry and decision"), ACT_CASE_READ, "case/inquiry", fill };
