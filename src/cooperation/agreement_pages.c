/* Agreements as pages and for programs: the list, drafting, reading, and what each side does. */
#include "base/util.h"
#include "cooperation/agreement_form.h"
#include "cooperation/agreement_view.h"
#include "cooperation/partner.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct casefile_act act_in(struct request *rq, struct db_tx *tx)
{
	return (struct casefile_act) { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
}

/* One request's work in a transaction; made afresh by each run. */
struct page_work {
	struct request *rq;
	int64_t id, partner_id;
	json_t *view;
	struct agreement_row a;
	struct partner partner;
	struct fault fault;
	/* acts */
	const struct route_act *what;
	struct act_form {
		int64_t version;
		const char *reason, *language, *effective;
	} form;
	/* drafts */
	json_t *document;
	int64_t version;
};

static enum err refuse(struct reply *rp, const struct page_work *work, enum err e)
{
	return work->fault.code ? reply_fault(rp, &work->fault) : e;
}

static enum err load_with_partner(struct db_tx *tx, struct page_work *work)
{
	enum err e = agreement_load(tx, work->rq->arena, work->id, &work->a);
	return e ? e : partner_load(tx, work->rq->arena, work->a.partner_id, &work->partner);
}

/* --- the list ---------------------------------------------------------------------------------------------------- */

struct list_work {
	struct page_work page;
	struct db_tx *tx;
	json_t *rows;
};

static enum err list_one(const struct agreement_row *a, void *arg)
{
	struct list_work *work = arg;
	const struct casefile_act act = act_in(work->page.rq, work->tx);
	json_t *row;
	enum err e = agreement_row_view(&act, work->page.rq->lang, a, &row);
	if (!e)
		json_add(work->rows, row);
	return e;
}

static void list_partner(const struct partner *p, void *arg)
{
	struct list_work *work = arg;
	if (strcmp(p->state, "confirmed"))
		return;
	json_t *one = json_object();
	json_put_int(one, "id", p->id);
	json_put_str(one, "partner_name", partner_name(work->page.rq->arena, p, work->page.rq->lang));
	json_add(json_object_get(work->page.view, "partners"), one);
}

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct list_work *work = arg;
	work->tx = tx;
	work->rows = json_array();
	work->page.view = json_owned(work->page.rq->arena, json_object());
	json_put(work->page.view, "rows", work->rows);
	json_put(work->page.view, "partners", json_array());
	enum err e = agreement_each(tx, work->page.rq->arena, list_one, work);
	return e ? e : partner_each(tx, work->page.rq->arena, list_partner, work);
}

static enum err list_show(struct request *rq, struct reply *rp)
{
	struct list_work work = { .page = { .rq = rq } };
	enum err e = may(actor_of(rq), ACT_AGREEMENT_READ, NULL, &work.page.fault);
	if (!e)
		e = db_read(office_of(rq)->db, read_list, &work);
	if (e)
		return refuse(rp, &work.page, e);
	json_t *view = work.page.view;
	bool partners = json_array_size(json_object_get(view, "partners")) > 0;
	json_put_str(view, "title", text_get(rq->lang, N_("Agreements")));
	json_put_bool(view, "has_rows", json_array_size(work.rows) > 0);
	json_put_bool(view, "can_draft", partners && may(actor_of(rq), ACT_AGREEMENT_DRAFT, NULL, NULL) == OK);
	json_put_bool(view, "needs_partner", !partners);
	return reply_view(rp, "agreement/list", json_incref(view));
}

/* --- one agreement ----------------------------------------------------------------------------------------------- */

static enum err read_one(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	enum err e = agreement_load(tx, work->rq->arena, work->id, &work->a);
	work->view = json_owned(work->rq->arena, json_object());
	return e ? e : agreement_page_view(&act, work->rq->lang, &work->a, work->view);
}

static enum err load_page(struct page_work *work)
{
	enum err e = may(actor_of(work->rq), ACT_AGREEMENT_READ, NULL, &work->fault);
	if (!e)
		e = db_read(office_of(work->rq)->db, read_one, work);
	if (!e)
		json_put_str(work->view, "title", agreement_title(work->a.document, lang_code(work->rq->lang)));
	return e;
}

static enum err show(struct request *rq, struct reply *rp)
{
	struct page_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = load_page(&work);
	return e ? refuse(rp, &work, e) : reply_view(rp, "agreement/show", json_incref(work.view));
}

static enum err read_evidence(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	json_t *evidence;
	enum err e = agreement_load(tx, work->rq->arena, work->id, &work->a);
	if (!e)
		e = agreement_evidence(&act, &work->a, &evidence);
	if (!e)
		work->view = json_owned(work->rq->arena, evidence);
	return e;
}

