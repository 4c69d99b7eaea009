/* What an officer may do to a referral now, and what the forms for it begin with. */
#include "base/util.h"
#include "cooperation/agreement_db.h"
#include "cooperation/consent_db.h"
#include "cooperation/referral_acts.h"
#include "cooperation/referral_view.h"
#include "office/current.h"
#include "text/country.h"

#include <stdio.h>
#include <string.h>

struct choosing {
	const struct casefile_act *act;
	enum lang lang;
	const struct referral *r;
	const char *stops;
	json_t *view;
};

static json_t *option(const char *code, const char *label, bool chosen)
{
	json_t *one = json_object();
	json_put_str(one, "code", code);
	json_put_str(one, "option_label", label);
	json_put_bool(one, "chosen", chosen);
	return one;
}

/* --- what may be done --------------------------------------------------------------------------------------------- */

static bool may_step(const struct referral *r, enum referral_step step)
{
	enum referral_state to;
	return referral_is_home(r) && referral_prepare(r->view.shown, step, &to, NULL) == OK;
}

static bool may_move(const struct choosing *c, enum message_type type)
{
	enum referral_state to;
	return (!c->stops || !message_rule(type)->needs_agreement) &&
	       referral_move(c->r->view.shown, type, c->r->view.self, &to, NULL) == OK;
}

static void put_can(const struct choosing *c, bool may_work)
{
	static const struct {
		const char *key;
		enum message_type type;
	} moves[] = {
		{ "send", MESSAGE_REFERRAL_OFFER },
		{ "accept", MESSAGE_REFERRAL_ACCEPT },
		{ "refuse", MESSAGE_REFERRAL_REFUSE },
		{ "ask", MESSAGE_REFERRAL_ASK },
		{ "answer", MESSAGE_REFERRAL_ANSWER },
		{ "progress", MESSAGE_REFERRAL_PROGRESS },
		{ "outcome", MESSAGE_REFERRAL_OUTCOME },
		{ "outcome_accept", MESSAGE_REFERRAL_OUTCOME_ACCEPT },
		{ "outcome_dispute", MESSAGE_REFERRAL_OUTCOME_DISPUTE },
		{ "close", MESSAGE_REFERRAL_CLOSE },
		{ "close_confirm", MESSAGE_REFERRAL_CLOSE_CONFIRM },
		{ "withdraw", MESSAGE_REFERRAL_WITHDRAW },
		{ "note", MESSAGE_NOTE },
	};
	json_t *can = json_object();
	bool anything = false;
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		bool yes = may_work && may_move(c, moves[i].type);
		json_put_bool(can, moves[i].key, yes);
		anything = anything || yes;
	}
	json_put_bool(can, "choose", may_work && may_step(c->r, STEP_EDIT));
	json_put_bool(can, "ask_consent", may_work && !c->stops && may_step(c->r, STEP_ASK_CONSENT));
	json_put_bool(can, "give_up", may_work && may_step(c->r, STEP_GIVE_UP));
	json_put_bool(can, "anything", anything || json_is_true(json_object_get(can, "give_up")));
	json_put(c->view, "can", can);
}

static bool can(const struct choosing *c, const char *what)
{
	return json_bool_or(json_object_get(c->view, "can"), what, false);
}

/* --- what goes into the packet ------------------------------------------------------------------------------------ */

/* Why the agreement does not let this category pass; NULL when it does. */
static const char *category_stops(const struct choosing *c, const struct agreement *agreement, const char *category)
{
	const json_t *allowed = json_object_get(agreement_json(agreement), "data_categories");
	json_t *one;
	size_t i;
	if (!category)
		return NULL;
	json_array_foreach(allowed, i, one) if (!strcmp(json_string_value(one), category)) return NULL;
	char article[16];
	snprintf(article, sizeof(article), "%d", agreement_article("data"));
	return text_format(c->act->arena, c->lang,
	    N_("Article {article} of the agreement does not allow this kind of data."), "article", article, NULL);
}

static void put_fields(const struct choosing *c, const struct agreement *agreement, const struct packet_source *source,
    const json_t *chosen)
{
	json_t *list = json_array(), *have = json_object();
	for (size_t i = 0; i < source->count; i++)
		json_put_str(have, source->value[i].key, source->value[i].text);
	list = (json_decref(list), packet_fields_json(c->lang, have));
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one)
	{
		const char *key = json_str_or(one, "key", "");
		const char *stops = category_stops(c, agreement, packet_field_find(key)->category);
		json_put_bool(one, "chosen", json_object_get(chosen, key) != NULL);
		json_put_str(one, "stops", stops);
		json_put_bool(one, "always", !strcmp(key, "embassy_not_informed"));
	}
	json_decref(have);
	json_put(c->view, "choose_fields", list);
}

static enum err put_documents(const struct choosing *c, const struct agreement *agreement, const json_t *chosen)
{
	json_t *list, *one, *file;
	size_t i, k;
	enum err e = document_list(c->act->tx, c->act->office, c->lang, c->r->casefile_id, &list);
	if (e)
		return e;
	json_array_foreach(list, i, one)
	{
		bool is = false;
		json_array_foreach(chosen, k, file) is =
		    is || json_int_or(file, "document", 0) == json_int_or(one, "id", -1);
		json_put_bool(one, "chosen", is);
		json_put_str(one, "stops", category_stops(c, agreement, PACKET_DOCUMENTS));
	}
	json_put_bool(c->view, "has_choose_documents", json_array_size(list) > 0);
	json_put(c->view, "choose_documents", list);
	return OK;
}

