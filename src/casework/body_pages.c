/* The registry of bodies for officers, as pages and for programs: lists, one body, its people, merging, and its forms.
 */
#include "casework/body_view.h"

#include "base/util.h"
#include "casework/agency_account.h"
#include "casework/body_merge.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LEN 300
#define WORDS_MAX 2000
#define QUERY_MAX 200

static struct casefile_act act_in(struct request *rq, struct db_tx *tx)
{
	return (struct casefile_act) { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
}

static bool may_change(const struct request *rq)
{
	return may(actor_of(rq), ACT_OFFICE_CHANGE, NULL, NULL) == OK;
}

static enum err find_body(const struct casefile_act *act, int64_t id, const struct body **ret, struct fault *fault)
{
	const struct registry *bodies;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (e)
		return e;
	*ret = bodies_by_id(bodies, id);
	return *ret ? OK : fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such body."), NULL);
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct read_work {
	struct request *rq;
	struct bodies_ask ask;
	int64_t id;       /* 0: a list, or the form of a new one */
	const char *with; /* merging: the other body's key */
	enum { READ_LIST, READ_BODY, READ_EDIT, READ_MERGE } what;
	json_t *view; /* made afresh by each run */
	struct fault fault;
};

static enum err read_view(struct db_tx *tx, void *arg)
{
	struct read_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	const struct body *body = NULL;
	enum lang lang = work->rq->lang;
	work->fault = (struct fault) { 0 };
	work->view = json_owned(work->rq->arena, json_object());
	json_put_bool(work->view, "may_change", may_change(work->rq));
	enum err e = work->id ? find_body(&act, work->id, &body, &work->fault) : OK;
	if (e)
		return e;
	switch (work->what) {
	case READ_BODY:
		return body_view(&act, lang, body, may_change(work->rq), work->view);
	case READ_EDIT:
		return body_edit_view(&act, lang, body, work->view);
	case READ_MERGE:
		return body_merge_view(&act, lang, body, work->with, work->view);
	default:
		return bodies_view(&act, lang, &work->ask, work->view);
	}
}

/* Contacts are people: looking at them leaves a trace. */
static enum err load(struct read_work *work, enum act right)
{
	char object[64];
	struct request *rq = work->rq;
	enum err e = may(actor_of(rq), right, NULL, &work->fault);
	if (!e)
		e = db_read(office_of(rq)->db, read_view, work);
	if (!e && (work->what == READ_BODY || work->ask.stale))
		journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "body.read",
		    journal_object(object, "body", work->id));
	return e;
}

static enum err show(struct reply *rp, struct read_work *work, enum act right, const char *template)
{
	enum err e = load(work, right);
	if (e)
		return work->fault.code ? reply_fault(rp, &work->fault) : e;
	return reply_view(rp, template, json_incref(work->view));
}

static enum err read_ask(struct request *rq, struct bodies_ask *ask, struct fault *fault)
{
	const char *of = request_query(rq, "of"), *after = request_query(rq, "after"), *q = request_query(rq, "q");
	char *end;
	*ask = (struct bodies_ask) { .q = q ? text_nfc(rq->arena, q) : "", .after = after ? after : "" };
	if (utf8_length(ask->q) > QUERY_MAX)
		return fault_set(
		    fault, ERR_INVALID, "q", N_("Write at most {limit} characters."), "limit", "200", NULL);
	ask->tree = of && !strcmp(of, "tree");
	ask->stale = of && !strcmp(of, "stale");
	if (of && *of && !ask->tree && !ask->stale && strcmp(of, "names") != 0)
		return fault_set(fault, ERR_INVALID, "of", N_("There is no list of this name."), NULL);
	if (ask->stale && *ask->after) {
		ask->key_at = strtoll(ask->after, &end, 10);
		ask->key_id = *end == '.' ? strtoll(end + 1, &end, 10) : 0;
	}
	return OK;
}

static enum err list_show(struct request *rq, struct reply *rp)
{
	struct read_work work = { .rq = rq };
	if (read_ask(rq, &work.ask, &work.fault))
		return reply_fault(rp, &work.fault);
	enum err e = load(&work, ACT_OFFICE_READ);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	json_put_str(work.view, "title", text_get(rq->lang, N_("Bodies complained of")));
	return reply_view(rp, "body/list", json_incref(work.view));
}

static enum err body_show(struct request *rq, struct reply *rp)
{
	struct read_work work = { .rq = rq, .id = request_param_int(rq, "id"), .what = READ_BODY };
	return work.id ? show(rp, &work, ACT_OFFICE_READ, "body/show") : ERR_NOT_FOUND;
}

static enum err new_show(struct request *rq, struct reply *rp)
{
	struct read_work work = { .rq = rq, .what = READ_EDIT };
	return show(rp, &work, ACT_OFFICE_CHANGE, "body/edit");
}

static enum err edit_show(struct request *rq, struct reply *rp)
{
	struct read_work work = { .rq = rq, .id = request_param_int(rq, "id"), .what = READ_EDIT };
	return work.id ? show(rp, &work, ACT_OFFICE_CHANGE, "body/edit") : ERR_NOT_FOUND;
}

static enum err merge_show(struct request *rq, struct reply *rp)
{
	const char *with = request_query(rq, "with");
	struct read_work work = {
		.rq = rq, .id = request_param_int(rq, "id"), .what = READ_MERGE, .with = with ? with : ""
	};
	return work.id ? show(rp, &work, ACT_OFFICE_CHANGE, "body/merge") : ERR_NOT_FOUND;
}

/* --- forms ------------------------------------------------------------------------------------------------------- */

struct page_form {
	int64_t version;
	const char *key, *name_az, *name_en, *name_ru, *name_ur;
	const char *parent, *kind, *country, *region, *register_no, *web, *remark, *since, *until;
	const char *may, *not_ours, *source, *matter_1, *matter_2, *matter_3, *matter_4;
	const char *part, *contact_name, *post, *email, *phone;
	const char *deputy_name, *deputy_post, *deputy_email, *deputy_phone;
	const char *login, *account_name, *account_post, *account_lang;
	bool below;
	const char *token_label;
	bool token_below;
	const char *target, *fact1, *fact2, *reason;
};

#define F(member_, type_, max_, flags_, label_) FIELD(struct page_form, member_, type_, max_, flags_, label_)

static const struct field body_fields[] = {
	F(version, FIELD_INT, 0, 0, N_("Version of the entry")),
	F(key, FIELD_TEXT, 60, 0, N_("Key")),
	F(name_az, FIELD_TEXT, NAME_LEN, 0, N_("Name in Azerbaijani")),
	F(name_en, FIELD_TEXT, NAME_LEN, 0, N_("Name in English")),
	F(name_ru, FIELD_TEXT, NAME_LEN, 0, N_("Name in Russian")),
	F(name_ur, FIELD_TEXT, NAME_LEN, 0, N_("Name in Urdu")),
	F(parent, FIELD_TEXT, 60, 0, N_("Superior institution")),
	F(kind, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Kind of body")),
	F(country, FIELD_TEXT, 2, FIELD_REQUIRED, N_("Country")),
	F(region, FIELD_TEXT, 100, 0, N_("Region")),
	F(register_no, FIELD_TEXT, 60, 0, N_("Number in the state's register")),
	F(web, FIELD_TEXT, 200, 0, N_("Web page")),
	F(remark, FIELD_LINES, WORDS_MAX, 0, N_("Remark")),
	F(since, FIELD_DATE, 0, 0, N_("First day")),
	F(until, FIELD_DATE, 0, 0, N_("Last day")),
};
static const struct field mandate_fields[] = {
	FIELD_OF(struct page_form, may, body_mandate_words, FIELD_REQUIRED, N_("May it be complained of?")),
	F(since, FIELD_DATE, 0, 0, N_("First day")),
	F(until, FIELD_DATE, 0, 0, N_("Last day")),
	F(matter_1, FIELD_TEXT, 60, 0, N_("Matter")),
	F(matter_2, FIELD_TEXT, 60, 0, N_("Matter")),
	F(matter_3, FIELD_TEXT, 60, 0, N_("Matter")),
	F(matter_4, FIELD_TEXT, 60, 0, N_("Matter")),
	F(not_ours, FIELD_TEXT, 60, 0, N_("Reason to propose")),
	F(source, FIELD_TEXT, 300, FIELD_REQUIRED, N_("Law or decision")),
};
static const struct field contact_fields[] = {
	FIELD_OF(struct page_form, part, body_contact_parts, FIELD_REQUIRED, N_("What the person is")),
	F(contact_name, FIELD_TEXT, 150, FIELD_REQUIRED, N_("Name")),
	F(post, FIELD_TEXT, 150, 0, N_("Post")),
	F(email, FIELD_EMAIL, 200, 0, N_("E-mail")),
	F(phone, FIELD_TEXT, 60, 0, N_("Telephone")),
	F(deputy_name, FIELD_TEXT, 150, 0, N_("Deputy")),
	F(deputy_post, FIELD_TEXT, 150, 0, N_("Post of the deputy")),
	F(deputy_email, FIELD_EMAIL, 200, 0, N_("E-mail of the deputy")),
	F(deputy_phone, FIELD_TEXT, 60, 0, N_("Telephone of the deputy")),
};
static const struct field account_fields[] = {
	F(login, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Login name")),
	F(account_name, FIELD_TEXT, 150, FIELD_REQUIRED, N_("Name")),
	F(account_post, FIELD_TEXT, 150, 0, N_("Post")),
	F(account_lang, FIELD_TEXT, 8, FIELD_REQUIRED, N_("Language")),
	F(below, FIELD_BOOL, 0, 0, N_("The bodies below it too")),
};
static const struct field token_fields[] = {
	F(token_label, FIELD_TEXT, 100, FIELD_REQUIRED, N_("What the token is for")),
	F(token_below, FIELD_BOOL, 0, 0, N_("The bodies below it too")),
};
static const struct field merge_fields[] = {
	F(target, FIELD_TEXT, 60, FIELD_REQUIRED, N_("The other body")),
	F(fact1, FIELD_TEXT, 30, FIELD_REQUIRED, N_("First fact")),
	F(fact2, FIELD_TEXT, 30, FIELD_REQUIRED, N_("Second fact")),
	F(reason, FIELD_LINES, WORDS_MAX, FIELD_REQUIRED, N_("Reason")),
};

/* --- acts -------------------------------------------------------------------------------------------------------- */

/* What an act leaves: a body's key, or a secret that is shown once. */
struct made {
	int64_t id;
	const char *key, *secret;
};

typedef enum err run_act(
    const struct casefile_act *, const char *key, const struct page_form *, int64_t n, struct made *, struct fault *);

static void read_body_form(const struct page_form *form, struct body_form *ret)
{
	*ret = (struct body_form) { .version = form->version,
		.key = form->key,
		.parent = form->parent,
		.kind = form->kind,
		.country = form->country,
		.region = form->region,
		.register_no = form->register_no,
		.web = form->web,
		.note = form->remark,
		.since = form->since,
		.until = form->until };
	ret->name[LANG_AZ] = form->name_az;
	ret->name[LANG_EN] = form->name_en;
	ret->name[LANG_RU] = form->name_ru;
	ret->name[LANG_UR] = form->name_ur;
}

static enum err do_add(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	struct body_form body;
	read_body_form(form, &body);
	return body_add(act, &body, &made->key, fault);
}

static enum err do_change(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	struct body_form body;
	read_body_form(form, &body);
	return body_change(act, key, &body, fault);
}

static enum err do_mandate(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	const struct mandate_form mandate = { form->may, form->since, form->until, form->not_ours, form->source,
		{ form->matter_1, form->matter_2, form->matter_3, form->matter_4 } };
	return body_mandate_add(act, key, &mandate, fault);
}

static enum err do_contact(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	const struct contact_form contact = { form->part, form->contact_name, form->post, form->email, form->phone,
		form->deputy_name, form->deputy_post, form->deputy_email, form->deputy_phone };
	return contact_add(act, key, &contact, &made->id, fault);
}

static enum err do_confirm(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	return contact_confirm(act, key, n, fault);
}

static enum err do_end(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	return contact_end(act, key, n, fault);
}

static enum err keep_secret(
    const struct casefile_act *act, struct made *made, const char *before, const char *secret, enum err e)
{
	if (!e)
		made->secret = arena_printf(act->arena, "%s%s", before, secret);
	return e;
}

static const char *link_before(const struct casefile_act *act)
{
	return arena_printf(act->arena, "%s/agency/start/", act->office->config.public_url);
}

static enum err do_account(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	char secret[AGENCY_SECRET_TEXT];
	const struct account_form account = { form->login, form->account_name, form->account_post, form->account_lang,
		form->below };
	enum err e = agency_account_add(act, key, &account, &made->id, secret, fault);
	return keep_secret(act, made, link_before(act), secret, e);
}

static enum err do_link(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	char secret[AGENCY_SECRET_TEXT];
	made->id = n;
	enum err e = agency_account_link(act, key, n, secret, fault);
	return keep_secret(act, made, link_before(act), secret, e);
}

static enum err do_close(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	return agency_account_close(act, key, n, fault);
}

static enum err do_token(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	char secret[AGENCY_SECRET_TEXT];
	enum err e = agency_token_add(act, key, form->token_label, form->token_below, &made->id, secret, fault);
	return keep_secret(act, made, "", secret, e);
}

static enum err do_revoke(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	return agency_token_revoke(act, key, n, fault);
}

static enum err do_merge(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	const struct merge_form merge = { form->target, form->fact1, form->fact2, form->reason };
	return body_merge(act, key, &merge, &made->id, fault);
}

static enum err do_undo(const struct casefile_act *act, const char *key, const struct page_form *form, int64_t n,
    struct made *made, struct fault *fault)
{
	return body_merge_undo(act, key, n, fault);
}

/* `last`: of the route's address. `page`: the template that shows a refusal, with the form `open`. */
static const struct body_act {
	const char *last, *open, *section, *page;
	const struct field *fields;
	size_t n;
	run_act *run;
} acts[] = {
	{ "bodies", "edit", "", "body/edit", body_fields, ARRAY_LEN(body_fields), do_add },
	{ "{id}", "edit", "", "body/edit", body_fields, ARRAY_LEN(body_fields), do_change },
	{ "mandate", "mandate", "mandate", "body/show", mandate_fields, ARRAY_LEN(mandate_fields), do_mandate },
	{ "contacts", "contact", "people", "body/show", contact_fields, ARRAY_LEN(contact_fields), do_contact },
	{ "confirm", "contact", "people", "body/show", NULL, 0, do_confirm },
	{ "end", "contact", "people", "body/show", NULL, 0, do_end },
	{ "accounts", "account", "accounts", "body/show", account_fields, ARRAY_LEN(account_fields), do_account },
	{ "link", "account", "accounts", "body/show", NULL, 0, do_link },
	{ "close", "account", "accounts", "body/show", NULL, 0, do_close },
	{ "tokens", "token", "accounts", "body/show", token_fields, ARRAY_LEN(token_fields), do_token },
	{ "revoke", "token", "accounts", "body/show", NULL, 0, do_revoke },
	{ "merge", "merge", "merges", "body/merge", merge_fields, ARRAY_LEN(merge_fields), do_merge },
	{ "undo", "merge", "merges", "body/show", NULL, 0, do_undo },
};

struct act_work {
	struct request *rq;
	const struct body_act *act;
	int64_t id, n;
	struct page_form form;
	struct made made;
	struct fault fault;
};

static enum err do_act(struct db_tx *tx, void *arg)
{
	struct act_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	const struct body *body = NULL;
	work->fault = (struct fault) { 0 };
	work->made = (struct made) { 0 };
	enum err e = may(act.actor, ACT_OFFICE_CHANGE, NULL, &work->fault);
	if (!e && work->id)
		e = find_body(&act, work->id, &body, &work->fault);
	return e ? e : work->act->run(&act, body ? body->key : "", &work->form, work->n, &work->made, &work->fault);
}

/* What was chosen in a list of choices stays chosen. */
static void choose_again(const struct request *rq, json_t *view, const char *list, const char *field)
{
	const char *typed = request_form(rq, field);
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(view, list), i, one) if (typed)
	    json_put_bool(one, "chosen", !strcmp(json_str_or(one, "code", ""), typed));
}

static enum err show_again(struct reply *rp, void *arg, struct faults *faults, enum err why)
{
	struct act_work *work = arg;
	static const char *const lists[][2] = { { "kind_choices", "kind" }, { "country_choices", "country" },
		{ "parent_choices", "parent" }, { "part_choices", "part" }, { "lang_choices", "account_lang" },
		{ "reason_choices", "not_ours" } };
	struct read_work again = { .rq = work->rq, .id = work->id, .with = work->form.target ? work->form.target : "" };
	again.what = !strcmp(work->act->page, "body/edit")    ? READ_EDIT
		     : !strcmp(work->act->page, "body/merge") ? READ_MERGE
							      : READ_BODY;
	enum err e = load(&again, ACT_OFFICE_CHANGE);
	if (e)
		return again.fault.code ? reply_fault(rp, &again.fault) : e;
	json_t *open = json_object();
	json_put_bool(open, work->act->open, true);
	json_put(again.view, "open", open);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		choose_again(work->rq, again.view, lists[i][0], lists[i][1]);
	e = reply_form(rp, work->act->page, json_incref(again.view), work->act->fields, work->act->n, faults);
	rp->status = err_http_status(why);
	return e;
}

struct find_work {
	struct request *rq;
	const char *key;
	int64_t id;
};

static enum err find_key(struct db_tx *tx, void *arg)
{
	struct find_work *work = arg;
	const struct registry *bodies;
	enum err e = registry_in(tx, office_of(work->rq), work->rq->arena, &bodies);
	const struct body *body = e ? NULL : registry_entry(bodies, work->key);
	work->id = body ? body->id : 0;
	return e;
}

/* The link or token on a page that is never stored: it is shown this once. */
static enum err show_secret(struct reply *rp, const struct act_work *work)
{
	json_t *view = json_object();
	json_put_int(view, "made", work->made.id);
	json_put_str(view, "secret", work->made.secret);
	json_put_bool(view, "is_token", !strcmp(work->act->open, "token"));
	if (work->rq->api)
		return reply_created(
		    rp, arena_printf(work->rq->arena, "/api/v1/office/bodies/%" PRId64, work->id), view);
	json_put_str(view, "title", text_get(work->rq->lang, N_("Shown only once")));
	json_put_str(view, "back", arena_printf(work->rq->arena, "/desk/office/bodies/%" PRId64 "#accounts", work->id));
	return reply_view(rp, "body/secret", view);
}

static enum err done(struct reply *rp, struct act_work *work)
{
	struct request *rq = work->rq;
	registry_changed(office_of(rq));
	if (work->made.secret)
		return show_secret(rp, work);
	if (work->made.key) {
		struct find_work find = { rq, work->made.key, 0 };
		enum err e = db_read(office_of(rq)->db, find_key, &find);
		if (e)
			return e;
		work->id = find.id;
	}
	if (rq->api) {
		struct read_work read = { .rq = rq, .id = work->id, .what = READ_BODY };
		enum err e = load(&read, ACT_OFFICE_READ);
		return e ? e : reply_view(rp, NULL, json_incref(read.view));
	}
	return reply_see_other(
	    rp, "/desk/office/bodies/%" PRId64 "%s%s", work->id, *work->act->section ? "#" : "", work->act->section);
}

static const struct body_act *act_of(const struct request *rq)
{
	const char *last = strrchr(rq->route->path, '/') + 1;
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (!strcmp(acts[i].last, last))
			return &acts[i];
	return NULL;
}

static enum err body_act(struct request *rq, struct reply *rp)
{
	struct act_work work = {
		.rq = rq, .act = act_of(rq), .id = request_param_int(rq, "id"), .n = request_param_int(rq, "n")
	};
	struct faults faults = { 0 };
	if (!work.act)
		return ERR_INTERNAL;
	if (!work.id && strcmp(work.act->last, "bodies") != 0)
		return ERR_NOT_FOUND;
	enum err e = may(actor_of(rq), ACT_OFFICE_CHANGE, NULL, &work.fault);
	if (e)
		return reply_fault(rp, &work.fault);
	if (form_parse(rq, work.act->fields, work.act->n, &work.form, &faults))
		return rq->api ? reply_form(rp, NULL, NULL, work.act->fields, work.act->n, &faults)
			       : show_again(rp, &work, &faults, ERR_INVALID);
	e = db_write(office_of(rq)->db, do_act, &work);
	return e ? reply_refused(rp, &work.fault, e, show_again, &work) : done(rp, &work);
}

/* --- routes ------------------------------------------------------------------------------------------------------ */

#define PAGE "/desk/office/bodies"
#define API "/api/v1/office/bodies"
#define READ(path_, run_, help_)                                                                                       \
	{ METHOD_GET, PAGE path_, run_, WHO_STAFF, 0, 0, help_ },                                                      \
	{                                                                                                              \
		METHOD_GET, API path_, run_, WHO_PROGRAM, 0, 0, help_                                                  \
	}
#define ACT(path_, help_)                                                                                              \
	{ METHOD_POST, PAGE path_, body_act, WHO_STAFF, 0, 0, help_ },                                                 \
	{                                                                                                              \
		METHOD_POST, API path_, body_act, WHO_PROGRAM, 0, 0, help_                                             \
	}

static const struct route routes[] = {
	READ("", list_show, "The bodies complained of: by name, as a tree, or contacts to be confirmed."),
	READ("/{id}", body_show, "One body with its mandate, people, accounts and merges."),
	{ METHOD_GET, PAGE "/new", new_show, WHO_STAFF, 0, 0, "The form for a new body." },
	{ METHOD_GET, PAGE "/{id}/edit", edit_show, WHO_STAFF, 0, 0, "The form to change a body." },
	READ("/{id}/merge", merge_show, "Two bodies side by side."),
	ACT("", "Add a body."),
	ACT("/{id}", "Change a body."),
	ACT("/{id}/mandate", "Say whether a body may be complained of, from a day on."),
	ACT("/{id}/contacts", "Add a contact and its deputy to a body."),
	ACT("/{id}/contacts/{n}/confirm", "Confirm that a contact is still right."),
	ACT("/{id}/contacts/{n}/end", "A contact holds the post no more."),
	ACT("/{id}/accounts", "Make an account for a focal person; the link is answered once."),
	ACT("/{id}/accounts/{n}/link", "A new link for an account; the old password ends."),
	ACT("/{id}/accounts/{n}/close", "Close a focal person's account."),
	ACT("/{id}/tokens", "Make a token for a body's program; it is answered once."),
	ACT("/{id}/tokens/{n}/revoke", "Revoke a body's token."),
	ACT("/{id}/merge", "Merge a body into another one."),
	ACT("/{id}/merges/{n}/undo", "Undo a merge."),
};
const struct route_table body_routes = { routes, ARRAY_LEN(routes) };
