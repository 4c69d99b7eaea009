/* The person's side of a referral: consents in plain words, its course, the outcome to look at. */
#include "cooperation/referral_person.h"

#include "base/util.h"
#include "casework/public.h"
#include "cooperation/consent_db.h"
#include "cooperation/referral_view.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct showing {
	const struct casefile_act *act;
	enum lang lang;
	json_t *cards, *courses;
};

/* --- consents ----------------------------------------------------------------------------------------------------- */

static void put_state(const struct showing *s, const struct consent_row *row, json_t *card)
{
	bool given = !strcmp(row->state, "given");
	const char *zone = s->act->office->profile->calendar.zone;
	int64_t at = row->withdrawn_at ? row->withdrawn_at : row->decided_at;
	json_put_bool(card, "asked", !strcmp(row->state, "asked"));
	json_put_bool(card, "given", given);
	json_put_bool(card, "refused", !strcmp(row->state, "refused"));
	json_put_bool(card, "withdrawn", !strcmp(row->state, "withdrawn"));
	json_put_str(card, "decided", at ? date_time_long(s->act->arena, s->lang, zone, at) : NULL);
}

static json_t *names_list(const json_t *names)
{
	json_t *list = json_array(), *one;
	size_t i;
	json_array_foreach(names, i, one)
	{
		json_t *row = json_object();
		json_put_str(row, "file_name", json_string_value(one));
		json_add(list, row);
	}
	return list;
}

/* What was decided is shown as it was shown then, in the language in which it was read. */
static enum err add_card(const struct consent_row *row, void *arg)
{
	struct showing *s = arg;
	struct referral r;
	char digest[HASH_TEXT];
	json_t *paper CLEANUP(json_decrefp) = NULL;
	if (!strcmp(row->state, "replaced"))
		return OK;
	enum err e = referral_load(s->act->tx, s->act->arena, row->referral_id, &r);
	if (!e && row->shown)
		paper = json_incref(row->shown);
	else if (!e)
		e = consent_paper(s->act, row, &r, s->lang, &paper);
	if (!e)
		e = consent_digest(paper, digest);
	if (e)
		return e;
	json_t *card = json_object(), *files = names_list(json_object_get(paper, "file_names"));
	json_put_int(card, "consent_id", row->id);
	put_state(s, row, card);
	json_put_str(card, "receiver_name", json_str_or(paper, "receiver_name", ""));
	json_put_str(card, "agreement_title", json_str_or(paper, "agreement_title", ""));
	json_put_bool(card, "more", !strcmp(row->part, CONSENT_ANSWER));
	json_put(card, "consent_fields", packet_fields_json(s->lang, json_object_get(paper, "values")));
	json_put_bool(card, "has_consent_files", json_array_size(files) > 0);
	json_put(card, "consent_files", files);
	json_put_str(card, "digest", digest);
	json_put_bool(card, "can_withdraw", !strcmp(row->state, "given") && !referral_state_over(r.view.shown));
	json_put_bool(card, "sent", r.view.shown >= REFERRAL_SENT && r.view.shown != REFERRAL_GIVEN_UP);
	json_add(s->cards, card);
	return OK;
}

/* --- its course --------------------------------------------------------------------------------------------------- */

static const char *const plain_words[REFERRAL_STATE_MAX] = {
	[REFERRAL_DRAFT] = N_("We are preparing to pass your complaint to {receiver}. Nothing has been sent."),
	[REFERRAL_CONSENT_ASKED] =
	    N_("We would like to pass your complaint to {receiver}. Nothing is sent before you agree."),
	[REFERRAL_READY] = N_("You agreed. We are about to send your complaint to {receiver}."),
	[REFERRAL_SENT] = N_("Your complaint is with {receiver}, which decides whether it takes it up."),
	[REFERRAL_INFORMATION_ASKED] =
	    N_("{receiver} needs more information before it decides. We are preparing the answer."),
	[REFERRAL_ACCEPTED] = N_("{receiver} is working on your complaint."),
	[REFERRAL_REFUSED] = N_("{receiver} did not take up your complaint. We will tell you what can be done now."),
	[REFERRAL_OUTCOME_PROPOSED] = N_("{receiver} proposes a solution. Please tell us below what you think of it."),
	[REFERRAL_OUTCOME_ACCEPTED] = N_("The solution of {receiver} was accepted."),
	[REFERRAL_OUTCOME_DISPUTED] = N_("We told {receiver} that the solution is not enough. It goes on working."),
	[REFERRAL_CLOSING] = N_("{receiver} proposes to end its work. We are looking at what was reached."),
	[REFERRAL_CLOSED] = N_("{receiver} and we have ended this work."),
	[REFERRAL_WITHDRAWN] = N_("Your complaint was taken back from {receiver}."),
	[REFERRAL_GIVEN_UP] = N_("Your complaint was not sent to {receiver}."),
};

