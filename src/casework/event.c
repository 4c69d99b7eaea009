/* The chronology: what kinds of things happen, in words for the person and for officers. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/case_clock.h"
#include "casework/tables.h"
#include "office/current.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

static const struct event_kind case_kinds[] = {
	{ "received", N_("We have received your complaint. Its number is {number}."),
	    N_("Complaint received ({channel}).") },
	{ "opened", NULL, N_("Inquiry opened on our own initiative.") },
	{ "registered", N_("Your complaint has been registered."), N_("Registered.") },
	{ "acknowledged", N_("We wrote to you that we have your complaint."),
	    N_("Receipt acknowledged to the person.") },
	{ "assigned", NULL, N_("Assigned to {name}. {words}") },
	{ "admitted", N_("We have taken up your complaint and are looking into it."), N_("Admitted for inquiry.") },
	{ "to_person", N_("We wrote you a message."), N_("Message to the person.") },
	{ "from_person", N_("You wrote us a message."), N_("Message from the person.") },
	{ "note", NULL, N_("Note added.") },
	{ "document_person", N_("You added the file “{name}”."), N_("The person added the file “{name}”.") },
	{ "document_staff", NULL, N_("File “{name}” added.") },
	{ "document_partner", NULL, N_("File “{name}” came from the partner institution.") },
	{ "closed", N_("Your complaint has been closed: {closing}. {words}"), N_("Closed: {closing}. {words}") },
	{ "moved", NULL, N_("State changed to: {to_state}. {words}") },
	{ "moved_told", N_("{to_state}. {words}"), N_("State changed to: {to_state}. {words}") },
	{ "reopened", N_("Your complaint has been opened again. {words}"), N_("Reopened. {words}") },
	{ "member_added", NULL, N_("{name} works on the case as well.") },
	{ "member_ended", NULL, N_("{name} does not work on the case any more.") },
};
const struct event_table case_events = { case_kinds, ARRAY_LEN(case_kinds) };

/* What cooperation tells; it stands here because the person's page words it. */
static const struct event_kind referral_kinds[] = {
	{ "consent_asked", N_("We ask whether we may pass your complaint to {receiver}."),
	    N_("Consent asked for passing to {receiver}.") },
	{ "consent_given", N_("You agreed that we pass your complaint to {receiver}."),
	    N_("Consent given for {receiver}.") },
	{ "consent_refused", N_("You did not agree that we pass your complaint to {receiver}."),
	    N_("Consent refused for {receiver}.") },
	{ "consent_withdrawn", N_("You withdrew your consent for {receiver}."),
	    N_("Consent withdrawn for {receiver}.") },
	{ "referral_sent", N_("We sent your complaint to {receiver}, sealed so that only it can read it."),
	    N_("Referral sent to {receiver}.") },
	{ "referral_receipted", N_("{receiver} confirmed with its signature that it has your complaint."),
	    N_("Signed receipt from {receiver}.") },
	{ "referral_received", NULL, N_("Referred by {sender}, their number {partner_number}.") },
	{ "referral_accepted", N_("{receiver} has taken up your complaint under the number {partner_number}."),
	    N_("{receiver} accepted, their number {partner_number}.") },
	{ "referral_refused", N_("{receiver} did not take up your complaint: {refusal}. {words}"),
	    N_("{receiver} refused: {refusal}. {words}") },
	{ "referral_information_asked", N_("{receiver} asks for more information."),
	    N_("{receiver} asks for more information: {words}") },
	{ "referral_information_given", N_("We gave {receiver} the information it asked for."),
	    N_("Information given to {receiver}.") },
	{ "referral_progress", N_("News from {receiver}: {words}"), N_("News from {receiver}: {words}") },
	{ "referral_agency_asked", N_("{receiver} asked {body} for a report. It is to answer by {due_at}."),
	    N_("{receiver} asked {body} for a report, due {due_at}.") },
	{ "referral_agency_reminded", N_("{body} did not answer in time. {receiver} reminded it."),
	    N_("{receiver} reminded {body}.") },
	{ "referral_agency_escalated", N_("{body} still did not answer. {receiver} turned to its head."),
	    N_("{receiver} turned to the head of {body}.") },
	{ "referral_agency_replied", N_("{body} answered {receiver}: {words}"),
	    N_("{body} answered {receiver}: {words}") },
	{ "referral_recommendation_issued",
	    N_("{receiver} recommended to {body} what it should do, by {due_at}: {words}"),
	    N_("{receiver} issued a recommendation to {body}, due {due_at}: {words}") },
	{ "referral_evidence_received", N_("{body} showed {receiver} what it has done: {words}"),
	    N_("{receiver} has evidence from {body}: {words}") },
	{ "referral_outcome_proposed", N_("{receiver} proposes a solution. Please read it and tell us what you think."),
	    N_("{receiver} proposes an outcome.") },
	{ "referral_outcome_accepted", N_("We told {receiver} that the solution is accepted."),
	    N_("Outcome accepted towards {receiver}.") },
	{ "referral_outcome_disputed", N_("We told {receiver} that the solution is not enough: {words}"),
	    N_("Outcome disputed towards {receiver}: {words}") },
	{ "referral_closing", N_("{receiver} proposes to close: {result}."),
	    N_("{receiver} proposes to close: {result}.") },
	{ "referral_closed", N_("The work of both institutions has ended: {result}."),
	    N_("Referral closed on both sides: {result}.") },
	{ "referral_withdrawn", N_("The referral to {receiver} was withdrawn."), N_("Referral withdrawn: {words}") },
	{ "referral_undelivered", NULL, N_("{receiver} refused a message: {words}") },
	{ "referral_dropped", NULL, N_("Not sent any more, because {receiver} had already acted: {message}.") },
	{ "referral_given_up", NULL, N_("The referral to {receiver} was given up before it was sent.") },
	{ "referral_asked", NULL, N_("More information asked from {sender}: {words}") },
	{ "referral_answered", NULL, N_("{sender} answered: {words}") },
	{ "referral_outcome_sent", NULL, N_("Outcome proposed to {sender}.") },
	{ "referral_outcome_agreed", NULL, N_("{sender} accepted the outcome. {words}") },
	{ "referral_outcome_objected", NULL, N_("{sender} disputes the outcome: {words}") },
	{ "referral_closing_sent", NULL, N_("Closing proposed to {sender}: {result}.") },
	{ "referral_ended", NULL, N_("Referral of {sender} closed on both sides: {result}.") },
	{ "referral_taken_back", NULL, N_("{sender} withdrew the referral: {ground}. {words}") },
};
const struct event_table referral_events = { referral_kinds, ARRAY_LEN(referral_kinds) };