static enum err document(struct request *rq, struct reply *rp)
{
	struct page_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = may(actor_of(rq), ACT_AGREEMENT_READ, NULL, &work.fault);
	if (!e)
		e = db_read(office_of(rq)->db, read_evidence, &work);
	if (e)
		return refuse(rp, &work, e);
	char *text CLEANUP(free_ptr) = json_compact_text(work.view);
	reply_header(rp, "Content-Disposition",
	    arena_printf(rq->arena, "attachment; filename=\"agreement-%s.json\"", work.a.uid));
	return reply_text(rp, 200, "application/json", text);
}

/* --- what we do to it -------------------------------------------------------------------------------------------- */

#define F(member_, type_, max_, flags_, label_) FIELD(struct act_form, member_, type_, max_, flags_, label_)
static const char *const language_choices[] = { "az", "en", "ru", "ur", NULL };
static const struct field act_fields[] = {
	F(version, FIELD_INT, 0, 0, N_("Version")),
	F(reason, FIELD_LINES, 2000, 0, N_("Reason")),
	FIELD_OF(struct act_form, language, language_choices, 0, N_("Language of the reason")),
	F(effective, FIELD_DATE, 0, 0, N_("From which day")),
};

static const struct route_act {
	const char *key;
	enum message_type type;
} route_acts[] = {
	{ "propose", MESSAGE_AGREEMENT_PROPOSE },
	{ "sign", MESSAGE_AGREEMENT_SIGN },
	{ "decline", MESSAGE_AGREEMENT_DECLINE },
	{ "suspend", MESSAGE_AGREEMENT_SUSPEND },
	{ "resume", MESSAGE_AGREEMENT_RESUME },
	{ "terminate", MESSAGE_AGREEMENT_TERMINATE },
};

static enum err do_act(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	const struct agreement_words words = { work->form.reason, work->form.language, work->form.effective };
	work->fault = (struct fault) { 0 };
	return agreement_do(&act, work->id, work->what->type, work->form.version, &words, &work->fault);
}

static void choose_language(json_t *view, const char *typed)
{
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(view, "reason_languages"), i, one)
	    json_put_bool(one, "chosen", typed && !strcmp(json_str_or(one, "lang_code", ""), typed));
}

/* The page again, with the form that was filled standing open. */
static enum err show_again(struct reply *rp, void *arg, struct faults *faults, enum err why)
{
	struct page_work *work = arg;
	json_t *open = json_object();
	enum err e = load_page(work);
	if (e) {
		json_decref(open);
		return e;
	}
	json_put_bool(open, work->what->key, true);
	json_put(work->view, "open", open);
	choose_language(work->view, request_form(work->rq, "language"));
	for (size_t i = 0; i < faults->n; i++)
		if (faults->v[i].field[0] == '/')
			faults->v[i].field[0] = '\0'; /* nothing on the page to jump to */
	e = reply_form(rp, "agreement/show", json_incref(work->view), act_fields, ARRAY_LEN(act_fields), faults);
	rp->status = err_http_status(why);
	return e;
}

static const struct route_act *act_of(const struct request *rq)
{
	const char *key = strrchr(rq->route->path, '/') + 1;
	for (size_t i = 0; i < ARRAY_LEN(route_acts); i++)
		if (!strcmp(route_acts[i].key, key))
			return &route_acts[i];
	return NULL;
}

static enum err act(struct request *rq, struct reply *rp)
{
	struct page_work work = { .rq = rq, .id = request_param_int(rq, "id"), .what = act_of(rq) };
	struct faults faults = { 0 };
	if (!work.what)
		return ERR_INTERNAL;
	if (may(actor_of(rq), ACT_AGREEMENT_SIGN, NULL, &work.fault))
		return reply_fault(rp, &work.fault);
	if (form_parse(rq, act_fields, ARRAY_LEN(act_fields), &work.form, &faults))
		return rq->api ? reply_form(rp, NULL, NULL, act_fields, ARRAY_LEN(act_fields), &faults)
			       : show_again(rp, &work, &faults, ERR_INVALID);
	enum err e = db_write(office_of(rq)->db, do_act, &work);
	if (e)
		return reply_refused(rp, &work.fault, e, show_again, &work);
	return rq->api ? show(rq, rp) : reply_see_other(rp, "/desk/agreements/%" PRId64, work.id);
}

/* --- drafting ---------------------------------------------------------------------------------------------------- */

static enum err read_new(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	const struct casefile_act in = act_in(work->rq, tx);
	enum err e = OK;
	if (work->id) { /* a new one after the pattern of this, which it replaces */
		e = load_with_partner(tx, work);
		if (e)
			return e;
		work->document = json_owned(work->rq->arena, json_deep_copy(agreement_json(work->a.document)));
		json_put_str(work->document, "replaces", work->a.uid);
		return OK;
	}
	e = partner_load(tx, work->rq->arena, work->partner_id, &work->partner);
	if (!e)
		work->document = json_owned(work->rq->arena, draft_model(&in, work->rq->lang, &work->partner));
	return e;
}

