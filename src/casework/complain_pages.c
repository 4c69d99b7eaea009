/* Writing a complaint: the form, checking the answers, sending once, and the page with number and code. */
#include "base/clockwork.h"
#include "base/id.h"
#include "base/util.h"
#include "casework/complaint.h"
#include "casework/public.h"
#include "casework/upload_rules.h"
#include "text/date.h"

#include <string.h>

#define COOKIE_BYTES 24

/* --- the draft of this browser ----------------------------------------------------------------------------------- */

struct load_work {
	struct arena *arena;
	const char *id;
	struct draft draft;
};

static enum err load(struct db_tx *tx, void *arg)
{
	struct load_work *work = arg;
	return draft_load(tx, work->arena, work->id, &work->draft);
}

/* OK with the browser's draft; ERR_NOT_FOUND when it has none, or one about to be swept. */
static enum err find_draft(struct request *rq, struct draft *ret_draft)
{
	const char *cookie = request_cookie(rq, DRAFT_COOKIE);
	char id[65];
	if (!cookie || !*cookie)
		return ERR_NOT_FOUND;
	draft_id(id, cookie);
	struct load_work work = { .arena = rq->arena, .id = id };
	enum err e = db_read(office_of(rq)->db, load, &work);
	if (!e && rq->now > work.draft.created_at + DRAFT_LIFE_MS - HOUR_MS)
		e = ERR_NOT_FOUND;
	if (!e)
		*ret_draft = work.draft;
	return e;
}

static void new_draft(struct request *rq, struct reply *rp, struct draft *ret_draft)
{
	uint8_t secret[COOKIE_BYTES];
	char text[COOKIE_BYTES * 2];
	random_bytes(secret, sizeof(secret));
	base64url_encode(text, secret, sizeof(secret));
	*ret_draft = (struct draft) { .created_at = rq->now };
	draft_id(ret_draft->id, text);
	reply_cookie(rp, DRAFT_COOKIE, text, 0);
}

/* --- the form ---------------------------------------------------------------------------------------------------- */

static json_t *steps(enum lang lang, size_t now)
{
	static const char *const labels[] = { N_("Write"), N_("Check"), N_("Number and code") };
	json_t *list = json_array();
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		json_t *one = json_object();
		json_put_str(one, "step_name", text_get(lang, labels[i]));
		json_put_bool(one, "done", i < now);
		json_put_bool(one, "now", i == now);
		json_add(list, one);
	}
	return list;
}

static json_t *form_view(struct request *rq, const struct complaint_form *form, const json_t *values,
    const struct draft *draft, const struct faults *faults)
{
	const struct config *config = &office_of(rq)->config;
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Make a complaint")));
	json_put(view, "steps", steps(rq->lang, 0));
	json_put_str(view, "file_limit", arena_printf(rq->arena, "%d MiB", config->upload_limit_mib));
	json_put_str(view, "files_limit", number_text(rq->arena, rq->lang, config->files_limit));
	json_put(view, "sent_files", complaint_files(rq, draft->files, draft->file_count));
	json_put_bool(view, "has_files", draft->file_count > 0);
	complaint_form_view(rq, form, values, faults, view);
	return view;
}

enum err complain_show(struct request *rq, struct reply *rp)
{
	const struct complaint_form *form = NULL;
	if (complaint_form_of(rq, &form))
		return ERR_STORE;
	struct fault fault = { 0 };
	struct draft draft = { 0 };
	enum err e = may(actor_of(rq), ACT_COMPLAIN, NULL, &fault);
	if (e)
		return reply_fault(rp, &fault);
	e = find_draft(rq, &draft);
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e || draft.casefile_id)
		draft = (struct draft) { .values = json_owned(rq->arena, json_object()) };
	json_t *view = form_view(rq, form, draft.values, &draft, NULL);
	json_object_set(view, "values", draft.values);
	return reply_view(rp, "complain/form", view);
}

/* --- saving it --------------------------------------------------------------------------------------------------- */

struct save_work {
	struct draft_change change;
	struct arena *arena;
	struct draft saved;
};

static enum err save(struct db_tx *tx, void *arg)
{
	struct save_work *work = arg;
	enum err e = draft_save(tx, &work->change);
	return e ? e : draft_load(tx, work->arena, work->change.id, &work->saved);
}

/* Files whose box "remove" was ticked. */
static size_t removed(struct request *rq, const struct draft *draft, const char ***ret_list)
{
	const char **list = arena_alloc(rq->arena, (draft->file_count + 1) * sizeof(*list));
	size_t n = 0;
	for (size_t i = 0; i < draft->file_count; i++)
		if (request_form(rq, arena_printf(rq->arena, "remove_%s", draft->files[i].sha256)))
			list[n++] = draft->files[i].sha256;
	*ret_list = list;
	return n;
}

