/* Builds the officer's view of a case from what eight statements read. */
#include "casework/case_view.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/agency_portal.h"
#include "casework/assignment.h"
#include "casework/inquiry_view.h"
#include "casework/recommendation.h"
#include "desk.sql.h"
#include "office/current.h"
#include "text/country.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

struct viewing {
	const struct casefile_act *act;
	enum lang lang;
	const struct casefile *c;
	json_t *view;
	json_t *content;          /* what was filed */
	bool acknowledged, knows; /* knows: who the person is */
};

json_t *case_state_json(enum lang lang, const struct state *state)
{
	json_t *json = json_object();
	json_put_str(json, "key", state->key);
	json_put_str(json, "label", names_in(&state->name, lang));
	json_put_str(json, "tone", state->tone);
	return json;
}

const char *case_body_label(const struct casefile_act *act, enum lang lang, const char *body_key, const char *body_name)
{
	const struct body *body = registry_find(act->tx, act->office, act->arena, body_key);
	return body ? names_in(&body->name, lang) : body_name;
}

static void put_time(json_t *object, const char *key, int64_t at, const char *words)
{
	char iso[RFC3339_TEXT], iso_key[64];
	rfc3339_format(iso, at);
	snprintf(iso_key, sizeof(iso_key), "%s_at", key);
	json_put_str(object, iso_key, iso);
	json_put_str(object, key, words);
}

void view_put_moment(const struct casefile_act *act, enum lang lang, json_t *object, const char *key, int64_t at)
{
	if (at)
		put_time(object, key, at, date_time_long(act->arena, lang, act->office->profile->calendar.zone, at));
}

void view_put_day(const struct casefile_act *act, enum lang lang, json_t *object, const char *key, int64_t at)
{
	if (at)
		put_time(object, key, at, date_long(act->arena, lang, act->office->profile->calendar.zone, at));
}

void view_put_list(json_t *view, const char *key, json_t *list)
{
	char flag[64];
	snprintf(flag, sizeof(flag), "has_%s", key);
	json_put_bool(view, flag, json_array_size(list) > 0);
	json_put(view, key, list);
}

/* --- the case itself --------------------------------------------------------------------------------------------- */

json_t *case_head_json(const struct case_viewing *v)
{
	const struct casefile *c = v->c;
	const struct profile *profile = v->act->office->profile;
	const struct office *office = v->act->office;
	enum lang theirs;
	json_t *json = json_object();
	json_put_int(json, "id", c->id);
	json_put_str(json, "number", c->number);
	json_put_int(json, "version", c->version);
	json_put(json, "state", case_state_json(v->lang, c->state));
	json_put_bool(json, "is_closed", c->state->phase == PHASE_CLOSED);
	view_put_day(v->act, v->lang, json, "received", c->received_at);
	view_put_day(v->act, v->lang, json, "closed", c->closed_at);
	json_put_str(json, "channel", event_code_words(v->lang, profile, "channel", c->channel));
	json_put_str(json, "lang", c->lang);
	if (lang_parse(c->lang, &theirs)) {
		json_put_str(json, "lang_name", lang_name(theirs));
		json_put_str(json, "dir", lang_rtl(theirs) ? "rtl" : "ltr");
	}
	json_put_str(json, "person_name", c->person_name);
	json_put_bool(json, "embassy_not_told", c->embassy_not_told);
	json_put_bool(json, "has_referral", c->has_referral);
	json_put_bool(json, "withheld", c->withheld);
	const struct unit *unit = profile_unit(profile, c->unit);
	json_put_str(json, "unit", unit ? names_in(&unit->name, v->lang) : NULL);
	/* Codes as they were on the case's day (requirement 82). */
	json_put_str(json, "subject",
	    *c->subject ? code_name(office, "subjects", c->subject, v->lang, office_day(office, c->received_at))
			: NULL);
	json_put_str(json, "closing",
	    *c->closing ? code_name(office, "closing", c->closing, v->lang, office_day(office, c->closed_at)) : NULL);
	json_put_bool(
	    json, "mine", c->assigned_to && v->act->actor->kind == ACTOR_STAFF && c->assigned_to == v->act->actor->id);
	if (c->due_rule)
		json_put(json, "clock", case_clock_running(v->act, v->lang, c->due_rule, c->due_at, c->received_at));
	return json;
}

