/* The person's page: in by number and code; the steps, messages, files and receipt of their complaint. */
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/public.h"
#include "casework/upload_rules.h"
#include "office/blob.h"
#include "office/journal.h"
#include "text/date.h"

#include <string.h>

/* --- in and out -------------------------------------------------------------------------------------------------- */

struct track_form {
	const char *number, *code;
};

static const struct field track_fields[] = {
	FIELD(struct track_form, number, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Number of your complaint")),
	FIELD(struct track_form, code, FIELD_TEXT, 60, FIELD_REQUIRED | FIELD_SECRET, N_("Secret code")),
};

static json_t *login_view(const struct request *rq)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Follow your complaint")));
	return view;
}

enum err track_show(struct request *rq, struct reply *rp)
{
	return reply_view(rp, "track/login", login_view(rq));
}

static enum err open_again(struct request *rq, struct reply *rp, const struct faults *faults)
{
	bool throttled = faults->n && faults->v[faults->n - 1].code == ERR_THROTTLED;
	enum err e = reply_form(rp, "track/login", login_view(rq), track_fields, ARRAY_LEN(track_fields), faults);
	if (throttled)
		rp->status = err_http_status(ERR_THROTTLED);
	return e;
}

enum err track_open(struct request *rq, struct reply *rp)
{
	struct track_form form;
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	int64_t id;
	if (form_parse(rq, track_fields, ARRAY_LEN(track_fields), &form, &faults))
		return open_again(rq, rp, &faults);
	enum err e = track_find(rq, form.number, form.code, &id, &fault);
	if (e == ERR_INVALID || e == ERR_THROTTLED) {
		faults_add(&faults, &fault);
		return open_again(rq, rp, &faults);
	}
	if (!e)
		e = session_open_person(rq, rp, id);
	return e ? e : reply_see_other(rp, "/track/case");
}

