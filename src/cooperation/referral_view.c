/* A referral as officers see it. */
#include "cooperation/referral_view.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "cooperation/agreement_db.h"
#include "cooperation/consent_db.h"
#include "cooperation/transfer.h"
#include "office/current.h"
#include "referral.sql.h"
#include "text/country.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct viewing {
	const struct casefile_act *act;
	enum lang lang;
	const struct referral *r;
	json_t *view;
};

json_t *referral_state_json(enum lang lang, enum referral_state state)
{
	static const char *const tone[REFERRAL_STATE_MAX] = { [REFERRAL_DRAFT] = "new",
		[REFERRAL_CONSENT_ASKED] = "waiting",
		[REFERRAL_READY] = "active",
		[REFERRAL_SENT] = "waiting",
		[REFERRAL_INFORMATION_ASKED] = "waiting",
		[REFERRAL_ACCEPTED] = "active",
		[REFERRAL_REFUSED] = "refused",
		[REFERRAL_OUTCOME_PROPOSED] = "waiting",
		[REFERRAL_OUTCOME_ACCEPTED] = "done",
		[REFERRAL_OUTCOME_DISPUTED] = "refused",
		[REFERRAL_CLOSING] = "waiting",
		[REFERRAL_CLOSED] = "closed",
		[REFERRAL_WITHDRAWN] = "closed",
		[REFERRAL_GIVEN_UP] = "closed" };
	json_t *json = json_object();
	json_put_str(json, "key", referral_state_name(state));
	json_put_str(json, "label", text_get(lang, referral_state_label(state)));
	json_put_str(json, "tone", tone[state]);
	return json;
}

static const char *dir_of(const char *lang_key)
{
	enum lang lang;
	return lang_parse(lang_key, &lang) && lang_rtl(lang) ? "rtl" : "ltr";
}

static const char *lang_words(const char *lang_key)
{
	enum lang lang;
	return lang_parse(lang_key, &lang) ? lang_name(lang) : lang_key;
}

/* --- the packet --------------------------------------------------------------------------------------------------- */

/* Codes that travel as such are read as words. */
static const char *value_words(enum lang lang, const char *key, const char *text)
{
	if (!strcmp(key, "nationality"))
		return country_name(lang, text);
	if (!strcmp(key, "language"))
		return lang_words(text);
	if (!strcmp(key, "embassy_not_informed"))
		return text_get(lang, N_("Yes"));
	return text;
}

json_t *packet_fields_json(enum lang lang, const json_t *fields)
{
	json_t *list = json_array();
	for (const struct packet_field *f = packet_fields; f->key; f++) {
		const char *text = json_str(fields, f->key);
		if (!text)
			continue;
		json_t *one = json_object();
		json_put_str(one, "key", f->key);
		json_put_str(one, "field_label", text_get(lang, f->label));
		json_put_str(one, "category", f->category ? text_get(lang, packet_category_label(f->category)) : "");
		json_put_str(one, "value", value_words(lang, f->key, text));
		json_put_bool(one, "is_code",
		    !strcmp(f->key, "passport_no") || !strcmp(f->key, "identity_no") || !strcmp(f->key, "birth_date") ||
			!strcmp(f->key, "phone"));
		json_add(list, one);
	}
	return list;
}

static json_t *files_json(const struct viewing *v, const json_t *files)
{
	json_t *list = json_array(), *file;
	size_t i;
	json_array_foreach(files, i, file)
	{
		json_t *one = json_object();
		json_put_str(one, "file_name", json_str_or(file, "name", ""));
		json_put_str(one, "size", file_size_text(v->act->arena, v->lang, json_int_or(file, "size", 0)));
		json_add(list, one);
	}
	return list;
}

static void put_packet(const struct viewing *v)
{
	const struct office *office = v->act->office;
	const json_t *p = v->r->packet;
	json_t *packet = json_object();
	const char *nationality = json_str_or(p, "nationality", ""), *residence = json_str_or(p, "residence", "");
	json_put_str(packet, "subject",
	    code_name(office, "subjects", json_str_or(p, "subject", ""), v->lang, office_day(office, v->act->now)));
	json_put_str(packet, "authority", json_str_or(p, "authority", ""));
	json_put_str(packet, "nationality", *nationality ? country_name(v->lang, nationality) : NULL);
	json_put_str(packet, "residence", *residence ? country_name(v->lang, residence) : NULL);
	json_put_str(packet, "language", lang_words(json_str_or(p, "language", "")));
	json_put_str(packet, "person_language", lang_words(json_str_or(p, "person_language", "")));
	json_put_bool(
	    packet, "embassy_not_told", json_str(json_object_get(p, "fields"), "embassy_not_informed") != NULL);
	json_put(v->view, "packet", packet);
	view_put_list(v->view, "packet_fields", packet_fields_json(v->lang, json_object_get(p, "fields")));
	view_put_list(v->view, "packet_files", files_json(v, json_object_get(p, "files")));
}