static json_t *body_json(const struct viewing *v)
{
	const struct profile *profile = v->act->office->profile;
	const struct body *body = registry_find(v->act->tx, v->act->office, v->act->arena, v->c->body_key);
	json_t *json = json_object();
	json_put_str(json, "body_name", body ? names_in(&body->name, v->lang) : v->c->body_name);
	const char *country = body ? body->country : v->c->body_country;
	json_put_str(json, "country", country);
	json_put_str(json, "country_name", *country ? country_name(v->lang, country) : NULL);
	json_put_bool(json, "listed", body != NULL);
	/* A hint for the registrar, never a decision. */
	json_put_bool(json, "outside", body && !body->in_mandate);
	json_put_bool(json, "abroad", *v->c->body_country && strcmp(v->c->body_country, profile->country) != 0);
	if (body && body->not_ours) {
		const struct closing *closing = profile_closing(profile, body->not_ours);
		json_put_str(json, "hint", closing ? names_in(&closing->name, v->lang) : NULL);
	}
	return json;
}

static json_t *declarations_json(const struct viewing *v)
{
	const json_t *given = json_object_get(v->content, "declarations"), *one;
	const struct profile *profile = v->act->office->profile;
	json_t *list = json_array();
	size_t i;
	json_array_foreach(given, i, one)
	{
		/* "key" for what was affirmed, "key=yes" and "key=no" for a question's answer. */
		const char *text = json_string_value(one) ? json_string_value(one) : "";
		size_t len = strcspn(text, "=");
		const char *answer = text[len] ? text + len + 1 : "";
		const struct declaration *d = profile_declaration(profile, arena_strndup(v->act->arena, text, len));
		json_t *row = json_object();
		json_put_str(row, "statement", d ? names_in(&d->text, v->lang) : text);
		if (*answer)
			json_put_str(row, "answer", text_get(v->lang, !strcmp(answer, "yes") ? N_("Yes") : N_("No")));
		json_put_bool(row, "flagged", d && d->flag && !strcmp(d->flag, answer));
		json_add(list, row);
	}
	return list;
}

/* Whoever may read the case, but not know who it is about. */
static json_t *masked_person(const struct viewing *v)
{
	json_t *person = json_object();
	json_put_str(person, "name", v->c->person_name);
	json_put_bool(person, "masked", true);
	return person;
}

static void put_content(struct viewing *v)
{
	static const char *const members[] = { "facts", "remedy", "steps_taken" };
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		json_put_str(v->view, members[i], json_str_or(v->content, members[i], ""));
	json_t *person = v->knows ? json_object_get(v->content, "person") : NULL;
	json_put(v->view, "person", person ? json_incref(person) : masked_person(v));
	const char *nationality = json_str_or(person, "nationality", "");
	json_put_str(v->view, "nationality", *nationality ? country_name(v->lang, nationality) : NULL);
	json_t *declarations = declarations_json(v);
	json_put_bool(v->view, "has_declarations", json_array_size(declarations) > 0);
	json_put(v->view, "declarations", declarations);
}

/* --- what hangs on it -------------------------------------------------------------------------------------------- */

static enum err put_documents(struct viewing *v)
{
	json_t *list, *one;
	size_t i;
	enum err e = document_list(v->act->tx, v->act->office, v->lang, v->c->id, &list);
	if (e)
		return e;
	json_array_foreach(list, i, one) json_put_str(
	    one, "link", arena_printf(v->act->arena, "/desk/documents/%" PRId64, json_int_or(one, "id", 0)));
	view_put_list(v->view, "documents", list);
	return OK;
}

