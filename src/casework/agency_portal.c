/* What a body sees: its list, one request, a file of it. */
#include "casework/agency_portal.h"

#include "agency.sql.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "office/blob.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- who may ----------------------------------------------------------------------------------------------------- */

enum err agency_object(const struct casefile_act *act, const struct agency_request *r, struct object *ret_object)
{
	const struct registry *bodies;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (!e)
		*ret_object = (struct object) { .casefile_id = r->casefile_id,
			.body = registry_path(bodies, act->arena, r->body_key) };
	return e;
}

enum err agency_open(const struct casefile_act *act, int64_t id, struct agency_request *ret, struct fault *fault)
{
	struct agency_request r;
	struct object object;
	enum err e = agency_load(act->tx, act->arena, id, &r);
	if (!e)
		e = agency_object(act, &r, &object);
	if (!e)
		e = may(act->actor, ACT_AGENCY_ANSWER, &object, fault);
	if (!e)
		*ret = r;
	return e;
}

/* --- the list ---------------------------------------------------------------------------------------------------- */

enum err agency_ask_parse(const char *of, const char *after, struct agency_ask *ret, struct fault *fault)
{
	struct agency_ask ask = { .ended = of && !strcmp(of, "answered") };
	char *end;
	if (of && *of && !ask.ended && strcmp(of, "open") != 0)
		return fault_set(fault, ERR_INVALID, "of", N_("There is no list of this name."), NULL);
	if (after && *after) {
		ask.keyed = true;
		ask.key_at = strtoll(after, &end, 10);
		if (*end == '.')
			ask.key_id = strtoll(end + 1, &end, 10);
		if (*end || end == after || ask.key_at < 0 || ask.key_id <= 0)
			return fault_set(
			    fault, ERR_INVALID, "after", N_("This page of the list does not exist."), NULL);
	}
	*ret = ask;
	return OK;
}

json_t *agency_state_json(enum lang lang, enum agency_state state)
{
	json_t *json = json_object();
	json_put_str(json, "key", agency_state_key(state));
	json_put_str(json, "label", text_get(lang, agency_state_label(state)));
	json_put_str(json, "tone", agency_state_tone(state));
	return json;
}

/* Days as the calendar counts them: "2 days left", "3 days late". */
static void put_due(const struct casefile_act *act, enum lang lang, json_t *json, int64_t asked_at, int64_t due_at)
{
	const struct case_clock_times times = { .started_at = asked_at, .due_at = due_at, .warn_hours = 72 };
	json_put(json, "clock", case_clock_mark(act, lang, &times));
	json_put_bool(json, "late", act->now > due_at);
}

static const char *body_label(const struct registry *bodies, enum lang lang, const char *key, const char *name)
{
	const struct body *body = registry_body(bodies, key);
	return body ? names_in(&body->name, lang) : name;
}

static json_t *row_json(
    const struct casefile_act *act, enum lang lang, const struct registry *bodies, const struct db_rows *rows)
{
	enum agency_state state = AGENCY_ASKED;
	json_t *row = json_object();
	if (!agency_state_parse(db_col_text(rows, 3), &state))
		return row;
	json_put_int(row, "id", db_col_int(rows, 0));
	json_put_str(row, "link", arena_printf(act->arena, "/agency/requests/%" PRId64, db_col_int(rows, 0)));
	json_put_str(row, "number", db_col_text(rows, 8));
	json_put_str(row, "body_label", body_label(bodies, lang, db_col_text(rows, 4), db_col_text(rows, 5)));
	view_put_day(act, lang, row, "asked", db_col_int(rows, 1));
	view_put_day(act, lang, row, "due", db_col_int(rows, 2));
	json_put(row, "state", agency_state_json(lang, state));
	if (agency_state_open(state))
		put_due(act, lang, row, db_col_int(rows, 1), db_col_int(rows, 2));
	else
		view_put_day(act, lang, row, "ended", db_col_int(rows, 7));
	return row;
}

static const struct db_sql *list_query(const struct actor *actor, bool ended)
{
	if (actor->below)
		return ended ? &sql_agency_list_ended_within : &sql_agency_list_open_within;
	return ended ? &sql_agency_list_ended : &sql_agency_list_open;
}

static enum err put_rows(const struct casefile_act *act, enum lang lang, const struct registry *bodies,
    const struct agency_ask *ask, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t at = ask->keyed ? ask->key_at : ask->ended ? INT64_MAX : -1, id = ask->keyed ? ask->key_id : 0;
	enum err e = db_query(act->tx, list_query(act->actor, ask->ended),
	    DB_ARGS(db_text(act->actor->body), db_int(at), db_int(id)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows)) {
		if (json_array_size(list) == AGENCY_PAGE) {
			json_put_str(view, "page_after", arena_printf(act->arena, "%" PRId64 ".%" PRId64, at, id));
			break;
		}
		at = db_col_int(rows, 7);
		id = db_col_int(rows, 0);
		json_add(list, row_json(act, lang, bodies, rows));
	}
	view_put_list(view, "requests", list);
	return json_object_get(view, "page_after") ? OK : db_rows_error(rows);
}

