/*
 * Answers to a message: the receipt that countersigns both heads of the thread, and the refusal that says why
 * (docs/exchange.md section 8). Payloads only; answers are signed with jws_sign under TYP_RECEIPT and TYP_REFUSAL.
 */
#ifndef SULH_COOPERATION_ANSWER_H
#define SULH_COOPERATION_ANSWER_H

#include "base/err.h"
#include "base/json.h"
#include "cooperation/message.h"
#include "cooperation/thread.h"

struct receipt {
	char message[UUID_TEXT]; /* jti */
	char hash[HASH_TEXT];    /* of the message's JWS */
	char thread[UUID_TEXT];
	int64_t seq;
	struct thread after; /* both directions, the sender's ending with this message; seqs are not carried */
	int64_t at;          /* ms: when it was applied; starts the clocks of both offices */
};

/* Protected header of an answer beside alg, typ, kid. `audience` "" when the sender is not known. Yours. */
json_t *answer_header(const char *issuer, const char *audience, int64_t now_ms);
enum err answer_check_header(
    const json_t *header, const char *typ, const char *issuer, const char *audience, struct fault *) MUST_CHECK;

json_t *receipt_json(const struct receipt *); /* yours */
/*
 * Holds a receipt's payload against the message that we sent and our own record of the thread. `side` is ours, `own`
 * the thread with our message added. `theirs` are the hashes of the partner's messages in this thread that we have
 * applied: the head that it tells for its own direction must be one of them or "" (an answer fetched late tells an old
 * head).
 */
struct receipt_record {
	const struct message_header *sent;
	const char *hash;
	const struct thread *own;
	enum side side;
	const char *const *theirs;
	size_t theirs_count;
};
enum err receipt_check(
    const char *payload, size_t len, const struct receipt_record *, int64_t *ret_at, struct fault *) MUST_CHECK;

/* `message` NULL: unreadable. `hash`: of the message when the refusal is final, else of the HTTP body. `expected`:
 * thread_expected, stolen, or NULL. Yours. */
json_t *refusal_json(
    enum refusal, const char *message, const char *hash, const struct fault *, json_t *expected, int64_t now_ms);

struct refusal_read {
	enum refusal refusal;
	char text[400]; /* English */
	char field[64];
};
/* ERR_UNTRUSTED when it is not a refusal of that message or not of the bytes that we sent: `hash` of the message,
 * `body_hash` of the HTTP body of this try. */
enum err refusal_check(const char *payload, size_t len, const char *message, const char *hash, const char *body_hash,
    struct refusal_read *ret_refusal, struct fault *) MUST_CHECK;

#endif