/* The chronology; the assigned officer's name is its last "assigned", which spares a statement. */
static enum err put_events(struct viewing *v, json_t *case_object)
{
	json_t *list, *one;
	size_t i;
	enum err e = event_list(v->act, v->lang, v->c->id, false, &list);
	if (e)
		return e;
	json_array_foreach(list, i, one)
	{
		const char *kind = json_str_or(one, "kind", "");
		if (!strcmp(kind, "assigned"))
			json_put_str(case_object, "assigned_name", json_str(json_object_get(one, "data"), "name"));
		v->acknowledged = v->acknowledged || !strcmp(kind, "acknowledged");
		json_put_bool(one, "now", i + 1 == json_array_size(list) && v->c->state->phase != PHASE_CLOSED);
	}
	json_put(v->view, "events", list);
	return OK;
}

static enum err put_texts(struct viewing *v)
{
	json_t *list, *one, *messages = json_array(), *notes = json_array();
	size_t i;
	enum err e = text_list(v->act->tx, v->act->office, v->lang, v->c->id, false, &list);
	if (!e) {
		json_array_foreach(list, i, one)
		    json_add(json_bool_or(one, "note", false) ? notes : messages, json_incref(one));
		json_decref(list);
	}
	view_put_list(v->view, "messages", messages);
	view_put_list(v->view, "notes", notes);
	return e;
}

static enum err put_clocks(struct viewing *v)
{
	json_t *list;
	enum err e = case_clock_list(v->act, v->lang, v->c->id, &list);
	if (!e)
		view_put_list(v->view, "clocks", list);
	return e;
}

static json_t *dealing_json(const struct viewing *v, const struct db_rows *rows)
{
	const char *answer = db_col_text(rows, 10), *remedy = db_col_text(rows, 11);
	json_t *json = json_object();
	json_put_int(json, "id", db_col_int(rows, 1));
	json_put_str(json, "whom", db_col_text(rows, 2));
	json_put_str(json, "words", db_col_text(rows, 3));
	view_put_day(v->act, v->lang, json, "asked", db_col_int(rows, 4));
	view_put_day(v->act, v->lang, json, "due", db_col_int(rows, 5));
	view_put_day(v->act, v->lang, json, "reminded", db_col_int(rows, 6));
	view_put_day(v->act, v->lang, json, "escalated", db_col_int(rows, 7));
	view_put_day(v->act, v->lang, json, "answered", db_col_int(rows, 8));
	json_put_str(json, "answer", *answer ? answer : NULL);
	json_put_str(json, "offered", *remedy ? remedy : NULL);
	return json;
}

/* Short: what there is to do about it stands in the tab. */
static json_t *agency_json(const struct viewing *v, const struct db_rows *rows)
{
	enum agency_state state = AGENCY_ASKED;
	json_t *json = dealing_json(v, rows);
	if (agency_state_parse(db_col_text(rows, 9), &state))
		json_put(json, "state", agency_state_json(v->lang, state));
	json_put_bool(json, "late", agency_state_open(state) && v->act->now > db_col_int(rows, 5));
	return json;
}

/* Short: what there is to do about it stands in the tab. */
static json_t *recommendation_json(const struct viewing *v, const struct db_rows *rows)
{
	const char *state = db_col_text(rows, 9);
	json_t *json = dealing_json(v, rows), *tag = json_object();
	json_put_str(tag, "key", state);
	json_put_str(tag, "label", event_code_words(v->lang, v->act->office->profile, "state", state));
	json_put_str(tag, "tone", recommendation_tone(state));
	json_put(json, "state", tag);
	json_put_bool(json, "late", strcmp(state, "implemented") && v->act->now > db_col_int(rows, 5));
	return json;
}

static enum err put_dealings(struct viewing *v, bool may_work)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(v->act->tx, &sql_dealings_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	if (e)
		return e;
	json_t *requests = json_array(), *recommendations = json_array();
	while (db_next(rows)) {
		if (db_col_int(rows, 0) == 1)
			json_add(requests, agency_json(v, rows));
		else
			json_add(recommendations, recommendation_json(v, rows));
	}
	view_put_list(v->view, "agency_requests", requests);
	view_put_list(v->view, "recommendations", recommendations);
	return db_rows_error(rows);
}

/* --- what can be done now ---------------------------------------------------------------------------------------- */

static bool leads_on(const struct viewing *v, const char *move)
{
	return profile_move(v->act->office->profile, v->c->state, move) != NULL;
}