/* Which proposal a page showed: a later one may have as many points. */
static enum err proposal_digest(const struct referral *r, char out[HASH_TEXT])
{
	char *text CLEANUP(free_ptr) = json_canonical_text(json_object_get(r->story, "outcome"));
	if (!text)
		return ERR_INTERNAL;
	hash_text(out, text, strlen(text));
	return OK;
}

/* A partner's words: declared right to left or left to right where we know their language, else as they begin. */
static void put_words(json_t *json, const char *name, const char *words, const char *language)
{
	char member[40];
	enum lang lang;
	bool known = lang_parse(language, &lang);
	json_put_str(json, name, words);
	snprintf(member, sizeof(member), "%s_lang", name);
	json_put_str(json, member, language);
	snprintf(member, sizeof(member), "%s_dir", name);
	json_put_str(json, member, !known ? "auto" : lang_rtl(lang) ? "rtl" : "ltr");
}

static json_t *points_json(const struct showing *s, const struct referral *r)
{
	const json_t *outcome = json_object_get(r->story, "outcome");
	json_t *list = json_array(), *issue;
	size_t i;
	json_array_foreach(json_object_get(outcome, "issues"), i, issue)
	{
		json_t *one = json_object();
		json_put_int(one, "point", (int64_t)i + 1);
		json_put_str(one, "n", number_text(s->act->arena, s->lang, (int64_t)i + 1));
		put_words(one, "point_text", json_str_or(issue, "text", ""), json_str_or(outcome, "language", ""));
		json_put_str(one, "point_result",
		    event_code_words(s->lang, s->act->office->profile, "result", json_str_or(issue, "result", "")));
		json_add(list, one);
	}
	return list;
}

static enum err put_outcome(const struct showing *s, const struct referral *r, json_t *course)
{
	const json_t *outcome = json_object_get(r->story, "outcome");
	char digest[HASH_TEXT];
	if (!outcome)
		return OK;
	enum err e = proposal_digest(r, digest);
	if (e)
		return e;
	json_put(course, "points", points_json(s, r));
	json_put_bool(course, "has_outcome", true);
	json_put_str(course, "proposal", digest);
	put_words(course, "outcome_words", json_str(outcome, "text"), json_str_or(outcome, "language", ""));
	json_put_bool(
	    course, "may_answer", r->view.shown == REFERRAL_OUTCOME_PROPOSED && !json_object_get(r->story, "opinion"));
	json_put_bool(course, "answered", json_object_get(r->story, "opinion") != NULL);
	return OK;
}

static enum err add_course(struct referral *r, void *arg)
{
	struct showing *s = arg;
	struct partner partner;
	if (!referral_is_home(r)) /* the person follows it at home */
		return OK;
	enum err e = partner_load(s->act->tx, s->act->arena, r->partner_id, &partner);
	if (e)
		return e;
	const char *receiver = partner_name(s->act->arena, &partner, s->lang);
	const json_t *closing = json_object_get(r->story, "closing"), *refusal = json_object_get(r->story, "refusal");
	json_t *course = json_object();
	json_put_int(course, "referral_id", r->id);
	json_put_str(course, "receiver_name", receiver);
	json_put_str(course, "course_words",
	    text_format(s->act->arena, s->lang, plain_words[r->view.shown], "receiver", receiver, NULL));
	json_put_str(course, "their_number", *r->partner_number ? r->partner_number : NULL);
	json_put_str(course, "course_result",
	    *r->result ? event_code_words(s->lang, s->act->office->profile, "result", r->result) : NULL);
	put_words(course, "closing_words", *r->result ? json_str(closing, "text") : NULL,
	    json_str_or(closing, "language", ""));
	put_words(course, "refusal_words", r->view.shown == REFERRAL_REFUSED ? json_str(refusal, "text") : NULL,
	    json_str_or(refusal, "language", ""));
	json_add(s->courses, course);
	return put_outcome(s, r, course);
}

