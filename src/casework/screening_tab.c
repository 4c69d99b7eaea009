/* The tab "screening": the questions with what is known, earlier complaints, and where it may go instead. */
#include "base/util.h"
#include "casework/case_transfer.h"
#include "casework/case_view.h"
#include "casework/form_fields.h"
#include "casework/person_key.h"
#include "casework/registry.h"
#include "screening_inner.h"
#include "text/country.h"
#include "text/date.h"

#include <stdlib.h>
#include <string.h>

struct filling {
	const struct case_viewing *v;
	const struct profile *profile;
	struct casefile_intake intake;
	struct screening_row *rows;
	struct screening_given *given;
	size_t row_count, given_count, earlier;
	bool anonymous, change, overrule;
};

/* --- earlier complaints ------------------------------------------------------------------------------------------ */

static enum err add_earlier(struct filling *f, const struct intake_party *who, json_t *all)
{
	const struct person_facts facts = { who->name, who->birth_date, who->id_no, who->passport_no, who->phone,
		who->email };
	json_t *found, *one;
	size_t i;
	enum err e = person_duplicates(f->v->act, f->v->lang, &facts, f->v->c->id, &found);
	if (e)
		return e;
	json_array_foreach(found, i, one)
	{
		json_put_bool(one, "can_link", f->change && !json_bool_or(one, "hidden", true));
		json_add(all, json_incref(one));
	}
	json_decref(found);
	return OK;
}

/* Nobody is looked for by an identity that is withheld. */
static enum err put_earlier(struct filling *f)
{
	const struct case_viewing *v = f->v;
	struct party_row *people;
	size_t n;
	json_t *all = json_array();
	enum err e = party_load(v->act->tx, v->act->arena, v->c->id, &people, &n);
	for (size_t i = 0; !e && i < n; i++) {
		const struct intake_party *who = &people[i].who;
		bool concerned = !strcmp(who->role, "complainant") || !strcmp(who->role, "affected");
		f->anonymous = f->anonymous || (!strcmp(who->role, "complainant") && !strcmp(who->kind, "anonymous"));
		if (concerned && !people[i].removed_at && !v->c->withheld)
			e = add_earlier(f, who, all);
	}
	f->earlier = json_array_size(all);
	view_put_list(v->view, "earlier", all);
	return e;
}

/* --- questions --------------------------------------------------------------------------------------------------- */

static const char *const *declared(const struct filling *f)
{
	const struct case_viewing *v = f->v;
	json_t *content = NULL, *one;
	size_t i;
	if (json_parse(v->c->content, strlen(v->c->content), JSON_TEXT_LIMIT, &content, NULL))
		return arena_alloc(v->act->arena, sizeof(char *));
	const json_t *list = json_object_get(content, "declarations");
	const char **keys = arena_alloc(v->act->arena, (json_array_size(list) + 1) * sizeof(*keys));
	json_array_foreach(list, i, one) keys[i] =
	    arena_strdup(v->act->arena, json_string_value(one) ? json_string_value(one) : "");
	json_decref(content);
	return keys;
}

static int64_t day_of(const char *iso)
{
	struct civil date;
	return *iso && !civil_parse(iso, &date) ? civil_days(date) : CALENDAR_FIRST;
}

static struct screening_known known_of(const struct filling *f, const struct screening_question *question)
{
	const struct casefile *c = f->v->c;
	int64_t received = civil_days(zone_date(f->profile->calendar.zone, c->received_at));
	return (struct screening_known) { .body = registry_find(
					      f->v->act->tx, f->v->act->office, f->v->act->arena, c->body_key),
		.declarations = declared(f),
		.declared = !f->intake.entered_at,
		.anonymous = f->anonymous,
		.earlier = f->earlier,
		.limit = question->clock ? profile_clock(f->profile, question->clock, received) : NULL,
		.happened_day = day_of(f->intake.happened_on),
		.received_day = received };
}