static enum err read_draft(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	enum err e = load_with_partner(tx, work);
	if (!e)
		work->document = json_owned(work->rq->arena, json_deep_copy(agreement_json(work->a.document)));
	return e;
}

static json_t *form_page(struct page_work *work, const json_t *filled)
{
	struct request *rq = work->rq;
	bool edits = work->id && work->a.arriving.proposer < 0;
	json_t *view = json_object();
	draft_view(rq, filled, &work->partner, view);
	json_put_str(view, "title", text_get(rq->lang, edits ? N_("Change the draft") : N_("Draft an agreement")));
	if (edits) {
		json_put_int(view, "draft_id", work->a.id);
		json_put_int(view, "draft_version", work->a.version);
	}
	json_put_str(view, "action",
	    edits ? arena_printf(rq->arena, "/desk/agreements/%" PRId64 "/edit", work->a.id) : "/desk/agreements");
	return view;
}

static enum err new_show(struct request *rq, struct reply *rp)
{
	const char *partner = request_query(rq, "partner"), *from = request_query(rq, "replaces");
	struct page_work work = { .rq = rq,
		.partner_id = partner ? strtoll(partner, NULL, 10) : 0,
		.id = from ? strtoll(from, NULL, 10) : 0 };
	enum err e = may(actor_of(rq), ACT_AGREEMENT_DRAFT, NULL, &work.fault);
	if (!e)
		e = db_read(office_of(rq)->db, read_new, &work);
	if (e)
		return refuse(rp, &work, e);
	return reply_view(rp, "agreement/form", form_page(&work, work.document));
}

static enum err edit_show(struct request *rq, struct reply *rp)
{
	struct page_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = may(actor_of(rq), ACT_AGREEMENT_DRAFT, NULL, &work.fault);
	if (!e)
		e = db_read(office_of(rq)->db, read_draft, &work);
	if (!e && work.a.arriving.proposer >= 0)
		return reply_see_other(rp, "/desk/agreements/%" PRId64, work.id);
	if (e)
		return refuse(rp, &work, e);
	return reply_view(rp, "agreement/form", form_page(&work, work.document));
}

static enum err save_draft(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	const struct casefile_act in = act_in(work->rq, tx);
	/* The stored one gets its number; a second run of this work must find the document as it was. */
	json_t *copy = json_owned(work->rq->arena, json_deep_copy(work->document));
	int64_t id = work->id;
	work->fault = (struct fault) { 0 };
	enum err e = agreement_draft_save(&in, copy, work->id, work->version, &id, &work->fault);
	if (!e)
		work->id = id;
	return e;
}

static enum err save_new(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	work->id = 0;
	return save_draft(tx, work);
}

static enum err read_partner(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	return partner_load(tx, work->rq->arena, work->partner_id, &work->partner);
}

static enum err form_again(
    struct reply *rp, struct page_work *work, struct faults *faults, const struct draft_form *form)
{
	for (size_t i = 0; i < faults->n; i++)
		if (faults->v[i].field[0] == '/' || !strcmp(faults->v[i].field, "version"))
			draft_fault_field(&faults->v[i], form->authentic_language);
	return reply_form(rp, "agreement/form", form_page(work, NULL), draft_fields, draft_field_count, faults);
}

/* From the desk's form. `id` 0: a new draft. */
static enum err save_form(struct request *rq, struct reply *rp, int64_t id)
{
	struct page_work work = { .rq = rq, .id = id };
	struct draft_form form;
	struct faults faults = { 0 };
	enum err e = may(actor_of(rq), ACT_AGREEMENT_DRAFT, NULL, &work.fault);
	if (e)
		return reply_fault(rp, &work.fault);
	bool broken = form_parse(rq, draft_fields, draft_field_count, &form, &faults) != OK;
	work.partner_id = form.partner_id;
	work.version = form.version;
	e = db_read(office_of(rq)->db, id ? read_draft : read_partner, &work);
	if (e)
		return refuse(rp, &work, e);
	if (broken)
		return form_again(rp, &work, &faults, &form);
	work.document = json_owned(rq->arena, draft_document(rq, &form, &work.partner));
	e = db_write(office_of(rq)->db, id ? save_draft : save_new, &work);
	if (!e)
		return reply_see_other(rp, "/desk/agreements/%" PRId64, work.id);
	if (!work.fault.code)
		return e;
	faults_add(&faults, &work.fault);
	work.id = id;
	return form_again(rp, &work, &faults, &form);
}

