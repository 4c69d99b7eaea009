/* The table of what officers do to a referral. */
#include "cooperation/referral_acts.h"

#include "base/clockwork.h"
#include "base/util.h"

#include <stdio.h>
#include <string.h>

const char *const referral_refuse_reasons[] = { "outside_mandate", "outside_agreement", "premature", "out_of_time",
	"court_pending", "already_decided", "repeat", "incomplete", "no_answer", "other", NULL };
const char *const referral_withdraw_grounds[] = { "person_withdrew", "consent_withdrawn", "agreement_ended",
	"sent_in_error", "other", NULL };
const char *const referral_issue_results[] = { "resolved", "partly", "unresolved", NULL };
const char *const referral_close_results[] = { "resolved", "partly", "unresolved", "moved_to_formal_path", NULL };
static const char *const progress_steps[] = { "meeting", "other", NULL };
static const char *const languages[] = { "az", "en", "ru", "ur", NULL };

#define TEXT_MAX 4000
#define LONG_TEXT_MAX 8000
#define ANSWER_MAX 20000

/* --- what was ticked ---------------------------------------------------------------------------------------------- */

static bool in_list(const json_t *list, const char *text)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (json_is_string(one) && !strcmp(json_string_value(one), text)) return true;
	return false;
}

/* A program's list may name what does not exist; that is said, never passed over. */
static enum err check_named(const json_t *list, struct fault *fault)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one)
	{
		const char *key = json_string_value(one);
		if (!key || !packet_field_find(key))
			return fault_set(fault, ERR_INVALID, "fields", N_("There is no field {field} in a packet."),
			    "field", key ? key : "", NULL);
	}
	return OK;
}

static enum err ticked_fields(
    const struct referral_form *form, const char *out[PACKET_FIELDS_MAX], size_t *ret_count, struct fault *fault)
{
	const json_t *named = form->rq->api ? json_object_get(form->rq->json, "fields") : NULL;
	size_t n = 0;
	char name[80];
	enum err e = check_named(named, fault);
	for (const struct packet_field *f = packet_fields; !e && f->key; f++) {
		snprintf(name, sizeof(name), "field_%s", f->key);
		if (form->rq->api ? in_list(named, f->key) : request_form(form->rq, name) != NULL)
			out[n++] = f->key;
	}
	*ret_count = n;
	return e;
}

#define DOCUMENTS_MAX 200

static bool has_int(const json_t *list, int64_t value)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (json_integer_value(one) == value) return true;
	return false;
}

static enum err ticked_documents(const struct casefile_act *act, const struct referral *r,
    const struct referral_form *form, int64_t out[DOCUMENTS_MAX], size_t *ret_count)
{
	const json_t *named = form->rq->api ? json_object_get(form->rq->json, "documents") : NULL;
	json_t *all, *one;
	size_t i, n = 0;
	char name[48];
	enum err e = document_list(act->tx, act->office, LANG_EN, r->casefile_id, &all);
	if (e)
		return e;
	json_array_foreach(all, i, one)
	{
		int64_t id = json_int_or(one, "id", 0);
		snprintf(name, sizeof(name), "document_%lld", (long long)id);
		if (n < DOCUMENTS_MAX && (form->rq->api ? has_int(named, id) : request_form(form->rq, name) != NULL))
			out[n++] = id;
	}
	json_decref(all);
	*ret_count = n;
	return OK;
}

static enum err read_choice(const struct casefile_act *act, const struct referral *r, const struct referral_form *form,
    struct packet_choice *choice, struct fault *fault)
{
	const char **fields = arena_alloc(act->arena, PACKET_FIELDS_MAX * sizeof(*fields));
	int64_t *documents = arena_alloc(act->arena, DOCUMENTS_MAX * sizeof(*documents));
	enum err e = ticked_fields(form, fields, &choice->field_count, fault);
	if (!e && r->casefile_id)
		e = ticked_documents(act, r, form, documents, &choice->document_count);
	choice->fields = fields;
	choice->documents = documents;
	return e;
}

/* --- home --------------------------------------------------------------------------------------------------------- */

/* Home's own steps before sending are not in the table of moves, so the side is asked here. */
static enum err only_home(const struct referral *r, struct fault *fault)
{
	if (referral_is_home(r))
		return OK;
	return fault_set(fault, ERR_CONFLICT, NULL, N_("The other office takes this step, not this one."), NULL);
}

