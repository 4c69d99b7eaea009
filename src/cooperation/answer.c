/* Builds receipts and refusals, and holds received ones against what we sent. */
#include "cooperation/answer.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "cooperation/message_schema.h"

#include <string.h>

static const struct schema head_table[] = {
	{ "opener", SCHEMA_HASH_OR_EMPTY, SCHEMA_REQUIRED },
	{ "other", SCHEMA_HASH_OR_EMPTY, SCHEMA_REQUIRED },
	{ "thread", SCHEMA_HASH, SCHEMA_REQUIRED },
	{ NULL },
};

static const struct schema receipt_table[] = {
	{ "msg", SCHEMA_UUID, SCHEMA_REQUIRED },
	{ "sha256", SCHEMA_HASH, SCHEMA_REQUIRED },
	{ "thread", SCHEMA_UUID, SCHEMA_REQUIRED },
	{ "seq", SCHEMA_INT, SCHEMA_REQUIRED, .min = 1, .max = INT32_MAX },
	{ "head", SCHEMA_OBJECT, SCHEMA_REQUIRED, .of = head_table },
	{ "at", SCHEMA_TIME, SCHEMA_REQUIRED },
	{ NULL },
};

static const struct schema expect_table[] = {
	{ "seq", SCHEMA_INT, SCHEMA_REQUIRED, .min = 1, .max = INT32_MAX },
	{ "prv", SCHEMA_HASH_OR_EMPTY, SCHEMA_REQUIRED },
	{ NULL },
};

static const struct schema refusal_table[] = {
	{ "msg", SCHEMA_UUID_OR_EMPTY, SCHEMA_REQUIRED },
	{ "sha256", SCHEMA_HASH, SCHEMA_REQUIRED },
	{ "code", SCHEMA_KEY, SCHEMA_REQUIRED },
	{ "text", SCHEMA_LINE, SCHEMA_REQUIRED, .max = 399 },
	{ "field", SCHEMA_LINE, SCHEMA_OPTIONAL, .max = 63 },
	{ "final", SCHEMA_BOOL, SCHEMA_REQUIRED },
	{ "expect", SCHEMA_OBJECT, SCHEMA_OPTIONAL, .of = expect_table },
	{ "at", SCHEMA_TIME, SCHEMA_REQUIRED },
	{ NULL },
};

json_t *answer_header(const char *issuer, const char *audience, int64_t now)
{
	json_t *header = json_object();

	json_put_str(header, "iss", issuer);
	json_put_str(header, "aud", audience);
	json_put_int(header, "iat", now / SECOND_MS);
	return header;
}

static enum err refused(struct fault *fault, const char *field)
{
	return fault_set(fault, ERR_UNTRUSTED, field,
	    N_("The partner's answer does not belong to the message that was sent."), NULL);
}

static bool same(const json_t *object, const char *key, const char *expected)
{
	return strcmp(json_str_or(object, key, "?"), expected) == 0;
}

enum err answer_check_header(
    const json_t *header, const char *typ, const char *issuer, const char *audience, struct fault *fault)
{
	if (!same(header, "typ", typ))
		return refused(fault, "typ");
	if (!same(header, "iss", issuer))
		return refused(fault, "iss");
	/* A receiver that could not read whom it refuses says so with an empty audience. */
	if (!same(header, "aud", audience) && !(strcmp(typ, TYP_REFUSAL) == 0 && same(header, "aud", "")))
		return refused(fault, "aud");
	return OK;
}

static void put_time(json_t *object, int64_t at)
{
	char text[RFC3339_TEXT];

	rfc3339_format(text, at);
	json_put_str(object, "at", text);
}

json_t *receipt_json(const struct receipt *r)
{
	json_t *json = json_object(), *head = json_object();
	char both[HASH_TEXT];

	thread_head(&r->after, both);
	json_put_str(head, "opener", r->after.chain[SIDE_OPENER].head);
	json_put_str(head, "other", r->after.chain[SIDE_OTHER].head);
	json_put_str(head, "thread", both);
	json_put_str(json, "msg", r->message);
	json_put_str(json, "sha256", r->hash);
	json_put_str(json, "thread", r->thread);
	json_put_int(json, "seq", r->seq);
	json_put(json, "head", head);
	put_time(json, r->at);
	return json;
}