static json_t *countries_json(enum lang lang, const char *chosen)
{
	json_t *list = json_array();
	size_t n;
	const struct country *all = country_list(lang, &n);
	for (size_t i = 0; i < n; i++)
		json_add(list, option(all[i].code, all[i].name, !strcmp(all[i].code, chosen)));
	return list;
}

static void put_offer(const struct choosing *c)
{
	const struct office *office = c->act->office;
	const json_t *p = c->r->packet;
	const struct code_choice *choice;
	json_t *subjects = json_array(), *packet = json_object_get(c->view, "packet");
	size_t n = code_choices(
	    c->act->arena, office_list(office, "subjects"), office_day(office, c->act->now), NULL, &choice);
	for (size_t i = 0; i < n; i++)
		json_add(subjects, option(choice[i].entry->key, names_in(&choice[i].entry->name, c->lang),
				       !strcmp(choice[i].entry->key, json_str_or(p, "subject", ""))));
	json_put(c->view, "subjects", subjects);
	json_put(c->view, "countries", countries_json(c->lang, json_str_or(p, "residence", "")));
	json_put_str(packet, "authority", json_str_or(p, "authority", ""));
}

static enum err put_choice(const struct choosing *c, const json_t *chosen)
{
	struct agreement_row agreement;
	struct packet_source source;
	struct casefile file;
	enum err e = agreement_load_uid(c->act->tx, c->act->arena, c->r->agreement, &agreement);
	if (!e)
		e = casefile_load(c->act->office, c->act->tx, c->act->arena, c->r->casefile_id, &file);
	if (!e)
		e = packet_source_load(c->act, &file, &source);
	if (e)
		return e;
	put_fields(c, agreement.document, &source, json_object_get(chosen, "fields"));
	return put_documents(c, agreement.document, json_object_get(chosen, "files"));
}

/* The answer that was prepared, and whether it may go. */
static enum err put_supplement(const struct choosing *c)
{
	const json_t *s = c->r->supplement;
	struct consent_row row;
	bool data =
	    json_object_size(json_object_get(s, "fields")) > 0 || json_array_size(json_object_get(s, "files")) > 0;
	if (json_object_size(s) == 0)
		return OK;
	json_t *json = json_object();
	json_put_str(json, "words", json_str_or(s, "text", ""));
	json_put_bool(json, "needs_consent", data);
	enum err e = data ? consent_require(c->act, c->r, CONSENT_ANSWER, s, &row, NULL) : OK;
	json_put_bool(json, "ready", e == OK);
	json_put(c->view, "supplement", json);
	return e == ERR_DENIED ? OK : e;
}

/* --- lists to choose from ----------------------------------------------------------------------------------------- */

static json_t *codes_json(const struct choosing *c, const char *const *codes, const char *member)
{
	json_t *list = json_array();
	for (size_t i = 0; codes[i]; i++)
		json_add(list,
		    option(codes[i], event_code_words(c->lang, c->act->office->profile, member, codes[i]), false));
	return list;
}

/* A partner reads the text in one of these; the page's own language is the likely one. */
static json_t *languages_json(enum lang lang)
{
	json_t *list = json_array();
	for (enum lang l = 0; l < LANG_MAX; l++)
		json_add(list, option(lang_code(l), lang_name(l), l == lang));
	return list;
}

static void put_issue_rows(const struct choosing *c)
{
	json_t *rows = json_array();
	for (int i = 1; i <= REFERRAL_ISSUES_MAX; i++) {
		json_t *row = json_object();
		json_put_int(row, "n", i);
		json_put_bool(row, "first", i == 1);
		json_add(rows, row);
	}
	json_put(c->view, "issue_rows", rows);
}

enum err referral_view_choices(const struct casefile_act *act, enum lang lang, const struct referral *r, bool may_work,
    const char *agreement_stops, json_t *view)
{
	const struct choosing c = { act, lang, r, agreement_stops, view };
	enum err e = OK;
	put_can(&c, may_work);
	json_put(view, "text_languages", languages_json(lang));
	if (can(&c, "choose")) {
		put_offer(&c);
		e = put_choice(&c, r->packet);
	} else if (can(&c, "answer")) {
		e = put_choice(&c, r->supplement);
		if (!e)
			e = put_supplement(&c);
	}
	if (can(&c, "refuse"))
		json_put(view, "refuse_reasons", codes_json(&c, referral_refuse_reasons, "refusal"));
	if (can(&c, "withdraw"))
		json_put(view, "withdraw_grounds", codes_json(&c, referral_withdraw_grounds, "ground"));
	if (can(&c, "outcome")) {
		json_put(view, "issue_results", codes_json(&c, referral_issue_results, "result"));
		put_issue_rows(&c);
	}
	if (can(&c, "close"))
		json_put(view, "close_results", codes_json(&c, referral_close_results, "result"));
	return e;
}
