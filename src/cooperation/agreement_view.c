/* The agreement as data of a page: state and why, history, signatures, alerts. */
#include "cooperation/agreement_view.h"

#include "base/util.h"
#include "cooperation/agreement_articles.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define ALERT_DAYS 180 /* time enough to negotiate an extension */

static const char *const tones[AGREEMENT_STATE_MAX] = {
	[AGREEMENT_DRAFT] = "new",
	[AGREEMENT_PROPOSED] = "waiting",
	[AGREEMENT_DECLINED] = "refused",
	[AGREEMENT_SIGNED] = "info",
	[AGREEMENT_IN_FORCE] = "done",
	[AGREEMENT_SUSPENDED] = "waiting",
	[AGREEMENT_TERMINATED] = "closed",
	[AGREEMENT_EXPIRED] = "closed",
};

const char *agreement_day(struct arena *arena, enum lang lang, const char *iso)
{
	struct civil day;
	if (!iso || civil_parse(iso, &day))
		return NULL;
	/* A civil date means the same everywhere: written out at UTC, no zone can move it. */
	return date_long(arena, lang, "UTC", civil_days(day) * DAY_MS);
}

json_t *fingerprint_groups(const char *fingerprint)
{
	json_t *groups = json_array();
	while (*fingerprint) {
		size_t len = strcspn(fingerprint, " ");
		json_add(groups, json_stringn(fingerprint, len));
		fingerprint += len;
		fingerprint += strspn(fingerprint, " ");
	}
	return groups;
}

static json_t *state_view(enum lang lang, enum agreement_state state)
{
	json_t *view = json_object();
	json_put_str(view, "key", agreement_state_name(state));
	json_put_str(view, "tone", tones[state]);
	json_put_str(view, "label", text_get(lang, agreement_state_label(state)));
	return view;
}

/* --- what calls for attention ------------------------------------------------------------------------------------ */

static int64_t next_end(const struct agreement_row *a)
{
	const int64_t ends = a->status.ends[0] < a->status.ends[1] ? a->status.ends[0] : a->status.ends[1];
	const char *until = json_str(agreement_json(a->document), "valid_until");
	struct civil day;
	if (until && civil_parse(until, &day) == OK && (civil_days(day) + 1) * DAY_MS < ends)
		return (civil_days(day) + 1) * DAY_MS;
	return ends;
}

static const char *end_alert(const struct casefile_act *act, enum lang lang, const struct agreement_row *a)
{
	int64_t end = next_end(a);
	if (end == AGREEMENT_NEVER || end - act->now > ALERT_DAYS * DAY_MS)
		return NULL;
	return text_plural(
	    act->arena, lang, N_("Ends in {n} day"), N_("Ends in {n} days"), (end - act->now + DAY_MS - 1) / DAY_MS);
}

static const char *alert(
    const struct casefile_act *act, enum lang lang, const struct agreement_row *a, enum agreement_state state)
{
	if (state == AGREEMENT_PROPOSED && a->status.proposer != a->us && !a->arriving.has_signed[a->us])
		return text_get(lang, N_("Waits for our signature"));
	if (state == AGREEMENT_PROPOSED)
		return text_get(lang, N_("Waits for the partner's signature"));
	if (state == AGREEMENT_IN_FORCE || state == AGREEMENT_SUSPENDED || state == AGREEMENT_SIGNED)
		return end_alert(act, lang, a);
	return NULL;
}

static const char *country_text(enum lang lang, const struct partner *p)
{
	return country_name(lang, p->country);
}

enum err agreement_row_view(
    const struct casefile_act *act, enum lang lang, const struct agreement_row *a, json_t **ret_view)
{
	struct partner p;
	const json_t *document = agreement_json(a->document);
	enum agreement_state state = agreement_state(a->document, &a->status, act->now);
	enum err e = partner_load(act->tx, act->arena, a->partner_id, &p);
	if (e)
		return e;
	json_t *view = json_object();
	json_put_int(view, "id", a->id);
	json_put_str(view, "uid", a->uid);
	json_put_int(view, "version", a->version);
	json_put_str(view, "link", arena_printf(act->arena, "/desk/agreements/%" PRId64, a->id));
	json_put_str(view, "title", agreement_title(a->document, lang_code(lang)));
	json_put_str(view, "partner", partner_name(act->arena, &p, lang));
	json_put_int(view, "partner_id", p.id);
	json_put_str(view, "partner_country", country_text(lang, &p));
	json_put(view, "state", state_view(lang, state));
	json_put_str(view, "from", agreement_day(act->arena, lang, json_str(document, "valid_from")));
	json_put_str(view, "until", agreement_day(act->arena, lang, json_str(document, "valid_until")));
	json_put_str(view, "alert", alert(act, lang, a, state));
	*ret_view = view;
	return OK;
}