static const struct casework_plugin *plugin;

void casework_plug(const struct casework_plugin *p)
{
	plugin = p;
}

const struct casework_plugin *casework_plugged(void)
{
	return plugin;
}

enum err event_add(const struct casefile_act *act, int64_t casefile_id, const char *kind_key, json_t *data)
{
	const struct event_kind *kind = event_kind_find(kind_key);
	json_t *object = data ? data : json_object();
	char *text CLEANUP(free_ptr) = json_compact_text(object);
	enum err e = kind && text ? OK : ERR_INTERNAL;
	if (!e)
		e = db_run(act->tx, &sql_event_insert,
		    DB_ARGS(db_int(casefile_id), db_int(act->now), db_text(kind_key), db_text(act->actor->tag),
			db_text(act->actor->name), db_int(kind->person != NULL), db_text(text)));
	if (!e)
		e = case_clock_on(act, casefile_id, kind_key);
	if (!e && plugin && plugin->on_event)
		e = plugin->on_event(act, casefile_id, kind_key, object);
	json_decref(object);
	return e;
}

/* --- in words ---------------------------------------------------------------------------------------------------- */

static const struct {
	const char *member, *code, *words;
} fixed_words[] = {
	{ "channel", "web", N_("on the public page") },
	{ "channel", "api", N_("by a program") },
	{ "channel", "desk", N_("at the desk") },
	{ "channel", "phone", N_("by telephone") },
	{ "channel", "post", N_("by post") },
	{ "channel", "email", N_("by e-mail") },
	{ "channel", "own_initiative", N_("on our own initiative") },
	{ "channel", "partner", N_("from a partner institution") },
	{ "role", "complainant", N_("Complainant") },
	{ "role", "affected", N_("Person affected") },
	{ "role", "representative", N_("Representative") },
	{ "role", "witness", N_("Witness") },
	{ "position", "accepts", N_("accepts the complaint") },
	{ "position", "partly", N_("accepts it in part") },
	{ "position", "denies", N_("denies it") },
	{ "opinion", "accepts", N_("accepts") },
	{ "opinion", "comments", N_("does not accept") },
	{ "state", "issued", N_("waiting for an answer") },
	{ "state", "accepted", N_("accepted, not yet carried out") },
	{ "state", "partly", N_("accepted in part") },
	{ "state", "defied", N_("not followed") },
	{ "state", "implemented", N_("carried out") },
	{ "state", "refused", N_("refused") },
	{ "hearing", "oral", N_("oral hearing") },
	{ "hearing", "inspection", N_("spot inspection") },
	{ "hearing", "records", N_("examination of records") },
	{ "hearing_state", "set", N_("set") },
	{ "hearing_state", "held", N_("held") },
	{ "hearing_state", "minuted", N_("minutes signed") },
	{ "hearing_state", "adjourned", N_("put off") },
	{ "hearing_state", "cancelled", N_("cancelled") },
	{ "mediation", "open", N_("running") },
	{ "mediation", "settled", N_("settled") },
	{ "mediation", "failed", N_("without a settlement") },
	{ "mediation", "withdrawn", N_("a side withdrew") },
	{ "finding_state", "draft", N_("draft") },
	{ "finding_state", "circulated", N_("out for comments") },
	{ "finding_state", "issued", N_("issued") },
	{ "finding_state", "dropped", N_("given up") },
	{ "opinion", "agrees", N_("agrees") },
	{ "opinion", "partly", N_("agrees in part") },
	{ "opinion", "disagrees", N_("does not agree") },
	{ "rec_kind", "personal", N_("for this person") },
	{ "rec_kind", "systemic", N_("for all in the same position") },
	{ "rec_kind", "legislative", N_("change of the law") },
	{ "degree", "none", N_("not carried out") },
	{ "degree", "partly", N_("carried out in part") },
	{ "degree", "substantially", N_("carried out for the most part") },
	{ "degree", "fully", N_("carried out in full") },
	{ "step", "superior", N_("the authority above the body") },
	{ "step", "head", N_("the head of government or state") },
	{ "step", "special_report", N_("a special report") },
	{ "result", "resolved", N_("resolved") },
	{ "result", "partly", N_("partly resolved") },
	{ "result", "unresolved", N_("not resolved") },
	{ "result", "withdrawn", N_("withdrawn") },
	{ "result", "moved_to_formal_path", N_("moved to a formal procedure") },
	/* The exchange's own list of reasons (docs/exchange.md section 10); a profile may word them itself. */
	{ "refusal", "outside_mandate", N_("it is outside its mandate") },
	{ "refusal", "outside_agreement", N_("the agreement does not cover it") },
	{ "refusal", "premature", N_("it comes too early") },
	{ "refusal", "out_of_time", N_("it comes too late") },
	{ "refusal", "court_pending", N_("a court is dealing with it") },
	{ "refusal", "already_decided", N_("it has been decided already") },
	{ "refusal", "repeat", N_("it has been looked into before") },
	{ "refusal", "incomplete", N_("facts are missing") },
	{ "refusal", "no_answer", N_("questions were not answered") },
	{ "refusal", "other", N_("another reason") },
	{ "ground", "person_withdrew", N_("the person withdrew the complaint") },
	{ "ground", "consent_withdrawn", N_("the person withdrew the consent") },
	{ "ground", "agreement_ended", N_("the agreement ended") },
	{ "ground", "sent_in_error", N_("it was sent in error") },
	{ "ground", "person_refused", N_("the person does not want it to be passed on") },
	{ "ground", "none_competent", N_("no office is competent") },
	{ "answer", "yes", N_("Yes") },
	{ "answer", "no", N_("No") },
	{ "answer", "not_applicable", N_("Does not apply") },
	{ "case_class", "complaint", N_("Complaint") },
	{ "case_class", "petition", N_("Request for help") },
	{ "case_class", "consultation", N_("Advice") },
	{ "case_class", "own_initiative", N_("Own initiative") },
	{ "urgent", "life", N_("Danger to life or health") },
	{ "urgent", "child", N_("A child is concerned") },
	{ "urgent", "detainee", N_("A detained person is concerned") },
	{ "urgent", "reprisal", N_("Reprisal is feared") },
	{ "consent", "written", N_("in writing") },
	{ "consent", "spoken", N_("by word of mouth, noted here") },
	{ "consent", "page", N_("on the page of the complaint") },
	{ "method", "post", N_("by post") },
	{ "method", "email", N_("by e-mail") },
	{ "method", "hand", N_("by hand") },
	{ "method", "system", N_("through their own system") },
	{ "ground", "other", N_("another reason") },
};