static size_t room_for_files(const struct request *rq, const struct draft *draft, size_t removed_count)
{
	size_t limit = (size_t)office_of(rq)->config.files_limit, have = draft->file_count - removed_count;
	return have < limit ? limit - have : 0;
}

/* What was typed and sent so far is kept even when a rule is broken: a file is not sent twice over a slow line. */
static enum err keep(struct request *rq, const struct draft *draft, const json_t *values, bool ready,
    const struct document_new *files, size_t file_count, struct draft *ret_saved)
{
	const char **gone;
	size_t gone_count = removed(rq, draft, &gone);
	struct save_work work = { .arena = rq->arena,
		.change = { .id = draft->id,
		    .now = draft->created_at,
		    .ready = ready,
		    .values = values,
		    .removed = gone,
		    .removed_count = gone_count,
		    .added = files,
		    .added_count = file_count } };
	enum err e = uploads_store(rq, files, file_count);
	if (!e)
		e = db_write(office_of(rq)->db, save, &work);
	if (!e)
		*ret_saved = work.saved;
	return e;
}

static enum err check_all(
    struct request *rq, const struct complaint_form *form, struct complaint *c, struct faults *faults)
{
	struct intake in;
	enum err e = form_parse(rq, form->fields, form->n, c, faults);
	complaint_intake(rq->arena, rq->lang, form, c, &in);
	in.channel = "web";
	enum err rules = intake_check(form->office, &in, faults);
	return e ? e : rules;
}

enum err complain_save(struct request *rq, struct reply *rp)
{
	const struct complaint_form *form = NULL;
	if (complaint_form_of(rq, &form))
		return ERR_STORE;
	struct complaint *c = complaint_new(rq->arena, form);
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	struct draft draft = { 0 };
	const char **gone;
	size_t file_count;
	if (may(actor_of(rq), ACT_COMPLAIN, NULL, &fault))
		return reply_fault(rp, &fault);
	enum err e = find_draft(rq, &draft);
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e || draft.casefile_id) /* one that was sent stays as it is: this is another complaint */
		new_draft(rq, rp, &draft);
	check_all(rq, form, c, &faults);
	size_t room = room_for_files(rq, &draft, removed(rq, &draft, &gone));
	const struct document_new *files = uploads_checked(rq, "files", room, &file_count, &faults);
	json_t *values = json_owned(rq->arena, complaint_values(form, c));
	e = keep(rq, &draft, values, !faults.n, files, file_count, &draft);
	if (e)
		return e;
	if (!faults.n)
		return reply_see_other(rp, "/complain/check");
	return reply_form(
	    rp, "complain/form", form_view(rq, form, values, &draft, &faults), form->fields, form->n, &faults);
}

/* --- check and send ---------------------------------------------------------------------------------------------- */

/* Where a browser without a draft to check belongs; NULL when it has one. */
static const char *elsewhere(enum err e, const struct draft *draft)
{
	if (e == ERR_NOT_FOUND)
		return "/complain";
	if (draft->casefile_id)
		return "/complain/done";
	return draft->ready ? NULL : "/complain";
}

enum err complain_check(struct request *rq, struct reply *rp)
{
	const struct complaint_form *form = NULL;
	if (complaint_form_of(rq, &form))
		return ERR_STORE;
	struct complaint *c = complaint_new(rq->arena, form);
	struct draft draft = { 0 };
	enum err e = find_draft(rq, &draft);
	if (e && e != ERR_NOT_FOUND)
		return e;
	const char *other = elsewhere(e, &draft);
	if (other)
		return reply_see_other(rp, "%s", other);
	complaint_read(rq->arena, form, draft.values, c);
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Check what you have written")));
	json_put(view, "steps", steps(rq->lang, 1));
	json_put(view, "answers", complaint_summary(rq, form, c));
	json_put(view, "sent_files", complaint_files(rq, draft.files, draft.file_count));
	json_put_bool(view, "has_files", draft.file_count > 0);
	return reply_view(rp, "complain/check", view);
}

struct sent_work {
	const char *id;
	int64_t casefile_id;
};

static enum err mark_sent(struct db_tx *tx, void *arg)
{
	const struct sent_work *work = arg;
	return draft_set_sent(tx, work->id, work->casefile_id);
}