/* --- history ----------------------------------------------------------------------------------------------------- */

static const char *const did[] = {
	[MESSAGE_AGREEMENT_PROPOSE] = N_("Signed and proposed"),
	[MESSAGE_AGREEMENT_SIGN] = N_("Signed"),
	[MESSAGE_AGREEMENT_DECLINE] = N_("Declined"),
	[MESSAGE_AGREEMENT_SUSPEND] = N_("Suspended"),
	[MESSAGE_AGREEMENT_RESUME] = N_("Suspension lifted"),
	[MESSAGE_AGREEMENT_TERMINATE] = N_("Notice of termination"),
};

static const char *party_name(const struct agreement_row *a, int party, enum lang lang)
{
	const json_t *parties = json_object_get(agreement_json(a->document), "parties");
	return names_json_in(json_object_get(json_array_get(parties, (size_t)party), "name"), lang);
}

static json_t *history_one(
    const struct casefile_act *act, enum lang lang, const struct agreement_row *a, const struct agreement_act_row *row)
{
	json_t *one = json_object();
	const char *zone = act->office->profile->calendar.zone;
	enum refusal refusal;
	json_put_str(one, "type", message_rule(row->type)->name);
	json_put_str(one, "heading", text_get(lang, did[row->type]));
	json_put_str(one, "by", party_name(a, row->party, lang));
	json_put_str(one, "person", row->party == a->us ? row->actor_name : "");
	json_put_bool(one, "ours", row->party == a->us);
	json_put_str(one, "when", date_time_long(act->arena, lang, zone, row->at));
	json_put_int(one, "at", row->at);
	json_put_str(one, "reason", row->reason);
	json_put_str(one, "reason_lang", row->lang);
	json_put_str(one, "effective", agreement_day(act->arena, lang, row->effective));
	json_put_bool(one, "waiting", row->waiting);
	json_put_bool(one, "refused", row->refused);
	if (row->refused && refusal_parse(row->refusal, &refusal))
		json_put_str(one, "refusal", text_get(lang, refusal_info(refusal)->sentence));
	return one;
}

/* --- parties and their signatures -------------------------------------------------------------------------------- */

static json_t *person_view(const json_t *person)
{
	json_t *view = json_object();
	json_put_str(view, "person_name", json_str_or(person, "name", ""));
	json_put_str(view, "email", json_str_or(person, "email", ""));
	json_put_str(view, "phone", json_str_or(person, "phone", ""));
	return view;
}

static const struct agreement_act_row *signing(const struct agreement_act_row *list, size_t n, int party)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].party == party && !list[i].refused &&
		    (list[i].type == MESSAGE_AGREEMENT_PROPOSE || list[i].type == MESSAGE_AGREEMENT_SIGN))
			return &list[i];
	return NULL;
}

static json_t *signatory_view(const struct agreement_row *a, int party)
{
	const json_t *list = json_object_get(agreement_json(a->document), "signatories");
	json_t *names = json_array();
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		if (json_int_or(one, "party", -1) != party)
			continue;
		json_t *view = json_object();
		json_put_str(view, "person_name", json_str_or(one, "name", ""));
		json_put_str(view, "person_office", json_str_or(one, "office", ""));
		json_add(names, view);
	}
	return names;
}