/* --- consents ----------------------------------------------------------------------------------------------------- */

static json_t *consent_state_json(enum lang lang, const char *state)
{
	static const struct {
		const char *state, *words, *tone;
	} table[] = {
		{ "asked", N_("Asked, not answered yet"), "waiting" },
		{ "given", N_("Given"), "done" },
		{ "refused", N_("Refused"), "refused" },
		{ "withdrawn", N_("Withdrawn"), "refused" },
		{ "replaced", N_("Asked anew for another packet"), "closed" },
	};
	json_t *json = json_object();
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (!strcmp(table[i].state, state)) {
			json_put_str(json, "key", state);
			json_put_str(json, "label", text_get(lang, table[i].words));
			json_put_str(json, "tone", table[i].tone);
		}
	return json;
}

static enum err add_consent(const struct consent_row *row, void *arg)
{
	const struct viewing *v = arg;
	if (row->referral_id != v->r->id)
		return OK;
	json_t *one = json_object();
	json_put_int(one, "id", row->id);
	json_put(one, "state", consent_state_json(v->lang, row->state));
	json_put_bool(one, "for_answer", !strcmp(row->part, CONSENT_ANSWER));
	json_put_str(one, "digest", *row->digest ? row->digest : NULL);
	json_put_str(one, "language", lang_words(row->lang));
	view_put_moment(v->act, v->lang, one, "asked", row->asked_at);
	view_put_moment(v->act, v->lang, one, "decided", row->decided_at);
	view_put_moment(v->act, v->lang, one, "withdrawn", row->withdrawn_at);
	json_add(json_object_get(v->view, "consents"), one);
	return OK;
}

/* What home told about the consent: the lead holds only this. */
static void add_statements(const struct viewing *v)
{
	json_t *statement, *list = json_object_get(v->view, "consents");
	size_t i;
	json_array_foreach(json_object_get(v->r->packet, "consents"), i, statement)
	{
		int64_t at = 0;
		json_t *one = json_object();
		if (rfc3339_parse(json_str_or(statement, "given_at", ""), &at))
			at = 0;
		json_put(one, "state", consent_state_json(v->lang, "given"));
		json_put_str(one, "digest", json_str_or(statement, "digest", ""));
		json_put_str(one, "language", lang_words(json_str_or(statement, "language", "")));
		view_put_moment(v->act, v->lang, one, "decided", at);
		json_add(list, one);
	}
}

static enum err put_consents(struct viewing *v)
{
	enum err e = OK;
	json_put(v->view, "consents", json_array());
	if (referral_is_home(v->r))
		e = consent_each(v->act->tx, v->act->arena, v->r->casefile_id, add_consent, v);
	else
		add_statements(v);
	json_put_bool(v->view, "has_consents", json_array_size(json_object_get(v->view, "consents")) > 0);
	return e;
}

/* --- what was last told ------------------------------------------------------------------------------------------- */

static const json_t *find_key(const json_t *list, const char *key)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (!strcmp(json_str_or(one, "key", ""), key)) return one;
	return NULL;
}

static json_t *issue_json(const struct viewing *v, const json_t *issue)
{
	const json_t *story = v->r->story;
	const char *key = json_str_or(issue, "key", "");
	const json_t *objection = find_key(json_object_get(json_object_get(story, "objections"), "issues"), key),
		     *opinion = find_key(json_object_get(json_object_get(story, "opinion"), "issues"), key);
	json_t *one = json_object();
	json_put_str(one, "key", key);
	json_put_str(one, "issue_text", json_str_or(issue, "text", ""));
	json_put_str(one, "issue_result",
	    event_code_words(v->lang, v->act->office->profile, "result", json_str_or(issue, "result", "")));
	json_put_str(one, "objection", objection ? json_str_or(objection, "why", "") : NULL);
	if (opinion) {
		json_put_bool(one, "person_accepts", json_bool_or(opinion, "accept", false));
		json_put_bool(one, "person_disputes", !json_bool_or(opinion, "accept", false));
		json_put_str(one, "person_why", json_str_or(opinion, "why", ""));
	}
	return one;
}