/* Steps that the profile leaves to officers; others are made by doing something. */
static bool put_moves(const struct viewing *v)
{
	const struct profile *profile = v->act->office->profile;
	json_t *list = json_array();
	for (size_t i = 0; i < profile->moves; i++) {
		const struct move *move = &profile->move[i];
		if (!move->manual || profile_move(profile, v->c->state, move->key) != move)
			continue;
		json_t *one = json_object();
		json_put_str(one, "code", move->key);
		json_put_str(one, "move_label", names_in(&move->name, v->lang));
		json_put_bool(one, "asks", move->reason || move->told);
		json_put_bool(one, "told", move->told);
		json_put_bool(one, "again", false);
		json_add(list, one);
	}
	bool any = json_array_size(list) > 0;
	json_put(v->view, "moves", list);
	return any;
}

static void put_can(struct viewing *v, bool may_work)
{
	const struct object object = casefile_object(v->c);
	bool may_register = may(v->act->actor, ACT_CASE_REGISTER, &object, NULL) == OK;
	bool open = v->c->state->phase != PHASE_CLOSED;
	json_t *can = json_object();
	json_put_bool(can, "register", may_register && leads_on(v, "register"));
	json_put_bool(can, "acknowledge", may_register && open && !v->acknowledged);
	json_put_bool(can, "assign", open && may(v->act->actor, ACT_CASE_ASSIGN, &object, NULL) == OK);
	json_put_bool(
	    can, "admit", may_work && leads_on(v, "admit") && assignment_may_admit_it(v->act, v->c, NULL) == OK);
	json_put_bool(can, "write", may_work);
	json_put_bool(can, "ask", may_work && agency_may_ask(v->act->office->profile, v->c->state, NULL) == OK);
	json_put_bool(can, "recommend",
	    may(v->act->actor, ACT_CASE_DECIDE, &object, NULL) == OK &&
		recommendation_may_issue(v->c->state->phase, NULL) == OK);
	json_put_bool(can, "inquire", may_work && inquiry_may_begin(v->c->state->phase, NULL) == OK);
	json_put_bool(can, "close", may_work && leads_on(v, "close"));
	json_put_bool(can, "move", may_work && put_moves(v));
	bool anything = false;
	const char *key;
	json_t *value;
	json_object_foreach(can, key, value) anything = anything || json_is_true(value);
	json_put_bool(can, "anything", anything);
	json_put(v->view, "can", can);
}

static bool can(const struct viewing *v, const char *what)
{
	return json_bool_or(json_object_get(v->view, "can"), what, false);
}

/* --- what the forms begin with ----------------------------------------------------------------------------------- */

char *letter_text(
    struct arena *arena, const struct profile *profile, enum lang lang, const char *letter_key, const json_t *values)
{
	const struct letter *letter = profile_letter(profile, letter_key);
	char *text = arena_strdup(arena, letter ? names_in(&letter->body, lang) : "");
	for (size_t i = 0; profile_letter_field[i]; i++) {
		const char *value = json_str_or(values, profile_letter_field[i], "");
		char *mark = arena_printf(arena, "{%s}", profile_letter_field[i]), *at;
		size_t done = 0;
		/* Searched on behind what was put in: a name that holds braces is a name. */
		while ((at = strstr(text + done, mark))) {
			size_t head = (size_t)(at - text);
			text = arena_printf(arena, "%.*s%s%s", (int)head, text, value, at + strlen(mark));
			done = head + strlen(value);
		}
	}
	return text;
}

static json_t *letter_values(const struct case_viewing *v, enum lang lang, int64_t due_at)
{
	const struct profile *profile = v->act->office->profile;
	const char *zone = profile->calendar.zone;
	json_t *values = json_object();
	json_put_str(values, "number", v->c->number);
	json_put_str(values, "name", v->c->person_name);
	json_put_str(values, "office", names_in(&profile->name, lang));
	json_put_str(values, "date", date_long(v->act->arena, lang, zone, v->c->received_at));
	json_put_str(values, "body", case_body_label(v->act, lang, v->c->body_key, v->c->body_name));
	json_put_str(values, "due", due_at ? date_long(v->act->arena, lang, zone, due_at) : "");
	json_put_str(values, "address", names_in(&profile->contact.address, lang));
	return values;
}