static void put_tabs(enum lang lang, bool ended, json_t *view)
{
	json_t *tabs = json_array();
	for (int i = 0; i < 2; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", i ? "answered" : "open");
		json_put_str(one, "tab_label", text_get(lang, i ? N_("Answered") : N_("To be answered")));
		json_put_bool(one, "chosen", ended == (i == 1));
		json_add(tabs, one);
	}
	json_put(view, "tabs", tabs);
	json_put_str(view, "of", ended ? "answered" : "open");
	json_put_bool(view, "ended_list", ended);
}

enum err agency_portal_list(const struct casefile_act *act, enum lang lang, const struct agency_ask *ask, json_t *view)
{
	const struct registry *bodies;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (e)
		return e;
	json_put_str(view, "body_title", body_label(bodies, lang, act->actor->body, act->actor->body));
	json_put_bool(view, "several", act->actor->below);
	put_tabs(lang, ask->ended, view);
	return put_rows(act, lang, bodies, ask, view);
}

/* --- one request ------------------------------------------------------------------------------------------------- */

/* One question a line; a sheet without questions has none. */
static json_t *questions_json(const char *lines)
{
	json_t *list = json_array();
	while (*lines) {
		size_t len = strcspn(lines, "\n");
		if (len)
			json_add(list, json_stringn(lines, len));
		lines += len + (lines[len] == '\n');
	}
	return list;
}

static void put_answer(const struct casefile_act *act, enum lang lang, const struct agency_request *r, json_t *json)
{
	struct civil day;
	json_put_str(json, "position", *r->position ? r->position : NULL);
	if (*r->position)
		json_put_str(
		    json, "position_words", event_code_words(lang, act->office->profile, "position", r->position));
	json_put_str(json, "answer", *r->reply ? r->reply : NULL);
	json_put_str(json, "offered", *r->remedy ? r->remedy : NULL);
	if (*r->remedy_due && !civil_parse(r->remedy_due, &day))
		view_put_day(act, lang, json, "offered_due", zone_day_start(act->office->profile->calendar.zone, day));
	view_put_day(act, lang, json, "offered_to_person", r->offered_at);
	json_put_bool(json, "person_accepts", !strcmp(r->person_answer, "accepts"));
	json_put_bool(json, "person_comments", !strcmp(r->person_answer, "comments"));
	json_put_str(json, "person_words", *r->person_words ? r->person_words : NULL);
	view_put_day(act, lang, json, "person_answered", r->person_at);
}

json_t *agency_request_json(const struct casefile_act *act, enum lang lang, const struct agency_request *r)
{
	json_t *json = json_object(), *questions = questions_json(r->questions);
	json_put_int(json, "id", r->id);
	json_put_int(json, "version", r->version);
	json_put_str(json, "whom", r->body_name);
	json_put_str(json, "body_key", *r->body_key ? r->body_key : NULL);
	json_put_str(json, "words", r->question);
	json_put_bool(json, "has_questions", json_array_size(questions) > 0);
	json_put(json, "questions", questions);
	json_put_bool(json, "told", r->told);
	json_put(json, "state", agency_state_json(lang, r->state));
	json_put_bool(json, "is_open", agency_state_open(r->state));
	view_put_day(act, lang, json, "asked", r->asked_at);
	view_put_day(act, lang, json, "due", r->due_at);
	view_put_day(act, lang, json, "reminded", r->reminded_at);
	view_put_day(act, lang, json, "escalated", r->escalated_at);
	view_put_day(act, lang, json, "answered", r->replied_at);
	view_put_day(act, lang, json, "withdrawn", r->withdrawn_at);
	json_put_str(json, "withdrawn_why", *r->withdrawn_why ? r->withdrawn_why : NULL);
	put_answer(act, lang, r, json);
	if (agency_state_open(r->state))
		put_due(act, lang, json, r->asked_at, r->due_at);
	return json;
}

json_t *agency_extension_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	json_t *one = json_object();
	bool decided = !db_col_null(rows, 4), granted = db_col_int(rows, 5) != 0;
	view_put_day(act, lang, one, "until", db_col_int(rows, 1));
	json_put_str(one, "wish", db_col_text(rows, 2));
	view_put_day(act, lang, one, "wished", db_col_int(rows, 3));
	json_put_bool(one, "undecided", !decided);
	json_put_bool(one, "granted", decided && granted);
	json_put_bool(one, "refused", decided && !granted);
	view_put_day(act, lang, one, "granted_until", db_col_int(rows, 6));
	json_put_str(one, "decision", db_col_text(rows, 7));
	return one;
}

static enum err put_extensions(const struct casefile_act *act, enum lang lang, int64_t id, json_t *json)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_agency_extensions_of_request, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows))
		json_add(list, agency_extension_json(act, lang, rows));
	view_put_list(json, "extensions", list);
	return db_rows_error(rows);
}