static enum err new_save(struct request *rq, struct reply *rp)
{
	return save_form(rq, rp, 0);
}

static enum err edit_save(struct request *rq, struct reply *rp)
{
	return save_form(rq, rp, request_param_int(rq, "id"));
}

/* From a program: the body is the document itself, without uid. */
static enum err save_json(struct request *rq, struct reply *rp, int64_t id)
{
	struct page_work work = { .rq = rq, .id = id };
	enum err e = may(actor_of(rq), ACT_AGREEMENT_DRAFT, NULL, &work.fault);
	if (!e && !json_is_object(rq->json))
		e = fault_set(&work.fault, ERR_INVALID, NULL, N_("Send the agreement as one JSON object."), NULL);
	if (e)
		return reply_fault(rp, &work.fault);
	work.document = rq->json;
	e = db_write(office_of(rq)->db, id ? save_draft : save_new, &work);
	if (!e)
		e = db_read(office_of(rq)->db, read_one, &work);
	if (e)
		return refuse(rp, &work, e);
	if (id)
		return reply_view(rp, NULL, json_incref(work.view));
	return reply_created(
	    rp, arena_printf(rq->arena, "/api/v1/agreements/%" PRId64, work.id), json_incref(work.view));
}

static enum err api_new(struct request *rq, struct reply *rp)
{
	return save_json(rq, rp, 0);
}

static enum err api_change(struct request *rq, struct reply *rp)
{
	return save_json(rq, rp, request_param_int(rq, "id"));
}

static enum err do_discard(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	const struct casefile_act in = act_in(work->rq, tx);
	work->fault = (struct fault) { 0 };
	return agreement_draft_discard(&in, work->id, work->form.version, &work->fault);
}

static enum err discard(struct request *rq, struct reply *rp)
{
	struct page_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	struct faults faults = { 0 };
	enum err e = may(actor_of(rq), ACT_AGREEMENT_DRAFT, NULL, &work.fault);
	if (!e && form_parse(rq, act_fields, ARRAY_LEN(act_fields), &work.form, &faults))
		return reply_fault(rp, &faults.v[0]);
	if (!e)
		e = db_write(office_of(rq)->db, do_discard, &work);
	return e ? refuse(rp, &work, e) : reply_see_other(rp, "/desk/agreements");
}

/* --- routes ------------------------------------------------------------------------------------------------------ */

#define ACT(key_, help_)                                                                                               \
	{ METHOD_POST, "/desk/agreements/{id}/" key_, act, WHO_STAFF, 0, 0, help_ },                                   \
	{                                                                                                              \
		METHOD_POST, "/api/v1/agreements/{id}/" key_, act, WHO_PROGRAM, 0, 0, help_                            \
	}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/agreements", list_show, WHO_STAFF, 0, 0, "All agreements." },
	{ METHOD_POST, "/desk/agreements", new_save, WHO_STAFF, 0, 0, "Save a new draft." },
	{ METHOD_GET, "/desk/agreements/new", new_show, WHO_STAFF, 0, 0, "Draft an agreement." },
	{ METHOD_GET, "/desk/agreements/{id}", show, WHO_STAFF, 0, 0, "One agreement." },
	{ METHOD_GET, "/desk/agreements/{id}/edit", edit_show, WHO_STAFF, 0, 0, "Change a draft." },
	{ METHOD_POST, "/desk/agreements/{id}/edit", edit_save, WHO_STAFF, 0, 0, "Save a changed draft." },
	{ METHOD_POST, "/desk/agreements/{id}/discard", discard, WHO_STAFF, 0, 0, "Discard a draft." },
	{ METHOD_GET, "/desk/agreements/{id}/document", document, WHO_STAFF, 0, 0, "The signed document." },
	{ METHOD_GET, "/api/v1/agreements", list_show, WHO_PROGRAM, 0, 0, "All agreements." },
	{ METHOD_POST, "/api/v1/agreements", api_new, WHO_PROGRAM, 0, 0, "Save a new draft." },
	{ METHOD_GET, "/api/v1/agreements/{id}", show, WHO_PROGRAM, 0, 0, "One agreement." },
	{ METHOD_PUT, "/api/v1/agreements/{id}", api_change, WHO_PROGRAM, 0, 0, "Change a draft." },
	{ METHOD_GET, "/api/v1/agreements/{id}/document", document, WHO_PROGRAM, 0, 0, "The signed document." },
	ACT("propose", "Sign for us and propose to the partner."),
	ACT("sign", "Sign what the partner proposed."),
	ACT("decline", "Decline a proposal."),
	ACT("suspend", "Suspend an agreement."),
	ACT("resume", "Lift our suspension."),
	ACT("terminate", "Give notice of termination."),
};
const struct route_table agreement_routes = { routes, ARRAY_LEN(routes) };