static void put_outcome(const struct viewing *v)
{
	const json_t *outcome = json_object_get(v->r->story, "outcome");
	json_t *json, *issues, *issue;
	size_t i;
	if (!outcome)
		return;
	json = json_object();
	issues = json_array();
	json_array_foreach(json_object_get(outcome, "issues"), i, issue) json_add(issues, issue_json(v, issue));
	json_put(json, "issues", issues);
	json_put_str(json, "words", json_str_or(outcome, "text", ""));
	json_put_str(json, "lang_of_text", json_str_or(outcome, "language", ""));
	json_put_bool(json, "person_answered", json_object_get(v->r->story, "opinion") != NULL);
	json_put_bool(json, "disputed", json_object_get(v->r->story, "objections") != NULL);
	json_put(v->view, "outcome", json);
}

/* A chapter's text with its language, and one code put into words. */
static void put_chapter(
    const struct viewing *v, const char *chapter, const char *text, const char *code_member, const char *as)
{
	const json_t *told = json_object_get(v->r->story, chapter);
	if (!told)
		return;
	json_t *json = json_object();
	const char *language = json_str_or(told, "language", ""),
		   *code = code_member ? json_str(told, code_member) : NULL;
	json_put_str(json, "words", json_str_or(told, text, ""));
	json_put_str(json, "lang_of_text", language);
	json_put_str(json, "dir_of_text", dir_of(language));
	json_put_str(json, "due", json_str(told, "due"));
	json_put_str(json, "code", code);
	json_put_str(json, "code_words", code ? event_code_words(v->lang, v->act->office->profile, as, code) : NULL);
	json_put(v->view, chapter, json);
}

static void put_story(const struct viewing *v)
{
	put_chapter(v, "question", "question", NULL, NULL);
	put_chapter(v, "answer", "text", NULL, NULL);
	put_chapter(v, "acceptance", "text", NULL, NULL);
	put_chapter(v, "refusal", "text", "reason", "refusal");
	put_chapter(v, "closing", "text", "result", "result");
	put_chapter(v, "withdrawal", "text", "ground", "ground");
	put_outcome(v);
}

/* --- what hangs on it --------------------------------------------------------------------------------------------- */