static enum err do_packet(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	struct packet_choice choice = { .subject = form->subject,
		.residence = form->residence,
		.authority = form->authority,
		.language = *form->language ? form->language : json_str_or(r->packet, "language", "") };
	enum err e = only_home(r, fault);
	if (!e)
		e = read_choice(act, r, form, &choice, fault);
	if (!e)
		e = referral_choose(act, r, &choice, fault);
	/* One press for both, so that what the person is asked about is what stands ticked on the page. */
	return e || strcmp(form->then, "consent") ? e : referral_ask_consent(act, r, fault);
}

static enum err do_consent(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	enum err e = only_home(r, fault);
	return e ? e : referral_ask_consent(act, r, fault);
}

static enum err do_send(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	enum err e = only_home(r, fault);
	return e ? e : referral_send(act, r, fault);
}

static enum err do_give_up(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	enum err e = only_home(r, fault);
	return e ? e : referral_give_up(act, r, fault);
}

static enum err do_answer(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	struct packet_choice choice = { .text = form->text, .language = form->language };
	enum err e = only_home(r, fault);
	if (!e)
		e = read_choice(act, r, form, &choice, fault);
	return e ? e : referral_prepare_answer(act, r, &choice, fault);
}

static enum err do_answer_consent(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	enum err e = only_home(r, fault);
	return e ? e : referral_ask_answer_consent(act, r, fault);
}

static enum err do_answer_send(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	enum err e = only_home(r, fault);
	return e ? e : referral_send_answer(act, r, fault);
}

/* --- messages that are their form --------------------------------------------------------------------------------- */

/* Text and language go together: a message without words names no language. */
static json_t *with_text(const struct referral_form *form, json_t *body)
{
	if (*form->text) {
		json_put_str(body, "text", form->text);
		json_put_str(body, "language", form->language);
	}
	return body;
}

static enum err do_outcome_accept(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	return referral_act(act, r, MESSAGE_REFERRAL_OUTCOME_ACCEPT, with_text(form, json_object()), NULL, fault);
}

static const char *why_of(const struct referral_form *form, const char *key)
{
	char name[80];
	json_t *one;
	size_t i;
	if (!form->rq->api) {
		snprintf(name, sizeof(name), "why_%s", key);
		const char *typed = request_form(form->rq, name);
		return typed ? text_nfc(form->rq->arena, typed) : "";
	}
	json_array_foreach(json_object_get(form->rq->json, "issues"), i,
	    one) if (!strcmp(json_str_or(one, "key", ""), key)) return json_str_or(one, "why", "");
	return "";
}

static enum err do_outcome_dispute(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	json_t *objections = json_array(), *issue;
	size_t i;
	char first[64] = "text";
	json_array_foreach(json_object_get(json_object_get(r->story, "outcome"), "issues"), i, issue)
	{
		const char *key = json_str_or(issue, "key", ""), *why = why_of(form, key);
		if (i == 0)
			snprintf(first, sizeof(first), "why_%.50s", key);
		if (!*why)
			continue;
		json_t *one = json_object();
		json_put_str(one, "key", key);
		json_put_str(one, "why", why);
		json_add(objections, one);
	}
	if (json_array_size(objections) == 0) {
		json_decref(objections);
		return fault_set(fault, ERR_INVALID, first, N_("Say for at least one point what is not solved."), NULL);
	}
	json_t *body = json_object();
	json_put(body, "issues", objections);
	json_put_str(body, "language", form->language);
	return referral_act(act, r, MESSAGE_REFERRAL_OUTCOME_DISPUTE, body, NULL, fault);
}

static enum err do_close_confirm(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	return referral_act(act, r, MESSAGE_REFERRAL_CLOSE_CONFIRM, with_text(form, json_object()), NULL, fault);
}

static enum err do_withdraw(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	json_t *body = with_text(form, json_object());
	json_put_str(body, "ground", form->ground);
	return referral_act(act, r, MESSAGE_REFERRAL_WITHDRAW, body, NULL, fault);
}

static enum err do_note(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	return referral_act(act, r, MESSAGE_NOTE, with_text(form, json_object()), NULL, fault);
}

/* --- lead --------------------------------------------------------------------------------------------------------- */

static enum err do_accept(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	return referral_accept(act, r, form->text, form->language, fault);
}

static enum err do_refuse(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	json_t *body = with_text(form, json_object());
	json_put_str(body, "reason", form->reason);
	return referral_act(act, r, MESSAGE_REFERRAL_REFUSE, body, NULL, fault);
}

static enum err do_ask(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	json_t *body = json_object();
	json_put_str(body, "question", form->question);
	json_put_str(body, "language", form->language);
	if (*form->due)
		json_put_str(body, "due", form->due);
	return referral_act(act, r, MESSAGE_REFERRAL_ASK, body, NULL, fault);
}