const char *event_code_words(enum lang lang, const struct profile *profile, const char *member, const char *code)
{
	if (!strcmp(member, "closing")) {
		const struct closing *closing = profile_closing(profile, code);
		return closing ? names_in(&closing->name, lang) : code;
	}
	if (!strcmp(member, "refusal")) {
		const struct code *refusal = codes_find(&profile->referral_refusals, code);
		if (refusal)
			return names_in(&refusal->name, lang);
	}
	if (!strcmp(member, "rule"))
		return case_clock_rule_name(lang, profile, code);
	if (!strcmp(member, "pause")) {
		const struct code *pause = codes_find(&profile->pause_reasons, code);
		return pause ? names_in(&pause->name, lang) : code;
	}
	for (size_t i = 0; i < ARRAY_LEN(fixed_words); i++)
		if (!strcmp(fixed_words[i].member, member) && !strcmp(fixed_words[i].code, code))
			return text_get(lang, fixed_words[i].words);
	return code;
}

const char *names_json_in(const json_t *names, enum lang lang)
{
	const char *name = json_str(names, lang_code(lang));
	if (!name)
		name = json_str(names, "en");
	if (!name && json_object_size(names) > 0)
		name = json_string_value(json_object_iter_value(json_object_iter((json_t *)(uintptr_t)names)));
	return name ? name : "";
}

