/* Taking a complaint down at the desk: the page, earlier complaints before a number is given, and the slip. */
#include "casework/desk_entry.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/email_paste.h"
#include "casework/form_fields.h"
#include "casework/person_key.h"
#include "casework/screening.h"
#include "office/journal.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define TOKEN_BYTES 24
#define SLIP_LIFE_MS HOUR_MS /* after that the code is not shown again */

static enum err may_enter(struct request *rq, struct fault *fault)
{
	return may(actor_of(rq), ACT_CASE_ENTER, NULL, fault);
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

static const char *new_token(struct arena *arena)
{
	uint8_t secret[TOKEN_BYTES];
	char *text = arena_alloc(arena, TOKEN_BYTES * 2);
	random_bytes(secret, sizeof(secret));
	base64url_encode(text, secret, sizeof(secret));
	return text;
}

static bool good_token(const char *token)
{
	size_t len = strlen(token);
	return len >= 16 && len <= 64 &&
	       strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

static json_t *page(struct request *rq, const struct entry_form *form, const struct entry *entry)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("New case")));
	json_put_str(view, "submission", good_token(entry->submission) ? entry->submission : new_token(rq->arena));
	json_put(view, "parts", entry_parts_json(rq->lang, form, entry));
	json_put_bool(view, "was_looked", false);
	return view;
}

/* The form of a complaint with the bodies of the registry, and what the desk asks beside it. */
static enum err desk_form(struct request *rq, const struct entry_form **ret_form)
{
	const struct complaint_form *complaint;
	enum err e = complaint_form_of(rq, &complaint);
	if (!e)
		*ret_form = entry_form_new(rq->arena, complaint);
	return e;
}

static enum err entry_show(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	if (may_enter(rq, &fault))
		return reply_fault(rp, &fault);
	const struct entry_form *form;
	enum err e = desk_form(rq, &form);
	if (e)
		return e;
	return reply_view(rp, "desk/new", page(rq, form, entry_new(rq->arena, form, rq->now)));
}

/* --- from an e-mail ---------------------------------------------------------------------------------------------- */

struct email_form {
	const char *email_text;
};
static const struct field email_fields[] = {
	FIELD(struct email_form, email_text, FIELD_LINES, 200000, 0, N_("E-mail")),
};

/* The uploaded file when there is one, else what was pasted. */
static enum err mail_bytes(struct request *rq, const char **ret_text, size_t *ret_len, struct fault *fault)
{
	const struct upload *files;
	const char *pasted = request_form(rq, "email_text");
	size_t n = request_uploads(rq, &files);
	*ret_text = pasted ? pasted : "";
	*ret_len = strlen(*ret_text);
	if (!n || !files[0].size)
		return OK;
	if (files[0].size > (int64_t)EMAIL_PASTE_MAX)
		return fault_set(
		    fault, ERR_TOO_LARGE, "email_text", N_("This e-mail is too large. Paste only its text."), NULL);
	size_t size = (size_t)files[0].size, have = 0;
	char *text = arena_alloc(rq->arena, size + 1);
	while (have < size) {
		ssize_t got = pread(files[0].fd, text + have, size - have, (off_t)have);
		if (got <= 0)
			return ERR_STORE;
		have += (size_t)got;
	}
	*ret_text = text;
	*ret_len = size;
	return OK;
}

static void take_mail(struct arena *arena, const struct pasted_mail *mail, struct entry *entry)
{
	entry->channel = "email";
	entry->who.name = mail->from_name;
	entry->who.email = mail->from_email;
	entry->who.answer_by = *mail->from_email ? "email" : "";
	entry->sent_on = mail->sent_on;
	entry->c.facts = *mail->subject ? arena_printf(arena, "%s\n\n%s", mail->subject, mail->body) : mail->body;
}

static json_t *mail_notice(struct request *rq, const struct pasted_mail *mail)
{
	json_t *notice = json_object();
	const char *words =
	    mail->attachments
		? N_("Read from the e-mail. It had files: save them and add them on the page of the case.")
	    : mail->cut ? N_("Read from the e-mail. Its text was too long and has been cut.")
			: N_("Read from the e-mail. Check it before you save.");
	json_put_str(notice, "kind", mail->attachments || mail->cut ? "warning" : "info");
	json_put_str(notice, "text", text_get(rq->lang, words));
	return notice;
}

