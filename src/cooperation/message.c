/* The header of a message, the table of refusals, and the checks that need neither keys nor database. */
#include "cooperation/message.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "cooperation/message_schema.h"

#include <stdio.h>
#include <string.h>

#define DAY_SECONDS 86400
#define FILE_CHUNK 262144

/* --- header ------------------------------------------------------------------------------------------------------- */

static const char *const typ_words[] = { TYP_MESSAGE, NULL };
static const char *const alg_words[] = { "EdDSA", NULL };
static const struct schema header_table[] = {
	{ "alg", SCHEMA_WORD, SCHEMA_REQUIRED, .words = alg_words },
	{ "typ", SCHEMA_WORD, SCHEMA_REQUIRED, .words = typ_words },
	{ "kid", SCHEMA_HASH, SCHEMA_REQUIRED },
	{ "iss", SCHEMA_HASH, SCHEMA_REQUIRED },
	{ "aud", SCHEMA_HASH, SCHEMA_REQUIRED },
	{ "jti", SCHEMA_UUID, SCHEMA_REQUIRED },
	{ "thr", SCHEMA_UUID, SCHEMA_REQUIRED },
	{ "seq", SCHEMA_INT, SCHEMA_REQUIRED, .min = 1, .max = INT32_MAX },
	{ "prv", SCHEMA_HASH_OR_EMPTY, SCHEMA_REQUIRED },
	{ "ack", SCHEMA_HASH_OR_EMPTY, SCHEMA_REQUIRED },
	{ "mty", SCHEMA_KEY, SCHEMA_REQUIRED },
	{ "agr", SCHEMA_UUID_OR_EMPTY, SCHEMA_REQUIRED },
	{ "cls", SCHEMA_KEY_OR_EMPTY, SCHEMA_REQUIRED },
	{ "iat", SCHEMA_INT, SCHEMA_REQUIRED, .min = 1, .max = INT64_C(253402300799) }, /* year 9999 */
	{ NULL },
};

json_t *message_header_json(const struct message_header *h)
{
	json_t *json = json_object();

	json_put_str(json, "iss", h->issuer);
	json_put_str(json, "aud", h->audience);
	json_put_str(json, "jti", h->id);
	json_put_str(json, "thr", h->thread);
	json_put_int(json, "seq", h->seq);
	json_put_str(json, "prv", h->prev);
	json_put_str(json, "ack", h->ack);
	json_put_str(json, "mty", message_rule(h->type)->name);
	json_put_str(json, "agr", h->agreement);
	json_put_str(json, "cls", h->clause);
	json_put_int(json, "iat", h->at);
	return json;
}

enum err message_header_parse(const json_t *json, struct message_header *ret_header, struct fault *fault)
{
	struct message_header h = { 0 };
	enum err e = schema_check(header_table, json, fault);

	if (e)
		return e;
	if (!message_type_parse(json_str(json, "mty"), &h.type))
		return fault_set(fault, ERR_INVALID, "/mty", N_("This type of message is not known."), NULL);
	/* The version stands in the 15th place of a UUID: an id without its time could not be ordered. */
	if (json_str(json, "jti")[14] != '7')
		return fault_set(fault, ERR_INVALID, "/jti", N_("The message id must be a UUID of version 7."), NULL);
	copy_text(h.id, sizeof(h.id), json_str(json, "jti"));
	copy_text(h.thread, sizeof(h.thread), json_str(json, "thr"));
	h.seq = json_int_or(json, "seq", 0);
	copy_text(h.prev, sizeof(h.prev), json_str(json, "prv"));
	copy_text(h.ack, sizeof(h.ack), json_str(json, "ack"));
	copy_text(h.issuer, sizeof(h.issuer), json_str(json, "iss"));
	copy_text(h.audience, sizeof(h.audience), json_str(json, "aud"));
	copy_text(h.kid, sizeof(h.kid), json_str(json, "kid"));
	copy_text(h.agreement, sizeof(h.agreement), json_str(json, "agr"));
	copy_text(h.clause, sizeof(h.clause), json_str(json, "cls"));
	h.at = json_int_or(json, "iat", 0);
	*ret_header = h;
	return OK;
}

/* --- refusals ------------------------------------------------------------------------------------------------------
 */