/* `at`: when it happened; codes are told as they were then. */
static const char *value_text(
    const struct casefile_act *act, enum lang lang, int64_t at, const char *member, const json_t *value)
{
	size_t len = strlen(member);
	if (json_is_object(value))
		return names_json_in(value, lang);
	if (json_is_integer(value)) {
		int64_t n = json_integer_value(value);
		if (len > 3 && !strcmp(member + len - 3, "_at"))
			return date_long(act->arena, lang, act->office->profile->calendar.zone, n);
		if (len > 5 && !strcmp(member + len - 5, "_when"))
			return date_time_long(act->arena, lang, act->office->profile->calendar.zone, n);
		return number_text(act->arena, lang, n);
	}
	const char *text = json_string_value(value);
	if (text && !strcmp(member, "closing"))
		return code_name(act->office, "closing", text, lang, office_day(act->office, at));
	return text ? event_code_words(lang, act->office->profile, member, text) : "";
}

static char *fill(const struct casefile_act *act, enum lang lang, int64_t at, const char *pattern, const json_t *data)
{
	struct buf out = BUF_INIT(64 * 1024);
	enum err e = OK;
	const char *p = pattern;
	while (!e && *p) {
		size_t plain = strcspn(p, "{");
		e = buf_add(&out, p, plain);
		p += plain;
		size_t name_len = *p ? strcspn(p, "}") : 0;
		char name[48];
		if (!*p || e)
			break;
		if (p[name_len] != '}' || name_len - 1 >= sizeof(name)) {
			e = buf_putc(&out, *p++);
			continue;
		}
		memcpy(name, p + 1, name_len - 1);
		name[name_len - 1] = '\0';
		const json_t *value = json_object_get(data, name);
		e = buf_puts(&out, value ? value_text(act, lang, at, name, value) : "");
		p += name_len + 1;
		if (*p == '.' && out.len > 0 && out.data[out.len - 1] == '.') /* a Russian date ends in "г." */
			p++;
	}
	while (out.len > 0 && out.data[out.len - 1] == ' ') /* an empty {words} at the end */
		out.data[--out.len] = '\0';
	char *text = arena_strndup(act->arena, out.data ? out.data : "", out.len);
	buf_done(&out);
	return text;
}

char *event_words(const struct casefile_act *act, enum lang lang, const char *pattern, const json_t *data)
{
	return fill(act, lang, act->now, pattern, data);
}

static json_t *event_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows,
    const struct event_kind *kind, bool for_person)
{
	json_t *one = json_object(), *data = NULL;
	const char *text = db_col_text(rows, 5), *zone = act->office->profile->calendar.zone;
	char iso[RFC3339_TEXT];
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &data, NULL))
		data = json_object();
	int64_t at = db_col_int(rows, 1);
	rfc3339_format(iso, at);
	json_put_int(one, "id", db_col_int(rows, 0));
	json_put_str(one, "at", iso);
	json_put_str(one, "when", date_time_long(act->arena, lang, zone, at));
	json_put_str(one, "kind", kind->key);
	json_put_str(one, "text", fill(act, lang, at, text_get(lang, for_person ? kind->person : kind->officer), data));
	if (!for_person) {
		json_put_str(one, "actor_name", db_col_text(rows, 3));
		json_put_bool(one, "shown", db_col_int(rows, 4));
		json_put(one, "data", data);
	} else {
		json_decref(data);
	}
	return one;
}

static enum err list_rows(
    const struct casefile_act *act, enum lang lang, bool for_person, struct db_rows *rows, json_t **ret_list)
{
	json_t *list = json_array();
	while (db_next(rows)) {
		const struct event_kind *kind = event_kind_find(db_col_text(rows, 2));
		if (kind && (!for_person || kind->person))
			json_add(list, event_json(act, lang, rows, kind, for_person));
	}
	enum err e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}

enum err event_list(
    const struct casefile_act *act, enum lang lang, int64_t casefile_id, bool for_person, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_event_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	return e ? e : list_rows(act, lang, for_person, rows, ret_list);
}

enum err event_list_since(
    const struct casefile_act *act, enum lang lang, int64_t casefile_id, int64_t version, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_event_since, DB_ARGS(db_int(casefile_id), db_int(version)), &rows);
	return e ? e : list_rows(act, lang, false, rows, ret_list);
}
