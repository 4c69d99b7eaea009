/* Signs our answers, and reads a partner's: nothing is an answer that does not verify and belong to what we sent. */
#include "base/util.h"
#include "cooperation/answer.h"
#include "cooperation/exchange_inner.h"
#include "crypto/envelope.h"

#include <stdlib.h>
#include <string.h>

static enum err sign(
    struct office *office, const char *typ, const struct answer_facts *facts, json_t *payload_stolen, char **ret_jws)
{
	char *text CLEANUP(free_ptr) = json_canonical_text(payload_stolen);
	json_decref(payload_stolen);
	if (!text)
		return ERR_INTERNAL;
	json_t *header = answer_header(office->uid, facts->audience, facts->now);
	enum err e = jws_sign(office->keys, typ, header, text, strlen(text), ret_jws);
	json_decref(header);
	return e;
}

enum err answer_receipt(
    struct office *office, const struct answer_facts *facts, const struct thread_row *t, int64_t seq, char **ret_jws)
{
	struct receipt receipt = { .seq = seq, .after = t->chains, .at = facts->now };
	copy_text(receipt.message, sizeof(receipt.message), facts->msg);
	copy_text(receipt.hash, sizeof(receipt.hash), facts->sha256);
	copy_text(receipt.thread, sizeof(receipt.thread), t->uid);
	return sign(office, TYP_RECEIPT, facts, receipt_json(&receipt), ret_jws);
}

enum err answer_refusal(struct office *office, const struct answer_facts *facts, enum refusal refusal,
    const struct fault *fault, json_t *expect, char **ret_jws)
{
	json_t *payload = refusal_json(refusal, facts->msg, facts->sha256, fault, expect, facts->now);
	return sign(office, TYP_REFUSAL, facts, payload, ret_jws);
}

static enum err read_receipt(const struct sent *sent, const char *payload, size_t len, struct fault *fault)
{
	struct message_header header = { .seq = sent->seq };
	struct thread own = sent->thread->chains;
	enum side side = thread_our_side(sent->thread);
	int64_t at;
	copy_text(header.id, sizeof(header.id), sent->id);
	copy_text(header.thread, sizeof(header.thread), sent->thread->uid);
	thread_add(&own, side, sent->jws_hash);
	const struct receipt_record record = { &header, sent->jws_hash, &own, side, sent->theirs, sent->theirs_count };
	return receipt_check(payload, len, &record, &at, fault);
}

static enum err read_refusal(
    const struct sent *sent, const char *payload, size_t len, struct answer *answer, struct fault *fault)
{
	struct refusal_read read;
	enum err e = refusal_check(payload, len, sent->id, sent->jws_hash, sent->body_hash, &read, fault);
	if (e)
		return e;
	answer->refusal = read.refusal;
	answer->final = refusal_info(read.refusal)->final;
	return OK;
}

enum err answer_read(
    const struct public_keys *keys, const struct sent *sent, const char *jws, struct answer *ret, struct fault *fault)
{
	json_t *header CLEANUP(json_decrefp) = NULL;
	char *payload CLEANUP(free_ptr) = NULL;
	struct answer answer = { .receipt = true };
	const char *typ = TYP_RECEIPT;
	size_t len;
	enum err e = jws_verify(keys, typ, jws, &header, &payload, &len, NULL);
	if (e) {
		answer.receipt = false;
		typ = TYP_REFUSAL;
		e = jws_verify(keys, typ, jws, &header, &payload, &len, fault);
	}
	if (!e)
		e = answer_check_header(header, typ, sent->partner_uid, sent->own_id, fault);
	if (!e)
		e = answer.receipt ? read_receipt(sent, payload, len, fault)
				   : read_refusal(sent, payload, len, &answer, fault);
	if (!e)
		e = json_parse(payload, len, MESSAGE_BODY_LIMIT, &answer.payload, fault);
	if (e)
		return ERR_UNTRUSTED;
	*ret = answer;
	return OK;
}
