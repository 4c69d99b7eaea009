/* A body's own pages and the same for its programs: list, request, answer, more time, files; the link of a new account.
 */
#include "casework/agency_portal.h"

#include "agency.sql.h"
#include "base/util.h"
#include "casework/agency_account.h"
#include "casework/agency_pages.h"
#include "casework/upload_rules.h"
#include "crypto/crypto.h"
#include "office/blob.h"
#include "office/journal.h"

#include <inttypes.h>
#include <string.h>

#define REPLY_MAX 10000
#define REMEDY_MAX 5000

static struct casefile_act act_in(struct request *rq, struct db_tx *tx)
{
	return (struct casefile_act) { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
}

static void journal_read(const struct request *rq, const char *act, const char *object)
{
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, act, object);
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct read_work {
	struct request *rq;
	struct agency_ask ask;
	int64_t id;
	json_t *view; /* made afresh by each run */
	struct fault fault;
};

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct read_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->view = json_owned(work->rq->arena, json_object());
	return agency_portal_list(&act, work->rq->lang, &work->ask, work->view);
}

static enum err list_show(struct request *rq, struct reply *rp)
{
	struct read_work work = { .rq = rq };
	enum err e = may_somewhere(actor_of(rq), ACT_AGENCY_ANSWER) ? OK : ERR_DENIED;
	if (!e)
		e = agency_ask_parse(request_query(rq, "of"), request_query(rq, "after"), &work.ask, &work.fault);
	if (!e)
		e = db_read(office_of(rq)->db, read_list, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	journal_read(rq, "agency.list", "agency_request:list");
	json_put_str(work.view, "title", text_get(rq->lang, N_("Requests to your institution")));
	return reply_view(rp, "agency/list", json_incref(work.view));
}

static enum err read_request(struct db_tx *tx, void *arg)
{
	struct read_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->fault = (struct fault) { 0 };
	work->view = json_owned(work->rq->arena, json_object());
	return agency_portal_show(&act, work->rq->lang, work->id, work->view, &work->fault);
}

static const struct {
	const char *key, *text;
} done_notices[] = {
	{ "answer", N_("Your answer was sent. The ombudsman's office has it.") },
	{ "extension", N_("You asked for more time. You will find the decision here.") },
};

static void put_notice(const struct request *rq, json_t *view)
{
	const char *done = request_query(rq, "done");
	for (size_t i = 0; done && i < ARRAY_LEN(done_notices); i++) {
		if (strcmp(done_notices[i].key, done) != 0)
			continue;
		json_t *notice = json_object();
		json_put_str(notice, "kind", "ok");
		json_put_str(notice, "text", text_get(rq->lang, done_notices[i].text));
		json_put(view, "notice", notice);
	}
}

static enum err load_request(struct read_work *work)
{
	char object[64];
	const struct config *config = &office_of(work->rq)->config;
	enum err e = db_read(office_of(work->rq)->db, read_request, work);
	if (e)
		return e;
	journal_read(work->rq, "agency.read", journal_object(object, "agency_request", work->id));
	json_put_str(work->view, "file_limit", arena_printf(work->rq->arena, "%d MiB", config->upload_limit_mib));
	put_notice(work->rq, work->view);
	return OK;
}

static enum err request_show(struct request *rq, struct reply *rp)
{
	struct read_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = load_request(&work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	return reply_view(rp, "agency/request", json_incref(work.view));
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

struct answer_form {
	const char *position, *reply, *remedy, *remedy_due;
};
static const struct field answer_fields[] = {
	FIELD_OF(struct answer_form, position, agency_positions, FIELD_REQUIRED, N_("Your position")),
	FIELD(struct answer_form, reply, FIELD_LINES, REPLY_MAX, FIELD_REQUIRED, N_("Your reasons")),
	FIELD(struct answer_form, remedy, FIELD_LINES, REMEDY_MAX, 0, N_("What you offer")),
	FIELD(struct answer_form, remedy_due, FIELD_DATE, 0, 0, N_("By when")),
};

struct extension_form {
	const char *until, *reason;
};
static const struct field extension_fields[] = {
	FIELD(struct extension_form, until, FIELD_DATE, 0, FIELD_REQUIRED, N_("Until when")),
	FIELD(struct extension_form, reason, FIELD_LINES, REMEDY_MAX, FIELD_REQUIRED, N_("Why you need more time")),
};

struct write_work {
	struct request *rq;
	int64_t id;
	const char *form; /* which one stands open again */
	const struct field *fields;
	size_t n;
	struct answer_form answer;
	struct extension_form extension;
	struct document_new *files;
	size_t file_count;
	struct fault fault;
};

/* The page again, its form as it was filled. What was refused because the request moved on answers 409. */
static enum err show_again(struct reply *rp, void *arg, struct faults *faults, enum err why)
{
	struct write_work *work = arg;
	struct read_work show = { .rq = work->rq, .id = work->id };
	if (work->rq->api)
		return reply_form(rp, NULL, NULL, work->fields, work->n, faults);
	enum err e = load_request(&show);
	if (e)
		return show.fault.code ? reply_fault(rp, &show.fault) : e;
	json_t *open = json_object();
	json_put_bool(open, work->form, true);
	json_put(show.view, "open", open);
	e = reply_form(rp, "agency/request", json_incref(show.view), work->fields, work->n, faults);
	rp->status = err_http_status(why);
	return e;
}

static enum err done(struct reply *rp, struct write_work *work)
{
	if (work->rq->api) {
		struct read_work show = { .rq = work->rq, .id = work->id };
		enum err e = load_request(&show);
		return e ? e : reply_view(rp, NULL, json_incref(show.view));
	}
	return reply_see_other(rp, "/agency/requests/%" PRId64 "?done=%s", work->id, work->form);
}

static enum err open_for(
    const struct casefile_act *act, struct write_work *work, struct agency_request *r, struct casefile *c)
{
	work->fault = (struct fault) { 0 };
	enum err e = agency_open(act, work->id, r, &work->fault);
	return e ? e : casefile_load(act->office, act->tx, act->arena, r->casefile_id, c);
}

static enum err look_first(struct db_tx *tx, void *arg)
{
	struct write_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	struct agency_request r;
	struct casefile c;
	return open_for(&act, work, &r, &c);
}

static enum err write_answer(struct db_tx *tx, void *arg)
{
	struct write_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	const struct agency_answer answer = { work->answer.position, work->answer.reply, work->answer.remedy,
		work->answer.remedy_due, work->files, work->file_count };
	struct agency_request r;
	struct casefile c;
	enum err e = open_for(&act, work, &r, &c);
	if (!e)
		e = uploads_present(tx, work->files, work->file_count);
	return e ? e : agency_record_reply(&act, &c, r.id, &answer, 0, &work->fault);
}

static enum err request_answer(struct request *rq, struct reply *rp)
{
	struct write_work work = { .rq = rq,
		.id = request_param_int(rq, "id"),
		.form = "answer",
		.fields = answer_fields,
		.n = ARRAY_LEN(answer_fields) };
	struct faults faults = { 0 };
	/* Whoever may not answer shall not fill the disk either. */
	enum err e = db_read(office_of(rq)->db, look_first, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	e = form_parse(rq, work.fields, work.n, &work.answer, &faults);
	work.files = uploads_checked(rq, "files", (size_t)office_of(rq)->config.files_limit, &work.file_count, &faults);
	if (e || faults.n)
		return show_again(rp, &work, &faults, ERR_INVALID);
	for (size_t i = 0; i < work.file_count; i++)
		work.files[i].origin = "agency";
	e = uploads_store(rq, work.files, work.file_count);
	if (!e)
		e = db_write(office_of(rq)->db, write_answer, &work);
	return e ? reply_refused(rp, &work.fault, e, show_again, &work) : done(rp, &work);
}

static enum err write_extension(struct db_tx *tx, void *arg)
{
	struct write_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	struct agency_request r;
	struct casefile c;
	enum err e = open_for(&act, work, &r, &c);
	return e ? e
		 : agency_extension_ask(&act, &c, r.id, work->extension.until, work->extension.reason, &work->fault);
}

static enum err request_extension(struct request *rq, struct reply *rp)
{
	struct write_work work = { .rq = rq,
		.id = request_param_int(rq, "id"),
		.form = "extension",
		.fields = extension_fields,
		.n = ARRAY_LEN(extension_fields) };
	struct faults faults = { 0 };
	enum err e = db_read(office_of(rq)->db, look_first, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	if (form_parse(rq, work.fields, work.n, &work.extension, &faults))
		return show_again(rp, &work, &faults, ERR_INVALID);
	e = db_write(office_of(rq)->db, write_extension, &work);
	return e ? reply_refused(rp, &work.fault, e, show_again, &work) : done(rp, &work);
}

/* --- files ------------------------------------------------------------------------------------------------------- */

struct file_work {
	struct request *rq;
	int64_t id, n;
	struct agency_file file;
	struct fault fault;
};

static enum err find_file(struct db_tx *tx, void *arg)
{
	struct file_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->fault = (struct fault) { 0 };
	return agency_portal_file(&act, work->id, work->n, &work->file, &work->fault);
}

static enum err request_file(struct request *rq, struct reply *rp)
{
	struct file_work work = { .rq = rq, .id = request_param_int(rq, "id"), .n = request_param_int(rq, "n") };
	char object[64];
	enum err e = db_read(office_of(rq)->db, find_file, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	journal_read(rq, "document.read", journal_object(object, "document", work.n));
	return blob_reply(rp, office_of(rq)->db, work.file.sha256, work.file.size, work.file.type, work.file.name);
}

/* --- a new account's first password ------------------------------------------------------------------------------ */

struct start_form {
	const char *password, *again;
};
static const struct field start_fields[] = {
	FIELD(struct start_form, password, FIELD_TEXT, PASSWORD_MAX, FIELD_REQUIRED | FIELD_SECRET, N_("New password")),
	FIELD(struct start_form, again, FIELD_TEXT, PASSWORD_MAX, FIELD_REQUIRED | FIELD_SECRET,
	    N_("The same password again")),
};

struct start_work {
	const char *secret;
	char hash[PASSWORD_HASH_TEXT];
	int64_t now;
	struct fault fault;
};

static enum err find_link(struct db_tx *tx, void *arg)
{
	struct start_work *work = arg;
	int64_t id;
	return agency_link_find(tx, work->secret, work->now, &id);
}

static enum err use_link(struct db_tx *tx, void *arg)
{
	struct start_work *work = arg;
	work->fault = (struct fault) { 0 };
	return agency_link_use(tx, work->secret, work->hash, work->now, &work->fault);
}

/* Guessing a link is hopeless, and costs the guesser time all the same. */
static enum err known_link(struct request *rq, struct start_work *work)
{
	struct office *office = office_of(rq);
	work->secret = request_param(rq, "secret");
	work->now = rq->now;
	enum err e = throttle_ask_address(office->throttle, "login-ip", rq->ip, rq->now, &work->fault);
	if (!e)
		e = db_read(office->db, find_link, work);
	if (e != ERR_NOT_FOUND)
		return e;
	throttle_fail_address(office->throttle, "login-ip", rq->ip, rq->now);
	return fault_set(
	    &work->fault, e, NULL, N_("This link was used before or is too old. Ask the office for a new one."), NULL);
}

static json_t *start_view(const struct request *rq, const char *secret)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Choose your password")));
	json_put_str(view, "action", arena_printf(rq->arena, "/agency/start/%s", secret));
	json_put_str(view, "password_min", arena_printf(rq->arena, "%d", PASSWORD_MIN));
	return view;
}

static enum err start_show(struct request *rq, struct reply *rp)
{
	struct start_work work = { 0 };
	enum err e = known_link(rq, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	return reply_view(rp, "agency/start", start_view(rq, work.secret));
}

static void check_password(const struct start_form *form, struct faults *faults)
{
	struct fault fault = { 0 };
	if (utf8_length(form->password) < PASSWORD_MIN)
		fault_set(&fault, ERR_INVALID, "password", N_("A password has at least {min} characters."), "min", "12",
		    NULL);
	else if (strcmp(form->password, form->again) != 0)
		fault_set(&fault, ERR_INVALID, "again", N_("The two passwords are not the same."), NULL);
	if (fault.code)
		faults_add(faults, &fault);
}

static enum err start_set(struct request *rq, struct reply *rp)
{
	struct start_work work = { 0 };
	struct start_form form;
	struct faults faults = { 0 };
	enum err e = known_link(rq, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	if (!form_parse(rq, start_fields, ARRAY_LEN(start_fields), &form, &faults))
		check_password(&form, &faults);
	if (faults.n)
		return reply_form(
		    rp, "agency/start", start_view(rq, work.secret), start_fields, ARRAY_LEN(start_fields), &faults);
	e = password_hash(work.hash, form.password);
	if (!e)
		e = db_write(office_of(rq)->db, use_link, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	return reply_see_other(rp, "/login?next=/agency");
}

/* --- routes ------------------------------------------------------------------------------------------------------ */

#define API "/api/v1"

static const struct route routes[] = {
	{ METHOD_GET, "/agency", list_show, WHO_AGENCY, 0, 0, "Requests addressed to the reader's institution." },
	{ METHOD_GET, "/agency/requests/{id}", request_show, WHO_AGENCY, 0, 0,
	    "One request with its letter and files." },
	{ METHOD_POST, "/agency/requests/{id}/answer", request_answer, WHO_AGENCY, ROUTE_UPLOAD, 0,
	    "Answer a request." },
	{ METHOD_POST, "/agency/requests/{id}/extension", request_extension, WHO_AGENCY, 0, 0, "Ask for more time." },
	{ METHOD_GET, "/agency/requests/{id}/documents/{n}", request_file, WHO_AGENCY, 0, 0,
	    "A file that went along with a request or came with its answer." },
	{ METHOD_GET, "/agency/start/{secret}", start_show, 0, 0, 0, "The form for a focal person's first password." },
	{ METHOD_POST, "/agency/start/{secret}", start_set, 0, 0, 0, "Set a focal person's first password." },
	{ METHOD_GET, API "/agency", list_show, WHO_AGENCY, 0, 0, "Requests addressed to the caller's institution." },
	{ METHOD_GET, API "/agency/requests/{id}", request_show, WHO_AGENCY, 0, 0,
	    "One request with its letter and files." },
	{ METHOD_POST, API "/agency/requests/{id}/answer", request_answer, WHO_AGENCY, ROUTE_UPLOAD, 0,
	    "Answer a request." },
	{ METHOD_POST, API "/agency/requests/{id}/extension", request_extension, WHO_AGENCY, 0, 0,
	    "Ask for more time." },
	{ METHOD_GET, API "/agency/requests/{id}/documents/{n}", request_file, WHO_AGENCY, 0, 0,
	    "A file that went along with a request or came with its answer." },
};
const struct route_table agency_routes = { routes, ARRAY_LEN(routes) };