enum err track_leave(struct request *rq, struct reply *rp)
{
	enum err e = session_end(rq, rp);
	return e ? e : reply_see_other(rp, "/");
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

static const struct {
	const char *key, *text;
} done_notices[] = {
	{ "message", N_("Your message was sent.") },
	{ "files", N_("Your files were added.") },
	{ "consent", N_("Your answer was recorded.") },
	{ "offer", N_("Your answer was recorded.") },
	{ "review", N_("We have your petition. Below you read what happens next.") },
	{ "withdrawal", N_("You took your complaint back. We will read it and close the case.") },
	{ "comment", N_("Your comments were sent.") },
};

static void put_notice(struct request *rq, json_t *view)
{
	const char *done = request_query(rq, "done");
	for (size_t i = 0; done && i < ARRAY_LEN(done_notices); i++) {
		if (strcmp(done_notices[i].key, done))
			continue;
		json_t *notice = json_object();
		json_put_str(notice, "kind", "ok");
		json_put_str(notice, "text", text_get(rq->lang, done_notices[i].text));
		json_put(view, "notice", notice);
	}
}

static enum err page_view(struct request *rq, json_t **ret_view, struct fault *fault)
{
	const struct config *config = &office_of(rq)->config;
	json_t *view;
	enum err e = track_view(rq, actor_of(rq), &view, fault);
	if (e)
		return e;
	json_put_str(view, "title", text_get(rq->lang, N_("Your complaint")));
	json_put_str(view, "file_limit", arena_printf(rq->arena, "%d MiB", config->upload_limit_mib));
	json_put_str(view, "files_limit", number_text(rq->arena, rq->lang, config->files_limit));
	*ret_view = view;
	return OK;
}

enum err track_case(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	json_t *view;
	enum err e = page_view(rq, &view, &fault);
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	put_notice(rq, view);
	return reply_view(rp, "track/case", view);
}

enum err track_case_again(struct request *rq, struct reply *rp, const struct field *fields, size_t n,
    const struct faults *faults, enum err why)
{
	struct fault fault = { 0 };
	json_t *view;
	enum err e = page_view(rq, &view, &fault);
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	e = reply_form(rp, "track/case", view, fields, n, faults);
	rp->status = err_http_status(why);
	return e;
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

struct message_form {
	const char *message;
};

static const struct field message_fields[] = {
	FIELD(struct message_form, message, FIELD_LINES, 5000, FIELD_REQUIRED, N_("Your message")),
};

struct write_work {
	struct request *rq;
	const char *message;
	const struct document_new *files;
	size_t file_count;
	struct fault *fault;
};

static enum err write_person(struct db_tx *tx, void *arg)
{
	const struct write_work *work = arg;
	struct request *rq = work->rq;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, arena };
	const struct object object = { .casefile_id = act.actor->id };
	enum err e = may(act.actor, ACT_CASE_FOLLOW, &object, work->fault);
	if (!e && work->message)
		e = text_add(&act, act.actor->id, "from_person", rq->lang, work->message);
	if (!e)
		e = uploads_present(tx, work->files, work->file_count);
	for (size_t i = 0; !e && i < work->file_count; i++) {
		int64_t id;
		e = document_add(&act, act.actor->id, &work->files[i], &id);
	}
	arena_free(arena);
	return e;
}

static enum err save(struct reply *rp, struct write_work *work, const char *done)
{
	struct fault fault = { 0 };
	work->fault = &fault;
	enum err e = db_write(office_of(work->rq)->db, write_person, work);
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	return reply_see_other(rp, "/track/case?done=%s", done);
}

enum err track_message(struct request *rq, struct reply *rp)
{
	struct message_form form;
	struct faults faults = { 0 };
	if (form_parse(rq, message_fields, ARRAY_LEN(message_fields), &form, &faults))
		return track_case_again(rq, rp, message_fields, ARRAY_LEN(message_fields), &faults, ERR_INVALID);
	struct write_work work = { .rq = rq, .message = form.message };
	return save(rp, &work, "message#messages");
}

enum err track_files(struct request *rq, struct reply *rp)
{
	struct faults faults = { 0 };
	char unused;
	size_t n;
	enum err e = form_parse(rq, NULL, 0, &unused, &faults);
	const struct document_new *files =
	    uploads_checked(rq, "files", (size_t)office_of(rq)->config.files_limit, &n, &faults);
	if (!e && !faults.n && !n) {
		struct fault fault = { 0 };
		fault_set(&fault, ERR_INVALID, "files", N_("Choose at least one file."), NULL);
		faults_add(&faults, &fault);
	}
	if (faults.n)
		return track_case_again(rq, rp, NULL, 0, &faults, ERR_INVALID);
	e = uploads_store(rq, files, n);
	struct write_work work = { .rq = rq, .files = files, .file_count = n };
	return e ? e : save(rp, &work, "files#documents");
}

/* --- downloads --------------------------------------------------------------------------------------------------- */

struct document_work {
	struct request *rq;
	int64_t id, size;
	const char *name, *type, *sha256;
	struct fault *fault;
};

static enum err load_document(struct db_tx *tx, void *arg)
{
	struct document_work *work = arg;
	struct arena *arena = work->rq->arena;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_document_by_id, DB_ARGS(db_int(work->id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	const struct object object = { .casefile_id = db_col_int(rows, 0) };
	e = may(actor_of(work->rq), ACT_CASE_FOLLOW, &object, work->fault);
	if (e)
		return e;
	if (strcmp(db_col_text(rows, 5), "person")) /* what others sent to the case is not the person's to load */
		return ERR_NOT_FOUND;
	work->name = arena_strdup(arena, db_col_text(rows, 1));
	work->type = arena_strdup(arena, db_col_text(rows, 2));
	work->size = db_col_int(rows, 3);
	work->sha256 = arena_strdup(arena, db_col_text(rows, 4));
	return OK;
}

enum err track_document(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	char object[64];
	struct document_work work = { .rq = rq, .id = request_param_int(rq, "id"), .fault = &fault };
	enum err e = db_read(office_of(rq)->db, load_document, &work);
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "document.read",
	    journal_object(object, "document", work.id));
	return blob_reply(rp, office_of(rq)->db, work.sha256, work.size, work.type, work.name);
}

enum err track_receipt(struct request *rq, struct reply *rp)
{
	const struct object object = { .casefile_id = actor_of(rq)->id };
	struct fault fault = { 0 };
	enum err e = may(actor_of(rq), ACT_CASE_FOLLOW, &object, &fault);
	return e ? reply_fault(rp, &fault) : track_receipt_reply(rq, rp, actor_of(rq)->id);
}