/* The draft's id is the submission: pressing twice, or again after a crash between the two writes, files once. */
static enum err send_draft(
    struct request *rq, const struct draft *draft, const struct intake *in, bool *ret_changed, struct fault *fault)
{
	struct intake_result result = { 0 };
	enum err e = intake_file(office_of(rq), actor_of(rq), in, rq->now, &result, fault);
	struct sent_work work = { draft->id, result.casefile_id };
	if (!e)
		e = db_write(office_of(rq)->db, mark_sent, &work);
	if (!e)
		*ret_changed = result.differs; /* filed, not marked as sent because we crashed, then written on */
	return e;
}

enum err complain_send(struct request *rq, struct reply *rp)
{
	const struct complaint_form *form = NULL;
	if (complaint_form_of(rq, &form))
		return ERR_STORE;
	struct complaint *c = complaint_new(rq->arena, form);
	struct draft draft = { 0 };
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	struct intake in;
	if (may(actor_of(rq), ACT_COMPLAIN, NULL, &fault))
		return reply_fault(rp, &fault);
	enum err e = find_draft(rq, &draft);
	if (e && e != ERR_NOT_FOUND)
		return e;
	const char *other = elsewhere(e, &draft);
	if (other)
		return reply_see_other(rp, "%s", other);
	complaint_read(rq->arena, form, draft.values, c);
	complaint_intake(rq->arena, rq->lang, form, c, &in);
	in.channel = "web";
	in.submission = arena_printf(rq->arena, "web:%s", draft.id);
	in.documents = draft.files;
	in.document_count = draft.file_count;
	if (intake_check(form->office, &in, &faults)) /* the profile changed while the person wrote */
		return reply_see_other(rp, "/complain");
	bool changed = false;
	e = send_draft(rq, &draft, &in, &changed, &fault);
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	reply_cookie(rp, DRAFT_COOKIE, request_cookie(rq, DRAFT_COOKIE), DRAFT_SHOW_S);
	return reply_see_other(rp, "/complain/done%s", changed ? "?changed=1" : "");
}

/* --- number and code --------------------------------------------------------------------------------------------- */

struct done_work {
	const struct office *office;
	struct arena *arena;
	int64_t id;
	struct casefile c;
};

static enum err load_case(struct db_tx *tx, void *arg)
{
	struct done_work *work = arg;
	return casefile_load(work->office, tx, work->arena, work->id, &work->c);
}

/* The case that this browser sent within the hour. */
static enum err find_sent(struct request *rq, struct draft *draft, struct casefile *ret_case)
{
	enum err e = find_draft(rq, draft);
	if (!e && !draft->casefile_id)
		e = ERR_NOT_FOUND;
	struct done_work work = { .office = office_of(rq), .arena = rq->arena, .id = draft->casefile_id };
	if (!e)
		e = db_read(office_of(rq)->db, load_case, &work);
	if (!e && rq->now > work.c.received_at + DRAFT_SHOW_S * SECOND_MS)
		e = ERR_NOT_FOUND;
	if (!e)
		*ret_case = work.c;
	return e;
}

static json_t *changed_notice(enum lang lang)
{
	json_t *notice = json_object();
	json_put_str(notice, "kind", "warning");
	json_put_str(notice, "text",
	    text_get(lang,
		N_("Your complaint had been sent before your last changes. We have it as it was then; write what is "
		   "new on the page of your complaint.")));
	return notice;
}

enum err complain_done(struct request *rq, struct reply *rp)
{
	const struct office *office = office_of(rq);
	struct draft draft = { 0 };
	struct casefile c;
	char code[CODE_TEXT];
	enum err e = find_sent(rq, &draft, &c);
	if (e == ERR_NOT_FOUND)
		return reply_see_other(rp, "/track");
	if (e)
		return e;
	intake_code(office, arena_printf(rq->arena, "web:%s", draft.id), code);
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("We have your complaint")));
	json_put(view, "steps", steps(rq->lang, 2));
	json_put_str(view, "number", c.number);
	json_put_str(view, "code", code);
	if (request_query(rq, "changed"))
		json_put(view, "notice", changed_notice(rq->lang));
	if (c.due_at)
		json_put_str(view, "due", date_long(rq->arena, rq->lang, office->profile->calendar.zone, c.due_at));
	return reply_view(rp, "complain/done", view);
}

enum err complain_receipt(struct request *rq, struct reply *rp)
{
	struct draft draft = { 0 };
	struct casefile c;
	enum err e = find_sent(rq, &draft, &c);
	if (e == ERR_NOT_FOUND)
		return reply_see_other(rp, "/track");
	return e ? e : track_receipt_reply(rq, rp, c.id);
}

enum err complain_forget(struct request *rq, struct reply *rp)
{
	reply_cookie(rp, DRAFT_COOKIE, "", -1);
	return reply_see_other(rp, "/track");
}