/* Each name is checked with its own field, so that an operator sees which part of an answer was wrong. */
static enum err check_heads(const json_t *head, const struct receipt_record *r, struct fault *fault)
{
	static const char *const names[SIDE_MAX] = { "opener", "other" };
	enum side other = side_opposite(r->side);
	const char *theirs = json_str(head, names[other]);
	struct thread told = *r->own;
	bool held = !*theirs;
	char both[HASH_TEXT];

	if (!same(head, names[r->side], r->own->chain[r->side].head))
		return refused(fault, "/head");
	for (size_t i = 0; i < r->theirs_count && !held; i++)
		held = strcmp(r->theirs[i], theirs) == 0;
	if (!held)
		return refused(fault, "/head");
	copy_text(told.chain[other].head, HASH_TEXT, theirs);
	thread_head(&told, both);
	return same(head, "thread", both) ? OK : refused(fault, "/head/thread");
}

static enum err receipt_match(const json_t *json, const struct receipt_record *r, struct fault *fault)
{
	enum err e = schema_check(receipt_table, json, fault);

	if (e)
		return e;
	if (!same(json, "msg", r->sent->id))
		return refused(fault, "/msg");
	if (!same(json, "sha256", r->hash))
		return refused(fault, "/sha256");
	if (!same(json, "thread", r->sent->thread))
		return refused(fault, "/thread");
	if (json_int_or(json, "seq", 0) != r->sent->seq)
		return refused(fault, "/seq");
	return check_heads(json_object_get(json, "head"), r, fault);
}

enum err receipt_check(
    const char *payload, size_t len, const struct receipt_record *record, int64_t *ret_at, struct fault *fault)
{
	json_t *json;
	enum err e = json_parse(payload, len, MESSAGE_BODY_LIMIT, &json, fault);

	if (e)
		return e;
	e = receipt_match(json, record, fault);
	if (!e)
		e = rfc3339_parse(json_str(json, "at"), ret_at);
	json_decref(json);
	return e;
}

json_t *refusal_json(enum refusal refusal, const char *message, const char *hash, const struct fault *fault,
    json_t *expected, int64_t now)
{
	json_t *json = json_object();
	struct fault words = fault ? *fault : (struct fault) { .key = NULL };
	char text[400];

	words.field[0] = '\0'; /* it has a member of its own */
	json_put_str(json, "msg", message ? message : "");
	json_put_str(json, "sha256", hash);
	json_put_str(json, "code", refusal_info(refusal)->code);
	json_put_str(json, "text",
	    fault && fault->key ? fault_english(&words, text, sizeof(text)) : refusal_info(refusal)->sentence);
	if (fault && fault->field[0])
		json_put_str(json, "field", fault->field);
	json_put_bool(json, "final", refusal_info(refusal)->final);
	if (expected)
		json_put(json, "expect", expected);
	put_time(json, now);
	return json;
}

static enum err refusal_match(const json_t *json, const char *message, const char *hash, const char *body_hash,
    struct refusal_read *ret_refusal, struct fault *fault)
{
	struct refusal_read read = { 0 };
	enum err e = schema_check(refusal_table, json, fault);

	if (e)
		return e;
	if (!refusal_parse(json_str(json, "code"), &read.refusal))
		return refused(fault, "/code");
	/* A refusal of other bytes is the echo of damage on the way, or of somebody else's message. */
	if (!same(json, "sha256", refusal_info(read.refusal)->final ? hash : body_hash))
		return refused(fault, "/sha256");
	if (!same(json, "msg", message) && (refusal_info(read.refusal)->final || !same(json, "msg", "")))
		return refused(fault, "/msg");
	copy_text(read.text, sizeof(read.text), json_str(json, "text"));
	copy_text(read.field, sizeof(read.field), json_str_or(json, "field", ""));
	*ret_refusal = read;
	return OK;
}

enum err refusal_check(const char *payload, size_t len, const char *message, const char *hash, const char *body_hash,
    struct refusal_read *ret_refusal, struct fault *fault)
{
	json_t *json;
	enum err e = json_parse(payload, len, MESSAGE_BODY_LIMIT, &json, fault);

	if (e)
		return e;
	e = refusal_match(json, message, hash, body_hash, ret_refusal, fault);
	json_decref(json);
	return e;
}