static enum err put_notes(struct viewing *v)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(v->act->tx, &sql_referral_notes, DB_ARGS(db_int(v->r->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		json_put_bool(one, "ours", !strcmp(db_col_text(rows, 0), "out"));
		json_put_str(one, "lang_of_text", db_col_text(rows, 1));
		json_put_str(one, "note", db_col_text(rows, 2));
		json_put_str(one, "sender", db_col_text(rows, 3));
		view_put_moment(v->act, v->lang, one, "when", db_col_int(rows, 4));
		json_add(list, one);
	}
	view_put_list(v->view, "notes", list);
	return e ? e : db_rows_error(rows);
}

static enum err put_transfers(struct viewing *v)
{
	json_t *list;
	enum err e = transfer_list(v->act->tx, v->act->office, v->lang, v->r->id, &list);
	if (!e)
		view_put_list(v->view, "transfers", list);
	return e;
}

static void put_pending(const struct viewing *v)
{
	json_t *list = json_array();
	for (size_t i = 0; i < v->r->view.pending_count; i++) {
		const struct referral_pending *p = &v->r->view.pending[i];
		json_t *one = json_object();
		if (p->state != PENDING_WAITING) {
			json_decref(one);
			continue;
		}
		json_put_str(one, "message", text_get(v->lang, message_rule(p->type)->label));
		json_add(list, one);
	}
	view_put_list(v->view, "pending", list);
}

static void put_referral(const struct viewing *v)
{
	const struct referral *r = v->r;
	json_t *json = json_object();
	bool undecided = !referral_is_home(r) && !r->casefile_id && referral_state_open(r->view.shown);
	json_put_int(json, "id", r->id);
	json_put_int(json, "version", r->version);
	json_put_str(json, "uid", r->uid);
	json_put_str(json, "side", referral_is_home(r) ? "home" : "lead");
	json_put_bool(json, "is_home", referral_is_home(r));
	json_put_bool(json, "is_lead", !referral_is_home(r));
	json_put(json, "state", referral_state_json(v->lang, r->view.shown));
	json_put_bool(json, "unconfirmed", r->view.shown != r->view.settled);
	json_put_bool(json, "over", referral_state_over(r->view.shown));
	json_put_str(json, "partner_number", *r->partner_number ? r->partner_number : NULL);
	json_put_str(json, "result",
	    *r->result ? event_code_words(v->lang, v->act->office->profile, "result", r->result) : NULL);
	view_put_moment(v->act, v->lang, json, "created", r->created_at);
	view_put_moment(v->act, v->lang, json, "changed", r->changed_at);
	if (undecided && r->due_at) {
		const struct case_clock_times times = { r->created_at, r->due_at, 0, 48 };
		json_put(json, "decide_by", case_clock_mark(v->act, v->lang, &times));
	}
	json_put(v->view, "referral", json);
}

static enum err put_partner(struct viewing *v)
{
	struct partner partner;
	json_t *json = json_object();
	enum err e = partner_load(v->act->tx, v->act->arena, v->r->partner_id, &partner);
	if (!e) {
		json_put_int(json, "id", partner.id);
		json_put_str(json, "partner_name", partner_name(v->act->arena, &partner, v->lang));
		json_put_str(json, "country", country_name(v->lang, partner.country));
	}
	json_put(v->view, "partner", json);
	return e;
}

/* `ret_stops`: why nothing may be sent under it now, NULL when it may. */
static enum err put_agreement(struct viewing *v, const char **ret_stops)
{
	struct agreement_row row;
	struct fault fault = { 0 };
	json_t *json = json_object(), *empty CLEANUP(json_decrefp) = json_object();
	enum err e = agreement_load_uid(v->act->tx, v->act->arena, v->r->agreement, &row);
	if (!e) {
		json_put_int(json, "id", row.id);
		json_put_str(json, "agreement_title", agreement_title(row.document, lang_code(v->lang)));
		e = referral_allowed(v->act, v->r, empty, &fault);
	}
	*ret_stops = e == ERR_DENIED ? text_fault(v->act->arena, v->lang, &fault) : NULL;
	json_put_str(json, "stops", *ret_stops);
	json_put_str(json, "clause", e == ERR_DENIED ? fault.field : NULL);
	json_put(v->view, "agreement", json);
	return e == ERR_DENIED ? OK : e;
}

static enum err put_case(struct viewing *v)
{
	struct casefile c;
	if (!v->r->casefile_id)
		return OK;
	enum err e = casefile_load(v->act->office, v->act->tx, v->act->arena, v->r->casefile_id, &c);
	if (e)
		return e;
	json_t *json = json_object(), *clocks, *one, *ours = json_array();
	json_put_int(json, "id", c.id);
	json_put_str(json, "number", c.number);
	json_put(v->view, "case", json);
	e = case_clock_list(v->act, v->lang, c.id, &clocks);
	if (e)
		return e;
	size_t i;
	json_array_foreach(clocks, i, one) if (!strncmp(json_str_or(one, "rule", ""), "agreement.", 10))
	    json_add(ours, json_incref(one));
	json_decref(clocks);
	view_put_list(v->view, "clocks", ours);
	return OK;
}

static void put_title(const struct viewing *v)
{
	const char *partner = json_str_or(json_object_get(v->view, "partner"), "partner_name", "");
	const char *key = referral_is_home(v->r) ? N_("Referral to {partner}") : N_("Referral from {partner}");
	json_put_str(v->view, "title", text_format(v->act->arena, v->lang, key, "partner", partner, NULL));
}

enum err referral_view_load(
    const struct casefile_act *act, enum lang lang, int64_t referral_id, json_t *view, struct fault *fault)
{
	struct referral r;
	struct object object;
	const char *stops = NULL;
	struct viewing v = { act, lang, &r, view };
	enum err e = referral_load(act->tx, act->arena, referral_id, &r);
	if (!e)
		e = referral_object(act->office, act->tx, act->arena, &r, &object);
	if (!e)
		e = may(act->actor, ACT_REFERRAL_READ, &object, fault);
	if (e)
		return e;
	bool may_work = may(act->actor, ACT_REFERRAL_WORK, &object, NULL) == OK;
	put_referral(&v);
	put_packet(&v);
	put_story(&v);
	put_pending(&v);
	e = put_partner(&v);
	if (!e)
		e = put_agreement(&v, &stops);
	if (!e)
		e = put_case(&v);
	if (!e)
		e = put_consents(&v);
	if (!e)
		e = put_notes(&v);
	if (!e)
		e = put_transfers(&v);
	if (!e)
		e = referral_view_choices(act, lang, &r, may_work, stops, view);
	if (!e)
		put_title(&v);
	return e;
}
