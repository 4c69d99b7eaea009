/* What a referral's moves leave behind at our side: clocks, chronology, and what was last told. */
#include "base/clockwork.h"
#include "base/util.h"
#include "cooperation/referral_db.h"
#include "text/date.h"

#include <string.h>

json_t *words_in_all(const char *message)
{
	json_t *names = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		json_put_str(names, lang_code(lang), text_get(lang, message));
	return names;
}

/* At home the other office is the receiver, at the lead it is the sender of the referral. */
enum err referral_event(const struct casefile_act *act, const struct referral *r, const char *kind, json_t *data_stolen)
{
	json_t *data = data_stolen ? data_stolen : json_object(), *names = NULL;
	struct partner partner;
	if (!r->casefile_id) {
		json_decref(data);
		return OK;
	}
	enum err e = partner_load(act->tx, act->arena, r->partner_id, &partner);
	if (!e && json_parse(partner.name_json, strlen(partner.name_json), JSON_TEXT_LIMIT, &names, NULL))
		e = ERR_STORE;
	if (e) {
		json_decref(data);
		return e;
	}
	json_put(data, referral_is_home(r) ? "receiver" : "sender", json_incref(names));
	if (!referral_is_home(r)) /* the kinds that both sides have speak of the receiver */
		json_put(data, "receiver", json_incref(names));
	json_decref(names);
	return event_add(act, r->casefile_id, kind, data);
}

static enum err tell(const struct casefile_act *act, const struct referral *r, const char *kind, const char *member,
    const char *value, const char *words)
{
	json_t *data = json_object();
	if (member)
		json_put_str(data, member, value);
	if (words)
		json_put_str(data, "words", words);
	return referral_event(act, r, kind, data);
}

static void keep(struct referral *r, const char *chapter, const json_t *body)
{
	json_put(r->story, chapter, json_deep_copy(body));
}

/* "wages: only half was paid": the objections in one line for the chronology. */
static const char *objections_text(struct arena *arena, const struct referral *r, const json_t *body)
{
	const json_t *issues = json_object_get(json_object_get(r->story, "outcome"), "issues");
	json_t *one, *issue;
	size_t i, k;
	const char *all = "";
	json_array_foreach(json_object_get(body, "issues"), i, one)
	{
		const char *about = json_str_or(one, "key", "");
		json_array_foreach(issues, k, issue) if (!strcmp(json_str_or(issue, "key", ""), about))
		{
			about = json_str_or(issue, "text", about);
			break;
		}
		all = arena_printf(arena, "%s%s%s – %s", all, *all ? "; " : "", about, json_str_or(one, "why", ""));
	}
	return all;
}

/* --- ours, recorded ----------------------------------------------------------------------------------------------- */

static enum err home_recorded(
    const struct casefile_act *act, struct referral *r, enum message_type type, const json_t *body)
{
	const char *words = json_str_or(body, "text", "");
	enum err e;
	switch (type) {
	case MESSAGE_REFERRAL_OFFER:
		e = referral_clock_stop(act, r, "agreement.prepare");
		return e ? e : referral_event(act, r, "referral_sent", NULL);
	case MESSAGE_REFERRAL_ANSWER:
		keep(r, "answer", body);
		return referral_event(act, r, "referral_information_given", NULL);
	case MESSAGE_REFERRAL_OUTCOME_ACCEPT:
		e = referral_clock_stop(act, r, "agreement.accept_solution");
		return e ? e : tell(act, r, "referral_outcome_accepted", NULL, NULL, words);
	case MESSAGE_REFERRAL_OUTCOME_DISPUTE:
		keep(r, "objections", body);
		e = referral_clock_stop(act, r, "agreement.accept_solution");
		return e ? e
			 : tell(act, r, "referral_outcome_disputed", NULL, NULL, objections_text(act->arena, r, body));
	case MESSAGE_REFERRAL_CLOSE_CONFIRM:
		r->result = json_str_or(json_object_get(r->story, "closing"), "result", "");
		e = referral_clocks_stop(act, r);
		return e ? e : tell(act, r, "referral_closed", "result", r->result, words);
	case MESSAGE_REFERRAL_WITHDRAW:
		keep(r, "withdrawal", body);
		e = referral_clocks_stop(act, r);
		return e ? e : tell(act, r, "referral_withdrawn", "ground", json_str_or(body, "ground", ""), words);
	default:
		return OK;
	}
}