/* Nothing is kept by this: the form comes back with what was read. */
static enum err entry_email(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	struct faults faults = { 0 };
	struct pasted_mail mail;
	struct email_form typed;
	const char *text;
	size_t len;
	if (may_enter(rq, &fault))
		return reply_fault(rp, &fault);
	const struct entry_form *form;
	enum err e = desk_form(rq, &form);
	if (e)
		return e;
	struct entry *entry = entry_new(rq->arena, form, rq->now);
	e = form_parse(rq, email_fields, ARRAY_LEN(email_fields), &typed, &faults);
	if (!e)
		e = mail_bytes(rq, &text, &len, &fault);
	if (!e)
		e = email_paste_read(rq->arena, text, len, form->profile->calendar.zone, &mail, &fault);
	if (e && !fault.code && !faults.n)
		return e;
	if (e) {
		if (fault.code)
			faults_add(&faults, &fault);
		return reply_form(
		    rp, "desk/new", page(rq, form, entry), email_fields, ARRAY_LEN(email_fields), &faults);
	}
	take_mail(rq->arena, &mail, entry);
	json_t *view = page(rq, form, entry);
	json_put(view, "notice", mail_notice(rq, &mail));
	return reply_view(rp, "desk/new", view);
}

/* --- looking and saving ------------------------------------------------------------------------------------------ */

struct look_work {
	struct request *rq;
	const struct intake *in;
	json_t *list; /* made afresh by each run */
};

static enum err look_for(const struct casefile_act *act, enum lang lang, const struct intake_party *p, json_t *all)
{
	const struct person_facts facts = { p->name, p->birth_date, p->id_no, p->passport_no, p->phone, p->email };
	json_t *found;
	enum err e = person_duplicates(act, lang, &facts, 0, &found);
	if (e)
		return e;
	json_array_extend(all, found);
	json_decref(found);
	return OK;
}

static enum err look(struct db_tx *tx, void *arg)
{
	struct look_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	const struct intake *in = work->in;
	work->list = json_owned(rq->arena, json_array());
	if (in->confidential || !strcmp(in->case_class, "own_initiative"))
		return OK;
	enum err e = look_for(&act, rq->lang, &in->person, work->list);
	if (!e && in->another && !strcmp(in->another->role, "affected"))
		e = look_for(&act, rq->lang, in->another, work->list);
	return e;
}

/* The form with the earlier complaints above it; saving again saves. */
static enum err show_earlier(struct request *rq, struct reply *rp, const struct entry_form *form,
    const struct entry *entry, json_t *earlier, bool asked)
{
	struct fault fault = { 0 };
	bool any = json_array_size(earlier) > 0;
	if (rq->api && !asked) {
		fault_set(&fault, ERR_CONFLICT, "looked",
		    N_("There are earlier complaints of this person. Look at them (step “look”), then say “looked”: "
		       "yes."),
		    NULL);
		return reply_fault(rp, &fault);
	}
	json_t *view = page(rq, form, entry);
	json_put_bool(view, "was_looked", true);
	json_put_bool(view, "none_found", !any);
	json_put_bool(view, "has_earlier", any);
	json_put(view, "earlier", json_incref(earlier));
	return reply_view(rp, "desk/new", view);
}

static enum err file_it(
    struct request *rq, struct reply *rp, const struct entry *entry, struct intake *in, struct fault *fault)
{
	struct intake_result result = { 0 };
	in->submission = arena_printf(rq->arena, "desk:%s", entry->submission);
	enum err e = intake_file(office_of(rq), actor_of(rq), in, rq->now, &result, fault);
	if (e)
		return fault->code ? reply_fault(rp, fault) : e;
	if (!rq->api)
		return reply_see_other(rp, "/desk/new/done?of=%s", entry->submission);
	json_t *view = json_object();
	json_put_int(view, "id", result.casefile_id);
	json_put_str(view, "number", result.number);
	json_put_str(view, "code", result.code);
	const char *location = arena_printf(rq->arena, "/api/v1/cases/%" PRId64, result.casefile_id);
	return result.again ? reply_view(rp, NULL, view) : reply_created(rp, location, view);
}

static void check_token(const struct entry *entry, struct faults *faults)
{
	struct fault fault = { 0 };
	if (good_token(entry->submission))
		return;
	fault_set(&fault, ERR_INVALID, "submission",
	    N_("Send a key of 16 to 64 letters and digits that nobody can guess, and the same again when you repeat."),
	    NULL);
	faults_add(faults, &fault);
}

