/* Receipts and refusals: made, and read with suspicion (docs/exchange.md section 8). */
#include "base/clockwork.h"
#include "base/util.h"
#include "cooperation/exchange_inner.h"
#include "crypto/envelope.h"

#include <stdlib.h>
#include <string.h>

static enum err sign(struct office *office, const char *typ, const struct answer_facts *facts, json_t *payload_stolen,
    char **ret_jws)
{
	char *text CLEANUP(free_ptr) = json_canonical_text(payload_stolen);
	json_decref(payload_stolen);
	if (!text)
		return ERR_INTERNAL;
	json_t *header = json_object();
	json_put_str(header, "iss", office->uid);
	json_put_str(header, "aud", facts->audience);
	json_put_int(header, "iat", facts->now / 1000);
	enum err e = jws_sign(office->keys, typ, header, text, strlen(text), ret_jws);
	json_decref(header);
	return e;
}

static json_t *head_json(const struct thread *chains)
{
	char head[HASH_TEXT];
	json_t *one = json_object();
	thread_head(chains, head);
	json_put_str(one, "opener", chains->chain[SIDE_OPENER].head);
	json_put_str(one, "other", chains->chain[SIDE_OTHER].head);
	json_put_str(one, "thread", head);
	return one;
}

enum err answer_receipt(struct office *office, const struct answer_facts *facts, const struct thread_row *t, int64_t seq,
    char **ret_jws)
{
	char at[RFC3339_TEXT];
	json_t *payload = json_object();
	rfc3339_format(at, facts->now);
	json_put_str(payload, "msg", facts->msg);
	json_put_str(payload, "sha256", facts->sha256);
	json_put_str(payload, "thread", t->uid);
	json_put_int(payload, "seq", seq);
	json_put(payload, "head", head_json(&t->chains));
	json_put_str(payload, "at", at);
	return sign(office, TYP_RECEIPT, facts, payload, ret_jws);
}

enum err answer_refusal(struct office *office, const struct answer_facts *facts, enum refusal refusal,
    const struct fault *fault, json_t *expect, char **ret_jws)
{
	const struct refusal_info *info = refusal_info(refusal);
	char at[RFC3339_TEXT], words[700];
	json_t *payload = json_object();
	rfc3339_format(at, facts->now);
	json_put_str(payload, "msg", facts->msg);
	json_put_str(payload, "sha256", facts->sha256);
	json_put_str(payload, "code", info->code);
	json_put_str(payload, "text", fault && fault->key ? fault_english(fault, words, sizeof(words)) : info->sentence);
	json_put_str(payload, "field", fault ? fault->field : "");
	json_put_bool(payload, "final", info->final);
	if (expect)
		json_put(payload, "expect", expect);
	json_put_str(payload, "at", at);
	return sign(office, TYP_REFUSAL, facts, payload, ret_jws);
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static enum err not_an_answer(struct fault *fault, const char *field)
{
	return fault_set(fault, ERR_UNTRUSTED, field, N_("The partner's answer does not fit the message: {field}."), "field", field,
	    NULL);
}

static enum err check_receipt(const json_t *payload, const struct sent *sent, struct fault *fault)
{
	if (strcmp(json_str_or(payload, "msg", ""), sent->id))
		return not_an_answer(fault, "msg");
	if (strcmp(json_str_or(payload, "sha256", ""), sent->jws_hash))
		return not_an_answer(fault, "sha256");
	if (strcmp(json_str_or(payload, "thread", ""), sent->thread))
		return not_an_answer(fault, "thread");
	if (json_int_or(payload, "seq", -1) != sent->seq)
		return not_an_answer(fault, "seq");
	return OK;
}

static enum err check_refusal(const json_t *payload, const struct sent *sent, struct answer *answer, struct fault *fault)
{
	/* A body that was damaged on its way must not end the message: the refusal names the body that it saw. */
	if (strcmp(json_str_or(payload, "sha256", ""), sent->body_hash))
		return not_an_answer(fault, "sha256");
	if (!refusal_parse(json_str_or(payload, "code", ""), &answer->refusal))
		return not_an_answer(fault, "code");
	answer->final = refusal_info(answer->refusal)->final;
	if (answer->final && strcmp(json_str_or(payload, "msg", ""), sent->id))
		return not_an_answer(fault, "msg");
	return OK;
}

enum err answer_read(const struct public_keys *keys, const struct sent *sent, const char *jws, struct answer *ret,
    struct fault *fault)
{
	json_t *header CLEANUP(json_decrefp) = NULL, *payload CLEANUP(json_decrefp) = NULL;
	char *text CLEANUP(free_ptr) = NULL;
	struct answer answer = { .receipt = true };
	size_t len;
	enum err e = jws_verify(keys, TYP_RECEIPT, jws, &header, &text, &len, NULL);
	if (e) {
		answer.receipt = false;
		e = jws_verify(keys, TYP_REFUSAL, jws, &header, &text, &len, fault);
	}
	if (!e)
		e = json_parse(text, len, MESSAGE_BODY_LIMIT, &payload, fault);
	if (e)
		return ERR_UNTRUSTED;
	const char *audience = json_str_or(header, "aud", "");
	bool unread = !answer.receipt && !*audience; /* it could not know who wrote */
	if (!unread && strcmp(audience, sent->own_id))
		return not_an_answer(fault, "aud");
	e = answer.receipt ? check_receipt(payload, sent, fault) : check_refusal(payload, sent, &answer, fault);
	if (e)
		return e;
	answer.payload = take(&payload);
	*ret = answer;
	return OK;
}