static enum err lead_recorded(
    const struct casefile_act *act, struct referral *r, enum message_type type, const json_t *body)
{
	switch (type) {
	case MESSAGE_REFERRAL_REFUSE:
		keep(r, "refusal", body);
		return OK;
	case MESSAGE_REFERRAL_ASK:
		keep(r, "question", body);
		return tell(act, r, "referral_asked", NULL, NULL, json_str_or(body, "question", ""));
	case MESSAGE_REFERRAL_OUTCOME:
		keep(r, "outcome", body);
		json_object_del(r->story, "objections");
		return referral_event(act, r, "referral_outcome_sent", NULL);
	case MESSAGE_REFERRAL_CLOSE:
		keep(r, "closing", body);
		return tell(act, r, "referral_closing_sent", "result", json_str_or(body, "result", ""), NULL);
	default:
		return OK;
	}
}

enum err referral_recorded(
    const struct casefile_act *act, struct referral *r, enum message_type type, const json_t *body)
{
	if (type == MESSAGE_NOTE)
		return referral_note_add(act, r, "out", body);
	return referral_is_home(r) ? home_recorded(act, r, type, body) : lead_recorded(act, r, type, body);
}

/* --- theirs, applied ---------------------------------------------------------------------------------------------- */

/* What the lead did with the body complained of becomes the person's own chronology, in the person's language. */
static enum err progress(const struct casefile_act *act, struct referral *r, const json_t *body)
{
	static const struct {
		const char *step, *kind;
	} kinds[] = {
		{ "asked", "referral_agency_asked" },
		{ "reminded", "referral_agency_reminded" },
		{ "escalated", "referral_agency_escalated" },
		{ "replied", "referral_agency_replied" },
		{ "recommendation", "referral_recommendation_issued" },
		{ "evidence", "referral_evidence_received" },
	};
	const char *kind = "referral_progress", *step = json_str_or(body, "step", ""), *due = json_str(body, "due");
	const char *zone = act->office->profile->calendar.zone;
	struct civil day;
	json_t *data = json_object();
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].step, step))
			kind = kinds[i].kind;
	json_put_str(data, "body", json_str_or(r->packet, "authority", ""));
	json_put_str(data, "words", json_str_or(body, "text", ""));
	json_put_str(data, "language", json_str_or(body, "language", ""));
	if (due && civil_parse(due, &day) == OK)
		json_put_int(data, "due_at", zone_day_start(zone, day));
	else if (!strcmp(step, "asked") || !strcmp(step, "recommendation"))
		kind = "referral_progress"; /* their sentences name a day */
	return referral_event(act, r, kind, data);
}

static enum err home_accepted(const struct casefile_act *act, struct referral *r, const struct exchange_message *m)
{
	r->partner_number = arena_strdup(act->arena, json_str_or(m->body, "number", ""));
	keep(r, "acceptance", m->body);
	enum err e = referral_clock_stop(act, r, "agreement.accept");
	if (!e)
		e = referral_clock_start(act, r, "agreement.solve", m->applied_at);
	return e ? e
		 : tell(act, r, "referral_accepted", "partner_number", r->partner_number,
		       json_str_or(m->body, "text", ""));
}

static enum err home_received(const struct casefile_act *act, struct referral *r, const struct exchange_message *m)
{
	const char *words = json_str_or(m->body, "text", "");
	enum err e;
	switch (m->type) {
	case MESSAGE_REFERRAL_ACCEPT:
		return home_accepted(act, r, m);
	case MESSAGE_REFERRAL_REFUSE:
		keep(r, "refusal", m->body);
		e = referral_clocks_stop(act, r);
		return e ? e : tell(act, r, "referral_refused", "refusal", json_str_or(m->body, "reason", ""), words);
	case MESSAGE_REFERRAL_ASK:
		keep(r, "question", m->body);
		json_object_del(r->story, "answer");
		e = referral_clock_stop(act, r, "agreement.accept");
		return e ? e
			 : tell(act, r, "referral_information_asked", NULL, NULL, json_str_or(m->body, "question", ""));
	case MESSAGE_REFERRAL_PROGRESS:
		return progress(act, r, m->body);
	case MESSAGE_REFERRAL_OUTCOME:
		keep(r, "outcome", m->body);
		json_object_del(r->story, "opinion");
		json_object_del(r->story, "objections");
		e = referral_clock_stop(act, r, "agreement.solve");
		if (!e)
			e = referral_clock_start(act, r, "agreement.accept_solution", m->applied_at);
		return e ? e : referral_event(act, r, "referral_outcome_proposed", NULL);
	case MESSAGE_REFERRAL_CLOSE:
		keep(r, "closing", m->body);
		return tell(act, r, "referral_closing", "result", json_str_or(m->body, "result", ""), words);
	default:
		return OK;
	}
}