static enum err entry_save(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	struct faults faults = { 0 };
	struct intake in;
	if (may_enter(rq, &fault))
		return reply_fault(rp, &fault);
	const struct entry_form *form;
	enum err e = desk_form(rq, &form);
	if (e)
		return e;
	struct entry *entry = entry_new(rq->arena, form, rq->now);
	form_parse(rq, form->fields, form->n, entry, &faults);
	entry_intake(rq->arena, form, entry, rq->now, &in);
	bool asked = !strcmp(entry->step, "look"), looked = !strcmp(entry->looked, "yes");
	struct look_work work = { .rq = rq, .in = &in };
	if (!asked) {
		check_token(entry, &faults);
		intake_check(office_of(rq), &in, &faults);
	}
	if (faults.n) {
		json_t *view = page(rq, form, entry);
		form_fields_again(rq, view, "entry", 0, &faults);
		return reply_form(rp, "desk/new", view, form->fields, form->n, &faults);
	}
	e = db_read(office_of(rq)->db, look, &work);
	if (e)
		return e;
	if (asked || (!looked && json_array_size(work.list) > 0))
		return show_earlier(rq, rp, form, entry, work.list, asked);
	return file_it(rq, rp, entry, &in, &fault);
}

/* --- the slip ---------------------------------------------------------------------------------------------------- */

struct slip_work {
	struct request *rq;
	const char *submission;
	struct casefile c;
	int64_t entered_at;
};

static enum err find_slip(struct db_tx *tx, void *arg)
{
	struct slip_work *work = arg;
	int64_t id;
	enum err e = db_get_int(tx, &sql_casefile_by_submission, DB_ARGS(db_text(work->submission)), &id);
	struct casefile_intake intake;
	if (!e)
		e = casefile_load(office_of(work->rq), tx, work->rq->arena, id, &work->c);
	if (!e)
		e = casefile_intake_load(tx, work->rq->arena, id, &intake);
	if (!e)
		work->entered_at = intake.entered_at;
	return e;
}

/* Shown to whoever has the form's key, which nobody can guess, for an hour: the code opens the case for the person. */
static enum err slip_show(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	const char *token = request_query(rq, "of");
	char code[CODE_TEXT];
	if (may_enter(rq, &fault))
		return reply_fault(rp, &fault);
	struct slip_work work = { .rq = rq };
	if (!token || !good_token(token))
		return ERR_NOT_FOUND;
	work.submission = arena_printf(rq->arena, "desk:%s", token);
	enum err e = db_read(office_of(rq)->db, find_slip, &work);
	if (e)
		return e;
	const struct office *office = office_of(rq);
	const struct object object = casefile_object(&work.c);
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("The case has been entered")));
	json_put_str(view, "number", work.c.number);
	intake_code(office, work.submission, code);
	json_put_str(view, "code", rq->now < work.entered_at + SLIP_LIFE_MS ? code : NULL);
	json_put_str(view, "office_name", names_in(&office->profile->name, rq->lang));
	json_put_str(view, "helpline", office->profile->contact.helpline);
	json_put_str(view, "public_url", office->config.public_url);
	json_put_str(
	    view, "received", date_long(rq->arena, rq->lang, office->profile->calendar.zone, work.c.received_at));
	json_put_str(view, "due",
	    work.c.due_at ? date_long(rq->arena, rq->lang, office->profile->calendar.zone, work.c.due_at) : NULL);
	json_put_str(view, "link",
	    may(actor_of(rq), ACT_CASE_READ, &object, NULL) == OK
		? arena_printf(rq->arena, "/desk/cases/%" PRId64, work.c.id)
		: NULL);
	return reply_view(rp, "desk/entered", view);
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/new", entry_show, WHO_STAFF, ROUTE_NO_STORE, 0, "The desk's form for a new case." },
	{ METHOD_GET, "/api/v1/desk/new", entry_show, WHO_PROGRAM, 0, 0, "The desk's form for a new case." },
	{ METHOD_POST, "/desk/new", entry_save, WHO_STAFF, 0, 0, "Look for earlier complaints, or enter the case." },
	{ METHOD_POST, "/api/v1/desk/new", entry_save, WHO_PROGRAM, 0, 0,
	    "Look for earlier complaints, or enter the case." },
	{ METHOD_POST, "/desk/new/email", entry_email, WHO_STAFF, ROUTE_UPLOAD, 0, "Fill the form from an e-mail." },
	{ METHOD_POST, "/api/v1/desk/new/email", entry_email, WHO_PROGRAM, 0, 0, "Fill the form from an e-mail." },
	{ METHOD_GET, "/desk/new/done", slip_show, WHO_STAFF, ROUTE_NO_STORE, 0,
	    "Number and code of a case just entered." },
	{ METHOD_GET, "/api/v1/desk/new/done", slip_show, WHO_PROGRAM, 0, 0,
	    "Number and code of a case just entered." },
};
const struct route_table entry_routes = { routes, ARRAY_LEN(routes) };
