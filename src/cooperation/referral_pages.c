/* Referrals as pages and for programs: the list, one of them, and what is done to it. */
#include "base/util.h"
#include "cooperation/referral_acts.h"
#include "cooperation/referral_person.h"
#include "cooperation/referral_view.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct casefile_act act_in(struct request *rq, struct db_tx *tx)
{
	return (struct casefile_act) { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

struct list_work {
	struct request *rq;
	bool over;
	int64_t after;
	json_t *view;
};

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct list_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	json_t *waiting = NULL;
	work->view = json_owned(work->rq->arena, json_object());
	enum err e = referral_list_view(&act, work->rq->lang, work->over, work->after, work->view);
	if (!e)
		e = outbox_waiting(tx, office_of(work->rq), work->rq->lang, &waiting);
	if (e)
		return e;
	json_put_bool(work->view, "has_waiting", json_array_size(waiting) > 0);
	json_put(work->view, "waiting", waiting);
	return OK;
}

static enum err list(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	const char *show = request_query(rq, "show"), *after = request_query(rq, "after");
	struct list_work work = { .rq = rq, .over = show && !strcmp(show, "over"), .after = after ? atoll(after) : 0 };
	if (may(actor_of(rq), ACT_REFERRAL_READ, NULL, &fault))
		return reply_fault(rp, &fault);
	enum err e = db_read(office_of(rq)->db, read_list, &work);
	if (e)
		return e;
	json_put_str(work.view, "title", text_get(rq->lang, N_("Referrals")));
	return reply_view(rp, "referral/list", json_incref(work.view));
}

/* --- one ---------------------------------------------------------------------------------------------------------- */

struct show_work {
	struct request *rq;
	int64_t id;
	json_t *view;
	struct fault fault;
};

static enum err read_one(struct db_tx *tx, void *arg)
{
	struct show_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->view = json_owned(work->rq->arena, json_object());
	work->fault = (struct fault) { 0 };
	return referral_view_load(&act, work->rq->lang, work->id, work->view, &work->fault);
}

static enum err load_view(struct show_work *work)
{
	char object[64];
	enum err e = db_read(office_of(work->rq)->db, read_one, work);
	if (!e)
		journal_read_later(office_of(work->rq)->reads, work->rq->now, actor_of(work->rq)->tag, "referral.read",
		    journal_object(object, "referral", work->id));
	return e;
}

static enum err show(struct request *rq, struct reply *rp)
{
	struct show_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = load_view(&work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	return reply_view(rp, "referral/show", json_incref(work.view));
}

/* --- starting ----------------------------------------------------------------------------------------------------- */

struct start_form {
	const char *agreement;
};

struct start_work {
	struct request *rq;
	int64_t casefile_id, id;
	struct start_form form;
	struct fault fault;
};

static enum err load_start(struct db_tx *tx, struct start_work *work, struct casefile *ret_case)
{
	work->fault = (struct fault) { 0 };
	enum err e = casefile_load(office_of(work->rq), tx, work->rq->arena, work->casefile_id, ret_case);
	if (e)
		return e;
	const struct object object = casefile_object(ret_case);
	return may(actor_of(work->rq), ACT_REFERRAL_WORK, &object, &work->fault);
}

/* Whoever may not learns that, and not what is wrong with the form. */
static enum err may_start(struct db_tx *tx, void *arg)
{
	struct casefile c;
	return load_start(tx, arg, &c);
}

static enum err begin(struct db_tx *tx, void *arg)
{
	struct start_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	struct casefile c;
	enum err e = load_start(tx, work, &c);
	return e ? e : referral_start(&act, &c, work->form.agreement, &work->id, &work->fault);
}

static enum err start(struct request *rq, struct reply *rp)
{
	static const struct field fields[] = {
		FIELD(struct start_form, agreement, FIELD_TEXT, 40, FIELD_REQUIRED, N_("Agreement")),
	};
	struct start_work work = { .rq = rq, .casefile_id = request_param_int(rq, "id") };
	struct faults faults = { 0 };
	bool broken = form_parse(rq, fields, ARRAY_LEN(fields), &work.form, &faults) != OK;
	if (broken && db_read(office_of(rq)->db, may_start, &work))
		return work.fault.code ? reply_fault(rp, &work.fault) : ERR_NOT_FOUND;
	if (broken)
		return rq->api ? reply_form(rp, NULL, NULL, fields, ARRAY_LEN(fields), &faults)
			       : reply_fault(rp, &faults.v[0]);
	enum err e = db_write(office_of(rq)->db, begin, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	if (!rq->api)
		return reply_see_other(rp, "/desk/referrals/%" PRId64, work.id);
	json_t *view = json_object();
	json_put_int(view, "id", work.id);
	return reply_created(rp, arena_printf(rq->arena, "/api/v1/referrals/%" PRId64, work.id), view);
}

/* --- doing -------------------------------------------------------------------------------------------------------- */

struct do_work {
	struct request *rq;
	const struct referral_doing *what;
	int64_t id;
	struct referral_form form;
	struct referral r;
	struct fault fault;
};

static enum err run(struct db_tx *tx, void *arg)
{
	struct do_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->fault = (struct fault) { 0 };
	return referral_do(&act, work->what, work->id, &work->form, &work->r, &work->fault);
}

static enum err answer_program(struct reply *rp, const struct do_work *work)
{
	json_t *view = json_object();
	json_put_int(view, "id", work->r.id);
	json_put_int(view, "version", work->r.version);
	json_put_int(view, "case_id", work->r.casefile_id);
	json_put(view, "state", referral_state_json(work->rq->lang, work->r.view.shown));
	json_put_bool(view, "unconfirmed", work->r.view.shown != work->r.view.settled);
	return reply_view(rp, NULL, view);
}

/* Boxes and reasons that the table of fields does not know, as they were typed. */
static void keep_typed(struct request *rq, json_t *view)
{
	static const char *const lists[] = { "choose_fields", "choose_documents" };
	json_t *one;
	size_t i;
	char name[80];
	for (size_t k = 0; k < ARRAY_LEN(lists); k++)
		json_array_foreach(json_object_get(view, lists[k]), i, one)
		{
			if (k == 0)
				snprintf(name, sizeof(name), "field_%s", json_str_or(one, "key", ""));
			else
				snprintf(name, sizeof(name), "document_%" PRId64, json_int_or(one, "id", 0));
			json_put_bool(one, "chosen", request_form(rq, name) != NULL);
		}
	json_array_foreach(json_object_get(json_object_get(view, "outcome"), "issues"), i, one)
	{
		snprintf(name, sizeof(name), "why_%s", json_str_or(one, "key", ""));
		json_put_str(one, "typed_why", request_form(rq, name));
	}
	json_array_foreach(json_object_get(view, "issue_rows"), i, one)
	{
		snprintf(name, sizeof(name), "issue_text_%zu", i + 1);
		json_put_str(one, "typed_text", request_form(rq, name));
	}
}

static void choose_again(struct request *rq, json_t *options, const char *name)
{
	const char *typed = request_form(rq, name);
	json_t *one;
	size_t i;
	if (typed)
		json_array_foreach(options, i, one)
		    json_put_bool(one, "chosen", !strcmp(json_str_or(one, "code", ""), typed));
}

/* Several forms of the page have a field of the same name: the summary leads to the one that was sent. */
static void name_in_form(struct request *rq, json_t *view, const char *form)
{
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(view, "errors"), i, one)
	{
		const char *field = json_str_or(one, "field", "");
		if (*field)
			json_put_str(one, "field", arena_printf(rq->arena, "%s-%s", field, form));
	}
}

/* "outcome-accept" as a template can ask for it: {{#open.outcome_accept}}. */
static char *form_key(struct arena *arena, const char *act_key)
{
	char *key = arena_strdup(arena, act_key);
	for (char *c = key; *c; c++)
		if (*c == '-')
			*c = '_';
	return key;
}

/* The page again with the form as it was filled; what moved on meanwhile answers 409. */
static enum err show_again(struct reply *rp, struct do_work *work, struct faults *faults, enum err why)
{
	struct request *rq = work->rq;
	struct show_work again = { .rq = rq, .id = work->id };
	enum err e = load_view(&again);
	if (e)
		return again.fault.code ? reply_fault(rp, &again.fault) : e;
	json_t *open = json_object();
	const char *form = form_key(rq->arena, work->what->key);
	json_put_bool(open, form, true);
	json_put(again.view, "open", open);
	keep_typed(rq, again.view);
	choose_again(rq, json_object_get(again.view, "text_languages"), "language");
	choose_again(rq, json_object_get(again.view, "subjects"), "subject");
	choose_again(rq, json_object_get(again.view, "countries"), "residence");
	choose_again(rq, json_object_get(again.view, "refuse_reasons"), "reason");
	choose_again(rq, json_object_get(again.view, "withdraw_grounds"), "ground");
	choose_again(rq, json_object_get(again.view, "close_results"), "result");
	for (size_t i = 0; i < faults->n; i++) {
		char *field = faults->v[i].field;
		if (*field == '/') /* a JSON pointer of the message's table */
			memmove(field, field + 1, strlen(field));
	}
	e = reply_form(rp, "referral/show", json_incref(again.view), work->what->fields, work->what->n, faults);
	name_in_form(rq, rp->view, form);
	rp->status = err_http_status(why);
	return e;
}

static enum err refuse(struct reply *rp, struct do_work *work, enum err why)
{
	struct faults faults = { 0 };
	if (!work->fault.code)
		return why;
	bool theirs = why == ERR_INVALID || why == ERR_CONFLICT || (why == ERR_DENIED && *work->fault.field);
	if (work->rq->api || !theirs)
		return reply_fault(rp, &work->fault);
	faults_add(&faults, &work->fault);
	return show_again(rp, work, &faults, why);
}

static enum err act(struct request *rq, struct reply *rp)
{
	struct do_work work = { .rq = rq,
		.what = referral_doing_find(strrchr(rq->route->path, '/') + 1),
		.id = request_param_int(rq, "id") };
	struct faults faults = { 0 };
	if (!work.what)
		return ERR_INTERNAL;
	if (may_ever(actor_of(rq), ACT_REFERRAL_WORK, &work.fault))
		return reply_fault(rp, &work.fault);
	if (form_parse(rq, work.what->fields, work.what->n, &work.form, &faults))
		return rq->api ? reply_form(rp, NULL, NULL, work.what->fields, work.what->n, &faults)
			       : show_again(rp, &work, &faults, ERR_INVALID);
	work.form.rq = rq;
	enum err e = db_write(office_of(rq)->db, run, &work);
	if (e)
		return refuse(rp, &work, e);
	if (rq->api)
		return answer_program(rp, &work);
	return reply_see_other(rp, "/desk/referrals/%" PRId64 "#%s", work.id, work.what->section);
}

/* --- routes ------------------------------------------------------------------------------------------------------- */

#define ACT(name, help)                                                                                                \
	{ METHOD_POST, "/desk/referrals/{id}/" name, act, WHO_STAFF, 0, 0, help },                                     \
	{                                                                                                              \
		METHOD_POST, "/api/v1/referrals/{id}/" name, act, WHO_PROGRAM, 0, 0, help                              \
	}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/referrals", list, WHO_STAFF, 0, 0,
	    "Referrals in work or over, and what is not delivered." },
	{ METHOD_GET, "/api/v1/referrals", list, WHO_PROGRAM, 0, 0,
	    "Referrals in work or over, and what is not delivered." },
	{ METHOD_GET, "/desk/referrals/{id}", show, WHO_STAFF, 0, 0, "One referral with all that can be done." },
	{ METHOD_GET, "/api/v1/referrals/{id}", show, WHO_PROGRAM, 0, 0, "One referral with all that can be done." },
	{ METHOD_POST, "/desk/cases/{id}/referrals", start, WHO_STAFF, 0, 0, "Begins a referral of a case." },
	{ METHOD_POST, "/api/v1/cases/{id}/referrals", start, WHO_PROGRAM, 0, 0, "Begins a referral of a case." },
	ACT("packet", "Chooses the fields and files that are to be sent."),
	ACT("consent", "Asks the person for consent to exactly this packet."),
	ACT("send", "Sends the packet to the partner."),
	ACT("give-up", "Gives the referral up before it was sent."),
	ACT("answer", "Prepares an answer to the lead."),
	ACT("answer-consent", "Asks the person for consent to what the answer adds."),
	ACT("answer-send", "Sends the answer."),
	ACT("outcome-accept", "Accepts the proposed outcome."),
	ACT("outcome-dispute", "Disputes points of the proposed outcome."),
	ACT("close-confirm", "Confirms the end of the work."),
	ACT("withdraw", "Takes the referral back."),
	ACT("note", "Writes to the partner's liaison officer."),
	ACT("accept", "Takes the referral up as an own case."),
	ACT("refuse", "Refuses the referral with a reason."),
	ACT("ask", "Asks home for more information."),
	ACT("progress", "Tells home what happened."),
	ACT("outcome", "Proposes an outcome."),
	ACT("close", "Proposes to close with a result."),
	{ METHOD_POST, "/track/consent/{id}", consent_answer, WHO_PERSON, 0, 0,
	    "The person gives, refuses or withdraws a consent." },
	{ METHOD_POST, "/track/outcome/{id}", outcome_answer, WHO_PERSON, 0, 0,
	    "What the person thinks of a proposed outcome." },
};
const struct route_table referral_routes = { routes, ARRAY_LEN(routes) };