static enum err lead_answered(const struct casefile_act *act, struct referral *r, const struct exchange_message *m)
{
	json_t *fields = json_object_get(m->body, "fields"), *consent = json_object_get(m->body, "consent");
	keep(r, "answer", m->body);
	json_object_del(json_object_get(r->story, "answer"), "files"); /* their keys are the transfers' alone */
	if (fields)
		json_object_update(json_object_get(r->packet, "fields"), fields);
	if (consent)
		json_add(json_object_get(r->packet, "consents"), json_deep_copy(consent));
	enum err e = OK;
	if (!r->casefile_id) /* their answer gives us the time anew */
		e = referral_accept_by(act, r->agreement, m->applied_at, &r->due_at);
	return e ? e : tell(act, r, "referral_answered", NULL, NULL, json_str_or(m->body, "text", ""));
}

static enum err lead_received(const struct casefile_act *act, struct referral *r, const struct exchange_message *m)
{
	const char *words = json_str_or(m->body, "text", "");
	enum err e;
	switch (m->type) {
	case MESSAGE_REFERRAL_ANSWER:
		return lead_answered(act, r, m);
	case MESSAGE_REFERRAL_OUTCOME_ACCEPT:
		e = referral_clock_stop(act, r, "agreement.accept_solution");
		return e ? e : tell(act, r, "referral_outcome_agreed", NULL, NULL, words);
	case MESSAGE_REFERRAL_OUTCOME_DISPUTE:
		keep(r, "objections", m->body);
		e = referral_clock_stop(act, r, "agreement.accept_solution");
		return e ? e
			 : tell(act, r, "referral_outcome_objected", NULL, NULL,
			       objections_text(act->arena, r, m->body));
	case MESSAGE_REFERRAL_CLOSE_CONFIRM:
		r->result = json_str_or(json_object_get(r->story, "closing"), "result", "");
		e = referral_clocks_stop(act, r);
		return e ? e : tell(act, r, "referral_ended", "result", r->result, words);
	case MESSAGE_REFERRAL_WITHDRAW:
		keep(r, "withdrawal", m->body);
		e = referral_clocks_stop(act, r);
		return e ? e : tell(act, r, "referral_taken_back", "ground", json_str_or(m->body, "ground", ""), words);
	default:
		return OK;
	}
}

enum err referral_received(const struct casefile_act *act, struct referral *r, const struct exchange_message *m)
{
	if (m->type == MESSAGE_NOTE)
		return referral_note_add(act, r, "in", m->body);
	return referral_is_home(r) ? home_received(act, r, m) : lead_received(act, r, m);
}

/* --- ours, receipted ---------------------------------------------------------------------------------------------- */

/* The receipt's moment starts the clocks of both offices (docs/exchange.md section 14). */
enum err referral_receipted(const struct casefile_act *act, struct referral *r, enum message_type type, int64_t at)
{
	enum err e;
	switch (type) {
	case MESSAGE_REFERRAL_OFFER:
		e = r->view.settled == REFERRAL_SENT ? referral_clock_start(act, r, "agreement.accept", at) : OK;
		return e ? e : referral_event(act, r, "referral_receipted", NULL);
	case MESSAGE_REFERRAL_ANSWER:
		return r->view.settled == REFERRAL_SENT ? referral_clock_start(act, r, "agreement.accept", at) : OK;
	case MESSAGE_REFERRAL_ACCEPT:
		return r->view.settled == REFERRAL_ACCEPTED ? referral_clock_start(act, r, "agreement.solve", at) : OK;
	case MESSAGE_REFERRAL_OUTCOME:
		e = referral_clock_stop(act, r, "agreement.solve");
		if (!e && r->view.settled == REFERRAL_OUTCOME_PROPOSED)
			e = referral_clock_start(act, r, "agreement.accept_solution", at);
		return e;
	default:
		return OK;
	}
}