/* "document-3.pdf": what a file is called for a body that is not told who complained. */
static const char *plain_name(struct arena *arena, const char *name, int64_t id)
{
	const char *dot = strrchr(name, '.');
	bool ending = dot && strlen(dot) <= 6;
	for (const char *p = ending ? dot + 1 : ""; *p; p++)
		ending = ending && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9'));
	return arena_printf(arena, "document-%" PRId64 "%s", id, ending ? dot : "");
}

static enum err put_documents(
    const struct casefile_act *act, enum lang lang, const struct agency_request *r, json_t *json)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *sent = json_array(), *own = json_array();
	enum err e = db_query(act->tx, &sql_agency_documents_of_request, DB_ARGS(db_int(r->id)), &rows);
	while (!e && db_next(rows)) {
		bool from_body = db_col_int(rows, 4) != 0;
		const char *name = db_col_text(rows, 1);
		json_t *one = json_object();
		json_put_int(one, "id", db_col_int(rows, 0));
		json_put_str(
		    one, "file_name", from_body || r->told ? name : plain_name(act->arena, name, db_col_int(rows, 0)));
		json_put_str(one, "size", file_size_text(act->arena, lang, db_col_int(rows, 3)));
		json_put_str(one, "link",
		    arena_printf(
			act->arena, "/agency/requests/%" PRId64 "/documents/%" PRId64, r->id, db_col_int(rows, 0)));
		json_add(from_body ? own : sent, one);
	}
	view_put_list(json, "sent_files", sent);
	view_put_list(json, "own_files", own);
	return e ? e : db_rows_error(rows);
}

/* casefile.person_name is an alias where the identity is withheld: then that is all that is told. */
static enum err put_person(
    const struct casefile_act *act, const struct casefile *c, const struct agency_request *r, json_t *json)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *person = json_object();
	enum err e = OK;
	if (!r->told) {
		json_decref(person);
		return OK;
	}
	json_put_str(person, "person_name", c->person_name);
	if (!c->withheld)
		e = db_query(act->tx, &sql_agency_person, DB_ARGS(db_int(c->id)), &rows);
	if (!e && rows && db_next(rows)) {
		const char *father = db_col_text(rows, 1), *born = db_col_text(rows, 2);
		json_put_str(person, "father_name", *father ? father : NULL);
		json_put_str(person, "birth_date", *born ? born : NULL);
	}
	json_put(json, "complainant", person);
	return e ? e : rows ? db_rows_error(rows) : OK;
}

static void put_can(const struct casefile_act *act, enum lang lang, const struct casefile *c,
    const struct agency_request *r, int64_t granted, json_t *view)
{
	enum agency_state to;
	int64_t latest;
	bool closed = c->state->phase == PHASE_CLOSED;
	json_t *can = json_object();
	bool extend = agency_next(r, closed, AGENCY_EXTEND, &to, NULL) == OK &&
		      agency_extension_latest(act->office, r, granted, &latest, NULL) == OK && latest > r->due_at;
	json_put_bool(can, "answer", agency_next(r, closed, AGENCY_REPLY, &to, NULL) == OK);
	json_put_bool(can, "extend", extend);
	if (extend)
		view_put_day(act, lang, view, "extension_latest", latest);
	json_put(view, "can", can);
}

enum err agency_portal_show(
    const struct casefile_act *act, enum lang lang, int64_t id, json_t *view, struct fault *fault)
{
	struct agency_request r;
	struct casefile c;
	const struct registry *bodies;
	int64_t granted = 0;
	enum err e = agency_open(act, id, &r, fault);
	if (!e)
		e = casefile_load(act->office, act->tx, act->arena, r.casefile_id, &c);
	if (!e)
		e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (!e)
		e = db_get_int(act->tx, &sql_agency_extensions_granted, DB_ARGS(db_int(id)), &granted);
	if (e)
		return e;
	json_t *json = agency_request_json(act, lang, &r);
	json_put_str(json, "whom", body_label(bodies, lang, r.body_key, r.body_name));
	json_put_str(json, "number", c.number);
	json_put(view, "request", json);
	json_put_str(view, "title", c.number);
	put_can(act, lang, &c, &r, granted, view);
	e = put_extensions(act, lang, id, json);
	if (!e)
		e = put_documents(act, lang, &r, json);
	return e ? e : put_person(act, &c, &r, json);
}

/* --- a file ------------------------------------------------------------------------------------------------------ */

enum err agency_portal_file(const struct casefile_act *act, int64_t request_id, int64_t document_id,
    struct agency_file *ret, struct fault *fault)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct agency_request r;
	enum err e = agency_open(act, request_id, &r, fault);
	if (!e)
		e = db_query(
		    act->tx, &sql_agency_document_of_request, DB_ARGS(db_int(request_id), db_int(document_id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	const char *name = db_col_text(rows, 0);
	bool plain = !r.told && !db_col_int(rows, 4);
	*ret = (struct agency_file) { .name = plain ? plain_name(act->arena, name, document_id)
						    : arena_strdup(act->arena, name),
		.type = arena_strdup(act->arena, db_col_text(rows, 1)),
		.size = db_col_int(rows, 2),
		.sha256 = arena_strdup(act->arena, db_col_text(rows, 3)) };
	return OK;
}