static json_t *party_view(const struct casefile_act *act, enum lang lang, const struct agreement_row *a, int party,
    const char *fingerprint, const struct agreement_act_row *signed_by)
{
	const json_t *parties = json_object_get(agreement_json(a->document), "parties");
	const json_t *one = json_array_get(parties, (size_t)party);
	const char *zone = act->office->profile->calendar.zone;
	json_t *view = json_object();
	json_put_str(view, "party_name", party_name(a, party, lang));
	json_put_str(view, "country", country_name(lang, json_str_or(one, "country", "")));
	json_put_str(view, "office_id", json_str_or(one, "id", ""));
	json_put_bool(view, "ours", party == a->us);
	json_put(view, "contact", person_view(json_object_get(one, "contact")));
	json_put(view, "deputy", person_view(json_object_get(one, "deputy")));
	json_put(view, "signatories", signatory_view(a, party));
	json_put_bool(view, "signed", signed_by != NULL);
	if (signed_by) {
		json_put_str(view, "signed_when", date_time_long(act->arena, lang, zone, signed_by->at));
		json_put(view, "groups", fingerprint_groups(fingerprint));
	}
	return view;
}

static enum err parties_view(const struct casefile_act *act, enum lang lang, const struct agreement_row *a,
    const struct agreement_act_row *list, size_t n, json_t *view)
{
	char own[FINGERPRINT_TEXT];
	struct partner p;
	enum err e = partner_load(act->tx, act->arena, a->partner_id, &p);
	if (e)
		return e;
	json_t *parties = json_array();
	public_keys_fingerprint(keys_public(act->office->keys), own);
	for (int party = 0; party < 2; party++)
		json_add(parties,
		    party_view(act, lang, a, party, party == a->us ? own : p.fingerprint, signing(list, n, party)));
	json_put(view, "parties", parties);
	return OK;
}

/* --- texts ------------------------------------------------------------------------------------------------------- */

/* The whole text in each language it has; the reader's stands open. */
static json_t *texts_view(const struct agreement_row *a, enum lang lang)
{
	const json_t *document = agreement_json(a->document), *body;
	const char *authentic = json_str_or(document, "authentic_language", ""), *code;
	const char *shown =
	    json_object_get(json_object_get(document, "text"), lang_code(lang)) ? lang_code(lang) : authentic;
	json_t *list = json_array();
	json_object_foreach(json_object_get(document, "text"), code, body)
	{
		enum lang known;
		json_t *one = json_object();
		bool ours = lang_parse(code, &known);
		json_put_str(one, "lang_code", code);
		json_put_str(one, "lang_name", ours ? lang_name(known) : code);
		json_put_str(one, "lang_dir", ours && lang_rtl(known) ? "rtl" : "ltr");
		json_put_bool(one, "authentic", !strcmp(code, authentic));
		json_put_bool(one, "shown", !strcmp(code, shown));
		json_put_str(one, "body", json_string_value(body));
		json_add(list, one);
	}
	return list;
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum message_type type;
} buttons[] = {
	{ "propose", MESSAGE_AGREEMENT_PROPOSE },
	{ "sign", MESSAGE_AGREEMENT_SIGN },
	{ "decline", MESSAGE_AGREEMENT_DECLINE },
	{ "suspend", MESSAGE_AGREEMENT_SUSPEND },
	{ "resume", MESSAGE_AGREEMENT_RESUME },
	{ "terminate", MESSAGE_AGREEMENT_TERMINATE },
};

static json_t *can_view(const struct casefile_act *act, const struct agreement_row *a, size_t acts)
{
	bool draft = a->arriving.proposer < 0;
	bool may_sign = may(act->actor, ACT_AGREEMENT_SIGN, NULL, NULL) == OK;
	bool may_draft = may(act->actor, ACT_AGREEMENT_DRAFT, NULL, NULL) == OK, any = false;
	json_t *can = json_object();
	for (size_t i = 0; may_sign && i < ARRAY_LEN(buttons); i++) {
		bool now = agreement_can(a, buttons[i].type, act->now, NULL);
		json_put_bool(can, buttons[i].name, now);
		any = any || now;
	}
	json_put_bool(can, "edit", may_draft && draft);
	json_put_bool(can, "discard", may_draft && draft && !acts);
	json_put_bool(can, "replace", may_draft && !draft);
	json_put_bool(can, "anything", any || may_draft);
	json_put_bool(can, "see_partner", may(act->actor, ACT_PARTNER_READ, NULL, NULL) == OK);
	/* A liaison officer drafts; whose signature it waits for has to be said. */
	json_put_bool(can, "needs_head", !may_sign && agreement_can(a, MESSAGE_AGREEMENT_PROPOSE, act->now, NULL));
	json_put_bool(can, "needs_head_sign", !may_sign && agreement_can(a, MESSAGE_AGREEMENT_SIGN, act->now, NULL));
	return can;
}