static enum err do_progress(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	char at[RFC3339_TEXT];
	json_t *body = with_text(form, json_object());
	rfc3339_format(at, act->now);
	json_put_str(body, "step", form->step);
	json_put_str(body, "at", at);
	if (*form->due)
		json_put_str(body, "due", form->due);
	return referral_act(act, r, MESSAGE_REFERRAL_PROGRESS, body, NULL, fault);
}

static void add_issue(json_t *issues, const char *text, const char *result)
{
	char key[16];
	json_t *one = json_object();
	snprintf(key, sizeof(key), "issue%zu", json_array_size(issues) + 1);
	json_put_str(one, "key", key);
	json_put_str(one, "text", text);
	json_put_str(one, "result", result);
	json_add(issues, one);
}

static enum err read_issues(const struct referral_form *form, json_t *issues, struct fault *fault)
{
	json_t *one;
	size_t k;
	char name[32];
	json_array_foreach(form->rq->api ? json_object_get(form->rq->json, "issues") : NULL, k, one)
	    add_issue(issues, json_str_or(one, "text", ""), json_str_or(one, "result", ""));
	for (int i = 0; !form->rq->api && i < REFERRAL_ISSUES_MAX; i++) {
		if (!*form->issue_text[i] && !*form->issue_result[i])
			continue;
		snprintf(name, sizeof(name), "%s_%d", *form->issue_text[i] ? "issue_result" : "issue_text", i + 1);
		if (!*form->issue_text[i] || !*form->issue_result[i])
			return fault_set(
			    fault, ERR_INVALID, name, N_("Each point needs its words and its result."), NULL);
		add_issue(issues, form->issue_text[i], form->issue_result[i]);
	}
	if (json_array_size(issues) > 0)
		return OK;
	return fault_set(fault, ERR_INVALID, "issue_text_1", N_("Name at least one point and how it ended."), NULL);
}

static enum err do_outcome(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	json_t *body = json_object(), *issues = json_array();
	json_put(body, "issues", issues);
	enum err e = read_issues(form, issues, fault);
	if (e) {
		json_decref(body);
		return e;
	}
	if (*form->text)
		json_put_str(body, "text", form->text);
	json_put_str(body, "language", form->language);
	return referral_act(act, r, MESSAGE_REFERRAL_OUTCOME, body, NULL, fault);
}

static enum err do_close(
    const struct casefile_act *act, struct referral *r, const struct referral_form *form, struct fault *fault)
{
	json_t *body = with_text(form, json_object());
	json_put_str(body, "result", form->result);
	return referral_act(act, r, MESSAGE_REFERRAL_CLOSE, body, NULL, fault);
}

/* --- their forms -------------------------------------------------------------------------------------------------- */

#define F(member_, type_, max_, flags_, label_) FIELD(struct referral_form, member_, type_, max_, flags_, label_)
#define VERSION F(version, FIELD_INT, 0, 0, N_("Version of the referral"))
#define LANGUAGE FIELD_OF(struct referral_form, language, languages, FIELD_REQUIRED, N_("Language of your text"))
#define WORDS(max_, flags_, label_) F(text, FIELD_LINES, max_, flags_, label_)
#define ISSUE(i)                                                                                                       \
	{ "issue_text_" #i, FIELD_LINES, offsetof(struct referral_form, issue_text) + (i - 1) * sizeof(char *),        \
		TEXT_MAX, 0, N_("Point"), NULL },                                                                      \
	{                                                                                                              \
		"issue_result_" #i, FIELD_CHOICE,                                                                      \
		    offsetof(struct referral_form, issue_result) + (i - 1) * sizeof(char *), 0, 0, N_("How it ended"), \
		    referral_issue_results                                                                             \
	}