char *case_letter(const struct case_viewing *v, enum lang lang, const char *letter_key, int64_t due_at)
{
	json_t *values = letter_values(v, lang, due_at);
	char *text = letter_text(v->act->arena, v->act->office->profile, lang, letter_key, values);
	json_decref(values);
	return text;
}

static json_t *closings_json(const struct viewing *v)
{
	const struct profile *profile = v->act->office->profile;
	json_t *list = json_array();
	const struct code_choice *choice;
	size_t n = code_choices(v->act->arena, office_list(v->act->office, "closing"),
	    office_day(v->act->office, v->act->now), NULL, &choice);
	for (size_t i = 0; i < n; i++) {
		/* What it says to the person stands in the profile's files alone. */
		const struct closing *closing = profile_closing(profile, choice[i].entry->key);
		if (!closing)
			continue;
		json_t *one = json_object();
		json_put_str(one, "code", closing->key);
		json_put_str(one, "closing_label", names_in(&choice[i].entry->name, v->lang));
		json_put_bool(one, "handled", closing->handled);
		json_add(list, one);
	}
	return list;
}

static enum err put_forms(struct viewing *v)
{
	const struct profile *profile = v->act->office->profile;
	const struct case_viewing part = { v->act, v->lang, v->c, v->view };
	enum lang theirs = profile->language;
	json_t *staff;
	enum err e = OK;
	if (!lang_parse(v->c->lang, &theirs))
		theirs = profile->language;
	if (can(v, "acknowledge"))
		json_put_str(v->view, "letter", case_letter(&part, theirs, "acknowledgement", v->c->due_at));
	if (can(v, "close"))
		json_put(v->view, "closings", closings_json(v));
	if (can(v, "assign") && !(e = staff_list(v->act->tx, 0, &staff))) {
		size_t i;
		json_t *one;
		json_array_foreach(staff, i, one)
		    json_put_bool(one, "chosen", json_int_or(one, "id", 0) == v->c->assigned_to);
		json_put(v->view, "staff", staff);
	}
	return e;
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

static enum err put_all(struct viewing *v)
{
	const struct object object = casefile_object(v->c);
	bool may_work = may(v->act->actor, ACT_CASE_WORK, &object, NULL) == OK;
	const struct case_viewing part = { v->act, v->lang, v->c, v->view };
	json_t *case_object = case_head_json(&part);
	case_put_tabs(&part, NULL);
	json_put(v->view, "title", json_string(v->c->number));
	json_put(v->view, "body", body_json(v));
	put_content(v);
	enum err e = put_documents(v);
	if (!e)
		e = put_events(v, case_object);
	json_put(v->view, "case", case_object);
	if (!e)
		e = put_texts(v);
	if (!e)
		e = put_clocks(v);
	if (!e)
		e = put_dealings(v, may_work);
	put_can(v, may_work);
	if (!e)
		e = put_forms(v);
	const struct casework_plugin *plugin = casework_plugged();
	if (!e && plugin && plugin->case_view)
		e = plugin->case_view(v->act, v->lang, v->c, v->view);
	return e;
}

enum err case_view_load(const struct casefile_act *act, enum lang lang, int64_t casefile_id, json_t *view,
    struct casefile *ret_case, struct fault *fault)
{
	struct casefile c;
	struct viewing v = { .act = act, .lang = lang, .c = &c, .view = view };
	enum err e = casefile_load(act->office, act->tx, act->arena, casefile_id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	e = may(act->actor, ACT_CASE_READ, &object, fault);
	v.knows = may(act->actor, ACT_IDENTITY_READ, &object, NULL) == OK;
	if (!e)
		e = json_parse(c.content, strlen(c.content), JSON_TEXT_LIMIT, &v.content, NULL);
	if (e)
		return e;
	e = put_all(&v);
	json_decref(v.content);
	if (!e)
		*ret_case = c;
	return e;
}