enum err referral_person_view(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *view)
{
	struct showing s = { act, lang, json_array(), json_array() };
	json_put(view, "consent_cards", s.cards);
	json_put(view, "courses", s.courses);
	enum err e = c->has_referral ? consent_each(act->tx, act->arena, c->id, add_card, &s) : OK;
	if (!e && c->has_referral)
		e = referral_each(act->tx, act->arena, c->id, add_course, &s);
	json_put_bool(view, "has_consent_cards", json_array_size(s.cards) > 0);
	json_put_bool(view, "has_courses", json_array_size(s.courses) > 0);
	return e;
}

/* --- what the person thinks of an outcome ------------------------------------------------------------------------- */

static const char *opinion_text(
    struct arena *arena, enum lang lang, const json_t *issues, const struct opinion_point *point)
{
	const char *all = "";
	json_t *issue;
	size_t i;
	json_array_foreach(issues, i, issue)
	{
		const char *says = point[i].accept ? text_get(lang, N_("I accept this."))
						   : text_format(arena, lang, N_("I do not accept this: {why}"), "why",
							 point[i].why, NULL);
		all = arena_printf(arena, "%s%s%s\n%s", all, *all ? "\n\n" : "", json_str_or(issue, "text", ""), says);
	}
	return all;
}

static enum err check_point(const struct opinion_point *point, size_t i, struct fault *fault)
{
	char name[32];
	snprintf(name, sizeof(name), "why_%zu", i + 1);
	if (!point->accept && !*point->why)
		return fault_set(fault, ERR_INVALID, name, N_("Say what is not solved where you do not accept."), NULL);
	return OK;
}

static enum err check_points(const json_t *issues, const struct opinion_point *point, size_t n, struct fault *fault)
{
	enum err e = OK;
	if (n != json_array_size(issues))
		return fault_set(fault, ERR_CONFLICT, NULL,
		    N_("The proposal has changed since you opened this page. Please read it again."), NULL);
	for (size_t i = 0; !e && i < n; i++)
		e = check_point(&point[i], i, fault);
	return e;
}

/* Loads the referral; ERR_CONFLICT when its person may not answer now, or was shown another proposal. */
static enum err load_open(const struct casefile_act *act, int64_t casefile_id, int64_t referral_id,
    const char *proposal, struct referral *r, struct fault *fault)
{
	char digest[HASH_TEXT];
	enum err e = referral_load(act->tx, act->arena, referral_id, r);
	if (!e && (r->casefile_id != casefile_id || !referral_is_home(r)))
		e = ERR_NOT_FOUND;
	if (e)
		return e;
	if (r->view.shown != REFERRAL_OUTCOME_PROPOSED || json_object_get(r->story, "opinion"))
		return fault_set(fault, ERR_CONFLICT, NULL,
		    N_("You have answered already, or the proposal is no longer open. You can write us a message."),
		    NULL);
	e = proposal ? proposal_digest(r, digest) : OK;
	if (!e && proposal && strcmp(proposal, digest))
		e = fault_set(fault, ERR_CONFLICT, NULL,
		    N_("The proposal has changed since you opened this page. Please read it again."), NULL);
	return e;
}

static json_t *opinion_json(const json_t *issues, const struct opinion_point *point)
{
	json_t *opinion = json_object(), *list = json_array(), *issue;
	size_t i;
	json_array_foreach(issues, i, issue)
	{
		json_t *one = json_object();
		json_put_str(one, "key", json_str_or(issue, "key", ""));
		json_put_bool(one, "accept", point[i].accept);
		json_put_str(one, "why", point[i].why);
		json_add(list, one);
	}
	json_put(opinion, "issues", list);
	return opinion;
}

enum err referral_opinion(const struct casefile_act *act, int64_t casefile_id, int64_t referral_id, enum lang lang,
    const char *proposal, const struct opinion_point *point, size_t n, struct fault *fault)
{
	struct referral r;
	enum err e = load_open(act, casefile_id, referral_id, proposal, &r, fault);
	if (e)
		return e;
	const json_t *issues = json_object_get(json_object_get(r.story, "outcome"), "issues");
	e = check_points(issues, point, n, fault);
	if (e)
		return e;
	json_put(r.story, "opinion", opinion_json(issues, point));
	e = text_add(act, casefile_id, "from_person", lang, opinion_text(act->arena, lang, issues, point));
	return e ? e : referral_save(act, &r);
}

/* --- their doors -------------------------------------------------------------------------------------------------- */

struct person_work {
	struct request *rq;
	int64_t id;
	struct consent_decision decision;
	const char *proposal;
	struct opinion_point point[20];
	size_t points;
	struct fault fault;
	struct faults faults; /* of the form as it was sent */
};

