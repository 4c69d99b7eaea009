/* The same for programs: file a complaint once for each Idempotency-Key, follow it with number and code. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/complaint.h"
#include "casework/public.h"
#include "crypto/crypto.h"

#include <inttypes.h>
#include <string.h>

#define KEY_MIN 16 /* a key that can be guessed would give number and code to whoever repeats it */
#define KEY_MAX 255

/* --- filing ------------------------------------------------------------------------------------------------------ */

static enum err submission_key(struct request *rq, const char **ret_submission, struct fault *fault)
{
	const char *key = request_header(rq, "Idempotency-Key");
	char digest[SHA256_HEX];
	if (!key || strlen(key) < KEY_MIN || strlen(key) > KEY_MAX)
		return fault_set(fault, ERR_INVALID, "Idempotency-Key",
		    N_("Send the header Idempotency-Key with 16 to 255 characters that nobody can guess, and the same "
		       "again when "
		       "you repeat."),
		    NULL);
	sha256_hex(digest, key, strlen(key));
	*ret_submission = arena_printf(rq->arena, "api:%s", digest);
	return OK;
}

static enum err created(
    struct request *rq, struct reply *rp, const struct intake_result *result, const char *submission)
{
	const char *location = arena_printf(rq->arena, "/api/v1/complaints/%s", result->number);
	json_t *view = json_object();
	char iso[RFC3339_TEXT], code[CODE_TEXT];
	rfc3339_format(iso, result->received_at);
	intake_code(office_of(rq), submission, code);
	json_put_str(view, "number", result->number);
	json_put_str(view, "code", code);
	json_put_str(view, "received_at", iso);
	json_put_str(view, "content_sha256", result->content_sha256);
	json_put_str(view, "status", location);
	json_put_str(view, "receipt", arena_printf(rq->arena, "%s/receipt", location));
	return result->again ? reply_view(rp, NULL, view) : reply_created(rp, location, view);
}

static enum err file(struct request *rq, struct reply *rp, const struct intake *in)
{
	struct intake_result result;
	struct fault fault = { 0 };
	enum err e = intake_file(office_of(rq), actor_of(rq), in, rq->now, &result, &fault);
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	if (result.differs) {
		fault_set(&fault, ERR_CONFLICT, "Idempotency-Key",
		    N_("Another complaint was filed with this key. A new complaint needs a new key."), NULL);
		return reply_fault(rp, &fault);
	}
	return created(rq, rp, &result, in->submission);
}

enum err complaint_create(struct request *rq, struct reply *rp)
{
	const struct complaint_form *form = NULL;
	if (complaint_form_of(rq, &form))
		return ERR_STORE;
	struct complaint *c = complaint_new(rq->arena, form);
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	struct intake in;
	const char *submission = NULL;
	enum err e = may(actor_of(rq), ACT_COMPLAIN, NULL, &fault);
	if (!e)
		e = submission_key(rq, &submission, &fault);
	if (e)
		return reply_fault(rp, &fault);
	form_parse(rq, form->fields, form->n, c, &faults);
	complaint_intake(rq->arena, rq->lang, form, c, &in);
	in.channel = "api";
	in.submission = submission;
	if (intake_check(office_of(rq), &in, &faults) || faults.n)
		return reply_form(rp, NULL, json_object(), form->fields, form->n, &faults);
	return file(rq, rp, &in);
}

/* --- following --------------------------------------------------------------------------------------------------- */

enum err track_person(struct request *rq, struct actor *ret_actor, struct fault *fault)
{
	const char *code = request_header(rq, "Sulh-Code");
	int64_t id;
	enum err e = track_find(rq, request_param(rq, "number"), code ? code : "", &id, fault);
	if (!e)
		*ret_actor = (struct actor) { .kind = ACTOR_PERSON,
			.id = id,
			.name = "",
			.tag = arena_printf(rq->arena, "person:%" PRId64, id) };
	return e;
}

enum err complaint_status(struct request *rq, struct reply *rp)
{
	struct actor actor;
	struct fault fault = { 0 };
	json_t *view;
	enum err e = track_person(rq, &actor, &fault);
	if (!e)
		e = track_view(rq, &actor, &view, &fault);
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	return reply_view(rp, NULL, view);
}

enum err complaint_receipt(struct request *rq, struct reply *rp)
{
	struct actor actor;
	struct fault fault = { 0 };
	enum err e = track_person(rq, &actor, &fault);
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	return track_receipt_reply(rq, rp, actor.id);
}