static json_t *history_json(const struct filling *f, const struct screening_question *question)
{
	json_t *list = json_array();
	for (size_t i = f->row_count; i > 0; i--) {
		const struct screening_row *row = &f->rows[i - 1];
		if (strcmp(row->given.question, question->key) != 0)
			continue;
		json_t *one = json_object();
		json_put_str(one, "answer", row->given.answer);
		json_put_str(
		    one, "answer_words", event_code_words(f->v->lang, f->profile, "answer", row->given.answer));
		json_put_str(one, "reason_words", row->reason);
		json_put_bool(one, "overruled", row->given.overridden);
		json_put_str(one, "by", row->actor_name);
		view_put_moment(f->v->act, f->v->lang, one, "at", row->at);
		json_add(list, one);
	}
	return list;
}

static const struct screening_given *given_to(const struct filling *f, const struct screening_question *question)
{
	for (size_t i = 0; i < f->given_count; i++)
		if (!strcmp(f->given[i].question, question->key))
			return &f->given[i];
	return NULL;
}

static json_t *choices_json(const struct filling *f, const char *chosen)
{
	json_t *list = json_array();
	for (size_t i = 0; screening_answers[i]; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", screening_answers[i]);
		json_put_str(
		    one, "answer_words", event_code_words(f->v->lang, f->profile, "answer", screening_answers[i]));
		json_put_bool(one, "chosen", !strcmp(screening_answers[i], chosen));
		json_put_bool(one, "first", i == 0);
		json_add(list, one);
	}
	return list;
}

static json_t *question_json(const struct filling *f, const struct screening_question *question, size_t number)
{
	enum lang lang = f->v->lang;
	const struct screening_known known = known_of(f, question);
	struct screening_proposal proposal = screening_propose(question, &f->profile->calendar, &known);
	const struct screening_given *given = given_to(f, question);
	bool stands_in_the_way = given && screening_fails(question, given->answer);
	json_t *json = json_object(), *history = history_json(f, question);
	json_put_str(json, "question_key", question->key);
	json_put_int(json, "question_n", (int64_t)number);
	json_put_str(json, "question_text", names_in(&question->text, lang));
	json_put_str(json, "help_text", names_in(&question->help, lang));
	json_put_str(json, "source", question->source);
	json_put_bool(json, "unconfirmed", !question->confirmed);
	json_put_str(
	    json, "proposed", *proposal.answer ? event_code_words(lang, f->profile, "answer", proposal.answer) : NULL);
	json_put_str(json, "proposed_why", proposal.words ? text_get(lang, proposal.words) : NULL);
	json_put_bool(json, "answered", given != NULL);
	json_put_bool(json, "stands_in_the_way", stands_in_the_way && !given->overridden);
	json_put_bool(json, "was_overruled", given && given->overridden);
	json_put_str(json, "closing_name", names_in(&profile_closing(f->profile, question->closing)->name, lang));
	json_put(json, "choices", choices_json(f, given ? given->answer : proposal.answer));
	json_put_str(json, "reason_now", given ? json_str_or(json_array_get(history, 0), "reason_words", "") : "");
	json_put_bool(
	    json, "can_overrule", f->overrule && question->override && stands_in_the_way && !given->overridden);
	json_put_bool(json, "has_history", json_array_size(history) > 0);
	json_put(json, "history", history);
	return json;
}

static void put_questions(struct filling *f)
{
	const struct screening_question *failing;
	json_t *list = json_array(), *verdict = json_object();
	enum screening_verdict is =
	    screening_verdict(f->profile, f->intake.case_class, f->given, f->given_count, &failing);
	for (size_t i = 0; i < f->profile->questions && i < SCREENING_QUESTIONS; i++)
		if (screening_asks(&f->profile->question[i], f->intake.case_class))
			json_add(list, question_json(f, &f->profile->question[i], i + 1));
	view_put_list(f->v->view, "questions", list);
	json_put_bool(verdict, "unanswered", is == SCREENING_OPEN);
	json_put_bool(verdict, "admissible", is == SCREENING_ADMISSIBLE);
	json_put_bool(verdict, "inadmissible", is == SCREENING_INADMISSIBLE);
	if (is == SCREENING_INADMISSIBLE) {
		const struct closing *closing = profile_closing(f->profile, failing->closing);
		json_put_str(verdict, "closing", closing->key);
		json_put_str(verdict, "closing_name", names_in(&closing->name, f->v->lang));
	}
	json_put(f->v->view, "verdict", verdict);
}