static enum err may_follow(const struct person_work *work, struct fault *fault)
{
	const struct object object = { .casefile_id = actor_of(work->rq)->id };
	return may(actor_of(work->rq), ACT_CASE_FOLLOW, &object, fault);
}

static struct casefile_act act_in(struct request *rq, struct db_tx *tx)
{
	return (struct casefile_act) { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
}

static enum err decide(struct db_tx *tx, void *arg)
{
	struct person_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->fault = (struct fault) { 0 };
	enum err e = may_follow(work, &work->fault);
	return e ? e : consent_decide(&act, &work->decision, &work->fault);
}

static enum err opine(struct db_tx *tx, void *arg)
{
	struct person_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->fault = (struct fault) { 0 };
	enum err e = may_follow(work, &work->fault);
	return e ? e
		 : referral_opinion(&act, actor_of(work->rq)->id, work->id, work->rq->lang, work->proposal, work->point,
		       work->points, &work->fault);
}

/* May these points still be mended? */
static enum err still_open(struct db_tx *tx, void *arg)
{
	struct person_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	struct referral r;
	work->fault = (struct fault) { 0 };
	enum err e = may_follow(work, &work->fault);
	return e ? e : load_open(&act, actor_of(work->rq)->id, work->id, work->proposal, &r, &work->fault);
}

/* What the person can mend or must read again is told on their page; the rest is an error page. */
static bool comes_back(struct person_work *work, enum err e)
{
	if (!work->fault.code || (e != ERR_INVALID && e != ERR_CONFLICT))
		return false;
	work->faults.n = 0; /* what is wrong in a form that is out of date need not be mended */
	faults_add(&work->faults, &work->fault);
	return true;
}

static enum err finish(struct reply *rp, const struct person_work *work, enum err e)
{
	if (e)
		return work->fault.code ? reply_fault(rp, &work->fault) : e;
	return reply_see_other(rp, "/track/case#referral");
}

static json_t *find_id(const json_t *list, const char *member, int64_t id)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (json_int_or(one, member, 0) == id) return one;
	return NULL;
}

/* The summary's links, every one to the same place. */
static void lead_to(json_t *view, const char *anchor)
{
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(view, "errors"), i, one) json_put_str(one, "field", anchor);
}

static const char *const verbs[] = { "give", "refuse", "withdraw", NULL };

struct consent_form {
	const char *act, *digest;
};

static const struct field consent_fields[] = {
	FIELD_OF(struct consent_form, act, verbs, FIELD_REQUIRED, N_("Your decision")),
	FIELD(struct consent_form, digest, FIELD_TEXT, 64, 0, N_("What you were shown")),
};

/* A consent has nothing to type: the page as it is now, led to the request that is to be decided. */
static enum err consent_again(struct reply *rp, const struct person_work *work, enum err why)
{
	struct request *rq = work->rq;
	int64_t id = request_param_int(rq, "id");
	enum err e = track_case_again(rq, rp, consent_fields, ARRAY_LEN(consent_fields), &work->faults, why);
	if (e)
		return e;
	bool there = find_id(json_object_get(rp->view, "consent_cards"), "consent_id", id) != NULL;
	lead_to(rp->view, there ? arena_printf(rq->arena, "consent-%" PRId64, id) : "");
	return OK;
}

enum err consent_answer(struct request *rq, struct reply *rp)
{
	struct consent_form form;
	struct person_work work = { .rq = rq };
	if (form_parse(rq, consent_fields, ARRAY_LEN(consent_fields), &form, &work.faults))
		return consent_again(rp, &work, ERR_INVALID);
	work.decision = (struct consent_decision) { .casefile_id = actor_of(rq)->id,
		.consent_id = request_param_int(rq, "id"),
		.verb = !strcmp(form.act, "give")     ? CONSENT_GIVE
			: !strcmp(form.act, "refuse") ? CONSENT_REFUSE
						      : CONSENT_WITHDRAW,
		.lang = rq->lang,
		.digest = form.digest };
	enum err e = db_write(office_of(rq)->db, decide, &work);
	return comes_back(&work, e) ? consent_again(rp, &work, e) : finish(rp, &work, e);
}

#define WHY_MAX 4000

static const char *numbered(const struct person_work *work, const char *name, size_t i)
{
	return arena_printf(work->rq->arena, "%s_%zu", name, i + 1);
}

static const char *typed(const struct person_work *work, const char *name, size_t i)
{
	return request_form(work->rq, numbered(work, name, i));
}