static const struct refusal_info refusals[REFUSAL_MAX] = {
	[REFUSAL_SIZE] = { "size", 413, false, N_("The message is larger than the partner accepts.") },
	[REFUSAL_ENVELOPE] = { "envelope", 400, false, N_("The partner could not read the sealed message.") },
	[REFUSAL_ALGORITHM] = { "algorithm", 400, false, N_("The message uses an algorithm that is not agreed.") },
	[REFUSAL_KEY] = { "key", 400, false, N_("The message was sealed for a key that the partner does not have.") },
	[REFUSAL_FORM] = { "form", 400, false, N_("The partner could not read the signed message.") },
	[REFUSAL_SENDER] = { "sender", 401, false,
	    N_("The partner has not confirmed our keys, or no longer accepts them.") },
	[REFUSAL_SIGNATURE] = { "signature", 401, false, N_("The signature did not verify.") },
	[REFUSAL_AUDIENCE] = { "audience", 422, true, N_("The message was meant for another office.") },
	[REFUSAL_DUPLICATE] = { "duplicate", 409, true,
	    N_("A different message with this id has been received before.") },
	[REFUSAL_AGE] = { "age", 422, true, N_("The message is too old, or dated in the future.") },
	[REFUSAL_AGREEMENT] = { "agreement", 403, true, N_("No agreement is in force.") },
	[REFUSAL_CLAUSE] = { "clause", 403, true, N_("The agreement does not cover this.") },
	[REFUSAL_SEQUENCE] = { "sequence", 409, true, N_("The message is not the next one of its thread.") },
	[REFUSAL_SCHEMA] = { "schema", 422, true, N_("A field of the message breaks its rule.") },
	[REFUSAL_CONSENT] = { "consent", 403, true, N_("The consent does not cover what was sent.") },
	[REFUSAL_MOVE] = { "move", 409, true, N_("This step is not possible in the present state.") },
	[REFUSAL_CROSSED] = { "crossed", 409, true,
	    N_("The other office had already acted; look again and decide anew.") },
};

const struct refusal_info *refusal_info(enum refusal refusal)
{
	return &refusals[refusal];
}

bool refusal_parse(const char *code, enum refusal *ret_refusal)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (strcmp(refusals[i].code, code) == 0) {
			*ret_refusal = (enum refusal)i;
			return true;
		}
	return false;
}

enum refusal refusal_of(enum refusal step, const struct fault *fault)
{
	if (fault->code == ERR_TOO_LARGE)
		return REFUSAL_SIZE;
	if (step != REFUSAL_KEY)
		return step;
	if (fault->code != ERR_UNTRUSTED)
		return REFUSAL_ENVELOPE;
	return strcmp(fault->field, "kid") == 0 || strcmp(fault->field, "seal") == 0 ? REFUSAL_KEY : REFUSAL_ALGORITHM;
}

/* --- checks --------------------------------------------------------------------------------------------------------
 */

enum err message_check_size(size_t len, struct fault *fault)
{
	char limit[24];

	if (len <= MESSAGE_WIRE_LIMIT)
		return OK;
	snprintf(limit, sizeof(limit), "%d", MESSAGE_WIRE_LIMIT);
	return fault_set(
	    fault, ERR_TOO_LARGE, NULL, N_("The message is larger than {limit} bytes."), "limit", limit, NULL);
}

enum err message_check_sender(const struct message_header *h, const struct message_partner *p, struct fault *fault)
{
	if (!p->known)
		return fault_set(fault, ERR_UNTRUSTED, "iss", N_("The sending office is not a partner of ours."), NULL);
	if (!p->confirmed)
		return fault_set(fault, ERR_UNTRUSTED, "iss",
		    N_("The keys of the sending office have not been confirmed here."), NULL);
	if (!p->sign_id || strcmp(p->sign_id, h->kid) != 0)
		return fault_set(
		    fault, ERR_UNTRUSTED, "kid", N_("The message is signed with a key that we do not know."), NULL);
	if (h->at < p->key_from || h->at >= p->key_until)
		return fault_set(fault, ERR_UNTRUSTED, "kid",
		    N_("The signing key was not valid when the message was signed."), NULL);
	return OK;
}

enum err message_check_audience(const struct message_header *h, const char *own_id, struct fault *fault)
{
	if (strcmp(h->audience, own_id) != 0)
		return fault_set(fault, ERR_UNTRUSTED, "aud", N_("The message is meant for another office."), NULL);
	return OK;
}