static void put_why(const struct casefile_act *act, enum lang lang, const struct agreement_row *a, json_t *view)
{
	struct fault fault = { 0 };
	enum agreement_state state = agreement_state(a->document, &a->status, act->now);
	if (agreement_in_force(a->document, &a->status, act->now, &fault)) {
		json_put_str(view, "why",
		    state == AGREEMENT_DRAFT ? text_get(lang, N_("Nobody has signed it yet. It can still be "
								 "changed."))
					     : text_fault(act->arena, lang, &fault));
		json_put_str(view, "why_clause", fault.field);
	}
	int64_t changes = agreement_changes_at(a->document, &a->status, act->now);
	if (changes != AGREEMENT_NEVER)
		json_put_str(view, "changes_on", date_long(act->arena, lang, "UTC", changes));
}

static json_t *languages_view(enum lang reader)
{
	json_t *list = json_array();
	for (enum lang lang = 0; lang < LANG_MAX; lang++) {
		json_t *one = json_object();
		json_put_str(one, "lang_code", lang_code(lang));
		json_put_str(one, "lang_name", lang_name(lang));
		json_put_bool(one, "chosen", lang == reader);
		json_add(list, one);
	}
	return list;
}

enum err agreement_page_view(
    const struct casefile_act *act, enum lang lang, const struct agreement_row *a, json_t *view)
{
	struct agreement_act_row *list;
	size_t n;
	json_t *row, *history = json_array(), *can;
	char earliest[11];
	enum err e = agreement_row_view(act, lang, a, &row);
	if (!e) {
		put_why(act, lang, a, row);
		json_put_str(row, "sha256", a->sha256);
		json_put_str(row, "place", json_str(agreement_json(a->document), "place"));
		json_put_str(row, "replaces", json_str(agreement_json(a->document), "replaces"));
		json_put(view, "agreement", row);
		e = agreement_acts(act->tx, act->arena, a->id, &list, &n);
	}
	if (!e)
		e = parties_view(act, lang, a, list, n, view);
	if (e) {
		json_decref(history);
		return e;
	}
	for (size_t i = 0; i < n; i++)
		json_add(history, history_one(act, lang, a, &list[i]));
	json_put_bool(view, "has_history", n > 0);
	json_put(view, "history", history);
	json_put(view, "articles", agreement_articles(act->arena, lang, act->office->profile, a->document));
	json_put(view, "texts", texts_view(a, lang));
	json_put(view, "document", json_deep_copy(agreement_json(a->document)));
	can = can_view(act, a, n);
	json_put(view, "can", can);
	json_put(view, "reason_languages", languages_view(lang));
	agreement_earliest_end(a, act->now, earliest);
	json_put_str(view, "earliest", earliest);
	json_put_str(view, "earliest_words", agreement_day(act->arena, lang, earliest));
	return OK;
}

/* --- for third parties ------------------------------------------------------------------------------------------- */

static json_t *signature_view(int party, const char *office_id, const char *jws, json_t *keys_stolen)
{
	json_t *one = json_object();
	json_put_int(one, "party", party);
	json_put_str(one, "office", office_id);
	json_put_str(one, "jws", jws);
	json_put(one, "jwks", keys_stolen);
	return one;
}

enum err agreement_evidence(const struct casefile_act *act, const struct agreement_row *a, json_t **ret_evidence)
{
	const struct public_keys *keys;
	struct partner p;
	enum err e = partner_load(act->tx, act->arena, a->partner_id, &p);
	if (!e)
		e = partner_keys(&p, &keys);
	if (e)
		return e;
	json_t *evidence = json_object(), *signatures = json_array();
	for (int party = 0; party < 2; party++) {
		bool ours = party == a->us;
		const char *jws = ours ? a->ours : a->theirs;
		const struct public_keys *whose = ours ? keys_public(act->office->keys) : keys;
		if (jws)
			json_add(signatures, signature_view(party, agreement_party_id(a->document, party), jws,
						 public_keys_json(whose)));
	}
	json_put_str(evidence, "typ", TYP_AGREEMENT);
	json_put_str(evidence, "sha256", a->sha256);
	json_put(evidence, "document", json_deep_copy(agreement_json(a->document)));
	json_put(evidence, "signatures", signatures);
	*ret_evidence = evidence;
	return OK;
}