static enum err read_point(
    const struct person_work *work, size_t i, struct opinion_point *ret_point, struct fault *fault)
{
	const char *answer = typed(work, "answer", i), *why = typed(work, "why", i);
	struct opinion_point point = { answer && !strcmp(answer, "accept"), why ? text_nfc(work->rq->arena, why) : "" };
	if (!point.accept && (!answer || strcmp(answer, "dispute")))
		return fault_set(fault, ERR_INVALID, numbered(work, "answer", i),
		    N_("Choose for each point whether you accept it."), NULL);
	if (utf8_length(point.why) > WHY_MAX)
		return fault_set(fault, ERR_INVALID, numbered(work, "why", i), N_("Write at most {limit} characters."),
		    "limit", "4000", NULL);
	enum err e = check_point(&point, i, fault);
	if (!e)
		*ret_point = point;
	return e;
}

/* The names depend on how many points were proposed: answer_1, why_1, answer_2 … Every wrong one is told. */
static void read_points(struct person_work *work)
{
	for (size_t i = 0; i < ARRAY_LEN(work->point) && (typed(work, "answer", i) || typed(work, "why", i)); i++) {
		struct fault fault = { 0 };
		if (read_point(work, i, &work->point[i], &fault))
			faults_add(&work->faults, &fault);
		work->points = i + 1;
	}
}

static void mark_point(const struct person_work *work, json_t *point, const json_t *errors, size_t i)
{
	const char *answer = typed(work, "answer", i);
	json_put_bool(point, "accepts", answer && !strcmp(answer, "accept"));
	json_put_bool(point, "disputes", answer && !strcmp(answer, "dispute"));
	json_put_str(point, "typed_why", typed(work, "why", i));
	json_put_str(point, "answer_error", json_str(errors, numbered(work, "answer", i)));
	json_put_str(point, "why_error", json_str(errors, numbered(work, "why", i)));
}

/* Each fault of a point leads to its own field: a page may hold the forms of several referrals. */
static void name_points(const struct person_work *work, const json_t *errors)
{
	struct request *rq = work->rq;
	json_t *one;
	size_t i;
	json_array_foreach(errors, i, one)
	{
		const char *field = json_str_or(one, "field", ""), *number = strrchr(field, '_');
		if (!number)
			continue;
		const char *n = number_text(rq->arena, rq->lang, atoll(number + 1));
		json_put_str(one, "label", text_format(rq->arena, rq->lang, N_("Point {n}"), "n", n, NULL));
		json_put_str(one, "field", arena_printf(rq->arena, "%s-%" PRId64, field, work->id));
	}
}

/* Answers to what is no longer proposed are not put beside other points: the words wait as a message to the office. */
static void keep_as_message(const struct person_work *work, json_t *view)
{
	const char *all = "";
	for (size_t i = 0; i < work->points; i++) {
		const char *why = typed(work, "why", i);
		if (why && *why)
			all = arena_printf(work->rq->arena, "%s%s%s", all, *all ? "\n\n" : "", why);
	}
	json_put_str(json_object_get(view, "values"), "message", all);
}

static enum err outcome_again(struct reply *rp, const struct person_work *work, enum err why)
{
	enum err e = track_case_again(work->rq, rp, NULL, 0, &work->faults, why);
	const json_t *course = e ? NULL : find_id(json_object_get(rp->view, "courses"), "referral_id", work->id);
	json_t *point;
	size_t i;
	if (!course)
		return e;
	bool open = json_bool_or(course, "may_answer", false);
	if (!open || strcmp(json_str_or(course, "proposal", ""), work->proposal)) {
		keep_as_message(work, rp->view);
		lead_to(rp->view, open ? arena_printf(work->rq->arena, "outcome-%" PRId64, work->id) : "message");
		return OK;
	}
	json_array_foreach(json_object_get(course, "points"), i, point)
	    mark_point(work, point, json_object_get(rp->view, "error"), i);
	name_points(work, json_object_get(rp->view, "errors"));
	return OK;
}

enum err outcome_answer(struct request *rq, struct reply *rp)
{
	const char *proposal = request_form(rq, "proposal");
	struct person_work work = { .rq = rq, .id = request_param_int(rq, "id"), .proposal = proposal ? proposal : "" };
	read_points(&work);
	enum err e =
	    work.faults.n ? db_read(office_of(rq)->db, still_open, &work) : db_write(office_of(rq)->db, opine, &work);
	if (!e && work.faults.n)
		return outcome_again(rp, &work, ERR_INVALID);
	return comes_back(&work, e) ? outcome_again(rp, &work, e) : finish(rp, &work, e);
}