/* --- where else -------------------------------------------------------------------------------------------------- */

struct fitting {
	const struct other_office *office;
	int fits;
	size_t order;
};

static int by_fit(const void *a, const void *b)
{
	const struct fitting *one = a, *other = b;
	if (one->fits != other->fits)
		return other->fits - one->fits;
	return one->order > other->order ? 1 : -1;
}

static json_t *office_json(const struct filling *f, const struct fitting *fitting)
{
	const struct other_office *office = fitting->office;
	enum lang lang = f->v->lang;
	json_t *json = json_object();
	json_put_str(json, "code", office->key);
	json_put_str(json, "office_name", names_in(&office->name, lang));
	json_put_str(json, "takes", names_in(&office->takes, lang));
	json_put_str(json, "country_name", country_name(lang, office->country));
	json_put_str(json, "web", office->web);
	json_put_str(json, "office_phone", office->phone);
	json_put_str(json, "office_email", office->email);
	json_put_bool(json, "unconfirmed", !office->confirmed);
	json_put_bool(json, "fits", fitting->fits > 0);
	json_put_bool(json, "chosen", false);
	return json;
}

static void put_offices(struct filling *f)
{
	const struct casefile *c = f->v->c;
	const struct body *body = registry_find(f->v->act->tx, f->v->act->office, f->v->act->arena, c->body_key);
	const char *reason = json_str(json_object_get(f->v->view, "verdict"), "closing");
	struct fitting *fitting = arena_alloc(f->v->act->arena, (f->profile->others + 1) * sizeof(*fitting));
	json_t *fits = json_array(), *all = json_array();
	for (size_t i = 0; i < f->profile->others; i++)
		fitting[i] = (struct fitting) { &f->profile->other[i],
			screening_office_fits(&f->profile->other[i], f->profile, body, c->body_country, reason), i };
	qsort(fitting, f->profile->others, sizeof(*fitting), by_fit);
	for (size_t i = 0; i < f->profile->others; i++) {
		json_add(all, office_json(f, &fitting[i]));
		if (fitting[i].fits > 0)
			json_add(fits, office_json(f, &fitting[i]));
	}
	view_put_list(f->v->view, "suggested", fits);
	json_put(f->v->view, "offices", all);
	json_put_bool(f->v->view, "outside",
	    (body && !body->in_mandate) || reason != NULL ||
		(*c->body_country && strcmp(c->body_country, f->profile->country) != 0));
}

/* A partner with an agreement in force that covers the case: a referral is safer than a letter. What the room above
 * shows on the overview is asked for here as well. */
static enum err put_partners(struct filling *f)
{
	const struct casework_plugin *plugin = casework_plugged();
	json_t *panel = json_object(), *list = json_array(), *one;
	size_t i;
	enum err e = plugin && plugin->case_view ? plugin->case_view(f->v->act, f->v->lang, f->v->c, panel) : OK;
	json_array_foreach(json_object_get(json_object_get(panel, "referral_panel"), "suggestions"), i, one)
	{
		json_t *partner = json_object();
		json_put_str(partner, "partner", json_str_or(one, "partner", ""));
		json_put_str(partner, "agreement_title", json_str_or(one, "title", ""));
		json_add(list, partner);
	}
	json_decref(panel);
	view_put_list(f->v->view, "partners", list);
	return e;
}