static const struct field version_fields[] = { VERSION };
static const struct field packet_form[] = {
	VERSION,
	F(subject, FIELD_TEXT, 64, FIELD_REQUIRED, N_("Subject")),
	F(residence, FIELD_TEXT, 2, 0, N_("Country where the person lives")),
	F(authority, FIELD_TEXT, 300, FIELD_REQUIRED, N_("Body complained of")),
	FIELD_OF(struct referral_form, language, languages, 0, N_("Language of the complaint")),
	F(then, FIELD_TEXT, 16, 0, N_("What comes next")),
};
static const struct field remark_fields[] = { VERSION, LANGUAGE, WORDS(TEXT_MAX, 0, N_("Words to the partner")) };
static const struct field answer_fields[] = { VERSION, LANGUAGE, WORDS(ANSWER_MAX, FIELD_REQUIRED, N_("Answer")) };
static const struct field dispute_fields[] = { VERSION, LANGUAGE };
static const struct field withdraw_fields[] = {
	VERSION,
	LANGUAGE,
	FIELD_OF(struct referral_form, ground, referral_withdraw_grounds, FIELD_REQUIRED, N_("Why it is withdrawn")),
	WORDS(2000, 0, N_("Words to the partner")),
};
/* Notes and news are never out of date. */
static const struct field note_fields[] = {
	LANGUAGE,
	WORDS(LONG_TEXT_MAX, FIELD_REQUIRED, N_("Note to the partner")),
};
static const struct field refuse_fields[] = {
	VERSION,
	LANGUAGE,
	FIELD_OF(struct referral_form, reason, referral_refuse_reasons, FIELD_REQUIRED, N_("Reason for refusing")),
	WORDS(TEXT_MAX, FIELD_REQUIRED, N_("Explanation for the person")),
};
static const struct field ask_fields[] = {
	VERSION,
	LANGUAGE,
	F(question, FIELD_LINES, TEXT_MAX, FIELD_REQUIRED, N_("What you need to know")),
	F(due, FIELD_DATE, 0, 0, N_("By when")),
};
static const struct field progress_fields[] = {
	LANGUAGE,
	FIELD_OF(struct referral_form, step, progress_steps, FIELD_REQUIRED, N_("What happened")),
	WORDS(LONG_TEXT_MAX, FIELD_REQUIRED, N_("News for the person")),
	F(due, FIELD_DATE, 0, 0, N_("By when")),
};
static const struct field outcome_fields[] = {
	VERSION,
	LANGUAGE,
	ISSUE(1),
	ISSUE(2),
	ISSUE(3),
	ISSUE(4),
	ISSUE(5),
	WORDS(LONG_TEXT_MAX, 0, N_("Words to the partner")),
};
static const struct field close_fields[] = {
	VERSION,
	LANGUAGE,
	FIELD_OF(struct referral_form, result, referral_close_results, FIELD_REQUIRED, N_("Result")),
	WORDS(LONG_TEXT_MAX, FIELD_REQUIRED, N_("What was reached")),
};

#define FIELDS(fields_) fields_, ARRAY_LEN(fields_)

static const struct referral_doing doings[] = {
	{ "packet", "packet", FIELDS(packet_form), do_packet },
	{ "consent", "packet", FIELDS(version_fields), do_consent },
	{ "send", "packet", FIELDS(version_fields), do_send },
	{ "give-up", "packet", FIELDS(version_fields), do_give_up },
	{ "answer", "answer", FIELDS(answer_fields), do_answer },
	{ "answer-consent", "answer", FIELDS(version_fields), do_answer_consent },
	{ "answer-send", "answer", FIELDS(version_fields), do_answer_send },
	{ "outcome-accept", "outcome", FIELDS(remark_fields), do_outcome_accept },
	{ "outcome-dispute", "outcome", FIELDS(dispute_fields), do_outcome_dispute },
	{ "close-confirm", "closing", FIELDS(remark_fields), do_close_confirm },
	{ "withdraw", "withdraw", FIELDS(withdraw_fields), do_withdraw },
	{ "note", "notes", FIELDS(note_fields), do_note },
	{ "accept", "decide", FIELDS(remark_fields), do_accept },
	{ "refuse", "decide", FIELDS(refuse_fields), do_refuse },
	{ "ask", "decide", FIELDS(ask_fields), do_ask },
	{ "progress", "progress", FIELDS(progress_fields), do_progress },
	{ "outcome", "outcome", FIELDS(outcome_fields), do_outcome },
	{ "close", "closing", FIELDS(close_fields), do_close },
};

const struct referral_doing *referral_doing_find(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(doings); i++)
		if (!strcmp(doings[i].key, key))
			return &doings[i];
	return NULL;
}

enum err referral_do(const struct casefile_act *act, const struct referral_doing *what, int64_t referral_id,
    const struct referral_form *form, struct referral *ret_referral, struct fault *fault)
{
	struct object object;
	struct referral r;
	enum err e = referral_load(act->tx, act->arena, referral_id, &r);
	if (!e)
		e = referral_object(act->office, act->tx, act->arena, &r, &object);
	if (!e)
		e = may(act->actor, ACT_REFERRAL_WORK, &object, fault);
	if (!e)
		e = referral_fresh(&r, form->version, fault);
	if (!e)
		e = what->run(act, &r, form, fault);
	if (!e)
		*ret_referral = r;
	return e;
}