enum err message_check_duplicate(const char *known_hash, const char *hash, bool *ret_again, struct fault *fault)
{
	if (known_hash && strcmp(known_hash, hash) != 0)
		return fault_set(
		    fault, ERR_CONFLICT, "jti", N_("A different message with this id has been received before."), NULL);
	*ret_again = known_hash != NULL;
	return OK;
}

enum err message_check_age(const struct message_header *h, int64_t now_ms, struct fault *fault)
{
	int64_t now = now_ms / SECOND_MS;
	char days[16];

	if (h->at > now + MESSAGE_AHEAD_SECONDS)
		return fault_set(fault, ERR_UNTRUSTED, "iat", N_("The message is dated in the future."), NULL);
	if (h->at >= now - (int64_t)MESSAGE_AGE_DAYS * DAY_SECONDS)
		return OK;
	snprintf(days, sizeof(days), "%d", MESSAGE_AGE_DAYS);
	return fault_set(fault, ERR_UNTRUSTED, "iat", N_("The message is older than {days} days."), "days", days, NULL);
}

enum err message_check_type(
    const struct message_header *h, enum thread_kind kind, enum side side, bool thread_new, struct fault *fault)
{
	const struct message_rule *rule = message_rule(h->type);

	if (!(rule->threads & 1 << kind))
		return fault_set(fault, ERR_INVALID, "mty", N_("This type does not belong in this thread."), NULL);
	if (!(rule->by & (side == SIDE_OPENER ? BY_OPENER : BY_OTHER)))
		return fault_set(
		    fault, ERR_INVALID, "mty", N_("The other office may send this, not the sender."), NULL);
	if (rule->opens != thread_new)
		return fault_set(fault, ERR_INVALID, "thr",
		    thread_new ? N_("A thread cannot begin with this type of message.")
			       : N_("The thread has been opened already."),
		    NULL);
	return OK;
}

enum err message_check_clause(const struct message_header *h, enum thread_kind kind, struct fault *fault)
{
	if (kind == THREAD_AGREEMENT && !*h->clause && !*h->agreement)
		return OK;
	if (kind == THREAD_REFERRAL && strcmp(h->clause, MESSAGE_REFERRAL_CLAUSE) == 0 && *h->agreement)
		return OK;
	return fault_set(fault, ERR_DENIED, "cls", N_("The message does not name the clause that allows it."), NULL);
}

/* What a table cannot say: the number of chunks follows from the size. */
static enum err check_files(const json_t *body, struct fault *fault)
{
	const json_t *files = message_files(body), *file;
	char field[64];
	size_t i;

	json_array_foreach(files, i, file)
	{
		int64_t size = json_int_or(file, "size", 0);

		snprintf(field, sizeof(field), "/files/%zu", i);
		if (json_int_or(file, "chunks", 0) != (size + FILE_CHUNK - 1) / FILE_CHUNK)
			return fault_set(fault, ERR_INVALID, field,
			    N_("The number of chunks does not fit the size of the file."), NULL);
		if (strpbrk(json_str_or(file, "name", ""), "/\\"))
			return fault_set(fault, ERR_INVALID, field, N_("A file name must not contain a slash."), NULL);
	}
	return OK;
}

enum err message_check_own_body(enum message_type type, const json_t *body, struct fault *fault)
{
	bool packet = json_object_get(body, "fields") != NULL || message_files(body) != NULL;
	enum err e = schema_check(message_rule(type)->body, body, fault);

	if (!e)
		e = check_files(body, fault);
	if (!e && type == MESSAGE_REFERRAL_ANSWER && packet && !json_object_get(body, "consent"))
		e = fault_set(fault, ERR_INVALID, "/consent", N_("Fill in this field."), NULL);
	return e;
}

enum err message_check_body(
    enum message_type type, const char *payload, size_t len, json_t **ret_body, struct fault *fault)
{
	json_t *body;
	enum err e = json_parse(payload, len, MESSAGE_BODY_LIMIT, &body, fault);

	if (e)
		return e;
	e = message_check_own_body(type, body, fault);
	if (e)
		json_decref(body);
	else
		*ret_body = body;
	return e;
}

const json_t *message_files(const json_t *body)
{
	const json_t *files = json_object_get(body, "files");

	return json_is_array(files) ? files : NULL;
}

int64_t retry_delay_ms(int tries)
{
	int64_t delay = RETRY_FIRST_MS;

	for (int i = 1; i < tries && delay < RETRY_MOST_MS; i++)
		delay *= 2;
	return delay < RETRY_MOST_MS ? delay : RETRY_MOST_MS;
}