static enum err put_transfers(struct filling *f)
{
	const struct case_viewing *v = f->v;
	json_t *list, *one;
	size_t i;
	enum err e = case_transfer_list(v->act, v->lang, v->c->id, &list);
	if (e)
		return e;
	json_array_foreach(list, i, one)
	    json_put_bool(one, "can_step", f->change && !json_bool_or(one, "ended_now", true));
	view_put_list(v->view, "transfers", list);
	return OK;
}

/* --- kind and urgency -------------------------------------------------------------------------------------------- */

static void add_option(const struct filling *f, const char *list_name, const char *code, json_t *list)
{
	json_t *one = json_object();
	json_put_str(one, "code", code);
	json_put_str(one, "label",
	    *code ? event_code_words(f->v->lang, f->profile, list_name, code) : text_get(f->v->lang, N_("Not urgent")));
	json_add(list, one);
}

static bool classify_options(const void *arg, enum lang lang, const char *field, json_t *list)
{
	bool urgent = !strcmp(field, "urgent");
	const char *const *codes = urgent ? intake_urgencies : profile_case_class;
	if (!urgent && strcmp(field, "case_class") != 0)
		return false;
	if (urgent)
		add_option(arg, field, "", list);
	for (size_t i = 0; codes[i]; i++)
		add_option(arg, field, codes[i], list);
	return true;
}

static void put_kind(const struct filling *f)
{
	const struct form_fields form = { .lang = f->v->lang,
		.fields = screening_classify_fields,
		.n = SCREENING_CLASSIFY_FIELDS,
		.form = screening_classify_form(f->v->act->arena, &f->intake),
		.act = "classify",
		.options = classify_options,
		.arg = f };
	json_put(f->v->view, "kind_form", form_fields_json(&form));
	json_put_str(
	    f->v->view, "class_name", event_code_words(f->v->lang, f->profile, "case_class", f->intake.case_class));
	json_put_str(f->v->view, "urgent_name",
	    *f->intake.urgent ? event_code_words(f->v->lang, f->profile, "urgent", f->intake.urgent) : NULL);
	json_put_str(f->v->view, "happened_on", f->intake.happened_on);
	json_put_str(f->v->view, "sent_on", f->intake.sent_on);
}

static char *missing_letter(const struct case_viewing *v)
{
	enum lang theirs;
	if (!lang_parse(v->c->lang, &theirs))
		theirs = v->act->office->profile->language;
	json_t *values = json_object();
	json_put_str(values, "number", v->c->number);
	json_put_str(values, "name", v->c->person_name);
	json_put_str(values, "office", names_in(&v->act->office->profile->name, theirs));
	json_put_str(
	    values, "date", date_long(v->act->arena, theirs, v->act->office->profile->calendar.zone, v->act->now));
	char *text = letter_text(v->act->arena, v->act->office->profile, theirs, "more_information", values);
	json_decref(values);
	return text;
}

static enum err fill(const struct case_viewing *v)
{
	const struct object object = casefile_object(v->c);
	struct filling f = { .v = v, .profile = v->act->office->profile };
	f.change = screening_may_change(v->act, v->c, NULL) == OK;
	f.overrule = f.change && may(v->act->actor, ACT_CASE_WORK, &object, NULL) == OK;
	enum err e = casefile_intake_load(v->act->tx, v->act->arena, v->c->id, &f.intake);
	if (!e)
		e = screening_load(v->act->tx, v->act->arena, v->c->id, &f.rows, &f.row_count);
	if (!e)
		e = put_earlier(&f);
	if (e)
		return e;
	f.given_count = screening_last(v->act->arena, f.rows, f.row_count, &f.given);
	json_put_bool(v->view, "change", f.change);
	json_put_bool(v->view, "can_ask", f.change && v->c->state->phase == PHASE_INTAKE);
	json_put_str(v->view, "missing_letter", missing_letter(v));
	put_questions(&f);
	put_kind(&f);
	put_offices(&f);
	e = put_partners(&f);
	return e ? e : put_transfers(&f);
}

const struct case_tab screening_tab = { "screening", N_("Screening"), ACT_CASE_READ, "case/screening", fill };
